//! Furniture, and what hangs on walls.

use crate::paint::{Motion, PaintCx, SubjectKind};
use crate::subjects::canvas::Canvas;
use crate::subjects::colour::{Dice, Rgb, Words, hex};
use crate::subjects::shape::Shape;
use crate::subjects::sketch::Sketch;
use std::f32::consts::TAU;

/// The table.
pub static TABLE: Sketch = Sketch::new(
    "table",
    &["table", "kitchen table", "workbench", "counter"],
    SubjectKind::Furniture,
    (-0.95, -0.02, 0.95, 0.85),
    table,
);
/// The chair.
pub static CHAIR: Sketch = Sketch::new(
    "chair",
    &["chair", "stool", "rocking chair"],
    SubjectKind::Furniture,
    (-0.32, -0.02, 0.34, 1.02),
    chair,
);
/// The bed.
pub static BED: Sketch = Sketch::new(
    "bed",
    &["bed", "bunk", "cot", "crib"],
    SubjectKind::Furniture,
    (-1.12, -0.02, 1.12, 1.15),
    bed,
);
/// The armchair.
pub static ARMCHAIR: Sketch = Sketch::new(
    "armchair",
    &["armchair", "sofa", "couch", "throne"],
    SubjectKind::Furniture,
    (-0.55, -0.02, 0.55, 1.12),
    armchair,
);
/// The desk.
pub static DESK: Sketch = Sketch::new(
    "desk",
    &["desk", "writing desk", "bureau", "dresser", "drawer"],
    SubjectKind::Furniture,
    (-0.8, -0.02, 0.8, 0.85),
    desk,
);
/// The bookshelf.
pub static BOOKSHELF: Sketch = Sketch::new(
    "bookshelf",
    &["bookshelf", "bookcase", "shelf", "cupboard", "wardrobe", "cabinet"],
    SubjectKind::Furniture,
    (-0.62, -0.02, 0.62, 2.1),
    bookshelf,
);
/// The window, seen from inside.
pub static WINDOW: Sketch = Sketch::new(
    "window",
    &["window", "windowsill", "casement"],
    SubjectKind::Furniture,
    (-0.85, -0.15, 0.85, 1.75),
    window,
)
.shadowless();
/// The clock.
pub static CLOCK: Sketch = Sketch::new(
    "clock",
    &["clock", "grandfather clock", "wall clock", "alarm clock"],
    SubjectKind::Furniture,
    (-0.34, -0.02, 0.34, 2.15),
    clock,
)
.moving(&[(Motion::Idle, 24)]);
/// The mirror.
pub static MIRROR: Sketch = Sketch::new(
    "mirror",
    &["mirror", "looking glass"],
    SubjectKind::Furniture,
    (-0.36, -0.02, 0.36, 1.0),
    mirror,
)
.shadowless();
/// The painting.
pub static PICTURE: Sketch = Sketch::new(
    "painting",
    &["painting", "portrait", "photograph", "picture", "poster", "photo"],
    SubjectKind::Furniture,
    (-0.46, -0.02, 0.46, 0.72),
    picture,
)
.shadowless();
/// The bench.
pub static BENCH: Sketch = Sketch::new(
    "bench",
    &["bench", "park bench", "pew"],
    SubjectKind::Furniture,
    (-0.95, -0.02, 0.95, 0.95),
    bench,
);
/// The piano.
pub static PIANO: Sketch = Sketch::new(
    "piano",
    &["piano", "grand piano", "organ"],
    SubjectKind::Furniture,
    (-0.82, -0.02, 0.82, 1.3),
    piano,
);

fn leg(cv: &mut Canvas<'_>, x: f32, top: f32, wood: Rgb) {
    cv.column(
        &Shape::poly(&[(x - 0.035, top), (x + 0.035, top), (x + 0.024, -0.01), (x - 0.024, -0.01)]),
        wood,
    );
}

fn wood(words: &Words) -> Rgb {
    words.colour_or(hex(0x87603f))
}

fn table(cv: &mut Canvas<'_>, _cx: &PaintCx<'_>, words: &Words) {
    let w = wood(words);
    for x in [-0.6, 0.6] {
        leg(cv, x, 0.72, w.darker(0.3));
    }
    cv.flat(&Shape::rect(-0.84, 0.6, 1.68, 0.12), w.darker(0.15), 0.4);
    for x in [-0.78, 0.78] {
        leg(cv, x, 0.72, w);
    }
    cv.flat(&Shape::poly(&[(-0.93, 0.73), (0.93, 0.73), (0.8, 0.81), (-0.8, 0.81)]), w.lighter(0.16), 0.95);
    cv.flat(&Shape::rect(-0.93, 0.69, 1.86, 0.045), w, 0.6);
}

fn chair(cv: &mut Canvas<'_>, _cx: &PaintCx<'_>, words: &Words) {
    let w = wood(words);
    leg(cv, 0.14, 0.44, w.darker(0.3));
    leg(cv, -0.13, 0.44, w.darker(0.3));
    if !words.has(&["stool"]) {
        for x in [-0.24, -0.14] {
            cv.column(
                &Shape::poly(&[(x - 0.022, 0.45), (x + 0.022, 0.45), (x - 0.03, 1.0), (x - 0.066, 1.0)]),
                w,
            );
        }
        for y in [0.62, 0.76, 0.9] {
            cv.flat(
                &Shape::poly(&[(-0.285, y), (-0.13, y), (-0.14, y + 0.07), (-0.295, y + 0.07)]),
                w.lighter(0.08),
                0.8,
            );
        }
    }
    cv.flat(
        &Shape::poly(&[(-0.27, 0.43), (0.26, 0.43), (0.2, 0.5), (-0.2, 0.5)]),
        words.colour_of(&["seat", "cushion"]).unwrap_or(w.lighter(0.2)),
        0.95,
    );
    cv.flat(&Shape::rect(-0.27, 0.39, 0.53, 0.045), w, 0.55);
    leg(cv, 0.22, 0.4, w);
    leg(cv, -0.23, 0.4, w);
    cv.flat(&Shape::rect(-0.23, 0.17, 0.45, 0.025), w.darker(0.1), 0.5);
}

fn bed(cv: &mut Canvas<'_>, _cx: &PaintCx<'_>, words: &Words) {
    let w = words.colour_of(&["bed", "frame"]).unwrap_or(hex(0x7a563a));
    let cover = words.colour_of(&["blanket", "quilt", "cover"]).unwrap_or(hex(0x3f6d7a));
    cv.form(&Shape::round(-1.08, 0.0, 0.1, 1.1, 0.04), w);
    cv.form(&Shape::round(0.98, 0.0, 0.1, 0.75, 0.04), w);
    cv.flat(&Shape::rect(-1.0, 0.2, 2.0, 0.14), w.darker(0.1), 0.5);
    cv.form_soft(&Shape::round(-1.0, 0.32, 2.0, 0.22, 0.08), hex(0xefe7d8), 0.1);
    cv.form_soft(
        &Shape::blob(&[(-0.98, 0.52), (-0.9, 0.72), (-0.62, 0.73), (-0.5, 0.54)]),
        hex(0xf4eee2),
        0.12,
    );
    let quilt = Shape::blob(&[
        (-0.52, 0.58),
        (-0.2, 0.66),
        (0.5, 0.63),
        (0.99, 0.58),
        (1.0, 0.28),
        (0.4, 0.22),
        (-0.45, 0.25),
    ]);
    cv.form_soft(&quilt, cover, 0.12);
    cv.within(&quilt, |cv| {
        for i in 0..6 {
            let x = -0.4 + 0.26 * i as f32;
            cv.raw_stroke(
                &Shape::curve(&[(x, 0.7), (x + 0.03, 0.45), (x - 0.02, 0.2)]),
                0.02,
                cv.lit(cover.lighter(0.35), 0.7),
                0.5,
            );
        }
    });
    cv.form_soft(&Shape::round(-0.56, 0.5, 0.16, 0.14, 0.05), hex(0xf4eee2), 0.1);
}

fn armchair(cv: &mut Canvas<'_>, _cx: &PaintCx<'_>, words: &Words) {
    let c = words.colour_or(hex(0x8c3f3a));
    for x in [-0.4, 0.4] {
        leg(cv, x, 0.12, hex(0x4b3527));
    }
    cv.form_soft(&Shape::round(-0.42, 0.3, 0.84, 0.8, 0.2), c, 0.1);
    for (x, y) in [(-0.18, 0.85), (0.0, 0.9), (0.18, 0.85), (-0.09, 0.72), (0.09, 0.72)] {
        cv.flat(&Shape::oval(x, y, 0.016, 0.016), c.darker(0.5), 0.5);
    }
    cv.form_soft(&Shape::round(-0.36, 0.36, 0.72, 0.18, 0.07), c.lighter(0.12), 0.1);
    cv.form_soft(&Shape::rect(-0.4, 0.1, 0.8, 0.28), c.darker(0.08), 0.1);
    for x in [-0.53, 0.33] {
        cv.form_soft(&Shape::round(x, 0.1, 0.2, 0.54, 0.09), c, 0.1);
    }
}

fn desk(cv: &mut Canvas<'_>, _cx: &PaintCx<'_>, words: &Words) {
    let w = wood(words);
    cv.flat(&Shape::rect(-0.7, 0.05, 1.4, 0.65), w.darker(0.5), 0.2);
    for x in [-0.74, 0.26] {
        cv.form_soft(&Shape::rect(x, 0.0, 0.48, 0.72), w, 0.1);
        for i in 0..3 {
            let y = 0.06 + 0.21 * i as f32;
            cv.flat(&Shape::rect(x + 0.04, y, 0.4, 0.17), w.lighter(0.08), 0.75);
            cv.form(&Shape::oval(x + 0.24, y + 0.085, 0.022, 0.022), hex(0xcfa652));
        }
    }
    cv.flat(&Shape::poly(&[(-0.8, 0.75), (0.8, 0.75), (0.7, 0.82), (-0.7, 0.82)]), w.lighter(0.18), 0.95);
    cv.flat(&Shape::rect(-0.8, 0.7, 1.6, 0.05), w, 0.55);
    cv.flat(&Shape::poly(&[(-0.2, 0.78), (0.12, 0.78), (0.1, 0.81), (-0.17, 0.81)]), hex(0xf3ead4), 1.0);
}

fn bookshelf(cv: &mut Canvas<'_>, _cx: &PaintCx<'_>, words: &Words) {
    let w = wood(words);
    cv.form_soft(&Shape::rect(-0.6, 0.0, 1.2, 2.08), w, 0.1);
    let mut d = Dice::new(41);
    for i in 0..4 {
        let y = 0.1 + 0.49 * i as f32;
        cv.flat(&Shape::rect(-0.53, y, 1.06, 0.43), w.darker(0.6), 0.25);
        let mut x = -0.51;
        while x < 0.4 {
            let (bw, bh) = (d.range(0.035, 0.075), d.range(0.26, 0.39));
            let c = hex(d.pick(&[0x9c3d36, 0x2f5a66, 0xc69a45, 0x54694a, 0x5b4a66, 0xd8cbb0, 0x73503a]));
            cv.column(&Shape::rect(x, y, bw, bh), c);
            cv.flat(&Shape::rect(x, y + bh * 0.75, bw, 0.02), hex(0xe3c77e), 0.8);
            x += bw + if d.chance(0.15) { 0.1 } else { 0.004 };
        }
    }
}

fn window(cv: &mut Canvas<'_>, _cx: &PaintCx<'_>, words: &Words) {
    let frame = words.colour_or(hex(0xe9e1d0));
    let cloth = words.colour_of(&["curtain"]).unwrap_or(hex(0x9a4a42));
    cv.form_soft(&Shape::rect(-0.62, 0.0, 1.24, 1.6), frame, 0.1);
    let sky = if cv.light().night { (hex(0x22304f), hex(0x3b4d74)) } else { (hex(0xdfe7e4), hex(0x9fc0d2)) };
    for (x, y) in [(-0.54, 0.08), (0.03, 0.08), (-0.54, 0.82), (0.03, 0.82)] {
        let pane = Shape::rect(x, y, 0.51, 0.69);
        cv.wash(&pane, ((0.0, 0.08), sky.0, 1.0), ((0.0, 1.5), sky.1, 1.0));
        cv.within(&pane, |cv| {
            cv.shine(
                &Shape::poly(&[(x, y + 0.2), (x + 0.35, y + 0.69), (x + 0.15, y + 0.69), (x, y + 0.45)]),
                0.16,
            )
        });
    }
    cv.form(&Shape::rect(-0.72, -0.08, 1.44, 0.09), frame.darker(0.06));
    for s in [-1.0_f32, 1.0] {
        let curtain = Shape::runs(&[
            &[(0.8 * s, 1.66), (0.3 * s, 1.66)],
            &[(0.3 * s, 1.66), (0.46 * s, 1.1), (0.66 * s, 0.62)],
            &[(0.66 * s, 0.62), (0.6 * s, 0.3), (0.62 * s, -0.12), (0.82 * s, -0.12)],
        ]);
        cv.form_soft(&curtain, cloth, 0.12);
        for k in [0.45, 0.58, 0.7] {
            cv.raw_stroke(
                &Shape::curve(&[(k * s, 1.64), ((0.5 + k * 0.36) * s, 0.9), (0.7 * s, 0.6)]),
                0.016,
                cv.lit(cloth.darker(0.4), 0.4),
                0.5,
            );
        }
        cv.stroke(&Shape::line(&[(0.63 * s, 0.62), (0.8 * s, 0.66)]), 0.04, hex(0xd1a753), 0.8);
    }
    cv.stroke(&Shape::line(&[(-0.82, 1.68), (0.82, 1.68)]), 0.045, hex(0x6a4a33), 0.7);
}

fn clock(cv: &mut Canvas<'_>, cx: &PaintCx<'_>, words: &Words) {
    let w = wood(words);
    cv.form_soft(&Shape::rect(-0.3, 0.0, 0.6, 0.4), w, 0.1);
    cv.form_soft(&Shape::rect(-0.22, 0.38, 0.44, 1.1), w.darker(0.05), 0.1);
    cv.flat(&Shape::rect(-0.15, 0.46, 0.3, 0.94), hex(0x2a221f), 0.4);
    cv.at(0.0, 1.38, 0.12 * (cx.cycle() * TAU).sin(), 1.0, |cv| {
        cv.stroke(&Shape::line(&[(0.0, 0.0), (0.0, -0.68)]), 0.018, hex(0xc79d48), 0.8);
        cv.form(&Shape::oval(0.0, -0.7, 0.085, 0.085), hex(0xd7ac50));
    });
    cv.form_soft(&Shape::round(-0.3, 1.44, 0.6, 0.6, 0.06), w, 0.1);
    cv.form(
        &Shape::runs(&[&[(-0.33, 2.0), (-0.15, 2.06), (0.0, 2.14), (0.15, 2.06), (0.33, 2.0)]]),
        w.darker(0.1),
    );
    cv.flat(&Shape::oval(0.0, 1.74, 0.235, 0.235), hex(0xd2a950), 0.8);
    cv.flat(&Shape::oval(0.0, 1.74, 0.21, 0.21), hex(0xf4ecd9), 0.95);
    for i in 0..12 {
        let a = i as f32 / 12.0 * TAU;
        cv.stroke(
            &Shape::line(&[
                (0.165 * a.cos(), 1.74 + 0.165 * a.sin()),
                (0.19 * a.cos(), 1.74 + 0.19 * a.sin()),
            ]),
            0.014,
            hex(0x2d2928),
            0.6,
        );
    }
    cv.stroke(&Shape::line(&[(0.0, 1.74), (-0.08, 1.83)]), 0.018, hex(0x2d2928), 0.6);
    cv.stroke(&Shape::line(&[(0.0, 1.74), (0.09, 1.87)]), 0.012, hex(0x2d2928), 0.6);
}

fn mirror(cv: &mut Canvas<'_>, _cx: &PaintCx<'_>, words: &Words) {
    let frame = words.colour_or(hex(0xc79a45));
    cv.form_soft(&Shape::oval(0.0, 0.49, 0.35, 0.48), frame, 0.1);
    let glass = Shape::oval(0.0, 0.49, 0.29, 0.42);
    cv.form_soft(&glass, hex(0xb9cdd2), 0.25);
    cv.within(&glass, |cv| {
        cv.shine(&Shape::poly(&[(-0.3, 0.3), (0.1, 0.95), (0.22, 0.95), (-0.3, 0.1)]), 0.4);
        cv.shine(&Shape::poly(&[(-0.1, 0.1), (0.28, 0.72), (0.28, 0.6), (0.0, 0.1)]), 0.25);
    });
}

fn picture(cv: &mut Canvas<'_>, _cx: &PaintCx<'_>, words: &Words) {
    cv.form_soft(&Shape::rect(-0.45, 0.0, 0.9, 0.7), words.colour_or(hex(0xb88a40)), 0.1);
    let scene = Shape::rect(-0.38, 0.07, 0.76, 0.56);
    cv.wash(
        &scene,
        ((0.0, 0.2), cv.lit(hex(0xf3d6a6), 0.9), 1.0),
        ((0.0, 0.63), cv.lit(hex(0x7fa9b5), 0.9), 1.0),
    );
    cv.within(&scene, |cv| {
        cv.flat(&Shape::oval(0.14, 0.36, 0.06, 0.06), hex(0xf6ead0), 1.0);
        cv.flat(
            &Shape::blob(&[
                (-0.5, 0.25),
                (-0.2, 0.42),
                (0.05, 0.28),
                (0.3, 0.36),
                (0.5, 0.2),
                (0.5, 0.0),
                (-0.5, 0.0),
            ]),
            hex(0x54707a),
            0.8,
        );
        cv.flat(
            &Shape::blob(&[(-0.5, 0.18), (-0.1, 0.22), (0.2, 0.15), (0.5, 0.2), (0.5, 0.0), (-0.5, 0.0)]),
            hex(0x4c6a4b),
            0.8,
        );
    });
}

fn bench(cv: &mut Canvas<'_>, _cx: &PaintCx<'_>, words: &Words) {
    let w = words.colour_or(hex(0x8b6a45));
    let iron = hex(0x33373b);
    for x in [-0.75, 0.75] {
        cv.stroke(&Shape::curve(&[(x - 0.06, 0.0), (x, 0.2), (x, 0.42), (x - 0.04, 0.92)]), 0.045, iron, 0.6);
        cv.stroke(&Shape::curve(&[(x + 0.1, 0.0), (x + 0.06, 0.22), (x, 0.4)]), 0.045, iron, 0.6);
        cv.stroke(&Shape::curve(&[(x - 0.03, 0.64), (x + 0.12, 0.64), (x + 0.1, 0.44)]), 0.035, iron, 0.7);
    }
    for y in [0.56, 0.69, 0.82] {
        cv.flat(&Shape::round(-0.92, y, 1.84, 0.095, 0.02), w, 0.8);
        cv.flat(&Shape::rect(-0.91, y + 0.07, 1.82, 0.02), w.lighter(0.25), 1.0);
    }
    for (y, lit) in [(0.45, 0.95), (0.405, 0.6)] {
        cv.flat(&Shape::round(-0.94, y, 1.88, 0.05, 0.015), w, lit);
    }
}

fn piano(cv: &mut Canvas<'_>, _cx: &PaintCx<'_>, words: &Words) {
    let w = words.colour_or(hex(0x4a3029));
    cv.form_soft(&Shape::rect(-0.76, 0.0, 1.52, 1.25), w, 0.12);
    cv.form(&Shape::round(-0.81, 1.2, 1.62, 0.07, 0.02), w.lighter(0.08));
    for x in [-0.66, 0.04] {
        cv.flat(&Shape::round(x, 0.83, 0.62, 0.32, 0.03), w.lighter(0.1), 0.7);
    }
    cv.flat(&Shape::rect(-0.24, 0.86, 0.48, 0.3), hex(0xf1e8d3), 0.9);
    for i in 0..5 {
        let y = 0.91 + 0.045 * i as f32;
        cv.raw_stroke(&Shape::line(&[(-0.2, y), (0.2, y)]), 0.006, hex(0x47403c), 0.6);
    }
    cv.flat(&Shape::poly(&[(-0.8, 0.66), (0.8, 0.66), (0.74, 0.78), (-0.74, 0.78)]), w.darker(0.2), 0.5);
    cv.flat(&Shape::poly(&[(-0.72, 0.67), (0.72, 0.67), (0.69, 0.75), (-0.69, 0.75)]), hex(0xf5efe2), 0.95);
    for i in 0..22 {
        if !matches!(i % 7, 2 | 6) {
            cv.flat(&Shape::rect(-0.67 + 0.062 * i as f32, 0.7, 0.028, 0.048), hex(0x201d20), 0.5);
        }
    }
    cv.flat(&Shape::rect(-0.8, 0.58, 1.6, 0.085), w, 0.6);
    for x in [-0.74, 0.68] {
        cv.column(&Shape::rect(x, 0.0, 0.07, 0.6), w.lighter(0.05));
    }
    for x in [-0.08, 0.08] {
        cv.form(&Shape::round(x - 0.03, 0.04, 0.06, 0.03, 0.01), hex(0xd0a650));
    }
}
