//! Pythons with packages of PyPI, each in a folder of its own in the target folder; for the tests of the
//! engine too.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;

/// One with the official OpenTimelineIO library; `None`, said aloud, only where it cannot be had.
pub fn with_opentimelineio(target: &Path) -> Option<PathBuf> {
    with(target, "otio-check", "opentimelineio", "opentimelineio")
}

/// One in the folder `name` with a `package` that gives a `module`; `None`, said aloud, only where the
/// package cannot be had.
pub fn with(target: &Path, name: &str, package: &str, module: &str) -> Option<PathBuf> {
    let environment = target.join(name);
    // Other tests use the same one.
    let lock = File::create(target.join(format!("{name}.lock"))).unwrap();
    lock.lock().unwrap();
    let python = environment.join("bin/python");
    let ready = Command::new(&python).args(["-c", &format!("import {module}")]).output();
    if !ready.is_ok_and(|output| output.status.success()) {
        let made = Command::new("python3").args(["-m", "venv"]).arg(&environment).status().unwrap();
        assert!(made.success(), "python3 -m venv");
        let got = Command::new(&python).args(["-m", "pip", "install", "-q", package]).status().unwrap();
        if !got.success() {
            println!("skipped: pip cannot get {package}");
            return None;
        }
    }
    Some(python)
}
