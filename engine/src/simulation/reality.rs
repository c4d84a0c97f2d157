//! How a simulated run departs from the estimates: other durations, failures, devices that leave. All of it
//! follows from a seed and from the task and the attempt, never from the order in which things happen, so that
//! two rules are compared under the same blows.

use super::Work;
use super::films::Rng;
use crate::placement::{DeviceId, TaskId};

/// No task fails more often than this.
const MOST_FAILURES: u32 = 3;

/// How an attempt ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Well.
    Done,
    /// It fails, and is tried again.
    Fails,
    /// Its worker dies and is started anew: the device holds nothing any more.
    Dies,
    /// Its device's memory does not suffice: never again there.
    OutOfMemory,
}

/// A device that is away for a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outage {
    /// Which.
    pub device: DeviceId,
    /// From when on, in milliseconds.
    pub from: u64,
    /// Until when; for ever, where not told.
    pub until: Option<u64>,
}

/// What really happens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reality {
    /// What each task really takes, in milliseconds; by the estimates where empty.
    pub millis: Vec<u64>,
    /// Of what the fates of attempts are drawn.
    pub seed: u64,
    /// Of a thousand attempts, so many fail.
    pub fails: u64,
    /// And so many kill their worker.
    pub dies: u64,
    /// And so many run out of memory.
    pub out_of_memory: u64,
    /// Devices that leave.
    pub outages: Vec<Outage>,
}

impl Reality {
    /// Every task takes its estimate times a log-normal factor of that width and median 1.
    pub fn misjudged(mut self, work: &Work, seed: u64, sigma: f64) -> Self {
        let mut rng = Rng(seed);
        let mut off = |millis: u64| (millis as f64 * (sigma * rng.normal()).exp()) as u64 + 1;
        self.millis = work.tasks.iter().map(|task| off(task.millis)).collect();
        self
    }

    /// Attempts fail and workers die by the seed, and one device of eight is away for a tenth of `makespan`.
    pub fn failing(mut self, work: &Work, seed: u64, makespan: u64) -> Self {
        (self.seed, self.fails, self.dies) = (seed, 10, 5);
        let mut rng = Rng(seed ^ 0x6f75_7461_6765);
        let count = work.devices.len() as u64;
        for _ in 0..count / 8 {
            let from = rng.range(0, makespan);
            let device = rng.range(0, count - 1) as usize;
            self.outages.push(Outage { device, from, until: Some(from + makespan / 10) });
        }
        self
    }

    /// How the task's attempt ends, attempts counted from 0, and after how many thousandths of its time.
    pub(super) fn fate(&self, task: TaskId, attempt: u32) -> (Fate, u64) {
        let any = self.fails + self.dies + self.out_of_memory > 0;
        if !any || attempt >= MOST_FAILURES {
            return (Fate::Done, 1_000);
        }
        let mut rng = Rng(self.seed ^ (task as u64) << 8 ^ u64::from(attempt));
        let (drawn, after) = (rng.range(0, 999), rng.range(0, 999));
        match drawn {
            _ if drawn < self.fails => (Fate::Fails, after),
            _ if drawn < self.fails + self.dies => (Fate::Dies, after),
            _ if drawn < self.fails + self.dies + self.out_of_memory => (Fate::OutOfMemory, after),
            _ => (Fate::Done, 1_000),
        }
    }
}
