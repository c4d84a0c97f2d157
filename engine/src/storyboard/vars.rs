//! `${name}` in values and keys: each becomes the text given under `vars:` or by `--var`.

use std::collections::{BTreeMap, BTreeSet};

use super::codes::Code;
use super::diagnostics::{Diagnostic, Effort, suggest_within};
use super::sources::Sources;
use super::tree::{Entry, Node, Value, written_twice};
use super::types::{FileId, Span};

/// Bytes that all texts with variables in them may come to.
const MAX_EXPANDED: usize = 4 << 20;

/// The variables of a reading.
pub struct Vars {
    values: BTreeMap<String, String>,
    /// Where each is declared in the storyboard.
    declared: BTreeMap<String, Span>,
    overrides: BTreeSet<String>,
    used: BTreeSet<String>,
    /// Bytes that may still be written for variables; `None` once they were too many.
    left: Option<usize>,
    /// What may still be compared for suggestions.
    effort: Effort,
}

impl Vars {
    /// Those that `root` declares under `vars:`, with the values of `overrides` in their place.
    pub fn of(root: &Node, overrides: &[(String, String)], mistakes: &mut Vec<Diagnostic>) -> Self {
        let mut values = BTreeMap::new();
        let mut declared = BTreeMap::new();
        if let Some(vars) = root.get("vars") {
            if !matches!(vars.value, Value::Map(_)) {
                let message = format!("`vars` is a map of names to values, not {}", vars.kind());
                mistakes.push(Diagnostic::new(Code::WrongType, vars.head(), message));
            }
            for entry in vars.entries() {
                declared.insert(entry.key.clone(), entry.key_span);
                match entry.value.text() {
                    Some(text) => {
                        values.insert(entry.key.clone(), text.to_owned());
                    }
                    // Declared without a value: the batch table or `--var` must give one.
                    None if entry.value.value == Value::Null => {}
                    None => {
                        let message =
                            format!("a variable's value is text or a number, not {}", entry.value.kind());
                        mistakes.push(Diagnostic::new(Code::WrongType, entry.value.head(), message));
                        values.insert(entry.key.clone(), String::new());
                    }
                }
            }
        }
        values.extend(overrides.iter().cloned());
        let overrides = overrides.iter().map(|(name, _)| name.clone()).collect();
        Self {
            values,
            declared,
            overrides,
            used: BTreeSet::new(),
            left: Some(MAX_EXPANDED),
            effort: Effort::default(),
        }
    }

    /// A script asked for the value itself.
    pub fn use_by_script(&mut self, name: String) {
        self.used.insert(name);
    }

    /// Replaces `${name}` in everything below `node`, but not in `vars:` itself.
    pub fn apply(&mut self, node: &mut Node, sources: &Sources, mistakes: &mut Vec<Diagnostic>) {
        let span = node.span;
        match &mut node.value {
            Value::Null | Value::Broken => {}
            Value::Scalar { text, .. } => {
                if !self.expand(text, span, sources, mistakes) {
                    node.value = Value::Broken;
                }
            }
            Value::Seq(items) => items.iter_mut().for_each(|item| self.apply(item, sources, mistakes)),
            Value::Map(entries) => {
                let mut renamed = false;
                for entry in entries.iter_mut().filter(|entry| entry.key != "vars") {
                    renamed |= entry.key.contains("${");
                    self.expand(&mut entry.key, entry.key_span, sources, mistakes);
                    self.apply(&mut entry.value, sources, mistakes);
                }
                if renamed {
                    remove_twins(entries, mistakes);
                }
            }
        }
    }

    /// Takes `bytes` from what may be written; tells it once when they are too many.
    fn spend(&mut self, bytes: usize, span: Span, mistakes: &mut Vec<Diagnostic>) -> bool {
        let Some(left) = self.left else { return false };
        self.left = left.checked_sub(bytes);
        if self.left.is_none() {
            let message = "written out, the variables of this storyboard make more than 4 MB of text";
            mistakes.push(Diagnostic::new(Code::TooMuchText, span, message));
        }
        self.left.is_some()
    }

    /// Whether every variable in `text` had a value.
    fn expand(
        &mut self,
        text: &mut String,
        span: Span,
        sources: &Sources,
        mistakes: &mut Vec<Diagnostic>,
    ) -> bool {
        if !text.contains("${") {
            return true;
        }
        let before = mistakes.len();
        let mut out = String::with_capacity(text.len());
        let mut rest = text.as_str();
        while let Some(at) = rest.find("${") {
            if rest[..at].ends_with('$') {
                out.push_str(&rest[..at]);
                out.push('{');
                rest = &rest[at + 2..];
                continue;
            }
            out.push_str(&rest[..at]);
            let Some(length) = rest[at..].find('}') else {
                let mut mistake = Diagnostic::new(
                    Code::BadVariable,
                    sources.within(span, &rest[at..]),
                    "this `${` is never closed",
                );
                mistake.help("write `$${` for a literal `${`");
                mistakes.push(mistake);
                out.push_str(&rest[at..]);
                rest = "";
                break;
            };
            let written = &rest[at..=at + length];
            let name = rest[at + 2..at + length].trim();
            self.used.insert(name.to_owned());
            match self.values.get(name).map(String::len) {
                Some(bytes) => {
                    if !self.spend(bytes, span, mistakes) {
                        return false;
                    }
                    out.push_str(&self.values[name]);
                }
                None => mistakes.push(self.undefined(name, sources.within(span, written))),
            }
            rest = &rest[at + length + 1..];
        }
        out.push_str(rest);
        *text = out;
        mistakes.len() == before
    }

    fn undefined(&mut self, name: &str, span: Span) -> Diagnostic {
        let mut mistake =
            Diagnostic::new(Code::UndefinedVariable, span, format!("no value is given for `${{{name}}}`"));
        match (
            self.declared.get(name),
            suggest_within(&mut self.effort, name, self.values.keys().map(String::as_str)),
        ) {
            (Some(declared), _) => {
                mistake
                    .also(*declared, "declared here without a value")
                    .help(format!("pass --var {name}=..."));
            }
            (None, Some(help)) => {
                mistake.help(help);
            }
            (None, None) => {
                mistake.help(format!("write `vars: {{{name}: ...}}` or pass --var {name}=..."));
            }
        }
        mistake
    }

    /// What was declared or given but never used.
    pub fn unused(&self, mistakes: &mut Vec<Diagnostic>) {
        for (name, span) in &self.declared {
            if !self.used.contains(name) {
                mistakes.push(Diagnostic::new(
                    Code::UnusedVariable,
                    *span,
                    format!("`${{{name}}}` stands nowhere"),
                ));
            }
        }
        let nowhere = Span { file: FileId(0), start: 0, end: 0 };
        for name in self
            .overrides
            .iter()
            .filter(|name| !self.used.contains(*name) && !self.declared.contains_key(*name))
        {
            let message = format!("`--var {name}` is given, and `${{{name}}}` stands nowhere");
            mistakes.push(Diagnostic::new(Code::UnusedVariable, nowhere, message));
        }
    }
}

/// Takes out the entries whose keys have become those of earlier ones, and tells so.
fn remove_twins(entries: &mut Vec<Entry>, mistakes: &mut Vec<Diagnostic>) {
    let mut first: BTreeMap<String, Span> = BTreeMap::new();
    entries.retain(|entry| match first.get(&entry.key) {
        Some(span) => {
            mistakes.push(written_twice(&entry.key, entry.key_span, *span));
            false
        }
        None => {
            first.insert(entry.key.clone(), entry.key_span);
            true
        }
    });
}
