//! Kinds that turn clips into clips.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::generate::{Generate, Material};
use crate::units::{Frames, Rate, Size};

/// Parameters of `edit`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Edit {
    /// The picture model's name.
    pub model: String,
    /// What changes.
    pub change: Change,
    /// Where; everywhere that the change needs where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<Region>,
    /// Thousandths.
    pub strength: u32,
    /// This edit's own noise.
    pub seed: u64,
    /// The shot that the clip shows, where it was generated; absent for footage and stills.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shot: Option<Box<Generate>>,
    /// The edits before this one, which the clip already shows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<Applied>,
}

/// An edit that a clip already shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Applied {
    /// What changed.
    pub change: Change,
    /// Where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<Region>,
    /// Thousandths.
    pub strength: u32,
    /// Its noise.
    pub seed: u64,
}

/// What an edit does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Change {
    /// Something new in the picture.
    Add {
        /// In words.
        what: String,
    },
    /// Something gone, filled with what is behind it.
    Remove {
        /// In words.
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
        /// In words.
        to: String,
    },
    /// Another manner of drawing.
    Style {
        /// In words.
        to: String,
    },
}

/// Where an edit may change pixels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Region {
    /// In ten-thousandths of the frame.
    Box {
        /// Left edge.
        x: u32,
        /// Upper edge.
        y: u32,
        /// Across.
        width: u32,
        /// Down.
        height: u32,
    },
    /// A grey image: white changes.
    Mask(Material),
    /// In words.
    Words(String),
}

/// Parameters of `rank`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rank {
    /// Pictures of each candidate that are looked at.
    pub frames: Vec<Frames>,
}

/// Parameters of `pick`: none; its `rank` input decides. (A take chosen by hand needs no `pick`:
/// only that candidate is generated.)
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pick {}

/// Parameters of `transition`. Two clips, or one for a fade from or to black.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Transition {
    /// How.
    pub shape: TransitionShape,
    /// Pictures it takes.
    pub frames: Frames,
    /// First picture of the outgoing clip that is used; absent where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outgoing_from: Option<Frames>,
    /// First picture of the incoming clip that is used; absent where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incoming_from: Option<Frames>,
}

/// The shapes of a transition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TransitionShape {
    /// One over the other.
    Dissolve,
    /// To black, then from black.
    Fade,
    /// A soft edge that moves left.
    WipeLeft,
    /// A soft edge that moves right.
    WipeRight,
    /// A soft edge that moves up.
    WipeUp,
    /// A soft edge that moves down.
    WipeDown,
}

/// Parameters of `slate`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Slate {
    /// What is missing, such as `cliff.wide`.
    pub title: String,
    /// Why, in a line.
    pub reason: String,
    /// The film's size.
    pub size: Size,
    /// The film's rate.
    pub rate: Rate,
    /// The shot's length.
    pub frames: Frames,
}
