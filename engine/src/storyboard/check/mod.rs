//! What can only be known of the whole: names that refer to something, files, times.

mod files;
mod names;
mod time;

use super::build::Built;
use super::value::Context;
use crate::world::World;

/// Every check. Numbered images are found on the way.
pub fn all(built: &mut Built, world: &dyn World, cx: &mut Context<'_>) {
    names::check(built, cx);
    let lengths = files::check(built, world, cx);
    time::check(built, &lengths, cx);
}
