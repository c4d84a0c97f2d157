//! Kinds that write pictures.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::units::{Frames, Rate, Size};

/// Parameters of `encode`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Encode {
    /// The clip's size, which is the film's.
    pub size: Size,
    /// The film's rate.
    pub rate: Rate,
    /// First picture of the clip that is encoded.
    pub from: Frames,
    /// The picture after the last.
    pub to: Frames,
    /// How.
    pub codec: Codec,
    /// The picture of the clip that its poster shows; no poster where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub poster: Option<Frames>,
}

/// How pictures become H.264. All segments of a film share one, so that they join.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Codec {
    /// x264's preset.
    pub preset: String,
    /// Whether x264 is tuned for drawn pictures.
    pub tuned: bool,
    /// Constant quality, in tenths.
    pub crf_tenths: u32,
    /// Pictures between key pictures, at most.
    pub keyint: u32,
}

/// Parameters of `prores`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProRes {
    /// The film's size.
    pub size: Size,
    /// The film's rate.
    pub rate: Rate,
    /// First picture of the clip, handle included.
    pub from: Frames,
    /// The picture after the last.
    pub to: Frames,
    /// The timecode of `from`, in frames.
    pub timecode: i64,
}

/// Parameters of `frame`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Frame {
    /// Which picture of the clip.
    pub at: Frames,
}
