//! SIGKILL in the middle of a node's work, then the same command again: the film is byte for byte the one of
//! an uninterrupted render, and no temporary file stays.
//!
//! A few moments here; `STORYREEL_CAMPAIGN=full` (by `./x campaign kills`) takes 30: five in each of draw,
//! encode, join, mix and mux and five at random times, the front, a worker or both in turn. A moment that
//! finds its node done already is tried again: only kills that interrupted their node count.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::studio::{Studio, TINY, assert_nothing_unfinished, digests};

/// Who is killed.
#[derive(Clone, Copy, Debug)]
enum Who {
    Front,
    Worker,
    Both,
}

/// When a node of that kind is struck.
#[derive(Clone, Copy, Debug)]
enum When {
    /// So many microseconds after it is begun.
    Begun(u64),
    /// So many microseconds after it first tells of its progress.
    Told(u64),
}

/// A moment of the run.
#[derive(Clone, Copy, Debug)]
struct Moment {
    kind: &'static str,
    /// Which node of that kind, in the order of their starts.
    nth: usize,
    when: When,
}

/// How often a moment is tried until it interrupts its node.
const TRIES: usize = 20;

#[test]
fn kills_cost_no_byte() {
    let full = std::env::var("STORYREEL_CAMPAIGN").is_ok_and(|value| value == "full");
    let calm = Studio::with(TINY);
    calm.rendered(&[]);
    let expected = digests(&calm.path("out/film/latest"));
    let moments = if full { all_moments() } else { all_moments().into_iter().step_by(6).collect() };
    for (moment, who) in moments.iter().zip([Who::Front, Who::Worker, Who::Both].into_iter().cycle()) {
        // A random moment may fall between nodes.
        let random = moment.kind.is_empty();
        let tries = (1..=TRIES).find(|_| interrupted(*moment, who, &expected) || random);
        assert!(tries.is_some(), "{moment:?} never met its node at work");
        if full {
            println!("{moment:?} {who:?}: killed at try {}, resumed, identical", tries.unwrap_or_default());
        }
    }
}

#[test]
fn an_interrupt_keeps_what_is_finished_and_has_its_own_code() {
    let calm = Studio::with(TINY);
    calm.rendered(&[]);
    let studio = Studio::with(TINY);
    let (mut front, mut lines) = watched(&studio);
    let begun = lines.by_ref().find(|line| line.contains("\"node-started\""));
    assert!(begun.is_some());
    let pid = i32::try_from(front.id()).ok().and_then(Pid::from_raw).unwrap();
    kill_process(pid, Signal::INT).unwrap();
    let last = lines.last().unwrap();
    assert_eq!(front.wait().unwrap().code(), Some(130));
    assert!(last.contains("\"finished\"") && last.contains("\"cancelled\":true"), "{last}");
    studio.rendered(&[]);
    assert_eq!(digests(&studio.path("out/film/latest")), digests(&calm.path("out/film/latest")));
    assert_nothing_unfinished(&studio.path(".storyreel/cache"), &studio.path("out"), "interrupted");
}

/// Five in each of draw (before a shot's first picture is told of), encode (in the middle of a shot), join,
/// mix and mux, and five at random times of random nodes.
fn all_moments() -> Vec<Moment> {
    let mut all: Vec<Moment> = Vec::new();
    for step in 0..5_usize {
        let later = step as u64;
        all.extend([
            Moment { kind: "encode", nth: step, when: When::Begun(4000 * later) },
            Moment { kind: "encode", nth: step, when: When::Told(6000 * later) },
            Moment { kind: "join", nth: 0, when: When::Begun(150 * later) },
            Moment { kind: "mix", nth: 0, when: When::Begun(3000 * later) },
            Moment { kind: "mux", nth: 0, when: When::Begun(150 * later) },
        ]);
    }
    let mut state = 0x9e37_79b9_u64;
    for _ in 0..5 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let (nth, after) = ((state >> 60) as usize % 6, (state >> 33) % 60_000);
        all.push(Moment { kind: "", nth, when: When::Begun(after) });
    }
    all
}

/// A render under way and the lines of its events.
fn watched(studio: &Studio) -> (Child, impl Iterator<Item = String> + use<>) {
    let mut front = studio
        .command(&["render", "film.yaml", "--events", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(front.stdout.take().unwrap()).lines().map_while(Result::ok);
    (front, lines)
}

/// Renders, strikes at that moment, and renders again to the expected film. Says whether the node was still
/// at work when it was struck.
fn interrupted(moment: Moment, who: Who, expected: &BTreeMap<String, String>) -> bool {
    let studio = Studio::with(TINY);
    let (mut front, lines) = watched(&studio);
    let mut watch = Watch {
        moment,
        who,
        front: front.id(),
        workers: BTreeMap::new(),
        begun: 0,
        target: None,
        struck: false,
        done: false,
    };
    for line in lines {
        // The front may be killed within a line.
        let Ok(line) = serde_json::from_str::<Value>(&line) else { break };
        watch.see(&line["event"]);
    }
    let _ = front.wait();
    studio.rendered(&[]);
    let what = format!("{moment:?} {who:?}");
    assert_eq!(&digests(&studio.path("out/film/latest")), expected, "{what}");
    // A killed worker outlives its front by what the disk still does for it, perhaps past the sweeps of the
    // render that resumed: what it left is gone with the first command after its end.
    watch.await_the_dead();
    studio.rendered_without_worker(&[]);
    assert_nothing_unfinished(&studio.path(".storyreel/cache"), &studio.path("out"), &what);
    watch.struck && !watch.done
}

/// Follows a run's events to the moment.
struct Watch {
    moment: Moment,
    who: Who,
    front: u32,
    /// Workers' process ids by device.
    workers: BTreeMap<String, i32>,
    begun: usize,
    /// The node to strike: its step and device.
    target: Option<(Value, String)>,
    struck: bool,
    /// Whether the node was done before it was struck.
    done: bool,
}

impl Watch {
    fn see(&mut self, event: &Value) {
        let of_target = |watch: &Self| watch.target.as_ref().is_some_and(|(step, _)| *step == event["step"]);
        match event["is"].as_str() {
            Some("worker-started") => {
                let pid = event["pid"].as_i64().unwrap_or_default() as i32;
                self.workers.entry(event["device"].to_string()).or_insert(pid);
            }
            Some("node-started")
                if !self.struck
                    && self.target.is_none()
                    && event["kind"].as_str().unwrap().starts_with(self.moment.kind) =>
            {
                self.begun += 1;
                if self.begun > self.moment.nth {
                    self.target = Some((event["step"].clone(), event["device"].to_string()));
                    if let When::Begun(micros) = self.moment.when {
                        std::thread::sleep(Duration::from_micros(micros));
                        self.strike();
                    }
                }
            }
            Some("progress") if !self.struck && of_target(self) => {
                if let When::Told(micros) = self.moment.when {
                    std::thread::sleep(Duration::from_micros(micros));
                    self.strike();
                }
            }
            // A worker's death has the node done at a later attempt, by another worker.
            Some("worker-died") if self.struck => self.target = None,
            Some("node-done") if of_target(self) => self.done = true,
            _ => {}
        }
    }

    /// Waits until no worker of the interrupted render is left.
    fn await_the_dead(&self) {
        let alive = |pid: &i32| std::path::Path::new(&format!("/proc/{pid}")).exists();
        let limit = std::time::Instant::now() + Duration::from_secs(20);
        while self.workers.values().any(alive) {
            assert!(std::time::Instant::now() < limit, "a worker outlives its front: {:?}", self.workers);
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn strike(&mut self) {
        self.struck = true;
        let worker = self.target.as_ref().and_then(|(_, device)| self.workers.get(device)).copied();
        let front = i32::try_from(self.front).ok();
        let victims = match self.who {
            Who::Front => [front, None],
            Who::Worker => [worker, None],
            Who::Both => [worker, front],
        };
        for victim in victims.into_iter().flatten().filter_map(Pid::from_raw) {
            // It may be gone already.
            let _ = kill_process(victim, Signal::KILL);
        }
    }
}
