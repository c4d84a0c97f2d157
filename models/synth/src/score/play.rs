//! Playing a composed cue: the SoundFont, and a hall around it.

use std::collections::VecDeque;

use rustysynth::{Synthesizer, SynthesizerSettings};

use super::form::{self, Form};
use super::perform::{self, Act, Event, Player};
use super::prompt::Prompt;
use super::{CueSpec, Extend, Instruments};
use crate::dsp::room::Room;
use crate::dsp::{ease, from_db};
use crate::mix::Meter;
use crate::{Frame, Stereo, SynthError};

/// The synthesizer's block: events fall on its edges, counted from the cue's start, so that every segment
/// hears the same.
const BLOCK: i64 = 64;
/// How long before a segment playing starts, so that what rings into it rings: 6 s.
const PREROLL: i64 = 6 * 48_000;
/// The loudness of a cue's strongest phrase, in LUFS.
const STRONGEST: f64 = -19.0;
/// The last of the cue, faded to nothing.
const FADE: i64 = 48_000;

/// The composing model for one cue.
pub struct ScoreModel {
    instruments: Instruments,
    prompt: Prompt,
    form: Form,
    players: Vec<Player>,
    seed: u64,
    gain: f32,
}

impl ScoreModel {
    /// Composes the cue's form; its phrases are composed when they are played. Its strongest phrase is
    /// played once to set the level of all.
    ///
    /// # Errors
    /// Where the cue's numbers make no sense, or the SoundFont cannot be played.
    pub fn new(instruments: &Instruments, cue: &CueSpec) -> Result<Self, SynthError> {
        super::check(cue)?;
        let (prompt, _) = Prompt::read(&cue.prompt);
        let form = form::plan(&prompt, cue);
        let players = perform::seat(&prompt);
        let mut model =
            Self { instruments: instruments.clone(), prompt, form, players, seed: cue.seed, gain: 1.0 };
        model.gain = model.level()?;
        Ok(model)
    }

    /// The gain that brings the strongest phrase to [`STRONGEST`].
    fn level(&self) -> Result<f32, SynthError> {
        let phrases = self.form.phrases.iter().enumerate();
        let strongest = phrases.max_by(|a, b| a.1.energy.total_cmp(&b.1.energy));
        let Some((first, phrase)) = strongest else { return Ok(1.0) };
        let mut concert = self.concert(first)?;
        let mut meter = Meter::new()?;
        while concert.at < phrase.to.min(phrase.from + 12 * 48_000) {
            meter.feed(&concert.block())?;
        }
        Ok(meter.finish()?.lufs.map_or(1.0, |lufs| from_db((STRONGEST - lufs) as f32)))
    }

    /// Ready to play from the start of phrase `first`.
    fn concert(&self, first: usize) -> Result<Concert<'_>, SynthError> {
        Ok(Concert {
            model: self,
            synth: self.synthesizer()?,
            hall: Room::new(9.0, 2.1, 3_600.0),
            due: VecDeque::new(),
            next: first,
            at: self.form.phrases.get(first).map_or(0, |p| p.from) / BLOCK * BLOCK,
        })
    }

    /// The phrases, one a line, for people: bars, key, ending, energy.
    pub fn describe(&self) -> String {
        let line = |p: &form::Phrase| {
            format!(
                "{:7.2} s  section {}  {} bars  {}  {:?}{}  energy {:.2}\n",
                p.from as f64 / 48_000.0,
                p.section,
                p.bars,
                p.key,
                p.ending,
                if p.interlude { ", tune rests" } else { "" },
                p.energy
            )
        };
        self.form.phrases.iter().map(line).collect()
    }

    /// All keystrokes of phrase `index`, for tests.
    #[cfg(test)]
    pub fn events(&self, index: usize) -> Vec<Event> {
        perform::phrase(&self.prompt, &self.form, &self.players, self.seed, index)
    }

    /// The form and the players, for tests.
    #[cfg(test)]
    pub fn parts(&self) -> (&Form, &[Player], &Prompt) {
        (&self.form, &self.players, &self.prompt)
    }

    fn synthesizer(&self) -> Result<Synthesizer, SynthError> {
        let mut settings = SynthesizerSettings::new(48_000);
        settings.enable_reverb_and_chorus = false;
        settings.maximum_polyphony = 128;
        let failed = |e: rustysynth::SynthesizerError| SynthError::SoundFont(e.to_string());
        let mut synth = Synthesizer::new(&self.instruments.0, &settings).map_err(failed)?;
        for (channel, program, controls) in perform::setup(&self.players) {
            synth.process_midi_message(channel.into(), 0xC0, program.into(), 0);
            for (control, value) in controls {
                synth.process_midi_message(channel.into(), 0xB0, control.into(), value.into());
            }
        }
        Ok(synth)
    }
}

impl Extend for ScoreModel {
    fn segment(&mut self, _: Option<&[Frame]>, from: i64, samples: i64) -> Result<Stereo, SynthError> {
        let first = self.form.phrases.iter().rposition(|p| p.from <= from - PREROLL).unwrap_or(0);
        let mut concert = self.concert(first)?;
        let mut out = Vec::with_capacity(samples.max(0) as usize);
        while concert.at < from + samples {
            let (at, block) = (concert.at, concert.block());
            for (i, frame) in block.into_iter().enumerate() {
                let t = at + i as i64;
                if (from..from + samples).contains(&t) {
                    let end = ease((self.form.samples - 1 - t) as f32 / FADE as f32);
                    out.push(frame.map(|x| round_off(x * self.gain) * end));
                }
            }
        }
        Ok(out)
    }
}

struct Concert<'a> {
    model: &'a ScoreModel,
    synth: Synthesizer,
    hall: Room,
    due: VecDeque<Event>,
    next: usize,
    at: i64,
}

impl Concert<'_> {
    fn block(&mut self) -> [Frame; BLOCK as usize] {
        let phrases = &self.model.form.phrases;
        while phrases.get(self.next).is_some_and(|p| p.from < self.at + BLOCK) {
            let m = self.model;
            let events = perform::phrase(&m.prompt, &m.form, &m.players, m.seed, self.next);
            self.due.extend(events);
            self.due.make_contiguous().sort_by_key(|e| e.at);
            self.next += 1;
        }
        while self.due.front().is_some_and(|e| e.at < self.at + BLOCK) {
            let Some(event) = self.due.pop_front() else { break };
            self.play(event);
        }
        self.at += BLOCK;
        let (mut left, mut right) = ([0.0; BLOCK as usize], [0.0; BLOCK as usize]);
        self.synth.render(&mut left, &mut right);
        std::array::from_fn(|i| {
            let dry = [left[i], right[i]];
            let wet = self.hall.run(dry);
            std::array::from_fn(|c| dry[c] * 0.9 + wet[c] * 0.32)
        })
    }

    fn play(&mut self, event: Event) {
        let channel = event.channel.into();
        match event.act {
            Act::Off(key) => self.synth.note_off(channel, key.into()),
            Act::On(key, velocity) => self.synth.note_on(channel, key.into(), velocity.into()),
            Act::Control(control, value) => {
                self.synth.process_midi_message(channel, 0xB0, control.into(), value.into());
            }
        }
    }
}

/// Straight up to 0.7, towards 0.97 beyond.
fn round_off(x: f32) -> f32 {
    let over = x.abs() - 0.7;
    if over <= 0.0 { x } else { x.signum() * (0.7 + 0.27 * (over / 0.27).tanh()) }
}
