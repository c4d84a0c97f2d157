//! Exit codes: part of the interface, so that scripts can tell what happened. Documented in the README.

use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// All that was asked for is there.
    Done = 0,
    /// A node failed, a blob is corrupt, a file could not be written.
    Failed = 1,
    /// The storyboard has mistakes; nothing was rendered.
    BadStoryboard = 2,
    /// The command line has mistakes.
    Usage = 3,
    /// Preflight refused: disk, memory or a tool that a step needs is lacking, a folder cannot be written, or
    /// the worker is of another build; nothing was rendered.
    Refused = 4,
    /// The film is there, with slates in place of shots that failed (`--slate-missing`).
    Slates = 5,
    /// `doctor` found something missing.
    Gaps = 6,
    /// Stopped by Ctrl-C; what was finished is kept.
    Cancelled = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// An error that has an exit code of its own. Any other error is [`Exit::Failed`].
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct Refusal {
    /// The code.
    pub exit: Exit,
    /// What to say; nothing where it is said already.
    pub message: String,
    /// What to do, where there is something.
    pub help: Option<String>,
}

impl Refusal {
    /// An error with that exit code.
    pub fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, message: message.into(), help: None }
    }

    /// The same, with what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The command line has a mistake that its grammar does not show.
    pub fn usage(message: impl Into<String>) -> anyhow::Error {
        Self::new(Exit::Usage, message).into()
    }

    /// The storyboard has mistakes, which have been shown.
    pub fn shown_mistakes() -> anyhow::Error {
        Self::new(Exit::BadStoryboard, "").into()
    }

    /// The exit code of any error.
    pub fn exit_of(error: &anyhow::Error) -> Exit {
        error.downcast_ref::<Self>().map_or(Exit::Failed, |refusal| refusal.exit)
    }
}
