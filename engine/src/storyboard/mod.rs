//! What the user writes, read into types with every value's place in its file.

pub mod types;
