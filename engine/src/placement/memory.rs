//! What devices and pools hold, and what must leave before a task begins.
//!
//! What always holds: a device's resident models and its task never exceed its memory, nor those of all
//! devices of a pool the pool's; only the first task in an idle pool may, because preflight has let it
//! through.

use super::{DeviceId, DeviceSpec, Model, ModelId, SetId, Task, TaskId};

/// A model on a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Resident {
    pub model: ModelId,
    /// Greater where it was used later.
    pub used: u64,
}

/// What a device does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Busy {
    pub task: TaskId,
    /// The end by the estimate, in milliseconds.
    pub until: u64,
    /// Bytes beside its model's.
    pub memory: u64,
}

/// A device's state.
#[derive(Clone, Debug)]
pub(super) struct Device {
    pub spec: DeviceSpec,
    pub present: bool,
    /// How many of the sizes that devices have are its own or less; tasks of a higher class do not fit.
    pub class: usize,
    pub resident: Vec<Resident>,
    pub set: Option<SetId>,
    pub busy: Option<Busy>,
}

impl Device {
    pub fn holds(&self, model: ModelId) -> bool {
        self.resident.iter().any(|held| held.model == model)
    }

    /// Bytes of its models.
    pub fn held(&self, models: &[Model]) -> u64 {
        self.resident.iter().map(|held| models[held.model].memory).sum()
    }
}

/// A pool's books.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Pool {
    /// Bytes there are.
    pub memory: u64,
    /// Bytes of its busy devices' models and tasks.
    pub running: u64,
    /// Bytes of its idle devices' models.
    pub resting: u64,
    /// How many of its devices are busy.
    pub busy: usize,
    /// One of them wants the pool for itself.
    pub alone: bool,
}

/// Whether a task may begin on a device now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Room {
    /// After these have left.
    Made(Vec<(DeviceId, ModelId)>),
    /// Not before others in the pool have ended.
    Waits,
    /// It never fits there.
    Never,
}

/// The devices that may have to make room, and how much there is.
struct Space<'a> {
    devices: Vec<(DeviceId, &'a Device)>,
    /// Bytes for the task, its model and all that stays.
    memory: u64,
    /// Everything else leaves, whatever its size.
    alone: bool,
}

/// The room for `task` on `device`, least recently used models leaving first.
pub(super) fn room(
    devices: &[Device],
    models: &[Model],
    pools: &[Pool],
    device: DeviceId,
    task: &Task,
    alone: bool,
) -> Room {
    let own = task.memory + task.model.map_or(0, |model| models[model].memory);
    let Some(pool) = devices[device].spec.pool else {
        let memory = devices[device].spec.memory;
        if own > memory {
            return Room::Never;
        }
        let state = &devices[device];
        let there = task.model.filter(|model| state.holds(*model)).map_or(0, |model| models[model].memory);
        if !alone && state.held(models) - there + own <= memory {
            return Room::Made(Vec::new());
        }
        let space = Space { devices: vec![(device, &devices[device])], memory, alone };
        return Room::Made(leaving(&space, models, device, task.model, own));
    };
    let Pool { memory, running, resting, busy, alone: taken } = pools[pool];
    if busy > 0 && (taken || alone || running + own > memory) {
        return Room::Waits;
    }
    if !alone && running + resting + own <= memory {
        return Room::Made(Vec::new());
    }
    let idle = |mate: &&Device| mate.spec.pool == Some(pool) && mate.busy.is_none();
    let idle = devices.iter().enumerate().filter(|(_, mate)| idle(mate)).collect();
    let space = Space { devices: idle, memory: memory.saturating_sub(running), alone };
    Room::Made(leaving(&space, models, device, task.model, own))
}

/// What leaves of a space, the least recently used first, until `own` bytes fit beside the rest.
fn leaving(
    space: &Space,
    models: &[Model],
    device: DeviceId,
    model: Option<ModelId>,
    own: u64,
) -> Vec<(DeviceId, ModelId)> {
    let mut others = Vec::new();
    let mut held = own;
    for (id, state) in &space.devices {
        for resident in &state.resident {
            if *id != device || Some(resident.model) != model {
                others.push((resident.used, *id, resident.model));
                held += models[resident.model].memory;
            }
        }
    }
    if held <= space.memory && !space.alone {
        return Vec::new();
    }
    others.sort_unstable();
    let mut leave = Vec::new();
    for (_, id, model) in others {
        if held <= space.memory && !space.alone {
            break;
        }
        held -= models[model].memory;
        leave.push((id, model));
    }
    leave
}
