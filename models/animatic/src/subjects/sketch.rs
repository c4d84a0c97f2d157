//! A subject as a table entry: its words, its frame, what it can do, and the function that paints it.

use super::canvas::{Canvas, Frame};
use super::colour::Words;
use crate::paint::{Glow, Motion, PaintCx, Painting, Subject, SubjectKind};

/// How a sketch is painted: in metres about its anchor, facing right.
pub type Draw = fn(&mut Canvas<'_>, &PaintCx<'_>, &Words);

/// A subject that one function paints.
pub struct Sketch {
    name: &'static str,
    words: &'static [&'static str],
    kind: SubjectKind,
    frame: Frame,
    draw: Draw,
    moves: &'static [(Motion, u32)],
    sways: bool,
    floats: bool,
    shadow: bool,
    glow: Option<Glow>,
}

impl Sketch {
    /// A still subject. The frame is left, bottom, right, top in metres about the anchor.
    pub const fn new(
        name: &'static str,
        words: &'static [&'static str],
        kind: SubjectKind,
        frame: (f32, f32, f32, f32),
        draw: Draw,
    ) -> Sketch {
        let frame = Frame { left: frame.0, bottom: frame.1, right: frame.2, top: frame.3 };
        let floats = matches!(kind, SubjectKind::Vessel);
        let shadow = !matches!(kind, SubjectKind::Vessel | SubjectKind::Flyer);
        Sketch { name, words, kind, frame, draw, moves: &[], sways: false, floats, shadow, glow: None }
    }

    /// With motions and the frames of their loops.
    pub const fn moving(mut self, moves: &'static [(Motion, u32)]) -> Sketch {
        self.moves = moves;
        self
    }

    /// That leans in the wind.
    pub const fn swaying(mut self) -> Sketch {
        self.sways = true;
        self
    }

    /// That lies on water.
    pub const fn floating(mut self) -> Sketch {
        self.floats = true;
        self.shadow = false;
        self
    }

    /// That casts no contact shadow.
    pub const fn shadowless(mut self) -> Sketch {
        self.shadow = false;
        self
    }

    /// That glows at a place: x, y and radius in metres, and whether by day too.
    pub const fn glowing(mut self, x: f32, y: f32, radius: f32, colour: [f32; 3], always: bool) -> Sketch {
        self.glow = Some(Glow { at: (x, y), radius, colour, always });
        self
    }
}

impl Subject for Sketch {
    fn name(&self) -> &'static str {
        self.name
    }

    fn words(&self) -> &'static [&'static str] {
        self.words
    }

    fn size_metres(&self, description: &str) -> (f32, f32) {
        let frame = self.frame.scaled(Words::new(description).scale());
        (frame.right - frame.left, frame.top - frame.bottom)
    }

    fn phases(&self, motion: Motion) -> u32 {
        self.moves.iter().find(|(m, _)| *m == motion).map_or(1, |(_, n)| *n)
    }

    fn paint(&self, cx: &PaintCx) -> Painting {
        let words = Words::new(cx.description);
        let mut canvas = Canvas::new(cx, self.frame, words.scale());
        (self.draw)(&mut canvas, cx, &words);
        canvas.finish()
    }

    fn kind(&self) -> SubjectKind {
        self.kind
    }

    fn sways(&self) -> bool {
        self.sways
    }

    fn floats(&self) -> bool {
        self.floats
    }

    fn shadow(&self) -> bool {
        self.shadow
    }

    fn glow(&self, description: &str) -> Option<Glow> {
        let by = Words::new(description).scale();
        self.glow.map(|g| Glow { at: (g.at.0 * by, g.at.1 * by), radius: g.radius * by, ..g })
    }
}
