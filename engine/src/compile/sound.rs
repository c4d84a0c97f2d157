//! The sound half of the graph: every source, the mix, and the part of it that is wanted.

use super::assemble::AUDIO_BITRATE;
use super::builder::{Builder, Enters, New};
use super::cost;
use super::film::{Film, FilmSound, SoundSource};
use super::picture::label;
use super::sounds::TAIL;
use super::steps;
use crate::graph::{Label, NodeIndex};
use crate::kinds::generate::Material;
use crate::kinds::sound::{
    Cue, Effects, Excerpt, Extend, Kept, Mix, Placed, Recording, Soundtrack, Spoken, Voice,
};
use crate::kinds::{self};
use crate::units::{Frames, Samples};

/// A cue is made in segments of 30 s ...
const SEGMENT: Samples = Samples(30 * 48_000);
/// ... that share 4 s.
const OVERLAP: Samples = Samples(4 * 48_000);
/// Cuts of a partial render's sound fade over 5 ms.
const CUT_FADE: Samples = Samples(240);

/// The mix of the whole film.
pub(super) fn mix(builder: &mut Builder, film: &Film) -> NodeIndex {
    let mut inputs: Vec<Enters> = Vec::new();
    let mut params = Mix {
        samples: film.samples,
        timecode: film.rate.samples_at(Frames(film.timecode)),
        effects: Vec::new(),
        dialogue: Vec::new(),
        music: Vec::new(),
        loudness_centilufs: film.loudness.integrated_centilufs,
        true_peak_centidb: film.loudness.true_peak_centidb,
    };
    for shot in &film.shots {
        for sound in &shot.sounds {
            let label = label(shot, part(&sound.source));
            let node = source(builder, &sound.source, label.clone());
            let (node, port) = steps::over_sound(builder, film, &shot.sound_steps, node, (sound, &label));
            inputs.push((node, port, "effects"));
            params.effects.push(placed(sound));
        }
        for (position, line) in shot.lines.iter().enumerate() {
            let part = format!("line {} ({})", position + 1, line.speaker);
            let node = source(builder, &line.source, label(shot, part));
            inputs.push((node, "sound", "dialogue"));
            params.dialogue.push(Spoken {
                at: line.at,
                after_previous: line.after_previous,
                until: line.until,
                speaker: line.speaker.clone(),
                text: line.text.clone(),
                gain_millibels: line.gain_millibels,
            });
        }
    }
    for cue in &film.cues {
        let label = of_film(format!("cue {}", cue.name));
        let node = source(builder, &cue.sound.source, label.clone());
        let (node, port) = steps::over_sound(builder, film, &cue.steps, node, (&cue.sound, &label));
        inputs.push((node, port, "music"));
        params
            .music
            .push(Cue { placed: placed(&cue.sound), under_dialogue_millibels: cue.under_dialogue_millibels });
    }
    builder.add(New {
        kind: &kinds::MIX,
        params: &params,
        files: Vec::new(),
        need: cost::sound(film.samples, 40),
        label: of_film("mix"),
        inputs: &inputs,
    })
}

/// The parts of `mix` that go with `ranges` of the film's pictures, on the new film's own clock.
pub(super) fn excerpt(
    builder: &mut Builder,
    film: &Film,
    mix: NodeIndex,
    ranges: &[(Frames, Frames)],
) -> NodeIndex {
    let mut clock = Frames(0);
    let mut kept = Vec::new();
    for (from, to) in ranges {
        let start = film.rate.samples_at(clock);
        clock += *to - *from;
        kept.push(Kept { from: film.rate.samples_at(*from), samples: film.rate.samples_at(clock) - start });
    }
    builder.add(New {
        kind: &kinds::EXCERPT,
        params: &Excerpt { ranges: kept, fade: CUT_FADE },
        files: Vec::new(),
        need: cost::sound(film.rate.samples_at(clock), 200),
        label: of_film("excerpt"),
        inputs: &[(mix, "mix", "mix"), (mix, "captions", "captions")],
    })
}

/// The one encode of a mix of `samples`.
pub(super) fn soundtrack(builder: &mut Builder, film: &Film, mix: NodeIndex, samples: Samples) -> NodeIndex {
    let params =
        Soundtrack { samples, bitrate: AUDIO_BITRATE, true_peak_centidb: film.loudness.true_peak_centidb };
    builder.add(New {
        kind: &kinds::SOUNDTRACK,
        params: &params,
        files: Vec::new(),
        need: cost::sound(samples, 25),
        label: of_film("soundtrack"),
        inputs: &[(mix, "mix", "mix")],
    })
}

/// A label of the film as a whole.
pub(super) fn of_film(part: impl Into<String>) -> Label {
    Label { scene: None, shot: None, part: part.into() }
}

fn part(source: &SoundSource) -> &'static str {
    match source {
        SoundSource::Words { .. } => "effects",
        _ => "recording",
    }
}

fn placed(sound: &FilmSound) -> Placed {
    Placed {
        at: sound.at,
        samples: sound.samples,
        gain_millibels: sound.gain_millibels,
        fade_in: sound.fade_in,
        fade_out: sound.fade_out,
    }
}

pub(super) fn source(builder: &mut Builder, source: &SoundSource, label: Label) -> NodeIndex {
    let inputs = &[];
    match source.clone() {
        SoundSource::Words { model, words, context, action, samples, seed } => builder.add(New {
            kind: &kinds::EFFECTS,
            params: &Effects { model, words, context, action, samples, tail: TAIL, seed },
            files: Vec::new(),
            need: cost::sound(samples, 20),
            label,
            inputs,
        }),
        SoundSource::File { file, from, samples } => builder.add(New {
            kind: &kinds::RECORDING,
            params: &Recording { file: Material(file.digest), from, samples: Some(samples) },
            files: vec![file],
            need: cost::sound(samples, 200),
            label,
            inputs,
        }),
        SoundSource::Voice { model, text, voice, pitch, pace, seed } => {
            let spoken = Samples(text.len() as i64 * 3_200);
            builder.add(New {
                kind: &kinds::VOICE,
                params: &Voice { model, text, voice, pitch, pace, seed },
                files: Vec::new(),
                need: cost::sound(spoken, 20),
                label,
                inputs,
            })
        }
        SoundSource::Music { model, prompt, samples, seed, marks } => builder.add(New {
            kind: &kinds::EXTEND,
            params: &Extend { model, prompt, samples, segment: SEGMENT, overlap: OVERLAP, seed, marks },
            files: Vec::new(),
            need: cost::sound(samples, 15),
            label,
            inputs,
        }),
    }
}
