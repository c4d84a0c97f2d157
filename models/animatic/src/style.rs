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
    /// Luma smoothed.
    soft: Vec<f32>,
    /// Strength of edges, 0..1.
    edges: Vec<f32>,
    /// Picture heights to pixels, relative to 1080.
    unit: f32,
}

impl<'a> View<'a> {
    /// Looks at a picture.
    pub fn new(picture: PlanesRef<'a>) -> Self {
        let (w, h) = (picture.width, picture.height);
        let unit = h as f32 / 1080.0;
        let light: Vec<f32> = picture.y.iter().map(|&v| (f32::from(v) - 4096.0) / 56064.0).collect();
        let soft = blur(&light, w, h, (3.0 * unit).round().max(1.0) as usize);
        let edges = sobel(&soft, w, h, unit);
        View { picture, light, soft, edges, unit }
    }

    fn at(&self, i: usize) -> (f32, f32) {
        ((i % self.picture.width) as f32 / self.unit, (i / self.picture.width) as f32 / self.unit)
    }
}

fn to_luma(v: f32) -> u16 {
    (4096.0 + 56064.0 * v.clamp(0.0, 1.0) + 0.5) as u16
}

/// Lines that swell with the dark.
fn engraving(view: &View<'_>, out: &mut Picture) {
    for (i, px) in out.y.iter_mut().enumerate() {
        let (x, y) = view.at(i);
        let dark = 1.0 - view.soft[i];
        let bend = (view.soft[i] - 0.5) * 14.0;
        let hatch = |u: f32, period: f32, weight: f32| {
            let d = ((u / period).fract() + 1.0).fract() - 0.5;
            smooth_step(weight * 0.5 + 0.06, weight * 0.5 - 0.06, d.abs())
        };
        let first = hatch(y + bend + 3.0 * (x / 140.0).sin(), 8.0, dark.powf(0.9) * 0.95);
        let second = if dark > 0.55 { hatch(x * 0.7 + y * 0.7, 8.0, (dark - 0.55) * 1.6) } else { 0.0 };
        let line = (view.edges[i] * 1.5).min(1.0);
        *px = to_luma(0.93 - 0.82 * first.max(second).max(line));
    }
    tone(view, out, (0.93, 0.90, 0.80), 0.16);
}

/// Black lines and flat colours.
fn ink(view: &View<'_>, out: &mut Picture) {
    for (i, px) in out.y.iter_mut().enumerate() {
        let v = view.soft[i];
        let steps = (v * 6.0).floor() / 6.0 + 0.10;
        let line = smooth_step(0.16, 0.42, view.edges[i]);
        let black = smooth_step(0.17, 0.10, v);
        *px = to_luma((steps * 0.75 + v * 0.25) * (1.0 - line.max(black) * 0.95));
    }
    stretch(view, out, 1.15);
}

/// Graphite on paper.
fn pencil(view: &View<'_>, out: &mut Picture) {
    for (i, px) in out.y.iter_mut().enumerate() {
        let (x, y) = view.at(i);
        let dark = 1.0 - view.soft[i];
        let stroke = noise::value((x + y) * 0.45, (x - y) * 0.035, 5);
        let tooth = noise::value(x * 0.5, y * 0.5, 9);
        let tone = smooth_step(0.15, 0.95, dark) * (0.35 + 0.65 * stroke) * (0.7 + 0.3 * tooth);
        *px =
            to_luma(0.95 - 0.72 * tone - 0.6 * smooth_step(0.06, 0.5, view.edges[i]) * (0.5 + 0.5 * stroke));
    }
    tone(view, out, (0.95, 0.93, 0.90), 0.0);
}

/// Washes that pool at their edges.
fn watercolour(view: &View<'_>, out: &mut Picture) {
    let (w, h) = (view.picture.width, view.picture.height);
    let wide = blur(&view.light, w, h, (9.0 * view.unit).round().max(1.0) as usize);
    for (i, px) in out.y.iter_mut().enumerate() {
        let (x, y) = view.at(i);
        let wash = noise::fbm(x / 90.0, y / 90.0, 3, 3) - 0.5;
        let paper = noise::value(x * 0.42, y * 0.42, 8) - 0.5;
        let v = wide[i] + wash * 0.10;
        let pooled = (v * 7.0).floor() / 7.0 * 0.55 + v * 0.45;
        *px = to_luma(0.14 + 0.86 * pooled + paper * 0.035 - 0.22 * smooth_step(0.08, 0.5, view.edges[i]));
    }
    stretch(view, out, 0.88);
}

/// Hard light without colour.
fn noir(view: &View<'_>, out: &mut Picture) {
    for (px, &v) in out.y.iter_mut().zip(&view.light) {
        *px = to_luma(smooth_step(0.10, 0.86, v) * 0.94);
    }
    out.cb.fill(NEUTRAL);
    out.cr.fill(NEUTRAL);
}

/// Chalk on rough paper.
fn pastel(view: &View<'_>, out: &mut Picture) {
    for (i, px) in out.y.iter_mut().enumerate() {
        let (x, y) = view.at(i);
        let grain = noise::value(x * 0.38 + y * 0.2, y * 0.38, 4) - 0.5;
        let stroke = noise::value((x - y) * 0.18, (x + y) * 0.02, 6) - 0.5;
        *px = to_luma(0.26 + 0.68 * view.soft[i] + grain * 0.11 + stroke * 0.08);
    }
    stretch(view, out, 0.78);
}

/// White lines on blue.
fn blueprint(view: &View<'_>, out: &mut Picture) {
    for (i, px) in out.y.iter_mut().enumerate() {
        let (x, y) = view.at(i);
        let line = smooth_step(0.05, 0.30, view.edges[i]);
        let grid = if x.rem_euclid(60.0) < 1.3 || y.rem_euclid(60.0) < 1.3 { 0.07 } else { 0.0 };
        *px = to_luma(0.20 + 0.10 * view.soft[i] + grid + 0.62 * line);
    }
    colour(view, out, |v| mix3((0.07, 0.20, 0.46), (0.93, 0.96, 1.0), smooth_step(0.34, 0.85, v)));
}

/// A few flat tones with cut edges.
fn woodcut(view: &View<'_>, out: &mut Picture) {
    for (i, px) in out.y.iter_mut().enumerate() {
        let (x, y) = view.at(i);
        let rough = (noise::value(x * 0.06, y * 0.06, 2) - 0.5) * 0.07;
        let v = view.soft[i] + rough;
        let tone = [0.08, 0.30, 0.54, 0.76, 0.94][(v * 5.0).clamp(0.0, 4.0) as usize];
        *px = to_luma(tone);
    }
    stretch(view, out, 1.2);
}

/// Dots that swell with the dark.
fn halftone(view: &View<'_>, out: &mut Picture) {
    for (i, px) in out.y.iter_mut().enumerate() {
        let (x, y) = view.at(i);
        let slant = std::f32::consts::FRAC_1_SQRT_2;
        let (u, v) = ((x + y) * slant / 9.0, (x - y) * slant / 9.0);
        let (du, dv) = (u.fract().abs() - 0.5, v.fract().abs() - 0.5);
        let dark = 1.0 - view.soft[i];
        let r = (dark * 0.52).sqrt();
        let dot = smooth_step(r, r - 0.12, (du * du + dv * dv).sqrt());
        *px = to_luma((0.35 + 0.62 * view.soft[i]) * (1.0 - 0.7 * dot));
    }
    stretch(view, out, 1.25);
}

/// Brown and faded.
fn sepia(view: &View<'_>, out: &mut Picture) {
    for (px, &v) in out.y.iter_mut().zip(&view.light) {
        *px = to_luma(0.06 + 0.86 * v);
    }
    colour(view, out, |v| mix3((0.16, 0.09, 0.05), (0.98, 0.91, 0.76), v));
}

fn smooth_step(from: f32, to: f32, v: f32) -> f32 {
    let t = ((v - from) / (to - from)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

fn mix3(a: (f32, f32, f32), b: (f32, f32, f32), t: f32) -> (f32, f32, f32) {
    (a.0 + (b.0 - a.0) * t, a.1 + (b.1 - a.1) * t, a.2 + (b.2 - a.2) * t)
}

/// Chroma of one paper colour, with a share of the picture's own.
fn tone(view: &View<'_>, out: &mut Picture, paper: (f32, f32, f32), own: f32) {
    let (cb, cr) = chroma_of(paper);
    for (out, (own_plane, base)) in
        [&mut out.cb, &mut out.cr].into_iter().zip([(view.picture.cb, cb), (view.picture.cr, cr)])
    {
        for (px, &v) in out.iter_mut().zip(own_plane) {
            let kept = (f32::from(v) - 32768.0) * own;
            *px = (32768.0 + base + kept).clamp(4096.0, 61440.0) as u16;
        }
    }
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
            let v = (f32::from(out.y[2 * j * w + 2 * i]) - 4096.0) / 56064.0;
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

/// Two box blurs in each direction.
pub(crate) fn blur(plane: &[f32], w: usize, h: usize, radius: usize) -> Vec<f32> {
    let mut out = plane.to_vec();
    let mut line = vec![0.0f32; w.max(h)];
    let norm = 1.0 / (2 * radius + 1) as f32;
    for _ in 0..2 {
        for row in out.chunks_mut(w) {
            line[..w].copy_from_slice(row);
            let at = |i: isize| line[i.clamp(0, w as isize - 1) as usize];
            let r = radius as isize;
            let mut sum: f32 = (-r..=r).map(at).sum();
            for (i, px) in row.iter_mut().enumerate() {
                *px = sum * norm;
                sum += at(i as isize + r + 1) - at(i as isize - r);
            }
        }
        let source = out.clone();
        let row = |y: isize| {
            let y = y.clamp(0, h as isize - 1) as usize;
            &source[y * w..(y + 1) * w]
        };
        let r = radius as isize;
        let mut sums = vec![0.0f32; w];
        for y in -r..=r {
            for (s, v) in sums.iter_mut().zip(row(y)) {
                *s += v;
            }
        }
        for (y, line) in out.chunks_mut(w).enumerate() {
            for (px, s) in line.iter_mut().zip(&sums) {
                *px = s * norm;
            }
            let (add, drop) = (row(y as isize + r + 1), row(y as isize - r));
            for ((s, a), d) in sums.iter_mut().zip(add).zip(drop) {
                *s += a - d;
            }
        }
    }
    out
}

/// Edge strength, about 0..1, measured over a distance that grows with the picture.
fn sobel(plane: &[f32], w: usize, h: usize, unit: f32) -> Vec<f32> {
    let d = (2.0 * unit).round().max(1.0) as usize;
    let mut out = vec![0.0f32; w * h];
    for y in 0..h {
        let (up, down) = (y.saturating_sub(d) * w, (y + d).min(h - 1) * w);
        for x in 0..w {
            let (l, r) = (x.saturating_sub(d), (x + d).min(w - 1));
            let gx = plane[y * w + r] - plane[y * w + l];
            let gy = plane[down + x] - plane[up + x];
            out[y * w + x] = ((gx * gx + gy * gy).sqrt() * 4.0).min(1.0);
        }
    }
    out
}
