//! What expressions can do with numbers: every operation, its name, and its meaning for single numbers.
//!
//! What always holds: an operation's meaning stands here once; folding, rows, lanes and single values all use
//! it, so that where a value is worked out never changes it.

use crate::real;
use crate::seeded;

/// An operation, or where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Op {
    /// A number, by its bits.
    Number(u32),
    /// Seconds from the clip's start.
    Time,
    /// The picture's number.
    Picture,
    /// Pixels across and down.
    Width,
    Height,
    /// A parameter.
    Parameter(u16),
    /// Pixel and part of the height.
    Y,
    V,
    /// Pixel and part of the width.
    X,
    U,
    /// A frame's channel at this pixel: 0 to 3 are red, green, blue, alpha.
    Channel(u8, u8),
    /// A frame's channel at a place.
    Sample(u8, u8),
    Negative,
    Not,
    Abs,
    Sign,
    Floor,
    Ceil,
    Round,
    Fract,
    Sqrt,
    Exp,
    Log,
    Sin,
    Cos,
    Tan,
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Power,
    Less,
    AtMost,
    Greater,
    AtLeast,
    Equal,
    Unequal,
    And,
    Or,
    Min,
    Max,
    Step,
    Atan2,
    Hypot,
    Noise2,
    Select,
    Clamp,
    Mix,
    Smoothstep,
    Noise3,
    /// `a * b + c`, rounded twice as written out.
    MultiplyAdd,
}

/// Functions by name, with how many arguments they take. `sample` and `noise` are special.
pub(super) const FUNCTIONS: [(&str, Op, usize); 23] = [
    ("abs", Op::Abs, 1),
    ("sign", Op::Sign, 1),
    ("floor", Op::Floor, 1),
    ("ceil", Op::Ceil, 1),
    ("round", Op::Round, 1),
    ("fract", Op::Fract, 1),
    ("sqrt", Op::Sqrt, 1),
    ("exp", Op::Exp, 1),
    ("log", Op::Log, 1),
    ("sin", Op::Sin, 1),
    ("cos", Op::Cos, 1),
    ("tan", Op::Tan, 1),
    ("min", Op::Min, 2),
    ("max", Op::Max, 2),
    ("step", Op::Step, 2),
    ("atan2", Op::Atan2, 2),
    ("pow", Op::Power, 2),
    ("hypot", Op::Hypot, 2),
    ("mod", Op::Modulo, 2),
    ("clamp", Op::Clamp, 3),
    ("mix", Op::Mix, 3),
    ("smoothstep", Op::Smoothstep, 3),
    ("select", Op::Select, 3),
];

#[inline(always)]
pub(super) fn truth(value: bool) -> f32 {
    if value { 1.0 } else { 0.0 }
}

#[inline(always)]
pub(super) fn lesser(a: f32, b: f32) -> f32 {
    if a < b { a } else { b }
}

#[inline(always)]
pub(super) fn greater(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}

#[inline(always)]
pub(super) fn sign(a: f32) -> f32 {
    truth(a > 0.0) - truth(a < 0.0)
}

#[inline(always)]
pub(super) fn clamp(v: f32, low: f32, high: f32) -> f32 {
    lesser(greater(v, low), high)
}

#[inline(always)]
pub(super) fn smoothstep(low: f32, high: f32, v: f32) -> f32 {
    let t = clamp((v - low) / (high - low), 0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// The value of an operation on single numbers. What needs a place in a picture is not asked of it, and is 0.
pub(super) fn single(op: Op, [a, b, c]: [f32; 3], seed: u32) -> f32 {
    match op {
        Op::Number(bits) => f32::from_bits(bits),
        Op::Negative => -a,
        Op::Not => truth(a == 0.0),
        Op::Abs => a.abs(),
        Op::Sign => sign(a),
        Op::Floor => a.floor(),
        Op::Ceil => a.ceil(),
        Op::Round => real::round(a),
        Op::Fract => a - a.floor(),
        Op::Sqrt => a.sqrt(),
        Op::Exp => real::exp(a),
        Op::Log => real::log(a),
        Op::Sin => real::sin(a),
        Op::Cos => real::cos(a),
        Op::Tan => real::tan(a),
        Op::Add => a + b,
        Op::Subtract => a - b,
        Op::Multiply => a * b,
        Op::Divide => a / b,
        Op::Modulo => real::modulo(a, b),
        Op::Power => real::pow(a, b),
        Op::Less => truth(a < b),
        Op::AtMost => truth(a <= b),
        Op::Greater => truth(a > b),
        Op::AtLeast => truth(a >= b),
        Op::Equal => truth(a == b),
        Op::Unequal => truth(a != b),
        Op::And => truth(a != 0.0 && b != 0.0),
        Op::Or => truth(a != 0.0 || b != 0.0),
        Op::Min => lesser(a, b),
        Op::Max => greater(a, b),
        Op::Step => truth(b >= a),
        Op::Atan2 => real::atan2(a, b),
        Op::Hypot => real::hypot(a, b),
        Op::Noise2 => seeded::value_flat(a, b, seed),
        Op::Select => {
            if a != 0.0 {
                b
            } else {
                c
            }
        }
        Op::Clamp => clamp(a, b, c),
        Op::Mix => a + (b - a) * c,
        Op::Smoothstep => smoothstep(a, b, c),
        Op::Noise3 => seeded::value(a, b, c, seed),
        Op::MultiplyAdd => a * b + c,
        Op::Time | Op::Picture | Op::Width | Op::Height | Op::Parameter(_) => 0.0,
        Op::X | Op::U | Op::Y | Op::V | Op::Channel(..) | Op::Sample(..) => 0.0,
    }
}
