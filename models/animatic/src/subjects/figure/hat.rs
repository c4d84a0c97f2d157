//! Hats, hoods and kerchiefs. Measures are in heads, as in [`super::head`].

use super::look::{Hat, Look};
use crate::subjects::canvas::Canvas;
use crate::subjects::colour::{Rgb, hex};
use crate::subjects::shape::Shape;

/// A hood's back, painted before the neck.
pub fn behind(cv: &mut Canvas<'_>, look: &Look, turn: f32) {
    if let Some((Hat::Hood, colour)) = look.hat {
        let x = -0.06 * turn;
        let hood = Shape::blob(&[
            (x, 0.7),
            (x + 0.3, 0.6),
            (x + 0.47, 0.25),
            (x + 0.45, -0.25),
            (x + 0.3, -0.62),
            (x - 0.3, -0.62),
            (x - 0.5, -0.2),
            (x - 0.53, 0.25),
            (x - 0.34, 0.6),
        ]);
        cv.form_soft(&hood, colour.darker(0.25), 0.08);
    }
    if let Some((Hat::Souwester, colour)) = look.hat {
        let x = -0.12 * turn;
        let brim = Shape::blob(&[
            (x - 0.45, 0.3),
            (x + 0.4, 0.3),
            (x + 0.3, -0.12),
            (x, -0.3),
            (x - 0.5, -0.32),
            (x - 0.62, -0.05),
        ]);
        cv.form_soft(&brim, colour.darker(0.3), 0.08);
    }
}

/// What sits on the crown and the brow.
pub fn front(cv: &mut Canvas<'_>, look: &Look, turn: f32) {
    let Some((hat, colour)) = look.hat else {
        return;
    };
    let t = turn;
    match hat {
        Hat::Cap => cap(cv, colour, t),
        Hat::Captain => captain(cv, colour, t),
        Hat::Beanie => beanie(cv, colour, t),
        Hat::Brim => brim(cv, colour, t, 0.36),
        Hat::Top => brim(cv, colour, t, 0.68),
        Hat::Souwester => souwester(cv, colour, t),
        Hat::Hood => hood(cv, colour, t),
        Hat::Kerchief => kerchief(cv, colour, t),
        Hat::Crown => crown(cv, colour),
    }
}

/// Any hat from behind.
pub fn back_view(cv: &mut Canvas<'_>, look: &Look) {
    let Some((hat, colour)) = look.hat else {
        return;
    };
    match hat {
        Hat::Hood => {
            let hood = Shape::blob(&[
                (0.0, 0.68),
                (0.34, 0.54),
                (0.46, 0.2),
                (0.42, -0.3),
                (0.5, -0.6),
                (0.0, -0.7),
                (-0.5, -0.6),
                (-0.42, -0.3),
                (-0.46, 0.2),
                (-0.34, 0.54),
            ]);
            cv.form_soft(&hood, colour, 0.08);
            cv.stroke(
                &Shape::curve(&[(0.02, 0.66), (0.06, 0.2), (0.0, -0.4)]),
                0.014,
                colour.darker(0.35),
                0.5,
            );
        }
        Hat::Souwester => {
            dome(cv, colour, 0.0, 0.72);
            let flap = Shape::blob(&[
                (-0.42, 0.28),
                (0.0, 0.34),
                (0.42, 0.28),
                (0.52, -0.12),
                (0.3, -0.36),
                (0.0, -0.42),
                (-0.3, -0.36),
                (-0.52, -0.12),
            ]);
            cv.form_soft(&flap, colour, 0.08);
            cv.stroke(
                &Shape::curve(&[(-0.4, 0.26), (0.0, 0.2), (0.4, 0.26)]),
                0.016,
                colour.darker(0.35),
                0.5,
            );
        }
        Hat::Kerchief => {
            dome(cv, colour, 0.0, 0.62);
            cv.form(&Shape::poly(&[(-0.4, 0.2), (0.4, 0.2), (0.0, -0.55)]), colour);
        }
        _ => front(cv, look, 0.0),
    }
}

/// A round crown down to the brow.
fn dome(cv: &mut Canvas<'_>, colour: Rgb, x: f32, top: f32) {
    let shape = Shape::runs(&[
        &[
            (x - 0.43, 0.2),
            (x - 0.44, 0.4),
            (x - 0.3, top - 0.08),
            (x, top),
            (x + 0.28, top - 0.08),
            (x + 0.4, 0.4),
            (x + 0.38, 0.22),
        ],
        &[(x + 0.38, 0.22), (x, 0.27), (x - 0.43, 0.2)],
    ]);
    cv.form_soft(&shape, colour, 0.06);
}

fn cap(cv: &mut Canvas<'_>, colour: Rgb, t: f32) {
    let x = -0.03 * t;
    let crown = Shape::blob(&[
        (x - 0.47, 0.26),
        (x - 0.46, 0.46),
        (x - 0.2, 0.66),
        (x + 0.15, 0.63),
        (x + 0.42, 0.46),
        (x + 0.42, 0.3),
        (x + 0.1, 0.26),
        (x - 0.2, 0.22),
    ]);
    cv.form_soft(&crown, colour, 0.06);
    cv.stroke(
        &Shape::curve(&[(x - 0.4, 0.36), (x, 0.44), (x + 0.38, 0.38)]),
        0.012,
        colour.darker(0.35),
        0.5,
    );
    let peak = Shape::blob(&[
        (x - 0.2 + 0.12 * t, 0.3),
        (x + 0.12, 0.34),
        (x + 0.42, 0.32),
        (x + 0.42 + 0.16 * t, 0.24),
        (x + 0.3 + 0.1 * t, 0.235),
        (x + 0.05, 0.23),
    ]);
    cv.form(&peak, colour.darker(0.2));
}

fn captain(cv: &mut Canvas<'_>, colour: Rgb, t: f32) {
    let x = -0.02 * t;
    let top = Shape::blob(&[
        (x - 0.5, 0.47),
        (x - 0.3, 0.62),
        (x + 0.05, 0.68),
        (x + 0.35, 0.62),
        (x + 0.48, 0.47),
        (x + 0.3, 0.4),
        (x - 0.35, 0.38),
    ]);
    cv.form(&top, hex(0xece6d8).mix(colour, if colour.luma() < 0.3 { 0.0 } else { 1.0 }));
    let band = Shape::runs(&[
        &[(x - 0.42, 0.26), (x - 0.43, 0.44)],
        &[(x - 0.43, 0.44), (x, 0.5), (x + 0.4, 0.45)],
        &[(x + 0.4, 0.45), (x + 0.385, 0.29)],
        &[(x + 0.385, 0.29), (x, 0.32), (x - 0.42, 0.26)],
    ]);
    cv.form_soft(&band, colour, 0.06);
    let peak = Shape::blob(&[
        (x - 0.16, 0.31),
        (x + 0.15, 0.35),
        (x + 0.4, 0.32),
        (x + 0.44 + 0.08 * t, 0.22),
        (x + 0.2, 0.245),
        (x - 0.1, 0.24),
    ]);
    cv.form(&peak, hex(0x23232a));
    cv.stroke(
        &Shape::curve(&[(x - 0.18, 0.31), (x + 0.12, 0.345), (x + 0.4, 0.32)]),
        0.022,
        hex(0xd1a549),
        0.9,
    );
    cv.flat(&Shape::oval(x + 0.13 * t + 0.02, 0.42, 0.05, 0.05), hex(0xdcb353), 0.95);
    cv.flat(&Shape::oval(x + 0.13 * t + 0.02, 0.42, 0.022, 0.022), colour, 0.6);
}

fn beanie(cv: &mut Canvas<'_>, colour: Rgb, t: f32) {
    let x = -0.04 * t;
    dome(cv, colour, x, 0.74);
    for i in 0..7 {
        let k = -0.3 + 0.1 * i as f32;
        cv.raw_stroke(
            &Shape::curve(&[(x + k, 0.34), (x + k * 0.8, 0.55), (x + k * 0.3, 0.71)]),
            0.014,
            cv.lit(colour.darker(0.3), 0.5),
            0.5,
        );
    }
    let band = Shape::round(x - 0.45, 0.2, 0.86, 0.17, 0.07);
    cv.form_soft(&band, colour.lighter(0.1), 0.06);
    cv.within(&band, |cv| {
        for i in 0..15 {
            let k = x - 0.42 + 0.058 * i as f32;
            cv.raw_stroke(&Shape::line(&[(k, 0.22), (k, 0.35)]), 0.014, cv.lit(colour.darker(0.3), 0.5), 0.5);
        }
    });
}

fn brim(cv: &mut Canvas<'_>, colour: Rgb, t: f32, tall: f32) {
    let x = -0.03 * t;
    let top = 0.32 + tall;
    let flare = if tall > 0.5 { 0.02 } else { -0.05 };
    let crown = Shape::runs(&[
        &[(x - 0.37, 0.3), (x - 0.37 - flare, top - 0.06)],
        &[
            (x - 0.37 - flare, top - 0.06),
            (x - 0.18, top + 0.01),
            (x, top - 0.03),
            (x + 0.2, top + 0.01),
            (x + 0.36 + flare, top - 0.06),
        ],
        &[(x + 0.36 + flare, top - 0.06), (x + 0.37, 0.3)],
    ]);
    cv.form_soft(&crown, colour, 0.06);
    cv.within(&crown, |cv| cv.flat(&Shape::rect(x - 0.5, 0.3, 1.0, 0.13), colour.darker(0.45), 0.6));
    let rim = Shape::blob(&[
        (x - 0.62, 0.27),
        (x - 0.35, 0.345),
        (x, 0.35),
        (x + 0.35, 0.345),
        (x + 0.6, 0.28),
        (x + 0.3, 0.245),
        (x, 0.235),
        (x - 0.3, 0.24),
    ]);
    cv.form_soft(&rim, colour.lighter(0.04), 0.06);
}

fn souwester(cv: &mut Canvas<'_>, colour: Rgb, t: f32) {
    let x = -0.03 * t;
    dome(cv, colour, x, 0.72);
    for k in [-0.2, 0.05] {
        cv.raw_stroke(
            &Shape::curve(&[(x + k * 1.3, 0.32), (x + k * 1.2, 0.52), (x + k * 0.4, 0.7)]),
            0.014,
            cv.lit(colour.darker(0.35), 0.5),
            0.6,
        );
    }
    let rim = Shape::blob(&[
        (x - 0.58 - 0.05 * t, 0.12),
        (x - 0.4, 0.33),
        (x, 0.37),
        (x + 0.36, 0.34),
        (x + 0.5, 0.21),
        (x + 0.3, 0.245),
        (x, 0.25),
        (x - 0.28, 0.2),
    ]);
    cv.form_soft(&rim, colour.lighter(0.06), 0.06);
}

fn hood(cv: &mut Canvas<'_>, colour: Rgb, t: f32) {
    let x = -0.02 * t;
    let outer = [
        (x - 0.33, -0.62),
        (x - 0.5, -0.2),
        (x - 0.53, 0.25),
        (x - 0.34, 0.6),
        (x, 0.7),
        (x + 0.27, 0.6),
        (x + 0.43, 0.26),
        (x + 0.42, -0.25),
        (x + 0.3, -0.62),
    ];
    let inner = [
        (x + 0.16, -0.58),
        (x + 0.33, -0.3),
        (x + 0.355, 0.1),
        (x + 0.26, 0.4),
        (x + 0.02, 0.49),
        (x - 0.22 + 0.05 * t, 0.4),
        (x - 0.33 + 0.06 * t, 0.1),
        (x - 0.28 + 0.06 * t, -0.3),
        (x - 0.1, -0.6),
    ];
    let shape = Shape::runs(&[&outer, &inner]);
    cv.form_soft(&shape, colour, 0.06);
    cv.stroke(&Shape::curve(&inner), 0.022, colour.darker(0.3), 0.5);
}

fn kerchief(cv: &mut Canvas<'_>, colour: Rgb, t: f32) {
    let x = -0.03 * t;
    let cloth = Shape::runs(&[
        &[
            (x - 0.36, -0.36),
            (x - 0.48, 0.05),
            (x - 0.42, 0.42),
            (x - 0.2, 0.6),
            (x + 0.05, 0.62),
            (x + 0.3, 0.48),
            (x + 0.41, 0.2),
            (x + 0.36, -0.3),
        ],
        &[
            (x + 0.36, -0.3),
            (x + 0.33, 0.1),
            (x + 0.26, 0.36),
            (x + 0.08, 0.44),
            (x - 0.18, 0.36),
            (x - 0.27, 0.1),
            (x - 0.24, -0.3),
        ],
    ]);
    cv.form_soft(&cloth, colour, 0.06);
    let knot = Shape::blob(&[
        (x - 0.26, -0.36),
        (x + 0.1, -0.5),
        (x + 0.36, -0.3),
        (x + 0.24, -0.62),
        (x + 0.02, -0.6),
    ]);
    cv.form(&knot, colour.darker(0.1));
}

fn crown(cv: &mut Canvas<'_>, colour: Rgb) {
    let mut points = vec![(-0.36, 0.34)];
    for i in 0..5 {
        let x = -0.4 + 0.2 * i as f32;
        points.push((x, 0.68));
        points.push((x + 0.1, 0.5));
    }
    points.pop();
    points.push((0.34, 0.36));
    points.push((0.0, 0.31));
    cv.form(&Shape::poly(&points), colour);
    for i in 0..4 {
        cv.flat(
            &Shape::oval(-0.24 + 0.16 * i as f32, 0.42, 0.03, 0.03),
            hex(if i % 2 == 0 { 0xa83140 } else { 0x2f6f8a }),
            0.9,
        );
    }
}
