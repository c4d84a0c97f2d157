//! The keys of a storyboard, with the words that editors show for them. These are the storyboard as
//! written, key by key; [`super::build`] makes a [`super::types::Storyboard`] of it.

use super::entries::{CueMark, LineEntry, LoudnessEntry, RegionEntry, SoundEntry, TransitionEntry};
use super::record::record;
use super::scalars::{
    Accent, Crf, Gain, Grade, Length, Moment, Preset, Seed, Speed, Strength, Timecode, Whole,
};
use super::steps::StepEntry;
use super::types::{FilePath, Fit, Language, Pace, Pitch, Spanned, WipeDirection};
use super::value::{List, Name, Named, Names, OneOrMany, TextOr};
use crate::units::{Rate, Size};

record! {
    /// A film as a storyboard: its cast and places, its scenes with their shots, its score.
    DocumentKeys "storyboard" "a storyboard" {
        /// The version of the storyboard language. This program reads version 1.
        required "storyboard" storyboard: Spanned<String> ["1"];
        /// The film's title.
        optional "title" title: Spanned<String> ["The Keeper"];
        /// Size, rate and quality of the film.
        optional "film" film: FilmKeys ["{size: 1920x1080, fps: 24}"];
        /// Every random choice derives from it: the same seed gives the same film. Scenes and shots may have their own.
        optional "seed" seed: Spanned<Seed> ["7"];
        /// How everything looks, in words: stock, light, palette, manner. Scenes and shots add to it.
        optional "look" look: Spanned<String> ["35mm film, soft dawn light, muted teal palette"];
        /// What must not be seen, in words.
        optional "avoid" avoid: Spanned<String> ["text, watermark"];
        /// Framing and camera move of every shot that has no own.
        optional "camera" camera: Spanned<String> ["static wide shot"];
        /// Which model does what. `storyreel models` lists them.
        optional "models" models: ModelsKeys ["{picture: animatic, sound: synth}"];
        /// The loudness that the film's sound is brought to: a level, `ebu-r128` (-23 LUFS), or both numbers. Where not written: -16 LUFS, -1.5 dBTP.
        optional "loudness" loudness: Spanned<LoudnessEntry> ["-16 LUFS", "ebu-r128", "{integrated: -16 LUFS, true-peak: -1.5 dBTP}"];
        /// The language that is spoken and captioned, as a two-letter code.
        optional "language" language: Language ["en", "en-gb", "de"];
        /// Variables: `${name}` anywhere in a value stands for what is written here, or given by `--var name=value` or a batch table.
        optional "vars" vars: Anything ["{hero: Mara, weather: rain}"];
        /// Files with characters, places, props and a look that several storyboards share; relative to this file, inside the project.
        optional "include" include: OneOrMany<Spanned<FilePath>> ["cast.yaml", "[cast.yaml, places.yaml]"];
        /// Who is in the film. A character looks the same in every shot that names it: `@name` in an action, or in `characters:` of a shot.
        optional "characters" characters: Named<TextOr<CharacterKeys>> ["{mara: {description: \"a lighthouse keeper in her sixties, yellow raincoat\"}}"];
        /// Where the film plays. A place looks the same in every scene and shot that names it.
        optional "places" places: Named<TextOr<PlaceKeys>> ["{cliff: a lighthouse on a basalt cliff above a stormy sea}"];
        /// Things that look the same in every shot that names them: `@name` in an action, or in `props:` of a shot.
        optional "props" props: Named<TextOr<PropKeys>> ["{lamp: a dented brass storm lamp}"];
        /// Custom nodes that work on every shot, after the shots' and scenes' own: names, or maps with `node:` and its parameters.
        optional "steps" steps: OneOrMany<StepEntry> ["[film-grain, {node: vignette, amount: 0.3}]"];
        /// The scenes, in the film's order.
        optional "scenes" scenes: List<SceneKeys> [];
        /// The music: cues that run over scene cuts.
        optional "score" score: List<CueKeys> [];
    }
}

record! {
    /// What several storyboards share.
    IncludedKeys "included" "an included file" {
        /// The version of the storyboard language.
        optional "storyboard" storyboard: Spanned<String> ["1"];
        /// How everything looks; what the storyboard says is added.
        optional "look" look: Spanned<String> ["35mm film, soft dawn light"];
        /// What must not be seen, where the storyboard says nothing.
        optional "avoid" avoid: Spanned<String> ["text, watermark"];
        /// Further files; relative to this one.
        optional "include" include: OneOrMany<Spanned<FilePath>> ["places.yaml"];
        /// Who is in it.
        optional "characters" characters: Named<TextOr<CharacterKeys>> ["{mara: {description: a lighthouse keeper}}"];
        /// Where it plays.
        optional "places" places: Named<TextOr<PlaceKeys>> ["{cliff: a lighthouse on a basalt cliff}"];
        /// Things that look the same in every shot.
        optional "props" props: Named<TextOr<PropKeys>> ["{lamp: a dented brass storm lamp}"];
    }
}

record! {
    /// Size, rate and quality of the film.
    FilmKeys "film" "`film`" {
        /// Width x height in pixels; both even. 1920x1080 where not written.
        optional "size" size: Spanned<Size> ["1920x1080", "1280x720", "1080x1920"];
        /// Pictures a second; 24 where not written. Broadcast rates are fractions: `24000/1001` (or `23.976`).
        optional "fps" fps: Spanned<Rate> ["24", "25", "24000/1001", "30000/1001"];
        /// The timecode of the first picture: hours, minutes, seconds, frames.
        optional "timecode" timecode: Spanned<Timecode> ["\"01:00:00:00\""];
        /// How well the film is encoded: `draft` to look at quickly, `good` to show (where not written), `best` to keep.
        optional "quality" quality: Spanned<Grade> ["good", "draft", "best"];
        /// x264's constant quality in place of the one that `quality` chooses: lower is better and larger.
        optional "crf" crf: Spanned<Crf> ["20", "17.5"];
        /// x264's preset in place of the one that `quality` chooses: slower is smaller.
        optional "preset" preset: Spanned<Preset> ["veryfast", "medium"];
    }
}

record! {
    /// Which model does what.
    ModelsKeys "models" "`models`" {
        /// Makes pictures from words.
        optional "picture" picture: Spanned<String> ["animatic"];
        /// Makes effects, voices and music.
        optional "sound" sound: Spanned<String> ["synth"];
        /// Enlarges pictures.
        optional "upsample" upsample: Spanned<String> ["none"];
    }
}

record! {
    /// Someone who looks and sounds the same in every shot.
    CharacterKeys "character" "a character" {
        /// How they look: age, build, clothes, hair, what they carry.
        optional "description" description: Spanned<String> ["a lighthouse keeper in her sixties, yellow raincoat, grey braid"];
        /// Pictures of them (PNG, JPEG or WebP): one file or a list. A cut-out on a transparent ground works best.
        optional "reference" reference: OneOrMany<Spanned<FilePath>> ["refs/mara.png", "[refs/mara-front.png, refs/mara-side.png]"];
        /// How they speak.
        optional "voice" voice: VoiceKeys ["{pitch: low, pace: slow}"];
    }
}

record! {
    /// How a character speaks.
    VoiceKeys "voice" "a voice" {
        /// How high the voice lies.
        optional "pitch" pitch: Pitch ["low", "high"];
        /// How fast they speak.
        optional "pace" pace: Pace ["slow", "fast"];
        /// A language or variant of espeak-ng, where it is not the film's.
        optional "accent" accent: Spanned<Accent> ["en-gb", "en-us+f3"];
    }
}

record! {
    /// How one line is spoken, or the recording of it.
    LineVoiceKeys "line-voice" "the voice of a line" {
        /// A recording in place of the scratch voice.
        optional "file" file: Spanned<FilePath> ["voices/line3.wav"];
        /// How high, for this line.
        optional "pitch" pitch: Pitch ["low"];
        /// How fast, for this line.
        optional "pace" pace: Pace ["fast"];
        /// An accent, for this line.
        optional "accent" accent: Spanned<Accent> ["en-gb"];
    }
}

record! {
    /// Somewhere that looks the same in every scene and shot that names it.
    PlaceKeys "place" "a place" {
        /// What it looks like.
        required "description" description: Spanned<String> ["a lighthouse on a basalt cliff above a stormy sea"];
        /// Pictures of it: one file or a list.
        optional "reference" reference: OneOrMany<Spanned<FilePath>> ["refs/cliff.jpg"];
    }
}

record! {
    /// A thing that looks the same in every shot that names it.
    PropKeys "prop" "a prop" {
        /// What it looks like.
        required "description" description: Spanned<String> ["a dented brass storm lamp"];
        /// Pictures of it: one file or a list.
        optional "reference" reference: OneOrMany<Spanned<FilePath>> ["refs/lamp.png"];
    }
}

record! {
    /// A run of shots in one place and time.
    SceneKeys "scene" "a scene" {
        /// The scene's name; unique in the film. Cues, chapters and `--shots` go by it.
        required "scene" scene: Spanned<Name> ["cliff"];
        /// The place of all its shots, by name.
        optional "place" place: Spanned<String> ["cliff"];
        /// Hour, weather, mood of all its shots.
        optional "setting" setting: Spanned<String> ["dawn, wind rising"];
        /// Added to the film's look.
        optional "look" look: Spanned<String> ["cold blue light"];
        /// What must not be seen in its shots, in place of the film's.
        optional "avoid" avoid: Spanned<String> ["people"];
        /// Its own seed, for all its shots.
        optional "seed" seed: Spanned<Seed> ["12"];
        /// Framing and move of its shots that have no own.
        optional "camera" camera: Spanned<String> ["handheld"];
        /// Other models for its shots.
        optional "models" models: ModelsKeys ["{picture: animatic}"];
        /// Custom nodes that work on all its shots, after the shots' own.
        optional "steps" steps: OneOrMany<StepEntry> ["[{node: vignette, amount: 0.3}]"];
        /// The shots, in order.
        optional "shots" shots: List<ShotKeys> [];
        /// How it becomes the next scene; a cut where not written. After the last scene, `fade` leads to black. The film is as much shorter as the two scenes overlap.
        optional "transition" transition: Spanned<TransitionEntry> ["cut", "{dissolve: 1s}", "{fade: 1s}", "{wipe: {duration: 1s, direction: left}}"];
    }
}

record! {
    /// One picture in time.
    ShotKeys "shot" "a shot" {
        /// The shot's name; unique in its scene.
        required "shot" shot: Spanned<Name> ["wide", "rail"];
        /// What is seen and happens. `@name` puts a character or prop into the picture.
        optional "action" action: Spanned<String> ["waves burst over the rocks, gulls wheel", "\"@mara grips the rail and looks out to sea\""];
        /// The model's prompt, word for word, in place of the one built from action, place, setting and look.
        optional "prompt" prompt: Spanned<String> ["a lighthouse at dawn, engraving"];
        /// How long the shot is: seconds (`6s`, `1.5s`, `250ms`), frames (`144f`), or clock (`0:06`, with frames `0:06:00`). Footage without it plays from `in` to `out`.
        optional "duration" duration: Spanned<Length> ["6s", "144f", "0:06", "0:06:00"];
        /// Framing and camera move: `wide`, `close-up`, `push in`, `pull out`, `pan left`, `tilt up`, `track right`, `handheld`, `static`, ...
        optional "camera" camera: Spanned<String> ["push in", "handheld close-up", "slow pan left"];
        /// Another place than the scene's, by name.
        optional "place" place: Spanned<String> ["cliff"];
        /// Another hour, weather or mood than the scene's.
        optional "setting" setting: Spanned<String> ["dusk, fog"];
        /// Who is in it, besides those named `@name` in the action.
        optional "characters" characters: Names ["mara", "[mara, tom]"];
        /// Things in it, besides those named `@name` in the action.
        optional "props" props: Names ["lamp"];
        /// Added to the scene's look.
        optional "look" look: Spanned<String> ["backlit"];
        /// What must not be seen, in place of the scene's.
        optional "avoid" avoid: Spanned<String> ["birds"];
        /// Its own seed. Write another number to roll the dice again.
        optional "seed" seed: Spanned<Seed> ["21"];
        /// Other models for this shot.
        optional "models" models: ModelsKeys ["{picture: animatic}"];
        /// Generates that many, and keeps the best by a stated score.
        optional "candidates" candidates: Spanned<Whole<1, 16>> ["3"];
        /// A drawing that guides the layout of what is generated.
        optional "sketch" sketch: Spanned<FilePath> ["sketches/rail.png"];
        /// Footage in place of generated pictures: a film file, a folder of numbered images, or their pattern.
        optional "source" source: Spanned<FilePath> ["footage/door.mp4", "frames/%04d.png", "frames"];
        /// A still picture in place of generated ones, under a moving camera.
        optional "still" still: Spanned<FilePath> ["stills/poster.png"];
        /// Where in the footage the shot starts.
        optional "in" start: Spanned<Moment> ["3s", "0:12:10"];
        /// Where in the footage the shot ends.
        optional "out" end: Spanned<Length> ["8s"];
        /// How fast the footage plays: `0.5` is slow motion.
        optional "speed" speed: Spanned<Speed> ["0.5", "2"];
        /// The rate at which numbered images play; the film's where not written.
        optional "fps" fps: Spanned<Rate> ["12"];
        /// How footage or a still of another shape meets the frame; `crop` where not written.
        optional "fit" fit: Fit ["crop", "pad", "stretch"];
        /// What is heard: words, files, or a list of both. For footage, `keep` or `drop` its own sound.
        optional "sound" sound: OneOrMany<SoundEntry> ["surf, wind, gulls", "{file: door.wav, at: 1s, gain: -6 dB}", "[rain, {file: bell.wav}]", "keep"];
        /// What is said, line after line: `- speaker: words`.
        optional "dialogue" dialogue: OneOrMany<LineEntry> ["[{mara: She is late tonight.}]"];
        /// Changes to the picture, one after the other: `add`, `remove`, `replace`, `background`, `style`.
        optional "edits" edits: OneOrMany<EditKeys> ["[{replace: {what: the wooden rail, with: a rusted iron rail}}]"];
        /// Custom nodes that work on what the shot shows, after its edits, or on its sounds, one after the other.
        optional "steps" steps: OneOrMany<StepEntry> ["[film-grain]", "[{node: lower-third, name: Mara}]"];
    }
}

record! {
    /// One precise edit. Outside its region the picture stays as it is, bit for bit.
    EditKeys "edit" "an edit" {
        /// Something new in the picture.
        optional "add" add: TextOr<WhatKeys> ["a gull on the rail"];
        /// Something gone, filled with what is behind it.
        optional "remove" remove: TextOr<WhatKeys> ["the rope"];
        /// Something in another's place.
        optional "replace" replace: ReplaceKeys ["{what: the wooden rail, with: a rusted iron rail}"];
        /// Another background behind the subjects.
        optional "background" background: Spanned<String> ["a calm sea under stars"];
        /// Another manner of drawing.
        optional "style" style: Spanned<String> ["engraved illustration"];
        /// Where the picture may change: a box in fractions or percent of the frame, a mask image (white changes), or words.
        optional "region" region: Spanned<RegionEntry> ["left half", "[0.5, 0, 0.5, 1]", "masks/sky.png", "{mask: masks/sky.png}"];
        /// How much of the change is made, from 0 to 1.
        optional "strength" strength: Spanned<Strength> ["0.7", "70%"];
    }
}

record! {
    /// What an edit adds or removes.
    WhatKeys "what" "this edit" {
        /// What.
        required "what" what: Spanned<String> ["a gull on the rail"];
    }
}

record! {
    /// What goes and what comes in its place.
    ReplaceKeys "replace" "`replace`" {
        /// What goes.
        required "what" what: Spanned<String> ["the wooden rail"];
        /// What comes in its place.
        required "with" with: Spanned<String> ["a rusted iron rail"];
    }
}

record! {
    /// A sound of a shot: a file, or words with a gain.
    SoundKeys "sound" "a sound" {
        /// A sound file.
        optional "file" file: Spanned<FilePath> ["sounds/door.wav"];
        /// Words for the sound model, in place of a file.
        optional "words" words: Spanned<String> ["surf, wind, gulls"];
        /// When it starts, from the shot's start.
        optional "at" at: Spanned<Moment> ["1s"];
        /// Where in the file it starts.
        optional "in" start: Spanned<Moment> ["0.5s"];
        /// Louder or softer.
        optional "gain" gain: Gain ["-6 dB"];
    }
}

record! {
    /// A wipe.
    WipeKeys "wipe" "a wipe" {
        /// How long it takes.
        required "duration" duration: Spanned<Length> ["1s"];
        /// Where its edge moves; `left` where not written.
        optional "direction" direction: WipeDirection ["left", "right", "up", "down"];
    }
}

record! {
    /// A piece of music over any number of shots and scenes.
    CueKeys "cue" "a cue" {
        /// The cue's name; unique in the score.
        required "cue" cue: Spanned<Name> ["theme"];
        /// What is played: instruments, tempo, key, mood.
        optional "prompt" prompt: Spanned<String> ["solo cello, slow, D minor, 60 bpm, longing"];
        /// A recording of your own in place of a prompt.
        optional "file" file: Spanned<FilePath> ["music/theme.wav"];
        /// Where in the file it starts.
        optional "in" start: Spanned<Moment> ["3s"];
        /// Where it starts: `start`, a scene, `scene.shot`, or a time. The film's start where not written.
        optional "from" from: Spanned<CueMark> ["cliff.wide", "start", "0:30"];
        /// Where it ends: `end`, a scene (with it), `scene.shot` (with it), or a time. The film's end where not written.
        optional "to" to: Spanned<CueMark> ["end", "harbour", "1:30"];
        /// Its gain while someone speaks; -9 dB where not written.
        optional "under-dialogue" under_dialogue: Gain ["-9 dB", "-12 dB"];
        /// Louder or softer.
        optional "gain" gain: Gain ["-3 dB"];
        /// How long it takes to come in.
        optional "fade-in" fade_in: Spanned<Length> ["2s"];
        /// How long it takes to go.
        optional "fade-out" fade_out: Spanned<Length> ["4s"];
        /// Its own seed.
        optional "seed" seed: Spanned<Seed> ["5"];
        /// Custom nodes that work on its sound, one after the other.
        optional "steps" steps: OneOrMany<StepEntry> ["[{node: old-radio}]"];
        /// Another sound model than the film's.
        optional "model" model: Spanned<String> ["synth"];
    }
}

record! {
    /// The loudness that the film's sound is brought to.
    LoudnessKeys "loudness" "`loudness`" {
        /// Integrated loudness.
        required "integrated" integrated: Spanned<String> ["-16 LUFS", "-23 LUFS"];
        /// What no sample between samples exceeds.
        optional "true-peak" true_peak: Spanned<String> ["-1.5 dBTP"];
    }
}

/// A value that is read elsewhere (`vars`).
#[derive(Clone, Copy, Debug)]
pub struct Anything;

impl super::value::FromNode for Anything {
    fn read(_: &super::tree::Node, _: &mut super::value::Context<'_>) -> Option<Self> {
        Some(Self)
    }

    fn schema(_: &mut super::record::Defs) -> serde_json::Value {
        serde_json::json!({"type": "object", "additionalProperties": {"type": ["string", "number", "boolean", "null"]}})
    }
}
