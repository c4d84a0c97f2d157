//! Segments end to end, by copying packets.

use std::io::Write;
use std::path::PathBuf;

use crate::error::{MediaError, Result};
use crate::segment::{SegmentHeader, SegmentReader, SegmentWriter};

/// Writes the segments one after another to `out` as one segment, not re-encoded; gives back the
/// writer and the number of pictures.
///
/// # Errors
/// A segment is damaged, or was encoded otherwise than the first: the error says which and how.
pub fn join<W: Write>(segments: &[PathBuf], out: W) -> Result<(W, u64)> {
    let header = common_header(segments)?;
    let mut writer = SegmentWriter::new(out, &header)?;
    let mut bytes = Vec::new();
    for path in segments {
        let mut reader = SegmentReader::open(path)?;
        while let Some(info) = reader.next(&mut bytes)? {
            writer.push(info, &bytes)?;
        }
    }
    writer.finish()
}

/// The header that all segments share.
///
/// # Errors
/// There is none, or one differs.
pub(crate) fn common_header(segments: &[PathBuf]) -> Result<SegmentHeader> {
    let mut first: Option<SegmentHeader> = None;
    for (index, path) in segments.iter().enumerate() {
        let header = SegmentReader::open(path)?.header().clone();
        match &first {
            None => first = Some(header),
            Some(first) => {
                if let Some(difference) = first.difference(&header) {
                    let (number, file) = (index + 1, path.clone());
                    return Err(MediaError::Mismatch { number, file, difference });
                }
            }
        }
    }
    first.ok_or_else(|| MediaError::Parameter("there are no segments to join".into()))
}
