//! What the model is asked: a shot's words, its edits, and the pictures that guide it.
//!
//! The text types mirror the engine's parameters field by field, so that a caller converts with
//! serde or by hand; images travel beside them, already decoded.

use std::io::{self, ErrorKind};
use std::path::PathBuf;

use image::{GrayImage, RgbaImage};
use serde::{Deserialize, Serialize};

/// What a shot should show, part by part.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ShotText {
    /// The caption built from all that follows, or the one written by hand.
    #[serde(default)]
    pub caption: String,
    /// What must not be seen.
    #[serde(default)]
    pub avoid: String,
    /// What happens.
    #[serde(default)]
    pub action: String,
    /// Camera words: framing and move.
    #[serde(default)]
    pub camera: String,
    /// Hour, weather, mood.
    #[serde(default)]
    pub setting: String,
    /// Film, scene and shot looks, joined.
    #[serde(default)]
    pub look: String,
    /// The place's description.
    #[serde(default)]
    pub place: Option<String>,
    /// Who is in it.
    #[serde(default)]
    pub characters: Vec<Portrayal>,
    /// Things that keep their look.
    #[serde(default)]
    pub props: Vec<Portrayal>,
}

/// A character or thing as the model is told of it. Its images are passed beside.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Portrayal {
    /// The word that stands for it in `action`.
    pub name: String,
    /// How it looks.
    pub description: String,
}

/// What an edit does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// Something new in the picture.
    Add {
        /// What.
        what: String,
    },
    /// Something gone, filled with what is behind it.
    Remove {
        /// What.
        what: String,
    },
    /// Something in another's place.
    Replace {
        /// What goes.
        what: String,
        /// What comes.
        with: String,
    },
    /// Another background behind the subjects.
    Background {
        /// Which.
        to: String,
    },
    /// Another manner of drawing.
    Style {
        /// Which.
        to: String,
    },
}

/// Where an edit may change pixels.
#[derive(Clone, Debug, PartialEq)]
pub enum Region {
    /// In ten-thousandths of the frame.
    Box {
        /// Left edge.
        x: u32,
        /// Top edge.
        y: u32,
        /// Width.
        width: u32,
        /// Height.
        height: u32,
    },
    /// A grey image, stretched over the frame: white changes, black stays.
    Mask(GrayImage),
    /// In words: "left half", "the sky", "lower third", "the boat".
    Words(String),
}

/// One edit of a clip.
#[derive(Clone, Debug, PartialEq)]
pub struct EditText {
    /// What changes.
    pub change: Change,
    /// Where; everywhere that the change needs where absent.
    pub region: Option<Region>,
    /// Thousandths; 1000 changes wholly.
    pub strength: u32,
    /// This edit's own choices.
    pub seed: u64,
}

/// Everything a shot is drawn from.
#[derive(Clone, Debug)]
pub struct Request {
    /// The words.
    pub text: ShotText,
    /// Width and height in pixels; each from 16 to 8192.
    pub size: (u32, u32),
    /// Pictures per second, as a fraction.
    pub rate: (u32, u32),
    /// How many pictures the shot has; the camera's move is paced over them.
    pub frames: u64,
    /// The shot's own incidental choices.
    pub seed: u64,
    /// The look that all shots share: places are seeded by it.
    pub film_seed: u64,
    /// Edits in their order; the picture shows all of them.
    pub edits: Vec<EditText>,
    /// Reference images by character name.
    pub references: Vec<(String, RgbaImage)>,
    /// Layout guidance.
    pub sketch: Option<RgbaImage>,
    /// Threads that draw a picture; results do not depend on it.
    pub threads: usize,
    /// A folder to lay painted layers aside in, on a disk, where memory is short. Drawing is slower then, and its
    /// results the same.
    pub aside: Option<PathBuf>,
}

impl Request {
    /// A plain request for these words at 1080p24, five seconds, one thread.
    pub fn new(text: ShotText) -> Self {
        Request {
            text,
            size: (1920, 1080),
            rate: (24, 1),
            frames: 120,
            seed: 0,
            film_seed: 0,
            edits: Vec::new(),
            references: Vec::new(),
            sketch: None,
            threads: 1,
            aside: None,
        }
    }
}

/// The ways in which drawing can fail.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum AnimaticError {
    /// A size that cannot be drawn.
    #[error("a picture of {0}x{1} cannot be drawn: each side must be from 16 to 8192 pixels")]
    Size(u32, u32),
    /// A rate that is no rate.
    #[error("a rate of {0}/{1} pictures a second makes no sense")]
    Rate(u32, u32),
    /// A shot without pictures.
    #[error("a shot must have at least one picture")]
    Empty,
    /// An edit that names nothing the model can draw.
    #[error("the edit asks for `{what}`, which the animatic model cannot draw; it knows {known}")]
    Unknown {
        /// The edit's words.
        what: String,
        /// Some of what it knows.
        known: String,
    },
    /// An edit that names nothing in the picture.
    #[error(
        "the edit names `{what}`, but the shot shows only {shown}; give a `region`, or name one of these"
    )]
    NotShown {
        /// The edit's words.
        what: String,
        /// What the shot shows.
        shown: String,
    },
    /// A style that the model does not have.
    #[error("there is no style `{asked}`; the animatic model has {known}")]
    Style {
        /// The edit's words.
        asked: String,
        /// The styles there are.
        known: String,
    },
    /// Words that name no region.
    #[error(
        "`{0}` names no part of the picture; say for instance `left half`, `lower third`, `sky`, or a subject's name"
    )]
    Region(String),
    /// An image that is too large or empty.
    #[error("the image has {0}x{1} pixels; each side must be from 1 to 16384")]
    Image(u32, u32),
    /// The drawing threads could not be started.
    #[error("the drawing threads could not be started: {0}")]
    Threads(String),
    /// Painted layers could not be laid aside.
    #[error("painted layers could not be laid aside: {0}")]
    Aside(String, ErrorKind),
}

impl AnimaticError {
    pub(crate) fn aside(error: io::Error) -> Self {
        Self::Aside(error.to_string(), error.kind())
    }
}
