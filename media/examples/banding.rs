//! How much the smooth areas of an encoded film band: `banding FILM.mp4`.
//!
//! A band's edge is a place where eight equal samples of luma meet eight that are one or two steps lighter or
//! darker. The figure is their share of all samples, across and down, over a picture every five seconds. Its
//! control is the same pictures smoothed and rounded again without dither, which must be found to band: the
//! film passes with at most a third of that.

// What it finds is told on the terminal.
#![allow(clippy::print_stdout)]

use std::error::Error;
use std::path::Path;

use storyreel_media::decode::FootageReader;
use storyreel_media::picture::{Picture, PictureSource};

/// Equal samples on each side of an edge.
const RUN: usize = 8;
/// Samples on each side that the control's smoothing takes in.
const REACH: usize = 4;
/// Seconds from one measured picture to the next.
const EVERY: u64 = 5;
/// The control bands at least so much, in a film with any sky.
const BANDED: f64 = 0.005;

/// Luma in steps of 8 bits.
struct Luma {
    width: usize,
    samples: Vec<i32>,
}

impl Luma {
    fn of(picture: &Picture) -> Self {
        let samples = picture.y.iter().map(|sample| i32::from(sample >> 8)).collect();
        Self { width: picture.width as usize, samples }
    }

    fn turned(&self) -> Self {
        let height = self.samples.len() / self.width;
        let column = |x: usize| self.samples.iter().skip(x).step_by(self.width).copied();
        Self { width: height, samples: (0..self.width).flat_map(column).collect() }
    }

    /// Edges of bands along the rows.
    fn edges(&self) -> usize {
        let rows = self.samples.chunks_exact(self.width);
        rows.map(|row| row.windows(2 * RUN).filter(|window| is_edge(window)).count()).sum()
    }

    /// Means of the neighbours along the rows, times as many as there are.
    fn smoothed(&self) -> Self {
        let row = |row: &[i32]| -> Vec<i32> {
            let at = |x: usize| row[x.saturating_sub(REACH).min(row.len() - 1)];
            (0..row.len()).map(|x| (x..=x + 2 * REACH).map(at).sum()).collect()
        };
        let samples = self.samples.chunks_exact(self.width).flat_map(row).collect();
        Self { width: self.width, samples }
    }

    /// The same picture without its dither, rounded plainly.
    fn plain(&self) -> Self {
        let mut smooth = self.smoothed().turned().smoothed().turned();
        let count = (2 * REACH as i32 + 1).pow(2);
        smooth.samples.iter_mut().for_each(|sample| *sample = (*sample + count / 2) / count);
        smooth
    }

    fn banding(&self) -> f64 {
        (self.edges() + self.turned().edges()) as f64 / self.samples.len() as f64
    }
}

fn is_edge(window: &[i32]) -> bool {
    let (left, right) = window.split_at(RUN);
    let flat = |side: &[i32]| side.iter().all(|sample| *sample == side[0]);
    (1..=2).contains(&(left[0] - right[0]).abs()) && flat(left) && flat(right)
}

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("banding FILM.mp4")?;
    let mut film = FootageReader::open(Path::new(&path), &mut |_, _| true)?;
    let rate = film.spec().rate;
    let frames = film.spec().frames.ok_or("a film without an end")?;
    let step = (EVERY * u64::from(rate.0) / u64::from(rate.1)).max(1);
    let (mut picture, mut sums, mut count) = (Picture::default(), [0.0; 2], 0.0);
    for at in (0..frames).step_by(step as usize) {
        film.picture(at, &mut picture)?;
        let luma = Luma::of(&picture);
        let [shown, control] = [luma.banding(), luma.plain().banding()];
        println!(
            "{:6.1} s  {shown:.5}  control {control:.5}",
            at as f64 / f64::from(rate.0) * f64::from(rate.1)
        );
        (sums[0], sums[1], count) = (sums[0] + shown, sums[1] + control, count + 1.0);
    }
    let [shown, control] = sums.map(|sum| sum / f64::max(count, 1.0));
    println!("banding {shown:.5} (at most a third of the control's)");
    println!("control, smoothed and rounded without dither: {control:.5} (at least {BANDED})");
    if control < BANDED {
        return Err("the control hardly bands: this film has no smooth areas to measure".into());
    }
    if shown * 3.0 <= control { Ok(()) } else { Err("the film bands".into()) }
}
