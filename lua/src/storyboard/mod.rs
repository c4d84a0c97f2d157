//! A Lua storyboard: the script runs, and the tables that it returns become the same tree that a YAML file gives.

mod tree;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use mlua::prelude::LuaResult;
use mlua::{Function, Lua, Table, Value};
use storyreel_engine::scripts::{Document, Reading};
use storyreel_engine::storyboard::nearest;
use storyreel_engine::storyboard::tree::Node;
use storyreel_engine::storyboard::types::FileId;
use storyreel_engine::storyboard::{Code, Diagnostic};

use crate::asking::{Asker, during};
use crate::places::{Texts, remap, whole};
use crate::sandbox::{Failed, Hosting, Limits, Sandbox};

/// What a script is called whose text is a storyboard's.
type Vars = Vec<(String, String)>;

/// What became of a storyboard's script.
struct Ran {
    /// The tree, whose places are in chunks by their number.
    tree: Result<Node, Failed>,
    /// Variables that were asked for.
    used: Vec<String>,
    texts: Texts,
}

/// The document of the script in `file`.
pub fn document(file: FileId, vars: &[(String, String)], reading: &mut Reading<'_>) -> Option<Document> {
    let source = reading.sources.get(file)?;
    let (path, text) = (source.path.clone(), source.text.clone());
    let vars = vars.to_vec();
    let ran = during(reading.world, move |asker| run(&path, &text, vars, asker));
    let (ran, files) = match ran {
        Ok(ran) => {
            let files = ran.texts.add_to(reading, file);
            (ran, files)
        }
        Err(failed) => {
            reading.mistakes.push(Diagnostic::new(Code::Script, whole(file), failed.message));
            return None;
        }
    };
    ran.texts.tell_printed(&files, reading);
    match ran.tree {
        Ok(mut tree) => {
            remap(&mut tree, &files);
            Some(Document { tree, used: ran.used })
        }
        Err(failed) => {
            reading.mistakes.push(ran.texts.diagnostic(&failed, &files, None));
            None
        }
    }
}

fn run(path: &Path, text: &Arc<str>, vars: Vars, asker: Asker) -> Ran {
    let used = Arc::new(Mutex::new(Vec::new()));
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    let documents = Arc::new(Mutex::new(None));
    let (kept, noted, asks) = (documents.clone(), used.clone(), asker.clone());
    let sandbox = Sandbox::new(Limits::DESCRIBING, 0, Box::new(asker), move |lua, hosting| {
        *kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(prepare(lua, hosting)?);
        variables(lua, vars, noted)?;
        files(lua, asks, folder)
    });
    let sandbox = match sandbox {
        Ok(sandbox) => sandbox,
        Err(failed) => return Ran { tree: Err(failed), used: Vec::new(), texts: Texts::default() },
    };
    let id = path.to_string_lossy();
    let documents = documents.lock().unwrap_or_else(PoisonError::into_inner).take();
    let tree = sandbox.run(&id, text).and_then(|value| {
        let documents = documents.ok_or_else(|| Failed::plain("the film's tables are gone: a defect"))?;
        tree::tree(&sandbox, value, &documents)
    });
    let used = std::mem::take(&mut *used.lock().unwrap_or_else(PoisonError::into_inner));
    Ran { tree, used, texts: Texts::of(&sandbox) }
}

/// Adds `storyboard`; answers where the tables of films lie.
fn prepare(lua: &Lua, hosting: &Hosting<'_>) -> LuaResult<Table> {
    let host = lua.create_table()?;
    host.set(
        "nearest",
        lua.create_function(|_, (word, known): (String, Vec<String>)| {
            Ok(nearest(&word, known.iter().map(String::as_str)).map(str::to_owned))
        })?,
    )?;
    let sites: Table = hosting.get("sites")?;
    host.set(
        "site_of",
        lua.create_function(move |_, (table, key): (Table, Value)| {
            match sites.get::<Option<Table>>(table)? {
                Some(known) => known.get::<Value>(key),
                None => Ok(Value::Nil),
            }
        })?,
    )?;
    let mut made = hosting.run(lua, "builder", include_str!("builder.luau"), host)?;
    let storyboard = made.pop_front().unwrap_or(Value::Nil);
    lua.globals().set("storyboard", storyboard)?;
    match made.pop_front() {
        Some(Value::Table(documents)) => Ok(documents),
        _ => Err(mlua::Error::runtime("the builder gave no documents")),
    }
}

/// Adds `vars`: what was given by `--var`; asking for one uses it.
fn variables(lua: &Lua, vars: Vars, used: Arc<Mutex<Vec<String>>>) -> LuaResult<()> {
    let meta = lua.create_table()?;
    let index: Function = lua.create_function(move |_, (_, name): (Value, String)| {
        let value = vars.iter().rev().find(|(known, _)| *known == name).map(|(_, value)| value.clone());
        if value.is_some() {
            used.lock().unwrap_or_else(PoisonError::into_inner).push(name);
        }
        Ok(value)
    })?;
    meta.set("__index", index)?;
    let refuse = lua.create_function(|_, ()| -> LuaResult<()> {
        Err(mlua::Error::runtime("`vars` holds what `--var` gives; it cannot be changed"))
    })?;
    meta.set("__newindex", refuse)?;
    meta.set("__metatable", "vars")?;
    let table = lua.create_table()?;
    table.set_metatable(Some(meta))?;
    lua.globals().set("vars", table)
}

/// Adds `lines_of` and `text_of`: files of the project, relative to the storyboard.
fn files(lua: &Lua, asker: Asker, folder: PathBuf) -> LuaResult<()> {
    let read = move |written: &str| asker.text(&folder, written).map_err(mlua::Error::runtime);
    let reads = read.clone();
    let text_of = lua.create_function(move |lua, written: String| lua.create_string(&*reads(&written)?))?;
    lua.globals().set("text_of", text_of)?;
    let lines_of = lua.create_function(move |lua, written: String| {
        let text = read(&written)?;
        let lines: Vec<_> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        lua.create_sequence_from(lines)
    })?;
    lua.globals().set("lines_of", lines_of)
}
