//! Trees: each grown by lot from its seed, so that no two of a wood are alike.

use crate::paint::{PaintCx, SubjectKind};
use crate::subjects::canvas::Canvas;
use crate::subjects::colour::{Dice, Rgb, Words, hash, hex};
use crate::subjects::shape::Shape;
use crate::subjects::sketch::Sketch;
use std::f32::consts::TAU;

/// The pine.
pub static PINE: Sketch = Sketch::new(
    "pine",
    &["pine", "fir", "spruce", "conifer", "christmas tree", "evergreen"],
    SubjectKind::Plant,
    (-3.2, -0.2, 3.2, 12.2),
    pine,
)
.swaying();
/// The broadleaf.
pub static OAK: Sketch = Sketch::new(
    "oak",
    &["oak", "tree", "broadleaf", "maple", "elm", "beech", "chestnut tree", "apple tree", "linden"],
    SubjectKind::Plant,
    (-5.2, -0.2, 5.2, 10.4),
    oak,
)
.swaying();
/// The birch.
pub static BIRCH: Sketch = Sketch::new(
    "birch",
    &["birch", "aspen", "poplar", "willow"],
    SubjectKind::Plant,
    (-3.2, -0.2, 3.2, 11.2),
    birch,
)
.swaying();
/// The palm.
pub static PALM: Sketch =
    Sketch::new("palm", &["palm", "palm tree"], SubjectKind::Plant, (-4.0, -0.2, 4.0, 9.6), palm).swaying();
/// A bare tree.
pub static BARE: Sketch = Sketch::new(
    "bare tree",
    &["bare tree", "dead tree", "leafless tree", "winter tree"],
    SubjectKind::Plant,
    (-4.4, -0.2, 4.4, 8.6),
    bare,
)
.swaying();
/// The cactus.
pub static CACTUS: Sketch = Sketch::new(
    "cactus",
    &["cactus", "saguaro", "cacti"],
    SubjectKind::Plant,
    (-1.8, -0.1, 1.8, 4.6),
    cactus,
);

fn dice(cx: &PaintCx<'_>, name: &str) -> Dice {
    Dice::new(cx.seed ^ hash(name))
}

fn snowy(words: &Words) -> bool {
    words.has(&["snowy", "snow", "snow-covered", "frosted", "winter"])
}

fn leaves(words: &Words, default: u32) -> Rgb {
    if words.has(&["autumn", "autumnal"]) {
        return hex(0xc67a34);
    }
    words.tint_or(hex(default))
}

fn pine(cv: &mut Canvas<'_>, cx: &PaintCx<'_>, words: &Words) {
    let mut d = dice(cx, "pine");
    let green = leaves(words, 0x3c5f4e).mix(hex(0x2f5550), d.range(0.0, 0.5));
    let top = d.range(10.6, 11.9);
    cv.column(&Shape::poly(&[(-0.3, -0.15), (0.3, -0.15), (0.12, 4.0), (-0.12, 4.0)]), hex(0x5d4333));
    let tiers = 7;
    for i in 0..tiers {
        let k = i as f32 / tiers as f32;
        let y = 1.1 + (top - 2.3) * k;
        let w = (2.9 * (1.0 - k).powf(0.85) + 0.35) * d.range(0.88, 1.08);
        let h = (top - y).min(3.3 - 1.1 * k);
        let mut edge = vec![(0.0, y + h)];
        let n = 6;
        for j in 0..=n {
            let t = j as f32 / n as f32;
            let x = w * (1.0 - 2.0 * t);
            let droop = -0.3 * (1.0 - (2.0 * t - 1.0).abs()) + d.range(-0.08, 0.08);
            edge.push((x, y + droop + if j == 0 || j == n { -0.12 } else { 0.0 }));
            if j < n {
                edge.push((x - w / n as f32, y + 0.24 + droop));
            }
        }
        let tier = Shape::poly(&edge);
        cv.form_soft(&tier, green.mix(hex(0x7d9a6a), 0.12 * k), 0.07);
        cv.within(&tier, |cv| {
            if i + 1 < tiers {
                cv.shade(&Shape::oval(0.0, y + h * 0.8, w * 0.55, h * 0.35), 0.26);
            }
            if snowy(words) {
                cv.flat(
                    &Shape::poly(&[
                        (0.0, y + h),
                        (-w * 1.02, y),
                        (-w * 0.55, y + 0.2),
                        (-0.15, y + h * 0.55),
                        (w * 0.5, y + 0.3),
                        (w * 0.95, y),
                    ]),
                    hex(0xeef2f5),
                    0.85,
                );
            }
        });
    }
}

/// A cloud of leaves: dark clumps behind, then lighter ones towards the light.
fn crown(cv: &mut Canvas<'_>, d: &mut Dice, clumps: &[(f32, f32, f32)], leaf: Rgb, snow: bool) {
    let lx = if cv.light_x() <= 0.0 { -1.0 } else { 1.0 };
    for &(x, y, r) in clumps {
        cv.flat(&clump(d, x, y - r * 0.1, r * 1.04), leaf.darker(0.2), 0.08);
    }
    for &(x, y, r) in clumps {
        cv.flat(&clump(d, x + lx * r * 0.1, y + r * 0.14, r * 0.84), leaf, 0.55);
    }
    for &(x, y, r) in clumps {
        let light = if snow { hex(0xf0f3f5) } else { leaf.lighter(0.08) };
        cv.flat(&clump(d, x + lx * r * 0.26, y + r * 0.34, r * 0.5), light, 1.0);
        for _ in 0..7 {
            let (a, k) = (d.range(0.0, TAU), d.range(0.3, 0.95));
            let (px, py) = (x + r * k * a.cos(), y + r * k * a.sin());
            let tone = if py > y { leaf.lighter(0.22) } else { leaf.darker(0.35) };
            let leaf = Shape::oval(px, py, r * 0.075, r * 0.05);
            cv.raw(&leaf, cv.lit(tone, if py > y { 1.0 } else { 0.2 }), 0.6);
        }
    }
}

fn clump(d: &mut Dice, x: f32, y: f32, r: f32) -> Shape {
    let n = 11;
    let points: Vec<(f32, f32)> = (0..n)
        .map(|i| {
            let a = i as f32 / n as f32 * TAU;
            let k = r * d.range(0.86, 1.1);
            (x + k * a.cos(), y + k * 0.84 * a.sin())
        })
        .collect();
    Shape::blob(&points)
}

fn oak(cv: &mut Canvas<'_>, cx: &PaintCx<'_>, words: &Words) {
    let mut d = dice(cx, "oak");
    if words.has(&["bare", "leafless", "dead"]) {
        bare(cv, cx, words);
        return;
    }
    let leaf = leaves(words, 0x5c7f45).mix(hex(0x7c8b3f), d.range(0.0, 0.35));
    let bark = hex(0x61493a);
    let lean = d.range(-0.25, 0.25);
    let trunk = Shape::runs(&[
        &[(-0.75, -0.15), (-0.42, 0.7), (-0.36, 2.2), (-0.3 + lean, 4.6)],
        &[(0.32 + lean, 4.6), (0.4, 2.2), (0.44, 0.7), (0.8, -0.15)],
    ]);
    for (x, y) in [(-2.1, 5.4), (2.2, 5.7), (-0.8, 6.4)] {
        cv.form(&Shape::limb(&[(lean * 0.6, 2.9, 0.26), (x * 0.5 + lean, 4.2, 0.2), (x, y, 0.09)]), bark);
    }
    cv.column(&trunk, bark);
    cv.within(&trunk, |cv| {
        for i in 0..6 {
            let x = -0.5 + 0.2 * i as f32;
            cv.raw_stroke(
                &Shape::curve(&[(x * 1.3, 0.0), (x, 1.6), (x + lean, 4.0)]),
                0.05,
                hex(0x241a18),
                0.3,
            );
        }
    });
    let mut clumps = vec![
        (0.0, 8.0, 1.9),
        (-2.4, 6.6, 1.75),
        (2.5, 6.7, 1.8),
        (-1.2, 7.4, 1.7),
        (1.3, 7.6, 1.8),
        (-3.2, 5.2, 1.35),
        (3.3, 5.3, 1.35),
        (0.0, 6.2, 1.8),
    ];
    for c in &mut clumps {
        *c = (c.0 + d.range(-0.3, 0.3) + lean, c.1 + d.range(-0.3, 0.3), c.2 * d.range(0.9, 1.08));
    }
    crown(cv, &mut d, &clumps, leaf, snowy(words));
    if words.has(&["apple", "cherry"]) {
        for _ in 0..14 {
            let (x, y) = (d.range(-3.4, 3.4), d.range(4.8, 8.6));
            cv.form(&Shape::oval(x, y, 0.16, 0.16), hex(0xc03b34));
        }
    }
}

fn birch(cv: &mut Canvas<'_>, cx: &PaintCx<'_>, words: &Words) {
    let mut d = dice(cx, "birch");
    let leaf = leaves(words, 0x8f9f4d).mix(hex(0xb5a947), d.range(0.0, 0.3));
    let lean = d.range(-0.5, 0.5);
    let trunk = Shape::limb(&[
        (0.0, -0.2, 0.24),
        (lean * 0.3, 3.5, 0.19),
        (lean * 0.7, 7.0, 0.13),
        (lean, 10.0, 0.04),
    ]);
    let mut clumps = Vec::new();
    for i in 0..9 {
        let k = i as f32 / 8.0;
        let w = 1.9 * (1.0 - (k - 0.3).abs());
        clumps.push((
            lean * (0.4 + 0.6 * k) + d.range(-w, w) * 0.75,
            4.6 + 5.4 * k,
            (1.25 - 0.5 * k) * d.range(0.85, 1.1),
        ));
    }
    let back: Vec<_> = clumps.iter().step_by(2).copied().collect();
    crown(cv, &mut d, &back, leaf.darker(0.12), snowy(words));
    cv.column(&trunk, hex(0xe9e4d8));
    cv.within(&trunk, |cv| {
        for i in 0..16 {
            let y = 0.1 + 0.55 * i as f32;
            let x = lean * y / 11.0 + d.range(-0.2, 0.12);
            cv.raw(&Shape::oval(x, y, d.range(0.06, 0.16), 0.045), hex(0x2d2a2c), 0.8);
        }
    });
    let front: Vec<_> = clumps.iter().skip(1).step_by(2).copied().collect();
    crown(cv, &mut d, &front, leaf, snowy(words));
}

fn palm(cv: &mut Canvas<'_>, cx: &PaintCx<'_>, words: &Words) {
    let mut d = dice(cx, "palm");
    let leaf = words.tint_or(hex(0x55803f));
    let lean = d.range(0.5, 1.3) * if d.chance(0.5) { 1.0 } else { -1.0 };
    let (tx, ty) = (lean, 7.0);
    let trunk =
        Shape::limb(&[(0.0, -0.2, 0.34), (lean * 0.15, 2.2, 0.23), (lean * 0.55, 4.8, 0.19), (tx, ty, 0.16)]);
    cv.column(&trunk, hex(0x927153));
    cv.within(&trunk, |cv| {
        for i in 0..18 {
            let y = 0.2 + 0.38 * i as f32;
            let x = lean * (y / 7.0).powf(1.6);
            cv.raw_stroke(
                &Shape::curve(&[(x - 0.4, y + 0.08), (x, y - 0.05), (x + 0.4, y + 0.08)]),
                0.05,
                hex(0x2f2018),
                0.4,
            );
        }
    });
    for i in 0..9 {
        let a = TAU * (0.02 + 0.46 * i as f32 / 8.0) + d.range(-0.08, 0.08);
        let len = d.range(2.4, 2.9);
        let (dx, dy) = (a.cos(), a.sin());
        let mid = (tx + dx * len * 0.55, ty + dy * len * 0.5 + 0.55);
        let end = (tx + dx * len, ty + dy * len * 0.45 - 0.75 * dx.abs() + 0.1);
        let frond =
            Shape::runs(&[&[(tx, ty), (mid.0, mid.1 + 0.24), end], &[end, (mid.0, mid.1 - 0.3), (tx, ty)]]);
        let lit = if i % 2 == 0 { 0.85 } else { 0.35 };
        cv.flat(&frond, leaf, lit);
        cv.raw_stroke(&Shape::curve(&[(tx, ty), mid, end]), 0.05, cv.lit(leaf.lighter(0.3), lit), 0.7);
        for j in 1..8 {
            let k = j as f32 / 8.0;
            let (x, y) = (tx + (end.0 - tx) * k, ty + (end.1 - ty) * k + 0.62 * (k * (1.0 - k) * 4.0) * 0.6);
            cv.raw_stroke(
                &Shape::line(&[(x, y), (x + dx * 0.12, y - 0.34)]),
                0.05,
                cv.lit(leaf.darker(0.15), lit),
                0.8,
            );
        }
    }
    for x in [-0.16, 0.14] {
        cv.form(&Shape::oval(tx + x, ty - 0.12, 0.19, 0.19), hex(0x6f4d31));
    }
}

fn bare(cv: &mut Canvas<'_>, cx: &PaintCx<'_>, words: &Words) {
    let mut d = dice(cx, "bare");
    let bark = words.tint_or(hex(0x55463f));
    branch(cv, &mut d, &Twig { from: (0.0, -0.2), angle: TAU * 0.25, len: 2.5, r: 0.38, depth: 5 }, bark);
}

/// A piece of a bare tree and where it points.
struct Twig {
    from: (f32, f32),
    angle: f32,
    len: f32,
    r: f32,
    depth: u32,
}

fn branch(cv: &mut Canvas<'_>, d: &mut Dice, twig: &Twig, bark: Rgb) {
    let Twig { from, angle, len, r, depth } = *twig;
    let to = (from.0 + len * angle.cos(), from.1 + len * angle.sin());
    let bow = (from.0 * 0.5 + to.0 * 0.5 + d.range(-0.1, 0.1) * len, from.1 * 0.5 + to.1 * 0.5);
    let wood = Shape::limb(&[(from.0, from.1, r), (bow.0, bow.1, r * 0.85), (to.0, to.1, r * 0.68)]);
    if depth > 3 {
        cv.column(&wood, bark);
    } else {
        cv.flat(&wood, bark, 0.6);
    }
    if depth == 0 {
        return;
    }
    let n = if depth > 3 { 3 } else { 2 };
    for i in 0..n {
        let spread = (i as f32 - (n - 1) as f32 / 2.0) * d.range(0.55, 0.8) + d.range(-0.15, 0.15);
        let len = len * d.range(0.62, 0.76);
        branch(cv, d, &Twig { from: to, angle: angle + spread, len, r: r * 0.62, depth: depth - 1 }, bark);
    }
}

fn cactus(cv: &mut Canvas<'_>, cx: &PaintCx<'_>, words: &Words) {
    let mut d = dice(cx, "cactus");
    let green = words.tint_or(hex(0x5a8257));
    let trunk = Shape::limb(&[(0.0, -0.1, 0.36), (0.0, 2.0, 0.4), (0.0, 4.0, 0.3)]);
    let arms =
        [(-1.0_f32, d.range(1.3, 1.8), d.range(2.7, 3.3)), (1.0, d.range(1.9, 2.3), d.range(3.2, 3.8))];
    for (s, y, top) in arms {
        let arm = Shape::limb(&[
            (0.2 * s, y, 0.22),
            (0.85 * s, y + 0.05, 0.25),
            (1.12 * s, y + 0.45, 0.26),
            (1.14 * s, top, 0.21),
        ]);
        cv.column(&arm, green);
        cv.raw_stroke(
            &Shape::curve(&[(1.1 * s, y + 0.5), (1.12 * s, top)]),
            0.03,
            cv.lit(green.darker(0.4), 0.4),
            0.6,
        );
    }
    cv.column(&trunk, green);
    for x in [-0.2, -0.05, 0.1, 0.24] {
        cv.raw_stroke(&Shape::line(&[(x, 0.0), (x * 0.85, 4.1)]), 0.03, cv.lit(green.darker(0.4), 0.4), 0.6);
    }
    for (x, y) in [(0.0, 4.32), (-1.14, arms[0].2 + 0.2)] {
        cv.form(&Shape::oval(x, y, 0.13, 0.1), hex(0xd9728a));
    }
}
