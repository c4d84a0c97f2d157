//! What has been made, by content, and the log of what made it.
//!
//! The folder holds `blobs/` (artifacts by digest), `log/` (records), `why/` (what each step was), `files/`
//! (digests of the project's files), `pins/` and `tmp/`. Every process writes files of its own only, so
//! any number of processes share a cache without locks, on network folders too.

mod blobs;
mod error;
mod writer;

pub use blobs::{BlobStore, BlobWriter, Scratch, digest_of_file};
pub use error::CacheError;
pub use writer::{Alive, Writer};
