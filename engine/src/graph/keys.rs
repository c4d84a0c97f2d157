//! The two identities of a node.
//!
//! Both digest the same text: kind, version, canonical parameters, tool data, inputs. They differ
//! in how an input is named: a [`StepId`] names it by the input's own step, an [`ActionKey`] by the
//! content that the input's step gave, so that equal content upstream ends the wave. A streamed
//! input has no stored content; its action key stands for it.

use std::fmt::{self, Write};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::units::Digest;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
        )]
        #[serde(transparent)]
        pub struct $name(pub Digest);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

id!(
    /// What a node is, known when planning.
    StepId
);
id!(
    /// What a node's result depends on, known when its inputs are.
    ActionKey
);

/// What both keys digest. `inputs` are (input port, index, output port, name of what enters), sorted.
pub struct KeyText<'a> {
    /// The kind's name.
    pub kind: &'a str,
    /// The kind's version.
    pub version: u32,
    /// The parameters.
    pub params: &'a Value,
    /// Digests of tool data, in the kind's order; `None` where missing.
    pub tools: &'a [Option<Digest>],
    /// The inputs.
    pub inputs: &'a [(String, u32, String, Digest)],
}

impl KeyText<'_> {
    /// The digest of the text.
    pub fn digest(&self) -> Digest {
        let mut text = format!("storyreel key 1\n{}@{}\n", self.kind, self.version);
        write_canonical(&mut text, self.params);
        for tool in self.tools {
            let _ = match tool {
                Some(digest) => write!(text, "\ntool {digest}"),
                None => write!(text, "\ntool none"),
            };
        }
        let mut inputs: Vec<_> = self.inputs.iter().collect();
        inputs.sort();
        for (input, index, output, digest) in inputs {
            let _ = write!(text, "\n{input} {index} {output} {digest}");
        }
        Digest::of(text.as_bytes())
    }
}

/// JSON with sorted keys and no spaces: equal values give equal text, whatever map type holds them.
pub fn write_canonical(out: &mut String, value: &Value) {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            out.push('{');
            for (position, (key, value)) in entries.into_iter().enumerate() {
                if position > 0 {
                    out.push(',');
                }
                let _ = write!(out, "{}:", Value::String(key.clone()));
                write_canonical(out, value);
            }
            out.push('}');
        }
        Value::Array(values) => {
            out.push('[');
            for (position, value) in values.iter().enumerate() {
                if position > 0 {
                    out.push(',');
                }
                write_canonical(out, value);
            }
            out.push(']');
        }
        scalar => {
            let _ = write!(out, "{scalar}");
        }
    }
}
