//! `effects`: a shot's sound effects and ambience from words.

use std::collections::BTreeMap;

use storyreel_engine::kinds::sound as params;
use storyreel_engine::kinds::{EFFECTS, Kind};
use storyreel_engine::run::protocol::{Blob, Failure};
use storyreel_synth::effects::{Asked, Length, render};

use crate::failure::OrFailure;
use crate::inputs::Inputs;
use crate::node::{Stored, Work};
use crate::wav::SoundOut;

/// The kind.
pub struct Effects;

impl Stored for Effects {
    fn kind(&self) -> &'static Kind {
        &EFFECTS
    }

    fn run(&self, work: &Work<'_>, _: Inputs) -> Result<BTreeMap<String, Blob>, Failure> {
        let params: params::Effects = work.params()?;
        let mut out = SoundOut::new(work, None)?;
        let mut sink = work.sink(params.samples, "sound", &mut out);
        let asked = Asked { words: &params.words, context: &params.context, action: &params.action };
        let length = Length { samples: params.samples.0, tail: params.tail.0 };
        render(&asked, length, params.seed, &mut sink).or_failure()?;
        drop(sink);
        Ok(BTreeMap::from([("sound".to_owned(), out.finish(work)?)]))
    }
}
