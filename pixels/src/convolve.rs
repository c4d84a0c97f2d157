//! Convolution: any odd kernel, and what is made of small ones.
//!
//! Beyond its sides a frame goes on with its outermost samples. Colours are weighed by alpha, where there is
//! one, so that what is clear does not bleed.

use crate::budget::Plane;
use crate::error::{PixelError, Result, within};
use crate::frame::{Frame, tame};
use crate::measure::luma_plane;
use crate::rows::{lanes, rows};

/// The widest and highest kernel.
pub const MAX_KERNEL: usize = 31;

/// Weights of an odd width and height, rows from the top. The middle one is the pixel itself; a kernel is laid on
/// the frame as it is written (correlation: not turned over).
#[derive(Clone, Debug, PartialEq)]
pub struct Kernel {
    width: usize,
    height: usize,
    weights: Vec<f32>,
}

impl Kernel {
    /// A kernel of these weights.
    ///
    /// # Errors
    /// Sides that are even or above [`MAX_KERNEL`]; a wrong number of weights; weights beyond ±1000.
    pub fn new(width: usize, height: usize, weights: &[f32]) -> Result<Self> {
        let side = |n: usize| n % 2 == 1 && n <= MAX_KERNEL;
        if !side(width) || !side(height) || weights.len() != width * height {
            let problem = format_args!(
                "wants a kernel of odd sides up to {MAX_KERNEL} and a weight for each place, not {width}x{height} \
                 with {} weights",
                weights.len()
            );
            return Err(PixelError::argument("convolve", problem));
        }
        for weight in weights {
            within("convolve", "weight", *weight, -1000.0..=1000.0)?;
        }
        Ok(Self { width, height, weights: weights.to_vec() })
    }

    /// The same with weights that sum to 1. Weights that sum to 0 stay as they are.
    #[must_use]
    pub fn normalized(mut self) -> Self {
        let sum: f32 = self.weights.iter().sum();
        if sum.abs() > 1.0e-6 {
            self.weights.iter_mut().for_each(|weight| *weight /= sum);
        }
        self
    }
}

/// The frame convolved with a kernel.
///
/// # Errors
/// The budget has no room.
pub fn convolve(frame: &Frame, kernel: &Kernel) -> Result<Frame> {
    by_plane(frame, |plane, out| convolve_plane(plane, frame.size(), kernel, out))
}

/// Every plane by itself, colours weighed by alpha where there is one.
pub(crate) fn by_plane(
    frame: &Frame,
    mut work: impl FnMut(&[f32], &mut Plane) -> Result<()>,
) -> Result<Frame> {
    let mut out = frame.like()?;
    let Some(alpha) = frame.alpha() else {
        for (plane, to) in frame.rgb.iter().zip(&mut out.rgb) {
            work(plane, to)?;
        }
        return Ok(out);
    };
    let mut weighed = frame.budget().unwritten(alpha.len())?;
    for (plane, to) in frame.rgb.iter().zip(&mut out.rgb) {
        weighed.iter_mut().zip(plane.iter()).zip(alpha).for_each(|((w, c), a)| *w = c * a);
        work(&weighed, to)?;
    }
    if let Some(to) = &mut out.alpha {
        work(alpha, to)?;
    }
    unweigh(&mut out);
    Ok(out)
}

/// Divides colours that were weighed by alpha, and holds alpha within 0 to 1.
pub(crate) fn unweigh(frame: &mut Frame) {
    let Some(alpha) = &mut frame.alpha else { return };
    for plane in &mut frame.rgb {
        for (colour, alpha) in plane.iter_mut().zip(alpha.iter()) {
            *colour = if *alpha > 1.0e-5 { tame(*colour / *alpha) } else { 0.0 };
        }
    }
    alpha.iter_mut().for_each(|alpha| *alpha = alpha.clamp(0.0, 1.0));
}

fn convolve_plane(
    plane: &[f32],
    (width, height): (usize, usize),
    kernel: &Kernel,
    out: &mut Plane,
) -> Result<()> {
    let (left, above) = (kernel.width / 2, kernel.height / 2);
    rows(out, width, |y, row| {
        let mut wide = vec![0.0_f32; width + kernel.width];
        row.fill(0.0);
        for (line, weights) in kernel.weights.chunks_exact(kernel.width).enumerate() {
            let from = (y + line).saturating_sub(above).min(height - 1);
            widen(&plane[from * width..][..width], left, &mut wide);
            lanes(
                #[inline(always)]
                || weigh(&wide, weights, row),
            );
        }
        row.iter_mut().for_each(|sample| *sample = tame(*sample));
    });
    Ok(())
}

/// A row with `margin` samples before it and whatever room there is after it, its outermost samples repeated.
pub(crate) fn widen(row: &[f32], margin: usize, wide: &mut [f32]) {
    let (before, rest) = wide.split_at_mut(margin);
    let (middle, after) = rest.split_at_mut(row.len());
    before.fill(row[0]);
    middle.copy_from_slice(row);
    after.fill(row[row.len() - 1]);
}

/// Adds to every sample of `out` the weighed samples from its own place in `wide` on.
#[inline(always)]
pub(crate) fn weigh(wide: &[f32], weights: &[f32], out: &mut [f32]) {
    const BLOCK: usize = 64;
    for (block, out) in out.chunks_mut(BLOCK).enumerate() {
        let n = out.len();
        let mut sums = [0.0_f32; BLOCK];
        sums[..n].copy_from_slice(out);
        for (at, weight) in weights.iter().enumerate() {
            let from = &wide[block * BLOCK + at..][..n];
            if n == BLOCK {
                sums.iter_mut().zip(from).for_each(|(sum, sample)| *sum += weight * sample);
            } else {
                sums[..n].iter_mut().zip(from).for_each(|(sum, sample)| *sum += weight * sample);
            }
        }
        out.copy_from_slice(&sums[..n]);
    }
}

/// `frame + amount (frame - blurred)`, with a Gaussian of that radius (standard deviation, in pixels), where
/// the difference is at least `threshold`; an unsharp mask. Alpha stays.
///
/// # Errors
/// An amount outside of -1 to 10; a threshold outside of 0 to 1; what [`crate::blur::gaussian`] refuses.
pub fn sharpen(frame: &Frame, radius: f32, amount: f32, threshold: f32) -> Result<Frame> {
    let amount = within("sharpen", "amount", amount, -1.0..=10.0)?;
    let threshold = within("sharpen", "threshold", threshold, 0.0..=1.0)?;
    let mut out = crate::blur::gaussian(frame, radius)?;
    let width = frame.width();
    for (soft, sharp) in out.rgb.iter_mut().zip(&frame.rgb) {
        rows(soft, width, |y, row| {
            for (soft, sharp) in row.iter_mut().zip(&sharp[y * width..]) {
                let detail = *sharp - *soft;
                let more = if detail.abs() >= threshold { detail * amount } else { 0.0 };
                *soft = tame(*sharp + more);
            }
        });
    }
    if let (Some(to), Some(from)) = (&mut out.alpha, &frame.alpha) {
        to.copy_from_slice(from);
    }
    Ok(out)
}

/// How strongly luma changes at each pixel, grey: Sobel's kernels across and down over 4, so that a straight
/// ramp of `s` a pixel gives `2 s`, and their length. No alpha.
///
/// # Errors
/// A strength outside of 0 to 100; the budget has no room.
pub fn edges(frame: &Frame, strength: f32) -> Result<Frame> {
    let strength = within("edges", "strength", strength, 0.0..=100.0)? * 0.25;
    let (width, height) = frame.size();
    let luma = luma_plane(frame)?;
    let mut out = Frame::unwritten("edges", width, height, false, frame.budget())?;
    let [r, g, b] = &mut out.rgb;
    rows(r, width, |y, row| {
        let line = |y: usize| &luma[y * width..][..width];
        let (above, here, below) = (line(y.saturating_sub(1)), line(y), line((y + 1).min(height - 1)));
        for (x, out) in row.iter_mut().enumerate() {
            let (left, right) = (x.saturating_sub(1), (x + 1).min(width - 1));
            let side = |x: usize| above[x] + 2.0 * here[x] + below[x];
            let level = |row: &[f32]| row[left] + 2.0 * row[x] + row[right];
            let (across, down) = (side(right) - side(left), level(below) - level(above));
            *out = tame((across * across + down * down).sqrt() * strength);
        }
    });
    g.copy_from_slice(r);
    b.copy_from_slice(r);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::Budget;

    fn dot() -> Frame {
        let mut frame = Frame::new(70, 9, &Budget::new(1 << 20)).unwrap();
        frame.set_pixel(66, 4, [1.0, 0.5, 0.0]).unwrap();
        frame
    }

    #[test]
    fn a_dot_shows_the_kernel_turned_over() {
        let weights: Vec<f32> = (1..=15).map(|n| n as f32).collect();
        let out = convolve(&dot(), &Kernel::new(5, 3, &weights).unwrap()).unwrap();
        for dy in 0..3 {
            for dx in 0..5 {
                let [r, g, ..] = out.pixel(64 + dx, 3 + dy).unwrap();
                let wanted = weights[(2 - dy) * 5 + 4 - dx];
                assert_eq!((r, g), (wanted, wanted * 0.5), "{dx} {dy}");
            }
        }
    }

    #[test]
    fn even_areas_stay_to_the_very_sides() {
        let frame = Frame::constant(5, 2, [0.5; 3], &Budget::new(1 << 20)).unwrap();
        let kernel = Kernel::new(31, 31, &[1.0; 961]).unwrap().normalized();
        let out = convolve(&frame, &kernel).unwrap();
        assert!(out.channels()[0].iter().all(|v| (v - 0.5).abs() < 1e-5));
    }

    #[test]
    fn clear_pixels_do_not_bleed() {
        let mut frame = Frame::constant(9, 1, [0.0, 0.0, 1.0], &Budget::new(1 << 20)).unwrap();
        frame.set_alpha(0.0).unwrap();
        frame.set_pixel(4, 0, [1.0, 0.0, 0.0]).unwrap();
        frame.alpha.as_mut().unwrap()[4] = 1.0;
        let out = convolve(&frame, &Kernel::new(3, 1, &[1.0; 3]).unwrap().normalized()).unwrap();
        let [r, _, b, a] = out.pixel(3, 0).unwrap();
        assert!((r - 1.0).abs() < 1e-6 && b == 0.0 && (a - 1.0 / 3.0).abs() < 1e-6, "{r} {b} {a}");
    }

    #[test]
    fn edges_and_sharpening() {
        let mut frame = Frame::new(9, 5, &Budget::new(1 << 20)).unwrap();
        for y in 0..5 {
            for x in 0..9 {
                frame.set_pixel(x, y, [0.1 * x as f32; 3]).unwrap();
            }
        }
        let out = edges(&frame, 1.0).unwrap();
        assert!((out.pixel(4, 2).unwrap()[0] - 0.2).abs() < 1e-5);
        let same = sharpen(&frame, 1.0, 0.0, 0.0).unwrap();
        assert_eq!(same.channels(), frame.channels());
        let sharp = sharpen(&dot(), 1.0, 1.0, 0.0).unwrap();
        assert!(sharp.pixel(66, 4).unwrap()[0] > 1.5 && sharp.pixel(65, 4).unwrap()[0] < 0.0);
    }

    #[test]
    fn odd_sides_alone_are_taken() {
        for (w, h, n) in [(2, 1, 2), (33, 1, 33), (3, 3, 8), (0, 0, 0)] {
            assert!(Kernel::new(w, h, &vec![1.0; n]).is_err());
        }
        assert!(Kernel::new(1, 1, &[f32::NAN]).is_err());
    }
}
