//! Kinds that scripts declare. They are found when a storyboard is read, so their table grows while the program
//! runs: equal declarations share one entry, and an entry is never changed or taken away.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Kind, Port, PortType, Storage};
use crate::units::{Digest, Frames, Rate, Samples, Size};

/// Raised whenever the same script with the same parameters would give other bytes, because what the host gives
/// scripts has changed.
pub const HOST: u32 = 1;

/// Parameters of every kind that a script declares.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Script {
    /// [`HOST`].
    pub host: u32,
    /// The script's own text, then those of the modules it requires, in the order first required.
    pub sources: Vec<ScriptSource>,
    /// What may enter: name, type, whether none or any number may.
    pub inputs: Vec<(String, PortType, bool)>,
    /// What it gives.
    pub outputs: Vec<(String, PortType)>,
    /// The node's own parameters: all that it declares, defaults included.
    pub values: Map<String, Value>,
    /// Files that are among the values, by the digest that stands there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<Digest>,
    /// What its clip is, where it gives one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clip: Option<ClipShape>,
    /// Where in each sound that enters the node's own time begins, by port.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub starts: BTreeMap<String, Samples>,
    /// Where every random choice of this node derives from.
    pub seed: u64,
}

/// A text of a script.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScriptSource {
    /// The name by which it is required; of the script itself, the node's.
    pub name: String,
    /// What it holds.
    pub digest: Digest,
}

/// Size, rate and length of a clip.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClipShape {
    /// Of every picture.
    pub size: Size,
    /// Pictures a second.
    pub rate: Rate,
    /// How many.
    pub frames: Frames,
}

/// What tells kinds of scripts apart.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ScriptKind {
    /// `library/film-grain`, `project/my-look`.
    pub name: String,
    /// As the script says.
    pub version: u32,
    /// One line.
    pub doc: String,
    /// What it takes: name, type, whether any number may enter.
    pub inputs: Vec<(String, PortType, bool)>,
    /// What it gives.
    pub outputs: Vec<(String, PortType)>,
}

impl Script {
    /// The kind of that name and version whose parameters these are.
    pub fn kind(&self, name: &str, version: u32) -> ScriptKind {
        let (inputs, outputs) = (self.inputs.clone(), self.outputs.clone());
        ScriptKind { name: name.to_owned(), version, doc: String::new(), inputs, outputs }
    }
}

/// Whether a kind of that name is a script's.
pub fn is_script(name: &str) -> bool {
    name.contains('/')
}

impl ScriptKind {
    /// The kind, the same for equal declarations. It lives as long as the program: a graph may hold it anywhere.
    pub fn kind(&self) -> &'static Kind {
        static KNOWN: Mutex<BTreeMap<ScriptKind, &'static Kind>> = Mutex::new(BTreeMap::new());
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kind) = known.get(self) {
            return kind;
        }
        let kind: &'static Kind = Box::leak(Box::new(self.make()));
        known.insert(self.clone(), kind);
        kind
    }

    fn make(&self) -> Kind {
        let port = |name: &str, ty: PortType, many: bool| Port { name: lasting(name), ty, many };
        let inputs: Vec<_> = self.inputs.iter().map(|(name, ty, many)| port(name, *ty, *many)).collect();
        let outputs: Vec<_> = self.outputs.iter().map(|(name, ty)| port(name, *ty, false)).collect();
        let streams = self.outputs.iter().any(|(_, ty)| *ty == PortType::Clip);
        Kind {
            name: lasting(&self.name),
            version: self.version,
            doc: lasting(&self.doc),
            storage: if streams { Storage::Streamed } else { Storage::Stored },
            inputs: Box::leak(inputs.into_boxed_slice()),
            outputs: Box::leak(outputs.into_boxed_slice()),
            tools: &[],
            gpu: false,
            spares: false,
            schema: || schemars::schema_for!(Script),
            check: |value| Script::deserialize(value).map(drop).map_err(|error| error.to_string()),
        }
    }
}

fn lasting(text: &str) -> &'static str {
    Box::leak(text.to_owned().into_boxed_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_declarations_are_one_kind() {
        let grain = ScriptKind {
            name: "library/film-grain".into(),
            version: 1,
            doc: "Grain.".into(),
            inputs: vec![("clip".into(), PortType::Clip, false)],
            outputs: vec![("clip".into(), PortType::Clip)],
        };
        let again = grain.clone();
        assert!(std::ptr::eq(grain.kind(), again.kind()));
        let newer = ScriptKind { version: 2, ..again };
        assert_ne!(newer.kind(), grain.kind());
        assert_eq!((grain.kind().storage, grain.kind().inputs[0].name), (Storage::Streamed, "clip"));
    }
}
