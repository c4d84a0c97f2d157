//! Sound as scripts have it: stereo samples in memory for what they make, and what enters read block by block.

use std::sync::{Mutex, PoisonError};

use mlua::prelude::LuaResult;
use mlua::{AnyUserData, Lua, Table, UserData, UserDataFields, UserDataMethods};
use storyreel_synth::Frame;
use storyreel_synth::mix::SoundReader;

use super::frame::running;
use crate::wav::SoundIn;

/// Samples that a script may hold in one sound: ten minutes.
const MOST: i64 = 600 * 48_000;
/// Samples a second.
const RATE: f64 = 48_000.0;

/// A sound in a script's hands: stereo samples at 48 kHz.
pub struct LuaSound {
    /// Left and right, one after the other.
    pub frames: Vec<Frame>,
}

/// A sound that enters: read where it is asked for, silent before it begins and after it ends.
pub struct Entering {
    reader: Mutex<SoundIn>,
    samples: i64,
    /// Where in it the node's time begins.
    start: i64,
}

impl Entering {
    /// The sound of `reader`, in which the node's own time begins at sample `start`.
    pub fn new(reader: SoundIn, start: i64) -> Self {
        let samples = reader.samples();
        Self { reader: Mutex::new(reader), samples, start }
    }

    /// Samples from where the node's time begins.
    pub fn length(&self) -> i64 {
        (self.samples - self.start).max(0)
    }

    fn read(&self, from: i64, count: i64) -> LuaResult<Vec<Frame>> {
        if !(0..=MOST).contains(&count) {
            return Err(mlua::Error::runtime(format!(
                "`read` takes 0 to {MOST} samples at once, not {count}"
            )));
        }
        let mut frames = vec![[0.0_f32; 2]; count as usize];
        let first = from.saturating_add(self.start);
        let (skipped, first) = if first < 0 { (first.saturating_neg(), 0) } else { (0, first) };
        let most = (self.samples - first).clamp(0, (count - skipped).max(0));
        if most > 0 {
            let wanted = &mut frames[skipped as usize..(skipped + most) as usize];
            let mut reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
            reader.read(first, wanted).map_err(|error| mlua::Error::runtime(error.to_string()))?;
        }
        Ok(frames)
    }
}

/// How loud samples are: the root of their mean square, both channels together.
fn level(frames: &[Frame]) -> f64 {
    let sum: f64 = frames.iter().flatten().map(|sample| f64::from(*sample).powi(2)).sum();
    (sum / (2 * frames.len()).max(1) as f64).sqrt()
}

impl UserData for Entering {
    fn add_fields<F: UserDataFields<Self>>(fields: &mut F) {
        fields.add_meta_field("__type", "sound");
        fields.add_field_method_get("samples", |_, this| Ok((this.samples - this.start).max(0)));
        fields
            .add_field_method_get("seconds", |_, this| Ok((this.samples - this.start).max(0) as f64 / RATE));
    }

    fn add_methods<M: UserDataMethods<Self>>(methods: &mut M) {
        methods.add_method("read", |lua, this, (from, count): (i64, i64)| {
            let frames = running(lua)?.meter.apart(|| this.read(from, count))?;
            Ok(LuaSound { frames })
        });
        // How loud it is from one moment to another, in seconds: 0 silent, 1 as loud as can be.
        methods.add_method("level", |lua, this, (from, to): (f64, f64)| {
            let at = |seconds: f64| (seconds.clamp(-1e6, 1e6) * RATE).round() as i64;
            let (from, to) = (at(from), at(to));
            let frames = running(lua)?.meter.apart(|| this.read(from, (to - from).max(1)))?;
            Ok(level(&frames))
        });
        // Moments at which something begins, in seconds: where the level of 10 ms rises well above that before it.
        methods.add_method("onsets", |lua, this, options: Option<Table>| {
            let mut options = super::arguments::Options::of(lua, "onsets", options.as_ref());
            let rise: f64 = options.or("rise", 1.6)?;
            let apart: f64 = options.or("apart", 0.12)?;
            options.end()?;
            running(lua)?.meter.apart(|| this.onsets(rise, apart))
        });
    }
}

impl Entering {
    fn onsets(&self, rise: f64, apart: f64) -> LuaResult<Vec<f64>> {
        const STEP: i64 = 480;
        let total = (self.samples - self.start).clamp(0, MOST);
        let mut found = Vec::new();
        let mut before = 0.0_f64;
        let mut last = f64::NEG_INFINITY;
        let mut at = 0;
        while at < total {
            let now = level(&self.read(at, STEP.min(total - at))?);
            let seconds = at as f64 / RATE;
            if now > 0.01 && now > before * rise && seconds - last >= apart {
                found.push(seconds);
                last = seconds;
            }
            before = before * 0.8 + now * 0.2;
            at += STEP;
        }
        Ok(found)
    }
}

impl UserData for LuaSound {
    fn add_fields<F: UserDataFields<Self>>(fields: &mut F) {
        fields.add_meta_field("__type", "sound");
        fields.add_field_method_get("samples", |_, this| Ok(this.frames.len()));
        fields.add_field_method_get("seconds", |_, this| Ok(this.frames.len() as f64 / RATE));
    }

    fn add_methods<M: UserDataMethods<Self>>(methods: &mut M) {
        methods.add_method("level", |_, this, ()| Ok(level(&this.frames)));
        super::filter::sounds(methods);
        methods.add_function("gain", |_, (this, decibels): (AnyUserData, f32)| {
            each(
                &this,
                |sample, factor: f32| sample * factor,
                10.0_f32.powf(decibels.clamp(-200.0, 60.0) / 20.0),
            )
        });
        // A soft limit: louder is bent, never cut.
        methods.add_function("saturate", |_, (this, drive): (AnyUserData, f32)| {
            let drive = drive.clamp(0.01, 100.0);
            each(&this, |sample, drive: f32| libm::tanhf(sample * drive) / libm::tanhf(drive), drive)
        });
        methods.add_function("fade", |_, (this, from, to): (AnyUserData, f32, f32)| {
            {
                let mut sound = this.borrow_mut::<LuaSound>()?;
                let last = sound.frames.len().max(2) - 1;
                for (at, frame) in sound.frames.iter_mut().enumerate() {
                    let gain = from + (to - from) * at as f32 / last as f32;
                    frame.iter_mut().for_each(|sample| *sample *= gain);
                }
            }
            Ok(this)
        });
        methods.add_function("pan", |_, (this, to): (AnyUserData, f32)| {
            {
                let mut sound = this.borrow_mut::<LuaSound>()?;
                let angle = (to.clamp(-1.0, 1.0) + 1.0) * std::f32::consts::FRAC_PI_4;
                let (right, left) = libm::sincosf(angle);
                let root = std::f32::consts::SQRT_2;
                sound.frames.iter_mut().for_each(|[l, r]| (*l, *r) = (*l * left * root, *r * right * root));
            }
            Ok(this)
        });
        methods.add_function("mix", |_, (this, other, gain): (AnyUserData, AnyUserData, Option<f32>)| {
            {
                let other: Vec<Frame> = other.borrow::<LuaSound>()?.frames.clone();
                let mut sound = this.borrow_mut::<LuaSound>()?;
                let gain = gain.unwrap_or(1.0);
                for (to, from) in sound.frames.iter_mut().zip(&other) {
                    to.iter_mut().zip(from).for_each(|(to, from)| *to += from * gain);
                }
            }
            Ok(this)
        });
        // One sample, from 0: left and right.
        methods.add_method("at", |_, this, at: usize| {
            let frame = this.frames.get(at).copied().unwrap_or_default();
            Ok((frame[0], frame[1]))
        });
        // A low or high pass or a band, over the node's own time: state runs on from one second of lead-in.
        for (name, shape) in [("low_pass", Pass::Low), ("high_pass", Pass::High), ("band_pass", Pass::Band)] {
            methods.add_function(name, move |_, (this, hertz, q): (AnyUserData, f64, Option<f64>)| {
                {
                    let mut sound = this.borrow_mut::<LuaSound>()?;
                    filter(&mut sound.frames, shape, hertz, q.unwrap_or(0.707))?;
                }
                Ok(this)
            });
        }
        methods.add_function("crop", |_, (this, from, count): (AnyUserData, usize, usize)| {
            let sound = this.borrow::<LuaSound>()?;
            let end = from.saturating_add(count).min(sound.frames.len());
            Ok(LuaSound { frames: sound.frames.get(from..end).unwrap_or_default().to_vec() })
        });
    }
}

fn each(this: &AnyUserData, change: impl Fn(f32, f32) -> f32, value: f32) -> LuaResult<AnyUserData> {
    let mut sound = this.borrow_mut::<LuaSound>()?;
    sound.frames.iter_mut().flatten().for_each(|sample| *sample = change(*sample, value));
    drop(sound);
    Ok(this.clone())
}

#[derive(Clone, Copy)]
enum Pass {
    Low,
    High,
    Band,
}

/// A second-order filter after the Audio EQ Cookbook (R. Bristow-Johnson).
fn filter(frames: &mut [Frame], shape: Pass, hertz: f64, q: f64) -> LuaResult<()> {
    if !(1.0..=23_000.0).contains(&hertz) || !(0.05..=100.0).contains(&q) {
        return Err(mlua::Error::runtime("a filter takes 1 to 23000 Hz and a q of 0.05 to 100"));
    }
    let (sin, cos) = libm::sincos(std::f64::consts::TAU * hertz / RATE);
    let alpha = sin / (2.0 * q);
    let (b0, b1, b2) = match shape {
        Pass::Low => ((1.0 - cos) / 2.0, 1.0 - cos, (1.0 - cos) / 2.0),
        Pass::High => ((1.0 + cos) / 2.0, -(1.0 + cos), (1.0 + cos) / 2.0),
        Pass::Band => (alpha, 0.0, -alpha),
    };
    let (a0, a1, a2) = (1.0 + alpha, -2.0 * cos, 1.0 - alpha);
    let mut state = [[0.0_f64; 2]; 2];
    for frame in frames {
        for (sample, [z1, z2]) in frame.iter_mut().zip(&mut state) {
            let x = f64::from(*sample);
            let y = b0 / a0 * x + *z1;
            *z1 = b1 / a0 * x - a1 / a0 * y + *z2;
            *z2 = b2 / a0 * x - a2 / a0 * y;
            *sample = y as f32;
        }
    }
    Ok(())
}

/// Gives scripts `sound(samples)`: silence to be filled.
pub fn give(lua: &Lua) -> LuaResult<()> {
    lua.globals().set(
        "silence",
        lua.create_function(|_, samples: i64| {
            if !(0..=MOST).contains(&samples) {
                return Err(mlua::Error::runtime(format!("a sound has 0 to {MOST} samples, not {samples}")));
            }
            Ok(LuaSound { frames: vec![[0.0; 2]; samples as usize] })
        })?,
    )
}
