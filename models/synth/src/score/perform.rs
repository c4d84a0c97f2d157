//! From lines to keystrokes: who plays what, when exactly, how loud.

use super::form::{Ending, Form, Phrase};
use super::harmony::{self, Slot};
use super::instruments::{Instrument, Nature, named};
use super::melody::{self, Tone};
use super::prompt::{Mood, Prompt};
use super::texture::{self, Figure, Voiced};
use crate::dsp::rng::Rng;

/// A MIDI message and when it is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// Sample in the cue.
    pub at: i64,
    /// MIDI channel.
    pub channel: u8,
    /// What happens.
    pub act: Act,
}

/// A MIDI message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Act {
    /// A key is let go.
    Off(u8),
    /// A controller moves.
    Control(u8, u8),
    /// A key is struck.
    On(u8, u8),
}

/// What a player does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The tune.
    Tune,
    /// The chords.
    Chords,
    /// The lowest line.
    Bass,
    /// Drums of a kit.
    Kit,
    /// Timpani.
    Timpani,
}

/// One player on one channel.
#[derive(Clone, Copy, Debug)]
pub struct Player {
    /// Instrument.
    pub instrument: &'static Instrument,
    /// Role; tune players take turns, and the others accompany the one whose turn it is.
    pub role: Role,
    /// MIDI channel.
    pub channel: u8,
    /// Of its loudness.
    pub share: f32,
}

/// Gives everyone a role.
pub fn seat(prompt: &Prompt) -> Vec<Player> {
    let mut roles: Vec<(&'static Instrument, Role, f32)> = Vec::new();
    let band = &prompt.band;
    let pitched: Vec<&'static Instrument> =
        band.iter().copied().filter(|i| i.nature != Nature::Drums).collect();
    let mut tunes: Vec<&'static Instrument> =
        pitched.iter().copied().filter(|i| i.nature == Nature::Singing).take(3).collect();
    if tunes.is_empty() {
        let lead = pitched.iter().find(|i| i.nature == Nature::Plucked).or(pitched.first());
        tunes.extend(lead.copied());
    }
    roles.extend(tunes.iter().map(|i| (*i, Role::Tune, 1.0)));
    let mut chords: Vec<&'static Instrument> =
        pitched.iter().copied().filter(|i| !tunes.contains(i) && i.nature != Nature::Bass).take(4).collect();
    if chords.is_empty() {
        // A lone player accompanies itself: the left hand, or a second string.
        chords.extend(tunes.first().copied());
    }
    for instrument in &chords {
        let share = if prompt.solo && instrument.nature == Nature::Singing { 0.5 } else { 0.8 };
        roles.push((instrument, Role::Chords, share));
    }
    let own = pitched.iter().find(|i| i.nature == Nature::Bass);
    let keys = chords.iter().find(|i| i.nature == Nature::Plucked && i.range.0 <= 40);
    let low = chords.iter().find(|i| i.range.0 <= 36);
    let bass = own.or(keys).or(low).copied().unwrap_or(named("contrabass"));
    if !prompt.solo || bass.nature == Nature::Plucked {
        roles.push((bass, Role::Bass, 0.85));
    }
    for drum in band.iter().filter(|i| i.nature == Nature::Drums) {
        roles.push((drum, if drum.name == "timpani" { Role::Timpani } else { Role::Kit }, 0.9));
    }
    let mut free = (0..16u8).filter(|c| *c != 9);
    roles
        .into_iter()
        .filter_map(|(instrument, role, share)| {
            let channel = if role == Role::Kit { 9 } else { free.next()? };
            Some(Player { instrument, role, channel, share })
        })
        .collect()
}

/// A channel, its program, and where its controllers stand.
pub type Setting = (u8, u8, [(u8, u8); 6]);

/// How each channel is set up before the first note.
pub fn setup(players: &[Player]) -> Vec<Setting> {
    let set = |p: &Player| {
        let volume = (f32::from(p.instrument.volume) * p.share.sqrt()) as u8;
        let controls = [(7, volume), (10, p.instrument.pan), (91, 0), (93, 0), (11, 100), (1, 0)];
        (p.channel, p.instrument.program, controls)
    };
    players.iter().map(set).collect()
}

/// Composes and performs phrase `index`; the last one's final chord included. Events in order.
pub fn phrase(prompt: &Prompt, form: &Form, players: &[Player], cue_seed: u64, index: usize) -> Vec<Event> {
    let phrase = &form.phrases[index];
    let mut stage = Stage { prompt, form, phrase, rng: Rng::of(phrase.seed, "perform"), events: Vec::new() };
    let slots = harmony::chords(prompt, phrase);
    let tunes: Vec<&Player> = players.iter().filter(|p| p.role == Role::Tune).collect();
    let turn = phrase.section % tunes.len().max(1);
    let lead = tunes.get(turn).copied();
    let tune =
        lead.map(|p| melody::line(prompt, phrase, &slots, cue_seed, p.instrument.range)).unwrap_or_default();
    for (k, player) in tunes.iter().enumerate() {
        if k == turn && !phrase.interlude {
            stage.sing(player, &tune, 1.0);
        } else if k != turn && phrase.energy > 0.42 {
            let line = melody::counter(&tune, &slots, player.instrument.range, phrase.seed + k as u64);
            stage.sing(player, &line, 0.72);
        }
    }
    stage.accompany(players, &slots, &tune, cue_seed);
    if phrase.ending == Ending::Last {
        stage.last_chord(players, turn);
    }
    stage.finish()
}

struct Stage<'a> {
    prompt: &'a Prompt,
    form: &'a Form,
    phrase: &'a Phrase,
    rng: Rng,
    events: Vec<Event>,
}

impl Stage<'_> {
    fn beats(&self) -> f32 {
        (self.phrase.bars * self.prompt.metre) as f32
    }

    /// The sample of a beat. The last phrase broadens towards its end.
    fn sample(&self, beat: f32) -> i64 {
        let mut x = f64::from(beat / self.beats());
        if self.phrase.ending == Ending::Last {
            x = (x + 0.16 * x * x * x) / 1.16;
        }
        self.phrase.from + ((self.phrase.to - self.phrase.from) as f64 * x) as i64
    }

    /// Loudness of a moment, 0 to 1: the phrase's energy, swelling towards its middle.
    fn swell(&self, beat: f32) -> f32 {
        let x = beat / self.beats();
        let arch = (std::f32::consts::PI * (x * 0.9 + 0.08)).sin().max(0.0);
        (self.phrase.energy * 0.75 + 0.25 * arch).clamp(0.0, 1.0)
    }

    fn note(&mut self, player: &Player, tone: Tone, length: f32, velocity: f32) {
        let Instrument { range, .. } = player.instrument;
        if player.role != Role::Kit && !(range.0..=range.1).contains(&tone.pitch) {
            return;
        }
        let shake = (self.rng.bell() * 0.004 * 48_000.0) as i64;
        let on = (self.sample(tone.at) + shake.clamp(-480, 480)).max(self.phrase.from);
        let off = (self.sample(tone.at + tone.beats * length))
            .clamp(on + 2_400, (self.phrase.to - 960).max(on + 2_400));
        let velocity = (velocity + self.rng.bell() * 3.0).clamp(12.0, 122.0) as u8;
        self.put(on, player.channel, Act::On(tone.pitch as u8, velocity));
        self.put(off, player.channel, Act::Off(tone.pitch as u8));
    }

    fn put(&mut self, at: i64, channel: u8, act: Act) {
        self.events.push(Event { at, channel, act });
    }

    /// A line, with the breath and vibrato of who plays it.
    fn sing(&mut self, player: &Player, line: &[Tone], share: f32) {
        let sings = player.instrument.nature != Nature::Plucked;
        let light = matches!(self.prompt.mood, Mood::Playful | Mood::Joyful) && self.prompt.bpm > 100.0;
        self.shape(player, share);
        for (i, tone) in line.iter().enumerate() {
            let next = line.get(i + 1).map_or(self.beats(), |t| t.at);
            let length = match (sings, light && tone.beats <= 1.0) {
                (true, false) => 1.02,
                (true, true) => 0.7,
                (false, _) => ((next - tone.at) / tone.beats).clamp(0.95, 2.0),
            };
            let stress = if tone.at % self.prompt.metre as f32 == 0.0 { 6.0 } else { 0.0 };
            let velocity = (52.0 + 46.0 * self.swell(tone.at) + stress) * (0.6 + 0.4 * share);
            self.note(player, *tone, length, velocity);
            if sings && tone.beats >= 1.0 {
                let at = self.sample(tone.at);
                self.put(at, player.channel, Act::Control(1, 4));
                self.put(at + 14_400, player.channel, Act::Control(1, 26));
            }
        }
    }

    /// Expression over the phrase. Struck strings have none: their loudness is in the stroke.
    fn shape(&mut self, player: &Player, share: f32) {
        if player.instrument.nature == Nature::Plucked {
            self.put(self.phrase.from, player.channel, Act::Control(11, 112));
            return;
        }
        let steps = (self.beats() * 4.0) as usize;
        for k in 0..=steps {
            let beat = k as f32 / 4.0;
            let value = (58.0 + 66.0 * self.swell(beat)) * (0.7 + 0.3 * share);
            let at = self.sample(beat).min(self.phrase.to - 1);
            self.put(at, player.channel, Act::Control(11, value.clamp(20.0, 127.0) as u8));
        }
    }

    fn accompany(&mut self, players: &[Player], slots: &[Slot], tune: &[Tone], cue_seed: u64) {
        let (prompt, phrase) = (self.prompt, self.phrase);
        let top = tune.iter().map(|t| t.pitch).min().unwrap_or(72);
        let layers = players.iter().filter(|p| p.role == Role::Chords);
        for (k, player) in layers.enumerate() {
            // More energy, more players; the opening has the first only, an interlude two.
            let needed = 0.22 * k as f32;
            if phrase.energy < needed && !(phrase.interlude && k < 2) {
                continue;
            }
            let voiced = self.voices(player, slots, top);
            let plucked = player.instrument.nature == Nature::Plucked;
            let solo_line = prompt.solo && player.instrument.nature == Nature::Singing;
            let figure =
                if solo_line { Figure::Held } else { texture::figure(prompt, phrase, cue_seed, plucked) };
            let tones =
                if solo_line { drones(&voiced) } else { texture::figured(prompt, phrase, &voiced, figure) };
            self.shape(player, 0.8);
            for tone in tones {
                let stress = if tone.at.fract() == 0.0 { 4.0 } else { 0.0 };
                let velocity = 40.0 + 40.0 * self.swell(tone.at) + stress;
                self.note(player, tone, 0.99, velocity);
            }
        }
        for player in players {
            let floor =
                player.instrument.range.0.max(if player.instrument.nature == Nature::Bass { 29 } else { 31 });
            let voiced: Vec<Voiced> = texture::voicing(slots, 52, 74, floor);
            match player.role {
                Role::Bass if phrase.energy > 0.2 || phrase.index > 0 => {
                    self.shape(player, 0.85);
                    for tone in texture::bass(prompt, phrase, &voiced, slots) {
                        self.note(player, tone, 0.97, 50.0 + 44.0 * self.swell(tone.at));
                    }
                }
                Role::Kit if phrase.energy > 0.3 => self.beat(player, texture::drums(prompt, phrase)),
                Role::Timpani if phrase.energy > 0.35 => {
                    self.beat(player, texture::timpani(prompt, phrase, &voiced))
                }
                _ => {}
            }
        }
    }

    fn beat(&mut self, player: &Player, strokes: Vec<(Tone, f32)>) {
        for (tone, stress) in strokes {
            self.note(player, tone, 1.0, (34.0 + 70.0 * self.swell(tone.at)) * (0.4 + 0.6 * stress));
        }
    }

    /// Chords where the player can reach them, below the tune.
    fn voices(&self, player: &Player, slots: &[Slot], top: i32) -> Vec<Voiced> {
        let (low, high) = player.instrument.range;
        let high = high.min((top + 3).max(60)).max(low + 16);
        let low = low.max(high - 26).max(40.min(high - 16));
        texture::voicing(slots, low, high, player.instrument.range.0.max(31))
    }

    /// The tonic chord, held into the ring: everyone who played is in it.
    fn last_chord(&mut self, players: &[Player], turn: usize) {
        let chord = harmony::last_chord(self.prompt);
        let slot = Slot { at: 0.0, beats: 1.0, chord: chord.clone() };
        let (from, length) = (self.form.ring, self.form.samples - self.form.ring);
        let off = from + length * 3 / 4;
        let mut tune = 0;
        for (k, player) in players.iter().enumerate() {
            let (low, high) = player.instrument.range;
            let pitches: Vec<i32> = match player.role {
                Role::Tune => {
                    tune += 1;
                    let home = if tune == turn + 1 { chord.tones[0] } else { chord.tones[1] };
                    let middle = (low.max(48) + high.min(84)) / 2;
                    vec![middle - 6 + (home - (middle - 6)).rem_euclid(12)]
                }
                Role::Chords => self
                    .voices(player, std::slice::from_ref(&slot), 76)
                    .iter()
                    .flat_map(|v| v.upper)
                    .collect(),
                Role::Bass => vec![chord.bass_above(low.max(29))],
                Role::Timpani => vec![38 + (chord.bass - 38).rem_euclid(12)],
                Role::Kit => vec![],
            };
            let velocity = (46.0 + 38.0 * self.phrase.energy) as u8;
            if player.instrument.nature != Nature::Plucked {
                for step in 0..24 {
                    let x = step as f32 / 24.0;
                    let value = (92.0 + 20.0 * self.phrase.energy) * (1.0 - 0.55 * x * x);
                    self.put(
                        from + length * 3 / 4 * step / 24,
                        player.channel,
                        Act::Control(11, value as u8),
                    );
                }
            }
            for (n, pitch) in pitches.into_iter().filter(|p| (low..=high).contains(p)).enumerate() {
                let at = from + (n as i64 * 40 + k as i64 * 12) * 48 / 4;
                self.put(at, player.channel, Act::On(pitch as u8, velocity));
                self.put(off.max(at + 2_400), player.channel, Act::Off(pitch as u8));
            }
        }
    }

    /// In order, and with no key struck again before it was let go.
    fn finish(mut self) -> Vec<Event> {
        self.events.sort_by_key(|e| (e.at, e.channel, e.act));
        let mut held: Vec<(u8, u8)> = Vec::new();
        let mut out: Vec<Event> = Vec::with_capacity(self.events.len());
        let mut extra: Vec<(u8, u8)> = Vec::new();
        for event in self.events {
            match event.act {
                Act::On(key, _) => {
                    let id = (event.channel, key);
                    if held.contains(&id) {
                        out.push(Event { act: Act::Off(key), ..event });
                        extra.push(id);
                    } else {
                        held.push(id);
                    }
                    out.push(event);
                }
                Act::Off(key) => {
                    let id = (event.channel, key);
                    if let Some(k) = extra.iter().position(|e| *e == id) {
                        extra.swap_remove(k);
                    } else {
                        held.retain(|h| *h != id);
                        out.push(event);
                    }
                }
                Act::Control(..) => out.push(event),
            }
        }
        out
    }
}

/// A second string under a lone line: the chord's root, at the start of every chord.
fn drones(voiced: &[Voiced]) -> Vec<Tone> {
    voiced
        .iter()
        .map(|v| Tone { at: v.at, beats: v.beats, pitch: v.bass + if v.bass < 36 { 12 } else { 0 } })
        .collect()
}
