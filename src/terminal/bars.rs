//! The view on a terminal: a bar a running job, and one for the whole with the time left.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{Ink, Outcome, Paint, View, clock};

/// Full, the eight heads, empty.
const BAR: &str = "━╸ ";
const LABEL: usize = 34;

/// The bars.
pub struct Bars {
    paint: Paint,
    all: MultiProgress,
    whole: ProgressBar,
    jobs: BTreeMap<u64, Job>,
    started: Instant,
}

struct Job {
    bar: ProgressBar,
    started: Instant,
    name: String,
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
    fn begin(&mut self, job: u64, kind: &str, label: &str) {
        let bar = self.all.insert_before(&self.whole, ProgressBar::new(1));
        bar.set_style(style(self.paint, "  {prefix}  {bar:22.busy/faint}  {msg}"));
        let name = format!("{kind:<10} {label}");
        bar.set_prefix(fit(&name, LABEL));
        bar.tick();
        self.jobs.insert(job, Job { bar, started: Instant::now(), name });
    }

    fn advance(&mut self, job: u64, done: u64, total: u64, phase: &str) {
        let Some(job) = self.jobs.get(&job) else { return };
        job.bar.set_length(total.max(1));
        job.bar.set_position(done.min(total.max(1)));
        job.bar.set_message(self.paint.with(Ink::Faint, told(done, total, phase, job.started.elapsed())));
    }

    fn end(&mut self, job: u64, outcome: Outcome<'_>) {
        let Some(job) = self.jobs.remove(&job) else { return };
        job.bar.finish_and_clear();
        self.all.remove(&job.bar);
        if let Outcome::Failed(why, again) = outcome {
            let mark = if again {
                self.paint.with(Ink::Warn, "again ")
            } else {
                self.paint.with(Ink::Bad, "failed")
            };
            self.note(&format!("  {mark}  {}: {why}", job.name));
        }
    }

    fn overall(&mut self, steps: (usize, usize), work: (u64, u64)) {
        self.whole.set_length(work.1.max(1));
        self.whole.set_position(work.0.min(work.1));
        let left = time_left(self.started.elapsed(), work)
            .map(|left| format!("   {} left", clock(left)))
            .unwrap_or_default();
        let share = 100 * work.0 / work.1.max(1);
        self.whole.set_message(format!("{} of {} steps   {share} %{left}", steps.0, steps.1));
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

/// By the share of the estimated work that is done; nothing is said before it means something.
pub(super) fn time_left(elapsed: Duration, work: (u64, u64)) -> Option<Duration> {
    let (done, total) = work;
    if done == 0 || elapsed < Duration::from_secs(1) || done * 50 < total {
        return None;
    }
    Some(elapsed.mul_f64(total.saturating_sub(done) as f64 / done as f64))
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
        .progress_chars(BAR)
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

    #[test]
    fn the_time_left_is_told_once_it_means_something() {
        let seconds = Duration::from_secs;
        assert_eq!(time_left(seconds(10), (0, 100)), None);
        assert_eq!(time_left(seconds(10), (25, 100)), Some(seconds(30)));
    }
}
