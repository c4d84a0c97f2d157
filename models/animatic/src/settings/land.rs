//! Pieces of landscape that several settings share: ridges, ground, grass, trees, rocks.

use crate::compose::Bend;
use crate::grade::{Rgb, bright, hex, mix};
use crate::noise::{self, Rng};
use crate::palette::Palette;
use crate::reading::Season;
use crate::scene::{Fill, Item, Pose, Scene, Sheet, still};

/// A range of hills or mountains.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Range {
    pub depth: f64,
    /// Set height of its feet; up is negative.
    pub foot: f32,
    pub height: f32,
    /// Bumps across a picture's width.
    pub bumps: f32,
    pub rough: f32,
    pub octaves: u32,
    pub material: Rgb,
    /// Sharp peaks rather than round hills.
    pub peaks: bool,
    /// At which share of its height snow begins, on peaks.
    pub snow: f32,
    pub seed: u32,
}

impl Range {
    /// The skyline's set height.
    pub fn top(&self, x: f32) -> f32 {
        let n = noise::ridge(x * self.bumps + 31.7, self.seed, self.octaves, self.rough);
        let lift = if self.peaks {
            let fold = 1.0
                - noise::ridge(x * self.bumps * 0.8 + 7.1, self.seed ^ 77, self.octaves, self.rough).abs()
                    * 1.7;
            0.25 + 0.75 * fold.clamp(0.0, 1.0) + n * 0.25
        } else {
            0.62 + n * 0.75
        };
        self.foot - self.height * lift.max(0.04)
    }

    /// Paints it: lit at its crest, sunk in haze at its feet.
    pub fn paint<'s>(&self, scene: &'s mut Scene<'_>) -> &'s mut Item {
        let mut sheet = scene.sheet(self.depth, self.foot - self.height * 1.6, 9.0);
        let p = &scene.palette;
        let crest = p.lit(self.material, 0.75, self.depth);
        let base = mix(p.lit(self.material, 0.35, self.depth), p.haze, 0.55);
        let range = *self;
        sheet.below(
            move |x| range.top(x),
            Fill::Down { from: (self.foot - self.height, crest), to: (self.foot + 0.04, base) },
        );
        if self.peaks {
            self.facets(&mut sheet, p, crest);
        }
        scene.hang(sheet, still())
    }

    /// The snow on peaks, and their sides away from the light.
    fn facets(&self, sheet: &mut Sheet, p: &Palette, crest: Rgb) {
        let (left, _, right, _) = sheet.bounds();
        let snow = p.lit(hex(0xf6f8fb), 0.95, self.depth);
        self.snow(sheet, snow);
        let shade = mix(bright(crest, 0.66), mix(p.haze, hex(0x5d7196), 0.5), 0.25);
        let side = if p.sun_at.0 < 0.0 { 1.0 } else { -1.0 };
        let step = 0.25 / self.bumps;
        let n = ((right - left) / step) as usize;
        for i in 1..n {
            let x = left + i as f32 * step;
            let (a, b, c) = (self.top(x - step), self.top(x), self.top(x + step));
            if b < a && b < c {
                self.shaded_side(sheet, (x, b), side, shade, i as u64);
            }
        }
    }

    /// A summit's far side lies in shade down a jagged line, as far as its slope falls.
    fn shaded_side(&self, sheet: &mut Sheet, (x, y): (f32, f32), side: f32, shade: Rgb, own: u64) {
        let whole = (self.foot - y) * 0.85;
        let mut slope = vec![(x, y)];
        for k in 1..=40 {
            let at = x + side * whole * 1.25 * k as f32 / 40.0;
            let top = self.top(at);
            if slope.last().is_some_and(|last| top < last.1 - 0.002) {
                break;
            }
            slope.push((at, top));
        }
        // A short slope has a small shade: it ends in a point where the next summit begins.
        let long = slope.last().map_or(0.0, |last| (last.0 - x).abs());
        let fall = whole.min(long * 1.1);
        let mut rng = Rng::new(u64::from(self.seed) ^ own);
        let mut points = vec![(x, y)];
        for k in 1..=7 {
            let t = k as f32 / 7.0;
            let inward = 0.30 * t + rng.range(-0.06, 0.06) * (1.0 - t);
            points.push((x + side * inward * fall, y + fall * t));
        }
        points.extend(slope.into_iter().rev());
        sheet.polygon(&points, Fill::Fade { from: (y, shade, 0.6), to: (y + fall, shade, 0.0) });
    }

    /// Snow over all that is high: deep on the summits, thin and frayed where it ends.
    fn snow(&self, sheet: &mut Sheet, snow: Rgb) {
        let (left, _, right, _) = sheet.bounds();
        let line = self.foot - self.height * self.snow;
        let step = 0.004;
        let n = ((right - left) / step) as usize;
        let mut run: Vec<(f32, f32, f32)> = Vec::new();
        for i in 0..=n {
            let x = left + i as f32 * step;
            let top = self.top(x);
            if top < line {
                // Gullies hold it longer than ribs.
                let gully = noise::ridge(x * self.bumps * 5.0, self.seed ^ 41, 2, 0.5) * 0.32;
                let fray = noise::ridge(x * self.bumps * 22.0, self.seed ^ 43, 2, 0.6) * 0.24;
                let share = (0.52 + gully + fray).clamp(0.06, 0.96);
                run.push((x, top - 0.001, top + (line - top) * share));
            }
            if (top >= line || i == n) && run.len() > 1 {
                let mut points: Vec<(f32, f32)> = run.iter().map(|r| (r.0, r.1)).collect();
                points.extend(run.iter().rev().map(|r| (r.0, r.2)));
                sheet.polygon(&points, Fill::Flat(snow));
            }
            if top >= line {
                run.clear();
            }
        }
    }
}

/// The colour of meadows and leaves in a season.
pub(crate) fn green(season: Season) -> Rgb {
    match season {
        Season::Spring => hex(0x8fb356),
        Season::Summer => hex(0x6f9950),
        Season::Autumn => hex(0xb58a43),
        Season::Winter => hex(0xdfe7ee),
    }
}

/// Leaves' colours in a season, for variety.
pub(crate) fn leaves(season: Season, rng: &mut Rng) -> Rgb {
    let row: [u32; 4] = match season {
        Season::Spring => [0x7fae4e, 0x9cc063, 0xe7b9c4, 0x6d9f4a],
        Season::Summer => [0x4f7f45, 0x5f8f4a, 0x3f6f48, 0x6f9550],
        Season::Autumn => [0xc2622d, 0xd88f34, 0xa84a30, 0xb98a3c],
        Season::Winter => [0x6d6a66, 0x7a7672, 0x5f5d5c, 0x85827e],
    };
    hex(row[rng.below(4)])
}

/// The ground from a far depth to a near one, as one gradient with strokes of light and dark.
pub(crate) fn ground(scene: &mut Scene<'_>, far: f64, near: f64, material: Rgb, strokes: usize) {
    let (top, p) = (scene.ground(far), scene.palette.clone());
    let mut sheet = scene.sheet((far * near).sqrt().min(far), top - 0.02, 9.0);
    let (a, b) = (p.lit(material, 0.85, far), p.lit(material, 0.55, near));
    sheet.below(|x| top + 0.006 * (x * 9.0).sin(), Fill::Down { from: (top, a), to: (top + 0.42, b) });
    let (left, _, right, bottom) = sheet.bounds();
    let mut rng = scene.place_rng("ground");
    for _ in 0..strokes {
        let t = rng.unit();
        let y = top + (bottom.min(top + 0.8) - top) * t * t;
        let x = rng.range(left, right);
        let near = ((y - top) / 0.4).clamp(0.05, 1.5);
        let tone =
            if rng.chance(0.5) { bright(mix(a, b, near), 1.10) } else { bright(mix(a, b, near), 0.88) };
        let (w, h) = (0.10 * near + 0.03, 0.006 * near + 0.002);
        sheet.oval(x, y, w * rng.range(0.6, 1.6), h, Fill::Veil(tone, 0.55));
    }
    if scene.aerial() {
        patchwork(scene, &mut sheet, material);
    }
    scene.hang(sheet, still()).order = far;
}

/// Fields with hedges between them, as they lie under a flyer.
fn patchwork(scene: &Scene<'_>, sheet: &mut Sheet, material: Rgb) {
    let p = &scene.palette;
    let mut rng = scene.place_rng("patchwork");
    let eye = scene.eye_height as f32;
    let tones = [0x8fa85a, 0xc9b163, 0x6f8f4e, 0xa8884f, 0x88a070, 0xd2bd7a].map(hex);
    let winter = scene.reading.season == Season::Winter;
    let at = |x: f32, z: f32| (x / z, eye / z);
    for row in (0..22).rev() {
        let (near, far) = (0.62 + 0.42 * row as f32, 0.62 + 0.42 * (row + 1) as f32);
        let mut x = -2.2 * far - rng.range(0.0, 0.6);
        while x < 2.2 * far {
            let wide = rng.range(0.35, 0.95);
            let own = if winter {
                bright(material, rng.range(0.86, 1.0))
            } else {
                mix(tones[rng.below(6)], material, 0.4)
            };
            let depth = f64::from(near) * 1.6;
            let lit = p.lit(own, rng.range(0.5, 0.9), depth);
            let skew = 0.12 * (row as f32 * 0.9).sin();
            let quad =
                [at(x + skew, near), at(x + wide + skew, near), at(x + wide + skew, far), at(x + skew, far)];
            sheet.polygon(&quad, Fill::Flat(lit));
            let hedge = p.lit(hex(0x3d5a3c), 0.3, depth);
            sheet.line(&[quad[0], quad[3]], 0.010 / near, hedge, 0.8);
            sheet.line(&[quad[0], quad[1]], 0.008 / near, hedge, 0.7);
            for k in 0..3 {
                let t = rng.unit();
                if k < 2 && rng.chance(0.5) {
                    let (tx, ty) = at(x + skew, near + (far - near) * t);
                    sheet.oval(
                        tx,
                        ty - 0.008 / near,
                        0.022 / near,
                        0.019 / near,
                        Fill::Flat(bright(hedge, 0.9)),
                    );
                    sheet.oval(
                        tx - 0.004 / near,
                        ty - 0.013 / near,
                        0.014 / near,
                        0.011 / near,
                        Fill::Flat(bright(hedge, 1.3)),
                    );
                }
            }
            x += wide;
        }
    }
}

/// A fringe of blades along the picture's foot, near and dark, that leans in the wind.
pub(crate) fn grass(scene: &mut Scene<'_>, depth: f64, height: f32, material: Rgb) {
    if scene.close() || scene.aerial() {
        return;
    }
    let (left, _, right, bottom) = scene.set_bounds(depth);
    let foot = bottom.min(scene.ground(1.0) + 0.25).max(bottom - 0.06);
    let mut sheet = scene.patch(depth, left - 0.05, foot - height * 1.6, right + 0.05, foot + 0.06);
    let p = &scene.palette;
    let dark = p.ink(material, 0.45);
    let lit = mix(dark, p.lit(material, 0.8, 1.0), 0.55);
    let mut rng = scene.place_rng("grass");
    let n = ((right - left) / 0.011) as usize;
    for i in 0..n {
        let x = left + (right - left) * (i as f32 + rng.unit()) / n as f32;
        let clump = 0.45 + 0.75 * noise::value(x * 3.1, 2.0, scene.place_seed as u32);
        let h = height * clump * rng.range(0.6, 1.2);
        let lean = rng.range(-0.35, 0.45) * h;
        let w = 0.0035 + 0.003 * rng.unit();
        let colour = mix(dark, lit, rng.unit() * 0.8);
        sheet.blob(
            &[
                (x - w, foot + 0.06),
                (x - w * 0.6, foot - h * 0.5),
                (x + lean, foot - h),
                (x + w * 0.8, foot - h * 0.45),
                (x + w, foot + 0.06),
            ],
            Fill::Flat(colour),
        );
    }
    sway(scene, sheet, 16.0);
}

/// Clumps of fern along the picture's foot, most of them at its sides.
pub(crate) fn ferns(scene: &mut Scene<'_>, depth: f64, height: f32, clumps: usize) {
    if scene.close() || scene.aerial() {
        return;
    }
    let (left, _, right, bottom) = scene.set_bounds(depth);
    let foot = bottom.min(scene.ground(1.0) + 0.25).max(bottom - 0.06);
    let k = scene.view.k as f32;
    let height = height / k.sqrt();
    let mut sheet = scene.patch(depth, left - 0.05, foot - height * 1.3, right + 0.05, foot + 0.06);
    let p = scene.palette.clone();
    let green = if scene.reading.season == Season::Autumn { hex(0xa8793a) } else { hex(0x4f8a4a) };
    let dark = p.ink(green, 0.30);
    let lit = mix(dark, p.lit(green, 0.9, 1.0), 0.75);
    let mut rng = scene.place_rng(&format!("ferns {depth}"));
    for clump in 0..clumps {
        let side = if clump % 2 == 0 { left } else { right };
        let x = side + ((left + right) / 2.0 - side) * rng.range(0.05, 0.85);
        for frond in 0..9 {
            let lean = (frond as f32 - 4.0) / 4.0 + rng.range(-0.1, 0.1);
            let tall = height * (1.0 - 0.35 * lean * lean) * rng.range(0.75, 1.0);
            let colour = mix(dark, lit, rng.range(0.15, 1.0));
            fern_frond(&mut sheet, (x, foot + 0.03), (lean * height * 0.8, tall), colour);
        }
    }
    sway(scene, sheet, 9.0);
}

/// A frond: a stalk that bows outwards, leaflets to both sides that grow shorter to its tip.
fn fern_frond(sheet: &mut Sheet, (x, foot): (f32, f32), (reach, tall): (f32, f32), colour: Rgb) {
    let at = |t: f32| (x + reach * t * t, foot - tall * (1.35 * t - 0.35 * t * t * t));
    let stalk: Vec<(f32, f32)> = (0..=8).map(|i| at(i as f32 / 8.0)).collect();
    sheet.line(&stalk, tall * 0.016, bright(colour, 0.8), 1.0);
    for i in 2..15 {
        let t = i as f32 / 15.0;
        let ((px, py), (nx, ny)) = (at(t), at(t + 0.05));
        let long = ((nx - px).powi(2) + (ny - py).powi(2)).sqrt().max(1.0e-4);
        let (ux, uy) = ((nx - px) / long, (ny - py) / long);
        let leaf = tall * 0.26 * (1.0 - t).sqrt() * (t * 3.0).min(1.0);
        for side in [-1.0f32, 1.0] {
            let (dx, dy) = (-uy * side * 0.9 + ux * 0.45, ux * side * 0.9 + uy * 0.45);
            let w = tall * 0.020;
            sheet.polygon(
                &[
                    (px - ux * w, py - uy * w),
                    (px + dx * leaf * 0.5 - ux * w * 0.6, py + dy * leaf * 0.5 - uy * w * 0.6),
                    (px + dx * leaf, py + dy * leaf),
                    (px + dx * leaf * 0.5 + ux * w, py + dy * leaf * 0.5 + uy * w),
                    (px + ux * w, py + uy * w),
                ],
                Fill::Flat(if side < 0.0 { colour } else { bright(colour, 0.88) }),
            );
        }
    }
}

/// Hangs up a sheet that sways, its foot fixed; `amount` in pixels of a 1080-line picture.
pub(crate) fn sway<'s>(scene: &'s mut Scene<'_>, sheet: Sheet, amount: f64) -> &'s mut Item {
    let strength = if scene.reading.wind { 2.4 } else { 1.0 };
    let amount = amount * strength * sheet.density / 1080.0;
    let quick = if scene.reading.wind { 1.7 } else { 1.0 };
    let phase = scene.items.len() as f64 * 1.9;
    scene.hang(
        sheet,
        Box::new(move |t| {
            let s = (t * 0.9 * quick + phase).sin() + 0.35 * (t * 2.3 * quick + phase * 0.7).sin();
            Pose { bend: Bend::Sway(amount * s), ..Pose::default() }
        }),
    )
}

/// A fir: tiers that narrow to a point.
#[allow(clippy::too_many_arguments)]
pub(crate) fn fir(
    sheet: &mut Sheet,
    rng: &mut Rng,
    x: f32,
    foot: f32,
    height: f32,
    dark: Rgb,
    lit: Rgb,
    snow: Option<Rgb>,
) {
    sheet.rect(
        x - height * 0.018,
        foot - height * 0.16,
        x + height * 0.018,
        foot,
        Fill::Flat(bright(dark, 0.6)),
    );
    let tiers = 8;
    for k in 0..tiers {
        let t = k as f32 / tiers as f32;
        let bottom = foot - height * (0.10 + 0.74 * t);
        let top = foot - height * (0.34 + 0.68 * t).min(1.0);
        let half = height * 0.185 * (1.0 - t * 0.82) * rng.range(0.9, 1.1);
        let sag = height * 0.025;
        let colour = mix(dark, lit, t * 0.5);
        sheet.polygon(
            &[
                (x, top),
                (x + half * 0.55, bottom - sag * 2.0),
                (x + half, bottom + sag),
                (x + half * 0.45, bottom - sag * 0.6),
                (x, bottom + sag * 0.5),
                (x - half * 0.5, bottom - sag * 0.6),
                (x - half, bottom + sag),
                (x - half * 0.5, bottom - sag * 2.2),
            ],
            Fill::Flat(colour),
        );
        let cap = snow.unwrap_or(lit);
        let share = if snow.is_some() { 0.9 } else { 0.35 };
        sheet.polygon(
            &[
                (x, top),
                (x - half * 0.55, bottom - sag * 1.8),
                (x - half * 0.96, bottom + sag * 0.6),
                (x - half * 0.42, bottom - sag * 2.2),
                (x - half * 0.1, bottom - height * 0.08),
            ],
            Fill::Veil(cap, share),
        );
    }
}

/// A broad-leaved tree: a trunk that forks, and a crown of clumps lit from one side.
#[allow(clippy::too_many_arguments)]
pub(crate) fn tree(
    sheet: &mut Sheet,
    rng: &mut Rng,
    x: f32,
    foot: f32,
    height: f32,
    bark: Rgb,
    leaf: (Rgb, Rgb),
    bare: bool,
) {
    let lean = rng.range(-0.06, 0.06) * height;
    let fork = foot - height * 0.45;
    let w = height * 0.026;
    sheet.blob(
        &[
            (x - w * 1.7, foot + 0.004),
            (x - w * 0.8, foot - height * 0.2),
            (x + lean - w * 0.7, fork),
            (x + lean + w * 0.7, fork),
            (x + w * 0.8, foot - height * 0.2),
            (x + w * 1.7, foot + 0.004),
        ],
        Fill::Flat(bark),
    );
    for k in 0..5 {
        let a = -0.9 + 0.45 * k as f32 + rng.range(-0.1, 0.1);
        let tip = (x + lean + a * height * 0.36, fork - height * (0.42 - 0.13 * a.abs()));
        sheet.line(
            &[(x + lean * 0.6, fork + height * 0.1), (x + lean + a * height * 0.1, fork - height * 0.1), tip],
            w * 0.7,
            bark,
            1.0,
        );
        if bare {
            for s in [-1.0, 1.0] {
                sheet.line(
                    &[
                        ((x + lean + tip.0) / 2.0, (fork + tip.1) / 2.0),
                        (tip.0 + s * height * 0.09, tip.1 - height * 0.04),
                    ],
                    w * 0.3,
                    bark,
                    1.0,
                );
            }
        }
    }
    if bare {
        return;
    }
    let crown = |rng: &mut Rng| {
        let a = rng.range(0.0, std::f32::consts::TAU);
        let r = rng.unit().sqrt();
        (x + lean + a.cos() * r * height * 0.30, fork - height * 0.24 + a.sin() * r * height * 0.23)
    };
    for pass in 0..3 {
        for _ in 0..17 {
            let (cx, cy) = crown(rng);
            let size = height * rng.range(0.055, 0.105) * (1.0 - 0.18 * pass as f32);
            let t = pass as f32 / 2.0;
            let up = pass as f32 * height * 0.035;
            sheet.oval(
                cx - up * 0.5,
                cy - up,
                size * 1.15,
                size,
                Fill::Flat(mix(leaf.0, leaf.1, t * rng.range(0.6, 1.0))),
            );
        }
    }
}

/// A rock with a lit top.
pub(crate) fn rock(sheet: &mut Sheet, rng: &mut Rng, x: f32, foot: f32, size: f32, dark: Rgb, lit: Rgb) {
    let mut points = Vec::new();
    for k in 0..9 {
        let a = std::f32::consts::PI * (k as f32 / 8.0);
        let r = size * rng.range(0.75, 1.1);
        points.push((x - a.cos() * r * 1.3, foot - a.sin() * r * 0.85));
    }
    points.push((x + size * 1.2, foot + size * 0.3));
    points.push((x - size * 1.2, foot + size * 0.3));
    sheet.polygon(&points, Fill::Flat(dark));
    let top: Vec<(f32, f32)> = points[1..7]
        .iter()
        .map(|p| (p.0, p.1))
        .chain([
            (x + size * 0.35, foot - size * 0.45),
            (x - size * 0.25, foot - size * 0.36),
            (x - size * 0.8, foot - size * 0.3),
        ])
        .collect();
    sheet.polygon(&top, Fill::Veil(lit, 0.75));
}

/// A drifting band of mist.
pub(crate) fn mist(scene: &mut Scene<'_>, depth: f64, y: f32, height: f32, alpha: f32) {
    let haze = mix(scene.palette.haze, scene.palette.sky[3], 0.35);
    let seed = scene.place_seed as u32 ^ (y * 1000.0) as u32;
    let (left, _, right, _) = scene.set_bounds(depth);
    let span = (right - left) * 1.3;
    let turn = std::f32::consts::TAU / span;
    let colour = move |x: f32, yy: f32| {
        let v = ((yy - y) / height).abs();
        let body = (1.0 - v * v).max(0.0);
        // Noise on a circle has no seam where the band repeats.
        let n = noise::fbm((x * turn).cos() * 2.2 + 9.0, (x * turn).sin() * 2.2 + yy * 5.0, seed, 3);
        let a = body * body * alpha * (n * 2.2 - 0.45).clamp(0.0, 1.0);
        [haze[0], haze[1], haze[2], a]
    };
    let k = scene.view.k;
    let speed = if scene.reading.wind { 0.035 } else { 0.014 } * k;
    let repeat = f64::from(span) * k;
    let item = scene.hang_soft(
        depth,
        (y - height, y + height),
        0.2,
        (span - (right - left)) / 2.0,
        colour,
        Box::new(move |t| Pose { x: speed * t, ..Pose::default() }),
    );
    // The layer is exactly one period wide.
    item.repeat = repeat;
}
