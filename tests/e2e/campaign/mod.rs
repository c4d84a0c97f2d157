//! The campaign of faults: renders that are killed, starved, hung, cut off from their disk or given a damaged cache,
//! each by a seed, each followed by plain renders, until the film is whole. It must be byte for byte the calm one, and
//! every artifact in the cache sound.
//!
//! One of each kind here; `STORYREEL_CAMPAIGN=full` (by `./x campaign faults`) takes 500 and prints counts by kind.
//! `STORYREEL_CAMPAIGN_SEED=7` repeats one run. As control, a worker that reads without checking has to make
//! the campaign fail.

mod damage;
mod scenario;
mod stage;
mod watched;

use std::collections::BTreeMap;
use std::env;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use self::scenario::{Kind, Scenario};
use self::stage::{Calm, Ended, attempt};

/// Runs of the full campaign. Every test run has one of each kind.
const FULL: u64 = 500;
const KINDS: u64 = scenario::KINDS.len() as u64;

/// Runs at once: many of them wait most of the time.
const LANES: usize = 2;

/// How the runs of a kind ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Count {
    runs: u64,
    /// Those where the fault met the render at work.
    met: u64,
    /// Those that ended whole under the fault ...
    whole: u64,
    /// ... and those that the next render, or the one after it, finished.
    resumed: u64,
    failed: u64,
}

#[test]
fn faults_cost_no_byte() {
    let calm = Calm::new();
    let full = env::var("STORYREEL_CAMPAIGN").is_ok_and(|value| value == "full");
    let one = env::var("STORYREEL_CAMPAIGN_SEED").ok().map(|seed| seed.parse::<u64>().expect("a number"));
    let scenarios: Vec<Scenario> = match (one, full) {
        (Some(seed), _) => vec![Scenario::of(seed)],
        (None, true) => (0..FULL).map(Scenario::of).collect(),
        // Kinds follow each other with the seeds: this stride begins with each of them once.
        (None, false) => (0..KINDS).map(|number| Scenario::of(number * (KINDS + 1))).collect(),
    };
    let began = Instant::now();
    let results = run_all(&scenarios, &calm, full || one.is_some());
    let counts = counted(&scenarios, &results);
    print!("{}", table(&counts));
    println!("{} runs in {:.0} s", scenarios.len(), began.elapsed().as_secs_f64());
    let failed: Vec<String> = results.into_iter().filter_map(Result::err).collect();
    assert!(failed.is_empty(), "{} failed:\n{}", failed.len(), failed.join("\n"));
}

#[test]
fn without_verification_the_campaign_fails() {
    let calm = Calm::new();
    let scenarios: Vec<Scenario> =
        (0..4).flat_map(|seed| [true, false].map(|trusting| Scenario::unread(seed, trusting))).collect();
    let results = run_all(&scenarios, &calm, false);
    let (trusting, checking): (Vec<_>, Vec<_>) =
        scenarios.iter().zip(results).partition(|(scenario, _)| scenario.trusting);
    let noticed = trusting.iter().filter(|(_, result)| result.is_err()).count();
    println!("{noticed} of {} runs on unchecked damage failed, as they must", trusting.len());
    assert!(noticed * 2 >= trusting.len(), "damage that is not checked was not noticed: {trusting:?}");
    let differs = trusting.iter().filter_map(|(_, result)| result.as_ref().err());
    assert!(
        differs.clone().any(|told| told.contains("is not the calm film's")),
        "{:?}",
        differs.collect::<Vec<_>>()
    );
    assert!(checking.iter().all(|(_, result)| result.is_ok()), "{checking:?}");
}

/// Runs them in lanes; results in the order of the scenarios.
fn run_all(scenarios: &[Scenario], calm: &Calm, told: bool) -> Vec<Result<Ended, String>> {
    let next = AtomicU64::new(0);
    let results = Mutex::new(BTreeMap::new());
    std::thread::scope(|scope| {
        for _ in 0..LANES {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let Some(scenario) = scenarios.get(number as usize) else { break };
                    let began = Instant::now();
                    let result = catch_unwind(AssertUnwindSafe(|| attempt(scenario, calm)))
                        .unwrap_or_else(|_| Err("the campaign itself stumbled, as told above".to_owned()));
                    if told {
                        let took = began.elapsed().as_secs_f64();
                        println!(
                            "{scenario}: {} ({took:.1} s)",
                            result.as_ref().map_or_else(Clone::clone, Ended::to_string)
                        );
                    }
                    let result = result.map_err(|error| format!("{scenario}: {error}"));
                    results.lock().expect("no lane has panicked").insert(number, result);
                }
            });
        }
    });
    results.into_inner().expect("no lane has panicked").into_values().collect()
}

fn counted(scenarios: &[Scenario], results: &[Result<Ended, String>]) -> BTreeMap<Kind, Count> {
    let mut counts: BTreeMap<Kind, Count> = BTreeMap::new();
    for (scenario, result) in scenarios.iter().zip(results) {
        for kind in &scenario.kinds {
            let count = counts.entry(*kind).or_default();
            count.runs += 1;
            match result {
                Ok(Ended::Skipped) => {}
                Ok(Ended::Whole { met, renders }) => {
                    count.met += u64::from(*met);
                    count.whole += u64::from(*renders == 0);
                    count.resumed += u64::from(*renders > 0);
                }
                Err(_) => count.failed += 1,
            }
        }
    }
    counts
}

fn table(counts: &BTreeMap<Kind, Count>) -> String {
    let mut text = format!(
        "{:<18} {:>5} {:>5} {:>6} {:>8} {:>7} {:>7}\n",
        "kind", "runs", "met", "whole", "resumed", "failed", "skipped"
    );
    for (kind, count) in counts {
        let Count { runs, met, whole, resumed, failed } = count;
        let skipped = runs - whole - resumed - failed;
        let name = format!("{kind:?}");
        text += &format!("{name:<18} {runs:>5} {met:>5} {whole:>6} {resumed:>8} {failed:>7} {skipped:>7}\n");
    }
    text
}
