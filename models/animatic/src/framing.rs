//! Framing: where the horizon lies, how large the set is, how large and where the subject stands.

use crate::reading::{Angle, Reading, ShotSize, Viewpoint};
use crate::scene::View;
use crate::settings::Setting;
use crate::text::Request;

/// How the framing sees the set.
pub(crate) fn view(reading: &Reading, setting: &dyn Setting, request: &Request) -> View {
    let framing = reading.framing;
    let (mut horizon, k, defocus): (f64, f64, f64) = match framing.size {
        ShotSize::Wide => (0.08, 1.0, 0.0),
        ShotSize::Medium => (0.06, 1.45, 0.0028),
        ShotSize::CloseUp => (0.02, 2.2, 0.011),
        ShotSize::ExtremeCloseUp => (0.0, 3.0, 0.018),
    };
    let mut k = k;
    match framing.angle {
        Angle::Level => {}
        Angle::Low => horizon += 0.33,
        Angle::High => horizon -= 0.33,
        Angle::Aerial => {
            horizon = -0.40;
            k *= 0.55;
        }
    }
    if setting.inside() {
        horizon *= 0.6;
        k = k.max(1.0);
    }
    if framing.view == Viewpoint::FirstPerson {
        horizon -= 0.03;
    }
    if let Some(line) = crate::sketch::read(request).and_then(|guide| guide.horizon) {
        horizon = line;
    }
    View { horizon, k, defocus, shift: 0.0 }
}

/// Set y of the ground at depth 1.
pub(crate) fn eye_height(reading: &Reading) -> f64 {
    match reading.framing.angle {
        Angle::Low => 0.20,
        Angle::Level => 0.42,
        Angle::High => 0.78,
        Angle::Aerial => 1.6,
    }
}

/// How far camera moves go: close framings take smaller ones.
pub(crate) fn reach(reading: &Reading) -> f64 {
    match reading.framing.size {
        ShotSize::Wide => 1.0,
        ShotSize::Medium => 0.72,
        ShotSize::CloseUp => 0.5,
        ShotSize::ExtremeCloseUp => 0.4,
    }
}
