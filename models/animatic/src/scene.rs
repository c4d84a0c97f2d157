//! The scene under construction: layers in set space, seen by a framing.
//!
//! Set space is what settings paint in: x to the right of the picture's centre, y down from the
//! horizon, both in heights of a wide picture. A framing moves the horizon and enlarges the set, so
//! every setting serves every framing. A [`Sheet`] is a canvas that covers all that the camera will
//! see of its depth.

use tiny_skia::{
    FillRule, GradientStop, LinearGradient, Paint, Path, PathBuilder, Pixmap, Point, RadialGradient, Shader,
    SpreadMode, Stroke, Transform,
};

use crate::camera::Eye;
use crate::compose::{Bend, LINE};
use crate::grade::{Grade, Rgb, has_word};
use crate::layer::{Layer, Pixel};
use crate::noise::Rng;
use crate::palette::Palette;
use crate::reading::{Angle, Reading, ShotSize};
use crate::samples::Aside;

/// Where an item is at a moment, beside what the camera does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Pose {
    /// Shift in layer units.
    pub x: f64,
    pub y: f64,
    /// Enlargement about the item's pivot.
    pub scale: f64,
    /// 0..1.
    pub opacity: f64,
    /// Which of its images.
    pub image: usize,
    pub bend: Bend,
}

impl Default for Pose {
    fn default() -> Self {
        Pose { x: 0.0, y: 0.0, scale: 1.0, opacity: 1.0, image: 0, bend: Bend::None }
    }
}

/// An item's motion: its pose at a time in seconds.
pub(crate) type Motion = Box<dyn Fn(f64) -> Pose + Send + Sync>;

/// No motion.
pub(crate) fn still() -> Motion {
    Box::new(|_| Pose::default())
}

/// Something hung up in the scene.
pub(crate) struct Item {
    pub images: Vec<Layer>,
    /// Where the images' top left corner is, in picture heights from the picture's centre, as seen
    /// from the neutral camera.
    pub at: (f64, f64),
    /// Layer pixels a picture height.
    pub density: f64,
    pub depth: f64,
    /// Where it comes in painters' order; its depth, but for grounds that reach from far to near.
    pub order: f64,
    /// The point that stays when the pose scales, in the same units as `at`.
    pub pivot: (f64, f64),
    pub motion: Motion,
    /// Drawn again at every multiple of this distance, to both sides; 0 for once.
    pub repeat: f64,
    /// Instances: pose after pose for one image set; empty for the motion alone.
    pub swarm: Option<Swarm>,
    /// Which player it belongs to.
    pub player: Option<usize>,
    /// Not drawn: only shows where the last edit took something away.
    pub ghost: bool,
    /// Drawn by the last edit.
    pub edited: bool,
}

/// Many instances of one image set.
pub(crate) struct Swarm {
    pub count: usize,
    pub pose: Box<dyn Fn(usize, f64) -> Pose + Send + Sync>,
}

/// How a framing sees a set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct View {
    /// Where the horizon lies: picture heights below the centre.
    pub horizon: f64,
    /// Enlargement of the set.
    pub k: f64,
    /// Blur of the set behind the subject, in picture heights.
    pub defocus: f64,
    /// Where set x = 0 falls, right of the centre.
    pub shift: f64,
}

/// The scene under construction.
pub(crate) struct Scene<'a> {
    pub reading: &'a Reading,
    pub palette: Palette,
    pub grade: Grade,
    pub view: View,
    /// All that is said of the place, action and setting, lower case.
    pub words: String,
    /// Width over height.
    pub aspect: f64,
    /// Picture height in pixels.
    pub height: f64,
    pub eyes: Vec<Eye>,
    /// The place's own seed: the same in every shot of it.
    pub place_seed: u64,
    /// The shot's.
    pub shot_seed: u64,
    pub items: Vec<Item>,
    /// Depth at which things that stand on the ground stand; ground y by depth.
    pub eye_height: f64,
    /// Shot length in seconds.
    pub seconds: f64,
    /// How many players the words named; the rest came by edits.
    pub told: usize,
    /// Where a building stands, if the setting has a place for one: set x and y, and depth.
    pub perch: Option<(f64, f64, f64)>,
    /// Where layers are laid aside as soon as they are painted.
    pub aside: Option<Aside>,
}

/// What the camera sees of a depth: edges in picture heights from the centre, and the largest scale.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Seen {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
    pub scale: f64,
}

impl Scene<'_> {
    /// Whether the texts hold one of these words.
    pub fn says(&self, words: &[&str]) -> bool {
        words.iter().any(|w| has_word(&self.words, w))
    }

    /// Whether anyone in the shot stands on the ground.
    pub fn grounded(&self) -> bool {
        use crate::paint::SubjectKind as Kind;
        let manned = crate::troupe::is_manned(&self.reading.players, &self.words);
        self.reading.players.iter().any(|p| {
            let kind = crate::paint::all().iter().find(|s| s.name() == p.subject).map(|s| s.kind());
            let afloat =
                matches!(p.motion.as_str(), "row" | "swim" | "drift") || manned && kind == Some(Kind::Person);
            !afloat && matches!(kind, Some(Kind::Person | Kind::Creature | Kind::Vehicle | Kind::Thing))
        })
    }

    /// A generator for something of the place, the same in every shot.
    pub fn place_rng(&self, purpose: &str) -> Rng {
        Rng::named(self.place_seed, purpose)
    }

    /// A generator for something incidental of the shot.
    pub fn shot_rng(&self, purpose: &str) -> Rng {
        Rng::named(self.shot_seed, purpose)
    }

    /// Seen from the air.
    pub fn aerial(&self) -> bool {
        self.reading.framing.angle == Angle::Aerial
    }

    /// A close framing, whose set is only a backdrop.
    pub fn close(&self) -> bool {
        matches!(self.reading.framing.size, ShotSize::CloseUp | ShotSize::ExtremeCloseUp)
    }

    /// What the camera sees of a depth over the whole shot, with a margin.
    pub fn seen(&self, depth: f64) -> Seen {
        let mut seen = Seen { left: f64::MAX, top: f64::MAX, right: f64::MIN, bottom: f64::MIN, scale: 0.0 };
        for eye in &self.eyes {
            let p = eye.project(depth);
            let (half, up) = (self.aspect / 2.0, 0.5);
            seen.left = seen.left.min((-half - p.x) / p.scale);
            seen.right = seen.right.max((half - p.x) / p.scale);
            seen.top = seen.top.min((-up - p.y) / p.scale);
            seen.bottom = seen.bottom.max((up - p.y) / p.scale);
            seen.scale = seen.scale.max(p.scale);
        }
        let m = 0.012;
        Seen {
            left: seen.left - m,
            top: seen.top - m,
            right: seen.right + m,
            bottom: seen.bottom + m,
            ..seen
        }
    }

    /// Set space's edges as the camera sees them at a depth: left, top, right, bottom.
    pub fn set_bounds(&self, depth: f64) -> (f32, f32, f32, f32) {
        let s = self.seen(depth);
        let v = &self.view;
        (
            ((s.left - v.shift) / v.k) as f32,
            ((s.top - v.horizon) / v.k) as f32,
            ((s.right - v.shift) / v.k) as f32,
            ((s.bottom - v.horizon) / v.k) as f32,
        )
    }

    /// The set y of the ground at a depth.
    pub fn ground(&self, depth: f64) -> f32 {
        (self.eye_height / depth) as f32
    }

    /// A sheet over all that is seen of a depth, between two set heights.
    pub fn sheet(&self, depth: f64, top: f32, bottom: f32) -> Sheet {
        self.sheet_wide(depth, top, bottom, 0.0)
    }

    /// A sheet that reaches further to both sides by `margin` in set units, for what drifts.
    pub fn sheet_wide(&self, depth: f64, top: f32, bottom: f32, margin: f32) -> Sheet {
        let seen = self.seen(depth);
        let v = self.view;
        let soft = if depth > 1.05 { v.defocus } else { 0.0 };
        let coarse = if soft > 0.008 {
            0.25
        } else if soft > 0.0 {
            0.5
        } else {
            1.0
        };
        let pad = 3.0 * soft + f64::from(margin) * v.k;
        let y0 = seen.top.max(v.horizon + f64::from(top) * v.k) - soft * 3.0;
        let y1 = seen.bottom.min(v.horizon + f64::from(bottom) * v.k) + soft * 3.0;
        let (x0, x1) = (seen.left - pad, seen.right + pad);
        let widest = (LINE - 8) as f64 / (x1 - x0);
        let density = (self.height * seen.scale * coarse).min(widest);
        Sheet::new((x0, y0, x1, y1.max(y0 + 4.0 / density)), density, depth, v, soft * density)
    }

    /// A sheet for something of its own size, in set space, not cut to what is seen.
    pub fn patch(&self, depth: f64, left: f32, top: f32, right: f32, bottom: f32) -> Sheet {
        let seen = self.seen(depth);
        let v = self.view;
        let soft = if depth > 1.05 { v.defocus } else { 0.0 };
        let coarse = if soft > 0.008 {
            0.25
        } else if soft > 0.0 {
            0.5
        } else {
            1.0
        };
        let pad = 3.0 * soft + 2.0 / self.height;
        let x = |x: f32| v.shift + f64::from(x) * v.k;
        let y = |y: f32| v.horizon + f64::from(y) * v.k;
        let (x0, x1) = (x(left) - pad, x(right) + pad);
        let (y0, y1) = (y(top) - pad, y(bottom) + pad);
        let widest = (LINE / 2) as f64 / (x1 - x0).max(y1 - y0);
        let density = (self.height * seen.scale * coarse).min(widest);
        Sheet::new((x0, y0, x1, y1), density, depth, v, soft * density)
    }

    /// Hangs up a painted sheet.
    pub fn hang(&mut self, sheet: Sheet, motion: Motion) -> &mut Item {
        let texture = sheet.texture;
        let seed = self.place_seed as u32 ^ (self.items.len() as u32).wrapping_mul(7919);
        let mut layer = match &sheet.pixmap {
            Some(pixmap) => Layer::from_pixmap(pixmap, &self.grade, texture, seed),
            None => Layer::from_rows(2, 2, |_, row| row.fill([0.0; 4])),
        };
        layer.blur(sheet.blur as f32);
        self.push(layer, sheet.at, sheet.density, sheet.depth, motion)
    }

    /// Hangs up a soft layer whose colours come from a function of set space, painted coarse.
    pub fn hang_soft(
        &mut self,
        depth: f64,
        (top, bottom): (f32, f32),
        coarse: f64,
        margin: f32,
        colour: impl Fn(f32, f32) -> Pixel + Sync,
        motion: Motion,
    ) -> &mut Item {
        let mut sheet = self.sheet_wide(depth, top, bottom, margin);
        sheet.density *= coarse;
        let (w, h) = sheet.pixels();
        let (at, density, view, grade) = (sheet.at, sheet.density, self.view, &self.grade);
        let layer = Layer::from_rows(w, h, |row, out| {
            let y = (at.1 + (row as f64 + 0.5) / density - view.horizon) / view.k;
            for (column, px) in out.iter_mut().enumerate() {
                let x = (at.0 + (column as f64 + 0.5) / density - view.shift) / view.k;
                let c = colour(x as f32, y as f32);
                let rgb = grade.apply([c[0], c[1], c[2]]);
                *px = [rgb[0] * c[3], rgb[1] * c[3], rgb[2] * c[3], c[3]];
            }
        });
        self.push(layer, at, density, depth, motion)
    }

    /// Hangs up an image.
    pub fn push(
        &mut self,
        mut layer: Layer,
        at: (f64, f64),
        density: f64,
        depth: f64,
        motion: Motion,
    ) -> &mut Item {
        if let Some(aside) = &mut self.aside {
            layer.lay_aside(aside);
        }
        let pivot = (at.0 + layer.width as f64 / density / 2.0, at.1 + layer.height as f64 / density / 2.0);
        let index = self.items.len();
        self.items.push(Item {
            images: vec![layer],
            at,
            density,
            depth,
            order: depth,
            pivot,
            motion,
            repeat: 0.0,
            swarm: None,
            player: None,
            ghost: false,
            edited: false,
        });
        &mut self.items[index]
    }
}

/// A canvas of one depth in set space.
pub(crate) struct Sheet {
    /// None only where there is no memory for it.
    pub pixmap: Option<Pixmap>,
    pub at: (f64, f64),
    pub density: f64,
    pub depth: f64,
    size: (f64, f64),
    view: View,
    blur: f64,
    /// Strength of the brush texture.
    pub texture: f32,
}

/// How a shape is filled.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fill {
    /// One colour.
    Flat(Rgb),
    /// One colour, see-through.
    Veil(Rgb, f32),
    /// From one colour at a set height to another at a lower one.
    Down { from: (f32, Rgb), to: (f32, Rgb) },
    /// From one see-through colour to another along y.
    Fade { from: (f32, Rgb, f32), to: (f32, Rgb, f32) },
    /// From one colour at a set x to another further right.
    Across { from: (f32, Rgb), to: (f32, Rgb) },
    /// From the centre outwards, see-through at the rim.
    Glow { at: (f32, f32), radius: f32, colour: Rgb, alpha: f32 },
}

pub(crate) fn skia(c: Rgb, a: f32) -> tiny_skia::Color {
    let ok = |v: f32| if v.is_finite() { v.clamp(0.0, 1.0) } else { 0.0 };
    tiny_skia::Color::from_rgba(ok(c[0]), ok(c[1]), ok(c[2]), ok(a)).unwrap_or(tiny_skia::Color::BLACK)
}

impl Fill {
    fn shader(self) -> Shader<'static> {
        let line = |a: Point, b: Point, from: tiny_skia::Color, to: tiny_skia::Color| {
            let stops = vec![GradientStop::new(0.0, from), GradientStop::new(1.0, to)];
            LinearGradient::new(a, b, stops, SpreadMode::Pad, Transform::identity())
                .unwrap_or(Shader::SolidColor(to))
        };
        let down = |y0: f32, y1: f32| (Point::from_xy(0.0, y0), Point::from_xy(0.0, y1));
        match self {
            Fill::Flat(c) => Shader::SolidColor(skia(c, 1.0)),
            Fill::Veil(c, a) => Shader::SolidColor(skia(c, a)),
            Fill::Down { from, to } => {
                let (a, b) = down(from.0, to.0);
                line(a, b, skia(from.1, 1.0), skia(to.1, 1.0))
            }
            Fill::Fade { from, to } => {
                let (a, b) = down(from.0, to.0);
                line(a, b, skia(from.1, from.2), skia(to.1, to.2))
            }
            Fill::Across { from, to } => line(
                Point::from_xy(from.0, 0.0),
                Point::from_xy(to.0, 0.0),
                skia(from.1, 1.0),
                skia(to.1, 1.0),
            ),
            Fill::Glow { at, radius, colour, alpha } => {
                let centre = Point::from_xy(at.0, at.1);
                let stops = (0..=8)
                    .map(|i| {
                        let t = i as f32 / 8.0;
                        let falloff = (1.0 - t) * (1.0 - t);
                        GradientStop::new(t, skia(colour, alpha * falloff))
                    })
                    .collect();
                RadialGradient::new(
                    centre,
                    0.0,
                    centre,
                    radius,
                    stops,
                    SpreadMode::Pad,
                    Transform::identity(),
                )
                .unwrap_or(Shader::SolidColor(skia(colour, 0.0)))
            }
        }
    }
}

impl Sheet {
    fn new((x0, y0, x1, y1): (f64, f64, f64, f64), density: f64, depth: f64, view: View, blur: f64) -> Self {
        let (w, h) = (((x1 - x0) * density).ceil().max(4.0), ((y1 - y0) * density).ceil().max(4.0));
        let pixmap = Pixmap::new(w.min(8184.0) as u32, h.min(8184.0) as u32);
        Sheet { pixmap, at: (x0, y0), density, depth, size: (x1 - x0, y1 - y0), view, blur, texture: 0.05 }
    }

    fn pixels(&self) -> (usize, usize) {
        (
            (self.size.0 * self.density).ceil().max(4.0) as usize,
            (self.size.1 * self.density).ceil().max(4.0) as usize,
        )
    }

    /// From set space to the sheet's pixels.
    pub fn transform(&self) -> Transform {
        let k = self.view.k * self.density;
        Transform::from_row(
            k as f32,
            0.0,
            0.0,
            k as f32,
            ((self.view.shift - self.at.0) * self.density) as f32,
            ((self.view.horizon - self.at.1) * self.density) as f32,
        )
    }

    /// The sheet's edges in set space: left, top, right, bottom.
    pub fn bounds(&self) -> (f32, f32, f32, f32) {
        let x = |v: f64| ((v - self.view.shift) / self.view.k) as f32;
        let y = |v: f64| ((v - self.view.horizon) / self.view.k) as f32;
        (x(self.at.0), y(self.at.1), x(self.at.0 + self.size.0), y(self.at.1 + self.size.1))
    }

    /// Fills a path.
    pub fn fill(&mut self, path: &Path, fill: Fill) {
        let paint = Paint { shader: fill.shader(), anti_alias: true, ..Paint::default() };
        let transform = self.transform();
        if let Some(pixmap) = &mut self.pixmap {
            pixmap.fill_path(path, &paint, FillRule::Winding, transform, None);
        }
    }

    /// Fills a closed outline of points.
    pub fn polygon(&mut self, points: &[(f32, f32)], fill: Fill) {
        if let Some(path) = outline(points) {
            self.fill(&path, fill);
        }
    }

    /// Fills a smooth closed outline through points.
    pub fn blob(&mut self, points: &[(f32, f32)], fill: Fill) {
        if let Some(path) = smooth(points, true) {
            self.fill(&path, fill);
        }
    }

    /// Fills a rectangle.
    pub fn rect(&mut self, left: f32, top: f32, right: f32, bottom: f32, fill: Fill) {
        self.polygon(&[(left, top), (right, top), (right, bottom), (left, bottom)], fill);
    }

    /// Fills an ellipse.
    pub fn oval(&mut self, x: f32, y: f32, rx: f32, ry: f32, fill: Fill) {
        let rect = tiny_skia::Rect::from_ltrb(x - rx, y - ry, x + rx, y + ry);
        if let Some(path) = rect.and_then(PathBuilder::from_oval) {
            self.fill(&path, fill);
        }
    }

    /// Draws a smooth line through points.
    pub fn line(&mut self, points: &[(f32, f32)], width: f32, colour: Rgb, alpha: f32) {
        let Some(path) = smooth(points, false) else { return };
        let paint =
            Paint { shader: Shader::SolidColor(skia(colour, alpha)), anti_alias: true, ..Paint::default() };
        let stroke = Stroke {
            width,
            line_cap: tiny_skia::LineCap::Round,
            line_join: tiny_skia::LineJoin::Round,
            ..Stroke::default()
        };
        let transform = self.transform();
        if let Some(pixmap) = &mut self.pixmap {
            pixmap.stroke_path(&path, &paint, &stroke, transform, None);
        }
    }

    /// Fills everything below a skyline given as a function of x.
    pub fn below(&mut self, top: impl Fn(f32) -> f32, fill: Fill) {
        let (left, _, right, bottom) = self.bounds();
        let n = ((right - left) * (self.view.k * self.density) as f32 / 3.0).clamp(16.0, 4000.0) as usize;
        let mut points = Vec::with_capacity(n + 3);
        for i in 0..=n {
            let x = left + (right - left) * i as f32 / n as f32;
            points.push((x, top(x)));
        }
        points.push((right, bottom + 1.0));
        points.push((left, bottom + 1.0));
        self.polygon(&points, fill);
    }
}

/// A closed outline.
pub(crate) fn outline(points: &[(f32, f32)]) -> Option<Path> {
    let mut builder = PathBuilder::new();
    let (first, rest) = points.split_first()?;
    builder.move_to(first.0, first.1);
    for p in rest {
        builder.line_to(p.0, p.1);
    }
    builder.close();
    builder.finish()
}

/// A smooth path through points, by quadratic curves between the midpoints.
pub(crate) fn smooth(points: &[(f32, f32)], closed: bool) -> Option<Path> {
    let n = points.len();
    if n < 2 {
        return None;
    }
    let mid = |a: (f32, f32), b: (f32, f32)| ((a.0 + b.0) / 2.0, (a.1 + b.1) / 2.0);
    let mut builder = PathBuilder::new();
    if closed {
        let start = mid(points[n - 1], points[0]);
        builder.move_to(start.0, start.1);
        for i in 0..n {
            let end = mid(points[i], points[(i + 1) % n]);
            builder.quad_to(points[i].0, points[i].1, end.0, end.1);
        }
        builder.close();
    } else {
        builder.move_to(points[0].0, points[0].1);
        for i in 1..n - 1 {
            let end = mid(points[i], points[i + 1]);
            builder.quad_to(points[i].0, points[i].1, end.0, end.1);
        }
        builder.line_to(points[n - 1].0, points[n - 1].1);
    }
    builder.finish()
}

impl Sheet {
    /// A soft glow about a point.
    pub fn fill_glow(&mut self, x: f32, y: f32, radius: f32, colour: Rgb, alpha: f32) {
        self.oval(x, y, radius, radius, Fill::Glow { at: (x, y), radius, colour, alpha });
    }
}
