//! A still becomes planes, once: BT.709 in studio range, 4:2:0 with chroma sited left.

use image::{ImageBuffer, Pixel, Primitive, Rgb};

use super::sample::{Axis, Plane, resample, stored};

/// Bits of the matrix's fractions.
const BITS: u32 = 16;

/// What a still's samples are: 8 or 16 bits.
pub trait Depth: Primitive {
    /// The planes of interleaved pixels, `width` to a row.
    fn planes(rgb: &[Self], width: usize) -> Planes;
}

/// Luma, blue and red difference, as a still camera keeps them.
pub struct Planes([Plane; 3]);

impl Depth for u8 {
    fn planes(rgb: &[Self], width: usize) -> Planes {
        Planes(convert(rgb, width))
    }
}

impl Depth for u16 {
    fn planes(rgb: &[Self], width: usize) -> Planes {
        Planes(convert_deep(rgb, width))
    }
}

/// Luma, blue and red difference of a still, `shrink` times smaller.
pub(super) fn prepare<S: Depth>(image: &ImageBuffer<Rgb<S>, Vec<S>>, shrink: f64) -> [Plane; 3]
where
    Rgb<S>: Pixel<Subpixel = S>,
{
    let Planes(planes) = S::planes(image.as_raw(), image.width() as usize);
    if shrink <= 1.0 {
        return planes;
    }
    planes.map(|plane| smaller(&plane, shrink))
}

/// Shrinks a plane.
fn smaller(plane: &Plane, shrink: f64) -> Plane {
    let side = |length: usize| ((length as f64 / shrink).round() as usize).max(2);
    let (width, height) = (side(plane.width), side(plane.height));
    let axis = |samples: usize, length: usize| {
        let ratio = length as f64 / samples as f64;
        Axis::new(samples, length, ratio, |sample| (sample as f64 + 0.5) * ratio - 0.5)
    };
    let mut rows = vec![0; width * height];
    resample(plane, (&axis(width, plane.width), &axis(height, plane.height)), &mut rows, 0, None);
    let rows: Vec<i16> = rows.into_iter().map(stored).collect();
    Plane::new(&rows, width)
}

/// What a matrix's row gives: three weights of 8-bit R, G and B, and what is added.
type Row = ([i32; 3], i32);

/// The rows for Y, Cb and Cr, to samples as [`Plane`] has them, from pixels up to `full`.
fn matrix(full: f64) -> [Row; 3] {
    let half = |share: f64| (share * f64::from(1 << BITS) / 2.0 / full).round() as i32;
    let row = |[r, g, b]: [f64; 3], span: f64, rest: i32| {
        let (red, blue) = (half(r * span), half(b * span));
        // What remains is green's, so that grey is exact: luma's rows add up to the span, chroma's to 0.
        ([red, half((r + g + b) * span) - red - blue, blue], (stored(rest as u16) as i32) << BITS)
    };
    let (kr, kb) = (0.2126, 0.0722);
    let kg = 1.0 - kr - kb;
    let (b, r) = (2.0 * (1.0 - kb), 2.0 * (1.0 - kr));
    [
        row([kr, kg, kb], 56064.0, 4096),
        row([-kr / b, -kg / b, 0.5], 57344.0, 32768),
        row([0.5, -kg / r, -kb / r], 57344.0, 32768),
    ]
}

/// Converts all of a still of 16 bits: rarer, so plainly.
fn convert_deep(rgb: &[u16], w: usize) -> [Plane; 3] {
    let h = rgb.len() / (w * 3);
    // Weights as for pixels up to 1; the pixels' 16 bits are shifted away with the weights' own.
    let [luma, blue, red] = matrix(65_535.0 / 65_536.0);
    let turned = |(weights, base): Row, sums: [i64; 3], shares: u32| {
        let sum: i64 = weights.iter().zip(sums).map(|(weight, sum)| i64::from(*weight) * sum).sum();
        let bits = 16 + BITS + shares;
        ((sum + (1 << (bits - 1))) >> bits) as i16 + (base >> BITS) as i16
    };
    let pixel = |x: usize, y: usize| -> [i64; 3] {
        let at = (y.min(h - 1) * w + x.min(w - 1)) * 3;
        [rgb[at], rgb[at + 1], rgb[at + 2]].map(i64::from)
    };
    let y = (0..w * h).map(|at| turned(luma, pixel(at % w, at / w), 0)).collect::<Vec<_>>();
    let (cw, ch) = (w.div_ceil(2), h.div_ceil(2));
    let near = |at: usize| {
        let (x, y) = (at % cw * 2, at / cw * 2);
        let columns = [x.saturating_sub(1), x, x, x + 1];
        let pixels = columns.iter().flat_map(|x| [pixel(*x, y), pixel(*x, y + 1)]);
        pixels.fold([0; 3], |sum, pixel| std::array::from_fn(|c| sum[c] + pixel[c]))
    };
    let chroma = |row: Row| (0..cw * ch).map(|at| turned(row, near(at), 3)).collect::<Vec<_>>();
    [Plane::new(&y, w), Plane::new(&chroma(blue), cw), Plane::new(&chroma(red), cw)]
}

/// Converts all of a still of 8 bits.
fn convert(rgb: &[u8], w: usize) -> [Plane; 3] {
    let h = rgb.len() / (w * 3);
    let (cw, ch) = (w.div_ceil(2), h.div_ceil(2));
    let rows = [vec![0i16; w * h], vec![0i16; cw * ch], vec![0i16; cw * ch]];
    let [y, cb, cr] = pulp::Arch::new().dispatch(Conversion { rgb, width: w, rows });
    [Plane::new(&y, w), Plane::new(&cb, cw), Plane::new(&cr, cw)]
}

/// A still's pixels and the rows of samples to fill.
struct Conversion<'a> {
    rgb: &'a [u8],
    width: usize,
    rows: [Vec<i16>; 3],
}

impl pulp::NullaryFnOnce for Conversion<'_> {
    type Output = [Vec<i16>; 3];

    #[inline(always)]
    fn call(mut self) -> [Vec<i16>; 3] {
        let w = self.width;
        let [luma, blue, red] = matrix(255.0);
        let [y, cb, cr] = &mut self.rows;
        for (to, from) in y.chunks_exact_mut(w).zip(self.rgb.chunks_exact(w * 3)) {
            for (px, p) in to.iter_mut().zip(from.chunks_exact(3)) {
                *px = turned(luma, [i32::from(p[0]), i32::from(p[1]), i32::from(p[2])], BITS);
            }
        }
        let (cw, h) = (w.div_ceil(2), self.rgb.len() / (w * 3));
        let mut sums = vec![[0i32; 3]; w + 2];
        for (row, (cb, cr)) in cb.chunks_exact_mut(cw).zip(cr.chunks_exact_mut(cw)).enumerate() {
            let line = |row: usize| &self.rgb[row.min(h - 1) * w * 3..][..w * 3];
            column_sums(line(row * 2), line(row * 2 + 1), &mut sums);
            for (x, (b, r)) in cb.iter_mut().zip(cr).enumerate() {
                let near = [sums[2 * x], sums[2 * x + 1], sums[2 * x + 2]];
                let of = |c: usize| near[0][c] + 2 * near[1][c] + near[2][c];
                let sum = [of(0), of(1), of(2)];
                (*b, *r) = (turned(blue, sum, BITS + 3), turned(red, sum, BITS + 3));
            }
        }
        self.rows
    }
}

/// Both rows' sums, with one more at either end.
#[inline(always)]
fn column_sums(a: &[u8], b: &[u8], sums: &mut [[i32; 3]]) {
    let inner = sums.len() - 2;
    for ((sum, a), b) in sums[1..=inner].iter_mut().zip(a.chunks_exact(3)).zip(b.chunks_exact(3)) {
        *sum = [0, 1, 2].map(|c| i32::from(a[c]) + i32::from(b[c]));
    }
    (sums[0], sums[inner + 1]) = (sums[1], sums[inner]);
}

/// One sample from R, G and B that hold `2^(bits - BITS)` pixels.
#[inline(always)]
fn turned((weights, base): Row, rgb: [i32; 3], bits: u32) -> i16 {
    let sum = weights[0] * rgb[0] + weights[1] * rgb[1] + weights[2] * rgb[2];
    ((sum + (1 << (bits - 1))) >> bits) as i16 + (base >> BITS) as i16
}
