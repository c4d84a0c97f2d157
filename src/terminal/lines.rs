//! The view where no terminal is: a line a finished job, and how far the whole is.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::bars::time_left;
use super::{Ink, Outcome, Paint, View, clock, span};

/// The lines.
pub struct Lines {
    paint: Paint,
    names: BTreeMap<u64, String>,
    started: Instant,
    steps: (usize, usize),
    work: (u64, u64),
}

impl Lines {
    /// Nothing said yet.
    pub fn new(paint: Paint) -> Self {
        Self { paint, names: BTreeMap::new(), started: Instant::now(), steps: (0, 0), work: (0, 0) }
    }

    #[expect(clippy::print_stderr, reason = "the view's one way out")]
    fn line(&self, text: &str) {
        eprintln!("{text}");
    }

    fn place(&self) -> String {
        let width = self.steps.1.to_string().len();
        format!("[{:>width$}/{}]", self.steps.0, self.steps.1)
    }
}

impl View for Lines {
    fn begin(&mut self, job: u64, kind: &str, label: &str) {
        self.names.insert(job, format!("{kind} {label}"));
    }

    fn advance(&mut self, _: u64, _: u64, _: u64, _: &str) {}

    fn end(&mut self, job: u64, outcome: Outcome<'_>) {
        let name = self.names.remove(&job).unwrap_or_default();
        match outcome {
            Outcome::Done(millis) => {
                self.steps.0 += 1;
                let took = span(Duration::from_millis(millis));
                let left = time_left(self.started.elapsed(), self.work)
                    .map(|left| format!(", {} left", clock(left)))
                    .unwrap_or_default();
                self.line(&format!(
                    "{} {name}  {}",
                    self.place(),
                    self.paint.with(Ink::Faint, format!("{took}{left}"))
                ));
            }
            Outcome::Failed(why, again) => {
                let mark = if again { "again" } else { "failed" };
                self.line(&format!("{} {} {name}: {why}", self.place(), self.paint.with(Ink::Bad, mark)));
            }
        }
    }

    fn overall(&mut self, steps: (usize, usize), work: (u64, u64)) {
        self.steps = steps;
        self.work = work;
    }

    fn note(&mut self, text: &str) {
        self.line(text);
    }

    fn close(&mut self) {}
}
