//! What is known, wanted and ready, kept true after every event: nodes on the agenda are looked at until
//! none is left, each of them setting on the agenda whom its change concerns.

use bevy_ecs::prelude::*;

use super::event::Event;
use super::links::Links;
use super::queue::Queue;
use super::standing::Demand;
use super::state::{Book, Origin, Outbox, Recalled, State};
use super::systems::Nodes;
use crate::graph::{ActionKey, NodeIndex};

/// The system.
pub(super) fn settle(
    mut book: ResMut<Book>,
    mut links: ResMut<Links>,
    mut queue: ResMut<Queue>,
    mut outbox: ResMut<Outbox>,
    mut nodes: Nodes,
) {
    match book.recall() {
        Ok(Recalled::NotNow) => {}
        Ok(Recalled::Nothing) => book.find(&mut outbox),
        // Another process has finished something: it may be what any open node waits for.
        Ok(Recalled::Entries) => {
            book.find(&mut outbox);
            links.agenda.extend(book.open_nodes(&nodes));
        }
        Ok(Recalled::Gone) => book.miss(&mut outbox),
        Err(error) => book.broken = Some(error.into()),
    }
    let mut settling =
        Settling { book: &mut book, links: &mut links, queue: &mut queue, outbox: &mut outbox };
    while let Some(node) = settling.links.agenda.pop_first() {
        settling.look_at(node, &mut nodes);
    }
}

/// What a pass works on.
struct Settling<'a> {
    book: &'a mut Book,
    links: &'a mut Links,
    queue: &'a mut Queue,
    outbox: &'a mut Outbox,
}

impl Settling<'_> {
    fn look_at(&mut self, node: NodeIndex, nodes: &mut Nodes) {
        let Some(entity) = self.book.entities[node.index()] else { return };
        let Ok((_, mut state, mut wanted, _, mut origin)) = nodes.get_mut(entity) else { return };
        let fallen = match *state {
            State::Running(_) => return,
            State::Failed => Some(node),
            State::Skipped(because) => Some(because),
            _ => None,
        };
        if let Some(because) = fallen {
            self.give_up(node, because);
            return;
        }
        let action = self.action(node);
        let found = self.look_up(node, action);
        let demand = self.links.wanted(node);
        wanted.0 = demand;
        if found && demand > Demand::Nothing {
            *origin = Origin::Reused;
            self.tell_reused(node);
        }
        let known = self.book.contents[node.index()].is_some();
        self.links.set_known(node, known);
        let present = known && demand == Demand::Artifacts && self.book.is_present(node);
        self.links.set_whole(node, present);
        let next = match (demand, self.links.fallen(node), action) {
            (Demand::Nothing, ..) => State::Want,
            _ if present || (known && demand == Demand::Content) => State::Done,
            (_, Some(because), _) => State::Skipped(because),
            (_, None, None) => State::Want,
            (_, None, Some(action)) if self.links.inputs_whole(node) && self.links.makes(node, action) => {
                State::Ready
            }
            (_, None, Some(_)) => State::Blocked,
        };
        // A node that is skipped goes on asking for what it reads, so that the next run has less to do.
        if !matches!(next, State::Skipped(_)) {
            self.links.pass(node, passes(next, demand));
        }
        self.turn(node, &mut state, next, action);
    }

    /// A node's state becomes `next`.
    fn turn(&mut self, node: NodeIndex, state: &mut State, next: State, action: Option<ActionKey>) {
        let before = std::mem::replace(state, next);
        match (before == State::Ready, next == State::Ready) {
            (false, true) => self.queue.enter(node),
            (true, false) => self.queue.leave(node),
            _ => {}
        }
        if next != State::Ready
            && let Some(action) = action
        {
            self.links.leaves(node, action);
        }
        if let State::Skipped(because) = next {
            self.outbox.events.push(Event::NodeSkipped {
                step: self.book.keyed.steps[node.index()],
                label: self.book.label(node),
                kind: self.book.kind(node),
                because: self.book.label(because),
            });
            self.give_up(node, because);
        }
    }

    /// Nothing more comes of a node, nor of what needs it.
    fn give_up(&mut self, node: NodeIndex, because: NodeIndex) {
        self.links.set_whole(node, false);
        self.links.fell(node, because);
        if let Some(action) = self.book.actions[node.index()] {
            self.links.leaves(node, action);
        }
    }

    /// The node's action key, once all that it reads is known.
    fn action(&mut self, node: NodeIndex) -> Option<ActionKey> {
        if self.book.actions[node.index()].is_none() && self.links.inputs_known(node) {
            self.book.name_action(node);
        }
        self.book.actions[node.index()]
    }

    /// Takes the content from a record, where the node's is not known; whether it did.
    fn look_up(&mut self, node: NodeIndex, action: Option<ActionKey>) -> bool {
        if self.book.contents[node.index()].is_some() {
            return false;
        }
        let record = action.and_then(|action| self.book.cache.records().find(&action));
        let ports = &self.book.used_ports[node.index()];
        let whole = record.filter(|record| ports.iter().all(|port| record.outputs.contains_key(port)));
        let Some(outputs) = whole.map(|record| record.outputs.clone()) else { return false };
        self.book.contents[node.index()] = Some(outputs);
        true
    }

    fn tell_reused(&mut self, node: NodeIndex) {
        let outputs = self.book.contents[node.index()].iter().flat_map(|outputs| outputs.values());
        self.outbox.events.push(Event::NodeDone {
            step: self.book.keyed.steps[node.index()],
            label: self.book.label(node),
            kind: self.book.kind(node),
            device: None,
            millis: 0,
            bytes: outputs.map(|blob| blob.bytes).sum(),
        });
    }
}

/// What a node in that state asks of what it reads: what must run needs its inputs' artifacts; what is not
/// named yet needs no more than to know them.
fn passes(state: State, demand: Demand) -> Demand {
    match state {
        State::Want if demand > Demand::Nothing => Demand::Content,
        State::Blocked | State::Ready | State::Running(_) => Demand::Artifacts,
        State::Want | State::Done | State::Failed | State::Skipped(_) => Demand::Nothing,
    }
}
