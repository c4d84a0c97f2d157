//! A picture as the drawing crate sees it.

use storyreel_animatic::{Planes, PlanesRef};
use storyreel_media::Picture;

/// To draw into.
pub fn planes(picture: &mut Picture) -> Planes<'_> {
    Planes {
        width: picture.width as usize,
        height: picture.height as usize,
        y: &mut picture.y,
        cb: &mut picture.cb,
        cr: &mut picture.cr,
    }
}

/// To read from.
pub fn view(picture: &Picture) -> PlanesRef<'_> {
    PlanesRef {
        width: picture.width as usize,
        height: picture.height as usize,
        y: &picture.y,
        cb: &picture.cb,
        cr: &picture.cr,
    }
}
