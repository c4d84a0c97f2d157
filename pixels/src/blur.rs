//! Gaussian blur of any radius.
//!
//! Up to a standard deviation of 4 pixels the Gaussian itself, out to four deviations; above, three box blurs
//! whose sides are so blended that their variances sum to the Gaussian's (the largest difference to it is
//! about 1 % of a step's height). The cost of boxes doesn't grow with the radius. Beyond its sides a frame goes on
//! with its outermost samples.

use crate::budget::Plane;
use crate::convolve::{by_plane, weigh, widen};
use crate::error::{Result, within};
use crate::frame::Frame;
use crate::rows::{lanes, rows};

/// The largest radius, in pixels.
pub const MAX_RADIUS: f32 = 2000.0;
/// Up to this deviation weights are those of the Gaussian.
const DIRECT: f32 = 4.0;

/// The frame blurred by a Gaussian of that standard deviation in pixels; 0 changes nothing.
///
/// # Errors
/// A radius outside of 0 to [`MAX_RADIUS`]; the budget has no room.
pub fn gaussian(frame: &Frame, radius: f32) -> Result<Frame> {
    let radius = within("blur", "radius", radius, 0.0..=MAX_RADIUS)?;
    if radius < 0.05 {
        return frame.copy();
    }
    let mut scratch = frame.budget().unwritten(frame.width() * frame.height())?;
    by_plane(frame, |plane, out| {
        blur_plane(plane, frame.size(), radius, &mut scratch, out);
        Ok(())
    })
}

/// Blurs one plane, with another of its size to work in.
pub(crate) fn blur_plane(
    plane: &[f32],
    size: (usize, usize),
    radius: f32,
    scratch: &mut Plane,
    out: &mut Plane,
) {
    if radius <= DIRECT {
        let weights = weights(radius);
        direct_across(plane, size, &weights, scratch);
        direct_down(scratch, size, &weights, out);
    } else {
        let side = box_side(radius);
        boxes_across(plane, size, side, scratch);
        boxes_down(scratch, size, side, out);
    }
}

/// The weights of a Gaussian, of an odd number, summing to 1.
pub(crate) fn weights(radius: f32) -> Vec<f32> {
    let reach = libm::ceilf(radius * 4.0) as i32;
    let scale = -0.5 / (f64::from(radius) * f64::from(radius));
    let raw: Vec<f64> = (-reach..=reach).map(|at| libm::exp(f64::from(at * at) * scale)).collect();
    let sum: f64 = raw.iter().sum();
    raw.into_iter().map(|weight| (weight / sum) as f32).collect()
}

fn direct_across(plane: &[f32], (width, _): (usize, usize), weights: &[f32], out: &mut [f32]) {
    rows(out, width, |y, row| {
        let mut wide = vec![0.0_f32; width + weights.len()];
        widen(&plane[y * width..][..width], weights.len() / 2, &mut wide);
        row.fill(0.0);
        lanes(
            #[inline(always)]
            || weigh(&wide, weights, row),
        );
    });
}

fn direct_down(plane: &[f32], (width, height): (usize, usize), weights: &[f32], out: &mut [f32]) {
    let reach = weights.len() / 2;
    rows(out, width, |y, row| {
        lanes(
            #[inline(always)]
            || {
                row.fill(0.0);
                for (at, weight) in weights.iter().enumerate() {
                    let from = (y + at).saturating_sub(reach).min(height - 1);
                    let line = &plane[from * width..][..width];
                    row.iter_mut().zip(line).for_each(|(sum, sample)| *sum += weight * sample);
                }
            },
        );
    });
}

/// A box: `reach` whole samples to each side of the middle, and of the next ones a part.
#[derive(Clone, Copy)]
struct BoxSide {
    reach: usize,
    part: f64,
    /// One over the sum of the weights.
    scale: f64,
}

/// The box of which three have the variance `radius²`: `(r (r + 1)(2 r + 1) / 3 + 2 part (r + 1)²) / sum`.
fn box_side(radius: f32) -> BoxSide {
    let variance = f64::from(radius) * f64::from(radius) / 3.0;
    let whole = |r: f64| r * (r + 1.0) / 3.0;
    let mut reach = 0.0;
    while whole(reach + 1.0) <= variance {
        reach += 1.0;
    }
    // variance (2 r + 1 + 2 p) = (2 r + 1) whole(r) + 2 p (r + 1)².
    let side = 2.0 * reach + 1.0;
    let next = (reach + 1.0) * (reach + 1.0);
    let part = (side * (variance - whole(reach)) / (2.0 * (next - variance))).clamp(0.0, 1.0);
    BoxSide { reach: reach as usize, part, scale: 1.0 / (side + 2.0 * part) }
}

fn boxes_across(plane: &[f32], (width, _): (usize, usize), side: BoxSide, out: &mut [f32]) {
    rows(out, width, |y, row| {
        let mut wide = vec![0.0_f32; width + 2 * (side.reach + 1)];
        row.copy_from_slice(&plane[y * width..][..width]);
        for _ in 0..3 {
            widen(row, side.reach + 1, &mut wide);
            box_line(&wide, side, row);
        }
    });
}

/// One box over a line that has `reach + 1` samples more at each end.
fn box_line(wide: &[f32], side: BoxSide, out: &mut [f32]) {
    let span = 2 * side.reach + 1;
    let mut sum: f64 = wide[1..=span].iter().map(|sample| f64::from(*sample)).sum();
    let (first, next) = (wide, &wide[span + 1..]);
    for (at, out) in out.iter_mut().enumerate() {
        let (before, after) = (f64::from(first[at]), f64::from(next[at]));
        *out = ((sum + side.part * (before + after)) * side.scale) as f32;
        sum += after - f64::from(first[at + 1]);
    }
}

/// Columns that one thread takes at a time: their sums stay in the nearest cache.
const COLUMNS: usize = 256;

/// Three boxes down. Each thread works on columns of its own, brought together as rows of a band.
fn boxes_down(plane: &mut [f32], (width, height): (usize, usize), side: BoxSide, out: &mut [f32]) {
    // `plane` is read and `out` written in turn; after three turns the result is in `out`.
    box_down(plane, (width, height), side, out);
    box_down(out, (width, height), side, plane);
    box_down(plane, (width, height), side, out);
}

/// Rows that a band of one box has: sums begin anew in each.
const BAND: usize = 128;

fn box_down(plane: &[f32], (width, height): (usize, usize), side: BoxSide, out: &mut [f32]) {
    use rayon::prelude::*;
    let last = height as isize - 1;
    let line = |y: isize| &plane[y.clamp(0, last) as usize * width..][..width];
    let reach = side.reach as isize;
    out.par_chunks_mut(BAND * width).enumerate().for_each(|(band, rows)| {
        let top = (band * BAND) as isize;
        let mut sums = [0.0_f64; COLUMNS];
        for from in (0..width).step_by(COLUMNS) {
            let n = COLUMNS.min(width - from);
            lanes(
                #[inline(always)]
                || {
                    let sums = &mut sums[..n];
                    sums.fill(0.0);
                    for y in top - reach..=top + reach {
                        let line = &line(y)[from..][..n];
                        sums.iter_mut().zip(line).for_each(|(sum, sample)| *sum += f64::from(*sample));
                    }
                    for (down, row) in rows.chunks_exact_mut(width).enumerate() {
                        let y = top + down as isize;
                        let (before, after) =
                            (&line(y - reach - 1)[from..][..n], &line(y + reach + 1)[from..][..n]);
                        let oldest = &line(y - reach)[from..][..n];
                        let row = &mut row[from..][..n];
                        for at in 0..n {
                            let (before, after) = (f64::from(before[at]), f64::from(after[at]));
                            row[at] = ((sums[at] + side.part * (before + after)) * side.scale) as f32;
                            sums[at] += after - f64::from(oldest[at]);
                        }
                    }
                },
            );
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::Budget;

    /// A step from 0 to 1 in the middle, across or down.
    fn step(size: (usize, usize), down: bool) -> Frame {
        let mut frame = Frame::new(size.0, size.1, &Budget::new(1 << 28)).unwrap();
        for y in 0..size.1 {
            for x in 0..size.0 {
                let high = if down { 2 * y >= size.1 } else { 2 * x >= size.0 };
                frame.set_pixel(x, y, [f32::from(high), 0.25, 0.0]).unwrap();
            }
        }
        frame
    }

    #[test]
    fn a_step_becomes_the_error_function() {
        for (radius, allowed) in
            [(0.8, 0.018), (3.0, 0.0013), (4.0, 0.001), (4.1, 0.011), (11.5, 0.011), (60.0, 0.011)]
        {
            for down in [false, true] {
                let size = if down { (9, 900) } else { (900, 9) };
                let out = gaussian(&step(size, down), radius).unwrap();
                for at in 0..900 {
                    let (x, y) = if down { (5, at) } else { (at, 5) };
                    let [r, g, ..] = out.pixel(x, y).unwrap();
                    let distance = (at as f64 - 449.5) / f64::from(radius);
                    // Sums of a sampled Gaussian differ from its integral by up to f'/24.
                    let wanted = 0.5 * (1.0 + libm::erf(distance / std::f64::consts::SQRT_2));
                    assert!((f64::from(r) - wanted).abs() < allowed, "{radius} at {at}: {r}, {wanted}");
                    assert!((g - 0.25).abs() < 1e-5);
                }
            }
        }
    }

    #[test]
    fn sums_stay_and_huge_radii_level_all() {
        let out = gaussian(&step((64, 64), false), MAX_RADIUS).unwrap();
        assert!(out.channels()[0].iter().all(|v| (v - 0.5).abs() < 0.02));
        let same = gaussian(&step((64, 64), false), 0.0).unwrap();
        assert_eq!(same.channels(), step((64, 64), false).channels());
        assert!(gaussian(&same, f32::NAN).is_err() && gaussian(&same, 2001.0).is_err());
    }
}
