//! A node's script returns a table that says what the node is. This reads it.

use std::collections::BTreeSet;

use mlua::{Function, Table, Value};
use serde_json::{Value as Json, json};
use storyreel_engine::kinds::PortType;
use storyreel_engine::scripts::{Input, Param, ParamType, Sense};
use storyreel_engine::storyboard::nearest;

use crate::sandbox::{Failed, Sandbox};

/// What a script declares, before it has a kind.
#[derive(Debug)]
pub struct Declared {
    /// Raised by its writer when it gives something else for the same parameters.
    pub version: u32,
    /// What it is.
    pub doc: String,
    /// What enters.
    pub inputs: Vec<Input>,
    /// What is given.
    pub outputs: Vec<(String, PortType)>,
    /// In the order declared.
    pub params: Vec<Param>,
    /// Microseconds a megapixel, or a second of sound.
    pub micros: u64,
    /// Bytes a pixel that it holds.
    pub bytes_a_pixel: u64,
    /// What it may do only where the user grants it.
    pub wants: Vec<String>,
}

/// What a node does.
#[derive(Clone, Debug)]
pub enum Work {
    /// Works on media.
    Run(Function),
    /// Builds a subgraph.
    Expand(Function),
}

const KEYS: [&str; 10] =
    ["version", "doc", "inputs", "outputs", "params", "run", "expand", "cost", "memory", "wants"];
const PORT_KEYS: [&str; 4] = ["type", "many", "optional", "doc"];
const PARAM_KEYS: [&str; 8] = ["type", "default", "doc", "min", "max", "choices", "count", "optional"];
const PORTS: [(&str, PortType); 5] = [
    ("clip", PortType::Clip),
    ("sound", PortType::Sound),
    ("still", PortType::Still),
    ("text", PortType::Data),
    ("data", PortType::Data),
];
const TYPES: [&str; 9] =
    ["number", "integer", "boolean", "text", "choice", "colour", "time", "numbers", "file"];

/// Ports and parameters that a node may have.
const MOST: usize = 64;

impl Declared {
    /// What the node is for.
    pub fn sense(&self) -> Sense {
        let gives = |ty| self.outputs.iter().any(|(_, one)| *one == ty);
        match () {
            () if gives(PortType::Clip) => Sense::Clip,
            () if gives(PortType::Sound) => Sense::Sound,
            () => Sense::Part,
        }
    }
}

/// What the script that returned `value` declares.
///
/// # Errors
/// It declares it wrong; what is expected.
pub fn declared(sandbox: &Sandbox, value: Value) -> Result<(Declared, Work), Failed> {
    let Value::Table(table) = value else {
        return Err(Failed::declaration("a node's script returns a table that says what the node is"));
    };
    let reader = Reader { sandbox };
    reader.known(&table, "a node", &KEYS)?;
    let run: Option<Function> = reader.optional(&table, "run", "a function")?;
    let expand: Option<Function> = reader.optional(&table, "expand", "a function")?;
    let work = match (run, expand) {
        (Some(run), None) => Work::Run(run),
        (None, Some(expand)) => Work::Expand(expand),
        (None, None) => return Err(reader.wrong("this node has neither `run` nor `expand`")),
        (Some(_), Some(_)) => return Err(reader.wrong("a node has `run` or `expand`, not both")),
    };
    let inputs = reader.inputs(&table)?;
    let outputs = reader.outputs(&table)?;
    let params = reader.params(&table)?;
    reader.distinct(&inputs, &params)?;
    let version: f64 = reader.optional(&table, "version", "a whole number")?.unwrap_or(1.0);
    if !(1.0..=1e9).contains(&version) || version.fract() != 0.0 {
        return Err(reader.wrong("`version` is a whole number from 1"));
    }
    let doc: Option<String> = reader.optional(&table, "doc", "text")?;
    let doc = doc
        .filter(|doc| !doc.trim().is_empty())
        .ok_or_else(|| reader.wrong("`doc` says what the node does"))?;
    let cost: f64 = reader.optional(&table, "cost", "milliseconds a megapixel")?.unwrap_or(10.0);
    let memory: f64 = reader.optional(&table, "memory", "bytes a pixel")?.unwrap_or(32.0);
    let wants: Option<Table> = reader.optional(&table, "wants", "a list such as {\"exec\"}")?;
    let declared = Declared {
        version: version as u32,
        doc: doc.trim().to_owned(),
        inputs,
        outputs,
        params,
        micros: (cost.clamp(0.0, 1e6) * 1000.0) as u64,
        bytes_a_pixel: memory.clamp(0.0, 4096.0) as u64,
        wants: reader.wants(wants)?,
    };
    reader.whole(&declared)?;
    Ok((declared, work))
}

struct Reader<'a> {
    sandbox: &'a Sandbox,
}

impl Reader<'_> {
    fn wrong(&self, message: impl Into<String>) -> Failed {
        Failed::declaration(message)
    }

    /// Refuses keys that mean nothing.
    fn known(&self, table: &Table, what: &str, keys: &[&str]) -> Result<(), Failed> {
        for key in self.sandbox.keys(table).map_err(|error| Failed::of_lua(&error))? {
            let name = match &key {
                Value::String(name) => name.to_string_lossy().to_string(),
                _ => return Err(self.wrong(format!("{what} has named keys only"))),
            };
            if !keys.contains(&name.as_str()) {
                let near = nearest(&name, keys.iter().copied());
                let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
                return Err(self.wrong(format!("{what} has no `{name}`{near}")));
            }
        }
        Ok(())
    }

    fn optional<T: mlua::FromLua>(
        &self,
        table: &Table,
        key: &str,
        expected: &str,
    ) -> Result<Option<T>, Failed> {
        let value: Value = table.raw_get(key).map_err(|error| Failed::of_lua(&error))?;
        if value.is_nil() {
            return Ok(None);
        }
        let found = value.type_name();
        T::from_lua(value, self.sandbox.lua())
            .map(Some)
            .map_err(|_| self.wrong(format!("`{key}` is {expected}, not a {found}")))
    }

    /// The named tables of `key`, in order.
    fn named(&self, table: &Table, key: &str) -> Result<Option<Vec<(String, Table)>>, Failed> {
        let Some(all) = self.optional::<Table>(table, key, "a table of named tables")? else {
            return Ok(None);
        };
        let mut found = Vec::new();
        for name in self.sandbox.keys(&all).map_err(|error| Failed::of_lua(&error))? {
            let Value::String(text) = &name else {
                return Err(self.wrong(format!("`{key}` is a table of named tables")));
            };
            let text = text.to_string_lossy().to_string();
            let good = text.len() <= 64 && text.starts_with(|c: char| c.is_ascii_lowercase());
            if !good
                || !text
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-'))
            {
                return Err(
                    self.wrong(format!("`{text}` in `{key}`: names are small letters, digits, `-` and `_`"))
                );
            }
            let Some(one) = self.optional::<Table>(&all, &text, "a table")? else { continue };
            found.push((text, one));
        }
        if found.len() > MOST {
            return Err(self.wrong(format!("`{key}` has more than {MOST} entries")));
        }
        Ok(Some(found))
    }

    fn port(&self, name: &str, table: &Table) -> Result<PortType, Failed> {
        let ty: Option<String> = self.optional(table, "type", "a word")?;
        let ty = ty.ok_or_else(|| self.wrong(format!("the port `{name}` has no `type`")))?;
        let found = PORTS.iter().find(|(word, _)| *word == ty);
        found.map(|(_, ty)| *ty).ok_or_else(|| {
            let words: Vec<_> = PORTS.iter().map(|(word, _)| *word).collect();
            self.wrong(format!("`{ty}` is no type of a port: one of {}", words.join(", ")))
        })
    }

    fn inputs(&self, table: &Table) -> Result<Vec<Input>, Failed> {
        let Some(all) = self.named(table, "inputs")? else {
            let doc = "What it works on.".to_owned();
            return Ok(vec![Input {
                name: "clip".into(),
                ty: PortType::Clip,
                many: false,
                optional: false,
                doc,
            }]);
        };
        all.into_iter()
            .map(|(name, port)| {
                self.known(&port, &format!("the port `{name}`"), &PORT_KEYS)?;
                Ok(Input {
                    ty: self.port(&name, &port)?,
                    many: self.optional(&port, "many", "true or false")?.unwrap_or(false),
                    optional: self.optional(&port, "optional", "true or false")?.unwrap_or(false),
                    doc: self.optional(&port, "doc", "text")?.unwrap_or_default(),
                    name,
                })
            })
            .collect()
    }

    fn outputs(&self, table: &Table) -> Result<Vec<(String, PortType)>, Failed> {
        let Some(all) = self.named(table, "outputs")? else {
            return Ok(vec![("clip".into(), PortType::Clip)]);
        };
        all.into_iter()
            .map(|(name, port)| {
                self.known(&port, &format!("the port `{name}`"), &PORT_KEYS)?;
                let ty = self.port(&name, &port)?;
                Ok((name, ty))
            })
            .collect()
    }

    fn params(&self, table: &Table) -> Result<Vec<Param>, Failed> {
        let all = self.named(table, "params")?.unwrap_or_default();
        all.into_iter().map(|(name, param)| self.param(name, &param)).collect()
    }

    fn param(&self, name: String, table: &Table) -> Result<Param, Failed> {
        self.known(table, &format!("the parameter `{name}`"), &PARAM_KEYS)?;
        if name == "node" {
            return Err(self.wrong("a parameter cannot be called `node`: that is the node's name in a step"));
        }
        let ty = self.param_type(&name, table)?;
        let written: Value = table.raw_get("default").map_err(|error| Failed::of_lua(&error))?;
        let optional: bool = self.optional(table, "optional", "true or false")?.unwrap_or(false);
        let default = match (written, optional) {
            (Value::Nil, true) => Some(Json::Null),
            (Value::Nil, false) => None,
            (value, _) => Some(self.default(&name, &ty, &value)?),
        };
        let doc: Option<String> = self.optional(table, "doc", "text")?;
        let doc = doc.ok_or_else(|| self.wrong(format!("the parameter `{name}` has no `doc`")))?;
        Ok(Param { name, ty, default, doc })
    }

    fn param_type(&self, name: &str, table: &Table) -> Result<ParamType, Failed> {
        let word: Option<String> = self.optional(table, "type", "a word")?;
        let word = word.ok_or_else(|| self.wrong(format!("the parameter `{name}` has no `type`")))?;
        let bound = |key: &str, none: f64| -> Result<f64, Failed> {
            Ok(self.optional(table, key, "a number")?.unwrap_or(none))
        };
        Ok(match word.as_str() {
            "number" | "integer" => {
                let (min, max) = (bound("min", f64::NEG_INFINITY)?, bound("max", f64::INFINITY)?);
                if min.is_nan() || max.is_nan() || min > max {
                    return Err(self.wrong(format!("the bounds of `{name}` leave no number")));
                }
                ParamType::Number { min, max, whole: word == "integer" }
            }
            "boolean" => ParamType::Boolean,
            "text" => ParamType::Text,
            "choice" => {
                let words: Option<Vec<String>> = self.optional(table, "choices", "a list of words")?;
                let words = words.filter(|words| !words.is_empty() && words.len() <= 256);
                ParamType::Choice(words.ok_or_else(|| self.wrong(format!("`{name}` has no `choices`")))?)
            }
            "colour" => ParamType::Colour,
            "time" => ParamType::Time,
            "numbers" => {
                let count: Option<f64> = self.optional(table, "count", "a whole number")?;
                ParamType::Numbers { count: count.map(|count| count.clamp(0.0, 1024.0) as usize) }
            }
            "file" => ParamType::File,
            other => {
                let near = nearest(other, TYPES).map(|near| format!("; did you mean `{near}`?"));
                let near = near.unwrap_or_else(|| format!(": one of {}", TYPES.join(", ")));
                return Err(self.wrong(format!("`{other}` is no type of a parameter{near}")));
            }
        })
    }

    fn default(&self, name: &str, ty: &ParamType, value: &Value) -> Result<Json, Failed> {
        let wrong = || self.wrong(format!("the default of `{name}` is not {}", ty.expected()));
        let json = match (ty, value) {
            (ParamType::Number { .. } | ParamType::Time, Value::Integer(number)) => json!(*number as f64),
            (ParamType::Number { .. } | ParamType::Time, Value::Number(number)) => json!(number),
            (ParamType::Boolean, Value::Boolean(value)) => json!(value),
            (ParamType::Text | ParamType::Choice(_) | ParamType::Colour, Value::String(text)) => {
                json!(text.to_str().map_err(|_| wrong())?.to_owned())
            }
            (ParamType::Numbers { .. }, Value::Table(list)) => {
                let numbers: Result<Vec<f64>, _> = list.sequence_values().collect();
                json!(numbers.map_err(|_| wrong())?)
            }
            _ => return Err(wrong()),
        };
        super::values::canonical(ty, &json).ok_or_else(wrong)
    }

    fn wants(&self, list: Option<Table>) -> Result<Vec<String>, Failed> {
        let Some(list) = list else { return Ok(Vec::new()) };
        let wants: Result<Vec<String>, _> = list.sequence_values().collect();
        let wants =
            wants.map_err(|_| self.wrong("`wants` is a list such as {\"exec\", \"net=example.org\"}"))?;
        match wants.iter().find(|want| *want != "exec" && !want.starts_with("net=")) {
            Some(other) => Err(self.wrong(format!("`{other}` cannot be wanted: `exec` or `net=host`"))),
            None => Ok(wants),
        }
    }

    fn distinct(&self, inputs: &[Input], params: &[Param]) -> Result<(), Failed> {
        let mut names = BTreeSet::new();
        let all = inputs.iter().map(|input| &input.name).chain(params.iter().map(|param| &param.name));
        for name in all {
            if !names.insert(name) {
                return Err(self.wrong(format!("`{name}` is an input and a parameter")));
            }
        }
        Ok(())
    }

    fn whole(&self, declared: &Declared) -> Result<(), Failed> {
        let clips = declared.outputs.iter().filter(|(_, ty)| *ty == PortType::Clip).count();
        match (clips, declared.outputs.len()) {
            (_, 0) => Err(self.wrong("this node gives nothing: it has no `outputs`")),
            (0, _) | (1, 1) => Ok(()),
            _ => Err(self.wrong(
                "a node that gives a clip gives nothing else: pictures are made when they are asked for",
            )),
        }
    }
}
