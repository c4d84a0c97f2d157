//! Open country: meadows and fields under hills, with a village, a river, a road where they are named.

use super::{Setting, land};
use crate::effects;
use crate::grade::{bright, hex, mix};
use crate::reading::Season;
use crate::scene::{Fill, Pose, Scene, still};

/// Open country.
pub(crate) struct Field;

impl Setting for Field {
    fn name(&self) -> &'static str {
        "field"
    }

    fn words(&self) -> &'static [(&'static str, u32)] {
        &[
            ("field", 5),
            ("fields", 5),
            ("meadow", 6),
            ("village", 6),
            ("farm", 5),
            ("farmhouse", 5),
            ("countryside", 7),
            ("prairie", 6),
            ("river", 5),
            ("hill", 3),
            ("hills", 4),
            ("orchard", 5),
            ("pasture", 6),
            ("lake", 3),
            ("garden", 4),
            ("park", 4),
            ("road", 2),
            ("steppe", 6),
            ("plain", 3),
            ("grassland", 6),
            ("wheat", 5),
            ("cottage", 3),
            ("vineyard", 5),
            ("moor", 6),
            ("marsh", 4),
            ("stream", 4),
            ("churchyard", 4),
        ]
    }

    fn details(&self) -> &'static [&'static str] {
        &[
            "grass", "flowers", "fence", "hedge", "hedges", "crops", "barley", "corn", "bank", "banks",
            "path", "snow",
        ]
    }

    fn paint(&self, scene: &mut Scene<'_>) {
        effects::heavens(scene);
        let seed = scene.place_seed as u32;
        let season = scene.reading.season;
        let crop = scene.says(&["wheat", "barley", "corn", "harvest", "crops"]) && season != Season::Winter;
        let grass = if crop { hex(0xd6b45c) } else { land::green(season) };
        let range = |depth, foot, height, material, k: u32| land::Range {
            depth,
            foot,
            height,
            bumps: 1.2 + 0.2 * k as f32,
            rough: 0.42,
            octaves: 3,
            material,
            peaks: false,
            snow: 1.0,
            seed: seed ^ (k * 551),
        };
        range(26.0, 0.02, 0.15, mix(grass, hex(0x54707c), 0.5), 1).paint(scene);
        range(13.0, 0.04, 0.10, mix(grass, hex(0x57795a), 0.35), 2).paint(scene);
        land::mist(scene, 12.5, 0.02, 0.05, 0.5);
        if scene.says(&["village", "farm", "farmhouse", "cottage", "hamlet", "church", "churchyard"]) {
            village(scene);
        }
        range(7.0, 0.075, 0.06, grass, 3).paint(scene);
        copse(scene, 6.0, 0.16);
        land::ground(scene, 5.0, 1.0, grass, 170);
        if scene.says(&["river", "stream", "brook", "lake", "pond"]) {
            river(scene);
        } else if scene.says(&["road", "lane", "path", "track"]) {
            lane(scene);
        }
        copse(scene, 2.9, 0.36);
        land::grass(scene, 0.9, if crop { 0.15 } else { 0.10 }, grass);
    }
}

/// Cottages on a rise, windows lit at night, smoke from their chimneys.
fn village(scene: &mut Scene<'_>) {
    let p = scene.palette.clone();
    let depth = 8.0;
    let mut rng = scene.place_rng("village");
    let mut sheet = scene.sheet(depth, -0.20, 0.12);
    let centre = rng.range(-0.3, 0.3);
    let mut chimneys = Vec::new();
    for i in 0..9 {
        let x = centre + (i as f32 - 4.0) * 0.085 + rng.range(-0.015, 0.015);
        let (w, h) = (rng.range(0.032, 0.048), rng.range(0.035, 0.05));
        let foot = 0.055 + rng.range(-0.006, 0.012);
        let wall = p.lit(hex([0xe3d7c2, 0xd6c2a2, 0xcdb9ab][rng.below(3)]), 0.7, depth * 0.6);
        let roof = p.lit(hex([0xa5553f, 0x8a4a3c, 0x6b6470][rng.below(3)]), 0.6, depth * 0.6);
        sheet.rect(x - w, foot - h, x + w, foot, Fill::Flat(wall));
        sheet.polygon(
            &[
                (x - w * 1.15, foot - h),
                (x - w * 0.7, foot - h * 1.75),
                (x + w * 0.7, foot - h * 1.75),
                (x + w * 1.15, foot - h),
            ],
            Fill::Flat(roof),
        );
        sheet.rect(x + w * 0.3, foot - h * 2.05, x + w * 0.5, foot - h * 1.6, Fill::Flat(bright(roof, 0.8)));
        let glass = if p.night { hex(0xffd27c) } else { p.lit(hex(0x44525e), 0.4, depth * 0.6) };
        for k in [-0.5f32, 0.15] {
            sheet.rect(x + w * k, foot - h * 0.72, x + w * (k + 0.3), foot - h * 0.36, Fill::Flat(glass));
        }
        if i % 3 == 1 {
            chimneys.push((x + w * 0.4, foot - h * 2.1));
        }
    }
    let x = centre + 0.05;
    let stone = p.lit(hex(0xcfc6b6), 0.7, depth * 0.6);
    sheet.rect(x - 0.014, -0.06, x + 0.014, 0.05, Fill::Flat(stone));
    sheet.polygon(
        &[(x - 0.017, -0.06), (x, -0.125), (x + 0.017, -0.06)],
        Fill::Flat(p.lit(hex(0x5b5f6b), 0.5, depth * 0.6)),
    );
    scene.hang(sheet, still());
    for (x, y) in chimneys {
        effects::smoke(scene, depth - 0.01, x, y, 0.014);
    }
}

/// Trees in clumps at the sides, leaning in the wind.
fn copse(scene: &mut Scene<'_>, depth: f64, height: f32) {
    let p = scene.palette.clone();
    let season = scene.reading.season;
    let mut rng = scene.place_rng(&format!("copse {depth}"));
    let foot = scene.ground(depth) + 0.004;
    let (left, _, right, _) = scene.set_bounds(depth);
    let mut sheet = scene.sheet_wide(depth, foot - height * 1.4, foot + 0.02, 0.05);
    let count = if depth > 4.0 { 12 } else { 3 };
    for i in 0..count {
        let t = rng.unit();
        let x = if depth > 4.0 {
            left + (right - left) * (i as f32 + t) / count as f32
        } else if i % 2 == 0 {
            left + (right - left) * 0.16 * t
        } else {
            right - (right - left) * 0.16 * t
        };
        let h = height * rng.range(0.6, 1.1);
        let leaf = land::leaves(season, &mut rng);
        land::tree(
            &mut sheet,
            &mut rng,
            x,
            foot,
            h,
            p.lit(hex(0x57463a), 0.3, depth),
            (p.lit(leaf, 0.1, depth), p.lit(leaf, 0.95, depth)),
            season == Season::Winter,
        );
    }
    land::sway(scene, sheet, 7.0);
}

/// A band of water that winds towards us, with light that runs along it.
fn river(scene: &mut Scene<'_>) {
    let p = scene.palette.clone();
    let water = mix(p.lit(hex(0x3f7387), 0.5, 2.0), p.sky[2], 0.45);
    let path = |t: f32| {
        (0.30 * (t * 4.0 + 0.6).sin() * (1.0 - 0.6 * t) + 0.05, 0.085 + 0.60 * t * t, 0.010 + 0.30 * t * t)
    };
    let mut sheet = scene.sheet(3.4, 0.07, 9.0);
    let mut bank = (Vec::new(), Vec::new());
    for i in 0..=30 {
        let (x, y, w) = path(i as f32 / 30.0);
        bank.0.push((x - w, y));
        bank.1.push((x + w, y));
    }
    bank.1.reverse();
    bank.0.extend(bank.1);
    sheet.polygon(
        &bank.0,
        Fill::Down { from: (0.08, mix(water, p.sky[3], 0.5)), to: (0.5, bright(water, 0.85)) },
    );
    scene.hang(sheet, still());
    for k in 0..3 {
        let mut shine = scene.sheet(3.38 - 0.01 * f64::from(k), 0.07, 9.0);
        shine.texture = 0.0;
        let mut rng = scene.place_rng(&format!("shine {k}"));
        for _ in 0..26 {
            let (x, y, w) = path(rng.unit());
            let (at, long) = (x + w * rng.range(-0.7, 0.5), w * rng.range(0.12, 0.4));
            shine.line(
                &[(at, y), (at + long * 0.5, y - 0.002), (at + long, y)],
                0.002 + 0.006 * w,
                mix(p.sky[3], hex(0xffffff), 0.4),
                0.6,
            );
        }
        let phase = f64::from(k) * 2.1;
        scene.hang(
            shine,
            Box::new(move |t| Pose {
                x: 0.010 * (t * 0.9 + phase).sin(),
                y: 0.004 * (t * 0.7 + phase).cos(),
                opacity: (0.5 + 0.5 * (t * 1.3 + phase).sin()).max(0.05),
                ..Pose::default()
            }),
        );
    }
}

/// A lane to the horizon.
fn lane(scene: &mut Scene<'_>) {
    let p = scene.palette.clone();
    let soil = hex(0xb79a70);
    let mut sheet = scene.sheet(3.4, 0.07, 9.0);
    let mut edges = (Vec::new(), Vec::new());
    for i in 0..=24 {
        let t = i as f32 / 24.0;
        let (x, y, w) = (0.12 * (t * 4.0).sin() * (1.0 - t), 0.085 + 0.6 * t * t, 0.007 + 0.22 * t * t);
        edges.0.push((x - w, y));
        edges.1.push((x + w, y));
    }
    edges.1.reverse();
    edges.0.extend(edges.1);
    sheet.polygon(
        &edges.0,
        Fill::Down { from: (0.08, p.lit(soil, 0.9, 5.0)), to: (0.5, p.lit(soil, 0.4, 1.0)) },
    );
    scene.hang(sheet, still());
}
