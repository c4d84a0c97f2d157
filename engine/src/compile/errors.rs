//! Mistakes that only show when the film is put together.

use crate::storyboard::Code;
use crate::storyboard::Diagnostic;
use crate::storyboard::types::Span;
use crate::world::WorldError;

/// A file that was there when the storyboard was checked and cannot be had now.
pub(super) fn world(error: &WorldError, span: Span) -> Diagnostic {
    let code = match error {
        WorldError::Missing(_) => Code::MissingFile,
        WorldError::Outside(_) => Code::OutsideProject,
        WorldError::NotAFile(_) => Code::NotAFile,
        WorldError::TooManyPixels { .. } => Code::PictureTooLarge,
        WorldError::TooLarge { .. }
        | WorldError::NotUtf8 { .. }
        | WorldError::Utf16(_)
        | WorldError::Unusable { .. } => Code::Unusable,
        WorldError::Io { .. } => Code::FileError,
    };
    Diagnostic::new(code, span, error.to_string())
}
