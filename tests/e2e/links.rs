//! Odd things in the place of files and folders of the cache and the outputs: links to somebody else's, and pipes.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::sleep;
use std::time::Duration;

use crate::studio::{Studio, TINY, digests};

/// More files than answers are kept, one of them of a stem's name.
fn theirs(studio: &Studio) -> PathBuf {
    let folder = studio.path("theirs");
    fs::create_dir(&folder).unwrap();
    for name in (0..70).map(|number| format!("{number}.txt")).chain(["music.wav".to_owned()]) {
        fs::write(folder.join(&name), name).unwrap();
    }
    folder
}

/// Puts a link in the place of a folder, whether there is one or not.
fn link_instead(folder: &Path, to: &Path) {
    if folder.exists() {
        fs::remove_dir_all(folder).unwrap();
    }
    symlink(to, folder).unwrap();
}

fn pipe(path: &Path) {
    if path.exists() {
        fs::remove_file(path).unwrap();
    }
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

#[test]
fn the_lock_is_not_written_through_a_link() {
    let studio = Studio::with(TINY);
    studio.write("theirs.txt", "theirs");
    fs::create_dir_all(studio.path("out/film")).unwrap();
    let lock = studio.path("out/film/.lock");
    symlink(studio.path("theirs.txt"), &lock).unwrap();
    let ran = studio.run(&["render", "film.yaml"]);
    assert!(ran.code > 0, "{}{}", ran.out, ran.err);
    assert!(ran.err.contains(".lock") && ran.err.contains("remove it"), "{}", ran.err);
    assert_eq!(fs::read_to_string(studio.path("theirs.txt")).unwrap(), "theirs");
    fs::remove_file(&lock).unwrap();
    studio.rendered(&[]);
}

#[test]
fn nothing_is_deleted_or_written_through_a_link_in_a_folders_place() {
    let studio = Studio::with(TINY);
    studio.rendered(&[]);
    let film = digests(&studio.path("out/film/v001"));
    let theirs = theirs(&studio);
    let before = digests(&theirs);
    let cache = studio.path(".storyreel/cache");
    for folder in ["damaged", "answers", "lately"] {
        link_instead(&cache.join(folder), &theirs);
    }
    let stems = studio.path("out/film/v001/stems");
    link_instead(&stems, &theirs);

    studio.rendered(&[]);
    assert_eq!(digests(&studio.path("out/film/v001")), film);
    assert!(!stems.is_symlink());
    // An answer is kept of what has not changed for a while.
    sleep(Duration::from_millis(1100));
    studio.rendered(&[]);
    let collected = studio.run(&["cache", "gc", "--keep", "0"]);
    assert_eq!(collected.code, 0, "{}{}", collected.out, collected.err);
    assert!(!cache.join("damaged").is_symlink());
    assert_eq!(digests(&theirs), before);
}

#[test]
fn a_pipe_in_a_files_place_holds_nothing_up() {
    let studio = Studio::with(TINY);
    studio.rendered(&[]);
    let cache = studio.path(".storyreel/cache");
    pipe(&cache.join("tools.json"));
    for name in ["log/elsewhere-1-1.log", "why/elsewhere-1-1.log", "pins/elsewhere-1-1"] {
        pipe(&cache.join(name));
    }
    symlink("elsewhere-2-2.log", cache.join("log/elsewhere-2-2.log")).unwrap();
    pipe(&studio.path("out/film/v001/.manifest.json"));
    studio.edit("seed: 3", "seed: 4");
    let render = studio.rendered(&[]);
    assert!(studio.path("out/film/v002/film.mp4").is_file(), "{}", render.ran.err);
    for name in ["elsewhere-1-1.log", "elsewhere-2-2.log"] {
        let told = render.ran.err.contains(name) || render.ran.out.contains(name);
        assert!(told, "{name}: {}\n{}", render.ran.out, render.ran.err);
    }
    let collected = studio.run(&["cache", "gc", "--keep", "0"]);
    assert_eq!(collected.code, 0, "{}{}", collected.out, collected.err);
}

#[test]
fn versions_go_on_after_one_with_a_high_number() {
    let studio = Studio::with(TINY);
    let stills = studio.path("out/film-stills");
    fs::create_dir_all(stills.join("v999999")).unwrap();
    for (seed, version) in [("seed: 4", "v1000000"), ("seed: 5", "v1000001")] {
        let board = TINY.replace("seed: 3", seed);
        studio.write("film.yaml", &board);
        studio.rendered(&["--stills"]);
        assert!(stills.join(version).is_dir(), "{version}");
    }
}
