//! The animatic picture model: reads a shot's words and draws it in moving layers.
//!
//! An animated storyboard in flat-illustration style with depth. [`read`] understands a shot's text
//! and says what of it cannot be drawn; [`stage`] paints the layers once; [`Stage::draw`] composes
//! any picture of the shot from them in integer arithmetic, in any order, on any number of threads,
//! with the same result. Places and painting are computed in floats with the system's mathematics, so
//! two builds or two kinds of machine may differ; one build on one machine never does. [`Editor`] changes clips, drawn or filmed, and leaves what
//! lies outside the edit's region untouched to the bit.

mod camera;
mod compose;
mod edit;
mod effects;
mod framing;
mod grade;
mod hands;
mod layer;
mod noise;
pub mod paint;
mod palette;
mod planes;
pub mod reading;
mod region;
mod resample;
mod samples;
mod scene;
mod settings;
mod sketch;
mod stage;
pub mod stills;
mod style;
pub mod subjects;
mod text;
pub mod transition;
mod troupe;
mod viewpoint;
mod words;

pub use edit::Editor;
pub use planes::{BLACK, NEUTRAL, Picture, Planes, PlanesRef, WHITE, chroma_size};
pub use reading::{Reading, read};
pub use stage::{Stage, stage};
pub use text::{AnimaticError, Change, EditText, Portrayal, Region, Request, ShotText};
pub use words::{Group, words};
