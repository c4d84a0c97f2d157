//! From storyboard to plan, pass by pass, each pure and deterministic:
//!
//! [`film()`] resolves names and inheritance and lays everything on integer clocks; [`lower()`] turns
//! the film into a graph of nodes; [`plan::plan`] says what is done and what is left.
//! The outside world is read through [`crate::world::World`] by the first pass alone.

pub mod assemble;
mod builder;
mod cost;
mod errors;
pub mod film;
mod inherit;
pub mod lower;
mod materials;
mod picture;
pub mod pieces;
pub mod plan;

pub mod prompt;
mod resolve;
pub mod seed;
pub mod select;
mod sound;
mod sounds;
pub mod steps;
mod timecode;

pub use film::Film;
pub use lower::{Lowered, Output, Wants, lower};
pub use prompt::PromptReader;
pub use resolve::film;
pub use select::Selection;

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
