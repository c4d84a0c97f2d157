//! Loudness and true peak by ITU-R BS.1770 and EBU R 128.

use ebur128::{EbuR128, Mode};

use crate::SAMPLE_RATE;
use crate::error::{Result, failure};

const DOING: &str = "measuring loudness";

/// Measures interleaved 48 kHz stereo, block by block.
pub struct LoudnessMeter {
    meter: EbuR128,
}

/// What a sound measures.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Loudness {
    /// Integrated loudness in LUFS; minus infinity for silence.
    pub integrated: f64,
    /// Loudness range in LU.
    pub range: f64,
    /// Highest true peak of both channels in dBTP; minus infinity for silence.
    pub true_peak: f64,
}

impl LoudnessMeter {
    /// A meter that has heard nothing.
    ///
    /// # Errors
    /// There is no memory for it.
    pub fn new() -> Result<Self> {
        let mode = Mode::I | Mode::LRA | Mode::TRUE_PEAK;
        let meter = EbuR128::new(2, SAMPLE_RATE, mode).map_err(|e| failure(DOING, e.to_string()))?;
        Ok(Self { meter })
    }

    /// Hears a block of interleaved stereo.
    ///
    /// # Errors
    /// There is no memory for it.
    pub fn add(&mut self, block: &[f32]) -> Result<()> {
        self.meter.add_frames_f32(block).map_err(|e| failure(DOING, e.to_string()))
    }

    /// What has been heard so far.
    ///
    /// # Errors
    /// The meter failed.
    pub fn loudness(&self) -> Result<Loudness> {
        let failed = |e: ebur128::Error| failure(DOING, e.to_string());
        let mut peak = 0.0_f64;
        for channel in 0..2 {
            peak = peak.max(self.meter.true_peak(channel).map_err(failed)?);
        }
        Ok(Loudness {
            integrated: self.meter.loudness_global().map_err(failed)?,
            range: self.meter.loudness_range().map_err(failed)?,
            true_peak: 20.0 * peak.log10(),
        })
    }
}
