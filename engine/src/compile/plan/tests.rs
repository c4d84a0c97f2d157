//! What plans say and how they look.

use std::collections::BTreeMap;

use super::*;
use crate::compile::testing::{NamedWorld, keeper};
use crate::compile::{Wants, film, lower};
use crate::graph::step_ids;
use crate::kinds::generate::Prompt;
use crate::storyboard::Takes;

/// Models that can neither draw nor sound gulls.
struct NoGulls;

impl PromptReader for NoGulls {
    fn not_drawn(&self, prompt: &Prompt) -> Vec<String> {
        if prompt.action.contains("gulls") { vec!["gulls".into()] } else { Vec::new() }
    }

    fn not_sounded(&self, source: &SoundSource) -> Vec<String> {
        match source {
            SoundSource::Words { words, .. } if words.contains("gulls") => vec!["gulls".into()],
            SoundSource::Music { prompt, .. } if prompt.contains("longing") => vec!["longing".into()],
            _ => Vec::new(),
        }
    }
}

pub(super) fn keeper_plan(done: &[&str]) -> Plan {
    let film = film(&keeper(), &Takes::default(), &NamedWorld).unwrap();
    let lowered = lower(&film, &Wants::default(), &BTreeMap::new()).unwrap();
    let steps = step_ids(&lowered.graph, &|_| None);
    let mut facts = Facts::unknown(&lowered);
    for (index, node) in lowered.graph.node_weights().enumerate() {
        facts.disk[index] = 1_000_000;
        facts.todo[index] = !done.contains(&node.kind.name) && node.label.scene.as_deref() != Some("tower");
    }
    plan(&film, &lowered, &steps, &facts, &NoGulls)
}

#[test]
fn a_plan_tells_everything() {
    insta::assert_snapshot!(table(&keeper_plan(&["voice", "extend"]), 100));
}

#[test]
fn what_no_model_makes_is_told_by_place() {
    let film = film(&keeper(), &Takes::default(), &NamedWorld).unwrap();
    let told: Vec<String> = left_out(&film, &NoGulls)
        .into_iter()
        .map(|one| format!("{}: {}: {}", one.place, one.kind, one.what.join(", ")))
        .collect();
    assert_eq!(told.first().map(String::as_str), Some("cliff.wide: not drawn: gulls"), "{told:?}");
    assert!(told.contains(&"cliff.wide: no sound for: gulls".to_owned()), "{told:?}");
    assert!(told.last().is_some_and(|last| last.ends_with(": not played: longing")), "{told:?}");
}

#[test]
fn a_plan_lists_its_nodes_in_order() {
    let plan = keeper_plan(&[]);
    let lines: Vec<String> = plan
        .nodes
        .iter()
        .map(|node| {
            let inputs: Vec<String> = node.inputs.iter().map(|input| input.from.to_string()).collect();
            let state = if node.state == State::Todo { "todo" } else { "done" };
            format!("{:<14} {:<40} {state} <- {}", node.kind, node.label, inputs.join(" "))
        })
        .collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn a_streamed_node_is_to_do_where_its_reader_is() {
    let plan = keeper_plan(&["encode", "mix", "join", "mux", "sheet", "effects"]);
    let clip = plan.nodes.iter().find(|node| node.label == "cliff.wide generate").unwrap();
    assert_eq!(clip.state, State::Done);
    assert_eq!(
        keeper_plan(&[]).nodes.iter().find(|n| n.label == "cliff.wide generate").unwrap().state,
        State::Todo
    );
}

#[test]
fn a_plan_survives_json_and_fits_its_schema() {
    let plan = keeper_plan(&[]);
    let value = serde_json::to_value(&plan).unwrap();
    assert_eq!(serde_json::from_value::<Plan>(value.clone()).unwrap(), plan);
    let schema = serde_json::to_value(schema()).unwrap();
    assert!(jsonschema::is_valid(&schema, &value));
}

#[test]
fn the_schema_in_the_repository_is_this_one() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas/plan.schema.json");
    // Values, not text: the order of keys is the writer's, `./x generate`, and the check of its drift is there.
    let written: serde_json::Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    assert_eq!(written, serde_json::to_value(schema()).unwrap());
}

#[test]
fn a_drawing_is_whole() {
    let drawing = svg(&keeper_plan(&["extend", "voice"]));
    assert!(drawing.starts_with("<svg") && drawing.ends_with("</svg>\n"));
    assert!(!drawing.contains("@BOTTOM") && !drawing.contains("NaN"));
    for words in ["The Keeper", "1 wide", "dissolve", "solo cello"] {
        assert!(drawing.contains(words), "{words}");
    }
    if let Some(folder) = std::env::var_os("STORYREEL_DRAWINGS") {
        std::fs::write(std::path::Path::new(&folder).join("plan.svg"), drawing).unwrap();
    }
}
