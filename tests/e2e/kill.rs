//! SIGKILL at a moment of the run, then the same command again: the film is byte for byte the one of an
//! uninterrupted render, and no temporary file stays.
//!
//! A few moments here; `STORYREEL_CAMPAIGN=full` (by `./x campaign kills`) takes 30: five in each of draw,
//! encode, join, mix and mux and five at random times, the front, a worker or both in turn.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::studio::{Studio, TINY, digests};

/// Who is killed.
#[derive(Clone, Copy, Debug)]
enum Who {
    Front,
    Worker,
    Both,
}

/// When: the nth start of a node of that kind, and so many milliseconds later.
#[derive(Clone, Copy, Debug)]
struct Moment {
    kind: &'static str,
    nth: usize,
    delay: u64,
}

#[test]
fn kills_cost_no_byte() {
    let full = std::env::var("STORYREEL_CAMPAIGN").is_ok_and(|value| value == "full");
    let calm = Studio::with(TINY);
    calm.rendered(&[]);
    let expected = digests(&calm.path("out/film/latest"));
    let moments = if full { all_moments() } else { all_moments().into_iter().step_by(7).collect() };
    for (moment, who) in moments.iter().zip([Who::Front, Who::Worker, Who::Both].into_iter().cycle()) {
        let hit = killed(*moment, who, &expected);
        if full {
            println!(
                "{moment:?} {who:?}: {}",
                if hit { "killed, resumed, identical" } else { "over before; identical" }
            );
        }
    }
}

/// Drawing and encoding happen in one job: a short delay meets the drawing of the first pictures, a longer
/// one the encoder's queue.
fn all_moments() -> Vec<Moment> {
    let kinds = [("encode", 0), ("encode", 25), ("join", 0), ("mix", 5), ("mux", 2)];
    let mut all: Vec<Moment> = Vec::new();
    for step in 0..5 {
        all.extend(kinds.iter().map(|(kind, delay)| Moment {
            kind,
            nth: step % 2,
            delay: delay + 7 * step as u64,
        }));
    }
    // A seeded sequence of times from the first start on.
    let mut state = 0x9e37_79b9_u64;
    for _ in 0..5 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        all.push(Moment { kind: "", nth: 0, delay: (state >> 33) % 700 });
    }
    all
}

fn killed(moment: Moment, who: Who, expected: &BTreeMap<String, String>) -> bool {
    let studio = Studio::with(TINY);
    let mut front = studio
        .command(&["render", "film.yaml", "--events", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(front.stdout.take().unwrap()).lines().map_while(Result::ok);
    let mut workers: Vec<u64> = Vec::new();
    let mut starts = 0;
    let mut hit = false;
    for line in lines {
        let line: Value = serde_json::from_str(&line).unwrap();
        let event = &line["event"];
        match event["is"].as_str() {
            Some("worker-started") => workers.extend(event["pid"].as_u64()),
            Some("node-started") if !hit && event["kind"].as_str().unwrap().starts_with(moment.kind) => {
                starts += 1;
                if starts > moment.nth {
                    std::thread::sleep(Duration::from_millis(moment.delay));
                    hit = true;
                    strike(who, u64::from(front.id()), &workers);
                }
            }
            _ => {}
        }
    }
    let _ = front.wait();
    studio.rendered(&[]);
    let what = format!("{moment:?} {who:?}");
    assert_eq!(&digests(&studio.path("out/film/latest")), expected, "{what}");
    assert_no_leftovers(&studio, &what);
    hit
}

fn strike(who: Who, front: u64, workers: &[u64]) {
    let worker = workers.first().copied();
    let victims: Vec<u64> = match who {
        Who::Front => vec![front],
        Who::Worker => worker.into_iter().collect(),
        Who::Both => worker.into_iter().chain([front]).collect(),
    };
    for victim in victims {
        // It may be gone already.
        let _ = Command::new("kill").args(["-9", &victim.to_string()]).stderr(Stdio::null()).status();
    }
}

/// Neither the cache nor the outputs keep anything unfinished.
fn assert_no_leftovers(studio: &Studio, what: &str) {
    let tmp = studio.path(".storyreel/cache/tmp");
    let in_cache = if tmp.exists() { digests(&tmp) } else { BTreeMap::new() };
    assert!(in_cache.is_empty(), "{what}: {in_cache:?}");
    let out: Vec<String> = digests(&studio.path("out"))
        .into_keys()
        .filter(|name| name.contains(".tmp") || name.contains("/."))
        .collect();
    assert!(out.is_empty(), "{what}: {out:?}");
}
