//! `doctor` with everything there, and with one thing missing.

use std::os::unix::fs::symlink;

use crate::studio::{Studio, TINY};

#[test]
fn all_is_well_where_all_is_installed() {
    let studio = Studio::with(TINY);
    let ran = studio.run(&["doctor"]);
    assert_eq!(ran.code, 0, "{}\n{}", ran.out, ran.err);
    assert!(
        ran.out.contains("libx264") && ran.out.contains("All that a render needs is here"),
        "{}",
        ran.out
    );
}

#[test]
fn a_missing_program_is_a_gap_with_the_line_that_mends_it() {
    let studio = Studio::with(TINY);
    let empty = studio.path("bin");
    std::fs::create_dir(&empty).unwrap();
    symlink("/bin/sh", empty.join("sh")).unwrap();
    let output = studio.command(&["doctor", "--json"]).env("PATH", &empty).output().unwrap();
    assert_eq!(output.status.code(), Some(6));
    let findings: Vec<serde_json::Value> = serde_json::from_slice(&output.stdout).unwrap();
    let gaps: Vec<_> = findings.iter().filter(|finding| finding["state"] == "gap").collect();
    assert_eq!(gaps.len(), 1, "{gaps:?}");
    assert_eq!(gaps[0]["what"], "voices");
    assert!(gaps[0]["mend"].as_str().unwrap().contains("espeak-ng"), "{gaps:?}");
}

#[test]
fn a_missing_soundfont_and_a_broken_worker_are_gaps() {
    let studio = Studio::with(TINY);
    let output = studio
        .command(&["doctor", "--json"])
        .env("STORYREEL_SOUNDFONT", "/nowhere.sf2")
        .env("STORYREEL_WORKER", "/bin/false")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(6));
    let findings: Vec<serde_json::Value> = serde_json::from_slice(&output.stdout).unwrap();
    let gaps: Vec<_> =
        findings.iter().filter(|finding| finding["state"] == "gap").map(|gap| &gap["what"]).collect();
    assert_eq!(gaps, ["worker", "SoundFont"], "{findings:?}");
}
