//! The head: one face for the smallest figure and the largest close-up.
//!
//! Measures are in heads: the chin at -0.5, the crown at 0.5, x to the right. `turn` is 0 for a face
//! that looks at us and 1 for one in three-quarter view to the right.

use super::look::{Age, Look, Style};
use super::{hair, hat};
use crate::paint::Face;
use crate::subjects::canvas::Canvas;
use crate::subjects::colour::{Rgb, hex};
use crate::subjects::shape::{P, Shape};

/// The face's outline from the crown clockwise: looking at us, and in three-quarter view.
const OUTLINE: [(P, P); 17] = [
    ((0.0, 0.5), (0.0, 0.5)),
    ((0.2, 0.465), (0.2, 0.455)),
    ((0.315, 0.32), (0.305, 0.31)),
    ((0.35, 0.14), (0.325, 0.15)),
    ((0.342, 0.0), (0.293, 0.03)),
    ((0.328, -0.12), (0.315, -0.085)),
    ((0.275, -0.28), (0.28, -0.24)),
    ((0.18, -0.42), (0.222, -0.39)),
    ((0.065, -0.495), (0.155, -0.488)),
    ((-0.065, -0.495), (0.035, -0.487)),
    ((-0.18, -0.42), (-0.09, -0.405)),
    ((-0.275, -0.28), (-0.22, -0.26)),
    ((-0.328, -0.12), (-0.31, -0.06)),
    ((-0.342, 0.0), (-0.35, 0.06)),
    ((-0.35, 0.14), (-0.37, 0.16)),
    ((-0.315, 0.32), (-0.34, 0.33)),
    ((-0.2, 0.465), (-0.2, 0.465)),
];

/// A head about to be painted.
pub struct Head<'a> {
    /// Whose.
    pub look: &'a Look,
    /// 0 towards us, 1 three-quarter to the right.
    pub turn: f32,
    /// What the face does; the gaze already as the canvas has it.
    pub face: Face,
}

/// Between two points.
pub fn between(a: P, b: P, t: f32) -> P {
    (a.0 + (b.0 - a.0) * t, a.1 + (b.1 - a.1) * t)
}

/// Points between two lists.
pub fn points(pairs: &[(P, P)], t: f32) -> Vec<P> {
    pairs.iter().map(|&(a, b)| between(a, b, t)).collect()
}

impl Head<'_> {
    /// Everything of the head but what lies behind the shoulders or over them.
    pub fn paint(&self, cv: &mut Canvas<'_>) {
        let skin = self.look.skin;
        self.skull(cv);
        if self.turn < 0.5 {
            self.ear(cv, 0.345, false);
        }
        let outline = self.outline();
        cv.flat(&outline, skin, 0.86);
        cv.within(&outline, |cv| self.planes(cv));
        self.eye(cv, 1.0);
        self.eye(cv, -1.0);
        self.nose(cv);
        if self.look.beard {
            self.beard(cv);
        }
        self.mouth(cv);
        if self.look.beard || self.look.moustache {
            self.moustache(cv);
        }
        self.age(cv);
        self.ear(cv, -0.345 + 0.1 * self.turn, true);
        hair::front(cv, self.look, self.turn);
        self.brows(cv);
        if self.look.glasses {
            self.glasses(cv);
        }
        hat::front(cv, self.look, self.turn);
    }

    /// The head from behind.
    pub fn paint_back(&self, cv: &mut Canvas<'_>) {
        for x in [-0.37, 0.37] {
            cv.flat(&Shape::oval(x, -0.04, 0.05, 0.09), self.look.skin, 0.55);
        }
        let low = Shape::blob(&[
            (-0.33, 0.1),
            (0.0, 0.2),
            (0.33, 0.1),
            (0.27, -0.25),
            (0.0, -0.36),
            (-0.27, -0.25),
        ]);
        cv.form(&low, self.look.skin);
        hair::back_view(cv, self.look);
        hat::back_view(cv, self.look);
    }

    fn outline(&self) -> Shape {
        let look = self.look;
        let jaw = match (look.age, look.female) {
            (Age::Child, _) => 1.02,
            (_, true) => 0.94,
            (_, false) => 1.07,
        } + 0.06 * look.stout;
        let centre = 0.1 * self.turn;
        let drop = 0.045 * self.face.mouth;
        let soft = if look.age == Age::Child { 0.03 } else { 0.0 };
        let outline: Vec<P> = points(&OUTLINE, self.turn)
            .into_iter()
            .map(|(x, y)| {
                let low = ((-0.1 - y) / 0.3).clamp(0.0, 1.0);
                (centre + (x - centre) * (1.0 + (jaw - 1.0) * low), y - drop * low + soft * low)
            })
            .collect();
        Shape::blob(&outline)
    }

    /// The back of the head, hair or bare.
    fn skull(&self, cv: &mut Canvas<'_>) {
        let colour = if self.look.style == Style::Bald {
            self.look.skin.darker(0.06)
        } else {
            self.look.hair.darker(0.22)
        };
        let back = Shape::oval(-0.085 * self.turn, 0.1, 0.375 + 0.015 * self.turn, 0.41);
        cv.form(&back, colour);
    }

    /// Where a feature lies that is `s` to the side: -1 the near eye, 1 the far one.
    fn x(&self, s: f32) -> f32 {
        let t = self.turn;
        0.148 * s * (1.0 - t) + (0.095 + 0.13 * s) * t
    }

    fn eye_y(&self) -> f32 {
        if self.look.age == Age::Child { -0.035 } else { 0.02 }
    }

    /// A dark of the skin, for lines in it.
    fn line(&self) -> Rgb {
        self.look.skin.mix(hex(0x3a1a16), 0.62)
    }

    /// Light and shade over the face: the shaded side, the sockets, the neck's edge, the cheeks.
    fn planes(&self, cv: &mut Canvas<'_>) {
        let (t, skin) = (self.turn, self.look.skin);
        let right = cv.light_x() <= 0.0;
        let amount = 0.35 + 0.65 * cv.light_x().abs();
        let away: Vec<P> = if right {
            let k = 0.05 * t;
            vec![
                (0.14 + k, 0.55),
                (0.2 + k, 0.25),
                (0.195 + k, 0.1),
                (0.155 + k, 0.03),
                (0.24 + k, -0.06),
                (0.2 + k, -0.22),
                (0.12 + k, -0.36),
                (0.06 + k, -0.6),
                (0.7, -0.6),
                (0.7, 0.6),
            ]
        } else {
            let k = -0.02 * t;
            vec![
                (-0.14 + k, 0.55),
                (-0.2 + k, 0.25),
                (-0.2 + k, 0.1),
                (-0.17 + k, 0.03),
                (-0.24 + k, -0.06),
                (-0.19 + k, -0.22),
                (-0.1 + k, -0.36),
                (-0.02 + k, -0.6),
                (-0.7, -0.6),
                (-0.7, 0.6),
            ]
        };
        let dark = cv.lit(skin.mix(hex(0x8c3b34), 0.16), 0.12);
        cv.raw(&Shape::blob(&away), dark, 0.62 * amount);
        let red = cv.lit(skin.mix(hex(0xd2503f), 0.45), 0.8);
        for s in [-1.0, 1.0] {
            let (x, y) = (self.x(s) + 0.03 * s, -0.135);
            cv.raw(&Shape::oval(x, y, 0.085, 0.055), red, 0.2);
            cv.raw(&Shape::oval(x, y, 0.055, 0.035), red, 0.16);
            let socket = Shape::oval(self.x(s), self.eye_y() + 0.035, 0.1, 0.06);
            cv.raw(&socket, cv.lit(skin.mix(hex(0x7a2f2c), 0.3), 0.4), 0.24);
        }
        // The hair's shade on the forehead.
        if self.look.style != Style::Bald || self.look.hat.is_some() {
            let band = Shape::blob(&[
                (-0.5, 0.5),
                (0.0, 0.56),
                (0.5, 0.5),
                (0.34, 0.26),
                (0.1 * t, 0.275),
                (-0.34, 0.2),
            ]);
            cv.raw(&band, dark, 0.45);
        }
        let chin = Shape::oval(0.1 * t, -0.4 - 0.05 * self.face.mouth, 0.07, 0.045);
        cv.raw(&chin, cv.lit(skin.lighter(0.25), 1.0), 0.2);
    }

    fn eye(&self, cv: &mut Canvas<'_>, s: f32) {
        let look = self.look;
        let far = s > 0.0;
        let young = look.age == Age::Child;
        let w = (if young { 0.087 } else { 0.08 }) * (1.0 - if far { 0.2 * self.turn } else { 0.0 });
        let joy = self.face.mood.clamp(0.0, 1.0);
        let tall = if young {
            0.066
        } else if look.female {
            0.054
        } else {
            0.046
        };
        let open = (1.0 - self.face.blink.clamp(0.0, 1.0)) * if look.age == Age::Old { 0.86 } else { 1.0 };
        let h = tall * open;
        let (x, y) = (self.x(s), self.eye_y());
        let at = |px: f32, py: f32| (x + px * w * s, y + py);
        let low = 0.62 - 0.25 * joy;
        let top = [at(-1.0, -0.012), at(-0.45, 0.72 * h), at(0.2, h), at(0.75, 0.66 * h), at(1.05, 0.006)];
        let bottom =
            [at(1.05, 0.006), at(0.4, -low * tall * open), at(-0.4, -low * tall * open), at(-1.0, -0.012)];
        let lash = look.hair.mix(hex(0x2a1714), 0.75).darker(0.25);
        let (thick, shut) = (if look.female { 0.021 } else { 0.016 }, h < 0.2 * tall);
        if shut {
            let lid = [at(-1.0, -0.01), at(-0.4, -0.026), at(0.3, -0.028), at(1.08, -0.004)];
            cv.stroke(&Shape::curve(&lid), thick, lash, 0.4);
            return;
        }
        let white = Shape::runs(&[&top, &bottom]);
        cv.flat(&white, hex(0xf5efe6).mix(look.skin, 0.1), 0.86);
        cv.within(&white, |cv| {
            let r = tall * 0.98;
            let ix = x + self.face.gaze.clamp(-1.0, 1.0) * w * 0.42 + 0.01 * self.turn;
            let iy = y + 0.1 * tall;
            cv.flat(&Shape::oval(ix, iy, r * 0.92, r), look.eyes.darker(0.45), 0.8);
            cv.flat(&Shape::oval(ix, iy - 0.08 * r, r * 0.74, r * 0.8), look.eyes, 0.9);
            cv.flat(&Shape::oval(ix, iy - 0.3 * r, r * 0.5, r * 0.42), look.eyes.lighter(0.3), 0.9);
            cv.flat(&Shape::oval(ix, iy, r * 0.42, r * 0.46), hex(0x17141a), 0.8);
            let lid = Shape::poly(&[
                at(-1.4, 0.09),
                at(1.4, 0.09),
                at(1.2, h - 0.014),
                at(0.2, h - 0.018),
                at(-1.2, 0.2 * h),
            ]);
            cv.raw(&lid, hex(0x3b2230), 0.28);
            let gleam = if cv.light_x() <= 0.0 { -0.34 } else { 0.34 };
            cv.raw(&Shape::oval(ix + gleam * r, iy + 0.36 * r, r * 0.2, r * 0.22), hex(0xfffdf6), 0.95);
        });
        cv.stroke(&Shape::curve(&top), thick, lash, 0.4);
        if look.female {
            let flick = [at(0.7, 0.66 * h), at(1.05, 0.012), at(1.3, 0.03)];
            cv.stroke(&Shape::curve(&flick), thick * 0.8, lash, 0.4);
        }
        cv.raw_stroke(&Shape::curve(&bottom), 0.006, cv.lit(self.line(), 0.5), 0.55);
        let crease = [at(-0.8, 0.5 * h + 0.022), at(0.1, h + 0.026), at(1.0, 0.5 * h + 0.022)];
        cv.raw_stroke(&Shape::curve(&crease), 0.008, cv.lit(self.line(), 0.5), 0.6);
    }

    fn brows(&self, cv: &mut Canvas<'_>) {
        let look = self.look;
        let heavy = if look.female { 0.013 } else { 0.021 } * if look.age == Age::Child { 0.7 } else { 1.0 };
        let sad = (-self.face.mood).clamp(0.0, 1.0) * 0.035;
        let up = self.face.mood.max(0.0) * 0.012 + 0.012 * self.face.mouth;
        let colour = if look.hair.luma() > 0.6 {
            look.hair.darker(0.3)
        } else {
            look.hair.darker(0.3).mix(hex(0x2a1814), 0.2)
        };
        for s in [-1.0_f32, 1.0] {
            let w = 0.098 * (1.0 - if s > 0.0 { 0.22 * self.turn } else { 0.0 });
            let (x, y) = (self.x(s), self.eye_y() + 0.107 + up);
            let brow = Shape::limb(&[
                (x - w * s * 0.95, y - 0.014 + sad, heavy * 0.9),
                (x - w * s * 0.1, y + 0.014 + sad * 0.3, heavy),
                (x + w * s * 0.7, y + 0.008 - sad * 0.3, heavy * 0.7),
                (x + w * s * 1.08, y - 0.018 - sad * 0.5, heavy * 0.25),
            ]);
            cv.flat(&brow, colour, 0.55);
        }
    }

    fn nose(&self, cv: &mut Canvas<'_>) {
        let (t, look) = (self.turn, self.look);
        let long = match (look.age, look.female) {
            (Age::Child, _) => 0.11,
            (Age::Old, _) => 0.165,
            (_, true) => 0.14,
            (_, false) => 0.155,
        };
        let wide = if look.female || look.age == Age::Child { 0.052 } else { 0.062 };
        let y = self.eye_y();
        let root = (0.128 * t, y + 0.02);
        let tip = (0.185 * t, y - long);
        let base = (0.118 * t, y - long - 0.035);
        let dark = cv.lit(look.skin.mix(hex(0x8c3b34), 0.22), 0.15);
        let side = if cv.light_x() <= 0.0 { 1.0 } else { -1.0 };
        let edge = base.0 + side * wide * (1.0 - 0.25 * t * side);
        let plane = Shape::runs(&[
            &[
                (root.0 + 0.012 * side, root.1 + 0.03),
                (root.0 + 0.006 * side, y - long * 0.4),
                (tip.0 + 0.012 * side, tip.1 + 0.02),
                (tip.0, tip.1 - 0.03),
            ],
            &[
                (base.0, base.1 - 0.006),
                (edge, base.1 + 0.012),
                (edge + 0.004 * side, base.1 + 0.045),
                (root.0 + 0.045 * side, y - long * 0.45),
                (root.0 + 0.05 * side, root.1 + 0.02),
            ],
        ]);
        cv.raw(&plane, dark, 0.36);
        // Beneath: the nostrils and the wing.
        let under = Shape::blob(&[
            (base.0 - wide, base.1 + 0.014),
            (tip.0 - 0.3 * wide, base.1 + 0.01),
            (tip.0 + 0.022, tip.1 - 0.018),
            (base.0 + wide * (1.0 - 0.1 * t), base.1 + 0.012),
            (base.0 + 0.4 * wide, base.1 - 0.008),
            (base.0 - 0.5 * wide, base.1 - 0.006),
        ]);
        cv.raw(&under, dark, 0.75);
        let line = cv.lit(self.line(), 0.35);
        for (x, on) in [(-0.62, 0.85), (0.5, 0.85 - 0.5 * t)] {
            cv.raw(&Shape::oval(base.0 + x * wide, base.1 + 0.006, 0.0135, 0.0075), line, on);
        }
        let wing = [
            (base.0 - wide * 0.95, base.1 + 0.05),
            (base.0 - wide * 1.18, base.1 + 0.022),
            (base.0 - wide * 0.85, base.1 + 0.002),
        ];
        cv.raw_stroke(&Shape::curve(&wing), 0.009, line, 0.5);
        if t > 0.5 {
            let ridge = [
                (root.0 + 0.03, root.1 + 0.02),
                (root.0 + 0.028, y - long * 0.45),
                (tip.0 + 0.024, tip.1 + 0.018),
                (tip.0 + 0.02, tip.1 - 0.018),
                (base.0 + 0.6 * wide, base.1 - 0.004),
            ];
            cv.raw_stroke(&Shape::curve(&ridge), 0.009, line, 0.5);
        }
        cv.raw(
            &Shape::oval(tip.0 - 0.014 * side, tip.1 + 0.006, 0.017, 0.021),
            cv.lit(look.skin.lighter(0.5), 1.0),
            0.42,
        );
    }

    fn mouth(&self, cv: &mut Canvas<'_>) {
        let (t, look, face) = (self.turn, self.look, self.face);
        let open = face.mouth.clamp(0.0, 1.0);
        let smile = face.mood * 0.02 + 0.004;
        let wide = (if look.age == Age::Child { 0.082 } else { 0.1 })
            * (1.0 - 0.12 * open + 0.1 * face.mood.max(0.0));
        let (x, y) = (0.115 * t, -0.285 + if look.age == Age::Child { 0.01 } else { 0.0 });
        let at = |px: f32, py: f32| (x + px * wide * (1.0 - 0.2 * t * px.max(0.0)), y + py);
        let gap = 0.085 * open;
        let tint = if look.female { 0.5 } else { 0.27 };
        let lip = look.skin.mix(hex(0xb23a3c), tint);
        let line = look.skin.mix(hex(0x43161a), 0.72);
        let (l, r) = (at(-1.0, smile - gap * 0.35), at(1.0, smile - gap * 0.35));
        if open > 0.04 {
            let hole = Shape::runs(&[
                &[l, at(-0.4, 0.012), at(0.4, 0.012), r],
                &[r, at(0.5, -gap), at(-0.5, -gap), l],
            ]);
            cv.flat(&hole, hex(0x51191f), 0.5);
            cv.within(&hole, |cv| {
                cv.flat(
                    &Shape::oval(at(0.0, 0.0).0, y - gap * 1.05, wide * 0.6, gap * 0.45),
                    hex(0xb5524f),
                    0.6,
                );
                cv.flat(
                    &Shape::round(at(-0.72, 0.0).0, y - 0.012 - 0.012 * open, wide * 1.36, 0.05, 0.012),
                    hex(0xf3ece0),
                    0.75,
                );
            });
        }
        let full = if look.female { 1.25 } else { 1.0 };
        let upper = Shape::runs(&[
            &[l, at(-0.35, 0.024 * full), at(0.0, 0.014 * full), at(0.35, 0.024 * full), r],
            &[r, at(0.4, 0.0), at(-0.4, 0.0), l],
        ]);
        cv.flat(&upper, lip.darker(0.1), 0.6);
        let lower = Shape::runs(&[
            &[
                at(-0.85, smile * 0.7 - gap * 0.5),
                at(-0.4, -gap - 0.002),
                at(0.4, -gap - 0.002),
                at(0.85, smile * 0.7 - gap * 0.5),
            ],
            &[
                at(0.85, smile * 0.7 - gap * 0.5),
                at(0.4, -gap - 0.036 * full),
                at(-0.4, -gap - 0.036 * full),
                at(-0.85, smile * 0.7 - gap * 0.5),
            ],
        ]);
        cv.flat(&lower, lip, 0.85);
        cv.raw(
            &Shape::oval(at(-0.15, 0.0).0, y - gap - 0.018 * full, wide * 0.3, 0.006),
            cv.lit(lip.lighter(0.6), 1.0),
            0.5,
        );
        if open <= 0.04 {
            let rest = [l, at(-0.5, 0.001), at(0.0, -0.003), at(0.5, 0.001), r];
            cv.raw_stroke(&Shape::curve(&rest), 0.011, cv.lit(line, 0.5), 0.95);
        }
        let below = Shape::oval(x, y - gap - 0.06, wide * 0.42, 0.012);
        cv.raw(&below, cv.lit(look.skin.mix(hex(0x8c3b34), 0.3), 0.2), 0.35);
    }

    fn beard(&self, cv: &mut Canvas<'_>) {
        let (t, colour) = (self.turn, self.look.hair);
        let drop = 0.05 * self.face.mouth;
        let long = if self.look.age == Age::Old { 0.66 } else { 0.58 };
        let outer = points(
            &[
                ((-0.355, 0.03), (-0.24, 0.0)),
                ((-0.36, -0.16), (-0.27, -0.2)),
                ((-0.3, -0.4), (-0.2, -0.41)),
                ((-0.14, -long - 0.01), (-0.03, -long)),
                ((0.0, -long - 0.04), (0.11, -long - 0.04)),
                ((0.14, -long - 0.01), (0.22, -long + 0.06)),
                ((0.3, -0.4), (0.3, -0.34)),
                ((0.355, -0.16), (0.32, -0.16)),
                ((0.345, 0.03), (0.3, -0.02)),
            ],
            t,
        );
        let inner = points(
            &[
                ((0.31, -0.03), (0.288, -0.08)),
                ((0.24, -0.18), (0.26, -0.17)),
                ((0.14, -0.205), (0.215, -0.2)),
                ((0.0, -0.2), (0.12, -0.2)),
                ((-0.14, -0.205), (0.0, -0.205)),
                ((-0.24, -0.18), (-0.13, -0.17)),
                ((-0.31, -0.02), (-0.195, -0.04)),
            ],
            t,
        );
        let outer: Vec<P> =
            outer.into_iter().map(|(x, y)| (x, if y < -0.3 { y - drop } else { y })).collect();
        let shape = Shape::runs(&[&outer, &inner]);
        cv.form_soft(&shape, colour, 0.1);
        cv.within(&shape, |cv| {
            for i in 0..9 {
                let k = i as f32 / 8.0 - 0.5;
                let x = 0.1 * t + k * 0.5;
                let lock = [(x * 1.15, -0.2), (x, -0.4), (x * 0.7 + 0.03 * t, -long + 0.02 * (i % 3) as f32)];
                let tone = if i % 2 == 0 { colour.darker(0.25) } else { colour.lighter(0.25) };
                cv.raw_stroke(&Shape::curve(&lock), 0.011, cv.lit(tone, 0.6), 0.5);
            }
        });
    }

    fn moustache(&self, cv: &mut Canvas<'_>) {
        let (x, colour) = (0.122 * self.turn, self.look.hair);
        for s in [-1.0_f32, 1.0] {
            let w = 1.0 - if s > 0.0 { 0.28 * self.turn } else { 0.0 };
            let half = Shape::limb(&[
                (x - 0.005 * s, -0.232, 0.024),
                (x + 0.06 * s * w, -0.244, 0.029),
                (x + 0.125 * s * w, -0.285, 0.014),
                (x + 0.15 * s * w, -0.315, 0.004),
            ]);
            cv.flat(&half, colour.darker(0.08), if s < 0.0 { 0.8 } else { 0.5 });
        }
    }

    /// The lines of age.
    fn age(&self, cv: &mut Canvas<'_>) {
        if self.look.age != Age::Old {
            return;
        }
        let t = self.turn;
        let line = cv.lit(self.line(), 0.45);
        for s in [-1.0_f32, 1.0] {
            let (x, y) = (self.x(s), self.eye_y());
            let near = 1.0 - if s > 0.0 { 0.3 * t } else { 0.0 };
            let nose = 0.11 * t;
            let fold = [
                (nose + 0.075 * s * near, -0.16),
                (nose + 0.125 * s * near, -0.225),
                (nose + 0.14 * s * near, -0.29),
            ];
            cv.raw_stroke(&Shape::curve(&fold), 0.01, line, 0.5);
            let bag = [(x - 0.07 * s * near, y - 0.05), (x, y - 0.07), (x + 0.07 * s * near, y - 0.052)];
            cv.raw_stroke(&Shape::curve(&bag), 0.008, line, 0.45);
            if s < 0.0 || t < 0.5 {
                for k in [-1.0, 0.0, 1.0] {
                    let foot = [(x + 0.1 * s, y + 0.004 + 0.012 * k), (x + 0.142 * s, y + 0.004 + 0.03 * k)];
                    cv.raw_stroke(&Shape::line(&foot), 0.007, line, 0.4);
                }
            }
        }
        for (y, w) in [(0.205, 0.12), (0.25, 0.1)] {
            let furrow = [(0.09 * t - w, y), (0.09 * t, y + 0.012), (0.09 * t + w, y)];
            cv.raw_stroke(&Shape::curve(&furrow), 0.007, line, 0.35);
        }
    }

    fn ear(&self, cv: &mut Canvas<'_>, x: f32, near: bool) {
        let covered = matches!(self.look.style, Style::Bob | Style::Long | Style::Curly);
        if covered && self.look.hat.is_none_or(|(h, _)| h != super::look::Hat::Hood) {
            return;
        }
        let skin = self.look.skin;
        let y = self.eye_y() - 0.055;
        for (x, side) in
            if near && self.turn < 0.5 { vec![(x, -1.0)] } else { vec![(x, if near { -1.0 } else { 1.0 })] }
        {
            let ear = Shape::blob(&[
                (x, y + 0.085),
                (x + 0.045 * side, y + 0.08),
                (x + 0.06 * side, y + 0.02),
                (x + 0.035 * side, y - 0.05),
                (x + 0.005 * side, y - 0.085),
                (x - 0.02 * side, y - 0.02),
            ]);
            cv.flat(&ear, skin.mix(hex(0xb9584a), 0.1), 0.62);
            let fold = [
                (x + 0.008 * side, y + 0.05),
                (x + 0.036 * side, y + 0.045),
                (x + 0.038 * side, y),
                (x + 0.012 * side, y - 0.03),
            ];
            cv.raw_stroke(&Shape::curve(&fold), 0.012, cv.lit(self.line(), 0.4), 0.5);
        }
    }

    fn glasses(&self, cv: &mut Canvas<'_>) {
        let frame = hex(0x2d2a2c);
        let y = self.eye_y() - 0.004;
        for s in [-1.0_f32, 1.0] {
            let w = 0.108 * (1.0 - if s > 0.0 { 0.2 * self.turn } else { 0.0 });
            let lens = Shape::oval(self.x(s), y, w, 0.098);
            cv.raw(&lens, hex(0xdfeef2), 0.1);
            cv.stroke(&Shape::arc(self.x(s), y, w, 0.098, 0.0, 1.0), 0.015, frame, 0.6);
        }
        let (a, b) = (self.x(-1.0) + 0.1, self.x(1.0) - 0.1 + 0.02 * self.turn);
        cv.stroke(
            &Shape::curve(&[(a, y + 0.01), ((a + b) / 2.0, y + 0.03), (b, y + 0.01)]),
            0.014,
            frame,
            0.6,
        );
        let ear = -0.345 + 0.1 * self.turn;
        cv.stroke(&Shape::line(&[(self.x(-1.0) - 0.105, y + 0.01), (ear, y + 0.02)]), 0.013, frame, 0.6);
    }
}
