//! Draws a shot and edits of it side by side, to look at.
//!
//! `edits OUT.png "action" "camera" "setting" "place" WIDTHxHEIGHT CHANGE...` writes the shot and
//! then each change of it, three in a row. A change is `style: ink`, `add: a gull`, `remove: the
//! gull`, `replace: the gull > a crow`, `background: a desert`; after `@` stands a region in words,
//! and `mask:` before a change shows where it may change pixels.

use std::error::Error;

use storyreel_animatic::{Change, EditText, Editor, Picture, Region, Request, ShotText, stage};

fn change(words: &str) -> Result<EditText, Box<dyn Error>> {
    let (words, region) = words.split_once('@').unwrap_or((words, ""));
    let (kind, what) = words.split_once(':').ok_or("a change is `kind: what`")?;
    let what = what.trim().to_owned();
    let change = match kind {
        "style" => Change::Style { to: what },
        "add" => Change::Add { what },
        "remove" => Change::Remove { what },
        "background" => Change::Background { to: what },
        "replace" => {
            let (old, new) = what.split_once('>').ok_or("a replacement is `old > new`")?;
            Change::Replace { what: old.trim().to_owned(), with: new.trim().to_owned() }
        }
        _ => return Err(format!("`{kind}` is no change").into()),
    };
    let region = Some(region.trim()).filter(|r| !r.is_empty()).map(|r| Region::Words(r.to_owned()));
    Ok(EditText { change, region, strength: 1000, seed: 3 })
}

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().collect();
    let arg = |i: usize| args.get(i).cloned().unwrap_or_default();
    let mut text = ShotText { action: arg(2), camera: arg(3), setting: arg(4), ..ShotText::default() };
    text.place = Some(arg(5)).filter(|p| !p.is_empty());
    let mut request = Request::new(text);
    let size = arg(6);
    let (w, h) = size.split_once('x').unwrap_or(("640", "360"));
    request.size = (w.parse()?, h.parse()?);
    request.film_seed = 7;
    let (w, h) = request.size;
    let before = stage(&request)?.picture(60);
    let mut pictures = vec![before.clone()];
    for words in args.iter().skip(7) {
        let asked = words.strip_prefix("mask:").unwrap_or(words);
        let editor = Editor::drawn(&Request { edits: vec![change(asked)?], ..request.clone() })?;
        let mut after = Picture::black(w as usize, h as usize);
        if asked.len() < words.len() {
            let grey = |m: u8| 4096 + u16::from(m) * 219;
            after.y = editor.mask(60).into_iter().map(grey).collect();
        } else {
            editor.draw(60, before.view(), &mut after.planes());
        }
        pictures.push(after);
    }
    let columns = (pictures.len() as u32).min(3);
    let mut sheet = image::RgbImage::new(w * columns, h * (pictures.len() as u32).div_ceil(3));
    for (i, picture) in pictures.iter().enumerate() {
        let (x, y) = (i as u32 % 3 * w, i as u32 / 3 * h);
        image::imageops::replace(&mut sheet, &picture.view().to_rgb(), x.into(), y.into());
    }
    sheet.save(arg(1))?;
    Ok(())
}
