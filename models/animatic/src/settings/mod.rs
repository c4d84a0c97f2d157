//! Settings: where a shot can be. Each is one small file that answers to words and paints layers;
//! adding one adds a file and its line in [`ALL`].

use crate::grade::has_word;
use crate::paint::{self, SubjectKind};
use crate::scene::Scene;

mod desert;
mod field;
mod forest;
mod harbour;
pub(crate) mod land;
mod mountains;
mod pieces;
mod room;
mod sea;
mod sky;
mod street;

/// Where a shot can be.
pub(crate) trait Setting: Sync {
    /// Its name.
    fn name(&self) -> &'static str;
    /// The words that call it, with how strongly they do.
    fn words(&self) -> &'static [(&'static str, u32)];
    /// Words of which it draws what they name, beyond those that call it.
    fn details(&self) -> &'static [&'static str] {
        &[]
    }
    /// Whether it is under a roof: no weather falls in it.
    fn inside(&self) -> bool {
        false
    }
    /// Paints it, from the farthest layer to the nearest.
    fn paint(&self, scene: &mut Scene<'_>);
}

/// Every setting, in a fixed order; the last is for words that name none.
pub(crate) const ALL: &[&dyn Setting] = &[
    &sea::Sea,
    &harbour::Harbour,
    &forest::Forest,
    &mountains::Mountains,
    &desert::Desert,
    &street::Street,
    &room::Room,
    &field::Field,
    &sky::Sky,
];

/// The setting of that name.
pub(crate) fn by_name(name: &str) -> &'static dyn Setting {
    ALL.iter().copied().find(|s| s.name() == name).unwrap_or(&sky::Sky)
}

/// The setting that the texts call most strongly. The written setting and the place weigh more than
/// the action, in which things are named that are only seen from there.
pub(crate) fn best(place: &str, written: &str, action: &str, caption: &str) -> &'static dyn Setting {
    let score = |setting: &dyn Setting| -> u32 {
        setting
            .words()
            .iter()
            .map(|(word, weight)| {
                let in_text = |text: &str, times: u32| if has_word(text, word) { weight * times } else { 0 };
                in_text(place, 3) + in_text(written, 3) + in_text(action, 2) + in_text(caption, 2)
            })
            .sum()
    };
    let mut winner: (&'static dyn Setting, u32) = (&sky::Sky, 0);
    for setting in ALL {
        let points = score(*setting);
        if points > winner.1 {
            winner = (*setting, points);
        }
    }
    winner.0
}

/// Whether a setting draws a named thing itself, so that it need not be put there once more.
pub(crate) fn draws(setting: &dyn Setting, name: &str, subject: &str) -> bool {
    let own =
        |word: &str| setting.words().iter().any(|(w, _)| *w == word) || setting.details().contains(&word);
    let kind = paint::all().iter().find(|s| s.name() == subject).map(|s| s.kind());
    match kind {
        Some(SubjectKind::Plant) => own(name) || own(&format!("{name}s")),
        // A place may be called by a piece that it has none of, as a parlour by its piano.
        Some(SubjectKind::Furniture | SubjectKind::Thing) => {
            setting.inside() && (setting.details().contains(&name) || name == "lamp" && subject == "lamp")
        }
        Some(SubjectKind::Building) => !matches!(subject, "lighthouse" | "windmill" | "tower") && own(name),
        _ => false,
    }
}

/// Whether a thing is a building that stands under the sky.
pub(crate) fn is_outdoors(subject: &str) -> bool {
    let kind = paint::all().iter().find(|s| s.name() == subject).map(|s| s.kind());
    kind == Some(SubjectKind::Building) && !["door", "gate", "stairs", "rail", "sign"].contains(&subject)
}

/// Whether a word is one that the setting draws. A place's own words count in every setting: they
/// say where it is.
pub(crate) fn knows(setting: &dyn Setting, word: &str) -> bool {
    setting.details().contains(&word) || ALL.iter().any(|s| s.words().iter().any(|(w, _)| has_word(w, word)))
}
