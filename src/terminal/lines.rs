//! The view where no terminal is: a line a finished job, and how far the whole is.

use std::time::{Duration, Instant};

use storyreel_engine::graph::StepId;

use super::teller::View;
use super::work::Whole;
use super::{Ink, Paint, clock, span};
use crate::output::note;

/// The lines.
pub struct Lines {
    paint: Paint,
    started: Instant,
    whole: Whole,
}

impl Lines {
    /// Nothing said yet.
    pub fn new(paint: Paint) -> Self {
        Self { paint, started: Instant::now(), whole: Whole::default() }
    }
}

impl View for Lines {
    fn begin(&mut self, _: StepId, _: &str) {}

    fn advance(&mut self, _: StepId, _: u64, _: u64, _: &str) {}

    fn end(&mut self, _: StepId) {}

    fn done(&mut self, name: &str, millis: Option<u64>) {
        let width = self.whole.steps.to_string().len();
        let place = format!("[{:>width$}/{}]", self.whole.steps_done, self.whole.steps);
        let took =
            millis.map_or_else(|| "as before".to_owned(), |millis| span(Duration::from_millis(millis)));
        let left = self.whole.time_left(self.started.elapsed());
        let left = left.map(|left| format!(", {} left", clock(left))).unwrap_or_default();
        self.note(&format!("{place} {name}  {}", self.paint.with(Ink::Faint, format!("{took}{left}"))));
    }

    fn overall(&mut self, whole: Whole) {
        self.whole = whole;
    }

    fn note(&mut self, text: &str) {
        note(text);
    }

    fn close(&mut self) {}
}
