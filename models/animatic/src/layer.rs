//! A painted layer: premultiplied YUVA planes of 16 bits, with the runs of each row that are not
//! transparent and that are wholly opaque, so that the compositor touches only what is seen.

use rayon::prelude::*;
use tiny_skia::Pixmap;

use crate::grade::Grade;
use crate::samples::{Aside, Samples};

/// A run of columns of two neighbouring rows that is not transparent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub first: u32,
    pub last: u32,
    /// Opaque throughout, in both rows.
    pub solid: bool,
}

/// The runs of every pair of rows `r`, `r + 1` of a plane; the last row pairs with itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct Runs {
    runs: Vec<Run>,
    starts: Vec<u32>,
}

impl Runs {
    /// The runs of the pair that begins with that row.
    #[inline(always)]
    pub fn of(&self, row: usize) -> &[Run] {
        &self.runs[self.starts[row] as usize..self.starts[row + 1] as usize]
    }

    /// Finds the runs of an alpha plane.
    fn find(alpha: &[u16], width: usize) -> Runs {
        let height = alpha.len() / width;
        let mut found = Runs { runs: Vec::new(), starts: vec![0] };
        for row in 0..height {
            let next = (row + 1).min(height - 1);
            let (a, b) = (&alpha[row * width..][..width], &alpha[next * width..][..width]);
            pair_runs(a, b, &mut found.runs);
            found.starts.push(found.runs.len() as u32);
        }
        found
    }

    /// Whether every row is one opaque run.
    fn opaque(&self, width: usize) -> bool {
        let whole = |run: &Run| run.solid && run.first == 0 && run.last as usize == width;
        self.runs.iter().all(whole) && self.runs.len() + 1 == self.starts.len()
    }
}

/// Gaps shorter than this are drawn as if they were not there.
const GAP: usize = 24;
/// Opaque runs shorter than this are drawn as the see-through ones beside them.
const SOLID: usize = 32;

/// Appends the runs of two rows.
fn pair_runs(a: &[u16], b: &[u16], out: &mut Vec<Run>) {
    // An opaque column beside a clear one has an edge within it, so it does not count as solid.
    let clear = |x: usize| a[x] == 0 && b[x] == 0;
    let kind = |x: usize| match (a[x], b[x]) {
        (0, 0) => 0u8,
        (65535, 65535) if (x == 0 || !clear(x - 1)) && (x + 1 == a.len() || !clear(x + 1)) => 2,
        _ => 1,
    };
    let from = out.len();
    let mut start = 0;
    while start < a.len() {
        let k = kind(start);
        let mut end = start + 1;
        while end < a.len() && kind(end) == k {
            end += 1;
        }
        let solid = k == 2 && end - start >= SOLID;
        let near = out[from..].last().is_some_and(|r| start - (r.last as usize) < GAP);
        match out[from..].last_mut() {
            // Nothing is appended for a gap; what follows it closely joins the run before it.
            _ if k == 0 => {}
            Some(before) if near && !before.solid && !solid => before.last = end as u32,
            _ => {
                // A short gap next to an opaque run belongs to the see-through side.
                let joined = out[from..]
                    .last()
                    .map_or(start, |r| if near && !solid { r.last as usize } else { start });
                out.push(Run { first: joined as u32, last: end as u32, solid });
            }
        }
        start = end;
    }
}

/// Premultiplied colour of a row of pixels, red, green, blue, alpha in 0..1.
pub(crate) type Pixel = [f32; 4];

/// A painted layer. Width and height are even.
#[derive(Clone, Debug)]
pub(crate) struct Layer {
    pub width: usize,
    pub height: usize,
    pub y: Samples,
    /// Empty where every pixel is opaque.
    pub a: Samples,
    pub cb: Samples,
    pub cr: Samples,
    /// Empty where every pixel is opaque.
    pub ca: Samples,
    pub rows: Runs,
    pub chroma_rows: Runs,
}

impl Layer {
    /// Builds a layer from a function that fills a row with premultiplied colours.
    pub fn from_rows(width: usize, height: usize, fill: impl Fn(usize, &mut [Pixel]) + Sync) -> Self {
        let (width, height) = ((width.max(2) + 1) & !1, (height.max(2) + 1) & !1);
        let (cw, ch) = (width / 2, height / 2);
        let mut layer = Layer {
            width,
            height,
            y: Samples::clear(width * height),
            a: Samples::clear(width * height),
            cb: Samples::clear(cw * ch),
            cr: Samples::clear(cw * ch),
            ca: Samples::clear(cw * ch),
            rows: Runs::default(),
            chroma_rows: Runs::default(),
        };
        layer
            .y
            .hold()
            .par_chunks_mut(width * 2)
            .zip(layer.a.hold().par_chunks_mut(width * 2))
            .zip(
                (layer.cb.hold().par_chunks_mut(cw))
                    .zip(layer.cr.hold().par_chunks_mut(cw))
                    .zip(layer.ca.hold().par_chunks_mut(cw)),
            )
            .enumerate()
            .with_min_len(16)
            .for_each_init(
                || vec![[0.0f32; 4]; width * 2],
                |scratch, (pair, ((y, a), ((cb, cr), ca)))| {
                    let (top, bottom) = scratch.split_at_mut(width);
                    fill(pair * 2, top);
                    fill(pair * 2 + 1, bottom);
                    luma_row(top, &mut y[..width], &mut a[..width]);
                    luma_row(bottom, &mut y[width..], &mut a[width..]);
                    chroma_row(top, bottom, cb, cr, ca);
                },
            );
        layer.measure();
        layer
    }

    /// A layer of a picture painted with 8 bits, graded; `texture` is the strength of its brush grain.
    pub fn from_pixmap(pixmap: &Pixmap, grade: &Grade, texture: f32, seed: u32) -> Self {
        let (w, h) = (pixmap.width() as usize, pixmap.height() as usize);
        let data = pixmap.data();
        let tile = crate::grade::brush_tile();
        Self::from_rows(w, h, |y, row| {
            if y >= h {
                row.fill([0.0; 4]);
                return;
            }
            let source = &data[y * w * 4..(y + 1) * w * 4];
            for (x, (out, px)) in row.iter_mut().zip(source.chunks_exact(4)).enumerate() {
                if px[3] == 0 {
                    *out = [0.0; 4];
                    continue;
                }
                let alpha = f32::from(px[3]) / 255.0;
                let un = 1.0 / f32::from(px[3]);
                let shade = 1.0 + texture * tile.at(x, y, seed);
                let rgb = [
                    f32::from(px[0]) * un * shade,
                    f32::from(px[1]) * un * shade,
                    f32::from(px[2]) * un * shade,
                ];
                let rgb = grade.apply(rgb);
                *out = [rgb[0] * alpha, rgb[1] * alpha, rgb[2] * alpha, alpha];
            }
            for out in row.iter_mut().skip(w) {
                *out = [0.0; 4];
            }
        })
    }

    /// Softens the layer by three box blurs of that radius in pixels.
    pub fn blur(&mut self, radius: f32) {
        let luma = radius.round() as usize;
        let chroma = (radius / 2.0).round() as usize;
        let (w, h) = (self.width, self.height);
        if luma == 0 {
            return;
        }
        for plane in [&mut self.y, &mut self.a] {
            box3(plane.hold(), w, h, luma);
        }
        for plane in [&mut self.cb, &mut self.cr, &mut self.ca] {
            box3(plane.hold(), w / 2, h / 2, chroma.max(1));
        }
        self.measure();
    }

    /// Finds the runs; drops the alpha planes of a layer that is opaque throughout.
    fn measure(&mut self) {
        if self.a.is_empty() {
            return;
        }
        self.rows = Runs::find(&self.a, self.width);
        self.chroma_rows = Runs::find(&self.ca, self.width / 2);
        if self.rows.opaque(self.width) && self.chroma_rows.opaque(self.width / 2) {
            self.a = Samples::NONE;
            self.ca = Samples::NONE;
        }
    }

    /// Lays its samples aside, if they are not yet.
    pub fn lay_aside(&mut self, aside: &mut Aside) {
        if self.y.is_laid() {
            return;
        }
        aside.lay([&mut self.y, &mut self.a, &mut self.cb, &mut self.cr, &mut self.ca]);
    }

    /// Bytes of its samples.
    pub fn bytes(&self) -> usize {
        2 * (self.y.len() + self.a.len() + self.cb.len() + self.cr.len() + self.ca.len())
    }
}

/// Luma and alpha of a row.
fn luma_row(row: &[Pixel], y: &mut [u16], a: &mut [u16]) {
    for ((px, y), a) in row.iter().zip(y).zip(a) {
        let luma = 0.2126 * px[0] + 0.7152 * px[1] + 0.0722 * px[2];
        *y = (4096.0 * px[3] + 56064.0 * luma + 0.5).clamp(0.0, 65535.0) as u16;
        *a = (65535.0 * px[3] + 0.5).clamp(0.0, 65535.0) as u16;
    }
}

/// Chroma of two rows, filtered for samples that sit on the even columns, between the rows.
fn chroma_row(top: &[Pixel], bottom: &[Pixel], cb: &mut [u16], cr: &mut [u16], ca: &mut [u16]) {
    let sum = |x: usize| -> Pixel {
        let (t, b) = (top[x], bottom[x]);
        [t[0] + b[0], t[1] + b[1], t[2] + b[2], t[3] + b[3]]
    };
    let last = top.len() - 1;
    let mut left = sum(0);
    for k in 0..cb.len() {
        let (here, right) = (sum(2 * k), sum((2 * k + 1).min(last)));
        let mut px = [0.0f32; 4];
        for c in 0..4 {
            px[c] = (left[c] + 2.0 * here[c] + right[c]) * 0.125;
        }
        left = right;
        let luma = 0.2126 * px[0] + 0.7152 * px[1] + 0.0722 * px[2];
        let blue = 57344.0 * (px[2] - luma) / 1.8556 + 32768.0 * px[3];
        let red = 57344.0 * (px[0] - luma) / 1.5748 + 32768.0 * px[3];
        cb[k] = (blue + 0.5).clamp(0.0, 65535.0) as u16;
        cr[k] = (red + 0.5).clamp(0.0, 65535.0) as u16;
        ca[k] = (65535.0 * px[3] + 0.5).clamp(0.0, 65535.0) as u16;
    }
}

/// Three box blurs, along rows and then along columns; edges repeat.
fn box3(plane: &mut [u16], w: usize, h: usize, radius: usize) {
    if plane.is_empty() || radius == 0 {
        return;
    }
    box3_rows(plane, w, radius);
    let mut turned = vec![0u16; w * h];
    transpose(plane, &mut turned, w, h);
    box3_rows(&mut turned, h, radius);
    transpose(&turned, plane, h, w);
}

fn box3_rows(plane: &mut [u16], w: usize, radius: usize) {
    plane.par_chunks_mut(w).for_each_init(
        || vec![0u16; w + 2 * radius + 1],
        |wide, row| {
            for _ in 0..3 {
                wide[..radius].fill(row[0]);
                wide[radius..radius + w].copy_from_slice(row);
                wide[radius + w..].fill(row[w - 1]);
                box_line(wide, row, 2 * radius + 1);
            }
        },
    );
}

/// Means of `size` neighbours of `wide`, rounded. A quotient is taken by a multiplication, which is exact for
/// sums of fewer than 2^14 samples: more than two radii of the widest picture's blur.
fn box_line(wide: &[u16], to: &mut [u16], size: usize) {
    const SHIFT: u32 = 44;
    let inverse = (1u64 << SHIFT) / size as u64 + 1;
    let half = size as u64 / 2;
    let mut sum: u64 = wide[..size].iter().map(|sample| u64::from(*sample)).sum();
    for ((out, leaves), enters) in to.iter_mut().zip(wide).zip(&wide[size..]) {
        *out = (((sum + half) * inverse) >> SHIFT) as u16;
        sum = sum + u64::from(*enters) - u64::from(*leaves);
    }
}

fn transpose(from: &[u16], to: &mut [u16], w: usize, h: usize) {
    for y0 in (0..h).step_by(32) {
        for x0 in (0..w).step_by(32) {
            for y in y0..(y0 + 32).min(h) {
                for x in x0..(x0 + 32).min(w) {
                    to[x * h + y] = from[y * w + x];
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_are_rounded_quotients() {
        for size in [1, 3, 7, 501, 8191, 16_383] {
            for last in [0u16, 1, 2, 32_767, 65_535] {
                let wide: Vec<u16> =
                    (0..size + 4).map(|i| last.wrapping_sub((i % 5) as u16 & last)).collect();
                let mut out = [0; 4];
                box_line(&wide, &mut out, size);
                for (at, mean) in out.into_iter().enumerate() {
                    let sum: u64 = wide[at..at + size].iter().map(|sample| u64::from(*sample)).sum();
                    assert_eq!(u64::from(mean), (sum + size as u64 / 2) / size as u64, "{size} of {last}");
                }
            }
        }
    }
}
