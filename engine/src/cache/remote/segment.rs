//! Segments: lines of the action log as objects. They are untrusted: bounded in size, checked against
//! their names and line by line, and refused where a value could not have been written by a sound front.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::super::blobs::{BlobStore, make_folder};
use super::super::error::CacheError;
use super::super::log::{Header, seal, unseal};
use super::super::records::{Entry, Formula, Record};
use crate::clock::Moment;
use crate::units::Digest;

/// What a segment's first line says.
const HOLDS: &str = "records";

/// The version written; older ones are read.
pub(super) const VERSION: u32 = 1;

/// A segment longer than this is not read.
pub(super) const MOST_BYTES: u64 = 16 << 20;

/// How far another machine's clock may be ahead, in microseconds: a day.
const AHEAD: u64 = 24 * 3600 * 1_000_000;

/// Outputs that a record may have.
const MOST_OUTPUTS: usize = 64;

/// Bytes that a text of a record may have.
const MOST_TEXT: usize = 16 << 10;

/// Bytes that an artifact may have: 16 TiB.
const MOST_BLOB: u64 = 1 << 44;

/// Milliseconds that a node may take, or be thought to take: a year.
const MOST_MILLIS: u64 = 366 * 24 * 3600 * 1000;

/// Bytes of memory that a node may take, or be thought to take: 16 TiB.
const MOST_MEMORY: u64 = 1 << 44;

/// Threads that a node may be given.
const MOST_THREADS: u32 = 1 << 16;

/// A segment with these entries: its name's digest and its content.
pub(super) fn write(entries: &[Entry]) -> (Digest, Vec<u8>) {
    let header = Header { storyreel: HOLDS.to_owned(), version: VERSION };
    let mut text = serde_json::to_vec(&header).unwrap_or_default();
    text.push(b'\n');
    entries.iter().for_each(|entry| text.extend(seal(entry)));
    (Digest::of(&text), text)
}

/// What a segment gave.
#[derive(Debug, Default)]
pub(super) struct Read {
    pub entries: Vec<Entry>,
    /// What was odd, in words that follow the segment's name.
    pub odd: Option<String>,
}

/// Reads a segment whose content has been compared with its name.
pub(super) fn read(text: &[u8], now: Moment) -> Read {
    let mut lines = text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let header = serde_json::from_slice::<Header>(lines.next().unwrap_or_default());
    let odd = match header {
        Ok(header) if header.storyreel == HOLDS && header.version <= VERSION => None,
        Ok(header) => Some(format!(
            "holds {} version {}, which this storyreel does not read",
            header.storyreel.chars().take(40).collect::<String>(),
            header.version
        )),
        Err(_) => Some("does not begin like a segment of records; it was left out".to_owned()),
    };
    if odd.is_some() {
        return Read { entries: Vec::new(), odd };
    }
    let mut read = Read::default();
    let mut damaged = 0;
    for line in lines {
        match unseal::<Entry>(line).filter(|entry| is_sound(entry, now)) {
            Some(entry) => read.entries.push(entry),
            None => damaged += 1,
        }
    }
    if damaged > 0 {
        read.odd = Some(format!("has {damaged} damaged line(s), which were left out"));
    }
    read
}

/// Whether a sound front could have written it.
fn is_sound(entry: &Entry, now: Moment) -> bool {
    let when = |moment: &Moment| moment.0 <= now.0.saturating_add(AHEAD);
    match entry {
        Entry::Forget { when: moment, .. } => when(moment),
        Entry::Made(record) => when(&record.when) && is_bounded(record),
    }
}

fn is_bounded(record: &Record) -> bool {
    let texts = [&record.kind, &record.label, &record.class, &record.libraries, &record.by];
    let pairs = record.data.iter().flat_map(|(port, text)| [port, text]);
    record.outputs.len() <= MOST_OUTPUTS
        && record.data.len() <= MOST_OUTPUTS
        && texts.into_iter().chain(pairs).chain(record.outputs.keys()).all(|text| text.len() <= MOST_TEXT)
        && record.outputs.values().all(|blob| blob.bytes <= MOST_BLOB)
        && (record.millis <= MOST_MILLIS && record.peak_memory <= MOST_MEMORY)
        && record.formula.as_ref().is_none_or(is_plausible)
}

/// Estimates are corrected by it: one beyond all measure would make every preflight refuse.
fn is_plausible(formula: &Formula) -> bool {
    let Formula { millis, memory, bytes, threads } = *formula;
    millis <= MOST_MILLIS && memory <= MOST_MEMORY && bytes <= MOST_BLOB && threads <= MOST_THREADS
}

/// The segments of one remote that were brought here before, so that each is brought once.
#[derive(Debug)]
pub(super) struct Mirror {
    folder: PathBuf,
}

impl Mirror {
    /// Those of the remote at `place`, in the cache folder `root`. Writes nothing yet.
    pub fn of(root: &Path, place: &str) -> Self {
        let mut name = Digest::of(place.as_bytes()).to_string();
        name.truncate(16);
        Self { folder: root.join("remote").join(name) }
    }

    /// A segment's content, if it is here and undamaged.
    pub fn find(&self, name: &Digest) -> Option<Vec<u8>> {
        let path = self.folder.join(name.to_string());
        let held = fs::metadata(&path).is_ok_and(|meta| meta.is_file() && meta.len() <= MOST_BYTES);
        let text = if held { fs::read(path).ok()? } else { return None };
        (Digest::of(&text) == *name).then_some(text)
    }

    /// Keeps a segment. It is compared with its name when read, so a cut-off one does no harm.
    pub fn keep(&self, store: &BlobStore, name: &Digest, text: &[u8]) -> Result<(), CacheError> {
        let scratch = store.scratch(".segment")?;
        let wrap = |error: std::io::Error| CacheError::io(scratch.path(), &error);
        make_folder(&self.folder).map_err(wrap)?;
        fs::File::create(scratch.path()).and_then(|mut file| file.write_all(text)).map_err(wrap)?;
        fs::rename(scratch.path(), self.folder.join(name.to_string())).map_err(wrap)
    }
}
