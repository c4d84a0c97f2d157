//! Raw pictures: planar YUV 4:2:0 of 16 bits a sample, BT.709, studio range, chroma sited left.
//!
//! Black is Y 4096, white 60160; chroma is neutral at 32768 and spans 4096..61440.

/// Y of black.
pub const BLACK: u16 = 4096;
/// Y of white.
pub const WHITE: u16 = 60160;
/// Chroma of grey.
pub const NEUTRAL: u16 = 32768;

/// A picture to write into. Each plane is dense: its stride is its width.
#[derive(Debug)]
pub struct Planes<'a> {
    /// Width in luma pixels.
    pub width: usize,
    /// Height in luma pixels.
    pub height: usize,
    /// Luma: `width * height`.
    pub y: &'a mut [u16],
    /// Blue difference: `chroma_width * chroma_height`.
    pub cb: &'a mut [u16],
    /// Red difference: `chroma_width * chroma_height`.
    pub cr: &'a mut [u16],
}

/// A picture to read.
#[derive(Clone, Copy, Debug)]
pub struct PlanesRef<'a> {
    /// Width in luma pixels.
    pub width: usize,
    /// Height in luma pixels.
    pub height: usize,
    /// Luma.
    pub y: &'a [u16],
    /// Blue difference.
    pub cb: &'a [u16],
    /// Red difference.
    pub cr: &'a [u16],
}

/// Width and height of the chroma planes of a picture of that size.
pub fn chroma_size(width: usize, height: usize) -> (usize, usize) {
    (width.div_ceil(2), height.div_ceil(2))
}

impl Planes<'_> {
    /// The same picture, to read.
    pub fn as_ref(&self) -> PlanesRef<'_> {
        PlanesRef { width: self.width, height: self.height, y: self.y, cb: self.cb, cr: self.cr }
    }

    /// Copies a picture of the same size.
    pub fn copy_from(&mut self, other: PlanesRef<'_>) {
        self.y.copy_from_slice(other.y);
        self.cb.copy_from_slice(other.cb);
        self.cr.copy_from_slice(other.cr);
    }
}

/// A picture that owns its planes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Width in luma pixels.
    pub width: usize,
    /// Height in luma pixels.
    pub height: usize,
    /// Luma.
    pub y: Vec<u16>,
    /// Blue difference.
    pub cb: Vec<u16>,
    /// Red difference.
    pub cr: Vec<u16>,
}

impl Picture {
    /// A black picture.
    pub fn black(width: usize, height: usize) -> Self {
        let (cw, ch) = chroma_size(width, height);
        Picture {
            width,
            height,
            y: vec![BLACK; width * height],
            cb: vec![NEUTRAL; cw * ch],
            cr: vec![NEUTRAL; cw * ch],
        }
    }

    /// To write into.
    pub fn planes(&mut self) -> Planes<'_> {
        Planes { width: self.width, height: self.height, y: &mut self.y, cb: &mut self.cb, cr: &mut self.cr }
    }

    /// To read.
    pub fn view(&self) -> PlanesRef<'_> {
        PlanesRef { width: self.width, height: self.height, y: &self.y, cb: &self.cb, cr: &self.cr }
    }
}

impl PlanesRef<'_> {
    /// The picture as 8-bit sRGB, for looking at; chroma is taken from the nearest sample.
    pub fn to_rgb(self) -> image::RgbImage {
        let (cw, _) = chroma_size(self.width, self.height);
        image::RgbImage::from_fn(self.width as u32, self.height as u32, |x, y| {
            let (x, y) = (x as usize, y as usize);
            let at = (y / 2) * cw + x / 2;
            let luma = (f32::from(self.y[y * self.width + x]) - 4096.0) / 56064.0;
            let cb = (f32::from(self.cb[at]) - 32768.0) / 57344.0;
            let cr = (f32::from(self.cr[at]) - 32768.0) / 57344.0;
            let red = luma + 1.5748 * cr;
            let green = luma - 0.187_324 * cb - 0.468_124 * cr;
            let blue = luma + 1.8556 * cb;
            image::Rgb([red, green, blue].map(|v| (v * 255.0 + 0.5).clamp(0.0, 255.0) as u8))
        })
    }
}
