//! Units and identities. Time is integer everywhere: pictures count frames of a rational rate,
//! sound counts samples at 48 kHz; nothing in the engine stores seconds as a float.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Samples a second of all sound inside storyreel.
pub const SAMPLE_RATE: i64 = 48_000;

/// Pictures a second, as an exact fraction: 24/1, 24000/1001.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Rate {
    /// Numerator: pictures ...
    pub num: u32,
    /// ... per this many seconds.
    pub den: u32,
}

impl Rate {
    /// The rate `num`/`den`, reduced. `None` where either is zero.
    pub fn new(num: u32, den: u32) -> Option<Self> {
        if num == 0 || den == 0 {
            return None;
        }
        let divisor = gcd(num, den);
        Some(Self { num: num / divisor, den: den / divisor })
    }

    /// The frames that timecode counts a second: the rate rounded, halves up; at least one.
    pub fn nominal(self) -> i64 {
        let (num, den) = (i64::from(self.num), i64::from(self.den));
        ((2 * num + den) / (2 * den)).max(1)
    }

    /// Whether one clock of at most 2^31 ticks a second counts both its pictures and 48 kHz sound,
    /// as an MP4 file has to.
    pub fn has_film_clock(self) -> bool {
        let sound = SAMPLE_RATE as u32;
        let ticks = u64::from(self.num / gcd(self.num, sound)) * u64::from(sound);
        ticks <= i32::MAX as u64
    }

    /// The sample at which picture `frame` starts: round(frame x 48000 x den / num), halves up.
    pub fn samples_at(self, frame: Frames) -> Samples {
        let num = i128::from(self.num);
        let scaled = i128::from(frame.0) * i128::from(SAMPLE_RATE) * i128::from(self.den);
        Samples((2 * scaled + num).div_euclid(2 * num) as i64)
    }

    /// The number of the picture nearest to `seconds` = `num`/`den`, halves up.
    pub fn frames_near(self, seconds_num: i64, seconds_den: i64) -> Frames {
        let den = i128::from(self.den) * i128::from(seconds_den);
        let scaled = i128::from(seconds_num) * i128::from(self.num);
        Frames((2 * scaled + den).div_euclid(2 * den) as i64)
    }

    /// Seconds that `frames` pictures take, for people and estimates only.
    pub fn seconds(self, frames: Frames) -> f64 {
        frames.0 as f64 * f64::from(self.den) / f64::from(self.num)
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.den == 1 { write!(f, "{}", self.num) } else { write!(f, "{}/{}", self.num, self.den) }
    }
}

fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// A count of pictures, or a picture's number.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(transparent)]
pub struct Frames(pub i64);

/// A count of samples at 48 kHz, or a sample's number.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(transparent)]
pub struct Samples(pub i64);

macro_rules! arithmetic {
    ($($unit:ident),*) => {$(
        impl std::ops::Add for $unit { type Output = Self; fn add(self, o: Self) -> Self { Self(self.0 + o.0) } }
        impl std::ops::Sub for $unit { type Output = Self; fn sub(self, o: Self) -> Self { Self(self.0 - o.0) } }
        impl std::ops::AddAssign for $unit { fn add_assign(&mut self, o: Self) { self.0 += o.0; } }
        impl std::iter::Sum for $unit { fn sum<I: Iterator<Item = Self>>(i: I) -> Self { i.fold(Self(0), |a, b| a + b) } }
    )*};
}
arithmetic!(Frames, Samples);

/// Width and height in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Size {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}", self.width, self.height)
    }
}

/// A BLAKE3 digest of content, shown as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// The first eight bytes as a number, for seeds and for comparing what need not be shown.
    pub fn low_u64(&self) -> u64 {
        u64::from_le_bytes(std::array::from_fn(|at| self.0[at]))
    }

    /// The digest of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        Self(*blake3::hash(bytes).as_bytes())
    }

    /// The first 12 hexadecimal digits, for people.
    pub fn short(&self) -> String {
        let mut text = self.to_string();
        text.truncate(12);
        text
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&blake3::Hash::from_bytes(self.0).to_hex())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({})", self.short())
    }
}

impl FromStr for Digest {
    type Err = BadDigest;

    fn from_str(text: &str) -> Result<Self, BadDigest> {
        blake3::Hash::from_hex(text).map(|hash| Self(*hash.as_bytes())).map_err(|_| BadDigest)
    }
}

/// A text that is not 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a digest is 64 hexadecimal digits")]
pub struct BadDigest;

impl Serialize for Digest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for Digest {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Digest".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "pattern": "^[0-9a-f]{64}$"})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sample_clock_is_exact_over_hours() {
        let ntsc = Rate::new(30_000, 1001).unwrap();
        assert_eq!(ntsc.samples_at(Frames(5)), Samples(8008));
        assert_eq!(ntsc.samples_at(Frames(30_000 * 3600)), Samples(48_000 * 1001 * 3600));
        assert_eq!(Rate::new(24, 1).unwrap().samples_at(Frames(1)), Samples(2000));
    }

    #[test]
    fn a_rate_of_zero_is_none() {
        assert_eq!(Rate::new(0, 1), None);
        assert_eq!(Rate::new(24, 0), None);
        assert_eq!(Rate::new(48, 2), Rate::new(24, 1));
    }
}
