//! `check`, and what a bad storyboard gets from every command.

use crate::studio::{Studio, TINY};

fn broken() -> Studio {
    let studio = Studio::with(TINY);
    studio.edit("fps: 24", "fps: 0");
    studio.edit("camera: push in", "camara: push in");
    studio.edit("@ida looks", "@idda looks");
    studio
}

#[test]
fn a_sound_storyboard_passes() {
    let ran = Studio::with(TINY).run(&["check", "film.yaml"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
}

#[test]
fn all_mistakes_come_at_once_and_nothing_is_made() {
    let studio = broken();
    for command in [&["check", "film.yaml"][..], &["plan", "film.yaml"], &["render", "film.yaml"]] {
        let ran = studio.run(command);
        assert_eq!(ran.code, 2, "{command:?}: {}{}", ran.out, ran.err);
        for word in ["fps", "camara", "idda", "film.yaml:3"] {
            assert!(ran.err.contains(word), "{command:?}: `{word}` is not in:\n{}", ran.err);
        }
    }
    assert!(!studio.path("out").exists(), "nothing is rendered");
    assert!(!studio.path(".storyreel/cache/blobs").exists(), "the cache is not touched");
}

#[test]
fn editors_get_json() {
    let ran = broken().run(&["check", "film.yaml", "--json"]);
    assert_eq!(ran.code, 2);
    let json = ran.json();
    let codes: Vec<_> =
        json["diagnostics"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect();
    assert!(codes.len() >= 3 && codes.iter().all(|code| code.starts_with('E') && code.len() == 5), "{json}");
}

#[test]
fn a_missing_storyboard_is_told() {
    let ran = Studio::with(TINY).run(&["check", "flim.yaml"]);
    assert_eq!(ran.code, 2, "{}{}", ran.out, ran.err);
    assert!(ran.err.contains("flim.yaml"), "{}", ran.err);
}
