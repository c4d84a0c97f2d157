//! What was found out about tools, kept in the cache folder: `tools.json`. Losing it costs asking again.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::{Deserialize, Serialize};
use storyreel_engine::cache::Root;
use storyreel_engine::regular::read_regular;
use storyreel_engine::units::Digest;

use super::Known;

/// 3: looks have the time of the last change of any kind.
const VERSION: u32 = 3;

/// No file of tools is longer, in bytes.
const LONGEST: u64 = 16 << 20;

/// Sealed by a digest: a flipped bit in it would otherwise be another tool, or another version in the recipe.
#[derive(Serialize, Deserialize)]
struct File {
    version: u32,
    seal: Digest,
    tools: BTreeMap<String, Known>,
}

fn seal(tools: &BTreeMap<String, Known>) -> Option<Digest> {
    Some(Digest::of(&serde_json::to_vec(tools).ok()?))
}

/// The memory.
pub struct Memory {
    root: Root,
    path: PathBuf,
    tools: BTreeMap<String, Known>,
}

impl Memory {
    /// Reads what is remembered; an unreadable or damaged file, or one of another version, is as good as none.
    pub fn open(cache: &Path) -> Self {
        let path = cache.join("tools.json");
        let text = read_regular(&path, LONGEST).ok();
        let read = text.and_then(|text| serde_json::from_slice::<File>(&text).ok());
        let tools = read
            .filter(|file| file.version == VERSION && seal(&file.tools) == Some(file.seal))
            .map(|file| file.tools)
            .unwrap_or_default();
        Self { root: Root::new(cache), path, tools }
    }

    /// What is remembered of a tool.
    pub fn get(&self, name: &str) -> Option<&Known> {
        self.tools.get(name)
    }

    /// Remembers; where the cache cannot be written, for this process only.
    pub fn put(&mut self, name: &str, known: Known) {
        self.tools.insert(name.to_owned(), known);
        let _ = self.write();
    }

    fn write(&self) -> anyhow::Result<()> {
        self.root.found()?;
        let mut file = tempfile::NamedTempFile::new_in(self.root.path())?;
        let seal = seal(&self.tools).context("it cannot be written as JSON")?;
        file.write_all(&serde_json::to_vec(&File { version: VERSION, seal, tools: self.tools.clone() })?)?;
        file.persist(&self.path)?;
        Ok(())
    }
}
