//! What is installed here: the SoundFont, the voices, the worker and the libraries in it.
//!
//! Digests of their data are part of keys, so an upgraded library is noticed; they are remembered by how
//! the files look from outside, so that a render with nothing to do neither reads them nor starts a worker.

use std::collections::BTreeMap;
use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use anyhow::Context;
use serde::{Deserialize, Serialize};
use storyreel_engine::cache::digest_of_file;
use storyreel_engine::units::Digest;
use storyreel_engine::world::{MediaFacts, Tool};

mod link;
mod looks;
mod memory;

use crate::project::Project;
use link::Link;
use looks::{Looks, files_under};
use memory::Memory;

/// Where SoundFonts lie on the systems we know, the best first.
const SOUNDFONTS: &[&str] = &[
    "/usr/share/sounds/sf2/FluidR3_GM.sf2",
    "/usr/share/soundfonts/FluidR3_GM.sf2",
    "/usr/share/soundfonts/default.sf2",
    "/usr/share/sounds/sf2/default-GM.sf2",
    "/usr/share/sounds/sf2/TimGM6mb.sf2",
    "/usr/share/soundfonts/TimGM6mb.sf2",
];
const SOUNDFONT_FOLDERS: &[&str] = &["/usr/share/sounds/sf2", "/usr/share/soundfonts"];

/// Changes whenever libraries are installed.
const LINKER_CACHE: &str = "/etc/ld.so.cache";

/// What is known of a tool, and what tells that it is still true.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Known {
    /// What must look as it did.
    watched: Vec<Looks>,
    /// Environment that changes what is found.
    environment: Option<String>,
    /// The digest of its data.
    pub digest: Digest,
    /// For people: names and versions.
    pub versions: BTreeMap<String, String>,
}

impl Known {
    fn holds(&self, environment: Option<&String>) -> bool {
        self.environment.as_ref() == environment && self.watched.iter().all(Looks::hold)
    }
}

/// What is installed here.
pub struct Toolbox {
    cache: PathBuf,
    worker: anyhow::Result<PathBuf>,
    soundfont: Option<PathBuf>,
    memory: Mutex<Memory>,
    link: Mutex<Option<Link>>,
    /// Why there is no worker to ask, once that was found out.
    trouble: OnceLock<String>,
    encoder: OnceLock<Option<Known>>,
    voices: OnceLock<Option<Known>>,
    sounds: OnceLock<Option<Known>>,
}

impl Toolbox {
    /// Looks around; reads nothing yet.
    pub fn open(project: &Project) -> Self {
        Self {
            cache: project.cache.clone(),
            worker: worker_program(),
            soundfont: find_soundfont(project.soundfont.as_deref()),
            memory: Mutex::new(Memory::open(&project.cache)),
            link: Mutex::new(None),
            trouble: OnceLock::new(),
            encoder: OnceLock::new(),
            voices: OnceLock::new(),
            sounds: OnceLock::new(),
        }
    }

    /// The worker's program.
    pub fn worker(&self) -> anyhow::Result<&Path> {
        self.worker.as_deref().map_err(|error| anyhow::anyhow!("{error:#}"))
    }

    /// Why the worker could not be asked, if it had to be and could not.
    pub fn trouble(&self) -> Option<&str> {
        self.trouble.get().map(String::as_str)
    }

    /// The SoundFont.
    pub fn soundfont(&self) -> Option<&Path> {
        self.soundfont.as_deref()
    }

    /// The digest of a tool's data; `None` where it is not installed.
    pub fn digest(&self, tool: Tool) -> Option<Digest> {
        self.known(tool).map(|known| known.digest)
    }

    /// Where workers find the tools' data.
    pub fn paths(&self) -> BTreeMap<Tool, PathBuf> {
        let soundfont = self.soundfont.clone().map(|path| (Tool::SoundFont, path));
        let voices = find_program("espeak-ng").map(|path| (Tool::Voices, path));
        soundfont.into_iter().chain(voices).collect()
    }

    /// What is known of a tool.
    pub fn known(&self, tool: Tool) -> Option<&Known> {
        match tool {
            Tool::SoundFont => {
                self.sounds.get_or_init(|| self.remembered("soundfont", None, || self.ask_soundfont()))
            }
            Tool::Voices => {
                let environment = env::var("ESPEAK_DATA_PATH").ok();
                self.voices.get_or_init(|| self.remembered("voices", environment, ask_voices))
            }
            Tool::Encoder => {
                let environment = env::var("LD_LIBRARY_PATH").ok();
                self.encoder.get_or_init(|| self.remembered("encoder", environment, || self.ask_encoder()))
            }
        }
        .as_ref()
    }

    /// What a media file is, by a worker.
    pub fn probe(&self, path: &Path) -> Result<MediaFacts, String> {
        self.with_link(|link| link.probe(path)).map_err(|error| format!("{error:#}"))?
    }

    fn remembered(
        &self,
        name: &str,
        environment: Option<String>,
        ask: impl FnOnce() -> anyhow::Result<Option<Found>>,
    ) -> Option<Known> {
        let remembered =
            held(&self.memory).get(name).filter(|known| known.holds(environment.as_ref())).cloned();
        if remembered.is_some() {
            return remembered;
        }
        let found = ask().ok().flatten()?;
        let known = Known {
            watched: found.watched.iter().map(|path| Looks::of(path)).collect(),
            environment,
            digest: found.digest,
            versions: found.versions,
        };
        held(&self.memory).put(name, known.clone());
        Some(known)
    }

    fn ask_soundfont(&self) -> anyhow::Result<Option<Found>> {
        let Some(path) = &self.soundfont else { return Ok(None) };
        let digest = digest_of_file(path)?;
        let versions = [("SoundFont".to_owned(), path.display().to_string())].into();
        Ok(Some(Found { watched: vec![path.clone()], digest, versions }))
    }

    fn ask_encoder(&self) -> anyhow::Result<Option<Found>> {
        let worker = self.worker()?.to_owned();
        self.with_link(|link| {
            let loaded = link.loaded();
            let versions = link.libraries().clone();
            let mut text = String::from("encoder 1\n");
            for library in loaded.iter().filter(|path| matters(path)) {
                text.push_str(&format!("{}\n", digest_of_file(library)?));
            }
            for (name, version) in &versions {
                text.push_str(&format!("{name} {version}\n"));
            }
            let mut watched = loaded;
            watched.extend([worker.clone(), LINKER_CACHE.into()]);
            Ok(Some(Found { watched, digest: Digest::of(text.as_bytes()), versions }))
        })
    }

    fn start_link(&self) -> anyhow::Result<Link> {
        self.worker().and_then(|worker| Link::start(worker, &self.cache)).inspect_err(|error| {
            self.trouble.get_or_init(|| format!("{error:#}"));
        })
    }

    fn with_link<T>(&self, ask: impl FnOnce(&mut Link) -> anyhow::Result<T>) -> anyhow::Result<T> {
        let mut slot = held(&self.link);
        let link = match slot.take() {
            Some(link) => slot.insert(link),
            None => slot.insert(self.start_link()?),
        };
        let answer = ask(link);
        if answer.is_err() {
            *slot = None;
        }
        answer
    }
}

/// A panic elsewhere leaves nothing half done here.
fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Found {
    watched: Vec<PathBuf>,
    digest: Digest,
    versions: BTreeMap<String, String>,
}

/// The libraries whose code makes bytes of the film.
fn matters(library: &Path) -> bool {
    let name = library.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    ["libav", "libsw", "libx264", "libpostproc"].iter().any(|start| name.starts_with(start))
}

/// espeak-ng's version and the content of all its data.
fn ask_voices() -> anyhow::Result<Option<Found>> {
    let Some(program) = find_program("espeak-ng") else { return Ok(None) };
    let said = Command::new(&program).arg("--version").output().context("cannot run espeak-ng")?;
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    let (version, data) =
        said.trim().split_once("Data at:").context("espeak-ng does not say where its data is")?;
    let mut watched = files_under(Path::new(data.trim()));
    let mut text = format!("voices 1\n{}\n", version.trim());
    for file in &watched {
        text.push_str(&format!("{}\n", digest_of_file(file)?));
    }
    watched.extend([program, LINKER_CACHE.into()]);
    let versions = [("espeak-ng".to_owned(), version.trim().to_owned())].into();
    Ok(Some(Found { watched, digest: Digest::of(text.as_bytes()), versions }))
}

/// A program on the PATH.
pub fn find_program(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// The worker lies beside this program; `STORYREEL_WORKER` names another.
fn worker_program() -> anyhow::Result<PathBuf> {
    if let Some(path) = env::var_os("STORYREEL_WORKER") {
        return Ok(path.into());
    }
    let here = env::current_exe().context("cannot tell where this program lies")?;
    let worker = here.with_file_name("storyreel-worker");
    anyhow::ensure!(
        worker.is_file(),
        "storyreel-worker is not beside {}; build or install both",
        here.display()
    );
    Ok(worker)
}

/// The one that is named, else the best known one, else any `.sf2` in the usual folders.
fn find_soundfont(named: Option<&Path>) -> Option<PathBuf> {
    if let Some(path) = named {
        return path.is_file().then(|| path.to_owned());
    }
    let known = SOUNDFONTS.iter().map(PathBuf::from).find(|path| path.is_file());
    known.or_else(|| {
        let mut all = SOUNDFONT_FOLDERS.iter().flat_map(|folder| files_under(Path::new(folder)));
        all.find(|path| path.extension().is_some_and(|extension| extension == "sf2"))
    })
}
