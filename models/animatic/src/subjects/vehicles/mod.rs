//! What floats and what rolls.

pub mod boats;
pub mod wheels;

use super::canvas::Canvas;
use super::colour::hex;
use super::shape::Shape;

/// A plain pane, lit at night.
fn pane(cv: &mut Canvas<'_>, (x, y, w, h): (f32, f32, f32, f32)) {
    let glass = Shape::round(x, y, w, h, w.min(h) * 0.12);
    if cv.light().night {
        cv.wash(&glass, ((x, y), hex(0xffbd63), 1.0), ((x, y + h), hex(0xffe3a4), 1.0));
    } else {
        cv.flat(&glass, hex(0x52697a), 0.55);
        cv.within(&glass, |cv| {
            cv.shine(&Shape::poly(&[(x, y + h * 0.3), (x + w * 0.7, y + h), (x, y + h)]), 0.22)
        });
    }
}
