//! Which task runs where, and when: pure, so that a run, a forecast and a simulation place by the same rule.
//!
//! A task is ready once all that it reads is there. Whenever a device is free, [`Placement::next`] chooses
//! what it does: the task with the most work behind it first, but loading a model costs time, and a device
//! that holds one already is the better place. What needs no GPU goes to CPU workers where there are any.
//!
//! What always holds: no device, and no pool of devices, ever holds more than its memory; models that have not
//! been used for longest leave first; a task that waits for memory keeps its pool from taking others; while
//! nothing runs and a present device may take a ready task, one begins. The same calls give the same choices.

mod memory;
mod queue;
mod rule;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use memory::{Busy, Device, Pool, Resident, Room, room};
use queue::{Key, Queue};
pub use rule::{Rule, Weights};

/// A task's number, from 0.
pub type TaskId = usize;
/// A model's number, from 0.
pub type ModelId = usize;
/// A device's number, from 0.
pub type DeviceId = usize;
/// The number of a set of tasks that share set-up work.
pub type SetId = usize;
/// The number of a pool of memory, from 0.
pub type PoolId = usize;

/// Work for one device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Task {
    /// The network it uses.
    pub model: Option<ModelId>,
    /// Tasks of one set share set-up work, which the device keeps that did one of the set last.
    pub set: Option<SetId>,
    /// It needs a GPU. Others go to CPU devices, and to GPUs only where there is no CPU device.
    pub gpu: bool,
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

/// What takes tasks, one at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeviceSpec {
    /// Its own memory in bytes; of no account for a device of a pool.
    pub memory: u64,
    /// It is a GPU.
    pub gpu: bool,
    /// The pool whose memory it shares with others: tasks and resident models of all of them together stay
    /// within it. The first task in an idle pool is let in whatever its size.
    pub pool: Option<PoolId>,
}

/// What a device does next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// The device.
    pub device: DeviceId,
    /// The task.
    pub task: TaskId,
    /// The models that leave the device first.
    pub leave: Vec<ModelId>,
    /// Models that leave idle devices of the same pool first, to make room in it.
    pub elsewhere: Vec<(DeviceId, ModelId)>,
    /// The model that is loaded first.
    pub load: Option<ModelId>,
}

/// Tasks that the same devices may take and that need the same model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Kind {
    gpu: bool,
    model: Option<ModelId>,
    /// One more than the number of sizes among the devices that are too small.
    class: usize,
}

/// All ready tasks of a kind, and sums for the rules.
#[derive(Clone, Debug)]
struct Lane {
    kind: Kind,
    queue: Queue,
    /// Milliseconds of all its ready tasks.
    queued: u64,
}

/// What is known of a task beside what it is.
#[derive(Clone, Debug, Default)]
struct Standing {
    lane: usize,
    /// Its place among the ready ones, while it is one of them.
    key: Option<Key>,
    begun: bool,
    alone: bool,
    /// Devices that shall not have it.
    barred: BTreeSet<DeviceId>,
}

impl Standing {
    /// It has to be looked at by itself, because not every device of a class may take it as any other.
    fn odd(&self) -> bool {
        self.alone || !self.barred.is_empty()
    }
}

/// Who holds a model.
#[derive(Clone, Debug, Default)]
struct Holders {
    /// How many GPUs, and how many CPU devices, by their class.
    count: [Vec<u64>; 2],
    /// How many of all are busy.
    busy: u64,
    /// The sum of the times when those will be free, in milliseconds.
    until: u64,
}

/// The state that choices are made from.
#[derive(Clone, Debug)]
pub struct Placement {
    tasks: Vec<Task>,
    models: Vec<Model>,
    devices: Vec<Device>,
    pools: Vec<Pool>,
    rule: Rule,
    lanes: Vec<Lane>,
    standing: Vec<Standing>,
    holders: Vec<Holders>,
    /// Devices that hold a set, counted.
    sets: BTreeMap<SetId, usize>,
    free: BTreeSet<DeviceId>,
    /// Ready tasks that are in no queue, see [`Standing::odd`].
    odd: BTreeSet<Key>,
    /// How many tasks are ready.
    waiting: usize,
    /// How many devices are busy.
    running: usize,
    /// The task that a pool is kept for, because it waits for memory there.
    kept: Vec<Option<TaskId>>,
    /// CPU devices that are present.
    cpus: usize,
    /// For each class, how many GPUs, and how many CPU devices, take tasks of it.
    able: [Vec<u64>; 2],
    /// Milliseconds of all tasks that have not begun, ready or not, which need a GPU, or do not, by the
    /// lowest class that is looked at.
    left: [Vec<u64>; 2],
    /// Counts uses of models and arrivals of tasks.
    uses: u64,
}

impl Placement {
    /// With nothing ready yet and every device present and empty. `pools` are bytes.
    pub fn new(
        tasks: Vec<Task>,
        models: Vec<Model>,
        devices: &[DeviceSpec],
        pools: Vec<u64>,
        rule: Rule,
    ) -> Self {
        let mut tasks = tasks;
        if matches!(rule, Rule::FirstCome | Rule::Loaded) {
            tasks.iter_mut().for_each(|task| task.set = None);
        }
        let own: BTreeSet<u64> =
            devices.iter().filter(|one| one.pool.is_none()).map(|one| one.memory).collect();
        let sizes: Vec<u64> = own.into_iter().collect();
        let device = |spec: &DeviceSpec| Device {
            spec: *spec,
            present: false,
            class: spec.pool.map_or(sizes.partition_point(|size| *size <= spec.memory), |_| sizes.len() + 1),
            resident: Vec::new(),
            set: None,
            busy: None,
        };
        let classes = sizes.len() + 2;
        let mut all = Self {
            devices: devices.iter().map(device).collect(),
            holders: vec![
                Holders { count: [vec![0; classes], vec![0; classes]], ..Holders::default() };
                models.len()
            ],
            kept: vec![None; pools.len()],
            lanes: Vec::new(),
            standing: vec![Standing::default(); tasks.len()],
            sets: BTreeMap::new(),
            free: BTreeSet::new(),
            odd: BTreeSet::new(),
            able: [vec![0; classes], vec![0; classes]],
            left: [vec![0; classes], vec![0; classes]],
            pools: pools.into_iter().map(|memory| Pool { memory, ..Pool::default() }).collect(),
            tasks,
            models,
            rule,
            waiting: 0,
            running: 0,
            cpus: 0,
            uses: 0,
        };
        all.sort_into_lanes(&sizes);
        (0..all.devices.len()).for_each(|device| all.found(device));
        all
    }

    fn sort_into_lanes(&mut self, sizes: &[u64]) {
        let mut lanes: BTreeMap<Kind, Vec<TaskId>> = BTreeMap::new();
        for (id, task) in self.tasks.iter().enumerate() {
            let need = task.memory + task.model.map_or(0, |model| self.models[model].memory);
            let class = sizes.partition_point(|size| *size < need) + 1;
            lanes.entry(Kind { gpu: task.gpu, model: task.model, class }).or_default().push(id);
        }
        for (kind, tasks) in lanes {
            for task in &tasks {
                self.standing[*task].lane = self.lanes.len();
            }
            self.lanes.push(Lane { kind, queue: Queue::default(), queued: 0 });
            tasks.iter().for_each(|task| self.change_left(*task, |left, millis| left + millis));
        }
    }

    fn change_left(&mut self, task: TaskId, change: impl Fn(u64, u64) -> u64) {
        let Kind { gpu, class, .. } = self.lanes[self.standing[task].lane].kind;
        for left in &mut self.left[usize::from(!gpu)][..=class] {
            *left = change(*left, self.tasks[task].millis);
        }
    }

    /// All that the task reads is there, or it shall be tried again.
    pub fn ready(&mut self, task: TaskId) {
        if self.standing[task].key.is_some() {
            return;
        }
        let Task { millis, set, .. } = self.tasks[task];
        let key = (self.rule.place(&self.tasks[task], task, self.uses), task);
        self.uses += 1;
        self.waiting += 1;
        let held = self.is_held(set);
        if std::mem::take(&mut self.standing[task].begun) {
            self.change_left(task, |left, millis| left + millis);
        }
        let standing = &mut self.standing[task];
        standing.key = Some(key);
        let lane = &mut self.lanes[standing.lane];
        lane.queued += millis;
        if standing.odd() {
            self.odd.insert(key);
        } else {
            lane.queue.insert(key, set, held);
        }
    }

    /// The task is no longer ready.
    pub fn withdraw(&mut self, task: TaskId) {
        let Some(key) = self.standing[task].key.take() else { return };
        let Task { millis, set, .. } = self.tasks[task];
        self.waiting -= 1;
        let held = self.is_held(set);
        let lane = &mut self.lanes[self.standing[task].lane];
        lane.queued -= millis;
        if !self.odd.remove(&key) {
            lane.queue.remove(key, set, held);
        }
        self.keep_no_longer(task);
    }

    fn is_held(&self, set: Option<SetId>) -> bool {
        set.is_some_and(|set| self.sets.contains_key(&set))
    }

    fn keep_no_longer(&mut self, task: TaskId) {
        for kept in self.kept.iter_mut().filter(|kept| **kept == Some(task)) {
            *kept = None;
        }
    }

    /// What a free device shall do at `now`, in milliseconds; none where nothing is ready that is better done
    /// at once. To be asked again until it has nothing, after every change.
    pub fn next(&mut self, now: u64) -> Option<Assignment> {
        if self.waiting == 0 || self.free.is_empty() {
            return None;
        }
        let (device, task) = self.choose(now)?;
        let Room::Made(out) = self.room(device, task) else { return None };
        Some(self.begin(device, task, out, now))
    }

    fn room(&self, device: DeviceId, task: TaskId) -> Room {
        let alone = self.standing[task].alone;
        room(&self.devices, &self.models, &self.pools, device, &self.tasks[task], alone)
    }

    fn begin(
        &mut self,
        device: DeviceId,
        task: TaskId,
        out: Vec<(DeviceId, ModelId)>,
        now: u64,
    ) -> Assignment {
        self.withdraw(task);
        let Task { model, set, millis, memory, .. } = self.tasks[task];
        out.iter().for_each(|(mate, model)| self.unload(*mate, *model));
        let load = model.filter(|model| !self.devices[device].holds(*model));
        self.uses += 1;
        match (load, model) {
            (Some(model), _) => self.put(device, model),
            (None, Some(model)) => self.touch(device, model),
            (None, None) => {}
        }
        if set.is_some() {
            self.hold(device, set);
        }
        let until = now + load.map_or(0, |model| self.models[model].load_millis) + millis;
        self.change_left(task, |left, millis| left - millis);
        let standing = &mut self.standing[task];
        standing.begun = true;
        let state = &mut self.devices[device];
        state.busy = Some(Busy { task, until, memory });
        for held in &state.resident {
            self.holders[held.model].busy += 1;
            self.holders[held.model].until += until;
        }
        if let Some(pool) = state.spec.pool.map(|pool| &mut self.pools[pool]) {
            let held = state.held(&self.models);
            pool.resting -= held;
            pool.running += held + memory;
            pool.busy += 1;
            pool.alone = standing.alone;
        }
        self.free.remove(&device);
        self.running += 1;
        let of = |mate: DeviceId| move |(id, model): &(DeviceId, ModelId)| (*id == mate).then_some(*model);
        let leave = out.iter().filter_map(of(device)).collect();
        let elsewhere = out.into_iter().filter(|(id, _)| *id != device).collect();
        Assignment { device, task, leave, elsewhere, load }
    }

    fn put(&mut self, device: DeviceId, model: ModelId) {
        let state = &mut self.devices[device];
        state.resident.push(Resident { model, used: self.uses });
        if let Some(pool) = state.spec.pool {
            self.pools[pool].resting += self.models[model].memory;
        }
        self.holders[model].count[usize::from(!state.spec.gpu)][state.class] += 1;
    }

    fn touch(&mut self, device: DeviceId, model: ModelId) {
        for held in self.devices[device].resident.iter_mut().filter(|held| held.model == model) {
            held.used = self.uses;
        }
    }

    fn unload(&mut self, device: DeviceId, model: ModelId) {
        let state = &mut self.devices[device];
        state.resident.retain(|held| held.model != model);
        if let Some(pool) = state.spec.pool {
            self.pools[pool].resting -= self.models[model].memory;
        }
        self.holders[model].count[usize::from(!state.spec.gpu)][state.class] -= 1;
    }

    /// The device holds that set from now on, and no other.
    fn hold(&mut self, device: DeviceId, set: Option<SetId>) {
        let before = std::mem::replace(&mut self.devices[device].set, set);
        if before == set {
            return;
        }
        if let Some(set) = set {
            let count = self.sets.entry(set).or_insert(0);
            *count += 1;
            if *count == 1 {
                self.lanes.iter_mut().for_each(|lane| lane.queue.hold(set, true));
            }
        }
        if let Some(before) = before
            && let Some(count) = self.sets.get_mut(&before)
        {
            *count -= 1;
            if *count == 0 {
                self.sets.remove(&before);
                self.lanes.iter_mut().for_each(|lane| lane.queue.hold(before, false));
            }
        }
    }

    /// The device's task has ended, one way or another.
    pub fn freed(&mut self, device: DeviceId) {
        let state = &mut self.devices[device];
        let Some(busy) = state.busy.take() else { return };
        for held in &state.resident {
            self.holders[held.model].busy -= 1;
            self.holders[held.model].until -= busy.until;
        }
        if let Some(pool) = state.spec.pool.map(|pool| &mut self.pools[pool]) {
            let held = state.held(&self.models);
            pool.running -= held + busy.memory;
            pool.resting += held;
            pool.busy -= 1;
            pool.alone = false;
        }
        self.running -= 1;
        if state.present {
            self.free.insert(device);
        }
    }

    /// The device holds nothing any more: its worker was started anew. Its task has ended with that.
    pub fn emptied(&mut self, device: DeviceId) {
        self.freed(device);
        for held in self.devices[device].resident.clone() {
            self.unload(device, held.model);
        }
        self.hold(device, None);
    }

    /// The device takes nothing any more. Its task has ended with that; the run says whether it is ready anew.
    pub fn lost(&mut self, device: DeviceId) {
        self.emptied(device);
        self.set_present(device, false);
    }

    /// The device is there again, and empty.
    pub fn found(&mut self, device: DeviceId) {
        self.set_present(device, true);
    }

    fn set_present(&mut self, device: DeviceId, present: bool) {
        let state = &mut self.devices[device];
        if std::mem::replace(&mut state.present, present) == present {
            return;
        }
        let (gpu, class) = (state.spec.gpu, state.class);
        if present {
            self.free.insert(device);
        } else {
            self.free.remove(&device);
        }
        let change = |count: u64| if present { count + 1 } else { count - 1 };
        for able in &mut self.able[usize::from(!gpu)][..=class] {
            *able = change(*able);
        }
        if !gpu {
            self.cpus = change(self.cpus as u64) as usize;
        }
        self.kept.fill(None);
    }

    /// The task shall never again be on that device, where its memory did not suffice.
    pub fn bar(&mut self, task: TaskId, device: DeviceId) {
        self.as_odd(task, |standing| {
            standing.barred.insert(device);
        });
    }

    /// The task shall have its device, and all of its device's pool, for itself.
    pub fn alone(&mut self, task: TaskId) {
        self.as_odd(task, |standing| standing.alone = true);
    }

    fn as_odd(&mut self, task: TaskId, change: impl Fn(&mut Standing)) {
        let ready = self.standing[task].key.is_some();
        self.withdraw(task);
        change(&mut self.standing[task]);
        if ready {
            self.ready(task);
        }
    }

    /// The estimate has changed; for a task that has not begun.
    pub fn relearn(&mut self, task: TaskId, millis: u64) {
        let ready = self.standing[task].key.is_some();
        self.withdraw(task);
        let Task { millis: old, priority, .. } = self.tasks[task];
        if !self.standing[task].begun {
            self.change_left(task, |left, old| left + millis - old);
        }
        self.tasks[task].millis = millis;
        self.tasks[task].priority = (priority + millis).saturating_sub(old);
        if ready {
            self.ready(task);
        }
    }

    /// Whether any present device may take the task, now or later.
    pub fn can_ever_run(&self, task: TaskId) -> bool {
        (0..self.devices.len()).any(|device| self.devices[device].present && self.may(device, task))
    }

    /// Ready tasks that no present device can take: they wait for a device to be found, or for ever.
    pub fn stranded(&self) -> Vec<TaskId> {
        let ready = (0..self.tasks.len()).filter(|task| self.standing[*task].key.is_some());
        ready.filter(|task| !self.can_ever_run(*task)).collect()
    }

    /// Whether the task may be on that device at all.
    fn may(&self, device: DeviceId, task: TaskId) -> bool {
        let standing = &self.standing[task];
        self.serves(&self.devices[device], self.lanes[standing.lane].kind)
            && !standing.barred.contains(&device)
    }

    /// 0 where GPUs take tasks of the kind, 1 where CPU devices do.
    fn side(&self, kind: Kind) -> usize {
        usize::from(!(kind.gpu || self.cpus == 0))
    }

    fn serves(&self, device: &Device, kind: Kind) -> bool {
        usize::from(!device.spec.gpu) == self.side(kind) && device.class >= kind.class
    }
}
