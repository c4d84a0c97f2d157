//! `mux`: the film. Joined pictures and the soundtrack are copied.

use std::collections::BTreeMap;

use storyreel_engine::kinds::sound::Captions;
use storyreel_engine::kinds::{Kind, MUX, film as params};
use storyreel_engine::publish::{srt, vtt};
use storyreel_engine::run::protocol::{Blob, Failure};
use storyreel_media::captions::Caption;
use storyreel_media::mux::{self, Chapter, Film};

use crate::failure::OrFailure;
use crate::inputs::Inputs;
use crate::node::{Stored, Work};

/// The kind.
pub struct Mux;

impl Stored for Mux {
    fn kind(&self) -> &'static Kind {
        &MUX
    }

    fn run(&self, work: &Work<'_>, mut inputs: Inputs) -> Result<BTreeMap<String, Blob>, Failure> {
        let params: params::Mux = work.params()?;
        let captions: Captions = work.read_json(&inputs.blob("captions")?)?;
        let segments = work.open_blobs(&inputs.blobs("segments")?)?;
        let track = work.context.cache.open_verified(&inputs.blob("track")?)?;
        let chapters: Vec<Chapter> = params.chapters.iter().map(chapter).collect();
        let subtitles: Vec<_> = captions.captions.iter().map(caption).collect();
        let film = Film {
            title: &params.title,
            frames: params.frames.0.max(0) as u64,
            timecode: params.timecode.max(0) as u64,
            chapters: &chapters,
            captions: &subtitles,
            language: &params.language,
            audio_bitrate: params.audio_bitrate,
        };
        let scratch = work.context.cache.scratch("mp4")?;
        mux::mux(&segments, &track, &film, scratch.path(), &mut work.going_on("mux")).or_failure()?;
        work.context.check()?;
        let cache = work.context.cache;
        Ok(BTreeMap::from([
            ("film".to_owned(), cache.adopt(scratch)?),
            ("srt".to_owned(), cache.write(srt::srt(&captions).as_bytes())?),
            ("vtt".to_owned(), cache.write(vtt::vtt(&captions).as_bytes())?),
        ]))
    }
}

fn chapter(chapter: &params::Chapter) -> Chapter {
    Chapter { from: chapter.from.0.max(0) as u64, title: chapter.title.clone() }
}

fn caption(caption: &storyreel_engine::kinds::sound::Caption) -> Caption {
    Caption { from: caption.from.0.max(0) as u64, to: caption.to.0.max(0) as u64, text: caption.text.clone() }
}
