//! `extend`: a cue of any length, segment after segment, joined under triangular windows.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use storyreel_engine::kinds::sound as params;
use storyreel_engine::kinds::{EXTEND, Kind};
use storyreel_engine::run::protocol::{Blob, Failure};
use storyreel_engine::world::Tool;
use storyreel_synth::score::{CueSpec, Instruments, ScoreModel, extend};

use crate::failure::OrFailure;
use crate::inputs::Inputs;
use crate::node::{Stored, Work};
use crate::shelf::{self, Model};
use crate::wav::SoundOut;

/// The kind.
pub struct Extend;

impl Stored for Extend {
    fn kind(&self) -> &'static Kind {
        &EXTEND
    }

    fn run(&self, work: &Work<'_>, _: Inputs) -> Result<BTreeMap<String, Blob>, Failure> {
        let params: params::Extend = work.params()?;
        let cue = CueSpec {
            prompt: params.prompt,
            samples: params.samples.0,
            segment: params.segment.0,
            overlap: params.overlap.0,
            seed: params.seed,
            marks: params.marks.iter().map(|mark| mark.0).collect(),
        };
        let font = shelf::model::<Font>(Tool::SoundFont, work.tool(Tool::SoundFont)?)?;
        let mut model = ScoreModel::new(&font.0, &cue).or_failure()?;
        let mut out = SoundOut::new(work, None)?;
        let mut sink = work.sink(params.samples, "score", &mut out);
        extend(&mut model, &cue, &mut sink).or_failure()?;
        drop(sink);
        Ok(BTreeMap::from([("sound".to_owned(), out.finish(work)?)]))
    }
}

/// The SoundFont.
struct Font(Instruments);

impl Model for Font {
    fn load(path: &Path) -> Result<Self, Failure> {
        let file = File::open(path).map_err(|error| {
            Failure::permanent(format!("the SoundFont `{}` cannot be read: {error}", path.display()))
        })?;
        Ok(Self(Instruments::read(&mut BufReader::new(file)).or_failure()?))
    }
}
