//! Hair: what hangs behind the shoulders, what frames the face, what falls over the clothes.
//! Measures are in heads, as in [`super::head`].

use super::head::points;
use super::look::{Hat, Look, Style};
use crate::subjects::canvas::Canvas;
use crate::subjects::colour::Rgb;
use crate::subjects::shape::{P, Shape};

/// Whether a hat leaves nothing of the crown's hair to see.
fn covered(look: &Look) -> bool {
    look.hat.is_some_and(|(hat, _)| matches!(hat, Hat::Hood))
}

/// A few strands along a lock.
fn strands(cv: &mut Canvas<'_>, colour: Rgb, lines: &[[P; 3]]) {
    for (i, line) in lines.iter().enumerate() {
        let (tone, lit) = if i % 2 == 0 { (colour.darker(0.28), 0.5) } else { (colour.lighter(0.3), 0.95) };
        cv.raw_stroke(&Shape::curve(line), 0.012, cv.lit(tone, lit), 0.5);
    }
}

/// What is painted before neck and shoulders.
pub fn behind(cv: &mut Canvas<'_>, look: &Look, turn: f32) {
    let t = turn;
    let colour = look.hair.darker(0.24);
    if covered(look) {
        return;
    }
    match look.style {
        Style::Long => {
            let shape = Shape::blob(&[
                (-0.42 - 0.06 * t, 0.2),
                (-0.3, 0.5),
                (0.2, 0.5),
                (0.4 - 0.06 * t, 0.2),
                (0.43 - 0.08 * t, -0.3),
                (0.46 - 0.1 * t, -0.85),
                (0.1, -0.98),
                (-0.46 - 0.04 * t, -0.95),
                (-0.5 - 0.05 * t, -0.4),
            ]);
            cv.form_soft(&shape, colour, 0.1);
        }
        Style::Bob => {
            let shape = Shape::blob(&[
                (-0.43 - 0.05 * t, 0.2),
                (-0.3, 0.52),
                (0.2, 0.52),
                (0.4 - 0.05 * t, 0.2),
                (0.41 - 0.07 * t, -0.25),
                (0.34 - 0.06 * t, -0.46),
                (0.0, -0.4),
                (-0.4 - 0.03 * t, -0.5),
                (-0.48 - 0.04 * t, -0.2),
            ]);
            cv.form_soft(&shape, colour, 0.1);
        }
        Style::Bun => {
            let (x, y) = (-0.46 * t, 0.34 + 0.24 * (1.0 - t));
            cv.form(&Shape::oval(x, y, 0.17, 0.16), colour.lighter(0.05));
            strands(
                cv,
                look.hair,
                &[
                    [(x - 0.1, y - 0.06), (x, y + 0.06), (x + 0.1, y + 0.02)],
                    [(x - 0.1, y + 0.05), (x, y - 0.06), (x + 0.08, y - 0.07)],
                ],
            );
        }
        Style::Ponytail => {
            let s = t.max(0.35);
            let tail = Shape::limb(&[
                (-0.36 * s, 0.32, 0.07),
                (-0.56 * s, 0.27, 0.12),
                (-0.66 * s, -0.05, 0.13),
                (-0.6 * s, -0.4, 0.09),
                (-0.66 * s, -0.6, 0.01),
            ]);
            cv.form_soft(&tail, look.hair.darker(0.1), 0.1);
            strands(
                cv,
                look.hair,
                &[
                    [(-0.52 * s, 0.25), (-0.62 * s, -0.05), (-0.62 * s, -0.4)],
                    [(-0.5 * s, 0.2), (-0.7 * s, -0.05), (-0.64 * s, -0.45)],
                ],
            );
        }
        Style::Curly => {
            for i in 0..16 {
                let a = i as f32 / 16.0 * std::f32::consts::TAU;
                if a.sin() < -0.75 {
                    continue;
                }
                let (x, y) = (-0.05 * t + 0.4 * a.cos(), 0.14 + 0.38 * a.sin());
                cv.form(&Shape::oval(x, y, 0.15, 0.14), colour);
            }
        }
        Style::Braid | Style::Short | Style::Bald => {}
    }
}

/// The outer edge over the crown, near temple to far temple: towards us, three-quarter.
const CROWN: [(P, P); 9] = [
    ((-0.385, 0.06), (-0.33, 0.02)),
    ((-0.415, 0.24), (-0.45, 0.16)),
    ((-0.36, 0.43), (-0.43, 0.38)),
    ((-0.2, 0.56), (-0.27, 0.54)),
    ((0.0, 0.6), (-0.03, 0.6)),
    ((0.2, 0.56), (0.19, 0.545)),
    ((0.35, 0.43), (0.325, 0.4)),
    ((0.4, 0.24), (0.365, 0.24)),
    ((0.375, 0.06), (0.335, 0.1)),
];

/// The hairline back again, by style.
fn hairline(style: Style) -> &'static [(P, P)] {
    match style {
        Style::Short => &[
            ((0.335, 0.06), (0.316, 0.12)),
            ((0.31, 0.24), (0.3, 0.25)),
            ((0.2, 0.31), (0.22, 0.325)),
            ((0.0, 0.345), (0.06, 0.33)),
            ((-0.17, 0.3), (-0.09, 0.345)),
            ((-0.29, 0.25), (-0.2, 0.27)),
            ((-0.325, 0.1), (-0.225, 0.12)),
            ((-0.33, -0.04), (-0.245, -0.02)),
        ],
        Style::Curly => &[
            ((0.33, 0.05), (0.31, 0.1)),
            ((0.27, 0.26), (0.27, 0.28)),
            ((0.1, 0.3), (0.13, 0.3)),
            ((-0.1, 0.3), (-0.05, 0.31)),
            ((-0.27, 0.26), (-0.2, 0.24)),
            ((-0.33, 0.0), (-0.25, -0.02)),
        ],
        // Parted and swept to both sides.
        _ => &[
            ((0.345, -0.02), (0.316, 0.05)),
            ((0.315, 0.16), (0.3, 0.21)),
            ((0.2, 0.31), (0.225, 0.33)),
            ((0.07, 0.41), (0.12, 0.415)),
            ((-0.1, 0.35), (-0.03, 0.36)),
            ((-0.25, 0.24), (-0.165, 0.24)),
            ((-0.33, 0.05), (-0.235, 0.06)),
            ((-0.345, -0.1), (-0.27, -0.1)),
        ],
    }
}

/// What frames the face.
pub fn front(cv: &mut Canvas<'_>, look: &Look, turn: f32) {
    if covered(look) {
        return;
    }
    let colour = look.hair;
    if look.style == Style::Bald {
        bald(cv, look, turn);
        return;
    }
    let outer = points(&CROWN, turn);
    let inner = points(hairline(look.style), turn);
    let cap = Shape::runs(&[&outer, &inner]);
    cv.form_soft(&cap, colour, 0.08);
    cv.within(&cap, |cv| crown_strands(cv, look, turn));
    match look.style {
        Style::Long | Style::Bob => curtains(cv, look, turn),
        Style::Curly => curls(cv, look, turn),
        Style::Short if !look.female => quiff(cv, look, turn),
        _ => {}
    }
}

fn crown_strands(cv: &mut Canvas<'_>, look: &Look, t: f32) {
    let part = (0.08 + 0.05 * t, 0.5);
    let mut lines = Vec::new();
    for i in 0..6 {
        let k = i as f32 / 5.0;
        lines.push([part, (-0.17 - 0.12 * k, 0.5 - 0.2 * k), (-0.24 - 0.18 * k, 0.12 + 0.1 * k - 0.1 * t)]);
        if i < 3 {
            lines.push([part, (0.22 + 0.05 * k, 0.43 - 0.05 * k), (0.3 + 0.06 * k, 0.2 - 0.05 * k)]);
        }
    }
    strands(cv, look.hair, &lines);
    let gleam = Shape::curve(&[(-0.36 - 0.03 * t, 0.3), (-0.2, 0.45), (0.05, 0.5)]);
    cv.raw_stroke(&gleam, 0.045, cv.lit(look.hair.lighter(0.35), 1.0), 0.22);
}

/// Hair that falls at both sides of the face.
fn curtains(cv: &mut Canvas<'_>, look: &Look, t: f32) {
    let end = if look.style == Style::Long { -0.9 } else { -0.44 };
    let near = Shape::blob(&[
        (-0.27 + 0.06 * t, 0.26),
        (-0.4, 0.28),
        (-0.46, 0.0),
        (-0.45, -0.3),
        (-0.47, end),
        (-0.3, end - 0.03),
        (-0.29 + 0.05 * t, -0.25),
        (-0.33 + 0.08 * t, 0.0),
    ]);
    let far = Shape::blob(&[
        (0.3, 0.24),
        (0.385 - 0.02 * t, 0.2),
        (0.43 - 0.05 * t, -0.1),
        (0.42 - 0.06 * t, end * 0.9),
        (0.31, end * 0.92),
        (0.31, -0.2),
        (0.34 - 0.02 * t, 0.03),
    ]);
    cv.form_soft(&far, look.hair.darker(0.08), 0.1);
    cv.form_soft(&near, look.hair, 0.1);
    cv.within(&near, |cv| {
        strands(
            cv,
            look.hair,
            &[
                [(-0.33, 0.2), (-0.39, -0.1), (-0.36, end)],
                [(-0.36, 0.22), (-0.43, -0.1), (-0.42, end)],
                [(-0.3, 0.15), (-0.35, -0.1), (-0.32, end)],
            ],
        );
    });
}

fn curls(cv: &mut Canvas<'_>, look: &Look, t: f32) {
    let spots = [
        (-0.36, 0.02),
        (-0.42, 0.2),
        (-0.35, 0.38),
        (-0.2, 0.5),
        (0.0, 0.55),
        (0.2, 0.5),
        (0.33, 0.36),
        (0.37, 0.18),
        (-0.18, 0.36),
        (0.02, 0.4),
        (0.2, 0.36),
    ];
    for (i, (x, y)) in spots.into_iter().enumerate() {
        let (x, r) = (x + 0.03 * t * (1.0 - f32::abs(x)), 0.1 + 0.012 * (i % 3) as f32);
        cv.form(&Shape::oval(x, y, r, r), look.hair);
        cv.raw_stroke(
            &Shape::arc(x, y, r * 0.55, r * 0.5, 0.1, 0.6),
            0.012,
            cv.lit(look.hair.lighter(0.3), 0.9),
            0.5,
        );
    }
}

/// A boy's or man's front locks.
fn quiff(cv: &mut Canvas<'_>, look: &Look, t: f32) {
    let lock = Shape::blob(&[
        (-0.24, 0.36),
        (-0.12, 0.52),
        (0.1, 0.585),
        (0.28, 0.5),
        (0.315, 0.36),
        (0.25 + 0.03 * t, 0.315),
        (0.1, 0.37),
        (-0.08, 0.335),
    ]);
    cv.form_soft(&lock, look.hair.lighter(0.04), 0.08);
    strands(
        cv,
        look.hair,
        &[
            [(-0.16, 0.4), (0.0, 0.5), (0.22, 0.44)],
            [(-0.1, 0.37), (0.08, 0.44), (0.27, 0.37)],
            [(-0.1, 0.5), (0.08, 0.55), (0.24, 0.5)],
        ],
    );
}

fn bald(cv: &mut Canvas<'_>, look: &Look, t: f32) {
    let side = Shape::blob(&[
        (-0.31 + 0.06 * t, -0.14),
        (-0.38, -0.2),
        (-0.44, -0.08),
        (-0.455, 0.06),
        (-0.42, 0.15),
        (-0.36, 0.14),
        (-0.335 + 0.05 * t, 0.08),
        (-0.325 + 0.06 * t, -0.04),
    ]);
    cv.form_soft(&side, look.hair, 0.08);
    if t < 0.5 {
        cv.mirrored(0.0, |cv| cv.form_soft(&side, look.hair, 0.08));
    }
    let x = if cv.light_x() <= 0.0 { -0.1 } else { 0.14 };
    cv.raw(&Shape::oval(x, 0.42, 0.11, 0.035), cv.lit(look.skin.lighter(0.5), 1.0), 0.35);
}

/// What falls over the clothes: the braid on the near shoulder.
pub fn over(cv: &mut Canvas<'_>, look: &Look, turn: f32) {
    if look.style != Style::Braid || covered(look) {
        return;
    }
    let start = (-0.33 - 0.02 * turn, -0.2);
    plait(cv, look, start, (-0.36 - 0.03 * turn, -1.12));
}

/// A plait from one point down to another.
fn plait(cv: &mut Canvas<'_>, look: &Look, from: P, to: P) {
    let n = 7;
    for i in 0..n {
        let k = i as f32 / n as f32;
        let bow = 0.07 * (k * 3.0).sin();
        let (x, y) = (from.0 + (to.0 - from.0) * k - bow, from.1 + (to.1 - from.1) * k);
        let w = 0.095 * (1.0 - 0.35 * k);
        let s = if i % 2 == 0 { 1.0 } else { -1.0 };
        let knot = Shape::blob(&[
            (x - w * s, y + 0.07),
            (x + 0.3 * w * s, y + 0.09),
            (x + w * s, y - 0.01),
            (x + 0.5 * w * s, y - 0.09),
            (x - 0.6 * w * s, y - 0.03),
        ]);
        cv.form_soft(&knot, look.hair, 0.08);
        let strand = [(x - 0.7 * w * s, y + 0.05), (x + 0.2 * w * s, y + 0.03), (x + 0.6 * w * s, y - 0.05)];
        cv.raw_stroke(&Shape::curve(&strand), 0.01, cv.lit(look.hair.darker(0.35), 0.5), 0.6);
    }
    let (x, y) = (to.0, to.1 + 0.02);
    cv.flat(&Shape::round(x - 0.055, y, 0.11, 0.05, 0.02), crate::subjects::colour::hex(0x4a3b38), 0.7);
    let tuft =
        Shape::blob(&[(x - 0.05, y), (x + 0.05, y), (x + 0.06, y - 0.1), (x, y - 0.18), (x - 0.06, y - 0.1)]);
    cv.form_soft(&tuft, look.hair, 0.08);
}

/// The head's hair from behind.
pub fn back_view(cv: &mut Canvas<'_>, look: &Look) {
    if covered(look) {
        return;
    }
    let colour = look.hair;
    if look.style == Style::Bald {
        cv.form(&Shape::oval(0.0, 0.12, 0.37, 0.4), look.skin);
        let ring = Shape::blob(&[
            (-0.37, 0.12),
            (-0.2, 0.0),
            (0.0, -0.03),
            (0.2, 0.0),
            (0.37, 0.12),
            (0.34, -0.12),
            (0.2, -0.26),
            (-0.2, -0.26),
            (-0.34, -0.12),
        ]);
        cv.form_soft(&ring, colour, 0.1);
        return;
    }
    let nape = match look.style {
        Style::Long => -0.95,
        Style::Bob => -0.46,
        _ => -0.27,
    };
    let wide = if nape < -0.4 { 0.42 } else { 0.26 };
    let shape = Shape::blob(&[
        (0.0, 0.6),
        (-0.26, 0.53),
        (-0.4, 0.3),
        (-0.41, 0.05),
        (-0.36, -0.1),
        (-wide, nape * 0.8),
        (-wide * 0.6, nape),
        (0.0, nape - 0.03),
        (wide * 0.6, nape),
        (wide, nape * 0.8),
        (0.36, -0.1),
        (0.41, 0.05),
        (0.4, 0.3),
        (0.26, 0.53),
    ]);
    cv.form_soft(&shape, colour, 0.1);
    cv.within(&shape, |cv| {
        let mut lines = Vec::new();
        for i in 0..11 {
            let x = -0.36 + 0.072 * i as f32;
            lines.push([(x * 0.25, 0.52), (x, 0.15), (x * (wide / 0.4), nape)]);
        }
        strands(cv, colour, &lines);
    });
    match look.style {
        Style::Bun => {
            cv.form(&Shape::oval(0.0, 0.26, 0.21, 0.19), colour.lighter(0.06));
            strands(
                cv,
                colour,
                &[
                    [(-0.15, 0.22), (0.0, 0.4), (0.15, 0.3)],
                    [(-0.12, 0.16), (0.02, 0.3), (0.15, 0.22)],
                    [(-0.05, 0.1), (0.08, 0.2), (0.16, 0.16)],
                ],
            );
        }
        Style::Ponytail => {
            let tail = Shape::limb(&[
                (0.0, 0.25, 0.08),
                (0.02, 0.0, 0.13),
                (-0.02, -0.4, 0.12),
                (0.03, -0.75, 0.02),
            ]);
            cv.form_soft(&tail, colour.lighter(0.05), 0.1);
        }
        Style::Braid => plait(cv, look, (0.0, -0.18), (0.05, -1.2)),
        Style::Curly => curls(cv, look, 0.0),
        _ => {}
    }
}
