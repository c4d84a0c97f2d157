//! The remote as one process uses it: what it is known to hold, what is brought from it, and whether it
//! is still worth asking.
//!
//! What always holds: nothing that came from it is used before its digest is compared; once it fails to
//! answer it is not asked again by this process; and no failure of it is more than a warning.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::super::blobs::{BlobStore, BlobWriter};
use super::super::error::CacheError;
use super::super::records::{Entry, Records};
use super::segment::{self, MOST_BYTES, Mirror};
use super::{Listed, Remote, RemoteError};
use crate::clock::Moment;
use crate::graph::ActionKey;
use crate::run::protocol::Blob;
use crate::units::Digest;

/// How many objects are brought at once.
const AT_ONCE: usize = 8;

/// Oddities that are told one by one; of more, their number.
const MOST_WARNINGS: usize = 20;

/// The remote behind one cache folder.
#[derive(Debug)]
pub struct RemoteCache {
    pub(super) remote: std::sync::Arc<dyn Remote>,
    pub(super) store: BlobStore,
    state: Mutex<State>,
    /// Woken when there is something to give, or when the last of it is given.
    pub(super) wake: Condvar,
    /// The control of the tests: takes whatever bytes arrive.
    #[cfg(test)]
    pub(super) trusting: bool,
}

/// What is known of the remote.
#[derive(Debug, Default)]
pub(super) struct State {
    /// Its records alone.
    pub records: Records,
    /// The artifacts that its records name, and those given to it.
    pub holds: BTreeSet<Digest>,
    /// Artifacts that it should have and has not, or has with wrong bytes (`true`).
    pub lacks: BTreeMap<Digest, bool>,
    /// Why it is not asked any more.
    pub off: Option<String>,
    /// Why nothing is given to it any more.
    pub closed: Option<String>,
    pub warnings: Vec<String>,
    /// Oddities beyond those that are told.
    pub untold: usize,
    pub segments: usize,
    pub given: Giving,
}

/// What is being given to the remote.
#[derive(Debug, Default)]
pub(super) struct Giving {
    /// Waiting for their artifacts to be given.
    pub queue: VecDeque<Entry>,
    /// Their artifacts are given; they themselves are not.
    pub ready: Vec<Entry>,
    /// When the oldest of them became so.
    pub since: Option<Instant>,
    /// Records that were offered by this process: what was made anew, at another moment, is another.
    pub offered: BTreeSet<(ActionKey, Moment)>,
    /// Entries or segments in the hands of a thread.
    pub busy: usize,
    /// Threads.
    pub crew: usize,
    /// Whether everything is to be given now and the threads are to end.
    pub closing: bool,
    /// Bytes given.
    pub bytes: u64,
}

/// What a remote holds, as its records tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Holdings {
    /// Records that count.
    pub records: usize,
    /// Artifacts that they name.
    pub artifacts: usize,
    /// Objects that the records lie in.
    pub segments: usize,
}

/// What came of asking for an artifact.
enum Brought {
    Here,
    Gone,
    Wrong,
}

/// Why an artifact could not be brought.
#[derive(Debug, thiserror::Error)]
enum Unbrought {
    #[error(transparent)]
    Remote(#[from] RemoteError),
    #[error(transparent)]
    Cache(#[from] CacheError),
}

impl RemoteCache {
    /// The remote, behind the cache folder of `store`. Asks nothing of it yet.
    pub(in crate::cache) fn new(remote: std::sync::Arc<dyn Remote>, store: BlobStore) -> Self {
        Self {
            remote,
            store,
            state: Mutex::default(),
            wake: Condvar::new(),
            #[cfg(test)]
            trusting: false,
        }
    }

    /// Where it is, for people.
    pub fn place(&self) -> String {
        self.remote.place()
    }

    /// Reads all its records, of which those that were brought here before cost no transfer: one listing,
    /// and a request for every new segment.
    pub(in crate::cache) fn read(&self) -> Vec<Entry> {
        let listed = match self.remote.list("records") {
            Ok(listed) => listed,
            Err(error) => {
                self.failed(&error);
                return Vec::new();
            }
        };
        let names = self.named(listed);
        let mirror = Mirror::of(self.store.root(), &self.place());
        let texts = self.texts(&names, &mirror);
        let now = Moment::now();
        let mut all = Vec::new();
        for (name, text) in texts {
            let segment::Read { entries, odd } = segment::read(&text, now);
            if let Some(odd) = odd {
                self.warn(format!("{}: records/{} {odd}", self.place(), name.short()));
            }
            all.extend(entries);
        }
        let mut state = self.lock();
        state.segments = names.len();
        for entry in &all {
            state.learn(entry.clone());
        }
        all
    }

    /// Looks which artifacts it has, where its records only tell what it may have: one listing of them all.
    pub fn look(&self) {
        let listed = match self.remote.list("blobs") {
            Ok(listed) => listed,
            Err(error) => return self.failed(&error),
        };
        let digest = |name: &str| name.rsplit('/').next().and_then(|last| last.parse::<Digest>().ok());
        let there: BTreeMap<Digest, u64> =
            listed.iter().filter_map(|one| Some((digest(&one.name)?, one.bytes))).collect();
        let named = self.artifacts();
        let mut state = self.lock();
        for blob in named {
            if there.get(&blob.digest) != Some(&blob.bytes) {
                state.lacks.entry(blob.digest).or_insert(false);
            } else if state.lacks.get(&blob.digest) == Some(&false) {
                state.lacks.remove(&blob.digest);
            }
        }
    }

    /// The segments among what was listed.
    fn named(&self, listed: Vec<Listed>) -> Vec<(Digest, u64)> {
        let mut names = Vec::new();
        for Listed { name, bytes } in listed {
            match name.rsplit('/').next().and_then(|last| last.parse::<Digest>().ok()) {
                Some(digest) if bytes <= MOST_BYTES => names.push((digest, bytes)),
                Some(digest) => {
                    let text = format!("{}: records/{} is too long to be read", self.place(), digest.short());
                    self.warn(text);
                }
                None => {}
            }
        }
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The contents of segments, in the order of their names.
    fn texts(&self, names: &[(Digest, u64)], mirror: &Mirror) -> Vec<(Digest, Vec<u8>)> {
        let found = Mutex::new(BTreeMap::new());
        self.side_by_side(names, |(name, bytes)| {
            let text = mirror.find(name).or_else(|| self.bring_segment(name, *bytes, mirror));
            if let Some(text) = text {
                found.lock().unwrap_or_else(PoisonError::into_inner).insert(*name, text);
            }
        });
        found.into_inner().unwrap_or_else(PoisonError::into_inner).into_iter().collect()
    }

    fn bring_segment(&self, name: &Digest, bytes: u64, mirror: &Mirror) -> Option<Vec<u8>> {
        if self.is_off() {
            return None;
        }
        let mut text = Vec::new();
        match self.remote.get(&record_name(name), bytes, &mut text) {
            Ok(true) if Digest::of(&text) == *name => {}
            Ok(true) | Err(RemoteError::TooLong) => {
                let short = name.short();
                self.warn(format!("{}: records/{short} is not what its name says; left out", self.place()));
                return None;
            }
            Ok(false) => return None,
            Err(error) => {
                self.failed(&error);
                return None;
            }
        }
        if let Err(error) = mirror.keep(&self.store, name, &text) {
            self.warn(format!("the remote cache's records could not be kept here: {error}"));
        }
        Some(text)
    }

    /// Does the same for each of `all`, several at once.
    fn side_by_side<T: Sync>(&self, all: &[T], each: impl Fn(&T) + Sync) {
        let next = AtomicUsize::new(0);
        let work = || {
            while let Some(one) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
                each(one);
            }
        };
        std::thread::scope(|scope| {
            for number in 1..AT_ONCE.min(all.len()) {
                let named = std::thread::Builder::new().name(format!("bring-{number}"));
                // Where no thread can be had, the others do its part.
                let _ = named.spawn_scoped(scope, work);
            }
            work();
        });
    }

    /// What it holds.
    pub fn holdings(&self) -> Holdings {
        let state = self.lock();
        let (records, artifacts) = (state.records.len(), state.holds.len());
        Holdings { records, artifacts, segments: state.segments }
    }

    /// The artifacts that its records name, with their sizes.
    pub fn artifacts(&self) -> BTreeSet<Blob> {
        self.lock().records.iter().flat_map(|record| record.outputs.values().copied()).collect()
    }

    /// Whether an artifact is in the cache folder before it.
    pub fn has_here(&self, blob: &Blob) -> bool {
        self.store.has(blob)
    }

    /// Whether an artifact can be had from it, as far as is known.
    pub fn offers(&self, blob: &Blob) -> bool {
        let state = self.lock();
        state.off.is_none() && state.holds.contains(&blob.digest) && !state.lacks.contains_key(&blob.digest)
    }

    /// Whether an artifact is not in the folder before it, and can be had from it.
    pub fn offers_only(&self, blob: &Blob) -> bool {
        !self.store.has(blob) && self.offers(blob)
    }

    /// Brings an artifact here, unless it is here; whether it is here now. `told` hears of bytes as they
    /// come; setting `called_off` ends the transfer.
    pub fn fetch(&self, blob: &Blob, called_off: &AtomicBool, told: &(dyn Fn(u64) + Sync)) -> bool {
        if self.store.has(blob) {
            return true;
        }
        if !self.offers(blob) {
            return false;
        }
        match self.bring(blob, called_off, told) {
            Ok(Brought::Here) => return true,
            Ok(Brought::Gone) => self.lacks(blob, false, "is no longer in the remote cache"),
            Ok(Brought::Wrong) => {
                self.lacks(blob, true, "came with wrong bytes from the remote cache, which were set aside");
            }
            Err(Unbrought::Remote(RemoteError::Here(_))) if called_off.load(Ordering::Relaxed) => {}
            Err(Unbrought::Remote(error)) => self.failed(&error),
            Err(Unbrought::Cache(error)) => self.warn(error.to_string()),
        }
        false
    }

    /// Brings several, some at once; how many are not here afterwards.
    pub fn fetch_all(&self, blobs: &[Blob], called_off: &AtomicBool, told: &(dyn Fn(u64) + Sync)) -> usize {
        let missing = AtomicUsize::new(0);
        self.side_by_side(blobs, |blob| {
            if !self.fetch(blob, called_off, told) {
                missing.fetch_add(1, Ordering::Relaxed);
            }
        });
        missing.into_inner()
    }

    fn bring(
        &self,
        blob: &Blob,
        called_off: &AtomicBool,
        told: &(dyn Fn(u64) + Sync),
    ) -> Result<Brought, Unbrought> {
        let mut arriving = Arriving { writer: self.store.writer()?, called_off, told };
        let whole = match self.remote.get(&blob_name(&blob.digest), blob.bytes, &mut arriving) {
            Err(RemoteError::TooLong) => false,
            Ok(true) => true,
            Ok(false) => return Ok(Brought::Gone),
            Err(error) => return Err(error.into()),
        };
        let sound = whole && arriving.writer.content() == *blob;
        #[cfg(test)]
        let sound = sound || self.trusting;
        if !sound {
            arriving.writer.set_aside(&blob.digest)?;
            return Ok(Brought::Wrong);
        }
        arriving.writer.finish_as(*blob)?;
        Ok(Brought::Here)
    }

    fn lacks(&self, blob: &Blob, wrong: bool, how: &str) {
        self.lock().lacks.insert(blob.digest, wrong);
        let short = blob.digest.short();
        self.warn(format!("the artifact {short} {how}; what needs it is made here instead"));
    }

    /// Whether it lacks an artifact that its records name.
    pub(in crate::cache) fn is_known_to_lack(&self, digest: &Digest) -> bool {
        self.lock().lacks.contains_key(digest)
    }

    /// It failed. One that does not answer, or forbids reading, is not asked again.
    pub(super) fn failed(&self, error: &RemoteError) {
        let place = self.place();
        let mut state = self.lock();
        if state.off.is_some() {
            return;
        }
        match error {
            RemoteError::Unreachable(reason) | RemoteError::Refused(reason) => {
                state.off = Some(reason.clone());
                let text =
                    format!("the remote cache {place} is left aside: {reason}; the work goes on without it");
                state.warnings.push(text);
                drop(state);
                self.wake.notify_all();
            }
            RemoteError::TooLong | RemoteError::Here(_) => state.warn(format!("{place}: {error}")),
        }
    }

    /// Why it is not asked any more, if so.
    pub fn off(&self) -> Option<String> {
        self.lock().off.clone()
    }

    /// Why nothing is given to it any more though it is read, if so.
    pub fn closed(&self) -> Option<String> {
        self.lock().closed.clone()
    }

    fn is_off(&self) -> bool {
        self.lock().off.is_some()
    }

    pub(super) fn warn(&self, text: String) {
        self.lock().warn(text);
    }

    /// What is to be told, since last asked.
    pub fn warnings(&self) -> Vec<String> {
        let mut state = self.lock();
        let mut all = std::mem::take(&mut state.warnings);
        let untold = std::mem::take(&mut state.untold);
        if untold > 0 {
            all.push(format!("{}: and {untold} more such oddities", self.place()));
        }
        all
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Tells something odd. What many artifacts have in common, such as a folder that is gone, is told once.
    pub fn warn(&mut self, text: String) {
        if self.warnings.contains(&text) {
            return;
        }
        if self.warnings.len() < MOST_WARNINGS {
            self.warnings.push(text);
        } else {
            self.untold += 1;
        }
    }

    /// The remote has this entry.
    pub fn learn(&mut self, entry: Entry) {
        if let Entry::Made(record) = &entry {
            self.holds.extend(record.outputs.values().map(|blob| blob.digest));
        }
        self.records.merge(entry);
    }
}

/// The object that holds an artifact.
pub(super) fn blob_name(digest: &Digest) -> String {
    let name = digest.to_string();
    format!("blobs/{}/{name}", &name[..2])
}

/// The object that holds a segment.
pub(super) fn record_name(digest: &Digest) -> String {
    format!("records/{digest}")
}

/// An artifact on its way here.
struct Arriving<'a> {
    writer: BlobWriter<'a>,
    called_off: &'a AtomicBool,
    told: &'a (dyn Fn(u64) + Sync),
}

impl Write for Arriving<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.called_off.load(Ordering::Relaxed) {
            return Err(io::Error::other("called off"));
        }
        let written = self.writer.write(bytes)?;
        (self.told)(written as u64);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}
