//! Colours and materials by their names, and reading them out of a description.

/// An sRGB colour, 0..1 a channel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rgb(pub [f32; 3]);

/// A colour written as 0xRRGGBB.
pub const fn hex(v: u32) -> Rgb {
    Rgb([((v >> 16) & 255) as f32 / 255.0, ((v >> 8) & 255) as f32 / 255.0, (v & 255) as f32 / 255.0])
}

impl Rgb {
    /// The colour a part of the way to another.
    pub fn mix(self, to: Rgb, t: f32) -> Rgb {
        Rgb(std::array::from_fn(|i| self.0[i] + (to.0[i] - self.0[i]) * t))
    }

    /// Lighter, towards a warm white.
    pub fn lighter(self, t: f32) -> Rgb {
        self.mix(hex(0xfff8ea), t)
    }

    /// Darker, towards a cool near-black: shade in paint is never grey.
    pub fn darker(self, t: f32) -> Rgb {
        self.mix(hex(0x14182a), t)
    }

    /// Channel by channel times a light.
    pub fn times(self, by: [f32; 3]) -> Rgb {
        Rgb(std::array::from_fn(|i| (self.0[i] * by[i]).clamp(0.0, 1.0)))
    }

    /// Perceived lightness, 0..1.
    pub fn luma(self) -> f32 {
        self.0[0] * 0.299 + self.0[1] * 0.587 + self.0[2] * 0.114
    }
}

/// Names of colours. Muted, as gouache is.
const COLOURS: &[(&str, Rgb)] = &[
    ("black", hex(0x2a2b33)),
    ("white", hex(0xf2ede2)),
    ("grey", hex(0x8d9096)),
    ("gray", hex(0x8d9096)),
    ("silver", hex(0xc3c8cc)),
    ("charcoal", hex(0x3f434b)),
    ("red", hex(0xbf3b35)),
    ("scarlet", hex(0xcf3a2c)),
    ("crimson", hex(0xa3263b)),
    ("burgundy", hex(0x6f2337)),
    ("maroon", hex(0x6d2a2f)),
    ("pink", hex(0xe3a3a8)),
    ("rose", hex(0xd07d88)),
    ("orange", hex(0xdd8039)),
    ("amber", hex(0xe0a13c)),
    ("ginger", hex(0xc06a33)),
    ("copper-haired", hex(0xb5602f)),
    ("peach", hex(0xf0bf98)),
    ("yellow", hex(0xe9b93f)),
    ("mustard", hex(0xc99a35)),
    ("golden", hex(0xd9ab4a)),
    ("blond", hex(0xdcb96d)),
    ("blonde", hex(0xdcb96d)),
    ("cream", hex(0xefe2c4)),
    ("ivory", hex(0xeee6d3)),
    ("beige", hex(0xd6c3a0)),
    ("tan", hex(0xc29d6d)),
    ("khaki", hex(0xa89a68)),
    ("brown", hex(0x7a5236)),
    ("chestnut", hex(0x74402a)),
    ("auburn", hex(0x8a4028)),
    ("chocolate", hex(0x513527)),
    ("green", hex(0x4f8055)),
    ("olive", hex(0x74763f)),
    ("emerald", hex(0x2f8463)),
    ("mint", hex(0xa5d2b4)),
    ("teal", hex(0x2f7677)),
    ("turquoise", hex(0x4aa9a5)),
    ("cyan", hex(0x5db3c2)),
    ("blue", hex(0x3f689f)),
    ("navy", hex(0x2a3a5c)),
    ("indigo", hex(0x3c3c77)),
    ("sky-blue", hex(0x86b7d8)),
    ("azure", hex(0x5a9bce)),
    ("purple", hex(0x6e4a83)),
    ("violet", hex(0x7a5fa3)),
    ("lilac", hex(0xb59fc9)),
    ("lavender", hex(0xb3a7d0)),
    ("plum", hex(0x66375a)),
];

/// Materials, and their colour.
const MATERIALS: &[(&str, Rgb)] = &[
    ("rusted", hex(0x8e4f33)),
    ("rusty", hex(0x8e4f33)),
    ("rust", hex(0x8e4f33)),
    ("wooden", hex(0x95704a)),
    ("wood", hex(0x95704a)),
    ("oak", hex(0x8a653f)),
    ("mahogany", hex(0x6d3a2a)),
    ("driftwood", hex(0xa79c8b)),
    ("weathered", hex(0x9a9183)),
    ("brass", hex(0xc79a45)),
    ("bronze", hex(0x9b7340)),
    ("copper", hex(0xb86f46)),
    ("gold", hex(0xd8a73c)),
    ("gilded", hex(0xd8a73c)),
    ("iron", hex(0x565a62)),
    ("steel", hex(0x8b959e)),
    ("metal", hex(0x7f878e)),
    ("chrome", hex(0xb9c3ca)),
    ("tin", hex(0xa3abaf)),
    ("stone", hex(0x9b968c)),
    ("granite", hex(0x85868a)),
    ("basalt", hex(0x4c5058)),
    ("marble", hex(0xdedad2)),
    ("sandstone", hex(0xcda874)),
    ("brick", hex(0xa4573f)),
    ("concrete", hex(0xa3a39f)),
    ("clay", hex(0xb3704c)),
    ("terracotta", hex(0xbc6d48)),
    ("glass", hex(0xa8c9cc)),
    ("crystal", hex(0xcfe3e6)),
    ("leather", hex(0x7c4c2f)),
    ("wicker", hex(0xbb9259)),
    ("straw", hex(0xd8b968)),
    ("paper", hex(0xeee3c8)),
    ("canvas", hex(0xd8cbac)),
    ("linen", hex(0xddd3bd)),
    ("velvet", hex(0x7c2b3d)),
    ("wool", hex(0xb8a78b)),
    ("woollen", hex(0xb8a78b)),
    ("tweed", hex(0x7d7057)),
    ("denim", hex(0x4b6489)),
    ("whitewashed", hex(0xece6d9)),
    ("snowy", hex(0xe9edf2)),
];

/// What tells words that belong together from those that don't: a comma and the like.
const BREAK: &str = ",";

/// A description as lower-case words.
#[derive(Clone, Debug)]
pub struct Words(Vec<String>);

impl Words {
    /// The words of a description; punctuation counts as a break between them.
    pub fn new(description: &str) -> Words {
        let mut words = Vec::new();
        let mut word = String::new();
        for c in description.chars().flat_map(char::to_lowercase) {
            if c.is_alphanumeric() || c == '-' || c == '\'' {
                word.push(c);
                continue;
            }
            if !word.is_empty() {
                words.push(std::mem::take(&mut word));
            }
            if !c.is_whitespace() {
                words.push(BREAK.to_owned());
            }
        }
        if !word.is_empty() {
            words.push(word);
        }
        Words(words)
    }

    /// Whether any of these words stands in it, in the singular or the plural.
    pub fn has(&self, any: &[&str]) -> bool {
        self.position(any).is_some()
    }

    /// Where the first of these words stands.
    fn position(&self, any: &[&str]) -> Option<usize> {
        self.0.iter().position(|word| any.iter().any(|one| same(word, one)))
    }

    /// The words next to each other: "deep blue".
    pub fn has_pair(&self, first: &[&str], second: &[&str]) -> bool {
        self.0
            .windows(2)
            .any(|w| first.iter().any(|f| same(&w[0], f)) && second.iter().any(|s| same(&w[1], s)))
    }

    /// Whether one of the first words stands at most three words before one of the second, with no
    /// break between: "long auburn hair".
    pub fn has_near(&self, first: &[&str], second: &[&str]) -> bool {
        self.0.iter().enumerate().filter(|(_, w)| second.iter().any(|s| same(w, s))).any(|(at, _)| {
            self.0[at.saturating_sub(3)..at]
                .iter()
                .rev()
                .take_while(|w| *w != BREAK)
                .any(|w| first.iter().any(|f| same(w, f)))
        })
    }

    /// The colour or material that the whole is said to have, if any.
    pub fn colour(&self) -> Option<Rgb> {
        (0..self.0.len()).find_map(|i| self.colour_at(i))
    }

    /// The colour that it is said to have, materials apart: an oak is not the colour of oak.
    pub fn tint_or(&self, default: Rgb) -> Rgb {
        let named = |i: &usize| COLOURS.iter().any(|(name, _)| *name == self.0[*i]);
        (0..self.0.len()).filter(named).find_map(|i| self.colour_at(i)).unwrap_or(default)
    }

    /// The colour or material, or another.
    pub fn colour_or(&self, default: Rgb) -> Rgb {
        self.colour().unwrap_or(default)
    }

    /// The colour that is said of one part: of "yellow raincoat, grey braid", the raincoat's is yellow.
    pub fn colour_of(&self, part: &[&str]) -> Option<Rgb> {
        let at = self.position(part)?;
        let from =
            self.0[..at].iter().rposition(|w| w == BREAK || w == "and" || w == "with").map_or(0, |i| i + 1);
        (from.max(at.saturating_sub(4))..at)
            .rev()
            .find_map(|i| self.colour_at(i))
            .or_else(|| self.colour_after(at))
    }

    /// "coat of dark green": the colour said after "of" or "is".
    fn colour_after(&self, at: usize) -> Option<Rgb> {
        let link = self.0.get(at + 1)?;
        if !matches!(link.as_str(), "of" | "is") {
            return None;
        }
        (at + 2..(at + 4).min(self.0.len())).find_map(|i| self.colour_at(i))
    }

    /// Whether it is worn: old, dented, weathered, rusted.
    pub fn worn(&self) -> bool {
        self.has(&[
            "old",
            "dented",
            "weathered",
            "rusted",
            "rusty",
            "battered",
            "worn",
            "ancient",
            "ruined",
            "broken",
        ])
    }

    /// The colour that the word at a place names, with a shade before it heeded: "dark green".
    fn colour_at(&self, i: usize) -> Option<Rgb> {
        let word = self.0[i].as_str();
        let plain = COLOURS
            .iter()
            .map(|&(name, colour)| (name, colour))
            .chain(MATERIALS.iter().copied())
            .find(|(name, _)| *name == word || word.strip_suffix("-haired") == Some(name))
            .map(|(_, colour)| colour)?;
        let shade = i.checked_sub(1).map_or("", |j| self.0[j].as_str());
        Some(match shade {
            "dark" | "deep" | "midnight" => plain.darker(0.4),
            "pale" | "light" | "soft" | "pastel" => plain.lighter(0.45),
            "bright" | "vivid" => plain.lighter(0.12),
            "faded" | "dusty" | "washed" => plain.mix(hex(0xb5aa9c), 0.4),
            _ => plain,
        })
    }

    /// How much bigger or smaller than usual the thing is said to be.
    pub fn scale(&self) -> f32 {
        let mut scale: f32 = 1.0;
        for word in &self.0 {
            scale *= match word.as_str() {
                "tiny" | "miniature" => 0.5,
                "small" | "little" | "young" => 0.75,
                "big" | "large" | "tall" | "great" | "long" => 1.25,
                "huge" | "giant" | "enormous" | "massive" | "towering" => 1.6,
                _ => 1.0,
            };
        }
        scale.clamp(0.4, 2.0)
    }
}

/// Whether a word is another, in the singular or the plural.
fn same(word: &str, one: &str) -> bool {
    let word = word.strip_suffix("'s").unwrap_or(word);
    word == one || word.strip_suffix('s') == Some(one) || word.strip_suffix("es") == Some(one)
}

/// FNV-1a of a text: the seed of what it leaves open.
pub fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3))
}

/// A small generator of unspecified choices (SplitMix64).
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// From a seed.
    pub fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from `a` to `b`.
    pub fn range(&mut self, a: f32, b: f32) -> f32 {
        a + (b - a) * ((self.bits() >> 40) as f32 / 16_777_216.0)
    }

    /// One of several.
    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[(self.bits() % from.len().max(1) as u64) as usize]
    }

    /// True so many times in one.
    pub fn chance(&mut self, p: f32) -> bool {
        self.range(0.0, 1.0) < p
    }
}
