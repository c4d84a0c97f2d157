//! Edits.

use crate::reading::Reading;
use crate::text::{AnimaticError, Request};

/// What the edits change of what is drawn.
#[derive(Clone, Debug, Default)]
pub(crate) struct Plan {
    /// Another place.
    pub background: Option<String>,
}

/// Applies the edits to a reading.
pub(crate) fn apply(_request: &Request, _reading: &mut Reading) -> Result<Plan, AnimaticError> {
    Ok(Plan::default())
}

/// An edit.
#[derive(Debug)]
pub struct Editor {}
