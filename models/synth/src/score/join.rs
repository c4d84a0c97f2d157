//! Long sounds from short segments, joined under triangular windows.

use super::{CueSpec, Extend, check};
use crate::{Frame, Sink, SynthError};

/// Makes a cue of exactly `cue.samples` samples. Neighbouring segments share `cue.overlap` samples, over
/// which one falls as the other rises in straight lines; the two weights add up to one. No more than two
/// segments are in memory at once.
///
/// # Errors
/// Those of the model and the sink, and where the cue's numbers make no sense.
pub fn extend(model: &mut dyn Extend, cue: &CueSpec, sink: Sink) -> Result<(), SynthError> {
    check(cue)?;
    let step = cue.segment - cue.overlap;
    let mut shared: Vec<Frame> = Vec::new();
    let mut from = 0;
    while from < cue.samples {
        let length = cue.segment.min(cue.samples - from);
        let last = from + length == cue.samples;
        let context = (!shared.is_empty()).then_some(shared.as_slice());
        let mut segment = model.segment(context, from, length)?;
        if segment.len() as i64 != length {
            let value = format!("{} samples", segment.len());
            return Err(SynthError::OutOfRange {
                what: "a segment",
                value,
                range: "as long as it was asked for",
            });
        }
        blend(&shared, &mut segment);
        let done = if last { length } else { step };
        sink(&segment[..done as usize])?;
        if last {
            break;
        }
        shared = segment.split_off(step as usize);
        from += step;
    }
    Ok(())
}

/// The start of `segment` becomes a mixture with what the segment before has there.
fn blend(before: &[Frame], segment: &mut [Frame]) {
    let length = before.len() as f32;
    for (i, (old, new)) in before.iter().zip(segment).enumerate() {
        let rise = (i as f32 + 0.5) / length;
        for c in 0..2 {
            new[c] = old[c] + (new[c] - old[c]) * rise;
        }
    }
}
