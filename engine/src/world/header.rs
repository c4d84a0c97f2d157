//! What a file is, from its first bytes: text and plain WAV for sure, and stills that declare too much. All
//! else is a worker's to probe.

use std::io::{BufRead, Read, Seek, SeekFrom};

use super::MediaFacts;
use crate::units::{SAMPLE_RATE, Samples, Size};

/// Pixels that a side of a picture may have.
pub const MAX_SIDE: u32 = 16_384;
/// Pixels that a picture may have.
pub const MAX_PIXELS: u64 = 100_000_000;

/// What the first bytes tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Header {
    /// Known for sure.
    Facts(MediaFacts),
    /// A picture that declares too many pixels.
    TooManyPixels(Size),
    /// Certainly of no use; why.
    Unusable(String),
    /// Perhaps a still, footage or sound.
    Unknown,
}

/// Reads the header of `file`.
pub fn read<R: BufRead + Seek>(mut file: R) -> Header {
    let mut start = [0_u8; 4096];
    let length = fill(&mut file, &mut start);
    let start = &start[..length];
    if start.is_empty() {
        return Header::Unusable("it is empty".into());
    }
    if file.seek(SeekFrom::Start(0)).is_err() {
        return Header::Unknown;
    }
    if start.starts_with(b"RIFF") && start.get(8..12) == Some(b"WAVE") {
        return wav(&mut file).unwrap_or(Header::Unknown);
    }
    if is_still(start) {
        return still(file);
    }
    match text_kind(start) {
        Some(kind) => Header::Unusable(format!("it is {kind}, neither picture nor sound")),
        None => Header::Unknown,
    }
}

fn fill(file: &mut impl Read, buffer: &mut [u8]) -> usize {
    let mut length = 0;
    while length < buffer.len() {
        match file.read(&mut buffer[length..]) {
            Ok(0) | Err(_) => break,
            Ok(more) => length += more,
        }
    }
    length
}

fn is_still(start: &[u8]) -> bool {
    start.starts_with(b"\x89PNG\r\n\x1a\n")
        || start.starts_with(&[0xff, 0xd8, 0xff])
        || (start.starts_with(b"RIFF") && start.get(8..12) == Some(b"WEBP"))
}

fn still(file: impl BufRead + Seek) -> Header {
    let Ok(size) = imagesize::reader_size(file) else {
        return Header::Unusable("its header is damaged".into());
    };
    let side = |side: usize| u32::try_from(side).unwrap_or(u32::MAX);
    let size = Size { width: side(size.width), height: side(size.height) };
    let pixels = u64::from(size.width) * u64::from(size.height);
    if pixels == 0 {
        return Header::Unusable("it declares no pixels".into());
    }
    if size.width > MAX_SIDE || size.height > MAX_SIDE || pixels > MAX_PIXELS {
        return Header::TooManyPixels(size);
    }
    Header::Unknown
}

/// Text has no control characters but a few, and is valid UTF-8 as far as it was read.
fn text_kind(start: &[u8]) -> Option<&'static str> {
    let text = match std::str::from_utf8(start) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&start[..error.valid_up_to()]).ok()?
        }
        Err(_) => return None,
    };
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}')) {
        return None;
    }
    let playlist =
        ["#EXTM3U", "ffconcat", "[playlist]"].iter().any(|mark| text.trim_start().starts_with(mark));
    Some(if playlist { "a playlist that refers to other files" } else { "text" })
}

/// Lengths from here on are what programs write that did not know how much would come.
const NO_LENGTH: u32 = 0x7fff_0000;

/// The facts of plain PCM or float WAV of one or two channels, all of which is there.
fn wav(file: &mut (impl Read + Seek)) -> Option<Header> {
    file.seek(SeekFrom::Start(12)).ok()?;
    let mut format: Option<(u16, u32, u16)> = None;
    loop {
        let mut head = [0_u8; 8];
        file.read_exact(&mut head).ok()?;
        let size = u32::from_le_bytes([head[4], head[5], head[6], head[7]]);
        match &head[..4] {
            b"fmt " if size >= 16 => {
                let mut body = [0_u8; 16];
                file.read_exact(&mut body).ok()?;
                let number = |at: usize| u16::from_le_bytes([body[at], body[at + 1]]);
                matches!(number(0), 1 | 3 | 0xfffe).then_some(())?;
                let rate = u32::from_le_bytes([body[4], body[5], body[6], body[7]]);
                format = Some((number(2), rate, number(12)));
                file.seek(SeekFrom::Current(i64::from(size) - 16 + i64::from(size & 1))).ok()?;
            }
            b"data" => {
                let (channels @ 1..=2, rate @ 1.., block @ 1..) = format? else {
                    return None;
                };
                let here = file.stream_position().ok()?;
                let there = file.seek(SeekFrom::End(0)).ok()?.saturating_sub(here);
                if u64::from(size) > there {
                    // A probe counts a stream of no declared length.
                    (size < NO_LENGTH).then_some(())?;
                    let seconds = |bytes: u64| bytes as f64 / (f64::from(rate) * f64::from(block));
                    let (all, left) = (seconds(size.into()), seconds(there));
                    let reason = format!("it is cut off: {left:.1} s of its {all:.1} s of sound are there");
                    return Some(Header::Unusable(reason));
                }
                let frames = i64::from(size / u32::from(block));
                let samples = (frames * SAMPLE_RATE * 2 + i64::from(rate)) / (2 * i64::from(rate));
                return Some(Header::Facts(MediaFacts::Sound { samples: Samples(samples), channels }));
            }
            _ => {
                file.seek(SeekFrom::Current(i64::from(size) + i64::from(size & 1))).ok()?;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        bytes.extend(width.to_be_bytes());
        bytes.extend(height.to_be_bytes());
        bytes.extend([8, 2, 0, 0, 0, 0, 0, 0, 0]);
        bytes
    }

    #[test]
    fn a_picture_may_declare_too_much() {
        assert_eq!(read(Cursor::new(png(640, 480))), Header::Unknown);
        let huge = Size { width: 100_000, height: 100_000 };
        assert_eq!(read(Cursor::new(png(100_000, 100_000))), Header::TooManyPixels(huge));
        assert!(matches!(read(Cursor::new(&png(1, 1)[..12])), Header::Unusable(_)));
    }

    #[test]
    fn text_is_told_by_its_content() {
        let unusable = |bytes: &[u8]| matches!(read(Cursor::new(bytes)), Header::Unusable(_));
        assert!(unusable(b"not a picture\n"));
        assert!(unusable(b"#EXTM3U\nfile:///etc/passwd\n"));
        assert!(unusable(b""));
        assert_eq!(read(Cursor::new(b"\0\0\0\x18ftypisom")), Header::Unknown);
    }

    #[test]
    fn a_wav_is_measured_at_48_khz() {
        let mut bytes = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x02\0".to_vec();
        bytes.extend(44_100_u32.to_le_bytes());
        bytes.extend(176_400_u32.to_le_bytes());
        bytes.extend([4, 0, 16, 0]);
        bytes.extend(b"LIST\x03\0\0\0abc\0data");
        bytes.extend((4 * 44_100_u32).to_le_bytes());
        let header = bytes.len();
        bytes.resize(header + 4 * 44_100, 0);
        let facts = MediaFacts::Sound { samples: Samples(48_000), channels: 2 };
        assert_eq!(read(Cursor::new(&bytes)), Header::Facts(facts));
        let cut = &bytes[..header + 4 * 11_025];
        let reason = "it is cut off: 0.2 s of its 1.0 s of sound are there";
        assert_eq!(read(Cursor::new(cut)), Header::Unusable(reason.into()));
        bytes[header - 4..header].fill(0xff);
        assert_eq!(read(Cursor::new(&bytes)), Header::Unknown, "a stream's length is counted");
    }
}
