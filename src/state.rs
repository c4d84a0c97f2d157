//! What of a compiled film is made already, by the records and the cache.

use std::cell::Cell;
use std::collections::BTreeMap;

use storyreel_engine::cache::{BlobStore, Cache};
use storyreel_engine::compile::plan::Facts;
use storyreel_engine::graph::NodeIndex;
use storyreel_engine::run::preflight::{Estimate, estimate_all};
use storyreel_engine::run::protocol::Blob;
use storyreel_engine::run::{Device, Estimator, Standing, left, standing};
use storyreel_engine::world::Tool;

use crate::cli::{Cut, Source};
use crate::compiled::Compiled;
use crate::desk::Desk;
use crate::outputs;

/// Where a film's nodes stand.
pub struct State {
    standing: Vec<Standing>,
    /// Stored nodes to do, in graph order.
    pub left: Vec<NodeIndex>,
}

impl State {
    /// By records alone, and by which artifacts are there.
    pub fn of(compiled: &Compiled, cache: &Cache) -> Self {
        let standing = standing(&compiled.keyed, cache.records());
        let left = left(&compiled.keyed, &standing, &compiled.targets(), &|blob| cache.available(blob));
        Self { standing, left }
    }

    /// As a render takes it: where the film is published whole, nothing is left, whatever the cache has lost.
    pub fn of_render(
        compiled: &Compiled,
        cache: &Cache,
        (cut, source): (&Cut, &Source),
        desk: &Desk,
    ) -> anyhow::Result<Self> {
        let mut state = Self::of(compiled, cache);
        if let Some(contents) = Self::of(compiled, cache).contents(compiled)
            && outputs::stand(compiled, &contents, cut, source, desk, cache.store())?
        {
            state.left.clear();
        }
        Ok(state)
    }

    /// What the nodes' outputs hold, if all output files are on record.
    pub fn contents(self, compiled: &Compiled) -> Option<Contents> {
        let mut contents = Contents::default();
        for (at, one) in self.standing.into_iter().enumerate() {
            let Some(outputs) = one.outputs else { continue };
            contents.blobs.insert(NodeIndex::new(at), outputs);
            contents.data.insert(NodeIndex::new(at), one.data);
        }
        compiled
            .lowered
            .outputs
            .iter()
            .all(|one| contents.get(one.node, one.port).is_some())
            .then_some(contents)
    }

    /// The same for a plan, node by node.
    pub fn facts(
        &self,
        compiled: &Compiled,
        cache: &Cache,
        devices: &[Device],
        models: &BTreeMap<Tool, u64>,
    ) -> Facts {
        let graph = &compiled.keyed.graph;
        let mut todo = vec![false; graph.node_count()];
        for node in &self.left {
            todo[node.index()] = true;
        }
        let estimator = Estimator::new(&compiled.keyed, cache.records(), devices);
        let taking: Vec<_> = graph.node_indices().map(|node| estimator.of(node)).collect();
        let forecast = self.estimate(compiled, cache, devices, models).forecast;
        Facts {
            todo,
            millis: taking.iter().map(|taking| taking.millis).collect(),
            memory: taking.iter().map(|taking| taking.memory).collect(),
            disk: taking.iter().map(|taking| taking.bytes).collect(),
            spans: graph.node_indices().map(|node| forecast.spans.get(&node).copied()).collect(),
            wall_millis: forecast.millis,
            peak_memory: forecast.memory,
            devices: devices.iter().map(|device| device.id.to_string()).collect(),
        }
    }

    /// Tools that cannot be used here though steps that are left need them, with those steps.
    pub fn lacking(&self, compiled: &Compiled) -> BTreeMap<Tool, Vec<String>> {
        let keyed = &compiled.keyed;
        let mut lacking: BTreeMap<Tool, Vec<String>> = BTreeMap::new();
        for part in self.left.iter().flat_map(|node| keyed.job(*node)) {
            let spec = &keyed.graph[part];
            for tool in spec.kind.tools.iter().filter(|tool| keyed.tools.get(tool) == Some(&None)) {
                let (users, label) = (lacking.entry(*tool).or_default(), spec.label.to_string());
                if !users.contains(&label) {
                    users.push(label);
                }
            }
        }
        lacking
    }

    /// The work that is left.
    pub fn estimate(
        &self,
        compiled: &Compiled,
        cache: &Cache,
        devices: &[Device],
        models: &BTreeMap<Tool, u64>,
    ) -> Estimate {
        let (keyed, targets) = (&compiled.keyed, compiled.targets());
        estimate_all(keyed, cache.records(), &self.left, &targets, devices, models)
    }
}

/// What the outputs of stored nodes hold, by node and port.
#[derive(Default)]
pub struct Contents {
    blobs: BTreeMap<NodeIndex, BTreeMap<String, Blob>>,
    data: BTreeMap<NodeIndex, BTreeMap<String, String>>,
    read_artifacts: Cell<bool>,
}

impl Contents {
    /// What an output holds.
    pub fn get(&self, node: NodeIndex, port: &str) -> Option<Blob> {
        self.blobs.get(&node)?.get(port).copied()
    }

    /// The text of an output that is small data; it is on record also where the artifact was collected.
    pub fn data(&self, node: NodeIndex, port: &str) -> Option<&str> {
        self.data.get(&node)?.get(port).map(String::as_str)
    }

    /// The bytes of an output's artifact, where they are not on record.
    pub fn read(&self, node: NodeIndex, port: &str, store: &BlobStore) -> Option<Vec<u8>> {
        self.read_artifacts.set(true);
        store.read(&self.get(node, port)?).ok()
    }

    /// Whether records alone did not tell enough, so that what was told depends on artifacts too.
    pub fn read_artifacts(&self) -> bool {
        self.read_artifacts.get()
    }
}
