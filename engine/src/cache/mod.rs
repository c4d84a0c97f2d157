//! What has been made, by content, and the log of what made it.
//!
//! The folder holds `blobs/` (artifacts by digest), `log/` (records), `why/` (what each step was), `files/`
//! (digests of the project's files), `pins/`, `tmp/`, and `damaged/` (what was set aside). Every process writes files of its own only, so
//! any number of processes share a cache without locks, on network folders too.

mod blobs;
mod collect;
mod error;
mod log;
mod memo;
mod pins;
mod records;
mod root;
mod steps;
mod writer;

use std::path::PathBuf;

pub use blobs::{BlobStore, BlobWriter, Scratch, digest_of_file};
pub use collect::{Amount, GcReport, SizeReport, VerifyReport, gc, size, verify};
pub use error::CacheError;
pub use memo::FileMemo;
pub use pins::Pins;
pub use records::{Entry, Formula, Record, Records};
pub use root::Root;
use steps::Told;
pub use steps::{StepInput, StepText, Steps};
pub use writer::{Alive, Writer};

use self::log::Log;
use crate::clock::Moment;
use crate::graph::ActionKey;

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
        Self { store, log, records: Records::default(), why, told: Told::default(), last: Moment(0) }
    }

    /// The artifacts.
    pub fn store(&self) -> &BlobStore {
        &self.store
    }

    /// What made them, as last read.
    pub fn records(&self) -> &Records {
        &self.records
    }

    /// Takes in what other processes have recorded since; how many entries.
    pub fn refresh(&mut self) -> Result<usize, CacheError> {
        let (records, mut entries) = (&mut self.records, 0);
        self.log.refresh(|entry| {
            records.merge(entry);
            entries += 1;
        })?;
        Ok(entries)
    }

    /// What was odd about the logs, for people.
    pub fn warnings(&mut self) -> Vec<String> {
        let mut all = self.log.warnings();
        all.extend(self.why.warnings());
        all
    }

    /// Records what a node gave, unless another process did so first. Sets `when` and `by`.
    pub fn put(&mut self, mut record: Record) -> Result<Put, CacheError> {
        self.refresh()?;
        if let Some(first) = self.records.find(&record.action) {
            let same = first.outputs == record.outputs;
            return Ok(if same { Put::Same } else { Put::Discarded(Box::new(first.clone())) });
        }
        record.when = self.tick_after(self.records.forgotten(&record.action));
        record.by = Writer::this().to_string();
        let entry = Entry::Made(record);
        self.log.append(&entry)?;
        self.records.merge(entry);
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
        self.last = Moment::now().max(Moment(last.0 + 1));
        self.last
    }
}

#[cfg(test)]
mod tests;
