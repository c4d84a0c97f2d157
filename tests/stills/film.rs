//! The exact film of stills, from its description alone: it shares no code with the program.
//!
//! A still covers the frame at the first picture and grows as a camera that pushes in sees it. Each
//! picture is the still sampled at four points across and down every pixel, by cubic interpolation
//! at exact positions, and averaged: a reference that neither side of the comparison draws itself.

use std::path::{Path, PathBuf};

use crate::tools;

/// Points across and down a pixel.
const POINTS: usize = 4;

/// A slide show: every still for `shot` pictures, the next dissolving in over `dissolve` of them.
pub struct Film {
    pub size: (usize, usize),
    pub rate: usize,
    pub stills: Vec<PathBuf>,
    pub shot: usize,
    pub dissolve: usize,
    /// x264's constant quality.
    pub crf: u32,
}

impl Film {
    /// `examples/stills/film.yaml`.
    pub fn example() -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/stills/pictures");
        let stills = (1..=6).map(|still| folder.join(format!("{still}.jpg"))).collect();
        Self { size: (1920, 1080), rate: 24, stills, shot: 120, dissolve: 24, crf: 20 }
    }

    /// The storyboard that asks for it.
    pub fn storyboard(&self) -> String {
        let (w, h) = self.size;
        let seconds = |pictures: usize| pictures as f64 / self.rate as f64;
        let mut text = format!(
            "storyboard: 1\ntitle: Stills\nfilm: {{size: {w}x{h}, fps: {}, preset: veryfast, crf: {}}}\n\
             camera: slow push in\nscenes:\n",
            self.rate, self.crf
        );
        for (at, still) in self.stills.iter().enumerate() {
            let name = still.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let shot = format!("{{shot: a, still: {name}, duration: {}s}}", seconds(self.shot));
            let after = if at + 1 < self.stills.len() {
                format!(", transition: {{dissolve: {}s}}", seconds(self.dissolve))
            } else {
                String::new()
            };
            text += &format!("  - {{scene: s{at}, shots: [{shot}]{after}}}\n");
        }
        text
    }

    /// Pictures from one still's first to the next one's.
    pub fn step(&self) -> usize {
        self.shot - self.dissolve
    }

    /// How many pictures the film has.
    pub fn pictures(&self) -> usize {
        self.step() * (self.stills.len() - 1) + self.shot
    }

    /// What a picture of the film shows: the still, its own picture's number, and the next still's
    /// weight where one is dissolving in.
    pub fn at(&self, index: usize) -> (usize, usize, f64) {
        let still = (index / self.step()).min(self.stills.len() - 1);
        let own = index - still * self.step();
        if still > 0 && own < self.dissolve {
            let weight = (own as f64 + 0.5) / self.dissolve as f64;
            return (still - 1, own + self.step(), weight);
        }
        (still, own, 0.0)
    }

    /// How much the still is enlarged at a picture of its shot.
    pub fn enlargement(&self, picture: usize) -> f64 {
        let p = picture as f64 / (self.shot - 1) as f64;
        1.0 / (1.0 - self.depth() * (0.72 * p * p * (3.0 - 2.0 * p) + 0.28 * p))
    }

    /// How far the camera comes closer: a share of its distance.
    pub fn depth(&self) -> f64 {
        let seconds = self.shot as f64 / self.rate as f64;
        0.17 * (seconds / 4.0).clamp(0.25, 1.6).sqrt()
    }
}

/// The luma of a plane of pictures, in 8-bit codes with fractions.
pub struct Luma {
    pub width: usize,
    pub height: usize,
    pub data: Vec<f32>,
}

/// The stills, decoded, and what the film's pictures should be.
pub struct Reference<'a> {
    film: &'a Film,
    stills: Vec<Luma>,
}

impl<'a> Reference<'a> {
    pub fn new(film: &'a Film) -> Self {
        Self { film, stills: film.stills.iter().map(|still| tools::still(still)).collect() }
    }

    /// The luma of a picture of the film.
    pub fn picture(&self, index: usize) -> Vec<f32> {
        let (still, own, weight) = self.film.at(index);
        let mut picture = self.seen(still, own);
        if weight > 0.0 {
            let next = self.seen(still + 1, own - self.film.step());
            for (a, b) in picture.iter_mut().zip(&next) {
                *a += (*b - *a) * weight as f32;
            }
        }
        picture
    }

    /// A still as the camera sees it at a picture of its shot.
    fn seen(&self, still: usize, picture: usize) -> Vec<f32> {
        let (w, h) = self.film.size;
        let still = &self.stills[still];
        // The still covers the frame: the tighter side decides.
        let fit = (w as f64 / still.width as f64).max(h as f64 / still.height as f64);
        let scale = fit * self.film.enlargement(picture);
        let (across, down) = (filter(w, still.width, scale), filter(h, still.height, scale));
        let mut wide = vec![0.0; w * still.height];
        for (from, to) in still.data.chunks_exact(still.width).zip(wide.chunks_exact_mut(w)) {
            for (sample, (start, weights)) in to.iter_mut().zip(&across) {
                *sample = from[*start..].iter().zip(weights).map(|(value, weight)| value * weight).sum();
            }
        }
        let mut out = vec![0.0; w * h];
        for (row, (start, weights)) in out.chunks_exact_mut(w).zip(&down) {
            for (from, weight) in wide[start * w..].chunks_exact(w).zip(weights) {
                row.iter_mut().zip(from).for_each(|(sum, value)| *sum += value * weight);
            }
        }
        out
    }
}

/// For each of `to` pixels, the first of `from` samples that it is made of and their weights, where
/// `scale` pixels show one sample and the centres meet.
fn filter(to: usize, from: usize, scale: f64) -> Vec<(usize, Vec<f32>)> {
    let of = |pixel: usize| {
        let at = |point: usize| {
            let x = pixel as f64 + (point as f64 + 0.5) / POINTS as f64;
            (x - to as f64 / 2.0) / scale + from as f64 / 2.0 - 0.5
        };
        let inside = |sample: i64| sample.clamp(0, from as i64 - 1) as usize;
        let first = inside(at(0).floor() as i64 - 1);
        let last = inside(at(POINTS - 1).floor() as i64 + 2);
        let mut weights = vec![0.0; last - first + 1];
        for point in 0..POINTS {
            let u = at(point);
            for tap in -1..=2 {
                let sample = u.floor() as i64 + tap;
                weights[inside(sample) - first] += cubic(u - sample as f64) / POINTS as f64;
            }
        }
        (first, weights.into_iter().map(|weight| weight as f32).collect())
    };
    (0..to).map(of).collect()
}

/// Cubic interpolation (Keys, a = -1/2).
fn cubic(distance: f64) -> f64 {
    let d = distance.abs();
    if d < 1.0 {
        (1.5 * d - 2.5) * d * d + 1.0
    } else if d < 2.0 {
        ((-0.5 * d + 2.5) * d - 4.0) * d + 2.0
    } else {
        0.0
    }
}
