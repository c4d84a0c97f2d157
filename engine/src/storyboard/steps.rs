//! `steps:`, custom nodes that work on what a shot shows or a cue plays: read as written here; what each takes is
//! known once its script is, and is checked by [`super::check`].

use std::path::PathBuf;

use serde_json::{Value as Json, json};

use super::codes::Code;
use super::record::Defs;
use super::tree::{Entry, Node, Value};
use super::types::{Spanned, Step};
use super::value::{Context, FromNode, is_name};

/// One entry of `steps:`.
#[derive(Clone, Debug)]
pub struct StepEntry(pub Step);

impl FromNode for StepEntry {
    fn read(node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        let (name, values): (&Node, Vec<Entry>) = match &node.value {
            Value::Map(entries) => {
                let Some(name) = node.get("node") else {
                    cx.mistake(Code::MissingKey, node.head(), "this step names no node")
                        .help("write {node: film-grain, amount: 0.2}");
                    return None;
                };
                (name, entries.iter().filter(|entry| entry.key != "node").cloned().collect())
            }
            Value::Scalar { .. } => (node, Vec::new()),
            _ => {
                cx.wrong(node, "a node's name, or a map with `node:`");
                return None;
            }
        };
        let text = cx.scalar(name, "a node's name")?;
        if !is_name(text) {
            cx.mistake(Code::UnknownNode, name.span, format!("`{text}` cannot be a node's name"))
                .help("a node is a file such as scripts/my-look.lua; write `node: my-look`");
            return None;
        }
        let base: PathBuf = cx.sources.folder(node.span.file).to_owned();
        let node_name = Spanned::new(text.to_owned(), name.span);
        Some(Self(Step { node: node_name, values, base, span: node.span, checked: None }))
    }

    fn schema(defs: &mut Defs) -> Json {
        defs.other("step", json!({"description": "A custom node at work.", "anyOf": [
            {"type": "string", "description": "The name of a node that needs nothing else."},
            {
                "type": "object",
                "description": "A custom node with its parameters.",
                "required": ["node"],
                "properties": {"node": {"type": "string", "description": "The node's name: one of the library's, or of a file in the project's `scripts/`."}},
            },
        ]}))
    }
}
