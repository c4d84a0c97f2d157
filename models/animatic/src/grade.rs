//! The grade: what look words do to every colour, and the brush texture that colours are laid on with.

use std::sync::OnceLock;

use crate::noise;

/// A colour, sRGB 0..1.
pub(crate) type Rgb = [f32; 3];

/// A colour from its hexadecimal digits, `0xrrggbb`.
pub(crate) const fn hex(rgb: u32) -> Rgb {
    [((rgb >> 16) & 255) as f32 / 255.0, ((rgb >> 8) & 255) as f32 / 255.0, (rgb & 255) as f32 / 255.0]
}

/// Between two colours.
pub(crate) fn mix(a: Rgb, b: Rgb, t: f32) -> Rgb {
    let t = t.clamp(0.0, 1.0);
    [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t]
}

/// Channel by channel.
pub(crate) fn times(a: Rgb, b: Rgb) -> Rgb {
    [a[0] * b[0], a[1] * b[1], a[2] * b[2]]
}

/// Scaled.
pub(crate) fn bright(a: Rgb, k: f32) -> Rgb {
    [a[0] * k, a[1] * k, a[2] * k]
}

/// BT.709 luma.
pub(crate) fn luma(c: Rgb) -> f32 {
    0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2]
}

/// What look words do to every colour.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Grade {
    /// 1 leaves saturation as it is; 0 is grey.
    pub saturation: f32,
    /// 1 leaves contrast as it is.
    pub contrast: f32,
    /// Added to the shadows.
    pub lift: f32,
    /// What shadows lean to.
    pub shadow: Rgb,
    /// What lights lean to.
    pub light: Rgb,
    /// How strongly, 0..1.
    pub tint: f32,
    /// Amplitude of the film or paper grain in 16-bit luma steps.
    pub grain: f32,
    /// How much corners darken, 0..1.
    pub vignette: f32,
}

impl Default for Grade {
    fn default() -> Self {
        Grade {
            saturation: 1.0,
            contrast: 1.0,
            lift: 0.0,
            shadow: hex(0x24304a),
            light: hex(0xfff1d8),
            tint: 0.06,
            grain: 150.0,
            vignette: 0.16,
        }
    }
}

/// A word of the look and what it does.
type LookWord = (&'static str, fn(&mut Grade));

/// The look words there are.
pub(crate) const LOOKS: &[LookWord] = &[
    ("muted", |g| g.saturation *= 0.74),
    ("desaturated", |g| g.saturation *= 0.6),
    ("faded", |g| {
        g.saturation *= 0.8;
        g.lift += 0.05;
        g.contrast *= 0.9
    }),
    ("vivid", |g| {
        g.saturation *= 1.25;
        g.contrast *= 1.05
    }),
    ("saturated", |g| g.saturation *= 1.25),
    ("vibrant", |g| g.saturation *= 1.25),
    ("pastel", |g| {
        g.saturation *= 0.72;
        g.lift += 0.10;
        g.contrast *= 0.84
    }),
    ("teal", |g| {
        g.shadow = hex(0x0f4a55);
        g.tint += 0.14
    }),
    ("amber", |g| {
        g.light = hex(0xffd08a);
        g.tint += 0.12
    }),
    ("warm", |g| {
        g.light = hex(0xffdca8);
        g.shadow = hex(0x3d2a30);
        g.tint += 0.12
    }),
    ("cold", |g| {
        g.light = hex(0xdfeeff);
        g.shadow = hex(0x152c4c);
        g.tint += 0.14
    }),
    ("cool", |g| {
        g.light = hex(0xe6f0ff);
        g.shadow = hex(0x1a3350);
        g.tint += 0.10
    }),
    ("blue", |g| {
        g.shadow = hex(0x142f66);
        g.tint += 0.10
    }),
    ("golden", |g| {
        g.light = hex(0xffd58c);
        g.tint += 0.10
    }),
    ("sepia", |g| {
        g.saturation *= 0.25;
        g.light = hex(0xf6dfb4);
        g.shadow = hex(0x402c1c);
        g.tint += 0.35
    }),
    ("noir", |g| {
        g.saturation *= 0.05;
        g.contrast *= 1.25;
        g.vignette += 0.2;
        g.tint = 0.0;
        g.grain += 160.0
    }),
    ("black and white", |g| {
        g.saturation = 0.0;
        g.contrast *= 1.08;
        g.tint = 0.0
    }),
    ("black-and-white", |g| {
        g.saturation = 0.0;
        g.contrast *= 1.08;
        g.tint = 0.0
    }),
    ("monochrome", |g| {
        g.saturation = 0.0;
        g.tint = 0.0
    }),
    ("high contrast", |g| g.contrast *= 1.18),
    ("low contrast", |g| g.contrast *= 0.85),
    ("soft", |g| {
        g.contrast *= 0.96;
        g.lift += 0.012
    }),
    ("gritty", |g| {
        g.contrast *= 1.1;
        g.saturation *= 0.85;
        g.grain += 160.0
    }),
    ("35mm", |g| {
        g.grain += 130.0;
        g.lift += 0.012;
        g.vignette += 0.03
    }),
    ("16mm", |g| {
        g.grain += 260.0;
        g.lift += 0.02;
        g.vignette += 0.06
    }),
    ("film", |g| g.grain += 40.0),
    ("grain", |g| g.grain += 160.0),
    ("vintage", |g| {
        g.saturation *= 0.75;
        g.lift += 0.04;
        g.light = hex(0xfbe3b6);
        g.tint += 0.12
    }),
    ("dreamy", |g| {
        g.lift += 0.04;
        g.contrast *= 0.9;
        g.light = hex(0xffe6f0);
        g.tint += 0.08
    }),
    ("moody", |g| {
        g.contrast *= 1.06;
        g.saturation *= 0.88;
        g.vignette += 0.08
    }),
    ("clean", |g| g.grain *= 0.4),
];

impl Grade {
    /// The grade that look words ask for, and the phrases of them that say nothing to it.
    pub fn read(look: &str) -> (Grade, Vec<String>) {
        let mut grade = Grade::default();
        let mut unread = Vec::new();
        for phrase in look.split([',', ';', '\n']).map(str::trim).filter(|p| !p.is_empty()) {
            let lower = phrase.to_lowercase();
            let mut known = false;
            for (word, effect) in LOOKS {
                if has_word(&lower, word) {
                    effect(&mut grade);
                    known = true;
                }
            }
            if !known {
                unread.push(phrase.to_owned());
            }
        }
        grade.tint = grade.tint.min(0.5);
        (grade, unread)
    }

    /// Grades a colour.
    #[inline]
    pub fn apply(&self, c: Rgb) -> Rgb {
        let y = luma(c);
        let t = y.clamp(0.0, 1.0);
        let mut out = [0.0; 3];
        for i in 0..3 {
            let sat = y + (c[i] - y) * self.saturation;
            let con = (sat - 0.46) * self.contrast + 0.46;
            // Shadows lean to one colour, lights to the other, by a soft-light blend.
            let lean = self.shadow[i] + (self.light[i] - self.shadow[i]) * t;
            let con = con + (lean - t) * self.tint;
            out[i] = (con + self.lift * (1.0 - con)).clamp(0.0, 1.0);
        }
        out
    }
}

/// Whether the words or phrase stand in a lower-case text as whole words.
pub(crate) fn has_word(text: &str, word: &str) -> bool {
    let edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    let mut from = 0;
    while let Some(at) = text[from..].find(word) {
        let (start, end) = (from + at, from + at + word.len());
        if edge(text[..start].chars().next_back()) && edge(text[end..].chars().next()) {
            return true;
        }
        from = end;
    }
    false
}

/// A tile of brush strokes: soft noise drawn out along one direction, in -1..1.
pub(crate) struct BrushTile {
    values: Vec<f32>,
}

const BRUSH: usize = 512;

impl BrushTile {
    /// The stroke at a pixel; each seed shifts the tile.
    #[inline]
    pub fn at(&self, x: usize, y: usize, seed: u32) -> f32 {
        let x = (x + (seed as usize & 511)) & (BRUSH - 1);
        let y = (y + ((seed as usize >> 9) & 511)) & (BRUSH - 1);
        self.values[y * BRUSH + x]
    }
}

/// The tile, made once.
pub(crate) fn brush_tile() -> &'static BrushTile {
    static TILE: OnceLock<BrushTile> = OnceLock::new();
    TILE.get_or_init(|| {
        let mut values = vec![0.0f32; BRUSH * BRUSH];
        for (i, v) in values.iter_mut().enumerate() {
            let (x, y) = ((i % BRUSH) as f32, (i / BRUSH) as f32);
            // Mirrored coordinates make the tile seamless.
            let mirror = |v: f32| if v < 256.0 { v } else { 511.0 - v };
            let (mx, my) = (mirror(x), mirror(y));
            let wide = noise::fbm(mx / 60.0, my / 22.0, 11, 3) - 0.5;
            let fine = noise::value(mx / 7.0 + 90.0, my / 2.2, 23) - 0.5;
            let speck = noise::value(x * 1.7, y * 1.7, 37) - 0.5;
            *v = (wide * 1.5 + fine * 0.35 + speck * 0.2).clamp(-1.0, 1.0);
        }
        BrushTile { values }
    })
}

/// The paper's grain as a tile of 16-bit luma steps, for the compositor.
pub(crate) fn grain_tile(amplitude: f32) -> Vec<i16> {
    let side = crate::compose::GRAIN;
    let mut rng = noise::Rng::new(0x0067_7261_696e);
    let raw: Vec<f32> = (0..side * side).map(|_| rng.range(-1.0, 1.0)).collect();
    let at = |x: usize, y: usize| raw[(y % side) * side + x % side];
    (0..side * side)
        .map(|i| {
            let (x, y) = (i % side, i / side);
            let soft = (at(x, y) * 2.0 + at(x + 1, y) + at(x, y + 1) + at(x + 1, y + 1)) * 0.45;
            (soft * amplitude) as i16
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn look_words_move_the_grade() {
        let (grade, unread) = Grade::read("35mm film, muted teal palette, shot on a Tuesday");
        assert!(grade.saturation < 0.8 && grade.grain > 250.0);
        assert_eq!(unread, ["shot on a Tuesday"]);
        let grey = Grade::read("black and white").0.apply([0.8, 0.3, 0.1]);
        assert!((grey[0] - grey[1]).abs() < 1e-6 && (grey[1] - grey[2]).abs() < 1e-6);
    }

    #[test]
    fn words_are_whole() {
        assert!(has_word("a cold sea", "cold") && !has_word("scolded", "cold"));
    }
}
