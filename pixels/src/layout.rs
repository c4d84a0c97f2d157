//! Where frames lie: cut, padded, turned by quarters, laid on one another.

use crate::error::{PixelError, Result, sensible, within};
use crate::frame::{Frame, sides, tame};
use crate::over::laid;
use crate::rows::{rows, whole_rows};

/// The part of the frame whose top left pixel is (`left`, `top`).
///
/// # Errors
/// It reaches beyond the frame; a side is 0; the budget has no room.
pub fn crop(frame: &Frame, left: usize, top: usize, width: usize, height: usize) -> Result<Frame> {
    sides("crop", width, height)?;
    let fits =
        |from: usize, length: usize, side: usize| from.checked_add(length).is_some_and(|end| end <= side);
    if !fits(left, width, frame.width()) || !fits(top, height, frame.height()) {
        let (w, h) = frame.size();
        let problem = format_args!(
            "of {width}x{height} at ({left}, {top}) reaches beyond the frame of {w}x{h}; `pad` it first"
        );
        return Err(PixelError::argument("crop", problem));
    }
    let mut out = Frame::unwritten("crop", width, height, frame.alpha().is_some(), frame.budget())?;
    let from_width = frame.width();
    for (from, to) in frame.planes().zip(out.planes_mut()) {
        rows(to, width, |y, row| {
            row.copy_from_slice(&from[(top + y) * from_width + left..][..width]);
        });
    }
    Ok(out)
}

/// The frame with so many pixels more on each side, of that colour; they are opaque.
///
/// # Errors
/// A side beyond bounds; a colour that is not of sense; the budget has no room.
pub fn pad(frame: &Frame, [left, top, right, bottom]: [usize; 4], colour: [f32; 3]) -> Result<Frame> {
    sensible("pad", "colour", colour)?;
    let grown = |a: usize, b: usize, c: usize| a.saturating_add(b).saturating_add(c);
    let (width, height) = (grown(frame.width(), left, right), grown(frame.height(), top, bottom));
    let mut out = Frame::unwritten("pad", width, height, frame.alpha().is_some(), frame.budget())?;
    let (w, h) = frame.size();
    let around = [colour[0], colour[1], colour[2], 1.0];
    for ((from, to), around) in frame.planes().zip(out.planes_mut()).zip(around) {
        to.fill(around);
        for y in 0..h {
            to[(top + y) * width + left..][..w].copy_from_slice(&from[y * w..][..w]);
        }
    }
    Ok(out)
}

/// Left and right exchanged.
pub fn flip_across(frame: &mut Frame) {
    let width = frame.width();
    for plane in frame.planes_mut() {
        rows(plane, width, |_, row| row.reverse());
    }
}

/// Top and bottom exchanged.
pub fn flip_down(frame: &mut Frame) {
    let (width, height) = frame.size();
    for plane in frame.planes_mut() {
        let (top, bottom) = plane.split_at_mut(width * (height / 2));
        let bottom = bottom.rchunks_exact_mut(width);
        top.chunks_exact_mut(width).zip(bottom).for_each(|(a, b)| a.swap_with_slice(b));
    }
}

/// The frame turned by so many quarters, clockwise; width and height change places for odd ones.
///
/// # Errors
/// The budget has no room.
pub fn turn(frame: &Frame, quarters: i32) -> Result<Frame> {
    let (width, height) = frame.size();
    match quarters.rem_euclid(4) {
        0 => return frame.copy(),
        2 => {
            let mut out = frame.copy()?;
            flip_across(&mut out);
            flip_down(&mut out);
            return Ok(out);
        }
        _ => {}
    }
    let clockwise = quarters.rem_euclid(4) == 1;
    let mut out = Frame::unwritten("turn", height, width, frame.alpha().is_some(), frame.budget())?;
    for (from, to) in frame.planes().zip(out.planes_mut()) {
        rows(to, height, |y, row| {
            for (x, out) in row.iter_mut().enumerate() {
                *out = if clockwise {
                    from[(height - 1 - x) * width + y]
                } else {
                    from[x * width + width - 1 - y]
                };
            }
        });
    }
    Ok(out)
}

/// Lays `over` on the frame, its top left corner at (`left`, `top`) to parts of a pixel (bilinear), by its alpha
/// and an opacity. What reaches beyond the frame is cut off.
///
/// # Errors
/// A place that is not of sense; an opacity outside of 0 to 1.
pub fn paste(frame: &mut Frame, over: &Frame, left: f32, top: f32, opacity: f32) -> Result<()> {
    let [left, top] = sensible("paste", "place", [left, top])?;
    let opacity = within("paste", "opacity", opacity, 0.0..=1.0)?;
    let (whole, part) = (|v: f32| v.floor() as isize, |v: f32| v - v.floor());
    let (x0, y0, u, v) = (whole(left), whole(top), part(left), part(top));
    let width = frame.width();
    let shift = Shift { over, x0, y0, u, v };
    let scratch = || (vec![0.0_f32; width], [(); 3].map(|()| vec![0.0_f32; width]));
    whole_rows(frame, scratch, |(weights, colours), y, mut rows, mut alphas| {
        let Some((from, to)) = shift.row(y, width, colours, weights) else { return };
        // The weights become how far each colour below moves.
        for x in from..to {
            let below = alphas.as_ref().map_or(1.0, |row| row[x]);
            let (joined, share) = laid(below, weights[x] * opacity);
            let full = 1.0 / weights[x].max(1.0e-6);
            for (row, colours) in rows.iter_mut().zip(colours.iter()) {
                row[x] = tame(row[x] + (colours[x] * full - row[x]) * share);
            }
            if let Some(row) = &mut alphas {
                row[x] = joined;
            }
        }
    });
    Ok(())
}

/// A frame moved by whole and parts of pixels.
struct Shift<'a> {
    over: &'a Frame,
    x0: isize,
    y0: isize,
    u: f32,
    v: f32,
}

impl Shift<'_> {
    /// Alpha at a pixel of the frame above: 0 beyond its sides.
    #[inline(always)]
    fn alpha(&self, x: isize, y: isize) -> Option<(usize, f32)> {
        let (width, height) = self.over.size();
        let inside = (0..width as isize).contains(&x) && (0..height as isize).contains(&y);
        inside.then(|| {
            let at = y as usize * width + x as usize;
            (at, self.over.alpha().map_or(1.0, |alpha| alpha[at]))
        })
    }

    /// Works out row `y`: colours weighed by alpha, and the weights. Gives the columns that are touched.
    fn row(
        &self,
        y: usize,
        width: usize,
        colours: &mut [Vec<f32>; 3],
        weights: &mut [f32],
    ) -> Option<(usize, usize)> {
        let down = y as isize - self.y0;
        if down < 0 || down > self.over.height() as isize {
            return None;
        }
        let from = self.x0.clamp(0, width as isize) as usize;
        let to = (self.x0 + self.over.width() as isize + 1).clamp(0, width as isize) as usize;
        let planes = self.over.channels();
        for x in from..to {
            let across = x as isize - self.x0;
            let mut sums = [0.0_f32; 4];
            for (dx, dy, part) in [
                (0, 0, (1.0 - self.u) * (1.0 - self.v)),
                (-1, 0, self.u * (1.0 - self.v)),
                (0, -1, (1.0 - self.u) * self.v),
                (-1, -1, self.u * self.v),
            ] {
                let Some((at, alpha)) = self.alpha(across + dx, down + dy) else { continue };
                let weight = part * alpha;
                sums[3] += weight;
                (0..3).for_each(|c| sums[c] += planes[c][at] * weight);
            }
            (0..3).for_each(|c| colours[c][x] = sums[c]);
            weights[x] = sums[3];
        }
        (from < to).then_some((from, to))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::Budget;

    fn places(width: usize, height: usize) -> Frame {
        let mut frame = Frame::new(width, height, &Budget::new(1 << 22)).unwrap();
        for y in 0..height {
            for x in 0..width {
                frame.set_pixel(x, y, [x as f32, y as f32, 1.0]).unwrap();
            }
        }
        frame
    }

    fn at(frame: &Frame, x: usize, y: usize) -> (f32, f32) {
        let [r, g, ..] = frame.pixel(x, y).unwrap();
        (r, g)
    }

    #[test]
    fn cut_padded_flipped_turned() {
        let frame = places(7, 5);
        let cut = crop(&frame, 2, 1, 3, 4).unwrap();
        assert_eq!((cut.size(), at(&cut, 0, 0), at(&cut, 2, 3)), ((3, 4), (2.0, 1.0), (4.0, 4.0)));
        assert!(crop(&frame, 5, 0, 3, 1).unwrap_err().to_string().contains("`pad` it first"));
        assert!(crop(&frame, usize::MAX, 0, 3, 1).is_err() && crop(&frame, 0, 0, 0, 1).is_err());
        let wide = pad(&frame, [1, 2, 3, 4], [9.0; 3]).unwrap();
        assert_eq!((wide.size(), at(&wide, 0, 0), at(&wide, 1, 2)), ((11, 11), (9.0, 9.0), (0.0, 0.0)));
        assert!(pad(&frame, [usize::MAX, 0, 0, 0], [0.0; 3]).is_err());
        let mut mirror = places(7, 5);
        flip_across(&mut mirror);
        flip_down(&mut mirror);
        assert_eq!(at(&mirror, 0, 0), (6.0, 4.0));
        assert_eq!(turn(&frame, 2).unwrap().channels(), mirror.channels());
        let turned = turn(&frame, 1).unwrap();
        // The top left corner goes to the top right.
        assert_eq!((turned.size(), at(&turned, 4, 0), at(&turned, 0, 0)), ((5, 7), (0.0, 0.0), (0.0, 4.0)));
        assert_eq!(turn(&turned, -1).unwrap().channels(), frame.channels());
    }

    #[test]
    fn pasting_at_parts_of_pixels() {
        let budget = Budget::new(1 << 20);
        let mut below = Frame::constant(6, 4, [0.0; 3], &budget).unwrap();
        below.set_alpha(0.0).unwrap();
        let over = Frame::constant(2, 1, [1.0, 0.5, 0.0], &budget).unwrap();
        paste(&mut below, &over, 1.25, 1.0, 1.0).unwrap();
        let alphas: Vec<f32> = below.alpha().unwrap()[6..12].to_vec();
        assert_eq!(alphas, [0.0, 0.75, 1.0, 0.25, 0.0, 0.0]);
        assert_eq!(below.pixel(2, 1).unwrap(), [1.0, 0.5, 0.0, 1.0]);
        assert_eq!(below.alpha().unwrap()[12..18], [0.0; 6]);
        for (left, top) in [(-1.5, -0.5), (5.5, 3.5), (-100.0, 2.0), (1e6, -1e6)] {
            paste(&mut below, &over, left, top, 0.5).unwrap();
        }
        assert!(paste(&mut below, &over, f32::NAN, 0.0, 1.0).is_err());
    }
}
