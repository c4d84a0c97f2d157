//! The models that a storyboard can name, by role.

/// What a model does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// Makes pictures from words.
    Picture,
    /// Makes effects, voices and music.
    Sound,
    /// Enlarges pictures.
    Upsample,
}

/// A model that is built in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Model {
    /// What `models:` calls it.
    pub name: &'static str,
    /// What it does.
    pub role: Role,
    /// One line for `storyreel models`.
    pub doc: &'static str,
}

/// Every model; the first of a role is its default.
pub const ALL: &[Model] = &[
    Model {
        name: "animatic",
        role: Role::Picture,
        doc: "An animated storyboard in layered, flat-illustration style; needs no weights.",
    },
    Model {
        name: "synth",
        role: Role::Sound,
        doc: "Effects by synthesis, scratch voices by espeak-ng, a score by rule through a SoundFont.",
    },
    Model { name: "none", role: Role::Upsample, doc: "Pictures stay at the size they are made." },
];

impl Role {
    /// The key under `models:`.
    pub fn key(self) -> &'static str {
        match self {
            Self::Picture => "picture",
            Self::Sound => "sound",
            Self::Upsample => "upsample",
        }
    }

    /// The names that fill it.
    pub fn names(self) -> impl Iterator<Item = &'static str> + Clone {
        ALL.iter().filter(move |model| model.role == self).map(|model| model.name)
    }
}
