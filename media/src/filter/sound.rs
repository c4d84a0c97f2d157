//! Sound filters at work.

use super::chain::Chain;
use super::parse::parse;
use super::sounds::SOUNDS;
use crate::av::Frame;
use crate::error::{MediaError, Result};

const DOING: &str = "filtering sound";

/// The most samples (of each channel) that go in at a time.
const BLOCK: usize = 4096;

/// A chain of sound filters: interleaved stereo f32 at 48 kHz in and out, as many samples out as went in. What filters
/// have held back comes out by [`Self::finish`]; what they would add beyond (an echo's last) is cut off.
pub struct SoundFiltering {
    chain: Chain,
    /// Samples of each channel.
    sent: usize,
    received: usize,
    frame: Frame,
}

impl SoundFiltering {
    /// The filters of a line.
    ///
    /// # Errors
    /// [`MediaError::Parameter`] for a line that is not understood or not allowed; [`MediaError::Library`] where FFmpeg
    /// refuses values that only it can judge.
    pub fn new(line: &str) -> Result<Self> {
        let chain = Chain::sound(&parse(line, SOUNDS)?)?;
        Ok(Self { chain, sent: 0, received: 0, frame: Frame::new()? })
    }

    /// Gives samples and takes those that are done.
    ///
    /// # Errors
    /// An odd number of samples; FFmpeg fails.
    pub fn push(&mut self, samples: &[f32]) -> Result<Vec<f32>> {
        if samples.len() % 2 == 1 {
            let problem = format!("stereo samples come in pairs, not {}", samples.len());
            return Err(MediaError::Parameter(problem));
        }
        let mut out = Vec::with_capacity(samples.len());
        for block in samples.chunks(BLOCK * 2) {
            let count = block.len() / 2;
            let mut frame = Frame::stereo(count)?;
            for channel in 0..2 {
                let bytes = frame.sound_mut(channel, count);
                for (bytes, pair) in bytes.chunks_exact_mut(4).zip(block.chunks_exact(2)) {
                    bytes.copy_from_slice(&pair[channel].to_ne_bytes());
                }
            }
            frame.pts = self.sent as i64;
            self.sent += count;
            self.chain.send(Some(&mut frame), DOING)?;
            self.take(&mut out)?;
        }
        Ok(out)
    }

    /// The rest: with what came before as many samples as went in, filled up with silence where filters gave fewer.
    ///
    /// # Errors
    /// FFmpeg fails.
    pub fn finish(mut self) -> Result<Vec<f32>> {
        let mut out = Vec::new();
        self.chain.send(None, DOING)?;
        self.take(&mut out)?;
        out.resize(out.len() + 2 * (self.sent - self.received), 0.0);
        Ok(out)
    }

    fn take(&mut self, out: &mut Vec<f32>) -> Result<()> {
        while self.chain.receive(&mut self.frame, DOING)? {
            let done = usize::try_from(self.frame.nb_samples).unwrap_or(0);
            let count = done.min(self.sent - self.received);
            let [left, right] = [0, 1].map(|channel| self.frame.sound(channel, count));
            let value = |bytes: &[u8; 4]| f32::from_ne_bytes(*bytes);
            for (left, right) in left.as_chunks().0.iter().zip(right.as_chunks().0) {
                out.extend([value(left), value(right)]);
            }
            self.received += count;
        }
        Ok(())
    }
}
