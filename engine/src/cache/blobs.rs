//! Artifacts by content: `blobs/ab/<digest>`, written once, verified whenever read.
//!
//! A blob appears under its name only when it is complete and on the disk: temporary file, fsync, rename.
//! Temporary files lie in `tmp/<writer>/`, one folder a process, which any later process sweeps when that
//! process is gone.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::error::CacheError;
use super::root::Root;
use super::writer::{Alive, Writer};
use crate::clock::Moment;
use crate::regular::is_folder;
use crate::run::protocol::Blob;
use crate::units::Digest;

/// What a process on another machine left is swept when it has not been touched for this long.
const FOREIGN_AGE: Duration = Duration::from_secs(7 * 24 * 3600);

/// A blob's time of last use is renewed when it is older than this.
const TOUCH_AGE: Duration = Duration::from_secs(3600);

/// Bytes by which it is tried whether anything can be written at all.
const TRIAL: usize = 64 << 10;

/// Numbers temporary files; one count for all stores of the process, since they may share a folder.
static NEXT: AtomicU64 = AtomicU64::new(0);

/// What tells whether a file is the one that it was, without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stamp {
    bytes: u64,
    changed: Moment,
    file: (u64, u64),
}

impl Stamp {
    fn of(meta: &fs::Metadata) -> Self {
        Self { bytes: meta.len(), changed: changed(meta), file: (meta.dev(), meta.ino()) }
    }

    /// Whether it is the same file of the same length, whenever it was changed.
    fn same_file(&self, other: &Self) -> bool {
        (self.bytes, self.file) == (other.bytes, other.file)
    }
}

/// The blobs of one cache folder, for one process. Shared by its threads.
#[derive(Debug)]
pub struct BlobStore {
    root: Root,
    scratch: PathBuf,
    /// What this process has verified already.
    verified: Mutex<BTreeMap<Digest, Stamp>>,
}

impl BlobStore {
    /// The store in the cache folder `root`. Writes nothing until something is written to it.
    pub fn open(root: impl Into<PathBuf>) -> Self {
        Self::of(Root::new(root))
    }

    /// The store in the cache folder `root`, which another process has made: it is not made here.
    pub fn join(root: impl Into<PathBuf>) -> Self {
        Self::of(Root::joined(root))
    }

    fn of(root: Root) -> Self {
        let scratch = root.path().join("tmp").join(Writer::this().to_string());
        Self { root, scratch, verified: Mutex::default() }
    }

    /// The cache folder's path.
    pub fn root(&self) -> &Path {
        self.root.path()
    }

    /// The cache folder, and whether it is there.
    pub fn folder(&self) -> &Root {
        &self.root
    }

    /// Where that blob lies, if it is there.
    pub fn path(&self, digest: &Digest) -> PathBuf {
        let name = digest.to_string();
        self.root().join("blobs").join(&name[..2]).join(&name)
    }

    /// Whether the blob is there with its size. Does not read it.
    pub fn has(&self, blob: &Blob) -> bool {
        fs::metadata(self.path(&blob.digest)).is_ok_and(|meta| meta.is_file() && meta.len() == blob.bytes)
    }

    /// The path of a blob whose content has been checked against its digest, once a process. A damaged
    /// blob is [set aside](Self::set_aside), so that it is made again.
    pub fn open_verified(&self, blob: &Blob) -> Result<PathBuf, CacheError> {
        let path = self.path(&blob.digest);
        let meta = fs::metadata(&path).map_err(|error| self.missing_or(&path, &blob.digest, &error))?;
        let known = self.lock().get(&blob.digest) == Some(&Stamp::of(&meta));
        if !known {
            self.verify(&blob.digest)?;
            self.touch(&blob.digest);
            let meta = fs::metadata(&path).map_err(|error| self.missing_or(&path, &blob.digest, &error))?;
            self.lock().insert(blob.digest, Stamp::of(&meta));
        }
        Ok(path)
    }

    /// Whether a blob that this process has checked is still what it was. One that was changed while it was read
    /// may have been read half before, half after. Where only its times have changed, as another process changes
    /// them that makes use of it, it is read through once more.
    pub fn is_unchanged(&self, blob: &Blob) -> bool {
        let Some(checked) = self.lock().get(&blob.digest).copied() else { return true };
        let now = fs::metadata(self.path(&blob.digest)).map(|meta| Stamp::of(&meta));
        let same = now.is_ok_and(|now| {
            now == checked || (now.same_file(&checked) && self.verify(&blob.digest).is_ok())
        });
        if !same {
            self.lock().remove(&blob.digest);
        }
        same
    }

    /// A blob's checked content.
    pub fn read(&self, blob: &Blob) -> Result<Vec<u8>, CacheError> {
        let path = self.open_verified(blob)?;
        fs::read(&path).map_err(|error| self.missing_or(&path, &blob.digest, &error))
    }

    /// Reads a blob through and compares its digest; sets it aside where they differ.
    pub fn verify(&self, digest: &Digest) -> Result<(), CacheError> {
        let path = self.path(digest);
        let meta = fs::metadata(&path).map_err(|error| self.missing_or(&path, digest, &error))?;
        let found = if meta.is_file() { Some(digest_of_file(&path)) } else { None };
        let found = found.transpose().map_err(|error| self.missing_or(&path, digest, &error))?;
        if found == Some(*digest) {
            return Ok(());
        }
        self.set_aside(digest)?;
        Err(CacheError::Damaged(*digest))
    }

    /// The folder of damaged blobs.
    pub fn damaged(&self) -> PathBuf {
        self.root().join("damaged")
    }

    /// Takes a damaged blob out of the store and keeps it, for whoever wants to see what happened to it,
    /// until the next collection.
    fn set_aside(&self, digest: &Digest) -> Result<(), CacheError> {
        self.lock().remove(digest);
        let folder = self.damaged();
        self.root.folder(&folder)?;
        let (from, to) = (self.path(digest), folder.join(digest.to_string()));
        match fs::rename(&from, &to) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(self.root.fault(&to, &error)),
            _ => Ok(()),
        }
    }

    /// Removes a blob, if it is there, or whatever lies in its place.
    pub fn remove(&self, digest: &Digest) -> Result<(), CacheError> {
        self.lock().remove(digest);
        let path = self.path(digest);
        let folder = fs::symlink_metadata(&path).is_ok_and(|meta| meta.is_dir());
        match if folder { fs::remove_dir_all(&path) } else { fs::remove_file(&path) } {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(CacheError::io(&path, &error)),
            _ => Ok(()),
        }
    }

    /// Renews a blob's time of last use where it is old. Never fails: collection only ranks by it.
    pub fn touch(&self, digest: &Digest) {
        let path = self.path(digest);
        let Ok(meta) = fs::metadata(&path) else { return };
        if Moment::now().since(changed(&meta)) > TOUCH_AGE.as_micros() as u64 {
            let now = rustix::fs::Timespec { tv_sec: 0, tv_nsec: rustix::fs::UTIME_NOW };
            let times = rustix::fs::Timestamps { last_access: now, last_modification: now };
            let _ = rustix::fs::utimensat(rustix::fs::CWD, &path, &times, rustix::fs::AtFlags::empty());
        }
    }

    /// Stores `bytes`.
    pub fn write(&self, bytes: &[u8]) -> Result<Blob, CacheError> {
        let mut writer = self.writer()?;
        writer.write_all(bytes).map_err(|error| self.root.fault(writer.scratch.path(), &error))?;
        writer.finish()
    }

    /// A blob that is written from its first byte to its last.
    pub fn writer(&self) -> Result<BlobWriter<'_>, CacheError> {
        let scratch = self.scratch("")?;
        let opened = OpenOptions::new().write(true).create_new(true).open(scratch.path());
        let file = opened.map_err(|error| self.root.fault(scratch.path(), &error))?;
        Ok(BlobWriter { store: self, scratch, file, hasher: blake3::Hasher::new(), bytes: 0 })
    }

    /// A path for a temporary file that ends in `suffix` (such as `.mp4`); nothing is there yet. Removed
    /// when dropped, unless [adopted](Self::adopt).
    pub fn scratch(&self, suffix: &str) -> Result<Scratch, CacheError> {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        Ok(Scratch { path: self.scratch_folder()?.join(format!("{number}{suffix}")) })
    }

    /// The folder of this process's temporary files, on the same disk as the artifacts.
    pub fn scratch_folder(&self) -> Result<&Path, CacheError> {
        self.root.folder(&self.scratch)?;
        Ok(&self.scratch)
    }

    /// Tries whether anything can be written at all; nothing of it stays.
    ///
    /// # Errors
    /// Why not: the disk is full or read-only, the folder is gone.
    pub fn try_write(&self) -> Result<(), CacheError> {
        let scratch = self.scratch(".trial")?;
        fs::write(scratch.path(), [0; TRIAL]).map_err(|error| self.root.fault(self.root(), &error))
    }

    /// Stores a temporary file that something else has written, by any path to it.
    pub fn adopt(&self, scratch: Scratch) -> Result<Blob, CacheError> {
        let path = scratch.path();
        let wrap = |error: io::Error| self.root.fault(path, &error);
        let file = File::open(path).map_err(wrap)?;
        let bytes = file.metadata().map_err(wrap)?.len();
        let digest = digest_of(&file).map_err(wrap)?;
        self.settle(&scratch, &file, Blob { digest, bytes })
    }

    /// The last steps: fsync, rename, fsync of the folder.
    fn settle(&self, scratch: &Scratch, file: &File, blob: Blob) -> Result<Blob, CacheError> {
        let path = self.path(&blob.digest);
        let wrap = |error: io::Error| self.root.fault(&path, &error);
        if self.has(&blob) && self.verify(&blob.digest).is_ok() {
            self.touch(&blob.digest);
            return Ok(blob);
        }
        file.sync_all().map_err(wrap)?;
        let folder = path.parent().unwrap_or(self.root());
        self.root.folder(folder)?;
        let mut rights = file.metadata().map_err(wrap)?.permissions();
        rights.set_readonly(true);
        file.set_permissions(rights).map_err(wrap)?;
        if path.is_dir() {
            self.remove(&blob.digest)?;
        }
        fs::rename(scratch.path(), &path).map_err(wrap)?;
        sync_folder(folder).map_err(wrap)?;
        Ok(blob)
    }

    fn missing_or(&self, path: &Path, digest: &Digest, error: &io::Error) -> CacheError {
        match error.kind() {
            io::ErrorKind::NotFound if !self.root.is_gone() => CacheError::Missing(*digest),
            _ => self.root.fault(path, error),
        }
    }

    /// Removes this process's temporary folder. For the end of the process.
    pub fn close(&self) {
        let _ = fs::remove_dir_all(&self.scratch);
    }

    /// Removes the temporary folders of processes that are gone; how many.
    pub fn sweep(&self) -> Result<usize, CacheError> {
        sweep(&self.root().join("tmp"))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<Digest, Stamp>> {
        self.verified.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for BlobStore {
    fn drop(&mut self) {
        // Only when empty: another store of this process may still be writing.
        let _ = fs::remove_dir(&self.scratch);
    }
}

/// A temporary path of this process; what lies there is removed when this is dropped.
#[derive(Debug)]
pub struct Scratch {
    path: PathBuf,
}

impl Scratch {
    /// The path.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

/// A blob being written; hashes while it writes. Dropped unfinished, it leaves nothing.
#[derive(Debug)]
pub struct BlobWriter<'a> {
    store: &'a BlobStore,
    scratch: Scratch,
    file: File,
    hasher: blake3::Hasher,
    bytes: u64,
}

impl BlobWriter<'_> {
    /// Stores what was written.
    pub fn finish(self) -> Result<Blob, CacheError> {
        let blob = self.content();
        self.finish_as(blob)
    }

    /// What was written so far.
    pub(super) fn content(&self) -> Blob {
        Blob { digest: Digest(*self.hasher.finalize().as_bytes()), bytes: self.bytes }
    }

    /// Stores what was written under that name, which the caller has compared with its content.
    pub(super) fn finish_as(self, blob: Blob) -> Result<Blob, CacheError> {
        self.store.settle(&self.scratch, &self.file, blob)
    }

    /// Keeps what was written among what is damaged, since it should have been `digest` and is not.
    pub(super) fn set_aside(self, digest: &Digest) -> Result<(), CacheError> {
        let folder = self.store.damaged();
        make_folder(&folder).map_err(|error| CacheError::io(&folder, &error))?;
        let to = folder.join(digest.to_string());
        fs::rename(self.scratch.path(), &to).map_err(|error| CacheError::io(&to, &error))
    }
}

impl Write for BlobWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// The digest of a file's content.
pub fn digest_of_file(path: &Path) -> io::Result<Digest> {
    digest_of(&File::open(path)?)
}

fn digest_of(mut file: &File) -> io::Result<Digest> {
    let mut hasher = blake3::Hasher::new();
    let mut buffer = vec![0; 1 << 18];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(Digest(*hasher.finalize().as_bytes())),
            read => hasher.update(&buffer[..read]),
        };
    }
}

/// Removes the entries of a folder that are named by writers which are gone; how many.
pub(super) fn sweep(folder: &Path) -> Result<usize, CacheError> {
    // What lies behind a link in the folder's place is another's.
    if !is_folder(folder) {
        return Ok(0);
    }
    let mut swept = 0;
    for (path, writer) in by_writer(folder)? {
        let gone = match writer.alive() {
            Alive::Yes => false,
            Alive::No => true,
            Alive::Elsewhere => fs::metadata(&path)
                .is_ok_and(|meta| Moment::now().since(changed(&meta)) > FOREIGN_AGE.as_micros() as u64),
        };
        if gone && fs::remove_dir_all(&path).or_else(|_| fs::remove_file(&path)).is_ok() {
            swept += 1;
        }
    }
    Ok(swept)
}

/// The entries of a folder whose names (less an extension) are writers'. None where there is no folder.
pub(super) fn by_writer(folder: &Path) -> Result<Vec<(PathBuf, Writer)>, CacheError> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(CacheError::io(folder, &error)),
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| CacheError::io(folder, &error))?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if let Ok(writer) = name.strip_suffix(".log").unwrap_or(&name).parse() {
            found.push((path, writer));
        }
    }
    found.sort();
    Ok(found)
}

/// A file's time of last change; 1970 where the system keeps none.
pub(super) fn changed(meta: &fs::Metadata) -> Moment {
    meta.modified().map_or(Moment(0), Moment::of)
}

/// Makes a folder with all above it. The name of each new one is on the disk before anything is put into
/// it, so that a loss of power cannot take away a folder whose files were synced.
pub(super) fn make_folder(folder: &Path) -> io::Result<()> {
    if folder.as_os_str().is_empty() || folder.is_dir() {
        return Ok(());
    }
    let above = folder.parent().unwrap_or(Path::new("/"));
    make_folder(above)?;
    match fs::create_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            Err(io::Error::new(error.kind(), "a file is in the place of this folder"))
        }
        Err(error) => Err(error),
        Ok(()) => sync_folder(above),
    }
}

/// Makes the names in a folder safe from a loss of power.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    File::open(folder)?.sync_all()
}
