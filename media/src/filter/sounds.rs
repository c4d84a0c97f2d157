//! The sound filters that are allowed. All give as many samples as they take.

use super::allowed::{Allowed, Choice, Form};

const fn filter(name: &'static str, by_place: usize, choices: &'static [Choice]) -> Allowed {
    Allowed { name, by_place, choices, looks_around: true, always: &[] }
}

const PART: Form = Form::Number(0.0, 1.0);
const LEVEL: Form = Form::Number(0.015_625, 64.0);
const HERTZ: Form = Form::Number(1.0, 24_000.0);
const WIDTH_TYPE: Choice = (&["width_type", "t"], Form::Words(&["h", "q", "o", "s", "k"]));
const WIDTH: Choice = (&["width", "w"], Form::Number(0.001, 24_000.0));
const FREQUENCY: Choice = (&["frequency", "f"], HERTZ);
const GAIN: Choice = (&["gain", "g"], Form::Number(-60.0, 60.0));
const POLES: Choice = (&["poles", "p"], Form::Whole(1, 2));
const MIX: Choice = (&["mix", "m"], PART);
const DETECTION: Form = Form::Words(&["peak", "rms"]);
const MODE: Form = Form::Words(&["downward", "upward"]);
const LINK: Form = Form::Words(&["average", "maximum"]);

/// Every sound filter.
pub(super) const SOUNDS: &[Allowed] = &[
    filter("volume", 1, &[(&["volume"], Form::Loudness)]),
    filter("highpass", 4, &[FREQUENCY, WIDTH_TYPE, WIDTH, POLES, MIX]),
    filter("lowpass", 4, &[FREQUENCY, WIDTH_TYPE, WIDTH, POLES, MIX]),
    filter("bandpass", 3, &[FREQUENCY, WIDTH_TYPE, WIDTH, MIX]),
    filter("bandreject", 3, &[FREQUENCY, WIDTH_TYPE, WIDTH, MIX]),
    filter("equalizer", 4, &[FREQUENCY, WIDTH_TYPE, WIDTH, GAIN, MIX]),
    filter("bass", 4, &[FREQUENCY, WIDTH_TYPE, WIDTH, GAIN, POLES, MIX]),
    filter("treble", 4, &[FREQUENCY, WIDTH_TYPE, WIDTH, GAIN, POLES, MIX]),
    filter(
        "acompressor",
        1,
        &[
            (&["level_in"], LEVEL),
            (&["mode"], MODE),
            (&["threshold"], Form::Number(0.000_976_563, 1.0)),
            (&["ratio"], Form::Number(1.0, 20.0)),
            (&["attack"], Form::Number(0.01, 2000.0)),
            (&["release"], Form::Number(0.01, 9000.0)),
            (&["makeup"], Form::Number(1.0, 64.0)),
            (&["knee"], Form::Number(1.0, 8.0)),
            (&["link"], LINK),
            (&["detection"], DETECTION),
            (&["mix"], PART),
        ],
    ),
    filter(
        "agate",
        1,
        &[
            (&["level_in"], LEVEL),
            (&["mode"], MODE),
            (&["range"], PART),
            (&["threshold"], PART),
            (&["ratio"], Form::Number(1.0, 9000.0)),
            (&["attack"], Form::Number(0.01, 9000.0)),
            (&["release"], Form::Number(0.01, 9000.0)),
            (&["makeup"], Form::Number(1.0, 64.0)),
            (&["knee"], Form::Number(1.0, 8.0)),
            (&["detection"], DETECTION),
            (&["link"], LINK),
        ],
    ),
    filter(
        "aecho",
        4,
        &[
            (&["in_gain"], Form::Number(0.001, 1.0)),
            (&["out_gain"], Form::Number(0.001, 1.0)),
            (&["delays"], Form::Numbers(16, '|', 1.0, 10_000.0)),
            (&["decays"], Form::Numbers(16, '|', 0.001, 1.0)),
        ],
    ),
    filter(
        "flanger",
        5,
        &[
            (&["delay"], Form::Number(0.0, 30.0)),
            (&["depth"], Form::Number(0.0, 10.0)),
            (&["regen"], Form::Number(-95.0, 95.0)),
            (&["width"], Form::Number(0.0, 100.0)),
            (&["speed"], Form::Number(0.1, 10.0)),
            (&["shape"], Form::Words(&["triangular", "sinusoidal"])),
            (&["phase"], Form::Number(0.0, 100.0)),
        ],
    ),
    filter(
        "aphaser",
        5,
        &[
            (&["in_gain"], PART),
            (&["out_gain"], Form::Number(0.0, 100.0)),
            (&["delay"], Form::Number(0.1, 5.0)),
            (&["decay"], Form::Number(0.0, 0.99)),
            (&["speed"], Form::Number(0.1, 2.0)),
            (&["type"], Form::Words(&["triangular", "sinusoidal"])),
        ],
    ),
    filter("tremolo", 2, &[(&["f"], Form::Number(0.1, 20_000.0)), (&["d"], PART)]),
    filter(
        "stereowiden",
        4,
        &[
            (&["delay"], Form::Number(1.0, 100.0)),
            (&["feedback"], Form::Number(0.0, 0.9)),
            (&["crossfeed"], Form::Number(0.0, 0.8)),
            (&["drymix"], PART),
        ],
    ),
    filter("extrastereo", 2, &[(&["m"], Form::Number(-10.0, 10.0)), (&["c"], Form::Words(&["0", "1"]))]),
    filter("crossfeed", 2, &[(&["strength"], PART), (&["range"], PART)]),
    filter(
        "afade",
        1,
        &[
            (&["type", "t"], Form::Words(&["in", "out"])),
            (&["start_sample", "ss"], Form::Whole(0, 1 << 40)),
            (&["nb_samples", "ns"], Form::Whole(1, 1 << 40)),
            (&["start_time", "st"], Form::Number(0.0, 86_400.0)),
            (&["duration", "d"], Form::Number(0.0, 86_400.0)),
            (
                &["curve", "c"],
                Form::Words(&[
                    "tri", "qsin", "esin", "hsin", "log", "ipar", "qua", "cub", "squ", "cbr", "par", "exp",
                ]),
            ),
        ],
    ),
    filter(
        "acrusher",
        3,
        &[
            (&["level_in"], LEVEL),
            (&["level_out"], LEVEL),
            (&["bits"], Form::Number(1.0, 64.0)),
            (&["mix"], PART),
        ],
    ),
];
