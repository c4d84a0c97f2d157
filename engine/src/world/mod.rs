//! Every read of the outside world that compiling needs, behind one trait, so that reading and
//! compiling a storyboard are pure functions of what a [`World`] answers.

pub mod disk;
pub mod header;
pub mod installed;
pub mod memory;
mod sequence;
pub mod witness;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::scripts::{NoScripts, Scripts};
use crate::units::{Digest, Rate, Samples, Size};
pub use disk::{DigestMemo, DiskWorld, NoMemo, Probe, Tools};
pub use installed::Installed;
pub use memory::MemoryWorld;
pub use witness::{Seen, Witness};

/// What a file of the project is, as far as its header tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum MediaFacts {
    /// A still picture: PNG, JPEG or WebP.
    Still {
        /// Its declared size.
        size: Size,
    },
    /// Moving pictures, with or without sound.
    Footage {
        /// Size as shown, after rotation and pixel aspect.
        size: Size,
        /// Pictures a second (the average one where the rate varies).
        rate: Rate,
        /// Whole pictures in it.
        frames: i64,
        /// Whether it has sound of its own.
        sound: bool,
    },
    /// Sound alone.
    Sound {
        /// Its length at 48 kHz.
        samples: Samples,
        /// 1 or 2.
        channels: u16,
    },
}

impl MediaFacts {
    /// Raised whenever our own reading of media files finds out other things of a file.
    pub const VERSION: u32 = 2;
}

/// Data outside the project that a result depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tool {
    /// The General MIDI SoundFont that plays the score.
    SoundFont,
    /// espeak-ng and its voice data.
    Voices,
    /// FFmpeg's libraries and the encoders behind them.
    Encoder,
}

impl Tool {
    /// Whether a worker loads it into memory as a whole and keeps it there for the next node that uses it.
    pub fn is_model(self) -> bool {
        matches!(self, Self::SoundFont)
    }
}

/// Why a file cannot be had. The reader turns it into a diagnostic at the place that named the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WorldError {
    /// There is no such file.
    #[error("there is no file `{0}`")]
    Missing(PathBuf),
    /// The path leaves the project's readable roots, by `..`, absolute path or symbolic link.
    #[error("`{0}` is outside the project folder")]
    Outside(PathBuf),
    /// A folder, a pipe, a device: not a file to read.
    #[error("`{0}` is not a regular file")]
    NotAFile(PathBuf),
    /// Larger than what is read for this purpose.
    #[error("`{path}` has {bytes} bytes; at most {limit} are read")]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Its size.
        bytes: u64,
        /// The limit.
        limit: u64,
    },
    /// A picture whose header declares more pixels than are decoded.
    #[error("`{path}` declares {size} pixels")]
    TooManyPixels {
        /// The file.
        path: PathBuf,
        /// As declared.
        size: Size,
    },
    /// Text that is not UTF-8; the first bad byte.
    #[error(
        "`{path}` is not UTF-8 text: line {line}, column {column} (byte {offset}) is not part of a character"
    )]
    NotUtf8 {
        /// The file.
        path: PathBuf,
        /// Where.
        offset: usize,
        /// Its line, from 1.
        line: usize,
        /// Its column, from 1.
        column: usize,
    },
    /// Text in the encoding that some editors call "Unicode".
    #[error("`{0}` is UTF-16 text; storyboards are UTF-8")]
    Utf16(PathBuf),
    /// Its content is not what its use needs; why.
    #[error("`{path}` cannot be used: {reason}")]
    Unusable {
        /// The file.
        path: PathBuf,
        /// In words for the storyboard's writer.
        reason: String,
    },
    /// The operating system refused.
    #[error("`{path}` cannot be read: {reason}")]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's words.
        reason: String,
    },
}

/// The outside world as compiling sees it. Paths are as written in the storyboard, relative to
/// `base`, the folder of the file that names them.
pub trait World {
    /// The folder that nothing may be read outside of.
    fn root(&self) -> &Path;

    /// `written`, seen from `base`, as an absolute path inside the root; symbolic links resolved.
    fn locate(&self, base: &Path, written: &str) -> Result<PathBuf, WorldError>;

    /// The text of a located file of at most `limit` bytes.
    fn text(&self, path: &Path, limit: u64) -> Result<Arc<str>, WorldError>;

    /// The digest of a located file's bytes (remembered by size and time, so that it costs a stat).
    fn digest(&self, path: &Path) -> Result<Digest, WorldError>;

    /// What a located file is, by its content and never by its name.
    fn facts(&self, path: &Path) -> Result<MediaFacts, WorldError>;

    /// The numbered images that `written` stands for, in order: a folder's, or those of a pattern
    /// such as `frames/%04d.png`. `None` where `written` is neither.
    fn sequence(&self, base: &Path, written: &str) -> Result<Option<Vec<PathBuf>>, WorldError>;

    /// The digest of a tool's data; `None` where it is not installed.
    fn tool(&self, tool: Tool) -> Option<Digest>;

    /// Who reads scripts.
    fn scripts(&self) -> &dyn Scripts {
        &NoScripts
    }

    /// Names of files in `base` that one may have meant, for "did you mean".
    fn neighbours(&self, base: &Path) -> Vec<String>;
}
