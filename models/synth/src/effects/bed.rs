//! What goes on in a place: held at one loudness, and faded from shot to shot.
//!
//! Each shot draws its own waves and gusts, so that a cut would set a lull beside a burst. Swells are
//! therefore held within a few decibels of the layer's own level, and at a cut both sides fade at equal power.

use std::f32::consts::FRAC_PI_2;

use super::tools::Bed;
use crate::Frame;
use crate::dsp::filter::Band;
use crate::dsp::{RATE, from_db};

/// How long beds fade at cuts: half a second.
const FADE: i64 = 24_000;
/// Over so many seconds loudness is followed.
const FOLLOW: f32 = 0.5;
/// The share of a swell, in decibels, that is taken away: what is left still breathes.
const HELD: f32 = 0.85;
/// No more is added or taken away, as a factor: 12 dB.
const MOST: f32 = 4.0;
/// Gains change once in so many samples.
const STEP: u32 = 16;
/// The loudness that every bed has by its trim, in LUFS.
const LEVEL: f32 = -26.0;
/// Between a mean square and its loudness, in decibels (ITU-R BS.1770).
const OFFSET: f32 = -0.691;

/// How much of a bed is heard at `at`, where the next shot begins at `cut`.
pub fn fade(at: i64, cut: i64) -> f32 {
    let part = |done: i64| (FRAC_PI_2 * done.clamp(0, FADE) as f32 / FADE as f32).sin();
    part(at) * part(cut + FADE - at)
}

/// A bed whose swells are held.
pub struct Level {
    bed: Bed,
    weigh: [(Band, Band); 2],
    power: f32,
    wanted: f32,
    gain: f32,
    count: u32,
}

impl Level {
    /// `bed`, which `trim` decibels bring to its loudness.
    pub fn new(bed: Bed, trim: f32) -> Self {
        let weighting = (Band::high_pass(38.0), Band::high_shelf(1_500.0, 4.0));
        let wanted = from_db(LEVEL - OFFSET - trim).powi(2);
        let mut level = Self { bed, weigh: [weighting; 2], power: wanted, wanted, gain: 1.0, count: 0 };
        // It has gone on before the shot begins.
        for _ in 0..(4.0 * FOLLOW * RATE) as usize {
            level.run();
        }
        level
    }

    /// The next frame.
    pub fn run(&mut self) -> Frame {
        let x = (self.bed)();
        let mut now = 0.0;
        for (x, (high, shelf)) in x.iter().zip(&mut self.weigh) {
            now += shelf.run(high.run(*x)).powi(2);
        }
        self.power += (now - self.power) / (FOLLOW * RATE);
        if self.count.is_multiple_of(STEP) {
            let off = self.wanted / self.power.max(1e-12);
            self.gain = off.powf(HELD / 2.0).clamp(MOST.recip(), MOST);
        }
        self.count = self.count.wrapping_add(1);
        x.map(|x| x * self.gain)
    }
}
