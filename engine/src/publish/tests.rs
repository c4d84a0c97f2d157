//! Edit lists and recipes of a small film.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{edl, otio, recipe};
use crate::compile::testing::{NamedWorld, keeper};
use crate::compile::{Film, Takes, Wants, film, lower};
use crate::graph::step_ids;
use crate::units::{Digest, Rate};

fn keeper_film() -> Film {
    film(&keeper(), &Takes::default(), &NamedWorld).unwrap()
}

#[test]
fn the_edit_list_is_cmx_3600() {
    insta::assert_snapshot!(edl::edl(&keeper_film()));
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
            storyboard: vec![(Path::new("/project/film.yaml"), "storyboard: 1\n")],
            vars: &[("hero".into(), "Mara".into())],
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
print(len(clips), int(picture.duration().value), len(timeline.audio_tracks()),
      int(timeline.audio_tracks()[0].duration().value), int(timeline.global_start_time.value))
"#;

fn python() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../target"), PathBuf::from);
    let environment = target.join("otio-check");
    let python = environment.join("bin/python");
    let ready = Command::new(&python).args(["-c", "import opentimelineio"]).output();
    if !ready.is_ok_and(|output| output.status.success()) {
        let made = Command::new("python3").args(["-m", "venv"]).arg(&environment).status().unwrap();
        assert!(made.success(), "python3 -m venv");
        let got =
            Command::new(&python).args(["-m", "pip", "install", "-q", "opentimelineio"]).status().unwrap();
        assert!(got.success(), "pip install opentimelineio");
    }
    python
}

#[test]
fn the_timeline_opens_in_the_official_library() {
    let film = keeper_film();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("film.otio");
    std::fs::write(&path, otio::otio(&film)).unwrap();
    let output = Command::new(python()).args(["-c", CHECK]).arg(&path).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(said.trim(), format!("5 {} 3 {} 86400", film.frames.0, film.frames.0));
}
