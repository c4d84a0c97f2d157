//! The files that the storyboard names: whether they are there, what they are, and whether the
//! times within them lie before their ends.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::storyboard::build::Built;
use crate::storyboard::codes::Code;
use crate::storyboard::include::file_mistake;
use crate::storyboard::types::{
    FilePath, Material, Music, Region, Sequence, Shot, ShotSound, Span, Spanned, Time,
};
use crate::storyboard::value::Context;
use crate::units::{Rate, SAMPLE_RATE};
use crate::world::{MediaFacts, World, WorldError};

/// What files told that other checks need.
#[derive(Default)]
pub struct Lengths {
    /// Footage's length in milliseconds of its own time, by (scene, shot).
    pub footage: BTreeMap<(usize, usize), i64>,
    /// A recording's length in milliseconds, by the place that names it.
    pub recordings: BTreeMap<Span, i64>,
}

/// Checks every file, and finds numbered images.
pub fn check(built: &mut Built, world: &dyn World, cx: &mut Context<'_>) -> Lengths {
    let mut files = Files { world, cx, lengths: Lengths::default(), rate: built.storyboard.film.rate };
    let board = &mut built.storyboard;
    let cast = board.characters.values().map(|character| &character.reference);
    let cast = cast.chain(board.places.values().map(|place| &place.reference));
    for reference in cast.chain(board.props.values().map(|prop| &prop.reference)).flatten() {
        files.picture(&reference.value, reference.span);
    }
    for (scene_at, scene) in board.scenes.iter_mut().enumerate() {
        for (shot_at, shot) in scene.shots.iter_mut().enumerate() {
            files.shot(shot, (scene_at, shot_at));
        }
    }
    for cue in &board.score {
        if let Music::File { file, from } = &cue.music {
            files.sound(file, from.as_ref());
        }
    }
    files.lengths
}

struct Files<'a, 'c> {
    world: &'a dyn World,
    cx: &'a mut Context<'c>,
    lengths: Lengths,
    /// The film's.
    rate: Rate,
}

impl Files<'_, '_> {
    fn shot(&mut self, shot: &mut Shot, at: (usize, usize)) {
        if let Some(sketch) = &shot.sketch {
            self.picture(&sketch.value, sketch.span);
        }
        for edit in &shot.edits {
            if let Some(Spanned { value: Region::Mask(mask), span }) = &edit.region {
                self.picture(mask, *span);
            }
        }
        for sound in &shot.sound {
            if let ShotSound::File { file, from, .. } = sound {
                self.sound(file, from.as_ref());
            }
        }
        for file in shot.dialogue.iter().filter_map(|line| line.file.as_ref()) {
            self.sound(file, None);
        }
        match &mut shot.material {
            Some(Material::Still { file, .. }) => self.picture(&file.value, file.span),
            Some(Material::Footage { file, sequence, from, to, speed, .. }) => {
                let Some(footage) = self.footage(file, sequence) else { return };
                self.lengths.footage.insert(at, footage.millis);
                let range = (from.as_ref(), to.as_ref(), *speed);
                self.range(&footage, range, shot.duration.as_ref());
            }
            None => {}
        }
    }

    fn located(&mut self, file: &FilePath, span: Span) -> Option<PathBuf> {
        let found = self.world.locate(&file.base, &file.written);
        found.map_err(|error| self.refuse(&error, file, span)).ok()
    }

    fn facts(&mut self, file: &FilePath, span: Span) -> Option<MediaFacts> {
        let path = self.located(file, span)?;
        self.world.facts(&path).map_err(|error| self.refuse(&error, file, span)).ok()
    }

    fn refuse(&mut self, error: &WorldError, file: &FilePath, span: Span) {
        let span = self.cx.sources.within(span, &file.written);
        self.cx.mistakes.push(file_mistake(error, &file.written, &file.base, span, self.world));
    }

    fn picture(&mut self, file: &FilePath, span: Span) {
        let Some(facts) = self.facts(file, span) else { return };
        if !matches!(facts, MediaFacts::Still { .. }) {
            let message = format!("`{}` is {}, and a picture is needed here", file.written, called(&facts));
            self.cx.mistake(Code::WrongMedium, span, message).help("use a PNG, JPEG or WebP file");
        }
    }

    fn sound(&mut self, file: &Spanned<FilePath>, from: Option<&Spanned<Time>>) {
        let Some(facts) = self.facts(file, file.span) else { return };
        let millis = match &facts {
            MediaFacts::Sound { samples, .. } => samples.0 * 1000 / SAMPLE_RATE,
            MediaFacts::Footage { sound: true, frames, rate, .. } => Time::Frames(*frames).millis(*rate),
            _ => {
                let message = format!("`{}` is {}, and a sound is needed here", file.written, called(&facts));
                self.cx.mistake(Code::WrongMedium, file.span, message);
                return;
            }
        };
        self.lengths.recordings.insert(file.span, millis);
        if let Some(from) = from.filter(|from| from.millis(self.rate) >= millis) {
            let message = format!("`{}` ends after {}", file.written, shown(millis));
            self.cx.mistake(Code::BeyondFile, from.span, message);
        }
    }

    fn footage(&mut self, file: &Spanned<FilePath>, sequence: &mut Option<Sequence>) -> Option<Footage> {
        match self.world.sequence(&file.base, &file.written) {
            Ok(Some(files)) => return self.numbered(file, files, sequence),
            Ok(None) => {}
            Err(WorldError::Unusable { reason, .. }) => {
                let message = format!("`{}` is no sequence of images: {reason}", file.written);
                self.cx.mistake(Code::BadSequence, file.span, message);
                return None;
            }
            Err(error) => {
                self.refuse(&error, file, file.span);
                return None;
            }
        }
        match self.facts(file, file.span)? {
            MediaFacts::Footage { frames, rate, .. } => {
                if let Some(Sequence { rate: Some(_), .. }) = sequence {
                    let message = "`fps:` is for numbered images; this file knows its own rate";
                    self.cx.mistake(Code::OutOfPlace, file.span, message);
                }
                *sequence = None;
                Some(Footage { millis: Time::Frames(frames).millis(rate), rate })
            }
            facts => {
                let message = format!("`{}` is {}, and footage is needed here", file.written, called(&facts));
                let mistake = self.cx.mistake(Code::WrongMedium, file.span, message);
                if matches!(facts, MediaFacts::Still { .. }) {
                    mistake.help(format!("write `still: {}`", file.written));
                }
                None
            }
        }
    }

    fn numbered(
        &mut self,
        file: &Spanned<FilePath>,
        files: Vec<PathBuf>,
        sequence: &mut Option<Sequence>,
    ) -> Option<Footage> {
        let mut first = None;
        for path in &files {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let why = match self.world.facts(path) {
                Ok(MediaFacts::Still { size }) if *first.get_or_insert(size) == size => continue,
                Ok(MediaFacts::Still { size }) => {
                    format!("`{name}` has another size ({size}) than the images before it")
                }
                Ok(facts) => format!("`{name}` is {}", called(&facts)),
                Err(error) => error.to_string(),
            };
            self.cx.mistake(Code::BadSequence, file.span, format!("`{}`: {why}", file.written));
            return None;
        }
        let rate = sequence.as_ref().and_then(|written| written.rate);
        let frames = i64::try_from(files.len()).unwrap_or(i64::MAX);
        *sequence = Some(Sequence { files, rate });
        let rate = rate.unwrap_or(self.rate);
        Some(Footage { millis: Time::Frames(frames).millis(rate), rate })
    }

    /// `in` before `out` before the end, and enough between them for the shot.
    fn range(&mut self, footage: &Footage, range: FootageRange<'_>, duration: Option<&Spanned<Time>>) {
        let (from, to, speed) = range;
        let start = from.map_or(0, |time| time.millis(footage.rate));
        let end = to.map_or(footage.millis, |time| time.millis(footage.rate));
        let ends = format!("the footage ends after {}", shown(footage.millis));
        // Half a picture of grace, for lengths that were rounded to milliseconds.
        let grace = Time::Frames(1).millis(footage.rate) / 2 + 1;
        if let Some(time) = from.filter(|_| start >= footage.millis) {
            self.cx.mistake(Code::BeyondFile, time.span, ends);
            return;
        }
        if let Some(time) = to.filter(|_| end > footage.millis + grace) {
            self.cx.mistake(Code::BeyondFile, time.span, ends);
            return;
        }
        if let (Some(from), Some(to)) = (from, to)
            && end <= start
        {
            self.cx
                .mistake(Code::InAfterOut, to.span, "`out:` does not lie after `in:`")
                .also(from.span, "`in:`");
            return;
        }
        let Some(duration) = duration else { return };
        let needed = duration.millis(self.rate) * i64::from(speed.0) / i64::from(speed.1);
        if needed > end - start + grace {
            let message =
                format!("the shot needs {} of footage, and there are {}", shown(needed), shown(end - start));
            self.cx.mistake(Code::FileTooShort, duration.span, message);
        }
    }
}

type FootageRange<'t> = (Option<&'t Spanned<Time>>, Option<&'t Spanned<Time>>, (u32, u32));

struct Footage {
    millis: i64,
    rate: Rate,
}

fn called(facts: &MediaFacts) -> &'static str {
    match facts {
        MediaFacts::Still { .. } => "a still picture",
        MediaFacts::Footage { sound: true, .. } => "footage",
        MediaFacts::Footage { sound: false, .. } => "footage without sound",
        MediaFacts::Sound { .. } => "sound",
    }
}

/// Milliseconds as people write them: `6.0 s`.
pub fn shown(millis: i64) -> String {
    format!("{}.{} s", millis / 1000, millis % 1000 / 100)
}
