//! Each promise of the placement, by the smallest case that would break it.

use super::*;

const GB: u64 = 1_000_000_000;

fn gpu(memory: u64) -> DeviceSpec {
    DeviceSpec { memory: memory * GB, gpu: true, pool: None }
}

fn cpu() -> DeviceSpec {
    DeviceSpec { memory: 0, gpu: false, pool: Some(0) }
}

fn model(memory: u64) -> Model {
    Model { memory: memory * GB, load_millis: memory * 1_000 }
}

fn with(model: ModelId, priority: u64) -> Task {
    Task { model: Some(model), gpu: true, millis: 1_000, memory: GB, priority, ..Task::default() }
}

fn plain(memory: u64, priority: u64) -> Task {
    Task { millis: 1_000, memory: memory * GB, priority, ..Task::default() }
}

fn of_set(set: SetId, priority: u64) -> Task {
    Task { set: Some(set), ..plain(1, priority) }
}

/// All tasks ready.
fn placement(tasks: &[Task], models: &[Model], devices: &[DeviceSpec], pools: &[u64]) -> Placement {
    let pools = pools.iter().map(|pool| pool * GB).collect();
    let mut all = Placement::new(tasks.to_vec(), models.to_vec(), devices, pools, Rule::default());
    (0..tasks.len()).for_each(|task| all.ready(task));
    all
}

/// Devices and tasks that begin now.
fn begun(placement: &mut Placement) -> Vec<(DeviceId, TaskId)> {
    std::iter::from_fn(|| placement.next(0)).map(|one| (one.device, one.task)).collect()
}

#[test]
fn the_longest_way_to_the_end_is_begun_first() {
    let mut all = placement(&[plain(1, 1), plain(1, 9), plain(1, 5)], &[], &[cpu(), cpu()], &[64]);
    assert_eq!(begun(&mut all), [(0, 1), (1, 2)]);
    all.freed(1);
    assert_eq!(begun(&mut all), [(1, 0)]);
}

#[test]
fn the_least_recently_used_model_leaves_first_and_none_without_need() {
    let models = [model(10), model(10), model(10), model(20)];
    let tasks = [with(0, 9), with(1, 8), with(0, 7), with(2, 6), with(3, 5)];
    let mut all = Placement::new(tasks.to_vec(), models.to_vec(), &[gpu(31)], Vec::new(), Rule::FirstCome);
    let mut leaves = Vec::new();
    for task in 0..tasks.len() {
        all.ready(task);
        let begun = all.next(0).unwrap();
        all.freed(0);
        leaves.push((begun.load, begun.leave));
    }
    let none = Vec::new;
    // Model 0 was used again after model 1, so that 1 leaves for 3, and 0 after it; 2 stays where it fits.
    let expected =
        [(Some(0), none()), (Some(1), none()), (None, none()), (Some(2), none()), (Some(3), vec![1, 0])];
    assert_eq!(leaves, expected);
    assert!(all.devices[0].holds(2));
}

#[test]
fn a_device_that_holds_the_model_is_preferred_and_a_little_way_is_not_worth_a_load() {
    let models = [model(20), model(20)];
    let tasks = [with(0, 100), with(1, 90), with(0, 80), with(1, 85)];
    let mut all =
        Placement::new(tasks.to_vec(), models.to_vec(), &[gpu(24), gpu(24)], Vec::new(), Rule::default());
    all.ready(0);
    all.ready(1);
    assert_eq!(begun(&mut all), [(0, 0), (1, 1)]);
    all.ready(2);
    all.ready(3);
    all.freed(0);
    // Task 3 has the longer way, but loading its model takes 20 s.
    assert_eq!(begun(&mut all), [(0, 2)]);
    all.freed(1);
    assert_eq!(begun(&mut all), [(1, 3)]);
}

#[test]
fn a_long_way_is_worth_a_load() {
    let models = [model(20), model(20)];
    let tasks = [with(0, 100_000), with(0, 80_000), with(1, 300_000)];
    let mut all = Placement::new(tasks.to_vec(), models.to_vec(), &[gpu(24)], Vec::new(), Rule::default());
    all.ready(0);
    assert_eq!(begun(&mut all), [(0, 0)]);
    all.ready(1);
    all.ready(2);
    all.freed(0);
    assert_eq!(begun(&mut all), [(0, 2)]);
}

#[test]
fn no_task_is_on_a_device_too_small_for_it() {
    let mut all = placement(&[with(0, 9), with(0, 8)], &[model(30)], &[gpu(30), gpu(31)], &[]);
    assert_eq!(begun(&mut all), [(1, 0)]);
    assert!(all.can_ever_run(1));
    all.lost(1);
    assert!(!all.can_ever_run(1));
    assert_eq!(all.stranded(), [1]);
    assert_eq!(all.next(0), None);
}

#[test]
fn cpu_devices_take_what_needs_no_gpu_and_gpus_only_where_there_are_none() {
    let tasks = [plain(1, 9), plain(1, 8), with(0, 1)];
    let mut all = placement(&tasks, &[model(2)], &[gpu(24), cpu()], &[8]);
    assert_eq!(begun(&mut all), [(1, 0), (0, 2)]);
    all.freed(0);
    assert_eq!(all.next(0), None, "the GPU stands idle rather than take a task of the CPU's");
    all.lost(1);
    assert_eq!(begun(&mut all), [(0, 1)]);
    let mut none = placement(&[with(0, 1)], &[model(2)], &[cpu()], &[8]);
    assert_eq!(none.next(0), None);
    assert!(!none.can_ever_run(0));
}

#[test]
fn a_pool_is_never_full_beyond_its_memory_and_an_idle_one_lets_any_task_in() {
    let tasks = [plain(6, 9), plain(6, 8), plain(100, 7)];
    let mut all = placement(&tasks, &[], &[cpu(), cpu()], &[10]);
    assert_eq!(begun(&mut all), [(0, 0)]);
    all.freed(0);
    assert_eq!(begun(&mut all), [(0, 1)]);
    all.freed(0);
    assert_eq!(begun(&mut all), [(0, 2)]);
}

#[test]
fn models_leave_idle_devices_of_the_pool_where_room_is_needed() {
    let on_cpu = |model, priority| Task { gpu: false, ..with(model, priority) };
    let tasks = [on_cpu(0, 9), on_cpu(1, 8), plain(9, 1)];
    let mut all = placement(&tasks[..2], &[model(4), model(4)], &[cpu(), cpu()], &[10]);
    assert_eq!(begun(&mut all).len(), 2);
    all.freed(0);
    all.freed(1);
    all.tasks.push(tasks[2]);
    all.standing.push(Standing { lane: all.lanes.len(), ..Standing::default() });
    all.lanes.push(Lane {
        kind: Kind { gpu: false, model: None, class: 1 },
        queue: Queue::default(),
        queued: 0,
    });
    all.left[1].iter_mut().for_each(|left| *left += 1_000);
    all.ready(2);
    let begun = all.next(0).unwrap();
    assert_eq!((begun.leave, begun.elsewhere), (vec![0], vec![(1, 1)]));
}

#[test]
fn a_waiting_task_is_not_kept_waiting_by_lesser_ones() {
    // Small tasks without end, two at a time, and a large one which fits only alone.
    let mut tasks = vec![plain(3, 5), plain(8, 4)];
    tasks.extend((0..50).map(|_| plain(3, 3)));
    let mut all = placement(&tasks, &[], &[cpu(), cpu()], &[10]);
    assert_eq!(begun(&mut all), [(0, 0)], "the second device keeps free for the large one");
    all.freed(0);
    assert_eq!(begun(&mut all), [(0, 1)]);
    all.freed(0);
    assert_eq!(begun(&mut all).len(), 2);
    // What is withdrawn keeps nobody waiting.
    let mut all = placement(&tasks, &[], &[cpu(), cpu()], &[10]);
    assert_eq!(begun(&mut all).len(), 1);
    all.withdraw(1);
    assert_eq!(begun(&mut all), [(1, 2)]);
}

#[test]
fn a_device_takes_its_own_set_first_then_one_that_nobody_holds() {
    let tasks = [of_set(1, 9), of_set(2, 8), of_set(1, 7), of_set(2, 6), of_set(3, 1)];
    let mut all = placement(&tasks, &[], &[cpu(), cpu(), cpu()], &[64]);
    assert_eq!(begun(&mut all), [(0, 0), (1, 1), (2, 4)]);
    all.freed(1);
    assert_eq!(begun(&mut all), [(1, 3)], "its own set, though set 1 has the longer way");
    all.freed(2);
    assert_eq!(begun(&mut all), [(2, 2)], "another's set rather than nothing");
    // A worker that is started anew holds no set.
    let mut all = placement(&tasks, &[], &[cpu(), cpu()], &[64]);
    assert_eq!(begun(&mut all), [(0, 0), (1, 1)]);
    all.emptied(1);
    assert_eq!(begun(&mut all), [(1, 3)], "set 2 is nobody's now, and longer than set 3");
}

#[test]
fn a_barred_task_goes_elsewhere_and_never_back() {
    let mut all = placement(&[with(0, 9)], &[model(2)], &[gpu(24), gpu(24)], &[]);
    assert_eq!(begun(&mut all), [(0, 0)]);
    all.freed(0);
    all.bar(0, 0);
    all.ready(0);
    assert_eq!(begun(&mut all), [(1, 0)]);
    all.freed(1);
    all.bar(0, 1);
    all.ready(0);
    assert_eq!(all.next(0), None);
    assert!(!all.can_ever_run(0));
}

#[test]
fn a_task_alone_has_its_pool_for_itself() {
    let mut all = placement(&[plain(1, 9), plain(1, 8), plain(1, 7)], &[], &[cpu(), cpu()], &[64]);
    all.alone(1);
    assert_eq!(begun(&mut all), [(0, 0)]);
    all.freed(0);
    assert_eq!(begun(&mut all), [(0, 1)]);
    all.freed(0);
    assert_eq!(begun(&mut all), [(0, 2)]);
}

#[test]
fn a_task_alone_on_a_gpu_has_every_other_model_leave() {
    let mut all = placement(&[with(0, 90_000), with(1, 1)], &[model(2), model(2)], &[gpu(24)], &[]);
    all.alone(1);
    assert_eq!(begun(&mut all), [(0, 0)]);
    all.freed(0);
    assert_eq!(all.next(0).unwrap().leave, [0]);
}

#[test]
fn estimates_change_the_order_of_what_waits() {
    let mut all = placement(&[plain(1, 9_000), plain(1, 8_000)], &[], &[cpu()], &[64]);
    all.relearn(1, 3_000);
    assert_eq!(begun(&mut all), [(0, 1)]);
    assert_eq!(all.left[1][0], 1_000);
}

#[test]
fn lost_devices_take_nothing_and_found_ones_are_empty() {
    let mut all = placement(&[with(0, 9), with(0, 8)], &[model(2)], &[gpu(24)], &[]);
    assert_eq!(begun(&mut all), [(0, 0)]);
    all.lost(0);
    all.ready(0);
    assert_eq!(all.next(0), None);
    assert!(!all.can_ever_run(0));
    all.found(0);
    assert_eq!(all.next(0).unwrap().load, Some(0));
}

#[test]
fn homes_are_kept_while_a_device_of_them_is_there() {
    let weights = Weights { homes: vec![vec![false], vec![true]], ..Weights::default() };
    let tasks = vec![with(0, 9), with(0, 8)];
    let mut all =
        Placement::new(tasks, vec![model(2)], &[gpu(24), gpu(24)], Vec::new(), Rule::Weighed(weights));
    all.ready(0);
    all.ready(1);
    assert_eq!(begun(&mut all), [(1, 0)]);
    all.lost(1);
    assert_eq!(begun(&mut all), [(0, 1)]);
}
