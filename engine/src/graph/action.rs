//! Action keys: what a node's result depends on, known once the content of its inputs is.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::keys::{ActionKey, KeyText, StepId};
use super::spec::{Graph, NodeIndex};
use super::steps::{Input, inputs, step_ids};
use crate::kinds::Storage;
use crate::units::Digest;
use crate::world::Tool;

/// A graph with everything that its keys are made of. Inputs stand before their users.
#[derive(Clone, Debug)]
pub struct Keyed {
    /// The graph.
    pub graph: Arc<Graph>,
    /// Step ids, by [`NodeIndex::index`].
    pub steps: Vec<StepId>,
    /// What enters each node, by port and place.
    pub inputs: Vec<Vec<Input>>,
    /// The data of every tool that a node of the graph uses.
    pub tools: BTreeMap<Tool, Option<Digest>>,
}

impl Keyed {
    /// Computes all step ids. `tool` answers the digest of a tool's data and is asked once for each.
    pub fn new(graph: Arc<Graph>, tool: &dyn Fn(Tool) -> Option<Digest>) -> Self {
        let mut tools = BTreeMap::new();
        for node in graph.node_weights() {
            for named in node.kind.tools {
                tools.entry(*named).or_insert_with(|| tool(*named));
            }
        }
        let steps = step_ids(&graph, &|named| tools.get(&named).copied().flatten());
        let inputs = graph.node_indices().map(|node| inputs(&graph, node)).collect();
        Self { graph, steps, inputs, tools }
    }

    /// Whether a node's outputs are stored.
    pub fn stored(&self, node: NodeIndex) -> bool {
        self.graph[node].kind.storage == Storage::Stored
    }

    /// Whether making a node needs a GPU: its own kind does, or that of a streamed node which feeds it.
    pub fn needs_gpu(&self, node: NodeIndex) -> bool {
        self.job(node).into_iter().any(|part| self.graph[part].kind.gpu)
    }

    /// Whether making any node does.
    pub fn uses_gpu(&self) -> bool {
        self.graph.node_weights().any(|spec| spec.kind.gpu)
    }

    /// A node's action key. `content` answers what enters by an input: the digest of a stored node's
    /// output, or the action key of a streamed one. `None` as soon as one is not known.
    pub fn action(&self, node: NodeIndex, content: &dyn Fn(&Input) -> Option<Digest>) -> Option<ActionKey> {
        let spec = &self.graph[node];
        let tools: Vec<_> =
            spec.kind.tools.iter().map(|tool| self.tools.get(tool).copied().flatten()).collect();
        let inputs: Option<Vec<_>> = self.inputs[node.index()]
            .iter()
            .map(|input| Some((input.port.as_str(), input.index, input.output.as_str(), content(input)?)))
            .collect();
        let text = KeyText {
            kind: spec.kind.name,
            version: spec.kind.version,
            params: &spec.params,
            tools: &tools,
            inputs: &inputs?,
        };
        Some(ActionKey(text.digest()))
    }

    /// The stored nodes whose artifacts a node reads, itself or through the streamed nodes that feed it.
    pub fn stored_inputs(&self, node: NodeIndex) -> Vec<NodeIndex> {
        let mut found = Vec::new();
        for part in self.job(node) {
            found.extend(
                self.inputs[part.index()].iter().map(|input| input.from).filter(|from| self.stored(*from)),
            );
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// A node and the streamed nodes that feed it, inputs before users: one job.
    pub fn job(&self, node: NodeIndex) -> Vec<NodeIndex> {
        let mut found = vec![node];
        let mut next = 0;
        while let Some(part) = found.get(next).copied() {
            next += 1;
            for input in &self.inputs[part.index()] {
                if !self.stored(input.from) && !found.contains(&input.from) {
                    found.push(input.from);
                }
            }
        }
        found.sort_unstable();
        found
    }
}
