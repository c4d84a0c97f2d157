//! Reading a prompt: instruments, key, tempo, mood. What it leaves open follows from the mood.

use super::ScoreReading;
use super::instruments::{INSTRUMENTS, Instrument, Nature, named};
use super::theory::{Key, Mode};

/// A mood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    /// Long lines that reach and fall back.
    Longing,
    /// Slow and dark.
    Sad,
    /// Pulse and weight.
    Tense,
    /// Bright and quick.
    Joyful,
    /// Rising.
    Hopeful,
    /// Floating, unsure.
    Mysterious,
    /// Light feet.
    Playful,
    /// Large.
    Epic,
    /// At rest.
    Calm,
}

/// A prompt, understood.
#[derive(Clone, Debug)]
pub struct Prompt {
    /// In the order named.
    pub band: Vec<&'static Instrument>,
    /// Nobody else may join.
    pub solo: bool,
    /// Home.
    pub key: Key,
    /// Beats a minute.
    pub bpm: f32,
    /// Beats a bar.
    pub metre: usize,
    /// Mood.
    pub mood: Mood,
    /// Softer (-1) or louder (1).
    pub force: f32,
    /// Grows (1) or fades (-1) over the whole cue; 0 is an arch.
    pub course: i32,
}

struct Flavour {
    mood: Mood,
    words: &'static [&'static str],
    mode: Mode,
    tonic: i32,
    bpm: f32,
    metre: usize,
    band: &'static [&'static str],
}

#[rustfmt::skip]
const FLAVOURS: &[Flavour] = &[
    Flavour { mood: Mood::Longing, words: &["longing", "yearning", "nostalgic", "nostalgia", "bittersweet", "wistful", "love", "romantic", "tender", "waiting"], mode: Mode::Aeolian, tonic: 2, bpm: 66.0, metre: 4, band: &["cello", "piano", "slow strings"] },
    Flavour { mood: Mood::Sad, words: &["sad", "sorrow", "mournful", "grief", "lament", "melancholy", "melancholic", "lonely", "loss", "elegy", "funeral", "despair"], mode: Mode::Aeolian, tonic: 9, bpm: 58.0, metre: 4, band: &["piano", "cello", "slow strings"] },
    Flavour { mood: Mood::Tense, words: &["tense", "tension", "suspense", "ominous", "dark", "danger", "dramatic", "menacing", "urgent", "storm", "stormy", "chase", "fear", "threat", "anxious", "dread"], mode: Mode::Aeolian, tonic: 0, bpm: 104.0, metre: 4, band: &["low strings", "horn", "timpani"] },
    Flavour { mood: Mood::Epic, words: &["epic", "heroic", "majestic", "triumphant", "grand", "adventure", "adventurous", "victory", "powerful", "march"], mode: Mode::Aeolian, tonic: 2, bpm: 96.0, metre: 4, band: &["horn", "strings", "brass", "timpani"] },
    Flavour { mood: Mood::Joyful, words: &["joyful", "joy", "happy", "cheerful", "bright", "festive", "dance", "celebration", "merry", "lively"], mode: Mode::Ionian, tonic: 7, bpm: 120.0, metre: 4, band: &["flute", "pizzicato", "strings"] },
    Flavour { mood: Mood::Hopeful, words: &["hopeful", "hope", "uplifting", "inspiring", "rising", "dawn", "warm", "relief", "homecoming", "wonder"], mode: Mode::Ionian, tonic: 5, bpm: 84.0, metre: 4, band: &["piano", "strings", "horn"] },
    Flavour { mood: Mood::Mysterious, words: &["mysterious", "mystery", "eerie", "strange", "magical", "dreamy", "dream", "ethereal", "enigmatic", "fog", "uncanny"], mode: Mode::Dorian, tonic: 4, bpm: 72.0, metre: 3, band: &["celesta", "harp", "pad"] },
    Flavour { mood: Mood::Playful, words: &["playful", "whimsical", "comic", "funny", "mischievous", "quirky", "light", "light-hearted", "curious"], mode: Mode::Ionian, tonic: 0, bpm: 126.0, metre: 4, band: &["clarinet", "pizzicato", "bassoon"] },
    Flavour { mood: Mood::Calm, words: &["calm", "peaceful", "serene", "quiet", "gentle", "soft", "lullaby", "pastoral", "still", "meditative", "relaxed"], mode: Mode::Ionian, tonic: 7, bpm: 70.0, metre: 4, band: &["piano", "flute", "slow strings"] },
];

const TEMPI: &[(&[&str], f32)] = &[
    (&["very slow", "largo", "grave"], 48.0),
    (&["slow", "slowly", "adagio", "lento"], 60.0),
    (&["andante", "walking pace", "moderate", "moderato", "medium"], 84.0),
    (&["allegretto"], 108.0),
    (&["fast", "quick", "allegro", "driving"], 128.0),
    (&["very fast", "presto", "vivace"], 152.0),
];

const FORCES: &[(&[&str], f32)] = &[
    (&["soft", "softly", "quiet", "pianissimo", "sparse", "intimate", "delicate", "minimal"], -0.6),
    (&["loud", "forte", "powerful", "full", "big", "intense", "massive"], 0.6),
];

const COURSES: &[(&[&str], i32)] = &[
    (&["rising", "building", "crescendo", "growing", "swelling"], 1),
    (&["fading", "diminuendo", "dying away", "falling"], -1),
];

/// Words that are part of how prompts are written and ask for nothing by themselves.
const PLAIN: &[&str] = &[
    "a", "an", "the", "and", "with", "in", "of", "solo", "bpm", "theme", "music", "score", "cue", "melody",
    "at", "minor", "major", "key", "for", "then", "slowly", "very", "time", "waltz", "alone", "only", "no",
    "film",
];

impl Prompt {
    /// Reads `text`.
    pub fn read(text: &str) -> (Self, ScoreReading) {
        let mut words = Words::new(text);
        let band = words.instruments();
        let solo = words.take(&["solo"]) || words.take(&["alone"]) || words.take(&["unaccompanied"]);
        let flavour = words.flavour();
        let (tonic, mode) = words.key();
        let key = Key { tonic: tonic.unwrap_or(flavour.tonic), mode: mode.unwrap_or(flavour.mode) };
        let bpm = words.bpm().unwrap_or(flavour.bpm).clamp(36.0, 190.0);
        let metre = words.metre().unwrap_or(flavour.metre);
        let force = words.of(FORCES).unwrap_or(0.0);
        let course = words.of(COURSES).unwrap_or(0);
        let prompt = Self {
            band: complete(&band, flavour, solo),
            solo,
            key,
            bpm,
            metre,
            mood: flavour.mood,
            force,
            course,
        };
        let reading = ScoreReading { heard: prompt.describe(), not_made: words.rest() };
        (prompt, reading)
    }

    fn describe(&self) -> Vec<String> {
        let mut out: Vec<String> = self.band.iter().map(|i| i.name.to_owned()).collect();
        out.push(self.key.to_string());
        out.push(format!("{} bpm", self.bpm.round()));
        out.push(format!("{} beats a bar", self.metre));
        out.push(format!("{:?}", self.mood).to_lowercase());
        out
    }
}

/// The named players, with others where the prompt leaves room for them.
fn complete(named_ones: &[&'static Instrument], flavour: &Flavour, solo: bool) -> Vec<&'static Instrument> {
    let mut band = named_ones.to_vec();
    let pitched = band.iter().filter(|i| i.nature != Nature::Drums).count();
    if solo && pitched > 0 {
        return band;
    }
    let sings =
        |band: &[&Instrument]| band.iter().any(|i| matches!(i.nature, Nature::Singing | Nature::Plucked));
    for name in flavour.band {
        let other = named(name);
        let lacks = match other.nature {
            Nature::Singing | Nature::Plucked => pitched == 0 || (pitched == 1 && !sings(&band)),
            Nature::Pad => band.iter().all(|i| i.nature != Nature::Pad) && pitched < 2,
            Nature::Bass | Nature::Drums => pitched == 0,
        };
        if lacks && !band.contains(&other) {
            band.push(other);
        }
    }
    band
}

struct Words {
    all: Vec<String>,
    used: Vec<bool>,
}

impl Words {
    fn new(text: &str) -> Self {
        let keep = |c: char| c.is_alphanumeric() || "#♯♭/-'.".contains(c);
        let all: Vec<String> = text
            .split(|c| !keep(c))
            .map(|w| w.trim_matches(['.', '-', '\'']).to_lowercase())
            .filter(|w| !w.is_empty())
            .collect();
        Self { used: vec![false; all.len()], all }
    }

    /// Whether these words stand side by side, not yet understood as something longer.
    fn find(&self, words: &[&str]) -> Option<usize> {
        (0..self.all.len()).find(|&i| {
            words
                .iter()
                .enumerate()
                .all(|(k, w)| self.all.get(i + k).is_some_and(|a| a == w) && !self.used[i + k])
        })
    }

    fn take(&mut self, words: &[&str]) -> bool {
        let Some(at) = self.find(words) else { return false };
        self.used[at..at + words.len()].fill(true);
        true
    }

    fn instruments(&mut self) -> Vec<&'static Instrument> {
        let mut found: Vec<(usize, &'static Instrument)> = Vec::new();
        for length in (1..=2).rev() {
            for instrument in INSTRUMENTS {
                for name in instrument.words {
                    let name: Vec<&str> = name.split(' ').collect();
                    if name.len() == length
                        && let Some(at) = self.find(&name)
                    {
                        self.take(&name);
                        if found.iter().all(|f| f.1.name != instrument.name) {
                            found.push((at, instrument));
                        }
                    }
                }
            }
        }
        found.sort_by_key(|f| f.0);
        found.into_iter().map(|f| f.1).collect()
    }

    /// The mood of the first word that names one. All such words count as understood.
    fn flavour(&mut self) -> &'static Flavour {
        let mut first: Option<(usize, &'static Flavour)> = None;
        for flavour in FLAVOURS {
            for word in flavour.words {
                if let Some(at) = self.find(&[word]) {
                    // Left free: `soft` and `rising` are read again for loudness and course.
                    if first.is_none_or(|(before, _)| at < before) {
                        first = Some((at, flavour));
                    }
                }
            }
        }
        let major = self.find(&["major"]).is_some();
        let neutral = if major { Mood::Hopeful } else { Mood::Longing };
        let default = FLAVOURS.iter().find(|f| f.mood == neutral).unwrap_or(&FLAVOURS[0]);
        first.map_or(default, |f| f.1)
    }

    fn key(&mut self) -> (Option<i32>, Option<Mode>) {
        let mut mode = None;
        let mut tonic = None;
        for (i, word) in self.all.iter().enumerate() {
            let Some(named) = Mode::named(word) else { continue };
            mode = Some(named);
            self.used[i] = true;
            let before = i.checked_sub(1).map(|j| (j, self.all[j].as_str()));
            if let Some((j, sign @ ("flat" | "sharp"))) = before {
                let note = j.checked_sub(1).and_then(|k| letter(&self.all[k]));
                tonic = note.map(|n| (n + if sign == "flat" { 11 } else { 1 }) % 12);
            } else if let Some((_, note)) = before {
                tonic = letter(note);
            }
            if tonic.is_some() {
                let words = if matches!(before, Some((_, "flat" | "sharp"))) { 2 } else { 1 };
                self.used[i - words..i].fill(true);
            }
            break;
        }
        (tonic, mode)
    }

    fn bpm(&mut self) -> Option<f32> {
        for i in 0..self.all.len() {
            let word = &self.all[i];
            let joined = word.strip_suffix("bpm").and_then(|n| n.parse::<f32>().ok());
            let apart = (self.all.get(i + 1).is_some_and(|w| w == "bpm")).then(|| word.parse::<f32>().ok());
            if let Some(bpm) = joined.or(apart.flatten()).filter(|b| b.is_finite() && *b > 0.0) {
                self.used[i] = true;
                return Some(bpm);
            }
        }
        // Longer words of tempo first: "very slow" is not "slow".
        let mut best: Option<(usize, f32)> = None;
        for (names, bpm) in TEMPI {
            for name in *names {
                let parts: Vec<&str> = name.split(' ').collect();
                if self.find(&parts).is_some() && best.is_none_or(|(length, _)| parts.len() > length) {
                    best = Some((parts.len(), *bpm));
                }
            }
        }
        best.map(|b| b.1)
    }

    fn metre(&mut self) -> Option<usize> {
        for (word, beats) in
            [("3/4", 3), ("6/8", 3), ("waltz", 3), ("4/4", 4), ("march", 4), ("2/4", 4), ("5/4", 5)]
        {
            if self.take(&[word]) {
                return Some(beats);
            }
        }
        None
    }

    fn of<T: Copy>(&self, table: &[(&[&str], T)]) -> Option<T> {
        let hit =
            |words: &&[&str]| words.iter().any(|w| self.find(&w.split(' ').collect::<Vec<_>>()).is_some());
        table.iter().find(|(words, _)| hit(words)).map(|t| t.1)
    }

    /// Words that changed nothing.
    fn rest(&self) -> Vec<String> {
        let known = |word: &String| {
            let word = word.as_str();
            let within = |words: &[&str]| words.iter().any(|w| w.split(' ').any(|part| part == word));
            PLAIN.contains(&word)
                || FLAVOURS.iter().any(|f| within(f.words))
                || TEMPI.iter().any(|t| within(t.0))
                || FORCES.iter().any(|t| within(t.0))
                || COURSES.iter().any(|t| within(t.0))
        };
        self.all
            .iter()
            .zip(&self.used)
            .filter(|(word, used)| !**used && !known(word))
            .map(|(w, _)| w.clone())
            .collect()
    }
}

/// The pitch class of `d`, `f#`, `bb`, `e♭`.
fn letter(word: &str) -> Option<i32> {
    let mut chars = word.chars();
    let base = match chars.next()? {
        'c' => 0,
        'd' => 2,
        'e' => 4,
        'f' => 5,
        'g' => 7,
        'a' => 9,
        'b' | 'h' => 11,
        _ => return None,
    };
    let shift = match chars.as_str() {
        "" => 0,
        "#" | "♯" | "-sharp" | "is" => 1,
        "b" | "♭" | "-flat" | "es" => 11,
        _ => return None,
    };
    Some((base + shift) % 12)
}
