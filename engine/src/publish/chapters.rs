//! A chapter a scene.

use crate::compile::assemble::scene_title;
use crate::compile::film::Film;
use crate::compile::pieces::Piece;
use crate::kinds::film::Chapter;
use crate::units::Frames;

/// The chapters of the film whose pictures are `pieces`, on that film's own clock. A chapter starts
/// where its scene is first seen: halfway through the transition into it.
pub fn of_pieces(film: &Film, pieces: &[Piece]) -> Vec<Chapter> {
    let mut chapters: Vec<Chapter> = Vec::new();
    for (index, scene) in film.scenes.iter().enumerate() {
        let incoming = film.shots[scene.shots.start].incoming;
        let end = film
            .scenes
            .get(index + 1)
            .map_or(film.frames, |next| next.start + Frames(film.shots[next.shots.start].incoming.0 / 2));
        let start = scene.start + Frames(incoming.0 / 2);
        if let Some(from) = first_shown(pieces, start, end) {
            chapters.push(Chapter { from, title: scene_title(&scene.name) });
        }
    }
    if let Some(first) = chapters.first_mut() {
        first.from = Frames(0);
    }
    chapters
}

/// Where in the film of `pieces` the first picture of `start..end` of the whole film is seen.
fn first_shown(pieces: &[Piece], start: Frames, end: Frames) -> Option<Frames> {
    let mut clock = Frames(0);
    for piece in pieces {
        let seen = piece.at.max(start);
        if seen < (piece.at + piece.frames()).min(end) {
            return Some(clock + (seen - piece.at));
        }
        clock += piece.frames();
    }
    None
}
