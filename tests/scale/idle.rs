//! How much of two processors the example film leaves idle while there is work for both, by the system's own account
//! of processor time. As control, a worker that stands still for a while must show.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

/// Workers, as many as processors are counted.
const WORKERS: usize = 2;

/// More than this share of idle time while work is ready is too much.
const LIMIT: f64 = 0.05;

/// How long the control's worker stands still.
const STANDSTILL: Duration = Duration::from_secs(5);

/// What the system counts processor time in, a second.
const TICKS: f64 = 100.0;

/// A moment at which a node began or ended.
#[derive(Clone, Copy)]
struct Moment {
    at: Instant,
    /// Processor seconds of all processes of the render until then.
    busy: f64,
    /// Nodes that run from then on.
    running: usize,
}

/// A render's account from the moment when both workers are busy first, until they are no more.
struct Account {
    wall: f64,
    busy: f64,
    nodes: usize,
}

impl Account {
    fn idle(&self) -> f64 {
        1.0 - self.busy / (WORKERS as f64 * self.wall)
    }
}

/// Processor seconds of those processes, while they live.
fn busy(pids: &BTreeSet<u32>) -> f64 {
    let of = |pid: &u32| -> Option<f64> {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        // Fields 14 and 15, counted from after the name, which may hold anything.
        let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
        Some((fields[11].parse::<f64>().ok()? + fields[12].parse::<f64>().ok()?) / TICKS)
    };
    pids.iter().filter_map(of).sum()
}

/// Renders the example film small, from nothing; `standstill` stops one worker for a while.
fn render(standstill: bool) -> Account {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/keeper");
    let place = tempfile::tempdir().unwrap();
    let mut front = Command::new(env!("CARGO_BIN_EXE_storyreel"))
        .args(["render", "film.yaml", "--size", "640x360", "--events", "json", "--devices", "cpu:2"])
        .args(["--cache".as_ref(), place.path().join("cache").as_os_str()])
        .args(["--out".as_ref(), place.path().join("out").as_os_str()])
        .current_dir(example)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut pids = BTreeSet::from([front.id()]);
    let (mut running, mut moments, mut stopped) = (0_usize, Vec::<Moment>::new(), !standstill);
    for line in BufReader::new(front.stdout.take().unwrap()).lines() {
        let event: Value = serde_json::from_str(&line.unwrap()).unwrap();
        let event = &event["event"];
        match event["is"].as_str().unwrap() {
            "worker-started" => {
                pids.insert(event["pid"].as_u64().unwrap() as u32);
                continue;
            }
            "node-started" => running += 1,
            "node-done" if !event["device"].is_null() => running -= 1,
            _ => continue,
        }
        moments.push(Moment { at: Instant::now(), busy: busy(&pids), running });
        if !stopped && moments.len() > 20 {
            stopped = true;
            stand_still(*pids.last().unwrap());
        }
    }
    assert!(front.wait().unwrap().success());
    let first = moments.iter().position(|moment| moment.running == WORKERS).unwrap();
    let last = 1 + moments.iter().rposition(|moment| moment.running == WORKERS).unwrap();
    let (from, to) = (moments[first], moments[last]);
    Account {
        wall: to.at.duration_since(from.at).as_secs_f64(),
        busy: to.busy - from.busy,
        nodes: moments.len() / 2,
    }
}

/// What the render says meanwhile waits to be read; the account is of its two ends only.
fn stand_still(pid: u32) {
    let pid = Pid::from_raw(pid as i32).unwrap();
    kill_process(pid, Signal::STOP).unwrap();
    std::thread::sleep(STANDSTILL);
    kill_process(pid, Signal::CONT).unwrap();
}

#[test]
#[ignore = "a bench, two renders of the example film: ./x bench idle"]
fn idle() {
    println!("The example film at 640x360, cold, on cpu:{WORKERS}, while both workers have work:\n");
    println!("{:<44} {:>8} {:>8} {:>10} {:>8}", "", "wall s", "CPU s", "idle", "nodes");
    let tell = |name: &str, account: &Account| {
        let Account { wall, busy, nodes } = account;
        println!("{name:<44} {wall:>8.2} {busy:>8.2} {:>8.1} % {nodes:>8}", 100.0 * account.idle());
    };
    let account = render(false);
    tell("1 - CPU / (2 x wall)", &account);
    let control = render(true);
    tell(&format!("one worker stopped for {} s (control)", STANDSTILL.as_secs()), &control);
    assert!(control.idle() > LIMIT, "a worker that stands still does not show");
    assert!(account.idle() < LIMIT, "{:.1} % idle while work is ready", 100.0 * account.idle());
}
