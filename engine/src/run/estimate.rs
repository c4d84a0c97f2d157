//! What every node will take of time, memory and disk, before it runs: as recorded, where this very step was
//! made before on such a device; else by its own formula, corrected by how the formula did for nodes of its
//! kind on such devices, or else on those that have another number of threads; else by the formula alone.

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

/// Who does work: records tell of one another's time and memory where these agree, and the next best where the class
/// does.
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
        self.resembles(record) && record.formula.is_some_and(|formula| formula.threads == self.threads)
    }

    /// Whether a record tells of such devices, whatever their threads, and what the formula said.
    fn resembles(&self, record: &Record) -> bool {
        record.class == self.class && record.formula.is_some()
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
    /// The same of devices with any number of threads.
    alike: BTreeMap<(&'a str, &'a str), Sums>,
    /// Bytes of the outputs by formula, by node index.
    bytes: Vec<u64>,
}

impl<'a> Estimator<'a> {
    /// By these records, for the first of the devices that do either sort of work: those of a run are alike.
    pub fn new(keyed: &'a Keyed, records: &'a Records, devices: &[Device]) -> Self {
        let first = |gpu: bool| devices.iter().find(|device| (device.class != DeviceClass::Cpu) == gpu);
        let doers = [false, true].map(|gpu| Doer::new(first(gpu).or(devices.first()), gpu));
        let (gpus, bytes) = (keyed.uses_gpu(), formula_sizes(keyed));
        let of = |tells: fn(&Doer, &Record) -> bool| {
            sums(records.iter().filter(|record| doers.iter().any(|doer| tells(doer, record))))
        };
        let (kinds, alike) = (of(Doer::tells), of(Doer::resembles));
        Self { keyed, records, doers, gpus, kinds, alike, bytes }
    }

    fn doer(&self, node: NodeIndex) -> &Doer {
        &self.doers[usize::from(self.gpus && self.keyed.needs_gpu(node))]
    }

    /// What a stored node takes.
    pub fn of(&self, node: NodeIndex) -> Taking {
        let need = self.keyed.graph[node].need;
        let known = self.records.of_step(&self.keyed.steps[node.index()]);
        let doer = self.doer(node);
        let kind = (doer.class.as_str(), self.keyed.graph[node].kind.name);
        let sums = self.kinds.get(&kind).or_else(|| self.alike.get(&kind)).copied().unwrap_or_default();
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

/// How nodes of each class and kind did, by their latest records.
fn sums<'a>(records: impl Iterator<Item = &'a Record>) -> BTreeMap<(&'a str, &'a str), Sums> {
    let mut latest: Vec<&Record> = records.collect();
    latest.sort_by_key(|record| std::cmp::Reverse(record.when));
    let mut all = BTreeMap::<_, Sums>::new();
    for record in latest {
        let sums = all.entry((record.class.as_str(), record.kind.as_str())).or_default();
        if sums.count < ASKED {
            sums.add(record);
        }
    }
    all
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::cache::Entry;
    use crate::clock::Moment;
    use crate::graph::{ActionKey, Graph, Label, Need, NodeSpec};
    use crate::kinds;
    use crate::run::DeviceSpec;
    use crate::units::Digest;

    /// Two steps of one kind that their formula gives 100 ms and 1000 bytes each.
    fn two() -> Keyed {
        let mut graph = Graph::default();
        for params in [1, 2] {
            let (need, label) = (Need { memory: 1000, millis: 100 }, Label::default());
            graph.add_node(NodeSpec {
                kind: &kinds::ENCODE,
                params: params.into(),
                files: Vec::new(),
                need,
                label,
            });
        }
        Keyed::new(Arc::new(graph), &|_| None)
    }

    /// Records of the first step's work by a worker with so many threads, of this time and memory.
    fn records(keyed: &Keyed, done: &[(u32, u64, u64)]) -> Records {
        let mut records = Records::default();
        for (at, (threads, millis, peak_memory)) in done.iter().enumerate() {
            records.merge(Entry::Made(Record {
                action: ActionKey(Digest::of(&at.to_le_bytes())),
                step: keyed.steps[0],
                kind: "encode".into(),
                version: 1,
                label: String::new(),
                outputs: BTreeMap::new(),
                data: BTreeMap::new(),
                millis: *millis,
                peak_memory: *peak_memory,
                formula: Some(Formula { millis: 100, memory: 1000, bytes: 0, threads: *threads }),
                class: "cpu".into(),
                libraries: String::new(),
                when: Moment(at as u64),
                by: String::new(),
            }));
        }
        records
    }

    /// What both steps are thought to take of time and memory.
    fn thought(threads: u32, done: &[(u32, u64, u64)]) -> [(u64, u64); 2] {
        let keyed = two();
        let mut devices = DeviceSpec::parse("cpu:1").unwrap().devices(false).unwrap();
        devices[0].threads = threads;
        let records = records(&keyed, done);
        let estimator = Estimator::new(&keyed, &records, &devices);
        [0, 1].map(|node| {
            let taking = estimator.of(NodeIndex::new(node));
            (taking.millis, taking.memory)
        })
    }

    #[test]
    fn where_nothing_is_on_record_the_formula_counts() {
        assert_eq!(thought(2, &[]), [(100, 1000); 2]);
    }

    #[test]
    fn what_was_made_takes_as_long_again_and_its_kind_is_corrected_by_it() {
        assert_eq!(thought(2, &[(2, 400, 1500)]), [(400, 1500); 2]);
        let [last, both] = thought(2, &[(2, 400, 1500), (2, 200, 500)]);
        assert_eq!((last, both), ((200, 500), (300, 1000)), "the latest of the step, all of the kind");
    }

    #[test]
    fn workers_with_other_threads_are_asked_only_where_none_has_as_many() {
        assert_eq!(thought(1, &[(2, 400, 1500)]), [(400, 1500); 2]);
        assert_eq!(thought(1, &[(2, 400, 1500), (1, 900, 700)]), [(900, 700); 2]);
    }
}
