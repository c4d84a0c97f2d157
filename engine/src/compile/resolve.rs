//! The first pass: storyboard -> film. It alone reads the outside world (digests and headers of the
//! files that the storyboard names).

use super::film::{Film, FilmEdit, FilmScene, FilmShot, FilmTransition, Picture};
use super::inherit::{Inherited, inherit};
use super::materials::{Materials, contents};
use super::prompt::{self, Around, References};
use super::seed::{Ordinals, Purpose, derive};
use super::{sounds, steps, timecode};
use crate::kinds::edit::{Change, Region, TransitionShape};
use crate::kinds::encode::Codec;
use crate::kinds::generate::{Material, Prompt};
use crate::kinds::material::{Fit, Retime};
use crate::storyboard::types::{self, FilePath, Scene, Shot, Spanned, Storyboard, Time, WipeDirection};
use crate::storyboard::{Code, Diagnostic, Takes};
use crate::units::{Frames, Rate, Samples};
use crate::world::{MediaFacts, World};

/// Resolves `board` with the choices in `takes`.
///
/// A storyboard that [`crate::storyboard::read`] found whole fails here only where a file changed
/// since, or where takes and storyboard do not agree.
pub fn film(board: &Storyboard, takes: &Takes, world: &dyn World) -> Result<Film, Vec<Diagnostic>> {
    let mut materials = Materials { world, faults: Vec::new() };
    let pictures = pictures(board, &mut materials);
    let layout = lay_out(board, &pictures, &mut materials.faults);
    let (scenes, spans, frames) = layout;
    let mut film = empty_film(board, scenes, frames);
    let mut ordinals = Ordinals::default();
    let mut words = 0;
    for ((scene_index, shot, footage), span) in pictures.into_iter().zip(spans) {
        let resolved =
            resolve_shot(board, takes, scene_index, shot, footage, span, &mut materials, &mut ordinals);
        words += prompt::bytes(&resolved.prompt);
        film.shots.push(resolved);
        if words > prompt::MAX_BYTES {
            materials.faults.push(too_many_words(shot));
            return Err(materials.faults);
        }
    }
    timecode::assign(&mut film);
    for (index, shot) in board.scenes.iter().flat_map(|scene| &scene.shots).enumerate() {
        let scene = &board.scenes[film.shots[index].scene];
        let inherited = inherit(&[&board.style, &scene.style, &shot.style]);
        let sounds = sounds::of_shot(&film, index, shot, &inherited, &mut materials, &mut ordinals);
        let lines = sounds::lines(board, &film, index, shot, &inherited, &mut materials);
        film.shots[index].sounds = sounds;
        film.shots[index].lines = lines;
    }
    film.cues = sounds::cues(board, &film, &mut materials, &mut ordinals);
    steps::resolve(board, &mut film, &mut materials, &mut ordinals);
    if materials.faults.is_empty() { Ok(film) } else { Err(materials.faults) }
}

fn too_many_words(shot: &Shot) -> Diagnostic {
    let megabytes = prompt::MAX_BYTES >> 20;
    let message = format!("up to this shot, the prompts of this film put together more than {megabytes} MB");
    let mut mistake = Diagnostic::new(Code::TooMuchText, shot.name.span, message);
    mistake.help("shorten the descriptions that many shots mention");
    mistake
}

/// A shot of the storyboard with its scene's place and what its material turned out to be.
type Pictured<'a> = (usize, &'a Shot, Option<Footage>);

/// Footage as far as timing needs it.
struct Footage {
    picture: Picture,
    /// Pictures of the film that it gives from `in:` on.
    frames: Frames,
}

fn pictures<'a>(board: &'a Storyboard, materials: &mut Materials) -> Vec<Pictured<'a>> {
    let mut pictures = Vec::new();
    for (index, scene) in board.scenes.iter().enumerate() {
        for shot in &scene.shots {
            let footage = match &shot.material {
                Some(types::Material::Footage { .. }) => footage(shot, board.film.rate, materials),
                _ => None,
            };
            pictures.push((index, shot, footage));
        }
    }
    pictures
}

fn footage(shot: &Shot, rate: Rate, materials: &mut Materials) -> Option<Footage> {
    let Some(types::Material::Footage { file, sequence, from, to, fit, speed, .. }) = &shot.material else {
        return None;
    };
    let (files, own_rate, total, sequence_rate) = match sequence {
        Some(sequence) => {
            let files: Vec<_> =
                sequence.files.iter().filter_map(|path| materials.located(path, file.span)).collect();
            let own = sequence.rate.unwrap_or(rate);
            let total = sequence.files.len() as i64;
            (files, own, total, Some(own))
        }
        None => {
            let located = materials.file(file)?;
            match materials.facts(&located, file.span)? {
                MediaFacts::Footage { rate, frames, .. } => (vec![located], rate, frames, None),
                _ => {
                    let message = format!("`{}` is not footage", file.written);
                    materials.faults.push(Diagnostic::new(Code::WrongMedium, file.span, message));
                    return None;
                }
            }
        }
    };
    let total_ms = Time::Frames(total).millis(own_rate);
    let from_ms = from.as_ref().map_or(0, |time| time.millis(rate));
    let to_ms = to.as_ref().map_or(total_ms, |time| time.millis(rate)).min(total_ms);
    let film_frames = |ms: i64| rate.frames_near(ms * i64::from(speed.1), 1000 * i64::from(speed.0));
    let frames = Frames(film_frames(to_ms - from_ms).0.max(1));
    let length = shot.duration.as_ref().map_or(frames, |time| time.frames(rate));
    let after = Frames((film_frames(total_ms - from_ms).0 - length.0).max(0));
    let picture = Picture::Footage {
        files,
        sequence_rate,
        from_ms,
        fit: fitted(*fit),
        retime: if speed.0 < speed.1 { Retime::Blend } else { Retime::Nearest },
        speed: *speed,
        spare: (film_frames(from_ms), after),
    };
    Some(Footage { picture, frames })
}

/// Where a shot stands.
#[derive(Clone, Copy)]
struct Standing {
    start: Frames,
    frames: Frames,
    incoming: Frames,
    outgoing: Frames,
}

type Layout = (Vec<FilmScene>, Vec<Standing>, Frames);

/// Puts shots one after another; a transition between scenes overlaps them.
fn lay_out(board: &Storyboard, pictures: &[Pictured], faults: &mut Vec<Diagnostic>) -> Layout {
    let rate = board.film.rate;
    let mut scenes = Vec::new();
    let mut shots: Vec<Standing> = Vec::new();
    let mut clock = Frames(0);
    let mut incoming = Frames(0);
    let mut next = pictures.iter();
    for (index, scene) in board.scenes.iter().enumerate() {
        let outgoing = transition(scene, rate);
        let own = outgoing.map_or(Frames(0), |transition| transition.frames);
        let start = clock;
        let first = shots.len();
        for (position, shot) in scene.shots.iter().enumerate() {
            let natural =
                next.next().and_then(|(_, _, footage)| footage.as_ref()).map(|footage| footage.frames);
            let last = position + 1 == scene.shots.len();
            let standing = Standing {
                start: clock,
                frames: length(shot, natural, rate, faults),
                incoming: if position == 0 { incoming } else { Frames(0) },
                outgoing: if last { own } else { Frames(0) },
            };
            if standing.incoming + standing.outgoing > standing.frames {
                let message =
                    format!("the transitions at both ends of `{}` are longer than it is", *shot.name);
                faults.push(Diagnostic::new(Code::TransitionTooLong, scene.transition.span, message));
            }
            clock += standing.frames;
            shots.push(standing);
        }
        let frames = clock - start;
        scenes.push(FilmScene {
            name: scene.name.value.clone(),
            start,
            frames,
            shots: first..shots.len(),
            outgoing,
        });
        if index + 1 < board.scenes.len() {
            clock = clock - own;
            incoming = own;
        }
    }
    (scenes, shots, clock)
}

fn length(shot: &Shot, natural: Option<Frames>, rate: Rate, faults: &mut Vec<Diagnostic>) -> Frames {
    match (&shot.duration, natural) {
        (Some(time), _) => Frames(time.frames(rate).0.max(1)),
        (None, Some(frames)) => frames,
        (None, None) => {
            // Footage that cannot be read has said so already.
            if !matches!(shot.material, Some(types::Material::Footage { .. })) {
                let message = format!("shot `{}` needs a duration", *shot.name);
                faults.push(Diagnostic::new(Code::NoDuration, shot.name.span, message));
            }
            Frames(1)
        }
    }
}

fn transition(scene: &Scene, rate: Rate) -> Option<FilmTransition> {
    let (shape, time) = match scene.transition.value {
        types::Transition::Cut => return None,
        types::Transition::Dissolve(time) => (TransitionShape::Dissolve, time),
        types::Transition::Fade(time) => (TransitionShape::Fade, time),
        types::Transition::Wipe(time, WipeDirection::Left) => (TransitionShape::WipeLeft, time),
        types::Transition::Wipe(time, WipeDirection::Right) => (TransitionShape::WipeRight, time),
        types::Transition::Wipe(time, WipeDirection::Up) => (TransitionShape::WipeUp, time),
        types::Transition::Wipe(time, WipeDirection::Down) => (TransitionShape::WipeDown, time),
    };
    let frames = time.frames(rate);
    (frames > Frames(0)).then_some(FilmTransition { shape, frames })
}

fn empty_film(board: &Storyboard, scenes: Vec<FilmScene>, frames: Frames) -> Film {
    let rate = board.film.rate;
    let quality = &board.film.quality;
    let longest = scenes.iter().filter_map(|scene| scene.outgoing).map(|transition| transition.frames).max();
    Film {
        title: board.title.as_ref().map(|title| title.value.clone()).unwrap_or_default(),
        size: board.film.size,
        rate,
        frames,
        samples: rate.samples_at(frames),
        timecode: board.film.timecode,
        codec: Codec {
            preset: quality.preset.clone(),
            tuned: quality.tuned,
            crf_tenths: quality.crf_tenths,
            keyint: u32::try_from(rate.frames_near(i64::from(quality.key_seconds), 1).0.max(1))
                .unwrap_or(u32::MAX),
        },
        language: board.language.tag.clone(),
        language_iso: board.language.iso.clone(),
        loudness: board.loudness,
        seed: board.style.seed.as_ref().map_or(0, |seed| seed.value),
        longest_transition: longest.unwrap_or_default(),
        scenes,
        shots: Vec::new(),
        cues: Vec::new(),
    }
}

#[allow(clippy::too_many_arguments, reason = "one call; a struct would only rename the arguments")]
fn resolve_shot(
    board: &Storyboard,
    takes: &Takes,
    scene_index: usize,
    shot: &Shot,
    footage: Option<Footage>,
    standing: Standing,
    materials: &mut Materials,
    ordinals: &mut Ordinals,
) -> FilmShot {
    let scene = &board.scenes[scene_index];
    let inherited = inherit(&[&board.style, &scene.style, &shot.style]);
    let (prompt, mut files) = shot_prompt(board, scene, shot, &inherited, materials);
    let picture = match (footage, &shot.material) {
        (Some(footage), _) => footage.picture,
        (None, Some(types::Material::Still { file, fit })) => match materials.file(file) {
            Some(file) => Picture::Still { file, fit: fitted(*fit) },
            None => generated(&inherited, None, Vec::new()),
        },
        (None, _) => {
            let sketch = shot.sketch.as_ref().and_then(|file| materials.file(file));
            files.extend(sketch.clone());
            generated(&inherited, sketch.map(|file| Material(file.digest)), files)
        }
    };
    let take = takes.shots.get(&format!("{}.{}", *scene.name, *shot.name)).copied().unwrap_or_default();
    let seed = take.seed.unwrap_or(inherited.seed);
    let said = format!("{prompt:?} {picture:?}");
    let mut resolved = FilmShot {
        scene: scene_index,
        scene_name: scene.name.value.clone(),
        name: shot.name.value.clone(),
        start: standing.start,
        frames: standing.frames,
        incoming: standing.incoming,
        outgoing: standing.outgoing,
        timecode: 0,
        picture,
        prompt,
        seed,
        ordinal: ordinals.next(Purpose::Picture, seed, &said),
        edits: Vec::new(),
        steps: Vec::new(),
        sound_steps: Vec::new(),
        candidates: shot.candidates.as_ref().map_or(1, |count| count.value.max(1)),
        take: take.take,
        sounds: Vec::new(),
        lines: Vec::new(),
    };
    resolved.edits = edits(shot, &inherited, &resolved, materials);
    resolved
}

fn generated(
    inherited: &Inherited,
    sketch: Option<Material>,
    files: Vec<crate::graph::MaterialFile>,
) -> Picture {
    Picture::Generated { model: inherited.picture_model.clone(), sketch, files }
}

/// The prompt, and the reference files it holds the digests of.
fn shot_prompt(
    board: &Storyboard,
    scene: &Scene,
    shot: &Shot,
    inherited: &Inherited,
    materials: &mut Materials,
) -> (Prompt, Vec<crate::graph::MaterialFile>) {
    let place = shot.place.as_ref().or(scene.place.as_ref()).map(|name| name.value.as_str());
    let setting =
        shot.setting.as_ref().or(scene.setting.as_ref()).map(|text| text.trim()).unwrap_or_default();
    let mut files = Vec::new();
    let mut referred = |reference: &[Spanned<FilePath>]| {
        let found = materials.files(reference);
        let digests = contents(&found);
        files.extend(found);
        digests
    };
    let characters = prompt::characters(board, shot);
    let characters = characters.into_iter().filter_map(|name| {
        let reference = referred(&board.characters.get(&name)?.reference);
        Some((name, reference))
    });
    let characters: Vec<_> = characters.collect();
    let props = prompt::props(board, shot).into_iter().filter_map(|name| {
        let reference = referred(&board.props.get(&name)?.reference);
        Some((name, reference))
    });
    let props: Vec<_> = props.collect();
    let place_reference = place
        .and_then(|name| board.places.get(name))
        .map(|place| referred(&place.reference))
        .unwrap_or_default();
    let around =
        Around { place, setting, look: &inherited.look, avoid: &inherited.avoid, camera: &inherited.camera };
    let references = References { characters, props, place: place_reference };
    let prompt = prompt::build(board, shot, &around, references);
    let held: Vec<Material> = prompt
        .characters
        .iter()
        .chain(&prompt.props)
        .flat_map(|one| &one.reference)
        .chain(&prompt.place_reference)
        .copied()
        .collect();
    files.retain(|file| held.contains(&Material(file.digest)));
    (prompt, files)
}

fn edits(
    shot: &Shot,
    inherited: &Inherited,
    resolved: &FilmShot,
    materials: &mut Materials,
) -> Vec<FilmEdit> {
    let mut ordinals = Ordinals::default();
    let mut edits = Vec::new();
    for edit in &shot.edits {
        let (region, mask) = match edit.region.as_ref().map(|region| (&region.value, region.span)) {
            None => (None, None),
            Some((types::Region::Box { x, y, width, height }, _)) => {
                (Some(Region::Box { x: *x, y: *y, width: *width, height: *height }), None)
            }
            Some((types::Region::Words(words), _)) => (Some(Region::Words(words.trim().to_owned())), None),
            Some((types::Region::Mask(file), span)) => match materials.path(file, span) {
                Some(file) => (Some(Region::Mask(Material(file.digest))), Some(file)),
                None => continue,
            },
        };
        let change = change(&edit.change);
        let said = format!("{change:?} {region:?} {}", edit.strength);
        let ordinal = ordinals.next(Purpose::Edit, resolved.seed, &said);
        edits.push(FilmEdit {
            model: inherited.picture_model.clone(),
            change,
            region,
            mask,
            strength: edit.strength,
            seed: derive(resolved.seed, Purpose::Edit, ordinal, 0),
        });
    }
    edits
}

fn change(change: &types::Change) -> Change {
    let text = |words: &Spanned<String>| words.trim().to_owned();
    match change {
        types::Change::Add { what } => Change::Add { what: text(what) },
        types::Change::Remove { what } => Change::Remove { what: text(what) },
        types::Change::Replace { what, with } => Change::Replace { what: text(what), with: text(with) },
        types::Change::Background { to } => Change::Background { to: text(to) },
        types::Change::Style { to } => Change::Style { to: text(to) },
    }
}

fn fitted(fit: types::Fit) -> Fit {
    match fit {
        types::Fit::Crop => Fit::Crop,
        types::Fit::Pad => Fit::Pad,
        types::Fit::Stretch => Fit::Stretch,
    }
}

/// A time as samples, exact to the sample.
pub(super) fn samples(time: Time, rate: Rate) -> Samples {
    match time {
        Time::Seconds { num, den } => {
            let scaled = i128::from(num) * i128::from(crate::units::SAMPLE_RATE);
            let den = i128::from(den);
            Samples(((2 * scaled + den).div_euclid(2 * den)) as i64)
        }
        other => rate.samples_at(other.frames(rate)),
    }
}
