//! `storyreel render`: from a storyboard to a folder with a film in it.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use storyreel_engine::cache::{Cache, CacheError, Pins};
use storyreel_engine::looks::Looks;
use storyreel_engine::publish::{
    OutputFile, PublishError, Published, Status, judged, prepare, publish, status,
};
use storyreel_engine::run::preflight::{self, Estimate};
use storyreel_engine::run::{
    Device, Interrupts, Request, Retries, RunError, RunReport, WorkerCommand, run as run_graph, share,
};
use storyreel_engine::storyboard::render::visible;
use storyreel_engine::world::{Tool, World};

use crate::answered::{Anew, Answer, Question};
use crate::cli::{self, Color};
use crate::compiled::Compiled;
use crate::desk::{Desk, without_use};
use crate::exit::{Exit, Refusal};
use crate::export;
use crate::lately::Lately;
use crate::output::{aside, note};
use crate::outputs;
use crate::project::Project;
use crate::remote;
use crate::reporter::Reporters;
use crate::state::{Contents, State};
use crate::summary::{listed, slated};
use crate::terminal::{self, Paint, bytes, clock, counted};
use crate::toolbox::{self, Toolbox};

/// Renders.
pub fn run(args: &cli::Render, color: Color) -> anyhow::Result<Exit> {
    let paint = terminal::paint(color);
    if let Some(path) = &args.trace {
        export::may_write(path, export::TRACE)?;
    }
    let project = Project::of_storyboard(&args.source.storyboard, &args.places)?;
    let toolbox = Toolbox::open(&project);
    let question = Question::of(args, color, &project);
    if let Some(question) = &question {
        match question.answer(&toolbox) {
            Ok((answer, looked)) => return Ok(answer_again(args, paint, &answer, looked)),
            Err(anew) => tell_anew(args, &anew),
        }
    }
    let desk = Desk::around(&args.source, project, toolbox)?;
    let compiled = Compiled::new(&desk, &args.source, &args.cut, paint)?;
    let records = question.as_ref().and_then(Question::records);
    let mut cache = Cache::open(&desk.project.cache)?;
    let devices = desk.devices(&args.devices, &compiled.keyed)?;
    let asked = question.zip(records);
    Job { args, paint, desk: &desk, cache: &mut cache, devices, pins: None, asked }.render(compiled)
}

/// Tells once more what was told when there was nothing to do; everything that it came from stands.
fn answer_again(args: &cli::Render, paint: Paint, answer: &Answer, looked: usize) -> Exit {
    aside(&answer.told);
    let mut reporters = Reporters::new(args, paint);
    if args.source.verbose {
        reporters.note(&format!("answered as before: none of {looked} files and folders has changed"));
    }
    reporters.nothing_to_do();
    reporters.published(&answer.lines, &answer.published(), None);
    Exit::Done
}

/// Says why what was answered before is not enough.
fn tell_anew(args: &cli::Render, anew: &Anew) {
    match anew {
        Anew::Changed(what) if args.source.verbose => {
            note(&format!("gone through anew: {} has changed", visible(what)));
        }
        _ => {}
    }
}

/// A render on its way.
struct Job<'a> {
    args: &'a cli::Render,
    paint: Paint,
    desk: &'a Desk,
    cache: &'a mut Cache,
    devices: Vec<Device>,
    /// Held until all is handed over, so that nothing is collected between the run and that.
    pins: Option<Pins>,
    /// What is asked, and the logs as they looked before they were read.
    asked: Option<(Question, BTreeMap<PathBuf, Looks>)>,
}

impl Job<'_> {
    /// Renders, and shares what was made: nothing is asked of a remote before the film is seen to have changed.
    fn render(&mut self, compiled: Compiled) -> anyhow::Result<Exit> {
        let mut reporters = Reporters::new(self.args, self.paint);
        let known = self.stands(&compiled, &mut reporters)?;
        self.share(&compiled)?;
        // The outputs may stand though the cache before the remote was emptied.
        let known = known || (self.cache.remote().is_some() && self.stands(&compiled, &mut reporters)?);
        let keyed = compiled.keyed.clone();
        let exit = if known { Exit::Done } else { self.make(compiled, &mut reporters)? };
        if self.args.dry_run {
            return Ok(exit);
        }
        share(&keyed, self.cache)?;
        remote::finish(self.cache, &self.args.remote, exit == Exit::Cancelled, &note)?;
        Ok(exit)
    }

    /// Puts the remote behind the cache, where one was asked for.
    fn share(&mut self, compiled: &Compiled) -> anyhow::Result<()> {
        remote::attach(&self.args.remote, self.cache)?;
        remote::tell(self.cache, &note);
        if self.args.dry_run { Ok(()) } else { Ok(share(&compiled.keyed, self.cache)?) }
    }

    /// Whether there is nothing to do; then it is told.
    fn stands(&mut self, compiled: &Compiled, reporters: &mut Reporters) -> anyhow::Result<bool> {
        if let Some(contents) = State::of(compiled, self.cache).contents(compiled)
            && let Some(published) = self.unchanged(compiled, &contents)?
        {
            reporters.nothing_to_do();
            self.trace(reporters)?;
            let lines = reporters.summary(compiled, &published.0, None);
            reporters.published(&lines, &published.0, None);
            self.remember(compiled, published.1, lines);
            return Ok(true);
        }
        Ok(false)
    }

    fn make(&mut self, compiled: Compiled, reporters: &mut Reporters) -> anyhow::Result<Exit> {
        compiled.refuse_edits(self.paint)?;
        // A render of a film that stands has ended before; a dry run, which must put nothing right, asks here.
        let state = if self.args.dry_run {
            State::of_render(&compiled, self.cache, (&self.args.cut, &self.args.source), self.desk)?
        } else {
            State::of(&compiled, self.cache)
        };
        let models = self.desk.models(&compiled.keyed);
        let estimate = state.estimate(&compiled, self.cache, &self.devices, &models);
        self.preflight(&compiled, &state, &estimate)?;
        let odd = [without_use(&self.devices, &compiled.keyed), tight(&self.devices, &estimate)];
        odd.into_iter().flatten().for_each(|text| reporters.note(&text));
        if self.args.dry_run {
            reporters.note(&would(state.left.len(), &estimate));
            return Ok(Exit::Done);
        }
        self.prepare(&compiled)?;
        let report = self.run(&compiled, reporters)?;
        let slates = self.args.cut.slate_missing && !report.cancelled;
        let missing = if slates { missing(&compiled, &report) } else { BTreeMap::new() };
        let (compiled, report, exit) = if missing.is_empty() {
            (compiled, report, Exit::Done)
        } else {
            let slated = slated(&compiled, missing.keys());
            reporters.note(&format!("{slated} in this film: what was skipped is made with that"));
            let slated = compiled.with_slates(missing, self.desk)?;
            let report = self.run(&slated, reporters)?;
            (slated, report, Exit::Slates)
        };
        self.trace(reporters)?;
        if report.cancelled {
            reporters.note("stopped; what is finished is kept, and the same command goes on from there");
            return Ok(Exit::Cancelled);
        }
        if !report.complete() {
            reporters.failed(&report);
            return Ok(Exit::Failed);
        }
        let (published, report) = match self.publish(&compiled) {
            Err(error) if is_loss(&error) => {
                // What is damaged is found, and gone, when it is handed over: it is made again at once.
                reporters.note(&visible(&format!("{error:#}; making it again")));
                self.verify_outputs(&compiled);
                let again = self.run(&compiled, reporters)?;
                if !again.complete() {
                    reporters.failed(&again);
                    return Ok(if again.cancelled { Exit::Cancelled } else { Exit::Failed });
                }
                (self.publish(&compiled)?, again)
            }
            published => (published?, report),
        };
        let lines = reporters.summary(&compiled, &published, Some(&report));
        reporters.published(&lines, &published, Some(&report));
        Ok(exit)
    }

    /// Keeps what was told, for when the same is asked again.
    fn remember(&mut self, compiled: &Compiled, answer: Option<Answer>, lines: Vec<String>) {
        let (Some(answer), Some((question, records))) = (answer, self.asked.take()) else { return };
        // Asked for in any case, since it is what media files are told by.
        self.desk.world.tool(Tool::Encoder);
        let answer = answer.telling(compiled.told.clone(), lines);
        question.remember(answer, self.desk.world.seen(), records);
    }

    /// The newest version, if it is what is asked for, with how its files look; a file of it that is lost or altered is
    /// put back where the cache has it.
    fn unchanged(
        &self,
        compiled: &Compiled,
        contents: &Contents,
    ) -> anyhow::Result<Option<(Published, Option<Answer>)>> {
        if self.args.dry_run {
            return Ok(None);
        }
        let files = self.files(compiled, contents)?;
        let folder = outputs::folder(self.desk, &self.args.cut, compiled);
        let store = self.cache.store();
        // Looked at before they are judged, so that a change meanwhile is one to be noticed.
        let watched = judged(&folder, &files)
            .filter(|_| !contents.read_artifacts())
            .and_then(|(newest, files)| Answer::watching(&folder, &newest, &files));
        match status(&folder, &files) {
            Status::Current(published) => {
                let watched = watched.filter(|answer| answer.published() == published);
                Ok(Some((published, watched)))
            }
            Status::Incomplete(_, wrong)
                if wrong.iter().all(|path| outputs::can_give(&files, path, store)) =>
            {
                match publish(&folder, &files, store) {
                    Err(PublishError::Cache { .. }) => Ok(None),
                    published => Ok(Some((published?, None))),
                }
            }
            Status::Incomplete(..) | Status::Different => Ok(None),
        }
    }

    /// Hands over what is made.
    fn publish(&self, compiled: &Compiled) -> anyhow::Result<Published> {
        let state = State::of(compiled, self.cache);
        let contents = state.contents(compiled).context("the records do not hold what was just made")?;
        let outputs = compiled.lowered.outputs.iter();
        remote::fetch(self.cache, outputs.filter_map(|one| contents.get(one.node, one.port)), &note)?;
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
    fn prepare(&mut self, compiled: &Compiled) -> anyhow::Result<()> {
        let cache = self.cache.store().folder();
        let pins = cache.found().and_then(|()| Pins::hold(cache));
        self.pins = Some(pins.map_err(|error| refuse(error.to_string(), error.help()))?);
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
        let report = run_graph(request, self.cache, reporters).map_err(|error| match &error {
            RunError::Worker(reason) => refuse(reason.clone(), error.help()),
            _ => error.into(),
        })?;
        if report.complete() {
            let keyed = &compiled.keyed;
            Lately::of(self.desk, &self.args.cut).keep(keyed, keyed.graph.node_indices());
        }
        Ok(report)
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

/// That a step may take more memory than workers are allowed.
fn tight(devices: &[Device], estimate: &Estimate) -> Option<String> {
    let limit = devices.iter().filter_map(|device| device.limit).min()?;
    (estimate.memory > limit).then(|| {
        format!(
            "`{}` may take some {}, more than the {} of --worker-memory: such a step is tried with less, and may fail",
            estimate.largest,
            bytes(estimate.memory),
            bytes(limit)
        )
    })
}

/// What a dry run says.
fn would(left: usize, estimate: &Estimate) -> String {
    if left == 0 {
        return "would run nothing".to_owned();
    }
    let time = clock(Duration::from_millis(estimate.forecast.millis));
    let (cache, copies) = (bytes(estimate.cache_bytes()), bytes(estimate.copies));
    let (steps, memory) = (counted(left as u64, "step"), bytes(estimate.forecast.memory));
    format!(
        "would run {steps}: about {time}, {cache} of disk in the cache and {copies} in the outputs, {memory} of memory"
    )
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
