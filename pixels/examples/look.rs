//! Draws one of everything into PNG files of a folder, to be looked at.
//!
//! `cargo run --release -p storyreel-pixels --example look -- FOLDER`

use std::error::Error;
use std::path::Path;

use storyreel_pixels::draw::{Ends, Paint, Pen, draw};
use storyreel_pixels::expression::{Expression, Moment, Names};
use storyreel_pixels::path::Outline;
use storyreel_pixels::text::{Align, Shadow, TextStyle};
use storyreel_pixels::{
    Budget, Frame, blend, blur, colour, convolve, generate, layout, lut, resize, text, warp,
};

const SIZE: (usize, usize) = (640, 360);

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).ok_or("where to? name a folder")?;
    let folder = Path::new(&folder);
    std::fs::create_dir_all(folder)?;
    let budget = Budget::new(1 << 28);
    let scene = scene(&budget)?;
    save(&scene, folder, "scene")?;
    let tiles = [
        blur::gaussian(&scene, 8.0)?,
        convolve::sharpen(&scene, 2.0, 1.5, 0.0)?,
        convolve::edges(&scene, 1.0)?,
        graded(&scene)?,
        table(&scene)?,
        grained(&scene)?,
        warp::lens(&scene, 0.6, 0.0, 1.2, warp::Manner::default())?,
        cornered(&scene)?,
        mapped(&scene)?,
    ];
    save(&sheet(&tiles, &budget)?, folder, "operations")?;
    Ok(())
}

/// A sky, shapes, letters.
fn scene(budget: &Budget) -> storyreel_pixels::Result<Frame> {
    let stops = [(0.0, [0.10, 0.22, 0.48]), (0.6, [0.95, 0.62, 0.42]), (1.0, [0.25, 0.16, 0.2])];
    let run = generate::Run::Linear((0.0, 0.0), (0.0, SIZE.1 as f32));
    let mut frame = generate::gradient(SIZE.0, SIZE.1, run, &stops, budget)?;
    let clouds = generate::clouds(SIZE, 90.0, 6, 0.0, 4, budget)?;
    blend::blend(&mut frame, &clouds, blend::Blend::SoftLight, 0.7, None)?;
    let fill = |colour: [f32; 4]| Paint { fill: Some(colour), ..Paint::default() };
    draw(&mut frame, &Outline::ellipse(470.0, 150.0, 46.0, 46.0)?, &fill([1.0, 0.93, 0.7, 1.0]))?;
    let hills = Outline::parse("M0 300 C120 220 200 330 320 280 S520 220 640 300 V360 H0 Z")?;
    draw(&mut frame, &hills, &fill([0.08, 0.09, 0.13, 1.0]))?;
    let pen = Pen { width: 5.0, colour: [0.9, 0.2, 0.2, 1.0], ends: Ends::Round, dashes: vec![18.0, 12.0] };
    let sign = Paint { fill: Some([0.1, 0.3, 0.35, 0.7]), stroke: Some(pen), ..Paint::default() };
    draw(&mut frame, &Outline::rounded(30.0, 190.0, 170.0, 90.0, 22.0)?, &sign)?;
    let star: Vec<(f32, f32)> = (0..5)
        .map(|n| f32::to_radians(n as f32 * 144.0 - 90.0))
        .map(|a| (115.0 + 34.0 * a.cos(), 236.0 + 34.0 * a.sin()))
        .collect();
    draw(&mut frame, &Outline::polygon(&star)?, &Paint { even_odd: true, ..fill([1.0, 0.85, 0.3, 1.0]) })?;
    let shadow = Shadow { across: 4.0, down: 5.0, blur: 4.0, colour: [0.0, 0.0, 0.0, 0.8] };
    let title = TextStyle {
        size: 64.0,
        weight: 700.0,
        align: Align::Middle,
        width: Some(640.0),
        shadow: Some(shadow),
        ..TextStyle::default()
    };
    text::draw(&mut frame, "The Keeper", 0.0, 20.0, &title)?;
    let outlined = TextStyle {
        size: 24.0,
        outline: Some((1.5, [0.0, 0.0, 0.0, 1.0])),
        width: Some(260.0),
        ..TextStyle::default()
    };
    text::draw(&mut frame, "Wrapped words, öäü, and a sign ☀ in an outline", 350.0, 230.0, &outlined)?;
    Ok(frame)
}

fn graded(scene: &Frame) -> storyreel_pixels::Result<Frame> {
    let mut frame = scene.copy()?;
    colour::lift_gamma_gain(&mut frame, [0.0, 0.02, 0.06], [1.1, 1.0, 0.95], [1.1, 1.0, 0.9])?;
    colour::hue(&mut frame, 20.0)?;
    Ok(frame)
}

fn table(scene: &Frame) -> storyreel_pixels::Result<Frame> {
    let mut frame = scene.copy()?;
    let print = |v: f32| v * v * (3.0 - 2.0 * v);
    lut::lut(
        &mut frame,
        &lut::Lut::from_fn(17, |[r, g, b]| [print(r), print(g) * 0.95, print(b) * 0.8 + 0.08])?,
    );
    Ok(frame)
}

fn grained(scene: &Frame) -> storyreel_pixels::Result<Frame> {
    let mut frame = scene.copy()?;
    generate::grain(
        &mut frame,
        generate::Grain { strength: 0.08, size: 2.0, colour: 0.3, ..generate::Grain::default() },
    )?;
    Ok(frame)
}

fn cornered(scene: &Frame) -> storyreel_pixels::Result<Frame> {
    let to = warp::to_corners(SIZE, [(120.0, 40.0), (560.0, 10.0), (620.0, 340.0), (60.0, 300.0)])?;
    let manner = warp::Manner { beyond: warp::Beyond::Clear, sampling: warp::Sampling::Bicubic };
    warp::matrix(scene, &to, manner)
}

fn mapped(scene: &Frame) -> storyreel_pixels::Result<Frame> {
    let text = "let d = hypot(u - 0.5, v - 0.5)
        let wave = 6 * sin(y * 0.15 + t)
        r = sample(r, x + wave, y) * (1 - d)
        g = sample(g, x + wave + 3, y) * (1 - d)
        b = sample(b, x + wave + 6, y) * (1 - d) + 0.2 * noise(x / 9, y / 9)";
    Expression::compile(text, Names::new(1, &[]), 1)?.run(&[scene], &[], Moment::default())
}

/// Three by three, at half their size.
fn sheet(tiles: &[Frame], budget: &Budget) -> storyreel_pixels::Result<Frame> {
    let (width, height) = (SIZE.0 / 2, SIZE.1 / 2);
    let mut sheet = Frame::new(3 * width, 3 * height, budget)?;
    for (at, tile) in tiles.iter().enumerate() {
        let small = resize::resize(tile, width, height, resize::Filter::Lanczos)?;
        layout::paste(&mut sheet, &small, (at % 3 * width) as f32, (at / 3 * height) as f32, 1.0)?;
    }
    Ok(sheet)
}

fn save(frame: &Frame, folder: &Path, name: &str) -> Result<(), Box<dyn Error>> {
    let [r, g, b] = frame.channels();
    let byte = |v: f32| (v.clamp(0.0, 1.0) * 255.0).round() as u8;
    let bytes: Vec<u8> =
        r.iter().zip(g).zip(b).flat_map(|((r, g), b)| [byte(*r), byte(*g), byte(*b)]).collect();
    let (width, height) = (frame.width() as u32, frame.height() as u32);
    let image = image::RgbImage::from_raw(width, height, bytes).ok_or("as many bytes as pixels")?;
    image.save(folder.join(name).with_extension("png"))?;
    Ok(())
}
