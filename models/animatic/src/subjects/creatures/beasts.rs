//! Beasts on four legs: one body, in the measures and colours of each kind.

use crate::paint::{Motion, PaintCx, SubjectKind};
use crate::subjects::canvas::Canvas;
use crate::subjects::colour::{Rgb, Words, hex};
use crate::subjects::shape::{P, Shape};
use crate::subjects::sketch::Sketch;
use std::f32::consts::TAU;

const MOVES: &[(Motion, u32)] =
    &[(Motion::Walk, 12), (Motion::Run, 10), (Motion::Idle, 16), (Motion::Graze, 16)];
const SMALL: (f32, f32, f32, f32) = (-0.85, -0.04, 0.8, 1.0);
const LARGE: (f32, f32, f32, f32) = (-1.7, -0.05, 1.9, 2.6);

/// The dog.
pub static DOG: Sketch =
    Sketch::new("dog", &["dog", "puppy", "hound", "terrier", "wolf"], SubjectKind::Creature, SMALL, dog)
        .moving(MOVES);
/// The cat.
pub static CAT: Sketch =
    Sketch::new("cat", &["cat", "kitten"], SubjectKind::Creature, (-0.5, -0.03, 0.45, 0.68), cat)
        .moving(MOVES);
/// The fox.
pub static FOX: Sketch =
    Sketch::new("fox", &["fox"], SubjectKind::Creature, (-0.95, -0.04, 0.75, 0.85), fox).moving(MOVES);
/// The horse.
pub static HORSE: Sketch = Sketch::new(
    "horse",
    &["horse", "pony", "mare", "stallion", "donkey", "foal"],
    SubjectKind::Creature,
    LARGE,
    horse,
)
.moving(MOVES);
/// The deer.
pub static DEER: Sketch = Sketch::new(
    "deer",
    &["deer", "stag", "doe", "elk", "reindeer", "moose"],
    SubjectKind::Creature,
    LARGE,
    deer,
)
.moving(MOVES);
/// The cow.
pub static COW: Sketch =
    Sketch::new("cow", &["cow", "bull", "ox", "cattle"], SubjectKind::Creature, LARGE, cow).moving(MOVES);
/// The sheep.
pub static SHEEP: Sketch = Sketch::new(
    "sheep",
    &["sheep", "lamb", "goat", "ram"],
    SubjectKind::Creature,
    (-0.85, -0.04, 0.95, 1.15),
    sheep,
)
.moving(MOVES);
/// The bear.
pub static BEAR: Sketch =
    Sketch::new("bear", &["bear"], SubjectKind::Creature, (-1.3, -0.05, 1.4, 1.6), bear).moving(MOVES);

/// The measures of a kind, in metres.
struct Beast {
    coat: Rgb,
    belly: Rgb,
    foot: Rgb,
    /// Height of the back.
    back: f32,
    /// Half the trunk's length.
    half: f32,
    /// Half the trunk's depth.
    depth: f32,
    /// Half a leg's thickness at its top.
    leg: f32,
    /// The neck's reach forwards and upwards.
    neck: P,
    /// The neck's thickness.
    thick: f32,
}

/// Legs, trunk and neck; returns where the head sits and how it is turned.
fn body(cv: &mut Canvas<'_>, cx: &PaintCx<'_>, b: &Beast) -> (P, f32) {
    let t = cx.cycle() * TAU;
    let (stride, lift) = match cx.motion {
        Motion::Walk => (0.34, 0.5),
        Motion::Run => (0.75, 1.0),
        _ => (0.0, 0.0),
    };
    let bob = match cx.motion {
        Motion::Run => 0.05 * b.back * (t * 2.0).sin(),
        Motion::Walk => 0.012 * b.back * (t * 2.0).sin(),
        Motion::Idle | Motion::Graze => 0.006 * b.back * t.sin(),
        _ => 0.0,
    };
    let hip = b.back - b.depth;
    let legs = [(-0.72, 0.0, true), (0.74, 0.5, true), (-0.86, 0.5, false), (0.62, 0.0, false)];
    let draw_leg = |cv: &mut Canvas<'_>, (x, o, far): (f32, f32, bool)| {
        let a = stride * (t + o * TAU).sin() + if far { 0.05 } else { -0.03 };
        let bend = lift * (t + o * TAU).cos().max(0.0);
        let back_leg = x < 0.0;
        let top = (x * b.half, hip + bob);
        let len = hip * 0.52;
        let out = if back_leg { -0.18 } else { 0.06 };
        let knee = (top.0 + len * (a + out * 0.6).sin(), top.1 - len * (a + out * 0.6).cos());
        let low = (hip - len) * 0.94;
        let shank = a - if back_leg { -0.2 + bend * 0.9 } else { bend };
        let foot = (knee.0 + low * shank.sin(), (knee.1 - low * shank.cos()).max(0.02));
        let limb = Shape::limb(&[
            (top.0, top.1 + b.depth * 0.3, b.leg * 1.5),
            (knee.0, knee.1, b.leg * 0.72),
            (foot.0, foot.1, b.leg * 0.5),
        ]);
        let lit = if far { 0.12 } else { 0.62 };
        cv.flat(&limb, b.coat.mix(b.foot, 0.15), lit);
        cv.flat(
            &Shape::round(foot.0 - b.leg * 0.7, foot.1 - 0.02, b.leg * 1.9, b.leg * 0.85, b.leg * 0.4),
            b.foot,
            lit,
        );
    };
    for leg in &legs[..2] {
        draw_leg(cv, *leg);
    }
    let graze = cx.motion == Motion::Graze;
    let nod = 0.03 * (t * 2.0).sin() * b.back * if stride > 0.0 { 1.0 } else { 0.3 };
    let from = (b.half * 0.78, b.back - b.depth * 0.45 + bob);
    let head = if graze {
        (from.0 + b.neck.0 * 1.5 + b.depth * 0.3, b.back * 0.2 + nod.abs())
    } else {
        (from.0 + b.neck.0, from.1 + b.neck.1 + nod)
    };
    let y = b.back - b.depth + bob;
    let trunk = Shape::blob(&[
        (-b.half, y + b.depth * 0.35),
        (-b.half * 0.72, y + b.depth * 0.98),
        (0.0, y + b.depth * 0.86),
        (b.half * 0.62, y + b.depth * 1.05),
        (b.half * 1.02, y + b.depth * 0.45),
        (b.half * 0.95, y - b.depth * 0.45),
        (b.half * 0.45, y - b.depth * 0.98),
        (-b.half * 0.3, y - b.depth * 0.72),
        (-b.half * 0.82, y - b.depth * 0.62),
    ]);
    cv.form_soft(&trunk, b.coat, 0.1);
    cv.within(&trunk, |cv| {
        cv.raw(
            &Shape::oval(b.half * 0.1, y - b.depth * 1.05, b.half * 0.95, b.depth * 0.5),
            cv.lit(b.belly, 0.35),
            0.6,
        )
    });
    for leg in &legs[2..] {
        draw_leg(cv, *leg);
    }
    let mid = ((from.0 + head.0) / 2.0 - b.thick * 0.1, (from.1 + head.1) / 2.0);
    let neck = Shape::limb(&[
        (from.0 - b.thick * 0.6, from.1 - b.thick * 0.3, b.thick * 1.3),
        (mid.0, mid.1, b.thick),
        (head.0, head.1, b.thick * 0.72),
    ]);
    cv.form_soft(&neck, b.coat, 0.1);
    (head, if graze { -0.75 } else { 0.0 })
}

fn eye(cv: &mut Canvas<'_>, x: f32, y: f32, r: f32) {
    cv.flat(&Shape::oval(x, y, r, r), hex(0x1c1719), 0.7);
    cv.raw(&Shape::oval(x + r * 0.3, y + r * 0.35, r * 0.3, r * 0.3), hex(0xfffaf0), 0.9);
}

fn ear(cv: &mut Canvas<'_>, points: &[P], colour: Rgb) {
    cv.form(&Shape::blob(points), colour);
}

fn tail(cv: &mut Canvas<'_>, cx: &PaintCx<'_>, spine: &[(f32, f32, f32)], colour: Rgb) {
    let wag = 0.12 * (cx.cycle() * TAU).sin();
    let n = spine.len().max(2) - 1;
    let moved: Vec<(f32, f32, f32)> = spine
        .iter()
        .enumerate()
        .map(|(i, (x, y, r))| (x + wag * 0.4 * i as f32 / n as f32, y + wag * i as f32 / n as f32, *r))
        .collect();
    cv.form_soft(&Shape::limb(&moved), colour, 0.1);
}

fn dog(cv: &mut Canvas<'_>, cx: &PaintCx<'_>, words: &Words) {
    let wolf = words.has(&["wolf"]);
    let coat = words.tint_or(if wolf { hex(0x72757a) } else { hex(0xa8743f) });
    let pale = coat.lighter(0.45);
    tail(
        cv,
        cx,
        &[
            (-0.42, 0.52, 0.05),
            (-0.58, if wolf { 0.42 } else { 0.68 }, 0.05),
            (-0.66, if wolf { 0.28 } else { 0.82 }, 0.015),
        ],
        coat,
    );
    let b = Beast {
        coat,
        belly: pale,
        foot: coat.darker(0.15),
        back: 0.6,
        half: 0.42,
        depth: 0.15,
        leg: 0.055,
        neck: (0.15, 0.2),
        thick: 0.095,
    };
    let (h, turn) = body(cv, cx, &b);
    if !wolf {
        cv.stroke(
            &Shape::line(&[(h.0 - 0.12, h.1 + 0.02), (h.0 + 0.01, h.1 - 0.09)]),
            0.035,
            hex(0xb23a35),
            0.8,
        );
    }
    cv.at(h.0, h.1, turn, 1.0, |cv| {
        ear(cv, &[(-0.07, 0.08), (-0.04, 0.22), (0.02, 0.1)], coat.darker(0.25));
        cv.form_soft(
            &Shape::blob(&[
                (-0.12, 0.0),
                (-0.09, 0.11),
                (0.02, 0.13),
                (0.1, 0.07),
                (0.25, 0.03),
                (0.26, -0.04),
                (0.12, -0.08),
                (-0.04, -0.11),
            ]),
            coat,
            0.1,
        );
        cv.flat(
            &Shape::blob(&[(0.08, 0.02), (0.24, 0.01), (0.25, -0.04), (0.1, -0.08), (0.0, -0.07)]),
            pale,
            0.6,
        );
        cv.form(&Shape::oval(0.255, 0.02, 0.027, 0.022), hex(0x26222a));
        if wolf {
            ear(cv, &[(-0.11, 0.07), (-0.09, 0.2), (-0.02, 0.11)], coat);
        } else {
            ear(
                cv,
                &[(-0.06, 0.11), (-0.13, 0.05), (-0.12, -0.11), (-0.05, -0.08), (-0.02, 0.06)],
                coat.darker(0.3),
            );
        }
        eye(cv, 0.06, 0.055, 0.016);
    });
}

fn cat(cv: &mut Canvas<'_>, cx: &PaintCx<'_>, words: &Words) {
    let coat = words.tint_or(hex(0x4a4750));
    tail(
        cv,
        cx,
        &[(-0.24, 0.28, 0.028), (-0.38, 0.34, 0.028), (-0.4, 0.5, 0.024), (-0.34, 0.56, 0.014)],
        coat,
    );
    let b = Beast {
        coat,
        belly: coat.lighter(0.3),
        foot: coat.lighter(0.45),
        back: 0.31,
        half: 0.24,
        depth: 0.08,
        leg: 0.03,
        neck: (0.06, 0.07),
        thick: 0.055,
    };
    let (h, turn) = body(cv, cx, &b);
    cv.at(h.0 + 0.01, h.1 + 0.02, turn, 1.0, |cv| {
        for x in [-0.05, 0.035] {
            ear(cv, &[(x - 0.03, 0.05), (x, 0.125), (x + 0.035, 0.05)], coat);
        }
        cv.form_soft(
            &Shape::blob(&[
                (-0.08, 0.0),
                (-0.06, 0.06),
                (0.0, 0.08),
                (0.06, 0.06),
                (0.09, 0.0),
                (0.06, -0.05),
                (0.0, -0.065),
                (-0.05, -0.05),
            ]),
            coat,
            0.1,
        );
        for x in [-0.008, 0.055] {
            cv.flat(&Shape::oval(x, 0.012, 0.017, 0.019), hex(0xd9b94a), 0.95);
            cv.flat(&Shape::oval(x + 0.003, 0.012, 0.006, 0.017), hex(0x17141a), 0.6);
        }
        cv.flat(&Shape::poly(&[(0.022, -0.012), (0.044, -0.012), (0.033, -0.025)]), hex(0xc98080), 0.8);
        for y in [-0.02, -0.032] {
            cv.raw_stroke(
                &Shape::line(&[(0.05, y), (0.125, y + 0.01)]),
                0.003,
                cv.lit(hex(0xf0ece6), 0.9),
                0.8,
            );
            cv.raw_stroke(
                &Shape::line(&[(0.015, y), (-0.05, y + 0.008)]),
                0.003,
                cv.lit(hex(0xf0ece6), 0.9),
                0.8,
            );
        }
    });
}

fn fox(cv: &mut Canvas<'_>, cx: &PaintCx<'_>, words: &Words) {
    let coat = words.tint_or(hex(0xc4622f));
    let white = hex(0xf2e8da);
    tail(cv, cx, &[(-0.36, 0.4, 0.04), (-0.55, 0.36, 0.09), (-0.74, 0.3, 0.08), (-0.86, 0.28, 0.01)], coat);
    cv.form(&Shape::blob(&[(-0.72, 0.35), (-0.9, 0.28), (-0.73, 0.24), (-0.69, 0.3)]), white);
    let b = Beast {
        coat,
        belly: white,
        foot: hex(0x33262a),
        back: 0.45,
        half: 0.36,
        depth: 0.115,
        leg: 0.042,
        neck: (0.12, 0.1),
        thick: 0.08,
    };
    let (h, turn) = body(cv, cx, &b);
    cv.at(h.0, h.1 + 0.02, turn, 1.0, |cv| {
        ear(cv, &[(0.0, 0.08), (0.02, 0.21), (0.07, 0.08)], coat.darker(0.3));
        cv.form_soft(
            &Shape::blob(&[
                (-0.12, -0.02),
                (-0.09, 0.09),
                (0.02, 0.11),
                (0.1, 0.05),
                (0.24, -0.02),
                (0.1, -0.08),
                (-0.05, -0.1),
            ]),
            coat,
            0.1,
        );
        cv.flat(
            &Shape::blob(&[(0.05, -0.01), (0.23, -0.02), (0.1, -0.08), (-0.06, -0.1), (-0.1, -0.05)]),
            white,
            0.7,
        );
        cv.form(&Shape::oval(0.238, -0.015, 0.02, 0.018), hex(0x26222a));
        ear(cv, &[(-0.1, 0.07), (-0.08, 0.22), (-0.01, 0.1)], coat);
        cv.flat(&Shape::poly(&[(-0.095, 0.16), (-0.08, 0.215), (-0.055, 0.16)]), hex(0x33262a), 0.6);
        eye(cv, 0.055, 0.035, 0.015);
    });
}

fn horse(cv: &mut Canvas<'_>, cx: &PaintCx<'_>, words: &Words) {
    let coat = words.tint_or(hex(0x7c4b2f));
    let mane = if coat.luma() > 0.6 { hex(0xcfc6b8) } else { hex(0x2d2422) };
    tail(cv, cx, &[(-0.8, 1.4, 0.07), (-1.02, 1.2, 0.11), (-1.06, 0.8, 0.1), (-0.98, 0.55, 0.02)], mane);
    let b = Beast {
        coat,
        belly: coat.darker(0.15),
        foot: hex(0x2b2526),
        back: 1.52,
        half: 0.84,
        depth: 0.33,
        leg: 0.1,
        neck: (0.46, 0.62),
        thick: 0.19,
    };
    let (h, turn) = body(cv, cx, &b);
    let from = (0.62, 1.5);
    let crest = Shape::runs(&[
        &[
            (h.0 - 0.04, h.1 + 0.2),
            (h.0 - 0.24, h.1 - 0.1),
            ((h.0 + from.0) / 2.0 - 0.26, (h.1 + from.1) / 2.0),
            (from.0 - 0.12, from.1 + 0.02),
        ],
        &[
            (from.0 + 0.05, from.1 - 0.1),
            ((h.0 + from.0) / 2.0 - 0.06, (h.1 + from.1) / 2.0 - 0.04),
            (h.0 - 0.02, h.1 + 0.02),
        ],
    ]);
    cv.form_soft(&crest, mane, 0.1);
    cv.at(h.0, h.1, turn, 1.0, |cv| {
        ear(cv, &[(-0.02, 0.13), (0.0, 0.29), (0.06, 0.14)], coat);
        cv.form_soft(
            &Shape::blob(&[
                (-0.15, 0.0),
                (-0.1, 0.14),
                (0.04, 0.17),
                (0.18, 0.05),
                (0.4, -0.16),
                (0.42, -0.27),
                (0.33, -0.32),
                (0.18, -0.22),
                (0.0, -0.17),
            ]),
            coat,
            0.1,
        );
        cv.flat(
            &Shape::blob(&[(0.33, -0.14), (0.42, -0.2), (0.42, -0.28), (0.33, -0.32), (0.29, -0.24)]),
            coat.darker(0.4),
            0.5,
        );
        cv.flat(&Shape::oval(0.385, -0.2, 0.022, 0.014), hex(0x17141a), 0.4);
        eye(cv, 0.09, 0.03, 0.026);
        cv.form(&Shape::blob(&[(-0.04, 0.18), (0.06, 0.2), (0.13, 0.06), (0.06, 0.08)]), mane);
    });
}

fn deer(cv: &mut Canvas<'_>, cx: &PaintCx<'_>, words: &Words) {
    let coat = words.tint_or(hex(0x9f6b43));
    let pale = hex(0xeadbc3);
    let b = Beast {
        coat,
        belly: pale,
        foot: hex(0x3a2c28),
        back: 1.12,
        half: 0.56,
        depth: 0.21,
        leg: 0.062,
        neck: (0.28, 0.46),
        thick: 0.115,
    };
    cv.form(&Shape::blob(&[(-0.52, 1.06), (-0.68, 1.02), (-0.64, 0.9), (-0.54, 0.95)]), pale);
    let (h, turn) = body(cv, cx, &b);
    let antlers = !words.has(&["doe", "fawn"]);
    cv.at(h.0, h.1, turn, 1.0, |cv| {
        if antlers {
            let bone = hex(0xcbb48f);
            for (s, lit) in [(0.09, 0.35), (0.0, 0.85)] {
                cv.stroke(
                    &Shape::curve(&[(0.0 + s, 0.12), (-0.12 + s, 0.36), (-0.06 + s, 0.62), (0.06 + s, 0.8)]),
                    0.03,
                    bone,
                    lit,
                );
                for (a, e) in [
                    ((-0.1, 0.32), (0.1, 0.42)),
                    ((-0.11, 0.46), (-0.26, 0.62)),
                    ((-0.06, 0.62), (-0.18, 0.82)),
                    ((-0.07, 0.56), (0.13, 0.6)),
                ] {
                    cv.stroke(&Shape::line(&[(a.0 + s, a.1), (e.0 + s, e.1)]), 0.024, bone, lit);
                }
            }
        }
        ear(cv, &[(-0.08, 0.06), (-0.25, 0.13), (-0.17, 0.02)], coat.darker(0.15));
        cv.form_soft(
            &Shape::blob(&[
                (-0.12, -0.02),
                (-0.08, 0.1),
                (0.03, 0.12),
                (0.12, 0.05),
                (0.28, -0.06),
                (0.28, -0.12),
                (0.12, -0.13),
                (-0.04, -0.13),
            ]),
            coat,
            0.1,
        );
        cv.flat(&Shape::blob(&[(0.18, -0.05), (0.28, -0.07), (0.28, -0.12), (0.16, -0.13)]), pale, 0.6);
        cv.form(&Shape::oval(0.275, -0.065, 0.026, 0.022), hex(0x26222a));
        eye(cv, 0.06, 0.03, 0.02);
    });
}

fn cow(cv: &mut Canvas<'_>, cx: &PaintCx<'_>, words: &Words) {
    let coat = words.tint_or(hex(0xefe7da));
    let patch = if words.has(&["brown"]) { hex(0xe9dfcd) } else { hex(0x37333a) };
    tail(cv, cx, &[(-0.95, 1.3, 0.03), (-1.06, 1.0, 0.025), (-1.05, 0.65, 0.06)], coat.darker(0.2));
    let b = Beast {
        coat,
        belly: hex(0xe2b9a8),
        foot: hex(0x3a302e),
        back: 1.42,
        half: 0.98,
        depth: 0.4,
        leg: 0.11,
        neck: (0.34, 0.12),
        thick: 0.24,
    };
    let (h, turn) = body(cv, cx, &b);
    for points in [
        [(-0.7, 1.36), (-0.25, 1.3), (-0.35, 0.95), (-0.75, 0.98)],
        [(0.1, 1.38), (0.5, 1.4), (0.48, 1.0), (0.2, 1.08)],
    ] {
        cv.flat(&Shape::blob(&points), patch, 0.55);
    }
    cv.at(h.0, h.1, turn, 1.0, |cv| {
        for s in [-0.12, 0.08] {
            cv.stroke(
                &Shape::curve(&[(s, 0.16), (s + 0.02, 0.28), (s + 0.1, 0.33)]),
                0.04,
                hex(0xd9cdb2),
                0.8,
            );
        }
        ear(cv, &[(-0.12, 0.1), (-0.34, 0.12), (-0.2, 0.0)], patch);
        cv.form_soft(
            &Shape::blob(&[
                (-0.18, 0.0),
                (-0.14, 0.17),
                (0.05, 0.18),
                (0.18, 0.06),
                (0.38, -0.12),
                (0.38, -0.26),
                (0.18, -0.26),
                (-0.05, -0.18),
            ]),
            coat,
            0.1,
        );
        cv.flat(
            &Shape::blob(&[(0.24, -0.06), (0.38, -0.12), (0.4, -0.24), (0.26, -0.28), (0.18, -0.2)]),
            hex(0xdba99a),
            0.65,
        );
        cv.flat(&Shape::oval(0.35, -0.15, 0.025, 0.018), hex(0x4a2f2e), 0.5);
        eye(cv, 0.08, 0.04, 0.028);
    });
}

fn sheep(cv: &mut Canvas<'_>, cx: &PaintCx<'_>, words: &Words) {
    let wool = words.tint_or(hex(0xefe8da));
    let face = if words.has(&["black-faced"]) || !words.has(&["lamb", "goat"]) {
        hex(0x3c3639)
    } else {
        hex(0xe6d9c5)
    };
    let b = Beast {
        coat: face,
        belly: wool,
        foot: hex(0x2d282a),
        back: 0.72,
        half: 0.46,
        depth: 0.2,
        leg: 0.045,
        neck: (0.16, 0.08),
        thick: 0.11,
    };
    let (h, turn) = body(cv, cx, &b);
    for (x, y, r) in [
        (-0.42, 0.58, 0.17),
        (-0.24, 0.72, 0.19),
        (0.02, 0.76, 0.2),
        (0.27, 0.72, 0.19),
        (0.42, 0.58, 0.17),
        (-0.3, 0.45, 0.17),
        (0.0, 0.43, 0.19),
        (0.28, 0.45, 0.17),
        (0.0, 0.58, 0.25),
    ] {
        cv.form(&Shape::oval(x, y, r, r * 0.9), wool);
    }
    cv.at(h.0 + 0.03, h.1, turn, 1.0, |cv| {
        ear(cv, &[(-0.04, 0.05), (-0.19, 0.03), (-0.08, -0.03)], face);
        cv.form_soft(
            &Shape::blob(&[
                (-0.1, 0.02),
                (-0.02, 0.1),
                (0.08, 0.07),
                (0.18, -0.08),
                (0.16, -0.15),
                (0.04, -0.13),
                (-0.07, -0.08),
            ]),
            face,
            0.1,
        );
        cv.form(&Shape::oval(-0.02, 0.09, 0.09, 0.065), wool);
        cv.flat(
            &Shape::oval(0.06, 0.02, 0.016, 0.016),
            if face.luma() < 0.4 { hex(0xe9dfcd) } else { hex(0x1c1719) },
            0.9,
        );
    });
}

fn bear(cv: &mut Canvas<'_>, cx: &PaintCx<'_>, words: &Words) {
    let coat = words.tint_or(if words.has(&["polar"]) { hex(0xf0ebe0) } else { hex(0x5e432f) });
    let b = Beast {
        coat,
        belly: coat.darker(0.15),
        foot: coat.darker(0.4),
        back: 1.15,
        half: 0.78,
        depth: 0.36,
        leg: 0.15,
        neck: (0.3, 0.05),
        thick: 0.26,
    };
    let (h, turn) = body(cv, cx, &b);
    cv.at(h.0 + 0.04, h.1 + 0.03, turn, 1.0, |cv| {
        for x in [-0.12, 0.08] {
            cv.form(&Shape::oval(x, 0.2, 0.075, 0.075), coat.darker(0.15));
        }
        cv.form_soft(
            &Shape::blob(&[
                (-0.2, 0.0),
                (-0.14, 0.17),
                (0.04, 0.21),
                (0.17, 0.1),
                (0.35, 0.0),
                (0.35, -0.1),
                (0.16, -0.16),
                (-0.08, -0.17),
            ]),
            coat,
            0.1,
        );
        cv.flat(
            &Shape::blob(&[(0.16, 0.05), (0.34, 0.0), (0.35, -0.1), (0.17, -0.13)]),
            coat.lighter(0.3),
            0.65,
        );
        cv.form(&Shape::oval(0.345, -0.01, 0.042, 0.035), hex(0x221d20));
        eye(cv, 0.11, 0.07, 0.024);
    });
}
