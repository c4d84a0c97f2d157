//! What one can carry, hold or play.

use crate::paint::{Motion, PaintCx, SubjectKind};
use crate::subjects::canvas::Canvas;
use crate::subjects::colour::{Words, hex};
use crate::subjects::shape::Shape;
use crate::subjects::sketch::Sketch;
use std::f32::consts::TAU;

const THING: SubjectKind = SubjectKind::Thing;

/// The letter.
pub static LETTER: Sketch = Sketch::new(
    "letter",
    &["letter", "envelope", "note", "postcard", "telegram", "message"],
    THING,
    (-0.17, -0.01, 0.17, 0.24),
    letter,
);
/// The book.
pub static BOOK: Sketch = Sketch::new(
    "book",
    &["book", "notebook", "diary", "logbook", "journal"],
    THING,
    (-0.22, -0.01, 0.22, 0.17),
    book,
);
/// The map.
pub static MAP: Sketch =
    Sketch::new("map", &["map", "chart", "scroll", "newspaper"], THING, (-0.42, -0.01, 0.42, 0.58), map);
/// The telescope.
pub static TELESCOPE: Sketch = Sketch::new(
    "telescope",
    &["telescope", "spyglass", "binocular"],
    THING,
    (-0.6, -0.02, 0.75, 1.55),
    telescope,
);
/// The radio.
pub static RADIO: Sketch =
    Sketch::new("radio", &["radio", "wireless", "television"], THING, (-0.27, -0.01, 0.27, 0.36), radio);
/// The cello.
pub static CELLO: Sketch = Sketch::new(
    "cello",
    &["cello", "violin", "double bass", "viola", "guitar"],
    THING,
    (-0.3, -0.02, 0.3, 1.35),
    cello,
);
/// The kettle.
pub static KETTLE: Sketch = Sketch::new(
    "kettle",
    &["kettle", "teapot", "coffee pot", "pot"],
    THING,
    (-0.22, -0.01, 0.22, 0.34),
    kettle,
);
/// The cup.
pub static CUP: Sketch =
    Sketch::new("cup", &["cup", "mug", "teacup", "coffee", "tea"], THING, (-0.1, -0.01, 0.1, 0.22), cup)
        .moving(&[(Motion::Idle, 12)]);
/// The bottle.
pub static BOTTLE: Sketch =
    Sketch::new("bottle", &["bottle", "vase", "jar"], THING, (-0.09, -0.01, 0.09, 0.36), bottle);
/// The suitcase.
pub static SUITCASE: Sketch = Sketch::new(
    "suitcase",
    &["suitcase", "bag", "trunk", "briefcase", "luggage", "valise"],
    THING,
    (-0.4, -0.02, 0.4, 0.6),
    suitcase,
);
/// The umbrella.
pub static UMBRELLA: Sketch =
    Sketch::new("umbrella", &["umbrella", "parasol"], THING, (-0.62, -0.02, 0.62, 1.05), umbrella);
/// The rope.
pub static ROPE: Sketch =
    Sketch::new("rope", &["rope", "coil", "fishing net", "net"], THING, (-0.36, -0.02, 0.36, 0.3), rope);
/// The anchor.
pub static ANCHOR: Sketch = Sketch::new("anchor", &["anchor"], THING, (-0.55, -0.03, 0.55, 1.3), anchor);
/// The barrel.
pub static BARREL: Sketch =
    Sketch::new("barrel", &["barrel", "cask", "keg", "bucket"], THING, (-0.4, -0.02, 0.4, 0.95), barrel);
/// The crate.
pub static CRATE: Sketch =
    Sketch::new("crate", &["crate", "box", "chest", "parcel"], THING, (-0.4, -0.02, 0.4, 0.7), crate_);
/// The basket.
pub static BASKET: Sketch =
    Sketch::new("basket", &["basket", "hamper"], THING, (-0.34, -0.02, 0.34, 0.62), basket);
/// The ladder.
pub static LADDER: Sketch = Sketch::new("ladder", &["ladder"], THING, (-0.32, -0.02, 0.32, 3.1), ladder);
/// The telephone.
pub static PHONE: Sketch =
    Sketch::new("telephone", &["telephone", "phone"], THING, (-0.2, -0.01, 0.2, 0.27), phone);
/// The gramophone.
pub static GRAMOPHONE: Sketch = Sketch::new(
    "gramophone",
    &["gramophone", "record player", "phonograph"],
    THING,
    (-0.38, -0.01, 0.45, 0.78),
    gramophone,
);

fn letter(cv: &mut Canvas<'_>, _cx: &PaintCx<'_>, words: &Words) {
    let paper = words.colour_or(hex(0xf1e7cf));
    cv.form_soft(&Shape::rect(-0.155, 0.0, 0.31, 0.215), paper, 0.15);
    cv.flat(&Shape::poly(&[(-0.155, 0.215), (0.0, 0.085), (0.155, 0.215)]), paper.darker(0.08), 0.7);
    for s in [-1.0, 1.0] {
        cv.raw_stroke(
            &Shape::line(&[(0.155 * s, 0.0), (0.03 * s, 0.11)]),
            0.004,
            cv.lit(paper.darker(0.35), 0.5),
            0.7,
        );
    }
    cv.raw_stroke(
        &Shape::line(&[(-0.155, 0.215), (0.0, 0.085), (0.155, 0.215)]),
        0.005,
        cv.lit(paper.darker(0.4), 0.5),
        0.8,
    );
    cv.form(&Shape::oval(0.0, 0.095, 0.032, 0.031), hex(0xa8322f));
    cv.raw_stroke(&Shape::arc(0.0, 0.095, 0.018, 0.017, 0.0, 1.0), 0.005, cv.lit(hex(0x6f1d20), 0.6), 0.8);
}

fn book(cv: &mut Canvas<'_>, _cx: &PaintCx<'_>, words: &Words) {
    let cover = words.colour_or(hex(0x7d3a35));
    cv.flat(&Shape::poly(&[(-0.21, 0.0), (0.21, 0.0), (0.2, 0.03), (-0.2, 0.03)]), cover, 0.6);
    for s in [-1.0_f32, 1.0] {
        let page = Shape::runs(&[
            &[(0.0, 0.03), (0.09 * s, 0.055), (0.2 * s, 0.03)],
            &[(0.2 * s, 0.03), (0.18 * s, 0.13)],
            &[(0.18 * s, 0.13), (0.09 * s, 0.15), (0.0, 0.12)],
        ]);
        cv.flat(&page, hex(0xf4ecd8), if s < 0.0 { 0.95 } else { 0.7 });
        for i in 0..5 {
            let y = 0.06 + 0.015 * i as f32;
            cv.raw_stroke(
                &Shape::curve(&[(0.025 * s, y - 0.004), (0.09 * s, y + 0.012), (0.165 * s, y)]),
                0.003,
                hex(0x5a524c),
                0.55,
            );
        }
    }
}

fn map(cv: &mut Canvas<'_>, _cx: &PaintCx<'_>, words: &Words) {
    let paper = words.tint_or(hex(0xe6d2a2));
    let sheet = Shape::poly(&[
        (-0.4, 0.02),
        (-0.2, 0.0),
        (0.0, 0.02),
        (0.2, 0.0),
        (0.4, 0.02),
        (0.39, 0.55),
        (0.2, 0.53),
        (0.0, 0.55),
        (-0.2, 0.53),
        (-0.39, 0.55),
    ]);
    cv.form_soft(&sheet, paper, 0.2);
    cv.within(&sheet, |cv| {
        cv.flat(
            &Shape::blob(&[
                (-0.3, 0.15),
                (-0.34, 0.4),
                (-0.1, 0.48),
                (0.05, 0.36),
                (0.0, 0.18),
                (-0.14, 0.1),
            ]),
            hex(0x9aa66e),
            0.8,
        );
        cv.flat(&Shape::blob(&[(0.15, 0.3), (0.3, 0.42), (0.34, 0.2), (0.2, 0.1)]), hex(0x9aa66e), 0.8);
        for x in [-0.2, 0.2] {
            cv.shade(&Shape::rect(x - 0.2, 0.0, 0.2, 0.6), 0.07);
        }
        for i in 0..8 {
            let k = i as f32 / 7.0;
            let (x, y) = (-0.22 + 0.48 * k, 0.24 + 0.1 * (k * 5.0).sin());
            cv.flat(&Shape::oval(x, y, 0.011, 0.008), hex(0xa23a30), 0.8);
        }
        for s in [-1.0, 1.0] {
            cv.stroke(
                &Shape::line(&[(0.25 - 0.025 * s, 0.2), (0.25 + 0.025 * s, 0.25)]),
                0.013,
                hex(0xa23a30),
                0.8,
            );
        }
    });
}

fn telescope(cv: &mut Canvas<'_>, _cx: &PaintCx<'_>, words: &Words) {
    let brass = words.colour_or(hex(0xc3963f));
    for to in [(-0.42, 0.0), (0.1, 0.0), (0.42, 0.0)] {
        cv.stroke(&Shape::line(&[(0.0, 0.95), to]), 0.045, hex(0x76543a), 0.7);
    }
    cv.form(&Shape::oval(0.0, 0.97, 0.075, 0.075), brass.darker(0.2));
    cv.at(0.0, 1.08, 0.38, 1.0, |cv| {
        for (x0, x1, r) in [(-0.55, -0.2, 0.045), (-0.24, 0.2, 0.062), (0.16, 0.66, 0.082)] {
            cv.wash(
                &Shape::rect(x0, -r, x1 - x0, 2.0 * r),
                ((x0, r), cv.lit(brass.lighter(0.35), 1.0), 1.0),
                ((x0, -r), cv.lit(brass.darker(0.35), 0.1), 1.0),
            );
            cv.flat(&Shape::rect(x1 - 0.035, -r - 0.01, 0.045, 2.0 * r + 0.02), brass.darker(0.1), 0.7);
        }
    });
}

fn radio(cv: &mut Canvas<'_>, _cx: &PaintCx<'_>, words: &Words) {
    let w = words.colour_or(hex(0x86573a));
    cv.form_soft(&Shape::round(-0.26, 0.0, 0.52, 0.34, 0.1), w, 0.1);
    cv.flat(&Shape::oval(-0.09, 0.18, 0.115, 0.115), hex(0xcfb98c), 0.75);
    for i in 0..6 {
        let y = 0.1 + 0.033 * i as f32;
        cv.raw_stroke(&Shape::line(&[(-0.18, y), (0.0, y)]), 0.008, hex(0x4a3527), 0.7);
    }
    let dial = Shape::round(0.06, 0.19, 0.15, 0.08, 0.02);
    if cv.light().night {
        cv.raw(&dial, hex(0xffd98f), 1.0)
    } else {
        cv.flat(&dial, hex(0xf0e2bd), 0.9)
    }
    cv.stroke(&Shape::line(&[(0.12, 0.2), (0.13, 0.26)]), 0.006, hex(0xb03930), 0.8);
    for x in [0.09, 0.18] {
        cv.form(&Shape::oval(x, 0.1, 0.032, 0.032), hex(0xe9dcc0));
    }
}

fn cello(cv: &mut Canvas<'_>, _cx: &PaintCx<'_>, words: &Words) {
    let w = words.colour_or(hex(0x9a5126));
    cv.stroke(&Shape::line(&[(0.0, 0.1), (0.0, 0.0)]), 0.014, hex(0x8a8d90), 0.7);
    let body = Shape::blob(&[
        (0.0, 0.08),
        (-0.19, 0.13),
        (-0.235, 0.28),
        (-0.14, 0.42),
        (-0.15, 0.5),
        (-0.2, 0.62),
        (-0.12, 0.76),
        (0.0, 0.8),
        (0.12, 0.76),
        (0.2, 0.62),
        (0.15, 0.5),
        (0.14, 0.42),
        (0.235, 0.28),
        (0.19, 0.13),
    ]);
    cv.form_soft(&body, w, 0.12);
    cv.within(&body, |cv| {
        cv.shine(&Shape::blob(&[(-0.17, 0.2), (-0.19, 0.3), (-0.13, 0.36), (-0.13, 0.24)]), 0.25)
    });
    for s in [-1.0_f32, 1.0] {
        cv.stroke(
            &Shape::curve(&[(0.1 * s, 0.5), (0.085 * s, 0.45), (0.115 * s, 0.38), (0.1 * s, 0.33)]),
            0.013,
            hex(0x2c1712),
            0.4,
        );
    }
    cv.column(&Shape::poly(&[(-0.026, 0.55), (0.026, 0.55), (0.017, 1.16), (-0.017, 1.16)]), hex(0x2b2120));
    cv.form(&Shape::poly(&[(-0.022, 0.36), (0.022, 0.36), (0.034, 0.14), (-0.034, 0.14)]), hex(0x2b2120));
    cv.flat(&Shape::poly(&[(-0.05, 0.38), (0.05, 0.38), (0.03, 0.42), (-0.03, 0.42)]), hex(0xd9b78a), 0.8);
    for x in [-0.012, -0.004, 0.004, 0.012] {
        cv.raw_stroke(&Shape::line(&[(x * 1.6, 0.36), (x, 1.17)]), 0.003, hex(0xe9e4da), 0.7);
    }
    cv.form(
        &Shape::blob(&[
            (-0.022, 1.14),
            (-0.03, 1.24),
            (-0.012, 1.31),
            (0.02, 1.3),
            (0.03, 1.24),
            (0.022, 1.14),
        ]),
        w.darker(0.1),
    );
    for (s, y) in [(-1.0, 1.19), (1.0, 1.19), (-1.0, 1.25), (1.0, 1.25)] {
        cv.stroke(&Shape::line(&[(0.02 * s, y), (0.065 * s, y + 0.01)]), 0.014, hex(0x2b2120), 0.6);
    }
}

fn kettle(cv: &mut Canvas<'_>, _cx: &PaintCx<'_>, words: &Words) {
    let c = words.colour_or(hex(0x3f7077));
    cv.stroke(&Shape::arc(0.0, 0.2, 0.11, 0.115, 0.0, 0.5), 0.022, hex(0x2d2a2c), 0.6);
    cv.form(&Shape::poly(&[(0.09, 0.09), (0.2, 0.2), (0.175, 0.215), (0.08, 0.15)]), c);
    cv.form_soft(
        &Shape::blob(&[
            (-0.15, 0.0),
            (-0.165, 0.09),
            (-0.1, 0.19),
            (0.0, 0.215),
            (0.1, 0.19),
            (0.165, 0.09),
            (0.15, 0.0),
            (0.0, -0.005),
        ]),
        c,
        0.1,
    );
    cv.form(&Shape::round(-0.075, 0.195, 0.15, 0.03, 0.014), c.darker(0.2));
    cv.form(&Shape::oval(0.0, 0.238, 0.02, 0.02), hex(0x2d2a2c));
    cv.shine(&Shape::blob(&[(-0.12, 0.06), (-0.125, 0.11), (-0.09, 0.15), (-0.09, 0.09)]), 0.4);
}

fn cup(cv: &mut Canvas<'_>, cx: &PaintCx<'_>, words: &Words) {
    let c = words.colour_or(hex(0xe9e0cd));
    for (k, x) in [(0.0, -0.018), (0.5, 0.014)] {
        let t = (cx.cycle() + k) * TAU;
        let steam = [
            (x, 0.1),
            (x + 0.014 * t.sin(), 0.14),
            (x - 0.014 * (t + 1.0).sin(), 0.18),
            (x + 0.01 * t.cos(), 0.21),
        ];
        cv.raw_stroke(&Shape::curve(&steam), 0.012, cv.lit(hex(0xf3efe8), 0.9), 0.3);
    }
    cv.stroke(&Shape::arc(0.052, 0.05, 0.026, 0.026, 0.75, 1.25), 0.012, c.darker(0.08), 0.6);
    cv.column(&Shape::poly(&[(-0.055, 0.09), (0.055, 0.09), (0.04, 0.0), (-0.04, 0.0)]), c);
    cv.flat(&Shape::oval(0.0, 0.09, 0.055, 0.012), c.lighter(0.3), 0.9);
    cv.flat(&Shape::oval(0.0, 0.088, 0.047, 0.009), hex(0x5d3a24), 0.7);
}

fn bottle(cv: &mut Canvas<'_>, _cx: &PaintCx<'_>, words: &Words) {
    let c = words.colour_or(hex(0x3f6f55));
    cv.column(&Shape::round(-0.02, 0.3, 0.04, 0.045, 0.006), hex(0xb08a5c));
    cv.column(
        &Shape::blob(&[
            (-0.018, 0.315),
            (-0.02, 0.24),
            (-0.052, 0.18),
            (-0.056, 0.02),
            (-0.03, 0.0),
            (0.03, 0.0),
            (0.056, 0.02),
            (0.052, 0.18),
            (0.02, 0.24),
            (0.018, 0.315),
        ]),
        c,
    );
    cv.flat(&Shape::rect(-0.053, 0.06, 0.106, 0.075), hex(0xefe5cb), 0.8);
    cv.shine(&Shape::limb(&[(-0.036, 0.05, 0.005), (-0.038, 0.17, 0.005)]), 0.5);
}

fn suitcase(cv: &mut Canvas<'_>, _cx: &PaintCx<'_>, words: &Words) {
    let c = words.colour_or(hex(0x85522f));
    cv.stroke(&Shape::arc(0.0, 0.48, 0.1, 0.085, 0.0, 0.5), 0.03, c.darker(0.45), 0.6);
    let body = Shape::round(-0.39, 0.0, 0.78, 0.5, 0.05);
    cv.form_soft(&body, c, 0.12);
    for x in [-0.26, 0.2] {
        cv.flat(&Shape::rect(x, 0.0, 0.06, 0.5), c.darker(0.35), 0.6);
        cv.flat(&Shape::rect(x - 0.005, 0.33, 0.07, 0.06), hex(0xcba653), 0.9);
    }
    for (x, y) in [(-0.39, 0.0), (0.31, 0.0), (-0.39, 0.42), (0.31, 0.42)] {
        cv.flat(&Shape::round(x, y, 0.08, 0.08, 0.03), c.darker(0.3), 0.6);
    }
    cv.raw_stroke(&Shape::line(&[(-0.39, 0.3), (0.39, 0.3)]), 0.008, cv.lit(c.darker(0.5), 0.4), 0.7);
}

fn umbrella(cv: &mut Canvas<'_>, _cx: &PaintCx<'_>, words: &Words) {
    let c = words.colour_or(hex(0xb23c3c));
    cv.stroke(&Shape::curve(&[(0.0, 1.0), (0.0, 0.1), (0.04, 0.02), (0.1, 0.06)]), 0.022, hex(0x4a3628), 0.7);
    let y = 0.6;
    let canopy = Shape::runs(&[
        &[(-0.6, y), (-0.42, y + 0.25), (0.0, y + 0.38), (0.42, y + 0.25), (0.6, y)],
        &[(0.6, y), (0.4, y + 0.06), (0.2, y)],
        &[(0.2, y), (0.0, y + 0.06), (-0.2, y)],
        &[(-0.2, y), (-0.4, y + 0.06), (-0.6, y)],
    ]);
    cv.form(&canopy, c);
    for x in [-0.2, 0.2] {
        cv.raw_stroke(
            &Shape::curve(&[(x, y), (x * 0.85, y + 0.22), (0.0, y + 0.38)]),
            0.008,
            cv.lit(c.darker(0.4), 0.5),
            0.6,
        );
    }
}

fn rope(cv: &mut Canvas<'_>, _cx: &PaintCx<'_>, words: &Words) {
    let c = words.tint_or(hex(0xc4a877));
    for (i, y) in [0.04, 0.1, 0.16].into_iter().enumerate() {
        let r = 0.3 - 0.03 * i as f32;
        cv.stroke(&Shape::arc(0.0, y, r, 0.085, 0.0, 1.0), 0.055, c, if i == 2 { 0.9 } else { 0.5 });
        for k in 0..20 {
            let a = k as f32 / 20.0 * TAU;
            let (x, yy) = (r * a.cos(), y + 0.085 * a.sin());
            cv.raw_stroke(
                &Shape::line(&[(x - 0.012, yy - 0.018), (x + 0.012, yy + 0.018)]),
                0.007,
                cv.lit(c.darker(0.4), 0.4),
                0.6,
            );
        }
    }
    cv.stroke(&Shape::curve(&[(0.2, 0.12), (0.32, 0.06), (0.34, 0.01)]), 0.05, c, 0.7);
}

fn anchor(cv: &mut Canvas<'_>, _cx: &PaintCx<'_>, words: &Words) {
    let c = words.colour_or(hex(0x4a525c));
    cv.stroke(&Shape::arc(0.0, 1.17, 0.075, 0.075, 0.0, 1.0), 0.045, c, 0.7);
    cv.column(&Shape::poly(&[(-0.045, 1.1), (0.045, 1.1), (0.06, 0.08), (-0.06, 0.08)]), c);
    cv.form(&Shape::round(-0.3, 0.92, 0.6, 0.08, 0.04), c);
    cv.stroke(
        &Shape::curve(&[(-0.43, 0.42), (-0.33, 0.16), (0.0, 0.05), (0.33, 0.16), (0.43, 0.42)]),
        0.1,
        c,
        0.6,
    );
    for s in [-1.0, 1.0] {
        cv.form(&Shape::poly(&[(0.53 * s, 0.36), (0.46 * s, 0.58), (0.3 * s, 0.4)]), c.lighter(0.06));
    }
}

fn barrel(cv: &mut Canvas<'_>, _cx: &PaintCx<'_>, words: &Words) {
    let w = words.colour_or(hex(0x8c623c));
    let body = Shape::runs(&[
        &[(-0.28, 0.0), (-0.37, 0.45), (-0.28, 0.9)],
        &[(-0.28, 0.9), (0.28, 0.9)],
        &[(0.28, 0.9), (0.37, 0.45), (0.28, 0.0)],
    ]);
    cv.column(&body, w);
    cv.within(&body, |cv| {
        for x in [-0.22, -0.11, 0.0, 0.11, 0.22] {
            cv.raw_stroke(
                &Shape::curve(&[(x * 0.9, 0.0), (x * 1.25, 0.45), (x * 0.9, 0.9)]),
                0.01,
                hex(0x2a1b12),
                0.5,
            );
        }
        for y in [0.08, 0.24, 0.62, 0.78] {
            cv.column(&Shape::rect(-0.4, y, 0.8, 0.055), hex(0x4c4e54));
        }
    });
    cv.flat(&Shape::oval(0.0, 0.9, 0.28, 0.045), w.lighter(0.15), 0.9);
}

fn crate_(cv: &mut Canvas<'_>, _cx: &PaintCx<'_>, words: &Words) {
    let w = words.colour_or(hex(0xa67c4f));
    cv.form_soft(&Shape::rect(-0.38, 0.0, 0.76, 0.66), w.darker(0.06), 0.12);
    for i in 0..4 {
        let y = 0.165 * i as f32;
        cv.raw_stroke(&Shape::line(&[(-0.38, y), (0.38, y)]), 0.012, hex(0x2a1b12), 0.55);
    }
    for line in [
        [(-0.33, 0.04), (0.33, 0.62)],
        [(-0.34, 0.0), (-0.34, 0.66)],
        [(0.34, 0.0), (0.34, 0.66)],
        [(-0.38, 0.62), (0.38, 0.62)],
        [(-0.38, 0.04), (0.38, 0.04)],
    ] {
        cv.stroke(&Shape::line(&line), 0.075, w.lighter(0.1), 0.75);
    }
    for (x, y) in [(-0.34, 0.04), (0.34, 0.04), (-0.34, 0.62), (0.34, 0.62)] {
        cv.flat(&Shape::oval(x, y, 0.013, 0.013), hex(0x3a3230), 0.6);
    }
}

fn basket(cv: &mut Canvas<'_>, _cx: &PaintCx<'_>, words: &Words) {
    let c = words.colour_or(hex(0xb58a4e));
    cv.stroke(&Shape::arc(0.0, 0.3, 0.25, 0.29, 0.0, 0.5), 0.032, c.darker(0.25), 0.6);
    let body = Shape::runs(&[
        &[(-0.32, 0.31), (0.32, 0.31)],
        &[(0.32, 0.31), (0.29, 0.12), (0.24, 0.0)],
        &[(0.24, 0.0), (-0.24, 0.0)],
        &[(-0.24, 0.0), (-0.29, 0.12), (-0.32, 0.31)],
    ]);
    cv.form_soft(&body, c, 0.1);
    cv.within(&body, |cv| {
        for row in 0..6 {
            let y = 0.02 + 0.05 * row as f32;
            for k in 0..9 {
                // The weave: each cane passes before one stake and behind the next.
                let x = -0.34 + 0.085 * k as f32 + if row % 2 == 0 { 0.0 } else { 0.042 };
                cv.stroke(
                    &Shape::curve(&[(x, y), (x + 0.03, y + 0.014), (x + 0.06, y)]),
                    0.026,
                    c.lighter(0.12),
                    0.7,
                );
                cv.raw_stroke(
                    &Shape::line(&[(x, y - 0.024), (x + 0.06, y - 0.024)]),
                    0.007,
                    c.darker(0.6),
                    0.5,
                );
            }
        }
    });
    cv.stroke(&Shape::line(&[(-0.32, 0.31), (0.32, 0.31)]), 0.05, c.lighter(0.18), 0.85);
}

fn ladder(cv: &mut Canvas<'_>, _cx: &PaintCx<'_>, words: &Words) {
    let w = words.colour_or(hex(0xa5804f));
    for i in 0..10 {
        let y = 0.25 + 0.29 * i as f32;
        cv.stroke(&Shape::line(&[(-0.24, y), (0.24, y)]), 0.045, w.darker(0.1), 0.6);
    }
    for x in [-0.25, 0.25] {
        cv.column(
            &Shape::poly(&[
                (x - 0.035, 0.0),
                (x + 0.035, 0.0),
                (x * 0.9 + 0.03, 3.08),
                (x * 0.9 - 0.03, 3.08),
            ]),
            w,
        );
    }
}

fn phone(cv: &mut Canvas<'_>, _cx: &PaintCx<'_>, words: &Words) {
    let c = words.colour_or(hex(0x2d2d33));
    cv.form_soft(
        &Shape::blob(&[
            (-0.16, 0.0),
            (-0.13, 0.1),
            (-0.07, 0.17),
            (0.07, 0.17),
            (0.13, 0.1),
            (0.16, 0.0),
            (0.0, -0.005),
        ]),
        c,
        0.1,
    );
    cv.flat(&Shape::oval(0.0, 0.085, 0.062, 0.06), hex(0xe6dcc6), 0.85);
    for i in 0..9 {
        let a = i as f32 / 10.0 * TAU + 0.5;
        cv.flat(&Shape::oval(0.043 * a.cos(), 0.085 + 0.041 * a.sin(), 0.009, 0.009), c, 0.5);
    }
    let set = Shape::runs(&[
        &[(-0.19, 0.17), (-0.17, 0.235), (0.0, 0.25), (0.17, 0.235), (0.19, 0.17)],
        &[(0.19, 0.17), (0.11, 0.17)],
        &[(0.11, 0.17), (0.08, 0.21), (-0.08, 0.21), (-0.11, 0.17)],
    ]);
    cv.form(&set, c.lighter(0.08));
}

fn gramophone(cv: &mut Canvas<'_>, _cx: &PaintCx<'_>, words: &Words) {
    let w = words.colour_of(&["box", "wooden"]).unwrap_or(hex(0x774b30));
    let brass = words.colour_of(&["horn"]).unwrap_or(hex(0xcb9c44));
    cv.form_soft(&Shape::round(-0.3, 0.0, 0.56, 0.2, 0.02), w, 0.1);
    cv.flat(&Shape::rect(-0.33, 0.185, 0.62, 0.03), w.lighter(0.12), 0.85);
    cv.flat(&Shape::oval(-0.03, 0.225, 0.24, 0.03), hex(0x242327), 0.6);
    cv.flat(&Shape::oval(-0.03, 0.227, 0.07, 0.01), hex(0xb5433b), 0.8);
    cv.stroke(&Shape::curve(&[(-0.24, 0.24), (-0.27, 0.36), (-0.15, 0.42)]), 0.03, brass, 0.7);
    let horn = Shape::runs(&[
        &[(-0.17, 0.41), (0.0, 0.47), (0.17, 0.59), (0.42, 0.765)],
        &[(0.42, 0.765), (0.18, 0.415)],
        &[(0.18, 0.415), (0.05, 0.39), (-0.15, 0.375)],
    ]);
    cv.form_soft(&horn, brass, 0.1);
    let mouth = Shape::oval(0.0, 0.0, 0.1, 0.21).placed(0.3, 0.59, -0.62, 1.0);
    cv.flat(&mouth, brass.darker(0.35), 0.35);
    cv.stroke(
        &Shape::arc(0.0, 0.0, 0.1, 0.21, 0.0, 1.0).placed(0.3, 0.59, -0.62, 1.0),
        0.016,
        brass.lighter(0.3),
        0.95,
    );
}
