//! A command that is watched: what it tells, and that it ends in time.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

/// Longer than any command takes, even on a busy machine: what takes longer hangs.
const LIMIT: Duration = Duration::from_secs(120);

/// What it told and how it ended.
#[derive(Debug)]
pub struct Watched {
    /// The exit code; none where a signal ended it.
    pub code: Option<i32>,
    /// Lines of events.
    pub events: Vec<Value>,
    /// Standard output that is no event, and standard error.
    pub told: String,
}

/// A command on its way.
pub struct Running {
    child: Child,
    lines: std::sync::mpsc::Receiver<String>,
    errors: thread::JoinHandle<String>,
    until: Instant,
}

impl Running {
    /// Starts it.
    pub fn start(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        let (sender, lines) = channel();
        let stdout = child.stdout.take().expect("piped");
        named("lines", move || {
            let lines = BufReader::new(stdout).lines().map_while(Result::ok);
            lines.take_while(|line| sender.send(line.clone()).is_ok()).count()
        });
        let mut stderr = child.stderr.take().expect("piped");
        let errors = named("errors", move || {
            let mut bytes = Vec::new();
            let _ = stderr.read_to_end(&mut bytes);
            String::from_utf8_lossy(&bytes).into_owned()
        });
        Self { child, lines, errors, until: Instant::now() + LIMIT }
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sees every event until it ends.
    pub fn watch(mut self, mut see: impl FnMut(&Value)) -> Result<Watched, String> {
        let (mut events, mut told) = (Vec::new(), String::new());
        loop {
            let left = self.until.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left) {
                Ok(line) => match serde_json::from_str::<Value>(&line) {
                    Ok(event) if event["event"].is_object() => {
                        see(&event["event"]);
                        events.push(event["event"].clone());
                    }
                    _ => told.push_str(&(line + "\n")),
                },
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => {
                    let _ = self.child.kill();
                    let _ = self.child.wait();
                    return Err(format!(
                        "it hangs; last events: {:?}",
                        &events[events.len().saturating_sub(5)..]
                    ));
                }
            }
        }
        let status = self.child.wait().map_err(|error| error.to_string())?;
        told.push_str(&self.errors.join().unwrap_or_default());
        Ok(Watched { code: status.code(), events, told })
    }
}

fn named<T: Send + 'static>(name: &str, body: impl FnOnce() -> T + Send + 'static) -> thread::JoinHandle<T> {
    thread::Builder::new().name(name.into()).spawn(body).expect("a thread")
}

impl Watched {
    /// Events of that kind.
    pub fn all<'a>(&'a self, is: &'a str) -> impl Iterator<Item = &'a Value> {
        self.events.iter().filter(move |event| event["is"] == is)
    }
}
