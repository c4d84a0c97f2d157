//! `out/<storyboard>/v001`, `v002`, ... and `latest`.
//!
//! A version appears whole or not at all: it is copied into a hidden sibling folder, synced, renamed.
//! A new number comes only when the result differs from the newest version; otherwise that version
//! is kept, and whatever of it was lost or altered is put back. A manifest remembers size, times and
//! digest of every file, so that a look at the folder is enough to know that nothing is to be done.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::cache::{BlobStore, CacheError, digest_of_file};
use crate::looks::Looks;
use crate::regular::{is_folder, open_own, read_regular};
use crate::run::protocol::Blob;
use crate::units::Digest;

/// Raised when the manifest changes its meaning; another version is read as no manifest.
const MANIFEST_VERSION: u32 = 2;
const MANIFEST: &str = ".manifest.json";
/// No manifest is longer, in bytes.
const LONGEST: u64 = 64 << 20;
/// The last number that a version can have; what is numbered higher is none.
const LAST: u32 = u32::MAX - 1;

/// A file of the result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputFile {
    /// Relative to the version's folder: `stems/music.wav`.
    pub path: String,
    /// Its content.
    pub source: Source,
    /// A note about the result rather than part of it (`recipe.json`): kept up to date where it
    /// stands, without a new version.
    pub note: bool,
}

/// Where a file's content comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The cache.
    Blob(Blob),
    /// Here.
    Text(String),
}

impl OutputFile {
    /// Part of the result, from the cache.
    pub fn blob(path: impl Into<String>, blob: Blob) -> Self {
        Self { path: path.into(), source: Source::Blob(blob), note: false }
    }

    /// Part of the result, as text.
    pub fn text(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self { path: path.into(), source: Source::Text(text.into()), note: false }
    }

    /// A note about the result.
    pub fn note(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self { path: path.into(), source: Source::Text(text.into()), note: true }
    }

    fn digest(&self) -> Digest {
        match &self.source {
            Source::Blob(blob) => blob.digest,
            Source::Text(text) => Digest::of(text.as_bytes()),
        }
    }
}

/// What was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// Its number.
    pub version: u32,
    /// Its folder.
    pub path: PathBuf,
    /// Whether it is a new version.
    pub changed: bool,
    /// Files of a kept version that were put back or added.
    pub repaired: Vec<String>,
}

/// How the newest version compares with what should be there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// Every file is there, unaltered as far as size and time tell.
    Current(Published),
    /// It is this result, but these files are missing, altered, or to be added.
    Incomplete(Published, Vec<String>),
    /// There is no version, or the newest is another result.
    Different,
}

/// Why publishing failed.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The cache does not have what it should.
    #[error("the cache cannot give `{path}`")]
    Cache {
        /// The output.
        path: String,
        /// Why.
        source: CacheError,
    },
    /// No space, or the quota is used up.
    #[error("the disk that holds `{}` is full", .0.display())]
    Full(PathBuf),
    /// The folder cannot be written.
    #[error("`{}` cannot be written: {reason}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The system's words.
        reason: String,
    },
    /// A link, a pipe or a folder lies where the lock belongs: to write there would be to write elsewhere.
    #[error("`{}` cannot be locked: it is not a file", .0.display())]
    NoFile(PathBuf),
    /// The newest version has the last number that there is.
    #[error("no number comes after `{}`", .0.display())]
    NoNumber(PathBuf),
    /// A path that would leave the version's folder.
    #[error("`{0}` is no name for an output")]
    BadPath(String),
}

impl PublishError {
    /// What to do about it.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::Full(_) => Some(
                "free some space, or choose another folder with `--out`; what was made is kept, and the same command goes on from there",
            ),
            Self::Io { .. } => Some(
                "give yourself the right to write there, or choose another folder with `--out`; what was made is kept, and the same command goes on from there",
            ),
            Self::NoFile(_) => Some("remove it, then give the same command again: what was made is kept"),
            Self::NoNumber(_) => Some(
                "rename that folder, then give the same command again: versions go on from the highest number left",
            ),
            Self::Cache { source, .. } => source.help(),
            Self::BadPath(_) => None,
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    manifest: u32,
    files: BTreeMap<String, Kept>,
}

/// A file as it was when it was published.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    digest: Digest,
    looks: Looks,
}

impl Kept {
    /// Whether the file at `path` is still this one. Where only its times or place on the disk differ (it was
    /// copied, given other rights), its content decides.
    fn stands_at(&mut self, path: &Path) -> bool {
        let Some(looks) = looks(path) else { return false };
        if looks != self.looks {
            if looks.bytes != self.looks.bytes || digest_of_file(path).ok() != Some(self.digest) {
                return false;
            }
            self.looks = looks;
        }
        true
    }
}

/// Compares the newest version in `out` with `files`, by a look at the folder: a file is read only where it
/// looks otherwise than when it was published.
pub fn status(out: &Path, files: &[OutputFile]) -> Status {
    let Some((version, path)) = newest(out) else { return Status::Different };
    let Some(mut manifest) = manifest(&path) else { return Status::Different };
    let same = files
        .iter()
        .filter(|file| !file.note)
        .all(|file| manifest.files.get(&file.path).is_none_or(|kept| kept.digest == file.digest()));
    let known = files.iter().any(|file| !file.note && manifest.files.contains_key(&file.path));
    if !same || !known {
        return Status::Different;
    }
    let known = manifest.clone();
    let wrong: Vec<String> = files
        .iter()
        .filter(|file| match manifest.files.get_mut(&file.path) {
            Some(kept) => {
                let place = path.join(&file.path);
                kept.digest != file.digest() || !is_below(&path, &file.path) || !kept.stands_at(&place)
            }
            None => true,
        })
        .map(|file| file.path.clone())
        .collect();
    if manifest != known {
        // So that they need not be read again next time; where it cannot be noted, they are.
        let _ = write_manifest(&path, &manifest);
    }
    let linked = linked(out, version);
    let published = Published { version, path, changed: false, repaired: wrong.clone() };
    if wrong.is_empty() && linked { Status::Current(published) } else { Status::Incomplete(published, wrong) }
}

/// The number of the newest version in `out`, if `latest` leads to it.
pub fn newest_linked(out: &Path) -> Option<u32> {
    let (version, _) = newest(out)?;
    linked(out, version).then_some(version)
}

/// The files by which [`status`] judges the newest version in `out`: those of `files`, and the manifest.
pub fn judged(out: &Path, files: &[OutputFile]) -> Option<(Published, Vec<PathBuf>)> {
    let (version, path) = newest(out)?;
    let names = files.iter().map(|file| file.path.as_str()).chain([MANIFEST]);
    let paths = names.map(|name| path.join(name)).collect();
    Some((Published { version, path, changed: false, repaired: Vec::new() }, paths))
}

/// Puts `files` into `out`: as a new version, or into the newest where that is this very result.
/// What an interrupted publishing left is removed first.
pub fn publish(out: &Path, files: &[OutputFile], store: &BlobStore) -> Result<Published, PublishError> {
    for file in files {
        let plain =
            Path::new(&file.path).components().all(|part| matches!(part, std::path::Component::Normal(_)));
        if !plain || file.path.is_empty() || file.path == MANIFEST {
            return Err(PublishError::BadPath(file.path.clone()));
        }
    }
    let _lock = prepare(out)?;
    match status(out, files) {
        Status::Current(published) => Ok(published),
        Status::Incomplete(published, wrong) => {
            repair(&published.path, files, &wrong, store)?;
            link(out, published.version)?;
            Ok(published)
        }
        Status::Different => {
            let version = next(out)?;
            let path = create(out, version, files, store)?;
            link(out, version)?;
            Ok(Published { version, path, changed: true, repaired: Vec::new() })
        }
    }
}

/// Held while one process publishes; released when dropped, or when the process ends, however it ends.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// Makes the folder `out` ready for a version and removes what an interrupted publishing left there. Before
/// a long run it tells whether the result can be handed over at all.
pub fn prepare(out: &Path) -> Result<Lock, PublishError> {
    noted(out, fs::create_dir_all(out))?;
    let lock = Lock { _file: lock(out)? };
    sweep(out)?;
    Ok(lock)
}

/// The lock's file has no content, so it is never cut: through a link it would be somebody else's.
fn lock(out: &Path) -> Result<File, PublishError> {
    let path = out.join(".lock");
    let opened = open_own(&path, OpenOptions::new().write(true).create(true).truncate(false));
    if opened.is_err() && fs::symlink_metadata(&path).is_ok_and(|meta| !meta.is_file()) {
        return Err(PublishError::NoFile(path));
    }
    let file = noted(&path, opened)?;
    let locked = rustix::fs::flock(&file, rustix::fs::FlockOperation::LockExclusive);
    noted(&path, locked.map_err(io::Error::from))?;
    Ok(file)
}

/// Removes what an interrupted publishing left.
fn sweep(out: &Path) -> Result<(), PublishError> {
    for entry in noted(out, fs::read_dir(out))? {
        let path = noted(out, entry)?.path();
        let left = path.file_name().is_some_and(|name| is_partial(&name.to_string_lossy()));
        if left {
            remove(&path)?;
        }
    }
    // What a link in a version's place leads to is not ours to delete from.
    if let Some((_, newest)) = newest(out).filter(|(_, path)| is_folder(path)) {
        sweep_files(&newest)?;
    }
    Ok(())
}

fn sweep_files(folder: &Path) -> Result<(), PublishError> {
    for entry in noted(folder, fs::read_dir(folder))? {
        let path = noted(folder, entry)?.path();
        let left = path.file_name().is_some_and(|name| is_partial(&name.to_string_lossy()));
        if left {
            remove(&path)?;
        } else if is_folder(&path) {
            sweep_files(&path)?;
        }
    }
    Ok(())
}

fn is_partial(name: &str) -> bool {
    name.starts_with('.') && name.ends_with(".partial")
}

fn remove(path: &Path) -> Result<(), PublishError> {
    noted(path, if is_folder(path) { fs::remove_dir_all(path) } else { fs::remove_file(path) })
}

fn create(
    out: &Path,
    version: u32,
    files: &[OutputFile],
    store: &BlobStore,
) -> Result<PathBuf, PublishError> {
    let partial = out.join(format!(".{}.partial", name(version)));
    let path = out.join(name(version));
    let made = fill(&partial, files, store).and_then(|()| noted(&path, fs::rename(&partial, &path)));
    if let Err(error) = made {
        // What is left of it would only take up room; if it cannot go now, the next publishing sweeps it.
        let _ = fs::remove_dir_all(&partial);
        return Err(error);
    }
    sync_folder(out)?;
    Ok(path)
}

fn fill(folder: &Path, files: &[OutputFile], store: &BlobStore) -> Result<(), PublishError> {
    noted(folder, fs::create_dir(folder))?;
    let mut manifest = Manifest { manifest: MANIFEST_VERSION, files: BTreeMap::new() };
    for file in files {
        let kept = write(folder, file, store)?;
        manifest.files.insert(file.path.clone(), kept);
    }
    write_manifest(folder, &manifest)
}

fn repair(
    folder: &Path,
    files: &[OutputFile],
    wrong: &[String],
    store: &BlobStore,
) -> Result<(), PublishError> {
    let mut manifest = manifest(folder).unwrap_or_default();
    manifest.manifest = MANIFEST_VERSION;
    for file in files.iter().filter(|file| wrong.contains(&file.path)) {
        let kept = write(folder, file, store)?;
        manifest.files.insert(file.path.clone(), kept);
    }
    if wrong.is_empty() { Ok(()) } else { write_manifest(folder, &manifest) }
}

/// Writes one file in `folder`: beside its place, synced, renamed.
fn write(folder: &Path, file: &OutputFile, store: &BlobStore) -> Result<Kept, PublishError> {
    let path = folder.join(&file.path);
    between(folder, &file.path).try_for_each(|folder| make_own(&folder))?;
    let partial = beside(&path);
    // A link that was left there would be written through.
    discard(&partial);
    let written = copy(&partial, file, store).and_then(|()| settle(&partial, &path));
    written.inspect_err(|_| discard(&partial))?;
    let looks = looks(&path)
        .ok_or_else(|| PublishError::Io { path: path.clone(), reason: "it has vanished".into() })?;
    Ok(Kept { digest: file.digest(), looks })
}

/// The folders between a version's folder and the file `inside` it, the outermost first.
fn between(folder: &Path, inside: &str) -> impl Iterator<Item = PathBuf> {
    let above = Path::new(inside).parent().unwrap_or(Path::new(""));
    let mut above: Vec<PathBuf> =
        above.ancestors().filter(|part| !part.as_os_str().is_empty()).map(|part| folder.join(part)).collect();
    above.reverse();
    above.into_iter()
}

/// Whether the way to the file `inside` a version's folder leads through no link.
fn is_below(folder: &Path, inside: &str) -> bool {
    between(folder, inside).all(|folder| is_folder(&folder))
}

/// Makes a folder of a version. A link or a file in its place goes: what is written through a link would be written
/// over somebody else's files.
fn make_own(folder: &Path) -> Result<(), PublishError> {
    if is_folder(folder) {
        return Ok(());
    }
    if fs::symlink_metadata(folder).is_ok() {
        remove(folder)?;
    }
    noted(folder, fs::create_dir(folder))
}

/// Half a file is worth nothing. If it cannot go now, the next publishing sweeps it.
fn discard(partial: &Path) {
    let _ = fs::remove_file(partial);
}

fn copy(partial: &Path, file: &OutputFile, store: &BlobStore) -> Result<(), PublishError> {
    match &file.source {
        Source::Blob(blob) => {
            let from = store
                .open_verified(blob)
                .map_err(|source| PublishError::Cache { path: file.path.clone(), source })?;
            noted(partial, fs::copy(&from, partial))?;
            // A blob may be read-only; what people get is theirs to write.
            let mode = rustix::fs::Mode::from_raw_mode(0o644);
            noted(partial, rustix::fs::chmod(partial, mode).map_err(io::Error::from))
        }
        Source::Text(text) => noted(partial, fs::write(partial, text)),
    }
}

/// Syncs `partial` and gives it its name.
fn settle(partial: &Path, path: &Path) -> Result<(), PublishError> {
    let file = noted(partial, File::open(partial))?;
    noted(partial, file.sync_all())?;
    if is_folder(path) {
        remove(path)?;
    }
    noted(path, fs::rename(partial, path))?;
    sync_folder(path.parent().unwrap_or(path))
}

fn write_manifest(folder: &Path, manifest: &Manifest) -> Result<(), PublishError> {
    let path = folder.join(MANIFEST);
    let partial = beside(&path);
    discard(&partial);
    let text = serde_json::to_string_pretty(manifest).map_err(io::Error::from);
    let written = noted(&partial, text.and_then(|text| fs::write(&partial, text)));
    written.and_then(|()| settle(&partial, &path)).inspect_err(|_| discard(&partial))
}

fn beside(path: &Path) -> PathBuf {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    path.with_file_name(format!(".{name}.partial"))
}

/// Whether `latest` leads to that version.
fn linked(out: &Path, version: u32) -> bool {
    fs::read_link(out.join("latest")).is_ok_and(|to| to == Path::new(&name(version)))
}

/// Points `latest` to a version, at once.
fn link(out: &Path, version: u32) -> Result<(), PublishError> {
    let path = out.join("latest");
    let partial = beside(&path);
    noted(&partial, std::os::unix::fs::symlink(name(version), &partial))?;
    if is_folder(&path) {
        // Somebody's own folder of that name stays; the version is there all the same.
        return remove(&partial);
    }
    noted(&path, fs::rename(&partial, &path))?;
    sync_folder(out)
}

fn sync_folder(folder: &Path) -> Result<(), PublishError> {
    let opened = noted(folder, File::open(folder))?;
    noted(folder, opened.sync_all())
}

fn noted<T>(path: &Path, result: io::Result<T>) -> Result<T, PublishError> {
    result.map_err(|error| match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => PublishError::Full(path.to_owned()),
        _ => PublishError::Io { path: path.to_owned(), reason: error.to_string() },
    })
}

fn name(version: u32) -> String {
    format!("v{version:03}")
}

/// The number of the next version: one higher than the newest's, and of nothing that lies there already.
fn next(out: &Path) -> Result<u32, PublishError> {
    let newest = newest(out);
    let mut numbers = newest.as_ref().map_or(1, |(number, _)| number + 1)..=LAST;
    let free = numbers.find(|number| fs::symlink_metadata(out.join(name(*number))).is_err());
    free.ok_or_else(|| PublishError::NoNumber(newest.map_or(out.join(name(LAST)), |(_, path)| path)))
}

/// The version with the highest number. A folder whose name is not exactly a version's is somebody's own.
fn newest(out: &Path) -> Option<(u32, PathBuf)> {
    let entries = fs::read_dir(out).ok()?;
    let numbered = entries.flatten().filter_map(|entry| {
        let found = entry.file_name();
        let number = found.to_string_lossy().strip_prefix('v')?.parse().ok()?;
        let ours = number <= LAST && *found == *name(number) && entry.path().is_dir();
        ours.then(|| (number, entry.path()))
    });
    numbered.max()
}

fn manifest(folder: &Path) -> Option<Manifest> {
    let text = read_regular(&folder.join(MANIFEST), LONGEST).ok()?;
    let manifest: Manifest = serde_json::from_slice(&text).ok()?;
    (manifest.manifest == MANIFEST_VERSION).then_some(manifest)
}

/// How a regular file looks.
fn looks(path: &Path) -> Option<Looks> {
    let meta = fs::symlink_metadata(path).ok().filter(fs::Metadata::is_file)?;
    Some(Looks::from(&meta))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Place {
        folder: tempfile::TempDir,
        store: BlobStore,
    }

    impl Place {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let store = BlobStore::open(folder.path().join("cache"));
            Self { folder, store }
        }

        fn out(&self) -> PathBuf {
            self.folder.path().join("out/film")
        }

        fn files(&self, film: &str) -> Vec<OutputFile> {
            let blob = self.store.write(film.as_bytes()).unwrap();
            vec![
                OutputFile::blob("film.mp4", blob),
                OutputFile::text("stems/a.txt", "stem"),
                OutputFile::note("recipe.json", "{}"),
            ]
        }
    }

    #[test]
    fn a_new_number_comes_only_with_another_result() {
        let place = Place::new();
        let first = publish(&place.out(), &place.files("one"), &place.store).unwrap();
        assert_eq!((first.version, first.changed), (1, true));
        let again = publish(&place.out(), &place.files("one"), &place.store).unwrap();
        assert_eq!((again.version, again.changed), (1, false));
        assert!(matches!(status(&place.out(), &place.files("one")), Status::Current(_)));
        let second = publish(&place.out(), &place.files("two"), &place.store).unwrap();
        assert_eq!((second.version, second.changed), (2, true));
        assert_eq!(fs::read_to_string(place.out().join("latest/film.mp4")).unwrap(), "two");
        assert_eq!(fs::read_to_string(place.out().join("v001/film.mp4")).unwrap(), "one");
    }

    #[test]
    fn a_note_alone_makes_no_version() {
        let place = Place::new();
        publish(&place.out(), &place.files("one"), &place.store).unwrap();
        let mut files = place.files("one");
        files[2] = OutputFile::note("recipe.json", "{\"comment\": 1}");
        files.push(OutputFile::text("stills/a.txt", "more"));
        let published = publish(&place.out(), &files, &place.store).unwrap();
        assert_eq!((published.version, published.changed), (1, false));
        assert_eq!(published.repaired, ["recipe.json", "stills/a.txt"]);
        assert_eq!(fs::read_to_string(place.out().join("v001/stills/a.txt")).unwrap(), "more");
    }

    #[test]
    fn what_was_lost_or_altered_is_put_back() {
        let place = Place::new();
        let files = place.files("one");
        publish(&place.out(), &files, &place.store).unwrap();
        let film = place.out().join("v001/film.mp4");
        for harm in 0..4 {
            match harm {
                0 => fs::remove_file(&film).unwrap(),
                1 => fs::write(&film, "o").unwrap(),
                2 => fs::write(&film, "eno").unwrap(),
                _ => fs::remove_file(place.out().join("latest")).unwrap(),
            }
            assert!(matches!(status(&place.out(), &files), Status::Incomplete(..)), "harm {harm}");
            let published = publish(&place.out(), &files, &place.store).unwrap();
            assert_eq!((published.version, published.changed), (1, false));
            assert_eq!(fs::read_to_string(place.out().join("latest/film.mp4")).unwrap(), "one");
        }
    }

    #[test]
    fn a_file_of_the_same_looks_but_for_its_last_change_is_read() {
        let place = Place::new();
        let files = place.files("one");
        publish(&place.out(), &files, &place.store).unwrap();
        let film = place.out().join("v001/film.mp4");
        let time = fs::metadata(&film).unwrap().modified().unwrap();
        let write = |text: &str| {
            fs::write(&film, text).unwrap();
            fs::File::options().write(true).open(&film).unwrap().set_modified(time).unwrap();
        };
        write("eno");
        assert!(matches!(status(&place.out(), &files), Status::Incomplete(..)));
        write("one");
        assert!(matches!(status(&place.out(), &files), Status::Current(_)), "its content decides");
    }

    #[test]
    fn an_interrupted_publishing_leaves_nothing() {
        let place = Place::new();
        let out = place.out();
        publish(&out, &place.files("one"), &place.store).unwrap();
        fs::create_dir_all(out.join(".v002.partial/stems")).unwrap();
        fs::write(out.join(".v002.partial/film.mp4"), "tw").unwrap();
        fs::write(out.join("v001/stems/.a.txt.partial"), "st").unwrap();
        std::os::unix::fs::symlink("v002", out.join(".latest.partial")).unwrap();
        let published = publish(&out, &place.files("two"), &place.store).unwrap();
        assert_eq!(published.version, 2);
        assert!(!out.join("v001/stems/.a.txt.partial").exists());
        let names: Vec<String> = fs::read_dir(&out)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        assert!(!names.iter().any(|name| is_partial(name)), "{names:?}");
    }

    #[test]
    fn a_folder_that_is_no_version_is_left_alone() {
        let place = Place::new();
        let out = place.out();
        for own in ["v4294967295", "v99999999999", "v1", "v0003", "v+04"] {
            fs::create_dir_all(out.join(own)).unwrap();
        }
        assert_eq!(publish(&out, &place.files("one"), &place.store).unwrap().version, 1);
        assert_eq!(publish(&out, &place.files("two"), &place.store).unwrap().version, 2);
        assert!(out.join("v4294967295").is_dir());
    }

    #[test]
    fn versions_go_on_past_any_number_of_digits_and_past_what_lies_there() {
        let place = Place::new();
        let out = place.out();
        fs::create_dir_all(out.join("v999999")).unwrap();
        assert_eq!(publish(&out, &place.files("one"), &place.store).unwrap().version, 1_000_000);
        fs::write(out.join("v1000001"), "a note").unwrap();
        assert_eq!(publish(&out, &place.files("two"), &place.store).unwrap().version, 1_000_002);
        fs::create_dir_all(out.join(name(LAST))).unwrap();
        let error = publish(&out, &place.files("three"), &place.store).unwrap_err();
        assert!(matches!(&error, PublishError::NoNumber(path) if path.ends_with(name(LAST))), "{error}");
    }

    #[test]
    fn nothing_is_written_through_a_link() {
        let place = Place::new();
        let (out, files) = (place.out(), place.files("one"));
        let (theirs, stems) = (place.folder.path().join("theirs"), out.join("v001/stems"));
        publish(&out, &files, &place.store).unwrap();
        // Even where the file behind the link is the very one.
        for text in ["stem", "theirs"] {
            fs::remove_dir_all(&stems).unwrap();
            fs::create_dir_all(&theirs).unwrap();
            fs::write(theirs.join("a.txt"), text).unwrap();
            std::os::unix::fs::symlink(&theirs, &stems).unwrap();
            assert_eq!(publish(&out, &files, &place.store).unwrap().repaired, ["stems/a.txt"]);
            assert_eq!(fs::read_to_string(theirs.join("a.txt")).unwrap(), text);
            assert_eq!(fs::read_to_string(stems.join("a.txt")).unwrap(), "stem");
            assert!(is_folder(&stems));
        }
        let lock = out.join(".lock");
        fs::remove_file(&lock).unwrap();
        std::os::unix::fs::symlink(theirs.join("a.txt"), &lock).unwrap();
        let error = publish(&out, &files, &place.store).unwrap_err();
        assert!(matches!(&error, PublishError::NoFile(path) if *path == lock), "{error}");
        assert_eq!(fs::read_to_string(theirs.join("a.txt")).unwrap(), "theirs");
    }

    #[test]
    fn a_version_that_fails_leaves_nothing() {
        let place = Place::new();
        let mut files = place.files("one");
        let lost = Blob { digest: Digest::of(b"lost"), bytes: 4 };
        files.push(OutputFile::blob("lost.bin", lost));
        assert!(matches!(publish(&place.out(), &files, &place.store), Err(PublishError::Cache { .. })));
        let left: Vec<_> = fs::read_dir(place.out()).unwrap().map(|one| one.unwrap().file_name()).collect();
        assert_eq!(left, [".lock"]);
    }

    #[test]
    fn no_output_leaves_its_folder() {
        let place = Place::new();
        let files = [OutputFile::text("../film.mp4", "x")];
        assert!(matches!(publish(&place.out(), &files, &place.store), Err(PublishError::BadPath(_))));
    }
}
