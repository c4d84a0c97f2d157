//! Frames bent: by a matrix, by another frame's values, by a lens.
//!
//! A place is measured in pixels from the frame's top left corner, so that the first pixel's middle is (1/2, 1/2).
//! Each new pixel's middle is taken back to where it came from, and sampled there. Nothing is filtered: what shrinks by
//! more than a half is better resized first.

use crate::convolve::unweigh;
use crate::error::{LARGEST, PixelError, Result, sensible, within};
use crate::frame::{Frame, tame};
use crate::rows::{rows, whole_rows};

/// What lies beyond a frame's sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beyond {
    /// Its outermost pixels go on.
    Edge,
    /// Nothing: black, and clear where there is alpha.
    Clear,
    /// The frame mirrored.
    Mirror,
    /// The frame again.
    Repeat,
}

impl Beyond {
    /// Each with its name.
    pub const ALL: [(&'static str, Self); 4] =
        [("edge", Self::Edge), ("clear", Self::Clear), ("mirror", Self::Mirror), ("repeat", Self::Repeat)];

    /// The one of that name.
    ///
    /// # Errors
    /// There is none; the nearest is told.
    pub fn named(name: &str) -> Result<Self> {
        crate::named::named("warp", "way beyond the sides", name, &Self::ALL)
    }

    /// Where sample `n` of `count` is found, if anywhere.
    #[inline(always)]
    fn find(self, n: i32, count: i32) -> Option<usize> {
        if (0..count).contains(&n) {
            return Some(n as usize);
        }
        match self {
            Self::Edge => Some(n.clamp(0, count - 1) as usize),
            Self::Clear => None,
            Self::Repeat => Some(n.rem_euclid(count) as usize),
            Self::Mirror => {
                let n = n.rem_euclid(2 * count);
                Some(if n < count { n } else { 2 * count - 1 - n } as usize)
            }
        }
    }
}

/// How samples between pixels are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sampling {
    /// The pixel there.
    Nearest,
    /// From the four around.
    Bilinear,
    /// From the sixteen around (Catmull and Rom).
    Bicubic,
}

impl Sampling {
    /// Each with its name.
    pub const ALL: [(&'static str, Self); 3] =
        [("nearest", Self::Nearest), ("bilinear", Self::Bilinear), ("bicubic", Self::Bicubic)];

    /// The one of that name.
    ///
    /// # Errors
    /// There is none; the nearest is told.
    pub fn named(name: &str) -> Result<Self> {
        crate::named::named("warp", "sampling", name, &Self::ALL)
    }
}

/// How a warp samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Manner {
    /// Beyond the sides.
    pub beyond: Beyond,
    /// Between pixels.
    pub sampling: Sampling,
}

impl Default for Manner {
    fn default() -> Self {
        Self { beyond: Beyond::Edge, sampling: Sampling::Bilinear }
    }
}

/// Samples of a row or column around a place, each with its weight.
#[derive(Clone, Copy)]
struct Around {
    at: [Option<usize>; 4],
    weight: [f32; 4],
    count: usize,
}

impl Around {
    #[inline(always)]
    fn new(place: f32, size: usize, manner: Manner) -> Self {
        // Places this far out are far beyond every frame, and whole numbers hold them.
        let place = if place.abs() < 1.0e8 { place } else { -1.0e8 };
        let size = size as i32;
        let find = |n: i32| manner.beyond.find(n, size);
        let from = place - 0.5;
        let floor = from.floor();
        let (n, t) = (floor as i32, from - floor);
        match manner.sampling {
            Sampling::Nearest => {
                let n = place.floor() as i32;
                Self { at: [find(n), None, None, None], weight: [1.0, 0.0, 0.0, 0.0], count: 1 }
            }
            Sampling::Bilinear => {
                Self { at: [find(n), find(n + 1), None, None], weight: [1.0 - t, t, 0.0, 0.0], count: 2 }
            }
            Sampling::Bicubic => {
                let weight = [
                    ((-0.5 * t + 1.0) * t - 0.5) * t,
                    (1.5 * t - 2.5) * t * t + 1.0,
                    ((-1.5 * t + 2.0) * t + 0.5) * t,
                    (0.5 * t - 0.5) * t * t,
                ];
                Self { at: [find(n - 1), find(n), find(n + 1), find(n + 2)], weight, count: 4 }
            }
        }
    }
}

/// A new frame of that size, each pixel taken from where `place` says; `None` is nothing at all.
pub(crate) fn taken(
    frame: &Frame,
    (width, height): (usize, usize),
    manner: Manner,
    place: impl Fn(usize, usize) -> Option<(f32, f32)> + Sync,
) -> Result<Frame> {
    let mut out = Frame::unwritten("warp", width, height, frame.alpha().is_some(), frame.budget())?;
    whole_rows(
        &mut out,
        || (),
        |(), y, [r, g, b], mut alpha| {
            for x in 0..width {
                let [red, green, blue, clear] = match place(x, y) {
                    Some(at) => sample(frame, at, manner),
                    None => [0.0; 4],
                };
                (r[x], g[x], b[x]) = (tame(red), tame(green), tame(blue));
                if let Some(alpha) = &mut alpha {
                    alpha[x] = clear;
                }
            }
        },
    );
    unweigh(&mut out);
    Ok(out)
}

/// Red, green, blue and alpha at a place, colours weighed by alpha.
#[inline(always)]
fn sample(frame: &Frame, (x, y): (f32, f32), manner: Manner) -> [f32; 4] {
    let (width, height) = frame.size();
    let across = Around::new(x, width, manner);
    let down = Around::new(y, height, manner);
    let planes = frame.channels();
    let mut sums = [0.0_f32; 4];
    for (row, fall) in down.at.iter().zip(down.weight).take(down.count) {
        let Some(row) = row else { continue };
        for (column, weight) in across.at.iter().zip(across.weight).take(across.count) {
            let Some(column) = column else { continue };
            let (at, weight) = (row * width + column, weight * fall);
            let weight = match frame.alpha() {
                Some(alpha) => weight * alpha[at],
                None => weight,
            };
            sums[0] += planes[0][at] * weight;
            sums[1] += planes[1][at] * weight;
            sums[2] += planes[2][at] * weight;
            sums[3] += weight;
        }
    }
    sums
}

/// Bends a frame by a 3x3 matrix that takes places of the frame to places of the result, in homogeneous
/// coordinates: `(x', y', w') = M (x, y, 1)`, shown at `(x' / w', y' / w')`. An affine matrix has the last row
/// `0 0 1`. The size stays.
///
/// # Errors
/// A coefficient that is not of sense; a matrix that presses the frame flat; the budget has no room.
pub fn matrix(frame: &Frame, matrix: &[[f32; 3]; 3], manner: Manner) -> Result<Frame> {
    for row in matrix {
        sensible("warp", "coefficient", *row)?;
    }
    let back = inverse(matrix)?;
    taken(frame, frame.size(), manner, |x, y| {
        let (x, y) = (x as f64 + 0.5, y as f64 + 0.5);
        let [across, down, w] = back.map(|row| row[0] * x + row[1] * y + row[2]);
        // Behind the viewer there is nothing.
        (w > 1.0e-12).then(|| ((across / w) as f32, (down / w) as f32))
    })
}

/// The inverse, of such a sign that the frame's own middle lies in front.
fn inverse(matrix: &[[f32; 3]; 3]) -> Result<[[f64; 3]; 3]> {
    let m = matrix.map(|row| row.map(f64::from));
    let minor = |r: usize, c: usize| {
        let (r0, r1, c0, c1) = ((r + 1) % 3, (r + 2) % 3, (c + 1) % 3, (c + 2) % 3);
        m[r0][c0] * m[r1][c1] - m[r0][c1] * m[r1][c0]
    };
    let determinant: f64 = (0..3).map(|c| m[0][c] * minor(0, c)).sum();
    if determinant.abs() < 1.0e-12 {
        return Err(PixelError::argument(
            "warp",
            "wants a matrix that can be undone; this one presses all flat",
        ));
    }
    Ok(std::array::from_fn(|r| std::array::from_fn(|c| minor(c, r) / determinant)))
}

/// The matrix that takes four corners (top left, top right, bottom right, bottom left of a frame of that size) to
/// these places: for [`matrix`].
///
/// # Errors
/// Corners of which three lie on a line, or that are not of sense.
pub fn to_corners(size: (usize, usize), corners: [(f32, f32); 4]) -> Result<[[f32; 3]; 3]> {
    for (x, y) in corners {
        sensible("to_corners", "corner", [x, y])?;
    }
    let [p0, p1, p2, p3] = corners.map(|(x, y)| (f64::from(x), f64::from(y)));
    // Heckbert's square to quadrilateral.
    let (dx1, dx2) = (p1.0 - p2.0, p3.0 - p2.0);
    let (dy1, dy2) = (p1.1 - p2.1, p3.1 - p2.1);
    let (sx, sy) = (p0.0 - p1.0 + p2.0 - p3.0, p0.1 - p1.1 + p2.1 - p3.1);
    let area = dx1 * dy2 - dx2 * dy1;
    if area.abs() < 1.0e-9 {
        return Err(PixelError::argument("to_corners", "wants corners of which no three lie on a line"));
    }
    let (g, h) = ((sx * dy2 - dx2 * sy) / area, (dx1 * sy - sx * dy1) / area);
    let (w, tall) = (size.0.max(1) as f64, size.1.max(1) as f64);
    let rows = [
        [(p1.0 - p0.0 + g * p1.0) / w, (p3.0 - p0.0 + h * p3.0) / tall, p0.0],
        [(p1.1 - p0.1 + g * p1.1) / w, (p3.1 - p0.1 + h * p3.1) / tall, p0.1],
        [g / w, h / tall, 1.0],
    ];
    Ok(rows.map(|row| row.map(|v| v as f32)))
}

/// Takes each pixel from `(map.r - 1/2, map.g - 1/2) * amount` pixels away: grey moves nothing. `map` is of the
/// same size.
///
/// # Errors
/// Frames of two sizes; an amount beyond ±1000000; the budget has no room.
pub fn displace(frame: &Frame, map: &Frame, amount: (f32, f32), manner: Manner) -> Result<Frame> {
    frame.same_size("displace", map)?;
    let [across, down] = sensible("displace", "amount", [amount.0, amount.1])?;
    let [r, g, _] = map.channels();
    let width = frame.width();
    taken(frame, frame.size(), manner, |x, y| {
        let at = y * width + x;
        Some((x as f32 + 0.5 + (r[at] - 0.5) * across, y as f32 + 0.5 + (g[at] - 0.5) * down))
    })
}

/// A lens: with `d` the way from the middle, and `r` its length over half the diagonal, each pixel is taken from
/// `middle + d (1 + k1 r² + k2 r⁴) / zoom`. Positive `k1` is a barrel, negative a cushion.
///
/// # Errors
/// `k1` or `k2` beyond ±10; a zoom outside of 0.01 to 100; the budget has no room.
pub fn lens(frame: &Frame, k1: f32, k2: f32, zoom: f32, manner: Manner) -> Result<Frame> {
    let k1 = within("lens", "k1", k1, -10.0..=10.0)?;
    let k2 = within("lens", "k2", k2, -10.0..=10.0)?;
    let zoom = 1.0 / within("lens", "zoom", zoom, 0.01..=100.0)?;
    let (cx, cy) = (frame.width() as f32 * 0.5, frame.height() as f32 * 0.5);
    let scale = 1.0 / (cx * cx + cy * cy);
    taken(frame, frame.size(), manner, |x, y| {
        let (dx, dy) = (x as f32 + 0.5 - cx, y as f32 + 0.5 - cy);
        let r2 = (dx * dx + dy * dy) * scale;
        let factor = (1.0 + k1 * r2 + k2 * r2 * r2) * zoom;
        Some((cx + dx * factor, cy + dy * factor))
    })
}

/// The frame turned by so many degrees, clockwise, about its middle. The size stays.
///
/// # Errors
/// An angle that is not of sense; the budget has no room.
pub fn rotate(frame: &Frame, degrees: f32, manner: Manner) -> Result<Frame> {
    within("rotate", "degrees", degrees, -LARGEST..=LARGEST)?;
    let angle = f64::from(degrees % 360.0).to_radians();
    let (sin, cos) = (libm::sin(angle), libm::cos(angle));
    let (cx, cy) = (frame.width() as f64 * 0.5, frame.height() as f64 * 0.5);
    taken(frame, frame.size(), manner, |x, y| {
        let (dx, dy) = (x as f64 + 0.5 - cx, y as f64 + 0.5 - cy);
        Some(((cx + dx * cos + dy * sin) as f32, (cy - dx * sin + dy * cos) as f32))
    })
}

/// Red, green and blue apart: red is scaled about the middle by `1 + amount`, blue by `1 - amount`, as by a
/// simple lens. Alpha stays.
///
/// # Errors
/// An amount beyond ±0.5; the budget has no room.
pub fn fringe(frame: &Frame, amount: f32) -> Result<Frame> {
    let amount = within("fringe", "amount", amount, -0.5..=0.5)?;
    let mut out = frame.copy()?;
    let (width, height) = frame.size();
    let (cx, cy) = (width as f32 * 0.5, height as f32 * 0.5);
    for (channel, factor) in [(0, 1.0 / (1.0 + amount)), (2, 1.0 / (1.0 - amount))] {
        let from = &frame.rgb[channel];
        rows(&mut out.rgb[channel], width, |y, row| {
            let down = Around::new(cy + (y as f32 + 0.5 - cy) * factor, height, Manner::default());
            for (x, out) in row.iter_mut().enumerate() {
                let across = Around::new(cx + (x as f32 + 0.5 - cx) * factor, width, Manner::default());
                let at = |j: usize, i: usize| match (down.at[j], across.at[i]) {
                    (Some(row), Some(column)) => from[row * width + column],
                    _ => 0.0,
                };
                let line = |j: usize| at(j, 0) * across.weight[0] + at(j, 1) * across.weight[1];
                *out = line(0) * down.weight[0] + line(1) * down.weight[1];
            }
        });
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::Budget;

    /// Red tells x, green tells y, in pixels.
    fn places(width: usize, height: usize) -> Frame {
        let mut frame = Frame::new(width, height, &Budget::new(1 << 22)).unwrap();
        for y in 0..height {
            for x in 0..width {
                frame.set_pixel(x, y, [x as f32 + 0.5, y as f32 + 0.5, 1.0]).unwrap();
            }
        }
        frame
    }

    fn near(frame: &Frame, (x, y): (usize, usize), wanted: (f32, f32)) {
        let [r, g, ..] = frame.pixel(x, y).unwrap();
        assert!((r - wanted.0).abs() < 1e-3 && (g - wanted.1).abs() < 1e-3, "{r} {g}, not {wanted:?}");
    }

    const BICUBIC: Manner = Manner { beyond: Beyond::Clear, sampling: Sampling::Bicubic };

    #[test]
    fn matrices_take_places_to_places() {
        let frame = places(40, 30);
        for manner in [Manner::default(), BICUBIC] {
            // Twice as large, then 3.25 to the right and 4 up.
            let out = matrix(&frame, &[[2.0, 0.0, 3.25], [0.0, 2.0, -4.0], [0.0, 0.0, 1.0]], manner).unwrap();
            near(&out, (20, 10), ((20.5 - 3.25) / 2.0, (10.5 + 4.0) / 2.0));
        }
        let corners = [(5.0, 3.0), (30.0, 6.0), (36.0, 27.0), (2.0, 25.0)];
        let to = to_corners((40, 30), corners).unwrap();
        let at = |x: f32, y: f32| {
            let [a, b, w] = to.map(|row| row[0] * x + row[1] * y + row[2]);
            (a / w, b / w)
        };
        for ((x, y), corner) in [(0.0, 0.0), (40.0, 0.0), (40.0, 30.0), (0.0, 30.0)].into_iter().zip(corners)
        {
            let (a, b) = at(x, y);
            assert!((a - corner.0).abs() < 1e-4 && (b - corner.1).abs() < 1e-4);
        }
        let out = matrix(&frame, &to, Manner::default()).unwrap();
        let [r, g, ..] = out.pixel(20, 15).unwrap();
        let (x, y) = at(r, g);
        assert!((x - 20.5).abs() < 1e-3 && (y - 15.5).abs() < 1e-3);
        assert!(matrix(&frame, &[[1.0; 3]; 3], Manner::default()).is_err());
        assert!(to_corners((40, 30), [(0.0, 0.0); 4]).is_err());
    }

    #[test]
    fn turning_lens_and_displacement() {
        let frame = places(40, 30);
        let out = rotate(&frame, 90.0, Manner::default()).unwrap();
        // Clockwise: what was above the middle is at its right.
        near(&out, (25, 15), (20.5, 15.0 - 5.5));
        let out = lens(&frame, 0.2, 0.0, 1.0, Manner::default()).unwrap();
        let (dx, dy) = (5.5_f32, -4.5_f32);
        let factor = 1.0 + 0.2 * (dx * dx + dy * dy) / 625.0;
        near(&out, (25, 10), (20.0 + dx * factor, 15.0 + dy * factor));
        let map = Frame::constant(40, 30, [0.75, 0.25, 0.0], frame.budget()).unwrap();
        let out = displace(&frame, &map, (8.0, 4.0), Manner::default()).unwrap();
        near(&out, (20, 10), (22.5, 9.5));
        let out = fringe(&frame, 0.1).unwrap();
        near(&out, (25, 10), (20.0 + 5.5 / 1.1, 10.5));
    }

    #[test]
    fn beyond_the_sides() {
        let frame = places(4, 1);
        let shift = [[1.0, 0.0, 6.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
        // Six to the right: pixel x was at x - 6. Mirrored, the line is 8 long and -6 is its pixel 2.
        for (beyond, wanted) in [
            (Beyond::Edge, [0.5, 0.5, 0.5, 0.5]),
            (Beyond::Clear, [0.0; 4]),
            (Beyond::Repeat, [2.5, 3.5, 0.5, 1.5]),
            (Beyond::Mirror, [2.5, 3.5, 3.5, 2.5]),
        ] {
            let out = matrix(&frame, &shift, Manner { beyond, sampling: Sampling::Nearest }).unwrap();
            assert_eq!(out.channels()[0], wanted, "{beyond:?}");
        }
        assert!(matrix(&frame, &[[f32::NAN; 3]; 3], Manner::default()).is_err());
    }
}
