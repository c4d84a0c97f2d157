//! Append-only logs, one file a writer, read together.
//!
//! A file's first line says what it holds and in which version. Every further line is a JSON array of a
//! checksum and an entry. A line without its end (its writer died, or is just writing) is not taken; a
//! line that fails its checksum is skipped and counted; a file of a newer version is ignored and named.
//!
//! A file is written by its name, not by what the name once meant: where it was deleted or replaced meanwhile,
//! the next append sees so and writes all that this process had written into a new one.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::marker::PhantomData;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::blobs::{BlobStore, by_writer, sync_folder};
use super::error::CacheError;
use super::root::Root;
use super::writer::{Alive, Writer};
use crate::regular::{is_folder, open_own, open_regular, read_regular};
use crate::units::Digest;

/// Logs of the dead are merged into one file when there are more than this many.
const MANY: usize = 24;

/// A log of more bytes is not merged into another.
const LONG: u64 = 1 << 30;

/// The first line of a log file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Header {
    pub storyreel: String,
    pub version: u32,
}

/// All the log files in one folder, and this process's own to append to.
#[derive(Debug)]
pub(super) struct Log<T> {
    root: Root,
    folder: PathBuf,
    header: Header,
    own: Option<Own>,
    /// How far each file has been read; `None` for one that is not read at all.
    read: BTreeMap<PathBuf, Option<u64>>,
    warnings: Vec<String>,
    entry: PhantomData<T>,
}

#[derive(Debug)]
struct Own {
    path: PathBuf,
    file: File,
    torn: bool,
    /// Whether its name in the folder is safe, too.
    named: bool,
}

impl<T: Serialize + DeserializeOwned> Log<T> {
    /// The logs in the cache's folder of that name, which hold `what` in `version`. Reads and writes nothing yet.
    pub fn new(root: &Root, name: &str, what: &str, version: u32) -> Self {
        let header = Header { storyreel: what.to_owned(), version };
        Self {
            root: root.clone(),
            folder: root.path().join(name),
            header,
            own: None,
            read: BTreeMap::new(),
            warnings: Vec::new(),
            entry: PhantomData,
        }
    }

    /// The same logs, of which nothing has been read.
    pub fn afresh(&self) -> Self {
        let (header, read, warnings) = (self.header.clone(), BTreeMap::new(), Vec::new());
        Self {
            root: self.root.clone(),
            folder: self.folder.clone(),
            header,
            own: None,
            read,
            warnings,
            entry: PhantomData,
        }
    }

    /// Gives every entry that has come since the last call.
    pub fn refresh(&mut self, mut take: impl FnMut(T)) -> Result<(), CacheError> {
        // A file may be merged into another and removed between listing and opening: then list again.
        for _ in 0..8 {
            let files = by_writer(&self.folder).map_err(|error| self.gone_or(error))?;
            let mut vanished = false;
            for (path, _) in files {
                match self.read_file(&path, &mut take) {
                    Err(error) if error.kind() == io::ErrorKind::NotFound => vanished = true,
                    Err(error) => return Err(self.root.fault(&path, &error)),
                    Ok(()) => {}
                }
            }
            if !vanished {
                break;
            }
        }
        Ok(())
    }

    /// An error of a folder that is gone is no error of its files.
    fn gone_or(&self, error: CacheError) -> CacheError {
        if self.root.is_gone() { CacheError::Gone(self.root.path().to_owned()) } else { error }
    }

    /// What was odd about the files read, since last asked.
    pub fn warnings(&mut self) -> Vec<String> {
        std::mem::take(&mut self.warnings)
    }

    fn read_file(&mut self, path: &Path, take: &mut impl FnMut(T)) -> io::Result<()> {
        let Some(mut from) = self.read.get(path).copied().unwrap_or(Some(0)) else { return Ok(()) };
        let Some(mut file) = self.open(path)? else { return Ok(()) };
        let bytes = file.metadata()?.len();
        if bytes < from {
            from = 0;
        }
        if bytes == from {
            return Ok(());
        }
        file.seek(SeekFrom::Start(from))?;
        let mut text = Vec::with_capacity((bytes - from) as usize);
        file.read_to_end(&mut text)?;
        let whole = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
        let mut lines = text[..whole].split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        if from == 0 && whole > 0 && !self.accepts(path, lines.next().unwrap_or_default()) {
            self.read.insert(path.to_owned(), None);
            return Ok(());
        }
        let mut damaged = 0;
        for line in lines {
            match unseal(line) {
                Some(entry) => take(entry),
                None => damaged += 1,
            }
        }
        if damaged > 0 {
            let name = path.display();
            self.warnings.push(format!(
                "`{name}`: {damaged} damaged line(s) were left out; their work will be redone"
            ));
        }
        self.read.insert(path.to_owned(), Some(from + whole as u64));
        Ok(())
    }

    /// Opens a log. `None` for what is none and will not become one: a folder, a pipe or a link that leads round in
    /// its place, or a file that may not be read. One of these must not stop every render, so it is left out.
    fn open(&mut self, path: &Path) -> io::Result<Option<File>> {
        let error = match open_regular(path) {
            Ok(file) => return Ok(Some(file)),
            Err(error) if self.is_passing(path, &error) => return Err(error),
            Err(error) => error,
        };
        let name = path.display();
        self.warnings.push(if error.kind() == io::ErrorKind::PermissionDenied {
            format!("`{name}` may not be read; it was left out")
        } else {
            format!("`{name}` is not a file, and no log; it was left out")
        });
        self.read.insert(path.to_owned(), None);
        Ok(None)
    }

    /// Whether an error at opening a file is not the file's own: it is gone, its folder is gone or closed to us, or the
    /// system or the network could not do it just now.
    fn is_passing(&self, path: &Path, error: &io::Error) -> bool {
        use rustix::io::Errno;
        let short = [Errno::MFILE, Errno::NFILE, Errno::NOMEM, Errno::IO, Errno::STALE, Errno::TIMEDOUT];
        error.kind() == io::ErrorKind::NotFound
            || self.root.is_gone()
            || fs::symlink_metadata(path).is_err()
            || Errno::from_io_error(error).is_some_and(|errno| short.contains(&errno))
    }

    fn accepts(&mut self, path: &Path, line: &[u8]) -> bool {
        let name = path.display();
        match serde_json::from_slice::<Header>(line) {
            Ok(header)
                if header.storyreel == self.header.storyreel && header.version <= self.header.version =>
            {
                true
            }
            Ok(header) => {
                let (what, version) = (header.storyreel, header.version);
                self.warnings.push(format!(
                    "`{name}` holds {what} version {version}, which this storyreel does not read"
                ));
                false
            }
            Err(_) => {
                self.warnings.push(format!("`{name}` does not begin like a log; it was left out"));
                false
            }
        }
    }

    /// Appends an entry to this process's own file, in one write.
    pub fn append(&mut self, entry: &T) -> Result<(), CacheError> {
        self.hold()?;
        let Some(own) = self.own.as_mut() else { return Ok(()) };
        let mut line = if own.torn { vec![b'\n'] } else { Vec::new() };
        line.extend(seal(entry));
        own.torn = true;
        own.file.write_all(&line).map_err(|error| self.root.fault(&own.path, &error))?;
        own.torn = false;
        self.pass_over(line.len() as u64);
        Ok(())
    }

    /// Whoever appends knows what was appended: reading goes on behind it, where it had come to its beginning.
    fn pass_over(&mut self, bytes: u64) {
        let Some(own) = &self.own else { return };
        let Ok(meta) = own.file.metadata() else { return };
        let begin = meta.len().saturating_sub(bytes);
        let read = self.read.get(&own.path).copied().unwrap_or(Some(0));
        if read == Some(begin) || (read == Some(0) && begin == self.first_line().len() as u64) {
            self.read.insert(own.path.clone(), Some(meta.len()));
        }
    }

    /// Sees to it that this process's own file is there under its name, with all that was written to it.
    fn hold(&mut self) -> Result<(), CacheError> {
        let lost = match self.own.as_mut() {
            Some(own) if own.stands() => return Ok(()),
            Some(own) => Some(own),
            None => None,
        };
        if self.root.is_gone() {
            return Err(CacheError::Gone(self.root.path().to_owned()));
        }
        let written = lost.map(|own| own.read_back().map_err(|error| self.root.fault(&own.path, &error)));
        let mut own = self.create()?;
        if let Some(text) = written.transpose()? {
            let entries = text.iter().position(|byte| *byte == b'\n').map_or(0, |end| end + 1);
            own.torn = true;
            own.file.write_all(&text[entries..]).map_err(|error| self.root.fault(&own.path, &error))?;
            own.torn = !text.ends_with(b"\n");
            let name = own.path.display();
            self.warnings.push(format!(
                "`{name}` was deleted or replaced while it was written to; it was written again"
            ));
        }
        self.own = Some(own);
        Ok(())
    }

    fn create(&self) -> Result<Own, CacheError> {
        self.root.folder(&self.folder)?;
        let path = self.folder.join(format!("{}.log", Writer::this()));
        let wrap = |error: io::Error| self.root.fault(&path, &error);
        let mut file =
            open_own(&path, OpenOptions::new().read(true).append(true).create(true)).map_err(wrap)?;
        if file.metadata().map_err(wrap)?.len() == 0 {
            file.write_all(&self.first_line()).map_err(wrap)?;
        }
        Ok(Own { path, file, torn: false, named: false })
    }

    fn first_line(&self) -> Vec<u8> {
        let mut line = serde_json::to_vec(&self.header).unwrap_or_default();
        line.push(b'\n');
        line
    }

    /// Makes what was appended safe from a loss of power.
    pub fn sync(&mut self) -> Result<(), CacheError> {
        if self.own.is_some() {
            self.hold()?;
        }
        let Some(own) = self.own.as_mut() else { return Ok(()) };
        let synced =
            own.file.sync_data().and_then(|()| if own.named { Ok(()) } else { sync_folder(&self.folder) });
        synced.map_err(|error| self.root.fault(&own.path, &error))?;
        own.named = true;
        Ok(())
    }

    /// Merges the files of writers that are gone into one, where they are many; how many. The new file
    /// stands before the old ones go, so that a reader at any moment finds every entry in one of them. Where a link is
    /// in the folder's place, they are another's, and stay.
    pub fn tidy(&mut self, store: &BlobStore) -> Result<usize, CacheError> {
        if !is_folder(&self.folder) {
            return Ok(0);
        }
        let files = by_writer(&self.folder)?;
        let dead: Vec<PathBuf> = files
            .into_iter()
            .filter(|(_, writer)| writer.alive() == Alive::No)
            .map(|(path, _)| path)
            .collect();
        if dead.len() <= MANY {
            return Ok(0);
        }
        let mut lines = self.first_line();
        let mut merged = Vec::new();
        for path in dead {
            let Ok(text) = read_regular(&path, LONG) else { continue };
            let mut own = text.split_inclusive(|byte| *byte == b'\n');
            if !own.next().is_some_and(|line| serde_json::from_slice(line).ok() == Some(self.header.clone()))
            {
                continue; // another version's: not ours to rewrite
            }
            own.filter(|line| unseal::<T>(line.strip_suffix(b"\n").unwrap_or_default()).is_some())
                .for_each(|line| lines.extend(line));
            merged.push(path);
        }
        self.replace(store, &lines, &merged)?;
        Ok(merged.len())
    }

    fn replace(&self, store: &BlobStore, lines: &[u8], old: &[PathBuf]) -> Result<(), CacheError> {
        let scratch = store.scratch(".log")?;
        let written = File::create(scratch.path()).and_then(|mut file| {
            file.write_all(lines)?;
            file.sync_all()
        });
        written.map_err(|error| CacheError::io(scratch.path(), &error))?;
        let name = |number: u32| self.folder.join(format!("merged{number}.{}.log", Writer::this()));
        let Some(target) = (0..).map(name).find(|path| !path.exists()) else { return Ok(()) };
        let renamed = fs::rename(scratch.path(), &target).and_then(|()| sync_folder(&self.folder));
        renamed.map_err(|error| CacheError::io(&target, &error))?;
        for path in old {
            let _ = fs::remove_file(path);
        }
        Ok(())
    }
}

impl Own {
    /// Whether its name still means the file that is written to.
    fn stands(&self) -> bool {
        let (Ok(held), Ok(named)) = (self.file.metadata(), fs::metadata(&self.path)) else { return false };
        (held.dev(), held.ino()) == (named.dev(), named.ino())
    }

    /// All that was written to it: a file without a name can still be read by who holds it.
    fn read_back(&mut self) -> io::Result<Vec<u8>> {
        let mut text = Vec::new();
        self.file.seek(SeekFrom::Start(0))?;
        self.file.read_to_end(&mut text)?;
        Ok(text)
    }
}

/// An entry as a line: `["<16 hexadecimal digits of BLAKE3>",<entry>]`.
pub(super) fn seal<T: Serialize>(entry: &T) -> Vec<u8> {
    let json = serde_json::to_vec(entry).unwrap_or_default();
    let mut line = format!("[\"{}\",", checksum(&json)).into_bytes();
    line.extend(json);
    line.extend(b"]\n");
    line
}

/// The entry of a line; `None` where the line is damaged or of a shape that is not known.
pub(super) fn unseal<T: DeserializeOwned>(line: &[u8]) -> Option<T> {
    let rest = line.strip_prefix(b"[\"")?;
    let (sum, rest) = rest.split_at_checked(16)?;
    let json = rest.strip_prefix(b"\",")?.strip_suffix(b"]")?;
    if checksum(json).as_bytes() == sum { serde_json::from_slice(json).ok() } else { None }
}

fn checksum(json: &[u8]) -> String {
    let mut text = Digest::of(json).to_string();
    text.truncate(16);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Logs that lie in `folder` itself.
    fn numbers(folder: &Path, version: u32) -> Log<u32> {
        Log::new(&Root::new(folder), "", "numbers", version)
    }

    fn read(folder: &Path, version: u32) -> (Vec<u32>, Vec<String>) {
        let mut log = numbers(folder, version);
        let mut found = Vec::new();
        log.refresh(|number| found.push(number)).unwrap();
        (found, log.warnings())
    }

    fn own_file(folder: &Path) -> PathBuf {
        folder.join(format!("{}.log", Writer::this()))
    }

    #[test]
    fn appended_entries_come_once_and_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = numbers(folder.path(), 1);
        let mut reader = numbers(folder.path(), 1);
        let mut found = Vec::new();
        for number in 0..3 {
            writer.append(&number).unwrap();
            reader.refresh(|entry| found.push(entry)).unwrap();
        }
        assert_eq!(found, [0, 1, 2]);
    }

    #[test]
    fn a_file_that_was_deleted_or_replaced_is_noticed_and_written_again() {
        let folder = tempfile::tempdir().unwrap();
        let mut log = Log::<u32>::new(&Root::new(folder.path()), "log", "numbers", 1);
        let logs = folder.path().join("log");
        log.append(&1).unwrap();
        fs::remove_dir_all(&logs).unwrap();
        log.append(&2).unwrap();
        assert_eq!(read(&logs, 1).0, [1, 2]);
        fs::write(logs.join("other"), "").unwrap();
        fs::rename(logs.join("other"), own_file(&logs)).unwrap();
        log.sync().unwrap();
        log.append(&3).unwrap();
        assert_eq!(read(&logs, 1).0, [1, 2, 3]);
        assert_eq!(log.warnings().len(), 2);
    }

    #[test]
    fn a_cache_that_is_gone_is_told_and_what_was_written_meanwhile_is_there_when_it_returns() {
        let folder = tempfile::tempdir().unwrap();
        let (cache, away) = (folder.path().join("cache"), folder.path().join("away"));
        let mut log = Log::<u32>::new(&Root::new(&cache), "log", "numbers", 1);
        log.append(&1).unwrap();
        fs::rename(&cache, &away).unwrap();
        assert!(matches!(log.append(&2), Err(CacheError::Gone(_))));
        assert!(matches!(log.sync(), Err(CacheError::Gone(_))));
        assert!(!cache.exists());
        fs::rename(&away, &cache).unwrap();
        log.append(&3).unwrap();
        assert_eq!(read(&cache.join("log"), 1).0, [1, 3]);
        assert!(log.warnings().is_empty());
    }

    #[test]
    fn a_torn_tail_is_left_out_and_what_follows_a_failed_write_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let mut log = numbers(folder.path(), 1);
        log.append(&7).unwrap();
        log.append(&8).unwrap();
        let file = own_file(folder.path());
        let text = fs::read(&file).unwrap();
        fs::write(&file, &text[..text.len() - 3]).unwrap();
        assert_eq!(read(folder.path(), 1), (vec![7], vec![]));

        log.own.as_mut().unwrap().torn = true;
        log.append(&9).unwrap();
        let (found, warnings) = read(folder.path(), 1);
        assert_eq!(found, [7, 9]);
        assert_eq!(warnings.len(), 1, "the torn line is now one that is damaged");
    }

    #[test]
    fn a_flipped_bit_costs_its_line_only() {
        let folder = tempfile::tempdir().unwrap();
        let mut log = numbers(folder.path(), 1);
        (10..13).for_each(|number| log.append(&number).unwrap());
        let file = own_file(folder.path());
        let text = fs::read_to_string(&file).unwrap().replace(",11]", ",91]");
        fs::write(&file, text).unwrap();
        assert_eq!(read(folder.path(), 1).0, [10, 12]);
    }

    #[test]
    fn a_folder_in_a_logs_place_is_left_out_with_a_warning() {
        let folder = tempfile::tempdir().unwrap();
        numbers(folder.path(), 1).append(&1).unwrap();
        let this = Writer::this().to_string();
        let host = this.rsplitn(3, '-').nth(2).unwrap();
        fs::create_dir(folder.path().join(format!("{host}-4000000-1.log"))).unwrap();
        let (found, warnings) = read(folder.path(), 1);
        assert_eq!(found, [1]);
        assert!(warnings[0].contains("is not a file"), "{warnings:?}");
    }

    #[test]
    fn a_newer_version_is_ignored_with_a_warning_and_an_older_one_is_read() {
        let folder = tempfile::tempdir().unwrap();
        numbers(folder.path(), 2).append(&1).unwrap();
        assert_eq!(read(folder.path(), 3).0, [1]);
        let (found, warnings) = read(folder.path(), 1);
        assert!(found.is_empty());
        assert!(warnings[0].contains("version 2"), "{warnings:?}");
    }

    #[test]
    fn logs_of_the_dead_are_merged_without_losing_an_entry() {
        let folder = tempfile::tempdir().unwrap();
        let store = BlobStore::open(folder.path());
        let logs = folder.path().join("log");
        let mut log = numbers(&logs, 1);
        let this = Writer::this().to_string();
        let host = this.rsplitn(3, '-').nth(2).unwrap().to_owned();
        fs::create_dir_all(&logs).unwrap();
        for number in 0..30_u32 {
            let mut lines = log.first_line();
            lines.extend(seal(&number));
            lines.extend(b"[\"torn");
            fs::write(logs.join(format!("{host}-{}-1.log", 4_000_000 + number)), lines).unwrap();
        }
        assert_eq!(log.tidy(&store).unwrap(), 30);
        assert_eq!(fs::read_dir(&logs).unwrap().count(), 1);
        let (mut found, warnings) = read(&logs, 1);
        found.sort_unstable();
        assert_eq!(found, (0..30).collect::<Vec<_>>());
        assert!(warnings.is_empty());
    }
}
