//! `<film>.takes.yaml`, beside the storyboard: seeds and takes chosen by re-rolling and by picking
//! among candidates. An input of compile, written by tools and by hand.
//!
//! ```yaml
//! storyboard-takes: 1
//! shots:
//!   cliff.wide: {seed: 12, take: 2}
//! ```

use std::fmt::Write;
use std::path::{Path, PathBuf};

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::world::{World, WorldError};

/// The version of the file that is written; older ones stay readable.
pub const TAKES_VERSION: u32 = 1;

const LIMIT: u64 = 4 << 20;

/// What the file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Takes {
    /// 1.
    #[serde(rename = "storyboard-takes")]
    pub version: u32,
    /// By `scene.shot`.
    #[serde(default)]
    pub shots: IndexMap<String, Take>,
}

/// What was chosen for a shot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Take {
    /// In place of the nearest `seed:`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// Which candidate, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub take: Option<u32>,
}

/// Why a takes file cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TakesError {
    /// It is there and cannot be read.
    #[error("{0}")]
    World(#[from] WorldError),
    /// It does not hold what it should.
    #[error("`{}` is not a takes file: {reason}", path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// Line and words.
        reason: String,
    },
    /// Written by a newer program.
    #[error("`{}` has version {found} of takes files; this program reads up to {TAKES_VERSION}", path.display())]
    Version {
        /// The file.
        path: PathBuf,
        /// What it says.
        found: u32,
    },
    /// A shot that the storyboard does not have.
    #[error("`{}` names the shot `{shot}`, which the storyboard does not have{}", path.display(), hint(.nearest))]
    UnknownShot {
        /// The file.
        path: PathBuf,
        /// As written there.
        shot: String,
        /// What may have been meant.
        nearest: Option<String>,
    },
    /// Takes count from 1.
    #[error("`{}`, shot `{shot}`: takes count from 1", path.display())]
    ZeroTake {
        /// The file.
        path: PathBuf,
        /// Which shot.
        shot: String,
    },
}

fn hint(nearest: &Option<String>) -> String {
    nearest.as_ref().map(|name| format!("; did you mean `{name}`?")).unwrap_or_default()
}

impl Takes {
    /// The path of the takes file of a storyboard: `film.yaml` has `film.takes.yaml`.
    pub fn path_for(storyboard: &Path) -> PathBuf {
        let stem = storyboard.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        storyboard.with_file_name(format!("{stem}.takes.yaml"))
    }

    /// The takes beside `storyboard`; none where there is no such file.
    pub fn read(storyboard: &Path, world: &dyn World) -> Result<Self, TakesError> {
        let path = Self::path_for(storyboard);
        let base = storyboard.parent().unwrap_or(Path::new(""));
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let located = match world.locate(base, &name) {
            Err(WorldError::Missing(_)) => return Ok(Self { version: TAKES_VERSION, ..Self::default() }),
            other => other?,
        };
        Self::parse(&path, &world.text(&located, LIMIT)?)
    }

    /// The takes in `text`; `path` is for messages.
    pub fn parse(path: &Path, text: &str) -> Result<Self, TakesError> {
        let takes: Self = serde_saphyr::from_str(text)
            .map_err(|error| TakesError::Content { path: path.to_owned(), reason: error.to_string() })?;
        if takes.version == 0 || takes.version > TAKES_VERSION {
            return Err(TakesError::Version { path: path.to_owned(), found: takes.version });
        }
        match takes.shots.iter().find(|(_, take)| take.take == Some(0)) {
            Some((shot, _)) => Err(TakesError::ZeroTake { path: path.to_owned(), shot: shot.clone() }),
            None => Ok(takes),
        }
    }

    /// That every shot named here is one of `shots` (`scene.shot`): a take that no longer applies
    /// would silently re-roll the shot it was chosen for.
    pub fn check<'a>(
        &self,
        path: &Path,
        shots: impl IntoIterator<Item = &'a str> + Clone,
    ) -> Result<(), Vec<TakesError>> {
        let unknown: Vec<TakesError> = self
            .shots
            .keys()
            .filter(|name| !shots.clone().into_iter().any(|shot| shot == name.as_str()))
            .map(|name| TakesError::UnknownShot {
                path: path.to_owned(),
                shot: name.clone(),
                nearest: crate::storyboard::nearest(name, shots.clone()).map(str::to_owned),
            })
            .collect();
        if unknown.is_empty() { Ok(()) } else { Err(unknown) }
    }

    /// The file's text, in the order chosen; what [`Takes::parse`] reads again.
    pub fn write(&self) -> String {
        let mut text = format!(
            "# Seeds and takes chosen for the storyboard beside this file.\nstoryboard-takes: {TAKES_VERSION}\n"
        );
        text.push_str(if self.shots.is_empty() { "shots: {}\n" } else { "shots:\n" });
        for (shot, take) in &self.shots {
            let seed = take.seed.map(|seed| format!("seed: {seed}"));
            let number = take.take.map(|number| format!("take: {number}"));
            let fields: Vec<String> = [seed, number].into_iter().flatten().collect();
            let _ =
                writeln!(text, "  {}: {{{}}}", serde_json::Value::String(shot.clone()), fields.join(", "));
        }
        text
    }
}
