//! `film.edl`: the cut as a CMX 3600 edit decision list over the ProRes shots.
//!
//! A dissolve or wipe is an event of two lines: the outgoing shot as a cut of no length, then the
//! incoming one with the transition's length. A fade goes over black (`BL`).

use std::fmt::Write;

use super::shown::{Shown, shown};
use crate::compile::assemble::shape_name;
use crate::compile::film::Film;
use crate::compile::lower::Lowered;
use crate::kinds::edit::TransitionShape;
use crate::units::{Frames, Rate};

/// The text of `film.edl`, of what was lowered. Timecode counts frames without dropping any.
pub fn edl(film: &Film, lowered: &Lowered) -> String {
    let shots = shown(film, lowered);
    let first = lowered.ranges.first().map_or(Frames(0), |(from, _)| *from);
    let timecode = film.timecode + first.0;
    let mut list = List { film, shots: &shots, timecode, text: String::new(), events: 0 };
    let title: String = film.title.chars().filter(|letter| !letter.is_control()).take(70).collect();
    let _ = writeln!(list.text, "TITLE: {}\nFCM: NON-DROP FRAME\n", title.to_uppercase());
    for place in 0..shots.len() {
        list.shot(place);
    }
    list.text
}

struct List<'a> {
    film: &'a Film,
    shots: &'a [Shown<'a>],
    /// The result's first picture's.
    timecode: i64,
    text: String,
    events: u32,
}

/// How a shot comes in.
enum Entry {
    Cut,
    Over(String),
    FromBlack,
}

impl List<'_> {
    fn shot(&mut self, index: usize) {
        let shot = &self.shots[index];
        let entry = self.entry(index);
        let half = Frames(shot.incoming.0 / 2);
        // Under a fade the shot is first seen after black, in the transition's second half.
        let skipped = if matches!(entry, Entry::FromBlack) { half } else { Frames(0) };
        let end = shot.frames - self.leaves_early(index);
        let (from, to) = (skipped, end.max(skipped));
        match &entry {
            Entry::Cut => self.event(index, "C   ", "", from, to),
            Entry::Over(code) => {
                let before = index - 1;
                let last = self.shots[before].frames - shot.incoming;
                let at = shot.start;
                self.events += 1;
                self.line(before, "C   ", "", (last, last), (at, at));
                self.line(index, code, &length(shot.incoming), (from, to), (at, shot.start + to));
                let shape = self.shape(before).map_or("", shape_name);
                let _ = writeln!(self.text, "* EFFECT NAME: {}", shape.to_uppercase());
                self.names(Some(before), index);
            }
            Entry::FromBlack => {
                let at = shot.start + half;
                self.events += 1;
                self.black(at, at);
                let rest = length(shot.incoming - half);
                self.line(index, "D   ", &rest, (from, to), (at, shot.start + to));
                self.names(None, index);
            }
        }
        self.fade_out(index);
    }

    /// One plain event.
    fn event(&mut self, index: usize, code: &str, length: &str, from: Frames, to: Frames) {
        let start = self.shots[index].start;
        self.events += 1;
        self.line(index, code, length, (from, to), (start + from, start + to));
        self.names(None, index);
    }

    /// The fade of a shot to black.
    fn fade_out(&mut self, index: usize) {
        let shot = &self.shots[index];
        if self.shape(index) != Some(TransitionShape::Fade) {
            return;
        }
        let fade = if shot.last { shot.outgoing } else { Frames(shot.outgoing.0 / 2) };
        let start = shot.frames - shot.outgoing;
        let at = shot.start + start;
        self.events += 1;
        self.line(index, "C   ", "", (start, start), (at, at));
        let zero = timecode(self.film.rate, 0);
        let until = timecode(self.film.rate, fade.0);
        let _ = writeln!(
            self.text,
            "{:03}  BL       V     D    {} {zero} {until} {} {}",
            self.events,
            length(fade),
            self.record(at),
            self.record(at + fade),
        );
        let _ = writeln!(self.text, "* FROM CLIP NAME: {}.mov\n", shot.file_name());
    }

    fn black(&mut self, from: Frames, to: Frames) {
        let zero = timecode(self.film.rate, 0);
        let _ = writeln!(
            self.text,
            "{:03}  BL       V     C        {zero} {zero} {} {}",
            self.events,
            self.record(from),
            self.record(to),
        );
    }

    /// Pictures at the end of a shot that belong to the event after it.
    fn leaves_early(&self, index: usize) -> Frames {
        self.shape(index).map_or(Frames(0), |_| self.shots[index].outgoing)
    }

    fn shape(&self, index: usize) -> Option<TransitionShape> {
        self.shots[index].shape
    }

    fn entry(&self, index: usize) -> Entry {
        let shape = index
            .checked_sub(1)
            .filter(|before| !self.shots[*before].last)
            .and_then(|before| self.shape(before));
        match shape {
            None => Entry::Cut,
            Some(TransitionShape::Fade) => Entry::FromBlack,
            Some(TransitionShape::Dissolve) => Entry::Over("D   ".into()),
            // Wipe codes tell horizontal from vertical; the way it moves stands in a comment.
            Some(TransitionShape::WipeLeft | TransitionShape::WipeRight) => Entry::Over("W001".into()),
            Some(TransitionShape::WipeUp | TransitionShape::WipeDown) => Entry::Over("W002".into()),
        }
    }

    /// A line of a shot; `source` counts from its first picture that is shown.
    fn line(
        &mut self,
        index: usize,
        code: &str,
        length: &str,
        source: (Frames, Frames),
        film: (Frames, Frames),
    ) {
        let Shown { shot, index, skipped, .. } = self.shots[index];
        let first = shot.timecode + skipped.0;
        let source_at = |frame: Frames| timecode(self.film.rate, first + frame.0);
        let _ = writeln!(
            self.text,
            "{:03}  {:<8} V     {code} {length:>3} {} {} {} {}",
            self.events,
            reel(index),
            source_at(source.0),
            source_at(source.1),
            self.record(film.0),
            self.record(film.1),
        );
    }

    fn record(&self, frame: Frames) -> String {
        timecode(self.film.rate, self.timecode + frame.0)
    }

    fn names(&mut self, from: Option<usize>, to: usize) {
        let name = |index: usize| format!("{}.mov", self.shots[index].file_name());
        let text = match from {
            Some(from) => format!("* FROM CLIP NAME: {}\n* TO CLIP NAME: {}\n", name(from), name(to)),
            None => format!("* FROM CLIP NAME: {}\n", name(to)),
        };
        let _ = writeln!(self.text, "{text}* SOURCE FILE: shots/{}\n", name(to));
    }
}

/// Reels have at most eight letters.
fn reel(index: usize) -> String {
    format!("S{:03}", index + 1)
}

fn length(frames: Frames) -> String {
    format!("{:03}", frames.0.min(999))
}

/// `hh:mm:ss:ff`, counting every frame.
pub fn timecode(rate: Rate, frames: i64) -> String {
    let nominal = rate.nominal();
    let seconds = frames.div_euclid(nominal);
    format!(
        "{:02}:{:02}:{:02}:{:02}",
        seconds / 3600 % 24,
        seconds / 60 % 60,
        seconds % 60,
        frames.rem_euclid(nominal)
    )
}
