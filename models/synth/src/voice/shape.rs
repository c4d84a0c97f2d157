//! From espeak-ng's bare output to a line that sits in a film.

use super::{LOUDNESS, VoiceSpec};
use crate::dsp::filter::{Band, Smooth};
use crate::dsp::rng::Rng;
use crate::dsp::room::Room;
use crate::dsp::{RATE, ease, from_db, samples};
use crate::mix::Meter;
use crate::{Frame, Stereo, SynthError};

/// What makes a voice its own.
pub struct Tune {
    /// espeak-ng's pitch, with the formant shift undone in it.
    pub pitch: u32,
    /// Formants move by this factor: a larger or smaller head.
    pub formants: f32,
    chest: f32,
    nose: (f32, f32),
    air: f32,
}

impl Tune {
    /// The timbre of a seed.
    pub fn of(spec: &VoiceSpec) -> Self {
        let mut rng = Rng::of(spec.seed, "timbre");
        let formants = rng.range(0.93, 1.06);
        // The shift raises the pitch as well; a step of espeak-ng's pitch is about 1.1 %.
        let undo = (formants.ln() / 0.011).round() as i32;
        Self {
            pitch: (spec.pitch as i32 - undo + rng.below(5) as i32 - 2).clamp(0, 99) as u32,
            formants,
            chest: rng.range(0.0, 4.0),
            nose: (rng.octaves(900.0, 2_600.0), rng.range(-4.0, 2.0)),
            air: rng.range(-3.0, 1.5),
        }
    }
}

/// `sound` at `rate` hertz, as 48 kHz: a windowed sinc of 32 zero crossings, exact in its delay.
pub fn resample(sound: &[f32], rate: f32) -> Vec<f32> {
    const HALF: i64 = 32;
    let step = f64::from(rate) / f64::from(RATE);
    let count = (sound.len() as f64 / step) as usize;
    let table = Sinc::new(HALF as usize);
    (0..count)
        .map(|i| {
            let at = i as f64 * step;
            let first = at.floor() as i64 - HALF + 1;
            let from = first.max(0);
            let to = (first + 2 * HALF).min(sound.len() as i64);
            (from..to).map(|k| sound[k as usize] * table.at((at - k as f64).abs())).sum()
        })
        .collect()
}

/// A table of the interpolation kernel, read linearly.
struct Sinc(Vec<f32>);

impl Sinc {
    const FINE: usize = 512;

    fn new(half: usize) -> Self {
        let value = |i: usize| {
            let x = i as f64 / Self::FINE as f64;
            if x == 0.0 {
                return 0.96;
            }
            let angle = std::f64::consts::PI * x;
            // A little below the source's own limit, so that the first image is gone.
            let sinc = (angle * 0.96).sin() / angle;
            let window = (std::f64::consts::FRAC_PI_2 * x / half as f64).cos();
            sinc * window * window
        };
        Self((0..=half * Self::FINE + 1).map(|i| value(i) as f32).collect())
    }

    fn at(&self, x: f64) -> f32 {
        let position = x * Self::FINE as f64;
        let index = position as usize;
        match (self.0.get(index), self.0.get(index + 1)) {
            (Some(a), Some(b)) => a + (b - a) * (position - index as f64) as f32,
            _ => 0.0,
        }
    }
}

/// The sound without the silence around it, 20 ms kept on each side and eased.
pub fn trim(sound: &[f32]) -> Vec<f32> {
    let loud = |x: &f32| x.abs() > 0.003;
    let Some(first) = sound.iter().position(loud) else {
        return Vec::new();
    };
    let last = sound.iter().rposition(loud).unwrap_or(first);
    let keep = samples(0.02);
    let mut out = sound[first.saturating_sub(keep)..(last + keep).min(sound.len())].to_vec();
    let length = out.len();
    for i in 0..keep.min(length / 2) {
        let gain = ease(i as f32 / keep as f32);
        out[i] *= gain;
        out[length - 1 - i] *= gain;
    }
    out
}

/// Equaliser, compressor, room, loudness. The room rings out after the last word.
pub fn finish(line: Vec<f32>, tune: &Tune) -> Result<Stereo, SynthError> {
    let mut bands = [
        Band::high_pass(85.0),
        Band::bell(190.0, 0.8, tune.chest),
        Band::bell(tune.nose.0, 1.4, tune.nose.1),
        Band::bell(3_400.0, 0.9, -2.5),
        Band::high_shelf(6_500.0, tune.air - 3.0),
    ];
    let level = (line.iter().map(|x| x * x).sum::<f32>() / line.len() as f32).sqrt().max(1e-6);
    let mut follow = Follow::new();
    let mut room = Room::new(2.2, 0.32, 4_200.0);
    let tail = samples(0.25);
    let mut out: Stereo = line
        .into_iter()
        .chain(std::iter::repeat_n(0.0, tail))
        .map(|x| {
            let x = bands.iter_mut().fold(x / level * 0.1, |x, band| band.run(x));
            let x = x * follow.gain(x);
            let wet = room.run([x, x]);
            wet.map(|w| x + w * 0.16)
        })
        .collect();
    let length = out.len();
    for i in 0..tail / 2 {
        let gain = ease(i as f32 / (tail / 2) as f32);
        out[length - 1 - i] = out[length - 1 - i].map(|x| x * gain);
    }
    normalise(&mut out)?;
    Ok(out)
}

/// A gentle compressor: 2.5 to 1 above -21 dBFS.
struct Follow {
    rise: Smooth,
    fall: Smooth,
}

impl Follow {
    fn new() -> Self {
        Self { rise: Smooth::hertz(60.0), fall: Smooth::hertz(4.0) }
    }

    fn gain(&mut self, x: f32) -> f32 {
        let fast = self.rise.run(x.abs());
        let level = fast.max(self.fall.run(fast));
        let over = level / 0.09;
        if over > 1.0 { over.powf(-0.6) } else { 1.0 }
    }
}

/// Brings a line to [`LOUDNESS`]; peaks above -1 dBFS are rounded off.
fn normalise(out: &mut [Frame]) -> Result<(), SynthError> {
    for _ in 0..3 {
        let mut meter = Meter::new()?;
        meter.feed(out)?;
        let Some(lufs) = meter.finish()?.lufs else {
            return Ok(());
        };
        let gain = from_db((LOUDNESS - lufs) as f32);
        out.iter_mut().for_each(|frame| *frame = frame.map(|x| round_off(x * gain)));
        if (LOUDNESS - lufs).abs() < 0.1 {
            break;
        }
    }
    Ok(())
}

/// Straight up to 0.6, from there towards 0.89 and never beyond.
fn round_off(x: f32) -> f32 {
    const KNEE: f32 = 0.6;
    const TOP: f32 = 0.89;
    let over = x.abs() - KNEE;
    if over <= 0.0 {
        return x;
    }
    x.signum() * (KNEE + (TOP - KNEE) * (over / (TOP - KNEE)).tanh())
}
