//! The placement's view of the run: nodes are its tasks, slots its devices.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::time::Instant;

use bevy_ecs::prelude::*;

use super::event::Event;
use super::queue::Queue;
use super::state::{Book, Busy, Cost, Mode, Node, Order, Outbox, Slots, State};
use super::tries::Attempts;
use crate::graph::NodeIndex;

/// Which node runs where, and when.
#[derive(Resource, Debug)]
pub(super) struct Places {
    /// interim
    pub waiting: BTreeSet<(Reverse<u64>, NodeIndex)>,
    pub priorities: Vec<u64>,
    pub busy: Vec<bool>,
}

impl Places {
    pub fn freed(&mut self, slot: usize) {
        self.busy[slot] = false;
    }

    pub fn emptied(&mut self, _slot: usize) {}

    /// What a node's tries have shown of where it may run.
    pub fn tried(&mut self, _node: NodeIndex, _attempts: &Attempts) {}

    /// How many slots can make a node.
    pub fn able(&self, _node: NodeIndex) -> usize {
        self.busy.len()
    }
}

/// Gives free devices what they do next.
pub(super) fn place(
    book: Res<Book>,
    mode: Res<Mode>,
    mut places: ResMut<Places>,
    mut queue: ResMut<Queue>,
    mut slots: ResMut<Slots>,
    mut outbox: ResMut<Outbox>,
    mut nodes: Query<(Entity, &Node, &mut State, &Attempts, &Cost)>,
) {
    if *mode != Mode::Going || book.broken.is_some() {
        return;
    }
    let now = Instant::now();
    let (due, gone) = queue.changes(now);
    for node in due {
        let priority = places.priorities[node.index()];
        places.waiting.insert((Reverse(priority), node));
    }
    for node in gone {
        let priority = places.priorities[node.index()];
        places.waiting.remove(&(Reverse(priority), node));
    }
    while let Some(slot) = places.busy.iter().position(|busy| !busy) {
        let Some((_, node)) = places.waiting.pop_first() else { break };
        places.busy[slot] = true;
        queue.begun(node);
        let Some((entity, action)) = book.entities[node.index()].zip(book.actions[node.index()]) else {
            continue;
        };
        let Ok((_, _, mut state, attempts, cost)) = nodes.get_mut(entity) else { continue };
        let id = slots.next_job;
        let Some(job) = book.job(id, node, attempts.thrift) else { continue };
        slots.next_job += 1;
        slots.all[slot].busy = Some(Busy { entity, node, job: id, action, heard: now, told: (0, 0) });
        *state = State::Running(slot);
        outbox.orders.push((slot, Order::Run(Box::new(job))));
        outbox.events.push(Event::NodeStarted {
            step: book.keyed.steps[node.index()],
            label: book.label(node),
            kind: book.kind(node),
            device: slots.all[slot].device.id,
            attempt: attempts.failed + 1,
            estimate_millis: cost.millis,
        });
    }
}
