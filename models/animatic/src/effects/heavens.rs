//! The sky behind everything: its gradient, the sun or moon with its glow, stars, drifting clouds.

use super::cloud_bank;
use crate::grade::{hex, mix};
use crate::noise::{Rng, fbm};
use crate::reading::{Hour, Weather};
use crate::scene::{Fill, Item, Pose, Scene, Swarm, still};

/// Depth of the sky.
const FAR: f64 = 400.0;

/// Paints the sky from the zenith to the horizon.
pub(crate) fn heavens(scene: &mut Scene<'_>) {
    gradient(scene);
    if scene.palette.stars > 0.0 {
        stars(scene);
    }
    if scene.palette.has_sun() {
        disc(scene);
    }
    let clouds = match scene.reading.weather {
        Weather::Clear if scene.says(&["cloudless", "clear sky", "starry", "stars"]) => 1,
        Weather::Clear => 2,
        Weather::Fog => 1,
        _ => 4,
    };
    for bank in 0..clouds {
        cloud_bank(scene, bank, clouds);
    }
}

fn gradient(scene: &mut Scene<'_>) {
    let palette = scene.palette.clone();
    let seed = scene.place_seed as u32;
    let (sx, sy) = (palette.sun_at.0, -palette.sun_at.1);
    let warm = if palette.has_sun() || scene.reading.hour == Hour::Dusk { 1.0 } else { 0.0 };
    let glow = if palette.has_sun() { mix(palette.sun, palette.sky[3], 0.35) } else { palette.sky[3] };
    let night = scene.reading.hour == Hour::Night;
    let colour = move |x: f32, y: f32| {
        let wash = fbm(x * 1.7 + 3.0, y * 4.2, seed, 3) - 0.5;
        let base = palette.sky_at(-y / 0.62 + wash * 0.10);
        let d = ((x - sx) * (x - sx) + (y - sy) * (y - sy) * 1.6).sqrt();
        let near = (1.0 - d / if night { 0.5 } else { 0.95 }).max(0.0);
        let c = mix(base, glow, near * near * warm * if night { 0.35 } else { 0.62 });
        [c[0], c[1], c[2], 1.0]
    };
    scene.hang_soft(FAR, (-9.0, 9.0), 0.22, 0.0, colour, still());
}

/// The sun or moon with a halo that breathes.
fn disc(scene: &mut Scene<'_>) {
    let (x, y) = (scene.palette.sun_at.0, -scene.palette.sun_at.1);
    let r = scene.palette.sun_size;
    let sun = scene.palette.sun;
    let night = scene.reading.hour == Hour::Night;
    let reach = r * if night { 5.0 } else { 6.5 };
    let mut halo = scene.patch(FAR, x - reach, y - reach, x + reach, y + reach);
    halo.texture = 0.0;
    halo.fill_glow(x, y, reach, mix(sun, scene.palette.sky[3], 0.25), if night { 0.30 } else { 0.55 });
    scene.hang(halo, Box::new(|t| Pose { opacity: 0.88 + 0.12 * (t * 0.9).sin(), ..Pose::default() }));
    let edge = r * 1.2;
    let mut disc = scene.patch(FAR, x - edge, y - edge, x + edge, y + edge);
    disc.oval(x, y, r, r, Fill::Flat(sun));
    if night {
        let shade = mix(sun, scene.palette.sky[2], 0.25);
        for (dx, dy, s) in [(-0.3, -0.2, 0.26), (0.25, 0.3, 0.2), (0.3, -0.35, 0.13), (-0.15, 0.45, 0.12)] {
            disc.oval(x + dx * r, y + dy * r, s * r, s * r * 0.9, Fill::Veil(shade, 0.6));
        }
    }
    scene.hang(disc, still());
}

/// Stars that twinkle, each in its own time.
fn stars(scene: &mut Scene<'_>) {
    let (left, top, right, _) = scene.set_bounds(FAR);
    let size = 0.0042f32;
    let mut spark = scene.patch(FAR, -size, -size, size, size);
    spark.texture = 0.0;
    spark.oval(
        0.0,
        0.0,
        size * 0.85,
        size * 0.85,
        Fill::Glow { at: (0.0, 0.0), radius: size * 0.85, colour: hex(0xdfe8ff), alpha: 0.5 },
    );
    spark.oval(0.0, 0.0, size * 0.34, size * 0.34, Fill::Flat(hex(0xfffdf2)));
    let mut rng = Rng::named(scene.place_seed, "stars");
    let count = (170.0 * scene.palette.stars * (right - left).max(1.0) / 1.8) as usize;
    let k = scene.view.k;
    let stars: Vec<(f64, f64, f64, f64, f64)> = (0..count)
        .map(|_| {
            let x = f64::from(rng.range(left, right)) * k;
            let up = rng.unit();
            let y = f64::from(-0.05 + (top.max(-0.95) + 0.05).min(0.0) * up * up.sqrt()) * k;
            (
                x,
                y,
                f64::from(rng.range(0.35, 1.25)),
                f64::from(rng.range(0.6, 2.6)),
                f64::from(rng.range(0.0, 6.3)),
            )
        })
        .collect();
    let faint = f64::from(scene.palette.stars);
    let item: &mut Item = scene.hang(spark, still());
    item.swarm = Some(Swarm {
        count,
        pose: Box::new(move |i, t| {
            let (x, y, scale, speed, phase) = stars[i];
            let twinkle = 0.72 + 0.28 * (t * speed * 2.0 + phase).sin();
            Pose { x, y, scale, opacity: twinkle * faint.min(1.0) * scale.min(1.0), ..Pose::default() }
        }),
    });
}
