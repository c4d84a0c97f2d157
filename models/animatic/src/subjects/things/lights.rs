//! Lamps and candles.

use crate::paint::{Motion, PaintCx, SubjectKind};
use crate::subjects::canvas::Canvas;
use crate::subjects::colour::{Words, hex};
use crate::subjects::plants::small::flames;
use crate::subjects::shape::Shape;
use crate::subjects::sketch::Sketch;
use std::f32::consts::TAU;

const WARM: [f32; 3] = [1.0, 0.78, 0.45];

/// The storm lamp.
pub static LANTERN: Sketch = Sketch::new(
    "storm lamp",
    &["storm lamp", "lantern", "oil lamp", "hurricane lamp", "storm lantern", "paper lantern"],
    SubjectKind::Thing,
    (-0.24, -0.02, 0.24, 0.52),
    lantern,
)
.moving(&[(Motion::Idle, 12)])
.glowing(0.0, 0.19, 1.6, WARM, false);
/// The table lamp.
pub static LAMP: Sketch = Sketch::new(
    "lamp",
    &["lamp", "table lamp", "desk lamp", "floor lamp", "lampshade"],
    SubjectKind::Thing,
    (-0.28, -0.02, 0.28, 0.62),
    lamp,
)
.glowing(0.0, 0.42, 1.8, WARM, false);
/// The candle.
pub static CANDLE: Sketch = Sketch::new(
    "candle",
    &["candle", "candlestick", "candelabra"],
    SubjectKind::Thing,
    (-0.14, -0.01, 0.14, 0.4),
    candle,
)
.moving(&[(Motion::Idle, 12)])
.glowing(0.0, 0.3, 1.0, WARM, true);
/// The fireplace.
pub static FIREPLACE: Sketch = Sketch::new(
    "fireplace",
    &["fireplace", "hearth", "stove"],
    SubjectKind::Furniture,
    (-1.05, -0.03, 1.05, 2.5),
    fireplace,
)
.moving(&[(Motion::Idle, 12)])
.glowing(0.0, 0.5, 2.6, [1.0, 0.6, 0.28], true);

fn lantern(cv: &mut Canvas<'_>, cx: &PaintCx<'_>, words: &Words) {
    let metal = words.colour_or(hex(0xc0923f));
    let lit = if cv.light().night { 1.0 } else { 0.6 } * (1.0 + 0.06 * (cx.cycle() * TAU).sin());
    cv.glow(0.0, 0.19, 0.23, hex(0xffb650), 0.6 * lit);
    cv.stroke(&Shape::arc(0.0, 0.3, 0.125, 0.19, 0.0, 0.5), 0.011, metal.darker(0.3), 0.6);
    for s in [-1.0, 1.0] {
        cv.stroke(
            &Shape::curve(&[(0.105 * s, 0.09), (0.125 * s, 0.2), (0.1 * s, 0.33)]),
            0.017,
            metal.darker(0.1),
            if s < 0.0 { 0.9 } else { 0.4 },
        );
    }
    let glass = Shape::blob(&[
        (-0.05, 0.105),
        (-0.085, 0.18),
        (-0.06, 0.28),
        (0.06, 0.28),
        (0.085, 0.18),
        (0.05, 0.105),
    ]);
    cv.wash(&glass, ((0.0, 0.11), hex(0xffc25f), 0.95), ((0.0, 0.29), hex(0xffeab8), 0.85));
    cv.at(0.0, 0.12, 0.0, 0.13, |cv| flames(cv, cx.cycle(), 0.8));
    cv.shine(&Shape::blob(&[(-0.055, 0.15), (-0.065, 0.2), (-0.05, 0.26), (-0.04, 0.2)]), 0.55);
    for y in [0.16, 0.225] {
        cv.stroke(&Shape::curve(&[(-0.082, y), (0.0, y - 0.012), (0.082, y)]), 0.007, metal.darker(0.2), 0.6);
    }
    cv.column(
        &Shape::poly(&[(-0.1, 0.0), (0.1, 0.0), (0.105, 0.06), (0.06, 0.1), (-0.06, 0.1), (-0.105, 0.06)]),
        metal,
    );
    cv.column(&Shape::round(-0.115, -0.01, 0.23, 0.022, 0.01), metal.darker(0.15));
    cv.column(
        &Shape::poly(&[
            (-0.075, 0.275),
            (0.075, 0.275),
            (0.055, 0.31),
            (0.045, 0.36),
            (-0.045, 0.36),
            (-0.055, 0.31),
        ]),
        metal,
    );
    cv.column(&Shape::round(-0.06, 0.35, 0.12, 0.022, 0.01), metal.lighter(0.1));
    if words.worn() {
        for (x, y, r) in [(-0.045, 0.04, 0.018), (0.05, 0.03, 0.012), (0.02, 0.33, 0.011)] {
            cv.shade(&Shape::oval(x, y, r, r * 0.7), 0.32);
            cv.raw_stroke(
                &Shape::arc(x, y, r, r * 0.7, 0.55, 0.95),
                0.004,
                cv.lit(metal.lighter(0.5), 1.0),
                0.8,
            );
        }
    }
}

fn lamp(cv: &mut Canvas<'_>, _cx: &PaintCx<'_>, words: &Words) {
    let shade = words.colour_of(&["shade", "lampshade"]).unwrap_or(hex(0xe6cf9f));
    let foot = words.colour_or(hex(0x3f6a68));
    cv.column(&Shape::round(-0.11, -0.01, 0.22, 0.03, 0.012), foot.darker(0.2));
    cv.column(
        &Shape::blob(&[
            (-0.03, 0.02),
            (-0.085, 0.1),
            (-0.07, 0.19),
            (-0.018, 0.25),
            (0.018, 0.25),
            (0.07, 0.19),
            (0.085, 0.1),
            (0.03, 0.02),
        ]),
        foot,
    );
    cv.column(&Shape::rect(-0.012, 0.24, 0.024, 0.08), hex(0xc09a4d));
    let hood = Shape::poly(&[(-0.23, 0.3), (0.23, 0.3), (0.13, 0.58), (-0.13, 0.58)]);
    if cv.light().night {
        cv.glow(0.0, 0.4, 0.27, hex(0xffc46d), 0.6);
        cv.wash(&hood, ((0.0, 0.3), hex(0xffdf9c), 1.0), ((0.0, 0.58), shade, 1.0));
    } else {
        cv.column(&hood, shade);
    }
    for y in [0.3, 0.575] {
        cv.raw_stroke(
            &Shape::line(&[(-0.23 + (y - 0.3) * 0.36, y), (0.23 - (y - 0.3) * 0.36, y)]),
            0.012,
            cv.lit(shade.darker(0.3), 0.6),
            0.8,
        );
    }
}

fn candle(cv: &mut Canvas<'_>, cx: &PaintCx<'_>, words: &Words) {
    let metal = hex(0xb88a3f);
    cv.glow(0.0, 0.29, 0.13, hex(0xffbb5c), 0.7);
    cv.column(
        &Shape::poly(&[
            (-0.085, 0.0),
            (0.085, 0.0),
            (0.03, 0.03),
            (0.02, 0.09),
            (-0.02, 0.09),
            (-0.03, 0.03),
        ]),
        metal,
    );
    cv.column(&Shape::round(-0.055, 0.085, 0.11, 0.018, 0.008), metal.lighter(0.1));
    cv.column(&Shape::round(-0.024, 0.1, 0.048, 0.15, 0.01), words.tint_or(hex(0xf2e8d2)));
    cv.form(&Shape::limb(&[(-0.02, 0.24, 0.008), (-0.026, 0.19, 0.006)]), hex(0xf7efdd));
    cv.stroke(&Shape::line(&[(0.0, 0.25), (0.002, 0.268)]), 0.005, hex(0x2b2522), 0.6);
    let sway = 0.008 * (cx.cycle() * TAU).sin();
    cv.raw(
        &Shape::blob(&[(0.0, 0.262), (-0.017, 0.285), (sway, 0.345), (0.017, 0.285)]),
        hex(0xffb648),
        0.95,
    );
    cv.raw(
        &Shape::blob(&[(0.0, 0.265), (-0.008, 0.28), (sway * 0.6, 0.312), (0.008, 0.28)]),
        hex(0xfff3cf),
        1.0,
    );
}

fn fireplace(cv: &mut Canvas<'_>, cx: &PaintCx<'_>, words: &Words) {
    let stone = words.colour_or(hex(0xa08a78));
    cv.form_soft(&Shape::rect(-0.75, 1.25, 1.5, 1.25), stone.lighter(0.2), 0.12);
    let body = Shape::rect(-0.95, -0.02, 1.9, 1.3);
    cv.form_soft(&body, stone, 0.12);
    cv.within(&body, |cv| {
        for i in 0..6 {
            for j in 0..6 {
                let x = -1.0 + 0.36 * j as f32 + if i % 2 == 0 { 0.0 } else { 0.18 };
                cv.raw(&Shape::round(x, 0.02 + 0.21 * i as f32, 0.32, 0.17, 0.03), hex(0x2e2628), 0.12);
            }
        }
    });
    cv.flat(&Shape::round(-0.58, -0.3, 1.16, 1.25, 0.35), hex(0x211c20), 0.4);
    cv.within(&Shape::round(-0.58, -0.02, 1.16, 0.97, 0.35), |cv| {
        cv.glow(0.0, 0.2, 0.6, hex(0xff8d3a), 0.8);
        for (a, b) in [((-0.34, 0.06), (0.2, 0.16)), ((0.34, 0.06), (-0.2, 0.16))] {
            cv.form(&Shape::limb(&[(a.0, a.1, 0.06), (b.0, b.1, 0.05)]), hex(0x5a3d2b));
        }
        cv.at(0.0, 0.1, 0.0, 1.0, |cv| flames(cv, cx.cycle(), 0.62));
    });
    cv.form(&Shape::round(-1.03, 1.24, 2.06, 0.14, 0.03), hex(0x74503a));
    cv.form(&Shape::rect(-1.02, -0.03, 2.04, 0.07), stone.darker(0.2));
    cv.column(&Shape::round(-0.72, 1.38, 0.14, 0.24, 0.05), hex(0x3f6a78));
    cv.form(&Shape::oval(0.55, 1.52, 0.14, 0.14), hex(0xe9dfc9));
    cv.stroke(&Shape::line(&[(0.55, 1.6), (0.55, 1.52), (0.62, 1.5)]), 0.014, hex(0x302c2c), 0.6);
}
