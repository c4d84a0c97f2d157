//! A camera over a still: slow pushes and pans with exact sub-pixel positions.
//!
//! The still is turned once into planes of 16 bits, filtered for the smallest scale it will be seen
//! at; each picture is then one separable cubic resampling of them, with 1/256-pixel phases, so that
//! a slow move has no steps. Integer arithmetic throughout.

use image::RgbImage;
use rayon::prelude::*;

use crate::camera::{Camera, Eye};
use crate::planes::{Planes, chroma_size};
use crate::reading;
use crate::text::AnimaticError;

/// How a still of another shape meets the frame.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fit {
    /// It covers the frame; what hangs over is cut.
    #[default]
    Cover,
    /// It is seen whole, with black beside it.
    Contain,
}

/// One plane of the prepared still.
struct Plane {
    width: usize,
    height: usize,
    data: Vec<u16>,
}

/// A camera over a still.
pub struct StillCamera {
    /// Luma, blue and red difference.
    planes: [Plane; 3],
    /// Still pixels (as prepared) a picture height, at scale 1.
    density: f64,
    camera: Camera,
    zoomed: f64,
    size: (usize, usize),
    contain: bool,
    pool: Option<rayon::ThreadPool>,
}

impl std::fmt::Debug for StillCamera {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StillCamera").field("size", &self.size).finish_non_exhaustive()
    }
}

/// What a still camera is made from.
#[derive(Clone, Debug)]
pub struct StillRequest {
    /// Camera words; nothing moves without any.
    pub camera: String,
    /// How the still meets the frame.
    pub fit: Fit,
    /// Width and height of the pictures.
    pub size: (u32, u32),
    /// Pictures a second, as a fraction.
    pub rate: (u32, u32),
    /// How many pictures the move is paced over.
    pub frames: u64,
    /// Chooses a handheld camera's unrest.
    pub seed: u64,
    /// Threads that draw a picture; the result does not depend on it.
    pub threads: usize,
}

/// Taps of the resampling filter.
const TAPS: usize = 4;
/// Sub-pixel phases.
const PHASES: usize = 256;
/// Bits of a filter weight.
const BITS: u32 = 13;

/// Weights of a cubic (Mitchell's family, B 0, C 0.5: Catmull-Rom) by phase; each row sums to one.
fn kernel() -> &'static [[i32; TAPS]; PHASES] {
    static KERNEL: std::sync::OnceLock<[[i32; TAPS]; PHASES]> = std::sync::OnceLock::new();
    KERNEL.get_or_init(|| {
        let mut table = [[0; TAPS]; PHASES];
        for (phase, row) in table.iter_mut().enumerate() {
            let t = phase as f64 / PHASES as f64;
            let (t2, t3) = (t * t, t * t * t);
            let w = [
                -0.5 * t3 + t2 - 0.5 * t,
                1.5 * t3 - 2.5 * t2 + 1.0,
                -1.5 * t3 + 2.0 * t2 + 0.5 * t,
                0.5 * t3 - 0.5 * t2,
            ];
            let one = f64::from(1 << BITS);
            for (out, w) in row.iter_mut().zip(w) {
                *out = (w * one).round() as i32;
            }
            row[1] += (1 << BITS) - row.iter().sum::<i32>();
        }
        table
    })
}

impl StillCamera {
    /// Prepares a still.
    ///
    /// # Errors
    /// A size, rate or length that makes no sense.
    pub fn new(image: &RgbImage, request: &StillRequest) -> Result<Self, AnimaticError> {
        let (iw, ih) = image.dimensions();
        if iw == 0 || ih == 0 || iw > 16384 || ih > 16384 {
            return Err(AnimaticError::Image(iw, ih));
        }
        let (w, h) = request.size;
        if !(16..=8192).contains(&w) || !(16..=8192).contains(&h) {
            return Err(AnimaticError::Size(w, h));
        }
        if request.rate.0 == 0 || request.rate.1 == 0 {
            return Err(AnimaticError::Rate(request.rate.0, request.rate.1));
        }
        if request.frames == 0 {
            return Err(AnimaticError::Empty);
        }
        let rate = f64::from(request.rate.0) / f64::from(request.rate.1);
        let moves = reading::camera_moves(&request.camera);
        let camera = Camera::new(&moves, request.frames, rate, 1.0, request.seed);
        let contain = request.fit == Fit::Contain;
        let (zoomed, least) = reach(&camera, contain);
        let (sx, sy) = (f64::from(iw) / f64::from(w), f64::from(ih) / f64::from(h));
        // Still pixels a picture pixel at scale 1.
        let ratio = if contain { sx.max(sy) } else { sx.min(sy) };
        // Prepared so that the smallest scale is seen at one still pixel a picture pixel or less.
        let shrink = (ratio / (least * zoomed)).max(1.0);
        let planes = prepare(image, shrink);
        Ok(StillCamera {
            planes,
            density: ratio / shrink * f64::from(h),
            camera,
            zoomed,
            size: (w as usize, h as usize),
            contain,
            pool: crate::stage::pool(request.threads)?,
        })
    }

    /// Scale and top left corner, in picture pixels, of the prepared still at a frame.
    fn place(&self, frame: i64) -> (f64, f64, f64) {
        let eye = self.camera.eye(frame as f64);
        let (scale, x, y) = flat(&eye, self.zoomed);
        let (w, h) = (self.size.0 as f64, self.size.1 as f64);
        let pixels = scale * h / self.density;
        let (iw, ih) = (self.planes[0].width as f64 * pixels, self.planes[0].height as f64 * pixels);
        let slack = |size: f64, image: f64, at: f64| {
            if image <= size { at } else { at.clamp(-(image - size) / 2.0, (image - size) / 2.0) }
        };
        let (x, y) = (slack(w, iw, x * h), slack(h, ih, y * h));
        (pixels, w / 2.0 + x - iw / 2.0, h / 2.0 + y - ih / 2.0)
    }

    /// Draws a picture. Any frame, in any order. Planes of another size are left as they are.
    pub fn draw(&self, frame: i64, out: &mut Planes<'_>) {
        if (out.width, out.height) != self.size {
            return;
        }
        let place = self.place(frame);
        let (cw, ch) = chroma_size(out.width, out.height);
        let (w, h) = self.size;
        let (y, cb, cr) = (&mut *out.y, &mut *out.cb, &mut *out.cr);
        let luma = Axes::new(place, (w, h), false, self.contain);
        let chroma = Axes::new(place, (cw, ch), true, self.contain);
        let pool = self.pool.as_ref();
        resample(&self.planes[0], &luma, w, y, 4096, pool);
        resample(&self.planes[1], &chroma, cw, cb, 32768, pool);
        resample(&self.planes[2], &chroma, cw, cr, 32768, pool);
    }
}

/// The flat still seen by an eye: scale and shift in picture heights.
fn flat(eye: &Eye, zoomed: f64) -> (f64, f64, f64) {
    let p = eye.project(1.0);
    (p.scale * zoomed, p.x * zoomed, p.y * zoomed)
}

/// How far the still must be enlarged for pans to have room, and the least scale.
fn reach(camera: &Camera, contain: bool) -> (f64, f64) {
    let (mut shift, mut least) = (0.0f64, f64::MAX);
    for eye in camera.samples() {
        let (scale, x, y) = flat(&eye, 1.0);
        // Room beside the centre at a 16:9 frame is 0.89 heights, above it 0.5.
        shift = shift.max((x.abs() / 0.89).max(y.abs() / 0.5) / scale);
        least = least.min(scale);
    }
    let zoomed = if contain { 1.0 } else { 1.0 / (1.0 - shift.min(0.5)) };
    (zoomed, least)
}

/// Turns a still into planes, shrunk by an area filter where it is larger than it will be seen.
fn prepare(image: &RgbImage, shrink: f64) -> [Plane; 3] {
    let (w, h) = (image.width() as usize, image.height() as usize);
    let (sw, sh) = if shrink > 1.0 {
        (((w as f64 / shrink).round() as usize).max(2), ((h as f64 / shrink).round() as usize).max(2))
    } else {
        (w, h)
    };
    let rgb = shrink_rgb(image, sw, sh);
    let (cw, ch) = (sw.div_ceil(2), sh.div_ceil(2));
    let mut y = vec![0u16; sw * sh];
    let (mut cb, mut cr) = (vec![0u16; cw * ch], vec![0u16; cw * ch]);
    let luma = |p: [f32; 3]| 0.2126 * p[0] + 0.7152 * p[1] + 0.0722 * p[2];
    for (out, p) in y.iter_mut().zip(&rgb) {
        *out = (4096.0 + 56064.0 * luma(*p) + 0.5).clamp(0.0, 65535.0) as u16;
    }
    for j in 0..ch {
        for i in 0..cw {
            let mut sum = [0.0f32; 3];
            for (dy, dx, k) in
                [(0, -1, 1.0), (0, 0, 2.0), (0, 1, 1.0), (1, -1, 1.0), (1, 0, 2.0), (1, 1, 1.0f32)]
            {
                let x = (2 * i as isize + dx).clamp(0, sw as isize - 1) as usize;
                let p = rgb[(2 * j + dy).min(sh - 1) * sw + x];
                for c in 0..3 {
                    sum[c] += p[c] * k / 8.0;
                }
            }
            let l = luma(sum);
            cb[j * cw + i] = (32768.5 + 57344.0 * (sum[2] - l) / 1.8556).clamp(0.0, 65535.0) as u16;
            cr[j * cw + i] = (32768.5 + 57344.0 * (sum[0] - l) / 1.5748).clamp(0.0, 65535.0) as u16;
        }
    }
    let plane = |width, height, data| Plane { width, height, data };
    [plane(sw, sh, y), plane(cw, ch, cb), plane(cw, ch, cr)]
}

/// Shrinks by a windowed-sinc filter of three lobes, or copies; 0..1 a channel.
fn shrink_rgb(image: &RgbImage, sw: usize, sh: usize) -> Vec<[f32; 3]> {
    let (w, h) = (image.width() as usize, image.height() as usize);
    let source: Vec<[f32; 3]> = image.pixels().map(|p| p.0.map(|v| f32::from(v) / 255.0)).collect();
    if (sw, sh) == (w, h) {
        return source;
    }
    let across = taps(w, sw);
    let mut wide = vec![[0.0f32; 3]; sw * h];
    for (row, out) in source.chunks(w).zip(wide.chunks_mut(sw)) {
        for (px, (start, weights)) in out.iter_mut().zip(&across) {
            for (p, k) in row[*start..].iter().zip(weights) {
                for c in 0..3 {
                    px[c] += p[c] * k;
                }
            }
        }
    }
    let down = taps(h, sh);
    let mut out = vec![[0.0f32; 3]; sw * sh];
    for (line, (start, weights)) in out.chunks_mut(sw).zip(&down) {
        for (k, row) in weights.iter().zip(wide[start * sw..].chunks(sw)) {
            for (px, p) in line.iter_mut().zip(row) {
                for c in 0..3 {
                    px[c] += p[c] * k;
                }
            }
        }
    }
    out
}

/// Lanczos weights for shrinking `from` samples to `to`.
fn taps(from: usize, to: usize) -> Vec<(usize, Vec<f32>)> {
    let ratio = from as f64 / to as f64;
    let wide = 3.0 * ratio.max(1.0);
    let sinc = |x: f64| {
        if x.abs() < 1e-9 { 1.0 } else { (std::f64::consts::PI * x).sin() / (std::f64::consts::PI * x) }
    };
    (0..to)
        .map(|i| {
            let centre = (i as f64 + 0.5) * ratio - 0.5;
            let start = (centre - wide).ceil().max(0.0) as usize;
            let end = ((centre + wide).floor() as usize).min(from - 1);
            let weights: Vec<f64> = (start..=end)
                .map(|j| {
                    let d = (j as f64 - centre) / ratio.max(1.0);
                    sinc(d) * sinc(d / 3.0)
                })
                .collect();
            let sum: f64 = weights.iter().sum();
            (start, weights.iter().map(|w| (w / sum) as f32).collect())
        })
        .collect()
}

/// Where the samples of a plane fall on the still: 24.8 positions of each column and row.
struct Axes {
    columns: Vec<i64>,
    rows: Vec<i64>,
    contain: bool,
}

impl Axes {
    fn new((scale, left, top): (f64, f64, f64), size: (usize, usize), chroma: bool, contain: bool) -> Self {
        let inverse = 1.0 / scale;
        let fix = |v: f64| (v * 256.0).round() as i64;
        let x = |i: usize| {
            if chroma {
                ((2.0 * i as f64 + 0.5 - left) * inverse - 0.5) / 2.0
            } else {
                (i as f64 + 0.5 - left) * inverse - 0.5
            }
        };
        let y = |j: usize| {
            if chroma {
                ((2.0 * j as f64 + 1.0 - top) * inverse - 1.0) / 2.0
            } else {
                (j as f64 + 0.5 - top) * inverse - 0.5
            }
        };
        Axes {
            columns: (0..size.0).map(|i| fix(x(i))).collect(),
            rows: (0..size.1).map(|j| fix(y(j))).collect(),
            contain,
        }
    }
}

/// Rows a thread takes at once.
const ROWS: usize = 64;
/// Columns that the padded line holds; a power of two, so that an index needs no check.
const LINE: usize = 32768;

/// Resamples a plane; `rest` is what lies beside a still that does not cover the frame.
fn resample(
    plane: &Plane,
    axes: &Axes,
    width: usize,
    out: &mut [u16],
    rest: u16,
    pool: Option<&rayon::ThreadPool>,
) {
    let arch = pulp::Arch::new();
    let band = |(index, out): (usize, &mut [u16])| {
        arch.dispatch(
            #[inline(always)]
            || resample_rows(plane, axes, width, index * ROWS, out, rest),
        );
    };
    match pool {
        Some(pool) => pool.install(|| out.par_chunks_mut(width * ROWS).enumerate().for_each(band)),
        None => out.chunks_mut(width * ROWS).enumerate().for_each(band),
    }
}

/// Draws rows two by two: both lie in one number, the second 32 bits up, so that one multiplication
/// serves both. The sums are signed and stay within 32 bits, so they part exactly.
#[inline(always)]
fn resample_rows(plane: &Plane, axes: &Axes, width: usize, first: usize, out: &mut [u16], rest: u16) {
    let kernel = kernel();
    let w = plane.width as i64;
    // Columns of the still that the picture reads, with the taps beside them.
    let (Some(&a), Some(&b)) = (axes.columns.first(), axes.columns.last()) else { return };
    let c0 = ((a >> 8) - 1).clamp(0, w - 1) as usize;
    let c1 = ((b >> 8) + 2).clamp(0, w - 1) as usize;
    let n = (c1 - c0 + 1).min(LINE - 8);
    let Ok(mut line) = <Box<[i64; LINE]>>::try_from(vec![0i64; LINE].into_boxed_slice()) else { return };
    let (mut upper, mut lower) = (vec![0i32; n], vec![0i32; n]);
    let starts = starts(axes, c0 as i64, n, w);
    let rows = out.len() / width;
    for (pair, out) in out.chunks_mut(width * 2).enumerate() {
        let row = first + pair * 2;
        let second = (pair * 2 + 1).min(rows - 1) + first;
        blend_rows(plane, axes.rows[row], c0, &mut upper);
        blend_rows(plane, axes.rows[second], c0, &mut lower);
        for ((px, &a), &b) in line[3..3 + n].iter_mut().zip(&upper).zip(&lower) {
            *px = i64::from(a) + (i64::from(b) << 32);
        }
        let (left, right) = (line[3], line[2 + n]);
        line[..3].fill(left);
        line[3 + n..8 + n].fill(right);
        let (top, bottom) = out.split_at_mut(width);
        if bottom.is_empty() {
            let mut unused = vec![0u16; width];
            sample_rows(&line, &starts, kernel, rest, top, &mut unused);
        } else {
            sample_rows(&line, &starts, kernel, rest, top, bottom);
        }
        if axes.contain {
            let beside = |v: i64| v < -128 || v > ((plane.height as i64) << 8) - 128;
            if beside(axes.rows[row]) {
                top.fill(rest);
            }
            if beside(axes.rows[second]) {
                bottom.fill(rest);
            }
        }
    }
}

/// Blends four rows of the still into one line.
#[inline(always)]
fn blend_rows(plane: &Plane, v: i64, c0: usize, out: &mut [i32]) {
    let weights = &kernel()[(v & 255) as usize];
    let (top, h, n) = ((v >> 8) - 1, plane.height as i64, out.len());
    let at = |k: i64| &plane.data[(top + k).clamp(0, h - 1) as usize * plane.width + c0..][..n];
    let (r0, r1, r2, r3) = (at(0), at(1), at(2), at(3));
    for ((((px, &a), &b), &c), &d) in out.iter_mut().zip(r0).zip(r1).zip(r2).zip(r3) {
        let sum = i32::from(a) * weights[0]
            + i32::from(b) * weights[1]
            + i32::from(c) * weights[2]
            + i32::from(d) * weights[3];
        // Rounded to 16 bits and a sign, to leave room for the second pass.
        *px = (sum + (1 << (BITS - 1))) >> BITS;
    }
}

/// Samples a line of two rows along x.
#[inline(always)]
fn sample_rows(
    line: &[i64; LINE],
    starts: &[(u32, u32)],
    kernel: &[[i32; TAPS]; PHASES],
    rest: u16,
    top: &mut [u16],
    bottom: &mut [u16],
) {
    let half = 1i64 << (BITS - 1);
    for ((a, b), &(start, phase)) in top.iter_mut().zip(bottom).zip(starts) {
        if start == u32::MAX {
            (*a, *b) = (rest, rest);
            continue;
        }
        let w = &kernel[phase as usize & (PHASES - 1)];
        let at = |k: usize| line[(start as usize + k) & (LINE - 1)];
        let sum = at(0) * i64::from(w[0])
            + at(1) * i64::from(w[1])
            + at(2) * i64::from(w[2])
            + at(3) * i64::from(w[3]);
        let sum = sum + half + (half << 32);
        let low = sum as i32;
        let high = ((sum - i64::from(low)) >> 32) as i32;
        *a = (low >> BITS).clamp(4096, 61440) as u16;
        *b = (high >> BITS).clamp(4096, 61440) as u16;
    }
}

/// First tap in the padded line and phase of every column; `u32::MAX` beside a contained still.
fn starts(axes: &Axes, c0: i64, n: usize, w: i64) -> Vec<(u32, u32)> {
    axes.columns
        .iter()
        .map(|&u| {
            if axes.contain && (u < -128 || u > (w << 8) - 128) {
                return (u32::MAX, 0);
            }
            let start = ((u >> 8) - 1 - c0 + 3).clamp(0, n as i64 + 3);
            (start as u32, (u & 255) as u32)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::planes::Picture;

    fn request(camera: &str, frames: u64) -> StillRequest {
        StillRequest {
            camera: camera.into(),
            fit: Fit::Cover,
            size: (320, 180),
            rate: (24, 1),
            frames,
            seed: 1,
            threads: 1,
        }
    }

    /// A soft white spot on black, off the centre.
    fn spot() -> RgbImage {
        RgbImage::from_fn(640, 360, |x, y| {
            let d = ((x as f32 - 420.0).powi(2) + (y as f32 - 120.0).powi(2)) / 200.0;
            image::Rgb([(255.0 * (-d).exp()) as u8; 3])
        })
    }

    fn centroid(picture: &Picture) -> (f64, f64) {
        let (mut sum, mut x, mut y) = (0.0, 0.0, 0.0);
        for (i, &v) in picture.y.iter().enumerate() {
            let k = f64::from(v) - 4096.0;
            sum += k;
            x += k * (i % picture.width) as f64;
            y += k * (i / picture.width) as f64;
        }
        (x / sum, y / sum)
    }

    #[test]
    fn a_slow_push_moves_smoothly() {
        let camera = StillCamera::new(&spot(), &request("slow push in", 240)).unwrap();
        let at: Vec<(f64, f64)> = (0..240)
            .map(|f| {
                let mut picture = Picture::black(320, 180);
                camera.draw(f, &mut picture.planes());
                centroid(&picture)
            })
            .collect();
        let steps: Vec<f64> = at.windows(2).map(|p| p[1].0 - p[0].0).collect();
        assert!(steps.iter().all(|s| *s > 0.0), "the spot always moves outwards");
        let jitter = steps.windows(2).map(|p| (p[1] - p[0]).abs()).fold(0.0, f64::max);
        assert!(jitter < 0.012, "steps differ by at most {jitter} pixels");
    }

    #[test]
    fn threads_do_not_matter() {
        let mut many = request("pan left", 48);
        many.threads = 4;
        let (one, four) = (
            StillCamera::new(&spot(), &request("pan left", 48)).unwrap(),
            StillCamera::new(&spot(), &many).unwrap(),
        );
        let (mut a, mut b) = (Picture::black(320, 180), Picture::black(320, 180));
        one.draw(17, &mut a.planes());
        four.draw(17, &mut b.planes());
        assert_eq!(a, b);
    }

    #[test]
    fn flat_colour_stays() {
        let grey = RgbImage::from_pixel(900, 300, image::Rgb([128, 128, 128]));
        let camera = StillCamera::new(&grey, &request("handheld", 24)).unwrap();
        let mut picture = Picture::black(320, 180);
        camera.draw(5, &mut picture.planes());
        let first = picture.y[0];
        assert!(picture.y.iter().all(|&v| v == first) && picture.cb.iter().all(|&v| v == 32768));
    }

    #[test]
    fn contained_stills_have_black_beside_them() {
        let tall = RgbImage::from_pixel(100, 300, image::Rgb([255; 3]));
        let mut asked = request("", 24);
        asked.fit = Fit::Contain;
        let mut picture = Picture::black(320, 180);
        StillCamera::new(&tall, &asked).unwrap().draw(0, &mut picture.planes());
        assert_eq!(picture.y[90 * 320], 4096);
        assert!(picture.y[90 * 320 + 160] > 60000);
    }
}
