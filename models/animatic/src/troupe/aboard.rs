//! Who sits in a boat: painted with it, so that they rise and fall as one, their legs behind its side.

use tiny_skia::{PixmapPaint, Transform};

use super::{Cast, Spot, kind_of};
use crate::edit::{Plan, Role};
use crate::paint::{Facing, Motion as Act, PaintCx, Painting, SubjectKind};
use crate::reading::{Angle, Player, ShotSize};
use crate::scene::Scene;
use crate::subjects::figure::CharacterLook;

/// Where they sit: metres before the boat's middle.
const SEATS: [f32; 3] = [-0.45, 0.95, -1.25];

/// Height over the water of the side that hides their legs, in metres.
const SIDE: f32 = 0.43;

/// Height over the water of the boards under their feet, in metres.
const BOARDS: f32 = 0.12;

/// A boat and who sits in it.
#[derive(Debug, Default)]
pub(super) struct Crew {
    pub boat: Option<usize>,
    pub people: Vec<usize>,
}

/// One who sits in a boat.
#[derive(Debug)]
pub(super) struct Rower {
    look: CharacterLook,
    rows: bool,
}

impl Crew {
    /// Those who row, or of whom the action says that they are in a boat.
    pub fn of(scene: &Scene<'_>, players: &[Player], plan: &Plan, action: &str) -> Crew {
        let there = |i: &usize| matches!(plan.role(*i), Role::Shown | Role::Added);
        let afloat = |i: &usize| {
            let p = &players[*i];
            // One boat, or it would be a fleet of rowers.
            p.subject == "rowing boat" && p.count == 1 && p.motion != "lie" && plan.spot(*i).is_none()
        };
        let boat = (0..players.len()).filter(there).find(afloat);
        let person = |i: &usize| {
            kind_of(&players[*i]) == Some(SubjectKind::Person)
                && plan.role(*i) != Role::Gone
                && plan.spot(*i).is_none()
        };
        let people: Vec<usize> = (0..players.len()).filter(person).take(SEATS.len()).collect();
        let rows = people.iter().any(|&i| players[i].motion == "row");
        match boat.filter(|_| !scene.close() && !people.is_empty()) {
            Some(i) if rows || is_inside(action, &players[i].name) => Crew { boat, people },
            _ => Crew::default(),
        }
    }

    /// Whether it is painted with the boat.
    pub fn holds(&self, player: usize) -> bool {
        self.people.contains(&player)
    }
}

/// Whether somebody is in a boat on the water, by what is said.
pub(crate) fn is_manned(players: &[Player], words: &str) -> bool {
    let boat = players.iter().find(|p| p.subject == "rowing boat" && p.motion != "lie");
    boat.is_some_and(|boat| is_inside(words, &boat.name))
}

/// Words that say where something is; the one next to the boat tells of the boat.
const PLACES: [&str; 14] = [
    "in", "inside", "aboard", "by", "near", "beside", "at", "on", "under", "behind", "before", "with",
    "towards", "past",
];

/// Whether an action says that somebody is in the boat.
fn is_inside(action: &str, boat: &str) -> bool {
    let words: Vec<&str> = action.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let last = boat.split(' ').next_back().unwrap_or(boat);
    words.iter().enumerate().filter(|(_, w)| **w == last).any(|(at, _)| {
        let before = words[at.saturating_sub(4)..at].iter().rev();
        before.copied().find(|w| PLACES.contains(w)).is_some_and(|w| ["in", "inside", "aboard"].contains(&w))
    })
}

impl Cast<'_> {
    /// This one as a rower.
    pub(super) fn rower(&self) -> Rower {
        Rower { look: self.look(), rows: self.player.motion == "row" }
    }

    /// Where a manned boat lies: nearer than an empty one, for its crew is what is looked at.
    pub(super) fn manned_spot(&self, scene: &Scene<'_>, width: f64) -> Option<Spot> {
        let v = scene.view;
        let framing = scene.reading.framing;
        if self.crew.is_empty() {
            return None;
        }
        match (framing.size, framing.angle) {
            (ShotSize::Medium, _) => {
                let foot = if framing.angle == Angle::High { 0.30 } else { 0.38 };
                Some(Spot { x: 0.0, y: foot, depth: 1.0, metre: 1.75 / width })
            }
            (_, Angle::Aerial) => {
                let depth = 3.0;
                let y = v.horizon + f64::from(scene.ground(depth)) * v.k;
                Some(Spot { x: -0.10, y, depth, metre: 0.46 / width })
            }
            _ => None,
        }
    }

    /// The boat with its crew; without one, the boat.
    pub(super) fn manned(&self, boat: Painting, cx: &PaintCx<'_>) -> Painting {
        self.crew.iter().zip(SEATS).enumerate().fold(boat, |boat, (k, (rower, seat))| {
            let ahead = cx.facing != Facing::Left;
            let facing = if ahead == (k % 2 == 0) { Facing::Right } else { Facing::Left };
            let mut own = PaintCx::new("", cx.light, boat.px_per_metre);
            (own.phase, own.phases, own.facing) = (cx.phase, cx.phases, facing);
            own.motion = if rower.rows || k == 0 { Act::Row } else { Act::Sit };
            let seat = if ahead { seat } else { -seat };
            seated(boat, &rower.look.figure(&own), seat)
        })
    }
}

/// A figure set into a boat's picture, cut where the boat's side hides it.
fn seated(boat: Painting, figure: &Painting, seat: f32) -> Painting {
    let px = boat.px_per_metre;
    let scale = px / figure.px_per_metre;
    let (x, y) = (boat.anchor.0 + seat * px, boat.anchor.1 - BOARDS * px);
    let top = y - figure.anchor.1 * scale;
    let extra = (-top).max(0.0).ceil() as u32;
    let (w, h) = (boat.pixmap.width(), boat.pixmap.height() + extra);
    let side = ((boat.anchor.1 - SIDE * px).max(0.0) as u32 + extra).min(h);
    let (Some(mut out), Some(mut upper)) =
        (tiny_skia::Pixmap::new(w, h), tiny_skia::Pixmap::new(w, side.max(1)))
    else {
        return boat;
    };
    let plain = PixmapPaint::default();
    out.draw_pixmap(0, extra as i32, boat.pixmap.as_ref(), &plain, Transform::identity(), None);
    let place = Transform::from_row(scale, 0.0, 0.0, scale, x - figure.anchor.0 * scale, top + extra as f32);
    let smooth = PixmapPaint { quality: tiny_skia::FilterQuality::Bilinear, ..plain };
    upper.draw_pixmap(0, 0, figure.pixmap.as_ref(), &smooth, place, None);
    out.draw_pixmap(0, 0, upper.as_ref(), &plain, Transform::identity(), None);
    Painting { pixmap: out, anchor: (boat.anchor.0, boat.anchor.1 + extra as f32), px_per_metre: px }
}

/// A hull's picture with what lies under water faded out.
pub(super) fn immersed(mut hull: Painting) -> Painting {
    let w = hull.pixmap.width() as usize;
    let (line, deep) = (hull.anchor.1 + 0.02 * hull.px_per_metre, 0.22 * hull.px_per_metre);
    for (y, row) in hull.pixmap.data_mut().chunks_exact_mut(w * 4).enumerate() {
        let keep = 1.0 - ((y as f32 - line) / deep.max(1.0)).clamp(0.0, 1.0);
        if keep < 1.0 {
            row.iter_mut().for_each(|v| *v = (f32::from(*v) * keep) as u8);
        }
    }
    hull
}
