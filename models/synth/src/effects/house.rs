//! Feet, doors, and small things indoors.

use super::tools::{Ask, Bed, Grain, Grains, Puff, Surface, band, sheet, sine, strike, wander, wide};
use crate::dsp::filter::Svf;
use crate::dsp::rng::Rng;
use crate::dsp::{RATE, samples};

/// One step: heel, then ball.
pub fn step(rng: &mut Rng, ask: &Ask) -> Vec<f32> {
    let mut out = sheet(0.5);
    let weight = (0.6 + 0.8 * ask.strength) * rng.range(0.75, 1.0);
    for (at, share) in [(0.0, 1.0), (rng.range(0.07, 0.11), 0.55)] {
        contact(&mut out, at, weight * share, ask.surface, rng);
    }
    out
}

/// A foot or a hoof meets the ground.
fn contact(out: &mut [f32], at: f32, level: f32, surface: Surface, rng: &mut Rng) {
    let detune = rng.range(0.9, 1.1);
    match surface {
        Surface::Wood => {
            let modes = [(92.0, 0.16, 1.0), (171.0, 0.12, 0.7), (334.0, 0.07, 0.4), (690.0, 0.04, 0.2)];
            strike(out, at, &modes.map(|(hz, ring, gain)| (hz * detune, ring, gain)), level * 0.5);
            Puff { at, rise: 0.001, fall: 0.008, low: 300.0, high: 3_000.0, level: level * 0.3 }
                .add(out, rng);
        }
        Surface::Stone => {
            strike(out, at, &[(140.0 * detune, 0.05, 1.0), (1_450.0 * detune, 0.02, 0.3)], level * 0.4);
            Puff { at, rise: 0.0006, fall: 0.006, low: 900.0, high: 7_000.0, level: level * 0.45 }
                .add(out, rng);
            Puff { at: at + 0.01, rise: 0.01, fall: 0.02, low: 1_500.0, high: 6_000.0, level: level * 0.07 }
                .add(out, rng);
        }
        Surface::Snow => {
            for k in 0..9 {
                let at = at + 0.011 * k as f32 + rng.range(0.0, 0.008);
                let level = level * rng.range(0.15, 0.4);
                Puff { at, rise: 0.002, fall: 0.006, low: 1_100.0, high: 5_500.0, level }.add(out, rng);
            }
            Puff { at, rise: 0.03, fall: 0.04, low: 180.0, high: 900.0, level: level * 0.3 }.add(out, rng);
        }
        Surface::Gravel => {
            for _ in 0..16 {
                let at = at + rng.range(0.0, 0.11);
                let hz = rng.octaves(1_800.0, 6_500.0);
                strike(out, at, &[(hz, 0.012, 1.0)], level * rng.range(0.05, 0.3));
                let low = hz * 0.6;
                Puff { at, rise: 0.0005, fall: 0.003, low, high: hz * 1.6, level: level * 0.15 }
                    .add(out, rng);
            }
            Puff { at, rise: 0.004, fall: 0.03, low: 150.0, high: 1_200.0, level: level * 0.25 }
                .add(out, rng);
        }
        Surface::Earth => {
            strike(out, at, &[(75.0 * detune, 0.07, 1.0)], level * 0.45);
            Puff { at, rise: 0.006, fall: 0.025, low: 120.0, high: 1_500.0, level: level * 0.4 }
                .add(out, rng);
            Puff { at: at + 0.01, rise: 0.02, fall: 0.02, low: 2_000.0, high: 7_000.0, level: level * 0.1 }
                .add(out, rng);
        }
    }
}

/// A horse walks: four beats.
pub fn hooves(rng: &mut Rng, ask: &Ask) -> Vec<f32> {
    let mut out = sheet(1.2);
    let hard = matches!(ask.surface, Surface::Stone | Surface::Wood);
    for k in 0..4 {
        let at = 0.25 * k as f32 + rng.range(0.0, 0.02);
        let hz = if k % 2 == 0 { 620.0 } else { 820.0 } * rng.range(0.94, 1.06);
        let gain = if hard { 0.5 } else { 0.15 };
        strike(&mut out, at, &[(hz, 0.05, 1.0), (hz * 2.3, 0.03, 0.4), (95.0, 0.08, 0.8)], gain);
        contact(&mut out, at, 0.5, ask.surface, rng);
    }
    out
}

/// Wood or rope under load: it sticks, slips, sticks; each slip knocks at the body.
pub fn creak_of(rng: &mut Rng, seconds: f32, slips: f32) -> Vec<f32> {
    let mut out = sheet(seconds + 0.15);
    let body = rng.range(0.8, 1.25);
    let mut bodies = [(410.0, 14.0), (930.0, 18.0), (1_620.0, 16.0), (2_750.0, 12.0)]
        .map(|(hz, q)| Svf::new(hz * body, q));
    let (bend, depth) = (rng.range(0.6, 1.7), rng.range(0.3, 0.5));
    let mut until = 0.0f32;
    for (i, slot) in out.iter_mut().enumerate() {
        let x = i as f32 / RATE / seconds;
        let mut knock = 0.0;
        until -= 1.0 / RATE;
        if until <= 0.0 && x < 1.0 {
            let speed = slips * (1.0 + depth * (x * std::f32::consts::TAU * bend).sin());
            until = rng.range(0.85, 1.15) / speed.max(4.0);
            knock = rng.range(0.5, 1.0) * (std::f32::consts::PI * x).sin();
        }
        *slot = bodies.iter_mut().map(|body| body.run(knock * 9.0).band).sum::<f32>();
    }
    out
}

/// Creaking wood: a mast, a stair, a rope.
pub fn creak(rng: &mut Rng, _: &Ask) -> Vec<f32> {
    let (seconds, slips) = (rng.range(0.5, 1.4), rng.range(22.0, 60.0));
    creak_of(rng, seconds, slips)
}

/// A door on its hinges.
pub fn door_creak(rng: &mut Rng, _: &Ask) -> Vec<f32> {
    let mut out = creak_of(rng, 1.3, 75.0);
    let latch = [(1_900.0, 0.05, 1.0), (3_100.0, 0.04, 0.6), (420.0, 0.06, 0.8)];
    strike(&mut out, 0.0, &latch, 0.25);
    out
}

/// A door falls shut.
pub fn door_slam(rng: &mut Rng, ask: &Ask) -> Vec<f32> {
    let mut out = sheet(1.3);
    let hard = 0.5 + ask.strength;
    let modes =
        [(58.0, 0.45, 1.0), (97.0, 0.35, 0.8), (163.0, 0.25, 0.6), (312.0, 0.14, 0.4), (540.0, 0.09, 0.25)];
    strike(&mut out, 0.0, &modes, 0.5 * hard);
    Puff { at: 0.0, rise: 0.001, fall: 0.02, low: 90.0, high: 3_500.0, level: 0.7 * hard }.add(&mut out, rng);
    for k in 0..4 {
        let at = 0.035 + 0.03 * k as f32;
        strike(&mut out, at, &[(1_750.0, 0.05, 1.0), (2_900.0, 0.03, 0.7)], 0.12 / (k + 1) as f32);
    }
    out
}

/// A door opens or closes quietly: handle, latch, wood.
pub fn door(rng: &mut Rng, ask: &Ask) -> Vec<f32> {
    let mut out = sheet(1.9);
    strike(&mut out, 0.0, &[(2_300.0, 0.04, 1.0), (1_300.0, 0.05, 0.7)], 0.25);
    for (slot, x) in out[samples(0.2)..].iter_mut().zip(creak_of(rng, 0.7, 45.0)) {
        *slot += x * 0.4;
    }
    let soft = door_slam(rng, &Ask { strength: 0.0, ..*ask });
    for (slot, x) in out[samples(1.1)..].iter_mut().zip(soft) {
        *slot += x * 0.55;
    }
    out
}

/// Knuckles on wood, three times.
pub fn knock(rng: &mut Rng, ask: &Ask) -> Vec<f32> {
    let mut out = sheet(1.3);
    let level = 0.5 + 0.6 * ask.strength;
    for k in 0..3 {
        let at = 0.26 * k as f32 + rng.range(0.0, 0.02);
        let modes = [(185.0, 0.1, 1.0), (395.0, 0.07, 0.8), (720.0, 0.05, 0.5), (1_300.0, 0.03, 0.25)];
        strike(&mut out, at, &modes, 0.45 * level * rng.range(0.85, 1.0));
        Puff { at, rise: 0.0005, fall: 0.004, low: 500.0, high: 4_500.0, level: 0.35 }.add(&mut out, rng);
    }
    out
}

/// Tick, tock.
pub fn clock(rng: &mut Rng, _: &Ask) -> Vec<f32> {
    let mut out = sheet(1.0);
    for (at, hz) in [(0.0, 2_150.0), (0.5, 1_680.0)] {
        strike(&mut out, at, &[(hz, 0.025, 1.0), (hz * 1.83, 0.018, 0.6), (540.0, 0.03, 0.5)], 0.4);
        Puff { at, rise: 0.0003, fall: 0.002, low: 2_500.0, high: 10_000.0, level: 0.2 }.add(&mut out, rng);
    }
    out
}

/// Crockery put down.
pub fn cup(rng: &mut Rng, _: &Ask) -> Vec<f32> {
    let mut out = sheet(0.9);
    let hz = rng.range(1_700.0, 2_300.0);
    let modes = [(hz, 0.16, 1.0), (hz * 1.62, 0.12, 0.6), (hz * 2.71, 0.08, 0.4), (310.0, 0.05, 0.7)];
    strike(&mut out, 0.0, &modes, 0.35);
    strike(&mut out, rng.range(0.06, 0.12), &modes, 0.18);
    Puff { at: 0.0, rise: 0.0005, fall: 0.004, low: 1_000.0, high: 7_000.0, level: 0.2 }.add(&mut out, rng);
    out
}

/// Glasses meet.
pub fn glass(rng: &mut Rng, _: &Ask) -> Vec<f32> {
    let mut out = sheet(1.8);
    for at in [0.0, 0.012] {
        let hz = rng.range(2_300.0, 3_100.0);
        let modes = [(hz, 1.3, 1.0), (hz * 1.51, 0.9, 0.5), (hz * 2.37, 0.6, 0.4), (hz * 3.61, 0.3, 0.2)];
        strike(&mut out, at, &modes, 0.25);
    }
    out
}

/// Glass breaks.
pub fn shatter(rng: &mut Rng, _: &Ask) -> Vec<f32> {
    let mut out = sheet(1.8);
    Puff { at: 0.0, rise: 0.001, fall: 0.05, low: 1_500.0, high: 14_000.0, level: 0.7 }.add(&mut out, rng);
    for _ in 0..60 {
        let at = rng.wait(0.22).min(1.5);
        let (hz, ring) = (rng.octaves(2_200.0, 9_500.0), rng.range(0.04, 0.3));
        let level = rng.range(0.02, 0.14);
        strike(&mut out, at, &[(hz, ring, 1.0), (hz * 1.43, ring * 0.6, 0.5)], level);
    }
    out
}

/// Keys or coins.
pub fn keys(rng: &mut Rng, _: &Ask) -> Vec<f32> {
    let mut out = sheet(1.2);
    for _ in 0..16 {
        let (at, hz) = (rng.range(0.0, 0.8), rng.octaves(3_200.0, 8_500.0));
        let level = rng.range(0.05, 0.2);
        strike(&mut out, at, &[(hz, 0.12, 1.0), (hz * 1.37, 0.1, 0.7)], level);
    }
    out
}

/// A burst of typing; now and then the bell and the carriage.
pub fn typewriter(rng: &mut Rng, _: &Ask) -> Vec<f32> {
    let mut out = sheet(4.0);
    let mut at = 0.0;
    for _ in 0..8 + rng.below(12) {
        if at > 2.6 {
            break;
        }
        strike(&mut out, at, &[(1_150.0, 0.03, 1.0), (2_600.0, 0.02, 0.8), (260.0, 0.05, 0.9)], 0.3);
        Puff { at, rise: 0.0003, fall: 0.006, low: 1_200.0, high: 9_000.0, level: 0.4 }.add(&mut out, rng);
        at += rng.range(0.09, 0.24);
    }
    if rng.chance(0.4) {
        strike(&mut out, at, &[(2_950.0, 0.8, 1.0), (5_900.0, 0.4, 0.3)], 0.3);
        for k in 0..14 {
            let at = at + 0.35 + 0.022 * k as f32;
            Puff { at, rise: 0.0005, fall: 0.004, low: 1_500.0, high: 7_000.0, level: 0.2 }
                .add(&mut out, rng);
        }
    }
    out
}

/// Paper: a page turned or folded.
pub fn paper(rng: &mut Rng, _: &Ask) -> Vec<f32> {
    let mut out = sheet(0.9);
    for _ in 0..45 {
        let at = 0.35 + 0.13 * rng.bell();
        let level = rng.range(0.03, 0.3);
        let low = rng.octaves(1_500.0, 5_000.0);
        Puff { at: at.clamp(0.0, 0.8), rise: 0.001, fall: 0.004, low, high: 11_000.0, level }
            .add(&mut out, rng);
    }
    Puff { at: 0.1, rise: 0.25, fall: 0.1, low: 1_200.0, high: 9_000.0, level: 0.16 }.add(&mut out, rng);
    out
}

/// A kettle that boils and begins to sing.
pub fn kettle(rng: &mut Rng, ask: &Ask) -> Bed {
    let mut boil = wide(rng, |rng| band(rng, 250.0, 1_700.0));
    let mut roll = wander(rng, 0.6, 1.0, 0.3);
    let mut bubbles = Grains::new(rng.fork());
    let mut song = wander(rng, 0.25 + 0.5 * ask.strength, 1.0, 3.0);
    let mut waver = wander(rng, 0.985, 1.015, 0.2);
    let mut breath = band(rng, 2_000.0, 7_000.0);
    let (mut a, mut b) = (0.0, 0.0);
    Box::new(move || {
        let bubbles = bubbles.run(70.0, |rng| Grain {
            hz: rng.octaves(250.0, 1_300.0),
            glide: 0.3,
            fall: 0.02,
            level: rng.range(0.02, 0.12),
            noise: 0.1,
            pan: rng.range(-0.3, 0.3),
        });
        let loud = roll.run();
        let hz = 2_050.0 * waver.run();
        let s = song.run().powi(2);
        let whistle = (sine(&mut a, hz) + 0.4 * sine(&mut b, hz * 1.503)) * s * 0.09 + breath() * s * 0.2;
        let boil = boil();
        std::array::from_fn(|k| boil[k] * loud * 0.4 + bubbles[k] + whistle)
    })
}

/// A heart: two thuds.
pub fn heartbeat(_: &mut Rng, _: &Ask) -> Vec<f32> {
    let mut out = sheet(0.8);
    strike(&mut out, 0.0, &[(52.0, 0.22, 1.0), (78.0, 0.14, 0.6), (130.0, 0.06, 0.2)], 0.7);
    strike(&mut out, 0.29, &[(61.0, 0.17, 1.0), (92.0, 0.1, 0.6), (150.0, 0.05, 0.2)], 0.5);
    out
}

/// A telephone's bell.
pub fn telephone(_: &mut Rng, _: &Ask) -> Vec<f32> {
    let mut out = sheet(2.4);
    for k in 0..40 {
        let hz = if k % 2 == 0 { 1_420.0 } else { 1_780.0 };
        let modes = [(hz, 0.35, 1.0), (hz * 2.74, 0.2, 0.5), (hz * 5.4, 0.1, 0.2)];
        strike(&mut out, 0.042 * k as f32, &modes, 0.12);
    }
    out
}
