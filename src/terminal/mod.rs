//! How a run looks: bars on a terminal, lines elsewhere, a summary at the end. Nothing here decides anything.

use std::io::IsTerminal;

mod bars;
mod lines;
mod numbers;
mod paint;
mod teller;
mod work;

pub use numbers::{clock, parse_age, parse_bytes, span};
pub use paint::{Ink, Paint};
pub use storyreel_engine::told::{bytes, counted};
pub use teller::Teller;

use crate::cli::Color;

/// Columns of the terminal that standard output goes to; 100 where there is none.
pub fn columns() -> usize {
    console::Term::stdout().size_checked().map_or(100, |(_, columns)| usize::from(columns))
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
            terminal && !set("NO_COLOR") && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
        }
    }
}
