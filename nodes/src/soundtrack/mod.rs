//! `soundtrack`: the film's one sound encode, measured as a player will meet it.

use std::collections::BTreeMap;

use storyreel_engine::kinds::sound as params;
use storyreel_engine::kinds::{Kind, SOUNDTRACK};
use storyreel_engine::run::protocol::{Blob, Failure};
use storyreel_media::soundtrack::{self, Wanted};

use crate::failure::OrFailure;
use crate::inputs::Inputs;
use crate::node::{Stored, Work};

/// The kind.
pub struct Soundtrack;

impl Stored for Soundtrack {
    fn kind(&self) -> &'static Kind {
        &SOUNDTRACK
    }

    fn run(&self, work: &Work<'_>, mut inputs: Inputs) -> Result<BTreeMap<String, Blob>, Failure> {
        let params: params::Soundtrack = work.params()?;
        let cache = work.context.cache;
        let mix = cache.open_verified(&inputs.blob("mix")?)?;
        let wanted = Wanted { bitrate: params.bitrate, ceiling: f64::from(params.true_peak_centidb) / 100.0 };
        let total = params.samples.0.max(0) as u64;
        let scratch = cache.scratch("aac")?;
        let made = soundtrack::encode(&mix, wanted, scratch.path(), &mut |done| {
            work.context.progress(done, total, "encode sound");
            work.context.check().is_ok()
        });
        let made = made.or_failure()?.ok_or_else(Failure::cancelled)?;
        let mut outputs = work.write_json(
            "loudness",
            &params::Loudness {
                integrated_lufs: Some(made.integrated).filter(|lufs| lufs.is_finite()),
                true_peak_dbtp: Some(made.true_peak).filter(|dbtp| dbtp.is_finite()),
                gain_db: -made.lowered,
            },
        )?;
        outputs.insert("track".to_owned(), cache.adopt(scratch)?);
        Ok(outputs)
    }
}
