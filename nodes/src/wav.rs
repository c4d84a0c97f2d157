//! Sound in and out of the cache, as WAV.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use storyreel_engine::cache::Scratch;
use storyreel_engine::run::protocol::{Blob, Failure};
use storyreel_engine::units::Samples;
use storyreel_media::MediaError;
use storyreel_media::wav::{WavFormat, WavReader, WavWriter};
use storyreel_synth::mix::SoundReader;
use storyreel_synth::{Frame, SynthError};

use crate::failure::OrFailure;
use crate::node::Work;

/// A stereo WAV file on its way into the cache.
pub struct SoundOut {
    writer: WavWriter<BufWriter<File>>,
    scratch: Scratch,
}

impl SoundOut {
    /// Begins one: an intermediate where `timecode` is absent (32-bit floats), else a file that
    /// leaves the project (24 bits, with that timecode).
    ///
    /// # Errors
    /// The cache cannot be written.
    pub fn new(work: &Work<'_>, timecode: Option<Samples>) -> Result<Self, Failure> {
        let scratch = work.context.cache.scratch("wav")?;
        let file = File::create(scratch.path())
            .map_err(|error| MediaError::io("write", scratch.path(), error))
            .or_failure()?;
        let format = if timecode.is_some() { WavFormat::Pcm24 } else { WavFormat::Float };
        let timecode = timecode.map(|samples| samples.0.max(0) as u64);
        let writer = WavWriter::new(BufWriter::new(file), 2, format, timecode).or_failure()?;
        Ok(Self { writer, scratch })
    }

    /// Appends a block.
    ///
    /// # Errors
    /// Writing failed.
    pub fn write(&mut self, block: &[Frame]) -> Result<(), SynthError> {
        self.writer.write(block.as_flattened()).map_err(|error| SynthError::Outside(Box::new(error)))
    }

    /// The finished file, in the cache.
    ///
    /// # Errors
    /// Writing failed.
    pub fn finish(self, work: &Work<'_>) -> Result<Blob, Failure> {
        self.writer.finish().or_failure()?;
        Ok(work.context.cache.adopt(self.scratch)?)
    }
}

/// A stereo WAV file of the cache, read anywhere.
pub struct SoundIn {
    reader: WavReader,
    samples: i64,
    at: i64,
}

impl SoundIn {
    /// Opens one.
    ///
    /// # Errors
    /// It is not what our own nodes write.
    pub fn open(path: &Path) -> Result<Self, Failure> {
        let reader = WavReader::open(path).or_failure()?;
        let spec = reader.spec();
        if spec.channels != 2 || i64::from(spec.rate) != storyreel_synth::SAMPLE_RATE {
            return Err(Failure::permanent("a sound of the cache is not 48 kHz stereo"));
        }
        Ok(Self { reader, samples: spec.samples as i64, at: 0 })
    }
}

impl SoundReader for SoundIn {
    fn samples(&self) -> i64 {
        self.samples
    }

    fn read(&mut self, at: i64, out: &mut [Frame]) -> Result<(), SynthError> {
        let outside = |error| SynthError::Outside(Box::new(error));
        if at != self.at {
            self.reader.seek(at.max(0) as u64).map_err(outside)?;
        }
        let mut filled = 0;
        while filled < out.len() {
            match self.reader.read(out[filled..].as_flattened_mut()).map_err(outside)? {
                0 => break,
                samples => filled += samples,
            }
        }
        out[filled..].fill([0.0; 2]);
        self.at = at + filled as i64;
        Ok(())
    }
}
