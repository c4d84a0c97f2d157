//! Everything that can stand in a picture, each painted by a small file; [`ALL`] lists them.

pub mod canvas;
pub mod colour;
pub mod creatures;
pub mod figure;
pub mod shape;
pub mod sketch;

use crate::paint::Subject;

/// Every subject. A new one is a file and its name here.
pub(crate) static ALL: &[&dyn Subject] =
    &[&creatures::birds::GULL, &creatures::birds::CROW, &creatures::birds::BIRD];
