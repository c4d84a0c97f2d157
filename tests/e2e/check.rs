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

#[test]
fn edits_that_cannot_be_made_are_told_at_once_where_they_are_written() {
    let studio = Studio::with(TINY);
    studio.edit("camera: push in", "camera: push in\n        edits: [{remove: a giraffe}]");
    studio.edit(
        "camera: static",
        "camera: static\n        edits: [{add: a dog}, {style: ink, region: lft haf}]",
    );
    studio.edit("camera: pan left", "camera: pan left\n        edits: [{style: ink, region: left half}]");
    let ran = studio.run(&["check", "film.yaml", "--json"]);
    assert_eq!(ran.code, 2, "{}{}", ran.out, ran.err);
    let json = ran.json();
    let codes: Vec<_> = json["diagnostics"].as_array().unwrap().iter().map(|one| &one["code"]).collect();
    assert_eq!(codes, ["E0225", "E0225"], "{json}");
    for command in ["check", "render"] {
        let ran = studio.run(&[command, "film.yaml"]);
        assert_eq!(ran.code, 2, "{command}: {}{}", ran.out, ran.err);
        for word in ["giraffe", "lft haf", "left half", "film.yaml:14", "film.yaml:20"] {
            assert!(ran.err.contains(word), "{command}: `{word}` is not in:\n{}", ran.err);
        }
    }
    assert!(!studio.path("out").exists(), "nothing is rendered");
}

#[test]
fn a_still_that_was_cut_off_is_told_where_it_is_written() {
    let studio = Studio::with(TINY);
    let mut jpeg = Vec::new();
    let picture = image::RgbImage::from_fn(64, 48, |x, y| image::Rgb([x as u8, y as u8, 90]));
    image::codecs::jpeg::JpegEncoder::new(&mut jpeg).encode_image(&picture).unwrap();
    std::fs::write(studio.path("still.jpg"), &jpeg).unwrap();
    studio.edit("action: a path between tall trees", "still: still.jpg");
    assert_eq!(studio.run(&["check", "film.yaml"]).code, 0);
    std::fs::write(studio.path("still.jpg"), &jpeg[..jpeg.len() / 2]).unwrap();
    let ran = studio.run(&["check", "film.yaml"]);
    assert_eq!(ran.code, 2, "{}{}", ran.out, ran.err);
    assert!(ran.err.contains("cut off") && ran.err.contains("E0304"), "{}", ran.err);
}
