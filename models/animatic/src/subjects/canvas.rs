//! The canvas: fills and strokes in metres, lit as the scene is lit, with the house's brush.
//!
//! A form is painted in three tones (light, half, shade) that step along the light's direction; a
//! last pass gives the whole a faint mottle of gouache and, against the light, a bright rim.

use super::colour::{Rgb, hex};
use super::shape::{P, Shape};
use crate::paint::{Facing, Light, PaintCx, Painting};
use tiny_skia::{
    BlendMode, Color, FillRule, GradientStop, LineCap, LineJoin, LinearGradient, Mask, Paint, Path, Pixmap,
    Point, RadialGradient, Shader, SpreadMode, Stroke, Transform,
};

/// The rectangle in metres that a subject is painted in; the anchor is at (0, 0), y goes up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame {
    /// Its left edge, negative.
    pub left: f32,
    /// Its lower edge.
    pub bottom: f32,
    /// Its right edge.
    pub right: f32,
    /// Its upper edge.
    pub top: f32,
}

impl Frame {
    /// Every edge scaled about the anchor.
    pub fn scaled(self, by: f32) -> Frame {
        Frame { left: self.left * by, bottom: self.bottom * by, right: self.right * by, top: self.top * by }
    }
}

/// What one paints on.
pub struct Canvas<'a> {
    pixmap: Pixmap,
    mask: Option<Mask>,
    to_px: Transform,
    scale: f32,
    factor: f32,
    anchor: P,
    light: &'a Light,
}

impl<'a> Canvas<'a> {
    /// An empty canvas for a frame, whose drawing is `factor` times as large as drawn.
    pub fn new(cx: &PaintCx<'a>, frame: Frame, factor: f32) -> Canvas<'a> {
        let frame = frame.scaled(factor);
        let (w, h) = ((frame.right - frame.left).max(0.01), (frame.top - frame.bottom).max(0.01));
        let most = cx.max_px.clamp(1, 8192);
        let asked = if cx.px_per_metre.is_finite() { cx.px_per_metre.max(0.01) } else { 1.0 };
        let scale = asked.min((most.saturating_sub(1)).max(1) as f32 / w.max(h));
        let side = |m: f32| ((m * scale).ceil() as u32).clamp(1, most);
        let Some(pixmap) = Pixmap::new(side(w), side(h)) else {
            unreachable!("a picture of 1 to 8192 pixels a side can be made");
        };
        let flip = if cx.facing == Facing::Left { -1.0 } else { 1.0 };
        let left = if flip < 0.0 { frame.right } else { -frame.left };
        let anchor = (left * scale, frame.top * scale);
        let k = scale * factor;
        let to_px = Transform::from_row(flip * k, 0.0, 0.0, -k, anchor.0, anchor.1);
        Canvas { pixmap, mask: None, to_px, scale, factor, anchor, light: cx.light }
    }

    /// The light on the subject.
    pub fn light(&self) -> &'a Light {
        self.light
    }

    /// Whether a detail of so many metres is at least a pixel wide.
    pub fn shows(&self, metres: f32) -> bool {
        metres * self.scale * self.factor >= 0.7
    }

    /// A colour as lit: 0 in shade, 1 in full light.
    pub fn lit(&self, colour: Rgb, lit: f32) -> Rgb {
        let l = self.light;
        colour.times(std::array::from_fn(|i| l.ambient[i] + (l.key[i] - l.ambient[i]) * lit))
    }

    /// Where the light stands as drawn here: -1 left, 1 right, mirrored where the drawing is.
    pub fn light_x(&self) -> f32 {
        self.light.direction.clamp(-1.0, 1.0) * if self.to_px.sx < 0.0 { -1.0 } else { 1.0 }
    }

    /// Where the light comes from, in picture directions (y down).
    fn towards_light(&self) -> (f32, f32) {
        let (x, y) = (self.light.direction.clamp(-1.0, 1.0), -0.5_f32);
        let len = x.hypot(y);
        (x / len, y / len)
    }

    fn device(&self, shape: &Shape) -> Option<Path> {
        shape.0.clone().and_then(|p| p.transform(self.to_px))
    }

    fn put(&mut self, path: &Path, shader: Shader<'_>) {
        let paint = Paint { shader, anti_alias: true, ..Paint::default() };
        self.pixmap.fill_path(path, &paint, FillRule::Winding, Transform::identity(), self.mask.as_ref());
    }

    /// One flat tone: `lit` 0 in shade to 1 in light.
    pub fn flat(&mut self, shape: &Shape, colour: Rgb, lit: f32) {
        self.raw(shape, self.lit(colour, lit), 1.0);
    }

    /// A colour as it is, unlit: lamps, windows at night, or a glaze of some opacity.
    pub fn raw(&mut self, shape: &Shape, colour: Rgb, opacity: f32) {
        if let Some(path) = self.device(shape) {
            self.put(&path, Shader::SolidColor(skia(colour, opacity)));
        }
    }

    /// A glaze of shade over what is there.
    pub fn shade(&mut self, shape: &Shape, opacity: f32) {
        let tint = hex(0x1a2038).times(self.light.ambient);
        self.raw(shape, tint, opacity);
    }

    /// A glaze of light over what is there.
    pub fn shine(&mut self, shape: &Shape, opacity: f32) {
        let tint = self.lit(hex(0xfffaf0), 1.0);
        self.raw(shape, tint, opacity);
    }

    /// A rounded form in three tones along the light.
    pub fn form(&mut self, shape: &Shape, colour: Rgb) {
        self.form_soft(shape, colour, 0.05);
    }

    /// A form whose tones melt into each other over this part of its width.
    pub fn form_soft(&mut self, shape: &Shape, colour: Rgb, soft: f32) {
        let Some(path) = self.device(shape) else {
            return;
        };
        let tones = [self.lit(colour, 1.0), self.lit(colour, 0.66), self.lit(colour.darker(0.1), 0.12)];
        let b = path.bounds();
        let (lx, ly) = self.towards_light();
        let (cx, cy) = ((b.left() + b.right()) / 2.0, (b.top() + b.bottom()) / 2.0);
        let reach = (lx * b.width()).abs() / 2.0 + (ly * b.height()).abs() / 2.0;
        let shader = LinearGradient::new(
            Point::from_xy(cx + lx * reach, cy + ly * reach),
            Point::from_xy(cx - lx * reach, cy - ly * reach),
            steps(tones, [0.43, 0.66], soft),
            SpreadMode::Pad,
            Transform::identity(),
        );
        let shader = shader.unwrap_or(Shader::SolidColor(skia(tones[1], 1.0)));
        self.put(&path, shader);
    }

    /// A form shaded across its width whatever the light's height: columns, towers, trunks.
    pub fn column(&mut self, shape: &Shape, colour: Rgb) {
        let Some(path) = self.device(shape) else {
            return;
        };
        let b = path.bounds();
        let d = self.light.direction.clamp(-1.0, 1.0);
        let (a, z) = if d <= 0.0 { (b.left(), b.right()) } else { (b.right(), b.left()) };
        let front = 1.0 - d.abs();
        let tones = [self.lit(colour, 1.0), self.lit(colour, 0.62), self.lit(colour.darker(0.1), 0.08)];
        let shader = LinearGradient::new(
            Point::from_xy(a, b.top()),
            Point::from_xy(z, b.top()),
            steps(tones, [0.42 + 0.2 * front, 0.7 + 0.15 * front], 0.06),
            SpreadMode::Pad,
            Transform::identity(),
        );
        let shader = shader.unwrap_or(Shader::SolidColor(skia(tones[1], 1.0)));
        self.put(&path, shader);
    }

    /// A smooth change from one raw colour at `from` to another at `to`.
    pub fn wash(&mut self, shape: &Shape, from: (P, Rgb, f32), to: (P, Rgb, f32)) {
        let Some(path) = self.device(shape) else {
            return;
        };
        let stops =
            vec![GradientStop::new(0.0, skia(from.1, from.2)), GradientStop::new(1.0, skia(to.1, to.2))];
        let (a, b) = (self.point(from.0), self.point(to.0));
        if let Some(shader) = LinearGradient::new(a, b, stops, SpreadMode::Pad, Transform::identity()) {
            self.put(&path, shader);
        }
    }

    /// A line of some width, in metres, with round ends.
    pub fn stroke(&mut self, line: &Shape, width: f32, colour: Rgb, lit: f32) {
        self.raw_stroke(line, width, self.lit(colour, lit), 1.0);
    }

    /// A line in a colour as it is.
    pub fn raw_stroke(&mut self, line: &Shape, width: f32, colour: Rgb, opacity: f32) {
        let Some(path) = self.device(line) else {
            return;
        };
        let (a, b) = (self.to_px.sx, self.to_px.ky);
        let px = width * a.hypot(b);
        // A hair-line thinner than half a pixel pales instead of vanishing.
        let (px, opacity) = if px < 0.5 { (0.5, opacity * (px / 0.5).max(0.1)) } else { (px, opacity) };
        let paint =
            Paint { shader: Shader::SolidColor(skia(colour, opacity)), anti_alias: true, ..Paint::default() };
        let stroke =
            Stroke { width: px, line_cap: LineCap::Round, line_join: LineJoin::Round, ..Stroke::default() };
        self.pixmap.stroke_path(&path, &paint, &stroke, Transform::identity(), self.mask.as_ref());
    }

    /// A soft round light that adds to what is there.
    pub fn glow(&mut self, x: f32, y: f32, radius: f32, colour: Rgb, strength: f32) {
        let centre = self.point((x, y));
        let r = (radius * self.scale * self.factor).max(0.5);
        let stops = vec![
            GradientStop::new(0.0, skia(colour, strength)),
            GradientStop::new(0.35, skia(colour, strength * 0.35)),
            GradientStop::new(1.0, skia(colour, 0.0)),
        ];
        let shader =
            RadialGradient::new(centre, 0.0, centre, r, stops, SpreadMode::Pad, Transform::identity());
        let (Some(shader), Some(path)) = (shader, self.device(&Shape::oval(x, y, radius, radius))) else {
            return;
        };
        let paint = Paint { shader, anti_alias: true, blend_mode: BlendMode::Screen, ..Paint::default() };
        self.pixmap.fill_path(&path, &paint, FillRule::Winding, Transform::identity(), self.mask.as_ref());
    }

    /// Paints inside a shape only.
    pub fn within(&mut self, shape: &Shape, paint: impl FnOnce(&mut Self)) {
        let Some(path) = self.device(shape) else {
            return;
        };
        let outer = self.mask.take();
        let mut mask = outer.clone();
        if let Some(inner) = mask.as_mut() {
            inner.intersect_path(&path, FillRule::Winding, true, Transform::identity());
        } else {
            mask = Mask::new(self.pixmap.width(), self.pixmap.height());
            if let Some(inner) = mask.as_mut() {
                inner.fill_path(&path, FillRule::Winding, true, Transform::identity());
            }
        }
        self.mask = mask;
        paint(self);
        self.mask = outer;
    }

    /// Paints with the origin moved, turned (radians, counter-clockwise) and scaled.
    pub fn at(&mut self, x: f32, y: f32, turn: f32, scale: f32, paint: impl FnOnce(&mut Self)) {
        let outer = self.to_px;
        let (sin, cos) = (turn.sin() * scale, turn.cos() * scale);
        self.to_px = outer.pre_concat(Transform::from_row(cos, sin, -sin, cos, x, y));
        paint(self);
        self.to_px = outer;
    }

    /// Paints mirrored about the vertical line through `x`.
    pub fn mirrored(&mut self, x: f32, paint: impl FnOnce(&mut Self)) {
        let outer = self.to_px;
        self.to_px = outer.pre_concat(Transform::from_row(-1.0, 0.0, 0.0, 1.0, 2.0 * x, 0.0));
        paint(self);
        self.to_px = outer;
    }

    fn point(&self, p: P) -> Point {
        let mut point = Point::from_xy(p.0, p.1);
        self.to_px.map_point(&mut point);
        point
    }

    /// Lays a ready picture over, its middle of the lower edge at (x, y), so many metres high.
    pub fn picture(&mut self, picture: &Pixmap, x: f32, y: f32, height: f32) {
        let k = height / picture.height().max(1) as f32;
        let left = x - picture.width() as f32 * k / 2.0;
        let t = self.to_px.pre_concat(Transform::from_row(k, 0.0, 0.0, -k, left, y + height));
        let paint =
            tiny_skia::PixmapPaint { quality: tiny_skia::FilterQuality::Bicubic, ..Default::default() };
        self.pixmap.draw_pixmap(0, 0, picture.as_ref(), &paint, t, self.mask.as_ref());
    }

    /// The painting, with mottle and rim.
    pub fn finish(mut self) -> Painting {
        self.mottle();
        if let Some(rim) = self.light.rim {
            self.rim(rim);
        }
        self.bare()
    }

    /// The painting without the last passes.
    pub fn bare(self) -> Painting {
        Painting { pixmap: self.pixmap, anchor: self.anchor, px_per_metre: self.scale }
    }

    /// A faint unevenness, as of pigment drying on paper.
    fn mottle(&mut self) {
        let (w, h) = (self.pixmap.width(), self.pixmap.height());
        let cell = (h.max(w) as f32 / 36.0).max(3.0);
        for (y, row) in self.pixmap.data_mut().chunks_exact_mut(w as usize * 4).enumerate() {
            for (x, px) in row.chunks_exact_mut(4).enumerate() {
                if px[3] == 0 {
                    continue;
                }
                let broad = noise(x as f32 / cell, y as f32 / (cell * 1.6));
                let fine = speck(x as i32, y as i32);
                let by = 1.0 + (broad - 0.5) * 0.085 + (fine - 0.5) * 0.022;
                for c in 0..3 {
                    px[c] = (f32::from(px[c]) * by + 0.5).min(f32::from(px[3])) as u8;
                }
            }
        }
    }

    /// Brightens the edge towards the light.
    fn rim(&mut self, colour: [f32; 3]) {
        let (w, h) = (self.pixmap.width() as i32, self.pixmap.height() as i32);
        let (lx, ly) = self.towards_light();
        let reach = (h.min(w) as f32 * 0.014).clamp(1.0, 7.0);
        let (dx, dy) = ((lx * reach).round() as i32, (ly * reach).round() as i32);
        let alpha: Vec<u8> = self.pixmap.data().chunks_exact(4).map(|px| px[3]).collect();
        let at = |x: i32, y: i32| {
            if x < 0 || y < 0 || x >= w || y >= h { 0 } else { alpha[(y * w + x) as usize] }
        };
        for (i, px) in self.pixmap.data_mut().chunks_exact_mut(4).enumerate() {
            let (x, y) = (i as i32 % w, i as i32 / w);
            let edge = px[3].saturating_sub(at(x + dx, y + dy));
            if edge == 0 {
                continue;
            }
            let t = f32::from(edge) / 255.0 * 0.85;
            for c in 0..3 {
                let to = colour[c] * f32::from(px[3]);
                let v = f32::from(px[c]);
                px[c] = (v + (to.max(v) - v) * t + 0.5).min(f32::from(px[3])) as u8;
            }
        }
    }
}

/// Three tones that step at two places.
fn steps(tones: [Rgb; 3], at: [f32; 2], soft: f32) -> Vec<GradientStop> {
    let [light, half, shade] = tones.map(|t| skia(t, 1.0));
    vec![
        GradientStop::new(0.0, light),
        GradientStop::new((at[0] - soft).max(0.0), light),
        GradientStop::new(at[0] + soft, half),
        GradientStop::new((at[1] - soft).max(at[0] + soft), half),
        GradientStop::new((at[1] + soft).min(1.0), shade),
        GradientStop::new(1.0, shade),
    ]
}

fn skia(colour: Rgb, opacity: f32) -> Color {
    let [r, g, b] = colour.0.map(|v| v.clamp(0.0, 1.0));
    Color::from_rgba(r, g, b, opacity.clamp(0.0, 1.0)).unwrap_or(Color::BLACK)
}

/// A hash of a lattice point as 0..1.
fn speck(x: i32, y: i32) -> f32 {
    let mut h = (x as u32).wrapping_mul(0x9e37_79b1) ^ (y as u32).wrapping_mul(0x85eb_ca77);
    h = (h ^ (h >> 15)).wrapping_mul(0x2c1b_3c6d);
    h = (h ^ (h >> 12)).wrapping_mul(0x297a_2d39);
    ((h ^ (h >> 15)) >> 8) as f32 / 16_777_216.0
}

/// Smooth noise, 0..1.
fn noise(x: f32, y: f32) -> f32 {
    let (ix, iy) = (x.floor(), y.floor());
    let smooth = |t: f32| t * t * (3.0 - 2.0 * t);
    let (fx, fy) = (smooth(x - ix), smooth(y - iy));
    let (ix, iy) = (ix as i32, iy as i32);
    let top = speck(ix, iy) * (1.0 - fx) + speck(ix + 1, iy) * fx;
    let low = speck(ix, iy + 1) * (1.0 - fx) + speck(ix + 1, iy + 1) * fx;
    top * (1.0 - fy) + low * fy
}
