//! The box structure of MP4 and MOV files, as far as we look into it ourselves.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use crate::error::{MediaError, Result};

/// Boxes looked at, at most: a file with more of them on the way to its references is no film.
const MOST: usize = 100_000;

/// Refuses a file whose tracks keep their media in other files.
pub(crate) fn refuse_references(file: &mut File, path: &Path) -> Result<()> {
    let length = file.metadata().map_err(|source| MediaError::io("read", path, source))?.len();
    let mut left = MOST;
    if walk(file, path, (0, length), &mut left)? {
        return Err(MediaError::NotAllowed {
            file: path.to_path_buf(),
            what: "a film that keeps its media in other files".into(),
            allowed: "films that hold all their media",
        });
    }
    Ok(())
}

/// Whether a data reference between two places of the file points outside.
fn walk(file: &mut File, path: &Path, (mut at, end): (u64, u64), left: &mut usize) -> Result<bool> {
    while at + 8 <= end {
        *left = left.checked_sub(1).ok_or_else(|| MediaError::broken(path, "has too many boxes"))?;
        let Some((name, body, next)) = head(file, at, end) else { return Ok(false) };
        let found = match &name {
            b"moov" | b"trak" | b"mdia" | b"minf" | b"dinf" => walk(file, path, (body, next), left)?,
            b"dref" => points_outside(file, (body + 8, next)),
            _ => false,
        };
        if found {
            return Ok(true);
        }
        at = next;
    }
    Ok(false)
}

/// Whether one of a `dref` box's entries lacks the flag "in this file".
fn points_outside(file: &mut File, (mut at, end): (u64, u64)) -> bool {
    while let Some((_, body, next)) = head(file, at, end) {
        let mut flags = [0; 4];
        if file.seek(SeekFrom::Start(body)).and_then(|_| file.read_exact(&mut flags)).is_err() {
            return false;
        }
        if flags[3] & 1 == 0 {
            return true;
        }
        at = next;
    }
    false
}

/// The box at `at`: its name, where its body begins, where the next box begins.
fn head(file: &mut File, at: u64, end: u64) -> Option<([u8; 4], u64, u64)> {
    let room = end.checked_sub(at)?;
    if room < 8 {
        return None;
    }
    let mut head = [0; 16];
    file.seek(SeekFrom::Start(at)).ok()?;
    file.read_exact(&mut head[..8]).ok()?;
    let name = [head[4], head[5], head[6], head[7]];
    let (size, body) = match u32::from_be_bytes([head[0], head[1], head[2], head[3]]) {
        0 => (room, 8),
        1 => {
            file.read_exact(&mut head[8..]).ok()?;
            (u64::from_be_bytes(std::array::from_fn(|i| head[8 + i])), 16)
        }
        size => (u64::from(size), 8),
    };
    let next = at.checked_add(size).filter(|_| size >= body)?;
    Some((name, at + body, next.min(end)))
}

/// The boxes side by side in `bytes`: where the body begins, the name, the body.
pub(crate) fn boxes(bytes: &[u8]) -> impl Iterator<Item = (usize, &[u8], &[u8])> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let head = bytes.get(at..at + 8)?;
        let size = u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize;
        let body = bytes.get(at + 8..at.checked_add(size)?)?;
        let found = (at + 8, &head[4..], body);
        at += size;
        Some(found)
    })
}
