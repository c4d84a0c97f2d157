//! Sea, rain, streams, drops.

use super::tools::{Ask, Bed, Grain, Grains, Puff, band, sheet, strike, wander, wide};
use crate::dsp::RATE;
use crate::dsp::filter::Svf;
use crate::dsp::noise::Pink;
use crate::dsp::rng::Rng;

/// One wave after the other from one place on the shore: it swells, breaks, and washes back.
struct Wave {
    rng: Rng,
    pink: Pink,
    body: Svf,
    hiss: Svf,
    pause: (f32, f32),
    t: f32,
    length: f32,
    height: f32,
    wash: f32,
    pan: f32,
    clock: u32,
}

impl Wave {
    fn new(rng: &mut Rng, pause: (f32, f32)) -> Self {
        let mut own = rng.fork();
        let length = own.range(pause.0, pause.1);
        Self {
            pink: Pink::new(own.fork()),
            body: Svf::new(300.0, 0.7),
            hiss: Svf::new(3_000.0, 0.6),
            pause,
            t: own.range(0.2, 0.9) * length,
            length,
            height: own.range(0.6, 1.0),
            wash: 0.0,
            clock: 0,
            pan: own.range(-0.7, 0.7),
            rng: own,
        }
    }

    fn run(&mut self) -> [f32; 2] {
        self.t += 1.0 / RATE;
        if self.t > self.length {
            self.t = 0.0;
            self.length = self.rng.range(self.pause.0, self.pause.1);
            self.height = self.rng.range(0.5, 1.0);
            self.pan = self.rng.range(-0.7, 0.7);
        }
        let x = self.t / self.length;
        // The swell draws near, topples at 0.55 of its time, and leaves foam.
        let swell = if x < 0.55 { (x / 0.55).powi(3) } else { (-(x - 0.55) * 7.0).exp() };
        let fade = (x / 0.04).min(1.0) * ((1.0 - x) / 0.08).min(1.0);
        let loud = swell * self.height * fade;
        self.wash += (loud - self.wash) * if loud > self.wash { 0.0004 } else { 0.000_018 };
        if self.clock.is_multiple_of(16) {
            self.body.tune(180.0 + 2_600.0 * loud * loud, 0.6);
        }
        self.clock = self.clock.wrapping_add(1);
        let noise = self.pink.run();
        let body = self.body.run(noise).low * loud * 1.6;
        let foam = self.hiss.run(noise).high * self.wash * 0.9;
        let all = body + foam;
        [all * (1.0 - self.pan * 0.6), all * (1.0 + self.pan * 0.6)]
    }
}

/// Waves on a shore; heavy ones burst over rocks.
pub fn surf(rng: &mut Rng, ask: &Ask) -> Bed {
    let pause = if ask.strength > 0.7 { (4.0, 7.5) } else { (6.0, 11.0) };
    let mut waves: Vec<Wave> = (0..4).map(|_| Wave::new(rng, pause)).collect();
    let mut sea = wide(rng, |rng| band(rng, 40.0, 380.0));
    Box::new(move || {
        let mut out = sea().map(|x| x * 0.35);
        for wave in &mut waves {
            let frame = wave.run();
            out = [out[0] + frame[0], out[1] + frame[1]];
        }
        out
    })
}

/// Small waves against a hull or a quay.
pub fn lapping(rng: &mut Rng, _: &Ask) -> Bed {
    let mut waves: Vec<Wave> = (0..3).map(|_| Wave::new(rng, (1.1, 2.6))).collect();
    let mut bubbles = Grains::new(rng.fork());
    Box::new(move || {
        let mut out = bubbles.run(9.0, |rng| bubble(rng, 300.0, 1_100.0, 0.05));
        for wave in &mut waves {
            let frame = wave.run();
            out = [out[0] + frame[0] * 0.5, out[1] + frame[1] * 0.5];
        }
        out
    })
}

/// A bubble's note rises as it nears the surface (Minnaert, 1933).
fn bubble(rng: &mut Rng, low: f32, high: f32, level: f32) -> Grain {
    let hz = rng.octaves(low, high);
    Grain {
        hz,
        glide: rng.range(0.05, 0.5),
        fall: 18.0 / hz,
        level: level * rng.range(0.2, 1.0),
        noise: 0.0,
        pan: rng.range(-0.8, 0.8),
    }
}

/// Rain: a veil of far drops and the single ones nearby.
pub fn rain(rng: &mut Rng, ask: &Ask) -> Bed {
    let heavy = ask.strength;
    let mut veil = wide(rng, |rng| band(rng, 900.0 - 600.0 * heavy, 9_000.0));
    let mut gust = wander(rng, 0.75, 1.0, 4.0);
    let mut drops = Grains::new(rng.fork());
    let rate = 60.0 + 400.0 * heavy * heavy;
    Box::new(move || {
        let loud = gust.run();
        let near = drops.run(rate * loud, |rng| Grain {
            hz: rng.octaves(1_800.0, 7_500.0),
            glide: -0.2,
            fall: rng.range(0.0008, 0.003),
            level: 0.22 * rng.unit().powi(3),
            noise: 0.55,
            pan: rng.range(-1.0, 1.0),
        });
        let veil = veil().map(|x| x * loud * (0.12 + 0.35 * heavy));
        [veil[0] + near[0], veil[1] + near[1]]
    })
}

/// A stream or a river.
pub fn stream(rng: &mut Rng, ask: &Ask) -> Bed {
    let heavy = ask.strength;
    let mut rush = wide(rng, |rng| band(rng, 250.0, 2_200.0));
    let mut swell = wander(rng, 0.7, 1.0, 2.0);
    let mut bubbles = Grains::new(rng.fork());
    Box::new(move || {
        let loud = swell.run();
        let notes = bubbles.run(110.0 * loud, |rng| bubble(rng, 350.0, 2_600.0, 0.085 * (1.2 - 0.5 * heavy)));
        let rush = rush().map(|x| x * loud * (0.05 + 0.3 * heavy));
        [rush[0] + notes[0], rush[1] + notes[1]]
    })
}

/// A waterfall.
pub fn waterfall(rng: &mut Rng, _: &Ask) -> Bed {
    let mut fall = wide(rng, |rng| band(rng, 90.0, 6_500.0));
    let mut swell = wander(rng, 0.88, 1.0, 1.5);
    Box::new(move || {
        let loud = swell.run();
        fall().map(|x| x * loud)
    })
}

/// Something falls into the water.
pub fn splash(rng: &mut Rng, ask: &Ask) -> Vec<f32> {
    let mut out = sheet(1.6);
    let big = 0.5 + ask.strength;
    Puff { at: 0.0, rise: 0.008, fall: 0.09 * big, low: 250.0, high: 5_000.0, level: 0.8 }.add(&mut out, rng);
    Puff { at: 0.12, rise: 0.08, fall: 0.22 * big, low: 1_200.0, high: 8_000.0, level: 0.25 }
        .add(&mut out, rng);
    for _ in 0..14 {
        let hz = rng.octaves(300.0, 1_400.0);
        let level = rng.range(0.03, 0.15);
        strike(&mut out, rng.range(0.05, 1.0), &[(hz, 60.0 / hz, 1.0)], level);
    }
    out
}

/// One drop into still water.
pub fn drip(rng: &mut Rng, _: &Ask) -> Vec<f32> {
    let mut out = sheet(0.35);
    let (from, mut phase) = (rng.octaves(700.0, 1_500.0), 0.0);
    for (i, slot) in out.iter_mut().enumerate() {
        let t = i as f32 / RATE;
        let hz = from * (1.0 + 5.0 * t);
        *slot = super::tools::sine(&mut phase, hz) * (-t * 32.0).exp() * (t * 900.0).min(1.0) * 0.7;
    }
    Puff { at: 0.0, rise: 0.001, fall: 0.004, low: 2_000.0, high: 9_000.0, level: 0.2 }.add(&mut out, rng);
    out
}

/// One stroke of the oars: the rowlock creaks, the blades catch, drops run off.
pub fn oars(rng: &mut Rng, ask: &Ask) -> Vec<f32> {
    let mut out = sheet(2.2);
    let creak = super::house::creak_of(rng, 0.35, 28.0);
    for (slot, x) in out.iter_mut().zip(&creak) {
        *slot += x * 0.35;
    }
    let dip = Ask { strength: 0.2, ..*ask };
    for (slot, x) in out[(0.45 * RATE) as usize..].iter_mut().zip(splash(rng, &dip)) {
        *slot += x * 0.5;
    }
    Puff { at: 0.6, rise: 0.35, fall: 0.2, low: 300.0, high: 1_600.0, level: 0.25 }.add(&mut out, rng);
    for _ in 0..7 {
        let hz = rng.octaves(900.0, 2_200.0);
        strike(&mut out, rng.range(1.3, 2.0), &[(hz, 0.05, 1.0)], 0.06);
    }
    out
}
