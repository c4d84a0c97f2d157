//! Layers to sound: events are placed, distance filters, one space rings around them all.

use super::Length;
use super::bed::{self, Level};
use super::table::{Make, Rhythm};
use super::tools::Ask;
use super::words::{Layer, Scene};
use crate::dsp::filter::{Band, Smooth};
use crate::dsp::rng::Rng;
use crate::dsp::room::Room;
use crate::dsp::{RATE, ease, from_db, samples};
use crate::{Frame, Sink, SynthError};

const BLOCK: usize = 1024;

/// Below this, in hertz, noise is a rumble that few speakers play and that takes loudness from all else.
const LOWEST: f32 = 45.0;

/// Renders a scene.
pub fn render(scene: &Scene, length: Length, seed: u64, sink: Sink) -> Result<(), SynthError> {
    let Length { samples: length, tail } = length;
    let cut = length - tail;
    let mut voices: Vec<Voice> =
        scene.layers.iter().enumerate().map(|(k, layer)| Voice::new(layer, seed, k, scene.indoors)).collect();
    let mut room = if scene.indoors { Room::new(3.5, 0.55, 4_200.0) } else { Room::new(14.0, 1.6, 2_200.0) };
    let mut audible = [Band::high_pass(LOWEST); 2];
    let (mut block, mut at) = (Vec::with_capacity(BLOCK), 0i64);
    while at < length {
        block.clear();
        for i in at..(at + BLOCK as i64).min(length) {
            let (mut out, mut send) = ([0.0f32; 2], [0.0f32; 2]);
            let even = bed::fade(i, cut);
            for voice in &mut voices {
                let x = voice.run(even);
                for c in 0..2 {
                    out[c] += x[c];
                    send[c] += x[c] * voice.send;
                }
            }
            let wet = room.run(send);
            let edge = edge(i, length);
            block.push(std::array::from_fn(|c| round_off(audible[c].run(out[c] + wet[c]) * edge)));
        }
        sink(&block)?;
        at += block.len() as i64;
    }
    Ok(())
}

/// Ten milliseconds at both ends, so that no layer starts or stops with a click.
fn edge(at: i64, length: i64) -> f32 {
    let near = at.min(length - 1 - at) as f32;
    ease(near / samples(0.01) as f32)
}

/// Straight up to 0.7, towards 0.97 beyond.
fn round_off(x: f32) -> f32 {
    let over = x.abs() - 0.7;
    if over <= 0.0 { x } else { x.signum() * (0.7 + 0.27 * (over / 0.27).tanh()) }
}

/// One layer, sounding.
struct Voice {
    source: Source,
    gain: f32,
    send: f32,
    far: Option<[[Smooth; 2]; 2]>,
}

enum Source {
    Bed(Level),
    Events(Events),
}

impl Voice {
    fn new(layer: &Layer, seed: u64, index: usize, indoors: bool) -> Self {
        let mut rng = Rng::of(seed.wrapping_add(index as u64), layer.effect.name);
        let far = layer.ask.distance.clamp(0.0, 1.0);
        let (source, level) = match layer.effect.make {
            Make::Bed(make, trim) => (Source::Bed(Level::new(make(&mut rng, &layer.ask), trim)), trim),
            Make::Events(make, peak, rhythm) => {
                (Source::Events(Events::new(rng, layer.ask, make, rhythm, layer.pace)), peak)
            }
        };
        // Air and obstacles take treble long before they take all loudness.
        let corner = 16_000.0 * (1_100.0f32 / 16_000.0).powf(far);
        Self {
            source,
            gain: from_db(level + layer.gain_db - 12.0 * far),
            send: if indoors { 0.1 + 0.25 * far } else { 0.02 + 0.3 * far * far },
            far: (far > 0.02).then(|| [[Smooth::hertz(corner); 2]; 2]),
        }
    }

    /// The next frame; what goes on is heard by `even` of it.
    fn run(&mut self, even: f32) -> Frame {
        let mut x = match &mut self.source {
            Source::Bed(bed) => bed.run().map(|x| x * even),
            Source::Events(events) => events.run(),
        };
        if let Some(filters) = &mut self.far {
            for (x, [a, b]) in x.iter_mut().zip(filters) {
                *x = b.run(a.run(*x));
            }
        }
        x.map(|x| x * self.gain)
    }
}

/// Something that happens again and again, never twice the same.
struct Events {
    rng: Rng,
    ask: Ask,
    make: fn(&mut Rng, &Ask) -> Vec<f32>,
    rhythm: Rhythm,
    every: f32,
    until: f32,
    over: bool,
    sounding: Vec<Event>,
}

struct Event {
    sound: Vec<f32>,
    at: usize,
    sides: Frame,
}

impl Events {
    fn new(mut rng: Rng, ask: Ask, make: fn(&mut Rng, &Ask) -> Vec<f32>, rhythm: Rhythm, pace: f32) -> Self {
        let every = rhythm.every / pace;
        // The first comes early: a shot of four seconds shall have its gull.
        let until = rng.range(0.1, 0.7f32.min(every * 0.5 + 0.11)) * RATE;
        Self { rng, ask, make, rhythm, every, until, over: false, sounding: Vec::new() }
    }

    fn run(&mut self) -> Frame {
        self.until -= 1.0;
        if self.until <= 0.0 && !self.over {
            self.start();
        }
        let mut out = [0.0; 2];
        for event in &mut self.sounding {
            let x = event.sound[event.at];
            event.at += 1;
            out = [out[0] + x * event.sides[0], out[1] + x * event.sides[1]];
        }
        self.sounding.retain(|event| event.at < event.sound.len());
        out
    }

    fn start(&mut self) {
        self.over = self.ask.once;
        let wait = if self.rhythm.steady {
            self.every * self.rng.range(0.97, 1.03)
        } else {
            0.3 * self.every + self.rng.wait(0.7 * self.every).min(2.5 * self.every)
        };
        let mut own = self.rng.fork();
        let sound = (self.make)(&mut own, &self.ask);
        // One owl does not answer itself; a flock, all over the sky, may.
        let alone = !self.rhythm.steady && self.rhythm.spread < 0.7;
        let busy = if alone { sound.len() as f32 } else { 0.0 };
        self.until = (wait * RATE).max(busy);
        let peak = sound.iter().fold(1e-6f32, |peak, x| peak.max(x.abs()));
        // By the clock they are nearly alike; at random some are further off.
        let less = if self.rhythm.steady { own.range(-2.0, 0.0) } else { own.range(-5.0, 0.0) };
        let pan = own.range(-1.0, 1.0) * self.rhythm.spread;
        let gain = from_db(less) / peak;
        let sides = [(1.0 - pan).min(1.0) * gain, (1.0 + pan).min(1.0) * gain];
        self.sounding.push(Event { sound, at: 0, sides });
    }
}
