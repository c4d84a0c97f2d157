//! Digests of the project's files, remembered by size, time of change and inode, so that an unchanged
//! file costs a `stat`; and what media files are, remembered by digest.

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

/// A file that changed within this many microseconds may change again within the same tick of its file
/// system's clock: its digest is not remembered yet.
const SETTLED: u64 = 1_000_000;

/// How a file looked from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Looks {
    bytes: u64,
    seconds: i64,
    nanos: i64,
    inode: u64,
}

impl Looks {
    fn of(path: &Path) -> Option<Self> {
        let meta = fs::metadata(path).ok()?;
        Some(Self { bytes: meta.len(), seconds: meta.mtime(), nanos: meta.mtime_nsec(), inode: meta.ino() })
    }

    fn settled(self) -> bool {
        let changed = self.seconds.max(0) as u64 * 1_000_000 + self.nanos.max(0) as u64 / 1000;
        Moment::now().0 > changed + SETTLED
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Note {
    File { path: PathBuf, looks: Looks, digest: Digest, when: Moment },
    Facts { digest: Digest, facts: MediaFacts },
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
    facts: BTreeMap<Digest, MediaFacts>,
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
            Note::Facts { digest, facts: found } => {
                facts.insert(digest, found);
            }
        })?;
        Ok(Self { inner: Mutex::new(Inner { log, files, facts }) })
    }

    /// A file's digest, if the file still looks as it did when it was read.
    pub fn digest(&self, path: &Path) -> Option<Digest> {
        let inner = self.lock();
        let (_, looks, digest) = inner.files.get(path)?;
        (Looks::of(path)? == *looks).then_some(*digest)
    }

    /// Remembers a file's digest. Losing it costs another reading, so a failure to write is no error.
    pub fn remember(&self, path: &Path, digest: Digest) {
        let Some(looks) = Looks::of(path).filter(|looks| looks.settled()) else { return };
        let when = Moment::now();
        let mut inner = self.lock();
        inner.files.insert(path.to_owned(), (when, looks, digest));
        let _ = inner.log.append(&Note::File { path: path.to_owned(), looks, digest, when });
    }

    /// What the media file of that content is.
    pub fn facts(&self, digest: &Digest) -> Option<MediaFacts> {
        self.lock().facts.get(digest).cloned()
    }

    /// Remembers what the media file of that content is.
    pub fn remember_facts(&self, digest: Digest, facts: &MediaFacts) {
        let mut inner = self.lock();
        inner.facts.insert(digest, facts.clone());
        let _ = inner.log.append(&Note::Facts { digest, facts: facts.clone() });
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    #[test]
    fn a_file_is_known_until_it_looks_otherwise() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.png");
        fs::write(&file, "one").unwrap();
        let memo = FileMemo::open(folder.path()).unwrap();
        memo.remember(&file, Digest::of(b"one"));
        assert_eq!(memo.digest(&file), None, "too fresh to be trusted");

        let old = UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        fs::File::options().write(true).open(&file).unwrap().set_modified(old).unwrap();
        memo.remember(&file, Digest::of(b"one"));
        assert_eq!(memo.digest(&file), Some(Digest::of(b"one")));
        assert_eq!(FileMemo::open(folder.path()).unwrap().digest(&file), Some(Digest::of(b"one")));

        fs::write(&file, "two").unwrap();
        assert_eq!(memo.digest(&file), None);
    }
}
