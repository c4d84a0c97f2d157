//! The run's world: one entity a stored node, its state in components; what all share in resources.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bevy_ecs::prelude::*;

use super::device::Device;
use super::event::Event;
use super::protocol::{Blob, Failure, InputFrom, Job, JobInput, JobNode, ToFront};
use super::standing::Demand;
use super::start::RunError;
use crate::cache::{Cache, Pins};
use crate::graph::{ActionKey, Input, Keyed, NodeIndex};
use crate::units::Digest;

/// How often a node is tried before it fails for good.
pub(super) const TRIES: u32 = 3;

/// How often a node's inputs may turn out lost before the disk is not trusted any more.
pub(super) const LOSSES: u32 = 8;

/// The stored node that an entity stands for.
#[derive(Component, Clone, Copy, Debug)]
pub(super) struct Node(pub NodeIndex);

/// A node's state.
#[derive(Component, Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Not needed so far, or what enters it is not known yet.
    Want,
    /// Must run, and waits for inputs.
    Blocked,
    /// May run.
    Ready,
    /// Runs on the slot of that number.
    Running(usize),
    /// Its content is known; its artifacts are there if they are wanted.
    Done,
    /// Not tried again.
    Failed,
    /// Cannot run, since that node failed.
    Skipped(NodeIndex),
}

/// What is wanted of a node.
#[derive(Component, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Wanted(pub Demand);

/// How a node's tries went.
#[derive(Component, Clone, Debug, Default)]
pub(super) struct Attempts {
    /// Tries that failed.
    pub failed: u32,
    /// Times that inputs turned out lost.
    pub lost: u32,
    /// When the next may begin.
    pub not_before: Option<Instant>,
    /// Whether the next must have the machine for itself, for memory.
    pub alone: bool,
}

/// The work of the longest chain from a node's start to the film's end, in milliseconds.
#[derive(Component, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Priority(pub u64);

/// What a node is estimated to take and use.
#[derive(Component, Clone, Copy, Debug, Default)]
pub(super) struct Cost {
    pub millis: u64,
    pub memory: u64,
}

/// Whether this run made the node, or took an earlier result.
#[derive(Component, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Origin {
    /// Neither yet; or known before the run began.
    #[default]
    Before,
    /// A worker of this run.
    Ran,
    /// A record that was found once the inputs were known.
    Reused,
}

/// What the graph says and what is known of its content.
#[derive(Resource)]
pub(super) struct Book {
    pub keyed: Arc<Keyed>,
    pub cache: Cache,
    pub pins: Pins,
    /// By node index: the entity of a stored node behind the targets.
    pub entities: Vec<Option<Entity>>,
    /// By node index: the stored nodes it reads.
    pub needs: Vec<Vec<NodeIndex>>,
    /// By node index: the streamed nodes that are opened to make a stored one.
    pub streams: Vec<Vec<NodeIndex>>,
    /// By node index: ports that others read.
    pub used_ports: Vec<BTreeSet<String>>,
    pub targets: BTreeSet<NodeIndex>,
    /// By node index: action keys, where known.
    pub actions: Vec<Option<ActionKey>>,
    /// By node index: a stored node's outputs, where known.
    pub contents: Vec<Option<BTreeMap<String, Blob>>>,
    /// By node index: whether the artifacts are there, where that was looked at.
    pub present: Vec<Option<bool>>,
    /// What made the run impossible to go on with.
    pub broken: Option<RunError>,
}

impl Book {
    /// The digest that stands for an input in action keys.
    fn content(&self, input: &Input) -> Option<Digest> {
        if self.keyed.stored(input.from) {
            self.contents[input.from.index()].as_ref()?.get(&input.output).map(|blob| blob.digest)
        } else {
            self.actions[input.from.index()].map(|action| action.0)
        }
    }

    /// A node's action key, if the content of all its inputs is known.
    pub fn action(&self, node: NodeIndex) -> Option<ActionKey> {
        self.keyed.action(node, &|input| self.content(input))
    }

    /// Whether a node's artifacts are there.
    pub fn is_present(&mut self, node: NodeIndex) -> bool {
        let Some(outputs) = &self.contents[node.index()] else { return false };
        // What the remote has is brought when a job needs it, or to be handed over.
        let cache = &self.cache;
        let present = *self.present[node.index()]
            .get_or_insert_with(|| outputs.values().all(|blob| cache.available(blob)));
        if present {
            let pinned = self.pins.add(outputs.values().map(|blob| blob.digest));
            pinned.unwrap_or_else(|error| self.broken = Some(error.into()));
        }
        present
    }

    /// A node's content, and what others made of its earlier content is no longer known.
    pub fn set_content(&mut self, node: NodeIndex, outputs: BTreeMap<String, Blob>) {
        let changed = self.contents[node.index()].as_ref().is_some_and(|known| *known != outputs);
        self.contents[node.index()] = Some(outputs);
        self.present[node.index()] = Some(true);
        if changed {
            self.forget_actions_after(node);
        }
    }

    fn forget_actions_after(&mut self, node: NodeIndex) {
        let mut after = BTreeSet::from([node]);
        for later in self.keyed.graph.node_indices().skip(node.index() + 1) {
            let reached = self.keyed.inputs[later.index()].iter().any(|input| after.contains(&input.from));
            if reached {
                self.actions[later.index()] = None;
                // Behind a stored node whose content stands, nothing changes.
                if self.contents[later.index()].is_none() {
                    after.insert(later);
                }
            }
        }
    }

    /// The job that makes a node. All its inputs are known.
    pub fn job(&self, id: u64, node: NodeIndex) -> Option<Job> {
        let parts = self.keyed.job(node);
        let mut nodes = Vec::with_capacity(parts.len());
        for part in &parts {
            let spec = &self.keyed.graph[*part];
            let mut inputs = Vec::new();
            for input in &self.keyed.inputs[part.index()] {
                let from = if self.keyed.stored(input.from) {
                    InputFrom::Blob(*self.contents[input.from.index()].as_ref()?.get(&input.output)?)
                } else {
                    InputFrom::Stream(parts.binary_search(&input.from).ok()?)
                };
                inputs.push(JobInput { port: input.port.clone(), index: input.index, from });
            }
            nodes.push(JobNode {
                kind: spec.kind.name.to_owned(),
                version: spec.kind.version,
                params: spec.params.clone(),
                files: spec.files.clone(),
                inputs,
                label: spec.label.to_string(),
                key: self.actions[part.index()]?.0,
            });
        }
        Some(Job { id, nodes })
    }

    /// A node's label.
    pub fn label(&self, node: NodeIndex) -> String {
        self.keyed.graph[node].label.to_string()
    }

    /// A node's kind's name.
    pub fn kind(&self, node: NodeIndex) -> String {
        self.keyed.graph[node].kind.name.to_owned()
    }
}

/// A device and the worker on it.
#[derive(Debug)]
pub(super) struct Slot {
    pub device: Device,
    pub busy: Option<Busy>,
    /// The streamed nodes that its last job opened: what they painted is still at hand there.
    pub warm: Vec<NodeIndex>,
    /// The worker's libraries, once it has said them.
    pub libraries: String,
}

/// What a slot is doing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Busy {
    pub entity: Entity,
    pub node: NodeIndex,
    pub job: u64,
    pub action: ActionKey,
    pub memory: u64,
    pub alone: bool,
    pub heard: Instant,
}

/// All devices.
#[derive(Resource)]
pub(super) struct Slots {
    pub all: Vec<Slot>,
    /// Bytes that CPU workers share.
    pub memory: u64,
    pub next_job: u64,
    /// A worker that says nothing for this long while it has a job is killed.
    pub patience: Duration,
}

/// What came from a slot.
#[derive(Debug)]
pub(super) enum FromSlot {
    Started {
        pid: u32,
    },
    Said(ToFront),
    /// It is of another build, or no worker at all.
    Unfit {
        reason: String,
    },
    /// `killed`: by the system, perhaps for memory.
    Died {
        reason: String,
        killed: bool,
    },
}

/// What came since the last pass.
#[derive(Resource, Default)]
pub(super) struct Inbox(pub Vec<(usize, FromSlot)>);

/// What this pass gave.
#[derive(Resource, Default)]
pub(super) struct Outbox {
    pub events: Vec<Event>,
    pub orders: Vec<(usize, Order)>,
}

/// What a slot is told.
#[derive(Debug)]
pub(super) enum Order {
    Run(Box<Job>),
    Cancel(u64),
    Kill,
}

/// Whether the run goes on.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mode {
    /// It does.
    #[default]
    Going,
    /// Nothing more is begun.
    Stopping,
}

/// Set when something has changed that other nodes may wait for.
#[derive(Resource, Default)]
pub(super) struct Stale(pub bool);

/// Nodes that failed, with why.
#[derive(Resource, Default)]
pub(super) struct Failures(pub Vec<(NodeIndex, Failure)>);
