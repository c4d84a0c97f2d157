//! Shots with handles as ProRes 422 in a MOV file, 10 bits, with a timecode track: for conforming
//! elsewhere.

use std::ffi::c_int;
use std::path::Path;

use ffmpeg_next::ffi;

use crate::av::{Coder, Frame, Options, Packet};
use crate::encode::check_rate;
use crate::error::{MediaError, Result};
use crate::io::{Output, parameters_from};
use crate::mux::timecode_text;
use crate::picture::Picture;

const DOING: &str = "encoding ProRes";

/// Writes one MOV file, picture by picture.
pub struct ProResWriter {
    coder: Coder,
    output: Output,
    frame: Frame,
    packet: Packet,
    stream: c_int,
    size: (u32, u32),
    /// Ticks a picture and ticks a second of the track.
    clock: (i64, c_int),
    pushed: i64,
}

impl ProResWriter {
    /// Begins a file at `out`; `timecode` is the first picture's, in pictures since midnight.
    ///
    /// # Errors
    /// The size is odd or out of bounds, the rate is not possible, or writing failed.
    pub fn create(out: &Path, size: (u32, u32), rate: (u32, u32), timecode: u64) -> Result<Self> {
        check_rate(rate)?;
        let bounded = |side: u32| (16..=8192).contains(&side) && side.is_multiple_of(2);
        if !bounded(size.0) || !bounded(size.1) {
            return Err(MediaError::Parameter(format!(
                "ProRes pictures are 16 to 8192 pixels a side, in even numbers; not {}x{}",
                size.0, size.1
            )));
        }
        let mut coder = Coder::encoder("prores_ks", DOING)?;
        describe(&mut coder, size, rate);
        coder.open(&mut Options::new(&[("profile", "standard"), ("vendor", "apl0")]))?;
        let mut output = Output::create(out, "mov")?;
        let (mut ticks, mut frame_ticks) = (rate.0, i64::from(rate.1));
        while ticks < 10_000 {
            (ticks, frame_ticks) = (ticks * 2, frame_ticks * 2);
        }
        let (stream, made) = output.stream()?;
        made.time_base = ffi::AVRational { num: 1, den: ticks as c_int };
        made.avg_frame_rate = ffi::AVRational { num: rate.0 as c_int, den: rate.1 as c_int };
        made.r_frame_rate = made.avg_frame_rate;
        made.disposition = ffi::AV_DISPOSITION_DEFAULT;
        parameters_from(made, &mut coder)?;
        output.metadata("timecode", &timecode_text(timecode, rate));
        output.header(&mut Options::new(&[("movie_timescale", &ticks.to_string())]))?;
        let mut frame = Frame::picture(ffi::AVPixelFormat::AV_PIX_FMT_YUV422P10LE, size.0, size.1)?;
        // Every ProRes picture carries its own colour tags.
        frame.color_range = coder.color_range;
        frame.color_primaries = coder.color_primaries;
        frame.color_trc = coder.color_trc;
        frame.colorspace = coder.colorspace;
        let clock = (frame_ticks, ticks as c_int);
        Ok(Self { coder, output, frame, packet: Packet::new()?, stream, size, clock, pushed: 0 })
    }

    /// Writes the next picture.
    ///
    /// # Errors
    /// The picture has another size, or writing failed.
    pub fn push(&mut self, picture: &Picture) -> Result<()> {
        if (picture.width, picture.height) != self.size {
            return Err(MediaError::Parameter(format!(
                "a picture of {}x{} in a film of {}x{}",
                picture.width, picture.height, self.size.0, self.size.1
            )));
        }
        self.frame.writable()?;
        to_422_10(picture, &mut self.frame);
        self.frame.pts = self.pushed;
        self.pushed += 1;
        self.coder.send_frame(Some(&mut self.frame))?;
        self.drain()
    }

    /// Ends the file; gives back the number of pictures.
    ///
    /// # Errors
    /// Writing failed, or there is no picture in it.
    pub fn finish(mut self) -> Result<u64> {
        if self.pushed == 0 {
            return Err(MediaError::Parameter("a film needs at least one picture".into()));
        }
        self.coder.send_frame(None)?;
        self.drain()?;
        self.output.finish()?;
        Ok(self.pushed as u64)
    }

    fn drain(&mut self) -> Result<()> {
        while self.coder.receive_packet(&mut self.packet)? {
            let at = self.packet.pts * self.clock.0;
            (self.packet.pts, self.packet.dts, self.packet.duration) = (at, at, self.clock.0);
            self.packet.stream_index = self.stream;
            self.output.write(&mut self.packet)?;
        }
        Ok(())
    }
}

fn describe(coder: &mut Coder, size: (u32, u32), rate: (u32, u32)) {
    coder.width = size.0 as c_int;
    coder.height = size.1 as c_int;
    coder.pix_fmt = ffi::AVPixelFormat::AV_PIX_FMT_YUV422P10LE;
    coder.time_base = ffi::AVRational { num: rate.1 as c_int, den: rate.0 as c_int };
    coder.framerate = ffi::AVRational { num: rate.0 as c_int, den: rate.1 as c_int };
    coder.sample_aspect_ratio = ffi::AVRational { num: 1, den: 1 };
    coder.color_range = ffi::AVColorRange::AVCOL_RANGE_MPEG;
    coder.color_primaries = ffi::AVColorPrimaries::AVCOL_PRI_BT709;
    coder.color_trc = ffi::AVColorTransferCharacteristic::AVCOL_TRC_BT709;
    coder.colorspace = ffi::AVColorSpace::AVCOL_SPC_BT709;
    coder.thread_count = 1;
    let flags = ffi::AV_CODEC_FLAG_GLOBAL_HEADER | ffi::AV_CODEC_FLAG_BITEXACT;
    coder.flags |= flags as c_int;
}

/// To 4:2:2 in 10 bits, rounded: chroma rows lie between luma rows, so each is made of the two
/// nearest, three parts to one.
fn to_422_10(picture: &Picture, frame: &mut Frame) {
    let ten = |sample: u32| ((sample + 32) >> 6).min(1023) as u16;
    for (plane, (samples, across)) in picture.planes().into_iter().enumerate() {
        let rows = samples.len() / across;
        for row in 0..picture.height as usize {
            let (near, far) = if plane == 0 {
                (row, row)
            } else if row.is_multiple_of(2) {
                (row / 2, (row / 2).saturating_sub(1))
            } else {
                (row / 2, (row / 2 + 1).min(rows - 1))
            };
            let (near, far) = (&samples[near * across..][..across], &samples[far * across..][..across]);
            let to = frame.row_mut(plane, row, across * 2);
            for ((to, near), far) in to.chunks_exact_mut(2).zip(near).zip(far) {
                let mixed = (3 * u32::from(*near) + u32::from(*far) + 2) / 4;
                to.copy_from_slice(&ten(mixed).to_le_bytes());
            }
        }
    }
}
