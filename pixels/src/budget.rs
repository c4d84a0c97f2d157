//! The account of the memory that a node's frames take, and the planes taken from it.
//!
//! What always holds: no plane exists that is not on its budget's account; planes in use and planes kept for
//! the next frame are together never more than the limit.

use std::fmt;
use std::mem;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::error::{PixelError, Result};

/// So many planes that were let go are kept: a frame's worth is made and dropped with every picture, and
/// memory that is new from the system costs more than what most operations do with it.
const KEPT: usize = 8;

/// How many bytes of pictures may be held at a time. Clones are the same account.
#[derive(Clone)]
pub struct Budget(Arc<Mutex<Account>>);

#[derive(Default)]
struct Account {
    limit: usize,
    /// Bytes of planes in use.
    held: usize,
    /// The most that was in use at a time.
    peak: usize,
    /// Planes that nobody uses, oldest first.
    kept: Vec<Vec<f32>>,
}

impl Account {
    fn kept_bytes(&self) -> usize {
        self.kept.iter().map(|samples| bytes_of(samples.capacity())).sum()
    }

    /// Lets kept planes go until `asked` bytes more fit, and takes those on the account.
    fn take(&mut self, asked: usize) -> Result<()> {
        let wanted = self.held.saturating_add(asked);
        if wanted > self.limit {
            return Err(PixelError::Memory { limit: self.limit, held: self.held, asked });
        }
        while !self.kept.is_empty() && wanted.saturating_add(self.kept_bytes()) > self.limit {
            self.kept.remove(0);
        }
        self.held = wanted;
        self.peak = self.peak.max(wanted);
        Ok(())
    }
}

fn bytes_of(samples: usize) -> usize {
    samples.saturating_mul(size_of::<f32>())
}

impl Budget {
    /// An account of so many bytes.
    pub fn new(limit: usize) -> Self {
        Self(Arc::new(Mutex::new(Account { limit, ..Account::default() })))
    }

    /// The most bytes that may be in use at a time.
    pub fn limit(&self) -> usize {
        self.account().limit
    }

    /// Bytes in use now.
    pub fn held(&self) -> usize {
        self.account().held
    }

    /// The most bytes that were in use at a time.
    pub fn peak(&self) -> usize {
        self.account().peak
    }

    fn account(&self) -> MutexGuard<'_, Account> {
        // Nothing here panics half-way through a change of the account.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// So many samples of zero.
    pub(crate) fn plane(&self, samples: usize) -> Result<Plane> {
        let mut plane = self.unwritten(samples)?;
        plane.fill(0.0);
        Ok(plane)
    }

    /// So many samples of whatever is there; the caller writes every one.
    pub(crate) fn unwritten(&self, samples: usize) -> Result<Plane> {
        let asked = bytes_of(samples);
        let mut account = self.account();
        let fitting = account.kept.iter().position(|kept| kept.len() == samples);
        let fitting = fitting.map(|at| account.kept.remove(at));
        account.take(asked)?;
        drop(account);
        let held = Held { budget: self.clone(), bytes: asked };
        if let Some(samples) = fitting {
            return Ok(Plane { samples, _held: held });
        }
        let mut made = Vec::new();
        made.try_reserve_exact(samples).map_err(|_| PixelError::OutOfMemory { asked })?;
        made.resize(samples, 0.0);
        Ok(Plane { samples: made, _held: held })
    }
}

impl fmt::Debug for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let account = self.account();
        f.debug_struct("Budget").field("limit", &account.limit).field("held", &account.held).finish()
    }
}

/// Bytes on an account, until this is dropped.
struct Held {
    budget: Budget,
    bytes: usize,
}

impl Drop for Held {
    fn drop(&mut self) {
        self.budget.account().held -= self.bytes;
    }
}

/// Samples that are on an account.
pub(crate) struct Plane {
    samples: Vec<f32>,
    _held: Held,
}

impl Deref for Plane {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        &self.samples
    }
}

impl DerefMut for Plane {
    fn deref_mut(&mut self) -> &mut [f32] {
        &mut self.samples
    }
}

impl fmt::Debug for Plane {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Plane({} samples)", self.samples.len())
    }
}

impl Drop for Plane {
    fn drop(&mut self) {
        let samples = mem::take(&mut self.samples);
        let mut account = self._held.budget.account();
        if account.kept.len() == KEPT {
            account.kept.remove(0);
        }
        // The plane itself is still on the account here, so what is kept never goes beyond the limit.
        account.kept.push(samples);
        let over = account.held.saturating_sub(self._held.bytes).saturating_add(account.kept_bytes());
        if over > account.limit {
            account.kept.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn planes_are_counted_and_given_back() {
        let budget = Budget::new(4000);
        let first = budget.plane(600).unwrap();
        let second = budget.plane(400).unwrap();
        assert_eq!(budget.held(), 4000);
        let refused = budget.plane(1).unwrap_err();
        assert_eq!(refused, PixelError::Memory { limit: 4000, held: 4000, asked: 4 });
        drop(first);
        assert_eq!(budget.held(), 1600);
        assert_eq!(budget.plane(600).unwrap().len(), 600);
        drop(second);
        assert_eq!((budget.held(), budget.peak()), (0, 4000));
    }

    #[test]
    fn kept_planes_make_room_for_others_and_come_back_clear() {
        let budget = Budget::new(4000);
        budget.plane(1000).unwrap().fill(7.0);
        assert!(budget.plane(1000).unwrap().iter().all(|sample| *sample == 0.0));
        assert!(budget.plane(999).is_ok(), "what is kept gives way");
        assert!(budget.account().kept_bytes() <= 4000);
    }

    #[test]
    fn absurd_sizes_are_refused() {
        assert!(Budget::new(usize::MAX).plane(usize::MAX / 8).is_err());
        assert!(Budget::new(1 << 20).plane(usize::MAX).is_err());
    }
}
