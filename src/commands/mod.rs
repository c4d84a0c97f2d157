//! One file per command. A command reads, calls the engine, prints, and answers with an [`Exit`].

use crate::cli::{Cli, Command};
use crate::exit::Exit;

mod cache;
mod completions;
mod doctor;
mod new;

/// Runs the command.
pub fn run(cli: Cli) -> anyhow::Result<Exit> {
    match cli.command {
        Command::Cache(args) => cache::run(&args),
        Command::Doctor(args) => doctor::run(&args, cli.color),
        Command::New(args) => new::run(&args),
        Command::Completions(args) => completions::run(&args),
        other => anyhow::bail!("{other:?} is being wired"),
    }
}

/// The last word of a command that could not go on.
#[expect(clippy::print_stderr, reason = "this is where errors are handled")]
pub fn complain(error: &anyhow::Error) {
    eprintln!("storyreel: {error:#}");
}
