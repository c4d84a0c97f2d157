//! A storyboard file as a tree of values that know their place. YAML is one way to make it.
//!
//! Budgets hold before memory is spent: depth, values (aliases written out), file size.

use std::collections::HashMap;

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError};

use super::codes::Code;
use super::diagnostics::Diagnostic;
use super::types::{FileId, Span};

/// Bytes that a storyboard may have, with all that it includes: twenty thousand shots of eight hundred bytes each.
pub const MAX_BYTES: u64 = 16 << 20;
/// How deep lists and maps may stand in each other.
pub const MAX_DEPTH: usize = 64;
/// Values that a storyboard may hold, with all that it includes and aliases written out: twenty thousand shots of fifty
/// each. At most some 200 bytes a value are held while it is read.
pub const MAX_VALUES: usize = 1_000_000;
/// Bytes of text that the aliases of a file may come to, written out.
pub const MAX_ALIASED: usize = MAX_BYTES as usize;

/// A value and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// What it is.
    pub value: Value,
    /// Where it stands; of a list or map, all of it.
    pub span: Span,
}

/// What a node is. Scalars keep their text; what it means is decided where it is used.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing, `~`, `null`.
    Null,
    /// A value that a mistake, already told, took away.
    Broken,
    /// Text, a number, a word.
    Scalar {
        /// As it reads after escapes.
        text: String,
        /// Written without quotes.
        plain: bool,
    },
    /// A list.
    Seq(Vec<Node>),
    /// A map, in the order written; keys are unique.
    Map(Vec<Entry>),
}

/// One key of a map and its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Where the key stands.
    pub key_span: Span,
    /// Its value.
    pub value: Node,
}

impl Node {
    /// The value of `key`, where this is a map that has it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries().iter().find(|entry| entry.key == key).map(|entry| &entry.value)
    }

    /// A map's entries; none for anything else.
    pub fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    /// A scalar's text.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// What it is, in a word or two with the article.
    pub fn kind(&self) -> &'static str {
        match &self.value {
            Value::Null | Value::Broken => "nothing",
            Value::Seq(_) => "a list",
            Value::Map(_) => "a map",
            Value::Scalar { plain: true, text } if text.parse::<f64>().is_ok() => "a number",
            Value::Scalar { .. } => "text",
        }
    }

    /// Where to point at this value in a line: the first key of a map, the value otherwise.
    pub fn head(&self) -> Span {
        match &self.value {
            Value::Map(entries) => entries.first().map_or(self.span, |entry| entry.key_span),
            Value::Seq(items) if !items.is_empty() => items[0].head(),
            _ => self.span,
        }
    }

    /// Bytes of the text below it, keys included.
    fn bytes(&self) -> usize {
        match &self.value {
            Value::Null | Value::Broken => 0,
            Value::Scalar { text, .. } => text.len(),
            Value::Seq(items) => items.iter().map(Self::bytes).sum(),
            Value::Map(entries) => entries.iter().map(|entry| entry.key.len() + entry.value.bytes()).sum(),
        }
    }

    fn depth(&self) -> usize {
        1 + match &self.value {
            Value::Seq(items) => items.iter().map(Node::depth).max().unwrap_or(0),
            Value::Map(entries) => entries.iter().map(|entry| entry.value.depth()).max().unwrap_or(0),
            _ => 0,
        }
    }
}

/// The tree of a YAML text. Where there is none, the mistakes say why; where there is one, they
/// hold what could be passed over (duplicate keys, tags).
pub fn parse(text: &str, file: FileId) -> (Option<Node>, Vec<Diagnostic>) {
    parse_after(text, file, &mut 0)
}

/// The same for one of several texts; `values` counts those of all of them.
pub fn parse_after(text: &str, file: FileId, values: &mut usize) -> (Option<Node>, Vec<Diagnostic>) {
    let mut builder = Builder {
        file,
        text,
        open: Vec::new(),
        root: None,
        anchors: HashMap::new(),
        values: *values,
        kept: 0,
        aliased: 0,
        mistakes: Vec::new(),
    };
    let read = builder.run();
    *values = builder.values;
    let tree = match read {
        Ok(()) => builder.root.take(),
        Err(stop) => {
            builder.mistakes.push(*stop);
            return (None, builder.mistakes);
        }
    };
    if !matches!(&tree, Some(Node { value, .. }) if *value != Value::Null) {
        let span = Span { file, start: 0, end: 0 };
        builder.mistakes.push(Diagnostic::new(Code::EmptyFile, span, "there is nothing in this file"));
        return (None, builder.mistakes);
    }
    (tree, builder.mistakes)
}

/// A list or map whose end has not come yet.
enum Open {
    Seq(Vec<Node>),
    /// Entries, and the key that waits for its value (`None` inside: a key that could not be used).
    Map(Vec<Entry>, Option<Option<(String, Span)>>, Keys),
}

/// Where the keys of a large map stand in it; a small one is looked through.
#[derive(Default)]
struct Keys(HashMap<String, usize>);

impl Keys {
    const SMALL: usize = 32;

    fn find(&mut self, key: &str, entries: &[Entry]) -> Option<usize> {
        if entries.len() < Self::SMALL {
            return entries.iter().position(|entry| entry.key == key);
        }
        let new = self.0.len()..entries.len();
        self.0.extend(new.map(|at| (entries[at].key.clone(), at)));
        self.0.get(key).copied()
    }
}

struct Collection {
    open: Open,
    start: u32,
    anchor: usize,
    block: bool,
}

/// An anchored value and what it costs to write it out.
struct Anchored {
    node: Node,
    values: usize,
    bytes: usize,
    depth: usize,
}

struct Builder<'a> {
    file: FileId,
    text: &'a str,
    open: Vec<Collection>,
    root: Option<Node>,
    anchors: HashMap<usize, Anchored>,
    values: usize,
    /// Values that anchors have come to.
    kept: usize,
    /// Bytes of text that anchors and aliases have come to.
    aliased: usize,
    mistakes: Vec<Diagnostic>,
}

type Stop = Box<Diagnostic>;

impl Builder<'_> {
    fn run(&mut self) -> Result<(), Stop> {
        let options = granit_parser::options! {
            emit_comments: false,
            emit_unresolved_aliases: true,
            flow_nesting_limit: MAX_DEPTH,
            block_nesting_limit: MAX_DEPTH,
        };
        let mut documents = 0;
        for next in Parser::new_from_str_with_options(self.text, options) {
            let (event, span) = next.map_err(|error| self.syntax(&error))?;
            let span = self.span(&span);
            if event.tag().is_some() {
                self.mistakes.push(
                    Diagnostic::new(Code::Tag, span, "tags have no meaning in a storyboard")
                        .help("remove the word that starts with `!`, or put the text into quotes")
                        .clone(),
                );
            }
            if let Event::DocumentStart(..) = event {
                documents += 1;
                if documents > 1 {
                    let message = "a second document starts here; a file holds one storyboard";
                    return Err(Box::new(Diagnostic::new(Code::SeveralDocuments, span, message)));
                }
            }
            self.event(event, span)?;
        }
        Ok(())
    }

    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), Stop> {
        match event {
            Event::Scalar(text, style, anchor, _) => {
                let plain = style == ScalarStyle::Plain;
                let null = plain && matches!(&*text, "" | "~" | "null");
                let value = if null { Value::Null } else { Value::Scalar { text: text.into_owned(), plain } };
                self.value(Node { value, span }, 1, anchor)
            }
            Event::SequenceStart(style, anchor, _) => {
                self.start(Open::Seq(Vec::new()), span, anchor, style == granit_parser::StructureStyle::Block)
            }
            Event::MappingStart(style, anchor, _) => self.start(
                Open::Map(Vec::new(), None, Keys::default()),
                span,
                anchor,
                style == granit_parser::StructureStyle::Block,
            ),
            Event::SequenceEnd | Event::MappingEnd => self.end(span),
            Event::Alias(id) => self.alias(id, span),
            Event::UnresolvedAlias(name) => {
                let mut mistake = Diagnostic::new(
                    Code::UnknownAlias,
                    span,
                    format!("nothing is marked `&{name}` before this"),
                );
                mistake.help("text that starts with `*` needs quotes");
                self.mistakes.push(mistake);
                self.value(Node { value: Value::Broken, span }, 1, 0)
            }
            _ => Ok(()),
        }
    }

    fn start(&mut self, open: Open, span: Span, anchor: usize, block: bool) -> Result<(), Stop> {
        if self.open.len() >= MAX_DEPTH {
            return Err(self.too_deep(span));
        }
        self.open.push(Collection { open, start: span.start, anchor, block });
        Ok(())
    }

    fn end(&mut self, span: Span) -> Result<(), Stop> {
        let Some(collection) = self.open.pop() else {
            return Ok(());
        };
        let (value, last) = match collection.open {
            Open::Seq(items) => {
                let last = items.last().map(|item| item.span.end);
                (Value::Seq(items), last)
            }
            Open::Map(entries, ..) => {
                let last = entries.last().map(|entry| entry.value.span.end.max(entry.key_span.end));
                (Value::Map(entries), last)
            }
        };
        // A block ends with its last value; the parser would have it end where the next one starts.
        let end = if collection.block { last.unwrap_or(span.end) } else { span.end };
        let span = Span { file: self.file, start: collection.start.min(end), end };
        self.value(Node { value, span }, 1, collection.anchor)
    }

    fn alias(&mut self, id: usize, span: Span) -> Result<(), Stop> {
        let Some(anchored) = self.anchors.get(&id) else {
            // The anchor is on a collection that is still open: it would contain itself.
            let message = "this alias stands inside what it repeats";
            return Err(Box::new(Diagnostic::new(Code::AliasBudget, span, message)));
        };
        if self.values + anchored.values > MAX_VALUES {
            let message = format!("written out, the aliases make more than {MAX_VALUES} values in all");
            return Err(Box::new(Diagnostic::new(Code::AliasBudget, span, message)));
        }
        self.aliased += anchored.bytes;
        if self.aliased > MAX_ALIASED {
            let message = format!("written out, the aliases make more than {MAX_ALIASED} bytes of text");
            return Err(Box::new(Diagnostic::new(Code::AliasBudget, span, message)));
        }
        if self.open.len() + anchored.depth > MAX_DEPTH {
            return Err(self.too_deep(span));
        }
        let node = Node { value: anchored.node.value.clone(), span: anchored.node.span };
        let values = anchored.values;
        self.value(node, values, 0)
    }

    /// A finished value: into the collection that is open, or the whole tree.
    fn value(&mut self, node: Node, values: usize, anchor: usize) -> Result<(), Stop> {
        let before = self.values;
        self.values += values;
        if self.values > MAX_VALUES {
            let message = format!("there are more than {MAX_VALUES} values in all up to here");
            return Err(Box::new(Diagnostic::new(Code::TooManyValues, node.span, message)));
        }
        if anchor != 0 {
            let inner = count(&node);
            debug_assert!(inner <= before + values);
            let (bytes, depth) = (node.bytes(), node.depth());
            // What is marked is kept a second time, and where marks stand in each other, once for each.
            self.kept += inner;
            self.aliased += bytes;
            if self.kept > MAX_VALUES || self.aliased > MAX_ALIASED {
                let message = format!(
                    "what this file marks with `&` makes more than {MAX_VALUES} values or {MAX_ALIASED} bytes of text"
                );
                return Err(Box::new(Diagnostic::new(Code::AliasBudget, node.span, message)));
            }
            self.anchors.insert(anchor, Anchored { values: inner, bytes, depth, node: node.clone() });
        }
        match self.open.last_mut().map(|collection| &mut collection.open) {
            None => self.root = Some(node),
            Some(Open::Seq(items)) => items.push(node),
            Some(Open::Map(entries, waiting, keys)) => match waiting.take() {
                None => *waiting = Some(key(node, entries, keys, &mut self.mistakes)),
                Some(Some((key, key_span))) => {
                    // A null has no place of its own; the key's serves.
                    let value =
                        if node.value == Value::Null { Node { span: key_span, ..node } } else { node };
                    entries.push(Entry { key, key_span, value });
                }
                Some(None) => {}
            },
        }
        Ok(())
    }

    fn span(&self, span: &granit_parser::Span) -> Span {
        let range = span.byte_range().unwrap_or(0..0);
        let end = range.end.min(self.text.len());
        Span { file: self.file, start: range.start.min(end) as u32, end: end as u32 }
    }

    fn too_deep(&self, span: Span) -> Stop {
        let message = format!("lists and maps stand more than {MAX_DEPTH} deep in each other");
        Box::new(Diagnostic::new(Code::TooDeep, span, message))
    }

    fn syntax(&self, error: &ScanError) -> Stop {
        let at = error.marker().byte_offset().unwrap_or(0).min(self.text.len());
        let at = (0..=at).rev().find(|at| self.text.is_char_boundary(*at)).unwrap_or(0);
        let width = self.text[at..].chars().next().filter(|c| *c != '\n').map_or(0, char::len_utf8);
        let span = Span { file: self.file, start: at as u32, end: (at + width) as u32 };
        if *error.kind() == ErrorKind::RecursionLimitExceeded {
            return self.too_deep(span);
        }
        let mut mistake = Diagnostic::new(Code::Syntax, span, format!("this is not YAML: {}", error.info()));
        let help = self.comma_help(error.kind(), at);
        mistake.maybe_help(help.or_else(|| syntax_help(error.kind(), &self.text[at..]).map(str::to_owned)));
        Box::new(mistake)
    }

    /// Within braces, a key that comes unawares lacks its comma: `{size: 1920x1080 fps: 24}`.
    fn comma_help(&self, kind: &ErrorKind, at: usize) -> Option<String> {
        let unawares = match kind {
            ErrorKind::ExpectedFlowMappingSeparator => true,
            ErrorKind::InvalidTrailingSingleQuotedScalar | ErrorKind::InvalidTrailingDoubleQuotedScalar => {
                self.text[..at].rfind('{') > self.text[..at].rfind('}')
            }
            _ => false,
        };
        if !unawares {
            return None;
        }
        let (before, after) = self.text.split_at(at);
        let apart = |c: char| c.is_whitespace() || matches!(c, ',' | '{' | '}' | ':');
        let word =
            if after.starts_with(':') { before.rsplit(apart).next() } else { after.split(apart).next() };
        let word = word.filter(|word| !word.is_empty())?;
        Some(format!("write a comma before `{word}:`, or quotes around text that holds `: `"))
    }
}

fn count(node: &Node) -> usize {
    1 + match &node.value {
        Value::Seq(items) => items.iter().map(count).sum(),
        Value::Map(entries) => entries.iter().map(|entry| 1 + count(&entry.value)).sum(),
        _ => 0,
    }
}

fn key(
    node: Node,
    entries: &[Entry],
    keys: &mut Keys,
    mistakes: &mut Vec<Diagnostic>,
) -> Option<(String, Span)> {
    let Value::Scalar { text, .. } = node.value else {
        let message = format!("a key is a word, not {}", node.kind());
        mistakes.push(Diagnostic::new(Code::NotText, node.span, message));
        return None;
    };
    if let Some(first) = keys.find(&text, entries) {
        mistakes.push(written_twice(&text, node.span, entries[first].key_span));
        return None;
    }
    Some((text, node.span))
}

/// The mistake of a key that stands twice in a map.
pub fn written_twice(key: &str, again: Span, first: Span) -> Diagnostic {
    let mut mistake = Diagnostic::new(Code::DuplicateKey, again, format!("`{key}` is written twice"));
    mistake.label("again here").also(first, "first written here");
    mistake
}

fn syntax_help(kind: &ErrorKind, rest: &str) -> Option<&'static str> {
    match kind {
        ErrorKind::TabInIndentation | ErrorKind::TabInBlockIndentation | ErrorKind::TabNotAllowed => {
            Some("indent with spaces")
        }
        ErrorKind::MappingValueNotAllowed => Some("text that holds `: ` needs quotes"),
        _ if rest.starts_with(['@', '`', '%']) => {
            Some("text that starts with this character needs quotes: \"@mara waits\"")
        }
        ErrorKind::UnclosedQuotedScalar => Some("a quote that is opened here is never closed"),
        ErrorKind::InvalidQuotedScalarIndent => Some("a quote that is opened before this is never closed"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(text: &str) -> Node {
        let (tree, mistakes) = parse(text, FileId(0));
        assert_eq!(mistakes, []);
        tree.unwrap()
    }

    #[test]
    fn values_know_their_place() {
        let text = "title: The Keeper\nscenes:\n  - scene: cliff\n    place: [a, \"b\"]\n\n\nend: ~\n";
        let root = tree(text);
        let slice = |node: &Node| &text[node.span.start as usize..node.span.end as usize];
        assert_eq!(slice(root.get("title").unwrap()), "The Keeper");
        assert_eq!(slice(root.get("scenes").unwrap()), "- scene: cliff\n    place: [a, \"b\"]");
        assert_eq!(root.get("end").unwrap().value, Value::Null);
    }

    #[test]
    fn an_alias_repeats_its_anchor() {
        let root = tree("a: &x {k: v}\nb: *x\n");
        assert_eq!(root.get("a").unwrap().value, root.get("b").unwrap().value);
    }

    #[test]
    fn aliases_are_counted_by_their_text_too() {
        let text = format!("a: &x {}\nb: [{}]\n", "x".repeat(100_000), "*x, ".repeat(200));
        let (tree, mistakes) = parse(&text, FileId(0));
        assert_eq!((tree, mistakes[0].code), (None, Code::AliasBudget));
        let (tree, mistakes) = parse(&text.replace(&"*x, ".repeat(100), ""), FileId(0));
        assert!(tree.is_some() && mistakes.is_empty(), "{mistakes:?}");
    }

    #[test]
    fn anchors_inside_anchors_are_counted_too() {
        let items = "1, ".repeat(20_000);
        let nested = |deep: usize| format!("a: {}{items}{}\n", "&a [".repeat(deep), "]".repeat(deep));
        let (tree, mistakes) = parse(&nested(60), FileId(0));
        assert_eq!((tree, mistakes[0].code), (None, Code::AliasBudget));
        assert!(parse(&nested(10), FileId(0)).0.is_some());
    }

    #[test]
    fn a_key_written_twice_is_found_in_a_large_map() {
        let mut text: String = (0..100).map(|number| format!("k{number}: 1\n")).collect();
        text.push_str("k7: 2\nk99: 2\nk100: 2\n");
        let (tree, mistakes) = parse(&text, FileId(0));
        let told: Vec<_> = mistakes.iter().map(|mistake| mistake.message.as_str()).collect();
        assert_eq!(told, ["`k7` is written twice", "`k99` is written twice"]);
        assert_eq!(tree.unwrap().entries().len(), 101);
    }

    #[test]
    fn mistakes_that_can_be_passed_over_come_together() {
        let (tree, mistakes) = parse("a: 1\na: 2\n[b]: 3\nc: !!str x\nd: *no\n", FileId(0));
        assert!(tree.is_some());
        let codes: Vec<_> = mistakes.iter().map(|mistake| mistake.code).collect();
        assert_eq!(codes, [Code::DuplicateKey, Code::NotText, Code::Tag, Code::UnknownAlias]);
    }
}
