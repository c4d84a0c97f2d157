//! The host's side of the library that scripts find, and the list of what of the interpreter's own they find.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};

use memchr::memmem;
use mlua::prelude::LuaResult;
use mlua::{Lua, Table, Value, Variadic};

use super::failure::{Line, Told};
use super::{Printed, Shared, computed_keys, static_keys};

/// Every name that a script finds, and of libraries what of them.
const LISTED: &[(&str, &[&str])] = &[
    ("assert", &[]),
    ("error", &[]),
    ("getmetatable", &[]),
    ("ipairs", &[]),
    ("next", &[]),
    ("pairs", &[]),
    ("pcall", &[]),
    ("print", &[]),
    ("rawequal", &[]),
    ("rawget", &[]),
    ("rawlen", &[]),
    ("rawset", &[]),
    ("select", &[]),
    ("setmetatable", &[]),
    ("tonumber", &[]),
    ("tostring", &[]),
    ("type", &[]),
    ("typeof", &[]),
    ("unpack", &[]),
    ("xpcall", &[]),
    ("bit32", &["*"]),
    ("buffer", &["*"]),
    ("coroutine", &["close", "create", "isyieldable", "resume", "running", "status", "wrap", "yield"]),
    ("math", &["*"]),
    (
        "string",
        &[
            "byte", "char", "find", "format", "gmatch", "gsub", "len", "lower", "match", "pack", "packsize",
            "rep", "reverse", "split", "sub", "unpack", "upper",
        ],
    ),
    (
        "table",
        &[
            "clear", "clone", "concat", "create", "find", "freeze", "insert", "isfrozen", "move", "pack",
            "remove", "sort", "unpack",
        ],
    ),
    ("utf8", &["*"]),
    ("vector", &["*"]),
];

/// What the prelude has in place of the interpreter's own.
pub(super) const REPLACED: &[&str] = &[
    "math.random",
    "math.randomseed",
    "next",
    "pairs",
    "rawset",
    "setmetatable",
    "string.find",
    "string.format",
    "string.gmatch",
    "string.gsub",
    "string.match",
    "string.rep",
    "string.split",
    "table.clone",
    "table.insert",
    "table.move",
    "table.remove",
    "table.sort",
    "tostring",
];

/// Takes away whatever is not listed.
pub(super) fn keep_listed(lua: &Lua) -> LuaResult<()> {
    let globals = lua.globals();
    let listed: BTreeMap<&str, &[&str]> = LISTED.iter().copied().collect();
    let names: Vec<String> =
        globals.pairs::<String, Value>().map(|pair| pair.map(|(name, _)| name)).collect::<LuaResult<_>>()?;
    for name in names {
        match (listed.get(name.as_str()), globals.get::<Value>(name.as_str())?) {
            (None, _) => globals.set(name, Value::Nil)?,
            (Some([] | ["*"]), _) => {}
            (Some(kept), Value::Table(library)) => keep(&library, kept)?,
            (Some(_), _) => {}
        }
    }
    Ok(())
}

fn keep(library: &Table, kept: &[&str]) -> LuaResult<()> {
    let names: Vec<String> =
        library.pairs::<String, Value>().map(|pair| pair.map(|(name, _)| name)).collect::<LuaResult<_>>()?;
    for name in names.into_iter().filter(|name| !kept.contains(&name.as_str())) {
        library.set(name, Value::Nil)?;
    }
    Ok(())
}

/// Lines that a script may print.
const MAX_PRINTED: usize = 200;
/// Bytes of a printed line that are kept.
const MAX_LINE: usize = 2000;

/// The functions that the prelude builds on.
pub(super) fn host(lua: &Lua, shared: &Arc<Shared>) -> LuaResult<Table> {
    let host = lua.create_table()?;
    // Stands in for a key that was taken out.
    host.set("gone", Value::LightUserData(mlua::LightUserData(std::ptr::null_mut())))?;
    let own = shared.clone();
    host.set(
        "keys",
        lua.create_function(move |lua, id: usize| {
            let keys = static_keys(&own, id).into_iter();
            lua.create_sequence_from(
                keys.map(|key| {
                    key.map_or(Ok(Value::Boolean(false)), |name| lua.create_string(name).map(Value::String))
                })
                .collect::<LuaResult<Vec<_>>>()?,
            )
        })?,
    )?;
    let own = shared.clone();
    host.set("computed", lua.create_function(move |_, id: usize| Ok(computed_keys(&own, id)))?)?;
    let own = shared.clone();
    host.set("charge", lua.create_function(move |_, count: f64| charge(&own, count))?)?;
    let own = shared.clone();
    host.set(
        "print",
        lua.create_function(move |_, line: (mlua::LuaString, Option<String>, Option<usize>)| {
            print(&own, line);
            Ok(())
        })?,
    )?;
    let own = shared.clone();
    host.set(
        "failed",
        lua.create_function(move |_, told: (Option<mlua::LuaString>, Table)| failed(&own, told))?,
    )?;
    texts(lua, &host, shared)?;
    randoms(lua, &host, shared)?;
    Ok(host)
}

fn charge(shared: &Shared, count: f64) -> LuaResult<()> {
    let limits = shared.meter.limits();
    shared.meter.charge(count).map_err(|excess| mlua::Error::runtime(excess.told(limits)))
}

fn print(shared: &Shared, (text, chunk, line): (mlua::LuaString, Option<String>, Option<usize>)) {
    let mut printed = shared.printed.lock().unwrap_or_else(PoisonError::into_inner);
    if printed.len() >= MAX_PRINTED {
        return;
    }
    let text: String = text.to_string_lossy().chars().take(MAX_LINE).collect();
    let line = chunk.zip(line).and_then(|(chunk, line)| Line::of(&chunk, line));
    printed.push(Printed { text, line });
}

fn failed(shared: &Shared, (message, trail): (Option<mlua::LuaString>, Table)) -> LuaResult<()> {
    let mut lines = Vec::new();
    for step in trail.sequence_values::<Table>() {
        let step = step?;
        let (chunk, line): (String, usize) = (step.get(1)?, step.get(2)?);
        lines.extend(Line::of(&chunk, line));
    }
    let told = Told { message: message.map(|text| text.to_string_lossy().to_string()), trail: lines };
    *shared.failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(told);
    Ok(())
}

/// Searches whose time grows with the text alone.
fn texts(lua: &Lua, host: &Table, shared: &Arc<Shared>) -> LuaResult<()> {
    host.set(
        "special",
        lua.create_function(|_, pattern: mlua::LuaString| {
            Ok(pattern.as_bytes().iter().any(|byte| b"^$*+?.([%-".contains(byte)))
        })?,
    )?;
    let own = shared.clone();
    host.set(
        "find",
        lua.create_function(
            move |_, (text, wanted, from): (mlua::LuaString, mlua::LuaString, Option<f64>)| {
                charge(&own, text.as_bytes().len() as f64 / 64.0)?;
                let (text, wanted) = (text.as_bytes(), wanted.as_bytes());
                let from = first(from, text.len());
                let found = text.get(from..).and_then(|rest| memmem::find(rest, &wanted));
                Ok(found.map_or(Variadic::from(vec![None]), |at| {
                    Variadic::from(vec![Some(from + at + 1), Some(from + at + wanted.len())])
                }))
            },
        )?,
    )?;
    let own = shared.clone();
    host.set(
        "split",
        lua.create_function(move |lua, (text, between): (mlua::LuaString, Option<mlua::LuaString>)| {
            charge(&own, text.as_bytes().len() as f64 / 8.0)?;
            let text = text.as_bytes();
            let between = between.as_ref().map_or(b",".to_vec(), |between| between.as_bytes().to_vec());
            let parts = lua.create_table()?;
            if between.is_empty() {
                for byte in text.iter() {
                    parts.push(lua.create_string([*byte])?)?;
                }
                return Ok(parts);
            }
            let mut start = 0;
            for at in memmem::find_iter(&text, &between) {
                parts.push(lua.create_string(&text[start..at])?)?;
                start = at + between.len();
            }
            parts.push(lua.create_string(&text[start..])?)?;
            Ok(parts)
        })?,
    )?;
    let own = shared.clone();
    host.set(
        "rep",
        lua.create_function(move |lua, (text, count, between): (mlua::LuaString, f64, mlua::LuaString)| {
            let (text, between) = (text.as_bytes(), between.as_bytes());
            let count = if count.is_finite() { count.max(0.0) as usize } else { usize::MAX };
            let bytes = count.saturating_mul(text.len() + between.len());
            if bytes > own.meter.limits().memory {
                return Err(mlua::Error::MemoryError("not enough memory".into()));
            }
            charge(&own, bytes as f64 / 64.0)?;
            let parts: Vec<&[u8]> = std::iter::repeat_n(&*text, count).collect();
            lua.create_string(parts.join(&*between))
        })?,
    )
}

/// Where a search begins: from 1, or from the end where negative.
fn first(from: Option<f64>, length: usize) -> usize {
    let from = from.unwrap_or(1.0);
    if from > 0.0 {
        from as usize - 1
    } else if from < 0.0 {
        length.saturating_sub(-from as usize)
    } else {
        0
    }
}

fn randoms(lua: &Lua, host: &Table, shared: &Arc<Shared>) -> LuaResult<()> {
    let own = shared.clone();
    host.set(
        "random",
        lua.create_function(move |_, (low, high): (Option<f64>, Option<f64>)| {
            let bits = own.random();
            let (low, high) = match (low, high) {
                (None, _) => return Ok((bits >> 11) as f64 / (1_u64 << 53) as f64),
                (Some(high), None) => (1.0, high.floor()),
                (Some(low), Some(high)) => (low.ceil(), high.floor()),
            };
            let count = high - low + 1.0;
            if !(1.0..=9e15).contains(&count) {
                return Err(mlua::Error::runtime("random: there is no number in that range"));
            }
            Ok(low + ((u128::from(bits) * count as u128) >> 64) as f64)
        })?,
    )?;
    let own = shared.clone();
    host.set(
        "randomseed",
        lua.create_function(move |_, seed: f64| {
            own.seed(seed.to_bits());
            Ok(())
        })?,
    )
}
