//! What a mistake in a storyboard is made of. Rendering it is [`super::render`]'s.

use std::fmt;

use serde::Serialize;

pub use super::codes::Code;
use super::types::Span;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Nothing is rendered until it is mended.
    Error,
    /// Probably not what was meant.
    Warning,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
        })
    }
}

/// Another place that has to do with the mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What about it.
    pub text: String,
}

/// A mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Its kind, which `storyreel explain` describes.
    pub code: Code,
    /// The offending text.
    pub span: Span,
    /// What is wrong, in one line.
    pub message: String,
    /// A word or two under the offending text; may be empty.
    pub label: String,
    /// Other places.
    pub labels: Vec<Label>,
    /// What to do.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A mistake at `span`.
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self { code, span, message: message.into(), label: String::new(), labels: Vec::new(), help: None }
    }

    /// How bad it is.
    pub fn severity(&self) -> Severity {
        self.code.severity()
    }

    /// Adds what stands under the offending text.
    pub fn label(&mut self, text: impl Into<String>) -> &mut Self {
        self.label = text.into();
        self
    }

    /// Adds another place.
    pub fn also(&mut self, span: Span, text: impl Into<String>) -> &mut Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// Adds what to do.
    pub fn help(&mut self, text: impl Into<String>) -> &mut Self {
        self.help = Some(text.into());
        self
    }

    /// Adds what to do, where something is known.
    pub fn maybe_help(&mut self, text: Option<impl Into<String>>) -> &mut Self {
        if let Some(text) = text {
            self.help = Some(text.into());
        }
        self
    }
}

/// The candidate nearest to `word`, if it is near enough to have been meant.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = word.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&lower, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| {
            *distance <= 1 + word.chars().count().min(candidate.chars().count()) / 3
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// "did you mean `x`?", or the list of what there is where that is short.
pub fn suggest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str> + Clone) -> Option<String> {
    if let Some(name) = nearest(word, candidates.clone()) {
        return Some(format!("did you mean `{name}`?"));
    }
    let all: Vec<String> = candidates.into_iter().map(|name| format!("`{name}`")).collect();
    match all.len() {
        0 => None,
        1..=8 => Some(format!("there is {}", all.join(", "))),
        _ => None,
    }
}
