//! A script in a worker: its texts by their digests, its world, its calls.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use mlua::{Function, IntoLuaMulti, Value};
use storyreel_engine::kinds::PortType;
use storyreel_engine::kinds::generate::Material;
use storyreel_engine::kinds::script::{self as params, ScriptSource};
use storyreel_engine::run::protocol::Failure;
use storyreel_engine::units::Digest;
use storyreel_lua::node::{Declared, Work as Does, declared};
use storyreel_lua::sandbox::{Failed, Limits, Module, Modules, Sandbox};
use storyreel_lua::{LIBRARY, id_of_ours};

use super::{Running, told};
use crate::inputs::Inputs;
use crate::material;
use crate::node::Work;

/// A script that is loaded and ready to run.
pub struct Script {
    sandbox: Sandbox,
    running: Arc<Running>,
    declared: Declared,
    run: Function,
    /// The node's label, for failures.
    label: String,
}

impl Script {
    /// Loads the script of a node; its text and that of its modules are those that its key names.
    ///
    /// # Errors
    /// A text was not sent along or has changed; the script fails; it does not run.
    pub fn load(work: &Work<'_>, params: &params::Script) -> Result<Self, Failure> {
        let Some(own) = params.sources.first() else {
            return Err(Failure::permanent("a script without a text"));
        };
        let own = text(work, own)?;
        let modules = params.sources[1..].iter().map(|source| Ok((source.name.clone(), text(work, source)?)));
        let modules = Named(modules.collect::<Result<_, Failure>>()?);
        let mut running = None;
        let label = work.node.label.clone();
        let early = |failed: &Failed| Failure::permanent(format!("{label}: {}", failed.message));
        let sandbox = Sandbox::new(Limits::WORKING, params.seed, Box::new(modules), |lua, hosting| {
            let state = Arc::new(Running::of(params, hosting.meter().clone()));
            lua.set_app_data(state.clone());
            running = Some(state);
            super::frame::give(lua)?;
            super::sound::give(lua)
        });
        let sandbox = sandbox.map_err(|failed| early(&failed))?;
        let Some(running) = running else { return Err(Failure::permanent("a script without a host")) };
        let declared = sandbox.run(&own.id, &own.text).and_then(|value| declared(&sandbox, value));
        let (declared, does) = declared.map_err(|failed| told_failure(&failed, &sandbox, &label))?;
        let Does::Run(run) = does else {
            return Err(early(&Failed::plain("this node expands to others and does no work itself")));
        };
        Ok(Self { sandbox, running, declared, run, label })
    }

    /// Calls `run` with the node, and answers what it returns.
    ///
    /// # Errors
    /// The script fails; an input cannot be read.
    pub fn run(
        &self,
        work: &Work<'_>,
        params: &params::Script,
        inputs: Inputs,
    ) -> Result<Vec<Value>, Failure> {
        let (node, samples) = told::node(&self.sandbox, work, params, &self.declared, inputs)?;
        self.running.samples.store(samples, Ordering::Relaxed);
        self.call(&self.run, node)
    }

    /// Calls a function of the script's.
    ///
    /// # Errors
    /// It fails.
    pub fn call(&self, function: &Function, args: impl IntoLuaMulti) -> Result<Vec<Value>, Failure> {
        let called = self.sandbox.call(function, args);
        called.map(|values| values.into_iter().collect()).map_err(|failed| self.failure(&failed))
    }

    /// The script's failure as the node's.
    pub fn failure(&self, failed: &Failed) -> Failure {
        told_failure(failed, &self.sandbox, &self.label)
    }

    /// What it gives, by name.
    pub fn outputs(&self) -> &[(String, PortType)] {
        &self.declared.outputs
    }

    /// Samples of what it works on.
    pub fn samples(&self) -> i64 {
        self.running.samples.load(Ordering::Relaxed)
    }

    /// Says which picture is made next.
    pub fn at(&self, picture: u64) {
        self.running.picture.store(picture, Ordering::Relaxed);
    }

    /// Lets go of frames that the script is done with; its collector does not know how large they are.
    pub fn sweep(&self) {
        // Failing to costs memory until the next sweep.
        let _ = self.sandbox.lua().gc_collect();
    }
}

fn told_failure(failed: &Failed, sandbox: &Sandbox, label: &str) -> Failure {
    let texts = sandbox.texts();
    let place = failed.lines.first().and_then(|line| {
        let (id, _) = texts.get(line.chunk)?;
        Some(format!(" ({id}, line {})", line.line))
    });
    Failure::permanent(format!("{label}: {}{}", failed.message, place.unwrap_or_default()))
}

/// A text by its digest: of a file that was sent along, or of our own library.
fn text(work: &Work<'_>, source: &ScriptSource) -> Result<Module, Failure> {
    let ours = LIBRARY.iter().find(|script| Digest::of(script.text.as_bytes()) == source.digest);
    if let Some(script) = ours {
        return Ok(Module { id: id_of_ours(script.name), text: script.text.into() });
    }
    if !work.node.files.iter().any(|file| file.digest == source.digest) {
        let problem = format!("the script `{}` is not of this worker's library", source.name);
        return Err(
            Failure::permanent(problem).help("storyreel and storyreel-worker are of different builds")
        );
    }
    let path = material::file(&work.node.files, Material(source.digest))?;
    let bytes = std::fs::read(path)
        .map_err(|error| Failure::permanent(format!("`{}` cannot be read: {error}", path.display())))?;
    let text = String::from_utf8(bytes).map_err(|_| Failure::permanent("a script that is not UTF-8"))?;
    let id = path.file_name().map_or_else(|| source.name.clone(), |name| name.to_string_lossy().into_owned());
    Ok(Module { id, text: text.into() })
}

/// The modules that a script may require: those that its key names.
struct Named(Vec<(String, Module)>);

impl Modules for Named {
    fn text(&mut self, _: &str, name: &str) -> Result<Module, String> {
        let last = name.trim_end_matches(".lua").rsplit(['/', '.']).next().unwrap_or(name);
        let found = self.0.iter().find(|(known, _)| known == last);
        found.map(|(_, module)| module.clone()).ok_or_else(|| {
            format!("`{name}` is required only while the node works: require it where the script begins")
        })
    }
}
