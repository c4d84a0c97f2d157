//! Pictures and sound in and out of files, through FFmpeg with confined I/O.
//!
//! What always holds: a file is opened by our own reader, never by its address; only the formats
//! and codecs of an allow-list are opened; declared sizes and lengths are bounded; the same input
//! gives the same bytes on every run. Pictures are [`Picture`]s, sound is interleaved stereo f32
//! at 48 kHz. Nothing here knows storyboards.

mod aac;
mod av;
mod boxes;
pub mod captions;
mod confined;
pub mod convert;
pub mod decode;
mod deinterlace;
mod dither;
pub mod encode;
mod ending;
pub mod error;
pub mod filter;
mod index;
mod io;
pub mod join;
pub mod libraries;
pub mod loudness;
pub mod mux;
pub mod picture;
pub mod png;
pub mod probe;
pub mod prores;
pub mod scale;
pub mod segment;
pub mod sound;
pub mod soundtrack;
pub mod still;
pub mod wav;
mod whole;

pub use error::{MediaError, Progress};
pub use picture::{ClipSpec, Picture, PictureSource};

/// Samples a second of all sound.
pub const SAMPLE_RATE: u32 = 48_000;
