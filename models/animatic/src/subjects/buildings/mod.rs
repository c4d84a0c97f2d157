//! Buildings and other structures.

pub mod houses;
pub mod lighthouse;
pub mod street;
pub mod wood;
