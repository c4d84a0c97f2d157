//! What somebody sits on, where the words name nothing to sit on.

use super::{Cast, Spot};
use crate::paint::{self, Facing, Motion as Act, PaintCx, SubjectKind};
use crate::reading::ShotSize;
use crate::scene::{Scene, still};

/// Subjects that one may sit on.
const SEATS: &[&str] = &["chair", "bench", "armchair", "bed", "log", "rock", "boulder", "stairs", "horse"];

impl Cast<'_> {
    /// A chair in a room, a bench in a town, a stone elsewhere, under one who sits in a wide picture.
    pub(super) fn hang_seat(&self, scene: &mut Scene<'_>, spot: &Spot, facing: Facing) {
        let sits = self.player.motion == "sit" && self.subject.kind() == SubjectKind::Person;
        let wide = scene.reading.framing.size == ShotSize::Wide;
        let named = scene.reading.players.iter().any(|p| SEATS.contains(&p.subject.as_str()));
        if !sits || !wide || named || self.place.is_some() {
            return;
        }
        let setting = scene.reading.setting.as_str();
        let (words, scale) = match setting {
            _ if crate::settings::by_name(setting).inside() => ("chair", 1.0),
            "street" | "harbour" => ("bench", 1.0),
            _ => ("rock", 0.70),
        };
        let Some(seat) = paint::find(words) else { return };
        let back = if facing == Facing::Left { 0.06 } else { -0.06 };
        let at = Spot {
            x: spot.x + back * spot.metre,
            depth: spot.depth + 0.002,
            metre: spot.metre * scale,
            ..*spot
        };
        let density = at.metre * scene.height * scene.seen(at.depth).scale;
        let mut cx = PaintCx::new(words, self.light, density as f32);
        (cx.motion, cx.facing) = (Act::Idle, facing);
        let (layer, corner, density) = self.finish(scene, seat.paint(&cx), &at);
        scene.push(layer, (at.x + corner.0, at.y + corner.1), density, at.depth, still());
    }
}
