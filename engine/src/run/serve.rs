//! The worker's side of the pipe: reads what the front says, does one job at a time, answers.
//!
//! The calling thread reads; a second one works. The worker ends at once when its standard input does.

use std::any::Any;
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, BufRead, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::protocol::{BUILD, Blob, Failure, FailureKind, InputFrom, Job, PROTOCOL, ToFront, ToWorker};
use super::work::{Context, Work};
use crate::cache::BlobStore;
use crate::world::{Installed, Tool};

/// Progress is told at most this often, but for a new phase.
const PROGRESS: Duration = Duration::from_millis(100);

/// Serves until `input` ends. Answers go to `output`, a line each. When the input has ended, calls `ended`,
/// which a worker process uses to end at once: a job may still be going, and nobody waits for it any more.
pub fn serve(
    work: &dyn Work,
    input: impl BufRead,
    output: impl Write + Send,
    ended: impl FnOnce(),
) -> io::Result<()> {
    let output = Mutex::new(output);
    let say = |message: &ToFront| {
        let Ok(mut line) = serde_json::to_vec(message) else { return };
        line.push(b'\n');
        let mut output = output.lock().unwrap_or_else(PoisonError::into_inner);
        // A front that does not listen any more is about to close the input as well.
        let _ = output.write_all(&line).and_then(|()| output.flush());
    };
    let mut lines = input.lines();
    let Some(first) = lines.next().transpose()? else { return Ok(()) };
    let Ok(ToWorker::Hello { protocol, cache, threads, memory, tools, .. }) = serde_json::from_str(&first)
    else {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "the first line must be a hello"));
    };
    say(&ToFront::Ready {
        protocol: PROTOCOL,
        build: BUILD.to_owned(),
        kinds: work.kinds(),
        libraries: work.libraries(),
    });
    if protocol != PROTOCOL {
        return Ok(());
    }
    if let Some(bytes) = memory {
        limit_memory(bytes)?;
    }
    let station = Station {
        work,
        store: BlobStore::join(cache),
        threads: threads.max(1) as usize,
        tools,
        say: &say,
        current: AtomicU64::new(0),
        cancelled: AtomicBool::new(false),
    };
    std::thread::scope(|scope| {
        let (sender, jobs) = channel();
        let worker = std::thread::Builder::new().name("job".into()).stack_size(8 << 20);
        let begun = worker.spawn_scoped(scope, || station.work_through(jobs));
        begun.map_err(|error| io::Error::other(format!("its thread cannot be started: {error}")))?;
        let result = station.listen(lines, sender);
        station.cancelled.store(true, Ordering::Relaxed);
        ended();
        result
    })
}

/// What both threads share.
struct Station<'a> {
    work: &'a dyn Work,
    store: BlobStore,
    threads: usize,
    tools: BTreeMap<Tool, Installed>,
    say: &'a (dyn Fn(&ToFront) + Sync),
    /// The job being done; 0 for none.
    current: AtomicU64,
    cancelled: AtomicBool,
}

impl Station<'_> {
    /// Reads until the input ends.
    fn listen(&self, lines: impl Iterator<Item = io::Result<String>>, jobs: Sender<Job>) -> io::Result<()> {
        for line in lines {
            match serde_json::from_str(&line?) {
                Ok(ToWorker::Run { job }) => {
                    self.current.store(job.id, Ordering::Relaxed);
                    self.cancelled.store(false, Ordering::Relaxed);
                    if jobs.send(job).is_err() {
                        return Err(io::Error::other("the working thread has ended"));
                    }
                }
                Ok(ToWorker::Cancel { job }) if self.current.load(Ordering::Relaxed) == job => {
                    self.cancelled.store(true, Ordering::Relaxed);
                }
                Ok(ToWorker::Leave { models }) => self.work.leave(&models),
                Ok(ToWorker::Cancel { .. } | ToWorker::Hello { .. }) => {}
                Ok(ToWorker::Probe { request, path }) => {
                    let facts = catch_unwind(AssertUnwindSafe(|| self.work.probe(&path)))
                        .unwrap_or_else(|panic| Err(format!("a defect in reading it: {}", words(&*panic))));
                    (self.say)(&ToFront::Probed { request, facts });
                }
                Err(error) => (self.say)(&ToFront::Log { text: format!("not understood: {error}") }),
            }
        }
        self.store.close();
        Ok(())
    }

    fn work_through(&self, jobs: Receiver<Job>) {
        for job in jobs {
            let began = Instant::now();
            reset_peak_memory();
            let answer = match self.attempt(&job) {
                Ok(outputs) => ToFront::Done {
                    job: job.id,
                    outputs,
                    millis: began.elapsed().as_millis() as u64,
                    peak_memory: peak_memory(),
                },
                Err(failure) => ToFront::Failed { job: job.id, failure },
            };
            (self.say)(&answer);
        }
    }

    /// Fails where something that the job has read from the cache was changed there while it read: what was made
    /// of it may be made of damage.
    fn unchanged(&self, job: &Job) -> Result<(), Failure> {
        let changed = inputs(job).find(|blob| !self.store.is_unchanged(blob));
        let Some(Blob { digest, .. }) = changed.copied() else { return Ok(()) };
        let message = format!("the artifact {} was changed on the disk while it was read", digest.short());
        Err(Failure::new(FailureKind::BadInput { digest }, message))
    }

    fn attempt(&self, job: &Job) -> Result<BTreeMap<String, Blob>, Failure> {
        self.work.leave(&job.leave);
        let label = job.nodes.last().map_or_else(String::new, |node| node.label.clone());
        let told = Mutex::new((None::<Instant>, String::new()));
        let progress = |done: u64, total: u64, phase: &str| {
            let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
            let due = told.0.is_none_or(|last| last.elapsed() >= PROGRESS) || told.1 != phase;
            if due {
                *told = (Some(Instant::now()), phase.to_owned());
                (self.say)(&ToFront::Progress { job: job.id, done, total, phase: phase.to_owned() });
            }
        };
        let context = Context {
            cache: &self.store,
            progress: &progress,
            cancelled: &self.cancelled,
            threads: self.threads,
            thrift: job.thrift,
            tools: &self.tools,
        };
        let done = catch_unwind(AssertUnwindSafe(|| self.work.run(job, &context))).unwrap_or_else(|panic| {
            let message = format!("a defect in node {label}: {}", words(&*panic));
            let failure = Failure::new(FailureKind::Permanent, message);
            Err(failure.help("this is not your storyboard's fault; please report it with the storyboard"))
        });
        let result = match done {
            Ok(outputs) => self.unchanged(job).map(|()| outputs),
            // What it was given may be all that was wrong.
            Err(failure) if matches!(failure.kind, FailureKind::Permanent) => {
                Err(self.unchanged(job).err().unwrap_or(failure))
            }
            // Whatever else is damaged shall be found now, and not one try after another.
            Err(failure) if matches!(failure.kind, FailureKind::BadInput { .. }) => {
                inputs(job).for_each(|blob| drop(self.store.open_verified(blob)));
                Err(failure)
            }
            failed => failed,
        };
        result.map_err(
            |failure| if failure.node.is_empty() { Failure { node: label, ..failure } } else { failure },
        )
    }
}

/// The artifacts that a job reads.
fn inputs(job: &Job) -> impl Iterator<Item = &Blob> {
    job.nodes.iter().flat_map(|node| &node.inputs).filter_map(|input| match &input.from {
        InputFrom::Blob(blob) => Some(blob),
        InputFrom::Stream(_) => None,
    })
}

/// What a panic said.
fn words(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("it panicked")
}

/// From here on this process cannot have more memory of its own than that: asking for more fails at once, instead
/// of the whole machine running out.
#[cfg(target_os = "linux")]
fn limit_memory(bytes: u64) -> io::Result<()> {
    use rustix::process::{Resource, Rlimit, setrlimit};
    Ok(setrlimit(Resource::Data, Rlimit { current: Some(bytes), maximum: Some(bytes) })?)
}

/// Limits are a matter of Linux.
#[cfg(not(target_os = "linux"))]
fn limit_memory(_: u64) -> io::Result<()> {
    Err(io::Error::new(io::ErrorKind::Unsupported, "a worker's memory can be limited on Linux only"))
}

/// Begins a new peak, where the system lets a process do so.
fn reset_peak_memory() {
    let _ = fs::write("/proc/self/clear_refs", "5");
}

/// This process's memory at its peak, in bytes; 0 where the system does not tell.
fn peak_memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kibibytes =
        line.and_then(|line| line.trim().strip_suffix(" kB")).and_then(|text| text.parse::<u64>().ok());
    kibibytes.unwrap_or(0) * 1024
}
