//! The scheduler's own placement against devices that only count time: a thousand shots in well under a second.

mod films;

use std::collections::BTreeSet;

pub use films::SimulatedFilm;

use crate::placement::{Assignment, Placement, Rule, TaskId};

/// How a simulated run went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// When the last task ended, in milliseconds.
    pub makespan: u64,
    /// What began, in order, with when.
    pub begun: Vec<(u64, Assignment)>,
    /// Milliseconds spent loading models.
    pub loading: u64,
}

/// Plays the film through.
pub fn play(film: &SimulatedFilm, rule: Rule) -> Outcome {
    let mut placement = Placement::new(film.tasks.clone(), film.models.clone(), &film.devices, rule);
    let mut waits: Vec<usize> = film.inputs.iter().map(Vec::len).collect();
    let mut users: Vec<Vec<TaskId>> = vec![Vec::new(); film.tasks.len()];
    for (task, inputs) in film.inputs.iter().enumerate() {
        inputs.iter().for_each(|input| users[*input].push(task));
        if inputs.is_empty() {
            placement.ready(task);
        }
    }
    let (mut now, mut running, mut outcome) = (0, BTreeSet::new(), Outcome::default());
    loop {
        while let Some(begun) = placement.next(now) {
            let loading = begun.load.map_or(0, |model| film.models[model].load_millis);
            running.insert((now + loading + film.tasks[begun.task].millis, begun.device, begun.task));
            outcome.loading += loading;
            outcome.begun.push((now, begun));
        }
        let Some((end, device, task)) = running.pop_first() else { return outcome };
        (now, outcome.makespan) = (end, end);
        placement.freed(device);
        for user in &users[task] {
            waits[*user] -= 1;
            if waits[*user] == 0 {
                placement.ready(*user);
            }
        }
    }
}

/// No schedule is shorter: the longest chain with the loading of its first model; or all work and the loads
/// that cannot be avoided, shared by as many devices as is best (each model is loaded once at least, and each
/// device that works loads at least the smallest).
pub fn lower_bound(film: &SimulatedFilm) -> u64 {
    let load = |model: usize| film.models[model].load_millis;
    let starts = film.tasks.iter().zip(&film.inputs).filter(|(_, inputs)| inputs.is_empty());
    let chain = starts.map(|(task, _)| task.priority + task.model.map_or(0, load)).max().unwrap_or(0);
    let work: u64 = film.tasks.iter().map(|task| task.millis).sum();
    let used: BTreeSet<usize> = film.tasks.iter().filter_map(|task| task.model).collect();
    let once: u64 = used.iter().map(|model| load(*model)).sum();
    let least = used.iter().map(|model| load(*model)).min().unwrap_or(0);
    let shared = |devices: u64| (work + once.max(devices * least)).div_ceil(devices);
    let area = (1..=film.devices.len() as u64).map(shared).min().unwrap_or(0);
    chain.max(area)
}
