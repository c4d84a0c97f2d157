//! A storyboard's mistakes: drawn for people on standard error, as JSON for editors.

use std::path::Path;

use storyreel_engine::storyboard::{Diagnostic, Sources, render};

use crate::output::{aside, note};
use crate::terminal::{self, Paint};

/// Shows them all; answers what was shown.
pub fn show(diagnostics: &[Diagnostic], sources: &Sources, paint: Paint) -> String {
    let width = terminal::columns().clamp(60, 120);
    let text = match diagnostics {
        [] => String::new(),
        some => render::graphical(some, sources, width, paint.on()),
    };
    aside(&text);
    text
}

/// Says which files were read, from the project's folder where they are in it.
pub fn told_read<'a>(root: &Path, files: impl IntoIterator<Item = &'a Path>) {
    for file in files {
        note(&format!("read {}", file.strip_prefix(root).unwrap_or(file).display()));
    }
}

/// The same for editors.
pub fn json(diagnostics: &[Diagnostic], sources: &Sources) -> anyhow::Result<String> {
    Ok(serde_json::to_string_pretty(&render::json(diagnostics, sources))?)
}
