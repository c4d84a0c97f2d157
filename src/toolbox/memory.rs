//! What was found out about tools, kept in the cache folder: `tools.json`. Losing it costs asking again.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::Known;

/// 3: looks have the time of the last change of any kind.
const VERSION: u32 = 3;

#[derive(Serialize, Deserialize)]
struct File {
    version: u32,
    tools: BTreeMap<String, Known>,
}

/// The memory.
pub struct Memory {
    path: PathBuf,
    tools: BTreeMap<String, Known>,
}

impl Memory {
    /// Reads what is remembered; an unreadable file, or one of another version, is as good as none.
    pub fn open(cache: &Path) -> Self {
        let path = cache.join("tools.json");
        let read = fs::read(&path).ok().and_then(|text| serde_json::from_slice::<File>(&text).ok());
        let tools = read.filter(|file| file.version == VERSION).map(|file| file.tools).unwrap_or_default();
        Self { path, tools }
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
        let folder = self.path.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder)?;
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(&serde_json::to_vec(&File { version: VERSION, tools: self.tools.clone() })?)?;
        file.persist(&self.path)?;
        Ok(())
    }
}
