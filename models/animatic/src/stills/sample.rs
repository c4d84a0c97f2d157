//! Resampling: a plane seen at any scale and place, in 16-bit integers.
//!
//! A plane lies column by column. A tile of the picture is made in two passes that are the same
//! arithmetic: columns of the still blend into columns of the tile, the tile is turned, and its rows
//! blend into rows of the picture. So every inner loop runs along memory with fixed weights, at any
//! scale. A blend is its middle tap plus the other taps' weighted differences from it: a flat colour
//! stays exactly what it is.

use rayon::prelude::*;

/// Samples of 15 bits around zero: (v - 32768) / 2 of a 16-bit v, column by column.
pub(super) struct Plane {
    pub width: usize,
    pub height: usize,
    pub data: Vec<i16>,
}

/// What a 16-bit sample is in a plane.
pub(super) fn stored(v: u16) -> i16 {
    (i32::from(v) / 2 - 16384) as i16
}

/// Weight of one.
const ONE: f64 = 32768.0;

/// How far beside a plane still counts as its edge: more than arithmetic ever errs.
const NEAR: f64 = 1.0 / 1024.0;

/// Where the samples of one side of a picture fall on a plane: first tap and weights of each.
pub(super) struct Axis {
    taps: usize,
    first: Vec<i64>,
    /// `taps` for each sample; the middle one's is not used: it is what is left of one.
    weights: Vec<i16>,
    /// Whether the sample lies on the plane, not beside it.
    inside: Vec<bool>,
}

impl Axis {
    /// `samples` of a picture that lie at `at(sample)` on a plane of `length` samples, `ratio` of its
    /// samples apart. A cubic filter (Catmull-Rom), stretched where the plane is seen smaller.
    pub fn new(samples: usize, length: usize, ratio: f64, at: impl Fn(usize) -> f64) -> Self {
        let stretch = ratio.max(1.0);
        let half = (2.0 * stretch).ceil() as i64;
        let taps = 2 * half as usize;
        let mut axis = Axis {
            taps,
            first: Vec::with_capacity(samples),
            weights: Vec::with_capacity(samples * taps),
            inside: Vec::with_capacity(samples),
        };
        let mut row = vec![0.0; taps];
        for sample in 0..samples {
            let u = at(sample);
            let first = u.floor() as i64 - (half - 1);
            for (tap, weight) in row.iter_mut().enumerate() {
                *weight = cubic((u - (first + tap as i64) as f64) / stretch);
            }
            let sum: f64 = row.iter().sum();
            axis.first.push(first);
            axis.weights.extend(row.iter().map(|w| (w / sum * ONE).round().clamp(-ONE, ONE - 1.0) as i16));
            axis.inside.push((-0.5 - NEAR..=length as f64 - 0.5 + NEAR).contains(&u));
        }
        axis
    }

    fn weights(&self, sample: usize) -> &[i16] {
        &self.weights[sample * self.taps..][..self.taps]
    }

    /// The plane's samples that `samples` of the picture are made of, as far as there are any.
    fn reach(&self, samples: std::ops::Range<usize>, length: usize) -> std::ops::Range<usize> {
        let part = &self.first[samples];
        let inside = |v: i64| v.clamp(0, length as i64 - 1) as usize;
        let low = part.iter().copied().min().unwrap_or(0);
        let high = part.iter().copied().max().unwrap_or(0) + self.taps as i64 - 1;
        inside(low)..inside(high) + 1
    }
}

/// Catmull-Rom's kernel.
fn cubic(distance: f64) -> f64 {
    let d = distance.abs();
    if d < 1.0 {
        (1.5 * d - 2.5) * d * d + 1.0
    } else if d < 2.0 {
        ((2.5 - 0.5 * d) * d - 4.0) * d + 2.0
    } else {
        0.0
    }
}

/// Rows that a thread takes at once.
const ROWS: usize = 64;
/// Columns of a tile: what both passes touch stays in the nearest cache.
const COLUMNS: usize = 64;

/// Draws a plane into rows; `rest` is what lies beside a plane that does not cover the picture.
pub(super) fn resample(
    plane: &Plane,
    (across, down): (&Axis, &Axis),
    out: &mut [u16],
    rest: u16,
    pool: Option<&rayon::ThreadPool>,
) {
    let width = across.first.len();
    let arch = pulp::Arch::new();
    let band = |(index, out): (usize, &mut [u16])| {
        arch.dispatch(
            #[inline(always)]
            || resample_band(plane, across, down, index * ROWS, out, stored(rest)),
        );
    };
    match pool {
        Some(pool) => pool.install(|| out.par_chunks_mut(width * ROWS).enumerate().for_each(band)),
        None => out.chunks_mut(width * ROWS).enumerate().for_each(band),
    }
}

#[inline(always)]
fn resample_band(plane: &Plane, across: &Axis, down: &Axis, top: usize, out: &mut [u16], rest: i16) {
    let width = across.first.len();
    let rows = out.len() / width;
    let reach = down.reach(top..top + rows, plane.height);
    let n = reach.len();
    let mut upright = vec![0i16; COLUMNS * n];
    let mut flat = vec![0i16; COLUMNS * n];
    let mut line = [0i16; COLUMNS];
    for left in (0..width).step_by(COLUMNS) {
        let columns = COLUMNS.min(width - left);
        for (x, to) in (left..left + columns).zip(upright.chunks_exact_mut(n)) {
            if across.inside[x] {
                let at = |column: usize| &plane.data[column * plane.height..][reach.clone()];
                blend_at(at, plane.width, 0, across, x, to);
            } else {
                to.fill(rest);
            }
        }
        turn(&upright, n, &mut flat);
        for (row, out) in out.chunks_exact_mut(width).enumerate() {
            if down.inside[top + row] {
                let at = |row: usize| &flat[row * COLUMNS..][..COLUMNS];
                blend_at(at, plane.height, reach.start, down, top + row, &mut line);
            } else {
                line.fill(rest);
            }
            for (px, &v) in out[left..left + columns].iter_mut().zip(&line) {
                // Black to the largest code that studio range has.
                *px = (v.clamp(-14336, 14336) as u16).wrapping_mul(2) ^ 0x8000;
            }
        }
    }
}

/// Makes columns of `n` into rows of [`COLUMNS`].
#[inline(always)]
fn turn(upright: &[i16], n: usize, flat: &mut [i16]) {
    for (row, to) in flat.chunks_exact_mut(COLUMNS).enumerate() {
        for (px, column) in to.iter_mut().zip(upright.chunks_exact(n)) {
            *px = column[row];
        }
    }
}

/// Blends the lines that make up one sample of an axis; `at` gives a line by its number less
/// `start`, of `length` there are in all. Beyond the ends the last line goes on.
#[inline(always)]
fn blend_at<'a>(
    at: impl Fn(usize) -> &'a [i16],
    length: usize,
    start: usize,
    axis: &Axis,
    sample: usize,
    out: &mut [i16],
) {
    let first = axis.first[sample];
    let line = |tap: usize| at((first + tap as i64).clamp(0, length as i64 - 1) as usize - start);
    let weights = axis.weights(sample);
    match axis.taps {
        4 => blend::<4>(std::array::from_fn(line), weights, out),
        6 => blend::<6>(std::array::from_fn(line), weights, out),
        8 => blend::<8>(std::array::from_fn(line), weights, out),
        taps => blend_many(line, taps, weights, out),
    }
}

/// A tap's part: its weighted difference from the middle, halved.
#[inline(always)]
fn part(v: i16, middle: i16, weight: i16) -> i16 {
    ((i32::from(v.wrapping_sub(middle)) * i32::from(weight)) >> 16) as i16
}

#[inline(always)]
fn blend<const TAPS: usize>(lines: [&[i16]; TAPS], weights: &[i16], out: &mut [i16]) {
    let n = out.len();
    let lines = lines.map(|line| &line[..n]);
    let weights: [i16; TAPS] = std::array::from_fn(|tap| weights[tap]);
    let middle = TAPS / 2 - 1;
    for (i, px) in out.iter_mut().enumerate() {
        let centre = lines[middle][i];
        let mut sum = 0i16;
        for tap in 0..TAPS {
            if tap != middle {
                sum = sum.wrapping_add(part(lines[tap][i], centre, weights[tap]));
            }
        }
        *px = centre.wrapping_add(sum.wrapping_mul(2));
    }
}

/// Any number of taps, one after the other.
#[inline(always)]
fn blend_many<'a>(line: impl Fn(usize) -> &'a [i16], taps: usize, weights: &[i16], out: &mut [i16]) {
    let centre = line(taps / 2 - 1);
    out.fill(0);
    for (tap, &weight) in weights.iter().enumerate().take(taps) {
        for ((sum, &v), &c) in out.iter_mut().zip(line(tap)).zip(centre) {
            *sum = sum.wrapping_add(part(v, c, weight));
        }
    }
    for (px, &c) in out.iter_mut().zip(centre) {
        *px = c.wrapping_add(px.wrapping_mul(2));
    }
}
