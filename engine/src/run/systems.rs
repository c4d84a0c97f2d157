//! The systems of a pass, in order: take in what workers said; stop those that hang; settle what is known,
//! wanted and ready now; place it on free devices.

use std::time::{Duration, Instant};

use bevy_ecs::prelude::*;
use bevy_ecs::system::SystemParam;

use super::event::Event;
use super::finish::{Made, finish};
use super::links::Links;
use super::place::{Places, place};
use super::protocol::{Blob, Failure, FailureKind, ToFront};
use super::queue::Queue;
use super::settle::settle;
use super::start::RunError;
use super::state::{
    Book, Busy, Failures, FromSlot, Inbox, Mode, Node, Order, Origin, Outbox, Slots, State, Wanted,
};
use super::tries::{Attempts, Next};
use crate::cache::CacheError;
use crate::graph::NodeIndex;
use crate::units::Digest;

/// How the account of a job begins that was stopped because it hung.
const HUNG: &str = "it made no progress";

/// Passes follow each other faster than this, unless the front stands still.
const STANDSTILL: Duration = Duration::from_secs(2);

/// All of them, in order.
pub(super) fn schedule() -> Schedule {
    let mut schedule = Schedule::default();
    schedule.add_systems((receive, watch, settle, place).chain());
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
    links: ResMut<'w, Links>,
    queue: ResMut<'w, Queue>,
    places: ResMut<'w, Places>,
    mode: Res<'w, Mode>,
}

/// Takes in what workers said.
fn receive(mut inbox: ResMut<Inbox>, mut slots: ResMut<Slots>, mut desk: Desk, mut nodes: Nodes) {
    for (number, message) in std::mem::take(&mut inbox.0) {
        match message {
            FromSlot::Started { pid } => {
                let slot = &mut slots.all[number];
                if let Some(busy) = &mut slot.busy {
                    busy.heard = Instant::now();
                }
                desk.outbox.events.push(Event::WorkerStarted { device: slot.device.id, pid });
            }
            // It ends by itself or is being ended; its job comes back with that.
            FromSlot::Unfit { reason } => desk.book.broken = Some(RunError::Worker(reason)),
            FromSlot::Died { job, reason, words, cause } => {
                let device = Some(slots.all[number].device.id);
                let last = words.lines().map(|line| Event::Log { device, text: line.to_owned() });
                desk.outbox.events.extend(last);
                desk.died(&mut slots, number, job, reason, cause, &mut nodes);
            }
            FromSlot::Said(message) => desk.said(&mut slots, number, message, &mut nodes),
        }
    }
}

impl Desk<'_> {
    /// A worker process has ended that should not have.
    fn died(
        &mut self,
        slots: &mut Slots,
        number: usize,
        job: u64,
        reason: String,
        cause: FailureKind,
        nodes: &mut Nodes,
    ) {
        let slot = &mut slots.all[number];
        self.places.emptied(number);
        // Of a worker that was refused, the run's own error tells.
        if self.book.broken.is_none() {
            let reason = reason.clone();
            self.outbox.events.push(Event::WorkerDied { device: slot.device.id, reason });
        }
        // A job that was given to it meanwhile is with the next worker already.
        let busy = slot.busy.take_if(|busy| busy.job == job);
        let hung = busy.is_some() && std::mem::take(&mut slot.hung);
        let message = match hung {
            true => hung_for(slots.patience),
            false => format!("its worker process {reason}"),
        };
        if let Some(busy) = busy {
            self.end(slots, number, busy, Err(Failure::new(cause, message)), nodes);
        }
    }

    fn said(&mut self, slots: &mut Slots, number: usize, message: ToFront, nodes: &mut Nodes) {
        let slot = &mut slots.all[number];
        match message {
            ToFront::Ready { libraries, .. } => {
                let parts: Vec<_> =
                    libraries.iter().map(|(name, version)| format!("{name} {version}")).collect();
                slot.libraries = parts.join("; ");
            }
            ToFront::Log { text } => {
                self.outbox.events.push(Event::Log { device: Some(slot.device.id), text });
            }
            ToFront::Progress { job, done, total, phase } => {
                let Some(busy) = slot.busy.as_mut().filter(|busy| busy.job == job) else { return };
                let told = (done, Digest::of(phase.as_bytes()).low_u64());
                if std::mem::replace(&mut busy.told, told) != told {
                    busy.heard = Instant::now();
                }
                let step = self.book.keyed.steps[busy.node.index()];
                self.outbox.events.push(Event::Progress { step, device: slot.device.id, done, total, phase });
            }
            ToFront::Done { job, outputs, millis, peak_memory } => {
                slot.peak_memory = slot.peak_memory.max(peak_memory);
                if let Some(busy) = slot.busy.take_if(|busy| busy.job == job) {
                    self.end(slots, number, busy, Ok(Made { outputs, millis, peak_memory }), nodes);
                }
            }
            ToFront::Failed { job, failure } => {
                if let Some(busy) = slot.busy.take_if(|busy| busy.job == job) {
                    // Its inputs did not come in time: what brings them answers for it.
                    let hung = slot.hung && failure.kind == FailureKind::Cancelled;
                    let failure = if hung { Failure::transient(hung_for(slots.patience)) } else { failure };
                    self.end(slots, number, busy, Err(failure), nodes);
                }
            }
            ToFront::Probed { .. } => {}
        }
    }

    /// A job has ended, one way or another.
    fn end(
        &mut self,
        slots: &mut Slots,
        number: usize,
        busy: Busy,
        result: Result<Made, Failure>,
        nodes: &mut Nodes,
    ) {
        self.places.freed(number);
        slots.all[number].hung = false;
        let slot = &slots.all[number];
        let result = result.and_then(|made| finish(&mut self.book, slot, &busy, made, &mut self.outbox));
        for (node, action) in std::mem::take(&mut self.book.void) {
            self.links.leaves(node, action);
            self.links.agenda.insert(node);
        }
        let lost = match &result {
            Err(Failure { kind: FailureKind::BadInput { digest }, .. }) => self.lose(busy.node, *digest),
            _ => false,
        };
        let Ok((_, mut state, _, mut attempts, mut origin)) = nodes.get_mut(busy.entity) else { return };
        let stopping = *self.mode == Mode::Stopping;
        *state = match result {
            Ok(()) => {
                *origin = Origin::Ran;
                State::Done
            }
            // What ends the run tells why; a node that it took along is not to blame.
            Err(_) if self.book.broken.is_some() => State::Blocked,
            Err(failure) if stopping && failure.kind != FailureKind::Permanent => State::Blocked,
            Err(failure) if failure.kind == FailureKind::Permanent && self.unwritable() => State::Blocked,
            Err(failure) => self.again_or_end(slots, number, busy.node, failure, lost, &mut attempts),
        };
        self.links.agenda.insert(busy.node);
    }

    /// Whether nothing can be written to the cache any more: that is no fault of the node that met it first, and
    /// every other would meet it, too. Ends the run with one account.
    fn unwritable(&mut self) -> bool {
        match self.book.cache.store().try_write() {
            Err(error @ (CacheError::Full(_) | CacheError::NotWritable { .. })) => {
                self.book.broken.get_or_insert(error.into());
                true
            }
            _ => false,
        }
    }

    /// The state of a node whose try failed: another try, or the end.
    fn again_or_end(
        &mut self,
        slots: &mut Slots,
        number: usize,
        node: NodeIndex,
        mut failure: Failure,
        lost: bool,
        attempts: &mut Attempts,
    ) -> State {
        if failure.node.is_empty() {
            failure.node = self.book.label(node);
        }
        let device = slots.all[number].device.id;
        let able = self.places.able(node);
        let spares = self.book.keyed.graph[node].kind.spares;
        if failure.kind != FailureKind::Permanent && self.book.is_gone() {
            // No fault of the node: the run waits for the folder, and the try does not count.
            self.book.recalled = None;
            self.tell_again(
                node,
                attempts,
                failure,
                "the same again, once the folder is back",
                Duration::ZERO,
            );
            return State::Blocked;
        }
        match attempts.next(failure.kind, lost, (number, able), spares, &slots.retries) {
            Next::Inputs => {
                let how = "the same again, once what it reads is made again";
                self.tell_again(node, attempts, failure, how, Duration::ZERO);
                State::Blocked
            }
            Next::Again { after, how, renew } => {
                self.queue.wait(node, Instant::now() + after);
                self.places.tried(node, attempts);
                if renew {
                    self.places.emptied(number);
                    self.outbox.orders.push((number, Order::Renew));
                }
                self.tell_again(node, attempts, failure, how, after);
                State::Blocked
            }
            Next::End { tried } => {
                failure.help = failure.help.or_else(|| remedy(failure.kind, &failure.message));
                if !tried.is_empty() {
                    failure.message = format!("{} ({tried})", failure.message);
                }
                let failed = failure.clone();
                let step = self.book.keyed.steps[node.index()];
                let (label, kind) = (self.book.label(node), self.book.kind(node));
                let device = Some(device);
                self.outbox.events.push(Event::NodeFailed { step, label, kind, device, failure: failed });
                self.failures.0.push((node, device, failure));
                State::Failed
            }
        }
    }

    /// Tells that a node is tried again: why, in which way, and after how long.
    fn tell_again(
        &mut self,
        node: NodeIndex,
        attempts: &Attempts,
        failure: Failure,
        how: &str,
        after: Duration,
    ) {
        self.outbox.events.push(Event::Retry {
            step: self.book.keyed.steps[node.index()],
            label: self.book.label(node),
            attempt: attempts.failed + 1,
            reason: failure.message,
            how: how.to_owned(),
            after_millis: after.as_millis() as u64,
        });
    }

    /// An artifact that `user` reads is missing or damaged. Whatever else of what it reads is gone is found now and
    /// not one try after another: the worker has looked at all of it, and put aside what is damaged. Their makers
    /// must make them again, unless the remote has them.
    fn lose(&mut self, user: NodeIndex, damaged: Digest) -> bool {
        let mut any = false;
        for maker in self.links.needs(user).to_vec() {
            let cache = &self.book.cache;
            let ports = &self.book.used_ports[maker.index()];
            let sound = |(port, blob): (&String, &Blob)| {
                let told = blob.digest == damaged && cache.store().has(blob);
                !ports.contains(port) || (!told && cache.available(blob))
            };
            if self.book.contents[maker.index()].as_ref().is_none_or(|outputs| outputs.iter().all(sound)) {
                continue;
            }
            any = true;
            self.book.present[maker.index()] = Some(false);
            self.links.agenda.insert(maker);
        }
        any
    }
}

/// That a job has made no progress for so long.
fn hung_for(patience: Duration) -> String {
    format!("{HUNG} for {} s and was stopped", patience.as_secs_f64())
}

/// What to do about a failure that does not say so itself.
fn remedy(kind: FailureKind, message: &str) -> Option<String> {
    let words = match kind {
        FailureKind::OutOfMemory => {
            "close other programs, give workers more by --worker-memory, take fewer of them by --devices, or render at a smaller --size"
        }
        FailureKind::Transient if message.starts_with(HUNG) => {
            "if the step is only slow, give it longer by --patience; the same command tries it again"
        }
        FailureKind::Transient | FailureKind::BadInput { .. } => {
            "the same command tries it again; --verbose tells more, --tries tries it more often"
        }
        FailureKind::Permanent | FailureKind::Cancelled => return None,
    };
    Some(words.to_owned())
}

/// Kills workers whose jobs have made no progress for too long. While the front itself stood still, because it was
/// stopped or the machine slept, it could hear of none: that time does not count.
fn watch(mut slots: ResMut<Slots>, mut outbox: ResMut<Outbox>, mut last: Local<Option<Instant>>) {
    let now = Instant::now();
    let gap = last.replace(now).map(|last| now.duration_since(last)).filter(|gap| *gap > STANDSTILL);
    if let Some(gap) = gap {
        let busy = slots.all.iter_mut().filter_map(|slot| slot.busy.as_mut());
        busy.for_each(|busy| busy.heard = (busy.heard + gap).min(now));
    }
    let patience = slots.patience;
    for (number, slot) in slots.all.iter_mut().enumerate() {
        if let Some(busy) = slot.busy.as_mut().filter(|busy| busy.heard.elapsed() > patience) {
            busy.heard = Instant::now();
            slot.hung = true;
            outbox.orders.push((number, Order::Kill));
            let text = format!("no progress for {} s: the worker is stopped", patience.as_secs_f64());
            outbox.events.push(Event::Log { device: Some(slot.device.id), text });
        }
    }
}
