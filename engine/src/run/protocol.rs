//! What front and worker say to each other: JSON lines over the worker's standard input and output.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::graph::MaterialFile;
use crate::units::Digest;
use crate::world::{MediaFacts, Tool};

/// Raised when a message changes its meaning. Both sides must agree.
pub const PROTOCOL: u32 = 1;

/// Front to worker.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "say", rename_all = "kebab-case")]
pub enum ToWorker {
    /// First of all.
    Hello {
        protocol: u32,
        /// Where blobs are read and written.
        cache: PathBuf,
        /// The device this worker drives, such as `cpu:0`.
        device: String,
        /// Threads it may use.
        threads: u32,
        /// Where data outside the project lies, such as the SoundFont.
        tools: BTreeMap<Tool, PathBuf>,
    },
    /// Do this; answered by `Done` or `Failed`, with `Progress` between.
    Run { job: Job },
    /// Stop that job soon; answered by `Failed` with [`FailureKind::Cancelled`].
    Cancel { job: u64 },
    /// What is that file? Answered by `Probed`.
    Probe { request: u64, path: PathBuf },
}

/// Worker to front.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "say", rename_all = "kebab-case")]
pub enum ToFront {
    /// Answers `Hello`.
    Ready {
        protocol: u32,
        /// (kind, version) of everything it can do.
        kinds: Vec<(String, u32)>,
        /// Versions of the libraries in it, for records and `doctor`.
        libraries: BTreeMap<String, String>,
    },
    /// `done` of `total` pictures, seconds or bytes.
    Progress { job: u64, done: u64, total: u64, phase: String },
    Done { job: u64, outputs: BTreeMap<String, Blob>, millis: u64, peak_memory: u64 },
    Failed { job: u64, failure: Failure },
    Probed { request: u64, facts: Result<MediaFacts, String> },
    /// A line for `--verbose`.
    Log { text: String },
}

/// A stored node with the streamed nodes that feed it, inputs before users; the last is the stored one.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Job {
    pub id: u64,
    pub nodes: Vec<JobNode>,
}

/// One node of a job.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct JobNode {
    pub kind: String,
    pub version: u32,
    pub params: Value,
    pub files: Vec<MaterialFile>,
    pub inputs: Vec<JobInput>,
    /// For failures and logs.
    pub label: String,
    /// The node's action key: what a worker may remember set-up work under.
    pub key: Digest,
}

/// What enters a port.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct JobInput {
    pub port: String,
    pub index: u32,
    pub from: InputFrom,
}

/// Where it comes from.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InputFrom {
    /// A streamed node of the same job, by its place in `nodes`.
    Stream(usize),
    /// A blob of the cache.
    Blob(Blob),
}

/// Stored content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blob {
    pub digest: Digest,
    pub bytes: u64,
}

/// Why a job failed, in words for the storyboard's writer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Failure {
    pub kind: FailureKind,
    /// The node's label.
    pub node: String,
    /// The parameter that is to blame, where one is.
    pub parameter: Option<String>,
    /// What went wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

/// What may be tried next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FailureKind {
    /// The same again will fail the same way.
    Permanent,
    /// Worth another try.
    Transient,
    /// Too little memory.
    OutOfMemory,
    /// A blob of the cache is missing or corrupt: make it again.
    BadInput { digest: Digest },
    /// Asked to stop.
    Cancelled,
}
