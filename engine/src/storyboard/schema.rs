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
    root["$id"] = json!("https://storyreel.dev/schemas/storyboard.schema.json");
    root["title"] = json!("Storyreel storyboard");
    root["definitions"] = json!(definitions);
    root
}
