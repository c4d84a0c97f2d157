//! The sums of a film's tracks, block by block: placed, panned, faded, and making way for speech.

use super::duck::Speech;
use super::{Session, Track};
use crate::dsp::from_db;
use crate::{Frame, SynthError};

/// Samples in a block.
const BLOCK: usize = 4096;

/// Walks over the film once.
pub struct Stems {
    /// Dialogue, effects, music of the current block.
    pub buffers: [Vec<Frame>; 3],
    speech: Speech,
    envelope: Vec<f32>,
    scratch: Vec<Frame>,
    at: i64,
}

impl Stems {
    /// At the film's start.
    pub fn new(session: &Session) -> Self {
        let lines = session.dialogue.iter().map(|track| track.span(session.samples));
        Self {
            buffers: std::array::from_fn(|_| vec![[0.0; 2]; BLOCK]),
            speech: Speech::new(lines.collect()),
            envelope: vec![0.0; BLOCK],
            scratch: vec![[0.0; 2]; BLOCK],
            at: 0,
        }
    }

    /// Makes the next block and says how long it is; none at the film's end.
    pub fn next(&mut self, session: &mut Session) -> Result<Option<usize>, SynthError> {
        let frames = (session.samples - self.at).min(BLOCK as i64) as usize;
        if frames == 0 {
            return Ok(None);
        }
        self.speech.fill(self.at, &mut self.envelope[..frames]);
        let groups = [&mut session.dialogue, &mut session.effects, &mut session.music];
        for (stem, (buffer, tracks)) in self.buffers.iter_mut().zip(groups).enumerate() {
            buffer[..frames].fill([0.0; 2]);
            // Speech does not make way for itself.
            let envelope = (stem != 0).then_some(&self.envelope[..frames]);
            for track in tracks {
                track.add(self.at, &mut buffer[..frames], envelope, &mut self.scratch)?;
            }
        }
        self.at += frames as i64;
        Ok(Some(frames))
    }
}

impl Track<'_> {
    fn length(&self) -> i64 {
        self.samples.min(self.sound.samples()).max(0)
    }

    /// Where it is heard in a film of `samples`.
    fn span(&self, samples: i64) -> (i64, i64) {
        (self.at.max(0), self.at.saturating_add(self.length()).min(samples))
    }

    fn add(
        &mut self,
        at: i64,
        out: &mut [Frame],
        envelope: Option<&[f32]>,
        scratch: &mut [Frame],
    ) -> Result<(), SynthError> {
        let length = self.length();
        let from = at.max(self.at);
        let to = (at + out.len() as i64).min(self.at.saturating_add(length));
        if from >= to {
            return Ok(());
        }
        let count = (to - from) as usize;
        let inside = from - self.at;
        self.sound.read(inside, &mut scratch[..count])?;
        let sides = balance(self.pan).map(|side| side * from_db(self.gain_db));
        let offset = (from - at) as usize;
        for (i, frame) in scratch[..count].iter().enumerate() {
            let mut gain = self.fade(inside + i as i64, length);
            if let Some(envelope) = envelope {
                gain *= way(envelope[offset + i], self.under_dialogue_db);
            }
            for c in 0..2 {
                out[offset + i][c] += frame[c] * sides[c] * gain;
            }
        }
        Ok(())
    }

    /// Quarter sines: where one sound fades into another, their power stays.
    fn fade(&self, at: i64, length: i64) -> f32 {
        let part = |done: i64, whole: i64| {
            if done >= whole {
                return 1.0;
            }
            (std::f32::consts::FRAC_PI_2 * (done as f32 + 0.5) / whole as f32).sin()
        };
        part(at, self.fade_in) * part(length - 1 - at, self.fade_out)
    }
}

fn way(envelope: f32, under_dialogue_db: f32) -> f32 {
    if envelope == 0.0 || under_dialogue_db == 0.0 {
        return 1.0;
    }
    from_db(under_dialogue_db * envelope)
}

/// Gains of left and right: the far side goes down by a cosine, the near side stays.
fn balance(pan: f32) -> [f32; 2] {
    let pan = pan.clamp(-1.0, 1.0);
    let far = (std::f32::consts::FRAC_PI_2 * pan.abs()).cos();
    if pan < 0.0 { [1.0, far] } else { [far, 1.0] }
}
