//! Birds, beasts, insects.

use super::tools::{Ask, Bed, Puff, Throat, curve, sheet, sine, wander};
use crate::dsp::rng::Rng;
use crate::dsp::{RATE, samples};

/// Adds a whistled note whose pitch follows a curve.
fn whistle(out: &mut [f32], at: f32, pitch: &[(f32, f32)], level: f32, overtone: f32) {
    let seconds = pitch.last().map_or(0.0, |p| p.0);
    let from = samples(at).min(out.len());
    let (mut a, mut b) = (0.0, 0.0);
    for (i, slot) in out[from..].iter_mut().take(samples(seconds)).enumerate() {
        let t = i as f32 / RATE;
        let hz = curve(pitch, t);
        let loud = (t / 0.012).min(1.0) * ((seconds - t) / 0.02).clamp(0.0, 1.0);
        *slot += (sine(&mut a, hz) + overtone * sine(&mut b, hz * 2.0)) * loud * level;
    }
}

/// A gull: a long call or a run of short ones.
pub fn gull(rng: &mut Rng, _: &Ask) -> Vec<f32> {
    let calls = 2 + rng.below(5);
    let size = rng.range(0.85, 1.15);
    let mut out = sheet(0.5 * calls as f32 + 0.6);
    let mut at = 0.0;
    for call in 0..calls {
        let long = if call == 0 { rng.range(0.4, 0.6) } else { rng.range(0.18, 0.34) };
        let top = rng.range(1_050.0, 1_300.0) * size;
        let pitch = [(0.0, top * 0.62), (long * 0.25, top), (long * 0.7, top * 0.93), (long, top * 0.6)];
        let loud = [(0.0, 0.0), (0.03, 1.0), (long * 0.7, 0.8), (long, 0.0)];
        let mouth = [(0.0, [1_300.0, 2_500.0, 3_900.0]), (long, [1_100.0, 2_200.0, 3_600.0])];
        Throat { pitch: &pitch, loud: &loud, mouth: &mouth, q: 3.5, rough: 0.25 }.add(&mut out, at, 0.9, rng);
        at += long + rng.range(0.05, 0.14);
    }
    out
}

/// A phrase of a song bird.
pub fn songbird(rng: &mut Rng, _: &Ask) -> Vec<f32> {
    let mut out = sheet(2.4);
    let home = rng.octaves(2_400.0, 4_800.0);
    let mut at = 0.0;
    for _ in 0..2 + rng.below(3) {
        let (kind, repeats) = (rng.below(4), 1 + rng.below(5));
        let step = rng.range(0.75, 1.35);
        for _ in 0..repeats {
            let hz = home * step;
            let (long, pitch) = match kind {
                0 => (0.05, vec![(0.0, hz * 1.4), (0.05, hz * 0.8)]),
                1 => (0.16, vec![(0.0, hz * 0.9), (0.08, hz * 1.1), (0.16, hz * 0.95)]),
                2 => (0.09, vec![(0.0, hz * 0.7), (0.06, hz * 1.25), (0.09, hz * 1.2)]),
                _ => (0.22, vec![(0.0, hz), (0.22, hz * 0.97)]),
            };
            if at + long > 2.3 {
                return out;
            }
            whistle(&mut out, at, &pitch, rng.range(0.3, 0.5), 0.06);
            at += long + rng.range(0.02, 0.06);
        }
        at += rng.range(0.05, 0.2);
    }
    out
}

/// An owl: one hoot, a pause, then a trembling row.
pub fn owl(rng: &mut Rng, _: &Ask) -> Vec<f32> {
    let mut out = sheet(4.2);
    let hz = rng.range(330.0, 400.0);
    let mut hoot = |at: f32, long: f32, level: f32| {
        let pitch = [(0.0, hz * 0.94), (long * 0.3, hz), (long * 0.8, hz * 0.98), (long, hz * 0.9)];
        let from = samples(at);
        let (mut a, mut b, mut shake) = (0.0, 0.0, 0.0);
        for (i, slot) in out[from..].iter_mut().take(samples(long)).enumerate() {
            let t = i as f32 / RATE;
            let loud = (std::f32::consts::PI * t / long).sin().powf(0.7);
            let wave = 1.0 + 0.006 * sine(&mut shake, 6.0);
            let tone = sine(&mut a, curve(&pitch, t) * wave) + 0.12 * sine(&mut b, 2.0 * curve(&pitch, t));
            *slot += tone * loud * level;
        }
    };
    hoot(0.0, 0.75, 0.5);
    hoot(1.7, 0.22, 0.3);
    hoot(2.0, 0.2, 0.35);
    hoot(2.28, 1.2, 0.5);
    out
}

/// Crickets, each with its own pitch, pulse and place.
pub fn crickets(rng: &mut Rng, ask: &Ask) -> Bed {
    struct Cricket {
        hz: f32,
        phase: f32,
        t: f32,
        every: f32,
        pulses: f32,
        pan: f32,
        level: f32,
    }
    let count = 3 + (ask.strength * 6.0) as usize;
    let mut all: Vec<Cricket> = (0..count)
        .map(|_| Cricket {
            hz: rng.range(3_900.0, 5_000.0),
            phase: 0.0,
            t: rng.unit(),
            every: rng.range(0.38, 0.7),
            pulses: 3.0 + rng.below(2) as f32,
            pan: rng.range(-0.95, 0.95),
            level: rng.range(0.15, 1.0),
        })
        .collect();
    let mut breath = wander(rng, 0.6, 1.0, 7.0);
    let mut own = rng.fork();
    Box::new(move || {
        let mut out = [0.0f32; 2];
        let loud = breath.run();
        for c in &mut all {
            c.t += 1.0 / RATE;
            if c.t > c.every {
                c.t -= c.every * own.range(0.97, 1.03);
            }
            let pulse = c.t / 0.032;
            if pulse < c.pulses {
                let shape = (std::f32::consts::PI * (pulse.fract() / 0.75).min(1.0)).sin();
                let x = sine(&mut c.phase, c.hz) * shape * shape * c.level * loud * 0.3;
                out[0] += x * (1.0 - c.pan).min(1.0);
                out[1] += x * (1.0 + c.pan).min(1.0);
            }
        }
        out
    })
}

/// Flies or bees that pass by.
pub fn buzz(rng: &mut Rng, _: &Ask) -> Bed {
    let hz = rng.range(170.0, 230.0);
    let mut bees: Vec<_> = (0..3)
        .map(|k| {
            let bend = wander(rng, 0.9, 1.15, 0.5);
            (
                bend,
                wander(rng, 0.0, 1.0, 1.4),
                wander(rng, -0.9, 0.9, 1.0),
                0.0f32,
                hz * (1.0 + 0.13 * k as f32),
            )
        })
        .collect();
    Box::new(move || {
        let mut out = [0.0f32; 2];
        for (bend, near, pan, phase, hz) in &mut bees {
            *phase = (*phase + *hz * bend.run() / RATE).fract();
            let x = ((*phase * std::f32::consts::TAU).sin() * 3.0).tanh() * near.run().powi(3) * 0.3;
            let pan = pan.run();
            out[0] += x * (1.0 - pan).min(1.0);
            out[1] += x * (1.0 + pan).min(1.0);
        }
        out
    })
}

/// A frog's croak.
pub fn frog(rng: &mut Rng, _: &Ask) -> Vec<f32> {
    let mut out = sheet(1.2);
    let hz = rng.range(95.0, 150.0);
    for k in 0..2 + rng.below(2) {
        let at = 0.36 * k as f32;
        let pitch = [(0.0, hz * 0.8), (0.12, hz), (0.24, hz * 0.9)];
        let loud = [(0.0, 0.0), (0.04, 1.0), (0.18, 0.7), (0.24, 0.0)];
        let mouth = [(0.0, [420.0, 900.0, 1_900.0]), (0.24, [600.0, 1_250.0, 2_100.0])];
        Throat { pitch: &pitch, loud: &loud, mouth: &mouth, q: 5.0, rough: 0.1 }.add(&mut out, at, 1.2, rng);
    }
    out
}

/// A dog barks, twice or more.
pub fn dog(rng: &mut Rng, _: &Ask) -> Vec<f32> {
    let size = rng.range(0.8, 1.25);
    let barks = 2 + rng.below(2);
    let mut out = sheet(0.5 * barks as f32 + 0.4);
    for k in 0..barks {
        let at = 0.42 * k as f32 + rng.range(0.0, 0.06);
        let hz = rng.range(300.0, 360.0) * size;
        let pitch = [(0.0, hz * 0.7), (0.04, hz * 1.25), (0.19, hz * 0.55)];
        let loud = [(0.0, 0.0), (0.015, 1.0), (0.09, 0.7), (0.19, 0.0)];
        let mouth = [
            (0.0, [500.0, 1_200.0, 2_600.0]),
            (0.06, [950.0, 1_600.0, 2_900.0]),
            (0.19, [450.0, 1_000.0, 2_400.0]),
        ];
        let mouth = mouth.map(|(t, f)| (t, f.map(|hz| hz * size.sqrt())));
        Throat { pitch: &pitch, loud: &loud, mouth: &mouth, q: 3.0, rough: 0.55 }.add(&mut out, at, 1.3, rng);
    }
    out
}

/// A wolf's howl.
pub fn wolf(rng: &mut Rng, _: &Ask) -> Vec<f32> {
    let long = rng.range(2.8, 4.0);
    let hz = rng.range(380.0, 460.0);
    let mut out = sheet(long + 0.3);
    let pitch = [(0.0, hz * 0.6), (0.5, hz), (long * 0.7, hz * 1.04), (long, hz * 0.7)];
    let loud = [(0.0, 0.0), (0.5, 0.8), (long * 0.6, 1.0), (long, 0.0)];
    let mouth = [(0.0, [480.0, 900.0, 2_400.0]), (long, [430.0, 800.0, 2_300.0])];
    Throat { pitch: &pitch, loud: &loud, mouth: &mouth, q: 4.0, rough: 0.05 }.add(&mut out, 0.0, 1.2, rng);
    out
}

/// A cat.
pub fn cat(rng: &mut Rng, _: &Ask) -> Vec<f32> {
    let long = rng.range(0.6, 0.95);
    let hz = rng.range(480.0, 620.0);
    let mut out = sheet(long + 0.1);
    let pitch = [(0.0, hz * 0.8), (long * 0.35, hz * 1.15), (long, hz * 0.72)];
    let loud = [(0.0, 0.0), (0.1, 0.7), (long * 0.45, 1.0), (long, 0.0)];
    let mouth = [
        (0.0, [400.0, 2_200.0, 3_400.0]),
        (long * 0.4, [1_100.0, 1_900.0, 3_200.0]),
        (long, [500.0, 1_100.0, 2_900.0]),
    ];
    Throat { pitch: &pitch, loud: &loud, mouth: &mouth, q: 5.0, rough: 0.08 }.add(&mut out, 0.0, 1.2, rng);
    out
}

/// A flock's or one bird's wings.
pub fn wings(rng: &mut Rng, ask: &Ask) -> Vec<f32> {
    let mut out = sheet(1.8);
    let (mut at, every) = (0.0, rng.range(0.085, 0.12));
    let beats = 7.0 + 6.0 * ask.strength;
    let mut beat = 0.0;
    while beat < beats && at < 1.5 {
        let level = 0.6 * (1.0 - beat / beats * 0.7);
        Puff { at, rise: 0.018, fall: 0.016, low: 220.0, high: 1_900.0, level }.add(&mut out, rng);
        at += every * rng.range(0.92, 1.1);
        beat += 1.0;
    }
    out
}
