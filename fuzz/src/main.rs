//! `storyreel-fuzz`: the seeded runner by hand and for the tests; one target a process, so that a stack used
//! up or a hang ends nothing else.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use clap::Parser;
use storyreel_fuzz::seeded::{Amount, Outcome, Places, one, run};
use storyreel_fuzz::{Target, target};

/// Varies the corpus of a target by a seed; exits with 1 where an input fails.
#[derive(Debug, Parser)]
struct Arguments {
    /// storyboard, cache, plan.
    target: String,
    /// Run these files alone.
    files: Vec<PathBuf>,
    /// Inputs beyond the corpus, at most.
    #[arg(long, default_value_t = 1000)]
    runs: u64,
    /// Seconds of processor time, at most.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// The seed of the variation.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The corpora, a folder a target.
    #[arg(long, default_value = "fuzz/corpus")]
    corpus: PathBuf,
    /// The dictionaries, a file a target.
    #[arg(long, default_value = "fuzz/dictionaries")]
    dictionaries: PathBuf,
    /// Where inputs that fail are put.
    #[arg(long, default_value = "target/fuzz-artifacts")]
    artifacts: PathBuf,
}

fn main() -> anyhow::Result<ExitCode> {
    let arguments = Arguments::parse();
    let target =
        target(&arguments.target).with_context(|| format!("there is no target {}", arguments.target))?;
    let Arguments { corpus, dictionaries, artifacts, .. } = &arguments;
    let places =
        Places { corpus: corpus.clone(), dictionaries: dictionaries.clone(), artifacts: artifacts.clone() };
    let mut sound = true;
    if arguments.files.is_empty() {
        let time = Duration::from_secs(arguments.seconds);
        let amount = Amount { runs: arguments.runs, time, seed: arguments.seed };
        let outcome =
            run(target, &places, amount).with_context(|| format!("the corpus in {}", corpus.display()))?;
        sound = tell(target, &outcome, None);
    }
    for file in &arguments.files {
        let input = fs::read(file).with_context(|| file.display().to_string())?;
        sound &= tell(target, &one(target, &places, &input)?, Some(file));
    }
    Ok(if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Says what came of it; whether all is well.
#[expect(clippy::print_stdout, reason = "this is what the program says")]
fn tell(target: &Target, outcome: &Outcome, file: Option<&Path>) -> bool {
    let Outcome { runs, memory, slowest, fault } = outcome;
    let of = file.map(|file| format!(" {}:", file.display())).unwrap_or_default();
    println!(
        "{}:{of} {runs} runs, slowest {} ms, peak {} MB",
        target.name,
        slowest.as_millis(),
        memory >> 20
    );
    if let Some((fault, path)) = fault {
        println!("{}: {fault:?}\n  shown by {}", target.name, path.display());
    }
    fault.is_none()
}
