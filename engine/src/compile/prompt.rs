//! Prompt building: from the words around a shot to the parts a drawing model reads and the one
//! caption a text model reads. Everything built here is shown in the plan.

use super::film::SoundSource;
use crate::kinds::generate::{Material, Portrayal, Prompt};
use crate::storyboard::mentions;
use crate::storyboard::types::{Shot, Spanned, Storyboard};

/// What the front's models make of words. The engine knows no models; the plan lists what the text
/// asked for and they could not make.
pub trait PromptReader {
    /// What `prompt` asks for and its picture model does not draw.
    fn not_drawn(&self, prompt: &Prompt) -> Vec<String>;

    /// What `source` asks for in words and its sound model does not sound.
    fn not_sounded(&self, source: &SoundSource) -> Vec<String>;
}

/// A reader for plans without a model: everything is made.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoReader;

impl PromptReader for NoReader {
    fn not_drawn(&self, _: &Prompt) -> Vec<String> {
        Vec::new()
    }

    fn not_sounded(&self, _: &SoundSource) -> Vec<String> {
        Vec::new()
    }
}

/// The references of the names that a shot mentions, by content.
pub(super) struct References {
    pub characters: Vec<(String, Vec<Material>)>,
    pub props: Vec<(String, Vec<Material>)>,
    pub place: Vec<Material>,
}

/// Bytes that the prompts of a film may have together. Every shot repeats what it mentions, so that a file of a
/// few megabytes could make any number of them.
pub(super) const MAX_BYTES: usize = 32 << 20;

/// The bytes of a prompt's words.
pub(super) fn bytes(prompt: &Prompt) -> usize {
    let Prompt { caption, avoid, action, camera, setting, look, place, .. } = prompt;
    let own = [caption, avoid, action, camera, setting, look].into_iter().chain(place).map(String::len);
    let portrayed = prompt.characters.iter().chain(&prompt.props).map(|one| one.description.len());
    own.chain(portrayed).sum()
}

/// Words that a shot inherits.
pub(super) struct Around<'a> {
    pub place: Option<&'a str>,
    pub setting: &'a str,
    pub look: &'a str,
    pub avoid: &'a str,
    pub camera: &'a str,
}

/// The names of characters in `shot`: those in its words as they come, then the listed ones.
pub(super) fn characters(board: &Storyboard, shot: &Shot) -> Vec<String> {
    cast(shot, &shot.characters, |name| board.characters.contains_key(name))
}

/// The names of props in `shot`, likewise.
pub(super) fn props(board: &Storyboard, shot: &Shot) -> Vec<String> {
    cast(shot, &shot.props, |name| board.props.contains_key(name))
}

fn cast(shot: &Shot, listed: &[Spanned<String>], known: impl Fn(&str) -> bool) -> Vec<String> {
    let words = words(shot);
    let mut names: Vec<String> = Vec::new();
    let mentioned = mentions(words, &known).into_iter().map(|(_, name)| name).filter(|name| known(name));
    for name in mentioned.chain(listed.iter().map(|name| name.value.as_str())) {
        if !names.iter().any(|seen| seen == name) {
            names.push(name.to_owned());
        }
    }
    names
}

/// A shot's own words: the prompt written by hand, or the action.
fn words(shot: &Shot) -> &str {
    shot.prompt.as_ref().or(shot.action.as_ref()).map(|text| text.trim()).unwrap_or_default()
}

/// Builds the prompt of `shot`.
pub(super) fn build(board: &Storyboard, shot: &Shot, around: &Around, references: References) -> Prompt {
    let words = words(shot);
    let by_hand = shot.prompt.is_some();
    let portray = |names: Vec<(String, Vec<Material>)>, describe: &dyn Fn(&str) -> String| {
        names
            .into_iter()
            .map(|(name, reference)| Portrayal { description: describe(&name), name, reference })
            .collect::<Vec<_>>()
    };
    let describe_character = |name: &str| {
        let described = board.characters.get(name).and_then(|character| character.description.as_deref());
        described.map(|text| text.trim().to_owned()).unwrap_or_default()
    };
    let describe_prop =
        |name: &str| board.props.get(name).map(|prop| prop.description.trim().to_owned()).unwrap_or_default();
    let place =
        around.place.and_then(|name| board.places.get(name)).map(|place| place.description.trim().to_owned());
    let mut prompt = Prompt {
        caption: String::new(),
        avoid: around.avoid.to_owned(),
        action: plain(words, board),
        camera: around.camera.to_owned(),
        setting: around.setting.to_owned(),
        look: around.look.to_owned(),
        place,
        place_reference: references.place,
        characters: portray(references.characters, &describe_character),
        props: portray(references.props, &describe_prop),
    };
    let (told, mentioned) = expand(words, &prompt, board);
    if by_hand {
        // The model reads this and nothing of the words around it; who is in it still counts.
        prompt.caption = told;
        prompt = Prompt {
            camera: String::new(),
            setting: String::new(),
            look: String::new(),
            place: None,
            ..prompt
        };
        prompt.place_reference.clear();
    } else {
        prompt.caption = caption(&prompt, &told, &mentioned);
    }
    prompt
}

/// The caption: framing, what happens, who else and what else is there, where, when, how it looks.
fn caption(prompt: &Prompt, told: &str, mentioned: &[String]) -> String {
    let mut sentences: Vec<String> = Vec::new();
    match (prompt.camera.is_empty(), told.is_empty()) {
        (true, _) => sentences.push(capital(told)),
        (false, true) => sentences.push(capital(&prompt.camera)),
        (false, false) => sentences.push(format!("{}: {told}", capital(&prompt.camera))),
    }
    for character in prompt.characters.iter().filter(|one| !mentioned.contains(&one.name)) {
        sentences.push(format!("{} is in the picture", first_mention(character, true)));
    }
    for prop in prompt.props.iter().filter(|one| !mentioned.contains(&one.name)) {
        sentences.push(format!("{} is in the picture", capital(&first_mention(prop, false))));
    }
    if let Some(place) = &prompt.place {
        sentences.push(format!("The place is {place}"));
    }
    sentences.push(capital(&prompt.setting));
    sentences.push(capital(&prompt.look));
    let sentences: Vec<String> = sentences.iter().filter_map(|text| sentence(text)).collect();
    sentences.join(" ")
}

/// `words` with every name told as a caption tells it, and the names that stood there.
fn expand(words: &str, prompt: &Prompt, board: &Storyboard) -> (String, Vec<String>) {
    let mut text = String::new();
    let mut mentioned: Vec<String> = Vec::new();
    let mut pieces = pieces(words, |name| is_named(board, name)).into_iter().peekable();
    while let Some(piece) = pieces.next() {
        let name = match piece {
            Piece::Text(plain) => {
                text.push_str(plain);
                continue;
            }
            Piece::Name(name) => name,
        };
        let character = prompt.characters.iter().find(|one| one.name == name);
        let prop = prompt.props.iter().find(|one| one.name == name);
        let again = mentioned.iter().any(|seen| seen == name);
        match (character.or(prop), again) {
            (Some(one), false) => {
                text.push_str(&first_mention(one, character.is_some()));
                let goes_on = matches!(pieces.peek(), Some(Piece::Text(next)) if next.starts_with(' '));
                if goes_on && character.is_some() && !one.description.is_empty() {
                    text.push(',');
                }
                mentioned.push(name.to_owned());
            }
            (Some(_), true) if character.is_none() => text.push_str(&format!("the {}", spaced(name))),
            _ => text.push_str(&shown(name)),
        }
    }
    (text, mentioned)
}

/// `Mara, a lighthouse keeper in her sixties`, or `a dented brass storm lamp`.
fn first_mention(one: &Portrayal, person: bool) -> String {
    match (person, one.description.is_empty()) {
        (true, true) => shown(&one.name),
        (true, false) => format!("{}, {}", shown(&one.name), one.description.trim_end_matches('.')),
        (false, true) => format!("the {}", spaced(&one.name)),
        (false, false) => one.description.trim_end_matches('.').to_owned(),
    }
}

/// `words` with names as plain words.
fn plain(words: &str, board: &Storyboard) -> String {
    let pieces = pieces(words, |name| is_named(board, name));
    pieces
        .into_iter()
        .map(|piece| match piece {
            Piece::Text(text) | Piece::Name(text) => text,
        })
        .collect()
}

fn is_named(board: &Storyboard, name: &str) -> bool {
    board.characters.contains_key(name) || board.props.contains_key(name)
}

/// A name as people write it: `old_tom` becomes `Old Tom`.
pub fn shown(name: &str) -> String {
    spaced(name).split(' ').map(capital).collect::<Vec<_>>().join(" ")
}

fn spaced(name: &str) -> String {
    name.replace(['_', '-'], " ")
}

fn capital(text: &str) -> String {
    let mut letters = text.trim().chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

fn sentence(text: &str) -> Option<String> {
    let text = text.trim();
    match text.chars().last() {
        None => None,
        Some('.' | '!' | '?' | '…') => Some(text.to_owned()),
        Some(_) => Some(format!("{text}.")),
    }
}

/// A stretch of an action's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece<'a> {
    Text(&'a str),
    /// `@name`, without the `@`.
    Name(&'a str),
}

/// Splits at `@name`; `@@` becomes a plain `@`.
fn pieces<'a>(words: &'a str, known: impl Fn(&str) -> bool) -> Vec<Piece<'a>> {
    let mut pieces = Vec::new();
    let mut at = 0;
    for (range, name) in mentions(words, known) {
        plain_pieces(&words[at..range.start], &mut pieces);
        pieces.push(Piece::Name(name));
        at = range.end;
    }
    plain_pieces(&words[at..], &mut pieces);
    pieces
}

/// Text between names, where each `@@` leaves one `@`.
fn plain_pieces<'a>(text: &'a str, pieces: &mut Vec<Piece<'a>>) {
    let mut rest = text;
    while let Some(at) = rest.find("@@") {
        pieces.push(Piece::Text(&rest[..=at]));
        rest = &rest[at + 2..];
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cut_out_of_words() {
        let found = pieces("@mara's hand, a@@b @old-tom", |name| ["mara", "old-tom"].contains(&name));
        let expected =
            [Piece::Name("mara"), Piece::Text("'s hand, a@"), Piece::Text("b "), Piece::Name("old-tom")];
        assert_eq!(found, expected);
    }

    #[test]
    fn names_are_shown_as_people_write_them() {
        assert_eq!(shown("old_tom"), "Old Tom");
    }
}
