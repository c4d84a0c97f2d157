//! `storyreel new`: a commented starter storyboard that renders as it is.

use std::fs;
use std::path::Path;

use anyhow::{Context, bail};

use crate::cli::New;
use crate::exit::Exit;
use crate::output::say;

const STARTER: &str = include_str!("starter.yaml");
const GITIGNORE: &str = "# What storyreel makes; it can be made again.\n.storyreel/\nout/\n";

/// Makes the folder.
pub fn run(args: &New) -> anyhow::Result<Exit> {
    let folder = &args.folder;
    if folder.exists()
        && fs::read_dir(folder)
            .with_context(|| format!("cannot look into {}", folder.display()))?
            .next()
            .is_some()
    {
        bail!("{} is there already and not empty", folder.display());
    }
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    write(&folder.join("film.yaml"), &starter(&title_of(folder)))?;
    write(&folder.join(".gitignore"), GITIGNORE)?;
    write(&folder.join("storyboard.schema.json"), &super::schema::storyboard()?)?;
    say(format_args!(
        "Made {0}/film.yaml. Now:\n\n  cd {0}\n  storyreel render film.yaml\n",
        folder.display()
    ))?;
    Ok(Exit::Done)
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

fn starter(title: &str) -> String {
    STARTER.replace("TITLE", title)
}

/// A folder's name as a title: `the-long-night` is "The Long Night".
fn title_of(folder: &Path) -> String {
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let words: Vec<String> =
        name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(capitalised).collect();
    if words.is_empty() { "Untitled".into() } else { words.join(" ") }
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_become_titles() {
        assert_eq!(title_of(Path::new("films/the-long_night")), "The Long Night");
        assert_eq!(title_of(Path::new("..")), "Untitled");
    }
}
