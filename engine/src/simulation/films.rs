//! Films to try the scheduler on, by seed. Fixed before the first result was seen: 50 to 2,000 shots, chains of
//! 3 to 8 nodes, log-normal durations with a heavy tail, 2 to 6 models of 2 to 40 GB that load at 1 GB a second,
//! devices of 24 to 80 GB, at least 20 nodes a device, joins at scene and film ends. Never changed since.

use crate::placement::{Model, Task, TaskId};

const GB: u64 = 1_000_000_000;
/// Milliseconds that half of the nodes take less than.
const MEDIAN: f64 = 20_000.0;
/// The log-normal's width.
const SIGMA: f64 = 1.0;
/// Sizes of devices, in GB.
const MEMORIES: [u64; 5] = [24, 32, 40, 48, 80];
/// Nodes there are for each device, at least.
const NODES_A_DEVICE: usize = 20;

/// A film as the scheduler sees it.
#[derive(Clone, Debug)]
pub struct SimulatedFilm {
    /// Its tasks; their priorities are by the estimates, which are exact here.
    pub tasks: Vec<Task>,
    /// What each task reads.
    pub inputs: Vec<Vec<TaskId>>,
    /// The networks.
    pub models: Vec<Model>,
    /// The devices' memories in bytes.
    pub devices: Vec<u64>,
}

/// SplitMix64 (Steele, Lea and Flood, 2014).
pub(super) struct Rng(pub u64);

impl Rng {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to 1, without 1.
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// From `low` to `high`, both included.
    pub fn range(&mut self, low: u64, high: u64) -> u64 {
        low + self.next() % (high - low + 1)
    }

    /// Of the normal distribution, by Box and Muller.
    pub fn normal(&mut self) -> f64 {
        let (u, v) = (1.0 - self.unit(), self.unit());
        (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos()
    }

    /// Log-normal milliseconds.
    fn millis(&mut self) -> u64 {
        (MEDIAN * (SIGMA * self.normal()).exp()) as u64 + 1
    }
}

impl SimulatedFilm {
    /// The film of that seed for so many devices.
    pub fn new(seed: u64, devices: usize) -> Self {
        let mut rng = Rng(seed.wrapping_mul(0x2545_f491_4f6c_dd1d) ^ devices as u64);
        let models: Vec<Model> = (0..rng.range(2, 6)).map(|_| model(&mut rng)).collect();
        let least = (devices * NODES_A_DEVICE).div_ceil(5).clamp(50, 2000) as f64;
        let shots = (least * (2000.0 / least).powf(rng.unit())) as usize;
        let mut film = Self { tasks: Vec::new(), inputs: Vec::new(), models, devices: Vec::new() };
        film.devices = film.memories(devices, &mut rng);
        film.shoot(shots, &mut rng);
        while film.tasks.len() < devices * NODES_A_DEVICE {
            film.tasks.clear();
            film.inputs.clear();
            film.shoot(shots * 2, &mut rng);
        }
        film.weigh();
        film
    }

    /// Of the sizes there are; the largest model finds room somewhere.
    fn memories(&self, devices: usize, rng: &mut Rng) -> Vec<u64> {
        let mut all: Vec<u64> =
            (0..devices).map(|_| MEMORIES[rng.range(0, MEMORIES.len() as u64 - 1) as usize] * GB).collect();
        let largest = self.models.iter().map(|model| model.memory).max().unwrap_or(0);
        if !all.iter().any(|memory| *memory > largest + 8 * GB) {
            all[0] = 80 * GB;
        }
        all
    }

    fn shoot(&mut self, shots: usize, rng: &mut Rng) {
        let stages: Vec<usize> =
            (0..8).map(|_| rng.range(0, self.models.len() as u64 - 1) as usize).collect();
        let (mut left, mut scenes) = (shots, Vec::new());
        while left > 0 {
            let size = (rng.range(5, 20) as usize).min(left);
            left -= size;
            let ends: Vec<TaskId> = (0..size).map(|_| self.chain(&stages, rng)).collect();
            scenes.push(self.task(None, 2_000, ends, rng));
        }
        self.task(None, 5_000, scenes, rng);
    }

    fn chain(&mut self, stages: &[usize], rng: &mut Rng) -> TaskId {
        let length = rng.range(3, 8) as usize;
        let mut last = None;
        for stage in &stages[..length] {
            let millis = rng.millis();
            last = Some(self.task(Some(*stage), millis, last.into_iter().collect(), rng));
        }
        last.unwrap_or_default()
    }

    fn task(&mut self, model: Option<usize>, millis: u64, inputs: Vec<TaskId>, rng: &mut Rng) -> TaskId {
        let memory = if model.is_some() { rng.range(GB / 2, 4 * GB) } else { GB / 4 };
        let gpu = model.is_some();
        self.tasks.push(Task { model, set: None, gpu, millis, memory, priority: 0 });
        self.inputs.push(inputs);
        self.tasks.len() - 1
    }

    /// Sets the priorities: the work of the longest chain from a task's start to the film's end.
    fn weigh(&mut self) {
        let mut after = vec![0; self.tasks.len()];
        for task in (0..self.tasks.len()).rev() {
            self.tasks[task].priority = after[task] + self.tasks[task].millis;
            for input in &self.inputs[task] {
                after[*input] = after[*input].max(self.tasks[task].priority);
            }
        }
    }
}

fn model(rng: &mut Rng) -> Model {
    let memory = rng.range(2 * GB, 40 * GB);
    Model { memory, load_millis: memory / (GB / 1000) }
}
