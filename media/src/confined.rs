//! Opening media that nobody vouches for.
//!
//! The kind of a file is told from its first bytes by ourselves, and only that one demuxer is
//! tried on it: playlists, manifests, session descriptions and numbered image patterns have no
//! demuxer here, whatever they are named. FFmpeg reads through our callbacks, may open nothing
//! else (every nested open is answered "no", no protocol is allowed), decodes only codecs of a
//! list, and what a file declares is bounded.
#![expect(unsafe_code, reason = "C objects and callbacks; each block says why it holds")]

use std::ffi::{CStr, c_char, c_int};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::ptr::NonNull;

use ffmpeg_next::ffi;

use crate::av::{Coder, Options, Packet, failure, words};
use crate::error::{MediaError, Result};
use crate::io;

/// Pixels on a side, at most.
pub const LARGEST_SIDE: u32 = 16_384;
/// Pixels of a picture, at most.
pub const LARGEST_AREA: u64 = 100_000_000;
/// Seconds, at most.
pub const LONGEST: i64 = 24 * 3600;
/// Tracks, at most.
const MOST_TRACKS: u32 = 64;

/// What footage and sound may be, in words.
pub const ALLOWED: &str = "MP4 and MOV, Matroska and WebM, MPEG-TS, AVI, WAV, FLAC, MP3, Ogg and AAC";

/// Decoders by FFmpeg's names.
const DECODERS: &[&str] = &[
    "h264",
    "hevc",
    "libdav1d",
    "libaom-av1",
    "av1",
    "vp8",
    "vp9",
    "mpeg4",
    "mpeg1video",
    "mpeg2video",
    "prores",
    "dnxhd",
    "mjpeg",
    "ffv1",
    "utvideo",
    "huffyuv",
    "ffvhuff",
    "rawvideo",
    "v210",
    "png",
    "qtrle",
    "dvvideo",
    "theora",
    "aac",
    "mp3",
    "mp3float",
    "mp2",
    "mp2float",
    "flac",
    "vorbis",
    "opus",
    "alac",
    "ac3",
    "eac3",
    "pcm_s16le",
    "pcm_s16be",
    "pcm_s24le",
    "pcm_s24be",
    "pcm_s32le",
    "pcm_s32be",
    "pcm_f32le",
    "pcm_f32be",
    "pcm_f64le",
    "pcm_u8",
    "pcm_s8",
    "pcm_alaw",
    "pcm_mulaw",
];

/// A file opened for reading.
pub(crate) struct Input {
    context: NonNull<ffi::AVFormatContext>,
    pb: *mut ffi::AVIOContext,
    path: PathBuf,
    demuxer: &'static CStr,
    /// Milliseconds of the file's own clock that the last packet read belongs to.
    at: i64,
}

// SAFETY: one owner, no tie to a thread; the file behind `pb` is its own.
unsafe impl Send for Input {}

impl Input {
    /// Opens a file and reads what is in it.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let mut file = File::open(path).map_err(|source| MediaError::io("read", path, source))?;
        let demuxer = demuxer_of(&mut file, path)?;
        file.seek(SeekFrom::Start(0)).map_err(|source| MediaError::io("read", path, source))?;
        let pb = io::open(file, false)?;
        // SAFETY: allocates; null is checked.
        let Some(context) = NonNull::new(unsafe { ffi::avformat_alloc_context() }) else {
            io::close(pb);
            return Err(failure("opening a file", "no memory left"));
        };
        let mut input = Self { context, pb, path: path.to_path_buf(), demuxer, at: 0 };
        input.begin(demuxer)?;
        input.check_bounds()?;
        input.look_inside()?;
        input.check_bounds()?;
        Ok(input)
    }

    fn begin(&mut self, demuxer: &CStr) -> Result<()> {
        let mut options = Options::new(&[
            ("protocol_whitelist", ""),
            ("format_whitelist", &demuxer.to_string_lossy()),
            ("codec_whitelist", &DECODERS.join(",")),
            ("max_streams", &MOST_TRACKS.to_string()),
        ]);
        let inner = self.inner();
        inner.io_open = Some(refuse);
        inner.flags |= ffi::AVFMT_FLAG_CUSTOM_IO;
        let mut raw = self.context.as_ptr();
        // SAFETY: the name ends in zero; the context is ours and not yet opened. On failure the
        // call frees it, so a fresh one takes its place for `drop` to free.
        let code = unsafe {
            (*raw).pb = self.pb;
            let format = ffi::av_find_input_format(demuxer.as_ptr());
            if format.is_null() {
                return Err(failure("opening a file", "this FFmpeg lacks a demuxer"));
            }
            let code = ffi::avformat_open_input(&mut raw, std::ptr::null(), format.cast(), options.as_mut());
            if code < 0 {
                let empty = ffi::avformat_alloc_context();
                self.context = NonNull::new(empty)
                    .unwrap_or_else(|| std::alloc::handle_alloc_error(std::alloc::Layout::new::<u8>()));
            }
            code
        };
        if code < 0 { Err(self.unreadable(code)) } else { Ok(()) }
    }

    /// Lets FFmpeg decode a little, to learn what headers leave out.
    fn look_inside(&mut self) -> Result<()> {
        let count = self.inner().nb_streams as usize;
        let limits = [("threads", "1"), ("max_pixels", "100000000")];
        let mut options: Vec<_> = (0..count).map(|_| Options::new(&limits).into_raw()).collect();
        // SAFETY: an opened context; one dictionary a stream, freed afterwards.
        let code = unsafe {
            let code = ffi::avformat_find_stream_info(self.context.as_ptr(), options.as_mut_ptr());
            options.iter_mut().for_each(|dictionary| ffi::av_dict_free(dictionary));
            code
        };
        if code < 0 { Err(self.unreadable(code)) } else { Ok(()) }
    }

    fn unreadable(&self, code: c_int) -> MediaError {
        MediaError::broken(&self.path, format!("cannot be read: {}", words(code)))
    }

    fn inner(&mut self) -> &mut ffi::AVFormatContext {
        // SAFETY: not null, ours alone.
        unsafe { self.context.as_mut() }
    }

    fn outer(&self) -> &ffi::AVFormatContext {
        // SAFETY: not null, borrowed as `self` is.
        unsafe { self.context.as_ref() }
    }

    fn check_bounds(&self) -> Result<()> {
        let tracks = self.outer().nb_streams;
        if tracks > MOST_TRACKS {
            return Err(self.too_large(format!("{tracks} tracks"), format!("{MOST_TRACKS} tracks")));
        }
        let ticks = i64::from(ffi::AV_TIME_BASE);
        if self.outer().duration != ffi::AV_NOPTS_VALUE && self.outer().duration / ticks > LONGEST {
            let hours = self.outer().duration / ticks / 3600;
            return Err(self.too_large(format!("{hours} hours"), "24 hours".into()));
        }
        for track in self.tracks() {
            let (width, height) = (track.parameters().width, track.parameters().height);
            check_size(&self.path, i64::from(width), i64::from(height))?;
        }
        Ok(())
    }

    fn too_large(&self, what: String, limit: String) -> MediaError {
        MediaError::TooLarge { file: self.path.clone(), what, limit }
    }

    /// The file.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Its tracks.
    pub(crate) fn tracks(&self) -> impl Iterator<Item = Track<'_>> {
        let outer = self.outer();
        // SAFETY: the list holds `nb_streams` live streams.
        (0..outer.nb_streams as usize).map(|at| Track(unsafe { &**outer.streams.add(at) }))
    }

    /// The first track with pictures that is no cover image.
    pub(crate) fn pictures(&self) -> Option<Track<'_>> {
        let cover = ffi::AV_DISPOSITION_ATTACHED_PIC;
        self.of_type(ffi::AVMediaType::AVMEDIA_TYPE_VIDEO).find(|track| track.0.disposition & cover == 0)
    }

    /// The first track with sound.
    pub(crate) fn sound(&self) -> Option<Track<'_>> {
        self.of_type(ffi::AVMediaType::AVMEDIA_TYPE_AUDIO).next()
    }

    fn of_type(&self, kind: ffi::AVMediaType) -> impl Iterator<Item = Track<'_>> {
        self.tracks().filter(move |track| track.parameters().codec_type == kind)
    }

    /// From now on only packets of this track are read.
    pub(crate) fn only(&mut self, track: c_int) {
        for index in 0..self.inner().nb_streams as usize {
            // SAFETY: `index` is within the list of live streams.
            let stream = unsafe { &mut **self.inner().streams.add(index) };
            let keep = stream.index == track;
            stream.discard =
                if keep { ffi::AVDiscard::AVDISCARD_DEFAULT } else { ffi::AVDiscard::AVDISCARD_ALL };
        }
    }

    /// The next packet; `false` at the file's end.
    pub(crate) fn read(&mut self, packet: &mut Packet) -> Result<bool> {
        packet.clear();
        // SAFETY: an opened context and an empty packet.
        match unsafe { ffi::av_read_frame(self.context.as_ptr(), packet.as_ptr()) } {
            ffi::AVERROR_EOF => Ok(false),
            ffi::AVERROR_INVALIDDATA => Err(self.damaged()),
            code if code < 0 => Err(self.unreadable(code)),
            _ if packet.dts == ffi::AV_NOPTS_VALUE => Ok(true),
            _ => {
                let clock = self.tracks().find(|track| track.0.index == packet.stream_index);
                let milliseconds = ffi::AVRational { num: 1, den: 1000 };
                if let Some(clock) = clock.map(|track| track.0.time_base) {
                    self.at = crate::convert::rescale(packet.dts, clock, milliseconds);
                }
                Ok(true)
            }
        }
    }

    /// The file cannot be read on from where it is.
    pub(crate) fn damaged(&self) -> MediaError {
        let place = format!("after {:.1} s", self.at.max(0) as f64 / 1000.0);
        MediaError::Damaged { file: self.path.clone(), place }
    }

    /// Fails where the file ended before the track did, by what its header says: MP4 lists every
    /// packet; FLAC, WAV and most MP3s say how long they are, Matroska how many bytes it has, Ogg how many
    /// its last page has. Of other containers nothing is asked. `last` is when the last packet starts and
    /// when it ends, in ticks of the track.
    pub(crate) fn check_end(&self, track: c_int, last: (i64, i64)) -> Result<()> {
        let found = self.tracks().find(|t| t.0.index == track).filter(|_| last.0 != ffi::AV_NOPTS_VALUE);
        let Some(found) = found else { return Ok(()) };
        let cut_off = match self.demuxer.to_bytes() {
            b"mov" => found.last_indexed().is_some_and(|listed| listed > last.0),
            // A tenth of a second is forgiven: a last block may be shorter than its kind.
            b"flac" | b"wav" => {
                let tick = found.0.time_base;
                let missing = found.0.duration.saturating_sub(last.1);
                let streamed = found.declares_no_length();
                !streamed && found.0.duration > 0 && missing * i64::from(tick.num) * 10 > i64::from(tick.den)
            }
            b"mp3" => self.declares_length() && found.ends_before_declared(last.1),
            _ => crate::ending::is_cut_off(&self.path, &self.demuxer.to_string_lossy())?,
        };
        if cut_off { Err(self.cut_off()) } else { Ok(()) }
    }

    /// The file ends after the last packet read, and says that it is longer.
    fn cut_off(&self) -> MediaError {
        let reached = self.at.max(0) as f64 / 1000.0;
        let declared = self.outer().duration as f64 / f64::from(ffi::AV_TIME_BASE);
        let of = if declared > reached + 0.1 { format!(" of {declared:.1} s") } else { String::new() };
        let place = format!("or cut off after {reached:.1} s{of}");
        MediaError::Damaged { file: self.path.clone(), place }
    }

    /// Whether the length is the file's own word, not reckoned from its bytes.
    fn declares_length(&self) -> bool {
        let reckoned = ffi::AVDurationEstimationMethod::AVFMT_DURATION_FROM_BITRATE;
        self.outer().duration_estimation_method != reckoned
    }

    /// The file's size in bytes.
    pub(crate) fn bytes(&self) -> u64 {
        std::fs::metadata(&self.path).map_or(0, |meta| meta.len())
    }

    /// Goes to the last place at or before `time` (ticks of the track) where decoding can start.
    pub(crate) fn seek(&mut self, track: c_int, time: i64) -> Result<()> {
        let backward = ffi::AVSEEK_FLAG_BACKWARD as c_int;
        // SAFETY: an opened context and one of its tracks.
        let code = unsafe { ffi::av_seek_frame(self.context.as_ptr(), track, time, backward) };
        if code < 0 { Err(self.unreadable(code)) } else { Ok(()) }
    }

    /// A decoder for a track, of the allowed ones.
    pub(crate) fn decoder(&self, track: c_int) -> Result<Coder> {
        let found = self.tracks().find(|t| t.0.index == track);
        let track = found.ok_or_else(|| MediaError::broken(&self.path, "has no such track"))?;
        let parameters = track.parameters();
        let mut coder = Coder::decoder(parameters.codec_id, "decoding")
            .map_err(|_| self.not_allowed(parameters.codec_id))?;
        // SAFETY: live parameters of a track; the decoder is not yet open, its codec is static.
        let name = unsafe {
            ffi::avcodec_parameters_to_context(coder.as_ptr(), track.0.codecpar);
            CStr::from_ptr((*coder.codec).name).to_string_lossy()
        };
        if !DECODERS.contains(&&*name) {
            return Err(self.not_allowed(parameters.codec_id));
        }
        coder.pkt_timebase = track.0.time_base;
        coder.thread_count = 1;
        coder.max_pixels = LARGEST_AREA as i64;
        coder.open(&mut Options::new(&[]))?;
        Ok(coder)
    }

    fn not_allowed(&self, codec: ffi::AVCodecID) -> MediaError {
        // SAFETY: any id may be asked for; the answer is a static text.
        let name = unsafe { CStr::from_ptr(ffi::avcodec_get_name(codec)) }.to_string_lossy();
        MediaError::NotAllowed {
            file: self.path.clone(),
            what: format!("encoded as {name}"),
            allowed: "H.264, HEVC, AV1, VP8, VP9, MPEG-1, -2 and -4, ProRes, DNxHD, Motion JPEG, FFV1, \
                      AAC, MP3, FLAC, Vorbis, Opus, ALAC, AC-3 and PCM",
        }
    }
}

impl Drop for Input {
    fn drop(&mut self) {
        let mut context = self.context.as_ptr();
        // SAFETY: ours, freed once; the I/O is ours to close because of AVFMT_FLAG_CUSTOM_IO.
        unsafe { ffi::avformat_close_input(&mut context) };
        io::close(self.pb);
    }
}

/// Answers every wish to open another file.
unsafe extern "C" fn refuse(
    _context: *mut ffi::AVFormatContext,
    _pb: *mut *mut ffi::AVIOContext,
    _url: *const c_char,
    _flags: c_int,
    _options: *mut *mut ffi::AVDictionary,
) -> c_int {
    ffi::AVERROR(ffi::EACCES)
}

/// A track of an opened file.
#[derive(Clone, Copy)]
pub(crate) struct Track<'a>(pub(crate) &'a ffi::AVStream);

impl<'a> Track<'a> {
    /// What it holds.
    pub(crate) fn parameters(self) -> &'a ffi::AVCodecParameters {
        // SAFETY: a live stream has parameters as long as it lives.
        unsafe { &*self.0.codecpar }
    }

    /// Whether packets that end at `end` end half a second before the track should: encoders' delay and
    /// padding are less.
    fn ends_before_declared(self, end: i64) -> bool {
        let tick = self.0.time_base;
        let missing = self.0.duration.saturating_sub(end);
        self.0.duration > 0 && missing.saturating_mul(2 * i64::from(tick.num)) > i64::from(tick.den)
    }

    /// When the last packet that the file lists is decoded, in ticks.
    fn last_indexed(self) -> Option<i64> {
        let stream = std::ptr::from_ref(self.0).cast_mut();
        // SAFETY: a live stream, of which the calls only read the list; an entry lives as long as it.
        unsafe {
            let count = ffi::avformat_index_get_entries_count(stream);
            let entry = ffi::avformat_index_get_entry(stream, count - 1);
            (count > 0 && !entry.is_null()).then(|| (*entry).timestamp)
        }
    }

    /// Whether the header's length is the largest there is, as programs write it that do not know
    /// how much will come.
    fn declares_no_length(self) -> bool {
        let parameters = self.parameters();
        let bits = i64::from(parameters.bits_per_coded_sample.max(8));
        let channels = i64::from(parameters.ch_layout.nb_channels.max(1));
        self.0.duration.saturating_mul(bits * channels / 8) >= 0x7fff_0000
    }

    /// How it is to be turned to be shown, as a 3 x 3 matrix of which the first two rows matter.
    pub(crate) fn display_matrix(self) -> Option<[i32; 9]> {
        // SAFETY: a live stream; the side data, where there is one, holds nine integers, which its
        // size is checked for, without a promise of alignment.
        unsafe {
            let mut size = 0;
            let kind = ffi::AVPacketSideDataType::AV_PKT_DATA_DISPLAYMATRIX;
            let data = ffi::av_stream_get_side_data(self.0, kind, &mut size);
            (!data.is_null() && size >= 36).then(|| std::ptr::read_unaligned(data.cast::<[i32; 9]>()))
        }
    }
}

/// Refuses pictures beyond the bounds.
pub(crate) fn check_size(path: &Path, width: i64, height: i64) -> Result<()> {
    let side = i64::from(LARGEST_SIDE);
    if width > side || height > side || width.saturating_mul(height) > LARGEST_AREA as i64 {
        return Err(MediaError::TooLarge {
            file: path.to_path_buf(),
            what: format!("pictures of {width}x{height}"),
            limit: format!("{LARGEST_SIDE} pixels a side and {} million in all", LARGEST_AREA / 1_000_000),
        });
    }
    Ok(())
}

/// FFmpeg's name of the one demuxer for a file, told from its first bytes.
fn demuxer_of(file: &mut File, path: &Path) -> Result<&'static CStr> {
    let mut head = Vec::new();
    let read = file.by_ref().take(4096).read_to_end(&mut head);
    read.map_err(|source| MediaError::io("read", path, source))?;
    let at = |place: usize, text: &[u8]| head.get(place..place + text.len()) == Some(text);
    if at(4, b"ftyp") || [b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"].iter().any(|n| at(4, *n)) {
        crate::boxes::refuse_references(file, path)?;
        return Ok(c"mov");
    }
    let synced = |from: &[u8]| from.len() > 1 && from[0] == 0xff && from[1] & 0xe0 == 0xe0;
    let adts = |from: &[u8]| synced(from) && from[1] & 0x16 == 0x10;
    Ok(if at(0, b"\x1a\x45\xdf\xa3") {
        c"matroska"
    } else if at(0, b"RIFF") && at(8, b"WAVE") {
        c"wav"
    } else if at(0, b"RIFF") && at(8, b"AVI ") {
        c"avi"
    } else if at(0, b"fLaC") {
        c"flac"
    } else if at(0, b"OggS") {
        c"ogg"
    } else if at(0, b"ID3") {
        c"mp3"
    } else if adts(&head) {
        c"aac"
    } else if synced(&head) {
        c"mp3"
    } else if head.len() > 376 && [0, 188, 376].iter().all(|place| head[*place] == 0x47) {
        c"mpegts"
    } else {
        let (file, what) = (path.to_path_buf(), kind_in_words(&head).to_string());
        return Err(MediaError::NotAllowed { file, what, allowed: ALLOWED });
    })
}

/// What a refused file is.
pub(crate) fn kind_in_words(head: &[u8]) -> &'static str {
    let text = std::str::from_utf8(&head[..head.len().min(1024)]).ok().map(str::trim_start);
    let begins = |bytes: &[u8]| head.starts_with(bytes);
    match text {
        _ if head.is_empty() => "empty",
        Some(text) if text.starts_with("#EXTM3U") => "a playlist (HLS), which names other files",
        Some(text) if text.starts_with("ffconcat") => "a list of files to join",
        Some(text) if text.contains("<MPD") => "a DASH manifest, which names other files",
        Some(text) if text.starts_with("v=0") => "a network session description",
        Some(text) if text.starts_with("<svg") || text.contains("<svg ") => "an SVG drawing",
        _ if begins(b"\x89PNG") || begins(b"\xff\xd8\xff") || begins(b"GIF8") => "a still image",
        _ if begins(b"RIFF") && head.get(8..12) == Some(b"WEBP") => "a still image",
        _ if begins(b"%PDF") => "a PDF document",
        _ if begins(b"PK\x03\x04") => "a ZIP archive",
        Some(_) => "text",
        None => "of a kind that is not known",
    }
}
