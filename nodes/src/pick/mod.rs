//! `pick`: the candidate that ranked best.

use storyreel_engine::kinds::{Kind, PICK};
use storyreel_engine::run::protocol::Failure;
use storyreel_media::PictureSource;

use crate::inputs::Inputs;
use crate::node::{Streamed, Work};
use crate::rank::Ranking;

/// The kind.
pub struct Pick;

impl Streamed for Pick {
    fn kind(&self) -> &'static Kind {
        &PICK
    }

    fn open(&self, work: &Work<'_>, mut inputs: Inputs) -> Result<Box<dyn PictureSource>, Failure> {
        let ranking: Ranking = work.read_json(&inputs.blob("rank")?)?;
        let mut clips = inputs.clips("clips")?;
        let chosen = ranking.chosen as usize;
        if chosen >= clips.len() {
            return Err(Failure::permanent("the rank is of other candidates than those to pick from"));
        }
        Ok(clips.swap_remove(chosen))
    }
}
