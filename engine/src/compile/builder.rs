//! A graph under construction. Equal nodes (kind, parameters, inputs) become one, so that equal
//! work is done once; inputs always stand before their users.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::graph::keys::KeyText;
use crate::graph::{Edge, Graph, Label, MaterialFile, Need, NodeIndex, NodeSpec};
use crate::kinds::{self, Kind};
use crate::units::Digest;

/// What enters a new node: the giving node, its port, the port entered.
pub(super) type Enters = (NodeIndex, &'static str, &'static str);

/// A node to be added.
pub(super) struct New<'a, P> {
    pub kind: &'static Kind,
    pub params: &'a P,
    pub files: Vec<MaterialFile>,
    pub need: Need,
    pub label: Label,
    /// Edges into a `many` port count up in this order.
    pub inputs: &'a [Enters],
}

/// The graph so far.
#[derive(Default)]
pub(super) struct Builder {
    pub graph: Graph,
    seen: BTreeMap<Digest, NodeIndex>,
    /// Clips of shots that enter other shots, by their place: each is built once, however many ways lead to it.
    pub entering: BTreeMap<usize, NodeIndex>,
}

impl Builder {
    /// Adds a node, or finds the equal one.
    pub fn add<P: Serialize>(&mut self, new: New<P>) -> NodeIndex {
        let params = kinds::params(new.params);
        let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
        let edges: Vec<(NodeIndex, Edge)> = new
            .inputs
            .iter()
            .map(|(from, output, input)| {
                let count = counts.entry(input).or_default();
                *count += 1;
                (*from, Edge { output: (*output).into(), input: (*input).into(), index: *count - 1 })
            })
            .collect();
        let named: Vec<(&str, u32, &str, Digest)> = edges
            .iter()
            .map(|(from, edge)| (edge.input.as_str(), edge.index, edge.output.as_str(), place(*from)))
            .collect();
        let (kind, version) = (new.kind.name, new.kind.version);
        let digest = KeyText { kind, version, params: &params, tools: &[], inputs: &named }.digest();
        if let Some(found) = self.seen.get(&digest) {
            return *found;
        }
        let spec = NodeSpec { kind: new.kind, params, files: new.files, need: new.need, label: new.label };
        let index = self.graph.add_node(spec);
        for (from, edge) in edges {
            self.graph.add_edge(from, index, edge);
        }
        self.seen.insert(digest, index);
        index
    }
}

/// A node's place as a digest: enough to tell inputs apart inside one graph.
fn place(node: NodeIndex) -> Digest {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&(node.index() as u64).to_le_bytes());
    Digest(bytes)
}
