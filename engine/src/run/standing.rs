//! Where every node of a graph stands, from the records alone: pure, and fast enough that a render with
//! nothing to do needs no more than this.

use std::collections::BTreeMap;

use crate::cache::Records;
use crate::graph::{ActionKey, Keyed, NodeIndex};
use crate::run::protocol::Blob;

/// Where a node stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Its action key, where the content of all its inputs is known.
    pub action: Option<ActionKey>,
    /// A stored node's recorded outputs by port, where there is a record. Their artifacts may be gone.
    pub outputs: Option<BTreeMap<String, Blob>>,
    /// The text of small data among them, which does not need the artifacts to be there.
    pub data: BTreeMap<String, String>,
}

/// Where every node stands, by [`NodeIndex::index`].
pub fn standing(keyed: &Keyed, records: &Records) -> Vec<Standing> {
    let mut all: Vec<Standing> = Vec::with_capacity(keyed.graph.node_count());
    for node in keyed.graph.node_indices() {
        let action = keyed.action(node, &|input| {
            let from = &all[input.from.index()];
            match &from.outputs {
                Some(outputs) => outputs.get(&input.output).map(|blob| blob.digest),
                None if keyed.stored(input.from) => None,
                None => from.action.map(|action| action.0),
            }
        });
        let record = action.filter(|_| keyed.stored(node)).and_then(|action| records.find(&action));
        let (outputs, data) = record.map(|record| (record.outputs.clone(), record.data.clone())).unzip();
        all.push(Standing { action, outputs, data: data.unwrap_or_default() });
    }
    all
}

/// The stored nodes that must run for the artifacts of `targets` to be there, as far as can be known before
/// running: equal content on the way may spare some. In graph order. `has` tells whether an artifact is there.
pub fn left(
    keyed: &Keyed,
    standing: &[Standing],
    targets: &[NodeIndex],
    has: &dyn Fn(&Blob) -> bool,
) -> Vec<NodeIndex> {
    let mut wanted = vec![Demand::Nothing; keyed.graph.node_count()];
    for target in targets {
        wanted[target.index()] = Demand::Artifacts;
    }
    let mut left = Vec::new();
    for node in keyed.graph.node_indices().rev().filter(|node| keyed.stored(*node)) {
        let demand = wanted[node.index()];
        let here = &standing[node.index()];
        let runs = match (&here.outputs, demand) {
            (_, Demand::Nothing) | (Some(_), Demand::Content) => continue,
            (Some(outputs), Demand::Artifacts) if outputs.values().all(has) => continue,
            (Some(_), Demand::Artifacts) => true,
            (None, _) => here.action.is_some(),
        };
        left.push(node);
        let of_inputs = if runs { Demand::Artifacts } else { Demand::Content };
        for input in keyed.stored_inputs(node) {
            wanted[input.index()] = wanted[input.index()].max(of_inputs);
        }
    }
    left.reverse();
    left
}

/// What is wanted of a stored node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Demand {
    /// Nothing.
    #[default]
    Nothing,
    /// To know its outputs' digests; a record is enough.
    Content,
    /// Its outputs themselves.
    Artifacts,
}
