//! A node: what it is, what it is told, what it needs.

use std::path::PathBuf;

use petgraph::stable_graph::DefaultIx;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::kinds::Kind;
use crate::units::Digest;

/// A node's place in its graph; means nothing outside it.
pub type NodeIndex = petgraph::graph::NodeIndex<DefaultIx>;

/// The graph of a film. Edges run from the node that gives to the node that takes.
pub type Graph = petgraph::graph::DiGraph<NodeSpec, Edge>;

/// One node.
#[derive(Clone, Debug)]
pub struct NodeSpec {
    /// What it is.
    pub kind: &'static Kind,
    /// Its parameters, as the kind's type serialises them.
    pub params: Value,
    /// Files of the project it reads; their digests are in `params` too.
    pub files: Vec<MaterialFile>,
    /// What it needs of a device.
    pub need: Need,
    /// Where it belongs, for people. Never part of a key.
    pub label: Label,
}

/// A file and its content's digest. Only the digest counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MaterialFile {
    /// Where it lies now.
    pub path: PathBuf,
    /// What it holds.
    pub digest: Digest,
}

/// What a node needs of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Need {
    /// Bytes of memory at its peak.
    pub memory: u64,
    /// Estimated milliseconds on one CPU worker, before any record is known.
    pub millis: u64,
}

/// Where a node belongs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// The scene's name.
    pub scene: Option<String>,
    /// The shot's name.
    pub shot: Option<String>,
    /// What of it: `core`, `head`, `dissolve to rail`, `line 2 (mara)`, `cue theme`.
    pub part: String,
}

impl std::fmt::Display for Label {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (&self.scene, &self.shot) {
            (Some(scene), Some(shot)) => write!(f, "{scene}.{shot}")?,
            (Some(scene), None) => write!(f, "{scene}")?,
            _ => f.write_str("film")?,
        }
        if self.part.is_empty() { Ok(()) } else { write!(f, " {}", self.part) }
    }
}

impl NodeSpec {
    /// What it is called: `cliff.wide core encode`.
    pub fn name(&self) -> String {
        named(&self.label, self.kind.name)
    }
}

/// A label with its kind; a part that is called as its kind is said once.
pub fn named(label: &impl std::fmt::Display, kind: &str) -> String {
    let label = label.to_string();
    if label.split_whitespace().any(|word| word == kind) { label } else { format!("{label} {kind}") }
}

/// One output into one input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edge {
    /// The giving node's port.
    pub output: String,
    /// The taking node's port.
    pub input: String,
    /// The place among edges into a `many` port.
    pub index: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_not_said_twice() {
        assert_eq!(named(&"sea.wide core", "encode"), "sea.wide core encode");
        assert_eq!(named(&"film mix", "mix"), "film mix");
    }
}
