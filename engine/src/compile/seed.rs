//! Seeds. A node's noise derives from the nearest `seed:` and its kind, with an ordinal only among
//! identical siblings: moving, renaming and rewording a shot keep it.

use std::collections::BTreeMap;

use crate::units::Digest;

/// What a seed is for; part of what it derives from, so that picture and sound draw apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// A shot's pictures.
    Picture,
    /// One edit.
    Edit,
    /// A shot's effects.
    Effects,
    /// A character's voice.
    Voice,
    /// A cue.
    Music,
    /// A custom node.
    Step,
}

impl Purpose {
    fn tag(self) -> &'static str {
        match self {
            Self::Picture => "picture",
            Self::Edit => "edit",
            Self::Effects => "effects",
            Self::Voice => "voice",
            Self::Music => "music",
            Self::Step => "step",
        }
    }
}

/// The seed for `purpose` under `base`; `ordinal` among identical siblings, `candidate` from 0.
/// It has 53 bits, so that every JSON reader keeps it whole.
pub fn derive(base: u64, purpose: Purpose, ordinal: u32, candidate: u32) -> u64 {
    let text = format!("storyreel seed 1\n{base}\n{}\n{ordinal}\n{candidate}", purpose.tag());
    Digest::of(text.as_bytes()).low_u64() >> 11
}

/// Counts identical siblings in the storyboard's order.
#[derive(Debug, Default)]
pub struct Ordinals(BTreeMap<(Purpose, u64, Digest), u32>);

impl Ordinals {
    /// How many of the same `content` under the same `base` came before.
    pub fn next(&mut self, purpose: Purpose, base: u64, content: &str) -> u32 {
        let count = self.0.entry((purpose, base, Digest::of(content.as_bytes()))).or_default();
        *count += 1;
        *count - 1
    }
}
