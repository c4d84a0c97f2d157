//! Workers that do not do as workers do: that close their output, say what is no text, or leave others behind that
//! hold their pipes. A render ends or goes on within its patience, whatever they do, and nothing of them stays.

use std::time::{Duration, Instant};

use crate::studio::{Studio, TINY};

/// A worker that runs `script`, for which the real one is `$worker`.
fn bad(script: &str) -> Studio {
    let studio = Studio::with(TINY);
    let real = std::path::Path::new(env!("CARGO_BIN_EXE_storyreel")).with_file_name("storyreel-worker");
    studio.write_program("bad-worker", &format!("#!/bin/sh\nworker='{}'\n{script}\n", real.display()));
    studio
}

/// Renders with it; the exit code, and what was said.
fn render(studio: &Studio) -> (Option<i32>, String) {
    // One step, of which nobody needs to be asked before.
    let what = ["--stills", "--shots", "sea.wide"];
    let args = [&["render", "film.yaml", "--devices", "cpu:1", "--patience", "3", "--tries", "2"], &what[..]]
        .concat();
    let mut command = studio.command(&args);
    let began = Instant::now();
    let output = command.env("STORYREEL_WORKER", studio.path("bad-worker")).output().unwrap();
    let text =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(began.elapsed() < Duration::from_secs(100), "{text}");
    (output.status.code(), text)
}

#[test]
fn a_worker_that_closes_its_output_and_lives_on_is_stopped() {
    let studio = bad("echo $$ >>pids; exec >&-; exec sleep 600");
    let (code, text) = render(&studio);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("closed its output and was stopped (tried 2 times)"), "{text}");
    nothing_stays(&studio);
}

/// That none of the processes lives whose numbers were noted.
fn nothing_stays(studio: &Studio) {
    let pids = std::fs::read_to_string(studio.path("pids")).unwrap();
    assert!(!pids.is_empty());
    for pid in pids.lines() {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        // One that has ended may wait for whoever has come to be its parent.
        assert!(stat.is_empty() || stat.contains(") Z "), "{pid} lives on: {stat}");
    }
}

#[test]
fn what_is_no_text_is_a_line_like_any_other() {
    let studio = bad("printf '\\377\\376 noise\\n'; exec \"$worker\"");
    let (code, text) = render(&studio);
    assert_eq!(code, Some(0), "{text}");
}

#[test]
fn a_worker_that_leaves_another_behind_with_its_pipe_is_seen_to_have_ended() {
    let studio = bad("sleep 600 & echo $! >>pids; exit 3");
    let (code, text) = render(&studio);
    assert_eq!(code, Some(4), "{text}");
    assert!(text.contains("exit code 3"), "{text}");
    nothing_stays(&studio);
}

#[test]
fn one_left_behind_that_talks_on_holds_nothing_up() {
    let studio = bad("setsid sh -c 'for i in $(seq 300); do echo x; sleep .1; done' & exit 3");
    let (code, text) = render(&studio);
    assert_eq!(code, Some(4), "{text}");
    assert!(text.contains("exit code 3"), "{text}");
}

#[test]
fn a_worker_that_ends_right_after_its_greeting_is_tried_again() {
    let once = "[ $# -gt 0 ] && exec \"$worker\" \"$@\"; [ -f been ] && exec \"$worker\"; touch been";
    let studio = bad(&format!("{once}; head -n 1 | \"$worker\"; exit 1"));
    let (code, text) = render(&studio);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("exit code 1"), "{text}");
}

#[test]
fn a_render_goes_on_when_nobody_reads_what_it_says() {
    let studio = Studio::with(TINY);
    let shell = format!("'{}' render film.yaml --devices cpu:1 2>/dev/full", env!("CARGO_BIN_EXE_storyreel"));
    let status = std::process::Command::new("sh").current_dir(studio.path("")).args(["-c", &shell]).status();
    assert!(status.unwrap().success());
    assert!(studio.film().is_file());
}
