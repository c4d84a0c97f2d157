//! The versions in `out/<storyboard>/`: a new number only when the result differs, `latest` on the newest.
//!
//! What always holds: a version appears whole, under its name, or not at all.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use storyreel_engine::cache::{BlobStore, FileMemo};
use storyreel_engine::run::protocol::Blob;

use crate::remembered;

/// What the files of a version are, by their path within it.
pub type Outputs = BTreeMap<String, Blob>;

const RECIPE: &str = "recipe.json";

/// The part of a recipe that is read again.
#[derive(Serialize, Deserialize)]
struct Recipe {
    recipe: u32,
    outputs: Outputs,
    #[serde(flatten)]
    made_of: BTreeMap<String, Value>,
}

/// The outputs of one storyboard.
pub struct Versions<'a> {
    /// `out/<storyboard>`.
    pub folder: PathBuf,
    /// Remembers what the files hold.
    pub memo: &'a FileMemo,
}

impl Versions<'_> {
    /// The version that holds exactly `outputs`, if `latest` is on it and all its files are whole.
    pub fn current(&self, outputs: &Outputs) -> Option<PathBuf> {
        let version = self.matching(outputs)?;
        let latest = fs::read_link(self.folder.join("latest")).ok()?;
        let whole = |(path, blob): (&String, &Blob)| self.holds(&version.join(path), blob);
        (Some(latest.as_os_str()) == version.file_name() && outputs.iter().all(whole)).then_some(version)
    }

    /// Puts `outputs` into the version that holds them already, mending it, or into a new one.
    pub fn publish(
        &self,
        outputs: &Outputs,
        made_of: BTreeMap<String, Value>,
        store: &BlobStore,
    ) -> anyhow::Result<PathBuf> {
        fs::create_dir_all(&self.folder).with_context(|| format!("cannot make {}", self.folder.display()))?;
        self.sweep();
        let version = match self.matching(outputs) {
            Some(version) => {
                for (path, blob) in
                    outputs.iter().filter(|(path, blob)| !self.holds(&version.join(path), blob))
                {
                    self.put(&version.join(path), blob, store)?;
                }
                version
            }
            None => self.add(outputs, made_of, store)?,
        };
        self.point(&version)?;
        Ok(version)
    }

    fn add(
        &self,
        outputs: &Outputs,
        made_of: BTreeMap<String, Value>,
        store: &BlobStore,
    ) -> anyhow::Result<PathBuf> {
        let number = self.numbers().last().map_or(1, |last| last + 1);
        let made = self.folder.join(format!(".v{number:03}.{}", std::process::id()));
        for (path, blob) in outputs {
            self.put(&made.join(path), blob, store)?;
        }
        let recipe = Recipe { recipe: 1, outputs: outputs.clone(), made_of };
        fs::write(made.join(RECIPE), serde_json::to_string_pretty(&recipe)? + "\n")?;
        let version = self.folder.join(format!("v{number:03}"));
        fs::rename(&made, &version).with_context(|| format!("cannot make {}", version.display()))?;
        for (path, blob) in outputs {
            remembered::remember(self.memo, &version.join(path), blob.digest);
        }
        Ok(version)
    }

    /// A copy under a temporary name first. Its time is set a little back, so that any change from now on,
    /// even in the same tick of the file system's clock, is seen.
    fn put(&self, path: &Path, blob: &Blob, store: &BlobStore) -> anyhow::Result<()> {
        let from = store.open_verified(blob)?;
        let folder = path.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let temporary = tempfile::Builder::new().prefix(".storyreel-").tempfile_in(folder)?;
        let mut source = File::open(&from)?;
        std::io::copy(&mut source, &mut temporary.as_file())
            .with_context(|| format!("cannot write {}", path.display()))?;
        let written = temporary.as_file().metadata()?.modified()?;
        temporary.as_file().set_modified(written - Duration::from_secs(5))?;
        temporary.as_file().sync_all()?;
        let file = temporary.persist(path).with_context(|| format!("cannot write {}", path.display()))?;
        readable(&file)?;
        remembered::remember(self.memo, path, blob.digest);
        Ok(())
    }

    /// The newest version whose recipe names exactly these outputs.
    fn matching(&self, outputs: &Outputs) -> Option<PathBuf> {
        let versions =
            self.numbers().into_iter().rev().map(|number| self.folder.join(format!("v{number:03}")));
        versions.into_iter().find(|version| {
            let text = fs::read(version.join(RECIPE)).ok();
            text.and_then(|text| serde_json::from_slice::<Recipe>(&text).ok())
                .is_some_and(|recipe| recipe.outputs == *outputs)
        })
    }

    /// Whether a file is what it should be: a `stat`, where it is remembered.
    fn holds(&self, path: &Path, blob: &Blob) -> bool {
        if fs::metadata(path).ok().is_none_or(|meta| meta.len() != blob.bytes) {
            return false;
        }
        remembered::digest(self.memo, path).is_ok_and(|digest| digest == blob.digest)
    }

    fn numbers(&self) -> Vec<u32> {
        let names = fs::read_dir(&self.folder).into_iter().flatten().flatten().map(|entry| entry.file_name());
        let number = |name: std::ffi::OsString| name.to_str()?.strip_prefix('v')?.parse::<u32>().ok();
        let mut numbers: Vec<u32> = names.filter_map(number).collect();
        numbers.sort_unstable();
        numbers
    }

    fn point(&self, version: &Path) -> anyhow::Result<()> {
        let name = version.file_name().context("a version has a name")?;
        let latest = self.folder.join("latest");
        if fs::read_link(&latest).is_ok_and(|now| now.as_os_str() == name) {
            return Ok(());
        }
        let made = self.folder.join(format!(".latest.{}", std::process::id()));
        let _ = fs::remove_file(&made);
        symlink(name, &made)?;
        fs::rename(&made, &latest)
            .with_context(|| format!("cannot point {} at {}", latest.display(), version.display()))
    }

    /// Removes what killed processes left unfinished.
    fn sweep(&self) {
        for entry in fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let Some((_, pid)) = name.strip_prefix('.').and_then(|rest| rest.rsplit_once('.')) else {
                continue;
            };
            if pid.parse::<u32>().is_ok_and(|pid| !Path::new(&format!("/proc/{pid}")).exists()) {
                let _ = fs::remove_dir_all(entry.path()).or_else(|_| fs::remove_file(entry.path()));
            }
        }
    }
}

/// As a program's output usually is: for everyone to read.
fn readable(file: &File) -> anyhow::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    Ok(file.set_permissions(fs::Permissions::from_mode(0o644))?)
}
