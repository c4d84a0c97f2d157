//! What can go wrong while sound is made, in words for the writer of a storyboard.

/// Why a sound could not be made.
#[derive(Debug, thiserror::Error)]
pub enum SynthError {
    /// The espeak-ng program is not installed.
    #[error(
        "the program espeak-ng, which speaks the scratch voices, is not installed; install it with `apt-get install espeak-ng` (Debian, Ubuntu), `dnf install espeak-ng` (Fedora) or `brew install espeak-ng` (macOS)"
    )]
    NoEspeak,
    /// espeak-ng ran and failed.
    #[error("espeak-ng could not speak with voice `{voice}`: {reason}")]
    Espeak {
        /// The voice asked for.
        voice: String,
        /// What it said.
        reason: String,
    },
    /// The line has nothing that can be pronounced.
    #[error("espeak-ng made no sound of the line \"{0}\"; it needs at least one word")]
    NothingSaid(String),
    /// A setting is out of range.
    #[error("{what} is {value}; it must be {range}")]
    OutOfRange {
        /// The setting.
        what: &'static str,
        /// What it was.
        value: String,
        /// What it may be.
        range: &'static str,
    },
    /// The SoundFont cannot be used.
    #[error("the SoundFont cannot be used: {0}")]
    SoundFont(String),
    /// Loudness could not be measured.
    #[error("the loudness could not be measured: {0}")]
    Loudness(#[from] ebur128::Error),
    /// Reading or writing sound failed outside this crate.
    #[error(transparent)]
    Outside(#[from] Box<dyn std::error::Error + Send + Sync>),
    /// Input or output failed.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}
