//! What a custom node says of itself.

use std::path::PathBuf;

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::kinds::script::ScriptSource;
use crate::kinds::{Kind, PortType};

/// A custom node as its script declares it.
#[derive(Clone, Debug, PartialEq)]
pub struct Declaration {
    /// Its name in storyboards: `film-grain`.
    pub name: String,
    /// Its kind in plans: `library/film-grain@1`, `project/my-look@3`.
    pub kind: &'static Kind,
    /// What it is, in a sentence or several.
    pub doc: String,
    /// What enters. The first one without `many` of the main type is what it works on.
    pub inputs: Vec<Input>,
    /// Its parameters, in the order declared.
    pub params: Vec<Param>,
    /// Whether it builds a subgraph rather than working itself.
    pub expands: bool,
    /// Microseconds a megapixel that each of its pictures takes; of sound, a second of it.
    pub micros: u64,
    /// Bytes a pixel that it holds besides what it reads and gives.
    pub bytes_a_pixel: u64,
    /// The script's text, then those of its modules.
    pub sources: Vec<ScriptFile>,
    /// What it works on and gives.
    pub sense: Sense,
    /// What it may do only where the user grants it: `exec`, `net=host`.
    pub wants: Vec<String>,
}

/// What a node is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sense {
    /// Gives a clip: a step of shots.
    Clip,
    /// Gives a sound: a step of shots' sounds and of cues.
    Sound,
    /// Gives something else: a part of other nodes only.
    Part,
}

/// A port that something enters.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Input {
    /// Its name.
    pub name: String,
    /// What enters.
    #[serde(rename = "type")]
    pub ty: PortType,
    /// Whether any number may.
    pub many: bool,
    /// Whether it may stay empty.
    pub optional: bool,
    /// What it is for.
    pub doc: String,
}

/// A parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Param {
    /// Its name in storyboards.
    pub name: String,
    /// What it takes.
    pub ty: ParamType,
    /// Its value where none is written; `None` where it must be.
    pub default: Option<Value>,
    /// What it is for.
    pub doc: String,
}

/// What a parameter takes.
#[derive(Clone, Debug, PartialEq)]
pub enum ParamType {
    /// A number within bounds.
    Number {
        /// Not below.
        min: f64,
        /// Not above.
        max: f64,
        /// Whether it must be whole.
        whole: bool,
    },
    /// Yes or no.
    Boolean,
    /// Words.
    Text,
    /// One of these.
    Choice(Choice),
    /// `#rrggbb` or `#rrggbbaa`.
    Colour,
    /// A length of time, in seconds.
    Time,
    /// Numbers.
    Numbers {
        /// How many, where that is fixed.
        count: Option<usize>,
    },
    /// A file of the project; the value is its digest.
    File,
}

/// The words of a choice.
pub type Choice = Vec<String>;

/// A text that a script is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptFile {
    /// As parameters name it.
    pub source: ScriptSource,
    /// Where it lies; of our own library, nowhere: every worker has it.
    pub path: Option<PathBuf>,
}

impl Declaration {
    /// The parameter of that name.
    pub fn param(&self, name: &str) -> Option<&Param> {
        self.params.iter().find(|param| param.name == name)
    }

    /// The port of that name.
    pub fn input(&self, name: &str) -> Option<&Input> {
        self.inputs.iter().find(|input| input.name == name)
    }

    /// The port that what it works on enters: the first single one of the type that it gives.
    pub fn main(&self) -> Option<&Input> {
        let ty = match self.sense {
            Sense::Clip => PortType::Clip,
            Sense::Sound => PortType::Sound,
            Sense::Part => return None,
        };
        self.inputs.iter().find(|input| input.ty == ty && !input.many)
    }

    /// The port of what it gives, where it is a step.
    pub fn output(&self) -> Option<&'static str> {
        let ty = match self.sense {
            Sense::Clip => PortType::Clip,
            Sense::Sound => PortType::Sound,
            Sense::Part => return None,
        };
        self.kind.outputs.iter().find(|port| port.ty == ty).map(|port| port.name)
    }

    /// Digests of all its texts, as parameters hold them.
    pub fn source_list(&self) -> Vec<ScriptSource> {
        self.sources.iter().map(|file| file.source.clone()).collect()
    }

    /// The JSON Schema of a step with this node, for editors.
    pub fn schema(&self) -> Value {
        let mut properties = Map::new();
        properties.insert("node".into(), json!({"const": self.name, "description": self.doc}));
        for input in self.inputs.iter().filter(|input| Some(*input) != self.main()) {
            let one = json!({"type": ["string", "integer"]});
            let list = json!({"anyOf": [one, {"type": "array", "items": one}]});
            let mut schema = if input.many { list } else { one };
            schema["description"] = json!(input.doc);
            properties.insert(input.name.clone(), schema);
        }
        for param in &self.params {
            let mut schema = param.ty.schema();
            schema["description"] = json!(param.doc);
            if let Some(default) = &param.default {
                schema["default"] = default.clone();
            }
            properties.insert(param.name.clone(), schema);
        }
        let needed = self.inputs.iter().filter(|input| !input.optional && Some(*input) != self.main());
        let needed = needed.map(|input| input.name.as_str());
        let params = self.params.iter().filter(|param| param.default.is_none());
        let required: Vec<_> =
            std::iter::once("node").chain(needed).chain(params.map(|param| param.name.as_str())).collect();
        json!({
            "type": "object",
            "description": self.doc,
            "additionalProperties": false,
            "required": required,
            "properties": properties,
        })
    }
}

impl ParamType {
    /// What is expected, for messages.
    pub fn expected(&self) -> String {
        match self {
            Self::Number { min, max, whole } => {
                let what = if *whole { "a whole number" } else { "a number" };
                match (min.is_finite(), max.is_finite()) {
                    (true, true) => format!("{what} from {min} to {max}"),
                    (true, false) => format!("{what} of at least {min}"),
                    (false, true) => format!("{what} of at most {max}"),
                    (false, false) => what.to_owned(),
                }
            }
            Self::Boolean => "`true` or `false`".into(),
            Self::Text => "text".into(),
            Self::Choice(words) => format!("one of {}", words.join(", ")),
            Self::Colour => "a colour such as \"#ff8800\"".into(),
            Self::Time => "a length of time such as 1.5s".into(),
            Self::Numbers { count: Some(count) } => format!("a list of {count} numbers"),
            Self::Numbers { count: None } => "a list of numbers".into(),
            Self::File => "a file of the project".into(),
        }
    }

    fn schema(&self) -> Value {
        match self {
            Self::Number { min, max, whole } => {
                let mut schema = json!({"type": if *whole { "integer" } else { "number" }});
                if min.is_finite() {
                    schema["minimum"] = json!(min);
                }
                if max.is_finite() {
                    schema["maximum"] = json!(max);
                }
                schema
            }
            Self::Boolean => json!({"type": "boolean"}),
            Self::Text | Self::File => json!({"type": "string"}),
            Self::Choice(words) => json!({"type": "string", "enum": words}),
            Self::Colour => json!({"type": "string", "pattern": "^#([0-9a-fA-F]{6}|[0-9a-fA-F]{8})$"}),
            Self::Time => json!({"type": ["string", "number"]}),
            Self::Numbers { count } => {
                let mut schema = json!({"type": "array", "items": {"type": "number"}});
                if let Some(count) = count {
                    schema["minItems"] = json!(count);
                    schema["maxItems"] = json!(count);
                }
                schema
            }
        }
    }
}
