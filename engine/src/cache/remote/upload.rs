//! Giving to the remote, in the background: a few threads take what is offered, artifacts first, then their
//! records, many in one segment. Memory is bounded by the number of threads; whatever is not given when
//! the process ends is offered again by the next, since the remote's own records tell what it has.

use std::fs::File;
use std::io::{self, Read};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::super::records::{Entry, Record};
use super::behind::{RemoteCache, State, blob_name, record_name};
use super::{RemoteError, segment};
use crate::run::protocol::Blob;

/// Threads that give.
const CREW: usize = 4;

/// Records that make a segment ...
const BATCH: usize = 512;

/// ... or how long the first of fewer waits.
const FLUSH: Duration = Duration::from_secs(60);

/// How often what is left is told while it is waited for.
const TELL: Duration = Duration::from_millis(500);

/// What is left to give.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Left {
    /// Nodes whose results are not all given yet.
    pub nodes: usize,
    /// Bytes given so far by this process.
    pub given: u64,
}

/// What a thread does next.
#[expect(clippy::large_enum_variant, reason = "one a thread, and mostly the larger one")]
enum Task {
    Give(Entry),
    Record(Vec<Entry>),
}

impl RemoteCache {
    /// Offers what a node gave, or that it is void: given in the background unless it was offered before.
    pub(in crate::cache) fn offer(self: &Arc<Self>, entry: Entry) {
        let mut state = self.lock();
        if state.off.is_some() || state.closed.is_some() {
            return;
        }
        let action = match &entry {
            Entry::Made(record) => record.action,
            Entry::Forget { action, .. } => *action,
        };
        let fresh = state.given.offered.insert(action);
        if !fresh && matches!(entry, Entry::Made(_)) && !state.is_better(&entry) {
            return;
        }
        state.given.queue.push_back(entry);
        state.given.closing = false;
        let hire = state.given.crew < CREW.min(state.given.queue.len() + state.given.busy);
        if hire {
            state.given.crew += 1;
        }
        drop(state);
        self.wake.notify_all();
        if hire {
            let this = Arc::clone(self);
            let named = std::thread::Builder::new().name("give".into());
            if named.spawn(move || this.give()).is_err() {
                self.lock().given.crew -= 1;
            }
        }
    }

    /// Whether the remote does not have this record, or lacks one of its artifacts that is here.
    pub(in crate::cache) fn wants(&self, record: &Record) -> bool {
        let known =
            self.lock().records.find(&record.action).is_some_and(|theirs| theirs.outputs == record.outputs);
        !known
            || record.outputs.values().any(|blob| self.is_known_to_lack(&blob.digest) && self.store.has(blob))
    }

    /// Waits until everything offered is given, at most for `limit`; `go_on` is told twice a second what is
    /// left and may end the waiting. What is left then: it is given by a later run.
    pub fn finish(&self, limit: Duration, mut go_on: impl FnMut(Left) -> bool) -> Left {
        let until = Instant::now() + limit;
        let mut told = Instant::now();
        let mut state = self.lock();
        state.given.closing = true;
        self.wake.notify_all();
        loop {
            let left = state.left();
            if left.nodes == 0 || state.off.is_some() || state.closed.is_some() || Instant::now() >= until {
                return left;
            }
            let waited = self.wake.wait_timeout(state, TELL / 4);
            state = waited.unwrap_or_else(std::sync::PoisonError::into_inner).0;
            if told.elapsed() >= TELL {
                told = Instant::now();
                let left = state.left();
                drop(state);
                if !go_on(left) {
                    return left;
                }
                state = self.lock();
            }
        }
    }

    /// A thread's work, until there is none and none will come.
    fn give(&self) {
        while let Some(task) = self.next_task() {
            let given = match &task {
                Task::Give(entry) => self.give_artifacts(entry),
                Task::Record(entries) => self.give_records(entries),
            };
            let mut state = self.lock();
            state.given.busy -= 1;
            match (given, task) {
                (Ok(()), Task::Give(entry)) => {
                    state.given.since.get_or_insert_with(Instant::now);
                    state.given.ready.push(entry);
                }
                (Ok(()), Task::Record(entries)) => entries.into_iter().for_each(|entry| state.learn(entry)),
                (Err(error), task) => {
                    match task {
                        // Damaged here: nothing to give, now or later.
                        Task::Give(_) if matches!(error, RemoteError::Here(_)) => {}
                        Task::Give(entry) => state.given.queue.push_back(entry),
                        Task::Record(entries) => state.given.ready.extend(entries),
                    }
                    drop(state);
                    self.giving_failed(&error);
                }
            }
            self.wake.notify_all();
        }
    }

    /// The next thing to do; `None` ends the thread.
    fn next_task(&self) -> Option<Task> {
        let mut state = self.lock();
        loop {
            let over = state.off.is_some() || state.closed.is_some();
            let given = &mut state.given;
            let last = given.closing && given.queue.is_empty() && given.busy == 0;
            let waited = given.since.is_some_and(|since| since.elapsed() >= FLUSH);
            if !over && !given.ready.is_empty() && (given.ready.len() >= BATCH || waited || last) {
                given.busy += 1;
                let count = given.ready.len().min(BATCH);
                let batch = given.ready.drain(..count).collect();
                given.since = (!given.ready.is_empty()).then(Instant::now);
                return Some(Task::Record(batch));
            }
            if !over && let Some(entry) = given.queue.pop_front() {
                given.busy += 1;
                return Some(Task::Give(entry));
            }
            if over || last {
                given.crew -= 1;
                return None;
            }
            let waited = self.wake.wait_timeout(state, Duration::from_secs(1));
            state = waited.unwrap_or_else(std::sync::PoisonError::into_inner).0;
        }
    }

    fn give_artifacts(&self, entry: &Entry) -> Result<(), RemoteError> {
        let Entry::Made(record) = entry else { return Ok(()) };
        record.outputs.values().try_for_each(|blob| self.give_blob(blob))
    }

    fn give_blob(&self, blob: &Blob) -> Result<(), RemoteError> {
        let (held, lacked) = {
            let state = self.lock();
            (state.holds.contains(&blob.digest), state.lacks.get(&blob.digest).copied())
        };
        if held && lacked.is_none() {
            return Ok(());
        }
        let file = match File::open(self.store.path(&blob.digest)) {
            Ok(file) => file,
            // Collected: the record is of use without it.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        let name = blob_name(&blob.digest);
        let there = lacked.is_none() && self.remote.size(&name)? == Some(blob.bytes);
        if !there {
            let mut checked = Checked { file, hasher: blake3::Hasher::new(), expected: *blob };
            self.remote.put(&name, blob.bytes, &mut checked)?;
        }
        let mut state = self.lock();
        state.holds.insert(blob.digest);
        state.lacks.remove(&blob.digest);
        state.given.bytes += if there { 0 } else { blob.bytes };
        Ok(())
    }

    fn give_records(&self, entries: &[Entry]) -> Result<(), RemoteError> {
        let (digest, text) = segment::write(entries);
        self.remote.put(&record_name(&digest), text.len() as u64, &mut text.as_slice())
    }

    /// Where the remote only forbids writing, reading goes on.
    fn giving_failed(&self, error: &RemoteError) {
        if let RemoteError::Refused(reason) = error {
            let place = self.place();
            let mut state = self.lock();
            if state.closed.is_none() && state.off.is_none() {
                state.closed = Some(reason.clone());
                state.warnings.push(format!("nothing is given to the remote cache {place}: {reason}"));
            }
        } else {
            self.failed(error);
        }
        self.wake.notify_all();
    }
}

impl State {
    fn left(&self) -> Left {
        let given = &self.given;
        Left { nodes: given.queue.len() + given.ready.len() + given.busy, given: given.bytes }
    }

    /// Whether an entry that was offered before is worth offering again: an artifact of it is lacking.
    fn is_better(&self, entry: &Entry) -> bool {
        let Entry::Made(record) = entry else { return true };
        record.outputs.values().any(|blob| self.lacks.contains_key(&blob.digest))
            || self.records.find(&record.action).is_some_and(|theirs| theirs.outputs != record.outputs)
    }
}

/// An artifact on its way out: at its end it fails unless it was what its name says.
struct Checked {
    file: File,
    hasher: blake3::Hasher,
    expected: Blob,
}

impl Read for Checked {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.hasher.update(&buffer[..read]);
        let sound = || *self.hasher.finalize().as_bytes() == self.expected.digest.0;
        if read == 0 && !buffer.is_empty() && !sound() {
            let text = format!("the artifact {} is damaged here", self.expected.digest.short());
            return Err(io::Error::new(io::ErrorKind::InvalidData, text));
        }
        Ok(read)
    }
}
