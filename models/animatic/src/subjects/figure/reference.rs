//! A character's reference picture: cut out of its background, and read for its colours.

use super::look::{Hat, Look};
use crate::paint::{Light, PaintCx, Painting};
use crate::subjects::canvas::{Canvas, Frame};
use crate::subjects::colour::Rgb;
use image::RgbaImage;
use tiny_skia::Pixmap;

/// The longest side a reference is kept at.
const MOST: u32 = 2048;

/// A character cut out of a picture.
#[derive(Clone, Debug)]
pub struct Reference {
    cutout: Pixmap,
}

impl Reference {
    /// Cuts the character out: by the picture's own alpha, or else by taking away what is of the
    /// border's colour and touches the border. Nothing if nothing is left.
    pub fn cut(image: &RgbaImage) -> Option<Reference> {
        let small = shrink(image);
        let alpha = if has_alpha(&small) { small.pixels().map(|p| p.0[3]).collect() } else { flood(&small) };
        trim(&small, &alpha).map(|cutout| Reference { cutout })
    }

    /// Whether it shows a whole figure rather than a portrait.
    pub fn is_full(&self) -> bool {
        self.cutout.height() as f32 >= self.cutout.width() as f32 * 1.75
    }

    /// The cut-out, premultiplied.
    pub fn cutout(&self) -> &Pixmap {
        &self.cutout
    }

    /// Gives the drawn figure the picture's colours.
    pub fn colour(&self, look: &mut Look) {
        let (head, skin, cloth, legs) = if self.is_full() {
            ((0.0, 0.045), (0.085, 0.115), (0.22, 0.42), Some((0.64, 0.84)))
        } else {
            ((0.02, 0.12), (0.4, 0.5), (0.82, 1.0), None)
        };
        if let Some(top) = self.sample(head, 0.5) {
            match &mut look.hat {
                Some((Hat::Crown, _)) => {}
                Some((_, colour)) => *colour = top,
                None => look.hair = top,
            }
        }
        if let Some(skin) = self.sample(skin, 0.4) {
            // A face half in shade or behind a beard is no skin.
            if skin.0[0] >= skin.0[2] && skin.luma() > 0.2 {
                look.skin = skin;
            }
        }
        if let Some(cloth) = self.sample(cloth, 0.5) {
            look.cloth = cloth;
        }
        if let Some(legs) = legs.and_then(|rows| self.sample(rows, 0.7)) {
            look.legs = legs;
        }
    }

    /// The middling colour of some rows, over the middle part of their width.
    fn sample(&self, rows: (f32, f32), part: f32) -> Option<Rgb> {
        let (w, h) = (self.cutout.width() as usize, self.cutout.height() as usize);
        let (from, to) = ((rows.0 * h as f32) as usize, ((rows.1 * h as f32) as usize).min(h));
        let mut seen: [Vec<u8>; 3] = Default::default();
        for row in self.cutout.pixels().chunks_exact(w).take(to).skip(from) {
            let opaque = |p: &tiny_skia::PremultipliedColorU8| p.alpha() > 200;
            let (Some(a), Some(b)) = (row.iter().position(opaque), row.iter().rposition(opaque)) else {
                continue;
            };
            let inset = ((b - a) as f32 * (1.0 - part) / 2.0) as usize;
            for p in row[a + inset..=b - inset].iter().filter(|p| opaque(p)) {
                let c = p.demultiply();
                seen[0].push(c.red());
                seen[1].push(c.green());
                seen[2].push(c.blue());
            }
        }
        if seen[0].is_empty() {
            return None;
        }
        let median = |v: &mut Vec<u8>| {
            let mid = v.len() / 2;
            f32::from(*v.select_nth_unstable(mid).1) / 255.0
        };
        Some(Rgb([median(&mut seen[0]), median(&mut seen[1]), median(&mut seen[2])]))
    }

    /// The picture as the standing figure.
    pub(super) fn standing(&self, cx: &PaintCx<'_>, height: f32) -> Painting {
        let half = height * self.cutout.width() as f32 / self.cutout.height() as f32 / 2.0 + 0.02;
        let mut canvas =
            Canvas::new(cx, Frame { left: -half, bottom: -0.02, right: half, top: height * 1.02 }, 1.0);
        let breath = if cx.phases > 1 { 0.004 * (cx.cycle() * std::f32::consts::TAU).sin() } else { 0.0 };
        canvas.picture(&self.lit(cx.light), 0.0, 0.0, height * (1.0 + breath));
        canvas.bare()
    }

    /// The picture as the portrait.
    pub(super) fn portrait(&self, cx: &PaintCx<'_>, size: (f32, f32)) -> Painting {
        let tall = size.1 * 0.96;
        let half = (tall * self.cutout.width() as f32 / self.cutout.height() as f32 / 2.0).max(size.0 / 2.0);
        let mut canvas = Canvas::new(cx, Frame { left: -half, bottom: 0.0, right: half, top: size.1 }, 1.0);
        let breath = if cx.phases > 1 { 0.004 * (cx.cycle() * std::f32::consts::TAU).sin() } else { 0.0 };
        canvas.picture(&self.lit(cx.light), 0.0, 0.0, tall * (1.0 + breath));
        canvas.bare()
    }

    /// The picture in a light.
    fn lit(&self, light: &Light) -> Pixmap {
        let by: [f32; 3] =
            std::array::from_fn(|i| light.ambient[i] + (light.key[i] - light.ambient[i]) * 0.8);
        let mut lit = self.cutout.clone();
        for px in lit.data_mut().chunks_exact_mut(4) {
            for c in 0..3 {
                px[c] = (f32::from(px[c]) * by[c] + 0.5).min(f32::from(px[3])) as u8;
            }
        }
        lit
    }
}

fn shrink(image: &RgbaImage) -> RgbaImage {
    let longest = image.width().max(image.height());
    if longest <= MOST {
        return image.clone();
    }
    let side = |v: u32| ((u64::from(v) * u64::from(MOST) / u64::from(longest)) as u32).max(1);
    image::imageops::resize(
        image,
        side(image.width()),
        side(image.height()),
        image::imageops::FilterType::Triangle,
    )
}

/// The places on the border, clockwise from nowhere in particular.
fn border(image: &RgbaImage) -> Vec<(u32, u32)> {
    let (w, h) = image.dimensions();
    let mut places: Vec<(u32, u32)> = (0..w).flat_map(|x| [(x, 0), (x, h.saturating_sub(1))]).collect();
    places.extend((0..h).flat_map(|y| [(0, y), (w.saturating_sub(1), y)]));
    if w == 0 || h == 0 { Vec::new() } else { places }
}

/// Whether the picture is cut out already.
fn has_alpha(image: &RgbaImage) -> bool {
    let border = border(image);
    let clear = border.iter().filter(|&&(x, y)| image.get_pixel(x, y).0[3] < 32).count();
    clear * 4 > border.len()
}

/// An alpha channel that is clear where the border's colour reaches in from the sides and the top.
fn flood(image: &RgbaImage) -> Vec<u8> {
    let (w, h) = image.dimensions();
    let mut alpha = vec![255_u8; (w * h) as usize];
    let edge: Vec<(u32, u32)> = border(image);
    // The lower border often cuts through a portrait: its colour has no say.
    let upper: Vec<(u32, u32)> = edge.iter().copied().filter(|&(_, y)| y < h * 3 / 4).collect();
    let Some(ground) = median_of(image, &upper) else {
        return alpha;
    };
    let near = |x: u32, y: u32| {
        let p = image.get_pixel(x, y).0;
        (0..3).map(|c| (i32::from(p[c]) - ground[c]).pow(2)).sum::<i32>() < 42 * 42
    };
    let mut open: Vec<(u32, u32)> = edge.into_iter().filter(|&(x, y)| near(x, y)).collect();
    while let Some((x, y)) = open.pop() {
        let at = (y * w + x) as usize;
        if alpha[at] == 0 || !near(x, y) {
            continue;
        }
        alpha[at] = 0;
        if x > 0 {
            open.push((x - 1, y));
        }
        if y > 0 {
            open.push((x, y - 1));
        }
        if x + 1 < w {
            open.push((x + 1, y));
        }
        if y + 1 < h {
            open.push((x, y + 1));
        }
    }
    soften(&alpha, w as usize, h as usize)
}

fn median_of(image: &RgbaImage, places: &[(u32, u32)]) -> Option<[i32; 3]> {
    if places.is_empty() {
        return None;
    }
    Some(std::array::from_fn(|c| {
        let mut values: Vec<u8> = places.iter().map(|&(x, y)| image.get_pixel(x, y).0[c]).collect();
        values.sort_unstable();
        i32::from(values[values.len() / 2])
    }))
}

/// Draws the mask's edge in by about a pixel and softens it, so that no seam of background stays.
fn soften(alpha: &[u8], w: usize, h: usize) -> Vec<u8> {
    let mut out = alpha.to_vec();
    for y in 0..h {
        for x in 0..w {
            if alpha[y * w + x] == 0 {
                continue;
            }
            let mut sum = 0_u32;
            let mut n = 0_u32;
            for yy in y.saturating_sub(1)..(y + 2).min(h) {
                for xx in x.saturating_sub(1)..(x + 2).min(w) {
                    sum += u32::from(alpha[yy * w + xx]);
                    n += 1;
                }
            }
            // All nine solid is 255; half of them is clear.
            let mean = sum as f32 / n as f32;
            out[y * w + x] = ((mean - 110.0) * 255.0 / 145.0).clamp(0.0, 255.0) as u8;
        }
    }
    out
}

/// The opaque part alone, premultiplied.
fn trim(image: &RgbaImage, alpha: &[u8]) -> Option<Pixmap> {
    let w = image.width() as usize;
    let solid = |i: &usize| alpha[*i] > 40;
    let inside: Vec<usize> = (0..alpha.len()).filter(solid).collect();
    let (top, bottom) = (inside.first()? / w, inside.last()? / w);
    let (left, right) = inside.iter().fold((w, 0), |(l, r), i| (l.min(i % w), r.max(i % w)));
    let mut out = Pixmap::new((right - left + 1) as u32, (bottom - top + 1) as u32)?;
    let width = right - left + 1;
    for (i, px) in out.data_mut().chunks_exact_mut(4).enumerate() {
        let (x, y) = (left + i % width, top + i / width);
        let a = u32::from(alpha[y * w + x]);
        let p = image.get_pixel(x as u32, y as u32).0;
        for c in 0..3 {
            px[c] = ((u32::from(p[c]) * a + 127) / 255) as u8;
        }
        px[3] = a as u8;
    }
    Some(out)
}
