//! From chunks, as a sandbox counts them, to the files of a reading.

use std::path::PathBuf;
use std::sync::Arc;

use storyreel_engine::scripts::Reading;
use storyreel_engine::storyboard::tree::{Node, Value};
use storyreel_engine::storyboard::types::{FileId, Span};
use storyreel_engine::storyboard::{Code, Diagnostic};

use crate::sandbox::{Failed, Line, Printed, Sandbox};

/// The texts that a sandbox read, and what was printed from them.
#[derive(Debug, Default)]
pub struct Texts {
    all: Vec<(String, Arc<str>)>,
    printed: Vec<Printed>,
}

impl Texts {
    /// Those of a sandbox.
    pub fn of(sandbox: &Sandbox) -> Self {
        Self { all: sandbox.texts(), printed: sandbox.printed() }
    }

    /// Their ids and what they hold, the script's own first.
    pub fn all(&self) -> &[(String, Arc<str>)] {
        &self.all
    }

    /// Adds them to the sources; the first one is `first` there already. Answers the files by chunk.
    pub fn add_to(&self, reading: &mut Reading<'_>, first: FileId) -> Vec<FileId> {
        let mut files = vec![first];
        for (id, text) in self.all.iter().skip(1) {
            let path = PathBuf::from(id);
            let known = reading.sources.iter().find(|(_, source)| source.path == path).map(|(file, _)| file);
            files.push(known.unwrap_or_else(|| reading.sources.add(path, text.clone())));
        }
        files
    }

    /// What was printed, as remarks at the places.
    pub fn tell_printed(&self, files: &[FileId], reading: &mut Reading<'_>) {
        for printed in &self.printed {
            let place = printed.line.and_then(|line| self.span(line, files));
            let place = place.unwrap_or_else(|| whole(files.first().copied().unwrap_or_default()));
            reading.mistakes.push(Diagnostic::new(Code::Printed, place, printed.text.clone()));
        }
    }

    /// The mistake of a script that failed; `named` is where the script was named, for a place of its own.
    pub fn diagnostic(&self, failed: &Failed, files: &[FileId], named: Option<Span>) -> Diagnostic {
        let places: Vec<Span> = failed.lines.iter().filter_map(|line| self.span(*line, files)).collect();
        let own = failed.span.and_then(|span| moved(span, files));
        let first = own.or_else(|| places.first().copied());
        let first = first.or(named).unwrap_or_else(|| whole(files.first().copied().unwrap_or_default()));
        let mut mistake = Diagnostic::new(failed.code(), first, failed.message.clone());
        let mut told = vec![first];
        for place in places {
            if !told.contains(&place) && told.len() < 6 {
                mistake.also(place, "called from here");
                told.push(place);
            }
        }
        if let Some(named) = named.filter(|named| *named != first) {
            mistake.also(named, "named here");
        }
        mistake.maybe_help(failed.help());
        mistake
    }

    fn span(&self, line: Line, files: &[FileId]) -> Option<Span> {
        let (_, text) = self.all.get(line.chunk)?;
        let place = line.place(text)?;
        let at = |byte: usize| u32::try_from(byte).unwrap_or(u32::MAX);
        Some(Span { file: *files.get(line.chunk)?, start: at(place.start), end: at(place.end) })
    }
}

/// The beginning of a file.
pub fn whole(file: FileId) -> Span {
    Span { file, start: 0, end: 0 }
}

fn moved(span: Span, files: &[FileId]) -> Option<Span> {
    Some(Span { file: *files.get(usize::from(span.file.0))?, ..span })
}

/// Puts files in place of chunks below `node`.
pub fn remap(node: &mut Node, files: &[FileId]) {
    let to = |span: &mut Span| *span = moved(*span, files).unwrap_or(*span);
    to(&mut node.span);
    match &mut node.value {
        Value::Seq(items) => items.iter_mut().for_each(|item| remap(item, files)),
        Value::Map(entries) => {
            for entry in entries {
                to(&mut entry.key_span);
                remap(&mut entry.value, files);
            }
        }
        Value::Null | Value::Broken | Value::Scalar { .. } => {}
    }
}
