//! Effects: what moves in the air and on the ground of every setting. Each is one small file.

mod clouds;
mod heavens;

pub(crate) use clouds::{cloud_bank, cloud_floor};
pub(crate) use heavens::heavens;

use crate::scene::Scene;

/// What falls, blows and hangs in the air, in front of everything.
pub(crate) fn weather(_scene: &mut Scene<'_>, _inside: bool) {}
