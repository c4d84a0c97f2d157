//! Per-pixel expressions: `r * 0.9 + 0.1 * sin(t + x)`, compiled once, run on whole frames.
//!
//! # The language
//!
//! An expression is one value, or statements apart by `;` or a new line: `let name = value` names a part;
//! `r = value` (also `g`, `b`, `a`) gives a channel, those that are given nothing stay. All read the frame as it was
//! before. A value by itself is worked out for red, green and blue each, with `c` as that channel's own value:
//! `c ^ 2.2`. `#` begins a comment.
//!
//! | | |
//! |---|---|
//! | `x y` | the pixel, from 0 |
//! | `u v` | the pixel's middle as part of width and height, from 0 to 1 |
//! | `w h` | width and height in pixels |
//! | `t n` | seconds from the clip's start, the picture's number |
//! | `r g b a l` | the first frame's channels here, and its luma |
//! | `i0.r`, `i1.l` ... | a frame's channels by its name (`i0` is the first unless it was named otherwise) |
//! | `+ - * / % ^` | sums, products, the rest with the divisor's sign, powers (`-x ^ 2` is `-(x ^ 2)`) |
//! | `< <= > >= == != && \|\| ! ?:` | 1 is true, 0 is not; whatever is not 0 counts as true |
//! | `min max clamp mix step smoothstep abs sign floor ceil round fract mod` | as shading languages have them |
//! | `sqrt exp log sin cos tan atan2(y, x) pow hypot select(if, then, else) pi tau` | angles in radians |
//! | `noise(x, y)`, `noise(x, y, z)` | smooth noise from 0 to 1, a number at every whole place, by the seed |
//! | `sample(i1.r, x + 3, y)` | a channel at another place (bilinear, outermost pixels beyond the sides) |
//!
//! Values are f32; `0 / 0` and the like end as 0 in the frame.
//!
//! What always holds: compiled or evaluated as written, the bits are the same; a text is bounded in length, depth and
//! number of operations, and so is the time for a pixel.

mod graph;
mod op;
mod parse;
mod program;
mod run;
#[cfg(test)]
mod tests;
mod tile;
mod token;
mod tree;

use graph::Graph;
use op::Op;
use program::Program;

use crate::error::{LARGEST, PixelError, Result, within};
use crate::frame::Frame;
use crate::seeded::narrow;

/// The longest expression, in bytes.
pub const MAX_LENGTH: usize = 16_384;
/// The deepest nesting.
pub const MAX_DEPTH: usize = 48;
/// The most operations and values of a text.
pub const MAX_NODES: usize = 2_000;
/// The most frames that an expression may read.
pub const MAX_INPUTS: usize = 8;
/// The most parameters.
pub const MAX_PARAMETERS: usize = 64;

/// What an expression may name besides what it always may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    /// The frames, the one that is changed first.
    pub inputs: Vec<String>,
    /// Numbers that are given when it runs.
    pub parameters: Vec<String>,
}

impl Names {
    /// So many frames, called `i0`, `i1`, ..., and these parameters.
    pub fn new(inputs: usize, parameters: &[&str]) -> Self {
        let inputs = (0..inputs).map(|at| format!("i{at}")).collect();
        Self { inputs, parameters: parameters.iter().map(|name| (*name).to_owned()).collect() }
    }
}

/// When an expression runs.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Moment {
    /// Seconds from the clip's start: `t`.
    pub seconds: f32,
    /// The picture's number: `n`.
    pub picture: u32,
}

/// A compiled expression.
#[derive(Clone, Debug)]
pub struct Expression {
    program: Program,
    names: Names,
    seed: u32,
}

impl Expression {
    /// Compiles a text. `seed` decides what `noise` gives.
    ///
    /// # Errors
    /// The first mistake, with its column; a text beyond bounds; names that are no names.
    pub fn compile(text: &str, names: Names, seed: u64) -> Result<Self> {
        check_names(&names)?;
        let seed = narrow(seed);
        let statements = parse::parse(text, &names)?;
        let program = Program::new(Graph::new(&statements, seed));
        Ok(Self { program, names, seed })
    }

    /// Whether the result depends on the moment: an expression that does not is the same for every picture of a still.
    pub fn moves(&self) -> bool {
        self.program.needs(|op| matches!(op, Op::Time | Op::Picture))
    }

    /// Which of the inputs are read.
    pub fn reads(&self, input: usize) -> bool {
        self.program
            .needs(|op| matches!(op, Op::Channel(at, _) | Op::Sample(at, _) if usize::from(at) == input))
    }

    /// The frame that the expression makes of its inputs, of the first one's size and on its budget. It has alpha where
    /// the first one does, or where the expression gives `a`.
    ///
    /// # Errors
    /// Another number of inputs or parameters than was named; inputs of other sizes that are read pixel by pixel (any
    /// size can be sampled); parameters that are not of sense; the budget has no room.
    pub fn run(&self, inputs: &[&Frame], parameters: &[f32], moment: Moment) -> Result<Frame> {
        let (wanted, given) = (&self.names, (inputs.len(), parameters.len()));
        if given != (wanted.inputs.len(), wanted.parameters.len()) {
            let problem = format_args!(
                "of this expression wants {} frames and {} parameters, not {} and {}",
                wanted.inputs.len(),
                wanted.parameters.len(),
                given.0,
                given.1
            );
            return Err(PixelError::argument("map", problem));
        }
        for (at, other) in inputs.iter().enumerate().skip(1) {
            let beside = |op| matches!(op, Op::Channel(input, _) if usize::from(input) == at);
            if self.program.needs(beside) {
                inputs[0].same_size("map", other)?;
            }
        }
        for (name, value) in wanted.parameters.iter().zip(parameters) {
            within("map", name, *value, -LARGEST..=LARGEST)?;
        }
        let seconds = within("map", "t", moment.seconds, -LARGEST..=LARGEST)?;
        let picture = moment.picture as f32;
        run::run(&self.program, &run::World { inputs, parameters, seconds, picture, seed: self.seed })
    }
}

fn check_names(names: &Names) -> Result<()> {
    let (inputs, parameters) = (names.inputs.len(), names.parameters.len());
    if !(1..=MAX_INPUTS).contains(&inputs) || parameters > MAX_PARAMETERS {
        let problem = format_args!(
            "takes from 1 to {MAX_INPUTS} frames and up to {MAX_PARAMETERS} parameters, not {inputs} and {parameters}"
        );
        return Err(PixelError::argument("map", problem));
    }
    for name in names.inputs.iter().chain(&names.parameters) {
        let mut letters = name.chars();
        let first = letters.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
        if !first || !letters.all(|c| c.is_ascii_alphanumeric() || c == '_') || name.len() > 64 {
            let problem = format_args!(
                "knows names of letters, digits and `_`, not `{}`",
                crate::named::shortened(name)
            );
            return Err(PixelError::argument("map", problem));
        }
    }
    Ok(())
}
