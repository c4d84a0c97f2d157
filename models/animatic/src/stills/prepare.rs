//! A still becomes planes, once: BT.709 in studio range, 4:2:0 with chroma sited left.

use image::RgbImage;

use super::sample::{Axis, Plane, resample, stored};

/// Bits of the matrix's fractions.
const BITS: u32 = 16;

/// Luma, blue and red difference of a still, `shrink` times smaller.
pub(super) fn prepare(image: &RgbImage, shrink: f64) -> [Plane; 3] {
    let planes = convert(image);
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
    Plane { width, height, data: columns(&rows, width) }
}

/// What a matrix's row gives: three weights of 8-bit R, G and B, and what is added.
type Row = ([i32; 3], i32);

/// The rows for Y, Cb and Cr, to samples as [`Plane`] has them.
fn matrix() -> [Row; 3] {
    let half = |share: f64| (share * f64::from(1 << BITS) / 2.0 / 255.0).round() as i32;
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

/// Converts all of a still.
fn convert(image: &RgbImage) -> [Plane; 3] {
    let (w, h) = (image.width() as usize, image.height() as usize);
    let (cw, ch) = (w.div_ceil(2), h.div_ceil(2));
    let [luma, blue, red] = matrix();
    let mut y = vec![0i16; w * h];
    let (mut cb, mut cr) = (vec![0i16; cw * ch], vec![0i16; cw * ch]);
    let rgb = image.as_raw();
    pulp::Arch::new().dispatch(
        #[inline(always)]
        || {
            for (to, from) in y.chunks_exact_mut(w).zip(rgb.chunks_exact(w * 3)) {
                for (px, p) in to.iter_mut().zip(from.chunks_exact(3)) {
                    *px = turned(luma, [p[0], p[1], p[2]].map(i32::from), BITS);
                }
            }
            let mut sums = vec![[0i32; 3]; w + 2];
            let rows = cb.chunks_exact_mut(cw).zip(cr.chunks_exact_mut(cw));
            for (row, (cb, cr)) in rows.enumerate() {
                let line = |row: usize| &rgb[row.min(h - 1) * w * 3..][..w * 3];
                column_sums(line(row * 2), line(row * 2 + 1), &mut sums);
                for ((b, r), near) in cb.iter_mut().zip(cr).zip(sums.windows(3).step_by(2)) {
                    let sum = std::array::from_fn(|c| near[0][c] + 2 * near[1][c] + near[2][c]);
                    (*b, *r) = (turned(blue, sum, BITS + 3), turned(red, sum, BITS + 3));
                }
            }
        },
    );
    let plane = |rows: &[i16], width, height| Plane { width, height, data: columns(rows, width) };
    [plane(&y, w, h), plane(&cb, cw, ch), plane(&cr, cw, ch)]
}

/// Both rows' sums, with one more at either end.
#[inline(always)]
fn column_sums(a: &[u8], b: &[u8], sums: &mut [[i32; 3]]) {
    let inner = sums.len() - 2;
    for ((sum, a), b) in sums[1..=inner].iter_mut().zip(a.chunks_exact(3)).zip(b.chunks_exact(3)) {
        *sum = std::array::from_fn(|c| i32::from(a[c]) + i32::from(b[c]));
    }
    (sums[0], sums[inner + 1]) = (sums[1], sums[inner]);
}

/// One sample from R, G and B that hold `2^(bits - BITS)` pixels.
#[inline(always)]
fn turned((weights, base): Row, rgb: [i32; 3], bits: u32) -> i16 {
    let sum = weights[0] * rgb[0] + weights[1] * rgb[1] + weights[2] * rgb[2];
    ((sum + (1 << (bits - 1))) >> bits) as i16 + (base >> BITS) as i16
}

/// Rows of samples as columns.
fn columns(rows: &[i16], width: usize) -> Vec<i16> {
    /// Side of the squares that are turned at once, for the cache's sake.
    const SIDE: usize = 32;
    let height = rows.len() / width;
    let mut out = vec![0; rows.len()];
    for top in (0..height).step_by(SIDE) {
        for left in (0..width).step_by(SIDE) {
            for x in left..(left + SIDE).min(width) {
                let bottom = (top + SIDE).min(height);
                for (y, px) in (top..bottom).zip(&mut out[x * height + top..]) {
                    *px = rows[y * width + x];
                }
            }
        }
    }
    out
}
