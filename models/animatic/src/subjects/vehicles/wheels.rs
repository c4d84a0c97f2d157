//! What rolls.

use crate::paint::{Motion, PaintCx, SubjectKind};
use crate::subjects::canvas::Canvas;
use crate::subjects::colour::{Dice, Rgb, Words, hash, hex};
use crate::subjects::shape::Shape;
use crate::subjects::sketch::Sketch;
use std::f32::consts::TAU;

const ROLLS: &[(Motion, u32)] = &[(Motion::Walk, 12), (Motion::Run, 12)];

/// The car.
pub static CAR: Sketch = Sketch::new(
    "car",
    &["car", "automobile", "taxi", "cab", "sedan", "van", "truck"],
    SubjectKind::Vehicle,
    (-2.4, -0.05, 2.4, 1.75),
    car,
)
.moving(ROLLS)
.glowing(2.2, 0.65, 1.6, [1.0, 0.9, 0.65], false);
/// The bus.
pub static BUS: Sketch =
    Sketch::new("bus", &["bus", "coach", "omnibus"], SubjectKind::Vehicle, (-5.3, -0.05, 5.3, 3.4), bus)
        .moving(ROLLS)
        .glowing(0.0, 2.0, 3.5, [1.0, 0.85, 0.55], false);
/// The tram.
pub static TRAM: Sketch = Sketch::new(
    "tram",
    &["tram", "streetcar", "trolley"],
    SubjectKind::Vehicle,
    (-6.2, -0.05, 6.2, 5.2),
    tram,
)
.moving(ROLLS)
.glowing(0.0, 2.0, 3.5, [1.0, 0.85, 0.55], false);
/// The bicycle.
pub static BICYCLE: Sketch = Sketch::new(
    "bicycle",
    &["bicycle", "bike", "cycle"],
    SubjectKind::Vehicle,
    (-1.0, -0.03, 1.0, 1.15),
    bicycle,
)
.moving(ROLLS);
/// The train.
pub static TRAIN: Sketch = Sketch::new(
    "train",
    &["train", "locomotive", "steam train", "steam engine", "railway carriage"],
    SubjectKind::Vehicle,
    (-17.0, -0.1, 8.2, 7.0),
    train,
)
.moving(ROLLS)
.glowing(7.2, 2.5, 2.4, [1.0, 0.88, 0.6], false);
/// The cart.
pub static CART: Sketch = Sketch::new(
    "cart",
    &["cart", "wagon", "carriage", "wheelbarrow"],
    SubjectKind::Vehicle,
    (-1.9, -0.05, 2.2, 1.8),
    cart,
)
.moving(ROLLS);

fn wheel(cv: &mut Canvas<'_>, cx: &PaintCx<'_>, (x, r): (f32, f32), hub: Rgb) {
    cv.flat(&Shape::oval(x, r, r, r), hex(0x26262b), 0.5);
    cv.form(&Shape::oval(x, r, r * 0.62, r * 0.62), hub);
    let turn = -cx.cycle() * TAU / 5.0;
    for i in 0..5 {
        let a = turn + i as f32 * TAU / 5.0;
        cv.raw_stroke(
            &Shape::line(&[(x, r), (x + r * 0.55 * a.cos(), r + r * 0.55 * a.sin())]),
            r * 0.1,
            cv.lit(hub.darker(0.4), 0.5),
            0.8,
        );
    }
    cv.form(&Shape::oval(x, r, r * 0.16, r * 0.16), hub.lighter(0.3));
}

fn glass(cv: &mut Canvas<'_>, shape: &Shape) {
    if cv.light().night {
        cv.raw(shape, hex(0x59606a), 1.0);
        cv.raw(shape, hex(0xffcf85), 0.3);
    } else {
        cv.form_soft(shape, hex(0x9db8bf), 0.12);
    }
}

fn car(cv: &mut Canvas<'_>, cx: &PaintCx<'_>, words: &Words) {
    let mut dice = Dice::new(hash(cx.description) ^ cx.seed);
    let lot = if words.has(&["taxi", "cab"]) {
        0xe2b13c
    } else {
        dice.pick(&[0x9e3b36, 0x3f6c78, 0x5d7a55, 0xd8cbb0, 0x3d4a66])
    };
    let paint = words.colour_or(hex(lot));
    let cabin =
        Shape::runs(&[&[(-1.55, 0.85), (-1.2, 1.42), (-0.75, 1.62), (0.35, 1.62), (0.8, 1.45), (1.15, 0.9)]]);
    cv.form_soft(&cabin, paint.lighter(0.06), 0.1);
    glass(cv, &Shape::poly(&[(-1.25, 0.95), (-1.02, 1.4), (-0.25, 1.48), (-0.25, 0.95)]));
    glass(cv, &Shape::poly(&[(-0.13, 0.95), (-0.13, 1.48), (0.4, 1.47), (0.92, 0.95)]));
    let body = Shape::runs(&[
        &[
            (-2.2, 0.35),
            (-2.25, 0.75),
            (-1.9, 0.95),
            (-1.0, 0.98),
            (1.1, 0.96),
            (1.9, 0.86),
            (2.25, 0.65),
            (2.22, 0.35),
        ],
        &[(2.22, 0.35), (-2.2, 0.35)],
    ]);
    cv.form_soft(&body, paint, 0.1);
    cv.shine(&Shape::poly(&[(-1.9, 0.86), (1.8, 0.8), (1.8, 0.84), (-1.9, 0.91)]), 0.35);
    cv.raw_stroke(&Shape::line(&[(-0.19, 0.95), (-0.22, 0.38)]), 0.025, cv.lit(paint.darker(0.5), 0.4), 0.7);
    cv.flat(&Shape::rect(-0.08, 0.74, 0.2, 0.045), hex(0xd8d6d0), 0.9);
    for x in [-1.35, 1.38] {
        cv.flat(&Shape::oval(x, 0.42, 0.46, 0.46), paint.darker(0.55), 0.2);
        wheel(cv, cx, (x, 0.36), hex(0xb9bcbe));
    }
    cv.flat(&Shape::round(-2.35, 0.3, 0.5, 0.14, 0.06), hex(0xc9c9c6), 0.8);
    cv.flat(&Shape::round(1.9, 0.3, 0.45, 0.14, 0.06), hex(0xc9c9c6), 0.8);
    cv.flat(&Shape::oval(2.12, 0.66, 0.1, 0.12), hex(0xfbf0c9), 1.0);
    cv.flat(&Shape::round(-2.26, 0.6, 0.12, 0.2, 0.04), hex(0xb93a31), 0.9);
    if cv.light().night {
        cv.glow(2.15, 0.66, 0.6, hex(0xffe7ae), 0.9);
    }
    if words.has(&["taxi", "cab"]) {
        cv.flat(&Shape::round(-0.4, 1.6, 0.5, 0.14, 0.04), hex(0xf5edd5), 0.95);
    }
}

/// A row of windows along a coach.
fn coach(cv: &mut Canvas<'_>, (x0, x1): (f32, f32), (y, h): (f32, f32), n: i32) {
    let step = (x1 - x0) / n as f32;
    for i in 0..n {
        super::pane(cv, (x0 + step * (i as f32 + 0.08), y, step * 0.84, h));
    }
}

fn bus(cv: &mut Canvas<'_>, cx: &PaintCx<'_>, words: &Words) {
    let paint = words.colour_or(hex(0xb23b35));
    let body = Shape::round(-5.1, 0.4, 10.2, 2.85, 0.4);
    cv.form_soft(&body, paint, 0.14);
    cv.within(&body, |cv| {
        cv.flat(&Shape::rect(-5.2, 2.75, 10.4, 0.6), hex(0xefe6d4), 0.85);
        cv.flat(&Shape::rect(-5.2, 0.95, 10.4, 0.14), hex(0xefe6d4), 0.8);
    });
    coach(cv, (-4.8, 3.3), (1.55, 1.05), 7);
    super::pane(cv, (3.5, 0.7, 0.8, 2.0));
    super::pane(cv, (4.45, 1.45, 0.55, 1.25));
    for x in [-3.3, 3.0] {
        cv.flat(&Shape::oval(x, 0.55, 0.62, 0.6), paint.darker(0.6), 0.2);
        wheel(cv, cx, (x, 0.48), hex(0xb0b3b5));
    }
    cv.flat(&Shape::oval(5.0, 0.8, 0.1, 0.15), hex(0xfdf2cc), 1.0);
}

fn tram(cv: &mut Canvas<'_>, cx: &PaintCx<'_>, words: &Words) {
    let paint = words.colour_or(hex(0x3c6e5a));
    let cream = hex(0xefe6d0);
    cv.stroke(&Shape::line(&[(-0.8, 3.6), (0.6, 4.4), (-0.3, 5.1)]), 0.09, hex(0x3a3a40), 0.6);
    cv.stroke(&Shape::line(&[(-0.9, 5.1), (0.5, 5.1)]), 0.1, hex(0x3a3a40), 0.6);
    for x in [-3.8, -2.6, 2.6, 3.8] {
        wheel(cv, cx, (x, 0.4), hex(0x77797c));
    }
    let body = Shape::runs(&[
        &[(-5.9, 0.5), (-6.0, 1.8), (-5.7, 3.3)],
        &[(-5.7, 3.3), (5.7, 3.3)],
        &[(5.7, 3.3), (6.0, 1.8), (5.9, 0.5)],
    ]);
    cv.form_soft(&body, cream, 0.14);
    cv.within(&body, |cv| {
        cv.form_soft(&Shape::rect(-6.2, 0.4, 12.4, 1.25), paint, 0.14);
        cv.flat(&Shape::rect(-6.2, 1.6, 12.4, 0.1), hex(0xd5aa55), 0.9);
    });
    cv.form(&Shape::round(-5.9, 3.2, 11.8, 0.42, 0.2), paint.darker(0.15));
    coach(cv, (-4.5, 4.5), (1.85, 1.2), 8);
    for x in [-5.6, 4.65] {
        super::pane(cv, (x, 0.75, 0.9, 2.3));
    }
    cv.flat(&Shape::oval(5.85, 1.0, 0.12, 0.16), hex(0xfdf2cc), 1.0);
    if cv.light().night {
        cv.glow(5.9, 1.0, 0.9, hex(0xffe7ae), 0.8);
    }
}

fn bicycle(cv: &mut Canvas<'_>, cx: &PaintCx<'_>, words: &Words) {
    let paint = words.colour_or(hex(0x2f6a68));
    let turn = -cx.cycle() * TAU;
    for x in [-0.56, 0.58] {
        cv.stroke(&Shape::arc(x, 0.34, 0.33, 0.33, 0.0, 1.0), 0.032, hex(0x2a2a2e), 0.5);
        for i in 0..9 {
            let a = turn + i as f32 * TAU / 9.0;
            cv.raw_stroke(
                &Shape::line(&[(x, 0.34), (x + 0.32 * a.cos(), 0.34 + 0.32 * a.sin())]),
                0.005,
                cv.lit(hex(0xb6b9bb), 0.8),
                0.8,
            );
        }
    }
    let frame: [[(f32, f32); 2]; 7] = [
        [(-0.56, 0.34), (-0.06, 0.3)],
        [(-0.06, 0.3), (-0.22, 0.82)],
        [(-0.56, 0.34), (-0.2, 0.75)],
        [(-0.2, 0.75), (0.4, 0.78)],
        [(-0.06, 0.3), (0.41, 0.74)],
        [(0.38, 0.9), (0.58, 0.34)],
        [(-0.22, 0.82), (-0.23, 0.9)],
    ];
    for line in frame {
        cv.stroke(&Shape::line(&line), 0.035, paint, 0.75);
    }
    cv.stroke(
        &Shape::curve(&[(0.38, 0.88), (0.36, 1.0), (0.5, 1.02), (0.48, 0.95)]),
        0.03,
        hex(0x3a3638),
        0.7,
    );
    cv.form(&Shape::blob(&[(-0.38, 0.93), (-0.24, 0.96), (-0.08, 0.93), (-0.22, 0.89)]), hex(0x5d3c28));
    cv.flat(&Shape::oval(-0.06, 0.3, 0.08, 0.08), hex(0x55585c), 0.6);
    let (px, py) = (0.15 * turn.cos(), 0.15 * turn.sin());
    cv.stroke(&Shape::line(&[(-0.06 - px, 0.3 - py), (-0.06 + px, 0.3 + py)]), 0.022, hex(0x8a8d90), 0.7);
    cv.stroke(&Shape::line(&[(-0.66, 0.7), (-0.3, 0.72)]), 0.025, hex(0x3f4245), 0.6);
}

fn train(cv: &mut Canvas<'_>, cx: &PaintCx<'_>, words: &Words) {
    let paint = words.colour_or(hex(0x2f5b4a));
    let dark = hex(0x2b2d33);
    let red = hex(0xa63b33);
    for k in 0..5 {
        let drift = (cx.cycle() + k as f32) / 5.0;
        let r = 0.4 + 0.9 * drift;
        cv.raw(
            &Shape::oval(5.6 - 7.5 * drift, 5.2 + 1.1 * drift, r * 1.4, r * 0.8),
            cv.lit(hex(0xe6e1da), 0.7),
            0.6 * (1.0 - drift),
        );
    }
    // The coach.
    let body = Shape::round(-16.8, 0.9, 12.6, 3.0, 0.15);
    cv.form_soft(&body, hex(0x7c3a34), 0.15);
    cv.flat(&Shape::rect(-16.8, 2.1, 12.6, 1.45), hex(0xe9dec6), 0.7);
    cv.form(&Shape::round(-17.0, 3.75, 13.0, 0.5, 0.24), hex(0x5d6068));
    coach(cv, (-16.5, -4.5), (2.2, 1.2), 8);
    for x in [-15.5, -14.2, -6.9, -5.6] {
        wheel(cv, cx, (x, 0.45), hex(0x77797c));
    }
    // The tender's coupling, the cab, the boiler.
    cv.flat(&Shape::rect(-4.4, 0.9, 1.0, 0.2), dark, 0.4);
    cv.form_soft(&Shape::rect(-3.4, 1.0, 4.0, 2.0), paint, 0.12);
    cv.form(&Shape::rect(-0.4, 1.0, 2.4, 3.1), paint);
    super::pane(cv, (0.1, 2.5, 1.2, 1.0));
    cv.form(&Shape::round(-0.8, 4.0, 3.2, 0.3, 0.14), dark);
    let boiler = Shape::round(1.8, 1.6, 5.5, 1.75, 0.3);
    cv.wash(
        &boiler,
        ((2.0, 3.4), cv.lit(paint.lighter(0.15), 1.0), 1.0),
        ((2.0, 1.6), cv.lit(paint.darker(0.2), 0.1), 1.0),
    );
    for x in [3.0, 4.5, 6.0] {
        cv.flat(&Shape::rect(x, 1.6, 0.12, 1.75), hex(0xcda552), 0.7);
    }
    cv.column(&Shape::poly(&[(5.3, 3.3), (6.1, 3.3), (6.3, 4.7), (5.1, 4.7)]), dark);
    cv.form(&Shape::round(3.4, 3.25, 0.7, 0.6, 0.3), hex(0xc69a46));
    cv.form(&Shape::oval(7.3, 2.45, 0.28, 0.75), dark);
    cv.flat(&Shape::oval(7.45, 2.55, 0.2, 0.24), hex(0xfdf1c8), 1.0);
    if cv.light().night {
        cv.glow(7.5, 2.55, 1.4, hex(0xffe7ae), 0.9);
    }
    cv.flat(&Shape::rect(-3.4, 0.95, 11.0, 0.3), red, 0.5);
    for x in [1.2, 3.1, 5.0] {
        wheel(cv, cx, (x, 0.8), red);
    }
    for x in [-2.6, -1.2, 6.7] {
        wheel(cv, cx, (x, 0.45), red);
    }
    let a = -cx.cycle() * TAU;
    let (px, py) = (0.4 * a.cos(), 0.4 * a.sin());
    cv.stroke(&Shape::line(&[(1.2 + px, 0.8 + py), (5.0 + px, 0.8 + py)]), 0.16, hex(0xb4b7b9), 0.8);
    cv.flat(&Shape::poly(&[(7.3, 0.95), (7.6, 0.95), (8.1, 0.1), (7.1, 0.1)]), red, 0.6);
}

fn cart(cv: &mut Canvas<'_>, cx: &PaintCx<'_>, words: &Words) {
    let wood = words.colour_or(hex(0x8a6543));
    cv.stroke(&Shape::line(&[(0.8, 0.75), (2.1, 0.6)]), 0.09, wood.darker(0.2), 0.7);
    cv.form_soft(&Shape::poly(&[(-1.4, 0.7), (1.2, 0.7), (1.4, 1.35), (-1.6, 1.35)]), wood, 0.1);
    for y in [0.92, 1.14] {
        cv.raw_stroke(&Shape::line(&[(-1.5, y), (1.3, y)]), 0.03, hex(0x2a1d16), 0.5);
    }
    cv.form_soft(
        &Shape::blob(&[(-1.4, 1.35), (-0.8, 1.65), (0.2, 1.72), (1.0, 1.55), (1.25, 1.35)]),
        hex(0xd3ae5c),
        0.1,
    );
    let turn = -cx.cycle() * TAU / 8.0;
    cv.stroke(&Shape::arc(-0.2, 0.55, 0.5, 0.5, 0.0, 1.0), 0.1, wood.darker(0.25), 0.6);
    for i in 0..8 {
        let a = turn + i as f32 * TAU / 8.0;
        cv.stroke(
            &Shape::line(&[(-0.2, 0.55), (-0.2 + 0.48 * a.cos(), 0.55 + 0.48 * a.sin())]),
            0.05,
            wood.darker(0.15),
            0.7,
        );
    }
    cv.form(&Shape::oval(-0.2, 0.55, 0.11, 0.11), hex(0x4b3526));
}
