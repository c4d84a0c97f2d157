//! Wind, thunder, leaves, fire, and the quiet of a place.

use super::tools::{Ask, Bed, Grain, Grains, Puff, band, sheet, wander, wide};
use crate::dsp::RATE;
use crate::dsp::filter::{Smooth, Svf};
use crate::dsp::noise::Pink;
use crate::dsp::rng::Rng;

/// Wind in gusts: a low rush whose colour follows its strength, and edges that whistle in the strongest.
pub fn wind(rng: &mut Rng, ask: &Ask) -> Bed {
    let strength = ask.strength;
    let mut gust = wander(rng, 0.15 + 0.2 * strength, 1.0, 3.2 - 1.2 * strength);
    let mut flutter = wander(rng, 0.85, 1.0, 0.25);
    let mut side = wander(rng, -0.35, 0.35, 5.0);
    let mut tone = wander(rng, 0.9, 1.15, 2.0);
    let mut pinks = [Pink::new(rng.fork()), Pink::new(rng.fork())];
    let mut rush = [Svf::new(300.0, 0.8), Svf::new(300.0, 0.8)];
    let mut edge = [Svf::new(900.0, 9.0), Svf::new(900.0, 9.0)];
    let mut count = 0u32;
    let (mut loud, mut pan) = (0.0, 0.0);
    Box::new(move || {
        if count.is_multiple_of(16) {
            let g = gust.skip(16.0);
            loud = g * g * flutter.skip(16.0);
            pan = side.skip(16.0);
            let pitch = tone.skip(16.0);
            for k in 0..2 {
                rush[k].tune(140.0 + (350.0 + 500.0 * strength) * g * pitch, 0.9);
                edge[k].tune((520.0 + 560.0 * g) * pitch * (1.0 + 0.02 * k as f32), 7.0);
            }
        }
        count = count.wrapping_add(1);
        std::array::from_fn(|k| {
            let noise = pinks[k].run();
            let low = rush[k].run(noise).low;
            let whistle = edge[k].run(noise).band * loud * (0.1 + 0.7 * strength);
            let lean = if k == 0 { 1.0 - pan } else { 1.0 + pan };
            (low * (0.1 + loud) + whistle) * lean
        })
    })
}

/// Leaves in the wind.
pub fn leaves(rng: &mut Rng, ask: &Ask) -> Bed {
    let mut gust = wander(rng, 0.1, 0.7 + 0.3 * ask.strength, 2.4);
    let mut rustle = [wander(rng, 0.4, 1.0, 0.12), wander(rng, 0.4, 1.0, 0.12)];
    let mut air = wide(rng, |rng| band(rng, 1_600.0, 8_500.0));
    Box::new(move || {
        let loud = gust.run().powi(2);
        let air = air();
        std::array::from_fn(|k| air[k] * loud * rustle[k].run())
    })
}

/// A flag or a sail in the wind.
pub fn flapping(rng: &mut Rng, _: &Ask) -> Vec<f32> {
    let mut out = sheet(1.4);
    let mut at = 0.0;
    while at < 1.0 {
        let level = rng.range(0.25, 0.7);
        Puff { at, rise: 0.012, fall: 0.03, low: 150.0, high: 1_900.0, level }.add(&mut out, rng);
        at += rng.range(0.07, 0.17);
    }
    out
}

/// Thunder: a crack when near, then a roll that comes and goes.
pub fn thunder(rng: &mut Rng, ask: &Ask) -> Vec<f32> {
    let seconds = rng.range(5.0, 8.0);
    let mut out = sheet(seconds);
    let near = 1.0 - ask.distance;
    let mut roll = Svf::new(120.0, 0.6);
    let mut deep = Smooth::hertz(90.0);
    let claps: Vec<(f32, f32)> =
        (0..7).map(|k| (rng.range(0.0, 0.55) * seconds * k as f32 / 6.0, rng.range(0.3, 1.0))).collect();
    let mut pink = Pink::new(rng.fork());
    for (i, slot) in out.iter_mut().enumerate() {
        let t = i as f32 / RATE;
        let mut loud = 0.0;
        for &(at, height) in &claps {
            if t > at {
                loud += height * (1.0 - (-(t - at) * 14.0).exp()) * (-(t - at) * 1.3).exp();
            }
        }
        let fade = ((seconds - t) / 1.2).min(1.0);
        roll.tune(90.0 + 420.0 * near * (-t * 0.7).exp(), 0.7);
        let noise = pink.run();
        *slot = (roll.run(noise).low * 1.4 + deep.run(noise)) * loud.min(1.4) * fade * fade * 0.8;
    }
    if near > 0.6 {
        for k in 0..5 {
            let at = 0.03 * k as f32 + rng.range(0.0, 0.02);
            Puff { at, rise: 0.001, fall: 0.05, low: 300.0, high: 9_000.0, level: 0.22 }.add(&mut out, rng);
        }
    }
    out
}

/// A fire: a breath of flame, crackles that come in flurries, now and then a pop.
pub fn fire(rng: &mut Rng, ask: &Ask) -> Bed {
    let mut flame = wide(rng, |rng| band(rng, 60.0, 420.0));
    let mut breath = wander(rng, 0.5, 1.0, 0.5);
    let mut flurry = wander(rng, 0.0, 1.0, 1.3);
    let mut crackles = Grains::new(rng.fork());
    let mut pops = Grains::new(rng.fork());
    let big = 0.5 + ask.strength;
    Box::new(move || {
        let busy = flurry.run().powi(3);
        let small = crackles.run(5.0 + 75.0 * busy * big, |rng| Grain {
            hz: rng.octaves(1_200.0, 6_000.0),
            glide: -0.3,
            fall: rng.octaves(0.0006, 0.004),
            level: 0.6 * rng.unit().powi(2),
            noise: 0.7,
            pan: rng.range(-0.6, 0.6),
        });
        let pop = pops.run(0.5 * big, |rng| Grain {
            hz: rng.octaves(350.0, 900.0),
            glide: -0.4,
            fall: rng.range(0.006, 0.015),
            level: rng.range(0.3, 0.8),
            noise: 0.35,
            pan: rng.range(-0.4, 0.4),
        });
        let flame = flame().map(|x| x * breath.run() * 0.28 * big);
        std::array::from_fn(|k| flame[k] + small[k] + pop[k])
    })
}

/// The air of a quiet room.
pub fn room_tone(rng: &mut Rng, _: &Ask) -> Bed {
    let mut air = wide(rng, |rng| band(rng, 60.0, 900.0));
    let mut drift = wander(rng, 0.85, 1.0, 6.0);
    Box::new(move || {
        let loud = drift.run();
        air().map(|x| x * loud)
    })
}

/// Steam that hisses and sputters.
pub fn steam(rng: &mut Rng, _: &Ask) -> Bed {
    let mut hiss = wide(rng, |rng| band(rng, 2_500.0, 12_000.0));
    let mut press = wander(rng, 0.25, 1.0, 0.8);
    Box::new(move || {
        let loud = press.run().powi(2);
        hiss().map(|x| x * loud)
    })
}
