//! Files for FFmpeg through callbacks of our own: it never opens anything by name.
#![expect(unsafe_code, reason = "C callbacks; each block says why it holds")]

use std::ffi::{CString, c_char, c_int, c_void};
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::ptr::NonNull;

use ffmpeg_next::ffi;

use crate::av::{Coder, Options, Packet, check, failure, quiet};
use crate::error::{MediaError, Result};

/// Bytes that FFmpeg asks for at once.
const BLOCK: usize = 1 << 16;
/// FFmpeg's "how long is it", as a way of seeking.
const SEEK_SIZE: c_int = 0x1_0000;
const SEEK_FORCE: c_int = 0x2_0000;

/// An I/O context over `file`. The file belongs to the context until [`close`].
pub(crate) fn open(file: File, writing: bool) -> Result<*mut ffi::AVIOContext> {
    quiet();
    let file = Box::into_raw(Box::new(file));
    // SAFETY: from Rust's side `write` differs between FFmpeg's versions only in whether it is
    // promised not to write to its buffer; the calling convention is one.
    let write = unsafe {
        std::mem::transmute::<
            unsafe extern "C" fn(*mut c_void, *const u8, c_int) -> c_int,
            unsafe extern "C" fn(*mut c_void, *mut u8, c_int) -> c_int,
        >(write)
    };
    // SAFETY: the buffer comes from FFmpeg's own allocator, as the call asks; `file` stays valid
    // until `close`. Null results are handled, and then nothing is left behind.
    unsafe {
        let buffer = ffi::av_malloc(BLOCK).cast::<u8>();
        let context = if buffer.is_null() {
            std::ptr::null_mut()
        } else {
            let writes = c_int::from(writing);
            ffi::avio_alloc_context(
                buffer,
                BLOCK as c_int,
                writes,
                file.cast(),
                Some(read),
                Some(write),
                Some(seek),
            )
        };
        if context.is_null() {
            ffi::av_free(buffer.cast());
            drop(Box::from_raw(file));
            return Err(failure("opening a file", "no memory left"));
        }
        Ok(context)
    }
}

/// Frees what [`open`] made; `Err` where the last bytes could not be written.
pub(crate) fn close(mut context: *mut ffi::AVIOContext) -> c_int {
    if context.is_null() {
        return 0;
    }
    // SAFETY: made by `open`, closed once; its buffer may have been replaced by FFmpeg, so the
    // current one is freed.
    unsafe {
        ffi::avio_flush(context);
        let code = (*context).error;
        drop(Box::from_raw((*context).opaque.cast::<File>()));
        ffi::av_free((*context).buffer.cast());
        ffi::avio_context_free(&mut context);
        code
    }
}

unsafe extern "C" fn read(opaque: *mut c_void, to: *mut u8, size: c_int) -> c_int {
    // SAFETY: FFmpeg passes back our file and a buffer of `size` bytes, from one thread at a time.
    let (file, to) =
        unsafe { (&mut *opaque.cast::<File>(), std::slice::from_raw_parts_mut(to, size.max(0) as usize)) };
    loop {
        return match file.read(to) {
            Ok(0) => ffi::AVERROR_EOF,
            Ok(count) => count as c_int,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => system(&error),
        };
    }
}

unsafe extern "C" fn write(opaque: *mut c_void, from: *const u8, size: c_int) -> c_int {
    // SAFETY: as in `read`.
    let (file, from) =
        unsafe { (&mut *opaque.cast::<File>(), std::slice::from_raw_parts(from, size.max(0) as usize)) };
    match file.write_all(from) {
        Ok(()) => size,
        Err(error) => system(&error),
    }
}

unsafe extern "C" fn seek(opaque: *mut c_void, offset: i64, whence: c_int) -> i64 {
    // SAFETY: as in `read`.
    let file = unsafe { &mut *opaque.cast::<File>() };
    let to = match whence & !SEEK_FORCE {
        0 => u64::try_from(offset).ok().map(SeekFrom::Start),
        1 => Some(SeekFrom::Current(offset)),
        2 => Some(SeekFrom::End(offset)),
        SEEK_SIZE => return file.metadata().map_or(-1, |facts| facts.len() as i64),
        _ => None,
    };
    match to.map(|to| file.seek(to)) {
        Some(Ok(at)) => at as i64,
        Some(Err(error)) => i64::from(system(&error)),
        None => i64::from(ffi::AVERROR(ffi::EINVAL)),
    }
}

fn system(error: &std::io::Error) -> c_int {
    ffi::AVERROR(error.raw_os_error().unwrap_or(ffi::EIO))
}

/// A container file being written, through our own I/O.
pub(crate) struct Output {
    context: NonNull<ffi::AVFormatContext>,
    path: PathBuf,
    // What `reopen` finds; boxed so that it stays in place.
    _name: Box<PathBuf>,
}

impl Output {
    /// Creates `path`, replacing what was there, as a file of format `muxer`.
    pub(crate) fn create(path: &Path, muxer: &str) -> Result<Self> {
        quiet();
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(true).open(path);
        let file = file.map_err(|source| MediaError::io("write", path, source))?;
        let muxer = crate::av::c_text(muxer);
        let mut raw = std::ptr::null_mut();
        // SAFETY: the names end in zero; on success `raw` is ours, and checked.
        let code = unsafe {
            ffi::avformat_alloc_output_context2(&mut raw, std::ptr::null(), muxer.as_ptr(), std::ptr::null())
        };
        check(code, "beginning a film file")?;
        let context = NonNull::new(raw).ok_or_else(|| failure("beginning a film file", "no memory left"))?;
        let mut name = Box::new(path.to_path_buf());
        let opaque: *mut PathBuf = &mut *name;
        let mut output = Self { context, path: path.to_path_buf(), _name: name };
        let pb = open(file, true)?;
        let inner = output.inner();
        inner.pb = pb;
        inner.opaque = opaque.cast();
        inner.io_open = Some(reopen);
        inner.io_close2 = Some(reclose);
        inner.flags |= ffi::AVFMT_FLAG_CUSTOM_IO | ffi::AVFMT_FLAG_BITEXACT;
        Ok(output)
    }

    /// The library's object, to set fields of.
    pub(crate) fn inner(&mut self) -> &mut ffi::AVFormatContext {
        // SAFETY: not null, ours alone.
        unsafe { self.context.as_mut() }
    }

    /// Adds a stream and gives its number and its object.
    pub(crate) fn stream(&mut self) -> Result<(c_int, &mut ffi::AVStream)> {
        // SAFETY: a live context before its header; null is checked. The stream lives as long as
        // the context, which is borrowed.
        let stream = unsafe { ffi::avformat_new_stream(self.context.as_ptr(), std::ptr::null()).as_mut() };
        let stream = stream.ok_or_else(|| failure("beginning a film file", "no memory left"))?;
        Ok((stream.index, stream))
    }

    /// Stream `index`'s clock.
    pub(crate) fn time_base(&mut self, index: c_int) -> ffi::AVRational {
        // SAFETY: `index` came from `stream`.
        unsafe { (**self.inner().streams.offset(index as isize)).time_base }
    }

    /// Sets a text that the file carries.
    pub(crate) fn metadata(&mut self, name: &str, value: &str) {
        set_text(&mut self.inner().metadata, name, value);
    }

    /// Adds a chapter of `from..to` ticks of `clock`.
    pub(crate) fn chapter(&mut self, clock: ffi::AVRational, from: i64, to: i64, title: &str) -> Result<()> {
        let inner = self.inner();
        let count = inner.nb_chapters as usize;
        // SAFETY: the list and the chapter come from FFmpeg's allocator, which frees them with the
        // context; the list is grown before it is written to.
        unsafe {
            let size = size_of::<*mut ffi::AVChapter>();
            let list =
                ffi::av_realloc_array(inner.chapters.cast(), count + 1, size).cast::<*mut ffi::AVChapter>();
            if list.is_null() {
                return Err(failure("writing chapters", "no memory left"));
            }
            inner.chapters = list;
            let chapter = ffi::av_mallocz(size_of::<ffi::AVChapter>()).cast::<ffi::AVChapter>();
            let filled = chapter.as_mut().ok_or_else(|| failure("writing chapters", "no memory left"))?;
            (filled.id, filled.time_base, filled.start, filled.end) = (count as _, clock, from, to);
            set_text(&mut filled.metadata, "title", title);
            *list.add(count) = chapter;
            inner.nb_chapters += 1;
        }
        Ok(())
    }

    /// Writes the header. All options must be understood.
    pub(crate) fn header(&mut self, options: &mut Options) -> Result<()> {
        // SAFETY: streams are set up; the dictionary is ours.
        let code = unsafe { ffi::avformat_write_header(self.context.as_ptr(), options.as_mut()) };
        check(code, "writing a film's header")?;
        match options.left_over() {
            Some(name) => Err(failure("writing a film's header", format!("no option `{name}`"))),
            None => Ok(()),
        }
    }

    /// Writes a packet whose stream, times and flags are set.
    pub(crate) fn write(&mut self, packet: &mut Packet) -> Result<()> {
        // SAFETY: the header is written; the packet is live.
        check(unsafe { ffi::av_write_frame(self.context.as_ptr(), packet.as_ptr()) }, "writing a film")?;
        Ok(())
    }

    /// Writes what comes last and closes the file.
    pub(crate) fn finish(mut self) -> Result<()> {
        // SAFETY: the header is written.
        check(unsafe { ffi::av_write_trailer(self.context.as_ptr()) }, "ending a film")?;
        let pb = std::mem::replace(&mut self.inner().pb, std::ptr::null_mut());
        match close(pb) {
            0 => Ok(()),
            code => Err(MediaError::io("write", &self.path, std::io::Error::from_raw_os_error(-code))),
        }
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        let pb = std::mem::replace(&mut self.inner().pb, std::ptr::null_mut());
        close(pb);
        // SAFETY: ours, freed once, its I/O already closed.
        unsafe { ffi::avformat_free_context(self.context.as_ptr()) }
    }
}

/// Sets an entry of a dictionary of FFmpeg's.
pub(crate) fn set_text(to: &mut *mut ffi::AVDictionary, name: &str, value: &str) {
    let (name, value): (CString, CString) = (crate::av::c_text(name), crate::av::c_text(value));
    // SAFETY: a dictionary of FFmpeg's or null; the texts end in zero and are copied.
    unsafe { ffi::av_dict_set(to, name.as_ptr(), value.as_ptr(), 0) };
}

/// Gives stream parameters a copy of `bytes` as their codec header.
pub(crate) fn set_extradata(par: *mut ffi::AVCodecParameters, bytes: &[u8]) -> Result<()> {
    const PADDING: usize = ffi::AV_INPUT_BUFFER_PADDING_SIZE as usize;
    // SAFETY: live parameters; the memory comes from FFmpeg's allocator with the padding it asks
    // for, zeroed, and is freed with the parameters.
    unsafe {
        let memory = ffi::av_mallocz(bytes.len() + PADDING).cast::<u8>();
        if memory.is_null() {
            return Err(failure("writing a film's header", "no memory left"));
        }
        std::ptr::copy_nonoverlapping(bytes.as_ptr(), memory, bytes.len());
        (*par).extradata = memory;
        (*par).extradata_size = bytes.len() as c_int;
    }
    Ok(())
}

/// Says that a stream is progressive BT.709 video.
pub(crate) fn video_parameters(
    stream: &mut ffi::AVStream,
    codec: ffi::AVCodecID,
    (width, height): (u32, u32),
    delay: u32,
) {
    // SAFETY: a stream has parameters as long as it lives.
    let par = unsafe { &mut *stream.codecpar };
    par.codec_type = ffi::AVMediaType::AVMEDIA_TYPE_VIDEO;
    par.codec_id = codec;
    (par.width, par.height) = (width as c_int, height as c_int);
    par.format = ffi::AVPixelFormat::AV_PIX_FMT_YUV420P as c_int;
    par.video_delay = delay as c_int;
    par.sample_aspect_ratio = ffi::AVRational { num: 1, den: 1 };
    par.field_order = ffi::AVFieldOrder::AV_FIELD_PROGRESSIVE;
    par.color_range = ffi::AVColorRange::AVCOL_RANGE_MPEG;
    par.color_primaries = ffi::AVColorPrimaries::AVCOL_PRI_BT709;
    par.color_trc = ffi::AVColorTransferCharacteristic::AVCOL_TRC_BT709;
    par.color_space = ffi::AVColorSpace::AVCOL_SPC_BT709;
    par.chroma_location = ffi::AVChromaLocation::AVCHROMA_LOC_LEFT;
}

/// Says that a stream is timed text.
pub(crate) fn text_parameters(stream: &mut ffi::AVStream, (width, height): (u32, u32)) {
    // SAFETY: a stream has parameters as long as it lives.
    let par = unsafe { &mut *stream.codecpar };
    par.codec_type = ffi::AVMediaType::AVMEDIA_TYPE_SUBTITLE;
    par.codec_id = ffi::AVCodecID::AV_CODEC_ID_MOV_TEXT;
    (par.width, par.height) = (width as c_int, height as c_int);
}

/// Says that a stream is AAC-LC, 48 kHz, stereo, of that many bits a second; `block` samples a packet, and
/// as many before the first.
pub(crate) fn aac_parameters(stream: &mut ffi::AVStream, bitrate: u32, block: u32) {
    // SAFETY: a stream has parameters as long as it lives.
    let par = unsafe { &mut *stream.codecpar };
    par.codec_type = ffi::AVMediaType::AVMEDIA_TYPE_AUDIO;
    par.codec_id = ffi::AVCodecID::AV_CODEC_ID_AAC;
    par.format = ffi::AVSampleFormat::AV_SAMPLE_FMT_FLTP as c_int;
    par.profile = ffi::FF_PROFILE_AAC_LOW as c_int;
    par.bit_rate = i64::from(bitrate);
    par.sample_rate = crate::SAMPLE_RATE as c_int;
    (par.frame_size, par.initial_padding) = (block as c_int, block as c_int);
    crate::av::stereo(&mut par.ch_layout);
}

/// Says that a stream holds what an open encoder gives.
pub(crate) fn parameters_from(stream: &mut ffi::AVStream, coder: &mut Coder) -> Result<()> {
    // SAFETY: a stream has parameters as long as it lives; the encoder is open.
    let code = unsafe { ffi::avcodec_parameters_from_context(stream.codecpar, coder.as_ptr()) };
    check(code, "writing a film's header")?;
    Ok(())
}

/// The second look at the same file that moving its index to the front takes: always the file
/// being written, whatever name is asked for, and only to read.
unsafe extern "C" fn reopen(
    context: *mut ffi::AVFormatContext,
    pb: *mut *mut ffi::AVIOContext,
    _url: *const c_char,
    flags: c_int,
    _options: *mut *mut ffi::AVDictionary,
) -> c_int {
    if flags & ffi::AVIO_FLAG_WRITE != 0 {
        return ffi::AVERROR(ffi::EACCES);
    }
    // SAFETY: `opaque` was set to the path that the output keeps; `pb` is where the answer goes.
    unsafe {
        let path = &*(*context).opaque.cast::<PathBuf>();
        match File::open(path).map_err(|error| system(&error)).map(|file| open(file, false)) {
            Ok(Ok(opened)) => {
                *pb = opened;
                0
            }
            Ok(Err(_)) => ffi::AVERROR(ffi::ENOMEM),
            Err(code) => code,
        }
    }
}

unsafe extern "C" fn reclose(_context: *mut ffi::AVFormatContext, pb: *mut ffi::AVIOContext) -> c_int {
    close(pb)
}
