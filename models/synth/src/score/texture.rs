//! Everything around the tune: chords, figures, bass, drums.

use super::form::Phrase;
use super::harmony::Slot;
use super::melody::Tone;
use super::prompt::{Mood, Prompt};
use super::theory::voice_lead;
use crate::dsp::rng::Rng;

/// How chords are played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    /// Held.
    Held,
    /// One note after the other.
    Broken,
    /// Repeated.
    Pulse,
    /// After the beat.
    After,
    /// Struck together on the beat.
    Struck,
}

/// A chord as it is voiced.
#[derive(Clone, Copy, Debug)]
pub struct Voiced {
    /// First beat.
    pub at: f32,
    /// Beats.
    pub beats: f32,
    /// Lowest note.
    pub bass: i32,
    /// The voices above it.
    pub upper: [i32; 3],
}

/// Voices the phrase's chords one from the other.
pub fn voicing(slots: &[Slot], low: i32, high: i32, floor: i32) -> Vec<Voiced> {
    let mut before: Option<(i32, [i32; 3])> = None;
    slots
        .iter()
        .map(|slot| {
            let bass = slot.chord.bass_above(floor);
            let upper = voice_lead(&slot.chord, bass, before, low, high);
            before = Some((bass, upper));
            Voiced { at: slot.at, beats: slot.beats, bass, upper }
        })
        .collect()
}

/// The figure of a section for a plucked instrument or a pad.
pub fn figure(prompt: &Prompt, phrase: &Phrase, seed: u64, plucked: bool) -> Figure {
    let mut rng = Rng::of(seed.wrapping_add(phrase.section as u64), if plucked { "figure" } else { "pad" });
    let choices: &[Figure] = match (prompt.mood, plucked) {
        (Mood::Tense, true) => &[Figure::Pulse],
        (Mood::Tense | Mood::Epic, false) if phrase.energy > 0.5 => &[Figure::Pulse, Figure::Held],
        (Mood::Epic, true) => &[Figure::Pulse, Figure::Struck],
        (Mood::Joyful | Mood::Playful, true) => &[Figure::After, Figure::Broken],
        (Mood::Playful, false) => &[Figure::After, Figure::Held],
        (_, true) => &[Figure::Broken, Figure::Broken, Figure::Struck],
        (_, false) => &[Figure::Held],
    };
    choices[rng.below(choices.len())]
}

/// The chords as `figure` plays them.
pub fn figured(prompt: &Prompt, phrase: &Phrase, voiced: &[Voiced], figure: Figure) -> Vec<Tone> {
    let mut rng = Rng::of(phrase.seed, "figured");
    let quick = phrase.energy > 0.72 && prompt.bpm < 92.0;
    let mut out = Vec::new();
    for chord in voiced {
        match figure {
            Figure::Held => hold(chord, &mut out),
            Figure::Struck => strike(prompt, chord, &mut out),
            Figure::Broken => breaks(chord, if quick { 0.25 } else { 0.5 }, &mut rng, &mut out),
            Figure::Pulse => pulse(chord, &mut rng, &mut out),
            Figure::After => after(prompt, chord, &mut out),
        }
    }
    out
}

fn hold(chord: &Voiced, out: &mut Vec<Tone>) {
    out.extend(chord.upper.map(|pitch| Tone { at: chord.at, beats: chord.beats, pitch }));
}

fn strike(prompt: &Prompt, chord: &Voiced, out: &mut Vec<Tone>) {
    let every = if prompt.metre == 4 { 2.0 } else { prompt.metre as f32 };
    let mut at = 0.0;
    while at < chord.beats {
        let beats = every.min(chord.beats - at);
        // Rolled a little from below.
        for (k, pitch) in chord.upper.into_iter().enumerate() {
            out.push(Tone { at: chord.at + at + 0.03 * k as f32, beats: beats - 0.03 * k as f32, pitch });
        }
        at += every;
    }
}

fn breaks(chord: &Voiced, step: f32, rng: &mut Rng, out: &mut Vec<Tone>) {
    const ORDERS: [&[usize]; 5] =
        [&[0, 1, 2, 3, 2, 1], &[0, 2, 1, 2], &[0, 1, 2, 3], &[0, 2, 3, 2, 1, 2], &[0, 3, 1, 2]];
    let notes = [chord.upper[0], chord.upper[1], chord.upper[2], chord.upper[0] + 12];
    let order = ORDERS[rng.below(ORDERS.len())];
    let count = (chord.beats / step).round() as usize;
    for k in 0..count {
        let at = chord.at + k as f32 * step;
        // Each rings on under the next ones, up to the change of chord.
        let beats = (step * 3.5).min(chord.at + chord.beats - at);
        out.push(Tone { at, beats, pitch: notes[order[k % order.len()]] });
    }
}

fn pulse(chord: &Voiced, rng: &mut Rng, out: &mut Vec<Tone>) {
    let count = (chord.beats * 2.0).round() as usize;
    let lean = rng.below(3);
    for k in 0..count {
        let at = chord.at + k as f32 * 0.5;
        let pitches: &[i32] = if k % 4 == 0 { &chord.upper } else { &chord.upper[..2] };
        for &pitch in pitches {
            out.push(Tone { at, beats: 0.36, pitch });
        }
        if k % 8 == 3 + lean {
            out.push(Tone { at, beats: 0.36, pitch: chord.upper[2] });
        }
    }
}

fn after(prompt: &Prompt, chord: &Voiced, out: &mut Vec<Tone>) {
    let mut beat = 0.0;
    while beat < chord.beats {
        let in_bar = (chord.at + beat) % prompt.metre as f32;
        let sounds = if prompt.metre == 3 { in_bar >= 1.0 } else { true };
        let at = if prompt.metre == 3 { beat } else { beat + 0.5 };
        if sounds && at < chord.beats {
            out.extend(chord.upper.map(|pitch| Tone { at: chord.at + at, beats: 0.35, pitch }));
        }
        beat += 1.0;
    }
}

/// The bass: roots, and steps that lead to the next one.
pub fn bass(prompt: &Prompt, phrase: &Phrase, voiced: &[Voiced], slots: &[Slot]) -> Vec<Tone> {
    let mut rng = Rng::of(phrase.seed, "bass");
    let mut out = Vec::new();
    let short = matches!(prompt.mood, Mood::Joyful | Mood::Playful);
    let driving = matches!(prompt.mood, Mood::Tense | Mood::Epic) && phrase.energy > 0.5;
    for (i, chord) in voiced.iter().enumerate() {
        let fifth = if slots[i].chord.has(chord.bass + 7) { chord.bass + 7 } else { chord.bass };
        if driving {
            for k in 0..(chord.beats * 2.0).round() as usize {
                out.push(Tone { at: chord.at + k as f32 * 0.5, beats: 0.4, pitch: chord.bass });
            }
        } else if short {
            for k in 0..chord.beats.round() as usize {
                let pitch =
                    if k % 2 == 0 { chord.bass } else { fifth - if fifth > chord.bass + 5 { 12 } else { 0 } };
                if k % 2 == 0 || chord.beats > 2.0 {
                    out.push(Tone { at: chord.at + k as f32, beats: 0.6, pitch });
                }
            }
        } else {
            let next = voiced.get(i + 1).map(|n| n.bass);
            let walks = phrase.energy > 0.4 && chord.beats >= 3.0 && rng.chance(0.5);
            match next.filter(|n| walks && (n - chord.bass).abs() > 2) {
                Some(next) => {
                    out.push(Tone { at: chord.at, beats: chord.beats - 1.0, pitch: chord.bass });
                    let way = slots[i].chord.step_near((chord.bass + next) / 2);
                    out.push(Tone {
                        at: chord.at + chord.beats - 1.0,
                        beats: 1.0,
                        pitch: slots[i].chord.pitch(way),
                    });
                }
                None => out.push(Tone { at: chord.at, beats: chord.beats, pitch: chord.bass }),
            }
        }
    }
    out
}

/// Strokes of a drum kit: General MIDI keys, each `(tone, stress)`.
pub fn drums(prompt: &Prompt, phrase: &Phrase) -> Vec<(Tone, f32)> {
    let mut rng = Rng::of(phrase.seed, "drums");
    let mut out = Vec::new();
    let metre = prompt.metre as f32;
    let dark = matches!(prompt.mood, Mood::Tense | Mood::Epic | Mood::Sad | Mood::Longing | Mood::Mysterious);
    let mut hit = |at: f32, pitch: i32, stress: f32| out.push((Tone { at, beats: 0.4, pitch }, stress));
    for bar in 0..phrase.bars {
        let start = bar as f32 * metre;
        let last = bar + 1 == phrase.bars;
        if dark {
            hit(start, 36, 1.0);
            hit(start, 41, 0.9);
            if phrase.energy > 0.4 {
                hit(start + metre - 1.5, 43, 0.6);
                hit(start + metre - 1.0, 41, 0.7);
            }
            if phrase.energy > 0.65 {
                for k in 0..(metre * 2.0) as usize {
                    if rng.chance(0.55) {
                        hit(start + k as f32 * 0.5, if k % 2 == 0 { 41 } else { 45 }, 0.45);
                    }
                }
            }
            if last {
                for k in 0..4 {
                    hit(start + metre - 1.0 + 0.25 * k as f32, 43, 0.5 + 0.12 * k as f32);
                }
            }
        } else {
            hit(start, 36, 0.8);
            if metre >= 4.0 {
                hit(start + 2.0, 36, 0.6);
            }
            for k in 0..(metre * 2.0) as usize {
                hit(
                    start + k as f32 * 0.5,
                    if phrase.energy > 0.5 { 42 } else { 70 },
                    if k % 2 == 0 { 0.45 } else { 0.3 },
                );
            }
            hit(start + 1.0, 39, 0.4);
            if metre >= 4.0 {
                hit(start + 3.0, 39, 0.45);
            }
        }
    }
    out
}

/// Timpani: the root where a phrase begins, a roll into its end.
pub fn timpani(prompt: &Prompt, phrase: &Phrase, voiced: &[Voiced]) -> Vec<(Tone, f32)> {
    let mut out = Vec::new();
    let fit = |pitch: i32| 38 + (pitch - 38).rem_euclid(12);
    for chord in voiced.iter().filter(|c| c.at == 0.0 || phrase.energy > 0.6) {
        out.push((Tone { at: chord.at, beats: 1.0, pitch: fit(chord.bass) }, 0.9));
        if phrase.energy > 0.55 && chord.beats >= 3.0 {
            out.push((Tone { at: chord.at + chord.beats - 1.0, beats: 0.5, pitch: fit(chord.bass) }, 0.5));
            out.push((Tone { at: chord.at + chord.beats - 0.5, beats: 0.5, pitch: fit(chord.bass) }, 0.6));
        }
    }
    if let Some(chord) = voiced.last().filter(|_| phrase.energy > 0.45) {
        let from = (phrase.bars * prompt.metre) as f32 - 1.0;
        for k in 0..8 {
            out.push((
                Tone { at: from + 0.125 * k as f32, beats: 0.12, pitch: fit(chord.bass) },
                0.3 + 0.07 * k as f32,
            ));
        }
    }
    out
}
