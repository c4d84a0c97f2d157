//! A harbour: still water, a quay of warehouses, masts that rock, lights on the water.

use super::{Setting, sea};
use crate::effects;
use crate::grade::{bright, hex, mix};
use crate::scene::{Fill, Pose, Scene, still};

/// A harbour.
pub(crate) struct Harbour;

impl Setting for Harbour {
    fn name(&self) -> &'static str {
        "harbour"
    }

    fn words(&self) -> &'static [(&'static str, u32)] {
        &[
            ("harbour", 9),
            ("harbor", 9),
            ("port", 6),
            ("dock", 6),
            ("docks", 6),
            ("quay", 7),
            ("pier", 6),
            ("marina", 7),
            ("jetty", 6),
            ("wharf", 7),
            ("fishing village", 7),
            ("canal", 6),
        ]
    }

    fn details(&self) -> &'static [&'static str] {
        &["masts", "mast", "warehouses", "nets", "crates", "bollard", "water", "ropes"]
    }

    fn paint(&self, scene: &mut Scene<'_>) {
        effects::heavens(scene);
        sea::water(scene, 0x2f6478, 0.35);
        quay(scene);
        masts(scene);
        if scene.grounded() {
            boards(scene);
        }
    }
}

/// Tall narrow houses on a stone quay, with their light on the water.
fn quay(scene: &mut Scene<'_>) {
    let p = scene.palette.clone();
    let depth = 8.0;
    let mut rng = scene.place_rng("quay");
    let foot = scene.ground(depth);
    let mut sheet = scene.sheet(depth, -0.34, foot + 0.02);
    let (left, _, right, _) = sheet.bounds();
    let mut x = left;
    let mut lights = Vec::new();
    while x < right {
        let (w, h) = (rng.range(0.06, 0.10), rng.range(0.12, 0.24));
        let wall = p.lit(
            hex([0xb5523f, 0xd9a441, 0x5d7f8c, 0xe0d3b8, 0x8a5a4a, 0x76895f][rng.below(6)]),
            0.65,
            depth * 0.5,
        );
        let top = foot - 0.02 - h;
        sheet.rect(x, top, x + w * 0.96, foot, Fill::Flat(wall));
        sheet.polygon(
            &[(x - 0.003, top), (x + w * 0.48, top - w * 0.5), (x + w * 0.97, top)],
            Fill::Flat(p.lit(hex(0x6a4038), 0.6, depth * 0.5)),
        );
        for row in 0..(h / 0.045) as usize {
            for column in 0..3 {
                let (cx, cy) = (x + w * (0.2 + 0.29 * column as f32), top + 0.022 + row as f32 * 0.045);
                let on = p.night && rng.chance(0.4);
                let glass = if on { hex(0xffd584) } else { p.lit(hex(0x3d4a58), 0.3, depth * 0.5) };
                sheet.rect(cx - 0.007, cy - 0.011, cx + 0.007, cy + 0.011, Fill::Flat(glass));
                if on && row < 2 {
                    lights.push(cx);
                }
            }
        }
        x += w;
    }
    sheet.rect(left, foot - 0.014, right, foot + 0.01, Fill::Flat(p.lit(hex(0x77716a), 0.5, depth * 0.5)));
    scene.hang(sheet, still());
    let glow = if p.night { hex(0xffd584) } else { bright(p.haze, 0.8) };
    let mut mirror = scene.sheet(depth - 0.1, foot, foot + 0.26);
    mirror.texture = 0.0;
    lights.extend((0..14).map(|_| rng.range(left, right)));
    for x in lights {
        let long = rng.range(0.06, 0.2);
        mirror.rect(
            x - 0.006,
            foot + 0.012,
            x + 0.006,
            foot + long,
            Fill::Fade { from: (foot, glow, 0.5), to: (foot + long, glow, 0.0) },
        );
    }
    let amount = 6.0 * mirror.density / 1080.0;
    scene.hang(
        mirror,
        Box::new(move |t| Pose {
            bend: crate::compose::Bend::Ripple { amount, waves: 9.0, phase: t * 0.5 },
            opacity: 0.9,
            ..Pose::default()
        }),
    );
}

/// Moored boats whose masts rock.
fn masts(scene: &mut Scene<'_>) {
    let p = scene.palette.clone();
    for (k, depth) in [5.2, 3.6].into_iter().enumerate() {
        let near = 1.0 / depth as f32;
        let foot = scene.ground(depth) + 0.01;
        let mut rng = scene.place_rng(&format!("masts {k}"));
        for i in 0..4 {
            let x = -0.95 + 0.5 * i as f32 + rng.range(-0.12, 0.12) + 0.2 * k as f32;
            let (w, h) = (near * rng.range(0.30, 0.42), near * rng.range(0.8, 1.1));
            let mut sheet = scene.patch(depth, x - w, foot - h, x + w, foot + near * 0.08);
            let hull = p.lit(hex([0x27506b, 0xa23f36, 0xe4ddcc, 0x3e6b58][rng.below(4)]), 0.6, depth * 0.6);
            let wood = mix(p.lit(hex(0x6d5138), 0.4, depth * 0.6), p.haze, 0.1);
            sheet.line(&[(x, foot - near * 0.05), (x, foot - h * 0.98)], 0.012 * near, wood, 1.0);
            sheet.line(&[(x, foot - h * 0.92), (x - w * 0.8, foot - near * 0.10)], 0.004 * near, wood, 0.9);
            sheet.line(&[(x, foot - h * 0.92), (x + w * 0.85, foot - near * 0.10)], 0.004 * near, wood, 0.9);
            sheet.polygon(
                &[
                    (x, foot - near * 0.20),
                    (x - w * 0.6, foot - near * 0.17),
                    (x - w * 0.55, foot - near * 0.14),
                    (x, foot - near * 0.15),
                ],
                Fill::Flat(p.lit(hex(0xe9e2d0), 0.8, depth * 0.6)),
            );
            sheet.polygon(
                &[
                    (x - w * 0.85, foot - near * 0.10),
                    (x + w * 0.9, foot - near * 0.12),
                    (x + w * 0.66, foot + near * 0.03),
                    (x - w * 0.66, foot + near * 0.03),
                ],
                Fill::Flat(hull),
            );
            sheet.rect(
                x - w * 0.35,
                foot - near * 0.17,
                x + w * 0.15,
                foot - near * 0.10,
                Fill::Flat(p.lit(hex(0xefe8d8), 0.7, depth * 0.6)),
            );
            let phase = f64::from(x) * 5.0;
            let amount = 7.0 * sheet.density / 1080.0;
            scene.hang(
                sheet,
                Box::new(move |t| Pose {
                    y: 0.003 * (t * 1.2 + phase).sin(),
                    bend: crate::compose::Bend::Sway(amount * (t * 1.1 + phase).sin()),
                    ..Pose::default()
                }),
            );
        }
    }
}

/// The planks we stand on, and a bollard.
fn boards(scene: &mut Scene<'_>) {
    let p = scene.palette.clone();
    let top = scene.ground(1.7);
    let mut sheet = scene.sheet(1.7, top - 0.02, 9.0);
    let (lit, dark) = (p.lit(hex(0x9b7f60), 0.8, 1.3), p.lit(hex(0x6f5843), 0.2, 1.0));
    sheet.rect(-9.0, top, 9.0, 9.0, Fill::Down { from: (top, lit), to: (top + 0.3, dark) });
    for i in -20..=20 {
        let x = i as f32 * 0.11;
        sheet.line(&[(x, top), (x * 2.2, top + 0.7)], 0.004, bright(dark, 0.7), 0.8);
    }
    sheet.rect(-9.0, top - 0.012, 9.0, top + 0.006, Fill::Flat(bright(lit, 0.8)));
    scene.hang(sheet, still());
    let mut post = scene.patch(1.4, 0.52, top - 0.09, 0.64, top + 0.12);
    let iron = p.ink(hex(0x2e3238), 0.4);
    post.blob(
        &[
            (0.545, top + 0.10),
            (0.55, top - 0.03),
            (0.535, top - 0.06),
            (0.58, top - 0.085),
            (0.625, top - 0.06),
            (0.61, top - 0.03),
            (0.615, top + 0.10),
        ],
        Fill::Flat(mix(iron, p.lit(hex(0x60666e), 0.8, 1.0), 0.25)),
    );
    scene.hang(post, still());
}
