//! FFmpeg's own objects behind owners that free them, and its error codes as words.
//!
//! The only file, with [`crate::io`], that allocates or frees anything of FFmpeg's.
#![expect(unsafe_code, reason = "owners of C objects; each block says why it holds")]

use std::ffi::{CStr, CString, c_char, c_int};
use std::ops::{Deref, DerefMut};
use std::ptr::NonNull;
use std::sync::Once;

use ffmpeg_next::ffi;

use crate::error::Result;
pub(crate) use crate::error::failure;

/// FFmpeg's "give me more input first".
pub(crate) const AGAIN: c_int = ffi::AVERROR(ffi::EAGAIN);

/// Keeps FFmpeg from writing to the terminal: what it has to say comes back as an error code.
pub(crate) fn quiet() {
    static ONCE: Once = Once::new();
    // SAFETY: sets one integer inside the library; callable at any time.
    ONCE.call_once(|| unsafe { ffi::av_log_set_level(ffi::AV_LOG_QUIET) });
}

/// FFmpeg's words for an error code.
pub(crate) fn words(code: c_int) -> String {
    let mut text = [0 as c_char; 256];
    // SAFETY: the buffer is as long as said, and av_strerror ends it with a zero within that length.
    let text = unsafe {
        ffi::av_strerror(code, text.as_mut_ptr(), text.len());
        CStr::from_ptr(text.as_ptr())
    };
    text.to_string_lossy().into_owned()
}

/// A negative code as an error.
pub(crate) fn check(code: c_int, doing: &'static str) -> Result<c_int> {
    if code < 0 { Err(failure(doing, words(code))) } else { Ok(code) }
}

/// Text for FFmpeg; a zero inside ends it there, as it would in C.
pub(crate) fn c_text(text: &str) -> CString {
    let end = text.bytes().position(|byte| byte == 0).unwrap_or(text.len());
    CString::new(&text[..end]).unwrap_or_default()
}

/// Makes an unset channel layout stereo.
pub(crate) fn stereo(layout: &mut ffi::AVChannelLayout) {
    // SAFETY: a live layout without a map of its own.
    unsafe { ffi::av_channel_layout_default(layout, 2) }
}

macro_rules! owner {
    ($(#[$doc:meta])* $name:ident, $inner:ty, $alloc:path, $free:path) => {
        $(#[$doc])*
        pub(crate) struct $name(NonNull<$inner>);

        // SAFETY: the object has one owner and no tie to the thread that made it.
        unsafe impl Send for $name {}

        impl $name {
            /// A new, empty one.
            pub(crate) fn new() -> Result<Self> {
                // SAFETY: allocates; null is checked.
                let object = unsafe { $alloc() };
                NonNull::new(object).map(Self).ok_or_else(|| failure("taking memory", "none left"))
            }

            /// For passing to the library.
            pub(crate) fn as_ptr(&mut self) -> *mut $inner {
                self.0.as_ptr()
            }
        }

        impl Drop for $name {
            fn drop(&mut self) {
                let mut object = self.0.as_ptr();
                // SAFETY: allocated by the matching call and freed once, here.
                unsafe { $free(&mut object) };
            }
        }

        impl Deref for $name {
            type Target = $inner;
            fn deref(&self) -> &$inner {
                // SAFETY: not null, initialised by its allocator, borrowed as `self` is.
                unsafe { self.0.as_ref() }
            }
        }

        impl DerefMut for $name {
            fn deref_mut(&mut self) -> &mut $inner {
                // SAFETY: as above, and `self` is borrowed exclusively.
                unsafe { self.0.as_mut() }
            }
        }
    };
}

owner!(
    /// A picture or a block of sound.
    Frame, ffi::AVFrame, ffi::av_frame_alloc, ffi::av_frame_free
);
owner!(
    /// A piece of a compressed stream.
    Packet, ffi::AVPacket, ffi::av_packet_alloc, ffi::av_packet_free
);

impl Frame {
    /// A picture with memory of its own.
    pub(crate) fn picture(format: ffi::AVPixelFormat, width: u32, height: u32) -> Result<Self> {
        let mut frame = Self::new()?;
        (frame.format, frame.width, frame.height) = (format as c_int, width as c_int, height as c_int);
        // SAFETY: the frame is empty and its format and size are set, as av_frame_get_buffer asks.
        check(unsafe { ffi::av_frame_get_buffer(frame.as_ptr(), 0) }, "taking memory for a picture")?;
        Ok(frame)
    }

    /// A block of stereo sound, a plane of f32 a channel, with memory for `samples`.
    pub(crate) fn stereo(samples: usize) -> Result<Self> {
        let mut frame = Self::new()?;
        frame.format = ffi::AVSampleFormat::AV_SAMPLE_FMT_FLTP as c_int;
        frame.nb_samples = samples as c_int;
        frame.sample_rate = crate::SAMPLE_RATE as c_int;
        stereo(&mut frame.ch_layout);
        // SAFETY: the frame is empty and its format, layout and length are set.
        check(unsafe { ffi::av_frame_get_buffer(frame.as_ptr(), 0) }, "taking memory for sound")?;
        Ok(frame)
    }

    /// Makes sure that nobody else reads the memory about to be written.
    pub(crate) fn writable(&mut self) -> Result<()> {
        // SAFETY: a live frame with buffers of its own.
        check(unsafe { ffi::av_frame_make_writable(self.as_ptr()) }, "taking memory for a picture")?;
        Ok(())
    }

    /// The bytes of row `row` of plane `plane`, `bytes` of them.
    pub(crate) fn row(&self, plane: usize, row: usize, bytes: usize) -> &[u8] {
        let stride = self.linesize[plane] as isize;
        assert!(!self.data[plane].is_null() && bytes <= stride.unsigned_abs(), "a row within its plane");
        // SAFETY: the plane has memory, callers ask for rows below its height, and `bytes` is
        // within the stride; the slice lives as long as the frame is borrowed.
        unsafe { std::slice::from_raw_parts(self.data[plane].offset(stride * row as isize), bytes) }
    }

    /// The same, to write.
    pub(crate) fn row_mut(&mut self, plane: usize, row: usize, bytes: usize) -> &mut [u8] {
        let stride = self.linesize[plane] as isize;
        assert!(!self.data[plane].is_null() && bytes <= stride.unsigned_abs(), "a row within its plane");
        // SAFETY: as in `row`, and the frame is borrowed exclusively.
        unsafe { std::slice::from_raw_parts_mut(self.data[plane].offset(stride * row as isize), bytes) }
    }

    /// The first `count` samples of a channel of a block of planar f32 sound, as bytes.
    pub(crate) fn sound_mut(&mut self, channel: usize, count: usize) -> &mut [u8] {
        let room = self.linesize[0].max(0) as usize;
        assert!(!self.data[channel].is_null() && count * 4 <= room, "samples within the block");
        // SAFETY: every channel's plane has `linesize[0]` bytes; the frame is borrowed exclusively.
        unsafe { std::slice::from_raw_parts_mut(self.data[channel], count * 4) }
    }

    /// The same, to read.
    pub(crate) fn sound(&self, channel: usize, count: usize) -> &[u8] {
        let room = self.linesize[0].max(0) as usize;
        assert!(!self.data[channel].is_null() && count * 4 <= room, "samples within the block");
        // SAFETY: as in `sound_mut`; the frame is borrowed as the slice is.
        unsafe { std::slice::from_raw_parts(self.data[channel], count * 4) }
    }

    /// Forgets the contents, so that the frame can take others.
    pub(crate) fn clear(&mut self) {
        // SAFETY: a live frame.
        unsafe { ffi::av_frame_unref(self.as_ptr()) }
    }
}

impl Packet {
    /// Fills the packet with a copy of `bytes`.
    pub(crate) fn set(&mut self, bytes: &[u8]) -> Result<()> {
        self.clear();
        let size = c_int::try_from(bytes.len()).map_err(|_| failure("copying a packet", "over 2 GiB"))?;
        // SAFETY: the packet is empty; on success its data is `size` writable bytes.
        unsafe {
            check(ffi::av_new_packet(self.as_ptr(), size), "taking memory for a packet")?;
            std::ptr::copy_nonoverlapping(bytes.as_ptr(), self.data, bytes.len());
        }
        Ok(())
    }

    /// Its bytes.
    pub(crate) fn bytes(&self) -> &[u8] {
        if self.data.is_null() || self.size <= 0 {
            return &[];
        }
        // SAFETY: a packet's data is `size` readable bytes, kept while the packet is borrowed.
        unsafe { std::slice::from_raw_parts(self.data, self.size as usize) }
    }

    /// Forgets the contents.
    pub(crate) fn clear(&mut self) {
        // SAFETY: a live packet.
        unsafe { ffi::av_packet_unref(self.as_ptr()) }
    }
}

/// Options by name, as FFmpeg takes them when it opens something.
pub(crate) struct Options(*mut ffi::AVDictionary);

impl Options {
    /// These options.
    pub(crate) fn new(pairs: &[(&str, &str)]) -> Self {
        let mut options = Self(std::ptr::null_mut());
        for (name, value) in pairs {
            options.set(name, value);
        }
        options
    }

    /// One more.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        let (name, value) = (c_text(name), c_text(value));
        // SAFETY: both texts end in zero and are copied by the call.
        unsafe { ffi::av_dict_set(&mut self.0, name.as_ptr(), value.as_ptr(), 0) };
    }

    /// For passing to the library, which takes out what it understood.
    pub(crate) fn as_mut(&mut self) -> *mut *mut ffi::AVDictionary {
        &mut self.0
    }

    /// Hands the dictionary over.
    pub(crate) fn into_raw(mut self) -> *mut ffi::AVDictionary {
        std::mem::replace(&mut self.0, std::ptr::null_mut())
    }

    /// The name of an option that was not understood.
    pub(crate) fn left_over(&self) -> Option<String> {
        // SAFETY: the dictionary is ours (or null, which is an empty one); the entry's key is a
        // text that ends in zero and lives as long as the dictionary.
        unsafe {
            let entry = ffi::av_dict_get(self.0, c"".as_ptr(), std::ptr::null(), ffi::AV_DICT_IGNORE_SUFFIX);
            entry.as_ref().map(|entry| CStr::from_ptr(entry.key).to_string_lossy().into_owned())
        }
    }
}

impl Drop for Options {
    fn drop(&mut self) {
        // SAFETY: ours, freed once.
        unsafe { ffi::av_dict_free(&mut self.0) }
    }
}

/// An encoder or a decoder.
pub(crate) struct Coder {
    context: NonNull<ffi::AVCodecContext>,
    doing: &'static str,
}

// SAFETY: one owner, no tie to a thread.
unsafe impl Send for Coder {}

impl Coder {
    /// An encoder by its library's name, to be set up and then opened.
    pub(crate) fn encoder(name: &str, doing: &'static str) -> Result<Self> {
        quiet();
        let text = c_text(name);
        // SAFETY: the name ends in zero; the answer is static or null.
        let codec = unsafe { ffi::avcodec_find_encoder_by_name(text.as_ptr()) };
        if codec.is_null() {
            return Err(failure(doing, format!("this FFmpeg has no {name}")));
        }
        Self::of(codec, doing)
    }

    /// A decoder, to be set up and then opened.
    pub(crate) fn decoder(id: ffi::AVCodecID, doing: &'static str) -> Result<Self> {
        quiet();
        // SAFETY: any id may be asked for; the answer is static or null.
        let codec = unsafe { ffi::avcodec_find_decoder(id) };
        if codec.is_null() {
            return Err(failure(doing, "this FFmpeg cannot decode it"));
        }
        Self::of(codec, doing)
    }

    fn of(codec: *const ffi::AVCodec, doing: &'static str) -> Result<Self> {
        // SAFETY: `codec` is a static of the library; null is checked.
        let context = unsafe { ffi::avcodec_alloc_context3(codec) };
        NonNull::new(context)
            .map(|context| Self { context, doing })
            .ok_or_else(|| failure(doing, "no memory left"))
    }

    /// Opens it with these options, all of which must be understood.
    pub(crate) fn open(&mut self, options: &mut Options) -> Result<()> {
        // SAFETY: allocated for a codec and not yet open; the dictionary is ours.
        let code = unsafe { ffi::avcodec_open2(self.context.as_ptr(), std::ptr::null(), options.as_mut()) };
        check(code, self.doing)?;
        match options.left_over() {
            Some(name) => Err(failure(self.doing, format!("no option `{name}`"))),
            None => Ok(()),
        }
    }

    /// For passing to the library.
    pub(crate) fn as_ptr(&mut self) -> *mut ffi::AVCodecContext {
        self.context.as_ptr()
    }

    /// The header that describes the stream.
    pub(crate) fn extradata(&self) -> &[u8] {
        if self.extradata.is_null() || self.extradata_size <= 0 {
            return &[];
        }
        // SAFETY: the library keeps `extradata_size` bytes there while the context lives.
        unsafe { std::slice::from_raw_parts(self.extradata, self.extradata_size as usize) }
    }

    /// Gives an encoder a frame, or the end.
    pub(crate) fn send_frame(&mut self, frame: Option<&mut Frame>) -> Result<()> {
        let frame = frame.map_or(std::ptr::null_mut(), Frame::as_ptr);
        // SAFETY: an open encoder; the frame is live or null, which means the end.
        check(unsafe { ffi::avcodec_send_frame(self.context.as_ptr(), frame) }, self.doing)?;
        Ok(())
    }

    /// Takes a packet from an encoder; `false` when it wants more frames or has ended.
    pub(crate) fn receive_packet(&mut self, packet: &mut Packet) -> Result<bool> {
        // SAFETY: an open encoder and a live packet.
        match unsafe { ffi::avcodec_receive_packet(self.context.as_ptr(), packet.as_ptr()) } {
            AGAIN | ffi::AVERROR_EOF => Ok(false),
            code => check(code, self.doing).map(|_| true),
        }
    }

    /// Gives a decoder a packet, or the end. Damage in it shows as an error.
    pub(crate) fn send_packet(&mut self, packet: Option<&mut Packet>) -> Result<()> {
        let packet = packet.map_or(std::ptr::null_mut(), Packet::as_ptr);
        // SAFETY: an open decoder; the packet is live or null, which means the end.
        match unsafe { ffi::avcodec_send_packet(self.context.as_ptr(), packet) } {
            ffi::AVERROR_EOF => Ok(()),
            code => check(code, self.doing).map(|_| ()),
        }
    }

    /// Takes a frame from a decoder; `None` when it wants more, `Some(false)` when it has ended.
    pub(crate) fn receive_frame(&mut self, frame: &mut Frame) -> Result<Option<bool>> {
        // SAFETY: an open decoder and a live frame.
        match unsafe { ffi::avcodec_receive_frame(self.context.as_ptr(), frame.as_ptr()) } {
            AGAIN => Ok(None),
            ffi::AVERROR_EOF => Ok(Some(false)),
            code => check(code, self.doing).map(|_| Some(true)),
        }
    }

    /// Forgets everything given so far: for after a seek.
    pub(crate) fn flush(&mut self) {
        // SAFETY: an open decoder.
        unsafe { ffi::avcodec_flush_buffers(self.context.as_ptr()) }
    }
}

impl Deref for Coder {
    type Target = ffi::AVCodecContext;
    fn deref(&self) -> &ffi::AVCodecContext {
        // SAFETY: not null, initialised by its allocator, borrowed as `self` is.
        unsafe { self.context.as_ref() }
    }
}

impl DerefMut for Coder {
    fn deref_mut(&mut self) -> &mut ffi::AVCodecContext {
        // SAFETY: as above, exclusively.
        unsafe { self.context.as_mut() }
    }
}

impl Drop for Coder {
    fn drop(&mut self) {
        let mut context = self.context.as_ptr();
        // SAFETY: ours, freed once.
        unsafe { ffi::avcodec_free_context(&mut context) }
    }
}
