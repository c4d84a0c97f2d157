//! `storyreel`: the front binary. It links no FFmpeg; work is done by workers.
//!
//! It starts in milliseconds: no runtime, no thread, no worker before a command needs one. It talks to no
//! network but the store that `--remote-cache` names.

use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;
use storyreel_engine::storyboard::render::{unseen, visible};

mod answered;
mod cli;
mod commands;
mod compiled;
mod desk;
mod diagnose;
mod edits;
mod exit;
mod export;
mod lately;
mod output;
mod outputs;
mod project;
mod remembered;
mod remote;
mod reporter;
mod state;
mod summary;
mod terminal;
mod toolbox;

use exit::{Exit, Refusal};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = match cli::Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    match commands::run(cli) {
        Ok(exit) => exit.into(),
        Err(error) => {
            commands::complain(&error);
            Refusal::exit_of(&error).into()
        }
    }
}

/// clap's own exit code for mistakes is 2, which here means a bad storyboard.
fn usage(error: &clap::Error) -> ExitCode {
    if std::env::args_os().any(|arg| arg.to_string_lossy().contains(unseen)) {
        // What is not seen must not reach the terminal; nor can colours be told from it any more.
        output::aside(&visible(&error.render().to_string()));
    } else {
        // Nothing is left to say it with when standard error is closed.
        let _ = error.print();
    }
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => Exit::Done.into(),
        _ => Exit::Usage.into(),
    }
}
