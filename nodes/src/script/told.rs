//! What a script's `run` is told of its node: parameters, time, what enters.

use std::sync::{Mutex, PoisonError};

use mlua::prelude::LuaResult;
use mlua::{Lua, Table, UserData, UserDataFields, UserDataMethods, Value};
use serde_json::{Map, Value as Json, json};
use storyreel_engine::kinds::PortType;
use storyreel_engine::kinds::generate::Material;
use storyreel_engine::kinds::script as params;
use storyreel_engine::run::protocol::Failure;
use storyreel_engine::scripts::ParamType;
use storyreel_engine::units::Digest;
use storyreel_lua::node::Declared;
use storyreel_lua::sandbox::Sandbox;
use storyreel_media::{Picture, PictureSource};
use storyreel_pixels::picture::{PictureRef, from_picture};

use super::frame::{LuaFrame, LuaLut, apart, running};
use super::sound::Entering;
use crate::inputs::Inputs;
use crate::material;
use crate::node::Work;
use crate::wav::SoundIn;

/// Bytes of a text file that a script may read.
const MAX_TEXT: u64 = 64 << 20;

/// A clip that enters.
struct LuaClip {
    clip: Mutex<Box<dyn PictureSource>>,
    size: (u32, u32),
    frames: Option<u64>,
}

impl UserData for LuaClip {
    fn add_fields<F: UserDataFields<Self>>(fields: &mut F) {
        fields.add_meta_field("__type", "clip");
        fields.add_field_method_get("width", |_, this| Ok(this.size.0));
        fields.add_field_method_get("height", |_, this| Ok(this.size.1));
        fields.add_field_method_get("frames", |_, this| Ok(this.frames));
    }

    fn add_methods<M: UserDataMethods<Self>>(methods: &mut M) {
        // The picture of that number; before the first the first, after the last the last.
        methods.add_method("picture", |lua, this, number: f64| {
            let last = this.frames.map_or(u64::MAX, |frames| frames.saturating_sub(1));
            let at = (number.max(0.0).floor() as u64).min(last);
            let running = running(lua)?;
            let mut picture = Picture::default();
            running
                .meter
                .apart(|| this.clip.lock().unwrap_or_else(PoisonError::into_inner).picture(at, &mut picture))
                .map_err(|error| mlua::Error::runtime(error.to_string()))?;
            let seen = PictureRef {
                width: picture.width as usize,
                height: picture.height as usize,
                y: &picture.y,
                cb: &picture.cb,
                cr: &picture.cr,
            };
            apart(lua, || from_picture(seen, &running.budget)).map(LuaFrame)
        });
    }
}

/// A file that a parameter names.
struct LuaFile {
    name: String,
    bytes: Vec<u8>,
}

impl UserData for LuaFile {
    fn add_fields<F: UserDataFields<Self>>(fields: &mut F) {
        fields.add_meta_field("__type", "file");
        fields.add_field_method_get("name", |_, this| Ok(this.name.clone()));
    }

    fn add_methods<M: UserDataMethods<Self>>(methods: &mut M) {
        methods.add_method("text", |lua, this, ()| lua.create_string(&this.bytes));
        methods.add_method("cube", |lua, this, ()| {
            let text = String::from_utf8_lossy(&this.bytes);
            let table = apart(lua, || storyreel_pixels::cube::parse(&text))?;
            Ok(LuaLut(std::sync::Arc::new(table)))
        });
        methods.add_method("frame", |lua, this, ()| {
            let budget = running(lua)?.budget.clone();
            let name = std::path::Path::new(&this.name);
            let image = storyreel_media::still::decode_image(this.bytes.clone(), name)
                .map_err(|error| mlua::Error::runtime(error.to_string()))?
                .into_rgba8();
            let (width, height) = (image.width() as usize, image.height() as usize);
            apart(lua, || frame_of(image.as_raw(), (width, height), &budget)).map(LuaFrame)
        });
    }
}

/// A frame of bytes: red, green, blue, opacity of each pixel.
fn frame_of(
    bytes: &[u8],
    (width, height): (usize, usize),
    budget: &storyreel_pixels::Budget,
) -> storyreel_pixels::Result<storyreel_pixels::Frame> {
    storyreel_pixels::Frame::from_rgba8(bytes, width, height, budget)
}

/// The node as its script sees it, and the samples of the sound it works on.
pub fn node(
    sandbox: &Sandbox,
    work: &Work<'_>,
    params: &params::Script,
    declared: &Declared,
    inputs: Inputs,
) -> Result<(Table, i64), Failure> {
    let lua = sandbox.lua();
    let broken = |error: mlua::Error| Failure::permanent(format!("{}: {error}", work.node.label));
    let node = lua.create_table().map_err(broken)?;
    let samples = enter(lua, work, params, declared, (&node, inputs))?;
    time(&node, params, samples).map_err(broken)?;
    let values = lua.create_table().map_err(broken)?;
    for param in &declared.params {
        let Some(value) = params.values.get(&param.name) else { continue };
        let value = match (&param.ty, value) {
            (ParamType::File, value) => {
                Value::UserData(lua.create_userdata(file(work, value)?).map_err(broken)?)
            }
            (ParamType::Time, value) => Value::Number(value.as_f64().unwrap_or_default() / rate(params)),
            (_, value) => lua_of(lua, value).map_err(broken)?,
        };
        values.raw_set(param.name.as_str(), value).map_err(broken)?;
    }
    node.raw_set("params", values).map_err(broken)?;
    Ok((node, samples))
}

fn rate(params: &params::Script) -> f64 {
    params.clip.map_or(24.0, |clip| f64::from(clip.rate.num) / f64::from(clip.rate.den))
}

fn time(node: &Table, params: &params::Script, samples: i64) -> LuaResult<()> {
    node.raw_set("seed", (params.seed & 0xffff_ffff) as f64)?;
    node.raw_set("samples", samples)?;
    if let Some(clip) = params.clip {
        node.raw_set("width", clip.size.width)?;
        node.raw_set("height", clip.size.height)?;
        node.raw_set("fps", rate(params))?;
        node.raw_set("frames", clip.frames.0)?;
        node.raw_set("seconds", clip.frames.0 as f64 / rate(params))?;
    } else {
        node.raw_set("seconds", samples as f64 / 48_000.0)?;
    }
    Ok(())
}

/// Puts what enters under its port's name, alone or as a list; answers the samples of the first sound.
fn enter(
    lua: &Lua,
    work: &Work<'_>,
    params: &params::Script,
    declared: &Declared,
    (node, mut inputs): (&Table, Inputs),
) -> Result<i64, Failure> {
    let broken = |error: mlua::Error| Failure::permanent(format!("{}: {error}", work.node.label));
    let mut samples = 0;
    for input in &declared.inputs {
        let mut found: Vec<Value> = Vec::new();
        if input.ty == PortType::Clip {
            for clip in inputs.clips(&input.name)? {
                let spec = clip.spec();
                let (size, frames) = (spec.size, spec.frames);
                let clip = LuaClip { clip: Mutex::new(clip), size, frames };
                found.push(Value::UserData(lua.create_userdata(clip).map_err(broken)?));
            }
        } else {
            let blobs = inputs.blobs(&input.name)?;
            for path in work.open_blobs(&blobs)? {
                let value = match input.ty {
                    PortType::Sound => {
                        let reader = SoundIn::open(&path)?;
                        let start = params.starts.get(&input.name).map_or(0, |start| start.0);
                        let sound = Entering::new(reader, start);
                        if samples == 0 {
                            samples = sound.length();
                        }
                        Value::UserData(lua.create_userdata(sound).map_err(broken)?)
                    }
                    ty => stored(lua, &path, ty).map_err(broken)?,
                };
                found.push(value);
            }
        }
        let value = if input.many {
            Value::Table(lua.create_sequence_from(found).map_err(broken)?)
        } else {
            found.into_iter().next().unwrap_or(Value::Nil)
        };
        node.raw_set(input.name.as_str(), value).map_err(broken)?;
    }
    Ok(samples)
}

/// A still as a frame; JSON as a table; anything else as text.
fn stored(lua: &Lua, path: &std::path::Path, ty: PortType) -> LuaResult<Value> {
    let bytes = std::fs::read(path).map_err(|error| mlua::Error::runtime(error.to_string()))?;
    if ty == PortType::Still {
        let file = LuaFile { name: "picture".into(), bytes };
        return Ok(Value::UserData(lua.create_userdata(file)?));
    }
    match serde_json::from_slice::<Json>(&bytes) {
        Ok(json) => lua_of(lua, &json),
        Err(_) => Ok(Value::String(lua.create_string(&bytes)?)),
    }
}

fn file(work: &Work<'_>, value: &Json) -> Result<LuaFile, Failure> {
    let digest: Digest = serde_json::from_value(value.clone())
        .map_err(|_| Failure::permanent("a file among the parameters is not named by its digest"))?;
    let path = material::file(&work.node.files, Material(digest))?;
    let unreadable =
        |error: std::io::Error| Failure::permanent(format!("`{}` cannot be read: {error}", path.display()));
    let bytes = std::fs::metadata(path).map_err(unreadable)?.len();
    if bytes > MAX_TEXT {
        return Err(Failure::permanent(format!(
            "`{}` has {bytes} bytes; a node reads at most {MAX_TEXT}",
            path.display()
        )));
    }
    let bytes = std::fs::read(path).map_err(unreadable)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(LuaFile { name, bytes })
}

/// JSON as Lua has it.
pub fn lua_of(lua: &Lua, value: &Json) -> LuaResult<Value> {
    storyreel_lua::node::lua_of(lua, value)
}

/// Lua's plain values as JSON: lists, tables of names, texts, numbers.
pub fn json_of(value: &Value, depth: usize) -> LuaResult<Json> {
    let deep = || mlua::Error::runtime("tables stand more than 32 deep in each other");
    Ok(match value {
        _ if depth > 32 => return Err(deep()),
        Value::Boolean(value) => json!(value),
        Value::Integer(number) => json!(number),
        Value::Number(number) if number.is_finite() => json!(number),
        Value::String(text) => json!(text.to_str()?.to_owned()),
        Value::Table(table) if table.raw_len() > 0 => {
            let items = table.sequence_values::<Value>().map(|item| json_of(&item?, depth + 1));
            Json::Array(items.collect::<LuaResult<_>>()?)
        }
        Value::Table(table) => {
            let mut map = Map::new();
            for pair in table.pairs::<String, Value>() {
                let (key, value) = pair?;
                map.insert(key, json_of(&value, depth + 1)?);
            }
            Json::Object(map)
        }
        other => return Err(mlua::Error::runtime(format!("data cannot hold a {}", other.type_name()))),
    })
}
