//! The best of all schedules of a tiny work, by trying every one: the judge of bounds.
//!
//! Freer than any rule: a model may be loaded before its task is ready, and any model may leave.

use std::collections::BTreeSet;

use super::Work;
use crate::placement::{DeviceId, ModelId, TaskId};

#[derive(Clone)]
struct State {
    free: Vec<u64>,
    resident: Vec<BTreeSet<ModelId>>,
    ends: Vec<Option<u64>>,
}

/// The shortest makespan, in milliseconds. For some six tasks on two devices with memory of their own.
pub(super) fn shortest(work: &Work) -> u64 {
    let state = State {
        free: vec![0; work.devices.len()],
        resident: vec![BTreeSet::new(); work.devices.len()],
        ends: vec![None; work.tasks.len()],
    };
    let mut best = u64::MAX;
    go_on(work, &state, 0, &mut best);
    best
}

fn go_on(work: &Work, state: &State, makespan: u64, best: &mut u64) {
    if makespan >= *best {
        return;
    }
    if state.ends.iter().all(Option::is_some) {
        *best = makespan;
        return;
    }
    for task in (0..work.tasks.len()).filter(|task| state.ends[*task].is_none()) {
        let Some(read) = read(work, state, task) else { continue };
        for device in 0..work.devices.len() {
            for stays in stays(work, &state.resident[device], device, task) {
                let mut next = state.clone();
                let model = work.tasks[task].model;
                let absent = model.filter(|model| !state.resident[device].contains(model));
                let loaded = state.free[device] + absent.map_or(0, |model| work.models[model].load_millis);
                let end = loaded.max(read) + work.tasks[task].millis;
                next.free[device] = end;
                next.ends[task] = Some(end);
                next.resident[device] = stays;
                go_on(work, &next, makespan.max(end), best);
            }
        }
    }
}

/// When all that the task reads is there.
fn read(work: &Work, state: &State, task: TaskId) -> Option<u64> {
    let ends: Option<Vec<u64>> = work.inputs[task].iter().map(|input| state.ends[*input]).collect();
    ends.map(|ends| ends.into_iter().max().unwrap_or(0))
}

/// All that the device may hold while it does the task.
fn stays(work: &Work, held: &BTreeSet<ModelId>, device: DeviceId, task: TaskId) -> Vec<BTreeSet<ModelId>> {
    let (spec, task) = (&work.devices[device], &work.tasks[task]);
    if task.gpu && !spec.gpu {
        return Vec::new();
    }
    let mut all = vec![BTreeSet::from_iter(task.model)];
    for model in held.iter().filter(|model| Some(**model) != task.model) {
        let more = all.clone().into_iter().map(|mut stays| {
            stays.insert(*model);
            stays
        });
        all.extend(more);
    }
    let bytes = |stays: &BTreeSet<ModelId>| stays.iter().map(|model| work.models[*model].memory).sum::<u64>();
    all.retain(|stays| bytes(stays) + task.memory <= spec.memory);
    // Whatever may stay, does: it can leave later at no cost.
    let most = all.clone();
    all.retain(|stays| !most.iter().any(|more| more != stays && stays.is_subset(more)));
    all
}
