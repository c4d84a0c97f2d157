//! Interlaced pictures made whole: FFmpeg's `bwdif`, one picture out for one in.
//!
//! The filter looks at the picture before and the one after, no further; given those, a picture
//! comes out the same wherever decoding began. The graph is fixed: nothing of it comes from a file.
#![expect(unsafe_code, reason = "avfilter's C objects; each block says why it holds")]

use std::ffi::{CStr, c_int};
use std::ptr::NonNull;

use ffmpeg_next::ffi;

use crate::av::{AGAIN, Frame, c_text, check, failure, quiet};
use crate::error::Result;

const DOING: &str = "deinterlacing";

/// A source, the filter, a sink.
pub(crate) struct Deinterlacer {
    graph: NonNull<ffi::AVFilterGraph>,
    source: *mut ffi::AVFilterContext,
    sink: *mut ffi::AVFilterContext,
}

// SAFETY: one owner, one thread (`nb_threads` is 1), no tie to the thread that made it.
unsafe impl Send for Deinterlacer {}

impl Deinterlacer {
    /// For pictures of this format and size, with times in `clock`.
    pub(crate) fn new(format: c_int, width: c_int, height: c_int, clock: ffi::AVRational) -> Result<Self> {
        quiet();
        // SAFETY: allocates; null is checked.
        let graph = NonNull::new(unsafe { ffi::avfilter_graph_alloc() });
        let graph = graph.ok_or_else(|| failure(DOING, "no memory left"))?;
        let null = std::ptr::null_mut();
        let mut made = Self { graph, source: null, sink: null };
        // SAFETY: the graph is ours and not yet configured.
        unsafe { (*graph.as_ptr()).nb_threads = 1 };
        let shape = format!(
            "video_size={width}x{height}:pix_fmt={format}:time_base={}/{}:pixel_aspect=1/1",
            clock.num, clock.den
        );
        made.source = made.filter(c"buffer", &shape)?;
        let bwdif = made.filter(c"bwdif", "mode=send_frame:parity=auto:deint=all")?;
        made.sink = made.filter(c"buffersink", "")?;
        // SAFETY: three live filters of this graph, each with one pad where it is linked.
        unsafe {
            check(ffi::avfilter_link(made.source, 0, bwdif, 0), DOING)?;
            check(ffi::avfilter_link(bwdif, 0, made.sink, 0), DOING)?;
            check(ffi::avfilter_graph_config(graph.as_ptr(), std::ptr::null_mut()), DOING)?;
        }
        Ok(made)
    }

    fn filter(&mut self, name: &CStr, options: &str) -> Result<*mut ffi::AVFilterContext> {
        let options = c_text(options);
        let mut made = std::ptr::null_mut();
        // SAFETY: texts end in zero and are copied; the graph owns what is made.
        let code = unsafe {
            let filter = ffi::avfilter_get_by_name(name.as_ptr());
            if filter.is_null() {
                return Err(failure(DOING, "this FFmpeg lacks a filter"));
            }
            ffi::avfilter_graph_create_filter(
                &mut made,
                filter,
                name.as_ptr(),
                options.as_ptr(),
                std::ptr::null_mut(),
                self.graph.as_ptr(),
            )
        };
        check(code, DOING)?;
        Ok(made)
    }

    /// Gives a picture, which is taken over, or the end.
    pub(crate) fn send(&mut self, frame: Option<&mut Frame>) -> Result<()> {
        let frame = frame.map_or(std::ptr::null_mut(), Frame::as_ptr);
        // SAFETY: a configured graph's source; the frame is live or null, which means the end.
        match unsafe { ffi::av_buffersrc_add_frame(self.source, frame) } {
            ffi::AVERROR_EOF => Ok(()),
            code => check(code, DOING).map(|_| ()),
        }
    }

    /// Takes a picture; `false` when there is none yet, or no more.
    pub(crate) fn receive(&mut self, frame: &mut Frame) -> Result<bool> {
        frame.clear();
        // SAFETY: a configured graph's sink and an empty frame.
        match unsafe { ffi::av_buffersink_get_frame(self.sink, frame.as_ptr()) } {
            AGAIN | ffi::AVERROR_EOF => Ok(false),
            code => check(code, DOING).map(|_| true),
        }
    }

    /// The clock of the pictures that come out.
    pub(crate) fn clock(&self) -> ffi::AVRational {
        // SAFETY: a configured graph's sink.
        unsafe { ffi::av_buffersink_get_time_base(self.sink) }
    }
}

impl Drop for Deinterlacer {
    fn drop(&mut self) {
        let mut graph = self.graph.as_ptr();
        // SAFETY: ours, freed once, with the filters in it.
        unsafe { ffi::avfilter_graph_free(&mut graph) }
    }
}
