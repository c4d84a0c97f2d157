//! Edit lists and recipes of a small film.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{edl, otio, recipe};
use crate::compile::testing::{NamedWorld, keeper};
use crate::compile::{Film, Lowered, Selection, Wants, film, lower};
use crate::graph::step_ids;
use crate::storyboard::Takes;
use crate::storyboard::types::{Mark, Time};
use crate::units::{Digest, Frames, Rate};

fn keeper_film() -> Film {
    film(&keeper(), &Takes::default(), &NamedWorld).unwrap()
}

#[test]
fn the_edit_list_is_cmx_3600() {
    let film = keeper_film();
    insta::assert_snapshot!(edl::edl(&film, &lower(&film, &Wants::default(), &BTreeMap::new()).unwrap()));
}

#[test]
fn timecode_counts_every_frame() {
    assert_eq!(edl::timecode(Rate { num: 30_000, den: 1001 }, 108_000), "01:00:00:00");
    assert_eq!(edl::timecode(Rate { num: 24, den: 1 }, 86_400 + 25), "01:00:01:01");
}

#[test]
fn the_recipe_names_no_path_outside_the_project() {
    let film = keeper_film();
    let lowered = lower(&film, &Wants::default(), &BTreeMap::new()).unwrap();
    let steps = step_ids(&lowered.graph, &|_| None);
    let recipe = recipe::recipe(
        &film,
        &lowered,
        &steps,
        recipe::Given {
            root: Path::new("/project"),
            readable: &[],
            storyboard: vec![(Path::new("/project/film.yaml"), "storyboard: 1\n")],
            vars: &[("hero".into(), "Mara".into())],
            cut: recipe::Cut { size: Some("640x360".into()), draft: true, ..Default::default() },
            takes: &Takes::default(),
            candidates: BTreeMap::from([("tower.stairs".into(), 2)]),
            loudness: None,
            tool: &|_| Some(Digest::of(b"tool")),
            class: "cpu".into(),
            outputs: BTreeMap::from([("film.mp4".into(), Digest::of(b"film"))]),
        },
    );
    let text = recipe.text();
    assert!(!text.contains("/project"));
    assert_eq!(serde_json::from_str::<recipe::Recipe>(&text).unwrap(), recipe);
    assert_eq!(recipe.materials.keys().collect::<Vec<_>>(), ["chart.png", "mara.png", "sea.mp4"]);
    assert!(recipe.cut.draft && text.contains("640x360"));
    assert_eq!(recipe.models, ["animatic", "synth"]);
    assert_eq!(recipe.steps.len(), lowered.graph.node_count());
}

/// Opens the timeline in the official library and checks what an editor would see.
const CHECK: &str = r#"
import sys
import opentimelineio as otio
def within(inner, outer):
    return outer.start_time <= inner.start_time and inner.end_time_exclusive() <= outer.end_time_exclusive()
timeline = otio.adapters.read_from_file(sys.argv[1])
picture = timeline.video_tracks()[0]
clips = list(picture.find_clips())
for clip in clips:
    media = clip.media_reference
    assert isinstance(media, otio.schema.ExternalReference), clip
    assert media.target_url.startswith("shots/") and media.target_url.endswith(".mov"), media
    assert within(clip.source_range, media.available_range), (clip.name, media.available_range, clip.source_range)
    # The transitions at both ends reach into media that is there.
    visible = clip.visible_range()
    assert within(visible, media.available_range), (clip.name, visible)
for transition in picture.find_children(descended_from_type=otio.schema.Transition):
    assert transition.duration().value > 0
print(*[clip.name for clip in clips], int(picture.duration().value), int(timeline.global_start_time.value),
      *[int(track.duration().value) for track in timeline.audio_tracks()])
"#;

#[path = "../../../tests/e2e/python.rs"]
mod python;

fn python() -> Option<PathBuf> {
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../target"), PathBuf::from);
    python::with_opentimelineio(&target)
}

/// What the official library says of a timeline.
fn opened(film: &Film, lowered: &Lowered) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("film.otio");
    std::fs::write(&path, otio::otio(film, lowered)).unwrap();
    let output = Command::new(python()?).args(["-c", CHECK]).arg(&path).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    Some(said.trim().to_owned())
}

#[test]
fn the_timeline_opens_in_the_official_library() {
    let film = keeper_film();
    let whole = lower(&film, &Wants::default(), &BTreeMap::new()).unwrap();
    let names: Vec<String> = film.shots.iter().map(|shot| shot.full_name()).collect();
    let Some(said) = opened(&film, &whole) else { return };
    let frames = film.frames.0;
    assert_eq!(said, format!("{} {frames} 86400 {frames} {frames} {frames}", names.join(" ")));
}

/// The keeper from within its first shot into the dissolve after its second scene's begin.
fn part(film: &Film) -> Lowered {
    let from = Frames(30);
    let to = film.scenes[1].start + Frames(5);
    let only = Selection {
        from: Some(Mark::At(Time::Frames(from.0))),
        to: Some(Mark::At(Time::Frames(to.0))),
        ..Selection::default()
    };
    lower(film, &Wants { shots_mov: true, only: Some(only), ..Wants::default() }, &BTreeMap::new()).unwrap()
}

#[test]
fn the_lists_of_a_part_name_only_what_is_in_it() {
    let film = keeper_film();
    let lowered = part(&film);
    let made: Vec<&str> =
        lowered.outputs.iter().filter_map(|output| output.path.strip_prefix("shots/")).collect();
    assert!(!made.is_empty() && made.len() < film.shots.len());
    let edl = edl::edl(&film, &lowered);
    let named: std::collections::BTreeSet<&str> =
        edl.lines().filter_map(|line| line.strip_prefix("* SOURCE FILE: shots/")).collect();
    assert_eq!(named.into_iter().collect::<Vec<_>>(), made);
    // It starts where the part does: 30 pictures into the first shot's media and into the film.
    let first = edl.lines().find(|line| line.starts_with("001")).unwrap();
    let source = edl::timecode(film.rate, film.shots[0].timecode + 30);
    assert!(first.contains(&format!(" {source} ")) && first.contains(" 01:00:01:06 "), "{edl}");
    let Some(said) = opened(&film, &lowered) else { return };
    let names: Vec<String> = film.shots[..made.len()].iter().map(|shot| shot.full_name()).collect();
    assert_eq!(said, format!("{} {} {}", names.join(" "), lowered.frames.0, 86_400 + 30));
}
