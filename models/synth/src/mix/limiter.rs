//! A limiter that looks ahead and watches the peaks between samples (ITU-R BS.1770, annex 2: four times
//! oversampled). It yields one gain a sample, so that stems can be given the very gain of their mix.

use std::collections::VecDeque;

use crate::Frame;

/// How long before a peak the gain starts to fall: 5 ms.
const AHEAD: usize = 240;
/// Taps of each of the interpolator's phases.
const TAPS: usize = 24;
/// Gains are whole multiples of 2^-30, so that their running sum is exact.
const UNITY: f64 = (1u64 << 30) as f64;
/// How fast the gain comes back: 1/e in 120 ms.
const RELEASE: f64 = 1.0 / (0.12 * 48_000.0);

/// Interpolates between samples at 1/4, 2/4 and 3/4.
struct Between {
    phases: [[f32; TAPS]; 3],
    /// The last samples, twice over, so that every window of them is one slice.
    recent: [Vec<f32>; 2],
    at: usize,
}

impl Between {
    fn new() -> Self {
        let phases = std::array::from_fn(|p| {
            let shift = (p + 1) as f64 / 4.0;
            let raw: [f64; TAPS] = std::array::from_fn(|k| {
                let x = k as f64 - (TAPS / 2 - 1) as f64 - shift;
                let half = TAPS as f64 / 2.0;
                let window = 0.5 + 0.5 * (std::f64::consts::PI * x / half).cos();
                let angle = std::f64::consts::PI * x;
                angle.sin() / angle * window
            });
            let sum: f64 = raw.iter().sum();
            raw.map(|v| (v / sum) as f32)
        });
        Self { phases, recent: std::array::from_fn(|_| vec![0.0; 2 * TAPS]), at: 0 }
    }

    /// The largest magnitude at and shortly after the sample `TAPS / 2` before this one.
    fn peak(&mut self, frame: Frame) -> f32 {
        let mut peak = 0f32;
        for (recent, x) in self.recent.iter_mut().zip(frame) {
            recent[self.at] = x;
            recent[self.at + TAPS] = x;
            let window = &recent[self.at + 1..self.at + 1 + TAPS];
            peak = peak.max(window[TAPS / 2 - 1].abs());
            for phase in &self.phases {
                let value: f32 = phase.iter().zip(window).map(|(h, v)| h * v).sum();
                peak = peak.max(value.abs());
            }
        }
        self.at = (self.at + 1) % TAPS;
        peak
    }
}

/// See the module.
pub struct Limiter {
    between: Between,
    ceiling: f64,
    clock: u64,
    /// Candidates for the smallest gain in the window, rising, with when each leaves it.
    least: VecDeque<(u64, f64)>,
    held: f64,
    window: VecDeque<u64>,
    sum: u64,
}

impl Limiter {
    /// How many samples after a frame went in its gain comes out.
    pub const LATENCY: usize = AHEAD + TAPS / 2;

    /// A limiter that keeps peaks at or below `ceiling`.
    pub fn new(ceiling: f64) -> Self {
        let unity = UNITY as u64;
        Self {
            between: Between::new(),
            ceiling,
            clock: 0,
            least: VecDeque::new(),
            held: 1.0,
            window: std::iter::repeat_n(unity, AHEAD).collect(),
            sum: unity * AHEAD as u64,
        }
    }

    /// Takes the mix's next frame and gives the gain of the frame [`Limiter::LATENCY`] before it.
    pub fn run(&mut self, frame: Frame) -> f32 {
        let peak = f64::from(self.between.peak(frame));
        let needed = if peak > self.ceiling { self.ceiling / peak } else { 1.0 };
        let least = self.least_in_window(needed);
        self.held = if least < self.held { least } else { self.held + (least - self.held) * RELEASE };
        // The mean over the window turns each drop into a ramp that ends where the peak is.
        let gain = (self.held * UNITY) as u64;
        self.window.push_back(gain);
        self.sum += gain;
        self.sum -= self.window.pop_front().unwrap_or(0);
        (self.sum as f64 / (AHEAD as f64 * UNITY)) as f32
    }

    fn least_in_window(&mut self, needed: f64) -> f64 {
        while self.least.back().is_some_and(|(_, gain)| *gain >= needed) {
            self.least.pop_back();
        }
        // One more than the mean's window: a peak between two samples holds both of them down.
        self.least.push_back((self.clock + AHEAD as u64 + 1, needed));
        self.clock += 1;
        while self.least.front().is_some_and(|(until, _)| *until < self.clock) {
            self.least.pop_front();
        }
        self.least.front().map_or(1.0, |(_, gain)| *gain)
    }
}
