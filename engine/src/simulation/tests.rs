//! The simulation, its checker and its bounds, each with something that they must refuse.

use std::collections::BTreeSet;

use super::exhaustive::shortest;
use super::films::Rng;
use super::*;
use crate::placement::{Rule, TaskId, Weights};

const GB: u64 = 1_000_000_000;

fn film(seed: u64, devices: usize) -> Work {
    SimulatedFilm::new(seed, devices).work()
}

/// A work of any sort: CPU workers of a pool, perhaps GPUs, models, sets.
fn mixed(seed: u64) -> Work {
    let mut rng = Rng(seed);
    let gpus = rng.range(0, 3);
    let mut devices = vec![DeviceSpec { memory: 0, gpu: false, pool: Some(0) }; rng.range(1, 4) as usize];
    devices.extend((0..gpus).map(|_| DeviceSpec { memory: rng.range(12, 30) * GB, gpu: true, pool: None }));
    let models: Vec<Model> = (0..rng.range(1, 4))
        .map(|_| rng.range(1, 9))
        .map(|size| Model { memory: size * GB, load_millis: size * 1_000 })
        .collect();
    let count = rng.range(1, 60) as usize;
    let mut work = Work { devices, models, pools: vec![rng.range(4, 20) * GB], ..Work::default() };
    for id in 0..count {
        let gpu = gpus > 0 && rng.range(0, 1) == 0;
        let model =
            (gpu || rng.range(0, 3) == 0).then(|| rng.range(0, work.models.len() as u64 - 1) as usize);
        let set = (!gpu && rng.range(0, 1) == 0).then(|| rng.range(0, 4) as usize);
        let (millis, memory) = (rng.range(1, 9_000), rng.range(0, 3 * GB));
        work.tasks.push(Task { model, set, gpu, millis, memory, priority: 0 });
        let inputs: BTreeSet<TaskId> =
            (0..rng.range(0, 2)).filter(|_| id > 0).map(|_| rng.range(0, id as u64 - 1) as usize).collect();
        work.inputs.push(inputs.into_iter().collect());
    }
    work.weigh();
    work
}

/// A few tasks on two GPUs, small enough to try every schedule.
fn tiny(seed: u64) -> Work {
    let mut rng = Rng(seed);
    let device = |memory| DeviceSpec { memory: memory * GB, gpu: true, pool: None };
    let devices = vec![device(rng.range(6, 12)), device(12)];
    let models: Vec<Model> = (0..rng.range(1, 3))
        .map(|_| rng.range(1, 8))
        .map(|size| Model { memory: size * GB, load_millis: size * 1_000 })
        .collect();
    let mut work = Work { devices, models, ..Work::default() };
    for id in 0..rng.range(2, 5) as usize {
        let model = (rng.range(0, 4) > 0).then(|| rng.range(0, work.models.len() as u64 - 1) as usize);
        let (millis, memory) = (rng.range(1, 9_000), rng.range(0, 3 * GB));
        work.tasks.push(Task { model, set: None, gpu: model.is_some(), millis, memory, priority: 0 });
        let reads = id > 0 && rng.range(0, 1) == 0;
        work.inputs.push(if reads { vec![rng.range(0, id as u64 - 1) as usize] } else { Vec::new() });
    }
    work.weigh();
    work
}

#[test]
fn the_generated_films_are_those_that_were_fixed() {
    let mut digest = 0_u64;
    let mut add = |number: u64| digest = (digest ^ number).wrapping_mul(0x0000_0100_0000_01b3);
    for (seed, devices) in [(0, 2), (1, 8), (2, 64)] {
        let film = SimulatedFilm::new(seed, devices);
        film.devices.iter().for_each(|memory| add(*memory));
        film.models.iter().for_each(|model| add(model.memory));
        for (task, inputs) in film.tasks.iter().zip(&film.inputs) {
            let model = task.model.unwrap_or(99) as u64;
            [task.millis, task.memory, model, task.priority].into_iter().for_each(&mut add);
            inputs.iter().for_each(|input| add(*input as u64));
        }
    }
    // What the generator gave before the first result was seen.
    assert_eq!(digest, 3_904_819_217_658_393_567);
}

#[test]
fn the_same_film_gives_the_same_schedule() {
    for devices in [2, 8, 64] {
        let work = film(3, devices);
        for rule in [Rule::default(), Rule::FirstCome, Rule::Loaded, Rule::Shuffled(Weights::default())] {
            assert_eq!(play(&work, rule.clone()), play(&work, rule));
        }
    }
    let work = film(7, 2);
    assert_eq!(tune(&work, 20_000), tune(&work, 20_000));
}

#[test]
fn every_moment_of_every_rule_is_sound() {
    for (seed, devices) in [(0, 2), (7, 2), (1, 8), (2, 64)] {
        let work = film(seed, devices);
        for rule in [Rule::default(), Rule::FirstCome, Rule::Loaded, Rule::Shuffled(Weights::default())] {
            let outcome = play(&work, rule);
            assert_eq!(check(&work, &outcome, true), Ok(()));
            assert!(outcome.makespan >= lower_bound(&work).tight);
        }
    }
}

#[test]
fn mixed_devices_pools_and_sets_are_sound_and_everything_is_done() {
    for seed in 0..500 {
        let work = mixed(seed);
        for rule in [Rule::default(), Rule::FirstCome, Rule::Loaded] {
            let outcome = play(&work, rule);
            assert_eq!(check(&work, &outcome, true), Ok(()), "{seed}");
            assert_eq!(outcome.done, work.tasks.len(), "{seed}");
        }
    }
}

#[test]
fn failures_dead_workers_and_absent_devices_are_got_over() {
    for seed in 0..300 {
        let work = mixed(seed);
        let makespan = play(&work, Rule::default()).makespan;
        let outages = vec![Outage { device: 0, from: makespan / 3, until: Some(makespan * 2 / 3) }];
        let reality = Reality { seed, fails: 100, dies: 100, outages, ..Reality::default() };
        let reality = reality.misjudged(&work, seed, 0.3);
        let once = || Script::new(&work).play(&work, work.tasks.clone(), Rule::default(), &reality);
        let outcome = once();
        // With its only CPU device away, a GPU may take what is the CPU's: the checker knows of no absence.
        let sound = check(&work, &outcome, false);
        assert!(matches!(sound, Ok(()) | Err(Breach::Sort { .. })), "{seed}: {sound:?}");
        assert_eq!(outcome.done, work.tasks.len(), "{seed}");
        assert_eq!(outcome, once());
    }
}

#[test]
fn what_no_device_can_take_any_more_is_given_up_and_nothing_else() {
    let device = DeviceSpec { memory: 24 * GB, gpu: true, pool: None };
    let task = Task { gpu: true, millis: 1_000, memory: GB, ..Task::default() };
    let inputs = vec![vec![], vec![0], vec![]];
    let mut work = Work { tasks: vec![task; 3], inputs, devices: vec![device; 2], ..Work::default() };
    work.weigh();
    let reality = Reality { out_of_memory: 1_000, ..Reality::default() };
    let outcome = Script::new(&work).play(&work, work.tasks.clone(), Rule::default(), &reality);
    let given_up = |task| outcome.log.iter().any(|entry| entry.event == Event::GivenUp(task));
    assert!(given_up(0) && given_up(2) && !given_up(1));
    assert_eq!(outcome.done, 0);
    let outages =
        vec![Outage { device: 0, from: 0, until: None }, Outage { device: 1, from: 500, until: None }];
    let gone = Reality { outages, ..Reality::default() };
    let outcome = Script::new(&work).play(&work, work.tasks.clone(), Rule::default(), &gone);
    assert!(outcome.log.iter().any(|entry| entry.event == Event::GivenUp(2)));
}

/// The outcome after something in it was broken.
fn broken(outcome: &Outcome, change: impl Fn(&mut Event)) -> Outcome {
    let mut outcome = outcome.clone();
    outcome.log.iter_mut().for_each(|entry| change(&mut entry.event));
    outcome
}

#[test]
fn the_checker_refuses_what_is_broken() {
    let work = film(6, 2);
    let outcome = play(&work, Rule::FirstCome);
    assert_eq!(check(&work, &outcome, true), Ok(()));
    let stays = broken(&outcome, |event| {
        if let Event::Begun(begun) = event {
            begun.leave.clear();
        }
    });
    assert!(matches!(check(&work, &stays, true), Err(Breach::Memory { .. } | Breach::Model { .. })));
    let unloaded = broken(&outcome, |event| {
        if let Event::Begun(begun) = event {
            begun.load = None;
        }
    });
    assert!(matches!(check(&work, &unloaded, true), Err(Breach::Model { .. })));
    let elsewhere = broken(&outcome, |event| {
        if let Event::Begun(begun) = event {
            begun.device = 0;
        }
    });
    assert!(check(&work, &elsewhere, true).is_err());
    let mut small = work.clone();
    small.devices[0].memory /= 2;
    assert!(matches!(check(&small, &outcome, true), Err(Breach::Memory { .. })));
    let mut early = outcome.clone();
    early.log.swap(0, 2);
    assert!(check(&work, &early, true).is_err());
    let mut short = outcome.clone();
    short.log.pop();
    assert_eq!(check(&work, &short, true), Err(Breach::Unfinished(1)));
    let mut slow = work.clone();
    slow.tasks[5].millis += 1;
    assert!(matches!(check(&slow, &outcome, true), Err(Breach::Duration { .. })));
    let mut cpu = work.clone();
    cpu.devices.push(DeviceSpec { memory: 0, gpu: false, pool: None });
    assert!(matches!(check(&cpu, &outcome, true), Err(Breach::Sort { .. })));
}

#[test]
fn the_checker_knows_which_model_was_used_least_recently() {
    let sizes = [(10, 10_000); 3].map(|(size, load_millis)| Model { memory: size * GB, load_millis });
    let task = |model| Task { model: Some(model), gpu: true, millis: 1, memory: GB, ..Task::default() };
    let devices = vec![DeviceSpec { memory: 21 * GB, gpu: true, pool: None }];
    let inputs = vec![vec![], vec![0], vec![1]];
    let tasks = vec![task(0), task(1), task(2)];
    let work = Work { tasks, inputs, models: sizes.to_vec(), devices, pools: Vec::new() };
    let outcome = play(&work, Rule::default());
    assert_eq!(check(&work, &outcome, true), Ok(()));
    let wrong = broken(&outcome, |event| {
        if let Event::Begun(begun) = event {
            begun.leave.iter_mut().for_each(|model| *model = 1);
        }
    });
    assert_eq!(check(&work, &wrong, true), Err(Breach::Order { device: 0, model: 1, at: 20_002 }));
}

#[test]
fn no_schedule_is_shorter_than_the_bounds() {
    let (mut met, mut refuted) = (0, 0);
    for seed in 0..250 {
        let work = tiny(seed);
        let best = shortest(&work);
        if best == u64::MAX {
            continue; // some task fits nowhere
        }
        let bound = lower_bound(&work);
        assert!(bound.plain <= bound.tight && bound.tight <= best, "{seed}: {bound:?} above {best}");
        assert!(tune(&work, 200).makespan >= best, "{seed}");
        met += usize::from(bound.tight == best);
        // The control: every used model on every device would be too much to ask.
        let used: BTreeSet<usize> = work.tasks.iter().filter_map(|task| task.model).collect();
        let loads: u64 = used.iter().map(|model| work.models[*model].load_millis).sum();
        let all: u64 = work.tasks.iter().map(|task| task.millis).sum();
        refuted += usize::from(bound.tight.max(all / 2 + loads) > best);
    }
    assert!(met > 100, "the bound is met by {met} only");
    assert!(refuted > 20, "{refuted}");
}

#[test]
fn tuned_films_end_sooner_than_the_baselines_and_shuffled_ones_later() {
    let (mut better, mut shuffled) = (0, 0);
    for (seed, devices) in [(7, 2), (9, 2), (13, 2), (12, 2), (1, 8), (2, 8)] {
        let work = film(seed, devices);
        let plan = tune(&work, 60_000);
        let of = |rule| play(&work, rule).makespan;
        assert_eq!(plan.makespan, {
            let tuned = Work { tasks: plan.tasks(&work), ..work.clone() };
            play(&tuned, Rule::Weighed(plan.weights.clone())).makespan
        });
        better += usize::from(plan.makespan < of(Rule::Loaded) && plan.makespan < of(Rule::FirstCome));
        shuffled += usize::from(of(Rule::Shuffled(plan.weights.clone())) > plan.makespan);
    }
    assert!(better >= 5, "{better}");
    // One device may be what everything waits for, in whatever order.
    assert!(shuffled >= 5, "{shuffled}");
}
