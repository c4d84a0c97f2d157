//! The same graph for `ninja`: as many nodes in the same shape, all made, so that it has nothing to do.
//!
//! Per shot a chain `generate` -> `edit` -> `encode` and two `effects`; per scene a `join` of its shots' segments; for
//! the film `mix` over all effects, `soundtrack`, `mux` and `sheet`. Every node is one build statement with one output
//! that is really there, empty; all of a shot's first nodes take the storyboard as input.

use std::fmt::Write;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::filled::output;
use crate::film::{SCENE, nodes};

/// What ninja says when there is nothing to do.
const NOTHING: &str = "ninja: no work to do.";

/// A folder in which ninja has made everything.
pub struct Ninja {
    folder: tempfile::TempDir,
}

impl Ninja {
    /// Writes the graph and has ninja make all of it, by `touch`.
    pub fn with(shots: usize) -> Self {
        let ninja = Self { folder: tempfile::tempdir().unwrap() };
        fs::write(ninja.path("film.yaml"), "").unwrap();
        fs::write(ninja.path("build.ninja"), graph(shots)).unwrap();
        output(&mut ninja.command(&[]));
        assert!(ninja.has_nothing_to_do());
        ninja
    }

    fn path(&self, inside: &str) -> PathBuf {
        self.folder.path().join(inside)
    }

    /// ninja in that folder.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new("ninja");
        command.current_dir(self.folder.path()).args(args).stdin(Stdio::null());
        command
    }

    /// Whether another run makes nothing.
    pub fn has_nothing_to_do(&self) -> bool {
        output(&mut self.command(&["-n"])).contains(NOTHING)
    }
}

fn graph(shots: usize) -> String {
    let mut text = String::from("rule make\n  command = touch $out\n");
    let mut make = |made: &str, from: &str| {
        let _ = writeln!(text, "build {made}: make {from}");
    };
    let (mut joins, mut segments, mut effects) = (String::new(), String::new(), String::new());
    for scene in 0..shots / SCENE {
        let mut cores = String::new();
        for shot in scene * SCENE..(scene + 1) * SCENE {
            make(&format!("generate{shot}"), "film.yaml");
            make(&format!("edit{shot}"), &format!("generate{shot}"));
            make(&format!("encode{shot}"), &format!("edit{shot}"));
            for effect in ["surf", "wind"] {
                make(&format!("{effect}{shot}"), "film.yaml");
                let _ = write!(effects, " {effect}{shot}");
            }
            let _ = write!(cores, " encode{shot}");
        }
        make(&format!("join{scene}"), &cores);
        let _ = write!(joins, " join{scene}");
        segments.push_str(&cores);
    }
    make("mix", &effects);
    make("soundtrack", "mix");
    make("mux", &format!("{joins} soundtrack mix"));
    make("sheet", &segments);
    text
}

#[test]
fn ninja_has_as_many_nodes_and_nothing_to_do_until_something_changes() {
    let ninja = Ninja::with(20);
    assert_eq!(graph(20).lines().filter(|line| line.starts_with("build ")).count(), nodes(20));
    fs::remove_file(ninja.path("mux")).unwrap();
    assert!(!ninja.has_nothing_to_do());
}
