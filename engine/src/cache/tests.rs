//! The cache as a whole: sharing, damage, pins, collection.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::time::{Duration, UNIX_EPOCH};

use super::*;
use crate::graph::StepId;
use crate::run::protocol::{Blob, Failure, FailureKind};
use crate::units::Digest;

pub(super) fn record(action: u8, blob: Blob) -> Record {
    Record {
        action: ActionKey(Digest([action; 32])),
        step: StepId(Digest([action; 32])),
        kind: "encode".into(),
        version: 1,
        label: "cliff.wide core".into(),
        outputs: BTreeMap::from([("segment".into(), blob)]),
        data: BTreeMap::new(),
        millis: 5,
        peak_memory: 6,
        formula: None,
        class: "cpu".into(),
        libraries: String::new(),
        when: Moment(0),
        by: String::new(),
    }
}

fn leftovers(root: &std::path::Path) -> usize {
    fs::read_dir(root.join("tmp")).map_or(0, Iterator::count)
}

#[test]
fn a_blob_is_written_once_and_read_back_verified() {
    let folder = tempfile::tempdir().unwrap();
    let store = BlobStore::open(folder.path());
    let blob = store.write(b"picture").unwrap();
    assert_eq!(blob, Blob { digest: Digest::of(b"picture"), bytes: 7 });
    assert_eq!(store.write(b"picture").unwrap(), blob);
    assert_eq!(store.read(&blob).unwrap(), b"picture");

    let scratch = store.scratch(".mp4").unwrap();
    fs::write(scratch.path(), b"film").unwrap();
    let film = store.adopt(scratch).unwrap();
    assert_eq!(store.read(&film).unwrap(), b"film");
    drop(store);
    assert_eq!(leftovers(folder.path()), 0);
}

#[test]
fn a_writer_that_is_dropped_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = BlobStore::open(folder.path());
    let mut writer = store.writer().unwrap();
    writer.write_all(b"half").unwrap();
    drop(writer);
    drop(store);
    assert_eq!(leftovers(folder.path()), 0);
}

#[test]
fn a_damaged_blob_is_set_aside_and_asked_for_again() {
    let folder = tempfile::tempdir().unwrap();
    let blob = BlobStore::open(folder.path()).write(b"picture").unwrap();
    let store = BlobStore::open(folder.path());
    let path = store.open_verified(&blob).unwrap();
    fs::remove_file(&path).unwrap();
    fs::write(&path, b"PICTURE").unwrap();
    let error = store.read(&blob).unwrap_err();
    assert!(matches!(error, CacheError::Damaged(digest) if digest == blob.digest));
    assert_eq!(Failure::from(error).kind, FailureKind::BadInput { digest: blob.digest });
    assert!(!store.has(&blob));
    assert!(matches!(store.read(&blob), Err(CacheError::Missing(_))));
    assert_eq!(store.write(b"picture").unwrap(), blob, "and can be made again");
}

#[test]
fn a_blob_cut_short_is_replaced_when_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = BlobStore::open(folder.path());
    let blob = store.write(b"picture").unwrap();
    let path = store.path(&blob.digest);
    fs::remove_file(&path).unwrap();
    fs::write(&path, b"pic").unwrap();
    assert!(!store.has(&blob));
    store.write(b"picture").unwrap();
    assert_eq!(store.read(&blob).unwrap(), b"picture");
}

#[test]
fn what_a_dead_process_left_is_swept_on_opening() {
    let folder = tempfile::tempdir().unwrap();
    let this = Writer::this().to_string();
    let host = this.rsplitn(3, '-').nth(2).unwrap();
    let dead = folder.path().join("tmp").join(format!("{host}-4000000-1"));
    let elsewhere = folder.path().join("tmp/otherhost.1-1-1");
    for path in [&dead, &elsewhere] {
        fs::create_dir_all(path).unwrap();
        fs::write(path.join("0.mp4"), b"half").unwrap();
    }
    Cache::open(folder.path()).unwrap();
    assert!(!dead.exists());
    assert!(elsewhere.exists(), "another machine's is left alone while fresh");
}

#[test]
fn two_caches_on_one_folder_see_each_other_and_the_first_record_counts() {
    let folder = tempfile::tempdir().unwrap();
    let mut one = Cache::open(folder.path()).unwrap();
    let mut two = Cache::open(folder.path()).unwrap();
    let first = one.store().write(b"first").unwrap();
    let second = two.store().write(b"second").unwrap();
    assert_eq!(one.put(record(1, first)).unwrap(), Put::Kept);
    assert_eq!(two.put(record(1, first)).unwrap(), Put::Same);
    let Put::Discarded(kept) = two.put(record(1, second)).unwrap() else { panic!("must be discarded") };
    assert_eq!(kept.outputs["segment"], first);

    let action = ActionKey(Digest([1; 32]));
    two.forget(action).unwrap();
    one.refresh().unwrap();
    assert!(one.records().find(&action).is_none());
    assert_eq!(one.put(record(1, second)).unwrap(), Put::Kept);
}

#[test]
fn a_record_from_a_clock_that_is_ahead_can_be_forgotten_and_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let mut here = Cache::open(folder.path()).unwrap();
    let lost = Blob { digest: Digest::of(b"lost"), bytes: 4 };
    let ahead = Moment(Moment::now().0 + 3_600_000_000);
    let mut there = Cache::open(folder.path()).unwrap();
    there
        .log
        .append(&Entry::Made(Record { when: ahead, by: "elsewhere".into(), ..record(1, lost) }))
        .unwrap();
    here.refresh().unwrap();

    let action = ActionKey(Digest([1; 32]));
    here.forget(action).unwrap();
    assert_eq!(here.records().find(&action), None);
    let made = here.store().write(b"made").unwrap();
    // Another process, whose clock is right, makes it again.
    let mut other = Cache::open(folder.path()).unwrap();
    assert_eq!(other.put(record(1, made)).unwrap(), Put::Kept);
    for mut cache in [here, other, Cache::open(folder.path()).unwrap()] {
        cache.refresh().unwrap();
        assert_eq!(cache.records().find(&action).unwrap().outputs["segment"], made);
    }
}

fn bytes(bytes: u64) -> Keep {
    Keep { bytes, used_within: None }
}

#[test]
fn collection_takes_what_was_not_used_for_long_whatever_its_size() {
    let folder = tempfile::tempdir().unwrap();
    let mut cache = Cache::open(folder.path()).unwrap();
    let day = Duration::from_secs(24 * 3600);
    let blobs: Vec<Blob> = (0..4_u8)
        .map(|age| {
            let blob = cache.store().write(&[age; 10]).unwrap();
            // The newest is used while the run goes on.
            let now = UNIX_EPOCH + Duration::from_micros(Moment::now().0);
            let used = now + Duration::from_secs(60) - day * u32::from(age);
            fs::File::open(cache.store().path(&blob.digest)).unwrap().set_modified(used).unwrap();
            blob
        })
        .collect();
    let has = |cache: &Cache| blobs.iter().map(|blob| cache.store().has(blob)).collect::<Vec<_>>();
    let within = |used_within, bytes| Keep { bytes, used_within };
    assert_eq!(gc(&mut cache, within(Some(day * 10), 1000)).unwrap().removed, Amount::default());
    let mut pins = Pins::hold(&Root::new(folder.path())).unwrap();
    pins.add([blobs[3].digest]).unwrap();
    let report = gc(&mut cache, within(Some(day * 3 / 2), 1000)).unwrap();
    assert_eq!(
        (report.removed.count, report.pinned.count),
        (1, 2),
        "the newest counts as written by the run"
    );
    assert_eq!(has(&cache), [true, true, false, true]);
    // Both limits hold at once.
    drop(pins);
    gc(&mut cache, within(Some(day * 3 / 2), 10)).unwrap();
    assert_eq!(has(&cache), [true, false, false, false]);
}

#[test]
fn pins_of_one_process_stay_until_the_last_is_dropped() {
    let folder = tempfile::tempdir().unwrap();
    let mut cache = Cache::open(folder.path()).unwrap();
    let blob = cache.store().write(b"kept").unwrap();
    let old = UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    fs::File::open(cache.store().path(&blob.digest)).unwrap().set_modified(old).unwrap();
    let outer = Pins::hold(&Root::new(folder.path())).unwrap();
    let mut inner = Pins::hold(&Root::new(folder.path())).unwrap();
    inner.add([blob.digest]).unwrap();
    drop(inner);
    gc(&mut cache, bytes(0)).unwrap();
    assert!(cache.store().has(&blob), "the outer one still holds what the inner one added");
    drop(outer);
    gc(&mut cache, bytes(0)).unwrap();
    assert!(!cache.store().has(&blob));
}

#[test]
fn collection_takes_the_least_recently_used_and_honours_pins() {
    let folder = tempfile::tempdir().unwrap();
    let mut cache = Cache::open(folder.path()).unwrap();
    let mut blobs = Vec::new();
    for number in 0..4_u8 {
        let blob = cache.store().write(&[number; 100]).unwrap();
        let used = UNIX_EPOCH + Duration::from_secs(1_000_000_000 + u64::from(number));
        fs::File::open(cache.store().path(&blob.digest)).unwrap().set_modified(used).unwrap();
        cache.put(record(number, blob)).unwrap();
        blobs.push(blob);
    }
    let mut pins = Pins::hold(&Root::new(folder.path())).unwrap();
    pins.add([blobs[0].digest]).unwrap();
    let just_written = cache.store().write(&[9; 100]).unwrap();

    let report = gc(&mut cache, bytes(300)).unwrap();
    assert_eq!(report.removed, Amount { count: 2, bytes: 200 });
    assert_eq!(report.pinned, Amount { count: 2, bytes: 200 });
    let has: Vec<_> = blobs.iter().map(|blob| cache.store().has(blob)).collect();
    assert_eq!(has, [true, false, false, true]);
    assert!(cache.store().has(&just_written));

    drop(pins);
    gc(&mut cache, bytes(0)).unwrap();
    let report = size(&cache).unwrap();
    assert_eq!(report.artifacts, Amount::default());
    assert_eq!(report.records, 4, "records outlive artifacts");
}

#[test]
fn verify_finds_what_is_damaged_and_sets_it_aside_until_collection() {
    let folder = tempfile::tempdir().unwrap();
    let mut cache = Cache::open(folder.path()).unwrap();
    let sound = cache.store().write(b"sound").unwrap();
    let blob = cache.store().write(b"picture").unwrap();
    cache.put(record(1, blob)).unwrap();
    let path = cache.store().path(&blob.digest);
    fs::remove_file(&path).unwrap();
    fs::write(&path, b"PICTURE").unwrap();
    let report = verify(&cache, &mut |_, _| {}).unwrap();
    assert_eq!(report.checked, Amount { count: 2, bytes: 12 });
    assert_eq!(report.damaged, [(blob.digest, "cliff.wide core encode".to_owned())]);
    assert!(cache.store().has(&sound) && !cache.store().has(&blob));
    let aside = cache.store().damaged().join(blob.digest.to_string());
    assert_eq!(fs::read(&aside).unwrap(), b"PICTURE");
    assert_eq!(size(&cache).unwrap().damaged, Amount { count: 1, bytes: 7 });
    assert_eq!(gc(&mut cache, bytes(u64::MAX)).unwrap().removed, Amount { count: 1, bytes: 7 });
    assert!(!aside.exists() && cache.store().has(&sound));
}

#[test]
fn a_folder_in_the_place_of_an_artifact_is_set_aside_and_collected() {
    let folder = tempfile::tempdir().unwrap();
    let mut cache = Cache::open(folder.path()).unwrap();
    let blob = cache.store().write(b"picture").unwrap();
    let path = cache.store().path(&blob.digest);
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    fs::write(path.join("inside"), b"what").unwrap();
    let report = verify(&cache, &mut |_, _| {}).unwrap();
    assert_eq!(report.damaged, [(blob.digest, String::new())]);
    let aside = cache.store().damaged().join(blob.digest.to_string());
    assert!(aside.join("inside").exists());
    for removed in [1, 0] {
        assert_eq!(gc(&mut cache, bytes(u64::MAX)).unwrap().removed.count, removed);
        assert!(!aside.exists());
    }
}

#[test]
fn a_folder_that_cannot_be_made_is_told_in_words() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("cache"), b"a file").unwrap();
    let store = BlobStore::open(folder.path().join("cache"));
    let error = store.write(b"x").unwrap_err().to_string();
    assert!(error.ends_with("cache`: a file is in the place of this folder"), "{error}");
}
