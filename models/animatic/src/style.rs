//! Styles: other manners of drawing, as filters of a picture's planes. Each is one function and a
//! line in [`STYLES`]; a style depends on the picture and its own seed alone, so that it is steady
//! from picture to picture.

use crate::grade::has_word;
use crate::noise;
use crate::planes::{NEUTRAL, Picture, PlanesRef, chroma_size};

/// A style: draws a picture anew.
pub(crate) type Style = fn(&View<'_>, &mut Picture);

/// The styles and the words that call them.
const STYLES: &[(&[&str], Style)] = &[
    (&["engraving", "engraved", "etching", "etched", "hatching", "banknote"], engraving),
    (&["blueprint", "cyanotype", "technical drawing"], blueprint),
    (
        &[
            "watercolour",
            "watercolor",
            "aquarelle",
            "gouache",
            "wash",
            "oil",
            "painted",
            "painting",
            "impressionist",
        ],
        watercolour,
    ),
    (&["noir", "black and white", "black-and-white", "monochrome", "silent film"], noir),
    (&["ink", "inked", "comic", "comics", "line art", "manga", "cartoon", "graphic novel"], ink),
    (&["pencil", "charcoal", "graphite", "sketch", "drawing", "sketched"], pencil),
    (&["pastel", "chalk", "crayon"], pastel),
    (
        &["woodcut", "linocut", "poster", "posterised", "posterized", "screen print", "cut paper", "stencil"],
        woodcut,
    ),
    (&["halftone", "newsprint", "pop art"], halftone),
    (&["sepia", "daguerreotype", "old photograph", "vintage"], sepia),
];

/// The style that words call.
pub(crate) fn find(words: &str) -> Option<Style> {
    let lower = words.to_lowercase();
    STYLES.iter().find(|(names, _)| names.iter().any(|n| has_word(&lower, n))).map(|(_, style)| *style)
}

/// The names of all styles.
pub(crate) fn known() -> String {
    STYLES.iter().map(|(names, _)| names[0]).collect::<Vec<_>>().join(", ")
}

/// A picture, with what styles ask of it.
pub(crate) struct View<'a> {
    pub picture: PlanesRef<'a>,
    /// Luma in 0..1.
    light: Vec<f32>,
    /// Luma spread over the tones that paper has, so that a night can be read as well as a noon;
    /// smoothed a
    /// little, with what is small brought out.
    soft: Vec<f32>,
    /// Strength of contours on their dark side, 0..1.
    lines: Vec<f32>,
    /// Picture heights to pixels, relative to 1080.
    unit: f32,
    /// The same for patterns of lines and dots, which grow no finer than pixels can show.
    pattern: f32,
}

impl<'a> View<'a> {
    /// Looks at a picture.
    pub fn new(picture: PlanesRef<'a>) -> Self {
        let (w, h) = (picture.width, picture.height);
        let unit = h as f32 / 1080.0;
        let light: Vec<f32> = picture.y.iter().map(|&v| (f32::from(v) - 4096.0) / 56064.0).collect();
        let curve = exposure(&light);
        let spread: Vec<f32> = light.iter().map(|&v| curve.at(v)).collect();
        let radius = |r: f32| (r * unit).round().max(1.0) as usize;
        let mut soft = blur(&spread, w, h, radius(1.6));
        let far = blur(&spread, w, h, radius(5.0));
        let lines = contours(&soft, &far);
        for (near, far) in soft.iter_mut().zip(&far) {
            *near = (*near + 0.7 * (*near - far)).clamp(0.0, 1.0);
        }
        View { picture, light, soft, lines, unit, pattern: unit.max(0.6) }
    }

    fn at(&self, i: usize) -> (f32, f32) {
        ((i % self.picture.width) as f32 / self.pattern, (i / self.picture.width) as f32 / self.pattern)
    }
}

/// How much darker than its surroundings each pixel is, 0..1.
fn contours(near: &[f32], far: &[f32]) -> Vec<f32> {
    near.iter().zip(far).map(|(n, f)| smooth_step(0.012, 0.065, f - n)).collect()
}

/// A curve of tones, by samples.
struct Curve([f32; 257]);

impl Curve {
    fn at(&self, v: f32) -> f32 {
        let x = (v.clamp(0.0, 1.0) * 256.0).min(255.99);
        let (k, t) = (x as usize, x.fract());
        self.0[k] + (self.0[k + 1] - self.0[k]) * t
    }
}

/// The curve that spreads a picture's tones over black and white and brings its middle tone near
/// the middle. It follows from shares of the pixels, so it moves as slowly as the picture does.
fn exposure(light: &[f32]) -> Curve {
    let mut counts = [0u32; 1024];
    for v in light {
        counts[(v.clamp(0.0, 1.0) * 1023.0) as usize] += 1;
    }
    let share = |part: f64| {
        let wanted = part * light.len() as f64;
        let mut below = 0.0;
        for (k, &n) in counts.iter().enumerate() {
            if below + f64::from(n) >= wanted {
                let within = (wanted - below) / f64::from(n.max(1));
                return ((k as f64 + within) / 1024.0) as f32;
            }
            below += f64::from(n);
        }
        1.0
    };
    let (low, middle, high) = (share(0.01), share(0.5), share(0.99));
    let low = low.min(0.25);
    let span = (high - low).max(0.22);
    let at = ((middle - low) / span).clamp(0.02, 0.98);
    let gamma = (at.clamp(0.42, 0.64).ln() / at.ln()).clamp(0.55, 1.5);
    let mut curve = [0.0; 257];
    for (k, out) in curve.iter_mut().enumerate() {
        *out = ((k as f32 / 256.0 - low) / span).clamp(0.0, 1.0).powf(gamma);
    }
    Curve(curve)
}

fn to_luma(v: f32) -> u16 {
    (4096.0 + 56064.0 * v.clamp(0.0, 1.0) + 0.5) as u16
}

/// What a number has beyond the whole one below it.
fn fraction(v: f32) -> f32 {
    let rest = v - v as i32 as f32;
    if rest < 0.0 { rest + 1.0 } else { rest }
}

/// Ink of a set of parallel lines: `across` runs over them in units of their distance, `weight` is
/// the share of the paper that they cover, `fuzz` the softness of their edges.
fn hatch(across: f32, weight: f32, fuzz: f32) -> f32 {
    let d = (fraction(across) - 0.5).abs() * 2.0;
    smooth_step(weight + fuzz, weight - fuzz, d) * (weight * 12.0).min(1.0)
}

/// Lines that swell with the dark, crossed in the shades, and cut contours, in brown on warm paper.
fn engraving(view: &View<'_>, out: &mut Picture) {
    let w = view.picture.width;
    // The lines sway along both axes: the sine of a sum, from the sines of its parts.
    let turn = |n: usize, length: f32| -> Vec<(f32, f32)> {
        (0..n).map(|i| (i as f32 / view.pattern / length).sin_cos()).collect()
    };
    let (across, down) = (turn(w, 170.0), turn(view.picture.height, 310.0));
    let rows = out.y.chunks_exact_mut(w).zip(view.soft.chunks_exact(w)).zip(view.lines.chunks_exact(w));
    for (((row, soft), lines), (j, &(sin_y, cos_y))) in rows.zip(down.iter().enumerate()) {
        let y = j as f32 / view.pattern;
        let tones = soft.iter().zip(lines).zip(&across);
        for ((i, px), ((&soft, &line), &(sin_x, cos_x))) in row.iter_mut().enumerate().zip(tones) {
            let x = i as f32 / view.pattern;
            let dark = 1.0 - soft;
            let wave = 5.0 * (sin_x * cos_y + cos_x * sin_y);
            // Two sets that cross steeply, wide enough apart that they never run into a pattern of dots.
            let first = hatch((y + 0.32 * x + wave) / 8.0, (dark - 0.10) * 1.04, 0.22);
            let second = hatch((x - 0.45 * y + wave) / 9.0, (dark - 0.74) * 1.3, 0.22);
            let ink = 1.0 - (1.0 - first) * (1.0 - second);
            *px = to_luma(1.0 - ink.max(line));
        }
    }
    colour(view, out, |v| mix3((0.17, 0.10, 0.06), (0.965, 0.94, 0.88), v));
}

/// Black lines and flat colours.
fn ink(view: &View<'_>, out: &mut Picture) {
    let (w, h) = (view.picture.width, view.picture.height);
    let flat = blur(&view.light, w, h, (4.0 * view.unit).round().max(1.0) as usize);
    for (i, px) in out.y.iter_mut().enumerate() {
        let v = flat[i] * 0.6 + view.soft[i] * 0.4;
        let line = smooth_step(0.25, 0.6, view.lines[i]);
        let black = smooth_step(0.10, 0.04, view.soft[i]);
        // Half of each tone stays as it was: a sky that is cut up wholly shows rings.
        let tone = 0.5 * stepped(v, 6.0, 0.14) + 0.5 * v;
        *px = to_luma((0.10 + 0.90 * tone) * (1.0 - line.max(black * 0.8) * 0.94));
    }
    stretch(view, out, 1.2);
}

/// A tone brought to one of `n` levels; `ramp` is the share of a level that leads to the next.
fn stepped(v: f32, n: f32, ramp: f32) -> f32 {
    let level = (v * n).floor();
    let rise = smooth_step(1.0 - ramp, 1.0, v * n - level);
    (level + rise + 0.5 * (1.0 - rise) * f32::from(level < 1.0)) / n
}

/// Graphite on paper.
fn pencil(view: &View<'_>, out: &mut Picture) {
    for (i, px) in out.y.iter_mut().enumerate() {
        let (x, y) = view.at(i);
        let dark = 1.0 - view.soft[i];
        let stroke = noise::value((x + y) * 0.34, (x - y) * 0.028, 5);
        let cross = noise::value((x - y * 0.6) * 0.34, (x * 0.6 + y) * 0.028, 7);
        let tooth = noise::value(x * 0.5, y * 0.5, 9);
        let light_hand = smooth_step(0.08, 0.85, dark) * (0.30 + 0.70 * stroke);
        let heavy_hand = smooth_step(0.45, 1.0, dark) * (0.35 + 0.65 * cross);
        let graphite = (light_hand * 0.62 + heavy_hand * 0.42) * (0.72 + 0.28 * tooth);
        let line = view.lines[i] * (0.55 + 0.25 * tooth);
        *px = to_luma(1.0 - (1.0 - (1.0 - graphite) * (1.0 - line)) * 0.95);
    }
    colour(view, out, |v| mix3((0.13, 0.13, 0.14), (0.955, 0.945, 0.915), v));
}

/// Washes that pool at their edges, on rough paper that shines through.
fn watercolour(view: &View<'_>, out: &mut Picture) {
    let (w, h) = (view.picture.width, view.picture.height);
    let radius = |r: f32| (r * view.unit).round().max(1.0) as usize;
    let wide = blur(&view.soft, w, h, radius(6.0));
    for (i, px) in out.y.iter_mut().enumerate() {
        let (x, y) = view.at(i);
        let wash = noise::fbm(x / 110.0, y / 110.0, 3, 3) - 0.5;
        let paper = noise::value(x * 0.33, y * 0.33, 8) + noise::value(x * 0.11, y * 0.11, 18) - 1.0;
        let v = wide[i] * 0.55 + view.light[i] * 0.45 + wash * 0.16;
        let pooled = stepped(v, 9.0, 0.6) * 0.4 + v * 0.6;
        // Pigment gathers where a wash ends.
        let rim = smooth_step(0.10, 0.9, view.lines[i]) * 0.20;
        *px = to_luma(0.17 + 0.80 * pooled + paper * 0.022 - rim);
    }
    stretch(view, out, 1.0);
}

/// Hard light without colour.
fn noir(view: &View<'_>, out: &mut Picture) {
    for ((px, &v), &s) in out.y.iter_mut().zip(&view.light).zip(&view.soft) {
        *px = to_luma(0.015 + smooth_step(-0.04, 1.0, s * 0.72 + v * 0.28) * 0.95);
    }
    out.cb.fill(NEUTRAL);
    out.cr.fill(NEUTRAL);
}

/// Chalk on rough paper.
fn pastel(view: &View<'_>, out: &mut Picture) {
    for (i, px) in out.y.iter_mut().enumerate() {
        let (x, y) = view.at(i);
        let tooth = noise::value(x * 0.42 + y * 0.2, y * 0.42, 4) - 0.5;
        let stroke = noise::value((x - y) * 0.16, (x + y) * 0.012, 6) - 0.5;
        let v = 0.22 + 0.72 * (view.soft[i] * 0.6 + view.light[i] * 0.4);
        *px = to_luma(v + tooth * 0.10 + stroke * 0.09 - view.lines[i] * 0.07);
    }
    stretch(view, out, 1.0);
}

/// White lines on blue.
fn blueprint(view: &View<'_>, out: &mut Picture) {
    for (i, px) in out.y.iter_mut().enumerate() {
        let (x, y) = view.at(i);
        let fine = x.rem_euclid(30.0) < 1.4 || y.rem_euclid(30.0) < 1.4;
        let main = x.rem_euclid(150.0) < 1.8 || y.rem_euclid(150.0) < 1.8;
        let grid = 0.06 * f32::from(fine) + 0.07 * f32::from(main);
        let shade = hatch((x + y) / 9.0, (0.34 - view.soft[i]) * 0.8, 0.3) * 0.20;
        *px = to_luma(0.16 * view.soft[i] + (grid + shade) + 0.9 * smooth_step(0.05, 0.75, view.lines[i]));
    }
    colour(view, out, |v| mix3((0.06, 0.17, 0.40), (0.95, 0.98, 1.0), v));
}

/// A few flat tones; gouges along the grain of the block lead from one to the next.
fn woodcut(view: &View<'_>, out: &mut Picture) {
    const TONES: [f32; 6] = [0.07, 0.28, 0.50, 0.72, 0.92, 0.97];
    let (w, h) = (view.picture.width, view.picture.height);
    let flat = blur(&view.soft, w, h, (2.0 * view.unit).round().max(1.0) as usize);
    let sway: Vec<f32> = (0..w).map(|i| 2.4 * (i as f32 / view.pattern / 90.0).sin_cos().0).collect();
    for (i, px) in out.y.iter_mut().enumerate() {
        let (x, y) = view.at(i);
        let v = (flat[i] * 5.0).clamp(0.0, 4.999);
        let (level, part) = (v as usize, v.fract());
        let grain = (y + 0.06 * x + sway[i % w]) / 9.0;
        let cut = hatch(grain, ((part - 0.45) * 1.8).clamp(0.0, 1.0), 0.2);
        let tone = TONES[level] + (TONES[level + 1] - TONES[level]) * cut;
        *px = to_luma(tone * (1.0 - 0.85 * smooth_step(0.35, 0.7, view.lines[i])));
    }
    stretch(view, out, 1.15);
}

/// Dots that swell with the dark.
fn halftone(view: &View<'_>, out: &mut Picture) {
    for (i, px) in out.y.iter_mut().enumerate() {
        let (x, y) = view.at(i);
        let (u, v) = ((x * 0.8 + y * 0.6) / 9.5, (y * 0.8 - x * 0.6) / 9.5);
        let (du, dv) = (u.rem_euclid(1.0) - 0.5, v.rem_euclid(1.0) - 0.5);
        let dark = 1.0 - view.soft[i];
        let r = (dark * 0.40).sqrt();
        let dot = smooth_step(r + 0.11, r - 0.11, (du * du + dv * dv).sqrt()) * (dark * 10.0).min(1.0);
        let base = 0.40 + 0.34 * view.soft[i] + 0.24 * view.light[i];
        *px = to_luma(base * (1.0 - 0.62 * dot) * (1.0 - 0.8 * smooth_step(0.3, 0.8, view.lines[i])));
    }
    stretch(view, out, 1.25);
}

/// Brown and faded.
fn sepia(view: &View<'_>, out: &mut Picture) {
    for ((px, &v), &s) in out.y.iter_mut().zip(&view.light).zip(&view.soft) {
        *px = to_luma(0.05 + 0.92 * (v * 0.45 + s * 0.55));
    }
    colour(view, out, |v| mix3((0.15, 0.09, 0.05), (0.98, 0.92, 0.78), v));
}

fn smooth_step(from: f32, to: f32, v: f32) -> f32 {
    let t = ((v - from) / (to - from)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

fn mix3(a: (f32, f32, f32), b: (f32, f32, f32), t: f32) -> (f32, f32, f32) {
    (a.0 + (b.0 - a.0) * t, a.1 + (b.1 - a.1) * t, a.2 + (b.2 - a.2) * t)
}

fn chroma_of(rgb: (f32, f32, f32)) -> (f32, f32) {
    let luma = 0.2126 * rgb.0 + 0.7152 * rgb.1 + 0.0722 * rgb.2;
    (57344.0 * (rgb.2 - luma) / 1.8556, 57344.0 * (rgb.0 - luma) / 1.5748)
}

/// The picture's own chroma, more or less of it.
fn stretch(view: &View<'_>, out: &mut Picture, k: f32) {
    for (out, own) in [&mut out.cb, &mut out.cr].into_iter().zip([view.picture.cb, view.picture.cr]) {
        for (px, &v) in out.iter_mut().zip(own) {
            *px = (32768.0 + (f32::from(v) - 32768.0) * k).clamp(4096.0, 61440.0) as u16;
        }
    }
}

/// Luma and chroma from a colour by the luma drawn so far.
fn colour(view: &View<'_>, out: &mut Picture, map: impl Fn(f32) -> (f32, f32, f32)) {
    let (w, h) = (view.picture.width, view.picture.height);
    let (cw, ch) = chroma_size(w, h);
    for j in 0..ch {
        for i in 0..cw {
            // The mean of the pixels about the sample, so that fine lines leave no pattern in it.
            let (top, bottom) = (2 * j * w, (2 * j + 1).min(h - 1) * w);
            let (l, x, r) = ((2 * i).saturating_sub(1), 2 * i, (2 * i + 1).min(w - 1));
            let sum = |row: usize| {
                let at = |x: usize| f32::from(out.y[row + x]);
                at(l) + 2.0 * at(x) + at(r)
            };
            let v = ((sum(top) + sum(bottom)) * 0.125 - 4096.0) / 56064.0;
            let (cb, cr) = chroma_of(map(v));
            out.cb[j * cw + i] = (32768.0 + cb) as u16;
            out.cr[j * cw + i] = (32768.0 + cr) as u16;
        }
    }
    for px in &mut out.y {
        let c = map((f32::from(*px) - 4096.0) / 56064.0);
        *px = to_luma(0.2126 * c.0 + 0.7152 * c.1 + 0.0722 * c.2);
    }
}

/// Two box blurs in each direction; edges repeat.
pub(crate) fn blur(plane: &[f32], w: usize, h: usize, radius: usize) -> Vec<f32> {
    pulp::Arch::new().dispatch(Blur { plane, w, h, radius })
}

/// A blur to do with the widest registers there are.
struct Blur<'a> {
    plane: &'a [f32],
    w: usize,
    h: usize,
    radius: usize,
}

impl pulp::NullaryFnOnce for Blur<'_> {
    type Output = Vec<f32>;

    #[inline(always)]
    fn call(self) -> Vec<f32> {
        let Self { plane, w, h, radius } = self;
        let (mut out, mut other) = (plane.to_vec(), vec![0.0; w * h]);
        let mut wide = vec![0.0; w + 2 * radius];
        for _ in 0..2 {
            for row in out.chunks_exact_mut(w) {
                wide[..radius].fill(row[0]);
                wide[radius..radius + w].copy_from_slice(row);
                wide[radius + w..].fill(row[w - 1]);
                box_row(&mut wide, 2 * radius + 1, row);
            }
            box_columns(&out, w, h, radius, &mut other);
            std::mem::swap(&mut out, &mut other);
        }
        out
    }
}

/// Means of `size` neighbours, from the left on. Sums of 1, 2, 4, ... neighbours are made of one another,
/// so that many are added at once.
#[inline(always)]
fn box_row(line: &mut [f32], size: usize, out: &mut [f32]) {
    out.fill(0.0);
    let (mut width, mut done) = (1, 0);
    loop {
        if size & width != 0 {
            for (sum, part) in out.iter_mut().zip(&line[done..]) {
                *sum += part;
            }
            done += width;
        }
        if done == size {
            break;
        }
        let sums = line.len() - width;
        for i in 0..sums {
            line[i] += line[i + width];
        }
        width *= 2;
    }
    let norm = 1.0 / size as f32;
    out.iter_mut().for_each(|sum| *sum *= norm);
}

/// Means of the rows about each row.
#[inline(always)]
fn box_columns(from: &[f32], w: usize, h: usize, radius: usize, to: &mut [f32]) {
    let norm = 1.0 / (2 * radius + 1) as f32;
    let r = radius as isize;
    let row = |y: isize| {
        let y = y.clamp(0, h as isize - 1) as usize;
        &from[y * w..(y + 1) * w]
    };
    let mut sums = vec![0.0f32; w];
    for y in -r..=r {
        for (s, v) in sums.iter_mut().zip(row(y)) {
            *s += v;
        }
    }
    for (y, line) in to.chunks_exact_mut(w).enumerate() {
        let (add, drop) = (row(y as isize + r + 1), row(y as isize - r));
        for (((px, s), a), d) in line.iter_mut().zip(&mut sums).zip(add).zip(drop) {
            *px = *s * norm;
            *s += a - d;
        }
    }
}
