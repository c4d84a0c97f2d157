//! Mountains: ranges behind ranges, snow on their summits, a valley of mist, firs before them.

use super::{Setting, land};
use crate::effects;
use crate::grade::{hex, mix};
use crate::reading::Season;
use crate::scene::{Fill, Scene, still};

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
        &[
            "summits", "crags", "ridges", "valleys", "lake", "scree", "slope", "slopes", "rock", "rocks",
            "meadow", "path",
        ]
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
            // Seen from the air: summit before summit down to our feet, with mist in the valleys.
            for (k, depth) in [22.0f64, 11.0, 6.4, 4.0, 2.6, 1.7].into_iter().enumerate() {
                let height = 0.26 + 0.10 * k as f32;
                let foot = scene.ground(depth) + height * 0.62;
                summits(scene, depth, foot, height, k);
                land::mist(scene, depth - 0.02, foot - height * 0.16, 0.04 + height * 0.16, 0.6);
            }
            return;
        }
        let high =
            if scene.says(&["high", "high mountains", "peaks", "alps", "himalaya"]) { 1.35 } else { 1.1 };
        range(10.0, 0.03, 0.40 * high, 1.0, stone, true, 1).paint(scene);
        range(7.6, 0.05, 0.27 * high, 1.6, stone, true, 2).paint(scene);
        land::mist(scene, 7.5, 0.01, 0.06, 0.8);
        range(6.4, 0.08, 0.15, 1.5, mix(stone, meadow, 0.5), false, 3).paint(scene);
        if scene.says(&["lake", "tarn", "reflection"]) {
            super::sea::water(scene, 0x3d7186, 0.25);
        } else {
            land::mist(scene, 6.2, 0.06, 0.05, 0.7);
            range(4.6, 0.14, 0.12, 1.8, mix(meadow, hex(0x4d6b4a), 0.4), false, 4).paint(scene);
            firs(scene, 4.5, 0.11);
            land::ground(scene, 3.4, 1.0, meadow, 120);
        }
        // Behind the bridge, where there is one.
        let spanned = scene.reading.players.iter().any(|p| p.subject == "bridge");
        firs(scene, if spanned { 3.2 } else { 2.6 }, if spanned { 0.20 } else { 0.30 });
        land::grass(scene, 0.9, 0.06, meadow);
    }
}

/// A row of summits: each a lit and a shaded flank that meet in a jagged ridge.
fn summits(scene: &mut Scene<'_>, depth: f64, foot: f32, height: f32, row: usize) {
    let p = scene.palette.clone();
    let mut rng = scene.place_rng(&format!("summits {row}"));
    let winter = scene.reading.season == Season::Winter;
    // Far less haze than on the ground: the air up here is thin.
    let air = depth * 0.30;
    let snow = p.lit(hex(0xf7f9fc), 1.0, air);
    let stone = p.lit(if winter { hex(0x8fa3bd) } else { hex(0x7b8494) }, 0.8, air);
    let shade = p.lit(hex(0x54698f), 0.35, air);
    let (left, _, right, _) = scene.set_bounds(depth);
    let mut sheet = scene.sheet(depth, foot - height * 1.5, 9.0);
    let base = mix(stone, p.haze, 0.35);
    // Haze fills what lies between the feet; it has no edge of its own.
    let floor = foot - height * 0.32;
    sheet.below(|_| floor, Fill::Fade { from: (floor, base, 0.0), to: (foot + 0.04, base, 1.0) });
    let step = height * 1.05;
    let n = ((right - left) / step).ceil() as usize + 2;
    let mut peaks: Vec<(f32, f32)> = (0..n)
        .map(|i| (left + step * (i as f32 - 0.5 + rng.range(-0.4, 0.4)), height * rng.range(0.42, 1.28)))
        .collect();
    // The low ones stand before the high ones.
    peaks.sort_by(|a, b| b.1.total_cmp(&a.1));
    let side = if p.sun_at.0 < 0.0 { 1.0 } else { -1.0 };
    for (x, tall) in peaks {
        let apex = (x, foot - tall);
        // A flank falls beyond the foot, where mist and nearer summits hide it.
        let flank = |rng: &mut crate::noise::Rng, to: f32, rough: f32| -> Vec<(f32, f32)> {
            (1..=16)
                .map(|k| {
                    let t = k as f32 / 10.0;
                    let jag = rng.range(-rough, rough) * tall * (1.15 - t * 0.6).max(0.1);
                    (x + to * tall * t * (0.72 + 0.28 * t) + jag, foot - tall * (1.0 - t))
                })
                .collect()
        };
        let wide = rng.range(0.78, 1.05);
        let (lit, dark) = (flank(&mut rng, -wide * side, 0.03), flank(&mut rng, wide * side, 0.03));
        let ridge = flank(&mut rng, 0.14 * side, 0.05);
        let outline = |a: &[(f32, f32)], b: &[(f32, f32)]| -> Vec<(f32, f32)> {
            [apex].into_iter().chain(a.iter().copied()).chain(b.iter().rev().copied()).collect()
        };
        sheet.polygon(
            &outline(&lit, &dark),
            Fill::Down { from: (apex.1 + tall * 0.25, snow), to: (foot, base) },
        );
        let deep = mix(shade, base, 0.55);
        sheet.polygon(
            &outline(&ridge, &dark),
            Fill::Down { from: (apex.1 + tall * 0.1, shade), to: (foot, deep) },
        );
        // Gullies run down the lit side, thin and long.
        for _ in 0..4 {
            let t = rng.range(0.22, 0.6);
            let at = (x - side * tall * t * rng.range(0.10, 0.55), foot - tall * (1.0 - t));
            let long = tall * rng.range(0.14, 0.30);
            let lean = -side * long * rng.range(0.25, 0.55);
            sheet.polygon(
                &[
                    at,
                    (at.0 + lean - side * long * 0.05, at.1 + long),
                    (at.0 + lean * 0.5 + side * long * 0.08, at.1 + long * 0.6),
                ],
                Fill::Veil(shade, 0.38),
            );
        }
    }
    scene.hang(sheet, still());
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
