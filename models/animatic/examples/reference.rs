//! Paints a character's reference picture on a plain ground:
//! `cargo run --example reference -- "a lighthouse keeper ..." full|bust OUT.png`.

use storyreel_animatic::paint::{Facing, Light, PaintCx};
use storyreel_animatic::subjects::figure::CharacterLook;
use tiny_skia::{Color, Pixmap, PixmapPaint, Transform};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [description, kind, out] = args.as_slice() else {
        return Err("usage: reference DESCRIPTION full|bust OUT.png".into());
    };
    let look = CharacterLook::describe(description);
    let light = Light::DAY;
    let (size, scale) =
        if kind == "full" { ((640, 1200), 1080.0 / look.height()) } else { ((1080, 1080), 1440.0) };
    let mut cx = PaintCx::new(description, &light, scale);
    cx.facing = Facing::Front;
    let painting = if kind == "full" { look.figure(&cx) } else { look.bust(&cx) };
    let mut page = Pixmap::new(size.0, size.1).ok_or("no room for the picture")?;
    page.fill(Color::from_rgba8(226, 229, 224, 255));
    let foot = if kind == "full" { size.1 as f32 - 40.0 } else { size.1 as f32 };
    let (x, y) = (size.0 as f32 / 2.0 - painting.anchor.0, foot - painting.anchor.1);
    let paint = PixmapPaint::default();
    page.draw_pixmap(x as i32, y as i32, painting.pixmap.as_ref(), &paint, Transform::identity(), None);
    page.save_png(out)?;
    Ok(())
}
