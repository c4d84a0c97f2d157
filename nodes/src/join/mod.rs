//! `join`: a scene's segments end to end, packets copied as they are.

use std::collections::BTreeMap;

use storyreel_engine::kinds::{JOIN, Kind};
use storyreel_engine::run::protocol::{Blob, Failure};
use storyreel_media::join::join;

use crate::failure::OrFailure;
use crate::inputs::Inputs;
use crate::node::{Stored, Work};

/// The kind.
pub struct Join;

impl Stored for Join {
    fn kind(&self) -> &'static Kind {
        &JOIN
    }

    fn run(&self, work: &Work<'_>, mut inputs: Inputs) -> Result<BTreeMap<String, Blob>, Failure> {
        let segments = work.open_blobs(&inputs.blobs("segments")?)?;
        work.context.check()?;
        let (out, frames) = join(&segments, work.context.cache.writer()?).or_failure()?;
        work.context.progress(frames, frames, "join");
        Ok(BTreeMap::from([("segment".to_owned(), out.finish()?)]))
    }
}
