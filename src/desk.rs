//! The way from a storyboard's path to its film, shared by all commands that take a storyboard.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use storyreel_engine::cache::FileMemo;
use storyreel_engine::graph::Keyed;
use storyreel_engine::run::{Device, DeviceClass, DeviceSpec, model_sizes};
use storyreel_engine::storyboard::{self, Reading};
use storyreel_engine::units::Digest;
use storyreel_engine::world::{DiskWorld, MediaFacts, Tool, Witness, World};
use storyreel_lua::LuaScripts;

use crate::cli::{Devices, Places, Source};
use crate::diagnose;
use crate::exit::Refusal;
use crate::project::Project;
use crate::remembered;
use crate::toolbox::Toolbox;

/// A storyboard's project, opened.
pub struct Desk {
    /// The storyboard, as written on the command line, so that messages name it so.
    pub path: PathBuf,
    /// Where it belongs.
    pub project: Project,
    /// What is installed.
    pub toolbox: Arc<Toolbox>,
    /// What compiling may read, and what it has read.
    pub world: Witness<DiskWorld>,
}

impl Desk {
    /// Opens the project around a storyboard; reads no storyboard yet.
    pub fn open(source: &Source, places: &Places) -> anyhow::Result<Self> {
        let project = Project::of_storyboard(&source.storyboard, places)?;
        let toolbox = Toolbox::open(&project);
        Self::around(source, project, toolbox)
    }

    /// The same for a project that is found and whose tools are known already.
    pub fn around(source: &Source, project: Project, toolbox: Toolbox) -> anyhow::Result<Self> {
        let toolbox = Arc::new(toolbox);
        let memo = Arc::new(FileMemo::open(&project.cache)?);
        let probe = {
            let (memo, toolbox) = (memo.clone(), toolbox.clone());
            Box::new(move |path: &Path| facts(path, &memo, &toolbox))
        };
        let tools = {
            let toolbox = toolbox.clone();
            Box::new(move |tool| toolbox.digest(tool))
        };
        let world = DiskWorld::open(&project.root, &project.readable, probe, memo, tools)
            .with_context(|| format!("cannot open the project in {}", project.root.display()))?
            .with_scripts(Arc::new(LuaScripts::default()));
        Ok(Self { path: source.storyboard.clone(), project, toolbox, world: Witness::new(world) })
    }

    /// Reads the storyboard with all its mistakes.
    pub fn read(&self, source: &Source) -> Reading {
        let reading = storyboard::read(&self.path, &source.vars, &self.world);
        if source.verbose {
            let files = reading.sources.iter().map(|(_, text)| text.path.as_path());
            diagnose::told_read(self.world.root(), files);
        }
        reading
    }

    /// Bytes of the models that a graph's nodes use, by their files.
    pub fn models(&self, keyed: &Keyed) -> BTreeMap<Tool, u64> {
        model_sizes(&self.toolbox.installed(keyed.tools.keys()))
    }

    /// The devices to work on that film with: as asked for, else as the project says, else all there are.
    pub fn devices(&self, asked: &Devices, keyed: &Keyed) -> anyhow::Result<Vec<Device>> {
        let text = asked.devices.as_deref().or(self.project.devices.as_deref()).unwrap_or("auto");
        let found = DeviceSpec::parse(text).and_then(|spec| spec.devices(keyed.uses_gpu()));
        let mut devices = found.map_err(|error| Refusal::usage(error.to_string()))?;
        devices.iter_mut().for_each(|device| device.limit = asked.worker_memory);
        Ok(devices)
    }
}

/// That CUDA devices were asked for which this film has no use for, and what becomes of them.
pub fn without_use(devices: &[Device], keyed: &Keyed) -> Option<String> {
    let (cpus, gpus): (Vec<_>, Vec<_>) = devices.iter().partition(|device| device.class == DeviceClass::Cpu);
    if gpus.is_empty() || keyed.uses_gpu() {
        return None;
    }
    let names: Vec<_> = gpus.iter().map(|device| device.id.to_string()).collect();
    let what = if cpus.is_empty() { "what runs there runs on the CPU" } else { "nothing runs there" };
    Some(format!("{}: no step of this film uses a GPU; {what}", names.join(", ")))
}

/// What a media file is: remembered by its content and by the libraries that read it, else asked of a worker.
fn facts(path: &Path, memo: &FileMemo, toolbox: &Toolbox) -> Result<MediaFacts, String> {
    let digest = remembered::digest(memo, path).map_err(|error| error.to_string())?;
    let Some(libraries) = toolbox.digest(Tool::Encoder) else { return toolbox.probe(path) };
    let by = Digest::of(format!("prober {} {libraries}", MediaFacts::VERSION).as_bytes());
    if let Some(facts) = memo.facts(digest, by) {
        return Ok(facts);
    }
    let facts = toolbox.probe(path)?;
    memo.remember_facts(digest, by, &facts);
    Ok(facts)
}
