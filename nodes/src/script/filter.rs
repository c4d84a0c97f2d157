//! FFmpeg's filters in scripts: `frame:filter("eq=contrast=1.2")`, `sound:filter("highpass=f=300")`. Which filters and
//! options there are is [`storyreel_media::filter`]'s to allow.

use std::collections::BTreeMap;
use std::sync::Arc;

use mlua::prelude::LuaResult;
use mlua::{AnyUserData, Lua, UserDataMethods};
use storyreel_media::Picture;
use storyreel_media::filter::{Filtering, SoundFiltering};
use storyreel_pixels::Frame;
use storyreel_pixels::picture::{PictureMut, PictureRef, from_picture, to_picture};

use super::Running;
use super::frame::{LuaFrame, apart, running};
use super::sound::LuaSound;

/// Chains that a script has at work, by their line and the size of what goes in.
type Chains = BTreeMap<(String, u32, u32), Filtering>;

/// Chains that are kept.
const KEPT: usize = 16;

/// Adds `filter` to frames.
pub fn frames<M: UserDataMethods<LuaFrame>>(methods: &mut M) {
    methods.add_method("filter", |lua, this, line: String| filtered(lua, &this.0, &line).map(LuaFrame));
}

/// Adds `filter` to sounds.
pub fn sounds<M: UserDataMethods<LuaSound>>(methods: &mut M) {
    methods.add_function("filter", |lua, (this, line): (AnyUserData, String)| {
        let sound = this.borrow::<LuaSound>()?;
        let run = || {
            let mut filtering = SoundFiltering::new(&line)?;
            let mut made = filtering.push(sound.frames.as_flattened())?;
            made.extend(filtering.finish()?);
            Ok::<_, storyreel_media::MediaError>(made)
        };
        let made = running(lua)?.meter.apart(run).map_err(|error| mlua::Error::runtime(error.to_string()))?;
        Ok(LuaSound { frames: made.chunks_exact(2).map(|pair| [pair[0], pair[1]]).collect() })
    });
}

fn filtered(lua: &Lua, frame: &Frame, line: &str) -> LuaResult<Frame> {
    let running = running(lua)?;
    let (width, height) = (frame.width() as u32, frame.height() as u32);
    let key = (line.to_owned(), width, height);
    let mut chains = lua.remove_app_data::<Chains>().unwrap_or_default();
    let chain = match chains.remove(&key) {
        Some(chain) => Ok(chain),
        None => begun(line, (width, height), &running),
    };
    let made = chain.and_then(|mut chain| {
        let mut out = Picture::default();
        running.meter.apart(|| through(&mut chain, frame, &mut out))?;
        if chains.len() >= KEPT {
            chains.clear();
        }
        chains.insert(key, chain);
        Ok(out)
    });
    lua.set_app_data(chains);
    let out = made?;
    let seen = PictureRef {
        width: out.width as usize,
        height: out.height as usize,
        y: &out.y,
        cb: &out.cb,
        cr: &out.cr,
    };
    apart(lua, || from_picture(seen, &running.budget))
}

fn begun(line: &str, size: (u32, u32), running: &Arc<Running>) -> LuaResult<Filtering> {
    let rate = ((running.rate * 1000.0).round().max(1.0) as u32, 1000);
    let chain = running.meter.apart(|| Filtering::new(line, size, rate));
    let chain = chain.map_err(|error| mlua::Error::runtime(error.to_string()))?;
    if chain.looks_around() {
        let problem = "these filters look at pictures before or after, and a node's picture is made from its number alone";
        return Err(mlua::Error::runtime(problem));
    }
    Ok(chain)
}

fn through(chain: &mut Filtering, frame: &Frame, out: &mut Picture) -> LuaResult<()> {
    let told = |error: &dyn std::fmt::Display| mlua::Error::runtime(error.to_string());
    let mut picture = Picture::new(frame.width() as u32, frame.height() as u32);
    let (width, height) = frame.size();
    let planes = PictureMut { width, height, y: &mut picture.y, cb: &mut picture.cb, cr: &mut picture.cr };
    to_picture(frame, planes).map_err(|error| told(&error))?;
    chain.send(&picture).map_err(|error| told(&error))?;
    match chain.receive(out).map_err(|error| told(&error))? {
        true => Ok(()),
        false => Err(mlua::Error::runtime("these filters give no picture for the one that went in")),
    }
}
