//! Captions as SubRip.

use std::fmt::Write;

use super::captions::{clock, shown};
use crate::kinds::sound::Captions;

/// The text of `film.srt`.
pub fn srt(captions: &Captions) -> String {
    let mut text = String::new();
    for (index, one) in shown(captions).iter().enumerate() {
        let ((from, from_ms), (to, to_ms)) = (clock(one.from_ms), clock(one.to_ms));
        let _ = writeln!(text, "{}\n{from},{from_ms:03} --> {to},{to_ms:03}", index + 1);
        let _ = writeln!(text, "{}\n", one.lines.join("\n"));
    }
    text
}
