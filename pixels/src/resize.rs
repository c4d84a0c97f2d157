//! Frames of another size.
//!
//! Every filter is separable: rows first, then columns. Made smaller, a filter is widened by the same factor, so
//! that nothing aliases; `Nearest` alone takes single pixels. Colours are weighed by alpha, where there is one.

use crate::convolve::unweigh;
use crate::error::Result;
use crate::frame::{Frame, sides, tame};
use crate::rows::{lanes, rows};

/// How samples between samples are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filter {
    /// The pixel in whose area a new one's middle lies.
    Nearest,
    /// A triangle of one pixel's reach.
    Bilinear,
    /// Cubic pieces of two pixels' reach through the samples (Catmull and Rom).
    Bicubic,
    /// The mean of the area that a new pixel covers, exactly.
    Area,
    /// `sinc(x) sinc(x / 3)`, three pixels' reach.
    Lanczos,
}

impl Filter {
    /// Every filter with its name.
    pub const ALL: [(&'static str, Self); 5] = [
        ("nearest", Self::Nearest),
        ("bilinear", Self::Bilinear),
        ("bicubic", Self::Bicubic),
        ("area", Self::Area),
        ("lanczos", Self::Lanczos),
    ];

    /// The filter of that name.
    ///
    /// # Errors
    /// There is none; the nearest is told.
    pub fn named(name: &str) -> Result<Self> {
        crate::named::named("resize", "filter", name, &Self::ALL)
    }

    fn reach(self) -> f64 {
        match self {
            Self::Nearest | Self::Area => 0.5,
            Self::Bilinear => 1.0,
            Self::Bicubic => 2.0,
            Self::Lanczos => 3.0,
        }
    }

    fn weight(self, x: f64) -> f64 {
        let x = x.abs();
        match self {
            Self::Nearest | Self::Area => f64::from(x <= 0.5),
            Self::Bilinear => (1.0 - x).max(0.0),
            Self::Bicubic if x < 1.0 => (1.5 * x - 2.5) * x * x + 1.0,
            Self::Bicubic if x < 2.0 => ((-0.5 * x + 2.5) * x - 4.0) * x + 2.0,
            Self::Bicubic => 0.0,
            Self::Lanczos if x < 3.0 => sinc(x) * sinc(x / 3.0),
            Self::Lanczos => 0.0,
        }
    }
}

fn sinc(x: f64) -> f64 {
    let turn = std::f64::consts::PI * x;
    if x < 1.0e-9 { 1.0 } else { libm::sin(turn) / turn }
}

/// For every new sample the first old one and the weights from there on.
pub(crate) struct Taps {
    first: Vec<usize>,
    /// As many for each.
    weights: Vec<f32>,
    count: usize,
}

/// Taps from `from` samples to `to`; new sample `n`'s middle lies at `(n + 1/2) from / to`.
pub(crate) fn taps(filter: Filter, from: usize, to: usize) -> Taps {
    let scale = from as f64 / to as f64;
    let places = (0..to).map(|n| (n as f64 + 0.5) * scale);
    let rows: Vec<(usize, Vec<f64>)> = match filter {
        Filter::Nearest => places.map(|at| ((at as usize).min(from - 1), vec![1.0])).collect(),
        Filter::Area => places.map(|at| covered(at, scale, from)).collect(),
        _ => places.map(|at| weighed(filter, at, scale.max(1.0), from)).collect(),
    };
    let count = rows.iter().map(|(_, weights)| weights.len()).max().unwrap_or(1).min(from);
    let mut taps = Taps { first: Vec::with_capacity(to), weights: Vec::with_capacity(to * count), count };
    for (first, row) in rows {
        // All have as many weights; those that need fewer begin earlier where they would reach beyond the end.
        let begin = first.min(from - count);
        let sum: f64 = row.iter().sum();
        taps.first.push(begin);
        let weight = |at: usize| (begin + at).checked_sub(first).and_then(|at| row.get(at));
        taps.weights.extend((0..count).map(|at| weight(at).map_or(0.0, |weight| (weight / sum) as f32)));
    }
    taps
}

/// How much of each old sample a new one covers.
fn covered(at: f64, scale: f64, from: usize) -> (usize, Vec<f64>) {
    let (low, high) = ((at - scale / 2.0).max(0.0), (at + scale / 2.0).min(from as f64));
    let first = (low as usize).min(from - 1);
    let last = (libm::ceil(high) as usize).clamp(first + 1, from);
    let share = |n: usize| (high.min((n + 1) as f64) - low.max(n as f64)).max(0.0);
    (first, (first..last).map(share).collect())
}

/// A filter's weights around a place; what lies beyond the ends counts for the outermost samples.
fn weighed(filter: Filter, at: f64, stretch: f64, from: usize) -> (usize, Vec<f64>) {
    let reach = filter.reach() * stretch;
    let low = libm::ceil(at - reach - 0.5) as isize;
    let high = libm::floor(at + reach - 0.5) as isize;
    let held = |n: isize| n.clamp(0, from as isize - 1) as usize;
    let (first, last) = (held(low), held(high));
    let mut weights = vec![0.0; last - first + 1];
    for n in low..=high {
        weights[held(n) - first] += filter.weight((n as f64 + 0.5 - at) / stretch);
    }
    (first, weights)
}

/// The frame at another size.
///
/// # Errors
/// A side beyond bounds; the budget has no room.
pub fn resize(frame: &Frame, width: usize, height: usize, filter: Filter) -> Result<Frame> {
    sides("resize", width, height)?;
    if frame.size() == (width, height) {
        return frame.copy();
    }
    let across = taps(filter, frame.width(), width);
    let down = taps(filter, frame.height(), height);
    let mut out = Frame::unwritten("resize", width, height, frame.alpha().is_some(), frame.budget())?;
    let mut half = frame.budget().unwritten(frame.width() * height)?;
    let mut weighed = match frame.alpha() {
        Some(alpha) => Some(frame.budget().unwritten(alpha.len())?),
        None => None,
    };
    let colours = frame.rgb.len();
    for (number, (from, to)) in frame.planes().zip(out.planes_mut()).enumerate() {
        let from = match (&mut weighed, frame.alpha()) {
            (Some(weighed), Some(alpha)) if number < colours => {
                weighed.iter_mut().zip(from.iter()).zip(alpha).for_each(|((w, c), a)| *w = c * a);
                &**weighed
            }
            _ => &**from,
        };
        columns(from, frame.width(), &down, &mut half);
        lines(&half, frame.width(), &across, width, to);
    }
    unweigh(&mut out);
    Ok(out)
}

/// Columns to their new length.
fn columns(plane: &[f32], width: usize, taps: &Taps, out: &mut [f32]) {
    rows(out, width, |y, row| {
        let weights = &taps.weights[y * taps.count..][..taps.count];
        lanes(
            #[inline(always)]
            || {
                row.fill(0.0);
                for (at, weight) in weights.iter().enumerate().filter(|(_, weight)| **weight != 0.0) {
                    let line = &plane[(taps.first[y] + at) * width..][..width];
                    row.iter_mut().zip(line).for_each(|(sum, sample)| *sum += weight * sample);
                }
            },
        );
    });
}

/// Rows to their new length.
fn lines(plane: &[f32], from: usize, taps: &Taps, width: usize, out: &mut [f32]) {
    rows(out, width, |y, row| {
        let line = &plane[y * from..][..from];
        let weights = taps.weights.chunks_exact(taps.count);
        for ((out, first), weights) in row.iter_mut().zip(&taps.first).zip(weights) {
            let samples = &line[*first..][..taps.count];
            *out = tame(samples.iter().zip(weights).map(|(sample, weight)| sample * weight).sum());
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::Budget;

    fn ramp(width: usize, height: usize) -> Frame {
        let mut frame = Frame::new(width, height, &Budget::new(1 << 24)).unwrap();
        for y in 0..height {
            for x in 0..width {
                let value = (x as f32 + 0.5) / width as f32;
                frame.set_pixel(x, y, [value, (y as f32 + 0.5) / height as f32, 0.5]).unwrap();
            }
        }
        frame
    }

    #[test]
    fn ramps_stay_ramps() {
        for (name, filter) in Filter::ALL {
            for (w, h) in [(90, 30), (31, 77), (60, 40), (1, 1), (240, 160)] {
                let out = resize(&ramp(60, 40), w, h, filter).unwrap();
                assert_eq!(out.size(), (w, h));
                let (x, y) = (w / 2, h / 2);
                let [r, g, b, _] = out.pixel(x, y).unwrap();
                let wanted = [(x as f32 + 0.5) / w as f32, (y as f32 + 0.5) / h as f32];
                // `Nearest` and `Area` take whole pixels when made larger.
                let allowed = if matches!(filter, Filter::Nearest | Filter::Area) { 0.014 } else { 2e-3 };
                assert!((r - wanted[0]).abs() < allowed && (g - wanted[1]).abs() < allowed, "{name} {w}x{h}");
                assert!((b - 0.5).abs() < 1e-5, "{name}");
            }
        }
    }

    #[test]
    fn areas_keep_their_mean_exactly() {
        let mut frame = Frame::new(5, 1, &Budget::new(1 << 16)).unwrap();
        for (x, v) in [1.0, 0.0, 0.5, 0.25, 1.0].into_iter().enumerate() {
            frame.set_pixel(x, 0, [v; 3]).unwrap();
        }
        let out = resize(&frame, 2, 1, Filter::Area).unwrap();
        // Each covers two and a half.
        let wanted = [(1.0 + 0.0 + 0.25) / 2.5, (0.25 + 0.25 + 1.0) / 2.5];
        for (at, wanted) in wanted.into_iter().enumerate() {
            assert!((out.pixel(at, 0).unwrap()[0] - wanted).abs() < 1e-6);
        }
    }

    #[test]
    fn bilinear_and_bicubic_by_formula() {
        let mut frame = Frame::new(8, 1, &Budget::new(1 << 16)).unwrap();
        frame.set_pixel(4, 0, [1.0; 3]).unwrap();
        let twice = resize(&frame, 16, 1, Filter::Bilinear).unwrap();
        let row: Vec<f32> = twice.channels()[0][6..12].to_vec();
        assert_eq!(row, [0.0, 0.25, 0.75, 0.75, 0.25, 0.0]);
        let twice = resize(&frame, 16, 1, Filter::Bicubic).unwrap();
        // Catmull-Rom at 1/4 and 5/4.
        let at = |x: f32| 1.5 * x * x * x - 2.5 * x * x + 1.0;
        let far = |x: f32| -0.5 * x * x * x + 2.5 * x * x - 4.0 * x + 2.0;
        assert!((twice.pixel(8, 0).unwrap()[0] - at(0.25)).abs() < 1e-6);
        assert!((twice.pixel(6, 0).unwrap()[0] - far(1.25)).abs() < 1e-6);
    }

    #[test]
    fn fine_stripes_become_grey_and_not_moire() {
        let mut frame = Frame::new(512, 2, &Budget::new(1 << 20)).unwrap();
        for x in (0..512).step_by(2) {
            frame.set_pixel(x, 0, [1.0; 3]).unwrap();
            frame.set_pixel(x, 1, [1.0; 3]).unwrap();
        }
        for filter in [Filter::Bilinear, Filter::Bicubic, Filter::Area, Filter::Lanczos] {
            let out = resize(&frame, 100, 2, filter).unwrap();
            let middle = &out.channels()[0][10..90];
            assert!(middle.iter().all(|v| (v - 0.5).abs() < 0.1), "{filter:?}");
        }
        assert!(resize(&frame, 0, 5, Filter::Area).is_err() && Filter::named("lancos").is_err());
    }
}
