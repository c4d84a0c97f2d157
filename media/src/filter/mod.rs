//! FFmpeg's filters for clips and for sound, from a line of words as FFmpeg has them: `eq=contrast=1.2,unsharp=5:5:0.8`.
//!
//! What always holds: the words are read by our own parser; only filters and options of an allow-list pass, with values of
//! their forms; FFmpeg is handed option by option what was parsed, never the words themselves, so there is nothing to
//! escape from. No filter that reads or writes a file, opens a device, loads a plugin, prints, sends, takes commands, asks the clock, or
//! makes pictures from nothing is among them. One thread; conversions between formats are bit-exact and BT.709.

mod allowed;
mod chain;
mod formula;
mod parse;
mod refused;
mod sound;
mod sounds;
#[cfg(test)]
mod tests;

pub use sound::SoundFiltering;

use ffmpeg_next::ffi::{self, AVPixelFormat};

use crate::av::Frame;
use crate::error::{MediaError, Result};
use crate::picture::Picture;
use allowed::PICTURES;
use chain::Chain;
use parse::{Filter, parse};

/// The longest side of pictures in and out.
pub const MAX_SIDE: u32 = 8192;

const DOING: &str = "filtering pictures";

/// A chain of picture filters at work: pictures go in by [`Self::send`] and come out by [`Self::receive`], as many as
/// went in, some of them only after [`Self::finish`].
pub struct Filtering {
    chain: Chain,
    filters: Vec<Filter>,
    /// Of the pictures that go in, and of those that come out.
    in_size: (u32, u32),
    size: (u32, u32),
    sent: i64,
    received: i64,
    frame: Frame,
}

/// Reads a line of picture filters without making them: what a storyboard is checked by. Gives the line as it is
/// understood, written out in full.
///
/// # Errors
/// [`MediaError::Parameter`]: the first mistake, with the filter, the option and the nearest that is allowed.
pub fn check_pictures(line: &str) -> Result<String> {
    Ok(parse::written(&parse(line, PICTURES)?))
}

/// The same for a line of sound filters.
///
/// # Errors
/// As [`check_pictures`].
pub fn check_sound(line: &str) -> Result<String> {
    Ok(parse::written(&parse(line, sounds::SOUNDS)?))
}

impl Filtering {
    /// The filters of a line, for pictures of that size and rate (a fraction).
    ///
    /// # Errors
    /// [`MediaError::Parameter`] for a line that is not understood or not allowed, sizes beyond [`MAX_SIDE`] or a
    /// rate of 0; [`MediaError::Library`] where FFmpeg refuses values that only it can judge.
    pub fn new(line: &str, in_size: (u32, u32), rate: (u32, u32)) -> Result<Self> {
        let filters = parse(line, PICTURES)?;
        check_size(in_size, "go in")?;
        let whole = |n: u32| i32::try_from(n).ok().filter(|n| *n > 0);
        let (Some(num), Some(den)) = (whole(rate.0), whole(rate.1)) else {
            return Err(MediaError::Parameter(format!(
                "pictures come at a rate above 0, not {}/{}",
                rate.0, rate.1
            )));
        };
        let chain = Chain::pictures(&filters, in_size, (num, den))?;
        let (size, out_rate) = chain.shape();
        check_size(size, "come out")?;
        if i64::from(out_rate.0) * i64::from(den) != i64::from(out_rate.1) * i64::from(num) {
            let problem = "filters may not change how many pictures come a second";
            return Err(MediaError::Parameter(problem.to_owned()));
        }
        Ok(Self { chain, filters, in_size, size, sent: 0, received: 0, frame: Frame::new()? })
    }

    /// The size of the pictures that come out.
    pub fn size(&self) -> (u32, u32) {
        self.size
    }

    /// Whether a picture that comes out depends on others than the one that went in, or on its number: then a clip
    /// must always be filtered from its start.
    pub fn looks_around(&self) -> bool {
        self.filters.iter().any(Filter::looks_around)
    }

    /// Gives the next picture.
    ///
    /// # Errors
    /// It has another size; FFmpeg fails.
    pub fn send(&mut self, picture: &Picture) -> Result<()> {
        if (picture.width, picture.height) != self.in_size {
            let ((w, h), (a, b)) = (self.in_size, (picture.width, picture.height));
            return Err(MediaError::Parameter(format!(
                "these filters were made for pictures of {w}x{h}, not {a}x{b}"
            )));
        }
        let mut frame =
            Frame::picture(AVPixelFormat::AV_PIX_FMT_YUV420P16LE, self.in_size.0, self.in_size.1)?;
        frame.color_range = ffi::AVColorRange::AVCOL_RANGE_MPEG;
        frame.colorspace = ffi::AVColorSpace::AVCOL_SPC_BT709;
        frame.color_primaries = ffi::AVColorPrimaries::AVCOL_PRI_BT709;
        frame.color_trc = ffi::AVColorTransferCharacteristic::AVCOL_TRC_BT709;
        frame.chroma_location = ffi::AVChromaLocation::AVCHROMA_LOC_LEFT;
        frame.sample_aspect_ratio = ffi::AVRational { num: 1, den: 1 };
        frame.pts = self.sent;
        for (number, (plane, across)) in picture.planes().into_iter().enumerate() {
            for (row, samples) in plane.chunks_exact(across).enumerate() {
                let bytes = frame.row_mut(number, row, across * 2);
                for (bytes, sample) in bytes.chunks_exact_mut(2).zip(samples) {
                    bytes.copy_from_slice(&sample.to_le_bytes());
                }
            }
        }
        self.chain.send(Some(&mut frame), DOING)?;
        self.sent += 1;
        Ok(())
    }

    /// No more pictures go in: what is still on the way comes out.
    ///
    /// # Errors
    /// FFmpeg fails.
    pub fn finish(&mut self) -> Result<()> {
        self.chain.send(None, DOING)
    }

    /// Makes `out` the next picture that is done; `false` when there is none yet, or no more.
    ///
    /// # Errors
    /// FFmpeg fails; more pictures come out than went in.
    pub fn receive(&mut self, out: &mut Picture) -> Result<bool> {
        if !self.chain.receive(&mut self.frame, DOING)? {
            return Ok(false);
        }
        self.received += 1;
        let size = (self.frame.width, self.frame.height);
        let kept = (self.size.0 as i32, self.size.1 as i32);
        if self.received > self.sent || size != kept {
            let problem = "these filters change the number or the size of pictures on the way";
            return Err(MediaError::Parameter(problem.to_owned()));
        }
        out.reshape(self.size.0, self.size.1);
        for (number, (plane, across)) in out.planes_mut().into_iter().enumerate() {
            for (row, samples) in plane.chunks_exact_mut(across).enumerate() {
                let bytes = self.frame.row(number, row, across * 2);
                for (bytes, sample) in bytes.as_chunks::<2>().0.iter().zip(samples) {
                    *sample = u16::from_le_bytes(*bytes);
                }
            }
        }
        Ok(true)
    }
}

fn check_size((width, height): (u32, u32), way: &str) -> Result<()> {
    if (1..=MAX_SIDE).contains(&width) && (1..=MAX_SIDE).contains(&height) {
        return Ok(());
    }
    Err(MediaError::Parameter(format!(
        "pictures that {way} are from 1x1 to {MAX_SIDE}x{MAX_SIDE} pixels, not {width}x{height}"
    )))
}
