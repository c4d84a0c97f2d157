//! What floats. The anchor is on the water-line.

use crate::paint::{Motion, PaintCx, SubjectKind};
use crate::subjects::canvas::Canvas;
use crate::subjects::colour::{Rgb, Words, hex};
use crate::subjects::shape::{P, Shape};
use crate::subjects::sketch::Sketch;
use std::f32::consts::TAU;

/// The rowing boat.
pub static ROWBOAT: Sketch = Sketch::new(
    "rowing boat",
    &["rowing boat", "rowboat", "dinghy", "boat", "canoe", "raft", "lifeboat"],
    SubjectKind::Vessel,
    (-2.6, -0.6, 2.6, 1.3),
    rowboat,
)
.moving(&[(Motion::Row, 16), (Motion::Idle, 16)]);
/// The sailing boat.
pub static SAILBOAT: Sketch = Sketch::new(
    "sailing boat",
    &["sailing boat", "sailboat", "yacht", "sail", "sloop", "schooner"],
    SubjectKind::Vessel,
    (-4.8, -0.8, 4.8, 10.6),
    sailboat,
)
.moving(&[(Motion::Idle, 16)]);
/// The fishing boat.
pub static TRAWLER: Sketch = Sketch::new(
    "fishing boat",
    &["fishing boat", "trawler", "fishing vessel", "tugboat", "motorboat", "ferry"],
    SubjectKind::Vessel,
    (-6.6, -0.9, 6.6, 7.2),
    trawler,
)
.glowing(-1.2, 2.9, 2.5, [1.0, 0.8, 0.5], false);
/// The steamer.
pub static STEAMER: Sketch = Sketch::new(
    "steamer",
    &["steamer", "ship", "steamship", "ocean liner", "liner", "vessel", "freighter", "cargo ship"],
    SubjectKind::Vessel,
    (-31.0, -3.0, 31.0, 22.0),
    steamer,
)
.moving(&[(Motion::Idle, 16)])
.glowing(0.0, 8.5, 10.0, [1.0, 0.8, 0.5], false);

/// A hull between its sheer line and the water, with a band and a darkened foot.
fn hull(cv: &mut Canvas<'_>, sheer: &[P], keel: &[P], paint: Rgb, band: Rgb, deep: f32) {
    let shape = Shape::runs(&[sheer, keel]);
    cv.form_soft(&shape, paint, 0.12);
    cv.within(&shape, |cv| {
        let reach = sheer[sheer.len() - 1].0.abs().max(sheer[0].0.abs()) * 1.2;
        cv.flat(&Shape::rect(-reach, -deep * 3.0, 2.0 * reach, deep * 3.0 + deep * 0.35), band, 0.35);
        cv.shade(&Shape::rect(-reach, -deep * 3.0, 2.0 * reach, deep * 2.6), 0.25);
    });
    cv.stroke(&Shape::curve(sheer), deep * 0.28, paint.lighter(0.4), 0.9);
}

fn rowboat(cv: &mut Canvas<'_>, cx: &PaintCx<'_>, words: &Words) {
    let paint = words.colour_or(hex(0x3f6f86));
    let wood = hex(0xa87f55);
    let t = cx.cycle() * TAU;
    let sheer = [(-2.1, 0.72), (-1.2, 0.5), (0.0, 0.42), (1.2, 0.52), (2.3, 0.86)];
    cv.flat(
        &Shape::blob(&[(-2.0, 0.68), (0.0, 0.62), (2.1, 0.82), (1.2, 0.45), (0.0, 0.36), (-1.2, 0.42)]),
        wood.darker(0.3),
        0.3,
    );
    for x in [-1.0, 0.5] {
        cv.flat(&Shape::rect(x, 0.46, 0.34, 0.1), wood, 0.8);
    }
    hull(
        cv,
        &sheer,
        &[(2.3, 0.86), (1.9, 0.1), (1.2, -0.28), (-1.3, -0.3), (-1.9, -0.05), (-2.1, 0.72)],
        paint,
        hex(0xe9e0cc),
        0.2,
    );
    cv.raw_stroke(
        &Shape::curve(&[(-2.0, 0.35), (0.0, 0.14), (2.05, 0.45)]),
        0.03,
        cv.lit(paint.darker(0.4), 0.4),
        0.6,
    );
    let (dx, dip) =
        if cx.motion == Motion::Row { (0.7 * t.cos(), 0.24 * t.sin()) } else { (-0.5, 0.02 * t.sin()) };
    let blade = (0.1 + dx * 1.1, -0.3 + dip);
    cv.stroke(&Shape::line(&[(0.1 - dx * 0.5, 0.95 - dip * 0.4), blade]), 0.07, wood.lighter(0.2), 0.85);
    cv.form(
        &Shape::limb(&[
            (blade.0 - dx * 0.1, blade.1 + 0.1, 0.05),
            (blade.0 + dx * 0.16, blade.1 - 0.16, 0.1),
        ]),
        wood.lighter(0.25),
    );
    cv.form(&Shape::oval(0.1, 0.45, 0.06, 0.08), hex(0x4d4a4a));
}

fn sailboat(cv: &mut Canvas<'_>, cx: &PaintCx<'_>, words: &Words) {
    let paint = words.colour_of(&["hull", "boat", "sailboat"]).unwrap_or(hex(0xefe8d9));
    let cloth = words.colour_of(&["sail"]).unwrap_or(hex(0xf2ead8));
    let belly = 0.12 * (cx.cycle() * TAU).sin();
    cv.stroke(&Shape::line(&[(0.0, 0.6), (0.0, 10.2)]), 0.15, hex(0x7d5c3d), 0.7);
    cv.stroke(&Shape::line(&[(0.0, 1.7), (-3.6, 1.5)]), 0.12, hex(0x7d5c3d), 0.7);
    let main = Shape::runs(&[
        &[(-0.15, 9.9), (-1.5 - belly, 6.4), (-2.7 - belly, 3.8), (-3.5, 1.75)],
        &[(-3.5, 1.75), (-1.8, 1.62), (-0.15, 1.9)],
    ]);
    cv.form_soft(&main, cloth, 0.1);
    cv.within(&main, |cv| {
        for y in [3.4, 5.2, 7.0] {
            cv.raw_stroke(
                &Shape::curve(&[(-4.0, y - 0.2), (-1.5, y), (0.0, y + 0.1)]),
                0.05,
                hex(0x5a5348),
                0.3,
            );
        }
    });
    let jib = Shape::runs(&[
        &[(0.2, 9.2), (1.7 + belly, 5.6), (2.9 + belly * 0.5, 3.0), (3.7, 1.2)],
        &[(3.7, 1.2), (2.0, 1.7), (0.4, 1.7)],
    ]);
    cv.form_soft(&jib, cloth.darker(0.08), 0.1);
    cv.flat(&Shape::poly(&[(0.0, 10.2), (-0.9, 10.0), (0.0, 9.75)]), hex(0xc0443b), 0.9);
    cv.flat(&Shape::poly(&[(-1.6, 0.9), (1.1, 0.95), (0.8, 1.4), (-1.4, 1.35)]), hex(0xb78b5b), 0.7);
    hull(
        cv,
        &[(-3.7, 1.0), (-1.5, 0.75), (1.0, 0.8), (4.3, 1.25)],
        &[(4.3, 1.25), (3.3, 0.1), (2.2, -0.5), (-2.6, -0.5), (-3.5, -0.1), (-3.7, 1.0)],
        paint,
        hex(0x2e4a66),
        0.3,
    );
}

fn trawler(cv: &mut Canvas<'_>, _cx: &PaintCx<'_>, words: &Words) {
    let paint = words.colour_or(hex(0x2f6478));
    let white = hex(0xefe8da);
    let rope = hex(0x4a4540);
    cv.stroke(&Shape::line(&[(1.6, 1.2), (1.4, 6.9)]), 0.17, hex(0x8a6a49), 0.7);
    cv.stroke(&Shape::line(&[(1.5, 5.2), (4.3, 3.6)]), 0.12, hex(0x8a6a49), 0.7);
    for to in [(5.6, 2.3), (-4.9, 1.9), (4.3, 3.6)] {
        cv.raw_stroke(&Shape::line(&[(1.4, 6.8), to]), 0.04, rope, 0.7);
    }
    cv.column(&Shape::rect(-2.9, 1.0, 3.1, 1.9), white);
    cv.column(&Shape::poly(&[(-2.4, 2.9), (0.0, 2.9), (-0.1, 4.3), (-2.3, 4.3)]), white);
    cv.flat(&Shape::poly(&[(-2.7, 4.2), (0.3, 4.2), (0.2, 4.5), (-2.6, 4.5)]), paint.darker(0.2), 0.7);
    for (x, y, w, h) in
        [(-2.1, 3.3, 0.8, 0.7), (-1.1, 3.3, 0.9, 0.7), (-2.4, 1.7, 0.55, 0.55), (-1.0, 1.7, 0.55, 0.55)]
    {
        super::pane(cv, (x, y, w, h));
    }
    cv.column(&Shape::rect(-3.9, 1.0, 0.7, 2.3), hex(0xc08a3d));
    cv.flat(&Shape::rect(-3.95, 2.9, 0.8, 0.4), hex(0x2c2a30), 0.5);
    for (x, c) in [(2.2, 0xc5553a), (2.9, 0xd9a23f), (3.5, 0xc5553a)] {
        cv.form(&Shape::oval(x, 1.35, 0.36, 0.36), hex(c));
    }
    hull(
        cv,
        &[(-5.6, 1.5), (-3.0, 1.05), (0.5, 1.0), (3.4, 1.45), (6.1, 2.5)],
        &[(6.1, 2.5), (5.4, 0.6), (4.6, -0.6), (-5.0, -0.7), (-5.5, 0.2), (-5.6, 1.5)],
        paint,
        hex(0xa5402f),
        0.4,
    );
    for i in 0..4 {
        let x = -3.6 + 1.9 * i as f32;
        cv.stroke(&Shape::arc(x, 0.55, 0.3, 0.34, 0.0, 1.0), 0.13, hex(0x26262b), 0.5);
    }
}

fn steamer(cv: &mut Canvas<'_>, cx: &PaintCx<'_>, words: &Words) {
    let paint = words.colour_of(&["hull"]).or_else(|| words.colour()).unwrap_or(hex(0x2c3242));
    let white = hex(0xf0e9db);
    for (i, x) in [-7.0, 0.0, 7.0].into_iter().enumerate() {
        for k in 0..4 {
            let drift = (cx.cycle() + k as f32) / 4.0;
            let (sx, sy, r) = (x - 9.0 * drift, 18.0 + 2.6 * drift, 0.9 + 1.6 * drift);
            cv.raw(
                &Shape::oval(sx, sy, r * 1.5, r),
                cv.lit(hex(0xb9b3ae), 0.5),
                0.38 * (1.0 - drift) * if i == 0 { 1.0 } else { 0.7 },
            );
        }
    }
    for x in [-21.0, 19.0] {
        cv.stroke(&Shape::line(&[(x, 5.0), (x - 0.6, 19.0)]), 0.35, hex(0x6a4f3a), 0.7);
        cv.raw_stroke(&Shape::line(&[(x - 0.6, 18.6), (x + 10.5, 5.0)]), 0.1, hex(0x3a3a40), 0.6);
        cv.raw_stroke(&Shape::line(&[(x - 0.6, 18.6), (x - 9.5, 5.0)]), 0.1, hex(0x3a3a40), 0.6);
    }
    for x in [-7.0, 0.0, 7.0] {
        cv.column(
            &Shape::poly(&[(x - 1.5, 9.0), (x + 1.5, 9.0), (x + 1.0, 17.4), (x - 1.9, 17.4)]),
            hex(0xc1503a),
        );
        cv.flat(
            &Shape::poly(&[(x - 1.85, 16.0), (x + 1.08, 16.0), (x + 1.0, 17.5), (x - 1.9, 17.5)]),
            hex(0x28282e),
            0.5,
        );
    }
    for (x0, x1, y, h) in [(-19.0, 16.5, 4.6, 2.4), (-16.5, 14.0, 7.0, 2.2), (8.0, 14.0, 9.2, 2.2)] {
        let deck = Shape::rect(x0, y, x1 - x0, h);
        cv.form_soft(&deck, white, 0.15);
        cv.flat(&Shape::rect(x0 - 0.4, y + h - 0.2, x1 - x0 + 0.8, 0.3), white.lighter(0.3), 1.0);
        let n = ((x1 - x0) / 1.5) as i32;
        for i in 0..n {
            super::pane(cv, (x0 + 0.6 + 1.5 * i as f32, y + h * 0.35, 0.75, 0.85));
        }
    }
    hull(
        cv,
        &[(-28.5, 6.0), (-20.0, 4.7), (0.0, 4.2), (18.0, 5.0), (30.0, 7.6)],
        &[(30.0, 7.6), (27.5, 1.0), (26.5, -2.2), (-25.0, -2.4), (-27.0, 0.8), (-28.5, 6.0)],
        paint,
        hex(0x93392f),
        1.4,
    );
    for i in 0..24 {
        let port = Shape::oval(-23.0 + 2.0 * i as f32, 2.9, 0.34, 0.34);
        if cv.light().night { cv.raw(&port, hex(0xffd083), 1.0) } else { cv.flat(&port, hex(0xb9c6ca), 0.7) }
    }
}
