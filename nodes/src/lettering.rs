//! Text on pictures: contact sheets and slates. The fonts are compiled in, so that text looks the
//! same on every machine and no key needs to count what fonts a machine has.

use std::sync::{Arc, Mutex, PoisonError};

use cosmic_text::{Attrs, Buffer, Color, Family, FontSystem, Metrics, Shaping, SwashCache, fontdb};
use image::{Rgb, RgbImage};

/// The text engine with its fonts.
struct Letters {
    fonts: FontSystem,
    glyphs: SwashCache,
}

static LETTERS: Mutex<Option<Letters>> = Mutex::new(None);

impl Letters {
    fn new() -> Self {
        let mut fonts = fontdb::Database::new();
        for bytes in [epaint_default_fonts::UBUNTU_LIGHT, epaint_default_fonts::NOTO_EMOJI_REGULAR] {
            fonts.load_font_source(fontdb::Source::Binary(Arc::new(bytes)));
        }
        Self {
            fonts: FontSystem::new_with_locale_and_db("en-US".to_owned(), fonts),
            glyphs: SwashCache::new(),
        }
    }
}

/// How a text is set.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Height of the font in pixels.
    pub size: f32,
    /// Its colour.
    pub colour: [u8; 3],
    /// Width at which lines break, in pixels.
    pub width: u32,
}

/// Sets `text` with its top left corner at (`left`, `top`); returns the height it took, in pixels.
pub fn write(image: &mut RgbImage, text: &str, left: i32, top: i32, style: Style) -> u32 {
    // A panic elsewhere leaves nothing half-done in the fonts.
    let mut letters = LETTERS.lock().unwrap_or_else(PoisonError::into_inner);
    let Letters { fonts, glyphs } = letters.get_or_insert_with(Letters::new);
    let metrics = Metrics::new(style.size, style.size * 1.3);
    let mut buffer = Buffer::new(fonts, metrics);
    let mut buffer = buffer.borrow_with(fonts);
    buffer.set_size(Some(style.width as f32), None);
    let attrs = Attrs::new().family(Family::Name("Ubuntu"));
    buffer.set_text(text, &attrs, Shaping::Advanced, None);
    buffer.shape_until_scroll(true);
    let lines = buffer.layout_runs().count() as f32;
    let [r, g, b] = style.colour;
    buffer.draw(glyphs, Color::rgb(r, g, b), |x, y, width, height, colour| {
        for (dx, dy) in (0..height as i32).flat_map(|dy| (0..width as i32).map(move |dx| (dx, dy))) {
            blend(image, left + x + dx, top + y + dy, colour);
        }
    });
    (lines * metrics.line_height).ceil() as u32
}

fn blend(image: &mut RgbImage, x: i32, y: i32, colour: Color) {
    let (Ok(x), Ok(y)) = (u32::try_from(x), u32::try_from(y)) else {
        return;
    };
    let Some(Rgb(pixel)) = image.get_pixel_mut_checked(x, y) else {
        return;
    };
    let alpha = u32::from(colour.a());
    for (old, new) in pixel.iter_mut().zip([colour.r(), colour.g(), colour.b()]) {
        *old = ((u32::from(*old) * (255 - alpha) + u32::from(new) * alpha + 127) / 255) as u8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_set_within_its_box_and_the_same_each_time() {
        let style = Style { size: 20.0, colour: [255; 3], width: 200 };
        let set = || {
            let mut image = RgbImage::new(240, 80);
            let height = write(&mut image, "cliff.wide 0:12", 10, 10, style);
            (image, height)
        };
        let (image, height) = set();
        assert_eq!((image.clone(), height), set());
        assert_eq!(height, 26);
        let lit = image.pixels().filter(|pixel| pixel.0[0] > 128).count();
        assert!((100..2000).contains(&lit), "{lit} lit pixels");
    }
}
