//! Draws a shot from words and writes pictures of it, to look at.
//!
//! `look OUT.png "action" "camera" "setting" ["place"] ["look"] [WIDTHxHEIGHT]` writes three pictures
//! side by side: near the start, the middle and the end.

// What it finds is told on the terminal.
#![allow(clippy::print_stderr)]

use std::error::Error;

use storyreel_animatic::{Change, EditText, Portrayal, Request, ShotText, stage};

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().collect();
    let arg = |i: usize| args.get(i).cloned().unwrap_or_default();
    let mut text =
        ShotText { action: arg(2), camera: arg(3), setting: arg(4), look: arg(6), ..ShotText::default() };
    text.place = Some(arg(5)).filter(|p| !p.is_empty());
    // After the size: a character as `name=description`, a prop as `+name=description`, an edit that
    // adds something as `add:what`.
    let mut edits = Vec::new();
    for more in args.iter().skip(8) {
        let added = more.strip_prefix("add:");
        if let Some(what) = added {
            let change = Change::Add { what: what.into() };
            edits.push(EditText { change, region: None, strength: 1000, seed: 1 });
        } else if let Some((name, description)) = more.split_once('=') {
            let portrayal =
                Portrayal { name: name.trim_start_matches('+').into(), description: description.into() };
            if name.starts_with('+') { &mut text.props } else { &mut text.characters }.push(portrayal);
        }
    }
    let mut request = Request { edits, ..Request::new(text) };
    let size = arg(7);
    let (w, h) = size.split_once('x').unwrap_or(("960", "540"));
    request.size = (w.parse()?, h.parse()?);
    request.film_seed = 7;
    let start = std::time::Instant::now();
    let stage = stage(&request)?;
    let painted = start.elapsed();
    let mut sheet = image::RgbImage::new(request.size.0, request.size.1 * 3);
    for (i, frame) in [6, 60, 114].into_iter().enumerate() {
        let picture = stage.picture(frame);
        image::imageops::replace(&mut sheet, &picture.view().to_rgb(), 0, (i as u32 * request.size.1).into());
    }
    sheet.save(arg(1))?;
    eprintln!("{} painted in {painted:?}, {} MB: {:?}", arg(1), stage.bytes() / 1_000_000, stage.reading());
    Ok(())
}
