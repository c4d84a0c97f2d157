//! What hangs in the air: smoke, fog, spray, motes of dust.

use crate::grade::{hex, mix};
use crate::scene::{Fill, Pose, Scene, Swarm, still};
use crate::settings::land;

/// Smoke that rises from a point in set space, in puffs that grow and fade.
pub(crate) fn smoke(scene: &mut Scene<'_>, depth: f64, x: f32, y: f32, size: f32) {
    let colour = mix(scene.palette.cloud.0, scene.palette.haze, 0.45);
    let mut sheet = scene.patch(depth, x - size, y - size, x + size, y + size);
    sheet.texture = 0.0;
    sheet.oval(
        x,
        y,
        size * 0.95,
        size * 0.85,
        Fill::Glow { at: (x, y), radius: size * 0.95, colour, alpha: 0.75 },
    );
    let drift = if scene.reading.wind { 1.0 } else { 0.35 } * f64::from(size) * scene.view.k;
    let rise = f64::from(size) * 6.0 * scene.view.k;
    let item = scene.hang(sheet, still());
    item.swarm = Some(Swarm {
        count: 8,
        pose: Box::new(move |i, t| {
            let life = (t * 0.16 + i as f64 / 8.0).rem_euclid(1.0);
            Pose {
                x: drift * 6.0 * life * life + drift * 0.6 * (t * 0.8 + i as f64 * 2.0).sin() * life,
                y: -rise * life,
                scale: 0.35 + 1.5 * life,
                opacity: (life * 6.0).min(1.0) * (1.0 - life) * 0.75,
                ..Pose::default()
            }
        }),
    });
}

/// Fog in drifting bands, nearer ones thicker.
pub(crate) fn fog(scene: &mut Scene<'_>) {
    land::mist(scene, 9.0, 0.02, 0.14, 0.8);
    land::mist(scene, 2.2, 0.12, 0.20, 0.75);
    land::mist(scene, 0.9, 0.30, 0.30, 0.6);
}

/// Spray that bursts over rocks again and again: a fan of drops out of a cloud of mist. `size` 1 is
/// a burst close before us.
pub(crate) fn spray(scene: &mut Scene<'_>, depth: f64, (x, y): (f32, f32), size: f32) {
    let white = mix(hex(0xffffff), scene.palette.lit(hex(0xffffff), 0.7, depth), 0.6);
    let mut rng = scene.shot_rng("spray");
    let k = scene.view.k * f64::from(size);
    let r = 0.055 * size;
    let mut puff = scene.patch(depth + 0.001, x - r, y - r, x + r, y + r);
    puff.texture = 0.0;
    puff.fill_glow(x, y, r, white, 0.85);
    let puffs = jets(&mut rng, 14, 0.10);
    let item = scene.hang(puff, still());
    item.swarm = Some(Swarm { count: puffs.len(), pose: burst(puffs, k, (0.6, 1.5, 0.7)) });
    let r = 0.0026 * size;
    let mut drop = scene.patch(depth, x - r, y - r * 1.8, x + r, y + r * 1.8);
    drop.texture = 0.0;
    drop.oval(x, y, r * 0.8, r * 1.6, Fill::Veil(white, 0.9));
    let drops = jets(&mut rng, 64, 0.16);
    let item = scene.hang(drop, still());
    item.swarm = Some(Swarm { count: drops.len(), pose: burst(drops, k * 1.12, (1.2, -0.6, 0.9)) });
}

/// How each part of a burst leaves it: sideways, up, and how late.
fn jets(rng: &mut crate::noise::Rng, count: usize, late: f32) -> Vec<[f64; 3]> {
    (0..count)
        .map(|_| {
            let side = rng.range(-1.0, 1.0);
            // A fan: what goes up goes highest in the middle.
            let up = (1.0 - 0.55 * side * side) * rng.range(0.35, 1.0);
            [side, up, rng.range(0.0, late)].map(f64::from)
        })
        .collect()
}

/// Parts that fly up and fall, every 2.3 s; `scale` at first, its change over a life, and opacity.
fn burst(
    parts: Vec<[f64; 3]>,
    k: f64,
    (scale, grows, opacity): (f64, f64, f64),
) -> Box<dyn Fn(usize, f64) -> Pose + Send + Sync> {
    Box::new(move |i, t| {
        let [side, up, late] = parts[i];
        let life = (t / 2.3 - late).rem_euclid(1.0) * 1.5;
        let shown = if life < 1.0 { (1.0 - life) * (life * 9.0).min(1.0) } else { 0.0 };
        Pose {
            x: side * 0.15 * life * k,
            y: (-up * 0.66 * life + 0.52 * life * life) * k,
            scale: scale + grows * life,
            opacity: shown * opacity,
            ..Pose::default()
        }
    })
}

/// Dust in a shaft of light.
pub(crate) fn motes(scene: &mut Scene<'_>, (left, top, right, bottom): (f32, f32, f32, f32)) {
    let colour = mix(hex(0xfff2d0), scene.palette.key, 0.3);
    let r = 0.0035f32;
    let mut sheet = scene.patch(1.02, -r, -r, r, r);
    sheet.texture = 0.0;
    sheet.fill_glow(0.0, 0.0, r, colour, 0.9);
    let mut rng = scene.shot_rng("motes");
    let k = scene.view.k;
    let dust: Vec<(f64, f64, f64)> = (0..46)
        .map(|_| {
            (
                f64::from(rng.range(left, right)),
                f64::from(rng.range(top, bottom)),
                f64::from(rng.range(0.0, std::f32::consts::TAU)),
            )
        })
        .collect();
    let item = scene.hang(sheet, still());
    item.swarm = Some(Swarm {
        count: dust.len(),
        pose: Box::new(move |i, t| {
            let (x, y, phase) = dust[i];
            Pose {
                x: (x + 0.03 * (t * 0.31 + phase).sin() + 0.012 * t.sin()) * k,
                y: (y + 0.025 * (t * 0.23 + phase * 1.7).cos() - 0.006 * t) * k,
                scale: 0.6 + 0.6 * (phase * 0.16),
                opacity: 0.45 + 0.4 * (t * 0.9 + phase).sin(),
                ..Pose::default()
            }
        }),
    });
}
