//! A shot's clip: the streamed nodes that draw it.

use super::builder::{Builder, New};
use super::cost;
use super::film::{Film, FilmEdit, FilmShot, Handles, Picture};
use super::materials::contents;
use super::seed::{Purpose, derive};
use super::steps;
use crate::graph::{Label, NodeIndex};
use crate::kinds::edit::{Applied, Change, Edit, Pick, Rank, Slate};
use crate::kinds::generate::{Generate, Material};
use crate::kinds::material::{Conform, Footage, StillShot};
use crate::kinds::{self};
use crate::units::Frames;

/// Handles of ProRes shots, in pictures, at most.
const HANDLE: Frames = Frames(12);

/// A streamed clip, its output port being `clip`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clip {
    pub node: NodeIndex,
    /// Microseconds a megapixel that each of its pictures takes.
    pub micros: u64,
}

/// A label of a shot.
pub(super) fn label(shot: &FilmShot, part: impl Into<String>) -> Label {
    Label { scene: Some(shot.scene_name.clone()), shot: Some(shot.name.clone()), part: part.into() }
}

/// The clip of `shot`: exactly its frames, at the film's size and rate.
pub(super) fn clip(builder: &mut Builder, film: &Film, shot: &FilmShot) -> Clip {
    let clip = match &shot.picture {
        Picture::Generated { .. } => generated(builder, film, shot),
        Picture::Footage { from_ms, .. } => {
            let clip = footage(builder, film, shot, *from_ms, shot.frames);
            edited(builder, film, shot, clip, None)
        }
        Picture::Still { .. } => {
            let clip = still(builder, film, shot);
            edited(builder, film, shot, clip, None)
        }
    };
    steps::stepped(builder, film, shot, clip)
}

/// The clip of `shot` with the pictures beyond its ends that [`handles`] says.
pub(super) fn with_handles(builder: &mut Builder, film: &Film, shot: &FilmShot, handles: Handles) -> Clip {
    match &shot.picture {
        Picture::Footage { from_ms, speed, .. } => {
            let back = handles.before.0 * 1000 * i64::from(film.rate.den) * i64::from(speed.0)
                / (i64::from(film.rate.num) * i64::from(speed.1));
            footage(builder, film, shot, from_ms - back, handles.around(shot.frames))
        }
        _ => clip(builder, film, shot),
    }
}

/// The handles that a shot's source has. What is drawn is painted as far as its own camera sees, a still ends
/// at its edges, and an edit or a step over footage knows only what is shown of it.
pub(super) fn handles(shot: &FilmShot) -> Handles {
    match &shot.picture {
        Picture::Footage { spare, .. } if shot.edits.is_empty() && shot.steps.is_empty() => {
            Handles { before: spare.0.min(HANDLE), after: spare.1.min(HANDLE) }
        }
        _ => Handles::default(),
    }
}

/// A slate in place of `shot`.
pub(super) fn slate(builder: &mut Builder, film: &Film, shot: &FilmShot, reason: &str) -> Clip {
    let params = Slate {
        title: shot.full_name(),
        reason: reason.to_owned(),
        size: film.size,
        rate: film.rate,
        frames: shot.frames,
    };
    let node = builder.add(New {
        kind: &kinds::SLATE,
        params: &params,
        files: Vec::new(),
        need: cost::streamed(film.size),
        label: label(shot, "slate"),
        inputs: &[],
    });
    Clip { node, micros: cost::SLATE }
}

/// Footage from `from_ms` on, `frames` pictures of the film, without edits.
fn footage(builder: &mut Builder, film: &Film, shot: &FilmShot, from_ms: i64, frames: Frames) -> Clip {
    let Picture::Footage { files, sequence_rate, fit, retime, speed, .. } = &shot.picture else {
        return slate(builder, film, shot, "not footage");
    };
    let source = builder.add(New {
        kind: &kinds::FOOTAGE,
        params: &Footage { files: contents(files), sequence_rate: *sequence_rate, from_ms },
        files: files.clone(),
        need: cost::streamed(film.size),
        label: label(shot, "footage"),
        inputs: &[],
    });
    let params =
        Conform { size: film.size, rate: film.rate, frames, fit: *fit, retime: *retime, speed: *speed };
    let node = builder.add(New {
        kind: &kinds::CONFORM,
        params: &params,
        files: Vec::new(),
        need: cost::streamed(film.size),
        label: label(shot, "conform"),
        inputs: &[(source, "clip", "clip")],
    });
    Clip { node, micros: cost::FOOTAGE + cost::CONFORM }
}

fn still(builder: &mut Builder, film: &Film, shot: &FilmShot) -> Clip {
    let Picture::Still { file, fit } = &shot.picture else {
        return slate(builder, film, shot, "not a still");
    };
    let params = StillShot {
        file: Material(file.digest),
        camera: shot.prompt.camera.clone(),
        fit: *fit,
        size: film.size,
        rate: film.rate,
        frames: shot.frames,
        seed: derive(shot.seed, Purpose::Picture, shot.ordinal, 0),
    };
    let node = builder.add(New {
        kind: &kinds::STILL,
        params: &params,
        files: vec![file.clone()],
        need: cost::streamed(film.size),
        label: label(shot, "still"),
        inputs: &[],
    });
    Clip { node, micros: cost::STILL }
}

/// One candidate, or several with a rank over them; a take chosen by hand needs only itself.
fn generated(builder: &mut Builder, film: &Film, shot: &FilmShot) -> Clip {
    if let Some(take) = shot.take {
        return candidate(builder, film, shot, take.saturating_sub(1));
    }
    let clips: Vec<Clip> =
        (0..shot.candidates).map(|number| candidate(builder, film, shot, number)).collect();
    if clips.len() == 1 {
        return clips[0];
    }
    let frames: Vec<Frames> = (0..4).map(|quarter| Frames(shot.frames.0 * (2 * quarter + 1) / 8)).collect();
    let inputs: Vec<_> = clips.iter().map(|clip| (clip.node, "clip", "clips")).collect();
    let drawn = Frames(frames.len() as i64 * clips.len() as i64);
    let rank = builder.add(New {
        kind: &kinds::RANK,
        params: &Rank { frames },
        files: Vec::new(),
        need: cost::pictures(film.size, drawn, clips[0].micros + cost::EDIT),
        label: label(shot, "rank"),
        inputs: &inputs,
    });
    let mut inputs = inputs;
    inputs.insert(0, (rank, "rank", "rank"));
    let node = builder.add(New {
        kind: &kinds::PICK,
        params: &Pick {},
        files: Vec::new(),
        need: cost::streamed(film.size),
        label: label(shot, "pick"),
        inputs: &inputs,
    });
    Clip { node, micros: clips[0].micros }
}

fn candidate(builder: &mut Builder, film: &Film, shot: &FilmShot, number: u32) -> Clip {
    let Picture::Generated { model, sketch, files } = &shot.picture else {
        return slate(builder, film, shot, "not generated");
    };
    let params = Generate {
        model: model.clone(),
        prompt: shot.prompt.clone(),
        size: film.size,
        rate: film.rate,
        frames: shot.frames,
        seed: derive(shot.seed, Purpose::Picture, shot.ordinal, number),
        film_seed: film.seed,
        sketch: *sketch,
    };
    let personal = is_personal(shot);
    let part = if personal { "personalize" } else { "generate" };
    let part = if shot.candidates > 1 { format!("{part} take {}", number + 1) } else { part.to_owned() };
    let node = builder.add(New {
        kind: if personal { &kinds::PERSONALIZE } else { &kinds::GENERATE },
        params: &params,
        files: files.clone(),
        need: cost::streamed(film.size),
        label: label(shot, part),
        inputs: &[],
    });
    edited(builder, film, shot, Clip { node, micros: cost::GENERATE }, Some(&params))
}

/// The shot's edits over `clip`, in order. `drawn` is what generated it.
fn edited(builder: &mut Builder, film: &Film, shot: &FilmShot, clip: Clip, drawn: Option<&Generate>) -> Clip {
    let mut clip = clip;
    let mut earlier: Vec<Applied> = Vec::new();
    for (position, edit) in shot.edits.iter().enumerate() {
        let params = Edit {
            model: edit.model.clone(),
            change: edit.change.clone(),
            region: edit.region.clone(),
            strength: edit.strength,
            seed: edit.seed,
            shot: drawn.cloned().map(Box::new),
            earlier: earlier.clone(),
        };
        let mut files: Vec<_> = edit.mask.iter().cloned().collect();
        if let (Some(_), Picture::Generated { files: drawn, .. }) = (drawn, &shot.picture) {
            files.extend(drawn.iter().cloned());
        }
        for before in &shot.edits[..position] {
            files.extend(before.mask.iter().cloned());
        }
        let node = builder.add(New {
            kind: &kinds::EDIT,
            params: &params,
            files,
            need: cost::streamed(film.size),
            label: label(shot, format!("edit {} ({})", position + 1, verb(edit))),
            inputs: &[(clip.node, "clip", "clip")],
        });
        earlier.push(Applied {
            change: edit.change.clone(),
            region: edit.region.clone(),
            strength: edit.strength,
            seed: edit.seed,
        });
        clip = Clip { node, micros: clip.micros + cost::EDIT };
    }
    clip
}

/// Whether a character with reference images is in the shot.
pub(super) fn is_personal(shot: &FilmShot) -> bool {
    shot.prompt.characters.iter().any(|one| !one.reference.is_empty())
}

/// An edit for people.
pub(super) fn in_words(edit: &FilmEdit) -> String {
    match &edit.change {
        Change::Add { what } => format!("add {what}"),
        Change::Remove { what } => format!("remove {what}"),
        Change::Replace { what, with } => format!("replace {what} with {with}"),
        Change::Background { to } => format!("background: {to}"),
        Change::Style { to } => format!("style: {to}"),
    }
}

fn verb(edit: &FilmEdit) -> &'static str {
    match edit.change {
        Change::Add { .. } => "add",
        Change::Remove { .. } => "remove",
        Change::Replace { .. } => "replace",
        Change::Background { .. } => "background",
        Change::Style { .. } => "style",
    }
}
