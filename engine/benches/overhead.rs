//! What a node costs beside its own work: nodes that do nothing are given to real worker processes, each writes its
//! artifacts of a few bytes, is recorded, and what waits for it is set off. `./x bench overhead`.
//!
//! On a disk most of it is that every artifact is synced: beside it stands what writing the same artifacts takes
//! alone, and the same in memory. As control, nodes that sleep for a millisecond must show a millisecond more.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a bench")]

use std::collections::BTreeMap;
use std::env;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;
use storyreel_engine::cache::{BlobStore, Cache};
use storyreel_engine::graph::{Edge, Graph, Keyed, Label, Need, NodeIndex, NodeSpec};
use storyreel_engine::kinds::{self, Kind};
use storyreel_engine::run::protocol::{Blob, Failure, Job};
use storyreel_engine::run::{
    Context, DeviceSpec, Event, EventLine, Interrupts, Request, Retries, Work, WorkerCommand, run, serve,
};
use storyreel_engine::world::{MediaFacts, Tool};
use tokio::sync::mpsc::unbounded_channel;

/// Shots of the graph; every ten of them are joined.
const SHOTS: usize = 2000;
const JOINED: usize = 10;

/// Runs, of which the middle one counts.
const RUNS: usize = 5;

/// A folder in memory, where there is one.
const MEMORY: &str = "/dev/shm";

/// In a worker's environment: how many milliseconds each node sleeps.
const SLEEP: &str = "OVERHEAD_SLEEP";

/// A worker whose nodes do nothing.
struct Idle {
    sleep: Duration,
}

impl Work for Idle {
    fn kinds(&self) -> Vec<(String, u32)> {
        kinds::ALL.iter().map(|kind| (kind.name.to_owned(), kind.version)).collect()
    }

    fn libraries(&self) -> BTreeMap<String, String> {
        BTreeMap::new()
    }

    fn run(&self, job: &Job, context: &Context) -> Result<BTreeMap<String, Blob>, Failure> {
        std::thread::sleep(self.sleep);
        let node = job.nodes.last().unwrap();
        let kind = kinds::named(&node.kind).unwrap();
        let write = |port: &kinds::Port| {
            let mut writer = context.cache.writer()?;
            writeln!(writer, "{} {}", port.name, node.label).unwrap();
            Ok((port.name.to_owned(), writer.finish()?))
        };
        kind.outputs.iter().map(write).collect()
    }

    fn leave(&self, _: &[Tool]) {}

    fn probe(&self, path: &Path) -> Result<MediaFacts, String> {
        Err(format!("`{}` is not looked at", path.display()))
    }
}

fn node(graph: &mut Graph, kind: &'static Kind, part: String, inputs: &[NodeIndex]) -> NodeIndex {
    let params = json!({ "text": part });
    let label = Label { scene: None, shot: None, part };
    let need = Need { memory: 1 << 20, millis: 1 };
    let node = graph.add_node(NodeSpec { kind, params, files: Vec::new(), need, label });
    for (index, input) in inputs.iter().enumerate() {
        let output = graph[*input].kind.outputs[0].name.to_owned();
        let input_port = kind.inputs[0].name.to_owned();
        graph.add_edge(*input, node, Edge { output, input: input_port, index: index as u32 });
    }
    node
}

/// Shots that are drawn and encoded, every ten joined.
fn film() -> (Arc<Keyed>, Vec<NodeIndex>) {
    let mut graph = Graph::default();
    let mut shots = Vec::new();
    for shot in 0..SHOTS {
        let clip = node(&mut graph, &kinds::GENERATE, format!("draw {shot}"), &[]);
        shots.push(node(&mut graph, &kinds::ENCODE, format!("shot {shot}"), &[clip]));
    }
    let join = |(number, shots): (usize, &[NodeIndex])| {
        node(&mut graph, &kinds::JOIN, format!("scene {number}"), shots)
    };
    let scenes = shots.chunks(JOINED).enumerate().map(join).collect();
    (Arc::new(Keyed::new(Arc::new(graph), &|_| None)), scenes)
}

/// Microseconds a node on those devices, from the first that begins to the end.
fn each(film: &(Arc<Keyed>, Vec<NodeIndex>), place: &Path, devices: &str, sleep: u64) -> f64 {
    let folder = tempfile::tempdir_in(place).unwrap();
    let mut cache = Cache::open(folder.path().join("cache")).unwrap();
    let mut worker = WorkerCommand::new(env::current_exe().unwrap(), BTreeMap::new());
    worker.args = vec!["worker".into()];
    worker.env.insert(SLEEP.into(), sleep.to_string().into());
    let (_keep, stops) = unbounded_channel();
    let request = Request {
        keyed: film.0.clone(),
        targets: film.1.clone(),
        devices: DeviceSpec::parse(devices).unwrap().devices(false).unwrap(),
        worker,
        patience: Duration::from_secs(60),
        retries: Retries::default(),
        interrupts: Interrupts::Channel(stops),
    };
    let (mut first, mut last) = (None, 0);
    let mut look = |line: &EventLine| match line.event {
        Event::NodeStarted { .. } => {
            first.get_or_insert(line.at);
        }
        Event::NodeDone { .. } => last = line.at,
        _ => {}
    };
    let report = run(request, &mut cache, &mut look).unwrap();
    assert!(report.complete());
    assert_eq!(report.ran.len(), SHOTS + SHOTS / JOINED);
    (last - first.unwrap()) as f64 / report.ran.len() as f64
}

/// Microseconds to write the artifacts of a node alone.
fn writing(film: &(Arc<Keyed>, Vec<NodeIndex>), place: &Path) -> f64 {
    let folder = tempfile::tempdir_in(place).unwrap();
    let store = BlobStore::open(folder.path());
    let graph = &film.0.graph;
    let stored: Vec<NodeIndex> = graph.node_indices().filter(|node| film.0.stored(*node)).collect();
    let began = Instant::now();
    for node in &stored {
        let spec = &graph[*node];
        for port in spec.kind.outputs {
            store.write(format!("{} {}\n", port.name, spec.label).as_bytes()).unwrap();
        }
    }
    began.elapsed().as_secs_f64() * 1e6 / stored.len() as f64
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn main() {
    if env::args().nth(1).as_deref() == Some("worker") {
        let sleep = env::var(SLEEP).unwrap().parse().unwrap();
        let idle = Idle { sleep: Duration::from_millis(sleep) };
        let input = std::io::BufReader::new(std::io::stdin());
        return serve(&idle, input, std::io::stdout(), || std::process::exit(0)).unwrap();
    }
    let film = film();
    let nodes = SHOTS + SHOTS / JOINED;
    println!("{nodes} nodes that do nothing but write a few bytes, microseconds each (medians of {RUNS}):\n");
    println!("{:<34} {:>8} {:>8} {:>8} {:>22}", "", "writing", "cpu:1", "cpu:2", "cpu:1, asleep for 1 ms");
    table(&film, "on a disk", &env::temp_dir());
    if Path::new(MEMORY).is_dir() {
        table(&film, "in memory", Path::new(MEMORY));
    }
}

/// One line: what is measured in turn, so that the machine's load falls on all alike.
fn table(film: &(Arc<Keyed>, Vec<NodeIndex>), name: &str, place: &Path) {
    let mut took: [Vec<f64>; 4] = Default::default();
    for _ in 0..RUNS {
        took[0].push(writing(film, place));
        took[1].push(each(film, place, "cpu:1", 0));
        took[2].push(each(film, place, "cpu:2", 0));
        took[3].push(each(film, place, "cpu:1", 1));
    }
    let [alone, one, two, asleep] = took.map(median);
    println!("{name:<34} {alone:>8.0} {one:>8.0} {two:>8.0} {asleep:>22.0}");
    assert!(
        (900.0..2500.0).contains(&(asleep - one)),
        "a millisecond of sleep shows as {:.0} us",
        asleep - one
    );
}
