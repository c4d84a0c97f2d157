//! The user's own pictures, and how they meet the film's frame.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::generate::Material;
use crate::units::{Frames, Rate, Size};

/// Parameters of `footage`. Gives pictures at the footage's own size and rate, square pixels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Footage {
    /// One file; or the numbered images of a sequence, in order.
    pub files: Vec<Material>,
    /// The rate at which an image sequence plays; absent for a file that knows its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sequence_rate: Option<Rate>,
    /// Where it starts, in milliseconds of the file's own time.
    pub from_ms: i64,
}

/// Parameters of `still`. Gives pictures at the film's size and rate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StillShot {
    /// The picture.
    pub file: Material,
    /// Camera words: `push in`, `pan left`, `static`.
    pub camera: String,
    /// How it meets the frame.
    pub fit: Fit,
    /// The film's size.
    pub size: Size,
    /// The film's rate.
    pub rate: Rate,
    /// How many.
    pub frames: Frames,
    /// For handheld moves.
    pub seed: u64,
}

/// Parameters of `conform`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Conform {
    /// The film's size.
    pub size: Size,
    /// The film's rate.
    pub rate: Rate,
    /// Pictures to give.
    pub frames: Frames,
    /// How another shape meets the frame.
    pub fit: Fit,
    /// What becomes of another rate.
    pub retime: Retime,
    /// Speed as a fraction: [1, 2] plays at half speed.
    pub speed: (u32, u32),
}

/// How a picture of another shape meets the film's frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Fit {
    /// Fill and cut.
    Crop,
    /// Show all, with bars.
    Pad,
    /// Squeeze.
    Stretch,
}

/// How pictures of another rate fall on the film's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Retime {
    /// The nearest picture.
    Nearest,
    /// Neighbours blended by time.
    Blend,
}
