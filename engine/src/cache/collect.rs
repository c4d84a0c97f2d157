//! `storyreel cache size | verify | gc`: what the cache holds, whether it is sound, and making it smaller.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

use serde::Serialize;

use super::blobs::changed;
use super::error::CacheError;
use super::pins::Watched;
use super::{Cache, Record};
use crate::clock::Moment;
use crate::graph::named;
use crate::regular::is_folder;
use crate::units::Digest;

/// A number of artifacts and their bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Amount {
    /// How many.
    pub count: u64,
    /// How large together.
    pub bytes: u64,
}

impl Amount {
    fn add(&mut self, bytes: u64) {
        self.count += 1;
        self.bytes += bytes;
    }
}

/// What the cache holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SizeReport {
    /// All artifacts.
    pub artifacts: Amount,
    /// By the kind of node that made them; `unrecorded` for what no record names.
    pub by_kind: BTreeMap<String, Amount>,
    /// Records.
    pub records: u64,
    /// Bytes of logs.
    pub log_bytes: u64,
    /// Temporary files of processes that run now.
    pub temporary: Amount,
    /// Damaged artifacts, set aside.
    pub damaged: Amount,
}

/// Whether the artifacts are what their names say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct VerifyReport {
    /// What was read.
    pub checked: Amount,
    /// Damaged artifacts, now set aside, and what they were.
    pub damaged: Vec<(Digest, String)>,
    /// What could not be read or removed, and why.
    pub failed: Vec<String>,
}

/// What collection did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct GcReport {
    /// What was removed.
    pub removed: Amount,
    /// What is left.
    pub kept: Amount,
    /// What is left because a run needs it, or is just writing it.
    pub pinned: Amount,
    /// What could not be removed, and why.
    pub failed: Vec<String>,
}

/// One artifact on the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Held {
    used: Moment,
    digest: Digest,
    bytes: u64,
}

/// Counts what the cache holds.
pub fn size(cache: &Cache) -> Result<SizeReport, CacheError> {
    let root = cache.store().root();
    let mut report = SizeReport { records: cache.records().len() as u64, ..SizeReport::default() };
    let makers = cache.records().by_artifact();
    for held in artifacts(root)? {
        report.artifacts.add(held.bytes);
        let kind = makers.get(&held.digest).map_or("unrecorded", |record| record.kind.as_str());
        report.by_kind.entry(kind.to_owned()).or_default().add(held.bytes);
    }
    for folder in ["log", "why", "files"] {
        report.log_bytes += files(&root.join(folder))?.iter().map(|(_, meta)| meta.len()).sum::<u64>();
    }
    for folder in folders(&root.join("tmp"))? {
        files(&folder)?.iter().for_each(|(_, meta)| report.temporary.add(meta.len()));
    }
    let damaged = cache.store().damaged();
    if is_folder(&damaged) {
        files(&damaged)?.iter().for_each(|(_, meta)| report.damaged.add(meta.len()));
    }
    Ok(report)
}

/// Reads every artifact; sets the damaged ones aside, and the next render makes again what it needs of them.
/// `progress` is told the bytes done and in all.
pub fn verify(cache: &Cache, progress: &mut dyn FnMut(u64, u64)) -> Result<VerifyReport, CacheError> {
    let all = artifacts(cache.store().root())?;
    let total = all.iter().map(|held| held.bytes).sum();
    let makers = cache.records().by_artifact();
    let mut report = VerifyReport::default();
    for held in all {
        match cache.store().verify(&held.digest) {
            Err(CacheError::Damaged(digest)) => report.damaged.push((digest, name(&makers, &digest))),
            Err(CacheError::Missing(_)) | Ok(()) => {}
            Err(error) => report.failed.push(error.to_string()),
        }
        report.checked.add(held.bytes);
        progress(report.checked.bytes, total);
    }
    Ok(report)
}

/// What may stay in the cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keep {
    /// So many bytes of artifacts, those used last.
    pub bytes: u64,
    /// Only what was used within this time.
    pub used_within: Option<Duration>,
}

/// Removes what was set aside, then artifacts that were not used within the time, then others, least recently used
/// first, until at most so many bytes are left. Never removes what a live run needs. Records stay: they are what a
/// render without changes reads.
///
/// # Errors
/// The cache folder cannot be read, or what was set aside cannot be removed.
pub fn gc(cache: &mut Cache, keep: Keep) -> Result<GcReport, CacheError> {
    cache.tidy()?;
    let root = cache.store().root().to_owned();
    let mut pins = Watched::begin(&root)?;
    let mut all = artifacts(&root)?;
    all.sort();
    let mut left: u64 = all.iter().map(|held| held.bytes).sum();
    let mut report = GcReport::default();
    remove_damaged(cache, &mut report.removed)?;
    let now = Moment::now();
    let stale = |held: &Held| {
        keep.used_within.is_some_and(|time| u128::from(now.since(held.used)) > time.as_micros())
    };
    for held in all {
        let needed = pins.known().needs(&held.digest, held.used);
        if needed {
            report.pinned.add(held.bytes);
        }
        if needed || (left <= keep.bytes && !stale(&held)) {
            report.kept.add(held.bytes);
            continue;
        }
        match remove(cache, &mut pins, &held) {
            Ok(true) => {
                report.removed.add(held.bytes);
                left -= held.bytes;
            }
            Ok(false) => {
                report.pinned.add(held.bytes);
                report.kept.add(held.bytes);
            }
            Err(error) => {
                report.failed.push(error.to_string());
                report.kept.add(held.bytes);
            }
        }
    }
    Ok(report)
}

/// Removes what was set aside: files, and whole folders that lay in the place of an artifact. A link in the place of
/// the folder itself goes, and what it leads to, which is another's, stays.
fn remove_damaged(cache: &Cache, removed: &mut Amount) -> Result<(), CacheError> {
    let folder = cache.store().damaged();
    if fs::symlink_metadata(&folder).is_ok_and(|meta| !meta.is_dir()) {
        return fs::remove_file(&folder).map_err(|error| CacheError::io(&folder, &error));
    }
    for (path, meta) in files(&folder)? {
        let gone = if meta.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        gone.map_err(|error| CacheError::io(&path, &error))?;
        removed.add(meta.len());
    }
    Ok(())
}

/// Removes an artifact unless a run has come to need it since its pins were read; whether it is gone. It is taken away
/// first and the pins are looked at then: a run pins before it looks, so either it does not find the artifact or it is
/// given back. It is given back, too, where the pins cannot be read.
fn remove(cache: &Cache, pins: &mut Watched, held: &Held) -> Result<bool, CacheError> {
    let path = cache.store().path(&held.digest);
    let aside = cache.store().scratch(".collected")?;
    match fs::rename(&path, aside.path()) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(true),
        // A folder in an artifact's place, or what cannot be renamed.
        Err(_) => return cache.store().remove(&held.digest).map(|()| true),
        Ok(()) => {}
    }
    let needed = pins.now().map(|pinned| pinned.digests.contains(&held.digest));
    if matches!(needed, Ok(false)) {
        return Ok(true);
    }
    fs::rename(aside.path(), &path).map_err(|error| CacheError::io(&path, &error))?;
    needed.map(|_| false)
}

/// What an artifact was, for people; nothing where no record names it.
fn name(makers: &BTreeMap<Digest, &Record>, digest: &Digest) -> String {
    makers.get(digest).map_or_else(String::new, |record| named(&record.label, &record.kind))
}

fn artifacts(root: &Path) -> Result<Vec<Held>, CacheError> {
    let mut all = Vec::new();
    for folder in folders(&root.join("blobs"))? {
        for (path, meta) in files(&folder)? {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if let Ok(digest) = name.parse() {
                all.push(Held { used: changed(&meta), digest, bytes: meta.len() });
            }
        }
    }
    Ok(all)
}

/// The folders in a folder. A link to one is none: what lies there is another's, to be counted and collected there.
fn folders(folder: &Path) -> Result<Vec<std::path::PathBuf>, CacheError> {
    let real = files(folder)?.into_iter().filter(|(_, meta)| meta.is_dir());
    Ok(real.map(|(path, _)| path).collect())
}

/// A folder's entries in the order of their names; none where there is no folder.
fn files(folder: &Path) -> Result<Vec<(std::path::PathBuf, fs::Metadata)>, CacheError> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(CacheError::io(folder, &error)),
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| CacheError::io(folder, &error))?;
        if let Ok(meta) = entry.metadata() {
            found.push((entry.path(), meta));
        }
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::super::{Pins, Root};
    use super::*;

    #[test]
    fn what_is_pinned_while_it_is_collected_is_given_back() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::open(folder.path()).unwrap();
        let (one, two) = (cache.store().write(b"one").unwrap(), cache.store().write(b"two").unwrap());
        let mut seen = Watched::begin(folder.path()).unwrap();
        let mut removed = |digest| {
            let held = Held { used: Moment(0), digest, bytes: 3 };
            remove(&cache, &mut seen, &held).unwrap()
        };
        let mut pins = Pins::hold(&Root::new(folder.path())).unwrap();
        pins.add([one.digest]).unwrap();
        assert!(!removed(one.digest) && cache.store().has(&one));
        // A pin more in the same file is seen as well.
        pins.add([two.digest]).unwrap();
        assert!(!removed(two.digest) && cache.store().has(&two));
        assert!(!removed(one.digest) && cache.store().has(&one));
        drop(pins);
        assert!(removed(one.digest) && !cache.store().has(&one));
    }
}
