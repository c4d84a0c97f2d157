//! Foley and ambience from words.
//!
//! `surf, distant gulls, heavy rain` becomes three layers. A layer either goes on (surf) or happens again
//! and again, at random (gulls) or by the clock (a clock); distance takes treble and adds air, adverbs
//! change strength and pace. Where the words leave the place silent, its ambience is added low.
//!
//! What goes on is even: [`bed`] holds it at one loudness and fades it across cuts, so that shots of one place
//! sound as one.

mod animals;
mod bed;
mod harbour;
mod house;
mod render;
mod street;
mod table;
#[cfg(test)]
mod tests;
mod tools;
mod water;
mod weather;
mod words;

use crate::{Sink, SynthError};

/// One sound that the words asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Heard {
    /// The effect's name: `surf`.
    pub effect: &'static str,
    /// The phrase it was read from: `distant surf`; empty for ambience from the context.
    pub phrase: String,
}

/// What was understood of the words.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EffectsReading {
    /// In the order of the words, ambience from the context last.
    pub heard: Vec<Heard>,
    /// Phrases that no effect answers to.
    pub not_made: Vec<String>,
}

/// What a shot says of its sounds.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked<'a> {
    /// What shall be heard: `surf, wind, gulls`.
    pub words: &'a str,
    /// Where it is: its ambience is added where the words leave it open.
    pub context: &'a str,
    /// What happens there; it tells of the ground underfoot, never of ambience.
    pub action: &'a str,
}

/// How long effects are.
#[derive(Clone, Copy, Debug)]
pub struct Length {
    /// All of it.
    pub samples: i64,
    /// The part of it that rings under the next shot: what goes on has faded there.
    pub tail: i64,
}

/// What [`render`] will make of `asked`, and what it cannot make.
pub fn read(asked: &Asked) -> EffectsReading {
    words::Scene::read(asked).reading()
}

/// The names of all effects, each with the words that call it.
pub fn names() -> impl Iterator<Item = (&'static str, &'static [&'static str])> {
    table::EFFECTS.iter().map(|effect| (effect.name, effect.words))
}

/// Renders what is `asked` for.
///
/// # Errors
/// Those of the sink.
pub fn render(asked: &Asked, length: Length, seed: u64, sink: Sink) -> Result<(), SynthError> {
    render::render(&words::Scene::read(asked), length, seed, sink)
}
