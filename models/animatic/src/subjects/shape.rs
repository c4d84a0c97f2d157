//! Shapes in metres, y up: the few kinds of outline that everything is cut from.

use tiny_skia::{Path, PathBuilder, Rect, Transform};

/// An outline in metres, or nothing where its points make none.
#[derive(Clone, Debug)]
pub struct Shape(pub(super) Option<Path>);

/// A point in metres.
pub type P = (f32, f32);

impl Shape {
    /// A shape with straight edges.
    pub fn poly(points: &[P]) -> Shape {
        Shape::trace(points, true)
    }

    /// An open line of straight pieces, for strokes.
    pub fn line(points: &[P]) -> Shape {
        Shape::trace(points, false)
    }

    fn trace(points: &[P], close: bool) -> Shape {
        let mut path = PathBuilder::new();
        for (i, &(x, y)) in points.iter().enumerate() {
            if i == 0 {
                path.move_to(x, y);
            } else {
                path.line_to(x, y);
            }
        }
        if close && points.len() > 2 {
            path.close();
        }
        Shape(path.finish())
    }

    /// A closed smooth shape through its points (Catmull-Rom).
    pub fn blob(points: &[P]) -> Shape {
        let n = points.len();
        if n < 3 {
            return Shape(None);
        }
        let mut path = PathBuilder::new();
        path.move_to(points[0].0, points[0].1);
        for i in 0..n {
            let [a, b, c, d] = [points[(i + n - 1) % n], points[i], points[(i + 1) % n], points[(i + 2) % n]];
            cubic(&mut path, a, b, c, d);
        }
        path.close();
        Shape(path.finish())
    }

    /// An open smooth line through its points, for strokes.
    pub fn curve(points: &[P]) -> Shape {
        let Some((&first, &last)) = points.first().zip(points.last()) else {
            return Shape(None);
        };
        let mut path = PathBuilder::new();
        path.move_to(first.0, first.1);
        for i in 0..points.len() - 1 {
            let a = if i == 0 { first } else { points[i - 1] };
            let d = points.get(i + 2).copied().unwrap_or(last);
            cubic(&mut path, a, points[i], points[i + 1], d);
        }
        Shape(path.finish())
    }

    /// A closed shape of smooth runs that meet in corners: every run goes smoothly through its points.
    pub fn runs(runs: &[&[P]]) -> Shape {
        let mut path = PathBuilder::new();
        let mut started = false;
        for run in runs {
            let Some((&first, &last)) = run.first().zip(run.last()) else {
                continue;
            };
            if started {
                path.line_to(first.0, first.1);
            } else {
                path.move_to(first.0, first.1);
                started = true;
            }
            for i in 0..run.len() - 1 {
                let a = if i == 0 { first } else { run[i - 1] };
                let d = run.get(i + 2).copied().unwrap_or(last);
                cubic(&mut path, a, run[i], run[i + 1], d);
            }
        }
        if started {
            path.close();
        }
        Shape(path.finish())
    }

    /// An ellipse about its centre.
    pub fn oval(x: f32, y: f32, rx: f32, ry: f32) -> Shape {
        let mut path = PathBuilder::new();
        if let Some(rect) = Rect::from_ltrb(x - rx, y - ry, x + rx, y + ry) {
            path.push_oval(rect);
        }
        Shape(path.finish())
    }

    /// A rectangle from its lower left corner.
    pub fn rect(x: f32, y: f32, w: f32, h: f32) -> Shape {
        Shape::poly(&[(x, y), (x + w, y), (x + w, y + h), (x, y + h)])
    }

    /// A rectangle with round corners.
    pub fn round(x: f32, y: f32, w: f32, h: f32, r: f32) -> Shape {
        let r = r.min(w / 2.0).min(h / 2.0).max(0.0);
        let mut path = PathBuilder::new();
        path.move_to(x + r, y);
        path.line_to(x + w - r, y);
        path.quad_to(x + w, y, x + w, y + r);
        path.line_to(x + w, y + h - r);
        path.quad_to(x + w, y + h, x + w - r, y + h);
        path.line_to(x + r, y + h);
        path.quad_to(x, y + h, x, y + h - r);
        path.line_to(x, y + r);
        path.quad_to(x, y, x + r, y);
        path.close();
        Shape(path.finish())
    }

    /// A tapering tube through points with radii: arms, legs, branches, tails.
    pub fn limb(spine: &[(f32, f32, f32)]) -> Shape {
        let n = spine.len();
        if n < 2 {
            return Shape(None);
        }
        let normal = |i: usize| {
            let (a, b) = (spine[i.saturating_sub(1)], spine[(i + 1).min(n - 1)]);
            let (dx, dy) = (b.0 - a.0, b.1 - a.1);
            let len = dx.hypot(dy).max(1e-6);
            (-dy / len, dx / len)
        };
        let side = |i: usize, s: f32| {
            let (nx, ny) = normal(i);
            (spine[i].0 + nx * spine[i].2 * s, spine[i].1 + ny * spine[i].2 * s)
        };
        let cap = |i: usize, s: f32| {
            let (nx, ny) = normal(i);
            (spine[i].0 + ny * spine[i].2 * 0.9 * s, spine[i].1 - nx * spine[i].2 * 0.9 * s)
        };
        let mut points: Vec<P> = (0..n).map(|i| side(i, 1.0)).collect();
        points.push(cap(n - 1, 1.0));
        points.extend((0..n).rev().map(|i| side(i, -1.0)));
        points.push(cap(0, -1.0));
        Shape::blob(&points)
    }

    /// An arc as an open line; angles in turns, counter-clockwise from the right.
    pub fn arc(x: f32, y: f32, rx: f32, ry: f32, from: f32, to: f32) -> Shape {
        let points: Vec<P> = (0..=16)
            .map(|i| {
                let a = (from + (to - from) * i as f32 / 16.0) * std::f32::consts::TAU;
                (x + rx * a.cos(), y + ry * a.sin())
            })
            .collect();
        Shape::curve(&points)
    }

    /// This shape moved, turned (in radians, counter-clockwise, about the origin first) and scaled.
    pub fn placed(&self, x: f32, y: f32, turn: f32, scale: f32) -> Shape {
        let (sin, cos) = (turn.sin() * scale, turn.cos() * scale);
        let t = Transform::from_row(cos, sin, -sin, cos, x, y);
        Shape(self.0.clone().and_then(|p| p.transform(t)))
    }

    /// Both shapes as one.
    pub fn and(self, other: Shape) -> Shape {
        let mut path = PathBuilder::new();
        for part in [self.0, other.0].iter().flatten() {
            path.push_path(part);
        }
        Shape(path.finish())
    }
}

/// One Catmull-Rom piece from `b` to `c`.
fn cubic(path: &mut PathBuilder, a: P, b: P, c: P, d: P) {
    let k = 1.0 / 6.0;
    path.cubic_to(
        b.0 + (c.0 - a.0) * k,
        b.1 + (c.1 - a.1) * k,
        c.0 - (d.0 - b.0) * k,
        c.1 - (d.1 - b.1) * k,
        c.0,
        c.1,
    );
}
