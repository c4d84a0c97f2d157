//! Clouds: banks that drift across the sky, and the floor of cloud seen from above it.

use tiny_skia::{PathBuilder, Rect};

use crate::grade::{Rgb, mix};
use crate::noise::Rng;
use crate::reading::Weather;
use crate::scene::{Fill, Pose, Scene, Sheet};

/// One bank of clouds of several; lower banks are farther and smaller.
pub(crate) fn cloud_bank(scene: &mut Scene<'_>, bank: usize, banks: usize) {
    let mut rng = scene.place_rng(&format!("clouds {bank}"));
    let depth = 60.0;
    let far = 1.0 - (bank as f32 + 0.5) / banks as f32;
    let covered = !matches!(scene.reading.weather, Weather::Clear);
    let height = if covered {
        -0.10 - 0.36 * (1.0 - far)
    } else {
        -0.15 - 0.24 * (1.0 - far) + rng.range(-0.03, 0.03)
    };
    let size = if covered { 0.20 + 0.20 * (1.0 - far) } else { 0.11 + 0.12 * (1.0 - far) };
    let (left, _, right, _) = scene.set_bounds(depth);
    let span = (right - left) + size * 3.0;
    let mut sheet = scene.patch(depth, left, height - size * 1.3, left + span, height + size * 0.55);
    let (lit, shade) = scene.palette.cloud;
    let haze = scene.palette.haze;
    let veil = far * 0.55;
    let (lit, shade) = (mix(lit, haze, veil), mix(shade, haze, veil));
    let count = if covered { 5 } else { 2 + rng.below(2) };
    for i in 0..count {
        let at = left + size * 1.5 + (span - size * 3.0) * (i as f32 + rng.range(0.1, 0.9)) / count as f32;
        let grow = rng.range(0.7, 1.25);
        let foot = height + rng.range(-0.03, 0.03);
        cloud(&mut sheet, &mut rng, at, foot, size * grow, lit, shade, if covered { 0.85 } else { 0.94 });
    }
    let speed = (if scene.reading.wind { 0.030 } else { 0.011 }) * f64::from(1.3 - far);
    let k = scene.view.k;
    let repeat = f64::from(span) * k;
    let item =
        scene.hang(sheet, Box::new(move |t| Pose { x: speed * k * t, opacity: 0.92, ..Pose::default() }));
    item.repeat = repeat;
}

/// One cloud: a flat foot, a heaped top, lit from above.
#[allow(clippy::too_many_arguments)]
pub(crate) fn cloud(
    sheet: &mut Sheet,
    rng: &mut Rng,
    x: f32,
    foot: f32,
    size: f32,
    lit: Rgb,
    shade: Rgb,
    alpha: f32,
) {
    let width = size * rng.range(1.1, 1.5);
    // Heaped lobes over a flat foot, high in the middle; every pass paints them smaller and lighter.
    let lobes: Vec<(f32, f32, f32)> = (0..9)
        .map(|i| {
            let t = (i as f32 + rng.range(0.2, 0.8)) / 9.0 * 2.0 - 1.0;
            let arch = (1.0 - t * t).max(0.05).sqrt();
            (
                x + t * width * 0.82,
                foot - size * 0.30 * arch * rng.range(0.6, 1.2),
                size * (0.12 + 0.26 * arch) * rng.range(0.8, 1.15),
            )
        })
        .collect();
    let body = mix(shade, lit, 0.35);
    let pass = |lift: f32, shrink: f32, fill: Fill, sheet: &mut Sheet| {
        let mut builder = PathBuilder::new();
        for &(lx, ly, r) in &lobes {
            builder.push_circle(lx, ly - lift * r, r * shrink);
        }
        let base = Rect::from_ltrb(x - width * 0.8, foot - size * 0.16, x + width * 0.8, foot + size * 0.03);
        if let Some(rect) = base.filter(|_| shrink > 0.95) {
            builder.push_oval(rect);
        }
        if let Some(path) = builder.finish() {
            sheet.fill(&path, fill);
        }
    };
    let (top, low) = (foot - size * 0.62, foot + size * 0.06);
    pass(0.0, 1.0, Fill::Fade { from: (top, body, alpha), to: (low, shade, alpha * 0.25) }, sheet);
    pass(
        0.16,
        0.86,
        Fill::Fade { from: (top, mix(body, lit, 0.6), alpha), to: (low - size * 0.16, body, 0.0) },
        sheet,
    );
    pass(0.32, 0.66, Fill::Fade { from: (top, lit, alpha), to: (low - size * 0.26, lit, 0.0) }, sheet);
}

/// A floor of cloud below the horizon, in rows that come nearer.
pub(crate) fn cloud_floor(scene: &mut Scene<'_>) {
    for row in 0..5 {
        let near = row as f32 / 4.0;
        let depth = 30.0 / (1.0 + 9.0 * f64::from(near));
        let top = 0.02 + 0.40 * near * near;
        let mut rng = scene.place_rng(&format!("floor {row}"));
        let (left, _, right, _) = scene.set_bounds(depth);
        let size = 0.08 + 0.20 * near;
        let span = (right - left) + size * 2.0;
        let mut sheet = scene.patch(depth, left, top - size * 1.2, left + span, 0.75);
        let (lit, shade) = scene.palette.cloud;
        let haze = scene.palette.haze;
        let veil = 0.75 * (1.0 - near);
        let (lit, shade) = (mix(lit, haze, veil), mix(shade, haze, veil));
        sheet.rect(
            left,
            top,
            left + span,
            1.2,
            Fill::Down { from: (top, shade), to: (top + 0.4, mix(shade, scene.palette.ink, 0.18)) },
        );
        let count = (span / size / 0.9) as usize;
        for i in 0..count {
            let x = left + span * (i as f32 + rng.range(0.2, 0.8)) / count as f32;
            let grow = rng.range(0.6, 1.2);
            if x - size * 1.5 > left && x + size * 1.5 < left + span {
                cloud(&mut sheet, &mut rng, x, top + size * 0.25, size * grow, lit, shade, 1.0);
            }
        }
        let k = scene.view.k;
        let speed = (0.004 + 0.02 * f64::from(near)) * k;
        let repeat = f64::from(span) * k;
        let item = scene.hang(sheet, Box::new(move |t| Pose { x: -speed * t, ..Pose::default() }));
        item.repeat = repeat;
    }
}
