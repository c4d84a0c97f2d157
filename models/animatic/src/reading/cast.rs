//! Who and what is in a shot: nouns that a subject answers to, with the adjectives before them, the
//! number of them, and the verb that follows.

use super::vocabulary::{self, MOTIONS};
use super::{Player, ShotSize};
use crate::grade::has_word;
use crate::paint::{self, Subject, SubjectKind};
use crate::settings::{self, Setting};
use crate::text::ShotText;

/// Words that end a noun phrase and are never part of one.
const SMALL: &[&str] = &[
    "a",
    "an",
    "the",
    "and",
    "or",
    "but",
    "of",
    "in",
    "on",
    "at",
    "to",
    "into",
    "onto",
    "over",
    "under",
    "above",
    "below",
    "with",
    "without",
    "by",
    "from",
    "for",
    "as",
    "is",
    "are",
    "was",
    "her",
    "his",
    "their",
    "its",
    "it",
    "she",
    "he",
    "they",
    "we",
    "us",
    "our",
    "him",
    "them",
    "out",
    "up",
    "down",
    "through",
    "across",
    "along",
    "past",
    "behind",
    "before",
    "beside",
    "between",
    "against",
    "around",
    "round",
    "near",
    "off",
    "that",
    "this",
    "these",
    "those",
    "while",
    "when",
    "then",
    "there",
    "where",
    "who",
    "which",
    "toward",
    "towards",
    "away",
    "back",
    "slowly",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "several",
    "many",
    "few",
    "some",
    "no",
    "not",
    "be",
    "has",
    "have",
    "had",
    "alone",
    "far",
    "still",
    "again",
    "only",
    "all",
    "each",
    "every",
    "both",
    "other",
    "another",
    "like",
    "after",
    "until",
    "so",
    "very",
    "just",
    "now",
    "last",
    "first",
    "next",
    "beneath",
    "beyond",
    "within",
    "inside",
    "outside",
    "small",
    "large",
    "big",
    "little",
    "tiny",
    "great",
    "huge",
    "old",
    "young",
    "tall",
    "short",
    "long",
    "empty",
    "full",
    "side",
    "top",
    "bottom",
    "edge",
    "middle",
    "distance",
    "foreground",
    "background",
    "sixties",
    "fifties",
    "forties",
    "thirties",
    "twenties",
    "years",
    "year",
];

/// Words a picture shows by colour, light or manner rather than by a thing of its own.
const SHOWN_OTHERWISE: &[&str] = &[
    "red",
    "green",
    "blue",
    "yellow",
    "white",
    "black",
    "grey",
    "gray",
    "brown",
    "orange",
    "purple",
    "pink",
    "golden",
    "silver",
    "dark",
    "bright",
    "pale",
    "light",
    "lit",
    "glow",
    "glows",
    "glowing",
    "shadow",
    "shadows",
    "warm",
    "cold",
    "wooden",
    "stone",
    "iron",
    "brass",
    "rusted",
    "rusty",
    "wet",
    "dry",
    "quiet",
    "calm",
    "silent",
    "lonely",
    "distant",
    "horizon",
    "air",
    "view",
    "scene",
    "picture",
    "frame",
    "shot",
    "camera",
    "slow",
    "steep",
    "narrow",
    "wide",
    "broad",
    "foot",
    "high",
    "low",
    "deep",
    "soft",
    "hard",
    "rough",
    "smooth",
    "broken",
    "thin",
    "thick",
    "falls",
    "fall",
    "falling",
    "breaks",
    "break",
    "burst",
    "bursts",
    "roll",
    "rolls",
    "crash",
    "crashes",
    "rise",
    "rises",
    "rising",
    "drift",
    "drifts",
    "passes",
    "moves",
    "blows",
    "blow",
    "shine",
    "shines",
    "sparkle",
    "sparkles",
    "shimmer",
    "shimmers",
    "fades",
    "fade",
    "opens",
    "open",
    "begins",
    "spreads",
    "stretches",
    "lies",
    "weather",
    "season",
    "land",
    "world",
    "home",
    "place",
];

/// Words that say what a thing is made of where another noun follows: "stone railway bridge".
const MATERIALS: &[&str] =
    &["stone", "rock", "wood", "iron", "brass", "grass", "flower", "paper", "fir", "pine"];

/// Verbs after which a thing is in somebody's hands.
const CARRYING: &[&str] = &[
    "with", "holds", "holding", "hold", "carries", "carrying", "lifts", "lifting", "raises", "raising",
    "reads", "reading", "clutches", "swings", "offers",
];

/// The action with a character's description, where it stands in for the name, turned back into it.
pub(crate) fn with_names(text: &ShotText) -> String {
    let mut action = text.action.clone();
    for who in text.characters.iter().chain(&text.props) {
        if who.description.len() > 3 {
            action = action.replace(&who.description, &who.name);
        }
        action = action.replace(&format!("@{}", who.name), &who.name);
    }
    action
}

/// The subject that a described character is painted as; people where nothing else is named.
fn character_subject(description: &str) -> Option<&'static dyn Subject> {
    let named = paint::find(description)
        .filter(|s| matches!(s.kind(), SubjectKind::Person | SubjectKind::Creature | SubjectKind::Flyer));
    named.or_else(|| paint::find("person"))
}

/// Everyone and everything in the shot: characters, props, then what the action and place name.
pub(crate) fn cast_of(text: &ShotText, action: &str, place: &str) -> Vec<Player> {
    let avoid = text.avoid.to_lowercase();
    let mut players = Vec::new();
    for who in &text.characters {
        let Some(subject) = character_subject(&who.description) else { continue };
        players.push(Player {
            name: who.name.clone(),
            description: who.description.clone(),
            subject: subject.name().to_owned(),
            character: true,
            motion: motion_after(action, &who.name.to_lowercase()).unwrap_or("idle").to_owned(),
            count: 1,
            held: false,
        });
    }
    for prop in &text.props {
        let name = prop.name.to_lowercase();
        if let Some(subject) = paint::find(&prop.description).or_else(|| paint::find(&name)) {
            let motion = motion_after(action, &name).unwrap_or("idle").to_owned();
            players.push(player(&prop.name, &prop.description, subject, &motion, 1));
        }
    }
    let names: Vec<String> =
        text.characters.iter().chain(&text.props).map(|p| p.name.to_lowercase()).collect();
    for found in nouns(action, &names).into_iter().chain(nouns(place, &names)) {
        // What the place names again is the same thing, told more fully; "a man" whom nobody's words
        // describe is somebody else.
        let stranger = is_person(&found) && is_new(action, &found, &players);
        let known = players.iter_mut().find(|p| p.subject == found.subject);
        if let Some(known) = known.filter(|_| !stranger) {
            if !known.character && found.description.len() > known.description.len() {
                known.description = found.description;
            }
        } else if !has_word(&avoid, &found.name) {
            players.push(found);
        }
    }
    let people = players.iter().any(is_person);
    for player in &mut players {
        player.held = people && !player.character && is_held(action, player);
    }
    players
}

fn is_person(player: &Player) -> bool {
    kind_of(player) == Some(SubjectKind::Person)
}

/// Whether the action brings somebody in: "a man", where no one who is known is described as one.
fn is_new(action: &str, found: &Player, known: &[Player]) -> bool {
    let told = |p: &Player| has_word(&p.description.to_lowercase(), &found.name) || p.name == found.name;
    let words = words_of(action);
    let brought = words.iter().enumerate().filter(|(_, w)| **w == found.name).any(|(i, _)| {
        let phrase = words[..i].iter().rev().take(4);
        phrase.take_while(|w| !["the", "her", "his"].contains(*w)).any(|w| ["a", "an", "another"].contains(w))
    });
    brought && !known.iter().filter(|p| is_person(p)).any(told)
}

/// Whether a framing is so close that only the first player is seen, with what an edit put there.
pub(crate) fn too_close(size: ShotSize, index: usize, players: &[Player]) -> bool {
    match size {
        ShotSize::Wide => false,
        ShotSize::Medium => index > 3,
        // A face fills the picture; what it holds is seen beside it.
        _ => {
            let kind = kind_of(&players[index]);
            let beside = matches!(kind, Some(SubjectKind::Person | SubjectKind::Thing));
            let crowded = players[0].character && (index > 1 || !beside);
            index > 0 && (crowded || kind == Some(SubjectKind::Building))
        }
    }
}

fn kind_of(player: &Player) -> Option<SubjectKind> {
    paint::all().iter().find(|s| s.name() == player.subject).map(|s| s.kind())
}

/// Whether the action puts a thing in somebody's hands: "with a suitcase", "lifts the lantern".
fn is_held(action: &str, player: &Player) -> bool {
    let name = player.name.to_lowercase();
    kind_of(player) == Some(SubjectKind::Thing)
        && action.split([',', ';', '.']).any(|clause| {
            let words = words_of(clause);
            let Some(at) = words.iter().position(|w| *w == name) else { return false };
            // Of "sits at the table with a kettle" the table bears it.
            let table = words[..at].iter().any(|w| ["table", "desk"].contains(w));
            let verb = words[at.saturating_sub(5)..at].iter().rev().find(|w| CARRYING.contains(w));
            verb.is_some_and(|v| !(table && *v == "with"))
        })
}

fn player(name: &str, description: &str, subject: &dyn Subject, motion: &str, count: u32) -> Player {
    Player {
        name: name.to_owned(),
        description: description.to_owned(),
        subject: subject.name().to_owned(),
        character: false,
        motion: motion.to_owned(),
        count,
        held: false,
    }
}

/// The words of a text, lower case.
fn words_of(text: &str) -> Vec<&str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '-' && c != '\'').filter(|w| !w.is_empty()).collect()
}

/// Nouns of a text that a subject answers to. Of a run such as "lighthouse keeper" the last counts.
fn nouns(text: &str, names: &[String]) -> Vec<Player> {
    let mut found = Vec::new();
    for clause in text.split([',', ';', '.', '\n']) {
        let words = words_of(clause);
        for i in 0..words.len() {
            if let Some(pair) = pair_at(&words, i) {
                found.push(pair);
                continue;
            }
            let taken = SMALL.contains(&words[i])
                || names.iter().any(|n| n == words[i])
                || is_verb(words[i], i, &words);
            let followed = words.get(i + 1).is_some_and(|w| {
                let noun = paint::find(w).is_some() || MATERIALS.contains(&words[i]);
                !SMALL.contains(w) && !is_verb(w, i + 1, &words) && noun
            });
            let of_pair = i > 0 && pair_at(&words, i - 1).is_some();
            if taken || followed || of_pair || paint::find(words[i]).is_none() {
                continue;
            }
            let start = (0..i).rev().take_while(|&k| !ends_phrase(words[k])).last().unwrap_or(i);
            let with = words[i + 1..]
                .iter()
                .position(|w| *w == "with")
                .filter(|&k| k == 0)
                .map(|_| words.len().min(i + 6));
            let description = words[start..with.unwrap_or(i + 1)].join(" ");
            let Some(subject) = paint::find(&words[start..=i].join(" ")) else { continue };
            let motion = first_verb(&words[i + 1..]).unwrap_or("idle");
            found.push(player(words[i], &description, subject, motion, count_of(&words, start, i)));
        }
    }
    found
}

/// A thing of two words, the second of which names nothing by itself: "lamp post".
fn pair_at(words: &[&str], i: usize) -> Option<Player> {
    let second = words.get(i + 1).filter(|w| paint::find(w).is_none() && !SMALL.contains(*w))?;
    let name = format!("{} {second}", words[i]);
    let answers = |n: &str| paint::all().iter().copied().find(|s| s.words().contains(&n));
    let subject = answers(&name).or_else(|| answers(name.trim_end_matches('s')))?;
    let start = (0..i).rev().take_while(|&k| !ends_phrase(words[k])).last().unwrap_or(i);
    let motion = first_verb(&words[i + 2..]).unwrap_or("idle");
    let count = count_of(words, start, i + 1);
    Some(player(&name, &words[start..=i + 1].join(" "), subject, motion, count))
}

/// Whether a word is used as a verb: it is one, and stands after a noun rather than an article.
fn is_verb(word: &str, at: usize, words: &[&str]) -> bool {
    let verb = MOTIONS.iter().any(|(list, _)| list.contains(&word));
    verb && at > 0 && !SMALL.contains(&words[at - 1])
}

fn ends_phrase(word: &str) -> bool {
    const KEPT: &[&str] = &[
        "small", "large", "big", "little", "tiny", "great", "huge", "old", "young", "tall", "short", "long",
    ];
    SMALL.contains(&word) && !KEPT.contains(&word) || MOTIONS.iter().any(|(list, _)| list.contains(&word))
}

/// How many: a numeral before the phrase, a flock, or the plural's few.
fn count_of(words: &[&str], start: usize, noun: usize) -> u32 {
    let before = &words[start.saturating_sub(3)..start];
    let numeral = before.iter().rev().find_map(|w| match *w {
        "a" | "an" | "one" | "single" => Some(1),
        "two" | "both" => Some(2),
        "three" => Some(3),
        "four" => Some(4),
        "five" => Some(5),
        "six" => Some(6),
        "several" | "some" | "few" => Some(4),
        "many" => Some(8),
        _ => None,
    });
    let group = before.iter().any(|w| ["flock", "crowd", "herd", "swarm", "fleet"].contains(w));
    let word = words[noun];
    let plural = word.ends_with('s') && !word.ends_with("ss")
        || ["people", "men", "women", "children", "sheep", "geese"].contains(&word);
    match (group, plural, numeral) {
        (true, _, _) => 8,
        (_, true, Some(n)) if n > 1 => n,
        (_, true, _) => 3,
        (_, false, Some(n)) => n,
        _ => 1,
    }
}

/// The motion named by the first known verb after a name, within its clause.
fn motion_after(action: &str, name: &str) -> Option<&'static str> {
    let at = action.find(name)?;
    let rest = &action[at + name.len()..];
    let clause = rest.split([';', '.']).next().unwrap_or(rest);
    first_verb(&words_of(clause))
}

/// The motion of the first verb; a word after an article is a thing: "tosses on the waves".
fn first_verb(words: &[&str]) -> Option<&'static str> {
    const ARTICLES: &[&str] = &["a", "an", "the", "his", "her", "their", "its"];
    let verbs = words.iter().enumerate().filter(|(i, _)| *i == 0 || !ARTICLES.contains(&words[i - 1]));
    let text = verbs.map(|(_, w)| *w).collect::<Vec<_>>().join(" ");
    vocabulary::first(&[&text], MOTIONS)
}

/// Runs of words in the action and place that name nothing the model draws.
pub(crate) fn unread_words(
    text: &ShotText,
    action: &str,
    players: &[Player],
    setting: &dyn Setting,
) -> Vec<String> {
    let mut runs = Vec::new();
    let place = text.place.clone().unwrap_or_default().to_lowercase();
    for clause in action.split([',', ';', '.', '\n']).chain(place.split([',', ';', '.', '\n'])) {
        let mut run: Vec<&str> = Vec::new();
        for word in words_of(clause) {
            if is_drawn(word, text, players, setting) {
                flush(&mut run, &mut runs);
            } else {
                run.push(word);
            }
        }
        flush(&mut run, &mut runs);
    }
    runs.dedup();
    runs
}

fn flush(run: &mut Vec<&str>, runs: &mut Vec<String>) {
    if !run.is_empty() {
        runs.push(run.join(" "));
        run.clear();
    }
}

fn is_drawn(word: &str, text: &ShotText, players: &[Player], setting: &dyn Setting) -> bool {
    let plain = word.trim_matches('\'').trim_end_matches("'s");
    let named =
        |list: &[crate::text::Portrayal]| list.iter().any(|p| has_word(&p.name.to_lowercase(), plain));
    SMALL.contains(&plain)
        || SHOWN_OTHERWISE.contains(&plain)
        || plain.ends_with("ly")
        || plain.chars().all(|c| c.is_ascii_digit())
        || named(&text.characters)
        || named(&text.props)
        || MOTIONS.iter().any(|(list, _)| list.iter().any(|v| has_word(v, plain)))
        || vocabulary::says_something(plain)
        || settings::knows(setting, plain)
        || paint::find(plain).is_some()
        || players.iter().any(|p| has_word(&p.description.to_lowercase(), plain))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Portrayal;

    #[test]
    fn a_description_in_place_of_a_name_is_the_character() {
        let text = ShotText {
            action: "an old keeper in a yellow raincoat grips the rail".into(),
            characters: vec![Portrayal {
                name: "mara".into(),
                description: "an old keeper in a yellow raincoat".into(),
            }],
            ..ShotText::default()
        };
        assert_eq!(with_names(&text), "mara grips the rail");
        let players = cast_of(&text, &with_names(&text), "");
        assert_eq!((players[0].name.as_str(), players[0].motion.as_str()), ("mara", "grip"));
        assert!(players[0].character);
    }

    #[test]
    fn named_props_are_cast_and_hands_hold_what_the_action_says() {
        let who =
            |name: &str, description: &str| Portrayal { name: name.into(), description: description.into() };
        let mut text =
            ShotText { props: vec![who("lamp", "a dented brass storm lamp")], ..ShotText::default() };
        assert_eq!(cast_of(&text, "the desk by the window", "")[0].subject, "storm lamp");
        text = ShotText { characters: vec![who("ines", "a young woman")], ..ShotText::default() };
        let held = |action: &str| {
            cast_of(&text, action, "")
                .iter()
                .filter(|p| p.held)
                .map(|p| p.subject.clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(held("ines walks with a suitcase"), ["suitcase"]);
        assert_eq!(held("ines sits at the desk and reads a letter"), ["letter"]);
        assert!(held("ines sits at the table with a kettle").is_empty());
    }

    #[test]
    fn a_thing_named_twice_is_one_and_materials_are_no_things() {
        let text = ShotText::default();
        let players = cast_of(&text, "a train crosses the bridge", "mountains with a stone railway bridge");
        let names: Vec<&str> = players.iter().map(|p| p.subject.as_str()).collect();
        assert_eq!(names, ["train", "bridge"]);
        assert!(players[1].description.contains("railway"));
        let boat = cast_of(&text, "a rowing boat tosses on the waves", "");
        assert_eq!(boat[0].motion, "drift");
    }

    #[test]
    fn numbers_and_verbs() {
        let players = cast_of(&ShotText::default(), "gulls wheel over two small boats", "");
        let gulls = players.iter().find(|p| p.name == "gulls").unwrap();
        assert_eq!((gulls.count, gulls.motion.as_str()), (3, "fly"));
        assert_eq!(players.iter().find(|p| p.name == "boats").unwrap().count, 2);
    }
}
