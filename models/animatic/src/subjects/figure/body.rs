//! The whole figure: limbs and garments over the joints of a pose.

use super::head::Head;
use super::look::{Garment, Look};
use super::pose::Joints;
use super::{hair, hat, props};
use crate::paint::{Face, Facing};
use crate::subjects::canvas::Canvas;
use crate::subjects::colour::{Rgb, hex};
use crate::subjects::shape::{P, Shape};

/// A figure about to be painted; the canvas is scaled so that its height is 1.
pub struct Body<'a> {
    /// Whose.
    pub look: &'a Look,
    /// Where the joints are.
    pub joints: Joints,
    /// Which way it faces.
    pub facing: Facing,
    /// What the face does.
    pub face: Face,
}

impl Body<'_> {
    /// All of it, from the back of the picture forwards.
    pub fn paint(&self, cv: &mut Canvas<'_>) {
        match self.facing {
            Facing::Back => self.paint_back(cv),
            _ => self.paint_front(cv),
        }
    }

    fn paint_front(&self, cv: &mut Canvas<'_>) {
        let side = self.joints.side > 0.5;
        self.head_at(cv, |cv, turn| {
            hat::behind(cv, self.look, turn);
            hair::behind(cv, self.look, turn);
        });
        if side {
            self.arm(cv, 1);
        }
        self.leg(cv, 1);
        self.leg(cv, 0);
        self.neck(cv);
        self.torso(cv);
        if !side {
            self.arm(cv, 1);
        }
        self.head_at(cv, |cv, turn| self.head(turn).paint(cv));
        self.scarf(cv);
        self.head_at(cv, |cv, turn| hair::over(cv, self.look, turn));
        self.held(cv);
        self.arm(cv, 0);
    }

    fn paint_back(&self, cv: &mut Canvas<'_>) {
        for i in [1, 0] {
            if self.joints.reaching[i] {
                self.arm(cv, i);
            }
        }
        self.held(cv);
        self.leg(cv, 1);
        self.leg(cv, 0);
        self.neck(cv);
        self.torso(cv);
        self.scarf(cv);
        for i in [1, 0] {
            if !self.joints.reaching[i] {
                self.arm(cv, i);
            }
        }
        self.head_at(cv, |cv, turn| self.head(turn).paint_back(cv));
    }

    fn head(&self, turn: f32) -> Head<'_> {
        Head { look: self.look, turn, face: self.face }
    }

    /// Paints in heads about the head's middle.
    fn head_at(&self, cv: &mut Canvas<'_>, paint: impl FnOnce(&mut Canvas<'_>, f32)) {
        let size = self.look.head() / self.look.height;
        let j = &self.joints;
        let nod = -j.nod;
        let reach = size * 0.52;
        let (x, y) = (j.neck.0 - reach * nod.sin() + 0.012 * j.side, j.neck.1 + 0.006 + reach * nod.cos());
        let turn = if j.side > 0.5 { 1.0 } else { 0.25 };
        cv.at(x, y, nod, size, |cv| paint(cv, turn));
    }

    /// How wide the torso is drawn: shoulders, chest, waist, hips.
    fn widths(&self) -> [f32; 4] {
        let look = self.look;
        let fat = look.stout;
        let [s, c, w, h] = if look.female {
            [0.088, 0.082 + 0.015 * fat, 0.06 + 0.04 * fat, 0.08 + 0.025 * fat]
        } else {
            [0.104, 0.096 + 0.015 * fat, 0.076 + 0.04 * fat, 0.08 + 0.022 * fat]
        };
        let thick = match look.garment {
            Garment::Raincoat | Garment::Coat | Garment::Robe => 0.014,
            Garment::Sweater | Garment::Jacket => 0.007,
            _ => 0.0,
        };
        let side = 1.0 - 0.24 * self.joints.side;
        [s * side + thick * 0.6, c * side + thick, w * side + thick * 1.4, h * side + thick]
    }

    fn neck(&self, cv: &mut Canvas<'_>) {
        let n = self.joints.neck;
        let w = if self.look.female { 0.021 } else { 0.026 };
        let neck =
            Shape::limb(&[(n.0, n.1 - 0.03, w * 1.15), (n.0 + 0.006 * self.joints.side, n.1 + 0.04, w)]);
        cv.flat(&neck, self.look.skin.mix(hex(0x8c3b34), 0.1), 0.2);
    }

    /// A point of the torso: across from the middle line, and up from hip (0) to neck (1).
    fn on_torso(&self, across: f32, up: f32) -> P {
        let (h, n) = (self.joints.hip, self.joints.neck);
        (h.0 + (n.0 - h.0) * up + across, h.1 + (n.1 - h.1) * up)
    }

    fn torso(&self, cv: &mut Canvas<'_>) {
        let widths = self.widths();
        let at = |x: f32, up: f32| self.on_torso(x, up);
        let look = self.look;
        let hem = look.garment.hem();
        if look.skirt && hem < 0.3 {
            self.skirt(cv, look.legs, 0.55);
        }
        let seated = self.joints.seated;
        if seated && hem > 0.05 {
            self.lap(cv, look.cloth, hem);
        }
        let long = hem > 0.05 && !seated;
        let [low, left, right] = self.sides(widths);
        let trunk = if long {
            let foot = self.hem(hem);
            Shape::runs(&[&left, &foot, &right, &[at(0.03, 1.0), at(0.0, 1.005), at(-0.03, 1.0)]])
        } else {
            Shape::runs(&[&left, &low, &right, &[at(0.03, 1.0), at(-0.03, 1.0)]])
        };
        cv.form_soft(&trunk, look.cloth, 0.06);
        cv.within(&trunk, |cv| {
            if long {
                self.folds(cv, look.cloth, hem);
            }
            if self.facing != Facing::Back {
                self.details(cv, widths);
            }
        });
        if self.facing == Facing::Back {
            self.back_details(cv);
        } else if let Some(apron) = look.apron {
            self.apron(cv, apron, widths);
        }
    }

    /// The trunk's edges: under the hips, the left side downwards, the right side upwards.
    fn sides(&self, [s, c, w, h]: [f32; 4]) -> [Vec<P>; 3] {
        let at = |x: f32, up: f32| self.on_torso(x, up);
        let bust = if self.look.female { 0.012 * self.joints.side } else { 0.0 };
        let left = vec![
            at(-0.03, 1.0),
            at(-s * 0.72, 0.955),
            at(-s * 1.05, 0.86),
            at(-c, 0.66),
            at(-w, 0.36),
            at(-h, 0.06),
        ];
        let right = vec![
            at(h, 0.06),
            at(w, 0.36),
            at(c + bust, 0.66),
            at(s * 1.05, 0.86),
            at(s * 0.72, 0.955),
            at(0.03, 1.0),
        ];
        let low = vec![at(-h, 0.06), at(-h * 0.92, -0.07), at(0.0, -0.09), at(h * 0.92, -0.07), at(h, 0.06)];
        [low, left, right]
    }

    /// A long garment's hem from the left to the right, a little below in its middle.
    fn hem(&self, hem: f32) -> Vec<P> {
        let (a, b) = (self.on_leg(0, hem), self.on_leg(1, hem));
        let flare = 0.036 + 0.05 * hem;
        let (left, right) = (a.0.min(b.0) - flare, a.0.max(b.0) + flare);
        let y = a.1.min(b.1) + 0.01;
        vec![
            (left, y),
            ((left * 2.0 + right) / 3.0, y - 0.012),
            ((left + right * 2.0) / 3.0, y - 0.012),
            (right, y),
        ]
    }

    /// The folds of what hangs below the waist, and a coat's opening.
    fn folds(&self, cv: &mut Canvas<'_>, colour: Rgb, hem: f32) {
        let edge = self.hem(hem);
        let (left, right, y) = (edge[0].0, edge[3].0, edge[0].1);
        let at = |x: f32, up: f32| self.on_torso(x, up);
        let hip = at(0.0, 0.16);
        let half = self.widths()[3];
        if hem > 0.3 {
            for k in [-0.55_f32, -0.15, 0.35] {
                let foot = left + (right - left) * (0.5 + k * 0.75);
                cv.shade(
                    &Shape::poly(&[(hip.0 + k * half, hip.1), (foot, y - 0.03), (foot + 0.022, y - 0.03)]),
                    0.15,
                );
            }
        }
        let open = matches!(self.look.garment, Garment::Raincoat | Garment::Coat | Garment::Robe);
        if open && self.facing != Facing::Back {
            let mid = self.middle();
            let line = [at(mid, 0.3), at(mid * 1.05, 0.0), ((left + right) / 2.0 + mid * 1.6, y - 0.008)];
            cv.raw_stroke(&Shape::curve(&line), 0.005, cv.lit(colour.darker(0.4), 0.4), 0.7);
        }
    }

    fn back_details(&self, cv: &mut Canvas<'_>) {
        let at = |x: f32, up: f32| self.on_torso(x, up);
        let cloth = self.look.cloth;
        cv.raw_stroke(
            &Shape::line(&[at(0.0, 0.92), at(0.0, 0.1)]),
            0.004,
            cv.lit(cloth.darker(0.35), 0.4),
            0.5,
        );
        if self.look.garment == Garment::Raincoat {
            let fold = Shape::blob(&[
                at(-0.06, 0.98),
                at(0.0, 1.02),
                at(0.06, 0.98),
                at(0.055, 0.82),
                at(0.0, 0.74),
                at(-0.055, 0.82),
            ]);
            cv.form(&fold, cloth.darker(0.12));
        }
        if self.look.apron.is_some() {
            cv.stroke(
                &Shape::line(&[at(-0.06, 0.36), at(0.06, 0.36)]),
                0.008,
                self.look.apron.unwrap_or(cloth),
                0.7,
            );
        }
    }

    /// A point so many parts down a leg.
    fn on_leg(&self, i: usize, part: f32) -> P {
        let [a, k, e] = self.joints.legs[i];
        if part < 0.5 {
            (a.0 + (k.0 - a.0) * part * 2.0, a.1 + (k.1 - a.1) * part * 2.0)
        } else {
            (k.0 + (e.0 - k.0) * (part - 0.5) * 2.0, k.1 + (e.1 - k.1) * (part - 0.5) * 2.0)
        }
    }

    /// A skirt of its own.
    fn skirt(&self, cv: &mut Canvas<'_>, colour: Rgb, hem: f32) {
        if self.joints.seated {
            self.lap(cv, colour, hem);
            return;
        }
        let [_, _, w, h] = self.widths();
        let at = |x: f32, up: f32| self.on_torso(x, up);
        let edge = self.hem(hem);
        let cloth = Shape::runs(&[
            &[at(-w * 0.95, 0.36), at(-h * 1.02, 0.05)],
            &edge,
            &[at(h * 1.02, 0.05), at(w * 0.95, 0.36)],
        ]);
        cv.form_soft(&cloth, colour, 0.06);
        cv.within(&cloth, |cv| self.folds(cv, colour, hem));
    }

    /// What a long garment covers of the legs of one who sits.
    fn lap(&self, cv: &mut Canvas<'_>, colour: Rgb, hem: f32) {
        for i in [1, 0] {
            let [a, k, _] = self.joints.legs[i];
            if hem > 0.4 {
                let e = self.on_leg(i, 0.5 + hem * 0.4);
                cv.form(&Shape::limb(&[(k.0, k.1, 0.05), (e.0, e.1, 0.056)]), colour);
            }
            cv.form(
                &Shape::limb(&[(a.0 - 0.02, a.1 + 0.01, 0.068), (k.0 + 0.01, k.1 + 0.004, 0.052)]),
                colour,
            );
        }
    }

    /// Where the garment's front line lies across.
    fn middle(&self) -> f32 {
        if self.joints.side > 0.5 { 0.036 } else { 0.01 }
    }

    fn details(&self, cv: &mut Canvas<'_>, [_, _, w, h]: [f32; 4]) {
        let look = self.look;
        let mid = self.middle();
        let at = |x: f32, up: f32| self.on_torso(x, up);
        let line = cv.lit(look.cloth.darker(0.42), 0.4);
        let open = |cv: &mut Canvas<'_>, top: f32| {
            cv.raw_stroke(&Shape::line(&[at(mid, top), at(mid, -0.06)]), 0.005, line, 0.7);
        };
        match look.garment {
            Garment::Raincoat | Garment::Coat | Garment::Robe => {
                open(cv, 0.86);
                let collar = look.cloth.lighter(0.1);
                let (l, r) = (
                    Shape::poly(&[
                        at(mid - 0.05, 1.0),
                        at(mid - 0.015, 1.01),
                        at(mid, 0.84),
                        at(mid - 0.055, 0.86),
                    ]),
                    Shape::poly(&[
                        at(mid + 0.045, 0.99),
                        at(mid + 0.015, 1.01),
                        at(mid, 0.84),
                        at(mid + 0.045, 0.87),
                    ]),
                );
                cv.flat(&l, collar, 0.85);
                cv.flat(&r, collar, 0.6);
                let button =
                    if look.garment == Garment::Raincoat { hex(0x6e5230) } else { look.cloth.darker(0.5) };
                for up in [0.72, 0.5, 0.28, 0.06] {
                    let (x, y) = at(mid + 0.013, up);
                    cv.flat(&Shape::oval(x, y, 0.0065, 0.0065), button, 0.8);
                }
                if look.garment != Garment::Robe {
                    let pocket = [at(mid - h * 0.85, 0.06), at(mid - h * 0.3, 0.03)];
                    cv.raw_stroke(&Shape::line(&pocket), 0.007, line, 0.7);
                }
            }
            Garment::Suit | Garment::Jacket | Garment::Uniform => {
                let shirt = Shape::poly(&[at(mid - 0.035, 1.0), at(mid + 0.035, 1.0), at(mid, 0.56)]);
                if look.garment == Garment::Uniform {
                    open(cv, 0.96);
                    for up in [0.8, 0.62, 0.44, 0.26] {
                        for k in [-0.024, 0.024] {
                            let (x, y) = at(mid + k, up);
                            cv.flat(&Shape::oval(x, y, 0.007, 0.007), hex(0xdab255), 0.95);
                        }
                    }
                } else {
                    cv.flat(&shirt, look.shirt, 0.85);
                    if look.garment == Garment::Suit {
                        cv.flat(
                            &Shape::poly(&[
                                at(mid - 0.009, 0.97),
                                at(mid + 0.009, 0.97),
                                at(mid + 0.004, 0.6),
                                at(mid, 0.56),
                                at(mid - 0.006, 0.6),
                            ]),
                            hex(0x8c3036),
                            0.7,
                        );
                    }
                    cv.flat(
                        &Shape::poly(&[
                            at(mid - 0.04, 1.0),
                            at(mid - 0.06, 0.82),
                            at(mid, 0.55),
                            at(mid - 0.03, 0.98),
                        ]),
                        look.cloth.lighter(0.1),
                        0.8,
                    );
                    cv.flat(
                        &Shape::poly(&[
                            at(mid + 0.04, 1.0),
                            at(mid + 0.055, 0.82),
                            at(mid, 0.55),
                            at(mid + 0.03, 0.98),
                        ]),
                        look.cloth.lighter(0.06),
                        0.5,
                    );
                    open(cv, 0.55);
                }
            }
            Garment::Sweater => {
                let roll = Shape::round(at(0.0, 1.0).0 - 0.034, at(0.0, 1.0).1 - 0.016, 0.072, 0.034, 0.014);
                cv.form(&roll, look.cloth.lighter(0.08));
                cv.raw_stroke(&Shape::line(&[at(-h * 0.9, 0.0), at(h * 0.9, 0.0)]), 0.006, line, 0.6);
            }
            Garment::Shirt => {
                open(cv, 0.9);
                for k in [-1.0, 1.0] {
                    cv.flat(
                        &Shape::poly(&[at(mid, 0.93), at(mid + 0.036 * k, 1.01), at(mid + 0.045 * k, 0.91)]),
                        look.cloth.lighter(0.25),
                        0.85,
                    );
                }
            }
            Garment::Dress => {
                cv.flat(
                    &Shape::poly(&[at(mid - 0.036, 1.0), at(mid + 0.036, 1.0), at(mid, 0.88)]),
                    look.skin,
                    0.6,
                );
                cv.flat(
                    &Shape::poly(&[
                        at(-w * 1.02, 0.41),
                        at(w * 1.02, 0.41),
                        at(w * 1.03, 0.34),
                        at(-w * 1.03, 0.34),
                    ]),
                    look.cloth.darker(0.3),
                    0.7,
                );
            }
        }
    }

    fn apron(&self, cv: &mut Canvas<'_>, apron: Rgb, [s, _, w, h]: [f32; 4]) {
        let mid = self.middle();
        let at = |x: f32, up: f32| self.on_torso(x, up);
        let y = self.on_leg(0, 0.45).1.min(self.on_leg(1, 0.45).1);
        let bib = Shape::poly(&[
            at(mid - s * 0.5, 0.8),
            at(mid + s * 0.45, 0.8),
            at(mid + w * 0.7, 0.4),
            (at(mid + h * 0.7, 0.0).0, y),
            (at(mid - h * 0.95, 0.0).0, y),
            at(mid - w * 0.8, 0.4),
        ]);
        cv.form_soft(&bib, apron, 0.06);
        cv.raw_stroke(&Shape::line(&[at(-w, 0.4), at(w, 0.4)]), 0.006, cv.lit(apron.darker(0.3), 0.5), 0.7);
    }

    fn scarf(&self, cv: &mut Canvas<'_>) {
        let Some(colour) = self.look.scarf else {
            return;
        };
        let n = self.joints.neck;
        let mid = self.middle();
        if self.facing != Facing::Back {
            let tail = Shape::poly(&[
                (n.0 + mid - 0.03, n.1),
                (n.0 + mid + 0.012, n.1),
                (n.0 + mid + 0.016, n.1 - 0.16),
                (n.0 + mid - 0.03, n.1 - 0.15),
            ]);
            cv.form(&tail, colour.darker(0.08));
        }
        let wrap = Shape::blob(&[
            (n.0 - 0.046, n.1 + 0.004),
            (n.0, n.1 + 0.026),
            (n.0 + 0.05, n.1 + 0.01),
            (n.0 + 0.046, n.1 - 0.022),
            (n.0, n.1 - 0.032),
            (n.0 - 0.044, n.1 - 0.022),
        ]);
        cv.form(&wrap, colour);
    }

    fn sleeve(&self) -> (Rgb, f32) {
        let pad = match self.look.garment {
            Garment::Raincoat | Garment::Coat | Garment::Robe => 0.007,
            Garment::Sweater | Garment::Jacket => 0.003,
            _ => 0.0,
        };
        let build = 0.028 + 0.006 * self.look.stout - if self.look.female { 0.004 } else { 0.0 };
        (self.look.cloth, build + pad)
    }

    fn arm(&self, cv: &mut Canvas<'_>, i: usize) {
        let [s, e, w] = self.joints.arms[i];
        let (cloth, r) = self.sleeve();
        let len = (w.0 - e.0).hypot(w.1 - e.1).max(0.02);
        let (dx, dy) = ((w.0 - e.0) / len, (w.1 - e.1) / len);
        let hand = Shape::limb(&[
            (w.0 - dx * 0.01, w.1 - dy * 0.01, 0.016),
            (w.0 + dx * 0.018, w.1 + dy * 0.018, 0.021),
            (w.0 + dx * 0.042, w.1 + dy * 0.042, 0.012),
        ]);
        cv.form(&hand, self.look.skin);
        let sleeve = Shape::limb(&[
            (s.0 * 0.97, s.1 - 0.01, r * 0.95),
            ((s.0 + e.0) / 2.0, (s.1 + e.1) / 2.0, r * 1.02),
            (e.0, e.1, r * 0.92),
            ((e.0 + w.0) / 2.0, (e.1 + w.1) / 2.0, r * 0.88),
            (w.0, w.1, r * 0.76),
        ]);
        let far = i == 1 && self.joints.side > 0.5;
        if far {
            cv.flat(&sleeve, cloth.darker(0.06), 0.2);
        } else {
            cv.form_soft(&sleeve, cloth.lighter(0.03), 0.06);
            let edge = [(s.0 + r * 0.9, s.1 - 0.02), (e.0 + r * 0.75, e.1 + 0.01)];
            cv.raw_stroke(&Shape::line(&edge), 0.003, cv.lit(cloth.darker(0.4), 0.3), 0.45);
        }
        let cuff = [(w.0 - dy * r * 0.7, w.1 + dx * r * 0.7), (w.0 + dy * r * 0.7, w.1 - dx * r * 0.7)];
        cv.raw_stroke(&Shape::line(&cuff), 0.008, cv.lit(cloth.darker(0.28), 0.5), 0.8);
    }

    /// What the near hand holds.
    fn held(&self, cv: &mut Canvas<'_>) {
        let Some((prop, colour)) = self.look.prop else {
            return;
        };
        let [_, e, w] = self.joints.arms[0];
        let len = (w.0 - e.0).hypot(w.1 - e.1).max(0.02);
        let (x, y) = (w.0 + (w.0 - e.0) / len * 0.025, w.1 + (w.1 - e.1) / len * 0.025);
        // A child's hand holds a lamp of the same size as a man's.
        cv.at(x, y, 0.0, (1.7 / self.look.height).min(1.35), |cv| {
            props::paint(cv, prop, colour, y * self.look.height / 1.7)
        });
    }

    fn leg(&self, cv: &mut Canvas<'_>, i: usize) {
        let look = self.look;
        let [a, k, e] = self.joints.legs[i];
        let bare = matches!(look.garment, Garment::Dress) || look.skirt;
        let base = if bare { look.skin.mix(look.legs, 0.55) } else { look.legs };
        let slim = if bare { 0.8 } else { 1.0 } * (0.94 + 0.2 * look.stout);
        let far = i == 1 && self.joints.side > 0.5;
        let leg = Shape::limb(&[
            (a.0, a.1 + 0.01, 0.058 * slim),
            ((a.0 + k.0) / 2.0, (a.1 + k.1) / 2.0, 0.05 * slim),
            (k.0, k.1, 0.038 * slim),
            ((k.0 + e.0) / 2.0, (k.1 + e.1) / 2.0, 0.036 * slim),
            (e.0, e.1, 0.027 * slim),
        ]);
        if far {
            cv.flat(&leg, base.darker(0.05), 0.16);
        } else {
            cv.form_soft(&leg, base, 0.06);
        }
        if look.boots {
            let top = self.on_leg(i, 0.72);
            let shaft = Shape::limb(&[
                (top.0, top.1, 0.041),
                ((top.0 + e.0) / 2.0, (top.1 + e.1) / 2.0, 0.036),
                (e.0, e.1, 0.031),
            ]);
            if far { cv.flat(&shaft, look.shoes, 0.15) } else { cv.form(&shaft, look.shoes) }
        }
        self.foot(cv, i, e, far);
    }

    fn foot(&self, cv: &mut Canvas<'_>, i: usize, ankle: P, far: bool) {
        let colour = self.look.shoes;
        let lit = if far { 0.2 } else { 0.7 };
        if self.joints.side < 0.5 {
            let down = if self.facing == Facing::Back { 0.036 } else { 0.044 };
            let shoe = Shape::blob(&[
                (ankle.0 - 0.026, ankle.1 + 0.006),
                (ankle.0 + 0.026, ankle.1 + 0.006),
                (ankle.0 + 0.036, ankle.1 - 0.028),
                (ankle.0 + 0.02, ankle.1 - down),
                (ankle.0 - 0.02, ankle.1 - down),
                (ankle.0 - 0.036, ankle.1 - 0.028),
            ]);
            cv.form(&shoe, colour);
            return;
        }
        cv.at(ankle.0, ankle.1, self.joints.feet[i], 1.0, |cv| {
            let shoe = Shape::runs(&[
                &[
                    (-0.035, -0.04),
                    (-0.034, -0.005),
                    (-0.022, 0.012),
                    (0.02, 0.01),
                    (0.05, -0.012),
                    (0.094, -0.024),
                    (0.102, -0.04),
                ],
                &[(0.102, -0.04), (-0.035, -0.04)],
            ]);
            cv.flat(&shoe, colour, lit);
            cv.flat(&Shape::rect(-0.036, -0.043, 0.138, 0.008), colour.darker(0.45), lit * 0.6);
        });
    }
}
