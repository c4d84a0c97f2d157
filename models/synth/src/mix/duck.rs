//! Making way for speech. Where lines are spoken is known before anything is mixed, so music and effects
//! are already down when a word begins.

/// Before a line: how long others take to step back.
const ATTACK: i64 = 80 * 48;
/// After a line: how long they take to come back.
const RELEASE: i64 = 400 * 48;
/// A pause up to this long is no reason to come back.
const PAUSE: i64 = 900 * 48;

/// When there is speech.
#[derive(Clone, Debug, Default)]
pub struct Speech {
    spans: Vec<(i64, i64)>,
}

impl Speech {
    /// The speech of lines at these `[from, to)`.
    pub fn new(mut lines: Vec<(i64, i64)>) -> Self {
        lines.retain(|(from, to)| from < to);
        lines.sort_unstable();
        let mut spans: Vec<(i64, i64)> = Vec::new();
        for (from, to) in lines {
            match spans.last_mut() {
                Some(last) if from - last.1 < PAUSE => last.1 = last.1.max(to),
                _ => spans.push((from, to)),
            }
        }
        Self { spans }
    }

    /// How much there is to make way for, from 0 to 1, at `at`, `at + 1`, ...
    pub fn fill(&self, at: i64, out: &mut [f32]) {
        out.fill(0.0);
        let end = at + out.len() as i64;
        let first = self.spans.partition_point(|span| span.1 + RELEASE <= at);
        for &(from, to) in self.spans[first..].iter().take_while(|span| span.0 - ATTACK < end) {
            let begin = (from - ATTACK).max(at);
            for t in begin..(to + RELEASE).min(end) {
                let slot = &mut out[(t - at) as usize];
                *slot = slot.max(depth(t, from, to));
            }
        }
    }
}

fn depth(t: i64, from: i64, to: i64) -> f32 {
    let x = if t < from {
        1.0 - (from - t) as f32 / ATTACK as f32
    } else if t < to {
        return 1.0;
    } else {
        1.0 - (t - to) as f32 / RELEASE as f32
    };
    0.5 - 0.5 * (std::f32::consts::PI * x.clamp(0.0, 1.0)).cos()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn others_are_down_when_the_word_begins_and_back_after_the_release() {
        let speech = Speech::new(vec![(48_000, 96_000)]);
        let mut out = vec![0.0; 144_000];
        speech.fill(0, &mut out);
        assert_eq!(out[48_000 - 3_840], 0.0);
        assert!((out[48_000 - 1_920] - 0.5).abs() < 1e-3, "halfway 40 ms before");
        assert_eq!(out[48_000], 1.0);
        assert_eq!(out[95_999], 1.0);
        assert!((out[96_000 + 9_600] - 0.5).abs() < 1e-3, "halfway 200 ms after");
        assert_eq!(out[96_000 + 19_200], 0.0);
        let steepest = out.windows(2).map(|w| (w[1] - w[0]).abs()).fold(0.0, f32::max);
        assert!(steepest < 0.001, "no step: {steepest}");
    }

    #[test]
    fn blocks_agree_with_the_whole_and_short_pauses_stay_down() {
        let speech = Speech::new(vec![(60_000, 70_000), (10_000, 20_000), (40_000, 50_000)]);
        let mut whole = vec![0.0; 120_000];
        speech.fill(0, &mut whole);
        for (k, chunk) in whole.chunks(777).enumerate() {
            let mut part = vec![9.0; chunk.len()];
            speech.fill(k as i64 * 777, &mut part);
            assert_eq!(part, chunk);
        }
        assert!(whole[10_000..70_000].iter().all(|v| *v == 1.0));
    }
}
