//! Filters: a state-variable filter that may be swept, one-pole smoothing, and fixed equaliser bands.

use std::f32::consts::{PI, TAU};

use super::RATE;

/// A trapezoidal state-variable filter (Zavalishin, "The Art of VA Filter Design"): stable while swept.
#[derive(Clone, Debug, Default)]
pub struct Svf {
    g: f32,
    k: f32,
    low: f32,
    band: f32,
}

/// What a [`Svf`] lets through at its three outputs.
#[derive(Clone, Copy, Debug)]
pub struct Bands {
    /// Below the corner.
    pub low: f32,
    /// Around it, with unity gain at its middle.
    pub band: f32,
    /// Above it.
    pub high: f32,
}

impl Svf {
    /// A filter at `hertz` with resonance `q`.
    pub fn new(hertz: f32, q: f32) -> Self {
        let mut filter = Self::default();
        filter.tune(hertz, q);
        filter
    }

    /// Moves the corner.
    pub fn tune(&mut self, hertz: f32, q: f32) {
        self.g = (PI * hertz.clamp(5.0, RATE * 0.45) / RATE).tan();
        self.k = 1.0 / q.max(0.05);
    }

    /// One sample.
    pub fn run(&mut self, x: f32) -> Bands {
        let (g, k) = (self.g, self.k);
        let high = (x - (k + g) * self.band - self.low) / (1.0 + g * (k + g));
        let band = self.band + g * high;
        let low = self.low + g * band;
        self.band = band + g * high;
        self.low = low + g * band;
        Bands { low, band: band * k, high }
    }
}

/// A one-pole lowpass.
#[derive(Clone, Copy, Debug, Default)]
pub struct Smooth {
    a: f32,
    y: f32,
}

impl Smooth {
    /// With its corner at `hertz`.
    pub fn hertz(hertz: f32) -> Self {
        Self { a: 1.0 - (-TAU * hertz / RATE).exp(), y: 0.0 }
    }

    /// One sample, low part.
    pub fn run(&mut self, x: f32) -> f32 {
        self.y += self.a * (x - self.y);
        self.y
    }

    /// One sample, high part.
    pub fn high(&mut self, x: f32) -> f32 {
        x - self.run(x)
    }
}

/// A second-order band of an equaliser, after Bristow-Johnson's audio EQ formulas.
#[derive(Clone, Copy, Debug)]
pub struct Band {
    b: [f32; 3],
    a: [f32; 2],
    x: [f32; 2],
    y: [f32; 2],
}

impl Band {
    fn new(b: [f32; 3], a: [f32; 3]) -> Self {
        let b = b.map(|v| v / a[0]);
        Self { b, a: [a[1] / a[0], a[2] / a[0]], x: [0.0; 2], y: [0.0; 2] }
    }

    /// A bell of `db` at `hertz`.
    pub fn bell(hertz: f32, q: f32, db: f32) -> Self {
        let (w, amp) = (TAU * hertz / RATE, 10f32.powf(db / 40.0));
        let alpha = w.sin() / (2.0 * q);
        let mid = -2.0 * w.cos();
        Self::new([1.0 + alpha * amp, mid, 1.0 - alpha * amp], [1.0 + alpha / amp, mid, 1.0 - alpha / amp])
    }

    /// Everything below `hertz` taken away, 12 dB an octave.
    pub fn high_pass(hertz: f32) -> Self {
        let w = TAU * hertz / RATE;
        let (alpha, cos) = (w.sin() / std::f32::consts::SQRT_2, w.cos());
        let b = (1.0 + cos) / 2.0;
        Self::new([b, -2.0 * b, b], [1.0 + alpha, -2.0 * cos, 1.0 - alpha])
    }

    /// A shelf of `db` from `hertz` up.
    pub fn high_shelf(hertz: f32, db: f32) -> Self {
        let (w, amp) = (TAU * hertz / RATE, 10f32.powf(db / 40.0));
        let (cos, root) = (w.cos(), amp.sqrt() * w.sin() * std::f32::consts::SQRT_2);
        let (up, down) = (amp + 1.0, amp - 1.0);
        Self::new(
            [amp * (up + down * cos + root), -2.0 * amp * (down + up * cos), amp * (up + down * cos - root)],
            [up - down * cos + root, 2.0 * (down - up * cos), up - down * cos - root],
        )
    }

    /// One sample.
    pub fn run(&mut self, x: f32) -> f32 {
        let y = self.b[0] * x + self.b[1] * self.x[0] + self.b[2] * self.x[1]
            - self.a[0] * self.y[0]
            - self.a[1] * self.y[1];
        self.x = [x, self.x[0]];
        self.y = [y, self.y[0]];
        y
    }
}
