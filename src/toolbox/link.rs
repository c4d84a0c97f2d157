//! One worker, asked a question or two outside a run: what libraries it has, what a file is.
//!
//! Synchronous on purpose: a null render must not start a runtime for it.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use anyhow::{Context, anyhow};
use std::collections::BTreeMap;
use storyreel_engine::run::protocol::{PROTOCOL, ToFront, ToWorker, unfit};
use storyreel_engine::world::MediaFacts;

/// A worker that does not answer within this time is taken for hung.
const PATIENCE: Duration = Duration::from_secs(30);

/// A worker process.
pub struct Link {
    child: Child,
    stdin: ChildStdin,
    answers: Receiver<ToFront>,
    libraries: BTreeMap<String, String>,
    requests: u64,
}

impl Link {
    /// Starts `program`.
    pub fn start(program: &Path, cache: &Path) -> anyhow::Result<Self> {
        let mut child = Command::new(program)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot start the worker {}", program.display()))?;
        let stdin = child.stdin.take().context("the worker has no input")?;
        let stdout = child.stdout.take().context("the worker has no output")?;
        let (sender, answers) = mpsc::channel();
        std::thread::Builder::new().name("worker-answers".into()).spawn(move || {
            let lines = BufReader::new(stdout).lines().map_while(Result::ok);
            // A line that is no message, like a front that went away, ends the talk.
            for message in lines.map_while(|line| serde_json::from_str(&line).ok()) {
                if sender.send(message).is_err() {
                    break;
                }
            }
        })?;
        let mut link = Self { child, stdin, answers, libraries: BTreeMap::new(), requests: 0 };
        link.say(&ToWorker::Hello {
            protocol: PROTOCOL,
            cache: cache.to_owned(),
            device: "cpu:0".into(),
            threads: 1,
            memory: None,
            tools: BTreeMap::new(),
        })?;
        let refuse = |reason: String| anyhow!("the worker `{}` cannot be used: {reason}", program.display());
        let first = link.next().map_err(|error| refuse(error.to_string()))?;
        if let Some(reason) = unfit(&first) {
            return Err(refuse(reason));
        }
        match first {
            ToFront::Ready { libraries, .. } => link.libraries = libraries,
            other => return Err(refuse(format!("it does not introduce itself: {other:?}"))),
        }
        Ok(link)
    }

    /// Versions of the libraries in it.
    pub fn libraries(&self) -> &BTreeMap<String, String> {
        &self.libraries
    }

    /// The shared libraries that it has loaded, sorted.
    pub fn loaded(&self) -> Vec<PathBuf> {
        let maps = fs::read_to_string(format!("/proc/{}/maps", self.child.id())).unwrap_or_default();
        let mut loaded: Vec<PathBuf> =
            maps.lines().filter_map(|line| line.find('/').map(|at| PathBuf::from(&line[at..]))).collect();
        loaded.retain(|path| path.to_string_lossy().contains(".so"));
        loaded.sort();
        loaded.dedup();
        loaded
    }

    /// What a file is.
    pub fn probe(&mut self, path: &Path) -> anyhow::Result<Result<MediaFacts, String>> {
        self.requests += 1;
        let request = self.requests;
        self.say(&ToWorker::Probe { request, path: path.to_owned() })?;
        loop {
            match self.next()? {
                ToFront::Probed { request: answered, facts } if answered == request => return Ok(facts),
                _ => {}
            }
        }
    }

    fn say(&mut self, message: &ToWorker) -> anyhow::Result<()> {
        let mut line = serde_json::to_string(message)?;
        line.push('\n');
        self.stdin.write_all(line.as_bytes()).context("the worker does not listen")
    }

    fn next(&self) -> anyhow::Result<ToFront> {
        loop {
            let message =
                self.answers.recv_timeout(PATIENCE).map_err(|_| anyhow!("the worker does not answer"))?;
            if !matches!(message, ToFront::Log { .. }) {
                return Ok(message);
            }
        }
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        // Gone already is as good as killed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
