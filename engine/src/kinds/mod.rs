//! The node kinds as data: name, version, ports, parameter type. What they do is in `nodes/`.
//!
//! A kind's version is part of every key: raise it whenever the same parameters would give other
//! bytes. Parameters hold only what matters to the result; names and places in the film do not.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::world::Tool;

pub mod edit;
pub mod encode;
pub mod film;
pub mod generate;
pub mod material;
pub mod script;
pub mod sound;

/// What flows along an edge.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum PortType {
    /// Pictures in time, streamed inside a worker.
    Clip,
    /// Encoded pictures, stored.
    Segment,
    /// f32 sound at 48 kHz, stored.
    Sound,
    /// Encoded sound, stored.
    Track,
    /// One picture, stored as PNG.
    Still,
    /// Anything else: JSON, text.
    Data,
    /// A finished container file.
    Film,
}

/// A named, typed opening of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Port {
    /// Its name; the artifact's name for outputs.
    pub name: &'static str,
    /// What passes.
    pub ty: PortType,
    /// Whether any number of edges may enter (in the order of their index).
    pub many: bool,
}

const fn one(name: &'static str, ty: PortType) -> Port {
    Port { name, ty, many: false }
}

const fn many(name: &'static str, ty: PortType) -> Port {
    Port { name, ty, many: true }
}

/// Where a kind's output lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Storage {
    /// Made again whenever a stored node downstream needs it; never written.
    Streamed,
    /// Written to the cache once.
    Stored,
}

/// A node kind.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// Its name in plans, records and `why`.
    pub name: &'static str,
    /// Raised when the same parameters give other bytes.
    pub version: u32,
    /// One line for `storyreel models` and the plan.
    pub doc: &'static str,
    /// Streamed or stored.
    pub storage: Storage,
    /// What it takes.
    pub inputs: &'static [Port],
    /// What it gives.
    pub outputs: &'static [Port],
    /// Data outside the project that its result depends on.
    pub tools: &'static [Tool],
    /// Whether it needs a GPU.
    pub gpu: bool,
    /// Whether it can be made with less memory, slower, to the same bytes.
    pub spares: bool,
    /// The JSON Schema of its parameters.
    pub schema: fn() -> schemars::Schema,
    /// Whether a value is its parameters; why it is not.
    pub check: fn(&Value) -> Result<(), String>,
}

impl PartialEq for Kind {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.version == other.version
    }
}

macro_rules! kinds {
    (@spares) => { false };
    (@spares spares) => { true };
    ($($constant:ident = $name:literal @ $version:literal, $storage:ident, $doc:literal,
        [$($input:expr),*] -> [$($output:expr),*], tools [$($tool:ident),*], $params:path $(, $spares:ident)?;)*) => {
        $(
            #[doc = $doc]
            pub const $constant: Kind = Kind {
                name: $name, version: $version, doc: $doc, storage: Storage::$storage,
                inputs: &[$($input),*], outputs: &[$($output),*], tools: &[$(Tool::$tool),*], gpu: false, spares: kinds!(@spares $($spares)?),
                schema: || schemars::schema_for!($params),
                check: |value| <$params>::deserialize(value).map(drop).map_err(|error| error.to_string()),
            };
        )*
        /// Every kind, in the order of the table above.
        pub const ALL: &[Kind] = &[$($constant),*];
    };
}

use PortType::{Clip, Data, Film, Segment, Sound, Still, Track};

kinds! {
    GENERATE = "generate" @ 4, Streamed, "Pictures from a shot's words.",
        [] -> [one("clip", Clip)], tools [], generate::Generate;
    PERSONALIZE = "personalize" @ 4, Streamed, "Pictures from a shot's words and its characters' reference images.",
        [] -> [one("clip", Clip)], tools [], generate::Generate;
    FOOTAGE = "footage" @ 1, Streamed, "Real footage or an image sequence, brought to square pixels and an even rate.",
        [] -> [one("clip", Clip)], tools [Encoder], material::Footage;
    STILL = "still" @ 3, Streamed, "A still picture under a moving camera.",
        [] -> [one("clip", Clip)], tools [], material::StillShot;
    EDIT = "edit" @ 4, Streamed, "One precise edit; outside its region the input passes bit for bit.",
        [one("clip", Clip)] -> [one("clip", Clip)], tools [], edit::Edit;
    CONFORM = "conform" @ 1, Streamed, "A clip at the film's size and rate.",
        [one("clip", Clip)] -> [one("clip", Clip)], tools [], material::Conform;
    RANK = "rank" @ 1, Stored, "Scores candidate clips on sampled pictures.",
        [many("clips", Clip)] -> [one("rank", Data)], tools [], edit::Rank;
    PICK = "pick" @ 1, Streamed, "The candidate that ranked best.",
        [one("rank", Data), many("clips", Clip)] -> [one("clip", Clip)], tools [], edit::Pick;
    TRANSITION = "transition" @ 1, Streamed, "The pictures in which one clip becomes the next.",
        [many("clips", Clip)] -> [one("clip", Clip)], tools [], edit::Transition;
    SLATE = "slate" @ 1, Streamed, "A marked slate in place of a shot that failed.",
        [] -> [one("clip", Clip)], tools [], edit::Slate;
    ENCODE = "encode" @ 2, Stored, "A run of a clip's pictures as H.264 that joins without re-encoding, and its poster.",
        [one("clip", Clip)] -> [one("segment", Segment), one("poster", Still)], tools [Encoder], encode::Encode, spares;
    PRORES = "prores" @ 1, Stored, "A shot with handles as ProRes, for conforming elsewhere.",
        [one("clip", Clip)] -> [one("mov", Film)], tools [Encoder], encode::ProRes, spares;
    FRAME = "frame" @ 1, Stored, "One picture of a clip as PNG.",
        [one("clip", Clip)] -> [one("still", Still)], tools [], encode::Frame, spares;
    EFFECTS = "effects" @ 2, Stored, "A shot's sound effects and ambience from words.",
        [] -> [one("sound", Sound)], tools [], sound::Effects;
    VOICE = "voice" @ 1, Stored, "A spoken line in a scratch voice.",
        [] -> [one("sound", Sound)], tools [Voices], sound::Voice;
    RECORDING = "recording" @ 1, Stored, "Sound from a file of the project.",
        [] -> [one("sound", Sound)], tools [Encoder], sound::Recording;
    EXTEND = "extend" @ 1, Stored, "A cue of any length, segment after segment, joined under triangular windows.",
        [] -> [one("sound", Sound)], tools [SoundFont], sound::Extend;
    MIX = "mix" @ 2, Stored, "Three stems, ducked and placed on one sample clock; the mix at its loudness; the captions.",
        [many("effects", Sound), many("dialogue", Sound), many("music", Sound)]
        -> [one("dialogue", Sound), one("effects", Sound), one("music", Sound),
            one("music-and-effects", Sound), one("mix", Sound), one("captions", Data), one("loudness", Data)],
        tools [], sound::Mix;
    EXCERPT = "excerpt" @ 2, Stored, "Parts of the mix and their captions, for a render of part of the film.",
        [one("mix", Sound), one("captions", Data)] -> [one("mix", Sound), one("captions", Data)],
        tools [], sound::Excerpt;
    JOIN = "join" @ 1, Stored, "A scene's segments end to end, not re-encoded.",
        [many("segments", Segment)] -> [one("segment", Segment)], tools [], film::Join;
    SHEET = "sheet" @ 2, Stored, "The contact sheet.",
        [many("posters", Still)] -> [one("sheet", Still)], tools [], film::Sheet;
    SOUNDTRACK = "soundtrack" @ 2, Stored, "The film's one sound encode, its true peak measured as a player meets it.",
        [one("mix", Sound)] -> [one("track", Track), one("loudness", Data)], tools [Encoder], sound::Soundtrack;
    MUX = "mux" @ 2, Stored, "The film: joined pictures, the soundtrack, chapters, captions, timecode.",
        [many("segments", Segment), one("track", Track), one("captions", Data)]
        -> [one("film", Film), one("srt", Data), one("vtt", Data)], tools [Encoder], film::Mux;
}

/// The kind of that name.
pub fn named(name: &str) -> Option<&'static Kind> {
    ALL.iter().find(|kind| kind.name == name)
}

/// Parameters as the canonical value that keys and plans hold.
pub fn params<P: Serialize>(params: &P) -> Value {
    serde_json::to_value(params).unwrap_or_else(|error| unreachable!("parameters are plain data: {error}"))
}
