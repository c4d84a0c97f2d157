//! The form of a cue: phrases of a few bars, paired as question and answer, grouped into sections; scene
//! changes start sections, and bars stretch a little to meet them.

use super::CueSpec;
use super::prompt::Prompt;
use super::theory::Key;
use crate::dsp::rng::Rng;

/// How a phrase ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// On the dominant: a question.
    Half,
    /// At home: an answer.
    Full,
    /// Where home was expected, elsewhere.
    Deceptive,
    /// At home, for good; the last chord rings out.
    Last,
}

/// One phrase.
#[derive(Clone, Debug, PartialEq)]
pub struct Phrase {
    /// Its number in the cue.
    pub index: usize,
    /// First sample.
    pub from: i64,
    /// One past its last sample.
    pub to: i64,
    /// Bars.
    pub bars: usize,
    /// How it ends.
    pub ending: Ending,
    /// Its section's number.
    pub section: usize,
    /// Its number in its section.
    pub within: usize,
    /// Its key.
    pub key: Key,
    /// From 0, thin and soft, to 1.
    pub energy: f32,
    /// The tune rests.
    pub interlude: bool,
    /// Its randomness.
    pub seed: u64,
}

/// A cue's form.
#[derive(Clone, Debug, PartialEq)]
pub struct Form {
    /// In order, without gaps, up to `ring`.
    pub phrases: Vec<Phrase>,
    /// Where the last chord is struck.
    pub ring: i64,
    /// The cue's end.
    pub samples: i64,
}

/// Lays the cue out.
pub fn plan(prompt: &Prompt, cue: &CueSpec) -> Form {
    let bar = 60.0 / f64::from(prompt.bpm) * prompt.metre as f64 * 48_000.0;
    let wanted = (bar * 1.5).clamp(2.5 * 48_000.0, 6.0 * 48_000.0) as i64;
    let ring = cue.samples - wanted.min(cue.samples * 3 / 10);
    let spans = spans(&cue.marks, ring, (bar * 1.6) as i64);
    let mut phrases = Vec::new();
    let mut section = 0;
    for (from, to) in spans {
        let bars = (((to - from) as f64 / bar).round() as usize).max(1);
        for (chunk, (start, lengths)) in sections(bars).into_iter().enumerate() {
            let edge =
                |bars_in: usize| from + ((to - from) as f64 * bars_in as f64 / bars as f64).round() as i64;
            let mut at = start;
            for (within, length) in lengths.iter().enumerate() {
                phrases.push(Phrase {
                    index: phrases.len(),
                    from: edge(at),
                    to: edge(at + length),
                    bars: *length,
                    ending: if within % 2 == 0 && within + 1 < lengths.len() {
                        Ending::Half
                    } else {
                        Ending::Full
                    },
                    section: section + chunk,
                    within,
                    key: prompt.key,
                    energy: 0.5,
                    interlude: false,
                    seed: 0,
                });
                at += length;
            }
        }
        section = phrases.last().map_or(0, |p: &Phrase| p.section + 1);
    }
    characterise(&mut phrases, prompt, cue, ring);
    Form { phrases, ring, samples: cue.samples }
}

/// Stretches between scene changes; changes nearer than `least` to another are passed over.
fn spans(marks: &[i64], end: i64, least: i64) -> Vec<(i64, i64)> {
    let mut cuts: Vec<i64> = marks.to_vec();
    cuts.sort_unstable();
    let mut edges = vec![0];
    for cut in cuts {
        let last = edges.last().copied().unwrap_or(0);
        if cut - last >= least && end - cut >= least {
            edges.push(cut);
        }
    }
    edges.push(end);
    edges.windows(2).map(|w| (w[0], w[1])).collect()
}

/// Bars into sections of up to 16, each a list of phrases of two to four (a lone bar stays alone): the
/// first bar of each section, and its phrases' lengths.
fn sections(bars: usize) -> Vec<(usize, Vec<usize>)> {
    let count = bars.div_ceil(16).max(1);
    let mut out = Vec::new();
    let mut at = 0;
    for k in 0..count {
        // Whole periods of eight where that is possible.
        let until = if k + 1 == count { bars } else { ((bars * (k + 1) / count) + 4) / 8 * 8 };
        let mut left = until.max(at + 1) - at;
        let start = at;
        let mut lengths = Vec::new();
        while left > 0 {
            let take = match left {
                5 => 3,
                6 => 3,
                7 => 4,
                n => n.min(4),
            };
            lengths.push(take);
            left -= take;
            at += take;
        }
        out.push((start, lengths));
    }
    out
}

fn characterise(phrases: &mut [Phrase], prompt: &Prompt, cue: &CueSpec, ring: i64) {
    let mut rng = Rng::of(cue.seed, "form");
    let last_section = phrases.last().map_or(0, |p| p.section);
    let count = phrases.len();
    let last_of_section: Vec<bool> =
        (0..count).map(|i| i + 1 == count || phrases[i + 1].section != phrases[i].section).collect();
    let peak = rng.range(0.62, 0.78);
    let lift: Vec<f32> = (0..=last_section).map(|_| rng.range(-0.12, 0.12)).collect();
    for (i, phrase) in phrases.iter_mut().enumerate() {
        phrase.seed = rng.next();
        let x = (phrase.from + phrase.to) as f32 / (2.0 * ring.max(1) as f32);
        let arch = match prompt.course {
            1 => 0.25 + 0.7 * x,
            -1 => 0.85 - 0.6 * x,
            _ if x < peak => 0.32 + 0.6 * (x / peak).powf(1.3),
            _ => 0.92 - 0.55 * ((x - peak) / (1.0 - peak)),
        };
        phrase.energy = (arch + lift[phrase.section] + 0.15 * prompt.force).clamp(0.12, 1.0);
        // Middle sections leave home and come back.
        let away = phrase.section % 2 == 1 && phrase.section != last_section;
        if away {
            phrase.key = if phrase.section % 4 == 1 { prompt.key.relative() } else { prompt.key.below() };
        }
        if phrase.ending == Ending::Full && !last_of_section[i] && rng.chance(0.4) {
            phrase.ending = Ending::Deceptive;
        }
        let long = cue.samples > 40 * 48_000;
        let opening = i == 0 && long && count > 4;
        phrase.interlude = !prompt.solo
            && (opening || (phrase.within == 0 && phrase.section > 0 && count > 12 && rng.chance(0.3)));
    }
    if let Some(last) = phrases.last_mut() {
        last.ending = Ending::Last;
        last.interlude = false;
        last.key = prompt.key;
    }
}
