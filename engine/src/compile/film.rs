//! The film: every name resolved, everything inherited, every shot, line and cue on integer clocks.
//!
//! Holds: shots stand in the film's order; two shots overlap exactly by the transition between
//! them; `samples` is `rate.samples_at(frames)`.

use std::ops::Range;

use super::steps::FilmStep;
use crate::graph::MaterialFile;
use crate::kinds::edit::{Change, Region, TransitionShape};
use crate::kinds::encode::Codec;
use crate::kinds::generate::{Material, Prompt};
use crate::kinds::material::{Fit, Retime};
use crate::storyboard::types::Loudness;
use crate::units::{Frames, Rate, Samples, Size};

/// A film ready to be lowered to a graph.
#[derive(Clone, Debug, PartialEq)]
pub struct Film {
    /// The title; the storyboard's file name tells it where none is written.
    pub title: String,
    /// Of every picture.
    pub size: Size,
    /// Of every picture.
    pub rate: Rate,
    /// Whole length in pictures.
    pub frames: Frames,
    /// Whole length in samples: `rate.samples_at(frames)`.
    pub samples: Samples,
    /// The first picture's timecode, in frames.
    pub timecode: i64,
    /// How pictures are encoded.
    pub codec: Codec,
    /// The spoken language, as written: `en`, `en-gb`.
    pub language: String,
    /// The same as ISO 639-2: `eng`.
    pub language_iso: String,
    /// What the mix is brought to.
    pub loudness: Loudness,
    /// The film's own seed.
    pub seed: u64,
    /// The longest transition: where the cores of scenes' first shots start.
    pub longest_transition: Frames,
    /// In order.
    pub scenes: Vec<FilmScene>,
    /// In order, over all scenes.
    pub shots: Vec<FilmShot>,
    /// In the order written.
    pub cues: Vec<FilmCue>,
}

/// A scene.
#[derive(Clone, Debug, PartialEq)]
pub struct FilmScene {
    /// Its name.
    pub name: String,
    /// Its first picture, which a transition from the scene before may cover.
    pub start: Frames,
    /// Its length, transitions at both ends included.
    pub frames: Frames,
    /// Its shots in [`Film::shots`].
    pub shots: Range<usize>,
    /// Into the next scene (of the last scene: to black, or nowhere); `None` for a cut.
    pub outgoing: Option<FilmTransition>,
}

/// A transition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FilmTransition {
    /// How.
    pub shape: TransitionShape,
    /// Pictures it takes; both scenes are shown in them.
    pub frames: Frames,
}

/// A shot.
#[derive(Clone, Debug, PartialEq)]
pub struct FilmShot {
    /// Its scene in [`Film::scenes`].
    pub scene: usize,
    /// Its scene's name.
    pub scene_name: String,
    /// Its name.
    pub name: String,
    /// Its first picture in the film.
    pub start: Frames,
    /// Its length.
    pub frames: Frames,
    /// Pictures at its start that belong to the transition into its scene.
    pub incoming: Frames,
    /// Pictures at its end that belong to its scene's own transition.
    pub outgoing: Frames,
    /// The timecode of its first picture in a file of its own, in frames: while there is room in a day, no
    /// other shot's pictures, handles included, have the same. It derives from what is shown, so that moving
    /// a shot changes no file, unless two shots drew the same.
    pub timecode: i64,
    /// Where its pictures come from.
    pub picture: Picture,
    /// What it is told, also where the picture is real: sound and plan read it.
    pub prompt: Prompt,
    /// The nearest `seed:` (or the take's), which its noise derives from.
    pub seed: u64,
    /// Its ordinal among shots that say exactly the same.
    pub ordinal: u32,
    /// Edits in order.
    pub edits: Vec<FilmEdit>,
    /// Custom nodes over its picture, in order.
    pub steps: Vec<FilmStep>,
    /// Custom nodes over each of its sounds, in order.
    pub sound_steps: Vec<FilmStep>,
    /// How many are generated to choose from; at least 1.
    pub candidates: u32,
    /// A take chosen by hand, from 1.
    pub take: Option<u32>,
    /// Its effects and own recordings.
    pub sounds: Vec<FilmSound>,
    /// Its dialogue.
    pub lines: Vec<FilmLine>,
}

impl FilmShot {
    /// `cliff.wide`.
    pub fn full_name(&self) -> String {
        format!("{}.{}", self.scene_name, self.name)
    }

    /// The picture of the film after its last.
    pub fn end(&self) -> Frames {
        self.start + self.frames
    }
}

/// Pictures of a shot's own file before the first and after the last that the film shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Handles {
    /// Before the first.
    pub before: Frames,
    /// After the last.
    pub after: Frames,
}

impl Handles {
    /// Whether there are none.
    pub fn is_none(self) -> bool {
        self == Self::default()
    }

    /// `frames` with them.
    pub fn around(self, frames: Frames) -> Frames {
        self.before + frames + self.after
    }
}

/// Where a shot's pictures come from.
#[derive(Clone, Debug, PartialEq)]
pub enum Picture {
    /// From words.
    Generated {
        /// The picture model's name.
        model: String,
        /// Layout guidance.
        sketch: Option<Material>,
        /// The reference images and the sketch.
        files: Vec<MaterialFile>,
    },
    /// From a camera.
    Footage {
        /// The file, or the images of a sequence.
        files: Vec<MaterialFile>,
        /// Of an image sequence.
        sequence_rate: Option<Rate>,
        /// Where it starts, on the footage's own clock.
        from_ms: i64,
        /// How it meets the frame.
        fit: Fit,
        /// What becomes of another rate.
        retime: Retime,
        /// As a fraction.
        speed: (u32, u32),
        /// Pictures of the film that the footage still has before `from_ms` and after the shot.
        spare: (Frames, Frames),
    },
    /// A still under a moving camera.
    Still {
        /// The picture.
        file: MaterialFile,
        /// How it meets the frame.
        fit: Fit,
    },
}

/// One edit of a shot.
#[derive(Clone, Debug, PartialEq)]
pub struct FilmEdit {
    /// The picture model that edits.
    pub model: String,
    /// What changes.
    pub change: Change,
    /// Where.
    pub region: Option<Region>,
    /// The mask image, where the region is one.
    pub mask: Option<MaterialFile>,
    /// Thousandths.
    pub strength: u32,
    /// Its noise.
    pub seed: u64,
}

/// A sound on the film's clock.
#[derive(Clone, Debug, PartialEq)]
pub struct FilmSound {
    /// What sounds.
    pub source: SoundSource,
    /// Where it starts.
    pub at: Samples,
    /// How much of it is heard.
    pub samples: Samples,
    /// Gain.
    pub gain_millibels: i32,
    /// Fade at its start.
    pub fade_in: Samples,
    /// Fade at its end.
    pub fade_out: Samples,
}

/// Where a sound comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum SoundSource {
    /// Effects and ambience from words.
    Words {
        /// The sound model's name.
        model: String,
        /// `surf, wind, gulls`.
        words: String,
        /// Where the shot is.
        context: String,
        /// What happens in it, where a place is named.
        action: String,
        /// Length made, with [`super::sounds::TAIL`].
        samples: Samples,
        /// Its noise.
        seed: u64,
    },
    /// A file of the project.
    File {
        /// Which.
        file: MaterialFile,
        /// Where in it.
        from: Samples,
        /// How much of it is read.
        samples: Samples,
    },
    /// A voice.
    Voice {
        /// The sound model's name.
        model: String,
        /// What is said.
        text: String,
        /// An espeak-ng voice such as `en-gb`.
        voice: String,
        /// 0 to 99.
        pitch: u32,
        /// Words a minute.
        pace: u32,
        /// Timbre.
        seed: u64,
    },
    /// A piece of music of any length.
    Music {
        /// The sound model's name.
        model: String,
        /// What is played.
        prompt: String,
        /// Its whole length.
        samples: Samples,
        /// Its noise.
        seed: u64,
        /// Where scenes change under it, from its start.
        marks: Vec<Samples>,
    },
}

/// A spoken line.
#[derive(Clone, Debug, PartialEq)]
pub struct FilmLine {
    /// Its voice or recording.
    pub source: SoundSource,
    /// When it starts, or the earliest it may.
    pub at: Samples,
    /// Starts a breath after the line before it ends.
    pub after_previous: bool,
    /// Where its shot ends.
    pub until: Samples,
    /// Who, for captions.
    pub speaker: String,
    /// What, for captions.
    pub text: String,
    /// Gain.
    pub gain_millibels: i32,
}

/// A cue of the score.
#[derive(Clone, Debug, PartialEq)]
pub struct FilmCue {
    /// Its name.
    pub name: String,
    /// Its music on the film's clock.
    pub sound: FilmSound,
    /// Its gain while someone speaks.
    pub under_dialogue_millibels: i32,
    /// Custom nodes over it, in order.
    pub steps: Vec<FilmStep>,
}
