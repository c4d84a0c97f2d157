//! Pictures as PNG files: posters, stills, contact sheets.

use std::io::Write;

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder};

use crate::convert::rgb_from_picture;
use crate::error::{MediaError, Result, failure};
use crate::picture::Picture;

/// Writes a picture as 8-bit RGB PNG, at most `widest` pixels across where that is given: every
/// pixel is then the mean of the area it stands for. The same picture gives the same bytes.
///
/// # Errors
/// Writing failed, or the picture is empty.
pub fn write_png(picture: &Picture, widest: Option<u32>, out: impl Write) -> Result<()> {
    let (width, height) = (picture.width, picture.height);
    if width == 0 || height == 0 {
        return Err(MediaError::Parameter("an empty picture cannot be written".into()));
    }
    let rgb = rgb_from_picture(picture);
    match widest.filter(|widest| *widest < width) {
        Some(widest) => {
            let widest = widest.max(1);
            let tall =
                ((u64::from(height) * u64::from(widest) + u64::from(width) / 2) / u64::from(width)).max(1);
            let small = shrink(&rgb, (width, height), (widest, tall as u32));
            write_rgb(&small, (widest, tall as u32), out)
        }
        None => write_rgb(&rgb, (width, height), out),
    }
}

/// Writes interleaved 8-bit RGB as PNG.
///
/// # Errors
/// Writing failed, or the length does not suit the size.
pub fn write_rgb(rgb: &[u8], (width, height): (u32, u32), out: impl Write) -> Result<()> {
    if rgb.len() as u64 != u64::from(width) * u64::from(height) * 3 {
        return Err(MediaError::Parameter(format!("{} bytes are no {width}x{height} picture", rgb.len())));
    }
    let encoder = PngEncoder::new_with_quality(out, CompressionType::Fast, FilterType::Adaptive);
    let written = encoder.write_image(rgb, width, height, ExtendedColorType::Rgb8);
    written.map_err(|error| failure("writing a PNG file", error.to_string()))
}

/// Interleaved 8-bit RGB at a smaller size: every pixel the mean of its area.
///
/// # Panics
/// `rgb` is not `from.0 x from.1 x 3` long.
pub fn shrink(rgb: &[u8], from: (u32, u32), to: (u32, u32)) -> Vec<u8> {
    assert_eq!(rgb.len(), from.0 as usize * from.1 as usize * 3, "as many bytes as the size says");
    let (columns, rows) = (shares(from.0, to.0), shares(from.1, to.1));
    let whole = u64::from(from.0) * u64::from(from.1);
    let mut out = Vec::with_capacity(to.0 as usize * to.1 as usize * 3);
    for row in &rows {
        for column in &columns {
            let mut sums = [0_u64; 3];
            for (y, down) in row {
                let line = &rgb[*y * from.0 as usize * 3..][..from.0 as usize * 3];
                for (x, across) in column {
                    let weight = down * across;
                    (0..3).for_each(|c| sums[c] += weight * u64::from(line[x * 3 + c]));
                }
            }
            out.extend(sums.map(|sum| ((sum + whole / 2) / whole) as u8));
        }
    }
    out
}

/// For every target cell, the source cells that it covers and how much of each, in units of
/// 1 / `to` of a source cell; the shares of a cell add up to `from`.
fn shares(from: u32, to: u32) -> Vec<Vec<(usize, u64)>> {
    let (from, to) = (u64::from(from), u64::from(to));
    (0..to)
        .map(|cell| {
            let (start, end) = (cell * from, (cell + 1) * from);
            (start / to..end.div_ceil(to))
                .map(|at| (at as usize, end.min((at + 1) * to) - start.max(at * to)))
                .collect()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mean_is_a_mean() {
        assert_eq!(shrink(&[0, 0, 0, 100, 100, 100, 200, 200, 200], (3, 1), (1, 1)), [100; 3]);
        let halves = shrink(&[0, 0, 0, 90, 90, 90, 240, 240, 240], (3, 1), (2, 1));
        assert_eq!(halves, [30, 30, 30, 190, 190, 190]);
    }

    #[test]
    fn a_png_comes_back() {
        let mut picture = Picture::new(40, 30);
        picture.fill(30_000, 20_000, 40_000);
        let (mut first, mut second) = (Vec::new(), Vec::new());
        write_png(&picture, Some(16), &mut first).unwrap();
        write_png(&picture, Some(16), &mut second).unwrap();
        assert_eq!(first, second);
        let image = image::load_from_memory(&first).unwrap().into_rgb8();
        assert_eq!(image.dimensions(), (16, 12));
        assert_eq!(image.get_pixel(3, 3).0.to_vec(), rgb_from_picture(&picture)[..3].to_vec());
    }
}
