//! What a script may spend: steps, memory, time. Steps are counted, so that a script that fits once always fits;
//! time only ends what the count missed.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What a script may spend.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Steps: calls, turns of loops, tries of patterns.
    pub steps: u64,
    /// Bytes of its own memory.
    pub memory: usize,
    /// How long one call into it may take.
    pub time: Duration,
    /// How long the operations that it calls may take, all together.
    pub heavy: Duration,
}

impl Limits {
    /// Of a script that describes: a storyboard, a declaration, an expansion.
    pub const DESCRIBING: Self = Self {
        steps: 10_000_000,
        memory: 128 << 20,
        time: Duration::from_millis(1500),
        heavy: Duration::ZERO,
    };
    /// Of a script that works on media, for one picture or one block of sound. Pictures and sounds are not in its
    /// own memory.
    pub const WORKING: Self = Self {
        steps: 10_000_000,
        memory: 64 << 20,
        time: Duration::from_millis(1500),
        heavy: Duration::from_secs(60),
    };
}

/// What a script ran into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Excess {
    /// Too many steps.
    Steps,
    /// Too long.
    Time,
    /// Too much work asked of the host.
    Heavy,
}

/// Turns between two looks at the clock.
const LOOK: u64 = 8;

/// What was spent so far.
#[derive(Debug)]
pub struct Meter {
    limits: Limits,
    steps: AtomicU64,
    began: Mutex<Instant>,
    excess: Mutex<Option<Excess>>,
    /// Time spent in the host's operations.
    heavy: Mutex<Duration>,
    /// Work outside of the script, such as whole-frame operations, is not the script's time.
    paused: AtomicBool,
}

impl Meter {
    /// A full purse.
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            steps: AtomicU64::new(0),
            began: Mutex::new(Instant::now()),
            excess: Mutex::new(None),
            heavy: Mutex::new(Duration::ZERO),
            paused: AtomicBool::new(false),
        }
    }

    /// Fills the purse again, for the next call.
    pub fn begin(&self) {
        self.steps.store(0, Ordering::Relaxed);
        *self.began.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
        *self.excess.lock().unwrap_or_else(PoisonError::into_inner) = None;
        *self.heavy.lock().unwrap_or_else(PoisonError::into_inner) = Duration::ZERO;
    }

    /// Runs `work`, whose time is not counted.
    pub fn apart<T>(&self, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let nested = self.paused.swap(true, Ordering::Relaxed);
        let done = work();
        self.paused.store(nested, Ordering::Relaxed);
        if !nested {
            *self.heavy.lock().unwrap_or_else(PoisonError::into_inner) += start.elapsed();
            *self.began.lock().unwrap_or_else(PoisonError::into_inner) += start.elapsed();
        }
        done
    }

    /// Whether the operations called so far took no longer than they may.
    ///
    /// # Errors
    /// They did.
    pub fn heavy(&self) -> Result<(), Excess> {
        let heavy = *self.heavy.lock().unwrap_or_else(PoisonError::into_inner);
        if heavy > self.limits.heavy { self.exceed(Excess::Heavy) } else { Ok(()) }
    }

    /// One more step.
    ///
    /// # Errors
    /// The purse is empty; it stays so until [`Meter::begin`].
    pub fn step(&self) -> Result<(), Excess> {
        let steps = self.steps.fetch_add(1, Ordering::Relaxed);
        if steps >= self.limits.steps {
            return self.exceed(Excess::Steps);
        }
        if steps.is_multiple_of(LOOK) { self.look() } else { Ok(()) }
    }

    /// `count` steps at once, for what runs in one go.
    ///
    /// # Errors
    /// As [`Meter::step`].
    pub fn charge(&self, count: f64) -> Result<(), Excess> {
        let count = if count.is_finite() { count.clamp(0.0, 1e18) as u64 } else { u64::MAX / 4 };
        let steps = self.steps.fetch_add(count, Ordering::Relaxed);
        if steps.saturating_add(count) >= self.limits.steps {
            return self.exceed(Excess::Steps);
        }
        self.look()
    }

    fn look(&self) -> Result<(), Excess> {
        let began = *self.began.lock().unwrap_or_else(PoisonError::into_inner);
        // Work apart moves the beginning on, at times beyond now.
        if Instant::now().saturating_duration_since(began) > self.limits.time {
            return self.exceed(Excess::Time);
        }
        Ok(())
    }

    fn exceed(&self, what: Excess) -> Result<(), Excess> {
        let mut excess = self.excess.lock().unwrap_or_else(PoisonError::into_inner);
        Err(*excess.get_or_insert(what))
    }

    /// What was exceeded since the last [`Meter::begin`], even if the script caught it.
    pub fn excess(&self) -> Option<Excess> {
        *self.excess.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What may be spent.
    pub fn limits(&self) -> Limits {
        self.limits
    }
}

impl Excess {
    /// For people.
    pub fn told(self, limits: Limits) -> String {
        match self {
            Self::Steps => format!("this script takes more than {} million steps", limits.steps / 1_000_000),
            Self::Heavy => {
                format!("the operations that this script calls take longer than {} s", limits.heavy.as_secs())
            }
            Self::Time => format!("this script takes longer than {} ms", limits.time.as_millis()),
        }
    }
}
