//! The files of a film beside its pictures: captions, edit lists, the recipe; and the versions in
//! which they are put into the project's `out/` folder. All but [`versions`] is pure.

pub mod captions;
pub mod chapters;
pub mod edl;
pub mod otio;
pub mod recipe;
mod shown;
pub mod srt;
pub mod versions;
pub mod vtt;

pub use versions::{
    OutputFile, PublishError, Published, Source, Status, judged, newest_linked, prepare, publish, status,
};

#[cfg(test)]
mod tests;
