//! What falls: rain, snow, leaves; and lightning.

use crate::compose::Bend;
use crate::grade::{hex, mix};
use crate::noise::{Rng, mix as scramble};
use crate::scene::{Fill, Item, Pose, Scene, Swarm, still};
use crate::settings::land;

/// One thing that falls.
#[derive(Clone, Copy)]
struct Drop {
    x: f64,
    start: f64,
    speed: f64,
    size: f64,
    phase: f64,
}

/// Where things fall: the picture and a margin, in picture heights.
fn drops(rng: &mut Rng, count: usize, half: f64, slow: f64, fast: f64) -> Vec<Drop> {
    (0..count)
        .map(|_| Drop {
            x: f64::from(rng.range(-1.0, 1.0)) * (half + 0.2),
            start: f64::from(rng.unit()),
            speed: slow + (fast - slow) * f64::from(rng.unit()),
            size: 0.6 + 0.8 * f64::from(rng.unit()),
            phase: f64::from(rng.range(0.0, std::f32::consts::TAU)),
        })
        .collect()
}

/// Streaks in three depths, driven by the wind.
pub(crate) fn rain(scene: &mut Scene<'_>, force: f32) {
    let slant = if scene.reading.wind { 0.34 } else { 0.10 };
    let light = mix(scene.palette.sky[2], hex(0xf2f6fa), 0.55);
    for (layer, depth, long, count) in [(0, 3.0, 0.05f32, 120), (1, 1.3, 0.10, 64), (2, 0.85, 0.20, 22)] {
        let mut sheet = streak(scene, depth, long, slant as f32);
        let k = scene.view.k as f32;
        let tip = (long / k, long * slant as f32 / k);
        sheet.line(
            &[(tip.1 * 0.5, -tip.0 * 0.5), (-tip.1 * 0.5, tip.0 * 0.5)],
            (0.0012 + 0.0010 * layer as f32) / k,
            light,
            0.30 + 0.10 * layer as f32,
        );
        let half = scene.aspect / 2.0;
        let list = drops(
            &mut scene.shot_rng(&format!("rain {layer}")),
            (count as f32 * force) as usize,
            half,
            1.5 + 0.8 * f64::from(layer),
            2.1 + 1.0 * f64::from(layer),
        );
        swarm(scene, sheet, list, move |d, t| {
            let fall = (d.start * 1.5 + t * d.speed).rem_euclid(1.5) - 0.75;
            let turn = (d.start * 1.5 + t * d.speed).div_euclid(1.5);
            let hop =
                (scramble((turn as i64 as u64) ^ (d.phase * 1e6) as u64) >> 40) as f64 / (1u64 << 24) as f64;
            let x = (d.x + hop * half * 2.0 + half).rem_euclid(half * 2.0 + 0.3) - half - 0.15;
            Pose { x: x - fall * slant, y: fall, scale: d.size, ..Pose::default() }
        });
    }
}

fn streak(scene: &Scene<'_>, depth: f64, long: f32, slant: f32) -> crate::scene::Sheet {
    let k = scene.view.k as f32;
    let (h, w) = (long * 0.52 / k, long * slant * 0.52 / k + 0.004 / k);
    let mut sheet = scene.patch(depth.min(1.0), -w, -h, w, h);
    sheet.depth = depth;
    sheet.texture = 0.0;
    sheet
}

fn swarm(
    scene: &mut Scene<'_>,
    sheet: crate::scene::Sheet,
    list: Vec<Drop>,
    pose: impl Fn(Drop, f64) -> Pose + Send + Sync + 'static,
) {
    let (dx, dy) = (-scene.view.shift, -scene.view.horizon);
    let item: &mut Item = scene.hang(sheet, still());
    item.swarm = Some(Swarm {
        count: list.len(),
        pose: Box::new(move |i, t| {
            let p = pose(list[i], t);
            Pose { x: p.x + dx, y: p.y + dy, ..p }
        }),
    });
}

/// Flakes in three depths that sway as they sink.
pub(crate) fn snow(scene: &mut Scene<'_>) {
    let drift = if scene.reading.wind { 0.22 } else { 0.03 };
    let white = mix(hex(0xffffff), scene.palette.haze, 0.12);
    for (layer, depth, size, count) in [(0, 3.2, 0.0042f32, 150), (1, 1.4, 0.0075, 90), (2, 0.85, 0.0150, 30)]
    {
        let k = scene.view.k as f32;
        let r = size / k;
        let mut sheet = scene.patch(1.0, -r, -r, r, r);
        sheet.depth = depth;
        sheet.texture = 0.0;
        if layer == 2 {
            sheet.fill_glow(0.0, 0.0, r, white, 0.8);
        } else {
            sheet.oval(0.0, 0.0, r * 0.9, r * 0.9, Fill::Veil(white, 0.35));
            sheet.oval(0.0, 0.0, r * 0.6, r * 0.6, Fill::Veil(white, 0.9));
        }
        let half = scene.aspect / 2.0;
        let slow = 0.06 + 0.05 * f64::from(layer);
        let list = drops(&mut scene.shot_rng(&format!("snow {layer}")), count, half, slow, slow * 1.7);
        swarm(scene, sheet, list, move |d, t| {
            let y = (d.start * 1.2 + t * d.speed).rem_euclid(1.2) - 0.6;
            let x = d.x + drift * t + 0.018 * (t * 1.1 + d.phase).sin();
            let x = (x + half + 0.1).rem_euclid(half * 2.0 + 0.2) - half - 0.1;
            Pose { x, y, scale: d.size, ..Pose::default() }
        });
    }
}

/// A few leaves on the wind.
pub(crate) fn leaves(scene: &mut Scene<'_>) {
    let mut rng = scene.place_rng("leaves");
    let k = scene.view.k as f32;
    let r = 0.011 / k;
    let mut sheet = scene.patch(1.0, -r, -r, r, r);
    sheet.depth = 1.1;
    let colour = scene.palette.lit(land::leaves(scene.reading.season, &mut rng), 0.8, 1.0);
    sheet.blob(
        &[(-r * 0.9, 0.0), (-r * 0.2, -r * 0.5), (r * 0.9, -r * 0.1), (0.0, r * 0.45)],
        Fill::Flat(colour),
    );
    let half = scene.aspect / 2.0;
    let list = drops(&mut scene.shot_rng("leaves"), 22, half, 0.05, 0.11);
    swarm(scene, sheet, list, move |d, t| {
        let y = (d.start * 1.2 + t * d.speed).rem_euclid(1.2) - 0.6;
        let x = d.x + 0.09 * t + 0.05 * (t * 1.3 + d.phase).sin();
        let x = (x + half + 0.1).rem_euclid(half * 2.0 + 0.2) - half - 0.1;
        Pose {
            x,
            y: y + 0.02 * (t * 2.1 + d.phase).sin(),
            scale: d.size,
            bend: Bend::Sway(2.0 * (t * 3.0 + d.phase).sin()),
            ..Pose::default()
        }
    });
}

/// A flash now and then, with a bolt.
pub(crate) fn lightning(scene: &mut Scene<'_>) {
    let mut rng = scene.shot_rng("lightning");
    // Before the clouds, which would hide it, and behind all that stands on the earth.
    let depth = 52.0;
    let (left, top, right, _) = scene.set_bounds(depth);
    let x = rng.range(left * 0.7, right * 0.7);
    let (top, wide) = (top.max(-0.6), 0.45);
    let mut sheet = scene.patch(depth, x - wide, top - 0.1, x + wide, 0.0);
    sheet.texture = 0.0;
    let white = hex(0xf3f4ff);
    sheet.fill_glow(x, top * 0.72, wide, hex(0xb9c8f2), 0.42);
    let mut at = (x, top);
    for i in 1..=12 {
        let next = (at.0 + rng.range(-0.035, 0.035), top * (1.0 - i as f32 / 12.0));
        let thin = 1.0 - 0.05 * i as f32;
        sheet.line(&[at, next], 0.011 * thin, white, 0.22);
        sheet.line(&[at, next], 0.0036 * thin, white, 1.0);
        if i % 4 == 3 {
            let fork =
                (next.0 + rng.range(0.04, 0.09) * if rng.chance(0.5) { 1.0 } else { -1.0 }, next.1 + 0.07);
            sheet.line(&[next, fork], 0.0022, white, 0.8);
        }
        at = next;
    }
    let (period, phase) = (f64::from(rng.range(2.6, 3.8)), f64::from(rng.range(0.4, 2.0)));
    scene.hang(
        sheet,
        Box::new(move |t| {
            let since = (t - phase).rem_euclid(period);
            let flash = if since < 0.08 {
                1.0
            } else if since < 0.13 {
                0.1
            } else if since < 0.34 {
                1.0 - (since - 0.13) / 0.21
            } else {
                0.0
            };
            Pose { opacity: flash, ..Pose::default() }
        }),
    );
}
