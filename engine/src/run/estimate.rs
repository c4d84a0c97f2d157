//! What every node will take of time, memory and disk, before it runs: as recorded, where this very step was
//! made before on such a device; else by its own formula, corrected by how the formula did for nodes of its
//! kind on such devices; else by the formula alone.

use std::collections::BTreeMap;

use super::device::{Device, DeviceClass};
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

/// Who does work: records tell of one another's time and memory where these agree.
#[derive(Debug)]
struct Doer {
    class: String,
    threads: u32,
}

impl Doer {
    fn new(device: Option<&Device>, needs_gpu: bool) -> Self {
        let class = device.map_or(DeviceClass::Cpu, |device| device.class_of(needs_gpu));
        Self { class: class.to_string(), threads: device.map_or(1, |device| device.threads) }
    }

    /// Whether a record tells of such devices, and what the formula said.
    fn tells(&self, record: &Record) -> bool {
        record.class == self.class && record.formula.is_some_and(|formula| formula.threads == self.threads)
    }
}

/// Estimates for the nodes of a graph on given devices.
#[derive(Debug)]
pub struct Estimator<'a> {
    keyed: &'a Keyed,
    records: &'a Records,
    /// Who does what needs no GPU, and what does.
    doers: [Doer; 2],
    /// Whether anything does.
    gpus: bool,
    /// By the class and the kind's name.
    kinds: BTreeMap<(&'a str, &'a str), Sums>,
    /// Bytes of the outputs by formula, by node index.
    bytes: Vec<u64>,
}

impl<'a> Estimator<'a> {
    /// By these records, for the first of the devices that do either sort of work: those of a run are alike.
    pub fn new(keyed: &'a Keyed, records: &'a Records, devices: &[Device]) -> Self {
        let first = |gpu: bool| devices.iter().find(|device| (device.class != DeviceClass::Cpu) == gpu);
        let doers = [false, true].map(|gpu| Doer::new(first(gpu).or(devices.first()), gpu));
        let (gpus, bytes) = (keyed.uses_gpu(), formula_sizes(keyed));
        let mut all = Self { keyed, records, doers, gpus, kinds: BTreeMap::new(), bytes };
        let telling = |record: &&Record| all.doers.iter().any(|doer| doer.tells(record));
        let mut latest: Vec<&Record> = records.iter().filter(telling).collect();
        latest.sort_by_key(|record| std::cmp::Reverse(record.when));
        for record in latest {
            let sums = all.kinds.entry((record.class.as_str(), record.kind.as_str())).or_default();
            if sums.count < ASKED {
                sums.add(record);
            }
        }
        all
    }

    fn doer(&self, node: NodeIndex) -> &Doer {
        &self.doers[usize::from(self.gpus && self.keyed.needs_gpu(node))]
    }

    /// What a stored node takes.
    pub fn of(&self, node: NodeIndex) -> Taking {
        let need = self.keyed.graph[node].need;
        let known = self.records.of_step(&self.keyed.steps[node.index()]);
        let doer = self.doer(node);
        let sums = self.kinds.get(&(doer.class.as_str(), self.keyed.graph[node].kind.name));
        let sums = sums.copied().unwrap_or_default();
        let mut taking = Taking {
            millis: scaled(need.millis, sums.millis, sums.formula_millis).max(1),
            memory: scaled(need.memory, sums.memory, sums.formula_memory).max(1),
            bytes: scaled(self.bytes[node.index()], sums.bytes, sums.formula_bytes),
        };
        if let Some(known) = known {
            // The bytes are the same wherever it was made; time and memory are the device's.
            taking.bytes = known.outputs.values().map(|blob| blob.bytes).sum();
            if doer.tells(known) {
                (taking.millis, taking.memory) = (known.millis.max(1), known.peak_memory.max(1));
            }
        }
        taking
    }

    /// What the node's own formula says.
    pub fn formula(&self, node: NodeIndex) -> Formula {
        let need = self.keyed.graph[node].need;
        let (millis, memory) = (need.millis, need.memory);
        Formula { millis, memory, bytes: self.bytes[node.index()], threads: self.doer(node).threads }
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
