//! Text on frames, from fonts that are compiled in: the same letters on every machine.
//!
//! Letters are drawn as outlines (Ubuntu Light, with Noto Emoji for symbols), placed to parts of a pixel; heavier
//! weights are the same outlines widened, since there is one weight only.

use std::sync::{Arc, Mutex, PoisonError};

use cosmic_text::{
    Align as Aligned, Attrs, Buffer, CacheKey, CacheKeyFlags, Command, Family, FontSystem, LayoutGlyph,
    Metrics, Shaping, SwashCache, Wrap, fontdb,
};
use tiny_skia::{FillRule, LineCap, LineJoin, Path, PathBuilder, Stroke};

use crate::blur::blur_plane;
use crate::coverage::{Area, cover, lay, lay_row};
use crate::draw::check_colour;
use crate::error::{PixelError, Result, within};
use crate::frame::Frame;
use crate::path::FARTHEST;

/// The longest text, in bytes.
pub const MAX_TEXT: usize = 20_000;

/// Where lines lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Left edges at the text's place.
    Left,
    /// Middles at the text's place, or in the middle of its width.
    Middle,
    /// Right edges at the text's place, or at the end of its width.
    Right,
}

impl Align {
    /// Each with its name.
    pub const ALL: [(&'static str, Self); 3] =
        [("left", Self::Left), ("middle", Self::Middle), ("right", Self::Right)];

    /// The one of that name.
    ///
    /// # Errors
    /// There is none; the nearest is told.
    pub fn named(name: &str) -> Result<Self> {
        crate::named::named("text", "alignment", name, &Self::ALL)
    }
}

/// A shadow under a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shadow {
    /// To the right, in pixels.
    pub across: f32,
    /// Down, in pixels.
    pub down: f32,
    /// The radius of its blur (standard deviation), in pixels.
    pub blur: f32,
    /// Red, green, blue, opacity.
    pub colour: [f32; 4],
}

/// How a text is set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TextStyle {
    /// Height of the font, in pixels.
    pub size: f32,
    /// From 300 (the font's own) to 900.
    pub weight: f32,
    /// Red, green, blue, opacity.
    pub colour: [f32; 4],
    /// Where lines lie.
    pub align: Align,
    /// Where lines break, in pixels; without it they do at line feeds only.
    pub width: Option<f32>,
    /// From line to line, in heights of the font.
    pub leading: f32,
    /// A line around the letters: its width in pixels and its colour.
    pub outline: Option<(f32, [f32; 4])>,
    /// A shadow under all of it.
    pub shadow: Option<Shadow>,
}

impl Default for TextStyle {
    fn default() -> Self {
        Self {
            size: 48.0,
            weight: 400.0,
            colour: [1.0; 4],
            align: Align::Left,
            width: None,
            leading: 1.3,
            outline: None,
            shadow: None,
        }
    }
}

impl TextStyle {
    fn check(&self, text: &str) -> Result<()> {
        within("text", "size", self.size, 1.0..=2000.0)?;
        within("text", "weight", self.weight, 300.0..=900.0)?;
        within("text", "leading", self.leading, 0.5..=5.0)?;
        check_colour("text", self.colour)?;
        if let Some(width) = self.width {
            within("text", "width", width, 1.0..=FARTHEST)?;
        }
        if let Some((width, colour)) = self.outline {
            within("text", "outline", width, 0.01..=200.0)?;
            check_colour("text", colour)?;
        }
        if let Some(shadow) = self.shadow {
            within("text", "shadow's place", shadow.across, -2000.0..=2000.0)?;
            within("text", "shadow's place", shadow.down, -2000.0..=2000.0)?;
            within("text", "shadow's blur", shadow.blur, 0.0..=500.0)?;
            check_colour("text", shadow.colour)?;
        }
        if text.len() > MAX_TEXT {
            let problem = format_args!("takes at most {MAX_TEXT} bytes, not {}", text.len());
            return Err(PixelError::argument("text", problem));
        }
        Ok(())
    }

    /// How much wider strokes are than the font's own: at 700 as much again as a light stroke.
    fn heavier(&self) -> f32 {
        (self.weight - 300.0) / 400.0 * 0.07 * self.size
    }
}

/// How much room a text takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TextSize {
    /// The widest line, in pixels.
    pub width: f32,
    /// All lines, in pixels.
    pub height: f32,
    /// How many lines there are.
    pub lines: usize,
}

/// The text engine with its fonts.
struct Letters {
    fonts: FontSystem,
    outlines: SwashCache,
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
            outlines: SwashCache::new(),
        }
    }

    /// Adds a glyph's outline, its origin at (`x`, `y`).
    fn outline(&mut self, glyph: &LayoutGlyph, (x, y): (f32, f32), path: &mut PathBuilder) {
        let flags = glyph.cache_key_flags | CacheKeyFlags::DISABLE_HINTING;
        let (font, id, size) = (glyph.font_id, glyph.glyph_id, glyph.font_size);
        let (key, ..) = CacheKey::new(font, id, size, (0.0, 0.0), glyph.font_weight, flags);
        let Some(commands) = self.outlines.get_outline_commands_uncached(&mut self.fonts, key) else {
            return;
        };
        // Outlines have y upwards.
        for command in commands.iter() {
            match command {
                Command::MoveTo(a) => path.move_to(x + a.x, y - a.y),
                Command::LineTo(a) => path.line_to(x + a.x, y - a.y),
                Command::QuadTo(a, b) => path.quad_to(x + a.x, y - a.y, x + b.x, y - b.y),
                Command::CurveTo(a, b, c) => {
                    path.cubic_to(x + a.x, y - a.y, x + b.x, y - b.y, x + c.x, y - c.y);
                }
                Command::Close => path.close(),
            }
        }
    }
}

/// Sets a text; gives its size, and its letters' outlines as if its place were (`left`, `top`).
fn set(text: &str, style: &TextStyle, place: Option<(f32, f32)>) -> Result<(TextSize, Option<Path>)> {
    style.check(text)?;
    // A panic elsewhere leaves nothing half-done in the fonts.
    let mut letters = LETTERS.lock().unwrap_or_else(PoisonError::into_inner);
    let letters = letters.get_or_insert_with(Letters::new);
    let metrics = Metrics::new(style.size, style.size * style.leading);
    let mut buffer = Buffer::new(&mut letters.fonts, metrics);
    {
        let mut buffer = buffer.borrow_with(&mut letters.fonts);
        buffer.set_wrap(if style.width.is_some() { Wrap::WordOrGlyph } else { Wrap::None });
        buffer.set_size(style.width, None);
        let attrs = Attrs::new().family(Family::Name("Ubuntu"));
        buffer.set_text(text, &attrs, Shaping::Advanced, Some(Aligned::Left));
        buffer.shape_until_scroll(true);
    }
    let mut size = TextSize { width: 0.0, height: 0.0, lines: 0 };
    let mut path = PathBuilder::new();
    for run in buffer.layout_runs() {
        size.lines += 1;
        size.width = size.width.max(run.line_w);
        size.height = size.height.max(run.line_top + run.line_height);
        let Some((left, top)) = place else { continue };
        // Lines of a script from right to left may begin elsewhere than at 0.
        let begin = run.glyphs.iter().map(|glyph| glyph.x).fold(f32::MAX, f32::min);
        let free = style.width.unwrap_or(0.0) - run.line_w;
        let indent = match style.align {
            Align::Left => 0.0,
            Align::Middle => free * 0.5,
            Align::Right => free,
        };
        for glyph in run.glyphs {
            let x = left + indent + glyph.x - begin + glyph.font_size * glyph.x_offset;
            let y = top + run.line_y + glyph.y - glyph.font_size * glyph.y_offset;
            if x.abs() < FARTHEST && y.abs() < FARTHEST {
                letters.outline(glyph, (x, y), &mut path);
            }
        }
    }
    Ok((size, path.finish()))
}

/// How much room a text takes, drawn in that style.
///
/// # Errors
/// A text that is too long, or a style beyond bounds.
pub fn measure(text: &str, style: &TextStyle) -> Result<TextSize> {
    set(text, style, None).map(|(size, _)| size)
}

/// Draws a text, the top of its first line at `top`: its shadow, then its outline, then its letters.
///
/// # Errors
/// A text that is too long, a style or a place beyond bounds, or no room on the budget for a shadow.
pub fn draw(frame: &mut Frame, text: &str, left: f32, top: f32, style: &TextStyle) -> Result<TextSize> {
    within("text", "place", left, -FARTHEST..=FARTHEST)?;
    within("text", "place", top, -FARTHEST..=FARTHEST)?;
    let (size, path) = set(text, style, Some((left, top)))?;
    let Some(path) = path else { return Ok(size) };
    let mut body = vec![path.clone()];
    body.extend(widened(&path, style.heavier()));
    let rim = style
        .outline
        .and_then(|(width, colour)| widened(&path, style.heavier() + 2.0 * width).map(|rim| (rim, colour)));
    if let Some(shadow) = style.shadow {
        let mut all = body.clone();
        all.extend(rim.as_ref().map(|(rim, _)| rim.clone()));
        cast(frame, &all, shadow)?;
    }
    if let Some((rim, colour)) = rim {
        lay(frame, &[rim], FillRule::Winding, colour);
    }
    lay(frame, &body, FillRule::Winding, style.colour);
    Ok(size)
}

/// A line of that width along the letters' outlines.
fn widened(path: &Path, width: f32) -> Option<Path> {
    if width < 0.01 {
        return None;
    }
    let stroke = Stroke { width, line_cap: LineCap::Round, line_join: LineJoin::Round, ..Stroke::default() };
    path.stroke(&stroke, 1.0)
}

/// Lays the blurred shadow of outlines on the frame.
fn cast(frame: &mut Frame, paths: &[Path], shadow: Shadow) -> Result<()> {
    let margin = (shadow.blur * 4.0).ceil() as isize + 1;
    let (across, down) = (shadow.across.round() as isize, shadow.down.round() as isize);
    let all = Area::of(frame);
    // Only what can reach the frame is drawn.
    let near = Area {
        left: all.left - margin - across,
        top: all.top - margin - down,
        right: all.right + margin - across,
        bottom: all.bottom + margin - down,
    };
    let area = Area::around(paths, margin as f32).and_then(|area| area.within(near));
    let Some(area) = area else { return Ok(()) };
    let size = ((area.right - area.left) as usize, (area.bottom - area.top) as usize);
    let budget = frame.budget().clone();
    let mut plane = budget.plane(size.0 * size.1)?;
    cover(paths, FillRule::Winding, area, |y, x, covered| {
        let at = (y - area.top) as usize * size.0 + (x - area.left) as usize;
        plane[at..].iter_mut().zip(covered).for_each(|(to, c)| *to = f32::from(*c) / 255.0);
    });
    if shadow.blur >= 0.05 {
        let mut soft = budget.unwritten(plane.len())?;
        let mut scratch = budget.unwritten(plane.len())?;
        blur_plane(&plane, size, shadow.blur, &mut scratch, &mut soft);
        plane = soft;
    }
    let moved = Area {
        left: area.left + across,
        top: area.top + down,
        right: area.right + across,
        bottom: area.bottom + down,
    };
    let Some(seen) = moved.within(all) else { return Ok(()) };
    let width = frame.width();
    for y in seen.top..seen.bottom {
        let from = (y - moved.top) as usize * size.0 + (seen.left - moved.left) as usize;
        let row = &plane[from..from + (seen.right - seen.left) as usize];
        lay_row(
            frame,
            y as usize * width + seen.left as usize,
            row.iter().map(|v| v.clamp(0.0, 1.0)),
            shadow.colour,
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::Budget;
    use crate::measure::statistics;

    fn lit(text: &str, style: TextStyle, at: (f32, f32)) -> (Frame, TextSize) {
        let mut frame = Frame::new(400, 200, &Budget::new(1 << 24)).unwrap();
        let size = draw(&mut frame, text, at.0, at.1, &style).unwrap();
        (frame, size)
    }

    /// The first and the last column that has light.
    fn columns(frame: &Frame) -> (usize, usize) {
        let row = frame.channels()[0];
        let bright = |x: usize| (0..frame.height()).any(|y| row[y * frame.width() + x] > 0.2);
        let first = (0..frame.width()).find(|x| bright(*x)).unwrap();
        (first, (0..frame.width()).rfind(|x| bright(*x)).unwrap())
    }

    #[test]
    fn lines_lie_where_they_are_aligned() {
        let style = TextStyle { size: 40.0, ..TextStyle::default() };
        let size = measure("Storyreel", &style).unwrap();
        assert!((100.0..250.0).contains(&size.width) && size.lines == 1 && (size.height - 52.0).abs() < 1.0);
        for (align, middle) in [
            (Align::Left, 200.0 + size.width / 2.0),
            (Align::Middle, 200.0),
            (Align::Right, 200.0 - size.width / 2.0),
        ] {
            let (frame, _) = lit("Storyreel", TextStyle { align, ..style }, (200.0, 50.0));
            let (first, last) = columns(&frame);
            assert!(((first + last) as f32 / 2.0 - middle).abs() < 6.0, "{align:?}: {first} to {last}");
        }
        let boxed = TextStyle { align: Align::Right, width: Some(300.0), ..style };
        let (first, last) = columns(&lit("Storyreel", boxed, (50.0, 50.0)).0);
        assert!((345..=351).contains(&last) && first > 60);
    }

    #[test]
    fn words_wrap_and_heavier_letters_are_brighter() {
        let style = TextStyle { size: 30.0, width: Some(150.0), ..TextStyle::default() };
        let size = measure("one two three four five six seven", &style).unwrap();
        assert!(size.lines >= 3 && size.width <= 150.0, "{size:?}");
        let ink = |weight: f32| {
            statistics(&lit("Ink", TextStyle { weight, ..TextStyle::default() }, (20.0, 20.0)).0).mean[0]
        };
        assert!(ink(700.0) > 1.5 * ink(300.0) && ink(500.0) > 1.2 * ink(300.0));
    }

    #[test]
    fn outlines_and_shadows_surround_the_letters() {
        let style = TextStyle {
            colour: [0.0, 0.0, 0.0, 1.0],
            outline: Some((4.0, [0.0, 1.0, 0.0, 1.0])),
            ..TextStyle::default()
        };
        let (frame, _) = lit("I", style, (100.0, 50.0));
        assert!(statistics(&frame).greatest[1] > 0.99);
        let shadow = Shadow { across: 100.0, down: 20.0, blur: 6.0, colour: [0.0, 0.0, 1.0, 1.0] };
        let plain = TextStyle { colour: [1.0, 0.0, 0.0, 1.0], shadow: Some(shadow), ..TextStyle::default() };
        let (frame, _) = lit("III", plain, (100.0, 50.0));
        let found = statistics(&frame);
        // A shadow has as much light as its letters, only elsewhere.
        assert!((found.mean[2] / found.mean[0] - 1.0).abs() < 0.01 && found.greatest[2] < 0.8, "{found:?}");
        let off = Shadow { across: 2000.0, ..shadow };
        lit("III", TextStyle { shadow: Some(off), ..plain }, (-300.0, 50.0));
    }

    #[test]
    fn strange_texts_are_harmless() {
        for text in [
            "",
            "\0\u{7}\r\n\n",
            "שלום world",
            "e\u{301}\u{301}\u{301}",
            "😀🎬",
            "\u{202e}abc\u{2066}",
            "\t\t",
            "ﷺ",
        ] {
            let (_, size) = lit(text, TextStyle { width: Some(1.0), ..TextStyle::default() }, (5.0, 5.0));
            assert!(size.height.is_finite());
        }
        let mut frame = Frame::new(4, 4, &Budget::new(1 << 10)).unwrap();
        assert!(draw(&mut frame, &"a".repeat(MAX_TEXT + 1), 0.0, 0.0, &TextStyle::default()).is_err());
        assert!(draw(&mut frame, "a", f32::NAN, 0.0, &TextStyle::default()).is_err());
        assert!(measure("a", &TextStyle { size: 1e9, ..TextStyle::default() }).is_err());
    }
}
