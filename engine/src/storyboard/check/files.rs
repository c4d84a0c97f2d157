//! The files that the storyboard names: whether they are there and what they are.

use crate::storyboard::build::Built;
use crate::storyboard::value::Context;
use crate::world::World;

/// Checks every file.
pub fn check(_built: &mut Built, _world: &dyn World, _cx: &mut Context<'_>) {}
