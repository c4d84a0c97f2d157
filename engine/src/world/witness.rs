//! A world that notes what was asked of it: every path that was followed, how every file and folder looked before it
//! was read, every tool's data. What was compiled from it stands as long as all of that does ([`Seen::change`]).
//!
//! Nothing is guessed: what is noted is what was asked. What cannot be noted for sure (a mistake, a file that was
//! written too recently to tell another change by its looks) makes the notes doubtful, and doubtful notes are worth
//! nothing. Answers are kept, so that a file which thousands of shots name is looked at once.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf, absolute};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{MediaFacts, Tool, World, WorldError};
use crate::looks::Looks;
use crate::scripts::Scripts;
use crate::units::Digest;

/// What was asked of a world, and how it was answered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seen {
    /// Where absolute paths led, links resolved; `None` where nothing was there.
    places: BTreeMap<PathBuf, Option<PathBuf>>,
    /// How files that were read, and folders whose names were, looked before that.
    looks: BTreeMap<PathBuf, Looks>,
    /// Digests of tools' data; `None` where one was not installed.
    tools: BTreeMap<Tool, Option<Digest>>,
    /// Whether something was asked of which this does not tell enough.
    doubtful: bool,
}

impl Seen {
    /// Whether this tells of all that was asked, so that [`Self::change`] notices every change.
    pub fn whole(&self) -> bool {
        !self.doubtful
    }

    /// How many files, folders and paths this tells of.
    pub fn len(&self) -> usize {
        self.places.len() + self.looks.len()
    }

    /// Whether it tells of none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The tools whose data was asked for.
    pub fn tools(&self) -> impl Iterator<Item = (Tool, Option<Digest>)> {
        self.tools.iter().map(|(tool, data)| (*tool, *data))
    }

    /// The first path that would be answered otherwise now, if there is one. Costs a `stat` or two a path, and reads
    /// nothing. Tools are the caller's to compare.
    pub fn change(&self) -> Option<&Path> {
        let mut folders = BTreeMap::new();
        let moved = self.places.iter().find(|(path, place)| match place {
            Some(place) => !leads(path, place, &mut folders),
            None => !missing(path),
        });
        let moved = moved.map(|(path, _)| path.as_path());
        moved.or_else(|| {
            let altered = |(path, looks): &(&PathBuf, &Looks)| Looks::of(path).ok() != Some(**looks);
            self.looks.iter().find(altered).map(|(path, _)| path.as_path())
        })
    }

    /// Notes how a file or folder looks, before it is read.
    fn look(&mut self, path: &Path) {
        match (absolute(path), Looks::of(path)) {
            (Ok(path), Ok(looks)) => {
                // Another look at what has changed meanwhile: neither tells what was read.
                self.doubtful |=
                    !looks.settled() || self.looks.get(&path).is_some_and(|known| *known != looks);
                self.looks.insert(path, looks);
            }
            _ => self.doubtful = true,
        }
    }

    /// Notes where a path leads.
    fn place(&mut self, base: &Path, written: &str) -> Option<PathBuf> {
        let Ok(joined) = absolute(base.join(written)) else {
            self.doubtful = true;
            return None;
        };
        let found = match fs::canonicalize(&joined) {
            Ok(found) => Some(found),
            Err(error) => {
                self.doubtful |= !is_missing(&error);
                None
            }
        };
        self.places.insert(joined, found.clone());
        found
    }
}

/// Whether `path` still leads to `place`. `folders` keeps where folders lead: most files are in few of them.
fn leads(path: &Path, place: &Path, folders: &mut BTreeMap<PathBuf, Option<PathBuf>>) -> bool {
    let plain = fs::symlink_metadata(path).is_ok_and(|meta| !meta.is_symlink());
    match (path.parent(), path.file_name()) {
        (Some(folder), Some(name)) if plain => {
            let real = match folders.get(folder) {
                Some(real) => real.as_ref(),
                None => folders.entry(folder.to_owned()).or_insert(fs::canonicalize(folder).ok()).as_ref(),
            };
            real.is_some_and(|real| place.parent() == Some(real) && place.file_name() == Some(name))
        }
        _ => fs::canonicalize(path).is_ok_and(|real| real == place),
    }
}

fn missing(path: &Path) -> bool {
    fs::metadata(path).is_err_and(|error| is_missing(&error))
}

fn is_missing(error: &std::io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

/// A world and what was asked of it.
pub struct Witness<W> {
    inner: W,
    kept: RefCell<Kept>,
}

#[derive(Default)]
struct Kept {
    seen: Seen,
    /// By base, then as written.
    located: BTreeMap<PathBuf, BTreeMap<String, Result<PathBuf, WorldError>>>,
    digests: BTreeMap<PathBuf, Result<Digest, WorldError>>,
    facts: BTreeMap<PathBuf, Result<MediaFacts, WorldError>>,
}

impl<W: World> Witness<W> {
    /// A witness of which nothing has been asked.
    pub fn new(inner: W) -> Self {
        Self { inner, kept: RefCell::default() }
    }

    /// The world itself.
    pub fn inner(&self) -> &W {
        &self.inner
    }

    /// What was asked so far.
    pub fn seen(&self) -> Seen {
        self.kept.borrow().seen.clone()
    }

    fn doubt(&self) {
        self.kept.borrow_mut().seen.doubtful = true;
    }
}

impl<W: World> World for Witness<W> {
    fn root(&self) -> &Path {
        self.inner.root()
    }

    fn locate(&self, base: &Path, written: &str) -> Result<PathBuf, WorldError> {
        let mut kept = self.kept.borrow_mut();
        if let Some(known) = kept.located.get(base).and_then(|by_name| by_name.get(written)) {
            return known.clone();
        }
        let place = kept.seen.place(base, written);
        let found = self.inner.locate(base, written);
        let sure = match &found {
            Ok(path) => place.as_ref() == Some(path),
            Err(WorldError::Missing(_)) => place.is_none(),
            Err(_) => false,
        };
        kept.seen.doubtful |= !sure;
        kept.located.entry(base.to_owned()).or_default().insert(written.to_owned(), found.clone());
        found
    }

    fn text(&self, path: &Path, limit: u64) -> Result<Arc<str>, WorldError> {
        self.kept.borrow_mut().seen.look(path);
        self.inner.text(path, limit)
    }

    fn digest(&self, path: &Path) -> Result<Digest, WorldError> {
        let mut kept = self.kept.borrow_mut();
        if let Some(known) = kept.digests.get(path) {
            return known.clone();
        }
        kept.seen.look(path);
        let digest = self.inner.digest(path);
        kept.digests.insert(path.to_owned(), digest.clone());
        digest
    }

    fn facts(&self, path: &Path) -> Result<MediaFacts, WorldError> {
        let mut kept = self.kept.borrow_mut();
        if let Some(known) = kept.facts.get(path) {
            return known.clone();
        }
        kept.seen.look(path);
        let facts = self.inner.facts(path);
        kept.facts.insert(path.to_owned(), facts.clone());
        facts
    }

    fn sequence(&self, base: &Path, written: &str) -> Result<Option<Vec<PathBuf>>, WorldError> {
        let mut folders = Vec::new();
        {
            let seen = &mut self.kept.borrow_mut().seen;
            // A pattern's folder, or what is written where that is a folder itself.
            let folder = written.rsplit_once('/').map_or(".", |(folder, _)| folder);
            for written in [folder, written] {
                let place = seen.place(base, written).filter(|place| place.is_dir());
                folders.extend(place.inspect(|place| seen.look(place)));
            }
        }
        let found = self.inner.sequence(base, written);
        // A link among the images that leads elsewhere is followed by the world alone.
        let here =
            |file: &PathBuf| file.parent().is_some_and(|folder| folders.iter().any(|one| one == folder));
        if !matches!(&found, Ok(files) if files.iter().flatten().all(here)) {
            self.doubt();
        }
        found
    }

    fn tool(&self, tool: Tool) -> Option<Digest> {
        let data = self.inner.tool(tool);
        self.kept.borrow_mut().seen.tools.insert(tool, data);
        data
    }

    fn scripts(&self) -> &dyn Scripts {
        self.inner.scripts()
    }

    fn neighbours(&self, base: &Path) -> Vec<String> {
        // Only asked to help with a mistake.
        self.doubt();
        self.inner.neighbours(base)
    }
}
