//! Resampling: a plane seen at any scale and place, in 16-bit integers.
//!
//! A plane lies in strips of sixteen rows, each column by column. A tile of the picture is made in
//! two passes of the same arithmetic: columns of the still blend into columns of the tile, the tile
//! is turned, and its rows blend into rows of the picture. So every inner loop runs along memory
//! with fixed weights, at any scale. A blend is its middle tap plus the other taps' weighted
//! differences from it: a flat colour stays exactly what it is.

use rayon::prelude::*;

/// Rows of a strip: as many samples as a wide register holds.
const STRIP: usize = 16;

/// Samples of 15 bits around zero: (v - 32768) / 2 of a 16-bit v.
pub(super) struct Plane {
    pub width: usize,
    pub height: usize,
    /// Strip after strip, a column of each after the other; the last row fills up the last strip.
    strips: Vec<[i16; STRIP]>,
}

impl Plane {
    /// A plane from its rows, one after the other.
    pub fn new(rows: &[i16], width: usize) -> Self {
        let height = rows.len() / width;
        let mut strips = vec![[0; STRIP]; height.div_ceil(STRIP) * width];
        for (strip, columns) in strips.chunks_exact_mut(width).enumerate() {
            for inside in 0..STRIP {
                let row = (strip * STRIP + inside).min(height - 1);
                for (column, &v) in columns.iter_mut().zip(&rows[row * width..][..width]) {
                    column[inside] = v;
                }
            }
        }
        Plane { width, height, strips }
    }

    /// Bytes that it holds.
    pub fn bytes(&self) -> usize {
        size_of_val(self.strips.as_slice())
    }
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
    let rest = stored(rest);
    let band = |(index, out): (usize, &mut [u16])| {
        arch.dispatch(Band { plane, across, down, top: index * ROWS, out, rest });
    };
    match pool {
        Some(pool) => pool.install(|| out.par_chunks_mut(width * ROWS).enumerate().for_each(band)),
        None => out.chunks_mut(width * ROWS).enumerate().for_each(band),
    }
}

/// Some rows of a picture to draw. A type of its own, since a closure would be called through a
/// function that is not compiled for the processor's wide vectors.
struct Band<'a> {
    plane: &'a Plane,
    across: &'a Axis,
    down: &'a Axis,
    top: usize,
    out: &'a mut [u16],
    rest: i16,
}

impl pulp::NullaryFnOnce for Band<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        resample_band(self.plane, self.across, self.down, self.top, self.out, self.rest);
    }
}

#[inline(always)]
fn resample_band(plane: &Plane, across: &Axis, down: &Axis, top: usize, out: &mut [u16], rest: i16) {
    let width = across.first.len();
    let rows = out.len() / width;
    let reach = down.reach(top..top + rows, plane.height);
    let strips = reach.start / STRIP..reach.end.div_ceil(STRIP);
    let start = strips.start * STRIP;
    let mut upright = [[0i16; STRIP]; COLUMNS];
    let mut flat = vec![[0i16; COLUMNS]; strips.len() * STRIP];
    let mut line = [0i16; COLUMNS];
    for left in (0..width).step_by(COLUMNS) {
        let columns = COLUMNS.min(width - left);
        for (strip, flat) in strips.clone().zip(flat.chunks_exact_mut(STRIP)) {
            let still = &plane.strips[strip * plane.width..][..plane.width];
            for (x, to) in (left..left + columns).zip(&mut upright) {
                if across.inside[x] {
                    blend_at(still, 0, plane.width, across, x, to);
                } else {
                    *to = [rest; STRIP];
                }
            }
            turn(&upright, flat);
        }
        for (row, out) in out.chunks_exact_mut(width).enumerate() {
            if down.inside[top + row] {
                blend_at(&flat, start, plane.height, down, top + row, &mut line);
            } else {
                line.fill(rest);
            }
            for (px, &v) in out[left..left + columns].iter_mut().zip(&line) {
                // From black to the largest code that studio range has.
                *px = (v.clamp(-14336, 14336) as u16).wrapping_mul(2) ^ 0x8000;
            }
        }
    }
}

/// Makes columns into rows.
#[inline(always)]
fn turn(upright: &[[i16; STRIP]; COLUMNS], flat: &mut [[i16; COLUMNS]]) {
    for (row, to) in flat.iter_mut().enumerate().take(STRIP) {
        for (px, column) in to.iter_mut().zip(upright) {
            *px = column[row];
        }
    }
}

/// Blends the lines that make up one sample of an axis. `lines` begin with number `start` of the
/// `length` there are in all; beyond the ends the last one goes on.
#[inline(always)]
fn blend_at<const N: usize>(
    lines: &[[i16; N]],
    start: usize,
    length: usize,
    axis: &Axis,
    sample: usize,
    out: &mut [i16; N],
) {
    let first = axis.first[sample];
    let weights = axis.weights(sample);
    let line = |tap: usize| &lines[(first + tap as i64).clamp(0, length as i64 - 1) as usize - start];
    match axis.taps {
        4 => blend([line(0), line(1), line(2), line(3)], weights, out),
        6 => blend([line(0), line(1), line(2), line(3), line(4), line(5)], weights, out),
        taps => {
            let middle = line(taps / 2 - 1);
            let mut sum = [0i16; N];
            for (tap, &weight) in weights.iter().enumerate() {
                add(&mut sum, line(tap), middle, weight);
            }
            *out = finish(&sum, middle);
        }
    }
}

#[inline(always)]
fn blend<const TAPS: usize, const N: usize>(lines: [&[i16; N]; TAPS], weights: &[i16], out: &mut [i16; N]) {
    let middle = TAPS / 2 - 1;
    let mut sum = [0i16; N];
    for tap in 0..TAPS {
        if tap != middle {
            add(&mut sum, lines[tap], lines[middle], weights[tap]);
        }
    }
    *out = finish(&sum, lines[middle]);
}

/// Adds a tap's part: its weighted differences from the middle, halved.
#[inline(always)]
fn add<const N: usize>(sum: &mut [i16; N], line: &[i16; N], middle: &[i16; N], weight: i16) {
    for ((sum, &v), &centre) in sum.iter_mut().zip(line).zip(middle) {
        let part = (i32::from(v.wrapping_sub(centre)) * i32::from(weight)) >> 16;
        *sum = sum.wrapping_add(part as i16);
    }
}

/// The middle with all parts.
#[inline(always)]
fn finish<const N: usize>(sum: &[i16; N], middle: &[i16; N]) -> [i16; N] {
    let mut out = *middle;
    for (v, &sum) in out.iter_mut().zip(sum) {
        *v = v.wrapping_add(sum.wrapping_mul(2));
    }
    out
}
