//! `recipe.json`: everything needed to make the film again. No dates, and no paths but those inside
//! the project and its further readable folders.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::compile::film::{Film, Picture};
use crate::compile::lower::Lowered;
use crate::compile::seed::{Purpose, derive};
use crate::graph::StepId;
use crate::kinds::sound::Loudness;
use crate::storyboard::Takes;
use crate::units::Digest;
use crate::world::Tool;

/// Raised when the meaning of a field changes.
pub const RECIPE_VERSION: u32 = 2;

/// A recipe.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// The version of this format.
    pub recipe: u32,
    /// The program's version.
    pub program: String,
    /// The film's title.
    pub title: String,
    /// The storyboard's files, itself first.
    pub storyboard: Vec<SourceText>,
    /// Values of its variables.
    pub vars: BTreeMap<String, String>,
    /// What of the film was asked for, and in which form.
    pub cut: Cut,
    /// Seeds and takes chosen by hand, by `scene.shot`.
    pub takes: BTreeMap<String, Chosen>,
    /// Per shot, the seed of its pictures; of the chosen candidate where there were several.
    pub seeds: BTreeMap<String, u64>,
    /// Per shot with candidates, the one that ranked best, from 1.
    pub candidates: BTreeMap<String, u32>,
    /// The models named.
    pub models: Vec<String>,
    /// Files that were used: of the project by their path in it, of its nth further readable folder by
    /// `readable N/` and their path in that.
    pub materials: BTreeMap<String, Digest>,
    /// What the sound came to, as a player meets it; absent where none was asked for.
    pub loudness: Option<Loudness>,
    /// The version of every node kind used.
    pub kinds: BTreeMap<String, u32>,
    /// Digests of tools' data; `null` where one is not installed.
    pub tools: BTreeMap<String, Option<Digest>>,
    /// The numeric class it was rendered on.
    pub class: String,
    /// Every step, inputs before their users.
    pub steps: Vec<RecipeStep>,
    /// Digests of the files that came of it.
    pub outputs: BTreeMap<String, Digest>,
}

/// What of a film was asked for on the command line, and in which form.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Cut {
    /// `--shots`; all where there are none.
    pub shots: Vec<String>,
    /// `--from`.
    pub from: Option<String>,
    /// `--to`.
    pub to: Option<String>,
    /// `--size`.
    pub size: Option<String>,
    /// `--draft`.
    pub draft: bool,
    /// `--stills`.
    pub stills: bool,
    /// `--movs`.
    pub movs: bool,
    /// Shots that a slate stands for, by `scene.shot`, with why.
    pub slates: BTreeMap<String, String>,
}

/// One of the storyboard's files.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SourceText {
    /// Relative to the project.
    pub path: String,
    /// Of the text.
    pub digest: Digest,
    /// The text.
    pub text: String,
}

/// What was chosen for a shot.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Chosen {
    /// In place of the nearest `seed:`.
    pub seed: Option<u64>,
    /// From 1.
    pub take: Option<u32>,
}

/// A step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecipeStep {
    /// Its id.
    pub step: Digest,
    /// Its kind.
    pub kind: String,
    /// Where it belongs.
    pub label: String,
}

/// What only the caller knows.
pub struct Given<'a> {
    /// The project's folder; files are named from there.
    pub root: &'a Path,
    /// Its further readable folders.
    pub readable: &'a [PathBuf],
    /// The storyboard's files with their texts, itself first.
    pub storyboard: Vec<(&'a Path, &'a str)>,
    /// Values of its variables.
    pub vars: &'a [(String, String)],
    /// What of the film was asked for.
    pub cut: Cut,
    /// Takes.
    pub takes: &'a Takes,
    /// Per shot with candidates, the one that ranked best, from 1.
    pub candidates: BTreeMap<String, u32>,
    /// What the sound came to.
    pub loudness: Option<Loudness>,
    /// Digests of tools' data.
    pub tool: &'a dyn Fn(Tool) -> Option<Digest>,
    /// The numeric class.
    pub class: String,
    /// Digests of the files that came of it.
    pub outputs: BTreeMap<String, Digest>,
}

/// The recipe of a rendered film.
pub fn recipe(film: &Film, lowered: &Lowered, steps: &[StepId], given: Given) -> Recipe {
    let mut kinds = BTreeMap::new();
    let mut tools = BTreeMap::new();
    let mut materials = BTreeMap::new();
    for node in lowered.graph.node_weights() {
        kinds.insert(node.kind.name.to_owned(), node.kind.version);
        for tool in node.kind.tools {
            let name = serde_json::to_value(tool).ok().and_then(|name| name.as_str().map(str::to_owned));
            tools.insert(name.unwrap_or_default(), (given.tool)(*tool));
        }
        for file in &node.files {
            materials.insert(inside(&given, &file.path), file.digest);
        }
    }
    let storyboard = given.storyboard.iter().map(|(path, text)| SourceText {
        path: inside(&given, path),
        digest: Digest::of(text.as_bytes()),
        text: (*text).to_owned(),
    });
    let takes = given
        .takes
        .shots
        .iter()
        .map(|(name, take)| (name.clone(), Chosen { seed: take.seed, take: take.take }));
    let steps = lowered.graph.node_weights().zip(steps).map(|(node, step)| RecipeStep {
        step: step.0,
        kind: node.kind.name.to_owned(),
        label: node.label.to_string(),
    });
    Recipe {
        recipe: RECIPE_VERSION,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        title: film.title.clone(),
        storyboard: storyboard.collect(),
        vars: given.vars.iter().cloned().collect(),
        cut: given.cut.clone(),
        takes: takes.collect(),
        seeds: seeds(film, &given.candidates),
        models: models(lowered),
        materials,
        loudness: given.loudness,
        kinds,
        tools,
        class: given.class,
        steps: steps.collect(),
        candidates: given.candidates,
        outputs: given.outputs,
    }
}

impl Recipe {
    /// The text of `recipe.json`.
    pub fn text(&self) -> String {
        let text = serde_json::to_string_pretty(self);
        text.unwrap_or_else(|error| unreachable!("a recipe is plain data: {error}")) + "\n"
    }
}

/// `path` from the project's folder, or from the further readable folder that it is in: files of equal
/// names in several of them stay apart.
fn inside(given: &Given, path: &Path) -> String {
    let further = given.readable.iter().enumerate().find_map(|(at, folder)| {
        Some(format!("readable {}/{}", at + 1, path.strip_prefix(folder).ok()?.display()))
    });
    let shown = match path.strip_prefix(given.root) {
        Ok(relative) => relative.display().to_string(),
        Err(_) => further.unwrap_or_else(|| {
            path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
        }),
    };
    shown.replace('\\', "/")
}

fn seeds(film: &Film, candidates: &BTreeMap<String, u32>) -> BTreeMap<String, u64> {
    let drawn = film.shots.iter().filter(|shot| matches!(shot.picture, Picture::Generated { .. }));
    drawn
        .map(|shot| {
            let name = shot.full_name();
            let take = shot.take.or_else(|| candidates.get(&name).copied()).unwrap_or(1);
            let seed = derive(shot.seed, Purpose::Picture, shot.ordinal, take.saturating_sub(1));
            (name, seed)
        })
        .collect()
}

fn models(lowered: &Lowered) -> Vec<String> {
    let named = lowered.graph.node_weights().filter_map(|node| node.params.get("model")?.as_str());
    let mut models: Vec<String> = named.map(str::to_owned).collect();
    models.sort();
    models.dedup();
    models
}
