//! `generate` and `personalize`: pictures from a shot's words, by the model that the shot names.

mod request;

use std::sync::Arc;

use storyreel_animatic::Stage;
use storyreel_engine::kinds::generate as params;
use storyreel_engine::kinds::{GENERATE, Kind, PERSONALIZE};
use storyreel_engine::run::protocol::Failure;
use storyreel_media::{ClipSpec, MediaError, Picture, PictureSource};

use crate::failure::from_animatic;
use crate::inputs::Inputs;
use crate::node::{Streamed, Work};
use crate::painted::painted;
use crate::planes::planes;

pub use request::request;

/// `generate`.
pub struct Generate;

/// `personalize`: the same, with reference images.
pub struct Personalize;

impl Streamed for Generate {
    fn kind(&self) -> &'static Kind {
        &GENERATE
    }

    fn open(&self, work: &Work<'_>, _: Inputs) -> Result<Box<dyn PictureSource>, Failure> {
        open(work)
    }
}

impl Streamed for Personalize {
    fn kind(&self) -> &'static Kind {
        &PERSONALIZE
    }

    fn open(&self, work: &Work<'_>, _: Inputs) -> Result<Box<dyn PictureSource>, Failure> {
        open(work)
    }
}

fn open(work: &Work<'_>) -> Result<Box<dyn PictureSource>, Failure> {
    let params: params::Generate = work.params()?;
    if params.model != "animatic" {
        let problem = format!("this worker has no picture model `{}`", params.model);
        return Err(Failure::permanent(problem).parameter("models.picture"));
    }
    let stage = painted(work.node.key, Stage::bytes, || {
        storyreel_animatic::stage(&request(work, &params, Vec::new())?)
            .map_err(|error| from_animatic(&error, "action"))
    })?;
    Ok(Box::new(Drawn { spec: spec(&params), stage }))
}

/// What a clip made by those parameters gives.
pub fn spec(params: &params::Generate) -> ClipSpec {
    ClipSpec {
        size: (params.size.width, params.size.height),
        rate: (params.rate.num, params.rate.den),
        frames: Some(params.frames.0.max(0) as u64),
    }
}

/// Pictures of a stage.
struct Drawn {
    spec: ClipSpec,
    stage: Arc<Stage>,
}

impl PictureSource for Drawn {
    fn spec(&self) -> &ClipSpec {
        &self.spec
    }

    fn picture(&mut self, index: u64, out: &mut Picture) -> Result<(), MediaError> {
        out.reshape(self.spec.size.0, self.spec.size.1);
        self.stage.draw(index as i64, &mut planes(out));
        Ok(())
    }
}
