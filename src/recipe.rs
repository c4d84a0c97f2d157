//! `recipe.json`: everything needed to make a version again. The same storyboard gives the same bytes.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::cli::Source;
use crate::compiled::Compiled;
use crate::desk::Desk;

/// What a version is made of.
pub fn of(compiled: &Compiled, source: &Source, desk: &Desk) -> anyhow::Result<BTreeMap<String, Value>> {
    let keyed = &compiled.keyed;
    let nodes: Vec<Value> = keyed
        .graph
        .node_indices()
        .map(|node| {
            let spec = &keyed.graph[node];
            json!({
                "step": keyed.steps[node.index()],
                "kind": format!("{}@{}", spec.kind.name, spec.kind.version),
                "label": spec.label.to_string(),
                "params": spec.params,
            })
        })
        .collect();
    let seeds: BTreeMap<String, u64> =
        compiled.film.shots.iter().map(|shot| (shot.full_name(), shot.seed)).collect();
    let tools: BTreeMap<String, Value> = keyed
        .tools
        .iter()
        .map(|(tool, digest)| {
            let versions = desk.toolbox.known(*tool).map(|known| known.versions.clone());
            (format!("{tool:?}").to_lowercase(), json!({"digest": digest, "versions": versions}))
        })
        .collect();
    let fields = [
        ("storyreel", json!(env!("CARGO_PKG_VERSION"))),
        ("storyboard", json!(std::fs::read_to_string(&desk.path)?)),
        ("variables", json!(source.vars)),
        ("title", json!(compiled.film.title)),
        ("seed", json!(compiled.film.seed)),
        ("seeds", json!(seeds)),
        ("tools", json!(tools)),
        ("nodes", json!(nodes)),
    ];
    Ok(fields.map(|(name, value)| (name.to_owned(), value)).into())
}
