//! What goes wrong with frames, in words that the writer of a node understands: what was wanted, what came,
//! what to do.

use std::fmt::Display;
use std::ops::RangeInclusive;

/// Why an operation on frames could not be done.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PixelError {
    /// An argument beyond its bounds or of the wrong shape.
    #[error("{0}")]
    Argument(String),
    /// Two frames that must be of one size are not.
    #[error(
        "`{operation}` wants frames of one size: the first is {}x{}, the other {}x{}; `resize` or `crop` one of them",
        first.0, first.1, other.0, other.1
    )]
    Sizes {
        /// The operation.
        operation: &'static str,
        /// Width and height of the first.
        first: (usize, usize),
        /// Width and height of the other.
        other: (usize, usize),
    },
    /// The node's account of memory is used up.
    #[error(
        "this node may hold {} of pictures; it holds {} and asks for {} more: let go of frames that are done \
         with, or work on smaller ones",
        megabytes(*limit), megabytes(*held), megabytes(*asked)
    )]
    Memory {
        /// What the node may hold, in bytes.
        limit: usize,
        /// What it holds.
        held: usize,
        /// What it asked for.
        asked: usize,
    },
    /// The machine itself has no more memory.
    #[error("this machine has no memory left for {} of pictures", megabytes(*asked))]
    OutOfMemory {
        /// What was asked for, in bytes.
        asked: usize,
    },
    /// A colour table in a `.cube` file that cannot be read.
    #[error("line {line} of the colour table: {problem}")]
    Cube {
        /// The line, counted from 1.
        line: usize,
        /// What is wrong and what was expected.
        problem: String,
    },
    /// A per-pixel expression that means nothing.
    #[error("column {column} of the expression: {problem}")]
    Expression {
        /// The character in the expression, counted from 1.
        column: usize,
        /// What is wrong and what was expected.
        problem: String,
    },
}

/// The result of everything here.
pub type Result<T> = std::result::Result<T, PixelError>;

impl PixelError {
    /// An argument of `operation` that will not do: `wants ..., not ...`.
    pub(crate) fn argument(operation: &str, problem: impl Display) -> Self {
        Self::Argument(format!("`{operation}` {problem}"))
    }
}

/// A number that must be finite and within bounds.
pub(crate) fn within(operation: &str, name: &str, value: f32, range: RangeInclusive<f32>) -> Result<f32> {
    if range.contains(&value) {
        return Ok(value);
    }
    let (low, high) = (range.start(), range.end());
    Err(PixelError::argument(operation, format_args!("wants `{name}` from {low} to {high}, not {value}")))
}

/// The largest number that arguments such as factors, offsets and places may have.
pub(crate) const LARGEST: f32 = 1.0e6;

/// Numbers that may be anything of sense.
pub(crate) fn sensible<const N: usize>(operation: &str, name: &str, values: [f32; N]) -> Result<[f32; N]> {
    for value in values {
        within(operation, name, value, -LARGEST..=LARGEST)?;
    }
    Ok(values)
}

/// Bytes as people say them; small amounts are not told as 0 MB.
fn megabytes(bytes: usize) -> String {
    match bytes {
        0..1_000_000 => format!("{:.1} MB", bytes as f64 / 1.0e6),
        _ => format!("{} MB", bytes / 1_000_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_told_with_what_came() {
        assert_eq!(within("blur", "radius", 3.0, 0.0..=9.0), Ok(3.0));
        let told = within("blur", "radius", f32::NAN, 0.0..=9.0).unwrap_err().to_string();
        assert_eq!(told, "`blur` wants `radius` from 0 to 9, not NaN");
        assert!(sensible("mix", "factor", [0.0, f32::INFINITY]).is_err());
    }

    #[test]
    fn memory_is_told_in_megabytes() {
        let error = PixelError::Memory { limit: 512_000_000, held: 500_000_000, asked: 24_883_200 };
        let told = error.to_string();
        assert!(
            told.starts_with(
                "this node may hold 512 MB of pictures; it holds 500 MB and asks for 24 MB more"
            )
        );
    }
}
