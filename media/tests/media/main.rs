//! What storyreel-media writes, read by FFmpeg's own tools; what those write, read by it.
#![allow(clippy::unwrap_used, reason = "tests")]

mod film;
mod footage;
mod refused;
mod sound;
mod stills;
mod tools;
