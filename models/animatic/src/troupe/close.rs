//! What only close pictures show: the face's mood, and the arm that holds something up beside it.

use super::{Cast, Spot, Way};
use crate::grade::has_word;
use crate::paint::{Facing, Motion as Act, PaintCx};
use crate::reading::Mood;
use crate::scene::Scene;
use crate::subjects::figure::CharacterLook;

impl Cast<'_> {
    /// What the face shows: a smile that the action tells of, or the film's mood.
    pub(super) fn mood(&self, scene: &Scene<'_>) -> f32 {
        let action = self.request.text.action.to_lowercase();
        if ["smiles", "smile", "smiling", "laughs"].iter().any(|w| has_word(&action, w)) {
            return 0.95;
        }
        match scene.reading.mood {
            Mood::Joyful => 0.6,
            Mood::Sombre | Mood::Tense => -0.35,
            _ => 0.05,
        }
    }

    /// Held up beside a face.
    pub(super) fn lifted(&self, scene: &Scene<'_>) -> bool {
        self.player.held && self.place.is_none() && scene.close() && self.beside_face(scene)
    }

    /// The arm that holds it up, behind it, and the fist that closes over it.
    pub(super) fn hang_raised_hand(&self, scene: &mut Scene<'_>, look: &CharacterLook) {
        let (width, height) = self.subject.size_metres(&self.player.description);
        let spot = self.spot(scene, f64::from(width), f64::from(height));
        let grip = spot.y - (f64::from(height) - 0.02) * spot.metre;
        for (fist, depth) in [(false, spot.depth + 0.003), (true, spot.depth - 0.003)] {
            let at = Spot { x: spot.x, y: grip, depth, metre: 1.30 };
            let density = at.metre * scene.height * scene.seen(depth).scale;
            let painting = look.raised_hand(&PaintCx::new("", self.light, density as f32), fist);
            let image = self.finish(scene, painting, &at);
            let way = Way::of(self, scene, Act::Idle, Facing::Front, 1, 0.1);
            self.hang_images(scene, vec![image], &at, &Way { lean: 0.0, ..way }, 1);
        }
    }
}
