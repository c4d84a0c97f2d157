//! A camera over a still: slow pushes and pans with exact sub-pixel positions.
//!
//! The still is turned once into planes of integers; each picture is then one separable cubic
//! resampling of them, with weights made for its own exact scale and place, so that a slow move has
//! no steps and every picture has all the detail that the still has for it.

mod prepare;
mod sample;

use crate::camera::{Camera, Eye};
use crate::planes::{BLACK, NEUTRAL, Planes, chroma_size};
use crate::reading;
use crate::text::AnimaticError;
use image::{ImageBuffer, Pixel, Rgb};

pub use prepare::Depth;
use prepare::prepare;
use sample::{Axis, Plane, resample};

/// How a still of another shape meets the frame.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fit {
    /// It covers the frame; what hangs over is cut.
    #[default]
    Cover,
    /// It is seen whole, with black beside it.
    Contain,
}

/// A camera over a still.
pub struct StillCamera {
    /// Luma, blue and red difference.
    planes: [Plane; 3],
    /// Width and height of the still.
    still: (usize, usize),
    /// Still pixels a picture pixel, at scale 1.
    ratio: f64,
    camera: Camera,
    zoomed: f64,
    size: (usize, usize),
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

/// How many still pixels of a side may be left to a picture pixel: what is finer than that is
/// filtered away beforehand, so that no picture costs more than six taps for a usual move.
const FINE: f64 = 1.5;
/// The same for moves that change the scale by more; the last word on memory and time.
const FINEST: f64 = 4.0;

impl StillCamera {
    /// Prepares a still of 8 or 16 bits.
    ///
    /// # Errors
    /// A size, rate or length that makes no sense.
    pub fn new<S: Depth>(
        image: &ImageBuffer<Rgb<S>, Vec<S>>,
        request: &StillRequest,
    ) -> Result<Self, AnimaticError>
    where
        Rgb<S>: Pixel<Subpixel = S>,
    {
        let (iw, ih) = image.dimensions();
        if iw == 0 || ih == 0 || iw > 16384 || ih > 16384 {
            return Err(AnimaticError::Image(iw, ih));
        }
        crate::stage::check_clip(request.size, request.rate, request.frames)?;
        let (w, h) = request.size;
        let rate = f64::from(request.rate.0) / f64::from(request.rate.1);
        let moves = reading::camera_moves(&request.camera);
        let camera = Camera::new(&moves, request.frames, rate, 1.0, request.seed);
        let contain = request.fit == Fit::Contain;
        let (zoomed, least, most) = reach(&camera, contain);
        let (sx, sy) = (f64::from(iw) / f64::from(w), f64::from(ih) / f64::from(h));
        // Still pixels a picture pixel at scale 1.
        let ratio = if contain { sx.max(sy) } else { sx.min(sy) };
        // The still stays finer than the picture at its largest, if that is not too fine at its smallest.
        let fine = (most / least).clamp(FINE, FINEST);
        let shrink = (ratio / (least * zoomed) / fine).max(1.0);
        let planes = prepare(image, shrink);
        Ok(StillCamera {
            planes,
            still: (iw as usize, ih as usize),
            ratio,
            camera,
            zoomed,
            size: (w as usize, h as usize),
            pool: crate::stage::pool(request.threads)?,
        })
    }

    /// Bytes that its planes hold.
    pub fn bytes(&self) -> usize {
        self.planes.iter().map(Plane::bytes).sum()
    }

    /// Scale and top left corner, in picture pixels, of the still at a frame.
    fn place(&self, frame: i64) -> (f64, f64, f64) {
        let eye = self.camera.eye(frame as f64);
        let (scale, x, y) = flat(&eye, self.zoomed);
        let (w, h) = (self.size.0 as f64, self.size.1 as f64);
        let pixels = scale / self.ratio;
        let (iw, ih) = (self.still.0 as f64 * pixels, self.still.1 as f64 * pixels);
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
        let luma = self.axes(place, false);
        let chroma = self.axes(place, true);
        for (plane, (across, down), out, rest) in [
            (&self.planes[0], &luma, &mut *out.y, BLACK),
            (&self.planes[1], &chroma, &mut *out.cb, NEUTRAL),
            (&self.planes[2], &chroma, &mut *out.cr, NEUTRAL),
        ] {
            resample(plane, (across, down), out, rest, self.pool.as_ref());
        }
    }

    /// Where the columns and rows of luma or chroma are read.
    fn axes(&self, (scale, left, top): (f64, f64, f64), chroma: bool) -> (Axis, Axis) {
        let plane = &self.planes[usize::from(chroma)];
        let ((w, h), (iw, ih)) = if chroma {
            (chroma_size(self.size.0, self.size.1), chroma_size(self.still.0, self.still.1))
        } else {
            (self.size, self.still)
        };
        // Chroma samples lie on every other column, and half way between two rows.
        let (step, across, down) = if chroma { (2.0, 0.5, 1.0) } else { (1.0, 0.5, 0.5) };
        let axis = |samples: usize, edge: f64, site: f64, length: usize, still: usize| {
            // Samples of the plane as prepared, to one of the still's.
            let prepared = length as f64 / still as f64;
            Axis::new(samples, length, prepared / scale, |sample| {
                let on_still = ((step * sample as f64 + site - edge) / scale - site) / step;
                (on_still + 0.5) * prepared - 0.5
            })
        };
        (axis(w, left, across, plane.width, iw), axis(h, top, down, plane.height, ih))
    }
}

/// The flat still seen by an eye: scale and shift in picture heights.
fn flat(eye: &Eye, zoomed: f64) -> (f64, f64, f64) {
    let p = eye.project(1.0);
    (p.scale * zoomed, p.x * zoomed, p.y * zoomed)
}

/// How far the still must be enlarged for pans to have room, and the least and largest scale.
fn reach(camera: &Camera, contain: bool) -> (f64, f64, f64) {
    let (mut shift, mut least, mut most) = (0.0f64, f64::MAX, 0.0f64);
    for eye in camera.samples() {
        let (scale, x, y) = flat(&eye, 1.0);
        // Room beside the centre at a 16:9 frame is 0.89 heights, above it 0.5.
        shift = shift.max((x.abs() / 0.89).max(y.abs() / 0.5) / scale);
        (least, most) = (least.min(scale), most.max(scale));
    }
    let zoomed = if contain { 1.0 } else { 1.0 / (1.0 - shift.min(0.5)) };
    (zoomed, least, most)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::planes::Picture;
    use image::RgbImage;

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
    fn sixteen_bits_are_kept() {
        // A ramp between two neighbours of 8 bits.
        let ramp = ImageBuffer::<Rgb<u16>, _>::from_fn(640, 360, |x, _| Rgb([0x8000 + x as u16 / 3; 3]));
        let lumas = |camera: StillCamera| {
            let mut picture = Picture::black(320, 180);
            camera.draw(0, &mut picture.planes());
            picture.y.iter().copied().collect::<std::collections::BTreeSet<u16>>().len()
        };
        assert!(lumas(StillCamera::new(&ramp, &request("", 24)).unwrap()) > 80);
        let eight = RgbImage::from_fn(640, 360, |x, y| Rgb(ramp.get_pixel(x, y).0.map(|v| (v >> 8) as u8)));
        assert_eq!(lumas(StillCamera::new(&eight, &request("", 24)).unwrap()), 1);
    }

    #[test]
    fn both_depths_give_the_same_of_the_same() {
        let draw = |camera: StillCamera| {
            let mut picture = Picture::black(320, 180);
            camera.draw(7, &mut picture.planes());
            picture
        };
        let (r, g, b) = (|x: u32| (x % 256) as u8, |y: u32| (y % 256) as u8, |x: u32| (x * 7 % 256) as u8);
        let eight = RgbImage::from_fn(640, 360, |x, y| Rgb([r(x), g(y), b(x + y)]));
        let sixteen = ImageBuffer::<Rgb<u16>, _>::from_fn(640, 360, |x, y| {
            Rgb(eight.get_pixel(x, y).0.map(|v| u16::from(v) * 257))
        });
        let one = draw(StillCamera::new(&eight, &request("pan left", 24)).unwrap());
        let other = draw(StillCamera::new(&sixteen, &request("pan left", 24)).unwrap());
        let apart = one.y.iter().zip(&other.y).map(|(a, b)| a.abs_diff(*b)).max();
        assert!(apart.is_some_and(|apart| apart <= 8), "{apart:?} of 65536");
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
