//! What swims, and what flutters.

use crate::paint::{Motion, PaintCx, SubjectKind};
use crate::subjects::canvas::Canvas;
use crate::subjects::colour::{Words, hex};
use crate::subjects::shape::Shape;
use crate::subjects::sketch::Sketch;
use std::f32::consts::TAU;

const SWIMS: &[(Motion, u32)] = &[(Motion::Swim, 12), (Motion::Idle, 12)];

/// The fish.
pub static FISH: Sketch = Sketch::new(
    "fish",
    &["fish", "herring", "trout", "salmon", "goldfish", "carp"],
    SubjectKind::Creature,
    (-0.36, -0.2, 0.34, 0.2),
    fish,
)
.moving(SWIMS)
.floating();
/// The whale.
pub static WHALE: Sketch =
    Sketch::new("whale", &["whale"], SubjectKind::Creature, (-8.5, -2.6, 8.0, 5.2), whale)
        .moving(SWIMS)
        .floating();
/// The dolphin.
pub static DOLPHIN: Sketch = Sketch::new(
    "dolphin",
    &["dolphin", "porpoise", "shark", "seal"],
    SubjectKind::Creature,
    (-1.5, -0.8, 1.4, 0.9),
    dolphin,
)
.moving(SWIMS)
.floating();
/// The butterfly.
pub static BUTTERFLY: Sketch = Sketch::new(
    "butterfly",
    &["butterfly", "moth", "bee", "dragonfly"],
    SubjectKind::Flyer,
    (-0.1, -0.09, 0.1, 0.11),
    butterfly,
)
.moving(&[(Motion::Fly, 8), (Motion::Idle, 8)]);
/// The duck.
pub static DUCK: Sketch =
    Sketch::new("duck", &["duck", "swan", "goose"], SubjectKind::Creature, (-0.42, -0.12, 0.42, 0.72), duck)
        .moving(SWIMS)
        .floating();
/// The crab.
pub static CRAB: Sketch =
    Sketch::new("crab", &["crab", "lobster"], SubjectKind::Creature, (-0.24, -0.02, 0.24, 0.22), crab)
        .moving(&[(Motion::Walk, 8), (Motion::Idle, 8)]);

fn fish(cv: &mut Canvas<'_>, cx: &PaintCx<'_>, words: &Words) {
    let c = words.tint_or(if words.has(&["goldfish", "carp"]) { hex(0xdd7a33) } else { hex(0x6f93a3) });
    let wag = 0.05 * (cx.cycle() * TAU).sin();
    cv.form(
        &Shape::blob(&[(-0.17, 0.0), (-0.33, 0.12 + wag), (-0.27, wag), (-0.33, -0.12 + wag)]),
        c.darker(0.15),
    );
    cv.flat(&Shape::blob(&[(-0.1, 0.08), (0.02, 0.17), (0.1, 0.1)]), c.darker(0.2), 0.6);
    let body = Shape::blob(&[
        (0.3, 0.0),
        (0.18, 0.09),
        (0.02, 0.115),
        (-0.12, 0.07),
        (-0.21, wag * 0.3),
        (-0.12, -0.07),
        (0.02, -0.11),
        (0.18, -0.085),
    ]);
    cv.form_soft(&body, c, 0.12);
    cv.within(&body, |cv| {
        cv.flat(
            &Shape::blob(&[(-0.2, -0.05), (0.0, -0.03), (0.3, -0.04), (0.2, -0.2), (-0.2, -0.2)]),
            c.lighter(0.5),
            0.6,
        );
        for i in 0..5 {
            for j in 0..3 {
                cv.raw_stroke(
                    &Shape::arc(-0.12 + 0.055 * i as f32, -0.03 + 0.04 * j as f32, 0.025, 0.022, 0.75, 1.25),
                    0.006,
                    cv.lit(c.darker(0.3), 0.5),
                    0.5,
                );
            }
        }
        cv.raw_stroke(
            &Shape::curve(&[(0.17, 0.08), (0.145, 0.0), (0.17, -0.08)]),
            0.01,
            cv.lit(c.darker(0.4), 0.4),
            0.6,
        );
    });
    cv.form(&Shape::blob(&[(0.09, -0.03), (-0.02, -0.09), (0.02, -0.02)]), c.darker(0.2));
    cv.flat(&Shape::oval(0.22, 0.02, 0.022, 0.022), hex(0xf3ecd9), 0.95);
    cv.flat(&Shape::oval(0.225, 0.02, 0.011, 0.012), hex(0x17141a), 0.6);
}

fn whale(cv: &mut Canvas<'_>, cx: &PaintCx<'_>, words: &Words) {
    let c = words.tint_or(hex(0x47606f));
    let t = cx.cycle() * TAU;
    let wag = 0.5 * t.sin();
    let spout = cx.cycle();
    for (s, x) in [(-1.0, 4.2), (1.0, 4.2)] {
        let jet = [
            (x, 1.7),
            (x + 0.3 * s, 3.4),
            (x + 1.1 * s, 4.5 - 0.5 * spout),
            (x + 1.8 * s, 3.6 - 1.2 * spout),
        ];
        cv.raw_stroke(&Shape::curve(&jet), 0.32, cv.lit(hex(0xeaf1f1), 0.9), 0.65 * (1.0 - spout * 0.6));
    }
    cv.form(
        &Shape::blob(&[
            (-6.2, 0.6 + wag * 0.6),
            (-8.2, 2.4 + wag),
            (-7.4, 1.2 + wag),
            (-8.3, 0.3 + wag),
            (-6.6, 0.2 + wag * 0.6),
        ]),
        c.darker(0.1),
    );
    let body = Shape::blob(&[
        (7.4, 0.1),
        (6.6, 1.4),
        (4.2, 2.0),
        (0.5, 1.9),
        (-3.4, 1.1),
        (-6.5, 0.7 + wag * 0.6),
        (-6.4, 0.1 + wag * 0.6),
        (-3.0, -0.9),
        (1.0, -2.0),
        (5.0, -2.0),
        (7.0, -1.0),
    ]);
    cv.form_soft(&body, c, 0.12);
    cv.within(&body, |cv| {
        cv.flat(
            &Shape::blob(&[(8.0, -0.6), (5.0, -0.7), (1.0, -1.3), (-3.0, -0.8), (-2.0, -3.0), (6.0, -3.2)]),
            hex(0xd9d8cf),
            0.5,
        );
        for i in 0..6 {
            let y = -0.95 - 0.2 * i as f32;
            cv.raw_stroke(
                &Shape::curve(&[(7.2, y + 0.1), (4.0, y - 0.1), (0.0, y - 0.2)]),
                0.06,
                cv.lit(c.darker(0.2), 0.4),
                0.6,
            );
        }
        cv.raw_stroke(
            &Shape::curve(&[(7.4, -0.2), (6.0, -0.45), (4.6, -0.2)]),
            0.09,
            cv.lit(c.darker(0.5), 0.4),
            0.8,
        );
    });
    cv.form(&Shape::blob(&[(2.6, -1.0), (1.6, -2.4), (0.6, -2.5), (1.2, -1.1)]), c.darker(0.15));
    cv.flat(&Shape::oval(4.7, 0.15, 0.17, 0.17), hex(0x15151b), 0.7);
    cv.raw(&Shape::oval(4.76, 0.22, 0.055, 0.055), hex(0xfffaf0), 0.9);
}

fn dolphin(cv: &mut Canvas<'_>, cx: &PaintCx<'_>, words: &Words) {
    let c = words.tint_or(hex(0x5f7e91));
    let wag = 0.12 * (cx.cycle() * TAU).sin();
    cv.form(
        &Shape::blob(&[(-1.05, -0.14 + wag), (-1.42, 0.04 + wag), (-1.24, -0.2 + wag), (-1.4, -0.44 + wag)]),
        c.darker(0.1),
    );
    cv.form(&Shape::blob(&[(-0.02, 0.34), (-0.28, 0.66), (-0.3, 0.3)]), c.darker(0.12));
    let body = Shape::blob(&[
        (1.3, -0.06),
        (1.05, 0.02),
        (0.9, 0.2),
        (0.4, 0.36),
        (-0.2, 0.34),
        (-0.8, 0.08),
        (-1.15, -0.12 + wag),
        (-0.8, -0.12),
        (-0.2, -0.2),
        (0.5, -0.24),
        (1.0, -0.14),
    ]);
    cv.form_soft(&body, c, 0.12);
    cv.within(&body, |cv| {
        cv.flat(
            &Shape::blob(&[(1.3, -0.1), (0.6, -0.06), (-0.3, -0.1), (-0.2, -0.5), (0.8, -0.5)]),
            hex(0xe4e4dc),
            0.6,
        )
    });
    cv.form(&Shape::blob(&[(0.42, -0.14), (0.12, -0.52), (0.2, -0.14)]), c.darker(0.15));
    cv.flat(&Shape::oval(0.84, 0.06, 0.03, 0.03), hex(0x15151b), 0.7);
}

fn butterfly(cv: &mut Canvas<'_>, cx: &PaintCx<'_>, words: &Words) {
    let c = words.tint_or(hex(0xdd8a37));
    let open = 0.35 + 0.65 * (cx.cycle() * TAU).cos().abs();
    for (s, lit) in [(1.0_f32, 0.6), (-1.0, 0.95)] {
        let k = s * open;
        let upper = Shape::blob(&[
            (0.0, 0.01),
            (0.03 * k, 0.075),
            (0.085 * k, 0.095),
            (0.085 * k, 0.04),
            (0.04 * k, 0.0),
        ]);
        let lower = Shape::blob(&[
            (0.0, 0.0),
            (0.06 * k, 0.0),
            (0.07 * k, -0.045),
            (0.03 * k, -0.075),
            (0.008 * k, -0.03),
        ]);
        cv.flat(&lower, c.darker(0.15), lit);
        cv.flat(&upper, c, lit);
        cv.within(&upper, |cv| {
            cv.stroke(
                &Shape::curve(&[(0.03 * k, 0.08), (0.088 * k, 0.098), (0.09 * k, 0.03)]),
                0.018,
                hex(0x2b2326),
                0.5,
            );
            cv.flat(&Shape::oval(0.05 * k, 0.05, 0.011 * open, 0.012), hex(0xf3e3bd), 0.9);
        });
        cv.flat(&Shape::oval(0.042 * k, -0.035, 0.01 * open, 0.011), hex(0x3a5f78), 0.8);
        cv.stroke(
            &Shape::curve(&[(0.0, 0.04), (0.012 * s, 0.08), (0.025 * s, 0.095)]),
            0.003,
            hex(0x2b2326),
            0.6,
        );
    }
    cv.form(&Shape::limb(&[(0.0, 0.045, 0.007), (0.0, 0.0, 0.008), (0.0, -0.05, 0.004)]), hex(0x2f2629));
}

fn duck(cv: &mut Canvas<'_>, cx: &PaintCx<'_>, words: &Words) {
    let swan = words.has(&["swan", "goose"]);
    let c = words.tint_or(if swan { hex(0xf3efe6) } else { hex(0x8b6f52) });
    let bob = 0.01 * (cx.cycle() * TAU).sin();
    cv.at(0.0, bob, 0.0, 1.0, |cv| {
        let head = if swan { (0.26, 0.58) } else { (0.24, 0.3) };
        let neck = Shape::limb(&[
            (0.2, 0.08, 0.075),
            (if swan { 0.3 } else { 0.23 }, head.1 * 0.55, 0.045),
            (head.0 - 0.02, head.1, 0.045),
        ]);
        cv.form_soft(&neck, if swan { c } else { hex(0x2f6b52) }, 0.1);
        let body = Shape::blob(&[
            (-0.38, 0.16),
            (-0.2, 0.17),
            (0.05, 0.17),
            (0.24, 0.12),
            (0.3, 0.02),
            (0.2, -0.08),
            (-0.15, -0.09),
            (-0.3, 0.0),
        ]);
        cv.form_soft(&body, c, 0.1);
        cv.flat(
            &Shape::blob(&[(0.1, 0.12), (-0.1, 0.18), (-0.34, 0.15), (-0.15, 0.03), (0.06, 0.03)]),
            c.darker(0.12),
            0.6,
        );
        cv.form(&Shape::oval(head.0, head.1 + 0.02, 0.065, 0.055), if swan { c } else { hex(0x2f6b52) });
        cv.form(
            &Shape::blob(&[
                (head.0 + 0.05, head.1 + 0.035),
                (head.0 + 0.14, head.1 + 0.005),
                (head.0 + 0.13, head.1 - 0.015),
                (head.0 + 0.05, head.1 - 0.01),
            ]),
            hex(0xdd8f35),
        );
        cv.flat(&Shape::oval(head.0 + 0.025, head.1 + 0.035, 0.011, 0.011), hex(0x17141a), 0.6);
    });
}

fn crab(cv: &mut Canvas<'_>, cx: &PaintCx<'_>, words: &Words) {
    let c = words.tint_or(hex(0xc4503a));
    let t = cx.cycle() * TAU;
    for s in [-1.0_f32, 1.0] {
        for i in 0..3 {
            let lift = 0.01 * (t + i as f32 * 2.0 + s).sin();
            let x = s * (0.08 + 0.03 * i as f32);
            cv.stroke(
                &Shape::line(&[(x * 0.8, 0.07), (x + 0.05 * s, 0.09 + lift), (x + 0.07 * s, 0.0)]),
                0.014,
                c.darker(0.15),
                0.6,
            );
        }
        cv.stroke(&Shape::curve(&[(0.08 * s, 0.09), (0.15 * s, 0.11), (0.15 * s, 0.15)]), 0.024, c, 0.7);
        cv.form(
            &Shape::blob(&[
                (0.12 * s, 0.14),
                (0.13 * s, 0.21),
                (0.16 * s, 0.175),
                (0.185 * s, 0.2),
                (0.18 * s, 0.14),
            ]),
            c,
        );
        cv.stroke(&Shape::line(&[(0.03 * s, 0.11), (0.035 * s, 0.15)]), 0.008, c, 0.7);
        cv.flat(&Shape::oval(0.035 * s, 0.155, 0.013, 0.013), hex(0x17141a), 0.6);
    }
    cv.form_soft(
        &Shape::blob(&[
            (-0.12, 0.08),
            (-0.06, 0.125),
            (0.06, 0.125),
            (0.12, 0.08),
            (0.07, 0.04),
            (-0.07, 0.04),
        ]),
        c,
        0.1,
    );
}
