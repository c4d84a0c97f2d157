//! Shapes on frames: filled and stroked, their edges smooth.

use tiny_skia::{FillRule, LineCap, LineJoin, Path, Stroke, StrokeDash};

use crate::coverage::lay;
use crate::error::{PixelError, Result, sensible, within};
use crate::frame::Frame;
use crate::path::Outline;

/// How lines end and how they bend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ends {
    /// Cut off at the end, with pointed corners.
    Butt,
    /// Round, ends and corners.
    Round,
    /// Half a width beyond the end, with pointed corners.
    Square,
}

impl Ends {
    /// Each with its name.
    pub const ALL: [(&'static str, Self); 3] =
        [("butt", Self::Butt), ("round", Self::Round), ("square", Self::Square)];

    /// The one of that name.
    ///
    /// # Errors
    /// There is none; the nearest is told.
    pub fn named(name: &str) -> Result<Self> {
        crate::named::named("draw", "kind of ends", name, &Self::ALL)
    }
}

/// A line along an outline.
#[derive(Clone, Debug, PartialEq)]
pub struct Pen {
    /// Its width in pixels.
    pub width: f32,
    /// Its colour: red, green, blue, opacity.
    pub colour: [f32; 4],
    /// Ends and corners.
    pub ends: Ends,
    /// Lengths of strokes and gaps in turn, in pixels; none is a whole line.
    pub dashes: Vec<f32>,
}

impl Default for Pen {
    fn default() -> Self {
        Self { width: 1.0, colour: [1.0; 4], ends: Ends::Butt, dashes: Vec::new() }
    }
}

/// How a shape is drawn: first filled, then stroked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Paint {
    /// The colour within: red, green, blue, opacity.
    pub fill: Option<[f32; 4]>,
    /// The line along the outline.
    pub stroke: Option<Pen>,
    /// Where an outline crosses itself: every second area is left out, instead of none.
    pub even_odd: bool,
}

/// Draws a shape on the frame. Outlines that are not closed are filled as if they were.
///
/// # Errors
/// Colours that are not of sense, opacities outside of 0 to 1, a pen's width of 0.01 to 4000, dashes of 0.5 to
/// 10000 pixels, at most 32, an even number.
pub fn draw(frame: &mut Frame, outline: &Outline, paint: &Paint) -> Result<()> {
    if let Some(colour) = paint.fill {
        check_colour("draw", colour)?;
    }
    let stroke = paint.stroke.as_ref().map(stroke_of).transpose()?;
    let Some(path) = outline.to_path() else { return Ok(()) };
    let line = match &stroke {
        Some(stroke) => Some(stroked(&path, stroke)?),
        None => None,
    };
    let rule = if paint.even_odd { FillRule::EvenOdd } else { FillRule::Winding };
    if let Some(colour) = paint.fill {
        lay(frame, std::slice::from_ref(&path), rule, colour);
    }
    if let (Some(line), Some(pen)) = (line.flatten(), &paint.stroke) {
        lay(frame, &[line], FillRule::Winding, pen.colour);
    }
    Ok(())
}

pub(crate) fn check_colour(operation: &str, colour: [f32; 4]) -> Result<()> {
    sensible(operation, "colour", [colour[0], colour[1], colour[2]])?;
    within(operation, "opacity", colour[3], 0.0..=1.0).map(|_| ())
}

fn stroke_of(pen: &Pen) -> Result<Stroke> {
    check_colour("draw", pen.colour)?;
    let width = within("draw", "width", pen.width, 0.01..=4000.0)?;
    for dash in &pen.dashes {
        within("draw", "dash", *dash, 0.5..=10_000.0)?;
    }
    if pen.dashes.len() > 32 || pen.dashes.len() % 2 == 1 {
        let problem = format_args!("wants an even number of `dashes`, at most 32, not {}", pen.dashes.len());
        return Err(PixelError::argument("draw", problem));
    }
    let (line_cap, line_join) = match pen.ends {
        Ends::Butt => (LineCap::Butt, LineJoin::Miter),
        Ends::Round => (LineCap::Round, LineJoin::Round),
        Ends::Square => (LineCap::Square, LineJoin::Miter),
    };
    let dash = if pen.dashes.is_empty() { None } else { StrokeDash::new(pen.dashes.clone(), 0.0) };
    Ok(Stroke { width, line_cap, line_join, dash, ..Stroke::default() })
}

/// The outline of a line; none where there is nothing to be seen.
pub(crate) fn stroked(path: &Path, stroke: &Stroke) -> Result<Option<Path>> {
    match &stroke.dash {
        None => Ok(path.stroke(stroke, 1.0)),
        Some(dash) => {
            let pieces = path.dash(dash, 1.0);
            let pieces = pieces
                .ok_or_else(|| PixelError::argument("draw", "has too many dashes on so long a line"))?;
            Ok(pieces.stroke(stroke, 1.0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::Budget;
    use crate::measure::statistics;

    fn black(width: usize, height: usize) -> Frame {
        Frame::new(width, height, &Budget::new(1 << 28)).unwrap()
    }

    fn filled(colour: [f32; 4]) -> Paint {
        Paint { fill: Some(colour), ..Paint::default() }
    }

    #[test]
    fn areas_are_what_geometry_says() {
        for (outline, area) in [
            (Outline::rectangle(10.25, 20.5, 40.5, 30.0).unwrap(), 40.5 * 30.0),
            (Outline::ellipse(60.0, 60.0, 40.0, 25.0).unwrap(), std::f64::consts::PI * 1000.0),
            (Outline::polygon(&[(5.0, 5.0), (105.0, 5.0), (5.0, 85.0)]).unwrap(), 4000.0),
            (
                Outline::rounded(10.0, 10.0, 80.0, 60.0, 20.0).unwrap(),
                4800.0 - (4.0 - std::f64::consts::PI) * 400.0,
            ),
        ] {
            let mut frame = black(128, 128);
            draw(&mut frame, &outline, &filled([1.0, 0.5, 0.0, 1.0])).unwrap();
            let found = statistics(&frame);
            let drawn = found.mean[0] * 128.0 * 128.0;
            assert!((drawn / area - 1.0).abs() < 0.01, "{drawn}, not {area}");
            assert!((found.mean[1] / found.mean[0] - 0.5).abs() < 1e-5 && found.mean[2] == 0.0);
        }
    }

    #[test]
    fn lines_dashes_and_tiles() {
        // Wider than a tile.
        let mut frame = black(2500, 40);
        let line = Outline::polyline(&[(-50.0, 20.0), (3000.0, 20.0)]).unwrap();
        let pen = Pen { width: 10.0, colour: [1.0, 1.0, 1.0, 0.5], ..Pen::default() };
        draw(&mut frame, &line, &Paint { stroke: Some(pen.clone()), ..Paint::default() }).unwrap();
        assert!((statistics(&frame).mean[0] - 0.5 * 10.0 / 40.0).abs() < 1e-4);
        assert_eq!(
            (frame.pixel(1023, 20).unwrap(), frame.pixel(1024, 20).unwrap()[0]),
            ([0.5, 0.5, 0.5, 1.0], 0.5)
        );
        let mut frame = black(400, 40);
        let line = Outline::polyline(&[(0.0, 20.0), (400.0, 20.0)]).unwrap();
        let dashed = Pen { dashes: vec![30.0, 10.0], ..pen };
        draw(&mut frame, &line, &Paint { stroke: Some(dashed), ..Paint::default() }).unwrap();
        assert!((statistics(&frame).mean[0] - 0.75 * 0.125).abs() < 1e-3);
    }

    #[test]
    fn clear_frames_take_the_colour_itself() {
        let mut frame = black(16, 16);
        frame.set_alpha(0.0).unwrap();
        let half = Outline::rectangle(4.5, 4.0, 8.0, 8.0).unwrap();
        draw(&mut frame, &half, &filled([1.0, 0.25, 0.0, 1.0])).unwrap();
        let [r, g, _, a] = frame.pixel(4, 8).unwrap();
        assert!((a - 0.5).abs() < 0.02 && (r - 1.0).abs() < 1e-6 && (g - 0.25).abs() < 1e-6);
    }

    #[test]
    fn hostile_arguments_are_refused_or_harmless() {
        let mut frame = black(64, 64);
        let far =
            Outline::polyline(&[(-32_000.0, -32_000.0), (32_000.0, 31_999.0), (-32_000.0, 5.0)]).unwrap();
        let pen = Pen { width: 4000.0, ends: Ends::Round, ..Pen::default() };
        draw(&mut frame, &far, &Paint { fill: Some([1.0; 4]), stroke: Some(pen.clone()), even_odd: true })
            .unwrap();
        let many = Pen { dashes: vec![0.5, 0.5], ..Pen::default() };
        let long: Vec<(f32, f32)> =
            (0..900).map(|n| (if n % 2 == 0 { -32_000.0 } else { 32_000.0 }, n as f32)).collect();
        let long = Outline::polyline(&long).unwrap();
        assert!(draw(&mut frame, &long, &Paint { stroke: Some(many), ..Paint::default() }).is_err());
        for bad in [Pen { width: f32::NAN, ..pen.clone() }, Pen { dashes: vec![3.0], ..pen.clone() }] {
            assert!(draw(&mut frame, &far, &Paint { stroke: Some(bad), ..Paint::default() }).is_err());
        }
        assert!(draw(&mut frame, &far, &filled([0.0, 0.0, 0.0, 2.0])).is_err());
    }
}
