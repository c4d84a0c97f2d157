//! What a second render does: nothing, or exactly what an edit asks for.

use std::fs;
use std::time::{Duration, Instant};

use crate::studio::{Ran, Render, Studio, TINY, digests};

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

#[test]
fn another_worker_soundfont_or_voice_program_is_asked_anew() {
    let studio = Studio::with(TINY);
    studio.rendered(&[]);
    let starts = studio.worker_starts();
    assert!(starts > 0);
    // Equal tools elsewhere: they are asked, and nothing is made again.
    studio.write_worker("worker2");
    let asked = |name: &str, value: &std::path::Path| {
        let args = ["render", "film.yaml", "--events", "json"];
        Render::of(Ran::of(studio.command(&args).env(name, value).output().unwrap()))
    };
    let same = asked("STORYREEL_WORKER", &studio.path("worker2"));
    assert_eq!((same.ran.code, same.ran_nodes().len()), (0, 0), "{}", same.ran.err);
    assert_eq!(studio.worker_starts(), starts + 1, "the other worker is asked for its libraries");
    // A SoundFont of other bytes: the score is played again.
    let found = studio.run(&["doctor", "--json"]).json();
    let font = found.as_array().unwrap().iter().find(|one| one["what"] == "SoundFont").unwrap();
    let mut bytes = fs::read(font["found"].as_str().unwrap()).unwrap();
    bytes.extend([0, 0]);
    fs::write(studio.path("other.sf2"), bytes).unwrap();
    let other = asked("STORYREEL_SOUNDFONT", &studio.path("other.sf2"));
    assert_eq!(other.ran.code, 0, "{}", other.ran.err);
    assert!(other.ran_nodes().iter().any(|name| name.starts_with("extend")), "{:?}", other.ran_nodes());
    // A SoundFont that is not there: refused, since the score cannot be played, and not served from before.
    let none = asked("STORYREEL_SOUNDFONT", std::path::Path::new("/nowhere.sf2"));
    assert_eq!(none.ran.code, 4, "{}", none.ran.err);
    for words in ["/nowhere.sf2", "theme", "timgm6mb-soundfont"] {
        assert!(none.ran.err.contains(words), "{words} is not in: {}", none.ran.err);
    }
}

#[test]
fn the_chosen_candidate_is_known_after_collection() {
    let studio = Studio::with(TINY);
    studio.edit(
        "action: a path between tall trees",
        "action: a path between tall trees\n        candidates: 2",
    );
    studio.rendered(&[]);
    let recipe = fs::read(studio.path("out/film/latest/recipe.json")).unwrap();
    let text: serde_json::Value = serde_json::from_slice(&recipe).unwrap();
    assert!(text["candidates"]["wood.path"].is_u64(), "{text}");
    assert_eq!(studio.run(&["cache", "gc", "--keep", "0"]).code, 0);
    assert_eq!(studio.rendered_without_worker(&[]).ran_nodes(), [""; 0]);
    assert_eq!(fs::read(studio.path("out/film/latest/recipe.json")).unwrap(), recipe);
}

#[test]
fn why_compares_with_the_last_render_of_the_same_size_and_not_with_the_latest_made() {
    let studio = Studio::with(TINY);
    studio.rendered(&[]);
    studio.edit("a path between tall trees", "a brook between stones");
    studio.rendered(&[]);
    studio.edit("a brook between stones", "a path between tall trees");
    studio.rendered(&[]);
    studio.edit("a path between tall trees", "a meadow");
    let why = || studio.run(&["why", "film.yaml", "wood.path core"]).out;
    assert!(why().contains("was \"a path between tall trees\", is \"a meadow\""), "{}", why());
    // A draft is of another size: the film's last render stays what it was.
    studio.rendered(&["--draft"]);
    studio.edit("a meadow", "a glade");
    assert!(why().contains("was \"a path between tall trees\", is \"a glade\""), "{}", why());
    let draft = studio.run(&["why", "film.yaml", "wood.path core", "--draft"]).out;
    assert!(draft.contains("was \"a meadow\", is \"a glade\""), "{draft}");
}
