//! The shots as they stand in the result: all of the film's, or what a part of it shows of them. Edit lists
//! are made of these, so that they name nothing that was not rendered.

use crate::compile::assemble::file_name;
use crate::compile::film::{Film, FilmShot};
use crate::compile::lower::Lowered;
use crate::kinds::edit::TransitionShape;
use crate::units::Frames;

/// What is shown of a shot.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shown<'a> {
    /// The shot.
    pub shot: &'a FilmShot,
    /// Its place in the whole film.
    pub index: usize,
    /// Its first picture in the result.
    pub start: Frames,
    /// Its pictures before the first that is shown.
    pub skipped: Frames,
    /// Pictures shown.
    pub frames: Frames,
    /// Of them, those at the start that lie over the shot before.
    pub incoming: Frames,
    /// Of them, those at the end that lie under the shot after, or under the film's last fade.
    pub outgoing: Frames,
    /// How it becomes the next one, or black.
    pub shape: Option<TransitionShape>,
    /// Whether nothing follows, or the result jumps to another part of the film.
    pub last: bool,
}

impl Shown<'_> {
    /// The ProRes file's name, without its ending.
    pub fn file_name(&self) -> String {
        file_name(self.index, self.shot)
    }
}

/// The shots in the result, in order.
pub(super) fn shown<'a>(film: &'a Film, lowered: &Lowered) -> Vec<Shown<'a>> {
    let mut all: Vec<Shown> = Vec::new();
    let mut before = Frames(0);
    for (from, to) in &lowered.ranges {
        let first = all.len();
        for (index, shot) in film.shots.iter().enumerate() {
            let (start, end) = (shot.start.max(*from), shot.end().min(*to));
            if start >= end {
                continue;
            }
            let over = all[first..].last().map_or(Frames(0), |last| last.start + last.frames);
            let at = before + start - *from;
            let incoming = (over - at).max(Frames(0));
            if let Some(last) = all[first..].last_mut() {
                (last.outgoing, last.last) = (incoming, false);
                last.shape = last.shape.filter(|_| incoming > Frames(0));
            }
            let transition = film.scenes[shot.scene].outgoing.filter(|_| shot.outgoing > Frames(0));
            // The film's own last fade; of a part that ends earlier, nothing is seen of it.
            let outgoing = if shot.end() == end { shot.outgoing } else { Frames(0) };
            all.push(Shown {
                shot,
                index,
                start: at,
                skipped: start - shot.start,
                frames: end - start,
                incoming,
                outgoing,
                shape: transition.map(|transition| transition.shape),
                last: true,
            });
        }
        before = before + *to - *from;
    }
    for one in all.iter_mut().filter(|one| one.last) {
        let fades = one.index + 1 == film.shots.len() && one.shape == Some(TransitionShape::Fade);
        if !fades || one.outgoing == Frames(0) {
            (one.outgoing, one.shape) = (Frames(0), None);
        }
    }
    all
}
