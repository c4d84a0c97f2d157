//! `storyreel render`: from a storyboard to a folder with a film in it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use storyreel_engine::cache::Cache;
use storyreel_engine::compile::film::Film;
use storyreel_engine::graph::NodeIndex;
use storyreel_engine::run::preflight::{self, Estimate};
use storyreel_engine::run::{Device, Interrupts, Request, RunReport, WorkerCommand, run as run_graph};
use storyreel_engine::units::Frames;

use crate::cli::{self, Color, Events};
use crate::compiled::Compiled;
use crate::desk::Desk;
use crate::exit::{Exit, Refusal};
use crate::reporter::Reporters;
use crate::state::State;
use crate::summary;
use crate::terminal::{self, Paint};

/// A worker that has a job and is silent for this long is taken for hung.
const PATIENCE: Duration = Duration::from_secs(120);

/// Renders.
pub fn run(args: &cli::Render, color: Color, verbose: bool) -> anyhow::Result<Exit> {
    let paint = terminal::paint(color);
    let desk = Desk::open(&args.source, &args.places)?;
    let compiled = Compiled::new(&desk, &args.source, &args.cut, paint)?;
    let mut cache = Cache::open(&desk.project.cache)?;
    let mut job = Job { args, paint, verbose, desk: &desk, cache: &mut cache, devices: desk.devices(args.devices.as_deref())? };
    job.render(compiled)
}

/// A render on its way.
struct Job<'a> {
    args: &'a cli::Render,
    paint: Paint,
    verbose: bool,
    desk: &'a Desk,
    cache: &'a mut Cache,
    devices: Vec<Device>,
}

impl Job<'_> {
    fn render(&mut self, compiled: Compiled) -> anyhow::Result<Exit> {
        let state = State::of(&compiled, self.cache);
        let mut reporters = Reporters::new(self.args, self.paint, self.verbose);
        if let Some(outputs) = state.outputs(&compiled)
            && let Some(published) = publish::current(&self.desk.out(), &outputs)?
        {
            return self.told(reporters, &compiled, &published, None, Exit::Done);
        }
        let estimate = state.estimate(&compiled, self.cache, &self.devices);
        self.preflight(&estimate)?;
        if self.args.dry_run {
            return self.dry(&state, &estimate);
        }
        let report = self.run(&compiled, &mut reporters)?;
        let (compiled, report, exit) = match self.missing(&compiled, &report) {
            Some(missing) => {
                let slated = compiled.with_slates(&missing, self.desk)?;
                let report = self.run(&slated, &mut reporters)?;
                (slated, report, Exit::Slates)
            }
            None => (compiled, report, Exit::Done),
        };
        self.trace(&mut reporters)?;
        if report.cancelled {
            reporters.note("Stopped. What is finished is kept; the same command goes on from there.");
            return Ok(Exit::Cancelled);
        }
        if !report.complete() {
            reporters.failed(&report);
            return Ok(Exit::Failed);
        }
        let published = self.publish(&compiled, &report)?;
        self.told(reporters, &compiled, &published, Some(&report), exit)
    }
}
