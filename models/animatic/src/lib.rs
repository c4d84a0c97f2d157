//! The animatic picture model: reads a shot's words and draws it in moving layers.

pub mod paint;
pub mod subjects;
