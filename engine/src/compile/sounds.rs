//! The film's sounds on one sample clock: effects, own recordings, lines, cues.

use super::film::{Film, FilmCue, FilmLine, FilmSound, Picture, SoundSource};
use super::inherit::Inherited;
use super::materials::Materials;
use super::prompt;
use super::resolve::samples;
use super::seed::{Ordinals, Purpose, derive};
use crate::kinds::generate::Prompt;
use crate::storyboard::types::{
    Cue, Line, Mark, Material, Music, Pace, Pitch, Shot, ShotSound, Spanned, Storyboard, Time, Voice,
};
use crate::storyboard::{Code, Diagnostic};
use crate::units::{Digest, Frames, Samples};
use crate::world::MediaFacts;

/// How long a shot's effects ring on under the next shot: 1.5 s.
pub const TAIL: Samples = Samples(72_000);
/// The silence before a shot's first line: 0.25 s.
const LEAD: Samples = Samples(12_000);
/// Fades that only keep edges from clicking: 10 ms.
const SOFT: Samples = Samples(480);
/// How a film's last sound ends without a transition: 0.1 s.
const LAST: Samples = Samples(4_800);
/// How a cue ends where nothing is written: 2 s.
const CUE_END: Samples = Samples(96_000);

/// The sounds of the shot at `index`.
pub(super) fn of_shot(
    film: &Film,
    index: usize,
    shot: &Shot,
    inherited: &Inherited,
    materials: &mut Materials,
    ordinals: &mut Ordinals,
) -> Vec<FilmSound> {
    let mut sounds: Vec<FilmSound> = own_sound(film, index, shot, materials).into_iter().collect();
    for sound in &shot.sound {
        match sound {
            ShotSound::Words { text, gain_millibels } => {
                let words = text.trim().to_owned();
                sounds.push(effects(film, index, words, *gain_millibels, inherited, ordinals));
            }
            ShotSound::File { file, at, from, gain_millibels } => {
                let offset = time(at, film);
                let start = time(from, film);
                let Some(found) = materials.file(file) else { continue };
                let Some(facts) = materials.facts(&found, file.span) else { continue };
                let Some(rest) = rest_of(&facts, start) else {
                    let message = format!("`{}` has no sound from there on", file.written);
                    materials.faults.push(Diagnostic::new(Code::WrongMedium, file.span, message));
                    continue;
                };
                let made = Samples(rest.0.min((made_samples(film, index) - offset).0.max(1)));
                let source = SoundSource::File { file: found, from: start, samples: made };
                sounds.extend(placed(film, index, source, offset, made, *gain_millibels));
            }
        }
    }
    sounds
}

fn effects(
    film: &Film,
    index: usize,
    words: String,
    gain_millibels: i32,
    inherited: &Inherited,
    ordinals: &mut Ordinals,
) -> FilmSound {
    let (context, action) = surroundings(&film.shots[index].prompt);
    let said = format!("{words}\n{context}\n{action}");
    let ordinal = ordinals.next(Purpose::Effects, inherited.seed, &said);
    let made = made_samples(film, index);
    let source = SoundSource::Words {
        model: inherited.sound_model.clone(),
        words,
        context,
        action,
        samples: made,
        seed: derive(inherited.seed, Purpose::Effects, ordinal, 0),
    };
    let shot = &film.shots[index];
    let at = film.rate.samples_at(shot.start);
    let heard = Samples(made.0.min((film.samples - at).0));
    let ringing = heard == made;
    let fade_out = match (ringing, shot.outgoing) {
        (true, outgoing) => TAIL + film.rate.samples_at(outgoing),
        (false, Frames(0)) => LAST,
        (false, outgoing) => film.rate.samples_at(outgoing),
    };
    FilmSound {
        source,
        at,
        samples: heard,
        gain_millibels,
        fade_in: incoming(film, index),
        fade_out: Samples(fade_out.0.min(heard.0)),
    }
}

/// Where a shot is and what happens there. A place sounds the same whatever happens in it; without one, all
/// that is said may tell where it is.
fn surroundings(shown: &Prompt) -> (String, String) {
    let said = |parts: &[&str]| {
        let parts: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
        parts.join("; ")
    };
    match shown.place.as_deref() {
        Some(place) => (said(&[place, &shown.setting]), shown.action.clone()),
        None => (said(&[&shown.setting, &shown.action]), String::new()),
    }
}

/// The length of a shot's effects, which does not depend on where it stands.
fn made_samples(film: &Film, index: usize) -> Samples {
    film.rate.samples_at(film.shots[index].frames) + TAIL
}

fn incoming(film: &Film, index: usize) -> Samples {
    film.rate.samples_at(film.shots[index].incoming).max(SOFT)
}

/// A recording that starts `offset` into its shot and may ring on after it.
fn placed(
    film: &Film,
    index: usize,
    source: SoundSource,
    offset: Samples,
    made: Samples,
    gain_millibels: i32,
) -> Option<FilmSound> {
    let shot = &film.shots[index];
    let at = film.rate.samples_at(shot.start) + offset;
    let end = film.rate.samples_at(shot.end());
    let heard = Samples(made.0.min((film.samples - at).0));
    if heard.0 <= 0 {
        return None;
    }
    let over = (at + heard - end).0.max(0);
    Some(FilmSound {
        source,
        at,
        samples: heard,
        gain_millibels,
        fade_in: if offset.0 == 0 {
            film.rate.samples_at(shot.incoming).max(Samples(48))
        } else {
            Samples(48)
        },
        fade_out: Samples(over.max(SOFT.0).min(heard.0)),
    })
}

/// The sound that footage brings along, where it is kept.
fn own_sound(film: &Film, index: usize, shot: &Shot, materials: &mut Materials) -> Option<FilmSound> {
    let Some(Material::Footage { file, keep_sound: true, sequence: None, .. }) = &shot.material else {
        return None;
    };
    let Picture::Footage { files, from_ms, speed, .. } = &film.shots[index].picture else { return None };
    let found = files.first()?.clone();
    match materials.facts(&found, file.span)? {
        MediaFacts::Footage { sound: true, .. } if speed.0 == speed.1 => {}
        MediaFacts::Footage { sound: true, .. } => {
            let message = "footage at another speed cannot keep its sound";
            materials.faults.push(Diagnostic::new(Code::Exclusive, file.span, message));
            return None;
        }
        _ => return None,
    }
    let made = film.rate.samples_at(film.shots[index].frames);
    let source = SoundSource::File { file: found, from: Samples(from_ms * 48), samples: made };
    let mut sound = placed(film, index, source, Samples(0), made, 0)?;
    sound.fade_out = film.rate.samples_at(film.shots[index].outgoing).max(SOFT);
    Some(sound)
}

fn rest_of(facts: &MediaFacts, from: Samples) -> Option<Samples> {
    let total = match facts {
        MediaFacts::Sound { samples, .. } => *samples,
        MediaFacts::Footage { rate, frames, sound: true, .. } => rate.samples_at(Frames(*frames)),
        _ => return None,
    };
    let rest = total - from;
    (rest.0 > 0).then_some(rest)
}

fn time(written: &Option<Spanned<Time>>, film: &Film) -> Samples {
    written.as_ref().map_or(Samples(0), |time| samples(time.value, film.rate))
}

/// The seed of a speaker's timbre. It derives from the film's seed and the speaker's name: another raincoat
/// changes no voice.
fn voice_seed(speaker: &str, film_seed: u64) -> u64 {
    derive(film_seed ^ Digest::of(speaker.as_bytes()).low_u64(), Purpose::Voice, 0, 0)
}

/// The dialogue of the shot at `index`.
pub(super) fn lines(
    board: &Storyboard,
    film: &Film,
    index: usize,
    shot: &Shot,
    inherited: &Inherited,
    materials: &mut Materials,
) -> Vec<FilmLine> {
    let standing = &film.shots[index];
    let start = film.rate.samples_at(standing.start);
    let mut lines = Vec::new();
    for (position, line) in shot.dialogue.iter().enumerate() {
        let source = match &line.file {
            None => spoken(board, film, line, inherited),
            Some(file) => {
                let Some(found) = materials.file(file) else { continue };
                let Some(facts) = materials.facts(&found, file.span) else { continue };
                let Some(rest) = rest_of(&facts, Samples(0)) else {
                    let message = format!("`{}` has no sound", file.written);
                    materials.faults.push(Diagnostic::new(Code::WrongMedium, file.span, message));
                    continue;
                };
                SoundSource::File { file: found, from: Samples(0), samples: rest }
            }
        };
        let earliest = film.rate.samples_at(standing.incoming).max(LEAD);
        lines.push(FilmLine {
            source,
            at: start + line.at.as_ref().map_or(earliest, |time| samples(time.value, film.rate)),
            after_previous: line.at.is_none() && position > 0,
            until: film.rate.samples_at(standing.end()),
            speaker: prompt::shown(&line.speaker),
            text: line.text.trim().to_owned(),
            gain_millibels: line.gain_millibels,
        });
    }
    lines
}

fn spoken(board: &Storyboard, film: &Film, line: &Line, inherited: &Inherited) -> SoundSource {
    let default = Voice::default();
    let own = board.characters.get(line.speaker.as_str()).map_or(&default, |character| &character.voice);
    let accent = line.voice.accent.as_ref().or(own.accent.as_ref());
    SoundSource::Voice {
        model: inherited.sound_model.clone(),
        text: line.text.trim().to_owned(),
        voice: accent.map_or_else(|| film.language.clone(), |accent| accent.value.clone()),
        pitch: pitch(line.voice.pitch.or(own.pitch).unwrap_or(Pitch::Medium)),
        pace: pace(line.voice.pace.or(own.pace).unwrap_or(Pace::Medium)),
        seed: voice_seed(&line.speaker, film.seed),
    }
}

/// espeak-ng's pitch, 0 to 99.
fn pitch(pitch: Pitch) -> u32 {
    match pitch {
        Pitch::Low => 28,
        Pitch::Medium => 48,
        Pitch::High => 70,
    }
}

/// Words a minute.
fn pace(pace: Pace) -> u32 {
    match pace {
        Pace::Slow => 135,
        Pace::Medium => 160,
        Pace::Fast => 195,
    }
}

/// The score.
pub(super) fn cues(
    board: &Storyboard,
    film: &Film,
    materials: &mut Materials,
    ordinals: &mut Ordinals,
) -> Vec<FilmCue> {
    board.score.iter().filter_map(|cue| resolve_cue(board, film, cue, materials, ordinals)).collect()
}

fn resolve_cue(
    board: &Storyboard,
    film: &Film,
    cue: &Cue,
    materials: &mut Materials,
    ordinals: &mut Ordinals,
) -> Option<FilmCue> {
    let from = mark(film, &cue.from, Side::From, &mut materials.faults)?;
    let to = mark(film, &cue.to, Side::To, &mut materials.faults)?.min(film.samples);
    if to <= from {
        let message = format!("cue `{}` ends before it starts", *cue.name);
        materials.faults.push(Diagnostic::new(Code::CueBackwards, cue.to.span, message));
        return None;
    }
    let wanted = to - from;
    let (source, heard) = match &cue.music {
        Music::Prompt(words) => (composed(board, film, cue, words, from, wanted, ordinals), wanted),
        Music::File { file, from: start } => {
            let found = materials.file(file)?;
            let start = time(start, film);
            let Some(rest) = rest_of(&materials.facts(&found, file.span)?, start) else {
                let message = format!("`{}` has no sound from there on", file.written);
                materials.faults.push(Diagnostic::new(Code::WrongMedium, file.span, message));
                return None;
            };
            let heard = rest.min(wanted);
            (SoundSource::File { file: found, from: start, samples: heard }, heard)
        }
    };
    let fade_in = cue.fade_in.as_ref().map_or(SOFT, |time| samples(time.value, film.rate)).min(heard);
    let most = if cue.fade_in.is_none() { Samples(heard.0 / 4) } else { heard - fade_in };
    let fade_out = cue.fade_out.as_ref().map_or(CUE_END.min(most), |time| samples(time.value, film.rate));
    let sound = FilmSound {
        source,
        at: from,
        samples: heard,
        gain_millibels: cue.gain_millibels,
        fade_in,
        fade_out: fade_out.min(heard),
    };
    Some(FilmCue {
        name: cue.name.value.clone(),
        sound,
        under_dialogue_millibels: cue.under_dialogue_millibels,
        steps: Vec::new(),
    })
}

fn composed(
    board: &Storyboard,
    film: &Film,
    cue: &Cue,
    words: &str,
    from: Samples,
    samples: Samples,
    ordinals: &mut Ordinals,
) -> SoundSource {
    let base = cue.seed.as_ref().map_or(film.seed, |seed| seed.value);
    let prompt = words.trim().to_owned();
    let ordinal = ordinals.next(Purpose::Music, base, &prompt);
    let model = cue.model.as_ref().or(board.style.models.sound.as_ref());
    let marks = film.scenes.iter().map(|scene| film.rate.samples_at(scene.start));
    SoundSource::Music {
        model: model.map_or_else(|| "synth".to_owned(), |model| model.value.clone()),
        prompt,
        samples,
        seed: derive(base, Purpose::Music, ordinal, 0),
        marks: marks.filter(|mark| *mark > from && *mark < from + samples).map(|mark| mark - from).collect(),
    }
}

#[derive(Clone, Copy)]
enum Side {
    From,
    To,
}

/// The sample of a moment: of a scene or shot its start as `from`, its end as `to`.
fn mark(film: &Film, mark: &Spanned<Mark>, side: Side, faults: &mut Vec<Diagnostic>) -> Option<Samples> {
    let span = |start: Frames, frames: Frames| match side {
        Side::From => film.rate.samples_at(start),
        Side::To => film.rate.samples_at(start + frames),
    };
    match &mark.value {
        Mark::Start => Some(Samples(0)),
        Mark::End => Some(film.samples),
        Mark::At(time) => Some(samples(*time, film.rate)),
        Mark::Scene(name) => {
            let scene = film.scenes.iter().find(|scene| scene.name == *name);
            if scene.is_none() {
                faults.push(Diagnostic::new(
                    Code::UnknownScene,
                    mark.span,
                    format!("unknown scene `{name}`"),
                ));
            }
            scene.map(|scene| span(scene.start, scene.frames))
        }
        Mark::Shot(scene, name) => {
            let shot = film.shots.iter().find(|shot| shot.scene_name == *scene && shot.name == *name);
            if shot.is_none() {
                let message = format!("unknown shot `{scene}.{name}`");
                faults.push(Diagnostic::new(Code::UnknownShot, mark.span, message));
            }
            shot.map(|shot| span(shot.start, shot.frames))
        }
    }
}
