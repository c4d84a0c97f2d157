//! A storyboard's mistakes on standard error.

use storyreel_engine::storyboard::{Diagnostic, Sources};

use crate::terminal::{Ink, Paint};

/// Shows them all.
#[expect(clippy::print_stderr, reason = "this is where mistakes are told")]
pub fn show(diagnostics: &[Diagnostic], sources: &Sources, paint: Paint) {
    for one in diagnostics {
        let place = sources.start(one.span);
        let path =
            sources.get(one.span.file).map(|source| source.path.display().to_string()).unwrap_or_default();
        let head = paint.with(Ink::Bad, format!("{}[{}]", one.severity(), one.code));
        eprintln!("{head}: {}\n  {path}:{}:{}", one.message, place.line, place.column);
        if let Some(help) = &one.help {
            eprintln!("  help: {help}");
        }
    }
}

/// The same for editors.
pub fn json(diagnostics: &[Diagnostic], sources: &Sources) -> anyhow::Result<String> {
    let all: Vec<_> = diagnostics
        .iter()
        .map(|one| {
            let (start, end) = (sources.start(one.span), sources.end(one.span));
            serde_json::json!({
                "code": one.code, "severity": one.severity(), "message": one.message, "help": one.help,
                "file": sources.get(one.span.file).map(|source| source.path.display().to_string()),
                "start": {"line": start.line, "column": start.column},
                "end": {"line": end.line, "column": end.column},
            })
        })
        .collect();
    Ok(serde_json::to_string_pretty(&serde_json::json!({"version": 1, "diagnostics": all}))?)
}
