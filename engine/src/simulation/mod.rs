//! The scheduler's own placement against devices that only count time: a thousand shots in well under a
//! second.
//!
//! What always holds: the same work, rule and reality give the same [`Outcome`].

mod bound;
mod checker;
#[cfg(test)]
mod exhaustive;
mod films;
mod player;
mod reality;
#[cfg(test)]
mod tests;
mod tune;

pub use bound::{Bound, lower_bound};
pub use checker::{Breach, check};
pub use films::SimulatedFilm;
pub use player::{Entry, Event, Outcome, Script, Span, play};
pub use reality::{Fate, Outage, Reality};
pub use tune::{BUDGET, Plan, tune};

use crate::placement::{DeviceSpec, Model, Task, TaskId};

/// What there is to do, and what with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// The tasks.
    pub tasks: Vec<Task>,
    /// What each task reads; every one comes before those who read it.
    pub inputs: Vec<Vec<TaskId>>,
    /// The networks.
    pub models: Vec<Model>,
    /// The devices.
    pub devices: Vec<DeviceSpec>,
    /// The pools' memories in bytes.
    pub pools: Vec<u64>,
}

impl SimulatedFilm {
    /// The film on devices which all are GPUs.
    pub fn work(self) -> Work {
        let device = |memory: &u64| DeviceSpec { memory: *memory, gpu: true, pool: None };
        let devices = self.devices.iter().map(device).collect();
        Work { tasks: self.tasks, inputs: self.inputs, models: self.models, devices, pools: Vec::new() }
    }
}

impl Work {
    /// The same with time running backwards: who is read becomes who reads.
    fn reversed(&self) -> Self {
        let last = self.tasks.len().saturating_sub(1);
        let mut inputs = vec![Vec::new(); self.tasks.len()];
        for (task, reads) in self.inputs.iter().enumerate() {
            reads.iter().for_each(|read| inputs[last - read].push(last - task));
        }
        let tasks = self.tasks.iter().rev().copied().collect();
        let Self { models, devices, pools, .. } = self.clone();
        let mut all = Self { tasks, inputs, models, devices, pools };
        all.weigh();
        all
    }

    /// Sets every task's priority to the work of the longest chain from its start to the end.
    pub fn weigh(&mut self) {
        let mut after = vec![0; self.tasks.len()];
        for task in (0..self.tasks.len()).rev() {
            self.tasks[task].priority = after[task] + self.tasks[task].millis;
            for input in &self.inputs[task] {
                after[*input] = after[*input].max(self.tasks[task].priority);
            }
        }
    }
}
