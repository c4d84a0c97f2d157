//! Colour, or none.

use std::fmt::Display;

/// What colours mean here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// Names, headings.
    Strong,
    /// What one need not read.
    Faint,
    /// Well done.
    Good,
    /// Worth a look.
    Warn,
    /// Wrong.
    Bad,
    /// Work going on.
    Busy,
}

/// Colours text, or leaves it alone.
#[derive(Clone, Copy, Debug, Default)]
pub struct Paint {
    on: bool,
}

impl Paint {
    /// Colours if `on`.
    pub const fn new(on: bool) -> Self {
        Self { on }
    }

    /// Whether it colours.
    pub const fn on(self) -> bool {
        self.on
    }

    /// `text` in that colour.
    pub fn with(self, ink: Ink, text: impl Display) -> String {
        if !self.on {
            return text.to_string();
        }
        let code = match ink {
            Ink::Strong => "1",
            Ink::Faint => "2",
            Ink::Good => "32",
            Ink::Warn => "33",
            Ink::Bad => "1;31",
            Ink::Busy => "36",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }
}
