//! Between frames and the engine's pictures: planar Y'CbCr 4:2:0 of 16 bits a sample, BT.709, studio range times
//! 256, chroma sited left (on even columns, half-way between two rows).
//!
//! What always holds: a picture that becomes a frame and a picture again is the same picture, to the rounding
//! of one 16-bit sample. Chroma is brought to full size linearly, in columns by (1/2, 1/2), in rows by
//! (3/4, 1/4); the way back is the exact inverse of that: in columns (-1, 2, 6, 2, -1) / 8, in rows
//! (-1, 3, 3, -1) / 4. The price is that chroma overshoots a little beside edges that were drawn in full detail.

use rayon::prelude::*;

use crate::budget::Budget;
use crate::error::{PixelError, Result};
use crate::frame::{Frame, sides, tame};
use crate::rows::lanes;

const BLACK: f32 = 4096.0;
const LUMA_SPAN: f32 = 219.0 * 256.0;
const NEUTRAL: f32 = 32_768.0;
const CHROMA_SPAN: f32 = 224.0 * 256.0;
/// What video may carry: 8-bit codes 1 to 254, whiter than white and blacker than black included.
const LOWEST: f32 = 256.0;
const HIGHEST: f32 = 65_279.0;

/// BT.709: how much red, green and blue weigh in luma.
pub const LUMA: [f32; 3] = [0.2126, 1.0 - 0.2126 - 0.0722, 0.0722];
const RED: f32 = LUMA[0];
const GREEN: f32 = LUMA[1];
const BLUE: f32 = LUMA[2];

/// A picture to read: `y` is `width x height`, `cb` and `cr` are `(width + 1) / 2` by `(height + 1) / 2`.
#[derive(Clone, Copy, Debug)]
pub struct PictureRef<'a> {
    /// Pixels across.
    pub width: usize,
    /// Pixels down.
    pub height: usize,
    /// Luma.
    pub y: &'a [u16],
    /// Blue difference.
    pub cb: &'a [u16],
    /// Red difference.
    pub cr: &'a [u16],
}

/// A picture to write, of the same shape.
#[derive(Debug)]
pub struct PictureMut<'a> {
    /// Pixels across.
    pub width: usize,
    /// Pixels down.
    pub height: usize,
    /// Luma.
    pub y: &'a mut [u16],
    /// Blue difference.
    pub cb: &'a mut [u16],
    /// Red difference.
    pub cr: &'a mut [u16],
}

fn check_planes((width, height): (usize, usize), [y, cb, cr]: [usize; 3]) -> Result<()> {
    sides("picture", width, height)?;
    let (luma, chroma) = (width * height, width.div_ceil(2) * height.div_ceil(2));
    if (y, cb, cr) == (luma, chroma, chroma) {
        return Ok(());
    }
    let problem = format_args!(
        "of {width}x{height} has {luma} luma and twice {chroma} chroma samples, not {y}, {cb} and {cr}"
    );
    Err(PixelError::argument("picture", problem))
}

/// The frame that a picture shows, without alpha.
///
/// # Errors
/// Planes that do not fit the size; a side beyond bounds; the budget has no room.
pub fn from_picture(picture: PictureRef<'_>, budget: &Budget) -> Result<Frame> {
    let (width, height) = (picture.width, picture.height);
    check_planes((width, height), [picture.y.len(), picture.cb.len(), picture.cr.len()])?;
    let mut frame = Frame::unwritten("picture", width, height, false, budget)?;
    let [r, g, b] = &mut frame.rgb;
    let rows = r.par_chunks_mut(width).zip(g.par_chunks_mut(width)).zip(b.par_chunks_mut(width));
    let scratch = || [vec![0.0_f32; width + 1], vec![0.0_f32; width + 1], vec![0.0_f32; width / 2 + 2]];
    rows.enumerate().with_min_len(16).for_each_init(scratch, |[cb, cr, half], (y, ((r, g), b))| {
        lanes(
            #[inline(always)]
            || {
                chroma_row(picture.cb, (width, height), y, half, cb);
                chroma_row(picture.cr, (width, height), y, half, cr);
                rgb_row(&picture.y[y * width..][..width], cb, cr, [r, g, b]);
            },
        );
    });
    Ok(frame)
}

/// A row of colour difference (±1/2) at full width, as it lies at luma row `y`.
#[inline(always)]
fn chroma_row(plane: &[u16], (width, height): (usize, usize), y: usize, half: &mut [f32], out: &mut [f32]) {
    let (across, down) = (width.div_ceil(2), height.div_ceil(2));
    let near = y / 2;
    let far = if y.is_multiple_of(2) { near.saturating_sub(1) } else { (near + 1).min(down - 1) };
    let (near, far) = (&plane[near * across..][..across], &plane[far * across..][..across]);
    for ((out, near), far) in half.iter_mut().zip(near).zip(far) {
        let mean = f32::from(*near) * 0.75 + f32::from(*far) * 0.25;
        *out = (mean - NEUTRAL) * (1.0 / CHROMA_SPAN);
    }
    half[across] = half[across - 1];
    let (here, next) = (&half[..across], &half[1..=across]);
    let (whole, last) = out[..width].as_chunks_mut::<2>();
    for ((pair, here), next) in whole.iter_mut().zip(here).zip(next) {
        *pair = [*here, (*here + *next) * 0.5];
    }
    if let [last] = last {
        *last = half[across - 1];
    }
}

#[inline(always)]
fn rgb_row(luma: &[u16], cb: &[f32], cr: &[f32], [r, g, b]: [&mut [f32]; 3]) {
    let n = luma.len();
    let (cb, cr, r, g, b) = (&cb[..n], &cr[..n], &mut r[..n], &mut g[..n], &mut b[..n]);
    for at in 0..n {
        let y = (f32::from(luma[at]) - BLACK) * (1.0 / LUMA_SPAN);
        r[at] = y + cr[at] * (2.0 * (1.0 - RED));
        g[at] = y - cb[at] * (2.0 * BLUE * (1.0 - BLUE) / GREEN) - cr[at] * (2.0 * RED * (1.0 - RED) / GREEN);
        b[at] = y + cb[at] * (2.0 * (1.0 - BLUE));
    }
}

/// Writes a frame into a picture of its size. Alpha is not looked at: lay the frame over another first.
/// Values beyond 0 to 1 are kept as far as video carries them (8-bit codes 1 to 254).
///
/// # Errors
/// The picture has another size, or planes that do not fit it.
pub fn to_picture(frame: &Frame, picture: PictureMut<'_>) -> Result<()> {
    let (width, height) = (picture.width, picture.height);
    check_planes((width, height), [picture.y.len(), picture.cb.len(), picture.cr.len()])?;
    if frame.size() != (width, height) {
        return Err(PixelError::Sizes { operation: "picture", first: frame.size(), other: (width, height) });
    }
    let across = width.div_ceil(2);
    let lumas = picture.y.par_chunks_mut(2 * width);
    let pairs = lumas.zip(picture.cb.par_chunks_mut(across)).zip(picture.cr.par_chunks_mut(across));
    let scratch = || [(); 4].map(|()| vec![0.0_f32; width + 8]);
    pairs.enumerate().with_min_len(8).for_each_init(scratch, |scratch, (pair, ((y, cb), cr))| {
        lanes(
            #[inline(always)]
            || {
                for (row, out) in y.chunks_mut(width).enumerate() {
                    luma_row(frame.channels().map(|c| &c[(2 * pair + row) * width..][..width]), out);
                }
                differences(frame, pair, scratch);
                let [cb_row, cr_row, even, odd] = scratch;
                chroma_samples(&cb_row[..width], even, odd, cb);
                chroma_samples(&cr_row[..width], even, odd, cr);
            },
        );
    });
    Ok(())
}

#[inline(always)]
fn luma_row([r, g, b]: [&[f32]; 3], out: &mut [u16]) {
    for (((out, r), g), b) in out.iter_mut().zip(r).zip(g).zip(b) {
        let y = RED * r + GREEN * g + BLUE * b;
        *out = code(y * LUMA_SPAN + (BLACK + 0.5));
    }
}

/// A sample, with the half added that makes cutting off rounding.
#[inline(always)]
fn code(value: f32) -> u16 {
    let value = if value > LOWEST { value } else { LOWEST };
    (if value < HIGHEST { value } else { HIGHEST }) as i32 as u16
}

/// The rows that make chroma row `pair`, each with its weight: the inverse of how rows are made of chroma.
fn weighed_rows(pair: usize, height: usize) -> [(usize, f32); 4] {
    let last = height - 1;
    let y = 2 * pair;
    match (y == last, y == 0) {
        (true, true) => [(y, 1.0), (y, 0.0), (y, 0.0), (y, 0.0)],
        (true, false) => [(y - 1, -0.5), (y, 1.5), (y, 0.0), (y, 0.0)],
        _ => [(y.saturating_sub(1), -0.25), (y, 0.75), (y + 1, 0.75), ((y + 2).min(last), -0.25)],
    }
}

/// The colour differences of a pair of rows at full width, into the first two of `scratch`.
#[inline(always)]
fn differences(frame: &Frame, pair: usize, scratch: &mut [Vec<f32>; 4]) {
    let (width, height) = frame.size();
    let weighed = weighed_rows(pair, height);
    let [cb, cr, blue, luma] = scratch;
    let (cb, cr, blue, luma) = (&mut cb[..width], &mut cr[..width], &mut blue[..width], &mut luma[..width]);
    let [r, g, b] = frame.channels();
    joined(r, &weighed, cr);
    joined(g, &weighed, luma);
    joined(b, &weighed, blue);
    for at in 0..width {
        let (red, y) = (cr[at], RED * cr[at] + GREEN * luma[at] + BLUE * blue[at]);
        cb[at] = (blue[at] - y) * (CHROMA_SPAN * 0.5 / (1.0 - BLUE));
        cr[at] = (red - y) * (CHROMA_SPAN * 0.5 / (1.0 - RED));
    }
}

/// Four rows of a plane, weighed.
#[inline(always)]
fn joined(plane: &[f32], weighed: &[(usize, f32); 4], out: &mut [f32]) {
    let n = out.len();
    let [a, b, c, d] = weighed.map(|(row, _)| &plane[row * n..][..n]);
    let [w0, w1, w2, w3] = weighed.map(|(_, weight)| weight);
    for at in 0..n {
        out[at] = a[at] * w0 + b[at] * w1 + (c[at] * w2 + d[at] * w3);
    }
}

/// Chroma samples on even columns out of a row at full width.
#[inline(always)]
fn chroma_samples(row: &[f32], even: &mut [f32], odd: &mut [f32], out: &mut [u16]) {
    let n = out.len();
    // One sample before each line, and one beyond.
    let (even, odd) = (&mut even[..n + 2], &mut odd[..=n]);
    let (pairs, last) = row.as_chunks::<2>();
    for ((pair, even), odd) in pairs.iter().zip(&mut even[1..]).zip(&mut odd[1..]) {
        [*even, *odd] = *pair;
    }
    if let [last] = last {
        (even[n], odd[n]) = (*last, *last);
    }
    (even[0], odd[0]) = (even[1], even[1]);
    even[n + 1] = odd[n];
    let (before, here, after) = (&even[..n], &even[1..=n], &even[2..n + 2]);
    let (left, right) = (&odd[..n], &odd[1..=n]);
    for at in 0..n {
        let sum = here[at] * 0.75 + (left[at] + right[at]) * 0.25 - (before[at] + after[at]) * 0.125;
        out[at] = code(tame(sum) + (NEUTRAL + 0.5));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Owned {
        size: (usize, usize),
        planes: [Vec<u16>; 3],
    }

    impl Owned {
        fn new(size: (usize, usize), sample: impl Fn(usize, usize) -> u16) -> Self {
            let chroma = size.0.div_ceil(2) * size.1.div_ceil(2);
            let plane = |n: usize, c: usize| (0..n).map(|at| sample(c, at)).collect();
            Self { size, planes: [plane(size.0 * size.1, 0), plane(chroma, 1), plane(chroma, 2)] }
        }

        fn frame(&self) -> Frame {
            let [y, cb, cr] = &self.planes;
            let picture = PictureRef { width: self.size.0, height: self.size.1, y, cb, cr };
            from_picture(picture, &Budget::new(1 << 30)).unwrap()
        }

        fn take(&mut self, frame: &Frame) {
            let [y, cb, cr] = &mut self.planes;
            let (width, height) = self.size;
            to_picture(frame, PictureMut { width, height, y, cb, cr }).unwrap();
        }
    }

    #[test]
    fn any_picture_comes_back_as_it_was() {
        let noise = |c: usize, at: usize| {
            let bits = crate::seeded::hash(at as u32, c as u32, 7, 1);
            // Wild neighbours, as far as chroma stays within what a sample holds.
            20_000 + (bits >> 18) as u16
        };
        for size in [(64, 48), (63, 48), (64, 47), (63, 47), (1, 1), (2, 1), (1, 2), (3, 3), (5, 2)] {
            let before = Owned::new(size, noise);
            let mut after = Owned::new(size, |_, _| 0);
            after.take(&before.frame());
            for (a, b) in before.planes.iter().zip(&after.planes) {
                let worst = a.iter().zip(b).map(|(a, b)| a.abs_diff(*b)).max();
                assert!(worst <= Some(1), "{size:?}: {worst:?}");
            }
        }
    }

    #[test]
    fn white_black_and_the_primaries_have_their_codes() {
        let budget = Budget::new(1 << 20);
        // Y, Cb, Cr by the formulas of BT.709 for 8 bits, times 256.
        let code = |[r, g, b]: [f64; 3]| {
            let y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
            [16.0 + 219.0 * y, 128.0 + 224.0 * (b - y) / 1.8556, 128.0 + 224.0 * (r - y) / 1.5748]
        };
        for colour in [[1.0, 1.0, 1.0], [0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.25, 1.0]] {
            let frame = Frame::constant(6, 4, colour.map(|v| v as f32), &budget).unwrap();
            let mut picture = Owned::new((6, 4), |_, _| 0);
            picture.take(&frame);
            for (plane, wanted) in picture.planes.iter().zip(code(colour)) {
                assert!(plane.iter().all(|v| (f64::from(*v) - wanted * 256.0).abs() < 1.0), "{colour:?}");
            }
        }
    }

    #[test]
    fn planes_of_the_wrong_size_are_refused() {
        let budget = Budget::new(1 << 20);
        let picture = PictureRef { width: 4, height: 4, y: &[0; 16], cb: &[0; 4], cr: &[0; 3] };
        let told = from_picture(picture, &budget).unwrap_err().to_string();
        assert!(told.contains("16 luma and twice 4 chroma"), "{told}");
    }
}
