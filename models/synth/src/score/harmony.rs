//! Chords of a phrase: from home, by way of what usually follows, to its cadence.

use super::form::{Ending, Phrase};
use super::prompt::{Mood, Prompt};
use super::theory::{Chord, Key};
use crate::dsp::rng::Rng;

/// A chord and when it sounds, in beats from the phrase's start.
#[derive(Clone, Debug)]
pub struct Slot {
    /// First beat.
    pub at: f32,
    /// Beats.
    pub beats: f32,
    /// Chord.
    pub chord: Chord,
}

/// What follows a degree, by weight, in major keys.
const MAJOR: [&[(usize, u32)]; 7] = [
    &[(3, 3), (5, 3), (1, 2), (4, 2), (2, 1)],
    &[(4, 4), (3, 1), (5, 1)],
    &[(5, 3), (3, 3)],
    &[(4, 3), (1, 2), (0, 2)],
    &[(0, 4), (5, 3), (3, 1)],
    &[(3, 3), (1, 3), (2, 1), (4, 1)],
    &[(0, 3), (2, 1), (5, 2)],
];

/// The same in minor keys, where the seventh degree is a major chord.
const MINOR: [&[(usize, u32)]; 7] = [
    &[(3, 3), (5, 3), (6, 2), (2, 1), (4, 1)],
    &[(4, 4)],
    &[(5, 3), (6, 2), (3, 2)],
    &[(4, 2), (0, 2), (6, 2), (5, 1)],
    &[(0, 4), (5, 2)],
    &[(2, 3), (3, 2), (6, 2), (0, 1)],
    &[(2, 3), (0, 2), (5, 2)],
];

/// The phrase's chords, without gaps.
pub fn chords(prompt: &Prompt, phrase: &Phrase) -> Vec<Slot> {
    let mut rng = Rng::of(phrase.seed, "harmony");
    let (key, bar) = (phrase.key, prompt.metre as f32);
    let mut slots: Vec<(f32, Chord)> = Vec::new();
    let free = phrase.bars.saturating_sub(2);
    let mut degree = if phrase.within == 0 || phrase.index == 0 || rng.chance(0.6) { 0 } else { 5 };
    // Two chords a bar where bars are slow enough to hear them.
    let dense = prompt.bpm < 76.0 && phrase.energy > 0.5;
    for bar_number in 0..free {
        let parts = if dense && bar_number > 0 && rng.chance(0.4) { 2 } else { 1 };
        for part in 0..parts {
            if bar_number + part > 0 {
                degree = follow(key, degree, &mut rng);
            }
            slots.push((bar / parts as f32, colour(prompt, key, degree, &mut rng)));
        }
    }
    cadence(prompt, phrase, free == 0, &mut slots, &mut rng);
    place(slots)
}

fn place(slots: Vec<(f32, Chord)>) -> Vec<Slot> {
    let mut at = 0.0;
    slots
        .into_iter()
        .map(|(beats, chord)| {
            let slot = Slot { at, beats, chord };
            at += beats;
            slot
        })
        .collect()
}

fn follow(key: Key, degree: usize, rng: &mut Rng) -> usize {
    let table = if key.mode.minor() { &MINOR } else { &MAJOR };
    let choices = table[degree % 7];
    let all: u32 = choices.iter().map(|c| c.1).sum();
    let mut left = rng.below(all as usize) as u32;
    for (next, weight) in choices {
        if left < *weight {
            return *next;
        }
        left -= weight;
    }
    0
}

/// A chord with or without its seventh, as the mood likes it.
fn colour(prompt: &Prompt, key: Key, degree: usize, rng: &mut Rng) -> Chord {
    let sevenths = match prompt.mood {
        Mood::Longing | Mood::Hopeful => 0.35,
        Mood::Mysterious => 0.5,
        Mood::Sad | Mood::Calm => 0.25,
        Mood::Tense | Mood::Joyful | Mood::Playful | Mood::Epic => 0.1,
    };
    let mut chord = key.chord(degree, degree != 0 && rng.chance(sevenths));
    // First inversions let the bass walk.
    if matches!(degree, 0 | 4) && rng.chance(0.2) {
        chord.bass = chord.tones[1];
    }
    chord
}

/// The last two bars (or all of a shorter phrase).
fn cadence(prompt: &Prompt, phrase: &Phrase, short: bool, slots: &mut Vec<(f32, Chord)>, rng: &mut Rng) {
    let (key, bar) = (phrase.key, prompt.metre as f32);
    let dominant = key.dominant();
    let leading = key.chord(dominant, dominant == 4 && rng.chance(0.6));
    let before = key.chord(if key.mode.minor() || rng.chance(0.5) { 3 } else { 1 }, rng.chance(0.3));
    let half = (bar / 2.0).floor().max(1.0);
    if phrase.bars == 1 {
        let first = if phrase.ending == Ending::Half { key.chord(0, false) } else { before };
        slots.push((half, first));
        slots.push((bar - half, leading));
        return;
    }
    if phrase.bars == 2 && short {
        slots.push((half, key.chord(0, false)));
        slots.push((bar - half, before.clone()));
    } else if phrase.ending == Ending::Half {
        slots.push((bar, before.clone()));
    } else {
        slots.push((half, before.clone()));
        slots.push((bar - half, leading.clone()));
    }
    match phrase.ending {
        Ending::Half => {
            // The six-four chord over the dominant's bass, which resolves into it.
            if dominant == 4 && rng.chance(0.45) {
                let mut hanging = key.chord(0, false);
                hanging.bass = leading.bass;
                slots.push((half, hanging));
                slots.push((bar - half, key.chord(dominant, false)));
            } else {
                slots.push((bar, key.chord(dominant, false)));
            }
        }
        Ending::Deceptive => slots.push((bar, key.chord(5, false))),
        Ending::Full if phrase.bars > 2 => slots.push((bar, key.chord(0, false))),
        Ending::Full => slots.push((bar, if short { key.chord(0, false) } else { leading })),
        Ending::Last => {
            slots.push((half, before));
            slots.push((bar - half, leading));
        }
    }
}

/// The last chord of a cue. A minor piece that hopes ends in major.
pub fn last_chord(prompt: &Prompt) -> Chord {
    let mut chord = prompt.key.chord(0, false);
    if prompt.key.mode.minor() && prompt.mood == Mood::Hopeful {
        chord.tones[1] = (chord.tones[1] + 1) % 12;
        chord.scale[2] = 4;
    }
    chord
}
