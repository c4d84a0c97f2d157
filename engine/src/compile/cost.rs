//! Estimates of time and memory before any record is known.
//!
//! A streamed node has no time of its own: a stored node's time counts the streamed pictures that
//! feed it, so that totals are right however often a stream is read. Figures are microseconds a
//! megapixel on one CPU worker, measured roughly; they order work and warn, nothing more.

use crate::graph::Need;
use crate::units::{Frames, Samples, Size};

pub(super) const GENERATE: u64 = 12_000;
pub(super) const FOOTAGE: u64 = 3_000;
pub(super) const STILL: u64 = 5_000;
pub(super) const EDIT: u64 = 4_000;
pub(super) const CONFORM: u64 = 2_500;
pub(super) const TRANSITION: u64 = 1_500;
pub(super) const SLATE: u64 = 300;
pub(super) const ENCODE: u64 = 6_000;
pub(super) const PRORES: u64 = 12_000;

/// Pictures that x264 holds back, and those on their way.
const PICTURES_HELD: u64 = 64;
/// Bytes a pixel of 16-bit 4:2:0.
const BYTES_A_PIXEL: u64 = 3;
/// A worker's own.
const BASE: u64 = 48 << 20;

fn pixels(size: Size) -> u64 {
    u64::from(size.width) * u64::from(size.height)
}

/// A streamed node that holds a few pictures.
pub(super) fn streamed(size: Size) -> Need {
    Need { memory: 4 * BYTES_A_PIXEL * pixels(size), millis: 0 }
}

/// Storing `frames` pictures that take `micros` a megapixel each to make and to write.
pub(super) fn pictures(size: Size, frames: Frames, micros: u64) -> Need {
    let frames = frames.0.max(0) as u64;
    Need {
        memory: BASE + PICTURES_HELD * BYTES_A_PIXEL * pixels(size),
        millis: pixels(size) * frames / 1000 * micros / 1_000_000 + 20,
    }
}

/// Making `samples` at `speed` times the speed of sound's own time.
pub(super) fn sound(samples: Samples, speed: u64) -> Need {
    let seconds_thousandths = samples.0.max(0) as u64 / 48;
    Need { memory: BASE + 16 * samples.0.max(0) as u64, millis: seconds_thousandths / speed + 20 }
}

/// Copying about `frames` encoded pictures.
pub(super) fn copying(frames: Frames) -> Need {
    Need { memory: BASE, millis: frames.0.max(0) as u64 / 50 + 20 }
}
