//! One file per command. A command reads, calls the engine, prints, and answers with an [`Exit`].

use std::error::Error;

use storyreel_engine::cache::CacheError;
use storyreel_engine::publish::PublishError;
use storyreel_engine::run::RunError;
use storyreel_engine::storyboard::render::visible;

use crate::cli::{Cli, Command};
use crate::exit::{Exit, Refusal};
use crate::output::note;

mod cache;
mod check;
mod completions;
mod doctor;
mod explain;
mod models;
mod new;
mod plan;
mod render;
mod schema;
mod why;

/// Runs the command.
pub fn run(cli: Cli) -> anyhow::Result<Exit> {
    match cli.command {
        Command::Check(args) => check::run(&args, cli.color),
        Command::Explain(args) => explain::run(&args, cli.color),
        Command::Models(args) => models::run(&args, cli.color),
        Command::Schema(args) => schema::run(&args),
        Command::Render(args) => render::run(&args, cli.color),
        Command::Plan(args) => plan::run(&args, cli.color),
        Command::Why(args) => why::run(&args, cli.color),
        Command::Cache(args) => cache::run(&args),
        Command::Doctor(args) => doctor::run(&args, cli.color),
        Command::New(args) => new::run(&args),
        Command::Completions(args) => completions::run(&args),
    }
}

/// The last word of a command that could not go on, and what to do about it.
pub fn complain(error: &anyhow::Error) {
    if error.to_string().is_empty() {
        return;
    }
    // A cause that the words before it have told already is not told again.
    let mut words = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if !words.ends_with(&cause) {
            words.push_str(if words.is_empty() { "" } else { ": " });
            words.push_str(&cause);
        }
    }
    note(&format!("storyreel: {}", visible(&words)));
    if let Some(help) = error.chain().find_map(help) {
        note(&format!("help: {}", visible(help)));
    }
}

fn help<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a str> {
    let of_cache = error.downcast_ref::<CacheError>().and_then(CacheError::help);
    let of_run = || error.downcast_ref::<RunError>().and_then(RunError::help);
    let of_outputs = || error.downcast_ref::<PublishError>().and_then(PublishError::help);
    let of_front = || error.downcast_ref::<Refusal>().and_then(|refusal| refusal.help.as_deref());
    of_cache.or_else(of_run).or_else(of_outputs).or_else(of_front)
}
