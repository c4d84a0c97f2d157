//! `<film>.takes.yaml`, beside the storyboard: seeds and takes chosen by re-rolling and by picking
//! among candidates. Read with the storyboard, so that its mistakes come with the storyboard's own;
//! written by tools and by hand.
//!
//! ```yaml
//! storyboard-takes: 1
//! shots:
//!   cliff.wide: {seed: 12, take: 2}
//! ```

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use indexmap::IndexMap;
use serde_json::{Value as Json, json};

use super::build::Built;
use super::codes::Code;
use super::diagnostics::Diagnostic;
use super::include::{file_mistake, open};
use super::record::{Defs, record};
use super::scalars::{Seed, Whole};
use super::sources::Sources;
use super::tree::{Node, Value};
use super::types::{Span, Spanned};
use super::value::{Context, FromNode};
use crate::world::{World, WorldError};

/// The version of the file that is written and read.
pub const TAKES_VERSION: u32 = 1;

/// What the file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Takes {
    /// By `scene.shot`.
    pub shots: IndexMap<String, Take>,
}

/// What was chosen for a shot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Take {
    /// In place of the nearest `seed:`.
    pub seed: Option<u64>,
    /// Which candidate, from 1.
    pub take: Option<u32>,
}

record! {
    /// Seeds and takes chosen for the storyboard beside this file.
    TakesKeys "takes" "a takes file" {
        /// The version of this format: 1.
        required "storyboard-takes" version: Spanned<String> ["1"];
        /// What was chosen, by `scene.shot`.
        optional "shots" shots: ByShot ["{cliff.wide: {seed: 12, take: 2}}"];
    }
}

record! {
    /// What was chosen for a shot.
    TakeKeys "take" "a take" {
        /// In place of the nearest `seed:`.
        optional "seed" seed: Seed ["12"];
        /// Which candidate, from 1.
        optional "take" take: Whole<1, 9999> ["2"];
    }
}

/// Takes by the shot they were chosen for.
#[derive(Clone, Debug)]
pub struct ByShot(Vec<(Spanned<String>, TakeKeys)>);

impl FromNode for ByShot {
    fn read(node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        if !matches!(node.value, Value::Map(_)) {
            if let Some(mistake) = cx.wrong(node, "a map of shots") {
                mistake.help("write each as `scene.shot: {seed: 12}`");
            }
            return None;
        }
        let chosen = node.entries().iter().filter_map(|entry| {
            Some((Spanned::new(entry.key.clone(), entry.key_span), TakeKeys::read(&entry.value, cx)?))
        });
        Some(Self(chosen.collect()))
    }

    fn schema(defs: &mut Defs) -> Json {
        json!({"type": "object", "additionalProperties": TakeKeys::schema(defs)})
    }
}

/// The tree of the takes file beside `storyboard`; none where there is no such file.
pub(super) fn load(
    storyboard: &Path,
    world: &dyn World,
    sources: &mut Sources,
    mistakes: &mut Vec<Diagnostic>,
) -> Option<Node> {
    let path = Takes::path_for(storyboard);
    let base = storyboard.parent().unwrap_or(Path::new(""));
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    match world.locate(base, &name) {
        Ok(_) => open(&path, None, world, sources, mistakes),
        Err(WorldError::Missing(_)) => None,
        Err(error) => {
            let file = sources.add(path.clone(), "".into());
            mistakes.push(file_mistake(&error, &name, base, Span { file, start: 0, end: 0 }, world));
            None
        }
    }
}

/// What a takes file says. A take for a shot that the storyboard does not have is a mistake: it would
/// silently re-roll the shot that it was chosen for. `built` is absent where no scene could be read.
pub(super) fn read(tree: &Node, built: Option<&Built>, cx: &mut Context<'_>) -> Takes {
    let Some(keys) = TakesKeys::read(tree, cx) else { return Takes::default() };
    if let Some(version) = keys.version.filter(|version| version.value != TAKES_VERSION.to_string()) {
        let message = format!("`{}` is not a version of takes files", version.value);
        cx.mistake(Code::UnknownVersion, version.span, message)
            .help(format!("this program reads `storyboard-takes: {TAKES_VERSION}`"));
    }
    let chosen = keys.shots.map(|shots| shots.0).unwrap_or_default();
    if let Some(built) = built.filter(|built| built.scenes_whole) {
        let scenes = &built.storyboard.scenes;
        let named = |scene: &super::types::Scene| {
            scene.shots.iter().map(|shot| format!("{}.{}", *scene.name, *shot.name)).collect::<Vec<_>>()
        };
        let shots: Vec<String> = scenes.iter().flat_map(named).collect();
        let known: BTreeSet<&String> = shots.iter().collect();
        for (name, _) in chosen.iter().filter(|(name, _)| !known.contains(&name.value)) {
            let help = cx.suggest(name, shots.iter().map(String::as_str));
            cx.mistake(Code::UnknownShot, name.span, format!("the storyboard has no shot `{}`", name.value))
                .maybe_help(help);
        }
    }
    let take = |keys: TakeKeys| Take {
        seed: keys.seed.map(|seed| seed.0),
        take: keys.take.and_then(|take| u32::try_from(take.0).ok()),
    };
    Takes { shots: chosen.into_iter().map(|(name, keys)| (name.value, take(keys))).collect() }
}

impl Takes {
    /// The path of the takes file of a storyboard: `film.yaml` has `film.takes.yaml`.
    pub fn path_for(storyboard: &Path) -> PathBuf {
        let stem = storyboard.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        storyboard.with_file_name(format!("{stem}.takes.yaml"))
    }

    /// The file's text, in the order chosen.
    pub fn write(&self) -> String {
        let mut text = format!(
            "# Seeds and takes chosen for the storyboard beside this file.\nstoryboard-takes: {TAKES_VERSION}\n"
        );
        text.push_str(if self.shots.is_empty() { "shots: {}\n" } else { "shots:\n" });
        for (shot, take) in &self.shots {
            let seed = take.seed.map(|seed| format!("seed: {seed}"));
            let number = take.take.map(|number| format!("take: {number}"));
            let fields: Vec<String> = [seed, number].into_iter().flatten().collect();
            let _ =
                writeln!(text, "  {}: {{{}}}", serde_json::Value::String(shot.clone()), fields.join(", "));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::MemoryWorld;

    const FILM: &str = "storyboard: 1\nscenes:\n  - scene: cliff\n    shots:\n      - {shot: wide, action: waves, duration: 6s}\n";

    #[test]
    fn what_is_written_is_read_again() {
        let take = Take { seed: Some(12), take: Some(2) };
        let takes = Takes { shots: [("cliff.wide".to_owned(), take)].into_iter().collect() };
        for takes in [takes, Takes::default()] {
            let reading = MemoryWorld::new().with("film.takes.yaml", takes.write()).read(FILM);
            assert_eq!(reading.diagnostics, []);
            assert_eq!(reading.takes, takes);
        }
    }

    #[test]
    fn mistakes_of_both_files_come_at_once() {
        let takes = "storyboard-takes: 1\nshots: {cliff.wode: {seed: 3}}\n";
        let film = FILM.replace("duration: 6s", "duration: 6");
        let reading = MemoryWorld::new().with("film.takes.yaml", takes).read(&film);
        let told: Vec<_> = reading
            .diagnostics
            .iter()
            .map(|one| (one.code.id(), reading.sources.slice(one.span), one.help.as_deref()))
            .collect();
        assert!(reading.storyboard.is_none());
        assert_eq!(told.len(), 2, "{told:?}");
        assert_eq!(told[1], ("E0108", "cliff.wode", Some("did you mean `cliff.wide`?")));
    }
}
