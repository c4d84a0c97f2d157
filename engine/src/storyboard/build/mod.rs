//! From keys as written to the types that compiling reads. Mistakes between the keys of one record
//! are told here; those between records, files and times in [`super::check`].

mod cast;
mod scenes;
mod shot;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::codes::Code;
use super::include::Documents;
use super::keys::{CueKeys, DocumentKeys, FilmKeys, IncludedKeys, ModelsKeys};
use super::steps::StepEntry;
use super::tree::Node;
use super::types::{Cue, FilmFormat, Mark, Models, Music, Quality, Span, Spanned, Step, Storyboard, Style};
use super::value::{Context, FromNode, OneOrMany};
use crate::scripts::Declaration;

/// Shots that a film may have: twelve hours, the longest film, of two-second shots are fewer.
const MAX_SHOTS: usize = 25_000;

/// A storyboard, good or not, and what is known besides.
pub struct Built {
    /// What could be read; fields of what could not are left out.
    pub storyboard: Storyboard,
    /// Every name that is declared, whether its record is good or not.
    pub declared: Declared,
    /// Whether all scenes and their shots could be read.
    pub scenes_whole: bool,
    /// The custom nodes it names, as their scripts declare them; `None` of one that has mistakes.
    pub nodes: BTreeMap<String, Option<Arc<Declaration>>>,
}

/// Declared names.
#[derive(Default)]
pub struct Declared {
    /// Of characters.
    pub characters: BTreeSet<String>,
    /// Of places.
    pub places: BTreeSet<String>,
    /// Of props.
    pub props: BTreeSet<String>,
}

/// The storyboard of these trees. `None` where the main one is not a map.
pub fn storyboard(documents: &Documents, cx: &mut Context<'_>) -> Option<Built> {
    let keys = DocumentKeys::read(&documents.main, cx)?;
    let included: Vec<_> =
        documents.included.iter().filter_map(|node| IncludedKeys::read(node, cx)).collect();
    check_version(keys.storyboard.as_ref(), cx);
    for include in &included {
        check_version(include.storyboard.as_ref(), cx);
    }
    let cast = cast::cast(&keys, &included, cx);
    let scenes_whole = keys.scenes.as_ref().is_some_and(|scenes| scenes.items.len() == scenes.written);
    if !keys.has("scenes") || keys.scenes.as_ref().is_some_and(|scenes| scenes.written == 0) {
        let span = documents
            .main
            .entries()
            .iter()
            .find(|entry| entry.key == "scenes")
            .map_or(keys.span, |entry| entry.key_span);
        cx.mistake(Code::NoScenes, span, "the film has no scenes")
            .help("write `scenes:` with a list of scenes");
    }
    let scenes = keys.scenes.map(|list| scenes::scenes(list.items, cx)).unwrap_or_default();
    let shots: usize = scenes.iter().map(|scene| scene.shots.len()).sum();
    if shots > MAX_SHOTS {
        let message = format!("the film has {shots} shots; at most {MAX_SHOTS} are made");
        cx.mistake(Code::TooManyShots, keys.span, message);
        return None;
    }
    let score: Vec<_> = keys
        .score
        .map(|list| list.items.into_iter().map(|cue| cue_of(cue, cx)).collect())
        .unwrap_or_default();
    scenes::unique_cues(score.iter().map(|cue: &Cue| &cue.name), cx);
    let mut style =
        style(keys.look, keys.avoid, keys.seed.map(|seed| seed.map(|seed| seed.0)), keys.camera, keys.models);
    inherit(&mut style, &included);
    let declared = declared(documents);
    let storyboard = Storyboard {
        title: keys.title,
        film: film(keys.film, cx),
        style,
        characters: cast.characters,
        places: cast.places,
        props: cast.props,
        scenes,
        steps: steps(keys.steps),
        score,
        loudness: keys.loudness.map(|loudness| loudness.value.0).unwrap_or_default(),
        language: keys.language.unwrap_or_default(),
    };
    Some(Built { storyboard, declared, scenes_whole, nodes: BTreeMap::new() })
}

fn declared(documents: &Documents) -> Declared {
    let names = |key: &str| {
        let trees = std::iter::once(&documents.main).chain(&documents.included);
        trees
            .filter_map(|tree| tree.get(key))
            .flat_map(Node::entries)
            .map(|entry| entry.key.clone())
            .collect()
    };
    Declared { characters: names("characters"), places: names("places"), props: names("props") }
}

fn check_version(version: Option<&Spanned<String>>, cx: &mut Context<'_>) {
    if let Some(version) = version.filter(|version| version.value != "1") {
        cx.mistake(
            Code::UnknownVersion,
            version.span,
            format!("`{}` is not a version of the storyboard language", version.value),
        )
        .help("this program reads `storyboard: 1`");
    }
}

/// What included files say of the look comes before what the storyboard says.
fn inherit(style: &mut Style, included: &[IncludedKeys]) {
    for keys in included.iter().rev() {
        style.look = match (keys.look.clone(), style.look.take()) {
            (Some(first), Some(own)) => {
                Some(Spanned::new(format!("{}, {}", first.value, own.value), own.span))
            }
            (first, own) => own.or(first),
        };
    }
    if style.avoid.is_none() {
        style.avoid = included.iter().find_map(|keys| keys.avoid.clone());
    }
}

/// What film, scenes and shots share.
fn style(
    look: Option<Spanned<String>>,
    avoid: Option<Spanned<String>>,
    seed: Option<Spanned<u64>>,
    camera: Option<Spanned<String>>,
    models: Option<ModelsKeys>,
) -> Style {
    let models =
        models.map(|keys| Models { picture: keys.picture, sound: keys.sound, upsample: keys.upsample });
    Style { look, avoid, seed, camera, models: models.unwrap_or_default() }
}

/// Custom nodes in the order written.
fn steps(entries: Option<OneOrMany<StepEntry>>) -> Vec<Step> {
    entries.map(|list| list.0).unwrap_or_default().into_iter().map(|entry| entry.0).collect()
}

fn film(keys: Option<FilmKeys>, cx: &mut Context<'_>) -> FilmFormat {
    let mut film = FilmFormat::default();
    let Some(keys) = keys else { return film };
    film.size_span = keys.size.as_ref().map(|size| size.span);
    film.fps_span = keys.fps.as_ref().map(|fps| fps.span);
    film.size = keys.size.map_or(film.size, |size| size.value);
    film.rate = keys.fps.as_ref().map_or(film.rate, |fps| fps.value);
    if let Some(timecode) = keys.timecode {
        let nominal = film.rate.nominal();
        if timecode.frames >= nominal
            && (film.fps_span.is_some() || !keys.written.iter().any(|key| key == "fps"))
        {
            cx.mistake(
                Code::BadTimecode,
                timecode.span,
                format!("at {} frames a second, frames count from 00 to {:02}", film.rate, nominal - 1),
            );
        }
        film.timecode = timecode.seconds * nominal + timecode.frames;
    }
    let mut quality = keys.quality.map_or_else(Quality::default, |grade| grade.quality());
    if let Some(crf) = keys.crf {
        quality.crf_tenths = crf.value.0;
    }
    if let Some(preset) = keys.preset {
        (quality.preset, quality.tuned) = (preset.value.0.to_owned(), false);
    }
    film.quality = quality;
    film
}

fn cue_of(keys: CueKeys, cx: &mut Context<'_>) -> Cue {
    let span = keys.cue.as_ref().map_or(keys.span, |name| name.span);
    if let (Some(prompt), Some(file)) = (&keys.prompt, &keys.file) {
        cx.mistake(Code::Exclusive, file.span, "a cue has a `prompt` or a `file`, not both")
            .also(prompt.span, "the prompt");
    }
    if !keys.has("prompt") && !keys.has("file") {
        cx.mistake(Code::MissingKey, span, "a cue needs `prompt:` or `file:`");
    }
    if let Some(start) = keys.start.as_ref().filter(|_| !keys.has("file")) {
        cx.mistake(Code::OutOfPlace, start.span, "`in:` says where a file starts, and there is no `file:`");
    }
    let music = match keys.file {
        Some(file) => Music::File { file, from: keys.start.map(|start| start.map(|moment| moment.0)) },
        None => Music::Prompt(keys.prompt.unwrap_or_else(|| Spanned::new(String::new(), span))),
    };
    let mark = |mark: Option<Spanned<super::entries::CueMark>>, none| {
        mark.map_or(Spanned::new(none, span), |mark| mark.map(|mark| mark.0))
    };
    Cue {
        name: name_or_blank(keys.cue, keys.span),
        music,
        from: mark(keys.from, Mark::Start),
        to: mark(keys.to, Mark::End),
        under_dialogue_millibels: keys.under_dialogue.map_or(-900, |gain| gain.0),
        gain_millibels: keys.gain.map_or(0, |gain| gain.0),
        fade_in: keys.fade_in.map(|length| length.map(|length| length.0)),
        fade_out: keys.fade_out.map(|length| length.map(|length| length.0)),
        steps: steps(keys.steps),
        seed: keys.seed.map(|seed| seed.map(|seed| seed.0)),
        model: keys.model,
    }
}

/// A name that could not be read is blank; blank names are told already and match nothing.
fn name_or_blank(name: Option<Spanned<super::value::Name>>, span: Span) -> Spanned<String> {
    name.map_or_else(|| Spanned::new(String::new(), span), |name| name.map(|name| name.0))
}
