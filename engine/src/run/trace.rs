//! `--trace`: a run's events as a trace in Chrome's JSON format, which Perfetto opens. One track a device;
//! a slice a try of a node, inside it a slice a phase.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::device::DeviceId;
use super::event::{Event, EventLine};
use crate::graph::StepId;

/// The process that all tracks belong to.
const PROCESS: u32 = 1;

/// The track of what concerns no device.
const FRONT: u32 = 0;

/// Collects a trace, event by event.
#[derive(Debug, Default)]
pub struct Trace {
    slices: Vec<Value>,
    open: BTreeMap<DeviceId, Open>,
    last: u64,
}

/// A try of a node that still goes on.
#[derive(Debug)]
struct Open {
    step: StepId,
    name: String,
    kind: String,
    attempt: u32,
    began: u64,
    phases: Vec<(String, u64)>,
}

impl Trace {
    /// Takes in the next event.
    pub fn add(&mut self, line: &EventLine) {
        let at = line.at;
        self.last = self.last.max(at);
        match &line.event {
            Event::NodeStarted { step, label, kind, device, attempt, .. } => {
                self.close(*device, at, "lost");
                let name = format!("{label} ({kind})");
                let open = Open {
                    step: *step,
                    name,
                    kind: kind.clone(),
                    attempt: *attempt,
                    began: at,
                    phases: vec![],
                };
                self.open.insert(*device, open);
            }
            Event::Progress { step, device, phase, .. } => {
                let open = self.open.get_mut(device).filter(|open| open.step == *step);
                if let Some(open) =
                    open.filter(|open| open.phases.last().is_none_or(|(last, _)| last != phase))
                {
                    open.phases.push((phase.clone(), at));
                }
            }
            Event::NodeDone { device: Some(device), .. } => self.close(*device, at, "done"),
            Event::NodeFailed { step, .. } => self.close_step(*step, at, "failed"),
            Event::Retry { step, .. } => self.close_step(*step, at, "tried again"),
            Event::WorkerDied { device, reason } => {
                self.close(*device, at, "worker died");
                self.mark(track(*device), at, &format!("worker {reason}"));
            }
            Event::NodeDone { device: None, label, kind, .. } => {
                self.mark(FRONT, at, &format!("{label} ({kind}) reused"));
            }
            Event::NodeSkipped { label, kind, because, .. } => {
                self.mark(FRONT, at, &format!("{label} ({kind}) skipped: {because} failed"));
            }
            Event::Stopping => self.mark(FRONT, at, "stopping"),
            Event::Waiting { reason, .. } => self.mark(FRONT, at, reason),
            Event::Resumed { .. } => self.mark(FRONT, at, "going on"),
            Event::PlanReady { .. }
            | Event::WorkerStarted { .. }
            | Event::Differs { .. }
            | Event::Log { .. }
            | Event::Finished { .. }
            | Event::Published { .. } => {}
        }
    }

    fn close_step(&mut self, step: StepId, at: u64, result: &str) {
        let device = self.open.iter().find(|(_, open)| open.step == step).map(|(device, _)| *device);
        if let Some(device) = device {
            self.close(device, at, result);
        }
    }

    fn close(&mut self, device: DeviceId, at: u64, result: &str) {
        let Some(open) = self.open.remove(&device) else { return };
        let args = json!({"step": open.step.to_string(), "attempt": open.attempt, "result": result});
        self.slices.push(slice(&open.name, &open.kind, track(device), open.began, at, args));
        let ends = open.phases.iter().skip(1).map(|(_, begin)| *begin).chain([at]);
        for ((phase, begin), end) in open.phases.iter().zip(ends) {
            self.slices.push(slice(phase, "phase", track(device), *begin, end, json!({})));
        }
    }

    fn mark(&mut self, track: u32, at: u64, name: &str) {
        self.slices.push(json!({
            "name": name, "cat": "run", "ph": "i", "s": "t", "pid": PROCESS, "tid": track, "ts": at,
        }));
    }

    /// The trace's JSON. What still goes on ends with the last event.
    pub fn finish(mut self) -> Value {
        for device in self.open.keys().copied().collect::<Vec<_>>() {
            self.close(device, self.last, "stopped");
        }
        let tracks: BTreeMap<u64, String> = self
            .slices
            .iter()
            .filter_map(|slice| slice["tid"].as_u64())
            .map(|number| {
                (number, if number == u64::from(FRONT) { "front".to_owned() } else { device_of(number) })
            })
            .collect();
        let mut events = vec![name("process_name", u64::from(FRONT), "storyreel")];
        events.extend(tracks.iter().map(|(number, device)| name("thread_name", *number, device)));
        events.extend(self.slices);
        json!({"traceEvents": events, "displayTimeUnit": "ms"})
    }
}

/// CPU workers count up from 1, CUDA devices from 1001.
fn track(device: DeviceId) -> u32 {
    match device {
        DeviceId::Cpu(number) => 1 + number,
        DeviceId::Cuda(number) => 1001 + number,
    }
}

fn device_of(track: u64) -> String {
    let number = track.try_into().unwrap_or(u32::MAX);
    if number > 1000 {
        DeviceId::Cuda(number - 1001).to_string()
    } else {
        DeviceId::Cpu(number - 1).to_string()
    }
}

fn slice(name: &str, category: &str, track: u32, begin: u64, end: u64, args: Value) -> Value {
    let length = end.saturating_sub(begin);
    json!({
        "name": name, "cat": category, "ph": "X", "pid": PROCESS, "tid": track,
        "ts": begin, "dur": length, "args": args,
    })
}

fn name(what: &str, track: u64, text: &str) -> Value {
    json!({"name": what, "ph": "M", "pid": PROCESS, "tid": track, "args": {"name": text}})
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Digest;

    #[test]
    fn a_node_is_a_slice_on_its_devices_track_with_its_phases_inside() {
        let step = StepId(Digest::of(b"a"));
        let device = DeviceId::Cpu(1);
        let progress = |phase: &str| Event::Progress { step, device, done: 1, total: 2, phase: phase.into() };
        let (label, kind) = ("cliff.wide core".to_owned(), "encode".to_owned());
        let started = Event::NodeStarted {
            step,
            label: label.clone(),
            kind: kind.clone(),
            device,
            attempt: 1,
            estimate_millis: 9,
        };
        let done = Event::NodeDone { step, label, kind, device: Some(device), millis: 1, bytes: 1 };
        let mut trace = Trace::default();
        let events = [
            (10, started),
            (20, progress("draw")),
            (30, progress("draw")),
            (40, progress("encode")),
            (70, done),
        ];
        for (at, event) in events {
            trace.add(&EventLine { version: 1, at, event });
        }
        let trace = trace.finish();
        let slices: Vec<_> = trace["traceEvents"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|event| event["ph"] == "X")
            .cloned()
            .collect();
        let times: Vec<_> = slices
            .iter()
            .map(|slice| {
                (
                    slice["name"].as_str().unwrap(),
                    slice["ts"].as_u64().unwrap(),
                    slice["dur"].as_u64().unwrap(),
                )
            })
            .collect();
        assert_eq!(times, [("cliff.wide core (encode)", 10, 60), ("draw", 20, 20), ("encode", 40, 30)]);
        assert!(slices.iter().all(|slice| slice["tid"] == 2));
        assert_eq!(trace["traceEvents"][1]["args"]["name"], "cpu:1");
    }
}
