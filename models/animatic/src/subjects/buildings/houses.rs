//! Houses and what is built of walls and roofs.

use crate::paint::{Motion, PaintCx, SubjectKind};
use crate::subjects::canvas::Canvas;
use crate::subjects::colour::{Dice, Rgb, Words, hash, hex};
use crate::subjects::shape::Shape;
use crate::subjects::sketch::Sketch;
use std::f32::consts::TAU;

const GLOW: [f32; 3] = [1.0, 0.76, 0.43];

/// The cottage.
pub static COTTAGE: Sketch = Sketch::new(
    "cottage",
    &["cottage", "hut", "cabin", "shack", "lodge"],
    SubjectKind::Building,
    (-5.2, -0.3, 5.2, 7.2),
    cottage,
)
.glowing(-1.9, 1.7, 2.2, GLOW, false);
/// The house.
pub static HOUSE: Sketch = Sketch::new(
    "house",
    &["house", "home", "villa", "farmhouse", "inn", "mansion", "building"],
    SubjectKind::Building,
    (-6.0, -0.3, 6.0, 10.6),
    house,
)
.glowing(0.0, 4.6, 3.0, GLOW, false);
/// The church.
pub static CHURCH: Sketch = Sketch::new(
    "church",
    &["church", "chapel", "cathedral", "steeple"],
    SubjectKind::Building,
    (-10.0, -0.3, 7.0, 23.0),
    church,
);
/// The castle.
pub static CASTLE: Sketch = Sketch::new(
    "castle",
    &["castle", "fortress", "palace", "fort", "ruin"],
    SubjectKind::Building,
    (-17.0, -0.3, 17.0, 25.0),
    castle,
);
/// The tower.
pub static TOWER: Sketch = Sketch::new(
    "tower",
    &["tower", "turret", "watchtower", "keep"],
    SubjectKind::Building,
    (-4.5, -0.3, 4.5, 19.0),
    tower,
);
/// The barn.
pub static BARN: Sketch = Sketch::new(
    "barn",
    &["barn", "stable", "shed", "farm", "boathouse"],
    SubjectKind::Building,
    (-7.0, -0.3, 7.0, 9.0),
    barn,
);
/// The windmill.
pub static WINDMILL: Sketch =
    Sketch::new("windmill", &["windmill", "mill"], SubjectKind::Building, (-9.0, -0.3, 9.0, 19.5), windmill)
        .moving(&[(Motion::Turn, 24), (Motion::Idle, 24)]);

/// A window: glowing at night, dark and cool by day, with frame and cross.
pub fn window(cv: &mut Canvas<'_>, x: f32, y: f32, w: f32, h: f32, frame: Rgb) {
    let m = 0.09 * w.min(h);
    cv.flat(&Shape::rect(x - m, y - m, w + 2.0 * m, h + 2.0 * m), frame, 0.75);
    let glass = Shape::rect(x, y, w, h);
    if cv.light().night {
        cv.wash(&glass, ((x, y), hex(0xffb65a), 1.0), ((x, y + h), hex(0xffdd93), 1.0));
    } else {
        cv.flat(&glass, hex(0x3f4f5f), 0.5);
        cv.raw(
            &Shape::poly(&[(x, y + h * 0.55), (x + w * 0.55, y + h), (x, y + h)]),
            cv.lit(hex(0x9db4bd), 0.8),
            0.5,
        );
    }
    cv.flat(&Shape::rect(x + w / 2.0 - m * 0.3, y, m * 0.6, h), frame, 0.75);
    cv.flat(&Shape::rect(x, y + h * 0.52, w, m * 0.6), frame, 0.75);
}

/// Courses of stone or brick over what is within.
fn courses(cv: &mut Canvas<'_>, (x, y, w, h): (f32, f32, f32, f32), tall: f32, seed: u64) {
    let mut dice = Dice::new(seed);
    let rows = (h / tall).ceil().min(60.0) as i32;
    for i in 0..rows {
        let yy = y + i as f32 * tall;
        for _ in 0..(w / tall / 1.6) as i32 {
            let xx = x + dice.range(0.0, w);
            let len = dice.range(0.5, 1.3) * tall;
            let tone = if dice.chance(0.5) { hex(0x3b3540) } else { hex(0xfff4df) };
            cv.raw(&Shape::round(xx, yy, len, tall * 0.75, tall * 0.2), tone, 0.1);
        }
    }
}

/// A roof's rows of tiles or thatch.
fn rows(cv: &mut Canvas<'_>, (x0, x1): (f32, f32), (y0, y1): (f32, f32), n: i32) {
    for i in 1..n {
        let y = y0 + (y1 - y0) * i as f32 / n as f32;
        cv.raw_stroke(&Shape::line(&[(x0, y), (x1, y)]), (y1 - y0) * 0.025, hex(0x1c1a28), 0.22);
    }
}

fn chimney(cv: &mut Canvas<'_>, x: f32, y: f32, h: f32) {
    cv.column(&Shape::rect(x - 0.42, y, 0.84, h), hex(0x96604a));
    cv.column(&Shape::rect(x - 0.52, y + h - 0.2, 1.04, 0.25), hex(0x7d4f40));
}

fn cottage(cv: &mut Canvas<'_>, _cx: &PaintCx<'_>, words: &Words) {
    let wall =
        words.colour_or(if words.has(&["cabin", "hut", "shack"]) { hex(0x8c6a48) } else { hex(0xe9dfca) });
    let roof = words.colour_of(&["roof", "roofed", "thatched"]).unwrap_or(if words.has(&["thatched"]) {
        hex(0xb39150)
    } else {
        hex(0x7c5146)
    });
    let body = Shape::rect(-4.2, -0.2, 8.4, 3.4);
    cv.column(&body, wall);
    cv.within(&body, |cv| {
        if words.has(&["stone", "granite"]) {
            courses(cv, (-4.2, 0.0, 8.4, 3.2), 0.4, 7);
        } else if words.has(&["cabin", "hut", "shack", "wooden", "log"]) {
            for i in 0..8 {
                cv.raw_stroke(
                    &Shape::line(&[(-4.2, 0.2 + 0.42 * i as f32), (4.2, 0.2 + 0.42 * i as f32)]),
                    0.06,
                    hex(0x2a1d18),
                    0.35,
                );
            }
        }
        cv.shade(&Shape::rect(-5.0, 2.75, 10.0, 0.5), 0.35);
    });
    chimney(cv, 2.5, 4.8, 2.1);
    let top = Shape::blob(&[
        (-4.9, 2.8),
        (-4.7, 3.3),
        (-3.1, 5.9),
        (-2.6, 6.1),
        (2.6, 6.1),
        (3.1, 5.9),
        (4.7, 3.3),
        (4.9, 2.8),
        (3.0, 2.95),
        (-3.0, 2.95),
    ]);
    cv.form_soft(&top, roof, 0.1);
    cv.within(&top, |cv| rows(cv, (-5.0, 5.0), (2.9, 6.1), 7));
    cv.flat(&Shape::round(0.35, -0.2, 1.25, 2.45, 0.5), hex(0x55483f), 0.5);
    cv.flat(
        &Shape::round(0.45, -0.2, 1.05, 2.3, 0.45),
        words.colour_of(&["door"]).unwrap_or(hex(0x3f6b62)),
        0.75,
    );
    cv.flat(&Shape::oval(1.3, 1.0, 0.07, 0.07), hex(0xd4ae58), 0.9);
    window(cv, -2.6, 1.1, 1.3, 1.2, hex(0xf1eadb));
    window(cv, 2.3, 1.1, 1.1, 1.2, hex(0xf1eadb));
    for (x, c) in [(-2.7, 0xc8524a), (-2.2, 0xd98aa0), (-1.7, 0xe2b24a), (-1.3, 0xc8524a)] {
        cv.form(&Shape::oval(x, 1.0, 0.24, 0.2), hex(0x587a4c));
        cv.flat(&Shape::oval(x + 0.05, 1.1, 0.1, 0.1), hex(c), 0.9);
    }
}

fn house(cv: &mut Canvas<'_>, cx: &PaintCx<'_>, words: &Words) {
    let mut dice = Dice::new(hash(cx.description) ^ cx.seed);
    let lot = dice.pick(&[0xd9c39a, 0xc9866a, 0xa9b7a4, 0xd6b3a0, 0x9fb0bd]);
    let wall = words.colour_or(hex(lot));
    let roof = words.colour_of(&["roof", "roofed"]).unwrap_or(hex(dice.pick(&[0x7b4a41, 0x565a66])));
    let body = Shape::poly(&[(-4.6, -0.2), (4.6, -0.2), (4.6, 6.2), (0.0, 9.6), (-4.6, 6.2)]);
    chimney(cv, -2.7, 7.4, 2.8);
    cv.column(&body, wall);
    cv.within(&body, |cv| {
        if words.has(&["brick", "stone"]) {
            courses(cv, (-4.6, 0.0, 9.2, 9.0), 0.36, 11);
        }
        cv.shade(
            &Shape::poly(&[(-5.0, 5.6), (0.0, 9.2), (5.0, 5.6), (5.0, 7.0), (0.0, 10.4), (-5.0, 7.0)]),
            0.3,
        );
        cv.flat(&Shape::rect(-5.0, -0.3, 10.0, 0.7), wall.darker(0.3), 0.5);
    });
    let gable = Shape::poly(&[(-5.5, 5.4), (0.0, 9.7), (5.5, 5.4), (5.5, 6.1), (0.0, 10.4), (-5.5, 6.1)]);
    cv.form(&gable, roof);
    let frame = hex(0xf2ebdc);
    for x in [-3.3, 2.0] {
        window(cv, x, 1.3, 1.3, 1.8, frame);
        window(cv, x, 4.2, 1.3, 1.6, frame);
    }
    window(cv, -0.6, 4.2, 1.2, 1.6, frame);
    cv.flat(&Shape::oval(0.0, 7.5, 0.55, 0.55), frame, 0.8);
    let attic = Shape::oval(0.0, 7.5, 0.42, 0.42);
    if cv.light().night {
        cv.raw(&attic, hex(0xffca78), 1.0)
    } else {
        cv.flat(&attic, hex(0x3f4f5f), 0.5)
    }
    cv.flat(&Shape::rect(-0.95, -0.2, 1.9, 3.0), frame, 0.65);
    cv.flat(&Shape::rect(-0.75, -0.2, 1.5, 2.75), words.colour_of(&["door"]).unwrap_or(hex(0x8c3f38)), 0.7);
    cv.flat(&Shape::rect(-1.2, -0.3, 2.4, 0.3), hex(0xa39a8c), 0.7);
    cv.flat(&Shape::oval(0.5, 1.2, 0.08, 0.08), hex(0xd9b45c), 0.9);
}

fn church(cv: &mut Canvas<'_>, _cx: &PaintCx<'_>, words: &Words) {
    let wall = words.colour_or(hex(0xd8cfbd));
    let roof = hex(0x59606e);
    let nave = Shape::rect(-3.5, -0.2, 10.0, 6.0);
    cv.column(&nave, wall.darker(0.06));
    let top = Shape::poly(&[(-3.5, 5.6), (6.9, 5.6), (5.6, 9.6), (-3.5, 9.6)]);
    cv.form_soft(&top, roof, 0.1);
    cv.within(&top, |cv| rows(cv, (-4.0, 7.0), (5.6, 9.6), 8));
    for i in 0..3 {
        arch(cv, -0.6 + 2.4 * i as f32, 1.4, 1.1, 2.9);
    }
    let tower = Shape::rect(-9.0, -0.2, 5.6, 12.2);
    cv.column(&tower, wall);
    cv.within(&tower, |cv| courses(cv, (-9.0, 0.0, 5.6, 12.0), 0.55, 5));
    cv.column(&Shape::rect(-9.3, 11.7, 6.2, 0.5), wall.darker(0.15));
    let spire = Shape::poly(&[(-9.2, 12.1), (-3.2, 12.1), (-6.2, 21.4)]);
    cv.column(&spire, roof);
    cv.stroke(&Shape::line(&[(-6.2, 21.2), (-6.2, 22.8)]), 0.16, hex(0xc9a552), 0.8);
    cv.stroke(&Shape::line(&[(-6.7, 22.3), (-5.7, 22.3)]), 0.16, hex(0xc9a552), 0.8);
    arch(cv, -7.0, 8.4, 1.6, 2.4);
    cv.flat(&Shape::oval(-6.2, 6.6, 0.95, 0.95), hex(0xf0e9d8), 0.9);
    cv.stroke(&Shape::line(&[(-6.2, 7.3), (-6.2, 6.6), (-5.7, 6.4)]), 0.1, hex(0x33323a), 0.6);
    cv.flat(&Shape::round(-7.2, -0.2, 2.0, 3.6, 1.0), hex(0x4d3a30), 0.5);
}

fn arch(cv: &mut Canvas<'_>, x: f32, y: f32, w: f32, h: f32) {
    cv.flat(&Shape::round(x - 0.15, y - 0.15, w + 0.3, h + 0.3, w * 0.6), hex(0xefe7d6), 0.6);
    let glass = Shape::round(x, y, w, h, w * 0.5);
    if cv.light().night {
        cv.raw(&glass, hex(0xffc873), 1.0)
    } else {
        cv.flat(&glass, hex(0x414a5c), 0.45)
    }
    cv.flat(&Shape::rect(x + w / 2.0 - 0.05, y, 0.1, h), hex(0x8d8678), 0.5);
}

/// A battlement along the top of a wall.
fn merlons(cv: &mut Canvas<'_>, x0: f32, x1: f32, y: f32, size: f32, colour: Rgb) {
    let n = ((x1 - x0) / (size * 2.0)).floor().max(1.0);
    let step = (x1 - x0) / (n * 2.0 + 1.0);
    for i in 0..=(n as i32) {
        cv.flat(&Shape::rect(x0 + step * 2.0 * i as f32, y, step, size * 1.2), colour, 0.7);
    }
}

fn keep(cv: &mut Canvas<'_>, x: f32, w: f32, h: f32, stone: Rgb, roof: Option<Rgb>) {
    let body = Shape::rect(x - w / 2.0, -0.2, w, h);
    cv.column(&body, stone);
    cv.within(&body, |cv| courses(cv, (x - w / 2.0, 0.0, w, h), w * 0.14, (w * 100.0) as u64));
    let head = Shape::poly(&[
        (x - w * 0.5, h - w * 0.55),
        (x + w * 0.5, h - w * 0.55),
        (x + w * 0.6, h - w * 0.3),
        (x + w * 0.6, h),
        (x - w * 0.6, h),
        (x - w * 0.6, h - w * 0.3),
    ]);
    cv.column(&head, stone.lighter(0.08));
    match roof {
        Some(roof) => cv
            .column(&Shape::poly(&[(x - w * 0.7, h - 0.1), (x + w * 0.7, h - 0.1), (x, h + w * 1.25)]), roof),
        None => merlons(cv, x - w * 0.6, x + w * 0.6, h - 0.1, w * 0.14, stone.lighter(0.06)),
    }
    for k in [0.35, 0.7] {
        let slit = Shape::round(x - w * 0.06, h * k, w * 0.12, w * 0.38, w * 0.06);
        if cv.light().night { cv.raw(&slit, hex(0xffc26b), 1.0) } else { cv.flat(&slit, hex(0x35323c), 0.4) }
    }
}

fn castle(cv: &mut Canvas<'_>, _cx: &PaintCx<'_>, words: &Words) {
    let stone = words.colour_or(hex(0xa8a196));
    let roof = words.colour_of(&["roof"]).unwrap_or(hex(0x4f6076));
    let ruin = words.has(&["ruin", "ruined"]);
    let roof = (!ruin).then_some(roof);
    keep(cv, 3.4, 5.2, 17.5, stone.darker(0.08), roof);
    keep(cv, -5.2, 4.2, 14.5, stone.darker(0.06), roof);
    let wall = Shape::rect(-13.5, -0.2, 27.0, 8.0);
    cv.form_soft(&wall, stone, 0.15);
    cv.within(&wall, |cv| courses(cv, (-13.5, 0.0, 27.0, 8.0), 0.7, 3));
    merlons(cv, -13.5, 13.5, 7.7, 0.8, stone.lighter(0.04));
    keep(cv, -13.6, 4.8, 12.0, stone, roof);
    keep(cv, 13.6, 4.8, 12.0, stone, if ruin { None } else { roof });
    cv.column(&Shape::rect(-3.2, -0.2, 6.4, 9.2), stone.lighter(0.08));
    merlons(cv, -3.2, 3.2, 8.9, 0.7, stone.lighter(0.1));
    cv.flat(&Shape::round(-1.7, -1.6, 3.4, 6.6, 1.7), hex(0x2d2a31), 0.4);
    for i in 0..4 {
        let x = -1.2 + 0.8 * i as f32;
        cv.stroke(&Shape::line(&[(x, 0.0), (x, 4.4)]), 0.12, hex(0x6a5a48), 0.5);
    }
    if !ruin {
        for x in [-13.6, 13.6] {
            cv.stroke(&Shape::line(&[(x, 17.8), (x, 20.4)]), 0.12, hex(0x3d3a3a), 0.6);
            cv.flat(&Shape::poly(&[(x, 20.4), (x + 2.0, 19.8), (x, 19.2)]), hex(0xb23f3a), 0.8);
        }
    }
}

fn tower(cv: &mut Canvas<'_>, _cx: &PaintCx<'_>, words: &Words) {
    let roof = words
        .colour_of(&["roof"])
        .or((!words.has(&["ruined", "watchtower", "keep"])).then_some(hex(0x6d4740)));
    keep(cv, 0.0, 5.6, 12.0, words.colour_or(hex(0xb0a797)), roof);
    cv.flat(&Shape::round(-0.9, -0.2, 1.8, 3.0, 0.9), hex(0x4a3a31), 0.5);
}

fn barn(cv: &mut Canvas<'_>, _cx: &PaintCx<'_>, words: &Words) {
    let wall = words.colour_or(hex(0x9c3b32));
    let trim = hex(0xeee6d6);
    let body = Shape::poly(&[
        (-5.6, -0.2),
        (5.6, -0.2),
        (5.6, 4.6),
        (3.8, 7.0),
        (0.0, 8.4),
        (-3.8, 7.0),
        (-5.6, 4.6),
    ]);
    cv.column(&body, wall);
    cv.within(&body, |cv| {
        for i in 0..18 {
            let x = -5.4 + 0.63 * i as f32;
            cv.raw_stroke(&Shape::line(&[(x, 0.0), (x, 8.5)]), 0.05, hex(0x2a1418), 0.28);
        }
    });
    let roof = [(-6.3, 4.1), (-4.1, 7.2), (0.0, 8.7), (4.1, 7.2), (6.3, 4.1)];
    cv.stroke(&Shape::line(&roof), 0.5, hex(0x4f5058), 0.6);
    let door = Shape::rect(-1.9, -0.2, 3.8, 3.8);
    cv.flat(&door, wall.darker(0.25), 0.6);
    for line in [
        [(-1.9, -0.1), (1.9, 3.5)],
        [(-1.9, 3.5), (1.9, -0.1)],
        [(-1.9, 3.6), (1.9, 3.6)],
        [(-1.9, 0.0), (-1.9, 3.6)],
        [(1.9, 0.0), (1.9, 3.6)],
        [(0.0, 0.0), (0.0, 3.6)],
    ] {
        cv.stroke(&Shape::line(&line), 0.2, trim, 0.75);
    }
    window(cv, -0.7, 5.2, 1.4, 1.4, trim);
}

fn windmill(cv: &mut Canvas<'_>, cx: &PaintCx<'_>, words: &Words) {
    let wall = words.colour_or(hex(0xe8dfcc));
    let body = Shape::poly(&[(-3.4, -0.2), (3.4, -0.2), (2.1, 11.0), (-2.1, 11.0)]);
    cv.column(&body, wall);
    for (x, y) in [(-0.9, 4.6), (0.3, 8.0)] {
        window(cv, x, y, 0.9, 1.2, hex(0x7a5b42));
    }
    cv.flat(&Shape::round(-0.8, -0.2, 1.6, 2.8, 0.8), hex(0x5c4131), 0.6);
    let cap = Shape::blob(&[(-2.6, 10.8), (-2.2, 12.4), (0.0, 13.6), (2.2, 12.4), (2.6, 10.8), (0.0, 10.7)]);
    cv.form_soft(&cap, hex(0x754a3d), 0.08);
    let spin = if matches!(cx.motion, Motion::Turn | Motion::Idle) { cx.cycle() * TAU / 4.0 } else { 0.35 };
    for i in 0..4 {
        cv.at(0.0, 11.9, spin + i as f32 * TAU / 4.0, 1.0, |cv| {
            cv.stroke(&Shape::line(&[(0.0, 0.0), (0.0, 7.2)]), 0.24, hex(0x5b4332), 0.6);
            let sail = Shape::rect(0.12, 1.4, 1.35, 5.7);
            cv.flat(&sail, hex(0xe7dcc2), if i % 2 == 0 { 0.9 } else { 0.6 });
            for k in 0..7 {
                let y = 1.4 + 0.95 * k as f32;
                cv.stroke(&Shape::line(&[(0.0, y), (1.47, y)]), 0.09, hex(0x6b5140), 0.6);
            }
            cv.stroke(&Shape::line(&[(1.47, 1.4), (1.47, 7.1)]), 0.09, hex(0x6b5140), 0.6);
        });
    }
    cv.form(&Shape::oval(0.0, 11.9, 0.42, 0.42), hex(0x4d3a2e));
}
