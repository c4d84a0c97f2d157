//! What is installed here: the SoundFont, the voices, the worker and the libraries in it.
//!
//! Digests of their data are part of keys, so an upgraded library is noticed; they are remembered by how
//! the files look from outside, so that a render with nothing to do neither reads them nor starts a worker.

use std::collections::BTreeMap;
use std::env;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use anyhow::{Context, anyhow};
use serde::{Deserialize, Serialize};
use storyreel_engine::cache::digest_of_file;
use storyreel_engine::units::Digest;
use storyreel_engine::world::installed::{Voices, files_under};
use storyreel_engine::world::{Installed, MediaFacts, Tool};

mod link;
mod looks;
mod memory;

use crate::project::Project;
use link::Link;
use looks::Looks;
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
    /// The program or file that was looked at: another one is another tool.
    path: PathBuf,
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
    fn holds(&self, path: &Path, environment: Option<&String>) -> bool {
        self.path == path && self.environment.as_ref() == environment && self.watched.iter().all(Looks::hold)
    }
}

/// What is known of a tool, or why it cannot be used.
type Look = Result<Known, String>;

/// What is installed here.
pub struct Toolbox {
    cache: PathBuf,
    worker: anyhow::Result<PathBuf>,
    soundfont: anyhow::Result<PathBuf>,
    memory: Mutex<Memory>,
    link: Mutex<Option<Link>>,
    /// Why there is no worker to ask, once that was found out.
    trouble: OnceLock<String>,
    encoder: OnceLock<Look>,
    voices: OnceLock<Look>,
    sounds: OnceLock<Look>,
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
        self.worker.as_deref().map_err(|error| anyhow!("{error:#}"))
    }

    /// Why the worker could not be asked, if it had to be and could not.
    pub fn trouble(&self) -> Option<&str> {
        self.trouble.get().map(String::as_str)
    }

    /// The digest of a tool's data; `None` where it cannot be used.
    pub fn digest(&self, tool: Tool) -> Option<Digest> {
        self.known(tool).ok().map(|known| known.digest)
    }

    /// Where workers find those tools' data, and what it must be.
    pub fn installed<'a>(&self, tools: impl IntoIterator<Item = &'a Tool>) -> BTreeMap<Tool, Installed> {
        let found = |tool: &Tool| {
            let known = self.known(*tool).ok()?;
            Some((*tool, Installed { path: known.path.clone(), data: known.digest }))
        };
        tools.into_iter().filter_map(found).collect()
    }

    /// What is known of a tool, or why it cannot be used.
    pub fn known(&self, tool: Tool) -> Result<&Known, &str> {
        let (cell, variable) = match tool {
            Tool::SoundFont => (&self.sounds, None),
            Tool::Voices => (&self.voices, Some("ESPEAK_DATA_PATH")),
            Tool::Encoder => (&self.encoder, Some("LD_LIBRARY_PATH")),
        };
        let environment = variable.and_then(|variable| env::var(variable).ok());
        let look = || self.look(tool, environment).map_err(|error| format!("{error:#}"));
        cell.get_or_init(look).as_ref().map_err(String::as_str)
    }

    /// What a media file is, by a worker.
    pub fn probe(&self, path: &Path) -> Result<MediaFacts, String> {
        self.with_link(|link| link.probe(path)).map_err(|error| format!("{error:#}"))?
    }

    /// What is remembered of a tool where that is still true, else what is found out now.
    fn look(&self, tool: Tool, environment: Option<String>) -> anyhow::Result<Known> {
        let (name, path) = match tool {
            Tool::SoundFont => {
                ("soundfont", self.soundfont.as_ref().map_err(|error| anyhow!("{error:#}"))?.clone())
            }
            Tool::Voices => {
                ("voices", find_program("espeak-ng").context("there is no espeak-ng on the PATH")?)
            }
            Tool::Encoder => ("encoder", self.worker()?.to_owned()),
        };
        let remembered = held(&self.memory).get(name).cloned();
        if let Some(known) = remembered.filter(|known| known.holds(&path, environment.as_ref())) {
            return Ok(known);
        }
        let Found { watched, digest, versions } = match tool {
            Tool::SoundFont => ask_soundfont(&path)?,
            Tool::Voices => ask_voices(&path)?,
            Tool::Encoder => self.ask_encoder(&path)?,
        };
        let watched = watched.iter().map(|path| Looks::of(path)).collect();
        let known = Known { path, watched, environment, digest, versions };
        held(&self.memory).put(name, known.clone());
        Ok(known)
    }

    fn ask_encoder(&self, worker: &Path) -> anyhow::Result<Found> {
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
            watched.extend([worker.to_owned(), LINKER_CACHE.into()]);
            Ok(Found { watched, digest: Digest::of(text.as_bytes()), versions })
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

fn ask_soundfont(path: &Path) -> anyhow::Result<Found> {
    let digest = digest_of_file(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let versions = [("SoundFont".to_owned(), path.display().to_string())].into();
    Ok(Found { watched: vec![path.to_owned()], digest, versions })
}

/// espeak-ng's version and the content of all its data.
fn ask_voices(program: &Path) -> anyhow::Result<Found> {
    let voices = Voices::of(program).with_context(|| format!("{} cannot be used", program.display()))?;
    let mut watched = voices.files;
    watched.extend([program.to_owned(), LINKER_CACHE.into()]);
    let versions = [("espeak-ng".to_owned(), voices.version)].into();
    Ok(Found { watched, digest: voices.data, versions })
}

/// What a tool is for.
pub fn purpose(tool: Tool) -> &'static str {
    match tool {
        Tool::SoundFont => "a score needs it",
        Tool::Voices => "dialogue needs it",
        Tool::Encoder => "every film needs it",
    }
}

/// The line that installs what a tool consists of.
pub fn mend(tool: Tool) -> String {
    match tool {
        Tool::SoundFont => install(&["timgm6mb-soundfont"]),
        Tool::Voices => install(&["espeak-ng"]),
        Tool::Encoder => {
            install(&["libavcodec-extra", "libavformat-dev", "libavfilter-dev", "libavdevice-dev"])
        }
    }
}

/// The line that installs Debian packages, or their names where that is not the system.
pub fn install(packages: &[&str]) -> String {
    let packages = packages.join(" ");
    let root = rustix::process::geteuid().is_root();
    match (find_program("apt-get").is_some() || Path::new("/usr/bin/apt-get").exists(), root) {
        (true, true) => format!("apt-get install -y {packages}"),
        (true, false) => format!("sudo apt-get install -y {packages}"),
        (false, _) => format!("install, by its name on your system: {packages}"),
    }
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
fn find_soundfont(named: Option<&Path>) -> anyhow::Result<PathBuf> {
    if let Some(path) = named {
        anyhow::ensure!(
            path.is_file(),
            "there is no file {}, which is named as the SoundFont",
            path.display()
        );
        return Ok(path.to_owned());
    }
    let known = SOUNDFONTS.iter().map(PathBuf::from).find(|path| path.is_file());
    let any = || {
        let mut all = SOUNDFONT_FOLDERS.iter().flat_map(|folder| files_under(Path::new(folder)));
        all.find(|path| path.extension().is_some_and(|extension| extension == "sf2"))
    };
    known.or_else(any).context(
        "there is no SoundFont where they usually lie; STORYREEL_SOUNDFONT names one that lies elsewhere",
    )
}
