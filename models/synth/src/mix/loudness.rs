//! Loudness and true peak by EBU R 128, for sound of any length.

use ebur128::{EbuR128, Mode};

use crate::{Frame, SynthError};

/// One gating block: what is shorter has no loudness by the standard's letter.
const BLOCK: usize = 19_200;

/// Measures what is fed to it.
pub struct Meter {
    ebu: EbuR128,
    fed: usize,
    head: Vec<Frame>,
}

/// What a [`Meter`] found; absent where there was nothing but silence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measured {
    /// Integrated loudness in LUFS.
    pub lufs: Option<f64>,
    /// True peak in dBTP.
    pub dbtp: Option<f64>,
}

impl Meter {
    /// A meter for stereo at 48 kHz.
    ///
    /// # Errors
    /// Where it cannot be set up.
    pub fn new() -> Result<Self, SynthError> {
        // Without the histogram mode, which drops what is far above full scale, as a sum of tracks may be
        // before its gain. The price is one number for every 0.1 s.
        let ebu = EbuR128::new(2, 48_000, Mode::I | Mode::TRUE_PEAK)?;
        Ok(Self { ebu, fed: 0, head: Vec::new() })
    }

    /// Takes the next frames.
    ///
    /// # Errors
    /// Where the meter refuses them.
    pub fn feed(&mut self, frames: &[Frame]) -> Result<(), SynthError> {
        self.ebu.add_frames_f32(frames.as_flattened())?;
        let room = BLOCK.saturating_sub(self.head.len());
        self.head.extend_from_slice(&frames[..frames.len().min(room)]);
        self.fed += frames.len();
        Ok(())
    }

    /// What was fed. Sound shorter than one gating block (0.4 s) is measured as if it went on by
    /// repeating itself.
    ///
    /// # Errors
    /// Where the meter has no answer.
    pub fn finish(self) -> Result<Measured, SynthError> {
        let peak = self.ebu.true_peak(0)?.max(self.ebu.true_peak(1)?);
        let lufs = if self.fed >= BLOCK || self.head.is_empty() {
            self.ebu.loudness_global()?
        } else {
            let mut ebu = EbuR128::new(2, 48_000, Mode::I)?;
            let looped: Vec<Frame> = self.head.iter().copied().cycle().take(4 * BLOCK).collect();
            ebu.add_frames_f32(looped.as_flattened())?;
            ebu.loudness_global()?
        };
        Ok(Measured {
            lufs: lufs.is_finite().then_some(lufs),
            dbtp: (peak > 0.0).then(|| 20.0 * peak.log10()),
        })
    }
}
