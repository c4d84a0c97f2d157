//! Any allowed sound as 48 kHz stereo f32, block by block, from any sample on.

use std::ffi::c_int;
use std::path::{Path, PathBuf};
use std::ptr::NonNull;

use ffmpeg_next::ffi;

use crate::SAMPLE_RATE;
use crate::av::{Coder, Frame, Packet, check, failure};
use crate::confined::{Input, LONGEST};
use crate::error::{MediaError, Result};

const DOING: &str = "resampling sound";
/// Channels beyond which a sound is refused.
const MOST_CHANNELS: c_int = 64;

/// Reads a sound file's or footage's own sound.
///
/// The sound's clock is the file's: where footage's sound starts after its pictures, silence comes
/// first. Reading always starts at the beginning, so that a sample is the same from wherever it is
/// asked for.
pub struct SoundReader {
    path: PathBuf,
    input: Input,
    track: c_int,
    coder: Coder,
    packet: Packet,
    frame: Frame,
    output: Frame,
    resampler: Option<Resampler>,
    ended: bool,
    /// Interleaved samples decoded and not yet given.
    ready: Vec<f32>,
    /// Samples given or skipped so far.
    at: u64,
    /// Silence that is due before the first sample.
    start: Option<i64>,
    clock: ffi::AVRational,
    origin: i64,
    /// When the last packet read starts and ends, in ticks.
    last: (i64, i64),
    pictures: bool,
}

impl SoundReader {
    /// Opens the first sound track of a file.
    ///
    /// # Errors
    /// The file is of a kind that is not allowed, damaged, or without sound.
    pub fn open(path: &Path) -> Result<Self> {
        let mut input = Input::open(path)?;
        let track = input.sound().ok_or_else(|| MediaError::broken(path, "has no sound"))?;
        let (number, clock) = (track.0.index, track.0.time_base);
        // The file's clock starts with its pictures, where it has any.
        let origin = input.pictures().map_or(i64::MIN, |pictures| {
            let start = pictures.0.start_time;
            if start == ffi::AV_NOPTS_VALUE { i64::MIN } else { rescale(start, pictures.0.time_base, clock) }
        });
        let pictures = input.pictures().is_some();
        let coder = input.decoder(number)?;
        input.only(number);
        Ok(Self {
            path: path.to_path_buf(),
            input,
            track: number,
            coder,
            packet: Packet::new()?,
            frame: Frame::new()?,
            output: Frame::new()?,
            resampler: None,
            ended: false,
            ready: Vec::new(),
            at: 0,
            start: None,
            clock,
            origin,
            last: (i64::MIN, i64::MIN),
            pictures,
        })
    }

    /// Whether the file has pictures as well, whose length says nothing of the sound's.
    pub fn beside_pictures(&self) -> bool {
        self.pictures
    }

    /// Skips to sample `sample` of the 48 kHz sound.
    ///
    /// # Errors
    /// The file is damaged, or the sample lies behind what was already read.
    pub fn skip_to(&mut self, sample: u64) -> Result<()> {
        let mut block = vec![0.0; 2 * 16_384];
        while self.at < sample {
            let wanted = usize::try_from(sample - self.at).unwrap_or(usize::MAX).min(16_384);
            if self.read(&mut block[..2 * wanted])? == 0 {
                break;
            }
        }
        if self.at > sample {
            return Err(MediaError::Parameter("sound is read forward only".into()));
        }
        Ok(())
    }

    /// Fills `block` with interleaved stereo as far as there is any; gives back how many samples of
    /// each channel, fewer than asked for only at the end.
    ///
    /// # Errors
    /// The file is damaged.
    pub fn read(&mut self, block: &mut [f32]) -> Result<usize> {
        let wanted = block.len() / 2 * 2;
        while self.ready.len() < wanted && !self.ended {
            self.decode()?;
        }
        let count = self.ready.len().min(wanted);
        block[..count].copy_from_slice(&self.ready[..count]);
        self.ready.drain(..count);
        self.at += count as u64 / 2;
        if self.at > LONGEST as u64 * u64::from(SAMPLE_RATE) {
            let (file, what) = (self.path.clone(), "over 24 hours of sound".into());
            return Err(MediaError::TooLarge { file, what, limit: "24 hours".into() });
        }
        Ok(count / 2)
    }

    /// Reads on to the end and gives the whole length.
    ///
    /// # Errors
    /// The file is damaged.
    pub fn count(mut self) -> Result<u64> {
        let mut block = vec![0.0; 2 * 16_384];
        while self.read(&mut block)? > 0 {}
        Ok(self.at)
    }

    /// Decodes one more frame into `ready`.
    fn decode(&mut self) -> Result<()> {
        self.frame.clear();
        match self.coder.receive_frame(&mut self.frame) {
            Ok(Some(true)) => self.resample(),
            Ok(Some(false)) => self.end(),
            Ok(None) => self.feed(),
            Err(_) => Err(self.damaged()),
        }
    }

    fn damaged(&self) -> MediaError {
        let decoded = self.at + self.ready.len() as u64 / 2;
        let place = format!("in its sound after {:.1} s", decoded as f64 / f64::from(SAMPLE_RATE));
        MediaError::Damaged { file: self.path.clone(), place }
    }

    fn feed(&mut self) -> Result<()> {
        while self.input.read(&mut self.packet)? {
            if self.packet.stream_index == self.track {
                let starts = self.packet.dts;
                self.last = self.last.max((starts, starts.saturating_add(self.packet.duration)));
                return self.coder.send_packet(Some(&mut self.packet)).map_err(|_| self.damaged());
            }
        }
        self.input.check_end(self.track, self.last)?;
        self.coder.send_packet(None)
    }

    fn resample(&mut self) -> Result<()> {
        if self.start.is_none() {
            self.align()?;
        }
        if self.resampler.is_none() {
            self.resampler = Some(Resampler::new(&mut self.frame, &self.path)?);
        }
        if let Some(resampler) = &mut self.resampler {
            resampler.run(Some(&mut self.frame), &mut self.output, &mut self.ready)?;
        }
        Ok(())
    }

    /// Puts the silence before the first sample, by the file's clock.
    fn align(&mut self) -> Result<()> {
        let time = self.frame.best_effort_timestamp;
        let late =
            if self.origin == i64::MIN || time == ffi::AV_NOPTS_VALUE { 0 } else { time - self.origin };
        let ours = ffi::AVRational { num: 1, den: SAMPLE_RATE as c_int };
        let silence = rescale(late.max(0), self.clock, ours);
        if silence > LONGEST * i64::from(SAMPLE_RATE) {
            return Err(self.damaged());
        }
        self.start = Some(silence);
        self.ready.resize(2 * silence as usize, 0.0);
        Ok(())
    }

    fn end(&mut self) -> Result<()> {
        self.ended = true;
        if let Some(resampler) = &mut self.resampler {
            resampler.run(None, &mut self.output, &mut self.ready)?;
        }
        Ok(())
    }
}

fn rescale(time: i64, from: ffi::AVRational, to: ffi::AVRational) -> i64 {
    crate::convert::rescale(time, from, to)
}

/// swresample to 48 kHz stereo.
struct Resampler {
    context: NonNull<ffi::SwrContext>,
    /// Sample format, rate and channels of what goes in.
    from: (c_int, c_int, c_int),
    /// Samples taken and given, to end on the exact length.
    taken: u64,
    given: u64,
}

// SAFETY: one owner, no tie to a thread.
#[expect(unsafe_code, reason = "swresample's C object")]
unsafe impl Send for Resampler {}

#[expect(unsafe_code, reason = "swresample's C object; each block says why it holds")]
impl Resampler {
    /// For sound such as in `frame`.
    fn new(frame: &mut Frame, path: &Path) -> Result<Self> {
        let (channels, rate) = (frame.ch_layout.nb_channels, frame.sample_rate);
        if !(1..=MOST_CHANNELS).contains(&channels) || !(1000..=768_000).contains(&rate) {
            let (file, what) = (path.to_path_buf(), format!("{channels} channels at {rate} Hz"));
            return Err(MediaError::TooLarge { file, what, limit: "64 channels at 768 kHz".into() });
        }
        if !(0..ffi::AVSampleFormat::AV_SAMPLE_FMT_NB as c_int).contains(&frame.format) {
            return Err(MediaError::broken(path, "has samples of no known format"));
        }
        let mut context = std::ptr::null_mut();
        // SAFETY: layouts are live for the call; the sample format is a number within its
        // enumeration, as checked. On failure nothing is left behind.
        unsafe {
            let mut stereo = std::mem::zeroed::<ffi::AVChannelLayout>();
            crate::av::stereo(&mut stereo);
            let mut from = std::mem::zeroed::<ffi::AVChannelLayout>();
            if frame.ch_layout.order == ffi::AVChannelOrder::AV_CHANNEL_ORDER_UNSPEC {
                ffi::av_channel_layout_default(&mut from, channels);
            } else {
                check(ffi::av_channel_layout_copy(&mut from, &frame.ch_layout), DOING)?;
            }
            let format = std::mem::transmute::<c_int, ffi::AVSampleFormat>(frame.format);
            let out = ffi::AVSampleFormat::AV_SAMPLE_FMT_FLT;
            let code = ffi::swr_alloc_set_opts2(
                &mut context,
                &mut stereo,
                out,
                SAMPLE_RATE as c_int,
                &mut from,
                format,
                rate,
                0,
                std::ptr::null_mut(),
            );
            ffi::av_channel_layout_uninit(&mut from);
            check(code, DOING)?;
        }
        let context = NonNull::new(context).ok_or_else(|| failure(DOING, "no memory left"))?;
        let made = Self { context, from: Self::form(frame), taken: 0, given: 0 };
        // SAFETY: a live context whose formats are set.
        unsafe {
            if channels == 1 {
                // The same samples left and right; the library would take 3 dB off.
                let both = [1.0, 1.0];
                check(ffi::swr_set_matrix(context.as_ptr(), both.as_ptr(), 1), DOING)?;
            }
            // A longer filter than the default, and no dither: f32 in and out.
            ffi::av_opt_set_int(context.as_ptr().cast(), c"filter_size".as_ptr(), 64, 0);
            ffi::av_opt_set_double(context.as_ptr().cast(), c"cutoff".as_ptr(), 0.97, 0);
            check(ffi::swr_init(context.as_ptr()), DOING)?;
        }
        Ok(made)
    }

    fn form(frame: &Frame) -> (c_int, c_int, c_int) {
        (frame.format, frame.sample_rate, frame.ch_layout.nb_channels)
    }

    /// Resamples a block, or the rest, onto the end of `ready`.
    fn run(&mut self, frame: Option<&mut Frame>, output: &mut Frame, ready: &mut Vec<f32>) -> Result<()> {
        self.taken += frame.as_ref().map_or(0, |frame| frame.nb_samples.max(0) as u64);
        let last = frame.is_none();
        let count = frame.as_ref().map_or(0, |frame| frame.nb_samples);
        if frame.as_ref().is_some_and(|frame| Self::form(frame) != self.from) {
            return Err(failure(DOING, "the sound changes its format midway"));
        }
        // SAFETY: `input` is the frame's planes, of the format the context was made for, with `count` samples each; `output` gets room for
        // as many samples as the library says may come out, and is read no further than came out.
        unsafe {
            let room = check(ffi::swr_get_out_samples(self.context.as_ptr(), count), DOING)?.max(256);
            output.clear();
            output.format = ffi::AVSampleFormat::AV_SAMPLE_FMT_FLT as c_int;
            output.nb_samples = room;
            output.sample_rate = SAMPLE_RATE as c_int;
            crate::av::stereo(&mut output.ch_layout);
            check(ffi::av_frame_get_buffer(output.as_ptr(), 0), "taking memory for sound")?;
            let input = frame.map_or(std::ptr::null_mut(), |frame| frame.extended_data);
            let context = self.context.as_ptr();
            let made =
                check(ffi::swr_convert(context, output.extended_data, room, input.cast(), count), DOING)?;
            let samples = std::slice::from_raw_parts(output.data[0].cast::<f32>(), 2 * made as usize);
            ready.extend_from_slice(samples);
            self.given += made as u64;
        }
        if last {
            self.trim(ready);
        }
        Ok(())
    }

    /// Ends on exactly round(taken x 48000 / rate) samples.
    fn trim(&mut self, ready: &mut Vec<f32>) {
        let (rate, ours) = (self.from.1 as u64, u64::from(SAMPLE_RATE));
        let wanted = (2 * self.taken * ours + rate) / (2 * rate);
        let length = (ready.len() as u64 + 2 * wanted).saturating_sub(2 * self.given);
        ready.resize(length as usize, 0.0);
        self.given = wanted;
    }
}

#[expect(unsafe_code, reason = "swresample's C object")]
impl Drop for Resampler {
    fn drop(&mut self) {
        let mut context = self.context.as_ptr();
        // SAFETY: ours, freed once.
        unsafe { ffi::swr_free(&mut context) }
    }
}
