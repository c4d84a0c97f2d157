//! What it means to be a thing in a picture: the interface between the scene, which places and
//! lights things, and [`crate::subjects`], which paint them.
//!
//! A subject is painted in metres, standing on its ground point, into a small premultiplied RGBA
//! picture that the scene hangs up as a billboard. Painting is pure: the same [`PaintCx`] gives the
//! same bytes on every run. Contact shadows, fog and depth are the scene's; light and shade on the
//! thing itself are the painting's.

use tiny_skia::Pixmap;

/// A painted subject.
#[derive(Clone, Debug, PartialEq)]
pub struct Painting {
    /// Premultiplied sRGB RGBA, 8 bits a sample.
    pub pixmap: Pixmap,
    /// The point on the ground (the pivot, for what flies or hangs), in pixels from the top left.
    pub anchor: (f32, f32),
    /// The scale it was really painted at: what was asked, or less where `max_px` capped it.
    pub px_per_metre: f32,
}

/// The light that falls on a subject. Colours are sRGB multipliers: white leaves a colour as it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Light {
    /// What the lit side's colour is multiplied by.
    pub key: [f32; 3],
    /// What the shaded side's colour is multiplied by.
    pub ambient: [f32; 3],
    /// Where the light stands: -1 at the left, 0 in front, 1 at the right.
    pub direction: f32,
    /// A bright edge towards the light, if the subject stands against it.
    pub rim: Option<[f32; 3]>,
    /// Whether windows, lamps and fires glow.
    pub night: bool,
}

impl Light {
    /// Plain daylight from the left.
    pub const DAY: Light = Light {
        key: [1.0, 0.98, 0.93],
        ambient: [0.66, 0.69, 0.8],
        direction: -0.7,
        rim: None,
        night: false,
    };
}

impl Default for Light {
    fn default() -> Self {
        Light::DAY
    }
}

/// What a subject is doing. A subject that cannot do it does what it can ([`Subject::phases`]).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Motion {
    /// Not moving at all.
    #[default]
    Still,
    /// Standing and breathing; idling; flickering; swaying.
    Idle,
    /// Walking; a vehicle driving.
    Walk,
    /// Running; a horse galloping.
    Run,
    /// Sitting on something about 0.45 m high, which is not painted.
    Sit,
    /// Both hands on a rail before the figure, about 1 m high, which is not painted.
    Grip,
    /// Holding the described thing out or up.
    Hold,
    /// Looking out with a hand to the brow.
    Look,
    /// Pointing ahead.
    Point,
    /// Waving an arm.
    Wave,
    /// Rowing, seated.
    Row,
    /// Flying; wings in their beat.
    Fly,
    /// Swimming.
    Swim,
    /// Head down to the grass.
    Graze,
    /// Going round: a lighthouse's lamp, a windmill's sails.
    Turn,
}

/// Which way a subject faces, as seen in the picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Facing {
    /// Towards the picture's left.
    Left,
    /// Towards the picture's right.
    #[default]
    Right,
    /// Towards us.
    Front,
    /// Away from us.
    Back,
}

/// What a face does besides being itself; only figures and portraits heed it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Face {
    /// How far the mouth is open: 0 closed, 1 wide.
    pub mouth: f32,
    /// How far the lids are down: 0 open, 1 shut.
    pub blink: f32,
    /// Where the eyes look: -1 left, 1 right in the picture.
    pub gaze: f32,
    /// -1 sorrow, 0 calm, 1 joy.
    pub mood: f32,
}

impl Default for Face {
    fn default() -> Self {
        Face { mouth: 0.0, blink: 0.0, gaze: 0.0, mood: 0.0 }
    }
}

/// Everything a subject is painted from.
#[derive(Clone, Debug)]
pub struct PaintCx<'a> {
    /// Pixels for a metre.
    pub px_per_metre: f32,
    /// The light it stands in.
    pub light: &'a Light,
    /// Decides what the description leaves open where many of a kind differ (trees, rocks).
    pub seed: u64,
    /// The words that describe it: "a rusted iron rail".
    pub description: &'a str,
    /// Which frame of the motion's loop, from 0; taken modulo `phases`.
    pub phase: u32,
    /// Frames in the loop: [`Subject::phases`], or any other number to sample the loop finer.
    pub phases: u32,
    /// What it does.
    pub motion: Motion,
    /// Which way it faces.
    pub facing: Facing,
    /// What the face does.
    pub face: Face,
    /// The longest side a painting may have, in pixels; it is painted smaller where it would exceed it.
    pub max_px: u32,
}

impl<'a> PaintCx<'a> {
    /// A still picture of a described thing.
    pub fn new(description: &'a str, light: &'a Light, px_per_metre: f32) -> Self {
        PaintCx {
            px_per_metre,
            light,
            seed: 0,
            description,
            phase: 0,
            phases: 1,
            motion: Motion::Still,
            facing: Facing::Right,
            face: Face::default(),
            max_px: 4096,
        }
    }

    /// How far the motion's loop has run: 0 at its start, below 1.
    pub fn cycle(&self) -> f32 {
        let phases = self.phases.max(1);
        (self.phase % phases) as f32 / phases as f32
    }
}

/// What sort of thing a subject is, for where the scene may put it and how it moves as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SubjectKind {
    /// A human being.
    Person,
    /// An animal on the ground or in the water.
    Creature,
    /// Something in the air.
    Flyer,
    /// Something that floats.
    Vessel,
    /// Something that drives.
    Vehicle,
    /// A building or another structure.
    Building,
    /// Something that grows, or a rock.
    Plant,
    /// Something one can carry or hang up.
    Thing,
    /// Something that stands in a room.
    Furniture,
}

/// Something that can stand in a picture.
pub trait Subject: Sync {
    /// Its name: "lighthouse".
    fn name(&self) -> &'static str;
    /// The words and phrases it answers to, in the singular, in lower case.
    fn words(&self) -> &'static [&'static str];
    /// Width and height in metres, as described ("a small boat").
    fn size_metres(&self, description: &str) -> (f32, f32);
    /// Frames in a motion's loop; 1 if it holds still in it.
    fn phases(&self, motion: Motion) -> u32;
    /// Paints it.
    fn paint(&self, cx: &PaintCx) -> Painting;
    /// What sort of thing it is.
    fn kind(&self) -> SubjectKind;
    /// Whether it leans in the wind.
    fn sways(&self) -> bool {
        false
    }
    /// Whether it lies on water and bobs.
    fn floats(&self) -> bool {
        self.kind() == SubjectKind::Vessel
    }
    /// Whether it casts a contact shadow on the ground at its anchor.
    fn shadow(&self) -> bool {
        !self.floats() && self.kind() != SubjectKind::Flyer
    }
    /// Where it glows at night (or always, as a fire does): metres from its anchor, x to the
    /// right and y up as seen facing right, then the glow's radius, then its sRGB colour.
    fn glow(&self, _description: &str) -> Option<Glow> {
        None
    }
}

/// A light that a subject carries.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Glow {
    /// Metres from the anchor, x right and y up, for the subject facing right.
    pub at: (f32, f32),
    /// How far the glow reaches, in metres.
    pub radius: f32,
    /// Its colour, sRGB 0..1.
    pub colour: [f32; 3],
    /// Whether it glows by day too.
    pub always: bool,
}

/// Every subject there is, in a fixed order.
pub fn all() -> &'static [&'static dyn Subject] {
    crate::subjects::ALL
}

/// Words that end the part of a phrase that says what the thing is.
const LINKS: &[&str] = &[
    "on", "in", "at", "with", "by", "above", "near", "under", "from", "to", "into", "over", "beside",
    "behind", "before", "that", "who", "which", "against", "along", "through", "of",
];

/// The subject that a word or phrase names: "gulls", "a dented brass storm lamp", "a flock of gulls".
///
/// The longest run of words that a subject answers to wins, the later of two; what follows a
/// preposition is not looked at, except after "of" when the part before it names nothing.
pub fn find(word_or_phrase: &str) -> Option<&'static dyn Subject> {
    let lower = word_or_phrase.to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| !c.is_alphanumeric() && c != '-' && c != '\'')
        .filter(|w| !w.is_empty())
        .collect();
    let head_end = words.iter().position(|w| LINKS.contains(w)).unwrap_or(words.len());
    let head = find_in(&words[..head_end]);
    if head.is_some() || words.get(head_end) != Some(&"of") {
        return head;
    }
    let rest = &words[head_end + 1..];
    let end = rest.iter().position(|w| LINKS.contains(w)).unwrap_or(rest.len());
    find_in(&rest[..end])
}

/// The subject named by the longest and latest run of these words.
fn find_in(words: &[&str]) -> Option<&'static dyn Subject> {
    for length in (1..=words.len().min(3)).rev() {
        for start in (0..=words.len() - length).rev() {
            let phrase = words[start..start + length].join(" ");
            if let Some(found) =
                named(&phrase).or_else(|| singular(&phrase).iter().find_map(|one| named(one)))
            {
                return Some(found);
            }
        }
    }
    None
}

/// The subject that answers to exactly this phrase.
fn named(phrase: &str) -> Option<&'static dyn Subject> {
    all().iter().copied().find(|subject| subject.words().contains(&phrase))
}

/// What the singular of a phrase may be, by English rule and a few exceptions.
fn singular(phrase: &str) -> Vec<String> {
    const ODD: &[(&str, &str)] = &[
        ("men", "man"),
        ("people", "person"),
        ("children", "child"),
        ("wolves", "wolf"),
        ("leaves", "leaf"),
        ("shelves", "shelf"),
        ("geese", "goose"),
        ("mice", "mouse"),
        ("oxen", "ox"),
        ("feet", "foot"),
    ];
    let mut out = Vec::new();
    for (many, one) in ODD {
        if let Some(stem) = phrase.strip_suffix(many) {
            out.push(format!("{stem}{one}"));
        }
    }
    if let Some(stem) = phrase.strip_suffix("ies") {
        out.push(format!("{stem}y"));
    }
    for end in ["es", "s"] {
        if let Some(stem) = phrase.strip_suffix(end) {
            out.push(stem.to_owned());
        }
    }
    out
}
