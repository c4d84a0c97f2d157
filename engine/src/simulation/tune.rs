//! Tunes the placement to the work before it begins, by playing it through.
//!
//! A play of a thousand shots takes milliseconds, so the weights of the rule, the order of the tasks and the
//! devices' models are chosen by trying: first starts of every sort, then small changes to the best so far,
//! each kept where the film ends no later. What comes of it is no timetable but priorities and weights for
//! the same rule, so that a run whose tasks take longer than estimated, or fail, still has a choice for every
//! moment.
//!
//! What always holds: the plan is never worse, by the estimates, than the untuned rule; the same work and
//! budget give the same plan.

use std::collections::BTreeSet;

use super::films::Rng;
use super::{Outcome, Reality, Script, Work, lower_bound};
use crate::placement::{ModelId, Rule, Task, TaskId, Weights};

/// Tasks placed in all while tuning, which takes about half a second.
pub const BUDGET: u64 = 400_000;
/// Values that weights are chosen from, in hundredths.
const STEPS: [i64; 11] = [0, 10, 25, 50, 100, 200, 400, 800, 1_600, 5_000, 20_000];
/// Of the tries, one in so many goes to starts.
const STARTS: u64 = 4;
/// The most starts.
const MOST_STARTS: u64 = 40;

/// What a run places by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Every task's priority, in place of its own.
    pub priorities: Vec<u64>,
    /// The rule's weights.
    pub weights: Weights,
    /// When the work ends by the estimates, in milliseconds.
    pub makespan: u64,
    /// How often it was played through.
    pub plays: u64,
}

impl Plan {
    /// The work's tasks with the plan's priorities.
    pub fn tasks(&self, work: &Work) -> Vec<Task> {
        let with = |(task, priority): (&Task, &u64)| Task { priority: *priority, ..*task };
        work.tasks.iter().zip(&self.priorities).map(with).collect()
    }
}

/// A plan and how it went.
#[derive(Clone)]
struct Candidate {
    priorities: Vec<u64>,
    weights: Weights,
    outcome: Outcome,
}

struct Search<'a> {
    work: &'a Work,
    forward: Script,
    backward: (Work, Script),
    rng: Rng,
    plays: u64,
    best: Candidate,
}

/// The best plan found by placing `budget` tasks in all, and by playing the work through at least once.
pub fn tune(work: &Work, budget: u64) -> Plan {
    let goal = lower_bound(work).tight;
    let most = (budget / work.tasks.len().max(1) as u64).max(1);
    let mut search = Search::new(work);
    let starts = (most / STARTS).min(MOST_STARTS);
    search.start(most);
    while search.plays < starts && search.best.outcome.makespan > goal {
        search.sample();
    }
    while search.plays < most && search.best.outcome.makespan > goal {
        search.step();
    }
    let Candidate { priorities, weights, outcome } = search.best;
    Plan { priorities, weights, makespan: outcome.makespan, plays: search.plays }
}

impl<'a> Search<'a> {
    fn new(work: &'a Work) -> Self {
        let forward = Script::new(work);
        let back = work.reversed();
        let backward = (back.clone(), Script::new(&back));
        let outcome = forward.play(work, work.tasks.clone(), Rule::default(), &Reality::default());
        let priorities = work.tasks.iter().map(|task| task.priority).collect();
        let best = Candidate { priorities, weights: Weights::default(), outcome };
        Self { work, forward, backward, rng: Rng(1), plays: 1, best }
    }

    fn play(&mut self, priorities: Vec<u64>, weights: Weights) -> Candidate {
        self.plays += 1;
        let mut tasks = self.work.tasks.clone();
        tasks.iter_mut().zip(&priorities).for_each(|(task, priority)| task.priority = *priority);
        let outcome =
            self.forward.play(self.work, tasks, Rule::Weighed(weights.clone()), &Reality::default());
        Candidate { priorities, weights, outcome }
    }

    fn offer(&mut self, candidate: Candidate) {
        if candidate.outcome.makespan <= self.best.outcome.makespan {
            self.best = candidate;
        }
    }

    /// The baselines' order of tasks, by a rule that hardly ever loads.
    fn start(&mut self, most: u64) {
        for rule in [Rule::Loaded, Rule::FirstCome] {
            if self.plays + 2 > most {
                return;
            }
            self.plays += 1;
            let outcome = self.forward.play(self.work, self.work.tasks.clone(), rule, &Reality::default());
            let begins = |task: TaskId| outcome.spans[task].map_or(0, |span| outcome.makespan - span.begin);
            let priorities = (0..self.work.tasks.len()).map(begins).collect();
            let weights = Weights { load: 20_000, leave: 0, queue: 0, scarce: 0, homes: Vec::new() };
            let candidate = self.play(priorities, weights);
            self.offer(candidate);
        }
    }

    fn any_step(&mut self) -> i64 {
        STEPS[self.rng.range(0, STEPS.len() as u64 - 1) as usize]
    }

    /// Never so much that a device whose worker died would rather stand idle than load again.
    fn any_queue(&mut self) -> i64 {
        STEPS[self.rng.range(0, 6) as usize]
    }

    fn sample(&mut self) {
        let [load, leave, scarce] = [0; 3].map(|_| self.any_step());
        let queue = self.any_queue();
        let weights = Weights { load, leave, queue, scarce, homes: Vec::new() };
        let priorities = match self.rng.range(0, 4) {
            0 => self.work.tasks.iter().map(|task| task.priority).collect(),
            1 => self.by_depth(false),
            2 => self.by_depth(true),
            3 => self.turned(&weights, false),
            _ => self.best.priorities.clone(),
        };
        let candidate = self.play(priorities, weights);
        self.offer(candidate);
    }

    /// Tasks with fewest before them first, or last, and of those the longest way to the end first.
    fn by_depth(&self, deepest_first: bool) -> Vec<u64> {
        let mut depth = vec![0_u64; self.work.tasks.len()];
        for (task, inputs) in self.work.inputs.iter().enumerate() {
            depth[task] = inputs.iter().map(|input| depth[*input] + 1).max().unwrap_or(0);
        }
        let deepest = depth.iter().max().copied().unwrap_or(0);
        let longest = self.work.tasks.iter().map(|task| task.priority).max().unwrap_or(0);
        let step = |depth: u64| if deepest_first { depth } else { deepest - depth };
        self.work.tasks.iter().zip(depth).map(|(task, depth)| step(depth) * longest + task.priority).collect()
    }

    /// Plays the film backwards, what ended last beginning first: how long before the end a task had to begin
    /// there is its priority, which now knows of devices and loads and not of its own chain alone.
    fn turned(&mut self, weights: &Weights, from_best: bool) -> Vec<u64> {
        let (back, script) = &self.backward;
        let mut tasks = back.tasks.clone();
        let ends = self.best.outcome.spans.iter().rev().map(|span| span.map_or(0, |span| span.end));
        if from_best {
            tasks.iter_mut().zip(ends).for_each(|(task, end)| task.priority = end);
        }
        self.plays += 1;
        let outcome = script.play(back, tasks, Rule::Weighed(weights.clone()), &Reality::default());
        outcome.spans.iter().rev().map(|span| span.map_or(0, |span| span.end)).collect()
    }

    fn step(&mut self) {
        match self.rng.range(0, 9) {
            0..=2 => self.reweigh(),
            3..=4 => self.turn(),
            5..=6 => self.rehome(),
            7 => self.favour(),
            _ => self.hasten(),
        }
    }

    /// Another value for one weight.
    fn reweigh(&mut self) {
        let mut weights = self.best.weights.clone();
        let value = self.any_step();
        match self.rng.range(0, 3) {
            0 => weights.load = value,
            1 => weights.leave = value,
            2 => weights.queue = self.any_queue(),
            _ => weights.scarce = value,
        }
        let candidate = self.play(self.best.priorities.clone(), weights);
        self.offer(candidate);
    }

    /// Orders by a film played backwards.
    fn turn(&mut self) {
        let mut weights = self.best.weights.clone();
        if self.rng.range(0, 1) == 0 {
            weights.homes.clear();
        }
        let priorities = self.turned(&weights, true);
        let candidate = self.play(priorities, self.best.weights.clone());
        self.offer(candidate);
    }

    /// Lets a device load a model that it did not, or the other way round.
    fn rehome(&mut self) {
        let (devices, models) = (self.work.devices.len(), self.work.models.len());
        if models == 0 {
            return self.reweigh();
        }
        let mut weights = self.best.weights.clone();
        if weights.homes.is_empty() {
            weights.homes = vec![vec![true; models]; devices];
        }
        for _ in 0..self.rng.range(1, 3) {
            let device = self.rng.range(0, devices as u64 - 1) as usize;
            let model = self.rng.range(0, models as u64 - 1) as usize;
            weights.homes[device][model] = !weights.homes[device][model];
        }
        let candidate = self.play(self.best.priorities.clone(), weights);
        self.offer(candidate);
    }

    /// Raises or lowers all tasks of one model.
    fn favour(&mut self) {
        let models = self.work.models.len() as u64;
        if models == 0 {
            return self.hasten();
        }
        let model: ModelId = self.rng.range(0, models - 1) as usize;
        let longest = self.work.tasks.iter().map(|task| task.priority).max().unwrap_or(0);
        let amount = self.rng.range(0, longest);
        let mut priorities = self.best.priorities.clone();
        let down = self.rng.range(0, 1) == 0;
        for (priority, task) in priorities.iter_mut().zip(&self.work.tasks) {
            if task.model == Some(model) {
                *priority = if down { priority.saturating_sub(amount / 2) } else { *priority + amount / 2 };
            }
        }
        let candidate = self.play(priorities, self.best.weights.clone());
        self.offer(candidate);
    }

    /// Raises all that something which ended late waited for.
    fn hasten(&mut self) {
        let spans = &self.best.outcome.spans;
        let end = |task: &TaskId| spans[*task].map_or(0, |span| span.end);
        let mut late = (0..spans.len()).max_by_key(end);
        for _ in 0..self.rng.range(1, 4) {
            late = late.and_then(|task| self.work.inputs[task].iter().copied().max_by_key(end)).or(late);
        }
        let mut priorities = self.best.priorities.clone();
        let longest = priorities.iter().max().copied().unwrap_or(0);
        let amount = 1 + self.rng.range(0, longest) / (1 << self.rng.range(1, 24));
        let mut open: BTreeSet<TaskId> = late.into_iter().collect();
        while let Some(task) = open.pop_last() {
            priorities[task] += amount;
            open.extend(&self.work.inputs[task]);
        }
        let candidate = self.play(priorities, self.best.weights.clone());
        self.offer(candidate);
    }
}
