//! Edits: what they change of a drawn shot, and the [`Editor`] that makes one on a clip's pictures.
//!
//! Whatever the edit, pixels outside its mask are copied from the input, so they stay identical to
//! the bit. A drawn shot is painted anew with the edit in it and laid over the clip within the mask;
//! footage has its region filled from its surroundings, and drawn things laid over.

use std::ops::Range;

use crate::paint::{self, SubjectKind};
use crate::planes::{Picture, Planes, PlanesRef, chroma_size};
use crate::reading::{Player, Reading, cast_of};
use crate::region::{self, Area, Frame};
use crate::stage::{self, Stage};
use crate::style::{self, Style};
use crate::text::{AnimaticError, Change, EditText, Region, Request, ShotText};

/// What an edit made of a player.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Role {
    /// It was there from the start, or from an earlier edit.
    #[default]
    Shown,
    /// The last edit put it there.
    Added,
    /// The last edit took it away: its place is known, it is not drawn.
    Ghost,
    /// An earlier edit took it away.
    Gone,
}

/// What the edits change of what is drawn.
#[derive(Clone, Debug, Default)]
pub(crate) struct Plan {
    /// Another place.
    pub background: Option<String>,
    /// By player.
    roles: Vec<Role>,
    /// Whose slot each player takes.
    slots: Vec<usize>,
    /// Centre and height that an edit's region asks for.
    spots: Vec<Option<(f64, f64, f64)>>,
}

impl Plan {
    pub fn role(&self, player: usize) -> Role {
        self.roles.get(player).copied().unwrap_or_default()
    }

    pub fn slot(&self, player: usize) -> usize {
        self.slots.get(player).copied().unwrap_or(player)
    }

    pub fn spot(&self, player: usize) -> Option<(f64, f64, f64)> {
        self.spots.get(player).copied().flatten()
    }

    fn push(&mut self, slot: usize, spot: Option<(f64, f64, f64)>) {
        self.roles.push(Role::Added);
        self.slots.push(slot);
        self.spots.push(spot);
    }

    fn take(&mut self, player: usize) {
        self.roles[player] = Role::Ghost;
    }

    /// What the last edit did becomes what was there before the next.
    fn settle(&mut self) {
        for role in &mut self.roles {
            *role = match role {
                Role::Added => Role::Shown,
                Role::Ghost => Role::Gone,
                Role::Shown | Role::Gone => continue,
            };
        }
    }
}

/// Applies a request's edits to its reading, in order.
pub(crate) fn apply(request: &Request, reading: &mut Reading) -> Result<Plan, AnimaticError> {
    let n = reading.players.len();
    let mut plan = Plan {
        roles: vec![Role::Shown; n],
        slots: (0..n).collect(),
        spots: vec![None; n],
        ..Plan::default()
    };
    let aspect = f64::from(request.size.0) / f64::from(request.size.1);
    for edit in &request.edits {
        plan.settle();
        let frame = edit.region.as_ref().and_then(|r| Frame::of(r, aspect));
        match &edit.change {
            Change::Add { what } => {
                let slot = reading.players.len();
                add(what, slot, frame, reading, &mut plan)?;
            }
            Change::Remove { what } => match named(what, reading, &plan) {
                Some(player) => plan.take(player),
                None if edit.region.is_some() => {}
                None => return Err(not_shown(what, reading, &plan)),
            },
            Change::Replace { what, with } => {
                let old = named(what, reading, &plan);
                if let Some(player) = old {
                    plan.take(player);
                } else if frame.is_none() && !same_kind(what, with) {
                    return Err(not_shown(what, reading, &plan));
                }
                let slot = old.map_or(reading.players.len(), |p| plan.slot(p));
                add(with, slot, frame, reading, &mut plan)?;
                if let (Some(old), Some(new)) = (old, reading.players.last().cloned()) {
                    let motion = reading.players[old].motion.clone();
                    let count = reading.players[old].count;
                    let last = reading.players.len() - 1;
                    reading.players[last] =
                        Player { motion, count: if new.count > 1 { new.count } else { count }, ..new };
                }
            }
            Change::Background { to } => {
                let text = ShotText {
                    place: Some(to.clone()),
                    setting: to.clone(),
                    camera: request.text.camera.clone(),
                    ..ShotText::default()
                };
                let other = crate::reading::read(&text);
                let said = |table: &dyn Fn(&str) -> bool| table(&to.to_lowercase());
                reading.setting = other.setting;
                if said(&|t| crate::reading::names_hour(t)) {
                    reading.hour = other.hour;
                }
                if said(&|t| crate::reading::names_weather(t)) {
                    reading.weather = other.weather;
                }
                plan.background = Some(to.clone());
            }
            Change::Style { to } => {
                style_named(to)?;
            }
        }
    }
    Ok(plan)
}

/// Two phrases for the same sort of thing: "the wooden rail", "a rusted iron rail".
fn same_kind(a: &str, b: &str) -> bool {
    match (paint::find(a), paint::find(b)) {
        (Some(a), Some(b)) => a.name() == b.name(),
        _ => false,
    }
}

fn style_named(words: &str) -> Result<Style, AnimaticError> {
    style::find(words).ok_or_else(|| AnimaticError::Style { asked: words.to_owned(), known: style::known() })
}

fn add(
    what: &str,
    slot: usize,
    frame: Option<Frame>,
    reading: &mut Reading,
    plan: &mut Plan,
) -> Result<(), AnimaticError> {
    let text = ShotText { action: what.to_owned(), ..ShotText::default() };
    let mut found = cast_of(&text, &what.to_lowercase(), "");
    if found.is_empty() {
        let some: Vec<&str> = paint::all().iter().map(|s| s.name()).take(24).collect();
        return Err(AnimaticError::Unknown { what: what.to_owned(), known: some.join(", ") });
    }
    let player = found.swap_remove(0);
    let subject = paint::all().iter().find(|s| s.name() == player.subject);
    let spot = frame.zip(subject).map(|(frame, subject)| {
        let (width, height) = subject.size_metres(&player.description);
        frame.fit(width.into(), height.into(), subject.kind() == SubjectKind::Flyer)
    });
    reading.players.push(player);
    plan.push(slot, spot);
    Ok(())
}

/// The player that words name, among those still shown.
fn named(what: &str, reading: &Reading, plan: &Plan) -> Option<usize> {
    let lower = what.to_lowercase();
    let shown = |i: &usize| matches!(plan.role(*i), Role::Shown);
    let subject = paint::find(&lower).map(|s| s.name());
    let by_name = |p: &Player| crate::grade::has_word(&lower, &p.name.to_lowercase());
    let mut order: Vec<usize> = (0..reading.players.len()).filter(shown).collect();
    order.sort_by_key(|&i| !by_name(&reading.players[i]));
    order
        .into_iter()
        .find(|&i| by_name(&reading.players[i]) || Some(reading.players[i].subject.as_str()) == subject)
}

fn not_shown(what: &str, reading: &Reading, plan: &Plan) -> AnimaticError {
    let shown: Vec<&str> = (0..reading.players.len())
        .filter(|i| plan.role(*i) == Role::Shown)
        .map(|i| reading.players[i].name.as_str())
        .collect();
    let shown = if shown.is_empty() { "its setting".to_owned() } else { shown.join(", ") };
    AnimaticError::NotShown { what: what.to_owned(), shown }
}

/// Where what an edit lays over the clip comes from.
enum Source {
    /// The shot painted with the edit in it, and the styles that the clip already has.
    Drawn { stage: Box<Stage>, styles: Vec<Style> },
    /// The clip itself in another manner.
    Styled(Style),
    /// The clip with the region filled from around it.
    Filled,
    /// The clip, filled or not, with drawn things laid over.
    Over { stage: Box<Stage>, fill: bool },
}

/// Makes one edit on a clip, picture by picture.
pub struct Editor {
    source: Source,
    area: Area,
    size: (usize, usize),
    /// Whether the mask is only where the edit's players are or were.
    tight: bool,
    /// Whether the mask is everything but the players.
    around: bool,
    strength: u32,
}

impl std::fmt::Debug for Editor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Editor").field("size", &self.size).field("tight", &self.tight).finish_non_exhaustive()
    }
}

impl Editor {
    /// The last edit of a drawn shot's request; the clip already shows the others.
    ///
    /// # Errors
    /// An edit the model cannot make, or a request that has none.
    pub fn drawn(request: &Request) -> Result<Editor, AnimaticError> {
        stage::check(request)?;
        let Some((edit, earlier)) = request.edits.split_last() else { return Err(AnimaticError::Empty) };
        if let Change::Style { to } = &edit.change {
            let style = style_named(to)?;
            let area = Area::of(edit.region.as_ref(), request.size, None)?;
            return Ok(Editor::with(Source::Styled(style), area, request.size, edit));
        }
        let mut styles = Vec::new();
        for before in earlier {
            if let Change::Style { to } = &before.change {
                styles.push(style_named(to)?);
            }
        }
        let stage = stage::stage(request)?;
        let area = Area::of(edit.region.as_ref(), request.size, Some(&stage))?;
        let changed = stage.items.iter().any(|i| i.edited);
        let tight = !matches!(edit.change, Change::Background { .. }) && changed;
        let source = if changed || matches!(edit.change, Change::Background { .. }) {
            Source::Drawn { stage: Box::new(stage), styles }
        } else {
            Source::Filled
        };
        let mut editor = Editor::with(source, area, request.size, edit);
        editor.tight = tight;
        editor.around = matches!(edit.change, Change::Background { .. });
        Ok(editor)
    }

    /// One edit of footage or a still. Removing and replacing need a region; without one, the middle
    /// of the picture is taken for the subject.
    ///
    /// # Errors
    /// An edit the model cannot make; a region that names no part of the picture.
    pub fn footage(
        edit: &EditText,
        size: (u32, u32),
        rate: (u32, u32),
        frames: u64,
        threads: usize,
    ) -> Result<Editor, AnimaticError> {
        let mut request =
            Request { size, rate, frames, threads, seed: edit.seed, ..Request::new(ShotText::default()) };
        request.film_seed = edit.seed;
        stage::check(&request)?;
        let middle = Region::Box { x: 3200, y: 1800, width: 3600, height: 6600 };
        let region = match (&edit.change, &edit.region) {
            (Change::Remove { .. } | Change::Replace { .. }, None) => Some(&middle),
            (_, given) => given.as_ref(),
        };
        let area = Area::of(region, size, None)?;
        let mut overlay = |what: &str, fill: bool| -> Result<Source, AnimaticError> {
            request.edits = vec![EditText {
                change: Change::Add { what: what.to_owned() },
                region: region.cloned(),
                ..edit.clone()
            }];
            Ok(Source::Over { stage: Box::new(stage::stage(&request)?), fill })
        };
        let source = match &edit.change {
            Change::Style { to } => Source::Styled(style_named(to)?),
            Change::Remove { .. } => Source::Filled,
            Change::Add { what } => overlay(what, false)?,
            Change::Replace { with, .. } => overlay(with, true)?,
            Change::Background { to } => {
                request.text.place = Some(to.clone());
                request.text.setting = to.clone();
                Source::Drawn { stage: Box::new(stage::stage(&request)?), styles: Vec::new() }
            }
        };
        let behind = matches!(edit.change, Change::Background { .. }) && edit.region.is_none();
        let area = if behind { Area::around_middle(size) } else { area };
        let mut editor = Editor::with(source, area, size, edit);
        editor.tight = matches!(edit.change, Change::Add { .. });
        Ok(editor)
    }

    fn with(source: Source, area: Area, size: (u32, u32), edit: &EditText) -> Editor {
        let size = (size.0 as usize, size.1 as usize);
        Editor { source, area, size, tight: false, around: false, strength: edit.strength.min(1000) }
    }

    /// Bytes that its layers and masks hold.
    pub fn bytes(&self) -> usize {
        let layers = match &self.source {
            Source::Drawn { stage, .. } | Source::Over { stage, .. } => stage.bytes(),
            Source::Styled(_) | Source::Filled => 0,
        };
        layers + self.size.0 * self.size.1
    }

    /// How much of the edit each luma pixel of a frame may take: 0 is left as it is, 255 wholly changed.
    pub fn mask(&self, frame: i64) -> Vec<u8> {
        let stage = match &self.source {
            Source::Drawn { stage, .. } | Source::Over { stage, .. } => Some(stage.as_ref()),
            _ => None,
        };
        let mut mask = self.area.at(frame, stage);
        mask.resize(self.size.0 * self.size.1, 255);
        if let Some(stage) = stage {
            if self.tight {
                let own = stage.footprint(frame, |i| i.edited);
                limit(&mut mask, &region::grown(&own, self.size.0, self.size.1));
            } else if self.around {
                let kept = stage.footprint(frame, |i| i.player.is_some());
                for (m, k) in mask.iter_mut().zip(kept) {
                    // The see-through rim of a player comes from the new picture, which shows the
                    // player too: the old one would leave a halo of the old background.
                    *m = (*m).min(255 - k.saturating_sub(128).saturating_mul(2));
                }
            }
        }
        mask
    }

    /// Draws the edited picture of a frame from the clip's own. Pictures of another size are copied.
    pub fn draw(&self, frame: i64, input: PlanesRef<'_>, out: &mut Planes<'_>) {
        out.copy_from(input);
        if (input.width, input.height) != self.size || (out.width, out.height) != self.size {
            return;
        }
        let mask = self.mask(frame);
        let rows = touched(&mask, self.size.0);
        if rows.is_empty() {
            return;
        }
        let new = self.changed(frame, input, &mask, rows);
        lay(&new, &mask, self.strength, out);
    }

    /// The picture that is laid over the clip within the mask, drawn at least in these rows.
    fn changed(&self, frame: i64, input: PlanesRef<'_>, mask: &[u8], rows: Range<usize>) -> Picture {
        let (w, h) = self.size;
        match &self.source {
            Source::Drawn { stage, styles } if styles.is_empty() => {
                let mut picture = Picture::black(w, h);
                stage.draw_rows(frame, rows, &mut picture.planes());
                picture
            }
            Source::Drawn { stage, styles } => {
                styles.iter().fold(stage.picture(frame), |p, s| restyled(*s, p.view()))
            }
            Source::Styled(style) => restyled(*style, input),
            Source::Filled => region::filled(input, mask),
            Source::Over { stage, fill } => {
                let mut picture = if *fill { region::filled(input, mask) } else { Picture::black(w, h) };
                if !*fill {
                    picture.planes().copy_from(input);
                }
                stage.draw_over(frame, |i| i.edited, &mut picture.planes());
                picture
            }
        }
    }
}

fn restyled(style: Style, picture: PlanesRef<'_>) -> Picture {
    let mut out = Picture::black(picture.width, picture.height);
    style(&style::View::new(picture), &mut out);
    out
}

/// The rows of a mask that are not all 0; none where it is 0 throughout.
fn touched(mask: &[u8], width: usize) -> Range<usize> {
    let height = mask.len() / width.max(1);
    let any = |y: &usize| mask[y * width..(y + 1) * width].iter().any(|&m| m > 0);
    let first = (0..height).find(any).unwrap_or(height);
    let last = (first..height).rev().find(any).map_or(first, |y| y + 1);
    first..last
}

/// The lesser of two masks.
fn limit(mask: &mut [u8], other: &[u8]) {
    for (m, o) in mask.iter_mut().zip(other) {
        *m = (*m).min(*o);
    }
}

/// Lays a picture over another within a mask; where the mask is 0 nothing is written.
fn lay(new: &Picture, mask: &[u8], strength: u32, out: &mut Planes<'_>) {
    let (w, h) = (out.width, out.height);
    let weight = |m: u8| (u32::from(m) * strength * 256 + 127_500) / 255_000;
    let mix =
        |old: u16, new: u16, k: u32| ((u32::from(old) * (256 - k) + u32::from(new) * k + 128) >> 8) as u16;
    for ((px, &n), &m) in out.y.iter_mut().zip(&new.y).zip(mask) {
        if m > 0 {
            *px = mix(*px, n, weight(m));
        }
    }
    let (cw, ch) = chroma_size(w, h);
    for j in 0..ch {
        for i in 0..cw {
            // A chroma sample changes only where all its luma pixels may.
            let (x, y) = (2 * i, 2 * j);
            let at = |x: usize, y: usize| mask[y.min(h - 1) * w + x.min(w - 1)];
            let m = at(x, y).min(at(x + 1, y)).min(at(x, y + 1)).min(at(x + 1, y + 1));
            if m > 0 {
                let k = j * cw + i;
                out.cb[k] = mix(out.cb[k], new.cb[k], weight(m));
                out.cr[k] = mix(out.cr[k], new.cr[k], weight(m));
            }
        }
    }
}
