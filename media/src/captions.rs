//! The captions as a timed-text track (3GPP tx3g) that is there but not on.

use std::ffi::c_int;
use std::fs::OpenOptions;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;

use ffmpeg_next::ffi;

use crate::SAMPLE_RATE;
use crate::av::Packet;
use crate::boxes::boxes;
use crate::error::{MediaError, Result};
use crate::io::{Output, set_extradata, set_text};

/// A line of captions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caption {
    /// First sample at which it is shown.
    pub from: u64,
    /// The sample after the last.
    pub to: u64,
    /// What is shown; lines are divided by `\n`.
    pub text: String,
}

/// The track's samples: text and gaps, without holes from the film's start to its end.
pub(crate) struct CaptionTrack {
    ticks: u32,
    spans: std::vec::IntoIter<(i64, i64, String)>,
    pending: Option<(i64, i64, String)>,
}

impl CaptionTrack {
    /// A track of `ticks` a second, a multiple of 48000; `None` without captions.
    pub(crate) fn new(captions: &[Caption], film: u64, ticks: u32) -> Result<Option<Self>> {
        if captions.is_empty() {
            return Ok(None);
        }
        if let Some(caption) = captions.iter().find(|c| c.from >= c.to || c.to > film) {
            return Err(MediaError::Parameter(format!(
                "the caption `{}` from sample {} to {} does not fit a film of {film}",
                caption.text, caption.from, caption.to
            )));
        }
        let scale = i64::from(ticks / SAMPLE_RATE);
        let mut edges: Vec<u64> = captions.iter().flat_map(|c| [c.from, c.to]).chain([0, film]).collect();
        edges.sort_unstable();
        edges.dedup();
        let spans: Vec<_> = edges
            .windows(2)
            .map(|edge| {
                let shown = captions.iter().filter(|c| c.from <= edge[0] && edge[1] <= c.to);
                let text = shown.map(|c| c.text.as_str()).collect::<Vec<_>>().join("\n");
                (edge[0] as i64 * scale, edge[1] as i64 * scale, text)
            })
            .collect();
        let mut spans = spans.into_iter();
        let pending = spans.next();
        Ok(Some(Self { ticks, spans, pending }))
    }

    /// Adds the stream to the file.
    pub(crate) fn stream(&self, output: &mut Output, size: (u32, u32), language: &str) -> Result<c_int> {
        let (index, stream) = output.stream()?;
        stream.time_base = ffi::AVRational { num: 1, den: self.ticks as c_int };
        set_text(&mut stream.metadata, "language", language);
        set_extradata(stream.codecpar, &sample_entry(size.1))?;
        crate::io::text_parameters(stream, size);
        Ok(index)
    }

    /// Writes every sample that starts at or before `until` ticks.
    pub(crate) fn write_until(&mut self, output: &mut Output, index: c_int, until: i64) -> Result<()> {
        while let Some((from, to, text)) = self.pending.take_if(|span| span.0 <= until) {
            let end = whole_characters(&text, usize::from(u16::MAX));
            let mut bytes = (end as u16).to_be_bytes().to_vec();
            bytes.extend(&text.as_bytes()[..end]);
            let mut packet = Packet::new()?;
            packet.set(&bytes)?;
            (packet.pts, packet.dts, packet.duration) = (from, from, to - from);
            packet.flags = ffi::AV_PKT_FLAG_KEY;
            packet.stream_index = index;
            output.write(&mut packet)?;
            self.pending = self.spans.next();
        }
        Ok(())
    }
}

/// How many of the first `most` bytes of `text` are whole characters.
fn whole_characters(text: &str, most: usize) -> usize {
    let most = most.min(text.len());
    (0..=most).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0)
}

/// The sample description (3GPP TS 26.245): white on nothing, centred at the bottom.
fn sample_entry(height: u32) -> Vec<u8> {
    let font = (height / 18).clamp(10, 200) as u8;
    let mut entry = vec![0, 0, 0, 0, 1, 0xff, 0, 0, 0, 0];
    entry.extend([0; 8]);
    entry.extend([0, 0, 0, 0, 0, 1, 0, font, 255, 255, 255, 255]);
    let name = b"Sans-Serif";
    entry.extend((8 + 5 + name.len() as u32).to_be_bytes());
    entry.extend(b"ftab\0\x01\0\x01");
    entry.push(name.len() as u8);
    entry.extend(name);
    entry
}

/// Clears the "enabled" flag of the caption track, which the muxer sets on the first of a kind.
pub(crate) fn switch_off(path: &Path) -> Result<()> {
    let failed = |source| MediaError::io("write", path, source);
    let mut file = OpenOptions::new().read(true).write(true).open(path).map_err(failed)?;
    let mut at = 0;
    let moov = loop {
        let mut head = [0; 8];
        file.seek(SeekFrom::Start(at)).and_then(|_| file.read_exact(&mut head)).map_err(failed)?;
        let size = u64::from(u32::from_be_bytes([head[0], head[1], head[2], head[3]]));
        if &head[4..] == b"moov" {
            let mut body = vec![0; (size as usize).saturating_sub(8)];
            file.read_exact(&mut body).map_err(failed)?;
            break body;
        }
        if size < 8 {
            return Err(MediaError::broken(path, "has no index at its front"));
        }
        at += size;
    };
    for (start, trak) in boxes(&moov).filter(|(_, name, _)| *name == b"trak").map(|(at, _, body)| (at, body))
    {
        let is_text = boxes(trak).filter(|(_, name, _)| *name == b"mdia").any(|(_, _, mdia)| {
            boxes(mdia).any(|(_, name, body)| name == b"hdlr" && body.get(8..12) == Some(b"sbtl"))
        });
        let header = boxes(trak).find(|(_, name, _)| *name == b"tkhd");
        if let (true, Some((offset, _, body))) = (is_text, header) {
            let flags = at + 8 + (start + offset) as u64 + 3;
            let value = body.get(3).map_or(0, |flags| flags & !1);
            file.seek(SeekFrom::Start(flags)).and_then(|_| file.write_all(&[value])).map_err(failed)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_character_is_cut_in_two() {
        assert_eq!(whole_characters("aéé", 2), 1);
        assert_eq!(whole_characters("aéé", 3), 3);
        assert_eq!(whole_characters("aéé", 99), 5);
    }
}
