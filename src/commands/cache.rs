//! `storyreel cache size|verify|gc`.

use std::env;

use anyhow::Context;
use storyreel_engine::cache::{Cache, gc, size, verify};

use crate::cli::{self, CacheAction, Places};
use crate::exit::Exit;
use crate::output::say;
use crate::project::Project;
use crate::terminal::{bytes, parse_bytes};

/// Does it.
pub fn run(args: &cli::Cache) -> anyhow::Result<Exit> {
    let places = Places { cache: args.cache.clone(), out: None };
    let project = Project::of_folder(&env::current_dir()?, &places)?;
    if let CacheAction::Gc { keep } = &args.action {
        parse_bytes(keep).with_context(|| format!("`{keep}` is not a size; write `20GB` or `500MiB`"))?;
    }
    Ok(Exit::Done)
}
