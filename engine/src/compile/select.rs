//! Which part of the film is wanted: `--shots cliff.*`, `--from`, `--to`.

use super::film::Film;
use crate::storyboard::types::Mark;
use crate::units::Frames;

/// A part of the film. What every field says must hold at once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Selection {
    /// Patterns of `scene.shot` (a scene's name alone means all of it) with `*` and `?`; all where
    /// there is none.
    pub shots: Vec<String>,
    /// Nothing before this.
    pub from: Option<Mark>,
    /// Nothing after this.
    pub to: Option<Mark>,
}

/// A selection that selects nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SelectError {
    /// A pattern fits no shot.
    #[error("no shot is called `{pattern}`{}", .nearest.as_ref().map(|name| format!("; did you mean `{name}`?")).unwrap_or_default())]
    NoShot {
        /// As given.
        pattern: String,
        /// What may have been meant.
        nearest: Option<String>,
    },
    /// The moment is not in the film.
    #[error("the film has no scene or shot `{0}`")]
    NoMoment(String),
    /// `to` begins before `from` does.
    #[error("the end comes before the start: `--to` lies before `--from`")]
    Backwards,
    /// The shots, `from` and `to` have no picture in common.
    #[error("nothing of the film is between these times and in these shots")]
    Nothing,
}

impl Selection {
    /// The selected runs of the film's pictures, in order and apart from each other.
    pub fn ranges(&self, film: &Film) -> Result<Vec<(Frames, Frames)>, SelectError> {
        let from = self.from.as_ref().map_or(Ok(Frames(0)), |mark| moment(film, mark, false))?;
        let to = self.to.as_ref().map_or(Ok(film.frames), |mark| moment(film, mark, true))?.min(film.frames);
        // Scenes overlap under a transition, so that the end of an earlier one may come after the start.
        if let (Some(first), Some(last)) = (&self.from, &self.to)
            && moment(film, last, false)? < moment(film, first, false)?
        {
            return Err(SelectError::Backwards);
        }
        for pattern in &self.shots {
            if !film.shots.iter().any(|shot| fits(pattern, &shot.scene_name, &shot.name)) {
                return Err(SelectError::NoShot {
                    pattern: pattern.clone(),
                    nearest: nearest(film, pattern),
                });
            }
        }
        let mut ranges: Vec<(Frames, Frames)> = Vec::new();
        for shot in film.shots.iter().filter(|shot| self.takes(&shot.scene_name, &shot.name)) {
            let (start, end) = (shot.start.max(from), shot.end().min(to));
            match ranges.last_mut() {
                _ if start >= end => {}
                Some(last) if start <= last.1 => last.1 = last.1.max(end),
                _ => ranges.push((start, end)),
            }
        }
        if ranges.is_empty() { Err(SelectError::Nothing) } else { Ok(ranges) }
    }

    /// Whether the patterns take that shot.
    pub(super) fn takes(&self, scene: &str, shot: &str) -> bool {
        self.shots.is_empty() || self.shots.iter().any(|pattern| fits(pattern, scene, shot))
    }
}

/// Whether a pattern such as `cliff.w*` takes that shot, or its whole scene.
pub fn fits(pattern: &str, scene: &str, shot: &str) -> bool {
    glob(pattern, &format!("{scene}.{shot}")) || glob(pattern, scene)
}

/// `*` is any text, `?` any letter. Goes back to the last `*` alone: an earlier one could take no other text
/// that lets the rest fit.
fn glob(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut at, mut read) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while read < text.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, read));
                at += 1;
            }
            Some(expected) if *expected == '?' || *expected == text[read] => {
                at += 1;
                read += 1;
            }
            _ => {
                let Some((star_at, taken)) = star.as_mut() else { return false };
                *taken += 1;
                (at, read) = (*star_at + 1, *taken);
            }
        }
    }
    pattern[at..].iter().all(|left| *left == '*')
}

fn nearest(film: &Film, pattern: &str) -> Option<String> {
    let names: Vec<String> = film.shots.iter().map(|shot| shot.full_name()).collect();
    let scenes = film.scenes.iter().map(|scene| scene.name.as_str());
    crate::storyboard::nearest(pattern, names.iter().map(String::as_str).chain(scenes)).map(str::to_owned)
}

fn moment(film: &Film, mark: &Mark, end: bool) -> Result<Frames, SelectError> {
    let span = |start: Frames, frames: Frames| if end { start + frames } else { start };
    match mark {
        Mark::Start => Ok(Frames(0)),
        Mark::End => Ok(film.frames),
        Mark::At(time) => Ok(time.frames(film.rate)),
        Mark::Scene(name) => film
            .scenes
            .iter()
            .find(|scene| scene.name == *name)
            .map(|scene| span(scene.start, scene.frames))
            .ok_or_else(|| SelectError::NoMoment(name.clone())),
        Mark::Shot(scene, name) => film
            .shots
            .iter()
            .find(|shot| shot.scene_name == *scene && shot.name == *name)
            .map(|shot| span(shot.start, shot.frames))
            .ok_or_else(|| SelectError::NoMoment(format!("{scene}.{name}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_fit_shots_and_scenes() {
        assert!(fits("cliff.*", "cliff", "wide"));
        assert!(fits("cliff", "cliff", "wide"));
        assert!(fits("*.w?de", "cliff", "wide"));
        assert!(!fits("cliff.r*", "cliff", "wide"));
        assert!(!fits("cli", "cliff", "wide"));
        assert!(fits("*f*.*e", "cliff", "wide"));
        assert!(fits("***", "cliff", "wide"));
        assert!(!fits("?", "cliff", "wide"));
    }

    #[test]
    fn a_pattern_of_many_stars_is_soon_answered() {
        let stars = "*".repeat(3000);
        assert!(!glob(&format!("{stars}b"), &"a".repeat(64)));
        assert!(!glob(&"*a".repeat(1000), &"a".repeat(999)));
        assert!(glob(&"*a".repeat(1000), &"a".repeat(1000)));
    }
}
