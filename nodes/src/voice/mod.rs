//! `voice`: a spoken line in a scratch voice.

use std::collections::BTreeMap;

use storyreel_engine::kinds::sound as params;
use storyreel_engine::kinds::{Kind, VOICE};
use storyreel_engine::run::protocol::{Blob, Failure};
use storyreel_engine::world::Tool;
use storyreel_synth::voice::{VoiceSpec, speak};

use crate::failure::OrFailure;
use crate::inputs::Inputs;
use crate::node::{Stored, Work};
use crate::wav::SoundOut;

/// The kind.
pub struct Voice;

impl Stored for Voice {
    fn kind(&self) -> &'static Kind {
        &VOICE
    }

    fn run(&self, work: &Work<'_>, _: Inputs) -> Result<BTreeMap<String, Blob>, Failure> {
        let params: params::Voice = work.params()?;
        let spec = VoiceSpec {
            text: params.text,
            voice: params.voice,
            pitch: params.pitch,
            pace: params.pace,
            seed: params.seed,
        };
        let line = speak(work.tool(Tool::Voices)?, &spec).or_failure()?;
        let mut out = SoundOut::new(work, None)?;
        out.write(&line).or_failure()?;
        Ok(BTreeMap::from([("sound".to_owned(), out.finish(work)?)]))
    }
}
