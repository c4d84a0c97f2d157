//! Peak memory does not grow with the film: one of ten minutes and a hundred distinct shots takes no more
//! than one of a minute and ten, in the front and in its workers.
//!
//! Rendering both takes minutes: `STORYREEL_CAMPAIGN=full` (by `./x campaign memory`) does it.

use std::fmt::Write;
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

use serde_json::Value;

use crate::studio::Studio;

/// How much more the long film may take, in percent.
const GROWTH: u64 = 10;

/// Seconds of every shot.
const SHOT: usize = 6;

/// Peaks of a render, in KiB.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Peaks {
    front: u64,
    worker: u64,
}

impl Peaks {
    fn or(self, other: Self) -> Self {
        Self { front: self.front.max(other.front), worker: self.worker.max(other.worker) }
    }
}

#[test]
fn memory_does_not_grow_with_the_film() {
    if std::env::var("STORYREEL_CAMPAIGN").is_ok_and(|value| value == "full") {
        let (minute, ten) = (measured(10), measured(100));
        println!("1 minute, 10 shots:    front {} KiB, largest worker {} KiB", minute.front, minute.worker);
        println!("10 minutes, 100 shots: front {} KiB, largest worker {} KiB", ten.front, ten.worker);
        grown(minute, ten).unwrap();
    }
}

/// What grew by more than it may.
fn grown(short: Peaks, long: Peaks) -> Result<(), String> {
    for (who, short, long) in [("front", short.front, long.front), ("worker", short.worker, long.worker)] {
        if short == 0 || long == 0 {
            return Err(format!("the {who} was not measured"));
        }
        if long * 100 > short * (100 + GROWTH) {
            return Err(format!("the {who} grew from {short} to {long} KiB, by more than {GROWTH} %"));
        }
    }
    Ok(())
}

#[test]
fn growth_is_noticed() {
    let short = Peaks { front: 30_000, worker: 200_000 };
    assert_eq!(grown(short, Peaks { front: 33_000, worker: 220_000 }), Ok(()));
    for (front, worker, who) in
        [(33_001, 200_000, "front"), (30_000, 220_001, "worker"), (30_000, 0, "worker")]
    {
        let told = grown(short, Peaks { front, worker }).unwrap_err();
        assert!(told.contains(who), "{told}");
    }
    // A process that is made to grow is seen to.
    let before = peak(std::process::id()).unwrap();
    let ballast = std::hint::black_box(vec![1_u8; 64 << 20]);
    let after = peak(std::process::id()).unwrap();
    assert!(after >= before + 50_000, "{before} {after}");
    drop(ballast);
}

#[test]
fn a_short_film_is_measured() {
    let peaks = measured(1);
    assert!(peaks.front > 1000 && peaks.worker > peaks.front, "{peaks:?}");
}

/// Renders a film of so many shots, no two alike, on two workers.
fn measured(shots: usize) -> Peaks {
    let studio = Studio::with(&film(shots));
    let render = ["render", "film.yaml", "--events", "json", "--devices", "cpu:2"];
    let mut front = studio.command(&render).stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().unwrap();
    let mut peaks = Peaks::default();
    let mut workers = Vec::new();
    // Progress comes many times a second, so a look at every event misses little; the peak itself is kept
    // by the system.
    for line in BufReader::new(front.stdout.take().unwrap()).lines().map_while(Result::ok) {
        let event = &serde_json::from_str::<Value>(&line).unwrap()["event"];
        workers.extend(event["pid"].as_u64().and_then(|pid| u32::try_from(pid).ok()));
        let worker = workers.iter().filter_map(|pid| peak(*pid)).max().unwrap_or(0);
        peaks = peaks.or(Peaks { front: peak(front.id()).unwrap_or(0), worker });
    }
    assert!(front.wait().unwrap().success());
    peaks
}

/// A running process's resident memory at its peak, in KiB.
fn peak(pid: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

/// Ten shots a minute, a scene each, a dissolve every minute, a cue under all of it. Of a hundred shots, every
/// one differs from every other in place, hour or subject. Every minute goes through all ten places: what is
/// compared is the films' length, not a forest with a sea.
fn film(shots: usize) -> String {
    const SUBJECTS: [&str; 10] = [
        "waves roll in, gulls circle",
        "@ida walks along the path",
        "a boat on calm water",
        "tall trees in the wind",
        "clouds drift over the hills",
        "a street with lit windows",
        "snow falls on the roofs",
        "a lighthouse in the distance",
        "@ida looks out of the window",
        "rain on the meadow",
    ];
    const HOURS: [&str; 10] = [
        "dawn by the sea",
        "noon in a forest",
        "dusk in the mountains",
        "night in a city street",
        "morning in a room",
        "overcast day in the desert",
        "golden hour on a beach",
        "storm at sea",
        "moonlit night in a wood",
        "evening in a village",
    ];
    const CAMERAS: [&str; 5] = ["push in", "static", "pan left", "pull out", "pan right"];
    let mut text = String::from(
        "storyboard: 1\ntitle: Long\nfilm: {size: 320x180, fps: 24}\ncharacters:\n  ida: {description: a girl in a yellow raincoat}\nscenes:\n",
    );
    for shot in 0..shots {
        let (minute, within) = (shot / 10, shot % 10);
        let setting = HOURS[(within + minute) % 10];
        let _ = writeln!(text, "  - scene: scene{shot}\n    setting: {setting}\n    shots:");
        let (action, camera) = (SUBJECTS[within], CAMERAS[(shot + minute) % 5]);
        let _ = writeln!(
            text,
            "      - {{shot: shot{within}, action: \"{action}\", camera: {camera}, duration: {SHOT}s, sound: \"wind\", dialogue: [{{ida: Line {shot}.}}]}}"
        );
        if within == 9 && shot + 1 < shots {
            text.push_str("    transition: {dissolve: 12f}\n");
        }
    }
    text.push_str("score:\n  - {cue: theme, prompt: \"solo piano, slow\", from: start, to: end}\n");
    text
}
