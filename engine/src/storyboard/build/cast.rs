//! Characters, places and props of the storyboard and the files it includes.

use indexmap::IndexMap;

use crate::storyboard::codes::Code;
use crate::storyboard::keys::{CharacterKeys, DocumentKeys, IncludedKeys, PlaceKeys, PropKeys, VoiceKeys};
use crate::storyboard::types::{Character, FilePath, Place, Prop, Span, Spanned, Voice};
use crate::storyboard::value::{Context, Named, OneOrMany, TextOr};

/// Who and what is in the film.
pub struct Cast {
    /// By name.
    pub characters: IndexMap<String, Character>,
    /// By name.
    pub places: IndexMap<String, Place>,
    /// By name.
    pub props: IndexMap<String, Prop>,
}

/// The cast of the storyboard and its included files; these come first.
pub fn cast(keys: &DocumentKeys, included: &[IncludedKeys], cx: &mut Context<'_>) -> Cast {
    let characters = included.iter().map(|keys| &keys.characters).chain([&keys.characters]);
    let characters = merge("character", characters, cx, character, |found: &Character| found.name_span);
    let places = included.iter().map(|keys| &keys.places).chain([&keys.places]);
    let places = merge("place", places, cx, place, |found: &Place| found.name_span);
    let props = included.iter().map(|keys| &keys.props).chain([&keys.props]);
    let props = merge("prop", props, cx, prop, |found: &Prop| found.name_span);
    Cast { characters, places, props }
}

fn merge<'k, K: 'k + Clone, T>(
    called: &str,
    tables: impl Iterator<Item = &'k Option<Named<K>>>,
    cx: &mut Context<'_>,
    make: fn(Span, K, &mut Context<'_>) -> T,
    span: fn(&T) -> Span,
) -> IndexMap<String, T> {
    let mut all: IndexMap<String, T> = IndexMap::new();
    for (name, keys) in tables.flatten().flat_map(|table| &table.0) {
        if let Some(first) = all.get(&name.value) {
            cx.mistake(
                Code::DefinedTwice,
                name.span,
                format!("the {called} `{}` is defined twice", name.value),
            )
            .also(span(first), "first defined here");
            continue;
        }
        let made = make(name.span, keys.clone(), cx);
        all.insert(name.value.clone(), made);
    }
    all
}

fn files(files: Option<OneOrMany<Spanned<FilePath>>>) -> Vec<Spanned<FilePath>> {
    files.map(|files| files.0).unwrap_or_default()
}

fn character(name_span: Span, keys: TextOr<CharacterKeys>, cx: &mut Context<'_>) -> Character {
    match keys {
        TextOr::Text(text) => {
            Character { name_span, description: Some(text), reference: Vec::new(), voice: Voice::default() }
        }
        TextOr::Full(keys) => {
            if !keys.has("description") && !keys.has("reference") {
                cx.mistake(
                    Code::Undescribed,
                    name_span,
                    "a character needs a `description:` or a `reference:`",
                );
            }
            Character {
                name_span,
                description: keys.description,
                reference: files(keys.reference),
                voice: keys.voice.map(voice).unwrap_or_default(),
            }
        }
    }
}

fn voice(keys: VoiceKeys) -> Voice {
    Voice {
        pitch: keys.pitch,
        pace: keys.pace,
        accent: keys.accent.map(|accent| accent.map(|accent| accent.0)),
    }
}

/// A description that is missing was told when the keys were read.
fn or_blank(text: Option<Spanned<String>>, span: Span) -> Spanned<String> {
    text.unwrap_or_else(|| Spanned::new(String::new(), span))
}

fn place(name_span: Span, keys: TextOr<PlaceKeys>, _: &mut Context<'_>) -> Place {
    match keys {
        TextOr::Text(description) => Place { name_span, description, reference: Vec::new() },
        TextOr::Full(keys) => Place {
            name_span,
            description: or_blank(keys.description, name_span),
            reference: files(keys.reference),
        },
    }
}

fn prop(name_span: Span, keys: TextOr<PropKeys>, _: &mut Context<'_>) -> Prop {
    match keys {
        TextOr::Text(description) => Prop { name_span, description, reference: Vec::new() },
        TextOr::Full(keys) => Prop {
            name_span,
            description: or_blank(keys.description, name_span),
            reference: files(keys.reference),
        },
    }
}
