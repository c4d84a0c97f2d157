//! Still images and numbered sequences of them, by the `image` crate: PNG, JPEG, WebP.

use std::fs::File;
use std::io::{BufRead, BufReader, Cursor, Seek};
use std::path::{Path, PathBuf};

use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};

use crate::confined::check_size;
use crate::convert::{picture_from_rgb, picture_from_rgb16};
use crate::error::{MediaError, Result};
use crate::picture::{ClipSpec, Picture, PictureSource};
use crate::whole;

/// What stills may be, in words.
const ALLOWED: &str = "PNG, JPEG and WebP";

/// The size of a still image, upright; `None` where the file is none, by its first bytes. Nothing is decoded, but
/// the whole file is looked at, so that one that is cut off or damaged is told before anything is rendered.
///
/// # Errors
/// The file cannot be read, is a damaged image, or is too large.
pub fn size(path: &Path) -> Result<Option<(u32, u32)>> {
    let Some(mut decoder) = decoder(open(path)?, path)? else { return Ok(None) };
    let (width, height) = decoder.dimensions();
    let turned = turned(decoder.orientation().unwrap_or(Orientation::NoTransforms));
    Ok(Some(if turned { (height, width) } else { (width, height) }))
}

fn turned(orientation: Orientation) -> bool {
    use Orientation::{Rotate90, Rotate90FlipH, Rotate270, Rotate270FlipH};
    matches!(orientation, Rotate90 | Rotate270 | Rotate90FlipH | Rotate270FlipH)
}

fn open(path: &Path) -> Result<BufReader<File>> {
    Ok(BufReader::new(File::open(path).map_err(|source| MediaError::io("read", path, source))?))
}

fn decoder<R: BufRead + Seek + 'static>(
    mut file: R,
    path: &Path,
) -> Result<Option<impl ImageDecoder + use<R>>> {
    let mut head = [0; 12];
    let mut filled = 0;
    while filled < head.len() {
        match file.read(&mut head[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(source) => return Err(MediaError::io("read", path, source)),
        }
    }
    let format = if head.starts_with(b"\x89PNG\r\n\x1a\n") {
        ImageFormat::Png
    } else if head.starts_with(b"\xff\xd8\xff") {
        ImageFormat::Jpeg
    } else if head.starts_with(b"RIFF") && &head[8..] == b"WEBP" {
        ImageFormat::WebP
    } else {
        return Ok(None);
    };
    let read = |source| MediaError::io("read", path, source);
    file.rewind().map_err(read)?;
    let problem = whole::problem(&mut file, format).map_err(read)?;
    file.rewind().map_err(read)?;
    let mut reader = ImageReader::with_format(file, format);
    let mut limits = Limits::default();
    (limits.max_image_width, limits.max_image_height) = (None, None);
    limits.max_alloc = Some(2 << 30);
    reader.limits(limits);
    let decoder = match (reader.into_decoder(), &problem) {
        (Ok(decoder), _) => decoder,
        (Err(_), Some(problem)) => return Err(MediaError::broken(path, *problem)),
        (Err(error), None) => return Err(damaged(path, &error)),
    };
    let (width, height) = decoder.dimensions();
    check_size(path, i64::from(width), i64::from(height))?;
    // Damage is told last: of a file that declares a monstrous size, that is the news.
    problem.map_or(Ok(Some(decoder)), |problem| Err(MediaError::broken(path, problem)))
}

fn damaged(path: &Path, error: &image::ImageError) -> MediaError {
    MediaError::broken(path, format!("is a damaged image: {error}"))
}

/// Reads a still image, upright.
///
/// # Errors
/// The file is no PNG, JPEG or WebP image, is damaged, or is larger than is allowed.
pub fn read_image(path: &Path) -> Result<DynamicImage> {
    upright(decoder(open(path)?, path)?, path)
}

/// The still image that `bytes` are, upright; messages name `path`.
///
/// # Errors
/// As [`read_image`].
pub fn decode_image(bytes: Vec<u8>, path: &Path) -> Result<DynamicImage> {
    upright(decoder(Cursor::new(bytes), path)?, path)
}

fn upright(decoder: Option<impl ImageDecoder>, path: &Path) -> Result<DynamicImage> {
    let Some(mut decoder) = decoder else {
        let (file, what) = (path.to_path_buf(), crate::probe::kind(path)?.to_string());
        return Err(MediaError::NotAllowed { file, what, allowed: ALLOWED });
    };
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut image = DynamicImage::from_decoder(decoder).map_err(|error| damaged(path, &error))?;
    image.apply_orientation(orientation);
    Ok(image)
}

/// Reads a still image as a picture. Where it is transparent it shows black.
///
/// # Errors
/// As [`read_image`].
pub fn read_still(path: &Path) -> Result<Picture> {
    let image = read_image(path)?;
    let size = (image.width(), image.height());
    let mut picture = Picture::default();
    let color = image.color();
    if color.has_alpha() {
        let rgb: Vec<u16> = image
            .into_rgba16()
            .pixels()
            .flat_map(|pixel| {
                let [r, g, b, a] = pixel.0.map(u32::from);
                [r, g, b].map(|value| ((value * a + 32_767) / 65_535) as u16)
            })
            .collect();
        picture_from_rgb16(&rgb, size, &mut picture);
    } else if color.bytes_per_pixel() > 3 || color.bytes_per_pixel() == 2 {
        picture_from_rgb16(&image.into_rgb16(), size, &mut picture);
    } else {
        picture_from_rgb(&image.into_rgb8(), size, &mut picture);
    }
    Ok(picture)
}

/// Numbered images as a clip. All have the first one's size.
pub struct SequenceReader {
    files: Vec<PathBuf>,
    spec: ClipSpec,
    last: Option<(u64, Picture)>,
}

impl SequenceReader {
    /// The images in their order, at a rate.
    ///
    /// # Errors
    /// There are none, or the first cannot be read.
    pub fn open(files: Vec<PathBuf>, rate: (u32, u32)) -> Result<Self> {
        crate::encode::check_rate(rate)?;
        let first = files.first().ok_or_else(|| MediaError::Parameter("a sequence without images".into()))?;
        let picture = read_still(first)?;
        let size = (picture.width, picture.height);
        let rate = crate::index::reduced(rate.0, rate.1);
        let spec = ClipSpec { size, rate, frames: Some(files.len() as u64) };
        Ok(Self { files, spec, last: Some((0, picture)) })
    }
}

impl PictureSource for SequenceReader {
    fn spec(&self) -> &ClipSpec {
        &self.spec
    }

    fn picture(&mut self, index: u64, out: &mut Picture) -> Result<()> {
        if let Some((at, picture)) = &self.last
            && *at == index
        {
            out.clone_from(picture);
            return Ok(());
        }
        let file = usize::try_from(index).ok().and_then(|at| self.files.get(at));
        let file = file.ok_or_else(|| MediaError::BeyondEnd {
            file: self.files[0].clone(),
            index,
            frames: self.files.len() as u64,
        })?;
        let picture = read_still(file)?;
        if (picture.width, picture.height) != self.spec.size {
            let (has, wanted) = ((picture.width, picture.height), self.spec.size);
            let words = format!("is {}x{}, the sequence {}x{}", has.0, has.1, wanted.0, wanted.1);
            return Err(MediaError::broken(file, words));
        }
        out.clone_from(&picture);
        self.last = Some((index, picture));
        Ok(())
    }
}
