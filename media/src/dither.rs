//! 16 bits to 8, once, with a fixed blue-noise pattern, so that skies don't band.
//!
//! The pattern is a 64 x 64 void-and-cluster threshold matrix (Ulichney 1993), made at first use
//! by integer arithmetic alone: the same on every machine. It does not move from picture to
//! picture, so that still areas stay still for the encoder.

use std::sync::LazyLock;

/// Cells across and down.
const SIDE: usize = 64;
const CELLS: usize = SIDE * SIDE;
/// How far a point's influence reaches, in cells.
const REACH: usize = 9;

/// Thresholds 0..=255, sixteen cells of each.
static PATTERN: LazyLock<Vec<[u16; SIDE]>> = LazyLock::new(|| {
    let ranks = void_and_cluster();
    ranks.chunks_exact(SIDE).map(|row| std::array::from_fn(|x| row[x] / (CELLS / 256) as u16)).collect()
});

/// Where in the pattern each plane begins, so that the planes' errors don't meet.
const OFFSETS: [(usize, usize); 3] = [(0, 0), (23, 41), (47, 17)];

/// Writes row `row` of plane `plane` (0 luma, 1 Cb, 2 Cr) in 8 bits. The mean is kept exactly:
/// over the pattern, a value v becomes v / 256 on average.
pub(crate) fn dither_row(from: &[u16], to: &mut [u8], plane: usize, row: usize) {
    let (right, down) = OFFSETS[plane];
    let line = &PATTERN[(row + down) % SIDE];
    let turned: [u16; SIDE] = std::array::from_fn(|x| line[(x + right) % SIDE]);
    for (from, to) in from.chunks(SIDE).zip(to.chunks_mut(SIDE)) {
        for ((sample, threshold), byte) in from.iter().zip(&turned).zip(to) {
            *byte = (sample.saturating_add(*threshold) >> 8) as u8;
        }
    }
}

/// The influence of a point on its neighbours: a Gaussian of 1.5 cells, times 2^20.
fn influence() -> Vec<(usize, usize, i64)> {
    let mut kernel = Vec::new();
    for dy in 0..=2 * REACH {
        for dx in 0..=2 * REACH {
            let (x, y) = (dx as f64 - REACH as f64, dy as f64 - REACH as f64);
            let weight = (f64::from(1 << 20) * (-(x * x + y * y) / 4.5).exp()).round() as i64;
            if weight > 0 {
                kernel.push((dx + SIDE - REACH, dy + SIDE - REACH, weight));
            }
        }
    }
    kernel
}

/// Points on a torus and how crowded each cell is.
struct Field {
    kernel: Vec<(usize, usize, i64)>,
    on: Vec<bool>,
    crowd: Vec<i64>,
}

impl Field {
    /// Sets or clears a point.
    fn set(&mut self, cell: usize, on: bool) {
        let (x, y) = (cell % SIDE, cell / SIDE);
        let sign = if on { 1 } else { -1 };
        self.on[cell] = on;
        for &(dx, dy, weight) in &self.kernel {
            self.crowd[(y + dy) % SIDE * SIDE + (x + dx) % SIDE] += sign * weight;
        }
    }

    /// The most crowded point, the first of equals.
    fn cluster(&self) -> usize {
        let mut best = (i64::MIN, 0);
        for cell in 0..CELLS {
            if self.on[cell] && self.crowd[cell] > best.0 {
                best = (self.crowd[cell], cell);
            }
        }
        best.1
    }

    /// The emptiest cell without a point, the first of equals.
    fn void(&self) -> usize {
        let mut best = (i64::MAX, 0);
        for cell in 0..CELLS {
            if !self.on[cell] && self.crowd[cell] < best.0 {
                best = (self.crowd[cell], cell);
            }
        }
        best.1
    }
}

/// Every cell's rank, 0..4096, such that the cells below any rank are spread evenly.
fn void_and_cluster() -> Vec<u16> {
    let mut field = Field { kernel: influence(), on: vec![false; CELLS], crowd: vec![0; CELLS] };
    let mut state = 0x5eed_u32;
    let initial = CELLS / 10;
    let mut placed = 0;
    while placed < initial {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let cell = (state >> 20) as usize;
        if !field.on[cell] {
            field.set(cell, true);
            placed += 1;
        }
    }
    // Move points from clusters to voids until that changes nothing.
    loop {
        let cluster = field.cluster();
        field.set(cluster, false);
        let void = field.void();
        field.set(void, true);
        if void == cluster {
            break;
        }
    }
    let mut ranks = vec![0; CELLS];
    let start = (field.on.clone(), field.crowd.clone());
    for rank in (0..initial).rev() {
        let cluster = field.cluster();
        field.set(cluster, false);
        ranks[cluster] = rank as u16;
    }
    (field.on, field.crowd) = start;
    for rank in initial..CELLS {
        let void = field.void();
        field.set(void, true);
        ranks[void] = rank as u16;
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rank_comes_once() {
        let mut ranks = void_and_cluster();
        ranks.sort_unstable();
        assert!(ranks.iter().enumerate().all(|(at, rank)| at == usize::from(*rank)));
    }

    #[test]
    fn the_mean_is_kept() {
        for value in [4096_u16, 4100, 5000, 12_345, 32_767, 60_160] {
            for plane in 0..3 {
                let (mut sum, from) = (0_u64, [value; SIDE]);
                for row in 0..SIDE {
                    let mut to = [0; SIDE];
                    dither_row(&from, &mut to, plane, row);
                    sum += to.iter().map(|byte| u64::from(*byte)).sum::<u64>();
                }
                let mean = sum as f64 / CELLS as f64;
                assert!((mean - f64::from(value) / 256.0).abs() < 0.01, "{value} became {mean}");
            }
        }
    }

    #[test]
    fn a_slow_gradient_does_not_band() {
        // One code value over 512 pixels: any 64-pixel window's mean follows the ramp.
        let ramp: Vec<u16> = (0..512).map(|x| 30_000 + x / 2).collect();
        let mut columns = vec![0_u32; 512];
        let mut row_of = vec![0; 512];
        for row in 0..SIDE {
            dither_row(&ramp, &mut row_of, 0, row);
            columns.iter_mut().zip(&row_of).for_each(|(sum, byte)| *sum += u32::from(*byte));
        }
        for start in (0..448).step_by(16) {
            let mean = columns[start..start + 64].iter().sum::<u32>() as f64 / CELLS as f64;
            let wanted = ramp[start..start + 64].iter().map(|v| f64::from(*v)).sum::<f64>() / 64.0 / 256.0;
            assert!((mean - wanted).abs() < 0.01, "at {start}: {mean} for {wanted}");
        }
    }

    #[test]
    fn neighbours_differ_less_than_white_noise() {
        // Blue noise: the sums of 4 x 4 blocks of thresholds vary far less than random ones would.
        let mut spread = 0.0;
        for block in 0..256 {
            let (bx, by) = (block % 16 * 4, block / 16 * 4);
            let sum: u32 = (0..16).map(|i| u32::from(PATTERN[by + i / 4][bx + i % 4])).sum();
            spread += (f64::from(sum) / 16.0 - 127.5).powi(2) / 256.0;
        }
        let white = 256.0_f64.powi(2) / 12.0 / 16.0;
        assert!(spread < white / 4.0, "{spread} against {white}");
    }
}
