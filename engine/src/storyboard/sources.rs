//! The texts that make up a storyboard: the file itself and those it includes.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use super::types::{FileId, Span};

/// One file's text.
#[derive(Clone, Debug)]
pub struct Source {
    /// Where it lies.
    pub path: PathBuf,
    /// Its text; empty where it could not be read.
    pub text: Arc<str>,
    /// Where each line begins; found when first asked for.
    lines: OnceLock<Vec<usize>>,
}

impl Source {
    /// The line of that byte, from 0, and where it begins.
    fn line(&self, offset: usize) -> (usize, usize) {
        let lines = self.lines.get_or_init(|| {
            std::iter::once(0).chain(self.text.match_indices('\n').map(|(at, _)| at + 1)).collect()
        });
        let line = lines.partition_point(|start| *start <= offset).saturating_sub(1);
        (line, lines.get(line).copied().unwrap_or(0))
    }
}

/// All files, by [`FileId`].
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
    /// Values in all their trees, as counted against the budget.
    pub(crate) values: usize,
}

/// A place as editors count it: both from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
}

impl Sources {
    /// One more file.
    pub fn add(&mut self, path: PathBuf, text: Arc<str>) -> FileId {
        self.files.push(Source { path, text, lines: OnceLock::new() });
        FileId(u16::try_from(self.files.len() - 1).unwrap_or(u16::MAX))
    }

    /// Bytes of all their texts.
    pub(crate) fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.text.len() as u64).sum()
    }

    /// The file of that id.
    pub fn get(&self, file: FileId) -> Option<&Source> {
        self.files.get(usize::from(file.0))
    }

    /// Every file, the storyboard first.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &Source)> {
        (0..).map(FileId).zip(&self.files)
    }

    /// The folder that paths in `file` are relative to.
    pub fn folder(&self, file: FileId) -> &Path {
        self.get(file).and_then(|source| source.path.parent()).unwrap_or(Path::new(""))
    }

    /// What stands at `span`.
    pub fn slice(&self, span: Span) -> &str {
        self.get(span.file).and_then(|s| s.text.get(span.start as usize..span.end as usize)).unwrap_or("")
    }

    /// Where `span` starts.
    pub fn start(&self, span: Span) -> Position {
        self.position(span.file, span.start as usize)
    }

    /// Where `span` ends (the character after it).
    pub fn end(&self, span: Span) -> Position {
        self.position(span.file, span.end as usize)
    }

    fn position(&self, file: FileId, offset: usize) -> Position {
        let Some(source) = self.get(file) else { return Position { line: 1, column: 1 } };
        let before = source.text.get(..offset).unwrap_or(&source.text);
        let (line, start) = source.line(before.len());
        Position { line: line + 1, column: before[start..].chars().count() + 1 }
    }

    /// `word` inside `span` where the text has it as written; the whole of `span` otherwise
    /// (escapes, substituted variables). A text that is longer than any that is read is not searched, since it may
    /// be asked for each of very many words.
    pub fn within(&self, span: Span, word: &str) -> Span {
        let text = Some(self.slice(span)).filter(|text| text.len() <= super::value::MAX_TEXT);
        match text.and_then(|text| text.find(word)) {
            Some(at) => {
                let start = span.start + at as u32;
                Span { file: span.file, start, end: start + word.len() as u32 }
            }
            None => span,
        }
    }
}
