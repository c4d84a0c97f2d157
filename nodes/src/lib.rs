//! The built-in node kinds, one folder each, over `engine` (what they are), `media` (files) and the
//! model crates (what draws and sounds).
//!
//! What always holds: a node's result depends on its parameters, its files' content and its inputs
//! alone; a streamed node gives any of its pictures at any time; a stored node writes only through
//! the blob store; failures name the node and, where one is to blame, the parameter.

mod failure;
mod inputs;
mod job;
mod lettering;
mod material;
mod node;
mod painted;
mod pipeline;
mod planes;
mod probe;
mod registry;
pub mod shelf;
mod wav;

pub mod conform;
pub mod edit;
pub mod effects;
pub mod encode;
pub mod excerpt;
pub mod extend;
pub mod footage;
pub mod frame;
pub mod generate;
pub mod join;
pub mod mix;
pub mod mux;
pub mod pick;
pub mod prores;
pub mod rank;
pub mod recording;
pub mod script;
pub mod sheet;
pub mod slate;
pub mod soundtrack;
pub mod still;
pub mod transition;
pub mod voice;

pub use node::{Stored, Streamed, Work};
pub use registry::{Registry, registry};
