//! A room: eight delays that feed each other through a lossless mixing matrix, losing treble as walls do
//! (a feedback delay network after Jot, 1991).

use super::filter::Smooth;
use super::{RATE, samples};
use crate::Frame;

const LINES: usize = 8;
/// Mutually prime-ish spreads of the delays, so that no echo falls upon another.
const SPREAD: [f32; LINES] = [1.0, 1.1727, 1.3391, 1.4913, 1.6787, 1.8569, 2.0743, 2.3117];

struct Line {
    buffer: Vec<f32>,
    at: usize,
    damp: Smooth,
    feed: f32,
}

/// Reverberation of one room, fed with what reaches its walls.
pub struct Room {
    lines: Vec<Line>,
    before: Vec<Frame>,
    at: usize,
    rumble: [Smooth; 2],
}

impl Room {
    /// A room whose walls are `metres` away, which rings for `seconds` (to -60 dB) and swallows what lies
    /// above `bright` hertz sooner.
    pub fn new(metres: f32, seconds: f32, bright: f32) -> Self {
        let base = (metres / 343.0).max(0.002);
        let lines = SPREAD.iter().map(|spread| {
            let length = samples(base * spread);
            let feed = 10f32.powf(-3.0 * length as f32 / RATE / seconds);
            Line { buffer: vec![0.0; length], at: 0, damp: Smooth::hertz(bright), feed }
        });
        Self {
            lines: lines.collect(),
            before: vec![[0.0; 2]; samples((base * 0.5).min(0.03))],
            at: 0,
            rumble: [Smooth::hertz(60.0); 2],
        }
    }

    /// What the room answers to one sample; the sound itself is not in it.
    pub fn run(&mut self, dry: Frame) -> Frame {
        let input = std::mem::replace(&mut self.before[self.at], dry);
        self.at = (self.at + 1) % self.before.len();
        let mut out = [0.0; LINES];
        for (value, line) in out.iter_mut().zip(&mut self.lines) {
            *value = line.damp.run(line.buffer[line.at]) * line.feed;
        }
        // Householder's reflection: each line gets all others' energy, none is lost.
        let share = out.iter().sum::<f32>() * (2.0 / LINES as f32);
        for (k, line) in self.lines.iter_mut().enumerate() {
            line.buffer[line.at] = input[k % 2] + out[k] - share;
            line.at = (line.at + 1) % line.buffer.len();
        }
        let left = out[0] - out[2] + out[4] - out[6];
        let right = out[1] - out[3] + out[5] - out[7];
        [self.rumble[0].high(left) * 0.5, self.rumble[1].high(right) * 0.5]
    }
}
