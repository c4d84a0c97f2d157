//! Curves: a value out of a value by points, as a smooth line that never turns between two of them.

use crate::error::{LARGEST, PixelError, Result, within};
use crate::frame::Frame;
use crate::rows::samples;

/// The most points a curve may have.
pub const MAX_POINTS: usize = 256;

/// A curve through points: monotone cubic pieces (Fritsch and Carlson), level beyond the first and the last.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    x: Vec<f32>,
    y: Vec<f32>,
    /// The slope at each point.
    slope: Vec<f32>,
}

impl Curve {
    /// A curve through these points, in the order of their first number.
    ///
    /// # Errors
    /// Fewer than two points or more than [`MAX_POINTS`]; numbers not of sense; the first number of a point is
    /// not above that of the one before.
    pub fn new(points: &[(f32, f32)]) -> Result<Self> {
        if !(2..=MAX_POINTS).contains(&points.len()) {
            let problem = format_args!("wants from 2 to {MAX_POINTS} points, not {}", points.len());
            return Err(PixelError::argument("curve", problem));
        }
        for (x, y) in points {
            within("curve", "point", *x, -LARGEST..=LARGEST)?;
            within("curve", "point", *y, -LARGEST..=LARGEST)?;
        }
        if let Some(pair) = points.windows(2).find(|pair| pair[1].0 - pair[0].0 < 1.0e-6) {
            let problem =
                format_args!("wants its points from left to right: {} comes after {}", pair[1].0, pair[0].0);
            return Err(PixelError::argument("curve", problem));
        }
        let (x, y): (Vec<f32>, Vec<f32>) = points.iter().copied().unzip();
        let slope = slopes(&x, &y);
        Ok(Self { x, y, slope })
    }

    /// The curve's value.
    pub fn value(&self, at: f32) -> f32 {
        let after = self.x.partition_point(|x| *x <= at);
        if after == 0 {
            return self.y[0];
        }
        if after == self.x.len() {
            return self.y[after - 1];
        }
        let left = after - 1;
        let width = self.x[after] - self.x[left];
        let t = (at - self.x[left]) / width;
        // Hermite's basis.
        let (t2, t3) = (t * t, t * t * t);
        self.y[left] * (2.0 * t3 - 3.0 * t2 + 1.0)
            + self.y[after] * (3.0 * t2 - 2.0 * t3)
            + self.slope[left] * width * (t3 - 2.0 * t2 + t)
            + self.slope[after] * width * (t3 - t2)
    }
}

fn slopes(x: &[f32], y: &[f32]) -> Vec<f32> {
    let n = x.len();
    let secant: Vec<f32> = (0..n - 1).map(|at| (y[at + 1] - y[at]) / (x[at + 1] - x[at])).collect();
    let mut slope: Vec<f32> = (0..n)
        .map(|at| match (at.checked_sub(1).map(|left| secant[left]), secant.get(at)) {
            (Some(left), Some(right)) if left * right <= 0.0 => 0.0,
            (Some(left), Some(right)) => (left + right) * 0.5,
            (Some(only), None) | (None, Some(&only)) => only,
            (None, None) => 0.0,
        })
        .collect();
    for at in 0..n - 1 {
        if secant[at] == 0.0 {
            (slope[at], slope[at + 1]) = (0.0, 0.0);
            continue;
        }
        let (a, b) = (slope[at] / secant[at], slope[at + 1] / secant[at]);
        let length = a * a + b * b;
        if length > 9.0 {
            let shorter = 3.0 / length.sqrt();
            (slope[at], slope[at + 1]) = (shorter * a * secant[at], shorter * b * secant[at]);
        }
    }
    slope
}

/// Steps of the table that a curve becomes from 0 to 1.
const STEPS: usize = 4096;

/// Gives every channel its curve. From 0 to 1 by a table of 4096 straight pieces; beyond, the curve's ends.
pub fn curves(frame: &mut Frame, curves: [&Curve; 3]) {
    let tables = curves
        .map(|curve| (0..=STEPS + 1).map(|at| curve.value(at as f32 / STEPS as f32)).collect::<Vec<f32>>());
    samples(
        frame,
        tables.each_ref(),
        #[inline(always)]
        move |table, v| {
            let at = v.clamp(0.0, 1.0) * STEPS as f32;
            let left = at as usize;
            let pair = &table[left..left + 2];
            pair[0] + (pair[1] - pair[0]) * (at - left as f32)
        },
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::Budget;

    #[test]
    fn curves_pass_their_points_and_never_turn_between() {
        let points = [(0.0, 0.0), (0.2, 0.5), (0.5, 0.5), (0.6, 0.9), (1.0, 1.0)];
        let curve = Curve::new(&points).unwrap();
        for (x, y) in points {
            assert!((curve.value(x) - y).abs() < 1e-6);
        }
        let values: Vec<f32> = (0..=1000).map(|at| curve.value(at as f32 / 1000.0)).collect();
        assert!(values.windows(2).all(|pair| pair[1] >= pair[0] - 1e-6));
        assert_eq!((curve.value(-1.0), curve.value(9.0)), (0.0, 1.0));
        let line = Curve::new(&[(0.0, 1.0), (1.0, 0.0)]).unwrap();
        assert!((line.value(0.3) - 0.7).abs() < 1e-6);
    }

    #[test]
    fn frames_follow_their_curves() {
        let mut frame = Frame::constant(3, 3, [0.3, 0.3, 2.0], &Budget::new(1 << 16)).unwrap();
        let line = Curve::new(&[(0.0, 1.0), (1.0, 0.0)]).unwrap();
        let straight = Curve::new(&[(0.0, 0.0), (1.0, 1.0)]).unwrap();
        curves(&mut frame, [&line, &straight, &line]);
        let [r, g, b, _] = frame.pixel(1, 1).unwrap();
        assert!((r - 0.7).abs() < 1e-5 && (g - 0.3).abs() < 1e-5 && b == 0.0);
    }

    #[test]
    fn points_out_of_order_are_told() {
        let told = Curve::new(&[(0.5, 0.0), (0.2, 1.0)]).unwrap_err().to_string();
        assert!(told.contains("0.2 comes after 0.5"), "{told}");
        assert!(Curve::new(&[(0.0, 0.0)]).is_err() && Curve::new(&[(0.0, f32::NAN), (1.0, 0.0)]).is_err());
    }
}
