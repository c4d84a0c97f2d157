//! Digests of the project's files, remembered by size, time of change and inode, so that an unchanged
//! file costs a `stat`; and what media files are, remembered by their digest and by what found it out.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::error::CacheError;
use super::log::Log;
use crate::clock::Moment;
use crate::units::Digest;
use crate::world::MediaFacts;
use crate::world::disk::DigestMemo;

/// A file that changed within this many microseconds may change again within the same tick of its file
/// system's clock: its digest is not remembered yet.
const SETTLED: u64 = 1_000_000;

/// How a file looked from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Looks {
    bytes: u64,
    mtime_ns: i64,
    inode: u64,
}

impl Looks {
    /// How it looks now, if that is still of this size and time.
    fn of(path: &Path, size: u64, mtime_ns: i128) -> Option<Self> {
        let meta = fs::metadata(path).ok()?;
        let now = i128::from(meta.mtime()) * 1_000_000_000 + i128::from(meta.mtime_nsec());
        let looks = Self { bytes: meta.len(), mtime_ns: i64::try_from(now).ok()?, inode: meta.ino() };
        (looks.bytes == size && now == mtime_ns).then_some(looks)
    }

    fn settled(self) -> bool {
        Moment::now().0 > self.mtime_ns.max(0) as u64 / 1000 + SETTLED
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Note {
    File { path: PathBuf, looks: Looks, digest: Digest, when: Moment },
    Facts { digest: Digest, by: Digest, facts: MediaFacts },
}

/// The memory, shared by the threads of a process and by processes.
#[derive(Debug)]
pub struct FileMemo {
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    log: Log<Note>,
    files: BTreeMap<PathBuf, (Moment, Looks, Digest)>,
    /// By the file's content and by the prober.
    facts: BTreeMap<(Digest, Digest), MediaFacts>,
}

impl FileMemo {
    /// The memory in a cache folder.
    pub fn open(root: &Path) -> Result<Self, CacheError> {
        let mut log = Log::new(root.join("files"), "files", 1);
        let mut files: BTreeMap<PathBuf, (Moment, Looks, Digest)> = BTreeMap::new();
        let mut facts = BTreeMap::new();
        log.refresh(|note| match note {
            Note::File { path, looks, digest, when } => {
                if files.get(&path).is_none_or(|known| known.0 < when) {
                    files.insert(path, (when, looks, digest));
                }
            }
            Note::Facts { digest, by, facts: found } => {
                facts.insert((digest, by), found);
            }
        })?;
        Ok(Self { inner: Mutex::new(Inner { log, files, facts }) })
    }

    /// What the media file of that content is, as the prober `by` found: another one may find otherwise.
    pub fn facts(&self, digest: Digest, by: Digest) -> Option<MediaFacts> {
        self.lock().facts.get(&(digest, by)).cloned()
    }

    /// Remembers what the prober `by` found the media file of that content to be.
    pub fn remember_facts(&self, digest: Digest, by: Digest, facts: &MediaFacts) {
        let mut inner = self.lock();
        inner.facts.insert((digest, by), facts.clone());
        let _ = inner.log.append(&Note::Facts { digest, by, facts: facts.clone() });
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl DigestMemo for FileMemo {
    fn get(&self, path: &Path, size: u64, mtime_ns: i128) -> Option<Digest> {
        let inner = self.lock();
        let (_, looks, digest) = inner.files.get(path)?;
        (Looks::of(path, size, mtime_ns)? == *looks).then_some(*digest)
    }

    /// Losing it costs another reading, so a failure to write is no error.
    fn put(&self, path: &Path, size: u64, mtime_ns: i128, digest: Digest) {
        let Some(looks) = Looks::of(path, size, mtime_ns).filter(|looks| looks.settled()) else { return };
        let when = Moment::now();
        let mut inner = self.lock();
        inner.files.insert(path.to_owned(), (when, looks, digest));
        let _ = inner.log.append(&Note::File { path: path.to_owned(), looks, digest, when });
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    fn known(memo: &FileMemo, path: &Path) -> Option<Digest> {
        let meta = fs::metadata(path).unwrap();
        memo.get(path, meta.len(), time(&meta))
    }

    fn remember(memo: &FileMemo, path: &Path) {
        let meta = fs::metadata(path).unwrap();
        memo.put(path, meta.len(), time(&meta), Digest::of(&fs::read(path).unwrap()));
    }

    fn time(meta: &fs::Metadata) -> i128 {
        i128::from(meta.mtime()) * 1_000_000_000 + i128::from(meta.mtime_nsec())
    }

    #[test]
    fn what_a_media_file_is_counts_for_the_prober_that_found_it() {
        let folder = tempfile::tempdir().unwrap();
        let (file, old, new) = (Digest::of(b"boat.mp4"), Digest::of(b"ffmpeg 6"), Digest::of(b"ffmpeg 7"));
        let sound = MediaFacts::Sound { samples: crate::units::Samples(48_000), channels: 1 };
        FileMemo::open(folder.path()).unwrap().remember_facts(file, old, &sound);
        let memo = FileMemo::open(folder.path()).unwrap();
        assert_eq!(memo.facts(file, old), Some(sound));
        assert_eq!(memo.facts(file, new), None);
    }

    #[test]
    fn a_file_is_known_until_it_looks_otherwise() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.png");
        fs::write(&file, "one").unwrap();
        let memo = FileMemo::open(folder.path()).unwrap();
        remember(&memo, &file);
        assert_eq!(known(&memo, &file), None, "too fresh to be trusted");

        let old = UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        let age =
            |path: &Path| fs::File::options().write(true).open(path).unwrap().set_modified(old).unwrap();
        age(&file);
        remember(&memo, &file);
        assert_eq!(known(&memo, &file), Some(Digest::of(b"one")));
        assert_eq!(known(&FileMemo::open(folder.path()).unwrap(), &file), Some(Digest::of(b"one")));

        let other = folder.path().join("b.png");
        fs::write(&other, "two").unwrap();
        age(&other);
        fs::rename(&other, &file).unwrap();
        assert_eq!(known(&memo, &file), None, "equal size and time, but another file");
    }
}
