//! Seeded randomness: hashes, a small generator, and smooth noise. Nothing here keeps state outside
//! its values, so the same seed gives the same picture everywhere.

/// Mixes the bits of a number.
pub fn mix(mut z: u64) -> u64 {
    z = z.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A seed from words.
pub fn hash_words(words: &str, seed: u64) -> u64 {
    words.bytes().fold(mix(seed), |h, b| mix(h ^ u64::from(b)))
}

/// A small generator with splitmix64's sequence.
#[derive(Clone, Debug)]
pub struct Rng(u64);

impl Rng {
    /// Starts a sequence.
    pub fn new(seed: u64) -> Self {
        Rng(mix(seed))
    }

    /// A generator of its own for a named purpose, independent of how far this one has run.
    pub fn named(seed: u64, purpose: &str) -> Self {
        Rng(hash_words(purpose, seed))
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// Uniform in 0..1.
    pub fn unit(&mut self) -> f32 {
        (self.bits() >> 40) as f32 / (1u64 << 24) as f32
    }

    /// Uniform between two numbers.
    pub fn range(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.unit()
    }

    /// An index below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        (self.bits() % n.max(1) as u64) as usize
    }

    /// True with probability `p`.
    pub fn chance(&mut self, p: f32) -> bool {
        self.unit() < p
    }
}

/// Hash of a lattice point to 0..1.
fn lattice(x: i32, y: i32, seed: u32) -> f32 {
    let mut h = (x as u32).wrapping_mul(0x8da6_b343)
        ^ (y as u32).wrapping_mul(0xd816_3841)
        ^ seed.wrapping_mul(0xcb1a_b31f);
    h = (h ^ (h >> 15)).wrapping_mul(0x2c1b_3c6d);
    h = (h ^ (h >> 12)).wrapping_mul(0x297a_2d39);
    h ^= h >> 15;
    (h >> 8) as f32 / (1u32 << 24) as f32
}

fn fade(t: f32) -> f32 {
    t * t * (3.0 - 2.0 * t)
}

/// Smooth value noise in 0..1.
pub fn value(x: f32, y: f32, seed: u32) -> f32 {
    let (fx, fy) = (x.floor(), y.floor());
    let (ix, iy) = (fx as i32, fy as i32);
    let (u, v) = (fade(x - fx), fade(y - fy));
    let top = lattice(ix, iy, seed) * (1.0 - u) + lattice(ix.wrapping_add(1), iy, seed) * u;
    let bottom = lattice(ix, iy.wrapping_add(1), seed) * (1.0 - u)
        + lattice(ix.wrapping_add(1), iy.wrapping_add(1), seed) * u;
    top * (1.0 - v) + bottom * v
}

/// Smooth noise along a line, in -1..1, several octaves.
pub fn ridge(x: f32, seed: u32, octaves: u32, rough: f32) -> f32 {
    let (mut sum, mut amp, mut norm, mut f) = (0.0, 1.0, 0.0, 1.0);
    for octave in 0..octaves {
        sum += amp * (value(x * f, 0.5, seed.wrapping_add(octave * 131)) * 2.0 - 1.0);
        norm += amp;
        amp *= rough;
        f *= 2.03;
    }
    sum / norm
}

/// Smooth noise in the plane, in 0..1, several octaves.
pub fn fbm(x: f32, y: f32, seed: u32, octaves: u32) -> f32 {
    let (mut sum, mut amp, mut norm, mut f) = (0.0, 1.0, 0.0, 1.0);
    for octave in 0..octaves {
        sum += amp * value(x * f, y * f, seed.wrapping_add(octave * 977));
        norm += amp;
        amp *= 0.5;
        f *= 2.07;
    }
    sum / norm
}
