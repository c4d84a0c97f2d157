//! `rank`: scores candidate clips on sampled pictures.
//!
//! The score is stated so that anyone can check it: contrast of luma (its standard deviation), plus
//! colourfulness (mean distance of chroma from grey), plus detail (mean absolute step between
//! neighbouring luma samples), each as a share of its possible range, averaged over the pictures.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use storyreel_engine::kinds::edit as params;
use storyreel_engine::kinds::{Kind, RANK};
use storyreel_engine::run::protocol::{Blob, Failure};
use storyreel_media::Picture;

use crate::failure::OrFailure;
use crate::inputs::Inputs;
use crate::node::{Stored, Work};

/// What `rank` writes: millionths a candidate, and the best one's place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ranking {
    /// Millionths, in the candidates' order.
    pub scores: Vec<i64>,
    /// The highest score's place; the first of equals.
    pub chosen: u32,
}

/// The kind.
pub struct Rank;

impl Stored for Rank {
    fn kind(&self) -> &'static Kind {
        &RANK
    }

    fn run(&self, work: &Work<'_>, mut inputs: Inputs) -> Result<BTreeMap<String, Blob>, Failure> {
        let frames = work.params::<params::Rank>()?.frames;
        let mut clips = inputs.clips("clips")?;
        let total = (clips.len() * frames.len()) as u64;
        let mut picture = Picture::default();
        let mut scores = Vec::with_capacity(clips.len());
        for (candidate, clip) in clips.iter_mut().enumerate() {
            let mut sum = 0.0;
            for (seen, frame) in frames.iter().enumerate() {
                work.context.check()?;
                clip.picture(frame.0.max(0) as u64, &mut picture).or_failure()?;
                sum += score(&picture);
                work.context.progress((candidate * frames.len() + seen + 1) as u64, total, "rank");
            }
            scores.push((1e6 * sum / frames.len().max(1) as f64) as i64);
        }
        let chosen = (0..scores.len()).rev().max_by_key(|&at| scores[at]).unwrap_or(0) as u32;
        work.write_json("rank", &Ranking { scores, chosen })
    }
}

/// Contrast, colourfulness and detail of one picture, each about 0 to 1.
fn score(picture: &Picture) -> f64 {
    let count = picture.y.len().max(1) as f64;
    let mean = picture.y.iter().map(|&y| f64::from(y)).sum::<f64>() / count;
    let variance = picture.y.iter().map(|&y| (f64::from(y) - mean).powi(2)).sum::<f64>() / count;
    let from_grey = |plane: &[u16]| {
        plane.iter().map(|&c| f64::from(c.abs_diff(storyreel_media::picture::NEUTRAL))).sum::<f64>()
            / plane.len().max(1) as f64
    };
    let steps = picture.y.windows(2).map(|pair| f64::from(pair[0].abs_diff(pair[1]))).sum::<f64>() / count;
    variance.sqrt() / 28_000.0
        + (from_grey(&picture.cb) + from_grey(&picture.cr)) / 28_000.0
        + steps / 8_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lively_picture_outranks_a_flat_one() {
        let flat = Picture::new(32, 32);
        let mut lively = flat.clone();
        for (at, y) in lively.y.iter_mut().enumerate() {
            *y = if at % 3 == 0 { 50_000 } else { 8_000 };
        }
        lively.cb.fill(40_000);
        assert!(score(&lively) > score(&flat) + 0.1);
    }
}
