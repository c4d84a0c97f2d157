//! The small commands: new, completions, explain, models, schema, and the command line's own mistakes.

use std::fs;

use crate::studio::{Studio, TINY};

#[test]
fn mistakes_on_the_command_line_have_their_own_code() {
    let studio = Studio::with(TINY);
    assert_eq!(studio.run(&["frobnicate"]).code, 3);
    assert_eq!(studio.run(&["render"]).code, 3);
    assert_eq!(studio.run(&["render", "film.yaml", "--var", "nothing"]).code, 3);
    assert_eq!(studio.run(&["--version"]).code, 0);
}

#[test]
fn completions_are_printed_for_the_shells() {
    let studio = Studio::with(TINY);
    for shell in ["bash", "zsh", "fish"] {
        let ran = studio.run(&["completions", shell]);
        assert_eq!(ran.code, 0);
        assert!(ran.out.contains("storyreel") && ran.out.contains("doctor"), "{shell}");
    }
}

#[test]
fn a_new_storyboard_has_no_mistakes_and_is_never_overwritten() {
    let studio = Studio::with(TINY);
    assert_eq!(studio.run(&["new", "films/the-long-night"]).code, 0);
    let text = fs::read_to_string(studio.path("films/the-long-night/film.yaml")).unwrap();
    assert!(text.contains("title: \"The Long Night\""), "{text}");
    let ran = studio.run(&["check", "films/the-long-night/film.yaml"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert_eq!(studio.run(&["new", "films/the-long-night"]).code, 1);
}

#[test]
fn codes_are_explained() {
    let studio = Studio::with(TINY);
    let all = studio.run(&["explain"]);
    assert_eq!(all.code, 0);
    assert!(all.out.lines().count() >= 40, "{}", all.out);
    let first = all.out.split_whitespace().next().unwrap().to_owned();
    let one = studio.run(&["explain", &first.to_lowercase()]);
    assert_eq!(one.code, 0);
    assert!(one.out.contains(&first), "{}", one.out);
    let none = studio.run(&["explain", "E9999"]);
    assert_eq!(none.code, 3, "{}", none.err);
}

#[test]
fn models_tell_what_they_understand() {
    let studio = Studio::with(TINY);
    let ran = studio.run(&["models"]);
    assert_eq!(ran.code, 0);
    for word in ["animatic", "synth", "picture", "push in", "sea"] {
        assert!(ran.out.contains(word), "`{word}` is not in:\n{}", ran.out);
    }
    assert_eq!(studio.run(&["models", "--json"]).json()[0]["name"], "animatic");
    assert_eq!(studio.run(&["models", "nobody"]).code, 3);
}

#[test]
fn schemas_are_json_schemas() {
    let studio = Studio::with(TINY);
    let schema = studio.run(&["schema"]).json();
    assert!(schema["properties"]["scenes"].is_object(), "{schema}");
    assert_eq!(studio.run(&["schema", "--write", "made"]).code, 0);
    assert!(studio.path("made/storyboard.schema.json").is_file());
}

#[test]
fn a_plan_is_for_the_devices_that_the_environment_names() {
    let studio = Studio::with(TINY);
    let plan = |devices: &str, more: &[&str]| {
        let mut command = studio.command(&["plan", "film.yaml", "--json"]);
        let output = command.args(more).env("STORYREEL_DEVICES", devices).output().unwrap();
        let plan: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        plan["totals"]["devices"].as_array().unwrap().len()
    };
    assert_eq!([plan("cpu:1", &[]), plan("cpu:3", &[])], [1, 3]);
    assert_eq!(plan("cpu:3", &["--devices", "cpu:2"]), 2, "an option is nearer");
}

#[test]
fn a_plan_estimates_disk_for_what_is_not_made_yet() {
    let plan = Studio::with(TINY).run(&["plan", "film.yaml", "--json"]).json();
    assert!(plan["totals"]["disk"].as_u64().unwrap() > 0, "{}", plan["totals"]);
    let nodes = plan["nodes"].as_array().unwrap();
    for kind in ["encode", "extend", "mux"] {
        let mut of_kind = nodes.iter().filter(|node| node["kind"].as_str().unwrap().starts_with(kind));
        assert!(of_kind.all(|node| node["disk"].as_u64() > Some(0)), "{kind}");
    }
}

#[test]
fn verbose_names_the_files_that_are_read() {
    let studio = Studio::with(TINY);
    let still = studio.run(&["render", "film.yaml", "--stills", "--shots", "sea.wide"]);
    assert_eq!(still.code, 0, "{}", still.err);
    let png = studio.path("out/film-part-stills/latest/stills/001_sea_wide.png");
    fs::copy(png, studio.path("wood.png")).unwrap();
    studio.edit("action: a path between tall trees", "still: wood.png");
    for command in ["check", "plan"] {
        assert!(!studio.run(&[command, "film.yaml"]).err.contains("read "));
        let told = studio.run(&[command, "film.yaml", "--verbose"]).err;
        assert!(told.contains("read film.yaml"), "{told}");
        assert!(command == "check" || told.contains("read wood.png"), "{told}");
    }
}
