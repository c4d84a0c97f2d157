//! How a run looks: bars on a terminal, lines elsewhere, a summary at the end. Nothing here decides anything.

use std::io::IsTerminal;

mod bars;
mod lines;
mod numbers;
mod paint;

pub use bars::Bars;
pub use lines::Lines;
pub use numbers::{bytes, clock, parse_bytes, span};
pub use paint::{Ink, Paint};

use crate::cli::Color;

/// What both views are told. Jobs are told apart by their number.
pub trait View {
    /// A job begins: its step's kind and label.
    fn begin(&mut self, job: u64, kind: &str, label: &str);
    /// It has come this far; `total` is 0 where that is not known.
    fn advance(&mut self, job: u64, done: u64, total: u64, phase: &str);
    /// It is over.
    fn end(&mut self, job: u64, outcome: Outcome<'_>);
    /// The whole: steps done of steps to do, and estimated work done of work to do, in milliseconds.
    fn overall(&mut self, steps: (usize, usize), work: (u64, u64));
    /// Something worth a line of its own.
    fn note(&mut self, text: &str);
    /// Nothing more comes.
    fn close(&mut self);
}

/// How a job ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Outcome<'a> {
    /// Well, after so many milliseconds.
    Done(u64),
    /// With these words; whether it is tried again.
    Failed(&'a str, bool),
}

/// The view that suits where standard error goes.
pub fn view(paint: Paint) -> Box<dyn View> {
    if std::io::stderr().is_terminal() && std::env::var_os("CI").is_none() {
        Box::new(Bars::new(paint))
    } else {
        Box::new(Lines::new(paint))
    }
}

/// Whether to colour what goes to standard error.
pub fn paint(color: Color) -> Paint {
    Paint::new(wanted(color, std::io::stderr().is_terminal()))
}

/// Whether to colour what goes to standard output.
pub fn paint_out(color: Color) -> Paint {
    Paint::new(wanted(color, std::io::stdout().is_terminal()))
}

fn wanted(color: Color, terminal: bool) -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => {
            terminal && !set("NO_COLOR") && !std::env::var_os("TERM").is_some_and(|term| term == "dumb")
        }
    }
}
