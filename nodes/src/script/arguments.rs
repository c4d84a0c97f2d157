//! What operations take from scripts: colours, tables of named options, lists of points.

use mlua::prelude::LuaResult;
use mlua::{FromLua, Lua, Table, Value};

/// A colour: `"#rrggbb"`, `"#rrggbbaa"`, a number (grey), or `{red, green, blue, opacity}` from 0 to 1.
#[derive(Clone, Copy, Debug)]
pub struct Colour(pub [f32; 4]);

impl Colour {
    /// Without its opacity.
    pub fn opaque(self) -> [f32; 3] {
        [self.0[0], self.0[1], self.0[2]]
    }
}

fn wrong(found: &Value) -> mlua::Error {
    let what = match found {
        Value::String(text) => format!("\"{}\"", text.to_string_lossy()),
        other => format!("a {}", other.type_name()),
    };
    mlua::Error::runtime(format!(
        "a colour is \"#rrggbb\", \"#rrggbbaa\", a number from 0 to 1, or a list of them; not {what}"
    ))
}

impl FromLua for Colour {
    fn from_lua(value: Value, _: &Lua) -> LuaResult<Self> {
        match &value {
            Value::Integer(grey) => Ok(Self([*grey as f32, *grey as f32, *grey as f32, 1.0])),
            Value::Number(grey) => Ok(Self([*grey as f32, *grey as f32, *grey as f32, 1.0])),
            Value::String(text) => hex(&text.to_string_lossy()).ok_or_else(|| wrong(&value)),
            Value::Table(list) => {
                let parts: Vec<f32> =
                    list.sequence_values().collect::<LuaResult<_>>().map_err(|_| wrong(&value))?;
                match parts.as_slice() {
                    [r, g, b] => Ok(Self([*r, *g, *b, 1.0])),
                    [r, g, b, a] => Ok(Self([*r, *g, *b, *a])),
                    _ => Err(wrong(&value)),
                }
            }
            _ => Err(wrong(&value)),
        }
    }
}

fn hex(text: &str) -> Option<Colour> {
    let digits = text.strip_prefix('#')?;
    if !matches!(digits.len(), 6 | 8) || !digits.is_ascii() {
        return None;
    }
    let mut parts = [1.0; 4];
    for (part, at) in parts.iter_mut().zip((0..digits.len()).step_by(2)) {
        *part = f32::from(u8::from_str_radix(&digits[at..at + 2], 16).ok()?) / 255.0;
    }
    Some(Colour(parts))
}

/// Named options, each taken once; what is left over is a mistake.
pub struct Options<'a> {
    lua: &'a Lua,
    what: &'static str,
    table: Option<&'a Table>,
    taken: Vec<&'static str>,
}

impl<'a> Options<'a> {
    /// Those of an operation.
    pub fn of(lua: &'a Lua, what: &'static str, table: Option<&'a Table>) -> Self {
        Self { lua, what, table, taken: Vec::new() }
    }

    /// The option `name`, where it is given.
    pub fn get<T: FromLua>(&mut self, name: &'static str) -> LuaResult<Option<T>> {
        self.taken.push(name);
        let Some(table) = self.table else { return Ok(None) };
        let value: Value = table.raw_get(name)?;
        if value.is_nil() {
            return Ok(None);
        }
        let found = value.type_name();
        T::from_lua(value, self.lua).map(Some).map_err(|error| match error {
            mlua::Error::RuntimeError(_) => error,
            _ => mlua::Error::runtime(format!("`{name}` of `{}` cannot be a {found}", self.what)),
        })
    }

    /// The same, or `default`.
    pub fn or<T: FromLua>(&mut self, name: &'static str, default: T) -> LuaResult<T> {
        Ok(self.get(name)?.unwrap_or(default))
    }

    /// Refuses what was not taken.
    pub fn end(self) -> LuaResult<()> {
        let Some(table) = self.table else { return Ok(()) };
        for pair in table.pairs::<Value, Value>() {
            let (key, _) = pair?;
            let Value::String(name) = key else {
                return Err(mlua::Error::runtime(format!("`{}` takes named options", self.what)));
            };
            let name = name.to_string_lossy().to_string();
            if !self.taken.contains(&name.as_str()) {
                let known = self.taken.join(", ");
                return Err(mlua::Error::runtime(format!("`{}` has no option `{name}`: {known}", self.what)));
            }
        }
        Ok(())
    }
}

/// Three numbers, or one for all three.
#[derive(Clone, Copy, Debug)]
pub struct Three(pub [f32; 3]);

impl FromLua for Three {
    fn from_lua(value: Value, lua: &Lua) -> LuaResult<Self> {
        match value {
            Value::Table(list) => {
                let parts: Vec<f32> = list.sequence_values().collect::<LuaResult<_>>()?;
                match parts.as_slice() {
                    [r, g, b] => Ok(Self([*r, *g, *b])),
                    _ => Err(mlua::Error::runtime("three numbers are expected: red, green, blue")),
                }
            }
            Value::String(_) => Colour::from_lua(value, lua).map(|colour| Self(colour.opaque())),
            other => f32::from_lua(other, lua).map(|one| Self([one; 3])),
        }
    }
}

/// Points: `{{x, y}, {x, y}, ...}`.
pub struct Points(pub Vec<(f32, f32)>);

impl FromLua for Points {
    fn from_lua(value: Value, _: &Lua) -> LuaResult<Self> {
        let Value::Table(list) = value else {
            return Err(mlua::Error::runtime("points are a list such as {{0, 0}, {100, 50}}"));
        };
        let point = |pair: LuaResult<Table>| -> LuaResult<(f32, f32)> {
            let pair = pair?;
            Ok((pair.raw_get(1)?, pair.raw_get(2)?))
        };
        list.sequence_values::<Table>().map(point).collect::<LuaResult<_>>().map(Self)
    }
}
