//! How a free device's next task is chosen.

use super::queue::Tier;
use super::{Device, DeviceId, Kind, Lane, ModelId, Placement, Room, Task, TaskId};

/// The ways to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// The longest way to the end first, weighed against loading models: what a run does.
    Weighed(Weights),
    /// The task that was ready first, wherever a device is free: a baseline.
    FirstCome,
    /// The task that was ready first of those whose model is loaded on the freed device, else of all: a
    /// baseline.
    Loaded,
    /// As [`Rule::Weighed`], by priorities that mean nothing: a control.
    Shuffled(Weights),
}

impl Default for Rule {
    fn default() -> Self {
        Self::Weighed(Weights::default())
    }
}

/// What [`Rule::Weighed`] weighs by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weights {
    /// How many hundredths of a model's loading time a way to the end must be longer for it.
    pub load: i64,
    /// The same for the loading time of what would leave and is needed again.
    pub leave: i64,
    /// How many hundredths of a model's loading time those who hold it must need for what is ready, before one
    /// more device loads it.
    pub queue: i64,
    /// How many hundredths of the time that all devices able to do a kind of task need for what is left of it
    /// count as its way to the end.
    pub scarce: i64,
    /// The models that each device may load; where no present device may, all of them may. Empty: no limits.
    pub homes: Vec<Vec<bool>>,
}

impl Default for Weights {
    fn default() -> Self {
        Self { load: 200, leave: 100, queue: 100, scarce: 100, homes: Vec::new() }
    }
}

impl Rule {
    /// Where a task stands among those of its kind that are ready, lowest first; `arrival` counts.
    pub(super) fn place(&self, task: &Task, id: TaskId, arrival: u64) -> u64 {
        match self {
            Self::Weighed(_) => u64::MAX - task.priority,
            Self::FirstCome | Self::Loaded => arrival,
            Self::Shuffled(_) => scramble(id as u64),
        }
    }
}

/// SplitMix64's mixing (Steele, Lea and Flood, 2014).
fn scramble(number: u64) -> u64 {
    let z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// How good a pair of a device and a task is; the greatest is begun.
type Worth = (std::cmp::Reverse<Tier>, i64, i64, std::cmp::Reverse<(usize, DeviceId, TaskId)>);

/// A pair that could be begun now.
#[derive(Clone, Copy, Debug)]
struct Offer {
    device: DeviceId,
    task: TaskId,
    worth: Worth,
}

impl Placement {
    /// The device and the task that begin next.
    pub(super) fn choose(&mut self, now: u64) -> Option<(DeviceId, TaskId)> {
        let chosen = self.best(now, false);
        // Waiting for a device that holds a model is for nothing where nothing runs.
        let idle = chosen.is_none() && self.running == 0;
        let chosen = if idle { self.best(now, true) } else { chosen };
        chosen.map(|offer| (offer.device, offer.task))
    }

    fn best(&mut self, now: u64, hurry: bool) -> Option<Offer> {
        let mut best: Option<Offer> = None;
        let in_order = matches!(self.rule, Rule::FirstCome | Rule::Loaded);
        let mut free = self.free.first().copied();
        while let Some(device) = free {
            if let Some(offer) = self.of_device(device, now, hurry)
                && best.is_none_or(|best| offer.worth > best.worth)
            {
                best = Some(offer);
                if in_order {
                    return best;
                }
            }
            free = self.free.range(device + 1..).next().copied();
        }
        best
    }

    /// What the device would best do. A task that has to wait for the pool's memory keeps the pool for itself,
    /// so that lesser ones do not keep it waiting for ever.
    fn of_device(&mut self, device: DeviceId, now: u64, hurry: bool) -> Option<Offer> {
        let pool = self.devices[device].spec.pool;
        let kept = pool.and_then(|pool| self.kept[pool]);
        let offer = match kept {
            Some(task) if self.may(device, task) => self.offer(device, task, Tier::Own, now, true),
            Some(_) => None,
            None => self.first_offer(device, now, hurry),
        }?;
        let Some(pool) = pool else { return Some(offer) };
        match self.room(device, offer.task) {
            Room::Made(_) => Some(offer),
            Room::Waits => {
                self.kept[pool] = Some(offer.task);
                None
            }
            Room::Never => None,
        }
    }

    fn first_offer(&self, device: DeviceId, now: u64, hurry: bool) -> Option<Offer> {
        let state = &self.devices[device];
        let leading =
            self.lanes.iter().filter(|lane| !lane.queue.is_empty() && self.serves(state, lane.kind));
        let leading = leading.filter_map(|lane| {
            let (tier, (_, task)) = lane.queue.first(state.set)?;
            self.offer(device, task, tier, now, hurry)
        });
        let odd = self.odd.iter().filter(|(_, task)| self.may(device, *task));
        let odd = odd.filter_map(|(_, task)| self.offer(device, *task, Tier::Fresh, now, true));
        leading.chain(odd).max_by_key(|offer| offer.worth)
    }

    fn offer(&self, device: DeviceId, task: TaskId, tier: Tier, now: u64, hurry: bool) -> Option<Offer> {
        let place = self.standing[task].key?.0;
        let order = std::cmp::Reverse((self.devices[device].class, device, task));
        let load = self.loading(device, task);
        let worth = match &self.rule {
            Rule::FirstCome => 0,
            Rule::Loaded => -i64::from(load > 0),
            Rule::Weighed(weights) | Rule::Shuffled(weights) => {
                let lane = &self.lanes[self.standing[task].lane];
                if load > 0 && !hurry && !self.worth_loading(device, lane, weights, load, now) {
                    return None;
                }
                self.weigh(device, task, weights, load)
            }
        };
        let second = match &self.rule {
            Rule::FirstCome | Rule::Loaded => -(place as i64),
            Rule::Weighed(_) | Rule::Shuffled(_) => self.tasks[task].millis as i64,
        };
        Some(Offer { device, task, worth: (std::cmp::Reverse(tier), worth, second, order) })
    }

    /// Milliseconds that loading the task's model would take.
    fn loading(&self, device: DeviceId, task: TaskId) -> u64 {
        let absent = |model: &ModelId| !self.devices[device].holds(*model);
        self.tasks[task].model.filter(absent).map_or(0, |model| self.models[model].load_millis)
    }

    /// The task's way to the end, less what it costs to have its model there, in hundredths of milliseconds.
    fn weigh(&self, device: DeviceId, task: TaskId, weights: &Weights, load: u64) -> i64 {
        let lane = &self.lanes[self.standing[task].lane];
        let way = match &self.rule {
            Rule::Shuffled(_) => (scramble(task as u64) % 1_000_000) as i64,
            _ => self.tasks[task].priority as i64,
        };
        let lost = if load > 0 && weights.leave > 0 { self.lost_by(device, task) } else { 0 };
        let scarce = if weights.scarce > 0 { self.pressure(lane) } else { 0 };
        100 * way + weights.scarce * scarce - weights.load * load as i64 - weights.leave * lost
    }

    /// Milliseconds of loading again what would leave for the task.
    fn lost_by(&self, device: DeviceId, task: TaskId) -> i64 {
        let Room::Made(out) = self.room(device, task) else { return 0 };
        out.iter().map(|(_, model)| self.models[*model].load_millis as i64).sum()
    }

    /// Milliseconds that all devices able to do the lane's kind of task need for what is left of it and of
    /// kinds that fewer devices can do.
    fn pressure(&self, lane: &Lane) -> i64 {
        let Kind { gpu, class, .. } = lane.kind;
        let able = self.able[self.side(lane.kind)][class];
        (self.left[usize::from(!gpu)][class] / able.max(1)) as i64
    }

    /// Whether one more device should hold the lane's model.
    fn worth_loading(&self, device: DeviceId, lane: &Lane, weights: &Weights, load: u64, now: u64) -> bool {
        let Some(model) = lane.kind.model else { return true };
        let home = |device: DeviceId| weights.homes.get(device).is_none_or(|homes| homes[model]);
        if !home(device) {
            let open = |other: &(usize, &Device)| {
                other.1.present && self.serves(other.1, lane.kind) && home(other.0)
            };
            if self.devices.iter().enumerate().any(|other| open(&other)) {
                return false;
            }
        }
        let holders = &self.holders[model];
        let count: u64 = holders.count[self.side(lane.kind)].iter().skip(lane.kind.class).sum();
        if count == 0 {
            return true;
        }
        // When the queue would be done by those who hold the model already.
        let busy = holders.until.saturating_sub(holders.busy * now);
        (lane.queued + busy) as i64 * 100 > weights.queue * (load * count) as i64
    }
}
