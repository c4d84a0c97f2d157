//! The synth sound model: effects from words, scratch voices, a score composed by rule, and the mix.
//!
//! What always holds here: sound is `f32` stereo at 48 kHz, made block by block in memory that does not
//! grow with the length; equal inputs (seed, SoundFont and voices data included) give equal bytes; there
//! is no clock and no unseeded randomness.

mod dsp;
pub mod effects;
mod error;
pub mod mix;
pub mod score;
pub mod voice;

pub use error::SynthError;

/// Samples a second of all sound here.
pub const SAMPLE_RATE: i64 = 48_000;

/// One sample of left and right.
pub type Frame = [f32; 2];

/// A stretch of sound at 48 kHz.
pub type Stereo = Vec<Frame>;

/// Where finished sound goes, block by block, in order.
pub type Sink<'a> = &'a mut dyn FnMut(&[Frame]) -> Result<(), SynthError>;
