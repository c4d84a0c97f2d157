//! The storyboard's file and those it includes, as trees: loaded once each, without circles,
//! variables replaced.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::codes::Code;
use super::diagnostics::{Diagnostic, nearest};
use super::keys::{DocumentKeys, IncludedKeys};
use super::sources::Sources;
use super::tree::{self, MAX_BYTES, Node, Value};
use super::types::{FileId, Span};
use super::vars::Vars;
use crate::scripts::Reading;
use crate::world::{World, WorldError};

/// The trees of a storyboard: its own first, then those of included files in the order met.
pub struct Documents {
    /// The storyboard's own.
    pub main: Node,
    /// Those of the files it includes.
    pub included: Vec<Node>,
}

/// Files that one storyboard may include, directly or not.
const MAX_FILES: usize = 64;

/// Loads everything. `None` where the storyboard itself has no tree.
pub fn load(
    path: &Path,
    overrides: &[(String, String)],
    world: &dyn World,
    sources: &mut Sources,
    mistakes: &mut Vec<Diagnostic>,
) -> Option<Documents> {
    let (mut main, asked) = document(path, None, overrides, world, sources, mistakes)?;
    let mut vars = Vars::of(&main, overrides, mistakes);
    asked.into_iter().for_each(|name| vars.use_by_script(name));
    vars.apply(&mut main, sources, mistakes);
    // As the world names it, so that a file that includes it is noticed.
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let here =
        world.locate(path.parent().unwrap_or(Path::new("")), &name).unwrap_or_else(|_| path.to_owned());
    let mut loader = Loader {
        world,
        sources,
        mistakes,
        overrides,
        vars,
        trail: vec![here],
        seen: Vec::new(),
        included: Vec::new(),
    };
    loader.follow(&main);
    loader.vars.unused(loader.mistakes);
    Some(Documents { main, included: loader.included })
}

struct Loader<'a> {
    world: &'a dyn World,
    sources: &'a mut Sources,
    mistakes: &'a mut Vec<Diagnostic>,
    overrides: &'a [(String, String)],
    vars: Vars,
    /// The files that led here.
    trail: Vec<PathBuf>,
    seen: Vec<PathBuf>,
    included: Vec<Node>,
}

impl Loader<'_> {
    fn follow(&mut self, node: &Node) {
        let Some(include) = node.get("include") else {
            return;
        };
        let items = match &include.value {
            Value::Seq(items) => items.as_slice(),
            _ => std::slice::from_ref(include),
        };
        for item in items {
            // Anything but text is told when the keys are read.
            if let Some(written) = item.text() {
                self.include(written, item.span);
            }
        }
    }

    fn include(&mut self, written: &str, span: Span) {
        let base = self.sources.folder(span.file).to_owned();
        let path = match self.world.locate(&base, written) {
            Ok(path) => path,
            Err(error) => {
                return self.mistakes.push(file_mistake(&error, written, &base, span, self.world));
            }
        };
        if self.trail.contains(&path) {
            let mut mistake =
                Diagnostic::new(Code::IncludeCycle, span, format!("`{written}` is included by itself"));
            let names: Vec<_> =
                self.trail.iter().chain([&path]).map(|path| short(path, self.world)).collect();
            mistake.help(format!("the way round: {}", names.join(" -> ")));
            return self.mistakes.push(mistake);
        }
        if self.seen.contains(&path) {
            return;
        }
        self.seen.push(path.clone());
        if self.seen.len() > MAX_FILES {
            let message = format!("a storyboard includes at most {MAX_FILES} files");
            return self.mistakes.push(Diagnostic::new(Code::TooManyFiles, span, message));
        }
        let found = document(&path, Some(span), self.overrides, self.world, self.sources, self.mistakes);
        let Some((mut node, asked)) = found else { return };
        asked.into_iter().for_each(|name| self.vars.use_by_script(name));
        self.vars.apply(&mut node, self.sources, self.mistakes);
        self.refuse_film_keys(&mut node);
        self.trail.push(path);
        self.follow(&node);
        self.trail.pop();
        self.included.push(node);
    }

    /// Keys that make sense in a storyboard but not in an included file are told so, and taken out.
    fn refuse_film_keys(&mut self, node: &mut Node) {
        let Value::Map(entries) = &mut node.value else {
            return;
        };
        let film_only = |key: &str| DocumentKeys::KEYS.contains(&key) && !IncludedKeys::KEYS.contains(&key);
        let (out, kept): (Vec<_>, Vec<_>) =
            std::mem::take(entries).into_iter().partition(|entry| film_only(&entry.key));
        *entries = kept;
        for entry in out {
            let mut mistake = Diagnostic::new(
                Code::NotInIncluded,
                entry.key_span,
                format!("`{}` cannot stand in an included file", entry.key),
            );
            mistake.help(format!("an included file gives {}", IncludedKeys::KEYS[1..].join(", ")));
            self.mistakes.push(mistake);
        }
    }
}

fn short(path: &Path, world: &dyn World) -> String {
    path.strip_prefix(world.root()).unwrap_or(path).display().to_string()
}

/// Whether a storyboard of that name is a script.
fn is_script(path: &Path) -> bool {
    path.extension().is_some_and(|end| end.eq_ignore_ascii_case("lua"))
}

/// The tree of a file, YAML or a script's, and the variables that the script asked for.
fn document(
    path: &Path,
    named: Option<Span>,
    overrides: &[(String, String)],
    world: &dyn World,
    sources: &mut Sources,
    mistakes: &mut Vec<Diagnostic>,
) -> Option<(Node, Vec<String>)> {
    if !is_script(path) {
        return Some((open(path, named, world, sources, mistakes)?, Vec::new()));
    }
    let (file, _) = text(path, named, world, sources, mistakes)?;
    let mut reading = Reading { world, sources, mistakes };
    let document = world.scripts().storyboard(file, overrides, &mut reading)?;
    Some((document.tree, document.used))
}

/// The tree of one YAML file; `named` is where it is named, for a file that cannot be read.
pub fn open(
    path: &Path,
    named: Option<Span>,
    world: &dyn World,
    sources: &mut Sources,
    mistakes: &mut Vec<Diagnostic>,
) -> Option<Node> {
    let (file, text) = text(path, named, world, sources, mistakes)?;
    let (tree, found) = tree::parse_after(&text, file, &mut sources.values);
    mistakes.extend(found);
    tree
}

/// The text of one file, added to the sources.
fn text(
    path: &Path,
    named: Option<Span>,
    world: &dyn World,
    sources: &mut Sources,
    mistakes: &mut Vec<Diagnostic>,
) -> Option<(FileId, Arc<str>)> {
    match world.text(path, MAX_BYTES.saturating_sub(sources.bytes())) {
        Ok(text) => Some((sources.add(path.to_owned(), text.clone()), text)),
        Err(error) => {
            let span = named.unwrap_or_else(|| {
                let file = sources.add(path.to_owned(), "".into());
                Span { file, start: 0, end: 0 }
            });
            mistakes.push(text_mistake(&error, span));
            None
        }
    }
}

fn text_mistake(error: &WorldError, span: Span) -> Diagnostic {
    let code = match error {
        WorldError::TooLarge { .. } => Code::FileTooLarge,
        WorldError::NotUtf8 { .. } | WorldError::Utf16(_) => Code::NotUtf8,
        WorldError::NotAFile(_) => Code::NotAFile,
        _ => Code::Unreadable,
    };
    let mut mistake = Diagnostic::new(code, span, error.to_string());
    match code {
        Code::FileTooLarge => mistake
            .help("a storyboard has at most 16 MB with all that it includes; is this another kind of file?"),
        Code::NotUtf8 => mistake.help("save the file as UTF-8"),
        _ => &mut mistake,
    };
    mistake
}

/// The mistake of a file named at `span` that cannot be had.
pub fn file_mistake(
    error: &WorldError,
    written: &str,
    base: &Path,
    span: Span,
    world: &dyn World,
) -> Diagnostic {
    let (code, help) = match error {
        WorldError::Missing(_) => (Code::MissingFile, neighbour(written, base, world)),
        WorldError::Outside(_) => (
            Code::OutsideProject,
            Some("copy it into the project, or list its folder under `readable` in storyreel.toml".into()),
        ),
        WorldError::NotAFile(_) => (Code::NotAFile, None),
        WorldError::TooManyPixels { .. } => (Code::PictureTooLarge, Some("scale it down first".into())),
        WorldError::TooLarge { .. }
        | WorldError::NotUtf8 { .. }
        | WorldError::Utf16(_)
        | WorldError::Unusable { .. } => (Code::Unusable, None),
        WorldError::Io { .. } => (Code::FileError, None),
    };
    let message = match error {
        WorldError::Missing(_) => format!("there is no file `{written}`"),
        WorldError::Outside(_) => format!("`{written}` is outside the project folder"),
        WorldError::NotAFile(_) => format!("`{written}` is not a regular file"),
        WorldError::TooManyPixels { size, .. } => format!(
            "`{written}` declares {size} pixels; pictures have at most 16384 a side and 100 million in all"
        ),
        WorldError::TooLarge { bytes, limit, .. } => {
            format!("`{written}` has {bytes} bytes; at most {limit} are read")
        }
        WorldError::NotUtf8 { .. } | WorldError::Utf16(_) => format!("`{written}` is not UTF-8 text"),
        WorldError::Unusable { reason, .. } => format!("`{written}` cannot be used: {reason}"),
        WorldError::Io { reason, .. } => format!("`{written}` cannot be read: {reason}"),
    };
    let mut mistake = Diagnostic::new(code, span, message);
    mistake.maybe_help(help);
    mistake
}

/// "did you mean `refs/mara.png`?" among the files of the folder that was meant, or of the base.
fn neighbour(written: &str, base: &Path, world: &dyn World) -> Option<String> {
    let (folder, name) = written.rsplit_once('/').unwrap_or(("", written));
    let files = world.neighbours(&base.join(folder));
    let found = nearest(name, files.iter().map(String::as_str))?;
    let path = if folder.is_empty() { found.to_owned() } else { format!("{folder}/{found}") };
    Some(format!("did you mean `{path}`?"))
}
