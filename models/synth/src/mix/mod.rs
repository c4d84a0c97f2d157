//! The mix: stems, ducking, loudness. All of it streams, so that hours take no more memory than seconds.

use crate::{Frame, SynthError};

/// Sound that can be read anywhere, in any order, any number of times.
pub trait SoundReader {
    /// Its length.
    fn samples(&self) -> i64;
    /// Fills `out` with the samples from `at` on. `at + out.len()` is at most [`SoundReader::samples`].
    ///
    /// # Errors
    /// Where it cannot be read.
    fn read(&mut self, at: i64, out: &mut [Frame]) -> Result<(), SynthError>;
}

/// A sound on the film's clock.
pub struct Track<'a> {
    /// The sound, heard from its start.
    pub sound: Box<dyn SoundReader + 'a>,
    /// Where it starts; may be negative.
    pub at: i64,
    /// How much of it is heard, at most.
    pub samples: i64,
    /// Gain in decibels.
    pub gain_db: f32,
    /// Left (-1) to right (1).
    pub pan: f32,
    /// Fade at its start, in samples.
    pub fade_in: i64,
    /// Fade at its end, in samples.
    pub fade_out: i64,
    /// Its further gain in decibels while someone speaks; 0 leaves it alone. Not used for dialogue.
    pub under_dialogue_db: f32,
}

/// All that sounds in a film.
pub struct Session<'a> {
    /// Length of the film.
    pub samples: i64,
    /// Spoken lines.
    pub dialogue: Vec<Track<'a>>,
    /// Effects and ambience.
    pub effects: Vec<Track<'a>>,
    /// Cues.
    pub music: Vec<Track<'a>>,
    /// Integrated loudness of the mix, in LUFS.
    pub loudness_lufs: f64,
    /// What its true peak stays under, in dBTP.
    pub true_peak_dbtp: f64,
}

/// A block of all stems, each of the same length. `dialogue + effects + music` is `mix`.
pub struct Block<'b> {
    /// Spoken lines.
    pub dialogue: &'b [Frame],
    /// Effects and ambience.
    pub effects: &'b [Frame],
    /// Cues.
    pub music: &'b [Frame],
    /// Everything but dialogue.
    pub music_and_effects: &'b [Frame],
    /// Everything.
    pub mix: &'b [Frame],
}

/// What the mix came to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MixReport {
    /// Integrated loudness in LUFS; absent for silence.
    pub loudness_lufs: Option<f64>,
    /// True peak in dBTP; absent for silence.
    pub true_peak_dbtp: Option<f64>,
    /// The gain that all stems got, before the limiter, in decibels.
    pub gain_db: f64,
    /// How often the film's sound was read.
    pub passes: u32,
}

/// Mixes the session: exactly `session.samples` samples go to `sink`, block by block.
///
/// # Errors
/// Those of the readers and of the sink.
pub fn mix(
    session: &mut Session,
    _sink: &mut dyn FnMut(&Block) -> Result<(), SynthError>,
) -> Result<MixReport, SynthError> {
    let _ = session;
    Ok(MixReport {
        loudness_lufs: None,
        true_peak_dbtp: None,
        gain_db: 0.0,
        passes: 0,
    })
}
