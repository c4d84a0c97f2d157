//! `encode`: a run of a clip's pictures as an H.264 segment that joins without re-encoding, and the
//! shot's poster, taken in passing so that no shot is set up twice.

use std::collections::BTreeMap;

use storyreel_engine::kinds::encode as params;
use storyreel_engine::kinds::{ENCODE, Kind};
use storyreel_engine::run::protocol::{Blob, Failure};
use storyreel_media::Picture;
use storyreel_media::encode::{Codec, SegmentEncoder};
use storyreel_media::png::write_png;

use crate::failure::OrFailure;
use crate::inputs::Inputs;
use crate::node::{Stored, Work};
use crate::pipeline;

/// Width of a poster; the contact sheet and the studio show it smaller.
const POSTER_WIDTH: u32 = 640;

/// The kind.
pub struct Encode;

impl Stored for Encode {
    fn kind(&self) -> &'static Kind {
        &ENCODE
    }

    fn run(&self, work: &Work<'_>, mut inputs: Inputs) -> Result<BTreeMap<String, Blob>, Failure> {
        let params: params::Encode = work.params()?;
        let (from, to) = (params.from.0.max(0) as u64, params.to.0.max(0) as u64);
        let clip = inputs.clip("clip")?;
        let codec = Codec {
            preset: params.codec.preset.clone(),
            tuned: params.codec.tuned,
            crf_tenths: params.codec.crf_tenths,
            keyint: params.codec.keyint,
        };
        let size = (params.size.width, params.size.height);
        let rate = (params.rate.num, params.rate.den);
        let out = work.context.cache.writer()?;
        let mut encoder = SegmentEncoder::new(size, rate, &codec, out).or_failure()?;
        let mut poster = None;
        pipeline::draw(work, clip, from..to, "draw", |index, picture| {
            if params.poster.is_some_and(|frame| frame.0 as u64 == index) {
                poster = Some(store_poster(work, picture)?);
            }
            encoder.push(picture).or_failure()
        })?;
        let (out, _) = encoder.finish().or_failure()?;
        let mut outputs = BTreeMap::from([("segment".to_owned(), out.finish()?)]);
        if let Some(poster) = poster {
            outputs.insert("poster".to_owned(), poster);
        }
        Ok(outputs)
    }
}

fn store_poster(work: &Work<'_>, picture: &Picture) -> Result<Blob, Failure> {
    let mut bytes = Vec::new();
    write_png(picture, Some(POSTER_WIDTH), &mut bytes).or_failure()?;
    Ok(work.context.cache.write(&bytes)?)
}
