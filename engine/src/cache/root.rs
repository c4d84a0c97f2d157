//! The cache folder itself: made once, before anything is written to it, and never again by those who have seen
//! it. A folder on a network that goes away in the middle of a run must not come about anew in its place, half
//! empty: whoever finds it gone says so, and waits or ends.
//!
//! That a folder is the cache and not the empty place where it is mounted shows by its tag, a file
//! `CACHEDIR.TAG` (<https://bford.info/cachedir/>), by which backup programs leave it out as well.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::blobs::make_folder;
use super::error::CacheError;

/// The tag's name.
const TAG: &str = "CACHEDIR.TAG";

/// The tag's content: its first line is fixed by the convention.
const SIGNATURE: &str = "Signature: 8a477f597d28d172789f06886806bc55\n\
    # What storyreel has made, and records of it. It can be made again from the storyboards.\n";

/// A cache folder. Clones share what is known of it.
#[derive(Clone, Debug)]
pub struct Root {
    path: PathBuf,
    /// Whether it has been seen, so that its absence is a loss and not a beginning.
    seen: Arc<AtomicBool>,
}

impl Root {
    /// The folder `path`, which may be made by the first that writes to it unless it is there already.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        let root = Self { path: path.into(), seen: Arc::default() };
        root.stands();
        root
    }

    /// The folder `path`, which another process has made.
    pub fn joined(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), seen: Arc::new(AtomicBool::new(true)) }
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether it is there and can be reached.
    pub fn stands(&self) -> bool {
        let stands = fs::symlink_metadata(self.path.join(TAG)).is_ok();
        if stands {
            self.seen.store(true, Ordering::Relaxed);
        }
        stands
    }

    /// Whether it was there, and is not any more.
    pub fn is_gone(&self) -> bool {
        self.seen.load(Ordering::Relaxed) && !self.stands()
    }

    /// Makes it, where nobody has yet.
    ///
    /// # Errors
    /// [`CacheError::Gone`] where it has been there; otherwise what the system says.
    pub fn found(&self) -> Result<(), CacheError> {
        if self.stands() {
            return Ok(());
        }
        if self.seen.load(Ordering::Relaxed) {
            return Err(CacheError::Gone(self.path.clone()));
        }
        make_folder(&self.path).map_err(|error| CacheError::io(&self.path, &error))?;
        let tag = self.path.join(TAG);
        match fs::File::create_new(&tag).and_then(|mut file| file.write_all(SIGNATURE.as_bytes())) {
            // Another process was first.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            made => made.map_err(|error| CacheError::io(&tag, &error))?,
        }
        self.seen.store(true, Ordering::Relaxed);
        Ok(())
    }

    /// Makes a folder below it, with all between.
    ///
    /// # Errors
    /// As [`Root::found`].
    pub(super) fn folder(&self, folder: &Path) -> Result<(), CacheError> {
        if folder.is_dir() {
            return Ok(());
        }
        self.found()?;
        self.below(folder).map_err(|error| self.fault(folder, &error))
    }

    /// The root itself is never made here: it may go at any moment.
    fn below(&self, folder: &Path) -> io::Result<()> {
        if folder == self.path || folder.is_dir() {
            return Ok(());
        }
        let above = folder.parent().unwrap_or(&self.path);
        self.below(above)?;
        match fs::create_dir(folder) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => Ok(()),
            Err(error) => Err(error),
            Ok(()) => super::blobs::sync_folder(above),
        }
    }

    /// The error that an operation on `path`, a path within, met.
    pub(super) fn fault(&self, path: &Path, error: &io::Error) -> CacheError {
        if self.is_gone() { CacheError::Gone(self.path.clone()) } else { CacheError::io(path, error) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_made_once_and_its_absence_is_told_from_then_on() {
        let folder = tempfile::tempdir().unwrap();
        let (path, away) = (folder.path().join("kept/cache"), folder.path().join("away"));
        let root = Root::new(&path);
        assert!(!root.is_gone() && !root.stands());
        root.folder(&path.join("blobs/ab")).unwrap();
        assert!(root.stands() && path.join("blobs/ab").is_dir());

        fs::rename(&path, &away).unwrap();
        // The empty place of a folder that was mounted there is not the cache.
        for empty in [false, true] {
            if empty {
                fs::create_dir(&path).unwrap();
            }
            assert!(root.is_gone() && Root::joined(&path).is_gone());
            let error = root.folder(&path.join("log")).unwrap_err();
            assert!(matches!(&error, CacheError::Gone(gone) if *gone == path), "{error}");
            assert!(!path.join("log").exists());
        }
        fs::remove_dir(&path).unwrap();
        fs::rename(&away, &path).unwrap();
        root.folder(&path.join("log")).unwrap();
        assert!(!root.is_gone());
    }
}
