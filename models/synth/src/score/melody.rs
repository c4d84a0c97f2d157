//! The tune: a motif of two bars, and what becomes of it.

use super::form::{Ending, Phrase};
use super::harmony::Slot;
use super::prompt::{Mood, Prompt};
use super::theory::Chord;
use crate::dsp::rng::Rng;

/// A note of a line: when, how long (in beats), what.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tone {
    /// Beat in the phrase.
    pub at: f32,
    /// Beats.
    pub beats: f32,
    /// MIDI pitch.
    pub pitch: i32,
}

/// A bar of a motif: lengths in beats, and steps of the scale from where the bar starts.
#[derive(Clone, Debug, PartialEq)]
struct Cell {
    rhythm: Vec<f32>,
    steps: Vec<i32>,
}

#[rustfmt::skip]
const FOUR: [&[&[f32]]; 3] = [
    &[&[2.0, 2.0], &[3.0, 1.0], &[2.0, 1.0, 1.0], &[1.5, 0.5, 2.0], &[1.0, 1.0, 2.0], &[1.0, 3.0]],
    &[&[1.0, 1.0, 1.0, 1.0], &[1.5, 0.5, 1.0, 1.0], &[2.0, 1.0, 1.0], &[1.0, 0.5, 0.5, 2.0], &[0.5, 0.5, 1.0, 2.0], &[1.0, 1.0, 2.0]],
    &[&[1.0, 0.5, 0.5, 1.0, 1.0], &[0.5, 0.5, 0.5, 0.5, 1.0, 1.0], &[1.5, 0.5, 0.5, 0.5, 1.0], &[0.5, 1.0, 0.5, 1.0, 1.0], &[1.0, 1.0, 0.5, 0.5, 1.0]],
];

#[rustfmt::skip]
const THREE: [&[&[f32]]; 3] = [
    &[&[2.0, 1.0], &[1.5, 0.5, 1.0], &[1.0, 2.0], &[1.0, 1.0, 1.0]],
    &[&[1.0, 1.0, 1.0], &[1.5, 0.5, 1.0], &[2.0, 0.5, 0.5], &[2.0, 1.0]],
    &[&[0.5, 0.5, 1.0, 1.0], &[1.0, 0.5, 0.5, 0.5, 0.5], &[1.0, 1.0, 0.5, 0.5], &[1.5, 0.5, 1.0]],
];

#[rustfmt::skip]
const FIVE: [&[&[f32]]; 3] = [
    &[&[3.0, 2.0], &[2.0, 1.0, 2.0]],
    &[&[1.0, 1.0, 1.0, 2.0], &[1.5, 0.5, 1.0, 2.0]],
    &[&[1.0, 0.5, 0.5, 1.0, 1.0, 1.0], &[0.5, 0.5, 1.0, 1.0, 1.0, 1.0]],
];

/// How lively the tune is: index into the tables above.
fn liveliness(prompt: &Prompt) -> usize {
    match prompt.mood {
        Mood::Joyful | Mood::Playful => 2,
        Mood::Longing | Mood::Sad | Mood::Mysterious | Mood::Calm => {
            usize::from(prompt.bpm < 66.0 || prompt.bpm > 110.0)
        }
        Mood::Tense | Mood::Epic | Mood::Hopeful => 1 + usize::from(prompt.bpm < 70.0),
    }
}

fn rhythm(prompt: &Prompt, rng: &mut Rng) -> Vec<f32> {
    let table = match prompt.metre {
        3 => &THREE,
        5 => &FIVE,
        _ => &FOUR,
    };
    let choices = table[liveliness(prompt).min(2)];
    choices[rng.below(choices.len())].to_vec()
}

/// The contour that a mood opens with.
fn gesture(mood: Mood) -> &'static [i32] {
    match mood {
        Mood::Longing => &[0, 5, 4, 3, 2, 3],
        Mood::Sad => &[4, 3, 2, 1, 0, 1],
        Mood::Tense => &[0, 1, 0, -1, 0, 2],
        Mood::Joyful => &[0, 2, 4, 5, 4, 2],
        Mood::Hopeful => &[0, 1, 2, 4, 3, 4],
        Mood::Mysterious => &[0, 4, 3, 6, 5, 2],
        Mood::Playful => &[0, 2, 1, 3, 2, 4],
        Mood::Epic => &[0, 4, 4, 5, 4, 7],
        Mood::Calm => &[2, 1, 0, 2, 1, 0],
    }
}

/// Motif `which` of the cue: the first is the theme, the second its contrast.
fn motif(prompt: &Prompt, seed: u64, which: usize) -> [Cell; 2] {
    let mut rng = Rng::of(seed.wrapping_add(which as u64), "motif");
    let opening = gesture(prompt.mood);
    let first = rhythm(prompt, &mut rng);
    let sign = if which.is_multiple_of(2) { 1 } else { -1 };
    let steps = (0..first.len())
        .map(|i| sign * opening[i % opening.len()] + if i > 1 && rng.chance(0.3) { 1 } else { 0 })
        .collect();
    let second = rhythm(prompt, &mut rng);
    let mut walk = 0;
    let tail = (0..second.len())
        .map(|i| {
            if i > 0 {
                walk += if rng.chance(0.65) { -1 } else { 1 } * if rng.chance(0.2) { 2 } else { 1 };
            }
            walk
        })
        .collect();
    [Cell { rhythm: first, steps }, Cell { rhythm: second, steps: tail }]
}

/// What is done to a cell: none of it makes it unrecognisable.
fn develop(cell: &Cell, rng: &mut Rng, keep: f32) -> Cell {
    let mut cell = cell.clone();
    if rng.chance(keep) {
        return cell;
    }
    match rng.below(5) {
        0 => cell.steps.iter_mut().for_each(|s| *s = -*s),
        1 => cell.rhythm.reverse(),
        2 => ornament(&mut cell, rng),
        3 => widen(&mut cell),
        _ => {
            // The head twice, the second time a step away.
            let half = cell.steps.len() / 2;
            for i in half..cell.steps.len() {
                cell.steps[i] = cell.steps[i - half] + if rng.chance(0.5) { 1 } else { -1 };
            }
        }
    }
    cell
}

/// A long note becomes a turn.
fn ornament(cell: &mut Cell, rng: &mut Rng) {
    let long: Vec<usize> = (0..cell.rhythm.len()).filter(|i| cell.rhythm[*i] >= 1.0).collect();
    if long.is_empty() {
        return;
    }
    let at = long[rng.below(long.len())];
    let (beats, step) = (cell.rhythm[at], cell.steps[at]);
    cell.rhythm.splice(at..=at, [beats / 2.0, beats / 4.0, beats / 4.0]);
    cell.steps.splice(at..=at, [step, step + 1, step]);
}

/// The largest step grows by one.
fn widen(cell: &mut Cell) {
    let Some(last) = cell.steps.iter().map(|s| s.abs()).max() else { return };
    for step in &mut cell.steps {
        if step.abs() == last {
            *step += step.signum();
        }
    }
}

/// The tune of a phrase for an instrument of `range`.
pub fn line(prompt: &Prompt, phrase: &Phrase, slots: &[Slot], cue_seed: u64, range: (i32, i32)) -> Vec<Tone> {
    let mut rng = Rng::of(phrase.seed, "melody");
    let theme = motif(prompt, cue_seed, phrase.section % 2);
    let bar = prompt.metre as f32;
    let middle = register(range, phrase.energy);
    let shape: [i32; 4] = if phrase.within.is_multiple_of(2) { [0, 1, 2, 1] } else { [2, 1, 0, -1] };
    let keep = if phrase.index == 0 { 1.0 } else { 0.45 };
    let mut writer = Writer { slots, range, tones: Vec::new(), last: None };
    for number in 0..phrase.bars {
        let at = number as f32 * bar;
        let anchor = writer.chord(at).step_near(middle) + shape[number.min(3)];
        if number + 1 == phrase.bars {
            writer.close(phrase, at, bar, anchor, &mut rng);
            break;
        }
        let cell = develop(&theme[number % 2], &mut rng, keep);
        let cell = if number == 2 { develop(&cell, &mut rng, 0.3) } else { cell };
        writer.bar(&cell, at, anchor);
    }
    let Writer { mut tones, .. } = writer;
    smooth_seconds(&mut tones, slots);
    tones
}

/// Where the tune lies: the middle of the range, higher with more energy.
fn register(range: (i32, i32), energy: f32) -> i32 {
    let (low, high) = (range.0 as f32, range.1 as f32);
    // Most tunes sing between C4 and C6, whatever else the instrument can do.
    let (low, high) = (low.max(44.0), high.min(84.0));
    (low + (high - low) * (0.38 + 0.2 * energy)) as i32
}

struct Writer<'a> {
    slots: &'a [Slot],
    range: (i32, i32),
    tones: Vec<Tone>,
    last: Option<i32>,
}

impl Writer<'_> {
    fn chord(&self, at: f32) -> &Chord {
        let index = self.slots.partition_point(|slot| slot.at <= at + 0.01);
        &self.slots[index.saturating_sub(1)].chord
    }

    fn bar(&mut self, cell: &Cell, start: f32, anchor: i32) {
        let mut at = start;
        for (beats, step) in cell.rhythm.iter().zip(&cell.steps) {
            let chord = self.chord(at).clone();
            let mut step = anchor + step;
            let from = self.last.map(|pitch| chord.step_near(pitch));
            let lean = from.map_or(1, |from| step - from);
            let strong = (at - start).fract() == 0.0 && (at == start || *beats >= 1.0);
            let leap = from.is_some_and(|from| (step - from).abs() > 2);
            // Passing notes may be any of the scale; what is long, stressed or leapt to is of the chord.
            if strong || leap {
                step = chord.nearest(step, lean);
            }
            if from == Some(step) && *beats < 1.0 {
                step += if lean < 0 { -1 } else { 1 };
            }
            self.put(at, *beats, &chord, step);
            at += beats;
        }
    }

    /// The phrase's last bar: a step or two into the goal, then a breath.
    fn close(&mut self, phrase: &Phrase, at: f32, bar: f32, anchor: i32, rng: &mut Rng) {
        let chord = self.chord(at).clone();
        let here = self.last.map_or(anchor, |pitch| chord.step_near(pitch));
        let root = chord.tones[0];
        let goal = match phrase.ending {
            Ending::Full if rng.chance(0.7) => nearest_of(&chord, here, root),
            _ => chord.nearest(here, anchor - here),
        };
        if phrase.ending == Ending::Last {
            // Not yet home: the last chord follows.
            let second = self.chord(at + bar / 2.0).clone();
            self.put(at, (bar / 2.0).floor().max(1.0), &chord, goal);
            let rest = bar - (bar / 2.0).floor().max(1.0);
            let step = second.nearest(goal, -1);
            self.put(at + bar - rest, rest, &second, step);
            return;
        }
        let lead_in = if bar >= 4.0 && rng.chance(0.5) { 1.0 } else { 0.0 };
        if lead_in > 0.0 {
            let side = if rng.chance(0.6) { 1 } else { -1 };
            self.put(at, lead_in, &chord, goal + side);
        }
        let breath = if bar >= 4.0 { 1.0 } else { 0.5 };
        self.put(at + lead_in, bar - lead_in - breath, &chord, goal);
    }

    fn put(&mut self, at: f32, beats: f32, chord: &Chord, step: i32) {
        let mut pitch = chord.pitch(step);
        while pitch > self.range.1 {
            pitch -= 12;
        }
        while pitch < self.range.0 {
            pitch += 12;
        }
        // A tune seldom leaps beyond an octave.
        if let Some(last) = self.last {
            while pitch - last > 12 && pitch - 12 >= self.range.0 {
                pitch -= 12;
            }
            while last - pitch > 12 && pitch + 12 <= self.range.1 {
                pitch += 12;
            }
        }
        self.last = Some(pitch);
        self.tones.push(Tone { at, beats, pitch });
    }
}

fn nearest_of(chord: &Chord, step: i32, class: i32) -> i32 {
    (-7..=7)
        .map(|d| step + d)
        .filter(|s| chord.pitch(*s).rem_euclid(12) == class)
        .min_by_key(|s| (s - step).abs())
        .unwrap_or(step)
}

/// Melodic minor: beside a raised seventh the sixth is raised as well, so that no step is too wide.
fn smooth_seconds(tones: &mut [Tone], slots: &[Slot]) {
    for i in 1..tones.len() {
        if (tones[i].pitch - tones[i - 1].pitch).abs() != 3 {
            continue;
        }
        let low = if tones[i].pitch < tones[i - 1].pitch { i } else { i - 1 };
        let index = slots.partition_point(|slot| slot.at <= tones[low].at + 0.01);
        let chord = &slots[index.saturating_sub(1)].chord;
        let raised = (chord.tonic + 11).rem_euclid(12);
        let is_sixth = (tones[low].pitch - chord.tonic).rem_euclid(12) == 8;
        if is_sixth && tones[i + i - 1 - low].pitch.rem_euclid(12) == raised && !chord.has(tones[low].pitch) {
            tones[low].pitch += 1;
        }
    }
}

/// A second line in longer notes: thirds and sixths around the tune, against its movement.
pub fn counter(tune: &[Tone], slots: &[Slot], range: (i32, i32), seed: u64) -> Vec<Tone> {
    let mut rng = Rng::of(seed, "counter");
    let mut out: Vec<Tone> = Vec::new();
    let (low, high) = (range.0.max(40), range.1.min(79));
    for slot in slots {
        let parts = if slot.beats >= 3.0 && rng.chance(0.5) { 2 } else { 1 };
        for part in 0..parts {
            let beats = slot.beats / parts as f32;
            let at = slot.at + beats * part as f32;
            let above = tune.iter().rev().find(|t| t.at <= at + 0.01).map_or(72, |t| t.pitch);
            let before = out.last().map_or((low + high) / 2, |t| t.pitch);
            let cost = |pitch: i32| {
                let apart = (above - pitch).rem_euclid(12);
                let clash = match apart {
                    3 | 4 | 8 | 9 => 0,
                    5 | 7 => 2,
                    0 => 5,
                    _ => 12,
                };
                let still = if pitch == before { 2 } else { 0 };
                clash + still + (pitch - before).abs() + if pitch >= above - 2 { 8 } else { 0 }
            };
            let best = (low..=high).filter(|p| slot.chord.has(*p)).min_by_key(|p| cost(*p));
            if let Some(pitch) = best {
                out.push(Tone { at, beats, pitch });
            }
        }
    }
    out
}
