//! The compositor: warps layers by scale and translation and lays them over one another.
//!
//! Integer arithmetic throughout, so pictures are equal on every machine. A row is planned from the
//! front layer backwards: what an opaque run hides is never touched. Source rows are blended
//! vertically into lines, one a plane, which are then sampled along x.

use std::ops::Range;

use crate::layer::Layer;
use crate::planes::{BLACK, NEUTRAL};
use crate::resample::{SLACK, Sampler, Track, blend, mean_rows, veil};

/// Columns that a line holds; wider layers are painted coarser.
pub(crate) const LINE: usize = 8192;

/// How far each row of a layer is pushed sideways.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Bend {
    /// Not at all.
    #[default]
    None,
    /// Growing with the square of the height above the layer's foot; the shift of the top row, in
    /// layer pixels.
    Sway(f64),
    /// As a curtain: fixed at the head, growing towards the hem; the shift of the bottom row.
    Hang(f64),
    /// A travelling wave along y: amplitude at the bottom row in layer pixels, waves over the
    /// layer's height, phase in turns. Rows further up move less.
    Ripple { amount: f64, waves: f64, phase: f64 },
}

impl Bend {
    fn shift(self, row: f64, height: f64) -> i64 {
        let pixels = match self {
            Bend::None => return 0,
            Bend::Sway(amount) => {
                let up = (1.0 - row / height).clamp(0.0, 1.0);
                amount * up * up
            }
            Bend::Hang(amount) => {
                let down = (row / height).clamp(0.0, 1.0);
                amount * down * down
            }
            Bend::Ripple { amount, waves, phase } => {
                let down = (row / height).clamp(0.0, 1.0);
                let turn = waves * (down * 1.6 + 0.2).ln() + phase;
                amount * (0.25 + 0.75 * down) * (turn * std::f64::consts::TAU).sin()
            }
        };
        (pixels * 65536.0) as i64
    }
}

/// A layer hung up in the picture.
#[derive(Clone, Debug)]
pub(crate) struct Placed<'a> {
    pub layer: &'a Layer,
    /// Picture pixels that one layer pixel covers.
    pub scale: f64,
    /// Where the layer's top left corner lies, in picture pixels.
    pub at: (f64, f64),
    /// 0..=256.
    pub opacity: u32,
    pub bend: Bend,
}

/// The geometry of a placed layer on one plane, in 16.16 source coordinates.
struct Warp {
    x0: i64,
    y0: i64,
    step: i64,
    top: i64,
    bottom: i64,
}

impl Placed<'_> {
    fn warp(&self, chroma: bool) -> Warp {
        let inverse = 1.0 / self.scale;
        let fix = |v: f64| (v * 65536.0).round() as i64;
        let height = if chroma { self.layer.height / 2 } else { self.layer.height };
        let (x0, y0) = if chroma {
            // Chroma column k sits on luma column 2k, row k between luma rows 2k and 2k + 1.
            let x = ((0.5 - self.at.0) * inverse - 0.5) / 2.0;
            let y = ((1.0 - self.at.1) * inverse - 1.0) / 2.0;
            (fix(x), fix(y))
        } else {
            (fix((0.5 - self.at.0) * inverse - 0.5), fix((0.5 - self.at.1) * inverse - 0.5))
        };
        let step = fix(inverse).max(1);
        let limit = (height as i64) << 16;
        let top = (-65535 - y0).div_euclid(step) + 1;
        let bottom = (limit - 1 - y0).div_euclid(step) + 1;
        Warp { x0, y0, step, top, bottom }
    }
}

/// One piece of a row to draw.
struct Piece {
    /// Which of the band's layers; none for the black behind all.
    layer: Option<usize>,
    /// Where the layer's row begins, its bend included, in source units.
    x0: i64,
    from: i64,
    to: i64,
    solid: bool,
}

/// The picture's grain and vignette, applied last.
pub(crate) struct Finish<'a> {
    pub grain: &'a [i16],
    pub columns: &'a [u16],
    pub rows: &'a [u16],
}

/// Side of the grain tile.
pub(crate) const GRAIN: usize = 256;

/// Source samples of one plane, blended vertically.
type Line = Box<[u16]>;

/// Buffers of one drawing thread.
pub(crate) struct Scratch {
    lines: [Line; 3],
    first: Vec<u16>,
    second: Vec<u16>,
    alpha: Vec<u16>,
    pieces: Vec<Piece>,
    /// What nearer layers hide of the row at hand: disjoint, from left to right.
    covered: Vec<(i64, i64)>,
    warps: Vec<(usize, Warp)>,
}

impl Scratch {
    pub fn new() -> Self {
        Scratch {
            lines: std::array::from_fn(|_| vec![0; LINE + SLACK].into_boxed_slice()),
            first: Vec::new(),
            second: Vec::new(),
            alpha: Vec::new(),
            pieces: Vec::new(),
            covered: Vec::new(),
            warps: Vec::new(),
        }
    }
}

/// A band of a picture: rows `top..top + rows` of luma and their chroma.
pub(crate) struct Band<'a> {
    pub width: usize,
    /// First luma row; even.
    pub top: usize,
    pub y: &'a mut [u16],
    pub cb: &'a mut [u16],
    pub cr: &'a mut [u16],
}

/// Draws a band of the picture, layers in order from back to front. Without a finish the layers are
/// laid over what is there.
#[inline(always)]
fn draw_band(
    sampler: impl Sampler,
    placed: &[Placed<'_>],
    finish: Option<&Finish<'_>>,
    band: &mut Band<'_>,
    scratch: &mut Scratch,
) {
    let width = band.width;
    let rows = band.y.len() / width;
    scratch.first.resize(width, 0);
    scratch.second.resize(width, 0);
    scratch.alpha.resize(width, 0);
    gather_warps(placed, false, band.top, rows, scratch);
    for row in 0..rows {
        let y = band.top + row;
        let out = &mut band.y[row * width..(row + 1) * width];
        plan_row(placed, false, finish.is_some(), y as i64, width as i64, scratch);
        draw_luma_row(sampler, placed, y as i64, out, scratch);
        if let Some(finish) = finish {
            finish_row(finish, y, out);
        }
    }
    let cw = width.div_ceil(2);
    let crows = band.cb.len() / cw;
    gather_warps(placed, true, band.top / 2, crows, scratch);
    for row in 0..crows {
        let y = (band.top / 2 + row) as i64;
        plan_row(placed, true, finish.is_some(), y, cw as i64, scratch);
        let range = row * cw..(row + 1) * cw;
        draw_chroma_row(sampler, placed, y, &mut band.cb[range.clone()], &mut band.cr[range], scratch);
    }
}

#[inline(always)]
fn gather_warps(placed: &[Placed<'_>], chroma: bool, top: usize, rows: usize, scratch: &mut Scratch) {
    scratch.warps.clear();
    let halves = if chroma { 2.0 } else { 1.0 };
    let (above, below) = (top as f64 * halves - 4.0, (top + rows) as f64 * halves + 4.0);
    for (index, item) in placed.iter().enumerate() {
        // Most layers of a swarm lie in other bands: they are passed by without working out their warp.
        let (first, margin) = (item.at.1, 2.0 * item.scale);
        let last = first + item.layer.height as f64 * item.scale;
        if item.opacity == 0 || last + margin < above || first - margin > below {
            continue;
        }
        let warp = item.warp(chroma);
        if warp.top < (top + rows) as i64 && warp.bottom > top as i64 {
            scratch.warps.push((index, warp));
        }
    }
}

/// The two source rows of a picture row, and the weight of the second in 65536ths.
#[inline(always)]
fn source_rows(warp: &Warp, y: i64, height: usize) -> (usize, usize, u16) {
    let v = warp.y0 + warp.step * y;
    let row = v >> 16;
    let last = height as i64 - 1;
    (row.clamp(0, last) as usize, (row + 1).clamp(0, last) as usize, v as u16)
}

/// Where this row of the layer is pushed by its bend, in source units.
#[inline(always)]
fn bend_of(item: &Placed<'_>, warp: &Warp, y: i64, chroma: bool) -> i64 {
    if item.bend == Bend::None {
        return 0;
    }
    let scale = if chroma { 2.0 } else { 1.0 };
    let row = (warp.y0 + warp.step * y) as f64 / 65536.0 * scale + (scale - 1.0) * 0.5;
    let shift = item.bend.shift(row, item.layer.height as f64);
    if chroma { -shift / 2 } else { -shift }
}

#[inline(always)]
fn plan_row(placed: &[Placed<'_>], chroma: bool, whole: bool, y: i64, width: i64, scratch: &mut Scratch) {
    let Scratch { pieces, covered, warps, .. } = scratch;
    pieces.clear();
    covered.clear();
    for slot in (0..warps.len()).rev() {
        let (index, warp) = &warps[slot];
        if y < warp.top || y >= warp.bottom {
            continue;
        }
        let item = &placed[*index];
        let (runs, height) = if chroma {
            (&item.layer.chroma_rows, item.layer.height / 2)
        } else {
            (&item.layer.rows, item.layer.height)
        };
        let x0 = warp.x0 + bend_of(item, warp, y, chroma);
        let end = x0 + warp.step * width;
        let v = warp.y0 + warp.step * y;
        let row = (v >> 16).clamp(0, height as i64 - 1) as usize;
        let hidden = covered.len();
        let mut reached = 0;
        for run in runs.of(row) {
            if (i64::from(run.last) + 1) << 16 < x0 {
                continue;
            }
            if (i64::from(run.first) - 1) << 16 > end {
                break;
            }
            let solid = run.solid && item.opacity == 256;
            let (from, to) = columns(run.first, run.last, solid, x0, warp.step);
            let (from, to) = (from.max(reached), to.min(width));
            if from >= to {
                continue;
            }
            reached = to;
            let piece = Piece { layer: Some(slot), x0, from, to, solid };
            uncovered(pieces, &covered[..hidden], piece);
            if solid {
                covered.push((from, to));
            }
        }
        settle(covered, hidden);
        if covered.len() == 1 && covered[0].0 <= 0 && covered[0].1 >= width {
            return;
        }
    }
    // Nothing covers the whole row: the picture is black behind it.
    if whole {
        pieces.push(Piece { layer: None, x0: 0, from: 0, to: width, solid: true });
    }
}

/// Picture columns of a run: those it touches, or where it is solid those it fills.
#[inline(always)]
fn columns(first: u32, last: u32, solid: bool, x0: i64, step: i64) -> (i64, i64) {
    let (first, last) = (i64::from(first), i64::from(last));
    let beyond = |edge: i64| (edge - x0).div_euclid(step) + 1;
    if solid {
        (beyond((first << 16) - 1), beyond((last - 1) << 16))
    } else {
        (beyond((first - 1) << 16), beyond((last << 16) - 1))
    }
}

/// Adds what is seen of a run beside what is covered.
#[inline(always)]
fn uncovered(pieces: &mut Vec<Piece>, covered: &[(i64, i64)], mut run: Piece) {
    for &(a, b) in covered {
        if b <= run.from {
            continue;
        }
        if a >= run.to {
            break;
        }
        if a > run.from {
            pieces.push(Piece { to: a, ..run });
        }
        run.from = run.from.max(b);
    }
    if run.from < run.to {
        pieces.push(run);
    }
}

/// Sorts the intervals that were added and joins those that touch.
#[inline(always)]
fn settle(covered: &mut Vec<(i64, i64)>, before: usize) {
    if covered.len() == before {
        return;
    }
    covered.sort_unstable();
    let mut kept = 0;
    for i in 1..covered.len() {
        if covered[i].0 <= covered[kept].1 {
            covered[kept].1 = covered[kept].1.max(covered[i].1);
        } else {
            kept += 1;
            covered[kept] = covered[i];
        }
    }
    covered.truncate(kept + 1);
}

#[inline(always)]
fn finish_row(finish: &Finish<'_>, y: usize, out: &mut [u16]) {
    let grain = &finish.grain[(y % GRAIN) * GRAIN..][..GRAIN];
    let row = finish.rows[y];
    let part = |a: u16, b: u16| ((u32::from(a) * u32::from(b)) >> 16) as u16;
    for (chunk, columns) in out.chunks_mut(GRAIN).zip(finish.columns.chunks(GRAIN)) {
        for ((px, &column), &g) in chunk.iter_mut().zip(columns).zip(grain) {
            let light = part(px.saturating_sub(BLACK), part(column, row));
            // Light is at most 61440 and grain a few hundred, so this does not wrap.
            *px = (light + BLACK).wrapping_add_signed(g).clamp(4096, 60160);
        }
    }
}

/// What a piece of a row reads: two rows of its layer and the weight of the second, the columns of them
/// that there are, how often the first is repeated before them and the last behind them, and where in
/// all these the samples lie.
struct Reads {
    rows: (usize, usize, u16),
    columns: Range<usize>,
    lead: usize,
    trail: usize,
    track: Track,
}

impl Reads {
    #[inline(always)]
    fn of(layer: &Layer, warp: &Warp, piece: &Piece, y: i64, chroma: bool) -> Self {
        let halves = if chroma { 2 } else { 1 };
        let (width, height) = (layer.width / halves, layer.height / halves);
        let first = (piece.x0 + warp.step * piece.from) >> 16;
        let last = ((piece.x0 + warp.step * (piece.to - 1)) >> 16) + 1;
        let last = last.min(first + LINE as i64 - 1);
        let edge = width as i64 - 1;
        let columns = first.clamp(0, edge)..last.clamp(0, edge) + 1;
        let origin = (piece.x0 + warp.step * piece.from - (first << 16)) as u32;
        Reads {
            rows: source_rows(warp, y, height),
            lead: (columns.start - first) as usize,
            trail: (last + 1 - columns.end) as usize,
            columns: columns.start as usize..columns.end as usize,
            track: Track { origin, step: warp.step as u32 },
        }
    }
}

#[inline(always)]
fn draw_luma_row(
    sampler: impl Sampler,
    placed: &[Placed<'_>],
    y: i64,
    out: &mut [u16],
    scratch: &mut Scratch,
) {
    let Scratch { lines: [first_line, alpha_line, _], first, alpha, pieces, warps, .. } = scratch;
    for piece in pieces.iter().rev() {
        let out = &mut out[piece.from as usize..piece.to as usize];
        let Some(slot) = piece.layer else {
            out.fill(BLACK);
            continue;
        };
        let (index, warp) = &warps[slot];
        let item = &placed[*index];
        let layer = item.layer;
        let reads = Reads::of(layer, warp, piece, y, false);
        gather(first_line, &layer.y, layer.width, &reads);
        if piece.solid {
            sampler.sample(reads.track, &[first_line], &mut [out]);
            continue;
        }
        gather(alpha_line, &layer.a, layer.width, &reads);
        let (first, alpha) = (&mut first[..out.len()], &mut alpha[..out.len()]);
        sampler.sample(reads.track, &[first_line, alpha_line], &mut [first, alpha]);
        blend(out, first, alpha, item.opacity);
    }
}

#[inline(always)]
fn draw_chroma_row(
    sampler: impl Sampler,
    placed: &[Placed<'_>],
    y: i64,
    cb: &mut [u16],
    cr: &mut [u16],
    scratch: &mut Scratch,
) {
    let Scratch { lines: [cb_line, cr_line, alpha_line], first, second, alpha, pieces, warps, .. } = scratch;
    for piece in pieces.iter().rev() {
        let range = piece.from as usize..piece.to as usize;
        let (cb, cr) = (&mut cb[range.clone()], &mut cr[range]);
        let Some(slot) = piece.layer else {
            cb.fill(NEUTRAL);
            cr.fill(NEUTRAL);
            continue;
        };
        let (index, warp) = &warps[slot];
        let item = &placed[*index];
        let (layer, width) = (item.layer, item.layer.width / 2);
        let reads = Reads::of(layer, warp, piece, y, true);
        gather(cb_line, &layer.cb, width, &reads);
        gather(cr_line, &layer.cr, width, &reads);
        if piece.solid {
            sampler.sample(reads.track, &[cb_line, cr_line], &mut [cb, cr]);
            continue;
        }
        gather(alpha_line, &layer.ca, width, &reads);
        let n = cb.len();
        let (first, second, alpha) = (&mut first[..n], &mut second[..n], &mut alpha[..n]);
        sampler.sample(reads.track, &[cb_line, cr_line, alpha_line], &mut [first, second, alpha]);
        blend(cb, first, alpha, item.opacity);
        blend(cr, second, alpha, item.opacity);
    }
}

/// Blends the two source rows vertically into the line; columns beyond the layer repeat its edge. A
/// plane that is empty is opaque.
#[inline(always)]
fn gather(line: &mut [u16], plane: &[u16], width: usize, reads: &Reads) {
    let n = reads.columns.len();
    let (lead, trail) = (reads.lead, reads.trail);
    if plane.is_empty() {
        line[..lead + n + trail].fill(u16::MAX);
        return;
    }
    let (r0, r1, weight) = reads.rows;
    let from = reads.columns.start;
    let (top, bottom) = (&plane[r0 * width + from..][..n], &plane[r1 * width + from..][..n]);
    mean_rows(top, bottom, weight, &mut line[lead..lead + n]);
    if lead > 0 {
        let left = line[lead];
        line[..lead].fill(left);
    }
    if trail > 0 {
        let right = line[lead + n - 1];
        line[lead + n..lead + n + trail].fill(right);
    }
}

/// How little of a band its layers leave to be seen through: 65535 all, 0 nothing.
#[inline(always)]
fn clear_band(sampler: impl Sampler, placed: &[Placed<'_>], band: &mut Band<'_>, scratch: &mut Scratch) {
    let width = band.width;
    scratch.alpha.resize(width, 0);
    gather_warps(placed, false, band.top, band.y.len() / width, scratch);
    for (row, out) in band.y.chunks_exact_mut(width).enumerate() {
        let y = (band.top + row) as i64;
        out.fill(u16::MAX);
        plan_row(placed, false, false, y, width as i64, scratch);
        let Scratch { lines: [line, ..], alpha, pieces, warps, .. } = scratch;
        for piece in pieces.iter() {
            let Some(slot) = piece.layer else { continue };
            let out = &mut out[piece.from as usize..piece.to as usize];
            if piece.solid {
                out.fill(0);
                continue;
            }
            let (index, warp) = &warps[slot];
            let item = &placed[*index];
            let reads = Reads::of(item.layer, warp, piece, y, false);
            gather(line, &item.layer.a, item.layer.width, &reads);
            let alpha = &mut alpha[..out.len()];
            sampler.sample(reads.track, &[line], &mut [alpha]);
            veil(out, alpha, item.opacity);
        }
    }
}

/// A band and all that it takes to draw it, for the compiler to fit to the processor.
pub(crate) struct Draw<'a, 'b> {
    pub placed: &'a [Placed<'b>],
    pub what: What<'a, 'b>,
    pub band: Band<'a>,
    pub scratch: &'a mut Scratch,
}

/// What is drawn of the layers.
#[derive(Clone, Copy)]
pub(crate) enum What<'a, 'b> {
    /// A whole picture on black.
    Whole(&'a Finish<'b>),
    /// The layers over what is there.
    Over,
    /// What they leave clear, in the luma plane.
    Clear,
}

impl Draw<'_, '_> {
    /// Draws it as fast as this processor can.
    pub fn run(self) {
        #[cfg(target_arch = "x86_64")]
        if let Some(simd) = pulp::x86::V3::try_new() {
            simd.vectorize(Fitted { simd, draw: self });
            return;
        }
        self.with(crate::resample::OneByOne);
    }

    #[inline(always)]
    fn with(mut self, sampler: impl Sampler) {
        let Draw { placed, what, band, scratch } = &mut self;
        match *what {
            What::Whole(finish) => draw_band(sampler, placed, Some(finish), band, scratch),
            What::Over => draw_band(sampler, placed, None, band, scratch),
            What::Clear => clear_band(sampler, placed, band, scratch),
        }
    }
}

/// Compiled with all that the processor has; a closure would be compiled without.
#[cfg(target_arch = "x86_64")]
struct Fitted<'a, 'b> {
    simd: pulp::x86::V3,
    draw: Draw<'a, 'b>,
}

#[cfg(target_arch = "x86_64")]
impl pulp::NullaryFnOnce for Fitted<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        self.draw.with(self.simd);
    }
}
