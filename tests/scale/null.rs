//! A render with nothing to do, of a film of 10,204 nodes, beside `ninja` with nothing to do on a graph of the same
//! size and shape: alternating runs, so that the machine's load falls on all alike.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::filled::{Filled, output};
use crate::film::nodes;
use crate::ninja::Ninja;
use crate::took::{median, range, timed};

/// Shots of the film.
const SHOTS: usize = 2000;

/// Rounds of one run each.
const ROUNDS: usize = 20;

/// Longer than it takes for a file's looks to be trusted.
const SETTLED: Duration = Duration::from_millis(1200);

const RENDER: &[&str] = &["render", "film.yaml", "--events", "json"];

/// What a render says of whether it was answered as before.
fn said(filled: &Filled) -> String {
    let render = filled.command(&["render", "film.yaml", "--verbose"]).output().unwrap();
    String::from_utf8_lossy(&render.stderr).into_owned()
}

/// A second run after everything has settled keeps an answer, of which the third makes use.
fn settle(filled: &Filled) {
    std::thread::sleep(SETTLED);
    output(&mut filled.command(RENDER));
    said(filled);
    let text = said(filled);
    assert!(text.contains("answered as before"), "{text}");
}

#[test]
#[ignore = "a bench, half a minute or more beside ninja: ./x bench null"]
fn null() {
    let (filled, ninja) = (Filled::with(SHOTS), Ninja::with(SHOTS));
    settle(&filled);
    let mut took: [Vec<f64>; 4] = Default::default();
    let mut version = Command::new(env!("CARGO_BIN_EXE_storyreel"));
    version.arg("--version");
    for round in 0..=ROUNDS {
        let again = timed(&mut filled.command(RENDER));
        filled.forget_answers();
        let whole = timed(&mut filled.command(RENDER));
        let other = timed(&mut ninja.command(&[]));
        let start = timed(&mut version);
        // The first round warms all of them.
        for (one, all) in [again, whole, other, start].iter().zip(&mut took).filter(|_| round > 0) {
            all.push(one.millis);
        }
    }
    let ninja_takes = median(&took[2]);
    println!(
        "A null render of {} nodes ({SHOTS} shots), {ROUNDS} alternating runs each, milliseconds:\n",
        nodes(SHOTS)
    );
    println!("{:<44} {:>8} {:>8} {:>8} {:>10}", "", "median", "least", "most", "to ninja");
    let names = ["storyreel render", "storyreel render, nothing remembered", "ninja", "storyreel --version"];
    for (name, all) in names.iter().zip(&took) {
        let (middle, (least, most)) = (median(all), range(all));
        println!("{name:<44} {middle:>8.1} {least:>8.1} {most:>8.1} {:>10.2}", middle / ninja_takes);
    }
    assert!(ninja.has_nothing_to_do());
    assert!(median(&took[0]) <= ninja_takes, "the aim is to take no longer than ninja");
    notices(&filled);
}

/// A change that must be noticed, and what is said of it.
type Change<'a> = (&'a str, Box<dyn Fn() -> Command + 'a>);

/// A worker that says of itself that it makes `join` of version 999: the real one behind a filter of what it says.
fn stranger(filled: &Filled) -> PathBuf {
    let (real, path) = (
        Path::new(env!("CARGO_BIN_EXE_storyreel")).with_file_name("storyreel-worker"),
        filled.path("worker"),
    );
    let filter = r#"s/\["join",[0-9]*\]/["join",999]/"#;
    fs::write(&path, format!("#!/bin/sh\n'{}' | sed -u '{filter}'\n", real.display())).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}

/// Whatever changes is noticed, one by one, at this size too.
fn notices(filled: &Filled) {
    println!("\nWhat changes is noticed, one by one:");
    let film = filled.path("out/film/v001/film.mp4");
    let plain = || filled.command(&["render", "film.yaml", "--verbose", "--dry-run"]);
    let render = || filled.command(&["render", "film.yaml", "--verbose"]);
    let storyboard = fs::read_to_string(filled.path("film.yaml")).unwrap();
    let changes: Vec<Change> = vec![
        (
            "a truncated output",
            Box::new(|| {
                fs::File::options().write(true).open(&film).unwrap().set_len(3).unwrap();
                render()
            }),
        ),
        (
            "a deleted output",
            Box::new(|| {
                fs::remove_file(&film).unwrap();
                render()
            }),
        ),
        (
            "a worker of another version",
            Box::new(|| {
                let mut render = render();
                render.env("STORYREEL_WORKER", stranger(filled));
                render
            }),
        ),
        (
            "a changed storyboard",
            Box::new(|| {
                fs::write(filled.path("film.yaml"), storyboard.replacen("gulls circle", "gulls rise", 1))
                    .unwrap();
                plain()
            }),
        ),
    ];
    for (what, change) in changes {
        settle(filled);
        let whole = fs::read(&film).unwrap();
        let output = change().output().unwrap();
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        let refused = text.contains("makes `join` of version 999");
        let first = text.lines().next().unwrap_or_default();
        println!("  {what:<24} {first}");
        // A dry run is never answered as before: that it sees work is what counts.
        assert!(what != "a changed storyboard" || text.contains("would run"), "{what}: {text}");
        assert!(output.status.success() || refused, "{what}: {text}");
        assert!(!text.contains("answered as before"), "{what}: {text}");
        assert_eq!(fs::read(&film).unwrap(), whole, "{what}");
    }
}
