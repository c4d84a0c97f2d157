//! Who hears of a run: people or programs, and the trace.

use storyreel_engine::run::{EventLine, Reporter, Trace};

use crate::cli::{Events, Render};
use crate::output::tell;
use crate::terminal::{Paint, Teller};

/// All who hear.
pub struct Reporters {
    told: Told,
    trace: Option<Trace>,
}

enum Told {
    People(Teller),
    Programs,
}

impl Reporters {
    /// As the command line asks.
    pub fn new(args: &Render, paint: Paint, verbose: bool) -> Self {
        let told = match args.events {
            Events::Text => Told::People(Teller::new(paint, verbose)),
            Events::Json => Told::Programs,
        };
        Self { told, trace: args.trace.as_ref().map(|_| Trace::default()) }
    }

    /// Whether people read along.
    pub fn to_people(&self) -> bool {
        matches!(self.told, Told::People(_))
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
