//! Values with several forms: transitions, regions, sounds, spoken lines, marks of the score.

use serde_json::{Value as Json, json};

use super::codes::Code;
use super::diagnostics::suggest;
use super::keys::{LineVoiceKeys, LoudnessKeys, SoundKeys, WipeKeys};
use super::record::Defs;
use super::scalars::{Gain, Length, Moment, hundredths, parse_time, share, share_schema, with_unit};
use super::tree::{Entry, Node, Value};
use super::types::{FilePath, Loudness, Mark, Region, Spanned, Transition, WipeDirection};
use super::value::{Context, FromNode, is_name};

/// How a scene becomes the next.
#[derive(Clone, Copy, Debug)]
pub struct TransitionEntry(pub Transition);

const TRANSITIONS: [&str; 4] = ["cut", "dissolve", "fade", "wipe"];

impl FromNode for TransitionEntry {
    fn read(node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        match &node.value {
            Value::Scalar { text, .. } => transition_word(text.trim(), node, cx),
            Value::Map(entries) if entries.len() == 1 => transition_map(&entries[0], cx),
            Value::Map(_) => {
                cx.mistake(
                    Code::Exclusive,
                    node.head(),
                    "a transition is one of cut, dissolve, fade and wipe",
                );
                None
            }
            _ => {
                cx.wrong(node, "a transition");
                None
            }
        }
        .map(Self)
    }

    fn schema(defs: &mut Defs) -> Json {
        let one = |key: &str, doc: &str, schema: Json| {
            let mut schema = schema;
            schema["description"] = json!(doc);
            json!({"type": "object", "additionalProperties": false, "required": [key], "properties": {key: schema}})
        };
        let length = Length::schema(defs);
        let wipe = json!({"anyOf": [length, WipeKeys::schema(defs)]});
        json!({"anyOf": [
            {"type": "string", "enum": ["cut"]},
            one("dissolve", "One scene over the other, for that long.", length.clone()),
            one("fade", "To black and from black, for that long in all.", length),
            one("wipe", "A soft edge moves across the frame.", wipe),
        ]})
    }
}

fn transition_word(text: &str, node: &Node, cx: &mut Context<'_>) -> Option<Transition> {
    match text {
        "cut" => return Some(Transition::Cut),
        "dissolve" | "fade" | "wipe" => {
            cx.mistake(Code::MissingKey, node.span, format!("`{text}` needs its length"))
                .help(format!("write {{{text}: 1s}}"));
        }
        _ => {
            let help = otherwise_called(text).map(|name| match name {
                "cut" => "write `cut`".to_owned(),
                name => format!("write {{{name}: 1s}}"),
            });
            let help = help.or_else(|| suggest(text, TRANSITIONS));
            cx.mistake(Code::UnknownWord, node.span, format!("`{text}` is not a transition"))
                .maybe_help(help);
        }
    }
    None
}

/// The name here of a transition that is called otherwise elsewhere.
fn otherwise_called(word: &str) -> Option<&'static str> {
    let plain: String = word.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
    Some(match plain.as_str() {
        "crossfade" | "xfade" | "crossdissolve" | "lapdissolve" | "mix" | "blend" => "dissolve",
        "fadeout" | "fadein" | "fadetoblack" | "fadeblack" | "dip" | "diptoblack" => "fade",
        "swipe" | "slide" | "push" => "wipe",
        "none" | "hardcut" | "straightcut" | "jumpcut" => "cut",
        _ => return None,
    })
}

fn transition_map(entry: &Entry, cx: &mut Context<'_>) -> Option<Transition> {
    let length = |cx: &mut Context<'_>| Length::read(&entry.value, cx).map(|length| length.0);
    match entry.key.as_str() {
        "dissolve" => length(cx).map(Transition::Dissolve),
        "fade" => length(cx).map(Transition::Fade),
        "wipe" => match &entry.value.value {
            Value::Map(_) => {
                let wipe = WipeKeys::read(&entry.value, cx)?;
                Some(Transition::Wipe(wipe.duration?.value.0, wipe.direction.unwrap_or(WipeDirection::Left)))
            }
            _ => length(cx).map(|time| Transition::Wipe(time, WipeDirection::Left)),
        },
        other => {
            let named = otherwise_called(other).map(|name| format!("did you mean `{name}`?"));
            let help = named.or_else(|| suggest(other, TRANSITIONS));
            cx.mistake(Code::UnknownWord, entry.key_span, format!("`{other}` is not a transition"))
                .maybe_help(help);
            None
        }
    }
}

/// Where an edit may change pixels.
#[derive(Clone, Debug)]
pub struct RegionEntry(pub Region);

impl FromNode for RegionEntry {
    fn read(node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        match &node.value {
            Value::Seq(items) if items.len() == 4 => {
                let mut sides = [0; 4];
                for (side, item) in sides.iter_mut().zip(items) {
                    *side = side_of(item, cx)?;
                }
                region_box(sides, node, cx)
            }
            Value::Map(entries) if entries.iter().any(|entry| entry.key == "mask") => {
                let [mask] = entries.as_slice() else {
                    cx.mistake(Code::BadRegion, node.head(), "a mask has no other keys");
                    return None;
                };
                FilePath::read(&mask.value, cx).map(Region::Mask)
            }
            Value::Map(_) => {
                let mut sides = [0; 4];
                for (side, key) in sides.iter_mut().zip(["x", "y", "width", "height"]) {
                    let Some(value) = node.get(key) else {
                        cx.mistake(Code::BadRegion, node.head(), format!("a box needs `{key}:`"))
                            .help("write {x: 0, y: 0, width: 0.5, height: 1}, or [0, 0, 0.5, 1]");
                        return None;
                    };
                    *side = side_of(value, cx)?;
                }
                region_box(sides, node, cx)
            }
            Value::Seq(items) => {
                let message = format!("a box has four numbers, not {}", items.len());
                cx.mistake(Code::BadRegion, node.span, message).help("write [x, y, width, height]");
                None
            }
            _ => {
                let text = String::read(node, cx)?;
                let picture =
                    [".png", ".jpg", ".jpeg", ".webp"].iter().any(|end| text.to_lowercase().ends_with(end));
                if picture { FilePath::read(node, cx).map(Region::Mask) } else { Some(Region::Words(text)) }
            }
        }
        .map(Self)
    }

    fn schema(defs: &mut Defs) -> Json {
        let share = share_schema();
        json!({"anyOf": [
            {"type": "string"},
            {"type": "array", "items": share, "minItems": 4, "maxItems": 4},
            {"type": "object", "additionalProperties": false, "required": ["x", "y", "width", "height"],
             "properties": {"x": share, "y": share, "width": share, "height": share}},
            {"type": "object", "additionalProperties": false, "required": ["mask"],
             "properties": {"mask": FilePath::schema(defs)}},
        ]})
    }
}

fn side_of(node: &Node, cx: &mut Context<'_>) -> Option<i64> {
    let text = cx.scalar(node, "a fraction of the frame such as 0.5")?;
    let side = share(text);
    if side.is_none() {
        cx.mistake(Code::BadRegion, node.span, format!("`{text}` is not a fraction of the frame"))
            .help("write 0.5 or 50%");
    }
    side
}

fn region_box([x, y, width, height]: [i64; 4], node: &Node, cx: &mut Context<'_>) -> Option<Region> {
    let whole = 10_000;
    let inside = x >= 0 && y >= 0 && width > 0 && height > 0 && x + width <= whole && y + height <= whole;
    if !inside {
        let why = match () {
            () if width <= 0 || height <= 0 => "this box has no area",
            () if x < 0 || y < 0 => "this box begins outside the frame",
            () if x + width > whole => "this box reaches beyond the right edge",
            () => "this box reaches beyond the lower edge",
        };
        let span = if matches!(node.value, Value::Seq(_)) { node.span } else { node.head() };
        cx.mistake(Code::RegionOutside, span, why).help("x + width and y + height are at most 1");
        return None;
    }
    let side = |value: i64| value.unsigned_abs() as u32;
    Some(Region::Box { x: side(x), y: side(y), width: side(width), height: side(height) })
}

/// One entry of `sound:`.
#[derive(Clone, Debug)]
pub enum SoundEntry {
    /// `keep` (true) or `drop` the footage's own.
    Own(Spanned<bool>),
    /// Words.
    Words(Spanned<String>),
    /// A file or words, with keys.
    Keys(SoundKeys),
}

impl FromNode for SoundEntry {
    fn read(node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        if let Value::Map(_) = node.value {
            return SoundKeys::read(node, cx).map(Self::Keys);
        }
        let text = Spanned::<String>::read(node, cx)?;
        Some(match text.as_str() {
            "keep" => Self::Own(Spanned::new(true, node.span)),
            "drop" => Self::Own(Spanned::new(false, node.span)),
            _ => Self::Words(text),
        })
    }

    fn schema(defs: &mut Defs) -> Json {
        json!({"anyOf": [{"type": ["string", "number"]}, SoundKeys::schema(defs)]})
    }
}

/// One entry of `dialogue:`.
#[derive(Clone, Debug)]
pub struct LineEntry {
    /// Who.
    pub speaker: Spanned<String>,
    /// What.
    pub text: Spanned<String>,
    /// When.
    pub at: Option<Spanned<Moment>>,
    /// How.
    pub voice: Option<LineVoiceKeys>,
    /// How loud.
    pub gain: Option<Gain>,
}

const LINE_KEYS: [&str; 3] = ["at", "voice", "gain"];

impl FromNode for LineEntry {
    fn read(node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        let Value::Map(entries) = &node.value else {
            if let Value::Scalar { text, .. } = &node.value {
                cx.mistake(Code::BadLine, node.span, "nobody speaks this line").help(spoken(text.trim()));
            } else {
                cx.wrong(node, "a line `speaker: words`");
            }
            return None;
        };
        let at = entries
            .iter()
            .find(|entry| entry.key == "at")
            .map(|entry| Spanned::<Moment>::read(&entry.value, cx));
        let voice = entries
            .iter()
            .find(|entry| entry.key == "voice")
            .map(|entry| LineVoiceKeys::read(&entry.value, cx));
        let gain = entries.iter().find(|entry| entry.key == "gain").map(|entry| Gain::read(&entry.value, cx));
        let speakers: Vec<_> =
            entries.iter().filter(|entry| !LINE_KEYS.contains(&entry.key.as_str())).collect();
        let speaker = match speakers.as_slice() {
            [] => {
                cx.mistake(Code::BadLine, node.head(), "nobody speaks this line")
                    .help("write `mara: She is late tonight.`");
                return None;
            }
            [speaker] => speaker,
            [first, second, ..] => {
                cx.mistake(
                    Code::BadLine,
                    second.key_span,
                    format!("one line has one speaker, and `{}` speaks already", first.key),
                )
                .help("begin another line with `- `");
                return None;
            }
        };
        let text = match &speaker.value.value {
            Value::Null => {
                cx.mistake(Code::Empty, speaker.key_span, format!("`{}:` says nothing", speaker.key));
                return None;
            }
            _ => Spanned::<String>::read(&speaker.value, cx)?,
        };
        if !text.value.chars().any(char::is_alphanumeric) {
            cx.mistake(Code::Empty, text.span, format!("there is nothing to say in `{}`", text.value))
                .help("write what is heard, such as `Hm.`; a silent moment needs no line");
        }
        Some(Self {
            speaker: Spanned::new(speaker.key.trim_start_matches('@').to_owned(), speaker.key_span),
            text,
            at: at.flatten(),
            voice: voice.flatten(),
            gain: gain.flatten(),
        })
    }

    fn schema(defs: &mut Defs) -> Json {
        let mut at = Moment::schema(defs);
        at["description"] =
            json!("When the line starts, from the shot's start; after the line before where not written.");
        let mut voice = LineVoiceKeys::schema(defs);
        voice["description"] = json!("How this line is spoken, or a recording of it.");
        let mut gain = Gain::schema(defs);
        gain["description"] = json!("Louder or softer.");
        json!({
            "type": "object",
            "description": "A spoken line: `speaker: words`.",
            "minProperties": 1,
            "properties": {"at": at, "voice": voice, "gain": gain},
            "additionalProperties": {"type": ["string", "number", "boolean"], "description": "What this character says."},
        })
    }
}

/// How a line is written that was written as one text: `Tom: not today`.
fn spoken(text: &str) -> String {
    let Some((speaker, words)) = text.split_once(':').map(|(speaker, words)| (speaker.trim(), words.trim()))
    else {
        return format!("write `narrator: {text}`");
    };
    let name = speaker.trim_start_matches('@').to_lowercase().replace(' ', "-");
    if !is_name(&name) || words.is_empty() {
        return format!("write `narrator: {text:?}`");
    }
    if words.contains([',', ':', '#', '{', '}', '[', ']', '"']) {
        format!("write {{{name}: {words:?}}}")
    } else {
        format!("write {{{name}: {words}}}")
    }
}

/// `start`, `end`, a scene, `scene.shot`, or a time; `None` where the text is none of these.
pub fn parse_mark(text: &str) -> Option<Mark> {
    match (text, parse_time(text), text.split_once('.')) {
        ("start", ..) => Some(Mark::Start),
        ("end", ..) => Some(Mark::End),
        (_, Ok(time), _) => Some(Mark::At(time)),
        (_, Err(_), None) if is_name(text) => Some(Mark::Scene(text.to_owned())),
        (_, Err(_), Some((scene, shot))) if is_name(scene) && is_name(shot) => {
            Some(Mark::Shot(scene.to_owned(), shot.to_owned()))
        }
        _ => None,
    }
}

/// A moment of the film, where a cue starts or ends.
#[derive(Clone, Debug)]
pub struct CueMark(pub Mark);

impl FromNode for CueMark {
    fn read(node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        let text = cx.scalar(node, "`start`, `end`, a scene, `scene.shot`, or a time")?;
        let mark = match parse_mark(text) {
            Some(Mark::At(_)) => Mark::At(Moment::read(node, cx)?.0),
            Some(mark) => mark,
            None => {
                cx.mistake(Code::BadMark, node.span, format!("`{text}` is not a moment of the film"))
                    .help("write `start`, `end`, a scene, `scene.shot`, or a time");
                return None;
            }
        };
        Some(Self(mark))
    }

    fn schema(_: &mut Defs) -> Json {
        json!({"type": ["string", "integer"]})
    }
}

/// What the mix is brought to.
#[derive(Clone, Copy, Debug)]
pub struct LoudnessEntry(pub Loudness);

impl FromNode for LoudnessEntry {
    fn read(node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        let mut loudness = Loudness::default();
        if let Value::Map(_) = node.value {
            let keys = LoudnessKeys::read(node, cx)?;
            loudness.integrated_centilufs = level(&keys.integrated?, "LUFS", -4000..=-800, cx)?;
            if let Some(peak) = keys.true_peak {
                loudness.true_peak_centidb = level(&peak, "dBTP", -900..=0, cx)?;
            }
            return Some(Self(loudness));
        }
        let text = Spanned::<String>::read(node, cx)?;
        if text.eq_ignore_ascii_case("ebu-r128") {
            return Some(Self(Loudness { integrated_centilufs: -2300, true_peak_centidb: -100 }));
        }
        loudness.integrated_centilufs = level(&text, "LUFS", -4000..=-800, cx)?;
        Some(Self(loudness))
    }

    fn schema(defs: &mut Defs) -> Json {
        json!({"anyOf": [
            {"type": "string", "enum": ["ebu-r128"]},
            {"type": "string", "pattern": r"^-[0-9]+(\.[0-9]+)? ?(LUFS|lufs)$"},
            LoudnessKeys::schema(defs),
        ]})
    }
}

fn level(
    text: &Spanned<String>,
    unit: &str,
    range: std::ops::RangeInclusive<i32>,
    cx: &mut Context<'_>,
) -> Option<i32> {
    let value = with_unit(text, unit).and_then(hundredths).filter(|value| range.contains(value));
    if value.is_none() {
        let (low, high) = (range.start() / 100, range.end() / 100);
        cx.mistake(
            Code::BadLoudness,
            text.span,
            format!("`{}` is not a level from {low} to {high} {unit}", text.value),
        );
    }
    value
}
