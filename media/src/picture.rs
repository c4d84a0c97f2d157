//! The one form that pictures take between nodes, and the trait of whatever gives them.

use crate::error::Result;

/// Luma of black: 16 x 256.
pub const BLACK: u16 = 4096;
/// Luma of white: 235 x 256.
pub const WHITE: u16 = 60160;
/// Chroma of grey: 128 x 256.
pub const NEUTRAL: u16 = 32768;

/// A picture in planar Y'CbCr 4:2:0, 16 bits a sample: BT.709 matrix and transfer, studio range
/// times 256 (Y 4096..=60160, Cb and Cr 4096..=61440, grey 32768), chroma sited left.
///
/// Rows are tightly packed: `y` is `width x height`, `cb` and `cr` are `(width + 1) / 2` by
/// `(height + 1) / 2`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picture {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Luma.
    pub y: Vec<u16>,
    /// Blue difference.
    pub cb: Vec<u16>,
    /// Red difference.
    pub cr: Vec<u16>,
}

impl Picture {
    /// A black picture.
    pub fn new(width: u32, height: u32) -> Self {
        let mut picture = Self::default();
        picture.reshape(width, height);
        picture.fill(BLACK, NEUTRAL, NEUTRAL);
        picture
    }

    /// Gives the picture another size; what it then shows is unspecified.
    pub fn reshape(&mut self, width: u32, height: u32) {
        (self.width, self.height) = (width, height);
        let (across, down) = self.chroma_size();
        self.y.resize(width as usize * height as usize, BLACK);
        self.cb.resize(across * down, NEUTRAL);
        self.cr.resize(across * down, NEUTRAL);
    }

    /// One colour everywhere.
    pub fn fill(&mut self, y: u16, cb: u16, cr: u16) {
        self.y.fill(y);
        self.cb.fill(cb);
        self.cr.fill(cr);
    }

    /// Samples across and down of the chroma planes.
    pub fn chroma_size(&self) -> (usize, usize) {
        (self.width.div_ceil(2) as usize, self.height.div_ceil(2) as usize)
    }

    /// The planes in the order Y, Cb, Cr, each with its samples across.
    pub fn planes(&self) -> [(&[u16], usize); 3] {
        let across = self.chroma_size().0;
        [(&self.y, self.width as usize), (&self.cb, across), (&self.cr, across)]
    }

    /// The planes to write to, each with its samples across.
    pub fn planes_mut(&mut self) -> [(&mut [u16], usize); 3] {
        let across = self.chroma_size().0;
        [(&mut self.y, self.width as usize), (&mut self.cb, across), (&mut self.cr, across)]
    }
}

/// What a clip gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClipSpec {
    /// Width and height of every picture, square pixels.
    pub size: (u32, u32),
    /// Pictures a second, as a reduced fraction.
    pub rate: (u32, u32),
    /// How many pictures; `None` where there is no end, as for a still.
    pub frames: Option<u64>,
}

/// A clip that gives any of its pictures. Asking in order is the fast way.
pub trait PictureSource: Send {
    /// Size, rate, length.
    fn spec(&self) -> &ClipSpec;

    /// Makes `out` picture `index`, of this clip's size whatever `out` was before.
    ///
    /// # Errors
    /// `index` is beyond the end, or the file is damaged there.
    fn picture(&mut self, index: u64, out: &mut Picture) -> Result<()>;
}
