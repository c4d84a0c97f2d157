//! `cache size`, `verify` and `gc` after a render, and renders after them.

use std::fs;
use std::path::PathBuf;
use std::process::Stdio;

use crate::studio::{Ran, Render, Studio, TINY, digests};

fn blobs(studio: &Studio) -> Vec<PathBuf> {
    let names = digests(&studio.path(".storyreel/cache/blobs"));
    names.into_keys().map(|name| studio.path(".storyreel/cache/blobs").join(name)).collect()
}

#[test]
fn a_damaged_artifact_is_found_and_made_again() {
    let studio = Studio::with(TINY);
    studio.rendered(&[]);
    let sound = studio.run(&["cache", "verify"]);
    assert_eq!(sound.code, 0, "{}{}", sound.out, sound.err);
    let victim =
        blobs(&studio).into_iter().max_by_key(|path| path.metadata().map_or(0, |meta| meta.len())).unwrap();
    let mut bytes = fs::read(&victim).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    let writable = fs::metadata(&victim).unwrap().permissions();
    fs::remove_file(&victim).unwrap();
    fs::write(&victim, bytes).unwrap();
    fs::set_permissions(&victim, writable).unwrap();
    let damaged = studio.run(&["cache", "verify"]);
    assert_eq!(damaged.code, 1, "{}{}", damaged.out, damaged.err);
    assert!(damaged.out.contains("1 damaged one"), "{}", damaged.out);
    let before = digests(&studio.path("out/film/latest"));
    fs::remove_dir_all(studio.path("out")).unwrap();
    studio.rendered(&[]);
    assert_eq!(digests(&studio.path("out/film/latest")), before);
}

#[test]
fn collection_keeps_records_so_that_nothing_runs_again() {
    let studio = Studio::with(TINY);
    studio.rendered(&[]);
    let size = studio.run(&["cache", "size"]);
    assert!(size.out.contains("encode") && size.out.contains("in all"), "{}", size.out);
    let collected = studio.run(&["cache", "gc", "--keep", "0"]);
    assert_eq!(collected.code, 0, "{}{}", collected.out, collected.err);
    assert_eq!(blobs(&studio).len(), 0, "{}", collected.out);
    assert_eq!(studio.rendered_without_worker(&[]).workers(), 0);
    assert_eq!(studio.run(&["cache", "gc", "--keep", "much"]).code, 3);
    // What is told beforehand is what a render does: the film stands, whatever the cache has lost.
    let to_do = |studio: &Studio| {
        let plan = studio.run(&["plan", "film.yaml", "--json"]).json();
        let why = studio.run(&["why", "film.yaml"]).out;
        (plan["totals"]["todo"].as_u64().unwrap(), why)
    };
    let (none, why) = to_do(&studio);
    assert!(none == 0 && why.starts_with("Nothing would run"), "{none} {why}");
    fs::remove_file(studio.path("out/film/latest/film.mp4")).unwrap();
    let (some, why) = to_do(&studio);
    assert!(some > 0 && why.contains("no longer in the cache"), "{some} {why}");
    assert!(studio.rendered(&[]).workers() > 0);
}

#[test]
fn what_a_running_render_needs_is_never_collected() {
    let studio = Studio::with(TINY);
    // Half of it is made before, so that the render reuses artifacts that are older than it.
    studio.rendered(&["--shots", "sea"]);
    let mut render = studio
        .command(&["render", "film.yaml", "--events", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut collections = 0;
    while render.try_wait().unwrap().is_none() {
        let collected = studio.run(&["cache", "gc", "--keep", "0", "--older-than", "0m"]);
        assert_eq!(collected.code, 0, "{}{}", collected.out, collected.err);
        collections += 1;
    }
    let render = Render::of(Ran::of(render.wait_with_output().unwrap()));
    assert_eq!(render.ran.code, 0, "{}", render.ran.err);
    assert!(collections > 3, "{collections} collections while it ran");
    // Nothing was made twice, as it would be had anything been taken from under it.
    let mut ran = render.ran_nodes();
    let all = ran.len();
    ran.dedup();
    assert_eq!(ran.len(), all, "{ran:?}");
    assert_eq!(render.all("retry").count(), 0, "{}", render.ran.out);
    assert!(!render.ran.err.contains("making it again"), "{}", render.ran.err);
    // The film is what it is without any collection; after the render everything may go: the control.
    let film = digests(&studio.path("out/film"));
    assert_eq!(studio.run(&["cache", "gc", "--older-than", "0m"]).code, 0);
    assert_eq!(blobs(&studio).len(), 0);
    assert_eq!(studio.run(&["render", "film.yaml", "--cache", "other", "--out", "out2"]).code, 0);
    assert_eq!(digests(&studio.path("out2/film")), film);
    for wrong in [&["cache", "gc"][..], &["cache", "gc", "--older-than", "soon"]] {
        assert_eq!(studio.run(wrong).code, 3);
    }
}
