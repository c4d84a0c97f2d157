//! Kinds that assemble.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::units::{Frames, Rate, Samples, Size};

/// Parameters of `join`: none, its inputs say all.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Join {}

/// Parameters of `sheet`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sheet {
    /// The film's title.
    pub title: String,
    /// A caption a poster, such as `03 cliff.wide  0:12  6.0 s`.
    pub captions: Vec<String>,
    /// Posters a row.
    pub columns: u32,
}

/// Parameters of `mux`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Mux {
    /// The film's title.
    pub title: String,
    /// Its size.
    pub size: Size,
    /// Its rate.
    pub rate: Rate,
    /// Its length in pictures.
    pub frames: Frames,
    /// Its length in samples: round(frames x 48000 / rate).
    pub samples: Samples,
    /// The first picture's timecode, in frames.
    pub timecode: i64,
    /// A chapter a scene.
    pub chapters: Vec<Chapter>,
    /// Bits a second of the AAC track.
    pub audio_bitrate: u32,
    /// The language of the captions, ISO 639-2.
    pub language: String,
}

/// A chapter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Chapter {
    /// Its first picture.
    pub from: Frames,
    /// What players show.
    pub title: String,
}
