//! The view on a terminal: a bar a running job, and one for the whole with the time left.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use storyreel_engine::graph::StepId;

use super::teller::View;
use super::work::Whole;
use super::{Ink, Paint, clock};

/// Done, its end, to do; without colours the two must differ in shape.
const BAR: &str = "━╸━";
const PLAIN_BAR: &str = "━╸─";
/// Columns of a job's name.
const LABEL: usize = 34;

/// The bars.
pub struct Bars {
    paint: Paint,
    all: MultiProgress,
    whole: ProgressBar,
    jobs: BTreeMap<StepId, Job>,
    started: Instant,
}

struct Job {
    bar: ProgressBar,
    started: Instant,
}

impl Bars {
    /// No bar yet.
    pub fn new(paint: Paint) -> Self {
        let all = MultiProgress::with_draw_target(ProgressDrawTarget::stderr_with_hz(12));
        let whole = all.add(ProgressBar::new(0));
        whole.set_style(style(paint, "  {bar:34.good/faint}  {msg}"));
        Self { paint, all, whole, jobs: BTreeMap::new(), started: Instant::now() }
    }
}

impl View for Bars {
    fn begin(&mut self, step: StepId, name: &str) {
        let bar = self.all.insert_before(&self.whole, ProgressBar::new(1));
        bar.set_style(style(self.paint, "  {prefix}  {bar:22.busy/faint}  {msg}"));
        bar.set_prefix(fit(name, LABEL));
        bar.set_message(self.paint.with(Ink::Faint, "starting"));
        bar.tick();
        self.jobs.insert(step, Job { bar, started: Instant::now() });
    }

    fn advance(&mut self, step: StepId, done: u64, total: u64, phase: &str) {
        let Some(job) = self.jobs.get(&step) else { return };
        job.bar.set_length(total.max(1));
        job.bar.set_position(done.min(total));
        job.bar.set_message(self.paint.with(Ink::Faint, told(done, total, phase, job.started.elapsed())));
    }

    fn end(&mut self, step: StepId) {
        if let Some(job) = self.jobs.remove(&step) {
            job.bar.finish_and_clear();
            self.all.remove(&job.bar);
        }
    }

    fn done(&mut self, _: &str, _: Option<u64>) {}

    fn overall(&mut self, whole: Whole) {
        self.whole.set_length(whole.work.max(1));
        self.whole.set_position(whole.work_done.min(whole.work));
        let elapsed = self.started.elapsed();
        let left = whole.time_left(elapsed).map(|left| format!(", {} left", clock(left))).unwrap_or_default();
        self.whole.set_message(format!(
            "{} of {} steps   {} %   {}{left}",
            whole.steps_done,
            whole.steps,
            whole.percent(),
            clock(elapsed)
        ));
    }

    fn note(&mut self, text: &str) {
        // Where the terminal is gone there is nobody to read it.
        let _ = self.all.println(text);
    }

    fn close(&mut self) {
        for job in std::mem::take(&mut self.jobs).into_values() {
            job.bar.finish_and_clear();
        }
        self.whole.finish_and_clear();
        let _ = self.all.clear();
    }
}

/// `84/144 pictures  42/s`.
fn told(done: u64, total: u64, phase: &str, elapsed: Duration) -> String {
    let rate = done as f64 / elapsed.as_secs_f64().max(0.001);
    match (phase, total) {
        (_, 0) => phase.to_owned(),
        ("draw" | "encode", _) => format!("{done}/{total} pictures  {rate:.0}/s"),
        _ => format!("{phase} {} %", 100 * done / total),
    }
}

/// `text` in exactly `width` columns.
fn fit(text: &str, width: usize) -> String {
    let length = text.chars().count();
    if length <= width {
        return format!("{text:<width$}");
    }
    let kept: String = text.chars().take(width - 1).collect();
    format!("{kept}…")
}

fn style(paint: Paint, template: &str) -> ProgressStyle {
    let colours = if paint.on() { ("green", "cyan", "black.bright") } else { ("white", "white", "white") };
    let template = template.replace("good", colours.0).replace("busy", colours.1).replace("faint", colours.2);
    let template = if paint.on() { template } else { strip_colours(&template) };
    ProgressStyle::with_template(&template)
        .unwrap_or_else(|_| ProgressStyle::default_bar())
        .progress_chars(if paint.on() { BAR } else { PLAIN_BAR })
}

fn strip_colours(template: &str) -> String {
    template.replace(".white/white", "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_take_their_columns() {
        assert_eq!(fit("mix film", 10), "mix film  ");
        assert_eq!(fit("encode cliff.wide", 10), "encode cl…");
    }
}
