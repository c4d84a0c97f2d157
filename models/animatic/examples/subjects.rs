//! Paints sheets of the subjects, to be looked at: `cargo run --example subjects -- DIR [WORD..]`.
//!
//! With words, one sheet of what they name, each in some frames of its motions; without, all subjects.

use storyreel_animatic::paint::{self, Light, Motion, PaintCx, Painting};
use tiny_skia::{Color, Pixmap, PixmapPaint, Transform};

const CELL: u32 = 300;
const COLUMNS: usize = 6;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let dir = args.next().unwrap_or_else(|| ".".to_owned());
    let words: Vec<String> = args.collect();
    if words.is_empty() {
        for (page, subjects) in paint::all().chunks(COLUMNS * 4).enumerate() {
            let cells: Vec<Painting> =
                subjects.iter().flat_map(|s| cells_of(*s, s.name(), 1, page % 2 == 1)).collect();
            sheet(&cells, page % 2 == 1)?.save_png(format!("{dir}/all-{page}.png"))?;
        }
        return Ok(());
    }
    let mut cells = Vec::new();
    let night = words.iter().any(|w| w == "--night");
    for word in words.iter().filter(|w| *w != "--night") {
        let subject = paint::find(word).ok_or_else(|| format!("nothing is called `{word}`"))?;
        cells.extend(cells_of(subject, word, 6, night));
    }
    sheet(&cells, night)?.save_png(format!("{dir}/some.png"))?;
    Ok(())
}

/// Up to `most` paintings of one subject, over its motions and their frames.
fn cells_of(subject: &dyn paint::Subject, description: &str, most: u32, night: bool) -> Vec<Painting> {
    let light = light(night);
    let (w, h) = subject.size_metres(description);
    let fit = (CELL as f32 - 24.0) / w.max(h);
    let motions =
        [Motion::Fly, Motion::Swim, Motion::Walk, Motion::Turn, Motion::Idle, Motion::Graze, Motion::Run];
    let motion = motions.into_iter().find(|m| subject.phases(*m) > 1).unwrap_or_default();
    let phases = subject.phases(motion);
    (0..most)
        .map(|i| {
            let mut cx = PaintCx::new(description, &light, fit);
            cx.motion = motion;
            cx.phases = phases;
            cx.phase = i * phases / most;
            cx.seed = u64::from(i);
            subject.paint(&cx)
        })
        .collect()
}

fn light(night: bool) -> Light {
    if night {
        Light {
            key: [0.5, 0.56, 0.78],
            ambient: [0.25, 0.29, 0.47],
            direction: 0.6,
            rim: Some([0.6, 0.72, 0.95]),
            night,
        }
    } else {
        Light::DAY
    }
}

/// All paintings in a grid on paper.
fn sheet(cells: &[Painting], night: bool) -> Result<Pixmap, Box<dyn std::error::Error>> {
    let rows = cells.len().div_ceil(COLUMNS) as u32;
    let mut out = Pixmap::new(CELL * COLUMNS as u32, CELL * rows.max(1)).ok_or("no room for the sheet")?;
    out.fill(if night { Color::from_rgba8(48, 58, 88, 255) } else { Color::from_rgba8(205, 214, 212, 255) });
    for (i, cell) in cells.iter().enumerate() {
        let x = (i % COLUMNS) as u32 * CELL + CELL.saturating_sub(cell.pixmap.width()) / 2;
        let y = (i / COLUMNS) as u32 * CELL + CELL.saturating_sub(cell.pixmap.height()) / 2;
        out.draw_pixmap(
            x as i32,
            y as i32,
            cell.pixmap.as_ref(),
            &PixmapPaint::default(),
            Transform::identity(),
            None,
        );
    }
    Ok(out)
}
