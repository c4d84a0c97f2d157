//! The film's pictures cut into the runs that are encoded by themselves.
//!
//! A shot gives one core. Pictures near a transition stand apart, so that moving a scene encodes
//! only those again: the first shot of a scene has its core from the film's longest transition on
//! and a head before it; the last shot's end belongs to the scene's own transition. Where that
//! leads nowhere (the last scene's dissolve or wipe) it is a tail.

use super::film::{Film, FilmShot};
use crate::kinds::edit::TransitionShape;
use crate::units::Frames;

/// Which part of a shot a piece is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The start of a scene's first shot, as far as some transition may reach.
    Head,
    /// The pictures that are the same wherever the scene stands.
    Core,
    /// The end of the last scene, where its transition leads nowhere.
    Tail,
    /// From the shot's scene into the next, or to black.
    Transition,
}

/// A run of pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// What it is.
    pub part: Part,
    /// The shot, the outgoing one of a transition.
    pub shot: usize,
    /// Its first picture in the film.
    pub at: Frames,
    /// Its first picture, in the shot's frames (of a transition: in its own).
    pub from: Frames,
    /// The picture after its last.
    pub to: Frames,
}

impl Piece {
    /// Its length.
    pub fn frames(&self) -> Frames {
        self.to - self.from
    }
}

/// The pieces of the whole film, in order, without gaps.
pub fn pieces(film: &Film) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for (index, shot) in film.shots.iter().enumerate() {
        let end = shot.frames - shot.outgoing;
        let core = core_start(film, index, shot);
        let mut push = |part, at: Frames, from: Frames, to: Frames| {
            if from < to {
                pieces.push(Piece { part, shot: index, at, from, to });
            }
        };
        push(Part::Head, shot.start + shot.incoming, shot.incoming, core);
        push(Part::Core, shot.start + core, core, end);
        match after(film, shot) {
            After::Nothing => {}
            After::Tail => push(Part::Tail, shot.start + end, end, shot.frames),
            After::Transition => push(Part::Transition, shot.start + end, Frames(0), shot.outgoing),
        }
    }
    pieces
}

/// The pieces that fall into `ranges` of the film (ordered, apart from each other), cut to them.
pub fn trimmed(film: &Film, ranges: &[(Frames, Frames)]) -> Vec<Piece> {
    let mut kept = Vec::new();
    for (first, last) in ranges {
        for piece in pieces(film) {
            let from = piece.at.max(*first);
            let to = (piece.at + piece.frames()).min(*last);
            if from < to {
                let start = piece.from + (from - piece.at);
                kept.push(Piece { at: from, from: start, to: start + (to - from), ..piece });
            }
        }
    }
    kept
}

fn core_start(film: &Film, index: usize, shot: &FilmShot) -> Frames {
    if film.scenes[shot.scene].shots.start == index {
        film.longest_transition.min(shot.frames - shot.outgoing).max(shot.incoming)
    } else {
        shot.incoming
    }
}

enum After {
    Nothing,
    Tail,
    Transition,
}

fn after(film: &Film, shot: &FilmShot) -> After {
    let last = shot.scene + 1 == film.scenes.len();
    match film.scenes[shot.scene].outgoing {
        _ if shot.outgoing == Frames(0) => After::Nothing,
        Some(transition) if last && transition.shape != TransitionShape::Fade => After::Tail,
        _ => After::Transition,
    }
}
