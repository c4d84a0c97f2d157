//! The one stream of events that terminal, trace, studio and farm read: versioned JSON lines.

use std::collections::BTreeMap;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::device::DeviceId;
use super::protocol::Failure;
use crate::graph::StepId;

/// Raised when an event changes its meaning.
pub const EVENTS: u32 = 1;

/// One line of the stream.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct EventLine {
    /// [`EVENTS`] of the writer.
    pub version: u32,
    /// Microseconds since the run began.
    pub at: u64,
    /// What happened.
    pub event: Event,
}

/// What happened.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Event {
    /// First of all.
    PlanReady {
        /// What there is to do.
        totals: Totals,
        /// The same by the names of kinds.
        #[serde(default)]
        kinds: BTreeMap<String, KindTotals>,
    },
    /// A worker process has started.
    WorkerStarted {
        /// The device it drives.
        device: DeviceId,
        /// Its process id.
        pid: u32,
    },
    /// A worker has begun a node.
    NodeStarted {
        /// The node's step.
        step: StepId,
        /// Where it belongs.
        label: String,
        /// Its kind's name.
        kind: String,
        /// Where it runs.
        device: DeviceId,
        /// 1 for the first try.
        attempt: u32,
        /// How long it should take.
        estimate_millis: u64,
    },
    /// How far a node is.
    Progress {
        /// The node's step.
        step: StepId,
        /// The device it runs on.
        device: DeviceId,
        /// So many ...
        done: u64,
        /// ... of so many; 0 where that is not known.
        total: u64,
        /// What it is doing.
        phase: String,
    },
    /// A node's outputs are there.
    NodeDone {
        /// The node's step.
        step: StepId,
        /// Where it belongs.
        label: String,
        /// Its kind's name.
        kind: String,
        /// Where it ran; none where an earlier result of equal inputs was taken.
        device: Option<DeviceId>,
        /// How long it took.
        millis: u64,
        /// Bytes of its outputs.
        bytes: u64,
    },
    /// A node gave other bytes than an earlier run of the same action. The earlier ones are kept where they
    /// are still there.
    Differs {
        /// The node's step.
        step: StepId,
        /// Where it belongs.
        label: String,
        /// Whether the earlier bytes were kept.
        kept_first: bool,
    },
    /// A node is not tried again.
    NodeFailed {
        /// The node's step.
        step: StepId,
        /// Where it belongs.
        label: String,
        /// Its kind's name.
        kind: String,
        /// Where the last try was.
        #[serde(default)]
        device: Option<DeviceId>,
        /// Why.
        failure: Failure,
    },
    /// A node cannot run since one before it failed.
    NodeSkipped {
        /// The node's step.
        step: StepId,
        /// Where it belongs.
        label: String,
        /// Its kind's name.
        kind: String,
        /// The label of the node that failed.
        because: String,
    },
    /// A node will be tried again.
    Retry {
        /// The node's step.
        step: StepId,
        /// Where it belongs.
        label: String,
        /// The try to come; 2 for the second.
        attempt: u32,
        /// Why.
        reason: String,
        /// In which way: the same again, alone, with less memory, elsewhere.
        #[serde(default)]
        how: String,
        /// How long it waits.
        after_millis: u64,
    },
    /// A worker process ended that should not have.
    WorkerDied {
        /// Its device.
        device: DeviceId,
        /// How.
        reason: String,
    },
    /// The run waits for what it cannot do without: the folder of the cache is gone. Nothing is begun meanwhile.
    Waiting {
        /// What it waits for.
        reason: String,
        /// How long it does before it ends.
        limit_millis: u64,
    },
    /// What the run waited for is back.
    Resumed {
        /// How long it waited.
        after_millis: u64,
    },
    /// The run stops: nothing more is begun.
    Stopping,
    /// A line for `--verbose`.
    Log {
        /// Where it comes from; the front where absent.
        device: Option<DeviceId>,
        /// The line.
        text: String,
    },
    /// Last of the run itself.
    Finished {
        /// Nodes that ran.
        ran: u64,
        /// Nodes whose earlier results were taken.
        reused: u64,
        /// Nodes that failed.
        failed: u64,
        /// Nodes that could not run.
        skipped: u64,
        /// Whether it was stopped. What is finished is kept; the same command goes on from there.
        cancelled: bool,
        /// How long it took.
        millis: u64,
        /// The workers' memory at its peak, in bytes, all of them together.
        #[serde(default)]
        memory: u64,
    },
    /// The result lies in its folder.
    Published {
        /// Its version.
        version: u32,
        /// That folder.
        folder: PathBuf,
        /// Whether the version is new.
        changed: bool,
    },
}

/// What there is to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Totals {
    /// Stored nodes behind the targets.
    pub nodes: u64,
    /// Of these, nodes that may have to run.
    pub to_do: u64,
    /// Their work, were one worker to do it all.
    pub work_millis: u64,
    /// How long it should take on the devices given.
    pub estimate_millis: u64,
    /// The workers' memory at its peak, in bytes, all of them together.
    #[serde(default)]
    pub memory: u64,
    /// Bytes that it should write.
    #[serde(default)]
    pub bytes: u64,
    /// Workers, at most.
    pub devices: u32,
}

/// What there is to do of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct KindTotals {
    /// Nodes that may have to run.
    pub nodes: u64,
    /// Their work, were one worker to do it all.
    pub work_millis: u64,
}

/// Who hears of events.
pub trait Reporter {
    /// Something happened.
    fn event(&mut self, line: &EventLine);

    /// Called a few times a second in between, for what moves by itself.
    fn tick(&mut self) {}
}

impl<F: FnMut(&EventLine)> Reporter for F {
    fn event(&mut self, line: &EventLine) {
        self(line);
    }
}
