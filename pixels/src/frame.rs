//! A frame: planar R'G'B' in f32 with an optional alpha, as all operations take and give it.
//!
//! What always holds: sides are from 1 to [`MAX_SIDE`]; every sample is finite and within ±[`MAX_VALUE`], so
//! that no operation meets NaN; planes are on a [`Budget`]'s account.

use crate::budget::{Budget, Plane};
use crate::error::{PixelError, Result, sensible};

/// The longest side of a frame, in pixels.
pub const MAX_SIDE: usize = 8192;
/// How far samples may go. Between operations values below 0 and above 1 are kept.
pub const MAX_VALUE: f32 = 65_504.0;

/// A picture in gamma-coded BT.709 R'G'B', 0 to 1 from black to white, `width x height` samples a channel, rows
/// from the top, tightly packed. Alpha, where there is one, is straight: 0 clear, 1 opaque, colours not
/// multiplied by it.
#[derive(Debug)]
pub struct Frame {
    width: usize,
    height: usize,
    pub(crate) rgb: [Plane; 3],
    pub(crate) alpha: Option<Plane>,
    budget: Budget,
}

/// A sample made finite: NaN is 0, and what goes beyond ±[`MAX_VALUE`] ends there.
#[inline(always)]
pub(crate) fn tame(value: f32) -> f32 {
    let value = if value.is_nan() { 0.0 } else { value };
    let value = if value < MAX_VALUE { value } else { MAX_VALUE };
    if value > -MAX_VALUE { value } else { -MAX_VALUE }
}

/// A width and a height that frames may have.
pub(crate) fn sides(operation: &str, width: usize, height: usize) -> Result<(usize, usize)> {
    if (1..=MAX_SIDE).contains(&width) && (1..=MAX_SIDE).contains(&height) {
        return Ok((width, height));
    }
    Err(PixelError::argument(
        operation,
        format_args!("makes frames from 1x1 to {MAX_SIDE}x{MAX_SIDE} pixels, not {width}x{height}"),
    ))
}

impl Frame {
    /// A black frame without alpha.
    ///
    /// # Errors
    /// A side is 0 or above [`MAX_SIDE`]; the budget has no room.
    pub fn new(width: usize, height: usize, budget: &Budget) -> Result<Self> {
        Self::constant(width, height, [0.0; 3], budget)
    }

    /// A frame of one colour, without alpha.
    ///
    /// # Errors
    /// A side is 0 or above [`MAX_SIDE`]; a value is not of sense; the budget has no room.
    pub fn constant(width: usize, height: usize, colour: [f32; 3], budget: &Budget) -> Result<Self> {
        let mut frame = Self::unwritten("frame", width, height, false, budget)?;
        frame.fill(colour)?;
        Ok(frame)
    }

    /// A frame whose samples the caller writes, every one.
    pub(crate) fn unwritten(
        operation: &str,
        width: usize,
        height: usize,
        alpha: bool,
        budget: &Budget,
    ) -> Result<Self> {
        let (width, height) = sides(operation, width, height)?;
        let plane = || budget.unwritten(width * height);
        let rgb = [plane()?, plane()?, plane()?];
        let alpha = if alpha { Some(plane()?) } else { None };
        Ok(Self { width, height, rgb, alpha, budget: budget.clone() })
    }

    /// Another frame of this one's size and kind, to be written.
    pub(crate) fn like(&self) -> Result<Self> {
        Self::unwritten("frame", self.width, self.height, self.alpha.is_some(), &self.budget)
    }

    /// The frame of bytes, four a pixel: red, green, blue, opacity. It has alpha where not all of it is opaque.
    ///
    /// # Errors
    /// A side is 0 or above [`MAX_SIDE`]; there are not `4 * width * height` bytes; the budget has no room.
    pub fn from_rgba8(bytes: &[u8], width: usize, height: usize, budget: &Budget) -> Result<Self> {
        let alpha = bytes.chunks_exact(4).any(|pixel| pixel[3] < 255);
        let mut frame = Self::unwritten("frame", width, height, alpha, budget)?;
        if bytes.len() != 4 * width * height {
            let problem =
                format_args!("of {width}x{height} has {} bytes, not {}", 4 * width * height, bytes.len());
            return Err(PixelError::argument("frame", problem));
        }
        for (channel, plane) in frame.planes_mut().enumerate() {
            for (to, pixel) in plane.iter_mut().zip(bytes.chunks_exact(4)) {
                *to = f32::from(pixel[channel]) / 255.0;
            }
        }
        Ok(frame)
    }

    /// Pixels across.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Pixels down.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Pixels across and down.
    pub fn size(&self) -> (usize, usize) {
        (self.width, self.height)
    }

    /// The account that this frame is on.
    pub fn budget(&self) -> &Budget {
        &self.budget
    }

    /// Red, green and blue.
    pub fn channels(&self) -> [&[f32]; 3] {
        self.rgb.each_ref().map(|plane| &plane[..])
    }

    /// Alpha, where there is one.
    pub fn alpha(&self) -> Option<&[f32]> {
        self.alpha.as_deref()
    }

    /// Every plane: red, green, blue, and alpha where there is one.
    pub(crate) fn planes(&self) -> impl Iterator<Item = &Plane> {
        self.rgb.iter().chain(&self.alpha)
    }

    /// The same, to be written.
    pub(crate) fn planes_mut(&mut self) -> impl Iterator<Item = &mut Plane> {
        self.rgb.iter_mut().chain(&mut self.alpha)
    }

    /// The pixel at (`x`, `y`): red, green, blue, alpha (1 where there is none).
    ///
    /// # Errors
    /// It is outside of the frame.
    pub fn pixel(&self, x: usize, y: usize) -> Result<[f32; 4]> {
        let at = self.place("pixel", x, y)?;
        let [r, g, b] = self.channels().map(|plane| plane[at]);
        Ok([r, g, b, self.alpha().map_or(1.0, |plane| plane[at])])
    }

    /// Writes the pixel at (`x`, `y`); alpha is left as it is.
    ///
    /// # Errors
    /// It is outside of the frame.
    pub fn set_pixel(&mut self, x: usize, y: usize, colour: [f32; 3]) -> Result<()> {
        let at = self.place("pixel", x, y)?;
        self.rgb.iter_mut().zip(colour).for_each(|(plane, value)| plane[at] = tame(value));
        Ok(())
    }

    fn place(&self, operation: &str, x: usize, y: usize) -> Result<usize> {
        if x < self.width && y < self.height {
            return Ok(y * self.width + x);
        }
        let (right, bottom) = (self.width - 1, self.height - 1);
        let problem = format_args!("wants x from 0 to {right} and y from 0 to {bottom}, not ({x}, {y})");
        Err(PixelError::argument(operation, problem))
    }

    /// One colour everywhere; alpha is left as it is.
    ///
    /// # Errors
    /// A value is not of sense.
    pub fn fill(&mut self, colour: [f32; 3]) -> Result<()> {
        sensible("fill", "colour", colour)?;
        self.rgb.iter_mut().zip(colour).for_each(|(plane, value)| plane.fill(tame(value)));
        Ok(())
    }

    /// The same frame once more.
    ///
    /// # Errors
    /// The budget has no room.
    pub fn copy(&self) -> Result<Self> {
        let mut made = self.like()?;
        made.planes_mut().zip(self.planes()).for_each(|(to, from)| to.copy_from_slice(from));
        Ok(made)
    }

    /// Gives the frame an alpha of `value` everywhere, whether it has one or not.
    ///
    /// # Errors
    /// `value` is not within 0 to 1; the budget has no room.
    pub fn set_alpha(&mut self, value: f32) -> Result<()> {
        crate::error::within("alpha", "value", value, 0.0..=1.0)?;
        self.own_alpha()?.fill(value);
        Ok(())
    }

    /// Takes the luma of `mask`, held within 0 to 1, as alpha.
    ///
    /// # Errors
    /// The frames differ in size; the budget has no room.
    pub fn set_alpha_from(&mut self, mask: &Frame) -> Result<()> {
        self.same_size("alpha", mask)?;
        let luma = crate::measure::luma_plane(mask)?;
        for (to, value) in self.own_alpha()?.iter_mut().zip(luma.iter()) {
            *to = value.clamp(0.0, 1.0);
        }
        Ok(())
    }

    /// Takes alpha away: what was clear shows its colours.
    pub fn remove_alpha(&mut self) {
        self.alpha = None;
    }

    fn own_alpha(&mut self) -> Result<&mut Plane> {
        let plane = match self.alpha.take() {
            Some(plane) => plane,
            None => self.budget.unwritten(self.width * self.height)?,
        };
        Ok(self.alpha.insert(plane))
    }

    /// Refuses a frame of another size.
    pub(crate) fn same_size(&self, operation: &'static str, other: &Frame) -> Result<()> {
        if self.size() == other.size() {
            return Ok(());
        }
        Err(PixelError::Sizes { operation, first: self.size(), other: other.size() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_bounded_and_counted() {
        let budget = Budget::new(3 * 4 * 100);
        let frame = Frame::constant(10, 10, [0.25, 2.0, -1.0], &budget).unwrap();
        assert_eq!(frame.pixel(9, 9).unwrap(), [0.25, 2.0, -1.0, 1.0]);
        assert!(frame.pixel(10, 0).unwrap_err().to_string().contains("x from 0 to 9"));
        assert!(matches!(frame.copy(), Err(PixelError::Memory { .. })));
        drop(frame);
        for (width, height) in [(0, 1), (1, 0), (MAX_SIDE + 1, 1), (usize::MAX, usize::MAX)] {
            assert!(Frame::new(width, height, &budget).is_err());
        }
    }

    #[test]
    fn samples_stay_finite() {
        let mut frame = Frame::new(2, 1, &Budget::new(1000)).unwrap();
        frame.set_pixel(0, 0, [f32::NAN, f32::INFINITY, -1e30]).unwrap();
        assert_eq!(frame.pixel(0, 0).unwrap(), [0.0, MAX_VALUE, -MAX_VALUE, 1.0]);
        assert!(frame.fill([0.0, f32::NAN, 0.0]).is_err());
    }

    #[test]
    fn alpha_comes_and_goes() {
        let budget = Budget::new(1000);
        let mut frame = Frame::constant(3, 2, [0.5; 3], &budget).unwrap();
        let mask = Frame::constant(3, 2, [0.75; 3], &budget).unwrap();
        frame.set_alpha_from(&mask).unwrap();
        assert!((frame.pixel(0, 0).unwrap()[3] - 0.75).abs() < 1e-6);
        frame.set_alpha(0.5).unwrap();
        assert_eq!(frame.pixel(2, 1).unwrap()[3], 0.5);
        frame.remove_alpha();
        assert!(frame.alpha().is_none());
    }
}
