//! `storyreel render`: from a storyboard to a folder with a film in it.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::Context;
use storyreel_engine::cache::{BlobStore, Cache, CacheError};
use storyreel_engine::publish::{OutputFile, PublishError, Published, Source, Status, publish, status};
use storyreel_engine::run::preflight::{self, Estimate};
use storyreel_engine::run::{Device, Interrupts, Request, RunReport, WorkerCommand, run as run_graph};

use crate::cli::{self, Color};
use crate::compiled::Compiled;
use crate::desk::Desk;
use crate::exit::{Exit, Refusal};
use crate::export;
use crate::outputs;
use crate::reporter::Reporters;
use crate::state::{Contents, State};
use crate::terminal::{self, Paint, bytes, clock};

/// A worker that has a job and is silent for this long is taken for hung.
const PATIENCE: Duration = Duration::from_secs(120);

/// Renders.
pub fn run(args: &cli::Render, color: Color, verbose: bool) -> anyhow::Result<Exit> {
    let paint = terminal::paint(color);
    if let Some(path) = &args.trace {
        export::may_write(path, export::TRACE)?;
    }
    let desk = Desk::open(&args.source, &args.places)?;
    let compiled = Compiled::new(&desk, &args.source, &args.cut, paint)?;
    let mut cache = Cache::open(&desk.project.cache)?;
    let mut job = Job {
        args,
        paint,
        verbose,
        desk: &desk,
        cache: &mut cache,
        devices: desk.devices(args.devices.as_deref())?,
    };
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
        let mut reporters = Reporters::new(self.args, self.paint, self.verbose);
        if let Some(contents) = State::of(&compiled, self.cache).contents(&compiled)
            && let Some(published) = self.unchanged(&compiled, &contents)?
        {
            reporters.nothing_to_do();
            self.trace(&mut reporters)?;
            reporters.published(&compiled, &published, None);
            return Ok(Exit::Done);
        }
        let state = State::of(&compiled, self.cache);
        let estimate = state.estimate(&compiled, self.cache, &self.devices);
        self.preflight(&estimate)?;
        if self.args.dry_run {
            reporters.note(&would(state.left.len(), &estimate));
            return Ok(Exit::Done);
        }
        let report = self.run(&compiled, &mut reporters)?;
        let missing = if self.args.cut.slate_missing { missing(&compiled, &report) } else { BTreeMap::new() };
        let (compiled, report, exit) = if missing.is_empty() {
            (compiled, report, Exit::Done)
        } else {
            let slated = compiled.with_slates(&missing, self.desk)?;
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
                reporters.note(&format!("{error:#}; making it again"));
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
        let (folder, files) = (outputs::folder(self.desk, &self.args.cut), self.files(compiled, contents));
        let store = self.cache.store();
        match status(&folder, &files) {
            Status::Current(published) => Ok(Some(published)),
            Status::Incomplete(_, wrong) if wrong.iter().all(|path| can_give(&files, path, store)) => {
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
        let files = self.files(compiled, &contents);
        Ok(publish(&outputs::folder(self.desk, &self.args.cut), &files, self.cache.store())?)
    }

    /// Reads every artifact that is to be handed over; the damaged ones are gone then.
    fn verify_outputs(&self, compiled: &Compiled) {
        let Some(contents) = State::of(compiled, self.cache).contents(compiled) else { return };
        for one in &compiled.lowered.outputs {
            let _ = contents.get(one.node, one.port).map(|blob| self.cache.store().open_verified(&blob));
        }
    }

    fn files(&self, compiled: &Compiled, contents: &Contents) -> Vec<OutputFile> {
        let Self { args, desk, .. } = self;
        outputs::files(compiled, contents, &args.cut, &args.source, desk, self.cache.store())
    }

    fn preflight(&self, estimate: &Estimate) -> anyhow::Result<()> {
        preflight::check(estimate, &self.desk.project.cache, &self.devices).map_err(|error| {
            Refusal { exit: Exit::Refused, message: format!("{error}; {}", error.help()) }.into()
        })
    }

    fn run(&mut self, compiled: &Compiled, reporters: &mut Reporters) -> anyhow::Result<RunReport> {
        let toolbox = &self.desk.toolbox;
        let request = Request {
            keyed: compiled.keyed.clone(),
            targets: compiled.targets(),
            devices: self.devices.clone(),
            worker: WorkerCommand::new(toolbox.worker()?, toolbox.paths()),
            patience: PATIENCE,
            interrupts: Interrupts::Signals,
        };
        Ok(run_graph(request, self.cache, reporters)?)
    }

    fn trace(&self, reporters: &mut Reporters) -> anyhow::Result<()> {
        let (Some(path), Some(trace)) = (&self.args.trace, reporters.trace()) else { return Ok(()) };
        let text = serde_json::to_string(&trace.finish())?;
        export::write(path, export::TRACE, &text)
    }
}

/// Whether handing over failed because the cache had lost or damaged an artifact.
fn is_loss(error: &anyhow::Error) -> bool {
    matches!(
        error.downcast_ref(),
        Some(PublishError::Cache { source: CacheError::Damaged(_) | CacheError::Missing(_), .. })
    )
}

/// Whether a file can be put back without running anything.
fn can_give(files: &[OutputFile], path: &str, store: &BlobStore) -> bool {
    files.iter().filter(|file| file.path == path).all(|file| match &file.source {
        Source::Blob(blob) => store.has(blob),
        Source::Text(_) => true,
    })
}

/// What a dry run says.
fn would(left: usize, estimate: &Estimate) -> String {
    let time = clock(Duration::from_millis(estimate.millis));
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
        let blamed = culprit.rfind(|spec| failed.failure.node.contains(&spec.label.to_string()));
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
