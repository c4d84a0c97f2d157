//! A city street: houses on both sides that come nearer in steps, a road between them, lit windows.

use super::Setting;
use crate::effects;
use crate::grade::{Rgb, bright, hex, mix};
use crate::noise::Rng;
use crate::palette::Palette;
use crate::reading::Weather;
use crate::scene::{Fill, Pose, Scene, Sheet, Swarm, still};

/// A city street.
pub(crate) struct Street;

impl Setting for Street {
    fn name(&self) -> &'static str {
        "street"
    }

    fn words(&self) -> &'static [(&'static str, u32)] {
        &[
            ("street", 7),
            ("streets", 6),
            ("city", 6),
            ("alley", 6),
            ("downtown", 6),
            ("avenue", 6),
            ("sidewalk", 5),
            ("pavement", 4),
            ("town", 4),
            ("square", 2),
            ("rooftops", 4),
            ("skyline", 4),
            ("traffic", 4),
            ("crosswalk", 5),
            ("market", 3),
            ("neon", 3),
            ("tram", 2),
            ("taxi", 2),
            ("metropolis", 6),
            ("boulevard", 6),
        ]
    }

    fn details(&self) -> &'static [&'static str] {
        &[
            "windows",
            "window",
            "neon",
            "lamps",
            "puddles",
            "puddle",
            "cobbles",
            "cobblestones",
            "facades",
            "shopfronts",
            "buildings",
            "houses",
            "road",
        ]
    }

    fn paint(&self, scene: &mut Scene<'_>) {
        effects::heavens(scene);
        skyline(scene);
        road(scene);
        for (k, depth) in [9.0, 6.0, 4.2, 3.0, 2.15].into_iter().enumerate() {
            block(scene, k, depth);
        }
        lamps(scene);
    }
}

/// Far towers against the sky.
fn skyline(scene: &mut Scene<'_>) {
    let p = scene.palette.clone();
    for (k, depth, high) in [(0u32, 26.0, 0.26), (1, 17.0, 0.20)] {
        let mut rng = scene.place_rng(&format!("skyline {k}"));
        let colour = p.lit(hex(0x5c6678), 0.35, depth * 0.7);
        let mut sheet = scene.sheet(depth, -high * 1.5, 0.06);
        let (left, _, right, _) = sheet.bounds();
        let mut x = left;
        while x < right {
            let (w, h) = (rng.range(0.03, 0.09), high * rng.range(0.35, 1.1));
            sheet.rect(
                x,
                -h,
                x + w,
                0.06,
                Fill::Down { from: (-h, colour), to: (0.03, mix(colour, p.haze, 0.6)) },
            );
            if p.night {
                for _ in 0..(h * 130.0) as usize {
                    let (wx, wy) = (x + w * rng.range(0.1, 0.85), -h * rng.range(0.05, 0.95));
                    sheet.rect(wx, wy, wx + 0.004, wy + 0.005, Fill::Veil(hex(0xffd98a), 0.8));
                }
            }
            x += w + rng.range(0.0, 0.02);
        }
        scene.hang(sheet, still());
    }
}

/// The road to the vanishing point, with pavements, and puddles in the rain.
fn road(scene: &mut Scene<'_>) {
    let p = scene.palette.clone();
    let wet = matches!(scene.reading.weather, Weather::Rain | Weather::Storm);
    let tar = if wet { hex(0x3d4552) } else { hex(0x6a6a70) };
    let mut sheet = scene.sheet(10.0, 0.0, 9.0);
    let (far, near) = (p.lit(tar, 0.7, 7.0), p.lit(tar, 0.4, 1.0));
    sheet.rect(
        -9.0,
        0.0,
        9.0,
        9.0,
        Fill::Down { from: (0.0, p.lit(hex(0x9a948c), 0.7, 7.0)), to: (0.5, p.lit(hex(0x9a948c), 0.4, 1.0)) },
    );
    sheet.polygon(
        &[(-0.012, 0.0), (0.012, 0.0), (1.5, 1.6), (-1.5, 1.6)],
        Fill::Down { from: (0.0, far), to: (0.5, near) },
    );
    let curb = p.lit(hex(0xc8c2b8), 0.8, 1.6);
    for side in [-1.0f32, 1.0] {
        sheet.polygon(
            &[(side * 0.012, 0.0), (side * 0.0135, 0.0), (side * 1.56, 1.6), (side * 1.5, 1.6)],
            Fill::Flat(curb),
        );
    }
    let mark = p.lit(hex(0xe6e0cc), 0.8, 1.5);
    for i in 0..9 {
        let d = |t: f32| 0.42 / (9.0 - t).max(0.6);
        let (a, b) = (d(i as f32), d(i as f32 + 0.45));
        sheet.polygon(
            &[(-0.012 * a, a), (0.012 * a, a), (0.012 * b, b), (-0.012 * b, b)],
            Fill::Veil(mark, 0.7),
        );
    }
    if wet {
        let mut rng = scene.place_rng("puddles");
        let shine = mix(p.sky[2], p.sky[3], 0.5);
        for _ in 0..26 {
            let y = 0.05 + 0.45 * rng.unit();
            let w = y * rng.range(0.1, 0.5);
            sheet.oval(rng.range(-1.0, 1.0) * y * 1.6, y, w, w * 0.10, Fill::Veil(shine, 0.45));
        }
    }
    scene.hang(sheet, still());
}

/// The houses of both sides at a depth; the outer ones reach beyond the picture.
fn block(scene: &mut Scene<'_>, k: usize, depth: f64) {
    let p = scene.palette.clone();
    let near = 1.0 / depth as f32;
    let foot = scene.ground(depth);
    let top = -2.3 * near - 0.1;
    let mut rng = scene.place_rng(&format!("block {k}"));
    let mut sheet = scene.sheet(depth, top * 1.35, foot + 0.02);
    let (left, _, right, _) = sheet.bounds();
    let mut lights = Vec::new();
    for side in [-1.0f32, 1.0] {
        let mut inner = 0.30 + 0.92 * near * rng.range(0.92, 1.08) - 0.12;
        let end = if side < 0.0 { -left } else { right };
        let mut first = true;
        while inner < end {
            let width = near * rng.range(0.75, 1.15);
            let roof = top * rng.range(0.62, 1.12);
            let wall =
                hex([0xb5735a, 0xc9a27a, 0x8f8a86, 0xa8655a, 0x7e8894, 0xcdb892, 0x92705c][rng.below(7)]);
            let (a, b) = (side * inner, side * (inner + width));
            house(&mut sheet, &mut rng, &p, (a.min(b), roof, a.max(b), foot), wall, depth, side, &mut lights);
            if first {
                // The wall that turns into the street lies in shade.
                let shade = p.lit(wall, 0.0, depth);
                sheet.polygon(
                    &[
                        (side * inner, roof),
                        (side * (inner - 0.10 * near), roof * 0.88),
                        (side * (inner - 0.10 * near), foot * 0.93),
                        (side * inner, foot),
                    ],
                    Fill::Flat(bright(shade, 0.85)),
                );
                first = false;
            }
            inner += width;
        }
    }
    scene.hang(sheet, still());
    if p.night && !lights.is_empty() {
        twinkle(scene, depth - 0.02, lights, near);
    }
}

/// One house front: cornice, windows, a shop at its foot.
#[allow(clippy::too_many_arguments)]
fn house(
    sheet: &mut Sheet,
    rng: &mut Rng,
    p: &Palette,
    (l, t, r, b): (f32, f32, f32, f32),
    wall: Rgb,
    depth: f64,
    side: f32,
    lights: &mut Vec<(f32, f32, f32)>,
) {
    let toward = if p.sun_at.0 * side < 0.0 { 0.85 } else { 0.35 };
    let face = p.lit(wall, toward, depth);
    let w = r - l;
    sheet.rect(l, t, r, b, Fill::Down { from: (t, face), to: (b, mix(face, p.lit(wall, 0.0, depth), 0.5)) });
    sheet.rect(l - w * 0.02, t - w * 0.05, r + w * 0.02, t + w * 0.03, Fill::Flat(bright(face, 1.12)));
    let (columns, rows) = (3 + rng.below(2), ((b - t) / (w * 0.42)).clamp(2.0, 9.0) as usize);
    let glass = mix(p.lit(hex(0x3a4658), 0.3, depth), p.sky[2], 0.25);
    let lamp = mix(hex(0xffcf7a), p.haze, p.haze_at(depth) * 0.6);
    let shop = (b - t) / (rows as f32 + 1.0);
    for row in 0..rows {
        for column in 0..columns {
            let cx = l + w * (column as f32 + 0.5) / columns as f32;
            let cy = t + w * 0.12 + (b - shop - t - w * 0.12) * (row as f32 + 0.45) / rows as f32;
            let (hw, hh) = (w / columns as f32 * 0.26, (b - t) / rows as f32 * 0.27);
            sheet.rect(
                cx - hw * 1.25,
                cy - hh * 1.18,
                cx + hw * 1.25,
                cy + hh * 1.2,
                Fill::Flat(bright(face, 0.86)),
            );
            let on = p.night && rng.chance(0.45);
            sheet.rect(cx - hw, cy - hh, cx + hw, cy + hh, Fill::Flat(if on { lamp } else { glass }));
            sheet.rect(cx - hw * 0.08, cy - hh, cx + hw * 0.08, cy + hh, Fill::Flat(bright(face, 0.8)));
            if on && rng.chance(0.3) {
                lights.push((cx, cy, hh));
            }
        }
    }
    let awning = p.lit(hex([0xb23a3a, 0x2f6b5c, 0x35507e, 0xc78a2c][rng.below(4)]), 0.7, depth);
    let front = if p.night { mix(lamp, hex(0xffe6b0), 0.4) } else { glass };
    sheet.rect(l + w * 0.07, b - shop * 0.8, r - w * 0.07, b - shop * 0.12, Fill::Flat(front));
    sheet.polygon(
        &[
            (l + w * 0.04, b - shop * 0.92),
            (r - w * 0.04, b - shop * 0.92),
            (r, b - shop * 0.66),
            (l, b - shop * 0.66),
        ],
        Fill::Flat(awning),
    );
}

/// Windows that go on and off or flicker.
fn twinkle(scene: &mut Scene<'_>, depth: f64, lights: Vec<(f32, f32, f32)>, near: f32) {
    let r = 0.09 * near;
    let mut sheet = scene.patch(depth, -r, -r, r, r);
    sheet.texture = 0.0;
    sheet.fill_glow(0.0, 0.0, r, hex(0xffc870), 0.7);
    let k = scene.view.k;
    let item = scene.hang(sheet, still());
    item.swarm = Some(Swarm {
        count: lights.len(),
        pose: Box::new(move |i, t| {
            let (x, y, _) = lights[i];
            let phase = i as f64 * 1.7;
            let on = 0.55 + 0.35 * (t * (0.7 + 0.13 * i as f64) + phase).sin();
            Pose { x: f64::from(x) * k, y: f64::from(y) * k, opacity: on, ..Pose::default() }
        }),
    });
}

/// Street lamps down both pavements.
fn lamps(scene: &mut Scene<'_>) {
    let p = scene.palette.clone();
    for depth in [5.2, 3.5, 2.4] {
        let near = 1.0 / depth as f32;
        let foot = scene.ground(depth);
        let x = 0.22 + 0.62 * near;
        let top = foot - 0.78 * near;
        let mut sheet = scene.patch(depth, -x - 0.25 * near, top - 0.25 * near, x + 0.25 * near, foot + 0.02);
        let iron = mix(p.ink(hex(0x2d3138), 0.5), p.haze, p.haze_at(depth));
        for side in [-1.0f32, 1.0] {
            let px = side * x;
            sheet.line(&[(px, foot), (px, (foot + top) / 2.0), (px, top)], 0.016 * near, iron, 1.0);
            sheet.line(
                &[
                    (px, top),
                    (px - side * 0.03 * near, top - 0.06 * near),
                    (px - side * 0.10 * near, top - 0.05 * near),
                ],
                0.012 * near,
                iron,
                1.0,
            );
            let lamp = (px - side * 0.10 * near, top - 0.035 * near);
            sheet.oval(
                lamp.0,
                lamp.1,
                0.03 * near,
                0.022 * near,
                Fill::Flat(if p.night { hex(0xfff0c4) } else { iron }),
            );
            if p.night {
                sheet.fill_glow(lamp.0, lamp.1, 0.24 * near, hex(0xffcb78), 0.55);
            }
        }
        let phase = depth;
        scene.hang(
            sheet,
            Box::new(move |t| Pose { opacity: 0.97 + 0.03 * (t * 11.0 + phase).sin(), ..Pose::default() }),
        );
    }
}
