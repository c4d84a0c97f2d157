//! The files that a render hands over: those that nodes made, and the notes and edit lists beside them.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde_json::Value;
use storyreel_engine::cache::BlobStore;
use storyreel_engine::graph::NodeIndex;
use storyreel_engine::kinds::sound::Loudness;
use storyreel_engine::publish::recipe::{self, Given};
use storyreel_engine::publish::{self, OutputFile, Status, edl, otio, status};
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
) -> anyhow::Result<Vec<OutputFile>> {
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
        readable: desk.world.inner().readable(),
        storyboard: compiled
            .sources
            .iter()
            .map(|(_, source)| (source.path.as_path(), &*source.text))
            .collect(),
        vars: &source.vars,
        cut: asked(compiled, cut),
        takes: &compiled.takes,
        candidates: chosen(compiled, contents, store)?,
        loudness: loudness(compiled, contents, store),
        tool: &|tool| desk.world.tool(tool),
        class: CLASS.into(),
        outputs: outputs.collect(),
    };
    let recipe = recipe::recipe(&compiled.film, &compiled.lowered, &compiled.keyed.steps, given);
    files.push(OutputFile::note("recipe.json", recipe.text()));
    if cut.movs {
        files.push(OutputFile::text("film.otio", otio::otio(&compiled.film, &compiled.lowered)));
        files.push(OutputFile::text("film.edl", edl::edl(&compiled.film, &compiled.lowered)));
    }
    Ok(files)
}

/// Whether a file can be put back without running anything.
pub fn can_give(files: &[OutputFile], path: &str, store: &BlobStore) -> bool {
    files.iter().filter(|file| file.path == path).all(|file| match &file.source {
        publish::Source::Blob(blob) => store.has(blob),
        publish::Source::Text(_) => true,
    })
}

/// Whether the newest version is what is asked for, but for files that the cache can put back: then nothing runs,
/// whatever else the cache has lost.
pub fn stand(
    compiled: &Compiled,
    contents: &Contents,
    cut: &Cut,
    source: &Source,
    desk: &Desk,
    store: &BlobStore,
) -> anyhow::Result<bool> {
    let files = files(compiled, contents, cut, source, desk, store)?;
    Ok(match status(&folder(desk, cut, compiled), &files) {
        Status::Current(_) => true,
        Status::Incomplete(_, wrong) => wrong.iter().all(|path| can_give(&files, path, store)),
        Status::Different => false,
    })
}

/// What of the film was asked for.
fn asked(compiled: &Compiled, cut: &Cut) -> recipe::Cut {
    let slate = |(shot, why): (&usize, &String)| (compiled.film.shots[*shot].full_name(), why.clone());
    recipe::Cut {
        shots: cut.shots.clone(),
        from: cut.from.clone(),
        to: cut.to.clone(),
        size: cut.size.clone(),
        draft: cut.draft,
        stills: cut.stills,
        movs: cut.movs,
        slates: compiled.slates.iter().map(slate).collect(),
    }
}

/// Of every shot with candidates, the one that ranked best, from 1.
fn chosen(
    compiled: &Compiled,
    contents: &Contents,
    store: &BlobStore,
) -> anyhow::Result<BTreeMap<String, u32>> {
    let graph = &compiled.keyed.graph;
    let mut chosen = BTreeMap::new();
    for node in graph.node_indices().filter(|node| graph[*node].kind.name == "rank") {
        let label = &graph[node].label;
        let (Some(scene), Some(shot)) = (&label.scene, &label.shot) else { continue };
        let name = format!("{scene}.{shot}");
        let best = best(node, contents, store).with_context(|| {
            format!(
                "which candidate of `{name}` was chosen is no longer known; render with another `--cache`"
            )
        })?;
        chosen.insert(name, best);
    }
    Ok(chosen)
}

/// The first place of a ranking, from 1: by its record, else by its artifact.
fn best(node: NodeIndex, contents: &Contents, store: &BlobStore) -> Option<u32> {
    let ranking: Value = match contents.data(node, "rank") {
        Some(text) => serde_json::from_str(text).ok()?,
        None => serde_json::from_slice(&contents.read(node, "rank", store)?).ok()?,
    };
    Some(u32::try_from(ranking.get("chosen")?.as_u64()?).ok()? + 1)
}

/// What the sound came to.
fn loudness(compiled: &Compiled, contents: &Contents, store: &BlobStore) -> Option<Loudness> {
    let graph = &compiled.keyed.graph;
    let track = graph.node_indices().find(|node| graph[*node].kind.name == "soundtrack")?;
    match contents.data(track, "loudness") {
        Some(text) => serde_json::from_str(text).ok(),
        None => serde_json::from_slice(&contents.read(track, "loudness", store)?).ok(),
    }
}

const PART: &str = "-part";
const STILLS: &str = "-stills";
const DRAFT: &str = "-draft";

/// Where the versions of a storyboard lie: `out/film` for `film.yaml`, `out/night/film` for
/// `night/film.yaml`, so that no two storyboards share a folder. What is not the whole film at its own size
/// has a folder of its own (`out/film-part`, `out/film-stills`, `out/film-draft`, `out/film-640x360`, and
/// their combinations), so that `out/film/latest` is always the film, and a look at it small or in part takes
/// nothing away from anyone.
pub fn folder(desk: &Desk, cut: &Cut, compiled: &Compiled) -> PathBuf {
    let mut name = own_name(&desk.path);
    let part = !cut.shots.is_empty() || cut.from.is_some() || cut.to.is_some();
    for (is, suffix) in [(part, PART), (cut.stills, STILLS), (cut.draft, DRAFT)] {
        if is {
            name.push(suffix);
        }
    }
    if let Some(size) = compiled.resized {
        name.push(format!("-{size}"));
    }
    let folder = desk.path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let inside = folder.strip_prefix(&desk.project.root).unwrap_or(Path::new(""));
    desk.project.out.join(inside).join(name)
}

/// A storyboard's name without its ending; with it, where it reads like a part of another's film.
fn own_name(path: &Path) -> OsString {
    let stem = path.file_stem().unwrap_or(Path::new("film").as_os_str());
    let text = stem.to_string_lossy();
    let taken = [PART, STILLS, DRAFT].iter().any(|suffix| text.ends_with(suffix));
    if taken { path.file_name().unwrap_or(stem).to_owned() } else { stem.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_storyboard_called_like_a_part_of_another_keeps_its_ending() {
        assert_eq!(own_name(Path::new("night/film.yaml")), "film");
        assert_eq!(own_name(Path::new("film-part.yaml")), "film-part.yaml");
        assert_eq!(own_name(Path::new("party.yaml")), "party");
    }
}
