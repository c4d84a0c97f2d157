//! The small parts that sounds are made of.

pub mod filter;
pub mod noise;
pub mod rng;
pub mod room;

use crate::SAMPLE_RATE;

/// Samples a second, as the arithmetic wants it.
pub const RATE: f32 = SAMPLE_RATE as f32;

/// The factor of a gain in decibels.
pub fn from_db(db: f32) -> f32 {
    10f32.powf(db / 20.0)
}

/// Samples in `seconds`, at least one.
pub fn samples(seconds: f32) -> usize {
    ((seconds * RATE) as usize).max(1)
}

/// Where `x` lies between 0 and 1, eased at both ends.
pub fn ease(x: f32) -> f32 {
    let x = x.clamp(0.0, 1.0);
    x * x * (3.0 - 2.0 * x)
}
