//! Files that are asked for by name (`--svg`, `--trace`): written whole or not at all, and never over a file
//! of another sort, such as the storyboard when a name was left out.

use std::fs::{self, File};
use std::io::{ErrorKind, Read, Write};
use std::path::Path;

use anyhow::Context;

use crate::exit::Refusal;

/// A sort of file.
#[derive(Clone, Copy, Debug)]
pub struct Sort {
    /// What it is called.
    name: &'static str,
    /// How every file of this sort begins.
    begins: &'static str,
}

/// What `plan --svg` draws.
pub const DRAWING: Sort = Sort { name: "drawing of a plan", begins: "<svg" };
/// What `render --trace` writes.
pub const TRACE: Sort = Sort { name: "trace", begins: "{\"displayTimeUnit\"" };

/// Refuses a path at which something else lies, or which cannot come to be: before the work, not after it. Folders on
/// the way are made when it is written.
pub fn may_write(path: &Path, sort: Sort) -> anyhow::Result<()> {
    let above = path.ancestors().skip(1).find(|above| above.exists());
    if let Some(file) = above.filter(|above| !above.is_dir()) {
        let message = format!("`{}` cannot be written: `{}` is no folder", path.display(), file.display());
        return Err(Refusal::usage(message));
    }
    let facts = match fs::metadata(path) {
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(()),
        facts => facts.with_context(|| format!("cannot write {}", path.display()))?,
    };
    // A pipe or a device takes anything.
    if (facts.is_file() && facts.len() > 0 && !is_a(path, sort)) || facts.is_dir() {
        let message = format!(
            "`{}` is there already and is no {}; give another name, or remove it first",
            path.display(),
            sort.name
        );
        return Err(Refusal::usage(message));
    }
    Ok(())
}

fn is_a(path: &Path, sort: Sort) -> bool {
    let mut start = Vec::new();
    let read = File::open(path).and_then(|file| file.take(sort.begins.len() as u64).read_to_end(&mut start));
    read.is_ok() && start == sort.begins.as_bytes()
}

/// Writes the file.
pub fn write(path: &Path, sort: Sort, text: &str) -> anyhow::Result<()> {
    may_write(path, sort)?;
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    let written = if fs::metadata(path).is_ok_and(|facts| !facts.is_file()) {
        fs::write(path, text)
    } else {
        replace(path, text)
    };
    written.with_context(|| format!("cannot write {}", path.display()))
}

fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    // A link stays one.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = path.with_file_name(format!(".{name}.{}.partial", std::process::id()));
    let whole = File::create(&beside)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .and_then(|()| fs::rename(&beside, &path));
    if whole.is_err() {
        let _ = fs::remove_file(&beside);
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_file_of_the_same_sort_is_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let film = folder.path().join("film.yaml");
        fs::write(&film, "storyboard: 1\n").unwrap();
        let error = write(&film, DRAWING, "<svg/>").unwrap_err();
        assert!(error.to_string().contains("no drawing of a plan"), "{error}");
        assert!(write(folder.path(), TRACE, "{\"displayTimeUnit\":\"ms\"}").is_err());
        assert_eq!(fs::read_to_string(&film).unwrap(), "storyboard: 1\n");

        let drawing = folder.path().join("plan.svg");
        for text in ["<svg>1</svg>", "<svg>2</svg>"] {
            write(&drawing, DRAWING, text).unwrap();
            assert_eq!(fs::read_to_string(&drawing).unwrap(), text);
        }
        assert!(write(&film.join("plan.svg"), DRAWING, "<svg/>").is_err(), "a file is no folder");
        write(Path::new("/dev/null"), DRAWING, "<svg/>").unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "nothing is left beside");
    }
}
