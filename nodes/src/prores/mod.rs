//! `prores`: a shot with its handles as ProRes, for conforming elsewhere.

use std::collections::BTreeMap;

use storyreel_engine::kinds::encode as params;
use storyreel_engine::kinds::{Kind, PRORES};
use storyreel_engine::run::protocol::{Blob, Failure};
use storyreel_media::prores::ProResWriter;

use crate::failure::OrFailure;
use crate::inputs::Inputs;
use crate::node::{Stored, Work};
use crate::pipeline;

/// The kind.
pub struct ProRes;

impl Stored for ProRes {
    fn kind(&self) -> &'static Kind {
        &PRORES
    }

    fn run(&self, work: &Work<'_>, mut inputs: Inputs) -> Result<BTreeMap<String, Blob>, Failure> {
        let params: params::ProRes = work.params()?;
        let clip = inputs.clip("clip")?;
        let scratch = work.context.cache.scratch("mov")?;
        let size = (params.size.width, params.size.height);
        let rate = (params.rate.num, params.rate.den);
        let timecode = params.timecode.max(0) as u64;
        let mut writer = ProResWriter::create(scratch.path(), size, rate, timecode).or_failure()?;
        let frames = params.from.0.max(0) as u64..params.to.0.max(0) as u64;
        pipeline::draw(work, clip, frames, "prores", |_, picture| writer.push(picture).or_failure())?;
        writer.finish().or_failure()?;
        Ok(BTreeMap::from([("mov".to_owned(), work.context.cache.adopt(scratch)?)]))
    }
}
