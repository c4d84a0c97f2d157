//! The finished film: pictures copied from segments, sound copied from the soundtrack, captions,
//! chapters, timecode, in an MP4 file that can start playing before it is read whole.
//!
//! Both tracks last exactly as long as the film: every picture's time is a whole number of the
//! video track's ticks, the sound has round(pictures x 48000 / rate) samples, and the edit list
//! skips the samples that AAC needs to get going. No date, no version: the same input gives the
//! same bytes.

use std::ffi::c_int;
use std::path::{Path, PathBuf};

use ffmpeg_next::ffi;

use crate::SAMPLE_RATE;
use crate::av::{Options, Packet};
use crate::captions::{Caption, CaptionTrack};
use crate::encode::check_rate;
use crate::error::{MediaError, Progress, Result, heed};
use crate::io::{Output, set_extradata, set_text};
use crate::join::common_header;
use crate::segment::{SegmentHeader, SegmentReader};
use crate::soundtrack::SoundtrackReader;

/// A chapter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chapter {
    /// Its first picture.
    pub from: u64,
    /// What players show.
    pub title: String,
}

/// What the film file says besides its pictures and its sound.
#[derive(Clone, Debug)]
pub struct Film<'a> {
    /// Its title.
    pub title: &'a str,
    /// Its length in pictures.
    pub frames: u64,
    /// The first picture's timecode, in pictures since midnight, not dropped.
    pub timecode: u64,
    /// Chapters, in order.
    pub chapters: &'a [Chapter],
    /// Captions, in order of their start.
    pub captions: &'a [Caption],
    /// Language of the captions and the sound, ISO 639-2: `eng`.
    pub language: &'a str,
    /// Bits a second of the AAC track.
    pub audio_bitrate: u32,
}

/// Writes the film of `segments` and the `soundtrack` (see [`crate::soundtrack::encode`]) to `out`, which
/// the caller moves into place, and tells how many of its pictures are written.
///
/// # Errors
/// Segments differ or are not as long as the film together; the soundtrack is not as long as the film;
/// the rate cannot be kept exactly; writing failed; it is wanted no longer.
pub fn mux(
    segments: &[PathBuf],
    soundtrack: &Path,
    film: &Film,
    out: &Path,
    progress: Progress,
) -> Result<()> {
    let header = common_header(segments)?;
    check_rate(header.rate)?;
    let clock = Clock::new(header.rate)?;
    check_length(segments, film)?;
    let mut sound = SoundtrackReader::open(soundtrack, clock.samples(film.frames))?;
    let mut output = Output::create(out, "mp4")?;
    let video = video_stream(&mut output, &header, clock)?;
    let audio = audio_stream(&mut output, &sound, film)?;
    let mut captions = CaptionTrack::new(film.captions, clock.samples(film.frames), clock.movie)?;
    let subtitles = match &captions {
        Some(track) => Some(track.stream(&mut output, header.size, film.language)?),
        None => None,
    };
    describe(&mut output, film, header.rate, clock)?;
    output.header(&mut Options::new(&[
        ("movflags", "faststart"),
        ("movie_timescale", &clock.movie.to_string()),
    ]))?;
    for (index, ticks) in [(video, clock.video), (audio, SAMPLE_RATE)] {
        let base = output.time_base(index);
        if (base.num, base.den) != (1, ticks as c_int) {
            return Err(MediaError::Parameter(format!("MP4 cannot count in 1/{ticks} seconds")));
        }
    }
    let mut pictures = Pictures::new(segments, header.delay, film.frames, progress);
    interleave(&mut output, &mut pictures, &mut sound, captions.as_mut(), [video, audio], subtitles, clock)?;
    output.finish()?;
    if subtitles.is_some() {
        crate::captions::switch_off(out)?;
    }
    Ok(())
}

/// Ticks a second of the tracks.
#[derive(Clone, Copy)]
pub(crate) struct Clock {
    rate: (u32, u32),
    /// Of the video track: a multiple of the rate's numerator.
    video: u32,
    /// Ticks a picture.
    frame: u32,
    /// Of the file as a whole and the captions: a multiple of the rate's numerator and of 48000, so
    /// that every picture and every sample starts on a tick.
    movie: u32,
}

impl Clock {
    fn new((num, den): (u32, u32)) -> Result<Self> {
        let (mut video, mut frame) = (num, den);
        // Players expect fine ticks; FFmpeg's muxer would double them by itself.
        while video < 10_000 {
            (video, frame) = (video * 2, frame * 2);
        }
        let (mut a, mut b) = (num, SAMPLE_RATE);
        while b != 0 {
            (a, b) = (b, a % b);
        }
        let movie = u64::from(num / a) * u64::from(SAMPLE_RATE);
        let movie = u32::try_from(movie).ok().filter(|ticks| *ticks <= i32::MAX as u32);
        let movie = movie.ok_or_else(|| {
            MediaError::Parameter(format!("at {num}/{den} pictures a second no MP4 clock fits the sound"))
        })?;
        Ok(Self { rate: (num, den), video, frame, movie })
    }

    /// round(frames x 48000 / rate), halves up.
    fn samples(self, frames: u64) -> u64 {
        samples_at(self.rate, frames)
    }
}

/// The sample at which picture `frames` starts: round(frames x 48000 / rate), halves up.
pub fn samples_at((num, den): (u32, u32), frames: u64) -> u64 {
    let (num, scaled) = (u128::from(num), u128::from(frames) * u128::from(SAMPLE_RATE) * u128::from(den));
    ((2 * scaled + num) / (2 * num)) as u64
}

/// Picture number `timecode` as `01:00:00:00`, nothing dropped.
pub fn timecode_text(timecode: u64, (num, den): (u32, u32)) -> String {
    // Rounded, as FFmpeg counts where it writes the timecode track.
    let (num, den) = (u64::from(num), u64::from(den));
    let per_second = ((2 * num + den) / (2 * den)).max(1);
    let (seconds, frame) = (timecode / per_second, timecode % per_second);
    let (hours, minutes) = (seconds / 3600 % 24, seconds / 60 % 60);
    format!("{hours:02}:{minutes:02}:{:02}:{frame:02}", seconds % 60)
}

fn check_length(segments: &[PathBuf], film: &Film) -> Result<()> {
    let mut frames = 0;
    for path in segments {
        frames += SegmentReader::open(path)?.frames();
    }
    if frames != film.frames {
        let problem = format!("the segments have {frames} pictures, the film {}", film.frames);
        return Err(MediaError::Parameter(problem));
    }
    Ok(())
}

fn video_stream(output: &mut Output, header: &SegmentHeader, clock: Clock) -> Result<c_int> {
    let (index, stream) = output.stream()?;
    stream.time_base = ffi::AVRational { num: 1, den: clock.video as c_int };
    let (num, den) = (header.rate.0 as c_int, header.rate.1 as c_int);
    stream.avg_frame_rate = ffi::AVRational { num, den };
    stream.r_frame_rate = stream.avg_frame_rate;
    stream.sample_aspect_ratio = ffi::AVRational { num: 1, den: 1 };
    stream.disposition = ffi::AV_DISPOSITION_DEFAULT;
    set_extradata(stream.codecpar, &header.extradata)?;
    crate::io::video_parameters(stream, ffi::AVCodecID::AV_CODEC_ID_H264, header.size, header.delay);
    Ok(index)
}

fn audio_stream(output: &mut Output, sound: &SoundtrackReader, film: &Film) -> Result<c_int> {
    let (index, stream) = output.stream()?;
    stream.time_base = ffi::AVRational { num: 1, den: SAMPLE_RATE as c_int };
    stream.disposition = ffi::AV_DISPOSITION_DEFAULT;
    set_text(&mut stream.metadata, "language", film.language);
    sound.describe(stream, film.audio_bitrate)?;
    Ok(index)
}

/// Title, timecode and chapters.
fn describe(output: &mut Output, film: &Film, rate: (u32, u32), clock: Clock) -> Result<()> {
    output.metadata("title", film.title);
    output.metadata("timecode", &timecode_text(film.timecode, rate));
    let ticks = ffi::AVRational { num: 1, den: clock.video as c_int };
    let at = |picture: u64| (picture * u64::from(clock.frame)) as i64;
    for (index, chapter) in film.chapters.iter().enumerate() {
        let end = film.chapters.get(index + 1).map_or(film.frames, |next| next.from);
        if end <= chapter.from || end > film.frames || (index == 0 && chapter.from != 0) {
            return Err(MediaError::Parameter(format!(
                "chapter `{}` from picture {} to {end} does not fit a film of {}",
                chapter.title, chapter.from, film.frames
            )));
        }
        output.chapter(ticks, at(chapter.from), at(end), &chapter.title)?;
    }
    Ok(())
}

/// The packets of all segments, in order.
struct Pictures<'a> {
    segments: std::slice::Iter<'a, PathBuf>,
    reader: Option<SegmentReader>,
    delay: i64,
    /// Packets given so far, of how many.
    count: i64,
    total: u64,
    progress: Progress<'a>,
    bytes: Vec<u8>,
}

impl<'a> Pictures<'a> {
    fn new(segments: &'a [PathBuf], delay: u32, total: u64, progress: Progress<'a>) -> Self {
        let (segments, delay) = (segments.iter(), i64::from(delay));
        Self { segments, reader: None, delay, count: 0, total, progress, bytes: Vec::new() }
    }

    /// When the next packet is decoded, in pictures.
    fn time(&self) -> i64 {
        self.count - self.delay
    }

    fn next(&mut self, packet: &mut Packet, clock: Clock) -> Result<bool> {
        heed(self.progress, self.count as u64, self.total)?;
        loop {
            if let Some(reader) = &mut self.reader
                && let Some(info) = reader.next(&mut self.bytes)?
            {
                packet.set(&self.bytes)?;
                let ticks = i64::from(clock.frame);
                packet.dts = self.time() * ticks;
                packet.pts = (self.count + i64::from(info.ahead)) * ticks;
                packet.duration = ticks;
                packet.flags = if info.key { ffi::AV_PKT_FLAG_KEY } else { 0 };
                self.count += 1;
                return Ok(true);
            }
            match self.segments.next() {
                Some(path) => self.reader = Some(SegmentReader::open(path)?),
                None => return Ok(false),
            }
        }
    }
}

/// Writes all tracks' packets in order of time.
fn interleave(
    output: &mut Output,
    pictures: &mut Pictures,
    sound: &mut SoundtrackReader,
    mut captions: Option<&mut CaptionTrack>,
    [video, audio]: [c_int; 2],
    subtitles: Option<c_int>,
    clock: Clock,
) -> Result<()> {
    let (mut picture, mut block) = (Packet::new()?, Packet::new()?);
    let mut has_picture = pictures.next(&mut picture, clock)?;
    let mut has_block = sound.next(&mut block)?;
    while has_picture || has_block {
        let picture_at = i128::from(picture.dts) * i128::from(SAMPLE_RATE);
        let block_at = i128::from(block.dts) * i128::from(clock.video);
        let picture_first = has_picture && (!has_block || picture_at <= block_at);
        let at = if picture_first { picture_at } else { block_at };
        if let (Some(track), Some(index)) = (captions.as_deref_mut(), subtitles) {
            // Both times are in 1 / (48000 x video ticks).
            let movie = at * i128::from(clock.movie) / (i128::from(SAMPLE_RATE) * i128::from(clock.video));
            track.write_until(output, index, movie as i64)?;
        }
        if picture_first {
            picture.stream_index = video;
            output.write(&mut picture)?;
            has_picture = pictures.next(&mut picture, clock)?;
        } else {
            block.stream_index = audio;
            output.write(&mut block)?;
            has_block = sound.next(&mut block)?;
        }
    }
    if let (Some(track), Some(index)) = (captions, subtitles) {
        track.write_until(output, index, i64::MAX)?;
    }
    Ok(())
}
