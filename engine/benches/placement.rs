//! Measures the placement on simulated films: makespans against the bounds, against the baselines and against a
//! control whose priorities mean nothing; with exact estimates, with wrong ones, and with failures.
//!
//! `cargo bench -p storyreel-engine --bench placement --profile release -- [FILMS [DEVICES,...]]`

#![allow(clippy::print_stdout, reason = "it prints tables")]

use storyreel_engine::placement::{DeviceSpec, Rule, Task, Weights};
use storyreel_engine::simulation::{
    BUDGET, Outcome, Reality, Script, SimulatedFilm, Work, check, lower_bound, play, tune,
};

/// Log-normal width of wrong estimates.
const SIGMA: f64 = 0.3;
const NAMES: [&str; 5] = ["tuned", "untuned", "first come", "loaded", "shuffled"];

/// What one rule did on all films.
#[derive(Clone, Default)]
struct Row {
    plain: Vec<f64>,
    tight: Vec<f64>,
    /// Films on which the tuned rule was strictly better.
    beaten: usize,
    /// Films on which this one met the bound: nothing could be better.
    optimal: usize,
}

fn main() {
    let mut words = std::env::args().skip(1).filter(|word| !word.starts_with("--"));
    let films = words.next().and_then(|word| word.parse().ok()).unwrap_or(200);
    let devices = words.next().unwrap_or_else(|| "2,8,64".to_owned());
    for count in devices.split(',').filter_map(|word| word.parse().ok()) {
        measure(films, count);
    }
    many_sets();
}

fn measure(films: u64, devices: usize) {
    let mut exact = vec![Row::default(); NAMES.len()];
    let mut wrong = exact.clone();
    let mut failing = exact.clone();
    let mut seconds = Vec::new();
    let (mut slowest, mut tasks) = (0.0, 0);
    for seed in 0..films {
        let work = SimulatedFilm::new(seed, devices).work();
        let begun = cpu_seconds();
        let plan = tune(&work, BUDGET);
        seconds.push(cpu_seconds() - begun);
        if seconds[seed as usize] > slowest {
            (slowest, tasks) = (seconds[seed as usize], work.tasks.len());
        }
        let tuned = plan.tasks(&work);
        let rules = [
            (tuned, Rule::Weighed(plan.weights.clone())),
            (work.tasks.clone(), Rule::default()),
            (work.tasks.clone(), Rule::FirstCome),
            (work.tasks.clone(), Rule::Loaded),
            (work.tasks.clone(), Rule::Shuffled(plan.weights.clone())),
        ];
        let script = Script::new(&work);
        let all = |reality: &Reality| -> Vec<Outcome> {
            let of =
                |(tasks, rule): &(Vec<Task>, Rule)| script.play(&work, tasks.clone(), rule.clone(), reality);
            rules.iter().map(of).collect()
        };
        note(&mut exact, &work, &all(&Reality::default()));
        let off = Reality::default().misjudged(&work, seed, SIGMA);
        let mut truth = work.clone();
        truth.tasks.iter_mut().zip(&off.millis).for_each(|(task, millis)| task.millis = *millis);
        note(&mut wrong, &truth, &all(&off));
        let makespan = lower_bound(&work).tight;
        note(&mut failing, &work, &all(&Reality::default().failing(&work, seed, makespan)));
    }
    let mean = seconds.iter().sum::<f64>() / films as f64;
    println!(
        "\n{films} films on {devices} devices; tuning took {mean:.2} s a film, at most {slowest:.2} s ({tasks} tasks)"
    );
    table("exact estimates", &exact);
    table("estimates wrong by a log-normal factor, sigma 0.3", &wrong);
    table(
        "1 % of attempts fail, 0.5 % kill their worker, one device of every eight is away for a tenth",
        &failing,
    );
}

/// Seconds that a processor has spent on this process, whoever else was busy meanwhile.
fn cpu_seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    text.split(' ').next().and_then(|word| word.parse::<f64>().ok()).unwrap_or(f64::NAN) / 1e9
}

fn note(rows: &mut [Row], work: &Work, outcomes: &[Outcome]) {
    let bound = lower_bound(work);
    for (row, outcome) in rows.iter_mut().zip(outcomes) {
        if let Err(breach) = check(work, outcome, false) {
            println!("BREACH: {breach}");
        }
        row.plain.push(outcome.makespan as f64 / bound.plain as f64);
        row.tight.push(outcome.makespan as f64 / bound.tight as f64);
        row.beaten += usize::from(outcomes[0].makespan < outcome.makespan);
        row.optimal += usize::from(outcome.makespan == bound.tight);
    }
}

fn table(title: &str, rows: &[Row]) {
    println!("\n  {title}");
    println!("  {:<12}{:^24}{:^24}", "", "of the tight bound", "of the plain bound");
    println!(
        "  {:<12}{:>8}{:>8}{:>8}{:>8}{:>8}{:>8}{:>10}{:>9}",
        "", "mean", "95 %", "max", "mean", "95 %", "max", "beaten", "optimal"
    );
    for (name, row) in NAMES.iter().zip(rows) {
        let films = row.tight.len() as f64;
        let [a, b, c] = spread(&row.tight);
        let [d, e, f] = spread(&row.plain);
        let beaten = format!("{:.1} %", 100.0 * row.beaten as f64 / films);
        println!(
            "  {name:<12}{a:>8.4}{b:>8.4}{c:>8.4}{d:>8.4}{e:>8.4}{f:>8.4}{beaten:>10}{:>9}",
            row.optimal
        );
    }
}

/// Mean, 95th percentile, maximum.
fn spread(values: &[f64]) -> [f64; 3] {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let mean = sorted.iter().sum::<f64>() / sorted.len().max(1) as f64;
    let rank = (sorted.len() as f64 * 0.95).ceil() as usize;
    let at = |rank: usize| sorted.get(rank.saturating_sub(1)).copied().unwrap_or(f64::NAN);
    [mean, at(rank), at(sorted.len())]
}

/// No models, one pool, 25,000 sets of four tasks: what a film without networks asks of the placement.
fn many_sets() {
    let task = |id: usize| Task {
        set: Some(id / 4),
        millis: 1_000 + (id as u64 * 7_919) % 5_000,
        memory: 1 << 30,
        priority: (id as u64 * 104_729) % 1_000_000,
        ..Task::default()
    };
    let device = DeviceSpec { memory: 0, gpu: false, pool: Some(0) };
    let work = Work {
        tasks: (0..100_000).map(task).collect(),
        inputs: vec![Vec::new(); 100_000],
        models: Vec::new(),
        devices: vec![device; 64],
        pools: vec![48 << 30],
    };
    let begun = cpu_seconds();
    let outcome = play(&work, Rule::Weighed(Weights::default()));
    let seconds = cpu_seconds() - begun;
    println!("\n100,000 ready tasks in 25,000 sets on 64 CPU devices: {seconds:.2} s, {} done", outcome.done);
}
