//! Peak memory does not grow with the film: rendering one of ten minutes and a hundred distinct shots takes
//! no more than one of a minute and ten, front and workers together.
//!
//! Rendering both takes minutes: `STORYREEL_CAMPAIGN=full` (by `./x campaign memory`) does it.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

use serde_json::Value;

use crate::studio::Studio;

/// How much more the long film may take, in percent.
const GROWTH: u64 = 10;

/// Shots that the long film has more than the short one, and what the front may keep of each, in KiB.
const SHOTS: u64 = 90;
const BOOKS: u64 = 100;

/// Workers of a render: what `--devices cpu:2` starts.
const WORKERS: usize = 2;

/// Seconds of every shot.
const SHOT: usize = 6;

/// Peaks of a render's processes, in KiB.
#[derive(Clone, Debug, Default, PartialEq)]
struct Peaks {
    front: u64,
    /// By process.
    workers: BTreeMap<u32, u64>,
}

impl Peaks {
    fn total(&self) -> u64 {
        self.front + self.workers.values().sum::<u64>()
    }
}

impl std::fmt::Display for Peaks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let workers: Vec<_> = self.workers.values().map(u64::to_string).collect();
        write!(f, "{} KiB: front {}, workers {}", self.total(), self.front, workers.join(" + "))
    }
}

#[test]
fn memory_does_not_grow_with_the_film() {
    if std::env::var("STORYREEL_CAMPAIGN").is_ok_and(|value| value == "full") {
        let (minute, ten) = (measured(10), measured(100));
        println!("1 minute, 10 shots:    {minute}");
        println!("10 minutes, 100 shots: {ten}");
        grown(&minute, &ten).unwrap();
    }
}

/// Whether it grew by more than it may.
fn grown(short: &Peaks, long: &Peaks) -> Result<(), String> {
    if [short, long].iter().any(|peaks| peaks.front == 0 || peaks.workers.len() != WORKERS) {
        return Err("a process was not measured".into());
    }
    // The front keeps what it knows of every shot and no more.
    if long.front > short.front + SHOTS * BOOKS {
        return Err(format!("the front grew from {} to {} KiB", short.front, long.front));
    }
    if long.total() * 100 > short.total() * (100 + GROWTH) {
        return Err(format!("memory grew by more than {GROWTH} %, from {short} to {long}"));
    }
    Ok(())
}

#[test]
fn growth_is_noticed() {
    let peaks =
        |front, workers: &[u64]| Peaks { front, workers: (1..).zip(workers.iter().copied()).collect() };
    let short = peaks(30_000, &[200_000, 70_000]);
    assert_eq!(grown(&short, &peaks(33_000, &[200_000, 97_000])), Ok(()));
    for (long, what) in [
        (peaks(33_001, &[200_000, 97_000]), "by more than"),
        (peaks(30_000, &[100_000, 200_001]), "by more than"),
        (peaks(39_001, &[190_000, 70_000]), "front"),
        (peaks(30_000, &[200_000]), "not measured"),
        (peaks(0, &[200_000, 70_000]), "not measured"),
    ] {
        let told = grown(&short, &long).unwrap_err();
        assert!(told.contains(what), "{told}");
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
    assert!(peaks.front > 1000 && peaks.workers.values().all(|worker| *worker > 1000), "{peaks}");
    assert_eq!(peaks.workers.len(), WORKERS);
}

/// Renders a film of so many shots, no two alike, on two workers.
fn measured(shots: usize) -> Peaks {
    let studio = Studio::with(&film(shots));
    let render = ["render", "film.yaml", "--events", "json", "--devices", "cpu:2"];
    let mut front = studio.command(&render).stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().unwrap();
    let mut peaks = Peaks::default();
    // Progress comes many times a second, so a look at every event misses little; the peak itself is kept
    // by the system.
    for line in BufReader::new(front.stdout.take().unwrap()).lines().map_while(Result::ok) {
        let event = &serde_json::from_str::<Value>(&line).unwrap()["event"];
        peaks.front = peaks.front.max(peak(front.id()).unwrap_or(0));
        peaks
            .workers
            .extend(event["pid"].as_u64().and_then(|pid| u32::try_from(pid).ok()).map(|pid| (pid, 0)));
        for (pid, highest) in &mut peaks.workers {
            *highest = (*highest).max(peak(*pid).unwrap_or(0));
        }
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
