//! Faulty storyboards and what each must be told: every file of `tests/storyboards/faulty` says in
//! its comments which mistakes are expected where, and nothing else may be found.
//!
//! ```text
//! place: clif   # error[E0105] `clif`: did you mean `cliff`?
//! ```
//!
//! The code, the exact text that is marked (optional), and a part of message, label or help. A
//! comment on a line of its own speaks of the next line. Several follow each other with `# `.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use storyreel_engine::storyboard::types::FileId;
use storyreel_engine::storyboard::{Code, Diagnostic, Reading, read, render};
use storyreel_engine::units::{Digest, Rate, Size};
use storyreel_engine::world::{DiskWorld, MediaFacts, MemoryWorld, NoMemo};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/storyboards")
}

/// The engine knows no media: `clip.mp4` is four seconds of footage, stills are what their headers say, and
/// everything else is nothing.
fn probe(path: &Path) -> Result<MediaFacts, String> {
    if let Ok(size) = imagesize::size(path) {
        let side = |side: usize| u32::try_from(side).unwrap();
        return Ok(MediaFacts::Still { size: Size { width: side(size.width), height: side(size.height) } });
    }
    if path.file_name().is_some_and(|name| name == "clip.mp4") {
        let rate = Rate::new(24, 1).unwrap();
        return Ok(MediaFacts::Footage {
            size: Size { width: 64, height: 36 },
            rate,
            frames: 96,
            sound: true,
        });
    }
    Err("it is of no known kind".into())
}

fn read_disk(path: &Path) -> Reading {
    read_beside(path, &[])
}

fn read_beside(path: &Path, readable: &[PathBuf]) -> Reading {
    let tools = |tool: storyreel_engine::world::Tool| Some(Digest::of(format!("{tool:?}").as_bytes()));
    let world =
        DiskWorld::open(path.parent().unwrap(), readable, Box::new(probe), Arc::new(NoMemo), Box::new(tools))
            .unwrap();
    read(path, &[], &world)
}

#[derive(Debug)]
struct Expected {
    file: FileId,
    line: usize,
    code: String,
    marked: Option<String>,
    words: String,
}

/// `error[E0105] \`clif\`: words` after a `# `.
fn parse_expected(comment: &str) -> Option<(String, Option<String>, String)> {
    let rest = comment.strip_prefix("error[").or(comment.strip_prefix("warning["))?;
    let (code, rest) = rest.split_once(']')?;
    let (marked, words) = match rest.strip_prefix(" `") {
        Some(rest) => rest.split_once("`: ").map(|(marked, words)| (Some(marked.to_owned()), words))?,
        None => (None, rest.strip_prefix(": ")?),
    };
    Some((code.to_owned(), marked, words.trim().to_owned()))
}

fn expected(reading: &Reading) -> Vec<Expected> {
    let mut all = Vec::new();
    for (file, source) in reading.sources.iter() {
        for (at, line) in source.text.lines().enumerate() {
            let parts: Vec<_> = line.split("# ").collect();
            let alone = parts[0].trim().is_empty();
            for (code, marked, words) in parts[1..].iter().filter_map(|part| parse_expected(part)) {
                all.push(Expected { file, line: at + 1 + usize::from(alone), code, marked, words });
            }
        }
    }
    all
}

fn fits(expected: &Expected, found: &Diagnostic, reading: &Reading) -> bool {
    let start = reading.sources.start(found.span);
    // What is wrong with a file as a whole stands at its first character.
    let line = start.line == expected.line || (found.span.start == 0 && found.span.end == 0);
    let told = format!("{} {} {}", found.message, found.label, found.help.as_deref().unwrap_or_default());
    found.span.file == expected.file
        && line
        && found.code.id() == expected.code
        && expected.marked.as_deref().is_none_or(|marked| marked == reading.sources.slice(found.span))
        && told.contains(&expected.words)
}

fn complaints(path: &Path, reading: &Reading) -> Vec<String> {
    let name = path.file_name().unwrap().to_string_lossy();
    let mut left: Vec<_> = reading.diagnostics.iter().collect();
    let mut complaints = Vec::new();
    for expected in expected(reading) {
        match left.iter().position(|found| fits(&expected, found, reading)) {
            Some(at) => {
                left.remove(at);
            }
            None => complaints.push(format!("{name}: not told: {expected:?}")),
        }
    }
    for found in left {
        let place = render::place(found.span, &reading.sources);
        let marked = reading.sources.slice(found.span);
        complaints.push(format!(
            "{place}: not expected: {}[{}] `{marked}`: {} ({:?})",
            found.severity(),
            found.code,
            found.message,
            found.help
        ));
    }
    complaints
}

fn yaml_files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    let name = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
    // A takes file is read with the storyboard that it lies beside.
    files.retain(|path| name(path).ends_with(".yaml") && !name(path).ends_with(".takes.yaml"));
    files.sort();
    files
}

#[test]
fn faulty_storyboards_are_told_exactly_their_mistakes() {
    let files = yaml_files(&folder().join("faulty"));
    assert!(files.len() >= 60, "only {} faulty storyboards", files.len());
    let mut codes = BTreeSet::new();
    let mut wrong = Vec::new();
    for path in &files {
        let reading = read_disk(path);
        wrong.extend(complaints(path, &reading));
        assert!(!reading.diagnostics.is_empty(), "{} is not faulty", path.display());
        assert_eq!(reading.storyboard.is_none(), reading.failed(), "{}", path.display());
        codes.extend(reading.diagnostics.iter().map(|diagnostic| diagnostic.code));
        assert!(!render::graphical(&reading.diagnostics, &reading.sources, 100, true).is_empty());
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    let never: Vec<_> = Code::ALL.iter().filter(|code| !codes.contains(code)).map(|code| code.id()).collect();
    let elsewhere: Vec<_> = ELSEWHERE.iter().map(|(code, _)| *code).collect();
    assert_eq!(never, elsewhere, "codes that no faulty storyboard shows");
}

/// Codes whose mistakes need special files or a model, and the tests that make them: in this file; in those of
/// `check`, where it takes a model to know; in those of `lua/`, where it takes a script.
const ELSEWHERE: [(&str, &str); 19] = [
    ("E0001", "files_that_are_no_storyboards_are_refused_before_they_are_read"),
    ("E0002", "files_that_are_no_storyboards_are_refused_before_they_are_read"),
    ("E0003", "files_that_are_no_storyboards_are_refused_before_they_are_read"),
    ("E0007", "files_that_are_no_storyboards_are_refused_before_they_are_read"),
    ("E0020", "a_storyboard_includes_at_most_64_files"),
    ("E0021", "what_is_too_much_is_refused_in_words"),
    ("E0022", "what_is_too_much_is_refused_in_words"),
    ("E0225", "edits_that_cannot_be_made_are_told_at_once_where_they_are_written"),
    ("E0501", "every_code_of_scripts_is_told"),
    ("E0502", "every_code_of_scripts_is_told"),
    ("E0503", "every_code_of_scripts_is_told"),
    ("E0504", "every_code_of_scripts_is_told"),
    ("E0505", "every_code_of_scripts_is_told"),
    ("E0506", "every_code_of_scripts_is_told"),
    ("E0507", "every_code_of_scripts_is_told"),
    ("E0508", "every_code_of_scripts_is_told"),
    ("E0509", "every_code_of_scripts_is_told"),
    ("E0510", "every_code_of_scripts_is_told"),
    ("W0008", "every_code_of_scripts_is_told"),
];

#[test]
fn codes_tested_elsewhere_are_tested_there() {
    let files = [
        include_str!("faulty.rs"),
        include_str!("../../../tests/e2e/check.rs"),
        include_str!("../../../lua/tests/lua/nodes.rs"),
    ];
    let tests: Vec<_> = files.iter().flat_map(|file| file.split("#[test]")).collect();
    for (code, name) in ELSEWHERE {
        let head = format!("fn {name}()");
        let test = tests.iter().find(|test| test.trim_start().starts_with(&head));
        let asserts = format!("\"{code}\"");
        assert!(test.is_some_and(|test| test.contains(&asserts)), "{name} does not show {code}");
    }
}

#[test]
fn good_storyboards_have_no_mistakes() {
    for path in yaml_files(&folder().join("good")) {
        let reading = read_disk(&path);
        let told = render::graphical(&reading.diagnostics, &reading.sources, 100, false);
        assert!(reading.diagnostics.is_empty(), "{}\n{told}", path.display());
        assert!(reading.storyboard.is_some());
    }
}

#[test]
fn ten_mistakes_come_at_once() {
    let reading = read_disk(&folder().join("faulty/ten-mistakes.yaml"));
    assert!(reading.diagnostics.len() >= 10, "{}", reading.diagnostics.len());
}

/// The only mistake of a reading, as its code.
fn only(reading: &Reading) -> &'static str {
    let codes: Vec<_> = reading.diagnostics.iter().map(|diagnostic| diagnostic.code.id()).collect();
    assert_eq!(codes.len(), 1, "{:?}", reading.diagnostics);
    assert!(reading.storyboard.is_none());
    codes[0]
}

const GOOD: &str = "storyboard: 1\nscenes:\n  - scene: cliff\n    shots:\n      - {shot: wide, still: PICTURE, duration: 6s}\n";

#[test]
fn files_that_are_no_storyboards_are_refused_before_they_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("film.yaml");
    assert_eq!(only(&read_disk(&path)), "E0001");

    fs::File::create(&path).unwrap().set_len(100 << 20).unwrap();
    let before = std::time::Instant::now();
    assert_eq!(only(&read_disk(&path)), "E0002");
    assert!(before.elapsed().as_millis() < 500);

    fs::write(&path, b"storyboard: 1\ntitle: Caf\xe9\n").unwrap();
    let reading = read_disk(&path);
    assert_eq!(only(&reading), "E0003");
    assert!(reading.diagnostics[0].message.contains("byte 24"), "{}", reading.diagnostics[0].message);

    assert!(reading.diagnostics[0].message.contains("line 2, column 11"), "{:?}", reading.diagnostics);

    fs::write(&path, b"\xff\xfes\0t\0o\0r\0y\0").unwrap();
    let reading = read_disk(&path);
    assert_eq!(only(&reading), "E0003");
    assert!(reading.diagnostics[0].message.contains("UTF-16"), "{:?}", reading.diagnostics);

    fs::write(&path, format!("storyboard: 1\nlook: [{}]\n", "x,".repeat(1_100_000))).unwrap();
    assert_eq!(only(&read_disk(&path)), "E0007");

    fs::remove_file(&path).unwrap();
    rustix::fs::mknodat(rustix::fs::CWD, &path, rustix::fs::FileType::Fifo, rustix::fs::Mode::RUSR, 0)
        .unwrap();
    assert_eq!(only(&read_disk(&path)), "E0303");
}

fn in_memory(text: &str) -> Reading {
    MemoryWorld::new().read(text)
}

#[test]
fn what_is_too_much_is_refused_in_words() {
    let long = GOOD.replace("still: PICTURE", &format!("action: {}", "waves ".repeat(20_000)));
    assert_eq!(only(&in_memory(&long)), "E0021");

    let many = "${x} ".repeat(100);
    let shots: String =
        (0..100).map(|shot| format!("      - {{shot: s{shot}, duration: 1s, action: '{many}'}}\n")).collect();
    let wide = "wave ".repeat(200);
    let text = format!("storyboard: 1\nvars: {{x: '{wide}'}}\nscenes:\n  - scene: a\n    shots:\n{shots}");
    let reading = in_memory(&text);
    let told: Vec<_> = reading.diagnostics.iter().filter(|one| one.message.contains("4 MB")).collect();
    assert_eq!(told.len(), 1, "{:?}", reading.diagnostics.first());

    let shots: String =
        (0..25_001).map(|shot| format!("      - {{shot: s{shot}, duration: 1s, action: waves}}\n")).collect();
    let text = format!("storyboard: 1\nscenes:\n  - scene: a\n    shots:\n{shots}");
    assert_eq!(only(&in_memory(&text)), "E0022");
}

#[test]
fn keys_that_variables_make_equal_are_told() {
    let text = GOOD.replace("still: PICTURE", "action: waves").replace(
        "scenes:",
        "vars: {who: mara}\ncharacters:\n  mara: {description: a keeper}\n  ${who}: {description: a cook}\nscenes:",
    );
    let reading = in_memory(&text);
    let codes: Vec<_> = reading.diagnostics.iter().map(|one| one.code.id()).collect();
    assert!(codes.contains(&"E0008"), "{:?}", reading.diagnostics);
}

#[test]
fn mistakes_are_shown_safely_however_many_and_however_long_the_line() {
    let long = format!("storyboard: 1\ntitle: {}\nfilm: {{{}, sze: 1}}\n", "x", "fps: 24, ".repeat(20_000));
    let reading = in_memory(&long);
    let shown = render::graphical(&reading.diagnostics, &reading.sources, 100, false);
    assert!(shown.contains("and ") && shown.ends_with(" more\n"), "{}", &shown[shown.len() - 200..]);
    assert!(shown.len() < 400_000, "{} bytes", shown.len());
    let told = serde_json::to_value(render::json(&reading.diagnostics, &reading.sources)).unwrap();
    assert_eq!(told["diagnostics"].as_array().map(Vec::len), Some(1000));
    assert!(told["more"].as_u64() > Some(18_000), "{}", told["more"]);

    let far = format!("storyboard: 1\nlook: {{{} sze: 1}}\n", " ".repeat(70_000));
    let reading = in_memory(&far);
    let shown = render::graphical(&reading.diagnostics, &reading.sources, 100, false);
    assert!(shown.contains("sze") && shown.contains(":2:"), "{shown}");

    let hidden = "storyboard: 1\n\"\\e[31mred\": 1\ntitle: \"safe\u{202e}\"\n";
    let reading = in_memory(hidden);
    let codes: Vec<_> = reading.diagnostics.iter().map(|one| one.code.id()).collect();
    assert!(codes.contains(&"E0125"), "{:?}", reading.diagnostics);
    let shown = render::graphical(&reading.diagnostics, &reading.sources, 100, false);
    assert!(shown.contains("\\u{1b}"), "{shown}");
    assert!(!shown.contains(['\u{1b}', '\u{202e}']), "{shown}");
}

#[test]
fn nothing_outside_the_project_is_read() {
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("secret.png"), b"\x89PNG\r\n\x1a\n").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("film.yaml");
    std::os::unix::fs::symlink(outside.path().join("secret.png"), folder.path().join("link.png")).unwrap();
    std::os::unix::fs::symlink(outside.path(), folder.path().join("links")).unwrap();
    for name in ["link.png", "links/secret.png"] {
        fs::write(&path, GOOD.replace("PICTURE", name)).unwrap();
        assert_eq!(only(&read_disk(&path)), "E0302", "{name}");
    }
    fs::write(
        &path,
        "include: links/film.yaml\n".to_owned() + &GOOD.replace("still: PICTURE", "action: waves"),
    )
    .unwrap();
    fs::write(outside.path().join("film.yaml"), "look: soft\n").unwrap();
    assert_eq!(only(&read_disk(&path)), "E0302");

    let pipe = folder.path().join("pipe.png");
    rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, rustix::fs::Mode::RUSR, 0)
        .unwrap();
    fs::write(&path, GOOD.replace("PICTURE", "pipe.png")).unwrap();
    assert_eq!(only(&read_disk(&path)), "E0303");
}

#[test]
fn a_readable_folder_widens_what_may_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let (project, shared) = (folder.path().join("project"), folder.path().join("shared"));
    fs::create_dir_all(&project).unwrap();
    fs::create_dir_all(&shared).unwrap();
    fs::copy(self::folder().join("faulty/refs/mara.png"), shared.join("mara.png")).unwrap();
    let path = project.join("film.yaml");
    fs::write(&path, GOOD.replace("PICTURE", "../shared/mara.png")).unwrap();
    assert_eq!(only(&read_disk(&path)), "E0302");
    let reading = read_beside(&path, &[shared]);
    assert_eq!(reading.diagnostics, []);
    assert!(reading.storyboard.is_some());
}

#[test]
fn a_storyboard_includes_at_most_64_files() {
    let mut world = MemoryWorld::new();
    let names: Vec<_> = (0..65).map(|at| format!("c{at}.yaml")).collect();
    for name in &names {
        world = world.with(name, "look: soft\n");
    }
    let film = GOOD.replace("still: PICTURE", "action: waves");
    let reading = world.read(&format!("include: [{}]\n{film}", names.join(", ")));
    assert_eq!(only(&reading), "E0020");
}

#[test]
fn variables_come_from_outside_too() {
    let text = "storyboard: 1\nvars: {hero: Mara, long: }\ntitle: ${hero}, $${plain}\nscenes:\n  - scene: cliff\n    shots: [{shot: wide, action: waves, duration: \"${long}\"}]\n";
    let world = MemoryWorld::new().with("film.yaml", text);
    let vars = [("hero".to_owned(), "Tom".to_owned()), ("long".to_owned(), "6s".to_owned())];
    let reading = read(&MemoryWorld::path("film.yaml"), &vars, &world);
    assert_eq!(reading.diagnostics, []);
    let board = reading.storyboard.unwrap();
    assert_eq!(board.title.unwrap().value, "Tom, ${plain}");
    assert!(board.scenes[0].shots[0].duration.is_some());
}

mod mutations {
    use proptest::prelude::*;

    use super::*;

    fn good() -> String {
        fs::read_to_string(folder().join("good/keeper.yaml")).unwrap()
    }

    fn check(text: &[u8]) {
        let world = MemoryWorld::new().with("film.yaml", text);
        let reading = read(&MemoryWorld::path("film.yaml"), &[], &world);
        assert_eq!(reading.storyboard.is_none(), reading.failed());
        for (_, source) in reading.sources.iter() {
            for found in &reading.diagnostics {
                assert!(
                    found.span.file.0 > 0
                        || source.text.get(found.span.start as usize..found.span.end as usize).is_some()
                );
            }
        }
        render::graphical(&reading.diagnostics, &reading.sources, 80, false);
        serde_json::to_string(&render::json(&reading.diagnostics, &reading.sources)).unwrap();
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            check(&bytes);
        }

        #[test]
        fn random_text_never_panics(text in "[a-z:\\-{}\\[\\]\"'#&*!|>%@$ \n\t0-9é]{0,300}") {
            check(text.as_bytes());
        }

        #[test]
        fn a_mutated_storyboard_never_panics(
            cuts in prop::collection::vec((any::<prop::sample::Index>(), 0..12_usize, "[ -~\n\\té]{0,6}"), 1..6),
        ) {
            let mut text: Vec<char> = good().chars().collect();
            for (at, length, insert) in cuts {
                let start = at.index(text.len());
                let end = (start + length).min(text.len());
                text.splice(start..end, insert.chars());
            }
            check(text.into_iter().collect::<String>().as_bytes());
        }
    }
}
