//! How the errors of the crates below become failures in a storyboard writer's words.

use std::io::ErrorKind;
use std::path::Path;

use storyreel_animatic::AnimaticError;
use storyreel_engine::cache::CacheError;
use storyreel_engine::run::protocol::{Failure, FailureKind};
use storyreel_media::MediaError;
use storyreel_synth::SynthError;

use crate::node::Stopped;

/// Turns a lower crate's error into a failure; the job adds the node's label.
pub trait OrFailure<T> {
    /// The value, or the failure.
    fn or_failure(self) -> Result<T, Failure>;
}

impl<T> OrFailure<T> for Result<T, MediaError> {
    /// A busy or unreachable disk may pass; everything else would fail the same way again.
    fn or_failure(self) -> Result<T, Failure> {
        self.map_err(from_media)
    }
}

impl<T> OrFailure<T> for Result<T, CacheError> {
    fn or_failure(self) -> Result<T, Failure> {
        self.map_err(Failure::from)
    }
}

impl<T> OrFailure<T> for Result<T, SynthError> {
    /// What other crates' errors it carries keep their own meaning.
    fn or_failure(self) -> Result<T, Failure> {
        self.map_err(|error| match error {
            SynthError::Outside(inner) if inner.is::<Stopped>() => Failure::cancelled(),
            SynthError::Outside(inner) => match inner.downcast::<MediaError>() {
                Ok(media) => from_media(*media),
                Err(other) => Failure::permanent(other.to_string()),
            },
            SynthError::Io(error) if is_full(&error) => Failure::permanent(DISK_FULL),
            SynthError::Io(error) if may_pass(&error) => Failure::transient(error.to_string()),
            other => Failure::permanent(other.to_string()),
        })
    }
}

impl<T> OrFailure<T> for Result<T, png::EncodingError> {
    fn or_failure(self) -> Result<T, Failure> {
        self.map_err(|error| match error {
            png::EncodingError::IoError(error) if is_full(&error) => Failure::permanent(DISK_FULL),
            png::EncodingError::IoError(error) if may_pass(&error) => Failure::transient(error.to_string()),
            other => Failure::permanent(other.to_string()),
        })
    }
}

/// A full disk, until the job says which: writers of sound and segments know their stream, not its place.
const DISK_FULL: &str = "the disk is full";

/// A full disk by the folder that it holds, with what to do about it.
pub fn with_disk(failure: Failure, cache: &Path) -> Failure {
    if failure.message == DISK_FULL { CacheError::Full(cache.to_owned()).into() } else { failure }
}

fn is_full(error: &std::io::Error) -> bool {
    matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded)
}

fn from_media(error: MediaError) -> Failure {
    if matches!(&error, MediaError::Io { source, .. } if is_full(source)) {
        return Failure::permanent(DISK_FULL);
    }
    let kind = match &error {
        MediaError::Stopped => return Failure::cancelled(),
        MediaError::Damaged { .. } => {
            let help = "replace the file, or export it again where it came from; a player that plays past \
                        the damage can save what is left as a new file";
            return Failure::permanent(error.to_string()).help(help);
        }
        MediaError::OutOfMemory { .. } => FailureKind::OutOfMemory,
        MediaError::Io { source, .. } if may_pass(source) => FailureKind::Transient,
        _ => FailureKind::Permanent,
    };
    Failure::new(kind, error.to_string())
}

/// The picture model's error. Where what was asked cannot be drawn, that parameter is to blame.
pub fn from_animatic(error: &AnimaticError, parameter: &str) -> Failure {
    match error {
        // The system has no memory for their stacks.
        AnimaticError::Threads(_) => Failure::new(FailureKind::OutOfMemory, error.to_string()),
        AnimaticError::Aside(_, kind) if is_full(&(*kind).into()) => Failure::permanent(DISK_FULL),
        AnimaticError::Aside(..) => Failure::transient(error.to_string()),
        _ => Failure::permanent(error.to_string()).parameter(parameter),
    }
}

fn may_pass(error: &std::io::Error) -> bool {
    use std::io::ErrorKind as E;
    matches!(error.kind(), E::Interrupted | E::TimedOut | E::ResourceBusy | E::StaleNetworkFileHandle)
}
