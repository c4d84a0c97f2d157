//! The run: a bevy_ecs world of node states, worker processes, devices, events.
//!
//! What always holds: a node runs only once its inputs' artifacts are there; a result counts only once its
//! record is written; one failed attempt costs that attempt and nothing else. What is finished is kept
//! however the run ends, so the same command goes on where it stopped.

pub mod cuda;
pub mod device;
mod driver;
mod estimate;
pub mod event;
mod finish;
mod forecast;
mod heard;
mod links;
mod memory;
mod place;
pub mod preflight;
mod process;
pub mod protocol;
mod queue;
pub mod serve;
mod settle;
mod share;
pub mod standing;
mod start;
mod state;
mod systems;
mod tasks;
pub mod trace;
mod tries;
pub mod why;
pub mod work;

pub use device::{Device, DeviceClass, DeviceError, DeviceId, DeviceSpec};
pub use driver::Interrupts;
pub use estimate::{Estimator, Taking};
pub use event::{Event, EventLine, Reporter, Totals};
pub use forecast::{Forecast, Span, forecast};
pub use memory::memory_available;
pub use process::WorkerCommand;
pub use serve::serve;
pub use share::{bring, settle, share};
pub use standing::{Standing, left, standing};
pub use start::{FailedNode, Request, RunError, RunReport, SkippedNode, model_sizes, run};
pub use trace::Trace;
pub use tries::Retries;
pub use why::{Change, Verdict, Why, why};
pub use work::{Context, Work};
