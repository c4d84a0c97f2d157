//! A store of objects elsewhere, behind the local cache: what others have made is taken from it, what is
//! made here is given to it.
//!
//! Two kinds of objects, both written once and never changed: `blobs/ab/<digest>`, an artifact, and
//! `records/<digest>`, a *segment*, a few hundred lines of the action log. Every object is named by the
//! digest of its content, so that any number of writers need no lock, what arrives is checked against its
//! name, and a transfer that was cut short is never taken for whole. A record is given only after its
//! artifacts.
//!
//! The remote is a help and never a need: whatever fails with it is told once, and the work is done here.

mod behind;
mod segment;
mod upload;

use std::fmt;
use std::io::{self, Read, Write};

pub use behind::{Holdings, RemoteCache};
pub use upload::Left;

/// An object that a listing gave.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Listed {
    /// Its name, with the folders before it.
    pub name: String,
    /// Its size in bytes, as the store says.
    pub bytes: u64,
}

/// A store of named objects. Its calls block, may come from several threads at once, and end within a
/// bounded time whatever the other side does; tries again are its own affair.
pub trait Remote: Send + Sync + fmt::Debug {
    /// Where it is, for people; nothing secret is in it.
    fn place(&self) -> String;

    /// All objects whose names begin with `folder` and a slash.
    fn list(&self, folder: &str) -> Result<Vec<Listed>, RemoteError>;

    /// Writes an object's content to `into`, and never more than `limit` bytes of it; `false` where there
    /// is no such object. Fails with [`RemoteError::TooLong`] where it is longer.
    fn get(&self, name: &str, limit: u64, into: &mut dyn Write) -> Result<bool, RemoteError>;

    /// How many bytes an object has; `None` where there is none.
    fn size(&self, name: &str) -> Result<Option<u64>, RemoteError>;

    /// Stores what `from` gives to its end, which should be `bytes`, in place of what had the name. The
    /// object is seen under its name only when it is whole; where `from` fails, it is not seen at all.
    fn put(&self, name: &str, bytes: u64, from: &mut dyn Read) -> Result<(), RemoteError>;
}

/// Why a remote did not do what was asked of it. Its words hold no secret.
#[derive(Debug, thiserror::Error)]
pub enum RemoteError {
    /// It did not answer, not in time, or not with sense, however often it was asked.
    #[error("{0}")]
    Unreachable(String),
    /// It forbids what was asked.
    #[error("{0}")]
    Refused(String),
    /// The object is longer than it may be.
    #[error("it gave more bytes than it should")]
    TooLong,
    /// Reading or writing failed on this side, or the transfer was called off.
    #[error(transparent)]
    Here(#[from] io::Error),
}

#[cfg(test)]
mod tests;
