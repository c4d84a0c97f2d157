//! What a node kind implements: either [`Streamed`] or [`Stored`].

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use image::DynamicImage;
use serde::Serialize;
use serde::de::DeserializeOwned;
use storyreel_engine::kinds::Kind;
use storyreel_engine::kinds::generate::Material;
use storyreel_engine::run::protocol::{Blob, Failure, JobNode, Thrift};
use storyreel_engine::run::work::Context;
use storyreel_engine::units::Samples;
use storyreel_engine::world::Tool;
use storyreel_media::PictureSource;
use storyreel_synth::{Frame, SynthError};

use crate::inputs::Inputs;
use crate::material;
use crate::wav::SoundOut;

/// One node at work: what it was told and whom it serves.
pub struct Work<'a> {
    /// Parameters, files, label, key.
    pub node: &'a JobNode,
    /// Cache, progress, cancellation, threads.
    pub context: &'a Context<'a>,
}

impl Work<'_> {
    /// The parameters as the kind's type.
    ///
    /// # Errors
    /// They are not: the front and this worker were built from different code.
    pub fn params<P: DeserializeOwned>(&self) -> Result<P, Failure> {
        serde_json::from_value(self.node.params.clone()).map_err(|error| {
            Failure::permanent(format!("the parameters of `{}` are not understood: {error}", self.node.kind))
        })
    }

    /// Where stored inputs lie, each verified against its digest.
    ///
    /// # Errors
    /// One is missing or damaged; the engine then makes it again. Or the job should stop.
    pub fn open_blobs(&self, blobs: &[Blob]) -> Result<Vec<PathBuf>, Failure> {
        let mut paths = Vec::with_capacity(blobs.len());
        for blob in blobs {
            // Verifying reads all of them.
            self.context.check()?;
            self.context.progress(paths.len() as u64, blobs.len() as u64, "read");
            paths.push(self.context.cache.open_verified(blob)?);
        }
        Ok(paths)
    }

    /// Where the project file of that content lies.
    ///
    /// # Errors
    /// It was not sent along, or its content has changed since the plan was made.
    pub fn file(&self, material: Material) -> Result<&Path, Failure> {
        material::file(&self.node.files, material)
    }

    /// The still of that content, upright.
    ///
    /// # Errors
    /// As [`Work::file`], or it is no picture.
    pub fn still(&self, material: Material) -> Result<DynamicImage, Failure> {
        material::still(&self.node.files, material)
    }

    /// Where a tool lies, after a look, once a process, whether it is still what the keys say.
    ///
    /// # Errors
    /// It was not sent along, or its data has changed since the plan was made.
    pub fn tool(&self, tool: Tool) -> Result<&Path, Failure> {
        static CHECKED: Mutex<BTreeSet<Tool>> = Mutex::new(BTreeSet::new());
        let name = match tool {
            Tool::SoundFont => "a SoundFont",
            Tool::Voices => "espeak-ng",
            Tool::Encoder => "FFmpeg",
        };
        let installed = self.context.tools.get(&tool).ok_or_else(|| {
            Failure::permanent(format!("this needs {name}, which is not installed"))
                .help("`storyreel doctor` prints the command that installs it")
        })?;
        let path = installed.path.as_path();
        let mut checked = CHECKED.lock().unwrap_or_else(PoisonError::into_inner);
        if !checked.contains(&tool) {
            let cannot = |why: &dyn std::fmt::Display| {
                Failure::permanent(format!("{name} at `{}` cannot be used: {why}", path.display()))
            };
            if !installed.holds(tool).map_err(|error| cannot(&error))? {
                let why = cannot(&"its data has changed since this render began");
                return Err(why.help("run the same command again: it then counts on the new data"));
            }
            checked.insert(tool);
        }
        Ok(path)
    }

    /// Where to lay aside on a disk what need not be in memory, if that is short.
    ///
    /// # Errors
    /// The cache cannot be written.
    pub fn aside(&self) -> Result<Option<PathBuf>, Failure> {
        if self.context.thrift < Thrift::Frugal {
            return Ok(None);
        }
        Ok(Some(self.context.cache.scratch_folder()?.to_owned()))
    }

    /// Tells how far `phase` is, and answers whether to go on.
    pub fn going_on(&self, phase: &str) -> impl FnMut(u64, u64) -> bool {
        move |done, total| {
            self.context.progress(done, total, phase);
            self.context.check().is_ok()
        }
    }

    /// Fails once the job should stop, in the sound crate's terms.
    ///
    /// # Errors
    /// [`Stopped`].
    pub fn heed_cancel(&self) -> Result<(), SynthError> {
        self.context.check().map_err(|_| SynthError::Outside(Box::new(Stopped)))
    }

    /// A sink for `total` samples that writes to `out`, tells progress and heeds cancellation.
    pub fn sink(
        &self,
        total: Samples,
        phase: &str,
        out: &mut SoundOut,
    ) -> impl FnMut(&[Frame]) -> Result<(), SynthError> {
        let mut done = 0;
        move |block| {
            self.heed_cancel()?;
            done += block.len() as u64;
            self.context.progress(done, total.0.max(0) as u64, phase);
            out.write(block)
        }
    }

    /// The content of a stored JSON input.
    ///
    /// # Errors
    /// It is missing, corrupt, or of another form.
    pub fn read_json<T: DeserializeOwned>(&self, blob: &Blob) -> Result<T, Failure> {
        let bytes = self.context.cache.read(blob)?;
        serde_json::from_slice(&bytes).map_err(|error| {
            Failure::permanent(format!("an input is not of the form it should have: {error}"))
        })
    }

    /// Stores `value` as the one output `port`.
    ///
    /// # Errors
    /// The cache cannot be written.
    pub fn write_json<T: Serialize>(&self, port: &str, value: &T) -> Result<BTreeMap<String, Blob>, Failure> {
        let bytes = serde_json::to_vec_pretty(value)
            .map_err(|error| Failure::permanent(format!("the result cannot be written: {error}")))?;
        Ok(BTreeMap::from([(port.to_owned(), self.context.cache.write(&bytes)?)]))
    }
}

/// A cancellation on its way through a crate that knows none.
#[derive(Debug, thiserror::Error)]
#[error("stopped on request")]
pub struct Stopped;

/// A kind whose pictures are made when asked for.
pub trait Streamed: Sync {
    /// What it is.
    fn kind(&self) -> &'static Kind;

    /// The clip. Any number may be open at once.
    ///
    /// # Errors
    /// The parameters or files cannot be drawn from.
    fn open(&self, work: &Work<'_>, inputs: Inputs) -> Result<Box<dyn PictureSource>, Failure>;
}

/// A kind whose outputs go to the cache.
pub trait Stored: Sync {
    /// What it is.
    fn kind(&self) -> &'static Kind;

    /// Makes every output of the kind.
    ///
    /// # Errors
    /// In words for the storyboard's writer.
    fn run(&self, work: &Work<'_>, inputs: Inputs) -> Result<BTreeMap<String, Blob>, Failure>;
}
