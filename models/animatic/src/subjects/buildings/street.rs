//! What stands in a street or a square.

use super::houses::window;
use crate::paint::{PaintCx, SubjectKind};
use crate::subjects::canvas::Canvas;
use crate::subjects::colour::{Dice, Words, hash, hex};
use crate::subjects::shape::Shape;
use crate::subjects::sketch::Sketch;

/// The street lamp.
pub static STREET_LAMP: Sketch = Sketch::new(
    "street lamp",
    &["street lamp", "streetlamp", "street light", "streetlight", "lamppost", "lamp post", "gas lamp"],
    SubjectKind::Building,
    (-1.1, -0.1, 1.1, 4.6),
    street_lamp,
)
.glowing(0.0, 3.85, 2.4, [1.0, 0.8, 0.48], false);
/// A city front.
pub static FACADE: Sketch = Sketch::new(
    "facade",
    &[
        "facade",
        "city block",
        "apartment",
        "apartment building",
        "tenement",
        "shop",
        "cafe",
        "hotel",
        "skyscraper",
        "office",
    ],
    SubjectKind::Building,
    (-6.2, -0.2, 6.2, 18.5),
    facade,
)
.glowing(0.0, 1.8, 3.5, [1.0, 0.78, 0.46], false);
/// The market stall.
pub static STALL: Sketch = Sketch::new(
    "market stall",
    &["market stall", "stall", "market", "booth", "kiosk"],
    SubjectKind::Building,
    (-2.0, -0.1, 2.0, 3.2),
    stall,
);
/// The tent.
pub static TENT: Sketch =
    Sketch::new("tent", &["tent", "camp", "marquee"], SubjectKind::Building, (-2.4, -0.1, 2.4, 2.5), tent)
        .glowing(0.0, 0.8, 2.0, [1.0, 0.75, 0.42], false);
/// The well.
pub static WELL: Sketch = Sketch::new(
    "well",
    &["well", "wishing well", "fountain"],
    SubjectKind::Building,
    (-1.5, -0.1, 1.5, 3.2),
    well,
);
/// The bridge.
pub static BRIDGE: Sketch = Sketch::new(
    "bridge",
    &["bridge", "footbridge", "viaduct", "aqueduct"],
    SubjectKind::Building,
    (-12.5, -2.6, 12.5, 5.0),
    bridge,
);
/// The sign.
pub static SIGN: Sketch = Sketch::new(
    "signpost",
    &["signpost", "sign", "milestone"],
    SubjectKind::Building,
    (-0.9, -0.1, 0.9, 2.4),
    sign,
);

fn street_lamp(cv: &mut Canvas<'_>, _cx: &PaintCx<'_>, words: &Words) {
    let iron = words.colour_or(hex(0x2f3a3c));
    cv.column(&Shape::poly(&[(-0.2, -0.05), (0.2, -0.05), (0.13, 0.5), (-0.13, 0.5)]), iron);
    cv.column(&Shape::poly(&[(-0.07, 0.4), (0.07, 0.4), (0.045, 3.4), (-0.045, 3.4)]), iron);
    cv.column(&Shape::round(-0.12, 1.0, 0.24, 0.1, 0.04), iron.lighter(0.1));
    cv.stroke(&Shape::line(&[(-0.36, 3.1), (0.36, 3.1)]), 0.045, iron, 0.7);
    let glass = Shape::poly(&[(-0.16, 3.42), (0.16, 3.42), (0.27, 4.05), (-0.27, 4.05)]);
    if cv.light().night {
        cv.glow(0.0, 3.8, 1.05, hex(0xffc46a), 0.7);
        cv.raw(&glass, hex(0xffe09a), 1.0);
        cv.raw(&Shape::oval(0.0, 3.72, 0.07, 0.13), hex(0xfffbe9), 1.0);
    } else {
        cv.form(&glass, hex(0xd8e2dc));
    }
    for k in [-1.0, 0.0, 1.0] {
        cv.stroke(&Shape::line(&[(0.16 * k, 3.42), (0.27 * k, 4.05)]), 0.03, iron, 0.6);
    }
    cv.form(&Shape::poly(&[(-0.33, 4.02), (0.33, 4.02), (0.1, 4.32), (-0.1, 4.32)]), iron);
    cv.form(&Shape::oval(0.0, 4.38, 0.06, 0.08), iron);
    cv.column(&Shape::rect(-0.17, 3.36, 0.34, 0.09), iron);
}

fn facade(cv: &mut Canvas<'_>, cx: &PaintCx<'_>, words: &Words) {
    let mut dice = Dice::new(hash(cx.description) ^ cx.seed);
    let lot = dice.pick(&[0xb98a6b, 0xa56a52, 0x9aa3a0, 0xcbb48b, 0x8492a2, 0xb7a08f]);
    let wall = words.colour_or(hex(lot));
    let floors = 4;
    let top = 17.2;
    cv.form_soft(&Shape::rect(-5.8, -0.2, 11.6, top), wall, 0.14);
    cv.form(
        &Shape::poly(&[(-6.1, top - 0.4), (6.1, top - 0.4), (6.0, top + 0.3), (-6.0, top + 0.3)]),
        wall.lighter(0.18),
    );
    for i in 0..14 {
        cv.flat(&Shape::rect(-5.7 + 0.84 * i as f32, top - 0.75, 0.3, 0.35), wall.lighter(0.1), 0.6);
    }
    for f in 0..floors {
        let y = 5.3 + 2.95 * f as f32;
        cv.raw(&Shape::rect(-5.8, y - 0.65, 11.6, 0.14), cv.lit(wall.darker(0.25), 0.5), 0.7);
        for c in 0..4 {
            let x = -4.75 + 2.75 * c as f32;
            let lit = dice.chance(0.55);
            cv.flat(&Shape::rect(x - 0.22, y - 0.3, 1.64, 0.2), wall.lighter(0.25), 0.8);
            cv.flat(&Shape::rect(x - 0.16, y + 1.82, 1.52, 0.22), wall.lighter(0.2), 0.7);
            if cv.light().night && !lit {
                cv.flat(&Shape::rect(x - 0.1, y - 0.1, 1.4, 1.95), hex(0xe9e0cf), 0.5);
                cv.flat(&Shape::rect(x, y, 1.2, 1.75), hex(0x323b4c), 0.35);
            } else {
                window(cv, x, y, 1.2, 1.75, hex(0xe9e0cf));
                if dice.chance(0.5) {
                    let c = hex(0xe7d6b4);
                    cv.raw(&Shape::poly(&[(x, y + 1.75), (x + 0.5, y + 1.75), (x, y + 0.5)]), c, 0.5);
                }
            }
        }
    }
    shop(cv, &mut dice, words);
}

fn shop(cv: &mut Canvas<'_>, dice: &mut Dice, words: &Words) {
    let paint =
        words.colour_of(&["shop", "cafe", "door"]).unwrap_or(hex(dice.pick(&[0x35564f, 0x7a3036, 0x2f4060])));
    cv.form_soft(&Shape::rect(-5.5, -0.2, 11.0, 4.2), paint, 0.14);
    for x in [-4.9, 1.7] {
        let glass = Shape::rect(x, 0.9, 3.2, 2.1);
        if cv.light().night {
            cv.wash(&glass, ((x, 0.9), hex(0xffb763), 1.0), ((x, 3.0), hex(0xffe2a1), 1.0));
        } else {
            cv.form_soft(&glass, hex(0x6d8790), 0.1);
            cv.shine(&Shape::poly(&[(x + 0.3, 0.9), (x + 1.0, 0.9), (x + 2.1, 3.0), (x + 1.4, 3.0)]), 0.22);
        }
    }
    cv.flat(&Shape::rect(-0.9, -0.2, 1.9, 3.3), paint.darker(0.3), 0.5);
    window(cv, -0.5, 1.0, 1.1, 1.8, paint.lighter(0.2));
    let awning = Shape::poly(&[(-5.5, 4.0), (5.5, 4.0), (5.9, 2.95), (-5.9, 2.95)]);
    cv.flat(&awning, hex(0xeee5d3), 0.8);
    cv.within(&awning, |cv| {
        for i in 0..9 {
            let x = -6.0 + 1.36 * i as f32;
            cv.flat(
                &Shape::poly(&[(x, 2.9), (x + 0.68, 2.9), (x + 0.62, 4.1), (x + 0.05, 4.1)]),
                paint.lighter(0.12),
                0.75,
            );
        }
    });
}

fn stall(cv: &mut Canvas<'_>, _cx: &PaintCx<'_>, words: &Words) {
    let c = words.colour_or(hex(0xb8433c));
    let wood = hex(0x8c6744);
    for x in [-1.6, 1.6] {
        cv.column(&Shape::rect(x - 0.06, -0.05, 0.12, 2.6), wood);
    }
    cv.flat(&Shape::rect(-1.6, 0.2, 3.2, 2.0), hex(0x3c3434), 0.25);
    let awning = Shape::poly(&[(-1.5, 3.0), (1.5, 3.0), (1.9, 2.15), (-1.9, 2.15)]);
    cv.flat(&awning, hex(0xf0e7d5), 0.85);
    cv.within(&awning, |cv| {
        for i in 0..5 {
            let x = -1.9 + 0.8 * i as f32;
            cv.flat(
                &Shape::poly(&[(x, 2.1), (x + 0.4, 2.1), (x * 0.8 + 0.32, 3.05), (x * 0.8, 3.05)]),
                c,
                0.8,
            );
        }
    });
    for i in 0..10 {
        let x = -1.9 + 0.38 * i as f32;
        cv.flat(&Shape::oval(x + 0.19, 2.15, 0.19, 0.12), if i % 2 == 0 { c } else { hex(0xf0e7d5) }, 0.55);
    }
    cv.form_soft(&Shape::poly(&[(-1.75, 1.0), (1.75, 1.0), (1.65, 0.0), (-1.65, 0.0)]), wood, 0.1);
    for i in 0..6 {
        let x = -1.45 + 0.58 * i as f32;
        let fruit = hex([0xd9822f, 0xb93a33, 0x7f9a3d, 0xe0b643, 0xa03a52, 0xd9822f][i as usize]);
        cv.flat(&Shape::rect(x - 0.26, 0.95, 0.52, 0.16), wood.lighter(0.2), 0.8);
        for (dx, dy) in [(-0.15, 0.14), (0.0, 0.16), (0.15, 0.14), (-0.07, 0.24), (0.08, 0.24)] {
            cv.form(&Shape::oval(x + dx, 1.0 + dy, 0.085, 0.085), fruit);
        }
    }
}

fn tent(cv: &mut Canvas<'_>, _cx: &PaintCx<'_>, words: &Words) {
    let c = words.colour_or(hex(0xc98a3d));
    cv.form_soft(&Shape::poly(&[(-2.2, 0.0), (0.4, 2.3), (2.2, 0.0)]), c, 0.08);
    cv.flat(&Shape::poly(&[(0.4, 2.3), (2.2, 0.0), (0.9, 0.0)]), c.darker(0.15), 0.3);
    let door = Shape::poly(&[(-0.75, 0.0), (-0.1, 1.75), (0.45, 0.0)]);
    if cv.light().night {
        cv.wash(&door, ((0.0, 0.0), hex(0xff9f45), 1.0), ((0.0, 1.75), hex(0xffdf96), 1.0));
    } else {
        cv.flat(&door, hex(0x3b2f2c), 0.3);
    }
    cv.flat(&Shape::poly(&[(-0.1, 1.75), (-0.75, 0.0), (-1.05, 0.0)]), c.lighter(0.25), 0.9);
    cv.stroke(&Shape::line(&[(0.4, 2.3), (0.42, 2.45)]), 0.05, hex(0x5b4331), 0.7);
    for s in [-2.2, 2.2] {
        cv.stroke(&Shape::line(&[(s * 0.75, 0.6), (s * 1.06, 0.0)]), 0.02, hex(0xe6dcc2), 0.8);
    }
}

fn well(cv: &mut Canvas<'_>, _cx: &PaintCx<'_>, words: &Words) {
    let stone = words.colour_or(hex(0xa29a8e));
    for x in [-0.95, 0.95] {
        cv.column(&Shape::rect(x - 0.08, 0.0, 0.16, 2.4), hex(0x7b5a3d));
    }
    cv.stroke(&Shape::line(&[(-0.95, 1.9), (0.95, 1.9)]), 0.12, hex(0x8a6746), 0.7);
    cv.stroke(&Shape::line(&[(0.0, 1.9), (0.0, 1.25)]), 0.03, hex(0xd9cba8), 0.8);
    cv.column(&Shape::poly(&[(-0.18, 0.95), (0.18, 0.95), (0.22, 1.3), (-0.22, 1.3)]), hex(0x94704c));
    let wall = Shape::round(-1.15, -0.05, 2.3, 1.1, 0.1);
    cv.column(&wall, stone);
    cv.within(&wall, |cv| {
        for i in 0..4 {
            for j in 0..6 {
                let x = -1.2 + 0.42 * j as f32 + if i % 2 == 0 { 0.0 } else { 0.2 };
                cv.raw(&Shape::round(x, 0.03 + 0.26 * i as f32, 0.37, 0.21, 0.07), hex(0x2f2b33), 0.12);
            }
        }
    });
    cv.column(&Shape::round(-1.25, 0.95, 2.5, 0.18, 0.08), stone.lighter(0.15));
    cv.form(&Shape::poly(&[(-1.45, 2.25), (0.0, 3.15), (1.45, 2.25)]), hex(0x7d4d40));
}

fn bridge(cv: &mut Canvas<'_>, _cx: &PaintCx<'_>, words: &Words) {
    if words.has(&["wooden", "wood", "rope", "footbridge"]) {
        let wood = words.colour_or(hex(0x8f6c48));
        for x in [-9.0, -3.0, 3.0, 9.0] {
            cv.column(&Shape::rect(x - 0.22, -2.5, 0.44, 5.6), wood.darker(0.15));
        }
        cv.flat(&Shape::rect(-12.4, 1.9, 24.8, 0.4), wood, 0.85);
        cv.flat(&Shape::rect(-12.4, 1.6, 24.8, 0.3), wood.darker(0.2), 0.3);
        cv.stroke(&Shape::line(&[(-12.4, 3.2), (12.4, 3.2)]), 0.18, wood, 0.85);
        for i in 0..21 {
            let x = -12.0 + 1.2 * i as f32;
            cv.stroke(&Shape::line(&[(x, 2.2), (x, 3.2)]), 0.12, wood, 0.6);
        }
        return;
    }
    let stone = words.colour_or(hex(0xa99f90));
    if words.has(&["railway", "viaduct", "aqueduct", "train"]) {
        return viaduct(cv, stone);
    }
    let deck = Shape::runs(&[
        &[(-12.4, -2.5), (-12.4, 2.4)],
        &[(-12.4, 2.4), (-6.0, 3.6), (0.0, 4.1), (6.0, 3.6), (12.4, 2.4)],
        &[(12.4, 2.4), (12.4, -2.5)],
        &[(12.4, -2.5), (9.6, -2.5)],
        &[(9.6, -2.5), (8.6, 0.6), (6.2, 1.4), (4.0, 0.6), (3.0, -2.5)],
        &[(3.0, -2.5), (-3.0, -2.5)],
        &[(-3.0, -2.5), (-4.0, 0.6), (-6.2, 1.4), (-8.6, 0.6), (-9.6, -2.5)],
    ]);
    cv.form_soft(&deck, stone, 0.15);
    cv.within(&deck, |cv| {
        let mut dice = Dice::new(4);
        for _ in 0..70 {
            let (x, y) = (dice.range(-12.4, 12.0), dice.range(-2.4, 3.8));
            cv.raw(
                &Shape::round(x, y, dice.range(0.5, 1.1), 0.36, 0.1),
                if dice.chance(0.5) { hex(0x2f2b33) } else { hex(0xfff3dc) },
                0.1,
            );
        }
    });
    for s in [-1.0, 1.0] {
        cv.stroke(
            &Shape::curve(&[
                (9.6 * s, -2.5),
                (8.6 * s, 0.6),
                (6.2 * s, 1.4),
                (4.0 * s, 0.6),
                (3.0 * s, -2.5),
            ]),
            0.4,
            stone.lighter(0.2),
            0.7,
        );
    }
    cv.stroke(
        &Shape::curve(&[(-12.4, 2.5), (-6.0, 3.7), (0.0, 4.2), (6.0, 3.7), (12.4, 2.5)]),
        0.42,
        stone.lighter(0.2),
        0.9,
    );
}

/// A level bridge on tall piers.
fn viaduct(cv: &mut Canvas<'_>, stone: crate::subjects::colour::Rgb) {
    const SPAN: f32 = 4.1;
    // One outline: along the deck, then back under it from arch to arch.
    let mut outline = vec![(-12.45, -2.6), (-12.45, 4.1), (12.45, 4.1), (12.45, -2.6)];
    for i in (-3..=2).rev() {
        let (middle, half) = (SPAN * (i as f32 + 0.5), SPAN / 2.0 - 0.5);
        outline.push((middle + half - 0.12, -2.6));
        outline.extend((0..=14).map(|k| {
            let a = std::f32::consts::PI * k as f32 / 14.0;
            (middle + half * a.cos(), 1.1 + 1.55 * a.sin())
        }));
        outline.push((middle - half + 0.12, -2.6));
    }
    let wall = Shape::poly(&outline);
    cv.form_soft(&wall, stone, 0.12);
    cv.within(&wall, |cv| {
        let mut dice = Dice::new(11);
        for _ in 0..130 {
            let (x, y) = (dice.range(-12.4, 12.0), dice.range(-2.4, 3.8));
            let tone = if dice.chance(0.5) { hex(0x2f2b33) } else { hex(0xfff3dc) };
            cv.raw(&Shape::round(x, y, dice.range(0.3, 0.6), 0.2, 0.05), tone, 0.1);
        }
    });
    cv.flat(&Shape::rect(-12.45, 3.25, 24.9, 0.16), stone.darker(0.25), 0.4);
    cv.flat(&Shape::rect(-12.45, 4.0, 24.9, 0.18), stone.lighter(0.2), 0.9);
}

fn sign(cv: &mut Canvas<'_>, _cx: &PaintCx<'_>, words: &Words) {
    let wood = words.colour_or(hex(0x8b6844));
    cv.column(&Shape::rect(-0.07, -0.05, 0.14, 2.35), wood.darker(0.15));
    cv.flat(
        &Shape::poly(&[(-0.2, 1.75), (0.6, 1.75), (0.8, 1.93), (0.6, 2.11), (-0.2, 2.11)]),
        wood.lighter(0.12),
        0.85,
    );
    cv.flat(
        &Shape::poly(&[(0.2, 1.25), (-0.6, 1.25), (-0.8, 1.43), (-0.6, 1.61), (0.2, 1.61)]),
        wood.lighter(0.05),
        0.7,
    );
    for (x, y) in [(-0.05, 1.93), (-0.5, 1.43)] {
        cv.raw_stroke(&Shape::line(&[(x, y), (x + 0.5, y)]), 0.05, hex(0x3c2a20), 0.6);
    }
}
