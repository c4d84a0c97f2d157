//! Storyboards and nodes written in Lua, read through the engine.

#[path = "lua/attacks.rs"]
mod attacks;
#[path = "lua/nodes.rs"]
mod nodes;
#[path = "lua/storyboards.rs"]
mod storyboards;
