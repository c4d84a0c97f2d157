//! Whole-frame operations: what nodes written by users call to make, change and measure pictures.
//!
//! What always holds: the same arguments give the same bytes, on any number of threads and any x86-64; no argument
//! can make an operation panic or take more memory than its [`Budget`] allows; whatever is refused is refused in
//! words ([`PixelError`]). Nothing here knows storyboards, files or the engine.
//!
//! Operations on pixels by themselves change a frame in place; those that look around make a new one.

pub mod arithmetic;
pub mod blend;
pub mod blur;
pub mod budget;
pub mod colour;
pub mod convolve;
mod coverage;
pub mod cube;
pub mod curve;
pub mod draw;
pub mod error;
pub mod expression;
pub mod frame;
pub mod generate;
pub mod layout;
pub mod lut;
pub mod measure;
mod named;
mod over;
pub mod path;
pub mod picture;
mod real;
pub mod resize;
mod rows;
mod seeded;
pub mod text;
pub mod warp;

pub use budget::Budget;
pub use error::{PixelError, Result};
pub use frame::Frame;
