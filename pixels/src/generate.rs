//! Frames made from nothing: gradients, vignettes, grain, smooth noise.

use crate::blur::weights;
use crate::budget::Budget;
use crate::convolve::weigh;
use crate::error::{LARGEST, PixelError, Result, sensible, within};
use crate::frame::{Frame, tame};
use crate::measure::luma_of;
use crate::rows::{colour_rows, lanes, rows};
use crate::seeded::{gaussian, hash, narrow, unit, value};

/// The most stops of a gradient.
pub const MAX_STOPS: usize = 64;

/// How a gradient runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Run {
    /// From one place (0) to another (1), in pixels from the top left corner; level across.
    Linear((f32, f32), (f32, f32)),
    /// From a place (0) out to a distance (1).
    Radial((f32, f32), f32),
}

/// A frame that runs from colour to colour: `stops` are places from 0 to 1, in order, each with its colour; between
/// them straight, beyond them level.
///
/// # Errors
/// No stops or more than [`MAX_STOPS`], or stops out of order; numbers that are not of sense; a gradient without
/// length; a side beyond bounds; the budget has no room.
pub fn gradient(
    width: usize,
    height: usize,
    run: Run,
    stops: &[(f32, [f32; 3])],
    budget: &Budget,
) -> Result<Frame> {
    check_stops(stops)?;
    let progress = progress(run)?;
    let mut frame = Frame::unwritten("gradient", width, height, false, budget)?;
    colour_rows(&mut frame, |y, [r, g, b]| {
        for x in 0..width {
            let at = progress(x as f32 + 0.5, y as f32 + 0.5);
            [r[x], g[x], b[x]] = colour_at(stops, at);
        }
    });
    Ok(frame)
}

fn check_stops(stops: &[(f32, [f32; 3])]) -> Result<()> {
    if stops.is_empty() || stops.len() > MAX_STOPS {
        let problem = format_args!("wants from 1 to {MAX_STOPS} stops, not {}", stops.len());
        return Err(PixelError::argument("gradient", problem));
    }
    for (at, colour) in stops {
        within("gradient", "stop", *at, 0.0..=1.0)?;
        sensible("gradient", "colour", *colour)?;
    }
    match stops.windows(2).find(|pair| pair[1].0 < pair[0].0) {
        None => Ok(()),
        Some(pair) => {
            let problem = format_args!("wants its stops in order: {} comes after {}", pair[1].0, pair[0].0);
            Err(PixelError::argument("gradient", problem))
        }
    }
}

fn progress(run: Run) -> Result<impl Fn(f32, f32) -> f32 + Sync> {
    let (from, along, around) = match run {
        Run::Linear(from, to) => {
            sensible("gradient", "place", [from.0, from.1, to.0, to.1])?;
            let way = (to.0 - from.0, to.1 - from.1);
            let length = way.0 * way.0 + way.1 * way.1;
            if length < 1.0e-6 {
                return Err(PixelError::argument("gradient", "wants two places apart"));
            }
            (from, (way.0 / length, way.1 / length), 0.0)
        }
        Run::Radial(from, radius) => {
            sensible("gradient", "place", [from.0, from.1])?;
            (from, (0.0, 0.0), 1.0 / within("gradient", "radius", radius, 1.0e-3..=LARGEST)?)
        }
    };
    Ok(move |x: f32, y: f32| {
        let (dx, dy) = (x - from.0, y - from.1);
        dx * along.0 + dy * along.1 + (dx * dx + dy * dy).sqrt() * around
    })
}

fn colour_at(stops: &[(f32, [f32; 3])], at: f32) -> [f32; 3] {
    let after = stops.partition_point(|(place, _)| *place <= at);
    match (after.checked_sub(1).map(|before| stops[before]), stops.get(after)) {
        (Some((left, a)), Some((right, b))) => {
            let t = (at - left) / (right - left);
            std::array::from_fn(|c| a[c] + (b[c] - a[c]) * t)
        }
        (Some((_, only)), None) => only,
        (None, Some((_, only))) => *only,
        (None, None) => [0.0; 3],
    }
}

/// A mask that is white in the middle and falls off to black: with `r` the distance from the middle over half the
/// diagonal, `1 - smoothstep(radius - softness / 2, radius + softness / 2, r)`. `roundness` 1 is a circle, 0 follows
/// the frame's shape.
///
/// # Errors
/// A radius outside of 0 to 4, a softness of 0.001 to 4, a roundness of 0 to 1; a side beyond bounds; the budget
/// has no room.
pub fn vignette(
    (width, height): (usize, usize),
    radius: f32,
    softness: f32,
    roundness: f32,
    budget: &Budget,
) -> Result<Frame> {
    let radius = within("vignette", "radius", radius, 0.0..=4.0)?;
    let softness = within("vignette", "softness", softness, 0.001..=4.0)?;
    let roundness = within("vignette", "roundness", roundness, 0.0..=1.0)?;
    let mut frame = Frame::unwritten("vignette", width, height, false, budget)?;
    let (cx, cy) = (width as f32 * 0.5, height as f32 * 0.5);
    let diagonal = (cx * cx + cy * cy).sqrt();
    // An ellipse of the frame's shape through its corners has half-axes of √2 times its half-sides.
    let axis = |half: f32| 1.0 / (diagonal * roundness + half * std::f32::consts::SQRT_2 * (1.0 - roundness));
    let (ax, ay) = (axis(cx), axis(cy));
    let low = radius - softness * 0.5;
    colour_rows(&mut frame, |y, [r, g, b]| {
        lanes(
            #[inline(always)]
            || {
                let dy = (y as f32 + 0.5 - cy) * ay;
                for (x, out) in r.iter_mut().enumerate() {
                    let dx = (x as i32 as f32 + 0.5 - cx) * ax;
                    let t = (((dx * dx + dy * dy).sqrt() - low) / softness).clamp(0.0, 1.0);
                    *out = 1.0 - t * t * (3.0 - 2.0 * t);
                }
            },
        );
        g.copy_from_slice(r);
        b.copy_from_slice(r);
    });
    Ok(frame)
}

/// How film grain lies on a frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Grain {
    /// Standard deviation, in parts of white.
    pub strength: f32,
    /// How large grains are: 1 is a pixel, above that the noise is smoothed by a Gaussian of half that many pixels
    /// and brought back to its strength.
    pub size: f32,
    /// 0: the same in all channels; 1: each by itself.
    pub colour: f32,
    /// Less grain in highlights: its strength is `1 - shade * luma`.
    pub shade: f32,
    /// Which grain.
    pub seed: u64,
    /// Which picture: every one has grain of its own.
    pub frame: u32,
}

impl Default for Grain {
    fn default() -> Self {
        Self { strength: 0.03, size: 1.0, colour: 0.0, shade: 0.0, seed: 0, frame: 0 }
    }
}

/// Adds grain: near-Gaussian noise addressed by (seed, frame, x, y, channel).
///
/// # Errors
/// Strength outside of 0 to 4, size of 1 to 32, colour and shade of 0 to 1; the budget has no room.
pub fn grain(frame: &mut Frame, grain: Grain) -> Result<()> {
    let strength = within("grain", "strength", grain.strength, 0.0..=4.0)?;
    let size = within("grain", "size", grain.size, 1.0..=32.0)?;
    let own = within("grain", "colour", grain.colour, 0.0..=1.0)?;
    let shade = within("grain", "shade", grain.shade, 0.0..=1.0)?;
    let noise = Noise::new(size, narrow(grain.seed), grain.frame);
    let width = frame.width();
    // Variances sum, so weights are of unit length: strength does not change with colour.
    let length = (own * own + (1.0 - own) * (1.0 - own)).sqrt();
    let (own, shared) = (own / length, (1.0 - own) / length);
    let mut common = frame.budget().unwritten(width * frame.height())?;
    noise.fill(0, &mut common, width);
    let separate = if own > 0.0 {
        let mut planes = Vec::new();
        for channel in 1..=3 {
            let mut plane = frame.budget().unwritten(common.len())?;
            noise.fill(channel, &mut plane, width);
            planes.push(plane);
        }
        planes
    } else {
        Vec::new()
    };
    colour_rows(frame, |y, rgb| {
        let place = y * width..(y + 1) * width;
        lay_grain(rgb, &common[place.clone()], shared, strength, shade, |channel| {
            separate.get(channel).map(|plane| (&plane[place.clone()], own))
        });
    });
    Ok(())
}

fn lay_grain<'a>(
    [r, g, b]: [&mut [f32]; 3],
    common: &[f32],
    shared: f32,
    strength: f32,
    shade: f32,
    separate: impl Fn(usize) -> Option<(&'a [f32], f32)>,
) {
    let alone = (common, 0.0);
    let [(x, own), (y, _), (z, _)] = [0, 1, 2].map(|channel| separate(channel).unwrap_or(alone));
    lanes(
        #[inline(always)]
        || {
            let n = common.len();
            let (r, g, b) = (&mut r[..n], &mut g[..n], &mut b[..n]);
            let (x, y, z) = (&x[..n], &y[..n], &z[..n]);
            for at in 0..n {
                let luma = luma_of([r[at], g[at], b[at]]).clamp(0.0, 1.0);
                let scale = strength * (1.0 - shade * luma);
                let base = common[at] * shared;
                r[at] = tame(r[at] + scale * (base + x[at] * own));
                g[at] = tame(g[at] + scale * (base + y[at] * own));
                b[at] = tame(b[at] + scale * (base + z[at] * own));
            }
        },
    );
}

/// Noise of unit variance with grains of a size.
struct Noise {
    /// The Gaussian that smooths, brought to unit length; of one weight where nothing is smoothed.
    weights: Vec<f32>,
    seed: u32,
    frame: u32,
}

impl Noise {
    fn new(size: f32, seed: u32, frame: u32) -> Self {
        let weights = if size < 1.05 { vec![1.0] } else { weights(size * 0.5) };
        let length = weights.iter().map(|weight| weight * weight).sum::<f32>().sqrt();
        Self { weights: weights.into_iter().map(|weight| weight / length).collect(), seed, frame }
    }

    /// One channel's noise. Each row is made from the rows around it in the noise's own plane, which has no sides.
    fn fill(&self, channel: u32, out: &mut [f32], width: usize) {
        let seed = self.seed ^ hash(channel, 0, 0, 0x6d2b_79f5);
        let reach = self.weights.len() / 2;
        rows(out, width, |y, row| {
            lanes(
                #[inline(always)]
                || {
                    if reach == 0 {
                        white(row, 0, y as u32, self.frame, seed);
                        return;
                    }
                    let mut line = vec![0.0_f32; width + 2 * reach];
                    let mut sums = vec![0.0_f32; width + self.weights.len()];
                    for (at, weight) in self.weights.iter().enumerate() {
                        let down = (y + at) as u32;
                        white(&mut line, 0, down.wrapping_sub(reach as u32), self.frame, seed);
                        sums.iter_mut().zip(&line).for_each(|(sum, sample)| *sum += weight * sample);
                    }
                    row.fill(0.0);
                    weigh(&sums, &self.weights, row);
                },
            );
        });
    }
}

/// White noise along a row.
#[inline(always)]
fn white(row: &mut [f32], from: u32, y: u32, frame: u32, seed: u32) {
    for (x, out) in row.iter_mut().enumerate() {
        *out = gaussian(from.wrapping_add(x as u32), y, frame, seed);
    }
}

/// A frame of smooth noise from 0 to 1, grey: cells of `size` pixels, `octaves` layers of it, each of half the size
/// and half the weight of the one before; `time` moves through it, 1 from one cell to the next.
///
/// # Errors
/// A size outside of 0.5 to 10000; octaves of 1 to 12; a time that is not of sense; a side beyond bounds; the
/// budget has no room.
pub fn clouds(
    (width, height): (usize, usize),
    size: f32,
    octaves: u32,
    time: f32,
    seed: u64,
    budget: &Budget,
) -> Result<Frame> {
    let size = within("clouds", "size", size, 0.5..=10_000.0)?;
    let [time] = sensible("clouds", "time", [time])?;
    if !(1..=12).contains(&octaves) {
        return Err(PixelError::argument("clouds", format_args!("wants 1 to 12 `octaves`, not {octaves}")));
    }
    let seed = narrow(seed);
    let mut frame = Frame::unwritten("clouds", width, height, false, budget)?;
    let whole = 2.0 - libm::exp2f(1.0 - octaves as f32);
    colour_rows(&mut frame, |y, [r, g, b]| {
        lanes(
            #[inline(always)]
            || {
                r.fill(0.0);
                let (mut scale, mut weight) = (1.0 / size, 1.0 / whole);
                for octave in 0..octaves {
                    let seed = seed.wrapping_add(octave.wrapping_mul(0x9e37_79b9));
                    let down = (y as f32 + 0.5) * scale;
                    for (x, out) in r.iter_mut().enumerate() {
                        let across = (x as i32 as f32 + 0.5) * scale;
                        *out += weight * value(across, down, time, seed);
                    }
                    (scale, weight) = (scale * 2.0, weight * 0.5);
                }
            },
        );
        g.copy_from_slice(r);
        b.copy_from_slice(r);
    });
    Ok(frame)
}

/// A number from 0 up to 1 addressed by a seed and three keys: the same wherever and whenever it is asked for.
pub fn chance(seed: u64, keys: [u32; 3]) -> f32 {
    unit(hash(keys[0], keys[1], keys[2], narrow(seed)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn budget() -> Budget {
        Budget::new(1 << 26)
    }

    #[test]
    fn gradients_run_from_stop_to_stop() {
        let stops = [(0.0, [0.0; 3]), (0.5, [1.0, 0.0, 0.0]), (1.0, [1.0, 1.0, 0.0])];
        let frame = gradient(100, 3, Run::Linear((0.0, 0.0), (100.0, 0.0)), &stops, &budget()).unwrap();
        for (x, wanted) in [(0, [0.01, 0.0]), (25, [0.51, 0.0]), (75, [1.0, 0.51])] {
            let [r, g, ..] = frame.pixel(x, 1).unwrap();
            assert!((r - wanted[0]).abs() < 1e-5 && (g - wanted[1]).abs() < 1e-5);
        }
        let frame = gradient(101, 101, Run::Radial((50.5, 50.5), 50.0), &stops, &budget()).unwrap();
        assert!(
            (frame.pixel(50, 0).unwrap()[1] - 1.0).abs() < 1e-5 && frame.pixel(50, 50).unwrap()[0] == 0.0
        );
        assert!((frame.pixel(65, 70).unwrap()[0] - 1.0).abs() < 1e-4, "25 away is half-way");
        assert!(gradient(9, 9, Run::Linear((1.0, 1.0), (1.0, 1.0)), &stops, &budget()).is_err());
        assert!(gradient(9, 9, Run::Radial((1.0, 1.0), 1.0), &[], &budget()).is_err());
        let back = [(0.5, [0.0; 3]), (0.2, [1.0; 3])];
        assert!(gradient(9, 9, Run::Radial((1.0, 1.0), 1.0), &back, &budget()).is_err());
    }

    #[test]
    fn vignettes_are_white_in_the_middle_and_even_all_round() {
        let frame = vignette((64, 36), 0.7, 0.5, 1.0, &budget()).unwrap();
        assert_eq!(frame.pixel(32, 18).unwrap()[0], 1.0);
        let corners = [(0, 0), (63, 0), (0, 35), (63, 35)].map(|(x, y)| frame.pixel(x, y).unwrap()[0]);
        assert!(corners.iter().all(|v| *v == corners[0] && *v < 0.01), "{corners:?}");
        let oval = vignette((64, 36), 0.7, 0.5, 0.0, &budget()).unwrap();
        let (side, top) = (oval.pixel(63, 18).unwrap()[0], oval.pixel(32, 35).unwrap()[0]);
        assert!((side - top).abs() < 0.03, "{side} {top}");
    }

    #[test]
    fn grain_has_its_strength_at_any_size_and_is_addressed() {
        for (size, colour) in [(1.0, 0.0), (2.5, 0.0), (6.0, 0.5), (1.0, 1.0)] {
            let asked = Grain { strength: 0.1, size, colour, seed: 5, frame: 3, ..Grain::default() };
            let mut frame = Frame::constant(400, 300, [0.5; 3], &budget()).unwrap();
            grain(&mut frame, asked).unwrap();
            let found = crate::measure::statistics(&frame);
            assert!(
                (found.mean[1] - 0.5).abs() < 0.004 && (found.deviation[1] - 0.1).abs() < 0.004,
                "{found:?}"
            );
            // A smaller frame has the same grain where both have pixels.
            let mut part = Frame::constant(50, 40, [0.5; 3], &budget()).unwrap();
            grain(&mut part, asked).unwrap();
            assert_eq!(part.pixel(49, 39).unwrap(), frame.pixel(49, 39).unwrap());
            let mut other = Frame::constant(50, 40, [0.5; 3], &budget()).unwrap();
            grain(&mut other, Grain { frame: 4, ..asked }).unwrap();
            assert_ne!(part.channels(), other.channels());
        }
    }

    #[test]
    fn clouds_stay_within() {
        let frame = clouds((60, 40), 12.0, 5, 0.5, 1, &budget()).unwrap();
        let found = crate::measure::statistics(&frame);
        assert!(found.least[0] >= 0.0 && found.greatest[0] <= 1.0 && found.deviation[0] > 0.05, "{found:?}");
        assert!(clouds((60, 40), 12.0, 0, 0.5, 1, &budget()).is_err());
        assert!((0.0..1.0).contains(&chance(4, [1, 2, 3])));
    }
}
