//! The graph: node specifications on a petgraph DAG, and their two identities.

pub mod action;
pub mod keys;
pub mod spec;
pub mod steps;

pub use action::Keyed;
pub use keys::{ActionKey, StepId};
pub use spec::{Edge, Graph, Label, MaterialFile, Need, NodeIndex, NodeSpec, named};
pub use steps::{Input, inputs, step_ids};
