//! How fast somebody walks: as far as the legs reach, or the feet would slide.

use super::{Way, kind_of};
use crate::paint::{Motion as Act, SubjectKind};
use crate::reading::{Player, ShotSize};
use crate::scene::Scene;

/// What a walker covers in one loop of two steps, in own heights.
const STRIDE: f64 = 0.80;

/// The same for a runner.
const LEAP: f64 = 1.45;

impl Way {
    /// A walker's way, fitted to its height in picture heights.
    pub(super) fn striding(mut self, scene: &Scene<'_>, player: &Player, act: Act, tall: f64) -> Way {
        let reach = match act {
            Act::Walk => STRIDE * tall,
            Act::Run => LEAP * tall,
            _ => return self,
        };
        let person = kind_of(player) == Some(SubjectKind::Person);
        if !person || self.speed.abs() < 1.0e-6 || scene.reading.framing.size != ShotSize::Wide {
            return self;
        }
        if scene.reading.moves.contains(&crate::camera::Move::Tracking) {
            // The camera sets the pace.
            self.cadence = (self.speed.abs() / reach).clamp(0.72, self.cadence);
            return self;
        }
        let most = 1.5 / scene.seconds.max(0.5);
        let speed = (reach * self.cadence).min(most);
        self.cadence = (speed / reach).clamp(0.6, self.cadence);
        self.speed = speed * self.speed.signum();
        self.lead = self.speed * scene.seconds / 2.0;
        self
    }
}
