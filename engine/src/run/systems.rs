//! The systems of a pass, in order: take in what workers said; look up what is known now; pass on what
//! is wanted; see what may run; place it on free devices.

use std::time::{Duration, Instant};

use bevy_ecs::prelude::*;
use bevy_ecs::system::SystemParam;

use super::event::Event;
use super::finish::{Made, fail_or_retry, finish};
use super::protocol::{Blob, Failure, FailureKind, ToFront};
use super::standing::Demand;
use super::start::RunError;
use super::state::{
    Attempts, Book, Busy, Cost, Failures, FromSlot, Inbox, LOSSES, Mode, Node, Order, Origin, Outbox,
    Priority, Slot, Slots, Stale, State, Wanted,
};
use crate::graph::NodeIndex;

/// All of them, in order.
pub(super) fn schedule() -> Schedule {
    let mut schedule = Schedule::default();
    let stale = |stale: Res<Stale>| stale.0;
    schedule.add_systems((receive, watch, (look_up, demand, ready).chain().run_if(stale), place).chain());
    schedule
}

/// The components that most systems touch.
pub(super) type Nodes<'w, 's> = Query<
    'w,
    's,
    (&'static Node, &'static mut State, &'static mut Wanted, &'static mut Attempts, &'static mut Origin),
>;

/// What taking in messages works on.
#[derive(SystemParam)]
struct Desk<'w> {
    book: ResMut<'w, Book>,
    outbox: ResMut<'w, Outbox>,
    failures: ResMut<'w, Failures>,
    stale: ResMut<'w, Stale>,
    mode: Res<'w, Mode>,
}

/// Takes in what workers said.
fn receive(mut inbox: ResMut<Inbox>, mut slots: ResMut<Slots>, mut desk: Desk, mut nodes: Nodes) {
    for (number, message) in std::mem::take(&mut inbox.0) {
        let slot = &mut slots.all[number];
        let device = Some(slot.device.id);
        if let Some(busy) = &mut slot.busy {
            busy.heard = Instant::now();
        }
        match message {
            FromSlot::Started { pid } => {
                desk.outbox.events.push(Event::WorkerStarted { device: slot.device.id, pid });
            }
            // It ends by itself or is being ended; its job comes back with that.
            FromSlot::Unfit { reason } => desk.book.broken = Some(RunError::Worker(reason)),
            FromSlot::Died { reason, killed } => {
                slot.warm.clear();
                // Of a worker that was refused, the run's own error tells.
                if desk.book.broken.is_none() {
                    let reason = reason.clone();
                    desk.outbox.events.push(Event::WorkerDied { device: slot.device.id, reason });
                }
                let kind = if killed { FailureKind::OutOfMemory } else { FailureKind::Transient };
                let failure = Failure::new(kind, format!("its worker process {reason}"));
                if let Some(busy) = slot.busy.take() {
                    desk.end(slot, busy, Err(failure), &mut nodes);
                }
            }
            FromSlot::Said(ToFront::Ready { libraries, .. }) => {
                let parts: Vec<_> =
                    libraries.iter().map(|(name, version)| format!("{name} {version}")).collect();
                slot.libraries = parts.join("; ");
            }
            FromSlot::Said(ToFront::Log { text }) => desk.outbox.events.push(Event::Log { device, text }),
            FromSlot::Said(ToFront::Progress { job, done, total, phase }) => {
                let Some(busy) = slot.busy.filter(|busy| busy.job == job) else { continue };
                let step = desk.book.keyed.steps[busy.node.index()];
                desk.outbox.events.push(Event::Progress { step, device: slot.device.id, done, total, phase });
            }
            FromSlot::Said(ToFront::Done { job, outputs, millis, peak_memory }) => {
                if let Some(busy) = slot.busy.take_if(|busy| busy.job == job) {
                    desk.end(slot, busy, Ok(Made { outputs, millis, peak_memory }), &mut nodes);
                }
            }
            FromSlot::Said(ToFront::Failed { job, failure }) => {
                if let Some(busy) = slot.busy.take_if(|busy| busy.job == job) {
                    desk.end(slot, busy, Err(failure), &mut nodes);
                }
            }
            FromSlot::Said(ToFront::Probed { .. }) => {}
        }
    }
}

impl Desk<'_> {
    /// A job has ended, one way or another.
    fn end(&mut self, slot: &Slot, busy: Busy, result: Result<Made, Failure>, nodes: &mut Nodes) {
        self.stale.0 = true;
        let result = result.and_then(|made| finish(&mut self.book, slot, &busy, made, &mut self.outbox));
        let bad_input = matches!(&result, Err(Failure { kind: FailureKind::BadInput { .. }, .. }));
        let lost = bad_input && lose(&mut self.book, busy.node, nodes);
        let Ok((_, mut state, _, mut attempts, mut origin)) = nodes.get_mut(busy.entity) else { return };
        let stopping = *self.mode == Mode::Stopping || self.book.broken.is_some();
        *state = match result {
            Ok(()) => {
                *origin = Origin::Ran;
                State::Done
            }
            Err(failure) if stopping && failure.kind != FailureKind::Permanent => State::Blocked,
            // Not this node's fault: it waits for its inputs to be made again.
            Err(_) if lost && attempts.lost < LOSSES => {
                attempts.lost += 1;
                State::Blocked
            }
            Err(failure) => {
                let attempts = &mut attempts;
                fail_or_retry(&self.book, busy.node, attempts, failure, &mut self.outbox, &mut self.failures)
            }
        };
    }
}

/// An artifact that `user` reads is missing or damaged. Looks at all that it reads, so that whatever else is
/// in that state is found now and not one try after another: their makers must make them again.
fn lose(book: &mut Book, user: NodeIndex, nodes: &mut Nodes) -> bool {
    let mut any = false;
    for maker in book.needs[user.index()].clone() {
        let store = book.cache.store();
        let sound = |blob: &Blob| store.has(blob) && store.verify(&blob.digest).is_ok();
        if book.contents[maker.index()].as_ref().is_none_or(|outputs| outputs.values().all(sound)) {
            continue;
        }
        any = true;
        book.present[maker.index()] = Some(false);
        let entity = book.entities[maker.index()];
        if let Some((_, mut state, ..)) = entity.and_then(|entity| nodes.get_mut(entity).ok()) {
            *state = State::Want;
        }
    }
    any
}

/// Kills workers that have said nothing for too long.
fn watch(mut slots: ResMut<Slots>, mut outbox: ResMut<Outbox>) {
    let patience = slots.patience;
    for (number, slot) in slots.all.iter_mut().enumerate() {
        if let Some(busy) = slot.busy.as_mut().filter(|busy| busy.heard.elapsed() > patience) {
            busy.heard = Instant::now();
            outbox.orders.push((number, Order::Kill));
            let text = format!("no sign of life for {} s: the worker is stopped", patience.as_secs());
            outbox.events.push(Event::Log { device: Some(slot.device.id), text });
        }
    }
}

/// Finds action keys that have become known, and records for them.
fn look_up(mut book: ResMut<Book>, mut outbox: ResMut<Outbox>, mut nodes: Nodes) {
    let book = &mut *book;
    if let Err(error) = book.cache.refresh() {
        book.broken = Some(error.into());
    }
    for index in 0..book.entities.len() {
        let node = NodeIndex::new(index);
        if book.actions[index].is_none() {
            book.actions[index] = book.action(node);
        }
        let Some(entity) = book.entities[index] else { continue };
        let Ok((_, mut state, wanted, _, mut origin)) = nodes.get_mut(entity) else { continue };
        let open = matches!(*state, State::Want | State::Blocked | State::Ready);
        if !open || book.contents[index].is_some() {
            continue;
        }
        let record = book.actions[index].and_then(|action| book.cache.records().find(&action));
        let Some(record) =
            record.filter(|record| book.used_ports[index].iter().all(|p| record.outputs.contains_key(p)))
        else {
            continue;
        };
        book.contents[index] = Some(record.outputs.clone());
        *state = State::Want;
        if wanted.0 > Demand::Nothing {
            *origin = Origin::Reused;
            outbox.events.push(Event::NodeDone {
                step: book.keyed.steps[index],
                label: book.label(node),
                kind: book.kind(node),
                device: None,
                millis: 0,
                bytes: record.outputs.values().map(|blob| blob.bytes).sum(),
            });
        }
    }
}

/// Passes on what is wanted, from the targets to what they read; sees which nodes must run.
fn demand(mut book: ResMut<Book>, mut nodes: Nodes) {
    let mut wants = vec![Demand::Nothing; book.entities.len()];
    for target in &book.targets {
        wants[target.index()] = Demand::Artifacts;
    }
    for index in (0..book.entities.len()).rev() {
        let Some(entity) = book.entities[index] else { continue };
        let Ok((node, mut state, mut wanted, ..)) = nodes.get_mut(entity) else { continue };
        wanted.0 = wants[index];
        if wanted.0 == Demand::Nothing || matches!(*state, State::Failed | State::Skipped(_)) {
            continue;
        }
        let known = book.contents[index].is_some();
        let enough = known && (wanted.0 == Demand::Content || book.is_present(node.0));
        let running = matches!(*state, State::Running(_));
        let passes_on = match (enough, running) {
            (true, false) => {
                *state = State::Done;
                continue;
            }
            (_, true) => Demand::Artifacts,
            (false, false) if book.actions[index].is_some() => {
                *state = State::Blocked;
                Demand::Artifacts
            }
            (false, false) => {
                *state = State::Want;
                Demand::Content
            }
        };
        for input in &book.needs[index] {
            wants[input.index()] = wants[input.index()].max(passes_on);
        }
    }
}

/// Sees which nodes may run now, and which never can.
fn ready(mut book: ResMut<Book>, mut outbox: ResMut<Outbox>, mut stale: ResMut<Stale>, mut nodes: Nodes) {
    stale.0 = false;
    for index in 0..book.entities.len() {
        let Some(entity) = book.entities[index] else { continue };
        let Ok((_, state, wanted, ..)) = nodes.get(entity) else { continue };
        if wanted.0 == Demand::Nothing || !matches!(*state, State::Want | State::Blocked) {
            continue;
        }
        let blocked = *state == State::Blocked;
        let mut fallen = None;
        let mut whole = blocked;
        for input in book.needs[index].clone() {
            let of_input = book.entities[input.index()].and_then(|entity| nodes.get(entity).ok());
            match of_input.map(|(_, state, ..)| *state) {
                Some(State::Failed) => fallen = fallen.or(Some(input)),
                Some(State::Skipped(because)) => fallen = fallen.or(Some(because)),
                Some(State::Done) => whole &= book.is_present(input),
                _ => whole = false,
            }
        }
        let Ok((_, mut state, ..)) = nodes.get_mut(entity) else { continue };
        if let Some(because) = fallen {
            *state = State::Skipped(because);
            outbox.events.push(Event::NodeSkipped {
                step: book.keyed.steps[index],
                label: book.label(NodeIndex::new(index)),
                kind: book.kind(NodeIndex::new(index)),
                because: book.label(because),
            });
        } else if whole {
            *state = State::Ready;
        }
    }
}

/// Gives free devices the ready nodes with the most work behind them, but first those whose shots a device
/// has painted already.
fn place(
    book: Res<Book>,
    mode: Res<Mode>,
    mut slots: ResMut<Slots>,
    mut outbox: ResMut<Outbox>,
    mut nodes: Query<(Entity, &Node, &mut State, &Attempts, &Priority, &Cost)>,
) {
    if *mode != Mode::Going || book.broken.is_some() || slots.all.iter().all(|slot| slot.busy.is_some()) {
        return;
    }
    let now = Instant::now();
    let mut waiting: Vec<Waiting> = nodes
        .iter()
        .filter(|(_, _, state, attempts, ..)| {
            **state == State::Ready && attempts.not_before.is_none_or(|begin| begin <= now)
        })
        .map(|(entity, node, _, attempts, priority, cost)| Waiting {
            entity,
            node: node.0,
            attempts: attempts.clone(),
            priority: priority.0,
            cost: *cost,
        })
        .collect();
    waiting.sort_by_key(|one| (std::cmp::Reverse(one.priority), one.node));
    while let Some(free) = slots.all.iter().position(|slot| slot.busy.is_none()) {
        let Some(next) = choose(&book, &slots, free, &waiting) else { break };
        let Waiting { entity, node, attempts, cost, .. } = waiting.remove(next);
        let Some(action) = book.actions[node.index()] else { continue };
        if slots.all.iter().any(|slot| slot.busy.is_some_and(|busy| busy.action == action)) {
            continue; // the same is being made: its record will serve both
        }
        if !fits(&slots, &attempts, &cost) {
            break; // lesser ones must not keep it waiting for ever
        }
        let id = slots.next_job;
        let Some(job) = book.job(id, node) else { continue };
        slots.next_job += 1;
        let slot = &mut slots.all[free];
        if !book.streams[node.index()].is_empty() {
            slot.warm.clone_from(&book.streams[node.index()]);
        }
        let (memory, alone) = (cost.memory, attempts.alone);
        slot.busy = Some(Busy { entity, node, job: id, action, memory, alone, heard: now });
        if let Ok((_, _, mut state, ..)) = nodes.get_mut(entity) {
            *state = State::Running(free);
        }
        outbox.orders.push((free, Order::Run(Box::new(job))));
        outbox.events.push(Event::NodeStarted {
            step: book.keyed.steps[node.index()],
            label: book.label(node),
            kind: book.kind(node),
            device: slots.all[free].device.id,
            attempt: attempts.failed + 1,
            estimate_millis: cost.millis,
        });
    }
}

/// A node that may run.
struct Waiting {
    entity: Entity,
    node: NodeIndex,
    attempts: Attempts,
    priority: u64,
    cost: Cost,
}

/// Which of those waiting a free device takes: the first that opens what is warm there; else the first that
/// opens nothing that is warm elsewhere, where it would be painted a second time; else the first.
fn choose(book: &Book, slots: &Slots, free: usize, waiting: &[Waiting]) -> Option<usize> {
    let shares = |one: &Waiting, slot: &Slot| {
        book.streams[one.node.index()].iter().any(|stream| slot.warm.contains(stream))
    };
    let here = waiting.iter().position(|one| shares(one, &slots.all[free]));
    let elsewhere = |one: &Waiting| slots.all.iter().any(|slot| shares(one, slot));
    let fresh = || waiting.iter().position(|one| !elsewhere(one));
    here.or_else(fresh).or((!waiting.is_empty()).then_some(0))
}

/// Whether a node may run beside what runs now: memory suffices, and neither asked to be alone. Whatever is
/// first on an idle machine fits: preflight has let it through.
fn fits(slots: &Slots, attempts: &Attempts, cost: &Cost) -> bool {
    let running: Vec<&Busy> = slots.all.iter().filter_map(|slot| slot.busy.as_ref()).collect();
    if running.is_empty() {
        return true;
    }
    let memory = running.iter().fold(cost.memory, |sum, busy| sum.saturating_add(busy.memory));
    !attempts.alone && !running.iter().any(|busy| busy.alone) && memory <= slots.memory
}

/// How long the `failed`-th failure makes a node wait.
pub(super) fn backoff(failed: u32) -> Duration {
    Duration::from_millis(250 * 4_u64.pow(failed.clamp(1, 4) - 1))
}
