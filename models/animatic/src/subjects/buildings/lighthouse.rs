//! The lighthouse, its lamp going round.

use crate::paint::{Motion, PaintCx, SubjectKind};
use crate::subjects::canvas::Canvas;
use crate::subjects::colour::{Words, hex};
use crate::subjects::shape::Shape;
use crate::subjects::sketch::Sketch;
use std::f32::consts::TAU;

const LAMP: f32 = 21.6;

/// The lighthouse.
pub static LIGHTHOUSE: Sketch = Sketch::new(
    "lighthouse",
    &["lighthouse", "beacon"],
    SubjectKind::Building,
    (-15.0, -0.6, 15.0, 25.5),
    draw,
)
.moving(&[(Motion::Turn, 36), (Motion::Idle, 36)])
.glowing(0.0, LAMP, 9.0, [1.0, 0.87, 0.58], false);

fn draw(cv: &mut Canvas<'_>, cx: &PaintCx<'_>, words: &Words) {
    let band = words
        .colour_of(&["stripe", "striped", "band", "banded"])
        .or_else(|| words.colour())
        .unwrap_or(hex(0xb5413a));
    let wall = hex(0xf0eadc);
    let stone = words.has(&["stone", "granite"]);
    let wall = if stone { hex(0xb8b2a4) } else { wall };
    // The keeper's house leans on the tower's foot.
    let house = Shape::rect(2.0, -0.4, 6.4, 3.4);
    cv.column(&house, wall.darker(0.04));
    cv.flat(&Shape::poly(&[(1.6, 2.9), (8.8, 2.9), (7.4, 5.0), (2.6, 5.0)]), hex(0x6c4a42), 0.72);
    cv.column(&Shape::rect(6.6, 4.6, 0.7, 1.3), hex(0x8a5a48));
    for x in [3.6, 6.2] {
        pane(cv, x, 1.0, 0.9, 1.2);
    }
    let tower =
        Shape::poly(&[(-3.1, -0.5), (3.1, -0.5), (2.55, 6.5), (2.05, 19.0), (-2.05, 19.0), (-2.55, 6.5)]);
    cv.column(&tower, wall);
    cv.within(&tower, |cv| {
        if !stone || words.has(&["striped", "stripe"]) {
            for y in [3.2, 9.4, 15.6] {
                cv.column(&Shape::rect(-3.2, y, 6.4, 3.1), band);
            }
        }
        cv.shade(&Shape::rect(-4.0, 18.1, 8.0, 1.0), 0.28);
        for i in 0..26 {
            let (y, x) = (i as f32 * 0.74, ((i * 37) % 17) as f32 / 4.0 - 2.1);
            cv.raw_stroke(&Shape::line(&[(x, y), (x + 0.5, y)]), 0.06, hex(0x584c48), 0.14);
        }
    });
    for (x, y) in [(-0.3, 5.6), (0.5, 11.4), (-0.2, 16.6)] {
        pane(cv, x - 0.35, y, 0.7, 1.2);
    }
    cv.flat(&Shape::round(-0.75, -0.5, 1.5, 2.8, 0.7), hex(0x4c3b35), 0.6);
    gallery(cv, band);
    lantern(cv, cx, band);
}

fn pane(cv: &mut Canvas<'_>, x: f32, y: f32, w: f32, h: f32) {
    cv.flat(&Shape::rect(x - 0.12, y - 0.12, w + 0.24, h + 0.24), hex(0xddd5c4), 0.5);
    if cv.light().night {
        cv.raw(&Shape::rect(x, y, w, h), hex(0xffc66e), 1.0);
    } else {
        cv.flat(&Shape::rect(x, y, w, h), hex(0x3d4a58), 0.5);
    }
    cv.flat(&Shape::rect(x + w / 2.0 - 0.04, y, 0.08, h), hex(0xddd5c4), 0.5);
}

fn gallery(cv: &mut Canvas<'_>, band: crate::subjects::colour::Rgb) {
    let iron = hex(0x33363f);
    cv.column(&Shape::poly(&[(-2.05, 18.9), (2.05, 18.9), (2.9, 19.7), (-2.9, 19.7)]), hex(0xd8d0c0));
    cv.column(&Shape::rect(-3.05, 19.6, 6.1, 0.32), band.darker(0.2));
    for i in 0..11 {
        let x = -2.9 + 0.58 * i as f32;
        cv.stroke(&Shape::line(&[(x, 19.9), (x, 20.9)]), 0.07, iron, 0.6);
    }
    for y in [20.4, 20.9] {
        cv.stroke(&Shape::line(&[(-2.95, y), (2.95, y)]), 0.09, iron, 0.7);
    }
}

fn lantern(cv: &mut Canvas<'_>, cx: &PaintCx<'_>, band: crate::subjects::colour::Rgb) {
    let night = cv.light().night;
    let iron = hex(0x33363f);
    let angle = cx.cycle() * TAU;
    if night {
        for a in [angle, angle + TAU / 2.0] {
            beam(cv, a);
        }
    }
    let glass = Shape::rect(-1.45, 19.9, 2.9, 3.0);
    if night {
        cv.raw(&glass, hex(0xffdf96), 1.0);
    } else {
        cv.column(&glass, hex(0xa9c3c8));
        cv.flat(&Shape::oval(0.0, 21.3, 0.55, 0.8), hex(0xe9d9a2), 0.9);
        cv.shine(&Shape::poly(&[(-1.2, 20.2), (-0.6, 20.2), (-0.2, 22.7), (-0.8, 22.7)]), 0.4);
    }
    for x in [-1.45, -0.5, 0.5, 1.45] {
        cv.stroke(&Shape::line(&[(x, 19.9), (x, 22.9)]), 0.12, iron, 0.55);
    }
    cv.stroke(&Shape::line(&[(-1.45, 21.3), (1.45, 21.3)]), 0.08, iron, 0.55);
    let dome = Shape::runs(&[&[
        (-1.9, 22.8),
        (-1.45, 23.7),
        (-0.5, 24.35),
        (0.0, 24.5),
        (0.5, 24.35),
        (1.45, 23.7),
        (1.9, 22.8),
    ]]);
    cv.form_soft(&dome, band.darker(0.12), 0.08);
    cv.form(&Shape::oval(0.0, 24.6, 0.28, 0.28), hex(0xb98f45));
    cv.stroke(&Shape::line(&[(0.0, 24.7), (0.0, 25.4)]), 0.08, iron, 0.6);
    if night {
        let towards = angle.sin().abs();
        cv.glow(0.0, LAMP, 3.2 + 3.2 * towards, hex(0xffd78c), 0.85);
        cv.raw(&Shape::oval(0.0, LAMP, 0.5, 0.65), hex(0xfffaf0), 1.0);
    }
}

/// One ray of the turning lamp, as long as it is seen from here.
fn beam(cv: &mut Canvas<'_>, angle: f32) {
    let reach = 14.8 * angle.cos();
    if reach.abs() < 0.6 {
        return;
    }
    let wide = 0.5 + 1.5 * (1.0 - 0.5 * angle.sin());
    let ray =
        Shape::poly(&[(0.0, LAMP + 0.45), (reach, LAMP + wide), (reach, LAMP - wide), (0.0, LAMP - 0.45)]);
    let warm = hex(0xffe3a6);
    cv.wash(&ray, ((0.0, LAMP), warm, 0.62), ((reach, LAMP), warm, 0.0));
}
