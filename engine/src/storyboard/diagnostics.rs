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

/// How much may still be compared for suggestions in one reading. A storyboard with thousands of unknown names and
/// thousands of known ones would otherwise take minutes to be told; its first mistakes are as many as are read.
#[derive(Clone, Copy, Debug)]
pub struct Effort(u64);

/// Cells of the table that comparing two words takes, and what a look at a candidate costs in such cells.
const CELLS: u64 = 5_000_000;
const LOOK: u64 = 16;

impl Default for Effort {
    fn default() -> Self {
        Self(CELLS)
    }
}

impl Effort {
    /// Whether there is so much left; then it is spent.
    fn spend(&mut self, cells: u64) -> bool {
        let left = self.0.checked_sub(cells);
        self.0 = left.unwrap_or(0);
        left.is_some()
    }
}

/// The candidate nearest to `word`, if it is near enough to have been meant.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    nearest_within(&mut Effort::default(), word, candidates)
}

/// The same; none once the effort is spent.
pub fn nearest_within<'a>(
    effort: &mut Effort,
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let lower = word.to_lowercase();
    let length = word.chars().count();
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let other = candidate.chars().count();
        let near = 1 + length.min(other) / 3;
        if !effort.spend(LOOK) {
            return None;
        }
        // Each letter more is a difference; lower case may add one to a letter that is none of the Latin ones.
        if length.abs_diff(other) > near && word.is_ascii() && candidate.is_ascii() {
            continue;
        }
        if !effort.spend((length as u64 + 1) * (other as u64 + 1)) {
            return None;
        }
        let distance = strsim::damerau_levenshtein(&lower, &candidate.to_lowercase());
        if distance <= near && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Names that are listed where none is near.
const LISTED: usize = 8;

/// "did you mean `x`?", or the list of what there is where that is short.
pub fn suggest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str> + Clone) -> Option<String> {
    suggest_within(&mut Effort::default(), word, candidates)
}

/// The same; of many candidates none once the effort is spent.
pub fn suggest_within<'a>(
    effort: &mut Effort,
    word: &str,
    candidates: impl IntoIterator<Item = &'a str> + Clone,
) -> Option<String> {
    if let Some(name) = nearest_within(effort, word, candidates.clone()) {
        return Some(format!("did you mean `{name}`?"));
    }
    let all: Vec<String> = candidates.into_iter().take(LISTED + 1).map(|name| format!("`{name}`")).collect();
    match all.len() {
        0 => None,
        1..=LISTED => Some(format!("there is {}", all.join(", "))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_found_and_the_first_of_equals() {
        assert_eq!(nearest("mra", ["ines", "mara", "mira"]), Some("mara"));
        assert_eq!(nearest("MARA", ["mara"]), Some("mara"));
        assert_eq!(nearest("keeper", ["mara", "ines"]), None);
        assert_eq!(nearest("\u{130}zmir", ["izmir"]), Some("izmir"));
    }

    #[test]
    fn names_without_number_are_not_compared_without_end() {
        let names: Vec<String> = (0..3000).map(|number| format!("character{number}")).collect();
        let mut effort = Effort::default();
        let mut suggest = |word: &str| suggest_within(&mut effort, word, names.iter().map(String::as_str));
        assert_eq!(suggest("charakter7"), Some("did you mean `character7`?".into()));
        let told = (0..3000).filter(|number| suggest(&format!("charakter{number}x")).is_some()).count();
        assert!((5..500).contains(&told), "{told}");
    }
}
