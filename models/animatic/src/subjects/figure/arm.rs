//! A raised arm for close-ups, in metres about the place where its hand closes.

use super::look::Look;
use crate::subjects::canvas::Canvas;
use crate::subjects::colour::hex;
use crate::subjects::shape::Shape;

/// The sleeve from below the picture to the wrist, with its cuff and the heel of the hand.
pub fn sleeve(cv: &mut Canvas<'_>, look: &Look) {
    let wrist =
        Shape::blob(&[(-0.075, -0.085), (-0.02, -0.005), (0.02, -0.015), (0.0, -0.06), (-0.035, -0.12)]);
    cv.form(&wrist, look.skin);
    let arm = Shape::blob(&[
        (-0.088, -0.078),
        (-0.16, -0.26),
        (-0.30, -0.50),
        (-0.40, -0.70),
        (-0.20, -0.72),
        (-0.12, -0.52),
        (-0.06, -0.30),
        (-0.012, -0.115),
    ]);
    cv.form_soft(&arm, look.cloth, 0.06);
    let fold = cv.lit(look.cloth.darker(0.35), 0.3);
    for (y, long) in [(-0.24, 0.07), (-0.36, 0.09), (-0.47, 0.08)] {
        let x = -0.035 + y * 0.22;
        let line = Shape::curve(&[(x, y), (x - long * 0.5, y + 0.012), (x - long, y + 0.045)]);
        cv.raw_stroke(&line, 0.006, fold, 0.55);
    }
    let cuff =
        Shape::blob(&[(-0.096, -0.072), (-0.082, -0.058), (-0.004, -0.098), (-0.006, -0.122), (-0.09, -0.1)]);
    cv.form(&cuff, look.cloth.darker(0.12));
}

/// The fist, its fingers closed round what it holds.
pub fn fist(cv: &mut Canvas<'_>, look: &Look) {
    let palm = Shape::blob(&[
        (-0.046, -0.032),
        (-0.044, 0.018),
        (-0.012, 0.036),
        (0.030, 0.026),
        (0.034, -0.012),
        (-0.004, -0.036),
    ]);
    cv.form(&palm, look.skin);
    let line = cv.lit(look.skin.mix(hex(0x3a1a16), 0.55), 0.35);
    for k in 0..4 {
        let x = -0.022 + 0.0165 * k as f32;
        let finger = Shape::blob(&[
            (x - 0.0095, 0.018),
            (x, 0.028),
            (x + 0.0095, 0.016),
            (x + 0.008, -0.022),
            (x - 0.008, -0.020),
        ]);
        cv.form(&finger, look.skin);
        cv.raw_stroke(
            &Shape::curve(&[(x - 0.0095, 0.014), (x - 0.0098, -0.004), (x - 0.008, -0.02)]),
            0.0028,
            line,
            0.55,
        );
    }
    let thumb = Shape::blob(&[
        (-0.048, -0.020),
        (-0.030, -0.004),
        (0.000, -0.016),
        (0.004, -0.029),
        (-0.026, -0.038),
    ]);
    cv.form(&thumb, look.skin);
}
