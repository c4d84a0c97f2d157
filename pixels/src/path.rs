//! Outlines of shapes: built point by point, from figures, or read from a path's words as SVG has them.
//!
//! What always holds: an outline has at most [`MAX_POINTS`] points, all within ±[`FARTHEST`] pixels.

use tiny_skia::{Path, PathBuilder, Rect};

use crate::error::{PixelError, Result, within};
use crate::named::shortened;

/// The most points of an outline.
pub const MAX_POINTS: usize = 50_000;
/// How far from a frame's top left corner points may lie.
pub const FARTHEST: f32 = 32_000.0;

/// A piece of an outline.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Piece {
    /// Begins a line here.
    Move(f32, f32),
    /// Straight on to here.
    Line(f32, f32),
    /// By a control point.
    Quad((f32, f32), (f32, f32)),
    /// By two control points.
    Cubic((f32, f32), (f32, f32), (f32, f32)),
    /// Back to where the line began.
    Close,
}

/// The outline of a shape, in pixels from the frame's top left corner.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outline {
    pieces: Vec<Piece>,
}

impl Outline {
    /// An outline of pieces.
    ///
    /// # Errors
    /// Too many points, or points too far out; the first piece is not a [`Piece::Move`].
    pub fn new(pieces: Vec<Piece>) -> Result<Self> {
        if pieces.len() > MAX_POINTS {
            let problem = format_args!("takes at most {MAX_POINTS} points, not {}", pieces.len());
            return Err(PixelError::argument("path", problem));
        }
        if !matches!(pieces.first(), Some(Piece::Move(..)) | None) {
            return Err(PixelError::argument("path", "begins by moving to a place (`M x y`)"));
        }
        for piece in &pieces {
            check(*piece)?;
        }
        Ok(Self { pieces })
    }

    /// A rectangle.
    ///
    /// # Errors
    /// Sides that are not above 0, or points too far out.
    pub fn rectangle(left: f32, top: f32, width: f32, height: f32) -> Result<Self> {
        Self::rounded(left, top, width, height, 0.0)
    }

    /// A rectangle whose corners are quarters of a circle of that radius, at most half a side.
    ///
    /// # Errors
    /// Sides that are not above 0, a negative radius, or points too far out.
    pub fn rounded(left: f32, top: f32, width: f32, height: f32, radius: f32) -> Result<Self> {
        within("rectangle", "width", width, f32::MIN_POSITIVE..=2.0 * FARTHEST)?;
        within("rectangle", "height", height, f32::MIN_POSITIVE..=2.0 * FARTHEST)?;
        let radius =
            within("rectangle", "radius", radius, 0.0..=FARTHEST)?.min(width * 0.5).min(height * 0.5);
        let (right, bottom) = (left + width, top + height);
        if radius == 0.0 {
            return Self::polygon(&[(left, top), (right, top), (right, bottom), (left, bottom)]);
        }
        // A quarter of a circle as a cubic, to 0.03 %.
        let k = radius * (1.0 - 0.552_284_8);
        let r = radius;
        Self::new(vec![
            Piece::Move(left + r, top),
            Piece::Line(right - r, top),
            Piece::Cubic((right - k, top), (right, top + k), (right, top + r)),
            Piece::Line(right, bottom - r),
            Piece::Cubic((right, bottom - k), (right - k, bottom), (right - r, bottom)),
            Piece::Line(left + r, bottom),
            Piece::Cubic((left + k, bottom), (left, bottom - k), (left, bottom - r)),
            Piece::Line(left, top + r),
            Piece::Cubic((left, top + k), (left + k, top), (left + r, top)),
            Piece::Close,
        ])
    }

    /// An ellipse about (`x`, `y`) with these half-axes.
    ///
    /// # Errors
    /// Half-axes that are not above 0, or points too far out.
    pub fn ellipse(x: f32, y: f32, across: f32, down: f32) -> Result<Self> {
        within("ellipse", "radius", across, f32::MIN_POSITIVE..=FARTHEST)?;
        within("ellipse", "radius", down, f32::MIN_POSITIVE..=FARTHEST)?;
        let (a, b) = (across * 0.552_284_8, down * 0.552_284_8);
        Self::new(vec![
            Piece::Move(x, y - down),
            Piece::Cubic((x + a, y - down), (x + across, y - b), (x + across, y)),
            Piece::Cubic((x + across, y + b), (x + a, y + down), (x, y + down)),
            Piece::Cubic((x - a, y + down), (x - across, y + b), (x - across, y)),
            Piece::Cubic((x - across, y - b), (x - a, y - down), (x, y - down)),
            Piece::Close,
        ])
    }

    /// Straight lines from point to point.
    ///
    /// # Errors
    /// Fewer than two points, too many, or points too far out.
    pub fn polyline(points: &[(f32, f32)]) -> Result<Self> {
        if points.len() < 2 {
            let problem = format_args!("wants two points or more, not {}", points.len());
            return Err(PixelError::argument("line", problem));
        }
        let piece = |(at, (x, y)): (usize, &(f32, f32))| {
            if at == 0 { Piece::Move(*x, *y) } else { Piece::Line(*x, *y) }
        };
        Self::new(points.iter().enumerate().map(piece).collect())
    }

    /// The same, closed.
    ///
    /// # Errors
    /// As [`Self::polyline`].
    pub fn polygon(points: &[(f32, f32)]) -> Result<Self> {
        let mut outline = Self::polyline(points)?;
        outline.pieces.push(Piece::Close);
        Ok(outline)
    }

    /// An outline in the words of SVG's paths: `M L H V C S Q T Z`, in lower case relative to the last point. Arcs
    /// (`A`) are not known: write them as `C`.
    ///
    /// # Errors
    /// The first mistake, with its place; too many points, or points too far out.
    pub fn parse(words: &str) -> Result<Self> {
        let mut reader = Reader {
            rest: words,
            whole: words,
            pieces: Vec::new(),
            at: (0.0, 0.0),
            begun: (0.0, 0.0),
            control: None,
        };
        reader.read()?;
        Self::new(reader.pieces)
    }

    /// The pieces.
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// As the rasteriser takes it; `None` where nothing is to be seen.
    pub(crate) fn to_path(&self) -> Option<Path> {
        let mut path = PathBuilder::new();
        for piece in &self.pieces {
            match *piece {
                Piece::Move(x, y) => path.move_to(x, y),
                Piece::Line(x, y) => path.line_to(x, y),
                Piece::Quad((a, b), (x, y)) => path.quad_to(a, b, x, y),
                Piece::Cubic((a, b), (c, d), (x, y)) => path.cubic_to(a, b, c, d, x, y),
                Piece::Close => path.close(),
            }
        }
        path.finish().filter(|path| {
            let bounds: Rect = path.bounds();
            bounds.left().is_finite() && bounds.right().is_finite()
        })
    }
}

fn check(piece: Piece) -> Result<()> {
    let near = |(x, y): (f32, f32)| {
        within("path", "place", x, -FARTHEST..=FARTHEST)?;
        within("path", "place", y, -FARTHEST..=FARTHEST).map(|_| ())
    };
    match piece {
        Piece::Move(x, y) | Piece::Line(x, y) => near((x, y)),
        Piece::Quad(a, b) => near(a).and_then(|()| near(b)),
        Piece::Cubic(a, b, c) => near(a).and_then(|()| near(b)).and_then(|()| near(c)),
        Piece::Close => Ok(()),
    }
}

type Point = (f32, f32);

/// Reads a path's words.
struct Reader<'a> {
    rest: &'a str,
    whole: &'a str,
    pieces: Vec<Piece>,
    at: Point,
    begun: Point,
    /// The last control point, and whether of a cubic: what `S` and `T` mirror.
    control: Option<(Point, bool)>,
}

impl Reader<'_> {
    fn mistake<T>(&self, problem: impl std::fmt::Display) -> Result<T> {
        let column = self.whole[..self.whole.len() - self.rest.len()].chars().count() + 1;
        Err(PixelError::argument("path", format_args!("of words: at character {column} {problem}")))
    }

    fn skip(&mut self) {
        self.rest = self.rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
    }

    fn read(&mut self) -> Result<()> {
        let mut command = None;
        loop {
            self.skip();
            let Some(first) = self.rest.chars().next() else { return Ok(()) };
            if first.is_ascii_alphabetic() {
                if !"MLHVCSQTZmlhvcsqtz".contains(first) {
                    return self.mistake(format_args!("`{first}` is not one of M L H V C S Q T Z"));
                }
                if self.pieces.is_empty() && !matches!(first, 'M' | 'm') {
                    return self.mistake("a path begins with `M x y`");
                }
                self.rest = &self.rest[1..];
                command = Some(first);
            }
            let Some(letter) = command else { return self.mistake("a path begins with `M x y`") };
            self.step(letter)?;
            if self.pieces.len() > MAX_POINTS {
                return self.mistake(format_args!("there are more than {MAX_POINTS} points"));
            }
            // Further places after a move are lines; nothing follows a close but another letter.
            command = match letter {
                'M' => Some('L'),
                'm' => Some('l'),
                'Z' | 'z' => None,
                other => Some(other),
            };
        }
    }

    fn number(&mut self) -> Result<f32> {
        self.skip();
        let mut seen = (false, false);
        let end = self.rest.char_indices().find(|(at, c)| {
            let after_e = self.rest[..*at].ends_with(['e', 'E']);
            match c {
                '0'..='9' => false,
                '+' | '-' => *at > 0 && !after_e,
                '.' => std::mem::replace(&mut seen.0, true) || seen.1,
                'e' | 'E' => *at == 0 || std::mem::replace(&mut seen.1, true),
                _ => true,
            }
        });
        let word = &self.rest[..end.map_or(self.rest.len(), |(at, _)| at)];
        match word.parse::<f32>() {
            Ok(number) => {
                self.rest = &self.rest[word.len()..];
                Ok(number)
            }
            Err(_) => self.mistake(format_args!("a number is wanted, not `{}`", shortened(self.rest))),
        }
    }

    fn point(&mut self, relative: bool) -> Result<Point> {
        let (x, y) = (self.number()?, self.number()?);
        Ok(if relative { (self.at.0 + x, self.at.1 + y) } else { (x, y) })
    }

    /// The last control point mirrored at the last point.
    fn mirrored(&self, cubic: bool) -> Point {
        match self.control {
            Some(((x, y), kind)) if kind == cubic => (2.0 * self.at.0 - x, 2.0 * self.at.1 - y),
            _ => self.at,
        }
    }

    fn step(&mut self, letter: char) -> Result<()> {
        let relative = letter.is_ascii_lowercase();
        let mut control = None;
        let (piece, to) = match letter.to_ascii_uppercase() {
            'M' => {
                let to = self.point(relative)?;
                self.begun = to;
                (Piece::Move(to.0, to.1), to)
            }
            'H' => {
                let to = (self.number()? + if relative { self.at.0 } else { 0.0 }, self.at.1);
                (Piece::Line(to.0, to.1), to)
            }
            'V' => {
                let to = (self.at.0, self.number()? + if relative { self.at.1 } else { 0.0 });
                (Piece::Line(to.0, to.1), to)
            }
            curve @ ('C' | 'S') => {
                let first = if curve == 'C' { self.point(relative)? } else { self.mirrored(true) };
                let (second, to) = (self.point(relative)?, self.point(relative)?);
                control = Some((second, true));
                (Piece::Cubic(first, second, to), to)
            }
            curve @ ('Q' | 'T') => {
                let first = if curve == 'Q' { self.point(relative)? } else { self.mirrored(false) };
                let to = self.point(relative)?;
                control = Some((first, false));
                (Piece::Quad(first, to), to)
            }
            'Z' => (Piece::Close, self.begun),
            _ => {
                let to = self.point(relative)?;
                (Piece::Line(to.0, to.1), to)
            }
        };
        self.pieces.push(piece);
        (self.at, self.control) = (to, control);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_become_pieces() {
        let outline = Outline::parse("M10,20 l5-5.5.5.5").unwrap();
        let wanted = [Piece::Move(10.0, 20.0), Piece::Line(15.0, 14.5), Piece::Line(15.5, 15.0)];
        assert_eq!(outline.pieces(), wanted);
        assert!(Outline::parse("M0 0 L1").unwrap_err().to_string().contains("a number is wanted"));
        assert!(Outline::parse("L1 1").unwrap_err().to_string().contains("begins with `M x y`"));
        assert!(Outline::parse("M0 0 A1 1 0 0 0 2 2").unwrap_err().to_string().contains("character 6 `A`"));
        assert!(Outline::parse("M0 0 L1e9 0").is_err());
        assert_eq!(Outline::parse("").unwrap().to_path(), None);
    }

    #[test]
    fn relative_and_mirrored_points() {
        let outline =
            Outline::parse("m1 1 2 0 h1 V5 C 4 6 5 7 6 8 s 1 1 2 2 Q 9 9 9 8 t 1 -1 z l 1 1").unwrap();
        let wanted = [
            Piece::Move(1.0, 1.0),
            Piece::Line(3.0, 1.0),
            Piece::Line(4.0, 1.0),
            Piece::Line(4.0, 5.0),
            Piece::Cubic((4.0, 6.0), (5.0, 7.0), (6.0, 8.0)),
            Piece::Cubic((7.0, 9.0), (7.0, 9.0), (8.0, 10.0)),
            Piece::Quad((9.0, 9.0), (9.0, 8.0)),
            Piece::Quad((9.0, 7.0), (10.0, 7.0)),
            Piece::Close,
            Piece::Line(2.0, 2.0),
        ];
        assert_eq!(outline.pieces(), wanted);
    }

    #[test]
    fn figures_are_checked() {
        assert!(Outline::rectangle(0.0, 0.0, -1.0, 2.0).is_err());
        assert!(Outline::ellipse(0.0, 0.0, f32::NAN, 2.0).is_err());
        assert!(Outline::polyline(&[(0.0, 0.0)]).is_err());
        assert!(Outline::polygon(&vec![(0.0, 0.0); MAX_POINTS + 1]).is_err());
        assert!(Outline::new(vec![Piece::Close]).is_err());
        assert_eq!(Outline::rounded(0.0, 0.0, 4.0, 4.0, 100.0).unwrap().pieces()[0], Piece::Move(2.0, 0.0));
    }
}
