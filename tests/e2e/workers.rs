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
    let pids = std::fs::read_to_string(studio.path("pids")).unwrap();
    for pid in pids.lines() {
        assert!(!std::path::Path::new("/proc").join(pid).exists(), "{pid} lives on");
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
    let studio = bad("sleep 600 & exit 3");
    let (code, text) = render(&studio);
    assert!(matches!(code, Some(1 | 4)), "{code:?} {text}");
    assert!(text.contains("exit code 3"), "{text}");
}

#[test]
fn a_render_goes_on_when_nobody_reads_what_it_says() {
    let studio = Studio::with(TINY);
    let shell = format!("'{}' render film.yaml --devices cpu:1 2>/dev/full", env!("CARGO_BIN_EXE_storyreel"));
    let status = std::process::Command::new("sh").current_dir(studio.path("")).args(["-c", &shell]).status();
    assert!(status.unwrap().success());
    assert!(studio.film().is_file());
}
