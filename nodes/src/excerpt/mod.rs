//! `excerpt`: parts of the mix and their captions, set end to end, for a render of part of the film.

use std::collections::BTreeMap;

use storyreel_engine::kinds::sound::{self as params, Caption, Captions, Kept};
use storyreel_engine::kinds::{EXCERPT, Kind};
use storyreel_engine::run::protocol::{Blob, Failure};
use storyreel_engine::units::Samples;
use storyreel_synth::Frame;
use storyreel_synth::mix::SoundReader;

use crate::failure::OrFailure;
use crate::inputs::Inputs;
use crate::node::{Stored, Work};
use crate::wav::{SoundIn, SoundOut};

/// Samples read at once.
const BLOCK: i64 = 16_384;

/// The kind.
pub struct Excerpt;

impl Stored for Excerpt {
    fn kind(&self) -> &'static Kind {
        &EXCERPT
    }

    fn run(&self, work: &Work<'_>, mut inputs: Inputs) -> Result<BTreeMap<String, Blob>, Failure> {
        let params: params::Excerpt = work.params()?;
        let captions: Captions = work.read_json(&inputs.blob("captions")?)?;
        let mut mix = SoundIn::open(&work.context.cache.open_verified(&inputs.blob("mix")?)?)?;
        let mut out = SoundOut::new(work, Some(Samples(0)))?;
        let total = params.ranges.iter().map(|range| range.samples).sum();
        let mut sink = work.sink(total, "excerpt", &mut out);
        let mut block = vec![[0.0; 2]; BLOCK as usize];
        for range in &params.ranges {
            let fade = params.fade.0.clamp(0, range.samples.0 / 2);
            for at in (0..range.samples.0).step_by(BLOCK as usize) {
                let block = &mut block[..BLOCK.min(range.samples.0 - at) as usize];
                read_padded(&mut mix, range.from.0 + at, block).or_failure()?;
                apply_fades(block, at, range.samples.0, fade);
                sink(block).or_failure()?;
            }
        }
        drop(sink);
        let captions = Captions { captions: cut(&captions.captions, &params.ranges) };
        let mut outputs = work.write_json("captions", &captions)?;
        outputs.insert("mix".to_owned(), out.finish(work)?);
        Ok(outputs)
    }
}

/// Silence where the mix does not reach.
fn read_padded(mix: &mut SoundIn, at: i64, block: &mut [Frame]) -> Result<(), storyreel_synth::SynthError> {
    let held = (mix.samples() - at).clamp(0, block.len() as i64) as usize;
    block[held..].fill([0.0; 2]);
    mix.read(at, &mut block[..held])
}

/// Linear fades over the first and last `fade` of `total` samples; `block` starts at `at` of them.
fn apply_fades(block: &mut [Frame], at: i64, total: i64, fade: i64) {
    for (place, frame) in (at..).zip(block) {
        let from_end = place.min(total - 1 - place);
        if from_end < fade {
            let gain = (from_end as f32 + 0.5) / fade as f32;
            *frame = frame.map(|sample| sample * gain);
        }
    }
}

/// The captions heard within `ranges`, on the excerpt's own clock.
fn cut(captions: &[Caption], ranges: &[Kept]) -> Vec<Caption> {
    let mut start = 0;
    let mut kept = Vec::new();
    for range in ranges {
        let (from, to) = (range.from.0, range.from.0 + range.samples.0);
        for caption in captions.iter().filter(|caption| caption.from.0 < to && caption.to.0 > from) {
            let moved = |at: Samples| Samples(at.0.clamp(from, to) - from + start);
            kept.push(Caption { from: moved(caption.from), to: moved(caption.to), ..caption.clone() });
        }
        start += range.samples.0;
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captions_move_with_their_part() {
        let caption = |from, to| Caption {
            from: Samples(from),
            to: Samples(to),
            speaker: "mara".into(),
            text: "Late.".into(),
        };
        let kept = |from, samples| Kept { from: Samples(from), samples: Samples(samples) };
        let cut = cut(&[caption(10, 20), caption(95, 120)], &[kept(100, 50), kept(0, 15)]);
        let times: Vec<_> = cut.iter().map(|caption| (caption.from.0, caption.to.0)).collect();
        assert_eq!(times, [(0, 20), (60, 65)]);
    }

    #[test]
    fn a_part_begins_and_ends_in_silence() {
        let mut block = vec![[1.0; 2]; 10];
        apply_fades(&mut block, 0, 10, 2);
        assert_eq!((block[0][0], block[1][0], block[5][0], block[9][0]), (0.25, 0.75, 1.0, 0.25));
    }
}
