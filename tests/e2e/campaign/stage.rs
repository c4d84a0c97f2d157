//! One run of the campaign: a stage is set, a render meets its fault, the fault is mended, plain renders finish the
//! film, and all that must hold is looked at. What does not hold is told in words, so that a control can ask for it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use super::damage;
use super::scenario::{Dice, Kind, Scenario, Start};
use super::watched::{Running, Watched};
use crate::disk::Disk;
use crate::studio::{REAL_WORKER, Studio, TINY, digests, unfinished};

/// Renders that may follow until the film is whole.
const RENDERS: usize = 2;

/// How long a worker may outlive its front: what the disk still does for it.
const AFTERLIFE: Duration = Duration::from_secs(20);

/// The film as it is when nothing goes wrong, and the cache that made it.
pub struct Calm {
    studio: Studio,
    film: BTreeMap<String, String>,
    /// The film's own artifacts: without them something is to do.
    muxed: Vec<String>,
    /// Seconds that it took: on a busy machine a step's silence of two seconds is no hang.
    seconds: u64,
}

impl Calm {
    /// Renders it.
    pub fn new() -> Self {
        let (studio, began) = (Studio::with(TINY), Instant::now());
        studio.rendered(&[]);
        let seconds = began.elapsed().as_secs();
        let film = digests(&studio.path("out/film/latest"));
        let muxed = damage::made_by(&studio.path(CACHE), "mux");
        assert!(!muxed.is_empty());
        Self { studio, film, muxed, seconds }
    }
}

const CACHE: &str = ".storyreel/cache";

/// How a run that went well went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// This kind cannot be had here.
    Skipped,
    /// The film is whole.
    Whole {
        /// Whether the fault met the render at work.
        met: bool,
        /// Renders that it took after the one with the fault.
        renders: usize,
    },
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Skipped => f.write_str("skipped"),
            Self::Whole { met, renders } => {
                write!(f, "{}, whole after {renders} more", if *met { "met" } else { "missed" })
            }
        }
    }
}

/// Runs a scenario.
///
/// # Errors
/// What does not hold.
pub fn attempt(scenario: &Scenario, calm: &Calm) -> Result<Ended, String> {
    let Some(mut stage) = Stage::set(scenario, calm) else { return Ok(Ended::Skipped) };
    let under = stage.render_under_the_fault()?;
    let second = stage.second.take().map(|second| second.watch(|_| {})).transpose()?;
    stage.mend()?;
    stage.accounted(&under)?;
    let mut whole = under.code == Some(0);
    if whole {
        stage.compare("under the fault", "out")?;
    }
    if let Some(second) = &second {
        stage.accounted(second)?;
        if second.code == Some(0) {
            stage.compare("of the second render", "second")?;
        }
    }
    let mut renders = 0;
    while !whole && renders < RENDERS {
        renders += 1;
        let plain = stage.plain()?;
        whole = plain.code == Some(0);
        if !whole && renders == RENDERS {
            return Err(format!("plain render {renders} ended with {:?}: {}", plain.code, plain.told));
        }
    }
    stage.compare("in the end", "out")?;
    stage.sound()?;
    if scenario.kinds.iter().any(|kind| kind.damages()) {
        // What nothing has asked for so far is asked for now: records that were lost, what tools are.
        let plain = stage.plain()?;
        if plain.code != Some(0) {
            return Err(format!(
                "a render after the film was whole ended with {:?}: {}",
                plain.code, plain.told
            ));
        }
    }
    stage.unchanged()?;
    Ok(Ended::Whole { met: stage.met, renders })
}

/// A run's project, cache and fault.
struct Stage<'a> {
    scenario: &'a Scenario,
    calm: &'a Calm,
    dice: Dice,
    studio: Studio,
    cache: PathBuf,
    disk: Option<Disk>,
    second: Option<Running>,
    /// Brings the vanished cache back.
    returns: Option<thread::JoinHandle<Result<(), String>>>,
    /// Nodes that have begun or ended.
    seen: u64,
    /// Whether the strike is still to come.
    armed: bool,
    workers: BTreeSet<i32>,
    met: bool,
}

impl<'a> Stage<'a> {
    /// Sets it; none where this user may not do what it takes.
    fn set(scenario: &'a Scenario, calm: &'a Calm) -> Option<Self> {
        let studio = Studio::with(TINY);
        fs::create_dir(studio.path("tries")).expect("a folder");
        let disk = if scenario.has(Kind::DiskFull) { Some(Disk::with("size=1g")?) } else { None };
        if scenario.has(Kind::ReadOnly) && !can_be_forbidden() {
            println!("skipped: this user cannot be forbidden to write");
            return None;
        }
        let cache = disk.as_ref().map_or_else(|| studio.path(CACHE), |disk| disk.path().join("cache"));
        let mut stage = Self {
            scenario,
            calm,
            dice: Dice::new(!scenario.seed),
            studio,
            cache,
            disk,
            second: None,
            returns: None,
            seen: 0,
            armed: scenario.strike().is_some(),
            workers: BTreeSet::new(),
            met: false,
        };
        stage.furnish();
        Some(stage)
    }

    /// Fills the cache and damages it, as the scenario has it.
    fn furnish(&mut self) {
        if self.scenario.start == Start::Fresh {
            return;
        }
        let above = self.cache.parent().expect("a folder above");
        fs::create_dir_all(above).expect("a folder");
        let copied = Command::new("cp").arg("-a").arg(self.calm.studio.path(CACHE)).arg(&self.cache).status();
        assert!(copied.expect("cp").success());
        if self.scenario.start == Start::Damaged {
            self.damage_what_the_film_is_made_of();
            return;
        }
        damage::halve(&self.cache, &self.calm.muxed, &mut self.dice);
        for kind in self.scenario.kinds.clone() {
            match kind {
                Kind::Flips => damage::flip(&self.cache, &mut self.dice),
                Kind::Cuts => damage::cut(&self.cache, &mut self.dice),
                Kind::ClockBack => damage::age_by_minus_a_year(&self.cache),
                _ => continue,
            }
            self.met = true;
        }
    }

    /// The film has to be made again, of scenes that are damaged in their pictures.
    fn damage_what_the_film_is_made_of(&mut self) {
        for name in &self.calm.muxed {
            fs::remove_file(blob(&self.cache, name)).expect("removed");
        }
        for name in damage::made_by(&self.cache, "join") {
            damage::flip_in(&blob(&self.cache, &name), &mut self.dice);
        }
        self.met = true;
    }

    /// A render into `out`, a plain one or the one with the fault.
    fn command(&self, out: &str, under_fault: bool) -> Command {
        let faulty = under_fault && !self.scenario.words.is_empty();
        let cache = self.cache.to_str().expect("a plain path").to_owned();
        let mut args = vec!["render", "film.yaml", "--events", "json", "--devices", "cpu:2"];
        args.extend(["--cache", &cache, "--out", out]);
        let (limit, patience) = (self.limit(), self.patience().to_string());
        let impatient =
            [Kind::Hangs, Kind::Vanishes, Kind::MemoryLimit].iter().any(|kind| self.scenario.has(*kind));
        if under_fault && impatient {
            args.extend(["--patience", &patience]);
        }
        if faulty && self.scenario.has(Kind::MemoryLimit) {
            args.extend(["--worker-memory", &limit]);
        }
        let mut command = if self.scenario.has(Kind::ReadOnly) {
            forbidden(&self.studio, &args)
        } else {
            self.studio.command(&args)
        };
        let sound = if self.scenario.trusting {
            format!(" trust={}", self.calm.studio.path(CACHE).display())
        } else {
            String::new()
        };
        let tries = self.studio.path("tries");
        let plan =
            format!("seed={} folder={} {}{sound}", self.scenario.seed, tries.display(), self.scenario.words);
        if faulty {
            command.env(REAL_WORKER, real("examples/faulty")).env("STORYREEL_FAULTS", plan);
        }
        command
    }

    /// Seconds after which a step counts as hung, and a cache as lost.
    fn patience(&self) -> u64 {
        self.calm.seconds.clamp(2, 30)
    }

    /// What workers may have of memory.
    fn limit(&self) -> String {
        format!("{}MB", 150 + 50 * (self.scenario.seed % 6))
    }

    /// A render that nothing happens to.
    fn plain(&self) -> Result<Watched, String> {
        Running::start(self.command("out", false)).watch(|_| {})
    }

    /// The render, and what strikes it.
    fn render_under_the_fault(&mut self) -> Result<Watched, String> {
        self.met |= !self.scenario.words.is_empty();
        if self.scenario.has(Kind::TwoRenders) {
            self.second = Some(Running::start(self.command("second", true)));
            self.met = true;
        }
        if self.armed && self.scenario.moment.events == 0 && !self.kills() {
            self.strike(0);
        }
        let running = Running::start(self.command("out", true));
        let front = running.id();
        running.watch(|event| self.see(event, front))
    }

    fn kills(&self) -> bool {
        matches!(self.scenario.strike(), Some(Kind::FrontKilled | Kind::WorkerKilled | Kind::BothKilled))
    }

    fn see(&mut self, event: &Value, front: u32) {
        match event["is"].as_str() {
            Some("worker-started") => {
                self.workers.extend(event["pid"].as_i64().and_then(|pid| i32::try_from(pid).ok()));
            }
            Some("node-started" | "node-done") => {
                self.seen += 1;
                if self.armed && self.seen >= self.scenario.moment.events {
                    thread::sleep(Duration::from_micros(self.scenario.moment.micros));
                    self.strike(front);
                    self.met = true;
                }
            }
            _ => {}
        }
    }

    fn strike(&mut self, front: u32) {
        self.armed = false;
        let front = i32::try_from(front).ok();
        let workers: Vec<i32> = self.workers.iter().copied().collect();
        let some = workers.get(self.dice.below(workers.len() as u64) as usize).copied();
        match self.scenario.strike() {
            Some(Kind::FrontKilled) => kill(front),
            Some(Kind::WorkerKilled) => kill(some),
            Some(Kind::BothKilled) => kill(workers.into_iter().chain(front)),
            Some(Kind::DiskFull) => {
                let left = (32 + self.dice.below(200)) << 10;
                self.disk.as_mut().expect("a disk").leave(left);
            }
            Some(Kind::FlipsMeanwhile) => damage::flip(&self.cache, &mut self.dice),
            Some(Kind::CutsMeanwhile) => damage::cut(&self.cache, &mut self.dice),
            Some(Kind::ReadOnly) => rights(&self.cache, 0o555),
            Some(Kind::Vanishes) => self.vanish(),
            other => unreachable!("{other:?} does not strike"),
        }
    }

    /// The cache's folder goes, and comes back in a while; perhaps after the render has given up.
    fn vanish(&mut self) {
        let (cache, away) = (self.cache.clone(), self.away());
        if !cache.exists() {
            return;
        }
        fs::rename(&cache, &away).expect("moved away");
        let after = Duration::from_millis(
            [20, 100, 400, 1000, 1000 * self.patience() + 1500][self.dice.below(5) as usize],
        );
        let back = move || {
            thread::sleep(after);
            // An empty folder in its place would have given way.
            let anew = cache.exists();
            fs::rename(&away, &cache).map_err(|error| format!("the cache cannot return: {error}"))?;
            if anew { Err("something was made where the cache had been".to_owned()) } else { Ok(()) }
        };
        self.returns = Some(thread::Builder::new().name("returns".into()).spawn(back).expect("a thread"));
    }

    fn away(&self) -> PathBuf {
        self.cache.with_file_name("away")
    }

    /// What was wrong outside is right again.
    fn mend(&mut self) -> Result<(), String> {
        if let Some(disk) = &mut self.disk {
            disk.remount("size=1g");
        }
        if self.scenario.has(Kind::ReadOnly) {
            rights(&self.cache, 0o755);
        }
        if let Some(returns) = self.returns.take() {
            returns.join().map_err(|_| "the cache did not return".to_owned())??;
        }
        self.await_the_dead()
    }

    /// Whether the render ended as documented, and told why where it did not end well.
    fn accounted(&self, watched: &Watched) -> Result<(), String> {
        let Watched { code, told, .. } = watched;
        let failed = watched.all("node-failed").count();
        let told_enough = match code {
            None => matches!(self.scenario.strike(), Some(Kind::FrontKilled | Kind::BothKilled)),
            Some(0) => failed == 0,
            Some(1) => failed > 0 || (told.contains("storyreel: ") && told.contains("help: ")),
            Some(4) => told.contains("help: "),
            Some(_) => false,
        };
        if !told_enough || told.contains("a defect in") || told.contains("panicked") {
            return Err(format!("it ended with {code:?} and {failed} failed nodes, saying: {told}"));
        }
        for event in watched.all("node-failed") {
            let (message, label) = (&event["failure"]["message"], &event["label"]);
            if [message, label].iter().any(|text| text.as_str().is_none_or(str::is_empty)) {
                return Err(format!("a failure without an account: {event}"));
            }
        }
        let bearable = self.scenario.kinds.iter().all(|kind| {
            matches!(
                kind,
                Kind::Failures
                    | Kind::MemoryTold
                    | Kind::Hangs
                    | Kind::Crashes
                    | Kind::TwoRenders
                    | Kind::WorkerKilled
            ) || kind.damages()
                || *kind == Kind::ClockBack
        });
        let piled = self.scenario.kinds.iter().filter(|kind| !kind.damages()).count() > 1;
        if bearable && !piled && !self.scenario.trusting && *code != Some(0) {
            return Err(format!(
                "it should have ended well, but with {code:?}: {told}{:?}",
                watched.all("node-failed").collect::<Vec<_>>()
            ));
        }
        Ok(())
    }

    fn compare(&self, when: &str, out: &str) -> Result<(), String> {
        let latest = self.studio.path(out).join("film/latest");
        if !latest.exists() {
            return Err(format!("{when}, there is no film"));
        }
        let film = digests(&latest);
        let same = |name: &&String| film.get(*name) == self.calm.film.get(*name);
        let names: BTreeSet<&String> = film.keys().chain(self.calm.film.keys()).collect();
        let other: Vec<&&String> = names.iter().filter(|name| !same(name)).collect();
        if other.is_empty() { Ok(()) } else { Err(format!("{when}, {other:?} is not the calm film's")) }
    }

    /// Whether every artifact is what its name says; damage of ours is found now, if nothing has asked for it before.
    fn sound(&self) -> Result<(), String> {
        let cache = self.cache.to_str().expect("a plain path");
        let first = self.studio.run(&["cache", "verify", "--cache", cache]);
        let damaged = self.scenario.kinds.iter().any(|kind| kind.damages());
        let second = if first.code == 1 && damaged {
            self.studio.run(&["cache", "verify", "--cache", cache])
        } else {
            first
        };
        if second.code == 0 && second.out.contains("all sound") {
            return Ok(());
        }
        Err(format!("cache verify: {}{}", second.out, second.err))
    }

    /// Whether the film stands without work, and nothing unfinished is left.
    fn unchanged(&self) -> Result<(), String> {
        let before = self.studio.worker_starts();
        let again = self.plain()?;
        if again.code != Some(0) || self.studio.worker_starts() != before {
            return Err(format!("the finished film does not stand: {:?} {}", again.code, again.told));
        }
        self.compare("once more", "out")?;
        let left = unfinished(&self.cache, &self.studio.path("out"));
        if left.is_empty() { Ok(()) } else { Err(format!("unfinished: {left:?}")) }
    }

    /// Waits until no worker of the render is left.
    fn await_the_dead(&self) -> Result<(), String> {
        let alive = |pid: &i32| Path::new(&format!("/proc/{pid}")).exists();
        let until = Instant::now() + AFTERLIFE;
        while self.workers.iter().any(alive) {
            if Instant::now() > until {
                return Err(format!("a worker outlives its front: {:?}", self.workers));
            }
            thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    }
}

/// They may be gone already.
fn kill(pids: impl IntoIterator<Item = i32>) {
    for pid in pids.into_iter().filter_map(Pid::from_raw) {
        let _ = kill_process(pid, Signal::KILL);
    }
}

fn blob(cache: &Path, name: &str) -> PathBuf {
    cache.join("blobs").join(&name[..2]).join(name)
}

/// A program that is built beside the front.
fn real(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_BIN_EXE_storyreel")).with_file_name(name);
    assert!(
        path.exists(),
        "{} is not built: cargo build --release --workspace --all-targets",
        path.display()
    );
    path
}

/// Gives all folders of the cache these rights.
fn rights(cache: &Path, mode: u32) {
    let mut folders = vec![cache.to_owned()];
    while let Some(folder) = folders.pop() {
        // Read first: a folder without rights of its own would not tell.
        let inner = fs::read_dir(&folder).into_iter().flatten().flatten().map(|entry| entry.path());
        folders.extend(inner.filter(|path| path.is_dir()));
        // What vanishes meanwhile needs no rights.
        let _ = fs::set_permissions(&folder, fs::Permissions::from_mode(mode));
    }
}

/// Root may write whatever the rights say, unless it gives up that power: by this, from util-linux.
const WITHOUT_POWER: [&str; 3] = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"];

/// The front as one whom rights concern.
fn forbidden(studio: &Studio, args: &[&str]) -> Command {
    if !rustix::process::geteuid().is_root() {
        return studio.command(args);
    }
    let plain = studio.command(args);
    let mut command = Command::new(WITHOUT_POWER[0]);
    command.args(&WITHOUT_POWER[1..]).arg(plain.get_program()).args(plain.get_args());
    command.current_dir(studio.path("")).stdin(std::process::Stdio::null());
    for (name, value) in plain.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command
}

fn can_be_forbidden() -> bool {
    let tried = || Command::new(WITHOUT_POWER[0]).args(&WITHOUT_POWER[1..]).arg("true").status();
    !rustix::process::geteuid().is_root() || tried().is_ok_and(|status| status.success())
}
