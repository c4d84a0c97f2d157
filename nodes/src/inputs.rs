//! What enters a node, by port.

use std::collections::BTreeMap;

use storyreel_engine::run::protocol::{Blob, Failure};
use storyreel_media::PictureSource;

/// One thing that enters.
pub enum Input {
    /// A clip, opened for this user alone.
    Clip(Box<dyn PictureSource>),
    /// Stored content.
    Blob(Blob),
}

/// Everything that enters, in the order of each port's index.
#[derive(Default)]
pub struct Inputs {
    ports: BTreeMap<String, Vec<Input>>,
}

impl Inputs {
    /// Adds the next input of `port`.
    pub fn push(&mut self, port: &str, input: Input) {
        self.ports.entry(port.to_owned()).or_default().push(input);
    }

    /// The clips of `port`.
    ///
    /// # Errors
    /// Something else entered: a defect of the graph.
    pub fn clips(&mut self, port: &str) -> Result<Vec<Box<dyn PictureSource>>, Failure> {
        let inputs = self.ports.remove(port).unwrap_or_default();
        inputs
            .into_iter()
            .map(|input| match input {
                Input::Clip(clip) => Ok(clip),
                Input::Blob(_) => Err(wrong(port, "a clip")),
            })
            .collect()
    }

    /// The one clip of `port`.
    ///
    /// # Errors
    /// There is none, or more than one.
    pub fn clip(&mut self, port: &str) -> Result<Box<dyn PictureSource>, Failure> {
        let mut clips = self.clips(port)?;
        match (clips.pop(), clips.is_empty()) {
            (Some(clip), true) => Ok(clip),
            _ => Err(wrong(port, "one clip")),
        }
    }

    /// The blobs of `port`.
    ///
    /// # Errors
    /// Something else entered: a defect of the graph.
    pub fn blobs(&mut self, port: &str) -> Result<Vec<Blob>, Failure> {
        let inputs = self.ports.remove(port).unwrap_or_default();
        inputs
            .into_iter()
            .map(|input| match input {
                Input::Blob(blob) => Ok(blob),
                Input::Clip(_) => Err(wrong(port, "stored content")),
            })
            .collect()
    }

    /// The one blob of `port`.
    ///
    /// # Errors
    /// There is none, or more than one.
    pub fn blob(&mut self, port: &str) -> Result<Blob, Failure> {
        match self.blobs(port)?.as_slice() {
            [blob] => Ok(*blob),
            _ => Err(wrong(port, "one stored input")),
        }
    }
}

fn wrong(port: &str, wanted: &str) -> Failure {
    Failure::permanent(format!(
        "the input `{port}` takes {wanted}: the plan and this worker do not fit together"
    ))
}
