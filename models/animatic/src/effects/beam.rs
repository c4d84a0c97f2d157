//! A lighthouse's light as it goes round: two soft beams, from pictures that blend into one another.

use crate::layer::Layer;
use crate::scene::{Pose, Scene, Swarm, still};

/// Two soft beams from a lamp, given in picture heights from the picture's centre and with its depth.
pub(crate) fn beam(scene: &mut Scene<'_>, (x, y): (f64, f64), depth: f64) {
    const STEPS: usize = 40;
    const TURNS: f64 = 0.16;
    let v = scene.view;
    let (lx, ly) = (((x - v.shift) / v.k) as f32, ((y - v.horizon) / v.k) as f32);
    let (dip, reach) = if scene.aerial() { (0.75, 3.4) } else { (0.22, 2.6) };
    let told = if scene.says(&["beam", "light sweeps", "sweeps"]) { 0.85 } else { 0.5 };
    let from = scene.items.len();
    for step in 0..STEPS {
        // Half a turn: the two beams then change places.
        let angle = std::f32::consts::PI * step as f32 / STEPS as f32;
        let colour = move |x: f32, y: f32| {
            let glare = |angle: f32| {
                let (ax, ay) = (angle.cos(), angle.sin() * dip);
                let long = (ax * ax + ay * ay).sqrt().max(0.05);
                let (ux, uy) = (ax / long, ay / long);
                let (dx, dy) = (x - lx, y - ly);
                let (along, aside) = (dx * ux + dy * uy, dx * uy - dy * ux);
                if along <= 0.0 {
                    return 0.0;
                }
                let wide = 0.010 + along * (0.055 + 0.05 * angle.sin().max(0.0));
                let far = (1.0 - along / (reach * long)).max(0.0);
                (-(aside / wide) * (aside / wide)).exp() * far.powf(1.3) * (0.75 + 0.25 * angle.sin())
            };
            let a = (glare(angle) + glare(angle + std::f32::consts::PI)) * told;
            [1.0, 0.93, 0.70, a.min(0.9)]
        };
        scene.hang_soft(depth - 0.01, (-9.0, 9.0), 0.16, 0.0, colour, still());
    }
    let images: Vec<Layer> = scene.items.drain(from + 1..).flat_map(|item| item.images).collect();
    let item = &mut scene.items[from];
    item.images.extend(images);
    let pose = |index: usize, t: f64| {
        let at = (t * TURNS * 2.0 * STEPS as f64).rem_euclid(STEPS as f64);
        let (image, part) = ((at as usize + index) % STEPS, at.fract());
        Pose { image, opacity: if index == 0 { 1.0 - part } else { part }, ..Pose::default() }
    };
    item.swarm = Some(Swarm { count: 2, pose: Box::new(pose) });
}
