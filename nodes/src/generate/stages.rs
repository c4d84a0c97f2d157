//! Stages that were painted lately. The head, core and tail of a shot, and the transitions at its
//! ends, are jobs of their own; painting the shot's layers anew for each would cost more than
//! drawing from them.

use std::sync::{Arc, Mutex, PoisonError};

use storyreel_animatic::Stage;
use storyreel_engine::run::protocol::Failure;
use storyreel_engine::units::Digest;

/// A transition holds two; a stage at 1080p is some 200 MB, so no more are kept.
const KEPT: usize = 2;

/// The stage of that key, painted where it is not at hand.
///
/// # Errors
/// Those of `paint`.
pub fn stage(key: Digest, paint: impl FnOnce() -> Result<Stage, Failure>) -> Result<Arc<Stage>, Failure> {
    static LATELY: Mutex<Vec<(Digest, Arc<Stage>)>> = Mutex::new(Vec::new());
    let known = {
        let mut lately = LATELY.lock().unwrap_or_else(PoisonError::into_inner);
        let at = lately.iter().position(|(known, _)| *known == key);
        let known = at.map(|at| lately.remove(at));
        if known.is_none() {
            lately.truncate(KEPT - 1);
        }
        known
    };
    let entry = match known {
        Some(entry) => entry,
        None => (key, Arc::new(paint()?)),
    };
    let stage = Arc::clone(&entry.1);
    LATELY.lock().unwrap_or_else(PoisonError::into_inner).insert(0, entry);
    Ok(stage)
}
