//! What was painted lately. The head, core and tail of a shot, and the transitions at its ends, are jobs of
//! their own; painting the shot's layers anew for each would cost more than drawing from them.

use std::any::Any;
use std::sync::{Arc, Mutex, PoisonError};

use storyreel_engine::run::protocol::Failure;
use storyreel_engine::units::Digest;

/// Bytes that are kept for later jobs: some four shots of 1920x1080. What a job holds counts too.
const BUDGET: usize = 600 << 20;

/// How many things are kept, however small: two shots with an edit each, as a transition between them needs.
/// Without this bound the memory of a small film would grow with its shots.
const KEPT: usize = 4;

/// One painted thing.
struct Kept {
    key: Digest,
    what: Arc<dyn Any + Send + Sync>,
    bytes: usize,
}

/// The latest first.
static LATELY: Mutex<Vec<Kept>> = Mutex::new(Vec::new());

/// What was painted under `key`, or `paint`ed now; `bytes` says how much it holds.
///
/// # Errors
/// Those of `paint`.
pub fn painted<T: Send + Sync + 'static>(
    key: Digest,
    bytes: impl FnOnce(&T) -> usize,
    paint: impl FnOnce() -> Result<T, Failure>,
) -> Result<Arc<T>, Failure> {
    if let Some(known) = known(key) {
        return Ok(known);
    }
    let made = Arc::new(paint()?);
    let mut lately = LATELY.lock().unwrap_or_else(PoisonError::into_inner);
    lately.insert(0, Kept { key, bytes: bytes(&made), what: made.clone() });
    lately.truncate(KEPT);
    let mut sum = 0;
    lately.retain(|kept| {
        sum += kept.bytes;
        sum <= BUDGET
    });
    Ok(made)
}

/// Keeps nothing of what was painted so far.
pub fn forget_painted() {
    LATELY.lock().unwrap_or_else(PoisonError::into_inner).clear();
}

/// What was painted under that key; it becomes the latest.
fn known<T: Send + Sync + 'static>(key: Digest) -> Option<Arc<T>> {
    let mut lately = LATELY.lock().unwrap_or_else(PoisonError::into_inner);
    let at = lately.iter().position(|kept| kept.key == key && kept.what.is::<T>())?;
    let kept = lately.remove(at);
    let what = kept.what.clone();
    lately.insert(0, kept);
    what.downcast().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> Digest {
        Digest::of(&[byte])
    }

    #[test]
    fn it_is_painted_once_until_others_take_its_room() {
        let half = BUDGET / 2;
        let mut times = 0;
        let mut ask = |byte: u8| {
            let paint = || {
                times += 1;
                Ok(byte)
            };
            assert_eq!(painted(key(byte), |_: &u8| half, paint).map(|made| *made).ok(), Some(byte));
            times
        };
        assert_eq!([ask(1), ask(1), ask(2), ask(1)], [1, 1, 2, 2]);
        assert_eq!([ask(3), ask(1), ask(2)], [3, 3, 4], "the one asked for longest ago went");
    }
}
