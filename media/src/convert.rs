//! Between R'G'B' and [`Picture`]s, between matrices and ranges, and upright.
//!
//! Computer pictures' sRGB values are taken as BT.709 R'G'B' as they are, as video practice has
//! it. Chroma is sited left: its samples sit on even columns, between two rows.
#![expect(unsafe_code, reason = "a few pure look-ups in FFmpeg's tables")]

use std::ffi::c_int;

use ffmpeg_next::ffi::{self, AVPixelFormat};

use crate::picture::{BLACK, NEUTRAL, Picture};

/// Luma from black to white, and chroma from end to end.
const LUMA_SPAN: f32 = 219.0 * 256.0;
const CHROMA_SPAN: f32 = 224.0 * 256.0;
/// BT.709: how much red and blue weigh in luma.
const RED: f32 = 0.2126;
const BLUE: f32 = 0.0722;
const GREEN: f32 = 1.0 - RED - BLUE;

/// Makes `out` the picture of interleaved 8-bit RGB pixels, rows tightly packed.
///
/// # Panics
/// `rgb` is not `width x height x 3` long.
pub fn picture_from_rgb(rgb: &[u8], (width, height): (u32, u32), out: &mut Picture) {
    from_pixels::<u8, 3>(rgb, (width, height), 255.0, out);
}

/// The same from interleaved 8-bit RGBA pixels; alpha is ignored.
///
/// # Panics
/// `rgba` is not `width x height x 4` long.
pub fn picture_from_rgba(rgba: &[u8], (width, height): (u32, u32), out: &mut Picture) {
    from_pixels::<u8, 4>(rgba, (width, height), 255.0, out);
}

/// The same from interleaved 16-bit RGB pixels.
///
/// # Panics
/// `rgb` is not `width x height x 3` long.
pub fn picture_from_rgb16(rgb: &[u16], (width, height): (u32, u32), out: &mut Picture) {
    from_pixels::<u16, 3>(rgb, (width, height), 65_535.0, out);
}

fn from_pixels<T: Copy + Into<f32>, const N: usize>(
    pixels: &[T],
    (width, height): (u32, u32),
    full: f32,
    out: &mut Picture,
) {
    let row = width as usize * N;
    assert_eq!(pixels.len(), row * height as usize, "as many samples as the size says");
    out.reshape(width, height);
    if row == 0 {
        return;
    }
    let across = out.chroma_size().0;
    let width = width as usize;
    // Room for one column beyond each end.
    let (mut blue, mut red) = (vec![0.0_f32; width + 2], vec![0.0_f32; width + 2]);
    for (pair, lumas) in out.y.chunks_mut(2 * width).enumerate() {
        let first = &pixels[pair * 2 * row..][..row];
        let second = if lumas.len() > width { &pixels[(pair * 2 + 1) * row..][..row] } else { first };
        for (column, (a, b)) in first.chunks_exact(N).zip(second.chunks_exact(N)).enumerate() {
            let (ya, ba, ra) = luma_and_differences([a[0].into(), a[1].into(), a[2].into()]);
            let (yb, bb, rb) = luma_and_differences([b[0].into(), b[1].into(), b[2].into()]);
            lumas[column] = (ya * (LUMA_SPAN / full) + (f32::from(BLACK) + 0.5)) as u16;
            if lumas.len() > width {
                lumas[width + column] = (yb * (LUMA_SPAN / full) + (f32::from(BLACK) + 0.5)) as u16;
            }
            (blue[column + 1], red[column + 1]) = (ba + bb, ra + rb);
        }
        let rows = (&mut out.cb[pair * across..][..across], &mut out.cr[pair * across..][..across]);
        for (plane, out) in [(&mut blue, rows.0), (&mut red, rows.1)] {
            (plane[0], plane[width + 1]) = (plane[1], plane[width]);
            for (at, sample) in out.iter_mut().enumerate() {
                let sum = plane[2 * at] + 2.0 * plane[2 * at + 1] + plane[2 * at + 2];
                *sample = (sum * (CHROMA_SPAN / 8.0 / full) + (f32::from(NEUTRAL) + 0.5)) as u16;
            }
        }
    }
}

#[inline]
fn luma_and_differences([r, g, b]: [f32; 3]) -> (f32, f32, f32) {
    let y = RED * r + GREEN * g + BLUE * b;
    (y, (b - y) * (0.5 / (1.0 - BLUE)), (r - y) * (0.5 / (1.0 - RED)))
}

/// The picture as interleaved 8-bit RGB, rounded to the nearest.
pub fn rgb_from_picture(picture: &Picture) -> Vec<u8> {
    to_pixels(picture, 255.0).into_iter().map(|value| value as u8).collect()
}

/// Pixels from 0 to `full`, with the half added that makes cutting off rounding.
fn to_pixels(picture: &Picture, full: f32) -> Vec<f32> {
    let (width, across) = (picture.width as usize, picture.chroma_size().0);
    let mut pixels = Vec::with_capacity(picture.y.len() * 3);
    let (mut blue, mut red) = (vec![0.0_f32; across], vec![0.0_f32; across]);
    for (row, luma) in picture.y.chunks_exact(width.max(1)).enumerate() {
        chroma_row(&picture.cb, across, row, &mut blue);
        chroma_row(&picture.cr, across, row, &mut red);
        for (column, sample) in luma.iter().enumerate() {
            let y = (f32::from(*sample) - f32::from(BLACK)) / LUMA_SPAN;
            let near = (column / 2, (column.div_ceil(2)).min(across - 1));
            let b = y + (blue[near.0] + blue[near.1]) * (1.0 - BLUE);
            let r = y + (red[near.0] + red[near.1]) * (1.0 - RED);
            let g = (y - RED * r - BLUE * b) / GREEN;
            pixels.extend([r, g, b].map(|value| (value * full + 0.5).clamp(0.0, full + 0.4)));
        }
    }
    pixels
}

/// A row of colour difference (±0.5) as it lies at luma row `row`.
fn chroma_row(plane: &[u16], across: usize, row: usize, out: &mut [f32]) {
    let rows = plane.len() / across;
    let near = row / 2;
    let far = if row.is_multiple_of(2) { near.saturating_sub(1) } else { (near + 1).min(rows - 1) };
    let (near, far) = (&plane[near * across..][..across], &plane[far * across..][..across]);
    for ((near, far), out) in near.iter().zip(far).zip(out) {
        let value = 0.75 * f32::from(*near) + 0.25 * f32::from(*far);
        *out = (value - f32::from(NEUTRAL)) / CHROMA_SPAN;
    }
}

/// From full range, as cameras' Motion JPEG has it (0..=65280 here), to studio range.
pub(crate) fn full_to_studio(picture: &mut Picture) {
    for sample in &mut picture.y {
        *sample = (f32::from(*sample) * (219.0 / 255.0) + (f32::from(BLACK) + 0.5)) as u16;
    }
    for plane in [&mut picture.cb, &mut picture.cr] {
        for sample in plane {
            let difference = f32::from(*sample) - f32::from(NEUTRAL);
            *sample = (difference * (224.0 / 255.0) + (f32::from(NEUTRAL) + 0.5)) as u16;
        }
    }
}

/// Which weights luma and colour difference were made with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Matrix {
    /// High definition.
    Bt709,
    /// Standard definition.
    Bt601,
    /// Ultra high definition.
    Bt2020,
}

impl Matrix {
    /// Brings a studio-range picture to BT.709's weights. Grey stays as it is; the colour
    /// differences are made of each other, luma changes by a share of them.
    pub(crate) fn to_709(self, picture: &mut Picture) {
        let (red, blue) = match self {
            Self::Bt709 => return,
            Self::Bt601 => (0.299_f32, 0.114_f32),
            Self::Bt2020 => (0.2627, 0.0593),
        };
        let change = change(red, blue);
        let width = picture.width as usize;
        let across = picture.chroma_size().0;
        let (mut b, mut r) = (vec![0.0; across], vec![0.0; across]);
        for (row, luma) in picture.y.chunks_exact_mut(width.max(1)).enumerate() {
            chroma_row(&picture.cb, across, row, &mut b);
            chroma_row(&picture.cr, across, row, &mut r);
            for (column, sample) in luma.iter_mut().enumerate() {
                let near = (column / 2, column.div_ceil(2).min(across - 1));
                let (b, r) = ((b[near.0] + b[near.1]) * 0.5, (r[near.0] + r[near.1]) * 0.5);
                let moved = f32::from(*sample) + (change[0][0] * b + change[0][1] * r) * LUMA_SPAN;
                *sample = (moved + 0.5).clamp(0.0, 65_535.0) as u16;
            }
        }
        for (cb, cr) in picture.cb.iter_mut().zip(&mut picture.cr) {
            let (b, r) = (f32::from(*cb) - f32::from(NEUTRAL), f32::from(*cr) - f32::from(NEUTRAL));
            let turned = |row: [f32; 2]| row[0] * b + row[1] * r + f32::from(NEUTRAL) + 0.5;
            (*cb, *cr) = (
                turned(change[1]).clamp(0.0, 65_535.0) as u16,
                turned(change[2]).clamp(0.0, 65_535.0) as u16,
            );
        }
    }
}

/// What Cb and Cr made with weights `red` and `blue` give to BT.709's Y, Cb and Cr.
fn change(red: f32, blue: f32) -> [[f32; 2]; 3] {
    let of = |b: f32, r: f32| {
        let (b, r) = (2.0 * (1.0 - blue) * b, 2.0 * (1.0 - red) * r);
        let g = -(red * r + blue * b) / (1.0 - red - blue);
        luma_and_differences([r, g, b])
    };
    let (b, r) = (of(1.0, 0.0), of(0.0, 1.0));
    [[b.0, r.0], [b.1, r.1], [b.2, r.2]]
}

/// One of the eight ways to lay a rectangle down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Turn {
    /// Rows become columns.
    swapped: bool,
    /// What is shown leftmost was last, counted along its own row or column.
    from_right: bool,
    /// The same from the top.
    from_bottom: bool,
}

impl Turn {
    /// As it is.
    pub(crate) const NONE: Self = Self { swapped: false, from_right: false, from_bottom: false };

    /// The way nearest to a display matrix: a pixel at (p, q) is shown at (a p + c q, b p + d q).
    pub(crate) fn from_matrix(matrix: &[i32; 9]) -> Self {
        let [a, b, _, c, d, ..] = matrix.map(i64::from);
        if a.abs() + d.abs() >= b.abs() + c.abs() {
            Self { swapped: false, from_right: a < 0, from_bottom: d < 0 }
        } else {
            Self { swapped: true, from_right: c < 0, from_bottom: b < 0 }
        }
    }

    /// Whether width and height change places.
    pub(crate) fn sideways(self) -> bool {
        self.swapped
    }

    /// Degrees clockwise, for people.
    pub(crate) fn degrees(self) -> u32 {
        match (self.swapped, self.from_right, self.from_bottom) {
            (false, false, _) => 0,
            (false, true, _) => 180,
            (true, true, _) => 90,
            (true, false, _) => 270,
        }
    }

    /// Makes `to` the turned `from`.
    pub(crate) fn apply(self, from: &Picture, to: &mut Picture) {
        let (width, height) =
            if self.swapped { (from.height, from.width) } else { (from.width, from.height) };
        to.reshape(width, height);
        for ((source, stride), (target, across)) in from.planes().into_iter().zip(to.planes_mut()) {
            let down = target.len() / across.max(1);
            for (row, line) in target.chunks_exact_mut(across.max(1)).enumerate() {
                let y = if self.from_bottom { down - 1 - row } else { row };
                for (column, sample) in line.iter_mut().enumerate() {
                    let x = if self.from_right { across - 1 - column } else { column };
                    *sample = if self.swapped { source[x * stride + y] } else { source[y * stride + x] };
                }
            }
        }
    }
}

/// A time on another clock, to the nearest tick.
pub(crate) fn rescale(time: i64, from: ffi::AVRational, to: ffi::AVRational) -> i64 {
    // SAFETY: arithmetic on numbers.
    unsafe { ffi::av_rescale_q(time, from, to) }
}

/// The pixel format of that number.
pub(crate) fn format_of(number: c_int) -> Option<AVPixelFormat> {
    let mut description = std::ptr::null();
    loop {
        // SAFETY: walks FFmpeg's static list, which ends with null; ids are formats it knows.
        unsafe {
            description = ffi::av_pix_fmt_desc_next(description);
            if description.is_null() {
                return None;
            }
            let format = ffi::av_pix_fmt_desc_get_id(description);
            if format as c_int == number {
                return (ffi::sws_isSupportedInput(format) != 0).then_some(format);
            }
        }
    }
}

/// Whether a format has luma and colour difference (or luma alone) rather than R, G and B.
pub(crate) fn is_yuv(format: AVPixelFormat) -> bool {
    // SAFETY: a format that FFmpeg knows has a static description; null is handled.
    let flags = unsafe { ffi::av_pix_fmt_desc_get(format).as_ref().map_or(0, |found| found.flags) };
    let not_yuv = ffi::AV_PIX_FMT_FLAG_RGB as u64 | ffi::AV_PIX_FMT_FLAG_PAL as u64;
    flags & not_yuv == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flat(rgb: [u8; 3]) -> Picture {
        let mut picture = Picture::default();
        picture_from_rgb(&rgb.repeat(6), (3, 2), &mut picture);
        picture
    }

    #[test]
    fn colours_have_their_codes() {
        // BT.709 75 % bars and the ends, from the Recommendation's equations.
        for (rgb, [y, cb, cr]) in [
            ([0, 0, 0], [16.0, 128.0, 128.0]),
            ([255, 255, 255], [235.0, 128.0, 128.0]),
            ([255, 0, 0], [62.56, 102.34, 240.0]),
            ([0, 255, 0], [172.63, 41.66, 26.26]),
            ([0, 0, 255], [31.81, 240.0, 117.73]),
        ] {
            let picture = flat(rgb);
            for (sample, wanted) in [(picture.y[4], y), (picture.cb[1], cb), (picture.cr[0], cr)] {
                assert!((f64::from(sample) / 256.0 - wanted).abs() < 0.02, "{rgb:?}: {picture:?}");
            }
        }
    }

    #[test]
    fn flat_colours_return_exactly() {
        for code in (0..=255).step_by(5) {
            let rgb = [code, 255 - code, (usize::from(code) * 7 % 256) as u8];
            assert_eq!(rgb_from_picture(&flat(rgb)), rgb.repeat(6));
        }
    }

    #[test]
    fn all_pixel_types_agree() {
        let rgb: Vec<u8> = (0..5 * 3 * 3).map(|at| (at * 37 % 256) as u8).collect();
        let wide: Vec<u16> = rgb.iter().map(|v| u16::from(*v) * 257).collect();
        let (mut a, mut b, mut c) = (Picture::default(), Picture::default(), Picture::default());
        picture_from_rgb(&rgb, (5, 3), &mut a);
        picture_from_rgb16(&wide, (5, 3), &mut b);
        let rgba: Vec<u8> = rgb.chunks(3).flat_map(|p| [p[0], p[1], p[2], 7]).collect();
        picture_from_rgba(&rgba, (5, 3), &mut c);
        let close = |a: &[u16], b: &[u16]| a.iter().zip(b).all(|(a, b)| a.abs_diff(*b) <= 1);
        assert!(a == c && close(&a.y, &b.y) && close(&a.cb, &b.cb) && close(&a.cr, &b.cr));
    }

    #[test]
    fn bt601_becomes_bt709() {
        // Pure red in BT.601 studio range.
        let mut picture = Picture::new(4, 4);
        picture.fill((81.48 * 256.0) as u16, (90.2 * 256.0) as u16, 240 * 256);
        Matrix::Bt601.to_709(&mut picture);
        let red = flat([255, 0, 0]);
        assert!(picture.y[5].abs_diff(red.y[0]) < 40, "{} {}", picture.y[5], red.y[0]);
        assert!(picture.cb[0].abs_diff(red.cb[0]) < 40 && picture.cr[0].abs_diff(red.cr[0]) < 40);
    }

    #[test]
    fn full_range_is_brought_in() {
        let mut picture = Picture::new(2, 2);
        picture.fill(255 << 8, 0, 255 << 8);
        full_to_studio(&mut picture);
        assert_eq!((picture.y[0], picture.cr[0] >> 8), (235 << 8, 239));
        picture.fill(0, NEUTRAL, NEUTRAL);
        full_to_studio(&mut picture);
        assert_eq!((picture.y[0], picture.cb[0]), (BLACK, NEUTRAL));
    }

    #[test]
    fn a_clockwise_quarter_turn() {
        let one = 65_536;
        let turn = Turn::from_matrix(&[0, one, 0, -one, 0, 0, 0, 0, 1 << 30]);
        let mut from = Picture::new(3, 2);
        from.y.copy_from_slice(&[1, 2, 3, 4, 5, 6]);
        let mut to = Picture::default();
        turn.apply(&from, &mut to);
        assert_eq!((to.width, to.height, &to.y[..]), (2, 3, &[4, 1, 5, 2, 6, 3][..]));
        assert_eq!(turn.degrees(), 90);
    }
}
