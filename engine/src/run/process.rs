//! A worker process as the front holds it: started when first needed, fed over its standard input, heard
//! over its standard output, gone at the latest when the front is.

use std::collections::{BTreeMap, VecDeque};
use std::ffi::OsString;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncRead, AsyncWriteExt};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};

use super::heard::Lines;
use super::protocol::{Failure, FailureKind, Job, ToFront, ToWorker, unfit};
use super::share::{Fetching, absent};
use super::state::{FromSlot, Order};
use crate::cache::remote::RemoteCache;
use crate::world::{Installed, Tool};

/// Lines of a worker's standard error that are kept for the account of its death ...
const LAST_WORDS: usize = 64;

/// ... and how many of them, at most, tell why it died; the others are where it was then.
const TELLING: usize = 3;

/// How long a worker may take to end once its standard input is closed.
const FAREWELL: Duration = Duration::from_secs(3);

/// How long a worker may take to read an order: one that does not listen any more is stopped.
const ATTENTION: Duration = Duration::from_secs(30);

/// How long what a worker has said is still read once it has ended: another may hold its pipe, and talk on.
const ECHO: Duration = Duration::from_secs(2);

/// Letters of a line that may be told to people.
const TOLD: usize = 2000;

/// What a worker's last words have in them when the system gave it no memory: to Rust, to a thread and its stack, to
/// anything else.
const SHORT: [&str; 5] = [
    "memory allocation of",
    "alternative stack",
    "failed to spawn thread",
    "thread cannot be started",
    "(os error 12)",
];

/// How workers are started.
#[derive(Clone, Debug)]
pub struct WorkerCommand {
    /// The binary.
    pub program: PathBuf,
    /// What comes after it.
    pub args: Vec<OsString>,
    /// What is set in its environment.
    pub env: BTreeMap<OsString, OsString>,
    /// Where data outside the project lies, and what it must be.
    pub tools: BTreeMap<Tool, Installed>,
}

impl WorkerCommand {
    /// That binary, told where tool data lies.
    pub fn new(program: impl Into<PathBuf>, tools: BTreeMap<Tool, Installed>) -> Self {
        Self { program: program.into(), args: Vec::new(), env: BTreeMap::new(), tools }
    }

    /// The same with these set, too.
    pub(super) fn with(mut self, env: &[(&str, &str)]) -> Self {
        self.env.extend(env.iter().map(|(name, value)| (name.into(), value.into())));
        self
    }
}

/// What drives one slot, from the first order to the end of the run.
pub(super) struct Driver {
    pub slot: usize,
    pub command: WorkerCommand,
    pub hello: ToWorker,
    pub orders: UnboundedReceiver<Order>,
    pub heard: UnboundedSender<(usize, FromSlot)>,
    /// Where inputs that are not here come from.
    pub remote: Option<Arc<RemoteCache>>,
    /// A job for the next worker: it came while one was being stopped.
    pub waiting: Option<Box<Job>>,
}

/// What came of bringing a job's inputs here.
enum Supply {
    /// They are here, or nothing but the worker can tell.
    Here,
    /// The job has been answered for.
    Answered,
    /// The slot is to stop.
    Kill,
}

impl Driver {
    /// Starts a worker at every `Run` that finds none, until the orders end.
    pub async fn drive(mut self) {
        while let Some(order) = self.next_order().await {
            // Without a process there is nothing to cancel or to kill.
            let Order::Run(job) = order else { continue };
            let id = job.id;
            match self.supply(&job).await {
                Supply::Here => {}
                Supply::Answered => continue,
                Supply::Kill => {
                    self.answer(job.id, Failure::cancelled());
                    continue;
                }
            }
            let died = match self.start() {
                Ok((process, stdin)) => self.attend(process, stdin, *job).await,
                Err(error) => {
                    let reason =
                        format!("could not be started: `{}`: {error}", self.command.program.display());
                    let cause = FailureKind::Transient;
                    Some(FromSlot::Died { job: id, reason, words: String::new(), cause })
                }
            };
            if let Some(died) = died {
                self.tell(died);
            }
        }
    }

    async fn next_order(&mut self) -> Option<Order> {
        match self.waiting.take() {
            Some(job) => Some(Order::Run(job)),
            None => self.orders.recv().await,
        }
    }

    fn start(&self) -> std::io::Result<(Process, ChildStdin)> {
        let mut command = Command::new(&self.command.program);
        command.args(&self.command.args).envs(&self.command.env).kill_on_drop(true);
        if matches!(self.hello, ToWorker::Hello { memory: Some(_), .. }) {
            // The worker's allocator shall not take hold of memory ahead of its use: that counts, too.
            command.env("MIMALLOC_ARENA_EAGER_COMMIT", "0");
            // Where memory is refused, a backtrace would ask for more of it, under a lock that it then waits for.
            command.env("RUST_BACKTRACE", "0");
        }
        // What opens media of strangers needs no keys to a store.
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.as_encoded_bytes().starts_with(b"AWS_"))
        {
            command.env_remove(name);
        }
        // Its own process group: Ctrl-C reaches the front alone, which then tells its workers.
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
        let mut child = command.spawn()?;
        let stdin = child.stdin.take().ok_or_else(|| std::io::Error::other("no standard input"))?;
        self.tell(FromSlot::Started { pid: child.id().unwrap_or(0) });
        let group = child.id().and_then(|id| Pid::from_raw(id.cast_signed()));
        Ok((Process { child, group }, stdin))
    }

    /// Passes orders and messages until the worker ends or is not needed any more. How it died, if it did.
    async fn attend(&mut self, mut process: Process, stdin: ChildStdin, first: Job) -> Option<FromSlot> {
        let mut given = first.id;
        let mut stdin = Some(stdin);
        let mut lines = Lines::of(process.child.stdout.take()?);
        let last_words = tokio::spawn(Words::hear(process.child.stderr.take()?));
        let mut by_us = false;
        let mut known = false;
        let mut deaf = false;
        for message in [&self.hello, &ToWorker::Run { job: first }] {
            deaf |= say(&mut stdin, message).await == Read::Late;
        }
        loop {
            tokio::select! {
                line = lines.next() => match line {
                    // What a worker says that is being stopped counts no more.
                    Ok(Some(_)) if by_us => {}
                    Ok(Some(line)) => match self.hear(&line) {
                        Heard::Unfit => (by_us, known) = (true, true),
                        Heard::Ready => known = true,
                        Heard::Other => {}
                    },
                    Ok(None) | Err(_) => break,
                },
                _ = process.child.wait() => {
                    // What it has started may hold its pipes, and ends with it.
                    process.end().await;
                    if !by_us {
                        known |= self.hear_out(&mut lines).await;
                    }
                    break;
                }
                order = self.orders.recv() => match order {
                    Some(Order::Run(job)) if by_us => self.waiting = Some(job),
                    Some(Order::Run(job)) => match self.supply(&job).await {
                        Supply::Here => {
                            let id = job.id;
                            let order = ToWorker::Run { job: *job };
                            match say(&mut stdin, &order).await {
                                Read::InTime => given = id,
                                Read::Late => (given, deaf) = (id, true),
                                // It had ended before: the job is the next worker's, and has nothing to do with it.
                                Read::Never => {
                                    let ToWorker::Run { job } = order else { break };
                                    self.waiting = Some(Box::new(job));
                                    break;
                                }
                            }
                        }
                        Supply::Answered => {}
                        Supply::Kill => (given, by_us) = (job.id, true),
                    },
                    Some(Order::Cancel(job)) if self.leaves(Some(job)) => {}
                    Some(Order::Cancel(job)) => {
                        deaf |= say(&mut stdin, &ToWorker::Cancel { job }).await == Read::Late;
                    }
                    Some(Order::Leave(models)) => {
                        deaf |= say(&mut stdin, &ToWorker::Leave { models }).await == Read::Late;
                    }
                    Some(Order::Kill) => {
                        self.leaves(None);
                        by_us = true;
                    }
                    Some(Order::Renew) | None => {
                        drop(stdin);
                        process.end().await;
                        return None;
                    }
                },
            }
            if by_us || deaf {
                process.kill();
            }
        }
        drop(stdin);
        let (status, mute) = process.end().await;
        let words =
            tokio::time::timeout(FAREWELL, last_words).await.ok().and_then(Result::ok).unwrap_or_default();
        let (reason, cause) = match (deaf, mute) {
            (true, _) => ("did not listen any more and was stopped".to_owned(), FailureKind::Transient),
            (_, true) => ("closed its output and was stopped".to_owned(), FailureKind::Transient),
            _ => account(status, by_us, &words),
        };
        let ended = status.is_some_and(|status| status.code().is_some());
        if !known && !by_us && ended {
            self.tell(FromSlot::Unfit { reason: self.refusal(&reason) });
        }
        Some(FromSlot::Died { job: given, reason, words: words.all(), cause })
    }

    /// Passes on what a worker had said before it ended; whether it had said what it is.
    async fn hear_out(&self, lines: &mut Lines<ChildStdout>) -> bool {
        let mut known = false;
        let rest = async {
            while let Ok(Some(line)) = lines.next().await {
                known |= !matches!(self.hear(&line), Heard::Other);
            }
        };
        // Whoever holds the pipe now does not count.
        let _ = tokio::time::timeout(ECHO, rest).await;
        known
    }

    /// Answers for the job that waits for the next worker, if it is this one or whichever it is; whether it was.
    fn leaves(&mut self, job: Option<u64>) -> bool {
        let left = self.waiting.take_if(|waiting| job.is_none_or(|job| waiting.id == job));
        if let Some(waiting) = &left {
            self.answer(waiting.id, Failure::cancelled());
        }
        left.is_some()
    }

    /// Brings a job's inputs from the remote cache where they are not here: the one place that does so. The
    /// loop and the other slots go on meanwhile.
    async fn supply(&mut self, job: &Job) -> Supply {
        let Some(remote) = &self.remote else { return Supply::Here };
        let absent = absent(job, remote);
        if absent.is_empty() {
            return Supply::Here;
        }
        let mut fetching = Fetching::begin(remote.clone(), absent);
        loop {
            let (done, total) = (fetching.arrived(), fetching.total);
            self.tell(FromSlot::Said(ToFront::Progress { job: job.id, done, total, phase: "fetch".into() }));
            tokio::select! {
                step = fetching.step() => match step {
                    None => {}
                    Some(Ok(())) => return Supply::Here,
                    Some(Err(failure)) => {
                        self.answer(job.id, failure);
                        return Supply::Answered;
                    }
                },
                order = self.orders.recv() => match order {
                    Some(Order::Cancel(id)) if id == job.id => {
                        self.answer(job.id, Failure::cancelled());
                        return Supply::Answered;
                    }
                    Some(Order::Cancel(_)) => {}
                    // A slot has one job at a time.
                    Some(Order::Run(other)) => self.answer(other.id, Failure::transient("its slot was busy")),
                    Some(Order::Leave(_)) => {}
                    Some(Order::Kill | Order::Renew) | None => return Supply::Kill,
                },
            }
        }
    }

    fn answer(&self, job: u64, failure: Failure) {
        self.tell(FromSlot::Said(ToFront::Failed { job, failure }));
    }

    /// Passes a line on.
    fn hear(&self, line: &str) -> Heard {
        // A library inside the worker may print.
        let message = serde_json::from_str(line)
            .unwrap_or_else(|_| ToFront::Log { text: line.chars().take(TOLD).collect() });
        if let Some(reason) = unfit(&message) {
            self.tell(FromSlot::Unfit { reason: self.refusal(&reason) });
            return Heard::Unfit;
        }
        let heard = if matches!(message, ToFront::Ready { .. }) { Heard::Ready } else { Heard::Other };
        self.tell(FromSlot::Said(message));
        heard
    }

    fn refusal(&self, reason: &str) -> String {
        format!("the worker `{}` cannot be used: {reason}", self.command.program.display())
    }

    fn tell(&self, message: FromSlot) {
        // The run may have ended; then nobody needs to know.
        let _ = self.heard.send((self.slot, message));
    }
}

/// What a worker's line was.
enum Heard {
    /// It is of another build.
    Unfit,
    /// It is one of ours.
    Ready,
    /// Anything else.
    Other,
}

/// Whether a worker has read an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Read {
    /// It has, or the pipe to it holds it.
    InTime,
    /// It does not listen any more.
    Late,
    /// It has ended, of which one is about to hear.
    Never,
}

/// Passes an order on.
async fn say(stdin: &mut Option<ChildStdin>, message: &ToWorker) -> Read {
    let Some(pipe) = stdin else { return Read::Never };
    let said = async {
        let mut line = serde_json::to_vec(message)?;
        line.push(b'\n');
        pipe.write_all(&line).await?;
        pipe.flush().await
    };
    let read = match tokio::time::timeout(ATTENTION, said).await {
        Ok(Ok(())) => return Read::InTime,
        Ok(Err(_)) => Read::Never,
        Err(_) => Read::Late,
    };
    *stdin = None;
    read
}

/// A worker process and all that it starts.
struct Process {
    child: Child,
    /// Its process group, of which it is the first.
    group: Option<Pid>,
}

impl Process {
    /// Ends it with all that it has started, whether or not it has ended itself.
    fn kill(&mut self) {
        if let Some(group) = self.group {
            let _ = kill_process_group(group, Signal::KILL);
        }
        let _ = self.child.start_kill();
    }

    /// How it ended, and whether it had to be stopped: it is given a moment to end itself. Nothing that it has started
    /// stays.
    async fn end(&mut self) -> (Option<ExitStatus>, bool) {
        let ended = tokio::time::timeout(FAREWELL, self.child.wait()).await;
        self.kill();
        // From here on the group's number may be another's.
        self.group = None;
        match ended {
            Ok(status) => (status.ok(), false),
            Err(_) => (self.child.wait().await.ok(), true),
        }
    }
}

/// What a worker has said on its standard error.
#[derive(Debug, Default, PartialEq)]
struct Words {
    /// Its last lines.
    last: VecDeque<String>,
    /// Why it died, in its own words, where it said so.
    telling: Vec<String>,
    /// Whether the next line may belong to these.
    going_on: bool,
}

impl Words {
    async fn hear(stderr: impl AsyncRead + Unpin) -> Self {
        let mut lines = Lines::of(stderr);
        let mut words = Self::default();
        while let Ok(Some(line)) = lines.next().await {
            words.add(line.chars().take(TOLD).collect());
        }
        words
    }

    fn add(&mut self, line: String) {
        if line.contains("panicked at") || line.contains("memory allocation of") {
            self.telling = vec![line.clone()];
            self.going_on = true;
        } else if self.going_on && !is_trace(&line) && self.telling.len() < TELLING {
            self.telling.push(line.clone());
        } else {
            self.going_on = false;
        }
        if self.last.len() == LAST_WORDS {
            self.last.pop_front();
        }
        self.last.push_back(line);
    }

    /// Why it died, on one line; empty where it said nothing.
    fn told(&self) -> String {
        let plain = || {
            let lines: Vec<_> = self.last.iter().filter(|line| !is_trace(line)).collect();
            lines.iter().skip(lines.len().saturating_sub(TELLING)).map(|line| line.trim()).collect()
        };
        let told = self.telling.iter().map(|line| line.trim()).collect::<Vec<_>>();
        (if told.is_empty() { plain() } else { told }).join(" ").trim().to_owned()
    }

    /// All that is kept, where it is more than one line.
    fn all(&self) -> String {
        if self.last.len() < 2 { String::new() } else { Vec::from(self.last.clone()).join("\n") }
    }
}

/// Whether a line says where the program was and not what happened.
fn is_trace(line: &str) -> bool {
    let line = line.trim_start();
    let frame = line
        .split_once(':')
        .is_some_and(|(number, _)| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()));
    frame
        || ["at ", "note: ", "stack backtrace", "skipping backtrace"]
            .iter()
            .any(|start| line.starts_with(start))
}

/// How a worker ended, in words, and what may be tried next.
fn account(status: Option<ExitStatus>, by_us: bool, words: &Words) -> (String, FailureKind) {
    let signal = status.and_then(|status| status.signal());
    // What Rust says before it aborts when the system gives no memory.
    let words = words.told();
    let refused = SHORT.iter().any(|sign| words.contains(sign));
    let short_of_memory = !by_us && (signal == Some(9) || refused);
    let how = match (signal, status.and_then(|status| status.code())) {
        _ if by_us => "was stopped".to_owned(),
        _ if refused => "ran out of memory".to_owned(),
        (Some(9), _) => "was killed, perhaps for lack of memory".to_owned(),
        (Some(number), _) => format!("crashed (signal {number})"),
        (None, Some(code)) => format!("ended unasked (exit code {code})"),
        (None, None) => "ended unasked".to_owned(),
    };
    let cause = if short_of_memory { FailureKind::OutOfMemory } else { FailureKind::Transient };
    (if words.is_empty() { how } else { format!("{how}: {words}") }, cause)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Words {
        let mut words = Words::default();
        text.lines().for_each(|line| words.add(line.to_owned()));
        words
    }

    #[test]
    fn of_a_workers_last_words_those_are_told_that_say_why() {
        let aborted = "opened film.mp4\nmemory allocation of 8294400 bytes failed\nstack backtrace:\n   \
                       0: rust_oom\n             at ./alloc.rs:364:9\n   1: handle_alloc_error\n";
        assert_eq!(words(aborted).told(), "memory allocation of 8294400 bytes failed");
        assert_eq!(words(aborted).all(), aborted.trim_end());
        let panicked =
            "thread 'job' panicked at nodes/src/mix.rs:4:5:\nno such stem\nnote: run with RUST_BACKTRACE";
        assert_eq!(words(panicked).told(), "thread 'job' panicked at nodes/src/mix.rs:4:5: no such stem");
        assert_eq!(words("one\ntwo\nthree\nfour\n").told(), "two three four");
        assert_eq!((words("").told(), words("only").all()), (String::new(), String::new()));

        let signal = Some(ExitStatus::from_raw(6));
        let (reason, cause) = account(signal, false, &words(aborted));
        assert_eq!(reason, "ran out of memory: memory allocation of 8294400 bytes failed");
        assert_eq!(cause, FailureKind::OutOfMemory);
        assert_eq!(account(signal, false, &words("")).0, "crashed (signal 6)");
        assert_eq!(account(signal, true, &words(panicked)).1, FailureKind::Transient);
    }
}
