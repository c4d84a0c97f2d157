//! Keys, chords, and how voices move from one chord to the next.

use std::fmt;

/// A mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Major.
    Ionian,
    /// Minor with a bright sixth.
    Dorian,
    /// Minor with a dark second.
    Phrygian,
    /// Major with a raised fourth.
    Lydian,
    /// Major with a lowered seventh.
    Mixolydian,
    /// Minor.
    Aeolian,
}

impl Mode {
    /// The mode called so.
    pub fn named(word: &str) -> Option<Self> {
        Some(match word {
            "major" | "ionian" => Self::Ionian,
            "minor" | "aeolian" => Self::Aeolian,
            "dorian" => Self::Dorian,
            "phrygian" => Self::Phrygian,
            "lydian" => Self::Lydian,
            "mixolydian" => Self::Mixolydian,
            _ => return None,
        })
    }

    /// Semitones of its seven degrees.
    pub fn scale(self) -> [i32; 7] {
        match self {
            Self::Ionian => [0, 2, 4, 5, 7, 9, 11],
            Self::Dorian => [0, 2, 3, 5, 7, 9, 10],
            Self::Phrygian => [0, 1, 3, 5, 7, 8, 10],
            Self::Lydian => [0, 2, 4, 6, 7, 9, 11],
            Self::Mixolydian => [0, 2, 4, 5, 7, 9, 10],
            Self::Aeolian => [0, 2, 3, 5, 7, 8, 10],
        }
    }

    /// Whether its third is minor.
    pub fn minor(self) -> bool {
        self.scale()[2] == 3
    }
}

/// A tonic and a mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// Pitch class, C is 0.
    pub tonic: i32,
    /// Mode.
    pub mode: Mode,
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const NAMES: [&str; 12] =
            ["C", "D flat", "D", "E flat", "E", "F", "F sharp", "G", "A flat", "A", "B flat", "B"];
        let mode = match self.mode {
            Mode::Ionian => "major".to_owned(),
            Mode::Aeolian => "minor".to_owned(),
            other => format!("{other:?}").to_lowercase(),
        };
        write!(f, "{} {mode}", NAMES[self.tonic.rem_euclid(12) as usize])
    }
}

impl Key {
    /// The relative key: minor's major, major's minor.
    pub fn relative(self) -> Self {
        if self.mode.minor() {
            Self { tonic: (self.tonic + 3) % 12, mode: Mode::Ionian }
        } else {
            Self { tonic: (self.tonic + 9) % 12, mode: Mode::Aeolian }
        }
    }

    /// The key a fifth below, in the same mode.
    pub fn below(self) -> Self {
        Self { tonic: (self.tonic + 5) % 12, mode: self.mode }
    }

    /// The chord on `degree` (0 is the tonic's), with its seventh where asked.
    pub fn chord(self, degree: usize, seventh: bool) -> Chord {
        let mut scale = self.mode.scale();
        // A dominant that leads: minor keys borrow the major's seventh degree for it.
        if degree == 4 && matches!(self.mode, Mode::Aeolian | Mode::Dorian) {
            scale[6] = 11;
        }
        let pitch = |step: usize| (self.tonic + scale[step % 7]).rem_euclid(12);
        let mut tones = vec![pitch(degree), pitch(degree + 2), pitch(degree + 4)];
        if seventh {
            tones.push(pitch(degree + 6));
        }
        Chord { degree, bass: tones[0], tones, tonic: self.tonic, scale }
    }

    /// The degree that leads home in this mode.
    pub fn dominant(self) -> usize {
        match self.mode {
            Mode::Phrygian => 1,
            Mode::Mixolydian => 6,
            _ => 4,
        }
    }
}

/// A chord in its key.
#[derive(Clone, Debug, PartialEq)]
pub struct Chord {
    /// Degree of its root, 0 is the tonic's.
    pub degree: usize,
    /// Pitch class of its lowest note.
    pub bass: i32,
    /// Pitch classes, root first.
    pub tones: Vec<i32>,
    /// Pitch class of the key's tonic.
    pub tonic: i32,
    /// The scale that melodies use over it.
    pub scale: [i32; 7],
}

impl Chord {
    /// Whether `pitch` belongs to it.
    pub fn has(&self, pitch: i32) -> bool {
        self.tones.contains(&pitch.rem_euclid(12))
    }

    /// The pitch of the scale's `step`; step 0 is the tonic at or above MIDI note 60.
    pub fn pitch(&self, step: i32) -> i32 {
        60 + self.tonic + self.scale[step.rem_euclid(7) as usize] + 12 * step.div_euclid(7)
    }

    /// The step nearest to `step` whose pitch is in the chord, towards `lean` where two are as near.
    pub fn nearest(&self, step: i32, lean: i32) -> i32 {
        let lean = if lean < 0 { -1 } else { 1 };
        [0, lean, -lean, 2 * lean, -2 * lean, 3 * lean, -3 * lean]
            .into_iter()
            .map(|d| step + d)
            .find(|s| self.has(self.pitch(*s)))
            .unwrap_or(step)
    }

    /// The step whose pitch is nearest to `pitch`.
    pub fn step_near(&self, pitch: i32) -> i32 {
        (-28..28).min_by_key(|step| (self.pitch(*step) - pitch).abs()).unwrap_or(0)
    }

    /// Its lowest note at or above `floor`.
    pub fn bass_above(&self, floor: i32) -> i32 {
        floor + (self.bass - floor).rem_euclid(12)
    }
}

/// Three upper voices for `chord` between `low` and `high`, moved as little as may be from `before`, the
/// third always there, and no parallel fifths or octaves with the bass.
pub fn voice_lead(
    chord: &Chord,
    bass: i32,
    before: Option<(i32, [i32; 3])>,
    low: i32,
    high: i32,
) -> [i32; 3] {
    let notes: Vec<i32> = (low..=high).filter(|p| chord.has(*p)).collect();
    let middle = (low + high) / 2;
    let home = [middle - 5, middle, middle + 5];
    let third = chord.tones[1];
    let mut best = (i32::MAX, home);
    for (i, &a) in notes.iter().enumerate() {
        for (j, &b) in notes.iter().enumerate().skip(i + 1) {
            for &c in notes.iter().skip(j + 1) {
                if b - a > 9 || c - b > 9 {
                    continue;
                }
                let now = [a, b, c];
                let mut cost: i32 = home.iter().zip(now).map(|(h, n)| (h - n).abs()).sum();
                if !now.iter().any(|n| n.rem_euclid(12) == third) {
                    cost += 30;
                }
                let missing =
                    chord.tones.iter().filter(|t| now.iter().all(|n| n.rem_euclid(12) != **t)).count();
                cost += 6 * missing as i32;
                if let Some((bass_before, before)) = before {
                    cost += before.iter().zip(now).map(|(p, n)| 3 * (p - n).abs()).sum::<i32>();
                    cost += 14 * parallels((bass_before, before), (bass, now));
                }
                if cost < best.0 {
                    best = (cost, now);
                }
            }
        }
    }
    best.1
}

/// How many pairs of voices move in parallel fifths or octaves.
fn parallels(before: (i32, [i32; 3]), now: (i32, [i32; 3])) -> i32 {
    let old = [before.0, before.1[0], before.1[1], before.1[2]];
    let new = [now.0, now.1[0], now.1[1], now.1[2]];
    let mut count = 0;
    for i in 0..4 {
        for j in 0..i {
            let (a, b) = ((old[i] - old[j]).rem_euclid(12), (new[i] - new[j]).rem_euclid(12));
            let moved = old[i] != new[i] && old[j] != new[j];
            if moved && a == b && (a == 7 || a == 0) {
                count += 1;
            }
        }
    }
    count
}
