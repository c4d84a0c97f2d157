//! What is in a file of the user's, by its content.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::confined::{Input, kind_in_words};
use crate::decode::Shape;
use crate::error::{MediaError, Result};
use crate::index::Index;
use crate::sound::SoundReader;
use crate::still;

/// What a file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Facts {
    /// One picture.
    Still {
        /// Width and height, upright.
        size: (u32, u32),
    },
    /// Pictures in time.
    Footage(FootageFacts),
    /// Sound alone.
    Sound {
        /// Length at 48 kHz.
        samples: u64,
        /// Channels as stored.
        channels: u16,
    },
}

/// What footage holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FootageFacts {
    /// Width and height, upright and in square pixels.
    pub size: (u32, u32),
    /// Pictures a second, evened out.
    pub rate: (u32, u32),
    /// Pictures at that rate.
    pub frames: u64,
    /// Whether it has sound.
    pub sound: bool,
    /// Whether its pictures are two fields each.
    pub interlaced: bool,
    /// Whether its pictures come at uneven times.
    pub variable_rate: bool,
    /// Degrees clockwise by which its pictures are turned to be upright.
    pub rotation: u32,
}

/// Tells what is in a file. Footage is read to its end, not decoded.
///
/// # Errors
/// The file cannot be read, is of a kind that is not allowed, too large, or damaged.
pub fn probe(path: &Path) -> Result<Facts> {
    if let Some(size) = still::size(path)? {
        return Ok(Facts::Still { size });
    }
    let mut input = match Input::open(path) {
        Err(MediaError::NotAllowed { file, what, .. }) if what == "a still image" || what == "text" => {
            let allowed = "PNG, JPEG and WebP images, and films and sounds in MP4, MOV, Matroska, WebM, \
                           MPEG-TS, AVI, WAV, FLAC, MP3, Ogg and AAC";
            return Err(MediaError::NotAllowed { file, what, allowed });
        }
        other => other?,
    };
    let found = input.pictures().map(|track| (track.0.index, Shape::of(track, path)));
    let sound = input.sound().is_some();
    let Some((track, shape)) = found else {
        let channels = input.sound().map(|track| track.parameters().ch_layout.nb_channels);
        let channels = channels.ok_or_else(|| MediaError::broken(path, "has neither pictures nor sound"))?;
        let samples = SoundReader::open(path)?.count()?;
        return Ok(Facts::Sound { samples, channels: u16::try_from(channels).unwrap_or(0) });
    };
    let shape = shape?;
    input.decoder(track)?;
    let index = Index::scan(&mut input, track, &mut |_, _| true)?;
    Ok(Facts::Footage(FootageFacts {
        size: shape.shown,
        rate: index.rate,
        frames: index.frames,
        sound,
        interlaced: shape.interlaced,
        variable_rate: index.variable,
        rotation: shape.turn.degrees(),
    }))
}

/// What kind of file this is, in words, by its first bytes: for messages.
///
/// # Errors
/// The file cannot be read.
pub fn kind(path: &Path) -> Result<&'static str> {
    let mut head = Vec::new();
    let file = File::open(path).map_err(|source| MediaError::io("read", path, source))?;
    file.take(4096).read_to_end(&mut head).map_err(|source| MediaError::io("read", path, source))?;
    Ok(kind_in_words(&head))
}
