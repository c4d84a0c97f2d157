//! Nodes that scripts declare: their `run` works on media here.
//!
//! What always holds: a script sees its own parameters, what enters it and nothing else; a picture is a function of
//! its number alone, since the jobs of a shot ask for pictures in any order; a failure names the script's line.

mod arguments;
mod filter;
mod frame;
mod load;
mod painting;
mod sound;
mod told;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64};

use image::{ImageBuffer, ImageFormat, Rgba};
use mlua::{Function, Value};
use storyreel_engine::kinds::script as params;
use storyreel_engine::run::protocol::{Blob, Failure};
use storyreel_lua::sandbox::{Failed, Meter};
use storyreel_media::{ClipSpec, MediaError, Picture, PictureSource};
use storyreel_pixels::Budget;
use storyreel_pixels::picture::{PictureMut, to_picture};

use self::frame::LuaFrame;
use self::load::Script;
use self::sound::LuaSound;
use crate::inputs::Inputs;
use crate::node::Work;
use crate::wav::SoundOut;

/// Pictures of the node's size that one script may hold at once.
const HELD: usize = 40;
/// Bytes that it may hold however small they are.
const LEAST: usize = 192 << 20;
/// Samples that a script makes at once: a second.
const BLOCK: i64 = 48_000;

/// What a running script's bindings find: their purse, their account, their moment.
pub(crate) struct Running {
    pub meter: Arc<Meter>,
    pub budget: Budget,
    pub seed: u64,
    pub rate: f64,
    /// The picture that is being made.
    pub picture: AtomicU64,
    /// Samples of the sound that it works on.
    pub samples: AtomicI64,
}

impl Running {
    fn of(params: &params::Script, meter: Arc<Meter>) -> Self {
        let (pixels, rate) = params.clip.map_or((0, 24.0), |clip| {
            let pixels = clip.size.width as usize * clip.size.height as usize;
            (pixels, f64::from(clip.rate.num) / f64::from(clip.rate.den))
        });
        let budget = Budget::new((pixels * 12 * HELD).max(LEAST));
        Self { meter, budget, seed: params.seed, rate, picture: 0.into(), samples: 0.into() }
    }
}

/// Opens a script's clip.
///
/// # Errors
/// The script fails, or gives no pictures.
pub fn open(work: &Work<'_>, inputs: Inputs) -> Result<Box<dyn PictureSource>, Failure> {
    let params: params::Script = work.params()?;
    let clip =
        params.clip.ok_or_else(|| Failure::permanent("this node gives a clip, and its plan tells none"))?;
    let script = Script::load(work, &params)?;
    let given = script.run(work, &params, inputs)?;
    let picture = match given.first() {
        Some(Value::Function(picture)) => picture.clone(),
        other => {
            let found = other.map_or("nothing", Value::type_name);
            let problem = format!(
                "`run` of a node that gives a clip returns a function of the picture's number, not {found}"
            );
            return Err(script.failure(&Failed::plain(problem)));
        }
    };
    let spec = ClipSpec {
        size: (clip.size.width, clip.size.height),
        rate: (clip.rate.num, clip.rate.den),
        frames: Some(clip.frames.0.max(0) as u64),
    };
    Ok(Box::new(Scripted { spec, script, picture }))
}

/// Makes what a script stores.
///
/// # Errors
/// The script fails, or gives something else than it declares.
pub fn run(work: &Work<'_>, inputs: Inputs) -> Result<BTreeMap<String, Blob>, Failure> {
    let params: params::Script = work.params()?;
    let script = Script::load(work, &params)?;
    let given = script.run(work, &params, inputs)?;
    let outputs = script.outputs();
    let mut blobs = BTreeMap::new();
    for (at, (name, ty)) in outputs.iter().enumerate() {
        let value = match (given.as_slice(), outputs.len()) {
            ([Value::Table(all), ..], count) if count > 1 => all.raw_get(name.as_str()).unwrap_or(Value::Nil),
            (values, _) => values.get(at).cloned().unwrap_or(Value::Nil),
        };
        let length = given.get(at + 1).and_then(Value::as_i64);
        let blob = store(work, &script, name, (*ty, value), length)?;
        blobs.insert(name.clone(), blob);
    }
    Ok(blobs)
}

fn store(
    work: &Work<'_>,
    script: &Script,
    name: &str,
    (ty, value): (storyreel_engine::kinds::PortType, Value),
    length: Option<i64>,
) -> Result<Blob, Failure> {
    use storyreel_engine::kinds::PortType::{Data, Sound, Still};
    let wrong = |value: &Value, expected: &str| {
        script.failure(&Failed::plain(format!("`{name}` is {expected}, not a {}", value.type_name())))
    };
    match (ty, value) {
        (Sound, Value::Function(block)) => {
            let length = length.unwrap_or_else(|| script.samples());
            stored_sound(work, script, &block, length)
        }
        (Sound, Value::UserData(data)) if data.is::<LuaSound>() => {
            let sound = data.borrow::<LuaSound>().map_err(|_| wrong(&Value::Nil, "a sound"))?;
            let mut out = SoundOut::new(work, None)?;
            let mut sink =
                work.sink(storyreel_engine::units::Samples(sound.frames.len() as i64), "sound", &mut out);
            for block in sound.frames.chunks(BLOCK as usize) {
                use crate::failure::OrFailure;
                sink(block).or_failure()?;
            }
            drop(sink);
            out.finish(work)
        }
        (Sound, other) => Err(wrong(&other, "a sound, or a function that makes blocks of it")),
        (Still, Value::UserData(data)) if data.is::<LuaFrame>() => {
            let frame = data.borrow::<LuaFrame>().map_err(|_| wrong(&Value::Nil, "a frame"))?;
            Ok(work.context.cache.write(&png(&frame.0)?)?)
        }
        (Still, other) => Err(wrong(&other, "a frame")),
        (Data, Value::String(text)) => Ok(work.context.cache.write(&text.as_bytes())?),
        (Data, value @ (Value::Table(_) | Value::Number(_) | Value::Integer(_) | Value::Boolean(_))) => {
            let json = told::json_of(&value, 0)
                .map_err(|error| script.failure(&Failed::plain(error.to_string())))?;
            Ok(work.context.cache.write(json.to_string().as_bytes())?)
        }
        (_, other) => Err(wrong(&other, "text or a table")),
    }
}

fn stored_sound(work: &Work<'_>, script: &Script, block: &Function, length: i64) -> Result<Blob, Failure> {
    use crate::failure::OrFailure;
    let mut out = SoundOut::new(work, None)?;
    let mut sink = work.sink(storyreel_engine::units::Samples(length), "sound", &mut out);
    let mut at = 0;
    while at < length {
        let count = BLOCK.min(length - at);
        let given = script.call(block, (at, count))?;
        let made = match given.first() {
            Some(Value::UserData(data)) if data.is::<LuaSound>() => {
                data.borrow::<LuaSound>().ok().map(|sound| sound.frames.clone())
            }
            _ => None,
        };
        let made = made.filter(|made| made.len() as i64 == count).ok_or_else(|| {
            script.failure(&Failed::plain(format!(
                "the function returns a sound of the {count} samples asked for"
            )))
        })?;
        sink(&made).or_failure()?;
        at += count;
    }
    drop(sink);
    out.finish(work)
}

/// A frame as PNG, 16 bits a channel.
fn png(frame: &storyreel_pixels::Frame) -> Result<Vec<u8>, Failure> {
    let (width, height) = frame.size();
    let [red, green, blue] = frame.channels();
    let sample = |value: f32| (value.clamp(0.0, 1.0) * 65_535.0 + 0.5) as u16;
    let image: ImageBuffer<Rgba<u16>, Vec<u16>> =
        ImageBuffer::from_fn(width as u32, height as u32, |x, y| {
            let at = y as usize * width + x as usize;
            let alpha = frame.alpha().map_or(1.0, |alpha| alpha[at]);
            Rgba([sample(red[at]), sample(green[at]), sample(blue[at]), sample(alpha)])
        });
    let mut bytes = std::io::Cursor::new(Vec::new());
    image
        .write_to(&mut bytes, ImageFormat::Png)
        .map_err(|error| Failure::permanent(format!("the picture cannot be written: {error}")))?;
    Ok(bytes.into_inner())
}

/// A clip that a script makes.
struct Scripted {
    spec: ClipSpec,
    script: Script,
    picture: Function,
}

impl PictureSource for Scripted {
    fn spec(&self) -> &ClipSpec {
        &self.spec
    }

    fn picture(&mut self, index: u64, out: &mut Picture) -> Result<(), MediaError> {
        let failed = |failure: Failure| MediaError::Parameter(failure.message);
        self.script.at(index);
        let given = self.script.call(&self.picture, index).map_err(failed)?;
        let made = match given.first() {
            Some(Value::UserData(data)) if data.is::<LuaFrame>() => data.borrow::<LuaFrame>().ok(),
            _ => None,
        };
        let made = made.ok_or_else(|| {
            failed(self.script.failure(&Failed::plain("the function of a picture's number returns a frame")))
        })?;
        let (width, height) = (self.spec.size.0 as usize, self.spec.size.1 as usize);
        if made.0.size() != (width, height) {
            let (across, down) = made.0.size();
            let problem =
                format!("the frame is {across}x{down}, and the clip {width}x{height}: `resize` or `crop` it");
            return Err(failed(self.script.failure(&Failed::plain(problem))));
        }
        out.reshape(self.spec.size.0, self.spec.size.1);
        let picture = PictureMut { width, height, y: &mut out.y, cb: &mut out.cb, cr: &mut out.cr };
        to_picture(&made.0, picture).map_err(|error| MediaError::Parameter(error.to_string()))?;
        drop((made, given));
        self.script.sweep();
        Ok(())
    }
}
