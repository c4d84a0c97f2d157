//! What of a compiled film is made already, by the records and the cache.

use std::collections::BTreeMap;

use storyreel_engine::cache::Cache;
use storyreel_engine::compile::plan::Facts;
use storyreel_engine::graph::NodeIndex;
use storyreel_engine::run::preflight::{Estimate, estimate_all};
use storyreel_engine::run::protocol::Blob;
use storyreel_engine::run::{Device, Standing, estimate, left, standing};

use crate::compiled::Compiled;

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
        let left = left(&compiled.keyed, &standing, &compiled.targets(), &|blob| cache.store().has(blob));
        Self { standing, left }
    }

    /// What the nodes' outputs hold, if all output files are on record.
    pub fn contents(self, compiled: &Compiled) -> Option<Contents> {
        let contents = Contents(
            self.standing
                .into_iter()
                .enumerate()
                .filter_map(|(at, one)| Some((NodeIndex::new(at), one.outputs?)))
                .collect(),
        );
        compiled
            .lowered
            .outputs
            .iter()
            .all(|one| contents.get(one.node, one.port).is_some())
            .then_some(contents)
    }

    /// The same for a plan, node by node.
    pub fn facts(&self, compiled: &Compiled, cache: &Cache, devices: &[Device]) -> Facts {
        let graph = &compiled.keyed.graph;
        let mut todo = vec![false; graph.node_count()];
        for node in &self.left {
            todo[node.index()] = true;
        }
        let records = cache.records();
        let estimate_left = self.estimate(compiled, cache, devices);
        let recorded = |node: NodeIndex| self.standing[node.index()].outputs.as_ref();
        Facts {
            todo,
            millis: graph.node_indices().map(|node| estimate(&compiled.keyed, records, node)).collect(),
            disk: graph
                .node_indices()
                .map(|node| recorded(node).map_or(0, |outputs| outputs.values().map(|blob| blob.bytes).sum()))
                .collect(),
            placed: graph
                .node_indices()
                .map(|node| estimate_left.forecast.devices.get(&node).copied())
                .collect(),
            wall_millis: estimate_left.forecast.millis,
            devices: devices.iter().map(|device| device.id.to_string()).collect(),
        }
    }

    /// The work that is left.
    pub fn estimate(&self, compiled: &Compiled, cache: &Cache, devices: &[Device]) -> Estimate {
        estimate_all(&compiled.keyed, cache.records(), &self.left, devices.len())
    }
}

/// What the outputs of stored nodes hold, by node and port.
pub struct Contents(BTreeMap<NodeIndex, BTreeMap<String, Blob>>);

impl Contents {
    /// What an output holds.
    pub fn get(&self, node: NodeIndex, port: &str) -> Option<Blob> {
        self.0.get(&node)?.get(port).copied()
    }
}
