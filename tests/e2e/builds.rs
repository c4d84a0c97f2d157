//! Another build: a kind that makes other bytes than it did, and a worker that is not this front's.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use storyreel_engine::cache::Cache;
use storyreel_engine::graph::{ActionKey, StepId};
use storyreel_engine::units::Digest;

use crate::studio::{Ran, Studio, TINY, digests};

/// Makes the cache what it would be had a build rendered whose `kind` was of the version before: its steps and
/// actions have other keys, since the version is part of them, and everything else is as it is.
fn as_if_rendered_before(studio: &Studio, kind: &str) {
    let (root, older) = (studio.path(".storyreel/cache"), studio.path("older"));
    let mut cache = Cache::open(&older).unwrap();
    let key = |known: Digest| Digest::of(format!("{known} by {kind} of the version before").as_bytes());
    for record in Cache::open(&root).unwrap().records().iter() {
        let mut record = record.clone();
        if record.kind == kind {
            record.version -= 1;
            record.action = ActionKey(key(record.action.0));
            record.step = StepId(key(record.step.0));
        }
        cache.put(record).unwrap();
    }
    drop(cache);
    fs::remove_dir_all(root.join("log")).unwrap();
    fs::rename(older.join("log"), root.join("log")).unwrap();
}

#[test]
fn a_new_version_of_a_kind_is_noticed_and_runs_that_kind_alone() {
    let studio = Studio::with(TINY);
    studio.rendered(&[]);
    let whole = digests(&studio.path("out/film"));
    for kind in ["mix", "encode", "sheet"] {
        as_if_rendered_before(&studio, kind);
        let why = studio.run(&["why", "film.yaml"]);
        assert!(why.out.contains(kind), "{}", why.out);
        let again = studio.rendered(&[]);
        assert!(again.workers() > 0, "{kind}");
        // They give the same bytes after all, so that nothing after them runs and no version is new.
        let ran = again.ran_nodes();
        assert!(!ran.is_empty() && ran.iter().all(|name| name.starts_with(&format!("{kind} "))), "{ran:?}");
        assert_eq!(digests(&studio.path("out/film")), whole);
        assert_eq!(studio.rendered_without_worker(&[]).workers(), 0);
    }
}

/// A worker that says of itself that it makes `join` of version 999 once the file `newer` is there: the real
/// one behind a filter of what it says.
fn stranger(studio: &Studio) -> PathBuf {
    let real = Path::new(env!("CARGO_BIN_EXE_storyreel")).with_file_name("storyreel-worker");
    let (path, newer) = (studio.path("worker.sh"), studio.path("newer"));
    let (real, newer) = (real.display(), newer.display());
    let filter = r#"s/\["join",[0-9]*\]/["join",999]/"#;
    let script = format!(
        "#!/bin/sh\nif [ -e '{newer}' ]; then '{real}' | sed -u '{filter}'; else exec '{real}'; fi\n"
    );
    fs::write(&path, script).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}

fn assert_refused(ran: &Ran) {
    assert_eq!(ran.code, 4, "{}{}", ran.out, ran.err);
    for words in ["worker.sh", "makes `join` of version 999", "together"] {
        assert!(ran.err.contains(words), "{words} is not in: {}", ran.err);
    }
}

#[test]
fn a_worker_of_another_build_is_refused() {
    let studio = Studio::with(TINY);
    let worker = stranger(&studio);
    let render = |args: &[&str]| {
        Ran::of(studio.command(args).env("STORYREEL_WORKER", &worker).output().expect("it starts"))
    };
    studio.write("newer", "");
    assert_refused(&render(&["render", "film.yaml"]));
    assert!(!studio.path("out").exists() && !studio.path(".storyreel/cache/blobs").exists());

    fs::remove_file(studio.path("newer")).unwrap();
    let sound = render(&["render", "film.yaml"]);
    assert_eq!(sound.code, 0, "{}", sound.err);
    let whole = digests(&studio.path("out/film"));

    // What is known of the worker's libraries is remembered, so this is noticed only when it is to work.
    studio.write("newer", "");
    studio.edit("a path between tall trees", "a clearing between tall trees");
    assert_refused(&render(&["render", "film.yaml"]));
    assert_eq!(digests(&studio.path("out/film")), whole);

    // Another file in the worker's place is noticed even where there is nothing to do.
    studio.edit("a clearing between tall trees", "a path between tall trees");
    fs::write(&worker, fs::read_to_string(&worker).unwrap() + "\n").unwrap();
    assert_refused(&render(&["render", "film.yaml"]));
}
