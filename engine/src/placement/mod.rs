//! Which task runs where, and when: pure, so that a run, a forecast and a simulation place by the same rule.
//!
//! A task is ready once all that it reads is there. Whenever a device is free, [`Placement::next`] chooses what
//! it does: the task with the most work behind it first, but loading a model costs time, and a device that
//! holds one already is the better place. Models that have not been used for longest leave a device first; no
//! device ever holds more than its memory.

mod rule;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

pub use rule::Rule;

/// A task's number, from 0.
pub type TaskId = usize;
/// A model's number, from 0.
pub type ModelId = usize;
/// A device's number, from 0.
pub type DeviceId = usize;

/// Work for one device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Task {
    /// The network it uses.
    pub model: Option<ModelId>,
    /// How long it takes by the estimate, in milliseconds.
    pub millis: u64,
    /// Memory beside its model's, in bytes.
    pub memory: u64,
    /// The work of the longest chain from its start to the end of everything, in milliseconds.
    pub priority: u64,
}

/// A network that is loaded once a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Model {
    /// Bytes.
    pub memory: u64,
    /// How long loading takes, in milliseconds.
    pub load_millis: u64,
}

/// A device's state.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Device {
    memory: u64,
    /// Models that are loaded, the one used last at the end.
    resident: Vec<ModelId>,
    /// What it does, and until when by the estimate.
    busy: Option<(TaskId, u64)>,
}

/// What a device does next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// The device.
    pub device: DeviceId,
    /// The task.
    pub task: TaskId,
    /// The models that leave first.
    pub leave: Vec<ModelId>,
    /// The model that is loaded first.
    pub load: Option<ModelId>,
}

/// Tasks that are ready, by their model, those with most work behind them first.
type Queues = BTreeMap<Option<ModelId>, BTreeSet<(Reverse<u64>, TaskId)>>;

/// The state that choices are made from.
#[derive(Clone, Debug)]
pub struct Placement {
    tasks: Vec<Task>,
    models: Vec<Model>,
    devices: Vec<Device>,
    rule: Rule,
    queues: Queues,
    /// Milliseconds of all tasks that have not begun, by model.
    left: BTreeMap<Option<ModelId>, u64>,
    /// Milliseconds of the ready ones among them.
    queued: BTreeMap<Option<ModelId>, u64>,
}

impl Placement {
    /// With nothing ready yet; `devices` are their memories in bytes.
    pub fn new(tasks: Vec<Task>, models: Vec<Model>, devices: &[u64], rule: Rule) -> Self {
        let device = |memory: &u64| Device { memory: *memory, resident: Vec::new(), busy: None };
        let mut left = BTreeMap::new();
        for task in &tasks {
            *left.entry(task.model).or_insert(0) += task.millis;
        }
        let devices = devices.iter().map(device).collect();
        Self { tasks, models, devices, rule, queues: Queues::new(), left, queued: BTreeMap::new() }
    }

    /// All that the task reads is there.
    pub fn ready(&mut self, task: TaskId) {
        let Task { model, millis, priority, .. } = self.tasks[task];
        if self.queues.entry(model).or_default().insert((Reverse(priority), task)) {
            *self.queued.entry(model).or_insert(0) += millis;
        }
    }

    /// What a free device shall do now; none where nothing is ready that is better done at once.
    pub fn next(&mut self, now: u64) -> Option<Assignment> {
        let (device, task) = self.choose(now)?;
        let leave = self.leaving(device, task)?;
        let Task { model, millis, priority, .. } = self.tasks[task];
        let state = &mut self.devices[device];
        state.resident.retain(|held| !leave.contains(held));
        let load = model.filter(|model| !state.resident.contains(model));
        state.resident.retain(|held| Some(*held) != model);
        state.resident.extend(model);
        let loading = load.map_or(0, |model| self.models[model].load_millis);
        state.busy = Some((task, now + loading + millis));
        if let Some(queue) = self.queues.get_mut(&model) {
            queue.remove(&(Reverse(priority), task));
        }
        for sums in [&mut self.queued, &mut self.left] {
            if let Some(sum) = sums.get_mut(&model) {
                *sum -= millis;
            }
        }
        Some(Assignment { device, task, leave, load })
    }

    /// The device is free again.
    pub fn freed(&mut self, device: DeviceId) {
        self.devices[device].busy = None;
    }

    /// The device holds nothing any more: its worker was started anew.
    pub fn emptied(&mut self, device: DeviceId) {
        self.devices[device].resident.clear();
    }

    /// The models that must leave `device` for `task`; none where it does not fit even then.
    fn leaving(&self, device: DeviceId, task: TaskId) -> Option<Vec<ModelId>> {
        let state = &self.devices[device];
        let Task { model, memory, .. } = self.tasks[task];
        let own = model.map_or(0, |model| self.models[model].memory);
        let mut others: Vec<ModelId> =
            state.resident.iter().copied().filter(|held| Some(*held) != model).collect();
        let mut leave = Vec::new();
        let held = |others: &[ModelId]| others.iter().map(|held| self.models[*held].memory).sum::<u64>();
        while own + memory + held(&others) > state.memory {
            if others.is_empty() {
                return None;
            }
            leave.push(others.remove(0));
        }
        Some(leave)
    }
}
