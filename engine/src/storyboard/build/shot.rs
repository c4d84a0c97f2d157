//! One shot: its material, sound, dialogue and edits.

use super::name_or_blank;
use crate::storyboard::codes::Code;
use crate::storyboard::entries::{LineEntry, SoundEntry};
use crate::storyboard::keys::{EditKeys, ShotKeys, SoundKeys, WhatKeys};
use crate::storyboard::types::{
    Change, Edit, Line, Material, Sequence, Shot, ShotSound, Span, Spanned, Voice,
};
use crate::storyboard::value::{Context, TextOr};

/// The shot of these keys.
pub fn shot(mut keys: ShotKeys, cx: &mut Context<'_>) -> Shot {
    let name = name_or_blank(keys.shot.take(), keys.span);
    check_keys(&keys, name.span, cx);
    let footage = keys.has("source");
    let (sound, keep_sound) = sounds(keys.sound.take().map(|list| list.0).unwrap_or_default(), footage, cx);
    let edits = keys.edits.take().map(|list| list.0).unwrap_or_default();
    let dialogue = keys.dialogue.take().map(|list| list.0).unwrap_or_default();
    Shot {
        name,
        material: material(&mut keys, keep_sound),
        action: keys.action,
        prompt: keys.prompt,
        place: keys.place,
        setting: keys.setting,
        characters: keys.characters.unwrap_or_default().0,
        props: keys.props.unwrap_or_default().0,
        style: super::style(
            keys.look,
            keys.avoid,
            keys.seed.map(|seed| seed.map(|seed| seed.0)),
            keys.camera,
            keys.models,
        ),
        duration: keys.duration.map(|length| length.map(|length| length.0)),
        sketch: keys.sketch,
        sound,
        dialogue: dialogue.into_iter().map(line).collect(),
        edits: edits.into_iter().filter_map(|keys| edit(keys, cx)).collect(),
        steps: super::steps(keys.steps),
        candidates: keys.candidates.map(|number| number.map(|number| number.0 as u32)),
    }
}

/// Keys that need, or rule out, each other.
fn check_keys(keys: &ShotKeys, name: Span, cx: &mut Context<'_>) {
    let (footage, still) = (keys.has("source"), keys.has("still"));
    if footage && still {
        cx.mistake(Code::Exclusive, name, "a shot has a `source` or a `still`, not both");
    }
    if !footage && !still && !keys.has("action") && !keys.has("prompt") {
        cx.mistake(Code::NothingToShow, name, "this shot shows nothing")
            .help("write an `action:`, or give material with `source:` or `still:`");
    }
    if !footage && !keys.has("duration") {
        cx.mistake(Code::NoDuration, name, "this shot has no duration").help("write `duration: 4s`");
    }
    let mut out_of_place = |key: &str, span: Option<Span>, needs: &str| {
        if let Some(span) = span {
            cx.mistake(Code::OutOfPlace, span, format!("`{key}:` means nothing without {needs}"));
        }
    };
    if !footage {
        out_of_place("in", keys.start.as_ref().map(|value| value.span), "`source:`");
        out_of_place("out", keys.end.as_ref().map(|value| value.span), "`source:`");
        out_of_place("speed", keys.speed.as_ref().map(|value| value.span), "`source:`");
        out_of_place("fps", keys.fps.as_ref().map(|value| value.span), "numbered images as `source:`");
    }
    if !footage && !still {
        out_of_place("fit", keys.fit.map(|_| name), "`source:` or `still:`");
    } else {
        without_effect(keys, cx);
    }
}

/// Own material is not generated: what speaks to the model changes nothing.
fn without_effect(keys: &ShotKeys, cx: &mut Context<'_>) {
    let spans = [
        ("candidates", keys.candidates.as_ref().map(|value| value.span)),
        ("sketch", keys.sketch.as_ref().map(|value| value.span)),
        ("prompt", keys.prompt.as_ref().map(|value| value.span)),
    ];
    for (key, span) in spans.into_iter().filter_map(|(key, span)| Some((key, span?))) {
        cx.mistake(Code::NoEffect, span, format!("`{key}:` changes nothing in a shot of your own material"));
    }
}

fn material(keys: &mut ShotKeys, keep_sound: bool) -> Option<Material> {
    let fit = keys.fit.unwrap_or_default();
    if let Some(file) = keys.source.take() {
        return Some(Material::Footage {
            file,
            // Its files are found by the check of files, which asks the world.
            sequence: keys.fps.take().map(|fps| Sequence { files: Vec::new(), rate: Some(fps.value) }),
            from: keys.start.take().map(|moment| moment.map(|moment| moment.0)),
            to: keys.end.take().map(|length| length.map(|length| length.0)),
            fit,
            speed: keys.speed.as_ref().map_or((1, 1), |speed| (speed.value.0, speed.value.1)),
            keep_sound,
        });
    }
    keys.still.take().map(|file| Material::Still { file, fit })
}

fn sounds(entries: Vec<SoundEntry>, footage: bool, cx: &mut Context<'_>) -> (Vec<ShotSound>, bool) {
    let mut sounds = Vec::new();
    let mut keep = false;
    for entry in entries {
        match entry {
            SoundEntry::Own(own) if footage => keep = own.value,
            SoundEntry::Own(own) => {
                let word = if own.value { "keep" } else { "drop" };
                cx.mistake(
                    Code::OutOfPlace,
                    own.span,
                    format!("`{word}` is about footage's own sound, and there is no `source:`"),
                );
            }
            SoundEntry::Words(text) => sounds.push(ShotSound::Words { text, gain_millibels: 0 }),
            SoundEntry::Keys(keys) => sounds.extend(sound(keys, cx)),
        }
    }
    (sounds, keep)
}

fn sound(keys: SoundKeys, cx: &mut Context<'_>) -> Option<ShotSound> {
    let gain_millibels = keys.gain.map_or(0, |gain| gain.0);
    if keys.has("file") && keys.has("words") {
        cx.mistake(Code::Exclusive, keys.span, "a sound has a `file` or `words`, not both");
        return None;
    }
    if !keys.has("file") && !keys.has("words") {
        cx.mistake(Code::MissingKey, keys.span, "a sound needs `file:` or `words:`");
        return None;
    }
    if keys.has("words") {
        for (key, value) in [("at", &keys.at), ("in", &keys.start)] {
            if let Some(value) = value {
                cx.mistake(Code::OutOfPlace, value.span, format!("`{key}:` means nothing without `file:`"));
            }
        }
        return keys.words.map(|text| ShotSound::Words { text, gain_millibels });
    }
    Some(ShotSound::File {
        file: keys.file?,
        at: keys.at.map(|moment| moment.map(|moment| moment.0)),
        from: keys.start.map(|moment| moment.map(|moment| moment.0)),
        gain_millibels,
    })
}

fn line(entry: LineEntry) -> Line {
    let (file, voice) = match entry.voice {
        Some(keys) => (
            keys.file,
            Voice {
                pitch: keys.pitch,
                pace: keys.pace,
                accent: keys.accent.map(|accent| accent.map(|accent| accent.0)),
            },
        ),
        None => (None, Voice::default()),
    };
    Line {
        speaker: entry.speaker,
        text: entry.text,
        at: entry.at.map(|moment| moment.map(|moment| moment.0)),
        file,
        voice,
        gain_millibels: entry.gain.map_or(0, |gain| gain.0),
    }
}

fn edit(keys: EditKeys, cx: &mut Context<'_>) -> Option<Edit> {
    const CHANGES: [&str; 5] = ["add", "remove", "replace", "background", "style"];
    let named: Vec<_> = CHANGES.into_iter().filter(|key| keys.has(key)).collect();
    match named.as_slice() {
        [] => {
            cx.mistake(Code::NoChange, keys.span, "this edit names no change")
                .help(format!("write one of {}", CHANGES.join(", ")));
            return None;
        }
        [_] => {}
        several => {
            cx.mistake(
                Code::SeveralChanges,
                keys.span,
                format!("this edit names several changes: {}", several.join(", ")),
            )
            .help("write each as an edit of its own");
            return None;
        }
    }
    let what = |entry: TextOr<WhatKeys>| match entry {
        TextOr::Text(text) => Some(text),
        TextOr::Full(keys) => keys.what,
    };
    let change = match (keys.add, keys.remove, keys.replace, keys.background, keys.style) {
        (Some(add), ..) => Change::Add { what: what(add)? },
        (_, Some(remove), ..) => Change::Remove { what: what(remove)? },
        (_, _, Some(replace), ..) => Change::Replace { what: replace.what?, with: replace.with? },
        (_, _, _, Some(to), _) => Change::Background { to },
        (_, _, _, _, Some(to)) => Change::Style { to },
        _ => return None,
    };
    if let Some(strength) = keys.strength.as_ref().filter(|strength| strength.value.0 == 0) {
        cx.mistake(Code::NoEffect, strength.span, "an edit of strength 0 changes nothing");
    }
    Some(Edit {
        change,
        region: keys.region.map(|region: Spanned<_>| region.map(|region| region.0)),
        strength: keys.strength.map_or(1000, |strength| strength.value.0),
        span: keys.span,
    })
}
