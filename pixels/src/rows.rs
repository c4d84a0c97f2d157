//! How work is spread: over threads by rows, over lanes by what the processor can do.
//!
//! What always holds: a row's samples depend on nothing that another row's work writes, and arithmetic is
//! never reordered or fused, so that any number of threads and any x86-64 give the same bits.

use pulp::Arch;
use rayon::prelude::*;

use crate::frame::{Frame, tame};

/// Rows that one thread takes at a time, at least.
const ROWS: usize = 8;

/// Runs `work` compiled for the widest lanes that this processor has. The closure is written with
/// `#[inline(always)]`, else it is compiled for the narrowest.
#[inline(always)]
pub(crate) fn lanes<R>(work: impl FnOnce() -> R) -> R {
    Arch::new().dispatch(work)
}

/// Every row of a plane, with its number.
pub(crate) fn rows(plane: &mut [f32], width: usize, work: impl Fn(usize, &mut [f32]) + Sync + Send) {
    plane.par_chunks_mut(width).enumerate().with_min_len(ROWS).for_each(|(y, row)| work(y, row));
}

/// The rows of red, green and blue, with their number.
pub(crate) fn colour_rows(frame: &mut Frame, work: impl Fn(usize, [&mut [f32]; 3]) + Sync + Send) {
    let width = frame.width();
    let [r, g, b] = &mut frame.rgb;
    let rows = r.par_chunks_mut(width).zip(g.par_chunks_mut(width)).zip(b.par_chunks_mut(width));
    rows.enumerate().with_min_len(ROWS).for_each(|(y, ((r, g), b))| work(y, [r, g, b]));
}

/// The rows of all planes, with their number and what a thread works in.
pub(crate) fn whole_rows<S>(
    frame: &mut Frame,
    scratch: impl Fn() -> S + Sync + Send,
    work: impl Fn(&mut S, usize, [&mut [f32]; 3], Option<&mut [f32]>) + Sync + Send,
) {
    let (width, height) = frame.size();
    let [r, g, b] = &mut frame.rgb;
    let colours = r.par_chunks_mut(width).zip(g.par_chunks_mut(width)).zip(b.par_chunks_mut(width));
    let alphas: Vec<Option<&mut [f32]>> = match &mut frame.alpha {
        Some(alpha) => alpha.chunks_mut(width).map(Some).collect(),
        None => (0..height).map(|_| None).collect(),
    };
    let rows = colours.zip(alphas).enumerate().with_min_len(ROWS);
    rows.for_each_init(scratch, |scratch, (y, (((r, g), b), alpha))| work(scratch, y, [r, g, b], alpha));
}

/// Every pixel by itself. Closures here own what they need: what they only borrowed could change, for all the
/// compiler knows, with every sample written, and nothing would be widened.
#[inline(always)]
pub(crate) fn pixels(frame: &mut Frame, change: impl Fn([f32; 3]) -> [f32; 3] + Copy + Sync + Send) {
    colour_rows(frame, move |_, [r, g, b]| {
        lanes(
            #[inline(always)]
            move || {
                for ((r, g), b) in r.iter_mut().zip(g.iter_mut()).zip(b.iter_mut()) {
                    let [x, y, z] = change([*r, *g, *b]);
                    (*r, *g, *b) = (tame(x), tame(y), tame(z));
                }
            },
        );
    });
}

/// Every sample of red, green and blue by itself; `change` is given what belongs to the channel.
#[inline(always)]
pub(crate) fn samples<T: Copy + Sync + Send>(
    frame: &mut Frame,
    channels: [T; 3],
    change: impl Fn(T, f32) -> f32 + Copy + Sync + Send,
) {
    let width = frame.width();
    for (own, plane) in channels.into_iter().zip(&mut frame.rgb) {
        rows(plane, width, move |_, row| {
            lanes(
                #[inline(always)]
                move || row.iter_mut().for_each(|sample| *sample = tame(change(own, *sample))),
            );
        });
    }
}

/// Every sample of red, green and blue with the one beside it in a frame of the same size.
#[inline(always)]
pub(crate) fn pairs(frame: &mut Frame, other: &Frame, change: impl Fn(f32, f32) -> f32 + Copy + Sync + Send) {
    let width = frame.width();
    for (plane, beside) in frame.rgb.iter_mut().zip(&other.rgb) {
        rows(plane, width, move |y, row| {
            let beside = &beside[y * width..][..width];
            lanes(
                #[inline(always)]
                move || row.iter_mut().zip(beside).for_each(|(a, b)| *a = tame(change(*a, *b))),
            );
        });
    }
}
