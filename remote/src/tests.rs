//! Stores through the engine's eyes: a folder, one in memory that fails, and words without secrets.

use std::fs;
use std::io::{self, Read};
use std::sync::Arc;
use std::time::{Duration, Instant};

use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::throttle::{ThrottleConfig, ThrottledStore};
use storyreel_engine::cache::remote::{Remote, RemoteError};

use crate::objects::Objects;
use crate::{OpenError, open};

const PATIENCE: Duration = Duration::from_millis(200);

fn in_memory() -> Objects {
    Objects::new(
        Arc::new(InMemory::new()),
        Path::from("studio/my cache"),
        "memory".into(),
        PATIENCE,
        Vec::new(),
    )
    .unwrap()
}

fn in_folder(folder: &tempfile::TempDir) -> Arc<dyn Remote> {
    open(&format!("file://{}", folder.path().display()), PATIENCE).unwrap()
}

/// Reads to its end, in small pieces, and then fails.
struct Failing(u64);

impl Read for Failing {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.0 == 0 {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "damaged"));
        }
        let read = (buffer.len() as u64).min(self.0).min(1000);
        self.0 -= read;
        Ok(read as usize)
    }
}

/// What every store must do.
fn behaves(remote: &dyn Remote) {
    assert_eq!(remote.list("records").unwrap(), []);
    assert_eq!(remote.size("blobs/ab/abc").unwrap(), None);
    assert!(!remote.get("blobs/ab/abc", 9, &mut Vec::new()).unwrap());
    let large: Vec<u8> = (0..20_000_000_u32).map(|at| (at * 7 % 251) as u8).collect();
    for (name, content) in [("blobs/ab/abc", &b"picture"[..]), ("blobs/cd/cde", &large), ("records/e", b"")] {
        remote.put(name, content.len() as u64, &mut &*content).unwrap();
        assert_eq!(remote.size(name).unwrap(), Some(content.len() as u64));
        let mut found = Vec::new();
        assert!(remote.get(name, content.len() as u64, &mut found).unwrap());
        assert!(found == content, "{name}");
    }
    let names: Vec<_> = remote.list("blobs").unwrap().into_iter().map(|one| (one.name, one.bytes)).collect();
    assert_eq!(names, [("blobs/ab/abc".to_owned(), 7), ("blobs/cd/cde".to_owned(), 20_000_000)]);
    let mut found = Vec::new();
    let long = remote.get("blobs/cd/cde", 1_000_000, &mut found);
    assert!(matches!(long, Err(RemoteError::TooLong)) && found.len() <= 1_000_000);
    // What fails on its way is not seen, whole or in parts.
    for (name, bytes) in [("blobs/x", 100), ("blobs/y", 20_000_000)] {
        let failed = remote.put(name, bytes, &mut Failing(bytes));
        assert!(matches!(failed, Err(RemoteError::Here(_))), "{failed:?}");
        assert_eq!(remote.size(name).unwrap(), None);
    }
    assert_eq!(remote.list("blobs").unwrap().len(), 2);
    // And replaces nothing that was there.
    remote.put("blobs/cd/cde", 20_000_000, &mut Failing(20_000_000)).unwrap_err();
    assert_eq!(remote.size("blobs/cd/cde").unwrap(), Some(20_000_000));
    remote.put("blobs/ab/abc", 5, &mut &b"other"[..]).unwrap();
    assert_eq!(remote.size("blobs/ab/abc").unwrap(), Some(5));
}

#[test]
fn every_store_behaves() {
    behaves(&in_memory());
    let folder = tempfile::tempdir().unwrap();
    behaves(&*in_folder(&folder));
    let left = walk(folder.path());
    assert!(left.iter().all(|name| !name.contains('#')), "nothing unfinished is left: {left:?}");
}

fn walk(folder: &std::path::Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path());
    let name = |path: std::path::PathBuf| {
        if path.is_dir() { walk(&path) } else { vec![path.display().to_string()] }
    };
    entries.flat_map(name).collect()
}

#[test]
fn what_a_killed_writer_left_in_a_folder_is_not_seen() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("records")).unwrap();
    fs::write(folder.path().join("records/abc#1"), b"half").unwrap();
    let remote = in_folder(&folder);
    assert_eq!(remote.list("records").unwrap(), []);
    assert_eq!(remote.size("records/abc").unwrap(), None);
}

#[test]
fn a_silent_store_is_given_up_in_a_bounded_time() {
    let slow = |config: ThrottleConfig| {
        let store = ThrottledStore::new(InMemory::new(), config);
        Objects::new(Arc::new(store), Path::default(), "slow".into(), PATIENCE, Vec::new()).unwrap()
    };
    let ages = Duration::from_secs(600);
    let config = ThrottleConfig {
        wait_get_per_call: ages,
        wait_list_per_call: ages,
        wait_put_per_call: ages,
        ..ThrottleConfig::default()
    };
    let silent = slow(config);
    let began = Instant::now();
    let answers = [
        silent.put("a", 1, &mut &b"x"[..]).err(),
        silent.get("a", 1, &mut Vec::new()).err(),
        silent.size("a").err(),
        silent.list("records").err(),
    ];
    assert!(answers.iter().all(|one| matches!(one, Some(RemoteError::Unreachable(_)))), "{answers:?}");
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    // The control: one that answers late, but in time, is waited for.
    let late = ThrottleConfig { wait_put_per_call: PATIENCE / 2, ..ThrottleConfig::default() };
    slow(late).put("a", 1, &mut &b"x"[..]).unwrap();
}

#[test]
fn a_folder_that_is_not_there_is_not_made() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("share");
    let remote = open(&format!("file://{}", path.display()), PATIENCE).unwrap();
    let failed = remote.put("a", 1, &mut &b"x"[..]);
    assert!(matches!(failed, Err(RemoteError::Unreachable(_))), "{failed:?}");
    assert!(!path.exists());
}

#[test]
fn a_url_is_refused_that_names_no_store_or_holds_a_secret() {
    let refused = |url: &str| open(url, PATIENCE).unwrap_err();
    for url in ["s3://key:secret@films/a", "s3://key@films", "s3://films/a?token=secret", "s3://films#secret"]
    {
        let error = refused(url);
        assert!(matches!(error, OpenError::Extras), "{url}");
        assert!(!error.to_string().contains("secret"));
    }
    assert!(matches!(refused("https://films/a"), OpenError::Scheme(_)));
    assert!(matches!(refused("films/a"), OpenError::NotAUrl(_)));
    assert!(!refused("key:secret@films").to_string().contains("secret"));
    for url in ["s3:///folder", "file:///", "file://host/share"] {
        assert!(matches!(refused(url), OpenError::Nameless(..)), "{url}");
    }
}

#[test]
fn words_hold_no_secret() {
    let said = |source: &str| {
        let source: Box<dyn std::error::Error + Send + Sync> = source.to_owned().into();
        let error = object_store::Error::Generic { store: "S3", source };
        crate::words::Words::new(vec!["AKIDSECRET".into(), "x".into()]).of(&error).to_string()
    };
    assert_eq!(said("connection refused"), "connection refused");
    assert_eq!(said("key AKIDSECRET is bad"), "key *** is bad");
    assert_eq!(said("Server returned 503: <Error>AKIDOTHER</Error>"), "Server returned 503");
    assert_eq!(said("<Error>AKIDOTHER</Error>"), "it does not answer");
    assert!(said(&"long ".repeat(1000)).len() < 200);
}
