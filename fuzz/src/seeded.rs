//! The runner that needs no unstable compiler: replays a corpus, then varies it by a seed, and stops at the
//! first input that panics, takes too long, or takes too much memory.
//!
//! An input's time is the processor's, so that other work on the machine makes nothing slow. What ends the
//! process itself (a stack used up) leaves the input in [`Places::current`].

use std::fs;
use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

use crate::Target;
use crate::mutate::{Chance, Mutator, dictionary};

/// Processor time that an input may take.
pub const MAX_TIME: Duration = Duration::from_secs(1);
/// Bytes that the process may have had resident at its peak.
pub const MAX_MEMORY: u64 = 512 << 20;
/// Processor time of the process after which an input that has not ended is taken to hang ...
const HANGS: Duration = Duration::from_secs(10);
/// ... and time by the wall, where it waits for something that never comes.
const WAITS: Duration = Duration::from_secs(120);

/// What is wrong with an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It panicked: the words, and where.
    Panic(String),
    /// It took this much processor time, twice.
    Slow(Duration),
    /// The process's peak of memory, in bytes.
    Memory(u64),
}

/// Where things lie.
#[derive(Clone, Debug)]
pub struct Places {
    /// The corpora, a folder a target.
    pub corpus: PathBuf,
    /// The dictionaries, a file a target.
    pub dictionaries: PathBuf,
    /// Where inputs that fail are put.
    pub artifacts: PathBuf,
}

impl Places {
    /// The input that runs; gone once all have ended well.
    pub fn current(&self, target: &Target) -> PathBuf {
        self.artifacts.join(format!("{}-current", target.name))
    }
}

/// How much is run.
#[derive(Clone, Copy, Debug)]
pub struct Amount {
    /// Inputs beyond the corpus, at most.
    pub runs: u64,
    /// For so much time of the processor, at most; the corpus is replayed in any case.
    pub time: Duration,
    /// The seed of the variation.
    pub seed: u64,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Inputs run, the corpus included.
    pub runs: u64,
    /// The process's peak of memory, in bytes; 0 where the system does not tell.
    pub memory: u64,
    /// The longest that one took.
    pub slowest: Duration,
    /// What is wrong, with the file that shows it.
    pub fault: Option<(Fault, PathBuf)>,
}

/// Runs the inputs of `target`.
///
/// # Errors
/// The corpus cannot be read, or the artifacts' folder not written.
pub fn run(target: &Target, places: &Places, amount: Amount) -> io::Result<Outcome> {
    let corpus = corpus(&places.corpus.join(target.name))?;
    let words =
        fs::read_to_string(places.dictionaries.join(format!("{}.dict", target.name))).unwrap_or_default();
    let mutator = Mutator {
        corpus: corpus.into_iter().map(|(_, content)| content).collect(),
        words: dictionary(&words),
        shape: target.shape,
        max_bytes: target.max_bytes,
    };
    fs::create_dir_all(&places.artifacts)?;
    let mut runner = Runner::new(target, places);
    let (mut chance, began) = (Chance::new(amount.seed), time(ClockId::ProcessCPUTime));
    let varied = (0..amount.runs).map(|_| None);
    for whole in mutator.corpus.iter().map(Some).chain(varied) {
        if whole.is_none() && time(ClockId::ProcessCPUTime).saturating_sub(began) > amount.time {
            break;
        }
        let input = whole.cloned().unwrap_or_else(|| mutator.vary(&mut chance));
        if runner.input(&input)? {
            break;
        }
    }
    runner.end()
}

/// Runs one input of `target`, as [`run`] does.
///
/// # Errors
/// The artifacts' folder cannot be written.
pub fn one(target: &Target, places: &Places, input: &[u8]) -> io::Result<Outcome> {
    fs::create_dir_all(&places.artifacts)?;
    let mut runner = Runner::new(target, places);
    runner.input(input)?;
    runner.end()
}

/// The files of a corpus by their names. Every target has at least one.
fn corpus(folder: &Path) -> io::Result<Vec<(PathBuf, Vec<u8>)>> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<_>>()?;
    paths.sort();
    if paths.is_empty() {
        return Err(io::Error::new(io::ErrorKind::NotFound, format!("{} is empty", folder.display())));
    }
    paths.into_iter().map(|path| Ok((path.clone(), fs::read(path)?))).collect()
}

struct Runner<'a> {
    target: &'a Target,
    places: &'a Places,
    count: Arc<AtomicU64>,
    said: Arc<Mutex<String>>,
    outcome: Outcome,
}

impl<'a> Runner<'a> {
    fn new(target: &'a Target, places: &'a Places) -> Self {
        let count = Arc::new(AtomicU64::new(0));
        watch(target.name, count.clone());
        let said = Arc::new(Mutex::new(String::new()));
        let hear = said.clone();
        panic::set_hook(Box::new(move |info| {
            *hear.lock().unwrap_or_else(PoisonError::into_inner) = info.to_string();
        }));
        let outcome = Outcome { runs: 0, memory: 0, slowest: Duration::ZERO, fault: None };
        Self { target, places, count, said, outcome }
    }

    /// Runs `input`; whether anything is wrong with it.
    fn input(&mut self, input: &[u8]) -> io::Result<bool> {
        let current = self.places.current(self.target);
        fs::write(&current, input)?;
        let mut fault = self.timed(input);
        if let Some(Fault::Slow(_)) = fault {
            // The first run of anything pays for what is set up once.
            fault = self.timed(input);
        }
        let Some(fault) = fault else { return Ok(false) };
        let kept = self.places.artifacts.join(format!("{}-{}", self.target.name, name(&fault)));
        fs::rename(&current, &kept)?;
        self.outcome.fault = Some((fault, kept));
        Ok(true)
    }

    fn timed(&mut self, input: &[u8]) -> Option<Fault> {
        self.outcome.runs += 1;
        self.count.store(self.outcome.runs, Ordering::Relaxed);
        let began = time(ClockId::ThreadCPUTime);
        let ended = panic::catch_unwind(AssertUnwindSafe(|| (self.target.run)(input)));
        let took = time(ClockId::ThreadCPUTime).saturating_sub(began);
        self.outcome.slowest = self.outcome.slowest.max(took);
        self.outcome.memory = peak_memory();
        if ended.is_err() {
            let said = self.said.lock().unwrap_or_else(PoisonError::into_inner).clone();
            return Some(Fault::Panic(said));
        }
        if self.outcome.memory > MAX_MEMORY {
            return Some(Fault::Memory(self.outcome.memory));
        }
        (took > MAX_TIME).then_some(Fault::Slow(took))
    }

    fn end(self) -> io::Result<Outcome> {
        let _ = panic::take_hook();
        self.count.store(u64::MAX, Ordering::Relaxed);
        match fs::remove_file(self.places.current(self.target)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(self.outcome),
        }
    }
}

fn name(fault: &Fault) -> &'static str {
    match fault {
        Fault::Panic(_) => "panic",
        Fault::Slow(_) => "slow",
        Fault::Memory(_) => "memory",
    }
}

/// Ends the process when an input does not end. What it was is in [`Places::current`].
#[expect(clippy::print_stderr, reason = "the process is given up here")]
fn watch(name: &'static str, count: Arc<AtomicU64>) {
    let watching = move || {
        let (mut last, mut began, mut used) = (0, Instant::now(), Duration::ZERO);
        while last != u64::MAX {
            std::thread::sleep(Duration::from_millis(500));
            let now = count.load(Ordering::Relaxed);
            if now != last {
                (last, began, used) = (now, Instant::now(), time(ClockId::ProcessCPUTime));
            }
            let busy = time(ClockId::ProcessCPUTime).saturating_sub(used);
            if (busy > HANGS || began.elapsed() > WAITS) && last != u64::MAX {
                eprintln!("{name}: input {now} has not ended after {} s", began.elapsed().as_secs());
                std::process::exit(HUNG);
            }
        }
    };
    // Without the watch a hang is only not told apart from a slow run.
    let _ = std::thread::Builder::new().name("watch".into()).spawn(watching);
}

/// The exit code of a process whose input did not end.
pub const HUNG: i32 = 3;

fn time(clock: ClockId) -> Duration {
    let now = clock_gettime(clock);
    Duration::new(now.tv_sec.max(0) as u64, now.tv_nsec.max(0) as u32)
}

/// Bytes that the process had resident at its peak.
fn peak_memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kibibytes = line.and_then(|line| line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok());
    kibibytes.unwrap_or(0) << 10
}
