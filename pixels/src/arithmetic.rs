//! Sums of frames: each sample by itself, alpha left as the first frame has it.

use crate::error::{Result, sensible, within};
use crate::frame::{Frame, tame};
use crate::rows::{pairs, rows, samples};

/// `frame + value`, channel by channel.
///
/// # Errors
/// A value is not of sense.
pub fn add(frame: &mut Frame, value: [f32; 3]) -> Result<()> {
    let value = sensible("add", "value", value)?;
    samples(
        frame,
        value,
        #[inline(always)]
        move |value, sample| sample + value,
    );
    Ok(())
}

/// `frame * factor`, channel by channel.
///
/// # Errors
/// A factor is not of sense.
pub fn multiply(frame: &mut Frame, factor: [f32; 3]) -> Result<()> {
    let factor = sensible("multiply", "factor", factor)?;
    samples(
        frame,
        factor,
        #[inline(always)]
        move |factor, sample| sample * factor,
    );
    Ok(())
}

/// `frame + other * factor`.
///
/// # Errors
/// Frames of two sizes; a factor that is not of sense.
pub fn add_frame(frame: &mut Frame, other: &Frame, factor: f32) -> Result<()> {
    frame.same_size("add", other)?;
    let [factor] = sensible("add", "factor", [factor])?;
    pairs(
        frame,
        other,
        #[inline(always)]
        move |a, b| a + b * factor,
    );
    Ok(())
}

/// `frame - other`.
///
/// # Errors
/// Frames of two sizes.
pub fn subtract_frame(frame: &mut Frame, other: &Frame) -> Result<()> {
    frame.same_size("subtract", other)?;
    pairs(
        frame,
        other,
        #[inline(always)]
        move |a, b| a - b,
    );
    Ok(())
}

/// `frame * other`.
///
/// # Errors
/// Frames of two sizes.
pub fn multiply_frame(frame: &mut Frame, other: &Frame) -> Result<()> {
    frame.same_size("multiply", other)?;
    pairs(
        frame,
        other,
        #[inline(always)]
        move |a, b| a * b,
    );
    Ok(())
}

/// `frame + (other - frame) * weight`: 0 is the frame, 1 the other. Alphas are mixed alike, a missing one
/// counting as 1.
///
/// # Errors
/// Frames of two sizes; a weight outside of 0 to 1; the budget has no room.
pub fn mix(frame: &mut Frame, other: &Frame, weight: f32) -> Result<()> {
    frame.same_size("mix", other)?;
    let weight = within("mix", "weight", weight, 0.0..=1.0)?;
    pairs(
        frame,
        other,
        #[inline(always)]
        move |a, b| a * (1.0 - weight) + b * weight,
    );
    if frame.alpha().is_none() && other.alpha().is_some() {
        frame.set_alpha(1.0)?;
    }
    let width = frame.width();
    if let Some(alpha) = &mut frame.alpha {
        rows(alpha, width, |y, row| {
            let beside = other.alpha().map(|plane| &plane[y * width..][..width]);
            for (x, a) in row.iter_mut().enumerate() {
                *a = *a * (1.0 - weight) + beside.map_or(1.0, |row| row[x]) * weight;
            }
        });
    }
    Ok(())
}

/// `frame + (other - frame) * mask`, with the luma of `mask` held within 0 to 1 as each pixel's weight.
///
/// # Errors
/// Frames of several sizes; the budget has no room.
pub fn mix_by(frame: &mut Frame, other: &Frame, mask: &Frame) -> Result<()> {
    frame.same_size("mix", other)?;
    frame.same_size("mix", mask)?;
    let luma = crate::measure::luma_plane(mask)?;
    let width = frame.width();
    for (plane, beside) in frame.rgb.iter_mut().zip(&other.rgb) {
        rows(plane, width, |y, row| {
            let at = y * width;
            for ((a, b), w) in row.iter_mut().zip(&beside[at..]).zip(&luma[at..]) {
                let weight = w.clamp(0.0, 1.0);
                *a = tame(*a * (1.0 - weight) + b * weight);
            }
        });
    }
    Ok(())
}

/// Samples below `low` become `low`, above `high` `high`.
///
/// # Errors
/// A bound is not of sense, or `low` is above `high`.
pub fn clamp(frame: &mut Frame, low: f32, high: f32) -> Result<()> {
    let [low] = sensible("clamp", "low", [low])?;
    let high = within("clamp", "high", high, low..=crate::error::LARGEST)?;
    samples(
        frame,
        [(); 3],
        #[inline(always)]
        move |(), sample| {
            let sample = if sample > low { sample } else { low };
            if sample < high { sample } else { high }
        },
    );
    Ok(())
}

/// `1 - frame`.
pub fn invert(frame: &mut Frame) {
    samples(
        frame,
        [(); 3],
        #[inline(always)]
        move |(), sample| 1.0 - sample,
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::Budget;

    fn two() -> (Frame, Frame) {
        let budget = Budget::new(1 << 20);
        let a = Frame::constant(17, 5, [0.2, 0.4, 0.6], &budget).unwrap();
        (a, Frame::constant(17, 5, [0.5, 0.25, 1.0], &budget).unwrap())
    }

    fn near(frame: &Frame, wanted: [f32; 3]) {
        for (plane, wanted) in frame.channels().iter().zip(wanted) {
            assert!(plane.iter().all(|v| (v - wanted).abs() < 1e-6), "{:?} is not {wanted}", plane[0]);
        }
    }

    #[test]
    fn sums_and_products() {
        let (mut a, b) = two();
        add(&mut a, [0.1, 0.0, -0.6]).unwrap();
        near(&a, [0.3, 0.4, 0.0]);
        add_frame(&mut a, &b, 2.0).unwrap();
        near(&a, [1.3, 0.9, 2.0]);
        subtract_frame(&mut a, &b).unwrap();
        near(&a, [0.8, 0.65, 1.0]);
        multiply_frame(&mut a, &b).unwrap();
        near(&a, [0.4, 0.1625, 1.0]);
        multiply(&mut a, [2.0, 0.0, -1.0]).unwrap();
        near(&a, [0.8, 0.0, -1.0]);
        invert(&mut a);
        near(&a, [0.2, 1.0, 2.0]);
        clamp(&mut a, 0.3, 0.9).unwrap();
        near(&a, [0.3, 0.9, 0.9]);
    }

    #[test]
    fn mixtures() {
        let (mut a, mut b) = two();
        b.set_alpha(0.5).unwrap();
        mix(&mut a, &b, 0.5).unwrap();
        near(&a, [0.35, 0.325, 0.8]);
        assert_eq!(a.pixel(3, 3).unwrap()[3], 0.75);
        let mask = Frame::constant(17, 5, [9.0; 3], b.budget()).unwrap();
        mix_by(&mut a, &b, &mask).unwrap();
        near(&a, [0.5, 0.25, 1.0]);
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        let (mut a, b) = two();
        let small = Frame::new(2, 2, b.budget()).unwrap();
        assert!(add_frame(&mut a, &small, 1.0).unwrap_err().to_string().contains("17x5, the other 2x2"));
        assert!(mix(&mut a, &b, 1.5).is_err());
        assert!(multiply(&mut a, [f32::NAN; 3]).is_err());
        assert!(clamp(&mut a, 1.0, 0.0).is_err());
    }
}
