//! A world held in memory, for tests of this and other crates.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::header::{self, Header};
use super::sequence::{self, Pattern};
use super::{MediaFacts, Tool, World, WorldError};
use crate::scripts::{NoScripts, Scripts};
use crate::units::{Digest, Size};

/// Files by path under `/project`.
#[derive(Clone, Debug)]
pub struct MemoryWorld {
    files: BTreeMap<PathBuf, Vec<u8>>,
    facts: BTreeMap<PathBuf, MediaFacts>,
    tools: BTreeMap<Tool, Digest>,
    scripts: Arc<dyn Scripts>,
}

impl Default for MemoryWorld {
    fn default() -> Self {
        let (files, facts, tools) = Default::default();
        Self { files, facts, tools, scripts: Arc::new(NoScripts) }
    }
}

/// Where a memory world's project lies.
pub const MEMORY_ROOT: &str = "/project";

impl MemoryWorld {
    /// An empty project in which every tool is installed.
    pub fn new() -> Self {
        let tools = [Tool::SoundFont, Tool::Voices, Tool::Encoder];
        let digest = |tool: Tool| Digest::of(format!("{tool:?}").as_bytes());
        Self { tools: tools.into_iter().map(|tool| (tool, digest(tool))).collect(), ..Self::default() }
    }

    /// With a file of that path (relative to the project) and content.
    #[must_use]
    pub fn with(mut self, path: &str, content: impl Into<Vec<u8>>) -> Self {
        self.files.insert(Self::path(path), content.into());
        self
    }

    /// With a still picture of that size.
    #[must_use]
    pub fn with_still(self, path: &str, width: u32, height: u32) -> Self {
        self.with_media(path, MediaFacts::Still { size: Size { width, height } })
    }

    /// With a file that is what `facts` say; its content is its path.
    #[must_use]
    pub fn with_media(mut self, path: &str, facts: MediaFacts) -> Self {
        self.facts.insert(Self::path(path), facts);
        self.with(path, path)
    }

    /// With scripts.
    #[must_use]
    pub fn with_scripts(mut self, scripts: Arc<dyn Scripts>) -> Self {
        self.scripts = scripts;
        self
    }

    /// Without a tool.
    #[must_use]
    pub fn without(mut self, tool: Tool) -> Self {
        self.tools.remove(&tool);
        self
    }

    /// The absolute path of a file of the project.
    pub fn path(path: &str) -> PathBuf {
        Path::new(MEMORY_ROOT).join(path)
    }

    /// Reads `text` as the storyboard `film.yaml` of this project.
    pub fn read(self, text: &str) -> crate::storyboard::Reading {
        let world = self.with("film.yaml", text);
        crate::storyboard::read(&Self::path("film.yaml"), &[], &world)
    }

    fn confine(&self, base: &Path, written: &str) -> Result<PathBuf, WorldError> {
        let mut plain = PathBuf::new();
        for part in base.join(written).components() {
            match part {
                Component::ParentDir => {
                    plain.pop();
                }
                Component::CurDir => {}
                other => plain.push(other),
            }
        }
        if plain.starts_with(MEMORY_ROOT) { Ok(plain) } else { Err(WorldError::Outside(written.into())) }
    }

    fn content(&self, path: &Path) -> Result<&[u8], WorldError> {
        self.files.get(path).map(Vec::as_slice).ok_or_else(|| WorldError::Missing(path.to_owned()))
    }
}

impl World for MemoryWorld {
    fn root(&self) -> &Path {
        Path::new(MEMORY_ROOT)
    }

    fn locate(&self, base: &Path, written: &str) -> Result<PathBuf, WorldError> {
        let path = self.confine(base, written)?;
        if self.files.contains_key(&path) {
            return Ok(path);
        }
        let folder = self.files.keys().any(|file| file.starts_with(&path));
        Err(if folder { WorldError::NotAFile(written.into()) } else { WorldError::Missing(written.into()) })
    }

    fn text(&self, path: &Path, limit: u64) -> Result<Arc<str>, WorldError> {
        let content = self.content(path)?;
        if content.len() as u64 > limit {
            return Err(WorldError::TooLarge { path: path.to_owned(), bytes: content.len() as u64, limit });
        }
        let text = std::str::from_utf8(content)
            .map_err(|error| super::disk::not_utf8(path, content, error.valid_up_to()))?;
        Ok(text.into())
    }

    fn digest(&self, path: &Path) -> Result<Digest, WorldError> {
        self.content(path).map(Digest::of)
    }

    fn facts(&self, path: &Path) -> Result<MediaFacts, WorldError> {
        if let Some(facts) = self.facts.get(path) {
            return Ok(facts.clone());
        }
        let unusable = |reason| WorldError::Unusable { path: path.to_owned(), reason };
        match header::read(Cursor::new(self.content(path)?)) {
            Header::Facts(facts) => Ok(facts),
            Header::TooManyPixels(size) => Err(WorldError::TooManyPixels { path: path.to_owned(), size }),
            Header::Unusable(reason) => Err(unusable(reason)),
            Header::Unknown => Err(unusable("it is of no known kind".into())),
        }
    }

    fn sequence(&self, base: &Path, written: &str) -> Result<Option<Vec<PathBuf>>, WorldError> {
        let (folder, name) = written.rsplit_once('/').unwrap_or(("", written));
        let pattern = Pattern::of(name);
        let folder = self.confine(base, if pattern.is_some() { folder } else { written })?;
        let names = self.neighbours(&folder);
        if names.is_empty() && pattern.is_none() {
            return if self.files.contains_key(&folder) {
                Ok(None)
            } else {
                Err(WorldError::Missing(written.into()))
            };
        }
        let unusable = |reason| WorldError::Unusable { path: written.into(), reason };
        let names = sequence::order(&names, pattern.as_ref()).map_err(unusable)?;
        Ok(Some(names.iter().map(|name| folder.join(name)).collect()))
    }

    fn tool(&self, tool: Tool) -> Option<Digest> {
        self.tools.get(&tool).copied()
    }

    fn scripts(&self) -> &dyn Scripts {
        &*self.scripts
    }

    fn neighbours(&self, base: &Path) -> Vec<String> {
        let names =
            self.files.keys().filter(|file| file.parent() == Some(base)).filter_map(|file| file.file_name());
        names.map(|name| name.to_string_lossy().into_owned()).collect()
    }
}
