//! What follows when a job is done: its record.

use std::collections::BTreeMap;

use super::event::Event;
use super::protocol::{Blob, Failure};
use super::state::{Book, Busy, Outbox, Slot};
use crate::cache::{CacheError, Formula, Put, Record, StepInput, StepText};
use crate::clock::Moment;
use crate::graph::{Input, Keyed, NodeIndex};
use crate::kinds::{Kind, PortType};
use crate::world::Tool;

/// Data of at most this many bytes is kept in its record, too.
const SMALL: u64 = 4096;

/// What a worker made.
#[derive(Debug)]
pub(super) struct Made {
    pub outputs: BTreeMap<String, Blob>,
    pub millis: u64,
    pub peak_memory: u64,
}

/// Records what a worker made.
pub(super) fn finish(
    book: &mut Book,
    slot: &Slot,
    busy: &Busy,
    made: Made,
    outbox: &mut Outbox,
) -> Result<(), Failure> {
    let node = busy.node;
    let Made { outputs, millis, peak_memory } = made;
    if let Some(port) = book.used_ports[node.index()].iter().find(|port| !outputs.contains_key(*port)) {
        return Err(Failure::permanent(format!("it gave no `{port}`, which other nodes read")));
    }
    let action = busy.action;
    if book.actions[node.index()] != Some(action) {
        return Err(Failure::transient("one of its inputs was made again with other content while it ran"));
    }
    let spec = &book.keyed.graph[node];
    let record = Record {
        action,
        step: book.keyed.steps[node.index()],
        kind: spec.kind.name.to_owned(),
        version: spec.kind.version,
        label: spec.label.to_string(),
        data: data(book, spec.kind, &outputs)?,
        outputs,
        millis,
        peak_memory,
        formula: Some(Formula { threads: slot.device.threads, ..book.formulas[node.index()] }),
        class: slot.device.class_of(book.keyed.needs_gpu(node)).to_string(),
        libraries: slot.libraries.clone(),
        when: Moment(0),
        by: String::new(),
    };
    let bytes = record.outputs.values().map(|blob| blob.bytes).sum();
    if let Err(error) = keep(book, node, record, outbox) {
        if matches!(error, CacheError::Gone(_)) {
            return Err(error.into());
        }
        book.broken = Some(error.into());
        return Err(Failure::permanent("its record could not be written"));
    }
    outbox.events.push(Event::NodeDone {
        step: book.keyed.steps[node.index()],
        label: book.label(node),
        kind: book.kind(node),
        device: Some(slot.device.id),
        millis,
        bytes,
    });
    Ok(())
}

/// What was decided or measured in making the outputs, such as a ranking or a loudness: their small data.
fn data(
    book: &Book,
    kind: &Kind,
    outputs: &BTreeMap<String, Blob>,
) -> Result<BTreeMap<String, String>, Failure> {
    let is_data = |name: &str| kind.outputs.iter().any(|port| port.name == name && port.ty == PortType::Data);
    let small = outputs.iter().filter(|(name, blob)| is_data(name) && blob.bytes <= SMALL);
    let mut texts = BTreeMap::new();
    for (port, blob) in small {
        // Lost already, or the whole folder is: then it is made again.
        let read = book.cache.store().read(blob);
        let read = read.map_err(|error| Failure::transient(format!("its result is lost: {error}")))?;
        texts.extend(String::from_utf8(read).ok().map(|text| (port.clone(), text)));
    }
    Ok(texts)
}

/// Writes the record; where another process was first, takes its content if that is there, and else voids
/// that record. A third process may come between: then again.
fn keep(book: &mut Book, node: NodeIndex, record: Record, outbox: &mut Outbox) -> Result<(), CacheError> {
    explain(book, node)?;
    let outputs = loop {
        let Put::Discarded(first) = book.cache.put(record.clone())? else { break record.outputs };
        let kept_first = first.outputs.values().all(|blob| book.cache.available(blob));
        let (step, label) = (record.step, record.label.clone());
        outbox.events.push(Event::Differs { step, label, kept_first });
        if kept_first {
            break first.outputs;
        }
        book.cache.forget(record.action)?;
    };
    book.pins.add(outputs.values().map(|blob| blob.digest))?;
    book.set_content(node, outputs);
    Ok(())
}

/// Keeps what the steps of a job were, for `why`.
fn explain(book: &mut Book, node: NodeIndex) -> Result<(), CacheError> {
    let keyed = book.keyed.clone();
    keyed.job(node).into_iter().try_for_each(|part| book.cache.explain(step_text(&keyed, part)))
}

/// A step in full.
pub(super) fn step_text(keyed: &Keyed, node: NodeIndex) -> StepText {
    let spec = &keyed.graph[node];
    let tool = |tool: &Tool| (*tool, keyed.tools.get(tool).copied().flatten());
    let input = |input: &Input| StepInput {
        port: input.port.clone(),
        index: input.index,
        output: input.output.clone(),
        step: keyed.steps[input.from.index()],
    };
    StepText {
        step: keyed.steps[node.index()],
        kind: spec.kind.name.to_owned(),
        version: spec.kind.version,
        label: spec.label.clone(),
        params: spec.params.clone(),
        tools: spec.kind.tools.iter().map(tool).collect(),
        inputs: keyed.inputs[node.index()].iter().map(input).collect(),
        when: Moment(0),
    }
}
