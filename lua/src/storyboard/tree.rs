//! Lua's tables as a storyboard's tree. Places are bytes of chunks, chunks by their number in place of files.

use mlua::{Table, Value};
use storyreel_engine::storyboard::tree::{Entry, MAX_DEPTH, MAX_VALUES, Node, Value as Tree};
use storyreel_engine::storyboard::types::{FileId, Span};

use crate::chunk::Place;
use crate::sandbox::{Failed, Origin, Sandbox};

/// Keys with a hyphen, as a script may write them without quotes.
const HYPHENATED: [(&str, &str); 4] = [
    ("under_dialogue", "under-dialogue"),
    ("fade_in", "fade-in"),
    ("fade_out", "fade-out"),
    ("true_peak", "true-peak"),
];

/// The tree of what a storyboard's script returned: a film, or a table of the same keys as a YAML file.
///
/// # Errors
/// It is neither, or holds what no storyboard can.
pub fn tree(sandbox: &Sandbox, value: Value, documents: &Table) -> Result<Node, Failed> {
    let table = match &value {
        Value::Table(table) => {
            documents.get::<Option<Table>>(table).ok().flatten().unwrap_or_else(|| table.clone())
        }
        Value::Nil => return Err(Failed::not_storyboard("this script returns nothing")),
        other => {
            let message = format!("this script returns a {}, and no storyboard", other.type_name());
            return Err(Failed::not_storyboard(message));
        }
    };
    let mut reader = Reader { sandbox, documents, values: 0, steps: 0 };
    reader.table(&table, Span::default(), 0)
}

struct Reader<'a> {
    sandbox: &'a Sandbox,
    documents: &'a Table,
    values: usize,
    /// How deep inside `steps` it is: there, keys are the nodes' own.
    steps: usize,
}

fn span(place: &Option<(usize, Place)>) -> Option<Span> {
    let (chunk, place) = place.as_ref()?;
    let at = |byte: usize| u32::try_from(byte).unwrap_or(u32::MAX);
    Some(Span { file: FileId(u16::try_from(*chunk).ok()?), start: at(place.start), end: at(place.end) })
}

impl Reader<'_> {
    fn table(&mut self, table: &Table, around: Span, depth: usize) -> Result<Node, Failed> {
        let own = self.sandbox.origin(table);
        let place = span(&own.whole()).unwrap_or(around);
        if depth >= MAX_DEPTH {
            return Err(Failed::within(
                format!("tables stand more than {MAX_DEPTH} deep in each other"),
                place,
            ));
        }
        if table.metatable().is_some() {
            return Err(Failed::within("an object stands where a table or a text is expected", place));
        }
        let keys = self.sandbox.keys(table).map_err(|error| {
            let mut failed = Failed::of_lua(&error);
            failed.span = Some(place);
            failed
        })?;
        let length = table.raw_len();
        if length > 0 && keys.len() > length {
            return Err(Failed::within("a table is a list or has keys, not both", place));
        }
        if length > 0 {
            let mut items = Vec::with_capacity(length);
            for at in 1..=length {
                let value: Value = table.raw_get(at).map_err(|error| Failed::of_lua(&error))?;
                let place = span(&own.item(at)).unwrap_or(place);
                items.push(
                    self.value(value, place, depth + 1)?.unwrap_or(Node { value: Tree::Null, span: place }),
                );
            }
            return self.counted(Node { value: Tree::Seq(items), span: place });
        }
        let mut entries = Vec::with_capacity(keys.len());
        for key in keys {
            entries.extend(self.entry((table, &own), &key, place, depth)?);
        }
        self.counted(Node { value: Tree::Map(entries), span: place })
    }

    fn entry(
        &mut self,
        (table, own): (&Table, &Origin),
        key: &Value,
        around: Span,
        depth: usize,
    ) -> Result<Option<Entry>, Failed> {
        let name = match key {
            Value::String(name) => name.to_string_lossy().to_string(),
            Value::Integer(number) => number.to_string(),
            Value::Number(number) => number_text(*number, around)?,
            other => {
                return Err(Failed::within(format!("a key is a word, not a {}", other.type_name()), around));
            }
        };
        let written = own.field(&name);
        let key_span = span(&written.key).unwrap_or(around);
        let value: Value = table.raw_get(key.clone()).map_err(|error| Failed::of_lua(&error))?;
        let steps = usize::from(name == "steps");
        self.steps += steps;
        let value = self.value(value, span(&written.value).unwrap_or(key_span), depth + 1);
        self.steps -= steps;
        let alias = HYPHENATED.iter().find(|(plain, _)| *plain == name && self.steps == 0);
        let key = alias.map_or(name, |(_, hyphenated)| (*hyphenated).to_owned());
        Ok(value?.map(|value| Entry { key, key_span, value }))
    }

    /// `None` of an empty table, which says nothing.
    fn value(&mut self, value: Value, place: Span, depth: usize) -> Result<Option<Node>, Failed> {
        let scalar = |text: String, plain: bool| Node { value: Tree::Scalar { text, plain }, span: place };
        let node = match value {
            Value::String(text) => {
                let text = text.to_str().map_err(|_| Failed::within("this text is not UTF-8", place))?;
                scalar(text.to_owned(), false)
            }
            Value::Boolean(value) => scalar(value.to_string(), true),
            Value::Integer(number) => scalar(number.to_string(), true),
            Value::Number(number) => scalar(number_text(number, place)?, true),
            Value::Table(table) => {
                if matches!(self.documents.get::<Value>(&table), Ok(Value::Table(_))) {
                    let message = "a film, a scene or a shot stands where a table or a text is expected";
                    return Err(Failed::within(message, place));
                }
                if table.raw_len() == 0 && table.is_empty() && table.metatable().is_none() {
                    return Ok(None);
                }
                return self.table(&table, place, depth).map(Some);
            }
            other => {
                let message =
                    format!("a storyboard holds texts, numbers and tables, not a {}", other.type_name());
                return Err(Failed::within(message, place));
            }
        };
        self.counted(node).map(Some)
    }

    fn counted(&mut self, node: Node) -> Result<Node, Failed> {
        self.values += 1;
        if self.values > MAX_VALUES {
            return Err(Failed::within(format!("the tables hold more than {MAX_VALUES} values"), node.span));
        }
        Ok(node)
    }
}

fn number_text(number: f64, place: Span) -> Result<String, Failed> {
    if !number.is_finite() {
        return Err(Failed::within(format!("{number} is no number that a storyboard can hold"), place));
    }
    Ok(format!("{number}"))
}
