//! Music composed by rule and played through a SoundFont.

use std::io::Read;
use std::sync::Arc;

use crate::{Frame, Sink, Stereo, SynthError};

/// A cue of the score.
#[derive(Clone, Debug, PartialEq)]
pub struct CueSpec {
    /// What is played: `solo cello, slow, D minor, 60 bpm, longing`.
    pub prompt: String,
    /// Its whole length.
    pub samples: i64,
    /// Length of one segment.
    pub segment: i64,
    /// How much two segments share; less than half a segment.
    pub overlap: i64,
    /// Its noise.
    pub seed: u64,
    /// Where scenes change under it, from the cue's start: places for a new phrase.
    pub marks: Vec<i64>,
}

/// What was understood of a prompt.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ScoreReading {
    /// Instruments, key, tempo and mood, in words.
    pub heard: Vec<String>,
    /// Words that change nothing in the music.
    pub not_made: Vec<String>,
}

/// What will be played for `prompt`, and which of its words change nothing.
pub fn read(_prompt: &str) -> ScoreReading {
    ScoreReading::default()
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
    /// The samples `[from, from + samples)`. `context` is what came directly before and overlaps nothing;
    /// a model that does not plan ahead continues from it.
    ///
    /// # Errors
    /// Where the segment cannot be made.
    fn segment(&mut self, context: Option<&[Frame]>, from: i64, samples: i64) -> Result<Stereo, SynthError>;
}

/// The composing model for one cue.
pub struct ScoreModel {
    instruments: Instruments,
}

impl ScoreModel {
    /// Composes the cue; nothing is played yet.
    ///
    /// # Errors
    /// Where the cue's numbers make no sense.
    pub fn new(instruments: &Instruments, _cue: &CueSpec) -> Result<Self, SynthError> {
        Ok(Self { instruments: instruments.clone() })
    }
}

impl Extend for ScoreModel {
    fn segment(&mut self, _: Option<&[Frame]>, _from: i64, samples: i64) -> Result<Stereo, SynthError> {
        let _ = &self.instruments.0;
        Ok(vec![[0.0; 2]; samples.max(0) as usize])
    }
}

/// Makes a cue of exactly `cue.samples` samples: segments joined under triangular windows.
///
/// # Errors
/// Those of the model and the sink.
pub fn extend(model: &mut dyn Extend, cue: &CueSpec, sink: Sink) -> Result<(), SynthError> {
    sink(&model.segment(None, 0, cue.samples)?)
}
