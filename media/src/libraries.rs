//! Which FFmpeg this is: for records, keys and `storyreel doctor`.
#![expect(unsafe_code, reason = "FFmpeg's release name is a C string; the block says why it holds")]

use std::collections::BTreeMap;
use std::ffi::CStr;

use ffmpeg_next as ffmpeg;

/// Encoders that outputs are made with.
const ENCODERS: &[&str] = &["libx264", "aac", "prores_ks"];

/// Versions by library (`ffmpeg`, `libavcodec`, ...), and an entry `encoder NAME` for each encoder
/// of ours that this FFmpeg has.
pub fn libraries() -> BTreeMap<String, String> {
    let numbered = [
        ("libavutil", ffmpeg::util::version()),
        ("libavcodec", ffmpeg::codec::version()),
        ("libavformat", ffmpeg::format::version()),
        ("libavfilter", ffmpeg::filter::version()),
        ("libswscale", ffmpeg::software::scaling::version()),
        ("libswresample", ffmpeg::software::resampling::version()),
    ];
    let mut all: BTreeMap<String, String> =
        numbered.into_iter().map(|(name, version)| (name.to_owned(), dotted(version))).collect();
    all.insert("ffmpeg".into(), release());
    for name in ENCODERS.iter().filter(|name| ffmpeg::encoder::find_by_name(name).is_some()) {
        all.insert(format!("encoder {name}"), "present".into());
    }
    all
}

fn dotted(version: u32) -> String {
    format!("{}.{}.{}", version >> 16, version >> 8 & 0xff, version & 0xff)
}

fn release() -> String {
    // SAFETY: the function takes nothing and returns a static, NUL-terminated string.
    let name = unsafe { CStr::from_ptr(ffmpeg::ffi::av_version_info()) };
    name.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    #[test]
    fn this_ffmpeg_has_what_outputs_need() {
        let all = super::libraries();
        assert!(all["libavcodec"].starts_with(|c: char| c.is_ascii_digit()), "{all:?}");
        assert!(all.contains_key("encoder libx264") && all.contains_key("encoder aac"), "{all:?}");
        assert!(!all["ffmpeg"].is_empty());
    }
}
