//! `frame`: one picture of a clip as PNG, full size.

use std::collections::BTreeMap;

use storyreel_engine::kinds::encode as params;
use storyreel_engine::kinds::{FRAME, Kind};
use storyreel_engine::run::protocol::{Blob, Failure};
use storyreel_media::Picture;
use storyreel_media::png::write_png;

use crate::failure::OrFailure;
use crate::inputs::Inputs;
use crate::node::{Stored, Work};

/// The kind.
pub struct Frame;

impl Stored for Frame {
    fn kind(&self) -> &'static Kind {
        &FRAME
    }

    fn run(&self, work: &Work<'_>, mut inputs: Inputs) -> Result<BTreeMap<String, Blob>, Failure> {
        let at = work.params::<params::Frame>()?.at;
        let mut picture = Picture::default();
        inputs.clip("clip")?.picture(at.0.max(0) as u64, &mut picture).or_failure()?;
        let mut bytes = Vec::new();
        write_png(&picture, None, &mut bytes).or_failure()?;
        Ok(BTreeMap::from([("still".to_owned(), work.context.cache.write(&bytes)?)]))
    }
}
