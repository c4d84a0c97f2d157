//! `still`: a still picture under a moving camera.

use std::sync::Arc;

use image::imageops::FilterType;
use image::{DynamicImage, ImageBuffer, Pixel, Primitive, Rgb, Rgba};
use storyreel_animatic::AnimaticError;
use storyreel_animatic::stills::{Depth, Fit, StillCamera, StillRequest};
use storyreel_engine::kinds::material::{self, StillShot};
use storyreel_engine::kinds::{Kind, STILL};
use storyreel_engine::run::protocol::Failure;
use storyreel_media::{ClipSpec, MediaError, Picture, PictureSource};

use crate::inputs::Inputs;
use crate::node::{Streamed, Work};
use crate::painted::painted;
use crate::planes::planes;

/// The kind.
pub struct Still;

impl Streamed for Still {
    fn kind(&self) -> &'static Kind {
        &STILL
    }

    fn open(&self, work: &Work<'_>, _: Inputs) -> Result<Box<dyn PictureSource>, Failure> {
        let params: StillShot = work.params()?;
        let size = (params.size.width, params.size.height);
        let rate = (params.rate.num, params.rate.den);
        let frames = params.frames.0.max(0) as u64;
        let camera =
            painted(work.node.key, StillCamera::bytes, || camera(work, &params, (size, rate, frames)))?;
        Ok(Box::new(Under { spec: ClipSpec { size, rate, frames: Some(frames) }, camera }))
    }
}

/// The still under its camera, prepared.
fn camera(
    work: &Work<'_>,
    params: &StillShot,
    (size, rate, frames): ((u32, u32), (u32, u32), u64),
) -> Result<StillCamera, Failure> {
    let image = work.still(params.file).map_err(|failure| failure.parameter("still"))?;
    let request = StillRequest {
        camera: params.camera.clone(),
        fit: if params.fit == material::Fit::Pad { Fit::Contain } else { Fit::Cover },
        size,
        rate,
        frames,
        seed: params.seed,
        threads: work.context.threads,
    };
    let made = if is_deep(&image) {
        under(image.into_rgba16(), params, &request)
    } else {
        under(image.into_rgba8(), params, &request)
    };
    made.map_err(|error| Failure::permanent(error.to_string()).parameter("still"))
}

/// Whether it has more than 8 bits a sample.
fn is_deep(image: &DynamicImage) -> bool {
    let color = image.color();
    color.bytes_per_pixel() > color.channel_count()
}

/// An image of either depth under its camera.
fn under<S: Depth + Into<u32> + TryFrom<u32> + 'static>(
    image: ImageBuffer<Rgba<S>, Vec<S>>,
    params: &StillShot,
    request: &StillRequest,
) -> Result<StillCamera, AnimaticError>
where
    Rgb<S>: Pixel<Subpixel = S>,
    Rgba<S>: Pixel<Subpixel = S>,
{
    StillCamera::new(&fitted(flattened(&image), params), request)
}

/// What shows through a transparent still is black.
fn flattened<S: Primitive + Into<u32> + TryFrom<u32>>(
    image: &ImageBuffer<Rgba<S>, Vec<S>>,
) -> ImageBuffer<Rgb<S>, Vec<S>>
where
    Rgb<S>: Pixel<Subpixel = S>,
    Rgba<S>: Pixel<Subpixel = S>,
{
    let full: u32 = S::DEFAULT_MAX_VALUE.into();
    ImageBuffer::from_fn(image.width(), image.height(), |x, y| {
        let [r, g, b, a] = image.get_pixel(x, y).0.map(Into::<u32>::into);
        let over =
            |channel: u32| S::try_from((channel * a + full / 2) / full).unwrap_or(S::DEFAULT_MAX_VALUE);
        Rgb([r, g, b].map(over))
    })
}

/// For `stretch`, the still at the film's shape, as large as it was.
fn fitted<S: Primitive + 'static>(
    image: ImageBuffer<Rgb<S>, Vec<S>>,
    params: &StillShot,
) -> ImageBuffer<Rgb<S>, Vec<S>>
where
    Rgb<S>: Pixel<Subpixel = S>,
{
    if params.fit != material::Fit::Stretch {
        return image;
    }
    let (width, height) = (u64::from(params.size.width), u64::from(params.size.height).max(1));
    let wide = u64::from(image.height()) * width / height;
    image::imageops::resize(&image, (wide as u32).max(1), image.height(), FilterType::Lanczos3)
}

struct Under {
    spec: ClipSpec,
    camera: Arc<StillCamera>,
}

impl PictureSource for Under {
    fn spec(&self) -> &ClipSpec {
        &self.spec
    }

    fn picture(&mut self, index: u64, out: &mut Picture) -> Result<(), MediaError> {
        out.reshape(self.spec.size.0, self.spec.size.1);
        self.camera.draw(index as i64, &mut planes(out));
        Ok(())
    }
}
