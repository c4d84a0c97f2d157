//! What the effects are built with: curves, struck bodies, puffs of noise, throats, pools of grains.

use std::f32::consts::TAU;

use crate::Frame;
use crate::dsp::filter::Svf;
use crate::dsp::noise::{Pink, Wander};
use crate::dsp::rng::Rng;
use crate::dsp::{RATE, samples};

/// A sound that goes on: one frame a call, for ever, without a period.
pub type Bed = Box<dyn FnMut() -> Frame>;

/// One side of a [`Bed`].
pub type Mono = Box<dyn FnMut() -> f32>;

/// What a phrase says about how an effect shall sound.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ask {
    /// Soft (0), plain (0.5), heavy (1).
    pub strength: f32,
    /// Near (0) to far away (1).
    pub distance: f32,
    /// What feet and hooves meet.
    pub surface: Surface,
    /// Once, not again and again.
    pub once: bool,
}

/// A ground.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Surface {
    /// Floorboards, decks.
    Wood,
    /// Pavement, tiles, rock.
    Stone,
    /// Snow.
    Snow,
    /// Gravel, sand, shingle.
    Gravel,
    /// Earth, grass, leaves.
    Earth,
}

/// A sine at `hz` from a phase in turns.
pub fn sine(phase: &mut f32, hz: f32) -> f32 {
    *phase = (*phase + hz / RATE).fract();
    (TAU * *phase).sin()
}

/// The value at `t` of straight lines between points, level outside of them.
pub fn curve(points: &[(f32, f32)], t: f32) -> f32 {
    let after = points.partition_point(|p| p.0 <= t);
    match (after.checked_sub(1).map(|i| points[i]), points.get(after)) {
        (Some(a), Some(b)) => a.1 + (b.1 - a.1) * (t - a.0) / (b.0 - a.0),
        (Some(a), None) => a.1,
        (None, Some(b)) => b.1,
        (None, None) => 0.0,
    }
}

/// Room for `seconds` of one sound.
pub fn sheet(seconds: f32) -> Vec<f32> {
    vec![0.0; samples(seconds)]
}

/// Adds a struck body: damped sines `(hertz, seconds to -60 dB, gain)` from `at` on.
pub fn strike(out: &mut [f32], at: f32, modes: &[(f32, f32, f32)], level: f32) {
    let from = samples(at).min(out.len());
    let out = &mut out[from..];
    for &(hz, ring, gain) in modes {
        let decay = 10f32.powf(-3.0 / (ring * RATE));
        let w = TAU * hz / RATE;
        let (two, square) = (2.0 * decay * w.cos(), decay * decay);
        let (mut now, mut before) = (0.0f32, -decay.recip() * w.sin());
        // A sine by recursion: cheap for the many modes of a bell.
        for slot in out.iter_mut().take(samples(ring * 1.2)) {
            *slot += now * gain * level;
            (now, before) = (two * now - square * before, now);
        }
    }
}

/// A puff of noise between two corners.
#[derive(Clone, Copy)]
pub struct Puff {
    /// Start in seconds.
    pub at: f32,
    /// How long it rises.
    pub rise: f32,
    /// How long it takes to fall to a third.
    pub fall: f32,
    /// Lower corner in hertz.
    pub low: f32,
    /// Upper corner in hertz.
    pub high: f32,
    /// Peak.
    pub level: f32,
}

impl Puff {
    /// Adds the puff.
    pub fn add(self, out: &mut [f32], rng: &mut Rng) {
        let from = samples(self.at).min(out.len());
        let mut floor = Svf::new(self.low, 0.7);
        let mut roof = Svf::new(self.high, 0.7);
        let width = ((self.high - self.low) / 24_000.0).max(0.002).sqrt().recip().min(6.0);
        for (i, slot) in out[from..].iter_mut().take(samples(self.rise + 7.0 * self.fall)).enumerate() {
            let t = i as f32 / RATE;
            let loud = if t < self.rise { t / self.rise } else { (-(t - self.rise) / self.fall).exp() };
            let x = roof.run(floor.run(rng.bipolar()).high).low;
            *slot += x * loud * self.level * width;
        }
    }
}

/// A throat: a buzzing source through formants.
pub struct Throat<'a> {
    /// Pitch over time: `(seconds, hertz)`.
    pub pitch: &'a [(f32, f32)],
    /// Loudness over time.
    pub loud: &'a [(f32, f32)],
    /// Formants over time: `(seconds, [hertz; 3])`.
    pub mouth: &'a [(f32, [f32; 3])],
    /// How sharp the formants are.
    pub q: f32,
    /// Hoarseness, 0 to 1.
    pub rough: f32,
}

impl Throat<'_> {
    /// Adds the cry from `at` on.
    pub fn add(&self, out: &mut [f32], at: f32, level: f32, rng: &mut Rng) {
        let from = samples(at).min(out.len());
        let seconds = self.loud.last().map_or(0.0, |p| p.0);
        let mut filters: [Svf; 3] = Default::default();
        let lines: [Vec<(f32, f32)>; 3] =
            std::array::from_fn(|k| self.mouth.iter().map(|(t, f)| (*t, f[k])).collect());
        let (mut phase, mut shake) = (0.0f32, 0.0f32);
        for (i, slot) in out[from..].iter_mut().take(samples(seconds)).enumerate() {
            let t = i as f32 / RATE;
            if i % 32 == 0 {
                shake += (rng.bipolar() - shake) * 0.15;
                for (filter, line) in filters.iter_mut().zip(&lines) {
                    filter.tune(curve(line, t), self.q);
                }
            }
            let hz = curve(self.pitch, t) * (1.0 + shake * 0.03 * (1.0 + 4.0 * self.rough));
            phase = (phase + hz / RATE).fract();
            // A rounded pulse: rich, but without the aliases of a bare saw.
            let buzz = ((TAU * phase).cos() * 4.0 - 4.0).exp() * 2.0 - 0.4;
            let source = buzz * (1.0 - 0.5 * self.rough) + rng.bipolar() * (0.03 + self.rough * 0.5);
            let [a, b, c] = &mut filters;
            let voice = a.run(source).band + b.run(source).band * 0.6 + c.run(source).band * 0.35;
            *slot += voice * curve(self.loud, t) * level;
        }
    }
}

/// Many short grains at once, born at random: drops, bubbles, crackles, claps.
pub struct Grains {
    rng: Rng,
    alive: Vec<Alive>,
    until: f32,
}

/// A damped sine that may glide, somewhere between left and right.
#[derive(Clone, Copy)]
pub struct Grain {
    /// Pitch in hertz.
    pub hz: f32,
    /// Its growth by the end of its fall: 0.3 rises by a third.
    pub glide: f32,
    /// How long it takes to fall to a third, in seconds.
    pub fall: f32,
    /// Peak.
    pub level: f32,
    /// 0 a tone, 1 noise.
    pub noise: f32,
    /// Left to right.
    pub pan: f32,
}

struct Alive {
    phase: f32,
    step: f32,
    grow: f32,
    level: f32,
    decay: f32,
    noise: f32,
    sides: Frame,
}

impl Grains {
    /// No grains yet.
    pub fn new(rng: Rng) -> Self {
        Self { rng, alive: Vec::new(), until: 0.0 }
    }

    /// One frame; grains are born `per_second` times a second as `make` says.
    pub fn run(&mut self, per_second: f32, mut make: impl FnMut(&mut Rng) -> Grain) -> Frame {
        self.until -= 1.0 / RATE;
        if self.until <= 0.0 {
            self.until = self.rng.wait(1.0 / per_second.max(0.01));
            let grain = make(&mut self.rng);
            if self.alive.len() < 96 {
                self.alive.push(Alive::of(grain));
            }
        }
        let mut out = [0.0; 2];
        for grain in &mut self.alive {
            let x = grain.run(&mut self.rng);
            out[0] += x * grain.sides[0];
            out[1] += x * grain.sides[1];
        }
        self.alive.retain(|grain| grain.level > 1e-4);
        out
    }
}

impl Alive {
    fn of(grain: Grain) -> Self {
        let life = grain.fall * RATE;
        Self {
            phase: 0.0,
            step: grain.hz / RATE,
            grow: (1.0 + grain.glide).max(0.05).powf(1.0 / life),
            level: grain.level,
            decay: (-1.0 / life).exp(),
            noise: grain.noise,
            sides: [(1.0 - grain.pan).min(1.0), (1.0 + grain.pan).min(1.0)],
        }
    }

    fn run(&mut self, rng: &mut Rng) -> f32 {
        let g = self;
        g.phase = (g.phase + g.step).fract();
        g.step = (g.step * g.grow).min(0.4);
        g.level *= g.decay;
        let tone = (TAU * g.phase).sin();
        // Noise that rings at the grain's pitch: the tone, shaken.
        let x = if g.noise > 0.0 { tone * (1.0 - g.noise) + rng.bipolar() * g.noise } else { tone };
        x * g.level
    }
}

/// Two independent sides made alike.
pub fn wide(rng: &mut Rng, mut make: impl FnMut(&mut Rng) -> Mono) -> Bed {
    let (mut left, mut right) = (make(rng), make(rng));
    Box::new(move || [left(), right()])
}

/// Pink noise between two corners.
pub fn band(rng: &mut Rng, low: f32, high: f32) -> Mono {
    let mut pink = Pink::new(rng.fork());
    let mut floor = Svf::new(low, 0.7);
    let mut roof = Svf::new(high, 0.7);
    Box::new(move || roof.run(floor.run(pink.run()).high).low)
}

/// A slow movement between two bounds.
pub fn wander(rng: &mut Rng, low: f32, high: f32, seconds: f32) -> Wander {
    Wander::new(rng.fork(), low, high, seconds)
}
