//! The portrait: head and shoulders, for close-ups and over-the-shoulder shots.

use super::head::Head;
use super::look::{Garment, Look};
use super::{hair, hat};
use crate::paint::{Face, Facing};
use crate::subjects::canvas::Canvas;
use crate::subjects::colour::{Rgb, hex};
use crate::subjects::shape::Shape;

/// A portrait about to be painted, in heads about the head's middle.
pub struct Bust<'a> {
    /// Whose.
    pub look: &'a Look,
    /// Which way they face.
    pub facing: Facing,
    /// What the face does.
    pub face: Face,
    /// How far the breath has lifted the chest, -1..1.
    pub breath: f32,
}

impl Bust<'_> {
    /// All of it.
    pub fn paint(&self, cv: &mut Canvas<'_>) {
        let look = self.look;
        let turn = if self.facing == Facing::Front { 0.22 } else { 1.0 };
        let lift = 0.008 * self.breath;
        if self.facing == Facing::Back {
            cv.at(0.0, lift, 0.0, 1.0, |cv| self.shoulders(cv, 0.0));
            self.nape(cv);
            cv.at(0.0, lift * 0.5, 0.0, 1.0, |cv| {
                self.collar_back(cv);
                Head { look, turn: 0.0, face: self.face }.paint_back(cv);
            });
            return;
        }
        cv.at(0.0, lift * 0.5, 0.0, 1.0, |cv| {
            hat::behind(cv, look, turn);
            hair::behind(cv, look, turn);
        });
        cv.at(0.0, lift, 0.0, 1.0, |cv| self.hood_behind(cv));
        self.neck(cv, turn);
        cv.at(0.0, lift, 0.0, 1.0, |cv| {
            self.shoulders(cv, turn);
            self.garment(cv, turn);
        });
        cv.at(0.0, lift * 0.5, 0.0, 1.0, |cv| Head { look, turn, face: self.face }.paint(cv));
        cv.at(0.0, lift, 0.0, 1.0, |cv| {
            self.scarf(cv, turn);
            hair::over(cv, look, turn);
        });
    }

    fn neck(&self, cv: &mut Canvas<'_>, t: f32) {
        let skin = self.look.skin;
        let w = if self.look.female { 0.19 } else { 0.235 } + 0.03 * self.look.stout;
        let x = 0.0;
        let neck = Shape::runs(&[
            &[(x - w, -0.2), (x - w * 0.96, -0.5), (x - w * 1.2, -0.74), (x - 0.5, -0.95)],
            &[
                (x + 0.5, -0.95),
                (x + w * 1.15 + 0.02 * t, -0.72),
                (x + w * 0.95 + 0.02 * t, -0.5),
                (x + w, -0.2),
            ],
        ]);
        cv.flat(&neck, skin, 0.7);
        cv.within(&neck, |cv| {
            let dark = cv.lit(skin.mix(hex(0x8c3b34), 0.18), 0.1);
            // The jaw's shade.
            let shade = Shape::blob(&[
                (-0.4, -0.1),
                (0.5, -0.1),
                (0.36, -0.5),
                (0.14 + 0.04 * t, -0.66),
                (-0.05, -0.6),
                (-0.24, -0.42),
            ]);
            cv.raw(&shade, dark, 0.68);
            let side = if cv.light_x() <= 0.0 { 1.0 } else { -1.0 };
            cv.raw(
                &Shape::poly(&[
                    (0.09 * side, -0.3),
                    (0.6 * side, -0.3),
                    (0.6 * side, -1.1),
                    (0.12 * side, -1.1),
                ]),
                dark,
                0.5,
            );
            let line = cv.lit(skin.mix(hex(0x3a1a16), 0.5), 0.4);
            cv.raw_stroke(&Shape::curve(&[(-0.17, -0.5), (-0.08, -0.7), (0.03, -0.83)]), 0.014, line, 0.3);
            cv.raw_stroke(&Shape::curve(&[(0.03, -0.84), (0.2, -0.82), (0.4, -0.86)]), 0.014, line, 0.3);
        });
    }

    fn nape(&self, cv: &mut Canvas<'_>) {
        let w = if self.look.female { 0.2 } else { 0.25 };
        let neck = Shape::runs(&[
            &[(-w, -0.1), (-w * 0.95, -0.5), (-w * 1.4, -0.8)],
            &[(w * 1.4, -0.8), (w * 0.95, -0.5), (w, -0.1)],
        ]);
        cv.form(&neck, self.look.skin);
    }

    /// Chest, shoulders and upper arms in the garment's cloth.
    fn shoulders(&self, cv: &mut Canvas<'_>, t: f32) {
        let look = self.look;
        let wide = if look.female { 0.9 } else { 1.04 } + 0.1 * look.stout;
        let pad = match look.garment {
            Garment::Raincoat | Garment::Coat | Garment::Robe => 0.05,
            _ => 0.0,
        };
        let n = if look.female { 0.25 } else { 0.3 };
        let right = 1.0 - 0.08 * t;
        let body = Shape::runs(&[
            &[
                (-n, -0.66 + pad),
                (-0.5 * wide, -0.78 + pad),
                (-0.84 * wide, -0.92 + pad),
                (-1.02 * wide, -1.12 + pad),
                (-1.12 * wide, -1.5),
                (-1.16 * wide, -2.6),
            ],
            &[
                (1.12 * wide * right, -2.6),
                (1.08 * wide * right, -1.5),
                (0.98 * wide * right, -1.12 + pad),
                (0.82 * wide * right, -0.93 + pad),
                (0.5 * wide, -0.79 + pad),
                (n, -0.66 + pad),
            ],
            &[(n, -0.66 + pad), (0.02, -0.84), (-n, -0.66 + pad)],
        ]);
        cv.form_soft(&body, look.cloth, 0.07);
        cv.within(&body, |cv| {
            for s in [-1.0_f32, 1.0] {
                let k = wide * if s > 0.0 { right } else { 1.0 };
                let arm = Shape::poly(&[
                    (0.82 * s * k, -1.62),
                    (0.8 * s * k, -2.7),
                    (0.72 * s * k, -2.7),
                    (0.78 * s * k, -1.6),
                ]);
                cv.shade(&arm, 0.26);
                let seam = [(0.8 * s * k, -0.92), (0.74 * s * k, -1.2), (0.79 * s * k, -1.6)];
                cv.raw_stroke(&Shape::curve(&seam), 0.016, cv.lit(look.cloth.darker(0.4), 0.4), 0.55);
            }
        });
    }

    fn hood_behind(&self, cv: &mut Canvas<'_>) {
        if self.look.garment != Garment::Raincoat
            || self.look.hat.is_some_and(|(h, _)| h == super::look::Hat::Hood)
        {
            return;
        }
        let c = self.look.cloth;
        let hood = Shape::blob(&[
            (-0.6, -0.62),
            (-0.46, -0.36),
            (0.0, -0.3),
            (0.44, -0.38),
            (0.57, -0.64),
            (0.4, -0.92),
            (-0.4, -0.92),
        ]);
        cv.form_soft(&hood, c.darker(0.14), 0.06);
        let inside = Shape::blob(&[
            (-0.46, -0.6),
            (-0.32, -0.43),
            (0.0, -0.39),
            (0.32, -0.45),
            (0.44, -0.62),
            (0.2, -0.9),
            (-0.2, -0.9),
        ]);
        cv.flat(&inside, c.darker(0.45), 0.2);
    }

    fn collar_back(&self, cv: &mut Canvas<'_>) {
        let c = self.look.cloth;
        match self.look.garment {
            Garment::Raincoat => {
                let hood = Shape::blob(&[
                    (-0.5, -0.68),
                    (-0.3, -0.52),
                    (0.0, -0.48),
                    (0.3, -0.52),
                    (0.5, -0.68),
                    (0.42, -1.1),
                    (0.0, -1.36),
                    (-0.42, -1.1),
                ]);
                cv.form_soft(&hood, c.darker(0.08), 0.06);
                cv.raw_stroke(
                    &Shape::curve(&[(-0.4, -0.66), (0.0, -0.58), (0.4, -0.66)]),
                    0.02,
                    cv.lit(c.darker(0.4), 0.4),
                    0.7,
                );
            }
            Garment::Dress => {}
            _ => {
                let collar = Shape::blob(&[
                    (-0.32, -0.7),
                    (-0.24, -0.5),
                    (0.0, -0.47),
                    (0.24, -0.5),
                    (0.32, -0.7),
                    (0.0, -0.8),
                ]);
                cv.form_soft(&collar, c.lighter(0.06), 0.06);
            }
        }
        if let Some(scarf) = self.look.scarf {
            cv.form(
                &Shape::blob(&[
                    (-0.38, -0.66),
                    (-0.26, -0.42),
                    (0.0, -0.4),
                    (0.26, -0.42),
                    (0.38, -0.66),
                    (0.0, -0.86),
                ]),
                scarf,
            );
        }
    }

    fn garment(&self, cv: &mut Canvas<'_>, t: f32) {
        let x = 0.09 * t;
        match self.look.garment {
            Garment::Raincoat => self.raincoat(cv, x),
            Garment::Coat | Garment::Robe => self.lapels(cv, x, false),
            Garment::Jacket | Garment::Suit => self.lapels(cv, x, true),
            Garment::Sweater => self.roll_neck(cv, x),
            Garment::Shirt => self.shirt(cv, x),
            Garment::Dress => self.neckline(cv, x),
            Garment::Uniform => self.uniform(cv, x),
        }
        if let Some(apron) = self.look.apron {
            let bib = Shape::poly(&[(x - 0.42, -1.4), (x + 0.4, -1.4), (x + 0.5, -2.7), (x - 0.52, -2.7)]);
            for s in [-1.0, 1.0] {
                cv.stroke(&Shape::line(&[(x + 0.38 * s, -1.42), (x + 0.3 * s, -0.76)]), 0.1, apron, 0.7);
            }
            cv.form_soft(&bib, apron, 0.06);
            cv.raw_stroke(
                &Shape::line(&[(x - 0.4, -1.47), (x + 0.39, -1.47)]),
                0.014,
                cv.lit(apron.darker(0.3), 0.5),
                0.6,
            );
        }
    }

    fn line(&self, cv: &Canvas<'_>) -> Rgb {
        cv.lit(self.look.cloth.darker(0.45), 0.4)
    }

    fn raincoat(&self, cv: &mut Canvas<'_>, x: f32) {
        let c = self.look.cloth;
        let line = self.line(cv);
        // The storm flap and its snaps.
        let flap = Shape::poly(&[(x - 0.1, -0.95), (x + 0.14, -0.95), (x + 0.17, -2.7), (x - 0.1, -2.7)]);
        cv.flat(&flap, c.lighter(0.06), 0.8);
        cv.raw_stroke(&Shape::line(&[(x + 0.14, -1.0), (x + 0.17, -2.7)]), 0.018, line, 0.8);
        cv.raw_stroke(&Shape::line(&[(x - 0.1, -1.0), (x - 0.1, -2.7)]), 0.012, line, 0.5);
        for i in 0..3 {
            let y = -1.28 - 0.42 * i as f32;
            cv.flat(&Shape::oval(x + 0.03, y, 0.045, 0.045), hex(0x6a5636), 0.5);
            cv.flat(&Shape::oval(x + 0.023, y + 0.01, 0.032, 0.032), hex(0xc9a45c), 0.95);
        }
        for (s, lit) in [(-1.0_f32, 0.92), (1.0, 0.5)] {
            let collar = Shape::runs(&[
                &[(x * 0.6 + 0.27 * s, -0.52), (x + 0.16 * s, -0.78), (x + 0.015 * s, -0.94)],
                &[(x + 0.015 * s, -0.94), (x + 0.1 * s, -1.2)],
                &[(x + 0.1 * s, -1.2), (x + 0.36 * s, -1.04), (x * 0.7 + 0.46 * s, -0.72)],
                &[(x * 0.7 + 0.46 * s, -0.72), (x * 0.6 + 0.36 * s, -0.56), (x * 0.6 + 0.27 * s, -0.52)],
            ]);
            cv.flat(&collar, c.lighter(0.1), lit);
            cv.raw_stroke(
                &Shape::curve(&[(x + 0.1 * s, -1.2), (x + 0.36 * s, -1.04), (x * 0.7 + 0.46 * s, -0.72)]),
                0.014,
                line,
                0.6,
            );
            let stitch = [(x + 0.11 * s, -1.12), (x + 0.32 * s, -1.0), (x * 0.7 + 0.41 * s, -0.74)];
            cv.raw_stroke(&Shape::curve(&stitch), 0.008, line, 0.45);
        }
        // Wet gleams.
        for (gx, gy) in [(-0.72, -1.03), (-0.86, -1.3), (0.62, -0.98)] {
            cv.shine(
                &Shape::blob(&[
                    (gx, gy),
                    (gx + 0.14, gy + 0.06),
                    (gx + 0.17, gy + 0.02),
                    (gx + 0.02, gy - 0.05),
                ]),
                0.22,
            );
        }
    }

    fn lapels(&self, cv: &mut Canvas<'_>, x: f32, low: bool) {
        let look = self.look;
        let line = self.line(cv);
        let depth = if low { -1.95 } else { -1.6 };
        let under = if low { look.shirt } else { look.shirt.mix(look.cloth, 0.15) };
        let v = Shape::poly(&[
            (x * 0.5 - 0.27, -0.6),
            (x * 0.7, -0.9),
            (x * 0.5 + 0.27, -0.6),
            (x + 0.06, depth),
            (x - 0.02, depth),
        ]);
        cv.flat(&v, under, 0.72);
        if look.garment == Garment::Suit {
            cv.flat(
                &Shape::poly(&[(x - 0.06, -0.84), (x + 0.07, -0.84), (x + 0.05, -0.97), (x - 0.035, -0.97)]),
                hex(0x8c3036),
                0.8,
            );
            cv.flat(
                &Shape::poly(&[(x - 0.035, -0.97), (x + 0.05, -0.97), (x + 0.09, -1.9), (x - 0.07, -1.9)]),
                hex(0x8c3036),
                0.55,
            );
        }
        for (s, lit) in [(-1.0, 0.8), (1.0, 0.55)] {
            let tip = Shape::poly(&[
                (x * 0.5 + 0.2 * s, -0.6),
                (x + 0.015 * s, -0.86),
                (x + 0.13 * s, -1.02),
                (x * 0.5 + 0.28 * s, -0.72),
            ]);
            cv.flat(&tip, under.lighter(0.2), lit + 0.1);
        }
        for (s, lit) in [(-1.0_f32, 0.9), (1.0, 0.4)] {
            let lapel = Shape::poly(&[
                (x * 0.5 + 0.28 * s, -0.58),
                (x * 0.5 + 0.4 * s, -0.66),
                (x + 0.5 * s, -1.05),
                (x + 0.38 * s, -1.1),
                (x + 0.44 * s, -1.2),
                (x + 0.02 * s, depth - 0.02),
                (x + 0.2 * s, -1.1),
            ]);
            cv.flat(&lapel, look.cloth.lighter(0.08), lit);
            cv.raw_stroke(
                &Shape::line(&[
                    (x + 0.5 * s, -1.05),
                    (x + 0.38 * s, -1.1),
                    (x + 0.44 * s, -1.2),
                    (x + 0.02 * s, depth),
                ]),
                0.012,
                line,
                0.6,
            );
        }
        cv.raw_stroke(&Shape::line(&[(x + 0.02, depth), (x + 0.04, -2.7)]), 0.016, line, 0.8);
        cv.flat(&Shape::oval(x + 0.1, depth - 0.1, 0.05, 0.05), look.cloth.darker(0.5), 0.8);
    }

    fn roll_neck(&self, cv: &mut Canvas<'_>, x: f32) {
        let c = self.look.cloth;
        let roll = Shape::blob(&[
            (x * 0.5 - 0.31, -0.6),
            (x * 0.5 - 0.1, -0.54),
            (x * 0.5 + 0.12, -0.54),
            (x * 0.5 + 0.31, -0.6),
            (x * 0.5 + 0.34, -0.82),
            (x * 0.5 + 0.1, -0.95),
            (x * 0.5 - 0.1, -0.95),
            (x * 0.5 - 0.34, -0.82),
        ]);
        cv.form_soft(&roll, c.lighter(0.08), 0.06);
        let line = self.line(cv);
        for i in 0..9 {
            let k = -0.26 + 0.065 * i as f32;
            cv.raw_stroke(
                &Shape::curve(&[
                    (x * 0.5 + k * 0.9, -0.6),
                    (x * 0.5 + k, -0.75),
                    (x * 0.5 + k * 1.05, -0.88),
                ]),
                0.014,
                line,
                0.4,
            );
        }
        // A cable down the chest.
        for i in 0..7 {
            let y = -1.1 - 0.22 * i as f32;
            for k in [-0.36, 0.0, 0.36] {
                cv.raw_stroke(
                    &Shape::curve(&[(x + k - 0.06, y), (x + k + 0.05, y - 0.08), (x + k + 0.06, y - 0.2)]),
                    0.018,
                    line,
                    0.28,
                );
                cv.raw_stroke(
                    &Shape::curve(&[(x + k + 0.06, y), (x + k - 0.05, y - 0.08), (x + k - 0.06, y - 0.2)]),
                    0.018,
                    line,
                    0.28,
                );
            }
        }
    }

    fn shirt(&self, cv: &mut Canvas<'_>, x: f32) {
        let c = self.look.cloth;
        let line = self.line(cv);
        cv.flat(
            &Shape::poly(&[(x * 0.5 - 0.2, -0.66), (x * 0.5 + 0.2, -0.66), (x, -1.06)]),
            self.look.skin,
            0.5,
        );
        for (s, lit) in [(-1.0_f32, 0.95), (1.0, 0.6)] {
            let collar = Shape::poly(&[
                (x * 0.5 + 0.26 * s, -0.56),
                (x + 0.02 * s, -1.03),
                (x + 0.2 * s, -1.2),
                (x * 0.5 + 0.4 * s, -0.74),
            ]);
            cv.flat(&collar, c.lighter(0.2), lit);
            cv.raw_stroke(
                &Shape::line(&[(x + 0.02 * s, -1.03), (x + 0.2 * s, -1.2), (x * 0.5 + 0.4 * s, -0.74)]),
                0.011,
                line,
                0.5,
            );
        }
        cv.raw_stroke(&Shape::line(&[(x + 0.06, -1.1), (x + 0.08, -2.7)]), 0.012, line, 0.6);
        for i in 0..4 {
            cv.flat(&Shape::oval(x + 0.01, -1.3 - 0.32 * i as f32, 0.026, 0.026), c.darker(0.35), 0.7);
        }
    }

    fn neckline(&self, cv: &mut Canvas<'_>, x: f32) {
        let c = self.look.cloth;
        let skin = Shape::runs(&[
            &[
                (x * 0.4 - 0.36, -0.72),
                (x * 0.6 - 0.26, -1.0),
                (x, -1.12),
                (x * 0.6 + 0.26, -1.0),
                (x * 0.4 + 0.36, -0.72),
            ],
            &[(x * 0.4 + 0.36, -0.72), (0.0, -0.6), (x * 0.4 - 0.36, -0.72)],
        ]);
        cv.flat(&skin, self.look.skin, 0.72);
        cv.within(&skin, |cv| {
            let dark = cv.lit(self.look.skin.mix(hex(0x8c3b34), 0.2), 0.1);
            cv.raw(&Shape::blob(&[(-0.1, -0.6), (0.3, -0.6), (0.26, -0.8), (0.08, -0.86)]), dark, 0.4);
        });
        cv.stroke(
            &Shape::curve(&[
                (x * 0.4 - 0.36, -0.72),
                (x * 0.6 - 0.26, -1.0),
                (x, -1.12),
                (x * 0.6 + 0.26, -1.0),
                (x * 0.4 + 0.36, -0.72),
            ]),
            0.045,
            c.lighter(0.15),
            0.8,
        );
    }

    fn uniform(&self, cv: &mut Canvas<'_>, x: f32) {
        let c = self.look.cloth;
        let gold = hex(0xd9b156);
        let line = self.line(cv);
        let collar = Shape::poly(&[
            (x * 0.5 - 0.3, -0.58),
            (x * 0.5 + 0.3, -0.58),
            (x * 0.5 + 0.34, -0.84),
            (x, -0.94),
            (x * 0.5 - 0.34, -0.84),
        ]);
        cv.form_soft(&collar, c.lighter(0.05), 0.06);
        cv.stroke(
            &Shape::line(&[(x * 0.5 - 0.34, -0.84), (x, -0.94), (x * 0.5 + 0.34, -0.84)]),
            0.02,
            gold,
            0.8,
        );
        cv.raw_stroke(&Shape::line(&[(x, -0.6), (x, -2.7)]), 0.014, line, 0.8);
        for i in 0..4 {
            for k in [-0.2, 0.2] {
                let y = -1.15 - 0.34 * i as f32;
                cv.flat(&Shape::oval(x + k, y, 0.045, 0.045), gold.darker(0.4), 0.5);
                cv.flat(&Shape::oval(x + k - 0.008, y + 0.008, 0.036, 0.036), gold, 0.95);
            }
        }
        for s in [-1.0_f32, 1.0] {
            cv.flat(
                &Shape::poly(&[(0.5 * s, -0.8), (0.9 * s, -0.98), (0.92 * s, -1.08), (0.52 * s, -0.92)]),
                gold,
                if s < 0.0 { 0.9 } else { 0.5 },
            );
        }
    }

    fn scarf(&self, cv: &mut Canvas<'_>, t: f32) {
        let Some(c) = self.look.scarf else {
            return;
        };
        let x = 0.05 * t;
        let tail = Shape::poly(&[(x - 0.02, -0.85), (x + 0.3, -0.85), (x + 0.36, -1.9), (x + 0.04, -1.94)]);
        cv.form_soft(&tail, c.darker(0.08), 0.06);
        for y in [-1.5, -1.7] {
            cv.stroke(&Shape::line(&[(x + 0.05, y), (x + 0.33, y + 0.02)]), 0.06, c.lighter(0.35), 0.6);
        }
        let wrap = Shape::blob(&[
            (x - 0.4, -0.56),
            (x - 0.2, -0.52),
            (x, -0.6),
            (x + 0.22, -0.54),
            (x + 0.38, -0.6),
            (x + 0.42, -0.8),
            (x + 0.2, -0.96),
            (x - 0.15, -0.98),
            (x - 0.43, -0.82),
        ]);
        cv.form_soft(&wrap, c, 0.06);
        let line = cv.lit(c.darker(0.4), 0.4);
        cv.raw_stroke(
            &Shape::curve(&[(x - 0.36, -0.66), (x - 0.05, -0.8), (x + 0.3, -0.7)]),
            0.016,
            line,
            0.5,
        );
        cv.raw_stroke(
            &Shape::curve(&[(x - 0.36, -0.8), (x - 0.1, -0.9), (x + 0.2, -0.88)]),
            0.016,
            line,
            0.5,
        );
    }
}
