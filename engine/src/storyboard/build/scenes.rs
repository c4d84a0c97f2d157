//! Scenes, and the uniqueness of names in them.

use super::name_or_blank;
use super::shot::shot;
use crate::storyboard::codes::Code;
use crate::storyboard::keys::SceneKeys;
use crate::storyboard::scalars::parse_time;
use crate::storyboard::types::{Scene, Shot, Span, Spanned, Transition};
use crate::storyboard::value::Context;

/// The scenes of the film.
pub fn scenes(keys: Vec<SceneKeys>, cx: &mut Context<'_>) -> Vec<Scene> {
    let scenes: Vec<_> = keys.into_iter().map(|keys| scene(keys, cx)).collect();
    let names = scenes.iter().map(|scene: &Scene| &scene.name);
    unique(names, Code::DuplicateScene, "scene", cx);
    for name in scenes.iter().map(|scene| &scene.name) {
        if matches!(name.as_str(), "start" | "end") || parse_time(name).is_ok() {
            cx.mistake(
                Code::BadName,
                name.span,
                format!("`{}` cannot be a scene's name: it means a time", name.value),
            );
        }
    }
    scenes
}

fn unique<'n>(
    names: impl Iterator<Item = &'n Spanned<String>>,
    code: Code,
    called: &str,
    cx: &mut Context<'_>,
) {
    let mut seen: Vec<(&str, Span)> = Vec::new();
    for name in names.filter(|name| !name.value.is_empty()) {
        match seen.iter().find(|(earlier, _)| *earlier == name.value) {
            Some((_, first)) => {
                cx.mistake(code, name.span, format!("there are two {called}s `{}`", name.value))
                    .label("again here")
                    .also(*first, "first here");
            }
            None => seen.push((&name.value, name.span)),
        }
    }
}

/// Cue names are unique as scenes' are.
pub fn unique_cues<'n>(names: impl Iterator<Item = &'n Spanned<String>>, cx: &mut Context<'_>) {
    unique(names, Code::DuplicateCue, "cue", cx);
}

fn scene(keys: SceneKeys, cx: &mut Context<'_>) -> Scene {
    let no_shots = match &keys.shots {
        Some(shots) => shots.written == 0,
        None => !keys.has("shots"),
    };
    let name = name_or_blank(keys.scene, keys.span);
    if no_shots {
        cx.mistake(Code::NoShots, name.span, format!("the scene `{}` has no shots", name.value))
            .help("write `shots:` with a list of shots");
    }
    let shots: Vec<Shot> = keys
        .shots
        .map(|list| list.items.into_iter().map(|keys| shot(keys, cx)).collect())
        .unwrap_or_default();
    unique(shots.iter().map(|shot| &shot.name), Code::DuplicateShot, "shot", cx);
    let cut = Spanned::new(Transition::Cut, name.span);
    Scene {
        place: keys.place,
        setting: keys.setting,
        style: super::style(
            keys.look,
            keys.avoid,
            keys.seed.map(|seed| seed.map(|seed| seed.0)),
            keys.camera,
            keys.models,
        ),
        steps: super::steps(keys.steps),
        shots,
        transition: keys.transition.map_or(cut, |transition| transition.map(|transition| transition.0)),
        name,
    }
}
