//! A source, filters, a sink: libavfilter's graph, built option by option.
#![expect(unsafe_code, reason = "avfilter's C objects; each block says why it holds")]

use std::ffi::{CStr, c_int};
use std::ptr::{self, NonNull};

use ffmpeg_next::ffi;

use super::parse::Filter;
use crate::av::{AGAIN, Frame, c_text, check, failure, quiet, words};
use crate::error::{MediaError, Result};

const MAKING: &str = "making filters";

/// How pictures go from format to format between filters: bit-exact, and BT.709 whichever way.
const CONVERSIONS: &str = "flags=bicubic+accurate_rnd+full_chroma_int+full_chroma_inp+bitexact:in_color_matrix=bt709:out_color_matrix=bt709";

/// A configured chain.
pub(super) struct Chain {
    graph: NonNull<ffi::AVFilterGraph>,
    source: *mut ffi::AVFilterContext,
    sink: *mut ffi::AVFilterContext,
}

// SAFETY: one owner, one thread (`nb_threads` is 1), no tie to the thread that made it.
unsafe impl Send for Chain {}

impl Chain {
    /// For pictures as ours: 4:2:0 of 16 bits, studio range.
    pub(super) fn pictures(filters: &[Filter], size: (u32, u32), rate: (i32, i32)) -> Result<Self> {
        let mut chain = Self::empty()?;
        let shape = [
            ("video_size", format!("{}x{}", size.0, size.1)),
            ("pix_fmt", "yuv420p16le".to_owned()),
            ("time_base", format!("{}/{}", rate.1, rate.0)),
            ("frame_rate", format!("{}/{}", rate.0, rate.1)),
            ("pixel_aspect", "1/1".to_owned()),
        ];
        chain.source = chain.add(c"buffer", &shape)?;
        let mut last = chain.source;
        for filter in filters {
            last = chain.follow(last, filter)?;
        }
        let format = chain.add(c"format", &[("pix_fmts", "yuv420p16le".to_owned())])?;
        link(last, format)?;
        chain.sink = chain.add(c"buffersink", &[])?;
        link(format, chain.sink)?;
        chain.configure(filters)
    }

    /// For sound as ours: stereo f32 at 48 kHz.
    pub(super) fn sound(filters: &[Filter]) -> Result<Self> {
        let mut chain = Self::empty()?;
        let rate = crate::SAMPLE_RATE.to_string();
        let shape = [
            ("sample_fmt", "fltp".to_owned()),
            ("sample_rate", rate.clone()),
            ("channel_layout", "stereo".to_owned()),
            ("time_base", format!("1/{rate}")),
        ];
        chain.source = chain.add(c"abuffer", &shape)?;
        let mut last = chain.source;
        for filter in filters {
            last = chain.follow(last, filter)?;
        }
        let ours = [
            ("sample_fmts", "fltp".to_owned()),
            ("sample_rates", rate),
            ("channel_layouts", "stereo".to_owned()),
        ];
        let format = chain.add(c"aformat", &ours)?;
        link(last, format)?;
        chain.sink = chain.add(c"abuffersink", &[])?;
        link(format, chain.sink)?;
        chain.configure(filters)
    }

    fn empty() -> Result<Self> {
        quiet();
        // SAFETY: allocates; null is checked.
        let graph = NonNull::new(unsafe { ffi::avfilter_graph_alloc() });
        let graph = graph.ok_or_else(|| failure(MAKING, "no memory left"))?;
        let options = c_text(CONVERSIONS);
        // SAFETY: the graph is ours and not yet configured; the copied text is freed with the graph.
        unsafe {
            (*graph.as_ptr()).nb_threads = 1;
            (*graph.as_ptr()).scale_sws_opts = ffi::av_strdup(options.as_ptr());
        }
        Ok(Self { graph, source: ptr::null_mut(), sink: ptr::null_mut() })
    }

    /// A filter with these options.
    fn add(&mut self, name: &CStr, options: &[(&str, String)]) -> Result<*mut ffi::AVFilterContext> {
        // SAFETY: the texts end in zero and are copied; the graph owns what is made.
        let made = unsafe {
            let filter = ffi::avfilter_get_by_name(name.as_ptr());
            if filter.is_null() {
                let name = name.to_string_lossy();
                return Err(MediaError::Parameter(format!("this machine's FFmpeg has no filter `{name}`")));
            }
            ffi::avfilter_graph_alloc_filter(self.graph.as_ptr(), filter, ptr::null())
        };
        if made.is_null() {
            return Err(failure(MAKING, "no memory left"));
        }
        for (key, value) in options {
            let (key_text, value_text) = (c_text(key), c_text(value));
            // SAFETY: a live filter that is not yet initialised; the texts are copied.
            let code = unsafe {
                ffi::av_opt_set(
                    made.cast(),
                    key_text.as_ptr(),
                    value_text.as_ptr(),
                    ffi::AV_OPT_SEARCH_CHILDREN,
                )
            };
            if code < 0 {
                return Err(refused(&name.to_string_lossy(), &format!("`{key}={value}`"), code));
            }
        }
        // SAFETY: a live filter, initialised once.
        let code = unsafe { ffi::avfilter_init_str(made, ptr::null()) };
        if code < 0 { Err(refused(&name.to_string_lossy(), "these options", code)) } else { Ok(made) }
    }

    /// A parsed filter after another one.
    fn follow(
        &mut self,
        last: *mut ffi::AVFilterContext,
        filter: &Filter,
    ) -> Result<*mut ffi::AVFilterContext> {
        let made = self.add(&c_text(filter.name()), &filter.handed())?;
        link(last, made)?;
        Ok(made)
    }

    fn configure(self, filters: &[Filter]) -> Result<Self> {
        // SAFETY: our graph, with every pad linked.
        let code = unsafe { ffi::avfilter_graph_config(self.graph.as_ptr(), ptr::null_mut()) };
        if code < 0 {
            let names: Vec<&str> = filters.iter().map(Filter::name).collect();
            return Err(refused(&names.join(","), "these options for pictures or sound of this shape", code));
        }
        Ok(self)
    }

    /// Size and rate of the pictures that come out.
    pub(super) fn shape(&self) -> ((u32, u32), (i32, i32)) {
        // SAFETY: a configured graph's sink for pictures.
        let (width, height, rate) = unsafe {
            let sink = self.sink;
            (
                ffi::av_buffersink_get_w(sink),
                ffi::av_buffersink_get_h(sink),
                ffi::av_buffersink_get_frame_rate(sink),
            )
        };
        let side = |n: c_int| u32::try_from(n).unwrap_or(0);
        ((side(width), side(height)), (rate.num, rate.den))
    }

    /// Gives a picture or a block of sound, whose contents are taken over, or the end.
    pub(super) fn send(&mut self, frame: Option<&mut Frame>, doing: &'static str) -> Result<()> {
        let frame = frame.map_or(ptr::null_mut(), Frame::as_ptr);
        // SAFETY: a configured graph's source; the frame is live or null, which means the end.
        match unsafe { ffi::av_buffersrc_add_frame(self.source, frame) } {
            ffi::AVERROR_EOF => Ok(()),
            code => check(code, doing).map(|_| ()),
        }
    }

    /// Takes what is done; `false` when there is none yet, or no more.
    pub(super) fn receive(&mut self, frame: &mut Frame, doing: &'static str) -> Result<bool> {
        frame.clear();
        // SAFETY: a configured graph's sink and an empty frame.
        match unsafe { ffi::av_buffersink_get_frame(self.sink, frame.as_ptr()) } {
            AGAIN | ffi::AVERROR_EOF => Ok(false),
            code => check(code, doing).map(|_| true),
        }
    }
}

/// Links the only pad of each.
fn link(from: *mut ffi::AVFilterContext, to: *mut ffi::AVFilterContext) -> Result<()> {
    // SAFETY: two live filters of one graph, whose first pads are free.
    check(unsafe { ffi::avfilter_link(from, 0, to, 0) }, MAKING).map(|_| ())
}

fn refused(name: &str, what: &str, code: c_int) -> MediaError {
    if code == ffi::AVERROR(ffi::ENOMEM) {
        return failure(MAKING, words(code));
    }
    MediaError::Parameter(format!("FFmpeg's `{name}` does not take {what}: {}", words(code)))
}

impl Drop for Chain {
    fn drop(&mut self) {
        let mut graph = self.graph.as_ptr();
        // SAFETY: ours, freed once, with the filters in it.
        unsafe { ffi::avfilter_graph_free(&mut graph) }
    }
}

/// The options of one of FFmpeg's filters in the order of their places, each with its aliases: for the test that the
/// allow-list is true.
#[cfg(test)]
pub(super) fn options_of(name: &str) -> Option<Vec<Vec<String>>> {
    let mut found: Vec<(c_int, Vec<String>)> = Vec::new();
    // SAFETY: look-ups in FFmpeg's constant tables; `&priv_class` serves as an object for av_opt_next.
    unsafe {
        let filter = ffi::avfilter_get_by_name(c_text(name).as_ptr());
        if filter.is_null() {
            return None;
        }
        let class = (*filter).priv_class;
        let object: *const std::ffi::c_void = (&raw const class).cast();
        let mut option = ptr::null();
        loop {
            option = ffi::av_opt_next(object, option);
            if option.is_null() {
                break;
            }
            let text = CStr::from_ptr((*option).name).to_string_lossy().into_owned();
            if (*option).type_ == ffi::AVOptionType::AV_OPT_TYPE_CONST {
                continue;
            }
            match found.last_mut() {
                Some((offset, names)) if *offset == (*option).offset => names.push(text),
                _ => found.push(((*option).offset, vec![text])),
            }
        }
    }
    Some(found.into_iter().map(|(_, names)| names).collect())
}
