//! Setting up a run, and its report.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bevy_ecs::prelude::*;
use serde::Serialize;

use super::device::Device;
use super::driver::{Interrupts, Teller, drive};
use super::event::{Event, Reporter, Totals};
use super::forecast::forecast;
use super::process::WorkerCommand;
use super::protocol::{Blob, Failure};
use super::standing::{Demand, left, standing};
use super::state::{
    Attempts, Book, Cost, Failures, Inbox, Mode, Node, Origin, Outbox, Priority, Slot, Slots, Stale, State,
    Wanted,
};
use super::systems::schedule;
use crate::cache::{Cache, CacheError, Pins, Records};
use crate::graph::{Keyed, NodeIndex, StepId};

/// The share of the free memory that CPU workers may be planned to use, in percent.
const MEMORY_SHARE: u64 = 90;

/// What to run.
#[derive(Debug)]
pub struct Request {
    /// The graph and its keys.
    pub keyed: Arc<Keyed>,
    /// The stored nodes whose artifacts are wanted.
    pub targets: Vec<NodeIndex>,
    /// Where to run: [`super::DeviceSpec::devices`].
    pub devices: Vec<Device>,
    /// How workers are started.
    pub worker: WorkerCommand,
    /// A worker that has a job and says nothing for this long is stopped, and the job tried again.
    pub patience: Duration,
    /// Where the wish to stop comes from.
    pub interrupts: Interrupts,
}

/// Why a run ended before its time. What was finished until then is kept.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The cache cannot be used.
    #[error(transparent)]
    Cache(#[from] CacheError),
    /// The worker does not belong to this front. Says which program it is, and why.
    #[error("{0}")]
    Worker(String),
    /// No device to run on.
    #[error("there is no device to run on")]
    NoDevice,
    /// A target that is not stored has no artifact to wait for.
    #[error("`{0}` is streamed: only stored nodes can be asked for")]
    Streamed(String),
    /// The system refused what the front needs to watch its workers.
    #[error("the run cannot be started: {0}")]
    System(#[from] std::io::Error),
}

impl RunError {
    /// What to do about it.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::Cache(error) => error.help(),
            Self::Worker(_) => Some(
                "build or install storyreel and storyreel-worker together; STORYREEL_WORKER names another",
            ),
            Self::NoDevice | Self::Streamed(_) | Self::System(_) => None,
        }
    }
}

/// How a run ended.
#[derive(Debug)]
pub struct RunReport {
    /// The outputs of every target that is done.
    pub outputs: BTreeMap<NodeIndex, BTreeMap<String, Blob>>,
    /// Nodes that ran.
    pub ran: Vec<NodeIndex>,
    /// Nodes for which an earlier result of equal inputs was found on the way.
    pub reused: Vec<NodeIndex>,
    /// Nodes that failed for good.
    pub failed: Vec<FailedNode>,
    /// Nodes that could not run because of those.
    pub skipped: Vec<SkippedNode>,
    /// Whether the run was stopped. The same command goes on from there.
    pub cancelled: bool,
    /// How long it took.
    pub elapsed: Duration,
    /// Keeps the artifacts from collection until the report is dropped.
    pub pins: Pins,
}

impl RunReport {
    /// Whether every target's artifacts are there.
    pub fn complete(&self) -> bool {
        self.failed.is_empty() && self.skipped.is_empty() && !self.cancelled
    }
}

/// A node that failed for good.
#[derive(Clone, Debug, Serialize)]
pub struct FailedNode {
    /// Its place in the graph.
    #[serde(skip)]
    pub node: NodeIndex,
    /// Its step.
    pub step: StepId,
    /// Where it belongs.
    pub label: String,
    /// Its kind's name.
    pub kind: String,
    /// Why.
    pub failure: Failure,
}

/// A node that could not run.
#[derive(Clone, Debug, Serialize)]
pub struct SkippedNode {
    /// Its place in the graph.
    #[serde(skip)]
    pub node: NodeIndex,
    /// Where it belongs.
    pub label: String,
    /// The failed node that it needs.
    #[serde(skip)]
    pub because: NodeIndex,
}

/// Makes the artifacts of the targets. Failures of nodes are in the report; an error means that the run
/// itself could not go on.
pub fn run(request: Request, cache: &mut Cache, reporter: &mut dyn Reporter) -> Result<RunReport, RunError> {
    let mut teller = Teller { reporter, began: Instant::now() };
    if request.devices.is_empty() {
        return Err(RunError::NoDevice);
    }
    if let Some(target) = request.targets.iter().find(|target| !request.keyed.stored(**target)) {
        return Err(RunError::Streamed(request.keyed.graph[*target].label.to_string()));
    }
    cache.tidy()?;
    cache.refresh()?;
    cache.recall_steps()?;
    let pins = Pins::hold(cache.store().root())?;
    teller.tell(Event::PlanReady { totals: totals(&request, cache) });
    for text in cache.warnings() {
        teller.tell(Event::Log { device: None, text });
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let unread = Cache::unread(cache.store().root());
    let mut world = world(&request, std::mem::replace(cache, unread), pins);
    let mut schedule = schedule();
    runtime.block_on(drive(&mut world, &mut schedule, &request.worker, request.interrupts, &mut teller));
    let (report, read, broken) = report(world, teller.began.elapsed());
    *cache = read;
    let synced = cache.sync();
    teller.tell(Event::Finished {
        ran: report.ran.len() as u64,
        reused: report.reused.len() as u64,
        failed: report.failed.len() as u64,
        skipped: report.skipped.len() as u64,
        cancelled: report.cancelled,
        millis: report.elapsed.as_millis() as u64,
    });
    match broken {
        Some(error) => Err(error),
        None => Ok(synced.map(|()| report)?),
    }
}

/// What a stored node is estimated to take, in milliseconds on one CPU worker: what it took, where this step
/// was made before.
pub fn estimate(keyed: &Keyed, records: &Records, node: NodeIndex) -> u64 {
    let record = records.of_step(&keyed.steps[node.index()]);
    record.map_or(keyed.graph[node].need.millis, |record| record.millis).max(1)
}

/// By node index: the work of the longest chain from a node's start to the film's end.
pub(super) fn critical_path(keyed: &Keyed, costs: &[u64]) -> Vec<u64> {
    let mut after = vec![0; costs.len()];
    for node in keyed.graph.node_indices().rev() {
        let from_here: u64 = after[node.index()] + costs[node.index()];
        for input in &keyed.inputs[node.index()] {
            let before: &mut u64 = &mut after[input.from.index()];
            *before = (*before).max(from_here);
        }
    }
    after.iter().zip(costs).map(|(after, own)| after + own).collect()
}

fn totals(request: &Request, cache: &Cache) -> Totals {
    let keyed = &request.keyed;
    let standing = standing(keyed, cache.records());
    let left = left(keyed, &standing, &request.targets, &|blob| cache.available(blob));
    let mut costs = vec![0; keyed.graph.node_count()];
    for node in &left {
        costs[node.index()] = estimate(keyed, cache.records(), *node);
    }
    let work_millis: u64 = costs.iter().sum();
    let devices = request.devices.len();
    Totals {
        nodes: behind(keyed, &request.targets).len() as u64,
        to_do: left.len() as u64,
        work_millis,
        estimate_millis: forecast(keyed, &costs, &left, devices).millis,
        devices: devices as u32,
    }
}

/// The stored nodes behind the targets, themselves included.
fn behind(keyed: &Keyed, targets: &[NodeIndex]) -> BTreeSet<NodeIndex> {
    let mut found: BTreeSet<NodeIndex> = targets.iter().copied().collect();
    let mut next: Vec<NodeIndex> = targets.to_vec();
    while let Some(node) = next.pop() {
        next.extend(keyed.stored_inputs(node).into_iter().filter(|input| found.insert(*input)));
    }
    found
}

fn world(request: &Request, cache: Cache, pins: Pins) -> World {
    let keyed = request.keyed.clone();
    let count = keyed.graph.node_count();
    let nodes = behind(&keyed, &request.targets);
    let costs: Vec<u64> = keyed
        .graph
        .node_indices()
        .map(|node| if nodes.contains(&node) { estimate(&keyed, cache.records(), node) } else { 0 })
        .collect();
    let priorities = critical_path(&keyed, &costs);
    let mut used_ports = vec![BTreeSet::new(); count];
    for input in keyed.inputs.iter().flatten() {
        used_ports[input.from.index()].insert(input.output.clone());
    }
    let mut world = World::new();
    let mut entities = vec![None; count];
    let mut needs = vec![Vec::new(); count];
    let mut streams = vec![Vec::new(); count];
    for node in &nodes {
        let cost = Cost { millis: costs[node.index()], memory: keyed.graph[*node].need.memory };
        let priority = Priority(priorities[node.index()]);
        let parts = (Node(*node), State::Want, Wanted::default(), Attempts::default(), Origin::default());
        entities[node.index()] = Some(world.spawn((parts, priority, cost)).id());
        needs[node.index()] = keyed.stored_inputs(*node);
        streams[node.index()] = keyed.job(*node).into_iter().filter(|part| part != node).collect();
    }
    world.insert_resource(Book {
        keyed,
        cache,
        pins,
        entities,
        needs,
        streams,
        used_ports,
        targets: request.targets.iter().copied().collect(),
        actions: vec![None; count],
        contents: vec![None; count],
        present: vec![None; count],
        broken: None,
    });
    let slot = |device: &Device| Slot {
        device: device.clone(),
        busy: None,
        warm: Vec::new(),
        libraries: String::new(),
    };
    let memory = request.devices.iter().map(|device| device.memory).max().unwrap_or(u64::MAX);
    world.insert_resource(Slots {
        all: request.devices.iter().map(slot).collect(),
        memory: memory / 100 * MEMORY_SHARE,
        next_job: 1,
        patience: request.patience,
    });
    world.init_resource::<Inbox>();
    world.init_resource::<Outbox>();
    world.init_resource::<Mode>();
    world.init_resource::<Failures>();
    world.insert_resource(Stale(true));
    world
}

/// The report, the cache, and what broke the run, if something did.
fn report(mut world: World, elapsed: Duration) -> (RunReport, Cache, Option<RunError>) {
    let cancelled = *world.resource::<Mode>() == Mode::Stopping;
    let failures = std::mem::take(&mut world.resource_mut::<Failures>().0);
    let mut query = world.query::<(&Node, &State, &Wanted, &Origin)>();
    let mut ends: Vec<_> =
        query.iter(&world).map(|(node, state, wanted, origin)| (*node, *state, *wanted, *origin)).collect();
    ends.sort_by_key(|(node, ..)| node.0);
    let Some(book) = world.remove_resource::<Book>() else { unreachable!("every run's world has its book") };
    let mut all = Ends { failed: failures, ..Ends::default() };
    for (node, state, wanted, origin) in ends {
        let node = node.0;
        match state {
            State::Skipped(because) => {
                all.skipped.push(SkippedNode { node, label: book.label(node), because })
            }
            State::Done if book.targets.contains(&node) => {
                all.outputs.insert(node, book.contents[node.index()].clone().unwrap_or_default());
            }
            State::Done | State::Failed | State::Running(_) => {}
            _ if wanted.0 > Demand::Nothing && !cancelled => {
                let words = "it was never begun, though nothing it needs is missing: a defect in storyreel";
                all.failed.push((node, Failure::permanent(words)));
            }
            State::Want | State::Blocked | State::Ready => {}
        }
        match origin {
            Origin::Ran => all.ran.push(node),
            Origin::Reused => all.reused.push(node),
            Origin::Before => {}
        }
    }
    let failed = |(node, failure): (NodeIndex, Failure)| {
        let (step, label, kind) = (book.keyed.steps[node.index()], book.label(node), book.kind(node));
        FailedNode { node, step, label, kind, failure }
    };
    let failed = all.failed.into_iter().map(failed).collect();
    let Ends { outputs, ran, reused, skipped, .. } = all;
    let cancelled = cancelled && book.broken.is_none();
    let report = RunReport { outputs, ran, reused, failed, skipped, cancelled, elapsed, pins: book.pins };
    (report, book.cache, book.broken)
}

/// How the nodes ended.
#[derive(Default)]
struct Ends {
    outputs: BTreeMap<NodeIndex, BTreeMap<String, Blob>>,
    ran: Vec<NodeIndex>,
    reused: Vec<NodeIndex>,
    failed: Vec<(NodeIndex, Failure)>,
    skipped: Vec<SkippedNode>,
}
