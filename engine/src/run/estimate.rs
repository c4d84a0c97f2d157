//! What every node will take of time, memory and disk, before it runs: as recorded, where this very step was
//! made before on such a device; else by its own formula, corrected by how the formula did for nodes of its
//! kind on such devices; else by the formula alone.

use std::collections::BTreeMap;

use super::device::Device;
use super::preflight::formula_sizes;
use crate::cache::{Formula, Record, Records};
use crate::graph::{Keyed, NodeIndex};

/// The latest records of a kind that are asked.
const ASKED: usize = 256;

/// What a node takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Taking {
    /// Milliseconds on one device, at least 1.
    pub millis: u64,
    /// Bytes of memory at its worker's peak.
    pub memory: u64,
    /// Bytes of its outputs.
    pub bytes: u64,
}

/// How nodes of a kind did, beside what their formulas said.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    count: usize,
    millis: u64,
    formula_millis: u64,
    memory: u64,
    formula_memory: u64,
    bytes: u64,
    formula_bytes: u64,
}

/// Estimates for the nodes of a graph on devices of one kind.
#[derive(Debug)]
pub struct Estimator<'a> {
    keyed: &'a Keyed,
    records: &'a Records,
    class: String,
    threads: u32,
    /// By the kind's name.
    kinds: BTreeMap<&'a str, Sums>,
    /// Bytes of the outputs by formula, by node index.
    bytes: Vec<u64>,
}

impl<'a> Estimator<'a> {
    /// By these records, for the first of the devices: those of a run are of one kind, but for GPUs, which only
    /// nodes that need one are given.
    pub fn new(keyed: &'a Keyed, records: &'a Records, devices: &[Device]) -> Self {
        let device = devices.first();
        let class = device.map(|device| device.class.to_string()).unwrap_or_default();
        let threads = device.map_or(1, |device| device.threads);
        let mut all = Self { keyed, records, class, threads, kinds: BTreeMap::new(), bytes: Vec::new() };
        let mut latest: Vec<&Record> = records.iter().filter(|record| all.tells(record)).collect();
        latest.sort_by_key(|record| std::cmp::Reverse(record.when));
        for record in latest {
            let sums = all.kinds.entry(record.kind.as_str()).or_default();
            if sums.count < ASKED {
                sums.add(record);
            }
        }
        all.bytes = formula_sizes(keyed);
        all
    }

    /// Whether a record tells of such devices, and what the formula said.
    fn tells(&self, record: &Record) -> bool {
        record.class == self.class && record.formula.is_some_and(|formula| formula.threads == self.threads)
    }

    /// What a stored node takes.
    pub fn of(&self, node: NodeIndex) -> Taking {
        let need = self.keyed.graph[node].need;
        let known = self.records.of_step(&self.keyed.steps[node.index()]);
        let sums = self.kinds.get(self.keyed.graph[node].kind.name).copied().unwrap_or_default();
        let mut taking = Taking {
            millis: scaled(need.millis, sums.millis, sums.formula_millis).max(1),
            memory: scaled(need.memory, sums.memory, sums.formula_memory).max(1),
            bytes: scaled(self.bytes[node.index()], sums.bytes, sums.formula_bytes),
        };
        if let Some(known) = known {
            // The bytes are the same wherever it was made; time and memory are the device's.
            taking.bytes = known.outputs.values().map(|blob| blob.bytes).sum();
            if self.tells(known) {
                (taking.millis, taking.memory) = (known.millis.max(1), known.peak_memory.max(1));
            }
        }
        taking
    }

    /// What the node's own formula says.
    pub fn formula(&self, node: NodeIndex) -> Formula {
        let need = self.keyed.graph[node].need;
        let (millis, memory) = (need.millis, need.memory);
        Formula { millis, memory, bytes: self.bytes[node.index()], threads: self.threads }
    }

    /// What every node of `nodes` takes, by node index.
    pub fn all(&self, nodes: impl IntoIterator<Item = NodeIndex>) -> Vec<Taking> {
        let mut all = vec![Taking::default(); self.keyed.graph.node_count()];
        nodes.into_iter().for_each(|node| all[node.index()] = self.of(node));
        all
    }
}

impl Sums {
    fn add(&mut self, record: &Record) {
        let Some(formula) = record.formula else { return };
        self.count += 1;
        self.millis += record.millis;
        self.formula_millis += formula.millis;
        self.memory += record.peak_memory;
        self.formula_memory += formula.memory;
        self.bytes += record.outputs.values().map(|blob| blob.bytes).sum::<u64>();
        self.formula_bytes += formula.bytes;
    }
}

/// What a formula says, corrected by how it did; as it is where nothing is known.
fn scaled(formula: u64, came: u64, said: u64) -> u64 {
    if came == 0 || said == 0 {
        return formula;
    }
    (u128::from(formula) * u128::from(came) / u128::from(said)).min(u128::from(u64::MAX)) as u64
}
