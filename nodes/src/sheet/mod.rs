//! `sheet`: the contact sheet, a poster a shot with its name and place in time.

use std::collections::BTreeMap;
use std::io::Cursor;

use image::imageops::FilterType;
use image::{ImageFormat, Rgb, RgbImage};
use storyreel_engine::kinds::film as params;
use storyreel_engine::kinds::{Kind, SHEET};
use storyreel_engine::run::protocol::{Blob, Failure};

use crate::inputs::Inputs;
use crate::lettering::{self, Style};
use crate::node::{Stored, Work};

const POSTER_WIDTH: u32 = 480;
const GAP: u32 = 24;
const CAPTION_HEIGHT: u32 = 34;
const HEADER_HEIGHT: u32 = 84;
const PAPER: [u8; 3] = [24, 25, 28];
const INK: [u8; 3] = [236, 232, 222];
const FAINT: [u8; 3] = [158, 156, 150];

/// The kind.
pub struct Sheet;

impl Stored for Sheet {
    fn kind(&self) -> &'static Kind {
        &SHEET
    }

    fn run(&self, work: &Work<'_>, mut inputs: Inputs) -> Result<BTreeMap<String, Blob>, Failure> {
        let params: params::Sheet = work.params()?;
        let posters = inputs.blobs("posters")?;
        let columns = params.columns.clamp(1, posters.len().max(1) as u32);
        let mut page = None;
        for (at, blob) in posters.iter().enumerate() {
            work.context.check()?;
            let poster = read_poster(&work.context.cache.read(blob)?)?;
            let page = page.get_or_insert_with(|| Page::new(&params.title, columns, posters.len(), &poster));
            let caption = params.captions.get(at).map_or("", String::as_str);
            page.place(at as u32, &poster, caption);
            work.context.progress(at as u64 + 1, posters.len() as u64, "sheet");
        }
        let page = page.ok_or_else(|| Failure::permanent("a contact sheet of no shots"))?;
        let mut png = Cursor::new(Vec::new());
        page.image
            .write_to(&mut png, ImageFormat::Png)
            .map_err(|error| Failure::permanent(format!("the contact sheet cannot be written: {error}")))?;
        let blob = work.context.cache.write(png.get_ref())?;
        Ok(BTreeMap::from([("sheet".to_owned(), blob)]))
    }
}

fn read_poster(bytes: &[u8]) -> Result<RgbImage, Failure> {
    let image = image::load_from_memory_with_format(bytes, ImageFormat::Png)
        .map_err(|error| Failure::permanent(format!("a poster cannot be read: {error}")))?;
    let height = (POSTER_WIDTH * image.height()).div_ceil(image.width().max(1)).max(1);
    Ok(image.resize_exact(POSTER_WIDTH, height, FilterType::CatmullRom).into_rgb8())
}

/// The sheet while it fills.
struct Page {
    image: RgbImage,
    columns: u32,
    cell: (u32, u32),
}

impl Page {
    fn new(title: &str, columns: u32, posters: usize, first: &RgbImage) -> Self {
        let cell = (POSTER_WIDTH + GAP, first.height() + CAPTION_HEIGHT + GAP);
        let rows = (posters as u32).div_ceil(columns);
        let size = (GAP + columns * cell.0, HEADER_HEIGHT + rows * cell.1);
        let mut image = RgbImage::from_pixel(size.0, size.1, Rgb(PAPER));
        let style = Style { size: 36.0, colour: INK, width: size.0 - 2 * GAP };
        lettering::write(&mut image, title, GAP as i32, 22, style);
        Self { image, columns, cell }
    }

    fn place(&mut self, at: u32, poster: &RgbImage, caption: &str) {
        let left = i64::from(GAP + at % self.columns * self.cell.0);
        let top = i64::from(HEADER_HEIGHT + at / self.columns * self.cell.1);
        image::imageops::replace(&mut self.image, poster, left, top);
        let below = top as i32 + self.cell.1 as i32 - (CAPTION_HEIGHT + GAP) as i32 + 6;
        let style = Style { size: 17.0, colour: FAINT, width: POSTER_WIDTH };
        lettering::write(&mut self.image, caption, left as i32, below, style);
    }
}
