//! Paintings cut to what is seen, and sunk in haze; how high one may reach.

use tiny_skia::Pixmap;

use crate::grade::Rgb;
use crate::scene::Scene;

/// The height that stays in the picture over the whole shot, with a margin, for what has its point there.
pub(super) fn clear_top(scene: &Scene<'_>, depth: f64) -> f64 {
    let tops = scene.eyes.iter().map(|eye| {
        let p = eye.project(depth);
        (-0.5 - p.y) / p.scale
    });
    (tops.fold(f64::MIN, f64::max) + 0.045).clamp(-0.46, -0.395)
}

/// Rows of a pixmap, with a transparent row above and below.
pub(crate) fn cropped(pixmap: &Pixmap, top: u32, bottom: u32) -> Pixmap {
    let w = pixmap.width() as usize;
    let rows = (bottom - top) as usize;
    let Some(mut out) = Pixmap::new(w as u32 + 2, rows as u32 + 2) else { return pixmap.clone() };
    let stride = (w + 2) * 4;
    let data = out.data_mut();
    for row in 0..rows {
        let source = &pixmap.data()[(top as usize + row) * w * 4..][..w * 4];
        data[(row + 1) * stride + 4..][..w * 4].copy_from_slice(source);
    }
    out
}

/// Lays haze over a premultiplied painting.
pub(super) fn veiled(mut pixmap: Pixmap, haze: Rgb, amount: f32) -> Pixmap {
    if amount < 0.004 {
        return pixmap;
    }
    for px in pixmap.data_mut().chunks_exact_mut(4) {
        let alpha = f32::from(px[3]);
        for c in 0..3 {
            px[c] = (f32::from(px[c]) * (1.0 - amount) + haze[c] * alpha * amount + 0.5).min(alpha) as u8;
        }
    }
    pixmap
}
