//! What has been made, by content, and the log of what made it.
//!
//! The folder holds `blobs/` (artifacts by digest), `log/` (records), `why/` (what each step was), `files/`
//! (digests of the project's files), `answers/` (renders that had nothing to do), `lately/` (which steps a film
//! had when it was last rendered), `tools.json` (what was found out about tools), `pins/`, `tmp/`, `damaged/`
//! (what was set aside) and `remote/` (records brought from a remote). Every process writes files of its own
//! only, or replaces as a whole what may as well be lost (`answers/`, `lately/`, `tools.json`), so any number of
//! processes share a cache without locks, on network folders too. Behind the folder there may be a [`remote`].

mod blobs;
mod collect;
mod error;
mod log;
mod memo;
mod pins;
mod records;
pub mod remote;
mod root;
mod steps;
mod writer;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use blobs::{BlobStore, BlobWriter, Scratch, digest_of_file};
pub use collect::{Amount, GcReport, Keep, SizeReport, VerifyReport, gc, size, verify};
pub use error::CacheError;
pub use memo::FileMemo;
pub use pins::Pins;
pub use records::{Entry, Formula, Record, Records};
pub use root::Root;
use steps::Told;
pub use steps::{StepInput, StepText, Steps};
pub use writer::{Alive, Writer};

use self::log::Log;
use self::remote::{Remote, RemoteCache};
use crate::clock::Moment;
use crate::graph::ActionKey;
use crate::looks::Looks;
use crate::run::protocol::Blob;

/// The logs of records in the cache folder `root`, and how each looks: they tell whether any record has come or gone
/// without being read.
///
/// # Errors
/// The folder of logs cannot be listed, or a log cannot be looked at.
pub fn log_files(root: &Path) -> Result<BTreeMap<PathBuf, Looks>, CacheError> {
    let mut found = BTreeMap::new();
    for (path, _) in blobs::by_writer(&root.join("log"))? {
        let looks = Looks::of(&path).map_err(|error| CacheError::io(&path, &error))?;
        found.insert(path, looks);
    }
    Ok(found)
}

/// The version of the log of records. Version 1 had no formulas.
const RECORDS: u32 = 2;

/// A cache folder as the front sees it: artifacts and what made them. Workers need only the [`BlobStore`].
#[derive(Debug)]
pub struct Cache {
    store: BlobStore,
    log: Log<Entry>,
    records: Records,
    why: Log<StepText>,
    told: Told,
    last: Moment,
    /// Entries of others that were taken in and not told of yet.
    taken: usize,
    remote: Option<Arc<RemoteCache>>,
    /// Actions whose record came from the remote and is in no log here.
    foreign: BTreeSet<ActionKey>,
}

/// What became of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Put {
    /// It counts.
    Kept,
    /// Another process finished the same earlier, with the same bytes.
    Same,
    /// Another process finished the same earlier, with other bytes: that record counts.
    Discarded(Box<Record>),
}

impl Cache {
    /// Opens a cache folder, which need not exist yet: reads all records and sweeps what dead processes left
    /// in `tmp/`.
    pub fn open(root: impl Into<PathBuf>) -> Result<Self, CacheError> {
        let mut cache = Self::unread(root);
        cache.store.sweep()?;
        cache.refresh()?;
        Ok(cache)
    }

    /// A cache of which nothing has been read.
    pub(crate) fn unread(root: impl Into<PathBuf>) -> Self {
        let store = BlobStore::open(root);
        let log = Log::new(store.folder(), "log", "records", RECORDS);
        let why = Log::new(store.folder(), "why", "steps", 1);
        Self {
            store,
            log,
            records: Records::default(),
            why,
            told: Told::default(),
            last: Moment(0),
            taken: 0,
            remote: None,
            foreign: BTreeSet::new(),
        }
    }

    /// Puts a remote behind this cache: from here on its records count like those of any other process,
    /// its artifacts are [available](Self::available), and what is made here is offered to it. What goes
    /// wrong with it is among its [warnings](RemoteCache::warnings).
    pub fn attach(&mut self, remote: Arc<dyn Remote>) {
        let remote = RemoteCache::new(remote, BlobStore::open(self.store.root()));
        for entry in remote.read() {
            if let Entry::Made(record) = &entry
                && self.records.find(&record.action) != Some(record)
            {
                self.foreign.insert(record.action);
            }
            self.records.merge(entry);
        }
        self.remote = Some(Arc::new(remote));
    }

    /// The remote behind it, if there is one.
    pub fn remote(&self) -> Option<&Arc<RemoteCache>> {
        self.remote.as_ref()
    }

    /// Whether an artifact is here, or can be had from the remote as far as is known.
    pub fn available(&self, blob: &Blob) -> bool {
        self.store.has(blob) || self.remote.as_ref().is_some_and(|remote| remote.offers(blob))
    }

    /// Writes a record that came from the remote to the log here, so that it counts without the remote,
    /// too; whether there was one to write. What it made void is void without the remote, too: an older record
    /// in a log here would stand before it.
    pub fn adopt(&mut self, action: &ActionKey) -> Result<bool, CacheError> {
        if !self.foreign.remove(action) {
            return Ok(false);
        }
        let Some(record) = self.records.find(action) else { return Ok(false) };
        if let Some(when) = self.records.forgotten(action) {
            self.log.append(&Entry::Forget { action: *action, when })?;
        }
        self.log.append(&Entry::Made(record.clone()))?;
        Ok(true)
    }

    /// Offers an action's record to the remote, with its artifacts, if the remote has no equal one.
    pub fn offer(&self, action: &ActionKey) {
        let (Some(remote), Some(record)) = (&self.remote, self.records.find(action)) else { return };
        if !remote.wants(record) {
            return;
        }
        remote.offer(record.clone(), self.records.forgotten(action));
    }

    /// How many records the remote has not, or not with all the artifacts that it could have from here; none
    /// where there is no remote.
    pub fn ungiven(&self) -> usize {
        let Some(remote) = &self.remote else { return 0 };
        self.records.iter().filter(|record| remote.wants(record)).count()
    }

    /// The artifacts.
    pub fn store(&self) -> &BlobStore {
        &self.store
    }

    /// What made them, as last read.
    pub fn records(&self) -> &Records {
        &self.records
    }

    /// Takes in what other processes have recorded since this was last asked; how many entries.
    pub fn refresh(&mut self) -> Result<usize, CacheError> {
        self.take_in()?;
        Ok(std::mem::take(&mut self.taken))
    }

    fn take_in(&mut self) -> Result<(), CacheError> {
        let (records, taken) = (&mut self.records, &mut self.taken);
        self.log.refresh(|entry| {
            records.merge(entry);
            *taken += 1;
        })
    }

    /// What was odd about the logs, for people.
    pub fn warnings(&mut self) -> Vec<String> {
        let mut all = self.log.warnings();
        all.extend(self.why.warnings());
        all
    }

    /// Records what a node gave, unless another process did so first. Sets `when` and `by`.
    pub fn put(&mut self, mut record: Record) -> Result<Put, CacheError> {
        self.take_in()?;
        if let Some(first) = self.records.find(&record.action) {
            let same = first.outputs == record.outputs;
            return Ok(if same { Put::Same } else { Put::Discarded(Box::new(first.clone())) });
        }
        record.when = self.tick_after(self.records.forgotten(&record.action));
        record.by = Writer::this().to_string();
        let action = record.action;
        let entry = Entry::Made(record);
        self.log.append(&entry)?;
        self.records.merge(entry);
        self.offer(&action);
        Ok(Put::Kept)
    }

    /// Voids an action's record, whose artifacts are lost and cannot be made again with the same bytes.
    pub fn forget(&mut self, action: ActionKey) -> Result<(), CacheError> {
        let entry = Entry::Forget { action, when: self.tick_after(self.records.latest(&action)) };
        self.log.append(&entry)?;
        self.records.merge(entry);
        Ok(())
    }

    /// What the recorded steps were, in full.
    pub fn steps(&self) -> Result<Steps, CacheError> {
        let mut steps = Steps::default();
        self.why.afresh().refresh(|text| steps.merge(text))?;
        Ok(steps)
    }

    /// Sees which steps are recorded, and by that what is odd about their logs.
    pub fn recall_steps(&mut self) -> Result<(), CacheError> {
        let told = &mut self.told;
        self.why.refresh(|text| told.merge(&text))
    }

    /// Keeps what a step was, if that is not known. Sets `when`.
    pub fn explain(&mut self, mut text: StepText) -> Result<(), CacheError> {
        self.recall_steps()?;
        if self.told.knows(&text) {
            return Ok(());
        }
        text.when = self.tick();
        self.why.append(&text)?;
        self.told.merge(&text);
        Ok(())
    }

    /// Makes everything recorded safe from a loss of power.
    pub fn sync(&mut self) -> Result<(), CacheError> {
        self.log.sync()?;
        self.why.sync()
    }

    /// Merges the logs of processes that are gone, where they are many, and sweeps what they left.
    pub fn tidy(&mut self) -> Result<(), CacheError> {
        self.store.sweep()?;
        self.log.tidy(&self.store)?;
        self.why.tidy(&self.store)?;
        Log::<serde_json::Value>::new(self.store.folder(), "files", "files", 1).tidy(&self.store)?;
        Ok(())
    }

    /// Now, later than any moment given out before.
    fn tick(&mut self) -> Moment {
        self.tick_after(None)
    }

    /// The same, and later than `known`, which may come from a machine whose clock is ahead.
    fn tick_after(&mut self, known: Option<Moment>) -> Moment {
        let last = self.last.max(known.unwrap_or(Moment(0)));
        self.last = Moment::now().max(Moment((last.0 + 1).min(Moment::LAST.0)));
        self.last
    }
}

#[cfg(test)]
mod elsewhere;
#[cfg(test)]
mod tests;
