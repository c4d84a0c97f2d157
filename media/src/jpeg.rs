//! Whether a JPEG file is whole. Decoders fill what is missing with grey and say nothing.

use std::io::{self, BufRead, Bytes};

/// Start of a scan, behind whose header its entropy-coded data lies (ITU-T T.81, annex B).
const SCAN: u8 = 0xda;
/// End of the image.
const END: u8 = 0xd9;

/// Whether the image's end is there, from the file's first byte on.
pub(crate) fn is_whole(file: impl BufRead) -> io::Result<bool> {
    match end(&mut file.bytes()) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

/// Reads up to the image's end.
fn end(bytes: &mut Bytes<impl BufRead>) -> io::Result<()> {
    loop {
        let mut code = marker(bytes)?;
        while code == SCAN {
            segment(bytes)?;
            code = marker(bytes)?;
        }
        match code {
            END => return Ok(()),
            // These stand alone: the image's start, and one of no meaning.
            0xd8 | 0x01 => {}
            _ => segment(bytes)?,
        }
    }
}

/// The next marker; data before it, with its stuffed zeros and restarts, is passed over.
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

#[cfg(test)]
mod tests {
    use super::*;
    use image::codecs::jpeg::JpegEncoder;

    #[test]
    fn every_cut_is_noticed_and_what_follows_the_end_is_not_looked_at() {
        let mut image = image::RgbImage::new(64, 48);
        image.enumerate_pixels_mut().for_each(|(x, y, pixel)| pixel.0 = [(x * 4) as u8, (y * 5) as u8, 90]);
        let mut bytes = Vec::new();
        JpegEncoder::new(&mut bytes).encode_image(&image).unwrap();
        assert!(is_whole(bytes.as_slice()).unwrap());
        for cut in 2..bytes.len() {
            assert!(!is_whole(&bytes[..cut]).unwrap(), "cut at {cut} of {}", bytes.len());
        }
        bytes.extend(b"a phone's own data");
        assert!(is_whole(bytes.as_slice()).unwrap());
    }
}
