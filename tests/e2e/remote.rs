//! The remote cache, end to end, against a real server: a film that one cache folder rendered is a null
//! render for another; wrong bytes, cut transfers, dead, silent and forbidding servers and a killed front
//! cost no byte of the film, and no more than a bounded time.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::store::{KEY, Mood, Proxy, SECRET, Store, free_port, remote};
use crate::studio::{Ran, Render, Studio, TINY, assert_nothing_unfinished, digests};

const RENDER: &[&str] = &["render", "film.yaml", "--events", "json"];

/// A render with a broken remote may take this much longer than one without.
const PATIENT: Duration = Duration::from_secs(120);

/// The film as it must be.
fn expected() -> BTreeMap<String, String> {
    let calm = Studio::with(TINY);
    calm.rendered(&[]);
    film(&calm)
}

fn film(studio: &Studio) -> BTreeMap<String, String> {
    digests(&studio.path("out/film/latest"))
}

/// A render through the remote at that port, which must go well, tell no secret and leave nothing unfinished.
fn shared(studio: &Studio, port: u16, more: &[&str]) -> Render {
    let args: Vec<&str> = RENDER.iter().chain(more).copied().collect();
    let ran = Ran::of(remote(studio, port, &args).output().unwrap());
    for text in [&ran.out, &ran.err] {
        assert!(!text.contains(KEY) && !text.contains(SECRET), "{text}");
    }
    assert_eq!(ran.code, 0, "{}\n{}", ran.out, ran.err);
    assert_nothing_unfinished(&studio.path(".storyreel/cache"), &studio.path("out"), "remote");
    Render::of(ran)
}

/// A studio whose cache knows what is installed and nothing else, so that a render starts no worker to ask.
fn fresh() -> Studio {
    let studio = Studio::with(TINY);
    let plan = studio.run(&["plan", "film.yaml", "--json"]).json();
    assert!(plan["totals"]["todo"].as_u64().unwrap() > 0);
    studio
}

/// A render of a fresh studio for which nothing is left to do but to bring the film.
fn assert_null(port: u16, expected: &BTreeMap<String, String>) -> Render {
    let studio = fresh();
    let before = studio.worker_starts();
    let render = shared(&studio, port, &[]);
    assert_eq!((render.workers(), studio.worker_starts()), (0, before), "{}", render.ran.err);
    assert_eq!(&film(&studio), expected);
    render
}

#[test]
fn what_one_cache_rendered_is_a_null_render_for_another() {
    let Some(store) = Store::start() else { return };
    let proxy = Proxy::before(store.port);
    let one = Studio::with(TINY);
    let first = shared(&one, proxy.port, &[]);
    assert!(first.workers() > 0);
    let expected = film(&one);
    proxy.forget();

    let two = fresh();
    let before = two.worker_starts();
    let second = shared(&two, proxy.port, &[]);
    assert_eq!((second.workers(), two.worker_starts()), (0, before), "{}", second.ran.err);
    assert_eq!(film(&two), expected);
    let (lists, records) = (proxy.count("list-type"), proxy.count("/records/"));
    assert!(lists == 1 && records <= 2, "{lists} listings, {records} segments");
    let (held, brought) = (store.blobs().len(), proxy.count("GET /films/studio/blobs"));
    assert!(brought > 0 && brought < held, "only what is needed: {brought} of {held}");
    assert_eq!(proxy.count("PUT"), 0, "nothing is given that was there");
    // Its records stay, so the next render needs no remote.
    assert_eq!(two.rendered_without_worker(&[]).ran_nodes(), Vec::<String>::new());

    // The control: without the remote the same starts workers.
    let control = fresh();
    assert!(control.rendered(&[]).workers() > 0);
    assert_eq!(film(&control), expected);
}

#[test]
fn an_edit_brings_what_it_needs_and_makes_the_rest() {
    let Some(store) = Store::start() else { return };
    let one = Studio::with(TINY);
    shared(&one, store.port, &[]);
    let (calm, two) = (Studio::with(TINY), fresh());
    for studio in [&calm, &two] {
        studio.edit("camera: pan left", "camera: pan right");
    }
    calm.rendered(&[]);
    let why = Ran::of(remote(&two, store.port, &["why", "film.yaml"]).output().unwrap());
    let plan = Ran::of(remote(&two, store.port, &["plan", "film.yaml", "--json"]).output().unwrap()).json();
    let render = shared(&two, store.port, &[]);
    let ran = render.ran_nodes();
    assert_eq!(plan["totals"]["todo"].as_u64().unwrap() as usize, ran.len(), "{ran:?}");
    // The dissolve shows pictures of the shot that was edited.
    let untouched = |name: &String| name.starts_with("encode sea") && !name.contains("dissolve");
    assert!(!ran.iter().any(untouched), "{ran:?}");
    assert!(ran.iter().any(|name| name.starts_with("encode wood")), "{ran:?}");
    assert!(!why.out.contains("sea.wide"), "{}", why.out);
    assert_eq!(film(&two), film(&calm));
    let fetched = render.all("progress").any(|event| event["phase"] == "fetch");
    assert!(fetched, "inputs of what must run are brought when it runs");
}

#[test]
fn wrong_bytes_are_refused_and_made_good() {
    let Some(store) = Store::start() else { return };
    let one = Studio::with(TINY);
    shared(&one, store.port, &[]);
    let expected = film(&one);
    let sound: BTreeMap<String, Vec<u8>> =
        store.blobs().into_iter().map(|name| (name.clone(), store.get(&name))).collect();
    for (name, bytes) in &sound {
        let wrong: Vec<u8> = bytes.iter().map(|byte| byte ^ 1).collect();
        store.put(name, &wrong);
    }
    let two = fresh();
    let render = shared(&two, store.port, &[]);
    assert_eq!(film(&two), expected);
    assert!(render.workers() > 0 && render.ran.err.contains("wrong bytes"), "{}", render.ran.err);
    let aside = fs::read_dir(two.path(".storyreel/cache/damaged")).unwrap().count();
    assert!(aside > 0);
    // What was made here instead is in the store again.
    let film_blob = blake3::hash(&fs::read(two.film()).unwrap()).to_string();
    let name = sound.keys().find(|name| name.ends_with(&film_blob)).unwrap();
    assert_eq!(store.get(name), sound[name]);
    assert_null(store.port, &expected);
}

#[test]
fn a_server_that_is_dead_at_the_start_is_done_without() {
    let expected = expected();
    let studio = Studio::with(TINY);
    let began = Instant::now();
    let render = shared(&studio, free_port(), &[]);
    assert!(began.elapsed() < PATIENT, "{:?}", began.elapsed());
    assert_eq!(film(&studio), expected);
    let told = render.ran.err.matches("goes on without it").count();
    assert_eq!(told, 1, "{}", render.ran.err);
    // Who asks for nothing but to give is told that it could not be done.
    let push = Ran::of(remote(&studio, free_port(), &["cache", "push"]).output().unwrap());
    assert_eq!(push.code, 1, "{}{}", push.out, push.err);
    assert!(push.err.contains("s3://films/studio at 127.0.0.1:"), "{}", push.err);
}

#[test]
fn a_server_that_dies_midway_gets_the_rest_later() {
    let Some(mut store) = Store::start() else { return };
    let expected = expected();
    let studio = Studio::with(TINY);
    let began = Instant::now();
    let mut front = remote(&studio, store.port, RENDER).stdout(Stdio::piped()).spawn().unwrap();
    let mut killed = false;
    for line in BufReader::new(front.stdout.take().unwrap()).lines().map_while(Result::ok) {
        if line.contains("\"node-done\"") && !killed {
            store.kill();
            killed = true;
        }
    }
    assert_eq!(front.wait().unwrap().code(), Some(0));
    assert!(killed && began.elapsed() < PATIENT, "{:?}", began.elapsed());
    assert_eq!(film(&studio), expected);
    store.restart();
    assert_eq!(shared(&studio, store.port, &[]).workers(), 0);
    assert_null(store.port, &expected);
}

#[test]
fn a_front_that_is_killed_while_it_gives_goes_on_giving_when_run_again() {
    let Some(store) = Store::start() else { return };
    let proxy = Proxy::before(store.port);
    let expected = expected();
    // Killed with nothing given, with artifacts but no records given, and in between.
    for (stalled, after) in [("PUT", 0), ("PUT", 5), ("PUT /films/studio/records", 0)] {
        let studio = Studio::with(TINY);
        proxy.forget();
        proxy.set(Mood::Stalls(stalled, after));
        let mut front = remote(&studio, proxy.port, RENDER)
            .args(["--remote-patience", "300"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(front.stdout.take().unwrap()).lines().map_while(Result::ok);
        assert!(lines.any(|line| line.contains("\"published\"")), "the film does not wait for the store");
        std::thread::sleep(Duration::from_millis(300));
        assert!(front.try_wait().unwrap().is_none(), "{stalled}: it waits until all is given");
        front.kill().unwrap();
        front.wait().unwrap();
        proxy.set(Mood::Fair);
        assert!(
            !store.names().iter().any(|name| name.contains("/records/")),
            "no record before its artifacts"
        );
        assert_eq!(shared(&studio, proxy.port, &[]).workers(), 0);
        assert_eq!(film(&studio), expected);
        assert_null(proxy.port, &expected);
        store.empty();
    }
}

#[test]
fn a_silent_server_costs_a_bounded_time() {
    let Some(store) = Store::start() else { return };
    let proxy = Proxy::before(store.port);
    let one = Studio::with(TINY);
    shared(&one, store.port, &[]);
    let expected = film(&one);
    // From the start; when artifacts are brought; when they are given.
    for (stalled, edit) in [("HTTP", false), ("GET /films/studio/blobs", false), ("PUT", true)] {
        proxy.set(Mood::Stalls(stalled, 0));
        let studio = fresh();
        if edit {
            studio.edit("seed: 3", "seed: 4");
        }
        let began = Instant::now();
        let render = shared(&studio, proxy.port, &["--remote-patience", "2"]);
        assert!(began.elapsed() < PATIENT, "{stalled}: {:?}", began.elapsed());
        let told = render.ran.err.matches("goes on without it").count();
        assert_eq!(told, 1, "{stalled}: {}", render.ran.err);
        if !edit {
            assert_eq!(film(&studio), expected, "{stalled}");
        }
        println!("silent at {stalled}: {:.1} s", began.elapsed().as_secs_f64());
    }
}

#[test]
fn a_store_that_is_silent_for_longer_than_a_step_may_be_costs_the_step_and_not_the_run() {
    let Some(store) = Store::start() else { return };
    let proxy = Proxy::before(store.port);
    shared(&Studio::with(TINY), store.port, &[]);
    let two = fresh();
    two.edit("camera: pan left", "camera: pan right");
    proxy.set(Mood::Stalls("GET /films/studio/blobs", 0));
    // The worker has made the edited shot when what else is needed does not come.
    let limits = ["--patience", "3", "--tries", "2", "--remote-patience", "100", "--remote-wait", "1"];
    let args = [&["render", "film.yaml", "--devices", "cpu:1"], &limits[..]].concat();
    let began = Instant::now();
    let ran = Ran::of(remote(&two, proxy.port, &args).output().unwrap());
    assert!(began.elapsed() < PATIENT, "{:?} {}", began.elapsed(), ran.err);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(ran.err.contains("made no progress for 3 s"), "{}", ran.err);
    proxy.set(Mood::Fair);
    shared(&two, proxy.port, &[]);
}

#[test]
fn transfers_that_are_cut_leave_nothing_and_cost_no_byte() {
    let Some(store) = Store::start() else { return };
    let proxy = Proxy::before(store.port);
    let one = Studio::with(TINY);
    shared(&one, store.port, &[]);
    let expected = film(&one);
    for cut in ["GET /films/studio/blobs", "GET /films/studio/records"] {
        proxy.set(Mood::Cuts(cut, 100));
        let two = fresh();
        let began = Instant::now();
        let render = shared(&two, proxy.port, &["--remote-patience", "2"]);
        assert!(began.elapsed() < PATIENT, "{cut}: {:?}", began.elapsed());
        assert!(proxy.heard(cut) && render.workers() > 0);
        assert_eq!(film(&two), expected, "{cut}");
    }
}

#[test]
fn a_server_that_forbids_is_done_without_and_no_secret_is_told() {
    let Some(store) = Store::start() else { return };
    let proxy = Proxy::before(store.port);
    let expected = expected();
    for (forbidden, said, pushed) in [
        ("HTTP", "goes on without it", "403 Forbidden"),
        ("PUT", "nothing is given", "could not be given to the remote cache: it forbids this"),
    ] {
        proxy.set(Mood::Forbids(forbidden));
        let studio = Studio::with(TINY);
        let render = shared(&studio, proxy.port, &["--verbose"]);
        assert!(render.ran.err.contains(said), "{}", render.ran.err);
        assert_eq!(film(&studio), expected);
        let doctor = Ran::of(remote(&studio, proxy.port, &["doctor"]).output().unwrap());
        assert!(doctor.out.contains("s3://films/studio"), "{}", doctor.out);
        assert!(!format!("{}{}", doctor.out, doctor.err).contains(KEY));
        let push = Ran::of(remote(&studio, proxy.port, &["cache", "push"]).output().unwrap());
        let told = format!("{}{}", push.out, push.err);
        assert_eq!(push.code, 1, "{told}");
        assert!(told.contains(pushed) && !told.contains(KEY) && !told.contains(SECRET), "{told}");
    }
    assert!(store.names().is_empty());
}

#[test]
fn large_artifacts_go_in_parts() {
    let Some(store) = Store::start() else { return };
    let proxy = Proxy::before(store.port);
    let (one, two) = (Studio::with(TINY), Studio::with(TINY));
    let movs = ["--movs", "--size", "1920x1080", "--shots", "wood.path"];
    shared(&one, proxy.port, &movs);
    let large = store.blobs().into_iter().filter(|name| store.get(name).len() > 8 << 20).count();
    assert!(large > 0 && proxy.heard("uploadId="), "{large}");
    assert_eq!(shared(&two, proxy.port, &movs).ran_nodes(), Vec::<String>::new());
    let out = |studio: &Studio| digests(&studio.path("out"));
    assert_eq!(out(&two), out(&one));
}

#[test]
fn a_folder_serves_as_well_and_push_and_pull_fill_it() {
    let share = tempfile::tempdir().unwrap();
    let url = format!("file://{}", share.path().display());
    let with = |studio: &Studio, args: &[&str]| {
        let mut all = args.to_vec();
        all.extend(["--remote-cache", &url]);
        studio.run(&all)
    };
    let one = Studio::with(TINY);
    one.rendered(&[]);
    let size = with(&one, &["cache", "size"]);
    assert!(size.out.contains("remote file://") && size.out.contains(" 0 records"), "{}", size.out);
    let push = with(&one, &["cache", "push"]);
    assert_eq!(push.code, 0, "{}{}", push.out, push.err);
    let two = fresh();
    let pull = with(&two, &["cache", "pull"]);
    assert_eq!(pull.code, 0, "{}{}", pull.out, pull.err);
    let blobs = |studio: &Studio| digests(&studio.path(".storyreel/cache/blobs"));
    assert_eq!(blobs(&one), blobs(&two));
    assert_eq!(two.rendered_without_worker(&[]).workers(), 0);
    assert_eq!(film(&two), film(&one));

    let three = fresh();
    let render = three.rendered_without_worker(&["--remote-cache", &url]);
    assert_eq!((render.workers(), film(&three)), (0, film(&one)));
    fs::remove_dir_all(share.path()).unwrap();
    let gone = Studio::with(TINY).rendered(&["--remote-cache", &url]);
    assert!(gone.ran.err.contains("is not there"), "{}", gone.ran.err);
    assert!(!share.path().exists(), "no folder is made where a share should be");
    assert_eq!(with(&one, &["cache", "push"]).code, 1);
}

#[test]
fn what_was_collected_and_made_again_is_given_too() {
    let share = tempfile::tempdir().unwrap();
    let url = format!("file://{}", share.path().display());
    let with = |studio: &Studio, args: &[&str]| studio.run(&[args, &["--remote-cache", &url][..]].concat());
    let one = Studio::with(TINY);
    one.rendered(&[]);
    assert_eq!(one.run(&["cache", "gc", "--keep", "0"]).code, 0);
    // The records of what was collected are known to the store before the artifacts are made again.
    let known = with(&one, &["cache", "push"]);
    assert!(known.out.contains("0 bytes given"), "{}{}", known.out, known.err);
    let empty = with(&fresh(), &["cache", "pull"]);
    assert_eq!(empty.code, 0, "{}{}", empty.out, empty.err);
    assert!(empty.out.contains("it never had"), "{}", empty.out);
    one.edit("camera: pan left", "camera: pan right");
    one.rendered(&[]);
    let push = with(&one, &["cache", "push"]);
    assert_eq!(push.code, 0, "{}{}", push.out, push.err);

    let two = fresh();
    two.edit("camera: pan left", "camera: pan right");
    let pull = with(&two, &["cache", "pull"]);
    assert_eq!(pull.code, 0, "{}{}", pull.out, pull.err);
    assert!(!pull.err.contains("warning"), "{}", pull.err);
    let blobs = |studio: &Studio| digests(&studio.path(".storyreel/cache/blobs"));
    assert_eq!(blobs(&one), blobs(&two));
    assert_eq!(two.rendered_without_worker(&[]).workers(), 0);
    assert_eq!(film(&two), film(&one));
}

#[test]
fn what_was_collected_is_given_once_a_render_with_the_store_has_made_it() {
    let share = tempfile::tempdir().unwrap();
    let url = format!("file://{}", share.path().display());
    let one = Studio::with(TINY);
    one.rendered(&[]);
    assert_eq!(one.run(&["cache", "gc", "--keep", "0"]).code, 0);
    one.edit("camera: pan left", "camera: pan right");
    one.rendered(&["--remote-cache", &url]);
    let two = fresh();
    two.edit("camera: pan left", "camera: pan right");
    let render = two.rendered_without_worker(&["--remote-cache", &url]);
    assert_eq!((render.workers(), film(&two)), (0, film(&one)));
}

#[test]
fn only_the_user_names_a_remote() {
    let studio = Studio::with(TINY);
    for url in ["http://example.com/cache", "s3:///folder", "films", "s3://key:secret@films/a", "file:///"] {
        let ran = studio.run(&["render", "film.yaml", "--remote-cache", url]);
        assert_eq!(ran.code, 3, "{url}: {}", ran.err);
        assert!(!ran.err.contains("secret"), "{}", ran.err);
    }
    assert_eq!(studio.run(&["cache", "push"]).code, 3);
    studio.write("storyreel.toml", "remote-cache = 's3://films/a'\n");
    let ran = studio.run(&["render", "film.yaml"]);
    assert!(ran.code != 0 && ran.err.contains("remote-cache"), "{}", ran.err);
    fs::remove_file(studio.path("storyreel.toml")).unwrap();
    studio.edit("title: Tiny", "title: Tiny\nremote-cache: s3://films/a");
    assert_eq!(studio.run(&["check", "film.yaml"]).code, 2, "a storyboard has no such key");
}
