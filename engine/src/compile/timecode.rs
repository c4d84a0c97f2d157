//! The timecode that each shot's own file carries.
//!
//! Editing programs tell files apart by it, so that no two shots of a film share a moment. It is drawn from
//! what a shot shows, not from its place: a shot that moves, or one before it that grows, changes no file. Only
//! where two shots draw the same moment does the later one step aside.

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
    let mut taken: Vec<(i64, i64)> = Vec::with_capacity(film.shots.len());
    for shot in &mut film.shots {
        let drawn = i64::from(drawn(shot)) % slots;
        let around = handles(shot);
        let span = |slot: i64| {
            let first = (FIRST * 3600 + (drawn + slot) % slots * STEP) * second;
            (first - around.before.0, first + shot.frames.0 + around.after.0)
        };
        let free = |(from, to): (i64, i64)| taken.iter().all(|other| to <= other.0 || other.1 <= from);
        // A film so long that nothing is free has shots that share moments.
        let (from, to) = (0..slots).map(span).find(|one| free(*one)).unwrap_or_else(|| span(0));
        shot.timecode = from + around.before.0;
        taken.push((from, to));
    }
}

/// A number of what the shot shows; of files only their content counts.
fn drawn(shot: &FilmShot) -> u32 {
    let files: Vec<Material> = match &shot.picture {
        Picture::Generated { .. } => Vec::new(),
        Picture::Footage { files, .. } => files.iter().map(|file| Material(file.digest)).collect(),
        Picture::Still { file, .. } => vec![Material(file.digest)],
    };
    let from = if let Picture::Footage { from_ms, .. } = shot.picture { from_ms } else { 0 };
    let shown = json!([shot.prompt, files, from, shot.seed, shot.ordinal]);
    let mut bytes = [0; 4];
    bytes.copy_from_slice(&Digest::of(shown.to_string().as_bytes()).0[..4]);
    u32::from_le_bytes(bytes)
}
