//! A large film as it is after its render, without the hours that rendering takes: every record that the run would
//! have written, with a few bytes in place of each artifact. Keys are computed by the engine's own rule from the
//! program's own plan; where they were not what the program computes, it would find nothing made.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use storyreel_engine::cache::{Cache, Put, Record};
use storyreel_engine::clock::Moment;
use storyreel_engine::compile::plan::{Plan, PlanNode};
use storyreel_engine::graph::keys::KeyText;
use storyreel_engine::graph::{ActionKey, StepId};
use storyreel_engine::kinds::{ALL, Kind};
use storyreel_engine::run::protocol::Blob;
use storyreel_engine::units::Digest;
use storyreel_engine::world::Tool;

use crate::film;

/// What the film's sound is said to have come to.
const LOUDNESS: &str = r#"{"integrated_lufs":-16.0,"true_peak_dbtp":-1.5,"gain_db":0.0}"#;

/// A project whose film of some shots is rendered and published.
pub struct Filled {
    folder: tempfile::TempDir,
}

impl Filled {
    /// Fills the cache, then renders: nothing is left to do, and the film is published.
    pub fn with(shots: usize) -> Self {
        let filled = Self { folder: tempfile::tempdir().unwrap() };
        fs::write(filled.path("film.yaml"), film::storyboard(shots)).unwrap();
        let text = output(&mut filled.command(&["plan", "film.yaml", "--json"]));
        record(&serde_json::from_str(&text).unwrap(), &filled.path(".storyreel/cache"));
        // Were anything left to do, this would begin to render for hours.
        let todo = output(&mut filled.command(&["plan", "film.yaml"]));
        assert!(todo.contains("Nothing to do."), "{todo}");
        output(&mut filled.command(&["render", "film.yaml"]));
        filled
    }

    /// A path inside.
    pub fn path(&self, inside: &str) -> PathBuf {
        self.folder.path().join(inside)
    }

    /// The program in this folder, with nothing of the caller's settings.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_storyreel"));
        command.current_dir(self.folder.path()).args(args).stdin(Stdio::null());
        for name in ["STORYREEL_CACHE", "STORYREEL_OUT", "STORYREEL_DEVICES", "STORYREEL_SOUNDFONT"] {
            command.env_remove(name);
        }
        command
    }

    /// Takes away what was kept of earlier answers, so that the next render goes its full way.
    pub fn forget_answers(&self) {
        let _ = fs::remove_dir_all(self.path(".storyreel/cache/answers"));
    }
}

/// What a command that must go well says on standard output.
pub fn output(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Writes a record for every stored node of `plan`, and the artifacts that are handed over.
fn record(plan: &Plan, root: &Path) {
    let tools = tools(root);
    let mut cache = Cache::open(root).unwrap();
    let mut actions: Vec<ActionKey> = Vec::new();
    let handed_over: Vec<usize> = plan.outputs.iter().map(|output| output.node as usize).collect();
    for (at, node) in plan.nodes.iter().enumerate() {
        let kind = kind(node);
        let inputs: Vec<_> = node
            .inputs
            .iter()
            .map(|input| {
                let from = input.from as usize;
                let stored = plan.nodes[from].stored;
                let content = if stored { content(from, &input.output).1 } else { actions[from].0 };
                (input.port.as_str(), input.index, input.output.as_str(), content)
            })
            .collect();
        let data: Vec<_> = kind.tools.iter().map(|tool| tools.get(tool).copied()).collect();
        let (name, version) = (kind.name, kind.version);
        let text = KeyText { kind: name, version, params: &node.params, tools: &data, inputs: &inputs };
        actions.push(ActionKey(text.digest()));
        if !node.stored {
            continue;
        }
        for port in kind.outputs.iter().filter(|_| handed_over.contains(&at)) {
            cache.store().write(content(at, port.name).0.as_bytes()).unwrap();
        }
        assert_eq!(cache.put(made(at, node, kind, actions[at])).unwrap(), Put::Kept, "{}", node.label);
    }
    cache.sync().unwrap();
}

fn made(at: usize, node: &PlanNode, kind: &Kind, action: ActionKey) -> Record {
    let blob = |port: &str| {
        let (text, digest) = content(at, port);
        Blob { digest, bytes: text.len() as u64 }
    };
    let loudness = (kind.name == "soundtrack").then(|| ("loudness".to_owned(), LOUDNESS.to_owned()));
    Record {
        action,
        step: StepId(node.step),
        kind: kind.name.to_owned(),
        version: kind.version,
        label: node.label.clone(),
        outputs: kind.outputs.iter().map(|port| (port.name.to_owned(), blob(port.name))).collect(),
        data: loudness.into_iter().collect(),
        millis: 20,
        peak_memory: 100 << 20,
        formula: None,
        class: "cpu".into(),
        libraries: "none 0".into(),
        when: Moment(0),
        by: String::new(),
    }
}

/// A node's artifact: no two are alike.
fn content(node: usize, port: &str) -> (String, Digest) {
    let text = format!("{port} of node {node}\n");
    let digest = Digest::of(text.as_bytes());
    (text, digest)
}

fn kind(node: &PlanNode) -> &'static Kind {
    let name = node.kind.split('@').next().unwrap();
    ALL.iter().find(|kind| kind.name == name).unwrap()
}

/// Digests of tools' data, as the program found them when it planned.
fn tools(root: &Path) -> BTreeMap<Tool, Digest> {
    let known: Value = serde_json::from_slice(&fs::read(root.join("tools.json")).unwrap()).unwrap();
    let names = [(Tool::SoundFont, "soundfont"), (Tool::Voices, "voices"), (Tool::Encoder, "encoder")];
    names
        .into_iter()
        .filter_map(|(tool, name)| Some((tool, known["tools"][name]["digest"].as_str()?.parse().ok()?)))
        .collect()
}

#[test]
fn the_large_film_is_of_the_size_that_it_is_said_to_be() {
    let filled = Filled::with(20);
    let plan: Plan =
        serde_json::from_str(&output(&mut filled.command(&["plan", "film.yaml", "--json"]))).unwrap();
    assert_eq!(plan.nodes.len(), film::nodes(20));
    assert_eq!((plan.totals.stored as usize, plan.totals.todo), (film::stored(20), 0));
}

#[test]
fn a_filled_cache_is_taken_for_a_rendered_one_and_a_changed_film_is_not() {
    let filled = Filled::with(20);
    let render = |args: &[&str]| output(&mut filled.command(args));
    let text = render(&["render", "film.yaml", "--events", "json"]);
    assert!(text.contains("\"published\"") && !text.contains("worker-started"), "{text}");
    // Had the keys not been the program's own, everything would be to do, as it is after a change.
    let storyboard = fs::read_to_string(filled.path("film.yaml")).unwrap();
    fs::write(filled.path("film.yaml"), storyboard.replace("seed: 1", "seed: 2")).unwrap();
    let plan: Plan = serde_json::from_str(&render(&["plan", "film.yaml", "--json"])).unwrap();
    assert_eq!(plan.totals.todo, plan.totals.stored);
}
