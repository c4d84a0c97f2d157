//! From words to layers: which effects, how near, how strong, how often.

use std::sync::LazyLock;

use super::table::{self, EFFECTS, Effect, Make};
use super::tools::{Ask, Surface};
use super::{Asked, EffectsReading, Heard};

/// One effect as the words ask for it.
pub struct Layer {
    /// The effect.
    pub effect: &'static Effect,
    /// How it is asked for.
    pub ask: Ask,
    /// Gain in decibels.
    pub gain_db: f32,
    /// Events happen this much more often.
    pub pace: f32,
    /// What it was read from.
    pub phrase: String,
}

/// Gain of ambience that no words asked for, in decibels.
const AMBIENCE: f32 = -10.0;

/// All that is heard.
pub struct Scene {
    /// Layers in the order of the words, ambience last.
    pub layers: Vec<Layer>,
    /// Walls around.
    pub indoors: bool,
    /// Phrases without an effect.
    pub not_made: Vec<String>,
}

impl Scene {
    /// Reads the words of a shot where they are said.
    pub fn read(asked: &Asked) -> Self {
        let around = stems(asked.context);
        let ground = [around.as_slice(), &stems(asked.action)].concat();
        let mut scene =
            Self { layers: Vec::new(), indoors: any(&around, table::INDOORS), not_made: Vec::new() };
        let mut hush = false;
        for phrase in phrases(asked.words) {
            let said = stems(&phrase);
            if said.iter().any(|w| w == "no" || w == "without") {
                continue;
            }
            let found = calls(&said);
            if found.is_empty() && any(&said, table::SILENCE) {
                hush = true;
            } else if found.is_empty() {
                scene.not_made.push(phrase);
            } else {
                let manner = Manner::of(&said, &ground);
                scene.layers.extend(found.into_iter().map(|effect| manner.layer(effect, &phrase)));
            }
        }
        scene.add_ambience(&around, hush);
        scene
    }

    fn add_ambience(&mut self, around: &[String], hush: bool) {
        let bare = self.layers.is_empty();
        let mut names: Vec<&str> = Vec::new();
        if !hush {
            names.extend(table::PLACES.iter().filter(|(words, _)| any(around, words)).map(|p| p.1));
            if any(around, table::GREEN) {
                names.push(if any(around, table::NIGHT) { "crickets" } else { "birdsong" });
            }
            // What is outside is heard inside only when something says so.
            if self.indoors && !bare {
                names.clear();
            }
        }
        if self.indoors || hush || (bare && names.is_empty()) {
            names.push("room tone");
        }
        let mut seen: Vec<&str> = self.layers.iter().map(|layer| layer.effect.name).collect();
        for name in names {
            if seen.contains(&name) {
                continue;
            }
            seen.push(name);
            let Some(effect) = EFFECTS.iter().find(|effect| effect.name == name) else { continue };
            let mut ask =
                Ask { strength: 0.35, distance: effect.far + 0.15, surface: Surface::Stone, once: false };
            // The same whatever else is heard: the next shot of the place may have other words.
            let mut gain_db = AMBIENCE;
            if name == "room tone" {
                (ask.distance, gain_db) = (0.0, -20.0);
            } else if self.indoors {
                ask.distance = 0.75;
            }
            self.layers.push(Layer { effect, ask, gain_db, pace: 0.7, phrase: String::new() });
        }
    }

    /// For the plan.
    pub fn reading(&self) -> EffectsReading {
        let heard =
            self.layers.iter().map(|layer| Heard { effect: layer.effect.name, phrase: layer.phrase.clone() });
        EffectsReading { heard: heard.collect(), not_made: self.not_made.clone() }
    }
}

/// How a phrase wants its sounds.
struct Manner {
    strength: f32,
    distance: f32,
    pace: f32,
    gain_db: f32,
    surface: Surface,
    once: bool,
}

/// Words, and what they add to strength, distance, pace (as a factor) and gain in decibels.
const MANNERS: &[(&[&str], [f32; 4])] = &[
    (&["distant", "far", "faraway", "remote", "offshore"], [0.0, 0.4, 1.0, 0.0]),
    (&["faint", "barely", "muffled"], [-0.2, 0.3, 1.0, -4.0]),
    (&["near", "close", "nearby", "closer"], [0.1, -0.3, 1.0, 2.0]),
    (
        &[
            "soft", "softly", "gentle", "gently", "light", "lightly", "quiet", "quietly", "calm", "low",
            "weak", "small", "drizzle", "breeze", "murmur",
        ],
        [-0.35, 0.0, 1.0, -4.0],
    ),
    (
        &[
            "heavy",
            "heavily",
            "strong",
            "hard",
            "loud",
            "loudly",
            "violent",
            "huge",
            "big",
            "raging",
            "roaring",
            "howling",
            "crashing",
            "downpour",
            "gale",
            "storm",
            "thunderstorm",
            "blizzard",
            "rising",
            "wild",
        ],
        [0.4, 0.0, 1.15, 3.0],
    ),
    (&["slow", "slowly", "weary", "tired"], [-0.1, 0.0, 0.68, 0.0]),
    (
        &["fast", "quick", "quickly", "running", "hurried", "hurrying", "rapid", "galloping"],
        [0.2, 0.0, 1.7, 1.0],
    ),
    (&["many", "constant", "busy", "swarm", "flock", "dense", "crowded"], [0.3, 0.0, 2.0, 1.0]),
    (&["occasional", "occasionally", "few", "rare", "sparse", "sometimes"], [0.0, 0.0, 0.4, 0.0]),
];

const SURFACES: &[(&[&str], Surface)] = &[
    (&["snow", "snowy", "ice"], Surface::Snow),
    (&["gravel", "sand", "shingle", "pebbles", "beach", "path"], Surface::Gravel),
    (
        &[
            "wood",
            "wooden",
            "floorboards",
            "deck",
            "boards",
            "stairs",
            "planks",
            "pier",
            "jetty",
            "boat",
            "cabin",
        ],
        Surface::Wood,
    ),
    (
        &[
            "stone",
            "pavement",
            "cobbles",
            "cobblestones",
            "rock",
            "rocks",
            "street",
            "city",
            "tiles",
            "corridor",
            "concrete",
        ],
        Surface::Stone,
    ),
    (
        &["grass", "earth", "mud", "forest", "leaves", "field", "meadow", "dirt", "garden", "woods"],
        Surface::Earth,
    ),
    (&["room", "kitchen", "bedroom", "house", "lighthouse", "attic", "hall"], Surface::Wood),
];

impl Manner {
    fn of(said: &[String], ground: &[String]) -> Self {
        let mut manner = Self {
            strength: 0.5,
            distance: 0.0,
            pace: 1.0,
            gain_db: 0.0,
            surface: surface(said).or_else(|| surface(ground)).unwrap_or(Surface::Stone),
            once: said.iter().any(|w| ["a", "an", "one", "once", "single"].contains(&w.as_str())),
        };
        for (words, [strength, distance, pace, gain]) in MANNERS {
            if any(said, words) {
                manner.strength = (manner.strength + strength).clamp(0.0, 1.0);
                manner.distance += distance;
                manner.pace *= pace;
                manner.gain_db += gain;
            }
        }
        manner
    }

    fn layer(&self, effect: &'static Effect, phrase: &str) -> Layer {
        let happens = matches!(effect.make, Make::Events(..));
        Layer {
            effect,
            ask: Ask {
                strength: self.strength,
                distance: (effect.far + self.distance).clamp(0.0, 1.0),
                surface: self.surface,
                once: self.once && happens,
            },
            gain_db: self.gain_db,
            pace: self.pace,
            phrase: phrase.to_owned(),
        }
    }
}

fn surface(words: &[String]) -> Option<Surface> {
    SURFACES.iter().find(|(names, _)| any(words, names)).map(|s| s.1)
}

/// Every effect with the stems of each call of it: a plan reads the words of every shot.
static CALLS: LazyLock<Vec<(&Effect, Vec<String>)>> = LazyLock::new(|| {
    EFFECTS.iter().flat_map(|effect| effect.words.iter().map(move |call| (effect, stems(call)))).collect()
});

/// The effects that a phrase calls: longest calls first, each word used once by one length of call.
fn calls(said: &[String]) -> Vec<&'static Effect> {
    let mut free: Vec<&String> = said.iter().collect();
    let mut found: Vec<&'static Effect> = Vec::new();
    for length in (1..=3).rev() {
        let mut used: Vec<&String> = Vec::new();
        for (effect, call) in CALLS.iter().filter(|(_, call)| call.len() == length) {
            let matches = call.iter().all(|w| free.contains(&w));
            if matches && !found.iter().any(|f| f.name == effect.name) {
                found.push(effect);
                used.extend(call);
            }
        }
        free.retain(|w| !used.contains(w));
    }
    found
}

/// Words between commas and joints.
fn phrases(words: &str) -> Vec<String> {
    let mut out = Vec::new();
    for part in words.split([',', ';', '.', '/', '+', '&', '\n']) {
        let mut phrase: Vec<&str> = Vec::new();
        for word in part.split_whitespace() {
            if ["and", "then", "with", "over", "under", "behind"].contains(&word.to_lowercase().as_str()) {
                out.push(std::mem::take(&mut phrase).join(" "));
            } else {
                phrase.push(word);
            }
        }
        out.push(phrase.join(" "));
    }
    out.retain(|phrase| phrase.chars().any(char::is_alphabetic));
    out
}

/// Lower-case words without endings of number.
fn stems(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '-')
        .map(|word| stem(&word.to_lowercase()))
        .filter(|word| !word.is_empty())
        .collect()
}

fn stem(word: &str) -> String {
    let word = word.trim_matches(['\'', '-']).trim_end_matches("'s");
    for (end, keep) in [("sses", "ss"), ("shes", "sh"), ("ches", "ch"), ("ss", "ss"), ("us", "us"), ("s", "")]
    {
        if let Some(root) = word.strip_suffix(end)
            && word.len() > 3
        {
            return format!("{root}{keep}");
        }
    }
    word.to_owned()
}

fn any(said: &[String], words: &[&str]) -> bool {
    words.iter().any(|word| said.iter().any(|s| *s == stem(word)))
}
