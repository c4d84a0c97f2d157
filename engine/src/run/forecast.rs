//! Where and when each step would run, by the estimates: a run played through without one.

use std::collections::BTreeMap;

use super::device::Device;
use super::estimate::Taking;
use super::tasks::Tasks;
use crate::graph::{Keyed, NodeIndex};
use crate::simulation::{Reality, Script};
use crate::world::Tool;

/// A run as it should go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Forecast {
    /// Where and when every node that would run does.
    pub spans: BTreeMap<NodeIndex, Span>,
    /// How long all of it would take, in milliseconds.
    pub millis: u64,
    /// The workers' memory at its peak, in bytes: of each the largest that one of its nodes takes, together.
    pub memory: u64,
}

/// A node's place and time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// The device's place among the devices.
    pub device: usize,
    /// When it begins, in milliseconds from the run's beginning.
    pub begin: u64,
    /// When it ends.
    pub end: u64,
}

/// Plays `nodes`, the stored nodes to do, through. `taking` is by node index; `sizes` are the bytes of models'
/// files.
pub fn forecast(
    keyed: &Keyed,
    taking: &[Taking],
    nodes: &[NodeIndex],
    devices: &[Device],
    sizes: &BTreeMap<Tool, u64>,
) -> Forecast {
    let tasks = Tasks::new(keyed, nodes, taking, devices, sizes);
    let (placed, rule) = tasks.placed();
    let outcome = Script::new(&tasks.work).play(&tasks.work, placed, rule, &Reality::default());
    let mut peaks = vec![0; devices.len()];
    let mut spans = BTreeMap::new();
    for (node, span) in tasks.nodes.iter().zip(&outcome.spans) {
        let Some(span) = span else { continue };
        peaks[span.device] = taking[node.index()].memory.max(peaks[span.device]);
        spans.insert(*node, Span { device: span.device, begin: span.begin, end: span.end });
    }
    Forecast { spans, millis: outcome.makespan, memory: peaks.iter().sum() }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::graph::{Edge, Graph, Label, Need, NodeSpec};
    use crate::kinds;
    use crate::kinds::Kind;
    use crate::run::{DeviceClass, DeviceId, DeviceSpec};

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
        let taking = [10, 30, 20, 5].map(|millis| Taking { millis, memory: millis, bytes: 0 });
        let told = |nodes: &[NodeIndex], devices: &str| {
            let devices = DeviceSpec::parse(devices).unwrap().devices(false).unwrap();
            forecast(&keyed, &taking, nodes, &devices, &BTreeMap::new())
        };
        let all = [segments[0], segments[1], segments[2], join];
        let two = told(&all, "cpu:2");
        let span = |device, begin, end| Span { device, begin, end };
        assert_eq!(two.spans[&segments[1]], span(0, 0, 30));
        assert_eq!(two.spans[&segments[2]], span(1, 0, 20));
        assert_eq!(two.spans[&segments[0]], span(1, 20, 30));
        assert_eq!((two.millis, two.memory), (35, 50));
        assert_eq!(told(&all, "cpu:1").millis, 65);
        // What is made already does not wait for anything.
        let left = told(&all[2..], "cpu:2");
        assert_eq!((left.spans.len(), left.millis), (2, 25));
        assert_eq!(told(&[], "cpu:2"), Forecast::default());
    }

    #[test]
    fn what_a_gpu_kind_feeds_goes_to_a_gpu_and_host_work_there_takes_none_of_its_memory() {
        const PAINTED: Kind = Kind { gpu: true, ..kinds::GENERATE };
        let mut graph = Graph::default();
        let mut node = |kind| {
            let (params, files) = (serde_json::Value::Null, Vec::new());
            graph.add_node(NodeSpec {
                kind,
                params,
                files,
                need: Need { memory: 0, millis: 0 },
                label: Label::default(),
            })
        };
        let clip = node(&PAINTED);
        let (segment, join) = (node(&kinds::ENCODE), node(&kinds::JOIN));
        graph.add_edge(clip, segment, Edge { output: "clip".into(), input: "clip".into(), index: 0 });
        graph.add_edge(segment, join, Edge { output: "segment".into(), input: "segments".into(), index: 0 });
        let keyed = Keyed::new(Arc::new(graph), &|_| None);
        assert!(keyed.uses_gpu() && keyed.needs_gpu(segment) && !keyed.needs_gpu(join));
        let taking = [0, 10, 500].map(|memory| Taking { millis: 1, memory, bytes: 0 });
        let device = |class, memory| Device {
            id: DeviceId::Cpu(0),
            class,
            memory,
            limit: None,
            threads: 1,
            uuid: None,
        };
        let (cpu, gpu) = (device(DeviceClass::Cpu, 1000), device(DeviceClass::Cuda { sm: 90 }, 100));
        let places = |nodes: &[NodeIndex], devices: &[Device]| -> Vec<usize> {
            forecast(&keyed, &taking, nodes, devices, &BTreeMap::new())
                .spans
                .values()
                .map(|span| span.device)
                .collect()
        };
        assert_eq!(places(&[segment, join], &[cpu.clone(), gpu.clone()]), [1, 0]);
        assert_eq!(places(&[segment, join], std::slice::from_ref(&gpu)), [0, 0]);
        // Where nothing needs a GPU, workers on GPUs share the host's memory as those on CPUs do.
        assert_eq!(places(&[join], &[gpu]), [0]);
    }
}
