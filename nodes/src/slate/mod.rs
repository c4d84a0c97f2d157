//! `slate`: a marked slate in place of a shot that failed. It says so in every picture, and a bar
//! grows so that nobody takes it for a frozen film.

use image::{Rgb, RgbImage};
use storyreel_engine::kinds::edit as params;
use storyreel_engine::kinds::{Kind, SLATE};
use storyreel_engine::run::protocol::Failure;
use storyreel_media::convert::picture_from_rgb;
use storyreel_media::{ClipSpec, MediaError, Picture, PictureSource};

use crate::inputs::Inputs;
use crate::lettering::{self, Style};
use crate::node::{Streamed, Work};

const GROUND: [u8; 3] = [30, 31, 35];
const STRIPES: [[u8; 3]; 2] = [[222, 178, 58], [38, 38, 42]];
const INK: [u8; 3] = [240, 236, 226];
const FAINT: [u8; 3] = [170, 168, 160];

/// The kind.
pub struct Slate;

impl Streamed for Slate {
    fn kind(&self) -> &'static Kind {
        &SLATE
    }

    fn open(&self, work: &Work<'_>, _: Inputs) -> Result<Box<dyn PictureSource>, Failure> {
        let params: params::Slate = work.params()?;
        let spec = ClipSpec {
            size: (params.size.width, params.size.height),
            rate: (params.rate.num, params.rate.den),
            frames: Some(params.frames.0.max(0) as u64),
        };
        let card = card(&params);
        Ok(Box::new(Card { spec, card }))
    }
}

struct Card {
    spec: ClipSpec,
    card: RgbImage,
}

impl PictureSource for Card {
    fn spec(&self) -> &ClipSpec {
        &self.spec
    }

    fn picture(&mut self, index: u64, out: &mut Picture) -> Result<(), MediaError> {
        let mut image = self.card.clone();
        progress(&mut image, index + 1, self.spec.frames.unwrap_or(1).max(1));
        picture_from_rgb(image.as_raw(), self.spec.size, out);
        Ok(())
    }
}

/// The still part: stripes above and below, what is missing, and why.
fn card(params: &params::Slate) -> RgbImage {
    let (width, height) = (params.size.width, params.size.height);
    let band = (height / 14).max(1);
    let mut image = RgbImage::from_fn(width, height, |x, y| {
        let edge = y < band || y >= height - band;
        Rgb(if edge { STRIPES[((x + y) / band % 2) as usize] } else { GROUND })
    });
    let unit = height as f32 / 1080.0;
    let left = (width / 12) as i32;
    let style =
        |size: f32, colour| Style { size: (size * unit).max(4.0), colour, width: (width - width / 6).max(1) };
    let mut top = (height / 4) as i32;
    for (text, style) in [
        ("SHOT MISSING", style(54.0, STRIPES[0])),
        (params.title.as_str(), style(120.0, INK)),
        (params.reason.as_str(), style(46.0, FAINT)),
    ] {
        top += lettering::write(&mut image, text, left, top, style) as i32 + (24.0 * unit) as i32;
    }
    image
}

/// A bar that grows with the shot.
fn progress(image: &mut RgbImage, done: u64, total: u64) {
    let (width, height) = image.dimensions();
    let (left, top) = (width / 12, height * 4 / 5);
    let full = width - width / 6;
    let grown = (u64::from(full) * done.min(total) / total) as u32;
    for y in top..(top + (height / 90).max(1)).min(height) {
        for x in 0..full {
            let colour = if x < grown { STRIPES[0] } else { [60, 61, 66] };
            image.put_pixel(left + x, y, Rgb(colour));
        }
    }
}
