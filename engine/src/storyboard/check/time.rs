//! Times that have to fit each other.

use crate::storyboard::build::Built;
use crate::storyboard::value::Context;

/// Checks every time.
pub fn check(_built: &Built, _cx: &mut Context<'_>) {}
