//! The artifact of `encode` and `join`: a run of H.264 packets that joins without re-encoding.
//!
//! A format of our own, because what joining needs is exactly this and no container says it all:
//! packets in decoding order, each with how far its picture is shown after its place in that order.
//! Since that distance and the constant delay are all the timing there is, joining is copying.
//!
//! ```text
//! magic "SRSEGMT" + version byte
//! u32 width, height, rate numerator, rate denominator, delay
//! u16 length + text: the codec's settings       u32 length + bytes: SPS and PPS
//! packets:  u32 size (not 0), i16 shown - decoded, u8 1 for a key picture, u8 0, bytes
//! end:      u32 0, u64 number of packets
//! ```
//! All little-endian. Written and read as a stream, in constant memory; a file without its end
//! is known to be cut off.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::error::{MediaError, Result};

const MAGIC: &[u8; 7] = b"SRSEGMT";
const VERSION: u8 = 1;
/// No packet of ours comes near this.
const LARGEST_PACKET: u32 = 256 << 20;
const LARGEST_HEADER: u32 = 64 << 10;

/// What all packets of a segment share. Segments of equal headers join.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SegmentHeader {
    /// Width and height.
    pub size: (u32, u32),
    /// Pictures a second.
    pub rate: (u32, u32),
    /// Decoding runs this many pictures ahead of showing.
    pub delay: u32,
    /// The encoder and its settings, in words.
    pub codec: String,
    /// The sequence and picture parameter sets, each after a start code.
    pub extradata: Vec<u8>,
}

impl SegmentHeader {
    /// How `self` and `other` differ, in words; `None` where they join.
    pub fn difference(&self, other: &Self) -> Option<String> {
        let sized = |(w, h): (u32, u32)| format!("{w}x{h}");
        let rated = |(n, d): (u32, u32)| format!("{n}/{d} pictures a second");
        if self.size != other.size {
            Some(format!("{} after {}", sized(other.size), sized(self.size)))
        } else if self.rate != other.rate {
            Some(format!("{} after {}", rated(other.rate), rated(self.rate)))
        } else if self.codec != other.codec {
            Some(format!("{} after {}", other.codec, self.codec))
        } else if self.delay != other.delay || self.extradata != other.extradata {
            Some("its H.264 parameter sets are others, as after a change of the encoder's version".into())
        } else {
            None
        }
    }
}

/// A packet's place in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PacketInfo {
    /// Its picture is shown this many places after it is decoded (may be negative).
    pub ahead: i16,
    /// Decoding can start here.
    pub key: bool,
}

/// Writes a segment, packet by packet.
pub struct SegmentWriter<W: Write> {
    out: W,
    packets: u64,
}

fn written(source: std::io::Error) -> MediaError {
    MediaError::io("write", Path::new("segment"), source)
}

impl<W: Write> SegmentWriter<W> {
    /// Begins a segment.
    ///
    /// # Errors
    /// Writing failed.
    pub fn new(mut out: W, header: &SegmentHeader) -> Result<Self> {
        let mut bytes = MAGIC.to_vec();
        bytes.push(VERSION);
        for value in [header.size.0, header.size.1, header.rate.0, header.rate.1, header.delay] {
            bytes.extend(value.to_le_bytes());
        }
        bytes.extend((header.codec.len() as u16).to_le_bytes());
        bytes.extend(header.codec.as_bytes());
        bytes.extend((header.extradata.len() as u32).to_le_bytes());
        bytes.extend(&header.extradata);
        out.write_all(&bytes).map_err(written)?;
        Ok(Self { out, packets: 0 })
    }

    /// One more packet, in decoding order.
    ///
    /// # Errors
    /// Writing failed.
    pub fn push(&mut self, info: PacketInfo, bytes: &[u8]) -> Result<()> {
        let size = u32::try_from(bytes.len()).ok().filter(|size| (1..=LARGEST_PACKET).contains(size));
        let size = size.ok_or_else(|| {
            MediaError::Parameter(format!("a packet of {} bytes is no picture", bytes.len()))
        })?;
        let mut head = [0; 8];
        head[..4].copy_from_slice(&size.to_le_bytes());
        head[4..6].copy_from_slice(&info.ahead.to_le_bytes());
        head[6] = u8::from(info.key);
        self.out.write_all(&head).and_then(|()| self.out.write_all(bytes)).map_err(written)?;
        self.packets += 1;
        Ok(())
    }

    /// Ends the segment; gives back the writer, flushed, and the number of pictures.
    ///
    /// # Errors
    /// Writing failed.
    pub fn finish(mut self) -> Result<(W, u64)> {
        let mut end = [0; 12];
        end[4..].copy_from_slice(&self.packets.to_le_bytes());
        self.out.write_all(&end).and_then(|()| self.out.flush()).map_err(written)?;
        Ok((self.out, self.packets))
    }
}

/// Reads a segment file, packet by packet.
pub struct SegmentReader {
    file: PathBuf,
    input: BufReader<File>,
    header: SegmentHeader,
    frames: u64,
    packets: u64,
}

impl SegmentReader {
    /// Opens a segment and reads its header and its end.
    ///
    /// # Errors
    /// The file cannot be read, is no segment, has another version, or was cut off.
    pub fn open(path: &Path) -> Result<Self> {
        let file = File::open(path).map_err(|source| MediaError::io("read", path, source))?;
        let mut input = BufReader::with_capacity(1 << 18, file);
        let header = read_header(&mut input, path)?;
        let start = input.stream_position().map_err(|source| MediaError::io("read", path, source))?;
        let mut end = [0; 12];
        let found = input.seek(SeekFrom::End(-12)).and_then(|_| input.read_exact(&mut end));
        found.map_err(|source| MediaError::io("read", path, source))?;
        if end[..4] != [0; 4] {
            return Err(cut_off(path));
        }
        let frames = u64::from_le_bytes(std::array::from_fn(|i| end[4 + i]));
        input.seek(SeekFrom::Start(start)).map_err(|source| MediaError::io("read", path, source))?;
        Ok(Self { file: path.to_path_buf(), input, header, frames, packets: 0 })
    }

    /// What all packets share.
    pub fn header(&self) -> &SegmentHeader {
        &self.header
    }

    /// How many pictures.
    pub fn frames(&self) -> u64 {
        self.frames
    }

    /// The next packet, into `bytes`; `None` at the end.
    ///
    /// # Errors
    /// The file is damaged.
    pub fn next(&mut self, bytes: &mut Vec<u8>) -> Result<Option<PacketInfo>> {
        let size = self.number()?;
        if size == 0 {
            return if self.packets == self.frames { Ok(None) } else { Err(cut_off(&self.file)) };
        }
        let rest = self.number()?.to_le_bytes();
        if size > LARGEST_PACKET || rest[2] > 1 || rest[3] != 0 || self.packets == self.frames {
            return Err(MediaError::broken(&self.file, "is a damaged segment"));
        }
        bytes.resize(size as usize, 0);
        self.input.read_exact(bytes).map_err(|_| cut_off(&self.file))?;
        self.packets += 1;
        Ok(Some(PacketInfo { ahead: i16::from_le_bytes([rest[0], rest[1]]), key: rest[2] == 1 }))
    }

    fn number(&mut self) -> Result<u32> {
        number(&mut self.input, &self.file)
    }
}

fn cut_off(path: &Path) -> MediaError {
    MediaError::broken(path, "is a segment that was cut off")
}

fn number(input: &mut impl Read, path: &Path) -> Result<u32> {
    let mut bytes = [0; 4];
    input.read_exact(&mut bytes).map_err(|_| cut_off(path))?;
    Ok(u32::from_le_bytes(bytes))
}

fn read_header(input: &mut impl Read, path: &Path) -> Result<SegmentHeader> {
    let mut magic = [0; 8];
    input.read_exact(&mut magic).map_err(|_| cut_off(path))?;
    if magic[..7] != *MAGIC {
        return Err(MediaError::broken(path, "is no segment"));
    }
    if magic[7] != VERSION {
        return Err(MediaError::broken(path, format!("is a segment of version {}", magic[7])));
    }
    let mut fields = [0; 5];
    for field in &mut fields {
        *field = number(input, path)?;
    }
    let mut length = [0; 2];
    input.read_exact(&mut length).map_err(|_| cut_off(path))?;
    let mut codec = vec![0; usize::from(u16::from_le_bytes(length))];
    input.read_exact(&mut codec).map_err(|_| cut_off(path))?;
    let length = number(input, path)?;
    if length > LARGEST_HEADER {
        return Err(MediaError::broken(path, "is a damaged segment"));
    }
    let mut extradata = vec![0; length as usize];
    input.read_exact(&mut extradata).map_err(|_| cut_off(path))?;
    let [width, height, num, den, delay] = fields;
    if num == 0 || den == 0 || width == 0 || height == 0 {
        return Err(MediaError::broken(path, "is a damaged segment"));
    }
    let codec = String::from_utf8_lossy(&codec).into_owned();
    Ok(SegmentHeader { size: (width, height), rate: (num, den), delay, codec, extradata })
}
