//! `storyreel render`: from a storyboard to a folder with a film in it.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::Context;
use storyreel_engine::cache::{Cache, CacheError, Pins};
use storyreel_engine::publish::{OutputFile, PublishError, Published, Status, prepare, publish, status};
use storyreel_engine::run::preflight::{self, Estimate};
use storyreel_engine::run::{
    Device, Interrupts, Request, Retries, RunError, RunReport, WorkerCommand, run as run_graph,
};
use storyreel_engine::storyboard::render::visible;

use crate::cli::{self, Color};
use crate::compiled::Compiled;
use crate::desk::Desk;
use crate::exit::{Exit, Refusal};
use crate::export;
use crate::outputs;
use crate::reporter::Reporters;
use crate::state::{Contents, State};
use crate::terminal::{self, Paint, bytes, clock};
use crate::toolbox;

/// Renders.
pub fn run(args: &cli::Render, color: Color) -> anyhow::Result<Exit> {
    let paint = terminal::paint(color);
    if let Some(path) = &args.trace {
        export::may_write(path, export::TRACE)?;
    }
    let desk = Desk::open(&args.source, &args.places)?;
    let compiled = Compiled::new(&desk, &args.source, &args.cut, paint)?;
    let mut cache = Cache::open(&desk.project.cache)?;
    let mut job = Job { args, paint, desk: &desk, cache: &mut cache, devices: desk.devices(&args.devices)? };
    job.render(compiled)
}

/// A render on its way.
struct Job<'a> {
    args: &'a cli::Render,
    paint: Paint,
    desk: &'a Desk,
    cache: &'a mut Cache,
    devices: Vec<Device>,
}

impl Job<'_> {
    fn render(&mut self, compiled: Compiled) -> anyhow::Result<Exit> {
        let mut reporters = Reporters::new(self.args, self.paint);
        if let Some(contents) = State::of(&compiled, self.cache).contents(&compiled)
            && let Some(published) = self.unchanged(&compiled, &contents)?
        {
            reporters.nothing_to_do();
            self.trace(&mut reporters)?;
            reporters.published(&compiled, &published, None);
            return Ok(Exit::Done);
        }
        compiled.refuse_edits(self.paint)?;
        let state = State::of(&compiled, self.cache);
        let models = self.desk.models(&compiled.keyed);
        let estimate = state.estimate(&compiled, self.cache, &self.devices, &models);
        self.preflight(&compiled, &state, &estimate)?;
        if self.args.dry_run {
            reporters.note(&would(state.left.len(), &estimate));
            return Ok(Exit::Done);
        }
        self.prepare(&compiled)?;
        let report = self.run(&compiled, &mut reporters)?;
        let slates = self.args.cut.slate_missing && !report.cancelled;
        let missing = if slates { missing(&compiled, &report) } else { BTreeMap::new() };
        let (compiled, report, exit) = if missing.is_empty() {
            (compiled, report, Exit::Done)
        } else {
            let slated = compiled.with_slates(missing, self.desk)?;
            let report = self.run(&slated, &mut reporters)?;
            (slated, report, Exit::Slates)
        };
        self.trace(&mut reporters)?;
        if report.cancelled {
            reporters.note("stopped; what is finished is kept, and the same command goes on from there");
            return Ok(Exit::Cancelled);
        }
        if !report.complete() {
            reporters.failed(&report);
            return Ok(Exit::Failed);
        }
        let published = match self.publish(&compiled) {
            Err(error) if is_loss(&error) => {
                // What is damaged is found, and gone, when it is handed over: it is made again at once.
                reporters.note(&visible(&format!("{error:#}; making it again")));
                self.verify_outputs(&compiled);
                let again = self.run(&compiled, &mut reporters)?;
                if !again.complete() {
                    reporters.failed(&again);
                    return Ok(if again.cancelled { Exit::Cancelled } else { Exit::Failed });
                }
                self.publish(&compiled)?
            }
            published => published?,
        };
        reporters.published(&compiled, &published, Some(&report));
        Ok(exit)
    }

    /// The newest version, if it is what is asked for; a file of it that is lost or altered is put back
    /// where the cache has it.
    fn unchanged(&self, compiled: &Compiled, contents: &Contents) -> anyhow::Result<Option<Published>> {
        if self.args.dry_run {
            return Ok(None);
        }
        let files = self.files(compiled, contents)?;
        let folder = outputs::folder(self.desk, &self.args.cut, compiled);
        let store = self.cache.store();
        match status(&folder, &files) {
            Status::Current(published) => Ok(Some(published)),
            Status::Incomplete(_, wrong)
                if wrong.iter().all(|path| outputs::can_give(&files, path, store)) =>
            {
                match publish(&folder, &files, store) {
                    Err(PublishError::Cache { .. }) => Ok(None),
                    published => Ok(Some(published?)),
                }
            }
            Status::Incomplete(..) | Status::Different => Ok(None),
        }
    }

    /// Hands over what is made.
    fn publish(&self, compiled: &Compiled) -> anyhow::Result<Published> {
        let state = State::of(compiled, self.cache);
        let contents = state.contents(compiled).context("the records do not hold what was just made")?;
        let files = self.files(compiled, &contents)?;
        Ok(publish(&outputs::folder(self.desk, &self.args.cut, compiled), &files, self.cache.store())?)
    }

    /// Reads every artifact that is to be handed over; the damaged ones are gone then.
    fn verify_outputs(&self, compiled: &Compiled) {
        let Some(contents) = State::of(compiled, self.cache).contents(compiled) else { return };
        for one in &compiled.lowered.outputs {
            let _ = contents.get(one.node, one.port).map(|blob| self.cache.store().open_verified(&blob));
        }
    }

    fn files(&self, compiled: &Compiled, contents: &Contents) -> anyhow::Result<Vec<OutputFile>> {
        let Self { args, desk, .. } = self;
        outputs::files(compiled, contents, &args.cut, &args.source, desk, self.cache.store())
    }

    fn preflight(&self, compiled: &Compiled, state: &State, estimate: &Estimate) -> anyhow::Result<()> {
        if let Some((tool, users)) = state.lacking(compiled).into_iter().next() {
            let why = self.desk.toolbox.known(tool).err().unwrap_or_default();
            let message = format!("{why}; needed by {}", listed(&users));
            return Err(refuse(message, Some(&toolbox::mend(tool))));
        }
        let project = &self.desk.project;
        preflight::check(estimate, &project.cache, &project.out, &self.devices)
            .map_err(|error| refuse(error.to_string(), Some(error.help())))
    }

    /// What is made must have somewhere to go: better told now than after the work.
    fn prepare(&self, compiled: &Compiled) -> anyhow::Result<()> {
        let folder = self.cache.store().folder();
        folder
            .found()
            .and_then(|()| Pins::hold(folder).map(drop))
            .map_err(|error| refuse(error.to_string(), error.help()))?;
        let folder = outputs::folder(self.desk, &self.args.cut, compiled);
        prepare(&folder).map_err(|error| refuse(error.to_string(), error.help()))?;
        Ok(())
    }

    fn run(&mut self, compiled: &Compiled, reporters: &mut Reporters) -> anyhow::Result<RunReport> {
        let toolbox = &self.desk.toolbox;
        let request = Request {
            keyed: compiled.keyed.clone(),
            targets: compiled.targets(),
            devices: self.devices.clone(),
            worker: WorkerCommand::new(toolbox.worker()?, toolbox.installed(compiled.keyed.tools.keys())),
            patience: Duration::from_secs(self.args.patience),
            retries: Retries { tries: self.args.tries, ..Retries::default() },
            interrupts: Interrupts::Signals,
        };
        run_graph(request, self.cache, reporters).map_err(|error| match &error {
            RunError::Worker(reason) => refuse(reason.clone(), error.help()),
            _ => error.into(),
        })
    }

    fn trace(&self, reporters: &mut Reporters) -> anyhow::Result<()> {
        let (Some(path), Some(trace)) = (&self.args.trace, reporters.trace()) else { return Ok(()) };
        let text = serde_json::to_string(&trace.finish())?;
        export::write(path, export::TRACE, &text)
    }
}

/// Nothing is rendered.
fn refuse(message: String, help: Option<&str>) -> anyhow::Error {
    Refusal { exit: Exit::Refused, message, help: help.map(str::to_owned) }.into()
}

/// Whether handing over failed because the cache had lost or damaged an artifact.
fn is_loss(error: &anyhow::Error) -> bool {
    matches!(
        error.downcast_ref(),
        Some(PublishError::Cache { source: CacheError::Damaged(_) | CacheError::Missing(_), .. })
    )
}

/// A few names of many.
fn listed(names: &[String]) -> String {
    const SHOWN: usize = 6;
    let mut text = names.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
    if let Some(more) = names.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        text.push_str(&format!(" and {more} more"));
    }
    text
}

/// What a dry run says.
fn would(left: usize, estimate: &Estimate) -> String {
    let time = clock(Duration::from_millis(estimate.forecast.millis));
    let (disk, memory) = (bytes(estimate.disk_bytes()), bytes(estimate.memory));
    format!("would run {left} steps: about {time}, {disk} of disk, {memory} of memory a worker")
}

/// Shots whose pictures failed, by their index, with why. A sound that failed has no slate.
fn missing(compiled: &Compiled, report: &RunReport) -> BTreeMap<usize, String> {
    let graph = &compiled.keyed.graph;
    let mut missing = BTreeMap::new();
    for failed in &report.failed {
        // The node that is to blame may be a streamed one before the stored one that failed.
        let mut culprit = compiled.keyed.job(failed.node).into_iter().map(|node| &graph[node]);
        let blamed = culprit.rfind(|spec| failed.failure.node == spec.label.to_string());
        let label = blamed.map_or(&graph[failed.node].label, |spec| &spec.label);
        let shot = compiled.film.shots.iter().position(|shot| {
            label.scene.as_ref() == Some(&shot.scene_name) && label.shot.as_ref() == Some(&shot.name)
        });
        if let Some(shot) = shot {
            missing.insert(shot, failed.failure.message.clone());
        }
    }
    missing
}
