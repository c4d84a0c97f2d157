//! What hangs in the wind: kites, balloons, flags. They are anchored where they are held.

use crate::paint::{Motion, PaintCx, SubjectKind};
use crate::subjects::canvas::Canvas;
use crate::subjects::colour::{Words, hex};
use crate::subjects::shape::Shape;
use crate::subjects::sketch::Sketch;
use std::f32::consts::TAU;

/// The kite.
pub static KITE: Sketch = Sketch::new("kite", &["kite"], SubjectKind::Flyer, (-0.7, -1.3, 0.7, 0.8), kite)
    .moving(&[(Motion::Fly, 12), (Motion::Idle, 12)]);
/// The balloon.
pub static BALLOON: Sketch =
    Sketch::new("balloon", &["balloon"], SubjectKind::Flyer, (-0.25, -0.75, 0.25, 0.45), balloon)
        .moving(&[(Motion::Fly, 12), (Motion::Idle, 12)]);
/// The hot-air balloon.
pub static AIRSHIP: Sketch = Sketch::new(
    "hot-air balloon",
    &["hot-air balloon", "hot air balloon", "airship", "zeppelin"],
    SubjectKind::Flyer,
    (-7.5, -11.5, 7.5, 8.5),
    hot_air,
)
.glowing(0.0, -6.5, 5.0, [1.0, 0.72, 0.4], false);
/// The flag.
pub static FLAG: Sketch = Sketch::new(
    "flag",
    &["flag", "banner", "pennant", "flagpole"],
    SubjectKind::Thing,
    (-0.2, -0.05, 2.2, 5.1),
    flag,
)
.moving(&[(Motion::Idle, 12), (Motion::Fly, 12)]);

fn kite(cv: &mut Canvas<'_>, cx: &PaintCx<'_>, words: &Words) {
    let c = words.colour_or(hex(0xc8463c));
    let t = cx.cycle() * TAU;
    let tail: Vec<(f32, f32)> = (0..7)
        .map(|i| {
            let k = i as f32 / 6.0;
            (-0.16 - 0.2 * k + 0.13 * k * (t - 5.0 * k).sin(), -0.45 - 0.8 * k)
        })
        .collect();
    cv.stroke(&Shape::curve(&tail), 0.016, hex(0xe9e0cc), 0.8);
    for (x, y) in tail.iter().skip(1) {
        cv.flat(
            &Shape::poly(&[
                (x - 0.09, y + 0.04),
                (x + 0.09, y - 0.04),
                (x + 0.09, y + 0.04),
                (x - 0.09, y - 0.04),
            ]),
            hex(0xe3b33f),
            0.85,
        );
    }
    cv.at(0.0, 0.0, 0.25 + 0.05 * t.sin(), 1.0, |cv| {
        let (top, right, low, left) = ((0.0, 0.68), (0.48, 0.2), (0.0, -0.5), (-0.48, 0.2));
        cv.flat(&Shape::poly(&[top, right, (0.0, 0.2)]), c, 0.6);
        cv.flat(&Shape::poly(&[top, left, (0.0, 0.2)]), c.lighter(0.45), 0.95);
        cv.flat(&Shape::poly(&[low, right, (0.0, 0.2)]), hex(0x2f6a78), 0.5);
        cv.flat(&Shape::poly(&[low, left, (0.0, 0.2)]), c, 0.85);
        cv.stroke(&Shape::line(&[top, low]), 0.02, hex(0x5a412e), 0.6);
        cv.stroke(&Shape::line(&[left, right]), 0.02, hex(0x5a412e), 0.6);
    });
}

fn balloon(cv: &mut Canvas<'_>, cx: &PaintCx<'_>, words: &Words) {
    let c = words.colour_or(hex(0xcb3f3a));
    let s = 0.03 * (cx.cycle() * TAU).sin();
    cv.raw_stroke(
        &Shape::curve(&[(0.0, -0.02), (s, -0.3), (-s, -0.72)]),
        0.009,
        cv.lit(hex(0xf0eadc), 0.9),
        0.9,
    );
    cv.form_soft(
        &Shape::blob(&[(0.0, 0.0), (0.16, 0.14), (0.18, 0.3), (0.0, 0.42), (-0.18, 0.3), (-0.16, 0.14)]),
        c,
        0.1,
    );
    cv.form(&Shape::poly(&[(-0.028, -0.03), (0.028, -0.03), (0.0, 0.015)]), c.darker(0.15));
    cv.shine(&Shape::oval(-0.08, 0.28, 0.03, 0.055), 0.55);
}

fn hot_air(cv: &mut Canvas<'_>, _cx: &PaintCx<'_>, words: &Words) {
    let c = words.colour_or(hex(0xbf463b));
    for x in [-0.9, 0.9] {
        cv.stroke(&Shape::line(&[(x * 1.7, -6.4), (x, -9.6)]), 0.08, hex(0x4a3a30), 0.6);
    }
    let bag = Shape::blob(&[
        (0.0, 8.2),
        (4.4, 6.9),
        (6.9, 3.2),
        (6.6, -0.8),
        (4.2, -4.2),
        (1.7, -6.6),
        (-1.7, -6.6),
        (-4.2, -4.2),
        (-6.6, -0.8),
        (-6.9, 3.2),
        (-4.4, 6.9),
    ]);
    cv.form_soft(&bag, c, 0.1);
    cv.within(&bag, |cv| {
        for (k, w) in [(-0.72_f32, 1.5), (0.0, 2.3), (0.72, 1.5)] {
            let x = k * 6.4;
            let strip = Shape::blob(&[
                (k * 0.8, 8.3),
                (x + w * 0.5, 3.0),
                (x * 0.85 + w * 0.4, -2.0),
                (k * 1.4 + 0.35, -6.8),
                (k * 1.4 - 0.35, -6.8),
                (x * 0.85 - w * 0.4, -2.0),
                (x - w * 0.5, 3.0),
            ]);
            cv.form_soft(&strip, hex(0xefe2c4), 0.1);
        }
        let band = Shape::blob(&[(-8.0, 0.6), (0.0, -0.6), (8.0, 0.6), (8.0, 2.2), (0.0, 1.0), (-8.0, 2.2)]);
        cv.raw(&band, cv.lit(hex(0x2d5566), 0.6), 0.85);
    });
    if cv.light().night {
        cv.glow(0.0, -5.4, 4.5, hex(0xffa64f), 0.8);
    }
    cv.form(&Shape::round(-1.0, -11.3, 2.0, 1.8, 0.3), hex(0x97703f));
    cv.flat(&Shape::rect(-1.1, -9.75, 2.2, 0.3), hex(0x6a4a2c), 0.7);
}

fn flag(cv: &mut Canvas<'_>, cx: &PaintCx<'_>, words: &Words) {
    let c = words.colour_or(hex(0xb93f38));
    let t = cx.cycle() * TAU;
    cv.column(&Shape::rect(-0.05, 0.0, 0.1, 5.0), hex(0xcfc6b4));
    cv.form(&Shape::oval(0.0, 5.02, 0.08, 0.08), hex(0xd2a950));
    let wave = |k: f32| 0.14 * k * (t - 6.0 * k).sin();
    let top: Vec<(f32, f32)> =
        (0..6).map(|i| (0.05 + 2.0 * i as f32 / 5.0, 4.8 + wave(i as f32 / 5.0))).collect();
    let low: Vec<(f32, f32)> = top.iter().rev().map(|(x, y)| (*x, y - 1.25)).collect();
    let cloth = Shape::runs(&[&top, &low]);
    cv.flat(&cloth, c, 0.7);
    cv.within(&cloth, |cv| {
        for i in 0..5 {
            let k = i as f32 / 5.0;
            let slope = (t - 6.0 * k).cos();
            let x = 0.05 + 2.0 * k;
            let strip = Shape::rect(x, 3.0, 0.4, 2.4);
            if slope > 0.0 { cv.shade(&strip, 0.22 * slope) } else { cv.shine(&strip, -0.2 * slope) }
        }
    });
}
