//! Filters and options that FFmpeg has and that never pass, with the reason in words: what somebody who knows FFmpeg would
//! try.

const FILES: &str = "reads or writes files";
const COMMANDS: &str = "takes or sends commands";
const PLUGINS: &str = "loads programs of others";
const DEVICES: &str = "opens devices";
const TELLS: &str = "prints, or looks at pictures without changing them";
const SEVERAL: &str = "works on several streams at once: blend frames in a node instead";
const NOTHING: &str = "makes pictures or sound from nothing, which is a node's work";
const RATE: &str = "changes how many pictures or samples there are";
const CHANCE: &str = "is not the same each time";
const PIXELS: &str = "works out a program for each pixel: use `map` instead";

/// Reasons with the names that they hold for.
const REASONS: [(&str, &[&str]); 10] = [
    (
        FILES,
        &[
            "movie", "amovie", "subtitles", "ass", "lut3d", "lut1d", "haldclut", "drawtext", "metadata", "ametadata",
            "removelogo", "find_rect", "cover_rect", "sofalizer", "arnndn", "afir", "aiir", "firequalizer", "hrtf", "headphone",
            "vidstabdetect", "vidstabtransform", "signature", "ssim", "psnr", "vmafmotion", "libvmaf", "identity", "msad",
            "sr", "derain", "dnn_processing", "dnn_detect", "dnn_classify", "nnedi", "pseudocolor", "selectivecolor", "ocr",
            "deshake", "qrencode", "whisper", "asr", "rubberband",
        ],
    ),
    (COMMANDS, &["sendcmd", "asendcmd", "zmq", "azmq"]),
    (PLUGINS, &["frei0r", "frei0r_src", "ladspa", "lv2", "opencl", "libplacebo", "coreimage", "vapoursynth"]),
    (
        DEVICES,
        &["hwupload", "hwdownload", "hwmap", "hwupload_cuda", "scale_cuda", "scale_vaapi", "scale_vulkan", "program_opencl"],
    ),
    (
        TELLS,
        &[
            "showinfo", "ashowinfo", "perms", "aperms", "bench", "abench", "astats", "volumedetect", "silencedetect",
            "blackdetect", "blackframe", "freezedetect", "cropdetect", "scdet", "signalstats", "siti", "vfrdet", "bbox",
            "entropy", "graphmonitor", "agraphmonitor", "sidedata", "asidedata", "ebur128", "drmeter", "replaygain", "loudnorm",
        ],
    ),
    (
        SEVERAL,
        &[
            "split", "asplit", "overlay", "concat", "blend", "hstack", "vstack", "xstack", "amix", "amerge", "join", "paletteuse",
            "alphamerge", "maskedmerge", "displace", "remap", "xfade", "acrossfade", "sidechaincompress", "streamselect",
            "interleave", "channelsplit", "threshold", "lut2", "nullsink", "anullsink", "buffer", "buffersink",
        ],
    ),
    (
        NOTHING,
        &[
            "color", "nullsrc", "testsrc", "testsrc2", "smptebars", "mandelbrot", "life", "cellauto", "sine", "anullsrc",
            "aevalsrc", "anoisesrc", "flite", "gradients", "lavfi",
        ],
    ),
    (
        RATE,
        &[
            "fps", "framerate", "minterpolate", "setpts", "asetpts", "settb", "asettb", "trim", "atrim", "loop", "aloop",
            "select", "aselect", "tpad", "apad", "adelay", "atempo", "asetrate", "aresample", "framestep", "decimate", "mpdecimate",
            "reverse", "areverse", "zoompan", "silenceremove", "thumbnail", "tile", "untile", "telecine", "tinterlace",
            "separatefields", "shuffleframes", "random", "realtime", "arealtime", "cue", "acue", "freezeframes", "dejudder",
        ],
    ),
    (CHANCE, &["noise", "elbg", "anoise"]),
    (PIXELS, &["geq", "lut", "lutyuv", "lutrgb", "aeval", "maskfun", "floodfill"]),
];

/// Why a filter of FFmpeg's never passes, if it is known not to.
pub(super) fn reason(name: &str) -> Option<&'static str> {
    REASONS.iter().find(|(_, names)| names.contains(&name)).map(|(reason, _)| *reason)
}

/// Options that no filter may have here, and why.
pub(super) fn option_reason(option: &str) -> Option<&'static str> {
    match option {
        "textfile" | "fontfile" | "file" | "filename" | "psfile" | "plot" | "stats_file" | "result" | "f" => Some(FILES),
        "enable" => Some("switches filters on and off in time, which is a node's work"),
        "threads" => Some("is set by the program, so that results are the same everywhere"),
        "print" | "show" => Some(TELLS),
        _ => None,
    }
}
