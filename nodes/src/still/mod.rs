//! `still`: a still picture under a moving camera.

use std::sync::Arc;

use image::RgbImage;
use image::imageops::FilterType;
use storyreel_animatic::stills::{Fit, StillCamera, StillRequest};
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
    let image = fitted(flattened(image.into_rgba8()), params);
    let request = StillRequest {
        camera: params.camera.clone(),
        fit: if params.fit == material::Fit::Pad { Fit::Contain } else { Fit::Cover },
        size,
        rate,
        frames,
        seed: params.seed,
        threads: work.context.threads,
    };
    StillCamera::new(&image, &request)
        .map_err(|error| Failure::permanent(error.to_string()).parameter("still"))
}

/// What shows through a transparent still is black.
fn flattened(image: image::RgbaImage) -> RgbImage {
    RgbImage::from_fn(image.width(), image.height(), |x, y| {
        let [r, g, b, a] = image.get_pixel(x, y).0.map(u32::from);
        image::Rgb([r, g, b].map(|channel| ((channel * a + 127) / 255) as u8))
    })
}

/// For `stretch`, the still at the film's shape, as large as it was.
fn fitted(image: RgbImage, params: &StillShot) -> RgbImage {
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
