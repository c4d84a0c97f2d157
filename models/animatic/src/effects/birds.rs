//! A far flock that crosses the sky.

use crate::grade::mix;
use crate::layer::Layer;
use crate::scene::{Pose, Scene, Swarm, still};

/// A few birds, far off, wings beating.
pub(crate) fn far_flock(scene: &mut Scene<'_>) {
    let mut rng = scene.shot_rng("far flock");
    let colour = mix(scene.palette.ink, scene.palette.haze, 0.35);
    let r = 0.011f32;
    let depth = 40.0;
    let mut images: Vec<Layer> = Vec::new();
    let mut place = None;
    for phase in 0..4 {
        let lift = [0.9f32, 0.35, -0.35, 0.35][phase] * r * 0.7;
        let mut sheet = scene.patch(depth, -r * 1.2, -r * 1.2, r * 1.2, r * 1.2);
        for side in [-1.0, 1.0] {
            sheet.line(
                &[(0.0, 0.0), (side * r * 0.5, -lift * 0.9), (side * r, -lift * 0.5)],
                r * 0.17,
                colour,
                0.9,
            );
        }
        place = Some((sheet.at, sheet.density));
        let item = scene.hang(sheet, still());
        images.append(&mut item.images);
        scene.items.pop();
    }
    let Some((at, density)) = place else { return };
    let (way, count) = (if rng.chance(0.5) { 1.0 } else { -1.0 }, 4 + rng.below(4));
    let k = scene.view.k;
    let (cx, cy) = (f64::from(rng.range(-0.5, 0.5)), -f64::from(rng.range(0.16, 0.27)));
    let birds: Vec<(f64, f64, f64)> = (0..count)
        .map(|i| {
            let row = (i as f64 + 1.0) / 2.0;
            let side = if i % 2 == 0 { 1.0 } else { -1.0 };
            (
                -way * row * 0.028 + f64::from(rng.range(-0.01, 0.01)),
                side * row * 0.014 + f64::from(rng.range(-0.008, 0.008)),
                f64::from(rng.unit()),
            )
        })
        .collect();
    let Some(first) = images.first().cloned() else { return };
    let item = scene.push(first, at, density, depth, still());
    item.images = images;
    item.swarm = Some(Swarm {
        count,
        pose: Box::new(move |i, t| {
            let (x, y, own) = birds[i];
            let beat = ((t * (2.6 + own) + own * 4.0).rem_euclid(1.0) * 4.0) as usize;
            Pose {
                x: (cx + x + way * 0.034 * t) * k,
                y: (cy + y + 0.006 * (t * 0.7 + own * 6.0).sin()) * k,
                scale: 0.75 + 0.35 * own,
                image: beat,
                ..Pose::default()
            }
        }),
    });
}
