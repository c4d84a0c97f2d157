//! The mix: stems, ducking, loudness. All of it streams, so that hours take no more memory than seconds.
//!
//! The film's sound is read several times: once to measure it, then again until one gain and one limiter
//! ceiling bring its loudness and its true peak where they shall be, and once more to hand it out. All
//! stems get the gain and the limiter's curve of the whole mix, so that they add up to it.

mod duck;
mod limiter;
mod loudness;
mod stems;
#[cfg(test)]
mod tests;

pub use loudness::{Measured, Meter};

use crate::{Frame, SynthError};
use limiter::Limiter;
use stems::Stems;

/// Sound that can be read anywhere, in any order, any number of times.
pub trait SoundReader {
    /// Its length.
    fn samples(&self) -> i64;
    /// Fills `out` with the samples from `at` on. `at + out.len()` is at most [`SoundReader::samples`].
    ///
    /// # Errors
    /// Where it cannot be read.
    fn read(&mut self, at: i64, out: &mut [Frame]) -> Result<(), SynthError>;
}

/// A sound on the film's clock.
pub struct Track<'a> {
    /// The sound, heard from its start.
    pub sound: Box<dyn SoundReader + 'a>,
    /// Where it starts; may be negative.
    pub at: i64,
    /// How much of it is heard, at most.
    pub samples: i64,
    /// Gain in decibels.
    pub gain_db: f32,
    /// Left (-1) to right (1).
    pub pan: f32,
    /// Fade at its start, in samples.
    pub fade_in: i64,
    /// Fade at its end, in samples.
    pub fade_out: i64,
    /// Its further gain in decibels while someone speaks; 0 leaves it alone. Not used for dialogue.
    pub under_dialogue_db: f32,
}

/// All that sounds in a film.
pub struct Session<'a> {
    /// Length of the film.
    pub samples: i64,
    /// Spoken lines.
    pub dialogue: Vec<Track<'a>>,
    /// Effects and ambience.
    pub effects: Vec<Track<'a>>,
    /// Cues.
    pub music: Vec<Track<'a>>,
    /// Integrated loudness of the mix, in LUFS.
    pub loudness_lufs: f64,
    /// What its true peak stays under, in dBTP.
    pub true_peak_dbtp: f64,
}

/// A block of all stems, each of the same length. `dialogue + effects + music` is `mix`.
pub struct Block<'b> {
    /// Spoken lines.
    pub dialogue: &'b [Frame],
    /// Effects and ambience.
    pub effects: &'b [Frame],
    /// Cues.
    pub music: &'b [Frame],
    /// Everything but dialogue.
    pub music_and_effects: &'b [Frame],
    /// Everything.
    pub mix: &'b [Frame],
}

/// What the mix came to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MixReport {
    /// Integrated loudness in LUFS; absent for silence.
    pub loudness_lufs: Option<f64>,
    /// True peak in dBTP; absent for silence.
    pub true_peak_dbtp: Option<f64>,
    /// The gain that all stems got, before the limiter, in decibels.
    pub gain_db: f64,
    /// How often the film's sound was read.
    pub passes: u32,
}

/// Who takes the blocks of a reading.
type Sink<'s> = &'s mut dyn FnMut(&Block) -> Result<(), SynthError>;

/// What is done to the sum of all tracks.
#[derive(Clone, Copy, Debug)]
struct Master {
    gain_db: f64,
    /// The limiter's ceiling in dBTP; none switches it off.
    ceiling_db: Option<f64>,
}

/// How near the wanted loudness is near enough, in LU; the promise is 0.5.
const NEAR: f64 = 0.1;
/// How far the limiter aims below the limit, in dB: other meters interpolate a little differently.
const MARGIN: f64 = 0.3;
/// Peaks below this, in dBTP, are silence: a 16-bit recording's last bit.
const FLOOR: f64 = -96.0;
/// Readings of the film before the best found so far is taken. Only sound that is nearly all silence
/// (one click) needs more: it cannot be as loud as wanted and stay under the limit.
const MOST_TRIALS: u32 = 10;

/// Mixes the session: exactly `session.samples` samples go to `sink`, block by block. Before that the film is measured
/// as often as it takes, of which `measured` hears: how many samples, block by block.
///
/// The true peak is under the limit always: every gain and ceiling is measured before it is taken, and
/// what no limiter brought under it is turned down as a whole. The loudness is met within 0.5 LU but for sound so sparse
/// that no limiter could make it so loud, and the report says what it came to.
///
/// # Errors
/// Those of the readers, of the sink and of `measured`.
pub fn mix(
    session: &mut Session,
    measured: &mut dyn FnMut(u64) -> Result<(), SynthError>,
    sink: &mut dyn FnMut(&Block) -> Result<(), SynthError>,
) -> Result<MixReport, SynthError> {
    check(session)?;
    let mut measured = |block: &Block| measured(block.mix.len() as u64);
    let raw = pass(session, Master { gain_db: 0.0, ceiling_db: None }, &mut measured)?;
    let (master, trials) = settle(session, raw, &mut measured)?;
    let result = pass(session, master, sink)?;
    Ok(MixReport {
        loudness_lufs: result.lufs,
        true_peak_dbtp: result.dbtp,
        gain_db: master.gain_db,
        passes: trials + 2,
    })
}

fn check(session: &Session) -> Result<(), SynthError> {
    let refuse =
        |what, value: f64, range| Err(SynthError::OutOfRange { what, value: value.to_string(), range });
    if session.samples < 0 {
        return refuse("the film's length", session.samples as f64, "no less than 0 samples");
    }
    if !(-70.0..=0.0).contains(&session.loudness_lufs) {
        return refuse("the loudness", session.loudness_lufs, "between -70 and 0 LUFS");
    }
    if !(-40.0..=0.0).contains(&session.true_peak_dbtp) {
        return refuse("the true-peak limit", session.true_peak_dbtp, "between -40 and 0 dBTP");
    }
    Ok(())
}

/// Finds the gain and ceiling, and says how many readings that took.
fn settle(session: &mut Session, raw: Measured, measured: Sink) -> Result<(Master, u32), SynthError> {
    let (target, limit) = (session.loudness_lufs, session.true_peak_dbtp);
    let mut ceiling = limit - MARGIN;
    let Some((lufs, dbtp)) = audible(session, raw, measured)? else {
        return Ok((turned_down(0.0, raw.dbtp, ceiling), 0));
    };
    let mut gain = target - lufs;
    if dbtp + gain < ceiling {
        return Ok((Master { gain_db: gain, ceiling_db: Some(ceiling) }, 0));
    }
    let mut best: Option<(f64, Master)> = None;
    let mut before: Option<(f64, f64)> = None;
    for trial in 1..=MOST_TRIALS {
        let master = Master { gain_db: gain, ceiling_db: Some(ceiling) };
        let got = pass(session, master, measured)?;
        let loud = got.lufs.unwrap_or(-70.0);
        let over = got.dbtp.unwrap_or(-200.0) - limit;
        let miss = (target - loud).abs();
        if over <= 0.0 && best.is_none_or(|(least, _)| miss < least) {
            best = Some((miss, master));
        }
        if over <= 0.0 && miss <= NEAR {
            return Ok((master, trial));
        }
        if over > 0.0 {
            ceiling -= over + 0.05;
        }
        gain += next_step(before, (gain, loud), target);
        before = Some((master.gain_db, loud));
    }
    let fallback = turned_down(target - lufs, Some(dbtp), limit - MARGIN);
    Ok((best.map_or(fallback, |(_, master)| master), MOST_TRIALS))
}

/// At most that gain, and no more than brings a peak of `dbtp` to `ceiling`: without a limiter, whose
/// curve could add peaks of its own.
fn turned_down(gain_db: f64, dbtp: Option<f64>, ceiling: f64) -> Master {
    let room = dbtp.map_or(gain_db, |dbtp| ceiling - dbtp);
    Master { gain_db: gain_db.min(room), ceiling_db: None }
}

/// Loudness and peak of the raw sum; none for silence. What lies below the standard's gate of -70 LUFS is
/// measured again, louder.
fn audible(session: &mut Session, raw: Measured, measured: Sink) -> Result<Option<(f64, f64)>, SynthError> {
    let Some(dbtp) = raw.dbtp.filter(|peak| *peak > FLOOR) else {
        return Ok(None);
    };
    if let Some(lufs) = raw.lufs {
        return Ok(Some((lufs, dbtp)));
    }
    let louder = Master { gain_db: -dbtp, ceiling_db: None };
    let again = pass(session, louder, measured)?;
    Ok(again.lufs.map(|lufs| (lufs + dbtp, dbtp)))
}

/// How much further to go, by the slope between the last two trials.
fn next_step(before: Option<(f64, f64)>, now: (f64, f64), target: f64) -> f64 {
    let slope = before.map_or(1.0, |(gain, loud)| (now.1 - loud) / (now.0 - gain));
    let slope = if slope.is_finite() { slope.clamp(0.1, 1.0) } else { 1.0 };
    ((target - now.1) / slope).clamp(-15.0, 15.0)
}

/// Reads the whole film once through `master` and measures what comes out.
fn pass(session: &mut Session, master: Master, sink: Sink) -> Result<Measured, SynthError> {
    let mut meter = Meter::new()?;
    let mut stems = Stems::new(session);
    let mut chain = Chain::new(master);
    let mut left = session.samples;
    while let Some(frames) = stems.next(session)? {
        chain.push(&stems, frames);
        left -= chain.flush(left, &mut meter, sink)?;
    }
    if left > 0 {
        chain.drain();
        left -= chain.flush(left, &mut meter, sink)?;
    }
    debug_assert_eq!(left, 0);
    meter.finish()
}

/// Gain and limiter over the stems; what comes out is `latency` samples behind what goes in.
struct Chain {
    gain: f32,
    limiter: Option<Limiter>,
    /// Stems waiting for their gain: dialogue, effects, music.
    waiting: [std::collections::VecDeque<Frame>; 3],
    skip: usize,
    out: [Vec<Frame>; 5],
}

impl Chain {
    fn new(master: Master) -> Self {
        let limiter = master.ceiling_db.map(|db| Limiter::new(10f64.powf(db / 20.0)));
        Self {
            gain: 10f64.powf(master.gain_db / 20.0) as f32,
            skip: if limiter.is_some() { Limiter::LATENCY } else { 0 },
            limiter,
            waiting: Default::default(),
            out: Default::default(),
        }
    }

    fn push(&mut self, stems: &Stems, frames: usize) {
        for i in 0..frames {
            self.frame(std::array::from_fn(|stem| stems.buffers[stem][i].map(|x| x * self.gain)));
        }
    }

    /// Silence that pushes the last frames out.
    fn drain(&mut self) {
        for _ in 0..self.waiting[0].len() {
            self.frame([[0.0; 2]; 3]);
        }
    }

    fn frame(&mut self, stems: [Frame; 3]) {
        let sum: Frame = std::array::from_fn(|c| stems[0][c] + stems[1][c] + stems[2][c]);
        let curve = self.limiter.as_mut().map_or(1.0, |limiter| limiter.run(sum));
        for (queue, frame) in self.waiting.iter_mut().zip(stems) {
            queue.push_back(frame);
        }
        if self.skip > 0 {
            self.skip -= 1;
            return;
        }
        let [d, e, m] =
            std::array::from_fn(|stem| self.waiting[stem].pop_front().unwrap_or_default().map(|x| x * curve));
        let rest: Frame = std::array::from_fn(|c| e[c] + m[c]);
        let all: Frame = std::array::from_fn(|c| d[c] + rest[c]);
        for (out, frame) in self.out.iter_mut().zip([d, e, m, rest, all]) {
            out.push(frame);
        }
    }

    /// Hands out what is ready, at most `left` frames, and says how many that were.
    fn flush(
        &mut self,
        left: i64,
        meter: &mut Meter,
        sink: &mut dyn FnMut(&Block) -> Result<(), SynthError>,
    ) -> Result<i64, SynthError> {
        let count = self.out[4].len().min(left.max(0) as usize);
        if count > 0 {
            let [dialogue, effects, music, music_and_effects, mix] =
                std::array::from_fn(|stem| &self.out[stem][..count]);
            meter.feed(mix)?;
            sink(&Block { dialogue, effects, music, music_and_effects, mix })?;
        }
        self.out.iter_mut().for_each(Vec::clear);
        Ok(count as i64)
    }
}
