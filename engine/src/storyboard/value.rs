//! How a node becomes a value, and how the same value looks in the JSON Schema: both in one trait,
//! so that what is read and what editors offer cannot differ.

use serde_json::{Value as Json, json};

use super::codes::Code;
use super::diagnostics::{Diagnostic, Effort, suggest, suggest_within};
use super::record::Defs;
use super::render::unseen;
use super::sources::Sources;
use super::tree::{Node, Value};
use super::types::{Span, Spanned};

/// What reading needs besides the node: where mistakes go.
pub struct Context<'a> {
    /// The texts.
    pub sources: &'a Sources,
    /// So far.
    pub mistakes: Vec<Diagnostic>,
    /// What may still be compared for suggestions.
    pub effort: Effort,
}

impl Context<'_> {
    /// What may have been meant by `word`, as [`suggest`] has it, while there is effort left.
    pub fn suggest<'c>(
        &mut self,
        word: &str,
        candidates: impl IntoIterator<Item = &'c str> + Clone,
    ) -> Option<String> {
        suggest_within(&mut self.effort, word, candidates)
    }

    /// One more mistake; what it returns takes labels and help.
    pub fn mistake(&mut self, code: Code, span: Span, message: impl Into<String>) -> &mut Diagnostic {
        self.mistakes.push(Diagnostic::new(code, span, message));
        let last = self.mistakes.len() - 1;
        &mut self.mistakes[last]
    }

    /// `node` is not `expected` ("a map with keys").
    pub fn wrong(&mut self, node: &Node, expected: &str) -> Option<&mut Diagnostic> {
        match node.value {
            Value::Broken => None,
            Value::Null => Some(self.mistake(
                Code::Empty,
                node.span,
                format!("nothing is written here; {expected} is expected"),
            )),
            _ => {
                let message = format!("{expected} is expected here, not {}", node.kind());
                Some(self.mistake(Code::WrongType, node.head(), message))
            }
        }
    }

    /// The text of a scalar; otherwise a mistake, and `None`.
    pub fn scalar<'n>(&mut self, node: &'n Node, expected: &str) -> Option<&'n str> {
        match node.text() {
            Some(text) if text.len() > MAX_TEXT => {
                let message = format!("this text has {} bytes; at most {MAX_TEXT} are read", text.len());
                self.mistake(Code::TooMuchText, node.span, message);
                None
            }
            Some(text) if !text.trim().is_empty() => Some(text.trim()),
            Some(_) => {
                self.mistake(Code::Empty, node.span, format!("the text is empty; {expected} is expected"));
                None
            }
            None => {
                self.wrong(node, expected);
                None
            }
        }
    }
}

/// A value that a storyboard can hold.
pub trait FromNode: Sized {
    /// The value of `node`; `None` where it is none, with at least one mistake told.
    fn read(node: &Node, cx: &mut Context<'_>) -> Option<Self>;

    /// What it looks like in the JSON Schema; records go to `defs` and are referred to.
    fn schema(defs: &mut Defs) -> Json;
}

impl<T: FromNode> FromNode for Spanned<T> {
    fn read(node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        T::read(node, cx).map(|value| Spanned { value, span: node.span })
    }

    fn schema(defs: &mut Defs) -> Json {
        T::schema(defs)
    }
}

/// Bytes that one text may have.
pub const MAX_TEXT: usize = 64 << 10;

/// Text in words, not empty, without control characters.
impl FromNode for String {
    fn read(node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        let text = cx.scalar(node, "text")?;
        if let Some(odd) = text.chars().find(|c| unseen(*c)) {
            cx.mistake(
                Code::ControlCharacter,
                node.span,
                format!("this text holds the control character U+{:04X}", odd as u32),
            );
            return None;
        }
        Some(text.to_owned())
    }

    fn schema(_: &mut Defs) -> Json {
        json!({"type": ["string", "number", "boolean"]})
    }
}

/// The name of something, at the place where it gets it.
#[derive(Clone, Debug, PartialEq)]
pub struct Name(pub String);

/// What a name is made of, as a regular expression.
const NAME: &str = r"^[\p{L}\p{N}][\p{L}\p{N}_-]{0,63}$";

/// Whether `text` can be a name.
pub fn is_name(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(char::is_alphanumeric)
        && chars.all(|c| c.is_alphanumeric() || c == '-' || c == '_')
        && text.chars().count() <= 64
}

/// Checks a name, and says what a good one would be.
pub fn check_name(text: &str, span: Span, cx: &mut Context<'_>) -> bool {
    let good = is_name(text);
    if !good {
        let mended: String =
            text.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).take(64).collect();
        let mended = mended.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-");
        let mistake = cx.mistake(Code::BadName, span, format!("`{text}` cannot be a name"));
        mistake.label("letters, digits, `-` and `_`, at most 64");
        if !mended.is_empty() {
            mistake.help(format!("write `{mended}`"));
        }
    }
    good
}

impl FromNode for Name {
    fn read(node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        let text = cx.scalar(node, "a name")?;
        check_name(text, node.span, cx).then(|| Self(text.to_owned()))
    }

    fn schema(_: &mut Defs) -> Json {
        json!({"anyOf": [{"type": "string", "pattern": NAME}, {"type": "integer", "minimum": 0}]})
    }
}

/// Names that refer to something: one, a list, or words with commas between.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Names(pub Vec<Spanned<String>>);

impl FromNode for Names {
    fn read(node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        let items = match &node.value {
            Value::Seq(items) => items.as_slice(),
            _ => std::slice::from_ref(node),
        };
        let mut names = Vec::new();
        for item in items {
            let Some(text) = cx.scalar(item, "a name or a list of names") else {
                continue;
            };
            for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
                names.push(Spanned::new(
                    part.trim_start_matches('@').to_owned(),
                    cx.sources.within(item.span, part),
                ));
            }
        }
        Some(Self(names))
    }

    fn schema(_: &mut Defs) -> Json {
        let name = json!({"type": ["string", "number"]});
        json!({"anyOf": [name, {"type": "array", "items": name}]})
    }
}

/// One value where a list of them could stand, too.
#[derive(Clone, Debug)]
pub struct OneOrMany<T>(pub Vec<T>);

impl<T: FromNode> FromNode for OneOrMany<T> {
    fn read(node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        match &node.value {
            Value::Seq(items) => Some(Self(items.iter().filter_map(|item| T::read(item, cx)).collect())),
            _ => T::read(node, cx).map(|item| Self(vec![item])),
        }
    }

    fn schema(defs: &mut Defs) -> Json {
        let item = T::schema(defs);
        json!({"anyOf": [item, {"type": "array", "items": item}]})
    }
}

/// A list.
#[derive(Clone, Debug)]
pub struct List<T> {
    /// Those entries that could be read.
    pub items: Vec<T>,
    /// How many are written.
    pub written: usize,
}

impl<T: FromNode> FromNode for List<T> {
    fn read(node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        let Value::Seq(items) = &node.value else {
            if let Some(mistake) = cx.wrong(node, "a list") {
                mistake.help("begin each entry with `- `");
            }
            return None;
        };
        Some(Self {
            items: items.iter().filter_map(|item| T::read(item, cx)).collect(),
            written: items.len(),
        })
    }

    fn schema(defs: &mut Defs) -> Json {
        json!({"type": "array", "items": T::schema(defs)})
    }
}

/// A map of names to values.
#[derive(Clone, Debug)]
pub struct Named<T>(pub Vec<(Spanned<String>, T)>);

impl<T: FromNode> FromNode for Named<T> {
    fn read(node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        let Value::Map(entries) = &node.value else {
            if let Some(mistake) = cx.wrong(node, "a map of names") {
                mistake.help("write each as `name: {description: ...}`");
            }
            return None;
        };
        let read = |entry: &super::tree::Entry, cx: &mut Context<'_>| {
            let named = check_name(&entry.key, entry.key_span, cx);
            let value = T::read(&entry.value, cx)?;
            named.then(|| (Spanned::new(entry.key.clone(), entry.key_span), value))
        };
        Some(Self(entries.iter().filter_map(|entry| read(entry, cx)).collect()))
    }

    fn schema(defs: &mut Defs) -> Json {
        json!({"type": "object", "propertyNames": {"pattern": NAME}, "additionalProperties": T::schema(defs)})
    }
}

/// A short form in words, or the long form with keys.
#[derive(Clone, Debug)]
pub enum TextOr<T> {
    /// The short form.
    Text(Spanned<String>),
    /// The long form.
    Full(T),
}

impl<T: FromNode> FromNode for TextOr<T> {
    fn read(node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        match &node.value {
            Value::Map(_) => T::read(node, cx).map(Self::Full),
            Value::Scalar { .. } => Spanned::read(node, cx).map(Self::Text),
            _ => {
                cx.wrong(node, "text, or a map with keys,");
                None
            }
        }
    }

    fn schema(defs: &mut Defs) -> Json {
        json!({"anyOf": [String::schema(defs), T::schema(defs)]})
    }
}

/// A closed set of words: text, what it does, value.
pub trait Words: Sized + Copy + 'static {
    /// What one of them is called, with the article.
    const CALLED: &'static str;
    /// The table.
    const TABLE: &'static [(&'static str, &'static str, Self)];
}

/// A value of a closed set of words.
pub fn read_word<T: Words>(node: &Node, cx: &mut Context<'_>) -> Option<T> {
    let text = cx.scalar(node, T::CALLED)?;
    let found = T::TABLE.iter().find(|(word, _, _)| *word == text);
    if found.is_none() {
        unknown_word(text, T::CALLED, T::TABLE.iter().map(|(word, _, _)| *word), node.span, cx);
    }
    found.map(|(_, _, value)| *value)
}

/// The mistake of a word that is not in a closed set.
pub fn unknown_word<'a>(
    text: &str,
    called: &str,
    words: impl Iterator<Item = &'a str> + Clone,
    span: Span,
    cx: &mut Context<'_>,
) {
    let help = suggest(text, words);
    cx.mistake(Code::UnknownWord, span, format!("`{text}` is not {called}")).maybe_help(help);
}

/// The schema of a closed set of words.
pub fn word_schema<T: Words>() -> Json {
    let words: Vec<_> = T::TABLE.iter().map(|(word, _, _)| *word).collect();
    let docs: Vec<_> = T::TABLE.iter().map(|(_, doc, _)| *doc).collect();
    json!({"type": "string", "enum": words, "enumDescriptions": docs, "markdownEnumDescriptions": docs})
}

/// A table of words for a type of [`super::types`].
macro_rules! words {
    ($ty:ty, $called:literal, $($word:literal $doc:literal => $value:expr),+ $(,)?) => {
        impl $crate::storyboard::value::Words for $ty {
            const CALLED: &'static str = $called;
            const TABLE: &'static [(&'static str, &'static str, Self)] = &[$(($word, $doc, $value)),+];
        }

        impl $crate::storyboard::value::FromNode for $ty {
            fn read(node: &$crate::storyboard::tree::Node, cx: &mut $crate::storyboard::value::Context<'_>) -> Option<Self> {
                $crate::storyboard::value::read_word(node, cx)
            }

            fn schema(_: &mut $crate::storyboard::record::Defs) -> serde_json::Value {
                $crate::storyboard::value::word_schema::<$ty>()
            }
        }
    };
}
pub(crate) use words;
