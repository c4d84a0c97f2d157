//! What a second render does: nothing, or exactly what an edit asks for.

use std::fs;
use std::time::{Duration, Instant};

use crate::studio::{Render, Studio, TINY, digests};

/// Kinds whose work is pictures of shots.
fn pictures(render: &Render) -> Vec<String> {
    let kinds = ["encode ", "prores ", "frame "];
    render.ran_nodes().into_iter().filter(|name| kinds.iter().any(|kind| name.starts_with(kind))).collect()
}

#[test]
fn nothing_changed_starts_no_worker() {
    let studio = Studio::with(TINY);
    studio.rendered(&[]);
    let before = digests(&studio.path("out"));
    let started = Instant::now();
    let again = studio.rendered_without_worker(&[]);
    let took = started.elapsed();
    assert_eq!(again.workers(), 0);
    assert_eq!(again.ran_nodes(), [""; 0]);
    assert_eq!(digests(&studio.path("out")), before, "no new version");
    // A tenth of a second is the promise on a quiet machine; tests run beside each other.
    assert!(took < Duration::from_secs(1), "{took:?}");
}

#[test]
fn lost_and_truncated_outputs_are_noticed_and_made_again() {
    let studio = Studio::with(TINY);
    studio.rendered(&[]);
    let whole = digests(&studio.path("out/film/latest"));
    fs::remove_file(studio.film()).unwrap();
    studio.rendered(&[]);
    assert_eq!(digests(&studio.path("out/film/latest")), whole);

    let stem = studio.path("out/film/latest/stems/effects.wav");
    let bytes = fs::read(&stem).unwrap();
    fs::write(&stem, &bytes[..bytes.len() / 2]).unwrap();
    studio.rendered(&[]);
    assert_eq!(digests(&studio.path("out/film/latest")), whole);
}

#[test]
fn one_action_changed_runs_that_shot_and_what_follows_from_it() {
    let studio = Studio::with(TINY);
    studio.rendered(&[]);
    studio.edit("a path between tall trees", "a clearing between tall trees");
    let why = studio.run(&["why", "film.yaml", "wood.path"]);
    assert_eq!(why.code, 0, "{}", why.err);
    assert!(why.out.contains("wood.path"), "{}", why.out);
    let render = studio.rendered(&[]);
    // The dissolve into the scene shows this shot too.
    let foreign: Vec<_> = pictures(&render)
        .into_iter()
        .filter(|name| !name.contains("wood.path") && !name.contains("dissolve"))
        .collect();
    assert_eq!(foreign, [""; 0], "{:?}", render.ran_nodes());
    assert!(render.ran_nodes().iter().any(|name| name.starts_with("mux")), "{:?}", render.ran_nodes());
    for kind in ["voice", "extend"] {
        assert!(!render.ran_nodes().iter().any(|name| name.starts_with(kind)), "{:?}", render.ran_nodes());
    }
    assert!(studio.path("out/film/v002/film.mp4").is_file());
}

#[test]
fn names_comments_and_order_draw_nothing_anew() {
    let studio = Studio::with(TINY);
    studio.rendered(&[]);
    studio.edit("title: Tiny", "# a comment\ntitle: Tiny");
    studio.edit("shot: wide", "shot: opening");
    assert_eq!(pictures(&studio.rendered(&[])), [""; 0]);
}

#[test]
fn scenes_swapped_draw_only_what_is_under_a_transition() {
    let studio = Studio::with(TINY);
    studio.rendered(&[]);
    let text = fs::read_to_string(studio.path("film.yaml")).unwrap();
    let (head, rest) = text.split_once("  - scene: sea").unwrap();
    let (sea, rest) = rest.split_once("  - scene: wood").unwrap();
    let (wood, score) = rest.split_once("score:").unwrap();
    studio.write("film.yaml", &format!("{head}  - scene: wood{wood}  - scene: sea{sea}score:{score}"));
    let ran = pictures(&studio.rendered(&[]));
    assert_eq!(ran, ["encode sea.ida tail", "encode wood.path head"], "only what the dissolve had taken");
}

#[test]
fn a_changed_reference_image_is_noticed() {
    let studio = Studio::with(TINY);
    studio.edit("description: \"a girl in a yellow raincoat\"", "description: a girl, reference: ida.png");
    fs::write(studio.path("ida.png"), portrait([240, 200, 40])).unwrap();
    studio.rendered(&[]);
    fs::write(studio.path("ida.png"), portrait([40, 60, 220])).unwrap();
    let ran = pictures(&studio.rendered(&[]));
    assert!(
        !ran.is_empty() && ran.iter().all(|name| name.contains("sea.ida") || name.contains("dissolve")),
        "{ran:?}"
    );
}

/// A picture of one colour, made by ffmpeg.
fn portrait(colour: [u8; 3]) -> Vec<u8> {
    let source = format!("color=0x{:02x}{:02x}{:02x}:size=96x128", colour[0], colour[1], colour[2]);
    let output = std::process::Command::new("ffmpeg")
        .args([
            "-v",
            "error",
            "-f",
            "lavfi",
            "-i",
            &source,
            "-frames:v",
            "1",
            "-f",
            "image2pipe",
            "-c:v",
            "png",
            "-",
        ])
        .output()
        .expect("ffmpeg is installed");
    assert!(output.status.success());
    output.stdout
}
