//! `conform`: a clip at the film's size and rate.

mod clock;

use storyreel_engine::kinds::material as params;
use storyreel_engine::kinds::{CONFORM, Kind};
use storyreel_engine::run::protocol::Failure;
use storyreel_media::scale::{Conformer, Fit};
use storyreel_media::{ClipSpec, MediaError, Picture, PictureSource};

use self::clock::Clock;
use crate::failure::OrFailure;
use crate::inputs::Inputs;
use crate::node::{Streamed, Work};

/// The kind.
pub struct Conform;

impl Streamed for Conform {
    fn kind(&self) -> &'static Kind {
        &CONFORM
    }

    fn open(&self, work: &Work<'_>, mut inputs: Inputs) -> Result<Box<dyn PictureSource>, Failure> {
        let params: params::Conform = work.params()?;
        let clip = inputs.clip("clip")?;
        let spec = ClipSpec {
            size: (params.size.width, params.size.height),
            rate: (params.rate.num, params.rate.den),
            frames: Some(params.frames.0.max(0) as u64),
        };
        let fit = match params.fit {
            params::Fit::Crop => Fit::Crop,
            params::Fit::Pad => Fit::Pad,
            params::Fit::Stretch => Fit::Stretch,
        };
        let scaler = match clip.spec().size {
            same if same == spec.size => None,
            other => Some(Conformer::new(other, spec.size, fit).or_failure()?),
        };
        let clock =
            Clock { from: clip.spec().rate, to: spec.rate, speed: params.speed, frames: clip.spec().frames };
        let blend = params.retime == params::Retime::Blend;
        Ok(Box::new(Conformed { spec, clip, scaler, clock, blend, native: Default::default() }))
    }
}

struct Conformed {
    spec: ClipSpec,
    clip: Box<dyn PictureSource>,
    scaler: Option<Conformer>,
    clock: Clock,
    blend: bool,
    /// Two neighbours at the clip's own size.
    native: [Picture; 2],
}

impl PictureSource for Conformed {
    fn spec(&self) -> &ClipSpec {
        &self.spec
    }

    fn picture(&mut self, index: u64, out: &mut Picture) -> Result<(), MediaError> {
        let [first, second] = &mut self.native;
        let moment = if self.blend { self.clock.between(index) } else { self.clock.nearest(index) };
        let target = if self.scaler.is_some() { &mut *first } else { &mut *out };
        self.clip.picture(moment.picture, target)?;
        if moment.weight > 0 {
            self.clip.picture(moment.picture + 1, second)?;
            blend(target, second, moment.weight);
        }
        match &mut self.scaler {
            Some(scaler) => scaler.conform(first, out),
            None => Ok(()),
        }
    }
}

/// `weight` 65536ths of `second` over `first`.
fn blend(first: &mut Picture, second: &Picture, weight: u32) {
    let weight = u64::from(weight);
    for ((first, _), (second, _)) in first.planes_mut().into_iter().zip(second.planes()) {
        for (first, &second) in first.iter_mut().zip(second) {
            let sum = u64::from(*first) * (65_536 - weight) + u64::from(second) * weight;
            *first = ((sum + 32_768) >> 16) as u16;
        }
    }
}
