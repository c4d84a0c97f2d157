//! The remote behind a cache, over a double in memory that can be made to fail in every way a store can.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::*;
use crate::cache::records::{Entry, Formula, Record};
use crate::cache::{BlobStore, Cache, Put};
use crate::clock::Moment;
use crate::graph::{ActionKey, StepId};
use crate::run::protocol::Blob;
use crate::units::Digest;

/// A store in memory.
#[derive(Debug, Default)]
struct Double {
    objects: Mutex<BTreeMap<String, Vec<u8>>>,
    asked: AtomicUsize,
    dead: AtomicBool,
    forbids_writing: AtomicBool,
    /// A transfer out of it ends after so many bytes, in an error.
    breaks_after: Mutex<Option<usize>>,
    /// How long every answer takes.
    waits: Mutex<Duration>,
}

impl Double {
    fn ask(&self) -> Result<(), RemoteError> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        std::thread::sleep(*self.waits.lock().unwrap());
        let dead = self.dead.load(Ordering::Relaxed);
        if dead { Err(RemoteError::Unreachable("no answer".into())) } else { Ok(()) }
    }

    fn names(&self) -> Vec<String> {
        self.objects.lock().unwrap().keys().cloned().collect()
    }

    fn requests(&self) -> usize {
        self.asked.swap(0, Ordering::Relaxed)
    }

    fn overwrite(&self, name: &str, bytes: &[u8]) {
        assert!(self.objects.lock().unwrap().insert(name.to_owned(), bytes.to_vec()).is_some());
    }
}

impl Remote for Double {
    fn place(&self) -> String {
        "memory://double".into()
    }

    fn list(&self, folder: &str) -> Result<Vec<Listed>, RemoteError> {
        self.ask()?;
        let objects = self.objects.lock().unwrap();
        let below = objects.iter().filter(|(name, _)| name.starts_with(&format!("{folder}/")));
        Ok(below.map(|(name, text)| Listed { name: name.clone(), bytes: text.len() as u64 }).collect())
    }

    fn get(&self, name: &str, limit: u64, into: &mut dyn Write) -> Result<bool, RemoteError> {
        self.ask()?;
        let Some(text) = self.objects.lock().unwrap().get(name).cloned() else { return Ok(false) };
        if let Some(after) = *self.breaks_after.lock().unwrap() {
            into.write_all(&text[..after.min(text.len())])?;
            return Err(RemoteError::Unreachable("it went away".into()));
        }
        let whole = text.len().min(limit as usize);
        into.write_all(&text[..whole])?;
        if whole < text.len() { Err(RemoteError::TooLong) } else { Ok(true) }
    }

    fn size(&self, name: &str) -> Result<Option<u64>, RemoteError> {
        self.ask()?;
        Ok(self.objects.lock().unwrap().get(name).map(|text| text.len() as u64))
    }

    fn put(&self, name: &str, _: u64, from: &mut dyn Read) -> Result<(), RemoteError> {
        self.ask()?;
        if self.forbids_writing.load(Ordering::Relaxed) {
            return Err(RemoteError::Refused("read only".into()));
        }
        let mut text = Vec::new();
        from.read_to_end(&mut text)?;
        self.objects.lock().unwrap().insert(name.to_owned(), text);
        Ok(())
    }
}

fn action(number: u32) -> ActionKey {
    ActionKey(Digest::of(&number.to_le_bytes()))
}

fn record(number: u32, blob: Blob) -> Record {
    Record {
        action: action(number),
        step: StepId(Digest::of(&number.to_be_bytes())),
        kind: "encode".into(),
        version: 1,
        label: "cliff.wide core".into(),
        outputs: BTreeMap::from([("segment".into(), blob)]),
        data: BTreeMap::new(),
        millis: 5,
        peak_memory: 6,
        formula: None,
        class: "cuda sm_90".into(),
        libraries: String::new(),
        when: Moment(0),
        by: String::new(),
    }
}

fn studio(double: &Arc<Double>) -> (tempfile::TempDir, Cache) {
    let folder = tempfile::tempdir().unwrap();
    let cache = behind(folder.path(), double);
    (folder, cache)
}

fn behind(root: &std::path::Path, double: &Arc<Double>) -> Cache {
    let mut cache = Cache::open(root).unwrap();
    cache.attach(double.clone());
    cache
}

fn make(cache: &mut Cache, number: u32, bytes: &[u8]) -> Blob {
    let blob = cache.store().write(bytes).unwrap();
    assert_eq!(cache.put(record(number, blob)).unwrap(), Put::Kept);
    blob
}

fn given(cache: &Cache) -> Left {
    cache.remote().unwrap().finish(Duration::from_secs(20), |_| true)
}

fn fetch(cache: &Cache, blob: &Blob) -> bool {
    cache.remote().unwrap().fetch(blob, &AtomicBool::new(false), &|_| {})
}

#[test]
fn what_one_made_another_has_through_the_remote() {
    let double = Arc::new(Double::default());
    let (_a, mut one) = studio(&double);
    let blob = make(&mut one, 1, b"picture");
    assert_eq!(given(&one).nodes, 0);

    let (b, mut two) = studio(&double);
    let found = two.records().find(&action(1)).unwrap().clone();
    assert_eq!((found.outputs["segment"], found.class.as_str()), (blob, "cuda sm_90"));
    assert!(two.available(&blob) && !two.store().has(&blob));
    assert!(fetch(&two, &blob));
    assert_eq!(two.store().read(&blob).unwrap(), b"picture");
    assert!(two.adopt(&action(1)).unwrap() && !two.adopt(&action(1)).unwrap());
    assert!(two.remote().unwrap().warnings().is_empty());
    drop(two);
    let alone = Cache::open(b.path()).unwrap();
    assert_eq!(alone.records().find(&action(1)), Some(&found), "it counts without the remote, too");

    // The control: without the remote nothing of it is known.
    let folder = tempfile::tempdir().unwrap();
    let without = Cache::open(folder.path()).unwrap();
    assert!(without.records().is_empty() && !without.available(&blob));
}

/// Whether wrong bytes for an artifact are refused; `trusting` is the control, which takes them.
fn refuses_wrong_bytes(wrong: &[u8], trusting: bool) -> bool {
    let double = Arc::new(Double::default());
    let (_a, mut one) = studio(&double);
    let blob = make(&mut one, 1, b"picture");
    given(&one);
    double.overwrite(&behind::blob_name(&blob.digest), wrong);
    let folder = tempfile::tempdir().unwrap();
    let mut remote = RemoteCache::new(double.clone(), BlobStore::open(folder.path()));
    remote.trusting = trusting;
    assert_eq!(remote.read().len(), 1);
    let came = remote.fetch(&blob, &AtomicBool::new(false), &|_| {});
    let store = BlobStore::open(folder.path());
    let aside = store.damaged().join(blob.digest.to_string());
    let warnings = remote.warnings();
    let warned = warnings.iter().any(|text| text.contains("wrong bytes"));
    let left = fs::read_dir(folder.path().join("tmp")).map_or(0, |all| {
        all.flatten().map(|one| fs::read_dir(one.path()).map_or(0, Iterator::count)).sum::<usize>()
    });
    assert_eq!(left, 0, "nothing unfinished is left");
    !came && !store.has(&blob) && aside.exists() && warned && !remote.offers(&blob)
}

#[test]
fn wrong_bytes_are_refused_set_aside_and_told() {
    for wrong in [&b"PICTURE"[..], b"pic", b"picture and more", b""] {
        assert!(refuses_wrong_bytes(wrong, false), "{wrong:?}");
    }
    assert!(!refuses_wrong_bytes(b"PICTURE", true), "the control, which does not compare, must be caught");
}

#[test]
fn what_the_remote_has_wrong_is_given_again_when_made_here() {
    let double = Arc::new(Double::default());
    let (_a, mut one) = studio(&double);
    let blob = make(&mut one, 1, b"picture");
    given(&one);
    let name = behind::blob_name(&blob.digest);
    double.overwrite(&name, b"PICTURE");

    let (_b, mut two) = studio(&double);
    assert!(!fetch(&two, &blob));
    assert_eq!(two.store().write(b"picture").unwrap(), blob);
    assert_eq!(two.put(record(1, blob)).unwrap(), Put::Same);
    two.offer(&action(1));
    assert_eq!(given(&two).nodes, 0);
    assert_eq!(double.objects.lock().unwrap()[&name], b"picture");
}

#[test]
fn a_transfer_that_breaks_leaves_nothing_and_ends_the_asking() {
    let double = Arc::new(Double::default());
    let (_a, mut one) = studio(&double);
    let blob = make(&mut one, 1, b"picture");
    let other = make(&mut one, 2, b"another picture");
    given(&one);
    let (b, two) = studio(&double);
    *double.breaks_after.lock().unwrap() = Some(3);
    assert!(!fetch(&two, &blob) && !two.store().has(&blob));
    double.requests();
    assert!(!fetch(&two, &other) && !two.available(&other));
    assert_eq!(double.requests(), 0, "it is not asked again");
    let warnings = two.remote().unwrap().warnings();
    assert!(warnings.len() == 1 && warnings[0].contains("goes on without it"), "{warnings:?}");
    drop(two);
    let tmp = fs::read_dir(b.path().join("tmp")).map_or(0, Iterator::count);
    assert_eq!(tmp, 0);
}

#[test]
fn a_transfer_that_is_called_off_is_no_fault_of_the_remote() {
    let double = Arc::new(Double::default());
    let (_a, mut one) = studio(&double);
    let blob = make(&mut one, 1, b"picture");
    given(&one);
    let (_b, two) = studio(&double);
    let remote = two.remote().unwrap();
    assert!(!remote.fetch(&blob, &AtomicBool::new(true), &|_| {}));
    assert!(remote.off().is_none() && remote.warnings().is_empty());
    assert!(fetch(&two, &blob));
}

#[test]
fn what_a_dead_remote_did_not_get_it_gets_by_a_later_run() {
    let double = Arc::new(Double::default());
    let (a, mut one) = studio(&double);
    make(&mut one, 1, b"before");
    given(&one);
    double.dead.store(true, Ordering::Relaxed);
    let blob = make(&mut one, 2, b"picture");
    for number in 3..20 {
        make(&mut one, number, &[number as u8]);
    }
    let began = Instant::now();
    let left = given(&one).nodes;
    // What is offered after its death is not even queued.
    assert!((1..=18).contains(&left), "{left}");
    assert!(began.elapsed() < Duration::from_secs(5), "a dead one is not waited for");
    assert_eq!(one.remote().unwrap().warnings().len(), 1);
    drop(one);
    // It is dead at the start of the next, too: what is here is enough.
    let dead = behind(a.path(), &double);
    assert_eq!(dead.records().len(), 19);
    assert!(dead.available(&blob) && dead.remote().unwrap().off().is_some());
    drop(dead);

    double.dead.store(false, Ordering::Relaxed);
    let again = behind(a.path(), &double);
    double.requests();
    again.offer(&action(1));
    assert_eq!((given(&again).nodes, double.requests()), (0, 0), "what it has is not given twice");
    (2..20).for_each(|number| again.offer(&action(number)));
    assert_eq!(given(&again).nodes, 0);
    let (_b, two) = studio(&double);
    assert_eq!(two.records().len(), 19);
    assert!(fetch(&two, &blob));
}

#[test]
fn what_is_left_is_counted_to_the_last() {
    let double = Arc::new(Double::default());
    let (_a, mut one) = studio(&double);
    let blob = one.store().write(b"picture").unwrap();
    let remote = one.remote().unwrap().clone();
    for number in 0..50 {
        one.records.merge(Entry::Made(Record { when: Moment(1), by: "a".into(), ..record(number, blob) }));
    }
    *double.waits.lock().unwrap() = Duration::from_millis(50);
    double.dead.store(true, Ordering::Relaxed);
    (0..50).for_each(|number| one.offer(&action(number)));
    assert_eq!(given(&one).nodes, 50);
    // The threads that end take none of them along.
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(remote.finish(Duration::ZERO, |_| true).nodes, 50);
}

#[test]
fn one_that_may_only_be_read_is_read() {
    let double = Arc::new(Double::default());
    let (_a, mut one) = studio(&double);
    let blob = make(&mut one, 1, b"picture");
    given(&one);
    double.forbids_writing.store(true, Ordering::Relaxed);
    let (_b, mut two) = studio(&double);
    make(&mut two, 2, b"own");
    let left = given(&two);
    assert!(left.nodes > 0, "{left:?} {:?}", two.remote().unwrap().warnings());
    assert!(fetch(&two, &blob));
    let warnings = two.remote().unwrap().warnings();
    assert!(warnings.len() == 1 && warnings[0].contains("nothing is given"), "{warnings:?}");
}

#[test]
fn an_artifact_that_is_damaged_here_is_not_given() {
    let double = Arc::new(Double::default());
    let (_a, mut one) = studio(&double);
    let blob = one.store().write(b"picture").unwrap();
    let path = one.store().path(&blob.digest);
    fs::remove_file(&path).unwrap();
    fs::write(&path, b"PICTURE").unwrap();
    one.put(record(1, blob)).unwrap();
    assert_eq!(given(&one).nodes, 0, "there is nothing to give");
    assert!(double.names().is_empty(), "{:?}", double.names());
    assert!(one.remote().unwrap().warnings()[0].contains("damaged here"));
}

#[test]
fn ten_thousand_records_take_few_requests() {
    let double = Arc::new(Double::default());
    let (_a, mut one) = studio(&double);
    let blob = one.store().write(b"picture").unwrap();
    for number in 0..10_000 {
        // As `put` does, without a listing of the logs for each.
        one.records.merge(Entry::Made(Record { when: Moment(1), by: "a".into(), ..record(number, blob) }));
        one.offer(&action(number));
    }
    double.requests();
    assert_eq!(given(&one).nodes, 0);
    let segments = double.names().iter().filter(|name| name.starts_with("records/")).count();
    assert!(segments <= 10_000 / 512 + 5, "{segments}");
    double.requests();
    let (b, two) = studio(&double);
    let first = double.requests();
    assert_eq!(two.records().len(), 10_000);
    assert_eq!(first, 1 + segments, "a listing, and each segment once");
    drop(two);
    let again = behind(b.path(), &double);
    assert_eq!((double.requests(), again.records().len()), (1, 10_000), "then a listing alone");
}

#[test]
fn the_first_finished_counts_whatever_the_order_of_giving() {
    let double = Arc::new(Double::default());
    let (_a, mut one) = studio(&double);
    let (_b, mut two) = studio(&double);
    let first = make(&mut one, 1, b"first");
    let second = make(&mut two, 1, b"second");
    given(&two);
    given(&one);
    let (_c, mut three) = studio(&double);
    assert_eq!(three.records().find(&action(1)).unwrap().outputs["segment"], first);
    let Put::Discarded(kept) = three.put(record(1, second)).unwrap() else { panic!("must be discarded") };
    assert_eq!(kept.outputs["segment"], first);
}

#[test]
fn what_was_forgotten_here_is_forgotten_there() {
    let double = Arc::new(Double::default());
    let (_a, mut one) = studio(&double);
    make(&mut one, 1, b"lost");
    given(&one);
    one.forget(action(1)).unwrap();
    let made = make(&mut one, 1, b"made anew");
    given(&one);
    let (_b, two) = studio(&double);
    assert_eq!(two.records().find(&action(1)).unwrap().outputs["segment"], made);
}

#[test]
fn what_was_forgotten_and_made_again_reaches_a_fresh_remote_once() {
    let double = Arc::new(Double::default());
    let folder = tempfile::tempdir().unwrap();
    let mut alone = Cache::open(folder.path()).unwrap();
    make(&mut alone, 1, b"lost");
    alone.forget(action(1)).unwrap();
    let made = make(&mut alone, 1, b"made anew");
    drop(alone);

    let one = behind(folder.path(), &double);
    assert_eq!(one.ungiven(), 1);
    one.offer(&action(1));
    one.offer(&action(1));
    assert_eq!((given(&one).nodes, one.ungiven()), (0, 0));
    let (_b, two) = studio(&double);
    assert_eq!(two.records().find(&action(1)).unwrap().outputs["segment"], made);
    let again = behind(folder.path(), &double);
    double.requests();
    again.offer(&action(1));
    assert_eq!((given(&again).nodes, double.requests()), (0, 0), "what it has is not given twice");
}

#[test]
fn what_the_remote_made_void_stays_void_without_it() {
    let double = Arc::new(Double::default());
    let folder = tempfile::tempdir().unwrap();
    let mut here = Cache::open(folder.path()).unwrap();
    make(&mut here, 1, b"lost");
    drop(here);
    let (_a, mut one) = studio(&double);
    make(&mut one, 1, b"lost as well");
    one.forget(action(1)).unwrap();
    let made = make(&mut one, 1, b"made anew");
    assert_eq!(given(&one).nodes, 0);

    let mut here = behind(folder.path(), &double);
    assert!(here.adopt(&action(1)).unwrap());
    drop(here);
    let alone = Cache::open(folder.path()).unwrap();
    assert_eq!(alone.records().find(&action(1)).unwrap().outputs["segment"], made);
}

#[test]
fn no_record_is_given_while_the_folder_with_its_artifacts_is_gone() {
    let double = Arc::new(Double::default());
    let folder = tempfile::tempdir().unwrap();
    let (path, away) = (folder.path().join("cache"), folder.path().join("away"));
    let mut one = Cache::open(&path).unwrap();
    make(&mut one, 1, b"picture");
    one.attach(double.clone());
    fs::rename(&path, &away).unwrap();
    one.offer(&action(1));
    given(&one);
    assert!(double.names().is_empty(), "{:?}", double.names());
    let warnings = one.remote().unwrap().warnings();
    assert!(warnings.len() == 1 && warnings[0].contains("is gone"), "{warnings:?}");
    // Once it is back, the same process gives it.
    fs::rename(&away, &path).unwrap();
    one.offer(&action(1));
    assert_eq!((given(&one).nodes, double.names().len()), (0, 2));
    // The control: an artifact that was collected keeps no record from being given.
    let lost = one.store().write(b"collected").unwrap();
    one.store().remove(&lost.digest).unwrap();
    assert_eq!(one.put(record(2, lost)).unwrap(), Put::Kept);
    assert_eq!((given(&one).nodes, double.names().len()), (0, 3));
}

/// Puts a segment with this text into the store under its true name; what a new studio says of it.
fn read_segment(text: &[u8]) -> (usize, Vec<String>) {
    let double = Arc::new(Double::default());
    let name = behind::record_name(&Digest::of(text));
    double.objects.lock().unwrap().insert(name, text.to_vec());
    let (_a, cache) = studio(&double);
    (cache.records().len(), cache.remote().unwrap().warnings())
}

#[test]
fn segments_are_untrusted() {
    let blob = Blob { digest: Digest([7; 32]), bytes: 3 };
    let sound = Record { when: Moment(5), ..record(1, blob) };
    let text = |record: Record| segment::write(&[Entry::Made(record)]).1;
    assert_eq!(read_segment(&text(sound.clone())), (1, Vec::new()));

    let newer = String::from_utf8(text(sound.clone())).unwrap().replacen("\"version\":1", "\"version\":2", 1);
    let (found, warnings) = read_segment(newer.as_bytes());
    assert!(found == 0 && warnings[0].contains("version 2"), "{warnings:?}");
    let older = String::from_utf8(text(sound.clone())).unwrap().replacen("\"version\":1", "\"version\":0", 1);
    assert_eq!(read_segment(older.as_bytes()), (1, Vec::new()), "an older one is read");

    let mut flipped = text(sound.clone());
    let last = flipped.len() - 20;
    flipped[last] ^= 1;
    let far = Record { when: Moment(u64::MAX), ..sound.clone() };
    let long = Record { label: "x".repeat(1 << 20), ..sound.clone() };
    let large = Blob { bytes: u64::MAX, ..blob };
    let slow = Record { millis: u64::MAX, ..sound.clone() };
    let hungry = Record { peak_memory: u64::MAX, ..sound.clone() };
    let none = Formula::default();
    let thought = [
        Formula { millis: u64::MAX, ..none },
        Formula { memory: u64::MAX, ..none },
        Formula { bytes: u64::MAX, ..none },
        Formula { threads: u32::MAX, ..none },
    ];
    let thought = thought.map(|formula| text(Record { formula: Some(formula), ..sound.clone() }));
    let huge = Record { outputs: BTreeMap::from([("segment".into(), large)]), ..sound };
    let forget = segment::write(&[Entry::Forget { action: action(1), when: Moment(u64::MAX) }]).1;
    let others = [flipped, text(far), text(long), text(slow), text(hungry), text(huge), forget];
    for text in others.into_iter().chain(thought) {
        let (found, warnings) = read_segment(&text);
        assert!(found == 0 && warnings[0].contains("1 damaged line"), "{warnings:?}");
    }
    for text in [&b""[..], b"\xff\xfe", b"{}\n", b"[1,2]\n\n\n"] {
        let (found, warnings) = read_segment(text);
        assert!(found == 0 && warnings[0].contains("does not begin"), "{warnings:?}");
    }
}

#[test]
fn a_segment_that_is_not_what_its_name_says_is_left_out() {
    let double = Arc::new(Double::default());
    let (_a, mut one) = studio(&double);
    make(&mut one, 1, b"picture");
    given(&one);
    let name = double.names().into_iter().find(|name| name.starts_with("records/")).unwrap();
    let text = double.objects.lock().unwrap()[&name].clone();
    for wrong in [&text[..text.len() / 2], &[&text[..], b"more"].concat()] {
        double.overwrite(&name, wrong);
        let (_b, two) = studio(&double);
        let warnings = two.remote().unwrap().warnings();
        assert!(two.records().is_empty() && warnings[0].contains("not what its name says"), "{warnings:?}");
    }
    // The mirror here is compared, too.
    double.overwrite(&name, &text);
    let (b, two) = studio(&double);
    drop(two);
    let mirror = fs::read_dir(b.path().join("remote")).unwrap().next().unwrap().unwrap().path();
    let kept = fs::read_dir(mirror).unwrap().next().unwrap().unwrap().path();
    fs::write(&kept, &text[..text.len() - 3]).unwrap();
    double.requests();
    assert_eq!(behind(b.path(), &double).records().len(), 1);
    assert_eq!(double.requests(), 2, "the damaged one is brought again");
}
