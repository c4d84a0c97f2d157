//! The graph: node specifications on a petgraph DAG, and their two identities.

pub mod keys;
pub mod spec;

pub use keys::{ActionKey, StepId};
pub use spec::{Edge, Graph, Label, MaterialFile, Need, NodeIndex, NodeSpec};
