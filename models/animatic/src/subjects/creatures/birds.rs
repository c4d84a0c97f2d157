//! Birds: one body and wing-beat, in the colours and measures of each kind.

use crate::paint::{Motion, PaintCx, SubjectKind};
use crate::subjects::canvas::Canvas;
use crate::subjects::colour::{Rgb, Words, hex};
use crate::subjects::shape::Shape;
use crate::subjects::sketch::Sketch;
use std::f32::consts::TAU;

const MOVES: &[(Motion, u32)] = &[(Motion::Fly, 10), (Motion::Idle, 10), (Motion::Walk, 8)];
const FRAME: (f32, f32, f32, f32) = (-0.75, -0.6, 0.75, 0.75);

/// The gull.
pub static GULL: Sketch =
    Sketch::new("gull", &["gull", "seagull", "albatross", "tern"], SubjectKind::Flyer, FRAME, gull)
        .moving(MOVES);
/// The crow.
pub static CROW: Sketch =
    Sketch::new("crow", &["crow", "raven", "rook", "blackbird"], SubjectKind::Flyer, FRAME, crow)
        .moving(MOVES);
/// Any other bird.
pub static BIRD: Sketch = Sketch::new(
    "bird",
    &["bird", "swallow", "sparrow", "dove", "pigeon", "robin", "eagle", "hawk", "owl", "parrot"],
    SubjectKind::Flyer,
    FRAME,
    bird,
)
.moving(MOVES);

/// What one kind of bird looks like.
struct Plumage {
    body: Rgb,
    wing: Rgb,
    tip: Rgb,
    beak: Rgb,
    /// Wing length in metres.
    span: f32,
    /// Body thickness against a gull's.
    girth: f32,
}

fn gull(cv: &mut Canvas<'_>, cx: &PaintCx<'_>, words: &Words) {
    let wing = hex(0xb9c0c8);
    let plumage = Plumage {
        body: words.colour_or(hex(0xf4efe6)),
        wing,
        tip: hex(0x3a3d46),
        beak: hex(0xe2a33a),
        span: 0.66,
        girth: 1.0,
    };
    paint(cv, cx, &plumage);
}

fn crow(cv: &mut Canvas<'_>, cx: &PaintCx<'_>, words: &Words) {
    let body = words.colour_or(hex(0x33343f));
    let plumage = Plumage {
        body,
        wing: body.darker(0.15),
        tip: body.darker(0.4),
        beak: hex(0x24242b),
        span: 0.56,
        girth: 1.15,
    };
    paint(cv, cx, &plumage);
}

fn bird(cv: &mut Canvas<'_>, cx: &PaintCx<'_>, words: &Words) {
    let kind = [
        ("swallow", 0x34456e, 0.42, 0.7),
        ("sparrow", 0x8b6a4c, 0.34, 0.9),
        ("dove", 0xece7df, 0.42, 1.05),
        ("pigeon", 0x7c8796, 0.42, 1.1),
        ("robin", 0x8a6a4e, 0.32, 1.0),
        ("eagle", 0x5f432f, 0.7, 1.3),
        ("hawk", 0x7d5a3b, 0.6, 1.15),
        ("owl", 0x94775a, 0.56, 1.45),
        ("parrot", 0x3f8a4f, 0.44, 1.0),
    ];
    let (_, colour, span, girth) =
        kind.into_iter().find(|k| words.has(&[k.0])).unwrap_or(("bird", 0x55606e, 0.46, 0.95));
    let body = words.colour_or(hex(colour));
    let plumage =
        Plumage { body, wing: body.darker(0.2), tip: body.darker(0.45), beak: hex(0xd39a45), span, girth };
    paint(cv, cx, &plumage);
}

fn paint(cv: &mut Canvas<'_>, cx: &PaintCx<'_>, look: &Plumage) {
    if matches!(cx.motion, Motion::Still | Motion::Idle | Motion::Walk | Motion::Look) {
        perched(cv, cx, look);
    } else {
        flying(cv, cx, look);
    }
}

/// In the air: the far wing, the body, the near wing, on one beat.
fn flying(cv: &mut Canvas<'_>, cx: &PaintCx<'_>, look: &Plumage) {
    let t = cx.cycle() * TAU;
    // The down-stroke is quicker than the up-stroke, and the tip lags behind the wrist.
    let beat = (t + 0.35 * t.sin()).cos();
    let lag = (t - 0.9 + 0.35 * t.sin()).cos();
    let lift = -0.035 * t.sin();
    cv.at(0.0, lift, 0.06, 1.0, |cv| {
        wing(cv, look, beat, lag, 0.72, true);
        body(cv, look);
        wing(cv, look, beat, lag, 1.0, false);
    });
}

fn body(cv: &mut Canvas<'_>, look: &Plumage) {
    let g = look.girth;
    let tail = Shape::poly(&[(-0.2, 0.025), (-0.42, 0.05), (-0.44, 0.005), (-0.4, -0.03), (-0.2, -0.03)]);
    cv.flat(&tail, look.body.mix(look.wing, 0.3), 0.55);
    let trunk = Shape::blob(&[
        (-0.27, 0.0),
        (-0.1, 0.06 * g),
        (0.1, 0.07 * g),
        (0.24, 0.075 * g),
        (0.31, 0.04 * g),
        (0.27, -0.015),
        (0.12, -0.075 * g),
        (-0.08, -0.065 * g),
    ]);
    cv.form(&trunk, look.body);
    cv.flat(&Shape::poly(&[(0.29, 0.055), (0.395, 0.018), (0.385, 0.0), (0.29, 0.005)]), look.beak, 0.9);
    cv.flat(&Shape::oval(0.262, 0.045 * g, 0.011, 0.012), hex(0x1d1d24), 0.8);
}

/// One wing, seen from the side and a little from above, so that it never closes to a line: the far
/// wing reaches back into the picture, the near one out of it.
fn wing(cv: &mut Canvas<'_>, look: &Plumage, beat: f32, lag: f32, size: f32, far: bool) {
    let s = look.span * size;
    let (out, root) = if far { (0.34, (0.1, 0.045)) } else { (-0.3, (0.06, 0.02)) };
    let wrist = (root.0 + 0.1 - 0.05 * beat - 0.1 * out, root.1 + s * (0.4 * beat + 0.3 * out));
    let tip = (wrist.0 - 0.36 * s + 0.1 * out, wrist.1 + s * (0.55 * lag + 0.42 * out));
    let back = (root.0 - 0.24, root.1 - 0.005);
    let trail = ((back.0 * 0.6 + tip.0 * 0.4) - 0.02, back.1 * 0.45 + wrist.1 * 0.3 + tip.1 * 0.25);
    let shape = Shape::runs(&[&[root, wrist, tip], &[tip, trail, back]]);
    let lit = if far { 0.25 } else { 0.85 };
    cv.flat(&shape, look.wing, lit);
    cv.within(&shape, |cv| {
        // The tip's dark third, cut across the wing.
        let (dx, dy) = (tip.0 - wrist.0, tip.1 - wrist.1);
        let from = (wrist.0 + dx * 0.58, wrist.1 + dy * 0.58);
        let cut = Shape::poly(&[
            (from.0 - dy, from.1 + dx),
            (from.0 + dy, from.1 - dx),
            (tip.0 + dx + dy, tip.1 + dy - dx),
            (tip.0 + dx - dy, tip.1 + dy + dx),
        ]);
        cv.flat(&cut, look.tip, lit);
        let edge = Shape::curve(&[
            (root.0 - 0.03, root.1),
            (wrist.0 - 0.05, wrist.1 - 0.012),
            (tip.0 - 0.02, tip.1),
        ]);
        cv.stroke(&edge, 0.012, look.wing.darker(0.25), lit);
    });
}

/// On its feet, head up.
fn perched(cv: &mut Canvas<'_>, cx: &PaintCx<'_>, look: &Plumage) {
    let g = look.girth;
    let bob = if cx.motion == Motion::Still { 0.0 } else { 0.012 * (cx.cycle() * TAU).sin() };
    for (x, lit) in [(0.03, 0.4), (-0.015, 0.8)] {
        let foot = if cx.motion == Motion::Walk { 0.03 * (cx.cycle() * TAU + x * 60.0).sin() } else { 0.0 };
        cv.stroke(
            &Shape::line(&[(x, 0.14), (x + foot, 0.01), (x + foot + 0.04, 0.005)]),
            0.013,
            look.beak.darker(0.1),
            lit,
        );
    }
    cv.at(0.0, bob, 0.0, 1.0, |cv| {
        let tail = Shape::poly(&[(-0.12, 0.2), (-0.33, 0.13), (-0.32, 0.09), (-0.1, 0.14)]);
        cv.flat(&tail, look.tip, 0.6);
        let trunk = Shape::blob(&[
            (-0.17, 0.17),
            (-0.08, 0.25),
            (0.05, 0.31 * (0.9 + 0.1 * g)),
            (0.09, 0.37),
            (0.15, 0.395),
            (0.2, 0.36),
            (0.18, 0.3),
            (0.13, 0.2),
            (0.04, 0.12),
            (-0.08, 0.12),
        ]);
        cv.form(&trunk, look.body);
        let wing = Shape::blob(&[
            (0.06, 0.28),
            (0.08, 0.2),
            (-0.04, 0.145),
            (-0.26, 0.12),
            (-0.12, 0.21),
            (-0.03, 0.27),
        ]);
        cv.flat(&wing, look.wing, 0.7);
        cv.within(&wing, |cv| {
            cv.flat(&Shape::poly(&[(-0.12, 0.2), (-0.1, 0.1), (-0.4, 0.1), (-0.4, 0.2)]), look.tip, 0.6)
        });
        cv.flat(&Shape::poly(&[(0.19, 0.37), (0.275, 0.345), (0.19, 0.335)]), look.beak, 0.9);
        cv.flat(&Shape::oval(0.155, 0.362, 0.011, 0.011), hex(0x1d1d24), 0.8);
    });
}
