//! The storyboard as written: every field a user may write, with the words that editors show.
//! Nothing is resolved here; [`crate::compile`] does that.

use std::path::PathBuf;

use indexmap::IndexMap;

use crate::units::{Rate, Size};

/// A file among those that make up the storyboard: 0 is the storyboard itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u16);

/// A range of bytes in one of the files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// Which file.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// Byte after the last.
    pub end: u32,
}

/// A value and where it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

impl<T> std::ops::Deref for Spanned<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// The whole document. `characters`, `places`, `props` hold those of included files too.
#[derive(Clone, Debug)]
pub struct Storyboard {
    pub title: Option<Spanned<String>>,
    pub film: FilmFormat,
    pub style: Style,
    pub characters: IndexMap<String, Character>,
    pub places: IndexMap<String, Place>,
    pub props: IndexMap<String, Prop>,
    pub scenes: Vec<Scene>,
    pub score: Vec<Cue>,
    pub loudness: Loudness,
}

/// `film: {size: 1920x1080, fps: 24, timecode: "01:00:00:00"}`.
#[derive(Clone, Debug)]
pub struct FilmFormat {
    pub size: Size,
    pub rate: Rate,
    /// The first picture's timecode, in frames from 00:00:00:00 (non-drop count).
    pub timecode: i64,
    pub fps_span: Option<Span>,
    pub size_span: Option<Span>,
}

/// What film, scene and shot may each say; the nearest wins, `look` accumulates.
#[derive(Clone, Debug, Default)]
pub struct Style {
    pub look: Option<Spanned<String>>,
    pub avoid: Option<Spanned<String>>,
    pub seed: Option<Spanned<u64>>,
    pub camera: Option<Spanned<String>>,
    pub models: Models,
}

/// Roles to model names.
#[derive(Clone, Debug, Default)]
pub struct Models {
    pub picture: Option<Spanned<String>>,
    pub sound: Option<Spanned<String>>,
    pub upsample: Option<Spanned<String>>,
}

/// Someone who is the same in every shot.
#[derive(Clone, Debug)]
pub struct Character {
    pub name_span: Span,
    pub description: Option<Spanned<String>>,
    /// Reference images.
    pub reference: Vec<Spanned<FilePath>>,
    pub voice: Voice,
}

/// A file named in the storyboard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilePath {
    /// As written.
    pub written: String,
    /// The folder of the storyboard file that names it.
    pub base: PathBuf,
}

/// How a character speaks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Voice {
    pub pitch: Option<Pitch>,
    pub pace: Option<Pace>,
    /// An espeak-ng language or variant such as `en-gb` or `en-us+f3`.
    pub accent: Option<Spanned<String>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pitch {
    Low,
    Medium,
    High,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    Slow,
    Medium,
    Fast,
}

/// Somewhere that looks the same in every shot that names it.
#[derive(Clone, Debug)]
pub struct Place {
    pub name_span: Span,
    pub description: Spanned<String>,
    pub reference: Vec<Spanned<FilePath>>,
}

/// A thing that looks the same in every shot that names it.
#[derive(Clone, Debug)]
pub struct Prop {
    pub name_span: Span,
    pub description: Spanned<String>,
    pub reference: Vec<Spanned<FilePath>>,
}

/// A run of shots in one place and time.
#[derive(Clone, Debug)]
pub struct Scene {
    /// `scene:`; unique in the film.
    pub name: Spanned<String>,
    pub place: Option<Spanned<String>>,
    pub setting: Option<Spanned<String>>,
    pub style: Style,
    pub shots: Vec<Shot>,
    /// Into the next scene; the last scene's leads to black.
    pub transition: Spanned<Transition>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transition {
    Cut,
    Dissolve(Time),
    /// To black and from black.
    Fade(Time),
    Wipe(Time, WipeDirection),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WipeDirection {
    Left,
    Right,
    Up,
    Down,
}

/// A length or a place in time, as written, exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Time {
    /// `144f`.
    Frames(i64),
    /// `6s`, `250ms`, `0:06`, `1.5s`: an exact fraction of a second.
    Seconds { num: i64, den: i64 },
    /// `0:06:00` (minutes, seconds, frames) or `01:00:06:00`: seconds plus frames.
    Timecode { seconds: i64, frames: i64 },
}

/// One picture in time.
#[derive(Clone, Debug)]
pub struct Shot {
    /// `shot:`; unique in its scene.
    pub name: Spanned<String>,
    pub action: Option<Spanned<String>>,
    /// The model's prompt instead of the one built from the other words.
    pub prompt: Option<Spanned<String>>,
    pub place: Option<Spanned<String>>,
    pub setting: Option<Spanned<String>>,
    /// `characters:` besides those named `@name` in the action.
    pub characters: Vec<Spanned<String>>,
    pub props: Vec<Spanned<String>>,
    pub style: Style,
    /// Required, except for footage (whose own length it then is).
    pub duration: Option<Spanned<Time>>,
    pub material: Option<Material>,
    pub sketch: Option<Spanned<FilePath>>,
    pub sound: Vec<ShotSound>,
    pub dialogue: Vec<Line>,
    pub edits: Vec<Edit>,
    /// 1 where not written.
    pub candidates: Option<Spanned<u32>>,
}

/// Real pictures in place of generated ones.
#[derive(Clone, Debug)]
pub enum Material {
    /// `source: file.mp4`, or a folder/pattern of numbered images `frames/%04d.png`.
    Footage {
        file: Spanned<FilePath>,
        from: Option<Spanned<Time>>,
        to: Option<Spanned<Time>>,
        fit: Fit,
        /// `speed: 0.5`, as a fraction; 1/1 where not written.
        speed: (u32, u32),
        /// What becomes of the footage's own sound: `sound: keep` or `drop` (default).
        keep_sound: bool,
    },
    /// `still: file.png`.
    Still { file: Spanned<FilePath>, fit: Fit },
}

/// How a picture of another shape meets the film's frame.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fit {
    /// Fill the frame and cut what is over.
    #[default]
    Crop,
    /// Show all of it, with bars.
    Pad,
    /// Squeeze.
    Stretch,
}

/// One entry of a shot's `sound:`.
#[derive(Clone, Debug)]
pub enum ShotSound {
    /// `surf, wind, gulls`: words for the sound model.
    Words { text: Spanned<String>, gain_millibels: i32 },
    /// `{file: door.wav, at: 1s, in: 0s, gain: -6 dB}`.
    File {
        file: Spanned<FilePath>,
        at: Option<Spanned<Time>>,
        from: Option<Spanned<Time>>,
        /// Hundredths of a decibel.
        gain_millibels: i32,
    },
}

/// One spoken line: `- mara: She is late.` or `- {mara: ..., at: 1s, voice: {file: line.wav}}`.
#[derive(Clone, Debug)]
pub struct Line {
    /// A character's name; `None` for `narrator:`.
    pub speaker: Spanned<String>,
    pub text: Spanned<String>,
    /// From the shot's start; else after the line before.
    pub at: Option<Spanned<Time>>,
    pub file: Option<Spanned<FilePath>>,
}

/// One precise edit of a shot.
#[derive(Clone, Debug)]
pub struct Edit {
    pub change: Change,
    pub region: Option<Spanned<Region>>,
    /// Thousandths, 0 to 1000; 1000 where not written.
    pub strength: u32,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    Add { what: Spanned<String> },
    Remove { what: Spanned<String> },
    Replace { what: Spanned<String>, with: Spanned<String> },
    Background { to: Spanned<String> },
    Style { to: Spanned<String> },
}

/// Where an edit may change pixels.
#[derive(Clone, Debug, PartialEq)]
pub enum Region {
    /// `[x, y, width, height]` in ten-thousandths of the frame (written as fractions or percent).
    Box { x: u32, y: u32, width: u32, height: u32 },
    /// A grey image: white changes.
    Mask(FilePath),
    /// Words: `left half`, `the sky`, `upper third`.
    Words(String),
}

/// A piece of music over scenes.
#[derive(Clone, Debug)]
pub struct Cue {
    /// `cue:`; unique.
    pub name: Spanned<String>,
    pub music: Music,
    pub from: Spanned<Mark>,
    pub to: Spanned<Mark>,
    /// Hundredths of a decibel; -900 where not written.
    pub under_dialogue_millibels: i32,
    pub gain_millibels: i32,
    pub fade_in: Option<Spanned<Time>>,
    pub fade_out: Option<Spanned<Time>>,
    pub seed: Option<Spanned<u64>>,
    pub model: Option<Spanned<String>>,
}

#[derive(Clone, Debug)]
pub enum Music {
    /// Words for the sound model.
    Prompt(Spanned<String>),
    /// `file: theme.wav, in: 3s`.
    File { file: Spanned<FilePath>, from: Option<Spanned<Time>> },
}

/// A moment of the film.
#[derive(Clone, Debug, PartialEq)]
pub enum Mark {
    /// `start`.
    Start,
    /// `end`.
    End,
    /// A time from the film's start.
    At(Time),
    /// `cliff`: as `from` its start, as `to` its end.
    Scene(String),
    /// `cliff.wide`, likewise.
    Shot(String, String),
}

/// What the mix is brought to. Hundredths of LUFS and dBTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loudness {
    pub integrated_centilufs: i32,
    pub true_peak_centidb: i32,
}

impl Default for Loudness {
    fn default() -> Self {
        Self { integrated_centilufs: -1600, true_peak_centidb: -150 }
    }
}
