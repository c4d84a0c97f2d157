//! Noise with a slope, and slow movement without a period.

use super::filter::Smooth;
use super::rng::Rng;
use super::{RATE, ease};

/// Noise that falls by 3 dB an octave, like most of nature's.
#[derive(Clone, Debug)]
pub struct Pink {
    rng: Rng,
    poles: [Smooth; 6],
}

impl Pink {
    /// Noise of `rng`.
    pub fn new(rng: Rng) -> Self {
        // Low-passes four times apart, each weighted by the root of its corner, sum to that slope.
        Self { rng, poles: std::array::from_fn(|k| Smooth::hertz(12.0 * 4f32.powi(k as i32))) }
    }

    /// The next sample, around 0 with peaks of about 1.
    pub fn run(&mut self) -> f32 {
        let white = self.rng.bipolar();
        let mut weight = 6.0;
        let mut sum = 0.0;
        for pole in &mut self.poles {
            sum += weight * pole.run(white);
            weight *= 0.5;
        }
        sum * 0.8
    }
}

/// A value that wanders between two bounds and never repeats.
#[derive(Clone, Debug)]
pub struct Wander {
    rng: Rng,
    bounds: (f32, f32),
    seconds: f32,
    from: f32,
    to: f32,
    at: f32,
    step: f32,
}

impl Wander {
    /// Between `low` and `high`, turning every `seconds` or so.
    pub fn new(mut rng: Rng, low: f32, high: f32, seconds: f32) -> Self {
        let from = rng.range(low, high);
        Self { rng, bounds: (low, high), seconds, from, to: from, at: 1.0, step: 1.0 }
    }

    /// The next sample.
    pub fn run(&mut self) -> f32 {
        self.skip(1.0)
    }

    /// The value `samples` later; for what moves once a block.
    pub fn skip(&mut self, samples: f32) -> f32 {
        self.at += self.step * samples;
        if self.at >= 1.0 {
            self.at = 0.0;
            self.from = self.to;
            self.to = self.rng.range(self.bounds.0, self.bounds.1);
            self.step = 1.0 / (RATE * self.seconds * self.rng.range(0.5, 1.5));
        }
        self.from + (self.to - self.from) * ease(self.at)
    }
}
