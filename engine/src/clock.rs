//! The one place that reads the wall clock. Records and events carry its answers; no result depends on them.

use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// A moment, in microseconds since 1970 (UTC).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u64", into = "u64")]
pub struct Moment(pub u64);

/// A number that is no moment of these or the next thousands of years.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} microseconds since 1970 lie after the year 9999")]
pub struct NoMoment(u64);

impl TryFrom<u64> for Moment {
    type Error = NoMoment;

    fn try_from(micros: u64) -> Result<Self, NoMoment> {
        if micros <= Self::LAST.0 { Ok(Self(micros)) } else { Err(NoMoment(micros)) }
    }
}

impl From<Moment> for u64 {
    fn from(moment: Moment) -> Self {
        moment.0
    }
}

impl Moment {
    /// The end of the year 9999: what is read has no later moment, so that there is always a next one.
    pub const LAST: Self = Self(253_402_300_799_999_999);

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
