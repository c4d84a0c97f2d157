//! Who hears of a run: people or programs, and the trace.

use std::collections::BTreeMap;

use storyreel_engine::publish::Published;
use storyreel_engine::run::event::EVENTS;
use storyreel_engine::run::{Event, EventLine, Reporter, RunReport, Totals, Trace};

use crate::cli::{Events, Render};
use crate::compiled::Compiled;
use crate::output::{note, tell};
use crate::summary;
use crate::terminal::{Paint, Teller};

/// All who hear.
pub struct Reporters {
    told: Told,
    paint: Paint,
    trace: Option<Trace>,
}

enum Told {
    People(Teller),
    Programs,
}

impl Reporters {
    /// As the command line asks.
    pub fn new(args: &Render, paint: Paint) -> Self {
        let told = match args.events {
            Events::Text => Told::People(Teller::new(paint, args.source.verbose)),
            Events::Json => Told::Programs,
        };
        Self { told, paint, trace: args.trace.as_ref().map(|_| Trace::default()) }
    }

    /// A line for people.
    pub fn note(&self, text: &str) {
        note(text);
    }

    /// A run that need not begin, as programs expect one.
    pub fn nothing_to_do(&mut self) {
        let finished = Event::Finished {
            ran: 0,
            reused: 0,
            failed: 0,
            skipped: 0,
            cancelled: false,
            millis: 0,
            memory: 0,
        };
        for event in [Event::PlanReady { totals: Totals::default(), kinds: BTreeMap::new() }, finished] {
            self.event(&EventLine { version: EVENTS, at: 0, event });
        }
    }

    /// A run that did not make all it should.
    pub fn failed(&self, report: &RunReport) {
        let (failed, skipped) = (report.failed.len(), report.skipped.len());
        self.note(&format!(
            "{failed} failed, {skipped} could not run because of that; what is finished is kept, and the same command \
             goes on from there"
        ));
        if report.failed.iter().any(|one| one.kind == "encode") {
            self.note("--slate-missing makes the film with a marked slate in place of such shots");
        }
    }

    /// Whether people hear of it.
    pub fn people(&self) -> bool {
        matches!(self.told, Told::People(_))
    }

    /// What people are told at the end; nothing where programs listen.
    pub fn summary(
        &self,
        compiled: &Compiled,
        published: &Published,
        report: Option<&RunReport>,
    ) -> Vec<String> {
        if self.people() { summary::lines(compiled, published, report, self.paint) } else { Vec::new() }
    }

    /// The film is there; `lines` are its summary.
    pub fn published(&mut self, lines: &[String], published: &Published, report: Option<&RunReport>) {
        let at = report.map_or(0, |report| report.elapsed.as_micros() as u64);
        let event = Event::Published {
            version: published.version,
            folder: published.path.clone(),
            changed: published.changed,
        };
        self.event(&EventLine { version: EVENTS, at, event });
        for line in lines {
            self.note(line);
        }
    }

    /// The trace so far.
    pub fn trace(&mut self) -> Option<Trace> {
        self.trace.take()
    }
}

impl Reporter for Reporters {
    fn event(&mut self, line: &EventLine) {
        if let Some(trace) = &mut self.trace {
            trace.add(line);
        }
        match &mut self.told {
            Told::People(teller) => teller.event(line),
            Told::Programs => {
                if let Ok(text) = serde_json::to_string(line) {
                    tell(&text);
                }
            }
        }
    }

    fn tick(&mut self) {
        if let Told::People(teller) = &mut self.told {
            teller.tick();
        }
    }
}
