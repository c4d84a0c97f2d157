//! Files of the project, by content.

use std::path::Path;

use super::errors;
use crate::graph::MaterialFile;
use crate::kinds::generate::Material;
use crate::storyboard::Diagnostic;
use crate::storyboard::types::{FilePath, Span, Spanned};
use crate::world::{MediaFacts, World};

/// Reads files through the world and collects what goes wrong.
pub(super) struct Materials<'a> {
    pub world: &'a dyn World,
    pub faults: Vec<Diagnostic>,
}

impl Materials<'_> {
    /// The file that the storyboard names there.
    pub fn file(&mut self, file: &Spanned<FilePath>) -> Option<MaterialFile> {
        self.path(&file.value, file.span)
    }

    /// The file of that path as written.
    pub fn path(&mut self, file: &FilePath, span: Span) -> Option<MaterialFile> {
        let located = self.world.locate(&file.base, &file.written);
        let path = self.noted(located, span)?;
        self.located(&path, span)
    }

    /// A file that the world located before.
    pub fn located(&mut self, path: &Path, span: Span) -> Option<MaterialFile> {
        let digest = self.world.digest(path);
        Some(MaterialFile { path: path.to_owned(), digest: self.noted(digest, span)? })
    }

    /// What a file is.
    pub fn facts(&mut self, file: &MaterialFile, span: Span) -> Option<MediaFacts> {
        let facts = self.world.facts(&file.path);
        self.noted(facts, span)
    }

    /// Several files, in order.
    pub fn files(&mut self, files: &[Spanned<FilePath>]) -> Vec<MaterialFile> {
        files.iter().filter_map(|file| self.file(file)).collect()
    }

    fn noted<T>(&mut self, result: Result<T, crate::world::WorldError>, span: Span) -> Option<T> {
        result.map_err(|error| self.faults.push(errors::world(&error, span))).ok()
    }
}

/// The digests alone, as parameters hold them.
pub(super) fn contents(files: &[MaterialFile]) -> Vec<Material> {
    files.iter().map(|file| Material(file.digest)).collect()
}
