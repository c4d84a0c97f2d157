//! The run's world: one entity a stored node, its state in components; what all share in resources.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bevy_ecs::prelude::*;

use super::device::{Device, DeviceId};
use super::event::Event;
use super::protocol::{Blob, Failure, FailureKind, InputFrom, Job, JobInput, JobNode, Thrift, ToFront};
use super::standing::Demand;
use super::start::RunError;
use super::systems::Nodes;
use super::tries::Retries;
use crate::cache::{Cache, CacheError, Formula, Pins};
use crate::graph::{ActionKey, Input, Keyed, NodeIndex};
use crate::units::Digest;
use crate::world::Tool;

/// Other processes' records are taken in at most this often.
const RECALL: Duration = Duration::from_millis(200);

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

/// What a node is estimated to take, in milliseconds.
#[derive(Component, Clone, Copy, Debug, Default)]
pub(super) struct Cost {
    pub millis: u64,
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

/// What another look at the cache's logs gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Recalled {
    /// It is too early for another look.
    NotNow,
    /// Nothing new.
    Nothing,
    /// Others have recorded something.
    Entries,
    /// The folder is not there.
    Gone,
}

/// What the graph says and what is known of its content.
#[derive(Resource)]
pub(super) struct Book {
    pub keyed: Arc<Keyed>,
    pub cache: Cache,
    pub pins: Pins,
    /// By node index: the entity of a stored node behind the targets.
    pub entities: Vec<Option<Entity>>,
    /// By node index: ports that others read.
    pub used_ports: Vec<BTreeSet<String>>,
    /// By node index: what nodes' own formulas say they take.
    pub formulas: Vec<Formula>,
    pub targets: BTreeSet<NodeIndex>,
    /// By node index: action keys, where known.
    pub actions: Vec<Option<ActionKey>>,
    /// By node index: a stored node's outputs, where known.
    pub contents: Vec<Option<BTreeMap<String, Blob>>>,
    /// By node index: whether the artifacts are there, where that was looked at.
    pub present: Vec<Option<bool>>,
    /// Actions that are not to be done after all, since an input was made again with other content.
    pub void: Vec<(NodeIndex, ActionKey)>,
    /// When other processes' records were last taken in.
    pub recalled: Option<Instant>,
    /// Since when the cache's folder is gone.
    pub gone: Option<Instant>,
    /// How long the run waits for it.
    pub patience: Duration,
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

    /// Finds a stored node's action key, and those of the streamed nodes that feed it, as far as the content of
    /// their inputs is known.
    pub fn name_action(&mut self, node: NodeIndex) {
        for part in self.keyed.job(node) {
            if self.actions[part.index()].is_none() {
                self.actions[part.index()] = self.keyed.action(part, &|input| self.content(input));
            }
        }
    }

    /// Takes in what other processes have recorded, now and then.
    pub fn recall(&mut self) -> Result<Recalled, CacheError> {
        if self.recalled.is_some_and(|last| last.elapsed() < RECALL) {
            return Ok(Recalled::NotNow);
        }
        self.recalled = Some(Instant::now());
        match self.cache.refresh() {
            _ if self.is_gone() => Ok(Recalled::Gone),
            Ok(0) => Ok(Recalled::Nothing),
            Ok(_) => Ok(Recalled::Entries),
            Err(error) => Err(error),
        }
    }

    /// Whether the cache's folder was there and is not any more.
    pub fn is_gone(&self) -> bool {
        self.cache.store().folder().is_gone()
    }

    /// The cache's folder is gone, as it was perhaps when last looked at: the run waits, but not for ever.
    pub fn miss(&mut self, outbox: &mut Outbox) {
        let error = CacheError::Gone(self.cache.store().root().to_owned());
        match self.gone {
            None => {
                self.gone = Some(Instant::now());
                let (reason, limit) = (error.to_string(), self.patience);
                outbox.events.push(Event::Waiting { reason, limit_millis: limit.as_millis() as u64 });
            }
            Some(since) if since.elapsed() > self.patience => self.broken = Some(error.into()),
            Some(_) => {}
        }
    }

    /// The cache's folder is there.
    pub fn find(&mut self, outbox: &mut Outbox) {
        if let Some(since) = self.gone.take() {
            outbox.events.push(Event::Resumed { after_millis: since.elapsed().as_millis() as u64 });
        }
    }

    /// The nodes whose content is not known yet and which do not run.
    pub fn open_nodes(&self, nodes: &Nodes) -> Vec<NodeIndex> {
        let open = |at: &usize| {
            let state =
                self.entities[*at].and_then(|entity| nodes.get(entity).ok()).map(|(_, state, ..)| *state);
            matches!(state, Some(State::Want | State::Blocked | State::Ready)) && self.contents[*at].is_none()
        };
        (0..self.entities.len()).filter(open).map(NodeIndex::new).collect()
    }

    /// Whether a node's artifacts are there.
    pub fn is_present(&mut self, node: NodeIndex) -> bool {
        let Some(outputs) = &self.contents[node.index()] else { return false };
        // Pinned before it is looked for: collection may run at any moment, and takes what nobody has pinned.
        let pinned = self.pins.add(outputs.values().map(|blob| blob.digest));
        pinned.unwrap_or_else(|error| self.broken = Some(error.into()));
        // What the remote has is brought when a job needs it, or to be handed over. What cannot be looked at is
        // taken to be there still: its reader will say.
        let cache = &self.cache;
        let there = |blob: &Blob| cache.available(blob) || cache.store().folder().is_gone();
        *self.present[node.index()].get_or_insert_with(|| outputs.values().all(there))
    }

    /// A node's content. What others would make of its earlier content, if it had other, is void: their
    /// actions are no longer known.
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
                self.void.extend(self.actions[later.index()].take().map(|action| (later, action)));
                // Behind a stored node whose content stands, nothing changes.
                if self.contents[later.index()].is_none() {
                    after.insert(later);
                }
            }
        }
    }

    /// The job that makes a node. All its inputs are known.
    pub fn job(&self, id: u64, node: NodeIndex, thrift: Thrift, leave: Vec<Tool>) -> Option<Job> {
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
        Some(Job { id, nodes, thrift, leave })
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
    /// The worker's libraries, once it has said them.
    pub libraries: String,
    /// Whether its worker is being stopped because it hangs.
    pub hung: bool,
    /// The most memory that its worker has told of, in bytes.
    pub peak_memory: u64,
}

/// What a slot is doing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Busy {
    pub entity: Entity,
    pub node: NodeIndex,
    pub job: u64,
    pub action: ActionKey,
    /// When it last made progress ...
    pub heard: Instant,
    /// ... and what it told then: how much was done, and the phase's digest.
    pub told: (u64, u64),
}

/// All devices.
#[derive(Resource)]
pub(super) struct Slots {
    pub all: Vec<Slot>,
    pub next_job: u64,
    /// A job that makes no progress for this long is stopped with its worker.
    pub patience: Duration,
    pub retries: Retries,
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
    /// `words`: all that it said last; `cause`: what may be tried next.
    Died {
        /// The last job that it was given.
        job: u64,
        reason: String,
        words: String,
        cause: FailureKind,
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
    /// The worker is killed with its job.
    Kill,
    /// The worker, which has no job, forgets these models.
    Leave(Vec<Tool>),
    /// The worker, which has no job, ends; the next job gets a new one.
    Renew,
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

/// Nodes that failed, where the last try was, and why.
#[derive(Resource, Default)]
pub(super) struct Failures(pub Vec<(NodeIndex, Option<DeviceId>, Failure)>);
