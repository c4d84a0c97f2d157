//! Times that have to fit each other: shots and transitions, lines and shots, cues and the film.

use super::files::{Lengths, shown};
use crate::storyboard::build::Built;
use crate::storyboard::codes::Code;
use crate::storyboard::speech;
use crate::storyboard::types::{
    Character, Cue, Mark, Material, Pace, Scene, Shot, ShotSound, Span, Spanned, Storyboard, Time, Transition,
};
use crate::storyboard::value::Context;
use crate::units::{Frames, Rate};

const HOUR_MILLIS: i64 = 3_600_000;

/// Checks every time.
pub fn check(built: &Built, lengths: &Lengths, cx: &mut Context<'_>) {
    let board = &built.storyboard;
    let rate = board.film.rate;
    let mut shots = Vec::new();
    for (scene_at, scene) in board.scenes.iter().enumerate() {
        let mut frames = Vec::new();
        for (shot_at, shot) in scene.shots.iter().enumerate() {
            let length = shot_length(shot, lengths.footage.get(&(scene_at, shot_at)).copied(), rate, cx);
            inside_shot(shot, length, board, lengths, cx);
            frames.push(length);
        }
        transition_length(&scene.transition, rate, cx);
        shots.push(frames);
    }
    transitions(&board.scenes, &shots, rate, cx);
    let clock = built.scenes_whole.then(|| Clock::of(&board.scenes, &shots, rate)).flatten();
    if let Some(clock) = clock.as_ref().filter(|clock| millis(clock.end, rate) > 12 * HOUR_MILLIS) {
        let span = board.scenes.first().map_or_else(Span::default, |scene| scene.name.span);
        let message =
            format!("the film lasts {}; at most twelve hours are made", shown(millis(clock.end, rate)));
        cx.mistake(Code::TooLong, span, message);
    }
    for cue in &board.score {
        check_cue(cue, board, clock.as_ref(), cx);
    }
}

fn millis(frames: Frames, rate: Rate) -> i64 {
    Time::Frames(frames.0).millis(rate)
}

/// Frames of a clock stay below the frames of a second.
fn clock_frames(time: &Spanned<Time>, rate: Rate, cx: &mut Context<'_>) -> bool {
    let nominal = rate.nominal();
    match time.value {
        Time::Timecode { frames, .. } if frames >= nominal => {
            let message = format!("at {rate} frames a second, frames count from 00 to {:02}", nominal - 1);
            cx.mistake(Code::BadDuration, time.span, message);
            false
        }
        _ => true,
    }
}

fn shot_length(shot: &Shot, footage: Option<i64>, rate: Rate, cx: &mut Context<'_>) -> Option<Frames> {
    if let Some(duration) = &shot.duration {
        if !clock_frames(duration, rate, cx) {
            return None;
        }
        let frames = duration.frames(rate);
        if frames.0 < 1 {
            cx.mistake(Code::NotPositive, duration.span, "this is shorter than one picture");
            return None;
        }
        if duration.millis(rate) > HOUR_MILLIS {
            cx.mistake(Code::TooLong, duration.span, "a shot lasts at most one hour")
                .help("make several shots of it");
            return None;
        }
        return Some(frames);
    }
    let Some(Material::Footage { from, to, speed, file, .. }) = &shot.material else { return None };
    let start = from.as_ref().map_or(0, |time| time.millis(rate));
    let end = to.as_ref().map_or(footage, |time| Some(time.millis(rate)))?;
    let played = (end - start) * i64::from(speed.1) / i64::from(speed.0);
    if played > HOUR_MILLIS {
        let message = format!("this footage lasts {}; a shot lasts at most one hour", shown(played));
        cx.mistake(Code::TooLong, file.span, message).help("write `duration:`, or `in:` and `out:`");
        return None;
    }
    Some(Frames(rate.frames_near(played, 1000).0.max(1)))
}

fn inside_shot(
    shot: &Shot,
    length: Option<Frames>,
    board: &Storyboard,
    lengths: &Lengths,
    cx: &mut Context<'_>,
) {
    let rate = board.film.rate;
    let Some(length) = length else { return };
    let whole = millis(length, rate);
    for sound in &shot.sound {
        if let ShotSound::File { at: Some(at), .. } = sound
            && at.millis(rate) >= whole
        {
            let message = format!("the shot ends after {}, before this sound starts", shown(whole));
            cx.mistake(Code::BeyondShot, at.span, message);
        }
    }
    let mut clock = 0;
    for line in &shot.dialogue {
        if let Some(at) = &line.at {
            clock = at.millis(rate);
            if clock >= whole {
                let message = format!("the shot ends after {}, before this line starts", shown(whole));
                cx.mistake(Code::BeyondShot, at.span, message);
                return;
            }
        }
        let pace = line
            .voice
            .pace
            .or(board.characters.get(&line.speaker.value).and_then(|who: &Character| who.voice.pace));
        let spoken = match &line.file {
            Some(file) => lengths.recordings.get(&file.span).copied().unwrap_or(0),
            None => speech::least_millis(&line.text, pace.unwrap_or(Pace::Medium)),
        };
        clock += spoken;
        if clock > whole {
            let message = format!(
                "this cannot be said before the shot ends: at least {} of {}",
                shown(clock),
                shown(whole)
            );
            let mistake = cx.mistake(Code::DialogueTooLong, line.text.span, message);
            if let Some(duration) = &shot.duration {
                mistake.also(duration.span, "the shot's length");
            }
            let seconds = (clock + 999) / 1000;
            mistake.help(format!("give the shot at least {seconds}s, or move lines to another shot"));
            return;
        }
    }
}

fn transition_length(transition: &Spanned<Transition>, rate: Rate, cx: &mut Context<'_>) {
    let Some(time) = transition.time() else { return };
    let time = Spanned::new(time, transition.span);
    if !clock_frames(&time, rate, cx) {
        return;
    }
    if time.frames(rate).0 < 1 {
        cx.mistake(Code::NotPositive, time.span, "this transition is shorter than one picture");
    } else if time.millis(rate) > HOUR_MILLIS / 60 {
        cx.mistake(Code::TooLong, time.span, "a transition lasts at most one minute");
    }
}

/// Frames that the transition out of a scene takes.
fn overlap(scene: &Scene, rate: Rate) -> i64 {
    scene.transition.time().map_or(0, |time| time.frames(rate).0)
}

/// Both shots of a transition last as long as it; a shot between two, as long as both.
fn transitions(scenes: &[Scene], shots: &[Vec<Option<Frames>>], rate: Rate, cx: &mut Context<'_>) {
    for (at, scene) in scenes.iter().enumerate() {
        let last_scene = at + 1 == scenes.len();
        if last_scene && matches!(*scene.transition, Transition::Dissolve(_) | Transition::Wipe(..)) {
            cx.mistake(Code::TransitionAfterEnd, scene.transition.span, "there is no scene after this one")
                .help("write `fade` to end in black, or remove the transition");
        }
        let out = overlap(scene, rate);
        if out == 0 {
            continue;
        }
        let incoming = if at == 0 || scene.shots.len() > 1 { 0 } else { overlap(&scenes[at - 1], rate) };
        if let (Some(shot), Some(Some(length))) = (scene.shots.last(), shots[at].last())
            && length.0 < out + incoming
        {
            let both = if incoming > 0 { " and the one before it" } else { "" };
            let message = format!(
                "this transition{both} takes {}, and the shot `{}` lasts {}",
                shown(millis(Frames(out + incoming), rate)),
                shot.name.value,
                shown(millis(*length, rate))
            );
            tell(scene, shot, message, cx);
            continue;
        }
        let next = scenes.get(at + 1).zip(shots.get(at + 1));
        if let Some((next, lengths)) = next
            && let (Some(shot), Some(Some(length))) = (next.shots.first(), lengths.first())
            && length.0 < out
        {
            let message = format!(
                "this transition takes {}, and the shot `{}` after it lasts {}",
                shown(millis(Frames(out), rate)),
                shot.name.value,
                shown(millis(*length, rate))
            );
            tell(scene, shot, message, cx);
        }
    }
}

fn tell(scene: &Scene, shot: &Shot, message: String, cx: &mut Context<'_>) {
    let mistake = cx.mistake(Code::TransitionTooLong, scene.transition.span, message);
    mistake.also(shot.name.span, "this shot").help("shorten the transition or lengthen the shot");
}

/// Where scenes and shots lie in the film.
struct Clock {
    /// Each scene's first picture, and the first of each of its shots with the one after its last.
    scenes: Vec<(i64, Vec<(i64, i64)>)>,
    end: Frames,
}

impl Clock {
    fn of(scenes: &[Scene], shots: &[Vec<Option<Frames>>], rate: Rate) -> Option<Self> {
        let mut at = 0_i64;
        let mut placed = Vec::new();
        for (index, (scene, lengths)) in scenes.iter().zip(shots).enumerate() {
            let start = at;
            let mut inside = Vec::new();
            for length in lengths {
                let length = (*length)?.0;
                inside.push((at, at + length));
                at += length;
            }
            placed.push((start, inside));
            if index + 1 < scenes.len() {
                at = (at - overlap(scene, rate)).max(start);
            }
        }
        Some(Self { scenes: placed, end: Frames(at) })
    }

    /// The picture that `mark` means; a scene or shot means its end where `end`.
    fn mark(&self, mark: &Mark, end: bool, board: &Storyboard) -> Option<i64> {
        match mark {
            Mark::Start => Some(0),
            Mark::End => Some(self.end.0),
            Mark::At(time) => Some(time.frames(board.film.rate).0),
            Mark::Scene(name) => {
                let at = board.scenes.iter().position(|scene| scene.name.value == *name)?;
                let (start, shots) = &self.scenes[at];
                Some(if end { shots.last()?.1 } else { *start })
            }
            Mark::Shot(scene, shot) => {
                let at = board.scenes.iter().position(|known| known.name.value == *scene)?;
                let shot = board.scenes[at].shots.iter().position(|known| known.name.value == *shot)?;
                let (first, after) = *self.scenes[at].1.get(shot)?;
                Some(if end { after } else { first })
            }
        }
    }
}

fn check_cue(cue: &Cue, board: &Storyboard, clock: Option<&Clock>, cx: &mut Context<'_>) {
    let rate = board.film.rate;
    for mark in [&cue.from, &cue.to] {
        if let Mark::At(time) = mark.value
            && !clock_frames(&Spanned::new(time, mark.span), rate, cx)
        {
            return;
        }
    }
    let Some(clock) = clock else { return };
    let (Some(from), Some(to)) = (clock.mark(&cue.from, false, board), clock.mark(&cue.to, true, board))
    else {
        return;
    };
    for (mark, at) in [(&cue.from, from), (&cue.to, to)] {
        if matches!(mark.value, Mark::At(_)) && at > clock.end.0 {
            let message = format!("the film ends after {}", shown(millis(clock.end, rate)));
            cx.mistake(Code::BeyondFilm, mark.span, message).help("write `end`");
            return;
        }
    }
    if to <= from {
        let message = format!("the cue `{}` ends before it starts", cue.name.value);
        let mistake = cx.mistake(Code::CueBackwards, cue.to.span, message);
        if cue.from.span != cue.to.span {
            mistake.also(cue.from.span, "it starts here");
        }
        return;
    }
    let fade = |fade: &Option<Spanned<Time>>| fade.as_ref().map_or(0, |time| time.frames(rate).0);
    if fade(&cue.fade_in) + fade(&cue.fade_out) > to - from
        && let Some(written) = cue.fade_out.as_ref().or(cue.fade_in.as_ref())
    {
        let message =
            format!("the cue lasts {}, less than its fades", shown(millis(Frames(to - from), rate)));
        cx.mistake(Code::FadesTooLong, written.span, message);
    }
}
