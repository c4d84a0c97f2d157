//! Where spoken lines fall, now that their lengths are known, and the captions that go with them.

use storyreel_engine::kinds::sound::{Caption, Spoken};
use storyreel_engine::run::protocol::Failure;
use storyreel_engine::units::{SAMPLE_RATE, Samples};
use storyreel_synth::mix::Track;

use crate::wav::SoundIn;

/// Silence between a line and the one that follows it: 0.35 s.
const BREATH: i64 = SAMPLE_RATE * 35 / 100;
/// A caption stays at least this long, for it to be read: 1 s.
const READABLE: i64 = SAMPLE_RATE;

/// A line in its place.
pub struct Placed {
    from: Samples,
    samples: Samples,
    gain_millibels: i32,
}

impl Placed {
    /// The line on the film's clock.
    pub fn track(&self, line: SoundIn) -> Track<'static> {
        Track {
            sound: Box::new(line),
            at: self.from.0,
            samples: self.samples.0,
            gain_db: self.gain_millibels as f32 / 100.0,
            pan: 0.0,
            fade_in: 0,
            fade_out: 0,
            under_dialogue_db: 0.0,
        }
    }
}

/// Places `lines` of these lengths.
///
/// # Errors
/// A line ends after its shot.
pub fn place(lines: &[Spoken], lengths: &[Samples]) -> Result<Vec<Placed>, Failure> {
    let mut free_from = i64::MIN;
    let place = |(line, &samples): (&Spoken, &Samples)| {
        let from = if line.after_previous { line.at.0.max(free_from) } else { line.at.0 };
        let end = from + samples.0;
        if end > line.until.0 {
            return Err(too_long(line, samples, end - line.until.0));
        }
        free_from = end + BREATH;
        Ok(Placed { from: Samples(from), samples, gain_millibels: line.gain_millibels })
    };
    lines.iter().zip(lengths).map(place).collect()
}

fn too_long(line: &Spoken, samples: Samples, over: i64) -> Failure {
    let seconds = |samples: i64| samples as f64 / SAMPLE_RATE as f64;
    // Rounded up: not even a sample too many is nothing.
    let over = (over + SAMPLE_RATE / 100 - 1) / (SAMPLE_RATE / 100) * (SAMPLE_RATE / 100);
    Failure::permanent(format!(
        "{} needs {:.1} s to say \"{}\", which ends {:.2} s after the shot does",
        line.speaker,
        seconds(samples.0),
        line.text,
        seconds(over)
    ))
    .parameter("dialogue")
    .help("lengthen the shot, shorten the line, start it earlier with `at:`, or quicken the voice's `pace`")
}

/// A caption a line, shown while it is spoken, and longer where it is short and nobody else speaks.
pub fn captions(lines: &[Spoken], placed: &[Placed]) -> Vec<Caption> {
    let starts = placed.iter().skip(1).map(|next| next.from.0).chain([i64::MAX]);
    lines
        .iter()
        .zip(placed)
        .zip(starts)
        .map(|((line, placed), next)| {
            let end = placed.from.0 + placed.samples.0;
            let readable = end.max(placed.from.0 + READABLE).min(next).min(line.until.0);
            Caption {
                from: placed.from,
                to: Samples(readable.max(end.min(next))),
                speaker: line.speaker.clone(),
                text: line.text.clone(),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(at: i64, after_previous: bool, until: i64) -> Spoken {
        Spoken {
            at: Samples(at),
            after_previous,
            until: Samples(until),
            speaker: "mara".into(),
            text: "She is late.".into(),
            gain_millibels: 0,
        }
    }

    #[test]
    fn a_line_follows_the_one_before_with_a_breath() {
        let lines = [line(10_000, false, 500_000), line(0, true, 500_000)];
        let placed = place(&lines, &[Samples(48_000), Samples(24_000)]).unwrap();
        assert_eq!(placed[1].from, Samples(10_000 + 48_000 + BREATH));
        let captions = captions(&lines, &placed);
        assert_eq!(captions[0].to, Samples(58_000));
        assert_eq!(captions[1].to.0 - captions[1].from.0, READABLE);
    }

    #[test]
    fn a_line_that_outlasts_its_shot_says_by_how_much() {
        let failure = place(&[line(0, false, 24_000)], &[Samples(48_000)]).err().unwrap();
        assert_eq!(failure.parameter.as_deref(), Some("dialogue"));
        assert!(failure.message.contains("0.50 s after"), "{}", failure.message);
    }
}
