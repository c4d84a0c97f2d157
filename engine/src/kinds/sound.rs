//! Kinds that make and mix sound. Gains are hundredths of a decibel; times are samples at 48 kHz.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::generate::Material;
use crate::units::Samples;

/// Parameters of `effects`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Effects {
    /// The sound model's name.
    pub model: String,
    /// The shot's sound words: `surf, wind, gulls`.
    pub words: String,
    /// Place and setting, for ambience that the words leave open; the action too where no place is named.
    pub context: String,
    /// The action, where it is not in the context.
    pub action: String,
    /// Length, the tail that rings into the next shot included.
    pub samples: Samples,
    /// That tail.
    pub tail: Samples,
    /// Its noise.
    pub seed: u64,
}

/// Parameters of `voice`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Voice {
    /// The voice model's name.
    pub model: String,
    /// What is said.
    pub text: String,
    /// An espeak-ng voice such as `en-gb`.
    pub voice: String,
    /// 0 to 99, as espeak-ng has it.
    pub pitch: u32,
    /// Words a minute.
    pub pace: u32,
    /// Timbre differs by it between characters of equal settings.
    pub seed: u64,
}

/// Parameters of `recording`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Recording {
    /// The file.
    pub file: Material,
    /// Where in the file it starts.
    pub from: Samples,
    /// At most this long; to the file's end where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub samples: Option<Samples>,
}

/// Parameters of `extend`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Extend {
    /// The sound model's name.
    pub model: String,
    /// What is played.
    pub prompt: String,
    /// Its whole length.
    pub samples: Samples,
    /// Length of one segment.
    pub segment: Samples,
    /// How much two segments share.
    pub overlap: Samples,
    /// Its noise.
    pub seed: u64,
    /// Where scenes change under it: places for a new phrase.
    pub marks: Vec<Samples>,
}

/// Parameters of `mix`. Each list goes with the input port of that name, entry by entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Mix {
    /// Length of the film.
    pub samples: Samples,
    /// The first sample's count since midnight, which the stems carry as their timecode.
    pub timecode: Samples,
    /// Effects and ambience.
    pub effects: Vec<Placed>,
    /// Spoken lines, in the film's order.
    pub dialogue: Vec<Spoken>,
    /// Cues.
    pub music: Vec<Cue>,
    /// What the mix is brought to, in hundredths of LUFS.
    pub loudness_centilufs: i32,
    /// What no sample between samples exceeds, in hundredths of dBTP.
    pub true_peak_centidb: i32,
}

/// A sound on the film's clock.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Placed {
    /// Where it starts.
    pub at: Samples,
    /// How much of it is heard.
    pub samples: Samples,
    /// Gain.
    pub gain_millibels: i32,
    /// Fades at both ends.
    pub fade_in: Samples,
    /// Fade at its end.
    pub fade_out: Samples,
}

/// A spoken line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Spoken {
    /// When it starts, or the earliest it may where `after_previous`.
    pub at: Samples,
    /// Starts a breath after the line before it ends.
    pub after_previous: bool,
    /// Where its shot ends; the line must have ended.
    pub until: Samples,
    /// Who speaks, for the captions.
    pub speaker: String,
    /// What is said, for the captions.
    pub text: String,
    /// Gain.
    pub gain_millibels: i32,
}

/// A cue on the film's clock.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cue {
    /// Where and how loud.
    pub placed: Placed,
    /// Its gain while someone speaks.
    pub under_dialogue_millibels: i32,
}

/// Parameters of `excerpt`: parts of the mix set end to end, for a render of part of the film.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Excerpt {
    /// What is kept, in order. Captions are cut and moved alike.
    pub ranges: Vec<Kept>,
    /// Every cut fades over this much at both its sides, so that it does not click.
    pub fade: Samples,
}

/// A part that is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    /// Its first sample.
    pub from: Samples,
    /// How many.
    pub samples: Samples,
}

/// What `mix` writes as `captions`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Captions {
    /// In the film's order.
    pub captions: Vec<Caption>,
}

/// What `mix` and `soundtrack` write as `loudness`: what they came to. Sparse sound may miss its target.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Loudness {
    /// Integrated loudness in LUFS; absent for silence.
    pub integrated_lufs: Option<f64>,
    /// True peak in dBTP; absent for silence.
    pub true_peak_dbtp: Option<f64>,
    /// The gain that it got, in decibels.
    pub gain_db: f64,
}

/// One caption.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Caption {
    /// Shown from here ...
    pub from: Samples,
    /// ... to here.
    pub to: Samples,
    /// Who.
    pub speaker: String,
    /// What.
    pub text: String,
}

/// Parameters of `soundtrack`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Soundtrack {
    /// Its length in samples.
    pub samples: Samples,
    /// Bits a second.
    pub bitrate: u32,
    /// The highest true peak, in hundredths of a dBTP.
    pub true_peak_centidb: i32,
}
