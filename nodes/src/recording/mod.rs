//! `recording`: sound from a file of the project, or a piece of footage's own.

use std::collections::BTreeMap;

use storyreel_engine::kinds::sound as params;
use storyreel_engine::kinds::{Kind, RECORDING};
use storyreel_engine::run::protocol::{Blob, Failure};
use storyreel_engine::units::Samples;
use storyreel_media::sound::SoundReader;
use storyreel_synth::Frame;

use crate::failure::OrFailure;
use crate::inputs::Inputs;
use crate::node::{Stored, Work};
use crate::wav::SoundOut;

/// Samples decoded at once.
const BLOCK: usize = 16_384;

/// The kind.
pub struct Recording;

impl Stored for Recording {
    fn kind(&self) -> &'static Kind {
        &RECORDING
    }

    fn run(&self, work: &Work<'_>, _: Inputs) -> Result<BTreeMap<String, Blob>, Failure> {
        let params: params::Recording = work.params()?;
        let from = params.from.0.max(0) as u64;
        let path = work.file(params.file)?;
        let mut file = SoundReader::open(path).or_failure()?;
        file.skip_to(from).or_failure()?;
        let mut left = params.samples.map_or(u64::MAX, |samples| samples.0.max(0) as u64);
        let total = match params.samples {
            Some(samples) => samples,
            None => Samples(SoundReader::open(path).and_then(SoundReader::count).or_failure()? as i64),
        };
        let mut out = SoundOut::new(work, None)?;
        let mut sink = work.sink(total, "sound", &mut out);
        let mut block: Vec<Frame> = vec![[0.0; 2]; BLOCK];
        while left > 0 {
            let wanted = left.min(BLOCK as u64) as usize;
            let got = file.read(block[..wanted].as_flattened_mut()).or_failure()?;
            if got == 0 {
                break;
            }
            sink(&block[..got]).or_failure()?;
            left -= got as u64;
        }
        drop(sink);
        Ok(BTreeMap::from([("sound".to_owned(), out.finish(work)?)]))
    }
}
