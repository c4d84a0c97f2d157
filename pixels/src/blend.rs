//! One frame over another by a blend mode, an opacity and a mask, as compositing programs do it.
//!
//! With `a` below and `b` above, what shows is `a + (mode(a, b) - a) * opacity * alpha(b) * luma(mask)`, in gamma-coded
//! values, channel by channel. Where the frame below has alpha, the two join as straight alphas do: what was clear takes
//! the colour above.

use crate::error::{Result, within};
use crate::frame::{Frame, tame};
use crate::measure::luma_plane;
use crate::over::laid;
use crate::rows::{lanes, rows};

/// How two samples meet: `a` below, `b` above.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blend {
    /// `b`.
    Normal,
    /// `a b`.
    Multiply,
    /// `1 - (1 - a) (1 - b)`.
    Screen,
    /// `2 a b` where `a` is below 1/2, else `1 - 2 (1 - a) (1 - b)`.
    Overlay,
    /// `a - (1 - 2 b) a (1 - a)` where `b` is below 1/2, else `a + (2 b - 1) (d(a) - a)` with
    /// `d(a) = ((16 a - 12) a + 4) a` below 1/4 and the square root above.
    SoftLight,
    /// `a + b`.
    Add,
    /// The lesser.
    Darken,
    /// The greater.
    Lighten,
    /// `|a - b|`.
    Difference,
}

impl Blend {
    /// Every mode with its name.
    pub const ALL: [(&'static str, Self); 9] = [
        ("normal", Self::Normal),
        ("multiply", Self::Multiply),
        ("screen", Self::Screen),
        ("overlay", Self::Overlay),
        ("soft-light", Self::SoftLight),
        ("add", Self::Add),
        ("darken", Self::Darken),
        ("lighten", Self::Lighten),
        ("difference", Self::Difference),
    ];

    /// The mode of that name.
    ///
    /// # Errors
    /// There is none; the nearest is told.
    pub fn named(name: &str) -> Result<Self> {
        crate::named::named("blend", "mode", name, &Self::ALL)
    }

    #[inline(always)]
    fn meet(self, a: f32, b: f32) -> f32 {
        match self {
            Self::Normal => b,
            Self::Multiply => a * b,
            Self::Screen => 1.0 - (1.0 - a) * (1.0 - b),
            Self::Overlay if a < 0.5 => 2.0 * a * b,
            Self::Overlay => 1.0 - 2.0 * (1.0 - a) * (1.0 - b),
            Self::SoftLight => soft_light(a, b),
            Self::Add => a + b,
            Self::Darken => {
                if a < b {
                    a
                } else {
                    b
                }
            }
            Self::Lighten => {
                if a > b {
                    a
                } else {
                    b
                }
            }
            Self::Difference => (a - b).abs(),
        }
    }
}

#[inline(always)]
fn soft_light(a: f32, b: f32) -> f32 {
    let root = (if a > 0.0 { a } else { 0.0 }).sqrt();
    let d = if a < 0.25 { ((16.0 * a - 12.0) * a + 4.0) * a } else { root };
    if b < 0.5 { a - (1.0 - 2.0 * b) * a * (1.0 - a) } else { a + (2.0 * b - 1.0) * (d - a) }
}

/// Lays `over` on `frame`.
///
/// # Errors
/// Frames of several sizes; an opacity outside of 0 to 1; the budget has no room.
pub fn blend(frame: &mut Frame, over: &Frame, mode: Blend, opacity: f32, mask: Option<&Frame>) -> Result<()> {
    frame.same_size("blend", over)?;
    let opacity = within("blend", "opacity", opacity, 0.0..=1.0)?;
    let mut weight = match mask {
        Some(mask) => {
            frame.same_size("blend", mask)?;
            luma_plane(mask)?
        }
        None => {
            let mut plane = frame.budget().unwritten(frame.width() * frame.height())?;
            plane.fill(1.0);
            plane
        }
    };
    for (at, weight) in weight.iter_mut().enumerate() {
        *weight = weight.clamp(0.0, 1.0) * opacity * over.alpha().map_or(1.0, |alpha| alpha[at]);
    }
    let width = frame.width();
    let mut moved = frame.budget().unwritten(weight.len())?;
    match &mut frame.alpha {
        None => moved.copy_from_slice(&weight),
        Some(alpha) => {
            // `weight` becomes the alpha below, which says how much of the mode's colour is seen.
            for ((alpha, weight), moved) in alpha.iter_mut().zip(weight.iter_mut()).zip(moved.iter_mut()) {
                let below = *alpha;
                (*alpha, *moved) = laid(below, *weight);
                *weight = below;
            }
        }
    }
    let below_alpha = frame.alpha.is_some().then_some(&*weight);
    for (below, above) in frame.rgb.iter_mut().zip(&over.rgb) {
        rows(below, width, |y, row| {
            let place = y * width..(y + 1) * width;
            let (above, moved) = (&above[place.clone()], &moved[place.clone()]);
            match below_alpha {
                None => lay(mode, row, above, moved),
                Some(alpha) => lay_clear(mode, row, above, moved, &alpha[place]),
            }
        });
    }
    Ok(())
}

/// A row on a row with an alpha: where there is nothing below, the colour above is seen as it is.
fn lay_clear(mode: Blend, below: &mut [f32], above: &[f32], moved: &[f32], alpha: &[f32]) {
    for (((a, b), moved), alpha) in below.iter_mut().zip(above).zip(moved).zip(alpha) {
        let met = b + (mode.meet(*a, *b) - b) * alpha;
        *a = tame(*a + (met - *a) * moved);
    }
}

/// A row on a row. The mode is chosen once, so that each has a loop of its own.
fn lay(mode: Blend, below: &mut [f32], above: &[f32], weight: &[f32]) {
    macro_rules! each {
        ($($mode:ident)*) => {
            match mode {
                $(Blend::$mode => lanes(#[inline(always)] || {
                    for ((a, b), w) in below.iter_mut().zip(above).zip(weight) {
                        *a = tame(*a + (Blend::$mode.meet(*a, *b) - *a) * w);
                    }
                }),)*
            }
        };
    }
    each!(Normal Multiply Screen Overlay SoftLight Add Darken Lighten Difference);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::Budget;

    #[test]
    fn modes_follow_their_formulas() {
        let budget = Budget::new(1 << 20);
        let wanted = [
            ("normal", 0.8),
            ("multiply", 0.24),
            ("screen", 0.86),
            ("overlay", 0.48),
            // a = 0.3, b = 0.8: a + 0.6 (sqrt(0.3) - 0.3).
            ("soft-light", 0.3 + 0.6 * (0.547_722_6 - 0.3)),
            ("add", 1.1),
            ("darken", 0.3),
            ("lighten", 0.8),
            ("difference", 0.5),
        ];
        for (name, value) in wanted {
            let mut below = Frame::constant(9, 3, [0.3; 3], &budget).unwrap();
            let above = Frame::constant(9, 3, [0.8; 3], &budget).unwrap();
            blend(&mut below, &above, Blend::named(name).unwrap(), 1.0, None).unwrap();
            assert!((below.pixel(8, 2).unwrap()[0] - value).abs() < 1e-6, "{name}");
        }
        let told = Blend::named("mutliply").unwrap_err().to_string();
        assert!(told.contains("did you mean `multiply`"), "{told}");
    }

    #[test]
    fn opacity_alpha_and_mask_multiply() {
        let budget = Budget::new(1 << 20);
        let mut below = Frame::constant(4, 4, [0.0; 3], &budget).unwrap();
        below.set_alpha(0.5).unwrap();
        let mut above = Frame::constant(4, 4, [1.0; 3], &budget).unwrap();
        above.set_alpha(0.5).unwrap();
        let mask = Frame::constant(4, 4, [0.5; 3], &budget).unwrap();
        blend(&mut below, &above, Blend::Normal, 0.8, Some(&mask)).unwrap();
        let [r, .., a] = below.pixel(1, 1).unwrap();
        // A weight of 0.2 on an alpha of 0.5 gives 0.6, of which a third is white.
        assert!((r - 1.0 / 3.0).abs() < 1e-6 && (a - 0.6).abs() < 1e-6, "{r} {a}");
    }
}
