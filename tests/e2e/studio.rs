//! A project in a folder of its own, and ways to run the binary in it.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// Three shots, two scenes, two seconds: everything that a film has, small.
pub const TINY: &str = r#"storyboard: 1
title: Tiny
film: {size: 320x180, fps: 24}
seed: 3
characters:
  ida: {description: "a girl in a yellow raincoat", voice: {pitch: high}}
scenes:
  - scene: sea
    setting: dawn
    shots:
      - shot: wide
        action: waves roll in, gulls circle
        camera: push in
        duration: 1s
        sound: surf
      - shot: ida
        action: "@ida looks out to sea"
        camera: static
        duration: 1s
        dialogue:
          - ida: Hi.
    transition: {dissolve: 6f}
  - scene: wood
    setting: noon in a forest
    shots:
      - shot: path
        action: a path between tall trees
        camera: pan left
        duration: 1s
score:
  - {cue: theme, prompt: "solo piano, slow", from: start, to: end}
"#;

/// In the environment: the program that the studio's worker goes on as, where it is not the real one.
pub const REAL_WORKER: &str = "REAL_WORKER";

/// A project's folder.
pub struct Studio {
    folder: TempDir,
}

/// What a command did.
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Studio {
    /// A folder with `film.yaml`.
    pub fn with(film: &str) -> Self {
        let studio = Self { folder: tempfile::tempdir().expect("a folder") };
        studio.write("film.yaml", film);
        studio.write_worker("worker");
        studio
    }

    /// A worker that leaves a line in `worker-starts` whenever it is started.
    pub fn write_worker(&self, name: &str) {
        let real = Path::new(env!("CARGO_BIN_EXE_storyreel")).with_file_name("storyreel-worker");
        let starts = self.path("worker-starts");
        let script = format!(
            "#!/bin/sh\necho $$ >>'{}'\nexec \"${{{REAL_WORKER}:-{}}}\"\n",
            starts.display(),
            real.display()
        );
        self.write_program(name, &script);
    }

    /// A program in the studio's folder.
    pub fn write_program(&self, name: &str, script: &str) {
        self.write(name, script);
        fs::set_permissions(self.path(name), fs::Permissions::from_mode(0o755)).expect("made executable");
    }

    /// How often a worker was started, to render or to be asked.
    pub fn worker_starts(&self) -> usize {
        fs::read_to_string(self.path("worker-starts")).map_or(0, |text| text.lines().count())
    }

    pub fn path(&self, inside: &str) -> PathBuf {
        self.folder.path().join(inside)
    }

    pub fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).expect("written");
    }

    /// The storyboard with one text in place of another, which must be in it.
    pub fn edit(&self, from: &str, to: &str) {
        let text = fs::read_to_string(self.path("film.yaml")).expect("the storyboard");
        assert!(text.contains(from), "`{from}` is not in the storyboard");
        self.write("film.yaml", &text.replacen(from, to, 1));
    }

    /// The binary in this folder, with nothing of the caller's settings.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_storyreel"));
        command.current_dir(self.folder.path()).args(args).stdin(Stdio::null());
        let set = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
        let ours = |name: &String| ["STORYREEL_", "AWS_"].iter().any(|start| name.starts_with(start));
        for name in set.filter(ours).chain(["NO_COLOR", "HTTP_PROXY", "http_proxy"].map(str::to_owned)) {
            command.env_remove(name);
        }
        command.env("STORYREEL_WORKER", self.path("worker"));
        command
    }

    pub fn run(&self, args: &[&str]) -> Ran {
        Ran::of(self.command(args).output().expect("it starts"))
    }

    /// Renders `film.yaml` and hears every event.
    pub fn render(&self, more: &[&str]) -> Render {
        let mut args = vec!["render", "film.yaml", "--events", "json"];
        args.extend(more);
        Render::of(self.run(&args))
    }

    /// The same, which must go well.
    pub fn rendered(&self, more: &[&str]) -> Render {
        let render = self.render(more);
        assert_eq!(render.ran.code, 0, "{}\n{}", render.ran.out, render.ran.err);
        render
    }

    /// A render that starts no worker, neither to work nor to be asked.
    pub fn rendered_without_worker(&self, more: &[&str]) -> Render {
        let before = self.worker_starts();
        let render = self.rendered(more);
        assert_eq!(self.worker_starts(), before, "a worker was started");
        render
    }

    pub fn film(&self) -> PathBuf {
        self.path("out/film/latest/film.mp4")
    }
}

impl Ran {
    pub fn of(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out)
            .unwrap_or_else(|error| panic!("{error} in:\n{}\n{}", self.out, self.err))
    }
}

/// A render and its events.
pub struct Render {
    pub ran: Ran,
    pub events: Vec<Value>,
}

impl Render {
    pub fn of(ran: Ran) -> Self {
        let parse =
            |line: &str| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error} in: {line}"));
        let events = ran.out.lines().map(parse).collect();
        Self { ran, events }
    }

    /// Events of that kind.
    pub fn all<'a>(&'a self, is: &'a str) -> impl Iterator<Item = &'a Value> {
        self.events.iter().map(|line| &line["event"]).filter(move |event| event["is"] == is)
    }

    /// `kind label` of every node that a worker ran, sorted.
    pub fn ran_nodes(&self) -> Vec<String> {
        let name = |event: &Value| {
            format!("{} {}", event["kind"].as_str().unwrap(), event["label"].as_str().unwrap())
        };
        let mut names: Vec<String> =
            self.all("node-done").filter(|event| !event["device"].is_null()).map(name).collect();
        names.sort();
        names
    }

    pub fn workers(&self) -> usize {
        self.all("worker-started").count()
    }
}

/// Every file under a folder with its bytes' digest, by its path within; links are followed. What the
/// program keeps for itself (a manifest with file times, a lock) is left out.
pub fn digests(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if !matches!(entry.file_name().to_str(), Some(".manifest.json" | ".lock")) {
                let name = path.strip_prefix(folder).expect("inside").display().to_string();
                found.insert(name, blake3::hash(&fs::read(&path).expect("a file")).to_string());
            }
        }
    }
    found
}

/// What ffprobe says of a file.
pub fn ffprobe(file: &Path) -> Value {
    let output = Command::new("ffprobe")
        .args(["-v", "error", "-show_format", "-show_streams", "-show_chapters", "-of", "json"])
        .arg(file)
        .output()
        .expect("ffprobe is installed");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// Neither the cache nor the outputs keep anything unfinished.
pub fn assert_nothing_unfinished(cache: &Path, out: &Path, what: &str) {
    let left = unfinished(cache, out);
    assert!(left.is_empty(), "{what}: {left:?}");
}

/// What the cache and the outputs keep that is unfinished.
pub fn unfinished(cache: &Path, out: &Path) -> Vec<String> {
    let files = |folder: &Path| if folder.exists() { digests(folder) } else { BTreeMap::new() };
    let tmp = files(&cache.join("tmp")).into_keys().map(|name| format!("tmp/{name}"));
    let partial =
        |name: &String| name.ends_with(".partial") || name.contains("/.") || name.contains(".partial/");
    tmp.chain(files(out).into_keys().filter(partial)).collect()
}
