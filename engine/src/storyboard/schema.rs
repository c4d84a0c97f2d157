//! The JSON Schema of a storyboard, from the same tables that read it.

use serde_json::{Value as Json, json};

use super::keys::DocumentKeys;
use super::record::Defs;
use super::value::FromNode;

/// The schema (draft-07, which every editor's YAML server reads).
pub fn storyboard() -> Json {
    let mut defs = Defs::default();
    DocumentKeys::schema(&mut defs);
    let mut definitions = defs.into_map();
    let mut root = definitions.remove("storyboard").unwrap_or_default();
    root["$schema"] = json!("http://json-schema.org/draft-07/schema#");
    root["$id"] = json!("storyboard.schema.json");
    root["title"] = json!("Storyreel storyboard");
    root["definitions"] = json!(definitions);
    root
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storyboard::sources::Sources;
    use crate::storyboard::tree::{self, Node, Value};
    use crate::storyboard::types::FileId;
    use crate::storyboard::value::Context;

    /// The tree as an editor's YAML server sees it.
    fn json_of(node: &Node) -> Json {
        match &node.value {
            Value::Null | Value::Broken => Json::Null,
            Value::Scalar { text, plain: true } => serde_json::from_str(text)
                .ok()
                .filter(|value: &Json| value.is_number() || value.is_boolean())
                .unwrap_or_else(|| json!(text)),
            Value::Scalar { text, .. } => json!(text),
            Value::Seq(items) => items.iter().map(json_of).collect(),
            Value::Map(entries) => entries
                .iter()
                .map(|entry| (entry.key.clone(), json_of(&entry.value)))
                .collect::<serde_json::Map<_, _>>()
                .into(),
        }
    }

    fn parse(text: &str) -> Node {
        let (tree, mistakes) = tree::parse(text, FileId(0));
        assert_eq!(mistakes, [], "{text}");
        tree.unwrap()
    }

    #[test]
    fn every_example_is_good_for_decoder_and_schema_alike() {
        let mut defs = Defs::default();
        DocumentKeys::schema(&mut defs);
        let keys = std::mem::take(&mut defs.keys);
        assert!(keys.len() > 80);
        for key in keys {
            let mut schema = (key.schema)(&mut defs);
            schema["definitions"] = storyboard()["definitions"].clone();
            let validator = jsonschema::draft7::new(&schema).unwrap();
            for example in key.examples {
                let node = parse(&format!("{}: {example}", key.key));
                let value = node.get(key.key).unwrap();
                let sources = Sources::default();
                let mut cx = Context { sources: &sources, mistakes: Vec::new(), effort: Default::default() };
                assert!((key.reads)(value, &mut cx), "{}: {example}", key.key);
                assert_eq!(cx.mistakes, [], "{}: {example}", key.key);
                assert!(validator.is_valid(&json_of(value)), "{}: {example}", key.key);
            }
        }
    }

    #[test]
    fn a_good_storyboard_is_valid_and_an_unknown_key_is_not() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/storyboards/good/keeper.yaml");
        let text = std::fs::read_to_string(path).unwrap();
        let validator = jsonschema::draft7::new(&storyboard()).unwrap();
        let good = json_of(&parse(&text));
        let errors: Vec<_> =
            validator.iter_errors(&good).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert_eq!(errors, Vec::<String>::new());
        for (from, to) in [
            ("duration: 0:12", "durration: 0:12"),
            ("fit: pad", "fit: cover"),
            ("duration: 72f", "duration: 72"),
        ] {
            assert!(text.contains(from));
            assert!(!validator.is_valid(&json_of(&parse(&text.replace(from, to)))), "{to}");
        }
    }

    #[test]
    fn every_key_is_documented() {
        let mut defs = Defs::default();
        DocumentKeys::schema(&mut defs);
        for key in &defs.keys {
            assert!(key.doc.trim().len() > 4, "{}", key.key);
            assert!(
                !key.examples.is_empty() || matches!(key.key, "scenes" | "shots" | "score"),
                "{}",
                key.key
            );
        }
    }
}
