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
    pub inputs: &'a [(&'a str, u32, &'a str, Digest)],
}

impl KeyText<'_> {
    /// The digest of the text. The text itself, which for a film's mix is megabytes long, is never there as a whole.
    pub fn digest(&self) -> Digest {
        let mut text = Hashed::default();
        let _ = write!(text, "storyreel key 1\n{}@{}\n", self.kind, self.version);
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
        text.digest()
    }
}

/// Text that is digested as it is written, a few kilobytes at a time.
#[derive(Default)]
struct Hashed {
    hasher: blake3::Hasher,
    waiting: String,
}

impl Hashed {
    /// Pieces of this many bytes are what the hasher is quick with.
    const PIECE: usize = 16 << 10;

    fn digest(mut self) -> Digest {
        self.hasher.update(self.waiting.as_bytes());
        Digest(*self.hasher.finalize().as_bytes())
    }
}

impl Write for Hashed {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if self.waiting.len() + text.len() > Self::PIECE {
            self.hasher.update(self.waiting.as_bytes());
            self.waiting.clear();
        }
        self.waiting.push_str(text);
        Ok(())
    }
}

/// JSON with sorted keys and no spaces: equal values give equal text, whatever map type holds them.
pub fn write_canonical(out: &mut impl Write, value: &Value) {
    // Neither a string nor a digest in the making fails to take what is written.
    let _ = canonical(out, value);
}

fn canonical(out: &mut impl Write, value: &Value) -> fmt::Result {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            out.write_char('{')?;
            for (position, (key, value)) in entries.into_iter().enumerate() {
                if position > 0 {
                    out.write_char(',')?;
                }
                quoted(out, key)?;
                out.write_char(':')?;
                canonical(out, value)?;
            }
            out.write_char('}')
        }
        Value::Array(values) => {
            out.write_char('[')?;
            for (position, value) in values.iter().enumerate() {
                if position > 0 {
                    out.write_char(',')?;
                }
                canonical(out, value)?;
            }
            out.write_char(']')
        }
        Value::String(text) => quoted(out, text),
        scalar => write!(out, "{scalar}"),
    }
}

/// A JSON string; most have nothing to escape.
fn quoted(out: &mut impl Write, text: &str) -> fmt::Result {
    if text.bytes().any(|byte| byte < 0x20 || matches!(byte, b'"' | b'\\')) {
        return write!(out, "{}", Value::String(text.to_owned()));
    }
    out.write_char('"')?;
    out.write_str(text)?;
    out.write_char('"')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    /// The text as a whole, by the letter of its definition: what every recorded key was made from.
    fn whole(key: &KeyText) -> String {
        let mut text = format!("storyreel key 1\n{}@{}\n", key.kind, key.version);
        // serde_json keeps the order of keys, so sorted ones give the canonical text.
        text.push_str(&sorted(key.params).to_string());
        for tool in key.tools {
            let tool = tool.map_or("none".to_owned(), |digest| digest.to_string());
            text.push_str(&format!("\ntool {tool}"));
        }
        let mut inputs = key.inputs.to_vec();
        inputs.sort();
        for (input, index, output, digest) in inputs {
            text.push_str(&format!("\n{input} {index} {output} {digest}"));
        }
        text
    }

    fn sorted(value: &Value) -> Value {
        match value {
            Value::Object(map) => {
                let mut entries: Vec<_> =
                    map.iter().map(|(key, value)| (key.clone(), sorted(value))).collect();
                entries.sort_by(|a, b| a.0.cmp(&b.0));
                Value::Object(entries.into_iter().collect())
            }
            Value::Array(values) => values.iter().map(sorted).collect(),
            other => other.clone(),
        }
    }

    proptest! {
        #[test]
        fn a_key_is_the_digest_of_its_text(
            words in prop::collection::vec(("\\PC{0,12}", any::<i64>(), any::<f64>()), 0..20),
            inputs in prop::collection::vec(("[a-z]{1,6}", 0..40_u32, any::<[u8; 32]>()), 0..400),
        ) {
            let params: Value = words
                .iter()
                .map(|(word, number, float)| (word.clone(), json!({"b\n\"": word, "a": [number, float], "c": null})))
                .collect::<serde_json::Map<_, _>>()
                .into();
            let inputs: Vec<_> = inputs
                .iter()
                .map(|(port, index, digest)| (port.as_str(), *index, port.as_str(), Digest(*digest)))
                .collect();
            let tools = [None, Some(Digest([7; 32]))];
            let key = KeyText { kind: "mix", version: 2, params: &params, tools: &tools, inputs: &inputs };
            prop_assert_eq!(key.digest(), Digest::of(whole(&key).as_bytes()));
        }
    }
}
