//! One thing over another with straight alphas: the arithmetic that drawing, pasting and blending share.

/// With alpha `below` and a weight laid over it: the alpha that comes of it, and how far the colour below moves to
/// that above, `weight / alpha`. On what is opaque it moves by the weight itself.
#[inline(always)]
pub(crate) fn laid(below: f32, weight: f32) -> (f32, f32) {
    let alpha = below * (1.0 - weight) + weight;
    let share = if alpha > 1.0e-6 { weight / alpha } else { 0.0 };
    (alpha, share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clear_takes_the_colour_above_and_opaque_mixes() {
        assert_eq!(laid(0.0, 0.3), (0.3, 1.0));
        assert_eq!(laid(1.0, 0.25), (1.0, 0.25));
        assert_eq!(laid(0.0, 0.0), (0.0, 0.0));
        assert_eq!(laid(0.5, 0.5), (0.75, 0.5 / 0.75));
    }
}
