//! Formulas that FFmpeg evaluates itself, as in `rotate=PI/8*sin(t)`: only arithmetic on known names passes.
//!
//! FFmpeg's own language can print, ask the clock, draw random numbers, keep state and loop without end: those names are
//! not among the known ones.

use crate::error::{MediaError, Result};

/// The longest formula, in bytes.
const LONGEST: usize = 200;
/// The deepest brackets.
const DEEPEST: usize = 16;

/// Functions and constants that pass.
pub(super) const KNOWN: [&str; 36] = [
    "sin", "cos", "tan", "asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh", "exp", "log", "sqrt",
    "abs", "floor", "ceil", "round", "trunc", "min", "max", "mod", "pow", "hypot", "if", "ifnot", "gt",
    "gte", "lt", "lte", "eq", "between", "clip", "lerp", "sgn", "PI", "E",
];

/// Why a name of FFmpeg's does not pass.
fn reason(name: &str) -> &'static str {
    match name {
        "print" => ": it prints",
        "time" | "gettimeofday" => ": it asks the clock",
        "random" | "randomi" => ": it is not the same each time",
        "while" | "taylor" | "root" => ": it may never end",
        "st" | "ld" => ": it keeps state",
        _ => "",
    }
}

/// Passes a formula in these variables.
pub(super) fn check(formula: &str, variables: &[&str]) -> Result<()> {
    let wrong = |problem: String| Err(MediaError::Parameter(problem));
    if formula.is_empty() || formula.len() > LONGEST {
        return wrong(format!("a formula has from 1 to {LONGEST} characters"));
    }
    let (mut depth, mut rest) = (0_usize, formula);
    while let Some(first) = rest.chars().next() {
        if first.is_ascii_alphabetic() || first == '_' {
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
            let name = &rest[..end];
            if !variables.contains(&name) && !KNOWN.contains(&name) {
                let known = variables.iter().chain(&KNOWN).copied();
                let hint = super::parse::hint(name, known);
                let (why, variables) = (reason(name), variables.join(", "));
                return wrong(format!(
                    "a formula may not name `{name}`{why}{hint}; here it may name {variables} and functions such as sin, min, if"
                ));
            }
            rest = &rest[end..];
            continue;
        }
        if first.is_ascii_digit() || first == '.' {
            let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
            let after = rest[digits..].chars().next();
            // FFmpeg would read `2k` as 2000 and `0x10` as 16.
            if after.is_some_and(|c| c.is_ascii_alphabetic()) {
                return wrong(format!(
                    "in a formula `*` stands between a number and a name, not `{}`",
                    shortened(rest)
                ));
            }
            rest = &rest[digits..];
            continue;
        }
        match first {
            '(' => depth += 1,
            ')' if depth == 0 => return wrong("a formula closes a bracket that was not opened".to_owned()),
            ')' => depth -= 1,
            '+' | '-' | '*' | '/' | '^' | ',' | ' ' => {}
            other => return wrong(format!("`{}` has no place in a formula", other.escape_default())),
        }
        if depth > DEEPEST {
            return wrong(format!("a formula has at most {DEEPEST} brackets in one another"));
        }
        rest = &rest[first.len_utf8()..];
    }
    if depth > 0 { wrong("a formula does not close all its brackets".to_owned()) } else { Ok(()) }
}

fn shortened(text: &str) -> String {
    text.chars().take(20).collect()
}
