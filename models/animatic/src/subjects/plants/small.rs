//! What grows low, and what lies on the ground.

use crate::paint::{Motion, PaintCx, SubjectKind};
use crate::subjects::canvas::Canvas;
use crate::subjects::colour::{Dice, Words, hash, hex};
use crate::subjects::shape::Shape;
use crate::subjects::sketch::Sketch;
use std::f32::consts::TAU;

/// The bush.
pub static BUSH: Sketch = Sketch::new(
    "bush",
    &["bush", "shrub", "thicket", "hedge bush", "bramble"],
    SubjectKind::Plant,
    (-1.3, -0.1, 1.3, 1.5),
    bush,
)
.swaying();
/// A tuft of grass.
pub static GRASS: Sketch = Sketch::new(
    "grass",
    &["grass", "tuft", "grass tuft", "wheat", "straw"],
    SubjectKind::Plant,
    (-0.6, -0.05, 0.6, 0.8),
    grass,
)
.swaying();
/// Reeds.
pub static REEDS: Sketch = Sketch::new(
    "reeds",
    &["reed", "reeds", "bulrush", "cattail", "rush"],
    SubjectKind::Plant,
    (-0.8, -0.1, 0.8, 2.2),
    reeds,
)
.swaying();
/// Flowers.
pub static FLOWERS: Sketch = Sketch::new(
    "flower",
    &["flower", "rose", "poppy", "tulip", "daisy", "bouquet", "sunflower", "blossom"],
    SubjectKind::Plant,
    (-0.45, -0.05, 0.45, 0.75),
    flowers,
)
.swaying();
/// The mushroom.
pub static MUSHROOM: Sketch = Sketch::new(
    "mushroom",
    &["mushroom", "toadstool", "fungus"],
    SubjectKind::Plant,
    (-0.16, -0.02, 0.16, 0.27),
    mushroom,
);
/// The rock.
pub static ROCK: Sketch =
    Sketch::new("rock", &["rock", "stone", "pebble"], SubjectKind::Plant, (-0.8, -0.1, 0.8, 0.85), rock);
/// The boulder.
pub static BOULDER: Sketch = Sketch::new(
    "boulder",
    &["boulder", "cliff rock", "crag", "sea stack"],
    SubjectKind::Plant,
    (-2.1, -0.25, 2.1, 2.3),
    boulder,
);
/// The log.
pub static LOG: Sketch = Sketch::new(
    "log",
    &["log", "tree trunk", "driftwood", "stump"],
    SubjectKind::Plant,
    (-1.3, -0.05, 1.3, 0.6),
    log,
);
/// The campfire.
pub static CAMPFIRE: Sketch = Sketch::new(
    "campfire",
    &["campfire", "fire", "bonfire", "flame"],
    SubjectKind::Thing,
    (-0.75, -0.1, 0.75, 1.5),
    campfire,
)
.moving(&[(Motion::Idle, 12)])
.glowing(0.0, 0.45, 3.5, [1.0, 0.62, 0.27], true);

fn dice(cx: &PaintCx<'_>) -> Dice {
    Dice::new(cx.seed ^ hash(cx.description))
}

fn bush(cv: &mut Canvas<'_>, cx: &PaintCx<'_>, words: &Words) {
    let mut d = dice(cx);
    let leaf = words.tint_or(hex(0x557a48));
    let spots =
        [(-0.7, 0.42, 0.5), (0.65, 0.45, 0.52), (0.0, 0.75, 0.62), (-0.3, 0.4, 0.5), (0.35, 0.35, 0.5)];
    for pass in 0..3 {
        for (x, y, r) in spots {
            let (k, lift, lit, tone) = [
                (1.0, 0.0, 0.1, leaf.darker(0.15)),
                (0.8, 0.1, 0.55, leaf),
                (0.45, 0.26, 1.0, leaf.lighter(0.08)),
            ][pass];
            let side = 0.12 * cv.light_x() * pass as f32;
            let n = 10;
            let points: Vec<(f32, f32)> = (0..n)
                .map(|i| {
                    let a = i as f32 / n as f32 * TAU;
                    let q = r * k * d.range(0.85, 1.12);
                    (x + side + q * a.cos(), (y + lift * r + q * 0.85 * a.sin()).max(-0.04))
                })
                .collect();
            cv.flat(&Shape::blob(&points), tone, lit);
        }
    }
    if words.has(&["rose", "flowering", "berry"]) {
        for _ in 0..12 {
            cv.flat(&Shape::oval(d.range(-1.0, 1.0), d.range(0.2, 1.2), 0.06, 0.06), hex(0xd0566a), 0.9);
        }
    }
}

/// A clipped hedge, as long as a fence.
pub fn hedge(cv: &mut Canvas<'_>, words: &Words) {
    let leaf = words.tint_or(hex(0x4f7346));
    let body = Shape::round(-3.05, -0.05, 6.1, 1.25, 0.2);
    cv.form_soft(&body, leaf, 0.1);
    cv.within(&body, |cv| {
        let mut d = Dice::new(8);
        for _ in 0..160 {
            let (x, y) = (d.range(-3.0, 3.0), d.range(0.0, 1.2));
            let tone = if d.chance(0.5) { leaf.lighter(0.2) } else { leaf.darker(0.3) };
            cv.raw(&Shape::oval(x, y, 0.07, 0.045), cv.lit(tone, 0.6), 0.5);
        }
    });
}

fn blade(
    cv: &mut Canvas<'_>,
    x: f32,
    lean: f32,
    h: f32,
    w: f32,
    colour: crate::subjects::colour::Rgb,
    lit: f32,
) {
    let tip = (x + lean, h);
    let blade = Shape::runs(&[
        &[(x - w, -0.03), (x - w * 0.6 + lean * 0.3, h * 0.55), tip],
        &[tip, (x + w * 0.7 + lean * 0.35, h * 0.5), (x + w, -0.03)],
    ]);
    cv.flat(&blade, colour, lit);
}

fn grass(cv: &mut Canvas<'_>, cx: &PaintCx<'_>, words: &Words) {
    let mut d = dice(cx);
    let ripe = words.has(&["wheat", "straw", "dry"]);
    let leaf = words.tint_or(if ripe { hex(0xcfa653) } else { hex(0x6f8b4a) });
    for i in 0..17 {
        let x = d.range(-0.28, 0.28);
        let (lean, h) = (x * d.range(0.3, 1.1), d.range(0.3, 0.72));
        blade(
            cv,
            x,
            lean,
            h,
            0.022,
            leaf.mix(leaf.darker(0.3), d.range(0.0, 0.7)),
            if i % 3 == 0 { 1.0 } else { 0.5 },
        );
        if ripe {
            cv.form(&Shape::oval(x + lean, h, 0.022, 0.07), leaf.lighter(0.15));
        }
    }
}

fn reeds(cv: &mut Canvas<'_>, cx: &PaintCx<'_>, words: &Words) {
    let mut d = dice(cx);
    let leaf = words.tint_or(hex(0x7a8a50));
    for i in 0..16 {
        let x = d.range(-0.5, 0.5);
        let (lean, h) = (d.range(-0.22, 0.25), d.range(1.0, 1.95));
        blade(cv, x, lean, h, 0.03, leaf.darker(d.range(0.0, 0.3)), if i % 2 == 0 { 0.9 } else { 0.4 });
        if i % 3 == 0 {
            cv.stroke(&Shape::line(&[(x, 0.0), (x + lean * 0.6, h + 0.12)]), 0.022, leaf.darker(0.2), 0.6);
            cv.form(
                &Shape::limb(&[(x + lean * 0.5, h - 0.22, 0.045), (x + lean * 0.58, h + 0.04, 0.045)]),
                hex(0x6a4630),
            );
        }
    }
}

fn flowers(cv: &mut Canvas<'_>, cx: &PaintCx<'_>, words: &Words) {
    let mut d = dice(cx);
    let named = [
        ("rose", 0xbf3b46),
        ("poppy", 0xd2452f),
        ("tulip", 0xd8674f),
        ("daisy", 0xf3eee0),
        ("sunflower", 0xe6b335),
    ];
    let lot = named
        .iter()
        .find(|(n, _)| words.has(&[n]))
        .map_or(d.pick(&[0xd2683f, 0xc94f6d, 0xe0b445, 0x8d74b8]), |n| n.1);
    let petal = words.tint_or(hex(lot));
    for i in 0..9 {
        let x = -0.24 + 0.06 * i as f32 + d.range(-0.03, 0.03);
        let (h, lean) = (d.range(0.3, 0.6), x * 0.4);
        cv.stroke(
            &Shape::curve(&[(x, 0.0), (x + lean * 0.3, h * 0.5), (x + lean, h)]),
            0.014,
            hex(0x5a7d47),
            0.7,
        );
        blade(cv, x, lean + 0.07, h * 0.55, 0.018, hex(0x64874c), 0.6);
        let (fx, fy) = (x + lean, h);
        for k in 0..6 {
            let a = k as f32 / 6.0 * TAU + d.range(0.0, 0.4);
            let (px, py) = (fx + 0.04 * a.cos(), fy + 0.034 * a.sin());
            cv.flat(
                &Shape::oval(px, py, 0.033, 0.028),
                petal.darker(0.12 * (k % 2) as f32),
                if py > fy { 0.95 } else { 0.55 },
            );
        }
        cv.flat(
            &Shape::oval(fx, fy, 0.022, 0.02),
            if words.has(&["sunflower", "poppy"]) { hex(0x4a2d22) } else { hex(0xe7bd4c) },
            0.9,
        );
    }
}

fn mushroom(cv: &mut Canvas<'_>, _cx: &PaintCx<'_>, words: &Words) {
    let cap = words.tint_or(hex(0xbe3f35));
    cv.column(
        &Shape::blob(&[
            (-0.035, 0.14),
            (-0.045, 0.03),
            (-0.06, -0.01),
            (0.06, -0.01),
            (0.045, 0.03),
            (0.035, 0.14),
        ]),
        hex(0xefe6d3),
    );
    cv.flat(&Shape::oval(0.0, 0.135, 0.125, 0.026), hex(0xd8c9ae), 0.4);
    let dome = Shape::runs(&[
        &[(-0.145, 0.135), (-0.11, 0.21), (0.0, 0.25), (0.11, 0.21), (0.145, 0.135)],
        &[(0.145, 0.135), (0.0, 0.115), (-0.145, 0.135)],
    ]);
    cv.form_soft(&dome, cap, 0.08);
    for (x, y, r) in [
        (-0.06, 0.2, 0.018),
        (0.02, 0.215, 0.022),
        (0.075, 0.175, 0.016),
        (-0.02, 0.165, 0.014),
        (-0.105, 0.155, 0.011),
    ] {
        cv.flat(&Shape::oval(x, y, r, r * 0.8), hex(0xf6efe0), 0.9);
    }
}

/// A stone of facets, between x -1 and 1, up to y 1.
fn facets(cv: &mut Canvas<'_>, d: &mut Dice, stone: crate::subjects::colour::Rgb, size: f32, snow: bool) {
    let n = 9;
    let points: Vec<(f32, f32)> = (0..=n)
        .map(|i| {
            let a = std::f32::consts::PI * i as f32 / n as f32;
            let k = d.range(0.82, 1.05);
            (size * k * a.cos(), size * 0.92 * d.range(0.85, 1.05) * a.sin())
        })
        .collect();
    let mut outline = points.clone();
    outline.push((-size * 0.9, -0.1 * size));
    outline.push((size * 0.9, -0.1 * size));
    let body = Shape::poly(&outline);
    cv.flat(&body, stone, 0.4);
    cv.within(&body, |cv| {
        let lx = if cv.light_x() <= 0.0 { -1.0 } else { 1.0 };
        let peak = points[n / 2];
        let ridge = (peak.0 + d.range(-0.1, 0.1) * size, size * 0.55);
        let lit = Shape::poly(&[
            (lx * size * 1.2, size * 0.3),
            (lx * size * 0.9, size * 1.2),
            (peak.0, size * 1.2),
            peak,
            ridge,
            (lx * size * 0.35, size * 0.15),
            (lx * size * 0.5, -0.2 * size),
            (lx * size * 1.2, -0.2 * size),
        ]);
        cv.flat(&lit, stone, 0.85);
        let top = Shape::poly(&[
            (lx * size * 0.8, size * 1.2),
            peak,
            ridge,
            (lx * size * 0.45, size * 0.62),
            (lx * size * 0.95, size * 0.5),
        ]);
        cv.flat(&top, if snow { hex(0xf2f5f7) } else { stone.lighter(0.16) }, 1.0);
        let dark = Shape::poly(&[
            (-lx * size * 1.2, size * 0.7),
            (-lx * size * 0.4, size * 0.5),
            (-lx * size * 0.15, -0.2 * size),
            (-lx * size * 1.2, -0.2 * size),
        ]);
        cv.flat(&dark, stone.darker(0.12), 0.05);
        for _ in 0..5 {
            let (x, y) = (d.range(-0.7, 0.6) * size, d.range(0.1, 0.7) * size);
            let crack = [(x, y), (x + 0.1 * size, y - 0.09 * size), (x + 0.14 * size, y - 0.2 * size)];
            cv.raw_stroke(&Shape::line(&crack), 0.014 * size, hex(0x1e1e28), 0.35);
        }
    });
}

fn stone_of(words: &Words) -> crate::subjects::colour::Rgb {
    words.colour_or(hex(0x8b8a8c))
}

fn rock(cv: &mut Canvas<'_>, cx: &PaintCx<'_>, words: &Words) {
    let mut d = dice(cx);
    cv.at(0.32, 0.0, 0.0, 1.0, |cv| facets(cv, &mut d, stone_of(words).darker(0.08), 0.36, false));
    cv.at(-0.14, 0.0, 0.0, 1.0, |cv| facets(cv, &mut d, stone_of(words), 0.6, words.has(&["snowy", "snow"])));
}

fn boulder(cv: &mut Canvas<'_>, cx: &PaintCx<'_>, words: &Words) {
    let mut d = dice(cx);
    cv.at(1.1, 0.0, 0.0, 1.0, |cv| facets(cv, &mut d, stone_of(words).darker(0.08), 0.9, false));
    cv.at(-0.25, 0.0, 0.0, 1.0, |cv| {
        facets(cv, &mut d, stone_of(words), 1.75, words.has(&["snowy", "snow"]))
    });
    cv.at(-1.35, 0.0, 0.0, 1.0, |cv| facets(cv, &mut d, stone_of(words).lighter(0.04), 0.6, false));
    if words.has(&["mossy", "moss"]) {
        cv.flat(
            &Shape::blob(&[(-1.2, 1.3), (-0.4, 1.75), (0.5, 1.5), (0.2, 1.2), (-0.6, 1.25)]),
            hex(0x6f8a45),
            0.8,
        );
    }
}

fn log(cv: &mut Canvas<'_>, _cx: &PaintCx<'_>, words: &Words) {
    let bark = words.colour_or(if words.has(&["driftwood"]) { hex(0xa99e8d) } else { hex(0x6d4f3a) });
    let body = Shape::limb(&[(-1.1, 0.25, 0.25), (0.0, 0.26, 0.27), (1.05, 0.26, 0.26)]);
    cv.form_soft(&body, bark, 0.12);
    cv.within(&body, |cv| {
        cv.shade(&Shape::rect(-1.5, -0.1, 3.0, 0.2), 0.35);
        for i in 0..12 {
            let (x, y) = (-1.1 + 0.18 * i as f32, 0.1 + 0.09 * ((i * 5) % 4) as f32);
            cv.raw_stroke(
                &Shape::curve(&[(x, y), (x + 0.14, y + 0.02), (x + 0.3, y)]),
                0.02,
                hex(0x241913),
                0.4,
            );
        }
    });
    cv.form(&Shape::limb(&[(0.3, 0.45, 0.07), (0.45, 0.57, 0.04)]), bark);
    cv.flat(&Shape::oval(1.08, 0.26, 0.17, 0.26), hex(0xcba87a), 0.85);
    for k in [0.7, 0.42, 0.16] {
        cv.raw_stroke(&Shape::arc(1.08, 0.26, 0.17 * k, 0.26 * k, 0.0, 1.0), 0.016, hex(0x7a5836), 0.7);
    }
}

/// Flames about the origin, up to a height.
pub fn flames(cv: &mut Canvas<'_>, cycle: f32, size: f32) {
    let t = cycle * TAU;
    for (k, colour) in [(1.0, 0xe2592a), (0.72, 0xf39a35), (0.42, 0xffdf86)] {
        for (x, h, o) in [(-0.22, 0.62, 0.0), (0.2, 0.7, 2.1), (0.0, 1.0, 4.0)] {
            let sway = 0.07 * (t + o).sin() * size;
            let tall = h * k * size * (1.0 + 0.14 * (2.0 * t + o).sin());
            let x = x * size * k;
            let w = 0.2 * size * k;
            let flame = Shape::runs(&[
                &[(x, 0.0), (x - w, tall * 0.22), (x - w * 0.55 + sway * 0.3, tall * 0.6), (x + sway, tall)],
                &[(x + sway, tall), (x + w * 0.75 + sway * 0.4, tall * 0.5), (x + w, tall * 0.2), (x, 0.0)],
            ]);
            cv.raw(&flame, hex(colour), 0.94);
        }
    }
}

fn campfire(cv: &mut Canvas<'_>, cx: &PaintCx<'_>, _words: &Words) {
    cv.glow(0.0, 0.4, 0.75, hex(0xff9c45), 0.5);
    for (x, r) in [(-0.55, 0.12), (-0.33, 0.13), (0.36, 0.13), (0.56, 0.12)] {
        cv.form(&Shape::oval(x, 0.05, r, r * 0.75), hex(0x7d7b7c));
    }
    for (a, b) in [((-0.45, 0.03), (0.3, 0.22)), ((0.45, 0.03), (-0.3, 0.22))] {
        cv.form(&Shape::limb(&[(a.0, a.1, 0.08), (b.0, b.1, 0.06)]), hex(0x5a3d2b));
    }
    cv.at(0.0, 0.1, 0.0, 1.0, |cv| flames(cv, cx.cycle(), 1.05));
    for i in 0..5 {
        let k = (cx.cycle() + i as f32 * 0.21).fract();
        let x = 0.3 * ((i * 37 % 11) as f32 / 11.0 - 0.5) + 0.08 * (k * TAU + i as f32).sin();
        cv.raw(&Shape::oval(x, 0.6 + 0.8 * k, 0.014, 0.014), hex(0xffd27a), 1.0 - k);
    }
    for (x, r) in [(-0.15, 0.11), (0.12, 0.12)] {
        cv.form(&Shape::oval(x, 0.0, r, r * 0.7), hex(0x8a8786));
    }
}
