//! How much of each pixel outlines cover, tile by tile, and colours laid on frames by it.

use tiny_skia::{FillRule, Mask, Path, Transform};

use crate::frame::{Frame, tame};
use crate::over::laid;

/// The side of a tile: small enough that a mask of one byte a pixel needs no account.
const TILE: usize = 1024;

/// Columns and rows from the first to before the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Area {
    pub left: isize,
    pub top: isize,
    pub right: isize,
    pub bottom: isize,
}

impl Area {
    /// What the outlines can touch, grown by so many pixels.
    pub fn around(paths: &[Path], grown: f32) -> Option<Self> {
        let bounds = paths.iter().map(Path::bounds).reduce(|a, b| a.join(&b).unwrap_or(a))?;
        Some(Self {
            left: (bounds.left() - grown).floor() as isize - 1,
            top: (bounds.top() - grown).floor() as isize - 1,
            right: (bounds.right() + grown).ceil() as isize + 1,
            bottom: (bounds.bottom() + grown).ceil() as isize + 1,
        })
    }

    /// The part of it that another one has too, if any.
    pub fn within(self, other: Self) -> Option<Self> {
        let both = Self {
            left: self.left.max(other.left),
            top: self.top.max(other.top),
            right: self.right.min(other.right),
            bottom: self.bottom.min(other.bottom),
        };
        (both.left < both.right && both.top < both.bottom).then_some(both)
    }

    /// All of a frame.
    pub fn of(frame: &Frame) -> Self {
        Self { left: 0, top: 0, right: frame.width() as isize, bottom: frame.height() as isize }
    }
}

/// Gives the rows of an area's tiles, each with the place of its first pixel and how much of each is covered by
/// any of the outlines, from 0 to 255.
pub(crate) fn cover(paths: &[Path], rule: FillRule, area: Area, mut row: impl FnMut(isize, isize, &[u8])) {
    for top in (area.top..area.bottom).step_by(TILE) {
        for left in (area.left..area.right).step_by(TILE) {
            let width = (area.right - left).min(TILE as isize);
            let height = (area.bottom - top).min(TILE as isize);
            let Some(mut mask) = Mask::new(width as u32, height as u32) else { continue };
            let moved = Transform::from_translate(-(left as f32), -(top as f32));
            for path in paths {
                mask.fill_path(path, rule, true, moved);
            }
            for (down, covered) in mask.data().chunks_exact(width as usize).enumerate() {
                row(top + down as isize, left, covered);
            }
        }
    }
}

/// Lays a colour (red, green, blue, opacity) on the frame where the outlines are.
pub(crate) fn lay(frame: &mut Frame, paths: &[Path], rule: FillRule, colour: [f32; 4]) {
    let Some(area) = Area::around(paths, 0.0).and_then(|area| area.within(Area::of(frame))) else { return };
    let width = frame.width();
    cover(paths, rule, area, |y, x, covered| {
        lay_row(
            frame,
            y as usize * width + x as usize,
            covered.iter().map(|c| f32::from(*c) / 255.0),
            colour,
        );
    });
}

/// Lays a colour on pixels from `at` on, each by a weight.
pub(crate) fn lay_row(frame: &mut Frame, at: usize, weights: impl Iterator<Item = f32>, colour: [f32; 4]) {
    for (at, weight) in (at..).zip(weights) {
        if weight == 0.0 {
            continue;
        }
        let mut none = 1.0;
        let alpha = frame.alpha.as_mut().map_or(&mut none, |plane| &mut plane[at]);
        let (joined, share) = laid(*alpha, weight * colour[3]);
        *alpha = joined;
        for (plane, colour) in frame.rgb.iter_mut().zip(colour) {
            plane[at] = tame(plane[at] + (colour - plane[at]) * share);
        }
    }
}
