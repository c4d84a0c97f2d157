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
    let slots = (HOURS * 3600 / STEP) as usize;
    let second = film.rate.nominal();
    let mut taken = Taken::new(slots, second);
    for shot in &mut film.shots {
        let drawn = (drawn(shot) % slots as u64) as usize;
        let around = handles(shot);
        let span = |slot: usize| {
            let first = first(slot, second);
            (first - around.before.0, first + shot.frames.0 + around.after.0)
        };
        // A film so long that nothing is free has shots that share moments.
        let slot = taken.free_from(drawn, &span).unwrap_or(drawn);
        let (from, to) = span(slot);
        shot.timecode = from + around.before.0;
        taken.take(from, to);
    }
}

/// A slot's first moment, in frames, of which `second` are a second.
fn first(slot: usize, second: i64) -> i64 {
    (FIRST * 3600 + slot as i64 * STEP) * second
}

/// The moments given out.
struct Taken {
    /// Frames of a second.
    second: i64,
    /// From where to where; none meets another until it is full.
    spans: BTreeMap<i64, i64>,
    /// By slot, a slot at or after it before which none can be free: its own place where it may be. A slot whose first
    /// moment is taken is free for nobody.
    next: Vec<usize>,
    /// Once nothing was found, nothing more is looked for.
    full: bool,
}

impl Taken {
    fn new(slots: usize, second: i64) -> Self {
        Self { second, spans: BTreeMap::new(), next: (0..=slots).collect(), full: false }
    }

    /// The first slot from `drawn` on, and from the first one on after the last, in which `span` has room.
    fn free_from(&mut self, drawn: usize, span: &dyn Fn(usize) -> (i64, i64)) -> Option<usize> {
        let slots = self.next.len() - 1;
        if self.full {
            return None;
        }
        for (begin, end) in [(drawn, slots), (0, drawn)] {
            let mut slot = self.open(begin);
            while slot < end {
                if self.has_room(span(slot)) {
                    return Some(slot);
                }
                slot = self.open(slot + 1);
            }
        }
        self.full = true;
        None
    }

    /// The first slot at or after `slot` whose first moment is not taken; the number of slots where there is none.
    fn open(&mut self, slot: usize) -> usize {
        let mut found = slot;
        while self.next[found] != found {
            found = self.next[found];
        }
        let mut at = slot;
        while self.next[at] != found {
            at = std::mem::replace(&mut self.next[at], found);
        }
        found
    }

    fn has_room(&self, (from, to): (i64, i64)) -> bool {
        let before = self.spans.range(..to).next_back();
        before.is_none_or(|(_, end)| *end <= from)
    }

    fn take(&mut self, from: i64, to: i64) {
        self.spans.insert(from, to);
        let slots = self.next.len() - 1;
        let step = STEP * self.second;
        let at_or_after =
            |moment: i64| ((moment - first(0, self.second)).max(0) as usize).div_ceil(step as usize);
        for slot in at_or_after(from)..at_or_after(to).min(slots) {
            self.next[slot] = self.next[slot].max(slot + 1);
        }
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
