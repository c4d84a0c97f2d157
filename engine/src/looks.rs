//! How a file looks from outside: enough to see that it has not changed since its content was read.

use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::clock::Moment;

/// A file that changed within this many microseconds may change again within the same tick of its file
/// system's clock.
const SETTLED: u64 = 1_000_000;

/// Size, times and inode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Looks {
    /// Its size.
    pub bytes: u64,
    /// When its content changed, as far as nobody has set that back; nanoseconds since 1970.
    pub mtime_ns: i64,
    /// When anything about it changed, which nobody can set back; nanoseconds since 1970. 0 in notes of before
    /// this was kept: no file looks like that.
    #[serde(default)]
    pub ctime_ns: i64,
    /// Which file it is.
    pub inode: u64,
}

impl Looks {
    /// How the file at `path`, links followed, looks now.
    ///
    /// # Errors
    /// It cannot be looked at.
    pub fn of(path: &Path) -> io::Result<Self> {
        fs::metadata(path).map(|meta| Self::from(&meta))
    }

    /// Whether another change from now on would show.
    pub fn settled(&self) -> bool {
        Moment::now().0 > self.mtime_ns.max(self.ctime_ns).max(0) as u64 / 1000 + SETTLED
    }
}

impl From<&Metadata> for Looks {
    fn from(meta: &Metadata) -> Self {
        let nanos = |seconds: i64, nanos: i64| seconds.saturating_mul(1_000_000_000).saturating_add(nanos);
        Self {
            bytes: meta.len(),
            mtime_ns: nanos(meta.mtime(), meta.mtime_nsec()),
            ctime_ns: nanos(meta.ctime(), meta.ctime_nsec()),
            inode: meta.ino(),
        }
    }
}
