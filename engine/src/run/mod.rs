//! The run: a bevy_ecs world of node states, worker processes, devices, events.
//!
//! What always holds: a node runs only once its inputs' artifacts are there; a result counts only once its
//! record is written; one failed attempt costs that attempt and nothing else. What is finished is kept
//! however the run ends, so the same command goes on where it stopped.

pub mod device;
mod driver;
pub mod event;
mod finish;
mod forecast;
pub mod preflight;
mod process;
pub mod protocol;
pub mod serve;
mod share;
pub mod standing;
mod start;
mod state;
mod systems;
pub mod trace;
pub mod why;
pub mod work;

pub use device::{Device, DeviceClass, DeviceError, DeviceId, DeviceSpec};
pub use driver::Interrupts;
pub use event::{Event, EventLine, Reporter, Totals};
pub use forecast::{Forecast, forecast};
pub use process::WorkerCommand;
pub use serve::serve;
pub use share::{bring, settle, share};
pub use standing::{Standing, left, standing};
pub use start::{FailedNode, Request, RunError, RunReport, SkippedNode, estimate, run};
pub use trace::Trace;
pub use why::{Change, Verdict, Why, why};
pub use work::{Context, Work};
