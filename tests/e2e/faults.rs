//! A full disk, a read-only cache, a read-only folder of outputs: said in words with the path and what to do,
//! nothing corrupt, nothing unfinished left behind, and the next render goes on.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;

use crate::disk::Disk;
use crate::studio::{Studio, assert_nothing_unfinished, digests};

/// A second of film: enough to write every kind of file.
const SHORT: &str = r#"storyboard: 1
title: Short
film: {size: 160x90, fps: 24}
scenes:
  - scene: sea
    shots:
      - {shot: wide, action: waves roll in, duration: 12f, sound: surf}
      - {shot: near, action: gulls circle, duration: 12f}
"#;

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// What the film is when nothing goes wrong.
fn calm() -> std::collections::BTreeMap<String, String> {
    let studio = Studio::with(SHORT);
    studio.rendered(&[]);
    digests(&studio.path("out/film/latest"))
}

#[test]
fn a_disk_that_is_too_small_is_refused_before_the_work() {
    let Some(disk) = Disk::with("size=1m") else { return };
    let (studio, cache) = (Studio::with(SHORT), disk.path().join("cache"));
    let ran = studio.run(&["render", "film.yaml", "--cache", text(&cache)]);
    assert_eq!(ran.code, 4, "{}", ran.err);
    for words in [text(&cache), "free", "storyreel cache gc", "--cache"] {
        assert!(ran.err.contains(words), "{words} is not in: {}", ran.err);
    }
    assert!(!studio.path("out").exists());
}

#[test]
fn a_disk_that_fills_up_stops_the_render_and_the_next_one_goes_on() {
    let Some(mut disk) = Disk::with("size=1g") else { return };
    let (studio, cache) = (Studio::with(SHORT), disk.path().join("cache"));
    let render = ["render", "film.yaml", "--events", "json", "--devices", "cpu:1", "--cache", text(&cache)];
    let mut front = studio.command(&render).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(front.stdout.take().unwrap()).lines().map_while(Result::ok);
    assert!(lines.by_ref().any(|line| line.contains("\"node-done\"")));
    disk.leave(64 << 10);
    let told: String = lines.collect();
    let output = front.wait_with_output().unwrap();
    let told = format!("{told}{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(1), "{told}");
    for words in ["the disk that holds", "is full", text(&cache), "free some space"] {
        assert!(told.contains(words), "{words} is not in: {told}");
    }
    assert!(!studio.film().exists());
    assert_nothing_unfinished(&cache, &studio.path("out"), "a full disk");

    disk.remount("size=1g");
    let verified = studio.run(&["cache", "verify", "--cache", text(&cache)]);
    assert_eq!(verified.code, 0, "{}{}", verified.out, verified.err);
    let resumed = studio.rendered(&["--cache", text(&cache)]);
    let again: Vec<_> = resumed.ran_nodes();
    assert!(again.iter().any(|name| name.starts_with("mux")), "{again:?}");
    assert!(again.len() < calm_steps(&studio), "what was finished is kept: {again:?}");
    assert_eq!(digests(&studio.path("out/film/latest")), calm());
}

/// Stored steps of the film.
fn calm_steps(studio: &Studio) -> usize {
    let plan = studio.run(&["plan", "film.yaml", "--json"]).json();
    plan["nodes"].as_array().unwrap().iter().filter(|node| node["stored"] == true).count()
}

#[test]
fn no_room_for_one_more_file_is_told_the_same_way() {
    // Free bytes satisfy preflight; files run out first in the worker, then in the front's own log.
    for files in [10, 24] {
        let Some(mut disk) = Disk::with(&format!("size=1g,nr_inodes={files}")) else { return };
        let (studio, cache) = (Studio::with(SHORT), disk.path().join("cache"));
        let ran = studio.run(&["render", "film.yaml", "--cache", text(&cache)]);
        assert!(ran.code == 1 || ran.code == 4, "{}", ran.err);
        assert!(ran.err.contains("is full") && ran.err.contains(text(&cache)), "{}", ran.err);
        assert_nothing_unfinished(&cache, &studio.path("out"), "no room for files");
        disk.remount("nr_inodes=10000");
        studio.rendered(&["--cache", text(&cache)]);
        assert_eq!(studio.run(&["cache", "verify", "--cache", text(&cache)]).code, 0);
    }
}

#[test]
fn a_read_only_cache_serves_what_it_has_and_refuses_the_rest_before_the_work() {
    let Some(mut disk) = Disk::with("size=1g") else { return };
    let (studio, cache) = (Studio::with(SHORT), disk.path().join("cache"));
    let place = ["--cache", text(&cache)];
    studio.rendered(&place);
    disk.remount("ro");
    assert_eq!(studio.rendered_without_worker(&place).workers(), 0);
    studio.edit("action: gulls circle", "action: a boat on the waves");
    let ran = studio.run(&["render", "film.yaml", "--cache", text(&cache)]);
    assert_eq!(ran.code, 4, "{}", ran.err);
    for words in [text(&cache), "cannot be written", "Read-only file system", "--cache"] {
        assert!(ran.err.contains(words), "{words} is not in: {}", ran.err);
    }
    assert!(!studio.path("out/film/v002").exists());
    disk.remount("rw");
    assert!(studio.rendered(&place).ran_nodes().iter().all(|name| !name.contains("sea.wide")));
    assert!(studio.path("out/film/v002").exists());
}

#[test]
fn outputs_that_cannot_be_written_are_refused_before_the_work() {
    let Some(mut disk) = Disk::with("size=1g") else { return };
    let (studio, out) = (Studio::with(SHORT), disk.path().join("out"));
    disk.remount("ro");
    let ran = studio.run(&["render", "film.yaml", "--out", text(&out)]);
    assert_eq!(ran.code, 4, "{}", ran.err);
    for words in [text(&out), "cannot be written", "Read-only file system", "--out"] {
        assert!(ran.err.contains(words), "{words} is not in: {}", ran.err);
    }
    assert!(!studio.path(".storyreel/cache/blobs").exists(), "nothing was rendered");
    disk.remount("rw");
    studio.rendered(&["--out", text(&out)]);
    assert_eq!(digests(&out.join("film/latest")), calm());
}

#[test]
fn a_full_disk_of_outputs_is_refused_before_the_work() {
    let Some(mut disk) = Disk::with("size=96k") else { return };
    let (studio, out) = (Studio::with(SHORT), disk.path().join("out"));
    let ran = studio.run(&["render", "film.yaml", "--out", text(&out)]);
    assert_eq!(ran.code, 4, "{}", ran.err);
    for words in [text(&out), "free", "--out"] {
        assert!(ran.err.contains(words), "{words} is not in: {}", ran.err);
    }
    assert_nothing_unfinished(&studio.path(".storyreel/cache"), &out, "full outputs");
    assert!(!out.join("film/v001").exists());
    disk.remount("size=1g");
    studio.rendered(&["--out", text(&out)]);
    assert_eq!(digests(&out.join("film/latest")), calm());
}

#[test]
fn a_step_that_is_short_of_memory_is_done_with_less_and_comes_out_the_same() {
    const SEA: &str = r#"storyboard: 1
title: Sea
film: {size: 1280x720, fps: 24}
scenes:
  - scene: sea
    shots:
      - {shot: wide, action: waves roll in, setting: storm, camera: wide, duration: 3f}
"#;
    let calm = Studio::with(SEA);
    calm.rendered(&["--devices", "cpu:1"]);
    let calm = digests(&calm.path("out/film/latest"));
    // How much that is depends on the machine: threads have their stacks. What painting lays aside is worth several
    // steps of this ladder.
    let mut megabytes = 100_u64;
    loop {
        assert!(megabytes < 4000, "no limit was met at which less memory helps");
        let studio = Studio::with(SEA);
        let limit = format!("{megabytes}MB");
        let render = studio.render(&["--devices", "cpu:1", "--worker-memory", &limit]);
        assert!(render.all("plan-ready").count() > 0, "{}", render.ran.err);
        let of_the_shot = |event: &&serde_json::Value| event["label"] == "sea.wide core";
        let frugal = render
            .all("retry")
            .filter(of_the_shot)
            .any(|event| event["how"].as_str().is_some_and(|how| how.contains("with less memory")));
        let done = render.all("node-done").any(|event| of_the_shot(&event) && event["kind"] == "encode");
        assert!(frugal || !done, "at {limit} the shot was done at once: less memory never helped");
        if done && render.ran.code == 0 {
            assert_eq!(digests(&studio.path("out/film/latest")), calm);
            return;
        }
        megabytes += megabytes / 8;
    }
}
