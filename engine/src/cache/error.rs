//! What can go wrong with the cache, in words for the person whose disk it is.

use std::io;
use std::path::{Path, PathBuf};

use crate::run::protocol::{Failure, FailureKind};
use crate::units::Digest;

/// Why the cache cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum CacheError {
    /// No space, or the quota is used up.
    #[error("the disk that holds `{0}` is full")]
    Full(PathBuf),
    /// The folder was there when it was first used, and is not now: a network folder or a disk that went away.
    #[error("the cache folder `{0}` is gone")]
    Gone(PathBuf),
    /// The file system is read-only, or its rights forbid writing.
    #[error("`{path}` cannot be written: {reason}")]
    NotWritable {
        /// The file or folder.
        path: PathBuf,
        /// The system's words.
        reason: String,
    },
    /// The artifact is not there.
    #[error("the artifact {} is no longer in the cache", .0.short())]
    Missing(Digest),
    /// The artifact's bytes are not what its name says. It has been set aside.
    #[error("the artifact {} was damaged; it has been set aside so that it is made again", .0.short())]
    Damaged(Digest),
    /// Anything else the operating system refused.
    #[error("`{path}`: {reason}")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The system's words.
        reason: String,
    },
}

impl CacheError {
    /// The error that an operation on `path` met.
    pub(super) fn io(path: &Path, error: &io::Error) -> Self {
        let path = path.to_owned();
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full(path),
            io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => {
                Self::NotWritable { path, reason: error.to_string() }
            }
            _ => Self::Io { path, reason: error.to_string() },
        }
    }

    /// What to do about it.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::Full(_) => {
                Some("free some space, or run `storyreel cache gc --keep 5GB`; what is finished is kept")
            }
            Self::NotWritable { .. } => {
                Some("give yourself the right to write there, or choose another folder with `--cache`")
            }
            Self::Gone(_) => Some(
                "mount it or put it back, then give the same command again: what is finished lies in it; `--cache` begins another",
            ),
            Self::Missing(_) | Self::Damaged(_) | Self::Io { .. } => None,
        }
    }
}

impl From<CacheError> for Failure {
    fn from(error: CacheError) -> Self {
        let kind = match error {
            CacheError::Missing(digest) | CacheError::Damaged(digest) => FailureKind::BadInput { digest },
            CacheError::Full(_) | CacheError::NotWritable { .. } => FailureKind::Permanent,
            CacheError::Io { .. } | CacheError::Gone(_) => FailureKind::Transient,
        };
        let help = error.help().map(str::to_owned);
        Self { help, ..Self::new(kind, error.to_string()) }
    }
}
