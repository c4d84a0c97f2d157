//! The compiler against a plain evaluator that walks the trees as they were written, pixel by pixel.

use proptest::prelude::*;

use super::op::{Op, single};
use super::parse::parse;
use super::tree::{Statement, Target, Tree};
use super::*;
use crate::budget::Budget;
use crate::frame::tame;
use crate::seeded;

/// What an expression sees at a pixel.
struct Pixel<'a> {
    frames: &'a [&'a Frame],
    at: (usize, usize),
    parameters: &'a [f32],
    moment: Moment,
    seed: u32,
    statements: &'a [Statement],
}

impl Pixel<'_> {
    fn channel(&self, input: u8, channel: u8, (x, y): (usize, usize)) -> f32 {
        self.frames[usize::from(input)].pixel(x, y).unwrap()[usize::from(channel)]
    }

    fn leaf(&self, op: Op) -> f32 {
        let (x, y) = self.at;
        let (width, height) = self.frames[0].size();
        match op {
            Op::Number(bits) => f32::from_bits(bits),
            Op::Time => self.moment.seconds,
            Op::Picture => self.moment.picture as f32,
            Op::Width => width as f32,
            Op::Height => height as f32,
            Op::Parameter(at) => self.parameters[usize::from(at)],
            Op::X => x as f32,
            Op::Y => y as f32,
            Op::U => (x as f32 + 0.5) / width as f32,
            Op::V => (y as f32 + 0.5) / height as f32,
            Op::Channel(input, channel) => self.channel(input, channel, self.at),
            other => panic!("{other:?} is no leaf"),
        }
    }

    fn sampled(&self, input: u8, channel: u8, x: f32, y: f32) -> f32 {
        let (width, height) = self.frames[usize::from(input)].size();
        let hold = |v: f32, last: usize| if v > 0.0 { v.min(last as f32) } else { 0.0 };
        let (x, y) = (hold(x, width - 1), hold(y, height - 1));
        let (u, v) = (x.fract(), y.fract());
        let (left, top) = (x as usize, y as usize);
        let (right, bottom) = ((left + 1).min(width - 1), (top + 1).min(height - 1));
        let line = |y| {
            self.channel(input, channel, (left, y)) * (1.0 - u) + self.channel(input, channel, (right, y)) * u
        };
        line(top) * (1.0 - v) + line(bottom) * v
    }

    fn value(&self, tree: &Tree, own: u8) -> f32 {
        match tree {
            Tree::Leaf(op) => self.leaf(*op),
            Tree::Own => self.channel(0, own, self.at),
            Tree::Luma(input) => {
                let [r, g, b] = [0, 1, 2].map(|channel| self.channel(*input, channel, self.at));
                crate::picture::LUMA[0] * r + crate::picture::LUMA[1] * g + crate::picture::LUMA[2] * b
            }
            Tree::Let(at) => self.value(&self.statements[*at].value, own),
            Tree::Apply(op, values) => {
                let values: Vec<f32> = values.iter().map(|value| self.value(value, own)).collect();
                let at = |n: usize| values.get(n).copied().unwrap_or_default();
                match op {
                    Op::Sample(input, channel) => self.sampled(*input, *channel, at(0), at(1)),
                    Op::Noise2 => seeded::value(at(0), at(1), 0.0, self.seed),
                    _ => single(*op, [at(0), at(1), at(2)], self.seed),
                }
            }
        }
    }

    fn output(&self, channel: u8) -> f32 {
        for statement in self.statements {
            let each = statement.target == Target::Each && channel < 3;
            if each || statement.target == Target::Channel(channel) {
                return tame(self.value(&statement.value, channel));
            }
        }
        self.channel(0, channel, self.at)
    }
}

fn frames(budget: &Budget) -> [Frame; 2] {
    [1, 2].map(|seed| {
        let mut frame = Frame::new(261, 3, budget).unwrap();
        for y in 0..3 {
            for x in 0..261 {
                let value = |c| seeded::unit(seeded::hash(x as u32, y as u32, c, seed)) * 1.5 - 0.25;
                frame.set_pixel(x, y, [value(0), value(1), value(2)]).unwrap();
            }
        }
        if seed == 2 {
            frame.set_alpha(0.5).unwrap();
        }
        frame
    })
}

const PARAMETERS: [f32; 2] = [0.7, -2.0];
const MOMENT: Moment = Moment { seconds: 1.25, picture: 30 };

fn same(text: &str) {
    let budget = Budget::new(1 << 24);
    let frames = frames(&budget);
    let frames = [&frames[0], &frames[1]];
    let names = Names::new(2, &["gain", "shift"]);
    let statements = parse(text, &names).unwrap_or_else(|error| panic!("{text}: {error}"));
    let compiled = Expression::compile(text, names, 5).unwrap();
    let out = compiled.run(&frames, &PARAMETERS, MOMENT).unwrap();
    for y in 0..3 {
        for x in 0..261 {
            let (parameters, seed) = (&PARAMETERS, narrow(5));
            let pixel = Pixel {
                frames: &frames,
                at: (x, y),
                parameters,
                moment: MOMENT,
                seed,
                statements: &statements,
            };
            for (channel, value) in out.pixel(x, y).unwrap().into_iter().enumerate().take(3) {
                let wanted = pixel.output(channel as u8);
                assert!(value == wanted, "{text} at ({x}, {y}), channel {channel}: {value}, not {wanted}");
            }
        }
    }
}

fn leaf() -> impl Strategy<Value = String> {
    const NAMES: &[&str] = &[
        "x", "y", "u", "v", "w", "h", "t", "n", "r", "g", "b", "a", "l", "c", "i1.r", "i1.a", "i1.l", "gain",
        "shift", "pi", "0", "1", "2", "0.5", "3", "4", "0.25", "1e3",
    ];
    prop_oneof![
        6 => prop::sample::select(NAMES).prop_map(str::to_owned),
        1 => (-100.0_f32..100.0).prop_map(|number| format!("{number}")),
    ]
}

fn value() -> impl Strategy<Value = String> {
    const UNARY: &[&str] = &[
        "abs", "sign", "floor", "ceil", "round", "fract", "sqrt", "exp", "log", "sin", "cos", "tan", "-", "!",
    ];
    const INFIX: &[&str] =
        &["+", "-", "*", "/", "%", "^", "<", "<=", ">", ">=", "==", "!=", "&&", "||", "+", "*"];
    const BINARY: &[&str] = &["min", "max", "step", "atan2", "pow", "hypot", "mod", "noise"];
    const TERNARY: &[&str] = &["clamp", "mix", "smoothstep", "select", "noise", "sample(r)", "sample(i1.g)"];
    leaf().prop_recursive(5, 40, 3, |inner| {
        let three = (inner.clone(), inner.clone(), inner.clone());
        prop_oneof![
            (prop::sample::select(UNARY), inner.clone()).prop_map(|(f, a)| format!("{f}({a})")),
            (prop::sample::select(INFIX), inner.clone(), inner.clone())
                .prop_map(|(f, a, b)| format!("({a}) {f} ({b})")),
            (prop::sample::select(BINARY), inner.clone(), inner.clone())
                .prop_map(|(f, a, b)| format!("{f}({a}, {b})")),
            (prop::sample::select(TERNARY), three.clone()).prop_map(|(f, (a, b, c))| {
                match f.strip_suffix(')') {
                    Some(sample) => format!("{}, {a}, {b})", sample),
                    None => format!("{f}({a}, {b}, {c})"),
                }
            }),
            three.prop_map(|(a, b, c)| format!("({a}) ? ({b}) : ({c})")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn compiled_is_as_written(one in value(), two in value(), three in value()) {
        same(&one);
        same(&format!("let p = {one}; let q = p * ({two})\nr = q + p; b = ({three}) - q # end"));
    }

    #[test]
    fn any_text_is_compiled_or_refused_in_words(text in "[a-z0-9.+*/^()<>=!?:;, #-]{0,60}|\\PC{0,30}") {
        if let Err(error) = Expression::compile(&text, Names::new(1, &[]), 0) {
            prop_assert!(error.to_string().starts_with("column "), "{}", error);
        }
    }
}

#[test]
fn known_expressions_have_known_values() {
    let budget = Budget::new(1 << 20);
    let frame = Frame::constant(4, 2, [0.5, 0.25, 0.125], &budget).unwrap();
    let run = |text: &str| {
        let compiled = Expression::compile(text, Names::new(1, &["k"]), 0).unwrap();
        let out = compiled.run(&[&frame], &[3.0], Moment { seconds: 2.0, picture: 48 }).unwrap();
        out.pixel(2, 1).unwrap()
    };
    assert_eq!(run("c * 2"), [1.0, 0.5, 0.25, 1.0]);
    assert_eq!(run("x + 10 * y"), [12.0, 12.0, 12.0, 1.0]);
    assert_eq!(run("u; a = v"), [0.625, 0.625, 0.625, 0.75]);
    assert_eq!(run("r = b; b = r"), [0.125, 0.25, 0.5, 1.0]);
    assert_eq!(run("-2 ^ 2")[0], -4.0);
    assert_eq!(run("2 ^ 3 ^ 2")[0], 512.0);
    assert_eq!(run("2 ^ -1")[0], 0.5);
    assert_eq!(run("1 + 2 * 3 - 8 / 4 % 3")[0], 5.0);
    assert_eq!(run("1 < 2 && 3 >= 4 || !0")[0], 1.0);
    assert_eq!(run("k > 2 ? t : n")[0], 2.0);
    assert_eq!(run("1 ? 0 ? 1 : 2 : 3")[0], 2.0);
    assert_eq!(run("-1 % 3")[0], 2.0);
    assert_eq!(run("0 / 0")[0], 0.0);
    assert_eq!(run("w * h + sign(-3) + step(1, 1)")[0], 8.0);
    assert!((run("l")[0] - (0.2126 * 0.5 + 0.7152 * 0.25 + 0.0722 * 0.125)).abs() < 1e-7);
    assert!((run("sample(r, 99, -4) + smoothstep(0, 1, 0.25)")[0] - 0.656_25).abs() < 1e-6);
    assert_eq!(run("let a1 = r +\n  g\nr = a1\n\n g = a1 * 2;")[..2], [0.75, 1.5]);
}

#[test]
fn mistakes_are_told_with_column_and_help() {
    let long = "(".repeat(100);
    let chain = format!("1{}", "+1".repeat(600));
    let huge = "1;".repeat(10_000);
    for (text, column, said) in [
        ("", 1, "nothing is given"),
        ("r *", 4, "expected a number, a name or `(`, found the end"),
        ("sni(x)", 1, "did you mean `sin`"),
        ("r + exposur", 5, "did you mean `exposure`"),
        ("r + i2.r", 5, "did you mean `i0.r`"),
        ("sin(1, 2)", 1, "wants 1, not 2 values"),
        ("noise(1)", 1, "two or three"),
        ("sample(1, 2, 3)", 1, "wants a channel first"),
        ("sin", 1, "is a function: write `sin(...)`"),
        ("r = 1; r = 2", 8, "given a value before"),
        ("r = 1; c", 8, "given a value before"),
        ("q = 1", 1, "`let q = ...`"),
        ("let r = 1; c", 5, "has a meaning already"),
        ("let exposure = 1; c", 5, "has a meaning already"),
        ("let m = 1", 10, "nothing is given"),
        ("1 2", 3, "expected an operator, `;` or a new line, found `2`"),
        ("(1", 3, "`)` to close `(`"),
        ("1 ? 2", 6, "`:` and the value otherwise"),
        ("x & y", 3, "\"and\" is `&&`"),
        ("1e99", 1, "is no number"),
        ("r = \u{1F3AC}", 5, "means nothing here"),
        (&long, 49, "nested more than 48 deep"),
        (&chain, 1002, "at most 500 operators"),
        (&huge, 1, "at most 16384 bytes"),
        ("min(1,2,3,4,5,6)", 14, "no function takes more"),
    ] {
        match Expression::compile(text, Names::new(2, &["exposure"]), 0) {
            Err(PixelError::Expression { column: told, problem }) => {
                assert!(problem.contains(said), "{text:?}: {problem}");
                assert_eq!(told, column, "{text:?}: {problem}");
            }
            other => panic!("{text:?} gave {other:?}"),
        }
    }
}

#[test]
fn frames_and_parameters_are_checked() {
    let budget = Budget::new(1 << 20);
    let (frame, small) = (Frame::new(8, 8, &budget).unwrap(), Frame::new(4, 4, &budget).unwrap());
    let beside = Expression::compile("c + i1.r", Names::new(2, &["k"]), 0).unwrap();
    assert!(matches!(beside.run(&[&frame, &small], &[0.0], MOMENT), Err(PixelError::Sizes { .. })));
    assert!(
        beside.run(&[&frame], &[0.0], MOMENT).unwrap_err().to_string().contains("2 frames and 1 parameters")
    );
    assert!(beside.run(&[&frame, &frame], &[f32::NAN], MOMENT).is_err());
    let sampled = Expression::compile("sample(i1.r, x / 2, y / 2)", Names::new(2, &[]), 0).unwrap();
    assert!(sampled.run(&[&frame, &small], &[], MOMENT).is_ok() && sampled.reads(1) && !sampled.reads(0));
    assert!(!sampled.moves() && Expression::compile("t", Names::new(1, &[]), 0).unwrap().moves());
    assert!(Expression::compile("c", Names::new(0, &[]), 0).is_err());
    assert!(Expression::compile("c", Names::new(1, &["a b"]), 0).is_err());
}
