//! The binaries, end to end: a folder with a storyboard, a command, what it says and what it leaves.
//!
//! The worker is the one beside the front binary: `cargo build --release --workspace` comes first.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests")]

mod again;
mod builds;
mod cache;
mod campaign;
mod check;
mod commands;
mod devices;
mod disk;
mod doctor;
mod exact;
mod faults;
mod kill;
mod library;
mod links;
mod lists;
mod memory;
mod misuse;
mod python;
mod remote;
mod render;
mod reuse;
mod scripts;
mod store;
mod studio;
mod workers;
