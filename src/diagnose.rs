//! A storyboard's mistakes: on standard error for people, as JSON for editors.

use storyreel_engine::storyboard::{Diagnostic, Sources, render};

use crate::terminal::{self, Paint};

/// Shows them all, each with its place underlined.
#[expect(clippy::print_stderr, reason = "this is where mistakes are told")]
pub fn show(diagnostics: &[Diagnostic], sources: &Sources, paint: Paint) {
    let width = terminal::columns().clamp(60, 120);
    eprint!("{}", render::graphical(diagnostics, sources, width, paint.on()));
}

/// The same for editors.
pub fn json(diagnostics: &[Diagnostic], sources: &Sources) -> anyhow::Result<String> {
    Ok(serde_json::to_string_pretty(&render::json(diagnostics, sources))?)
}
