//! `storyreel completions`: a script for the shell.

use std::io::{self, Write};

use clap::CommandFactory;

use crate::cli::{Cli, Completions};
use crate::exit::Exit;

/// Prints the script.
pub fn run(args: &Completions) -> anyhow::Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "storyreel", &mut script);
    io::stdout().write_all(&script)?;
    Ok(Exit::Done)
}
