//! Effects: what moves in the air and on the ground of every setting. Each is one small file.

mod beam;
mod birds;
mod clouds;
mod fall;
mod heavens;
mod smoke;

pub(crate) use beam::beam;
pub(crate) use clouds::{cloud_bank, cloud_floor};
pub(crate) use heavens::heavens;
pub(crate) use smoke::{motes, smoke, spray};

use crate::reading::{Angle, Weather};
use crate::scene::Scene;

/// What falls, blows and hangs in the air, in front of everything.
pub(crate) fn weather(scene: &mut Scene<'_>, inside: bool) {
    if inside {
        return;
    }
    match scene.reading.weather {
        Weather::Rain => fall::rain(scene, 1.0),
        Weather::Storm => {
            fall::rain(scene, 1.5);
            fall::lightning(scene);
        }
        Weather::Snow => fall::snow(scene),
        Weather::Fog => smoke::fog(scene),
        Weather::Clear | Weather::Cloud => {}
    }
    let fair = matches!(scene.reading.weather, Weather::Clear | Weather::Cloud) && !scene.palette.night;
    if fair && scene.reading.framing.angle != Angle::Aerial && !scene.close() {
        birds::far_flock(scene);
    }
    if scene.reading.season == crate::reading::Season::Autumn {
        fall::leaves(scene);
    }
}
