//! What no schedule can be shorter than.
//!
//! What always holds: a bound is never above the best schedule there is, with exact estimates and without
//! failures, even where models could be loaded ahead of their tasks and could leave in any order. Written for
//! devices with memory of their own, which hold nothing at first; a pool's devices are taken to have room for
//! everything.

use std::collections::{BTreeMap, BTreeSet};

use super::Work;
use crate::placement::{ModelId, TaskId};

/// Heads and tails are looked at from so many of their values.
const STEPS: usize = 12;

/// Two bounds of the time that the work takes, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bound {
    /// The longest chain; or all work, and one load of each model used, shared by all devices.
    pub plain: u64,
    /// The plain one's parts, with the tasks that only some devices can do shared by those alone, and with
    /// what must come before and after.
    pub tight: u64,
}

/// A task's place in time where nothing else is in its way, in milliseconds.
#[derive(Clone, Copy, Debug)]
struct Window {
    /// No schedule starts its work before: the longest chain before it, with the load of that chain's first
    /// model.
    head: u64,
    /// Its own work.
    millis: u64,
    /// The longest chain after it.
    tail: u64,
}

/// Bounds of the work.
pub fn lower_bound(work: &Work) -> Bound {
    let mut plainly = work.clone();
    plainly.weigh();
    let chain = plainly.tasks.iter().map(|task| task.priority).max().unwrap_or(0);
    let all: u64 = work.tasks.iter().map(|task| task.millis).sum();
    let plain = chain.max((all + once(work, 0..work.tasks.len())).div_ceil(work.devices.len().max(1) as u64));
    let windows = windows(&plainly);
    let through = windows.iter().map(|one| one.head + one.millis + one.tail).max().unwrap_or(0);
    let groups = groups(work);
    let shared = groups.iter().map(|(devices, tasks)| shared(work, &windows, tasks, devices.len()));
    Bound { plain, tight: shared.max().unwrap_or(0).max(through).max(plain) }
}

/// Milliseconds of loading each model that these tasks use once.
fn once(work: &Work, tasks: impl Iterator<Item = TaskId>) -> u64 {
    let used: BTreeSet<ModelId> = tasks.filter_map(|task| work.tasks[task].model).collect();
    used.iter().map(|model| work.models[*model].load_millis).sum()
}

/// Heads: a task's model is loaded on its device before it starts, and it starts after all that it reads has
/// ended. Tails: whoever reads it starts after it has ended. Both hold in any schedule, by induction along
/// the chain.
fn windows(work: &Work) -> Vec<Window> {
    let mut all: Vec<Window> = Vec::new();
    for (task, inputs) in work.tasks.iter().zip(&work.inputs) {
        let load = task.model.map_or(0, |model| work.models[model].load_millis);
        let read = inputs.iter().map(|input| all[*input].head + all[*input].millis).max().unwrap_or(0);
        all.push(Window { head: load.max(read), millis: task.millis, tail: task.priority - task.millis });
    }
    all
}

/// For each set of devices that some task is confined to: all tasks confined to them or to fewer.
fn groups(work: &Work) -> Vec<(BTreeSet<usize>, Vec<TaskId>)> {
    let cpus = work.devices.iter().any(|device| !device.gpu);
    let able = |task: TaskId| -> BTreeSet<usize> {
        let task = &work.tasks[task];
        let need = task.memory + task.model.map_or(0, |model| work.models[model].memory);
        let fits = |device: &usize| {
            let device = &work.devices[*device];
            let right = if task.gpu { device.gpu } else { !device.gpu || !cpus };
            right && (device.pool.is_some() || need <= device.memory)
        };
        (0..work.devices.len()).filter(fits).collect()
    };
    let mut own: BTreeMap<BTreeSet<usize>, Vec<TaskId>> = BTreeMap::new();
    for task in 0..work.tasks.len() {
        own.entry(able(task)).or_default().push(task);
    }
    let within = |devices: &BTreeSet<usize>| {
        let fewer = own.iter().filter(|(some, _)| some.is_subset(devices));
        fewer.flat_map(|(_, tasks)| tasks.iter().copied()).collect()
    };
    let every: BTreeSet<BTreeSet<usize>> =
        own.keys().cloned().chain([(0..work.devices.len()).collect()]).collect();
    every.into_iter().filter(|devices| !devices.is_empty()).map(|one| (one.clone(), within(&one))).collect()
}

/// The best of [`spread`] over tasks with heads and tails of a certain length at least: any subset of the
/// tasks is bound by the same devices.
fn shared(work: &Work, windows: &[Window], tasks: &[TaskId], devices: usize) -> u64 {
    let heads = steps(tasks.iter().map(|task| windows[*task].head).collect());
    let tails = steps(tasks.iter().map(|task| windows[*task].tail).collect());
    let mut best = 0;
    for head in &heads {
        for tail in &tails {
            let late = |task: &&TaskId| windows[**task].head >= *head && windows[**task].tail >= *tail;
            let some: Vec<TaskId> = tasks.iter().filter(late).copied().collect();
            best = best.max(spread(work, windows, &some, devices));
        }
    }
    best
}

/// The least of the values, and some in between.
fn steps(mut values: Vec<u64>) -> Vec<u64> {
    values.sort_unstable();
    values.dedup();
    let step = values.len().div_ceil(STEPS).max(1);
    values.into_iter().step_by(step).collect()
}

/// Tasks that only these devices can do, in any schedule of makespan `C` in which `k` of them do some.
///
/// Each of the `k` starts a first of the tasks, not before its head, and ends a last, not after `C` less its
/// tail; between them it does its share. First tasks differ from device to device, and last ones too, so that
/// `k C >= work + the k least heads + the k least tails`.
///
/// From time 0 to its last task's end each of the `k` also loads what its tasks use: one model at least,
/// where all tasks use one, and all devices together each used model at least once, so that `k C >= work +
/// max(each model once, k times the least load) + the k least tails`.
///
/// The bound is the least over `k`, for nobody knows how many devices the best schedule uses.
fn spread(work: &Work, windows: &[Window], tasks: &[TaskId], devices: usize) -> u64 {
    let all: u64 = tasks.iter().map(|task| windows[*task].millis).sum();
    let once = once(work, tasks.iter().copied());
    let load = |task: &TaskId| work.tasks[*task].model.map_or(0, |model| work.models[model].load_millis);
    let least = tasks.iter().map(load).min().unwrap_or(0);
    let heads = least_of(tasks.iter().map(|task| windows[*task].head).collect(), devices);
    let tails = least_of(tasks.iter().map(|task| windows[*task].tail).collect(), devices);
    let (mut head, mut tail, mut best) = (0, 0, u64::MAX);
    for (count, (one, other)) in (1..).zip(heads.iter().zip(&tails)) {
        head += one;
        tail += other;
        let before = head.max(once).max(count * least);
        best = best.min((all + before + tail).div_ceil(count));
    }
    if tasks.is_empty() { 0 } else { best }
}

/// The `count` least, in order.
fn least_of(mut values: Vec<u64>, count: usize) -> Vec<u64> {
    if count < values.len() {
        values.select_nth_unstable(count);
        values.truncate(count);
    }
    values.sort_unstable();
    values
}
