//! How a free device's next task is chosen.

use super::{DeviceId, ModelId, Placement, Task, TaskId};

/// The ways to choose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rule {
    /// The longest way to the end first, unless a model's loading outweighs it: what a run does.
    #[default]
    Weighed,
    /// The task that was named first, wherever a device is free: a baseline.
    FirstCome,
    /// The first task whose model is loaded on the freed device, else the first: a baseline.
    Loaded,
    /// As [`Rule::Weighed`], by priorities that mean nothing: a control.
    Shuffled,
}

/// A pair that could be begun now.
struct Offer {
    device: DeviceId,
    task: TaskId,
    load: u64,
}

impl Placement {
    /// The device and the task that begin next.
    pub(super) fn choose(&self, now: u64) -> Option<(DeviceId, TaskId)> {
        match self.rule {
            Rule::FirstCome => self.first_come(|_, _| true),
            Rule::Loaded => self
                .first_come(|device, task| self.load(device, task) == 0)
                .or_else(|| self.first_come(|_, _| true)),
            Rule::Weighed | Rule::Shuffled => self.weighed(now),
        }
    }

    fn free(&self) -> impl Iterator<Item = DeviceId> + '_ {
        (0..self.devices.len()).filter(|device| self.devices[*device].busy.is_none())
    }

    /// Milliseconds that loading the task's model would take.
    fn load(&self, device: DeviceId, task: TaskId) -> u64 {
        let absent = |model: &ModelId| !self.devices[device].resident.contains(model);
        self.tasks[task].model.filter(absent).map_or(0, |model| self.models[model].load_millis)
    }

    fn first_come(&self, fits: impl Fn(DeviceId, TaskId) -> bool) -> Option<(DeviceId, TaskId)> {
        let mut ready: Vec<TaskId> = self.queues.values().flatten().map(|(_, task)| *task).collect();
        ready.sort_unstable();
        let fits = &fits;
        let pairs = self.free().flat_map(|device| ready.iter().map(move |task| (device, *task)));
        pairs
            .into_iter()
            .find(|(device, task)| fits(*device, *task) && self.leaving(*device, *task).is_some())
    }

    /// Of the tasks that lead their queues, with every free device: the pair of most worth. Worth is the work
    /// behind a task, less what its model's loading costs; a pair that loads is not worth doing while devices
    /// that hold the model are about to be free and have little in their queue.
    fn weighed(&self, now: u64) -> Option<(DeviceId, TaskId)> {
        let offers = self.free().flat_map(|device| self.offers(device));
        let best = offers
            .filter(|offer| offer.load == 0 || self.worth_loading(offer, now))
            .max_by_key(|offer| self.worth(offer))?;
        Some((best.device, best.task))
    }

    fn offers(&self, device: DeviceId) -> impl Iterator<Item = Offer> + '_ {
        let leading = self.queues.values().filter_map(|queue| queue.first());
        leading
            .map(move |(_, task)| Offer { device, task: *task, load: self.load(device, *task) })
            .filter(move |offer| self.leaving(device, offer.task).is_some())
    }

    /// Most first; equal ones in a fixed order.
    fn worth(&self, offer: &Offer) -> (i64, i64, std::cmp::Reverse<(DeviceId, TaskId)>) {
        let Task { priority, millis, .. } = self.tasks[offer.task];
        let order = std::cmp::Reverse((offer.device, offer.task));
        (priority as i64 - 2 * offer.load as i64, millis as i64, order)
    }

    /// Whether one more device should hold the offer's model.
    fn worth_loading(&self, offer: &Offer, now: u64) -> bool {
        let model = self.tasks[offer.task].model;
        let holders: Vec<&super::Device> = self
            .devices
            .iter()
            .filter(|device| model.is_some_and(|model| device.resident.contains(&model)))
            .collect();
        if holders.is_empty() {
            return true;
        }
        // When the queue would be done by those who hold the model already.
        let queued = self.queued.get(&model).copied().unwrap_or(0);
        let busy: u64 =
            holders.iter().filter_map(|device| device.busy).map(|(_, until)| until.saturating_sub(now)).sum();
        (queued + busy) / holders.len() as u64 > offer.load
    }
}
