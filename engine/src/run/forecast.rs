//! Where and when each step would run, by the estimates: the placement of a run, played through without one.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::start::critical_path;
use crate::graph::{Keyed, NodeIndex};

/// A run as it should go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Forecast {
    /// The device of every node that would run, by its place among the devices.
    pub devices: BTreeMap<NodeIndex, usize>,
    /// How long all of it would take.
    pub millis: u64,
}

/// Plays `nodes`, the stored nodes to do, through on so many devices. `costs` are milliseconds by node index.
pub fn forecast(keyed: &Keyed, costs: &[u64], nodes: &[NodeIndex], devices: usize) -> Forecast {
    let priorities = critical_path(keyed, costs);
    let order = |node: NodeIndex| (Reverse(priorities[node.index()]), node);
    let to_do: BTreeSet<NodeIndex> = nodes.iter().copied().collect();
    let mut users: BTreeMap<NodeIndex, Vec<NodeIndex>> = BTreeMap::new();
    let mut waits: BTreeMap<NodeIndex, usize> = BTreeMap::new();
    let mut ready = BTreeSet::new();
    for node in &to_do {
        let inputs = keyed.stored_inputs(*node);
        let inputs: Vec<NodeIndex> = inputs.into_iter().filter(|input| to_do.contains(input)).collect();
        if inputs.is_empty() {
            ready.insert(order(*node));
        }
        waits.insert(*node, inputs.len());
        for input in inputs {
            users.entry(input).or_default().push(*node);
        }
    }
    let mut free: BTreeSet<usize> = (0..devices.max(1)).collect();
    let mut running = BTreeSet::new();
    let mut all = Forecast::default();
    loop {
        while let (Some(device), Some((_, node))) = (free.first().copied(), ready.first().copied()) {
            free.remove(&device);
            ready.pop_first();
            running.insert((all.millis + costs[node.index()], device, node));
            all.devices.insert(node, device);
        }
        let Some((end, device, node)) = running.pop_first() else { return all };
        all.millis = end;
        free.insert(device);
        for user in users.get(&node).into_iter().flatten() {
            if let Some(left) = waits.get_mut(user) {
                *left -= 1;
                if *left == 0 {
                    ready.insert(order(*user));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::graph::{Edge, Graph, Label, Need, NodeSpec};
    use crate::kinds;

    #[test]
    fn the_longest_way_begins_first_and_no_device_is_idle_without_need() {
        let mut graph = Graph::default();
        let mut node = |kind, millis| {
            let need = Need { memory: 1, millis };
            graph.add_node(NodeSpec {
                kind,
                params: millis.into(),
                files: Vec::new(),
                need,
                label: Label::default(),
            })
        };
        let segments = [node(&kinds::ENCODE, 10), node(&kinds::ENCODE, 30), node(&kinds::ENCODE, 20)];
        let join = node(&kinds::JOIN, 5);
        for (index, segment) in segments.into_iter().enumerate() {
            let edge = Edge { output: "segment".into(), input: "segments".into(), index: index as u32 };
            graph.add_edge(segment, join, edge);
        }
        let keyed = Keyed::new(Arc::new(graph), &|_| None);
        let all = [segments[0], segments[1], segments[2], join];
        let two = forecast(&keyed, &[10, 30, 20, 5], &all, 2);
        assert_eq!(
            two.devices,
            BTreeMap::from([(segments[0], 1), (segments[1], 0), (segments[2], 1), (join, 0)])
        );
        assert_eq!(two.millis, 35);
        assert_eq!(forecast(&keyed, &[10, 30, 20, 5], &all, 1).millis, 65);
        // What is made already does not wait for anything.
        let left = forecast(&keyed, &[0, 0, 20, 5], &all[2..], 2);
        assert_eq!((left.devices.len(), left.millis), (2, 25));
        assert_eq!(forecast(&keyed, &[0; 4], &[], 2), Forecast::default());
    }
}
