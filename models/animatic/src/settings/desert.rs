//! A desert: dunes with sharp crests, mesas far off, sand on the wind.

use super::{Setting, land};
use crate::effects;
use crate::grade::{bright, hex, mix};
use crate::noise;
use crate::scene::{Fill, Pose, Scene, still};

/// A desert.
pub(crate) struct Desert;

impl Setting for Desert {
    fn name(&self) -> &'static str {
        "desert"
    }

    fn words(&self) -> &'static [(&'static str, u32)] {
        &[
            ("desert", 8),
            ("dunes", 5),
            ("dune", 4),
            ("sahara", 7),
            ("sands", 3),
            ("oasis", 6),
            ("mesa", 6),
            ("mesas", 6),
            ("butte", 6),
            ("buttes", 6),
            ("canyon", 6),
            ("canyons", 6),
            ("red rocks", 5),
            ("badlands", 6),
            ("wasteland", 4),
            ("cactus", 3),
            ("caravan", 2),
        ]
    }

    fn details(&self) -> &'static [&'static str] {
        &["sand", "heat", "dust", "rocks", "footprints", "road", "track"]
    }

    fn paint(&self, scene: &mut Scene<'_>) {
        effects::heavens(scene);
        mesas(scene);
        let road = scene.says(&["road", "highway", "track"]);
        for (k, depth) in [11.0, 6.5, 3.9, 2.4, 1.5].into_iter().enumerate() {
            if road && depth < 2.0 {
                roadway(scene);
                break;
            }
            dune(scene, k as u32, depth);
            if k == 1 {
                land::mist(scene, depth - 0.1, 0.03, 0.04, 0.6);
            }
        }
        blowing(scene);
    }
}

fn mesas(scene: &mut Scene<'_>) {
    let p = scene.palette.clone();
    let mut rng = scene.place_rng("mesas");
    // Where the words ask for them they tower; elsewhere they only close the horizon.
    let named = scene.says(&["mesa", "mesas", "butte", "buttes", "canyon", "canyons", "red rocks"]);
    let grow = if named { 2.6 } else { 1.0 };
    let colour = p.lit(hex(if named { 0xb4573a } else { 0xb0714c }), 0.5, 9.0);
    let mut sheet = scene.sheet(if named { 12.0 } else { 22.0 }, -0.4, 0.03);
    for k in 0..if named { 6 } else { 4 } {
        let (mut x, w, h) = (rng.range(-1.0, 1.0), rng.range(0.05, 0.14), rng.range(0.04, 0.10) * grow);
        if named {
            x = -0.9 + 0.36 * k as f32 + 0.12 * x;
        }
        let fill = Fill::Down { from: (-h, colour), to: (0.02, mix(colour, p.haze, 0.7)) };
        sheet.polygon(
            &[
                (x - w * 1.5, 0.03),
                (x - w * 1.1, -h * 0.35),
                (x - w, -h * 0.45),
                (x - w * 0.92, -h),
                (x + w * 0.8, -h * 0.97),
                (x + w * 0.9, -h * 0.5),
                (x + w * 1.2, -h * 0.3),
                (x + w * 1.7, 0.03),
            ],
            fill,
        );
    }
    scene.hang(sheet, still());
}

/// A road across the picture, with its edges and the wheels' ruts.
fn roadway(scene: &mut Scene<'_>) {
    let p = scene.palette.clone();
    let (top, foot) = (scene.ground(1.92), scene.ground(1.42));
    let mut sheet = scene.sheet(1.75, top - 0.02, 9.0);
    let sand = |light| p.lit(hex(0xdcab72), light, 1.4);
    sheet.below(
        move |x| top + 0.004 * (x * 7.0).sin(),
        Fill::Down { from: (top, sand(0.8)), to: (0.8, sand(0.35)) },
    );
    let (left, _, right, _) = sheet.bounds();
    let grey = p.lit(hex(0x6f655f), 0.55, 1.6);
    sheet.rect(
        left,
        top + 0.012,
        right,
        foot - 0.012,
        Fill::Down { from: (top, bright(grey, 1.1)), to: (foot, grey) },
    );
    for y in [top + 0.012, foot - 0.012] {
        sheet.line(&[(left, y), (right, y)], 0.004, p.lit(hex(0xc9a57a), 0.9, 1.5), 0.9);
    }
    let mut x = left;
    while x < right {
        let y = (top + foot) / 2.0;
        sheet.line(&[(x, y), (x + 0.09, y)], 0.005, p.lit(hex(0xe9d9ae), 0.9, 1.5), 0.85);
        x += 0.2;
    }
    let mut rng = scene.place_rng("roadside");
    for _ in 0..40 {
        let (x, y) = (rng.range(left, right), foot + 0.02 + 0.25 * rng.unit());
        sheet.oval(x, y, rng.range(0.02, 0.10), 0.004, Fill::Veil(sand(rng.range(0.1, 1.0)), 0.5));
    }
    scene.hang(sheet, still());
}

/// One dune: a crest that parts the light side from the shaded one.
fn dune(scene: &mut Scene<'_>, k: u32, depth: f64) {
    let p = scene.palette.clone();
    let seed = scene.place_seed as u32 ^ (k * 331);
    let near = 1.0 / depth as f32;
    let foot = scene.ground(depth);
    let size = 0.05 + 0.15 * near;
    let crest = move |x: f32| {
        foot - size
            * (0.25
                + 0.9
                    * (1.0 - noise::ridge(x * (0.8 + 0.25 / near) + k as f32 * 3.7, seed, 1, 0.5).abs())
                        .powi(2))
    };
    let sand = hex(0xdea368);
    let (lit, shade) = (p.lit(sand, 0.95, depth), p.lit(mix(sand, hex(0x8a4a3c), 0.5), 0.0, depth));
    let mut sheet = scene.sheet(depth, foot - size * 1.6, 9.0);
    sheet.below(
        crest,
        Fill::Down { from: (foot - size, lit), to: (foot + 0.12 + 0.2 * near, mix(lit, shade, 0.6)) },
    );
    let (left, _, right, _) = sheet.bounds();
    // The lee side falls away from each summit in an S.
    let side = if p.sun_at.0 < 0.0 { 1.0 } else { -1.0 };
    let step = 0.02;
    let n = ((right - left) / step) as usize;
    for i in 1..n {
        let x = left + i as f32 * step;
        if crest(x) >= crest(x - step) || crest(x) > crest(x + step) || foot - crest(x) < size * 0.5 {
            continue;
        }
        let drop = foot - crest(x) + size * 0.7;
        let mut points = Vec::new();
        for j in 0..=10 {
            let t = j as f32 / 10.0;
            points.push((
                x + side * 0.25 * size * (t * 6.0).sin() * (1.0 - t * 0.4) - side * 0.3 * size * t,
                crest(x) + drop * t,
            ));
        }
        for j in (0..=14).rev() {
            let ox = x + side * size * 3.4 * j as f32 / 14.0;
            points.push((ox, crest(ox)));
        }
        sheet.polygon(
            &points,
            Fill::Fade { from: (crest(x), shade, 0.6), to: (foot + size * 0.8, shade, 0.05) },
        );
    }
    let mut rng = scene.place_rng(&format!("ripples {k}"));
    if depth < 4.0 {
        for _ in 0..50 {
            let (x, t) = (rng.range(left, right), rng.unit());
            let y = crest(x) + 0.02 + t * 0.22 * near;
            let tone = if rng.chance(0.5) { bright(lit, 1.07) } else { mix(lit, shade, 0.4) };
            sheet.line(
                &[(x, y), (x + 0.05 * near + 0.02, y + 0.006), (x + 0.11 * near + 0.04, y - 0.002)],
                0.004 * near,
                tone,
                0.4,
            );
        }
    }
    scene.hang(sheet, still());
}

/// Streaks of sand that the wind draws over the crests.
fn blowing(scene: &mut Scene<'_>) {
    let p = scene.palette.clone();
    let colour = mix(p.lit(hex(0xf0c890), 0.9, 1.0), p.haze, 0.3);
    for (k, depth) in [3.85, 2.35, 1.3].into_iter().enumerate() {
        let y = scene.ground(depth) - 0.06;
        let (left, _, right, _) = scene.set_bounds(depth);
        let span = (right - left) * 1.15;
        let mut sheet = scene.patch(depth, left, y - 0.09, left + span, y + 0.12);
        sheet.texture = 0.0;
        let mut rng = scene.place_rng(&format!("blowing {k}"));
        for _ in 0..26 {
            let x = left + 0.15 + (span - 0.5) * rng.unit();
            let yy = y + rng.range(-0.06, 0.09);
            let long = rng.range(0.08, 0.24);
            sheet.line(
                &[(x, yy), (x + long * 0.5, yy - 0.006), (x + long, yy + 0.004)],
                rng.range(0.002, 0.006),
                colour,
                0.28,
            );
        }
        let speed = if scene.reading.wind { 0.32 } else { 0.10 } * scene.view.k / depth.sqrt();
        let repeat = f64::from(span) * scene.view.k;
        let phase = k as f64;
        let item = scene.hang(
            sheet,
            Box::new(move |t| Pose {
                x: speed * t,
                y: 0.004 * (t * 1.2 + phase).sin(),
                opacity: 0.75 + 0.25 * (t * 0.8 + phase).sin(),
                ..Pose::default()
            }),
        );
        item.repeat = repeat;
    }
}
