//! Failures of every kind and what follows them: tries, waits, other ways, other devices, a cache that goes away.

use super::*;

/// Whether a node's try of that number fails: half of those of nodes called `flaky` do.
pub fn fails(seed: u64, label: &str, attempt: u64) -> bool {
    label.starts_with("flaky")
        && Digest::of(format!("{seed} {label} {attempt}").as_bytes()).low_u64().is_multiple_of(2)
}

/// A run with the time of every event, in microseconds since it began.
struct Timed {
    report: Result<RunReport, RunError>,
    lines: Vec<EventLine>,
}

impl Timed {
    /// The first event that is wanted, and when it came.
    fn first(&self, wanted: impl Fn(&Event) -> bool) -> (usize, u64) {
        let at = self.lines.iter().position(|line| wanted(&line.event)).unwrap();
        (at, self.lines[at].at)
    }

    /// In which ways a node was tried again.
    fn ways(&self, node: &str) -> Vec<&str> {
        let way = |line: &'_ EventLine| matches!(&line.event, Event::Retry { label, .. } if label == node);
        let ways = self.lines.iter().filter(|line| way(line));
        ways.map(|line| if let Event::Retry { how, .. } = &line.event { how.as_str() } else { "" }).collect()
    }

    /// Where a node was begun.
    fn devices(&self, node: &str) -> Vec<String> {
        let starts = self.lines.iter().filter_map(|line| match &line.event {
            Event::NodeStarted { label, device, .. } if label == node => Some(device.to_string()),
            _ => None,
        });
        starts.collect()
    }
}

fn timed(place: &Place, request: Request, see: &mut dyn FnMut(&EventLine)) -> Timed {
    let mut lines = Vec::new();
    let report = run(request, &mut place.cache(), &mut |line: &EventLine| {
        see(line);
        lines.push(line.clone());
    });
    Timed { report, lines }
}

/// The usual request, with nobody who stops it.
fn asked(place: &Place, film: &Film, devices: &str) -> Request {
    let (keep, stops) = unbounded_channel();
    std::mem::forget(keep);
    place.request(film, devices, Interrupts::Channel(stops))
}

/// So many nodes that need nothing; every tenth is steady.
fn crowd(count: usize) -> Film {
    let mut builder = Builder::default();
    let name = |number: usize| format!("{} {number}", if number % 10 == 9 { "steady" } else { "flaky" });
    let node = |number| builder.node(&kinds::EFFECTS, &name(number), json!({"text": number}), 100, &[]);
    let targets: Vec<NodeIndex> = (0..count).map(node).collect();
    Film { keyed: Arc::new(Keyed::new(Arc::new(builder.graph), &|_| None)), targets }
}

#[test]
fn a_thousand_nodes_that_fail_every_other_try_all_finish_and_starve_nobody() {
    const SEED: u64 = 11;
    // Every try writes and syncs: in memory, where there is such a folder.
    let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
    fs::create_dir(folder.path().join("faults")).unwrap();
    let place = Place { folder };
    place.fault("seed", &SEED.to_string());
    let film = crowd(1000);
    let mut request = asked(&place, &film, "cpu:2");
    request.retries =
        Retries { tries: 40, first: Duration::from_millis(1), longest: Duration::from_millis(20) };
    request.patience = Duration::from_secs(30);
    let timed = timed(&place, request, &mut |_| {});
    let report = timed.report.as_ref().unwrap();
    assert!(report.complete(), "{:?}", report.failed);
    assert_eq!(report.ran.len(), 1000);

    let label = |node: usize| film.keyed.graph[NodeIndex::new(node)].label.part.clone();
    let failing = |node: usize| (1..).take_while(|attempt| fails(SEED, &label(node), *attempt)).count();
    let expected: Vec<usize> = (0..1000).map(failing).collect();
    let mut retries: BTreeMap<String, usize> = BTreeMap::new();
    let mut begun: Vec<String> = Vec::new();
    for line in &timed.lines {
        match &line.event {
            Event::Retry { label, .. } => *retries.entry(label.clone()).or_default() += 1,
            Event::NodeStarted { label, .. } => begun.push(label.clone()),
            _ => {}
        }
    }
    for (node, expected) in expected.iter().enumerate() {
        assert_eq!(retries.get(&format!("film {}", label(node))).copied().unwrap_or(0), *expected, "{node}");
    }
    assert!(
        expected.iter().sum::<usize>() > 700,
        "half of the tries fail: {}",
        expected.iter().sum::<usize>()
    );
    // All have equal claims, so the film's order decides: a steady node waits for tries of nodes before it,
    // never for those of nodes behind it.
    for node in (0..1000).filter(|node| node % 10 == 9) {
        let before = begun.iter().position(|other| *other == format!("film {}", label(node))).unwrap();
        let tries: usize = expected[..node].iter().map(|failing| failing + 1).sum();
        assert!(before <= tries + 2, "steady {node} was begun after {before} tries, not {tries}");
    }
}

#[test]
fn a_hung_node_is_cancelled_within_its_limit_and_the_others_go_on() {
    let place = Place::new();
    place.fault("a", "hang 1");
    let film = film(&SHOTS, "cut");
    let mut request = asked(&place, &film, "cpu:2");
    request.patience = Duration::from_millis(300);
    let timed = timed(&place, request, &mut |_| {});
    assert!(timed.report.as_ref().unwrap().complete());
    let of_a = |event: &Event| matches!(event, Event::NodeStarted { label, .. } if label == "film a");
    let (begun, began) = timed.first(of_a);
    let hung = |event: &Event| matches!(event, Event::Retry { label, .. } if label == "film a");
    let (ended, end) = timed.first(hung);
    // The limit counts from the worker's own start, which comes a little later; passes come every 100 ms.
    let waited = Duration::from_micros(end - began);
    assert!(waited >= Duration::from_millis(300) && waited < Duration::from_secs(3), "{waited:?}");
    let Event::Retry { reason, .. } = &timed.lines[ended].event else { unreachable!() };
    assert_eq!(reason, "it made no progress for 0.3 s and was stopped");
    let meanwhile =
        timed.lines[begun..ended].iter().filter(|line| matches!(line.event, Event::NodeDone { .. }));
    assert!(meanwhile.count() > 0, "nothing went on beside the node that hung");
}

#[test]
fn a_node_short_of_memory_is_tried_alone_then_with_less_then_elsewhere() {
    let place = Place::new();
    place.fault("a", "memory unless frugal");
    let spared = timed(&place, asked(&place, &film(&SHOTS[..1], "cut"), "cpu:2"), &mut |_| {});
    assert!(spared.report.unwrap().complete());
    let lines = Timed { report: Err(RunError::NoDevice), lines: spared.lines };
    let ways = ["alone, on a device that holds nothing else", "alone, with less memory at the cost of time"];
    assert_eq!(lines.ways("film a"), ways);

    let place = Place::new();
    place.fault("a", "memory on cpu:0");
    let moved = timed(&place, asked(&place, &film(&SHOTS[..1], "cut"), "cpu:2"), &mut |_| {});
    assert!(moved.report.as_ref().unwrap().complete());
    assert_eq!(moved.ways("film a"), [ways[0], ways[1], "on another device"]);
    assert_eq!(moved.devices("film a"), ["cpu:0", "cpu:0", "cpu:0", "cpu:1"]);
}

#[test]
fn a_node_that_finds_too_little_memory_everywhere_fails_with_one_account() {
    let place = Place::new();
    place.fault("a", "memory");
    let timed = timed(&place, asked(&place, &film(&SHOTS, "cut"), "cpu:2"), &mut |_| {});
    let report = timed.report.as_ref().unwrap();
    let accounts = timed.lines.iter().filter(|line| matches!(line.event, Event::NodeFailed { .. })).count();
    assert_eq!((accounts, report.failed.len(), report.skipped.len()), (1, 1, 1));
    let failed = &report.failed[0];
    assert_eq!(failed.label, "film a");
    assert!(failed.device.is_some() && failed.failure.help.is_some(), "{failed:?}");
    let told = "too little memory (tried 4 times, also alone and with as little memory as it can do with, on 2 devices)";
    assert_eq!(failed.failure.message, told);
    assert_eq!(report.ran.len(), 4, "what does not need it went on");
}

/// A film whose nodes take a while, so that something can happen meanwhile.
fn slow_place() -> (Place, Film) {
    let place = Place::new();
    for label in ["a", "b", "c", "d"] {
        place.fault(label, "slow 150");
    }
    (place, film(&SHOTS, "cut"))
}

#[test]
fn a_cache_that_vanishes_is_waited_for_and_the_run_goes_on_when_it_returns() {
    let (place, film) = slow_place();
    let (cache, away) = (place.folder.path().join("cache"), place.folder.path().join("away"));
    let mut done = 0;
    let mut returns = None;
    let timed = timed(&place, asked(&place, &film, "cpu:1"), &mut |line| {
        done += usize::from(matches!(line.event, Event::NodeDone { .. }));
        if done == 1 && returns.is_none() {
            fs::rename(&cache, &away).unwrap();
            let (cache, away) = (cache.clone(), away.clone());
            returns = Some(std::thread::Builder::new().spawn(move || {
                std::thread::sleep(Duration::from_millis(600));
                fs::rename(away, cache).unwrap();
            }));
        }
    });
    returns.unwrap().unwrap().join().unwrap();
    let report = timed.report.as_ref().unwrap();
    assert!(report.complete(), "{:?}", report.failed);
    let count = |wanted: fn(&Event) -> bool| timed.lines.iter().filter(|line| wanted(&line.event)).count();
    assert_eq!(count(|event| matches!(event, Event::Waiting { .. })), 1);
    assert_eq!(count(|event| matches!(event, Event::Resumed { .. })), 1);
    assert_eq!(place.cache().records().len(), 6);
    assert!(place.run(&film, "cpu:1").ran().is_empty());
    assert_eq!(place.temporary(), 0);
}

#[test]
fn a_cache_that_stays_away_ends_the_run_with_its_name_and_the_same_run_resumes() {
    let (place, film) = slow_place();
    let (cache, away) = (place.folder.path().join("cache"), place.folder.path().join("away"));
    let mut request = asked(&place, &film, "cpu:1");
    request.patience = Duration::from_millis(700);
    let ended = timed(&place, request, &mut |line| {
        if matches!(line.event, Event::NodeDone { .. }) && cache.exists() {
            fs::rename(&cache, &away).unwrap();
        }
    });
    let error = ended.report.unwrap_err();
    assert_eq!(error.to_string(), format!("the cache folder `{}` is gone", cache.display()));
    assert!(error.help().unwrap().contains("mount it or put it back"));
    assert!(!cache.exists(), "nothing is made in its place");
    let failed = ended.lines.iter().any(|line| matches!(line.event, Event::NodeFailed { .. }));
    assert!(!failed, "no node is to blame");

    fs::rename(&away, &cache).unwrap();
    let resumed = place.run(&film, "cpu:1");
    assert!(resumed.report.complete());
    assert!((1..6).contains(&resumed.ran().len()), "{:?}", resumed.ran());
}
