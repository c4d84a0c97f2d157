//! The cache reader: logs of records, of steps and of files, artifacts, and what was published, as they lie in a
//! folder. Whatever lies there, nothing panics, and
//!
//! - what is read does not depend on the order of the files or of their lines;
//! - a damaged line costs that line only;
//! - the first record of an action counts, and can be forgotten and made anew;
//! - an artifact that is given out is what its name says.
//!
//! An input is an archive of files; names say where they lie: `log/h-1-1.log`, `why/..`, `files/..`, `blobs/..`,
//! `out/..`. A line `!JSON` of a log is sealed here, since no mutation would meet its checksum. Another reader
//! of logs is added to [`READERS`].

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;
use storyreel_engine::cache::{self, BlobStore, Cache, FileMemo, Put, Record, Writer, digest_of_file};
use storyreel_engine::looks::Looks;
use storyreel_engine::publish::{OutputFile, status};
use storyreel_engine::run::protocol::Blob;
use storyreel_engine::units::Digest;
use storyreel_engine::world::DigestMemo;

use crate::archive::{Part, parts};

/// Something that reads the logs of a folder.
struct Reader {
    /// The folder that its logs lie in.
    folder: &'static str,
    /// All that it read, as a text that is the same whatever the order of reading.
    read: fn(&Path, &[File]) -> String,
}

/// Everything that reads logs.
const READERS: &[Reader] = &[
    Reader { folder: "log", read: records },
    Reader { folder: "why", read: steps },
    Reader { folder: "files", read: files },
];

/// Records, artifacts and logs that are looked at one by one.
const MOST: usize = 4;

/// A file of the cache folder.
#[derive(Clone, Debug, PartialEq, Eq)]
struct File {
    name: String,
    content: Vec<u8>,
}

/// Lays `bytes` out as a cache folder and reads it in every way.
///
/// # Panics
/// Where an invariant fails.
pub fn run(bytes: &[u8]) {
    let laid = laid_out(bytes);
    for reader in READERS {
        let logs: Vec<File> = laid.iter().filter(|file| is_log_of(file, reader.folder)).cloned().collect();
        if logs.is_empty() {
            continue;
        }
        let read = read_as(reader, &logs);
        assert_eq!(read, read_as(reader, &otherwise(&logs)), "the order of reading changes what is read");
        damage_costs_its_line(reader, &logs, bytes);
    }
    with_folder(&laid, |root| {
        first_counts(root, &laid);
        artifacts_are_what_they_say(root);
        published(root);
    });
}

/// The files of an input. One that is named again goes on.
fn laid_out(bytes: &[u8]) -> Vec<File> {
    let mut laid: Vec<File> = Vec::new();
    for file in parts(bytes).iter().filter(|part| known(part.name)).map(file) {
        match laid.iter_mut().find(|other| other.name == file.name) {
            Some(other) => other.content.extend(file.content),
            None => laid.push(file),
        }
    }
    laid
}

fn known(name: &str) -> bool {
    ["log/", "why/", "files/", "blobs/", "out/", "pins/", "tmp/"]
        .iter()
        .any(|folder| name.starts_with(folder))
}

fn is_log_of(file: &File, folder: &str) -> bool {
    let name = file.name.strip_prefix(folder).and_then(|name| name.strip_prefix('/'));
    let is_writers = |name: &str| name.strip_suffix(".log").unwrap_or(name).parse::<Writer>().is_ok();
    name.is_some_and(|name| !name.contains('/') && is_writers(name))
}

fn file(part: &Part) -> File {
    let is_log = READERS.iter().any(|reader| part.name.starts_with(&format!("{}/", reader.folder)));
    let content = if is_log {
        part.content.split_inclusive(|byte| *byte == b'\n').flat_map(sealed).collect()
    } else {
        part.content.to_vec()
    };
    File { name: part.name.to_owned(), content }
}

/// A line `!JSON` with its checksum, as the log's writer makes it; any other as it is.
fn sealed(line: &[u8]) -> Vec<u8> {
    let Some(json) = line.strip_prefix(b"!").and_then(|line| line.strip_suffix(b"\n")) else {
        return line.to_vec();
    };
    [b"[\"", checksum(json).as_bytes(), b"\",", json, b"]\n"].concat()
}

/// The JSON of a line whose checksum is right.
fn unsealed(line: &[u8]) -> Option<&[u8]> {
    let (sum, rest) = line.strip_prefix(b"[\"")?.split_at_checked(16)?;
    let json = rest.strip_prefix(b"\",")?.strip_suffix(b"]")?;
    (checksum(json).as_bytes() == sum).then_some(json)
}

fn checksum(json: &[u8]) -> String {
    Digest::of(json).to_string().chars().take(16).collect()
}

/// Calls `body` with a folder in which `files` lie. Those that cannot lie there (a file where another has a
/// folder) are left out.
fn with_folder<T>(files: &[File], body: impl FnOnce(&Path) -> T) -> T {
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    let folder = folder.unwrap_or_else(|error| panic!("a temporary folder can be made: {error}"));
    for file in files {
        let path = folder.path().join(&file.name);
        let made = path.parent().map_or(Ok(()), fs::create_dir_all);
        let _ = made.and_then(|()| fs::write(&path, &file.content));
    }
    body(folder.path())
}

fn read_as(reader: &Reader, logs: &[File]) -> String {
    with_folder(logs, |root| (reader.read)(root, logs))
}

/// The same entries in other files, in another order: the files' names change places, and so do their lines
/// but the first.
fn otherwise(logs: &[File]) -> Vec<File> {
    let contents = logs.iter().map(|file| turned(&file.content)).rev();
    logs.iter().zip(contents).map(|(file, content)| File { name: file.name.clone(), content }).collect()
}

fn turned(content: &[u8]) -> Vec<u8> {
    let whole = content.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
    let mut lines: Vec<&[u8]> = content[..whole].split_inclusive(|byte| *byte == b'\n').collect();
    let first = lines.iter().position(|line| *line != b"\n").map_or(lines.len(), |at| at + 1);
    lines[first..].reverse();
    [lines.concat(), content[whole..].to_vec()].concat()
}

/// One bit flipped in a sealed line is as if that line were not there. Which bit, `bytes` decide.
fn damage_costs_its_line(reader: &Reader, logs: &[File], bytes: &[u8]) {
    let chance = Digest::of(bytes).low_u64() as usize;
    let at = chance % logs.len();
    let lines: Vec<&[u8]> = logs[at].content.split(|byte| *byte == b'\n').collect();
    // The first line that is not empty is the header, and the last one has no end.
    let first = lines.iter().position(|line| !line.is_empty()).unwrap_or(lines.len());
    let sound: Vec<usize> = (first + 1..lines.len().saturating_sub(1).max(first + 1))
        .filter(|line| unsealed(lines[*line]).is_some())
        .collect();
    let Some(line) = sound.get((chance >> 8) % sound.len().max(1)).copied() else { return };
    let mut damaged = lines[line].to_vec();
    let byte = (chance >> 16) % damaged.len();
    damaged[byte] ^= 1 << ((chance >> 48) % 7);
    if damaged[byte] == b'\n' {
        return;
    }
    let with = |new: Option<&[u8]>| {
        let mut all = lines.clone();
        match new {
            Some(new) => all[line] = new,
            None => drop(all.remove(line)),
        }
        let mut logs = logs.to_vec();
        logs[at].content = all.join(&b'\n');
        read_as(reader, &logs)
    };
    assert_eq!(with(Some(&damaged)), with(None), "a damaged line costs more than itself, or nothing");
}

fn opened(root: &Path) -> Cache {
    Cache::open(root).unwrap_or_else(|error| panic!("a cache of plain files opens: {error}"))
}

fn records(root: &Path, _: &[File]) -> String {
    let cache = opened(root);
    let records = cache.records();
    let mut text = String::new();
    for record in records.iter() {
        let _ = writeln!(text, "{record:?}\nof its step: {:?}", records.of_step(&record.step));
    }
    let differing: Vec<_> = records.differing().iter().map(|(kept, _)| kept.action).collect();
    let artifacts: Vec<_> =
        records.by_artifact().into_iter().map(|(artifact, record)| (artifact, record.action)).collect();
    assert_eq!(records.len(), records.iter().count(), "records are counted as they are listed");
    let _ = write!(text, "{differing:?}\n{artifacts:?}");
    text
}

fn steps(root: &Path, _: &[File]) -> String {
    let steps = opened(root).steps().unwrap_or_else(|error| panic!("steps of plain files are read: {error}"));
    steps.iter().fold(String::new(), |mut text, step| {
        let _ = writeln!(text, "{step:?}");
        text
    })
}

/// What the memory of files answers for every question that its lines could answer.
fn files(root: &Path, logs: &[File]) -> String {
    let memo = FileMemo::open(root).unwrap_or_else(|error| panic!("files' digests are read: {error}"));
    let lines = logs.iter().flat_map(|log| log.content.split(|byte| *byte == b'\n')).filter_map(unsealed);
    let mut told = BTreeSet::new();
    for note in lines.filter_map(|json| serde_json::from_slice::<Value>(json).ok()) {
        let digest = |name: &str| note.pointer(name)?.as_str()?.parse::<Digest>().ok();
        if let (Some(digest), Some(by)) = (digest("/facts/digest"), digest("/facts/by")) {
            told.insert(format!("{digest} by {by}: {:?}", memo.facts(digest, by)));
        }
        let looks = note.pointer("/file/looks").and_then(|looks| Looks::deserialize(looks).ok());
        if let (Some(path), Some(looks)) = (note.pointer("/file/path").and_then(Value::as_str), looks) {
            told.insert(format!("{path} {looks:?}: {:?}", memo.get(Path::new(path), &looks)));
        }
    }
    told.into_iter().collect::<Vec<_>>().join("\n")
}

/// The last moments of the year 9999, as a log would write them.
const END_OF_TIME: &[u8] = b"2534023007";

/// The first record of an action counts, until it is forgotten.
fn first_counts(root: &Path, laid: &[File]) {
    let mut cache = opened(root);
    // After the last moment nothing can be made anew; only that it is read without harm counts.
    if laid.iter().any(|file| file.content.windows(END_OF_TIME.len()).any(|part| part == END_OF_TIME)) {
        return;
    }
    let some: Vec<Record> = cache.records().iter().take(MOST).cloned().collect();
    for record in some {
        let other = Record { outputs: other(&record), ..record.clone() };
        let put = cache.put(other.clone()).map_err(|error| error.to_string());
        assert_eq!(put, Ok(Put::Discarded(Box::new(record.clone()))), "a second record replaces the first");
        assert_eq!(cache.put(record.clone()).ok(), Some(Put::Same), "the same again is no other");
        assert_eq!(cache.records().find(&record.action), Some(&record), "the first counts");

        assert!(cache.forget(record.action).is_ok());
        assert_eq!(cache.records().find(&record.action), None, "what is forgotten does not count");
        assert_eq!(cache.put(other.clone()).ok(), Some(Put::Kept), "what is forgotten can be made anew");
        let again = opened(root);
        let found = again.records().find(&record.action).map(|found| &found.outputs);
        assert_eq!(found, Some(&other.outputs), "what was made anew is found by the next process");
    }
    let steps = cache.steps().map(|steps| steps.iter().take(MOST).cloned().collect::<Vec<_>>());
    for mut step in steps.unwrap_or_default() {
        step.label.part.push('x');
        assert!(cache.explain(step.clone()).is_ok());
        let told = cache.steps().ok().and_then(|steps| steps.find(&step.step).map(|told| told.label.clone()));
        assert_eq!(told, Some(step.label), "the last telling of a step counts");
    }
}

fn other(record: &Record) -> std::collections::BTreeMap<String, Blob> {
    let mut outputs = record.outputs.clone();
    let blob = Blob { digest: Digest::of(b"other"), bytes: 5 };
    let old = outputs.insert("other".into(), blob);
    if old == Some(blob) {
        outputs.remove("other");
    }
    outputs
}

/// Artifacts that records name, and whatever else lies among the artifacts.
fn artifacts_are_what_they_say(root: &Path) {
    let mut cache = opened(root);
    let store = BlobStore::open(root);
    let named = cache.records().iter().flat_map(|record| record.outputs.values());
    for blob in named.take(MOST) {
        if let Ok(path) = store.open_verified(blob) {
            assert_eq!(
                digest_of_file(&path).ok(),
                Some(blob.digest),
                "an artifact is not what its name says"
            );
        }
    }
    let _ = cache::size(&cache);
    let _ = cache::verify(&cache, &mut |_, _| {});
    let _ = cache::gc(&mut cache, 0);
}

/// What was published is looked at as a render would: whether it is this result.
fn published(root: &Path) {
    let out: PathBuf = root.join("out");
    let film = Blob { digest: Digest::of(b"film"), bytes: 4 };
    let files = [OutputFile::blob("film.mp4", film), OutputFile::text("stems/mix.wav", "mix")];
    status(&out, &files);
}
