//! Foley and ambience from words.
//!
//! `surf, distant gulls, heavy rain` becomes three layers. A layer either goes on (surf) or happens again
//! and again, at random (gulls) or by the clock (a clock); distance takes treble and adds air, adverbs
//! change strength and pace. Where the words leave the place silent, its ambience is added low.

mod animals;
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

/// What [`render`] will make of `words`, and what it cannot make.
pub fn read(words: &str, context: &str) -> EffectsReading {
    words::Scene::read(words, context).reading()
}

/// The names of all effects, each with the words that call it.
pub fn names() -> impl Iterator<Item = (&'static str, &'static [&'static str])> {
    table::EFFECTS.iter().map(|effect| (effect.name, effect.words))
}

/// Renders `samples` samples of the sounds in `words`, with ambience from `context` (place, setting,
/// action) where the words leave it open.
///
/// # Errors
/// Those of the sink.
pub fn render(words: &str, context: &str, samples: i64, seed: u64, sink: Sink) -> Result<(), SynthError> {
    render::render(&words::Scene::read(words, context), samples, seed, sink)
}
