//! Transitions: two pictures into a third, in integer arithmetic.

use crate::planes::{BLACK, NEUTRAL, Planes, PlanesRef};

/// The way a wipe's edge travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// From the right edge to the left.
    Left,
    /// From the left edge to the right.
    Right,
    /// From the foot to the top.
    Up,
    /// From the top to the foot.
    Down,
}

/// Full weight.
const ONE: u32 = 1 << 15;

/// How far a transition has run at its picture `index` of `frames`, as weight of the incoming clip in
/// 32768ths. The first picture already shows a little of the incoming clip, the last a little of the
/// outgoing one.
pub fn weight(index: u64, frames: u64) -> u32 {
    let frames = frames.max(1);
    (((2 * index.min(frames - 1) + 1) * u64::from(ONE) + frames) / (2 * frames)) as u32
}

#[inline(always)]
fn lerp(a: u16, b: u16, w: u32) -> u16 {
    ((u32::from(a) * (ONE - w) + u32::from(b) * w + ONE / 2) >> 15) as u16
}

/// Mixes `to` over `from` with that weight in 32768ths. All three have the same size.
pub fn dissolve(from: PlanesRef<'_>, to: PlanesRef<'_>, weight: u32, out: &mut Planes<'_>) {
    let weight = weight.min(ONE);
    for (out, from, to) in
        [(&mut *out.y, from.y, to.y), (&mut *out.cb, from.cb, to.cb), (&mut *out.cr, from.cr, to.cr)]
    {
        pulp::Arch::new().dispatch(Mix { from, to, weight, out });
    }
}

/// Two planes to mix. A type of its own, since a closure would be called through a function that is
/// not compiled for the processor's wide vectors.
struct Mix<'a> {
    from: &'a [u16],
    to: &'a [u16],
    weight: u32,
    out: &'a mut [u16],
}

impl pulp::NullaryFnOnce for Mix<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        for ((px, &a), &b) in self.out.iter_mut().zip(self.from).zip(self.to) {
            *px = lerp(a, b, self.weight);
        }
    }
}

/// Mixes a picture with black: weight 0 is black, 32768 the picture.
pub fn fade(picture: PlanesRef<'_>, weight: u32, out: &mut Planes<'_>) {
    let weight = weight.min(ONE);
    for (out, picture, rest) in [
        (&mut *out.y, picture.y, BLACK),
        (&mut *out.cb, picture.cb, NEUTRAL),
        (&mut *out.cr, picture.cr, NEUTRAL),
    ] {
        pulp::Arch::new().dispatch(Sink { picture, rest, weight, out });
    }
}

/// A plane to mix with one value.
struct Sink<'a> {
    picture: &'a [u16],
    rest: u16,
    weight: u32,
    out: &'a mut [u16],
}

impl pulp::NullaryFnOnce for Sink<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        for (px, &v) in self.out.iter_mut().zip(self.picture) {
            *px = lerp(self.rest, v, self.weight);
        }
    }
}

/// Fades from one clip through black to another: `from` sinks in the first half, `to` rises in the second.
pub fn through_black(from: PlanesRef<'_>, to: PlanesRef<'_>, weight: u32, out: &mut Planes<'_>) {
    if weight < ONE / 2 {
        fade(from, ONE - 2 * weight, out);
    } else {
        fade(to, (2 * weight.min(ONE)) - ONE, out);
    }
}

/// Uncovers `to` behind a soft edge an eighth of the picture wide.
pub fn wipe(from: PlanesRef<'_>, to: PlanesRef<'_>, way: Way, weight: u32, out: &mut Planes<'_>) {
    let (w, h) = (out.width, out.height);
    let (cw, ch) = crate::planes::chroma_size(w, h);
    let columns = |n: usize| ramp(n, weight, matches!(way, Way::Left));
    let rows = |n: usize| ramp(n, weight, matches!(way, Way::Up));
    let sideways = matches!(way, Way::Left | Way::Right);
    for (out, a, b, w, h) in [
        (&mut *out.y, from.y, to.y, w, h),
        (&mut *out.cb, from.cb, to.cb, cw, ch),
        (&mut *out.cr, from.cr, to.cr, cw, ch),
    ] {
        let weights = if sideways { columns(w) } else { rows(h) };
        for (row, ((out, a), b)) in out.chunks_mut(w).zip(a.chunks(w)).zip(b.chunks(w)).enumerate() {
            if sideways {
                for (((px, &a), &b), &k) in out.iter_mut().zip(a).zip(b).zip(&weights) {
                    *px = lerp(a, b, k);
                }
            } else {
                let k = weights[row];
                for ((px, &a), &b) in out.iter_mut().zip(a).zip(b) {
                    *px = lerp(a, b, k);
                }
            }
        }
    }
}

/// Weights along a line of `n` samples; the edge runs from its start, or from its end where reversed.
fn ramp(n: usize, weight: u32, reversed: bool) -> Vec<u32> {
    let soft = (n as i64 / 8).max(1);
    let edge = (n as i64 + soft) * i64::from(weight.min(ONE)) / i64::from(ONE);
    let mut line: Vec<u32> = (0..n as i64)
        .map(|i| {
            let t = (((edge - i) * i64::from(ONE)) / soft).clamp(0, i64::from(ONE));
            // Smoothstep in 15 bits.
            ((((t * t) >> 15) * (3 * i64::from(ONE) - 2 * t)) >> 15) as u32
        })
        .collect();
    if reversed {
        line.reverse();
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::planes::Picture;

    fn flat(v: u16) -> Picture {
        let mut p = Picture::black(64, 36);
        p.y.fill(v);
        p
    }

    #[test]
    fn a_dissolve_is_the_mean_half_way() {
        let (a, b, mut out) = (flat(10000), flat(20001), Picture::black(64, 36));
        dissolve(a.view(), b.view(), ONE / 2, &mut out.planes());
        assert!(out.y.iter().all(|&v| v == 15001));
        dissolve(a.view(), b.view(), 0, &mut out.planes());
        assert_eq!(out, a);
        dissolve(a.view(), b.view(), ONE, &mut out.planes());
        assert_eq!(out, b);
    }

    #[test]
    fn a_wipe_begins_at_its_own_edge() {
        let (a, b, mut out) = (flat(10000), flat(50000), Picture::black(64, 36));
        for (way, first, last) in [(Way::Right, 50000, 10000), (Way::Left, 10000, 50000)] {
            wipe(a.view(), b.view(), way, ONE / 2, &mut out.planes());
            assert_eq!((out.y[0], out.y[63]), (first, last), "{way:?}");
        }
        wipe(a.view(), b.view(), Way::Down, ONE / 2, &mut out.planes());
        assert_eq!((out.y[0], out.y[64 * 35]), (50000, 10000));
    }

    #[test]
    fn weights_grow_and_are_symmetric() {
        assert!(weight(0, 24) > 0 && weight(23, 24) < ONE);
        assert_eq!(weight(0, 24) + weight(23, 24), ONE);
        let middle = (flat(60000), Picture::black(64, 36));
        let mut out = Picture::black(64, 36);
        through_black(middle.0.view(), middle.0.view(), ONE / 2, &mut out.planes());
        assert!(out.y.iter().all(|&v| v == BLACK));
    }
}
