//! `storyreel cache size|verify|gc`.

use std::env;

use storyreel_engine::cache::{Cache, gc, size, verify};

use crate::cli::{self, CacheAction, Places};
use crate::exit::{Exit, Refusal};
use crate::output::say;
use crate::project::Project;
use crate::terminal::{bytes, parse_bytes};

/// Does it.
pub fn run(args: &cli::Cache) -> anyhow::Result<Exit> {
    let places = Places { cache: args.cache.clone(), out: None };
    let project = Project::of_folder(&env::current_dir()?, &places)?;
    let mut cache = Cache::open(&project.cache)?;
    match &args.action {
        CacheAction::Size => told_size(&cache),
        CacheAction::Verify => told_verify(&cache),
        CacheAction::Gc { keep } => {
            let keep = parse_bytes(keep)
                .ok_or_else(|| Refusal::usage(format!("`{keep}` is not a size; write `20GB` or `500MiB`")))?;
            told_gc(&mut cache, keep)
        }
    }
}

fn told_size(cache: &Cache) -> anyhow::Result<Exit> {
    let report = size(cache)?;
    say(format_args!("{}", cache.store().root().display()))?;
    for (kind, amount) in &report.by_kind {
        say(format_args!("  {kind:<12} {:>9}  {}", bytes(amount.bytes), counted(amount.count, "artifact")))?;
    }
    let all = report.artifacts;
    say(format_args!("  {:<12} {:>9}  {}", "in all", bytes(all.bytes), counted(all.count, "artifact")))?;
    say(format_args!(
        "  {:<12} {:>9}  {}",
        "records",
        bytes(report.log_bytes),
        counted(report.records, "record")
    ))?;
    if report.temporary.count > 0 {
        let amount = report.temporary;
        say(format_args!(
            "  {:<12} {:>9}  {}",
            "in the works",
            bytes(amount.bytes),
            counted(amount.count, "file")
        ))?;
    }
    if report.damaged.count > 0 {
        let amount = report.damaged;
        say(format_args!(
            "  {:<12} {:>9}  {}, until the next `cache gc`",
            "set aside",
            bytes(amount.bytes),
            counted(amount.count, "damaged artifact")
        ))?;
    }
    Ok(Exit::Done)
}

fn told_verify(cache: &Cache) -> anyhow::Result<Exit> {
    let report = verify(cache, &mut |_, _| {})?;
    for failed in &report.failed {
        say(format_args!("{failed}"))?;
    }
    for (digest, what) in &report.damaged {
        say(format_args!("damaged: {} ({what})", digest.short()))?;
    }
    let checked = format!("{}, {}", counted(report.checked.count, "artifact"), bytes(report.checked.bytes));
    if report.damaged.is_empty() && report.failed.is_empty() {
        say(format_args!("{checked}: all sound"))?;
        return Ok(Exit::Done);
    }
    if !report.failed.is_empty() {
        say(format_args!("{}", counted(report.failed.len() as u64, "file that could not be dealt with")))?;
    }
    let damaged = counted(report.damaged.len() as u64, "damaged one");
    let aside = cache.store().damaged();
    say(format_args!(
        "{checked}: {damaged} set aside in {}; the next render makes what it needs of them again",
        aside.display()
    ))?;
    Ok(Exit::Failed)
}

fn told_gc(cache: &mut Cache, keep: u64) -> anyhow::Result<Exit> {
    let report = gc(cache, keep)?;
    let removed = format!("{}, {}", counted(report.removed.count, "artifact"), bytes(report.removed.bytes));
    let kept = format!("{}, {}", counted(report.kept.count, "artifact"), bytes(report.kept.bytes));
    say(format_args!("removed {removed}; kept {kept}"))?;
    if report.pinned.count > 0 {
        let pinned = report.pinned;
        say(format_args!(
            "of these {} ({}) are in use by a run",
            counted(pinned.count, "artifact"),
            bytes(pinned.bytes)
        ))?;
    }
    for failed in &report.failed {
        say(format_args!("{failed}"))?;
    }
    Ok(if report.failed.is_empty() { Exit::Done } else { Exit::Failed })
}

fn counted(count: u64, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}
