//! How a script ended that did not end well.

use std::ops::Range;

use mlua::Error;
use storyreel_engine::storyboard::Code;
use storyreel_engine::storyboard::types::Span;

/// A line of a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// Which text, by its number.
    pub chunk: usize,
    /// From 1.
    pub line: usize,
}

/// What chunks are called inside the interpreter, before their number.
const CHUNK: &str = "chunk#";

impl Line {
    /// The name of a chunk inside the interpreter.
    pub(crate) fn chunk_name(number: usize) -> String {
        format!("={CHUNK}{number}")
    }

    /// The line of a chunk as the interpreter names it; `None` for what is not a script's.
    pub(crate) fn of(chunk: &str, line: usize) -> Option<Self> {
        let number = chunk.trim_start_matches('=').strip_prefix(CHUNK)?;
        Some(Self { chunk: number.parse().ok()?, line })
    }

    /// The bytes of that line without the space around it; `None` where the text has no such line.
    pub(crate) fn place(self, text: &str) -> Option<Range<usize>> {
        let mut start = 0;
        for (at, line) in text.split('\n').enumerate() {
            if at + 1 == self.line {
                let own = line.trim();
                let from = start + (line.len() - line.trim_start().len());
                return Some(from..from + own.len());
            }
            start += line.len() + 1;
        }
        None
    }
}

/// What the script's own handler told.
pub(crate) struct Told {
    pub message: Option<String>,
    pub trail: Vec<Line>,
}

/// Why a script failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Failed {
    /// In one line, without places.
    pub message: String,
    /// Where, innermost first.
    pub lines: Vec<Line>,
    /// Where exactly, if that is known: a chunk's number in place of a file.
    pub span: Option<Span>,
    /// In which way.
    pub way: Way,
}

/// In which way a script failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Way {
    /// It said so, or the interpreter did.
    #[default]
    Error,
    /// It spent more than it may.
    Limit,
    /// It gave no storyboard.
    NotStoryboard,
    /// It declares a node wrong.
    Declaration,
}

impl Failed {
    /// Something that has no place.
    pub fn plain(message: impl Into<String>) -> Self {
        Self { message: message.into(), lines: Vec::new(), span: None, way: Way::Error }
    }

    pub(crate) fn at(message: impl Into<String>, line: Line) -> Self {
        Self { lines: vec![line], ..Self::plain(message) }
    }

    /// What stands at `span` cannot be used.
    pub(crate) fn within(message: impl Into<String>, span: Span) -> Self {
        Self { span: Some(span), ..Self::plain(message) }
    }

    pub(crate) fn not_storyboard(message: impl Into<String>) -> Self {
        Self { way: Way::NotStoryboard, ..Self::plain(message) }
    }

    pub(crate) fn declaration(message: impl Into<String>) -> Self {
        Self { way: Way::Declaration, ..Self::plain(message) }
    }

    pub(crate) fn limit(message: impl Into<String>, lines: Vec<Line>) -> Self {
        Self { lines, way: Way::Limit, ..Self::plain(message) }
    }

    pub(crate) fn of_lua(error: &Error) -> Self {
        Self::of(error, Vec::new())
    }

    /// With the line where it failed, for where no source can be shown.
    pub(crate) fn with_line(&self, id: &str) -> String {
        match self.lines.first() {
            Some(line) if line.chunk == 0 => format!("{} (line {} of {id})", self.message, line.line),
            _ => self.message.clone(),
        }
    }

    /// The code of such a mistake.
    pub fn code(&self) -> Code {
        match self.way {
            Way::Error => Code::Script,
            Way::Limit => Code::ScriptLimit,
            Way::NotStoryboard => Code::NotStoryboard,
            Way::Declaration => Code::BadDeclaration,
        }
    }

    /// What to do.
    pub fn help(&self) -> Option<&'static str> {
        match self.way {
            Way::NotStoryboard => {
                Some("end it with `return film`, where `film` is what `storyboard {...}` gave")
            }
            _ => None,
        }
    }

    pub(crate) fn setup(error: Error) -> Self {
        Self::plain(format!("no script can run here: {error}"))
    }

    /// What the script said, which may begin with a place of its own.
    pub(crate) fn said(message: String, mut lines: Vec<Line>) -> Self {
        let (place, rest) = split(&message);
        if let Some(place) = place {
            lines.retain(|line| *line != place);
            lines.insert(0, place);
        }
        if rest.starts_with("not enough memory") {
            return Self::limit(MEMORY, lines);
        }
        Self { lines, ..Self::plain(first_line(rest)) }
    }

    pub(crate) fn syntax(error: &Error) -> Self {
        match error {
            Error::SyntaxError { message, .. } => Self::said(message.clone(), Vec::new()),
            other => Self::of(other, Vec::new()),
        }
    }

    pub(crate) fn of(error: &Error, lines: Vec<Line>) -> Self {
        match error {
            Error::MemoryError(_) => Self::limit(MEMORY, lines),
            Error::RuntimeError(message) | Error::SyntaxError { message, .. } => {
                Self::said(message.clone(), lines)
            }
            Error::CallbackError { cause, .. } | Error::BadArgument { cause, .. } => {
                let mut inner = Self::of(cause, lines);
                if let Error::BadArgument { pos, name, .. } = error {
                    let which = name.clone().unwrap_or_else(|| format!("argument {pos}"));
                    inner.message = format!("{which}: {}", inner.message);
                }
                inner
            }
            Error::FromLuaConversionError { from, to, message } => {
                let expected = message.clone().unwrap_or_else(|| format!("{to} is expected, not {from}"));
                Self { lines, ..Self::plain(expected) }
            }
            other => Self::said(other.to_string(), lines),
        }
    }
}

const MEMORY: &str = "this script holds more memory than a script may";

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or("the script failed").trim().to_owned()
}

/// `chunk#3:12: message` as a place and the message.
fn split(message: &str) -> (Option<Line>, &str) {
    let Some(rest) = message.strip_prefix(CHUNK) else { return (None, message) };
    let mut parts = rest.splitn(3, ':');
    let (Some(chunk), Some(line), Some(text)) = (parts.next(), parts.next(), parts.next()) else {
        return (None, message);
    };
    match (chunk.parse(), line.parse()) {
        (Ok(chunk), Ok(line)) => (Some(Line { chunk, line }), text.trim_start()),
        _ => (None, message),
    }
}
