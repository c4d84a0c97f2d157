//! Nodes that may run: some at once, some only after a while, since a try of theirs has failed.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use bevy_ecs::prelude::*;

use crate::graph::NodeIndex;

/// What enters and leaves the placement at the next pass.
#[derive(Resource, Debug, Default)]
pub(super) struct Queue {
    /// All of them.
    all: BTreeSet<NodeIndex>,
    /// Those that the placement does not know yet.
    fresh: BTreeSet<NodeIndex>,
    /// Those that it shall forget.
    gone: BTreeSet<NodeIndex>,
    /// When those may begin that have failed.
    later: BTreeMap<NodeIndex, Instant>,
}

impl Queue {
    /// It may run now, or once it has waited.
    pub fn enter(&mut self, node: NodeIndex) {
        self.all.insert(node);
        if !self.gone.remove(&node) {
            self.fresh.insert(node);
        }
    }

    /// It may not run any more.
    pub fn leave(&mut self, node: NodeIndex) {
        if self.all.remove(&node) && !self.fresh.remove(&node) {
            self.gone.insert(node);
        }
    }

    /// It has begun: the placement knows.
    pub fn begun(&mut self, node: NodeIndex) {
        self.all.remove(&node);
        self.later.remove(&node);
    }

    /// It may not begin before that.
    pub fn wait(&mut self, node: NodeIndex, until: Instant) {
        self.later.insert(node, until);
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// What the placement must learn: who may run by now, and who may not any more.
    pub fn changes(&mut self, now: Instant) -> (Vec<NodeIndex>, Vec<NodeIndex>) {
        let later = &self.later;
        let due = |node: &NodeIndex| later.get(node).is_none_or(|until| *until <= now);
        let (due, waiting): (Vec<_>, Vec<_>) = std::mem::take(&mut self.fresh).into_iter().partition(due);
        self.fresh = waiting.into_iter().collect();
        (due, std::mem::take(&mut self.gone).into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_node_that_failed_waits_and_one_that_left_before_it_was_known_is_not_told_of() {
        let (mut queue, now) = (Queue::default(), Instant::now());
        let [a, b, c] = [0, 1, 2].map(NodeIndex::new);
        queue.wait(b, now + Duration::from_secs(9));
        [a, b, c].into_iter().for_each(|node| queue.enter(node));
        queue.leave(c);
        assert_eq!(queue.changes(now), (vec![a], vec![]));
        assert_eq!(queue.changes(now + Duration::from_secs(10)), (vec![b], vec![]));
        queue.leave(a);
        queue.begun(b);
        assert_eq!(queue.changes(now), (vec![], vec![a]));
        assert!(queue.is_empty());
    }
}
