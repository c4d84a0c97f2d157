//! The run: a bevy_ecs world of node states, worker processes, devices, events.

pub mod protocol;
pub mod work;

pub use work::{Context, Work};
