//! Elementary functions of f32 as fixed polynomials: the same bits on every machine, and simple enough to be
//! worked out in many lanes at once. Nothing of the system's mathematics library is used.
//!
//! Errors named here are relative to the true value, against f64, over the range where results are normal.

/// 2^n for whole n from -126 to 127.
#[inline(always)]
fn power_of_two(n: i32) -> f32 {
    f32::from_bits(((n + 127) << 23) as u32)
}

/// A whole number below 2^31 in size as an integer, modulo 2^32, by its place in the bits of a larger one: unlike a
/// cast, which must ask whether it fits, this is done in all lanes at once.
#[inline(always)]
pub(crate) fn whole(n: f64) -> i32 {
    // 1.5 * 2^52: the last bit of its sum with n is worth 1.
    (n + 6_755_399_441_055_744.0).to_bits() as i32
}

/// The same for numbers below 2^22 in size.
#[inline(always)]
fn small_whole(n: f32) -> i32 {
    // 1.5 * 2^23.
    (n + 12_582_912.0).to_bits() as i32 - 0x4b40_0000
}

#[inline(always)]
fn at_least(value: f32, low: f32) -> f32 {
    if value > low { value } else { low }
}

#[inline(always)]
fn at_most(value: f32, high: f32) -> f32 {
    if value < high { value } else { high }
}

/// e^x, to 2e-7; 0 below -104, infinite above 88.73.
#[inline(always)]
pub(crate) fn exp(x: f32) -> f32 {
    let held = at_most(at_least(x, -104.0), 89.0);
    let n = (held * std::f32::consts::LOG2_E + 0.5).floor();
    // ln 2 in two parts, the first short enough that its product with n is exact.
    let r = held - n * 0.693_359_4 - n * -2.121_944_4e-4;
    // The Taylor series to r^7 on |r| <= ln(2)/2.
    let p = 1.0 / 5040.0;
    let p = p * r + 1.0 / 720.0;
    let p = p * r + 1.0 / 120.0;
    let p = p * r + 1.0 / 24.0;
    let p = p * r + 1.0 / 6.0;
    let p = p * r + 0.5;
    let p = p * r * r + r + 1.0;
    // In two steps, since 2^n itself may lie beyond what an f32 holds.
    let n = small_whole(n);
    let half = n >> 1;
    let value = p * power_of_two(half) * power_of_two(n - half);
    if x.is_nan() { x } else { value }
}

/// The natural logarithm, to 2e-7 (1e-7 absolute near 1); -infinity at 0, NaN below.
#[inline(always)]
pub(crate) fn log(x: f32) -> f32 {
    // Numbers too small to be normal are brought up first.
    let small = x < f32::MIN_POSITIVE;
    let scaled = if small { x * 8_388_608.0 } else { x };
    let bits = scaled.to_bits();
    // x = m 2^e with m from sqrt(1/2) to sqrt(2).
    let lifted = bits.wrapping_sub(0x3f35_04f3);
    let exponent = (lifted as i32) >> 23;
    let m = f32::from_bits(bits.wrapping_sub((exponent as u32) << 23));
    let e = exponent as f32 - if small { 23.0 } else { 0.0 };
    // ln m = 2 atanh(s), s = (m - 1) / (m + 1), |s| < 0.172.
    let f = m - 1.0;
    let s = f / (2.0 + f);
    let z = s * s;
    let p = 2.0 / 11.0;
    let p = p * z + 2.0 / 9.0;
    let p = p * z + 2.0 / 7.0;
    let p = p * z + 2.0 / 5.0;
    let p = p * z + 2.0 / 3.0;
    // 2 s = f - s f, which keeps the leading term exact.
    let series = f - s * (f - p * z);
    let value = e * 0.693_359_4 + (e * -2.121_944_4e-4 + series);
    let value = if x == f32::INFINITY { x } else { value };
    let value = if x == 0.0 { f32::NEG_INFINITY } else { value };
    if x < 0.0 || x.is_nan() { f32::NAN } else { value }
}

/// Beyond this, neighbouring f32 are more than a whole turn apart, and angles mean nothing: they count as 0.
const LARGEST_ANGLE: f32 = 1.0e8;

/// The angle within ±π/4 of a multiple of π/2, and which multiple, modulo 4.
#[inline(always)]
fn reduced(x: f32) -> (f32, i32) {
    let x = if x.abs() <= LARGEST_ANGLE { x } else { x * 0.0 };
    let n = (f64::from(x) * std::f64::consts::FRAC_2_PI + 0.5).floor();
    let r = f64::from(x) - n * std::f64::consts::FRAC_PI_2;
    (r as f32, whole(n))
}

#[inline(always)]
fn sine_series(r: f32) -> f32 {
    let z = r * r;
    let p = 1.0 / 362_880.0;
    let p = p * z - 1.0 / 5040.0;
    let p = p * z + 1.0 / 120.0;
    let p = p * z - 1.0 / 6.0;
    p * z * r + r
}

#[inline(always)]
fn cosine_series(r: f32) -> f32 {
    let z = r * r;
    let p = -1.0 / 3_628_800.0;
    let p = p * z + 1.0 / 40_320.0;
    let p = p * z - 1.0 / 720.0;
    let p = p * z + 1.0 / 24.0;
    p * z * z + (1.0 - 0.5 * z)
}

#[inline(always)]
fn wave(r: f32, quarter: i32) -> f32 {
    let (s, c) = (sine_series(r), cosine_series(r));
    let value = if quarter & 1 == 0 { s } else { c };
    if quarter & 2 == 0 { value } else { -value }
}

/// The sine of an angle in radians, to 2e-7 absolute.
#[inline(always)]
pub(crate) fn sin(x: f32) -> f32 {
    let (r, quarter) = reduced(x);
    wave(r, quarter)
}

/// The cosine of an angle in radians, to 2e-7 absolute.
#[inline(always)]
pub(crate) fn cos(x: f32) -> f32 {
    let (r, quarter) = reduced(x);
    wave(r, quarter.wrapping_add(1))
}

/// The tangent of an angle in radians, as sine over cosine.
#[inline(always)]
pub(crate) fn tan(x: f32) -> f32 {
    sin(x) / cos(x)
}

/// The angle of the point (x, y), from -π to π, to 4e-7 absolute; 0 where both are 0.
#[inline(always)]
pub(crate) fn atan2(y: f32, x: f32) -> f32 {
    let (ax, ay) = (x.abs(), y.abs());
    let steep = ay > ax;
    let (near, far) = if steep { (ax, ay) } else { (ay, ax) };
    let q = if far == 0.0 { 0.0 } else { near / far };
    let q = if near == f32::INFINITY { 1.0 } else { q };
    // Above tan(π/8) by the half-angle rule: atan q = π/4 + atan((q - 1) / (q + 1)).
    let high = q > 0.414_213_57;
    let t = if high { (q - 1.0) / (q + 1.0) } else { q };
    let z = t * t;
    let p = 1.0 / 13.0;
    let p = -1.0 / 11.0 + p * z;
    let p = 1.0 / 9.0 + p * z;
    let p = -1.0 / 7.0 + p * z;
    let p = 1.0 / 5.0 + p * z;
    let p = -1.0 / 3.0 + p * z;
    let angle = t + p * z * t + if high { std::f32::consts::FRAC_PI_4 } else { 0.0 };
    let angle = if steep { std::f32::consts::FRAC_PI_2 - angle } else { angle };
    let angle = if x < 0.0 { std::f32::consts::PI - angle } else { angle };
    let angle = if y < 0.0 { -angle } else { angle };
    if x.is_nan() || y.is_nan() { f32::NAN } else { angle }
}

/// x^y. Where y is 0, 0.5, 1, 2, 3 or 4 by square root and products, else e^(y ln |x|), to 3e-7 (1 + |y ln x|).
/// A negative x is NaN unless y is whole.
#[inline(always)]
pub(crate) fn pow(x: f32, y: f32) -> f32 {
    let general = any_power(x, y);
    let value = if y == 0.5 { x.sqrt() } else { general };
    let value = if y == 1.0 { x } else { value };
    let value = if y == 2.0 { x * x } else { value };
    let value = if y == 3.0 { x * x * x } else { value };
    let value = if y == 4.0 { x * x * (x * x) } else { value };
    if y == 0.0 { 1.0 } else { value }
}

#[inline(always)]
pub(crate) fn any_power(x: f32, y: f32) -> f32 {
    let size = exp(y * log(x.abs()));
    let whole = y == y.floor();
    let odd = whole && (y * 0.5) != (y * 0.5).floor();
    let signed = if odd { -size } else { size };
    let signed = if whole { signed } else { f32::NAN };
    if x < 0.0 { signed } else { size }
}

/// `sqrt(x² + y²)`, without going beyond f32 half-way.
#[inline(always)]
pub(crate) fn hypot(x: f32, y: f32) -> f32 {
    let (x, y) = (f64::from(x), f64::from(y));
    (x * x + y * y).sqrt() as f32
}

/// The rest of `x / y`, with the sign of `y`, as Lua has it; NaN where `y` is 0.
#[inline(always)]
pub(crate) fn modulo(x: f32, y: f32) -> f32 {
    x - (x / y).floor() * y
}

/// Halves away from zero, as people round.
#[inline(always)]
pub(crate) fn round(x: f32) -> f32 {
    let whole = (x.abs() + 0.5).floor();
    // Numbers of 2^23 and more are whole; adding a half could change them.
    let whole = if x.abs() < 8_388_608.0 { whole } else { x.abs() };
    if x < 0.0 { -whole } else { whole }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spread(low: f64, high: f64) -> impl Iterator<Item = f32> {
        (0..=200_000).map(move |i| (low + (high - low) * f64::from(i) / 200_000.0) as f32)
    }

    #[test]
    fn exponentials_and_logarithms() {
        for x in spread(-87.0, 88.0) {
            let true_value = libm::exp(f64::from(x));
            assert!((f64::from(exp(x)) / true_value - 1.0).abs() < 2.5e-7, "exp {x}");
        }
        for x in spread(1e-6, 1e4).chain(spread(0.5, 2.0)).chain([1e-40, 1e38]) {
            let true_value = libm::log(f64::from(x));
            let error = (f64::from(log(x)) - true_value).abs();
            assert!(error < 2e-7 * true_value.abs().max(0.5), "log {x}: {error:e}");
        }
        assert_eq!((exp(-200.0), exp(100.0), exp(0.0)), (0.0, f32::INFINITY, 1.0));
        assert_eq!((log(0.0), log(1.0), log(f32::INFINITY)), (f32::NEG_INFINITY, 0.0, f32::INFINITY));
        assert!(log(-1.0).is_nan() && log(f32::NAN).is_nan() && exp(f32::NAN).is_nan());
    }

    #[test]
    fn whole_numbers() {
        for n in [0, 1, -1, 2, -7, 4_194_303, -4_194_304] {
            assert_eq!((small_whole(n as f32), whole(f64::from(n))), (n, n));
        }
        assert_eq!((whole(1.0e9), whole(-1.0e9)), (1_000_000_000, -1_000_000_000));
    }

    #[test]
    fn angles() {
        for x in spread(-20.0, 20.0).chain(spread(-1e6, 1e6)) {
            assert!((f64::from(sin(x)) - libm::sin(f64::from(x))).abs() < 2e-7, "sin {x}");
            assert!((f64::from(cos(x)) - libm::cos(f64::from(x))).abs() < 2e-7, "cos {x}");
        }
        assert_eq!((sin(1e30), cos(1e30)), (0.0, 1.0));
        assert!(sin(f32::INFINITY).is_nan() && cos(f32::NAN).is_nan());
        for angle in spread(-3.1, 3.1) {
            let (y, x) = (libm::sin(f64::from(angle)) * 3.0, libm::cos(f64::from(angle)) * 3.0);
            let true_value = libm::atan2(f64::from(y as f32), f64::from(x as f32));
            assert!((f64::from(atan2(y as f32, x as f32)) - true_value).abs() < 5e-7, "atan2 {y} {x}");
        }
        assert_eq!(atan2(0.0, 0.0), 0.0);
    }

    #[test]
    fn powers_and_the_rest() {
        for (x, y) in [(0.3f32, 2.2f32), (0.01, 0.45), (7.0, -3.0), (2.0, 10.0), (-2.0, 5.0), (-2.0, -2.0)] {
            let true_value = libm::pow(f64::from(x), f64::from(y));
            assert!((f64::from(pow(x, y)) / true_value - 1.0).abs() < 3e-6, "{x}^{y}");
        }
        assert!(pow(-2.0, 0.3).is_nan());
        assert_eq!((pow(0.0, 2.2), pow(-3.0, 2.0), pow(9.0, 0.5), pow(0.0, 0.0)), (0.0, 9.0, 3.0, 1.0));
        assert_eq!((modulo(-1.0, 3.0), modulo(5.5, 2.0)), (2.0, 1.5));
        assert_eq!((round(-2.5), round(2.5), round(0.4), round(1e9)), (-3.0, 3.0, 0.0, 1e9));
        assert_eq!(hypot(3e30, 4e30), 5e30);
    }
}
