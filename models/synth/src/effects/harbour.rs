//! Bells, horns, engines, whistles, trains.

use std::f32::consts::TAU;

use super::tools::{Ask, Bed, Puff, band, curve, sheet, sine, strike, wander, wide};
use crate::dsp::RATE;
use crate::dsp::filter::Svf;
use crate::dsp::rng::Rng;

/// A cast bell: hum, prime, tierce, quint, nominal and what lies above.
fn toll(out: &mut [f32], at: f32, prime: f32, ring: f32, level: f32) {
    let partials = [
        (0.5, 1.0, 0.5),
        (1.0, 0.75, 0.8),
        (1.183, 0.6, 0.65),
        (1.506, 0.4, 0.35),
        (2.0, 0.42, 1.0),
        (2.514, 0.25, 0.4),
        (2.662, 0.22, 0.3),
        (3.011, 0.2, 0.35),
        (4.166, 0.12, 0.25),
        (5.433, 0.08, 0.15),
    ];
    for (ratio, share, gain) in partials {
        // Two near-equal modes beat, as in every bell that is not perfectly round.
        let modes = [(prime * ratio, ring * share, gain), (prime * ratio * 1.0017, ring * share, gain * 0.5)];
        strike(out, at, &modes, level * 0.16);
    }
}

/// A large bell: a church's, a buoy's, a tower's.
pub fn bell(rng: &mut Rng, _: &Ask) -> Vec<f32> {
    let mut out = sheet(6.5);
    let prime = rng.range(280.0, 420.0);
    toll(&mut out, 0.0, prime, 7.0, 1.0);
    Puff { at: 0.0, rise: 0.001, fall: 0.01, low: 800.0, high: 6_000.0, level: 0.15 }.add(&mut out, rng);
    fade_end(&mut out, 0.8);
    out
}

/// A ship's bell, struck in pairs.
pub fn ships_bell(rng: &mut Rng, _: &Ask) -> Vec<f32> {
    let mut out = sheet(4.5);
    let prime = rng.range(1_050.0, 1_250.0);
    toll(&mut out, 0.0, prime, 3.2, 0.8);
    toll(&mut out, 0.42, prime, 3.2, 0.9);
    fade_end(&mut out, 0.6);
    out
}

fn fade_end(out: &mut [f32], seconds: f32) {
    let count = crate::dsp::samples(seconds).min(out.len());
    for (i, slot) in out.iter_mut().rev().take(count).enumerate() {
        *slot *= i as f32 / count as f32;
    }
}

/// Reeds blown together: each of `pitches` with its overtones, loudness by `loud`.
fn horn_of(rng: &mut Rng, pitches: &[f32], loud: &[(f32, f32)], bright: f32) -> Vec<f32> {
    let seconds = loud.last().map_or(0.0, |p| p.0);
    let mut out = sheet(seconds);
    let mut breath = band(rng, 200.0, 2_000.0);
    let mut roof = Svf::new(bright, 0.7);
    let mut phases = vec![0.0f32; pitches.len()];
    for (i, slot) in out.iter_mut().enumerate() {
        let t = i as f32 / RATE;
        let loud = curve(loud, t);
        let scoop = 1.0 - 0.06 * (-t * 6.0).exp();
        let mut x = 0.0;
        for (phase, hz) in phases.iter_mut().zip(pitches) {
            *phase = (*phase + hz * scoop / RATE).fract();
            let w = TAU * *phase;
            x += w.sin()
                + 0.6 * (2.0 * w).sin()
                + 0.5 * (3.0 * w).sin()
                + 0.3 * (4.0 * w).sin()
                + 0.2 * (5.0 * w).sin();
        }
        let x = (x / pitches.len() as f32 * 1.2).tanh() + breath() * 0.25;
        roof.tune(bright * (0.25 + 0.75 * loud), 0.7);
        *slot = roof.run(x).low * loud * 0.6;
    }
    out
}

/// A foghorn: one long low note that ends in a grunt.
pub fn foghorn(rng: &mut Rng, _: &Ask) -> Vec<f32> {
    let hz = rng.range(88.0, 104.0);
    let loud = [(0.0, 0.0), (0.25, 1.0), (2.6, 1.0), (2.85, 0.0)];
    let mut out = horn_of(rng, &[hz, hz * 1.498], &loud, 900.0);
    let grunt =
        horn_of(rng, &[hz * 0.75, hz * 0.752], &[(0.0, 0.0), (0.04, 1.0), (0.45, 0.8), (0.7, 0.0)], 600.0);
    out.extend(grunt);
    out
}

/// A ship's horn.
pub fn ship_horn(rng: &mut Rng, _: &Ask) -> Vec<f32> {
    let hz = rng.range(105.0, 135.0);
    let loud = [(0.0, 0.0), (0.15, 1.0), (3.0, 0.95), (3.4, 0.0)];
    horn_of(rng, &[hz, hz * 1.26, hz * 1.5], &loud, 1_500.0)
}

/// A car's horn.
pub fn car_horn(rng: &mut Rng, _: &Ask) -> Vec<f32> {
    let hz = rng.range(370.0, 430.0);
    let long = rng.range(0.25, 0.6);
    let loud = [(0.0, 0.0), (0.02, 1.0), (long, 1.0), (long + 0.06, 0.0)];
    horn_of(rng, &[hz, hz * 1.26], &loud, 3_500.0)
}

/// A steam whistle: a chord of pipes in a jet of steam.
pub fn whistle(rng: &mut Rng, _: &Ask) -> Vec<f32> {
    let hz = rng.range(520.0, 640.0);
    let mut out = sheet(2.0);
    let mut jet = band(rng, 1_500.0, 9_000.0);
    let mut phases = [0.0f32; 3];
    for (i, slot) in out.iter_mut().enumerate() {
        let t = i as f32 / RATE;
        let loud = curve(&[(0.0, 0.0), (0.08, 0.7), (0.3, 1.0), (1.5, 0.9), (1.9, 0.0)], t);
        let blow = 0.95 + 0.05 * loud;
        let x: f32 = [1.0, 1.19, 1.498]
            .iter()
            .zip(&mut phases)
            .map(|(ratio, phase)| {
                let x = sine(phase, hz * ratio * blow);
                x + 0.3 * x * x * x
            })
            .sum();
        *slot = (x * 0.2 + jet() * 0.25) * loud;
    }
    out
}

/// A siren that rises and falls.
pub fn siren(rng: &mut Rng, _: &Ask) -> Bed {
    let (mut turn, mut a, mut b) = (rng.unit(), 0.0, 0.0);
    let mut roof = Svf::new(2_600.0, 0.7);
    let mut near = wander(rng, 0.6, 1.0, 4.0);
    Box::new(move || {
        let lift = 0.5 - 0.5 * (TAU * turn).cos();
        turn = (turn + 0.22 / RATE).fract();
        let hz = 560.0 * 2f32.powf(1.15 * lift);
        let x = (sine(&mut a, hz) * 2.2).tanh() + 0.25 * sine(&mut b, hz * 3.0);
        let x = roof.run(x).low * near.run() * 0.4;
        [x, x * 0.92]
    })
}

/// A combustion engine turning over at `turns` firings a second.
fn motor(rng: &mut Rng, turns: f32, body: [f32; 3]) -> Bed {
    let mut pace = wander(rng, 0.95, 1.05, 1.8);
    let mut bodies = body.map(|hz| Svf::new(hz, 2.2));
    let mut exhaust = band(rng, 80.0, 1_400.0);
    let mut own = rng.fork();
    let (mut phase, mut kick) = (0.0f32, 1.0f32);
    Box::new(move || {
        phase += turns * pace.run() / RATE;
        if phase >= 1.0 {
            phase -= 1.0;
            kick = own.range(0.75, 1.0);
        }
        let pulse = (-phase * 9.0).exp() * kick;
        let source = pulse * 1.6 - 0.28 + exhaust() * (0.25 + pulse);
        let low: f32 = bodies.iter_mut().map(|body| body.run(source).band).sum();
        let x = low * 0.6;
        [x, x * 0.94]
    })
}

/// A car's or a lorry's engine.
pub fn engine(rng: &mut Rng, ask: &Ask) -> Bed {
    motor(rng, 34.0 + 40.0 * ask.strength, [85.0, 190.0, 520.0])
}

/// A motor boat: slow thumps through a wet exhaust.
pub fn boat(rng: &mut Rng, ask: &Ask) -> Bed {
    let mut thump = motor(rng, 11.0 + 10.0 * ask.strength, [70.0, 150.0, 380.0]);
    let mut wake = wide(rng, |rng| band(rng, 400.0, 3_000.0));
    Box::new(move || {
        let (thump, wake) = (thump(), wake());
        [thump[0] + wake[0] * 0.12, thump[1] + wake[1] * 0.12]
    })
}

/// Machinery: mains hum with its overtones and a slow, turning throb.
pub fn machinery(rng: &mut Rng, _: &Ask) -> Bed {
    let mut phases = [0.0f32; 6];
    let levels = [0.35, 1.0, 0.3, 0.4, 0.12, 0.18];
    let mut air = wide(rng, |rng| band(rng, 180.0, 1_600.0));
    let (mut turn, speed) = (0.0, rng.range(1.6, 2.6));
    let mut drift = wander(rng, 0.995, 1.005, 3.0);
    Box::new(move || {
        let bend = drift.run();
        let hum: f32 = phases
            .iter_mut()
            .zip(levels)
            .enumerate()
            .map(|(k, (phase, level))| sine(phase, 50.0 * (k + 1) as f32 * bend) * level)
            .sum();
        let throb = 0.75 + 0.25 * sine(&mut turn, speed);
        air().map(|x| x * 0.4 * throb + hum * 0.12 * (0.85 + 0.15 * throb))
    })
}

/// Wheels over rail joints: two axles, then two more.
pub fn rails(rng: &mut Rng, _: &Ask) -> Vec<f32> {
    let mut out = sheet(1.1);
    for at in [0.0, 0.13, 0.46, 0.59] {
        let at = at + rng.range(0.0, 0.008);
        let modes = [(118.0, 0.1, 1.0), (236.0, 0.07, 0.6), (880.0, 0.05, 0.35), (1_930.0, 0.04, 0.2)];
        strike(&mut out, at, &modes, 0.4 * rng.range(0.8, 1.0));
        Puff { at, rise: 0.001, fall: 0.015, low: 200.0, high: 4_000.0, level: 0.3 }.add(&mut out, rng);
    }
    out
}

/// What rolls under a train or a tram.
pub fn rolling(rng: &mut Rng, _: &Ask) -> Bed {
    let mut rumble = wide(rng, |rng| band(rng, 35.0, 420.0));
    let mut steel = wide(rng, |rng| band(rng, 900.0, 4_200.0));
    let mut speed = wander(rng, 0.8, 1.0, 3.0);
    let mut squeal = wander(rng, 0.0, 1.0, 1.6);
    let (mut a, mut b) = (0.0, 0.0);
    Box::new(move || {
        let (loud, cry) = (speed.run(), squeal.run().powi(6));
        let cry = (sine(&mut a, 2_380.0) + 0.6 * sine(&mut b, 3_170.0)) * cry * 0.03;
        let (low, high) = (rumble(), steel());
        std::array::from_fn(|k| (low[k] + high[k] * 0.14) * loud + cry)
    })
}

/// An aeroplane or a helicopter far above.
pub fn plane(rng: &mut Rng, _: &Ask) -> Bed {
    let mut roar = wide(rng, |rng| band(rng, 60.0, 900.0));
    let mut swell = wander(rng, 0.4, 1.0, 4.0);
    let mut blades = motor(rng, 76.0, [110.0, 230.0, 420.0]);
    Box::new(move || {
        let (loud, roar, blades) = (swell.run(), roar(), blades());
        std::array::from_fn(|k| (roar[k] * 0.8 + blades[k] * 0.35) * loud)
    })
}
