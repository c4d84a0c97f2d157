//! The world as the disk has it, confined: nothing outside the project's readable roots is read,
//! whatever a path says or a symbolic link points to.

use std::fs::{self, File, Metadata};
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf, absolute};
use std::sync::Arc;

use super::header::{self, Header};
use super::sequence::{self, Pattern};
use super::{MediaFacts, Tool, World, WorldError};
use crate::looks::Looks;
use crate::scripts::{NoScripts, Scripts};
use crate::units::Digest;

/// Asks what a file is that its header does not tell (a worker does it); an error in words for the
/// storyboard's writer.
pub type Probe = Box<dyn Fn(&Path) -> Result<MediaFacts, String> + Send + Sync>;

/// The digest of a tool's data.
pub type Tools = Box<dyn Fn(Tool) -> Option<Digest> + Send + Sync>;

/// Remembers digests of files by their looks, so that an unchanged file costs a stat.
pub trait DigestMemo: Send + Sync {
    /// The digest remembered for exactly these looks.
    fn get(&self, path: &Path, looks: &Looks) -> Option<Digest>;
    /// Remembers one; `looks` from before the file was read.
    fn put(&self, path: &Path, looks: Looks, digest: Digest);
}

/// Remembers nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoMemo;

impl DigestMemo for NoMemo {
    fn get(&self, _: &Path, _: &Looks) -> Option<Digest> {
        None
    }

    fn put(&self, _: &Path, _: Looks, _: Digest) {}
}

/// The disk under a project's root.
pub struct DiskWorld {
    root: PathBuf,
    /// Further folders that may be read.
    readable: Vec<PathBuf>,
    probe: Probe,
    tools: Tools,
    memo: Arc<dyn DigestMemo>,
    scripts: Arc<dyn Scripts>,
}

impl DiskWorld {
    /// The world under `root`, the project's folder, and under the `readable` folders besides.
    ///
    /// # Errors
    /// Where one of these folders cannot be found.
    pub fn open(
        root: &Path,
        readable: &[PathBuf],
        probe: Probe,
        memo: Arc<dyn DigestMemo>,
        tools: Tools,
    ) -> Result<Self, WorldError> {
        let readable = readable.iter().map(|folder| canonical(folder)).collect::<Result<_, _>>()?;
        Ok(Self { root: canonical(root)?, readable, probe, tools, memo, scripts: Arc::new(NoScripts) })
    }

    /// The same with scripts.
    #[must_use]
    pub fn with_scripts(mut self, scripts: Arc<dyn Scripts>) -> Self {
        self.scripts = scripts;
        self
    }

    /// The further readable folders, links resolved.
    pub fn readable(&self) -> &[PathBuf] {
        &self.readable
    }

    /// `written` seen from `base`, links resolved, inside the readable roots; file or folder.
    fn confine(&self, base: &Path, written: &str) -> Result<PathBuf, WorldError> {
        let shown = || PathBuf::from(written);
        // A base may be relative to where the program was started.
        let joined = absolute(base.join(written)).map_err(|error| io_error(base, &error))?;
        let found = match canonical(&joined) {
            Ok(found) => found,
            // Whether something outside exists is nothing to tell.
            Err(WorldError::Missing(_)) if self.leads_out(&joined) => {
                return Err(WorldError::Outside(shown()));
            }
            Err(WorldError::Missing(_)) => return Err(WorldError::Missing(shown())),
            Err(error) => return Err(error),
        };
        let inside =
            found.starts_with(&self.root) || self.readable.iter().any(|root| found.starts_with(root));
        if inside { Ok(found) } else { Err(WorldError::Outside(shown())) }
    }

    /// Whether a path that does not exist would lie outside: its nearest existing folder does.
    fn leads_out(&self, joined: &Path) -> bool {
        let mut plain = PathBuf::new();
        for part in joined.components() {
            match part {
                std::path::Component::ParentDir => {
                    plain.pop();
                }
                other => plain.push(other),
            }
        }
        let existing = plain.ancestors().find_map(|folder| canonical(folder).ok());
        existing.is_none_or(|folder| {
            !(folder.starts_with(&self.root) || self.readable.iter().any(|root| folder.starts_with(root)))
        })
    }

    fn names(folder: &Path) -> Vec<String> {
        let Ok(entries) = fs::read_dir(folder) else {
            return Vec::new();
        };
        let mut names: Vec<_> =
            entries.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect();
        names.sort();
        names
    }
}

impl World for DiskWorld {
    fn root(&self) -> &Path {
        &self.root
    }

    fn locate(&self, base: &Path, written: &str) -> Result<PathBuf, WorldError> {
        let found = self.confine(base, written)?;
        regular(&found)?;
        Ok(found)
    }

    fn text(&self, path: &Path, limit: u64) -> Result<Arc<str>, WorldError> {
        read_text(path, limit).map(Arc::from)
    }

    fn digest(&self, path: &Path) -> Result<Digest, WorldError> {
        let looks = Looks::from(&regular(path)?);
        // Of a file that was too fresh when it was looked at, a change while it is read might not show.
        let sure = looks.settled();
        if let Some(digest) = self.memo.get(path, &looks) {
            return Ok(digest);
        }
        let mut hasher = blake3::Hasher::new();
        let file = File::open(path).map_err(|error| io_error(path, &error))?;
        hasher.update_reader(file).map_err(|error| io_error(path, &error))?;
        let digest = Digest(*hasher.finalize().as_bytes());
        if sure {
            self.memo.put(path, looks, digest);
        }
        Ok(digest)
    }

    fn facts(&self, path: &Path) -> Result<MediaFacts, WorldError> {
        regular(path)?;
        let file = File::open(path).map_err(|error| io_error(path, &error))?;
        match header::read(BufReader::new(file)) {
            Header::Facts(facts) => Ok(facts),
            Header::TooManyPixels(size) => Err(WorldError::TooManyPixels { path: path.to_owned(), size }),
            Header::Unusable(reason) => Err(WorldError::Unusable { path: path.to_owned(), reason }),
            Header::Unknown => {
                (self.probe)(path).map_err(|reason| WorldError::Unusable { path: path.to_owned(), reason })
            }
        }
    }

    fn sequence(&self, base: &Path, written: &str) -> Result<Option<Vec<PathBuf>>, WorldError> {
        let (folder, name) = written.rsplit_once('/').unwrap_or(("", written));
        let pattern = Pattern::of(name);
        let folder = match &pattern {
            Some(_) => self.confine(base, if folder.is_empty() { "." } else { folder })?,
            None => self.confine(base, written)?,
        };
        if !folder.is_dir() {
            return if pattern.is_some() {
                Err(WorldError::Missing(PathBuf::from(written)))
            } else {
                Ok(None)
            };
        }
        let unusable = |reason| WorldError::Unusable { path: PathBuf::from(written), reason };
        let names = sequence::order(&Self::names(&folder), pattern.as_ref()).map_err(unusable)?;
        let folder_text = folder.to_string_lossy();
        names
            .iter()
            .map(|name| self.locate(Path::new(&*folder_text), name))
            .collect::<Result<_, _>>()
            .map(Some)
    }

    fn tool(&self, tool: Tool) -> Option<Digest> {
        (self.tools)(tool)
    }

    fn scripts(&self) -> &dyn Scripts {
        &*self.scripts
    }

    fn neighbours(&self, base: &Path) -> Vec<String> {
        match self.confine(base, ".") {
            Ok(folder) => Self::names(&folder),
            Err(_) => Vec::new(),
        }
    }
}

fn canonical(path: &Path) -> Result<PathBuf, WorldError> {
    fs::canonicalize(path).map_err(|error| io_error(path, &error))
}

fn io_error(path: &Path, error: &std::io::Error) -> WorldError {
    match error.kind() {
        std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => {
            WorldError::Missing(path.to_owned())
        }
        _ => WorldError::Io { path: path.to_owned(), reason: error.to_string() },
    }
}

/// The metadata of a regular file; anything else is refused before it is opened, since opening a
/// pipe waits for ever.
fn regular(path: &Path) -> Result<Metadata, WorldError> {
    let facts = fs::metadata(path).map_err(|error| io_error(path, &error))?;
    if facts.is_file() { Ok(facts) } else { Err(WorldError::NotAFile(path.to_owned())) }
}

fn read_text(path: &Path, limit: u64) -> Result<String, WorldError> {
    let bytes = regular(path)?.len();
    let too_large = |bytes| WorldError::TooLarge { path: path.to_owned(), bytes, limit };
    if bytes > limit {
        return Err(too_large(bytes));
    }
    let file = File::open(path).map_err(|error| io_error(path, &error))?;
    let mut content = Vec::with_capacity(bytes as usize);
    // The file may grow between the two looks.
    file.take(limit + 1).read_to_end(&mut content).map_err(|error| io_error(path, &error))?;
    if content.len() as u64 > limit {
        return Err(too_large(content.len() as u64));
    }
    String::from_utf8(content)
        .map_err(|error| not_utf8(path, error.as_bytes(), error.utf8_error().valid_up_to()))
}

/// What is wrong with bytes that are text up to `offset`.
pub(super) fn not_utf8(path: &Path, bytes: &[u8], offset: usize) -> WorldError {
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return WorldError::Utf16(path.to_owned());
    }
    let before = String::from_utf8_lossy(&bytes[..offset]);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    WorldError::NotUtf8 { path: path.to_owned(), offset, line, column }
}
