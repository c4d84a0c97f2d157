//! The same question again: answered by a look at what the answer came from, and never where any of it has changed.
//!
//! Every change is tried by itself, right after a render that was answered so: that is its control.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use crate::studio::{Ran, Studio, TINY, digests};

/// What a render says that was answered by looks alone.
const AGAIN: &str = "answered as before";

/// Longer than it takes for a file's looks to be trusted.
const SETTLED: Duration = Duration::from_millis(1150);

/// A film with an included cast, a reference picture behind a linked folder, and numbered images.
fn studio() -> Studio {
    let studio = Studio::with(TINY);
    studio.edit("size: 320x180", "size: 64x36");
    studio.edit(
        "characters:\n  ida: {description: \"a girl in a yellow raincoat\", voice: {pitch: high}}\n",
        "",
    );
    studio.edit("title: Tiny\n", "title: Tiny\ninclude: cast.yaml\n");
    studio.edit(
        "        camera: pan left\n        duration: 1s\n",
        "        camera: pan left\n        duration: 1s\n      - {shot: walk, source: frames/%02d.png, duration: 4f}\n",
    );
    studio.write("cast.yaml", "characters:\n  ida: {description: a girl, reference: refs/ida.png}\n");
    for folder in ["frames", "refs1", "refs2"] {
        fs::create_dir(studio.path(folder)).unwrap();
    }
    for number in 1..=4 {
        picture(&studio.path(&format!("frames/{number:02}.png")), [number * 40, 90, 90]);
    }
    picture(&studio.path("refs1/ida.png"), [240, 200, 40]);
    picture(&studio.path("refs2/ida.png"), [40, 60, 220]);
    symlink("refs1", studio.path("refs")).unwrap();
    studio
}

fn picture(path: &Path, colour: [u8; 3]) {
    image::RgbImage::from_pixel(64, 96, image::Rgb(colour)).save(path).unwrap();
}

/// Renders verbosely.
fn render(studio: &Studio) -> Ran {
    verbose(&mut studio.command(&["render", "film.yaml", "--verbose"]))
}

fn verbose(command: &mut Command) -> Ran {
    let ran = Ran::of(command.output().unwrap());
    assert_eq!(ran.code, 0, "{}", ran.err);
    ran
}

/// Renders until the same is answered by looks: the control of every change after it.
fn settle(studio: &Studio) {
    settle_with(|| render(studio));
}

fn settle_with(render: impl Fn() -> Ran) {
    render();
    sleep(SETTLED);
    render();
    let again = render();
    assert!(again.err.contains(AGAIN), "{}", again.err);
}

/// Makes a change, which must be noticed; `because` is what is said of it.
fn noticed(studio: &Studio, what: &str, because: &str, change: impl FnOnce()) {
    settle(studio);
    change();
    let ran = render(studio);
    assert!(!ran.err.contains(AGAIN), "{what}: {}", ran.err);
    assert!(because.is_empty() || ran.err.contains(&format!("{because} has changed")), "{what}: {}", ran.err);
}

/// Writes other bytes of the same number into a file and gives it back its time.
fn alter(path: &Path) {
    let time = fs::metadata(path).unwrap().modified().unwrap();
    let mut bytes = fs::read(path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(path, bytes).unwrap();
    fs::File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
}

#[test]
fn whatever_is_read_or_looked_for_is_noticed() {
    let studio = studio();
    noticed(&studio, "the storyboard", "film.yaml", || studio.edit("waves roll in", "waves burst"));
    noticed(&studio, "a comment", "film.yaml", || studio.edit("title: Tiny", "# a comment\ntitle: Tiny"));
    noticed(&studio, "an included file", "cast.yaml", || {
        studio.write("cast.yaml", "characters:\n  ida: {description: a boy, reference: refs/ida.png}\n");
    });
    noticed(&studio, "a picture of the same size and time", "refs1/ida.png", || {
        let file = studio.path("refs1/ida.png");
        let time = fs::metadata(&file).unwrap().modified().unwrap();
        picture(&file, [200, 240, 40]);
        fs::File::options().write(true).open(&file).unwrap().set_modified(time).unwrap();
    });
    noticed(&studio, "a folder that leads elsewhere", "refs/ida.png", || {
        fs::remove_file(studio.path("refs")).unwrap();
        symlink("refs2", studio.path("refs")).unwrap();
    });
    noticed(&studio, "one more numbered image", "frames", || {
        picture(&studio.path("frames/05.png"), [200, 90, 90]);
    });
    noticed(&studio, "takes that appear", "film.takes.yaml", || {
        studio.write("film.takes.yaml", "storyboard-takes: 1\nshots: {wood.path: {seed: 9}}\n");
    });
    noticed(&studio, "takes that vanish", "film.takes.yaml", || {
        fs::remove_file(studio.path("film.takes.yaml")).unwrap();
    });
    noticed(&studio, "settings that appear", "", || studio.write("storyreel.toml", "devices = 'cpu:1'\n"));
    noticed(&studio, "settings that change", "", || studio.write("storyreel.toml", "devices = 'cpu:2'\n"));
}

/// What is changed, what is said of it, and how it is done.
type Change<'a> = (&'a str, &'a str, Box<dyn Fn() + 'a>);

#[test]
fn whatever_was_handed_over_is_noticed_and_put_right() {
    let studio = studio();
    settle(&studio);
    let whole = digests(&studio.path("out"));
    let film = studio.path("out/film/v001/film.mp4");
    let latest = studio.path("out/film/latest");
    let changes: Vec<Change> = vec![
        ("deleted", "v001/film.mp4", Box::new(|| fs::remove_file(&film).unwrap())),
        (
            "truncated",
            "v001/film.mp4",
            Box::new(|| fs::File::options().write(true).open(&film).unwrap().set_len(7).unwrap()),
        ),
        ("altered", "v001/film.mp4", Box::new(|| alter(&film))),
        (
            "a stem altered",
            "stems/music.wav",
            Box::new(|| alter(&studio.path("out/film/v001/stems/music.wav"))),
        ),
        (
            "the recipe gone",
            "recipe.json",
            Box::new(|| fs::remove_file(studio.path("out/film/v001/recipe.json")).unwrap()),
        ),
        ("the link gone", "out/film", Box::new(|| fs::remove_file(&latest).unwrap())),
        (
            "the link elsewhere",
            "out/film",
            Box::new(|| {
                fs::remove_file(&latest).unwrap();
                symlink("v000", &latest).unwrap();
            }),
        ),
    ];
    for (what, because, change) in changes {
        noticed(&studio, what, because, change);
        assert_eq!(digests(&studio.path("out")), whole, "{what}");
    }
    noticed(&studio, "all of it gone", "out/film", || fs::remove_dir_all(studio.path("out")).unwrap());
    assert_eq!(digests(&studio.path("out")), whole);
}

#[test]
fn another_program_worker_or_tool_is_noticed() {
    let studio = studio();
    // A front, a worker and a SoundFont of the studio's own, to be changed.
    let front = studio.path("storyreel");
    fs::copy(env!("CARGO_BIN_EXE_storyreel"), &front).unwrap();
    let found = studio.run(&["doctor", "--json"]).json();
    let font = found.as_array().unwrap().iter().find(|one| one["what"] == "SoundFont").unwrap();
    fs::copy(font["found"].as_str().unwrap(), studio.path("own.sf2")).unwrap();
    let render = || {
        let mut command = Command::new(&front);
        command.current_dir(studio.path("")).args(["render", "film.yaml", "--verbose"]).stdin(Stdio::null());
        command.env("STORYREEL_WORKER", studio.path("worker"));
        verbose(command.env("STORYREEL_SOUNDFONT", studio.path("own.sf2")))
    };
    settle_with(render);
    let starts = studio.worker_starts();
    let text = fs::read_to_string(studio.path("worker")).unwrap();
    studio.write("worker", &(text + "\n"));
    let asked = render();
    assert_eq!(studio.worker_starts(), starts + 1, "another worker is asked: {}", asked.err);

    settle_with(render);
    append(&studio.path("own.sf2"));
    let other = render();
    assert!(!other.err.contains(AGAIN) && other.err.contains("SoundFont has changed"), "{}", other.err);

    settle_with(render);
    append(&front);
    let other = render();
    assert!(!other.err.contains(AGAIN) && other.err.contains("this program has changed"), "{}", other.err);
    settle_with(render);
}

fn append(path: &Path) {
    let mut bytes = fs::read(path).unwrap();
    bytes.extend([0, 0]);
    fs::write(path, bytes).unwrap();
}

#[test]
fn another_cache_or_another_record_is_noticed() {
    let studio = studio();
    settle(&studio);
    // Another cache knows nothing: everything is made again, and is what it was.
    let whole = digests(&studio.path("out"));
    let other = studio.render(&["--cache", "other", "--verbose"]);
    assert!(other.ran.code == 0 && other.workers() > 0, "{}", other.ran.err);
    assert_eq!(digests(&studio.path("out")), whole);

    noticed(&studio, "records of another film", "what the cache has on record", || {
        let text = fs::read_to_string(studio.path("film.yaml")).unwrap();
        studio.write("film2.yaml", &text.replace("seed: 3", "seed: 4"));
        assert_eq!(studio.run(&["render", "film2.yaml"]).code, 0);
    });
    noticed(&studio, "no records", "", || fs::remove_dir_all(studio.path(".storyreel/cache")).unwrap());
    assert_eq!(digests(&studio.path("out/film")).len(), whole.len());
}

/// The files of kept answers.
fn answers(studio: &Studio) -> Vec<PathBuf> {
    let folder = fs::read_dir(studio.path(".storyreel/cache/answers")).unwrap();
    folder.map(|entry| entry.unwrap().path()).collect()
}

#[test]
fn answers_that_are_damaged_or_foreign_are_as_good_as_none() {
    let studio = studio();
    settle(&studio);
    let sound: Vec<_> =
        answers(&studio).into_iter().map(|path| (path.clone(), fs::read(path).unwrap())).collect();
    let harm = |harm: &dyn Fn(Vec<u8>) -> Vec<u8>| {
        sound.iter().for_each(|(path, bytes)| fs::write(path, harm(bytes.clone())).unwrap());
        let ran = render(&studio);
        assert!(!ran.err.contains(AGAIN), "{}", ran.err);
    };
    harm(&|bytes| bytes[..bytes.len() / 2].to_vec());
    harm(&|_| Vec::new());
    harm(&|_| b"\xff\xfe not an answer".to_vec());
    harm(&|mut bytes| {
        let last = bytes.len() - 20;
        bytes[last] ^= 1;
        bytes
    });
    // Sound by its checksum, but of a later version, or of another question.
    let sealed =
        |json: &str| [blake3::hash(json.as_bytes()).to_string().as_bytes(), json.as_bytes()].concat();
    let text = |bytes: &[u8]| String::from_utf8(bytes[64..].to_vec()).unwrap();
    harm(&|bytes| sealed(&text(&bytes).replacen("\"version\":1", "\"version\":2", 1)));
    harm(&|bytes| sealed(&text(&bytes).replacen("\"question\":\"", "\"question\":\"0", 1)));
    settle(&studio);
    // Put back as they were, they are what they were: the control of all of the above.
    sound.iter().for_each(|(path, bytes)| fs::write(path, bytes).unwrap());
    assert!(render(&studio).err.contains(AGAIN));
}

#[test]
fn what_is_told_is_the_same_either_way() {
    let studio = studio();
    // A warning is told each time.
    studio.edit("scenes:\n", "props:\n  lamp: {description: a lamp}\nscenes:\n");
    settle(&studio);
    for args in [&["render", "film.yaml"][..], &["render", "film.yaml", "--events", "json"]] {
        fs::remove_dir_all(studio.path(".storyreel/cache/answers")).unwrap();
        let (whole, again) = (studio.run(args), studio.run(args));
        assert_eq!((whole.code, &whole.out, &whole.err), (again.code, &again.out, &again.err));
        assert!(again.err.contains("lamp"), "{}", again.err);
    }
    // A trace is written each time.
    for name in ["one.json", "two.json"] {
        assert_eq!(studio.run(&["render", "film.yaml", "--trace", name]).code, 0);
        assert!(studio.path(name).is_file());
    }
}

#[test]
fn renders_killed_at_any_moment_leave_no_wrong_answer() {
    let studio = studio();
    settle(&studio);
    for millis in (0..12).map(|number| number * 2) {
        studio.edit("seed: 3", "seed: 3 ");
        let mut killed = studio.command(&["render", "film.yaml"]).stderr(Stdio::null()).spawn().unwrap();
        sleep(Duration::from_millis(millis));
        killed.kill().unwrap();
        killed.wait().unwrap();
        let ran = studio.rendered_without_worker(&["--verbose"]);
        assert!(!ran.ran.err.contains(AGAIN), "{}", ran.ran.err);
    }
    settle(&studio);
}
