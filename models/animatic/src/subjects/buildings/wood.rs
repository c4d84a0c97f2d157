//! Piers, rails, fences, gates, doors and stairs: long things whose material shows.

use crate::paint::{PaintCx, SubjectKind};
use crate::subjects::canvas::Canvas;
use crate::subjects::colour::{Dice, Rgb, Words, hex};
use crate::subjects::shape::Shape;
use crate::subjects::sketch::Sketch;

/// The pier.
pub static PIER: Sketch = Sketch::new(
    "pier",
    &["pier", "jetty", "dock", "wharf", "quay", "landing stage"],
    SubjectKind::Building,
    (-8.2, -1.6, 8.2, 2.2),
    pier,
)
.floating();
/// The rail.
pub static RAIL: Sketch = Sketch::new(
    "rail",
    &["rail", "railing", "handrail", "banister", "balustrade", "guardrail", "parapet"],
    SubjectKind::Building,
    (-3.1, -0.06, 3.1, 1.2),
    rail,
);
/// The fence.
pub static FENCE: Sketch = Sketch::new(
    "fence",
    &["fence", "picket fence", "hedge"],
    SubjectKind::Building,
    (-3.1, -0.06, 3.1, 1.3),
    fence,
);
/// The gate.
pub static GATE: Sketch =
    Sketch::new("gate", &["gate", "gateway", "portal"], SubjectKind::Building, (-1.9, -0.06, 1.9, 2.6), gate);
/// The door.
pub static DOOR: Sketch = Sketch::new(
    "door",
    &["door", "doorway", "entrance"],
    SubjectKind::Building,
    (-0.75, -0.03, 0.75, 2.35),
    door,
);
/// Stairs.
pub static STAIRS: Sketch = Sketch::new(
    "staircase",
    &["staircase", "stair", "stairs", "stairway", "step"],
    SubjectKind::Building,
    (-2.2, -0.05, 2.2, 3.4),
    stairs,
);

/// Spots of rust, or the grain of wood, within what is masked.
fn wear(cv: &mut Canvas<'_>, words: &Words, (x0, x1): (f32, f32), (y0, y1): (f32, f32)) {
    let rust = words.has(&["rusted", "rusty", "rust"]);
    if !rust && !words.worn() {
        return;
    }
    let mut dice = Dice::new(23);
    for _ in 0..60 {
        let (x, y, r) = (dice.range(x0, x1), dice.range(y0, y1), dice.range(0.012, 0.05));
        let tone =
            if rust { dice.pick(&[hex(0xb4653a), hex(0x5d3426), hex(0xc98a54)]) } else { hex(0xcfc6b4) };
        cv.raw(&Shape::oval(x, y, r * 1.4, r), cv.lit(tone, 0.6), 0.55);
    }
}

fn metal(words: &Words) -> bool {
    words.has(&["iron", "steel", "metal", "brass", "rusted", "rusty", "wrought", "copper", "bronze"])
}

fn rail(cv: &mut Canvas<'_>, _cx: &PaintCx<'_>, words: &Words) {
    if metal(words) {
        let rusted = words.has(&["rusted", "rusty"]);
        let iron = if rusted { hex(0x8a4d33) } else { words.colour_or(hex(0x4d535c)) };
        let mut whole = Shape::rect(-3.05, 1.0, 6.1, 0.075)
            .and(Shape::rect(-3.05, 0.55, 6.1, 0.045))
            .and(Shape::rect(-3.05, 0.12, 6.1, 0.045));
        for i in 0..5 {
            whole = whole.and(Shape::rect(-2.84 + 1.4 * i as f32, -0.05, 0.08, 1.12));
        }
        for i in 0..21 {
            let x = -2.8 + 0.28 * i as f32;
            cv.stroke(&Shape::line(&[(x, 0.14), (x, 1.02)]), 0.026, iron.darker(0.12), 0.5);
        }
        cv.flat(&whole, iron, 0.6);
        cv.flat(&Shape::rect(-3.05, 1.045, 6.1, 0.028), iron.lighter(0.22), 1.0);
        for i in 0..5 {
            let x = -2.8 + 1.4 * i as f32;
            cv.form(&Shape::oval(x, 1.1, 0.06, 0.06), iron);
            cv.flat(&Shape::rect(x - 0.04, 0.0, 0.025, 1.0), iron.lighter(0.18), 0.95);
        }
        cv.within(&whole, |cv| wear(cv, words, (-3.0, 3.0), (0.0, 1.1)));
        return;
    }
    let wood = words.colour_or(hex(0x96734d));
    for i in 0..5 {
        let x = -2.8 + 1.4 * i as f32;
        cv.column(&Shape::rect(x - 0.07, -0.05, 0.14, 1.06), wood.darker(0.06));
    }
    board(cv, -3.05, 0.46, 6.1, 0.12, wood.darker(0.05));
    board(cv, -3.08, 0.98, 6.16, 0.13, wood);
    cv.shade(&Shape::rect(-3.05, 0.93, 6.1, 0.05), 0.3);
}

/// A plank, lighter at its upper edge, with grain.
fn board(cv: &mut Canvas<'_>, x: f32, y: f32, w: f32, h: f32, wood: Rgb) {
    let plank = Shape::rect(x, y, w, h);
    cv.flat(&plank, wood, 0.55);
    cv.flat(&Shape::rect(x, y + h * 0.66, w, h * 0.34), wood.lighter(0.12), 0.95);
    cv.within(&plank, |cv| {
        for i in 0..(w / h / 2.0) as i32 {
            let gx = x + (i as f32 * 2.0 + 0.4) * h;
            cv.raw_stroke(
                &Shape::line(&[(gx, y + h * 0.35), (gx + h * 1.2, y + h * 0.3)]),
                h * 0.07,
                hex(0x2a1d16),
                0.28,
            );
        }
    });
}

fn pier(cv: &mut Canvas<'_>, _cx: &PaintCx<'_>, words: &Words) {
    let wood = words.colour_or(hex(0x8a6e50));
    for i in 0..7 {
        let x = -7.4 + 2.4 * i as f32;
        cv.column(&Shape::rect(x - 0.2, -1.5, 0.4, 2.5), wood.darker(0.25));
        cv.shade(&Shape::rect(x - 0.2, -1.5, 0.4, 0.9), 0.3);
        cv.stroke(&Shape::line(&[(x, 0.5), (x + 2.4, -1.0)]), 0.12, wood.darker(0.35), 0.3);
    }
    cv.flat(&Shape::rect(-8.1, 0.55, 16.2, 0.3), wood.darker(0.2), 0.3);
    let deck = Shape::rect(-8.15, 0.8, 16.3, 0.26);
    cv.flat(&deck, wood.lighter(0.1), 0.92);
    cv.within(&deck, |cv| {
        for i in 0..40 {
            let x = -8.1 + 0.41 * i as f32;
            cv.raw_stroke(&Shape::line(&[(x, 0.8), (x, 1.1)]), 0.035, hex(0x2a1d16), 0.5);
        }
    });
    for x in [-7.4, -0.2, 7.0] {
        cv.column(&Shape::round(x - 0.22, 0.9, 0.44, 1.0, 0.12), wood.darker(0.1));
        cv.stroke(&Shape::line(&[(x - 0.24, 1.4), (x + 0.24, 1.46)]), 0.12, hex(0xd3c39b), 0.8);
    }
}

fn fence(cv: &mut Canvas<'_>, cx: &PaintCx<'_>, words: &Words) {
    if metal(words) {
        rail(cv, cx, words);
        return;
    }
    if words.has(&["hedge"]) {
        crate::subjects::plants::small::hedge(cv, words);
        return;
    }
    let wood = words.colour_or(if words.has(&["picket"]) { hex(0xf0eadc) } else { hex(0x9a7a55) });
    for y in [0.35, 0.85] {
        cv.flat(&Shape::rect(-3.05, y, 6.1, 0.1), wood.darker(0.12), 0.4);
    }
    for i in 0..20 {
        let x = -3.0 + 0.31 * i as f32;
        let h = 1.15 + if i % 3 == 0 { 0.03 } else { 0.0 };
        let picket =
            Shape::poly(&[(x, -0.05), (x + 0.2, -0.05), (x + 0.2, h - 0.1), (x + 0.1, h), (x, h - 0.1)]);
        cv.column(&picket, wood);
    }
}

fn gate(cv: &mut Canvas<'_>, _cx: &PaintCx<'_>, words: &Words) {
    let iron = words.colour_or(hex(0x3b424a));
    let stone = hex(0xa49b8d);
    for x in [-1.55, 1.55] {
        cv.column(&Shape::rect(x - 0.27, -0.05, 0.54, 2.0), stone);
        cv.column(&Shape::rect(x - 0.34, 1.9, 0.68, 0.16), stone.lighter(0.12));
        cv.form(&Shape::oval(x, 2.22, 0.19, 0.19), stone);
    }
    for i in 0..11 {
        let x = -1.2 + 0.24 * i as f32;
        let top = 1.75 + 0.45 * (1.0 - (x / 1.3).powi(2));
        cv.stroke(&Shape::line(&[(x, 0.05), (x, top)]), 0.045, iron, 0.65);
        cv.flat(&Shape::poly(&[(x - 0.05, top), (x, top + 0.16), (x + 0.05, top)]), iron, 0.8);
    }
    for y in [0.25, 1.45] {
        cv.stroke(&Shape::line(&[(-1.28, y), (1.28, y)]), 0.06, iron, 0.8);
    }
    cv.stroke(&Shape::arc(-0.6, 0.85, 0.3, 0.3, 0.0, 1.0), 0.04, iron, 0.7);
    cv.stroke(&Shape::arc(0.6, 0.85, 0.3, 0.3, 0.0, 1.0), 0.04, iron, 0.7);
}

fn door(cv: &mut Canvas<'_>, _cx: &PaintCx<'_>, words: &Words) {
    let paint = words.colour_or(hex(0x7d4f38));
    let frame = if words.has(&["stone"]) { hex(0xa9a194) } else { hex(0xd9cfbb) };
    cv.form_soft(&Shape::rect(-0.68, -0.02, 1.36, 2.3), frame, 0.1);
    cv.form_soft(&Shape::rect(-0.54, 0.0, 1.08, 2.14), paint, 0.12);
    for (x, y, h) in [(-0.44, 0.15, 0.75), (0.05, 0.15, 0.75), (-0.44, 1.08, 0.92), (0.05, 1.08, 0.92)] {
        cv.flat(&Shape::rect(x, y, 0.39, h), paint.darker(0.3), 0.4);
        cv.flat(&Shape::rect(x + 0.03, y, 0.36, h - 0.03), paint.lighter(0.06), 0.7);
    }
    cv.form(&Shape::oval(0.45, 1.0, 0.04, 0.04), hex(0xd3ab55));
    cv.flat(&Shape::rect(-0.72, -0.03, 1.44, 0.05), hex(0x8d8578), 0.7);
    let panes = words.colour_of(&["door"]).unwrap_or(paint);
    cv.within(&Shape::rect(-0.54, 0.0, 1.08, 2.14), |cv| wear(cv, words, (-0.5, 0.5), (0.0, 2.1)));
    cv.raw_stroke(
        &Shape::line(&[(-0.54, 0.0), (-0.54, 2.14), (0.54, 2.14)]),
        0.02,
        cv.lit(panes.darker(0.6), 0.3),
        0.7,
    );
}

fn stairs(cv: &mut Canvas<'_>, _cx: &PaintCx<'_>, words: &Words) {
    let stone = words.colour_or(if words.has(&["wooden"]) { hex(0x8d6a47) } else { hex(0xaaa192) });
    let n = 10;
    for i in (0..n).rev() {
        let (y, k) = (0.22 * i as f32, i as f32 / n as f32);
        let w = 1.7 - 0.5 * k;
        cv.flat(&Shape::rect(-w, y, 2.0 * w, 0.24), stone.darker(0.08), 0.35 + 0.2 * (1.0 - k));
        cv.flat(
            &Shape::poly(&[(-w, y + 0.22), (w, y + 0.22), (w - 0.05, y + 0.27), (-w + 0.05, y + 0.27)]),
            stone.lighter(0.14),
            0.95,
        );
    }
    let metalwork = hex(0x3b3a40);
    for s in [-1.0, 1.0] {
        cv.stroke(&Shape::line(&[(1.75 * s, 1.0), (1.22 * s, 3.2)]), 0.07, metalwork, 0.8);
        for i in 0..6 {
            let k = i as f32 / 5.0;
            let (x, y) = ((1.75 - 0.53 * k) * s, 2.2 * k);
            cv.stroke(&Shape::line(&[(x, y), (x, y + 1.0)]), 0.04, metalwork, 0.6);
        }
    }
}
