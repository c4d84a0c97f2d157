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
use crate::clock::Moment;
use crate::regular::open_regular;
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
    /// Offers what a node gave, and that what it gave until `forgotten` is void: given in the background unless
    /// it was offered before.
    pub(in crate::cache) fn offer(self: &Arc<Self>, record: Record, forgotten: Option<Moment>) {
        // What is offered was written to the folder. Once it has been seen there, its absence is a loss.
        self.store.folder().stands();
        let mut state = self.lock();
        if state.off.is_some() || state.closed.is_some() || !state.enqueue(record, forgotten) {
            return;
        }
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
                self.lost_a_thread();
            }
        }
    }

    /// A thread that was to give cannot be had. Where there is no other, nobody would give what is waited for.
    fn lost_a_thread(&self) {
        let left = {
            let mut state = self.lock();
            state.given.crew -= 1;
            state.given.crew
        };
        if left == 0 {
            self.giving_failed(&RemoteError::Refused("no thread can be had for it".to_owned()));
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
        // A limit beyond what a clock can count to is none.
        let until = Instant::now().checked_add(limit);
        let mut told = Instant::now();
        let mut state = self.lock();
        state.given.closing = true;
        self.wake.notify_all();
        loop {
            let left = state.left();
            let late = until.is_some_and(|until| Instant::now() >= until);
            if left.nodes == 0 || state.off.is_some() || state.closed.is_some() || late {
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
            self.done(task, given);
            self.wake.notify_all();
        }
    }

    /// What came of a thread's task.
    fn done(&self, task: Task, given: Result<(), RemoteError>) {
        let mut state = self.lock();
        state.given.busy -= 1;
        match (given, task) {
            (Ok(()), Task::Give(entry)) => {
                state.given.since.get_or_insert_with(Instant::now);
                state.given.ready.push(entry);
            }
            (Ok(()), Task::Record(entries)) => entries.into_iter().for_each(|entry| state.learn(entry)),
            // Damaged here, or gone: the remote would take other things, and trying at once is of no use.
            (Err(error @ (RemoteError::Here(_) | RemoteError::TooLong)), task) => {
                state.let_go(&task);
                state.warn(format!("{}: {error}", self.place()));
            }
            (Err(error), task) => {
                match task {
                    Task::Give(entry) => state.given.queue.push_back(entry),
                    Task::Record(entries) => state.given.ready.extend(entries),
                }
                drop(state);
                self.giving_failed(&error);
            }
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
        let Some(file) = self.open(blob)? else {
            // Its record is of use without it. Should it be made again, it is given then.
            self.lock().lacks.insert(blob.digest, false);
            return Ok(());
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

    /// An artifact to be given; `None` where it was collected. Where the whole cache folder is gone, it is not known
    /// whether it was.
    fn open(&self, blob: &Blob) -> Result<Option<File>, RemoteError> {
        let (folder, path) = (self.store.folder(), self.store.path(&blob.digest));
        match open_regular(&path) {
            Ok(file) => Ok(Some(file)),
            Err(error) if error.kind() == io::ErrorKind::NotFound && !folder.is_gone() => Ok(None),
            Err(error) => {
                let text = folder.fault(&path, &error).to_string();
                Err(io::Error::new(error.kind(), text).into())
            }
        }
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

    /// Puts a record into the queue unless it was offered before and the remote lacks none of its artifacts;
    /// whether it did. Before it goes what it makes void, unless the remote knows that.
    fn enqueue(&mut self, record: Record, forgotten: Option<Moment>) -> bool {
        let action = record.action;
        let fresh = self.given.offered.insert((action, record.when));
        if !fresh && !record.outputs.values().any(|blob| self.lacks.contains_key(&blob.digest)) {
            return false;
        }
        if let Some(when) = forgotten
            && self.records.forgotten(&action) < forgotten
        {
            self.given.queue.push_back(Entry::Forget { action, when });
        }
        self.given.queue.push_back(Entry::Made(record));
        true
    }

    /// Forgets that these were offered, so that they can be again: by this process when what was wrong here is
    /// mended, or by a later one.
    fn let_go(&mut self, task: &Task) {
        let entries = match task {
            Task::Give(entry) => std::slice::from_ref(entry),
            Task::Record(entries) => entries.as_slice(),
        };
        for entry in entries {
            if let Entry::Made(record) = entry {
                self.given.offered.remove(&(record.action, record.when));
            }
        }
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
