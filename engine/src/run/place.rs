//! The placement at work: nodes are its tasks, slots its devices.

use std::time::Instant;

use bevy_ecs::prelude::*;

use super::event::Event;
use super::protocol::Thrift;
use super::queue::Queue;
use super::state::{Book, Busy, Cost, Mode, Node, Order, Outbox, Slots, State};
use super::tasks::Tasks;
use super::tries::Attempts;
use crate::graph::NodeIndex;
use crate::placement::{Assignment, ModelId, Placement};
use crate::world::Tool;

/// Which node runs where, and when.
#[derive(Resource, Debug)]
pub(super) struct Places {
    tasks: Tasks,
    placement: Placement,
    began: Instant,
}

impl Places {
    /// With nothing ready yet, and every device free.
    pub fn new(tasks: Tasks) -> Self {
        let (placed, rule) = tasks.placed();
        let work = tasks.work.clone();
        let placement = Placement::new(placed, work.models, &work.devices, work.pools, rule);
        Self { tasks, placement, began: Instant::now() }
    }

    /// A slot's job has ended.
    pub fn freed(&mut self, slot: usize) {
        self.placement.freed(slot);
    }

    /// A slot's worker holds nothing any more.
    pub fn emptied(&mut self, slot: usize) {
        self.placement.emptied(slot);
    }

    /// What a node's tries have shown of where and how it may run.
    pub fn tried(&mut self, node: NodeIndex, attempts: &Attempts) {
        let Some(task) = self.tasks.number(node) else { return };
        if attempts.thrift > Thrift::AsItIs {
            self.placement.alone(task);
        }
        attempts.barred.iter().for_each(|slot| self.placement.bar(task, *slot));
    }

    /// How many slots can make a node, whatever its tries have shown.
    pub fn able(&self, node: NodeIndex) -> usize {
        let work = &self.tasks.work;
        let gpu = self.tasks.number(node).is_some_and(|task| work.tasks[task].gpu);
        let of_its_kind = work.devices.iter().filter(|device| device.gpu == gpu).count();
        if of_its_kind > 0 || gpu { of_its_kind } else { work.devices.len() }
    }

    /// The first of these nodes that no device here can make, whatever else it does, and the bytes of memory that it
    /// needs with its model.
    pub fn unable(&self, nodes: &[NodeIndex]) -> Option<(NodeIndex, u64)> {
        let mut tasks = nodes.iter().filter_map(|node| Some((*node, self.tasks.number(*node)?)));
        let (node, task) = tasks.find(|(_, task)| !self.placement.can_ever_run(*task))?;
        let work = &self.tasks.work;
        let of_model = work.tasks[task].model.map_or(0, |model| work.models[model].memory);
        Some((node, work.tasks[task].memory + of_model))
    }

    fn update(&mut self, queue: &mut Queue, now: Instant) {
        let (due, gone) = queue.changes(now);
        for task in due.into_iter().filter_map(|node| self.tasks.number(node)) {
            self.placement.ready(task);
        }
        for task in gone.into_iter().filter_map(|node| self.tasks.number(node)) {
            self.placement.withdraw(task);
        }
    }

    fn next(&mut self, now: Instant) -> Option<Assignment> {
        self.placement.next(now.duration_since(self.began).as_millis() as u64)
    }

    fn tools(&self, models: &[ModelId]) -> Vec<Tool> {
        models.iter().map(|model| self.tasks.models[*model]).collect()
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
    mut nodes: Query<(&Node, &mut State, &Attempts, &Cost)>,
) {
    if *mode != Mode::Going || book.broken.is_some() || book.gone.is_some() {
        return;
    }
    let now = Instant::now();
    places.update(&mut queue, now);
    while let Some(assignment) = places.next(now) {
        let (slot, node) = (assignment.device, places.tasks.nodes[assignment.task]);
        queue.begun(node);
        for (other, model) in &assignment.elsewhere {
            outbox.orders.push((*other, Order::Leave(places.tools(&[*model]))));
        }
        let placed = book.entities[node.index()].zip(book.actions[node.index()]);
        let Some((entity, action)) = placed else { unreachable!("what is ready is named") };
        let Ok((_, mut state, attempts, cost)) = nodes.get_mut(entity) else { continue };
        let id = slots.next_job;
        let leave = places.tools(&assignment.leave);
        let Some(job) = book.job(id, node, attempts.thrift, leave) else {
            unreachable!("of what is ready, all inputs are there")
        };
        slots.next_job += 1;
        slots.all[slot].hung = false;
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
