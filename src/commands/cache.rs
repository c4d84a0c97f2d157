//! `storyreel cache size|verify|gc|push|pull`.

use std::collections::BTreeSet;
use std::env;
use std::time::Duration;

use storyreel_engine::cache::{Cache, Keep, gc, size, verify};
use storyreel_engine::run::protocol::Blob;
use storyreel_engine::storyboard::render::visible;

use crate::cli::{self, CacheAction, Places};
use crate::exit::{Exit, Refusal};
use crate::output::{note, say};
use crate::project::Project;
use crate::remote;
use crate::terminal::{bytes, counted, parse_age, parse_bytes};

/// Does it.
pub fn run(args: &cli::Cache) -> anyhow::Result<Exit> {
    let places = Places { cache: args.cache.clone(), out: None };
    let project = Project::of_folder(&env::current_dir()?, &places)?;
    if !matches!(args.action, CacheAction::Pull) && !project.cache.exists() {
        let text = format!("there is no cache in `{}`", project.cache.display());
        // One that was named should be there; a project's own comes with its first render.
        anyhow::ensure!(args.cache.is_none(), text);
        say(format_args!("{} yet", visible(&text)))?;
        return Ok(Exit::Done);
    }
    let mut cache = Cache::open(&project.cache)?;
    match &args.action {
        CacheAction::Size => {
            told_size(&cache)?;
            remote::attach(&args.remote, &mut cache)?;
            told_remote(&cache)
        }
        CacheAction::Push => push(args, &mut cache),
        CacheAction::Pull => pull(args, &mut cache),
        CacheAction::Verify => told_verify(&cache),
        CacheAction::Gc { keep, older_than } => {
            if keep.is_none() && older_than.is_none() {
                let text = "say what may stay: `--keep 20GB`, `--older-than 30d`, or both";
                return Err(Refusal::usage(text));
            }
            let keep = Keep {
                bytes: keep.as_deref().map_or(Ok(u64::MAX), size_of)?,
                used_within: older_than.as_deref().map(age_of).transpose()?,
            };
            told_gc(&mut cache, keep)
        }
    }
}

/// What the remote is and whether it answers, where one was named.
fn told_remote(cache: &Cache) -> anyhow::Result<Exit> {
    let Some(remote) = cache.remote() else { return Ok(Exit::Done) };
    let (Ok(text) | Err(text)) = remote::described(remote);
    say(format_args!("{}", visible(&format!("remote {text}"))))?;
    Ok(if remote.off().is_some() { Exit::Failed } else { Exit::Done })
}

/// Gives the remote every record and every artifact that it lacks. Whatever it has not in the end, for whatever
/// reason, is told and makes this fail: who asks for everything to be given relies on it.
fn push(args: &cli::Cache, cache: &mut Cache) -> anyhow::Result<Exit> {
    reached(args, cache)?;
    let actions: Vec<_> = cache.records().iter().map(|record| record.action).collect();
    actions.iter().for_each(|action| cache.offer(action));
    let (stopped, given) = remote::give(cache, &note)?;
    say(format_args!("{} given", bytes(given)))?;
    let exit = told_remote(cache)?;
    let left = cache.ungiven();
    if left == 0 {
        return Ok(exit);
    }
    say(format_args!("{}", visible(&not_given(cache, left))))?;
    Ok(if stopped { Exit::Cancelled } else { Exit::Failed })
}

/// That so many results are not in the remote, and why, where it is the remote that does not take them.
fn not_given(cache: &Cache, left: usize) -> String {
    let why = cache.remote().and_then(|remote| remote.off().or_else(|| remote.closed()));
    let why = why.map_or("; the same command goes on from there".to_owned(), |why| format!(": {why}"));
    format!("{} could not be given to the remote cache{why}", counted(left as u64, "result"))
}

/// Brings every record here, and every artifact that the remote has.
fn pull(args: &cli::Cache, cache: &mut Cache) -> anyhow::Result<Exit> {
    reached(args, cache)?;
    let actions: Vec<_> = cache.records().iter().map(|record| record.action).collect();
    for action in &actions {
        cache.adopt(action)?;
    }
    let Some(remote) = cache.remote() else { return Ok(Exit::Done) };
    let named = remote.artifacts().into_iter().filter(|blob| !cache.store().has(blob));
    let (absent, gone): (BTreeSet<Blob>, BTreeSet<Blob>) = named.partition(|blob| remote.offers(blob));
    remote::fetch(cache, absent.iter().copied(), &note)?;
    cache.sync()?;
    let (came, missing): (Vec<_>, Vec<_>) = absent.into_iter().partition(|blob| cache.store().has(blob));
    let (size, missing) = (came.iter().map(|blob| blob.bytes).sum(), missing.len() as u64);
    say(format_args!("{}, {}, brought here", counted(came.len() as u64, "artifact"), bytes(size)))?;
    told_remote(cache)?;
    if !gone.is_empty() {
        let gone = counted(gone.len() as u64, "artifact");
        say(format_args!(
            "{gone} of these it never had, or has no more: a render makes what it needs of them"
        ))?;
    }
    if missing > 0 {
        say(format_args!("{} could not be brought here", counted(missing, "artifact")))?;
    }
    Ok(if missing == 0 { Exit::Done } else { Exit::Failed })
}

/// Puts the remote behind the cache, and looks what it has. Here, unlike in a render, it is a need.
fn reached(args: &cli::Cache, cache: &mut Cache) -> anyhow::Result<()> {
    remote::attach(&args.remote, cache)?;
    let Some(remote) = cache.remote() else {
        return Err(Refusal::usage("which remote cache? Name it with --remote-cache"));
    };
    if remote.off().is_none() {
        remote.look();
    }
    match remote.off() {
        Some(reason) => Err(anyhow::anyhow!("{}: {reason}", remote.place())),
        None => Ok(()),
    }
}

fn size_of(text: &str) -> anyhow::Result<u64> {
    let wrong = || Refusal::usage(format!("`{text}` is not a size; write `20GB` or `500MiB`"));
    parse_bytes(text).ok_or_else(wrong)
}

fn age_of(text: &str) -> anyhow::Result<Duration> {
    let wrong = || Refusal::usage(format!("`{text}` is not an age; write `30d`, `2w` or `12h`"));
    parse_age(text).ok_or_else(wrong)
}

fn told_size(cache: &Cache) -> anyhow::Result<Exit> {
    let report = size(cache)?;
    say(format_args!("{}", visible(&cache.store().root().display().to_string())))?;
    for (kind, amount) in &report.by_kind {
        row(kind, amount.bytes, amount.count, "artifact", "")?;
    }
    row("in all", report.artifacts.bytes, report.artifacts.count, "artifact", "")?;
    row("records", report.log_bytes, report.records, "record", "")?;
    if report.temporary.count > 0 {
        row("in the works", report.temporary.bytes, report.temporary.count, "file", "")?;
    }
    if report.damaged.count > 0 {
        let until = ", until the next `cache gc`";
        row("set aside", report.damaged.bytes, report.damaged.count, "damaged artifact", until)?;
    }
    Ok(Exit::Done)
}

/// What there is, how large it is, how many.
fn row(what: &str, size: u64, count: u64, thing: &str, note: &str) -> anyhow::Result<()> {
    say(format_args!("  {what:<12} {:>9}  {}{note}", bytes(size), counted(count, thing)))
}

/// Files that something went wrong with.
fn told_failed(failed: &[String]) -> anyhow::Result<()> {
    failed.iter().try_for_each(|one| say(format_args!("{}", visible(one))))
}

fn told_verify(cache: &Cache) -> anyhow::Result<Exit> {
    let report = verify(cache, &mut |_, _| {})?;
    told_failed(&report.failed)?;
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
        visible(&aside.display().to_string())
    ))?;
    Ok(Exit::Failed)
}

fn told_gc(cache: &mut Cache, keep: Keep) -> anyhow::Result<Exit> {
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
    told_failed(&report.failed)?;
    Ok(if report.failed.is_empty() { Exit::Done } else { Exit::Failed })
}
