//! A room: a wall with a window onto the weather, a floor, furniture, a lamp, light on the boards.

use super::{Setting, pieces};
use crate::effects;
use crate::grade::{Rgb, bright, hex, mix};
use crate::noise::Rng;
use crate::reading::Weather;
use crate::scene::{Fill, Pose, Scene, Sheet, still};

/// A room.
pub(crate) struct Room;

impl Setting for Room {
    fn name(&self) -> &'static str {
        "room"
    }

    fn words(&self) -> &'static [(&'static str, u32)] {
        &[
            ("room", 8),
            ("interior", 8),
            ("inside", 7),
            ("kitchen", 8),
            ("bedroom", 9),
            ("office", 7),
            ("study", 6),
            ("library", 7),
            ("cabin", 3),
            ("parlour", 8),
            ("living room", 9),
            ("lamp room", 14),
            ("corridor", 6),
            ("hall", 4),
            ("attic", 7),
            ("workshop", 7),
            ("cafe", 6),
            ("bar", 4),
            ("hearth", 5),
            ("fireplace", 6),
            ("desk", 4),
            ("table", 3),
            ("bed", 3),
            ("window", 1),
            ("indoors", 9),
            ("studio", 6),
            ("classroom", 8),
            ("armchair", 4),
        ]
    }

    fn details(&self) -> &'static [&'static str] {
        &[
            "wall",
            "walls",
            "floor",
            "floorboards",
            "curtain",
            "curtains",
            "shelf",
            "shelves",
            "books",
            "rug",
            "ceiling",
            "dust",
            "sill",
            "table",
            "desk",
            "window",
            "bed",
            "bunk",
            "fireplace",
            "hearth",
            "stove",
            "lamp",
            "lamps",
            "armchair",
            "crockery",
            "plates",
            "bookshelf",
            "sea",
        ]
    }

    fn inside(&self) -> bool {
        true
    }

    fn paint(&self, scene: &mut Scene<'_>) {
        effects::heavens(scene);
        outside(scene);
        let window = wall(scene);
        floor(scene);
        curtains(scene, window);
        furniture(scene);
        light(scene, window);
        lamp(scene);
    }
}

/// What is seen through the window: a low line of hills or sea, and what falls.
fn outside(scene: &mut Scene<'_>) {
    let p = scene.palette.clone();
    let mut sheet = scene.sheet(30.0, -0.12, 0.3);
    let sea = scene.says(&["sea", "coast", "lighthouse", "harbour", "harbor", "ocean"]);
    let colour = p.lit(if sea { hex(0x2f6f84) } else { hex(0x68845e) }, 0.6, 6.0);
    sheet.below(
        |x| if sea { -0.06 } else { -0.08 + 0.02 * (x * 5.0).sin() },
        Fill::Down { from: (-0.09, mix(colour, p.haze, 0.4)), to: (0.1, colour) },
    );
    scene.hang(sheet, still());
    // The weather stays outside: its layers hang behind the wall.
    let from = scene.items.len();
    effects::weather(scene, false);
    for item in &mut scene.items[from..] {
        (item.depth, item.order) = (12.0, 12.0);
    }
}

fn paper(scene: &Scene<'_>) -> Rgb {
    let mut rng = scene.place_rng("wallpaper");
    hex([0xb7a58c, 0x8fa08f, 0xa98d7c, 0x9aa5ad, 0xc2ab85][rng.below(5)])
}

/// Indoor colour: the hour's light, lifted by lamps at night.
fn tone(scene: &Scene<'_>, material: Rgb, light: f32) -> Rgb {
    let p = &scene.palette;
    let own = p.lit(material, light * 0.8, 1.0);
    if p.night {
        mix(own, crate::grade::times(material, hex(0xe8b070)), 0.42 * light + 0.12)
    } else {
        mix(own, crate::grade::times(material, hex(0xd8cdbb)), 0.25)
    }
}

/// The far wall with its window; returns the window's edges.
fn wall(scene: &mut Scene<'_>) -> (f32, f32, f32, f32) {
    let mut rng = scene.place_rng("window");
    let side: f32 = if rng.chance(0.5) { 1.0 } else { -1.0 };
    let centre = side * rng.range(0.12, 0.26);
    let (l, t, r, b) = (centre - 0.21, -0.36, centre + 0.21, 0.03);
    let mut sheet = scene.sheet(4.0, -9.0, 9.0);
    let (lit, dim) = (tone(scene, paper(scene), 0.75), tone(scene, paper(scene), 0.25));
    let (left, top, right, bottom) = sheet.bounds();
    let fill = Fill::Down { from: (-0.5, dim), to: (0.2, lit) };
    for (a, c, d, e) in [(left, top, l, bottom), (r, top, right, bottom), (l, top, r, t), (l, b, r, bottom)] {
        sheet.rect(a - 0.001, c, d + 0.001, e, fill);
    }
    for i in 0..60 {
        let x = -1.5 + 0.05 * i as f32;
        if x < l - 0.02 || x > r + 0.02 {
            sheet.line(&[(x, -0.7), (x, 0.2)], 0.010, bright(lit, 0.95), 0.35);
        }
    }
    let board = tone(scene, hex(0xd9cdb8), 0.6);
    sheet.rect(left, 0.175, right, 0.205, Fill::Flat(board));
    let frame = tone(scene, hex(0xe6dcc8), 0.8);
    for (a, c, d, e) in [
        (l - 0.022, t - 0.022, l, b),
        (r, t - 0.022, r + 0.022, b),
        (l, t - 0.022, r, t),
        (l - 0.04, b, r + 0.04, b + 0.024),
        (centre - 0.006, t, centre + 0.006, b),
        (l, (t + b) / 2.0 - 0.006, r, (t + b) / 2.0 + 0.006),
    ] {
        sheet.rect(a, c, d, e, Fill::Flat(frame));
    }
    sheet.rect(l - 0.04, b + 0.024, r + 0.04, b + 0.032, Fill::Veil(dim, 0.7));
    if !has_hearth(scene) {
        picture(&mut sheet, scene, -side);
    }
    scene.hang(sheet, still());
    if has_hearth(scene) {
        hearth(scene, -side);
    }
    (l, t, r, b)
}

/// Whether a fire burns in the wall.
fn has_hearth(scene: &Scene<'_>) -> bool {
    scene.says(&["fireplace", "hearth", "stove", "fireside", "mantelpiece"])
}

/// The fireplace, with its light on the floor before it.
fn hearth(scene: &mut Scene<'_>, side: f32) {
    let (x, foot) = (side * 0.33, 0.222);
    pieces::put(scene, "fireplace", (x, foot), 0.36, 3.6);
    let reach = 0.30;
    let mut glow = scene.patch(3.5, x - reach, foot - 0.06 - reach, x + reach, foot - 0.06 + reach);
    glow.texture = 0.0;
    glow.fill_glow(x, foot - 0.06, reach, hex(0xff9a48), if scene.palette.night { 0.55 } else { 0.30 });
    scene.hang(
        glow,
        Box::new(|t| Pose {
            opacity: 0.82 + 0.10 * (t * 8.3).sin() * (t * 4.1).cos() + 0.08 * (t * 2.3).sin(),
            ..Pose::default()
        }),
    );
}

/// A framed picture on the wall.
fn picture(sheet: &mut Sheet, scene: &Scene<'_>, side: f32) {
    let x = side * 0.36;
    let frame = tone(scene, hex(0x6a4a2c), 0.7);
    sheet.rect(x - 0.085, -0.30, x + 0.085, -0.17, Fill::Flat(frame));
    sheet.rect(x - 0.073, -0.288, x + 0.073, -0.182, Fill::Flat(tone(scene, hex(0xcfd8d0), 0.7)));
    sheet.polygon(
        &[
            (x - 0.073, -0.20),
            (x - 0.02, -0.245),
            (x + 0.02, -0.215),
            (x + 0.05, -0.24),
            (x + 0.073, -0.21),
            (x + 0.073, -0.182),
            (x - 0.073, -0.182),
        ],
        Fill::Flat(tone(scene, hex(0x5f7f78), 0.6)),
    );
}

/// Boards that run towards us, and a rug.
fn floor(scene: &mut Scene<'_>) {
    let mut sheet = scene.sheet(3.0, 0.2, 9.0);
    let wood = hex(0x9a7048);
    let (far, near) = (tone(scene, wood, 0.7), tone(scene, wood, 0.25));
    sheet.rect(-9.0, 0.204, 9.0, 9.0, Fill::Down { from: (0.2, far), to: (0.6, near) });
    for i in -16..=16 {
        let x = i as f32 * 0.12;
        sheet.line(&[(x, 0.204), (x * 4.0, 1.2)], 0.0035, bright(near, 0.8), 0.7);
    }
    let rug = tone(scene, hex([0x8e3b3b, 0x35607a, 0x6b5a8a][scene.place_rng("rug").below(3)]), 0.6);
    sheet.oval(0.05, 0.40, 0.62, 0.085, Fill::Flat(rug));
    sheet.oval(0.05, 0.40, 0.55, 0.072, Fill::Flat(bright(rug, 1.22)));
    sheet.oval(0.05, 0.40, 0.52, 0.066, Fill::Flat(rug));
    scene.hang(sheet, still());
}

/// Curtains that breathe in the draught.
fn curtains(scene: &mut Scene<'_>, (l, t, r, b): (f32, f32, f32, f32)) {
    let cloth = tone(scene, hex([0xa8483c, 0x4d6b74, 0xc9b48a][scene.place_rng("curtain").below(3)]), 0.7);
    for (side, x) in [(-1.0f32, l), (1.0, r)] {
        let mut sheet = scene.patch(3.9, x - 0.12, t - 0.05, x + 0.12, b + 0.14);
        let (outer, inner) = (x + side * 0.075, x - side * 0.055);
        sheet.blob(
            &[
                (outer, t - 0.045),
                (inner, t - 0.045),
                (inner + side * 0.02, (t + b) / 2.0),
                (inner - side * 0.01, b + 0.11),
                (outer, b + 0.12),
                (outer, (t + b) / 2.0),
            ],
            Fill::Across {
                from: (outer.min(inner), bright(cloth, 1.12)),
                to: (outer.max(inner), bright(cloth, 0.8)),
            },
        );
        for k in 0..4 {
            let u = outer + (inner - outer) * (k as f32 + 0.7) / 4.4;
            sheet.line(
                &[(u, t - 0.03), (u + side * 0.006, (t + b) / 2.0), (u, b + 0.10)],
                0.006,
                bright(cloth, 0.72),
                0.6,
            );
        }
        let phase = f64::from(side);
        let calm = if scene.reading.wind || scene.reading.weather == Weather::Storm { 9.0 } else { 4.0 };
        let amount = calm * sheet.density / 1080.0;
        scene.hang(
            sheet,
            Box::new(move |t| {
                let s = amount * (t * 0.8 + phase).sin();
                Pose { bend: crate::compose::Bend::Hang(s), ..Pose::default() }
            }),
        );
    }
}

/// A table with a book and cup, and a shelf or a bed.
fn furniture(scene: &mut Scene<'_>) {
    let side = if scene.place_rng("window").chance(0.5) { -1.0f32 } else { 1.0 };
    let wood = hex(0x6f4a2e);
    let (lit, dark) = (tone(scene, wood, 0.8), tone(scene, wood, 0.15));
    if scene.says(&["bed", "bedroom", "bunk", "bedside"]) {
        pieces::put(scene, "bed", (side * 0.58, 0.33), 0.30, 2.9);
    } else {
        shelf(scene, side * 0.68, (lit, dark));
    }
    let mut sheet = scene.sheet(1.9, -0.1, 0.6);
    let t = -side * 0.40;
    for (lx, ly) in [(-0.20, 0.42), (0.20, 0.42), (-0.17, 0.36), (0.17, 0.36)] {
        sheet.rect(t + lx - 0.011, 0.20, t + lx + 0.011, ly, Fill::Flat(dark));
    }
    sheet.polygon(
        &[(t - 0.21, 0.165), (t + 0.21, 0.165), (t + 0.25, 0.205), (t - 0.25, 0.205)],
        Fill::Flat(lit),
    );
    sheet.rect(t - 0.25, 0.205, t + 0.25, 0.225, Fill::Flat(dark));
    sheet.polygon(
        &[(t - 0.15, 0.185), (t - 0.06, 0.180), (t - 0.05, 0.196), (t - 0.15, 0.199)],
        Fill::Flat(tone(scene, hex(0xe8e0cc), 0.9)),
    );
    sheet.rect(t + 0.10, 0.150, t + 0.135, 0.186, Fill::Flat(tone(scene, hex(0xd7e0e4), 0.8)));
    scene.hang(sheet, still());
    // A dark piece close before us gives the room its depth.
    let mut near = scene.sheet(0.85, 0.1, 2.0);
    let ink = scene.palette.ink(wood, 0.5);
    let e = side * 0.86;
    near.blob(
        &[
            (e - side * 0.05, 0.62),
            (e - side * 0.08, 0.26),
            (e, 0.19),
            (e + side * 0.2, 0.20),
            (e + side * 0.4, 0.4),
            (e + side * 0.4, 0.9),
        ],
        Fill::Flat(ink),
    );
    scene.hang(near, still());
}

/// A shelf of books; in a kitchen, of crockery.
fn shelf(scene: &mut Scene<'_>, x: f32, (lit, dark): (Rgb, Rgb)) {
    let kitchen = scene.says(&["kitchen", "cafe", "bar", "galley"]);
    let mut sheet = scene.sheet(3.2, -0.5, 0.34);
    sheet.rect(x - 0.15, -0.34, x + 0.15, 0.25, Fill::Flat(dark));
    let mut rng = scene.place_rng("books");
    for row in 0..4 {
        let y = -0.20 + row as f32 * 0.14;
        sheet.rect(x - 0.138, y - 0.118, x + 0.138, y, Fill::Flat(bright(dark, 0.62)));
        if kitchen {
            crockery(&mut sheet, scene, &mut rng, (x, y));
        } else {
            books(&mut sheet, scene, &mut rng, (x, y));
        }
        sheet.rect(x - 0.15, y, x + 0.15, y + 0.014, Fill::Flat(lit));
    }
    scene.hang(sheet, still());
}

/// A row of books.
fn books(sheet: &mut Sheet, scene: &Scene<'_>, rng: &mut Rng, (x, y): (f32, f32)) {
    let mut at = x - 0.132;
    while at < x + 0.115 {
        let (w, h) = (rng.range(0.012, 0.028), rng.range(0.07, 0.108));
        let colour = hex([0x8e4a3b, 0x3f5d73, 0xb79a5e, 0x5d6e4e, 0x7d5a74, 0xc4b8a0][rng.below(6)]);
        sheet.rect(at, y - h, at + w * 0.92, y, Fill::Flat(tone(scene, colour, 0.6)));
        at += w;
    }
}

/// A row of plates, jars and jugs.
fn crockery(sheet: &mut Sheet, scene: &Scene<'_>, rng: &mut Rng, (x, y): (f32, f32)) {
    let mut at = x - 0.125;
    while at < x + 0.10 {
        let glaze = hex([0xe9e2d2, 0xb9cdd6, 0xd9b98a, 0x9fb7a6, 0xd8a08c][rng.below(5)]);
        let (clay, shade) = (tone(scene, glaze, 0.75), tone(scene, glaze, 0.35));
        let w = rng.range(0.034, 0.062);
        match rng.below(3) {
            0 => {
                sheet.oval(at + w / 2.0, y - w * 0.52, w * 0.5, w * 0.52, Fill::Flat(clay));
                sheet.oval(at + w / 2.0, y - w * 0.52, w * 0.30, w * 0.32, Fill::Veil(shade, 0.45));
            }
            1 => {
                let h = rng.range(0.05, 0.09);
                sheet.rect(at + w * 0.12, y - h, at + w * 0.88, y, Fill::Flat(clay));
                sheet.rect(at + w * 0.06, y - h - 0.010, at + w * 0.94, y - h, Fill::Flat(shade));
            }
            _ => {
                sheet.blob(
                    &[
                        (at, y),
                        (at + w * 0.1, y - 0.04),
                        (at + w * 0.3, y - 0.065),
                        (at + w * 0.8, y - 0.065),
                        (at + w, y - 0.03),
                        (at + w * 0.9, y),
                    ],
                    Fill::Flat(clay),
                );
                sheet.line(
                    &[(at + w * 0.9, y - 0.05), (at + w * 1.15, y - 0.035), (at + w, y - 0.012)],
                    0.006,
                    clay,
                    1.0,
                );
            }
        }
        at += w * 1.12;
    }
}

/// Light from the window on the floor by day, with motes in it.
fn light(scene: &mut Scene<'_>, (l, t, r, b): (f32, f32, f32, f32)) {
    if scene.palette.night || !scene.palette.has_sun() {
        return;
    }
    let p = scene.palette.clone();
    let colour = mix(p.key, hex(0xfff0cc), 0.5);
    let slope = if p.sun_at.0 < 0.0 { 0.35 } else { -0.35 };
    let mut beam = scene.patch(2.6, (l + slope).min(l) - 0.1, t, (r + slope).max(r) + 0.1, 0.5);
    beam.texture = 0.0;
    for (a, c) in [(l, (l + r) / 2.0 - 0.008), ((l + r) / 2.0 + 0.008, r)] {
        beam.polygon(
            &[(a, t), (c, t), (c + slope, 0.47), (a + slope, 0.47), (a, b)],
            Fill::Fade { from: (t, colour, 0.16), to: (0.45, colour, 0.04) },
        );
        beam.polygon(
            &[(a + slope * 0.70, 0.25), (c + slope * 0.70, 0.25), (c + slope, 0.45), (a + slope, 0.45)],
            Fill::Veil(colour, 0.34),
        );
    }
    scene.hang(beam, Box::new(|t| Pose { opacity: 0.86 + 0.14 * (t * 0.5).sin(), ..Pose::default() }));
    effects::motes(scene, (l.min(l + slope), t, r.max(r + slope), 0.4));
}

/// A lamp on the table, lit when it is dark.
fn lamp(scene: &mut Scene<'_>) {
    let side = if scene.place_rng("window").chance(0.5) { 1.0f32 } else { -1.0 };
    let x = side * 0.44;
    let (brass, shade) = (
        tone(scene, hex(0xb08a4a), 0.8),
        if scene.palette.night { hex(0xffe2a0) } else { tone(scene, hex(0xe4d3ac), 0.8) },
    );
    let mut sheet = scene.patch(1.88, x - 0.09, -0.06, x + 0.09, 0.19);
    sheet.oval(x, 0.178, 0.04, 0.008, Fill::Flat(brass));
    sheet.rect(x - 0.005, 0.05, x + 0.005, 0.178, Fill::Flat(brass));
    sheet.polygon(
        &[(x - 0.038, -0.03), (x + 0.038, -0.03), (x + 0.068, 0.06), (x - 0.068, 0.06)],
        Fill::Flat(shade),
    );
    scene.hang(sheet, still());
    let reach = if scene.palette.night { 0.62 } else { 0.2 };
    let mut glow = scene.patch(1.87, x - reach, 0.02 - reach, x + reach, 0.02 + reach);
    glow.texture = 0.0;
    glow.fill_glow(x, 0.02, reach, hex(0xffca72), if scene.palette.night { 0.62 } else { 0.16 });
    scene.hang(
        glow,
        Box::new(|t| Pose {
            opacity: 0.88 + 0.06 * (t * 7.3).sin() * (t * 3.1).cos() + 0.06 * (t * 1.3).sin(),
            ..Pose::default()
        }),
    );
}
