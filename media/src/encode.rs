//! Pictures to H.264 segments: dithered to 8 bits, then x264 on one thread.
//!
//! All segments of one size, rate and codec have the same parameter sets and delay, start with an
//! IDR picture and refer to nothing outside themselves: they join by copying.

use std::ffi::c_int;
use std::io::Write;

use ffmpeg_next::ffi;

use crate::av::{Coder, Frame, Options, Packet, failure};
use crate::dither::dither_row;
use crate::error::{MediaError, Result};
use crate::picture::Picture;
use crate::segment::{PacketInfo, SegmentHeader, SegmentWriter};

const DOING: &str = "encoding H.264";

/// x264's presets, fast to slow.
pub const PRESETS: [&str; 9] =
    ["ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow"];

/// How pictures become H.264.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Codec {
    /// One of [`PRESETS`].
    pub preset: String,
    /// Whether x264 is tuned for drawn pictures; else it is as its preset says.
    pub tuned: bool,
    /// Constant quality in tenths: 200 is crf 20; 0 to 510.
    pub crf_tenths: u32,
    /// Pictures between key pictures, at most.
    pub keyint: u32,
}

impl Codec {
    fn check(&self) -> Result<()> {
        let problem = if !PRESETS.contains(&self.preset.as_str()) {
            format!("`{}` is no x264 preset; presets are {}", self.preset, PRESETS.join(", "))
        } else if self.crf_tenths > 510 {
            format!("crf is 0 to 51, not {}", f64::from(self.crf_tenths) / 10.0)
        } else if !(1..=100_000).contains(&self.keyint) {
            format!("a key picture every {} pictures is not possible", self.keyint)
        } else {
            return Ok(());
        };
        Err(MediaError::Parameter(problem))
    }

    /// What is asked of x264 besides the preset: segments that join, at a constant rate.
    ///
    /// Tuned, smooth areas get more bits than x264 would give them: their dither survives, and skies band a fourth
    /// as much. `superfast` does not look ahead and chooses badly how many B pictures to use: a fixed pattern takes
    /// a sixth less time and a sixth fewer bytes for the same SSIM. Both as measured on drawn pictures.
    fn params(&self) -> &'static str {
        match (self.tuned, self.preset.as_str()) {
            (false, _) => "stitchable=1:force-cfr=1",
            (true, "superfast") => "stitchable=1:force-cfr=1:aq-strength=1.8:b-adapt=0",
            (true, _) => "stitchable=1:force-cfr=1:aq-strength=1.8",
        }
    }

    /// The settings in words, as segments carry them.
    fn words(&self) -> String {
        let (whole, tenth) = (self.crf_tenths / 10, self.crf_tenths % 10);
        let tuned = if self.tuned { " tuned" } else { "" };
        format!("x264 {}{tuned} crf {whole}.{tenth} keyint {}", self.preset, self.keyint)
    }
}

/// Encodes one segment.
pub struct SegmentEncoder<W: Write> {
    coder: Coder,
    frame: Frame,
    packet: Packet,
    out: SegmentWriter<W>,
    size: (u32, u32),
    pushed: i64,
    packets: i64,
}

impl<W: Write> SegmentEncoder<W> {
    /// Begins a segment of pictures of `size` at `rate`, written to `out` as they are encoded.
    ///
    /// # Errors
    /// The size is odd or out of bounds, or a setting is none of x264's.
    pub fn new(size: (u32, u32), rate: (u32, u32), codec: &Codec, out: W) -> Result<Self> {
        codec.check()?;
        check_size(size)?;
        check_rate(rate)?;
        let mut coder = Coder::encoder("libx264", DOING)?;
        describe(&mut coder, size, rate, codec);
        let mut options = Options::new(&[
            ("preset", &codec.preset),
            ("crf", &format!("{}", f64::from(codec.crf_tenths) / 10.0)),
            ("x264-params", codec.params()),
        ]);
        coder.open(&mut options)?;
        let delay = u32::try_from(coder.has_b_frames).unwrap_or(0);
        let header =
            SegmentHeader { size, rate, delay, codec: codec.words(), extradata: coder.extradata().to_vec() };
        let frame = Frame::picture(ffi::AVPixelFormat::AV_PIX_FMT_YUV420P, size.0, size.1)?;
        let out = SegmentWriter::new(out, &header)?;
        Ok(Self { coder, frame, packet: Packet::new()?, out, size, pushed: 0, packets: 0 })
    }

    /// Encodes the next picture.
    ///
    /// # Errors
    /// The picture has another size than the segment, or writing failed.
    pub fn push(&mut self, picture: &Picture) -> Result<()> {
        if (picture.width, picture.height) != self.size {
            return Err(MediaError::Parameter(format!(
                "a picture of {}x{} in a segment of {}x{}",
                picture.width, picture.height, self.size.0, self.size.1
            )));
        }
        self.frame.writable()?;
        to_8_bits(picture, &mut self.frame);
        self.frame.pts = self.pushed;
        self.pushed += 1;
        self.coder.send_frame(Some(&mut self.frame))?;
        self.drain()
    }

    /// Ends the segment; gives back the writer, flushed, and the number of pictures.
    ///
    /// # Errors
    /// Writing failed, or the segment is empty.
    pub fn finish(mut self) -> Result<(W, u64)> {
        if self.pushed == 0 {
            return Err(MediaError::Parameter("a segment needs at least one picture".into()));
        }
        self.coder.send_frame(None)?;
        self.drain()?;
        if self.packets != self.pushed {
            return Err(failure(DOING, format!("{} of {} pictures", self.packets, self.pushed)));
        }
        self.out.finish()
    }

    fn drain(&mut self) -> Result<()> {
        while self.coder.receive_packet(&mut self.packet)? {
            let ahead = i16::try_from(self.packet.pts - self.packets)
                .map_err(|_| failure(DOING, "pictures far out of order"))?;
            let key = self.packet.flags & ffi::AV_PKT_FLAG_KEY != 0;
            self.out.push(PacketInfo { ahead, key }, self.packet.bytes())?;
            self.packets += 1;
        }
        Ok(())
    }
}

fn check_size((width, height): (u32, u32)) -> Result<()> {
    let even = width.is_multiple_of(2) && height.is_multiple_of(2);
    if !even || !(16..=8192).contains(&width) || !(16..=8192).contains(&height) {
        return Err(MediaError::Parameter(format!(
            "H.264 pictures are 16 to 8192 pixels a side, in even numbers; not {width}x{height}"
        )));
    }
    Ok(())
}

/// A rate that FFmpeg's integers hold.
pub(crate) fn check_rate((num, den): (u32, u32)) -> Result<()> {
    let bounded = |value: u32| (1..=1_000_000_000).contains(&value);
    if !bounded(num) || !bounded(den) || num / den > 1000 {
        return Err(MediaError::Parameter(format!("{num}/{den} pictures a second is not possible")));
    }
    Ok(())
}

/// Size, time and colour of the stream.
fn describe(coder: &mut Coder, size: (u32, u32), rate: (u32, u32), codec: &Codec) {
    coder.width = size.0 as c_int;
    coder.height = size.1 as c_int;
    coder.pix_fmt = ffi::AVPixelFormat::AV_PIX_FMT_YUV420P;
    coder.time_base = ffi::AVRational { num: rate.1 as c_int, den: rate.0 as c_int };
    coder.framerate = ffi::AVRational { num: rate.0 as c_int, den: rate.1 as c_int };
    coder.sample_aspect_ratio = ffi::AVRational { num: 1, den: 1 };
    coder.color_range = ffi::AVColorRange::AVCOL_RANGE_MPEG;
    coder.color_primaries = ffi::AVColorPrimaries::AVCOL_PRI_BT709;
    coder.color_trc = ffi::AVColorTransferCharacteristic::AVCOL_TRC_BT709;
    coder.colorspace = ffi::AVColorSpace::AVCOL_SPC_BT709;
    coder.chroma_sample_location = ffi::AVChromaLocation::AVCHROMA_LOC_LEFT;
    coder.gop_size = codec.keyint as c_int;
    coder.thread_count = 1;
    let flags =
        ffi::AV_CODEC_FLAG_GLOBAL_HEADER | ffi::AV_CODEC_FLAG_BITEXACT | ffi::AV_CODEC_FLAG_CLOSED_GOP;
    coder.flags |= flags as c_int;
}

/// The one dither to 8 bits.
pub(crate) fn to_8_bits(picture: &Picture, frame: &mut Frame) {
    for (plane, (samples, across)) in picture.planes().into_iter().enumerate() {
        for (row, from) in samples.chunks_exact(across).enumerate() {
            dither_row(from, frame.row_mut(plane, row, across), plane, row);
        }
    }
}
