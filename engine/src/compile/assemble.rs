//! Pieces of clips become segments, segments a film.

use std::collections::BTreeMap;

use super::builder::{Builder, Enters, New};
use super::cost;
use super::film::{Film, FilmShot, Handles};
use super::picture::{Clip, label};
use super::pieces::{Part, Piece};
use super::prompt::shown;
use super::sound::{of_film, soundtrack};
use crate::graph::{Label, NodeIndex};
use crate::kinds::edit::{Transition, TransitionShape};
use crate::kinds::encode::{Encode, Frame, ProRes};
use crate::kinds::film::{Join, Mux, Sheet};
use crate::kinds::{self};
use crate::units::Frames;

/// Bits a second of the AAC track.
pub(super) const AUDIO_BITRATE: u32 = 192_000;

/// Encoded pictures, in the film's order.
pub(super) struct Segments {
    /// Each with the piece it is.
    pub all: Vec<(Piece, NodeIndex)>,
    /// The node and port that give a shot's poster.
    pub posters: BTreeMap<usize, (NodeIndex, &'static str)>,
}

/// Encodes `pieces`; `clips` by shot.
pub(super) fn segments(builder: &mut Builder, film: &Film, clips: &[Clip], pieces: &[Piece]) -> Segments {
    let mut segments = Segments { all: Vec::new(), posters: BTreeMap::new() };
    let chief = chief_pieces(pieces);
    for piece in pieces {
        let shot = &film.shots[piece.shot];
        let (clip, named) = match piece.part {
            Part::Transition => transition(builder, film, clips, piece.shot),
            part => (clips[piece.shot], label(shot, part_name(part))),
        };
        let poster =
            (chief.get(&piece.shot) == Some(&piece)).then(|| Frames((piece.from.0 + piece.to.0) / 2));
        let node = encode(builder, film, clip, piece, poster, named);
        if poster.is_some() {
            segments.posters.insert(piece.shot, (node, "poster"));
        }
        segments.all.push((*piece, node));
    }
    for index in shown_shots(film, pieces) {
        // A shot that stands in transitions alone has no segment to take its poster from.
        segments.posters.entry(index).or_insert_with(|| {
            let at = Frames(film.shots[index].frames.0 / 2);
            (frame(builder, film, clips[index], &film.shots[index], at), "still")
        });
    }
    segments
}

fn part_name(part: Part) -> &'static str {
    match part {
        Part::Head => "head",
        Part::Core => "core",
        Part::Tail => "tail",
        Part::Transition => "transition",
    }
}

/// The piece that a shot's poster comes with, at its middle: its core; its head or tail where it has no core.
fn chief_pieces(pieces: &[Piece]) -> BTreeMap<usize, &Piece> {
    let rank = |piece: &Piece| (piece.part != Part::Core, std::cmp::Reverse(piece.frames()));
    let mut chief: BTreeMap<usize, &Piece> = BTreeMap::new();
    for piece in pieces.iter().filter(|piece| piece.part != Part::Transition) {
        let best = chief.entry(piece.shot).or_insert(piece);
        if rank(piece) < rank(best) {
            *best = piece;
        }
    }
    chief
}

/// Shots of which any piece is kept, the incoming ones of transitions too.
fn shown_shots(film: &Film, pieces: &[Piece]) -> Vec<usize> {
    let mut shots: Vec<usize> = pieces
        .iter()
        .flat_map(|piece| {
            let incoming = (piece.part == Part::Transition).then_some(piece.shot + 1);
            [Some(piece.shot), incoming.filter(|next| *next < film.shots.len())]
        })
        .flatten()
        .collect();
    shots.sort_unstable();
    shots.dedup();
    shots
}

fn encode(
    builder: &mut Builder,
    film: &Film,
    clip: Clip,
    piece: &Piece,
    poster: Option<Frames>,
    label: Label,
) -> NodeIndex {
    let params = Encode {
        size: film.size,
        rate: film.rate,
        from: piece.from,
        to: piece.to,
        codec: film.codec.clone(),
        poster,
    };
    builder.add(New {
        kind: &kinds::ENCODE,
        params: &params,
        files: Vec::new(),
        need: cost::pictures(film.size, piece.frames(), clip.micros + cost::ENCODE),
        label,
        inputs: &[(clip.node, "clip", "clip")],
    })
}

/// The pictures in which the scene of `shot` becomes the next, or black.
fn transition(builder: &mut Builder, film: &Film, clips: &[Clip], shot: usize) -> (Clip, Label) {
    let outgoing = &film.shots[shot];
    let scene = &film.scenes[outgoing.scene];
    let shape = scene.outgoing.map_or(TransitionShape::Dissolve, |transition| transition.shape);
    let next = film.shots.get(shot + 1);
    let params = Transition {
        shape,
        frames: outgoing.outgoing,
        outgoing_from: Some(outgoing.frames - outgoing.outgoing),
        incoming_from: next.map(|_| Frames(0)),
    };
    let mut inputs: Vec<Enters> = vec![(clips[shot].node, "clip", "clips")];
    let mut micros = clips[shot].micros + cost::TRANSITION;
    if next.is_some() {
        inputs.push((clips[shot + 1].node, "clip", "clips"));
        micros += clips[shot + 1].micros;
    }
    let to = next.map_or_else(|| "black".to_owned(), FilmShot::full_name);
    let named = label(outgoing, format!("{} to {to}", shape_name(shape)));
    let node = builder.add(New {
        kind: &kinds::TRANSITION,
        params: &params,
        files: Vec::new(),
        need: cost::streamed(film.size),
        label: named.clone(),
        inputs: &inputs,
    });
    (Clip { node, micros }, named)
}

/// What people call a shape.
pub fn shape_name(shape: TransitionShape) -> &'static str {
    match shape {
        TransitionShape::Dissolve => "dissolve",
        TransitionShape::Fade => "fade",
        TransitionShape::WipeLeft => "wipe left",
        TransitionShape::WipeRight => "wipe right",
        TransitionShape::WipeUp => "wipe up",
        TransitionShape::WipeDown => "wipe down",
    }
}

/// Cores of one scene that follow each other are joined, so that moving a scene joins nothing
/// again; heads, tails and transitions go to the mux as they are.
pub(super) fn joined(builder: &mut Builder, film: &Film, segments: &[(Piece, NodeIndex)]) -> Vec<NodeIndex> {
    let mut joined = Vec::new();
    let mut run: Vec<(Piece, NodeIndex)> = Vec::new();
    for (piece, node) in segments {
        let goes_on = run.last().is_some_and(|(last, _)| {
            let same = film.shots[last.shot].scene == film.shots[piece.shot].scene;
            same && piece.part == Part::Core && last.at + last.frames() == piece.at
        });
        if !goes_on {
            flush(builder, film, &mut run, &mut joined);
        }
        if piece.part == Part::Core {
            run.push((*piece, *node));
        } else {
            joined.push(*node);
        }
    }
    flush(builder, film, &mut run, &mut joined);
    joined
}

fn flush(builder: &mut Builder, film: &Film, run: &mut Vec<(Piece, NodeIndex)>, joined: &mut Vec<NodeIndex>) {
    let run = std::mem::take(run);
    match run.as_slice() {
        [] => {}
        [(_, only)] => joined.push(*only),
        [(first, _), ..] => {
            let inputs: Vec<Enters> = run.iter().map(|(_, node)| (*node, "segment", "segments")).collect();
            let scene = film.shots[first.shot].scene_name.clone();
            joined.push(builder.add(New {
                kind: &kinds::JOIN,
                params: &Join {},
                files: Vec::new(),
                need: cost::copying(run.iter().map(|(piece, _)| piece.frames()).sum()),
                label: Label { scene: Some(scene), shot: None, part: "join".into() },
                inputs: &inputs,
            }));
        }
    }
}

/// Where a film, or a part of it, starts and how long it is.
pub(super) struct Extent<'a> {
    pub pieces: &'a [Piece],
    pub frames: Frames,
    pub whole: bool,
}

/// The film of `segments` and the sound that `sound` gives as `mix` and `captions`.
pub(super) fn mux(
    builder: &mut Builder,
    film: &Film,
    extent: &Extent,
    segments: &[NodeIndex],
    sound: NodeIndex,
) -> NodeIndex {
    let first = extent.pieces.first().map_or(Frames(0), |piece| piece.at);
    let track = soundtrack(builder, film, sound, film.rate.samples_at(extent.frames));
    let params = Mux {
        title: film.title.clone(),
        size: film.size,
        rate: film.rate,
        frames: extent.frames,
        samples: film.rate.samples_at(extent.frames),
        timecode: film.timecode + first.0,
        chapters: crate::publish::chapters::of_pieces(film, extent.pieces),
        audio_bitrate: AUDIO_BITRATE,
        language: film.language_iso.clone(),
    };
    let mut inputs: Vec<Enters> = segments.iter().map(|node| (*node, "segment", "segments")).collect();
    inputs.extend([(track, "track", "track"), (sound, "captions", "captions")]);
    builder.add(New {
        kind: &kinds::MUX,
        params: &params,
        files: Vec::new(),
        need: cost::copying(extent.frames),
        label: of_film(if extent.whole { "mux" } else { "mux part" }),
        inputs: &inputs,
    })
}

/// The contact sheet of the shots that have a poster.
pub(super) fn sheet(builder: &mut Builder, film: &Film, segments: &Segments) -> NodeIndex {
    let inputs: Vec<Enters> =
        segments.posters.values().map(|(node, port)| (*node, *port, "posters")).collect();
    let captions = segments.posters.keys().map(|index| caption(film, *index)).collect();
    let columns = match inputs.len() {
        0..=4 => 2,
        5..=9 => 3,
        10..=24 => 4,
        25..=50 => 5,
        _ => 6,
    };
    builder.add(New {
        kind: &kinds::SHEET,
        params: &Sheet { title: film.title.clone(), captions, columns },
        files: Vec::new(),
        need: cost::pictures(film.size, Frames(inputs.len() as i64), cost::ENCODE),
        label: of_film("contact sheet"),
        inputs: &inputs,
    })
}

/// `03  cliff.wide  0:12  6.0 s`.
fn caption(film: &Film, index: usize) -> String {
    let shot = &film.shots[index];
    let start = film.rate.seconds(shot.start) as i64;
    let tenths = (film.rate.seconds(shot.frames) * 10.0).round() as i64;
    let name = shot.full_name();
    let clock = format!("{}:{:02}", start / 60, start % 60);
    format!("{:02}  {name}  {clock}  {}.{} s", index + 1, tenths / 10, tenths % 10)
}

/// One picture of a shot as PNG.
pub(super) fn frame(
    builder: &mut Builder,
    film: &Film,
    clip: Clip,
    shot: &FilmShot,
    at: Frames,
) -> NodeIndex {
    builder.add(New {
        kind: &kinds::FRAME,
        params: &Frame { at },
        files: Vec::new(),
        need: cost::pictures(film.size, Frames(1), clip.micros + cost::ENCODE),
        label: label(shot, "still picture"),
        inputs: &[(clip.node, "clip", "clip")],
    })
}

/// A shot as ProRes, with `handles` that `clip` has.
pub(super) fn prores(
    builder: &mut Builder,
    film: &Film,
    clip: Clip,
    shot: &FilmShot,
    handles: Handles,
) -> NodeIndex {
    let frames = handles.around(shot.frames);
    let params = ProRes {
        size: film.size,
        rate: film.rate,
        from: Frames(0),
        to: frames,
        timecode: shot.timecode - handles.before.0,
    };
    builder.add(New {
        kind: &kinds::PRORES,
        params: &params,
        files: Vec::new(),
        need: cost::pictures(film.size, frames, clip.micros + cost::PRORES),
        label: label(shot, "prores"),
        inputs: &[(clip.node, "clip", "clip")],
    })
}

/// `001_cliff_wide`: a shot's file name without its ending. Names hold only letters that every
/// file system takes.
pub fn file_name(index: usize, shot: &FilmShot) -> String {
    let safe = |name: &str| {
        let letters = name.chars().map(|c| if c.is_alphanumeric() || c == '-' { c } else { '-' });
        letters.collect::<String>()
    };
    format!("{:03}_{}_{}", index + 1, safe(&shot.scene_name), safe(&shot.name))
}

/// The chapter's title of a scene.
pub fn scene_title(name: &str) -> String {
    let words = shown(name);
    let mut letters = words.chars();
    match letters.next() {
        Some(first) => first.to_string() + &letters.as_str().to_lowercase(),
        None => words,
    }
}
