//! `footage`: real footage or an image sequence, brought to square pixels and an even rate.

use storyreel_engine::kinds::material as params;
use storyreel_engine::kinds::{FOOTAGE, Kind};
use storyreel_engine::run::protocol::Failure;
use storyreel_media::decode::FootageReader;
use storyreel_media::still::SequenceReader;
use storyreel_media::{ClipSpec, MediaError, Picture, PictureSource};

use crate::failure::OrFailure;
use crate::inputs::Inputs;
use crate::node::{Streamed, Work};

/// The kind.
pub struct Footage;

impl Streamed for Footage {
    fn kind(&self) -> &'static Kind {
        &FOOTAGE
    }

    fn open(&self, work: &Work<'_>, _: Inputs) -> Result<Box<dyn PictureSource>, Failure> {
        let params: params::Footage = work.params()?;
        let paths = params.files.iter().map(|file| work.file(*file)).collect::<Result<Vec<_>, _>>()?;
        let clip: Box<dyn PictureSource> = match (&params.sequence_rate, paths.as_slice()) {
            (None, [file]) => Box::new(FootageReader::open(file, &mut work.going_on("read")).or_failure()?),
            (Some(rate), files) if !files.is_empty() => {
                let files = files.iter().map(|file| file.to_path_buf()).collect();
                Box::new(SequenceReader::open(files, (rate.num, rate.den)).or_failure()?)
            }
            _ => return Err(Failure::permanent("footage is one file, or images with a rate")),
        };
        Ok(Box::new(Later::new(clip, params.from_ms)))
    }
}

/// A clip from a moment on.
struct Later {
    spec: ClipSpec,
    clip: Box<dyn PictureSource>,
    first: u64,
}

impl Later {
    fn new(clip: Box<dyn PictureSource>, from_ms: i64) -> Self {
        let (num, den) = clip.spec().rate;
        // The picture nearest to the moment, halves up.
        let ticks = u128::from(from_ms.max(0) as u64) * u128::from(num);
        let first = ((2 * ticks + u128::from(den) * 1000) / (u128::from(den) * 2000)) as u64;
        let frames = clip.spec().frames.map(|frames| frames.saturating_sub(first));
        let spec = ClipSpec { frames, ..clip.spec().clone() };
        Self { spec, clip, first }
    }
}

impl PictureSource for Later {
    fn spec(&self) -> &ClipSpec {
        &self.spec
    }

    fn picture(&mut self, index: u64, out: &mut Picture) -> Result<(), MediaError> {
        self.clip.picture(self.first + index, out)
    }
}
