//! The open sky: clouds, stars, moon. Also what stands behind every other outdoor setting.

use super::Setting;
use crate::effects;
use crate::scene::Scene;

/// The open sky.
pub(crate) struct Sky;

impl Setting for Sky {
    fn name(&self) -> &'static str {
        "sky"
    }

    fn words(&self) -> &'static [(&'static str, u32)] {
        &[
            ("sky", 2),
            ("skies", 2),
            ("clouds", 2),
            ("cloud", 1),
            ("stars", 2),
            ("moon", 2),
            ("heavens", 2),
            ("milky way", 3),
            ("above the clouds", 6),
            ("sea of clouds", 8),
        ]
    }

    fn paint(&self, scene: &mut Scene<'_>) {
        effects::heavens(scene);
        effects::cloud_floor(scene);
    }
}
