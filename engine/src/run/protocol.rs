//! What front and worker say to each other: JSON lines over the worker's standard input and output.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::graph::MaterialFile;
use crate::kinds::{self, Kind};
use crate::units::Digest;
use crate::world::{Installed, MediaFacts, Tool};

/// Raised when a message changes its meaning. Both sides must agree.
pub const PROTOCOL: u32 = 3;

/// The version of the program that this was built with.
pub const BUILD: &str = env!("CARGO_PKG_VERSION");

/// Why a worker that introduced itself so cannot work for this front: it is of another build, and would make
/// other bytes than the keys say. `None` where it can, and for every other message.
pub fn unfit(ready: &ToFront) -> Option<String> {
    let ToFront::Ready { protocol, build, kinds, .. } = ready else { return None };
    if *protocol != PROTOCOL {
        return Some(format!("it speaks protocol {protocol}, this storyreel {PROTOCOL}"));
    }
    if build != BUILD {
        return Some(format!("it is version {build}, this storyreel {BUILD}"));
    }
    let says = |named: &str| kinds.iter().find(|(name, _)| name == named).map(|(_, version)| *version);
    kinds::ALL.iter().find(|kind| says(kind.name) != Some(kind.version)).map(|kind| {
        let Kind { name, version, .. } = kind;
        match says(name) {
            Some(other) => {
                format!("it makes `{name}` of version {other}, this storyreel of version {version}")
            }
            None => format!("it does not know `{name}`"),
        }
    })
}

/// Front to worker.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "say", rename_all = "kebab-case")]
pub enum ToWorker {
    /// First of all.
    Hello {
        /// The front's [`PROTOCOL`].
        protocol: u32,
        /// Where blobs are read and written.
        cache: PathBuf,
        /// The device this worker drives, such as `cpu:0`.
        device: String,
        /// Threads it may use.
        threads: u32,
        /// Bytes of memory that it must not exceed, where there is a limit.
        #[serde(default)]
        memory: Option<u64>,
        /// Where data outside the project lies, such as the SoundFont, and what it must be.
        tools: BTreeMap<Tool, Installed>,
    },
    /// Do this; answered by `Done` or `Failed`, with `Progress` between.
    Run {
        /// What to do.
        job: Job,
    },
    /// Forget these models; you have no job.
    Leave {
        /// The tools that they are.
        models: Vec<Tool>,
    },
    /// Stop that job soon; answered by `Failed` with [`FailureKind::Cancelled`].
    Cancel {
        /// That job.
        job: u64,
    },
    /// What is that file? Answered by `Probed`.
    Probe {
        /// Comes back in the answer.
        request: u64,
        /// The file.
        path: PathBuf,
    },
}

/// Worker to front.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "say", rename_all = "kebab-case")]
pub enum ToFront {
    /// Answers `Hello`.
    Ready {
        /// The worker's [`PROTOCOL`].
        protocol: u32,
        /// The version of the program that it was built with.
        #[serde(default)]
        build: String,
        /// (kind, version) of everything it can do.
        kinds: Vec<(String, u32)>,
        /// Versions of the libraries in it, for records and `doctor`.
        libraries: BTreeMap<String, String>,
    },
    /// How far a job is.
    Progress {
        /// That job.
        job: u64,
        /// Pictures, samples or bytes done ...
        done: u64,
        /// ... of so many; 0 where that is not known.
        total: u64,
        /// What it is doing: `draw`, `encode`, `mix`.
        phase: String,
    },
    /// A job is done and its artifacts are in the cache.
    Done {
        /// That job.
        job: u64,
        /// The stored node's artifacts by port.
        outputs: BTreeMap<String, Blob>,
        /// How long it took.
        millis: u64,
        /// The worker's memory at its peak during the job, in bytes.
        peak_memory: u64,
    },
    /// A job is not done.
    Failed {
        /// That job.
        job: u64,
        /// Why.
        failure: Failure,
    },
    /// Answers `Probe`.
    Probed {
        /// The request's number.
        request: u64,
        /// What the file is, or in words why it cannot be used.
        facts: Result<MediaFacts, String>,
    },
    /// A line for `--verbose`.
    Log {
        /// The line.
        text: String,
    },
}

/// A stored node with the streamed nodes that feed it, inputs before users; the last is the stored one.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Job {
    /// Its number, unlike that of any other job of the run.
    pub id: u64,
    /// The nodes, at least one.
    pub nodes: Vec<JobNode>,
    /// How it shall use memory. The bytes that it gives do not depend on it.
    #[serde(default)]
    pub thrift: Thrift,
    /// Models that the worker forgets first.
    #[serde(default)]
    pub leave: Vec<Tool>,
}

/// How a job shall use memory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Thrift {
    /// As is fastest.
    #[default]
    AsItIs,
    /// The same, by a worker that holds nothing else.
    Alone,
    /// As little as it can do with, however slow.
    Frugal,
}

/// One node of a job.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct JobNode {
    /// The kind's name.
    pub kind: String,
    /// The kind's version, as the front knows it.
    pub version: u32,
    /// The parameters.
    pub params: Value,
    /// Files of the project that it reads.
    pub files: Vec<MaterialFile>,
    /// What enters it, by port, then index.
    pub inputs: Vec<JobInput>,
    /// For failures and logs.
    pub label: String,
    /// The node's action key: what a worker may remember set-up work under.
    pub key: Digest,
}

/// What enters a port.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct JobInput {
    /// The port.
    pub port: String,
    /// The place among several.
    pub index: u32,
    /// What enters.
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Blob {
    /// The digest of its bytes: its name in the cache.
    pub digest: Digest,
    /// How many bytes.
    pub bytes: u64,
}

/// Why a job failed, in words for the storyboard's writer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Failure {
    /// What may be tried next.
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FailureKind {
    /// The same again will fail the same way.
    Permanent,
    /// Worth another try.
    Transient,
    /// Too little memory.
    OutOfMemory,
    /// A blob of the cache is missing or corrupt: make it again.
    BadInput {
        /// Its name.
        digest: Digest,
    },
    /// Asked to stop.
    Cancelled,
}
