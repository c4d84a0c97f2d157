//! `mix`: three stems, ducked and placed on one sample clock; the mix at its loudness; the captions.

mod dialogue;

use std::collections::BTreeMap;

use storyreel_engine::kinds::sound::{self as params, Captions, Loudness};
use storyreel_engine::kinds::{Kind, MIX};
use storyreel_engine::run::protocol::{Blob, Failure};
use storyreel_engine::units::Samples;
use storyreel_synth::mix::{Block, Session, SoundReader, Track, mix};

use crate::failure::OrFailure;
use crate::inputs::Inputs;
use crate::node::{Stored, Work};
use crate::wav::{SoundIn, SoundOut};

/// How far effects step back while someone speaks; a cue says it for itself.
const EFFECTS_UNDER_DIALOGUE_MILLIBELS: i32 = -300;

/// The kind.
pub struct Mix;

impl Stored for Mix {
    fn kind(&self) -> &'static Kind {
        &MIX
    }

    fn run(&self, work: &Work<'_>, mut inputs: Inputs) -> Result<BTreeMap<String, Blob>, Failure> {
        let params: params::Mix = work.params()?;
        let effects = sounds(work, &mut inputs, "effects", params.effects.len())?;
        let lines = sounds(work, &mut inputs, "dialogue", params.dialogue.len())?;
        let music = sounds(work, &mut inputs, "music", params.music.len())?;
        let lengths: Vec<_> = lines.iter().map(|line| Samples(line.samples())).collect();
        let spoken = dialogue::place(&params.dialogue, &lengths)?;
        let captions = dialogue::captions(&params.dialogue, &spoken);
        let mut session = Session {
            samples: params.samples.0,
            dialogue: lines.into_iter().zip(&spoken).map(|(line, at)| at.track(line)).collect(),
            effects: effects
                .into_iter()
                .zip(&params.effects)
                .map(|(sound, placed)| track(sound, placed, EFFECTS_UNDER_DIALOGUE_MILLIBELS))
                .collect(),
            music: music
                .into_iter()
                .zip(&params.music)
                .map(|(sound, cue)| track(sound, &cue.placed, cue.under_dialogue_millibels))
                .collect(),
            loudness_lufs: f64::from(params.loudness_centilufs) / 100.0,
            true_peak_dbtp: f64::from(params.true_peak_centidb) / 100.0,
        };
        let mut stems = Stems::new(work, params.timecode)?;
        let (mut measured, mut done) = (0, 0);
        // How often the film is measured is not known before.
        let mut measure = |samples: u64| {
            work.heed_cancel()?;
            measured += samples;
            work.context.progress(measured, 0, "measure");
            Ok(())
        };
        let report = mix(&mut session, &mut measure, &mut |block| {
            work.heed_cancel()?;
            done += block.mix.len() as u64;
            work.context.progress(done, params.samples.0.max(0) as u64, "mix");
            stems.write(block)
        })
        .or_failure()?;
        let mut outputs = stems.finish(work)?;
        outputs.extend(work.write_json("captions", &Captions { captions })?);
        outputs.extend(work.write_json(
            "loudness",
            &Loudness {
                integrated_lufs: report.loudness_lufs,
                true_peak_dbtp: report.true_peak_dbtp,
                gain_db: report.gain_db,
            },
        )?);
        Ok(outputs)
    }
}

fn sounds(work: &Work<'_>, inputs: &mut Inputs, port: &str, wanted: usize) -> Result<Vec<SoundIn>, Failure> {
    let sounds = work.open_blobs(&inputs.blobs(port)?)?;
    if sounds.len() != wanted {
        let problem = format!("{} sounds enter `{port}`, {wanted} have a place there", sounds.len());
        return Err(Failure::permanent(problem));
    }
    sounds.iter().map(|path| SoundIn::open(path)).collect()
}

fn track(sound: SoundIn, placed: &params::Placed, under_dialogue_millibels: i32) -> Track<'static> {
    Track {
        sound: Box::new(sound),
        at: placed.at.0,
        samples: placed.samples.0,
        gain_db: placed.gain_millibels as f32 / 100.0,
        pan: 0.0,
        fade_in: placed.fade_in.0,
        fade_out: placed.fade_out.0,
        under_dialogue_db: under_dialogue_millibels as f32 / 100.0,
    }
}

/// The five files that grow while the mix goes on.
struct Stems([(&'static str, SoundOut); 5]);

impl Stems {
    fn new(work: &Work<'_>, timecode: Samples) -> Result<Self, Failure> {
        let out = |name| SoundOut::new(work, Some(timecode)).map(|out| (name, out));
        Ok(Self([out("dialogue")?, out("effects")?, out("music")?, out("music-and-effects")?, out("mix")?]))
    }

    fn write(&mut self, block: &Block<'_>) -> Result<(), storyreel_synth::SynthError> {
        let blocks = [block.dialogue, block.effects, block.music, block.music_and_effects, block.mix];
        self.0.iter_mut().zip(blocks).try_for_each(|((_, out), block)| out.write(block))
    }

    fn finish(self, work: &Work<'_>) -> Result<BTreeMap<String, Blob>, Failure> {
        self.0.into_iter().map(|(name, out)| Ok((name.to_owned(), out.finish(work)?))).collect()
    }
}
