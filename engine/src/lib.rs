//! Storyboard -> film -> graph -> plan -> run.
//!
//! The engine knows node kinds only as data ([`kinds`]); it holds no media, no models, no network.
//! Reading, compiling and planning are pure over [`world::World`]; only [`run`] and [`cache`] write.

pub mod cache;
pub mod clock;
pub mod compile;
pub mod graph;
pub mod kinds;
pub mod looks;
pub mod placement;
pub mod publish;
pub mod regular;
pub mod run;
pub mod scripts;
pub mod simulation;
pub mod storyboard;
pub mod told;
pub mod units;
pub mod world;
