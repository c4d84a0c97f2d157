//! Reading a sketch: where its horizon lies and where its masses stand.

use image::RgbaImage;

use crate::text::Request;

/// What a sketch says of the layout.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Guide {
    /// Picture heights below the centre.
    pub horizon: Option<f64>,
    /// Masses from left to right: centre x and foot y from the picture's centre, and height, in picture heights.
    pub masses: Vec<Mass>,
}

/// A dark or coloured mass of a sketch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Mass {
    pub x: f64,
    pub foot: f64,
    pub height: f64,
}

/// Columns and rows that a sketch is reduced to.
const GRID: usize = 64;

/// The guide that a request's sketch gives.
pub(crate) fn read(request: &Request) -> Option<Guide> {
    request.sketch.as_ref().map(|image| guide(image, f64::from(request.size.0) / f64::from(request.size.1)))
}

/// How marked each cell is: dark or coloured on transparent or white paper.
fn marks(image: &RgbaImage) -> Vec<f32> {
    let (w, h) = (image.width() as usize, image.height() as usize);
    let mut sum = vec![0.0f32; GRID * GRID];
    let mut count = vec![0.0f32; GRID * GRID];
    for (x, y, px) in image.enumerate_pixels() {
        let cell = (y as usize * GRID / h.max(1)) * GRID + x as usize * GRID / w.max(1);
        let [r, g, b, a] = px.0.map(f32::from);
        let dark = 1.0 - (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255.0;
        let colour = (r.max(g).max(b) - r.min(g).min(b)) / 255.0;
        sum[cell] += dark.max(colour) * a / 255.0;
        count[cell] += 1.0;
    }
    sum.iter().zip(&count).map(|(s, n)| s / n.max(1.0)).collect()
}

/// Reads a sketch.
pub(crate) fn guide(image: &RgbaImage, aspect: f64) -> Guide {
    let cells = marks(image);
    let row = |y: usize| cells[y * GRID..(y + 1) * GRID].iter().sum::<f32>() / GRID as f32;
    // The horizon is a line across the sheet, or the edge where the ground's mass begins.
    let (mut line, mut best) = (None, 0.18f32);
    for y in GRID / 8..GRID * 7 / 8 {
        let jump = row(y) - row(y - 1);
        if jump > best {
            best = jump;
            line = Some(y);
        }
    }
    let horizon = line.map(|y| y as f64 / GRID as f64 - 0.5);
    Guide { horizon, masses: masses(&cells, line, aspect) }
}

/// Runs of columns that are marked more than the background of their rows.
fn masses(cells: &[f32], horizon: Option<usize>, aspect: f64) -> Vec<Mass> {
    let mut paper = [0.0f32; GRID];
    for (y, level) in paper.iter_mut().enumerate() {
        let mut row: Vec<f32> = cells[y * GRID..(y + 1) * GRID].to_vec();
        row.sort_by(f32::total_cmp);
        *level = row[GRID / 2];
    }
    let stands = |x: usize, y: usize| cells[y * GRID + x] > paper[y] + 0.25 && Some(y) != horizon;
    let extent = |x: usize| {
        let rows: Vec<usize> = (0..GRID).filter(|&y| stands(x, y)).collect();
        (rows.len() >= 3).then(|| (rows[0], rows[rows.len() - 1]))
    };
    let mut found = Vec::new();
    let mut run: Option<(usize, usize, usize)> = None;
    for x in 0..=GRID {
        match (if x < GRID { extent(x) } else { None }, &mut run) {
            (Some((top, foot)), None) => run = Some((x, top, foot)),
            (Some((top, foot)), Some(r)) => {
                r.1 = r.1.min(top);
                r.2 = r.2.max(foot);
            }
            (None, Some(r)) => {
                let (start, top, foot) = *r;
                let centre = (start + x) as f64 / 2.0 / GRID as f64 - 0.5;
                found.push(Mass {
                    x: centre * aspect,
                    foot: (foot + 1) as f64 / GRID as f64 - 0.5,
                    height: (foot + 1 - top) as f64 / GRID as f64,
                });
                run = None;
            }
            (None, None) => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgba;

    #[test]
    fn a_line_and_a_mass_are_found() {
        let image = RgbaImage::from_fn(128, 128, |x, y| {
            let ground = y >= 80;
            let figure = (20..40).contains(&x) && (40..100).contains(&y);
            if figure {
                Rgba([10, 10, 10, 255])
            } else if ground {
                Rgba([150, 150, 150, 255])
            } else {
                Rgba([255; 4])
            }
        });
        let guide = guide(&image, 16.0 / 9.0);
        assert!((guide.horizon.unwrap() - 0.125).abs() < 0.03, "{guide:?}");
        assert_eq!(guide.masses.len(), 1, "{guide:?}");
        assert!((guide.masses[0].x - (30.0 / 128.0 - 0.5) * 16.0 / 9.0).abs() < 0.06);
    }
}
