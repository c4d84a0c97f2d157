//! `film.otio`: the cut as an OpenTimelineIO timeline over the ProRes shots and the stems, by
//! relative path, so that it opens elsewhere with all media online.
//!
//! Two shots under a transition overlap in the film. OpenTimelineIO puts a cut in the middle of the
//! overlap and says how far the transition reaches to both sides of it.

use serde_json::{Value, json};

use super::shown::{Shown, shown};
use crate::compile::assemble::shape_name;
use crate::compile::film::Film;
use crate::compile::lower::Lowered;
use crate::kinds::edit::TransitionShape;
use crate::units::{Frames, Rate};

/// The stems that become audio tracks.
const STEMS: [(&str, &str); 3] = [("Dialogue", "dialogue"), ("Effects", "effects"), ("Music", "music")];

/// The text of `film.otio`: of what was lowered, with the stems where they are among its files.
pub fn otio(film: &Film, lowered: &Lowered) -> String {
    let mut tracks = vec![track("Picture", "Video", pictures(film, lowered))];
    for (name, stem) in STEMS {
        let path = format!("stems/{stem}.wav");
        if lowered.outputs.iter().any(|output| output.path == path) {
            let range = range(film.rate, film.timecode, film.frames.0);
            let clip = clip(name, &path, range.clone(), range);
            tracks.push(track(name, "Audio", vec![clip]));
        }
    }
    let first = lowered.ranges.first().map_or(Frames(0), |(from, _)| *from);
    let timeline = json!({
        "OTIO_SCHEMA": "Timeline.1",
        "name": film.title,
        "metadata": {"storyreel": {"size": film.size.to_string()}},
        "global_start_time": time(film.rate, film.timecode + first.0),
        "tracks": {
            "OTIO_SCHEMA": "Stack.1",
            "name": "tracks",
            "metadata": {},
            "source_range": null,
            "effects": [],
            "markers": [],
            "enabled": true,
            "children": tracks,
        },
    });
    format!("{timeline:#}\n")
}

/// Clips with the transitions between them.
fn pictures(film: &Film, lowered: &Lowered) -> Vec<Value> {
    let mut children = Vec::new();
    for one in &shown(film, lowered) {
        let (head, tail) = (before_cut(one.incoming), after_cut(one.outgoing, one.last));
        let handles = lowered.handles[one.index];
        let first = one.shot.timecode;
        let available = range(film.rate, first - handles.before.0, handles.around(one.shot.frames).0);
        let from = one.skipped + head;
        let source = range(film.rate, first + from.0, (one.frames - head - tail).0);
        let path = format!("shots/{}.mov", one.file_name());
        children.push(clip(&one.shot.full_name(), &path, available, source));
        children.extend(transition(film, one));
    }
    children
}

/// Pictures of a transition before the cut that stands for it.
fn before_cut(frames: Frames) -> Frames {
    Frames(frames.0 / 2)
}

/// Pictures of a transition after that cut; none where nothing follows.
fn after_cut(frames: Frames, last: bool) -> Frames {
    if last { Frames(0) } else { frames - before_cut(frames) }
}

fn transition(film: &Film, one: &Shown) -> Option<Value> {
    let shape = one.shape?;
    let after = after_cut(one.outgoing, one.last);
    let kind = if shape == TransitionShape::Dissolve { "SMPTE_Dissolve" } else { "Custom_Transition" };
    Some(json!({
        "OTIO_SCHEMA": "Transition.1",
        "name": shape_name(shape),
        "metadata": {"storyreel": {"shape": shape_name(shape)}},
        "transition_type": kind,
        "in_offset": time(film.rate, (one.outgoing - after).0),
        "out_offset": time(film.rate, after.0),
    }))
}

fn track(name: &str, kind: &str, children: Vec<Value>) -> Value {
    json!({
        "OTIO_SCHEMA": "Track.1",
        "name": name,
        "kind": kind,
        "metadata": {},
        "source_range": null,
        "effects": [],
        "markers": [],
        "enabled": true,
        "children": children,
    })
}

fn clip(name: &str, path: &str, available: Value, source: Value) -> Value {
    json!({
        "OTIO_SCHEMA": "Clip.1",
        "name": name,
        "metadata": {},
        "source_range": source,
        "effects": [],
        "markers": [],
        "enabled": true,
        "media_reference": {
            "OTIO_SCHEMA": "ExternalReference.1",
            "name": path,
            "metadata": {},
            "target_url": path,
            "available_range": available,
        },
    })
}

fn time(rate: Rate, value: i64) -> Value {
    let rate = f64::from(rate.num) / f64::from(rate.den);
    json!({"OTIO_SCHEMA": "RationalTime.1", "rate": rate, "value": value as f64})
}

fn range(rate: Rate, start: i64, duration: i64) -> Value {
    json!({
        "OTIO_SCHEMA": "TimeRange.1",
        "start_time": time(rate, start),
        "duration": time(rate, duration),
    })
}
