//! How a file looks from outside: whether it may have changed is told by a `stat`.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// A file and how it looked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Looks {
    path: PathBuf,
    /// Bytes, seconds and nanoseconds of its last change, inode; `None` where there is no such file.
    seen: Option<(u64, i64, i64, u64)>,
}

impl Looks {
    /// How a file looks now.
    pub fn of(path: &Path) -> Self {
        let seen =
            fs::metadata(path).ok().map(|meta| (meta.len(), meta.mtime(), meta.mtime_nsec(), meta.ino()));
        Self { path: path.to_owned(), seen }
    }

    /// Whether it still does.
    pub fn hold(&self) -> bool {
        Self::of(&self.path) == *self
    }
}
