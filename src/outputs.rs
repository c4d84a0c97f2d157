//! The files that a render hands over: those that nodes made, and the notes and edit lists beside them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;
use storyreel_engine::cache::BlobStore;
use storyreel_engine::kinds::sound::Loudness;
use storyreel_engine::publish::recipe::{Given, recipe};
use storyreel_engine::publish::{OutputFile, edl, otio};
use storyreel_engine::run::protocol::Blob;
use storyreel_engine::world::World;

use crate::cli::{Cut, Source};
use crate::compiled::Compiled;
use crate::desk::Desk;
use crate::state::Contents;

/// The numeric class of everything this build renders.
const CLASS: &str = "cpu";

/// All files, from what the nodes' outputs hold.
pub fn files(
    compiled: &Compiled,
    contents: &Contents,
    cut: &Cut,
    source: &Source,
    desk: &Desk,
    store: &BlobStore,
) -> Vec<OutputFile> {
    let blobs = compiled
        .lowered
        .outputs
        .iter()
        .filter_map(|one| Some((one.path.clone(), contents.get(one.node, one.port)?)));
    let mut files: Vec<OutputFile> = blobs.map(|(path, blob)| OutputFile::blob(path, blob)).collect();
    let outputs = compiled
        .lowered
        .outputs
        .iter()
        .filter_map(|one| contents.get(one.node, one.port).map(|blob| (one.path.clone(), blob.digest)));
    let given = Given {
        root: desk.world.root(),
        storyboard: compiled
            .sources
            .iter()
            .map(|(_, source)| (source.path.as_path(), &*source.text))
            .collect(),
        vars: &source.vars,
        takes: &compiled.takes,
        candidates: chosen(compiled, contents, store),
        loudness: loudness(compiled, contents, store),
        tool: &|tool| desk.world.tool(tool),
        class: CLASS.into(),
        outputs: outputs.collect(),
    };
    let recipe = recipe(&compiled.film, &compiled.lowered, &compiled.keyed.steps, given);
    files.push(OutputFile::note("recipe.json", recipe.text()));
    if cut.movs {
        files.push(OutputFile::text("film.otio", otio::otio(&compiled.film)));
        files.push(OutputFile::text("film.edl", edl::edl(&compiled.film)));
    }
    files
}

/// Of every shot with candidates, the one that ranked best, from 1.
fn chosen(compiled: &Compiled, contents: &Contents, store: &BlobStore) -> BTreeMap<String, u32> {
    let graph = &compiled.keyed.graph;
    let ranks = graph.node_indices().filter(|node| graph[*node].kind.name == "rank");
    ranks
        .filter_map(|node| {
            let label = &graph[node].label;
            let name = format!("{}.{}", label.scene.as_ref()?, label.shot.as_ref()?);
            let blob: Blob = contents.get(node, "rank")?;
            let rank: Value = serde_json::from_slice(&store.read(&blob).ok()?).ok()?;
            let best = u32::try_from(rank.get("chosen")?.as_u64()?).ok()?;
            Some((name, best + 1))
        })
        .collect()
}

/// What the sound came to.
fn loudness(compiled: &Compiled, contents: &Contents, store: &BlobStore) -> Option<Loudness> {
    let graph = &compiled.keyed.graph;
    let track = graph.node_indices().find(|node| graph[*node].kind.name == "soundtrack")?;
    serde_json::from_slice(&store.read(&contents.get(track, "loudness")?).ok()?).ok()
}

/// Where the versions of a storyboard lie: `out/film` for `film.yaml`. What is not the whole film has
/// folders of its own (`out/film-part`, `out/film-stills`, `out/film-draft`), so that `out/film/latest`
/// is always the film.
pub fn folder(desk: &Desk, cut: &Cut) -> PathBuf {
    let stem = desk.path.file_stem().unwrap_or(Path::new("film").as_os_str());
    let mut name = stem.to_owned();
    let part = !cut.shots.is_empty() || cut.from.is_some() || cut.to.is_some();
    for (is, suffix) in [(part, "-part"), (cut.stills, "-stills"), (cut.draft, "-draft")] {
        if is {
            name.push(suffix);
        }
    }
    desk.project.out.join(name)
}
