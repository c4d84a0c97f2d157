//! `sheet`: the contact sheet, a poster a shot with its name and place in time.

use std::collections::BTreeMap;
use std::io::Write;

use image::imageops::FilterType;
use image::{ImageFormat, Rgb, RgbImage};
use png::EncodingError;
use storyreel_engine::kinds::film as params;
use storyreel_engine::kinds::{Kind, SHEET};
use storyreel_engine::run::protocol::{Blob, Failure};

use crate::failure::OrFailure;
use crate::inputs::Inputs;
use crate::lettering::{self, Style};
use crate::node::{Stored, Work};

const POSTER_WIDTH: u32 = 480;
/// Taller ones, such as of a film for telephones, are made narrower.
const POSTER_HEIGHT: u32 = 960;
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

    /// Written row after row, so that the sheet of a long film takes no more memory than a short one's.
    fn run(&self, work: &Work<'_>, mut inputs: Inputs) -> Result<BTreeMap<String, Blob>, Failure> {
        let params: params::Sheet = work.params()?;
        let posters = inputs.blobs("posters")?;
        let first = posters.first().ok_or_else(|| Failure::permanent("a contact sheet of no shots"))?;
        let poster_height = read_poster(&work.context.cache.read(first)?)?.height();
        let form = Form::new(params.columns, posters.len() as u32, poster_height);
        let mut blob = work.context.cache.writer()?;
        let mut page = page(&mut blob, form).or_failure()?;
        let mut lines = page.stream_writer().or_failure()?;
        lines.write_all(&form.header(&params.title)).map_err(EncodingError::from).or_failure()?;
        for (row, cells) in posters.chunks(form.columns as usize).enumerate() {
            let mut strip = form.row();
            for (column, poster) in cells.iter().enumerate() {
                work.context.check()?;
                let at = row * form.columns as usize + column;
                let poster = read_poster(&work.context.cache.read(poster)?)?;
                let caption = params.captions.get(at).map_or("", String::as_str);
                form.place(&mut strip, column as u32, &poster, caption);
                work.context.progress(at as u64 + 1, posters.len() as u64, "sheet");
            }
            lines.write_all(&strip).map_err(EncodingError::from).or_failure()?;
        }
        lines.finish().or_failure()?;
        page.finish().or_failure()?;
        Ok(BTreeMap::from([("sheet".to_owned(), blob.finish()?)]))
    }
}

fn read_poster(bytes: &[u8]) -> Result<RgbImage, Failure> {
    let image = image::load_from_memory_with_format(bytes, ImageFormat::Png)
        .map_err(|error| Failure::permanent(format!("a poster cannot be read: {error}")))?;
    let (wide, tall) = (image.width().max(1), image.height().max(1));
    let height = (POSTER_WIDTH * tall).div_ceil(wide).min(POSTER_HEIGHT);
    let width = (height * wide).div_ceil(tall).min(POSTER_WIDTH);
    Ok(image.resize_exact(width, height, FilterType::CatmullRom).into_rgb8())
}

/// A PNG that takes its lines as they come.
fn page<W: Write>(out: W, form: Form) -> Result<png::Writer<W>, EncodingError> {
    let mut encoder = png::Encoder::new(out, form.width(), form.height());
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.write_header()
}

/// The sheet's measures in pixels.
#[derive(Clone, Copy)]
struct Form {
    columns: u32,
    rows: u32,
    cell: (u32, u32),
}

impl Form {
    fn new(columns: u32, posters: u32, poster_height: u32) -> Self {
        let columns = columns.clamp(1, posters.max(1));
        let cell = (POSTER_WIDTH + GAP, poster_height + CAPTION_HEIGHT + GAP);
        Self { columns, rows: posters.div_ceil(columns), cell }
    }

    fn width(self) -> u32 {
        GAP + self.columns * self.cell.0
    }

    fn height(self) -> u32 {
        HEADER_HEIGHT + self.rows * self.cell.1
    }

    fn header(self, title: &str) -> RgbImage {
        let mut strip = RgbImage::from_pixel(self.width(), HEADER_HEIGHT, Rgb(PAPER));
        let style = Style { size: 36.0, colour: INK, width: self.width() - 2 * GAP };
        lettering::write(&mut strip, title, GAP as i32, 22, style);
        strip
    }

    fn row(self) -> RgbImage {
        RgbImage::from_pixel(self.width(), self.cell.1, Rgb(PAPER))
    }

    fn place(self, strip: &mut RgbImage, column: u32, poster: &RgbImage, caption: &str) {
        let left = GAP + column * self.cell.0;
        image::imageops::replace(strip, poster, i64::from(left), 0);
        let below = (self.cell.1 - CAPTION_HEIGHT - GAP) as i32 + 6;
        let style = Style { size: 17.0, colour: FAINT, width: POSTER_WIDTH };
        lettering::write(strip, caption, left as i32, below, style);
    }
}
