//! The timecode that each shot's own file carries.
//!
//! Editing programs tell files apart by it, so that no two shots of a film share a moment. It is drawn from
//! what a shot shows, not from its place: a shot that moves, or one before it that grows, changes no file. Only
//! where two shots draw the same moment does the later one step aside.

use std::collections::BTreeMap;

use serde_json::json;

use super::film::{Film, FilmShot, Picture};
use super::picture::handles;
use crate::kinds::generate::Material;
use crate::units::Digest;

/// Shots begin on full ten seconds ...
const STEP: i64 = 10;
/// ... from this hour on, so that handles lie before it ...
const FIRST: i64 = 1;
/// ... and for so many hours: none reaches midnight.
const HOURS: i64 = 21;

/// Gives every shot its timecode.
pub(super) fn assign(film: &mut Film) {
    let second = film.rate.nominal();
    let slots = HOURS * 3600 / STEP;
    let mut taken = Taken::default();
    for shot in &mut film.shots {
        let drawn = (drawn(shot) % slots as u64) as i64;
        let around = handles(shot);
        let span = |slot: i64| {
            let first = (FIRST * 3600 + (drawn + slot) % slots * STEP) * second;
            (first - around.before.0, first + shot.frames.0 + around.after.0)
        };
        let free = (0..slots).map(span).find(|one| taken.has_room(*one));
        // A film so long that nothing is free has shots that share moments.
        taken.full |= free.is_none();
        let (from, to) = free.unwrap_or_else(|| span(0));
        shot.timecode = from + around.before.0;
        taken.spans.insert(from, to);
    }
}

/// The moments given out.
#[derive(Default)]
struct Taken {
    /// From where to where; none meets another until it is full.
    spans: BTreeMap<i64, i64>,
    /// Once nothing was found, nothing more is looked for.
    full: bool,
}

impl Taken {
    fn has_room(&self, (from, to): (i64, i64)) -> bool {
        let before = self.spans.range(..to).next_back();
        !self.full && before.is_none_or(|(_, end)| *end <= from)
    }
}

/// A number of what the shot shows: words and seed where it is generated, else the content of its files.
fn drawn(shot: &FilmShot) -> u64 {
    let shown = match &shot.picture {
        Picture::Generated { .. } => json!([shot.prompt, shot.seed, shot.ordinal]),
        Picture::Footage { files, from_ms, .. } => {
            let files: Vec<Material> = files.iter().map(|file| Material(file.digest)).collect();
            json!([files, from_ms, shot.ordinal])
        }
        Picture::Still { file, .. } => json!([Material(file.digest), shot.ordinal]),
    };
    Digest::of(shown.to_string().as_bytes()).low_u64()
}
