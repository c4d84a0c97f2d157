//! Edits that the built-in picture model cannot make, told where they are written, all at once and before
//! anything is rendered: what is not shown cannot go, what no word calls cannot come, a region must be one.

use storyreel_animatic::{AnimaticError, Change, EditText, Editor, Region, Request};
use storyreel_engine::compile::film::{Film, FilmEdit, FilmShot, Picture};
use storyreel_engine::kinds::edit;
use storyreel_engine::storyboard::types::{self, Edit};
use storyreel_engine::storyboard::{Code, Diagnostic, Storyboard};
use storyreel_engine::units::Size;

use crate::compiled::shot_text;

/// Pixels across of the picture that an edit is tried on: what can be made does not depend on the size.
const WIDTH: u32 = 64;

/// Every edit of `board`, which became `film`, that cannot be made.
pub fn refused(board: &Storyboard, film: &Film) -> Vec<Diagnostic> {
    let written = board.scenes.iter().flat_map(|scene| &scene.shots);
    let size = small(film.size);
    written.zip(&film.shots).filter_map(|(written, shot)| of_shot(&written.edits, shot, size)).collect()
}

/// The first of a shot's edits that cannot be made: what follows builds on it.
fn of_shot(written: &[Edit], shot: &FilmShot, size: (u32, u32)) -> Option<Diagnostic> {
    let mut edits = Vec::new();
    for (written, edit) in written.iter().zip(&shot.edits) {
        edits.push(text(edit)?);
        if let Err(error) = tried(shot, &edits, size) {
            return Some(told(written, &error));
        }
    }
    None
}

/// Makes the last of `edits` on a small picture.
fn tried(shot: &FilmShot, edits: &[EditText], size: (u32, u32)) -> Result<(), AnimaticError> {
    let Some(last) = edits.last() else { return Ok(()) };
    match &shot.picture {
        Picture::Generated { .. } => {
            let request = Request {
                size,
                frames: 1,
                threads: 1,
                edits: edits.to_vec(),
                ..Request::new(shot_text(&shot.prompt))
            };
            Editor::drawn(&request).map(|_| ())
        }
        Picture::Footage { .. } | Picture::Still { .. } => {
            Editor::footage(last, size, (24, 1), 1, 1).map(|_| ())
        }
    }
}

/// The engine's edit in the model's terms. Any mask is a region: all of the picture stands for it.
fn text(edit: &FilmEdit) -> Option<EditText> {
    let change: Change = serde_json::from_value(serde_json::to_value(&edit.change).ok()?).ok()?;
    let region = edit.region.as_ref().map(|region| match region.clone() {
        edit::Region::Box { x, y, width, height } => Region::Box { x, y, width, height },
        edit::Region::Words(words) => Region::Words(words),
        edit::Region::Mask(_) => Region::Box { x: 0, y: 0, width: 10_000, height: 10_000 },
    });
    Some(EditText { change, region, strength: edit.strength, seed: edit.seed })
}

fn told(edit: &Edit, error: &AnimaticError) -> Diagnostic {
    let span = match (error, &edit.region) {
        (AnimaticError::Region(_), Some(region)) => region.span,
        (AnimaticError::Unknown { .. }, _) => comes(&edit.change),
        _ => goes(&edit.change),
    };
    Diagnostic::new(Code::EditRefused, span, error.to_string())
}

/// The words for what comes into the picture.
fn comes(change: &types::Change) -> types::Span {
    match change {
        types::Change::Add { what } | types::Change::Remove { what } => what.span,
        types::Change::Replace { with, .. } => with.span,
        types::Change::Background { to } | types::Change::Style { to } => to.span,
    }
}

/// The words for what is in the picture already.
fn goes(change: &types::Change) -> types::Span {
    match change {
        types::Change::Replace { what, .. } => what.span,
        other => comes(other),
    }
}

/// The film's shape, in few pixels.
fn small(size: Size) -> (u32, u32) {
    let height = u64::from(WIDTH) * u64::from(size.height) / u64::from(size.width.max(1));
    (WIDTH, (height as u32).clamp(16, 16 * WIDTH) / 2 * 2)
}
