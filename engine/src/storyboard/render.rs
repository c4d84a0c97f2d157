//! Diagnostics for people (miette's graphical reports) and for editors (versioned JSON).

use std::fmt;
use std::sync::Arc;

use miette::{LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};
use serde::Serialize;

use super::diagnostics::{Diagnostic, Severity};
use super::sources::Sources;
use super::types::{FileId, Span};

/// One diagnostic as miette shows it: `{:?}` with its graphical handler installed, or through a
/// handler of one's own.
#[derive(Debug)]
pub struct Report {
    diagnostic: Diagnostic,
    source: Text,
    /// Labels in other files, as words: miette shows one file at a time.
    elsewhere: Vec<String>,
}

#[derive(Clone, Debug)]
struct Text {
    name: String,
    text: Arc<str>,
}

/// Reports in the order given.
pub fn reports(diagnostics: &[Diagnostic], sources: &Sources) -> Vec<Report> {
    diagnostics.iter().map(|diagnostic| report(diagnostic, sources)).collect()
}

/// Everything as one text: reports, then how many of each there are. `width` in columns; `color` for
/// terminals.
pub fn graphical(diagnostics: &[Diagnostic], sources: &Sources, width: usize, color: bool) -> String {
    let theme =
        if color { miette::GraphicalTheme::unicode() } else { miette::GraphicalTheme::unicode_nocolor() };
    let handler = miette::GraphicalReportHandler::new_themed(theme).with_width(width).with_links(false);
    let mut out = String::new();
    for report in reports(diagnostics, sources) {
        // Writing to a string does not fail.
        let _ = handler.render_report(&mut out, &report);
        out.push('\n');
    }
    out
}

fn report(diagnostic: &Diagnostic, sources: &Sources) -> Report {
    let file = diagnostic.span.file;
    let elsewhere = diagnostic.labels.iter().filter(|label| label.span.file != file);
    let elsewhere =
        elsewhere.map(|label| format!("{} ({})", label.text, place(label.span, sources))).collect();
    Report { diagnostic: diagnostic.clone(), source: text(file, sources), elsewhere }
}

fn text(file: FileId, sources: &Sources) -> Text {
    match sources.get(file) {
        Some(source) => Text { name: source.path.display().to_string(), text: source.text.clone() },
        None => Text { name: String::new(), text: "".into() },
    }
}

/// `film.yaml:12:5`.
pub fn place(span: Span, sources: &Sources) -> String {
    let start = sources.start(span);
    let name = sources.get(span.file).map_or_else(String::new, |source| source.path.display().to_string());
    format!("{name}:{}:{}", start.line, start.column)
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.diagnostic.message)
    }
}

impl std::error::Error for Report {}

impl miette::Diagnostic for Report {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.diagnostic.code))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.diagnostic.severity() {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let mut lines: Vec<&str> = self.diagnostic.help.as_deref().into_iter().collect();
        lines.extend(self.elsewhere.iter().map(String::as_str));
        (!lines.is_empty()).then(|| Box::new(lines.join("\n")) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        (!self.source.text.is_empty()).then_some(&self.source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let label = (!self.diagnostic.label.is_empty()).then(|| self.diagnostic.label.clone());
        let first = LabeledSpan::new_primary_with_span(label, range(self.diagnostic.span));
        let file = self.diagnostic.span.file;
        let others = self.diagnostic.labels.iter().filter(move |label| label.span.file == file);
        let others =
            others.map(|label| LabeledSpan::new_with_span(Some(label.text.clone()), range(label.span)));
        Some(Box::new(std::iter::once(first).chain(others)))
    }
}

fn range(span: Span) -> SourceSpan {
    (span.start as usize, (span.end - span.start) as usize).into()
}

impl SourceCode for Text {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let inner = self.text.read_span(span, before, after)?;
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            inner.data(),
            *inner.span(),
            inner.line(),
            inner.column(),
            inner.line_count(),
        )))
    }
}

/// Raised when a field of the JSON form changes its meaning.
pub const JSON_VERSION: u32 = 1;

/// What `check --json` prints.
#[derive(Debug, Serialize)]
pub struct Json {
    /// [`JSON_VERSION`].
    pub version: u32,
    /// Every mistake.
    pub diagnostics: Vec<JsonDiagnostic>,
}

/// A mistake, with places as editors count them: lines and columns from 1, ends exclusive.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct JsonDiagnostic {
    /// Its code.
    pub code: String,
    /// `error` or `warning`.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// Where.
    #[serde(flatten)]
    pub place: JsonPlace,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// Other places.
    pub labels: Vec<JsonLabel>,
}

/// A place.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct JsonPlace {
    /// The file.
    pub file: String,
    /// First line.
    pub line: usize,
    /// First column.
    pub column: usize,
    /// Last line.
    pub end_line: usize,
    /// The column after the last.
    pub end_column: usize,
}

/// Another place.
#[derive(Debug, Serialize)]
pub struct JsonLabel {
    /// What about it.
    pub text: String,
    /// Where.
    #[serde(flatten)]
    pub place: JsonPlace,
}

/// The JSON form.
pub fn json(diagnostics: &[Diagnostic], sources: &Sources) -> Json {
    let label = |label: &super::diagnostics::Label| JsonLabel {
        text: label.text.clone(),
        place: json_place(label.span, sources),
    };
    let diagnostics = diagnostics.iter().map(|diagnostic| JsonDiagnostic {
        code: diagnostic.code.to_string(),
        severity: diagnostic.severity(),
        message: diagnostic.message.clone(),
        place: json_place(diagnostic.span, sources),
        help: diagnostic.help.clone(),
        labels: diagnostic.labels.iter().map(label).collect(),
    });
    Json { version: JSON_VERSION, diagnostics: diagnostics.collect() }
}

fn json_place(span: Span, sources: &Sources) -> JsonPlace {
    let (start, end) = (sources.start(span), sources.end(span));
    JsonPlace {
        file: sources.get(span.file).map_or_else(String::new, |source| source.path.display().to_string()),
        line: start.line,
        column: start.column,
        end_line: end.line,
        end_column: end.column,
    }
}
