//! Commands that could do harm, and folders that others have been at.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use crate::studio::{Studio, TINY, digests};

#[test]
fn nothing_is_written_over_the_storyboard() {
    let studio = Studio::with(TINY);
    for command in [["plan", "--svg"], ["render", "--trace"]] {
        let ran = studio.run(&[command[0], command[1], "film.yaml", "film.yaml"]);
        assert_eq!(ran.code, 3, "{}{}", ran.out, ran.err);
        assert!(ran.err.contains("is there already"), "{}", ran.err);
    }
    assert_eq!(fs::read_to_string(studio.path("film.yaml")).unwrap(), TINY);
}

#[test]
fn storyboards_of_one_name_have_folders_of_their_own() {
    let studio = Studio::with(TINY);
    fs::write(studio.path("storyreel.toml"), "").unwrap();
    fs::create_dir(studio.path("night")).unwrap();
    fs::write(studio.path("night/film.yaml"), TINY.replace("seed: 3", "seed: 4")).unwrap();
    studio.rendered(&["--stills"]);
    let other = studio.run(&["render", "night/film.yaml", "--stills"]);
    assert_eq!(other.code, 0, "{}{}", other.out, other.err);
    assert!(studio.path("out/film-stills/v001").is_dir() && !studio.path("out/film-stills/v002").exists());
    assert!(studio.path("out/night/film-stills/v001").is_dir());
}

#[test]
fn a_damaged_artifact_of_the_same_size_is_made_again_in_the_same_render() {
    let studio = Studio::with(TINY);
    studio.rendered(&[]);
    let before = digests(&studio.path("out/film/latest"));
    let length = |path: PathBuf| fs::metadata(path).unwrap().len();
    let lengths = ["film.mp4", "stems/music.wav"].map(|name| length(studio.film().with_file_name(name)));
    for name in digests(&studio.path(".storyreel/cache/blobs")).into_keys() {
        let blob = studio.path(".storyreel/cache/blobs").join(name);
        if !lengths.contains(&length(blob.clone())) {
            continue;
        }
        let mut bytes = fs::read(&blob).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::set_permissions(&blob, fs::Permissions::from_mode(0o644)).unwrap();
        fs::write(&blob, bytes).unwrap();
    }
    fs::remove_dir_all(studio.path("out")).unwrap();
    studio.rendered(&[]);
    assert_eq!(digests(&studio.path("out/film/latest")), before);
}

#[test]
fn what_is_not_seen_does_not_reach_the_terminal() {
    let studio = Studio::with(TINY);
    // What is no command is told without its escapes, the others with them in letters.
    let named = [["explain", "\u{1b}[31mE0104"], ["check", "\u{1b}[31m.yaml"]];
    for arguments in named.into_iter().chain([["\u{1b}[31m", "x"]]) {
        let ran = studio.run(&arguments);
        assert!(ran.code != 0, "{}", ran.err);
        assert!(!named.contains(&arguments) || ran.err.contains("\\u{1b}"), "{}", ran.err);
        assert!(!ran.err.contains('\u{1b}'), "{:?}", ran.err);
    }
}

#[test]
fn times_that_no_film_has_are_refused() {
    let studio = Studio::with(TINY);
    for from in ["--from=-1s", "--from=9223372036854775807f"] {
        let ran = studio.run(&["plan", "film.yaml", from]);
        assert_eq!(ran.code, 3, "{}", ran.err);
        assert!(ran.err.contains("no time of a film") || ran.err.contains("no moment"), "{}", ran.err);
    }
}
