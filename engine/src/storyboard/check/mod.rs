//! What can only be known of the whole: names that refer to something, files, times.

mod files;
mod names;
mod steps;
mod time;

pub use steps::declare;

use super::build::Built;
use super::value::Context;
use crate::world::World;

/// Every check. Numbered images are found on the way.
pub fn all(built: &mut Built, world: &dyn World, cx: &mut Context<'_>) {
    names::check(built, cx);
    steps::check(built, world, cx);
    let lengths = files::check(built, world, cx);
    time::check(built, &lengths, cx);
}
