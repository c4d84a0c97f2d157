//! The one place that reads the wall clock. Records and events carry its answers; no result depends on them.

use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// A moment, in microseconds since 1970 (UTC).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Moment(pub u64);

impl Moment {
    /// Now, as this machine's clock has it.
    #[allow(clippy::disallowed_methods)] // this is that one place
    pub fn now() -> Self {
        Self::of(SystemTime::now())
    }

    /// A file's time as a moment; times before 1970 are 0.
    pub fn of(time: SystemTime) -> Self {
        Self(time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_micros() as u64))
    }

    /// Microseconds from `earlier` to here; 0 where `earlier` is later.
    pub fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}
