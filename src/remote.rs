//! The remote cache as the commands use it. Only an option or the environment names one, never a storyboard
//! or a file of the project: what is rendered must not choose whom this machine talks to.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use storyreel_engine::cache::Cache;
use storyreel_engine::cache::remote::{Left, RemoteCache};
use storyreel_engine::run::protocol::Blob;
use storyreel_engine::run::{bring, settle};
use storyreel_engine::storyboard::render::visible;

use crate::cli::RemoteArgs;
use crate::exit::{Exit, Refusal};
use crate::terminal::{bytes, counted};

/// How long a render waits at its end for what is still being given, unless it is told otherwise.
const WAIT: Duration = Duration::from_secs(600);

/// How often waiting is told.
const TELL: Duration = Duration::from_secs(5);

/// Puts the remote that was asked for behind the cache; does nothing where none was.
pub fn attach(args: &RemoteArgs, cache: &mut Cache) -> anyhow::Result<()> {
    let Some(url) = args.remote_cache.as_deref().filter(|url| !url.is_empty()) else { return Ok(()) };
    let patience = args.remote_patience.map_or(storyreel_remote::PATIENCE, Duration::from_secs);
    let remote = storyreel_remote::open(url, patience.max(Duration::from_secs(1)))
        .map_err(|error| Refusal::usage(error.to_string()))?;
    cache.attach(remote);
    Ok(())
}

/// Tells what went wrong with it since last told.
pub fn tell(cache: &Cache, note: &dyn Fn(&str)) {
    for warning in cache.remote().map(|remote| remote.warnings()).unwrap_or_default() {
        note(&visible(&format!("warning: {warning}")));
    }
}

/// Brings artifacts here that the remote has. What cannot be had is told, and is missing as before.
pub fn fetch(
    cache: &Cache,
    blobs: impl IntoIterator<Item = Blob>,
    note: &dyn Fn(&str),
) -> anyhow::Result<()> {
    let Some(remote) = cache.remote() else { return Ok(()) };
    let absent: BTreeSet<Blob> = blobs.into_iter().filter(|blob| remote.offers_only(blob)).collect();
    let absent: Vec<Blob> = absent.into_iter().collect();
    if absent.is_empty() {
        return Ok(());
    }
    let mut told = Instant::now();
    let stopped = bring(remote, absent, &mut |came, total| {
        if told.elapsed() >= TELL {
            told = Instant::now();
            note(&format!("from the remote cache: {} of {}", bytes(came), bytes(total)));
        }
    })?;
    tell(cache, note);
    if stopped {
        let text = "stopped; what is finished is kept, and the same command goes on from there";
        return Err(Refusal::new(Exit::Cancelled, text).into());
    }
    Ok(())
}

/// Waits for what is still being given, tells how far it is, and what is left for the next render.
pub fn finish(cache: &Cache, args: &RemoteArgs, stopped: bool, note: &dyn Fn(&str)) -> anyhow::Result<()> {
    let asked = args.remote_wait.map_or(WAIT, Duration::from_secs);
    let left = wait(cache, if stopped { Duration::ZERO } else { asked }, note)?;
    if left.nodes > 0 {
        note(&format!(
            "{} not given to the remote cache yet; the next render of this film with it goes on",
            if left.nodes == 1 { "1 result is".to_owned() } else { format!("{} results are", left.nodes) },
        ));
    }
    Ok(())
}

/// Waits, however long it takes, until the remote has all that it was offered or does not take it any more;
/// whether a wish to stop ended it, and the bytes given.
pub fn give(cache: &Cache, note: &dyn Fn(&str)) -> anyhow::Result<(bool, u64)> {
    let left = wait(cache, Duration::MAX, note)?;
    let takes = cache.remote().is_some_and(|remote| remote.off().is_none() && remote.closed().is_none());
    Ok((takes && left.nodes > 0, left.given))
}

/// Waits at most for `limit` for what is still being given, and tells how far it is; what is left then.
fn wait(cache: &Cache, limit: Duration, note: &dyn Fn(&str)) -> anyhow::Result<Left> {
    let Some(remote) = cache.remote() else { return Ok(Left::default()) };
    let mut told = Instant::now();
    let left = settle(remote, limit, &mut |left| {
        if told.elapsed() >= TELL {
            told = Instant::now();
            note(&format!("giving to the remote cache: {}", standing(left)));
        }
    })?;
    tell(cache, note);
    Ok(left)
}

fn standing(left: Left) -> String {
    format!("{} results left, {} given", left.nodes, bytes(left.given))
}

/// What it is and whether it answers, in a line.
pub fn described(remote: &RemoteCache) -> Result<String, String> {
    let place = remote.place();
    match remote.off() {
        Some(reason) => Err(format!("{place}: {reason}")),
        None => {
            let held = remote.holdings();
            let (records, artifacts) =
                (counted(held.records as u64, "record"), counted(held.artifacts as u64, "artifact"));
            Ok(format!("{place}: {records} that name {artifacts}"))
        }
    }
}
