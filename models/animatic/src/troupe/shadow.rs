//! Contact shadows: what stands on the ground darkens it.

use super::{Cast, Spot, Way};
use crate::compose::Bend;
use crate::grade::mix;
use crate::paint::SubjectKind;
use crate::reading::ShotSize;
use crate::scene::{Fill, Pose, Scene, Swarm};

impl Cast<'_> {
    /// Whether its foot is seen on the ground, where its shadow falls.
    pub(super) fn casts_shadow(&self, scene: &Scene<'_>, spot: &Spot) -> bool {
        let kind = self.subject.kind();
        let seen = match scene.reading.framing.size {
            ShotSize::Wide => true,
            ShotSize::Medium => kind != SubjectKind::Person && spot.y < 0.49,
            _ => self.place.is_some(),
        };
        seen && self.subject.shadow() && !matches!(kind, SubjectKind::Building | SubjectKind::Flyer)
    }

    /// A soft shadow where it meets the ground.
    pub(super) fn hang_shadow(&self, scene: &mut Scene<'_>, spot: &Spot, width: f64, way: &Way) {
        let reach = width * spot.metre * 0.46;
        let v = scene.view;
        let to_set = |x: f64, y: f64| (((x - v.shift) / v.k) as f32, ((y - v.horizon) / v.k) as f32);
        let (x, y) = to_set(spot.x, spot.y - 0.004);
        let (rx, ry) = ((reach / v.k) as f32, (reach * 0.16 / v.k) as f32);
        let mut sheet = scene.patch(spot.depth, x - rx, y - ry, x + rx, y + ry);
        let ink = mix(scene.palette.ink, scene.palette.haze, scene.palette.haze_at(spot.depth));
        for k in 0..8 {
            let s = 1.0 - 0.1 * k as f32;
            sheet.oval(x, y, rx * s, ry * s, Fill::Veil(ink, 0.09));
        }
        let poses = way.clone();
        let motion = move |t: f64| Pose { bend: Bend::None, y: 0.0, image: 0, ..poses.pose(0, t, 1) };
        let item = scene.hang(sheet, Box::new(motion));
        if self.player.count > 1 {
            let poses = way.clone();
            item.swarm = Some(Swarm {
                count: self.player.count.min(12) as usize,
                pose: Box::new(move |i, t| Pose { bend: Bend::None, image: 0, ..poses.pose(i, t, 1) }),
            });
        }
    }
}
