//! What a frame is like in numbers, and frames made from its luma.
//!
//! Sums are made row by row in f64 and joined in the order of the rows: any number of threads gives the same.

use rayon::prelude::*;

use crate::budget::Plane;
use crate::error::{PixelError, Result, sensible, within};
use crate::frame::{Frame, tame};
use crate::picture::LUMA;
use crate::rows::{lanes, pixels, rows};

/// Luma of one pixel: BT.709's weights.
#[inline(always)]
pub(crate) fn luma_of([r, g, b]: [f32; 3]) -> f32 {
    LUMA[0] * r + LUMA[1] * g + LUMA[2] * b
}

/// Luma as a plane on the frame's budget.
pub(crate) fn luma_plane(frame: &Frame) -> Result<Plane> {
    let width = frame.width();
    let mut plane = frame.budget().unwritten(width * frame.height())?;
    rows(&mut plane, width, |y, row| {
        let [r, g, b] = frame.channels().map(|channel| &channel[y * width..][..width]);
        lanes(
            #[inline(always)]
            || {
                for (((out, r), g), b) in row.iter_mut().zip(r).zip(g).zip(b) {
                    *out = luma_of([*r, *g, *b]);
                }
            },
        );
    });
    Ok(plane)
}

/// Every pixel becomes its luma, `0.2126 R + 0.7152 G + 0.0722 B`.
pub fn luma(frame: &mut Frame) {
    pixels(
        frame,
        #[inline(always)]
        move |rgb| [luma_of(rgb); 3],
    );
}

/// White where luma is above `level`, black below; within ±`softness` / 2 a straight slope.
///
/// # Errors
/// A level that is not of sense; a softness outside of 0 to 10.
pub fn threshold(frame: &mut Frame, level: f32, softness: f32) -> Result<()> {
    let [level] = sensible("threshold", "level", [level])?;
    let slope = 1.0 / within("threshold", "softness", softness, 0.0..=10.0)?.max(1.0e-6);
    pixels(
        frame,
        #[inline(always)]
        move |rgb| [((luma_of(rgb) - level) * slope + 0.5).clamp(0.0, 1.0); 3],
    );
    Ok(())
}

/// A frame's values in numbers; arrays are red, green, blue, luma.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Statistics {
    /// Means.
    pub mean: [f64; 4],
    /// Standard deviations.
    pub deviation: [f64; 4],
    /// Least values.
    pub least: [f32; 4],
    /// Greatest values.
    pub greatest: [f32; 4],
}

/// One row's share.
#[derive(Clone, Copy)]
struct Share {
    sum: [f64; 4],
    squares: [f64; 4],
    least: [f32; 4],
    greatest: [f32; 4],
}

impl Share {
    const NONE: Self =
        Self { sum: [0.0; 4], squares: [0.0; 4], least: [f32::MAX; 4], greatest: [f32::MIN; 4] };

    fn take(&mut self, values: [f32; 4]) {
        for (at, value) in values.into_iter().enumerate() {
            self.sum[at] += f64::from(value);
            self.squares[at] += f64::from(value) * f64::from(value);
            self.least[at] = self.least[at].min(value);
            self.greatest[at] = self.greatest[at].max(value);
        }
    }

    fn join(&mut self, other: &Self) {
        for at in 0..4 {
            self.sum[at] += other.sum[at];
            self.squares[at] += other.squares[at];
            self.least[at] = self.least[at].min(other.least[at]);
            self.greatest[at] = self.greatest[at].max(other.greatest[at]);
        }
    }
}

/// Means, deviations, least and greatest values.
pub fn statistics(frame: &Frame) -> Statistics {
    let (width, height) = frame.size();
    let row = |y: usize| {
        let mut share = Share::NONE;
        let [r, g, b] = frame.channels().map(|channel| &channel[y * width..][..width]);
        for ((r, g), b) in r.iter().zip(g).zip(b) {
            share.take([*r, *g, *b, luma_of([*r, *g, *b])]);
        }
        share
    };
    let shares: Vec<Share> = (0..height).into_par_iter().map(row).collect();
    let mut all = Share::NONE;
    shares.iter().for_each(|share| all.join(share));
    let count = (width * height) as f64;
    let mean = all.sum.map(|sum| sum / count);
    let deviation =
        std::array::from_fn(|at| libm::sqrt((all.squares[at] / count - mean[at] * mean[at]).max(0.0)));
    Statistics { mean, deviation, least: all.least, greatest: all.greatest }
}

/// How many pixels have their value in each of `bins` equal parts of 0 to 1, for red, green, blue, luma; what
/// lies beyond counts in the first and the last.
///
/// # Errors
/// `bins` is not from 1 to 4096.
pub fn histogram(frame: &Frame, bins: usize) -> Result<[Vec<u32>; 4]> {
    if !(1..=4096).contains(&bins) {
        let problem = format_args!("wants from 1 to 4096 `bins`, not {bins}");
        return Err(PixelError::argument("histogram", problem));
    }
    let mut counts = [(); 4].map(|()| vec![0_u32; bins]);
    let [r, g, b] = frame.channels();
    for ((r, g), b) in r.iter().zip(g).zip(b) {
        for (counts, value) in counts.iter_mut().zip([*r, *g, *b, luma_of([*r, *g, *b])]) {
            // Casting holds what is below 0 at 0.
            counts[((value * bins as f32) as usize).min(bins - 1)] += 1;
        }
    }
    Ok(counts)
}

/// How far two frames are apart: the mean of the squared differences over red, green and blue, and the
/// greatest difference of any sample.
///
/// # Errors
/// Frames of two sizes.
pub fn difference(frame: &Frame, other: &Frame) -> Result<(f64, f32)> {
    frame.same_size("difference", other)?;
    let width = frame.width();
    let row = |y: usize| {
        let (mut squares, mut greatest) = (0.0, 0.0_f32);
        for (a, b) in frame.channels().iter().zip(other.channels()) {
            let place = y * width..(y + 1) * width;
            for (a, b) in a[place.clone()].iter().zip(&b[place]) {
                squares += f64::from(a - b) * f64::from(a - b);
                greatest = greatest.max((a - b).abs());
            }
        }
        (squares, greatest)
    };
    let shares: Vec<(f64, f32)> = (0..frame.height()).into_par_iter().map(row).collect();
    let squares: f64 = shares.iter().map(|share| share.0).sum();
    let greatest = shares.iter().fold(0.0_f32, |most, share| most.max(share.1));
    Ok((squares / (3 * width * frame.height()) as f64, tame(greatest)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::Budget;

    fn ramp() -> Frame {
        let mut frame = Frame::new(5, 1, &Budget::new(1 << 16)).unwrap();
        for x in 0..5 {
            frame.set_pixel(x, 0, [x as f32 * 0.25, 1.0, 0.0]).unwrap();
        }
        frame
    }

    #[test]
    fn numbers_of_a_ramp() {
        let found = statistics(&ramp());
        assert!((found.mean[0] - 0.5).abs() < 1e-9 && (found.mean[3] - (0.1063 + 0.7152)).abs() < 1e-6);
        // The variance of 0, 1/4, 1/2, 3/4, 1 is 1/8.
        assert!((found.deviation[0] - 0.125_f64.sqrt()).abs() < 1e-9);
        assert_eq!((found.least[0], found.greatest[0], found.least[1]), (0.0, 1.0, 1.0));
        let counts = histogram(&ramp(), 4).unwrap();
        assert_eq!((&counts[0][..], &counts[2][..]), (&[1, 1, 1, 2][..], &[5, 0, 0, 0][..]));
        assert!(histogram(&ramp(), 0).is_err());
    }

    #[test]
    fn luma_threshold_and_difference() {
        let mut frame = ramp();
        let (mean, greatest) = difference(&frame, &ramp()).unwrap();
        assert_eq!((mean, greatest), (0.0, 0.0));
        threshold(&mut frame, 0.7152 + 0.2126 * 0.5, 0.2126 * 0.5).unwrap();
        let row: Vec<f32> = frame.channels()[1].to_vec();
        for (value, wanted) in row.iter().zip([0.0, 0.0, 0.5, 1.0, 1.0]) {
            assert!((value - wanted).abs() < 1e-4, "{row:?}");
        }
        assert!(difference(&frame, &ramp()).unwrap().1 > 0.4);
    }
}
