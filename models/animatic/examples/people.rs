//! Paints sheets of figures and portraits, to be looked at: `cargo run --example people -- DIR`.

use storyreel_animatic::paint::{Face, Facing, Light, Motion, PaintCx, Painting};
use storyreel_animatic::subjects::figure::CharacterLook;
use tiny_skia::{Color, Pixmap, PixmapPaint, Transform};

const PEOPLE: &[&str] = &[
    "a lighthouse keeper in her sixties, yellow raincoat, grey braid",
    "an old fisherman with a white beard, blue sweater, captain's cap",
    "a young woman with long auburn hair, green coat, red scarf",
    "a boy in a red jacket and a knitted hat",
    "a man in a dark suit with a brown suitcase and a hat",
    "a girl with a ponytail in a blue dress, holding a red balloon",
    "a bald baker with a moustache and a white apron",
    "a traveller in a hooded grey cloak with a lantern",
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let dir = std::env::args().nth(1).unwrap_or_else(|| ".".to_owned());
    let light = Light::DAY;
    let looks: Vec<CharacterLook> = PEOPLE.iter().map(|p| CharacterLook::describe(p)).collect();
    let mut cells = Vec::new();
    for look in &looks {
        for facing in [Facing::Right, Facing::Front, Facing::Back] {
            let mut cx = PaintCx::new("", &light, 170.0);
            cx.facing = facing;
            cells.push(look.figure(&cx));
        }
    }
    sheet(&cells, 8, (230, 420))?.save_png(format!("{dir}/figures.png"))?;
    let mut cells = Vec::new();
    for i in 0..8 {
        let mut cx = PaintCx::new("", &light, 170.0);
        cx.motion = Motion::Walk;
        (cx.phase, cx.phases) = (i, 8);
        cells.push(looks[if i < 4 { 0 } else { 4 }].figure(&cx));
    }
    let poses = [
        Motion::Run,
        Motion::Sit,
        Motion::Grip,
        Motion::Look,
        Motion::Point,
        Motion::Wave,
        Motion::Hold,
        Motion::Row,
    ];
    for facing in [Facing::Right, Facing::Front] {
        for (i, motion) in poses.into_iter().enumerate() {
            let mut cx = PaintCx::new("", &light, 170.0);
            (cx.motion, cx.facing) = (motion, facing);
            (cx.phase, cx.phases) = (1, 6);
            cells.push(looks[[2, 1, 0, 1, 3, 5, 7, 6][i]].figure(&cx));
        }
    }
    sheet(&cells, 8, (230, 420))?.save_png(format!("{dir}/poses.png"))?;
    let mut cells = Vec::new();
    for (i, look) in looks.iter().enumerate() {
        let mut cx = PaintCx::new("", &light, 620.0);
        cx.facing = [Facing::Right, Facing::Front, Facing::Left][i % 3];
        cx.face =
            Face { mood: [0.0, 0.4, -0.3][i % 3], mouth: [0.0, 0.0, 0.0, 0.6][i % 4], ..Face::default() };
        cells.push(look.bust(&cx));
    }
    sheet(&cells, 4, (450, 440))?.save_png(format!("{dir}/busts.png"))?;
    Ok(())
}

fn sheet(cells: &[Painting], columns: u32, (w, h): (u32, u32)) -> Result<Pixmap, Box<dyn std::error::Error>> {
    let rows = (cells.len() as u32).div_ceil(columns);
    let mut out = Pixmap::new(w * columns, h * rows).ok_or("no room for the sheet")?;
    out.fill(Color::from_rgba8(196, 208, 208, 255));
    for (i, cell) in cells.iter().enumerate() {
        let x = (i as u32 % columns * w + w / 2) as f32 - cell.anchor.0;
        let y = ((i as u32 / columns + 1) * h - 6) as f32 - cell.anchor.1;
        let paint = PixmapPaint::default();
        out.draw_pixmap(x as i32, y as i32, cell.pixmap.as_ref(), &paint, Transform::identity(), None);
    }
    Ok(out)
}
