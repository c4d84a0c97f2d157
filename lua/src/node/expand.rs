//! Nodes that expand: their script adds other nodes and says what they give.

use std::sync::{Arc, Mutex, PoisonError};

use mlua::prelude::LuaResult;
use mlua::{Function, Lua, Table, UserData, UserDataMethods, Value};
use serde_json::{Map, Value as Json, json};
use storyreel_engine::kinds::script::ClipShape;
use storyreel_engine::scripts::{Declaration, ParamType, Source};

use super::declare::{Work, declared};
use crate::sandbox::{Failed, Limits, Modules, Sandbox};

/// What a script added, before it is known whether there are such nodes.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Its name.
    pub node: String,
    /// Whether it is one of the built-in kinds, whose parameters are given as they are.
    pub built_in: bool,
    /// Its parameters.
    pub values: Map<String, Json>,
    /// What enters, port by port, in order.
    pub inputs: Vec<(String, Source)>,
}

/// What a script built.
#[derive(Debug, Default)]
pub struct Built {
    /// The nodes, in the order added.
    pub nodes: Vec<Wanted>,
    /// What is given; of a node with a single output, under an empty name.
    pub outputs: Vec<(String, Source)>,
}

/// What a node that expands is told.
pub struct Asked {
    /// The script's id and text.
    pub script: (String, Arc<str>),
    /// Its parameters.
    pub values: Map<String, Json>,
    /// The clip asked for.
    pub clip: ClipShape,
    /// How many things enter each port.
    pub inputs: Vec<(String, usize)>,
    /// Names of its outputs.
    pub outputs: Vec<String>,
    /// Where random choices derive from.
    pub seed: u64,
    /// Which parameters are times, in pictures.
    pub times: Vec<String>,
}

/// Something in the graph: what enters, or what a node gives.
#[derive(Clone, Debug)]
struct Handle(Source);

impl UserData for Handle {
    fn add_methods<M: UserDataMethods<Self>>(methods: &mut M) {
        methods.add_method("output", |_, this, port: String| match &this.0 {
            Source::Node(node, _) => Ok(Handle(Source::Node(*node, port))),
            Source::Entering(..) => Err(mlua::Error::runtime("what enters has no outputs")),
        });
        methods.add_meta_method("__tostring", |_, _, ()| Ok("a node's output"));
    }
}

#[derive(Clone, Default)]
struct Graph(Arc<Mutex<Vec<Wanted>>>);

impl UserData for Graph {
    fn add_methods<M: UserDataMethods<Self>>(methods: &mut M) {
        methods.add_method("add", |lua, this, (node, values): (String, Option<Table>)| {
            this.add(lua, node, false, values)
        });
        methods.add_method(
            "built_in",
            |lua, this, (kind, params, inputs): (String, Option<Table>, Option<Table>)| {
                let values = match params {
                    Some(params) => table_json(&params, 0)?,
                    None => Json::Object(Map::new()),
                };
                let Json::Object(values) = values else {
                    return Err(mlua::Error::runtime("a built-in node's parameters are a table of names"));
                };
                let mut entering = Vec::new();
                for pair in inputs
                    .map(|table| table.pairs::<String, Value>().collect::<LuaResult<Vec<_>>>())
                    .transpose()?
                    .unwrap_or_default()
                {
                    handles(lua, &pair.0, &pair.1, &mut entering)?;
                }
                entering.sort_by(|a, b| a.0.cmp(&b.0));
                this.push(Wanted { node: kind, built_in: true, values, inputs: entering })
            },
        );
    }
}

/// Nodes that one expansion may add.
const MOST: usize = 512;

impl Graph {
    fn push(&self, wanted: Wanted) -> LuaResult<Handle> {
        let mut nodes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if nodes.len() >= MOST {
            return Err(mlua::Error::runtime(format!("a node expands to at most {MOST} nodes")));
        }
        nodes.push(wanted);
        Ok(Handle(Source::Node(nodes.len() - 1, String::new())))
    }

    fn add(&self, lua: &Lua, node: String, built_in: bool, values: Option<Table>) -> LuaResult<Handle> {
        let mut wanted = Wanted { node, built_in, values: Map::new(), inputs: Vec::new() };
        let mut pairs: Vec<(String, Value)> = match values {
            Some(values) => values.pairs().collect::<LuaResult<_>>()?,
            None => Vec::new(),
        };
        pairs.sort_by(|a, b| a.0.cmp(&b.0));
        for (name, value) in pairs {
            let before = wanted.inputs.len();
            handles(lua, &name, &value, &mut wanted.inputs)?;
            if wanted.inputs.len() == before {
                wanted.values.insert(name, json_of(&value, 0)?);
            }
        }
        self.push(wanted)
    }
}

/// Adds the handles that `value` is or lists.
fn handles(lua: &Lua, port: &str, value: &Value, inputs: &mut Vec<(String, Source)>) -> LuaResult<()> {
    let _ = lua;
    match value {
        Value::UserData(data) if data.is::<Handle>() => {
            inputs.push((port.to_owned(), data.borrow::<Handle>()?.0.clone()));
        }
        Value::Table(list) => {
            for item in list.sequence_values::<Value>() {
                if let Value::UserData(data) = item?
                    && data.is::<Handle>()
                {
                    inputs.push((port.to_owned(), data.borrow::<Handle>()?.0.clone()));
                }
            }
        }
        _ => {}
    }
    Ok(())
}

fn json_of(value: &Value, depth: usize) -> LuaResult<Json> {
    Ok(match value {
        Value::Boolean(value) => json!(value),
        Value::Integer(number) => json!(number),
        Value::Number(number) if number.is_finite() => {
            if number.fract() == 0.0 && number.abs() < 9e15 {
                json!(*number as i64)
            } else {
                json!(number)
            }
        }
        Value::String(text) => json!(text.to_str()?.to_owned()),
        Value::Table(table) => table_json(table, depth)?,
        other => return Err(mlua::Error::runtime(format!("a parameter cannot be a {}", other.type_name()))),
    })
}

fn table_json(table: &Table, depth: usize) -> LuaResult<Json> {
    if depth > 16 {
        return Err(mlua::Error::runtime("parameters stand more than 16 deep in each other"));
    }
    if table.raw_len() > 0 {
        let items: LuaResult<Vec<Json>> =
            table.sequence_values::<Value>().map(|item| json_of(&item?, depth + 1)).collect();
        return Ok(Json::Array(items?));
    }
    // A map of JSON orders its keys itself.
    let mut map = Map::new();
    for pair in table.pairs::<String, Value>() {
        let (key, value) = pair?;
        map.insert(key, json_of(&value, depth + 1)?);
    }
    Ok(Json::Object(map))
}

/// Runs the script's `expand`.
///
/// # Errors
/// It fails, or gives no graph.
pub fn expand(asked: Asked, modules: Box<dyn Modules>) -> Result<Built, Failed> {
    let sandbox = Sandbox::new(Limits::DESCRIBING, asked.seed, modules, |_, _| Ok(()))?;
    let (id, text) = &asked.script;
    let value = sandbox.run(id, text)?;
    let (_, Work::Expand(function)) = declared(&sandbox, value)? else {
        return Err(Failed::declaration("this node does not expand"));
    };
    let graph = Graph::default();
    let node = told(sandbox.lua(), &asked).map_err(|error| Failed::of_lua(&error))?;
    let given = run(&sandbox, &function, &graph, node)?;
    let outputs = outputs(&sandbox, given, &asked.outputs)?;
    let nodes = std::mem::take(&mut *graph.0.lock().unwrap_or_else(PoisonError::into_inner));
    Ok(Built { nodes, outputs })
}

fn run(sandbox: &Sandbox, function: &Function, graph: &Graph, node: Table) -> Result<Value, Failed> {
    let mut values = sandbox.call(function, (graph.clone(), node))?;
    Ok(values.pop_front().unwrap_or(Value::Nil))
}

fn outputs(sandbox: &Sandbox, given: Value, names: &[String]) -> Result<Vec<(String, Source)>, Failed> {
    let mut found = Vec::new();
    match (&given, names) {
        (Value::UserData(data), [only]) if data.is::<Handle>() => {
            handles(sandbox.lua(), only, &given, &mut found).map_err(|error| Failed::of_lua(&error))?;
        }
        (Value::Table(table), names) => {
            for name in names {
                let value: Value = table.raw_get(name.as_str()).map_err(|error| Failed::of_lua(&error))?;
                handles(sandbox.lua(), name, &value, &mut found).map_err(|error| Failed::of_lua(&error))?;
            }
        }
        _ => {}
    }
    match names.iter().find(|name| found.iter().filter(|(known, _)| known == *name).count() != 1) {
        Some(missing) => Err(Failed::plain(format!("`expand` returns nothing for `{missing}`"))),
        None => Ok(found),
    }
}

/// What `expand` is told of the node: its parameters, its clip, what enters.
fn told(lua: &Lua, asked: &Asked) -> LuaResult<Table> {
    let node = lua.create_table()?;
    let rate = f64::from(asked.clip.rate.num) / f64::from(asked.clip.rate.den);
    let params = lua.create_table()?;
    for (name, value) in &asked.values {
        let value = match value.as_f64() {
            Some(frames) if asked.times.contains(name) => Value::Number(frames / rate),
            _ => lua_of(lua, value)?,
        };
        params.raw_set(name.as_str(), value)?;
    }
    node.raw_set("params", params)?;
    node.raw_set("width", asked.clip.size.width)?;
    node.raw_set("height", asked.clip.size.height)?;
    node.raw_set("fps", rate)?;
    node.raw_set("frames", asked.clip.frames.0)?;
    node.raw_set("seconds", asked.clip.frames.0 as f64 / rate)?;
    for (port, count) in &asked.inputs {
        let list = lua.create_table()?;
        for at in 0..*count {
            list.push(Handle(Source::Entering(port.clone(), u32::try_from(at).unwrap_or(u32::MAX))))?;
        }
        if *count == 1 {
            node.raw_set(port.as_str(), list.get::<Value>(1)?)?;
        }
        node.raw_set(format!("{port}s"), list)?;
    }
    Ok(node)
}

/// JSON as Lua has it.
///
/// # Errors
/// There is no memory for it.
pub fn lua_of(lua: &Lua, value: &Json) -> LuaResult<Value> {
    Ok(match value {
        Json::Null => Value::Nil,
        Json::Bool(value) => Value::Boolean(*value),
        Json::Number(number) => Value::Number(number.as_f64().unwrap_or_default()),
        Json::String(text) => Value::String(lua.create_string(text)?),
        Json::Array(items) => {
            let list = lua.create_table()?;
            for item in items {
                list.push(lua_of(lua, item)?)?;
            }
            Value::Table(list)
        }
        Json::Object(map) => {
            let table = lua.create_table()?;
            for (key, value) in map {
                table.raw_set(key.as_str(), lua_of(lua, value)?)?;
            }
            Value::Table(table)
        }
    })
}

/// Names of the parameters that are times.
pub fn times(declaration: &Declaration) -> Vec<String> {
    let times = declaration.params.iter().filter(|param| param.ty == ParamType::Time);
    times.map(|param| param.name.clone()).collect()
}
