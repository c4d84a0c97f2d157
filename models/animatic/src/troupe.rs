//! Puts the players on the stage.

use crate::edit::Plan;
use crate::scene::Scene;
use crate::text::Request;

/// Places them.
pub(crate) fn place(_scene: &mut Scene<'_>, _request: &Request, _plan: &Plan) {}
