//! `film.otio`: the cut as an OpenTimelineIO timeline over the ProRes shots and the stems, by
//! relative path, so that it opens elsewhere with all media online.
//!
//! Two shots under a transition overlap in the film. OpenTimelineIO puts a cut in the middle of the
//! overlap and says how far the transition reaches to both sides of it.

use serde_json::{Value, json};

use crate::compile::assemble::{file_name, handles, shape_name, shot_timecode};
use crate::compile::film::{Film, FilmShot};
use crate::kinds::edit::TransitionShape;
use crate::units::{Frames, Rate};

/// The stems that become audio tracks.
const STEMS: [(&str, &str); 3] = [("Dialogue", "dialogue"), ("Effects", "effects"), ("Music", "music")];

/// The text of `film.otio`.
pub fn otio(film: &Film) -> String {
    let mut tracks = vec![track("Picture", "Video", pictures(film))];
    for (name, stem) in STEMS {
        let range = range(film.rate, film.timecode, film.frames.0);
        let clip = clip(name, &format!("stems/{stem}.wav"), range.clone(), range);
        tracks.push(track(name, "Audio", vec![clip]));
    }
    let timeline = json!({
        "OTIO_SCHEMA": "Timeline.1",
        "name": film.title,
        "metadata": {"storyreel": {"size": film.size.to_string()}},
        "global_start_time": time(film.rate, film.timecode),
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
fn pictures(film: &Film) -> Vec<Value> {
    let mut children = Vec::new();
    for (index, shot) in film.shots.iter().enumerate() {
        let last = index + 1 == film.shots.len();
        let (head, tail) = (before_cut(shot.incoming), after_cut(shot.outgoing, last));
        let (before, after) = handles(shot);
        let first = shot_timecode(film);
        let available = range(film.rate, first - before.0, (before + shot.frames + after).0);
        let source = range(film.rate, first + head.0, (shot.frames - head - tail).0);
        let path = format!("shots/{}.mov", file_name(index, shot));
        children.push(clip(&shot.full_name(), &path, available, source));
        children.extend(transition(film, shot, last));
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

fn transition(film: &Film, shot: &FilmShot, last: bool) -> Option<Value> {
    let found = film.scenes[shot.scene].outgoing.filter(|_| shot.outgoing > Frames(0))?;
    if last && found.shape != TransitionShape::Fade {
        return None;
    }
    let after = after_cut(shot.outgoing, last);
    let kind = if found.shape == TransitionShape::Dissolve { "SMPTE_Dissolve" } else { "Custom_Transition" };
    Some(json!({
        "OTIO_SCHEMA": "Transition.1",
        "name": shape_name(found.shape),
        "metadata": {"storyreel": {"shape": shape_name(found.shape)}},
        "transition_type": kind,
        "in_offset": time(film.rate, (shot.outgoing - after).0),
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
