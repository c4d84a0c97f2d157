//! The run: a bevy_ecs world of node states, worker processes, devices, events.

pub mod protocol;
