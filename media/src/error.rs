//! What goes wrong with media, in words that a storyboard's writer understands.

use std::path::{Path, PathBuf};

/// Why media could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum MediaError {
    /// The operating system refused.
    #[error("cannot {action} `{}`: {source}", file.display())]
    Io {
        /// What was tried: `read`, `write`.
        action: &'static str,
        /// The file.
        file: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// A kind of file that is never opened.
    #[error("`{}` is {what}; allowed are {allowed}", file.display())]
    NotAllowed {
        /// The file.
        file: PathBuf,
        /// What it turned out to be.
        what: String,
        /// What may be used instead.
        allowed: &'static str,
    },
    /// A size, length or count beyond the bounds.
    #[error("`{}` declares {what}; the limit is {limit}", file.display())]
    TooLarge {
        /// The file.
        file: PathBuf,
        /// What it declares.
        what: String,
        /// What is allowed.
        limit: String,
    },
    /// The file is damaged, cut off, or has nothing of the wanted kind in it.
    #[error("`{}` {problem}", file.display())]
    Broken {
        /// The file.
        file: PathBuf,
        /// A sentence's end: `has no picture track`.
        problem: String,
    },
    /// The file is sound up to a place and cannot be read on from there.
    #[error("`{}` is damaged {place}", file.display())]
    Damaged {
        /// The file.
        file: PathBuf,
        /// `after 12.4 s`, `at picture 250`.
        place: String,
    },
    /// Whoever asked for the work wants it no longer.
    #[error("stopped on request")]
    Stopped,
    /// A picture beyond the clip's end.
    #[error("`{}` has {frames} pictures, and picture {index} was asked for", file.display())]
    BeyondEnd {
        /// The file.
        file: PathBuf,
        /// The picture asked for, counted from 0.
        index: u64,
        /// How many there are.
        frames: u64,
    },
    /// Segments that cannot be joined without re-encoding.
    #[error("segment {number} (`{}`) cannot be joined: {difference}", file.display())]
    Mismatch {
        /// Which segment, counted from 1.
        number: usize,
        /// Its file.
        file: PathBuf,
        /// What differs, with both values.
        difference: String,
    },
    /// A parameter that has no meaning.
    #[error("{0}")]
    Parameter(String),
    /// The system gives no more memory.
    #[error("{doing} failed for lack of memory: {problem}")]
    OutOfMemory {
        /// What was being done.
        doing: &'static str,
        /// The library's own words.
        problem: String,
    },
    /// FFmpeg itself failed.
    #[error("{doing} failed: {problem}")]
    Library {
        /// What was being done: `encoding H.264`.
        doing: &'static str,
        /// The library's own words.
        problem: String,
    },
}

/// The result of everything here.
pub type Result<T> = std::result::Result<T, MediaError>;

impl MediaError {
    /// `file` could not be read or written.
    pub fn io(action: &'static str, file: &Path, source: std::io::Error) -> Self {
        Self::Io { action, file: file.to_path_buf(), source }
    }

    /// `file` is damaged or lacks something.
    pub fn broken(file: &Path, problem: impl Into<String>) -> Self {
        Self::Broken { file: file.to_path_buf(), problem: problem.into() }
    }
}

/// Told now and again that `done` of `total` is done; its `false` ends the work with
/// [`MediaError::Stopped`].
pub type Progress<'a> = &'a mut dyn FnMut(u64, u64) -> bool;

/// Goes on, or ends the work.
pub(crate) fn heed(progress: &mut dyn FnMut(u64, u64) -> bool, done: u64, total: u64) -> Result<()> {
    if progress(done, total) { Ok(()) } else { Err(MediaError::Stopped) }
}

/// The error of a failed library call, made while what the call worked with still stands.
pub(crate) fn failure(doing: &'static str, problem: impl Into<String>) -> MediaError {
    let problem = problem.into();
    if memory_is_short() {
        MediaError::OutOfMemory { doing, problem }
    } else {
        MediaError::Library { doing, problem }
    }
}

/// Encoders that the system refuses memory say "error in an external library" and no more, so the system is
/// asked: for as much as an encoder takes at a time.
fn memory_is_short() -> bool {
    const ASKED: usize = 48 << 20;
    Vec::<u8>::new().try_reserve_exact(ASKED).is_err()
}
