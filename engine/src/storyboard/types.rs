//! The storyboard as written: every field a user may write, checked, with its place in its file.
//! Nothing is resolved here (inheritance, names to descriptions, times to the film's clock);
//! [`crate::compile`] does that. A `Storyboard` exists only where [`super::read`] found no error.

use std::path::PathBuf;
use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::{Map, Value as Json};

use super::scalars::Grade;
use super::tree::Entry;
use crate::scripts::Declaration;
use crate::units::{Frames, Rate, Size};

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

impl<T> Spanned<T> {
    /// `value`, written at `span`.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }

    /// The same place, another value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Spanned<U> {
        Spanned { value: change(self.value), span: self.span }
    }
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
    /// The film's title; one that has none is called after its file once it is read.
    pub title: Option<Spanned<String>>,
    /// Size, rate, first timecode, quality.
    pub film: FilmFormat,
    /// What all scenes inherit.
    pub style: Style,
    /// By name, in the order written.
    pub characters: IndexMap<String, Character>,
    /// By name, in the order written.
    pub places: IndexMap<String, Place>,
    /// By name, in the order written.
    pub props: IndexMap<String, Prop>,
    /// In the film's order; at least one.
    pub scenes: Vec<Scene>,
    /// Custom nodes for every shot.
    pub steps: Vec<Step>,
    /// Cues, in the order written.
    pub score: Vec<Cue>,
    /// What the mix is brought to.
    pub loudness: Loudness,
    /// The language spoken and captioned.
    pub language: Language,
}

/// `film: {size: 1920x1080, fps: 24, timecode: "01:00:00:00", quality: good}`.
#[derive(Clone, Debug)]
pub struct FilmFormat {
    /// Size of the picture; both even.
    pub size: Size,
    /// Pictures a second.
    pub rate: Rate,
    /// The first picture's timecode, in frames from 00:00:00:00 (non-drop count).
    pub timecode: i64,
    /// How the film is encoded.
    pub quality: Quality,
    /// Where `fps` is written.
    pub fps_span: Option<Span>,
    /// Where `size` is written.
    pub size_span: Option<Span>,
}

impl Default for FilmFormat {
    fn default() -> Self {
        Self {
            size: Size { width: 1920, height: 1080 },
            rate: Rate { num: 24, den: 1 },
            timecode: 0,
            quality: Quality::default(),
            fps_span: None,
            size_span: None,
        }
    }
}

/// How the film's pictures are encoded: `quality: draft|good|best`, or `crf` and `preset`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quality {
    /// x264's preset.
    pub preset: String,
    /// Whether x264 is tuned for drawn pictures: where `quality` chose the preset. One that is named is x264's own.
    pub tuned: bool,
    /// Constant quality, in tenths.
    pub crf_tenths: u32,
    /// Most seconds between key pictures.
    pub key_seconds: u32,
}

impl Default for Quality {
    fn default() -> Self {
        Grade::Good.quality()
    }
}

/// The language spoken and captioned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Language {
    /// As written: `en`, `en-gb`, `de`.
    pub tag: String,
    /// ISO 639-2 code for the container: `eng`, `deu`.
    pub iso: String,
}

impl Default for Language {
    fn default() -> Self {
        Self { tag: "en".into(), iso: "eng".into() }
    }
}

/// What film, scene and shot may each say; the nearest wins, `look` accumulates.
#[derive(Clone, Debug, Default)]
pub struct Style {
    /// Words for how everything looks.
    pub look: Option<Spanned<String>>,
    /// Words for what must not be seen.
    pub avoid: Option<Spanned<String>>,
    /// Every random choice derives from it.
    pub seed: Option<Spanned<u64>>,
    /// Framing and move.
    pub camera: Option<Spanned<String>>,
    /// Who makes pictures and sound.
    pub models: Models,
}

/// Roles to model names.
#[derive(Clone, Debug, Default)]
pub struct Models {
    /// Makes pictures from words.
    pub picture: Option<Spanned<String>>,
    /// Makes effects, voices, music.
    pub sound: Option<Spanned<String>>,
    /// Enlarges pictures.
    pub upsample: Option<Spanned<String>>,
}

/// Someone who is the same in every shot.
#[derive(Clone, Debug)]
pub struct Character {
    /// Where the name is declared.
    pub name_span: Span,
    /// How they look. There is a description, a reference, or both.
    pub description: Option<Spanned<String>>,
    /// Reference images.
    pub reference: Vec<Spanned<FilePath>>,
    /// How they speak.
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

impl Storyboard {
    /// Every step, the film's first.
    pub fn steps_mut(&mut self) -> impl Iterator<Item = &mut Step> {
        let scenes = self.scenes.iter_mut().flat_map(|scene| {
            scene.steps.iter_mut().chain(scene.shots.iter_mut().flat_map(|shot| &mut shot.steps))
        });
        self.steps.iter_mut().chain(scenes).chain(self.score.iter_mut().flat_map(|cue| &mut cue.steps))
    }
}

/// How a character speaks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Voice {
    /// How high.
    pub pitch: Option<Pitch>,
    /// How fast.
    pub pace: Option<Pace>,
    /// An espeak-ng language or variant such as `en-gb` or `en-us+f3`.
    pub accent: Option<Spanned<String>>,
}

/// How high a voice lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pitch {
    /// A deep voice.
    Low,
    /// Neither.
    Medium,
    /// A high voice.
    High,
}

/// How fast a voice speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// Taking its time.
    Slow,
    /// As people talk.
    Medium,
    /// In a hurry.
    Fast,
}

/// Somewhere that looks the same in every shot that names it.
#[derive(Clone, Debug)]
pub struct Place {
    /// Where the name is declared.
    pub name_span: Span,
    /// What it looks like.
    pub description: Spanned<String>,
    /// Reference images.
    pub reference: Vec<Spanned<FilePath>>,
}

/// A thing that looks the same in every shot that names it.
#[derive(Clone, Debug)]
pub struct Prop {
    /// Where the name is declared.
    pub name_span: Span,
    /// What it looks like.
    pub description: Spanned<String>,
    /// Reference images.
    pub reference: Vec<Spanned<FilePath>>,
}

/// A custom node at work on a shot or a cue.
#[derive(Clone, Debug)]
pub struct Step {
    /// The node's name.
    pub node: Spanned<String>,
    /// Its parameters and further inputs, as written.
    pub values: Vec<Entry>,
    /// The folder that its files are relative to.
    pub base: PathBuf,
    /// All of it.
    pub span: Span,
    /// What they mean to the node; there once it is checked.
    pub checked: Option<CheckedStep>,
}

/// What a step's keys mean to its node.
#[derive(Clone, Debug)]
pub struct CheckedStep {
    /// The node.
    pub declaration: Arc<Declaration>,
    /// Every parameter but files, defaults included; times in pictures of the film.
    pub values: Map<String, Json>,
    /// Parameters that are files.
    pub files: Vec<(String, Spanned<FilePath>)>,
    /// What enters besides what it works on, in the order written.
    pub inputs: Vec<(String, Spanned<StepInput>)>,
}

/// What enters a custom node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepInput {
    /// Another shot: its pictures, or what of it sounds.
    Shot(String, String),
    /// A cue of the score.
    Cue(String),
    /// A file: footage, a still, a recording.
    File(FilePath),
}

/// A run of shots in one place and time.
#[derive(Clone, Debug)]
pub struct Scene {
    /// `scene:`; unique in the film.
    pub name: Spanned<String>,
    /// A name in `places`, for all its shots.
    pub place: Option<Spanned<String>>,
    /// Hour, weather, mood, for all its shots.
    pub setting: Option<Spanned<String>>,
    /// What its shots inherit.
    pub style: Style,
    /// Custom nodes for all its shots.
    pub steps: Vec<Step>,
    /// In order; at least one.
    pub shots: Vec<Shot>,
    /// Into the next scene; the last scene's leads to black.
    pub transition: Spanned<Transition>,
}

/// How one scene becomes the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transition {
    /// At once.
    Cut,
    /// One over the other.
    Dissolve(Time),
    /// To black and from black.
    Fade(Time),
    /// A soft edge that moves that way.
    Wipe(Time, WipeDirection),
}

impl Transition {
    /// How long it takes; `None` for a cut.
    pub fn time(self) -> Option<Time> {
        match self {
            Self::Cut => None,
            Self::Dissolve(time) | Self::Fade(time) | Self::Wipe(time, _) => Some(time),
        }
    }
}

/// Where a wipe's edge moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WipeDirection {
    /// From right to left.
    Left,
    /// From left to right.
    Right,
    /// From below to above.
    Up,
    /// From above to below.
    Down,
}

/// A length or a place in time, as written, exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Time {
    /// `144f`.
    Frames(i64),
    /// `6s`, `250ms`, `0:06`, `1.5s`: an exact fraction of a second.
    Seconds {
        /// Numerator.
        num: i64,
        /// Denominator; positive.
        den: i64,
    },
    /// `0:06:00` (minutes, seconds, frames) or `01:00:06:00`: seconds plus frames.
    Timecode {
        /// Whole seconds of the timecode's own count (a second is round(rate) frames).
        seconds: i64,
        /// Frames beyond them.
        frames: i64,
    },
}

impl Time {
    /// The same on a film's clock: seconds fall on the nearest picture, halves up; timecode counts
    /// round(rate) frames a second, as non-drop timecode does.
    pub fn frames(self, rate: Rate) -> Frames {
        match self {
            Self::Frames(frames) => Frames(frames),
            Self::Seconds { num, den } => rate.frames_near(num, den),
            Self::Timecode { seconds, frames } => {
                Frames(seconds.saturating_mul(rate.nominal()).saturating_add(frames))
            }
        }
    }

    /// The same in milliseconds, nearest, where a frame lasts 1/rate.
    pub fn millis(self, rate: Rate) -> i64 {
        match self {
            Self::Seconds { num, den } => round_ratio(i128::from(num) * 1000, i128::from(den)),
            other => {
                let frames = i128::from(other.frames(rate).0);
                round_ratio(frames * 1000 * i128::from(rate.den), i128::from(rate.num))
            }
        }
    }
}

fn round_ratio(num: i128, den: i128) -> i64 {
    i64::try_from((2 * num + den).div_euclid(2 * den)).unwrap_or(i64::MAX)
}

/// One picture in time.
#[derive(Clone, Debug)]
pub struct Shot {
    /// `shot:`; unique in its scene.
    pub name: Spanned<String>,
    /// What happens; `@name` for characters and props.
    pub action: Option<Spanned<String>>,
    /// The model's prompt instead of the one built from the other words.
    pub prompt: Option<Spanned<String>>,
    /// Another place than the scene's.
    pub place: Option<Spanned<String>>,
    /// Another setting than the scene's.
    pub setting: Option<Spanned<String>>,
    /// `characters:` besides those named `@name` in the action.
    pub characters: Vec<Spanned<String>>,
    /// `props:` besides those named `@name` in the action.
    pub props: Vec<Spanned<String>>,
    /// Its own look, camera, seed, models.
    pub style: Style,
    /// Required, except for footage (whose own length it then is).
    pub duration: Option<Spanned<Time>>,
    /// Real pictures in place of generated ones.
    pub material: Option<Material>,
    /// Layout guidance for the model.
    pub sketch: Option<Spanned<FilePath>>,
    /// What is heard.
    pub sound: Vec<ShotSound>,
    /// What is said, in order.
    pub dialogue: Vec<Line>,
    /// In order.
    pub edits: Vec<Edit>,
    /// Custom nodes after its edits, in order.
    pub steps: Vec<Step>,
    /// 1 where not written.
    pub candidates: Option<Spanned<u32>>,
}

/// Real pictures in place of generated ones.
#[derive(Clone, Debug)]
pub enum Material {
    /// `source: file.mp4`, or a folder/pattern of numbered images `frames/%04d.png`.
    Footage {
        /// The file, the folder, or the pattern.
        file: Spanned<FilePath>,
        /// The numbered images, where it is a folder or a pattern.
        sequence: Option<Sequence>,
        /// `in:`, on the footage's own clock.
        from: Option<Spanned<Time>>,
        /// `out:`, on the footage's own clock.
        to: Option<Spanned<Time>>,
        /// How it meets the frame.
        fit: Fit,
        /// `speed: 0.5`, as a reduced fraction; 1/1 where not written.
        speed: (u32, u32),
        /// What becomes of the footage's own sound: `sound: keep` or `drop` (default).
        keep_sound: bool,
    },
    /// `still: file.png`.
    Still {
        /// The picture.
        file: Spanned<FilePath>,
        /// How it meets the frame.
        fit: Fit,
    },
}

/// Numbered images that play as footage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sequence {
    /// The images in order, as the world located them; at least one, all of one size.
    pub files: Vec<PathBuf>,
    /// `fps:` of the shot; the film's where `None`.
    pub rate: Option<Rate>,
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
    Words {
        /// The words.
        text: Spanned<String>,
        /// Hundredths of a decibel.
        gain_millibels: i32,
    },
    /// `{file: door.wav, at: 1s, in: 0s, gain: -6 dB}`.
    File {
        /// The sound.
        file: Spanned<FilePath>,
        /// From the shot's start.
        at: Option<Spanned<Time>>,
        /// `in:`, on the file's own clock.
        from: Option<Spanned<Time>>,
        /// Hundredths of a decibel.
        gain_millibels: i32,
    },
}

/// One spoken line: `- mara: She is late.` or `- {mara: ..., at: 1s, voice: {file: line.wav}}`.
#[derive(Clone, Debug)]
pub struct Line {
    /// A character's name, or `narrator` where no character is called so.
    pub speaker: Spanned<String>,
    /// What is said, and captioned.
    pub text: Spanned<String>,
    /// From the shot's start; else after the line before.
    pub at: Option<Spanned<Time>>,
    /// A recording in place of the scratch voice.
    pub file: Option<Spanned<FilePath>>,
    /// Changes to the character's voice for this line.
    pub voice: Voice,
    /// Hundredths of a decibel.
    pub gain_millibels: i32,
}

/// One precise edit of a shot.
#[derive(Clone, Debug)]
pub struct Edit {
    /// What changes.
    pub change: Change,
    /// Where; everywhere that the change needs where `None`.
    pub region: Option<Spanned<Region>>,
    /// Thousandths, 0 to 1000; 1000 where not written.
    pub strength: u32,
    /// Where the edit is written.
    pub span: Span,
}

/// What an edit does.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// Something new in the picture.
    Add {
        /// What.
        what: Spanned<String>,
    },
    /// Something gone, filled with what is behind it.
    Remove {
        /// What.
        what: Spanned<String>,
    },
    /// Something in another's place.
    Replace {
        /// What goes.
        what: Spanned<String>,
        /// What comes.
        with: Spanned<String>,
    },
    /// Another background behind the subjects.
    Background {
        /// Which.
        to: Spanned<String>,
    },
    /// Another manner of drawing.
    Style {
        /// Which.
        to: Spanned<String>,
    },
}

/// Where an edit may change pixels.
#[derive(Clone, Debug, PartialEq)]
pub enum Region {
    /// `[x, y, width, height]` in ten-thousandths of the frame (written as fractions or percent).
    Box {
        /// From the left edge.
        x: u32,
        /// From the top edge.
        y: u32,
        /// Across; positive.
        width: u32,
        /// Down; positive.
        height: u32,
    },
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
    /// What is heard.
    pub music: Music,
    /// Where it starts; the film's start where not written.
    pub from: Spanned<Mark>,
    /// Where it ends; the film's end where not written.
    pub to: Spanned<Mark>,
    /// Hundredths of a decibel; -900 where not written.
    pub under_dialogue_millibels: i32,
    /// Hundredths of a decibel.
    pub gain_millibels: i32,
    /// `fade-in:`.
    pub fade_in: Option<Spanned<Time>>,
    /// `fade-out:`.
    pub fade_out: Option<Spanned<Time>>,
    /// Custom nodes that work on its sound, in order.
    pub steps: Vec<Step>,
    /// Its own seed.
    pub seed: Option<Spanned<u64>>,
    /// Another sound model than the film's.
    pub model: Option<Spanned<String>>,
}

/// What a cue plays.
#[derive(Clone, Debug)]
pub enum Music {
    /// Words for the sound model.
    Prompt(Spanned<String>),
    /// `file: theme.wav, in: 3s`.
    File {
        /// The recording.
        file: Spanned<FilePath>,
        /// `in:`, on the file's own clock.
        from: Option<Spanned<Time>>,
    },
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
    /// Integrated loudness.
    pub integrated_centilufs: i32,
    /// What no sample between samples exceeds.
    pub true_peak_centidb: i32,
}

impl Default for Loudness {
    fn default() -> Self {
        Self { integrated_centilufs: -1600, true_peak_centidb: -150 }
    }
}
