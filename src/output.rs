//! What goes to standard output, and beside it to standard error. A reader that closes the output early (`| head`)
//! ends the program quietly.

use std::fmt::Arguments;
use std::io::{self, ErrorKind, Write};

/// Writes one line.
pub fn say(text: Arguments<'_>) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => std::process::exit(0),
        done => Ok(done?),
    }
}

/// Writes one line for people beside the output.
pub fn note(text: &str) {
    aside(&format!("{text}\n"));
}

/// Writes text for people beside the output. Where nobody reads it any more, or its disk is full, the work goes on.
pub fn aside(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// Writes one line of a stream of events. A reader that went away does not stop a render.
pub fn tell(line: &str) {
    let mut out = io::stdout().lock();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}
