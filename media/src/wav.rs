//! WAV files in blocks: f32 for what passes between nodes, 24 bits with a `bext` timecode for stems
//! and mix. Samples are interleaved f32, full scale ±1.
//!
//! The 24-bit samples are dithered once by triangular noise of ±1 step from a generator of fixed
//! seed, so that the same sound gives the same file; digital silence stays digital silence.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::SAMPLE_RATE;
use crate::error::{MediaError, Result};

/// How samples are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WavFormat {
    /// 32-bit floats, as they are.
    Float,
    /// 24-bit integers, dithered.
    Pcm24,
}

impl WavFormat {
    fn bytes(self) -> u16 {
        match self {
            Self::Float => 4,
            Self::Pcm24 => 3,
        }
    }
}

/// Writes a 48 kHz WAV file.
pub struct WavWriter<W: Write + Seek> {
    out: W,
    format: WavFormat,
    channels: u16,
    header: u64,
    samples: u64,
    noise: Noise,
    bytes: Vec<u8>,
}

impl<W: Write + Seek> WavWriter<W> {
    /// Begins a file of `channels` channels. With `timecode`, the first sample's count since
    /// midnight, it is a Broadcast Wave file that editors place by it.
    ///
    /// # Errors
    /// Writing failed.
    pub fn new(mut out: W, channels: u16, format: WavFormat, timecode: Option<u64>) -> Result<Self> {
        if !(1..=64).contains(&channels) {
            return Err(MediaError::Parameter(format!("{channels} channels of sound")));
        }
        let mut header = b"RIFF\0\0\0\0WAVE".to_vec();
        if let Some(timecode) = timecode {
            chunk(&mut header, b"bext", &bext(timecode));
        }
        chunk(&mut header, b"fmt ", &fmt(channels, format));
        if format == WavFormat::Float {
            chunk(&mut header, b"fact", &[0; 4]);
        }
        header.extend(b"data\0\0\0\0");
        out.write_all(&header).map_err(written)?;
        let header = header.len() as u64;
        Ok(Self { out, format, channels, header, samples: 0, noise: Noise::new(), bytes: Vec::new() })
    }

    /// Appends interleaved samples.
    ///
    /// # Errors
    /// Writing failed; the file would pass the 4 GiB that WAV can say; the block is not whole.
    pub fn write(&mut self, block: &[f32]) -> Result<()> {
        if !block.len().is_multiple_of(usize::from(self.channels)) {
            return Err(MediaError::Parameter("a block of sound that ends within a sample".into()));
        }
        self.bytes.clear();
        match self.format {
            WavFormat::Float => self.bytes.extend(block.iter().flat_map(|sample| sample.to_le_bytes())),
            WavFormat::Pcm24 => {
                for sample in block {
                    self.bytes.extend(&self.noise.quantise(*sample).to_le_bytes()[..3]);
                }
            }
        }
        self.samples += (block.len() / usize::from(self.channels)) as u64;
        if self.header + self.data_bytes() > u64::from(u32::MAX) {
            return Err(MediaError::Parameter(
                "the sound passes 4 GiB, which a WAV file cannot hold: divide the film".into(),
            ));
        }
        self.out.write_all(&self.bytes).map_err(written)
    }

    /// Completes the header; gives back the writer, flushed, and the number of samples.
    ///
    /// # Errors
    /// Writing failed.
    pub fn finish(mut self) -> Result<(W, u64)> {
        let data = self.data_bytes();
        let pad = data % 2;
        let mut patch = |at: u64, value: u64| {
            self.out.seek(SeekFrom::Start(at))?;
            self.out.write_all(&(value as u32).to_le_bytes())
        };
        let mut patched = patch(4, self.header - 8 + data + pad).and_then(|()| patch(self.header - 4, data));
        if self.format == WavFormat::Float {
            patched = patched.and_then(|()| patch(self.header - 12, self.samples));
        }
        let ended = patched.and_then(|()| {
            self.out.seek(SeekFrom::End(0))?;
            self.out.write_all(&[0][..pad as usize])?;
            self.out.flush()
        });
        ended.map_err(written)?;
        Ok((self.out, self.samples))
    }

    fn data_bytes(&self) -> u64 {
        self.samples * u64::from(self.channels) * u64::from(self.format.bytes())
    }
}

fn written(source: std::io::Error) -> MediaError {
    MediaError::io("write", Path::new("sound"), source)
}

fn chunk(to: &mut Vec<u8>, name: &[u8; 4], body: &[u8]) {
    to.extend(name);
    to.extend((body.len() as u32).to_le_bytes());
    to.extend(body);
}

/// The format chunk.
fn fmt(channels: u16, format: WavFormat) -> Vec<u8> {
    let (tag, bytes) = (if format == WavFormat::Float { 3_u16 } else { 1 }, format.bytes());
    let mut body = Vec::new();
    body.extend(tag.to_le_bytes());
    body.extend(channels.to_le_bytes());
    body.extend(SAMPLE_RATE.to_le_bytes());
    body.extend((SAMPLE_RATE * u32::from(channels * bytes)).to_le_bytes());
    body.extend((channels * bytes).to_le_bytes());
    body.extend((bytes * 8).to_le_bytes());
    if format == WavFormat::Float {
        body.extend([0; 2]);
    }
    body
}

/// The broadcast extension (EBU Tech 3285, version 1), without date.
fn bext(timecode: u64) -> Vec<u8> {
    let mut body = vec![0; 602];
    body[256..265].copy_from_slice(b"storyreel");
    body[338..346].copy_from_slice(&timecode.to_le_bytes());
    body[346] = 1;
    body
}

/// The dither's generator: PCG-like, of fixed seed.
struct Noise(u64);

impl Noise {
    fn new() -> Self {
        Self(0x5b1a_77c3_09d4_e61f)
    }

    /// 24 bits with triangular dither.
    fn quantise(&mut self, sample: f32) -> i32 {
        if sample == 0.0 {
            return 0;
        }
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let bits = self.0 >> 16;
        let (first, second) = ((bits & 0xff_ffff) as f64, ((bits >> 24) & 0xff_ffff) as f64);
        let triangular = (first - second) / f64::from(1 << 24);
        let scaled = (f64::from(sample) * 8_388_608.0 + triangular).round();
        scaled.clamp(-8_388_608.0, 8_388_607.0) as i32
    }
}

/// Reads a WAV file.
pub struct WavReader {
    path: PathBuf,
    input: BufReader<File>,
    spec: WavSpec,
    start: u64,
    at: u64,
    bytes: Vec<u8>,
}

/// What a WAV file declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WavSpec {
    /// Channels.
    pub channels: u16,
    /// Samples a second.
    pub rate: u32,
    /// Samples of each channel.
    pub samples: u64,
    /// The first sample's count since midnight, where the file has one.
    pub timecode: Option<u64>,
    bytes: u16,
    float: bool,
}

impl WavReader {
    /// Opens a file of 16-, 24- or 32-bit integers or 32-bit floats.
    ///
    /// # Errors
    /// The file cannot be read or is none of these.
    pub fn open(path: &Path) -> Result<Self> {
        let file = File::open(path).map_err(|source| MediaError::io("read", path, source))?;
        let mut input = BufReader::with_capacity(1 << 16, file);
        let (spec, start) = read_header(&mut input, path)?;
        Ok(Self { path: path.to_path_buf(), input, spec, start, at: 0, bytes: Vec::new() })
    }

    /// What the file declares.
    pub fn spec(&self) -> WavSpec {
        self.spec
    }

    /// Goes to sample `sample`, or the end where that is earlier.
    ///
    /// # Errors
    /// Reading failed.
    pub fn seek(&mut self, sample: u64) -> Result<()> {
        self.at = sample.min(self.spec.samples);
        let width = u64::from(self.spec.channels) * u64::from(self.spec.bytes);
        let sought = self.input.seek(SeekFrom::Start(self.start + self.at * width));
        sought.map(|_| ()).map_err(|source| MediaError::io("read", &self.path, source))
    }

    /// Fills `block` with interleaved samples as far as there are any; gives back how many samples
    /// of each channel.
    ///
    /// # Errors
    /// Reading failed.
    pub fn read(&mut self, block: &mut [f32]) -> Result<usize> {
        let channels = usize::from(self.spec.channels);
        let left = self.spec.samples - self.at;
        let samples = (block.len() / channels).min(usize::try_from(left).unwrap_or(usize::MAX));
        let width = usize::from(self.spec.bytes);
        self.bytes.resize(samples * channels * width, 0);
        let read = self.input.read_exact(&mut self.bytes);
        read.map_err(|source| MediaError::io("read", &self.path, source))?;
        let float = self.spec.float;
        for (to, from) in block.iter_mut().zip(self.bytes.chunks_exact(width)) {
            *to = sample_of(from, float);
        }
        self.at += samples as u64;
        Ok(samples)
    }
}

fn sample_of(bytes: &[u8], float: bool) -> f32 {
    match *bytes {
        [a, b, c, d] if float => f32::from_le_bytes([a, b, c, d]),
        [a, b, c, d] => (f64::from(i32::from_le_bytes([a, b, c, d])) / 2_147_483_648.0) as f32,
        [a, b, c] => (i32::from_le_bytes([0, a, b, c]) >> 8) as f32 / 8_388_608.0,
        [a, b] => f32::from(i16::from_le_bytes([a, b])) / 32_768.0,
        _ => 0.0,
    }
}

fn read_header(input: &mut BufReader<File>, path: &Path) -> Result<(WavSpec, u64)> {
    let no_wav = || MediaError::broken(path, "is no WAV file");
    let mut head = [0; 12];
    input.read_exact(&mut head).map_err(|_| no_wav())?;
    if &head[..4] != b"RIFF" || &head[8..] != b"WAVE" {
        return Err(no_wav());
    }
    let (mut spec, mut timecode) = (None, None);
    loop {
        let mut head = [0; 8];
        input.read_exact(&mut head).map_err(|_| MediaError::broken(path, "has no sound in it"))?;
        let size = u64::from(u32::from_le_bytes([head[4], head[5], head[6], head[7]]));
        if &head[..4] == b"data" {
            let spec: WavSpec = spec.ok_or_else(no_wav)?;
            return finish_header(input, path, WavSpec { timecode, ..spec }, size);
        }
        let mut body = vec![0; size.min(1024) as usize];
        input.read_exact(&mut body).map_err(|_| MediaError::broken(path, "was cut off"))?;
        match &head[..4] {
            b"fmt " => spec = Some(parse_fmt(&body).ok_or_else(|| unknown_samples(path))?),
            b"bext" if body.len() >= 346 => {
                timecode = Some(u64::from_le_bytes(std::array::from_fn(|i| body[338 + i])));
            }
            _ => {}
        }
        let rest = (size - body.len() as u64 + size % 2) as i64;
        input.seek_relative(rest).map_err(|source| MediaError::io("read", path, source))?;
    }
}

fn unknown_samples(path: &Path) -> MediaError {
    MediaError::NotAllowed {
        file: path.to_path_buf(),
        what: "a WAV file of compressed or unusual samples".into(),
        allowed: "16, 24 or 32 bits a sample and 32-bit floats",
    }
}

fn finish_header(
    input: &mut BufReader<File>,
    path: &Path,
    spec: WavSpec,
    size: u64,
) -> Result<(WavSpec, u64)> {
    let read = |source| MediaError::io("read", path, source);
    let start = input.stream_position().map_err(read)?;
    let length = input.get_ref().metadata().map_err(read)?.len();
    let samples = size.min(length.saturating_sub(start)) / (u64::from(spec.channels) * u64::from(spec.bytes));
    Ok((WavSpec { samples, ..spec }, start))
}

fn parse_fmt(body: &[u8]) -> Option<WavSpec> {
    let word = |at: usize| Some(u16::from_le_bytes([*body.get(at)?, *body.get(at + 1)?]));
    let mut tag = word(0)?;
    if tag == 0xfffe {
        tag = word(24)?;
    }
    let (channels, bits) = (word(2)?, word(14)?);
    let rate = u32::from(word(4)?) | u32::from(word(6)?) << 16;
    let known = matches!((tag, bits), (1, 16 | 24 | 32) | (3, 32));
    let sane = (1..=64).contains(&channels) && (1000..=768_000).contains(&rate);
    (known && sane).then_some(WavSpec {
        channels,
        rate,
        samples: 0,
        timecode: None,
        bytes: bits / 8,
        float: tag == 3,
    })
}
