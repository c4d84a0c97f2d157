//! Custom nodes: what their scripts declare, and what those that expand build.

mod declare;
pub mod expand;
mod values;

pub use declare::{Declared, Work, declared};
pub use expand::lua_of;
pub use values::check_values;
