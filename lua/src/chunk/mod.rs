//! A script's text: checked, taken apart, and written anew with marks on what makes tables, so that tables keep
//! the order of their keys and mistakes point to the place where a value was written.
//!
//! What always holds: the marks change no line and no meaning. A text is parsed here only after the compiler of the
//! language itself took it, which bounds how deep it can stand in itself.

mod mark;

use std::ops::Range;

pub use mark::marked;

/// Bytes that one script may have.
pub const MAX_BYTES: u64 = 1 << 20;

/// Room for taking apart the deepest text that the compiler takes.
const STACK: usize = 256 << 20;

/// Bytes of the script.
pub type Place = Range<usize>;

/// What is known of a script's text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chunk {
    /// The text that runs.
    pub marked: String,
    /// Table constructors, by their number.
    pub tables: Vec<Table>,
    /// Assignments to fields, by their number.
    pub sites: Vec<Place>,
    /// Calls of methods, in the order written.
    pub calls: Vec<Call>,
}

/// A table constructor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// All of it.
    pub place: Place,
    /// Its fields, in the order written.
    pub fields: Vec<Field>,
}

/// A field of a table constructor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its key.
    pub key: Key,
    /// Where the key is written; of an item of a list, the value.
    pub key_place: Place,
    /// Where the value is.
    pub value: Place,
}

/// A field's key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// `name = ...`.
    Name(String),
    /// `[...] = ...`.
    Computed,
    /// An item of a list, from 1.
    Item(usize),
}

/// A call of a method: `film:scene("cliff", {...})`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The line of the method's name, from 1.
    pub line: usize,
    /// The method's name.
    pub name: String,
    /// Where its arguments are.
    pub arguments: Vec<Place>,
}

impl Table {
    /// How many of its keys are computed.
    pub fn computed(&self) -> usize {
        self.fields.iter().filter(|field| field.key == Key::Computed).count()
    }

    /// The field of that name.
    pub fn named(&self, name: &str) -> Option<&Field> {
        self.fields.iter().rev().find(|field| matches!(&field.key, Key::Name(known) if known == name))
    }

    /// The item at that place of the list.
    pub fn item(&self, at: usize) -> Option<&Field> {
        self.fields.iter().find(|field| field.key == Key::Item(at))
    }
}

impl Chunk {
    /// The script `text`, which the compiler took, as the chunk of that number.
    ///
    /// # Errors
    /// It is not read the same way here; why.
    pub fn read(text: &str, number: usize) -> Result<Self, String> {
        let thread = std::thread::Builder::new().name("lua-parse".into()).stack_size(STACK);
        std::thread::scope(|scope| {
            let parse = thread
                .spawn_scoped(scope, || marked(text, number))
                .map_err(|error| format!("no memory to read this script: {error}"))?;
            parse.join().unwrap_or_else(|_| Err("this script is written in a way that is not read".into()))
        })
    }

    /// Where the argument `at`, from 1, of the one call of `method` in that line is.
    pub fn argument(&self, line: usize, method: &str, at: usize) -> Option<Place> {
        let mut calls = self.calls.iter().filter(|call| call.line == line && call.name == method);
        let call = calls.next()?;
        if calls.next().is_some() { None } else { call.arguments.get(at.checked_sub(1)?).cloned() }
    }
}
