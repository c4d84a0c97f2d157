//! When every picture of a track is shown, read from its packets without decoding, and the even
//! rate that this amounts to.

use ffmpeg_next::ffi;

use crate::av::Packet;
use crate::confined::{Input, LONGEST};
use crate::error::{MediaError, Progress, Result, heed};

/// Rates that cameras and software use, as fractions.
const USUAL: [(u32, u32); 17] = [
    (24_000, 1001),
    (24, 1),
    (25, 1),
    (30_000, 1001),
    (30, 1),
    (48, 1),
    (50, 1),
    (60_000, 1001),
    (60, 1),
    (12, 1),
    (15, 1),
    (10, 1),
    (8, 1),
    (120, 1),
    (240, 1),
    (5, 1),
    (1, 1),
];

/// When a track's pictures are shown.
pub(crate) struct Index {
    /// Times in ticks of the track, ascending.
    pub(crate) times: Vec<i64>,
    /// Where decoding can start: when that picture is shown and when it is decoded, ascending.
    pub(crate) keys: Vec<(i64, i64)>,
    /// The even rate.
    pub(crate) rate: (u32, u32),
    /// Pictures at the even rate.
    pub(crate) frames: u64,
    /// Whether the pictures come at uneven times.
    pub(crate) variable: bool,
    /// Seconds a tick.
    tick: (i64, i64),
}

impl Index {
    /// Reads the packets of a track to the file's end, and tells how many of its bytes are read.
    pub(crate) fn scan(input: &mut Input, track: i32, progress: Progress) -> Result<Self> {
        let bytes = input.bytes();
        let found = input.tracks().find(|t| t.0.index == track).map(|t| *t.0);
        let stream = found.ok_or_else(|| MediaError::broken(input.path(), "has no such track"))?;
        let tick = (i64::from(stream.time_base.num.max(1)), i64::from(stream.time_base.den.max(1)));
        input.only(track);
        let (mut times, mut keys) = (Vec::new(), Vec::new());
        let mut packet = Packet::new()?;
        let mut last = (i64::MIN, i64::MIN);
        while input.read(&mut packet)? {
            heed(progress, u64::try_from(packet.pos).unwrap_or(0).min(bytes), bytes)?;
            if packet.flags & ffi::AV_PKT_FLAG_CORRUPT != 0 && packet.stream_index == track {
                return Err(input.damaged());
            }
            let (shown, decoded) = (packet.pts, packet.dts);
            if packet.stream_index == track {
                last = last.max((decoded, decoded.saturating_add(packet.duration)));
            }
            let none = ffi::AV_NOPTS_VALUE;
            let time = if shown != none { shown } else { decoded };
            if packet.stream_index != track || time == none {
                continue;
            }
            if packet.flags & ffi::AV_PKT_FLAG_KEY != 0 {
                keys.push((time, if decoded != none { decoded } else { time }));
            }
            if packet.flags & ffi::AV_PKT_FLAG_DISCARD == 0 {
                times.push(time);
            }
        }
        input.check_end(track, last)?;
        times.sort_unstable();
        times.dedup();
        keys.sort_unstable();
        let (Some(first), Some(last)) = (times.first(), times.last()) else {
            return Err(MediaError::broken(input.path(), "has a picture track without pictures"));
        };
        let span = (i128::from(*last) - i128::from(*first)) * i128::from(tick.0) / i128::from(tick.1);
        if span > i128::from(LONGEST) {
            let (file, what) = (input.path().to_path_buf(), format!("{} hours", span / 3600));
            return Err(MediaError::TooLarge { file, what, limit: "24 hours".into() });
        }
        let declared = [stream.avg_frame_rate, stream.r_frame_rate];
        let (rate, variable) = even_rate(&times, tick, &declared);
        let mut index = Self { times, keys, rate, frames: 0, variable, tick };
        index.frames = if variable { index.evened() } else { index.times.len() as u64 };
        Ok(index)
    }

    /// Pictures that the track lasts at the even rate, the last shown as long as one.
    fn evened(&self) -> u64 {
        let span = i128::from(self.times[self.times.len() - 1]) - i128::from(self.times[0]);
        let (num, den) = (i128::from(self.rate.0), i128::from(self.rate.1));
        let (top, bottom) = (span * i128::from(self.tick.0) * num, i128::from(self.tick.1) * den);
        ((2 * top + bottom) / (2 * bottom)) as u64 + 1
    }

    /// Which of `times` picture `index` of the even rate is: the nearest, the earlier of equals.
    pub(crate) fn place(&self, index: u64) -> usize {
        if !self.variable {
            return index as usize;
        }
        let ticks = i128::from(index) * i128::from(self.rate.1) * i128::from(self.tick.1);
        let per = i128::from(self.rate.0) * i128::from(self.tick.0);
        let wanted = ticks + i128::from(self.times[0]) * per;
        let after = self.times.partition_point(|time| i128::from(*time) * per < wanted);
        let distance = |at: usize| (i128::from(self.times[at]) * per - wanted).abs();
        if after == 0 {
            0
        } else if after == self.times.len() || distance(after - 1) <= distance(after) {
            after - 1
        } else {
            after
        }
    }

    /// The last key picture shown at or before `time`, as its number and its times.
    pub(crate) fn key_before(&self, time: i64) -> usize {
        self.keys.partition_point(|key| key.0 <= time).saturating_sub(1)
    }
}

/// The rate of which `times` are even steps, or the usual one nearest to them and `true`.
fn even_rate(times: &[i64], tick: (i64, i64), declared: &[ffi::AVRational]) -> ((u32, u32), bool) {
    let declared = declared.iter().filter_map(|rate| {
        let (num, den) = (u32::try_from(rate.num).ok()?, u32::try_from(rate.den).ok()?);
        let sane = num > 0 && den > 0 && num / den <= 1000 && den / num <= 3600;
        sane.then(|| reduced(num, den))
    });
    let declared: Vec<_> = declared.collect();
    if times.len() == 1 {
        return (declared.first().copied().unwrap_or((25, 1)), false);
    }
    // Usual rates before the file's own words: those are measured, and come out odd (24.01).
    let even = |rate: &&(u32, u32)| worst(times, tick, **rate) <= 0.3;
    let near = |rate: &&(u32, u32)| declared.iter().any(|d| (ratio(*d) / ratio(**rate) - 1.0).abs() < 0.0004);
    if let Some(rate) = USUAL.iter().filter(near).find(even) {
        return (*rate, false);
    }
    if let Some(rate) = declared.iter().chain(&USUAL).find(even) {
        return (*rate, false);
    }
    let span = (times[times.len() - 1] - times[0]) as f64 * tick.0 as f64 / tick.1 as f64;
    let mean = (times.len() - 1) as f64 / span;
    let distance = |rate: &(u32, u32)| (ratio(*rate) / mean).ln().abs();
    let nearest = USUAL.iter().min_by(|a, b| distance(a).total_cmp(&distance(b)));
    (nearest.copied().unwrap_or((25, 1)), true)
}

fn ratio((num, den): (u32, u32)) -> f64 {
    f64::from(num) / f64::from(den)
}

/// How far, in pictures, a time lies from its place at `rate`, at most.
fn worst(times: &[i64], tick: (i64, i64), rate: (u32, u32)) -> f64 {
    let per_tick = tick.0 as f64 / tick.1 as f64 * ratio(rate);
    let off = |(at, time): (usize, &i64)| ((time - times[0]) as f64 * per_tick - at as f64).abs();
    times.iter().enumerate().map(off).fold(0.0, f64::max)
}

/// A fraction in lowest terms.
pub(crate) fn reduced(num: u32, den: u32) -> (u32, u32) {
    let (mut a, mut b) = (num, den);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    (num / a, den / a)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn milliseconds_of_ntsc_are_ntsc() {
        let times: Vec<i64> = (0..500).map(|at| (at as f64 * 1001.0 / 30.0).round() as i64).collect();
        let declared = [ffi::AVRational { num: 19_001, den: 634 }];
        assert_eq!(even_rate(&times, (1, 1000), &declared), ((30_000, 1001), false));
    }

    #[test]
    fn uneven_times_are_variable() {
        let times = [0, 33, 67, 100, 300, 333, 400, 600];
        assert!(even_rate(&times, (1, 1000), &[]).1);
    }

    #[test]
    fn the_nearest_picture_is_shown() {
        let index = Index {
            times: vec![0, 40, 50, 200],
            keys: vec![],
            rate: (25, 1),
            frames: 6,
            variable: true,
            tick: (1, 1000),
        };
        let places: Vec<usize> = (0..6).map(|at| index.place(at)).collect();
        assert_eq!(places, [0, 1, 2, 2, 3, 3]);
        assert_eq!(index.evened(), 6);
    }
}
