//! What hands hold, painted about the hand, in parts of a grown figure's height.

use super::look::Prop;
use crate::subjects::canvas::Canvas;
use crate::subjects::colour::{Rgb, hex};
use crate::subjects::shape::Shape;

/// Paints a held thing with the hand at the origin. `floor` is the ground's height below the hand.
pub fn paint(cv: &mut Canvas<'_>, prop: Prop, colour: Rgb, floor: f32) {
    match prop {
        Prop::Lantern => lantern(cv, colour),
        Prop::Letter => {
            cv.at(0.015, 0.02, 0.25, 1.0, |cv| {
                cv.flat(&Shape::rect(-0.02, -0.02, 0.085, 0.1), colour, 0.95);
                for i in 0..5 {
                    let y = 0.06 - 0.014 * i as f32;
                    cv.raw_stroke(
                        &Shape::line(&[(-0.01, y), (0.05 - 0.008 * (i % 3) as f32, y)]),
                        0.003,
                        hex(0x5a5350),
                        0.6,
                    );
                }
            });
        }
        Prop::Book => {
            cv.at(0.02, 0.02, 0.3, 1.0, |cv| {
                cv.flat(
                    &Shape::poly(&[(0.0, -0.03), (0.075, 0.0), (0.075, 0.09), (0.0, 0.06)]),
                    colour,
                    0.85,
                );
                cv.flat(
                    &Shape::poly(&[(0.0, -0.03), (-0.06, 0.0), (-0.06, 0.09), (0.0, 0.06)]),
                    colour.darker(0.15),
                    0.6,
                );
                cv.flat(
                    &Shape::poly(&[(0.0, 0.055), (0.07, 0.085), (0.0, 0.07), (-0.055, 0.085)]),
                    hex(0xf0e8d4),
                    0.9,
                );
            });
        }
        Prop::Suitcase => {
            cv.stroke(&Shape::arc(0.0, -0.03, 0.03, 0.035, 0.0, 0.5), 0.008, colour.darker(0.4), 0.5);
            let body = Shape::round(-0.12, -0.19, 0.24, 0.16, 0.015);
            cv.form_soft(&body, colour, 0.05);
            for x in [-0.075, 0.06] {
                cv.flat(&Shape::rect(x, -0.19, 0.016, 0.16), colour.darker(0.35), 0.6);
            }
            cv.flat(&Shape::rect(-0.012, -0.06, 0.024, 0.016), hex(0xcfa958), 0.9);
        }
        Prop::Basket => {
            cv.stroke(&Shape::arc(0.0, -0.095, 0.085, 0.095, 0.0, 0.5), 0.009, colour.darker(0.3), 0.6);
            let body = Shape::blob(&[(-0.10, -0.09), (0.10, -0.09), (0.078, -0.185), (-0.078, -0.185)]);
            cv.form_soft(&body, colour, 0.08);
            for y in [-0.115, -0.14, -0.165] {
                cv.raw_stroke(&Shape::line(&[(-0.085, y), (0.085, y)]), 0.004, colour.darker(0.5), 0.6);
            }
            cv.stroke(&Shape::line(&[(-0.104, -0.088), (0.104, -0.088)]), 0.016, colour.lighter(0.15), 0.85);
        }
        Prop::Cane => {
            let tip = -floor.max(0.1);
            cv.stroke(&Shape::line(&[(0.0, 0.0), (0.03, tip)]), 0.011, colour, 0.7);
            cv.stroke(&Shape::arc(-0.018, 0.005, 0.018, 0.018, 0.0, 0.5), 0.011, colour, 0.85);
        }
        Prop::Umbrella => umbrella(cv, colour),
        Prop::Rod => {
            cv.stroke(&Shape::curve(&[(-0.06, -0.05), (0.25, 0.22), (0.52, 0.36)]), 0.009, colour, 0.8);
            cv.raw_stroke(&Shape::line(&[(0.52, 0.36), (0.55, -0.1)]), 0.002, hex(0xe6e6e0), 0.8);
        }
        Prop::Cup => {
            cv.form(&Shape::round(-0.005, -0.012, 0.042, 0.05, 0.01), colour);
            cv.stroke(&Shape::arc(0.04, 0.014, 0.013, 0.015, 0.75, 1.25), 0.006, colour, 0.7);
        }
        Prop::Telescope => {
            cv.at(0.0, 0.0, 0.12, 1.0, |cv| {
                cv.form(
                    &Shape::poly(&[(-0.06, -0.008), (0.06, -0.013), (0.06, 0.013), (-0.06, 0.008)]),
                    colour.darker(0.2),
                );
                cv.form(
                    &Shape::poly(&[(0.05, -0.016), (0.16, -0.021), (0.16, 0.021), (0.05, 0.016)]),
                    colour,
                );
            });
        }
        Prop::Flowers => {
            for (i, (x, y)) in [(0.0, 0.09), (0.03, 0.075), (-0.028, 0.075), (0.012, 0.055), (-0.012, 0.105)]
                .into_iter()
                .enumerate()
            {
                cv.stroke(&Shape::line(&[(0.0, -0.03), (x, y)]), 0.005, hex(0x4f7d4c), 0.7);
                let petal = if i % 2 == 0 { colour } else { colour.lighter(0.4) };
                cv.form(&Shape::oval(x, y, 0.02, 0.019), petal);
                cv.flat(&Shape::oval(x, y, 0.007, 0.007), hex(0xe8bf55), 0.9);
            }
        }
        Prop::Balloon => {
            cv.raw_stroke(&Shape::curve(&[(0.0, 0.0), (0.03, 0.16), (0.0, 0.32)]), 0.003, hex(0xdad6cc), 0.9);
            cv.form(
                &Shape::blob(&[
                    (0.0, 0.31),
                    (0.075, 0.39),
                    (0.06, 0.48),
                    (0.0, 0.51),
                    (-0.06, 0.48),
                    (-0.075, 0.39),
                ]),
                colour,
            );
            cv.shine(&Shape::oval(-0.03, 0.45, 0.013, 0.022), 0.5);
        }
    }
}

fn lantern(cv: &mut Canvas<'_>, metal: Rgb) {
    let glass = hex(0xffd98a);
    cv.stroke(&Shape::arc(0.0, -0.035, 0.03, 0.035, 0.0, 0.5), 0.005, metal.darker(0.3), 0.6);
    let lit = if cv.light().night { 1.0 } else { 0.55 };
    cv.glow(0.0, -0.085, 0.26 * lit, hex(0xffb95a), 0.6 * lit);
    cv.raw(&Shape::round(-0.026, -0.115, 0.052, 0.06, 0.02), glass, 0.95);
    cv.raw(
        &Shape::blob(&[(0.0, -0.062), (0.011, -0.085), (0.0, -0.105), (-0.011, -0.085)]),
        hex(0xfff6d8),
        1.0,
    );
    for x in [-0.026, 0.0, 0.026] {
        cv.stroke(&Shape::line(&[(x, -0.055), (x, -0.118)]), 0.004, metal.darker(0.2), 0.6);
    }
    cv.form(&Shape::poly(&[(-0.034, -0.057), (0.034, -0.057), (0.018, -0.03), (-0.018, -0.03)]), metal);
    cv.form(&Shape::round(-0.036, -0.15, 0.072, 0.036, 0.008), metal);
    cv.glow(0.0, -0.085, 0.09, hex(0xffe2a0), 0.5 * lit);
}

fn umbrella(cv: &mut Canvas<'_>, colour: Rgb) {
    cv.stroke(&Shape::line(&[(0.0, -0.08), (-0.02, 0.48)]), 0.009, hex(0x3a2d27), 0.6);
    let y = 0.34;
    let canopy = Shape::runs(&[
        &[(-0.36, y), (-0.27, y + 0.12), (-0.02, y + 0.2), (0.23, y + 0.12), (0.32, y)],
        &[(0.32, y), (0.24, y + 0.03), (0.16, y + 0.0)],
        &[(0.16, y), (0.07, y + 0.035), (-0.02, y)],
        &[(-0.02, y), (-0.11, y + 0.035), (-0.2, y)],
        &[(-0.2, y), (-0.28, y + 0.03), (-0.36, y)],
    ]);
    cv.form(&canopy, colour);
    for x in [-0.2, -0.02, 0.16] {
        cv.raw_stroke(
            &Shape::curve(&[(x, y), (x * 0.85, y + 0.1), (-0.02, y + 0.2)]),
            0.004,
            cv.lit(colour.darker(0.4), 0.5),
            0.6,
        );
    }
}
