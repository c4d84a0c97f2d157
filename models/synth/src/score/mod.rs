//! Music composed by rule and played through a SoundFont.
//!
//! A prompt is read into instruments, key, tempo and mood; a cue gets a form of phrases and cadences whose
//! sections begin where scenes change; a motif is stated and developed; chords follow from one another;
//! players are given lines and play them with breath. The plan is pure, so any stretch of the cue can be
//! played by itself: that is what [`Extend`] asks for, and [`extend`] joins such stretches.

mod form;
mod harmony;
mod instruments;
mod join;
mod melody;
mod perform;
mod play;
mod prompt;
#[cfg(test)]
mod tests;
mod texture;
mod theory;

use std::io::Read;
use std::sync::Arc;

pub use join::extend;
pub use play::ScoreModel;

use crate::{Frame, Stereo, SynthError};

/// A cue of the score.
#[derive(Clone, Debug, PartialEq)]
pub struct CueSpec {
    /// What is played: `solo cello, slow, D minor, 60 bpm, longing`.
    pub prompt: String,
    /// Its whole length.
    pub samples: i64,
    /// Length of one segment.
    pub segment: i64,
    /// How much two segments share; at most half a segment.
    pub overlap: i64,
    /// Its noise.
    pub seed: u64,
    /// Where scenes change under it, from the cue's start: places for a new phrase.
    pub marks: Vec<i64>,
}

/// What was understood of a prompt.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ScoreReading {
    /// Instruments, key, tempo and mood, in words; what the prompt leaves open as it was chosen.
    pub heard: Vec<String>,
    /// Words that change nothing in the music.
    pub not_made: Vec<String>,
}

/// What will be played for `prompt`, and which of its words change nothing.
pub fn read(prompt: &str) -> ScoreReading {
    prompt::Prompt::read(prompt).1
}

/// A SoundFont in memory, shared by the cues that play through it.
#[derive(Clone)]
pub struct Instruments(Arc<rustysynth::SoundFont>);

impl Instruments {
    /// Reads a SoundFont (`.sf2`).
    ///
    /// # Errors
    /// Where it is not a SoundFont or lacks instruments.
    pub fn read(from: &mut impl Read) -> Result<Self, SynthError> {
        let font = rustysynth::SoundFont::new(from).map_err(|e| SynthError::SoundFont(e.to_string()))?;
        Ok(Self(Arc::new(font)))
    }
}

/// A model that makes a long sound segment by segment.
pub trait Extend {
    /// The samples `[from, from + samples)`. `context` is what the segment before has from `from` on, where
    /// there is one: a model that does not plan ahead continues from it.
    ///
    /// # Errors
    /// Where the segment cannot be made.
    fn segment(&mut self, context: Option<&[Frame]>, from: i64, samples: i64) -> Result<Stereo, SynthError>;
}

fn check(cue: &CueSpec) -> Result<(), SynthError> {
    let refuse =
        |what, value: i64, range| Err(SynthError::OutOfRange { what, value: value.to_string(), range });
    if cue.samples < 1 {
        return refuse("the cue's length", cue.samples, "at least 1 sample");
    }
    if cue.segment < 2 {
        return refuse("the segment's length", cue.segment, "at least 2 samples");
    }
    if !(0..=cue.segment / 2).contains(&cue.overlap) {
        return refuse("the segments' overlap", cue.overlap, "between 0 and half a segment");
    }
    Ok(())
}
