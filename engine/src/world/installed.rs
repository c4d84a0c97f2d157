//! Data outside the project as it is installed here. The front digests it for the keys, and a worker once
//! more before it uses it, by the same functions.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::{Deserialize, Serialize};

use super::Tool;
use crate::cache::digest_of_file;
use crate::units::Digest;

/// A tool as a plan counts on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Installed {
    /// The program or file.
    pub path: PathBuf,
    /// The digest of its data, which is in the keys.
    pub data: Digest,
}

impl Installed {
    /// Whether the data is still what the plan counts on.
    pub fn holds(&self, tool: Tool) -> io::Result<bool> {
        let data = match tool {
            Tool::SoundFont => digest_of_file(&self.path)?,
            Tool::Voices => Voices::of(&self.path)?.data,
            // The libraries are the worker itself: nothing is at a path of its own.
            Tool::Encoder => self.data,
        };
        Ok(data == self.data)
    }
}

/// An espeak-ng.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voices {
    /// What it says of its version.
    pub version: String,
    /// Its data files, sorted.
    pub files: Vec<PathBuf>,
    /// The digest of its version and of all their content.
    pub data: Digest,
}

impl Voices {
    /// Asks `program` for its version and reads all its data.
    pub fn of(program: &Path) -> io::Result<Self> {
        let said = Command::new(program).arg("--version").output()?;
        let said = String::from_utf8_lossy(&said.stdout);
        let (version, folder) = said.trim().split_once("Data at:").ok_or_else(|| {
            io::Error::other(format!("`{} --version` does not say where its data is", program.display()))
        })?;
        let version = version.trim().to_owned();
        let files = files_under(Path::new(folder.trim()));
        let mut text = format!("voices 1\n{version}\n");
        for file in &files {
            text.push_str(&format!("{}\n", digest_of_file(file)?));
        }
        Ok(Self { version, files, data: Digest::of(text.as_bytes()) })
    }
}

/// All regular files under a folder, sorted.
pub fn files_under(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => folders.push(entry.path()),
                Ok(_) => found.push(entry.path()),
                Err(_) => {}
            }
        }
    }
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn data_that_changed_since_the_plan_does_not_hold() {
        let folder = tempfile::tempdir().unwrap();
        let (program, data) = (folder.path().join("espeak-ng"), folder.path().join("data"));
        fs::create_dir(&data).unwrap();
        fs::write(data.join("en"), "one").unwrap();
        let script = format!("#!/bin/sh\necho 'espeak-ng 1.51  Data at: {}'\n", data.display());
        fs::write(&program, script).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();

        let voices = Voices::of(&program).unwrap();
        assert_eq!((voices.version.as_str(), voices.files.len()), ("espeak-ng 1.51", 1));
        let installed = Installed { path: program, data: voices.data };
        assert!(installed.holds(Tool::Voices).unwrap());
        fs::write(data.join("en"), "two").unwrap();
        assert!(!installed.holds(Tool::Voices).unwrap());

        let font = Installed { path: data.join("en"), data: Digest::of(b"two") };
        assert!(font.holds(Tool::SoundFont).unwrap());
        fs::write(data.join("en"), "three").unwrap();
        assert!(!font.holds(Tool::SoundFont).unwrap());
    }
}
