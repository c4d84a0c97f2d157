//! One instruction on many pixels: a loop over a tile for each operation, compiled for the lanes of this processor.

use super::op::{self, Op, truth};
use super::program::{Instruction, Operand};
use super::run::World;
use crate::real;
use crate::seeded;

/// Pixels that one instruction works on: registers of so many stay in the nearest cache.
pub(super) const TILE: usize = 256;

/// Values that instructions read.
pub(super) struct Values {
    #[expect(clippy::vec_box, reason = "a result and a register change places by their addresses alone")]
    registers: Vec<Box<[f32; TILE]>>,
    /// By node: those of a picture and of a row.
    pub singles: Vec<f32>,
    opaque: [f32; TILE],
}

/// What a thread works in.
pub(super) struct Scratch {
    pub values: Values,
    /// Takes a result and then its register's place.
    result: Box<[f32; TILE]>,
}

impl Scratch {
    pub fn new(registers: usize, singles: Vec<f32>) -> Self {
        let registers = (0..registers).map(|_| Box::new([0.0; TILE])).collect();
        let values = Values { registers, singles, opaque: [1.0; TILE] };
        Self { values, result: Box::new([0.0; TILE]) }
    }
}

/// Values of pixels, or one for all of them.
#[derive(Clone, Copy)]
pub(super) enum Source<'a> {
    Row(&'a [f32]),
    One(f32),
}

/// Pixels of a row, `n` from `from` on.
#[derive(Clone, Copy)]
pub(super) struct Tile<'a> {
    pub world: &'a World<'a>,
    pub y: usize,
    pub from: usize,
    pub n: usize,
}

impl Tile<'_> {
    /// Where an operand's values are.
    #[inline(always)]
    pub fn source<'s>(&'s self, operand: Operand, values: &'s Values) -> Source<'s> {
        match operand {
            Operand::Register(register) => Source::Row(&values.registers[usize::from(register)][..self.n]),
            Operand::Single(id) => Source::One(values.singles[id as usize]),
            Operand::Channel(input, channel) => match self.world.row(input, channel, self.y) {
                Some(row) => Source::Row(&row[self.from..self.from + self.n]),
                None => Source::Row(&values.opaque[..self.n]),
            },
        }
    }

    #[inline(always)]
    pub fn run(&self, program: &[Instruction], scratch: &mut Scratch) {
        for instruction in program {
            let out = &mut scratch.result[..self.n];
            let [a, b, c] = instruction.from.map(|operand| self.source(operand, &scratch.values));
            self.apply(instruction.op, [a, b, c], out);
            std::mem::swap(&mut scratch.result, &mut scratch.values.registers[usize::from(instruction.into)]);
        }
    }

    #[inline(always)]
    fn apply(&self, op: Op, [a, b, c]: [Source<'_>; 3], out: &mut [f32]) {
        match op {
            Op::X => self.places(
                out,
                #[inline(always)]
                |x| x,
            ),
            Op::U => {
                let width = self.world.size().0 as f32;
                self.places(
                    out,
                    #[inline(always)]
                    |x| (x + 0.5) / width,
                );
            }
            Op::Sample(input, channel) => {
                let world = self.world;
                two_long(
                    a,
                    b,
                    out,
                    #[inline(always)]
                    |x, y| world.sample(input, channel, x, y),
                );
            }
            Op::Noise2 => {
                let seed = self.world.seed;
                two_long(
                    a,
                    b,
                    out,
                    #[inline(always)]
                    |x, y| seeded::value_flat(x, y, seed),
                );
            }
            Op::Noise3 => {
                let seed = self.world.seed;
                three_long(
                    a,
                    b,
                    c,
                    out,
                    #[inline(always)]
                    |x, y, z| seeded::value(x, y, z, seed),
                );
            }
            Op::Power => power(a, b, out),
            _ => arithmetic(op, [a, b, c], out),
        }
    }

    #[inline(always)]
    fn places(&self, out: &mut [f32], of: impl Fn(f32) -> f32) {
        let from = self.from as i32;
        for (at, out) in out.iter_mut().enumerate() {
            *out = of((from + at as i32) as f32);
        }
    }
}

/// Operations that need nothing but their values.
#[inline(always)]
fn arithmetic(op: Op, [a, b, c]: [Source<'_>; 3], out: &mut [f32]) {
    match op {
        Op::Negative => one(
            a,
            out,
            #[inline(always)]
            |a| -a,
        ),
        Op::Not => one(
            a,
            out,
            #[inline(always)]
            |a| truth(a == 0.0),
        ),
        Op::Abs => one(
            a,
            out,
            #[inline(always)]
            |a| a.abs(),
        ),
        Op::Sign => one(a, out, op::sign),
        Op::Floor => one(
            a,
            out,
            #[inline(always)]
            |a| a.floor(),
        ),
        Op::Ceil => one(
            a,
            out,
            #[inline(always)]
            |a| a.ceil(),
        ),
        Op::Round => one(a, out, real::round),
        Op::Fract => one(
            a,
            out,
            #[inline(always)]
            |a| a - a.floor(),
        ),
        Op::Sqrt => one(
            a,
            out,
            #[inline(always)]
            |a| a.sqrt(),
        ),
        Op::Exp => one(a, out, real::exp),
        Op::Log => one(a, out, real::log),
        Op::Sin => one(a, out, real::sin),
        Op::Cos => one(a, out, real::cos),
        Op::Tan => one(a, out, real::tan),
        Op::Add => two(
            a,
            b,
            out,
            #[inline(always)]
            |a, b| a + b,
        ),
        Op::Subtract => two(
            a,
            b,
            out,
            #[inline(always)]
            |a, b| a - b,
        ),
        Op::Multiply => two(
            a,
            b,
            out,
            #[inline(always)]
            |a, b| a * b,
        ),
        Op::Divide => two(
            a,
            b,
            out,
            #[inline(always)]
            |a, b| a / b,
        ),
        Op::Modulo => two_long(a, b, out, real::modulo),
        Op::Less => two(
            a,
            b,
            out,
            #[inline(always)]
            |a, b| truth(a < b),
        ),
        Op::AtMost => two(
            a,
            b,
            out,
            #[inline(always)]
            |a, b| truth(a <= b),
        ),
        Op::Greater => two(
            a,
            b,
            out,
            #[inline(always)]
            |a, b| truth(a > b),
        ),
        Op::AtLeast => two(
            a,
            b,
            out,
            #[inline(always)]
            |a, b| truth(a >= b),
        ),
        Op::Equal => two(
            a,
            b,
            out,
            #[inline(always)]
            |a, b| truth(a == b),
        ),
        Op::Unequal => two(
            a,
            b,
            out,
            #[inline(always)]
            |a, b| truth(a != b),
        ),
        Op::And => two(
            a,
            b,
            out,
            #[inline(always)]
            |a, b| truth((a != 0.0) & (b != 0.0)),
        ),
        Op::Or => two(
            a,
            b,
            out,
            #[inline(always)]
            |a, b| truth((a != 0.0) | (b != 0.0)),
        ),
        Op::Min => two(a, b, out, op::lesser),
        Op::Max => two(a, b, out, op::greater),
        Op::Step => two(
            a,
            b,
            out,
            #[inline(always)]
            |a, b| truth(b >= a),
        ),
        Op::Atan2 => two_long(a, b, out, real::atan2),
        Op::Hypot => two_long(a, b, out, real::hypot),
        Op::Select => three(
            a,
            b,
            c,
            out,
            #[inline(always)]
            |a, b, c| if a != 0.0 { b } else { c },
        ),
        Op::Clamp => three(a, b, c, out, op::clamp),
        Op::Mix => three(
            a,
            b,
            c,
            out,
            #[inline(always)]
            |a, b, t| a + (b - a) * t,
        ),
        Op::Smoothstep => three(a, b, c, out, op::smoothstep),
        Op::MultiplyAdd => three(
            a,
            b,
            c,
            out,
            #[inline(always)]
            |a, b, c| a * b + c,
        ),
        // The rest is never an instruction for pixels, or is known where the place is.
        _ => out.fill(0.0),
    }
}

/// Powers: where the exponent is the same for all pixels, what it asks for is chosen once. See [`real::pow`].
#[inline(always)]
fn power(a: Source<'_>, b: Source<'_>, out: &mut [f32]) {
    match b {
        Source::One(0.0) => out.fill(1.0),
        Source::One(0.5) => one(
            a,
            out,
            #[inline(always)]
            |a| a.sqrt(),
        ),
        Source::One(2.0) => one(
            a,
            out,
            #[inline(always)]
            |a| a * a,
        ),
        Source::One(3.0) => one(
            a,
            out,
            #[inline(always)]
            |a| a * a * a,
        ),
        Source::One(4.0) => one(
            a,
            out,
            #[inline(always)]
            |a| a * a * (a * a),
        ),
        Source::One(b) if b != 1.0 => one(
            a,
            out,
            #[inline(always)]
            |a| real::any_power(a, b),
        ),
        _ => two_long(a, b, out, real::pow),
    }
}

#[inline(always)]
fn one(a: Source<'_>, out: &mut [f32], f: impl Fn(f32) -> f32) {
    match a {
        Source::Row(a) => out.iter_mut().zip(a).for_each(|(out, a)| *out = f(*a)),
        Source::One(a) => out.fill(f(a)),
    }
}

#[inline(always)]
fn two(a: Source<'_>, b: Source<'_>, out: &mut [f32], f: impl Fn(f32, f32) -> f32) {
    match (a, b) {
        (Source::Row(a), Source::Row(b)) => {
            out.iter_mut().zip(a).zip(b).for_each(|((out, a), b)| *out = f(*a, *b));
        }
        (Source::Row(a), Source::One(b)) => out.iter_mut().zip(a).for_each(|(out, a)| *out = f(*a, b)),
        (Source::One(a), Source::Row(b)) => out.iter_mut().zip(b).for_each(|(out, b)| *out = f(a, *b)),
        (Source::One(a), Source::One(b)) => out.fill(f(a, b)),
    }
}

/// Single values are spread where most operations have rows: the loops for the common shapes stand alone.
#[inline(always)]
fn three(a: Source<'_>, b: Source<'_>, c: Source<'_>, out: &mut [f32], f: impl Fn(f32, f32, f32) -> f32) {
    match (a, b, c) {
        (Source::Row(a), Source::One(b), Source::One(c)) => {
            out.iter_mut().zip(a).for_each(|(out, a)| *out = f(*a, b, c));
        }
        (Source::One(a), Source::One(b), Source::Row(c)) => {
            out.iter_mut().zip(c).for_each(|(out, c)| *out = f(a, b, *c));
        }
        (Source::Row(a), Source::One(b), Source::Row(c)) => {
            out.iter_mut().zip(a).zip(c).for_each(|((out, a), c)| *out = f(*a, b, *c));
        }
        (Source::Row(a), Source::Row(b), Source::One(c)) => {
            out.iter_mut().zip(a).zip(b).for_each(|((out, a), b)| *out = f(*a, *b, c));
        }
        _ => three_long(a, b, c, out, f),
    }
}

/// What takes long for each pixel has one loop alone: spreading single values costs next to nothing beside it.
#[inline(always)]
fn two_long(a: Source<'_>, b: Source<'_>, out: &mut [f32], f: impl Fn(f32, f32) -> f32) {
    let n = out.len();
    let [mut to_a, mut to_b] = [[0.0; TILE]; 2];
    let (a, b) = (row(a, &mut to_a, n), row(b, &mut to_b, n));
    out.iter_mut().zip(a).zip(b).for_each(|((out, a), b)| *out = f(*a, *b));
}

/// The same for three.
#[inline(always)]
fn three_long(
    a: Source<'_>,
    b: Source<'_>,
    c: Source<'_>,
    out: &mut [f32],
    f: impl Fn(f32, f32, f32) -> f32,
) {
    let n = out.len();
    let [mut to_a, mut to_b, mut to_c] = [[0.0; TILE]; 3];
    let (a, b, c) = (row(a, &mut to_a, n), row(b, &mut to_b, n), row(c, &mut to_c, n));
    out.iter_mut().zip(a).zip(b).zip(c).for_each(|(((out, a), b), c)| *out = f(*a, *b, *c));
}

#[inline(always)]
fn row<'a>(source: Source<'a>, spread: &'a mut [f32; TILE], n: usize) -> &'a [f32] {
    match source {
        Source::Row(row) => row,
        Source::One(value) => {
            spread[..n].fill(value);
            &spread[..n]
        }
    }
}
