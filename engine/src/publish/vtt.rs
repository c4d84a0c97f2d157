//! Captions as WebVTT, with who speaks.

use std::fmt::Write;

use super::captions::{clock, shown};
use crate::kinds::sound::Captions;

/// The text of `film.vtt`.
pub fn vtt(captions: &Captions) -> String {
    let mut text = "WEBVTT\n\n".to_owned();
    for (index, one) in shown(captions).iter().enumerate() {
        let ((from, from_ms), (to, to_ms)) = (clock(one.from_ms), clock(one.to_ms));
        let _ = writeln!(text, "{}\n{from}.{from_ms:03} --> {to}.{to_ms:03}", index + 1);
        let voice =
            if one.speaker.is_empty() { String::new() } else { format!("<v {}>", escaped(&one.speaker)) };
        let _ = writeln!(text, "{voice}{}\n", escaped(&one.lines.join("\n")));
    }
    text
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
