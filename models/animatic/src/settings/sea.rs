//! The sea and its coasts: rolling rows of waves, a cliff or a beach, glitter under the sun.

use super::{Setting, land};
use crate::compose::Bend;
use crate::effects;
use crate::grade::{Rgb, bright, hex, mix};
use crate::noise;
use crate::reading::Weather;
use crate::scene::{Fill, Pose, Scene, Swarm, still};

/// The sea and its coasts.
pub(crate) struct Sea;

impl Setting for Sea {
    fn name(&self) -> &'static str {
        "sea"
    }

    fn words(&self) -> &'static [(&'static str, u32)] {
        &[
            ("sea", 5),
            ("ocean", 5),
            ("coast", 5),
            ("shore", 4),
            ("beach", 5),
            ("waves", 3),
            ("wave", 2),
            ("surf", 4),
            ("cliff", 3),
            ("cliffs", 3),
            ("bay", 3),
            ("island", 3),
            ("lighthouse", 3),
            ("tide", 3),
            ("headland", 4),
            ("seaside", 5),
            ("reef", 3),
            ("cove", 4),
            ("swell", 2),
            ("rocks", 1),
            ("gallery rail", 2),
            ("ships", 1),
            ("ship", 1),
        ]
    }

    fn details(&self) -> &'static [&'static str] {
        &[
            "foam", "spray", "sand", "rocks", "rock", "basalt", "dune", "dunes", "grass", "breakers",
            "water", "beam", "beams",
        ]
    }

    fn paint(&self, scene: &mut Scene<'_>) {
        effects::heavens(scene);
        far_coast(scene);
        water(scene, WATER, 1.0);
        glitter(scene);
        let cliff =
            scene.says(&["cliff", "cliffs", "headland", "lighthouse", "basalt", "promontory", "coast"]);
        let beach = scene.says(&["beach", "sand", "dune", "dunes", "cove", "shore"]);
        if cliff {
            headland(scene);
        }
        if scene.grounded() || beach {
            near_shore(scene, beach);
        } else if !scene.aerial() && scene.says(&["rocks", "rock", "cliff", "cliffs", "basalt", "reef"]) {
            near_rocks(scene);
        }
    }
}

/// Open water's own colour.
pub(crate) const WATER: u32 = 0x2b6b80;

fn far_coast(scene: &mut Scene<'_>) {
    let seed = scene.place_seed as u32 ^ 5;
    let mut rng = scene.place_rng("far coast");
    let side = if rng.chance(0.5) { 1.0 } else { -1.0 };
    let p = &scene.palette;
    let colour = p.lit(hex(0x5c6b70), 0.4, 16.0);
    let mut sheet = scene.sheet(30.0, -0.16, 0.02);
    sheet.below(
        |x| {
            0.004
                - 0.075
                    * (side * x - 0.12).clamp(0.0, 0.7)
                    * (0.8 + 0.5 * noise::ridge(x * 3.0, seed, 3, 0.5))
        },
        Fill::Down { from: (-0.07, colour), to: (0.01, mix(colour, p.haze, 0.5)) },
    );
    scene.hang(sheet, still());
}

/// The water's colour at a share of the way from the horizon to us.
fn tint(scene: &Scene<'_>, base: Rgb, near: f32) -> Rgb {
    let p = &scene.palette;
    let far = mix(p.sky[3], p.haze, 0.4);
    let deep = bright(p.lit(base, 0.45, 1.0), 0.92);
    // Water is seen by what it mirrors: the low sky far off, the high sky at our feet.
    let mirrored = mix(deep, p.sky[2], 0.34);
    mix(mix(far, mirrored, 0.5), mix(deep, p.sky[1], 0.26), near)
}

/// Rows of waves from the horizon to us; `swell` scales them.
pub(crate) fn water(scene: &mut Scene<'_>, colour: u32, swell: f32) {
    let base = hex(colour);
    let rough = match scene.reading.weather {
        Weather::Storm => 2.3,
        _ if scene.reading.wind => 1.6,
        _ => 1.0,
    } * swell;
    let (far, near) = (tint(scene, base, 0.0), tint(scene, base, 1.0));
    scene.hang_soft(
        28.0,
        (0.0, 9.0),
        0.25,
        0.0,
        move |_, y| {
            let t = (y / 0.42).clamp(0.0, 1.0);
            let c = mix(far, near, t.powf(0.7));
            [c[0], c[1], c[2], if y < 0.0 { 0.0 } else { 1.0 }]
        },
        still(),
    );
    let rows = if scene.aerial() { 11 } else { 9 };
    for row in 0..rows {
        wave_row(scene, base, row as f32 / (rows - 1) as f32, rough, row);
    }
}

/// One row of crests, that rolls sideways and heaves.
fn wave_row(scene: &mut Scene<'_>, base: Rgb, near: f32, rough: f32, row: usize) {
    // Where we stand on land, the water ends before it, and lies in its shelter.
    let beach = scene.says(&["beach", "sand", "dune", "dunes", "cove", "shore"]);
    let ashore = scene.grounded() || beach;
    let nearest: f64 = if ashore { 1.95 } else { 1.15 };
    let depth = 14.0 * (nearest / 14.0).powf(f64::from(near));
    let y = scene.ground(depth);
    let shelter = if beach && rough < 2.0 { 0.6 } else { 1.0 };
    let swell = if rough > 2.0 { 0.044 } else { 0.026 };
    let size = (0.006 + swell * near * near) * rough * shelter;
    let seed = scene.place_seed as u32 ^ (row as u32 * 91);
    let (left, _, right, _) = scene.set_bounds(depth);
    let length = 0.14 + 0.42 * near;
    let periods = ((right - left + 0.2) / length).ceil().max(2.0);
    let span = periods * length;
    let mut sheet =
        scene.patch(depth, left, y - size * 2.6, left + span, y + size * 1.5 + 0.10 * near + 0.012);
    let crest = |x: f32| {
        // Periodic over the span, so that it repeats without a seam.
        let u = (x - left) / span * std::f32::consts::TAU;
        let k = periods;
        let a = ((u * k).sin() * 0.5 + 0.5).powf(1.7);
        let b = ((u * (k + 1.0) + 2.1).sin() * 0.5 + 0.5) * (u * 2.0 + row as f32).sin().mul_add(0.4, 0.6);
        y - size * (0.85 * a + 0.65 * b)
    };
    let p = scene.palette.clone();
    let body = tint(scene, base, near);
    let lit = mix(mix(body, p.sky[2], 0.45), p.sky[3], 0.15);
    let (_, _, _, bottom) = sheet.bounds();
    let own = mix(body, lit, 0.20);
    if scene.aerial() {
        // See-through, so it ends where it begins again: an overlap would show as an upright line.
        let at = |i: usize| left + span * i as f32 / 400.0;
        let mut points: Vec<(f32, f32)> = (0..=400).map(|i| (at(i), crest(at(i)))).collect();
        points.extend([(left + span, bottom), (left, bottom)]);
        sheet.polygon(
            &points,
            Fill::Fade { from: (y + size * 0.5, own, 0.45), to: (bottom - 0.002, body, 0.0) },
        );
    } else {
        sheet.below(crest, Fill::Fade { from: (y + size * 0.5, own, 1.0), to: (bottom - 0.002, body, 0.0) });
    }
    crest_light(&mut sheet, crest, (left, left + span, y), size, lit, near);
    ripples(&mut sheet, crest, (left, left + span), (lit, bright(body, 0.80)), near, seed);
    if rough > 1.25 || near > 0.75 {
        foam(
            &mut sheet,
            crest,
            (left, left + span, y),
            size,
            mix(p.lit(hex(0xf3f7f6), 0.8, 1.0), p.haze, 0.25 * (1.0 - near)),
            rough,
            seed,
        );
    }
    let k = scene.view.k;
    let way = if row.is_multiple_of(2) { 1.0 } else { -0.6 };
    let speed = (0.012 + 0.05 * f64::from(near)) * f64::from(rough).sqrt() * way * k;
    let heave = f64::from(size) * 0.30 * k;
    let beat = 1.5 - 0.7 * f64::from(near);
    let phase = row as f64 * 1.7;
    let repeat = f64::from(span) * k;
    let item = scene.hang(
        sheet,
        Box::new(move |t| Pose {
            x: speed * t + heave * (t * beat + phase).cos(),
            y: heave * (t * beat + phase).sin(),
            ..Pose::default()
        }),
    );
    item.repeat = repeat;
}

/// The light along crests: none in the troughs, so that no outline is left.
fn crest_light(
    sheet: &mut crate::scene::Sheet,
    crest: impl Fn(f32) -> f32,
    (from, to, y): (f32, f32, f32),
    size: f32,
    lit: Rgb,
    near: f32,
) {
    let n = ((to - from) / 0.012) as usize;
    let at = |i: usize| from + (to - from) * i as f32 / n as f32;
    let mut top: Vec<(f32, f32)> = (0..=n).map(|i| (at(i), crest(at(i)))).collect();
    let under = |i: usize| {
        let x = at(i);
        let high = ((y - crest(x)) / size - 0.35).clamp(0.0, 1.0);
        crest(x) + size * 0.34 * high
    };
    top.extend((0..=n).rev().map(|i| (at(i), under(i))));
    sheet.polygon(&top, Fill::Veil(lit, 0.40 + 0.25 * near));
}

/// Flat dashes of light and dark between the crests, which tell water from land.
fn ripples(
    sheet: &mut crate::scene::Sheet,
    crest: impl Fn(f32) -> f32,
    (from, to): (f32, f32),
    (lit, dark): (Rgb, Rgb),
    near: f32,
    seed: u32,
) {
    let (_, _, _, bottom) = sheet.bounds();
    let mut rng = noise::Rng::new(u64::from(seed) ^ 0x7269_7070);
    let long = 0.012 + 0.052 * near;
    let count = ((to - from) / long * 1.3) as usize;
    for i in 0..count {
        let half = long * rng.range(0.35, 1.0);
        let x = rng.range(from + half, to - half);
        let top = crest(x).max(crest(x - half)).max(crest(x + half)) + 0.002;
        let t = rng.unit();
        let y = top + (bottom - top) * t * 0.92;
        let (tone, alpha) = if i % 3 == 0 { (dark, 0.34) } else { (lit, 0.42) };
        sheet.oval(x, y, half, half * 0.045 + 0.0007, Fill::Veil(tone, alpha * (1.0 - 0.7 * t)));
    }
}

/// Foam on the highest crests.
fn foam(
    sheet: &mut crate::scene::Sheet,
    crest: impl Fn(f32) -> f32,
    (from, to, y): (f32, f32, f32),
    size: f32,
    white: Rgb,
    rough: f32,
    seed: u32,
) {
    let n = ((to - from) / (size * 0.55).max(0.004)) as usize;
    for i in 0..n {
        let x = from + (to - from) * (i as f32 + 0.5) / n as f32;
        let high = (y - crest(x)) / size;
        let chance = noise::value(x * 9.0, 3.0, seed);
        if high > 1.25 - 0.35 * (rough - 1.0).clamp(0.0, 1.0) && chance > 0.42 {
            let s = size.min(0.035) * (0.10 + 0.22 * chance);
            sheet.oval(x, crest(x) + s * 0.4, s * 2.2, s * 0.32, Fill::Veil(white, 0.8));
            sheet.oval(x + s, crest(x) + s * 1.6, s * 1.7, s * 0.20, Fill::Veil(white, 0.45));
        }
    }
}

/// Dashes of light under the sun or moon, each twinkling in its own time. Those far off lie behind
/// a headland.
fn glitter(scene: &mut Scene<'_>) {
    if !scene.palette.has_sun() {
        return;
    }
    let (sx, high) = (scene.palette.sun_at.0, scene.palette.sun_at.1 > 0.25);
    let mut rng = scene.place_rng("glitter");
    let mut marks: [Vec<[f64; 5]>; 2] = Default::default();
    let shore = scene.ground(HEADLAND) + 0.02;
    for _ in 0..130 {
        let t = rng.unit();
        let y = 0.006 + 0.40 * t * t;
        let wide = 0.04 + 0.30 * t * t + if high { 0.10 } else { 0.0 };
        let x = sx + rng.range(-1.0, 1.0) * rng.unit() * wide;
        let (speed, phase) = (rng.range(1.2, 3.4), rng.range(0.0, std::f32::consts::TAU));
        marks[usize::from(y > shore)].push([x, y, 0.25 + 1.1 * t, speed, phase].map(f64::from));
    }
    let [far, near] = marks;
    twinkle(scene, HEADLAND + 0.1, far);
    twinkle(scene, 1.9, near);
}

/// Dashes at these places: x, y, scale, speed and phase of each.
fn twinkle(scene: &mut Scene<'_>, depth: f64, marks: Vec<[f64; 5]>) {
    if marks.is_empty() {
        return;
    }
    let light = mix(scene.palette.sun, scene.palette.sky[3], 0.25);
    let mut dash = scene.patch(depth, -0.03, -0.004, 0.03, 0.004);
    dash.texture = 0.0;
    dash.oval(0.0, 0.0, 0.028, 0.0026, Fill::Veil(light, 0.95));
    let k = scene.view.k;
    let item = scene.hang(dash, still());
    item.swarm = Some(Swarm {
        count: marks.len(),
        pose: Box::new(move |i, t| {
            let [x, y, scale, speed, phase] = marks[i];
            let on = (t * speed + phase).sin();
            Pose {
                x: x * k + 0.006 * (t * 0.8 + phase).sin(),
                y: y * k,
                scale,
                opacity: (0.25 + 0.75 * on).max(0.0),
                ..Pose::default()
            }
        }),
    });
}

/// Depth of the cliff that runs into the sea.
const HEADLAND: f64 = 3.6;

/// A cliff that runs into the sea, with surf at its foot. Buildings stand on it.
fn headland(scene: &mut Scene<'_>) {
    let mut rng = scene.place_rng("headland");
    let side: f32 = if rng.chance(0.5) { 1.0 } else { -1.0 };
    let (seed, depth) = (scene.place_seed as u32, HEADLAND);
    let (edge, crown) = (rng.range(0.10, 0.18), rng.range(0.15, 0.20));
    let foot = scene.ground(depth) + 0.012;
    let top = move |x: f32| {
        let u = side * x - edge;
        if u < 0.0 {
            return 2.0;
        }
        let steep = (u / 0.07).min(1.0);
        let rise = steep.powf(0.55) * (crown + 0.05 * (u * 2.0).min(1.0));
        let jag = noise::ridge(x * 16.0, seed, 3, 0.55) * 0.016 * (1.2 - steep * 0.7);
        foot - rise + jag
    };
    let p = scene.palette.clone();
    let stone = hex(if scene.says(&["chalk", "white cliff", "white cliffs"]) { 0xd8d4c8 } else { 0x5a5654 });
    let lit_side = p.sun_at.0 * side < edge * 2.0;
    let (face, shade) = (p.lit(stone, if lit_side { 0.7 } else { 0.25 }, depth), p.lit(stone, 0.05, depth));
    let mut sheet = scene.sheet(depth, foot - crown - 0.14, foot + 0.03);
    sheet.below(top, Fill::Down { from: (foot - crown, face), to: (foot, shade) });
    let (left, _, right, _) = sheet.bounds();
    for i in 0..70 {
        let x = left + (right - left) * (i as f32 + rng.unit()) / 70.0;
        let y = top(x);
        if y > foot - 0.03 {
            continue;
        }
        // Columns of rock: strokes that fall from the edge.
        let long = (foot - y) * rng.range(0.35, 0.95);
        let tone = if rng.chance(0.5) { bright(face, 1.16) } else { bright(shade, 0.82) };
        let lean = rng.range(-0.008, 0.008);
        sheet.line(
            &[(x, y + 0.012), (x + lean, y + long * 0.6), (x + lean * 2.0, y + long)],
            rng.range(0.003, 0.009),
            tone,
            0.6,
        );
    }
    let turf = p.lit(land::green(scene.reading.season), 0.7, depth);
    let n = 120;
    let line: Vec<(f32, f32)> = (0..=n)
        .map(|i| left + (right - left) * i as f32 / n as f32)
        .filter(|x| side * x > edge + 0.05)
        .map(|x| (x, top(x)))
        .collect();
    if line.len() > 2 {
        let mut band = line.clone();
        band.extend(
            line.iter()
                .rev()
                .map(|&(x, y)| (x, y + 0.016 + 0.008 * noise::ridge(x * 30.0, seed ^ 3, 2, 0.5))),
        );
        sheet.polygon(&band, Fill::Flat(turf));
    }
    scene.hang(sheet, still());
    let perch = edge + 0.22;
    scene.perch = Some((f64::from(side * perch), f64::from(top(side * perch) + 0.012), depth - 0.02));
    surf(scene, depth - 0.05, foot, side, edge);
}

/// Surf that breathes at a foot of rock, thinning out where the rock ends, and bursts over its corner.
fn surf(scene: &mut Scene<'_>, depth: f64, foot: f32, side: f32, edge: f32) {
    let white = mix(scene.palette.lit(hex(0xf6f9f8), 0.9, depth), scene.palette.sky[3], 0.15);
    let storm = if scene.reading.wind { 1.7 } else { 1.0 };
    let seed = scene.place_seed as u32 ^ 29;
    for k in 0..2u32 {
        // From the air more of the cliff is seen.
        let (start, end) = (edge - 0.07, edge + if scene.aerial() { 2.3 } else { 1.3 });
        let (a, b) = (side * start, side * end);
        let high = 0.032 * storm;
        let mut sheet =
            scene.patch(depth - 0.01 * f64::from(k), a.min(b), foot - high * 1.6, a.max(b), foot + 0.035);
        // Out of the water at the corner, up to its height within a short way.
        let swell = |u: f32| ((u - start) / 0.13).clamp(0.0, 1.0).powf(0.7);
        let lobe = |u: f32| (u * 46.0 + 3.0 * noise::value(u * 9.0, k as f32 * 7.0, seed)).sin().abs();
        let rise = |u: f32| {
            let own = 0.25 + 0.9 * noise::value(u * 6.0, 1.0 + k as f32 * 5.0, seed);
            high * own * (0.45 + 0.55 * lobe(u)) * swell(u)
        };
        let n = 260;
        let at = |i: usize| start + (end - start) * i as f32 / n as f32;
        let mut points: Vec<(f32, f32)> = (0..=n).map(|i| (side * at(i), foot - rise(at(i)))).collect();
        points.extend((0..=n).rev().map(|i| {
            let u = at(i);
            (side * u, foot + (0.008 + 0.016 * noise::value(u * 13.0, 2.0, seed ^ k)) * swell(u))
        }));
        sheet.polygon(
            &points,
            Fill::Fade { from: (foot - high * 0.5, white, 0.88), to: (foot + 0.022, white, 0.10) },
        );
        let phase = f64::from(k) * 2.4;
        let v = scene.view;
        let item = scene.hang(
            sheet,
            Box::new(move |t| {
                let s = (t * 1.5 + phase).sin();
                Pose { scale: 1.0 + 0.05 * s, y: -0.004 * s, opacity: 0.72 + 0.28 * s, ..Pose::default() }
            }),
        );
        item.pivot = (v.shift + f64::from(side * edge) * v.k, v.horizon + f64::from(foot) * v.k);
    }
    let rough = scene.says(&["waves", "wave", "surf", "burst", "breakers", "spray"]);
    if rough || scene.reading.wind {
        effects::spray(scene, depth - 0.03, (side * (edge + 0.05), foot - 0.004), 0.5);
    }
}

/// The land we stand on: sand with a lapping edge, or turf over rock.
fn near_shore(scene: &mut Scene<'_>, beach: bool) {
    let depth = 1.75;
    let top = scene.ground(depth) - 0.012;
    let seed = scene.place_seed as u32 ^ 17;
    let p = scene.palette.clone();
    let material = if beach { hex(0xdcc198) } else { land::green(scene.reading.season) };
    let mut sheet = scene.sheet(depth, top - 0.08, 9.0);
    let edge =
        move |x: f32| top + 0.022 * noise::ridge(x * 1.6, seed, 4, 0.5) + if beach { 0.02 * x } else { 0.0 };
    sheet.below(
        edge,
        Fill::Down { from: (top, p.lit(material, 0.8, 1.5)), to: (top + 0.3, p.lit(material, 0.30, 1.0)) },
    );
    let (left, _, right, bottom) = sheet.bounds();
    let mut rng = scene.place_rng("shore");
    for _ in 0..90 {
        let t = rng.unit();
        let y = top + 0.03 + (bottom.min(top + 0.6) - top) * t;
        let tone = p.lit(material, rng.range(0.1, 0.95), 1.2);
        sheet.oval(
            rng.range(left, right),
            y,
            rng.range(0.03, 0.14) * (0.5 + t),
            rng.range(0.002, 0.006) * (0.5 + t),
            Fill::Veil(tone, 0.5),
        );
    }
    let (dark, lit) = (p.lit(hex(0x55524f), 0.1, 1.3), p.lit(hex(0x8a8480), 0.8, 1.3));
    for _ in 0..7 {
        let x = rng.range(left, right);
        land::rock(&mut sheet, &mut rng, x, top + 0.05 + 0.02 * x.abs(), 0.02, dark, lit);
    }
    scene.hang(sheet, still());
    if beach {
        lapping(scene, depth, top);
    } else {
        land::grass(scene, 0.9, 0.075, material);
    }
}

/// The last thin wave on the sand, coming and going.
fn lapping(scene: &mut Scene<'_>, depth: f64, top: f32) {
    let white = scene.palette.lit(hex(0xf7faf8), 0.8, 1.4);
    let seed = scene.place_seed as u32 ^ 23;
    for k in 0..2 {
        let mut sheet = scene.sheet_wide(depth - 0.12 * f64::from(k) - 0.02, top - 0.06, top + 0.09, 0.1);
        let y = top + 0.018 * k as f32;
        let edge = move |x: f32| y + 0.02 * x + 0.014 * noise::ridge(x * 3.0 + k as f32 * 5.0, seed, 3, 0.5);
        let (left, _, right, _) = sheet.bounds();
        let n = 160;
        let mut points: Vec<(f32, f32)> =
            (0..=n).map(|i| left + (right - left) * i as f32 / n as f32).map(|x| (x, edge(x))).collect();
        points.extend(points.clone().iter().rev().map(|&(x, y)| (x, y + 0.014 + 0.007 * (x * 21.0).sin())));
        sheet.polygon(&points, Fill::Veil(white, 0.85));
        let phase = f64::from(k) * 2.0;
        scene.hang(
            sheet,
            Box::new(move |t| {
                let s = (t * 0.9 + phase).sin();
                Pose {
                    y: 0.010 * s,
                    x: 0.006 * s,
                    opacity: 0.6 + 0.4 * s,
                    bend: Bend::None,
                    ..Pose::default()
                }
            }),
        );
    }
}

/// Dark rocks close before us with bursting spray and foam about their feet.
fn near_rocks(scene: &mut Scene<'_>) {
    let depth = 1.12;
    let (left, _, right, bottom) = scene.set_bounds(depth);
    let foot = (bottom - 0.035).min(scene.ground(1.0) + 0.06);
    let p = scene.palette.clone();
    let veil = |c: Rgb| mix(c, p.haze, if p.night { 0.36 } else { 0.12 });
    let (dark, lit) = (veil(p.ink(hex(0x4a4644), 0.45)), veil(p.lit(hex(0x7a736d), 0.7, 1.2)));
    let mut rng = scene.place_rng("near rocks");
    let mut sheet = scene.sheet(depth, foot - 0.3, 9.0);
    let flank: f32 = if rng.chance(0.5) { 1.0 } else { -1.0 };
    let from_flank = |t: f32| {
        let way = (right - left) * 0.62 * t * t;
        if flank > 0.0 { right - way } else { left + way }
    };
    let mut stones: Vec<(f32, f32, f32)> = (0..16)
        .map(|_| {
            let t = rng.unit();
            let size = (0.15 - 0.09 * t) * rng.range(0.6, 1.2);
            (from_flank(t), foot + rng.range(-0.012, 0.04), size)
        })
        .collect();
    stones.sort_by(|a, b| a.1.total_cmp(&b.1));
    let white = p.lit(hex(0xf6f9f8), 0.85, 1.1);
    for (x, y, size) in stones {
        land::rock(&mut sheet, &mut rng, x, y, size, dark, lit);
        for k in 0..3 {
            let s = size * rng.range(0.28, 0.6);
            let at = x + size * (k as f32 - 1.0) * 0.7;
            sheet.oval(at, y + size * rng.range(0.0, 0.10), s, s * 0.16, Fill::Veil(white, 0.5));
        }
    }
    scene.hang(sheet, still());
    effects::spray(scene, depth + 0.02, (from_flank(0.72), foot - 0.02), 1.0);
}
