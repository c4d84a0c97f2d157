//! A graph's stored nodes as the placement's tasks, for a run and for the forecast of one: the same work, placed
//! by the same rule.

use std::collections::BTreeMap;

use super::device::{Device, DeviceClass};
use super::estimate::Taking;
use super::memory::memory_available;
use crate::graph::{Keyed, NodeIndex};
use crate::placement::{DeviceSpec, Model, Rule, TaskId};
use crate::simulation::{BUDGET, Work, tune};
use crate::world::Tool;

/// The share of the free memory that CPU workers may be planned to use, in percent.
const MEMORY_SHARE: u64 = 90;

/// Bytes a millisecond at which models are taken to load, until a load is measured: a good disk's.
const LOAD_RATE: u64 = 1_000_000;

/// Milliseconds of loading all models once, from which on it pays to plan ahead.
const WORTH_TUNING: u64 = 1000;

/// Nodes as tasks.
#[derive(Clone, Debug, Default)]
pub(super) struct Tasks {
    /// What there is to do, on these devices.
    pub work: Work,
    /// The node of each task: inputs stand before their users.
    pub nodes: Vec<NodeIndex>,
    /// The tool that is each model.
    pub models: Vec<Tool>,
    /// The task of each node.
    numbers: BTreeMap<NodeIndex, TaskId>,
}

impl Tasks {
    /// Of `nodes`, in graph order. `taking` is by node index; `sizes` are the bytes of models' files.
    pub fn new(
        keyed: &Keyed,
        nodes: &[NodeIndex],
        taking: &[Taking],
        devices: &[Device],
        sizes: &BTreeMap<Tool, u64>,
    ) -> Self {
        let mut all = Self {
            nodes: nodes.to_vec(),
            numbers: nodes.iter().enumerate().map(|(task, node)| (*node, task)).collect(),
            ..Self::default()
        };
        for node in nodes {
            let task = all.task(keyed, *node, &taking[node.index()], sizes);
            let inputs = keyed.stored_inputs(*node);
            let inputs = inputs.iter().filter_map(|input| all.number(*input)).collect();
            all.work.tasks.push(task);
            all.work.inputs.push(inputs);
        }
        all.work.weigh();
        all.work.pools = vec![host_memory(devices) / 100 * MEMORY_SHARE];
        all.equip(devices);
        all
    }

    /// Devices as the placement sees them: workers on the host share its memory. Without a CPU device, work that
    /// needs no GPU is done by the hosts of those that there are; it takes none of their own memory.
    fn equip(&mut self, devices: &[Device]) {
        let cpus = devices.iter().any(|device| device.class == DeviceClass::Cpu);
        let gpus = cpus || self.work.tasks.iter().any(|task| task.gpu);
        let spec = |device: &Device| {
            let gpu = gpus && device.class != DeviceClass::Cpu;
            DeviceSpec { memory: device.memory, gpu, pool: (!gpu).then_some(0) }
        };
        self.work.devices = devices.iter().map(spec).collect();
        if gpus && !cpus {
            self.work.tasks.iter_mut().filter(|task| !task.gpu).for_each(|task| task.memory = 0);
        }
    }

    fn task(
        &mut self,
        keyed: &Keyed,
        node: NodeIndex,
        taking: &Taking,
        sizes: &BTreeMap<Tool, u64>,
    ) -> crate::placement::Task {
        let kind = keyed.graph[node].kind;
        let model = kind.tools.iter().find(|tool| tool.is_model()).map(|tool| self.model(*tool, sizes));
        // What is streamed into a node is set up on its device: a shot's painted layers.
        let parts = keyed.job(node);
        let set = parts.iter().find(|part| **part != node).map(|part| part.index());
        let gpu = parts.iter().any(|part| keyed.graph[*part].kind.gpu);
        let memory = taking.memory.saturating_sub(model.map_or(0, |model| self.work.models[model].memory));
        crate::placement::Task { model, set, gpu, millis: taking.millis, memory, priority: 0 }
    }

    fn model(&mut self, tool: Tool, sizes: &BTreeMap<Tool, u64>) -> usize {
        self.models.iter().position(|known| *known == tool).unwrap_or_else(|| {
            let memory = sizes.get(&tool).copied().unwrap_or(0);
            self.models.push(tool);
            self.work.models.push(Model { memory, load_millis: memory / LOAD_RATE });
            self.models.len() - 1
        })
    }

    /// The tasks with the priorities, and the rule, that they are placed by. Where models take time to load, both
    /// are found by playing the work through beforehand.
    pub fn placed(&self) -> (Vec<crate::placement::Task>, Rule) {
        let work = &self.work;
        let loads: u64 = work.models.iter().map(|model| model.load_millis).sum();
        if loads < WORTH_TUNING {
            return (work.tasks.clone(), Rule::default());
        }
        let plan = tune(work, BUDGET);
        (plan.tasks(work), Rule::Weighed(plan.weights))
    }

    /// A node's task.
    pub fn number(&self, node: NodeIndex) -> Option<TaskId> {
        self.numbers.get(&node).copied()
    }
}

/// Bytes of the host's memory that these devices' workers may use together.
pub(super) fn host_memory(devices: &[Device]) -> u64 {
    let host = devices.iter().filter(|device| device.class == DeviceClass::Cpu);
    host.map(|device| device.memory).max().unwrap_or_else(memory_available)
}
