//! `storyreel schema`: JSON Schemas, made from the types.

use std::fs;
use std::path::Path;

use anyhow::Context;
use serde_json::{Value, json};
use storyreel_engine::compile::plan;
use storyreel_engine::kinds::ALL;
use storyreel_engine::run::EventLine;
use storyreel_engine::storyboard;

use crate::cli;
use crate::exit::{Exit, Refusal};
use crate::output::say;

/// A schema's name, and how it is made.
type Made = (&'static str, fn() -> Value);

/// Every schema.
const SCHEMAS: &[Made] = &[
    ("storyboard", storyboard_with_nodes),
    ("nodes", nodes),
    ("plan", || plan::schema().to_value()),
    ("events", || schemars::schema_for!(EventLine).to_value()),
];

/// Prints one, or writes all.
pub fn run(args: &cli::Schema) -> anyhow::Result<Exit> {
    if let Some(folder) = &args.write {
        write_all(folder)?;
        return Ok(Exit::Done);
    }
    let Some((_, make)) = SCHEMAS.iter().find(|(name, _)| *name == args.which) else {
        let names: Vec<&str> = SCHEMAS.iter().map(|(name, _)| *name).collect();
        return Err(Refusal::usage(format!(
            "there is no schema `{}`; there is {}",
            args.which,
            names.join(", ")
        )));
    };
    say(format_args!("{}", text(&make())?.trim_end()))?;
    Ok(Exit::Done)
}

/// The storyboard's schema as text.
pub fn storyboard() -> anyhow::Result<String> {
    text(&storyboard_with_nodes())
}

/// The storyboard's schema, in which the steps that name a node of the library take what that node does.
fn storyboard_with_nodes() -> Value {
    let mut schema = storyboard::schema::storyboard();
    let nodes = storyreel_lua::library_declarations();
    let names: Vec<&str> = nodes.iter().map(|node| node.name.as_str()).collect();
    let mut steps: Vec<Value> = nodes.iter().map(|node| node.schema()).collect();
    steps.push(json!({
        "type": "object",
        "description": "A node of the project's `scripts/`, with its parameters.",
        "required": ["node"],
        "properties": {"node": {"type": "string", "not": {"enum": names}}},
    }));
    if let Some(step) = schema.pointer_mut("/definitions/step") {
        step["anyOf"] = json!([
            {"type": "string", "description": "A node that needs no more than its name.", "examples": names},
            {"oneOf": steps},
        ]);
    }
    schema
}

fn write_all(folder: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    for (name, make) in SCHEMAS {
        let path = folder.join(format!("{name}.schema.json"));
        fs::write(&path, text(&make())?).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

/// The parameters of every node kind, by `kind@version`.
fn nodes() -> Value {
    let kinds: serde_json::Map<String, Value> = ALL
        .iter()
        .map(|kind| {
            let mut schema = (kind.schema)().to_value();
            schema["description"] = json!(kind.doc);
            (format!("{}@{}", kind.name, kind.version), schema)
        })
        .collect();
    json!({"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Storyreel node parameters", "$defs": kinds})
}

fn text(schema: &Value) -> anyhow::Result<String> {
    Ok(serde_json::to_string_pretty(schema)? + "\n")
}
