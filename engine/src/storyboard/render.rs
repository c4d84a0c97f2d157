//! Diagnostics for people (miette's graphical reports) and for editors (versioned JSON).

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::sync::Arc;

use miette::{LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};
use serde::Serialize;

use super::diagnostics::{Diagnostic, Label, Severity};
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

/// Mistakes that people are shown; more are only counted.
const MAX_SHOWN: usize = 100;
/// Mistakes that editors are told.
const MAX_TOLD: usize = 1000;
/// Bytes of source around a mistake that are shown as they are; of more, what is near to it.
const MAX_SNIPPET: usize = 4000;
/// Bytes of a message that are shown.
const MAX_WORDS: usize = 1000;
/// Bytes that are shown before and after a mistake on a very long line.
const NEAR: usize = 160;

/// Reports in the order given.
pub fn reports(diagnostics: &[Diagnostic], sources: &Sources) -> Vec<Report> {
    let mut texts: BTreeMap<FileId, Text> = BTreeMap::new();
    let mut text = |file| texts.entry(file).or_insert_with(|| text(file, sources)).clone();
    diagnostics.iter().map(|diagnostic| report(diagnostic, text(diagnostic.span.file), sources)).collect()
}

/// Whether a character is not seen, or changes how others are: controls, marks of direction that reach over
/// other text, blanks of no width.
pub fn unseen(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t'))
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200b}' | '\u{2060}' | '\u{feff}')
}

/// Text as it may go to a terminal: what is not seen is written as an escape (`\u{1b}`).
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(unseen) {
        return Cow::Borrowed(text);
    }
    let escaped = |c: char| if unseen(c) { c.escape_unicode().to_string() } else { c.to_string() };
    Cow::Owned(text.chars().map(escaped).collect())
}

/// The same for source text, where every place must stay what it was: a mark of as many bytes.
fn marked(text: &Arc<str>) -> Arc<str> {
    if !text.contains(|c| c != '\r' && unseen(c)) {
        return text.clone();
    }
    let mark = |c: char| match (c != '\r' && unseen(c), c.len_utf8()) {
        (false, _) => c,
        (true, 1) => '?',
        (true, 2) => '\u{bf}',
        (true, _) => char::REPLACEMENT_CHARACTER,
    };
    text.chars().map(mark).collect::<String>().into()
}

/// Everything as one text: reports, then how many of each there are. `width` in columns; `color` for
/// terminals.
pub fn graphical(diagnostics: &[Diagnostic], sources: &Sources, width: usize, color: bool) -> String {
    let theme =
        if color { miette::GraphicalTheme::unicode() } else { miette::GraphicalTheme::unicode_nocolor() };
    let handler = miette::GraphicalReportHandler::new_themed(theme).with_width(width).with_links(false);
    let mut out = String::new();
    let shown = &diagnostics[..diagnostics.len().min(MAX_SHOWN)];
    for report in reports(shown, sources) {
        // Writing to a string does not fail.
        let _ = handler.render_report(&mut out, &report);
        out.push('\n');
    }
    if diagnostics.len() > shown.len() {
        let _ = writeln!(out, "and {} more", diagnostics.len() - shown.len());
    }
    out
}

fn report(diagnostic: &Diagnostic, source: Text, sources: &Sources) -> Report {
    let mut diagnostic = diagnostic.clone();
    let seen = |text: &mut String| {
        if text.len() > MAX_WORDS {
            let end = (0..=MAX_WORDS).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            text.truncate(end);
            text.push('…');
        }
        if let Cow::Owned(visible) = visible(text) {
            *text = visible;
        }
    };
    seen(&mut diagnostic.message);
    seen(&mut diagnostic.label);
    diagnostic.help.iter_mut().for_each(seen);
    diagnostic.labels.iter_mut().for_each(|label| seen(&mut label.text));
    let main = diagnostic.span;
    let beside = |label: &Label| label.span.file == main.file && source.shows_together(main, label.span);
    let (labels, elsewhere): (Vec<_>, Vec<_>) = diagnostic.labels.into_iter().partition(beside);
    diagnostic.labels = labels;
    let elsewhere = elsewhere
        .iter()
        .map(|label| visible(&format!("{} ({})", label.text, place(label.span, sources))).into_owned())
        .collect();
    Report { diagnostic, source, elsewhere }
}

fn text(file: FileId, sources: &Sources) -> Text {
    match sources.get(file) {
        Some(source) => Text {
            name: visible(&source.path.display().to_string()).into_owned(),
            text: marked(&source.text),
        },
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
        let range = |span| self.source.range(span);
        let first = LabeledSpan::new_primary_with_span(label, range(self.diagnostic.span));
        let others = self.diagnostic.labels.iter();
        let others =
            others.map(move |label| LabeledSpan::new_with_span(Some(label.text.clone()), range(label.span)));
        Some(Box::new(std::iter::once(first).chain(others)))
    }
}

impl Text {
    /// What is underlined: of a very long text its beginning.
    fn range(&self, span: Span) -> SourceSpan {
        let (start, end) = (span.start as usize, span.end as usize);
        let end = if end - start > MAX_SNIPPET { self.boundary(start + NEAR) } else { end };
        (start, end - start).into()
    }

    /// Whether two places can be shown in one drawing: no very long line between them.
    fn shows_together(&self, a: Span, b: Span) -> bool {
        let (from, to) = (a.start.min(b.start) as usize, a.end.max(b.end) as usize);
        let between = self.text.get(from..to).unwrap_or_default();
        between.len() <= MAX_SNIPPET || between.lines().all(|line| line.len() <= MAX_SNIPPET / 2)
    }

    /// The last boundary of a character at or before `at`.
    fn boundary(&self, at: usize) -> usize {
        (0..=at.min(self.text.len())).rev().find(|at| self.text.is_char_boundary(*at)).unwrap_or(0)
    }
}

impl SourceCode for Text {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let inner = self.text.read_span(span, before, after)?;
        let (from, to) = (inner.span().offset(), inner.span().offset() + inner.span().len());
        let (mut line, mut column) = (inner.line(), inner.column());
        let long = inner.data().split(|byte| *byte == b'\n').any(|line| line.len() > MAX_SNIPPET / 2);
        let (start, end) = if long {
            let near = span.offset().saturating_sub(if before > 0 { NEAR } else { 0 });
            (self.boundary(near).max(from), self.boundary(span.offset() + span.len() + NEAR).min(to))
        } else {
            (from, to)
        };
        let cut = self.text.get(from..start).unwrap_or_default();
        match cut.rfind('\n') {
            Some(last) => column = cut[last + 1..].chars().count(),
            None => column += cut.chars().count(),
        }
        line += cut.matches('\n').count();
        let data = self.text.get(start..end).unwrap_or_default();
        let lines = if long { data.matches('\n').count() + 1 } else { inner.line_count() };
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            data.as_bytes(),
            (start, end - start).into(),
            line,
            column,
            lines,
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
    /// Every mistake, up to a thousand.
    pub diagnostics: Vec<JsonDiagnostic>,
    /// How many more there are.
    #[serde(skip_serializing_if = "is_zero")]
    pub more: usize,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
fn is_zero(number: &usize) -> bool {
    *number == 0
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
    let more = diagnostics.len().saturating_sub(MAX_TOLD);
    let diagnostics = diagnostics.iter().take(MAX_TOLD).map(|diagnostic| JsonDiagnostic {
        code: diagnostic.code.to_string(),
        severity: diagnostic.severity(),
        message: diagnostic.message.clone(),
        place: json_place(diagnostic.span, sources),
        help: diagnostic.help.clone(),
        labels: diagnostic.labels.iter().map(label).collect(),
    });
    Json { version: JSON_VERSION, diagnostics: diagnostics.collect(), more }
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
