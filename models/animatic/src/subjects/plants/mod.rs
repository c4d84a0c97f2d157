//! What grows, and rocks.

pub mod small;
pub mod trees;
