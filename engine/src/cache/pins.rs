//! What a live run needs: collection never removes it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::blobs::{by_writer, changed, sweep};
use super::error::CacheError;
use super::root::Root;
use super::writer::{Alive, Writer};
use crate::clock::Moment;
use crate::looks::Looks;
use crate::regular::{open_own, open_regular, read_regular};
use crate::units::Digest;

/// No process has as many pins as this many bytes of them.
const LONGEST: u64 = 1 << 30;

/// How many of this process hold each file of pins.
static HOLDERS: Mutex<BTreeMap<PathBuf, usize>> = Mutex::new(BTreeMap::new());

/// Pins of this process; gone when the last that holds any is dropped, or swept when the process has died.
#[derive(Debug)]
pub struct Pins {
    path: PathBuf,
    file: File,
    held: BTreeSet<Digest>,
}

impl Pins {
    /// No pins yet. From here on nothing that is written to the cache is collected either.
    pub fn hold(root: &Root) -> Result<Self, CacheError> {
        let folder = root.path().join("pins");
        root.folder(&folder)?;
        sweep(&folder)?;
        let path = folder.join(Writer::this().to_string());
        let opened = open_own(&path, OpenOptions::new().create(true).append(true));
        let file = opened.map_err(|error| root.fault(&path, &error))?;
        *holders().entry(path.clone()).or_default() += 1;
        Ok(Self { path, file, held: BTreeSet::new() })
    }

    /// Pins these.
    pub fn add(&mut self, digests: impl IntoIterator<Item = Digest>) -> Result<(), CacheError> {
        let lines: String = digests
            .into_iter()
            .filter(|digest| self.held.insert(*digest))
            .map(|digest| format!("{digest}\n"))
            .collect();
        self.file.write_all(lines.as_bytes()).map_err(|error| CacheError::io(&self.path, &error))
    }
}

impl Drop for Pins {
    fn drop(&mut self) {
        let mut holders = holders();
        let left = holders.get(&self.path).map_or(0, |count| count.saturating_sub(1));
        if left == 0 {
            holders.remove(&self.path);
            let _ = fs::remove_file(&self.path);
        } else {
            holders.insert(self.path.clone(), left);
        }
    }
}

/// A panic elsewhere leaves nothing half done here.
fn holders() -> MutexGuard<'static, BTreeMap<PathBuf, usize>> {
    HOLDERS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What live processes need.
#[derive(Clone, Debug, Default)]
pub(super) struct Pinned {
    /// These artifacts ...
    pub digests: BTreeSet<Digest>,
    /// ... and whatever was written after the oldest live run began.
    pub since: Option<Moment>,
}

impl Pinned {
    /// Whether a live process needs an artifact that was used last at that moment.
    pub fn needs(&self, digest: &Digest, used: Moment) -> bool {
        self.digests.contains(digest) || self.since.is_some_and(|since| used >= since)
    }
}

/// Reads the pins of all live processes; removes those of dead ones.
fn pinned(root: &Path) -> Result<Pinned, CacheError> {
    let folder = root.join("pins");
    sweep(&folder)?;
    let mut all = Pinned::default();
    for (path, writer) in by_writer(&folder)? {
        // Those of the dead that cannot be removed count no more either.
        if writer.alive() == Alive::No {
            continue;
        }
        let Some(text) = there(&path, read_regular(&path, LONGEST))? else { continue };
        let text = String::from_utf8_lossy(&text);
        all.digests.extend(text.lines().filter_map(|line| line.parse::<Digest>().ok()));
        let began =
            fs::metadata(&path).map_or(Moment(0), |meta| meta.created().map_or(changed(&meta), Moment::of));
        all.since = Some(all.since.map_or(began, |since| since.min(began)));
    }
    Ok(all)
}

/// What was read of a file of pins; nothing where it is gone meanwhile, or is no file. One that cannot be read may pin
/// anything.
fn there<T>(path: &Path, read: io::Result<T>) -> Result<Option<T>, CacheError> {
    match read {
        Ok(read) => Ok(Some(read)),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::InvalidInput) => {
            Ok(None)
        }
        Err(error) => Err(CacheError::io(path, &error)),
    }
}

/// The pins of all live processes, which are read again only when a file of them looks otherwise: whoever collects
/// asks for them at every artifact.
#[derive(Debug)]
pub(super) struct Watched {
    root: PathBuf,
    looks: BTreeMap<PathBuf, Looks>,
    pinned: Pinned,
}

impl Watched {
    /// Reads those in the cache folder `root`.
    pub fn begin(root: &Path) -> Result<Self, CacheError> {
        // Looked at before they are read: what comes between shows the next time.
        let looks = looks(root)?;
        Ok(Self { root: root.to_owned(), looks, pinned: pinned(root)? })
    }

    /// As last read.
    pub fn known(&self) -> &Pinned {
        &self.pinned
    }

    /// As they are now.
    pub fn now(&mut self) -> Result<&Pinned, CacheError> {
        let looks = looks(&self.root)?;
        if looks != self.looks {
            self.pinned = pinned(&self.root)?;
            self.looks = looks;
        }
        Ok(&self.pinned)
    }
}

/// How each file of pins looks. Every pin makes its file longer, so none comes unseen.
fn looks(root: &Path) -> Result<BTreeMap<PathBuf, Looks>, CacheError> {
    let mut found = BTreeMap::new();
    for (path, _) in by_writer(&root.join("pins"))? {
        // Opened: of a file that is not open, a network folder may tell what it remembers.
        let meta = open_regular(&path).and_then(|file| file.metadata());
        let Some(meta) = there(&path, meta)? else { continue };
        found.insert(path, Looks::from(&meta));
    }
    Ok(found)
}
