//! What the cache carries: artifacts written, verified and read, small and large; and its log of records.
//!
//! Bytes go through the file system's cache, as they do in a render; writing syncs every artifact to the disk, which
//! is what a small one costs.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use storyreel_engine::cache::{BlobStore, Cache, Record};
use storyreel_engine::clock::Moment;
use storyreel_engine::graph::{ActionKey, StepId};
use storyreel_engine::run::protocol::Blob;
use storyreel_engine::units::Digest;

use crate::took::median;

/// Bytes of an artifact, and how many of them.
const AMOUNTS: [(usize, usize); 3] = [(4 << 10, 2000), (1 << 20, 200), (256 << 20, 4)];

/// Records of a log.
const RECORDS: [usize; 3] = [1000, 10_000, 100_000];

/// Readings of a log.
const READINGS: usize = 5;

#[test]
#[ignore = "a bench, writes and syncs a gigabyte: ./x bench cache"]
fn cache() {
    println!("Artifacts, megabytes (10^6 bytes) a second and microseconds each:\n");
    println!("{:<22} {:>20} {:>20} {:>20}", "", "write", "verify", "read again");
    for (bytes, count) in AMOUNTS {
        let rates = artifacts(bytes, count);
        print!("{:<22}", format!("{count} of {} KiB", bytes >> 10));
        for seconds in rates {
            let (speed, each) = ((bytes * count) as f64 / 1e6 / seconds, seconds * 1e6 / count as f64);
            print!(" {:>20}", format!("{speed:.0} MB/s {each:.0} us"));
        }
        println!();
    }
    println!("\nThe log of records, opened and read whole (medians of {READINGS}):\n");
    println!("{:<22} {:>12} {:>12} {:>16}", "", "size", "time", "each record");
    for count in RECORDS {
        let (bytes, millis) = log(count);
        println!(
            "{:<22} {:>12} {:>12} {:>16}",
            format!("{count} records"),
            format!("{:.1} MB", bytes as f64 / 1e6),
            format!("{millis:.1} ms"),
            format!("{:.2} us", millis * 1000.0 / count as f64),
        );
    }
}

/// Seconds to write, to verify and to read again so many artifacts of that size.
fn artifacts(bytes: usize, count: usize) -> [f64; 3] {
    let folder = tempfile::tempdir().unwrap();
    let mut content = vec![0; bytes];
    let started = Instant::now();
    let store = BlobStore::open(folder.path());
    let blobs: Vec<Blob> = (0..count)
        .map(|number| {
            content[..8].copy_from_slice(&number.to_le_bytes());
            store.write(&content).unwrap()
        })
        .collect();
    let written = started.elapsed().as_secs_f64();
    // Another process has verified nothing yet.
    let store = BlobStore::open(folder.path());
    let started = Instant::now();
    blobs.iter().for_each(|blob| assert!(store.open_verified(blob).is_ok()));
    let verified = started.elapsed().as_secs_f64();
    let started = Instant::now();
    let read: usize = blobs.iter().map(|blob| store.read(blob).unwrap().len()).sum();
    assert_eq!(read, bytes * count);
    [written, verified, started.elapsed().as_secs_f64()]
}

/// Bytes of a log of so many records, and the milliseconds that reading it takes.
fn log(count: usize) -> (u64, f64) {
    let folder = tempfile::tempdir().unwrap();
    let mut cache = Cache::open(folder.path()).unwrap();
    for number in 0..count {
        cache.put(record(number)).unwrap();
    }
    drop(cache);
    let bytes = size_under(&folder.path().join("log"));
    let read = || {
        let started = Instant::now();
        assert_eq!(Cache::open(folder.path()).unwrap().records().len(), count);
        started.elapsed().as_secs_f64() * 1000.0
    };
    let all: Vec<f64> = (0..READINGS).map(|_| read()).collect();
    (bytes, median(&all))
}

fn size_under(folder: &Path) -> u64 {
    std::fs::read_dir(folder).unwrap().flatten().map(|entry| entry.metadata().unwrap().len()).sum()
}

/// A record as an encode leaves it.
fn record(number: usize) -> Record {
    let digest = |what: &str| Digest::of(format!("{what} {number}").as_bytes());
    let blob = |what: &str| Blob { digest: digest(what), bytes: 4096 };
    Record {
        action: ActionKey(digest("action")),
        step: StepId(digest("step")),
        kind: "encode".into(),
        version: 2,
        label: format!("scene{}.shot{} core", number / 10, number % 10),
        outputs: BTreeMap::from([("segment".into(), blob("segment")), ("poster".into(), blob("poster"))]),
        data: BTreeMap::new(),
        millis: 20,
        peak_memory: 100 << 20,
        formula: None,
        class: "cpu".into(),
        libraries: "libavcodec 61.19.101; libavformat 61.7.100; x264 164".into(),
        when: Moment(0),
        by: String::new(),
    }
}
