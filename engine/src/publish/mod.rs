//! The files of a film beside its pictures: captions, edit lists, the recipe; and the versions in
//! which they are put into the project's `out/` folder.

pub mod chapters;
