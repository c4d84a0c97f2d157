//! What of a compiled film is made already, by the records and the cache.

use std::collections::BTreeMap;

use storyreel_engine::cache::Cache;
use storyreel_engine::graph::NodeIndex;
use storyreel_engine::run::preflight::{Estimate, estimate_all};
use storyreel_engine::run::protocol::Blob;
use storyreel_engine::run::{Device, Standing, left, standing};

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

    /// What every output file holds, by its path, if all of that is on record.
    pub fn outputs(&self, compiled: &Compiled) -> Option<BTreeMap<String, Blob>> {
        let blob =
            |node: NodeIndex, port: &str| self.standing[node.index()].outputs.as_ref()?.get(port).copied();
        compiled
            .lowered
            .outputs
            .iter()
            .map(|one| Some((one.path.clone(), blob(one.node, one.port)?)))
            .collect()
    }

    /// The work that is left.
    pub fn estimate(&self, compiled: &Compiled, cache: &Cache, devices: &[Device]) -> Estimate {
        estimate_all(&compiled.keyed, cache.records(), &self.left, devices.len())
    }
}
