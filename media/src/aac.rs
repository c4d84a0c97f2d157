//! A 48 kHz stereo WAV file in, AAC packets out, block by block.

use std::ffi::c_int;
use std::path::Path;

use ffmpeg_next::ffi;

use crate::SAMPLE_RATE;
use crate::av::{Coder, Frame, Options, Packet, failure};
use crate::error::{MediaError, Result};
use crate::wav::WavReader;

const DOING: &str = "encoding AAC";

/// A WAV file becoming AAC-LC.
pub(crate) struct AacTrack {
    wav: WavReader,
    coder: Coder,
    frame: Frame,
    block: Vec<f32>,
    gain: f32,
    read: i64,
    ended: bool,
}

impl AacTrack {
    /// Opens the WAV file, to be heard at `gain`, and the encoder.
    pub(crate) fn open(mix: &Path, bitrate: u32, gain: f32) -> Result<Self> {
        let wav = WavReader::open(mix)?;
        let spec = wav.spec();
        if (spec.channels, spec.rate) != (2, SAMPLE_RATE) {
            let has =
                format!("has {} channels at {} Hz; a mix is stereo at 48000 Hz", spec.channels, spec.rate);
            return Err(MediaError::broken(mix, has));
        }
        if !(16_000..=512_000).contains(&bitrate) {
            return Err(MediaError::Parameter(format!("AAC takes 16 to 512 kbit/s, not {bitrate} bit/s")));
        }
        let mut coder = Coder::encoder("aac", DOING)?;
        coder.sample_rate = SAMPLE_RATE as c_int;
        coder.sample_fmt = ffi::AVSampleFormat::AV_SAMPLE_FMT_FLTP;
        coder.bit_rate = i64::from(bitrate);
        coder.time_base = ffi::AVRational { num: 1, den: SAMPLE_RATE as c_int };
        coder.flags |= (ffi::AV_CODEC_FLAG_GLOBAL_HEADER | ffi::AV_CODEC_FLAG_BITEXACT) as c_int;
        crate::av::stereo(&mut coder.ch_layout);
        coder.open(&mut Options::new(&[]))?;
        let samples = usize::try_from(coder.frame_size).map_err(|_| failure(DOING, "no block size"))?;
        let frame = Frame::stereo(samples)?;
        Ok(Self { wav, coder, frame, block: vec![0.0; samples * 2], gain, read: 0, ended: false })
    }

    /// Samples of the mix.
    pub(crate) fn samples(&self) -> u64 {
        self.wav.spec().samples
    }

    /// The next packet; `false` at the end. The first starts before zero, by the encoder's delay.
    pub(crate) fn next(&mut self, packet: &mut Packet) -> Result<bool> {
        loop {
            if self.coder.receive_packet(packet)? {
                return Ok(true);
            }
            if self.ended {
                return Ok(false);
            }
            self.feed()?;
        }
    }

    fn feed(&mut self) -> Result<()> {
        let count = self.wav.read(&mut self.block)?;
        if count == 0 {
            self.ended = true;
            return self.coder.send_frame(None);
        }
        self.frame.writable()?;
        self.frame.nb_samples = count as c_int;
        for channel in 0..2 {
            let to = self.frame.sound_mut(channel, count);
            for (to, pair) in to.chunks_exact_mut(4).zip(self.block.chunks_exact(2)) {
                to.copy_from_slice(&(pair[channel] * self.gain).to_ne_bytes());
            }
        }
        self.frame.pts = self.read;
        self.read += count as i64;
        self.coder.send_frame(Some(&mut self.frame))
    }
}
