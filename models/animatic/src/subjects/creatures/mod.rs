//! Animals.

pub mod birds;
