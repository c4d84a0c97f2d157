//! Where a storyboard lives, and where its cache and outputs do: the command line, then STORYREEL_*
//! variables, then `storyreel.toml`, then what is built in.

use std::env;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::Deserialize;

use crate::cli::Places;
use crate::exit::Refusal;

const FILE: &str = "storyreel.toml";

/// What `storyreel.toml` may say. Paths are relative to its folder.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Settings {
    cache: Option<PathBuf>,
    out: Option<PathBuf>,
    devices: Option<String>,
    soundfont: Option<PathBuf>,
    #[serde(default)]
    readable: Vec<PathBuf>,
}

/// A project: a folder with storyboards.
#[derive(Debug)]
pub struct Project {
    /// The folder of `storyreel.toml`, or else of the storyboard. Nothing outside it is read but `readable`.
    pub root: PathBuf,
    /// Further folders that storyboards may name files of.
    pub readable: Vec<PathBuf>,
    /// What has been made.
    pub cache: PathBuf,
    /// What is handed over.
    pub out: PathBuf,
    /// Devices to work on, where the project says so.
    pub devices: Option<String>,
    /// The SoundFont, where the project or the environment says so.
    pub soundfont: Option<PathBuf>,
}

impl Project {
    /// The project that a storyboard belongs to.
    pub fn of_storyboard(storyboard: &Path, places: &Places) -> anyhow::Result<Self> {
        let absolute = std::path::absolute(storyboard)?;
        Self::of_folder(absolute.parent().unwrap_or(Path::new("/")), places)
    }

    /// The project around a folder.
    pub fn of_folder(folder: &Path, places: &Places) -> anyhow::Result<Self> {
        // A folder that is not there is the storyboard reader's to complain about.
        let folder = fs::canonicalize(folder).or_else(|_| std::path::absolute(folder))?;
        let root = folder.ancestors().find(|above| above.join(FILE).exists()).unwrap_or(&folder).to_owned();
        let settings = Settings::read(&root.join(FILE))?;
        let place = |written: Option<&PathBuf>, set: Option<PathBuf>, built_in: &str| match written {
            Some(path) => std::path::absolute(path),
            None => Ok(root.join(set.unwrap_or_else(|| built_in.into()))),
        };
        let cache = place(places.cache.as_ref(), settings.cache, ".storyreel/cache")?;
        let out = place(places.out.as_ref(), settings.out, "out")?;
        let (real_cache, real_out) = (real(&cache), real(&out));
        if real_cache.starts_with(&real_out) || real_out.starts_with(&real_cache) {
            let message = format!(
                "the cache `{}` and the outputs `{}` lie in each other",
                cache.display(),
                out.display()
            );
            return Err(Refusal::usage(message));
        }
        Ok(Self {
            cache,
            out,
            devices: settings.devices,
            soundfont: env::var_os("STORYREEL_SOUNDFONT")
                .map(PathBuf::from)
                .or_else(|| settings.soundfont.map(|path| root.join(path))),
            readable: settings.readable.iter().map(|path| root.join(path)).collect(),
            root,
        })
    }
}

/// A path with its links resolved as far as it exists.
fn real(path: &Path) -> PathBuf {
    let found = path.ancestors().find_map(|above| Some((above, fs::canonicalize(above).ok()?)));
    found.map_or_else(
        || path.to_owned(),
        |(above, real)| real.join(path.strip_prefix(above).unwrap_or(Path::new(""))),
    )
}

impl Settings {
    fn read(path: &Path) -> anyhow::Result<Self> {
        match fs::metadata(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Self::default()),
            // Opening a pipe would wait for ever.
            Ok(facts) if !facts.is_file() => {
                return Err(Refusal::usage(format!("{} is not a regular file", path.display())));
            }
            _ => {}
        }
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        toml::from_str(&text).with_context(|| format!("{} has a mistake", path.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_settings_make_the_root_and_the_command_line_wins() {
        let folder = tempfile::tempdir().unwrap();
        let root = fs::canonicalize(folder.path()).unwrap();
        let inner = root.join("films/night");
        fs::create_dir_all(&inner).unwrap();
        fs::write(root.join(FILE), "cache = 'kept'\nreadable = ['../library']\n").unwrap();
        let places = Places { cache: None, out: Some("/tmp/elsewhere".into()) };
        let project = Project::of_storyboard(&inner.join("film.yaml"), &places).unwrap();
        assert_eq!(project.root, root);
        assert_eq!(project.cache, root.join("kept"));
        assert_eq!(project.out, Path::new("/tmp/elsewhere"));
        assert_eq!(project.readable, [root.join("../library")]);
    }

    #[test]
    fn the_cache_and_the_outputs_keep_apart() {
        let folder = tempfile::tempdir().unwrap();
        for (cache, out) in [("out/v001", "out"), ("kept", "kept"), ("kept", "kept/films")] {
            let at = |name: &str| Some(folder.path().join(name));
            let error = Project::of_folder(folder.path(), &Places { cache: at(cache), out: at(out) });
            assert!(error.unwrap_err().to_string().contains("lie in each other"), "{cache}, {out}");
        }
        fs::create_dir(folder.path().join(FILE)).unwrap();
        assert!(Project::of_folder(folder.path(), &Places::default()).is_err(), "no settings to read");
    }

    #[test]
    fn unknown_settings_are_mistakes() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(FILE), "cahce = 'kept'\n").unwrap();
        let error = Project::of_folder(folder.path(), &Places::default()).unwrap_err();
        assert!(format!("{error:#}").contains("cahce"), "{error:#}");
    }
}
