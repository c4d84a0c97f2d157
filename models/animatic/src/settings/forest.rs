//! A forest: rows of trees that fade into the light, a floor with fern and shadow, shafts of sun.

use super::{Setting, land};
use crate::effects;
use crate::grade::{hex, mix};
use crate::reading::Season;
use crate::scene::{Fill, Pose, Scene};

/// A forest.
pub(crate) struct Forest;

impl Setting for Forest {
    fn name(&self) -> &'static str {
        "forest"
    }

    fn words(&self) -> &'static [(&'static str, u32)] {
        &[
            ("forest", 7),
            ("woods", 6),
            ("wood", 2),
            ("woodland", 6),
            ("jungle", 5),
            ("grove", 5),
            ("pines", 3),
            ("firs", 3),
            ("glade", 5),
            ("clearing", 3),
            ("trees", 2),
            ("birches", 4),
            ("undergrowth", 4),
            ("taiga", 5),
        ]
    }

    fn details(&self) -> &'static [&'static str] {
        &[
            "fern", "ferns", "bracken", "moss", "trail", "path", "leaves", "branches", "canopy", "trunks",
            "needles", "spruce", "shafts",
        ]
    }

    fn paint(&self, scene: &mut Scene<'_>) {
        effects::heavens(scene);
        let season = scene.reading.season;
        let conifers = scene.says(&[
            "pine",
            "pines",
            "fir",
            "firs",
            "spruce",
            "spruces",
            "conifer",
            "taiga",
            "evergreen",
        ]) || season == Season::Winter;
        let hill = land::Range {
            depth: 24.0,
            foot: 0.03,
            height: 0.16,
            bumps: 1.6,
            rough: 0.5,
            octaves: 4,
            material: hex(0x4d6b55),
            peaks: false,
            snow: 1.0,
            seed: scene.place_seed as u32,
        };
        hill.paint(scene);
        let floor = if season == Season::Winter {
            hex(0xe4ebf2)
        } else {
            mix(land::green(season), hex(0x5a4c34), 0.45)
        };
        land::ground(scene, 14.0, 1.0, floor, 150);
        for (row, depth) in [10.0, 6.0, 3.8, 2.5, 1.75].into_iter().enumerate() {
            trees(scene, row, depth, conifers);
            if row == 2 {
                land::mist(scene, depth - 0.1, 0.06, 0.10, 0.5);
            }
        }
        path(scene);
        if scene.palette.has_sun() && !scene.palette.night {
            shafts(scene);
        }
        if scene.says(&["fern", "ferns", "undergrowth", "bracken", "jungle"]) {
            land::ferns(scene, 1.06, 0.20, 5);
            land::ferns(scene, 0.92, 0.24, 4);
        }
        land::grass(scene, 0.9, 0.10, mix(floor, hex(0x3f6b3a), 0.5));
    }
}

/// A row of trees, with a gap in the middle that narrows with distance.
fn trees(scene: &mut Scene<'_>, row: usize, depth: f64, conifers: bool) {
    let p = scene.palette.clone();
    let season = scene.reading.season;
    let mut rng = scene.place_rng(&format!("trees {row}"));
    let foot = scene.ground(depth);
    let height = 1.95 / depth as f32 + 0.06;
    let (left, _, right, _) = scene.set_bounds(depth);
    let mut sheet = scene.sheet_wide(depth, foot - height * 1.35, foot + 0.03, 0.06);
    let gap = 0.34 / (depth as f32).sqrt();
    let step = height * if conifers { 0.24 } else { 0.34 };
    let n = (((right - left) + 0.3) / step) as usize;
    for i in 0..n {
        let x = left - 0.15 + step * (i as f32 + rng.range(0.1, 0.9));
        let h = height * rng.range(0.7, 1.15);
        let y = foot + rng.range(-0.006, 0.012);
        if x.abs() < gap && row > 0 {
            continue;
        }
        if conifers {
            let dark = p.lit(hex(0x2c4a3c), 0.15, depth * 0.8);
            let lit = p.lit(hex(0x55805c), 0.85, depth * 0.8);
            let snow = (season == Season::Winter).then(|| p.lit(hex(0xf2f6fa), 0.8, depth));
            land::fir(&mut sheet, &mut rng, x, y, h, dark, lit, snow);
        } else {
            let leaf = land::leaves(season, &mut rng);
            let bark = p.lit(hex(0x54443a), 0.25, depth * 0.8);
            let pair = (p.lit(leaf, 0.05, depth * 0.8), p.lit(leaf, 0.95, depth * 0.8));
            land::tree(&mut sheet, &mut rng, x, y, h, bark, pair, season == Season::Winter);
        }
    }
    land::sway(scene, sheet, 5.0 + 14.0 / depth);
}

/// A trail that winds away between the trees.
fn path(scene: &mut Scene<'_>) {
    if !scene.says(&["path", "trail", "track", "road", "walks", "walk", "through", "lane"]) {
        return;
    }
    let p = scene.palette.clone();
    let soil = if scene.reading.season == Season::Winter { hex(0xc9d3de) } else { hex(0xa98d64) };
    let mut sheet = scene.sheet(4.4, scene.ground(10.0), 9.0);
    let mut edges = (Vec::new(), Vec::new());
    for i in 0..=20 {
        let t = i as f32 / 20.0;
        let y = 0.045 + 0.62 * t * t;
        let x = 0.06 * (t * 5.0).sin() * (1.0 - t) + 0.02;
        let w = 0.008 + 0.20 * t * t;
        edges.0.push((x - w, y));
        edges.1.push((x + w, y));
    }
    edges.1.reverse();
    edges.0.extend(edges.1);
    sheet.polygon(
        &edges.0,
        Fill::Down { from: (0.045, p.lit(soil, 0.9, 6.0)), to: (0.5, p.lit(soil, 0.5, 1.0)) },
    );
    scene.hang(sheet, crate::scene::still());
}

/// Shafts of light that come and go with the leaves.
fn shafts(scene: &mut Scene<'_>) {
    let p = scene.palette.clone();
    let light = mix(p.sun, p.sky[3], 0.35);
    let slope = if p.sun_at.0 < 0.0 { 0.55 } else { -0.55 };
    let mut rng = scene.place_rng("shafts");
    for k in 0..4 {
        let x = rng.range(-0.5, 0.4);
        let w = rng.range(0.03, 0.08);
        let (left, right) = (x - 0.7, x + 0.8);
        let mut sheet = scene.patch(2.1, left, -0.62, right, 0.36);
        sheet.density *= 1.0;
        sheet.texture = 0.0;
        let top = -0.60;
        sheet.polygon(
            &[(x, top), (x + w, top), (x + w * 1.8 + slope * 0.9, 0.34), (x - w * 0.3 + slope * 0.9, 0.34)],
            Fill::Fade { from: (top, light, 0.34), to: (0.32, light, 0.0) },
        );
        let phase = f64::from(k) * 1.8;
        scene.hang(
            sheet,
            Box::new(move |t| Pose {
                opacity: 0.62 + 0.38 * (t * 0.7 + phase).sin(),
                x: 0.006 * (t * 0.4 + phase).sin(),
                ..Pose::default()
            }),
        );
    }
}
