//! What a worker process does, seen from both sides: [`Work`] is what the node kinds offer, [`Context`]
//! what a node is given while it runs.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use super::protocol::{Blob, Failure, FailureKind, Job, Thrift};
use crate::cache::BlobStore;
use crate::world::{Installed, MediaFacts, Tool};

/// Everything a worker can do. Implemented by the registry of node kinds, and by test doubles.
pub trait Work: Sync {
    /// (kind, version) of every node kind.
    fn kinds(&self) -> Vec<(String, u32)>;

    /// Versions of the libraries that results depend on.
    fn libraries(&self) -> BTreeMap<String, String>;

    /// Does a job and returns the stored node's outputs by port, each already in the cache.
    fn run(&self, job: &Job, context: &Context) -> Result<BTreeMap<String, Blob>, Failure>;

    /// Forgets these models, where it holds them.
    fn leave(&self, models: &[Tool]);

    /// What a file is, by its content; in words where it cannot be used.
    fn probe(&self, path: &Path) -> Result<MediaFacts, String>;
}

/// What a node is given while it runs.
pub struct Context<'a> {
    /// Where inputs are read and outputs written.
    pub cache: &'a BlobStore,
    /// Told `done` of `total` and the phase; may be called as often as one likes.
    pub progress: &'a (dyn Fn(u64, u64, &str) + Sync),
    /// Set when the job should stop soon.
    pub cancelled: &'a AtomicBool,
    /// Threads that the job may keep busy, at least 1. Results must not depend on it.
    pub threads: usize,
    /// How memory shall be used. Results must not depend on it.
    pub thrift: Thrift,
    /// Where data outside the project lies, such as the SoundFont, and its digests, which are in the keys.
    pub tools: &'a BTreeMap<Tool, Installed>,
}

impl Context<'_> {
    /// Tells how far the job is.
    pub fn progress(&self, done: u64, total: u64, phase: &str) {
        (self.progress)(done, total, phase);
    }

    /// Fails with [`FailureKind::Cancelled`] once the job should stop. Call it once a picture or block.
    pub fn check(&self) -> Result<(), Failure> {
        if self.cancelled.load(Ordering::Relaxed) { Err(Failure::cancelled()) } else { Ok(()) }
    }
}

impl Failure {
    /// A failure that the same again would repeat. The worker fills in the node's label.
    pub fn permanent(message: impl Into<String>) -> Self {
        Self::new(FailureKind::Permanent, message)
    }

    /// A failure that is worth another try.
    pub fn transient(message: impl Into<String>) -> Self {
        Self::new(FailureKind::Transient, message)
    }

    /// The answer to a cancelled job.
    pub fn cancelled() -> Self {
        Self::new(FailureKind::Cancelled, "stopped on request")
    }

    /// A failure of that kind without a node, parameter or help yet.
    pub fn new(kind: FailureKind, message: impl Into<String>) -> Self {
        Self { kind, node: String::new(), parameter: None, message: message.into(), help: None }
    }

    /// The same, blamed on a parameter.
    #[must_use]
    pub fn parameter(mut self, parameter: impl Into<String>) -> Self {
        self.parameter = Some(parameter.into());
        self
    }

    /// The same, with what to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}
