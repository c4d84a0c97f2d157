//! A Python with the official OpenTimelineIO library, in the target folder; for the tests of the engine too.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;

/// It; `None`, said aloud, only where its package cannot be had.
pub fn with_opentimelineio(target: &Path) -> Option<PathBuf> {
    let environment = target.join("otio-check");
    // Other tests use the same one.
    let lock = File::create(target.join("otio-check.lock")).unwrap();
    lock.lock().unwrap();
    let python = environment.join("bin/python");
    let ready = Command::new(&python).args(["-c", "import opentimelineio"]).output();
    if !ready.is_ok_and(|output| output.status.success()) {
        let made = Command::new("python3").args(["-m", "venv"]).arg(&environment).status().unwrap();
        assert!(made.success(), "python3 -m venv");
        let got =
            Command::new(&python).args(["-m", "pip", "install", "-q", "opentimelineio"]).status().unwrap();
        if !got.success() {
            println!("skipped: pip cannot get opentimelineio");
            return None;
        }
    }
    Some(python)
}
