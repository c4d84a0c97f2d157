//! `transition`: the pictures in which one clip becomes the next, or comes from or goes to black.

use storyreel_animatic::transition::{Way, dissolve, through_black, weight, wipe};
use storyreel_engine::kinds::edit::{self as params, TransitionShape};
use storyreel_engine::kinds::{Kind, TRANSITION};
use storyreel_engine::run::protocol::Failure;
use storyreel_media::{ClipSpec, MediaError, Picture, PictureSource};

use crate::inputs::Inputs;
use crate::node::{Streamed, Work};
use crate::planes::{planes, view};

/// The kind.
pub struct Transition;

impl Streamed for Transition {
    fn kind(&self) -> &'static Kind {
        &TRANSITION
    }

    fn open(&self, work: &Work<'_>, mut inputs: Inputs) -> Result<Box<dyn PictureSource>, Failure> {
        let params: params::Transition = work.params()?;
        let mut clips = inputs.clips("clips")?.into_iter();
        let outgoing = side(params.outgoing_from, &mut clips)?;
        let incoming = side(params.incoming_from, &mut clips)?;
        let Some(spec) = [&outgoing, &incoming].into_iter().flatten().map(|side| side.clip.spec()).next()
        else {
            return Err(Failure::permanent("a transition between no clips"));
        };
        let spec = ClipSpec { frames: Some(params.frames.0.max(0) as u64), ..spec.clone() };
        Ok(Box::new(Between { spec, shape: params.shape, outgoing, incoming, pair: Default::default() }))
    }
}

/// One of the two clips, from the picture at which the transition starts.
struct Side {
    clip: Box<dyn PictureSource>,
    from: u64,
}

fn side(
    from: Option<storyreel_engine::units::Frames>,
    clips: &mut impl Iterator<Item = Box<dyn PictureSource>>,
) -> Result<Option<Side>, Failure> {
    let Some(from) = from else { return Ok(None) };
    let clip = clips.next().ok_or_else(|| Failure::permanent("a transition lacks one of its clips"))?;
    Ok(Some(Side { clip, from: from.0.max(0) as u64 }))
}

struct Between {
    spec: ClipSpec,
    shape: TransitionShape,
    outgoing: Option<Side>,
    incoming: Option<Side>,
    /// The two pictures that meet.
    pair: [Picture; 2],
}

impl PictureSource for Between {
    fn spec(&self) -> &ClipSpec {
        &self.spec
    }

    fn picture(&mut self, index: u64, out: &mut Picture) -> Result<(), MediaError> {
        let [from, to] = &mut self.pair;
        read(&mut self.outgoing, index, self.spec.size, from)?;
        read(&mut self.incoming, index, self.spec.size, to)?;
        out.reshape(self.spec.size.0, self.spec.size.1);
        let done = weight(index, self.spec.frames.unwrap_or(1));
        let (from, to, out) = (view(from), view(to), &mut planes(out));
        match self.shape {
            TransitionShape::Dissolve => dissolve(from, to, done, out),
            TransitionShape::Fade => through_black(from, to, done, out),
            TransitionShape::WipeLeft => wipe(from, to, Way::Left, done, out),
            TransitionShape::WipeRight => wipe(from, to, Way::Right, done, out),
            TransitionShape::WipeUp => wipe(from, to, Way::Up, done, out),
            TransitionShape::WipeDown => wipe(from, to, Way::Down, done, out),
        }
        Ok(())
    }
}

fn read(side: &mut Option<Side>, index: u64, size: (u32, u32), out: &mut Picture) -> Result<(), MediaError> {
    match side {
        Some(side) => side.clip.picture(side.from + index, out),
        None => {
            *out = Picture::new(size.0, size.1);
            Ok(())
        }
    }
}
