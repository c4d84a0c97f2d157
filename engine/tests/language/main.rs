//! The storyboard language as its users meet it: what mistakes are told, what editors offer.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod editor;
mod faulty;
