//! Pictures of one size brought to another: Lanczos, in 16 bits.
#![expect(unsafe_code, reason = "swscale's C objects; each block says why it holds")]

use std::ffi::c_int;
use std::ptr::NonNull;

use ffmpeg_next::ffi::{self, AVPixelFormat};

use crate::av::{Frame, failure, quiet};
use crate::error::{MediaError, Result};
use crate::picture::{BLACK, NEUTRAL, Picture};

/// FFmpeg's name of a [`Picture`]'s layout.
pub(crate) const PICTURE: AVPixelFormat = AVPixelFormat::AV_PIX_FMT_YUV420P16LE;

/// How a picture of another shape meets the frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// Fill and cut.
    Crop,
    /// Show all, with black bars.
    Pad,
    /// Squeeze.
    Stretch,
}

/// Brings pictures of one size to another, again and again.
pub struct Conformer {
    scaler: Option<Sws>,
    from: (u32, u32),
    to: (u32, u32),
    /// Part of the source that is used, and of the target that is filled: x, y, width, height.
    used: [u32; 4],
    filled: [u32; 4],
    input: Frame,
    output: Frame,
}

impl Conformer {
    /// From pictures of size `from` to pictures of size `to`.
    ///
    /// # Errors
    /// A size is zero, or beyond what a picture may be.
    pub fn new(from: (u32, u32), to: (u32, u32), fit: Fit) -> Result<Self> {
        let sane = |(w, h): (u32, u32)| (1..=16_384).contains(&w) && (1..=16_384).contains(&h);
        if !sane(from) || !sane(to) {
            let words = format!("{}x{} to {}x{}", from.0, from.1, to.0, to.1);
            return Err(MediaError::Parameter(format!("pictures cannot be scaled from {words}")));
        }
        let whole = |(w, h): (u32, u32)| [0, 0, w, h];
        let (used, filled) = match fit {
            Fit::Stretch => (whole(from), whole(to)),
            Fit::Crop => (within(from, to), whole(to)),
            Fit::Pad => (whole(from), within(to, from)),
        };
        let (inner, outer) = ((used[2], used[3]), (filled[2], filled[3]));
        let scaler =
            if inner == outer { None } else { Some(Sws::new(PICTURE, inner, PICTURE, outer, false)?) };
        let input = Frame::picture(PICTURE, inner.0, inner.1)?;
        let output = Frame::picture(PICTURE, outer.0, outer.1)?;
        Ok(Self { scaler, from, to, used, filled, input, output })
    }

    /// Makes `to` the conformed `from`.
    ///
    /// # Errors
    /// `from` has another size than said at first.
    pub fn conform(&mut self, from: &Picture, to: &mut Picture) -> Result<()> {
        if (from.width, from.height) != self.from {
            return Err(MediaError::Parameter(format!(
                "a picture of {}x{} where {}x{} was said",
                from.width, from.height, self.from.0, self.from.1
            )));
        }
        to.reshape(self.to.0, self.to.1);
        if self.filled != [0, 0, self.to.0, self.to.1] {
            to.fill(BLACK, NEUTRAL, NEUTRAL);
        }
        write_frame(from, self.used, &mut self.input)?;
        match &mut self.scaler {
            Some(scaler) => {
                scaler.run(&self.input, &mut self.output)?;
                read_frame(&self.output, to, self.filled);
            }
            None => read_frame(&self.input, to, self.filled),
        }
        Ok(())
    }
}

/// The largest part of `outer` of the shape of `shape`, in its middle, on even pixels.
fn within(outer: (u32, u32), shape: (u32, u32)) -> [u32; 4] {
    let (ow, oh, sw, sh) = (u64::from(outer.0), u64::from(outer.1), u64::from(shape.0), u64::from(shape.1));
    let even = |value: u64, limit: u64| (value.div_ceil(2) * 2).max(2).min(limit);
    let (width, height) = if ow * sh > oh * sw {
        (even((2 * oh * sw + sh) / (2 * sh), ow), oh)
    } else {
        (ow, even((2 * ow * sh + sw) / (2 * sw), oh))
    };
    [((ow - width) / 4 * 2) as u32, ((oh - height) / 4 * 2) as u32, width as u32, height as u32]
}

/// A plane's share of a rectangle given in luma pixels.
fn on_plane([x, y, width, height]: [u32; 4], plane: usize) -> [usize; 4] {
    if plane == 0 {
        [x as usize, y as usize, width as usize, height as usize]
    } else {
        [x as usize / 2, y as usize / 2, width.div_ceil(2) as usize, height.div_ceil(2) as usize]
    }
}

/// Copies a part of a picture into a frame of that part's size.
pub(crate) fn write_frame(from: &Picture, part: [u32; 4], frame: &mut Frame) -> Result<()> {
    frame.writable()?;
    for (plane, (samples, across)) in from.planes().into_iter().enumerate() {
        let [x, y, width, height] = on_plane(part, plane);
        for row in 0..height {
            let start = (y + row) * across + x;
            let to = frame.row_mut(plane, row, width * 2);
            for (to, from) in to.chunks_exact_mut(2).zip(&samples[start..start + width]) {
                to.copy_from_slice(&from.to_le_bytes());
            }
        }
    }
    Ok(())
}

/// Copies a frame into a part of a picture of that size.
pub(crate) fn read_frame(frame: &Frame, to: &mut Picture, part: [u32; 4]) {
    for (plane, (samples, across)) in to.planes_mut().into_iter().enumerate() {
        let [x, y, width, height] = on_plane(part, plane);
        for row in 0..height {
            let start = (y + row) * across + x;
            let from = frame.row(plane, row, width * 2);
            for (to, from) in samples[start..start + width].iter_mut().zip(from.chunks_exact(2)) {
                *to = u16::from_le_bytes([from[0], from[1]]);
            }
        }
    }
}

/// swscale from one format and size to another, BT.709 on both sides, ranges untouched.
pub(crate) struct Sws {
    context: NonNull<ffi::SwsContext>,
    height: c_int,
}

// SAFETY: one owner, no tie to a thread.
unsafe impl Send for Sws {}

impl Sws {
    /// A scaler; `centred` where the source's chroma samples sit amid their pixels.
    pub(crate) fn new(
        from: AVPixelFormat,
        from_size: (u32, u32),
        to: AVPixelFormat,
        to_size: (u32, u32),
        centred: bool,
    ) -> Result<Self> {
        quiet();
        let doing = "scaling a picture";
        // SAFETY: sizes are bounded by the callers; unsupported formats give null, which is
        // checked. The options are set by name on an object that has them.
        unsafe {
            let context = NonNull::new(ffi::sws_alloc_context());
            let context = context.ok_or_else(|| failure(doing, "no memory left"))?;
            let sws = Self { context, height: from_size.1 as c_int };
            let set = |name: &std::ffi::CStr, value: i64| {
                ffi::av_opt_set_int(context.as_ptr().cast(), name.as_ptr(), value, 0)
            };
            let flags = ffi::SWS_LANCZOS
                | ffi::SWS_ACCURATE_RND
                | ffi::SWS_BITEXACT
                | ffi::SWS_FULL_CHR_H_INT
                | ffi::SWS_FULL_CHR_H_INP;
            for (name, value) in [
                (c"srcw", i64::from(from_size.0)),
                (c"srch", i64::from(from_size.1)),
                (c"src_format", from as i64),
                (c"dstw", i64::from(to_size.0)),
                (c"dsth", i64::from(to_size.1)),
                (c"dst_format", to as i64),
                (c"sws_flags", i64::from(flags)),
                (c"src_h_chr_pos", if centred { 128 } else { -513 }),
            ] {
                crate::av::check(set(name, value), doing)?;
            }
            let table = ffi::sws_getCoefficients(ffi::SWS_CS_ITU709 as c_int);
            let one = 1 << 16;
            let code = ffi::sws_init_context(context.as_ptr(), std::ptr::null_mut(), std::ptr::null_mut());
            crate::av::check(code, doing)?;
            ffi::sws_setColorspaceDetails(context.as_ptr(), table, 0, table, 0, 0, one, one);
            Ok(sws)
        }
    }

    /// Scales one frame of the source's format and size.
    pub(crate) fn run(&mut self, from: &Frame, to: &mut Frame) -> Result<()> {
        to.writable()?;
        // SAFETY: both frames have buffers of the formats and sizes that the context was made for.
        let rows = unsafe {
            ffi::sws_scale(
                self.context.as_ptr(),
                from.data.as_ptr().cast(),
                from.linesize.as_ptr(),
                0,
                self.height,
                to.data.as_ptr(),
                to.linesize.as_ptr(),
            )
        };
        if rows <= 0 { Err(failure("scaling a picture", "no rows came out")) } else { Ok(()) }
    }
}

impl Drop for Sws {
    fn drop(&mut self) {
        // SAFETY: ours, freed once.
        unsafe { ffi::sws_freeContext(self.context.as_ptr()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_meet_in_the_middle() {
        assert_eq!(within((1920, 1080), (4, 3)), [240, 0, 1440, 1080]);
        assert_eq!(within((1080, 1920), (1920, 1080)), [0, 656, 1080, 608]);
        assert_eq!(within((1920, 1080), (16, 9)), [0, 0, 1920, 1080]);
    }

    #[test]
    fn a_flat_picture_stays_flat() {
        let mut from = Picture::new(101, 57);
        from.fill(30_001, 20_002, 40_003);
        let mut to = Picture::default();
        for fit in [Fit::Crop, Fit::Stretch] {
            Conformer::new((101, 57), (64, 64), fit).unwrap().conform(&from, &mut to).unwrap();
            let (y, cb, cr) = (to.y[64 * 32 + 32], to.cb[32 * 16 + 16], to.cr[32 * 16 + 16]);
            assert!(to.y.iter().all(|s| s.abs_diff(30_001) <= 8), "{fit:?}: {y}");
            assert!(cb.abs_diff(20_002) <= 8 && cr.abs_diff(40_003) <= 8, "{fit:?}: {cb} {cr}");
        }
        Conformer::new((101, 57), (64, 64), Fit::Pad).unwrap().conform(&from, &mut to).unwrap();
        assert_eq!((to.y[0], to.y[64 * 63]), (BLACK, BLACK));
        assert!(to.y[64 * 32 + 32].abs_diff(30_001) <= 8);
    }

    #[test]
    fn the_same_size_passes_bit_for_bit() {
        let mut from = Picture::new(33, 21);
        from.y.iter_mut().enumerate().for_each(|(at, sample)| *sample = (at * 77 % 60_000) as u16);
        from.cb.iter_mut().enumerate().for_each(|(at, sample)| *sample = (at * 991 % 60_000) as u16);
        let mut to = Picture::default();
        Conformer::new((33, 21), (33, 21), Fit::Crop).unwrap().conform(&from, &mut to).unwrap();
        assert_eq!(from, to);
    }
}
