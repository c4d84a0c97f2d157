//! Reads colour tables from the text of `.cube` files (Adobe's specification 1.0 of 2013: `TITLE`,
//! `LUT_1D_SIZE`, `LUT_3D_SIZE`, `DOMAIN_MIN`, `DOMAIN_MAX`, comments, then the points).
//!
//! The text is never trusted: its length and the table's size are bounded, every mistake is told with its line.

use crate::error::{PixelError, Result};
use crate::lut::{Lut, MAX_SIDE_1D, MAX_SIDE_3D, Points};
use crate::named::{hint, shortened};

/// The longest text, in bytes: room for the largest table with many digits.
pub const MAX_BYTES: usize = 128 << 20;

const KEYWORDS: [&str; 5] = ["TITLE", "LUT_1D_SIZE", "LUT_3D_SIZE", "DOMAIN_MIN", "DOMAIN_MAX"];

fn mistake<T>(line: usize, problem: impl Into<String>) -> Result<T> {
    Err(PixelError::Cube { line, problem: problem.into() })
}

/// What the lines so far have told.
#[derive(Default)]
struct Reading {
    title: Option<String>,
    /// Points a side and whether of three dimensions.
    size: Option<(usize, bool)>,
    low: [f32; 3],
    high: [f32; 3],
    points: Vec<[f32; 3]>,
}

impl Reading {
    fn wanted(&self) -> usize {
        self.size.map_or(0, |(side, three)| if three { side.pow(3) } else { side })
    }

    fn line(&mut self, line: usize, text: &str) -> Result<()> {
        let text = text.trim();
        let Some(word) = text.split_whitespace().next().filter(|word| !word.starts_with('#')) else {
            return Ok(());
        };
        if word.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.')) {
            return self.point(line, text);
        }
        let rest = text[word.len()..].trim();
        if !self.points.is_empty() && KEYWORDS.contains(&word) {
            return mistake(line, format!("`{word}` must stand before the first point"));
        }
        match word {
            "TITLE" => self.title = Some(title(rest)),
            "LUT_1D_SIZE" => self.take_size(line, rest, MAX_SIDE_1D, false)?,
            "LUT_3D_SIZE" => self.take_size(line, rest, MAX_SIDE_3D, true)?,
            "DOMAIN_MIN" => self.low = three(line, rest)?,
            "DOMAIN_MAX" => self.high = three(line, rest)?,
            other => {
                let hint = hint(other, KEYWORDS.into_iter());
                let known = KEYWORDS.join(", ");
                return mistake(
                    line,
                    format!("`{}` is not known{hint}; there are {known}", shortened(other)),
                );
            }
        }
        Ok(())
    }

    fn take_size(&mut self, line: usize, rest: &str, most: usize, three: bool) -> Result<()> {
        if self.size.is_some() {
            return mistake(line, "a table has one size, and it was given before");
        }
        match rest.parse::<usize>() {
            Ok(side) if (2..=most).contains(&side) => {
                self.size = Some((side, three));
                Ok(())
            }
            _ => mistake(
                line,
                format!("the size is a whole number from 2 to {most}, not `{}`", shortened(rest)),
            ),
        }
    }

    fn point(&mut self, line: usize, text: &str) -> Result<()> {
        if self.size.is_none() {
            return mistake(line, "the size (`LUT_3D_SIZE 33`) must stand before the first point");
        }
        if self.points.len() == self.wanted() {
            return mistake(line, format!("the table is full: its size says {} points", self.wanted()));
        }
        self.points.push(three(line, text)?);
        Ok(())
    }

    fn finish(self, line: usize) -> Result<Lut> {
        let Some((side, is_three)) = self.size else {
            return mistake(line, "it ends without a size (`LUT_3D_SIZE 33`)");
        };
        let (have, wanted) = (self.points.len(), self.wanted());
        if have < wanted {
            return mistake(line, format!("it ends after {have} points; its size says {wanted}"));
        }
        if (0..3).any(|c| self.high[c] - self.low[c] < 1.0e-6) {
            let problem = format!("`DOMAIN_MAX` {:?} must be above `DOMAIN_MIN` {:?}", self.high, self.low);
            return mistake(line, problem);
        }
        let points = if is_three { Points::Three(side, self.points) } else { Points::One(self.points) };
        Ok(Lut { title: self.title, low: self.low, high: self.high, points })
    }
}

fn title(rest: &str) -> String {
    rest.trim_matches('"').chars().filter(|c| !c.is_control()).take(256).collect()
}

fn three(line: usize, text: &str) -> Result<[f32; 3]> {
    let mut values = [0.0; 3];
    let mut words = text.split_whitespace();
    for value in &mut values {
        let Some(word) = words.next() else {
            return mistake(line, format!("three numbers are wanted, not `{}`", shortened(text)));
        };
        match word.parse::<f32>() {
            Ok(number) if number.abs() <= 1.0e4 => *value = number,
            _ => return mistake(line, format!("`{}` is not a number within ±10000", shortened(word))),
        }
    }
    match words.next() {
        Some(word) => mistake(line, format!("three numbers are wanted, and `{}` follows", shortened(word))),
        None => Ok(values),
    }
}

/// The table in the text of a `.cube` file.
///
/// # Errors
/// The first mistake, with its line; a text beyond [`MAX_BYTES`]; a table beyond [`MAX_SIDE_3D`] or
/// [`MAX_SIDE_1D`].
pub fn parse(text: &str) -> Result<Lut> {
    if text.len() > MAX_BYTES {
        let problem = format!("of {} MB is too long: at most {} MB", text.len() >> 20, MAX_BYTES >> 20);
        return Err(PixelError::argument("cube", problem));
    }
    let mut reading = Reading { high: [1.0; 3], ..Reading::default() };
    let mut last = 0;
    for (at, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        reading.line(at + 1, line)?;
        last = at + 1;
    }
    reading.finish(last.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::Budget;
    use crate::frame::Frame;

    const SMALL: &str = "# made by hand\nTITLE \"a small one\"\n\nLUT_3D_SIZE 2\nDOMAIN_MIN 0 0 0\n\
        DOMAIN_MAX 2 2 2\n0 0 0\n1 0 0\n0 1 0\n1 1 0\n0 0 1\n1 0 1\n0 1 1\n1 1 1.0e0\n";

    #[test]
    fn tables_of_both_kinds_are_read() {
        let table = parse(SMALL).unwrap();
        assert_eq!((table.title.as_deref(), table.side()), (Some("a small one"), (2, true)));
        let mut frame = Frame::constant(1, 1, [0.5, 1.0, 2.0], &Budget::new(1 << 10)).unwrap();
        crate::lut::lut(&mut frame, &table);
        assert_eq!(frame.pixel(0, 0).unwrap(), [0.25, 0.5, 1.0, 1.0]);
        let table = parse("LUT_1D_SIZE 3\n0 0 1\n0.5 0.1 0.5\n1 1 0\r\n").unwrap();
        let mut frame = Frame::constant(1, 1, [0.25, 0.75, 0.25], &Budget::new(1 << 10)).unwrap();
        crate::lut::lut(&mut frame, &table);
        let wanted = [0.25, 0.55, 0.75];
        assert!(frame.pixel(0, 0).unwrap().iter().zip(wanted).all(|(a, b)| (a - b).abs() < 1e-6));
    }

    #[test]
    fn mistakes_are_told_with_their_lines() {
        for (text, line, said) in [
            ("", 1, "without a size"),
            ("LUT_3D_SIZE 2\n0 0 0\n", 2, "after 1 points; its size says 8"),
            ("LUT_3D_SIZE 9999", 1, "from 2 to 129"),
            ("LUT_3D_SIZE -1", 1, "from 2 to 129"),
            ("0 0 0", 1, "must stand before the first point"),
            ("\nLUT_3D_SIZ 2", 2, "did you mean `LUT_3D_SIZE`"),
            ("LUT_1D_SIZE 2\n0 0\n", 2, "three numbers"),
            ("LUT_1D_SIZE 2\n0 0 0 0\n", 2, "`0` follows"),
            ("LUT_1D_SIZE 2\n0 0 inf\n", 2, "not a number"),
            ("LUT_1D_SIZE 2\n0 0 nan\n", 2, "not a number"),
            ("LUT_1D_SIZE 2\nLUT_3D_SIZE 2", 2, "one size"),
            ("LUT_1D_SIZE 2\n0 0 0\nTITLE x", 3, "before the first point"),
            ("LUT_1D_SIZE 2\n0 0 0\n1 1 1\n1 1 1", 4, "full"),
            ("LUT_1D_SIZE 2\nDOMAIN_MAX 0 1 1\n0 0 0\n1 1 1", 4, "above `DOMAIN_MIN`"),
        ] {
            match parse(text) {
                Err(PixelError::Cube { line: told, problem }) => {
                    assert_eq!(told, line, "{text:?}");
                    assert!(problem.contains(said), "{text:?}: {problem}");
                }
                other => panic!("{text:?} gave {other:?}"),
            }
        }
    }
}
