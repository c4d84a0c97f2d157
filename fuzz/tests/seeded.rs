//! The readers under the seeded runner: the whole corpus, then some of its variations. And the runner under
//! planted faults: of each sort it must find the one that is there, and nothing where there is none.
//!
//! `STORYREEL_FUZZ_SECONDS` makes the sample longer: `./x campaign fuzz` does.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

/// Inputs beyond the corpus.
const RUNS: u64 = 1500;
/// Seconds of processor time after which no more are made, on slow machines.
const SECONDS: u64 = 20;

fn fuzz(target: &str, corpus: &Path, artifacts: &Path, more: &[String]) -> Output {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_storyreel-fuzz"));
    command.arg(target).args(more).arg("--corpus").arg(corpus).arg("--artifacts").arg(artifacts);
    command.arg("--dictionaries").arg(here.join("dictionaries")).output().unwrap()
}

fn amount(runs: u64, seconds: u64, seed: u64) -> Vec<String> {
    let named = [("--runs", runs), ("--seconds", seconds), ("--seed", seed)];
    named.into_iter().flat_map(|(name, number)| [name.to_owned(), number.to_string()]).collect()
}

/// A sample of the target's inputs ends well.
fn sample(target: &str) {
    let kept = tempfile::tempdir().unwrap().keep();
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let seconds = std::env::var("STORYREEL_FUZZ_SECONDS").ok().map(|text| text.parse::<u64>().unwrap());
    let amount = match seconds {
        Some(seconds) => amount(u64::MAX, seconds, seconds),
        None => amount(RUNS, SECONDS, 1),
    };
    let output = fuzz(target, &corpus, &kept, &amount);
    let told = String::from_utf8_lossy(&output.stdout);
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}{error}{}: the input lies in {}", output.status, kept.display());
    let files = fs::read_dir(corpus.join(target)).unwrap().count() as u64;
    let runs: u64 = told.split_whitespace().nth(1).unwrap().parse().unwrap();
    assert!(runs > files, "{told}: beyond the corpus nothing was run");
    fs::remove_dir_all(kept).unwrap();
}

#[test]
fn storyboards_of_any_bytes_are_read_or_refused() {
    sample("storyboard");
}

#[test]
fn caches_of_any_bytes_are_read_alike_in_any_order() {
    sample("cache");
}

#[test]
fn plans_of_any_bytes_are_read_or_refused() {
    sample("plan");
}

/// What the runner says of a target with a planted fault, and the file that it leaves.
fn planted(target: &str) -> (Output, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let corpus = folder.path().join("corpus").join(target);
    fs::create_dir_all(&corpus).unwrap();
    let lines: String = (0..40).map(|at| format!("  - shot: s{at}\n    duration: {at}s [1]\n")).collect();
    fs::write(corpus.join("seed"), lines).unwrap();
    let artifacts = folder.path().join("artifacts");
    let output = fuzz(target, corpus.parent().unwrap(), &artifacts, &amount(20_000, 60, 1));
    let left =
        fs::read_dir(&artifacts).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    (output, left.collect())
}

fn found(target: &str, word: &str) {
    let (output, left) = planted(target);
    let told = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains(word), "{told}");
    assert_eq!(left.len(), 1, "{left:?}");
}

#[test]
fn a_planted_panic_is_found() {
    found("planted-panic", "char boundary");
}

#[test]
fn a_planted_square_of_time_is_found() {
    found("planted-slowness", "Slow(");
}

#[test]
fn planted_waste_of_memory_is_found() {
    found("planted-waste", "Memory(");
}

#[test]
fn a_planted_hang_is_found() {
    let (output, left) = planted("planted-hang");
    assert_eq!(output.status.code(), Some(storyreel_fuzz::seeded::HUNG));
    assert_eq!(left, ["planted-hang-current"]);
}

#[test]
fn a_stack_used_up_leaves_the_input() {
    let (output, left) = planted("planted-depth");
    assert_eq!(output.status.code(), None, "the process is ended by a signal");
    assert_eq!(left, ["planted-depth-current"]);
}

#[test]
fn nothing_is_found_where_nothing_is_wrong() {
    let (output, left) = planted("planted-nothing");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert!(left.is_empty(), "{left:?}");
}
