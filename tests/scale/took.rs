//! How long a command takes and how much memory, and what many such figures come to.

use std::fs;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// What one run took.
#[derive(Clone, Copy, Debug)]
pub struct Took {
    /// From its start to its end, in milliseconds.
    pub millis: f64,
    /// Its resident memory at its peak, in KiB, as last seen before it ended.
    pub peak: u64,
}

/// Runs a command to its good end; its output goes nowhere.
pub fn timed(command: &mut Command) -> Took {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let started = Instant::now();
    let mut child = command.spawn().unwrap();
    let status = child.wait().unwrap();
    let millis = started.elapsed().as_secs_f64() * 1000.0;
    assert!(status.success(), "{command:?}");
    Took { millis, peak: 0 }
}

/// The same with its memory, which is asked for again and again and so takes time of its own.
pub fn watched(command: &mut Command) -> Took {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let started = Instant::now();
    let mut child = command.spawn().unwrap();
    let mut most = 0;
    while child.try_wait().unwrap().is_none() {
        most = peak(&child).unwrap_or(0).max(most);
        std::thread::sleep(Duration::from_micros(500));
    }
    let millis = started.elapsed().as_secs_f64() * 1000.0;
    assert!(child.wait().unwrap().success(), "{command:?}");
    Took { millis, peak: most }
}

/// The high-water mark of a process that runs.
fn peak(child: &Child) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// The middle one; of an even number the mean of the two in the middle.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let half = sorted.len() / 2;
    if sorted.len() % 2 == 1 { sorted[half] } else { (sorted[half - 1] + sorted[half]) / 2.0 }
}

/// The smallest and the largest.
pub fn range(values: &[f64]) -> (f64, f64) {
    values.iter().fold((f64::INFINITY, 0.0), |(low, high), value| (low.min(*value), high.max(*value)))
}

#[test]
fn the_median_is_the_middle() {
    assert_eq!(median(&[3.0, 1.0, 100.0]), 3.0);
    assert_eq!(median(&[4.0, 1.0, 100.0, 2.0]), 3.0);
    assert_eq!(range(&[3.0, 1.0, 100.0]), (1.0, 100.0));
}

#[test]
fn time_and_memory_of_a_command_are_seen() {
    let took = timed(Command::new("sleep").arg("0.05"));
    assert!((50.0..1000.0).contains(&took.millis), "{took:?}");
    // A shell that holds a text of 32 MB is seen to, beside one that holds none.
    let holds = |bytes: u32| {
        let script = format!("x=$(head -c {bytes} /dev/zero | tr '\\0' a); sleep 0.1; : ${{#x}}");
        watched(Command::new("sh").args(["-c", &script])).peak
    };
    let (small, large) = (holds(1), holds(32_000_000));
    assert!(small > 0 && large > small + 30_000, "{small} KiB, {large} KiB");
}
