//! People and streets.

use super::tools::{Ask, Bed, Grain, Grains, Puff, Throat, band, curve, sheet, sine, wander, wide};
use crate::dsp::filter::Svf;
use crate::dsp::rng::Rng;
use crate::dsp::{RATE, ease};

/// Someone who talks, too far away to be understood.
struct Talker {
    rng: Rng,
    formants: [Svf; 2],
    phase: f32,
    hz: f32,
    tune: f32,
    left: f32,
    whole: f32,
    loud: f32,
    pan: f32,
}

impl Talker {
    fn new(mut rng: Rng) -> Self {
        let hz = if rng.chance(0.5) { rng.range(95.0, 140.0) } else { rng.range(170.0, 240.0) };
        let pan = rng.range(-0.9, 0.9);
        let formants = [Svf::new(500.0, 5.0), Svf::new(1_500.0, 6.0)];
        Self { rng, formants, phase: 0.0, hz, tune: 1.0, left: 0.0, whole: 1.0, loud: 0.0, pan }
    }

    /// A syllable, or a pause for breath.
    fn syllable(&mut self) {
        let rng = &mut self.rng;
        self.whole = rng.range(0.11, 0.26);
        self.loud = if rng.chance(0.82) { rng.range(0.4, 1.0) } else { 0.0 };
        if rng.chance(0.08) {
            (self.whole, self.loud) = (rng.range(0.4, 1.4), 0.0);
        }
        self.tune = rng.range(0.88, 1.15);
        self.formants[0].tune(rng.range(320.0, 780.0), 5.0);
        self.formants[1].tune(rng.range(900.0, 2_200.0), 6.0);
        self.left = self.whole;
    }

    fn run(&mut self) -> f32 {
        self.left -= 1.0 / RATE;
        if self.left <= 0.0 {
            self.syllable();
        }
        if self.loud == 0.0 {
            return 0.0;
        }
        let x = 1.0 - self.left / self.whole;
        self.phase = (self.phase + self.hz * self.tune * (1.06 - 0.12 * x) / RATE).fract();
        let buzz = ((std::f32::consts::TAU * self.phase).cos() * 3.0 - 3.0).exp() - 0.25;
        let [a, b] = &mut self.formants;
        let voice = a.run(buzz).band + 0.5 * b.run(buzz).band;
        voice * self.loud * (std::f32::consts::PI * x).sin().max(0.0)
    }
}

/// Many people talk at once.
pub fn crowd(rng: &mut Rng, ask: &Ask) -> Bed {
    let count = 8 + (ask.strength * 12.0) as usize;
    let mut talkers: Vec<Talker> = (0..count).map(|_| Talker::new(rng.fork())).collect();
    let mut hall = wide(rng, |rng| band(rng, 180.0, 1_400.0));
    let scale = 1.4 / (count as f32).sqrt();
    Box::new(move || {
        let mut out = hall().map(|x| x * 0.1);
        for talker in &mut talkers {
            let x = talker.run() * scale;
            out[0] += x * (1.0 - talker.pan).min(1.0);
            out[1] += x * (1.0 + talker.pan).min(1.0);
        }
        out
    })
}

/// Children call to each other.
pub fn children(rng: &mut Rng, _: &Ask) -> Vec<f32> {
    let mut out = sheet(1.8);
    let mut at = 0.0;
    for _ in 0..1 + rng.below(4) {
        let long = rng.range(0.15, 0.42);
        let hz = rng.range(330.0, 520.0);
        let top = hz * rng.range(1.1, 1.5);
        let pitch = [(0.0, hz), (long * 0.4, top), (long, hz * 0.9)];
        let loud = [(0.0, 0.0), (0.03, 1.0), (long * 0.7, 0.8), (long, 0.0)];
        let open = [rng.range(500.0, 1_100.0), rng.range(1_500.0, 2_700.0), 3_600.0];
        let close = [rng.range(400.0, 900.0), rng.range(1_200.0, 2_500.0), 3_400.0];
        let mouth = [(0.0, open), (long, close)];
        Throat { pitch: &pitch, loud: &loud, mouth: &mouth, q: 6.0, rough: 0.08 }.add(&mut out, at, 1.0, rng);
        at += long + rng.range(0.03, 0.2);
        if at > 1.3 {
            break;
        }
    }
    out
}

/// Laughter: ha, ha, ha, falling.
pub fn laughter(rng: &mut Rng, _: &Ask) -> Vec<f32> {
    let mut out = sheet(1.8);
    let hz = if rng.chance(0.5) { rng.range(140.0, 190.0) } else { rng.range(240.0, 330.0) };
    let count = 4 + rng.below(4);
    for k in 0..count {
        let fall = 1.25 - 0.4 * k as f32 / count as f32;
        let pitch = [(0.0, hz * fall * 1.1), (0.13, hz * fall)];
        let loud = [(0.0, 0.0), (0.03, 1.0), (0.13, 0.0)];
        let mouth = [(0.0, [750.0, 1_300.0, 2_600.0]), (0.13, [650.0, 1_250.0, 2_500.0])];
        Throat { pitch: &pitch, loud: &loud, mouth: &mouth, q: 5.0, rough: 0.3 }.add(
            &mut out,
            0.19 * k as f32,
            fall,
            rng,
        );
    }
    out
}

/// Applause.
pub fn applause(rng: &mut Rng, ask: &Ask) -> Bed {
    let mut claps = Grains::new(rng.fork());
    let mut veil = wide(rng, |rng| band(rng, 700.0, 3_800.0));
    let mut swell = wander(rng, 0.75, 1.0, 2.0);
    let rate = 60.0 + 500.0 * ask.strength;
    Box::new(move || {
        let loud = swell.run();
        let claps = claps.run(rate * loud, |rng| Grain {
            hz: rng.octaves(850.0, 2_400.0),
            glide: 0.0,
            fall: rng.range(0.002, 0.006),
            level: rng.range(0.05, 0.35),
            noise: 0.75,
            pan: rng.range(-1.0, 1.0),
        });
        let veil = veil();
        std::array::from_fn(|k| claps[k] + veil[k] * 0.25 * loud)
    })
}

/// A car goes by: it comes, its tyres hiss, it leaves, lower.
pub fn car_pass(rng: &mut Rng, _: &Ask) -> Vec<f32> {
    let seconds = rng.range(3.0, 5.0);
    let mut out = sheet(seconds);
    let mut tyres = band(rng, 120.0, 6_000.0);
    let mut roof = Svf::new(900.0, 0.7);
    let (mut phase, mut second, turns) = (0.0, 0.0, rng.range(55.0, 95.0));
    for (i, slot) in out.iter_mut().enumerate() {
        let x = (i as f32 / RATE / seconds - 0.5) * 7.0;
        let near = 1.0 / (1.0 + x * x);
        roof.tune(300.0 + 3_800.0 * near, 0.7);
        let hz = turns * (1.0 - 0.07 * x / (1.0 + x * x).sqrt());
        let motor = sine(&mut phase, hz) * 0.3 + sine(&mut second, 2.02 * hz) * 0.2;
        let edge = ease(i as f32 / RATE * 2.0) * ease((seconds - i as f32 / RATE) * 2.0);
        *slot = (roof.run(tyres()).low * 1.5 + motor * 0.3) * near * edge;
    }
    out
}

/// The far hum of a city.
pub fn city(rng: &mut Rng, _: &Ask) -> Bed {
    let mut low = wide(rng, |rng| band(rng, 40.0, 320.0));
    let mut high = wide(rng, |rng| band(rng, 400.0, 1_800.0));
    let mut swell = [wander(rng, 0.6, 1.0, 5.0), wander(rng, 0.3, 1.0, 3.0)];
    Box::new(move || {
        let (a, b) = (swell[0].run(), swell[1].run());
        let (low, high) = (low(), high());
        std::array::from_fn(|k| low[k] * a + high[k] * b * 0.22)
    })
}

/// A radio between stations.
pub fn radio(rng: &mut Rng, _: &Ask) -> Bed {
    let mut hiss = band(rng, 500.0, 5_000.0);
    let mut fade = wander(rng, 0.4, 1.0, 0.7);
    let mut tune = wander(rng, 300.0, 2_600.0, 1.2);
    let mut carrier = wander(rng, 0.0, 1.0, 0.9);
    let mut voice = Talker::new(rng.fork());
    let mut station = wander(rng, 0.0, 1.0, 1.5);
    let mut cracks = Grains::new(rng.fork());
    let mut phase = 0.0;
    Box::new(move || {
        let crack = cracks.run(7.0, |rng| Grain {
            hz: rng.octaves(800.0, 4_000.0),
            glide: 0.0,
            fall: 0.001,
            level: rng.range(0.1, 0.6),
            noise: 0.9,
            pan: 0.0,
        });
        let tone = sine(&mut phase, tune.run()) * carrier.run().powi(5) * 0.12;
        let said = voice.run() * station.run().powi(3) * 0.8;
        let x = hiss() * fade.run() * 0.6 + tone + said + crack[0];
        [x; 2]
    })
}

/// Something rushes past.
pub fn whoosh(rng: &mut Rng, _: &Ask) -> Vec<f32> {
    let seconds = rng.range(0.6, 1.0);
    let mut out = sheet(seconds);
    let mut noise = band(rng, 150.0, 9_000.0);
    let mut pass = Svf::new(400.0, 1.2);
    for (i, slot) in out.iter_mut().enumerate() {
        let x = i as f32 / RATE / seconds;
        let near = (std::f32::consts::PI * x).sin();
        pass.tune(250.0 + 2_600.0 * near * near, 1.3);
        *slot = pass.run(noise()).band * near * near * 2.0;
    }
    out
}

/// A blast: the front, the roar, what falls down after.
pub fn explosion(rng: &mut Rng, _: &Ask) -> Vec<f32> {
    let mut out = sheet(3.5);
    let mut noise = band(rng, 30.0, 9_000.0);
    let mut roof = Svf::new(4_000.0, 0.7);
    let mut deep = 0.0;
    for (i, slot) in out.iter_mut().enumerate() {
        let t = i as f32 / RATE;
        roof.tune(120.0 + 5_000.0 * (-t * 5.0).exp(), 0.7);
        let loud = curve(&[(0.0, 0.0), (0.004, 1.0), (0.15, 0.75), (1.0, 0.25), (3.5, 0.0)], t);
        let boom = sine(&mut deep, 32.0 + 40.0 * (-t * 8.0).exp()) * (-t * 3.0).exp();
        *slot = ((roof.run(noise()).low * 2.2 + boom * 0.7) * loud).tanh();
    }
    for _ in 0..12 {
        let (at, level) = (rng.range(0.4, 2.8), rng.range(0.02, 0.1));
        Puff { at, rise: 0.002, fall: 0.02, low: 300.0, high: 3_500.0, level }.add(&mut out, rng);
    }
    out
}
