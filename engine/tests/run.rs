//! Runs with real worker processes that do no real work: this test binary again, as `fake_worker`. Faults
//! are files named by node labels in a folder that the fake worker looks into.

#![allow(clippy::unwrap_used)] // a test may stop at the first thing that is not as it must be

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Cursor, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use storyreel_engine::cache::{Cache, Keep, gc};
use storyreel_engine::graph::{Edge, Graph, Keyed, Label, Need, NodeIndex, NodeSpec};
use storyreel_engine::kinds::{self, Kind};
use storyreel_engine::run::protocol::{Blob, Failure, FailureKind, InputFrom, Job, Thrift, ToWorker};
use storyreel_engine::run::{
    Context, DeviceSpec, Event, EventLine, Interrupts, Request, Retries, RunError, RunReport, Work,
    WorkerCommand, left, run, serve, standing,
};
use storyreel_engine::units::Digest;
use storyreel_engine::world::{MediaFacts, Tool};
use tokio::sync::mpsc::unbounded_channel;

#[path = "run/tries.rs"]
mod tries;

// The fake worker.

struct Fake {
    faults: PathBuf,
    device: String,
}

impl Work for Fake {
    /// Those of this build; the fault file `another build` names one whose version was raised since.
    fn kinds(&self) -> Vec<(String, u32)> {
        let raised = fs::read_to_string(self.faults.join("another build")).unwrap_or_default();
        let version = |kind: &Kind| kind.version + u32::from(kind.name == raised);
        kinds::ALL.iter().map(|kind| (kind.name.to_owned(), version(kind))).collect()
    }

    fn libraries(&self) -> BTreeMap<String, String> {
        BTreeMap::from([("fake".to_owned(), "1".to_owned())])
    }

    fn run(&self, job: &Job, context: &Context) -> Result<BTreeMap<String, Blob>, Failure> {
        let node = job.nodes.last().unwrap();
        let scratch = context.cache.scratch(".half").map_err(Failure::from)?;
        fs::write(scratch.path(), b"half a picture").unwrap();
        let salt = self.fault(&node.label, context)?;
        let content = content(job, job.nodes.len() - 1, context)?;
        drop(scratch);
        self.cut_what_was_read(job, context)?;
        let kind = kinds::named(&node.kind).unwrap();
        let outputs = kind.outputs.iter().map(|port| {
            let mut writer = context.cache.writer().map_err(Failure::from)?;
            writeln!(writer, "{} {salt}{content}", port.name).unwrap();
            Ok((port.name.to_owned(), writer.finish().map_err(Failure::from)?))
        });
        outputs.collect()
    }

    fn leave(&self, _: &[Tool]) {}

    fn probe(&self, path: &Path) -> Result<MediaFacts, String> {
        Err(format!("`{}` is not looked at", path.display()))
    }
}

/// A node's content: its kind, its `text`, the content of what enters.
fn content(job: &Job, at: usize, context: &Context) -> Result<String, Failure> {
    let node = &job.nodes[at];
    let mut text = format!("{}({}", node.kind, node.params["text"]);
    for input in &node.inputs {
        text += &match &input.from {
            InputFrom::Stream(from) => content(job, *from, context)?,
            InputFrom::Blob(blob) => {
                String::from_utf8(context.cache.read(blob).map_err(Failure::from)?).unwrap().trim().to_owned()
            }
        };
    }
    Ok(text + ")")
}

impl Fake {
    /// Does what the fault file of that label says, as many times as it says: `crash 1`.
    fn fault(&self, label: &str, context: &Context) -> Result<String, Failure> {
        let file = self.faults.join(label.trim_start_matches("film "));
        let Ok(text) = fs::read_to_string(&file) else { return self.by_seed(label) };
        let short = || Failure::new(FailureKind::OutOfMemory, "too little memory");
        if let Some(device) = text.trim().strip_prefix("memory on ") {
            return if device == self.device { Err(short()) } else { Ok(String::new()) };
        }
        if text.trim() == "memory unless frugal" {
            return if context.thrift == Thrift::Frugal { Ok(String::new()) } else { Err(short()) };
        }
        let (what, times) = text.trim().split_once(' ').unwrap_or((text.trim(), "1000"));
        let times: u64 = times.parse().unwrap();
        if what == "slow" {
            let until = Instant::now() + Duration::from_millis(times);
            while Instant::now() < until {
                context.check()?;
                context.progress(1, 2, "draw");
                std::thread::sleep(Duration::from_millis(5));
            }
            return Ok(String::new());
        }
        if times == 0 {
            return Ok(String::new());
        }
        fs::write(&file, format!("{what} {}", times - 1)).unwrap();
        match what {
            "crash" => std::process::abort(),
            "kill" => {
                let pid = rustix::process::getpid();
                rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
                std::thread::sleep(Duration::from_secs(60));
                Ok(String::new())
            }
            "hang" => {
                std::thread::sleep(Duration::from_secs(600));
                Ok(String::new())
            }
            "panic" => panic!("index out of bounds"),
            "fail" => Err(Failure::permanent("the shot has no subject").parameter("prompt.action")),
            "busy" => Err(Failure::transient("the disk was busy")),
            "memory" => Err(short()),
            "salt" => Ok(format!("salted {times} ")),
            other => panic!("no such fault: {other}"),
        }
    }

    /// The fault file `cut` names a node whose first artifact is cut off while it is read, once.
    fn cut_what_was_read(&self, job: &Job, context: &Context) -> Result<(), Failure> {
        let (file, node) = (self.faults.join("cut"), job.nodes.last().unwrap());
        if fs::read_to_string(&file).ok().as_deref() != Some(node.label.trim_start_matches("film ")) {
            return Ok(());
        }
        fs::remove_file(file).unwrap();
        let Some(InputFrom::Blob(blob)) = node.inputs.first().map(|input| &input.from) else {
            panic!("`{}` reads no artifact", node.label);
        };
        fs::write(context.cache.path(&blob.digest), b"half").unwrap();
        Err(Failure::permanent("failed to fill whole buffer"))
    }

    /// Where there is a seed, half of the tries of every node called `flaky` fail by it.
    fn by_seed(&self, label: &str) -> Result<String, Failure> {
        let Ok(seed) = fs::read_to_string(self.faults.join("seed")) else { return Ok(String::new()) };
        let label = label.trim_start_matches("film ");
        let mut tries = fs::File::options()
            .create(true)
            .append(true)
            .open(self.faults.join(format!("tries of {label}")))
            .unwrap();
        tries.write_all(b".").unwrap();
        match tries::fails(seed.parse().unwrap(), label, tries.metadata().unwrap().len()) {
            true => Err(Failure::transient("the disk was busy")),
            false => Ok(String::new()),
        }
    }
}

#[test]
#[ignore = "the worker process of the other tests"]
fn fake_worker() {
    let mut input = BufReader::new(std::io::stdin());
    let mut hello = String::new();
    input.read_line(&mut hello).unwrap();
    let Ok(ToWorker::Hello { device, .. }) = serde_json::from_str(&hello) else { panic!("{hello}") };
    let fake = Fake { faults: PathBuf::from(std::env::var_os("FAULTS").unwrap()), device };
    serve(&fake, Cursor::new(hello).chain(input), std::io::stdout(), || std::process::exit(0)).unwrap();
}

// The graphs.

#[derive(Default)]
struct Builder {
    graph: Graph,
}

impl Builder {
    fn node(
        &mut self,
        kind: &'static Kind,
        label: &str,
        params: Value,
        millis: u64,
        inputs: &[NodeIndex],
    ) -> NodeIndex {
        let label = Label { scene: None, shot: None, part: label.to_owned() };
        let need = Need { memory: 1 << 20, millis };
        let node = self.graph.add_node(NodeSpec { kind, params, files: Vec::new(), need, label });
        let port = kind.inputs.first().map(|port| port.name.to_owned()).unwrap_or_default();
        for (index, input) in inputs.iter().enumerate() {
            let output = self.graph[*input].kind.outputs[0].name.to_owned();
            let index = index as u32;
            self.graph.add_edge(*input, node, Edge { output, input: port.clone(), index });
        }
        node
    }
}

/// Shots `a`, `b`, ... drawn and encoded, joined into two scenes, and a sheet of nothing beside them.
struct Film {
    keyed: Arc<Keyed>,
    targets: Vec<NodeIndex>,
}

fn film(texts: &[&str], join: &str) -> Film {
    let mut builder = Builder::default();
    let mut scenes = [Vec::new(), Vec::new()];
    for (number, text) in texts.iter().enumerate() {
        let letter = char::from(b'a' + number as u8);
        let clip = builder.node(&kinds::GENERATE, &format!("draw {letter}"), json!({"text": text}), 1, &[]);
        let note = json!({"text": "", "note": format!("{text} {number}")});
        let segment = builder.node(&kinds::ENCODE, &letter.to_string(), note, 100, &[clip]);
        scenes[number % 2].push(segment);
    }
    let mut targets = Vec::new();
    for (number, segments) in scenes.iter().enumerate() {
        let label = format!("scene {number}");
        targets.push(builder.node(&kinds::JOIN, &label, json!({"text": join}), 10, segments));
    }
    let keyed = Arc::new(Keyed::new(Arc::new(builder.graph), &|_| None));
    Film { keyed, targets }
}

/// A cache and a folder of faults.
struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("faults")).unwrap();
        Self { folder }
    }

    fn cache(&self) -> Cache {
        Cache::open(self.folder.path().join("cache")).unwrap()
    }

    fn fault(&self, label: &str, what: &str) {
        fs::write(self.folder.path().join("faults").join(label), what).unwrap();
    }

    fn temporary(&self) -> usize {
        fs::read_dir(self.folder.path().join("cache/tmp")).map_or(0, Iterator::count)
    }

    fn request(&self, film: &Film, devices: &str, interrupts: Interrupts) -> Request {
        let mut worker = WorkerCommand::new(std::env::current_exe().unwrap(), BTreeMap::new());
        worker.args =
            ["fake_worker", "--exact", "--ignored", "--nocapture", "--quiet"].map(Into::into).to_vec();
        worker.env.insert("FAULTS".into(), self.folder.path().join("faults").into());
        Request {
            keyed: film.keyed.clone(),
            targets: film.targets.clone(),
            devices: DeviceSpec::parse(devices).unwrap().devices(false).unwrap(),
            worker,
            patience: Duration::from_millis(1500),
            retries: Retries { first: Duration::from_millis(50), ..Retries::default() },
            interrupts,
        }
    }

    fn run(&self, film: &Film, devices: &str) -> Outcome {
        let (_keep, stops) = unbounded_channel();
        let mut events = Vec::new();
        let mut cache = self.cache();
        let request = self.request(film, devices, Interrupts::Channel(stops));
        let report =
            run(request, &mut cache, &mut |line: &EventLine| events.push(line.event.clone())).unwrap();
        Outcome { report, events, cache, keyed: film.keyed.clone() }
    }
}

struct Outcome {
    report: RunReport,
    events: Vec<Event>,
    cache: Cache,
    keyed: Arc<Keyed>,
}

impl Outcome {
    fn labels(&self, nodes: &[NodeIndex]) -> Vec<String> {
        nodes.iter().map(|node| self.keyed.graph[*node].label.part.clone()).collect()
    }

    fn ran(&self) -> Vec<String> {
        self.labels(&self.report.ran)
    }

    fn count(&self, matches: impl Fn(&Event) -> bool) -> usize {
        self.events.iter().filter(|event| matches(event)).count()
    }

    /// The content of the targets.
    fn texts(&self) -> Vec<String> {
        let texts =
            self.report.outputs.values().map(|outputs| {
                String::from_utf8(self.cache.store().read(&outputs["segment"]).unwrap()).unwrap()
            });
        texts.collect()
    }
}

const SHOTS: [&str; 4] = ["surf", "gulls", "lamp", "rail"];

#[test]
fn a_film_is_made_once_and_then_known() {
    let place = Place::new();
    let film = film(&SHOTS, "cut");
    let first = place.run(&film, "cpu:2");
    assert!(first.report.complete());
    assert_eq!(first.ran(), ["a", "b", "c", "d", "scene 0", "scene 1"]);
    assert_eq!(first.texts().len(), 2);
    let pids: Vec<u32> = first
        .events
        .iter()
        .filter_map(|event| if let Event::WorkerStarted { pid, .. } = event { Some(*pid) } else { None })
        .collect();
    assert!(!pids.is_empty() && pids.len() <= 2);
    assert!(pids.iter().all(|pid| !Path::new(&format!("/proc/{pid}")).exists()), "workers end with the run");

    let again = place.run(&film, "cpu:2");
    assert!(again.ran().is_empty());
    assert_eq!(again.count(|event| matches!(event, Event::WorkerStarted { .. })), 0);
    assert_eq!(again.texts(), first.texts());
    let stands = standing(&film.keyed, again.cache.records());
    assert!(left(&film.keyed, &stands, &film.targets, &|blob| again.cache.store().has(blob)).is_empty());
    assert_eq!(place.temporary(), 0);
}

#[test]
fn what_fails_since_an_artifact_was_cut_off_while_it_was_read_is_made_again_with_it() {
    let whole = Place::new().run(&film(&SHOTS, "cut"), "cpu:1").texts();
    let place = Place::new();
    place.fault("cut", "scene 0");
    let ended = place.run(&film(&SHOTS, "cut"), "cpu:1");
    assert!(ended.report.complete(), "{:?}", ended.report.failed);
    assert_eq!(ended.texts(), whole);
    assert_eq!(ended.count(|event| matches!(event, Event::NodeDone { label, .. } if label == "film a")), 2);
}

#[test]
fn a_change_runs_what_depends_on_it_and_equal_content_ends_the_wave() {
    let place = Place::new();
    place.run(&film(&SHOTS, "cut"), "cpu:1");
    let changed = place.run(&film(&["surf", "gulls", "lamp at dusk", "rail"], "cut"), "cpu:1");
    assert_eq!(changed.ran(), ["c", "scene 0"]);

    // The note is part of the key, not of the content: the join's inputs are equal again.
    let mut noted = film(&SHOTS, "cut");
    let mut graph = (*noted.keyed.graph).clone();
    graph[NodeIndex::new(1)].params["note"] = json!("another");
    noted.keyed = Arc::new(Keyed::new(Arc::new(graph), &|_| None));
    let cut_off = place.run(&noted, "cpu:1");
    assert_eq!(cut_off.ran(), ["a"]);
    assert_eq!(cut_off.labels(&cut_off.report.reused), ["scene 0"]);
}

/// The same film as a build knows it in which a kind makes other bytes.
fn with_raised(film: &Film, raised: &'static Kind) -> Film {
    let mut graph = (*film.keyed.graph).clone();
    graph.node_weights_mut().filter(|node| node.kind.name == raised.name).for_each(|node| node.kind = raised);
    Film { keyed: Arc::new(Keyed::new(Arc::new(graph), &|_| None)), targets: film.targets.clone() }
}

static GENERATE_NEXT: Kind = Kind { version: kinds::GENERATE.version + 1, ..kinds::GENERATE };
static ENCODE_NEXT: Kind = Kind { version: kinds::ENCODE.version + 1, ..kinds::ENCODE };
static JOIN_NEXT: Kind = Kind { version: kinds::JOIN.version + 1, ..kinds::JOIN };
static SHEET_NEXT: Kind = Kind { version: kinds::SHEET.version + 1, ..kinds::SHEET };

#[test]
fn a_new_version_of_a_kind_is_noticed_and_runs_what_it_touches_and_only_that() {
    // Shot `b` is a still: what draws the others has nothing to do with it.
    let mut film = film(&SHOTS, "cut");
    let mut graph = (*film.keyed.graph).clone();
    graph[NodeIndex::new(2)].kind = &kinds::STILL;
    film.keyed = Arc::new(Keyed::new(Arc::new(graph), &|_| None));
    let cases: [(&'static Kind, &[&str], &[&str]); 4] = [
        (&GENERATE_NEXT, &["a", "c", "d"], &["scene 0", "scene 1"]),
        (&ENCODE_NEXT, &["a", "b", "c", "d"], &["scene 0", "scene 1"]),
        (&JOIN_NEXT, &["scene 0", "scene 1"], &[]),
        (&SHEET_NEXT, &[], &[]),
    ];
    for (raised, ran, reused) in cases {
        let place = Place::new();
        place.run(&film, "cpu:1");
        let newer = with_raised(&film, raised);
        // What decides that a render has nothing to do sees it, without a worker.
        let cache = place.cache();
        let stands = standing(&newer.keyed, cache.records());
        let to_do = left(&newer.keyed, &stands, &newer.targets, &|blob| cache.store().has(blob));
        assert_eq!(to_do.is_empty(), ran.is_empty(), "{}", raised.name);
        let again = place.run(&newer, "cpu:1");
        assert_eq!(again.ran(), ran, "{}", raised.name);
        // The bytes turned out the same, so what reads them does not run.
        assert_eq!(again.labels(&again.report.reused), reused, "{}", raised.name);
        assert!(place.run(&newer, "cpu:1").ran().is_empty() && place.run(&film, "cpu:1").ran().is_empty());
    }
}

#[test]
fn a_worker_of_another_build_is_refused() {
    let place = Place::new();
    place.fault("another build", "join");
    let (_keep, stops) = unbounded_channel();
    let mut events = Vec::new();
    let request = place.request(&film(&SHOTS, "cut"), "cpu:2", Interrupts::Channel(stops));
    let error = run(request, &mut place.cache(), &mut |line: &EventLine| events.push(line.event.clone()));
    let error = error.unwrap_err();
    assert!(matches!(error, RunError::Worker(_)), "{error}");
    let (next, own) = (kinds::JOIN.version + 1, kinds::JOIN.version);
    let told = format!("it makes `join` of version {next}, this storyreel of version {own}");
    assert!(error.to_string().ends_with(&told), "{error}");
    assert!(error.help().unwrap().contains("together"));
    let undone = |event: &Event| matches!(event, Event::NodeDone { .. } | Event::Retry { .. });
    assert!(!events.iter().any(undone), "{events:?}");
    assert!(place.cache().records().is_empty());
    assert_eq!(place.temporary(), 0);
}

#[test]
fn a_step_that_no_device_here_can_do_is_told_before_anything_runs() {
    static PAINTED: Kind = Kind { gpu: true, ..kinds::GENERATE };
    let mut builder = Builder::default();
    let clip = builder.node(&PAINTED, "draw a", json!({"text": "surf"}), 1, &[]);
    let segment = builder.node(&kinds::ENCODE, "a", json!({"text": ""}), 100, &[clip]);
    let film =
        Film { keyed: Arc::new(Keyed::new(Arc::new(builder.graph), &|_| None)), targets: vec![segment] };
    let place = Place::new();
    let (_keep, stops) = unbounded_channel();
    let request = place.request(&film, "cpu:2", Interrupts::Channel(stops));
    let error = run(request, &mut place.cache(), &mut |_: &EventLine| {}).unwrap_err();
    assert!(matches!(error, RunError::NoDeviceFor { .. }), "{error}");
    assert_eq!(
        error.to_string(),
        "film a encode needs a GPU with some 1.0 MB of memory, and none of the devices given is one"
    );
}

#[test]
fn a_program_that_is_no_worker_is_refused() {
    let place = Place::new();
    let (_keep, stops) = unbounded_channel();
    let mut request = place.request(&film(&SHOTS, "cut"), "cpu:1", Interrupts::Channel(stops));
    request.worker.program = "/bin/false".into();
    let error = run(request, &mut place.cache(), &mut |_: &EventLine| {}).unwrap_err().to_string();
    assert!(error.starts_with("the worker `/bin/false` cannot be used: ended unasked"), "{error}");
}

#[test]
fn one_worker_and_two_give_the_same() {
    let (one, two) = (Place::new(), Place::new());
    let film = film(&SHOTS, "cut");
    assert_eq!(one.run(&film, "cpu:1").texts(), two.run(&film, "cpu:2").texts());
    let records = |place: &Place| -> Vec<_> {
        let cache = place.cache();
        cache.records().iter().map(|record| (record.action, record.step, record.outputs.clone())).collect()
    };
    assert_eq!(records(&one), records(&two));
    assert_eq!(records(&one).len(), 6);
}

#[test]
fn a_crash_costs_one_try() {
    let place = Place::new();
    place.fault("b", "crash 1");
    place.fault("c", "kill 1");
    place.fault("d", "busy 2");
    place.fault("scene 0", "memory 1");
    let outcome = place.run(&film(&SHOTS, "cut"), "cpu:2");
    assert!(outcome.report.complete(), "{:?}", outcome.report.failed);
    assert_eq!(outcome.count(|event| matches!(event, Event::WorkerDied { .. })), 2);
    assert_eq!(outcome.count(|event| matches!(event, Event::Retry { .. })), 5);
    assert_eq!(place.cache().records().len(), 6);
    drop(outcome);
    assert_eq!(place.temporary(), 0, "what dead workers left is swept");
}

#[test]
fn what_fails_again_and_again_fails_for_good() {
    let place = Place::new();
    place.fault("b", "crash 9");
    let outcome = place.run(&film(&SHOTS, "cut"), "cpu:1");
    let tries = Retries::default().tries as usize;
    assert_eq!(outcome.count(|event| matches!(event, Event::WorkerDied { .. })), tries);
    assert_eq!(outcome.report.failed.len(), 1);
    assert!(outcome.report.failed[0].failure.message.contains("crashed (signal 6)"));
}

#[test]
fn a_failure_skips_what_needs_it_and_nothing_else() {
    let place = Place::new();
    place.fault("a", "fail");
    let outcome = place.run(&film(&SHOTS, "cut"), "cpu:2");
    assert!(!outcome.report.complete());
    let failed = &outcome.report.failed;
    assert_eq!((failed.len(), failed[0].label.as_str()), (1, "film a"));
    assert_eq!(failed[0].failure.parameter.as_deref(), Some("prompt.action"));
    assert_eq!(outcome.report.skipped.len(), 1);
    assert_eq!(outcome.report.skipped[0].label, "film scene 0");
    assert_eq!(outcome.ran(), ["b", "c", "d", "scene 1"]);
    assert_eq!(outcome.report.outputs.len(), 1);
    assert_eq!(outcome.count(|event| matches!(event, Event::Retry { .. })), 0);
}

#[test]
fn a_panic_is_told_as_a_defect_and_the_worker_goes_on() {
    let place = Place::new();
    place.fault("a", "panic");
    let outcome = place.run(&film(&SHOTS, "cut"), "cpu:1");
    let message = &outcome.report.failed[0].failure.message;
    assert_eq!(message, "a defect in node film a: index out of bounds");
    assert_eq!(outcome.count(|event| matches!(event, Event::WorkerStarted { .. })), 1);
}

#[test]
fn a_hung_worker_is_stopped_and_the_node_tried_again() {
    let place = Place::new();
    place.fault("a", "hang 1");
    let outcome = place.run(&film(&SHOTS[..1], "cut"), "cpu:1");
    assert!(outcome.report.complete());
    assert_eq!(outcome.count(|event| matches!(event, Event::WorkerDied { .. })), 1);
}

#[test]
fn a_worker_that_cannot_be_started_is_a_clear_failure() {
    let place = Place::new();
    let film = film(&SHOTS[..1], "cut");
    let (_keep, stops) = unbounded_channel();
    let mut request = place.request(&film, "cpu:1", Interrupts::Channel(stops));
    request.worker.program = PathBuf::from("/no/such/storyreel-worker");
    let report = run(request, &mut place.cache(), &mut |_: &EventLine| {}).unwrap();
    let message = &report.failed[0].failure.message;
    assert!(message.contains("could not be started: `/no/such/storyreel-worker`"), "{message}");
}

#[test]
fn a_damaged_or_missing_artifact_is_made_again() {
    let place = Place::new();
    let first = place.run(&film(&SHOTS, "cut"), "cpu:1");
    let blob = |outcome: &Outcome, index: usize| {
        let stands = standing(&outcome.keyed, outcome.cache.records());
        stands[index].outputs.as_ref().unwrap()["segment"]
    };
    let (damaged, missing) = (blob(&first, 1), blob(&first, 3));
    let damaged_too = blob(&first, 5);
    let store = first.cache.store();
    let path = store.path(&damaged.digest);
    fs::remove_file(&path).unwrap();
    fs::write(&path, vec![b'x'; damaged.bytes as usize]).unwrap();
    let path = store.path(&damaged_too.digest);
    fs::remove_file(&path).unwrap();
    fs::write(&path, vec![b'y'; damaged_too.bytes as usize]).unwrap();
    store.remove(&missing.digest).unwrap();

    // Nothing wants them while the joins are there.
    assert!(place.run(&film(&SHOTS, "cut"), "cpu:1").ran().is_empty());
    let outcome = place.run(&film(&SHOTS, "other cut"), "cpu:1");
    assert!(outcome.report.complete());
    assert_eq!(outcome.ran(), ["a", "b", "c", "scene 0", "scene 1"]);
    // All that is damaged is found at once, which costs no try, and is told.
    let again =
        |event: &Event| matches!(event, Event::Retry { attempt: 1, how, .. } if how.contains("made again"));
    assert_eq!(outcome.count(again), 1);
    assert_eq!(outcome.count(|event| matches!(event, Event::Retry { .. })), 1);
    assert_eq!(outcome.count(|event| matches!(event, Event::Differs { .. })), 0);
    assert!(outcome.cache.store().read(&damaged).is_ok() && outcome.cache.store().read(&missing).is_ok());
}

#[test]
fn an_artifact_that_comes_out_different_replaces_the_lost_one_and_is_reported() {
    let place = Place::new();
    let film = film(&SHOTS, "cut");
    let first = place.run(&film, "cpu:1");
    let mut cache = place.cache();
    drop(first.report);
    gc(&mut cache, Keep { bytes: 0, used_within: None }).unwrap();
    place.fault("a", "salt 1");
    let outcome = place.run(&film, "cpu:1");
    assert!(outcome.report.complete());
    assert_eq!(outcome.count(|event| matches!(event, Event::Differs { kept_first: false, .. })), 1);
    assert!(outcome.texts()[0].contains("salted 1"));
    assert!(place.run(&film, "cpu:1").ran().is_empty());
}

#[test]
fn the_longest_chain_goes_first() {
    let mut builder = Builder::default();
    let short = builder.node(&kinds::EFFECTS, "short", json!({"text": 1}), 50, &[]);
    let long = builder.node(&kinds::EFFECTS, "long", json!({"text": 2}), 40, &[]);
    let clip = builder.node(&kinds::GENERATE, "draw", json!({"text": 3}), 9999, &[]);
    let middle = builder.node(&kinds::ENCODE, "middle", json!({"text": 4}), 45, &[clip]);
    let end = builder.node(&kinds::MIX, "end", json!({"text": 5}), 30, &[long]);
    let keyed = Arc::new(Keyed::new(Arc::new(builder.graph), &|_| None));
    let outcome = Place::new().run(&Film { keyed, targets: vec![short, middle, end] }, "cpu:1");
    let started: Vec<&str> = outcome
        .events
        .iter()
        .filter_map(
            |event| if let Event::NodeStarted { label, .. } = event { Some(label.as_str()) } else { None },
        )
        .collect();
    assert_eq!(started, ["film long", "film short", "film middle", "film end"]);
}

#[test]
fn a_stopped_run_keeps_what_is_finished_and_goes_on_from_there() {
    let place = Place::new();
    let film = film(&SHOTS, "cut");
    place.fault("c", "slow 60000");
    let (stop, stops) = unbounded_channel();
    let request = place.request(&film, "cpu:1", Interrupts::Channel(stops));
    let mut cache = place.cache();
    let mut stopping = |line: &EventLine| {
        if matches!(&line.event, Event::Progress { .. }) {
            let _ = stop.send(());
        }
    };
    let report = run(request, &mut cache, &mut stopping).unwrap();
    assert!(report.cancelled && report.failed.is_empty());
    let done = report.ran.len();
    assert!(done < 6);
    drop((report, cache));
    assert_eq!(place.temporary(), 0);

    place.fault("c", "slow 0");
    let resumed = place.run(&film, "cpu:1");
    assert!(resumed.report.complete());
    assert_eq!(resumed.ran().len(), 6 - done);
    let elsewhere = Place::new();
    assert_eq!(resumed.texts(), elsewhere.run(&film, "cpu:1").texts());
}

#[test]
#[ignore = "the front process of the tests that kill it"]
fn front_process() {
    let folder = PathBuf::from(std::env::var_os("PLACE").unwrap());
    let place = std::mem::ManuallyDrop::new(Place { folder: keep(&folder) });
    let outcome = place.run(&film(&SHOTS, "cut"), "cpu:2");
    assert!(outcome.report.complete());
}

/// A folder that another process owns.
fn keep(folder: &Path) -> tempfile::TempDir {
    let inner = tempfile::TempDir::new_in(folder).unwrap();
    fs::create_dir(inner.path().join("faults")).unwrap();
    for name in ["cache", "faults"] {
        let _ = fs::remove_dir_all(inner.path().join(name));
        std::os::unix::fs::symlink(folder.join(name), inner.path().join(name)).unwrap();
    }
    inner
}

fn front(place: &Place) -> std::process::Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["front_process", "--exact", "--ignored", "--nocapture", "--quiet"]);
    command.env("PLACE", place.folder.path()).stdout(Stdio::null()).stderr(Stdio::null());
    fs::create_dir_all(place.folder.path().join("cache")).unwrap();
    command.spawn().unwrap()
}

#[test]
fn killed_at_any_moment_the_film_comes_out_the_same_and_nothing_temporary_stays() {
    let undisturbed = Place::new();
    let expected = undisturbed.run(&film(&SHOTS, "cut"), "cpu:2").texts();
    let place = Place::new();
    for label in ["a", "b", "c", "d", "scene 0", "scene 1"] {
        place.fault(label, "slow 60");
    }
    for millis in [30, 70, 110, 150, 190, 230] {
        let mut child = front(&place);
        std::thread::sleep(Duration::from_millis(millis));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let outcome = place.run(&film(&SHOTS, "cut"), "cpu:2");
    assert_eq!(outcome.texts(), expected);
    drop(outcome);
    // The killed fronts' workers end by themselves, each by the end of its input.
    let until = Instant::now() + Duration::from_secs(5);
    loop {
        drop(place.cache());
        if place.temporary() == 0 {
            break;
        }
        assert!(Instant::now() < until, "temporary files stay");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn two_fronts_share_a_cache() {
    let place = Place::new();
    for label in ["a", "b", "c", "d"] {
        place.fault(label, "slow 50");
    }
    let mut both = [front(&place), front(&place)];
    assert!(both.iter_mut().all(|child| child.wait().unwrap().success()));
    let film = film(&SHOTS, "cut");
    let outcome = place.run(&film, "cpu:1");
    assert!(outcome.ran().is_empty());
    assert_eq!(outcome.cache.records().len(), 6);
    assert!(outcome.cache.records().differing().is_empty());
    assert_ne!(outcome.report.outputs[&film.targets[0]]["segment"].digest, Digest::of(b""));
}
