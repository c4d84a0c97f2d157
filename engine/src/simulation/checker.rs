//! Checks a simulated run by its log alone, with nothing of the placement's own books: what it finds wrong,
//! the placement did wrong.

use std::collections::BTreeMap;

use super::{Event, Outcome, Work};
use crate::placement::{Assignment, DeviceId, ModelId, TaskId};

/// What a run did that none may do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Breach {
    /// Two at once, or an end without a beginning.
    #[error("device {device} cannot begin or end task {task} at {at} ms")]
    NotFree {
        /// The device.
        device: DeviceId,
        /// The task.
        task: TaskId,
        /// In milliseconds.
        at: u64,
    },
    /// Before what it reads was there, or once more after it was done.
    #[error("task {task} begins at {at} ms, before what it reads is there or after it was done")]
    NotReady {
        /// The task.
        task: TaskId,
        /// In milliseconds.
        at: u64,
    },
    /// It ends sooner or later than begun, loaded and worked.
    #[error("task {task} took {took} ms")]
    Duration {
        /// The task.
        task: TaskId,
        /// In milliseconds.
        took: u64,
    },
    /// More than there is.
    #[error("device {device} or its pool holds {held} bytes at {at} ms, of {memory}")]
    Memory {
        /// The device.
        device: DeviceId,
        /// In milliseconds.
        at: u64,
        /// Bytes held.
        held: u64,
        /// Bytes there are.
        memory: u64,
    },
    /// A model leaves, or is loaded, against what is loaded.
    #[error("device {device} loads or lets go of model {model} wrongly at {at} ms")]
    Model {
        /// The device.
        device: DeviceId,
        /// The model.
        model: ModelId,
        /// In milliseconds.
        at: u64,
    },
    /// A model leaves that was used later than one which stays.
    #[error("model {model} leaves device {device} at {at} ms before one that was used less recently")]
    Order {
        /// The device.
        device: DeviceId,
        /// The model.
        model: ModelId,
        /// In milliseconds.
        at: u64,
    },
    /// A task that needs a GPU, on none; or another on a GPU, where there are CPU devices.
    #[error("task {task} is on device {device}, which is not of its sort")]
    Sort {
        /// The device.
        device: DeviceId,
        /// The task.
        task: TaskId,
    },
    /// Some tasks were neither done nor given up.
    #[error("{0} tasks were never done")]
    Unfinished(usize),
}

/// What is known of a device.
#[derive(Clone, Debug, Default)]
struct Device {
    /// Models with the number of their last use.
    resident: BTreeMap<ModelId, usize>,
    task: Option<(TaskId, u64, u64)>,
}

struct Checker<'a> {
    work: &'a Work,
    devices: Vec<Device>,
    done: Vec<bool>,
    given_up: bool,
    exact: bool,
    /// CPU devices there are.
    cpus: usize,
}

/// Checks every moment of the run; durations too, where the run went `exact`ly as estimated.
pub fn check(work: &Work, outcome: &Outcome, exact: bool) -> Result<(), Breach> {
    let devices = vec![Device::default(); work.devices.len()];
    let cpus = work.devices.iter().filter(|device| !device.gpu).count();
    let done = vec![false; work.tasks.len()];
    let mut checker = Checker { work, devices, done, given_up: false, exact, cpus };
    for (use_, entry) in outcome.log.iter().enumerate() {
        match &entry.event {
            Event::Begun(assignment) => checker.begin(assignment, entry.at, use_)?,
            Event::Ended { device, task, done } => checker.end(*device, *task, *done, entry.at)?,
            Event::Emptied(device) => checker.devices[*device].resident.clear(),
            Event::GivenUp(_) => checker.given_up = true,
        }
    }
    let left = checker.done.iter().filter(|done| !**done).count();
    if left > 0 && !checker.given_up { Err(Breach::Unfinished(left)) } else { Ok(()) }
}

impl Checker<'_> {
    fn begin(&mut self, assignment: &Assignment, at: u64, use_: usize) -> Result<(), Breach> {
        let Assignment { device, task, leave, elsewhere, load } = assignment;
        let (device, task) = (*device, *task);
        if self.devices[device].task.is_some() {
            return Err(Breach::NotFree { device, task, at });
        }
        if self.done[task] || self.work.inputs[task].iter().any(|input| !self.done[*input]) {
            return Err(Breach::NotReady { task, at });
        }
        let gpu = self.work.devices[device].gpu;
        if if self.work.tasks[task].gpu { !gpu } else { gpu && self.cpus > 0 } {
            return Err(Breach::Sort { device, task });
        }
        let out: Vec<(DeviceId, ModelId)> =
            leave.iter().map(|model| (device, *model)).chain(elsewhere.iter().copied()).collect();
        self.let_go(&out, device, task, at)?;
        let model = self.work.tasks[task].model;
        let absent = model.filter(|model| !self.devices[device].resident.contains_key(model));
        if *load != absent {
            return Err(Breach::Model { device, model: load.or(model).unwrap_or_default(), at });
        }
        if let Some(model) = model {
            self.devices[device].resident.insert(model, use_);
        }
        let loading = load.map_or(0, |model| self.work.models[model].load_millis);
        self.devices[device].task = Some((task, at, loading));
        self.weigh(device, at)
    }

    /// Idle devices let models go, and none that was used later than one which could have gone instead.
    fn let_go(
        &mut self,
        out: &[(DeviceId, ModelId)],
        device: DeviceId,
        task: TaskId,
        at: u64,
    ) -> Result<(), Breach> {
        let mut latest = None;
        for (mate, model) in out {
            let state = &mut self.devices[*mate];
            let wrong = Breach::Model { device: *mate, model: *model, at };
            if state.task.is_some() {
                return Err(wrong);
            }
            let used = state.resident.remove(model).ok_or(wrong)?;
            latest = latest.max(Some((used, *mate, *model)));
        }
        let Some((used, mate, model)) = latest else { return Ok(()) };
        let pool = self.work.devices[device].pool;
        let own = self.work.tasks[task].model;
        for (other, state) in self.devices.iter().enumerate() {
            let shares = other == device || (pool.is_some() && self.work.devices[other].pool == pool);
            let stays =
                |held: (&ModelId, &usize)| *held.1 < used && !(other == device && Some(*held.0) == own);
            if shares && state.task.is_none() && state.resident.iter().any(stays) {
                return Err(Breach::Order { device: mate, model, at });
            }
        }
        Ok(())
    }

    /// The device's own memory, or its pool's, unless the pool has a single task, which may be of any size.
    fn weigh(&self, device: DeviceId, at: u64) -> Result<(), Breach> {
        let bytes = |state: &Device| {
            let models: u64 = state.resident.keys().map(|model| self.work.models[*model].memory).sum();
            models + state.task.map_or(0, |(task, ..)| self.work.tasks[task].memory)
        };
        let pool = self.work.devices[device].pool;
        let mates: Vec<&Device> = match pool {
            None => vec![&self.devices[device]],
            Some(_) => {
                let mates = self.devices.iter().zip(&self.work.devices);
                mates.filter(|(_, spec)| spec.pool == pool).map(|(state, _)| state).collect()
            }
        };
        let held = mates.iter().map(|state| bytes(state)).sum();
        let memory = pool.map_or(self.work.devices[device].memory, |pool| self.work.pools[pool]);
        let models: usize = mates.iter().map(|state| state.resident.len()).sum();
        let tasks: Vec<TaskId> = mates.iter().filter_map(|state| state.task.map(|(task, ..)| task)).collect();
        let own = tasks.first().and_then(|task| self.work.tasks[*task].model).iter().len();
        let first = pool.is_some() && tasks.len() == 1 && models == own;
        if held > memory && !first { Err(Breach::Memory { device, at, held, memory }) } else { Ok(()) }
    }

    fn end(&mut self, device: DeviceId, task: TaskId, done: bool, at: u64) -> Result<(), Breach> {
        let Some((running, begin, loading)) = self.devices[device].task.take() else {
            return Err(Breach::NotFree { device, task, at });
        };
        if running != task {
            return Err(Breach::NotFree { device, task, at });
        }
        let took = at - begin;
        if self.exact && took != loading + self.work.tasks[task].millis {
            return Err(Breach::Duration { task, took });
        }
        self.done[task] = done;
        Ok(())
    }
}
