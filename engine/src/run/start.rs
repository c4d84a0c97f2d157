//! Setting up a run, and its report.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bevy_ecs::prelude::*;
use serde::Serialize;

use super::device::{Device, DeviceId};
use super::driver::{Interrupts, Teller, drive};
use super::estimate::Estimator;
use super::event::{Event, KindTotals, Reporter, Totals};
use super::links::Links;
use super::place::Places;
use super::preflight::estimate_all;
use super::process::WorkerCommand;
use super::protocol::{Blob, Failure};
use super::queue::Queue;
use super::standing::{Demand, Standing, left, standing};
use super::state::{Book, Cost, Failures, Inbox, Mode, Node, Origin, Outbox, Slot, Slots, State, Wanted};
use super::systems::schedule;
use super::tasks::Tasks;
use super::tries::{Attempts, Retries};
use crate::cache::{Cache, CacheError, Formula, Pins};
use crate::graph::{Keyed, NodeIndex, StepId};
use crate::told::bytes;
use crate::world::{Installed, Tool};

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
    /// A job that makes no progress for this long is stopped with its worker, and tried again.
    pub patience: Duration,
    /// How nodes are tried again.
    pub retries: Retries,
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
    /// A step that no device here can do. Says which, and what it needs.
    #[error("{step} needs a GPU with some {memory} of memory, and none of the devices given is one")]
    NoDeviceFor {
        /// Its label and kind.
        step: String,
        /// How much.
        memory: String,
    },
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
            Self::NoDeviceFor { .. } => {
                Some("`storyreel doctor` lists the devices there are; --devices names those to use")
            }
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
    /// What it was thought to take, before it began.
    pub estimate: Totals,
    /// The workers' memory at its peak, in bytes: of each the largest that it told, and all of them together.
    pub memory: u64,
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
    /// Where the last try was.
    pub device: Option<DeviceId>,
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
    // From here on its absence is a loss.
    cache.store().folder().found()?;
    cache.tidy()?;
    cache.refresh()?;
    cache.recall_steps()?;
    let pins = Pins::hold(cache.store().folder())?;
    let to_do = to_do(&request, cache);
    let (estimate, kinds) = totals(&request, cache, &to_do);
    teller.tell(Event::PlanReady { totals: estimate, kinds });
    for text in cache.warnings() {
        teller.tell(Event::Log { device: None, text });
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let unread = Cache::unread(cache.store().root());
    let mut world = world(&request, std::mem::replace(cache, unread), pins);
    if let Some(error) = unable(&world, &to_do) {
        let Some(book) = world.remove_resource::<Book>() else {
            unreachable!("every run's world has its book")
        };
        *cache = book.cache;
        return Err(error);
    }
    let mut schedule = schedule();
    runtime.block_on(drive(&mut world, &mut schedule, &request.worker, request.interrupts, &mut teller));
    // A store that is silent may hold what was called off for as long as it likes.
    runtime.shutdown_background();
    let (report, read, broken) = report(world, teller.began.elapsed(), estimate);
    *cache = read;
    let synced = cache.sync();
    teller.tell(Event::Finished {
        ran: report.ran.len() as u64,
        reused: report.reused.len() as u64,
        failed: report.failed.len() as u64,
        skipped: report.skipped.len() as u64,
        cancelled: report.cancelled,
        millis: report.elapsed.as_millis() as u64,
        memory: report.memory,
    });
    match broken {
        Some(error) => Err(error),
        None => Ok(synced.map(|()| report)?),
    }
}

/// Bytes of the models among those tools: of their files, which is what loading them takes.
pub fn model_sizes(tools: &BTreeMap<Tool, Installed>) -> BTreeMap<Tool, u64> {
    let models = tools.iter().filter(|(tool, _)| tool.is_model());
    models.filter_map(|(tool, installed)| Some((*tool, fs::metadata(&installed.path).ok()?.len()))).collect()
}

/// The stored nodes that may have to run.
fn to_do(request: &Request, cache: &Cache) -> Vec<NodeIndex> {
    let standing = standing(&request.keyed, cache.records());
    left(&request.keyed, &standing, &request.targets, &|blob| cache.available(blob))
}

/// A step that would wait for ever, since none of the devices can do it.
fn unable(world: &World, to_do: &[NodeIndex]) -> Option<RunError> {
    let (node, memory) = world.resource::<Places>().unable(to_do)?;
    let step = world.resource::<Book>().keyed.graph[node].name();
    Some(RunError::NoDeviceFor { step, memory: bytes(memory) })
}

fn totals(request: &Request, cache: &Cache, left: &[NodeIndex]) -> (Totals, BTreeMap<String, KindTotals>) {
    let keyed = &request.keyed;
    let sizes = model_sizes(&request.worker.tools);
    let all = estimate_all(keyed, cache.records(), left, &request.targets, &request.devices, &sizes);
    let totals = Totals {
        nodes: behind(keyed, &request.targets).len() as u64,
        to_do: left.len() as u64,
        work_millis: all.work_millis,
        estimate_millis: all.forecast.millis,
        memory: all.forecast.memory,
        bytes: all.disk_bytes(),
        devices: request.devices.len() as u32,
    };
    (totals, all.kinds)
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
    let estimator = Estimator::new(&keyed, cache.records(), &request.devices);
    let standing = standing(&keyed, cache.records());
    // What is done takes nothing.
    let left = left(&keyed, &standing, &request.targets, &|blob| cache.available(blob));
    let taking = estimator.all(left);
    let formulas = keyed.graph.node_indices().map(|node| estimator.formula(node)).collect();
    let mut world = World::new();
    let (mut entities, mut needs) = (vec![None; count], vec![Vec::new(); count]);
    for node in &nodes {
        let parts = (Node(*node), State::Want, Wanted::default(), Attempts::default(), Origin::default());
        let cost = Cost { millis: taking[node.index()].millis };
        entities[node.index()] = Some(world.spawn((parts, cost)).id());
        needs[node.index()] = keyed.stored_inputs(*node);
    }
    let mut links = Links::new(needs, &nodes);
    request.targets.iter().for_each(|target| links.want(*target));
    let nodes: Vec<NodeIndex> = nodes.into_iter().collect();
    let tasks = Tasks::new(&keyed, &nodes, &taking, &request.devices, &model_sizes(&request.worker.tools));
    world.insert_resource(Places::new(tasks));
    world.insert_resource(links);
    world.insert_resource(book(request, cache, pins, entities, formulas));
    let slot = |device: &Device| Slot {
        device: device.clone(),
        busy: None,
        libraries: String::new(),
        hung: false,
        peak_memory: 0,
    };
    world.insert_resource(Slots {
        all: request.devices.iter().map(slot).collect(),
        next_job: 1,
        patience: request.patience,
        retries: request.retries,
    });
    world.init_resource::<Queue>();
    world.init_resource::<Inbox>();
    world.init_resource::<Outbox>();
    world.init_resource::<Mode>();
    world.init_resource::<Failures>();
    world
}

/// What is known before anything runs.
fn book(
    request: &Request,
    cache: Cache,
    pins: Pins,
    entities: Vec<Option<Entity>>,
    formulas: Vec<Formula>,
) -> Book {
    let keyed = request.keyed.clone();
    let mut used_ports = vec![BTreeSet::new(); keyed.graph.node_count()];
    for input in keyed.inputs.iter().flatten() {
        used_ports[input.from.index()].insert(input.output.clone());
    }
    let known = |(at, one): (usize, Standing)| {
        let whole =
            |outputs: &BTreeMap<String, Blob>| used_ports[at].iter().all(|port| outputs.contains_key(port));
        (one.action, one.outputs.filter(whole))
    };
    let (actions, contents) = standing(&keyed, cache.records()).into_iter().enumerate().map(known).unzip();
    let present = vec![None; keyed.graph.node_count()];
    Book {
        keyed,
        cache,
        pins,
        entities,
        used_ports,
        formulas,
        targets: request.targets.iter().copied().collect(),
        actions,
        contents,
        present,
        void: Vec::new(),
        recalled: None,
        gone: None,
        patience: request.patience,
        broken: None,
    }
}

/// The report, the cache, and what broke the run, if something did.
fn report(mut world: World, elapsed: Duration, estimate: Totals) -> (RunReport, Cache, Option<RunError>) {
    let cancelled = *world.resource::<Mode>() == Mode::Stopping;
    let failures = std::mem::take(&mut world.resource_mut::<Failures>().0);
    let memory = world.resource::<Slots>().all.iter().map(|slot| slot.peak_memory).sum();
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
                all.failed.push((node, None, Failure::permanent(words)));
            }
            State::Want | State::Blocked | State::Ready => {}
        }
        match origin {
            Origin::Ran => all.ran.push(node),
            Origin::Reused => all.reused.push(node),
            Origin::Before => {}
        }
    }
    let failed = |(node, device, failure): (NodeIndex, Option<DeviceId>, Failure)| {
        let (step, label, kind) = (book.keyed.steps[node.index()], book.label(node), book.kind(node));
        FailedNode { node, step, label, kind, device, failure }
    };
    let failed = all.failed.into_iter().map(failed).collect();
    let Ends { outputs, ran, reused, skipped, .. } = all;
    let cancelled = cancelled && book.broken.is_none();
    let pins = book.pins;
    let report =
        RunReport { outputs, ran, reused, failed, skipped, cancelled, elapsed, estimate, memory, pins };
    (report, book.cache, book.broken)
}

/// How the nodes ended.
#[derive(Default)]
struct Ends {
    outputs: BTreeMap<NodeIndex, BTreeMap<String, Blob>>,
    ran: Vec<NodeIndex>,
    reused: Vec<NodeIndex>,
    failed: Vec<(NodeIndex, Option<DeviceId>, Failure)>,
    skipped: Vec<SkippedNode>,
}
