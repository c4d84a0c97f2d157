//! Seeded randomness that is addressed, not drawn: every number is a hash of where and when it stands, so that
//! frames come out the same whatever was made before and on however many threads.

use crate::real::whole;

/// Mixes 32 bits well (two multiplications between shifts).
#[inline(always)]
fn mix(mut h: u32) -> u32 {
    h = (h ^ (h >> 16)).wrapping_mul(0x7feb_352d);
    h = (h ^ (h >> 15)).wrapping_mul(0x846c_a68b);
    h ^ (h >> 16)
}

/// 32 bits for a place, a moment and a seed.
#[inline(always)]
pub(crate) fn hash(x: u32, y: u32, z: u32, seed: u32) -> u32 {
    let place = x.wrapping_mul(0x8da6_b343) ^ y.wrapping_mul(0xd816_3841) ^ z.wrapping_mul(0xcb1a_b31f);
    mix(mix(place).wrapping_add(seed.wrapping_mul(0x9e37_79b9)))
}

/// A seed of 32 bits out of one of 64.
pub(crate) fn narrow(seed: u64) -> u32 {
    mix(seed as u32) ^ mix((seed >> 32) as u32 ^ 0x5bd1_e995)
}

/// A number from 0 up to 1 out of 32 bits.
#[inline(always)]
pub(crate) fn unit(bits: u32) -> f32 {
    (bits >> 8) as i32 as f32 * (1.0 / 16_777_216.0)
}

/// A number of mean 0 and variance 1, close to a Gaussian out to 3.4: the sum of four uniform numbers.
#[inline(always)]
pub(crate) fn gaussian(x: u32, y: u32, z: u32, seed: u32) -> f32 {
    let (a, b) = (hash(x, y, z, seed), hash(x, y, z, seed ^ 0x68bc_21eb));
    let sum = (a & 0xffff) + (a >> 16) + (b & 0xffff) + (b >> 16);
    // Four uniform numbers from 0 to 65535 have the mean 131070 and the variance 4 (65536² - 1) / 12.
    (sum as i32 as f32 - 131_070.0) * (1.0 / 37_837.227)
}

/// A lattice place as a hash takes it: beyond ±2^30 there is no lattice any more.
#[inline(always)]
fn cell(value: f32) -> (u32, f32) {
    let held = if value.abs() < 1.0e9 { value } else { 0.0 };
    let floor = held.floor();
    let t = held - floor;
    (whole(f64::from(floor)) as u32, t * t * (3.0 - 2.0 * t))
}

/// Smooth value noise from 0 to 1: a uniform number at every whole (x, y, z), between them smoothstep.
#[inline(always)]
pub(crate) fn value(x: f32, y: f32, z: f32, seed: u32) -> f32 {
    let ((x, u), (y, v), (z, w)) = (cell(x), cell(y), cell(z));
    let near = layer((x, u), (y, v), z, seed);
    let far = layer((x, u), (y, v), z.wrapping_add(1), seed);
    near + (far - near) * w
}

/// The same in a plane: `value(x, y, 0)`.
#[inline(always)]
pub(crate) fn value_flat(x: f32, y: f32, seed: u32) -> f32 {
    layer(cell(x), cell(y), 0, seed)
}

#[inline(always)]
fn layer((x, u): (u32, f32), (y, v): (u32, f32), z: u32, seed: u32) -> f32 {
    let at = |dx: u32, dy: u32| unit(hash(x.wrapping_add(dx), y.wrapping_add(dy), z, seed));
    let top = at(0, 0) + (at(1, 0) - at(0, 0)) * u;
    let bottom = at(0, 1) + (at(1, 1) - at(0, 1)) * u;
    top + (bottom - top) * v
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaussians_have_their_moments() {
        let n = 400_000u32;
        let all: Vec<f64> = (0..n).map(|i| f64::from(gaussian(i % 640, i / 640, 3, 9))).collect();
        let mean = all.iter().sum::<f64>() / f64::from(n);
        let variance = all.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / f64::from(n);
        assert!(mean.abs() < 0.005 && (variance - 1.0).abs() < 0.01, "{mean} {variance}");
        let neighbours: f64 = all.windows(2).map(|w| w[0] * w[1]).sum::<f64>() / f64::from(n);
        assert!(neighbours.abs() < 0.006, "neighbours know nothing of one another: {neighbours}");
    }

    #[test]
    fn noise_passes_through_its_lattice_and_stays_within() {
        assert_eq!(value(3.0, 4.0, 5.0, 1), unit(hash(3, 4, 5, 1)));
        assert_eq!(value_flat(-2.5, 7.25, 1), value(-2.5, 7.25, 0.0, 1));
        for i in 0..10_000 {
            let v = value(i as f32 * 0.37 - 900.0, i as f32 * 0.11, 0.5, 4);
            assert!((0.0..1.0).contains(&v));
        }
        assert!(value(f32::NAN, f32::INFINITY, 1e30, 0).is_finite());
    }
}
