//! Plays work through in virtual time: the run loop's part, over the run's own placement.
//!
//! What always holds: time never goes back; all that ends at one moment has ended before anything begins at
//! it; a task that no device can take any more fails with all that reads it, and the others go on.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::{Fate, Reality, Work};
use crate::placement::{Assignment, DeviceId, Placement, Rule, Task, TaskId};

/// Where and when a task ran.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// The device.
    pub device: DeviceId,
    /// When its device began to load its model, or the task itself where it was loaded, in milliseconds.
    pub begin: u64,
    /// When it ended.
    pub end: u64,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A device began a task.
    Begun(Assignment),
    /// A device's task ended; done or not.
    Ended {
        /// The device.
        device: DeviceId,
        /// The task.
        task: TaskId,
        /// Whether it need not be tried again.
        done: bool,
    },
    /// A device holds nothing any more.
    Emptied(DeviceId),
    /// A task is not to be had: no device can take it any more.
    GivenUp(TaskId),
}

/// When it happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// In milliseconds.
    pub at: u64,
    /// What.
    pub event: Event,
}

/// How a simulated run went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// When the last task ended, in milliseconds.
    pub makespan: u64,
    /// The device and time of every task's last attempt; none where it was never begun.
    pub spans: Vec<Option<Span>>,
    /// How many tasks were done.
    pub done: usize,
    /// Milliseconds spent loading models.
    pub loading: u64,
    /// All that happened, in order.
    pub log: Vec<Entry>,
}

/// Who waits for whom, prepared once for many plays of the same work.
#[derive(Clone, Debug)]
pub struct Script {
    users: Vec<Vec<TaskId>>,
    waits: Vec<usize>,
}

/// What is to come, in its order at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Coming {
    /// The device's task ends, if the device still does what it did when this was written down: its count.
    End(DeviceId, u64),
    Lost(DeviceId),
    Found(DeviceId),
}

/// A play under way.
struct Player<'a> {
    script: &'a Script,
    work: &'a Work,
    reality: &'a Reality,
    placement: Placement,
    waits: Vec<usize>,
    attempts: Vec<u32>,
    /// What each device does, and how that ends.
    doing: Vec<Option<(TaskId, Fate)>>,
    /// How many tasks each device has begun.
    count: Vec<u64>,
    coming: BinaryHeap<Reverse<(u64, Coming)>>,
    outcome: Outcome,
}

/// Plays the work through by the rule, exactly as estimated.
pub fn play(work: &Work, rule: Rule) -> Outcome {
    Script::new(work).play(work, work.tasks.clone(), rule, &Reality::default())
}

impl Script {
    /// Of the work's inputs.
    pub fn new(work: &Work) -> Self {
        let mut users = vec![Vec::new(); work.tasks.len()];
        for (task, inputs) in work.inputs.iter().enumerate() {
            inputs.iter().for_each(|input| users[*input].push(task));
        }
        Self { users, waits: work.inputs.iter().map(Vec::len).collect() }
    }

    /// Plays `work` with these tasks, which differ from its own in their priorities at most.
    pub fn play(&self, work: &Work, tasks: Vec<Task>, rule: Rule, reality: &Reality) -> Outcome {
        let (models, pools) = (work.models.clone(), work.pools.clone());
        let mut player = Player {
            script: self,
            work,
            reality,
            placement: Placement::new(tasks, models, &work.devices, pools, rule),
            waits: self.waits.clone(),
            attempts: vec![0; work.tasks.len()],
            doing: vec![None; work.devices.len()],
            count: vec![0; work.devices.len()],
            coming: BinaryHeap::new(),
            outcome: Outcome { spans: vec![None; work.tasks.len()], ..Outcome::default() },
        };
        player.open();
        player.go_on();
        player.outcome
    }
}

impl Player<'_> {
    fn open(&mut self) {
        for task in 0..self.waits.len() {
            if self.waits[task] == 0 {
                self.make_ready(task, 0);
            }
        }
        for outage in &self.reality.outages {
            self.coming.push(Reverse((outage.from, Coming::Lost(outage.device))));
            let found = outage.until.map(|until| Reverse((until, Coming::Found(outage.device))));
            self.coming.extend(found);
        }
    }

    /// Until nothing more happens.
    fn go_on(&mut self) {
        let mut now = 0;
        loop {
            while let Some(assignment) = self.placement.next(now) {
                self.begin(assignment, now);
            }
            if self.outcome.done == self.work.tasks.len() {
                return;
            }
            let Some(Reverse((at, _))) = self.coming.peek().copied() else { return };
            now = at;
            while let Some(Reverse((at, coming))) = self.coming.peek().copied()
                && at == now
            {
                self.coming.pop();
                self.happen(coming, now);
            }
        }
    }

    fn note(&mut self, at: u64, event: Event) {
        self.outcome.log.push(Entry { at, event });
    }

    fn begin(&mut self, assignment: Assignment, now: u64) {
        let (device, task) = (assignment.device, assignment.task);
        let loading = assignment.load.map_or(0, |model| self.work.models[model].load_millis);
        let (fate, thousandths) = self.reality.fate(task, self.attempts[task]);
        let whole = self.reality.millis.get(task).copied().unwrap_or(self.work.tasks[task].millis);
        let millis = if fate == Fate::Done { whole } else { whole * thousandths / 1_000 };
        self.attempts[task] += 1;
        self.doing[device] = Some((task, fate));
        self.count[device] += 1;
        let end = now + loading + millis;
        self.coming.push(Reverse((end, Coming::End(device, self.count[device]))));
        self.outcome.loading += loading;
        self.outcome.spans[task] = Some(Span { device, begin: now, end });
        self.note(now, Event::Begun(assignment));
    }

    fn happen(&mut self, coming: Coming, now: u64) {
        match coming {
            Coming::End(device, count) if self.count[device] == count => self.end(device, now),
            Coming::End(..) => {}
            Coming::Lost(device) => {
                self.abort(device, now);
                self.placement.lost(device);
                self.note(now, Event::Emptied(device));
                self.give_up(now);
            }
            Coming::Found(device) => self.placement.found(device),
        }
    }

    fn end(&mut self, device: DeviceId, now: u64) {
        let Some((task, fate)) = self.doing[device].take() else { return };
        self.note(now, Event::Ended { device, task, done: fate == Fate::Done });
        self.placement.freed(device);
        match fate {
            Fate::Done => return self.done(task, now),
            Fate::Fails => {}
            Fate::Dies => {
                self.placement.emptied(device);
                self.note(now, Event::Emptied(device));
            }
            Fate::OutOfMemory => self.placement.bar(task, device),
        }
        self.make_ready(task, now);
    }

    /// What the device does comes to nothing.
    fn abort(&mut self, device: DeviceId, now: u64) {
        let Some((task, _)) = self.doing[device].take() else { return };
        self.count[device] += 1;
        self.note(now, Event::Ended { device, task, done: false });
        self.placement.freed(device);
        self.placement.ready(task);
    }

    fn done(&mut self, task: TaskId, now: u64) {
        self.outcome.done += 1;
        self.outcome.makespan = now;
        let script = self.script;
        for user in &script.users[task] {
            self.waits[*user] -= 1;
            if self.waits[*user] == 0 {
                self.make_ready(*user, now);
            }
        }
    }

    fn make_ready(&mut self, task: TaskId, now: u64) {
        self.placement.ready(task);
        if !self.placement.can_ever_run(task) && !self.awaited() {
            self.placement.withdraw(task);
            self.note(now, Event::GivenUp(task));
        }
    }

    /// A device that is away will return.
    fn awaited(&self) -> bool {
        self.coming.iter().any(|Reverse((_, coming))| matches!(coming, Coming::Found(_)))
    }

    /// Withdraws what no device that is left can take.
    fn give_up(&mut self, now: u64) {
        if self.awaited() {
            return;
        }
        for task in self.placement.stranded() {
            self.placement.withdraw(task);
            self.note(now, Event::GivenUp(task));
        }
    }
}
