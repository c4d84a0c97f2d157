//! What a shot inherits: the nearest wins, `look` accumulates.

use crate::storyboard::types::{Spanned, Style};

/// The style of a shot, resolved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Inherited {
    pub look: String,
    pub avoid: String,
    pub camera: String,
    pub seed: u64,
    pub picture_model: String,
    pub sound_model: String,
}

/// Resolves `film`, `scene`, `shot`, in that order.
pub(super) fn inherit(styles: &[&Style]) -> Inherited {
    let looks: Vec<&str> =
        styles.iter().filter_map(|style| style.look.as_deref()).map(|text| text.trim()).collect();
    Inherited {
        look: looks.join(", "),
        avoid: nearest_text(styles, |style| style.avoid.as_ref()).unwrap_or_default(),
        camera: nearest_text(styles, |style| style.camera.as_ref()).unwrap_or_default(),
        seed: nearest(styles, |style| style.seed.as_ref()).copied().unwrap_or(0),
        picture_model: nearest_text(styles, |style| style.models.picture.as_ref())
            .unwrap_or_else(|| "animatic".into()),
        sound_model: nearest_text(styles, |style| style.models.sound.as_ref())
            .unwrap_or_else(|| "synth".into()),
    }
}

fn nearest<'a, T>(
    styles: &[&'a Style],
    field: impl Fn(&'a Style) -> Option<&'a Spanned<T>>,
) -> Option<&'a T> {
    styles.iter().rev().find_map(|style| field(style)).map(|spanned| &spanned.value)
}

fn nearest_text<'a>(
    styles: &[&'a Style],
    field: impl Fn(&'a Style) -> Option<&'a Spanned<String>>,
) -> Option<String> {
    nearest(styles, field).map(|text| text.trim().to_owned())
}
