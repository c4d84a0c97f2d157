//! Whether a still image's file is whole, without decoding it. Decoders fill what is missing with grey and say
//! nothing, or fail in the middle of a render.

use std::io::{self, BufRead, Bytes};

use image::ImageFormat;

const CUT_OFF: &str = "was cut off: the image's end is missing";
const DAMAGED: &str = "is a damaged image: a checksum in it is wrong";

/// What is wrong with `file`, read from its first byte on.
pub(crate) fn problem(file: impl BufRead, format: ImageFormat) -> io::Result<Option<&'static str>> {
    let found = match format {
        ImageFormat::Jpeg => jpeg(&mut file.bytes()).map(|()| None),
        ImageFormat::Png => png(file),
        _ => riff(file),
    };
    match found {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(Some(CUT_OFF)),
        found => found,
    }
}

/// Reads up to the image's end (ITU-T T.81, annex B).
fn jpeg(bytes: &mut Bytes<impl BufRead>) -> io::Result<()> {
    loop {
        match marker(bytes)? {
            0xd9 => return Ok(()),
            // These stand alone: the image's start, and one of no meaning.
            0xd8 | 0x01 => {}
            _ => segment(bytes)?,
        }
    }
}

/// The next marker; entropy-coded data before it, with its stuffed zeros and restarts, is passed over.
fn marker(bytes: &mut Bytes<impl BufRead>) -> io::Result<u8> {
    loop {
        while next(bytes)? != 0xff {}
        let mut code = 0xff;
        while code == 0xff {
            code = next(bytes)?;
        }
        if !matches!(code, 0x00 | 0xd0..=0xd7) {
            return Ok(code);
        }
    }
}

/// Passes over a segment's content, whose length it says itself.
fn segment(bytes: &mut Bytes<impl BufRead>) -> io::Result<()> {
    let length = u16::from_be_bytes([next(bytes)?, next(bytes)?]);
    (2..length).try_for_each(|_| next(bytes).map(|_| ()))
}

fn next(bytes: &mut Bytes<impl BufRead>) -> io::Result<u8> {
    bytes.next().unwrap_or_else(|| Err(io::ErrorKind::UnexpectedEof.into()))
}

/// Every chunk up to the last has the checksum that it says.
fn png(mut file: impl BufRead) -> io::Result<Option<&'static str>> {
    file.read_exact(&mut [0; 8])?;
    loop {
        let mut head = [0; 8];
        file.read_exact(&mut head)?;
        let [length, name] = [&head[..4], &head[4..]].map(|part| [part[0], part[1], part[2], part[3]]);
        let mut sum = crc32fast::Hasher::new();
        sum.update(&name);
        let mut left = u64::from(u32::from_be_bytes(length));
        while left > 0 {
            let part = file.fill_buf()?;
            if part.is_empty() {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let taken = part.len().min(usize::try_from(left).unwrap_or(usize::MAX));
            sum.update(&part[..taken]);
            file.consume(taken);
            left -= taken as u64;
        }
        let mut told = [0; 4];
        file.read_exact(&mut told)?;
        if sum.finalize() != u32::from_be_bytes(told) {
            return Ok(Some(DAMAGED));
        }
        if &name == b"IEND" {
            return Ok(None);
        }
    }
}

/// WebP lies in a RIFF chunk, which says how long it is.
fn riff(mut file: impl BufRead) -> io::Result<Option<&'static str>> {
    let mut head = [0; 8];
    file.read_exact(&mut head)?;
    let length = u64::from(u32::from_le_bytes([head[4], head[5], head[6], head[7]]));
    let there = io::copy(&mut file.take(length), &mut io::sink())?;
    Ok((there < length).then_some(CUT_OFF))
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::RgbImage;

    fn encoded(format: ImageFormat) -> Vec<u8> {
        let mut image = RgbImage::new(64, 48);
        image.enumerate_pixels_mut().for_each(|(x, y, pixel)| pixel.0 = [(x * 4) as u8, (y * 5) as u8, 90]);
        let mut bytes = io::Cursor::new(Vec::new());
        image.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    #[test]
    fn every_cut_is_noticed_and_what_follows_the_end_is_not_looked_at() {
        for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
            let mut bytes = encoded(format);
            assert_eq!(problem(bytes.as_slice(), format).unwrap(), None, "{format:?}");
            for cut in 2..bytes.len() {
                let found = problem(&bytes[..cut], format).unwrap();
                assert_eq!(found, Some(CUT_OFF), "{format:?} cut at {cut} of {}", bytes.len());
            }
            bytes.extend(b"a phone's own data");
            assert_eq!(problem(bytes.as_slice(), format).unwrap(), None, "{format:?}");
        }
    }

    #[test]
    fn a_flipped_bit_in_a_png_is_noticed() {
        let mut bytes = encoded(ImageFormat::Png);
        let middle = bytes.len() / 2;
        bytes[middle] ^= 4;
        assert_eq!(problem(bytes.as_slice(), ImageFormat::Png).unwrap(), Some(DAMAGED));
    }
}
