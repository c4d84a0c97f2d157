//! Colour: matrices, levels, gamma, saturation, hue, lift-gamma-gain. Alpha stays.

use crate::error::{LARGEST, PixelError, Result, sensible, within};
use crate::frame::Frame;
use crate::measure::luma_of;
use crate::real::any_power;
use crate::rows::{pixels, samples};

/// A 3x4 matrix: rows give red, green and blue out of red, green, blue and 1.
pub type Matrix = [[f32; 4]; 3];

/// `rgb' = M (r, g, b, 1)`.
///
/// # Errors
/// A coefficient beyond ±1000.
pub fn matrix(frame: &mut Frame, matrix: &Matrix) -> Result<()> {
    for value in matrix.iter().flatten() {
        within("matrix", "coefficient", *value, -1000.0..=1000.0)?;
    }
    apply(frame, matrix);
    Ok(())
}

fn apply(frame: &mut Frame, [x, y, z]: &Matrix) {
    let (x, y, z) = (*x, *y, *z);
    pixels(
        frame,
        #[inline(always)]
        move |[r, g, b]| [x, y, z].map(|m| m[0] * r + m[1] * g + m[2] * b + m[3]),
    );
}

/// `luma + amount (colour - luma)`: 0 is grey, 1 changes nothing.
///
/// # Errors
/// An amount outside of 0 to 100.
pub fn saturation(frame: &mut Frame, amount: f32) -> Result<()> {
    let amount = within("saturation", "amount", amount, 0.0..=100.0)?;
    pixels(
        frame,
        #[inline(always)]
        move |rgb| {
            let luma = luma_of(rgb);
            rgb.map(|v| luma + (v - luma) * amount)
        },
    );
    Ok(())
}

/// Turns hues by so many degrees: in BT.709's Y'CbCr, (Cb, Cr) is turned, and luma stays.
///
/// # Errors
/// An angle that is not of sense.
pub fn hue(frame: &mut Frame, degrees: f32) -> Result<()> {
    let [degrees] = sensible("hue", "degrees", [degrees])?;
    apply(frame, &hue_matrix(degrees));
    Ok(())
}

fn hue_matrix(degrees: f32) -> Matrix {
    let angle = f64::from(degrees % 360.0).to_radians();
    let (sin, cos) = (libm::sin(angle), libm::cos(angle));
    let [red, green, blue] = crate::picture::LUMA.map(f64::from);
    // Each column: where a channel alone goes.
    let turned = |r: f64, g: f64, b: f64| {
        let y = red * r + green * g + blue * b;
        let (cb, cr) = ((b - y) / (2.0 * (1.0 - blue)), (r - y) / (2.0 * (1.0 - red)));
        let (cb, cr) = (cb * cos - cr * sin, cb * sin + cr * cos);
        let (b, r) = (y + cb * 2.0 * (1.0 - blue), y + cr * 2.0 * (1.0 - red));
        [r, (y - red * r - blue * b) / green, b]
    };
    let columns = [turned(1.0, 0.0, 0.0), turned(0.0, 1.0, 0.0), turned(0.0, 0.0, 1.0)];
    std::array::from_fn(|row| {
        let [r, g, b] = columns.map(|column| column[row] as f32);
        [r, g, b, 0.0]
    })
}

/// `value ^ (1 / gamma)`, channel by channel; what is below 0 keeps its sign. Above 1 brightens.
///
/// # Errors
/// A gamma outside of 0.05 to 20.
pub fn gamma(frame: &mut Frame, gamma: [f32; 3]) -> Result<()> {
    let mut powers = [0.0; 3];
    for (power, gamma) in powers.iter_mut().zip(gamma) {
        *power = 1.0 / within("gamma", "gamma", gamma, 0.05..=20.0)?;
    }
    samples(
        frame,
        powers,
        #[inline(always)]
        move |power, v| signed_power(v, power),
    );
    Ok(())
}

#[inline(always)]
fn signed_power(value: f32, power: f32) -> f32 {
    let size = any_power(value.abs(), power);
    if value < 0.0 { -size } else { size }
}

/// What levels do: `out_low + (out_high - out_low) * t ^ (1 / gamma)` with
/// `t = (value - in_low) / (in_high - in_low)` held within 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Levels {
    /// What becomes `out_low`.
    pub in_low: f32,
    /// What becomes `out_high`.
    pub in_high: f32,
    /// Above 1 brightens what is between.
    pub gamma: f32,
    /// The least value afterwards.
    pub out_low: f32,
    /// The greatest value afterwards.
    pub out_high: f32,
}

impl Default for Levels {
    fn default() -> Self {
        Self { in_low: 0.0, in_high: 1.0, gamma: 1.0, out_low: 0.0, out_high: 1.0 }
    }
}

/// Spreads a range of values over another.
///
/// # Errors
/// `in_high` is not above `in_low`; a gamma outside of 0.05 to 20; values that are not of sense.
pub fn levels(frame: &mut Frame, levels: Levels) -> Result<()> {
    let Levels { in_low, in_high, gamma, out_low, out_high } = levels;
    sensible("levels", "level", [in_low, in_high, out_low, out_high])?;
    if in_high - in_low < 1.0e-5 {
        let problem = format_args!("wants `in_high` above `in_low`, not {in_high} and {in_low}");
        return Err(PixelError::argument("levels", problem));
    }
    let power = 1.0 / within("levels", "gamma", gamma, 0.05..=20.0)?;
    let scale = 1.0 / (in_high - in_low);
    samples(
        frame,
        [(); 3],
        #[inline(always)]
        move |(), v| {
            let t = ((v - in_low) * scale).clamp(0.0, 1.0);
            out_low + (out_high - out_low) * any_power(t, power)
        },
    );
    Ok(())
}

/// The three wheels of a grade: `(gain (v + lift (1 - v))) ^ (1 / gamma)`, channel by channel; what is below 0
/// keeps its sign. Lift moves the dark end, gain the bright end, gamma the middle.
///
/// # Errors
/// Lift outside of -1 to 1; gamma outside of 0.05 to 20; gain outside of 0 to 100.
pub fn lift_gamma_gain(frame: &mut Frame, lift: [f32; 3], gamma: [f32; 3], gain: [f32; 3]) -> Result<()> {
    let mut wheels = [(0.0, 0.0, 0.0); 3];
    for channel in 0..3 {
        within("lift_gamma_gain", "lift", lift[channel], -1.0..=1.0)?;
        within("lift_gamma_gain", "gain", gain[channel], 0.0..=100.0)?;
        let power = 1.0 / within("lift_gamma_gain", "gamma", gamma[channel], 0.05..=20.0)?;
        wheels[channel] = (lift[channel], power, gain[channel]);
    }
    samples(
        frame,
        wheels,
        #[inline(always)]
        move |(lift, power, gain), v| signed_power(gain * (v + lift * (1.0 - v)), power),
    );
    Ok(())
}

/// `(value - pivot) * amount + pivot`.
///
/// # Errors
/// An amount outside of 0 to 100; a pivot that is not of sense.
pub fn contrast(frame: &mut Frame, amount: f32, pivot: f32) -> Result<()> {
    let amount = within("contrast", "amount", amount, 0.0..=100.0)?;
    let pivot = within("contrast", "pivot", pivot, -LARGEST..=LARGEST)?;
    samples(
        frame,
        [(); 3],
        #[inline(always)]
        move |(), v| (v - pivot) * amount + pivot,
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::Budget;

    fn one(colour: [f32; 3]) -> Frame {
        Frame::constant(19, 2, colour, &Budget::new(1 << 16)).unwrap()
    }

    fn near(frame: &Frame, wanted: [f32; 3]) {
        let [r, g, b, _] = frame.pixel(18, 1).unwrap();
        for (value, wanted) in [r, g, b].iter().zip(wanted) {
            assert!((value - wanted).abs() < 2e-6, "{:?}, not {wanted}", [r, g, b]);
        }
    }

    #[test]
    fn matrices_and_saturation() {
        let mut frame = one([0.1, 0.2, 0.3]);
        let swap = [[0.0, 0.0, 1.0, 0.5], [0.0, 2.0, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0]];
        matrix(&mut frame, &swap).unwrap();
        near(&frame, [0.8, 0.4, 0.1]);
        let mut grey = one([1.0, 0.0, 0.0]);
        saturation(&mut grey, 0.0).unwrap();
        near(&grey, [0.2126; 3]);
        assert!(matrix(&mut grey, &[[f32::NAN; 4]; 3]).is_err());
    }

    #[test]
    fn hues_turn_and_luma_stays() {
        let mut frame = one([0.7, 0.3, 0.2]);
        let before = luma_of([0.7, 0.3, 0.2]);
        hue(&mut frame, 120.0).unwrap();
        let [r, g, b, _] = frame.pixel(0, 0).unwrap();
        assert!((luma_of([r, g, b]) - before).abs() < 1e-6 && (r - 0.7).abs() > 0.1);
        hue(&mut frame, 240.0 + 3600.0).unwrap();
        near(&frame, [0.7, 0.3, 0.2]);
        // A half turn mirrors the colour difference: each channel lies as far on the other side of luma.
        let mut frame = one([0.7, 0.3, 0.2]);
        hue(&mut frame, 180.0).unwrap();
        near(&frame, [2.0 * before - 0.7, 2.0 * before - 0.3, 2.0 * before - 0.2]);
    }

    #[test]
    fn gamma_levels_and_wheels() {
        let mut frame = one([0.25, -0.25, 1.0]);
        gamma(&mut frame, [2.0; 3]).unwrap();
        near(&frame, [0.5, -0.5, 1.0]);
        let mut frame = one([0.1, 0.35, 0.9]);
        let wanted = Levels { in_low: 0.1, in_high: 0.6, gamma: 2.0, out_low: 0.2, out_high: 0.8 };
        levels(&mut frame, wanted).unwrap();
        near(&frame, [0.2, 0.2 + 0.6 * 0.5_f32.sqrt(), 0.8]);
        let mut frame = one([0.0, 0.5, 1.0]);
        lift_gamma_gain(&mut frame, [0.1, 0.0, 0.1], [1.0, 2.0, 1.0], [1.0, 0.5, 2.0]).unwrap();
        near(&frame, [0.1, 0.5, 2.0]);
        let mut frame = one([0.0, 0.5, 1.0]);
        contrast(&mut frame, 2.0, 0.5).unwrap();
        near(&frame, [-0.5, 0.5, 1.5]);
        assert!(levels(&mut frame, Levels { in_low: 1.0, ..Levels::default() }).is_err());
        assert!(gamma(&mut frame, [0.0; 3]).is_err());
    }
}
