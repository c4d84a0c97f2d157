//! Reading a shot's words: where and when it is, how it is framed, who is in it and what they do,
//! and what of it the model cannot draw. Pure text in, plain data out.

mod cast;
pub(crate) mod vocabulary;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub use crate::camera::Move;
use crate::grade::{Grade, has_word};
use crate::settings;
use crate::text::ShotText;
pub(crate) use cast::{cast_of, too_close};

/// The hour of the day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hour {
    /// First light, the sun at the horizon.
    Dawn,
    /// Fresh light.
    #[default]
    Morning,
    /// High sun.
    Noon,
    /// The low sun before it sets.
    GoldenHour,
    /// After sunset.
    Dusk,
    /// Dark.
    Night,
}

/// What falls from the sky or hangs in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Weather {
    /// Few clouds.
    #[default]
    Clear,
    /// A covered sky.
    Cloud,
    /// Rain.
    Rain,
    /// Snow.
    Snow,
    /// Fog or mist.
    Fog,
    /// Rain, wind and lightning.
    Storm,
}

/// The time of the year, where the words tell it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Season {
    /// Blossom and fresh green.
    Spring,
    /// Full green.
    #[default]
    Summer,
    /// Red and gold.
    Autumn,
    /// Bare or white.
    Winter,
}

/// The feeling that leans the palette.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mood {
    /// As the hour gives it.
    #[default]
    Calm,
    /// Cooler and darker.
    Sombre,
    /// Warmer and lighter.
    Joyful,
    /// Harder contrast.
    Tense,
    /// Lighter, with more haze.
    Tender,
}

/// How much of the picture the subject fills.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ShotSize {
    /// The place, with small figures.
    #[default]
    Wide,
    /// Figures from the knees or the waist.
    Medium,
    /// A face or a thing.
    CloseUp,
    /// A part of a face or thing.
    ExtremeCloseUp,
}

/// Where the camera looks from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Angle {
    /// Eye level.
    #[default]
    Level,
    /// From below.
    Low,
    /// From above.
    High,
    /// From the air.
    Aerial,
}

/// Whose view it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Viewpoint {
    /// Nobody's.
    #[default]
    Plain,
    /// Past somebody's shoulder.
    OverTheShoulder,
    /// Somebody's own eyes.
    FirstPerson,
}

/// The framing of a shot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Framing {
    /// How much of the picture the subject fills.
    pub size: ShotSize,
    /// Where the camera looks from.
    pub angle: Angle,
    /// Whose view it is.
    pub view: Viewpoint,
}

/// Someone or something in the shot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Player {
    /// The character's or prop's name, or the words that named it.
    pub name: String,
    /// How it looks.
    pub description: String,
    /// The subject that is painted for it.
    pub subject: String,
    /// Whether it is one of the storyboard's characters.
    pub character: bool,
    /// What it does, as a word of the model: `walk`, `fly`, `idle`, ...
    pub motion: String,
    /// How many.
    pub count: u32,
    /// Whether somebody has it in their hands.
    #[serde(default)]
    pub held: bool,
}

/// What the model understood of a shot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// The setting's name in the model: `sea`, `forest`, ...
    pub setting: String,
    /// The hour.
    pub hour: Hour,
    /// The weather.
    pub weather: Weather,
    /// Whether it blows.
    pub wind: bool,
    /// The season.
    pub season: Season,
    /// The mood.
    pub mood: Mood,
    /// The framing.
    pub framing: Framing,
    /// The camera's moves, together.
    pub moves: Vec<Move>,
    /// Who and what is in it, the most important first.
    pub players: Vec<Player>,
    /// Words and phrases that the text asks for and the model cannot draw.
    pub not_drawn: Vec<String>,
}

/// Reads a shot's words.
pub fn read(text: &ShotText) -> Reading {
    let place = text.place.clone().unwrap_or_default().to_lowercase();
    let action = cast::with_names(text).to_lowercase();
    let written = text.setting.to_lowercase();
    let look = text.look.to_lowercase();
    let caption = if action.trim().is_empty() { text.caption.to_lowercase() } else { String::new() };
    // The nearest words win: what happens, then the scene's setting, then the place.
    let order = [written.as_str(), action.as_str(), place.as_str(), caption.as_str(), look.as_str()];
    // A place may be "a stormy sea" on a fine morning: only its shots tell the weather.
    let now = [written.as_str(), action.as_str(), caption.as_str(), look.as_str()];
    let weather = vocabulary::first(&now, vocabulary::WEATHER).unwrap_or_default();
    let setting = settings::best(&place, &written, &action, &caption);
    let season = vocabulary::first(&order, vocabulary::SEASONS).unwrap_or(if weather == Weather::Snow {
        Season::Winter
    } else {
        Season::Summer
    });
    let camera = text.camera.to_lowercase();
    let mut players = cast_of(text, &action, &place);
    let framing = framing(&camera, &players);
    let first = players.first().cloned();
    let prop = |p: &Player| text.props.iter().any(|named| named.name == p.name);
    players.retain(|p| p.character || p.held || prop(p) || !settings::draws(setting, &p.name, &p.subject));
    if players.is_empty() && matches!(framing.size, ShotSize::CloseUp | ShotSize::ExtremeCloseUp) {
        // A close picture of a thing shows it, even where the set has one of its own.
        players.extend(first);
    }
    // No house stands in a room; what stands near it is not seen from there.
    let outdoors = |p: &Player| setting.inside() && settings::is_outdoors(&p.subject);
    let left: Vec<String> = players
        .iter()
        .filter(|p| outdoors(p) && has_word(&action, &p.name))
        .map(|p| p.name.clone())
        .collect();
    players.retain(|p| !outdoors(p));
    let hidden = (0..players.len()).filter(|&i| too_close(framing.size, i, &players));
    let mut not_drawn = cast::unread_words(text, &action, &players, setting);
    not_drawn.extend(left);
    // What only the place names may well be out of a close picture.
    not_drawn.extend(hidden.map(|i| players[i].name.clone()).filter(|name| has_word(&action, name)));
    not_drawn.extend(Grade::read(&text.look).1.into_iter().filter(|p| !vocabulary::says_something(p)));
    not_drawn.extend(camera_leftovers(&camera));
    let mut told = BTreeSet::new();
    not_drawn.retain(|one| told.insert(one.clone()));
    Reading {
        setting: setting.name().to_owned(),
        hour: vocabulary::first(&order, vocabulary::HOURS).unwrap_or_default(),
        weather,
        wind: weather == Weather::Storm
            || order.iter().any(|t| vocabulary::WINDY.iter().any(|w| has_word(t, w))),
        season,
        mood: vocabulary::first(&order, vocabulary::MOODS).unwrap_or_default(),
        framing,
        moves: moves(&camera),
        players,
        not_drawn,
    }
}

/// The framing that camera words name; without any, figures are shown at medium size.
fn framing(camera: &str, players: &[Player]) -> Framing {
    let tells = |words: &[&str]| words.iter().any(|w| has_word(camera, w));
    let angle = vocabulary::first(&[camera], vocabulary::ANGLES).unwrap_or_default();
    let view = vocabulary::first(&[camera], vocabulary::VIEWS).unwrap_or_default();
    let size =
        if tells(&["extreme close-up", "extreme closeup", "extreme close up", "macro", "detail", "ecu"]) {
            ShotSize::ExtremeCloseUp
        } else if let Some(size) = vocabulary::first(&[camera], vocabulary::SIZES) {
            size
        } else {
            let people = players.iter().any(|p| p.character);
            let plain = angle == Angle::Level && view == Viewpoint::Plain;
            if view == Viewpoint::OverTheShoulder || plain && people {
                ShotSize::Medium
            } else {
                ShotSize::Wide
            }
        };
    Framing { size, angle, view }
}

/// The moves that camera words name, in the model's order.
fn moves(camera: &str) -> Vec<Move> {
    let mut found = Vec::new();
    for (words, step, other) in vocabulary::MOVES {
        let Some(word) = words.iter().find(|w| has_word(camera, w)) else { continue };
        let rest = &camera[camera.find(word).unwrap_or(0)..];
        let reversed = other.is_some_and(|(word, _)| {
            rest.split([',', ';']).next().is_some_and(|clause| has_word(clause, word))
        });
        let step = if reversed { other.map_or(*step, |(_, o)| o) } else { *step };
        if !found.contains(&step) {
            found.push(step);
        }
    }
    if found.is_empty() {
        found.push(Move::Static);
    }
    found
}

/// Whether a lower-case text names an hour.
pub(crate) fn names_hour(text: &str) -> bool {
    vocabulary::first(&[text], vocabulary::HOURS).is_some()
}

/// Whether a lower-case text names a weather.
pub(crate) fn names_weather(text: &str) -> bool {
    vocabulary::first(&[text], vocabulary::WEATHER).is_some()
}

/// The moves that camera words name; `static` where they name none.
pub(crate) fn camera_moves(camera: &str) -> Vec<Move> {
    moves(&camera.to_lowercase())
}

/// Camera phrases that say nothing to the model.
fn camera_leftovers(camera: &str) -> Vec<String> {
    camera
        .split([',', ';'])
        .map(str::trim)
        .filter(|p| !p.is_empty() && !vocabulary::says_camera(p))
        .map(|p| format!("camera: {p}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shot(action: &str, camera: &str, setting: &str) -> Reading {
        read(&ShotText {
            action: action.into(),
            camera: camera.into(),
            setting: setting.into(),
            ..ShotText::default()
        })
    }

    #[test]
    fn camera_words() {
        let r = shot("", "handheld close-up", "");
        assert_eq!((r.framing.size, r.moves), (ShotSize::CloseUp, vec![Move::Handheld]));
        let r = shot("", "slow pan left, wide, low angle", "");
        assert_eq!(
            (r.framing.size, r.framing.angle, r.moves),
            (ShotSize::Wide, Angle::Low, vec![Move::PanLeft])
        );
        assert_eq!(shot("", "extreme close-up", "").framing.size, ShotSize::ExtremeCloseUp);
        assert_eq!(shot("", "over-the-shoulder", "").framing.view, Viewpoint::OverTheShoulder);
        assert_eq!(shot("", "aerial, push in", "").framing.angle, Angle::Aerial);
        assert_eq!(shot("", "tilt down", "").moves, vec![Move::TiltDown]);
        assert_eq!(shot("", "", "").moves, vec![Move::Static]);
    }

    #[test]
    fn hours_and_weather() {
        let r = shot("waves burst over the rocks", "wide", "dawn, wind rising");
        assert_eq!((r.hour, r.wind, r.setting.as_str()), (Hour::Dawn, true, "sea"));
        assert_eq!(shot("", "", "night, heavy rain").weather, Weather::Rain);
        assert_eq!(shot("snow falls on the pines", "", "dusk").weather, Weather::Snow);
        assert_eq!(shot("", "", "golden hour").hour, Hour::GoldenHour);
    }

    #[test]
    fn things_of_two_words_and_strangers_are_cast() {
        let subjects = |r: &Reading| r.players.iter().map(|p| p.subject.clone()).collect::<Vec<_>>();
        let r = shot("a lamp post by the harbour wall", "wide", "dusk");
        assert_eq!(subjects(&r)[0], "street lamp");
        assert!(!r.not_drawn.iter().any(|w| w.contains("post")), "{:?}", r.not_drawn);
        let tom = crate::text::Portrayal { name: "tom".into(), description: "a fisherman".into() };
        let text = |action: &str, camera: &str| ShotText {
            action: action.into(),
            camera: camera.into(),
            characters: vec![tom.clone()],
            ..ShotText::default()
        };
        assert_eq!(read(&text("tom meets a woman", "medium")).players.len(), 2);
        assert_eq!(read(&text("the fisherman waits", "medium")).players.len(), 1);
        // A face leaves no room for a cat.
        let r = read(&text("tom sits with a cat", "close-up"));
        assert!(r.not_drawn.iter().any(|w| w == "cat"), "{:?}", r.not_drawn);
    }

    #[test]
    fn what_cannot_be_drawn_is_told() {
        let r = shot("a xylophone hovers over the sea", "crash zoom through the keyhole", "noon");
        assert!(r.not_drawn.iter().any(|w| w.contains("xylophone")), "{:?}", r.not_drawn);
    }
}
