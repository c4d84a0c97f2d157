//! `pick`: the candidate that ranked best, or the take chosen by hand.

use storyreel_engine::kinds::edit as params;
use storyreel_engine::kinds::{Kind, PICK};
use storyreel_engine::run::protocol::Failure;
use storyreel_media::PictureSource;

use crate::failure::OrFailure;
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
        let take = work.params::<params::Pick>()?.take;
        let ranking: Ranking = work.read_json(&inputs.blob("rank")?)?;
        let mut clips = inputs.clips("clips")?;
        let chosen = take.unwrap_or(ranking.chosen) as usize;
        if chosen >= clips.len() {
            let problem = format!("take {chosen} was chosen of {} candidates", clips.len());
            return Err(Failure::permanent(problem).parameter("take").help("takes count from 0"));
        }
        Ok(clips.swap_remove(chosen))
    }
}
