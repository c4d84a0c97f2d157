//! Mountains: ranges behind ranges, snow on their summits, a valley of mist, firs before them.

use super::{Setting, land};
use crate::effects;
use crate::grade::hex;
use crate::reading::Season;
use crate::scene::Scene;

/// Mountains.
pub(crate) struct Mountains;

impl Setting for Mountains {
    fn name(&self) -> &'static str {
        "mountains"
    }

    fn words(&self) -> &'static [(&'static str, u32)] {
        &[
            ("mountains", 7),
            ("mountain", 6),
            ("peaks", 4),
            ("peak", 4),
            ("summit", 5),
            ("alps", 6),
            ("alpine", 5),
            ("ridge", 4),
            ("glacier", 5),
            ("pass", 1),
            ("valley", 4),
            ("mountainside", 6),
            ("himalaya", 6),
            ("crag", 3),
        ]
    }

    fn details(&self) -> &'static [&'static str] {
        &["lake", "scree", "slope", "slopes", "rock", "rocks", "meadow", "path"]
    }

    fn paint(&self, scene: &mut Scene<'_>) {
        effects::heavens(scene);
        let seed = scene.place_seed as u32;
        let winter = scene.reading.season == Season::Winter;
        let stone = if winter { hex(0x8794a6) } else { hex(0x6b7383) };
        let meadow = land::green(scene.reading.season);
        let range = |depth, foot, height, bumps, material, peaks, k: u32| land::Range {
            depth,
            foot,
            height,
            bumps,
            rough: 0.5,
            octaves: 5,
            material,
            peaks,
            snow: if winter { 0.26 } else { 0.52 },
            seed: seed ^ (k * 7717),
        };
        if scene.aerial() {
            // Seen from the air: crest before crest down to our feet, with mist in the valleys.
            let white = crate::grade::mix(hex(0x55617a), hex(0xe9eff6), if winter { 0.10 } else { 0.05 });
            for (k, depth) in [22.0f64, 11.0, 6.4, 4.0, 2.6, 1.6].into_iter().enumerate() {
                let height = 0.30 + 0.11 * k as f32;
                let foot = scene.ground(depth) + height * 0.55;
                range(depth, foot, height, 1.7 - 0.17 * k as f32, white, true, k as u32 + 9).paint(scene);
                land::mist(scene, depth - 0.02, foot - height * 0.2, 0.04 + height * 0.14, 0.4);
            }
            return;
        }
        let high =
            if scene.says(&["high", "high mountains", "peaks", "alps", "himalaya"]) { 1.35 } else { 1.1 };
        range(10.0, 0.03, 0.40 * high, 1.0, stone, true, 1).paint(scene);
        range(7.6, 0.05, 0.27 * high, 1.6, stone, true, 2).paint(scene);
        land::mist(scene, 7.5, 0.01, 0.06, 0.8);
        range(6.4, 0.08, 0.15, 1.5, crate::grade::mix(stone, meadow, 0.5), false, 3).paint(scene);
        if scene.says(&["lake", "tarn", "reflection"]) {
            super::sea::water(scene, 0x3d7186, 0.25);
        } else {
            land::mist(scene, 6.2, 0.06, 0.05, 0.7);
            range(4.6, 0.14, 0.12, 1.8, crate::grade::mix(meadow, hex(0x4d6b4a), 0.4), false, 4).paint(scene);
            firs(scene, 4.5, 0.11);
            land::ground(scene, 3.4, 1.0, meadow, 120);
        }
        // Behind the bridge, where there is one.
        let spanned = scene.reading.players.iter().any(|p| p.subject == "bridge");
        firs(scene, if spanned { 3.2 } else { 2.6 }, if spanned { 0.20 } else { 0.30 });
        land::grass(scene, 0.9, 0.06, meadow);
    }
}

/// Clumps of firs at the sides.
fn firs(scene: &mut Scene<'_>, depth: f64, height: f32) {
    let p = scene.palette.clone();
    let mut rng = scene.place_rng(&format!("firs {depth}"));
    let foot = scene.ground(depth) + 0.006;
    let (left, _, right, _) = scene.set_bounds(depth);
    let mut sheet = scene.sheet_wide(depth, foot - height * 1.3, foot + 0.02, 0.05);
    let snow = (scene.reading.season == Season::Winter).then(|| p.lit(hex(0xf2f6fa), 0.8, depth));
    for i in 0..26 {
        let t = rng.unit();
        let x = if i % 2 == 0 {
            left + (right - left) * 0.36 * t * t
        } else {
            right - (right - left) * 0.30 * t * t
        };
        let h = height * rng.range(0.55, 1.1);
        let y = foot + rng.range(-0.01, 0.01);
        land::fir(
            &mut sheet,
            &mut rng,
            x,
            y,
            h,
            p.lit(hex(0x27443a), 0.1, depth),
            p.lit(hex(0x4d7657), 0.8, depth),
            snow,
        );
    }
    land::sway(scene, sheet, 8.0);
}
