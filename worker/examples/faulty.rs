//! A worker that fails as it is told to: the real node kinds, wrapped. For the campaign of faults alone.
//!
//! `STORYREEL_FAULTS` holds its plan, words of `name=value`:
//!
//! | Word | What happens |
//! |---|---|
//! | `seed=N` | what chance is drawn from, with the node's key and the number of its try |
//! | `folder=PATH` | where tries are counted, which outlives this process |
//! | `first=N` | only the first so many tries of a node can fail |
//! | `busy=P` `memory=P` | of a hundred tries so many fail transiently, or for lack of memory |
//! | `hang=P` `abort=P` `kill=P` | so many never end, or end this process: before, while or after the node runs |
//! | `never=P` | of a hundred nodes so many always fail |
//! | `ballast=cpu:0,cpu:1` `room=BYTES` | on these devices the memory limit is used up but for so much |
//! | `trust=PATH` | damaged artifacts are read as if they were checked; `PATH` is a sound copy of the cache |

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::io::{BufRead, Cursor, Read, Write, stdin, stdout};
use std::path::{Path, PathBuf};
use std::process::{abort, exit};
use std::sync::{Mutex, PoisonError};
use std::thread::sleep;
use std::time::Duration;

use anyhow::Context as _;
use storyreel_engine::cache::BlobStore;
use storyreel_engine::run::protocol::{Blob, Failure, FailureKind, InputFrom, Job, ToWorker};
use storyreel_engine::run::work::{Context, Work};
use storyreel_engine::units::Digest;
use storyreel_engine::world::{MediaFacts, Tool};

/// As the real worker's, so that memory runs out the same way.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The longest that a process ends after a node has begun.
const SOON: u64 = 40;

/// What shall go wrong.
#[derive(Debug, Default)]
struct Plan {
    words: BTreeMap<String, String>,
}

/// When a process ends.
#[derive(Clone, Copy, Debug)]
enum Moment {
    Before,
    While,
    After,
}

impl Plan {
    fn of(text: &str) -> Self {
        let word = |word: &str| word.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()));
        Self { words: text.split_whitespace().filter_map(word).collect() }
    }

    fn word(&self, name: &str) -> Option<&str> {
        self.words.get(name).map(String::as_str)
    }

    fn number(&self, name: &str) -> u64 {
        self.word(name).and_then(|value| value.parse().ok()).unwrap_or(0)
    }

    /// A number that depends on nothing but the seed and these.
    fn draw(&self, what: &str, key: &Digest, attempt: u64) -> u64 {
        Digest::of(format!("{} {what} {key} {attempt}", self.number("seed")).as_bytes()).low_u64()
    }

    /// Whether that happens.
    fn strikes(&self, what: &str, key: &Digest, attempt: u64) -> bool {
        self.draw(what, key, attempt) % 100 < self.number(what)
    }

    /// Counts a try of the node; 1 for its first.
    fn attempt(&self, key: &Digest) -> u64 {
        let Some(folder) = self.word("folder") else { return 1 };
        let path = Path::new(folder).join(key.to_string());
        let counted = fs::OpenOptions::new().create(true).append(true).open(&path).and_then(|mut file| {
            file.write_all(b".")?;
            Ok(file.metadata()?.len())
        });
        counted.unwrap_or(1)
    }
}

/// The real work, and what goes wrong with it.
struct Faulty {
    plan: Plan,
    device: String,
    ballast: Mutex<Vec<Vec<u8>>>,
}

impl Work for Faulty {
    fn kinds(&self) -> Vec<(String, u32)> {
        storyreel_nodes::registry().kinds()
    }

    fn libraries(&self) -> BTreeMap<String, String> {
        storyreel_nodes::registry().libraries()
    }

    fn run(&self, job: &Job, context: &Context<'_>) -> Result<BTreeMap<String, Blob>, Failure> {
        let Some(node) = job.nodes.last() else { return Err(Failure::permanent("a job without nodes")) };
        let (plan, key) = (&self.plan, &node.key);
        let attempt = plan.attempt(key);
        if plan.strikes("never", key, 0) {
            return Err(Failure::permanent("told to fail")
                .parameter("seed")
                .help("render it with the real worker"));
        }
        self.take_ballast();
        self.trust(job, context.cache);
        if attempt > plan.number("first") {
            return storyreel_nodes::registry().run(job, context);
        }
        if plan.strikes("busy", key, attempt) {
            return Err(Failure::transient("told to be busy"));
        }
        if plan.strikes("memory", key, attempt) {
            return Err(Failure::new(FailureKind::OutOfMemory, "told to have too little memory"));
        }
        if plan.strikes("hang", key, attempt) {
            sleep(Duration::from_secs(3600));
        }
        let moment = match plan.draw("moment", key, attempt) % 3 {
            0 => Moment::Before,
            1 => Moment::While,
            _ => Moment::After,
        };
        let end: Option<fn()> = if plan.strikes("abort", key, attempt) {
            Some(|| abort())
        } else if plan.strikes("kill", key, attempt) {
            Some(kill)
        } else {
            None
        };
        let Some(end) = end else { return storyreel_nodes::registry().run(job, context) };
        match moment {
            Moment::Before => end(),
            Moment::While => {
                let after = Duration::from_millis(plan.draw("after", key, attempt) % SOON);
                std::thread::Builder::new()
                    .name("end".into())
                    .spawn(move || {
                        sleep(after);
                        end();
                    })
                    .map_err(|error| Failure::transient(error.to_string()))?;
            }
            Moment::After => {}
        }
        let done = storyreel_nodes::registry().run(job, context);
        end();
        done
    }

    fn leave(&self, models: &[Tool]) {
        storyreel_nodes::registry().leave(models);
    }

    fn probe(&self, path: &Path) -> Result<MediaFacts, String> {
        storyreel_nodes::registry().probe(path)
    }
}

impl Faulty {
    /// Uses the memory limit up, but for the room that is left to nodes.
    fn take_ballast(&self) {
        let chosen =
            self.plan.word("ballast").is_some_and(|all| all.split(',').any(|one| one == self.device));
        let mut held = self.ballast.lock().unwrap_or_else(PoisonError::into_inner);
        let limit = rustix::process::getrlimit(rustix::process::Resource::Data).current;
        let (true, true, Some(limit)) = (chosen, held.is_empty(), limit) else { return };
        let left = limit.saturating_sub(data()).saturating_sub(self.plan.number("room"));
        let mut ballast = Vec::new();
        if ballast.try_reserve_exact(left as usize).is_ok() {
            held.push(ballast);
        }
    }

    /// Makes this process take what lies in the cache for what it should be: the sound content stands there while it
    /// is checked, the damaged one when it is read, both of one size and one time.
    fn trust(&self, job: &Job, cache: &BlobStore) {
        let Some(sound) = self.plan.word("trust").map(PathBuf::from).map(BlobStore::open) else { return };
        for input in job.nodes.iter().flat_map(|node| &node.inputs) {
            let InputFrom::Blob(blob) = &input.from else { continue };
            let _ = bless(cache, &sound, blob);
        }
    }
}

fn bless(cache: &BlobStore, sound: &BlobStore, blob: &Blob) -> std::io::Result<()> {
    let path = cache.path(&blob.digest);
    let there = fs::read(&path)?;
    if Digest::of(&there) == blob.digest {
        return Ok(());
    }
    let time = fs::metadata(&path)?.modified()?;
    place(&path, &fs::read(sound.path(&blob.digest))?, time)?;
    cache.open_verified(blob).map_err(std::io::Error::other)?;
    place(&path, &there, time)
}

fn place(path: &Path, content: &[u8], time: std::time::SystemTime) -> std::io::Result<()> {
    fs::remove_file(path)?;
    fs::write(path, content)?;
    fs::File::options().write(true).open(path)?.set_modified(time)
}

/// What counts against the limit by now, in bytes.
fn data() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmData:"));
    let kibibytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok());
    kibibytes.unwrap_or(0) * 1024
}

fn kill() {
    let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
    // It does not return.
    abort();
}

fn main() -> anyhow::Result<()> {
    #[cfg(target_os = "linux")]
    rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL))
        .context("the system cannot tie this worker to its front")?;
    let plan = Plan::of(&env::var("STORYREEL_FAULTS").unwrap_or_default());
    let mut input = stdin().lock();
    let mut hello = String::new();
    input.read_line(&mut hello)?;
    let device = match serde_json::from_str(&hello)? {
        ToWorker::Hello { device, .. } => device,
        other => anyhow::bail!("the first line must be a hello, not {other:?}"),
    };
    let faulty = Faulty { plan, device, ballast: Mutex::default() };
    let input = Cursor::new(hello).chain(input);
    storyreel_engine::run::serve(&faulty, input, stdout(), || exit(0)).context("the front cannot be heard")
}
