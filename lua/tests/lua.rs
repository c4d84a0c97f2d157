//! Storyboards and nodes written in Lua, read through the engine.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "lua/attacks.rs"]
mod attacks;
#[path = "lua/nodes.rs"]
mod nodes;
#[path = "lua/storyboards.rs"]
mod storyboards;
