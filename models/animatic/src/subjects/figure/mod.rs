//! People: figures and portraits from their description, or after a reference picture.

mod arm;
mod body;
mod bust;
mod hair;
mod hat;
mod head;
pub mod look;
mod pose;
mod props;
mod reference;

use super::canvas::{Canvas, Frame};
use crate::paint::{Face, Facing, Motion, PaintCx, Painting, Subject, SubjectKind};
use look::{Hat, Look, Prop};
pub use reference::Reference;
use std::f32::consts::TAU;

/// How a character looks, everywhere it appears: from its description, and its reference picture if
/// it has one.
#[derive(Clone, Debug)]
pub struct CharacterLook {
    look: Look,
    reference: Option<Reference>,
}

impl CharacterLook {
    /// From words alone. The same words are the same person.
    pub fn describe(description: &str) -> CharacterLook {
        CharacterLook { look: Look::read(description), reference: None }
    }

    /// From words and a picture: a picture of the whole figure stands in for it as it is, a portrait
    /// for the close-ups; either way the drawn figure takes its colours from the picture.
    pub fn from_reference(description: &str, image: &image::RgbaImage) -> CharacterLook {
        let mut look = Look::read(description);
        let reference = Reference::cut(image);
        if let Some(reference) = &reference {
            reference.colour(&mut look);
        }
        CharacterLook { look, reference }
    }

    /// Metres from heel to crown.
    pub fn height(&self) -> f32 {
        self.look.height
    }

    /// The same one with a described thing in hand, where hands hold such a thing.
    pub fn carrying(mut self, thing: &str) -> Self {
        self.look.prop = Look::read(thing).prop.or(self.look.prop);
        self
    }

    /// The parsed look.
    pub fn look(&self) -> &Look {
        &self.look
    }

    /// The cut-out reference picture, if there is one.
    pub fn reference(&self) -> Option<&Reference> {
        self.reference.as_ref()
    }

    /// Frames in a motion's loop, for figures and portraits alike.
    pub fn phases(&self, motion: Motion) -> u32 {
        phases(motion)
    }

    /// The whole figure, anchored between its heels.
    pub fn figure(&self, cx: &PaintCx<'_>) -> Painting {
        let plain = matches!(cx.motion, Motion::Still | Motion::Idle);
        if let Some(full) =
            self.reference.as_ref().filter(|r| r.is_full() && plain && cx.facing != Facing::Back)
        {
            return full.standing(cx, self.look.height);
        }
        let h = self.look.height;
        let (top, wide) = match self.look.prop {
            Some((Prop::Umbrella | Prop::Balloon | Prop::Rod, _)) => (1.7, 0.85),
            _ => (1.2, 0.5),
        };
        let frame = Frame { left: -wide * h, bottom: -0.03 * h, right: wide * h, top: top * h };
        let mut canvas = Canvas::new(cx, frame, 1.0);
        let joints = pose::joints(&self.look, cx.motion, cx.cycle(), cx.facing);
        let body = body::Body { look: &self.look, joints, facing: cx.facing, face: mirrored(cx) };
        canvas.at(0.0, 0.0, 0.0, h, |cv| body.paint(cv));
        canvas.finish()
    }

    /// Only what hands hold of a described thing, where a figure of this look that stands at the anchor
    /// would hold it; none for things that hands do not hold.
    pub fn in_hand(&self, cx: &PaintCx<'_>) -> Option<Painting> {
        let (prop, colour) = Look::read(cx.description).prop?;
        let h = self.look.height;
        let frame = Frame { left: -0.85 * h, bottom: -0.03 * h, right: 0.85 * h, top: 1.7 * h };
        let hand = if matches!(prop, Prop::Umbrella | Prop::Balloon) { (0.07, 0.56) } else { (0.15, 0.42) };
        let mut canvas = Canvas::new(cx, frame, 1.0);
        canvas.at(0.0, 0.0, 0.0, h, |cv| {
            cv.at(hand.0, hand.1, 0.0, 1.0, |cv| props::paint(cv, prop, colour, hand.1));
        });
        Some(canvas.finish())
    }

    /// Width and height of the portrait's frame in metres; it is anchored at the middle of its lower
    /// edge, which belongs at or under the picture's.
    pub fn bust_size(&self) -> (f32, f32) {
        (0.72, 0.7)
    }

    /// The height of the eyes over the portrait's lower edge, in metres.
    pub fn bust_eyes(&self) -> f32 {
        0.44
    }

    /// An arm held up from below, anchored where its hand closes: the sleeve, or the fist alone.
    pub fn raised_hand(&self, cx: &PaintCx<'_>, fist: bool) -> Painting {
        let frame = Frame { left: -0.42, bottom: -0.72, right: 0.12, top: 0.10 };
        let mut canvas = Canvas::new(cx, frame, 1.0);
        if fist {
            arm::fist(&mut canvas, &self.look)
        } else {
            arm::sleeve(&mut canvas, &self.look)
        }
        canvas.finish()
    }

    /// Head and shoulders: facing `Front`, three-quarter `Left` or `Right`, or from behind.
    pub fn bust(&self, cx: &PaintCx<'_>) -> Painting {
        if let Some(portrait) = self.reference.as_ref().filter(|r| !r.is_full() && cx.facing != Facing::Back)
        {
            return portrait.portrait(cx, self.bust_size());
        }
        let (w, h) = self.bust_size();
        let mut canvas = Canvas::new(cx, Frame { left: -w / 2.0, bottom: 0.0, right: w / 2.0, top: h }, 1.0);
        let breath = if cx.phases > 1 { (cx.cycle() * TAU).sin() } else { 0.0 };
        let bust = bust::Bust { look: &self.look, facing: cx.facing, face: mirrored(cx), breath };
        canvas.at(-0.01, 0.435, 0.0, 0.245, |cv| bust.paint(cv));
        canvas.finish()
    }
}

/// The face with its gaze as a mirrored canvas needs it.
fn mirrored(cx: &PaintCx<'_>) -> Face {
    let gaze = if cx.facing == Facing::Left { -cx.face.gaze } else { cx.face.gaze };
    Face { gaze, ..cx.face }
}

fn phases(motion: Motion) -> u32 {
    match motion {
        Motion::Walk => 12,
        Motion::Run => 10,
        Motion::Idle | Motion::Look | Motion::Sit | Motion::Grip | Motion::Hold => 16,
        Motion::Wave | Motion::Row | Motion::Point => 12,
        _ => 1,
    }
}

/// Anyone who is only named in passing: "an old fisherman".
pub struct Figure;

/// Anyone.
pub static FIGURE: Figure = Figure;

impl Subject for Figure {
    fn name(&self) -> &'static str {
        "figure"
    }

    fn words(&self) -> &'static [&'static str] {
        &[
            "figure",
            "person",
            "man",
            "woman",
            "child",
            "boy",
            "girl",
            "kid",
            "lady",
            "gentleman",
            "stranger",
            "traveller",
            "traveler",
            "fisherman",
            "sailor",
            "captain",
            "keeper",
            "farmer",
            "king",
            "queen",
            "soldier",
            "dancer",
            "walker",
            "runner",
            "hiker",
            "mother",
            "father",
            "grandmother",
            "grandfather",
            "daughter",
            "son",
            "sister",
            "brother",
            "friend",
            "neighbour",
            "postman",
            "policeman",
            "waiter",
            "waitress",
            "cook",
            "baker",
            "doctor",
            "nurse",
            "teacher",
            "musician",
            "cellist",
            "pianist",
            "violinist",
            "painter",
            "writer",
            "detective",
            "witch",
            "wizard",
            "monk",
            "nun",
            "shepherd",
            "hunter",
            "couple",
            "passer-by",
            "pedestrian",
            "commuter",
            "passenger",
            "swimmer",
            "rider",
            "rower",
            "human",
            "silhouette",
            "wanderer",
            "driver",
            "guard",
            "worker",
            "student",
        ]
    }

    fn size_metres(&self, description: &str) -> (f32, f32) {
        let look = Look::read(description);
        (
            look.height * 0.36,
            look.height * if look.hat.is_some_and(|(h, _)| h == Hat::Top) { 1.1 } else { 1.0 },
        )
    }

    fn phases(&self, motion: Motion) -> u32 {
        phases(motion)
    }

    fn paint(&self, cx: &PaintCx) -> Painting {
        CharacterLook::describe(cx.description).figure(cx)
    }

    fn kind(&self) -> SubjectKind {
        SubjectKind::Person
    }
}
