//! Colour tables: a colour out of a colour, by a lattice of known ones.
//!
//! Between the points of a 3-D lattice lies tetrahedral interpolation: the cube around a colour is cut into six
//! tetrahedra along its grey diagonal, so that greys stay as clean as the table's own.

use crate::error::{PixelError, Result};
use crate::frame::Frame;
use crate::rows::pixels;

/// The largest side of a 3-D table.
pub const MAX_SIDE_3D: usize = 129;
/// The longest 1-D table.
pub const MAX_SIDE_1D: usize = 65_536;

/// What lies in a table.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Points {
    /// Each channel by itself: entry by entry red, green, blue.
    One(Vec<[f32; 3]>),
    /// A lattice of so many points a side; red changes fastest.
    Three(usize, Vec<[f32; 3]>),
}

/// A colour table. Read one from a `.cube` file by [`crate::cube::parse`].
#[derive(Clone, Debug, PartialEq)]
pub struct Lut {
    /// Its title, where it has one.
    pub title: Option<String>,
    pub(crate) low: [f32; 3],
    pub(crate) high: [f32; 3],
    pub(crate) points: Points,
}

impl Lut {
    /// A lattice of `side` points a side over colours from 0 to 1, each made from the colour that it stands for.
    ///
    /// # Errors
    /// A side that is not from 2 to [`MAX_SIDE_3D`].
    pub fn from_fn(side: usize, make: impl Fn([f32; 3]) -> [f32; 3]) -> Result<Self> {
        if !(2..=MAX_SIDE_3D).contains(&side) {
            let problem = format_args!("wants a side from 2 to {MAX_SIDE_3D}, not {side}");
            return Err(PixelError::argument("lut", problem));
        }
        let step = 1.0 / (side - 1) as f32;
        let colour = |at: usize| [at % side, at / side % side, at / side / side].map(|n| n as f32 * step);
        let points = (0..side.pow(3)).map(|at| make(colour(at)).map(crate::frame::tame)).collect();
        Ok(Self { title: None, low: [0.0; 3], high: [1.0; 3], points: Points::Three(side, points) })
    }

    /// Points a side, and whether it is a table of three dimensions.
    pub fn side(&self) -> (usize, bool) {
        match &self.points {
            Points::One(points) => (points.len(), false),
            Points::Three(side, _) => (*side, true),
        }
    }
}

/// Gives every pixel its colour by the table. Colours beyond the table's domain count as its outermost.
pub fn lut(frame: &mut Frame, table: &Lut) {
    let side = table.side().0;
    let scale: [f32; 3] = std::array::from_fn(|c| (side - 1) as f32 / (table.high[c] - table.low[c]));
    let (low, last) = (table.low, (side - 1) as f32);
    let place = move |rgb: [f32; 3]| -> [f32; 3] {
        std::array::from_fn(|c| ((rgb[c] - low[c]) * scale[c]).clamp(0.0, last))
    };
    match &table.points {
        Points::One(points) => pixels(
            frame,
            #[inline(always)]
            move |rgb| {
                let at = place(rgb);
                std::array::from_fn(|c| {
                    let left = (at[c] as usize).min(side - 2);
                    let (a, b) = (points[left][c], points[left + 1][c]);
                    a + (b - a) * (at[c] - left as f32)
                })
            },
        ),
        Points::Three(_, points) => {
            pixels(
                frame,
                #[inline(always)]
                move |rgb| tetrahedral(points, side, place(rgb)),
            );
        }
    }
}

/// Sakamoto's way: from the cube's darkest corner to its brightest along the axes, the farthest-reaching first.
#[inline(always)]
fn tetrahedral(points: &[[f32; 3]], side: usize, at: [f32; 3]) -> [f32; 3] {
    let cell = at.map(|v| (v as usize).min(side - 2));
    let [x, y, z]: [f32; 3] = std::array::from_fn(|c| at[c] - cell[c] as f32);
    let steps = [1, side, side * side];
    let corner = cell[0] + cell[1] * steps[1] + cell[2] * steps[2];
    // The axes by how far the colour reaches along them.
    let (first, second, weights) = if x > y {
        if y > z {
            (0, 1, [x, y, z])
        } else if x > z {
            (0, 2, [x, z, y])
        } else {
            (2, 0, [z, x, y])
        }
    } else if z > y {
        (2, 1, [z, y, x])
    } else if z > x {
        (1, 2, [y, z, x])
    } else {
        (1, 0, [y, x, z])
    };
    let one = corner + steps[first];
    let two = one + steps[second];
    let far = corner + 1 + side + side * side;
    let (a, b, c, d) = (points[corner], points[one], points[two], points[far]);
    let [p, q, r] = weights;
    std::array::from_fn(|i| a[i] * (1.0 - p) + b[i] * (p - q) + c[i] * (q - r) + d[i] * r)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::Budget;

    fn through(table: &Lut, colour: [f32; 3]) -> [f32; 3] {
        let mut frame = Frame::constant(2, 1, colour, &Budget::new(1 << 16)).unwrap();
        lut(&mut frame, table);
        let [r, g, b, _] = frame.pixel(1, 0).unwrap();
        [r, g, b]
    }

    #[test]
    fn linear_tables_are_exact_in_every_tetrahedron() {
        // Any linear map is met exactly by linear interpolation.
        let map = |[r, g, b]: [f32; 3]| [0.2 + 0.5 * g, r - b, 0.3 * r + 0.3 * g + 0.4 * b];
        let table = Lut::from_fn(5, map).unwrap();
        for n in 0..1000_u32 {
            let colour = [0, 1, 2].map(|c| crate::seeded::unit(crate::seeded::hash(n, c, 0, 3)));
            for (value, wanted) in through(&table, colour).iter().zip(map(colour)) {
                assert!((value - wanted).abs() < 2e-6);
            }
        }
        assert_eq!(through(&table, [1.0; 3]).map(|v| (v * 1e5).round()), [70_000.0, 0.0, 100_000.0]);
        assert_eq!(through(&table, [7.0; 3]), through(&table, [1.0; 3]));
    }

    #[test]
    fn each_tetrahedron_has_its_own_corners() {
        // One lit corner: its weight is known by the order of the fractions.
        let lit = |corner: [usize; 3]| {
            Lut::from_fn(2, move |c| [f32::from(c.map(|v| v as usize) == corner), 0.0, 0.0]).unwrap()
        };
        let weight = |corner, colour| through(&lit(corner), colour)[0];
        let near = |a: f32, b: f32| assert!((a - b).abs() < 1e-6, "{a} {b}");
        near(weight([1, 0, 0], [0.9, 0.5, 0.2]), 0.4);
        near(weight([1, 1, 0], [0.9, 0.5, 0.2]), 0.3);
        near(weight([1, 0, 1], [0.9, 0.2, 0.5]), 0.3);
        near(weight([0, 0, 1], [0.5, 0.2, 0.9]), 0.4);
        near(weight([0, 1, 1], [0.2, 0.5, 0.9]), 0.3);
        near(weight([0, 1, 0], [0.2, 0.9, 0.5]), 0.4);
        near(weight([1, 1, 0], [0.5, 0.9, 0.2]), 0.3);
        near(weight([1, 1, 1], [0.5, 0.9, 0.2]), 0.2);
        near(weight([0, 0, 0], [0.5, 0.9, 0.2]), 0.1);
        near(weight([0, 0, 1], [0.9, 0.5, 0.2]), 0.0);
    }
}
