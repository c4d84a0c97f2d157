//! Whether a file ends where its container says: for the containers whose packets do not tell.
//!
//! A download that broke off plays to where it broke off and then just ends. Nothing is guessed here: a
//! container that says nothing of its length, as a live stream's, is taken as it is.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use crate::error::{MediaError, Result};

/// The EBML header's id, the first of a Matroska file ...
const EBML: u64 = 0x1A45_DFA3;
/// ... and that of the segment, in which everything else lies.
const SEGMENT: u64 = 0x1853_8067;
/// Bytes of the longest Ogg page.
const LONGEST_PAGE: u64 = 27 + 255 + 255 * 255;

/// Whether the file is shorter than the container in it says; `demuxer` is FFmpeg's name of that.
///
/// # Errors
/// The file cannot be read.
pub(crate) fn is_cut_off(path: &Path, demuxer: &str) -> Result<bool> {
    let cut_off = match demuxer {
        "matroska" => matroska_is_cut_off,
        "ogg" => ogg_is_cut_off,
        _ => return Ok(false),
    };
    let file = File::open(path).and_then(|mut file| {
        let length = file.seek(SeekFrom::End(0))?;
        file.rewind()?;
        cut_off(&mut file, length)
    });
    file.map_err(|source| MediaError::io("read", path, source))
}

/// The segment declares its size.
fn matroska_is_cut_off(file: &mut File, length: u64) -> std::io::Result<bool> {
    let mut head = vec![0; 4096];
    let read = read_up_to(file, &mut head)?;
    let mut rest = &head[..read];
    loop {
        let (Some(id), Some(size)) = (element_id(&mut rest), element_size(&mut rest)) else {
            return Ok(false);
        };
        let at = (read - rest.len()) as u64;
        match (id, size) {
            (SEGMENT, Some(size)) => return Ok(at.saturating_add(size) > length),
            (EBML, Some(size)) if size <= rest.len() as u64 => rest = &rest[size as usize..],
            _ => return Ok(false),
        }
    }
}

/// An element's id: its first byte's leading zeros say how many more bytes it has.
fn element_id(bytes: &mut &[u8]) -> Option<u64> {
    let (first, rest) = bytes.split_first()?;
    let more = first.leading_zeros() as usize;
    let (tail, rest) = rest.split_at_checked(more).filter(|_| more < 4)?;
    *bytes = rest;
    Some(tail.iter().fold(u64::from(*first), |id, byte| id << 8 | u64::from(*byte)))
}

/// An element's size, told likewise; all ones mean that it is not known.
fn element_size(bytes: &mut &[u8]) -> Option<Option<u64>> {
    let (first, rest) = bytes.split_first()?;
    let more = first.leading_zeros() as usize;
    let (tail, rest) = rest.split_at_checked(more).filter(|_| more < 8)?;
    *bytes = rest;
    let own = u64::from(*first) & ((1 << (7 - more)) - 1);
    let size = tail.iter().fold(own, |size, byte| size << 8 | u64::from(*byte));
    Some((size != (1 << (7 * (more + 1))) - 1).then_some(size))
}

/// The last page declares its size. A file that broke off right between two pages is taken as whole.
fn ogg_is_cut_off(file: &mut File, length: u64) -> std::io::Result<bool> {
    file.seek(SeekFrom::Start(length.saturating_sub(LONGEST_PAGE)))?;
    let mut end = vec![0; LONGEST_PAGE as usize];
    let read = read_up_to(file, &mut end)?;
    let end = &end[..read];
    let Some(at) = end.windows(4).rposition(|window| window == b"OggS") else { return Ok(false) };
    let page = &end[at..];
    let lengths = page.get(26).and_then(|count| page.get(27..27 + usize::from(*count)));
    let whole =
        lengths.map(|lengths| 27 + lengths.len() + lengths.iter().map(|l| usize::from(*l)).sum::<usize>());
    Ok(whole.is_none_or(|whole| whole > page.len()))
}

/// Fills as much of `buffer` as there is.
fn read_up_to(file: &mut File, buffer: &mut [u8]) -> std::io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read(&mut buffer[filled..])? {
            0 => break,
            read => filled += read,
        }
    }
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_as_ebml_has_them() {
        let size = |mut bytes: &[u8]| element_size(&mut bytes);
        assert_eq!(size(&[0x81]), Some(Some(1)));
        assert_eq!(size(&[0x40, 0x02]), Some(Some(2)));
        assert_eq!(size(&[0xff]), Some(None));
        assert_eq!(size(&[0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]), Some(None));
        assert_eq!(size(&[0x40]), None);
        assert_eq!(element_id(&mut [0x1a, 0x45, 0xdf, 0xa3].as_slice()), Some(EBML));
    }
}
