//! Names that refer to characters, places, props, scenes, shots and models.

use std::collections::{BTreeMap, BTreeSet};

use crate::storyboard::build::Built;
use crate::storyboard::codes::Code;
use crate::storyboard::mentions;
use crate::storyboard::models::Role;
use crate::storyboard::types::{Mark, Models, Scene, Shot, Span, Spanned};
use crate::storyboard::value::Context;

/// Checks every reference, then looks for what nothing refers to.
pub fn check(built: &Built, cx: &mut Context<'_>) {
    let mut used = Used::default();
    for name in &built.declared.characters {
        used.lower.entry(name.to_ascii_lowercase()).or_default().push(name.clone());
    }
    let board = &built.storyboard;
    models(&board.style.models, cx);
    for scene in &board.scenes {
        models(&scene.style.models, cx);
        if let Some(place) = &scene.place {
            refer(place, Kind::Place, built, &mut used, cx);
        }
        for shot in &scene.shots {
            check_shot(shot, built, &mut used, cx);
        }
    }
    for cue in &board.score {
        if let Some(model) = &cue.model {
            model_of(Role::Sound, model, cx);
        }
        for mark in [&cue.from, &cue.to] {
            check_mark(mark, &board.scenes, built.scenes_whole, cx);
        }
    }
    if built.scenes_whole {
        unused(built, &used, cx);
    }
}

#[derive(Clone, Copy)]
enum Kind {
    Character,
    Place,
    Prop,
}

#[derive(Default)]
struct Used {
    /// The characters' names in small letters, by which words of an action are looked up.
    lower: BTreeMap<String, Vec<String>>,
    characters: BTreeSet<String>,
    places: BTreeSet<String>,
    props: BTreeSet<String>,
}

fn refer(name: &Spanned<String>, kind: Kind, built: &Built, used: &mut Used, cx: &mut Context<'_>) {
    let (names, used, code, called) = match kind {
        Kind::Character => {
            (&built.declared.characters, &mut used.characters, Code::UnknownCharacter, "character")
        }
        Kind::Place => (&built.declared.places, &mut used.places, Code::UnknownPlace, "place"),
        Kind::Prop => (&built.declared.props, &mut used.props, Code::UnknownProp, "prop"),
    };
    if names.contains(&name.value) {
        used.insert(name.value.clone());
        return;
    }
    let help = cx
        .suggest(name, names.iter().map(String::as_str))
        .unwrap_or_else(|| format!("define it under `{called}s:`"));
    cx.mistake(code, name.span, format!("unknown {called} `{}`", name.value)).help(help);
}

fn check_shot(shot: &Shot, built: &Built, used: &mut Used, cx: &mut Context<'_>) {
    models(&shot.style.models, cx);
    if let Some(place) = &shot.place {
        refer(place, Kind::Place, built, used, cx);
    }
    for name in &shot.characters {
        refer(name, Kind::Character, built, used, cx);
    }
    for name in &shot.props {
        refer(name, Kind::Prop, built, used, cx);
    }
    for line in &shot.dialogue {
        if line.speaker.value != "narrator" || built.declared.characters.contains("narrator") {
            refer(&line.speaker, Kind::Character, built, used, cx);
        }
    }
    for text in [&shot.action, &shot.prompt].into_iter().flatten() {
        check_mentions(text, built, used, cx);
    }
    if let Some(action) = &shot.action {
        plain_names(action, shot, built, used, cx);
    }
}

fn check_mentions(text: &Spanned<String>, built: &Built, used: &mut Used, cx: &mut Context<'_>) {
    let declared = &built.declared;
    let known = |name: &str| declared.characters.contains(name) || declared.props.contains(name);
    for (_, name) in mentions(text, known) {
        let span = cx.sources.within(text.span, &format!("@{name}"));
        if declared.characters.contains(name) {
            used.characters.insert(name.to_owned());
        } else if declared.props.contains(name) {
            used.props.insert(name.to_owned());
        } else {
            let help = match declared.places.contains(name) {
                true => Some(format!("`{name}` is a place: write `place: {name}`")),
                false => {
                    cx.suggest(name, declared.characters.iter().chain(&declared.props).map(String::as_str))
                }
            };
            cx.mistake(Code::UnknownCharacter, span, format!("unknown character `{name}`")).help(
                help.unwrap_or_else(|| "define it under `characters:`, or write `@@` for a plain `@`".into()),
            );
        }
    }
}

/// A character's name as a plain word in an action, where nothing else puts them into the shot.
fn plain_names(action: &Spanned<String>, shot: &Shot, built: &Built, used: &Used, cx: &mut Context<'_>) {
    let declared = &built.declared.characters;
    let mentioned: Vec<_> =
        mentions(action, |name| declared.contains(name)).into_iter().map(|(_, name)| name).collect();
    let words = action.split(|c: char| !c.is_alphanumeric() && c != '-' && c != '_' && c != '@');
    let mut told: BTreeSet<&str> = BTreeSet::new();
    let named = words.filter_map(|word| Some((word, used.lower.get(&word.to_ascii_lowercase())?)));
    for (word, name) in named.flat_map(|(word, names)| names.iter().map(move |name| (word, name))) {
        let listed = shot.characters.iter().any(|listed| listed.value == *name);
        if !listed && !mentioned.contains(&name.as_str()) && told.insert(name) {
            cx.mistake(
                Code::PlainName,
                cx.sources.within(action.span, word),
                format!("`{word}` is only a word here, not the character"),
            )
            .help(format!("write `@{name}` in quotes to show the character"));
        }
    }
}

fn models(models: &Models, cx: &mut Context<'_>) {
    let roles =
        [(Role::Picture, &models.picture), (Role::Sound, &models.sound), (Role::Upsample, &models.upsample)];
    for (role, model) in roles {
        if let Some(model) = model {
            model_of(role, model, cx);
        }
    }
}

fn model_of(role: Role, model: &Spanned<String>, cx: &mut Context<'_>) {
    if !role.names().any(|name| name == model.value) {
        let help = cx.suggest(model, role.names());
        cx.mistake(Code::UnknownModel, model.span, format!("unknown {} model `{}`", role.key(), model.value))
            .maybe_help(help);
    }
}

fn check_mark(mark: &Spanned<Mark>, scenes: &[Scene], whole: bool, cx: &mut Context<'_>) {
    let (name, shot) = match &mark.value {
        Mark::Scene(scene) => (scene, None),
        Mark::Shot(scene, shot) => (scene, Some(shot)),
        _ => return,
    };
    let Some(scene) = scenes.iter().find(|scene| scene.name.value == *name) else {
        if whole {
            let help = cx.suggest(name, scenes.iter().map(|scene| scene.name.as_str()));
            let span = cx.sources.within(mark.span, name);
            cx.mistake(Code::UnknownScene, span, format!("unknown scene `{name}`")).maybe_help(help);
        }
        return;
    };
    if let Some(shot) = shot.filter(|shot| !scene.shots.iter().any(|known| known.name.value == **shot)) {
        let names: Vec<_> = scene.shots.iter().map(|shot| format!("{name}.{}", shot.name.value)).collect();
        let help = cx.suggest(&format!("{name}.{shot}"), names.iter().map(String::as_str));
        cx.mistake(Code::UnknownShot, mark.span, format!("the scene `{name}` has no shot `{shot}`"))
            .maybe_help(help);
    }
}

fn unused(built: &Built, used: &Used, cx: &mut Context<'_>) {
    let board = &built.storyboard;
    // A cast shared by several storyboards is not all in each of them.
    let own = |span: &Span| span.file.0 == 0;
    for (name, character) in board
        .characters
        .iter()
        .filter(|(name, found)| own(&found.name_span) && !used.characters.contains(*name))
    {
        cx.mistake(
            Code::UnusedCharacter,
            character.name_span,
            format!("the character `{name}` is in no shot"),
        );
    }
    for (name, place) in
        board.places.iter().filter(|(name, found)| own(&found.name_span) && !used.places.contains(*name))
    {
        cx.mistake(Code::UnusedPlace, place.name_span, format!("nothing happens at the place `{name}`"));
    }
    for (name, prop) in
        board.props.iter().filter(|(name, found)| own(&found.name_span) && !used.props.contains(*name))
    {
        cx.mistake(Code::UnusedProp, prop.name_span, format!("the prop `{name}` is in no shot"));
    }
}
