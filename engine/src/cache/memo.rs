//! Digests of the project's files, remembered by size, times of change and inode, so that an unchanged
//! file costs a `stat`; and what media files are, remembered by their digest and by what found it out.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::error::CacheError;
use super::log::Log;
use super::root::Root;
use crate::clock::Moment;
use crate::looks::Looks;
use crate::units::Digest;
use crate::world::MediaFacts;
use crate::world::disk::DigestMemo;

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
        let mut log = Log::new(&Root::new(root), "files", "files", 1);
        let mut files: BTreeMap<PathBuf, (Moment, Looks, Digest)> = BTreeMap::new();
        let mut facts = BTreeMap::new();
        log.refresh(|note| match note {
            Note::File { path, looks, digest, when } => {
                let noted = (when, looks, digest);
                if files.get(&path).is_none_or(|known| *known < noted) {
                    files.insert(path, noted);
                }
            }
            Note::Facts { digest, by, facts: found } => {
                // One prober finds one thing; were it otherwise, the order of reading would not decide.
                let known = facts.entry((digest, by)).or_insert_with(|| found.clone());
                if format!("{found:?}") < format!("{known:?}") {
                    *known = found;
                }
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
    fn get(&self, path: &Path, looks: &Looks) -> Option<Digest> {
        let inner = self.lock();
        inner.files.get(path).filter(|known| known.1 == *looks).map(|known| known.2)
    }

    /// Losing it costs another reading, so a failure to write is no error.
    fn put(&self, path: &Path, looks: Looks, digest: Digest) {
        if !looks.settled() || Looks::of(path).ok() != Some(looks) {
            return;
        }
        let when = Moment::now();
        let mut inner = self.lock();
        inner.files.insert(path.to_owned(), (when, looks, digest));
        let _ = inner.log.append(&Note::File { path: path.to_owned(), looks, digest, when });
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::thread::sleep;
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    fn known(memo: &FileMemo, path: &Path) -> Option<Digest> {
        memo.get(path, &Looks::of(path).unwrap())
    }

    fn remember(memo: &FileMemo, path: &Path) {
        memo.put(path, Looks::of(path).unwrap(), Digest::of(&fs::read(path).unwrap()));
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
        let old = UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        let age = || fs::File::options().write(true).open(&file).unwrap().set_modified(old).unwrap();
        fs::write(&file, "one").unwrap();
        age();
        let memo = FileMemo::open(folder.path()).unwrap();
        remember(&memo, &file);
        assert_eq!(known(&memo, &file), None, "too fresh to be trusted, whatever its time says");

        sleep(Duration::from_millis(1100));
        remember(&memo, &file);
        assert_eq!(known(&memo, &file), Some(Digest::of(b"one")));
        assert_eq!(known(&FileMemo::open(folder.path()).unwrap(), &file), Some(Digest::of(b"one")));

        let read = Looks::of(&file).unwrap();
        fs::write(&file, "two").unwrap();
        age();
        assert_eq!(known(&memo, &file), None, "equal size, time and inode, but written to");
        memo.put(&file, read, Digest::of(b"one"));
        assert_eq!(known(&memo, &file), None, "and so it is when that happens while it is read");
    }
}
