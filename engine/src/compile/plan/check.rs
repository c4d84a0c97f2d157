//! Whether a plan that was read makes sense: see [`super::read`] for what then holds.

use std::collections::BTreeSet;
use std::path::{Component, Path};

use serde::Deserialize;

use super::read::{Place, PlanError, shown};
use super::{Plan, PlanNode, PlanScene, State, Totals};
use crate::kinds::script::{Script, is_script};
use crate::kinds::{self, Kind, Port, Storage};
use crate::units::{Frames, Samples};
use crate::world::header::MAX_SIDE;

/// Pictures that a film may have: twelve hours at 240 a second.
const MAX_FRAMES: i64 = 12 * 3600 * 240;
/// Samples that it may have, with those of a last picture of a second.
const MAX_SAMPLES: i64 = (12 * 3600 + 1) * crate::units::SAMPLE_RATE;
/// Frames of timecode in a day at 240 a second.
const MAX_TIMECODE: i64 = 24 * 3600 * 240;

/// Checks everything.
pub(super) fn all(plan: &Plan) -> Result<(), PlanError> {
    film(plan)?;
    scenes(plan)?;
    nodes(plan)?;
    outputs(plan)?;
    totals(plan)
}

fn wrong<T>(place: impl Into<String>, found: impl Into<String>, expected: &str) -> Result<T, PlanError> {
    Err(PlanError::Wrong { place: Place::of(place), found: shown(&found.into()), expected: expected.into() })
}

fn film(plan: &Plan) -> Result<(), PlanError> {
    let side = |side: u32| (1..=MAX_SIDE).contains(&side);
    if !side(plan.size.width) || !side(plan.size.height) {
        return wrong("size", plan.size.to_string(), "pictures of 1 to 16384 pixels a side");
    }
    let rate = plan.rate;
    if rate.den == 0 || rate.num < rate.den || u64::from(rate.num) > 240 * u64::from(rate.den) {
        return wrong("rate", format!("{}/{}", rate.num, rate.den), "1 to 240 pictures a second");
    }
    frames("frames", plan.frames)?;
    samples("samples", plan.samples)?;
    if !(0..MAX_TIMECODE).contains(&plan.timecode) {
        return wrong("timecode", plan.timecode.to_string(), "a frame of a day");
    }
    let mut end = Frames(0);
    for (at, (from, to)) in plan.ranges.iter().enumerate() {
        if *from < end || from > to || *to > plan.frames {
            let found = format!("pictures {} to {}", from.0, to.0);
            return wrong(format!("ranges[{at}]"), found, "runs of the film's pictures, one after the other");
        }
        end = *to;
    }
    Ok(())
}

fn frames(place: impl Into<String>, frames: Frames) -> Result<(), PlanError> {
    if (0..=MAX_FRAMES).contains(&frames.0) {
        return Ok(());
    }
    wrong(place, frames.0.to_string(), "a number of pictures from 0 to twelve hours")
}

fn samples(place: impl Into<String>, samples: Samples) -> Result<(), PlanError> {
    if (0..=MAX_SAMPLES).contains(&samples.0) {
        return Ok(());
    }
    wrong(place, samples.0.to_string(), "a number of samples from 0 to twelve hours")
}

fn scenes(plan: &Plan) -> Result<(), PlanError> {
    let mut number = 0;
    for (at, scene) in plan.scenes.iter().enumerate() {
        let place = format!("scenes[{at}]");
        span(&place, plan, scene.start, scene.frames)?;
        if !(0..=scene.frames.0).contains(&scene.transition_frames.0) {
            let found = scene.transition_frames.0.to_string();
            return wrong(format!("{place}.transition_frames"), found, "a part of the scene");
        }
        shots(&place, plan, scene, &mut number)?;
    }
    for (at, cue) in plan.cues.iter().enumerate() {
        samples(format!("cues[{at}].at"), cue.at)?;
        samples(format!("cues[{at}].samples"), cue.samples)?;
    }
    Ok(())
}

fn shots(place: &str, plan: &Plan, scene: &PlanScene, number: &mut u32) -> Result<(), PlanError> {
    for (at, shot) in scene.shots.iter().enumerate() {
        let place = format!("{place}.shots[{at}]");
        *number += 1;
        if shot.number != *number {
            let expected = format!("{number}: shots are numbered from 1 over the whole film");
            return wrong(format!("{place}.number"), shot.number.to_string(), &expected);
        }
        span(&place, plan, shot.start, shot.frames)?;
        if shot.candidates == 0 {
            return wrong(format!("{place}.candidates"), "0", "at least one");
        }
    }
    Ok(())
}

/// A run of pictures inside the film.
fn span(place: &str, plan: &Plan, start: Frames, length: Frames) -> Result<(), PlanError> {
    frames(format!("{place}.start"), start)?;
    frames(format!("{place}.frames"), length)?;
    if start + length > plan.frames {
        let found = format!("pictures {} to {}", start.0, (start + length).0);
        return wrong(place, found, &format!("pictures of a film of {}", plan.frames.0));
    }
    Ok(())
}

fn nodes(plan: &Plan) -> Result<(), PlanError> {
    let mut steps = BTreeSet::new();
    let places: BTreeSet<(&str, Option<&str>)> = plan
        .scenes
        .iter()
        .flat_map(|scene| {
            let shots = scene.shots.iter().map(|shot| Some(shot.name.as_str()));
            shots.chain([None]).map(|shot| (scene.name.as_str(), shot))
        })
        .collect();
    let mut known: Vec<&'static Kind> = Vec::with_capacity(plan.nodes.len());
    for (at, node) in plan.nodes.iter().enumerate() {
        let place = format!("nodes[{at}]");
        if !steps.insert(node.step) {
            let found = format!("step {} again", node.step.short());
            return wrong(format!("{place}.step"), found, "a step that no other node is");
        }
        let kind = kind(&place, node)?;
        inputs(&place, node, kind, &known)?;
        known.push(kind);
        let belongs = match (&node.scene, &node.shot) {
            (Some(scene), shot) => places.contains(&(scene, shot.as_deref())),
            (None, shot) => shot.is_none(),
        };
        if !belongs {
            let found = format!("{:?} {:?}", node.scene, node.shot);
            return wrong(&place, found, "a scene and a shot of this plan");
        }
        device(&place, node, &plan.totals)?;
    }
    Ok(())
}

/// The kind of a node, its storage and its parameters.
fn kind(place: &str, node: &PlanNode) -> Result<&'static Kind, PlanError> {
    let named =
        node.kind.split_once('@').and_then(|(name, version)| Some((known(name, version, node)?, version)));
    let Some((kind, version)) = named else {
        return wrong(
            format!("{place}.kind"),
            format!("`{}`", node.kind),
            "a kind of node, such as `encode@2`",
        );
    };
    if version != kind.version.to_string() {
        let expected = format!("`{}@{}`: the plan is of another build of storyreel", kind.name, kind.version);
        return wrong(format!("{place}.kind"), format!("`{}`", node.kind), &expected);
    }
    if node.stored != (kind.storage == Storage::Stored) {
        let expected =
            if node.stored { "false: such nodes are streamed" } else { "true: such nodes are stored" };
        return wrong(format!("{place}.stored"), node.stored.to_string(), expected);
    }
    match (kind.check)(&node.params) {
        Ok(()) => Ok(kind),
        Err(reason) => wrong(format!("{place}.params"), reason, &format!("parameters of `{}`", node.kind)),
    }
}

/// A kind of that name: built in, or a script's, which its parameters tell.
fn known(name: &str, version: &str, node: &PlanNode) -> Option<&'static Kind> {
    if !is_script(name) {
        return kinds::named(name);
    }
    let script = Script::deserialize(&node.params).ok()?;
    Some(script.kind(name, version.parse().ok()?).kind())
}

/// What enters a node: from nodes before it, from ports that are there into ports of the same type, each port
/// as often as it can be.
fn inputs(place: &str, node: &PlanNode, kind: &Kind, known: &[&Kind]) -> Result<(), PlanError> {
    for (number, input) in node.inputs.iter().enumerate() {
        let place = format!("{place}.inputs[{number}]");
        let Some(giver) = known.get(input.from as usize) else {
            let found = format!("node {}", input.from);
            return wrong(format!("{place}.from"), found, "a node that stands before this one");
        };
        let output = port(&place, "output", &input.output, giver, giver.outputs)?;
        let entered = port(&place, "port", &input.port, kind, kind.inputs)?;
        if output.ty != entered.ty {
            let found = format!("{:?} into `{}`", output.ty, entered.name);
            return wrong(place, found, &format!("{:?}", entered.ty));
        }
    }
    for port in kind.inputs {
        let mut places: Vec<u32> =
            node.inputs.iter().filter(|input| input.port == port.name).map(|input| input.index).collect();
        places.sort_unstable();
        let counted = places.iter().enumerate().all(|(at, index)| at == *index as usize);
        let enough =
            if port.many { !places.is_empty() || !must_be_fed(kind, port) } else { places.len() == 1 };
        if !counted || !enough {
            let expected = if port.many { "places from 0 on, each once" } else { "exactly one, at place 0" };
            let found = format!("places {places:?} of port `{}`", port.name);
            return wrong(format!("{place}.inputs"), found, expected);
        }
    }
    Ok(())
}

/// A mix has stems without a sound, and a script's ports may stay empty; everything else that takes many takes at
/// least one.
fn must_be_fed(kind: &Kind, port: &Port) -> bool {
    port.ty != kinds::PortType::Sound && !is_script(kind.name)
}

fn port<'a>(
    place: &str,
    field: &str,
    name: &str,
    kind: &Kind,
    ports: &'a [Port],
) -> Result<&'a Port, PlanError> {
    match ports.iter().find(|port| port.name == name) {
        Some(port) => Ok(port),
        None => {
            let names: Vec<_> = ports.iter().map(|port| format!("`{}`", port.name)).collect();
            let expected = format!("a port of `{}`: {}", kind.name, names.join(", "));
            wrong(format!("{place}.{field}"), format!("`{name}`"), &expected)
        }
    }
}

fn device(place: &str, node: &PlanNode, totals: &Totals) -> Result<(), PlanError> {
    match &node.device {
        Some(device) if !totals.devices.contains(device) => {
            wrong(format!("{place}.device"), format!("`{device}`"), "a device of `totals.devices`")
        }
        Some(_) if !node.stored => {
            wrong(format!("{place}.device"), "a device", "none: streamed nodes have none")
        }
        _ => Ok(()),
    }
}

fn outputs(plan: &Plan) -> Result<(), PlanError> {
    let mut paths = BTreeSet::new();
    for (at, output) in plan.outputs.iter().enumerate() {
        let place = format!("outputs[{at}]");
        let Some(node) = plan.nodes.get(output.node as usize) else {
            return wrong(format!("{place}.node"), output.node.to_string(), "a node of this plan");
        };
        let kind = kind(&format!("nodes[{}]", output.node), node)?;
        port(&place, "port", &output.port, kind, kind.outputs)?;
        if kind.storage != Storage::Stored {
            return wrong(format!("{place}.node"), format!("`{}`", node.kind), "a stored node");
        }
        let path = output.path.as_str();
        let plain = |part: Component| matches!(part, Component::Normal(_));
        let below = !path.is_empty() && path.len() <= 1024 && Path::new(path).components().all(plain);
        // Components pass over `a//b` and `a/./b`, which are no other file's names.
        let plain =
            path.split('/').all(|part| !part.is_empty() && part != ".") && !path.contains(['\0', '\\']);
        if !below || !plain {
            return wrong(format!("{place}.path"), format!("`{path}`"), "a file below the version's folder");
        }
        if !paths.insert(path) {
            return wrong(
                format!("{place}.path"),
                format!("`{path}` again"),
                "a file that no other output is",
            );
        }
    }
    Ok(())
}

/// Sums are those of the nodes, so that nobody trusts other ones.
fn totals(plan: &Plan) -> Result<(), PlanError> {
    let stored = || plan.nodes.iter().filter(|node| node.stored);
    let left = || stored().filter(|node| node.state == State::Todo);
    let sum = |of: fn(&PlanNode) -> u64| left().try_fold(0_u64, |sum, node| sum.checked_add(of(node)));
    let totals = &plan.totals;
    let all = [
        ("stored", u64::from(totals.stored), Some(stored().count() as u64)),
        ("todo", u64::from(totals.todo), Some(left().count() as u64)),
        ("work_millis", totals.work_millis, sum(|node| node.millis)),
        ("memory", totals.memory, Some(left().map(|node| node.memory).max().unwrap_or(0))),
        ("disk", totals.disk, sum(|node| node.disk)),
    ];
    for (name, told, counted) in all {
        if Some(told) != counted {
            let expected = counted
                .map_or_else(|| "a sum below 2^64".to_owned(), |counted| format!("{counted}, by its nodes"));
            return wrong(format!("totals.{name}"), told.to_string(), &expected);
        }
    }
    Ok(())
}
