//! What a graph and the remote cache give each other: records that a film uses are kept here, what the
//! remote lacks of it is offered, and a job's inputs are brought before the job.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::mpsc::UnboundedReceiver;

use super::driver::{Interrupts, stops};
use super::finish::step_text;
use super::protocol::{Blob, Failure, FailureKind, InputFrom, Job};
use super::standing::standing;
use crate::cache::remote::{Left, RemoteCache};
use crate::cache::{Cache, CacheError};
use crate::graph::Keyed;

/// How often the arrival of inputs is told.
const TELL: Duration = Duration::from_secs(1);

/// Keeps in the cache folder what the remote knows of a graph's nodes, and offers the remote what it lacks
/// of them. Does nothing where there is no remote.
pub fn share(keyed: &Keyed, cache: &mut Cache) -> Result<(), CacheError> {
    if cache.remote().is_none() {
        return Ok(());
    }
    let standing = standing(keyed, cache.records());
    for node in keyed.graph.node_indices().filter(|node| keyed.stored(*node)) {
        let here = &standing[node.index()];
        let (Some(action), Some(_)) = (here.action, &here.outputs) else { continue };
        if cache.adopt(&action)? {
            keyed.job(node).into_iter().try_for_each(|part| cache.explain(step_text(keyed, part)))?;
        }
        cache.offer(&action);
    }
    Ok(())
}

/// Brings artifacts here that the remote has; `told` hears every second how many bytes of how many have
/// come. What cannot be had is told by the remote's warnings and is missing as before. Whether a wish to
/// stop ended it.
pub fn bring(
    remote: &Arc<RemoteCache>,
    blobs: Vec<Blob>,
    told: &mut dyn FnMut(u64, u64),
) -> Result<bool, std::io::Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let stopped = runtime.block_on(async {
        let mut stops = stops(Interrupts::Signals);
        let mut fetching = Fetching::begin(remote.clone(), blobs);
        loop {
            tokio::select! {
                step = fetching.step() => match step {
                    None => told(fetching.arrived(), fetching.total),
                    Some(_) => return false,
                },
                Some(()) = stops.recv() => return true,
            }
        }
    });
    // What was called off may wait for a store that is silent.
    runtime.shutdown_background();
    Ok(stopped)
}

/// Waits at most for `limit` until the remote has what it was offered; `told` hears twice a second what is
/// left. A wish to stop ends the waiting, not the program: what was rendered is there. What is left then is
/// given by a later run.
pub fn settle(
    remote: &RemoteCache,
    limit: Duration,
    told: &mut dyn FnMut(Left),
) -> Result<Left, std::io::Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut stops = runtime.block_on(async { stops(Interrupts::Signals) });
    let stopped = |stops: &mut UnboundedReceiver<()>| {
        runtime.block_on(async { tokio::time::timeout(Duration::from_millis(1), stops.recv()).await }).is_ok()
    };
    Ok(remote.finish(limit, |left| {
        told(left);
        !stopped(&mut stops)
    }))
}

/// The inputs of a job that are not here, though the remote may have them.
pub(super) fn absent(job: &Job, remote: &RemoteCache) -> Vec<Blob> {
    let inputs = job.nodes.iter().flat_map(|node| &node.inputs);
    let blobs = inputs.filter_map(|input| match input.from {
        InputFrom::Blob(blob) => Some((blob.digest, blob)),
        InputFrom::Stream(_) => None,
    });
    let all: BTreeMap<_, _> = blobs.collect();
    all.into_values().filter(|blob| !remote.has_here(blob)).collect()
}

/// Artifacts on their way here, off the loop.
#[derive(Debug)]
pub(super) struct Fetching {
    task: tokio::task::JoinHandle<Vec<Blob>>,
    called_off: Arc<AtomicBool>,
    arrived: Arc<AtomicU64>,
    /// Bytes in all.
    pub total: u64,
}

impl Fetching {
    /// Begins to bring `blobs`.
    pub fn begin(remote: Arc<RemoteCache>, blobs: Vec<Blob>) -> Self {
        let (called_off, arrived) = (Arc::<AtomicBool>::default(), Arc::<AtomicU64>::default());
        let total = blobs.iter().map(|blob| blob.bytes).sum();
        let (stop, count) = (called_off.clone(), arrived.clone());
        let task = tokio::task::spawn_blocking(move || {
            remote.fetch_all(&blobs, &stop, &|bytes| {
                count.fetch_add(bytes, Ordering::Relaxed);
            });
            blobs.into_iter().filter(|blob| !remote.has_here(blob)).collect()
        });
        Self { task, called_off, arrived, total }
    }

    /// Waits for the end, at most as long as until progress is due to be told: then `None`. May be dropped
    /// and called again. What the job is to be answered where an input could not be had is in the error.
    pub async fn step(&mut self) -> Option<Result<(), Failure>> {
        let missing = tokio::time::timeout(TELL, &mut self.task).await.ok()?;
        let lost = |blob: &Blob| {
            let kind = FailureKind::BadInput { digest: blob.digest };
            Failure::new(kind, format!("its input {} could not be brought here", blob.digest.short()))
        };
        Some(match missing {
            Ok(missing) => missing.first().map_or(Ok(()), |blob| Err(lost(blob))),
            Err(error) => Err(Failure::transient(format!("its inputs could not be brought here: {error}"))),
        })
    }

    /// Bytes that have come.
    pub fn arrived(&self) -> u64 {
        self.arrived.load(Ordering::Relaxed)
    }
}

impl Drop for Fetching {
    fn drop(&mut self) {
        self.called_off.store(true, Ordering::Relaxed);
    }
}
