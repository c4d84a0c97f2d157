//! Samples along a row, and rows laid over one another: the arithmetic of the compositor.
//!
//! Samples and weights are integers of 16 bits. A mean of two is `a - a w + b w`, each product its upper
//! half: even areas keep their value exactly, and every processor gives the same bits. Where the
//! processor can shuffle bytes (AVX2), sixteen samples are taken at once; elsewhere one by one.

/// Samples beyond a line's last that may be read, never used.
pub(crate) const SLACK: usize = 32;

/// Where a row's samples lie in a line of source samples: the first, and how far on each next one, in
/// 65536ths of a sample.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Track {
    pub origin: u32,
    pub step: u32,
}

/// The upper half of a product.
#[inline(always)]
fn part(a: u16, weight: u16) -> u16 {
    ((u32::from(a) * u32::from(weight)) >> 16) as u16
}

/// Between two samples: `weight` 65536ths from `a` to `b`.
#[inline(always)]
fn mean(a: u16, b: u16, weight: u16) -> u16 {
    a.wrapping_sub(part(a, weight)).wrapping_add(part(b, weight))
}

/// Between two rows.
#[inline(always)]
pub(crate) fn mean_rows(top: &[u16], bottom: &[u16], weight: u16, out: &mut [u16]) {
    if weight == 0 {
        out.copy_from_slice(top);
        return;
    }
    for ((px, &t), &b) in out.iter_mut().zip(top).zip(bottom) {
        *px = mean(t, b, weight);
    }
}

/// Lays premultiplied samples over a row; 256 is full opacity.
#[inline(always)]
pub(crate) fn blend(out: &mut [u16], colour: &[u16], alpha: &[u16], opacity: u32) {
    if opacity >= 256 {
        for ((px, &c), &a) in out.iter_mut().zip(colour).zip(alpha) {
            *px = px.wrapping_sub(part(*px, a)).saturating_add(c);
        }
        return;
    }
    let opacity = (opacity << 8) as u16;
    for ((px, &c), &a) in out.iter_mut().zip(colour).zip(alpha) {
        *px = px.wrapping_sub(part(*px, part(a, opacity))).saturating_add(part(c, opacity));
    }
}

/// Takes from what a row leaves clear what lies over it; 256 is full opacity.
#[inline(always)]
pub(crate) fn veil(clear: &mut [u16], alpha: &[u16], opacity: u32) {
    let opacity = (opacity << 8).min(65_535) as u16;
    for (px, &a) in clear.iter_mut().zip(alpha) {
        *px = px.wrapping_sub(part(*px, part(a, opacity)));
    }
}

/// One way to take samples; all give the same.
pub(crate) trait Sampler: Copy {
    /// Fills each row of `outs` from the line beside it. Lines reach [`SLACK`] beyond the last sample used.
    fn sample<const N: usize>(self, track: Track, lines: &[&[u16]; N], outs: &mut [&mut [u16]; N]);
}

/// One by one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OneByOne;

impl Sampler for OneByOne {
    #[inline(always)]
    fn sample<const N: usize>(self, track: Track, lines: &[&[u16]; N], outs: &mut [&mut [u16]; N]) {
        for (line, out) in lines.iter().zip(outs) {
            one_by_one(track, line, out);
        }
    }
}

#[inline(always)]
fn one_by_one(track: Track, line: &[u16], out: &mut [u16]) {
    let mut at = track.origin;
    for px in out {
        let pair = &line[(at >> 16) as usize..][..2];
        *px = mean(pair[0], pair[1], at as u16);
        at = at.wrapping_add(track.step);
    }
}

/// Samples as far apart as the line's: neighbours in memory are neighbours in the row.
#[inline(always)]
fn evenly(track: Track, line: &[u16], out: &mut [u16]) {
    let at = (track.origin >> 16) as usize;
    let n = out.len();
    mean_rows(&line[at..at + n], &line[at + 1..at + 1 + n], track.origin as u16, out);
}

#[cfg(target_arch = "x86_64")]
mod avx2 {
    use pulp::x86::V3;
    use std::arch::x86_64::{__m128i, __m256i};

    use super::{Sampler, Track, evenly, one_by_one};

    /// Rows are filled by blocks of so many.
    const BLOCK: usize = 16;
    /// The widest step whose eight samples lie within sixteen.
    const WIDEST: u32 = (15 << 16) / 7;

    /// The shuffles of a block: bytes of the first eight samples, of the eight beyond, and the weights.
    struct Pick {
        at: [usize; 2],
        near: __m256i,
        far: __m256i,
        weight: __m256i,
    }

    impl Sampler for V3 {
        #[inline(always)]
        fn sample<const N: usize>(self, track: Track, lines: &[&[u16]; N], outs: &mut [&mut [u16]; N]) {
            let n = outs[0].len();
            if track.step == 65536 {
                lines.iter().zip(outs).for_each(|(line, out)| evenly(track, line, out));
                return;
            }
            if n < BLOCK || track.step > WIDEST {
                lines.iter().zip(outs).for_each(|(line, out)| one_by_one(track, line, out));
                return;
            }
            let ramps = ramps(track.step);
            let mut from = 0;
            loop {
                let pick = pick(self, track, ramps, from);
                for (line, out) in lines.iter().zip(outs.iter_mut()) {
                    let block = take(self, &pick, line, track.step > 65536);
                    out[from..from + BLOCK].copy_from_slice(&block);
                }
                if from + BLOCK >= n {
                    return;
                }
                // The last block reaches back over samples that are there already.
                from = (from + BLOCK).min(n - BLOCK);
            }
        }
    }

    /// How far the samples of two half blocks lie from the first of each: the first four, the last four.
    #[inline(always)]
    fn ramps(step: u32) -> (__m256i, __m256i) {
        let first: [u32; 8] = std::array::from_fn(|i| step * (i as u32 % 4));
        let last: [u32; 8] = std::array::from_fn(|i| step * (4 + i as u32 % 4));
        (pulp::bytemuck::cast(first), pulp::bytemuck::cast(last))
    }

    #[inline(always)]
    fn pick(simd: V3, track: Track, ramps: (__m256i, __m256i), from: usize) -> Pick {
        let (avx, avx2, sse2) = (simd.avx, simd.avx2, simd.sse2);
        let first = track.origin.wrapping_add(track.step.wrapping_mul(from as u32));
        let second = first.wrapping_add(track.step.wrapping_mul(8));
        let low = |u: u32| sse2._mm_set1_epi32((u & 0xffff) as i32);
        let start = avx._mm256_set_m128i(low(second), low(first));
        let a = avx2._mm256_add_epi32(start, ramps.0);
        let b = avx2._mm256_add_epi32(start, ramps.1);
        let mask = avx._mm256_set1_epi32(0xffff);
        let weight = avx2._mm256_packus_epi32(avx2._mm256_and_si256(a, mask), avx2._mm256_and_si256(b, mask));
        let index =
            avx2._mm256_packus_epi32(avx2._mm256_srli_epi32::<16>(a), avx2._mm256_srli_epi32::<16>(b));
        // The two bytes of each sample.
        let bytes = avx2._mm256_mullo_epi16(index, avx._mm256_set1_epi16(0x0202));
        let bytes = avx2._mm256_add_epi16(bytes, avx._mm256_set1_epi16(0x0100));
        // A shuffle gives 0 where the top bit is set: of bytes beyond the first sixteen, or within them.
        let near = avx2._mm256_add_epi8(bytes, avx._mm256_set1_epi8(0x70));
        let far = avx2._mm256_sub_epi8(bytes, avx._mm256_set1_epi8(16));
        Pick { at: [(first >> 16) as usize, (second >> 16) as usize], near, far, weight }
    }

    #[inline(always)]
    fn take(simd: V3, pick: &Pick, line: &[u16], wide: bool) -> [u16; BLOCK] {
        let avx2 = simd.avx2;
        let (left, right) = (&line[pick.at[0]..][..17], &line[pick.at[1]..][..17]);
        let mut p = avx2._mm256_shuffle_epi8(load(simd, left, right, 0), pick.near);
        let mut q = avx2._mm256_shuffle_epi8(load(simd, left, right, 1), pick.near);
        if wide {
            let beyond = avx2._mm256_shuffle_epi8(load(simd, left, right, 8), pick.far);
            p = avx2._mm256_or_si256(p, beyond);
            let beyond = avx2._mm256_shuffle_epi8(load(simd, left, right, 9), pick.far);
            q = avx2._mm256_or_si256(q, beyond);
        }
        let less = avx2._mm256_mulhi_epu16(p, pick.weight);
        let more = avx2._mm256_mulhi_epu16(q, pick.weight);
        pulp::bytemuck::cast(avx2._mm256_add_epi16(avx2._mm256_sub_epi16(p, less), more))
    }

    /// Eight samples of each half from `at` on.
    #[inline(always)]
    fn load(simd: V3, left: &[u16], right: &[u16], at: usize) -> __m256i {
        let eight = |from: &[u16]| -> __m128i {
            let mut samples = [0u16; 8];
            samples.copy_from_slice(&from[at..at + 8]);
            pulp::bytemuck::cast(samples)
        };
        simd.avx._mm256_set_m128i(eight(right), eight(left))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line() -> Vec<u16> {
        (0..4000u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 16) as u16).collect()
    }

    #[test]
    fn even_areas_keep_their_value() {
        for value in [0u16, 1, 4096, 40_000, 65_535] {
            for weight in [0u16, 1, 9000, 32_768, 65_535] {
                assert_eq!(mean(value, value, weight), value);
            }
        }
    }

    #[test]
    fn clear_layers_change_nothing_and_opaque_ones_hide() {
        let mut row = [5000u16, 60_000];
        blend(&mut row, &[0, 0], &[0, 0], 256);
        assert_eq!(row, [5000, 60_000]);
        blend(&mut row, &[40_000, 40_000], &[65_535, 65_535], 256);
        assert!(row.iter().all(|px| px.abs_diff(40_000) <= 1), "{row:?}");
    }

    #[cfg(target_arch = "x86_64")]
    #[test]
    fn every_processor_takes_the_same_samples() {
        let Some(simd) = pulp::x86::V3::try_new() else { return };
        let line = line();
        for step in [3000u32, 16_384, 60_000, 65_535, 65_536, 65_537, 70_000, 90_000, 130_000, 200_000] {
            for origin in [0u32, 1, 40_000, 65_535, 900_000] {
                for n in [1usize, 7, 15, 16, 17, 31, 32, 100, 333, 900] {
                    let track = Track { origin, step };
                    let (mut one, mut many) = (vec![0u16; n], vec![0u16; n]);
                    OneByOne.sample(track, &[&line], &mut [&mut one]);
                    simd.sample(track, &[&line], &mut [&mut many]);
                    assert_eq!(one, many, "step {step}, origin {origin}, {n} samples");
                }
            }
        }
    }
}
