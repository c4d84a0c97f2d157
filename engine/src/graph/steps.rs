//! Step ids of a whole graph: what every node is, known when planning.

use super::keys::{KeyText, StepId};
use super::spec::{Graph, NodeIndex};
use crate::units::Digest;
use crate::world::Tool;
use petgraph::Direction;
use petgraph::visit::EdgeRef;

/// The step id of every node, by [`NodeIndex::index`]. `tool` answers the digest of a tool's data.
///
/// Inputs stand before their users in a lowered graph (see [`crate::compile::lower`]), so one walk
/// in the order of the indices is enough.
pub fn step_ids(graph: &Graph, tool: &dyn Fn(Tool) -> Option<Digest>) -> Vec<StepId> {
    let mut ids: Vec<StepId> = Vec::with_capacity(graph.node_count());
    for index in graph.node_indices() {
        let node = &graph[index];
        let tools: Vec<Option<Digest>> = node.kind.tools.iter().map(|named| tool(*named)).collect();
        let entering = inputs(graph, index);
        let inputs: Vec<_> = entering
            .iter()
            .map(|input| (input.port.as_str(), input.index, input.output.as_str(), ids[input.from.index()].0))
            .collect();
        let text = KeyText {
            kind: node.kind.name,
            version: node.kind.version,
            params: &node.params,
            tools: &tools,
            inputs: &inputs,
        };
        ids.push(StepId(text.digest()));
    }
    ids
}

/// What enters a node.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Input {
    /// The port entered.
    pub port: String,
    /// The place among edges into a `many` port.
    pub index: u32,
    /// The giving node's port.
    pub output: String,
    /// The giving node.
    pub from: NodeIndex,
}

/// Everything that enters `node`, by port and place.
pub fn inputs(graph: &Graph, node: NodeIndex) -> Vec<Input> {
    let mut inputs: Vec<Input> = graph
        .edges_directed(node, Direction::Incoming)
        .map(|edge| Input {
            port: edge.weight().input.clone(),
            index: edge.weight().index,
            output: edge.weight().output.clone(),
            from: edge.source(),
        })
        .collect();
    inputs.sort();
    inputs
}
