//! Ready tasks that any device takes alike: of one model, of one need of memory. The first is found without
//! looking at the others, whatever the number of tasks and of sets.
//!
//! What always holds: every task is in [`Queue::fresh`], or in its set's own list with exactly the list's
//! first task in [`Queue::fresh`] or [`Queue::held`], by whether a device holds the set.

use std::collections::{BTreeMap, BTreeSet};

use super::{SetId, TaskId};

/// A task's place in a queue: lowest first, equal ones in the order of their numbers.
pub(super) type Key = (u64, TaskId);

/// How well a task's set goes with a device, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tier {
    /// The device holds its set.
    Own,
    /// No device holds its set, or it has none.
    Fresh,
    /// Another device holds its set.
    Elsewhere,
}

/// See the module.
#[derive(Clone, Debug, Default)]
pub(super) struct Queue {
    fresh: BTreeSet<Key>,
    held: BTreeSet<Key>,
    sets: BTreeMap<SetId, BTreeSet<Key>>,
}

impl Queue {
    pub fn is_empty(&self) -> bool {
        self.fresh.is_empty() && self.held.is_empty()
    }

    /// The task that a device which holds `own` takes first.
    pub fn first(&self, own: Option<SetId>) -> Option<(Tier, Key)> {
        if let Some(key) = own.and_then(|set| self.sets.get(&set)?.first()) {
            return Some((Tier::Own, *key));
        }
        let fresh = self.fresh.first().map(|key| (Tier::Fresh, *key));
        fresh.or_else(|| self.held.first().map(|key| (Tier::Elsewhere, *key)))
    }

    fn heads(&mut self, held: bool) -> &mut BTreeSet<Key> {
        if held { &mut self.held } else { &mut self.fresh }
    }

    /// Puts a task in; `held` tells whether a device holds its set.
    pub fn insert(&mut self, key: Key, set: Option<SetId>, held: bool) {
        let Some(set) = set else {
            self.fresh.insert(key);
            return;
        };
        let list = self.sets.entry(set).or_default();
        let before = list.first().copied();
        list.insert(key);
        if before.is_none_or(|before| key < before) {
            let heads = self.heads(held);
            before.map(|before| heads.remove(&before));
            heads.insert(key);
        }
    }

    /// Takes a task out; `held` tells whether a device holds its set.
    pub fn remove(&mut self, key: Key, set: Option<SetId>, held: bool) {
        let Some(set) = set else {
            self.fresh.remove(&key);
            return;
        };
        let Some(list) = self.sets.get_mut(&set) else { return };
        list.remove(&key);
        let next = list.first().copied();
        if next.is_none() {
            self.sets.remove(&set);
        }
        if self.heads(held).remove(&key) {
            self.heads(held).extend(next);
        }
    }

    /// A device has begun to hold the set, or none does any more.
    pub fn hold(&mut self, set: SetId, held: bool) {
        if let Some(first) = self.sets.get(&set).and_then(|list| list.first().copied()) {
            self.heads(!held).remove(&first);
            self.heads(held).insert(first);
        }
    }
}
