//! `storyreel-worker`: runs nodes on one device, fed by the front binary over its standard input.
//!
//! It ends with its front: when the input ends, and on Linux by a signal when the front dies.

use std::io::{stdin, stdout};
use std::process::exit;

use anyhow::Context as _;

/// Large pictures come and go all the time; the system's allocator would fault their pages in anew.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> anyhow::Result<()> {
    #[cfg(target_os = "linux")]
    rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL))
        .context("the system cannot tie this worker to its front")?;
    storyreel_engine::run::serve(storyreel_nodes::registry(), stdin().lock(), stdout(), || exit(0))
        .context("the front cannot be heard")
}
