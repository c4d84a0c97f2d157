//! Lua for storyboards and custom nodes.
//!
//! The language is Luau: of the two that were weighed, the one whose sandbox can be proven. Its interpreter calls
//! back at every call, turn of a loop and try of a pattern, inside coroutines and protected calls too, so nothing
//! runs uncounted; it loads no bytecode from texts, has no finalisers, and can make its library read-only. Plain
//! Lua 5.4 counts only instructions of its own machine, coroutine by coroutine, and none inside its library.
//!
//! [`sandbox`] is what any script runs in; [`storyboard`] and [`node`] are what scripts give; [`chunk`] is how their
//! texts are read so that mistakes point to a place.

mod asking;
mod chunk;
mod library;
pub mod node;
mod places;
pub mod sandbox;
mod scripts;
mod storyboard;

pub use library::{LIBRARY, LibraryScript, id as id_of_ours};
pub use scripts::{Grants, LuaScripts, library_declarations};
