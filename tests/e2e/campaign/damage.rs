//! Damage to the files of a cache, as disks, power cuts and clocks do it. What is still being written (`tmp/`) is left
//! alone: nobody can tell what it should have been.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;

use super::scenario::Dice;

/// How far the clock has jumped back.
const YEAR: Duration = Duration::from_secs(365 * 24 * 3600);

/// All files below a folder, sorted.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

/// Some file of the cache: of two, one is an artifact.
fn some_file(cache: &Path, dice: &mut Dice) -> Option<PathBuf> {
    let folder =
        ["blobs", "blobs", "log", ["why", "files", ""][dice.below(3) as usize]][dice.below(4) as usize];
    let mut all = files(&cache.join(folder));
    if folder.is_empty() {
        all.retain(|path| path.parent() == Some(cache));
    }
    let at = dice.below(all.len() as u64) as usize;
    all.get(at).cloned()
}

/// Flips bits of some files.
pub fn flip(cache: &Path, dice: &mut Dice) {
    for _ in 0..1 + dice.below(4) {
        if let Some(path) = some_file(cache, dice) {
            flip_in(&path, dice);
        }
    }
}

/// Flips a bit of a file, or a few.
pub fn flip_in(path: &Path, dice: &mut Dice) {
    let Ok(mut bytes) = fs::read(path) else { return };
    if bytes.is_empty() {
        return;
    }
    for _ in 0..1 + dice.below(3) {
        let at = dice.below(bytes.len() as u64) as usize;
        bytes[at] ^= 1 << dice.below(8);
    }
    in_place(path, |file| std::io::Write::write_all(file, &bytes));
}

/// Cuts some files short.
pub fn cut(cache: &Path, dice: &mut Dice) {
    for _ in 0..1 + dice.below(4) {
        let Some(path) = some_file(cache, dice) else { continue };
        let length = fs::metadata(&path).map_or(0, |meta| meta.len());
        let left = dice.below(length);
        in_place(&path, |file| file.set_len(left));
    }
}

/// Changes a file's content where it lies, whatever its rights; it may be gone by now.
fn in_place(path: &Path, change: impl FnOnce(&mut fs::File) -> std::io::Result<()>) {
    let Ok(meta) = fs::metadata(path) else { return };
    let _ = fs::set_permissions(path, fs::Permissions::from_mode(0o644));
    if let Ok(mut file) = fs::File::options().write(true).open(path) {
        change(&mut file).expect("damaged");
    }
    let _ = fs::set_permissions(path, meta.permissions());
}

/// Removes the film, so that something is to do, and about half of the other artifacts.
pub fn halve(cache: &Path, films: &[String], dice: &mut Dice) {
    for path in files(&cache.join("blobs")) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if films.contains(&name) || dice.below(2) == 0 {
            fs::remove_file(path).expect("removed");
        }
    }
}

/// The digests of what nodes of that kind have made, by the records.
pub fn made_by(cache: &Path, kind: &str) -> Vec<String> {
    let mut found = Vec::new();
    for log in files(&cache.join("log")) {
        for line in fs::read_to_string(log).unwrap_or_default().lines().skip(1) {
            let Ok(sealed) = serde_json::from_str::<Value>(line) else { continue };
            let made = &sealed[1]["made"];
            let outputs = made["outputs"].as_object().into_iter().flatten();
            let digests = outputs.filter_map(|(_, blob)| blob["digest"].as_str().map(str::to_owned));
            found.extend(digests.filter(|_| made["kind"] == kind));
        }
    }
    found
}

/// Everything in the cache was written a year from now.
pub fn age_by_minus_a_year(cache: &Path) {
    for folder in ["log", "why", "files"] {
        for path in files(&cache.join(folder)) {
            let text = fs::read_to_string(&path).expect("a log");
            let lines: Vec<String> = text
                .lines()
                .enumerate()
                .map(|(at, line)| if at == 0 { line.to_owned() } else { later(line) })
                .collect();
            fs::write(&path, lines.join("\n") + "\n").expect("written");
        }
    }
    for path in files(&cache.join("blobs")) {
        let then = fs::metadata(&path).and_then(|meta| meta.modified()).expect("a time") + YEAR;
        in_place(&path, |file| file.set_modified(then));
    }
}

/// A sealed line with its moments a year later.
fn later(line: &str) -> String {
    let Ok(mut sealed) = serde_json::from_str::<Value>(line) else { return line.to_owned() };
    delay(&mut sealed[1]);
    let entry = sealed[1].to_string();
    format!("[\"{}\",{entry}]", &blake3::hash(entry.as_bytes()).to_hex()[..16])
}

fn delay(value: &mut Value) {
    let Some(object) = value.as_object_mut() else { return };
    for (name, inner) in object {
        match inner.as_u64() {
            Some(when) if name == "when" => *inner = (when + YEAR.as_micros() as u64).into(),
            _ => delay(inner),
        }
    }
}
