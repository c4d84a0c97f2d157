//! Regions: where an edit may change pixels, from boxes, masks, or words; and what fills them.

use std::ops::Range;

use image::imageops::FilterType;

use crate::grade::has_word;
use crate::noise;
use crate::paint;
use crate::planes::{Picture, PlanesRef, chroma_size};
use crate::stage::Stage;
use crate::text::{AnimaticError, Region};

/// Parts of the picture that words name: left, top, right, bottom in 0..1.
const PARTS: &[(&[&str], [f64; 4])] = &[
    (&["upper left", "top left"], [0.0, 0.0, 0.5, 0.5]),
    (&["upper right", "top right"], [0.5, 0.0, 1.0, 0.5]),
    (&["lower left", "bottom left"], [0.0, 0.5, 0.5, 1.0]),
    (&["lower right", "bottom right"], [0.5, 0.5, 1.0, 1.0]),
    (&["left third"], [0.0, 0.0, 1.0 / 3.0, 1.0]),
    (&["right third"], [2.0 / 3.0, 0.0, 1.0, 1.0]),
    (&["middle third", "centre third", "center third"], [1.0 / 3.0, 0.0, 2.0 / 3.0, 1.0]),
    (&["upper third", "top third"], [0.0, 0.0, 1.0, 1.0 / 3.0]),
    (&["lower third", "bottom third"], [0.0, 2.0 / 3.0, 1.0, 1.0]),
    (&["left half", "left side", "left"], [0.0, 0.0, 0.5, 1.0]),
    (&["right half", "right side", "right"], [0.5, 0.0, 1.0, 1.0]),
    (&["upper half", "top half", "top", "upper"], [0.0, 0.0, 1.0, 0.5]),
    (&["lower half", "bottom half", "bottom", "lower", "foreground"], [0.0, 0.5, 1.0, 1.0]),
    (&["centre", "center", "middle"], [0.25, 0.2, 0.75, 0.8]),
    (&["everywhere", "whole picture", "whole frame", "all", "frame", "picture"], [0.0, 0.0, 1.0, 1.0]),
];

/// A region made ready.
pub(crate) enum Area {
    Everywhere,
    Fixed(Vec<u8>),
    /// Where these players are.
    Players(Vec<usize>, (usize, usize)),
}

/// The part of the picture that a region leaves for a thing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Frame {
    /// Left, top, right and bottom, in picture heights from the centre.
    edges: [f64; 4],
    /// Share of the frame that a thing may fill.
    share: f64,
}

impl Frame {
    /// The part that a region leaves; none where it is the whole picture or follows a player.
    pub fn of(region: &Region, aspect: f64) -> Option<Frame> {
        let (part, share) = match region {
            Region::Box { x, y, width, height } => {
                let k = |v: u32| f64::from(v) * 1.0e-4;
                ([k(*x), k(*y), k(x.saturating_add(*width)), k(y.saturating_add(*height))], 0.94)
            }
            // "The left half" says where a thing is, not how large.
            Region::Words(words) => (part(&words.to_lowercase())?, 0.6),
            Region::Mask(mask) => (bounds(mask)?, 0.94),
        };
        let [l, t, r, b] = part;
        let whole = r - l > 0.99 && b - t > 0.99;
        let edges = [(l - 0.5) * aspect, t - 0.5, (r - 0.5) * aspect, b - 0.5];
        (!whole).then_some(Frame { edges, share })
    }

    /// Centre x and y and height of a thing of that width and height in it, as large as it may be:
    /// standing near the frame's foot, or in its middle if it flies.
    pub fn fit(self, width: f64, height: f64, flies: bool) -> (f64, f64, f64) {
        let [l, t, r, b] = self.edges;
        let across = (r - l) * self.share * height / width.max(0.01);
        let tall = ((b - t) * self.share).min(across);
        let free = (b - t) - tall;
        let y = if flies { (t + b) / 2.0 } else { b - tall / 2.0 - free.min(0.25) * 0.3 };
        ((l + r) / 2.0, y, tall)
    }
}

fn bounds(mask: &image::GrayImage) -> Option<[f64; 4]> {
    let (w, h) = (f64::from(mask.width()), f64::from(mask.height()));
    let lit = mask.enumerate_pixels().filter(|(_, _, p)| p.0[0] > 127);
    let edges = lit.fold(None, |acc: Option<(u32, u32, u32, u32)>, (x, y, _)| {
        let (l, t, r, b) = acc.unwrap_or((x, y, x, y));
        Some((l.min(x), t.min(y), r.max(x), b.max(y)))
    });
    edges.map(|(l, t, r, b)| [f64::from(l) / w, f64::from(t) / h, f64::from(r + 1) / w, f64::from(b + 1) / h])
}

fn part(words: &str) -> Option<[f64; 4]> {
    PARTS.iter().find(|(names, _)| names.iter().any(|n| has_word(words, n))).map(|(_, part)| *part)
}

/// A box; within it the mask rises over `reach` pixels from its edges, but for those that are the
/// picture's own, so that nothing that crosses an edge shows a seam there.
fn boxed([l, t, r, b]: [f64; 4], (w, h): (usize, usize), reach: usize) -> Vec<u8> {
    let edge = |v: f64, n: usize| ((v * n as f64).round() as usize).min(n);
    let (across, down) = (rim(edge(l, w)..edge(r, w), w, reach), rim(edge(t, h)..edge(b, h), h, reach));
    let mut mask = vec![0; w * h];
    for (row, &d) in mask.chunks_exact_mut(w.max(1)).zip(&down) {
        if d > 0 {
            for (m, &a) in row.iter_mut().zip(&across) {
                // Never 0 within: the box is where something may change.
                *m = ((u32::from(a) * u32::from(d)).div_ceil(255)) as u8;
            }
        }
    }
    mask
}

/// How far inside a range each of `n` places is, over `reach` places: 0 outside, 255 well inside.
fn rim(range: Range<usize>, n: usize, reach: usize) -> Vec<u8> {
    let reach = reach.min(range.len() / 6).max(1);
    let mut out = vec![0; n];
    for i in range.clone() {
        let before = if range.start == 0 { usize::MAX } else { i - range.start + 1 };
        let after = if range.end == n { usize::MAX } else { range.end - i };
        let t = (before.min(after).min(reach) as f32) / reach as f32;
        out[i] = (255.0 * t * t * (3.0 - 2.0 * t)).max(1.0) as u8;
    }
    out
}

/// Pixels over which the edge of a region of a picture of that height is soft.
fn softness(height: usize) -> usize {
    height / 28
}

/// A mask whose hard edges are softened inwards.
fn softened(mask: Vec<u8>, (w, h): (usize, usize)) -> Vec<u8> {
    let plane: Vec<f32> = mask.iter().map(|&m| f32::from(m) / 255.0).collect();
    let soft = crate::style::blur(&plane, w, h, (h / 150).max(1));
    // 1 where the surroundings are as strong as the place itself, so that an even grey stays as it is.
    let inner = |m: f32, s: f32| (2.0 * s / m - 1.0).clamp(0.12, 1.0);
    let weaken = |m: u8, s: f32| (f32::from(m) * inner(f32::from(m) / 255.0, s)).ceil() as u8;
    mask.iter().zip(&soft).map(|(&m, &s)| if m == 0 { 0 } else { weaken(m, s) }).collect()
}

impl Area {
    /// Makes a region ready; `stage` knows the horizon and the players of a drawn shot.
    pub fn of(
        region: Option<&Region>,
        size: (u32, u32),
        stage: Option<&Stage>,
    ) -> Result<Area, AnimaticError> {
        let dims = (size.0 as usize, size.1 as usize);
        match region {
            None => Ok(Area::Everywhere),
            Some(Region::Box { x, y, width, height }) => {
                let k = 1.0e-4;
                let edges = [*x, *y, x.saturating_add(*width), y.saturating_add(*height)];
                Ok(Area::Fixed(boxed(edges.map(|v| (f64::from(v) * k).min(1.0)), dims, softness(dims.1))))
            }
            Some(Region::Mask(mask)) => {
                if mask.width() == 0 || mask.height() == 0 {
                    return Err(AnimaticError::Image(mask.width(), mask.height()));
                }
                let mask = image::imageops::resize(mask, size.0, size.1, FilterType::Triangle);
                Ok(Area::Fixed(softened(mask.into_raw(), dims)))
            }
            Some(Region::Words(words)) => Area::words(words, dims, stage),
        }
    }

    fn words(words: &str, dims: (usize, usize), stage: Option<&Stage>) -> Result<Area, AnimaticError> {
        let lower = words.to_lowercase();
        let horizon = stage.map_or(0.5, |s| (s.horizon() + 0.5).clamp(0.0, 1.0));
        if ["sky", "clouds", "ceiling"].iter().any(|w| has_word(&lower, w)) {
            return Ok(Area::Fixed(boxed([0.0, 0.0, 1.0, horizon], dims, dims.1 / 120)));
        }
        if ["ground", "sea", "water", "floor", "street", "road", "grass", "sand"]
            .iter()
            .any(|w| has_word(&lower, w))
        {
            return Ok(Area::Fixed(boxed([0.0, horizon, 1.0, 1.0], dims, dims.1 / 120)));
        }
        if let Some(stage) = stage {
            let subject = paint::find(&lower).map(|s| s.name());
            let found: Vec<usize> = (0..stage.reading.players.len())
                .filter(|&i| {
                    let p = &stage.reading.players[i];
                    has_word(&lower, &p.name.to_lowercase()) || Some(p.subject.as_str()) == subject
                })
                .collect();
            if !found.is_empty() {
                return Ok(Area::Players(found, dims));
            }
        }
        match part(&lower) {
            Some(part) => Ok(Area::Fixed(boxed(part, dims, softness(dims.1)))),
            None => Err(AnimaticError::Region(words.to_owned())),
        }
    }

    /// Everything but an oval in the middle, where footage most often has its subject.
    pub fn around_middle(size: (u32, u32)) -> Area {
        let (w, h) = (size.0 as usize, size.1 as usize);
        let mask = (0..w * h)
            .map(|i| {
                let (x, y) = ((i % w) as f32 / w as f32 - 0.5, (i / w) as f32 / h as f32 - 0.58);
                let d = (x * x / 0.045 + y * y / 0.16).sqrt();
                ((d - 0.9) * 5.0 * 255.0).clamp(0.0, 255.0) as u8
            })
            .collect();
        Area::Fixed(mask)
    }

    /// The mask at a frame.
    pub fn at(&self, frame: i64, stage: Option<&Stage>) -> Vec<u8> {
        match (self, stage) {
            (Area::Fixed(mask), _) => mask.clone(),
            (Area::Players(players, (w, h)), Some(stage)) => {
                let own = stage.footprint(frame, |i| i.player.is_some_and(|p| players.contains(&p)));
                grown(&own, *w, *h)
            }
            (Area::Players(_, (w, h)), None) => vec![255; w * h],
            (Area::Everywhere, Some(stage)) => vec![255; stage.size().0 * stage.size().1],
            (Area::Everywhere, None) => Vec::new(),
        }
    }
}

/// All that a footprint touches, with a soft rim around it.
pub(crate) fn grown(mask: &[u8], w: usize, h: usize) -> Vec<u8> {
    let radius = (h / 160).max(1);
    let any = |y: &usize| mask[y * w..(y + 1) * w].iter().any(|&m| m > 0);
    let mut out = vec![0u8; w * h];
    let (Some(first), Some(last)) = ((0..h).find(any), (0..h).rev().find(any)) else { return out };
    // Two box blurs reach two radii further.
    let rows = first.saturating_sub(2 * radius + 1)..(last + 2 * radius + 2).min(h);
    let range = rows.start * w..rows.end * w;
    let plane: Vec<f32> = mask[range.clone()].iter().map(|&m| if m > 0 { 255.0 } else { 0.0 }).collect();
    let soft = crate::style::blur(&plane, w, rows.len(), radius);
    for (m, v) in out[range].iter_mut().zip(&soft) {
        let v = (v * 4.0).min(255.0) as u8;
        *m = if v < 4 { 0 } else { v };
    }
    out
}

/// The picture with what the mask covers filled from its surroundings, with their texture.
pub(crate) fn filled(input: PlanesRef<'_>, mask: &[u8]) -> Picture {
    let (w, h) = (input.width, input.height);
    let (cw, ch) = chroma_size(w, h);
    let mut out = Picture::black(w, h);
    out.planes().copy_from(input);
    fill_plane(&mut out.y, w, h, |x, y| mask[y * w + x] > 0, 240.0);
    for plane in [&mut out.cb, &mut out.cr] {
        fill_plane(plane, cw, ch, |x, y| mask[(2 * y).min(h - 1) * w + (2 * x).min(w - 1)] > 0, 0.0);
    }
    out
}

/// Each covered sample takes the samples at the ends of its row's and column's covered runs, weighed
/// by nearness; ends are averaged over a few samples so that no streaks arise.
fn fill_plane(plane: &mut [u16], w: usize, h: usize, covered: impl Fn(usize, usize) -> bool, grain: f32) {
    let source = plane.to_vec();
    let reach = (h / 60).max(2);
    let mean = |x: usize, y: usize, along_x: bool| -> f32 {
        let (mut sum, mut n) = (0.0, 0.0f32);
        for d in 0..=2 * reach {
            let shift = |v: usize, limit: usize| (v + d).saturating_sub(reach).min(limit - 1);
            let (x, y) = if along_x { (x, shift(y, h)) } else { (shift(x, w), y) };
            if !covered(x, y) {
                sum += f32::from(source[y * w + x]);
                n += 1.0;
            }
        }
        if n > 0.0 { sum / n } else { f32::from(source[y * w + x]) }
    };
    let mut sums = vec![(0.0f32, 0.0f32); w * h];
    let mut ends =
        |a: Option<(usize, usize)>, b: Option<(usize, usize)>, run: &[(usize, usize)], along_x: bool| {
            let (va, vb) = (a.map(|(x, y)| mean(x, y, along_x)), b.map(|(x, y)| mean(x, y, along_x)));
            let n = run.len() as f32 + 1.0;
            for (k, (x, y)) in run.iter().enumerate() {
                let (da, db) = (k as f32 + 1.0, n - k as f32 - 1.0);
                let cell = &mut sums[y * w + x];
                for (v, d) in [(va, da), (vb, db)] {
                    if let Some(v) = v {
                        cell.0 += v / (d * d);
                        cell.1 += 1.0 / (d * d);
                    }
                }
            }
        };
    for y in 0..h {
        runs(
            w,
            |x| covered(x, y),
            |a, b| {
                let run: Vec<_> = (a..b).map(|x| (x, y)).collect();
                ends(a.checked_sub(1).map(|x| (x, y)), (b < w).then_some((b, y)), &run, true);
            },
        );
    }
    for x in 0..w {
        runs(
            h,
            |y| covered(x, y),
            |a, b| {
                let run: Vec<_> = (a..b).map(|y| (x, y)).collect();
                ends(a.checked_sub(1).map(|y| (x, y)), (b < h).then_some((x, b)), &run, false);
            },
        );
    }
    for (i, (sum, weight)) in sums.iter().enumerate() {
        if *weight > 0.0 {
            let tooth = (noise::value((i % w) as f32 * 0.7, (i / w) as f32 * 0.7, 77) - 0.5) * grain;
            plane[i] = (sum / weight + tooth).clamp(4096.0, 61440.0) as u16;
        }
    }
}

/// Calls with each run `[a, b)` of covered places.
fn runs(n: usize, covered: impl Fn(usize) -> bool, mut call: impl FnMut(usize, usize)) {
    let mut start = None;
    for i in 0..=n {
        let inside = i < n && covered(i);
        match (inside, start) {
            (true, None) => start = Some(i),
            (false, Some(a)) => {
                call(a, i);
                start = None;
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_are_soft_within_and_nothing_without() {
        let (w, h) = (80, 60);
        let mask = boxed([0.0, 0.25, 0.5, 0.75], (w, h), 6);
        for (i, &m) in mask.iter().enumerate() {
            let inside = i % w < 40 && (15..45).contains(&(i / w));
            assert_eq!(m > 0, inside, "at {i}");
        }
        let at = |x: usize, y: usize| mask[y * w + x];
        // The picture's own edge is no edge of the box.
        assert_eq!((at(0, 30), at(20, 30)), (255, 255));
        assert!(at(39, 30) < 40 && at(20, 15) < 40);
    }

    #[test]
    fn an_even_grey_stays_and_hard_edges_soften_inwards() {
        let size = (60, 300);
        assert_eq!(softened(vec![128; 60 * 300], size), vec![128; 60 * 300]);
        let half: Vec<u8> = (0..60 * 300).map(|i| if i % 60 < 30 { 200 } else { 0 }).collect();
        let soft = softened(half.clone(), size);
        assert!(half.iter().zip(&soft).all(|(&hard, &soft)| (hard > 0) == (soft > 0) && soft <= hard));
        assert!(soft[150 * 60 + 29] < 100 && soft[150 * 60 + 10] == 200);
    }
}
