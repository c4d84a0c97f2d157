//! Large films: what a render costs that has nothing to do, how that and planning grow, and what the cache carries.
//!
//! The quick tests are part of every run: the large film is of the size that it is said to be, and a cache that was
//! filled without rendering is one that the program takes for its own. `./x bench null`, `plan`, `cache` and
//! `idle` are the long ones, each of which prints a table.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests")]

mod cache;
mod filled;
mod film;
mod idle;
mod ninja;
mod null;
mod plan;
mod took;
