//! Writes the marks into a script.

use full_moon::ast::luau::{TypeDeclaration, TypeInfo};
use full_moon::ast::{
    Assignment, Call, Expression, Field, FunctionArgs, GenericFor, Index, MethodCall, Suffix,
    TableConstructor, Var,
};
use full_moon::node::Node;
use full_moon::visitors::Visitor;

use super::{Chunk, Key, Place, Table};

/// What stands before every script, on its first line: the marks as locals, and a function around it, so that the
/// script's own `...` is empty.
const OPENING: &str = "local __made,__key,__set,__each=...;return(function(...)";

/// The end of that.
const CLOSING: &str = "\nend)()";

/// The chunk of `text`.
///
/// # Errors
/// It cannot be parsed; why.
pub fn marked(text: &str, number: usize) -> Result<Chunk, String> {
    let result = full_moon::parse_fallible(text, full_moon::LuaVersion::luau());
    if let Some(error) = result.errors().first() {
        return Err(error.to_string());
    }
    let mut marker =
        Marker { text, number, chunk: Chunk::default(), edits: Vec::new(), arguments: Vec::new(), opened: 0 };
    marker.visit_ast(result.ast());
    let mut chunk = marker.chunk;
    chunk.marked = written(text, marker.edits);
    Ok(chunk)
}

/// A change to the text.
struct Edit {
    /// Where it begins.
    at: usize,
    /// Bytes that go.
    gone: usize,
    /// Their order at one place: what closes (below 0, inner first), what opens (outer first), what is replaced.
    rank: i64,
    /// What comes.
    new: String,
}

/// The text with `edits`.
fn written(text: &str, mut edits: Vec<Edit>) -> String {
    edits.sort_by_key(|edit| (edit.at, edit.rank));
    let mut out = String::with_capacity(text.len() + OPENING.len() + 16 * edits.len());
    out.push_str(OPENING);
    let mut done = 0;
    for edit in edits {
        out.push_str(text.get(done..edit.at).unwrap_or_default());
        out.push_str(&edit.new);
        done = edit.at + edit.gone;
    }
    out.push_str(text.get(done..).unwrap_or_default());
    out.push_str(CLOSING);
    out
}

struct Marker<'a> {
    text: &'a str,
    number: usize,
    chunk: Chunk,
    edits: Vec<Edit>,
    /// Constructors that are a call's only argument, by where they begin.
    arguments: Vec<usize>,
    opened: i64,
}

fn place(node: &impl Node) -> Option<Place> {
    let (start, end) = node.range()?;
    Some(start.bytes()..end.bytes())
}

impl Marker<'_> {
    /// Puts `open` before and `close` after what stands at `around`.
    fn wrap(&mut self, around: &Place, open: String, close: &str) {
        self.opened += 1;
        // Outer ones are met first: at one place they open first and close last.
        let rank = self.opened;
        self.edits.push(Edit { at: around.start, gone: 0, rank, new: open });
        self.edits.push(Edit { at: around.end, gone: 0, rank: -rank, new: close.to_owned() });
    }

    fn field(&mut self, field: &Field, items: &mut usize) -> Option<super::Field> {
        Some(match field {
            Field::NameKey { key, value, .. } => super::Field {
                key: Key::Name(key.token().to_string()),
                key_place: place(key)?,
                value: place(value)?,
            },
            Field::ExpressionKey { key, value, .. } => {
                let key_place = place(key)?;
                let literal = literal(key);
                if literal.is_none() {
                    self.wrap(&key_place, "__key(".into(), ")");
                }
                let key = literal.map_or(Key::Computed, Key::Name);
                super::Field { key, key_place, value: place(value)? }
            }
            Field::NoKey(value) => {
                *items += 1;
                super::Field { key: Key::Item(*items), key_place: place(value)?, value: place(value)? }
            }
            _ => return None,
        })
    }

    /// `a.b = v` as `__set(site, a, "b", v)`, where it is one assignment to one field.
    fn assign(&mut self, assignment: &Assignment) -> Option<()> {
        let mut variables = assignment.variables().iter();
        let (Var::Expression(target), None) = (variables.next()?, variables.next()) else { return None };
        let suffixes: Vec<_> = target.suffixes().collect();
        let Suffix::Index(index) = suffixes.last()? else { return None };
        let whole = place(assignment)?;
        let index_place = place(index)?;
        let equal = place(assignment.equal_token())?;
        let site = self.chunk.sites.len();
        self.chunk.sites.push(whole.clone());
        self.wrap(&whole, format!("__set({},", self.id(site)), ")");
        match index {
            Index::Dot { name, .. } => {
                let name = place(name)?;
                self.replace(index_place.start..name.start, ",");
                self.wrap(&name, "\"".into(), "\"");
            }
            Index::Brackets { brackets, .. } => {
                let (open, close) = brackets.tokens();
                self.replace(place(open)?, ",");
                self.replace(place(close)?, "");
            }
            _ => return None,
        }
        self.replace(equal, ",");
        Some(())
    }

    /// `new` in place of what stands at `gone`, where nothing else is marked; its line ends stay.
    fn replace(&mut self, gone: Place, new: &str) {
        let lines = self.text.get(gone.clone()).unwrap_or_default().matches('\n').count();
        let new = format!("{new}{}", "\n".repeat(lines));
        self.edits.push(Edit { at: gone.start, gone: gone.len(), rank: i64::MAX, new });
    }

    /// A number that no other chunk uses.
    fn id(&self, at: usize) -> usize {
        (self.number << 20) | at
    }
}

/// The text of a plain string in brackets: `["fade-in"]`.
fn literal(key: &Expression) -> Option<String> {
    let Expression::String(token) = key else { return None };
    let full_moon::tokenizer::TokenType::StringLiteral { literal, .. } = token.token().token_type() else {
        return None;
    };
    (!literal.contains('\\')).then(|| literal.to_string())
}

impl Visitor for Marker<'_> {
    fn visit_function_args(&mut self, args: &FunctionArgs) {
        if let FunctionArgs::TableConstructor(table) = args
            && let Some(place) = place(&**table)
        {
            self.arguments.push(place.start);
        }
    }

    fn visit_table_constructor(&mut self, table: &TableConstructor) {
        let Some(whole) = place(table) else { return };
        let number = self.chunk.tables.len();
        let id = self.id(number);
        self.chunk.tables.push(Table { place: whole.clone(), fields: Vec::new() });
        let alone = self.arguments.contains(&whole.start);
        let (open, close) =
            if alone { (format!("(__made({id},"), "))") } else { (format!("__made({id},"), ")") };
        self.wrap(&whole, open, close);
        let mut items = 0;
        let fields: Vec<_> =
            table.fields().iter().filter_map(|field| self.field(field, &mut items)).collect();
        self.chunk.tables[number].fields = fields;
    }

    fn visit_generic_for(&mut self, each: &GenericFor) {
        if let Some(list) = place(each.expressions()) {
            self.wrap(&list, "__each(".into(), ")");
        }
    }

    fn visit_assignment(&mut self, assignment: &Assignment) {
        // What is not marked keeps no order of its own and is told where that matters.
        let _ = self.assign(assignment);
    }

    fn visit_call(&mut self, call: &Call) {
        if let Call::MethodCall(call) = call {
            self.method(call);
        }
    }

    fn visit_type_info(&mut self, _: &TypeInfo) {}

    fn visit_type_declaration(&mut self, _: &TypeDeclaration) {}
}

impl Marker<'_> {
    fn method(&mut self, call: &MethodCall) {
        let Some(line) = call.name().start_position().map(full_moon::tokenizer::Position::line) else {
            return;
        };
        let arguments = match call.args() {
            FunctionArgs::Parentheses { arguments, .. } => arguments.iter().filter_map(place).collect(),
            FunctionArgs::String(token) => place(token).into_iter().collect(),
            FunctionArgs::TableConstructor(table) => place(&**table).into_iter().collect(),
            _ => Vec::new(),
        };
        let name = call.name().token().to_string();
        self.chunk.calls.push(super::Call { line, name, arguments });
    }
}
