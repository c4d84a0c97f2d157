//! `recording`: sound from a file of the project, or a piece of footage's own.

use std::collections::BTreeMap;
use std::path::Path;

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

/// Samples that a length told in seconds may be off by.
const ROUNDING: i64 = 48;

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
        let mut reached = from;
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
            reached += got as u64;
            sink(&block[..got]).or_failure()?;
            left -= got as u64;
        }
        drop(sink);
        // Beside pictures sound may end before they do; a sound by itself is as long as it was measured.
        let missing = params.samples.map_or(0, |wanted| from as i64 + wanted.0 - reached as i64);
        if missing > ROUNDING && !file.beside_pictures() {
            return Err(ends_early(path, reached, params.samples));
        }
        Ok(BTreeMap::from([("sound".to_owned(), out.finish(work)?)]))
    }
}

fn ends_early(path: &Path, reached: u64, wanted: Option<Samples>) -> Failure {
    let seconds = |samples: i64| samples as f64 / storyreel_synth::SAMPLE_RATE as f64;
    let (has, wanted) = (seconds(reached as i64), seconds(wanted.map_or(0, |wanted| wanted.0)));
    let problem = format!("`{}` ends after {has:.1} s; {wanted:.1} s of it are to be heard", path.display());
    Failure::permanent(problem).help("the file is cut off or damaged: replace it, or export it again")
}
