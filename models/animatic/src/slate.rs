//! A slate: the card that stands, plainly marked, where a shot is missing.

use cosmic_text::{Align, Attrs, Buffer, Color, Family, FontSystem, Metrics, Shaping, SwashCache, Weight};
use tiny_skia::{Pixmap, PremultipliedColorU8};

use crate::grade::Grade;
use crate::layer::Layer;
use crate::planes::Picture;
use crate::text::AnimaticError;

/// Draws a slate: what is missing, and why, in a line or two.
///
/// # Errors
/// A size that cannot be drawn; no font on the machine.
pub fn draw(title: &str, reason: &str, size: (u32, u32)) -> Result<Picture, AnimaticError> {
    let (w, h) = size;
    if !(16..=8192).contains(&w) || !(16..=8192).contains(&h) {
        return Err(AnimaticError::Size(w, h));
    }
    let mut fonts = FontSystem::new();
    if fonts.db().is_empty() {
        return Err(AnimaticError::Font);
    }
    let mut pixmap = Pixmap::new(w, h).ok_or(AnimaticError::Size(w, h))?;
    card(&mut pixmap);
    let unit = h as f32;
    write(&mut pixmap, &mut fonts, "SHOT MISSING", 0.045 * unit, 0.27 * unit, Color::rgb(0xe8, 0xb0, 0x3a));
    write(&mut pixmap, &mut fonts, title, 0.115 * unit, 0.37 * unit, Color::rgb(0xf2, 0xee, 0xe4));
    write(&mut pixmap, &mut fonts, reason, 0.042 * unit, 0.57 * unit, Color::rgb(0xb4, 0xb8, 0xbf));
    Ok(flat_picture(&pixmap))
}

/// A dark card between two bands of diagonal stripes.
fn card(pixmap: &mut Pixmap) {
    let (w, h) = (pixmap.width() as usize, pixmap.height() as usize);
    let band = h / 12;
    let stripe = (h / 14).max(2);
    for (i, px) in pixmap.pixels_mut().iter_mut().enumerate() {
        let (x, y) = (i % w, i / w);
        let edge = y < band || y >= h - band;
        let lit = (x + y) / stripe % 2 == 0;
        let (r, g, b) = match (edge, lit) {
            (true, true) => (0xe8, 0xb0, 0x3a),
            (true, false) => (0x22, 0x24, 0x28),
            _ => (0x2b, 0x2f, 0x36),
        };
        if let Some(colour) = PremultipliedColorU8::from_rgba(r, g, b, 255) {
            *px = colour;
        }
    }
}

/// Writes centred, wrapped text whose first line begins at `top`.
fn write(pixmap: &mut Pixmap, fonts: &mut FontSystem, words: &str, size: f32, top: f32, colour: Color) {
    let (w, h) = (pixmap.width() as i32, pixmap.height() as i32);
    let mut buffer = Buffer::new(fonts, Metrics::new(size, size * 1.25));
    buffer.set_size(Some(w as f32 * 0.9), Some(h as f32));
    let attrs = Attrs::new().family(Family::SansSerif).weight(Weight::BOLD);
    buffer.set_text(words, &attrs, Shaping::Advanced, Some(Align::Center));
    buffer.shape_until_scroll(fonts, false);
    let mut cache = SwashCache::new();
    let left = (w as f32 * 0.05) as i32;
    let data = pixmap.pixels_mut();
    buffer.draw(fonts, &mut cache, colour, |x, y, gw, gh, c| {
        for dy in 0..gh as i32 {
            for dx in 0..gw as i32 {
                let (px, py) = (x + dx + left, y + dy + top as i32);
                if px >= 0 && py >= 0 && px < w && py < h {
                    over(&mut data[(py * w + px) as usize], c);
                }
            }
        }
    });
}

fn over(px: &mut PremultipliedColorU8, c: Color) {
    let a = u32::from(c.a());
    let lay = |old: u8, new: u8| ((u32::from(old) * (255 - a) + u32::from(new) * a + 127) / 255) as u8;
    let (r, g, b) = (lay(px.red(), c.r()), lay(px.green(), c.g()), lay(px.blue(), c.b()));
    if let Some(mixed) = PremultipliedColorU8::from_rgba(r, g, b, 255) {
        *px = mixed;
    }
}

/// An opaque pixmap as a picture.
fn flat_picture(pixmap: &Pixmap) -> Picture {
    let plain = Grade { tint: 0.0, ..Grade::default() };
    let layer = Layer::from_pixmap(pixmap, &plain, 0.0, 0);
    let (w, h) = (pixmap.width() as usize, pixmap.height() as usize);
    let mut picture = Picture::black(w, h);
    for (out, row) in picture.y.chunks_mut(w).zip(layer.y.chunks(layer.width)) {
        out.copy_from_slice(&row[..w]);
    }
    picture.cb.copy_from_slice(&layer.cb);
    picture.cr.copy_from_slice(&layer.cr);
    picture
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slate_is_marked_and_written() {
        let one =
            draw("cliff.wide", "the edit names a boat, but the shot shows only gulls", (480, 270)).unwrap();
        let other =
            draw("cliff.rail", "the edit names a boat, but the shot shows only gulls", (480, 270)).unwrap();
        assert_ne!(one, other);
        let stripes: std::collections::BTreeSet<u16> = one.y[..480].iter().copied().collect();
        assert!(stripes.len() >= 2);
    }

    #[test]
    fn odd_sizes_are_drawn_and_silly_ones_refused() {
        assert_eq!(draw("a", "b", (321, 181)).unwrap().cb.len(), 161 * 91);
        assert_eq!(draw("a", "b", (0, 9)), Err(AnimaticError::Size(0, 9)));
    }
}
