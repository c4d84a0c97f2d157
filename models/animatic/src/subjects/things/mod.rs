//! Things and furniture.

pub mod carried;
pub mod lights;
pub mod room;
pub mod sky;
