//! Animals.

pub mod beasts;
pub mod birds;
pub mod swimmers;
