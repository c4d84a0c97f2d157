//! A run told to people: the engine's events turned into what a view shows.

use std::collections::{BTreeMap, BTreeSet};
use std::io::IsTerminal;

use storyreel_engine::graph::{StepId, named};
use storyreel_engine::run::DeviceId;
use storyreel_engine::run::event::{Event, EventLine, Reporter};
use storyreel_engine::run::protocol::Failure;
use storyreel_engine::storyboard::render::visible;

use super::bars::Bars;
use super::lines::Lines;
use super::work::{Whole, Work};
use super::{Ink, Paint};

/// What both views are told. Jobs are told apart by their step.
pub(super) trait View {
    /// A job begins.
    fn begin(&mut self, step: StepId, name: &str);
    /// It has come this far; `total` is 0 where that is not known.
    fn advance(&mut self, step: StepId, done: u64, total: u64, phase: &str);
    /// It is over, well or not.
    fn end(&mut self, step: StepId);
    /// A step's result is there: how long it took, if it had to be made.
    fn done(&mut self, name: &str, millis: Option<u64>);
    /// Where the whole is.
    fn overall(&mut self, whole: Whole);
    /// Something worth a line of its own.
    fn note(&mut self, text: &str);
    /// Nothing more comes.
    fn close(&mut self);
}

/// Tells people of a run: the engine's events as bars or lines on standard error.
pub struct Teller {
    view: Box<dyn View>,
    paint: Paint,
    verbose: bool,
    work: Work,
    running: BTreeMap<StepId, Running>,
    /// A worker's death, until the next event shows whether a step's account tells of it.
    died: Option<(DeviceId, String)>,
    /// The help that was told.
    helped: BTreeSet<String>,
}

/// A running job's estimated work in milliseconds, and the share of it that is done, in thousandths.
struct Running {
    name: String,
    kind: String,
    device: DeviceId,
    work: u64,
    share: u64,
}

impl Teller {
    /// Bars on a terminal, lines elsewhere.
    pub fn new(paint: Paint, verbose: bool) -> Self {
        let bars = std::io::stderr().is_terminal() && std::env::var_os("CI").is_none();
        let view: Box<dyn View> = if bars { Box::new(Bars::new(paint)) } else { Box::new(Lines::new(paint)) };
        Self {
            view,
            paint,
            verbose,
            work: Work::default(),
            running: BTreeMap::new(),
            died: None,
            helped: BTreeSet::new(),
        }
    }

    /// What workers say holds names of files and words of the storyboard.
    fn note(&mut self, ink: Ink, mark: &str, text: &str) {
        let mark = self.paint.with(ink, mark);
        self.view.note(&format!("  {mark}  {}", visible(text)));
    }

    fn overall(&mut self) {
        let running = self.running.values().map(|job| (job.kind.as_str(), job.work * job.share / 1000));
        self.view.overall(self.work.whole(running));
    }

    /// A job is over, well or not; how much work it was estimated to be.
    fn end(&mut self, step: StepId) -> Option<u64> {
        self.view.end(step);
        self.running.remove(&step).map(|job| job.work)
    }

    /// Tells of a worker's death, unless a step's account that comes with it does.
    fn told_death(&mut self, next: &Event) {
        let Some((device, reason)) = self.died.take() else { return };
        let account = match next {
            Event::Retry { reason, .. } => reason,
            Event::NodeFailed { failure, .. } => &failure.message,
            _ => "",
        };
        if !account.contains(&reason) {
            self.note(Ink::Warn, "died  ", &format!("the worker on {device}: {reason}"));
        }
    }

    fn failed(&mut self, name: &str, failure: &Failure) {
        self.note(Ink::Bad, "failed", &format!("{name}: {}", failure.message));
        if let Some(parameter) = &failure.parameter {
            self.note(Ink::Faint, "      ", &format!("because of its {parameter}"));
        }
        // What helps many is told once.
        if let Some(help) = failure.help.as_ref().filter(|help| self.helped.insert((*help).clone())) {
            self.note(Ink::Faint, "help  ", help);
        }
    }
}

/// What a step is called.
fn name(kind: &str, label: &str) -> String {
    named(&visible(label), kind)
}

impl Reporter for Teller {
    fn event(&mut self, line: &EventLine) {
        self.told_death(&line.event);
        match &line.event {
            Event::PlanReady { kinds, .. } => {
                self.work = Work::of(kinds);
                self.overall();
            }
            Event::NodeStarted { step, label, kind, device, estimate_millis, .. } => {
                let name = name(kind, label);
                self.view.begin(*step, &name);
                let (kind, device, work) = (kind.clone(), *device, *estimate_millis);
                self.running.insert(*step, Running { name, kind, device, work, share: 0 });
            }
            Event::Progress { step, done, total, phase, .. } => {
                if let Some(job) = self.running.get_mut(step) {
                    job.share = (1000 * done).checked_div(*total).unwrap_or(0).min(1000);
                }
                self.view.advance(*step, *done, *total, &visible(phase));
                self.overall();
            }
            Event::NodeDone { step, label, kind, device, millis, .. } => {
                let estimated = self.end(*step);
                match device {
                    Some(_) => self.work.done(kind, estimated, *millis),
                    None => self.work.dropped(kind, estimated),
                }
                self.overall();
                self.view.done(&name(kind, label), device.map(|_| *millis));
            }
            Event::NodeFailed { step, label, kind, device, failure } => {
                let place = device.map_or_else(String::new, |device| format!(" on {device}"));
                let estimated = self.end(*step);
                self.failed(&format!("{}{place}", name(kind, label)), failure);
                self.work.dropped(kind, estimated);
                self.overall();
            }
            Event::NodeSkipped { label, kind, because, .. } => {
                self.note(Ink::Faint, "skip  ", &format!("{}, which needs {because}", name(kind, label)));
                self.work.dropped(kind, None);
                self.overall();
            }
            Event::Retry { step, label, reason, how, after_millis, .. } => {
                let job = self.running.get(step).map(|job| format!("{} on {}", job.name, job.device));
                let name = job.unwrap_or_else(|| label.clone());
                self.end(*step);
                let wait = match after_millis {
                    0..1000 => String::new(),
                    wait => format!(", in {} s", wait / 1000),
                };
                self.note(Ink::Warn, "again ", &format!("{name}: {reason}; {how}{wait}"));
            }
            Event::Differs { label, kept_first, .. } => {
                let which = if *kept_first { "the earlier one counts" } else { "the earlier one is gone" };
                self.note(
                    Ink::Warn,
                    "differs",
                    &format!("{label} is not what an earlier run made of the same; {which}"),
                );
            }
            Event::WorkerDied { device, reason } => self.died = Some((*device, reason.clone())),
            Event::Waiting { reason, limit_millis } => {
                let limit = limit_millis / 1000;
                self.note(Ink::Warn, "waits ", &format!("{reason}; the run waits up to {limit} s for it"));
            }
            Event::Resumed { .. } => self.note(Ink::Warn, "on    ", "it is back; the run goes on"),
            Event::Stopping => {
                self.note(Ink::Warn, "stop  ", "stopping; what is finished is kept; again to stop at once")
            }
            Event::Log { device, text } if self.verbose => {
                let from = device.map_or_else(|| "front".to_owned(), |device| device.to_string());
                self.note(Ink::Faint, "log   ", &format!("{from}: {text}"));
            }
            Event::Finished { .. } => self.view.close(),
            Event::WorkerStarted { .. } | Event::Published { .. } | Event::Log { .. } => {}
        }
    }

    fn tick(&mut self) {
        self.overall();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Keeps what it is told.
    #[derive(Clone, Default)]
    struct Kept(std::rc::Rc<std::cell::RefCell<Vec<String>>>);

    impl View for Kept {
        fn begin(&mut self, _: StepId, name: &str) {
            self.note(name);
        }
        fn advance(&mut self, _: StepId, _: u64, _: u64, phase: &str) {
            self.note(phase);
        }
        fn end(&mut self, _: StepId) {}
        fn done(&mut self, name: &str, _: Option<u64>) {
            self.note(name);
        }
        fn overall(&mut self, _: Whole) {}
        fn note(&mut self, text: &str) {
            self.0.borrow_mut().push(text.to_owned());
        }
        fn close(&mut self) {}
    }

    #[test]
    fn nothing_unseen_of_a_worker_reaches_the_terminal() {
        let kept = Kept::default();
        let mut teller = Teller {
            view: Box::new(kept.clone()),
            paint: Paint::new(false),
            verbose: true,
            work: Work::default(),
            running: BTreeMap::new(),
            died: None,
            helped: BTreeSet::new(),
        };
        let odd = || "sea\u{1b}[2J \u{202e}4pm.mov".to_owned();
        let step = StepId(storyreel_engine::units::Digest::of(b"step"));
        let failure = Failure::permanent(odd()).parameter(odd()).help(odd());
        for event in [
            Event::NodeFailed { step, label: odd(), kind: "encode".into(), device: None, failure },
            Event::Log { device: None, text: odd() },
        ] {
            teller.event(&EventLine { version: 1, at: 0, event });
        }
        let told = kept.0.borrow().join("\n");
        assert_eq!(told.matches("sea\\u{1b}[2J \\u{202e}4pm.mov").count(), 5, "{told}");
        assert!(!told.contains(storyreel_engine::storyboard::render::unseen), "{told}");
    }

    #[test]
    fn a_workers_death_is_told_once() {
        let kept = Kept::default();
        let mut teller = Teller {
            view: Box::new(kept.clone()),
            paint: Paint::new(false),
            verbose: false,
            work: Work::default(),
            running: BTreeMap::new(),
            died: None,
            helped: BTreeSet::new(),
        };
        let step = StepId(storyreel_engine::units::Digest::of(b"step"));
        let device = DeviceId::Cpu(1);
        let died = |reason: &str| Event::WorkerDied { device, reason: reason.into() };
        let (label, kind) = ("sea.wide core".to_owned(), "encode".to_owned());
        let retry = Event::Retry {
            step,
            label: label.clone(),
            attempt: 2,
            reason: "its worker process crashed (signal 6): no such stem".into(),
            how: "the same again".into(),
            after_millis: 2000,
        };
        let begun = Event::NodeStarted { step, label, kind, device, attempt: 1, estimate_millis: 1 };
        for event in
            [begun, died("crashed (signal 6): no such stem"), retry, died("ended unasked"), Event::Stopping]
        {
            teller.event(&EventLine { version: 1, at: 0, event });
        }
        let told = kept.0.borrow().join("\n");
        let again = "again   sea.wide core encode on cpu:1: its worker process crashed (signal 6): no such stem; the same again, in 2 s";
        assert!(told.contains(again), "{told}");
        assert_eq!(told.matches("crashed").count(), 1, "{told}");
        assert!(told.contains("died    the worker on cpu:1: ended unasked"), "{told}");
    }
}
