//! What the user writes: a YAML or Lua file (with those it includes) becomes a spanned tree, the tree a
//! [`Storyboard`], and every mistake on the way a [`Diagnostic`]. All mistakes come at once.
//!
//! `tree` (YAML, budgets) -> `vars` (`${name}`) -> `keys` (known keys, by table) -> `build` (types)
//! -> `check` (names, files, time). Reading is pure over [`World`].

mod build;
mod check;
mod codes;
mod diagnostics;
mod entries;
mod include;
mod keys;
mod languages;
pub mod models;
mod record;
pub mod render;
mod scalars;
pub mod schema;
mod sources;
pub mod speech;
mod steps;
mod takes;
pub mod tree;
pub mod types;
mod value;
mod vars;

use std::path::Path;

pub use codes::{Code, Explanation};
use diagnostics::Effort;
pub use diagnostics::{Diagnostic, Label, Severity, nearest, suggest};
pub use entries::parse_mark;
pub use scalars::Grade;
pub use sources::{Position, Source, Sources};
pub use takes::{Take, Takes};
pub use types::Storyboard;

use crate::scripts;
use crate::world::World;
use types::{Span, Spanned};
use value::Context;

/// What reading a storyboard gives.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The storyboard; `None` where there is any error.
    pub storyboard: Option<Storyboard>,
    /// What the takes file beside it says.
    pub takes: Takes,
    /// Every mistake, errors and warnings, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    /// The files read, for showing the diagnostics.
    pub sources: Sources,
}

impl Reading {
    /// Whether there is any error.
    pub fn failed(&self) -> bool {
        self.diagnostics.iter().any(|diagnostic| diagnostic.severity() == Severity::Error)
    }
}

/// Reads the storyboard at `path`, and the takes file beside it, with the values `vars` for its variables.
pub fn read(path: &Path, vars: &[(String, String)], world: &dyn World) -> Reading {
    let mut sources = Sources::default();
    let mut diagnostics = Vec::new();
    let documents = include::load(path, vars, world, &mut sources, &mut diagnostics);
    let chosen = documents.as_ref().and_then(|_| takes::load(path, world, &mut sources, &mut diagnostics));
    let mut cx = Context { sources: &sources, mistakes: diagnostics, effort: Effort::default() };
    let mut built = documents.and_then(|documents| build::storyboard(&documents, &mut cx));
    let Context { mistakes, effort, .. } = cx;
    let mut diagnostics = mistakes;
    if let Some(built) = &mut built {
        let mut reading = scripts::Reading { world, sources: &mut sources, mistakes: &mut diagnostics };
        built.nodes = check::declare(&mut built.storyboard, &mut reading);
    }
    let mut cx = Context { sources: &sources, mistakes: diagnostics, effort };
    if let Some(built) = &mut built {
        check::all(built, world, &mut cx);
        built.storyboard.title.get_or_insert_with(|| Spanned::new(named_after(path), Span::default()));
    }
    let takes = chosen.map(|tree| takes::read(&tree, built.as_ref(), &mut cx)).unwrap_or_default();
    let mut diagnostics = cx.mistakes;
    diagnostics.sort_by_key(|diagnostic| (diagnostic.span, diagnostic.code));
    diagnostics.dedup();
    drop_echoes(&mut diagnostics, &sources);
    let failed = diagnostics.iter().any(|diagnostic| diagnostic.severity() == Severity::Error);
    let storyboard = built.map(|built| built.storyboard).filter(|_| !failed);
    Reading { storyboard, takes, diagnostics, sources }
}

/// Takes away what is said to be unused only since it, or what would use it, is written wrong.
fn drop_echoes(diagnostics: &mut Vec<Diagnostic>, sources: &Sources) {
    let errors: Vec<_> = diagnostics
        .iter()
        .filter(|one| one.severity() == Severity::Error)
        .map(|one| (one.span.file, sources.start(one.span).line, one.help.clone().unwrap_or_default()))
        .collect();
    diagnostics.retain(|one| {
        let unused = matches!(one.code, Code::UnusedCharacter | Code::UnusedPlace | Code::UnusedProp);
        let line = sources.start(one.span).line;
        let meant = format!("did you mean `{}`?", sources.slice(one.span));
        let echoes =
            |(file, at, help): &(_, _, String)| (*file, *at) == (one.span.file, line) || *help == meant;
        !unused || !errors.iter().any(echoes)
    });
}

/// The title of a film that has none: its file's name, `the-keeper.yaml` as `The keeper`.
fn named_after(path: &Path) -> String {
    let stem = path.file_stem().map(|stem| stem.to_string_lossy()).unwrap_or_default();
    let words = stem.replace(['-', '_'], " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// The mentions `@name` of a text: the byte range of each, `@` included, and the name. `@@` is a
/// plain `@`; an `@` within a word (an address) is no mention. Where a name with hyphens is not
/// `known`, its longest known beginning counts (`@mara-like`).
pub fn mentions(text: &str, known: impl Fn(&str) -> bool) -> Vec<(std::ops::Range<usize>, &str)> {
    let mut found = Vec::new();
    let mut before = ' ';
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if c == '@' && chars.peek().is_some_and(|(_, next)| *next == '@') {
            chars.next();
            before = ' ';
            continue;
        }
        if c == '@' && !before.is_alphanumeric() {
            let rest = &text[at + 1..];
            let end =
                rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-')).unwrap_or(rest.len());
            let name = known_beginning(rest[..end].trim_end_matches('-'), &known);
            if !name.is_empty() {
                found.push((at..at + 1 + name.len(), name));
            }
        }
        before = c;
    }
    found
}

fn known_beginning(name: &str, known: impl Fn(&str) -> bool) -> &str {
    let mut shorter = name;
    while !known(shorter) {
        match shorter.rfind('-') {
            Some(at) => shorter = &shorter[..at],
            None => return name,
        }
    }
    shorter
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEEPER: &str = r#"
storyboard: 1
title: The Keeper
film: {size: 1920x1080, fps: 24, timecode: "01:00:00:00"}
seed: 7
look: 35mm film, soft dawn light, muted teal palette
avoid: text, watermark
models: {picture: animatic, sound: synth, upsample: none}
characters:
  mara:
    description: a lighthouse keeper in her sixties, yellow raincoat, grey braid
    reference: refs/mara.png
    voice: {pitch: low, pace: slow}
places:
  cliff: {description: a lighthouse on a basalt cliff above a stormy sea}
props:
  lamp: {description: a dented brass storm lamp}
scenes:
  - scene: cliff
    place: cliff
    setting: dawn, wind rising
    shots:
      - shot: wide
        action: waves burst over the rocks, gulls wheel
        camera: push in
        duration: 6s
        sound: surf, wind, gulls
      - shot: rail
        action: "@mara grips the rail and looks out to sea, @lamp in hand"
        camera: handheld close-up
        duration: 5s
        dialogue:
          - mara: She is late tonight.
        edits:
          - replace: {what: the wooden rail, with: a rusted iron rail}
          - style: engraved illustration
    transition: {fade: 1s}
score:
  - cue: theme
    prompt: solo cello, slow, D minor, 60 bpm, longing
    from: cliff.wide
    to: end
    under-dialogue: -9 dB
"#;

    #[test]
    fn the_storyboard_of_the_design_reads() {
        let reading = crate::world::MemoryWorld::new().with_still("refs/mara.png", 640, 480).read(KEEPER);
        assert_eq!(reading.diagnostics, []);
        let board = reading.storyboard.unwrap();
        assert_eq!(board.film.timecode, 86_400);
        assert_eq!(board.scenes[0].shots[1].edits.len(), 2);
        assert_eq!(board.scenes[0].shots[1].dialogue[0].speaker.value, "mara");
        assert_eq!(board.score[0].under_dialogue_millibels, -900);
    }

    #[test]
    fn a_film_without_a_title_is_called_after_its_file() {
        let untitled = KEEPER.replace("title: The Keeper\n", "");
        let path = crate::world::MemoryWorld::path("last_boat-home.yaml");
        let world = crate::world::MemoryWorld::new().with_still("refs/mara.png", 640, 480);
        let world = world.with("last_boat-home.yaml", untitled);
        let board = read(&path, &[], &world).storyboard.unwrap();
        assert_eq!(board.title.unwrap().value, "Last boat home");
    }

    #[test]
    fn mentions_are_found_where_words_begin() {
        let names = |text| {
            mentions(text, |name| name == "mara").into_iter().map(|(_, name)| name).collect::<Vec<_>>()
        };
        assert_eq!(names("@mara's coat, (@mara) and @marra."), ["mara", "mara", "marra"]);
        assert_eq!(names("a@b.org @@mara @ @mara-like"), ["mara"]);
        let text = "so @mara waits";
        assert_eq!(&text[mentions(text, |_| true)[0].0.clone()], "@mara");
    }
}
