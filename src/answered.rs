//! Answers to renders that had nothing to do, so that the same question again costs a look at some files: no
//! storyboard is read, no graph is built, no log is read.
//!
//! An answer tells everything that it came from: who asks (this very program, the command line, the folders), what
//! was read or looked for while compiling, as the world itself noted it ([`Seen`]), the logs of records, the files
//! handed over. Where any of this is not as it was, or was too fresh to be sure, the render goes its full way. Answers
//! lie in the cache folder, a file a question: losing one costs that way, and with the cache goes what it knew.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use storyreel_engine::cache::log_files;
use storyreel_engine::looks::Looks;
use storyreel_engine::publish::{Published, newest_linked};
use storyreel_engine::regular::{is_folder, read_regular};
use storyreel_engine::units::Digest;
use storyreel_engine::world::Seen;

use crate::cli::{Color, Render};
use crate::project::Project;
use crate::terminal;
use crate::toolbox::Toolbox;

/// Raised whenever an answer holds or means something else; others are as good as none.
const VERSION: u32 = 1;

/// Answers that are kept: more than anyone asks in turn.
const KEPT: usize = 64;

/// No answer is longer, in bytes.
const LONGEST: u64 = 64 << 20;

/// The program that runs, by what it was started from, whatever lies there now.
const THIS_PROGRAM: &str = "/proc/self/exe";

/// A render as it is asked for: whatever of it could change what is done or told.
pub struct Question {
    folder: PathBuf,
    cache: PathBuf,
    digest: Digest,
    front: Looks,
}

/// What was done and told when there was nothing to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// What was told of the storyboard.
    pub told: String,
    /// What was told of the film.
    pub lines: Vec<String>,
    /// The film's version.
    version: u32,
    /// Its folder.
    folder: PathBuf,
    /// The folder of all its versions.
    out: PathBuf,
    /// The files handed over, and their manifest.
    files: BTreeMap<PathBuf, Looks>,
}

/// What lies in a file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Note {
    version: u32,
    question: Digest,
    front: Looks,
    seen: Seen,
    records: BTreeMap<PathBuf, Looks>,
    answer: Answer,
}

/// Why a question has to be answered anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Anew {
    /// It is not known to have been asked.
    First,
    /// This is not as it was.
    Changed(String),
}

impl Question {
    /// What these arguments ask. `None` where an answer would not do: for a trace, or a dry run.
    pub fn of(args: &Render, color: Color, project: &Project) -> Option<Self> {
        // A remote is owed what an earlier render could not give it.
        if args.trace.is_some() || args.dry_run || args.remote.remote_cache.is_some() {
            return None;
        }
        let readable: Vec<_> = project.readable.iter().map(|folder| fs::canonicalize(folder).ok()).collect();
        let here = std::env::current_dir().ok()?;
        let look = (terminal::paint(color).on(), terminal::columns());
        let text = format!("{args:?}\n{project:?}\n{readable:?}\n{here:?}\n{look:?}");
        Some(Self {
            folder: project.cache.join("answers"),
            cache: project.cache.clone(),
            digest: Digest::of(text.as_bytes()),
            front: Looks::of(Path::new(THIS_PROGRAM)).ok()?,
        })
    }

    /// The answer, and how many files and folders were looked at, if everything stands that it came from.
    pub fn answer(&self, toolbox: &Toolbox) -> Result<(Answer, usize), Anew> {
        let note = self.read().ok_or(Anew::First)?;
        let changed = |what: &Path| Anew::Changed(what.display().to_string());
        if note.front != self.front {
            return Err(Anew::Changed("this program".into()));
        }
        if let Some(path) = note.seen.change() {
            return Err(changed(path));
        }
        note.answer.stands().map_err(changed)?;
        if log_files(&self.cache).ok().as_ref() != Some(&note.records) {
            return Err(Anew::Changed("what the cache has on record".into()));
        }
        // Last, since a tool that looks otherwise is asked anew.
        if let Some((tool, _)) = note.seen.tools().find(|(tool, data)| toolbox.digest(*tool) != *data) {
            return Err(Anew::Changed(format!("{tool:?}")));
        }
        let looked = note.seen.len() + note.answer.files.len() + note.records.len();
        Ok((note.answer, looked))
    }

    /// Keeps an answer, where everything that it came from would show a change. `records` are the logs as they looked
    /// before they were read. Failing to costs the full way next time.
    pub fn remember(&self, answer: Answer, seen: Seen, records: BTreeMap<PathBuf, Looks>) {
        let settled = |looks: &BTreeMap<PathBuf, Looks>| looks.values().all(Looks::settled);
        if !seen.whole() || !settled(&records) || !settled(&answer.files) {
            return;
        }
        let (question, front) = (self.digest, self.front);
        let _ = self.write(&Note { version: VERSION, question, front, seen, records, answer });
    }

    /// The logs of records as they look now.
    pub fn records(&self) -> Option<BTreeMap<PathBuf, Looks>> {
        log_files(&self.cache).ok()
    }

    fn path(&self) -> PathBuf {
        self.folder.join(self.digest.to_string())
    }

    /// What is kept for this question; a file that is damaged or of another version is as good as none.
    fn read(&self) -> Option<Note> {
        let text = read_regular(&self.path(), LONGEST).ok()?;
        let (sum, json) = text.split_at_checked(64)?;
        if Digest::of(json).to_string().as_bytes() != sum {
            return None;
        }
        let note: Note = serde_json::from_slice(json).ok()?;
        (note.version == VERSION && note.question == self.digest).then_some(note)
    }

    fn write(&self, note: &Note) -> anyhow::Result<()> {
        fs::create_dir_all(&self.folder)?;
        // Room is made by deleting: what a link leads to is not ours to delete.
        anyhow::ensure!(is_folder(&self.folder), "a link is in the place of the folder of answers");
        self.make_room()?;
        let json = serde_json::to_vec(note)?;
        let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
        file.write_all(Digest::of(&json).to_string().as_bytes())?;
        file.write_all(&json)?;
        file.persist(self.path())?;
        Ok(())
    }

    /// Removes the oldest answers where they are many.
    fn make_room(&self) -> anyhow::Result<()> {
        let mut all = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            all.push((entry.metadata()?.modified()?, entry.path()));
        }
        all.sort();
        let surplus = (all.len() + 1).saturating_sub(KEPT);
        for (_, path) in all.into_iter().take(surplus) {
            fs::remove_file(path)?;
        }
        Ok(())
    }
}

impl Answer {
    /// Looks at the files of the version that was just found whole; to be told of by `told` and `lines` later.
    /// `None` where one of them cannot be looked at.
    pub fn watching(out: &Path, published: &Published, files: &[PathBuf]) -> Option<Self> {
        let look = |path: &PathBuf| Some((path.clone(), own_looks(path)?));
        Some(Self {
            told: String::new(),
            lines: Vec::new(),
            version: published.version,
            folder: published.path.clone(),
            out: out.to_owned(),
            files: files.iter().map(look).collect::<Option<_>>()?,
        })
    }

    /// With what was told of the storyboard, and of the film.
    #[must_use]
    pub fn telling(self, told: String, lines: Vec<String>) -> Self {
        Self { told, lines, ..self }
    }

    /// The version that stands.
    pub fn published(&self) -> Published {
        Published { version: self.version, path: self.folder.clone(), changed: false, repaired: Vec::new() }
    }

    /// Whether everything that was handed over is as it was, and still the newest; what is not, if not.
    fn stands(&self) -> Result<(), &Path> {
        if newest_linked(&self.out) != Some(self.version) {
            return Err(&self.out);
        }
        let altered = |(path, looks): &(&PathBuf, &Looks)| own_looks(path) != Some(**looks);
        self.files.iter().find(altered).map_or(Ok(()), |(path, _)| Err(path))
    }
}

/// How a regular file looks that is no link.
fn own_looks(path: &Path) -> Option<Looks> {
    let meta = fs::symlink_metadata(path).ok().filter(fs::Metadata::is_file)?;
    Some(Looks::from(&meta))
}
