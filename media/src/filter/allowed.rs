//! The picture filters that are allowed, with their options and the forms of their values.
//!
//! Options stand in FFmpeg's own order, so that values may be given by place as far as `by_place` says; what is not
//! here (files, expressions that are worked out anew for every pixel, what changes rates) does not pass.

/// What a value may look like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Form {
    /// A number within bounds.
    Number(f64, f64),
    /// A whole number within bounds.
    Whole(i64, i64),
    /// One of these words.
    Words(&'static [&'static str]),
    /// A formula in these variables: see [`super::formula`].
    Formula(&'static [&'static str]),
    /// Up to so many numbers within bounds, with that sign between them.
    Numbers(usize, char, f64, f64),
    /// Points of a curve: `0/0 0.5/0.6 1/1`.
    Points,
    /// A colour: `#rrggbb`, `#rrggbbaa` or a plain word.
    Colour,
    /// How loud: a factor, or decibels as `-6dB`.
    Loudness,
}

/// An option: its names, FFmpeg's own first, and its form.
pub(super) type Choice = (&'static [&'static str], Form);

/// A filter.
#[derive(Debug, PartialEq)]
pub(super) struct Allowed {
    pub name: &'static str,
    /// How many values may be given by place alone.
    pub by_place: usize,
    pub choices: &'static [Choice],
    /// Whether what comes out depends on more than what goes in at that moment.
    pub looks_around: bool,
    /// Options that are always set.
    pub always: &'static [(&'static str, &'static str)],
}

const fn filter(name: &'static str, by_place: usize, choices: &'static [Choice]) -> Allowed {
    Allowed { name, by_place, choices, looks_around: false, always: &[] }
}

const fn around(name: &'static str, by_place: usize, choices: &'static [Choice]) -> Allowed {
    Allowed { name, by_place, choices, looks_around: true, always: &[] }
}

const ONE: Form = Form::Number(-1.0, 1.0);
const PART: Form = Form::Number(0.0, 1.0);
const TWO: Form = Form::Number(-2.0, 2.0);
const SWITCH: Form = Form::Words(&["0", "1"]);
const PLANES: Form = Form::Whole(0, 15);
const SHIFT: Form = Form::Whole(-255, 255);
const EDGE: Form = Form::Words(&["smear", "wrap"]);
const SIDE: Form = Form::Whole(1, 8192);
/// What a formula for the place of a box or a cut may name.
const IN_SIZE: &[&str] = &["in_w", "iw", "in_h", "ih", "out_w", "ow", "out_h", "oh", "a", "sar", "dar"];
const BOX: &[&str] = &["in_w", "iw", "in_h", "ih", "x", "y", "w", "h", "t", "dar", "sar", "fill"];
const TIMED: &[&str] = &["n", "t", "r"];
const CORNER: Form = Form::Formula(&["W", "H"]);

/// Every picture filter.
pub(super) const PICTURES: &[Allowed] = &[
    // Colour.
    filter(
        "eq",
        8,
        &[
            (&["contrast"], Form::Number(-2.0, 2.0)),
            (&["brightness"], ONE),
            (&["saturation"], Form::Number(0.0, 3.0)),
            (&["gamma"], Form::Number(0.1, 10.0)),
            (&["gamma_r"], Form::Number(0.1, 10.0)),
            (&["gamma_g"], Form::Number(0.1, 10.0)),
            (&["gamma_b"], Form::Number(0.1, 10.0)),
            (&["gamma_weight"], PART),
        ],
    ),
    around(
        "hue",
        4,
        &[
            (&["h"], Form::Formula(TIMED)),
            (&["s"], Form::Formula(TIMED)),
            (&["H"], Form::Formula(TIMED)),
            (&["b"], Form::Formula(TIMED)),
        ],
    ),
    filter(
        "curves",
        6,
        &[
            (
                &["preset"],
                Form::Words(&[
                    "none",
                    "color_negative",
                    "cross_process",
                    "darker",
                    "increase_contrast",
                    "lighter",
                    "linear_contrast",
                    "medium_contrast",
                    "negative",
                    "strong_contrast",
                    "vintage",
                ]),
            ),
            (&["master", "m"], Form::Points),
            (&["red", "r"], Form::Points),
            (&["green", "g"], Form::Points),
            (&["blue", "b"], Form::Points),
            (&["all"], Form::Points),
        ],
    ),
    filter(
        "colorbalance",
        9,
        &[
            (&["rs"], ONE),
            (&["gs"], ONE),
            (&["bs"], ONE),
            (&["rm"], ONE),
            (&["gm"], ONE),
            (&["bm"], ONE),
            (&["rh"], ONE),
            (&["gh"], ONE),
            (&["bh"], ONE),
            (&["pl"], SWITCH),
        ],
    ),
    filter(
        "colorchannelmixer",
        3,
        &[
            (&["rr"], TWO),
            (&["rg"], TWO),
            (&["rb"], TWO),
            (&["gr"], TWO),
            (&["gg"], TWO),
            (&["gb"], TWO),
            (&["br"], TWO),
            (&["bg"], TWO),
            (&["bb"], TWO),
        ],
    ),
    filter(
        "colorlevels",
        3,
        &[
            (&["rimin"], ONE),
            (&["gimin"], ONE),
            (&["bimin"], ONE),
            (&["rimax"], ONE),
            (&["gimax"], ONE),
            (&["bimax"], ONE),
            (&["romin"], PART),
            (&["gomin"], PART),
            (&["bomin"], PART),
            (&["romax"], PART),
            (&["gomax"], PART),
            (&["bomax"], PART),
        ],
    ),
    filter(
        "colortemperature",
        3,
        &[(&["temperature"], Form::Number(1000.0, 40_000.0)), (&["mix"], PART), (&["pl"], PART)],
    ),
    filter("exposure", 2, &[(&["exposure"], Form::Number(-3.0, 3.0)), (&["black"], ONE)]),
    filter(
        "vibrance",
        4,
        &[
            (&["intensity"], TWO),
            (&["rbal"], Form::Number(-10.0, 10.0)),
            (&["gbal"], Form::Number(-10.0, 10.0)),
            (&["bbal"], Form::Number(-10.0, 10.0)),
        ],
    ),
    filter(
        "colorize",
        4,
        &[
            (&["hue"], Form::Number(0.0, 360.0)),
            (&["saturation"], PART),
            (&["lightness"], PART),
            (&["mix"], PART),
        ],
    ),
    filter(
        "monochrome",
        4,
        &[(&["cb"], ONE), (&["cr"], ONE), (&["size"], Form::Number(0.1, 10.0)), (&["high"], PART)],
    ),
    filter(
        "huesaturation",
        3,
        &[
            (&["hue"], Form::Number(-180.0, 180.0)),
            (&["saturation"], ONE),
            (&["intensity"], ONE),
            (&["strength"], Form::Number(0.0, 100.0)),
        ],
    ),
    filter("negate", 0, &[]),
    // Sharpness.
    filter(
        "unsharp",
        6,
        &[
            (&["luma_msize_x", "lx"], Form::Whole(3, 21)),
            (&["luma_msize_y", "ly"], Form::Whole(3, 21)),
            (&["luma_amount", "la"], Form::Number(-2.0, 5.0)),
            (&["chroma_msize_x", "cx"], Form::Whole(3, 21)),
            (&["chroma_msize_y", "cy"], Form::Whole(3, 21)),
            (&["chroma_amount", "ca"], Form::Number(-2.0, 5.0)),
        ],
    ),
    filter(
        "gblur",
        4,
        &[
            (&["sigma"], Form::Number(0.0, 1024.0)),
            (&["steps"], Form::Whole(1, 6)),
            (&["planes"], PLANES),
            (&["sigmaV"], Form::Number(-1.0, 1024.0)),
        ],
    ),
    filter(
        "boxblur",
        4,
        &[
            (&["luma_radius", "lr"], Form::Whole(0, 1024)),
            (&["luma_power", "lp"], Form::Whole(0, 8)),
            (&["chroma_radius", "cr"], Form::Whole(0, 1024)),
            (&["chroma_power", "cp"], Form::Whole(-1, 8)),
        ],
    ),
    filter(
        "avgblur",
        3,
        &[(&["sizeX"], Form::Whole(1, 1024)), (&["planes"], PLANES), (&["sizeY"], Form::Whole(0, 1024))],
    ),
    filter("cas", 1, &[(&["strength"], PART)]),
    filter(
        "median",
        4,
        &[
            (&["radius"], Form::Whole(1, 32)),
            (&["planes"], PLANES),
            (&["radiusV"], Form::Whole(0, 32)),
            (&["percentile"], PART),
        ],
    ),
    filter("gradfun", 2, &[(&["strength"], Form::Number(0.51, 64.0)), (&["radius"], Form::Whole(4, 32))]),
    filter(
        "edgedetect",
        3,
        &[(&["high"], PART), (&["low"], PART), (&["mode"], Form::Words(&["wires", "colormix", "canny"]))],
    ),
    // Over time.
    around(
        "hqdn3d",
        4,
        &[
            (&["luma_spatial"], Form::Number(0.0, 1000.0)),
            (&["chroma_spatial"], Form::Number(0.0, 1000.0)),
            (&["luma_tmp"], Form::Number(0.0, 1000.0)),
            (&["chroma_tmp"], Form::Number(0.0, 1000.0)),
        ],
    ),
    around(
        "tmix",
        2,
        &[(&["frames"], Form::Whole(1, 128)), (&["weights"], Form::Numbers(128, ' ', -1000.0, 1000.0))],
    ),
    around("lagfun", 1, &[(&["decay"], PART)]),
    around(
        "fade",
        3,
        &[
            (&["type", "t"], Form::Words(&["in", "out"])),
            (&["start_frame", "s"], Form::Whole(0, 1_000_000)),
            (&["nb_frames", "n"], Form::Whole(1, 1_000_000)),
            (&["start_time", "st"], Form::Number(0.0, 86_400.0)),
            (&["duration", "d"], Form::Number(0.0, 86_400.0)),
            (&["color", "c"], Form::Colour),
        ],
    ),
    // Optics and shape.
    filter(
        "vignette",
        3,
        &[
            (&["angle", "a"], Form::Formula(&["w", "h"])),
            (&["x0"], Form::Formula(&["w", "h"])),
            (&["y0"], Form::Formula(&["w", "h"])),
            (&["mode"], Form::Words(&["forward", "backward"])),
        ],
    ),
    filter(
        "lenscorrection",
        4,
        &[
            (&["cx"], PART),
            (&["cy"], PART),
            (&["k1"], ONE),
            (&["k2"], ONE),
            (&["i"], Form::Words(&["nearest", "bilinear"])),
        ],
    ),
    filter(
        "perspective",
        8,
        &[
            (&["x0"], CORNER),
            (&["y0"], CORNER),
            (&["x1"], CORNER),
            (&["y1"], CORNER),
            (&["x2"], CORNER),
            (&["y2"], CORNER),
            (&["x3"], CORNER),
            (&["y3"], CORNER),
            (&["interpolation"], Form::Words(&["linear", "cubic"])),
            (&["sense"], Form::Words(&["source", "destination"])),
        ],
    ),
    filter(
        "chromashift",
        4,
        &[(&["cbh"], SHIFT), (&["cbv"], SHIFT), (&["crh"], SHIFT), (&["crv"], SHIFT), (&["edge"], EDGE)],
    ),
    filter(
        "rgbashift",
        6,
        &[
            (&["rh"], SHIFT),
            (&["rv"], SHIFT),
            (&["gh"], SHIFT),
            (&["gv"], SHIFT),
            (&["bh"], SHIFT),
            (&["bv"], SHIFT),
            (&["edge"], EDGE),
        ],
    ),
    filter("hflip", 0, &[]),
    filter("vflip", 0, &[]),
    filter(
        "transpose",
        1,
        &[(&["dir"], Form::Words(&["0", "1", "2", "3", "cclock_flip", "clock", "cclock", "clock_flip"]))],
    ),
    around(
        "rotate",
        1,
        &[
            (&["angle", "a"], Form::Formula(&["in_w", "iw", "in_h", "ih", "n", "t", "hsub", "vsub"])),
            (&["fillcolor", "c"], Form::Colour),
            (&["bilinear"], SWITCH),
        ],
    ),
    filter(
        "crop",
        4,
        &[
            (&["out_w", "w"], Form::Formula(IN_SIZE)),
            (&["out_h", "h"], Form::Formula(IN_SIZE)),
            (&["x"], Form::Formula(IN_SIZE)),
            (&["y"], Form::Formula(IN_SIZE)),
            (&["exact"], SWITCH),
        ],
    ),
    filter(
        "pad",
        5,
        &[
            (&["width", "w"], Form::Formula(IN_SIZE)),
            (&["height", "h"], Form::Formula(IN_SIZE)),
            (&["x"], Form::Formula(IN_SIZE)),
            (&["y"], Form::Formula(IN_SIZE)),
            (&["color"], Form::Colour),
        ],
    ),
    Allowed {
        name: "scale",
        by_place: 2,
        choices: &[
            (&["w", "width"], SIDE),
            (&["h", "height"], SIDE),
            (
                &["flags"],
                Form::Words(&["bilinear", "bicubic", "neighbor", "area", "gauss", "lanczos", "spline"]),
            ),
        ],
        looks_around: false,
        always: &[("in_color_matrix", "bt709"), ("out_color_matrix", "bt709")],
    },
    // Drawing.
    filter(
        "drawbox",
        4,
        &[
            (&["x"], Form::Formula(BOX)),
            (&["y"], Form::Formula(BOX)),
            (&["width", "w"], Form::Formula(BOX)),
            (&["height", "h"], Form::Formula(BOX)),
            (&["color", "c"], Form::Colour),
            (&["thickness", "t"], Form::Formula(BOX)),
        ],
    ),
    filter(
        "drawgrid",
        4,
        &[
            (&["x"], Form::Formula(BOX)),
            (&["y"], Form::Formula(BOX)),
            (&["width", "w"], Form::Formula(BOX)),
            (&["height", "h"], Form::Formula(BOX)),
            (&["color", "c"], Form::Colour),
            (&["thickness", "t"], Form::Formula(BOX)),
        ],
    ),
];
