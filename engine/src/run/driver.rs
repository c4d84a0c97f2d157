//! The loop around the world: messages in, a pass of the systems, events and orders out.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bevy_ecs::prelude::*;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::event::{EVENTS, Event, EventLine, Reporter};
use super::process::{Driver, WorkerCommand};
use super::protocol::{PROTOCOL, ToWorker};
use super::queue::Queue;
use super::state::{Book, FromSlot, Inbox, Mode, Order, Outbox, Slots};
use crate::cache::remote::RemoteCache;

/// How long a job that was cancelled may take to answer.
const GRACE: Duration = Duration::from_secs(10);

/// How often passes run and reporters tick when nothing happens.
const TICK: Duration = Duration::from_millis(100);

/// Where the wish to stop comes from. The first stops gently, the second at once.
#[derive(Debug)]
pub enum Interrupts {
    /// Ctrl-C, SIGTERM, and a terminal that goes away.
    Signals,
    /// A channel, for those who embed the engine.
    Channel(UnboundedReceiver<()>),
}

/// Tells the reporter, with the time since the run began.
pub(super) struct Teller<'a> {
    pub reporter: &'a mut dyn Reporter,
    pub began: Instant,
}

impl Teller<'_> {
    pub fn tell(&mut self, event: Event) {
        let at = self.began.elapsed().as_micros() as u64;
        self.reporter.event(&EventLine { version: EVENTS, at, event });
    }
}

/// Runs until nothing is left that can be done, or the run was stopped.
pub(super) async fn drive(
    world: &mut World,
    schedule: &mut Schedule,
    command: &WorkerCommand,
    interrupts: Interrupts,
    teller: &mut Teller<'_>,
) {
    let (heard, mut inbox) = unbounded_channel();
    let mut stops = stops(interrupts);
    let mut crew = Crew { heard, slots: Vec::new() };
    crew.slots.resize_with(world.resource::<Slots>().all.len(), || None);
    let mut deadline: Option<Instant> = None;
    loop {
        schedule.run(world);
        deliver(world, &mut crew, command, teller);
        if is_over(world) {
            break;
        }
        tokio::select! {
            message = inbox.recv() => {
                let waiting = std::iter::from_fn(|| inbox.try_recv().ok());
                let all: Vec<_> = message.into_iter().chain(waiting).collect();
                world.resource_mut::<Inbox>().0.extend(all);
            }
            Some(()) = stops.recv() => {
                let again = *world.resource::<Mode>() == Mode::Stopping;
                deadline = Some(if again { Instant::now() } else { Instant::now() + GRACE });
                if !again {
                    stop(world);
                    teller.tell(Event::Stopping);
                }
            }
            () = tokio::time::sleep(TICK) => {}
        }
        if world.resource::<Book>().broken.is_some() && deadline.is_none() {
            stop(world);
            deadline = Some(Instant::now() + GRACE);
        }
        if deadline.is_some_and(|deadline| deadline <= Instant::now()) {
            deadline = Some(Instant::now() + GRACE);
            order_all(world, |_| Order::Kill);
        }
        teller.reporter.tick();
    }
    crew.dismiss().await;
}

/// Nothing more is begun; what runs is asked to stop.
fn stop(world: &mut World) {
    *world.resource_mut::<Mode>() = Mode::Stopping;
    order_all(world, Order::Cancel);
}

fn order_all(world: &mut World, order: impl Fn(u64) -> Order) {
    let slots = world.resource::<Slots>().all.iter().enumerate();
    let orders: Vec<_> = slots.filter_map(|(number, slot)| Some((number, order(slot.busy?.job)))).collect();
    world.resource_mut::<Outbox>().orders.extend(orders);
}

/// Passes on what the pass gave.
fn deliver(world: &mut World, crew: &mut Crew, command: &WorkerCommand, teller: &mut Teller) {
    let Outbox { events, orders } = std::mem::take(&mut *world.resource_mut::<Outbox>());
    events.into_iter().for_each(|event| teller.tell(event));
    for (number, order) in orders {
        let device = &world.resource::<Slots>().all[number].device;
        let hello = || ToWorker::Hello {
            protocol: PROTOCOL,
            cache: world.resource::<Book>().cache.store().root().to_owned(),
            device: device.id.to_string(),
            threads: device.threads,
            memory: device.limit,
            tools: command.tools.clone(),
        };
        let command = || command.clone().with(&device.environment());
        let remote = world.resource::<Book>().cache.remote().cloned();
        crew.order(number, order, command, hello, remote);
    }
}

/// Whether nothing runs and nothing can begin.
fn is_over(world: &mut World) -> bool {
    if world.resource::<Slots>().all.iter().any(|slot| slot.busy.is_some()) {
        return false;
    }
    let going = *world.resource::<Mode>() == Mode::Going && world.resource::<Book>().broken.is_none();
    !going || world.resource::<Queue>().is_empty()
}

/// The tasks that attend to workers, one a slot, begun when first needed.
struct Crew {
    heard: UnboundedSender<(usize, FromSlot)>,
    slots: Vec<Option<(UnboundedSender<Order>, tokio::task::JoinHandle<()>)>>,
}

impl Crew {
    fn order(
        &mut self,
        slot: usize,
        order: Order,
        command: impl FnOnce() -> WorkerCommand,
        hello: impl FnOnce() -> ToWorker,
        remote: Option<Arc<RemoteCache>>,
    ) {
        let heard = &self.heard;
        let (sender, _) = self.slots[slot].get_or_insert_with(|| {
            let (sender, orders) = unbounded_channel();
            let driver = Driver {
                slot,
                command: command(),
                hello: hello(),
                orders,
                heard: heard.clone(),
                remote,
                waiting: None,
            };
            (sender, tokio::spawn(driver.drive()))
        });
        // The task lives as long as its sender.
        let _ = sender.send(order);
    }

    /// Closes all workers' standard inputs and waits for them to end.
    async fn dismiss(self) {
        let (senders, tasks): (Vec<_>, Vec<_>) = self.slots.into_iter().flatten().unzip();
        drop(senders);
        for task in tasks {
            let _ = task.await;
        }
    }
}

/// One channel for every wish to stop. It stays open, so that waiting on it never ends by itself.
pub(super) fn stops(interrupts: Interrupts) -> UnboundedReceiver<()> {
    let (sender, receiver) = unbounded_channel();
    match interrupts {
        Interrupts::Channel(mut channel) => tokio::spawn(async move {
            while channel.recv().await.is_some() {
                let _ = sender.send(());
            }
            sender.closed().await;
        }),
        Interrupts::Signals => {
            use tokio::signal::unix::{SignalKind, signal};
            // Taken now, not when the task first runs: a signal between would end the program.
            let signals = (
                signal(SignalKind::interrupt()),
                signal(SignalKind::terminate()),
                signal(SignalKind::hangup()),
            );
            tokio::spawn(async move {
                let (Ok(mut interrupt), Ok(mut terminate), Ok(mut hangup)) = signals else {
                    return sender.closed().await;
                };
                loop {
                    tokio::select! {
                        _ = interrupt.recv() => {}
                        _ = terminate.recv() => {}
                        _ = hangup.recv() => {}
                    }
                    let _ = sender.send(());
                }
            })
        }
    };
    receiver
}
