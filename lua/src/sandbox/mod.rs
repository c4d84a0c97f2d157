//! Where a script runs: its own interpreter, with its own library, limits and random numbers.
//!
//! What always holds: a script finds nothing but what is listed here and what the host adds; what it spends is
//! counted; it sees no addresses, no clock, no files; equal texts with equal seeds do the same.

mod failure;
mod meter;
mod safe;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub use failure::{Failed, Line, Way};
pub use meter::{Excess, Limits, Meter};
use mlua::chunk::{ChunkMode, Compiler};
use mlua::prelude::{LuaResult, LuaStdLib};
use mlua::{Function, IntoLuaMulti, Lua, LuaOptions, MultiValue, Table, Value, VmState};

use crate::chunk::{Chunk, Key, Place};

/// Texts that one script may be made of.
const MAX_CHUNKS: usize = 64;

/// What a script reads modules by: its own name for a module, and the module's text.
pub trait Modules: Send {
    /// The text of the module `name`, as `from` requires it.
    ///
    /// # Errors
    /// There is none; in words for the script's writer.
    fn text(&mut self, from: &str, name: &str) -> Result<Module, String>;
}

/// A module's text.
#[derive(Clone, Debug)]
pub struct Module {
    /// What tells it from others: two names for one file are one module.
    pub id: String,
    /// Its text.
    pub text: Arc<str>,
}

/// No modules.
#[derive(Clone, Copy, Debug)]
pub struct NoModules;

impl Modules for NoModules {
    fn text(&mut self, _: &str, name: &str) -> Result<Module, String> {
        Err(format!("there is no module `{name}`"))
    }
}

/// A line that a script printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printed {
    /// The text.
    pub text: String,
    /// Where it was printed.
    pub line: Option<Line>,
}

/// A script's world.
pub struct Sandbox {
    lua: Lua,
    prelude: Table,
    origins: Table,
    sites: Table,
    shared: Arc<Shared>,
}

/// What the interpreter's callbacks share with the sandbox.
pub(crate) struct Shared {
    pub meter: Arc<Meter>,
    chunks: Mutex<Chunks>,
    pub failed: Mutex<Option<failure::Told>>,
    pub printed: Mutex<Vec<Printed>>,
    random: AtomicU64,
}

#[derive(Default)]
struct Chunks {
    all: Vec<Arc<Read>>,
}

/// A text that was read, and whose.
pub(crate) struct Read {
    /// The module's id, or the script's own name.
    pub id: String,
    pub text: Arc<str>,
    pub chunk: Chunk,
}

impl Shared {
    fn chunks(&self) -> MutexGuard<'_, Chunks> {
        self.chunks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn read(&self, number: usize) -> Option<Arc<Read>> {
        self.chunks().all.get(number).cloned()
    }

    /// The next random number: splitmix64 over the seed.
    pub fn random(&self) -> u64 {
        let step = 0x9e37_79b9_7f4a_7c15_u64;
        let mut z = self.random.fetch_add(step, Ordering::Relaxed).wrapping_add(step);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn seed(&self, seed: u64) {
        self.random.store(seed, Ordering::Relaxed);
    }
}

impl Sandbox {
    /// An empty world. `prepare` adds what the host gives; after it nothing of the library can be changed.
    ///
    /// # Errors
    /// There is no memory for it.
    pub fn new(
        limits: Limits,
        seed: u64,
        modules: Box<dyn Modules>,
        prepare: impl FnOnce(&Lua, &Hosting<'_>) -> LuaResult<()>,
    ) -> Result<Self, Failed> {
        let libs = LuaStdLib::STRING | LuaStdLib::TABLE | LuaStdLib::MATH | LuaStdLib::BIT | LuaStdLib::UTF8;
        let libs = libs | LuaStdLib::COROUTINE | LuaStdLib::BUFFER | LuaStdLib::VECTOR | LuaStdLib::DEBUG;
        let shared = Arc::new(Shared {
            meter: Arc::new(Meter::new(limits)),
            chunks: Mutex::default(),
            failed: Mutex::default(),
            printed: Mutex::default(),
            random: AtomicU64::new(seed),
        });
        let lua = Lua::new_with(libs, LuaOptions::new()).map_err(Failed::setup)?;
        let prelude = Self::prepare(&lua, &shared, modules, prepare).map_err(Failed::setup)?;
        let part = |name: &str| prelude.get::<Table>(name).map_err(Failed::setup);
        Ok(Self { origins: part("origins")?, sites: part("sites")?, lua, prelude, shared })
    }

    fn prepare(
        lua: &Lua,
        shared: &Arc<Shared>,
        modules: Box<dyn Modules>,
        prepare: impl FnOnce(&Lua, &Hosting<'_>) -> LuaResult<()>,
    ) -> LuaResult<Table> {
        lua.set_memory_limit(shared.meter.limits().memory)?;
        // What the prelude replaces must not be taken for the interpreter's own by its compiler.
        lua.set_compiler(Compiler::new().set_disabled_builtins(safe::REPLACED.iter().copied()));
        let host = safe::host(lua, shared)?;
        let prelude: Table = lua
            .load(include_str!("prelude.luau"))
            .set_name("=prelude")
            .set_mode(ChunkMode::Text)
            .call(host)?;
        safe::keep_listed(lua)?;
        let require = Require {
            prelude: prelude.clone(),
            shared: shared.clone(),
            modules: Arc::new(Mutex::new(modules)),
        };
        lua.globals().set("require", require.function(lua)?)?;
        prepare(lua, &Hosting { prelude: &prelude, meter: &shared.meter })?;
        let meter = shared.clone();
        lua.set_interrupt(move |_| match meter.meter.step() {
            Ok(()) => Ok(VmState::Continue),
            Err(excess) => Err(mlua::Error::runtime(excess.told(meter.meter.limits()))),
        });
        lua.sandbox(true)?;
        Ok(prelude)
    }

    /// Runs the script `text`, called `id`, and answers what it returns.
    ///
    /// # Errors
    /// It is not Lua, or it fails, or it spends too much.
    pub fn run(&self, id: &str, text: &Arc<str>) -> Result<Value, Failed> {
        let function = load(&self.lua, &self.shared, &self.prelude, id, text)?;
        let mut values = self.call(&function, ())?;
        Ok(values.pop_front().unwrap_or(Value::Nil))
    }

    /// Calls what a script gave.
    ///
    /// # Errors
    /// As [`Sandbox::run`].
    pub fn call(&self, function: &Function, args: impl IntoLuaMulti) -> Result<MultiValue, Failed> {
        self.shared.meter.begin();
        *self.shared.failed.lock().unwrap_or_else(PoisonError::into_inner) = None;
        let called = (|| {
            let protected: Function = self.prelude.get("protected")?;
            let mut args = args.into_lua_multi(&self.lua)?;
            args.push_front(Value::Function(function.clone()));
            let mut values: MultiValue = protected.call(args)?;
            let good = matches!(values.pop_front(), Some(Value::Boolean(true)));
            Ok(if good { Ok(values) } else { Err(values.pop_front().unwrap_or(Value::Nil)) })
        })();
        let told = self.shared.failed.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(excess) = self.shared.meter.excess() {
            return Err(self.excess(excess, told));
        }
        match called {
            Ok(Ok(values)) => Ok(values),
            Ok(Err(problem)) => Err(self.failed(&problem, told)),
            Err(error) => Err(Failed::of(&error, self.lines(told.as_ref()))),
        }
    }

    fn excess(&self, excess: Excess, told: Option<failure::Told>) -> Failed {
        let lines = self.lines(told.as_ref());
        Failed::limit(excess.told(self.shared.meter.limits()), lines)
    }

    fn failed(&self, problem: &Value, told: Option<failure::Told>) -> Failed {
        let lines = self.lines(told.as_ref());
        match problem {
            Value::Error(error) => Failed::of(error, lines),
            _ => match told.and_then(|told| told.message) {
                Some(message) => Failed::said(message, lines),
                // Where memory is at its end, there is none left to tell it.
                None if self.lua.used_memory() > self.shared.meter.limits().memory / 2 => {
                    Failed::of(&mlua::Error::MemoryError(String::new()), lines)
                }
                None => Failed::said("the script failed".into(), lines),
            },
        }
    }

    fn lines(&self, told: Option<&failure::Told>) -> Vec<Line> {
        told.map(|told| told.trail.clone()).unwrap_or_default()
    }

    /// The interpreter.
    pub fn lua(&self) -> &Lua {
        &self.lua
    }

    /// What was spent, and can be paused.
    pub fn meter(&self) -> &Meter {
        &self.shared.meter
    }

    /// What the script printed.
    pub fn printed(&self) -> Vec<Printed> {
        std::mem::take(&mut *self.shared.printed.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The texts that were read: their ids and what they hold, the script's own first.
    pub fn texts(&self) -> Vec<(String, Arc<str>)> {
        self.shared.chunks().all.iter().map(|read| (read.id.clone(), read.text.clone())).collect()
    }

    /// A table's keys in their order: its list, then what was set.
    ///
    /// # Errors
    /// It has keys without an order.
    pub fn keys(&self, table: &Table) -> LuaResult<Vec<Value>> {
        let keys: Function = self.prelude.get("keys")?;
        let found: Table = keys.call(table)?;
        found.sequence_values().collect()
    }

    /// Where a table and what is in it were written.
    pub fn origin(&self, table: &Table) -> Origin {
        self.find_origin(table).unwrap_or_default()
    }

    fn find_origin(&self, table: &Table) -> LuaResult<Origin> {
        let id: Option<usize> = self.origins.get(table)?;
        let made = id.and_then(|id| Some((id & 0xf_ffff, self.shared.read(id >> 20)?, id >> 20)));
        let sites: Option<Table> = self.sites.get(table)?;
        Ok(Origin { made, sites, shared: Some(self.shared.clone()) })
    }
}

/// Where a table was made, and where its fields were set.
#[derive(Default)]
pub struct Origin {
    /// The constructor's number, its text, its chunk.
    made: Option<(usize, Arc<Read>, usize)>,
    sites: Option<Table>,
    shared: Option<Arc<Shared>>,
}

impl Origin {
    fn table(&self) -> Option<(usize, &crate::chunk::Table)> {
        let (at, read, chunk) = self.made.as_ref()?;
        Some((*chunk, read.chunk.tables.get(*at)?))
    }

    /// All of the table.
    pub fn whole(&self) -> Option<(usize, Place)> {
        self.table().map(|(chunk, table)| (chunk, table.place.clone()))
    }

    /// The item at that place of its list, from 1.
    pub fn item(&self, at: usize) -> Option<(usize, Place)> {
        let (chunk, table) = self.table()?;
        Some((chunk, table.item(at)?.value.clone()))
    }

    /// The field of that name.
    pub fn field(&self, name: &str) -> Written {
        let set = self.sites.as_ref().and_then(|sites| sites.get::<Value>(name).ok());
        if let Some(place) = set.and_then(|site| self.site(&site)) {
            return Written { key: Some(place.clone()), value: Some(place) };
        }
        let Some((chunk, field)) = self.table().and_then(|(chunk, table)| Some((chunk, table.named(name)?)))
        else {
            return Written::default();
        };
        Written { key: Some((chunk, field.key_place.clone())), value: Some((chunk, field.value.clone())) }
    }

    /// Where a field was set: by an assignment, or by a method that was called: chunk, line, method, argument.
    fn site(&self, site: &Value) -> Option<(usize, Place)> {
        let shared = self.shared.as_ref()?;
        let assigned = |id: usize| {
            let place = shared.read(id >> 20)?.chunk.sites.get(id & 0xf_ffff)?.clone();
            Some((id >> 20, place))
        };
        match site {
            Value::Integer(id) => assigned(usize::try_from(*id).ok()?),
            Value::Number(id) => assigned(*id as usize),
            Value::Table(called) => {
                let (chunk, line): (String, usize) = (called.get(1).ok()?, called.get(2).ok()?);
                let (method, at): (String, usize) = (called.get(3).ok()?, called.get(4).ok()?);
                let line = Line::of(&chunk, line)?;
                let read = shared.read(line.chunk)?;
                let place = read.chunk.argument(line.line, &method, at).or_else(|| line.place(&read.text))?;
                Some((line.chunk, place))
            }
            _ => None,
        }
    }
}

/// Where something was written: chunks by their number, and bytes in them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// The key.
    pub key: Option<(usize, Place)>,
    /// The value.
    pub value: Option<(usize, Place)>,
}

/// What the host builds its own additions with.
pub struct Hosting<'a> {
    prelude: &'a Table,
    meter: &'a Arc<Meter>,
}

impl Hosting<'_> {
    /// What the script may spend.
    pub fn meter(&self) -> &Arc<Meter> {
        self.meter
    }

    /// A part of the prelude.
    ///
    /// # Errors
    /// It has no such part: a defect.
    pub fn get<T: mlua::FromLua>(&self, name: &str) -> LuaResult<T> {
        self.prelude.get(name)
    }

    /// Runs a text of our own, given `args`; it is not counted as a script's chunk.
    ///
    /// # Errors
    /// It fails: a defect.
    pub fn run(&self, lua: &Lua, name: &str, text: &str, args: impl IntoLuaMulti) -> LuaResult<MultiValue> {
        let mut all = args.into_lua_multi(lua)?;
        all.push_front(Value::Table(self.prelude.clone()));
        lua.load(text).set_name(format!("={name}")).set_mode(ChunkMode::Text).call(all)
    }
}

/// Loads a script's text as a function that takes the marks.
fn load(
    lua: &Lua,
    shared: &Arc<Shared>,
    prelude: &Table,
    id: &str,
    text: &Arc<str>,
) -> Result<Function, Failed> {
    let number = {
        let chunks = shared.chunks();
        chunks.all.len()
    };
    if number >= MAX_CHUNKS {
        return Err(Failed::plain(format!("this script is made of more than {MAX_CHUNKS} files")));
    }
    let name = Line::chunk_name(number);
    // The text as written first: what the compiler says is said of the lines that were written.
    let plain = lua.load(&**text).set_name(&name).set_mode(ChunkMode::Text).into_function();
    let chunk = match plain {
        Ok(_) => Chunk::read(text, number),
        Err(error) => {
            shared.chunks().all.push(Arc::new(Read {
                id: id.to_owned(),
                text: text.clone(),
                chunk: Chunk::default(),
            }));
            return Err(Failed::syntax(&error));
        }
    };
    let chunk = chunk.map_err(|reason| Failed::at(reason, Line { chunk: number, line: 1 }))?;
    let marked = chunk.marked.clone();
    shared.chunks().all.push(Arc::new(Read { id: id.to_owned(), text: text.clone(), chunk }));
    let loaded = lua.load(marked).set_name(&name).set_mode(ChunkMode::Text).into_function();
    let marks = || -> LuaResult<_> {
        let (made, key): (Function, Function) = (prelude.get("made")?, prelude.get("key_of")?);
        let (set, each): (Function, Function) = (prelude.get("set")?, prelude.get("each")?);
        loaded?.bind((made, key, set, each))
    };
    marks().map_err(|error| Failed::of(&error, Vec::new()))
}

/// `require`.
struct Require {
    prelude: Table,
    shared: Arc<Shared>,
    modules: Arc<Mutex<Box<dyn Modules>>>,
}

impl Require {
    fn function(self, lua: &Lua) -> LuaResult<Function> {
        let loaded = lua.create_table()?;
        lua.create_function(move |lua, name: String| {
            let from = self.caller()?;
            let module = {
                let mut modules = self.modules.lock().unwrap_or_else(PoisonError::into_inner);
                modules.text(&from, &name).map_err(mlua::Error::runtime)?
            };
            match loaded.get::<Value>(module.id.as_str())? {
                Value::Nil => {}
                Value::LightUserData(_) => {
                    return Err(mlua::Error::runtime(format!("`{name}` requires itself")));
                }
                known => return Ok(known),
            }
            loaded
                .set(module.id.as_str(), Value::LightUserData(mlua::LightUserData(std::ptr::null_mut())))?;
            let function = load(lua, &self.shared, &self.prelude, &module.id, &module.text)
                .map_err(|failed| mlua::Error::runtime(format!("in `{name}`: {}", failed.message)))?;
            let found: Value = function.call(())?;
            let found = if found == Value::Nil { Value::Boolean(true) } else { found };
            loaded.set(module.id.as_str(), found.clone())?;
            Ok(found)
        })
    }

    /// The id of the text that requires.
    fn caller(&self) -> LuaResult<String> {
        let wherefrom: Function = self.prelude.get("where")?;
        for level in 1..6 {
            let (chunk, line): (Option<String>, Option<i64>) = wherefrom.call(level)?;
            let line = line.and_then(|line| usize::try_from(line).ok());
            let line = chunk.zip(line).and_then(|(chunk, line)| Line::of(&chunk, line));
            if let Some(read) = line.and_then(|line| self.shared.read(line.chunk)) {
                return Ok(read.id.clone());
            }
        }
        Ok(String::new())
    }
}

/// The fields of a constructor, for the prelude: names, and `false` for what is computed.
pub(crate) fn static_keys(shared: &Shared, id: usize) -> Vec<Option<String>> {
    let read = shared.read(id >> 20);
    let table = read.as_ref().and_then(|read| read.chunk.tables.get(id & 0xf_ffff));
    let fields = table.map(|table| table.fields.as_slice()).unwrap_or_default();
    fields
        .iter()
        .filter_map(|field| match &field.key {
            Key::Name(name) => Some(Some(name.clone())),
            Key::Computed => Some(None),
            Key::Item(_) => None,
        })
        .collect()
}

/// How many of a constructor's keys are computed.
pub(crate) fn computed_keys(shared: &Shared, id: usize) -> usize {
    let read = shared.read(id >> 20);
    read.as_ref().and_then(|read| read.chunk.tables.get(id & 0xf_ffff)).map_or(0, |table| table.computed())
}
