//! One cache folder, two machines: what the other one wrote (another host in its writer's name) is read and
//! left alone, since from here nobody can tell whether its writer lives; only age tells.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::tests::record;
use super::*;
use crate::run::protocol::Blob;
use crate::units::Digest;

/// A writer on another machine, with the process id of one that runs here: that must not count.
fn writer() -> String {
    let name = format!("otherhost.1-{}-1", std::process::id());
    assert_eq!(name.parse::<Writer>().unwrap().alive(), Alive::Elsewhere);
    name
}

/// The same time, so many days ago.
fn age(path: &Path, days: u64) {
    let file = fs::File::open(path).unwrap();
    let now = SystemTime::UNIX_EPOCH + Duration::from_micros(Moment::now().0);
    file.set_modified(now - Duration::from_secs(days * 24 * 3600)).unwrap();
}

/// Makes what this process has written in `folder` the other machine's.
fn give_away(folder: &Path) -> PathBuf {
    let this = Writer::this().to_string();
    let own = fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path());
    let own: Vec<PathBuf> = own.filter(|path| path.to_string_lossy().contains(&this)).collect();
    let [path] = own.as_slice() else { panic!("{own:?}") };
    let other = PathBuf::from(path.to_string_lossy().replace(&this, &writer()));
    fs::rename(path, &other).unwrap();
    other
}

#[test]
fn its_records_count_and_its_logs_are_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let mut there = Cache::open(folder.path()).unwrap();
    let blob = there.store().write(b"picture").unwrap();
    there.put(record(1, blob)).unwrap();
    let log = give_away(&folder.path().join("log"));
    drop(there);

    let mut here = Cache::open(folder.path()).unwrap();
    assert_eq!(here.records().len(), 1);
    // So many dead writers of this machine that their logs are merged.
    let this = Writer::this().to_string();
    let host = this.rsplitn(3, '-').nth(2).unwrap();
    for number in 0..40 {
        let dead = format!("{host}-{}-1.log", 4_000_000 + number);
        fs::copy(&log, folder.path().join("log").join(dead)).unwrap();
    }
    age(&log, 30);
    here.tidy().unwrap();
    let left: Vec<_> = fs::read_dir(folder.path().join("log")).unwrap().flatten().collect();
    assert_eq!(left.len(), 2, "the merged one, and the other machine's: {left:?}");
    // Its writer goes on, and is heard.
    let second = here.store().write(b"second").unwrap();
    let mut again = Cache::open(folder.path()).unwrap();
    let entry = Entry::Made(Record { when: Moment(7), by: writer(), ..record(2, second) });
    let line = super::log::seal(&entry);
    let mut text = fs::read(&log).unwrap();
    text.extend(&line[..line.len() / 2]);
    fs::write(&log, &text).unwrap();
    again.refresh().unwrap();
    assert_eq!(again.records().len(), 1, "a line that it is just writing is not taken");
    text.extend(&line[line.len() / 2..]);
    fs::write(&log, &text).unwrap();
    again.refresh().unwrap();
    assert_eq!(again.records().len(), 2);
    assert!(again.warnings().is_empty());
}

#[test]
fn what_it_is_writing_is_swept_only_when_it_is_old() {
    let folder = tempfile::tempdir().unwrap();
    let tmp = folder.path().join("tmp").join(writer());
    fs::create_dir_all(&tmp).unwrap();
    fs::write(tmp.join("0.mp4"), b"half").unwrap();
    let store = BlobStore::open(folder.path());
    for (days, swept) in [(0, 0), (6, 0), (8, 1)] {
        age(&tmp, days);
        assert_eq!(store.sweep().unwrap(), swept, "{days} days");
    }
    assert!(!tmp.exists());
}

/// What is left of a blob that a run on the other machine has pinned, and of one that it has just written,
/// when its pins were last written so many days ago.
fn left_after_collection(days: u64) -> (bool, bool) {
    let folder = tempfile::tempdir().unwrap();
    let mut cache = Cache::open(folder.path()).unwrap();
    let pinned = cache.store().write(b"pinned").unwrap();
    let old = |blob: &Blob| age(&cache.store().path(&blob.digest), 100);
    old(&pinned);
    let mut pins = Pins::hold(&Root::new(folder.path())).unwrap();
    pins.add([pinned.digest]).unwrap();
    let file = give_away(&folder.path().join("pins"));
    drop(pins);
    let fresh = cache.store().write(b"just written").unwrap();
    let loose = cache.store().write(b"loose").unwrap();
    age(&cache.store().path(&loose.digest), 100);
    age(&file, days);
    gc(&mut cache, Keep { bytes: 0, used_within: None }).unwrap();
    assert!(!cache.store().has(&loose), "what nobody needs goes");
    (cache.store().has(&pinned), cache.store().has(&fresh))
}

#[test]
fn what_its_runs_need_is_not_collected_until_they_are_surely_gone() {
    assert_eq!(left_after_collection(0), (true, true));
    assert_eq!(left_after_collection(6), (true, true));
    assert_eq!(left_after_collection(8), (false, false));
}

#[test]
fn a_record_of_a_clock_that_is_behind_is_the_first() {
    let folder = tempfile::tempdir().unwrap();
    let mut here = Cache::open(folder.path()).unwrap();
    let (ours, theirs) = (Digest::of(b"ours"), Digest::of(b"theirs"));
    let blob = |digest| Blob { digest, bytes: 4 };
    assert_eq!(here.put(record(1, blob(ours))).unwrap(), Put::Kept);
    let entry = Entry::Made(Record { when: Moment(7), by: writer(), ..record(1, blob(theirs)) });
    let mut text = b"{\"storyreel\":\"records\",\"version\":1}\n".to_vec();
    text.extend(super::log::seal(&entry));
    fs::write(folder.path().join("log").join(format!("{}.log", writer())), text).unwrap();
    here.refresh().unwrap();
    let counts = here.records().find(&record(1, blob(ours)).action).unwrap();
    assert_eq!(counts.outputs["segment"].digest, theirs, "one rule for all machines, whatever their clocks");
    assert_eq!(here.records().differing().len(), 1);
}
